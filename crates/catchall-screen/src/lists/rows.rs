//! Rows: tables with commas or tabs, row by row, where a broken row costs that row only.
//!
//! Quotes as publishers use them: doubled inside a quoted cell, stray ones kept as they stand. A quote that is never
//! closed must not swallow the rows after it, so a row that runs over lines is taken only when it then has the right
//! number of cells. Knows nothing of what the cells mean.

use std::collections::VecDeque;
use std::io::{BufRead, Read};

use super::Refusal;
use super::input::{Input, western};

/// How far an open quote may run before it counts as never closed.
const LONGEST_ROW: usize = 256 << 10;

/// A row as it was found.
pub(super) enum Row {
    /// Its cells.
    Cells(Vec<String>),
    /// What is wrong with it.
    Broken(String),
}

/// What is known of the table once it was read.
#[derive(Default)]
pub(super) struct Table {
    /// A Ctrl-Z closed it, as the old end mark of text files.
    pub(super) end_mark: bool,
}

/// How a table is written.
pub(super) struct Shape {
    /// Between cells.
    pub(super) separator: u8,
    /// How many cells a row has; `None`: as many as the first row with more than one, for a title may stand above it.
    pub(super) cells: Option<usize>,
    /// Rows with fewer cells are filled up, as spreadsheets leave trailing cells out.
    pub(super) fill: bool,
}

/// A table that was saved from a spreadsheet.
pub(super) const SPREADSHEET: Shape = Shape {
    separator: b',',
    cells: None,
    fill: true,
};

/// Calls back for each row that is not blank, with the line on which it starts, from 1.
pub(super) fn rows(
    input: &mut Input<'_>,
    shape: &Shape,
    mut each: impl FnMut(u64, Row) -> Result<(), Refusal>,
) -> Result<Table, Refusal> {
    let mut table = Table::default();
    let mut wanted = shape.cells;
    let mut lines = Lines::default();
    while let Some((at, line)) = lines.take(input)? {
        let bare = line.strip_suffix(b"\n").unwrap_or(&line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        if bare == [0x1a] {
            table.end_mark = true;
            continue;
        }
        if bare.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let row = whole_row(input, &mut lines, line, wanted, shape)?;
        if let (Row::Cells(cells), None) = (&row, wanted)
            && cells.len() > 1
        {
            wanted = Some(cells.len());
        }
        input.mark();
        each(at, row)?;
    }
    Ok(table)
}

/// The row that begins with `first`, with as many further lines as its open quote asks for.
fn whole_row(
    input: &mut Input<'_>,
    lines: &mut Lines,
    first: Vec<u8>,
    wanted: Option<usize>,
    shape: &Shape,
) -> Result<Row, Refusal> {
    let (cells, open) = split(input, &first, shape.separator);
    if !open {
        return Ok(counted(cells, wanted, shape.fill));
    }
    let mut joined = first;
    let mut taken = Vec::new();
    while joined.len() < LONGEST_ROW {
        let Some((at, line)) = lines.take(input)? else {
            break;
        };
        // A line that is a whole row by itself shows that the quote was left open, not that a cell has many lines.
        let (alone, open) = split(input, &line, shape.separator);
        let whole = !open && alone.len() > 2 && wanted == Some(alone.len());
        joined.extend_from_slice(&line);
        taken.push((at, line));
        if whole {
            break;
        }
        let (cells, open) = split(input, &joined, shape.separator);
        if !open {
            if wanted.is_none_or(|wanted| cells.len() == wanted) {
                return Ok(Row::Cells(cells));
            }
            break;
        }
    }
    lines.give_back(taken);
    Ok(Row::Broken("a quote is opened and never closed".to_owned()))
}

fn counted(mut cells: Vec<String>, wanted: Option<usize>, fill: bool) -> Row {
    let Some(wanted) = wanted else {
        return Row::Cells(cells);
    };
    if fill && cells.len() < wanted {
        cells.resize(wanted, String::new());
    }
    // Spreadsheets and hand-made lists end rows with separators that stand for nothing.
    while cells.len() > wanted && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if cells.len() == wanted {
        return Row::Cells(cells);
    }
    Row::Broken(format!("{} cells instead of {wanted}", cells.len()))
}

/// Lines of a file, some of which may have been given back.
#[derive(Default)]
struct Lines {
    read: u64,
    pending: VecDeque<(u64, Vec<u8>)>,
}

impl Lines {
    fn take(&mut self, input: &mut Input<'_>) -> Result<Option<(u64, Vec<u8>)>, Refusal> {
        if let Some(line) = self.pending.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        match input.from.by_ref().read_until(b'\n', &mut line) {
            Ok(0) => Ok(None),
            Ok(_) => {
                self.read += 1;
                Ok(Some((self.read, line)))
            }
            Err(error) => Err(input.refusal(&error)),
        }
    }

    fn give_back(&mut self, lines: Vec<(u64, Vec<u8>)>) {
        for line in lines.into_iter().rev() {
            self.pending.push_front(line);
        }
    }
}

/// The cells of a row, and whether a quote is still open at its end.
fn split(input: &Input<'_>, row: &[u8], separator: u8) -> (Vec<String>, bool) {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut at = 0;
    loop {
        let quoted = row.get(at) == Some(&b'"');
        at += usize::from(quoted);
        loop {
            match row.get(at) {
                None => {
                    cells.push(text(input, &cell));
                    return (cells, quoted);
                }
                Some(b'"') if quoted => {
                    let next = row.get(at + 1).copied();
                    if next == Some(b'"') {
                        cell.push(b'"');
                        at += 2;
                    } else if next.is_none() || next == Some(separator) {
                        at += 1;
                        break;
                    } else {
                        cell.push(b'"');
                        at += 1;
                    }
                }
                Some(byte) if *byte == separator && !quoted => break,
                Some(byte) => {
                    cell.push(*byte);
                    at += 1;
                }
            }
        }
        cells.push(text(input, &cell));
        cell.clear();
        if at >= row.len() {
            return (cells, false);
        }
        at += 1;
    }
}

/// A cell as text: UTF-8, and where it is none, Windows-1252, so that a name with an accent is not lost.
fn text(input: &Input<'_>, cell: &[u8]) -> String {
    match std::str::from_utf8(cell) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => {
            input.read_as_western();
            western(cell).trim().to_owned()
        }
    }
}

/// The places of named columns in a header, found whatever their case.
pub(super) struct Header(Vec<String>);

impl Header {
    pub(super) fn of(cells: &[String]) -> Header {
        Header(cells.iter().map(|cell| folded(cell)).collect())
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let name = folded(name);
        self.0.iter().position(|own| *own == name)
    }

    /// The cell below `name`; empty where there is no such column.
    pub(super) fn cell<'r>(&self, row: &'r [String], name: &str) -> &'r str {
        self.place(name)
            .and_then(|at| row.get(at))
            .map_or("", String::as_str)
    }

    /// All columns with their cells, in order.
    pub(super) fn pairs<'r>(
        &'r self,
        row: &'r [String],
    ) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.0
            .iter()
            .map(String::as_str)
            .zip(row.iter().map(String::as_str))
    }
}

fn folded(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .trim()
        .to_lowercase()
        .replace('_', " ")
}
