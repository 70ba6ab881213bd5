//! The door: append, read, and the rules that hold whatever the store.
//!
//! Threads that append at the same time share one transaction: each puts its drafts in the queue and waits for the writer; whoever gets it
//! commits everything that lies in the queue and leaves the answers there. So one flush of the disk serves them all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::entry::{Ask, Body, Draft, Entry, Receipt};
use crate::record::{Content, Hash, KeyId, Record};
use crate::seal::SubjectKey;
use crate::store::{self, Session, Store, Stores};
use crate::{LedgerError, LedgerUrl};

/// A body's greatest length in bytes of JSON text.
const BODY: usize = 64 << 20;
/// Idle connections that are kept for readers.
const IDLE: usize = 8;

/// A ledger: append-only, chained, shared.
///
/// Clones are the same ledger. Calls block; from asynchronous code they belong on a blocking thread.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    url: LedgerUrl,
    stores: Box<dyn Stores>,
    queue: Mutex<Vec<Pending>>,
    writer: Mutex<Option<Box<dyn Store>>>,
    readers: Mutex<Vec<Box<dyn Store>>>,
}

/// An append that waits to be committed.
struct Pending {
    request: Arc<Request>,
    answer: Arc<Mutex<Option<Answer>>>,
}

struct Request {
    drafts: Vec<Draft>,
    /// A stream and the number that its last entry must have.
    after: Option<(String, u64)>,
}

