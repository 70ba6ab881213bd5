//! `catchall law propose`, `publish`, `return` and `proposals`: from who wrote a state of the packs to who lets it be judged by.

use std::fmt::Write as _;

use catchall_assess::AskedFor;
use catchall_ledger::pack::{Command, Packs, Standing};

use super::office::{Desk, Flags};
use super::{Common, Stop, assess};
use crate::publishing::{self, Trouble};

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Verb {
    /// States of the packs that were proposed, and which was published.
    Proposals {
        #[command(flatten)]
        flags: Flags,
    },
    /// Put the packs forward as they stand in the folder: you wrote them, and somebody else is to publish them.
    Propose {
        /// What is other than before.
        #[arg(long, value_name = "TEXT")]
        about: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Publish packs that somebody else wrote: those in the folder, or those of a digest.
    Publish {
        /// The digest; that of the packs in the folder otherwise.
        digest: Option<String>,
        /// Why, or what you read them against.
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Send packs back to who wrote them.
    Return {
        /// The digest; that of the packs in the folder otherwise.
        digest: Option<String>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        flags: Flags,
    },
}

pub(super) fn run(common: &Common, verb: &Verb) -> Result<u8, Stop> {
    let digest = loaded(common)?;
    let named = |asked: &Option<String>| asked.clone().unwrap_or_else(|| digest.clone());
    let (flags, command) = match verb {
        Verb::Proposals { flags } => (flags, None),
        Verb::Propose { about, flags } => {
            let (digest, about) = (digest.clone(), about.clone());
            (flags, Some(Command::Propose { digest, about }))
        }
        Verb::Publish { digest, why, flags } => {
            let (digest, why) = (named(digest), why.clone());
            (flags, Some(Command::Publish { digest, why }))
        }
        Verb::Return { digest, why, flags } => {
            let (digest, why) = (named(digest), why.clone());
            (flags, Some(Command::Return { digest, why }))
        }
    };
    let desk = flags.open()?;
    let packs = match command {
        None => {
            desk.may("law.read", catchall_ledger::policy::Place::default())?;
            publishing::packs(&desk.ledger)?
        }
        Some(command) => {
            let done = publishing::act(&desk.ledger, &desk.policy, &desk.actor, desk.at, command);
            done.map_err(|trouble| match trouble {
                Trouble::Refused(_) => Stop::usage(trouble),
                other => Stop::from(other),
            })?
        }
    };
    crate::talk::tell!("{}", written(&desk, &packs, &digest)?.trim_end())?;
    Ok(0)
}

/// Digest of the packs in the folder.
fn loaded(common: &Common) -> Result<String, Stop> {
    let (assessor, _) = assess::assessor(common, AskedFor::default())?;
    Ok(assessor.basis().packs.clone())
}

fn written(desk: &Desk, packs: &Packs, digest: &str) -> Result<String, Stop> {
    let document = publishing::document(packs, digest, false);
    desk.one(&document, || text(packs, digest))
}

fn text(packs: &Packs, digest: &str) -> String {
    let mut text = format!("loaded     {digest}\n");
    let published = packs
        .published()
        .map_or("none yet", |own| own.digest.as_str());
    let _ = writeln!(text, "published  {published}");
    for one in &packs.proposals {
        let standing = match one.standing {
            Standing::Waiting => "waits",
            Standing::Published => "published",
            Standing::Returned => "returned",
        };
        let _ = writeln!(
            text,
            "\n{}  {standing}\n  {} by {}: {}",
            one.digest,
            one.stamp.day(),
            one.stamp.by.name,
            one.about
        );
        if let Some((stamp, why)) = &one.judged {
            let why = if why.is_empty() {
                String::new()
            } else {
                format!(": {why}")
            };
            let _ = writeln!(
                text,
                "  {standing} {} by {}{why}",
                stamp.day(),
                stamp.by.name
            );
        }
    }
    for (number, why) in &packs.irregular {
        let _ = writeln!(text, "\nentry {number} has no effect: {why}");
    }
    text
}
