//! A classification: the control list entries that an item may fall under, each with its tests, and what to measure next.
//!
//! Never a determination. The code that a person chooses enters a transfer, with these reasons beside it.

use serde::Serialize;

use crate::{Basis, Because, Day, Flag, Question};

/// The schema of the document.
pub const CLASSIFICATION_SCHEMA: &str = "catchall.classification/1";

/// What an item may fall under.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classification {
    /// `catchall.classification/1`.
    pub schema: &'static str,
    /// The caller's own key.
    pub item: String,
    /// What the caller called it.
    pub description: String,
    /// The lists as they stood on this day; `None` for entries of any day.
    pub on: Option<Day>,
    /// The kinds of the vocabulary that it was taken for.
    pub kinds: Vec<KindGuess>,
    /// Entries, list by list: those that it meets first, then those left open, then near misses.
    pub candidates: Vec<Candidate>,
    /// What to measure or ask, the most telling first: once all are answered no candidate is left open.
    pub ask: Vec<Measurement>,
    /// What was noticed on the way.
    pub flags: Vec<Flag>,
    /// Digests of what this rests on.
    pub basis: Basis,
}

/// A kind that an item was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KindGuess {
    /// The word of the vocabulary.
    pub kind: String,
    /// For people.
    pub label: String,
    /// `stated`, `description` or `hs_code`.
    pub from: &'static str,
    /// The words, or the code, that led there.
    pub by: String,
}

/// An entry that may cover the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The list.
    pub list: String,
    /// The code of the entry.
    pub code: String,
    /// Its title, in our words.
    pub title: String,
    /// Labels: category, reasons for control.
    pub tags: Vec<String>,
    /// `meets`, `not_known`, `near_miss`, `does_not_meet`; `by_text` for an entry that has no test here and was found by its words.
    pub verdict: &'static str,
    /// Whether this is the code that the caller claims.
    pub claimed: bool,
    /// Every test of the entry, as far as the answer was looked for.
    pub tests: Vec<Because>,
    /// Keys of the facts that could still settle it.
    pub missing: Vec<String>,
    /// Words of the description found in the entry's title.
    pub words: Vec<String>,
    /// The numbers that the same thing bears elsewhere; they say where to look, not what covers the item.
    pub elsewhere: Vec<Elsewhere>,
    /// Notes of the edition, exclusions among them.
    pub note: String,
    /// Where the entry was read.
    pub source: String,
    /// `read` or `recalled`.
    pub confidence: &'static str,
}

/// A number on another list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// The list; empty for one that is not held, which `code` then names in words.
    pub list: String,
    /// The code of the entry there.
    pub code: String,
    /// What that entry is to the candidate: `same`, `narrower`, `wider`, `overlaps`.
    pub relation: &'static str,
    /// The heading whose row says so, where it is not the candidate's own.
    pub by: String,
}

/// One thing to measure or to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measurement {
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// The open entries that turn on it, as `list code`.
    pub settles: Vec<String>,
}
