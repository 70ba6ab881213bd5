//! Delimited text as a sequence of rows: finds out the delimiter, reads the header, then hands out rows.
//!
//! What a row is, is said in [`super::rows`]; this file keeps the place in the file, the limits, and what
//! to say when a line is none.

use std::borrow::Cow;
use std::sync::Arc;

use catchall_model::Reject;

use super::rows::{Broken, Cells, Found, Grammar, find, is_blank, line_end};
use super::window::Window;
use super::{Limits, Raw, RawRecord};
use crate::OpenError;
use crate::columns::Header;
use crate::complaint::{Complaint, Fault, Record, show};

/// Delimiters that a file may have, the likeliest first.
const DELIMITERS: &[u8] = b",;\t|";

/// Rows of delimited text.
pub(crate) struct CsvRows {
    window: Window,
    file: Arc<str>,
    limits: Limits,
    header: Arc<Header>,
    delimiter: u8,
    row: u64,
    line: u64,
    /// Up to this place a loose quote is an error, since a quote before it was never closed.
    strict_until: u64,
    /// The same for the next row, wherever it ends.
    strict_once: bool,
    /// The same for all rows behind one that goes over several lines: whoever writes such cells quotes
    /// every quote, and a quote that went missing further up shows itself by a loose one.
    strict: bool,
    ended: bool,
}

impl CsvRows {
    /// Reads the header. `window` stands behind the byte order mark.
    pub(crate) fn open(
        file: Arc<str>,
        mut window: Window,
        limits: Limits,
    ) -> Result<CsvRows, OpenError> {
        let mut line = 1;
        let mut told = None;
        loop {
            let (length, next) = first_line(&mut window, &limits, &file)?;
            let Some(text) = window.bytes().get(..length) else {
                return Err(OpenError::NoHeader { file });
            };
            if let [b's', b'e', b'p', b'=', delimiter] = text {
                told = Some(*delimiter);
            } else if !text
                .iter()
                .all(|byte| byte.is_ascii_whitespace() || DELIMITERS.contains(byte))
            {
                break;
            } else if next == 0 {
                return Err(OpenError::NoHeader { file });
            }
            window.pass(next);
            line += 1;
        }
        let (delimiter, names, next, lines) = header(&mut window, told, &limits, &file)?;
        let header = Header::resolve(names, limits.table).map_err(|faults| OpenError::Columns {
            file: file.clone(),
            faults,
        })?;
        window.pass(next);
        Ok(CsvRows {
            window,
            file,
            limits,
            header: Arc::new(header),
            delimiter,
            row: 0,
            line: line + lines,
            strict_until: 0,
            strict_once: false,
            strict: false,
            ended: false,
        })
    }

    pub(crate) fn header(&self) -> Arc<Header> {
        self.header.clone()
    }

    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(crate) fn next_raw(&mut self) -> Option<Result<Raw, Reject>> {
        while !self.ended {
            let grammar = Grammar {
                delimiter: self.delimiter,
                cells: self.header.columns.len(),
                strict: self.strict || self.strict_once || self.window.offset() < self.strict_until,
            };
            let scope = self.window.scope(self.limits.record);
            let full = scope.full;
            match find(scope.bytes, scope.last, grammar) {
                Found::Row {
                    length,
                    next,
                    lines,
                } => {
                    if let Some(raw) = self.row(length, next, lines) {
                        return Some(raw);
                    }
                }
                Found::Broken {
                    why,
                    length,
                    next,
                    seen,
                } => return Some(Err(self.give_up_line(why, length, next, seen))),
                Found::Unfinished if full => {
                    return Some(Err(self.too_long()));
                }
                Found::Unfinished => {
                    if !self.window.grow()
                        && let Some(why) = self.window.failure()
                    {
                        self.ended = true;
                        self.row += 1;
                        return Some(Err(self.reject(super::stopped(&why).of_all())));
                    }
                }
                Found::End => self.ended = true,
            }
        }
        None
    }

