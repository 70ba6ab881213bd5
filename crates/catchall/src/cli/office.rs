//! Who acts, on which ledger, and how to write what comes out: the flags that `case` and `licence` share.
//!
//! The clock is read here, once a run. Who acts is taken at the caller's word: whoever may write the ledger's file may write
//! it; the server asks for a password instead.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::anyhow;
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::policy::{Act, Place, Policy};
use catchall_ledger::{Actor, Ledger, LedgerUrl, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::assess::Format;
use super::output::push_cell;
use super::{Common, Stop};
use crate::batch::tables::words;
use crate::casework::Work;
use crate::explain::measure::{self, cut};
use crate::load;

/// Flags of every verb of cases and licences.
#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// Where the ledger is kept: a path, `sqlite:PATH` or `postgres://...`; `ledger.db` in the state folder otherwise.
    #[arg(long, global = true, value_name = "URL", env = "CATCHALL_LEDGER")]
    ledger: Option<LedgerUrl>,
    /// The folder of state, with `roles.toml`, `calendar.toml` and `limits.toml` where the house has its own.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "catchall-state",
        env = "CATCHALL_STATE"
    )]
    state: PathBuf,
    /// Who acts.
    #[arg(long, global = true, value_name = "NAME", env = "CATCHALL_ACTOR")]
    actor: Option<String>,
    /// In which role; one flag each.
    #[arg(
        long = "role",
        global = true,
        value_name = "ROLE",
        env = "CATCHALL_ROLE",
        value_delimiter = ','
    )]
    roles: Vec<String>,
    /// For which team.
    #[arg(
        id = "my_team",
        long = "my-team",
        global = true,
        value_name = "TEAM",
        env = "CATCHALL_TEAM"
    )]
    team: Option<String>,
    /// How to write what comes out.
    #[arg(long, global = true, value_enum, env = "CATCHALL_FORMAT")]
    pub(super) format: Option<Format>,
}

/// Everything that a verb works with.
pub(super) struct Desk {
    pub(super) ledger: Ledger,
    pub(super) policy: Policy,
    pub(super) calendar: Calendar,
    pub(super) actor: Actor,
    pub(super) at: Timestamp,
    pub(super) format: Format,
    pub(super) state: PathBuf,
}

impl Flags {
    /// Opens the ledger and reads the rules.
    pub(super) fn open(&self) -> Result<Desk, Stop> {
        let name = self
            .actor
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Err(Stop::usage(anyhow!(
                "nobody acts; say who, as `--actor \"L. Marchetti\" --role licensing-officer`, or set CATCHALL_ACTOR and CATCHALL_ROLE"
            )));
        };
        if self.format == Some(Format::Parquet) {
            return Err(Stop::usage(anyhow!(
                "Parquet is written by `assess` and by `ledger export --view`; here take `csv`, `json`, `jsonl` or `table`"
            )));
        }
        let policy = load::policy(&self.state).map_err(Stop::usage)?;
        let calendar = load::calendar(&self.state).map_err(Stop::usage)?;
        let url = match &self.ledger {
            Some(url) => url.clone(),
            None => {
                std::fs::create_dir_all(&self.state)?;
                LedgerUrl::Sqlite(self.state.join("ledger.db"))
            }
        };
        Ok(Desk {
            ledger: Ledger::open(&url)?,
            policy,
            calendar,
            actor: Actor {
                name: name.to_owned(),
                team: self.team.clone().filter(|team| !team.trim().is_empty()),
                roles: self
                    .roles
                    .iter()
                    .map(|role| role.trim().to_owned())
                    .filter(|role| !role.is_empty())
                    .collect(),
            },
            at: load::now(),
            format: self.format.unwrap_or(Format::Table),
            state: self.state.clone(),
        })
    }
}

