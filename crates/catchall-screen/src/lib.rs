//! Parties against lists, explained, as of any day.
//!
//! Bytes of a publisher's file come in and become [`Listing`]s, one a source entry, never merged; an index over
//! them answers which listings a party may be. No disk, no network, no clock: the roof hands over bytes and days.

mod align;
mod block;
mod han;
mod listing;
mod name;
mod pair;
mod score;
mod sound;
mod tables;

pub use align::Means;
pub use listing::*;
pub use name::{Manner, Name, Reading, Role, Script, Token};
pub use pair::{Aligned, PairScore, score_pair};
pub use score::{EVIDENCE, Weights};
pub use tables::{Names, Place, TableTexts, TablesError};
