//! Rows: from a file of transfers to [`Transfer`]s and [`Reject`]s; or of parties that are to be screened by themselves.
//!
//! [`open`] gives a [`Reader`], which hands out raw records one after the other and cheaply, and a
//! [`Decoder`], which any number of workers may share:
//!
//! ```text
//! file --Reader--> Raw, Raw, Raw ... --Decoder (many at once)--> Transfer | rejects
//! ```
//!
//! Bad records never stop the good ones: each becomes one reject a fault, with file, row, line, column,
//! what stood there, and what would have been right. What is wrong with the file as a whole (an unknown
//! column, a workbook that is none) is an [`OpenError`], since every row would suffer from it.
//!
//! Reads words of the public contract only. Whether a property is known, and whether `320 km` is a range,
//! is for the packs' vocabulary.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod cells;
mod columns;
mod complaint;
mod json;
mod nearest;
mod raw;
mod words;

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use catchall_model::{Party, Places, Reject, Transfer};

use self::cells::Row;
use self::columns::{Column, Header};
use self::complaint::{Complaint, Fault, Known, Record};
use self::raw::{Cells, Shape};

pub use self::columns::{ColumnFault, TableOf};
pub use self::json::TRANSFER as TRANSFER_FIELDS;
pub use self::json::party::AskedParty;
pub use self::raw::{Cell, CellKind, Format, Limits, Raw, RawRecord, Reader};

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system says no.
    #[error("{file}: cannot be read: {why}")]
    Read {
        /// The file.
        file: Arc<str>,
        /// What the system says.
        why: String,
    },
    /// Nothing there.
    #[error("{file}: the file is empty; write a header and rows, or JSON objects")]
    Empty {
        /// The file.
        file: Arc<str>,
    },
    /// A table without column names.
    #[error(
        "{file}: no header was found; the first line must name the columns, for example `id,kind,date,from,to,item`"
    )]
    NoHeader {
        /// The file.
        file: Arc<str>,
    },
    /// Something else altogether.
    #[error("{file}: this is {found}; {cure}")]
    OtherFormat {
        /// The file.
        file: Arc<str>,
        /// What it is.
        found: String,
        /// What to do.
        cure: String,
    },
    /// The right format, and damaged.
    #[error("{file}: {problem}; {cure}")]
    Damaged {
        /// The file.
        file: Arc<str>,
        /// What is wrong.
        problem: String,
        /// What to do.
        cure: String,
    },
    /// Columns that nobody knows, or that stand twice.
    #[error("{}", faults.iter().map(|fault| format!("{file}: {fault}")).collect::<Vec<_>>().join("\n"))]
    Columns {
        /// The file.
        file: Arc<str>,
        /// Each column that is wrong.
        faults: Vec<ColumnFault>,
    },
}

/// Opens a file, or standard input for `-`.
///
/// The format follows from `format`, then from the file's name, then from its first bytes; a ZIP archive
/// is always tried as an Excel workbook, whatever its name.
///
/// # Errors
/// When the file cannot be opened, is of another format, or has columns that are not known.
pub fn open(
    path: &Path,
    format: Option<Format>,
    limits: Limits,
    places: Arc<Places>,
) -> Result<(Reader, Decoder), OpenError> {
    let reader = Reader::open(path, format, limits)?;
    let decoder = Decoder::new(path.to_string_lossy().as_ref(), &reader, places);
    Ok((reader, decoder))
}

/// The same for a stream, such as the body of a request; `name` is what rejects call it.
///
/// # Errors
/// As [`open`].
pub fn from_stream(
    name: &str,
    stream: Box<dyn Read + Send>,
    format: Option<Format>,
    limits: Limits,
    places: Arc<Places>,
) -> Result<(Reader, Decoder), OpenError> {
    let reader = Reader::from_stream(Arc::from(name), stream, format, limits)?;
    let decoder = Decoder::new(name, &reader, places);
    Ok((reader, decoder))
}

/// Turns raw records into transfers. Shared by all workers.
#[derive(Debug)]
pub struct Decoder {
    file: Arc<str>,
    known: Known,
    header: Arc<Header>,
    delimiter: u8,
}

/// A column whose name is for the packs' vocabulary to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VocabularyColumn<'a> {
    /// Number of the column, from 1.
    pub number: usize,
    /// What stands before the point: `property`, `made_with`, `fact`.
    pub family: &'a str,
    /// What stands behind it, in lower case with `_`.
    pub name: &'a str,
}

