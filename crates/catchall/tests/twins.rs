//! The readers against slower or older ones, on made input: the `csv` crate and `calamine` must agree on
//! what is well formed, and damage done to a good file must never change a row it did not touch.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Write};
use std::sync::Arc;

use calamine::Reader as _;
use catchall::batch::{self, Format, Limits};
use catchall_model::{Given, Places, Reject, Transfer};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const COLUMNS: [&str; 4] = ["id", "item", "property.a", "property.b"];

type Row = [String; 4];

fn read(bytes: Vec<u8>, format: Option<Format>) -> (Vec<Transfer>, Vec<Reject>) {
    let stream = Box::new(Cursor::new(bytes));
    let places = Arc::new(Places::default());
    let (mut reader, decoder) =
        batch::from_stream("test", stream, format, Limits::default(), places).unwrap();
    let (mut good, mut rejects) = (Vec::new(), Vec::new());
    while let Some(raw) = reader.next_raw() {
        match raw
            .map_err(|reject| vec![reject])
            .and_then(|raw| decoder.decode(&raw))
        {
            Ok(transfer) => good.push(transfer),
            Err(several) => rejects.extend(several),
        }
    }
    (good, rejects)
}

/// The transfer as a row again.
fn row_of(transfer: &Transfer) -> Row {
    let item = transfer
        .lines
        .first()
        .map(|line| line.item.clone())
        .unwrap_or_default();
    let property = |name: &str| {
        let given = item.properties.iter().find(|(known, _)| known == name);
        match given {
            Some((_, Given::Text(text))) => text.clone(),
            Some(other) => panic!("{other:?}"),
            None => String::new(),
        }
    };
    [
        transfer.id.clone(),
        item.description.clone().unwrap_or_default(),
        property("a"),
        property("b"),
    ]
}

fn trimmed(row: &Row) -> Row {
    row.clone().map(|cell| cell.trim().to_owned())
}

fn written(rows: &[Row], delimiter: u8, style: csv::QuoteStyle, end: csv::Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(end)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Cells that make trouble for readers of delimited text. No `;`: it would make a list of a property.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9 ]{0,8}",
        2 => "[a-z,\"\t|]{0,8}",
        1 => "[a-z\"\n\r,é]{0,8}",
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // Numbers as ids, so that every row can be told from every other.
    prop::collection::vec([cell(), cell(), cell()], 0..12).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(place, [item, a, b])| [format!("r{place}"), item, a, b])
            .collect()
    })
}

fn endings() -> impl Strategy<Value = csv::Terminator> {
    prop_oneof![
        Just(csv::Terminator::CRLF),
        Just(csv::Terminator::Any(b'\n')),
        Just(csv::Terminator::Any(b'\r')),
    ]
}

fn styles() -> impl Strategy<Value = csv::QuoteStyle> {
    prop_oneof![
        Just(csv::QuoteStyle::Necessary),
        Just(csv::QuoteStyle::Always)
    ]
}

/// The same cases every time; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` make more and others.
fn config() -> ProptestConfig {
    let fixed = ProptestConfig {
        rng_seed: RngSeed::Fixed(19_980_122),
        ..ProptestConfig::default()
    };
    let chosen = std::env::var_os("PROPTEST_RNG_SEED").map(|_| ProptestConfig::default());
    ProptestConfig {
        failure_persistence: None,
        ..chosen.unwrap_or(fixed)
    }
}

