//! `catchall screen` and `catchall rescreen` through the binary: hits, people's answers, the index beside the lists, tables of every kind.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const BEFORE: &str = "id,name,type,country,born,programme\n\
    1,Varlaam Timofeyevich Grushnikov,person,RU,1961-03-09,OLD\n\
    2,Kholmogorskii Mashinostroitelnyi Zavod,organisation,RU,,OLD\n\
    3,Serafim Ustinovich Podlesnov,person,RU,,OLD\n";
const AFTER: &str = "id,name,type,country,born,programme\n\
    1,Varlaam Timofeyevich Grushnikov,person,RU,1961-03-09,OLD\n\
    2,Kholmogorskii Mashinostroitelnyi Zavod,organisation,RU,,NEW\n\
    4,Abd al-Qadir bin Marzuq al-Zubaydi,person,IQ,,NEW\n\
    5,Morvent Trading House,organisation,AE,,NEW\n";
const PARTIES: &str = "id,name,type,country,born\n\
    a,Varlaam Grushnikov,person,Kazakhstan,\n\
    b,Kholmogory Machine-Building Plant,company,,\n\
    c,Podlesnov Serafim,person,,\n\
    d,Abdulkader ben Marzouk Zoubaidi,person,,\n\
    e,Oslo Ski School,company,Norway,\n";

/// A folder of its own for each test, with the list imported once.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("parties.csv"), PARTIES).unwrap();
    import(&folder, BEFORE, "2026-01-10");
    folder
}

fn catchall(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(folder)
        .args(args)
        .args(["--lists", "lists", "--answers", "answers.jsonl"])
        .output()
        .unwrap()
}

