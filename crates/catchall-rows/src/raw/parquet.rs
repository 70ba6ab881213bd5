//! The rows of a Parquet table: each value as the words that a person would have written in a sheet.
//!
//! One row is held at a time, beside the pages of the columns that it comes from. A column is flat, or a list of words; what is nested
//! deeper is turned down with its column, as is a number that is none. A file that the library stumbles over ends there, and says so.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use catchall_model::{Day, Reject};
use parquet::errors::ParquetError;
use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};

use super::{Cell, Limits, Raw, RawRecord};
use crate::OpenError;
use crate::columns::Header;
use crate::complaint::{Fault, Record, show};

/// What is needed to go on.
const WRITE_AGAIN: &str =
    "check that the file was copied to its end, or write it again, packed with Snappy or gzip";

/// A day has no hour here.
const NO_HOUR: &str = "write the day alone, as a date or as `2026-11-22`";

/// Rows of a Parquet table.
pub(crate) struct ParquetRows {
    rows: RowIter<'static>,
    file: Arc<str>,
    header: Arc<Header>,
    row: u64,
    ended: bool,
}

impl ParquetRows {
    /// Opens a file.
    pub(crate) fn open(
        file: Arc<str>,
        opened: File,
        limits: Limits,
    ) -> Result<ParquetRows, OpenError> {
        ParquetRows::of(file, || SerializedFileReader::new(opened), limits)
    }

    /// Opens what was held of a stream.
    pub(crate) fn held(
        file: Arc<str>,
        held: Vec<u8>,
        limits: Limits,
    ) -> Result<ParquetRows, OpenError> {
        ParquetRows::of(
            file,
            || SerializedFileReader::new(Bytes::from(held)),
            limits,
        )
    }

    fn of<R: parquet::file::reader::ChunkReader + 'static>(
        file: Arc<str>,
        open: impl FnOnce() -> Result<SerializedFileReader<R>, ParquetError>,
        limits: Limits,
    ) -> Result<ParquetRows, OpenError> {
        let damaged = |problem: String| OpenError::Damaged {
            file: file.clone(),
            problem: format!("the Parquet file cannot be read: {problem}"),
            cure: WRITE_AGAIN.to_owned(),
        };
        let reader = careful(open).map_err(damaged)?;
        let names = {
            use parquet::file::reader::FileReader as _;
            let schema = reader.metadata().file_metadata().schema();
            let fields = schema.get_fields().iter();
            fields.map(|field| field.name().to_owned()).collect()
        };
        let rows =
            careful(|| RowIter::from_file_into(Box::new(reader)).project(None)).map_err(damaged)?;
        let header = Header::resolve(names, limits.table).map_err(|faults| OpenError::Columns {
            file: file.clone(),
            faults,
        })?;
        Ok(ParquetRows {
            rows,
            file,
            header: Arc::new(header),
            row: 0,
            ended: false,
        })
    }

    pub(crate) fn header(&self) -> Arc<Header> {
        self.header.clone()
    }

    pub(crate) fn next_raw(&mut self) -> Option<Result<Raw, Reject>> {
        while !self.ended {
            let rows = &mut self.rows;
            let cells = match careful(|| rows.next().transpose()) {
                Ok(None) => break,
                Ok(Some(row)) => cells(row),
                Err(problem) => {
                    self.ended = true;
                    self.row += 1;
                    return Some(Err(self.broken(&problem)));
                }
            };
            // A row with nothing in it is none, as in a sheet.
            if cells.iter().all(|cell| *cell == Cell::default()) {
                continue;
            }
            self.row += 1;
            return Some(Ok(Raw {
                row: self.row,
                line: None,
                record: RawRecord::Cells(cells),
            }));
        }
        self.ended = true;
        None
    }

    /// The row at which reading ended before the file did.
    fn broken(&self, problem: &str) -> Reject {
        // What the library says may quote the file, which may hold anything.
        let problem = show(problem, 160);
        let fault = Fault::new(
            format!("the Parquet file cannot be read from here on: {problem}"),
            WRITE_AGAIN,
        );
        let record = Record {
            file: &self.file,
            row: self.row,
            line: None,
        };
        record.reject(None, fault.of_all())
    }
}

/// Calls the library; what it says, and also that it gave up in the middle, is an answer.
fn careful<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("its pages contradict one another".to_owned()),
    }
}

fn cells(row: Row) -> Vec<Cell> {
    row.into_columns()
        .into_iter()
        .map(|(_, field)| cell(field))
        .collect()
}

/// A value as a person would have written it.
fn cell(field: Field) -> Cell {
    const FLAT: &str = "write one value, or a list of words";
    const NUMBER: &str = "write a number, or leave the cell empty";
    Cell::plain(match field {
        Field::Null => return Cell::default(),
        Field::Str(text) => text,
        Field::Bool(yes) => yes.to_string(),
        Field::Byte(number) => number.to_string(),
        Field::Short(number) => number.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::UByte(number) => number.to_string(),
        Field::UShort(number) => number.to_string(),
        Field::UInt(number) => number.to_string(),
        Field::ULong(number) => number.to_string(),
        Field::Float(number) if number.is_finite() => number.to_string(),
        Field::Double(number) if number.is_finite() => number.to_string(),
        Field::Float16(number) if number.is_finite() => number.to_f32().to_string(),
        decimal @ Field::Decimal(_) => decimal.to_string(),
        Field::Date(day) => return day_of(i64::from(day), 1),
        Field::TimestampMillis(time) => return day_of(time, 86_400_000),
        Field::TimestampMicros(time) => return day_of(time, 86_400_000_000),
        Field::Bytes(bytes) => match String::from_utf8(bytes.data().to_vec()) {
            Ok(text) => text,
            Err(_) => {
                return Cell::fault("bytes", "these bytes are no text in UTF-8", "write text");
            }
        },
        Field::ListInternal(list) => {
            let words = list.elements().iter().map(|each| match each {
                Field::Str(word) => Some(word.as_str()),
                _ => None,
            });
            match words.collect::<Option<Vec<_>>>() {
                Some(words) => words.join("; "),
                None => return Cell::fault("a list", "only a list of words is read", FLAT),
            }
        }
        number @ (Field::Float(_) | Field::Double(_) | Field::Float16(_)) => {
            return Cell::fault(number.to_string(), "this is no number", NUMBER);
        }
        time @ (Field::TimeMillis(_) | Field::TimeMicros(_)) => {
            return Cell::fault(time.to_string(), "an hour is no day", NO_HOUR);
        }
        Field::Group(_) | Field::MapInternal(_) => {
            return Cell::fault("a nested value", "nested columns are not read", FLAT);
        }
    })
}

/// A time as its day; a time within a day says more than a day, and which zone it means is not known.
fn day_of(time: i64, of_a_day: i64) -> Cell {
    let number = time.div_euclid(of_a_day);
    if !(Day::MIN.number()..=Day::MAX.number()).contains(&number) {
        return Cell::fault(number.to_string(), "no calendar has this day", NO_HOUR);
    }
    let day = Day::from_number(number).to_string();
    if time.rem_euclid(of_a_day) == 0 {
        Cell::plain(day)
    } else {
        Cell::fault(day, "an hour stands beside the day", NO_HOUR)
    }
}
