//! Exports of every release, which must decode and verify for ever: `tests/golden/`, one file a release, none ever edited.
//!
//! A file is made once, when a release is: `CATCHALL_GOLDEN=0.2 cargo test -p catchall-ledger --test golden` writes the one that is not there
//! yet, and never touches one that is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod places;

use std::path::{Path, PathBuf};

use catchall_ledger::{
    Actor, Ask, Body, Draft, Ledger, LedgerError, LedgerUrl, Opening, Timestamp, verify,
};
use places::Folder;
use serde_json::json;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// One of everything that a release writes.
fn made(ledger: &Ledger) {
    let at = |second: i64| Timestamp::from_millisecond(1_795_341_600_000 + second * 1000).unwrap();
    let clerk = Actor {
        name: "inge".to_owned(),
        team: Some("licensing".to_owned()),
        roles: vec!["officer".to_owned(), "reader".to_owned()],
    };
    let draft = |stream: &str, kind: &str, second, body| {
        Draft::new(stream, kind, clerk.clone(), at(second), body)
    };
    ledger.checkpoint(at(0)).unwrap();
    let body = json!({"transfer": {"id": "t-1", "to": "NO"}, "determination": "{\"schema\":\"catchall.determination/1\"}"});
    ledger
        .append(vec![
            draft("transfer/t-1", "determined", 1, body).with_key("determined/0/1"),
            draft("case/1", "case.opened", 2, json!({"of": 1, "note": "שלום \u{202e} é \"\\\n", "sum": "22.50", "n": [1, -2, 0.5, null, true]})),
        ])
        .unwrap();
    ledger
        .append(vec![
            draft(
                "statement/1",
                "statement.made",
                3,
                json!({"name": "somebody"}),
            )
            .sealed_for("person/1"),
            draft(
                "statement/2",
                "statement.made",
                4,
                json!({"name": "somebody else"}),
            )
            .sealed_for("person/2"),
        ])
        .unwrap();
    ledger.checkpoint(at(5)).unwrap();
    ledger
        .shred("person/2", Actor::named("dpo"), at(6), "request 7")
        .unwrap();
    ledger
        .append(vec![draft("licence/1", "licence.shipped", 7, json!(null))])
        .unwrap();
    ledger.checkpoint(at(8)).unwrap();
}

#[test]
fn a_new_release_may_write_its_file_once() {
    let Ok(release) = std::env::var("CATCHALL_GOLDEN") else {
        return;
    };
    let folder = Folder::new();
    let ledger = Ledger::open(&folder.url()).unwrap();
    made(&ledger);
    let path = golden().join(format!("{release}.jsonl"));
    assert!(!path.exists(), "{} is never written again", path.display());
    let mut bytes = Vec::new();
    let done: Result<u64, LedgerError> = ledger.export(
        Timestamp::from_millisecond(1_795_341_700_000).unwrap(),
        |line| {
            bytes.extend_from_slice(line);
            Ok(())
        },
    );
    done.unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn exports_of_every_release_verify_and_decode() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(golden())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.iter().any(|path| path.ends_with("0.1.jsonl")));
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let found = verify(&bytes[..], None).unwrap();
        assert_eq!(found.faults, [], "{}", path.display());
        assert_eq!((found.entries, found.sealed, found.checkpoints), (6, 2, 3));
        // Through a store of this release, and out again: the entries' lines are the same bytes.
        let folder = Folder::new();
        let backup = folder.join("backup");
        std::fs::create_dir(&backup).unwrap();
        std::fs::write(backup.join("ledger.jsonl"), &bytes).unwrap();
        std::fs::write(backup.join("subjects.jsonl"), "").unwrap();
        let url = LedgerUrl::Sqlite(folder.join("new.db"));
        let ledger = Ledger::restore(&backup, &url, Opening::default())
            .unwrap()
            .ledger;
        let mut out = Vec::new();
        let done: Result<u64, LedgerError> = ledger.export(found.signed.unwrap(), |line| {
            out.push(String::from_utf8(line.to_vec()).unwrap());
            Ok(())
        });
        done.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').skip(1).collect();
        assert_eq!(out[1..], lines, "{}", path.display());
        let entries = ledger.entries(&Ask::all()).unwrap();
        assert_eq!(entries[0].kind, "determined");
        assert_eq!(entries[1].body.value().unwrap()["sum"], "22.50");
        assert_eq!(entries[2].body, Body::Shredded);
    }
}
