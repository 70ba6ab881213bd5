//! Folding: entries of one stream to what they make, one after the other; for cases and licences alike.
//!
//! Reads and never refuses, but for entries that nothing can be made of. What an entry does is said by what is folded
//! (`case/fold.rs`, `licence/fold.rs`): a new kind of stream is one more [`Folded`].

use serde_json::Value;

use crate::case::event::EventError;
use crate::case::{FoldError, Stamp};
use crate::{Body, Entry};

/// What a stream's entries make.
pub(crate) trait Folded: Sized {
    /// What an entry says.
    type Event;
    /// What the names of its streams begin with.
    const STREAM: &'static str;

    /// Reads what an entry says.
    fn read(kind: &str, body: &Value) -> Result<Self::Event, EventError>;

    /// Begins with the first entry; none when that begins nothing.
    fn begin(id: &str, first: &Entry, stamp: Stamp, event: Self::Event) -> Option<Self>;

    /// Takes one more entry; gives what it says in words, or why it has no effect.
    fn apply(&mut self, stamp: &Stamp, event: Self::Event) -> Result<String, String>;

    /// Keeps that an entry had no effect.
    fn irregular(&mut self, number: u64, why: String);

    /// Keeps what an entry says, as the last one seen.
    fn note(&mut self, stamp: Stamp, kind: &str, says: String);
}

/// Folds the entries of one stream, in order; none for no entries.
///
/// # Errors
/// When the first entry begins nothing, or one cannot be read.
pub(crate) fn fold<T: Folded>(entries: &[Entry]) -> Result<Option<T>, FoldError> {
    let Some((first, rest)) = entries.split_first() else {
        return Ok(None);
    };
    let id = first
        .stream
        .strip_prefix(T::STREAM)
        .unwrap_or(&first.stream);
    let event = read::<T>(first)?.ok_or_else(|| FoldError::Erased {
        id: id.to_owned(),
        number: first.number,
    })?;
    let begun = T::begin(id, first, stamp(first), event);
    let mut made = begun.ok_or_else(|| FoldError::NotOpened {
        number: first.number,
        kind: first.kind.clone(),
    })?;
    for entry in rest {
        let stamp = stamp(entry);
        let says = match read::<T>(entry)? {
            None => "erased by order of law".to_owned(),
            Some(event) => made.apply(&stamp, event).unwrap_or_else(|why| {
                let says = format!("of no effect: {why}");
                made.irregular(entry.number, why);
                says
            }),
        };
        made.note(stamp, &entry.kind, says);
    }
    Ok(Some(made))
}

fn read<T: Folded>(entry: &Entry) -> Result<Option<T::Event>, FoldError> {
    match &entry.body {
        Body::Shredded => Ok(None),
        Body::Open(body) => {
            T::read(&entry.kind, body)
                .map(Some)
                .map_err(|error| FoldError::Unreadable {
                    number: entry.number,
                    why: error.to_string(),
                })
        }
    }
}

fn stamp(entry: &Entry) -> Stamp {
    Stamp {
        number: entry.number,
        at: entry.at,
        by: entry.actor.clone(),
        hash: entry.hash,
    }
}
