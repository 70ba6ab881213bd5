//! What comes in broken: the tables in `malformed/` hold the inputs and what must be said of each.
//!
//! For every input: nothing panics, each fault is told in its place with a cure, all good records are
//! kept, and it makes no difference in which pieces the bytes arrive. To add an input: one table, no code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "malformed/streams.rs"]
mod streams;
#[path = "malformed/workbooks.rs"]
mod workbooks;

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use catchall::batch::{self, Format, Limits};
use catchall::load;
use catchall_assess::{AskedFor, Assessor, Detail, Digests, Imported, Room};
use catchall_model::{Places, Reject, Transfer};
use serde::Deserialize;

/// Everything that may stand in the tables.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Table {
    cell: Vec<OneCell>,
    header: Vec<Names>,
    file: Vec<Whole>,
    field: Vec<OneField>,
    sheet_cell: Vec<OneCell>,
    sheet: Vec<Whole>,
    value: Vec<OneCell>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneCell {
    column: String,
    #[serde(default, alias = "c")]
    cell: String,
    at: Option<String>,
    problem: Option<String>,
    cure: Option<String>,
    reads: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneField {
    json: String,
    path: Option<String>,
    problem: Option<String>,
    cure: Option<String>,
    reads: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    names: String,
    says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    about: String,
    #[serde(default)]
    name: String,
    text: Option<String>,
    bytes: Option<String>,
    #[serde(default)]
    data: String,
    #[serde(default)]
    prefix: String,
    limit: Option<usize>,
    #[serde(default)]
    good: Vec<String>,
    #[serde(default)]
    rejects: Vec<Told>,
    #[serde(default)]
    open: Vec<String>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Told {
    row: u64,
    line: Option<u64>,
    column: Option<String>,
    problem: String,
    cure: String,
}

/// What a source gave.
#[derive(Debug, Clone, PartialEq, Default)]
struct Outcome {
    good: Vec<Transfer>,
    rejects: Vec<Reject>,
    error: Option<String>,
}

/// A stream that comes in pieces.
struct Pieces {
    from: Cursor<Vec<u8>>,
    most: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = into.len().min(self.most);
        self.from.read(&mut into[..count])
    }
}

struct Corpus {
    places: Arc<Places>,
    failures: Vec<String>,
    inputs: usize,
}

impl Corpus {
    fn new() -> Corpus {
        static PLACES: OnceLock<Arc<Places>> = OnceLock::new();
        let places = PLACES.get_or_init(|| Arc::new(read_places()));
        Corpus {
            places: places.clone(),
            failures: Vec::new(),
            inputs: 0,
        }
    }

    /// Reads a source to its end, in pieces of at most `most` bytes.
    fn read(&self, bytes: &[u8], format: Option<Format>, limits: Limits, most: usize) -> Outcome {
        let stream = Pieces {
            from: Cursor::new(bytes.to_vec()),
            most,
        };
        let mut outcome = Outcome::default();
        match batch::from_stream(
            "test",
            Box::new(stream),
            format,
            limits,
            self.places.clone(),
        ) {
            Err(error) => outcome.error = Some(error.to_string()),
            Ok((mut reader, decoder)) => {
                while let Some(raw) = reader.next_raw() {
                    match raw
                        .map_err(|reject| vec![reject])
                        .and_then(|raw| decoder.decode(&raw))
                    {
                        Ok(transfer) => outcome.good.push(transfer),
                        Err(rejects) => {
                            assert!(
                                !rejects.is_empty(),
                                "a record was neither taken nor rejected"
                            );
                            outcome.rejects.extend(rejects);
                        }
                    }
                }
            }
        }
        outcome
    }

    /// Reads a source whole and in pieces; whatever goes wrong becomes a failure under `name`.
    fn outcome(
        &mut self,
        name: &str,
        bytes: &[u8],
        format: Option<Format>,
        limits: Limits,
    ) -> Option<Outcome> {
        self.inputs += 1;
        let read = |most| catch_unwind(AssertUnwindSafe(|| self.read(bytes, format, limits, most)));
        let (Ok(whole), Ok(single), Ok(few)) = (read(usize::MAX), read(1), read(7)) else {
            self.fail(name, "panics".to_owned());
            return None;
        };
        if whole != single || whole != few {
            self.fail(
                name,
                format!(
                    "depends on the pieces: whole {whole:?}\n  single {single:?}\n  few {few:?}"
                ),
            );
        }
        for reject in &whole.rejects {
            self.check_style(name, reject);
        }
        Some(whole)
    }

    /// The house's way with errors: no type names, no full stop, nothing invisible.
    fn check_style(&mut self, name: &str, reject: &Reject) {
        let said = format!("{} | {}", reject.problem, reject.cure);
        for word in [
            "String",
            "u64",
            "Option",
            "Some(",
            "serde",
            "Utf8Error",
            "unwrap",
            "invalid type",
        ] {
            if said.contains(word) {
                self.fail(name, format!("speaks of `{word}`: {said}"));
            }
        }
        let ends = |text: &str| text.is_empty() || text.ends_with(['.', ' ', ';']);
        if ends(&reject.problem) || ends(&reject.cure) {
            self.fail(name, format!("ends badly: {said}"));
        }
        let cell = reject.cell.clone().unwrap_or_default();
        if cell.chars().any(char::is_control)
            || said.chars().any(char::is_control)
            || cell.chars().count() > 900
        {
            self.fail(name, format!("shows what cannot be shown: {reject:?}"));
        }
    }

    fn fail(&mut self, name: &str, what: String) {
        self.failures.push(format!("{name}: {what}"));
    }

    /// One input in the middle of two good ones.
    fn one(&mut self, name: &str, outcome: Outcome, place: &str, wanted: &OneField, line: u64) {
        if let Some(error) = &outcome.error {
            self.fail(name, format!("cannot be opened: {error}"));
            return;
        }
        let ids: Vec<&str> = outcome
            .good
            .iter()
            .map(|transfer| transfer.id.as_str())
            .collect();
        if let Some(reads) = &wanted.reads {
            let read = format!("{:?}", outcome.good.get(1)).replace("Day(10310)", "1998-03-25");
            if outcome.good.len() != 3 || !outcome.rejects.is_empty() {
                self.fail(name, format!("should be right: {:?}", outcome.rejects));
            } else if !read.contains(reads) {
                self.fail(name, format!("reads {read}\n  and not {reads}"));
            }
            return;
        }
        if ids != ["first", "last"] {
            self.fail(name, format!("good ones left: {ids:?}"));
        }
        let told = Told {
            row: 2,
            line: Some(line),
            column: Some(place.to_owned()),
            problem: wanted.problem.clone().unwrap(),
            cure: wanted.cure.clone().unwrap(),
        };
        if !outcome.rejects.iter().any(|reject| matches(reject, &told)) {
            self.fail(name, format!("says {:#?}", outcome.rejects));
        }
        if outcome.rejects.iter().any(|reject| reject.row != 2) {
            self.fail(name, format!("complains of others: {:#?}", outcome.rejects));
        }
    }

    fn whole(&mut self, name: &str, outcome: &Outcome, wanted: &Whole) {
        if !wanted.open.is_empty() {
            let error = outcome.error.clone().unwrap_or_default();
            for part in &wanted.open {
                if !error.contains(part) {
                    self.fail(name, format!("the error `{error}` does not say `{part}`"));
                }
            }
            return;
        }
        if let Some(error) = &outcome.error {
            self.fail(name, format!("cannot be opened: {error}"));
            return;
        }
        let ids: Vec<&str> = outcome
            .good
            .iter()
            .map(|transfer| transfer.id.as_str())
            .collect();
        if ids != wanted.good {
            self.fail(
                name,
                format!(
                    "good ones are {ids:?} and not {:?}\n  rejects {:#?}",
                    wanted.good, outcome.rejects
                ),
            );
        }
        let right = outcome.rejects.len() == wanted.rejects.len()
            && outcome
                .rejects
                .iter()
                .zip(&wanted.rejects)
                .all(|(reject, told)| matches(reject, told));
        if !right {
            self.fail(name, format!("says {:#?}", outcome.rejects));
        }
    }

    fn finish(self, least: usize) {
        assert!(self.failures.is_empty(), "\n{}", self.failures.join("\n"));
        assert!(self.inputs >= least, "only {} inputs", self.inputs);
        println!("{} inputs", self.inputs);
    }
}

fn read_places() -> Places {
    #[derive(Deserialize)]
    struct Country {
        code: String,
        name: String,
        #[serde(default)]
        also: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Countries {
        country: Vec<Country>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/places/countries.toml");
    let countries: Countries = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut places = Places::default();
    for country in countries.country {
        places
            .add(&country.code, &country.name, &country.also)
            .unwrap();
    }
    places
}

fn matches(reject: &Reject, told: &Told) -> bool {
    reject.row == told.row
        && told.line.is_none_or(|line| reject.line == Some(line))
        && told
            .column
            .as_ref()
            .is_none_or(|column| reject.column.as_ref() == Some(column))
        && reject.problem.contains(&told.problem)
        && reject.cure.contains(&told.cure)
}

/// `\xHH`, `\n`, `\r`, `\t`, `\0`, `\\`; anything else stands for itself.
fn bytes_of(written: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        let escape = rest.chars().next().unwrap();
        rest = &rest[1..];
        bytes.push(match escape {
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            '0' => 0,
            '\\' => b'\\',
            'x' => {
                let hex = &rest[..2];
                rest = &rest[2..];
                u8::from_str_radix(hex, 16).unwrap()
            }
            other => panic!("`\\{other}` in `{written}`"),
        });
    }
    bytes
}

fn table(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/malformed")
        .join(name);
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn limits(record: Option<usize>) -> Limits {
    Limits {
        record: record.unwrap_or(Limits::default().record),
        ..Limits::default()
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[test]
fn a_wrong_cell_is_told_and_costs_its_row_only() {
    let mut corpus = Corpus::new();
    for case in table("cells.toml").cell {
        let name = format!("{} {}", case.column, case.cell);
        let csv = format!(
            "id,{}\nfirst,\nx,{}\nlast,\n",
            case.column,
            quoted(&case.cell)
        );
        let wanted = OneField {
            json: String::new(),
            path: None,
            problem: case.problem,
            cure: case.cure,
            reads: case.reads,
        };
        if let Some(outcome) =
            corpus.outcome(&name, csv.as_bytes(), Some(Format::Csv), Limits::default())
        {
            corpus.one(&name, outcome, &case.column, &wanted, 3);
        }
    }
    corpus.finish(90);
}

#[test]
fn a_value_that_is_none_of_its_fact_costs_its_row_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = load::load(Some(&root)).unwrap();
    let law = load::law(&loaded).unwrap();
    let assessor = Assessor::new(
        law,
        Imported::default(),
        AskedFor::default(),
        &Digests::default(),
    )
    .unwrap();
    let mut corpus = Corpus::new();
    let mut room = Room::default();
    for case in table("values.toml").value {
        let name = format!("{} {}", case.column, case.cell);
        corpus.inputs += 1;
        let csv = format!(
            "id,{}\nfirst,\nx,{}\nlast,\n",
            case.column,
            quoted(&case.cell)
        );
        let (mut reader, decoder) = batch::from_stream(
            "test",
            Box::new(Cursor::new(csv.into_bytes())),
            Some(Format::Csv),
            Limits::default(),
            corpus.places.clone(),
        )
        .unwrap();
        let mut outcome = Outcome::default();
        while let Some(raw) = reader.next_raw() {
            let raw = raw.unwrap();
            match decoder.decode(&raw) {
                Err(rejects) => outcome.rejects.extend(rejects),
                // The good rows know nothing, which takes a build without optimisation long to say.
                Ok(transfer) if transfer.id != "x" => outcome.good.push(transfer),
                Ok(transfer) => match assessor.assess(&transfer, Detail::Brief, &mut room) {
                    Ok(_) => outcome.good.push(transfer),
                    Err(errors) => outcome.rejects.extend(
                        errors
                            .into_iter()
                            .map(|error| batch::refused(&decoder, &raw, &transfer.id, error)),
                    ),
                },
            }
        }
        for reject in &outcome.rejects {
            corpus.check_style(&name, reject);
        }
        let wanted = OneField {
            json: String::new(),
            path: None,
            problem: case.problem,
            cure: case.cure,
            reads: case.reads,
        };
        corpus.one(&name, outcome, &case.column, &wanted, 3);
    }
    corpus.finish(40);
}

/// Inputs that are wrong, each with its place and a cure that is asserted; the same input counts once.
#[test]
fn two_hundred_different_malformed_inputs_are_told_their_cure() {
    let mut told = BTreeSet::new();
    let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    for name in [
        "cells.toml",
        "columns.toml",
        "fields.toml",
        "files.toml",
        "sheets.toml",
        "values.toml",
    ] {
        let table = table(name);
        let cells = table
            .cell
            .iter()
            .chain(&table.value)
            .chain(&table.sheet_cell);
        told.extend(
            cells
                .filter(|case| has(&case.cure))
                .map(|case| format!("{} {}", case.column, case.cell)),
        );
        let fields = table.field.iter().filter(|case| has(&case.cure));
        told.extend(fields.map(|case| case.json.clone()));
        told.extend(table.header.iter().map(|case| case.names.clone()));
        let files = table.file.iter().chain(&table.sheet);
        told.extend(
            files
                .filter(|case| {
                    !case.open.is_empty() || case.rejects.iter().any(|told| !told.cure.is_empty())
                })
                .map(|case| format!("{:?} {:?} {}", case.text, case.bytes, case.data)),
        );
    }
    println!("{} malformed inputs with place and cure", told.len());
    assert!(told.len() >= 200, "only {}", told.len());
}

#[test]
fn a_wrong_column_is_told_with_its_number_and_the_nearest() {
    let mut corpus = Corpus::new();
    for case in table("columns.toml").header {
        let csv = format!("{}\n", case.names);
        let whole = Whole {
            about: String::new(),
            name: String::new(),
            text: None,
            bytes: None,
            data: String::new(),
            prefix: String::new(),
            limit: None,
            good: Vec::new(),
            rejects: Vec::new(),
            open: case.says,
        };
        if let Some(outcome) = corpus.outcome(
            &case.names,
            csv.as_bytes(),
            Some(Format::Csv),
            Limits::default(),
        ) {
            corpus.whole(&case.names, &outcome, &whole);
        }
    }
    corpus.finish(25);
}

#[test]
fn a_broken_file_keeps_every_good_record() {
    let mut corpus = Corpus::new();
    for case in table("files.toml").file {
        let bytes = match (&case.text, &case.bytes) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(bytes)) => bytes_of(bytes),
            _ => panic!("{}: give `text` or `bytes`", case.about),
        };
        let format = match case.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("csv" | "tsv") => Some(Format::Csv),
            Some("jsonl") => Some(Format::JsonLines),
            Some("json") => Some(Format::Json),
            Some("xlsx") => Some(Format::Xlsx),
            _ => None,
        };
        if let Some(outcome) = corpus.outcome(&case.about, &bytes, format, limits(case.limit)) {
            corpus.whole(&case.about, &outcome, &case);
        }
    }
    corpus.finish(75);
}

#[test]
fn a_wrong_field_is_told_with_its_path() {
    let mut corpus = Corpus::new();
    for case in table("fields.toml").field {
        let json = format!("{{\"id\":\"first\"}}\n{}\n{{\"id\":\"last\"}}\n", case.json);
        if let Some(outcome) = corpus.outcome(
            &case.json,
            json.as_bytes(),
            Some(Format::JsonLines),
            Limits::default(),
        ) {
            let path = case.path.clone().unwrap_or_default();
            corpus.one(&case.json, outcome, &path, &case, 2);
        }
    }
    corpus.finish(80);
}

/// The readers of rows know no packs: their table of other words must not fall behind the packs' own.
#[test]
fn every_word_of_the_packs_for_acts_types_and_forms_is_taken() {
    let packs = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../packs/vocabulary/words.toml"
    );
    let words: toml::Table = std::fs::read_to_string(packs).unwrap().parse().unwrap();
    let mut taken = 0;
    for list in words["words"].as_array().unwrap() {
        let of = |word: &str| match list["name"].as_str().unwrap() {
            "act" => Some(format!(r#"{{"kind":"{word}"}}"#)),
            "party_type" => Some(format!(
                r#"{{"parties":[{{"role":"buyer","type":"{word}"}}]}}"#
            )),
            "form" => Some(format!(r#"{{"lines":[{{"item":{{"form":"{word}"}}}}]}}"#)),
            _ => None,
        };
        for value in list["values"].as_array().unwrap() {
            let own = value["word"].as_str().unwrap();
            let also = value.get("also").and_then(|also| also.as_array());
            let also = also.into_iter().flatten().filter_map(|word| word.as_str());
            for word in also.chain([own, &own.to_uppercase()]) {
                let Some(json) = of(word) else { continue };
                let stream = Box::new(Cursor::new(json.clone().into_bytes()));
                let places = Arc::new(Places::default());
                let limits = Limits::default();
                let form = Some(Format::JsonLines);
                let (mut reader, decoder) =
                    batch::from_stream("test", stream, form, limits, places).unwrap();
                let made = decoder
                    .decode(&reader.next_raw().unwrap().unwrap())
                    .unwrap_or_else(|rejects| panic!("{json}: {rejects:?}"));
                let party = made.parties.iter().flatten().next();
                let line = made.lines.first();
                let read = made
                    .kind
                    .or_else(|| party?.kind.clone())
                    .or_else(|| line?.item.form.clone());
                assert_eq!(read.as_deref(), Some(own), "{json}");
                assert!(party.is_none_or(|party| party.role == "purchaser"));
                taken += 1;
            }
        }
    }
    assert!(taken > 120, "{taken}");
}

#[test]
fn a_broken_sheet_keeps_every_good_row() {
    let mut corpus = Corpus::new();
    let table = table("sheets.toml");
    for case in table.sheet_cell {
        let book = workbooks::one_cell(&case.column, &case.cell);
        let name = format!("{} {}", case.column, case.cell);
        let at = case.at.unwrap_or(case.column);
        let wanted = OneField {
            json: String::new(),
            path: None,
            problem: case.problem,
            cure: case.cure,
            reads: case.reads,
        };
        if let Some(outcome) = corpus.outcome(&name, &book, None, Limits::default()) {
            corpus.one(&name, outcome, &at, &wanted, 3);
        }
    }
    for case in table.sheet {
        let book = workbooks::Book {
            prefix: &case.prefix,
            data: &case.data,
            ..workbooks::Book::default()
        }
        .packed();
        if let Some(outcome) = corpus.outcome(&case.about, &book, None, limits(case.limit)) {
            corpus.whole(&case.about, &outcome, &case);
        }
    }
    corpus.finish(45);
}
