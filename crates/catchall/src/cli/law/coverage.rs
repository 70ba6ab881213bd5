//! `law coverage`: what is modelled, in part, or only pointed to.

use std::fmt::Write as _;

use catchall_law::{CoverageState, Law, Provision};
use serde_json::{Value, json};

use super::show::text_of;

pub(crate) fn coverage(law: &Law, id: Option<&str>) -> Vec<Value> {
    law.instruments
        .iter()
        .enumerate()
        .filter(|(_, instrument)| id.is_none_or(|id| instrument.id.contains(id)))
        .map(|(place, instrument)| {
            let parts: Vec<Value> = instrument
                .coverage
                .iter()
                .map(|part| {
                    let state = match part.state {
                        CoverageState::Modelled => "modelled",
                        CoverageState::Partial => "partial",
                        CoverageState::Pointer => "pointer",
                    };
                    json!({ "part": part.part, "state": state, "note": part.note })
                })
                .collect();
            let own: Vec<&Provision> = law.provisions.iter().filter(|provision| provision.instrument == place).collect();
            let entries: usize = law.lists.iter().filter(|list| list.instrument == place).map(|list| list.entries.len()).sum();
            json!({
                "instrument": instrument.id, "title": instrument.title, "jurisdiction": instrument.jurisdiction, "force": instrument.force,
                "has_effect": instrument.in_effect, "edition": instrument.edition, "publisher": instrument.publisher, "address": instrument.address,
                "read": instrument.read, "recalled": instrument.recalled, "provisions": own.len(),
                "provisions_read": own.iter().filter(|provision| provision.read).count(), "entries": entries, "parts": parts,
            })
        })
        .collect()
}

pub(super) fn coverage_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    let none = if row["has_effect"] == Value::Bool(false) {
        ", no effect"
    } else {
        ""
    };
    let mut text = format!(
        "{}: {}\n  {}, {}{none}; edition {}; {} provisions ({} read), {} list entries\n",
        get("instrument"),
        get("title"),
        get("jurisdiction"),
        get("force"),
        get("edition"),
        get("provisions"),
        get("provisions_read"),
        get("entries")
    );
    for part in row["parts"].as_array().into_iter().flatten() {
        let note = text_of(&part["note"]);
        let note = if note.is_empty() {
            String::new()
        } else {
            format!(": {note}")
        };
        let _ = writeln!(
            text,
            "  {:<9} {}{note}",
            text_of(&part["state"]),
            text_of(&part["part"])
        );
    }
    let _ = writeln!(
        text,
        "  read: {}\n  recalled: {}\n",
        get("read"),
        get("recalled")
    );
    text
}
