//! Event: what can happen to a case, as it is recorded.
//!
//! One variant a kind; the kind is the entry's, the fields are its body. A kind and its fields, once released, decode for
//! ever: add fields with `#[serde(default)]`, add kinds, and never change what stands. `tests/golden_cases.jsonl` holds
//! one entry of each kind as it was first written.

use catchall_model::Day;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{Answer, Question};
use super::compare::Changes;
use crate::written::{self, day, day_or_none};

/// Something that happened to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum CaseEvent {
    /// Opened from a transfer and its determination.
    #[serde(rename = "case.opened")]
    Opened(Opened),
    /// Handed to somebody; what is left out stays as it is.
    #[serde(rename = "case.assigned")]
    Assigned {
        /// The new owner.
        #[serde(default)]
        owner: Option<String>,
        /// The new team.
        #[serde(default)]
        team: Option<String>,
        /// The new queue.
        #[serde(default)]
        queue: Option<String>,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// Information was asked for.
    #[serde(rename = "case.asked")]
    Asked {
        /// Number of the request, from 1.
        request: u32,
        /// Whom.
        to: String,
        /// What.
        questions: Vec<Question>,
        /// Whether the clock stands still until the answer.
        pauses: bool,
        /// Until when an answer is expected.
        #[serde(default, with = "day_or_none")]
        due: Option<Day>,
    },
    /// A request was answered.
    #[serde(rename = "case.answered")]
    Answered {
        /// Which.
        request: u32,
        /// Who gave the answer.
        by: String,
        /// What was said.
        answers: Vec<Said>,
    },
    /// A request was closed without an answer.
    #[serde(rename = "case.request_closed")]
    RequestClosed {
        /// Which.
        request: u32,
        /// Why: lapsed, no longer needed.
        why: String,
    },
    /// Assessed again.
    #[serde(rename = "case.reassessed")]
    Reassessed {
        /// What brought it about: `answer to request 2`, `packs`, `lists`, `statement s-17`.
        because: Vec<String>,
        /// The new answer.
        answer: Answer,
        /// What changed against the one before.
        changes: Changes,
    },
    /// Advice was given.
    #[serde(rename = "case.advised")]
    Advised {
        /// Number of the advice, from 1.
        advice: u32,
        /// A word of [`super::VIEWS`], or `no_view`.
        view: String,
        /// In the adviser's words.
        text: String,
        /// The adviser's own earlier advice, which this one takes the place of.
        #[serde(default)]
        supersedes: Option<u32>,
        /// Why.
        #[serde(default)]
        why: String,
    },
    /// A condition was set; its author is the entry's actor.
    #[serde(rename = "case.condition_set")]
    ConditionSet {
        /// Number of the condition, from 1.
        condition: u32,
        /// In words.
        text: String,
    },
    /// A condition was changed.
    #[serde(rename = "case.condition_changed")]
    ConditionChanged {
        /// Which.
        condition: u32,
        /// The new words.
        text: String,
        /// Why.
        why: String,
    },
    /// A condition was dropped.
    #[serde(rename = "case.condition_dropped")]
    ConditionDropped {
        /// Which.
        condition: u32,
        /// Why.
        why: String,
    },
    /// Somebody was told something; stands before what it tells of.
    #[serde(rename = "case.notified")]
    Notified {
        /// Number of the notice, from 1.
        notice: u32,
        /// Who.
        to: String,
        /// That person's team, which may acknowledge it too.
        #[serde(default)]
        team: Option<String>,
        /// What.
        text: String,
    },
    /// A notice was acknowledged.
    #[serde(rename = "case.acknowledged")]
    Acknowledged {
        /// Which.
        notice: u32,
    },
    /// A possible match was confirmed or dismissed.
    #[serde(rename = "case.hit_answered")]
    HitAnswered {
        /// The match.
        hit: String,
        /// Digest of its listing at that moment.
        print: String,
        /// `confirmed`, `dismissed`, `needs_information`.
        verdict: HitVerdict,
        /// Why.
        reason: String,
    },
    /// A pattern was noticed.
    #[serde(rename = "case.flagged")]
    Flagged {
        /// What.
        flag: String,
        /// The transfers that make it up.
        transfers: Vec<String>,
    },
    /// A note.
    #[serde(rename = "case.noted")]
    Noted {
        /// In words.
        text: String,
    },
    /// Decided, or proposed where a second person must sign.
    #[serde(rename = "case.decided")]
    Decided {
        /// Number of the decision, from 1.
        decision: u32,
        /// A word of [`super::VIEWS`].
        view: String,
        /// Why.
        reason: String,
        /// Why it departs from what was determined, where it does.
        #[serde(default)]
        despite: Option<String>,
        /// The conditions that it carries.
        #[serde(default)]
        conditions: Vec<u32>,
        /// Whether a second person must sign it.
        two_persons: bool,
        /// The determination that it rests on.
        answer: String,
    },
    /// A second person signed.
    #[serde(rename = "case.countersigned")]
    Countersigned {
        /// Which decision.
        decision: u32,
    },
    /// A second person sent a decision back.
    #[serde(rename = "case.returned")]
    Returned {
        /// Which.
        decision: u32,
        /// Why.
        why: String,
    },
    /// A letter went out, as it stands here.
    #[serde(rename = "case.letter_sent")]
    LetterSent {
        /// To whom.
        to: String,
        /// Its subject.
        subject: String,
        /// Its text.
        text: String,
    },
    /// Appealed against.
    #[serde(rename = "case.appealed")]
    Appealed {
        /// Which decision.
        decision: u32,
        /// By whom.
        by: String,
        /// Why.
        grounds: String,
        /// On what day it came in.
        #[serde(with = "day")]
        on: Day,
    },
    /// Opened again.
    #[serde(rename = "case.reopened")]
    Reopened {
        /// Why.
        why: String,
    },
    /// Withdrawn by the applicant.
    #[serde(rename = "case.withdrawn")]
    Withdrawn {
        /// Why.
        why: String,
    },
    /// Closed to all but its team and these; to nobody when empty.
    #[serde(rename = "case.restricted")]
    Restricted {
        /// The teams.
        teams: Vec<String>,
        /// Why.
        why: String,
    },
}