impl Decoder {
    fn new(file: &str, reader: &Reader, places: Arc<Places>) -> Decoder {
        let (header, delimiter) = match reader.shape() {
            Shape::Text { header, delimiter } => (header, delimiter),
            Shape::Cells { header } => (header, b','),
            Shape::Json => (Arc::default(), b','),
        };
        Decoder {
            file: Arc::from(file),
            known: Known::new(places),
            header,
            delimiter,
        }
    }

    /// For single JSON documents, without a reader.
    pub fn of_json(name: &str, places: Arc<Places>) -> Decoder {
        Decoder {
            file: Arc::from(name),
            known: Known::new(places),
            header: Arc::default(),
            delimiter: b',',
        }
    }

    /// For rows that come from elsewhere than a file, as [`RawRecord::Cells`] in the order of these names: the tables of another program.
    ///
    /// # Errors
    /// When a column is not known, is named twice, or has no name.
    pub fn of_columns(
        name: &str,
        columns: Vec<String>,
        table: TableOf,
        places: Arc<Places>,
    ) -> Result<Decoder, OpenError> {
        let file: Arc<str> = Arc::from(name);
        let header = Header::resolve(columns, table).map_err(|faults| OpenError::Columns {
            file: file.clone(),
            faults,
        })?;
        Ok(Decoder {
            file,
            known: Known::new(places),
            header: Arc::new(header),
            delimiter: b',',
        })
    }