impl Desk {
    pub(super) fn work(&self) -> Work<'_> {
        Work {
            ledger: &self.ledger,
            policy: &self.policy,
            calendar: &self.calendar,
            actor: &self.actor,
            at: self.at,
        }
    }

    /// Refuses whoever may not do this there.
    pub(super) fn may(&self, act: &str, place: Place<'_>) -> Result<(), Stop> {
        let act = Act::find(act).ok_or_else(|| anyhow!("`{act}` is no act"))?;
        self.policy
            .may(&self.actor, act, place)
            .map_err(Stop::usage)
    }

    /// Writes rows: a table of the columns, JSON, JSON Lines or CSV. `columns` names fields of the rows' JSON form.
    pub(super) fn rows<T: Serialize>(
        &self,
        rows: &[T],
        columns: &[(&str, usize)],
        empty: &str,
    ) -> Result<String, Stop> {
        let values: Vec<Value> = rows
            .iter()
            .map(serde_json::to_value)
            .collect::<Result<_, _>>()?;
        Ok(match self.format {
            Format::Json => serde_json::to_string_pretty(&values)? + "\n",
            Format::Jsonl => values.iter().map(|value| format!("{value}\n")).collect(),
            Format::Csv | Format::Parquet => csv(&values, columns),
            Format::Table if values.is_empty() => format!("{empty}\n"),
            Format::Table => table(&values, columns),
        })
    }

    /// Writes one thing: its text for people, else its JSON.
    pub(super) fn one<T: Serialize>(
        &self,
        what: &T,
        text: impl FnOnce() -> String,
    ) -> Result<String, Stop> {
        Ok(match self.format {
            Format::Table | Format::Csv | Format::Parquet => text(),
            Format::Json => serde_json::to_string_pretty(what)? + "\n",
            Format::Jsonl => serde_json::to_string(what)? + "\n",
        })
    }
}

/// The stored lists and packs of the flags, as one that assesses a transfer in JSON.
pub(super) struct Machine {
    assessor: catchall_assess::Assessor,
    decoder: crate::batch::Decoder,
    room: catchall_assess::Room,
    shelf: crate::judge::Shelf,
    reports: crate::evidence::Shelf,
    pub(super) places: std::sync::Arc<catchall_model::Places>,
}

impl Machine {
    pub(super) fn new(common: &Common) -> Result<Machine, Stop> {
        let (assessor, loaded) =
            super::assess::assessor(common, catchall_assess::AskedFor::default())?;
        let places = std::sync::Arc::new(loaded.places);
        Ok(Machine {
            assessor,
            decoder: crate::batch::Decoder::of_json("case", places.clone()),
            room: catchall_assess::Room::default(),
            shelf: crate::judge::Shelf::default(),
            reports: crate::evidence::Shelf::default(),
            places,
        })
    }

    /// The determination document of a transfer in JSON; else what is wrong with the transfer. The questions that accepted statements
    /// raise on it, and what the ledger knows of its licences, are put into it.
    pub(super) fn assess(&mut self, desk: &Desk, transfer: &mut Value) -> Result<String, String> {
        let rules = load::evidence(&desk.state).map_err(|error| format!("{error:#}"))?;
        let held = self.reports.held(&desk.ledger);
        let held = held.map_err(|error| error.to_string())?;
        let today = crate::evidence::acts::date(load::today());
        crate::evidence::flags::raise(&held, transfer, &rules, today);
        let judge = crate::judge::Judge {
            assessor: &self.assessor,
            decoder: &self.decoder,
            as_of: None,
            keeper: Some(crate::judge::Keeper {
                shelf: &self.shelf,
                // Put into the document above, in its own place.
                reports: None,
                ledger: &desk.ledger,
                asker: None,
            }),
        };
        judge
            .json(transfer, &mut self.room)
            .map_err(|unfit| unfit.to_string())
    }
}

/// A field of a row, as a cell shows it.
fn cell(value: &Value, field: &str) -> String {
    let found = value.get(field).and_then(words);
    found.map_or_else(String::new, Cow::into_owned)
}

fn csv(values: &[Value], columns: &[(&str, usize)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = names.join(",");
    text.push('\n');
    for value in values {
        for (place, (field, _)) in columns.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_cell(&mut text, &cell(value, field));
        }
        text.push('\n');
    }
    text
}

/// Columns of these widths; the last takes what it needs.
fn table(values: &[Value], columns: &[(&str, usize)]) -> String {
    let mut text = String::new();
    let last = columns.len().saturating_sub(1);
    let mut line = |cells: Vec<String>| {
        let mut row = String::new();
        for (place, (cell, (_, width))) in cells.iter().zip(columns).enumerate() {
            let shown = if place == last {
                cut(cell, 200)
            } else {
                cut(cell, *width)
            };
            let pad = if place == last {
                0
            } else {
                (width + 1).saturating_sub(measure::columns(&shown))
            };
            let _ = write!(row, "{shown}{}", " ".repeat(pad));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    };
    line(
        columns
            .iter()
            .map(|(name, _)| name.replace('_', " ").to_uppercase())
            .collect(),
    );
    for value in values {
        line(
            columns
                .iter()
                .map(|(field, _)| cell(value, field))
                .collect(),
        );
    }
    text
}
