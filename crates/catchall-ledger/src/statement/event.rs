//! Event: what can happen to a statement, as it is recorded.
//!
//! One variant a kind; the kind is the entry's, the fields are its body. A kind and its fields, once released, decode for ever: add
//! fields with `#[serde(default)]`, add kinds, and never change what stands. `tests/golden_kinds.jsonl` holds one of each kind.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::event::EventError;
use crate::written;

/// Something that happened to a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum StatementEvent {
    /// Found in a report, or written by a person against another statement.
    #[serde(rename = "statement.made")]
    Made(Box<Made>),
    /// A person holds that the words say this, and that it may bear on transfers.
    #[serde(rename = "statement.accepted")]
    Accepted {
        /// Names of parties in it that the person has identified beyond their name.
        #[serde(default)]
        identified: Vec<Identified>,
        /// Undertakings on which it bears, and what it shows of them.
        #[serde(default)]
        bears_on: Vec<Bearing>,
        /// Why, where there is something to say.
        #[serde(default)]
        why: String,
    },
    /// A person holds that it does not say this, or does not belong here.
    #[serde(rename = "statement.rejected")]
    Rejected {
        /// Why.
        why: String,
    },
    /// Acceptance or rejection was taken back: it waits again.
    #[serde(rename = "statement.reopened")]
    Reopened {
        /// Why.
        why: String,
    },
    /// Another statement stands in its place.
    #[serde(rename = "statement.corrected")]
    Corrected {
        /// Which.
        by: String,
        /// What was wrong.
        why: String,
    },
}

/// A statement as it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The report that it stands in.
    pub report: String,
    /// Its id within the report; empty for what a person wrote.
    #[serde(default)]
    pub within: String,
    /// What it has to do with an earlier statement; nothing when it was read.
    #[serde(default)]
    pub relation: Option<Relation>,
    /// Who, when, what.
    pub told: Told,
    /// Where a person's own statement comes from: a letter, an issue, a notice. Empty for what was read.
    #[serde(default)]
    pub source: String,
}

/// What a statement is to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Which kind.
    pub is: RelationKind,
    /// The other statement.
    pub of: String,
}

/// How a statement bears on an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// The same words, read rightly.
    Correction,
    /// Whoever said or printed it takes it back; the earlier one no longer counts from that day.
    Retraction,
    /// The side that raised the finding lifts it; it is closed from that day.
    Relief,
    /// The party that it is about answers.
    Reply,
}

impl RelationKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            RelationKind::Correction => "correction",
            RelationKind::Retraction => "retraction",
            RelationKind::Relief => "relief",
            RelationKind::Reply => "reply",
        }
    }
}

/// Who said what, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who speaks; none for unattributed words.
    #[serde(default)]
    pub speaker: Option<String>,
    /// Office or kind of the speaker at that time.
    #[serde(default)]
    pub role: Option<String>,
    /// The speaker's country, ISO 3166 alpha-2.
    #[serde(default)]
    pub country: Option<String>,
    /// A word of [`super::KINDS`].
    pub kind: String,
    /// What, in a few words; empty where the operator keeps offsets only.
    #[serde(default)]
    pub content: String,
    /// When it was said: a day, a month, a year or an interval.
    #[serde(default)]
    pub said: Option<String>,
    /// Whether the report keeps its distance.
    #[serde(default)]
    pub hedged: bool,
    /// Whether words are quoted.
    #[serde(default)]
    pub quote: bool,
    /// Names of the parties that the words are about. Who is only mentioned is not among them.
    #[serde(default)]
    pub about: Vec<String>,
    /// Where the words stand in the file, in Unicode scalar values; equal ends for what a person wrote.
    #[serde(default)]
    pub span: [usize; 2],
    /// The same in bytes.
    #[serde(default)]
    pub bytes: [usize; 2],
}

/// A party that a person has identified beyond its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// The name in the report.
    pub name: String,
    /// Its country, ISO 3166 alpha-2, where it was settled.
    #[serde(default)]
    pub country: Option<String>,
    /// An identifier (`registration: 1027…`), where one was found.
    #[serde(default)]
    pub identifier: Option<String>,
}

/// On what a statement bears, as the person who accepted it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearing {
    /// The undertaking.
    pub undertaking: String,
    /// What it shows of it: `kept`, `broken`, `will_keep` and so on; nothing when left out.
    #[serde(default)]
    pub shows: Option<String>,
}

impl StatementEvent {
    /// Reads the body of an entry.
    ///
    /// # Errors
    /// When the kind is none of a statement's, or its body has another shape.
    pub fn read(kind: &str, body: &Value) -> Result<StatementEvent, EventError> {
        written::read_event(kind, body)
    }

    /// The kind and the body of the entry that records it.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no event does.
    pub fn write(&self) -> Result<(String, Value), EventError> {
        written::write_event("statement", self)
    }
}
