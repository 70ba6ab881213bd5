//! Verification: whether entries are what they were when they were appended, and if not, which were touched.
//!
//! [`verify`] needs an export and nothing else; with a public key from another way it also shows whose export it is. [`Ledger::verify`] does
//! the same over a store.

use std::fmt;
use std::io::BufRead;

use crate::checkpoint::{Checkpoint, Frontier, PublicKey};
use crate::entry::{Ask, Receipt};
use crate::line::{Header, Line};
use crate::record::{Content, Record};
use crate::{Hash, Ledger, LedgerError, Timestamp};

/// Faults that are listed one by one; more are only counted.
const LISTED: usize = 1000;

/// The longest line that is read: a sealed body of the greatest length, in hexadecimal digits.
const LONGEST: u64 = 160 << 20;

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// The line of the export, from 1; `None` in a store, and where the fault is of the whole.
    pub line: Option<u64>,
    /// The entry, where it is one's.
    pub entry: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(entry) = self.entry {
            write!(f, "entry {entry}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// How many entries there are.
    pub entries: u64,
    /// The last one.
    pub head: Option<Receipt>,
    /// The key that signed the whole, where it is signed.
    pub key: Option<PublicKey>,
    /// When it was signed.
    pub signed: Option<Timestamp>,
    /// How many checkpoints hold.
    pub checkpoints: u64,
    /// How many bodies are sealed, or were shredded.
    pub sealed: u64,
    /// How many faults there are in all.
    pub count: u64,
    /// The faults, in order; the first thousand.
    pub faults: Vec<Fault>,
}

impl Verified {
    /// Whether nothing was found wrong.
    pub fn is_whole(&self) -> bool {
        self.count == 0
    }
}

/// Verifies an export, without a store. `trusted` is the public key that should have signed it, as it was learnt by another way.
///
/// # Errors
/// What reading returns. What is wrong with the export is in the answer.
pub fn verify(mut export: impl BufRead, trusted: Option<PublicKey>) -> std::io::Result<Verified> {
    let mut walk = Walk::new(trusted);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = std::io::Read::take(&mut export, LONGEST).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            break;
        }
        walk.line += 1;
        let line = match bytes.strip_suffix(b"\n") {
            None => Err("it has no end".to_owned()),
            Some(text) => std::str::from_utf8(text)
                .map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to() + 1))
                .and_then(Line::read),
        };
        walk.step(line);
    }
    Ok(walk.end())
}

impl Ledger {
    /// Verifies what the store holds: each entry's hash, the chain, and every checkpoint.
    ///
    /// # Errors
    /// What the store says. What is wrong with the entries is in the answer.
    pub fn verify(&self, trusted: Option<PublicKey>) -> Result<Verified, LedgerError> {
        let mut walk = Walk::new(trusted);
        walk.in_store = true;
        let (head, checkpoints) =
            self.read(|session| Ok((session.head()?, session.checkpoints()?)))?;
        let last = head.map_or(0, |head| head.number);
        let mut checkpoints = checkpoints.into_iter().peekable();
        let mut number = 0;
        loop {
            while let Some(one) = checkpoints.next_if(|one| one.size <= number) {
                walk.checkpoint(&one);
            }
            if number >= last {
                break;
            }
            let until = (number + 500).min(last);
            let ask = Ask::all().after(number).before(until + 1);
            let page = match self.read(|session| session.page(&ask)) {
                Ok(page) => page.into_iter().map(Ok).collect(),
                Err(LedgerError::Unreadable { .. }) => self.one_by_one(number, until)?,
                Err(error) => return Err(error),
            };
            for record in page {
                let own = match &record {
                    Ok(record) => record.number,
                    Err((number, _)) => *number,
                };
                while let Some(one) = checkpoints.next_if(|one| one.size < own) {
                    walk.checkpoint(&one);
                }
                match record {
                    Ok(record) => walk.entry(&record),
                    Err((number, why)) => {
                        walk.unread += 1;
                        walk.fault(Some(number), format!("it cannot be read: {why}"));
                    }
                }
            }
            number = until;
        }
        // What was signed and is beyond the last entry was cut off.
        for one in checkpoints {
            walk.checkpoint(&one);
        }
        Ok(walk.end())
    }

