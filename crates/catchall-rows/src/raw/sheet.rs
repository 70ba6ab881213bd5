//! The rows of a sheet, as a person sees them.
//!
//! The sheet's XML is cut at its rows, and each row is read by itself: what is broken in one row costs
//! that row. Memory holds one row, whatever the length of the sheet.

use std::sync::Arc;

use catchall_model::Reject;
use memchr::memmem;
use quick_xml::Reader as Xml;
use quick_xml::events::{BytesStart, Event};

use super::shown::{Cell, Shown, WRITE_AS_TEXT};
use super::window::{Scope, Window};
use super::workbook::{Packed, Workbook, attribute, push_reference, unescape_tail};
use super::{Limits, Raw, RawRecord};
use crate::OpenError;
use crate::columns::Header;
use crate::complaint::{Complaint, Fault, Record, show};

/// A sheet has no column beyond this one, XFD.
const COLUMNS: usize = 16_384;

/// Rows of the first sheet of a workbook.
pub(crate) struct SheetRows {
    window: Window,
    file: Arc<str>,
    limits: Limits,
    header: Arc<Header>,
    workbook: Workbook,
    /// `</row>` and `</sheetData>`, with the prefix that this file gives them.
    row_end: Vec<u8>,
    row_start: Vec<u8>,
    data_end: Vec<u8>,
    row: u64,
    /// Number of the row in the sheet.
    line: u64,
    ended: bool,
}

/// A piece of the sheet.
enum Piece {
    Row(String),
    Broken(Fault),
    End,
}

/// Why a row could not be read.
type RowFault = Fault;

impl SheetRows {
    /// Opens the workbook and reads the header; also what the person should know of it.
    pub(crate) fn open(
        file: Arc<str>,
        packed: Packed,
        limits: Limits,
    ) -> Result<(SheetRows, Vec<String>), OpenError> {
        let mut workbook = Workbook::open(&file, packed, &limits)?;
        let sheet = std::mem::replace(&mut workbook.sheet, Box::new(std::io::empty()));
        let mut notes = Vec::new();
        if !workbook.others.is_empty() {
            notes.push(format!(
                "{file}: only the first sheet is read; not read: {}",
                workbook.others.join(", ")
            ));
        }
        let mut rows = SheetRows {
            window: Window::new(sheet),
            file,
            limits,
            header: Arc::default(),
            workbook,
            row_end: Vec::new(),
            row_start: Vec::new(),
            data_end: Vec::new(),
            row: 0,
            line: 0,
            ended: false,
        };
        rows.find_data()?;
        rows.read_header()?;
        Ok((rows, notes))
    }

    pub(crate) fn header(&self) -> Arc<Header> {
        self.header.clone()
    }

    pub(crate) fn next_raw(&mut self) -> Option<Result<Raw, Reject>> {
        while !self.ended {
            match self.piece() {
                Piece::End => self.ended = true,
                Piece::Broken(fault) => {
                    self.row += 1;
                    return Some(Err(self.reject(fault)));
                }
                Piece::Row(xml) => match self.cells(&xml) {
                    Ok(cells) if cells.iter().all(is_blank) => {}
                    Ok(cells) => {
                        self.row += 1;
                        return Some(Ok(Raw {
                            row: self.row,
                            line: Some(self.line),
                            record: RawRecord::Cells(cells),
                        }));
                    }
                    Err(fault) => {
                        self.row += 1;
                        return Some(Err(self.reject(fault)));
                    }
                },
            }
        }
        None
    }

    fn damaged(&mut self, problem: &str) -> OpenError {
        let why = match self.window.failure() {
            Some(why) => format!("{problem}: {why}"),
            None => problem.to_owned(),
        };
        OpenError::Damaged {
            file: self.file.clone(),
            problem: why,
            cure: "check that the file was copied to its end, open it in Excel and save it again"
                .to_owned(),
        }
    }

