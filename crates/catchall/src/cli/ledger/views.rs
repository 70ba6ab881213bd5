//! Tables for analysts: determinations, decisions of cases, movements of licences, as CSV.
//!
//! One row an entry. What a determination says stands in columns of its own; of the others every field that occurs at the top of a body is a
//! column, so that a new kind of act needs nothing here. What a spreadsheet would take for a formula begins with an apostrophe.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Result;
use catchall_ledger::{Ask, Entry, Ledger, LedgerError};
use serde_json::Value;

use super::super::output::push_cell;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum View {
    /// What was determined.
    Determinations,
    /// What was done in cases, by whom.
    Decisions,
    /// What was issued, shipped and reconciled.
    Licences,
}

/// Entries of a page.
const PAGE: usize = 500;

/// Columns of every table.
const COMMON: [&str; 7] = ["entry", "at", "kind", "stream", "by", "team", "erased"];
/// Where a determination's columns are found in its document.
const OUTCOME: [(&str, &str); 11] = [
    ("transfer", "/transfer"),
    ("as_of", "/asked/as_of"),
    ("known_by", "/asked/known_by"),
    ("outcome", "/outcome"),
    ("least", "/bounds/least"),
    ("most", "/bounds/most"),
    ("summary", "/summary"),
    ("packs", "/basis/packs"),
    ("lists", "/basis/lists"),
    ("program", "/basis/program"),
    ("id", "/id"),
];

impl View {
    fn kind(self) -> &'static str {
        match self {
            View::Determinations => crate::record::KIND,
            View::Decisions => "case.",
            View::Licences => "licence.",
        }
    }
}

/// Writes the table; gives the number of its rows.
pub(super) fn write(ledger: &Ledger, view: View, out: &mut dyn Write) -> Result<u64> {
    let last = ledger.head()?.map_or(0, |head| head.number);
    let fields = match view {
        View::Determinations => Vec::new(),
        View::Decisions | View::Licences => fields(ledger, view, last)?,
    };
    let mut head = COMMON.join(",");
    for name in named(view, &fields) {
        head.push(',');
        push_cell(&mut head, &name);
    }
    writeln!(out, "{head}")?;
    let mut rows = 0;
    each(ledger, view, last, |entry| {
        rows += 1;
        out.write_all(row(entry, view, &fields).as_bytes())?;
        Ok(())
    })?;
    Ok(rows)
}

fn named(view: View, fields: &[String]) -> Vec<String> {
    match view {
        View::Determinations => {
            let names = OUTCOME.iter().map(|(name, _)| (*name).to_owned());
            names
                .chain(["deciding".to_owned(), "missing".to_owned()])
                .collect()
        }
        View::Decisions | View::Licences => {
            fields.iter().map(|name| format!("body.{name}")).collect()
        }
    }
}

/// Every field at the top of a body, in the order of the alphabet.
fn fields(ledger: &Ledger, view: View, last: u64) -> Result<Vec<String>> {
    let mut names = BTreeSet::new();
    each(ledger, view, last, |entry| {
        if let Some(Value::Object(body)) = entry.body.value() {
            for name in body.keys() {
                if !names.contains(name) {
                    names.insert(name.clone());
                }
            }
        }
        Ok(())
    })?;
    Ok(names.into_iter().collect())
}

/// The view's entries up to `last`, in order.
fn each(
    ledger: &Ledger,
    view: View,
    last: u64,
    mut take: impl FnMut(&Entry) -> Result<()>,
) -> Result<(), anyhow::Error> {
    let mut after = 0;
    loop {
        let ask = Ask::all().kind(view.kind()).after(after).before(last + 1);
        let page: Result<Vec<Entry>, LedgerError> = ledger.entries(&ask.limit(PAGE));
        let page = page?;
        let Some(end) = page.last() else {
            return Ok(());
        };
        after = end.number;
        page.iter().try_for_each(&mut take)?;
    }
}

fn row(entry: &Entry, view: View, fields: &[String]) -> String {
    let mut row = format!("{},{},", entry.number, entry.at);
    let body = entry.body.value();
    for text in [
        &entry.kind,
        &entry.stream,
        &entry.actor.name,
        entry.actor.team.as_ref().unwrap_or(&String::new()),
    ] {
        push_cell(&mut row, text);
        row.push(',');
    }
    row.push_str(if body.is_none() { "yes" } else { "" });
    match view {
        View::Determinations => {
            let document = body
                .and_then(|body| body.get("determination"))
                .and_then(Value::as_str)
                .and_then(|text| serde_json::from_str::<Value>(text).ok())
                .unwrap_or_default();
            for (_, pointer) in OUTCOME {
                push(&mut row, document.pointer(pointer));
            }
            let empty = Vec::new();
            let list = |pointer: &str| {
                let found = document.pointer(pointer).and_then(Value::as_array);
                found.unwrap_or(&empty).clone()
            };
            let deciding: Vec<Value> = list("/jurisdictions")
                .iter()
                .filter_map(|one| one.get("deciding").and_then(Value::as_array).cloned())
                .flatten()
                .collect();
            let missing: Vec<Value> = list("/missing/essential")
                .iter()
                .filter_map(|one| one.get("fact").cloned())
                .collect();
            push(&mut row, Some(&Value::Array(deciding)));
            push(&mut row, Some(&Value::Array(missing)));
        }
        View::Decisions | View::Licences => {
            for name in fields {
                push(&mut row, body.and_then(|body| body.get(name)));
            }
        }
    }
    row.push('\n');
    row
}

/// A value as a cell: text as it is, words of a list behind one another, everything deeper as JSON.
fn push(row: &mut String, value: Option<&Value>) {
    row.push(',');
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => push_cell(row, text),
        // A figure is no formula, though it may begin with a minus.
        Some(Value::Number(number)) => row.push_str(&number.to_string()),
        Some(Value::Bool(yes)) => row.push_str(if *yes { "true" } else { "false" }),
        Some(Value::Array(all)) if all.iter().all(Value::is_string) => {
            let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            push_cell(row, &words.join("; "));
        }
        Some(deep) => push_cell(row, &deep.to_string()),
    }
}
