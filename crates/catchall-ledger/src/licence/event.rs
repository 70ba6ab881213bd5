//! Event: what can happen to a licence, as it is recorded.
//!
//! One variant a kind; the kind is the entry's, the fields are its body. Released kinds decode for ever: add fields with
//! `#[serde(default)]`, add kinds, and never change what stands.

use catchall_model::Day;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::measure::Measure;
use crate::case::event::EventError;
use crate::written::{self, day, day_or_none};

/// Something that happened to a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub enum LicenceEvent {
    /// Issued, or registered from somebody else's paper.
    #[serde(rename = "licence.issued")]
    Issued(Terms),
    /// Amended; what is left out stays as it is.
    #[serde(rename = "licence.amended")]
    Amended {
        /// What changes.
        change: Amendment,
        /// Why.
        why: String,
    },
    /// Suspended from this day on.
    #[serde(rename = "licence.suspended")]
    Suspended(Turn),
    /// In force again from this day on.
    #[serde(rename = "licence.resumed")]
    Resumed(Turn),
    /// Revoked from this day on.
    #[serde(rename = "licence.revoked")]
    Revoked(Turn),
    /// Given back from this day on.
    #[serde(rename = "licence.surrendered")]
    Surrendered(Turn),
    /// Closed, because it has run out; what was reserved is free of it.
    #[serde(rename = "licence.expired")]
    Expired(Turn),
    /// Reserved.
    #[serde(rename = "licence.reserved")]
    Reserved {
        /// The caller's key: an order.
        reservation: String,
        /// Of which line.
        line: u32,
        /// How much.
        #[serde(flatten)]
        amounts: Stated,
        /// What for.
        #[serde(rename = "for")]
        purpose: Purpose,
    },
    /// Released; all of it when no amount is stated.
    #[serde(rename = "licence.released")]
    Released {
        /// Which.
        reservation: String,
        /// How much.
        #[serde(flatten)]
        amounts: Stated,
        /// Why.
        why: String,
    },
    /// Shipped.
    #[serde(rename = "licence.shipped")]
    Shipped {
        /// The customs declaration.
        declaration: String,
        /// Of which line.
        line: u32,
        /// How much.
        #[serde(flatten)]
        amounts: Stated,
        /// The reservation that it is taken from.
        #[serde(default)]
        reservation: Option<String>,
        /// What for, and on what day it left.
        #[serde(rename = "for")]
        purpose: Purpose,
    },
    /// What was shipped was recorded wrongly; these are the figures.
    #[serde(rename = "licence.corrected")]
    Corrected {
        /// The customs declaration.
        declaration: String,
        /// Of which line.
        line: u32,
        /// How much it was.
        #[serde(flatten)]
        amounts: Stated,
        /// Why.
        why: String,
    },
    /// A customs return was taken.
    #[serde(rename = "licence.reconciled")]
    Reconciled(Return),
    /// A movement was refused; nothing was counted.
    #[serde(rename = "licence.refused")]
    Refused {
        /// What was wanted.
        wanted: String,
        /// Why it was refused.
        why: String,
    },
    /// A discrepancy was looked into.
    #[serde(rename = "licence.answered")]
    Answered {
        /// Which, by its key.
        discrepancy: String,
        /// What came of it.
        how: String,
    },
}

/// What a licence allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Whose authority issued it: the jurisdiction's word.
    pub authority: String,
    /// Who holds it.
    pub holder: String,
    /// The team that looks after it.
    pub team: Option<String>,
    /// First day; none when it holds from the day of its issue.
    #[serde(with = "day_or_none")]
    pub from: Option<Day>,
    /// Last day; none when no end is stated.
    #[serde(with = "day_or_none")]
    pub until: Option<Day>,
    /// What it allows.
    pub lines: Vec<Line>,
    /// To whom; anybody when empty.
    pub end_users: Vec<Named>,
    /// Through whom; anybody when empty.
    pub consignees: Vec<Named>,
    /// Where, by code; anywhere when empty.
    pub destinations: Vec<String>,
    /// Conditions in words.
    pub conditions: Vec<String>,
    /// The case whose decision it rests on.
    pub case: Option<String>,
    /// The paper that it was registered from.
    pub paper: Option<String>,
}

/// One line of a licence. At least one of quantity and value is there; each that is there is counted down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// In words.
    pub item: String,
    /// Control list codes.
    pub codes: Vec<String>,
    /// How much.
    pub quantity: Option<Measure>,
    /// Worth how much.
    pub value: Option<Measure>,
}

/// A person or firm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Full name.
    pub name: String,
    /// Other names.
    pub names: Vec<String>,
    /// Where, by code.
    pub country: Option<String>,
}

/// What an amendment changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Amendment {
    /// The new last day.
    #[serde(with = "day_or_none")]
    pub until: Option<Day>,
    /// Lines that take the place of those of the same number, or are new.
    pub lines: Vec<Line>,
    /// The new end users.
    pub end_users: Option<Vec<Named>>,
    /// The new consignees.
    pub consignees: Option<Vec<Named>>,
    /// The new destinations.
    pub destinations: Option<Vec<String>>,
    /// The new conditions.
    pub conditions: Option<Vec<String>>,
}

/// A turn in a licence's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The first day on which it holds.
    #[serde(with = "day")]
    pub from: Day,
    /// Why.
    pub why: String,
}

/// Amounts as stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stated {
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Measure>,
    /// Worth how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Measure>,
}

impl Stated {
    /// In words.
    pub fn says(&self) -> String {
        match (self.quantity, self.value) {
            (None, None) => "all of it".to_owned(),
            (Some(one), None) | (None, Some(one)) => one.to_string(),
            (Some(quantity), Some(value)) => format!("{quantity} worth {value}"),
        }
    }
}

/// What a movement is for. What is left out is not known, and a licence that asks for it does not cover the movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The transfer's id.
    #[serde(default)]
    pub transfer: Option<String>,
    /// To whom.
    #[serde(default)]
    pub end_user: Option<String>,
    /// Through whom.
    #[serde(default)]
    pub consignee: Option<String>,
    /// Where, by code.
    #[serde(default)]
    pub to: Option<String>,
    /// The day of the movement.
    #[serde(with = "day")]
    pub on: Day,
}

/// A customs return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Its id: the same id with the same rows is the same return.
    pub batch: String,
    /// The day on which customs made it; a later one counts above an earlier one, in whatever order they come.
    #[serde(with = "day")]
    pub sent: Day,
    /// What customs saw, by declaration and line.
    pub rows: Vec<Row>,
}

/// One row of a customs return, with its amounts as customs wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The declaration.
    pub declaration: String,
    /// Of which line of the licence.
    pub line: u32,
    /// How much left under it in all.
    pub quantity: Option<String>,
    /// Worth how much.
    pub value: Option<String>,
    /// On what day.
    #[serde(with = "day_or_none")]
    pub on: Option<Day>,
}

impl LicenceEvent {
    /// The event of an entry's kind and body.
    ///
    /// # Errors
    /// When the kind is not known to this release, or its body lacks something.
    pub fn read(kind: &str, body: &Value) -> Result<LicenceEvent, EventError> {
        written::read_event(kind, body)
    }

    /// The kind and the body of the entry that records it.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no event does.
    pub fn write(&self) -> Result<(String, Value), EventError> {
        written::write_event("licence", self)
    }
}
