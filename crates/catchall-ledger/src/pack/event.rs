//! Event: what can happen to a state of the packs, as it is recorded.
//!
//! A kind and its fields, once released, decode for ever; `tests/golden_kinds.jsonl` holds one of each kind.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::event::EventError;
use crate::written;

/// Something that happened to the packs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum PackEvent {
    /// Somebody says: this is what I wrote, judge by it.
    #[serde(rename = "pack.proposed")]
    Proposed {
        /// Digest of all packs together, as in the basis of a determination.
        digest: String,
        /// What is other than before.
        about: String,
    },
    /// Somebody else has read it, and it is judged by.
    #[serde(rename = "pack.published")]
    Published {
        /// Digest of all packs together.
        digest: String,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// Somebody has read it, and it is not to be judged by as it is.
    #[serde(rename = "pack.returned")]
    Returned {
        /// Digest of all packs together.
        digest: String,
        /// Why.
        why: String,
    },
}

impl PackEvent {
    /// Reads the body of an entry.
    ///
    /// # Errors
    /// When the kind is none of the packs', or its body has another shape.
    pub fn read(kind: &str, body: &Value) -> Result<PackEvent, EventError> {
        written::read_event(kind, body)
    }

    /// The kind and the body of the entry that records it.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no event does.
    pub fn write(&self) -> Result<(String, Value), EventError> {
        written::write_event("pack", self)
    }
}
