//! The language of conditions: text to a typed tree, every error with its place and a cure.
//!
//! Grammar and examples: `docs/writing-a-pack.md`, section 4. To add a test: one arm in
//! `parse.rs`, one variant of [`TestKind`], its meaning in `program/atom.rs` and, slow and plain, in
//! the reference interpreter of the tests.

mod lex;
mod parse;

use catchall_model::{Number, Unit};

use crate::diagnostic::At;
use crate::vocabulary::{Bits, FactId};

pub(crate) use parse::{ListNames, Names, code_within, parse_condition};

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    /// Holds for every transfer.
    Always,
    /// One question put to one fact.
    Test(Box<Test>),
    /// Not.
    Not(Box<Cond>),
    /// Every one.
    All(Vec<Cond>),
    /// At least one.
    Any(Vec<Cond>),
    /// At least so many.
    AtLeast(usize, Vec<Cond>),
}

/// One question put to one fact, with the words it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Where it stands.
    pub at: At,
    /// What is asked.
    pub kind: TestKind,
    /// The operator in words: `at least`.
    pub operator: String,
    /// What it is compared with, in the pack's words: `300`.
    pub threshold: String,
    /// The unit of the threshold.
    pub unit: Unit,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum TestKind {
    /// A yes-or-no fact is true.
    Yes(FactId),
    /// A word, kind or country is one of these.
    OneOf(FactId, Bits),
    /// A country lies in a dated set.
    InSet(FactId, usize),
    /// A fact that holds several values holds one of these.
    Includes(FactId, Bits),
    /// A fact that holds several countries holds one that lies in a dated set.
    IncludesIn(FactId, usize),
    /// A quantity or day lies between these, both included, in base units (days for days).
    Between(FactId, Number, Number),
    /// A day lies between two shifts of another day, both included.
    Relative {
        /// The day tested.
        fact: FactId,
        /// The day it is measured from.
        other: FactId,
        /// No earlier than this shift of it.
        from: Option<Shift>,
        /// No later than this shift of it.
        to: Option<Shift>,
    },
    /// The curve reaches this range with this payload.
    Delivers(FactId, Number, Number),
    /// The item is on a list: within a code, under a label, or at all.
    Listed {
        /// The list, by place.
        list: usize,
        /// Code that it must lie within; empty for the whole list.
        within: String,
        /// Label that the entry must carry.
        tag: Option<String>,
    },
    /// A party stands on a list of parties, by place among the dated sets.
    PartyIn(FactId, usize),
}

/// So many months and days on from a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shift {
    /// Calendar months, first.
    pub months: i32,
    /// Then days.
    pub days: i32,
}
