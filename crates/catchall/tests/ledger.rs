//! `catchall ledger` and `catchall assess --ledger` through the binary.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn catchall(folder: &Path, args: &[&str]) -> Output {
    let lists = folder.join("no-lists");
    Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(folder)
        .env("CATCHALL_LEDGER", folder.join("ledger.db"))
        .env("XDG_DATA_HOME", lists)
        .env_remove("CATCHALL_PACKS")
        .env_remove("CATCHALL_LISTS")
        .env("USER", "inge")
        .args(args)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn example() -> String {
    root().join("examples/transfers.csv").display().to_string()
}

/// Rows of the example, without the header.
fn rows() -> usize {
    let text = std::fs::read_to_string(root().join("examples/transfers.csv")).unwrap();
    text.lines().count() - 1
}

#[test]
fn what_is_assessed_is_recorded_replayed_and_verified() {
    let folder = folder("ledger-assess");
    let done = catchall(&folder, &["assess", "--format", "jsonl", &example()]);
    let count = rows();
    assert!(
        talk(&done).contains(&format!("{count} recorded in")),
        "{}",
        talk(&done)
    );
    // Recording changes nothing of the output.
    let plain = Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(&folder)
        .env("XDG_DATA_HOME", folder.join("no-lists"))
        .env_remove("CATCHALL_LEDGER")
        .args(["assess", "--format", "jsonl", &example()])
        .output()
        .unwrap();
    assert_eq!(out(&plain), out(&done));
    assert_eq!(plain.status.code(), done.status.code());
    // The documents stand in the ledger to the byte, in the order of the input.
    let shown = catchall(&folder, &["ledger", "show", "--json", "--limit", "10000"]);
    let entries: Vec<serde_json::Value> = out(&shown)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), count);
    for (line, entry) in out(&done).lines().zip(&entries) {
        assert_eq!(entry["body"]["determination"], line);
        assert_eq!(entry["actor"]["name"], "local:inge");
    }
    // The same again adds nothing, whatever the format.
    let again = catchall(&folder, &["assess", "--format", "csv", &example()]);
    assert!(
        talk(&again).contains("0 recorded in")
            && talk(&again).contains(&format!("{count} stood there already")),
        "{}",
        talk(&again)
    );
    let replayed = catchall(&folder, &["ledger", "replay"]);
    assert_eq!(
        out(&replayed),
        format!("{count} determinations: {count} came out the same to the byte\n"),
        "{}",
        talk(&replayed)
    );
    assert_eq!(replayed.status.code(), Some(0));
    let verified = catchall(&folder, &["ledger", "verify"]);
    assert!(
        out(&verified).ends_with("whole: nothing was changed\n"),
        "{}",
        out(&verified)
    );
    assert_eq!(verified.status.code(), Some(0));
}

