//! Determinations for people on a terminal, and for spreadsheets.

use std::fmt::Write as _;
use std::io::{BufWriter, Stdout, Write};

use catchall_model::{Determination, Outcome, Verdict};
use serde_json::{Value, json};

use crate::batch::tables::{self, Column, Kind, Rows};
use crate::explain::measure::{columns, cut, lines};

/// A table that fits the terminal: who, what came out, and in a line what to do next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    width: usize,
    colour: bool,
}

/// Columns before the last: id, date.
const ID: usize = 18;
const DATE: usize = 10;
const OUTCOME: usize = 21;

impl Table {
    pub(crate) fn new(colour: bool) -> Table {
        let asked = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse::<usize>().ok());
        let seen = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Table {
            width: asked.or(seen).unwrap_or(110).clamp(40, 200),
            colour,
        }
    }

    /// Its columns.
    pub(crate) fn width(self) -> usize {
        self.width
    }

    /// On a narrow terminal the words stand below the outcome.
    fn narrow(self) -> bool {
        self.width < 84
    }

    pub(crate) fn head(self) -> String {
        let rule = "-".repeat(self.width);
        if self.narrow() {
            return format!("{:<ID$} {:<DATE$} OUTCOME\n{rule}\n", "TRANSFER", "DATE");
        }
        format!(
            "{:<ID$} {:<DATE$} {:<OUTCOME$} WHY, AND WHAT TO DO NEXT\n{rule}\n",
            "TRANSFER", "DATE", "OUTCOME"
        )
    }

    pub(crate) fn row(self, made: &Determination) -> String {
        let date = made
            .asked
            .as_of
            .map_or("no date".to_owned(), |day| day.to_string());
        let id = cut(&made.transfer, ID);
        let outcome = made.outcome.to_string();
        let painted = self.paint(made.outcome, &outcome);
        let (indent, room) = if self.narrow() {
            (2, self.width - 2)
        } else {
            (
                ID + DATE + OUTCOME + 3,
                self.width - ID - DATE - OUTCOME - 3,
            )
        };
        let lines = lines(&words(made), room.max(20));
        let pad = " ".repeat(OUTCOME.saturating_sub(columns(&outcome)));
        let mut row = format!(
            "{id}{} {date:<DATE$} {painted}{pad}",
            " ".repeat(ID.saturating_sub(columns(&id)))
        );
        let mut lines = lines.into_iter();
        if !self.narrow()
            && let Some(first) = lines.next()
        {
            row.push(' ');
            row.push_str(&first);
        }
        let mut row = row.trim_end().to_owned();
        row.push('\n');
        for line in lines {
            let _ = writeln!(row, "{}{line}", " ".repeat(indent));
        }
        row
    }

    fn paint(self, outcome: Outcome, word: &str) -> String {
        if !self.colour {
            return word.to_owned();
        }
        let style = match outcome {
            Outcome::NoLicenceRequired | Outcome::CoveredByLicence => "32",
            Outcome::Notify | Outcome::LicenceRequired => "33",
            Outcome::PresumptionOfDenial | Outcome::Prohibited | Outcome::NotScreened => "1;31",
            Outcome::NotKnown | Outcome::Refer => "1;36",
        };
        format!("\u{1b}[{style}m{word}\u{1b}[0m")
    }
}

/// Why, and what to do next.
fn words(made: &Determination) -> String {
    let decides = made.jurisdictions.first().and_then(|first| {
        made.findings.iter().find(|finding| {
            finding.verdict != Verdict::DoesNotApply && first.deciding.contains(&finding.provision)
        })
    });
    let cite = decides.map_or(String::new(), |finding| {
        let political = if finding.force.binds_in_law() {
            ""
        } else {
            " (political commitment)"
        };
        format!("{}{political}", finding.cite)
    });
    match made.outcome {
        Outcome::NotKnown => {
            let bounds = format!("{} to {}", made.bounds.least, made.bounds.most);
            let ask = made
                .missing
                .next
                .as_ref()
                .or(made.missing.essential.first())
                .map_or(String::new(), |next| {
                    format!(" Ask the {}: {}", next.ask, next.question)
                });
            format!("{bounds}.{ask}")
        }
        Outcome::NoLicenceRequired => match made.not_checked.len() {
            0 | 1 => "Nothing that was checked stands in the way.".to_owned(),
            open => format!(
                "Nothing that was checked stands in the way; {open} points were not checked."
            ),
        },
        Outcome::CoveredByLicence => format!("Check the conditions, and keep the record: {cite}."),
        Outcome::Notify => format!("Notify the authority, and wait for its answer: {cite}."),
        Outcome::LicenceRequired => format!("Apply for a licence before anything moves: {cite}."),
        Outcome::PresumptionOfDenial => {
            format!("Expect a refusal; stop, and ask the authority: {cite}.")
        }
        Outcome::Prohibited => format!("Stop: {cite}."),
        Outcome::Refer | Outcome::NotScreened => made.summary.clone(),
    }
}

/// Determinations for spreadsheets: one row a transfer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Csv;

impl Csv {
    pub(crate) fn head() -> String {
        "id,as_of,outcome,least,most,summary,jurisdictions,deciding,missing,next_question,flags\n"
            .to_owned()
    }

