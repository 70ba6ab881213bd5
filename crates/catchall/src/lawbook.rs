//! Law book: what the packs hold, as documents for programs: provisions on a day, what changed between two days, the words a transfer may use,
//! what is modelled and what is not.
//!
//! The command line, the API and the desk each show these; none of them makes its own.

mod columns;
mod coverage;
mod diff;
mod show;
mod vocabulary;

pub use columns::unknown_columns;
pub(crate) use coverage::coverage;
pub(crate) use diff::diff;
pub(crate) use show::{condition_text, show};
pub(crate) use vocabulary::vocabulary;

use serde_json::Value;

/// A field of a document as words; nothing for `null`.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
