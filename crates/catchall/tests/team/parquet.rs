//! Parquet is read back cell by cell and held against the CSV of the same question.

use std::path::Path;
use std::process::{Command, Output};

use catchall::batch::tables::{Column, Kind, begin};
use parquet::basic::{LogicalType, Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};

use crate::server::{folder, root};

fn catchall(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder.join("no-lists"))
        .env_remove("CATCHALL_PACKS")
        .env_remove("CATCHALL_LISTS")
        .env_remove("CATCHALL_LEDGER")
        .env("USER", "inge")
        .args(args)
        .output()
        .unwrap()
}

/// A table: its columns with their types, and its cells as words.
struct Read {
    columns: Vec<(String, Type, Option<LogicalType>)>,
    rows: Vec<Vec<String>>,
    groups: usize,
}

fn read(bytes: Vec<u8>) -> Read {
    let reader = SerializedFileReader::new(axum::body::Bytes::from(bytes)).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let columns = schema
        .columns()
        .iter()
        .map(|column| {
            (
                column.name().to_owned(),
                column.physical_type(),
                column.logical_type_ref().cloned(),
            )
        })
        .collect();
    let rows = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            row.unwrap()
                .get_column_iter()
                .map(|(_, field)| word(field))
                .collect()
        })
        .collect();
    Read {
        columns,
        rows,
        groups: reader.num_row_groups(),
    }
}

fn word(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Bool(yes) => yes.to_string(),
        Field::Date(day) => catchall_model::Day::from_number(i64::from(*day)).to_string(),
        Field::TimestampMillis(time) => catchall_ledger::Timestamp::from_millisecond(*time)
            .unwrap()
            .to_string(),
        other => panic!("{other}"),
    }
}

/// The rows of a CSV, the header first; without the apostrophe that keeps a spreadsheet from reckoning.
fn sheet(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text);
    let plain = |cell: &str| {
        let rest = cell.strip_prefix('\'');
        rest.filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']))
            .unwrap_or(cell)
            .to_owned()
    };
    reader
        .records()
        .map(|row| row.unwrap().iter().map(plain).collect())
        .collect()
}

fn same(table: &Read, csv: &[u8]) {
    let sheet = sheet(csv);
    let names: Vec<&String> = table.columns.iter().map(|(name, ..)| name).collect();
    assert_eq!(names, sheet[0].iter().collect::<Vec<_>>());
    assert_eq!(table.rows.len(), sheet.len() - 1);
    for (row, line) in table.rows.iter().zip(&sheet[1..]) {
        for (place, (cell, said)) in row.iter().zip(line).enumerate() {
            // In CSV an erased entry is a word or nothing.
            let cell = match (names[place].as_str(), cell.as_str()) {
                ("erased", "true") => "yes",
                ("erased", "false") => "",
                (_, cell) => cell,
            };
            assert_eq!(cell, said, "{}", names[place]);
        }
    }
}

#[test]
fn what_is_assessed_stands_in_columns_with_their_types() {
    let folder = folder("parquet-assess");
    let example = root().join("examples/transfers.csv").display().to_string();
    let table = catchall(&folder, &["assess", "--format", "parquet", &example]);
    let csv = catchall(&folder, &["assess", "--format", "csv", &example]);
    assert_eq!(table.status.code(), csv.status.code());
    let again = catchall(
        &folder,
        &["assess", "--format", "parquet", "--workers", "1", &example],
    );
    assert_eq!(table.stdout, again.stdout, "same question, same bytes");
    let read = read(table.stdout);
    same(&read, &csv.stdout);
    let kind = |name: &str| {
        let found = read.columns.iter().find(|(own, ..)| own == name);
        let (_, physical, logical) = found.unwrap();
        (*physical, logical.clone())
    };
    assert_eq!(kind("as_of"), (Type::INT32, Some(LogicalType::Date)));
    assert_eq!(
        kind("summary"),
        (Type::BYTE_ARRAY, Some(LogicalType::String))
    );
    // An empty input is a table without rows, which can be read all the same.
    std::fs::write(folder.join("none.csv"), "id,kind,date,from,to,item\n").unwrap();
    let none = catchall(&folder, &["assess", "--format", "parquet", "none.csv"]);
    assert_eq!(self::read(none.stdout).rows.len(), 0);
}

