//! A store that is gone with the process: for tests, for demonstrations, and as the slow twin of the others.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Session, Store, Stores, Work};
use crate::LedgerError;
use crate::checkpoint::Checkpoint;
use crate::entry::{Ask, Receipt};
use crate::record::{Hash, KeyId, Record};
use crate::seal::SubjectKey;

#[derive(Clone, Default)]
pub(crate) struct Memory {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    records: Vec<Record>,
    keys: Vec<SubjectKey>,
    checkpoints: Vec<Checkpoint>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stores for Memory {
    fn connect(&self) -> Result<Box<dyn Store>, LedgerError> {
        Ok(Box::new(self.clone()))
    }
}

impl Store for Memory {
    fn read(&mut self, work: Work) -> Result<(), LedgerError> {
        work(&mut *self.lock())
    }

    fn write(&mut self, work: Work) -> Result<(), LedgerError> {
        let mut kept = self.lock();
        let (records, keys) = (kept.records.len(), kept.keys.clone());
        let checkpoints = kept.checkpoints.len();
        let done = work(&mut *kept);
        if done.is_err() {
            kept.records.truncate(records);
            kept.keys = keys;
            kept.checkpoints.truncate(checkpoints);
        }
        done
    }

    fn scrub(&mut self) -> Result<(), LedgerError> {
        Ok(())
    }
}

impl Session for Kept {
    fn head(&mut self) -> Result<Option<Receipt>, LedgerError> {
        Ok(self.records.last().map(Record::receipt))
    }

    fn last_of(&mut self, stream: &str) -> Result<u64, LedgerError> {
        let last = self.records.iter().rev().find(|one| one.stream == stream);
        Ok(last.map_or(0, |one| one.number))
    }

    fn records(&mut self, numbers: &[u64]) -> Result<Vec<Record>, LedgerError> {
        let wanted = self
            .records
            .iter()
            .filter(|one| numbers.contains(&one.number));
        Ok(wanted.cloned().collect())
    }

    fn span(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError> {
        let wanted = |one: &&Record| {
            one.number > ask.after
                && ask.before.is_none_or(|before| one.number < before)
                && ask.stream.as_ref().is_none_or(|own| *own == one.stream)
                && ask
                    .kind
                    .as_ref()
                    .is_none_or(|prefix| one.kind.starts_with(prefix.as_str()))
        };
        let limit = ask.limit.min(Ask::MOST);
        let all = self.records.iter();
        Ok(if ask.newest_first {
            all.rev().filter(wanted).take(limit).cloned().collect()
        } else {
            all.filter(wanted).take(limit).cloned().collect()
        })
    }

    fn kinds(&mut self, prefix: &str) -> Result<Vec<String>, LedgerError> {
        let kinds: BTreeSet<&String> = self
            .records
            .iter()
            .map(|one| &one.kind)
            .filter(|kind| kind.starts_with(prefix))
            .collect();
        Ok(kinds.into_iter().cloned().collect())
    }

    fn numbers_of(&mut self, kind: &str, ask: &Ask) -> Result<Vec<u64>, LedgerError> {
        let wanted = |one: &&Record| {
            one.kind == kind
                && one.number > ask.after
                && ask.before.is_none_or(|before| one.number < before)
        };
        let all = self.records.iter();
        Ok(if ask.newest_first {
            let own = all.rev().filter(wanted);
            own.map(|one| one.number).take(ask.limit).collect()
        } else {
            let own = all.filter(wanted);
            own.map(|one| one.number).take(ask.limit).collect()
        })
    }

    fn with_keys(&mut self, keys: &[&str]) -> Result<Vec<Record>, LedgerError> {
        let keys: BTreeSet<&str> = keys.iter().copied().collect();
        let found = self
            .records
            .iter()
            .filter(|one| one.key.as_deref().is_some_and(|key| keys.contains(key)));
        Ok(found.cloned().collect())
    }

    fn keyed_from(&mut self, prefix: &str, limit: usize) -> Result<Vec<Record>, LedgerError> {
        let mut found: Vec<Record> = self
            .records
            .iter()
            .filter(|one| one.key.as_ref().is_some_and(|key| key.starts_with(prefix)))
            .cloned()
            .collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found.truncate(limit);
        Ok(found)
    }

    fn add(&mut self, records: &[Record]) -> Result<(), LedgerError> {
        self.records.extend_from_slice(records);
        Ok(())
    }

    fn key_of(&mut self, subject: &str) -> Result<Option<SubjectKey>, LedgerError> {
        let found = self.keys.iter().find(|one| one.subject == subject);
        Ok(found.cloned())
    }

    fn key_named(&mut self, id: KeyId) -> Result<Option<SubjectKey>, LedgerError> {
        Ok(self.keys.iter().find(|one| one.id == id).cloned())
    }

    fn add_key(&mut self, key: &SubjectKey) -> Result<(), LedgerError> {
        self.keys.push(key.clone());
        Ok(())
    }

    fn destroy_key(&mut self, id: KeyId) -> Result<(), LedgerError> {
        self.keys.retain(|one| one.id != id);
        Ok(())
    }

    fn keys(&mut self) -> Result<Vec<SubjectKey>, LedgerError> {
        let mut keys = self.keys.clone();
        keys.sort_by_key(|key| key.id);
        Ok(keys)
    }

    fn hashes(&mut self, after: u64, limit: usize) -> Result<Vec<Hash>, LedgerError> {
        let later = self.records.iter().filter(|one| one.number > after);
        Ok(later.map(|one| one.hash).take(limit).collect())
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, LedgerError> {
        Ok(self.checkpoints.clone())
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        self.checkpoints.push(checkpoint.clone());
        Ok(())
    }
}
