//! The ledger: what was determined, decided and moved, for good.
//!
//! Entries are only ever added. Each holds the hash of the one before it; checkpoints over all of them are signed; what an entry says of a
//! person may be sealed under a key of that person's own, which can be destroyed. This crate touches its own store and nothing else: days and
//! times are handed in, and what a body means is the business of those who write it.
//!
//! The door is [`Ledger`]. It is synchronous, and may be cloned and shared between threads; several processes may hold one store open.
//!
//! To add a kind of record: write it with a new `kind`; nothing here changes. To add a store: one file in `store/` that passes
//! `tests/stores.rs`. The format on disk and in an export is fixed to the byte in `docs/ledger.md`.

mod backup;
pub mod case;
mod chain;
mod checkpoint;
mod entry;
mod error;
mod export;
mod folding;
mod keyfile;
mod ledger;
pub mod licence;
mod line;
mod nearest;
mod opened;
pub mod pack;
pub mod policy;
mod proof;
mod record;
mod seal;
pub mod statement;
mod store;
mod time;
mod url;
mod verify;
mod written;

pub use backup::Restored;
pub use checkpoint::{Checkpoint, PublicKey};
pub use entry::{Actor, Ask, Body, Draft, Entry, Receipt};
pub use error::LedgerError;
pub use ledger::{Ledger, Opening, Shredding};
pub use proof::Proof;
pub use record::Hash;
pub use time::Timestamp;
pub use url::LedgerUrl;
pub use verify::{Fault, Verified, verify};
