//! The chain: how drafts become the next entries, or are refused.
//!
//! All of this happens inside one writing transaction, so that what is looked up here is still so when the entries are added.

use std::collections::BTreeMap;

use crate::LedgerError;
use crate::entry::{Draft, Receipt};
use crate::record::{Content, Hash, Record};
use crate::seal::SubjectKey;
use crate::store::Session;

/// A body's greatest length in bytes of JSON text.
const BODY: usize = 64 << 20;

/// What one caller wants appended, all or none of it.
pub(crate) struct Request {
    /// Each with its body's text, which is written before the queue and so by many threads at once.
    pub drafts: Vec<(Draft, String)>,
    /// A stream and the number that its last entry must have.
    pub after: Option<(String, u64)>,
}

/// The end of the chain inside a writing transaction.
pub(crate) struct Tail {
    number: u64,
    hash: Hash,
}

impl Tail {
    /// As it stands.
    pub fn of(session: &mut dyn Session) -> Result<Tail, LedgerError> {
        let head = session.head()?;
        Ok(Tail {
            number: head.map_or(0, |head| head.number),
            hash: head.map_or(Hash::ZERO, |head| head.hash),
        })
    }

    /// Adds one request to the chain, or refuses it and leaves the chain as it was.
    pub fn add(
        &mut self,
        session: &mut dyn Session,
        request: &Request,
    ) -> Result<Vec<Receipt>, LedgerError> {
        let repeats = repeats(session, &request.drafts)?;
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
        let mut keyed: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, (pair, mut repeat)) in request.drafts.iter().zip(repeats).enumerate() {
            let (draft, text) = pair;
            if let Some(key) = &draft.key {
                let first = *keyed.entry(key).or_insert(at);
                if first < at {
                    same(&request.drafts[first].0, draft, key)?;
                    repeat = Some(receipts[first]);
                }
            }
            let receipt = match repeat {
                Some(receipt) => receipt,
                None => {
                    let record = chained(session, draft, text, number + 1, hash)?;
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
    text: &str,
    number: u64,
    previous: Hash,
) -> Result<Record, LedgerError> {
    let content = match &draft.subject {
        None => Content::Open(text.to_owned()),
        Some(subject) => {
            let key = match session.key_of(subject)? {
                Some(key) => key,
                None => {
                    let key = SubjectKey::new(subject)?;
                    session.add_key(&key)?;
                    key
                }
            };
            key.seal(&draft.stream, &draft.kind, text)?
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

impl Request {
    /// A request for these drafts, their bodies put into text.
    ///
    /// # Errors
    /// [`LedgerError::Draft`], [`LedgerError::Body`] for what cannot be kept.
    pub fn new(drafts: Vec<Draft>, after: Option<(String, u64)>) -> Result<Request, LedgerError> {
        let drafts = drafts
            .into_iter()
            .map(|draft| {
                draft.check()?;
                let text = body_text(&draft)?;
                Ok((draft, text))
            })
            .collect::<Result<_, _>>()?;
        Ok(Request { drafts, after })
    }
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

/// For each draft the receipt of the entry that it repeats, if it repeats one.
fn repeats(
    session: &mut dyn Session,
    drafts: &[(Draft, String)],
) -> Result<Vec<Option<Receipt>>, LedgerError> {
    let keys: Vec<&str> = drafts
        .iter()
        .filter_map(|(draft, _)| draft.key.as_deref())
        .collect();
    let kept: BTreeMap<String, Record> = session
        .with_keys(&keys)?
        .into_iter()
        .filter_map(|record| Some((record.key.clone()?, record)))
        .collect();
    drafts
        .iter()
        .map(|(draft, text)| match &draft.key {
            Some(key) => match kept.get(key) {
                Some(kept) => repeated(session, draft, text, kept).map(Some),
                None => Ok(None),
            },
            None => Ok(None),
        })
        .collect()
}

/// The receipt of the entry that has this draft's key, when it says the same.
fn repeated(
    session: &mut dyn Session,
    draft: &Draft,
    text: &str,
    kept: &Record,
) -> Result<Receipt, LedgerError> {
    let (said, subject) = match &kept.content {
        Content::Open(text) => (Some(text.clone()), None),
        Content::Sealed { key, bytes } => match session.key_named(*key)? {
            None => (None, None),
            Some(key) => (key.open(&kept.stream, &kept.kind, bytes), Some(key.subject)),
        },
    };
    let same = said.as_deref() == Some(text)
        && subject == draft.subject
        && kept.stream == draft.stream
        && kept.kind == draft.kind;
    if same {
        Ok(kept.receipt())
    } else {
        Err(LedgerError::OtherBody {
            key: draft.key.clone().unwrap_or_default(),
            number: kept.number,
        })
    }
}

/// Refuses two drafts of one append that have one key and do not say the same.
fn same(first: &Draft, second: &Draft, key: &str) -> Result<(), LedgerError> {
    let same = first.body == second.body
        && first.stream == second.stream
        && first.kind == second.kind
        && first.subject == second.subject;
    if same {
        Ok(())
    } else {
        Err(LedgerError::KeyTwice {
            key: key.to_owned(),
        })
    }
}