    /// Takes a row out of the window; `None` when it says nothing.
    fn row(&mut self, length: usize, next: usize, lines: u64) -> Option<Result<Raw, Reject>> {
        let line = self.line;
        let bytes = self.window.bytes().get(..length).unwrap_or_default();
        let blank = is_blank(bytes, self.delimiter);
        let taken = if length > self.limits.record {
            None
        } else {
            Some(bytes.to_vec())
        };
        self.window.pass(next);
        self.strict_once = false;
        self.strict |= lines > 1;
        if blank {
            self.line += lines;
            return None;
        }
        self.row += 1;
        let raw = match taken {
            Some(bytes) => Ok(Raw {
                row: self.row,
                line: Some(line),
                record: RawRecord::Text(bytes),
            }),
            None => Err(self.reject(super::too_long(&self.limits).of_all())),
        };
        self.line += lines;
        Some(raw)
    }

    /// Rejects the first line of what looked like a row, and goes on behind it.
    fn give_up_line(&mut self, why: Broken, length: usize, next: usize, seen: usize) -> Reject {
        let text = String::from_utf8_lossy(self.window.bytes().get(..length).unwrap_or_default())
            .into_owned();
        let reaches_over = seen > length;
        let (cell, fault) = match why {
            Broken::AfterQuote { cell } => (
                cell,
                Fault::new(
                    if reaches_over {
                        "the quote that opens this cell is not closed on its line, and no cell ends where the next quote stands"
                    } else {
                        "something follows the closing quote of this cell"
                    },
                    "write a quote inside a quoted cell twice (`\"\"`), and close the cell with a single one",
                ),
            ),
            Broken::Unclosed { cell } => (cell, self.unclosed()),
            Broken::Loose { cell } => (
                cell,
                Fault::new(
                    "a loose quote stands here, beside or behind a quoted cell that goes over the end of its line; what belongs together cannot be told",
                    "close the quote above, or put this cell in quotes and write its own quotes twice (`\"\"`)",
                ),
            ),
            Broken::Swallows { cell } => (
                cell,
                Fault::new(
                    "the quote that opens this cell is closed on a later line, and each line up to there has the cells of a row of its own",
                    "close the quote on its own line; in a text over several lines, write something other than the delimiter",
                ),
            ),
            Broken::Ragged { cell, cells } => (
                cell,
                Fault::new(
                    format!(
                        "the quote that opens this cell is closed on a later line, where the row then has {cells} cells and the header {}",
                        self.header.columns.len()
                    ),
                    "close the quote on its own line, or give the row one cell for each column",
                ),
            ),
        };
        self.strict_until = self.strict_until.max(self.window.offset() + seen as u64);
        self.strict_once = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
        self.row += 1;
        let shown = Cells::of(&text, self.delimiter)
            .nth(cell)
            .unwrap_or_default();
        let reject = self.reject(fault.at(self.header.name(cell), &shown));
        self.window.pass(next);
        self.line += 1;
        reject
    }

    fn unclosed(&self) -> Fault {
        Fault::new(
            format!(
                "the quote that opens this cell is not closed in the file, or not within {}",
                super::in_words(self.limits.record)
            ),
            "close it, or write a quote that is part of the text inside quotes and twice (`\"\"`)",
        )
    }

    /// Rejects a record beyond the limit: a line of that length, or a quote that does not end.
    fn too_long(&mut self) -> Reject {
        let bytes = self.window.scope(self.limits.record).bytes;
        if let Some((length, next)) = line_end(bytes, false) {
            let seen = bytes.len();
            let grammar = Grammar {
                delimiter: self.delimiter,
                cells: 0,
                strict: false,
            };
            let why = match find(bytes, true, grammar) {
                Found::Broken { why, .. } => why,
                _ => Broken::Unclosed { cell: 0 },
            };
            return self.give_up_line(why, length, next, seen);
        }
        self.row += 1;
        let reject = self.reject(super::too_long(&self.limits).of_all());
        loop {
            let held = self.window.bytes().len();
            match line_end(self.window.bytes(), self.window.finished()) {
                Some((_, next)) => {
                    self.window.pass(next);
                    break;
                }
                // A CR at the very end stays, for the LF that may follow.
                None => self.window.pass(held.saturating_sub(1)),
            }
            // A failure is told as the next record.
            if !self.window.grow() && !self.window.finished() {
                break;
            }
        }
        self.line += 1;
        self.strict_once = true;
        reject
    }

    fn reject(&self, complaint: Complaint) -> Reject {
        let record = Record {
            file: &self.file,
            row: self.row,
            line: Some(self.line),
        };
        record.reject(None, complaint)
    }
}

