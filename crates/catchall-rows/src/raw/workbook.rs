//! An Excel workbook, unpacked as far as its first sheet needs: which sheet that is, its texts, its number
//! formats, and a stream of its rows.
//!
//! A workbook is a ZIP archive of XML parts. Every part is unpacked under a limit, since a small archive
//! can hold any amount of nothing; the sheet itself is never held, only streamed.
//!
//! Written on the parts' own XML rather than on a spreadsheet crate: those read a formula that was never
//! computed as an empty cell, which would make "not known" out of a figure, and they give up the sheet
//! where only a cell is broken.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use quick_xml::Reader as Xml;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::{CompressionMethod, ZipArchive};

use super::Limits;
use super::encoding::Stream;
use super::shown::Shown;
use crate::OpenError;
use crate::complaint::show;

/// Small parts (workbook, relations, styles) are not longer than this, unpacked.
const SMALL: u64 = 16 << 20;

/// Where the bytes of the archive lie.
pub(crate) enum Packed {
    File(File),
    Held(Cursor<Arc<[u8]>>),
}

impl Read for Packed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Packed::File(file) => file.read(into),
            Packed::Held(bytes) => bytes.read(into),
        }
    }
}

impl Seek for Packed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Packed::File(file) => file.seek(to),
            Packed::Held(bytes) => bytes.seek(to),
        }
    }
}

/// What the rows of the first sheet need.
pub(crate) struct Workbook {
    /// The sheet's XML.
    pub(crate) sheet: Stream,
    /// Texts that cells name by number.
    pub(crate) texts: Texts,
    /// How the cells of each style show their numbers.
    pub(crate) shown: Vec<Shown>,
    /// Whether days are counted from 1904.
    pub(crate) since_1904: bool,
    /// Names of the visible sheets behind the first.
    pub(crate) others: Vec<String>,
}

/// Texts by number, in one piece.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(crate) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.all.get(start..end)
    }
}

/// A sheet of the workbook, as its table of contents has it.
struct Sheet {
    name: String,
    relation: String,
    visible: bool,
}

type Archive = ZipArchive<Packed>;

impl Workbook {
    pub(crate) fn open(
        file: &Arc<str>,
        packed: Packed,
        limits: &Limits,
    ) -> Result<Workbook, OpenError> {
        let mut archive =
            ZipArchive::new(packed).map_err(|error| damaged(file, &cut_off(&error.to_string())))?;
        let Some(contents) = part(&archive, "xl/workbook.xml") else {
            return Err(OpenError::OtherFormat {
                file: file.clone(),
                found: match part(&archive, "xl/workbook.bin") {
                    Some(_) => "a binary Excel workbook (.xlsb)".to_owned(),
                    None => "a ZIP archive, and no Excel workbook is in it".to_owned(),
                },
                cure: "save the table as `.xlsx` or as CSV".to_owned(),
            });
        };
        let contents = small_part(&mut archive, contents, file)?;
        let (sheets, since_1904) = contents_of(&contents).map_err(|why| damaged(file, &why))?;
        let relations = match part(&archive, "xl/_rels/workbook.xml.rels") {
            Some(place) => small_part(&mut archive, place, file)?,
            None => String::new(),
        };
        let targets = relations_of(&relations).map_err(|why| damaged(file, &why))?;
        let mut visible = sheets
            .iter()
            .filter(|sheet| sheet.visible)
            .filter_map(|sheet| {
                let (_, target) = targets.iter().find(|(id, _)| *id == sheet.relation)?;
                Some((sheet, target))
            });
        let Some((_, target)) = visible.next() else {
            return Err(damaged(file, "the workbook has no sheet that can be seen"));
        };
        let others = visible.map(|(sheet, _)| sheet.name.clone()).collect();
        let shown = match part(&archive, "xl/styles.xml") {
            Some(place) => styles_of(&small_part(&mut archive, place, file)?)
                .map_err(|why| damaged(file, &why))?,
            None => Vec::new(),
        };
        let texts = match part(&archive, "xl/sharedStrings.xml") {
            Some(place) => {
                texts_of(&mut archive, place, limits).map_err(|why| damaged(file, &why))?
            }
            None => Texts::default(),
        };
        let Some(place) = part(&archive, target) else {
            return Err(damaged(
                file,
                "the workbook's first sheet is missing from the file",
            ));
        };
        let sheet = unpacked(archive, place, limits).map_err(|why| damaged(file, &why))?;
        Ok(Workbook {
            sheet,
            texts,
            shown,
            since_1904,
            others,
        })
    }
}

