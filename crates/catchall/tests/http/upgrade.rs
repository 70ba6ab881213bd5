//! A state folder that an earlier release left behind, opened by this one: everything in it is there, holds, and goes on.
//!
//! `golden/state-0.1.0` was written by a build of 22 November 2026 over the public API, with invented parties; its keys and passwords
//! are nobody's. A release adds a folder, and never edits one.

use std::path::Path;

use catchall_ledger::{Ask, verify};
use serde_json::json;

use crate::server::{settings, start};

/// What was determined then, to the id.
const DETERMINED: &str = "3c0954ef4719950c106e2219c9b4d7694e587dc95dee0c83726ae0971fb48e27";

#[test]
fn a_state_folder_of_an_earlier_build_is_taken_over_whole() {
    let settings = settings("upgrade");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/state-0.1.0");
    std::fs::create_dir_all(&settings.state).unwrap();
    for file in std::fs::read_dir(golden).unwrap() {
        let file = file.unwrap();
        let to = settings.state.join(file.file_name());
        std::fs::copy(file.path(), &to).unwrap();
        // A clone gives every file the same rights; the folder of the earlier build was its owner's alone.
        #[cfg(unix)]
        std::fs::set_permissions(&to, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let server = start(settings);
    let ledger = &server.app.ledger;
    let kinds: Vec<String> = ledger
        .entries(&Ask::all())
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            "token.made",
            "account.made",
            "determined",
            "case.opened",
            "licence.issued"
        ]
    );
    let key = ledger.checkpoints().unwrap().pop().unwrap().key;
    assert!(ledger.verify(Some(key)).unwrap().is_whole());

    // People and programs, cases, licences, determinations.
    let register = server.app.accounts.register();
    let account = register.account("R. Haas").unwrap();
    assert!(account.opens("four words of nothing") && account.roles == ["licensing-officer"]);
    let officer = server.token(
        "L. Marsh",
        &["licensing-officer", "service"],
        Some("Export"),
    );
    let case = server.get(&officer, "/v1/cases/C-2026-0001").json();
    assert_eq!(case["transfer"], "golden-1");
    let document = server.get(&officer, &format!("/v1/determinations/{DETERMINED}"));
    assert_eq!(document.json()["id"], DETERMINED, "{}", document.text());
    let replay = server.post(
        &officer,
        &format!("/v1/determinations/{DETERMINED}/replay"),
        &json!({}),
    );
    assert_eq!(replay.status, 200, "{}", replay.text());
    let acked = server
        .get(&officer, "/v1/events?consumer=desk&limit=1")
        .json();
    assert_ne!(acked["events"][0]["number"], 1, "{acked}");

    // It goes on: a licence is drawn, something is determined, and the chain holds over old and new.
    let licence = server.get(&officer, "/v1/licences/L-1");
    assert_eq!(licence.json()["lines"][0]["available"], "12 pieces");
    let drawn = server.post_with(
        &officer,
        "/v1/licences/L-1/commands",
        &[("if-match", licence.header("etag"))],
        &json!({ "command": "reserve", "reservation": "new", "line": 1, "amounts": { "quantity": "12 pieces" }, "purpose": { "on": "2026-02-01" } }),
    );
    assert_eq!(drawn.status, 200, "{}", drawn.text());
    let made = server.post(&officer, "/v1/assess", &json!({ "id": "new" }));
    assert_eq!(made.status, 200, "{}", made.text());
    let signed = catchall::signing::sign(&server.app).unwrap().unwrap();
    assert_eq!(signed.size, ledger.head().unwrap().unwrap().number);
    assert_eq!(signed.key, key);
    assert_eq!(
        catchall::signing::sign(&server.app).unwrap(),
        None,
        "nothing new, nothing signed"
    );
    let mut export = Vec::new();
    ledger
        .export(catchall::load::now(), |line| {
            export.extend_from_slice(line);
            Ok::<(), catchall_ledger::LedgerError>(())
        })
        .unwrap();
    let found = verify(export.as_slice(), Some(key)).unwrap();
    assert!(found.is_whole(), "{:?}", found.faults);
    assert_eq!(found.checkpoints, 2);
}