/// The first line that is all there.
fn first_line(
    window: &mut Window,
    limits: &Limits,
    file: &Arc<str>,
) -> Result<(usize, usize), OpenError> {
    loop {
        let scope = window.scope(limits.record);
        if let Some(found) = line_end(scope.bytes, scope.last) {
            return Ok(found);
        }
        grow(window, limits, file)?;
    }
}

fn grow(window: &mut Window, limits: &Limits, file: &Arc<str>) -> Result<(), OpenError> {
    if window.scope(limits.record).full {
        return Err(OpenError::NoHeader { file: file.clone() });
    }
    if !window.grow()
        && let Some(why) = window.failure()
    {
        return Err(OpenError::Read {
            file: file.clone(),
            why,
        });
    }
    Ok(())
}

type HeaderRow = (u8, Vec<String>, usize, u64);

/// The header under the delimiter that gives the most known columns; under the one that gives the most
/// cells where none is known. A delimiter under which the header is not complete yet is waited for: a name
/// in quotes may go over several lines.
fn header(
    window: &mut Window,
    told: Option<u8>,
    limits: &Limits,
    file: &Arc<str>,
) -> Result<HeaderRow, OpenError> {
    let told = told.map(|delimiter| [delimiter]);
    let delimiters = told.as_ref().map_or(DELIMITERS, <[u8; 1]>::as_slice);
    loop {
        let mut best: Option<((usize, usize), u8, Row)> = None;
        let (mut waiting, mut broken) = (false, false);
        for delimiter in delimiters {
            let grammar = Grammar {
                delimiter: *delimiter,
                cells: 0,
                strict: false,
            };
            let scope = window.scope(limits.record);
            match find(scope.bytes, scope.last, grammar) {
                Found::Row {
                    length,
                    next,
                    lines,
                } => {
                    let row =
                        String::from_utf8_lossy(window.bytes().get(..length).unwrap_or_default());
                    let names: Vec<String> =
                        Cells::of(&row, *delimiter).map(Cow::into_owned).collect();
                    let rank = (Header::known(&names, limits.table), names.len());
                    if best.as_ref().is_none_or(|(so_far, ..)| rank > *so_far) {
                        best = Some((
                            rank,
                            *delimiter,
                            Row {
                                length,
                                next,
                                lines,
                            },
                        ));
                    }
                }
                Found::Unfinished => waiting = true,
                Found::Broken { .. } => broken = true,
                Found::End => {}
            }
        }
        if waiting {
            grow(window, limits, file)?;
            continue;
        }
        let Some(((known, cells), delimiter, row)) =
            best.filter(|((known, _), ..)| *known > 0 || !broken)
        else {
            return Err(OpenError::Damaged {
                file: file.clone(),
                problem:
                    "the first line has a quote that is not closed, or text behind a closing quote"
                        .to_owned(),
                cure: "write the column names without quotes".to_owned(),
            });
        };
        let names = names(
            window.bytes().get(..row.length).unwrap_or_default(),
            delimiter,
            file,
        )?;
        let is_prose =
            known == 0 && cells == 1 && names.first().is_some_and(|name| name.len() >= 64);
        return if is_prose {
            Err(OpenError::NoHeader { file: file.clone() })
        } else {
            Ok((delimiter, names, row.next, row.lines))
        };
    }
}

/// A header as a piece of the file.
struct Row {
    length: usize,
    next: usize,
    lines: u64,
}

/// The names in a header row.
fn names(row: &[u8], delimiter: u8, file: &Arc<str>) -> Result<Vec<String>, OpenError> {
    match std::str::from_utf8(row) {
        Ok(row) => Ok(Cells::of(row, delimiter).map(Cow::into_owned).collect()),
        Err(error) => {
            let before = row.get(..error.valid_up_to()).unwrap_or_default();
            let number = before.iter().filter(|byte| **byte == delimiter).count() + 1;
            Err(OpenError::Damaged {
                file: file.clone(),
                problem: format!(
                    "column {number} of the header is not UTF-8: {}",
                    show(&String::from_utf8_lossy(row), 60)
                ),
                cure: super::SAVE_AS_UTF_8.to_owned(),
            })
        }
    }
}
