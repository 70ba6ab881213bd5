//! Publishing: which state of the packs was proposed, by whom, and who published it; for page, API and command line alike.
//!
//! The engine holds the rule that nobody publishes what they wrote (`catchall_ledger::pack`); here are only the steps: read the stream, ask the
//! engine, append behind what was seen. A server that was started with `--published-packs` judges by a published state and no other.

use anyhow::{Result, bail};
use catchall_ledger::pack::{Clerk, Command, Packs, Refused, STREAM};
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ledger, LedgerError, Timestamp};
use serde_json::{Value, json};

use crate::board;

/// Why something was not done. Nothing was recorded then.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The engine says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody was faster.
    #[error(
        "somebody else acted on the packs meanwhile; look at what they did, then send yours again"
    )]
    Moved,
    /// An entry cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// What the ledger says.
    #[error(transparent)]
    Ledger(LedgerError),
}

/// Everything that happened to the packs.
///
/// # Errors
/// What the ledger says, and when an entry cannot be read.
pub fn packs(ledger: &Ledger) -> Result<Packs, Trouble> {
    let entries = board::whole(ledger, STREAM).map_err(Trouble::Ledger)?;
    Packs::of(&entries).map_err(|error| Trouble::Unreadable(error.to_string()))
}

/// Does something; gives how the packs stand then.
///
/// # Errors
/// Why it was not done.
pub fn act(
    ledger: &Ledger,
    policy: &Policy,
    actor: &Actor,
    at: Timestamp,
    command: Command,
) -> Result<Packs, Trouble> {
    let seen = packs(ledger)?;
    let draft = seen.act(Clerk { policy, actor, at }, command)?;
    match ledger.append_after(STREAM, seen.seen, vec![draft]) {
        Ok(_) => packs(ledger),
        Err(LedgerError::Moved { .. }) => Err(Trouble::Moved),
        Err(error) => Err(Trouble::Ledger(error)),
    }
}

/// Refuses to judge by packs that nobody published.
///
/// # Errors
/// When the last published state is another, or there is none.
pub fn must_be_published(ledger: &Ledger, digest: &str) -> Result<()> {
    let packs = packs(ledger)?;
    match packs.published() {
        Some(own) if own.digest == digest => Ok(()),
        Some(own) => bail!(
            "these packs ({digest}) are not the published ones ({}); `catchall law propose`, then `catchall law publish` by somebody else, or put the published ones back",
            own.digest
        ),
        None => bail!(
            "no packs were published yet, and `--published-packs` judges by published ones only; `catchall law propose` (these are {digest}), then `catchall law publish` by somebody else"
        ),
    }
}

/// How the packs stand, as a document; `digest` is the state that is loaded.
pub fn document(packs: &Packs, digest: &str, only_published: bool) -> Value {
    json!({
        "loaded": digest,
        "published": packs.published(),
        "judged_by_published": packs.published().is_some_and(|own| own.digest == digest),
        "only_published": only_published,
        "proposals": packs.proposals,
        "irregular": packs.irregular.iter().map(|(entry, why)| json!({ "entry": entry, "why": why })).collect::<Vec<_>>(),
    })
}
