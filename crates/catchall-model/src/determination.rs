//! A determination: the answer, what decided it, what is missing, and what it rests on.
//!
//! The documents of the public contract, section 2. Fields are written in the order in which they
//! stand here; what is empty is written as empty, so that a reader can rely on every key.

use serde::Serialize;

use crate::{Day, Effect, Force, Hit, Outcome};

/// The document's schema.
pub const SCHEMA: &str = "catchall.determination/1";

/// The dates asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The law as it stood on this day; `None` when the transfer's own date is used and is not known.
    pub as_of: Option<Day>,
    /// As recorded by this day.
    pub known_by: Day,
}

/// The answer for one transfer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Determination {
    /// `catchall.determination/1`.
    pub schema: &'static str,
    /// The transfer's id.
    pub transfer: String,
    /// The dates asked about.
    pub asked: Asked,
    /// The overall answer.
    pub outcome: Outcome,
    /// One plain sentence for the person who must decide.
    pub summary: String,
    /// One row a jurisdiction with a nexus, or whose nexus is not known; strictest first.
    pub jurisdictions: Vec<Jurisdiction>,
    /// What was found, deciding provisions first.
    pub findings: Vec<Finding>,
    /// What is missing.
    pub missing: Missing,
    /// The answer if every missing fact turns out well, or badly.
    pub bounds: Bounds,
    /// Possible matches of parties with listings.
    pub hits: Vec<Hit>,
    /// Questions, never an outcome by themselves.
    pub flags: Vec<Flag>,
    /// Figures close to a threshold on the permitted side.
    pub near: Vec<Near>,
    /// What the packs do not hold though the transfer may lie in its scope.
    pub not_checked: Vec<NotChecked>,
    /// The nearest change of one known fact or date that gives another outcome.
    pub would_change: Option<WouldChange>,
    /// Digests of what the answer rests on.
    pub basis: Basis,
    /// Digest of all the above.
    pub id: String,
}

/// One jurisdiction's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Jurisdiction {
    /// `ru`, `us`, `eu`, `un`, `mtcr` and so on.
    pub id: String,
    /// Its answer.
    pub outcome: Outcome,
    /// Its answer if the missing facts turn out well, or badly.
    pub bounds: Bounds,
    /// The force of what decides; of what comes nearest when nothing applies.
    pub force: Option<Force>,
    /// Why it reaches the transfer; `not_known` when that is open.
    pub nexus: Nexus,
    /// Ids of the provisions that decide.
    pub deciding: Vec<String>,
    /// Keys of the facts that could still change its answer.
    pub missing: Vec<String>,
    /// Both readings, where the answer turns on a dispute.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

/// Why a jurisdiction reaches a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nexus {
    /// `applies` or `not_known`.
    pub verdict: Verdict,
    /// The tests that decided.
    pub because: Vec<Because>,
}

/// The answer under one side's reading of a disputed instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Whose reading, and what it says.
    pub held_by: String,
    /// The answer that follows.
    pub outcome: Outcome,
}

/// Whether a provision applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Applies,
    /// It does not.
    DoesNotApply,
    /// Missing facts decide.
    NotKnown,
}

/// What one provision says of the transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its id.
    pub provision: String,
    /// Its title.
    pub title: String,
    /// The instrument, article and paragraph.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// Whose law.
    pub jurisdiction: String,
    /// What sort of rule.
    pub force: Force,
    /// What it does where it applies.
    pub effect: Effect,
    /// Whether it is a catch-all.
    pub catch_all: bool,
    /// Whether it applies.
    pub verdict: Verdict,
    /// The line of the transfer, from 1, when it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Each test that decided.
    pub because: Vec<Because>,
    /// Exceptions that lift it (`lifted`), or were tried and failed, each with its first failing condition.
    pub excepted_by: Vec<Passed>,
    /// The version's interval in force, and which date of the transfer it is tested on.
    pub in_force: InForce,
    /// `read` or `recalled`.
    pub confidence: String,
    /// Further words for the reader: disputes, ends, reserves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// When a version is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InForce {
    /// `1998-01-22/..`, both days included; several when it was suspended.
    pub interval: String,
    /// Which date of the transfer it is tested on.
    pub tested_on: String,
}

/// An exception that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passed {
    /// Its id.
    pub provision: String,
    /// Its citation.
    pub cite: String,
    /// Whether it lifts the requirement.
    pub verdict: Verdict,
    /// The tests that decided.
    pub because: Vec<Because>,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Because {
    /// Fact key.
    pub fact: String,
    /// What the transfer says, in words; `not known` where it says nothing.
    pub value: String,
    /// The operator in words: `at least`, `is within`, `includes any of`.
    pub operator: String,
    /// What it is compared with.
    pub threshold: String,
    /// The unit of both.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// `pass`, `fail` or `not_known`.
    pub result: &'static str,
    /// The control list entry whose test this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Where the value came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// What is missing, and what would settle it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The facts that can still change the answer; together they settle it whatever they are.
    pub essential: Vec<Question>,
    /// The smallest sets of answers that settle it, with the outcome each gives.
    pub deciding: Vec<DecidingSet>,
    /// The one question to ask first.
    pub next: Option<Question>,
    /// Whether figures of the item matter too, which lists ask for. They are not among the questions: the kind of the item
    /// is, and which figures matter only the kind can say. Left out of the document where it is not so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub figures_follow: bool,
    /// Whether the lists above are exact; otherwise "at least these".
    pub exact: bool,
}

/// A fact to be found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Fact key.
    pub fact: String,
    /// The question in plain words.
    pub question: String,
    /// Whom to ask.
    pub ask: String,
    /// What would show it.
    pub evidence: String,
}

/// Answers that settle the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecidingSet {
    /// One to three answers.
    pub given: Vec<SettledBy>,
    /// The outcome that follows whatever else comes out.
    pub outcome: Outcome,
}

/// One answer of a deciding set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledBy {
    /// Fact key.
    pub fact: String,
    /// The answer, as a range or a choice in words.
    pub is: String,
}

/// The range of answers still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// If every missing fact turns out well.
    pub least: Effect,
    /// If every missing fact turns out badly.
    pub most: Effect,
}

/// A question raised by a pattern or a contradiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// What was noticed.
    pub flag: String,
    /// What to ask, or what resolves it.
    pub question: String,
    /// Where it was noticed.
    pub evidence: String,
    /// Whether it still waits for an answer.
    pub open: bool,
}

/// A figure close to a threshold, on the permitted side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Near {
    /// The provision or list entry.
    pub provision: String,
    /// Fact key.
    pub fact: String,
    /// The figure.
    pub value: String,
    /// The threshold.
    pub threshold: String,
    /// How far off, as a share of the threshold.
    pub off_by: String,
}

/// Something in whose scope the transfer may lie, and which the packs do not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    /// Instrument and part.
    pub what: String,
    /// Why it was not checked.
    pub why: String,
}

/// The nearest change that gives another outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WouldChange {
    /// Fact key.
    pub fact: String,
    /// Its value now.
    pub from: String,
    /// The value that changes the answer.
    pub to: String,
    /// The answer then.
    pub outcome: Outcome,
    /// The provision that brings it about.
    pub provision: String,
}

/// Digests of what an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The packs.
    pub packs: String,
    /// The lists of parties; those of the packs until lists are imported.
    pub lists: String,
    /// The list of places.
    pub names: String,
    /// The program.
    pub program: String,
}
