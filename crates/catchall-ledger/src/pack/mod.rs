//! Packs: who wrote the law that is judged by, and who published it. Two persons, always: nobody publishes what they wrote.
//!
//! A state of the packs is its digest. [`Packs::of`] folds the entries of the stream `pack`; [`Packs::act`] gives drafts or says why not; the
//! caller appends them behind what it saw. An entry written past these rules has no effect and is listed as irregular. Whose work a
//! publisher would publish is everything that was proposed since the last publication: who builds on a colleague's draft does not turn
//! it into their own. Which state a server judges by is asked by the roof.

pub mod event;

use serde::Serialize;

use self::event::PackEvent;
use crate::case::event::EventError;
use crate::case::{Stamp, same_person};
use crate::policy::{Act, NotAllowed, Place, Policy};
use crate::{Actor, Body, Draft, Entry, Timestamp};

/// The stream of all states of the packs.
pub const STREAM: &str = "pack";

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has judged it.
    Waiting,
    /// It was published.
    Published,
    /// It was sent back.
    Returned,
}

/// A state of the packs that somebody put forward.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Its digest.
    pub digest: String,
    /// What is other than before.
    pub about: String,
    /// Who put it forward, and when.
    pub stamp: Stamp,
    /// Where it stands.
    pub standing: Standing,
    /// Who published it or sent it back, and why.
    pub judged: Option<(Stamp, String)>,
}

