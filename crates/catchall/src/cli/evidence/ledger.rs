//! `catchall evidence --ledger`: reports into the ledger, statements judged there, and questions asked of what was accepted.
//!
//! Who acts is taken at the caller's word, as for `catchall case`: whoever may write the ledger's file may write it. Rights come from the
//! policy all the same. Open cases are assessed again by the server and by `catchall case reassess`, which know the law.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use catchall_ledger::policy::{Act, Place, Policy};
use catchall_ledger::statement::rules::Command;
use catchall_ledger::statement::{Standing, Statement};
use catchall_ledger::{Actor, Ledger, LedgerUrl};
use catchall_report::Reading;

use super::super::{Stop, read};
use super::judging::Judging;
use crate::evidence::intake::Incoming;
use crate::evidence::{Keep, Rules, Shelf, Work};
use crate::load;

/// Flags of the ledger's side.
#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// Ask what was accepted in this ledger: a path, `sqlite:PATH` or `postgres://...`. With the flags below: record reports and judge
    /// what they say.
    #[arg(long, value_name = "URL", env = "CATCHALL_LEDGER")]
    pub(super) ledger: Option<LedgerUrl>,
    /// Record the reports named: each thing that they say waits for a person.
    #[arg(long, requires = "ledger")]
    record: bool,
    /// How much of a report's words is kept: `whole`, `excerpts` or `offsets`; never more than the house allows (`evidence.toml`).
    #[arg(long, value_name = "HOW", requires = "record")]
    keep: Option<String>,
    /// List statements: all of them, or those that stand so (`waiting`, `accepted`, `rejected`, `corrected`).
    #[arg(long, value_name = "STANDING", num_args = 0..=1, default_missing_value = "all", requires = "ledger")]
    statements: Option<String>,
    #[command(flatten)]
    judging: Judging,
    /// The folder of state, with `roles.toml` and `evidence.toml` where the house has its own.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "catchall-state",
        env = "CATCHALL_STATE"
    )]
    state: PathBuf,
    /// Who acts.
    #[arg(long, value_name = "NAME", env = "CATCHALL_ACTOR")]
    actor: Option<String>,
    /// In which role; one flag each.
    #[arg(
        long = "role",
        value_name = "ROLE",
        env = "CATCHALL_ROLE",
        value_delimiter = ','
    )]
    roles: Vec<String>,
    /// For which team.
    #[arg(long = "my-team", value_name = "TEAM", env = "CATCHALL_TEAM")]
    team: Option<String>,
}

/// A ledger that is open for evidence.
pub(super) struct Desk {
    ledger: Ledger,
    policy: Policy,
    rules: Rules,
    actor: Option<Actor>,
    shelf: Shelf,
}

impl Flags {
    /// Whether anything is to be done or listed, so that no question is needed.
    pub(super) fn acts(&self) -> bool {
        self.record || self.statements.is_some() || self.judging.statement().is_some()
    }

    /// Whether the files named are to be recorded, and not only asked.
    pub(super) fn records(&self) -> bool {
        self.record
    }

    /// Opens the ledger; none where none was named.
    pub(super) fn open(&self) -> Result<Option<Desk>, Stop> {
        let Some(url) = &self.ledger else {
            return Ok(None);
        };
        let name = self.actor.as_deref().map(str::trim);
        let actor = name.filter(|name| !name.is_empty()).map(|name| Actor {
            name: name.to_owned(),
            team: self.team.clone().filter(|team| !team.trim().is_empty()),
            roles: self
                .roles
                .iter()
                .map(|role| role.trim().to_owned())
                .collect(),
        });
        Ok(Some(Desk {
            ledger: Ledger::open(url)?,
            policy: load::policy(&self.state).map_err(Stop::usage)?,
            rules: load::evidence(&self.state).map_err(Stop::usage)?,
            actor,
            shelf: Shelf::default(),
        }))
    }

    /// Does what the flags say, and writes what came of it.
    pub(super) fn run(&self, desk: &Desk, files: &[PathBuf]) -> Result<u64, Stop> {
        let mut failed = 0;
        if self.record {
            failed = self.record(desk, files)?;
        }
        if let Some(id) = self.judging.statement() {
            self.judge(desk, id)?;
        }
        if let Some(standing) = &self.statements {
            self.list(desk, standing)?;
        }
        Ok(failed)
    }