/// What is rejected although it is well formed: a text over several lines, each of which would be a row.
fn is_a_caution(reject: &Reject) -> bool {
    reject.problem.contains("has the cells of a row of its own")
        || reject.problem.contains("a loose quote")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_well_formed_is_read_as_it_was_written(
        rows in rows(),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        style in styles(),
        end in endings(),
    ) {
        let bytes = written(&rows, delimiter, style, end);
        let (good, rejects) = read(bytes.clone(), Some(Format::Csv));
        let read: Vec<Row> = good.iter().map(row_of).collect();
        let cautions = rejects.iter().filter(|reject| is_a_caution(reject)).count();
        // A row that was turned down out of caution may leave further ones behind it.
        if cautions == 0 {
            let wanted: Vec<Row> = rows.iter().map(trimmed).collect();
            prop_assert_eq!(&read, &wanted, "{:?}", rejects);
            let mut twin = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&bytes[..]);
            let twins: Vec<Row> = twin.deserialize::<Row>().map(|row| trimmed(&row.unwrap())).collect();
            prop_assert_eq!(read, twins);
        } else {
            for row in &read {
                prop_assert!(rows.iter().any(|written| trimmed(written) == *row), "{:?} was never written", row);
            }
        }
    }

    #[test]
    fn a_quote_too_many_or_too_few_changes_no_other_row_in_silence(
        rows in rows(),
        style in styles(),
        place in any::<prop::sample::Index>(),
        remove in any::<bool>(),
    ) {
        let bytes = written(&rows, b',', style, csv::Terminator::Any(b'\n'));
        let header = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let mut changed = bytes.clone();
        let quotes: Vec<usize> = (header..bytes.len()).filter(|place| bytes[*place] == b'"').collect();
        if remove && !quotes.is_empty() {
            changed.remove(quotes[place.index(quotes.len())]);
        } else {
            changed.insert(header + place.index(bytes.len() - header + 1), b'"');
        }
        let (good, rejects) = read(changed.clone(), Some(Format::Csv));
        let read: Vec<Row> = good.iter().map(row_of).collect();
        let wanted: Vec<Row> = rows.iter().map(trimmed).collect();
        let strange = read.iter().filter(|row| !wanted.contains(row)).count();
        // A cell whose quotes are gone falls apart at its own line breaks; those pieces may look like rows.
        let breaks = |row: &Row| row.concat().matches(['\n', '\r']).count();
        let own = 1 + rows.iter().map(breaks).max().unwrap_or(0);
        prop_assert!(strange <= own || !rejects.is_empty(), "{:?} from {:?}", read, String::from_utf8_lossy(&changed));
        let lost = wanted.iter().filter(|row| !read.contains(row)).count();
        prop_assert!(lost <= 1 || !rejects.is_empty(), "{} rows lost in silence from {:?}", lost, String::from_utf8_lossy(&changed));
    }

    #[test]
    fn no_bytes_make_a_reader_panic_or_run_for_ever(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0usize..5) {
        let heads: [&[u8]; 5] = [b"", b"id,item\n", b"[", b"{", b"\xFF\xFE"];
        let bytes = [heads[start], &bytes[..]].concat();
        for format in [None, Some(Format::Csv), Some(Format::JsonLines), Some(Format::Json), Some(Format::Xlsx)] {
            let stream = Box::new(Cursor::new(bytes.clone()));
            if let Ok((mut reader, decoder)) =
                batch::from_stream("test", stream, format, Limits::default(), Arc::new(Places::default()))
            {
                let mut records = 0;
                while let Some(raw) = reader.next_raw() {
                    records += 1;
                    prop_assert!(records <= bytes.len() + 2);
                    if let Ok(raw) = raw {
                        let _ = decoder.decode(&raw);
                    }
                }
            }
        }
    }
}

/// A workbook of texts and numbers, as other programs write it.
fn workbook(rows: &[Row]) -> Vec<u8> {
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut data = String::new();
    for (number, row) in std::iter::once(&COLUMNS.map(str::to_owned))
        .chain(rows)
        .enumerate()
    {
        data.push_str(&format!("<row r=\"{}\">", number + 1));
        for (column, cell) in ["A", "B", "C", "D"].iter().zip(row) {
            let at = format!("{column}{}", number + 1);
            match cell.as_str() {
                "" => {}
                // How far a number is written out without an exponent is a matter of taste.
                figures if figures.bytes().all(|byte| byte.is_ascii_digit()) => {
                    data.push_str(&format!("<c r=\"{at}\"><v>{figures}</v></c>"));
                }
                _ => data.push_str(&format!(
                    "<c r=\"{at}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escaped(cell)
                )),
            }
        }
        data.push_str("</row>");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    for (name, text) in [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"Orders\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_sheet_is_read_as_another_reader_reads_it(rows in rows()) {
        let bytes = workbook(&rows);
        let (good, rejects) = read(bytes.clone(), None);
        prop_assert!(rejects.is_empty(), "{:?}", rejects);
        let mut twin = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = twin.worksheet_range("Orders").unwrap();
        let twins: Vec<Row> = range
            .rows()
            .skip(1)
            .map(|row| std::array::from_fn(|place| row.get(place).map_or(String::new(), |cell| cell.to_string().trim().to_owned())))
            .collect();
        prop_assert_eq!(good.iter().map(row_of).collect::<Vec<_>>(), twins);
    }
}
