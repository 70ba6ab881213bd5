//! Where entries are kept. Only this folder knows a database.
//!
//! A [`Store`] is one connection. It gives a [`Session`] inside a transaction, to read or to write; what is written is durable when `write` has
//! come back, or not there at all. Rules of the ledger (the chain, keys, who may append after what) are in `ledger.rs`, once for all stores.

mod memory;
mod postgres;
mod sqlite;

use crate::checkpoint::Checkpoint;
use crate::entry::{Ask, Receipt};
use crate::record::{Hash, KeyId, Record};
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

    /// Overwrites what was destroyed, as far as the store reaches: a destroyed key must not stand in a log or a free page.
    fn scrub(&mut self) -> Result<(), LedgerError>;
}

/// What can be asked and added inside a transaction. Nothing can be changed; only a subject's key can be taken away.
pub(crate) trait Session {
    /// The last entry.
    fn head(&mut self) -> Result<Option<Receipt>, LedgerError>;
    /// The number of a stream's last entry; 0 for none.
    fn last_of(&mut self, stream: &str) -> Result<u64, LedgerError>;
    /// The entries of these numbers, as far as there are any, in ascending order.
    fn records(&mut self, numbers: &[u64]) -> Result<Vec<Record>, LedgerError>;
    /// Entries by number, or of one stream, in the order asked; of one stream only kinds that begin as asked.
    fn span(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError>;
    /// Every kind there is that begins so.
    fn kinds(&mut self, prefix: &str) -> Result<Vec<String>, LedgerError>;
    /// The numbers of the entries of exactly this kind, in the order asked.
    fn numbers_of(&mut self, kind: &str, ask: &Ask) -> Result<Vec<u64>, LedgerError>;
    /// A page of entries.
    ///
    /// Kinds are few and entries many: where only kinds are asked for, each kind's own index gives its first numbers, and the first among
    /// those are the page. So the time does not depend on how many entries of other kinds lie between.
    fn page(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError> {
        let (None, Some(prefix)) = (&ask.stream, &ask.kind) else {
            return self.span(ask);
        };
        let mut numbers = Vec::new();
        for kind in self.kinds(prefix)? {
            numbers.extend(self.numbers_of(&kind, ask)?);
        }
        numbers.sort_unstable();
        if ask.newest_first {
            numbers.reverse();
        }
        numbers.truncate(ask.limit.min(Ask::MOST));
        let mut records = self.records(&numbers)?;
        if ask.newest_first {
            records.sort_by_key(|one| std::cmp::Reverse(one.number));
        }
        Ok(records)
    }
    /// The entries that have one of these keys, in any order.
    fn with_keys(&mut self, keys: &[&str]) -> Result<Vec<Record>, LedgerError>;
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
    /// Every key of a subject that there is, by its own name.
    fn keys(&mut self) -> Result<Vec<SubjectKey>, LedgerError>;
    /// The hashes of the entries after this number, in order.
    fn hashes(&mut self, after: u64, limit: usize) -> Result<Vec<Hash>, LedgerError>;
    /// All checkpoints, by size.
    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, LedgerError>;
    /// Keeps a checkpoint.
    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerError>;
}

/// A store that can give as many connections as are asked for.
pub(crate) trait Stores: Send + Sync {
    /// One more connection.
    fn connect(&self) -> Result<Box<dyn Store>, LedgerError>;
}

/// The store at this place; made when it is not there and `create` says so.
pub(crate) fn at(url: &LedgerUrl, create: bool) -> Result<Box<dyn Stores>, LedgerError> {
    Ok(match url {
        LedgerUrl::Memory => Box::new(memory::Memory::default()),
        LedgerUrl::Sqlite(path) => Box::new(sqlite::Sqlite::at(path, create)?),
        LedgerUrl::Postgres(address) => {
            Box::new(postgres::Postgres::at(address, url.to_string(), create)?)
        }
    })
}

/// How long a writer waits for another before it gives up.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// The bounds of a page, as signed numbers that every database has: above the first, below the second, at most the third.
pub(crate) fn bounds(ask: &Ask) -> (i64, i64, i64) {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    (
        signed(ask.after),
        ask.before.map_or(i64::MAX, signed),
        i64::try_from(ask.limit.min(Ask::MOST)).unwrap_or(i64::MAX),
    )
}

/// The text after every text that begins with `prefix`, for a range of an index; `None` where there is no end.
pub(crate) fn end_of_prefix(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        let next = char::from_u32(u32::from(last) + 1)
            .or_else(|| (last == '\u{d7ff}').then_some('\u{e000}'));
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

/// Roles as one text for a column. Every text is valid JSON, so this cannot fail.
pub(crate) fn roles_text(roles: &[String]) -> String {
    serde_json::Value::from(roles).to_string()
}

/// Back from the column; what was never written there gives one role that nobody has, and a hash that does not fit.
pub(crate) fn roles_of(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| vec![text.to_owned()])
}
