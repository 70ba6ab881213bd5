//! Tables for analysts: determinations, decisions of cases, movements of licences, as CSV or Parquet.
//!
//! One row an entry. What a determination says stands in columns of its own; of the others every field that occurs at the top of a body is a
//! column, so that a new kind of act needs nothing here. In CSV what a spreadsheet would take for a formula begins with an apostrophe; in
//! Parquet cells are as they are, and a column of a body is a number or a flag where all its values are.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result};
use catchall_ledger::{Ask, Entry, Ledger, LedgerError};
use serde_json::Value;

use super::super::output::push_cell;
use crate::batch::tables::{self, Column, Kind};

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For spreadsheets.
    Csv,
    /// Columns with types; for a file or a pipe. Needs a build with `--features team`.
    Parquet,
}

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
const COMMON: [(&str, Kind); 7] = [
    ("entry", Kind::Whole),
    ("at", Kind::Time),
    ("kind", Kind::Text),
    ("stream", Kind::Text),
    ("by", Kind::Text),
    ("team", Kind::Text),
    ("erased", Kind::Flag),
];
/// Where a determination's columns are found in its document.
const OUTCOME: [(&str, &str, Kind); 11] = [
    ("transfer", "/transfer", Kind::Text),
    ("as_of", "/asked/as_of", Kind::Day),
    ("known_by", "/asked/known_by", Kind::Day),
    ("outcome", "/outcome", Kind::Text),
    ("least", "/bounds/least", Kind::Text),
    ("most", "/bounds/most", Kind::Text),
    ("summary", "/summary", Kind::Text),
    ("packs", "/basis/packs", Kind::Text),
    ("lists", "/basis/lists", Kind::Text),
    ("program", "/basis/program", Kind::Text),
    ("id", "/id", Kind::Text),
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
pub(super) fn write(
    ledger: &Ledger,
    view: View,
    format: Format,
    out: &mut (dyn Write + Send),
) -> Result<u64> {
    let last = ledger.head()?.map_or(0, |head| head.number);
    let fields = match view {
        View::Determinations => BTreeMap::new(),
        View::Decisions | View::Licences => fields(ledger, view, last)?,
    };
    let columns = columns(view, &fields);
    let mut rows = 0;
    if format == Format::Parquet {
        let mut table = tables::begin(columns, out)?;
        each(ledger, view, last, |entry| {
            rows += 1;
            table
                .row(&cells(entry, view, &fields))
                .with_context(|| format!("entry {}", entry.number))
        })?;
        table.end()?;
        return Ok(rows);
    }
    let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    out.write_all(super::super::output::row(&names).as_bytes())?;
    each(ledger, view, last, |entry| {
        rows += 1;
        out.write_all(row(&cells(entry, view, &fields)).as_bytes())?;
        Ok(())
    })?;
    Ok(rows)
}

fn columns(view: View, fields: &BTreeMap<String, Kind>) -> Vec<Column> {
    let mut all: Vec<Column> = COMMON
        .iter()
        .map(|(name, kind)| Column::new(*name, *kind))
        .collect();
    match view {
        View::Determinations => {
            all.extend(
                OUTCOME
                    .iter()
                    .map(|(name, _, kind)| Column::new(*name, *kind)),
            );
            all.extend(["deciding", "missing"].map(|name| Column::new(name, Kind::Text)));
        }
        View::Decisions | View::Licences => all.extend(
            fields
                .iter()
                .map(|(name, kind)| Column::new(format!("body.{name}"), *kind)),
        ),
    }
    all
}

/// Every field at the top of a body, in the order of the alphabet, with the kind that all its values have.
fn fields(ledger: &Ledger, view: View, last: u64) -> Result<BTreeMap<String, Kind>> {
    let mut kinds: BTreeMap<String, Option<Kind>> = BTreeMap::new();
    each(ledger, view, last, |entry| {
        if let Some(Value::Object(body)) = entry.body.value() {
            for (name, value) in body {
                let found = match value {
                    Value::Null => None,
                    Value::Bool(_) => Some(Kind::Flag),
                    Value::Number(number) if number.is_i64() => Some(Kind::Whole),
                    _ => Some(Kind::Text),
                };
                match kinds.get_mut(name) {
                    None => {
                        kinds.insert(name.clone(), found);
                    }
                    Some(kind) if found.is_some() && *kind != found => {
                        *kind = Some(if kind.is_none() {
                            found.unwrap_or(Kind::Text)
                        } else {
                            Kind::Text
                        });
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    })?;
    let kinds = kinds.into_iter();
    Ok(kinds
        .map(|(name, kind)| (name, kind.unwrap_or(Kind::Text)))
        .collect())
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

fn cells(entry: &Entry, view: View, fields: &BTreeMap<String, Kind>) -> Vec<Value> {
    let body = entry.body.value();
    let mut cells = vec![
        Value::from(entry.number),
        Value::from(entry.at.to_string()),
        Value::from(entry.kind.as_str()),
        Value::from(entry.stream.as_str()),
        Value::from(entry.actor.name.as_str()),
        entry.actor.team.as_deref().map_or(Value::Null, Value::from),
        Value::from(body.is_none()),
    ];
    match view {
        View::Determinations => determined(body, &mut cells),
        View::Decisions | View::Licences => {
            let of = |name: &String| body.and_then(|body| body.get(name)).cloned();
            cells.extend(fields.keys().map(|name| of(name).unwrap_or_default()));
        }
    }
    cells
}

/// The cells of what a determination says.
fn determined(body: Option<&Value>, cells: &mut Vec<Value>) {
    let document = body
        .and_then(|body| body.get("determination"))
        .and_then(Value::as_str)
        .and_then(|text| serde_json::from_str::<Value>(text).ok())
        .unwrap_or_default();
    let at = |pointer: &str| document.pointer(pointer).cloned().unwrap_or_default();
    cells.extend(OUTCOME.iter().map(|(_, pointer, _)| at(pointer)));
    if body.is_none() {
        return cells.extend([Value::Null, Value::Null]);
    }
    let list = |pointer: &str| match at(pointer) {
        Value::Array(all) => all,
        _ => Vec::new(),
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
    cells.extend([Value::Array(deciding), Value::Array(missing)]);
}

/// A row as CSV.
fn row(cells: &[Value]) -> String {
    let mut row = String::with_capacity(512);
    for (place, value) in cells.iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        match value {
            // Whether an entry was erased is a word or nothing, as it was from the first release.
            Value::Bool(erased) if place + 1 == COMMON.len() => {
                row.push_str(if *erased { "yes" } else { "" });
            }
            // A figure is no formula, though it may begin with a minus.
            Value::Number(number) => row.push_str(&number.to_string()),
            other => push_cell(&mut row, &tables::words(other).unwrap_or_default()),
        }
    }
    row.push('\n');
    row
}
