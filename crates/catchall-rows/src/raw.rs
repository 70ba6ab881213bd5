//! Sources: a file or a stream, opened and taken apart into raw records, one after the other.
//!
//! The reader is sequential and does as little as it can: it finds where a record begins and ends. What
//! the record says is for a [`super::Decoder`], of which many may work at once. A record that cannot even
//! be told apart is a [`Reject`] in its place, and the reader goes on behind it.
//!
//! To add a format: a file under `raw/`, a row in [`Format`], an arm here and in the decoder.

mod csv;
mod elements;
mod encoding;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
mod sheet;
mod shown;
mod window;
mod workbook;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use catchall_model::Reject;

use self::csv::CsvRows;
use self::encoding::{Encoding, Stream, Utf16};
use self::json::{JsonRecords, Layout};
use self::sheet::SheetRows;
use self::window::Window;
use super::OpenError;
use super::columns::{Header, TableOf};
use super::complaint::Fault;

pub(crate) use self::elements::deeper_than;
pub(crate) use self::rows::Cells;
pub use self::shown::{Cell, CellKind};

pub(crate) const SAVE_AS_UTF_8: &str = "save the file as UTF-8 (in Excel: `CSV UTF-8`)";

/// So much of a file is read to find out what it is.
const SNIFFED: usize = 64 * 1024;

/// How a file writes its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text with a header: commas, semicolons, tabs or bars.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// One JSON object, or a list of them.
    Json,
    /// The first sheet of an Excel workbook.
    Xlsx,
    /// A Parquet table, where the build reads them.
    Parquet,
}

/// How much of a file is taken into memory before it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record.
    pub record: usize,
    /// Bytes of a workbook or a Parquet table that comes as a stream, which must be held whole.
    pub workbook: u64,
    /// Bytes of a workbook's table of texts, unpacked.
    pub texts: u64,
    /// Bytes of a sheet, unpacked; they are not held.
    pub sheet: u64,
    /// What the rows of a table are.
    pub table: TableOf,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            record: 4 << 20,
            workbook: 256 << 20,
            texts: 512 << 20,
            sheet: 4 << 30,
            table: TableOf::Transfers,
        }
    }
}

/// One record as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Number of the record, from 1, the header not counted.
    pub row: u64,
    /// Line of the file, or row of the sheet, on which it starts, from 1.
    pub line: Option<u64>,
    /// What stands there.
    pub record: RawRecord,
}

/// The bytes or cells of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawRecord {
    /// A row of delimited text, without its line end.
    Text(Vec<u8>),
    /// A JSON value.
    Json(Vec<u8>),
    /// The cells of a row of a sheet, by column.
    Cells(Vec<Cell>),
}

/// Hands out the records of one source, in order.
pub struct Reader {
    source: Source,
    notes: Vec<String>,
}

enum Source {
    Csv(Box<CsvRows>),
    Json(Box<JsonRecords>),
    Sheet(Box<SheetRows>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::ParquetRows>),
}

/// What the decoder must know of a source.
pub(crate) enum Shape {
    /// Rows under a header, with this delimiter.
    Text { header: Arc<Header>, delimiter: u8 },
    /// JSON records.
    Json,
    /// Cells under a header.
    Cells { header: Arc<Header> },
}

impl Reader {
    /// The next record; `None` at the end. A reject stands for a record that could not be told apart.
    pub fn next_raw(&mut self) -> Option<Result<Raw, Reject>> {
        match &mut self.source {
            Source::Csv(rows) => rows.next_raw(),
            Source::Json(records) => records.next_raw(),
            Source::Sheet(rows) => rows.next_raw(),
            #[cfg(feature = "parquet")]
            Source::Parquet(rows) => rows.next_raw(),
        }
    }

