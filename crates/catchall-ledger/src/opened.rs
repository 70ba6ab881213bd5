//! Kept entries as a reader sees them: parsed, and opened where the subject's key still exists.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use crate::LedgerError;
use crate::entry::{Body, Entry};
use crate::record::{Content, KeyId, Record};
use crate::seal::SubjectKey;
use crate::store::Session;

/// Keys of subjects that were looked up, each once.
type Keys = BTreeMap<KeyId, Option<SubjectKey>>;

/// Entries as a reader sees them.
pub(crate) fn opened(
    session: &mut dyn Session,
    records: Vec<Record>,
) -> Result<Vec<Entry>, LedgerError> {
    let mut keys = Keys::new();
    records
        .into_iter()
        .map(|record| entry(session, &mut keys, record))
        .collect()
}

fn entry(session: &mut dyn Session, keys: &mut Keys, record: Record) -> Result<Entry, LedgerError> {
    let unreadable = |why: String| LedgerError::Unreadable {
        number: record.number,
        why,
    };
    let mut subject = None;
    let text = match record.content {
        Content::Open(text) => Some(text),
        Content::Sealed { key: id, bytes } => {
            let key = match keys.entry(id) {
                Place::Occupied(kept) => kept.into_mut(),
                Place::Vacant(free) => free.insert(session.key_named(id)?),
            };
            match key {
                None => None,
                Some(key) => {
                    subject = Some(key.subject.clone());
                    let text = key.open(&record.stream, &record.kind, &bytes);
                    Some(text.ok_or_else(|| {
                        unreadable("its seal does not open with its key".to_owned())
                    })?)
                }
            }
        }
    };
    let body = match text {
        None => Body::Shredded,
        Some(text) => {
            Body::Open(serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?)
        }
    };
    Ok(Entry {
        number: record.number,
        stream: record.stream,
        kind: record.kind,
        actor: record.actor,
        at: record.at,
        key: record.key,
        subject,
        body,
        previous: record.previous,
        hash: record.hash,
    })
}
