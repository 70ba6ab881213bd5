//! Every kind of entry of a case, a licence, a statement or the packs, as it was first written, is read for ever and written the same.

#![allow(clippy::unwrap_used, clippy::panic)]

use catchall_ledger::case::event::CaseEvent;
use catchall_ledger::licence::event::LicenceEvent;
use catchall_ledger::pack::event::PackEvent;
use catchall_ledger::statement::event::StatementEvent;
use serde_json::Value;

#[test]
fn what_was_written_once_is_read_and_written_the_same() {
    let mut failures = Vec::new();
    let mut kinds = std::collections::BTreeSet::new();
    for (line, text) in (1..).zip(include_str!("golden_kinds.jsonl").lines()) {
        let golden: Value = serde_json::from_str(text).unwrap();
        let (kind, body) = (golden["kind"].as_str().unwrap(), &golden["body"]);
        kinds.insert(kind.to_owned());
        let written = if kind.starts_with("case.") {
            CaseEvent::read(kind, body).and_then(|event| event.write())
        } else if kind.starts_with("statement.") {
            StatementEvent::read(kind, body).and_then(|event| event.write())
        } else if kind.starts_with("pack.") {
            PackEvent::read(kind, body).and_then(|event| event.write())
        } else {
            LicenceEvent::read(kind, body).and_then(|event| event.write())
        };
        match written {
            Ok((own, again)) if own == kind && again == *body => {}
            Ok((own, again)) => {
                failures.push(format!("line {line}: {own} {again}\n   against {body}"))
            }
            Err(error) => failures.push(format!("line {line}: {error}")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    // A new kind is a new line.
    for (path, prefix) in [
        ("case/event.rs", "case."),
        ("licence/event.rs", "licence."),
        ("pack/event.rs", "pack."),
        ("statement/event.rs", "statement."),
    ] {
        let source =
            std::fs::read_to_string(format!("{}/src/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let renames = source
            .split("#[serde(rename = \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for kind in renames.filter(|kind| kind.starts_with(prefix)) {
            assert!(kinds.contains(kind), "{kind} has no golden line");
        }
    }
}

#[test]
fn an_unknown_kind_is_an_error_and_never_passed_over() {
    let told = CaseEvent::read("case.teleported", &Value::Null)
        .unwrap_err()
        .to_string();
    assert!(told.starts_with("`case.teleported`:"), "{told}");
    assert!(LicenceEvent::read("licence.shipped", &serde_json::json!({})).is_err());
}
