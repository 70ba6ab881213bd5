//! The field's words, as types: what a transfer is, who takes part, what is asked, what is answered.
//!
//! This crate is the glossary. It holds nouns with their units and their plain text forms, and no
//! behaviour that needs a file, a clock, a list or a law. To add a noun: one file, one line here.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod classification;
mod commitment;
mod day;
mod determination;
mod hit;
mod item;
mod outcome;
mod party;
mod place;
mod quantity;
mod reject;
mod transfer;

pub use classification::{
    CLASSIFICATION_SCHEMA, Candidate, Classification, Elsewhere, KindGuess, Measurement,
};
pub use commitment::{ActKind, InForceOn, Sanctionable, Shows, Standing, UndertakingSort};
pub use day::{DateError, Day, Span};
pub use determination::{
    Asked, Basis, Because, Bounds, DecidingSet, Determination, Finding, Flag, InForce,
    Jurisdiction, Missing, Near, Nexus, NotChecked, Passed, Question, Reading, SCHEMA, SettledBy,
    Verdict, WouldChange,
};
pub use hit::{Hit, HitAnswer, HitListing, HitPart, HitReason, Likelihood};
pub use item::{Given, Item, Line};
pub use outcome::{Effect, Force, Outcome, ParseWordError};
pub use party::{Owner, Party};
pub use place::{Country, Places, PlacesError};
pub use quantity::{
    Amount, AmountError, DIMENSIONS, Dimension, Number, Quantity, UNITS, Unit, UnitRow,
};
pub use reject::Reject;
pub use transfer::{Dates, EndUse, Informed, Knowledge, LicenceHeld, RedFlag, Transfer};