    /// What the person should know of the source as a whole, for standard error: sheets that are not read.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(crate) fn shape(&self) -> Shape {
        match &self.source {
            Source::Csv(rows) => Shape::Text {
                header: rows.header(),
                delimiter: rows.delimiter(),
            },
            Source::Json(_) => Shape::Json,
            Source::Sheet(rows) => Shape::Cells {
                header: rows.header(),
            },
            #[cfg(feature = "parquet")]
            Source::Parquet(rows) => Shape::Cells {
                header: rows.header(),
            },
        }
    }

    /// Opens a file, or standard input for `-`.
    pub(crate) fn open(
        path: &Path,
        format: Option<Format>,
        limits: Limits,
    ) -> Result<Reader, OpenError> {
        let file: Arc<str> = Arc::from(path.to_string_lossy().as_ref());
        if path.as_os_str() == "-" {
            return Reader::from_stream(file, Box::new(io::stdin()), format, limits);
        }
        let read = |error: io::Error| OpenError::Read {
            file: file.clone(),
            why: error.to_string(),
        };
        let mut opened = File::open(path).map_err(read)?;
        if opened.metadata().map_err(read)?.is_dir() {
            return Err(OpenError::Read {
                file: file.clone(),
                why: "it is a folder; name the files in it".to_owned(),
            });
        }
        let mut first = [0; 4];
        let got = read_up_to(&mut opened, &mut first).map_err(read)?;
        if is_zip(&first[..got]) {
            let (sheet, notes) =
                SheetRows::open(file.clone(), workbook::Packed::File(opened), limits)?;
            return Ok(Reader {
                source: Source::Sheet(Box::new(sheet)),
                notes,
            });
        }
        #[cfg(feature = "parquet")]
        if is_parquet(&first[..got]) {
            let rows = parquet::ParquetRows::open(file, opened, limits)?;
            return Ok(Reader {
                source: Source::Parquet(Box::new(rows)),
                notes: Vec::new(),
            });
        }
        let format = format.or_else(|| by_name(path));
        let stream = encoding::after(first[..got].to_vec(), Box::new(opened));
        Reader::from_stream(file, stream, format, limits)
    }

    /// Reads a stream; `file` is what messages call it.
    pub(crate) fn from_stream(
        file: Arc<str>,
        mut stream: Stream,
        format: Option<Format>,
        limits: Limits,
    ) -> Result<Reader, OpenError> {
        let head = sniff(&mut stream).map_err(|error| OpenError::Read {
            file: file.clone(),
            why: error.to_string(),
        })?;
        if head.is_empty() {
            return Err(OpenError::Empty { file });
        }
        if is_zip(&head) {
            let held = hold(encoding::after(head, stream), &limits, &file)?;
            let (sheet, notes) = SheetRows::open(
                file,
                workbook::Packed::Held(Cursor::new(held.into())),
                limits,
            )?;
            return Ok(Reader {
                source: Source::Sheet(Box::new(sheet)),
                notes,
            });
        }
        #[cfg(feature = "parquet")]
        if is_parquet(&head) {
            let held = hold(encoding::after(head, stream), &limits, &file)?;
            let rows = parquet::ParquetRows::held(file, held, limits)?;
            return Ok(Reader {
                source: Source::Parquet(Box::new(rows)),
                notes: Vec::new(),
            });
        }
        refuse_other_formats(&head, format, &file)?;
        let (start, stream) = as_utf_8(head, stream, &file)?;
        let layout = match format {
            Some(Format::Csv) => None,
            Some(Format::JsonLines) => Some(layout(&start, Layout::Lines)),
            Some(Format::Json) => Some(layout(&start, Layout::Loose)),
            Some(Format::Xlsx | Format::Parquet) | None => guess(&start),
        };
        let window = Window::new(encoding::after(start, stream));
        let source = match layout {
            None => Source::Csv(Box::new(CsvRows::open(file, window, limits)?)),
            Some(layout) => Source::Json(Box::new(JsonRecords::new(file, window, limits, layout))),
        };
        Ok(Reader {
            source,
            notes: Vec::new(),
        })
    }
}

/// The format that a file's name claims.
fn by_name(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "csv" | "tsv" | "tab" | "psv" => Some(Format::Csv),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "json" => Some(Format::Json),
        "xlsx" | "xlsm" => Some(Format::Xlsx),
        "parquet" | "pq" => Some(Format::Parquet),
        _ => None,
    }
}

