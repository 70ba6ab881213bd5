//! `catchall lists` through the binary: import, status, show, diff, and what is refused.

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

fn catchall(lists: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(lists)
        .env_remove("CATCHALL_LISTS")
        .arg("lists")
        .args(args)
        .arg("--lists")
        .arg(lists)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sample(path: &str) -> String {
    root().join("data/lists").join(path).display().to_string()
}

#[test]
fn a_list_is_imported_shown_and_told_to_be_there() {
    let lists = folder("lists-import");
    let none = catchall(&lists, &["status"]);
    assert!(out(&none).starts_with("no lists in "), "{}", out(&none));
    let done = catchall(
        &lists,
        &[
            "import",
            &sample("un/consolidated.xml"),
            "--source",
            "a sample",
        ],
    );
    assert_eq!(done.status.code(), Some(0), "{}", talk(&done));
    assert!(
        talk(&done).contains("un of 2026-02-27: 18 records"),
        "{}",
        talk(&done)
    );
    let status = catchall(&lists, &["status", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&out(&status)).unwrap();
    assert_eq!(rows[0]["list"], "un");
    assert_eq!(rows[0]["held"], 18);
    assert_eq!(rows[0]["source"], "a sample");
    let shown = catchall(&lists, &["show", "un", "KOMID"]);
    let text = out(&shown);
    assert!(
        text.starts_with("un KPe.001  KOREA MINING DEVELOPMENT TRADING CORPORATION\n"),
        "{text}"
    );
    assert!(text.contains("alias        KOMID\n"), "{text}");
    let early = catchall(&lists, &["show", "un", "KOMID", "--on", "2009-04-23"]);
    assert_eq!(out(&early), "no record of this list matches\n");
    let stranger = catchall(&lists, &["show", "ofac-sdn"]);
    assert_eq!(stranger.status.code(), Some(2));
}

#[test]
fn rejected_records_give_their_own_exit_code_and_are_kept() {
    let lists = folder("lists-rejects");
    let kept = lists.join("rejects.jsonl");
    let args = [
        "import",
        &sample("uk/UK-Sanctions-List.csv"),
        "--rejects",
        &kept.display().to_string(),
    ];
    let done = catchall(&lists, &args);
    assert_eq!(done.status.code(), Some(3), "{}", talk(&done));
    let text = std::fs::read_to_string(&kept).unwrap();
    assert!(text.contains("no unique id"), "{text}");
}

#[test]
fn a_list_that_shrank_is_refused_and_the_stored_one_stays() {
    let lists = folder("lists-shrunk");
    let list = lists.join("mine.csv");
    let rows = |count: usize| {
        let rows: String = (0..count)
            .map(|id| format!("{id},Alpha {id},RU\n"))
            .collect();
        format!("id,name,country\n{rows}")
    };
    std::fs::write(&list, rows(40)).unwrap();
    let path = list.display().to_string();
    let first = catchall(&lists, &["import", &path, "--list", "mine"]);
    assert_eq!(first.status.code(), Some(0), "{}", talk(&first));
    let before = std::fs::read(lists.join("mine.jsonl")).unwrap();
    std::fs::write(&list, rows(30)).unwrap();
    let refused = catchall(&lists, &["import", &path, "--list", "mine"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        talk(&refused).contains("refused: the list shrank from 40 to 30 records"),
        "{}",
        talk(&refused)
    );
    assert_eq!(std::fs::read(lists.join("mine.jsonl")).unwrap(), before);
    let dry = catchall(
        &lists,
        &[
            "import",
            &path,
            "--list",
            "mine",
            "--accept-shrink",
            "--dry-run",
        ],
    );
    assert_eq!(
        out(&dry)
            .lines()
            .filter(|line| line.starts_with("- "))
            .count(),
        10
    );
    assert_eq!(std::fs::read(lists.join("mine.jsonl")).unwrap(), before);
    std::fs::write(lists.join("old.txt"), &before).unwrap();
    let taken = catchall(
        &lists,
        &["import", &path, "--list", "mine", "--accept-shrink"],
    );
    assert_eq!(taken.status.code(), Some(0), "{}", talk(&taken));
    let old = lists.join("old.txt").display().to_string();
    let diff = catchall(&lists, &["diff", &old, "mine"]);
    assert_eq!(out(&diff).lines().count(), 10, "{}", out(&diff));
}

#[test]
fn what_is_no_list_is_refused_by_name() {
    let lists = folder("lists-page");
    let page = lists.join("sdn.csv");
    std::fs::write(&page, "<!DOCTYPE html><html>down</html>").unwrap();
    let path = page.display().to_string();
    let unknown = catchall(&lists, &["import", &path]);
    assert_eq!(unknown.status.code(), Some(2), "{}", talk(&unknown));
    let refused = catchall(&lists, &["import", &path, "--form", "ofac-sdn-csv"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        talk(&refused).contains("begins with a web page"),
        "{}",
        talk(&refused)
    );
    assert!(!lists.join("ofac-sdn.jsonl").exists());
}
