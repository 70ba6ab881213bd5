//! Licence: what it allows, what is left of it, and every movement, folded from its entries.
//!
//! What is left is what was granted, less what is reserved, less what left under each declaration: as we recorded it or as
//! customs saw it, whichever is more. So a shipment that only one side knows of is never left out, a repeated return
//! changes nothing, and returns may come in any order: the later return counts, by the day on which customs made it.
//! Nothing is overwritten and nothing goes below zero; what does not add up is a [`Discrepancy`], worked out afresh from
//! what stands, until somebody answers it.
//!
//! [`Licence::of`] reads and never decides; `command.rs` checks and gives drafts to append after [`Licence::seen`].

pub mod command;
pub mod cover;
mod discrepancy;
pub mod event;
mod fold;
pub mod measure;
mod rules;
pub mod splitting;

use std::collections::{BTreeMap, BTreeSet};

use catchall_model::Day;
use serde::Serialize;

use crate::Entry;
use crate::case::{FoldError, Stamp};
use crate::policy::Place;

pub use discrepancy::{Discrepancy, Trouble};
use event::{Line, Purpose, Stated, Terms};
use measure::{Measure, MeasureError};

/// Where a licence stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its first day is still to come.
    NotYet,
    /// It covers what it allows.
    InForce,
    /// It covers nothing for now.
    Suspended,
    /// Taken back.
    Revoked,
    /// Given back.
    Surrendered,
    /// Its last day is past.
    Expired,
}

impl Standing {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::NotYet => "not_yet",
            Standing::InForce => "in_force",
            Standing::Suspended => "suspended",
            Standing::Revoked => "revoked",
            Standing::Surrendered => "surrendered",
            Standing::Expired => "expired",
        }
    }

    /// Whether it can ever be in force again.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Standing::Revoked | Standing::Surrendered | Standing::Expired
        )
    }
}

/// Counts of the base units: one for what is measured or counted, one for what it is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Of the quantity.
    pub quantity: i128,
    /// Of the value.
    pub value: i128,
}

impl Counts {
    fn with(self, other: Counts, each: impl Fn(i128, i128) -> i128) -> Counts {
        Counts {
            quantity: each(self.quantity, other.quantity),
            value: each(self.value, other.value),
        }
    }

    fn plus(self, other: Counts) -> Counts {
        self.with(other, i128::saturating_add)
    }

    fn less(self, other: Counts) -> Counts {
        self.with(other, i128::saturating_sub)
    }

    fn or_more(self, other: Counts) -> Counts {
        self.with(other, i128::max)
    }

    fn is_none(self) -> bool {
        self == Counts::default()
    }

    /// Whether neither is more than the other's.
    fn within(self, other: Counts) -> bool {
        self.quantity <= other.quantity && self.value <= other.value
    }
}

/// Something reserved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reservation {
    /// When, by whom.
    pub stamp: Stamp,
    /// Of which line.
    pub line: u32,
    /// As stated.
    pub stated: Stated,
    /// What for.
    pub purpose: Purpose,
    /// What is still reserved.
    pub left: Counts,
}

/// What left under one declaration, of one line.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shipment {
    /// As we recorded it, with the entry that did so last.
    pub ours: Option<Ours>,
    /// As customs saw it, in the latest return.
    pub customs: Option<Seen>,
    /// Rows of returns that cannot be counted: when the return was made, its id, and why.
    pub uncounted: BTreeSet<(Day, String, String)>,
}

/// A shipment as we recorded it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ours {
    /// When, by whom.
    pub stamp: Stamp,
    /// As first stated.
    pub stated: Stated,
    /// The reservation that it was taken from.
    pub reservation: Option<String>,
    /// What for.
    pub purpose: Purpose,
    /// How much it was.
    pub counts: Counts,
}

/// A shipment as customs saw it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Seen {
    /// When the return was made.
    pub sent: Day,
    /// The return.
    pub batch: String,
    /// How much.
    pub quantity: i128,
    /// Worth how much.
    pub value: i128,
    /// On what day it left.
    pub on: Option<Day>,
}

impl Seen {
    fn counts(&self) -> Counts {
        Counts {
            quantity: self.quantity,
            value: self.value,
        }
    }
}

