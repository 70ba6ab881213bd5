//! The demonstration's reports: digests in words of our own that tell the events of the packs, read in and judged by the invented
//! analyst, so that the lanes of 1995 and 1998 carry what was read, a course of 2000 has a question, and some papers still wait.

use anyhow::{Context as _, Result, anyhow};
use catchall_ledger::statement::Statement;
use catchall_ledger::statement::event::{Bearing, Identified};
use catchall_ledger::statement::rules::Command;
use serde::Deserialize;
use serde_json::Value;

use super::{Story, actor};
use crate::evidence::acts::{self, Trouble};
use crate::evidence::intake::Incoming;
use crate::evidence::{Keep, Rules, Work};

/// The digests, by name.
const DIGESTS: &[(&str, &str)] = &[
    (
        "1995-07-03-understanding",
        include_str!("../../../../../data/desk/digests/1995-07-03-understanding.txt"),
    ),
    (
        "1998-01-26-resolution",
        include_str!("../../../../../data/desk/digests/1998-01-26-resolution.txt"),
    ),
    (
        "1998-04-08-astara",
        include_str!("../../../../../data/desk/digests/1998-04-08-astara.txt"),
    ),
    (
        "1998-05-06-tighter-controls",
        include_str!("../../../../../data/desk/digests/1998-05-06-tighter-controls.txt"),
    ),
    (
        "1998-07-29-measures",
        include_str!("../../../../../data/desk/digests/1998-07-29-measures.txt"),
    ),
    (
        "2000-03-22-past-due",
        include_str!("../../../../../data/desk/digests/2000-03-22-past-due.txt"),
    ),
    (
        "2000-04-25-relief",
        include_str!("../../../../../data/desk/digests/2000-04-25-relief.txt"),
    ),
];
const JUDGED: &str = include_str!("../../../../../data/desk/digests.toml");

const ANALYST: &str = "varga";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    judged: Vec<Judged>,
}

/// What the analyst made of one statement.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    digest: String,
    words: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    bears_on: Option<String>,
    #[serde(default)]
    shows: Option<String>,
    #[serde(default)]
    identified: Vec<String>,
    #[serde(default)]
    reject: Option<String>,
}

impl Judged {
    fn command(&self) -> Command {
        if let Some(why) = &self.reject {
            return Command::Reject { why: why.clone() };
        }
        let bearing = self.bears_on.as_ref().map(|undertaking| Bearing {
            undertaking: undertaking.clone(),
            shows: self.shows.clone(),
        });
        let identified = self.identified.iter().map(|name| Identified {
            name: name.clone(),
            country: None,
            identifier: None,
        });
        Command::Accept {
            identified: identified.collect(),
            bears_on: bearing.into_iter().collect(),
            why: String::new(),
        }
    }
}

impl Story<'_> {
    /// Reads the digests in and judges what they say; cases that a judgement bears on are assessed again.
    pub(super) fn reports(&self) -> Result<()> {
        let file: File = toml::from_str(JUDGED).context("data/desk/digests.toml")?;
        let analyst = actor(ANALYST);
        // The digests are our own words, so all of them may be kept.
        let rules = Rules {
            keep: Keep::Whole,
            ..self.app.evidence.clone()
        };
        let cannot = |trouble: Trouble| anyhow!("{trouble}");
        for (place, (name, text)) in (0_i64..).zip(DIGESTS) {
            let work = Work {
                ledger: &self.app.ledger,
                policy: &self.app.policy,
                rules: &rules,
                actor: &analyst,
                at: self.ago(2, 120 + place)?,
            };
            let incoming = Incoming {
                name,
                bytes: text.as_bytes(),
                media_type: "text/plain",
                published: None,
            };
            let (report, _) = work.read(&incoming, None).map_err(cannot)?;
            let held = self.app.shelf.held(&self.app.ledger)?;
            let statements = held.of_report(&report);
            for judged in file.judged.iter().filter(|judged| judged.digest == *name) {
                // What a later reader no longer finds waits, like everything that nobody judged.
                let found = statements.iter().find(|own| stands_on(text, own, judged));
                let Some(own) = found else { continue };
                work.act(&own.id, None, judged.command()).map_err(cannot)?;
                self.followed(&work, &own.id)?;
            }
        }
        Ok(())
    }

    fn followed(&self, work: &Work<'_>, id: &str) -> Result<()> {
        let own = work.statement(id).map_err(|trouble| anyhow!("{trouble}"))?;
        let current = self.app.current();
        let done = self.app.with_room(|room| {
            let mut assess = |transfer: &mut Value| {
                self.app
                    .assess_case(&current, work.actor, transfer, room)
                    .map_err(|unfit| unfit.to_string())
            };
            acts::follow(self.app, work.actor, work.at, &own, &mut assess)
        });
        // A case that could not be assessed again keeps its answer; the story goes on.
        done.map(|_| ()).map_err(|trouble| anyhow!("{trouble}"))
    }
}

/// Whether the sentence of a statement holds the words, and its kind is the one named.
fn stands_on(text: &str, own: &Statement, judged: &Judged) -> bool {
    let [from, to] = own.made.told.bytes;
    let sentence = text.get(from..to).unwrap_or_default().replace('\n', " ");
    sentence.contains(&judged.words)
        && judged
            .kind
            .as_ref()
            .is_none_or(|kind| own.made.told.kind == *kind)
}
