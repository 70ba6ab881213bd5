//! Commitments for people: the document of one undertaking on a day, further acts from a user's file, and its lane in text,
//! picture and page.
//!
//! Nothing is decided here: the standing comes from `catchall_law::commitments`. To add a form of output: one file, one row in
//! `cli/commitments.rs`.

mod accepted;
mod acts;
mod document;
mod lane;
mod page;
pub(crate) mod picture;
pub(crate) mod rows;

pub use accepted::{add_accepted, with_accepted};
pub use acts::{Further, read as read_further};
pub use document::{
    ActRow, Basis, CeilingRow, Commitment, HistoryRow, PartyRow, ReasonRow, SCHEMA, Stood, document,
};
pub use lane::{lane, matrix, summary_head, summary_row};
pub use page::page;
pub use picture::picture;

use catchall_law::commitments::{Record, Undertaking};
use catchall_model::{Day, Places};

/// What is asked of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day.
    pub on: Day,
    /// The record as of this day.
    pub known_by: Day,
    /// The last day that a lane shows; no earlier than `on`.
    pub through: Day,
}

/// The undertakings that a word names: an id, or an instrument's, which names all of its own.
pub fn named<'a>(record: &'a Record, word: &str) -> Vec<&'a Undertaking> {
    record
        .undertakings
        .iter()
        .filter(|each| {
            each.id == word
                || each
                    .id
                    .split_once('/')
                    .is_some_and(|(pack, _)| pack == word)
        })
        .collect()
}

/// A party's name: a state's where it is a code, else the word itself.
pub fn name_of(places: &Places, party: &str) -> String {
    catchall_model::Country::from_code(party).map_or_else(
        || party.to_owned(),
        |country| places.name(&country).to_owned(),
    )
}