type Answer = Result<Vec<Receipt>, LedgerError>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// Opens the ledger at this place, and makes it when it is not there.
    ///
    /// # Errors
    /// [`LedgerError::Foreign`] when something else lies there, [`LedgerError::Newer`] when a later release made it, and what the store says.
    pub fn open(url: &LedgerUrl) -> Result<Ledger, LedgerError> {
        let stores = store::at(url)?;
        let writer = stores.connect()?;
        Ok(Ledger {
            shared: Arc::new(Shared {
                url: url.clone(),
                stores,
                queue: Mutex::new(Vec::new()),
                writer: Mutex::new(Some(writer)),
                readers: Mutex::new(Vec::new()),
            }),
        })
    }

    /// Where it is kept.
    pub fn url(&self) -> &LedgerUrl {
        &self.shared.url
    }

    /// Appends all of these, in this order and next to one another, or none. Durable when it returns; one receipt a draft.
    ///
    /// A draft whose key is taken by an entry that says the same gives that entry's receipt and adds nothing. An empty list gives an empty list.
    ///
    /// # Errors
    /// [`LedgerError::OtherBody`] when the key is taken by an entry that says something else; [`LedgerError::Draft`], [`LedgerError::Body`] for
    /// what cannot be kept; and what the store says. Nothing was kept, but for [`LedgerError::Unsure`].
    pub fn append(&self, drafts: Vec<Draft>) -> Result<Vec<Receipt>, LedgerError> {
        self.submit(drafts, None)
    }

    /// The same, unless `stream` has gone on since the caller saw its last entry, `seen` (0 for none).
    ///
    /// So whoever decides on what a stream says decides on all of it, whatever other threads and processes do. When every draft is a repeat
    /// of an entry that is there (equal keys), the first receipts come back though the stream has moved.
    ///
    /// # Errors
    /// [`LedgerError::Moved`] when it has; and those of [`Ledger::append`].
    pub fn append_after(
        &self,
        stream: &str,
        seen: u64,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Receipt>, LedgerError> {
        self.submit(drafts, Some((stream.to_owned(), seen)))
    }

    /// A page of entries, oldest first unless asked otherwise. An empty page is the end.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when a kept entry is none; and what the store says.
    pub fn entries(&self, ask: &Ask) -> Result<Vec<Entry>, LedgerError> {
        self.read(|session| {
            let records = session.page(ask)?;
            opened(session, records)
        })
    }

    /// One entry, if there is one of that number.
    ///
    /// # Errors
    /// As for [`Ledger::entries`].
    pub fn entry(&self, number: u64) -> Result<Option<Entry>, LedgerError> {
        self.read(|session| {
            let record = session.record(number)?;
            Ok(opened(session, record.into_iter().collect())?.pop())
        })
    }

    /// Entries whose keys begin with `prefix`, in the order of the keys, at most `limit`.
    ///
    /// # Errors
    /// As for [`Ledger::entries`].
    pub fn keyed(&self, prefix: &str, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.read(|session| {
            let records = session.keyed_from(prefix, limit)?;
            opened(session, records)
        })
    }

    /// The last entry's number and hash; `None` while there is none.
    ///
    /// # Errors
    /// What the store says.
    pub fn head(&self) -> Result<Option<Receipt>, LedgerError> {
        self.read(|session| session.head())
    }

    /// The number of a stream's last entry, for [`Ledger::append_after`]; 0 for none.
    ///
    /// # Errors
    /// What the store says.
    pub fn last_of(&self, stream: &str) -> Result<u64, LedgerError> {
        self.read(|session| session.last_of(stream))
    }

    /// Runs `work` on a reading connection of its own.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&mut dyn Session) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let idle = lock(&self.shared.readers).pop();
        let mut store = match idle {
            Some(store) => store,
            None => self.shared.stores.connect()?,
        };
        let mut found = None;
        // A connection that has failed is not used again.
        store.read(&mut |session| {
            found = Some(work(session)?);
            Ok(())
        })?;
        let mut readers = lock(&self.shared.readers);
        if readers.len() < IDLE {
            readers.push(store);
        }
        found.ok_or_else(|| self.failed("read", "the store did not answer"))
    }

    fn failed(&self, doing: &'static str, why: &str) -> LedgerError {
        LedgerError::Store {
            place: self.shared.url.to_string(),
            doing,
            why: why.to_owned(),
        }
    }

    fn submit(&self, drafts: Vec<Draft>, after: Option<(String, u64)>) -> Answer {
        for draft in &drafts {
            draft.check()?;
        }
        if drafts.is_empty() && after.is_none() {
            return Ok(Vec::new());
        }
        let answer = Arc::new(Mutex::new(None));
        lock(&self.shared.queue).push(Pending {
            request: Arc::new(Request { drafts, after }),
            answer: Arc::clone(&answer),
        });
        let mut writer = lock(&self.shared.writer);
        if let Some(answered) = lock(&answer).take() {
            return answered;
        }
        let waiting = std::mem::take(&mut *lock(&self.shared.queue));
        self.commit(&mut writer, &waiting);
        lock(&answer)
            .take()
            .unwrap_or_else(|| Err(self.failed("append", "the writer did not answer")))
    }

    /// Commits everything that waits in one transaction, and gives each its answer.
    fn commit(&self, writer: &mut Option<Box<dyn Store>>, waiting: &[Pending]) {
        let done = self.write(writer, |session| {
            let mut tail = Tail::of(session)?;
            let mut answers = Vec::with_capacity(waiting.len());
            for one in waiting {
                match tail.add(session, &one.request) {
                    // What the store cannot do ends the transaction for all: half a request must never be committed.
                    Err(error) if !error.is_refusal() => return Err(error),
                    answer => answers.push(answer),
                }
            }
            Ok(answers)
        });
        match done {
            Ok(answers) => {
                for (one, answer) in waiting.iter().zip(answers) {
                    *lock(&one.answer) = Some(answer);
                }
            }
            Err(error) => {
                for one in waiting {
                    *lock(&one.answer) = Some(Err(error.clone()));
                }
            }
        }
    }

    fn write<T>(
        &self,
        writer: &mut Option<Box<dyn Store>>,
        mut work: impl FnMut(&mut dyn Session) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut store = match writer.take() {
            Some(store) => store,
            None => self.shared.stores.connect()?,
        };
        let mut found = None;
        store.write(&mut |session| {
            found = Some(work(session)?);
            Ok(())
        })?;
        // Only a connection that has not failed is used again.
        *writer = Some(store);
        found.ok_or_else(|| self.failed("write", "the store did not answer"))
    }
}

