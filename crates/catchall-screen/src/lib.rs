//! Parties against lists, explained, as of any day.
//!
//! Bytes of a publisher's file come in and become [`Listing`]s, one a source entry, never merged; an index over
//! them answers which listings a party may be. No disk, no network, no clock: the roof hands over bytes and days.

mod align;
mod attribute;
mod block;
mod bytes;
mod explain;
mod han;
mod hash;
mod index;
mod listing;
pub mod lists;
mod name;
mod pair;
mod query;
mod score;
mod screen;
mod sound;
mod tables;

pub use align::Means;
pub use attribute::{Reason, check_digits};
pub use index::{IndexError, ScreenIndex};
pub use listing::*;
pub use name::{Manner, Name, Reading, Role, Script, Token};
pub use pair::{Aligned, PairScore, score_pair};
pub use query::{Band, Found, Hit, Query, Score, ScreenError};
pub use score::{EVIDENCE, Weights};
pub use screen::Room;
pub use tables::{Names, Place, TableTexts, TablesError};