    pub(crate) fn row(made: &Determination) -> String {
        let mut row = String::with_capacity(512);
        let next = made.missing.next.as_ref();
        let next = next.or(made.missing.essential.first());
        let deciding = made.jurisdictions.iter().flat_map(|each| &each.deciding);
        push_cell(&mut row, &made.transfer);
        row.push(',');
        if let Some(day) = made.asked.as_of {
            let _ = write!(row, "{day}");
        }
        for word in [
            made.outcome.word(),
            made.bounds.least.word(),
            made.bounds.most.word(),
        ] {
            row.push(',');
            row.push_str(word);
        }
        row.push(',');
        push_cell(&mut row, &made.summary);
        push_cells(&mut row, &made.jurisdictions, |row, each| {
            row.push_str(&each.id);
            row.push('=');
            row.push_str(each.outcome.word());
        });
        push_cells(&mut row, deciding, |row, id| row.push_str(id));
        push_cells(&mut row, &made.missing.essential, |row, question| {
            row.push_str(&question.fact)
        });
        row.push(',');
        push_cell(
            &mut row,
            next.map_or("", |question| question.question.as_str()),
        );
        push_cells(&mut row, &made.flags, |row, flag| row.push_str(&flag.flag));
        row.push('\n');
        row
    }
}

/// Determinations as a table of columns with types: those of [`Csv`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns;

impl Columns {
    fn all() -> Vec<Column> {
        let kind = |name: &str| match name {
            "as_of" => Kind::Day,
            _ => Kind::Text,
        };
        Csv::head()
            .trim_end()
            .split(',')
            .map(|name| Column::new(name, kind(name)))
            .collect()
    }

    /// The cells as a line of JSON, which [`Out`] takes apart again: a row waits as text until it is recorded.
    pub(crate) fn row(made: &Determination) -> String {
        let next = made.missing.next.as_ref();
        let next = next.or(made.missing.essential.first());
        let held: Vec<String> = made
            .jurisdictions
            .iter()
            .map(|each| format!("{}={}", each.id, each.outcome.word()))
            .collect();
        let deciding: Vec<&String> = made
            .jurisdictions
            .iter()
            .flat_map(|each| &each.deciding)
            .collect();
        let missing: Vec<&String> = made.missing.essential.iter().map(|one| &one.fact).collect();
        let flags: Vec<&String> = made.flags.iter().map(|one| &one.flag).collect();
        let cells = json!([
            made.transfer,
            made.asked.as_of.map(|day| day.to_string()),
            made.outcome.word(),
            made.bounds.least.word(),
            made.bounds.most.word(),
            made.summary,
            held,
            deciding,
            missing,
            next.map(|question| &question.question),
            flags,
        ]);
        format!("{cells}\n")
    }
}

/// Where determinations go: text as it comes, or rows of a Parquet table.
pub(crate) enum Out {
    /// Straight to standard output.
    Text(BufWriter<Stdout>),
    /// A table on standard output; lines of [`Columns::row`] go in, the last of which may not be whole yet.
    Rows(Box<dyn Rows>, Vec<u8>),
}

impl Out {
    pub(crate) fn to(format: super::assess::Format) -> anyhow::Result<Out> {
        let out = BufWriter::with_capacity(1 << 16, std::io::stdout());
        Ok(match format {
            super::assess::Format::Parquet => {
                Out::Rows(tables::begin(Columns::all(), out)?, Vec::new())
            }
            _ => Out::Text(out),
        })
    }

    /// Writes what is left.
    pub(crate) fn end(self) -> anyhow::Result<()> {
        match self {
            Out::Text(mut out) => out.flush()?,
            Out::Rows(mut rows, _) => rows.end()?,
        }
        Ok(())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let (rows, waiting) = match self {
            Out::Text(out) => return out.write(bytes),
            Out::Rows(rows, waiting) => (rows, waiting),
        };
        waiting.extend_from_slice(bytes);
        let whole = waiting.iter().rposition(|byte| *byte == b'\n');
        let lines: Vec<u8> = waiting.drain(..whole.map_or(0, |end| end + 1)).collect();
        for line in lines
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let cells: Vec<Value> = serde_json::from_slice(line)?;
            rows.row(&cells)
                .map_err(|error| match error.downcast::<std::io::Error>() {
                    Ok(io) => io,
                    Err(other) => std::io::Error::other(format!("{other:#}")),
                })?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Out::Text(out) => out.flush(),
            Out::Rows(..) => Ok(()),
        }
    }
}

/// A row of a table for spreadsheets.
pub(crate) fn row(cells: &[String]) -> String {
    let mut row = String::with_capacity(256);
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        push_cell(&mut row, cell);
    }
    row.push('\n');
    row
}

/// Several values in one cell, behind a comma.
fn push_cells<T>(
    row: &mut String,
    values: impl IntoIterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    row.push(',');
    let start = row.len();
    for (place, value) in values.into_iter().enumerate() {
        if place > 0 {
            row.push_str("; ");
        }
        write(row, value);
    }
    if must_quote(&row[start..]) {
        let cell = row.split_off(start);
        push_cell(row, &cell);
    }
}

fn formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn must_quote(cell: &str) -> bool {
    formula(cell)
        || cell
            .bytes()
            .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

/// A cell, quoted where it must be; what a spreadsheet would take for a formula begins with an apostrophe.
pub(crate) fn push_cell(row: &mut String, cell: &str) {
    if !must_quote(cell) {
        return row.push_str(cell);
    }
    row.push('"');
    if formula(cell) {
        row.push('\'');
    }
    for (place, part) in cell.split('"').enumerate() {
        if place > 0 {
            row.push_str("\"\"");
        }
        row.push_str(part);
    }
    row.push('"');
}