    /// The columns that only the packs' vocabulary can judge: check them once, before the first row.
    pub fn vocabulary_columns(&self) -> impl Iterator<Item = VocabularyColumn<'_>> {
        self.header
            .columns
            .iter()
            .enumerate()
            .filter_map(|(place, column)| {
                let (family, name) = match column {
                    Column::Property(name) => ("property", name),
                    Column::MadeWith(name) => ("made_with", name),
                    Column::Fact(name) => ("fact", name),
                    _ => return None,
                };
                Some(VocabularyColumn {
                    number: place + 1,
                    family,
                    name,
                })
            })
    }

    /// The file's name, as rejects call it.
    pub fn file_name(&self) -> &str {
        &self.file
    }

    /// Whether the records stand under a header of columns.
    pub fn is_table(&self) -> bool {
        !self.header.columns.is_empty()
    }

    /// Reads one record.
    ///
    /// # Errors
    /// One reject for each fault of the record, at most 20.
    pub fn decode(&self, raw: &Raw) -> Result<Transfer, Vec<Reject>> {
        let (outcome, id) = match &raw.record {
            RawRecord::Text(bytes) => self.text(bytes, raw.row),
            RawRecord::Json(bytes) => json::transfer(&self.known, bytes, raw.row),
            RawRecord::Cells(cells) => self.sheet_row(cells, raw.row),
        };
        outcome
            .map(in_order)
            .map_err(|complaints| self.rejects(raw, id.as_deref(), complaints))
    }

    /// Reads one record as a party that stands by itself.
    ///
    /// # Errors
    /// One reject for each fault of the record, at most 20.
    pub fn party(&self, raw: &Raw) -> Result<AskedParty, Vec<Reject>> {
        let complaints = match &raw.record {
            RawRecord::Json(bytes) => match json::party::party(&self.known, bytes, raw.row) {
                Ok(asked) => return Ok(asked),
                Err(complaints) => complaints,
            },
            RawRecord::Text(_) | RawRecord::Cells(_) => {
                let row = self.decode(raw)?;
                let party = row.parties.unwrap_or_default().into_iter().next();
                let party = Party {
                    role: String::new(),
                    ..party.unwrap_or_default()
                };
                match AskedParty::new(row.id, party, raw.row) {
                    Ok(asked) => return Ok(asked),
                    Err(complaint) => vec![complaint],
                }
            }
        };
        Err(self.rejects(raw, None, complaints))
    }

    fn rejects(&self, raw: &Raw, id: Option<&str>, complaints: Vec<Complaint>) -> Vec<Reject> {
        let record = Record {
            file: &self.file,
            row: raw.row,
            line: raw.line,
        };
        complaints
            .into_iter()
            .map(|complaint| record.reject(id, complaint))
            .collect()
    }

    fn text<'b>(&self, bytes: &'b [u8], row: u64) -> Decoded<'b> {
        let text = match self.utf_8(bytes) {
            Ok(text) => text,
            Err(complaint) => return (Err(vec![complaint]), None),
        };
        let mut building = Row::new(&self.known, &self.header);
        let mut id = None;
        let mut count = 0;
        for (place, cell) in Cells::of(text, self.delimiter).enumerate() {
            count += 1;
            if !cell.is_empty() {
                building.take(place, &cell);
                if self.header.id == Some(place) {
                    id = Some(cell);
                }
            }
        }
        if count != self.header.columns.len() {
            return (Err(vec![self.ragged(count)]), id);
        }
        (building.finish(row), id)
    }

    /// The record as text; else what is wrong with its bytes, and in which column.
    fn utf_8<'b>(&self, bytes: &'b [u8]) -> Result<&'b str, Complaint> {
        let (place, fault) = match std::str::from_utf8(bytes) {
            Ok(text) => match memchr::memchr(0, bytes) {
                None => return Ok(text),
                Some(place) => (
                    place,
                    Fault::new(
                        format!(
                            "byte {} of the record is NUL, which no text holds",
                            place + 1
                        ),
                        "save the file as text in UTF-8",
                    ),
                ),
            },
            Err(error) => {
                let place = error.valid_up_to();
                let byte = bytes.get(place).copied().unwrap_or_default();
                (
                    place,
                    Fault::new(
                        format!(
                            "byte {} of the record (0x{byte:02X}) is not UTF-8",
                            place + 1
                        ),
                        raw::SAVE_AS_UTF_8,
                    ),
                )
            }
        };
        let text = String::from_utf8_lossy(bytes);
        let before = String::from_utf8_lossy(bytes.get(..place).unwrap_or_default());
        let column = Cells::of(&before, self.delimiter).count() - 1;
        let cell = Cells::of(&text, self.delimiter)
            .nth(column)
            .unwrap_or_default();
        Err(fault.at(self.header.name(column), &cell))
    }

    fn ragged(&self, count: usize) -> Complaint {
        let wanted = self.header.columns.len();
        let cure = if count < wanted {
            "write every cell, also the empty ones at the end, and close every quote"
        } else {
            "put a cell that holds the delimiter in quotes, or name the further columns in the header"
        };
        let cells = if count == 1 { "cell" } else { "cells" };
        Fault::new(
            format!("the row has {count} {cells} and the header {wanted}"),
            cure,
        )
        .of_all()
    }

    fn sheet_row<'b>(&self, cells: &'b [Cell], row: u64) -> Decoded<'b> {
        let mut building = Row::new(&self.known, &self.header);
        for (place, cell) in cells.iter().enumerate() {
            let text = cell.text.trim();
            match &cell.kind {
                CellKind::Fault { problem, cure } => building.complain(place, text, Fault::new(problem, *cure)),
                CellKind::Scientific if self.header.holds_keys(place) => building.complain(
                    place,
                    text,
                    Fault::new(
                        "the spreadsheet holds a number here, shown with an exponent; it may have been a code such as `5E002`",
                        "give the column the format text and write the code again",
                    ),
                ),
                CellKind::Plain | CellKind::Scientific => {
                    if !text.is_empty() {
                        building.take(place, text);
                    }
                }
            }
        }
        let id = self
            .header
            .id
            .and_then(|place| cells.get(place))
            .map(|cell| Cow::Borrowed(cell.text.trim()));
        (building.finish(row), id)
    }
}

/// The column that fills a field of the JSON form, by the field's path in its line or in the transfer.
pub fn column_of_field(path: &str) -> Option<&'static str> {
    columns::FIELDS
        .iter()
        .find(|(column, field, _)| *field == path || (field.is_empty() && *column == path))
        .map(|(column, _, _)| *column)
}

/// A transfer or what is wrong with it, and the id where it could be read.
pub(crate) type Decoded<'b> = (Result<Transfer, Vec<Complaint>>, Option<Cow<'b, str>>);

/// A transfer as it stands whatever order its columns or keys had, so that a record read again gives the same answer byte for byte.
fn in_order(mut transfer: Transfer) -> Transfer {
    transfer.fill_own_fields();
    for line in &mut transfer.lines {
        let item = &mut line.item;
        item.codes.sort();
        item.properties.sort_by(|a, b| a.0.cmp(&b.0));
        item.made_with.sort_by(|a, b| a.0.cmp(&b.0));
    }
    for party in transfer.parties.iter_mut().flatten() {
        party.identifiers.sort();
    }
    transfer.facts.sort_by(|a, b| a.0.cmp(&b.0));
    transfer.evidence.sort();
    transfer
}
