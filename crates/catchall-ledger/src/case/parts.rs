//! Parts: what a case is made of, as it was folded: answers of the machine, requests, advice, conditions, decisions.
//!
//! Each carries the [`Stamp`] of its entry. Nothing here is decided; how the parts come about is in `fold.rs`.

use catchall_model::Day;
use serde::Serialize;

use super::answer::{Answer, Question};
use super::compare::Changes;
use super::event::{HitVerdict, Said};
use crate::{Actor, Hash, Timestamp};

/// Where a case stands, apart from waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being worked on.
    Review,
    /// A decision waits for a second person.
    Proposed,
    /// Decided.
    Decided,
    /// Being worked on again, after an appeal.
    Appeal,
    /// Withdrawn.
    Withdrawn,
}

/// Where a case stands, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being worked on.
    Review,
    /// Waits for an answer.
    Waiting,
    /// A decision waits for a second person.
    Proposed,
    /// Being worked on again, after an appeal.
    Appeal,
    /// Decided.
    Decided,
    /// Withdrawn.
    Withdrawn,
}

impl Status {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Review => "review",
            Status::Waiting => "waiting",
            Status::Proposed => "proposed",
            Status::Appeal => "appeal",
            Status::Decided => "decided",
            Status::Withdrawn => "withdrawn",
        }
    }

    /// Whether there is still something to do.
    pub fn is_open(self) -> bool {
        !matches!(self, Status::Decided | Status::Withdrawn)
    }
}

/// By whom and when an entry was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stamp {
    /// The entry's number.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// The entry's hash.
    pub hash: Hash,
}

impl Stamp {
    /// The day in UTC.
    pub fn day(&self) -> Day {
        Day::from_number(self.at.as_millisecond().div_euclid(86_400_000))
    }
}

/// An answer of the machine, with what brought it about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assessed {
    /// When, by whom.
    pub stamp: Stamp,
    /// The answer.
    pub answer: Answer,
    /// What brought it about; empty for the first.
    pub because: Vec<String>,
    /// What changed against the one before; none for the first.
    pub changes: Option<Changes>,
}

/// A request for information.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Request {
    /// From 1.
    pub number: u32,
    /// When, by whom.
    pub stamp: Stamp,
    /// Whom.
    pub to: String,
    /// What.
    pub questions: Vec<Question>,
    /// Whether the clock stands still until the answer.
    pub pauses: bool,
    /// Until when an answer is expected.
    pub due: Option<Day>,
    /// The answer, or how it was closed.
    pub closed: Option<Closed>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Closed {
    /// When, by whom it was recorded.
    pub stamp: Stamp,
    /// Who answered; none when it was closed without an answer.
    pub by: Option<String>,
    /// The answers.
    pub answers: Vec<Said>,
    /// Why it was closed without one.
    pub why: String,
}

/// Advice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// From 1.
    pub number: u32,
    /// When, by whom.
    pub stamp: Stamp,
    /// A word of `VIEWS`, or `no_view`.
    pub view: String,
    /// In the adviser's words.
    pub text: String,
    /// The later advice that took its place, and why.
    pub superseded: Option<(u32, String)>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// From 1.
    pub number: u32,
    /// By whom it was first set: the person who is told of any change.
    pub author: Stamp,
    /// Its words now.
    pub text: String,
    /// Earlier words, with the entry that changed them and why.
    pub earlier: Vec<(String, Stamp, String)>,
    /// Where it was dropped: by whom and why.
    pub dropped: Option<(Stamp, String)>,
}

/// Something that somebody must be told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// From 1.
    pub number: u32,
    /// When, by whom.
    pub stamp: Stamp,
    /// Who is told.
    pub to: String,
    /// That person's team.
    pub team: Option<String>,
    /// What.
    pub text: String,
    /// By whom it was acknowledged.
    pub acknowledged: Option<Stamp>,
}

/// What a person said of a possible match.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitAnswer {
    /// When, by whom.
    pub stamp: Stamp,
    /// Digest of the listing at that moment.
    pub print: String,
    /// What.
    pub verdict: HitVerdict,
    /// Why.
    pub reason: String,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// From 1.
    pub number: u32,
    /// When, by whom.
    pub stamp: Stamp,
    /// A word of `VIEWS`.
    pub view: String,
    /// Why.
    pub reason: String,
    /// Why it departs from what was determined.
    pub despite: Option<String>,
    /// The conditions that it carries.
    pub conditions: Vec<u32>,
    /// Whether a second person must sign.
    pub two_persons: bool,
    /// The determination that it rests on.
    pub answer: String,
    /// Whether it was made on appeal.
    pub on_appeal: bool,
    /// The second signature.
    pub signed: Option<Stamp>,
    /// Where it was sent back: by whom and why.
    pub returned: Option<(Stamp, String)>,
}

impl Decision {
    /// Whether it counts.
    pub fn stands(&self) -> bool {
        self.returned.is_none() && (!self.two_persons || self.signed.is_some())
    }
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Appeal {
    /// When, by whom it was recorded.
    pub stamp: Stamp,
    /// Against which decision.
    pub decision: u32,
    /// By whom.
    pub by: String,
    /// Why.
    pub grounds: String,
    /// On what day it came in.
    pub on: Day,
}

/// A letter that went out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sent {
    /// When, by whom.
    pub stamp: Stamp,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// One line of the activity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Activity {
    /// Entry, time, person, hash.
    pub stamp: Stamp,
    /// The entry's kind.
    pub kind: String,
    /// In a sentence.
    pub says: String,
}