    fn record(&self, desk: &Desk, files: &[PathBuf]) -> Result<u64, Stop> {
        let keep = match self.keep.as_deref() {
            None => None,
            Some(word) => Some(Keep::find(word).ok_or_else(|| {
                Stop::usage(anyhow!(
                    "--keep: `{word}` is none; write `whole`, `excerpts` or `offsets`"
                ))
            })?),
        };
        let work = desk.work()?;
        let mut out = std::io::stdout().lock();
        let mut failed = 0;
        for file in read::files(files)? {
            match record_one(&work, &file, keep) {
                Ok((id, new)) => {
                    let held = desk.shelf.held(&desk.ledger)?;
                    writeln!(
                        out,
                        "{id}  {}  {} statements{}",
                        file.display(),
                        held.of_report(&id).len(),
                        if new { "" } else { ", read before" }
                    )?;
                }
                Err(error) => {
                    failed += 1;
                    crate::talk::say!("catchall: not recorded: {}: {error:#}", file.display());
                }
            }
        }
        Ok(failed)
    }

    fn judge(&self, desk: &Desk, id: &str) -> Result<(), Stop> {
        let told = |trouble| Stop::usage(anyhow!("{trouble}"));
        let work = desk.work()?;
        let own = work.statement(id).map_err(told)?;
        let command = self
            .judging
            .command(&*desk.shelf.held(&desk.ledger)?, &own)?;
        let made = match &command {
            Command::Correct { id, .. } | Command::Answer { id, .. } => Some(id.clone()),
            _ => None,
        };
        work.act(id, Some(own.seen), command).map_err(told)?;
        let mut out = std::io::stdout().lock();
        for id in [Some(id.to_owned()), made].into_iter().flatten() {
            let own = work.statement(&id).map_err(told)?;
            writeln!(out, "{id}  {}", own.standing.word())?;
        }
        Ok(())
    }

    fn list(&self, desk: &Desk, standing: &str) -> Result<(), Stop> {
        let known = Standing::ALL.iter().any(|own| own.word() == standing);
        if !known && standing != "all" {
            return Err(Stop::usage(anyhow!(
                "--statements: `{standing}` is none; write `waiting`, `accepted`, `rejected` or `corrected`"
            )));
        }
        let held = desk.shelf.held(&desk.ledger)?;
        let mut out = std::io::stdout().lock();
        let fits =
            |own: &&std::sync::Arc<Statement>| standing == "all" || own.standing.word() == standing;
        for own in held.statements.values().filter(fits) {
            let told = &own.made.told;
            writeln!(
                out,
                "{}  {:<9} {} [{}] {}: {}",
                own.id,
                own.standing.word(),
                told.speaker.as_deref().unwrap_or("unattributed"),
                told.said.as_deref().unwrap_or("undated"),
                told.kind,
                told.content
            )?;
        }
        Ok(())
    }
}

fn record_one(work: &Work<'_>, file: &Path, keep: Option<Keep>) -> anyhow::Result<(String, bool)> {
    let bytes = read::bytes(file)?;
    let name = read::stem(file);
    let incoming = Incoming {
        name: &name,
        bytes: &bytes,
        media_type: read::media_type(file, &bytes),
        published: None,
    };
    Ok(work.read(&incoming, keep)?)
}

impl Desk {
    fn work(&self) -> Result<Work<'_>, Stop> {
        let Some(actor) = &self.actor else {
            return Err(Stop::usage(anyhow!(
                "nobody acts; say who, as `--actor \"A. Varga\" --role evidence-analyst`, or set CATCHALL_ACTOR and CATCHALL_ROLE"
            )));
        };
        if let Some(act) = Act::find("statement.make") {
            let place = Place::of_team(actor.team.as_deref());
            self.policy.may(actor, act, place).map_err(Stop::usage)?;
        }
        Ok(Work {
            ledger: &self.ledger,
            policy: &self.policy,
            rules: &self.rules,
            actor,
            at: load::now(),
        })
    }

    /// What was accepted, as readings.
    pub(super) fn accepted(&self, on: Option<jiff::civil::Date>) -> Result<Vec<Reading>, Stop> {
        Ok(self.shelf.held(&self.ledger)?.accepted(on).into_owned())
    }
}