fn damaged(file: &Arc<str>, problem: &str) -> OpenError {
    OpenError::Damaged {
        file: file.clone(),
        problem: problem.to_owned(),
        cure: "check that the file was copied to its end, open it in Excel and save it again"
            .to_owned(),
    }
}

fn cut_off(why: &str) -> String {
    format!("the workbook cannot be unpacked ({why}); it may have been cut off")
}

/// The place of a part in the archive, whatever the case of its name.
fn part(archive: &Archive, name: &str) -> Option<usize> {
    archive.index_for_name_raw(name.as_bytes()).or_else(|| {
        (0..archive.len()).find(|place| {
            matches!(archive.name_for_index(*place), Some(Ok(found)) if found.eq_ignore_ascii_case(name))
        })
    })
}

fn small_part(archive: &mut Archive, place: usize, file: &Arc<str>) -> Result<String, OpenError> {
    let entry = archive
        .by_index(place)
        .map_err(|error| damaged(file, &cut_off(&error.to_string())))?;
    let mut bytes = Vec::new();
    entry
        .take(SMALL + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| damaged(file, &cut_off(&error.to_string())))?;
    if bytes.len() as u64 > SMALL {
        return Err(damaged(
            file,
            "a part that describes the workbook is far too long",
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| damaged(file, "a part that describes the workbook is not UTF-8"))
}

/// The sheets in their order, and whether days are counted from 1904.
fn contents_of(xml: &str) -> Result<(Vec<Sheet>, bool), String> {
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    for_each_tag(xml, |tag| match tag.local_name().as_ref() {
        "workbookPr" => {
            since_1904 =
                attribute(tag, "date1904").is_some_and(|value| value == "1" || value == "true");
        }
        "sheet" => sheets.push(Sheet {
            name: attribute(tag, "name").unwrap_or_default(),
            relation: attribute(tag, "id").unwrap_or_default(),
            visible: attribute(tag, "state").is_none_or(|state| state == "visible"),
        }),
        _ => {}
    })?;
    Ok((sheets, since_1904))
}

/// Relation ids of worksheets, and the parts they lead to.
fn relations_of(xml: &str) -> Result<Vec<(String, String)>, String> {
    let mut targets = Vec::new();
    for_each_tag(xml, |tag| {
        let is_sheet = attribute(tag, "Type").is_some_and(|kind| kind.ends_with("/worksheet"));
        if tag.local_name().as_ref() == "Relationship" && is_sheet {
            let target = attribute(tag, "Target").unwrap_or_default();
            let path = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{}", target.trim_start_matches("./")),
            };
            targets.push((attribute(tag, "Id").unwrap_or_default(), path));
        }
    })?;
    Ok(targets)
}

/// How the cells of each style show their numbers.
fn styles_of(xml: &str) -> Result<Vec<Shown>, String> {
    let mut formats: Vec<(u32, String)> = Vec::new();
    let mut shown = Vec::new();
    let mut of_cells = false;
    for_each_tag(xml, |tag| match tag.local_name().as_ref() {
        "numFmt" => {
            if let (Some(id), Some(code)) = (number(tag, "numFmtId"), attribute(tag, "formatCode"))
            {
                formats.push((id, code));
            }
        }
        "cellStyleXfs" => of_cells = false,
        "cellXfs" => of_cells = true,
        "cellStyles" | "dxfs" => of_cells = false,
        "xf" if of_cells => {
            let id = number(tag, "numFmtId").unwrap_or(0);
            shown.push(match formats.iter().find(|(known, _)| *known == id) {
                Some((_, code)) => Shown::of(code),
                None => Shown::builtin(id),
            });
        }
        _ => {}
    })?;
    Ok(shown)
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}

/// Calls back for each opening or empty tag.
fn for_each_tag(xml: &str, mut each: impl FnMut(&BytesStart<'_>)) -> Result<(), String> {
    let mut reader = Xml::from_str(xml.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => each(&tag),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                return Err(format!(
                    "a part that describes the workbook is damaged ({})",
                    show(&error.to_string(), 160)
                ));
            }
        }
    }
}

/// The value of an attribute, by its name without prefix.
pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// What a reference such as `&amp;` or `&#10;` stands for.
pub(crate) fn push_reference(reference: &quick_xml::events::BytesRef<'_>, text: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => text.push(c),
        _ => text.push_str(resolve_predefined_entity(reference).unwrap_or("\u{fffd}")),
    }
}