#[test]
fn what_is_recorded_is_exported_with_numbers_days_and_times() {
    let folder = folder("parquet-export");
    let example = root().join("examples/transfers.csv").display().to_string();
    let transfer = r#"{"id":"t-1","kind":"export","date":"2026-11-20","from":"DE","to":"TR","parties":[{"role":"exporter","name":"=Nord","country":"DE"}]}"#;
    std::fs::write(folder.join("t.jsonl"), format!("{transfer}\n")).unwrap();
    let recorded = catchall(
        &folder,
        &[
            "assess", "--format", "parquet", "--ledger", "l.db", &example,
        ],
    );
    assert!(!recorded.stdout.is_empty());
    let opened = catchall(
        &folder,
        &[
            "case",
            "open",
            "--ledger",
            "l.db",
            "--actor",
            "L. Marchetti",
            "--role",
            "licensing-officer",
            "--my-team",
            "Dual-use",
            "t.jsonl",
        ],
    );
    let talk = String::from_utf8_lossy(&opened.stderr).into_owned();
    for view in ["determinations", "decisions", "licences"] {
        let export = |more: &[&str]| {
            let base = ["ledger", "export", "--ledger", "l.db", "--view", view];
            let done = catchall(&folder, &[&base[..], more].concat());
            assert!(
                done.status.success(),
                "{view}: {}",
                String::from_utf8_lossy(&done.stderr)
            );
            done.stdout
        };
        let table = read(export(&["--format", "parquet"]));
        same(&table, &export(&[]));
        assert_eq!(table.columns[0].1, Type::INT64);
        assert_eq!(
            table.columns[1].2,
            Some(LogicalType::timestamp(
                true,
                parquet::basic::TimeUnit::MILLIS
            ))
        );
        let rows = table.rows.len();
        assert_eq!(rows > 0, view != "licences", "{view}: {rows} rows; {talk}");
        export(&["--format", "parquet", "--output", "table.parquet"]);
        let file = std::fs::read(folder.join("table.parquet")).unwrap();
        assert_eq!(read(file).rows, table.rows);
    }
}

#[test]
fn a_long_table_goes_out_in_groups_and_a_wrong_cell_is_told() {
    let columns = || {
        vec![
            Column::new("number", Kind::Whole),
            Column::new("text", Kind::Text),
            Column::new("flag", Kind::Flag),
            Column::new("day", Kind::Day),
            Column::new("time", Kind::Time),
        ]
    };
    let row = |number: usize| -> Vec<Value> {
        if number.is_multiple_of(7) {
            return vec![
                json!(number),
                Value::Null,
                Value::Null,
                Value::Null,
                Value::Null,
            ];
        }
        vec![
            json!(number),
            json!(format!("سطر {number} 行 строка")),
            json!(number.is_multiple_of(2)),
            json!("1998-03-25"),
            json!("1998-03-25T08:00:00.000Z"),
        ]
    };
    let mut file = Vec::new();
    let mut table = begin(columns(), &mut file).unwrap();
    for number in 0..45_000 {
        table.row(&row(number)).unwrap();
    }
    table.end().unwrap();
    drop(table);
    let read = read(file);
    assert_eq!((read.rows.len(), read.groups), (45_000, 3));
    for (number, cells) in read.rows.iter().enumerate() {
        let wanted: Vec<String> = row(number)
            .iter()
            .map(|cell| match cell {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        assert_eq!(*cells, wanted);
    }
    // Long texts make groups of their own, so that memory does not grow with them.
    let mut long = Vec::new();
    let mut table = begin(vec![Column::new("text", Kind::Text)], &mut long).unwrap();
    for _ in 0..20 {
        table.row(&[json!("x".repeat(1 << 20))]).unwrap();
    }
    table.end().unwrap();
    drop(table);
    assert_eq!(self::read(long).groups, 3);
    let mut out = Vec::new();
    let mut table = begin(columns(), &mut out).unwrap();
    let mut wrong = row(1);
    wrong[3] = json!("1998-02-30");
    let told = format!("{:#}", table.row(&wrong).unwrap_err());
    assert!(told.contains("column `day`"), "{told}");
    assert!(table.row(&wrong[1..]).is_err());
}

#[test]
fn a_full_disk_is_told_and_half_a_table_is_none() {
    let folder = folder("parquet-full");
    let example = root().join("examples/transfers.csv").display().to_string();
    let done = Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(&folder)
        .env("XDG_DATA_HOME", folder.join("no-lists"))
        .args(["assess", "--format", "parquet", &example])
        .stdout(
            std::fs::File::options()
                .write(true)
                .open("/dev/full")
                .unwrap(),
        )
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{talk}");
    assert!(talk.contains("No space left"), "{talk}");
    let whole = catchall(&folder, &["assess", "--format", "parquet", &example]).stdout;
    let half = axum::body::Bytes::from(whole[..whole.len() / 2].to_vec());
    assert!(SerializedFileReader::new(half).is_err());
}