    /// The entries of a span, and why some of them cannot be read.
    fn one_by_one(&self, after: u64, until: u64) -> Result<Vec<Unread>, LedgerError> {
        let mut found = Vec::new();
        for number in after + 1..=until {
            match self.read(|session| session.records(&[number])) {
                Ok(own) => found.extend(own.into_iter().map(Ok)),
                Err(LedgerError::Unreadable { why, .. }) => found.push(Err((number, why))),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

/// An entry, or its number and why it cannot be read.
type Unread = Result<Record, (u64, String)>;

/// The last entry seen, and what its hash may truly be.
#[derive(Clone, Copy)]
enum Last {
    /// Its hash is that of its fields.
    Sure(Hash),
    /// Its hash is not that of its fields: one of the two was changed, and the next entry tells which.
    Torn { stated: Hash, digest: Hash },
}

/// A walk along the chain.
struct Walk {
    trusted: Option<PublicKey>,
    in_store: bool,
    line: u64,
    header: Option<Header>,
    number: u64,
    last: Last,
    /// The tree over everything before `last`, and `last` when it is sure; `None` since leaves were lost.
    tree: Option<Frontier>,
    /// Lines that could not be read since the last entry.
    unread: u64,
    /// Whether something was found wrong since the last checkpoint that held.
    since: bool,
    found: Verified,
}

impl Walk {
    fn new(trusted: Option<PublicKey>) -> Walk {
        Walk {
            trusted,
            in_store: false,
            line: 0,
            header: None,
            number: 0,
            last: Last::Sure(Hash::ZERO),
            tree: Some(Frontier::default()),
            unread: 0,
            since: false,
            found: Verified {
                entries: 0,
                head: None,
                key: None,
                signed: None,
                checkpoints: 0,
                sealed: 0,
                count: 0,
                faults: Vec::new(),
            },
        }
    }

    fn fault(&mut self, entry: Option<u64>, what: impl Into<String>) {
        self.since = true;
        self.found.count += 1;
        if self.found.faults.len() < LISTED {
            self.found.faults.push(Fault {
                line: (!self.in_store && self.line > 0).then_some(self.line),
                entry,
                what: what.into(),
            });
        }
    }

    fn step(&mut self, line: Result<Line, String>) {
        match line {
            Ok(Line::Header(header)) if self.line == 1 => self.header(header),
            Ok(Line::Header(_)) => self.fault(None, "a second header stands here"),
            Ok(Line::Checkpoint(one)) => self.checkpoint(&one),
            Ok(Line::Entry(record)) => self.entry(&record),
            Err(what) if self.line == 1 => {
                self.unread += 1;
                self.fault(None, format!("the header cannot be read: {what}"));
            }
            Err(what) => {
                self.unread += 1;
                self.fault(None, format!("it cannot be read: {what}"));
            }
        }
        if self.line == 1 && self.header.is_none() && self.found.count == 0 {
            self.fault(None, "the export does not begin with a header");
        }
    }

    fn header(&mut self, header: Header) {
        if header.is_signed() {
            self.found.key = header.keys.last().copied();
            self.found.signed = Some(header.at);
            if let Some(trusted) = self.trusted
                && self.found.key != Some(trusted)
            {
                self.fault(
                    None,
                    "the header is signed, but by another key than the one given",
                );
            }
        } else {
            self.fault(None, "the header was changed: its signature does not fit");
        }
        self.header = Some(header);
    }

    fn entry(&mut self, record: &Record) {
        let digest = record.digest();
        let whole = digest == record.hash;
        let expected = self.number + 1;
        if whole {
            self.follow(record, expected);
        } else {
            self.settle(None);
            // Its number may be what was changed.
            self.number = record.number.clamp(expected, expected + self.unread);
            self.fault(
                Some(self.number),
                "it was changed: its hash is not that of what it says",
            );
            if self.number > expected {
                self.tree = None;
            }
            self.last = Last::Torn {
                stated: record.hash,
                digest,
            };
        }
        self.unread = 0;
        self.found.entries += 1;
        self.found.sealed += u64::from(matches!(record.content, Content::Sealed { .. }));
        self.found.head = Some(Receipt {
            number: self.number,
            hash: record.hash,
        });
    }

    /// Goes on to an entry whose hash is right.
    fn follow(&mut self, record: &Record, expected: u64) {
        let gap = record.number.checked_sub(expected);
        match gap {
            Some(0) => {
                if !self.settle(Some(record.previous)) {
                    let before = record.number - 1;
                    self.fault(
                        Some(record.number),
                        format!("it does not follow entry {before}: one of the two was put in the place of another"),
                    );
                }
            }
            Some(missing) => {
                self.settle(None);
                if missing > self.unread {
                    self.fault(
                        Some(record.number),
                        match missing {
                            1 => format!("entry {expected} before it is missing"),
                            _ => format!(
                                "entries {expected} to {} before it are missing",
                                record.number - 1
                            ),
                        },
                    );
                }
                // Of one lost entry the hash is known from the next.
                match &mut self.tree {
                    Some(tree) if missing == 1 => tree.push(&record.previous),
                    tree => *tree = None,
                }
            }
            None => {
                self.settle(None);
                self.fault(
                    Some(record.number),
                    format!("it stands where entry {expected} belongs"),
                );
                self.tree = None;
            }
        }
        self.number = record.number;
        self.last = Last::Sure(record.hash);
        if let Some(tree) = &mut self.tree {
            tree.push(&record.hash);
        }
    }

    /// Decides what the last entry's hash truly was, by what comes after it; whether that fits.
    fn settle(&mut self, next: Option<Hash>) -> bool {
        let (leaf, fits) = match (self.last, next) {
            (Last::Sure(hash), next) => return next.is_none_or(|next| next == hash),
            (Last::Torn { digest, .. }, Some(next)) if next == digest => (digest, true),
            (Last::Torn { stated, .. }, next) => (stated, next.is_none_or(|next| next == stated)),
        };
        if let Some(tree) = &mut self.tree {
            tree.push(&leaf);
        }
        self.last = Last::Sure(leaf);
        fits
    }

    fn checkpoint(&mut self, one: &Checkpoint) {
        if !one.is_signed() {
            return self.fault(
                None,
                format!(
                    "the checkpoint after entry {} was changed: its signature does not fit",
                    one.size
                ),
            );
        }
        if let Some(header) = &self.header
            && self.found.key.is_some()
            && !header.keys.contains(&one.key)
        {
            return self.fault(
                None,
                "the checkpoint is signed by a key that the header does not name",
            );
        }
        if self.in_store && self.trusted.is_some_and(|trusted| trusted != one.key) {
            return self.fault(
                None,
                format!(
                    "the checkpoint after entry {} is signed by another key than the one given",
                    one.size
                ),
            );
        }
        // Behind a line that could not be read nothing more can be said here.
        if self.unread == 0 {
            self.reaches(one);
        }
        self.since = false;
    }

    /// Whether a signed checkpoint is of the entries before it.
    fn reaches(&mut self, one: &Checkpoint) {
        if one.size > self.number && self.in_store {
            let what = format!(
                "entries {} to {} are missing: a checkpoint of {} entries was signed",
                self.number + 1,
                one.size,
                one.size
            );
            return self.fault(None, what);
        }
        if one.size != self.number {
            let what = format!(
                "a checkpoint of {} entries stands after entry {}",
                one.size, self.number
            );
            return self.fault(None, what);
        }
        let Some(tree) = &self.tree else {
            return;
        };
        let fits = match self.last {
            Last::Sure(_) => tree.root() == one.root,
            Last::Torn { stated, digest } => [stated, digest].iter().any(|leaf| {
                let mut tree = tree.clone();
                tree.push(leaf);
                tree.root() == one.root
            }),
        };
        if fits {
            self.found.checkpoints += 1;
            if self.in_store {
                self.found.key = Some(one.key);
                self.found.signed = Some(one.at);
            }
            return;
        }
        if !self.since {
            let what = format!(
                "the checkpoint of {} entries does not fit them: some were replaced after it was signed",
                one.size
            );
            self.fault(None, what);
        }
        // Later roots rest on the same leaves, and would say the same again.
        self.tree = None;
    }

    fn end(mut self) -> Verified {
        if self.in_store {
            return self.found;
        }
        let Some(header) = self.header.take() else {
            if self.found.count == 0 {
                self.fault(None, "the export is empty");
            }
            return self.found;
        };
        if self.found.count == 0 {
            self.line = 0;
            let root = self.tree.as_ref().map(Frontier::root);
            let head = self.found.head.map_or(Hash::ZERO, |head| head.hash);
            if self.number < header.entries {
                let what = format!(
                    "the header says {} entries, and there are {}: the rest was cut off",
                    header.entries, self.number
                );
                self.fault(None, what);
            } else if self.number > header.entries {
                let what = format!(
                    "the header says {} entries, and there are {}: some were put in later",
                    header.entries, self.number
                );
                self.fault(None, what);
            } else if root != Some(header.root) || head != header.head {
                self.fault(
                    None,
                    "the entries are not those that the header was signed for: some were replaced by others",
                );
            }
        }
        self.found
    }
}