/// The end of the chain inside a writing transaction.
struct Tail {
    number: u64,
    hash: Hash,
}

impl Tail {
    fn of(session: &mut dyn Session) -> Result<Tail, LedgerError> {
        let head = session.head()?;
        Ok(Tail {
            number: head.map_or(0, |head| head.number),
            hash: head.map_or(Hash::ZERO, |head| head.hash),
        })
    }

    /// Adds one request to the chain, or refuses it and leaves the chain as it was.
    fn add(&mut self, session: &mut dyn Session, request: &Request) -> Answer {
        let repeats = request
            .drafts
            .iter()
            .map(|draft| repeated(session, draft))
            .collect::<Result<Vec<_>, _>>()?;
        let all = !repeats.is_empty() && repeats.iter().all(Option::is_some);
        if let (Some((stream, seen)), false) = (&request.after, all) {
            let now = session.last_of(stream)?;
            if now != *seen {
                return Err(LedgerError::Moved {
                    stream: stream.clone(),
                    seen: *seen,
                    now,
                });
            }
        }
        let (mut number, mut hash) = (self.number, self.hash);
        let (mut records, mut receipts): (Vec<Record>, Vec<Receipt>) = (Vec::new(), Vec::new());
        for (at, (draft, repeat)) in request.drafts.iter().zip(repeats).enumerate() {
            let repeat = match repeat {
                Some(receipt) => Some(receipt),
                None => twice(&request.drafts[..at], draft)?.map(|first| receipts[first]),
            };
            let receipt = match repeat {
                Some(receipt) => receipt,
                None => {
                    let record = chained(session, draft, number + 1, hash)?;
                    (number, hash) = (record.number, record.hash);
                    let receipt = record.receipt();
                    records.push(record);
                    receipt
                }
            };
            receipts.push(receipt);
        }
        session.add(&records)?;
        (self.number, self.hash) = (number, hash);
        Ok(receipts)
    }
}

/// The next link of the chain.
fn chained(
    session: &mut dyn Session,
    draft: &Draft,
    number: u64,
    previous: Hash,
) -> Result<Record, LedgerError> {
    let text = body_text(draft)?;
    let content = match &draft.subject {
        None => Content::Open(text),
        Some(subject) => {
            let key = match session.key_of(subject)? {
                Some(key) => key,
                None => {
                    let key = SubjectKey::new(subject)?;
                    session.add_key(&key)?;
                    key
                }
            };
            key.seal(&draft.stream, &draft.kind, &text)?
        }
    };
    let mut record = Record {
        number,
        stream: draft.stream.clone(),
        kind: draft.kind.clone(),
        actor: draft.actor.clone(),
        at: draft.at,
        key: draft.key.clone(),
        content,
        previous,
        hash: Hash::ZERO,
    };
    record.hash = record.digest();
    Ok(record)
}

fn body_text(draft: &Draft) -> Result<String, LedgerError> {
    let wrong = |why: String| LedgerError::Body {
        stream: draft.stream.clone(),
        why,
    };
    let text = serde_json::to_string(&draft.body).map_err(|error| wrong(error.to_string()))?;
    if text.len() > BODY {
        return Err(wrong(format!(
            "it has {} bytes, and {BODY} is the most",
            text.len()
        )));
    }
    Ok(text)
}

/// The receipt of the entry that this draft repeats, if it repeats one.
fn repeated(session: &mut dyn Session, draft: &Draft) -> Result<Option<Receipt>, LedgerError> {
    let Some(key) = &draft.key else {
        return Ok(None);
    };
    let Some(kept) = session.keyed(key)? else {
        return Ok(None);
    };
    let (said, subject) = match &kept.content {
        Content::Open(text) => (Some(text.clone()), None),
        Content::Sealed { key, bytes } => match session.key_named(*key)? {
            None => (None, None),
            Some(key) => (key.open(&kept.stream, &kept.kind, bytes), Some(key.subject)),
        },
    };
    let same = said == Some(body_text(draft)?)
        && subject == draft.subject
        && kept.stream == draft.stream
        && kept.kind == draft.kind;
    if same {
        Ok(Some(kept.receipt()))
    } else {
        Err(LedgerError::OtherBody {
            key: key.clone(),
            number: kept.number,
        })
    }
}

