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

/// A table of optional columns as another program would write it: text, and what is given a type of its own.
fn written(names: &[String], rows: &[Vec<String>], typed: &[(&str, &str)]) -> Vec<u8> {
    use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type};
    let fields: Vec<String> = names
        .iter()
        .map(|name| {
            let own = typed.iter().find(|(own, _)| own == name);
            format!(
                "optional {};",
                match own {
                    Some((_, "date")) => format!("int32 {name} (DATE)"),
                    Some((_, "yes")) => format!("boolean {name}"),
                    _ => format!("binary {name} (UTF8)"),
                }
            )
        })
        .collect();
    let schema = format!("message table {{ {} }}", fields.join(" "));
    let schema = parquet::schema::parser::parse_message_type(&schema).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::file::writer::SerializedFileWriter::new(
        &mut bytes,
        schema.into(),
        Default::default(),
    )
    .unwrap();
    for rows in rows.chunks(7) {
        let mut group = writer.next_row_group().unwrap();
        for (place, name) in names.iter().enumerate() {
            let cells: Vec<&str> = rows.iter().map(|row| row[place].as_str()).collect();
            let levels: Vec<i16> = cells
                .iter()
                .map(|cell| i16::from(!cell.is_empty()))
                .collect();
            let there = cells.iter().filter(|cell| !cell.is_empty());
            let mut column = group.next_column().unwrap().unwrap();
            match typed.iter().find(|(own, _)| own == name) {
                Some((_, "date")) => {
                    let days: Vec<i32> = there
                        .map(|cell| catchall_model::Day::parse(cell).unwrap().number() as i32)
                        .collect();
                    column
                        .typed::<Int32Type>()
                        .write_batch(&days, Some(&levels), None)
                        .unwrap();
                }
                Some((_, "yes")) => {
                    let all: Vec<bool> = there.map(|cell| ["yes", "true"].contains(cell)).collect();
                    column
                        .typed::<BoolType>()
                        .write_batch(&all, Some(&levels), None)
                        .unwrap();
                }
                _ => {
                    let all: Vec<ByteArray> = there.map(|cell| ByteArray::from(*cell)).collect();
                    column
                        .typed::<ByteArrayType>()
                        .write_batch(&all, Some(&levels), None)
                        .unwrap();
                }
            }
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    bytes
}

#[test]
fn the_columns_of_a_sheet_are_read_from_parquet_with_the_same_answers() {
    let folder = folder("parquet-in");
    let example = root().join("examples/transfers.csv");
    let mut rows = sheet(&std::fs::read(&example).unwrap());
    let names = rows.remove(0);
    let typed = [
        ("date", "date"),
        ("contract_signed", "date"),
        ("informed_by_authority", "yes"),
    ];
    let table = written(&names, &rows, &typed);
    std::fs::write(folder.join("transfers.parquet"), &table).unwrap();
    let ask = |name: &str| catchall(&folder, &["assess", "--quiet", "--format", "jsonl", name]);
    let csv = ask(&example.display().to_string());
    let read = ask("transfers.parquet");
    assert_eq!(String::from_utf8_lossy(&read.stderr), "");
    assert_eq!(read.status.code(), csv.status.code());
    // Evidence names the file and its line; everything else is the same to the byte, but for the id, which is a digest of all of it.
    let bare = |output: &Output| -> Vec<Value> {
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| {
                let mut one: Value = serde_json::from_str(line).unwrap();
                let own = one.as_object_mut().unwrap();
                own.retain(|name, _| {
                    ["transfer", "outcome", "summary", "bounds", "missing"].contains(&name.as_str())
                });
                one
            })
            .collect()
    };
    assert_eq!(bare(&read), bare(&csv));
    assert_eq!(bare(&read).len(), rows.len());

    // As a stream, whatever it is called.
    let piped = Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(&folder)
        .args(["assess", "--quiet", "--format", "jsonl", "-"])
        .stdin(std::fs::File::open(folder.join("transfers.parquet")).unwrap())
        .output()
        .unwrap();
    assert_eq!(bare(&piped), bare(&csv));
}

#[test]
fn a_damaged_parquet_file_says_so_and_nothing_panics() {
    let folder = folder("parquet-damaged");
    let names: Vec<String> = ["id", "kind", "date", "from", "to", "item"]
        .map(str::to_owned)
        .into();
    let row: Vec<String> = ["a", "export", "1998-03-25", "RU", "IR", "steel"]
        .map(str::to_owned)
        .into();
    let whole = written(&names, &vec![row; 40], &[("date", "date")]);
    let told = |bytes: &[u8], name: &str| {
        std::fs::write(folder.join(name), bytes).unwrap();
        let made = catchall(&folder, &["assess", "--format", "jsonl", name]);
        (
            made.status.code(),
            String::from_utf8_lossy(&made.stderr).into_owned(),
        )
    };
    let (code, says) = told(&whole[..whole.len() - 9], "cut.parquet");
    assert_eq!(code, Some(2), "{says}");
    assert!(
        says.contains("cut.parquet: the Parquet file cannot be read"),
        "{says}"
    );
    let (code, says) = told(b"PAR1", "short.parquet");
    assert_eq!(code, Some(2), "{says}");
    // A file that is damaged in the middle ends in an error or a reject with its place, never in a fall.
    for place in (4..whole.len() - 8).step_by(whole.len() / 24) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        let (code, says) = told(&bytes, "bent.parquet");
        assert!(
            code.is_some_and(|code| code != 101 && code != 134),
            "{place}: {code:?} {says}"
        );
        assert!(!says.contains("RUST_BACKTRACE"), "{place}: {says}");
    }
    let odd = vec!["id".to_owned(), "kindd".to_owned()];
    let (code, says) = told(
        &written(&odd, &[vec!["a".into(), "export".into()]], &[]),
        "odd.parquet",
    );
    assert_eq!(code, Some(2));
    assert!(says.contains("kindd") && says.contains("kind"), "{says}");
}