/// The table of texts.
fn texts_of(archive: &mut Archive, place: usize, limits: &Limits) -> Result<Texts, String> {
    let entry = archive
        .by_index(place)
        .map_err(|error| cut_off(&error.to_string()))?;
    let bounded = Bounded {
        from: entry,
        left: limits.texts,
        crc: None,
    };
    let mut xml = Xml::from_reader(BufReader::new(bounded));
    let mut texts = Texts::default();
    let mut buffer = Vec::new();
    let (mut in_text, mut spoken) = (false, false);
    loop {
        buffer.clear();
        let event = xml
            .read_event_into(&mut buffer)
            .map_err(|error| format!("the workbook's table of texts cannot be read ({error})"))?;
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => in_text = true,
                // How a text is pronounced is written beside it; that is no part of it.
                "rPh" => spoken = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => {
                texts.ends.push(texts.all.len())
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => spoken = false,
                "si" => {
                    let start = texts.ends.last().copied().unwrap_or(0);
                    unescape_tail(&mut texts.all, start);
                    texts.ends.push(texts.all.len());
                }
                _ => {}
            },
            Event::Text(text) if in_text && !spoken => texts.all.push_str(&text.xml10_content()),
            Event::CData(text) if in_text && !spoken => texts.all.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if in_text && !spoken => {
                push_reference(&reference, &mut texts.all)
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// Turns `_x000D_`, by which Excel writes what XML cannot, back into the character, from `start` on.
pub(crate) fn unescape_tail(text: &mut String, start: usize) {
    let Some(tail) = text.get(start..).filter(|tail| tail.contains("_x")) else {
        return;
    };
    let mut turned = String::with_capacity(tail.len());
    let mut rest = tail;
    while let Some(place) = rest.find("_x") {
        let (before, from) = rest.split_at(place);
        turned.push_str(before);
        let coded = from
            .get(2..6)
            .filter(|_| from.get(6..7) == Some("_"))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match coded {
            Some(c) => {
                turned.push(c);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                turned.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    turned.push_str(rest);
    text.truncate(start);
    text.push_str(&turned);
}

/// A stream of one part, which takes the archive with it.
fn unpacked(mut archive: Archive, place: usize, limits: &Limits) -> Result<Stream, String> {
    let (start, length, method, crc) = {
        let entry = archive
            .by_index_raw(place)
            .map_err(|error| cut_off(&error.to_string()))?;
        if entry.encrypted() {
            return Err("the workbook has a password".to_owned());
        }
        let start = entry.data_start().ok_or_else(|| cut_off("no data"))?;
        (
            start,
            entry.compressed_size(),
            entry.compression(),
            entry.crc32(),
        )
    };
    let mut packed = archive.into_inner();
    packed
        .seek(SeekFrom::Start(start))
        .map_err(|error| cut_off(&error.to_string()))?;
    let packed = BufReader::new(packed).take(length);
    let crc = Some((Crc::new(), crc));
    let left = limits.sheet;
    match method {
        CompressionMethod::Stored => Ok(Box::new(Bounded {
            from: packed,
            left,
            crc,
        })),
        CompressionMethod::Deflated => Ok(Box::new(Bounded {
            from: DeflateDecoder::new(packed),
            left,
            crc,
        })),
        _ => Err("the workbook is packed in a way that Excel does not use".to_owned()),
    }
}

/// A stream that ends with an error beyond a limit, or when its check sum is wrong.
struct Bounded<R> {
    from: R,
    left: u64,
    crc: Option<(Crc, u32)>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        // One byte beyond the limit shows that there is more.
        let most = usize::try_from(self.left.saturating_add(1))
            .unwrap_or(usize::MAX)
            .min(into.len());
        let got = self.from.read(into.get_mut(..most).unwrap_or_default())?;
        if got == 0 {
            return match &self.crc {
                Some((crc, wanted)) if crc.sum() != *wanted => Err(io::Error::other(
                    "its check sum is wrong, so the file is damaged",
                )),
                _ => Ok(0),
            };
        }
        if self.left == 0 {
            return Err(io::Error::other("it is too long when unpacked"));
        }
        let got = got.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= got as u64;
        if let Some((crc, _)) = &mut self.crc {
            crc.update(into.get(..got).unwrap_or_default());
        }
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_escapes_is_turned_back() {
        for (escaped, text) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x00", "_x00"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_xD800_", "_xD800_"),
            ("пе_x0041_", "пеA"),
        ] {
            let mut turned = escaped.to_owned();
            unescape_tail(&mut turned, 0);
            assert_eq!(turned, text);
        }
    }
}