impl Shipment {
    /// What counts: the more of the two.
    pub fn counts(&self) -> Counts {
        let ours = self
            .ours
            .as_ref()
            .map_or(Counts::default(), |ours| ours.counts);
        let seen = self
            .customs
            .as_ref()
            .map_or(Counts::default(), Seen::counts);
        ours.or_more(seen)
    }
}

/// One line of the movements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Movement {
    /// Entry, time, person, hash.
    pub stamp: Stamp,
    /// The entry's kind.
    pub kind: String,
    /// In a sentence.
    pub says: String,
}

/// What is left of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// Granted.
    pub granted: Counts,
    /// Reserved.
    pub reserved: Counts,
    /// Left under declarations, ours or customs', whichever is more.
    pub shipped: Counts,
    /// Left under declarations, as customs has seen it.
    pub seen: Counts,
    /// What is left; never less than nothing.
    pub available: Counts,
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Licence {
    /// `L-2026-0113`.
    pub id: String,
    /// What it allows now.
    pub terms: Terms,
    /// When it was issued, and by whom.
    pub issued: Stamp,
    /// Turns of its life, in order: from which day, what, why.
    pub turns: Vec<(Day, Standing, Stamp, String)>,
    /// Reservations by their keys, used up ones with them.
    pub reservations: BTreeMap<String, Reservation>,
    /// What left, by declaration and line.
    pub shipments: BTreeMap<(String, u32), Shipment>,
    /// Returns taken, with a digest of what each says.
    pub batches: BTreeMap<String, String>,
    /// Rows that name no line of the licence: return, declaration, line.
    pub strays: BTreeSet<(String, String, u32)>,
    /// Discrepancies that somebody answered, by key.
    pub answered: BTreeMap<String, (Stamp, String)>,
    /// Everything, in order.
    pub movements: Vec<Movement>,
    /// Entries of no effect.
    pub irregular: Vec<(u64, String)>,
    /// Number of the last entry.
    pub seen: u64,
}

impl Licence {
    /// The stream of a licence.
    pub fn stream(id: &str) -> String {
        format!("licence/{id}")
    }

    /// Folds the entries of one stream, in order; none for no entries.
    ///
    /// # Errors
    /// When the first entry issues no licence, or one cannot be read.
    pub fn of(entries: &[Entry]) -> Result<Option<Licence>, FoldError> {
        crate::folding::fold(entries)
    }

    /// Its place for the policy.
    pub fn place(&self) -> Place<'_> {
        Place::of_team(self.terms.team.as_deref())
    }

    /// Its first day.
    pub fn first_day(&self) -> Day {
        self.terms.from.unwrap_or_else(|| self.issued.day())
    }

    /// Where it stands on a day.
    pub fn standing(&self, on: Day) -> Standing {
        let turned = self.turns.iter().rev().find(|(from, ..)| *from <= on);
        match turned {
            Some((_, over, ..)) if over.is_over() => *over,
            _ if self.terms.until.is_some_and(|until| until < on) => Standing::Expired,
            _ if on < self.first_day() => Standing::NotYet,
            Some((_, standing, ..)) => *standing,
            None => Standing::InForce,
        }
    }

    /// A line of it.
    pub fn line(&self, number: u32) -> Option<&Line> {
        self.terms.lines.iter().find(|line| line.number == number)
    }

    /// What is left of a line; none for a line that it lacks.
    pub fn balance(&self, number: u32) -> Option<Balance> {
        let line = self.line(number)?;
        let granted = granted(line);
        let reserved = self
            .reservations
            .values()
            .filter(|reservation| reservation.line == number)
            .fold(Counts::default(), |sum, each| sum.plus(each.left));
        let of_line = || {
            self.shipments
                .iter()
                .filter(|((_, line), _)| *line == number)
                .map(|(_, shipment)| shipment)
        };
        let shipped = of_line().fold(Counts::default(), |sum, each| sum.plus(each.counts()));
        let customs = of_line().filter_map(|each| each.customs.as_ref());
        let seen = customs.fold(Counts::default(), |sum, each| sum.plus(each.counts()));
        let left = granted.less(reserved).less(shipped);
        Some(Balance {
            granted,
            reserved,
            shipped,
            seen,
            available: left.or_more(Counts::default()),
        })
    }

    /// Whether nothing is left of any line, and nothing reserved.
    pub fn is_exhausted(&self) -> bool {
        self.terms.lines.iter().all(|line| {
            let balance = self.balance(line.number);
            balance
                .is_some_and(|balance| spent(line, balance.available) && balance.reserved.is_none())
        })
    }

    /// Everything that does not add up, by key; answered ones with their answers.
    pub fn discrepancies(&self) -> Vec<Discrepancy> {
        discrepancy::all(self)
    }

    /// A line of a board.
    pub fn summary(&self, on: Day) -> Summary {
        let left = self.terms.lines.iter().filter_map(|line| {
            let balance = self.balance(line.number)?;
            Some(format!(
                "{} of {}",
                shown(line, balance.available),
                shown(line, balance.granted)
            ))
        });
        Summary {
            id: self.id.clone(),
            holder: self.terms.holder.clone(),
            authority: self.terms.authority.clone(),
            standing: self.standing(on).word().to_owned(),
            exhausted: self.is_exhausted(),
            from: self.first_day(),
            until: self.terms.until,
            left: left.collect(),
            discrepancies: self
                .discrepancies()
                .iter()
                .filter(|each| each.answered.is_none())
                .count(),
            team: self.terms.team.clone(),
            seen: self.seen,
        }
    }
}