/// Everything that happened to the packs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Packs {
    /// Proposals, oldest first.
    pub proposals: Vec<Proposal>,
    /// Where in [`Packs::proposals`] the last published one stands.
    last: Option<usize>,
    /// Entries that broke a rule and have no effect, with the reason.
    pub irregular: Vec<(u64, String)>,
    /// Number of the last entry.
    pub seen: u64,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Put a state forward.
    Propose {
        /// Its digest.
        digest: String,
        /// What is other than before.
        about: String,
    },
    /// Publish one that somebody else wrote.
    Publish {
        /// Its digest.
        digest: String,
        /// Why.
        why: String,
    },
    /// Send one back.
    Return {
        /// Its digest.
        digest: String,
        /// Why.
        why: String,
    },
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The policy does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Nobody publishes what they wrote.
    #[error(
        "{0} wrote this, or a part of what was proposed since packs were last published; somebody else must publish it"
    )]
    Own(String),
    /// Nobody put this forward, or it was judged already.
    #[error("no proposal of the packs `{0}` waits; `catchall law proposals` lists those that do")]
    NotProposed(String),
    /// It is there already.
    #[error("the packs `{0}` are {1} already")]
    Already(String, &'static str),
    /// No digest.
    #[error("`{0}` is no digest of packs; `catchall law proposals` shows the one of these packs")]
    NoDigest(String),
    /// Nothing was said.
    #[error("{0} is missing")]
    LeftOut(&'static str),
    /// It cannot be written.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// Who acts, when, and under which policy.
#[derive(Clone, Copy, Debug)]
pub struct Clerk<'a> {
    /// Roles and acts.
    pub policy: &'a Policy,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

impl Clerk<'_> {
    fn may(&self, act: &str) -> Result<(), Refused> {
        let act = Act::find(act).ok_or(Refused::LeftOut("the act in the closed list"))?;
        Ok(self.policy.may(self.actor, act, Place::default())?)
    }
}

impl Packs {
    /// Folds the entries of the stream, in order. Entries of other kinds on it (that packs were loaded again) say nothing here.
    ///
    /// # Errors
    /// When an entry of ours cannot be read.
    pub fn of(entries: &[Entry]) -> Result<Packs, EventError> {
        let mut packs = Packs::default();
        for entry in entries {
            packs.seen = entry.number;
            let Body::Open(body) = &entry.body else {
                continue;
            };
            if !entry.kind.starts_with("pack.") {
                continue;
            }
            let stamp = Stamp {
                number: entry.number,
                at: entry.at,
                by: entry.actor.clone(),
                hash: entry.hash,
            };
            let event = PackEvent::read(&entry.kind, body)?;
            if let Err(why) = packs.apply(stamp, event) {
                packs.irregular.push((entry.number, why.to_string()));
            }
        }
        Ok(packs)
    }

    /// The state that was published last.
    pub fn published(&self) -> Option<&Proposal> {
        self.proposals.get(self.last?)
    }

    /// Proposals that wait, oldest first.
    pub fn waiting(&self) -> impl Iterator<Item = &Proposal> {
        let waits = |one: &&Proposal| one.standing == Standing::Waiting;
        self.proposals.iter().filter(waits)
    }

    /// Whether this person wrote something that would be published with this state.
    pub fn wrote(&self, name: &str, digest: &str) -> bool {
        let Some(place) = self.place(digest) else {
            return false;
        };
        // What was proposed after it is not in it.
        let since = self.last.map_or(0, |last| last + 1).min(place);
        let drafts = self.proposals.get(since..=place).unwrap_or_default();
        drafts
            .iter()
            .any(|one| same_person(&one.stamp.by.name, name))
    }

    /// The last proposal of this state that waits.
    fn place(&self, digest: &str) -> Option<usize> {
        let waits = |one: &Proposal| one.digest == digest && one.standing == Standing::Waiting;
        self.proposals.iter().rposition(waits)
    }

    fn apply(&mut self, stamp: Stamp, event: PackEvent) -> Result<(), Refused> {
        match event {
            PackEvent::Proposed { digest, about } => {
                self.can_be_proposed(&digest)?;
                self.proposals.push(Proposal {
                    digest,
                    about,
                    stamp,
                    standing: Standing::Waiting,
                    judged: None,
                });
            }
            PackEvent::Published { digest, why } => {
                let place = self.can_be_published(&digest, &stamp.by.name)?;
                self.judge(place, Standing::Published, stamp, why);
                self.last = Some(place);
            }
            PackEvent::Returned { digest, why } => {
                let place = self.place(&digest).ok_or(Refused::NotProposed(digest))?;
                self.judge(place, Standing::Returned, stamp, why);
            }
        }
        Ok(())
    }

    fn judge(&mut self, place: usize, standing: Standing, stamp: Stamp, why: String) {
        if let Some(one) = self.proposals.get_mut(place) {
            one.standing = standing;
            one.judged = Some((stamp, why));
        }
    }

    fn can_be_proposed(&self, digest: &str) -> Result<(), Refused> {
        if self.place(digest).is_some() {
            return Err(Refused::Already(digest.to_owned(), "proposed"));
        }
        if self.published().is_some_and(|own| own.digest == digest) {
            return Err(Refused::Already(digest.to_owned(), "published"));
        }
        Ok(())
    }

    fn can_be_published(&self, digest: &str, by: &str) -> Result<usize, Refused> {
        let place = self
            .place(digest)
            .ok_or_else(|| Refused::NotProposed(digest.to_owned()))?;
        if self.wrote(by, digest) {
            return Err(Refused::Own(by.to_owned()));
        }
        Ok(place)
    }

    /// What a command does, as the draft that records it. Append it after [`Packs::seen`] of [`STREAM`].
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn act(&self, clerk: Clerk<'_>, command: Command) -> Result<Draft, Refused> {
        let event = match command {
            Command::Propose { digest, about } => {
                clerk.may("law.write")?;
                if digest.len() < 16 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Err(Refused::NoDigest(digest));
                }
                let about = said(&about, "what is other than before (`about`)")?;
                self.can_be_proposed(&digest)?;
                PackEvent::Proposed { digest, about }
            }
            Command::Publish { digest, why } => {
                clerk.may("law.publish")?;
                self.can_be_published(&digest, &clerk.actor.name)?;
                let why = why.trim().to_owned();
                PackEvent::Published { digest, why }
            }
            Command::Return { digest, why } => {
                clerk.may("law.publish")?;
                let why = said(&why, "why it is sent back (`why`)")?;
                self.place(&digest)
                    .ok_or_else(|| Refused::NotProposed(digest.clone()))?;
                PackEvent::Returned { digest, why }
            }
        };
        let (kind, body) = event.write()?;
        Ok(Draft::new(
            STREAM,
            kind,
            clerk.actor.clone(),
            clerk.at,
            body,
        ))
    }
}

fn said(text: &str, what: &'static str) -> Result<String, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refused::LeftOut(what));
    }
    Ok(text.to_owned())
}
