//! Evidence: the way from a report to a question on a transfer, for page, API and command line alike.
//!
//! ```text
//! bytes -> intake (reads, records) -> a person accepts -> shelf (what is accepted, as readings) -> flags (a question on a transfer)
//! ```
//!
//! A report raises a question and nothing else; only law prohibits. What is only mentioned, what nobody accepted, what was rejected,
//! retracted or relieved raises none. Nothing is decided here: the rules of what counts stand in `catchall_report::graph` and
//! `catchall_ledger::statement`, the thresholds in `data/policy/evidence.toml`.
//!
//! To add a way in: call [`intake::read`]; a precondition of a flag: `graph/flag.rs` of the room `report`.

pub mod acts;
pub mod flags;
pub mod intake;
pub mod policy;
pub mod shelf;

pub use acts::{Followed, Work};
pub use policy::{Keep, Rules};
pub use shelf::{Held, Shelf};