fn import(folder: &Path, list: &str, on: &str) {
    std::fs::write(folder.join("watch.csv"), list).unwrap();
    let args = [
        "lists",
        "import",
        "watch.csv",
        "--list",
        "watch",
        "--on",
        on,
        "--accept-shrink",
    ];
    let done = catchall(folder, &args);
    assert_eq!(done.status.code(), Some(0), "{}", talk(&done));
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn rows(output: &Output) -> Vec<Value> {
    let text = out(output);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Party and key of the listing of each hit.
fn met(output: &Output) -> Vec<String> {
    let of = |hit: &Value| {
        let key = hit["listing"]["source_id"].as_str().unwrap();
        format!("{}={key}", hit["party"].as_str().unwrap())
    };
    rows(output).iter().map(of).collect()
}

const SCREEN: [&str; 4] = ["screen", "parties.csv", "--as-of", "2026-01-11"];

#[test]
fn parties_are_screened_and_an_empty_answer_clears_nobody() {
    let folder = folder("screen-plain");
    let done = catchall(&folder, &SCREEN);
    assert_eq!(done.status.code(), Some(11), "{}", talk(&done));
    assert_eq!(met(&done), ["a=1", "b=2", "c=3"]);
    let nobody = catchall(&folder, &["screen", "--name", "Oslo Ski School"]);
    assert_eq!((nobody.status.code(), out(&nobody).as_str()), (Some(0), ""));
    let table = catchall(&folder, &[&SCREEN[..], &["--format", "csv"]].concat());
    assert!(
        out(&table).starts_with("party,list,source_id,"),
        "{}",
        out(&table)
    );
    assert_eq!(out(&table).lines().count(), 4);
}

#[test]
fn a_workbook_is_a_table_of_parties_too_and_its_bad_rows_are_told() {
    let folder = folder("screen-xlsx");
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |cells: [&str; 3]| format!("<row>{}</row>", cells.map(cell).concat());
    let data = [
        row(["id", "name", "country"]),
        row(["a", "Varlaam Grushnikov", "Kazakhstan"]),
        row(["b", "Varlaam Grushnikov", "Ruritania"]),
    ]
    .concat();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="Customers" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#.to_owned(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{data}</sheetData></worksheet>"),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    std::fs::write(folder.join("parties.xlsx"), bytes).unwrap();
    let done = catchall(
        &folder,
        &["screen", "parties.xlsx", "--as-of", "2026-01-11"],
    );
    assert_eq!(met(&done), ["a=1"], "{}", talk(&done));
    assert!(talk(&done).contains("Ruritania"), "{}", talk(&done));
    assert!(talk(&done).contains("1 rejected"), "{}", talk(&done));
}

#[test]
fn parties_of_the_contract_are_read_strictly_and_entities_leniently() {
    let folder = folder("screen-json");
    let lines = [
        r#"{"id": "a", "name": "Varlaam Grushnikov", "names": ["W. Gruschnikow; of Omsk"], "type": "person", "role": "broker"}"#,
        r#"{"id": "b", "schema": "Person", "caption": "x", "target": true, "properties": {"name": "Varlaam Grushnikov", "birthDate": ["1961"], "topics": [3]}}"#,
        r#"{"id": "c", "name": ["Varlaam Grushnikov"], "born": 1961, "bron": "1961-03-09"}"#,
        r#"{"id": "d", "properties": 3}"#,
        r#"{"id": "e", "type": "person"}"#,
        r#"["Varlaam Grushnikov"]"#,
        r#"{"name": "Varlaam Grushnikov"}"#,
    ];
    std::fs::write(folder.join("parties.jsonl"), lines.join("\n")).unwrap();
    let args = ["screen", "parties.jsonl", "--as-of", "2026-01-11"];
    let done = catchall(&folder, &args);
    assert_eq!(met(&done), ["a=1", "b=1", "7=1"], "{}", talk(&done));
    for place in [
        "a text is needed here, and a list stands here; write the full name",
        "a number stands here; write a day as",
        "there is no field `bron` here; the nearest is `born`",
        "an object is needed here, and a number stands here",
        "neither a name nor an identifier",
        "a party is an object, and a list stands here",
    ] {
        assert!(talk(&done).contains(place), "{place}: {}", talk(&done));
    }
}

#[test]
fn an_unknown_column_is_a_usage_error_that_names_the_nearest() {
    let folder = folder("screen-columns");
    std::fs::write(folder.join("parties.csv"), "id,nmae\n1,A\n").unwrap();
    let done = catchall(&folder, &SCREEN);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        talk(&done).contains("the nearest known is `name`"),
        "{}",
        talk(&done)
    );
}

#[test]
fn a_dismissed_hit_is_shown_with_who_said_so_and_stops_nobody_until_something_changes() {
    let folder = folder("screen-dismiss");
    let dismiss = |extra: &[&str]| {
        let base = [
            "screen",
            "parties.csv",
            "--as-of",
            "2026-01-11",
            "--party",
            "a",
            "--dismiss",
            "watch/1",
            "--by",
            "J. Doe",
        ];
        catchall(&folder, &[&base[..], extra].concat())
    };
    let without = dismiss(&[]);
    assert_eq!(without.status.code(), Some(2), "{}", talk(&without));
    assert!(
        talk(&without).contains("needs a reason"),
        "{}",
        talk(&without)
    );
    let done = dismiss(&["--why", "another patronymic, by his passport"]);
    assert_eq!(done.status.code(), Some(0), "{}", talk(&done));
    let again = catchall(&folder, &SCREEN);
    let rows = rows(&again);
    assert_eq!(rows[0]["answer"]["says"], "not_same");
    assert_eq!(rows[0]["answer"]["by"], "J. Doe");
    assert_eq!(rows[0]["answer"]["holds"], true);
    assert_eq!(rows[1]["answer"], Value::Null);
    assert!(
        talk(&again).contains("1 of them dismissed before"),
        "{}",
        talk(&again)
    );
    let alone = ["screen", "one.csv", "--as-of", "2026-01-11"];
    std::fs::write(
        folder.join("one.csv"),
        "id,name,type,country,born\nx,Varlaam Grushnikov,person,KZ,\n",
    )
    .unwrap();
    assert_eq!(catchall(&folder, &alone).status.code(), Some(0));
    std::fs::write(
        folder.join("one.csv"),
        "id,name,type,country,born\nx,Varlaam Grushnikov,person,KZ,1961-03-09\n",
    )
    .unwrap();
    let changed = catchall(&folder, &alone);
    assert_eq!(changed.status.code(), Some(11));
    assert!(
        out(&changed).contains("the party has changed, or is another: birth"),
        "{}",
        out(&changed)
    );
    let nowhere = dismiss(&["--why", "x", "--party", "e"]);
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn a_broken_line_of_answers_stops_the_run() {
    let folder = folder("screen-broken-answers");
    std::fs::write(folder.join("answers.jsonl"), "{\"schema\":\"catch").unwrap();
    let done = catchall(&folder, &SCREEN);
    assert_eq!(done.status.code(), Some(14));
    assert!(
        talk(&done).contains("answers.jsonl`, line 1"),
        "{}",
        talk(&done)
    );
    let rescreen = catchall(&folder, &["rescreen", "parties.csv"]);
    assert_eq!(rescreen.status.code(), Some(14));
}

#[test]
fn the_last_import_is_told_party_by_party_with_and_without_an_index_of_the_parties() {
    let folder = folder("rescreen");
    let once = catchall(&folder, &["rescreen", "parties.csv"]);
    assert_eq!(once.status.code(), Some(0), "{}", talk(&once));
    assert!(talk(&once).contains("imported once"), "{}", talk(&once));
    import(&folder, AFTER, "2026-02-10");
    let base = ["rescreen", "parties.csv", "--as-of", "2026-02-11"];
    let plain = catchall(&folder, &base);
    assert_eq!(plain.status.code(), Some(11), "{}", talk(&plain));
    let told: Vec<String> = rows(&plain)
        .iter()
        .map(|row| format!("{} {} {}", row["party"], row["change"], row["differs"]))
        .collect();
    assert_eq!(
        told,
        [
            "\"b\" \"changed\" [\"programmes\"]",
            "\"c\" \"vanished\" null",
            "\"d\" \"appeared\" null",
        ]
    );
    let with_index = [&base[..], &["--index", "parties.idx"]].concat();
    let made = catchall(&folder, &with_index);
    let reused = catchall(&folder, &with_index);
    let since = catchall(&folder, &[&base[..], &["--since", "2026-01-20"]].concat());
    for other in [&made, &reused, &since] {
        assert_eq!(out(other), out(&plain), "{}", talk(other));
        assert_eq!(other.status.code(), Some(11));
    }
    let none = catchall(&folder, &[&base[..], &["--since", "2026-02-10"]].concat());
    assert_eq!((none.status.code(), out(&none).as_str()), (Some(0), ""));
    // Other parties are noticed.
    std::fs::write(
        folder.join("parties.csv"),
        "id,name\nz,Morvent Trading House\n",
    )
    .unwrap();
    let other = catchall(&folder, &with_index);
    assert_eq!(rows(&other).len(), 1, "{}", talk(&other));
    assert_eq!(rows(&other)[0]["party"], "z");
}

#[test]
fn what_a_person_dismissed_does_not_come_back_with_a_change_that_it_does_not_rest_on() {
    let folder = folder("rescreen-answers");
    let base = [
        "screen",
        "parties.csv",
        "--as-of",
        "2026-01-11",
        "--party",
        "b",
        "--by",
        "J. Doe",
        "--why",
        "another works",
    ];
    let refused = catchall(&folder, &[&base[..], &["--dismiss", "watch/2"]].concat());
    assert!(
        talk(&refused).contains("nothing is known but the name"),
        "{}",
        talk(&refused)
    );
    let kept = catchall(
        &folder,
        &[&base[..], &["--dismiss", "watch/2", "--only-for", "b"]].concat(),
    );
    assert_eq!(kept.status.code(), Some(0), "{}", talk(&kept));
    import(&folder, AFTER, "2026-02-10");
    let moved = catchall(
        &folder,
        &["rescreen", "parties.csv", "--as-of", "2026-02-11"],
    );
    let row = &rows(&moved)[0];
    assert_eq!(
        (&row["party"], &row["change"]),
        (&"b".into(), &"changed".into())
    );
    assert_eq!(row["after"]["answer"]["holds"], true);
    assert!(talk(&moved).contains("; 1 open"), "{}", talk(&moved));
    import(
        &folder,
        &AFTER.replace("organisation,RU", "organisation,BY"),
        "2026-03-10",
    );
    let moved = catchall(
        &folder,
        &["rescreen", "parties.csv", "--as-of", "2026-03-11"],
    );
    assert_eq!(rows(&moved)[0]["differs"], serde_json::json!(["answer"]));
    assert_eq!(
        rows(&moved)[0]["after"]["answer"]["lapsed"],
        "the listing has changed: country"
    );
    assert_eq!(moved.status.code(), Some(11));
}

#[test]
fn a_damaged_index_is_told_and_made_again_and_the_hits_are_the_same() {
    let folder = folder("screen-index");
    let first = out(&catchall(&folder, &SCREEN));
    let index = |folder: &Path| {
        let mut all = std::fs::read_dir(folder.join("lists/index")).unwrap();
        let one = all.next().unwrap().unwrap().path();
        assert!(all.next().is_none());
        one
    };
    let file = index(&folder);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let done = catchall(&folder, &SCREEN);
    assert!(
        talk(&done).contains("the index is damaged"),
        "{}",
        talk(&done)
    );
    assert_eq!(out(&done), first);
    let after = catchall(&folder, &SCREEN);
    assert!(!talk(&after).contains("damaged"), "{}", talk(&after));
    // Another list, another index; the old one goes.
    import(&folder, AFTER, "2026-02-10");
    assert_ne!(index(&folder), file);
}

#[test]
fn a_dismissed_match_no_longer_refers_a_transfer_and_says_who_said_so() {
    let folder = folder("screen-assess");
    std::fs::write(
        folder.join("transfers.csv"),
        "id,kind,date,from,to,exporter,exporter.country,end_user,end_user.country,end_user.type,form,item,code,origin,\
         us_content,made_with.us_technology,uses,informed_by_authority\n\
         t,export,2026-01-11,Antarctica,Norway,South Pole Supplies,Antarctica,Varlaam Grushnikov,Norway,person,goods,\
         wool,none,Antarctica,0 %,no,civil,no\n",
    )
    .unwrap();
    let assess = || {
        let done = catchall(&folder, &["assess", "transfers.csv", "--format", "jsonl"]);
        serde_json::from_str::<Value>(&out(&done)).unwrap()
    };
    let before = assess();
    assert_eq!(before["outcome"], "refer", "{}", before["summary"]);
    assert_eq!(before["hits"][0]["listing"]["source_id"], "1");
    std::fs::write(
        folder.join("one.csv"),
        "id,name,type,country\nt,Varlaam Grushnikov,person,Norway\n",
    )
    .unwrap();
    let kept = catchall(
        &folder,
        &[
            "screen",
            "one.csv",
            "--as-of",
            "2026-01-11",
            "--dismiss",
            "watch/1",
            "--by",
            "J. Doe",
            "--why",
            "passport seen",
        ],
    );
    assert_eq!(kept.status.code(), Some(0), "{}", talk(&kept));
    let after = assess();
    assert_eq!(
        after["outcome"], "no_licence_required",
        "{}",
        after["summary"]
    );
    assert_eq!(after["hits"][0]["answer"]["by"], "J. Doe");
    assert_ne!(before["basis"]["lists"], after["basis"]["lists"]);
}
