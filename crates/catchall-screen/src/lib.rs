//! Parties against lists, explained, as of any day.
//!
//! Bytes of a publisher's file come in and become [`Listing`]s, one a source entry, never merged; an index over
//! them answers which listings a party may be. No disk, no network, no clock: the roof hands over bytes and days.

mod listing;
pub mod lists;

pub use listing::*;