/// What a case begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The transfer's id.
    pub transfer: String,
    /// `22 t of alloy steel, RU to IR`.
    pub title: String,
    /// What was determined.
    pub answer: Answer,
    /// Where it waits.
    pub queue: String,
    /// Whose it is.
    #[serde(default)]
    pub team: Option<String>,
    /// Working days that it should take.
    pub target: u32,
    /// The case that this one takes up again or amends.
    #[serde(default)]
    pub follows: Option<String>,
    /// Whose personal data its entries are sealed for.
    #[serde(default)]
    pub subject: Option<String>,
}

/// One answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Fact key; empty for a question of a person's own.
    #[serde(default)]
    pub fact: String,
    /// The line of the transfer that it is about, from 1, where there are several.
    #[serde(default)]
    pub line: Option<usize>,
    /// The value, as a transfer would state it; `null` when it stays not known.
    #[serde(default)]
    pub value: Value,
    /// The answer in words.
    #[serde(default)]
    pub words: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: String,
}

/// What a person says of a possible match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HitVerdict {
    /// They are one.
    Confirmed,
    /// They are not.
    Dismissed,
    /// It cannot be said yet.
    NeedsInformation,
}

/// Why the body of an entry cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}`: {why}")]
pub struct EventError {
    /// The entry's kind.
    pub kind: String,
    /// What is wrong.
    pub why: String,
}

impl CaseEvent {
    /// The event of an entry's kind and body.
    ///
    /// # Errors
    /// When the kind is not known to this release, or its body lacks something.
    pub fn read(kind: &str, body: &Value) -> Result<CaseEvent, EventError> {
        written::read_event(kind, body)
    }

    /// The kind and the body of the entry that records it.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no event does.
    pub fn write(&self) -> Result<(String, Value), EventError> {
        written::write_event("case", self)
    }
}