/// Where among the earlier drafts of the same append this one stands already.
fn twice(earlier: &[Draft], draft: &Draft) -> Result<Option<usize>, LedgerError> {
    let Some(key) = &draft.key else {
        return Ok(None);
    };
    let Some(first) = earlier.iter().position(|one| one.key.as_ref() == Some(key)) else {
        return Ok(None);
    };
    let kept = &earlier[first];
    let same = kept.body == draft.body
        && kept.stream == draft.stream
        && kept.kind == draft.kind
        && kept.subject == draft.subject;
    if same {
        Ok(Some(first))
    } else {
        Err(LedgerError::KeyTwice { key: key.clone() })
    }
}

/// Entries as a reader sees them.
fn opened(session: &mut dyn Session, records: Vec<Record>) -> Result<Vec<Entry>, LedgerError> {
    let mut keys: BTreeMap<KeyId, Option<SubjectKey>> = BTreeMap::new();
    let mut entries = Vec::with_capacity(records.len());
    for record in records {
        let unreadable = |why: String| LedgerError::Unreadable {
            number: record.number,
            why,
        };
        let mut subject = None;
        let text = match record.content {
            Content::Open(text) => Some(text),
            Content::Sealed { key: id, bytes } => {
                let key = match keys.entry(id) {
                    std::collections::btree_map::Entry::Occupied(kept) => kept.into_mut(),
                    std::collections::btree_map::Entry::Vacant(free) => {
                        free.insert(session.key_named(id)?)
                    }
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
            Some(text) => Body::Open(
                serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?,
            ),
        };
        entries.push(Entry {
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
        });
    }
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Actor;
    use serde_json::json;

    fn draft(stream: &str, what: u64) -> Draft {
        let at = "2026-11-22T08:46:03.000Z".parse().unwrap();
        Draft::new(
            stream,
            "tested",
            Actor::named("anna"),
            at,
            json!({ "what": what }),
        )
    }

    #[test]
    fn entries_are_chained_and_come_back() {
        let ledger = Ledger::open(&LedgerUrl::Memory).unwrap();
        let receipts = ledger
            .append(vec![draft("case/1", 1), draft("case/2", 2)])
            .unwrap();
        let entries = ledger.entries(&Ask::all()).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].previous, Hash::ZERO);
        assert_eq!(entries[1].previous, receipts[0].hash);
        assert_eq!(ledger.head().unwrap(), Some(receipts[1]));
        assert_eq!(entries[1].body, Body::Open(json!({ "what": 2 })));
        assert_eq!(ledger.last_of("case/1").unwrap(), 1);
    }

    #[test]
    fn a_repeat_in_one_append_is_one_entry() {
        let ledger = Ledger::open(&LedgerUrl::Memory).unwrap();
        let twin = || draft("case/1", 1).with_key("k");
        let receipts = ledger.append(vec![twin(), twin()]).unwrap();
        assert_eq!(receipts[0], receipts[1]);
        assert_eq!(ledger.head().unwrap(), Some(receipts[0]));
        let other = ledger.append(vec![draft("case/1", 2).with_key("k")]);
        assert!(matches!(
            other,
            Err(LedgerError::OtherBody { number: 1, .. })
        ));
        let clash = vec![draft("a", 1).with_key("l"), draft("a", 2).with_key("l")];
        assert_eq!(
            ledger.append(clash),
            Err(LedgerError::KeyTwice {
                key: "l".to_owned()
            })
        );
        assert_eq!(ledger.head().unwrap(), Some(receipts[0]));
    }
}