/// A line of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The licence.
    pub id: String,
    /// Who holds it.
    pub holder: String,
    /// Whose authority issued it.
    pub authority: String,
    /// Where it stands.
    pub standing: String,
    /// Whether nothing is left.
    pub exhausted: bool,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Option<Day>,
    /// What is left, line by line.
    pub left: Vec<String>,
    /// How many discrepancies wait for an answer.
    pub discrepancies: usize,
    /// The team.
    pub team: Option<String>,
    /// Number of its last entry.
    pub seen: u64,
}

/// What a line grants.
fn granted(line: &Line) -> Counts {
    let base =
        |measure: Option<Measure>| measure.and_then(|measure| measure.base().ok()).unwrap_or(0);
    Counts {
        quantity: base(line.quantity),
        value: base(line.value),
    }
}

/// Whether one of the counters that a line has stands at nothing: then nothing more can be taken of it.
fn spent(line: &Line, available: Counts) -> bool {
    (line.quantity.is_some() && available.quantity <= 0)
        || (line.value.is_some() && available.value <= 0)
}

/// Counts of a line, in its units.
pub fn shown(line: &Line, counts: Counts) -> String {
    let quantity = line.quantity.map(|unit| unit.shown(counts.quantity));
    let value = line.value.map(|unit| unit.shown(counts.value));
    match (quantity, value) {
        (Some(quantity), Some(value)) => format!("{quantity}, {value}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "nothing".to_owned(),
    }
}

/// Amounts as the counters of a line take them: each counter that the line has needs a figure of its kind.
pub(crate) fn counts_for(line: &Line, stated: &Stated) -> Result<Counts, CountError> {
    let one = |wanted: Option<Measure>, stated: Option<Measure>, what: &'static str| match (
        wanted, stated,
    ) {
        (None, _) => Ok(0),
        (Some(_), None) => Err(CountError::LeftOut {
            line: line.number,
            what,
        }),
        (Some(wanted), Some(stated)) => Ok(stated.base_as(&wanted)?),
    };
    // A figure for a counter that the line lacks is dropped, unless the line would then count nothing of what was said.
    if line.quantity.is_none()
        && line.value.is_some()
        && stated.value.is_none()
        && stated.quantity.is_some()
    {
        return Err(CountError::LeftOut {
            line: line.number,
            what: "value",
        });
    }
    Ok(Counts {
        quantity: one(line.quantity, stated.quantity, "quantity")?,
        value: one(line.value, stated.value, "value")?,
    })
}

/// Why amounts cannot be counted against a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// A counter without a figure.
    #[error("line {line} is counted down by {what}; state the {what} too")]
    LeftOut {
        /// The line.
        line: u32,
        /// `quantity` or `value`.
        what: &'static str,
    },
    /// A figure of another kind.
    #[error(transparent)]
    Measure(#[from] MeasureError),
}