    /// Goes to the first row, and learns the prefix of the sheet's tags.
    fn find_data(&mut self) -> Result<(), OpenError> {
        let Some(name) = self.find(b"sheetData", 0) else {
            return Err(self.damaged("the sheet has no rows to read"));
        };
        let before = self.window.bytes().get(..name).unwrap_or_default();
        let open = memchr::memrchr(b'<', before).map_or(name, |place| place + 1);
        let prefix = before.get(open..).unwrap_or_default().to_vec();
        let tag = |open: &[u8], name: &[u8]| [open, &prefix[..], name].concat();
        self.row_start = tag(b"<", b"row");
        self.row_end = tag(b"</", b"row>");
        self.data_end = tag(b"</", b"sheetData");
        match self.find(b">", name) {
            Some(end) => {
                let empty = end > 0 && self.window.bytes().get(end - 1) == Some(&b'/');
                self.ended = empty;
                self.window.pass(end + 1);
                Ok(())
            }
            None => Err(self.damaged("the sheet is cut off before its first row")),
        }
    }

    fn read_header(&mut self) -> Result<(), OpenError> {
        while !self.ended {
            match self.piece() {
                Piece::End => self.ended = true,
                Piece::Broken(fault) => {
                    return Err(
                        self.damaged(&format!("the header cannot be read: {}", fault.problem))
                    );
                }
                Piece::Row(xml) => {
                    let mut cells = self.cells(&xml).map_err(|fault| {
                        self.damaged(&format!("the header cannot be read: {}", fault.problem))
                    })?;
                    while cells.last().is_some_and(is_blank) {
                        cells.pop();
                    }
                    if cells.is_empty() {
                        continue;
                    }
                    let names = cells
                        .into_iter()
                        .map(|cell| cell.text.trim().to_owned())
                        .collect();
                    let resolved = Header::resolve(names, self.limits.table);
                    self.header = Arc::new(resolved.map_err(|faults| OpenError::Columns {
                        file: self.file.clone(),
                        faults,
                    })?);
                    return Ok(());
                }
            }
        }
        Err(OpenError::NoHeader {
            file: self.file.clone(),
        })
    }