#[test]
fn a_licence_that_was_revoked_is_no_cover_and_replays() {
    let folder = folder("ledger-licences");
    let officer = [
        "--actor",
        "L. Marchetti",
        "--role",
        "licensing-officer",
        "--my-team",
        "Dual-use",
    ];
    let licence = |args: &[&str]| {
        let done = catchall(&folder, &[&["licence"], args, &officer[..]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", talk(&done));
    };
    for id in ["L-RUNS", "L-GONE"] {
        licence(&[
            "issue",
            "--id",
            id,
            "--authority",
            "de",
            "--holder",
            "Nord Werkzeug",
            "--paper",
            id,
            "--line",
            "spindles[2B001]:12 pieces",
            "--from",
            "2025-01-01",
            "--until",
            "2030-01-01",
        ]);
    }
    licence(&[
        "revoke",
        "L-GONE",
        "--why",
        "a report names the end user",
        "--from",
        "2026-01-15",
    ]);
    let columns = "id,kind,date,from,to,exporter,exporter.country,end_user,end_user.country,end_user.type,item,form,item_kind,code,code_list,origin,us_content,made_with.us_technology,quantity,uses,informed_by_authority,exporter_knows,grounds_to_suspect,red_flags,licence_id,licence_authority,fact.licence.covers_this";
    let row = |id: &str| {
        format!(
            "{id},export,2026-02-02,DE,TR,Nord Werkzeug,DE,Kaya Makina,TR,company,spindle,goods,machine-tool,2B001,eu,DE,0 %,no,2 pieces,civil,no,none,none,none,{id},de,yes\n"
        )
    };
    let file = folder.join("relying.csv");
    std::fs::write(
        &file,
        format!("{columns}\n{}{}", row("L-RUNS"), row("L-GONE")),
    )
    .unwrap();
    let file = file.display().to_string();
    for format in ["jsonl", "csv"] {
        let done = catchall(&folder, &["assess", "--format", format, &file]);
        let text = out(&done);
        let lines: Vec<&str> = text.lines().filter(|line| line.contains("L-")).collect();
        assert!(lines[0].contains("covered_by_licence"), "{text}");
        assert!(
            lines[1].contains("licence_required") && !lines[1].contains("covered_by_licence"),
            "{text}"
        );
        if format == "jsonl" {
            assert!(lines[1].contains("it is revoked on 2026-02-02"), "{text}");
        }
    }
    // Used up since: what was recorded before comes out the same.
    licence(&[
        "reserve",
        "L-RUNS",
        "--order",
        "1",
        "--quantity",
        "12 pieces",
        "--on",
        "2026-02-01",
    ]);
    let replayed = catchall(&folder, &["ledger", "replay"]);
    assert_eq!(
        out(&replayed),
        "2 determinations: 2 came out the same to the byte\n",
        "{}",
        talk(&replayed)
    );
}

#[test]
fn an_export_is_verified_without_the_ledger() {
    let folder = folder("ledger-export");
    catchall(&folder, &["assess", "--quiet", &example()]);
    let signed = catchall(&folder, &["ledger", "checkpoint"]);
    let key = out(&signed)
        .lines()
        .find_map(|line| line.strip_prefix("key      ").map(str::to_owned))
        .unwrap();
    let file = folder.join("export.jsonl").display().to_string();
    let done = catchall(&folder, &["ledger", "export", "--output", &file]);
    assert_eq!(done.status.code(), Some(0), "{}", talk(&done));
    std::fs::rename(folder.join("ledger.db"), folder.join("away.db")).unwrap();
    let verify = |args: &[&str]| catchall(&folder, &[&["ledger", "verify"], args].concat());
    let whole = verify(&[&file, "--key", &key]);
    assert_eq!(whole.status.code(), Some(0), "{}", out(&whole));
    assert!(
        out(&whole).contains("1 checkpoint holds"),
        "{}",
        out(&whole)
    );
    let other = verify(&[&file, "--key", &"0".repeat(64)]);
    assert_eq!(other.status.code(), Some(1));
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text
        .lines()
        .nth(3)
        .unwrap()
        .replacen("local:inge", "local:inga", 1);
    let lines: Vec<&str> = text
        .lines()
        .enumerate()
        .map(|(at, own)| if at == 3 { line.as_str() } else { own })
        .collect();
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let touched = verify(&[&file]);
    assert_eq!(touched.status.code(), Some(1));
    assert!(
        out(&touched).starts_with("touched: line 4: entry 3: it was changed"),
        "{}",
        out(&touched)
    );
    // There is no ledger any more, and asking for one makes none.
    let gone = catchall(&folder, &["ledger", "verify"]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(
        talk(&gone).contains("there is no ledger here"),
        "{}",
        talk(&gone)
    );
    assert!(!folder.join("ledger.db").exists());
}

#[test]
fn other_packs_are_named_not_guessed() {
    let folder = folder("ledger-packs");
    catchall(&folder, &["assess", "--quiet", &example()]);
    let packs = folder.join("changed");
    copy(&root().join("packs"), &packs);
    let article = packs.join("vocabulary/units.md");
    std::fs::write(&article, "A note beside the packs.\n").unwrap();
    let packs = packs.display().to_string();
    let replayed = catchall(&folder, &["ledger", "replay", "--packs", &packs]);
    let count = rows();
    assert_eq!(replayed.status.code(), Some(2), "{}", out(&replayed));
    let said = out(&replayed);
    assert!(
        said.contains(&format!(
            "{count} were not replayed: what they rest on is not at hand"
        )),
        "{said}"
    );
    assert!(
        said.contains("give those of that digest with `--packs DIR`"),
        "{said}"
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

#[test]
fn a_backup_comes_back_and_views_are_tables() {
    let folder = folder("ledger-backup");
    let input = folder.join("rows.csv");
    let head = "id,kind,date,from,to,item,item_kind\n";
    std::fs::write(&input, format!("{head}=1+1,export,2024-05-01,DE,NO,valve,valve\n\"a, \"\"b\"\"\",export,2024-05-01,DE,NO,valve,valve\n")).unwrap();
    let done = catchall(
        &folder,
        &["assess", "--quiet", "--format", "jsonl", "rows.csv"],
    );
    assert_eq!(out(&done).lines().count(), 2, "{}", talk(&done));
    let table = catchall(&folder, &["ledger", "export", "--view", "determinations"]);
    let text = out(&table);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(&records[0][column("transfer")], "'=1+1");
    assert_eq!(&records[1][column("transfer")], "a, \"b\"");
    assert_eq!(&records[1][column("entry")], "2");
    let backup = catchall(&folder, &["ledger", "backup", "backup"]);
    assert!(
        talk(&backup).starts_with("2 entries in `backup`"),
        "{}",
        talk(&backup)
    );
    let other = folder.join("other.db").display().to_string();
    let restored = catchall(
        &folder,
        &["ledger", "restore", "backup", "--ledger", &other],
    );
    assert_eq!(talk(&restored), "2 entries restored, verified\n");
    let again = catchall(
        &folder,
        &["ledger", "export", "--view", "determinations", "-l", &other],
    );
    assert_eq!(out(&again), text);
    let empty = catchall(&folder, &["ledger", "export", "--view", "licences"]);
    assert_eq!(out(&empty), "entry,at,kind,stream,by,team,erased\n");
    let nobody = catchall(&folder, &["ledger", "shred", "person/1", "--reason", "x"]);
    assert_eq!(nobody.status.code(), Some(2));
    assert!(
        talk(&nobody).contains("nothing is sealed for `person/1`"),
        "{}",
        talk(&nobody)
    );
}

#[test]
fn what_cannot_be_recorded_is_not_printed() {
    let folder = folder("ledger-foreign");
    std::fs::write(folder.join("ledger.db"), "Dear diary. ".repeat(50)).unwrap();
    let done = catchall(&folder, &["assess", "--format", "jsonl", &example()]);
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(out(&done), "");
    assert!(talk(&done).contains("not a ledger"), "{}", talk(&done));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_get_one_with_it_before_any_work() {
    let folder = folder("ledger-no-parquet");
    for args in [
        &["assess", "--format", "parquet", &example()][..],
        &[
            "ledger",
            "export",
            "--view",
            "decisions",
            "--format",
            "parquet",
        ],
    ] {
        let done = catchall(&folder, args);
        assert_eq!(done.status.code(), Some(2), "{}", talk(&done));
        assert!(
            talk(&done).contains("cargo build --release --features team"),
            "{}",
            talk(&done)
        );
        assert!(out(&done).is_empty());
    }
    assert!(!folder.join("ledger.db").exists());
    // Without a view there is no table.
    let whole = catchall(&folder, &["ledger", "export", "--format", "csv"]);
    assert_eq!(whole.status.code(), Some(2), "{}", talk(&whole));
}
