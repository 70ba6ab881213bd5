//! What is recorded, and what comes back: drafts in, entries and receipts out.
//!
//! An [`Entry`] is what a reader is shown; the bytes that are kept and chained are in `record.rs`. Nothing here knows what a body means.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Hash, LedgerError, Timestamp};

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account's name, or the program's (`catchall`, `system`).
    pub name: String,
    /// The team on whose behalf, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The roles held at that moment, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

impl Actor {
    /// An actor without a team and without roles.
    pub fn named(name: impl Into<String>) -> Actor {
        Actor {
            name: name.into(),
            team: None,
            roles: Vec::new(),
        }
    }
}

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it is about: `transfer/<id>`, `case/<id>`, `licence/<id>`, `list/<name>`, `pack`, `statement/<id>`, `account/<name>`, `system`.
    pub stream: String,
    /// What happened, in dotted words: `determined`, `case.opened`, `licence.shipped`.
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// When, as the roof's clock says.
    pub at: Timestamp,
    /// What there is to say of it.
    pub body: Value,
    /// Makes the append idempotent: the same key with the same stream, kind and body gives the first receipt again; with others it is
    /// refused. Unique in the whole ledger.
    pub key: Option<String>,
    /// Whose personal data the body is. The body is then sealed under a key of that subject's own, and can be shredded. The subject's name is
    /// kept beside the key only, and goes with it.
    pub subject: Option<String>,
}

impl Draft {
    /// A draft without a key and without a subject.
    pub fn new(
        stream: impl Into<String>,
        kind: impl Into<String>,
        actor: Actor,
        at: Timestamp,
        body: Value,
    ) -> Draft {
        Draft {
            stream: stream.into(),
            kind: kind.into(),
            actor,
            at,
            body,
            key: None,
            subject: None,
        }
    }

    /// The same, appended at most once under this key.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Draft {
        self.key = Some(key.into());
        self
    }

    /// The same, sealed for this subject.
    #[must_use]
    pub fn sealed_for(mut self, subject: impl Into<String>) -> Draft {
        self.subject = Some(subject.into());
        self
    }

    /// Refuses what could not be kept or found again.
    pub(crate) fn check(&self) -> Result<(), LedgerError> {
        word("stream", &self.stream)?;
        word("kind", &self.kind)?;
        word("actor.name", &self.actor.name)?;
        if let Some(team) = &self.actor.team {
            word("actor.team", team)?;
        }
        for role in &self.actor.roles {
            word("actor.roles", role)?;
        }
        if let Some(key) = &self.key {
            word("key", key)?;
        }
        if let Some(subject) = &self.subject {
            word("subject", subject)?;
        }
        Ok(())
    }
}

/// The longest name of a stream, a kind, a person, a key, in bytes: an index over them stays small.
const LONGEST: usize = 1024;

fn word(field: &'static str, text: &str) -> Result<(), LedgerError> {
    if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(LedgerError::Draft {
            field,
            found: text
                .chars()
                .take(80)
                .flat_map(char::escape_default)
                .collect(),
        });
    }
    Ok(())
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Readable; opened with the subject's key where it was sealed.
    Open(Value),
    /// Sealed, and the key has been destroyed.
    Shredded,
}

impl Body {
    /// The value, unless it was shredded.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Body::Open(value) => Some(value),
            Body::Shredded => None,
        }
    }
}

impl Serialize for Body {
    /// As the value itself; as `null` when it was shredded (an open body may be `null` too: look at `subject`).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Body::Open(value) => value.serialize(serializer),
            Body::Shredded => serializer.serialize_unit(),
        }
    }
}

/// One entry, as it is read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub number: u64,
    /// What it is about.
    pub stream: String,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The key of an idempotent append.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whose personal data the body is, for as long as the subject's key exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What there is to say of it.
    pub body: Body,
    /// The hash of the entry before; zeros for the first.
    pub previous: Hash,
    /// The hash of this entry.
    pub hash: Hash,
}

/// That an entry is kept, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The entry's number.
    pub number: u64,
    /// The entry's hash: whoever holds it can show later that the entry was not changed.
    pub hash: Hash,
}

/// Which entries to read, one page at a time.
///
/// `Ask::all().after(last.number)` is the next page; it takes the same time at the millionth entry as at the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Only this stream.
    pub stream: Option<String>,
    /// Only kinds that begin so: `case.` for all of a case, `determined` for determinations.
    pub kind: Option<String>,
    /// Only numbers above this one.
    pub after: u64,
    /// Only numbers below this one.
    pub before: Option<u64>,
    /// From the newest back; otherwise from the oldest on.
    pub newest_first: bool,
    /// At most so many, and never more than [`Ask::MOST`].
    pub limit: usize,
}

impl Ask {
    /// The longest page.
    pub const MOST: usize = 10_000;

    /// Every entry, from the first, a thousand a page.
    pub fn all() -> Ask {
        Ask {
            stream: None,
            kind: None,
            after: 0,
            before: None,
            newest_first: false,
            limit: 1000,
        }
    }

    /// The entries of one stream.
    pub fn stream(stream: impl Into<String>) -> Ask {
        Ask {
            stream: Some(stream.into()),
            ..Ask::all()
        }
    }

    /// Only kinds that begin so.
    #[must_use]
    pub fn kind(mut self, prefix: impl Into<String>) -> Ask {
        self.kind = Some(prefix.into());
        self
    }

    /// Only numbers above this one.
    #[must_use]
    pub fn after(mut self, number: u64) -> Ask {
        self.after = number;
        self
    }

    /// Only numbers below this one.
    #[must_use]
    pub fn before(mut self, number: u64) -> Ask {
        self.before = Some(number);
        self
    }

    /// From the newest back.
    #[must_use]
    pub fn newest_first(mut self) -> Ask {
        self.newest_first = true;
        self
    }

    /// At most so many.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Ask {
        self.limit = limit;
        self
    }
}