    /// The place of `needle` at `from` or behind, reading on as far as the limit of a record allows.
    fn find(&mut self, needle: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let most = self.limits.record + needle.len();
            let Scope { bytes, full, .. } = self.window.scope(most);
            if let Some(place) = bytes
                .get(from..)
                .and_then(|rest| memmem::find(rest, needle))
            {
                return Some(from + place);
            }
            if full {
                return None;
            }
            from = from.max(bytes.len().saturating_sub(needle.len()));
            if !self.window.grow() {
                return None;
            }
        }
    }

    /// The next row as XML.
    fn piece(&mut self) -> Piece {
        loop {
            let Some(open) = self.find(b"<", 0) else {
                return self.cut_off();
            };
            self.window.pass(open);
            // Room for the longest tag that must be told apart.
            let longest = self.data_end.len() + 1;
            while self.window.bytes().len() < longest && self.window.grow() {}
            let bytes = self.window.bytes();
            if bytes.starts_with(&self.data_end) {
                return self.behind_the_data();
            }
            if bytes.starts_with(b"<!--") {
                match self.find(b"-->", 4) {
                    Some(end) => self.window.pass(end + 3),
                    None => return self.cut_off(),
                }
                continue;
            }
            let is_row = bytes
                .strip_prefix(&self.row_start[..])
                .and_then(<[u8]>::first)
                .is_some_and(|next| matches!(next, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
            if !is_row {
                self.window.pass(1);
                continue;
            }
            return self.row_piece();
        }
    }

    fn row_piece(&mut self) -> Piece {
        self.line += 1;
        let Some(tag_end) = self.find(b">", 0) else {
            return self.cut_off();
        };
        let tag = self.window.bytes().get(..=tag_end).unwrap_or_default();
        if let Some(number) = row_number(tag) {
            self.line = number;
        }
        if tag.ends_with(b"/>") {
            self.window.pass(tag_end + 1);
            return Piece::Row(String::new());
        }
        let row_end = self.row_end.clone();
        match self.find(&row_end, tag_end) {
            Some(end) => {
                let length = end + row_end.len();
                let bytes = self
                    .window
                    .bytes()
                    .get(..length)
                    .unwrap_or_default()
                    .to_vec();
                self.window.pass(length);
                match String::from_utf8(bytes) {
                    Ok(xml) => Piece::Row(xml),
                    Err(_) => Piece::Broken(Fault::new(
                        "the row is not UTF-8",
                        "open the file in Excel and save it again",
                    )),
                }
            }
            None if self.window.bytes().len() <= self.limits.record => self.cut_off(),
            None => {
                self.skip_row(&row_end);
                Piece::Broken(super::too_long(&self.limits))
            }
        }
    }

    /// Passes what is left of a row that is too long.
    fn skip_row(&mut self, row_end: &[u8]) {
        loop {
            let bytes = self.window.bytes();
            if let Some(place) = memmem::find(bytes, row_end) {
                self.window.pass(place + row_end.len());
                return;
            }
            let keep = bytes.len().min(row_end.len() - 1);
            self.window.pass(bytes.len() - keep);
            if !self.window.grow() {
                return;
            }
        }
    }

    /// The sheet goes on behind its rows; what stands there is passed, so that its check sum is known.
    fn behind_the_data(&mut self) -> Piece {
        self.ended = true;
        loop {
            let held = self.window.bytes().len();
            self.window.pass(held);
            if !self.window.grow() {
                break;
            }
        }
        match self.window.failure() {
            Some(why) => Piece::Broken(Fault::new(
                format!("the sheet was read to its last row, but {why}"),
                "check that the file was copied to its end, open it in Excel and save it again",
            )),
            None => Piece::End,
        }
    }

    fn cut_off(&mut self) -> Piece {
        self.ended = true;
        let fault = match self.window.failure() {
            Some(why) => super::stopped(&why),
            None => Fault::new(
                "the sheet is cut off here; rows behind this place are lost",
                "check that the file was copied to its end, open it in Excel and save it again",
            ),
        };
        Piece::Broken(fault)
    }

    /// The cells of a row, by column.
    fn cells(&self, xml: &str) -> Result<Vec<Cell>, RowFault> {
        let mut reader = Xml::from_str(xml);
        let mut cells: Vec<Cell> = Vec::with_capacity(self.header.columns.len());
        let mut next = 0;
        let mut length = 0;
        loop {
            let event = reader.read_event().map_err(broken_row)?;
            let (tag, filled) = match &event {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => (tag, true),
                Event::Empty(tag) if tag.local_name().as_ref() == "c" => (tag, false),
                Event::Eof => return Ok(cells),
                _ => continue,
            };
            let place = match attribute(tag, "r") {
                Some(reference) => column_of(&reference).ok_or_else(|| {
                    Fault::new(
                        format!("the row has a cell with the address `{reference}`, which is none"),
                        "open the file in Excel and save it again",
                    )
                })?,
                None => next,
            };
            if place >= COLUMNS {
                return Err(Fault::new(
                    "the row has more cells than a sheet may have",
                    "take the further cells out",
                ));
            }
            next = place + 1;
            if !filled {
                continue;
            }
            let cell = self.cell(&mut reader, tag)?;
            length += cell.text.len();
            if length > self.limits.record {
                return Err(super::too_long(&self.limits));
            }
            if cell != Cell::default() {
                if cells.len() <= place {
                    cells.resize(place + 1, Cell::default());
                }
                if let Some(slot) = cells.get_mut(place) {
                    *slot = cell;
                }
            }
        }
    }

    /// One cell, up to its closing tag.
    fn cell(&self, reader: &mut Xml<&[u8]>, tag: &BytesStart<'_>) -> Result<Cell, RowFault> {
        let mut stored: Option<String> = None;
        let mut inline = String::new();
        let (mut formula, mut in_value, mut in_text, mut spoken) = (false, false, false, false);
        loop {
            match reader.read_event().map_err(broken_row)? {
                Event::Start(inner) => match inner.local_name().as_ref() {
                    "v" => {
                        in_value = true;
                        stored.get_or_insert_default();
                    }
                    "t" => in_text = true,
                    "rPh" => spoken = true,
                    "f" => formula = true,
                    _ => {}
                },
                Event::Empty(inner) if inner.local_name().as_ref() == "f" => formula = true,
                Event::End(inner) => match inner.local_name().as_ref() {
                    "c" => break,
                    "v" => in_value = false,
                    "t" => in_text = false,
                    "rPh" => spoken = false,
                    _ => {}
                },
                Event::Text(text) => {
                    if in_value {
                        stored
                            .get_or_insert_default()
                            .push_str(&text.xml10_content());
                    } else if in_text && !spoken {
                        inline.push_str(&text.xml10_content());
                    }
                }
                Event::CData(text) if in_value => stored
                    .get_or_insert_default()
                    .push_str(&text.xml10_content()),
                Event::CData(text) if in_text && !spoken => inline.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if in_value {
                        push_reference(&reference, stored.get_or_insert_default());
                    } else if in_text && !spoken {
                        push_reference(&reference, &mut inline);
                    }
                }
                Event::Eof => return Err(broken_row("a cell is not closed")),
                _ => {}
            }
        }
        let kind = attribute(tag, "t");
        if kind.as_deref() == Some("inlineStr") {
            unescape_tail(&mut inline, 0);
            return Ok(Cell::plain(inline));
        }
        let style = attribute(tag, "s")
            .and_then(|style| style.parse::<usize>().ok())
            .unwrap_or(0);
        Ok(match stored {
            Some(stored) => self.value(kind.as_deref(), style, stored),
            None if formula => Cell::fault(
                "",
                "the cell holds a formula whose result was never stored",
                "open the file in Excel and save it, or write the value itself",
            ),
            None => Cell::default(),
        })
    }

    /// A stored value, by its type.
    fn value(&self, kind: Option<&str>, style: usize, mut stored: String) -> Cell {
        match kind {
            Some("s") => match stored
                .trim()
                .parse()
                .ok()
                .and_then(|number| self.workbook.texts.get(number))
            {
                Some(text) => Cell::plain(text),
                None => Cell::fault(
                    stored,
                    "the cell names a text that the file does not hold",
                    WRITE_AS_TEXT,
                ),
            },
            Some("str") => {
                unescape_tail(&mut stored, 0);
                Cell::plain(stored)
            }
            Some("b") => match stored.trim() {
                "0" | "false" => Cell::plain("false"),
                "1" | "true" => Cell::plain("true"),
                "" => Cell::default(),
                _ => Cell::fault(
                    stored,
                    "the cell says it is true or false and is neither",
                    "write `yes` or `no`",
                ),
            },
            Some("e") => Cell::fault(
                stored.clone(),
                format!("`{stored}` is the error of a formula"),
                "repair the formula, or write the value itself; leave the cell empty when it is not known",
            ),
            Some("d") => {
                let day = stored
                    .split_once('T')
                    .map_or(stored.as_str(), |(day, _)| day);
                Cell::plain(day)
            }
            Some("n") | None => {
                if stored.trim().is_empty() {
                    return Cell::default();
                }
                match self.workbook.shown.get(style) {
                    Some(shown) => shown.cell(&stored, self.workbook.since_1904),
                    None => Shown::plainly().cell(&stored, self.workbook.since_1904),
                }
            }
            Some(other) => Cell::fault(
                stored,
                format!("the cell is of a type (`{other}`) that no sheet has"),
                WRITE_AS_TEXT,
            ),
        }
    }

    fn reject(&self, fault: Fault) -> Reject {
        let complaint: Complaint = fault.of_all();
        let record = Record {
            file: &self.file,
            row: self.row,
            line: Some(self.line),
        };
        record.reject(None, complaint)
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.kind == super::CellKind::Plain && cell.text.trim().is_empty()
}

fn broken_row(why: impl std::fmt::Display) -> RowFault {
    // The reason quotes the file, which may hold anything.
    let why = show(&why.to_string(), 160);
    Fault::new(
        format!("the row is damaged ({why})"),
        "open the file in Excel and save it again",
    )
}

/// The number that a row's tag gives it.
fn row_number(tag: &[u8]) -> Option<u64> {
    let place = memmem::find(tag, b" r=")?;
    let value = tag.get(place + 4..)?;
    let end = value.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(value.get(..end)?)
        .ok()?
        .parse()
        .ok()
        .filter(|number| *number > 0)
}

/// The place of a cell's column, from 0: `C5` stands in column 2.
fn column_of(reference: &str) -> Option<usize> {
    let mut column = 0usize;
    let mut letters = 0;
    for byte in reference.bytes() {
        match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' if letters < 3 => {
                letters += 1;
                column = column * 26 + usize::from(letter - b'A') + 1;
            }
            b'0'..=b'9' if letters > 0 => break,
            _ => return None,
        }
    }
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_knows_its_column() {
        for (reference, column) in [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA10", Some(26)),
            ("XFD1", Some(16_383)),
            ("1", None),
            ("ABCD1", None),
        ] {
            assert_eq!(column_of(reference), column, "{reference}");
        }
        assert_eq!(row_number(b"<row r=\"17\" spans=\"1:3\">"), Some(17));
        assert_eq!(row_number(b"<row>"), None);
    }
}
