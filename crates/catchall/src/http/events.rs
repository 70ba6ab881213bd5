//! `/v1/events`: what happened, for whoever polls: numbers, kinds and subjects, never a body. A consumer says how far it has come,
//! and goes on from there after a restart.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use catchall_ledger::policy::Place;
use catchall_ledger::{Ask, Entry};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::session::read;
use super::take::{self, Words};
use super::{assess, cases, guard};
use crate::access::Caller;
use crate::app::{App, held};
use crate::load;

/// How far each consumer has come: a file in the state folder.
pub struct Consumers {
    path: PathBuf,
    by_name: Mutex<BTreeMap<String, u64>>,
}

impl Consumers {
    /// In this state folder.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn open(state: &Path) -> Result<Consumers> {
        let path = state.join("consumers.json");
        let by_name = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("`{}` cannot be used", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
            }
        };
        Ok(Consumers {
            path,
            by_name: Mutex::new(by_name),
        })
    }

    fn of(&self, name: &str) -> u64 {
        held(&self.by_name).get(name).copied().unwrap_or(0)
    }

    /// Goes forward only: an acknowledgement that comes late takes nothing back.
    fn acknowledge(&self, name: String, number: u64) -> Result<u64> {
        let mut all = held(&self.by_name);
        let own = all.entry(name).or_insert(0);
        *own = number.max(*own);
        let now = *own;
        load::put(&self.path, &serde_json::to_vec(&*all)?)?;
        Ok(now)
    }
}

/// What may stand behind the `?`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    after: Option<u64>,
    #[serde(default = "hundred")]
    limit: usize,
    kind: Option<String>,
    consumer: Option<String>,
}

fn hundred() -> usize {
    100
}

/// Events behind a number, or behind what the consumer has acknowledged.
///
/// # Errors
/// When the limit is out of bounds; what the ledger says.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    take::limit(asked.limit)?;
    take::blocking(&app, move |app| {
        let acknowledged = asked
            .consumer
            .as_ref()
            .map_or(0, |name| app.consumers.of(&key(&caller, name)));
        let ask = Ask {
            kind: asked.kind.clone(),
            ..Ask::all()
                .after(asked.after.unwrap_or(acknowledged))
                .limit(asked.limit)
        };
        let entries = app
            .ledger
            .entries(&ask)
            .map_err(|error| Problem::of_ledger(&error))?;
        let last = entries.last().map_or(ask.after, |entry| entry.number);
        let mut rows: Vec<Value> = Vec::new();
        for entry in &entries {
            if may_see(app, &caller, entry)? {
                rows.push(event(entry));
            }
        }
        let document =
            json!({ "events": rows, "next": last, "more": entries.len() == asked.limit });
        Ok(assess::json(StatusCode::OK, document.to_string()))
    })
    .await?
}

/// An entry without its body.
pub fn event(entry: &Entry) -> Value {
    json!({ "number": entry.number, "at": entry.at, "kind": entry.kind, "stream": entry.stream, "hash": entry.hash })
}

/// Whether the caller may know of it: whoever may read what it is about.
fn may_see(app: &App, caller: &Caller, entry: &Entry) -> Result<bool, Problem> {
    let may = |act: &str, place: Place<'_>| guard::may(app, caller, act, place).is_ok();
    let (subject, id) = entry
        .stream
        .split_once('/')
        .unwrap_or((entry.stream.as_str(), ""));
    Ok(match subject {
        "case" => {
            let lines = app
                .board
                .lines(&app.ledger, &app.calendar, load::today())
                .map_err(|error| Problem::of_ledger(&error))?;
            lines
                .all
                .iter()
                .find(|line| line.summary.id == id)
                .is_some_and(|line| may("case.read", cases::place(line)))
        }
        "licence" => {
            let first = Ask::stream(entry.stream.as_str()).limit(1);
            let first = app
                .ledger
                .entries(&first)
                .map_err(|error| Problem::of_ledger(&error))?;
            let body = first.first().and_then(|entry| entry.body.value());
            let team = body
                .and_then(|body| body.get("team"))
                .and_then(Value::as_str);
            may("licence.read", Place::of_team(team))
        }
        "transfer" => may(
            "determination.read",
            Place::of_team(entry.actor.team.as_deref()),
        ),
        "list" => may("list.read", Place::default()),
        "pack" => may("law.read", Place::default()),
        "statement" | "report" => may("statement.read", Place::default()),
        "account" => may("account.read", Place::default()),
        _ => may("ledger.read", Place::default()),
    })
}

/// A consumer belongs to who polls.
fn key(caller: &Caller, name: &str) -> String {
    format!("{}\n{name}", caller.actor.name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    consumer: String,
    number: u64,
}

/// A consumer has come so far.
///
/// # Errors
/// When the consumer has no name, or it cannot be written down.
pub async fn acknowledge(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked: Acknowledged = read(request, 4096).await?;
    if asked.consumer.is_empty() || asked.consumer.len() > 100 {
        return Err(Problem::bad_request(
            "consumer: give a name of 1 to 100 bytes",
        ));
    }
    let head = take::blocking(&app, |app| app.ledger.head())
        .await?
        .map_err(|error| Problem::of_ledger(&error))?
        .map_or(0, |head| head.number);
    if asked.number > head {
        return Err(Problem::bad_request(format!(
            "number: {} lies behind the last event, {head}",
            asked.number
        )));
    }
    let name = key(&caller, &asked.consumer);
    let done = take::blocking(&app, move |app| {
        app.consumers.acknowledge(name, asked.number)
    })
    .await?;
    let number = done.map_err(|error| {
        crate::talk::say!("catchall: {error:#}");
        Problem::internal()
    })?;
    Ok(assess::json(
        StatusCode::OK,
        json!({ "consumer": asked.consumer, "number": number }).to_string(),
    ))
}