/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

#[cfg(feature = "parquet")]
fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(PARQUET)
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Reads until something can be said of the format: a line, some length, or the end.
fn sniff(stream: &mut Stream) -> io::Result<Vec<u8>> {
    let mut head = vec![0; SNIFFED];
    let mut held = 0;
    while held < SNIFFED {
        match stream.read(head.get_mut(held..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => {
                held += count;
                // A live pipe is not kept waiting for more than is looked at.
                if says_enough(head.get(..held).unwrap_or_default()) {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(held);
    Ok(head)
}

/// Whether a line with something on it is there, and the beginning of another: whatever follows, the
/// format is taken for the same.
fn says_enough(seen: &[u8]) -> bool {
    let after_first_line = seen.trim_ascii_start();
    let next = memchr::memchr(b'\n', after_first_line).and_then(|end| after_first_line.get(end..));
    seen.len() >= 16 && next.is_some_and(|rest| !rest.trim_ascii_start().is_empty())
}

fn read_up_to(from: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut held = 0;
    while let Some(room) = into.get_mut(held..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => break,
            Ok(count) => held += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(held)
}

/// Takes a whole stream into memory, as far as the limit goes.
fn hold(stream: Stream, limits: &Limits, file: &Arc<str>) -> Result<Vec<u8>, OpenError> {
    let mut held = Vec::new();
    let read = stream.take(limits.workbook + 1).read_to_end(&mut held);
    if let Err(error) = read {
        return Err(OpenError::Read {
            file: file.clone(),
            why: error.to_string(),
        });
    }
    if held.len() as u64 > limits.workbook {
        return Err(OpenError::Damaged {
            file: file.clone(),
            problem: format!(
                "the file is longer than {}, more than a stream may hold",
                in_words(usize::try_from(limits.workbook).unwrap_or(usize::MAX))
            ),
            cure: "give it as a file, or save it as CSV".to_owned(),
        });
    }
    Ok(held)
}

/// Turns down what is surely no text, with what to do about it.
fn refuse_other_formats(
    head: &[u8],
    format: Option<Format>,
    file: &Arc<str>,
) -> Result<(), OpenError> {
    let known: &[(&[u8], &str, &str)] = &[
        (
            &[0xD0, 0xCF, 0x11, 0xE0],
            "an old Excel workbook (.xls), or one with a password",
            "save it as `.xlsx`, without a password",
        ),
        (
            &[0x1F, 0x8B],
            "packed with gzip",
            "unpack it, or pipe it in: `zcat FILE | catchall assess -`",
        ),
        (
            PARQUET,
            "a Parquet file, which this build does not read",
            "`cargo build --release --features team` makes one that does; or write it as CSV or JSON Lines",
        ),
        (b"%PDF", "a PDF document", "read it with `catchall read`"),
        (
            &[0x28, 0xB5, 0x2F, 0xFD],
            "packed with zstd",
            "unpack it first",
        ),
        (
            b"<?xml",
            "an XML file",
            "write it as CSV, JSON Lines or `.xlsx`",
        ),
        (
            b"<!DOCTYPE",
            "a web page",
            "write it as CSV, JSON Lines or `.xlsx`",
        ),
        (
            b"<html",
            "a web page",
            "write it as CSV, JSON Lines or `.xlsx`",
        ),
    ];
    for (magic, found, cure) in known {
        if head.starts_with(magic) {
            return Err(OpenError::OtherFormat {
                file: file.clone(),
                found: (*found).to_owned(),
                cure: (*cure).to_owned(),
            });
        }
    }
    if format == Some(Format::Parquet) {
        return Err(OpenError::OtherFormat {
            file: file.clone(),
            found: "no Parquet file".to_owned(),
            cure: "check that it was copied whole, or name it by its format: `.csv`, `.json`, `.jsonl`"
                .to_owned(),
        });
    }
    if format == Some(Format::Xlsx) {
        return Err(OpenError::OtherFormat {
            file: file.clone(),
            found: "no Excel workbook".to_owned(),
            cure: "save it as `.xlsx`, or name it by its format: `.csv`, `.json`, `.jsonl`"
                .to_owned(),
        });
    }
    Ok(())
}

/// The stream in UTF-8 without a byte order mark, and its beginning for a look.
fn as_utf_8(
    mut head: Vec<u8>,
    stream: Stream,
    file: &Arc<str>,
) -> Result<(Vec<u8>, Stream), OpenError> {
    let other = |found: &str| OpenError::OtherFormat {
        file: file.clone(),
        found: found.to_owned(),
        cure: SAVE_AS_UTF_8.to_owned(),
    };
    match encoding::of(&head) {
        Encoding::Utf8 { mark } => {
            head.drain(..mark.min(head.len()));
            Ok((head, stream))
        }
        marked @ (Encoding::Utf16Le | Encoding::Utf16Be) => {
            let rest = head.get(2..).unwrap_or_default().to_vec();
            let big_endian = marked == Encoding::Utf16Be;
            let mut turned: Stream =
                Box::new(Utf16::new(encoding::after(rest, stream), big_endian));
            let start = sniff(&mut turned).map_err(|error| OpenError::Read {
                file: file.clone(),
                why: error.to_string(),
            })?;
            if start.is_empty() {
                return Err(OpenError::Empty { file: file.clone() });
            }
            Ok((start, turned))
        }
        Encoding::Utf16Unmarked => Err(other("text in UTF-16 without a byte order mark")),
        Encoding::Utf32 => Err(other("text in UTF-32")),
    }
}

/// A list is a list, whatever the name of the file says.
fn layout(start: &[u8], otherwise: Layout) -> Layout {
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') if otherwise == Layout::Lines && list_a_line(start) => Layout::Lines,
        Some(b'[') => Layout::List,
        _ => otherwise,
    }
}

/// Whether the first line is a whole list and another line follows: rows of JSON that are no objects, to
/// be rejected one by one rather than taken for one list.
fn list_a_line(start: &[u8]) -> bool {
    let trimmed = start.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', trimmed) else {
        return false;
    };
    let (line, rest) = trimmed.split_at(end);
    let line = line.trim_ascii_end();
    matches!(elements::find(line, true), elements::Element::Value(length) if length == line.len())
        && rest.trim_ascii_start().first() == Some(&b'[')
}

/// Without a name: JSON when it begins like JSON, and by lines when the first line is a whole value.
fn guess(start: &[u8]) -> Option<Layout> {
    let trimmed = start.trim_ascii_start();
    match trimmed.first() {
        Some(b'[') => Some(layout(start, Layout::Lines)),
        Some(b'{') => {
            let end = memchr::memchr(b'\n', trimmed).unwrap_or(trimmed.len());
            let line = trimmed.get(..end).unwrap_or_default().trim_ascii_end();
            let whole = matches!(elements::find(line, true), elements::Element::Value(length) if length == line.len());
            // A first line longer than the look taken at it is a record of its own, or a very odd object.
            let cut = end == trimmed.len() && start.len() >= SNIFFED;
            Some(if whole || cut {
                Layout::Lines
            } else {
                Layout::Loose
            })
        }
        _ => None,
    }
}

/// What to say when a file stops before its end.
pub(crate) fn stopped(why: &str) -> Fault {
    Fault::new(
        format!("reading stopped here: {why}; nothing behind this place was read"),
        "give the whole file again",
    )
}

/// What to say of a record beyond the limit.
pub(crate) fn too_long(limits: &Limits) -> Fault {
    Fault::new(
        format!("the record is longer than {}", in_words(limits.record)),
        "leave out what is no part of the transfer, and check that no quote or bracket is left open",
    )
}

/// A number of bytes for people.
pub(crate) fn in_words(bytes: usize) -> String {
    if bytes >= 1 << 20 {
        format!("{} MiB", bytes >> 20)
    } else if bytes >= 1 << 10 {
        format!("{} KiB", bytes >> 10)
    } else {
        format!("{bytes} bytes")
    }
}
