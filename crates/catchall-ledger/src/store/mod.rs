//! Where entries are kept. Only this folder knows a database.
//!
//! A [`Store`] is one connection. It gives a [`Session`] inside a transaction, to read or to write; what is written is durable when `write` has
//! come back, or not there at all. Rules of the ledger (the chain, keys, who may append after what) are in `ledger.rs`, once for all stores.

mod memory;

use crate::entry::{Ask, Receipt};
use crate::record::{KeyId, Record};
use crate::seal::SubjectKey;
use crate::{LedgerError, LedgerUrl};

/// What is done inside one transaction.
pub(crate) type Work<'a> = &'a mut dyn FnMut(&mut dyn Session) -> Result<(), LedgerError>;

/// One connection to a store.
pub(crate) trait Store: Send {
    /// Reads from one unchanging state.
    fn read(&mut self, work: Work) -> Result<(), LedgerError>;

    /// Writes as the only writer of the whole store. Committed and durable when this is `Ok`; nothing is kept otherwise.
    fn write(&mut self, work: Work) -> Result<(), LedgerError>;
}

/// What can be asked and added inside a transaction. Nothing can be changed; only a subject's key can be taken away.
pub(crate) trait Session {
    /// The last entry.
    fn head(&mut self) -> Result<Option<Receipt>, LedgerError>;
    /// The number of a stream's last entry; 0 for none.
    fn last_of(&mut self, stream: &str) -> Result<u64, LedgerError>;
    /// One entry.
    fn record(&mut self, number: u64) -> Result<Option<Record>, LedgerError>;
    /// A page of entries.
    fn page(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError>;
    /// The entry with this key.
    fn keyed(&mut self, key: &str) -> Result<Option<Record>, LedgerError>;
    /// Entries whose keys begin so, in the order of the keys.
    fn keyed_from(&mut self, prefix: &str, limit: usize) -> Result<Vec<Record>, LedgerError>;
    /// Adds entries, which continue the chain.
    fn add(&mut self, records: &[Record]) -> Result<(), LedgerError>;
    /// A subject's key, by the subject.
    fn key_of(&mut self, subject: &str) -> Result<Option<SubjectKey>, LedgerError>;
    /// A subject's key, by its own name.
    fn key_named(&mut self, id: KeyId) -> Result<Option<SubjectKey>, LedgerError>;
    /// Keeps a subject's key.
    fn add_key(&mut self, key: &SubjectKey) -> Result<(), LedgerError>;
    /// Destroys a subject's key.
    fn destroy_key(&mut self, id: KeyId) -> Result<(), LedgerError>;
}

/// A store that can give as many connections as are asked for.
pub(crate) trait Stores: Send + Sync {
    /// One more connection.
    fn connect(&self) -> Result<Box<dyn Store>, LedgerError>;
}

/// The store at this place, made when it is not there.
pub(crate) fn at(url: &LedgerUrl) -> Result<Box<dyn Stores>, LedgerError> {
    match url {
        LedgerUrl::Memory => Ok(Box::new(memory::Memory::default())),
        LedgerUrl::Sqlite(_) | LedgerUrl::Postgres(_) => Err(LedgerError::Store {
            place: url.to_string(),
            doing: "open it",
            why: "this program was built without that store".to_owned(),
        }),
    }
}
