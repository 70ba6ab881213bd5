//! Parties against lists, explained, as of any day.
//!
//! Bytes of a publisher's file come in and become [`Listing`]s, one a source entry, never merged; an index over
//! them answers which listings a party may be. No disk, no network, no clock: the roof hands over bytes and days.

mod align;
mod alike;
mod answers;
mod attribute;
mod block;
mod body;
mod builder;
mod bytes;
mod candidates;
mod ceiling;
mod evidence;
mod explain;
mod han;
mod hash;
mod index;
mod join;
mod listing;
pub mod lists;
mod lookalike;
mod made;
mod name;
mod pair;
mod person;
mod query;
mod rescreen;
mod room;
mod score;
mod screen;
mod sealed;
mod slip;
mod sound;
mod spaced;
mod table_rows;
mod tables;
mod threshold;
mod words;

pub use alike::Means;
pub use answers::{Answer, AnswerError, Answers, Attribute, Given, LONGEST, Marks, Says, Standing};
pub use attribute::{Reason, check_digits};
pub use evidence::EVIDENCE;
pub use index::ScreenIndex;
pub use listing::*;
pub use name::{Manner, Name, Reading, Role, Script, Token};
pub use pair::{Aligned, PairScore, score_pair};
pub use query::{Band, Found, Hit, Query, Score, ScreenError};
pub use rescreen::{Moved, PartyIndex, PartyIndexBuilder, Rescreening, Turn, turns};
pub use room::Room;
pub use score::Weights;
pub use sealed::{IndexError, IndexFile};
pub use tables::{Names, Place, TableTexts, TablesError};
pub use threshold::{Threshold, Thresholds};
