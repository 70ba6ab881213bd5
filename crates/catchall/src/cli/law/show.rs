//! `law show`: provisions with their versions, and how each stands on a day.

use std::fmt::Write as _;

use catchall_law::{Holds, Law, Provision, Version};
use catchall_model::Day;
use serde_json::{Value, json};

pub(crate) fn show(law: &Law, id: Option<&str>, on: Option<Day>) -> Vec<Value> {
    law.provisions
        .iter()
        .filter(|provision| id.is_none_or(|id| provision.id.contains(id)))
        .filter_map(|provision| {
            let versions: Vec<Value> = provision
                .versions
                .iter()
                .filter(|version| on.is_none_or(|on| version.in_force.on(on) != Holds::No))
                .map(|version| version_row(law, provision, version, on))
                .collect();
            if versions.is_empty() {
                return None;
            }
            let excepts: Vec<&str> = provision.excepts.iter().map(|place| law.provisions[*place].id.as_str()).collect();
            Some(json!({
                "provision": provision.id, "title": provision.title, "cite": provision.cite, "source": provision.source,
                "jurisdiction": provision.jurisdiction, "force": provision.force, "catch_all": provision.catch_all,
                "confidence": if provision.read { "read" } else { "recalled" }, "has_effect": law.instruments[provision.instrument].in_effect,
                "excepts": excepts, "file": format!("{}:{}", provision.at.file, provision.at.line), "versions": versions,
            }))
        })
        .collect()
}

fn standing(version: &Version, on: Day) -> &'static str {
    match version.in_force.on(on) {
        Holds::Yes => "in force",
        Holds::Open => "perhaps in force (the day is not known)",
        Holds::No => "not in force",
    }
}

fn version_row(law: &Law, provision: &Provision, version: &Version, on: Option<Day>) -> Value {
    let source = law
        .sources
        .iter()
        .find(|source| source.file == version.at.file);
    let disputes: Vec<Value> = version
        .disputed
        .iter()
        .map(|dispute| {
            let by: Vec<&str> = dispute
                .by
                .iter()
                .map(|place| law.vocabulary.countries[*place as usize].code())
                .collect();
            json!({ "interval": dispute.interval.text, "by": by, "reading": dispute.reading })
        })
        .collect();
    json!({
        "in_force": version.in_force.text, "tested_on": law.vocabulary.get(version.tested_on).key, "effect": version.effect,
        "recorded": version.recorded, "superseded": version.superseded, "standing": on.map(|on| standing(version, on)),
        "note": version.note, "disputed": disputes, "when": source.map(|source| crate::desk::condition_text(source, provision)).unwrap_or_default(),
    })
}

pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub(super) fn show_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    let mut text = format!(
        "{}\n  {}\n  {} ({}, {}; {})\n",
        get("provision"),
        get("title"),
        get("cite"),
        get("jurisdiction"),
        get("force"),
        get("confidence")
    );
    if row["has_effect"] == Value::Bool(false) {
        text.push_str("  no effect: never in force\n");
    }
    if let Some(excepts) = row["excepts"].as_array().filter(|all| !all.is_empty()) {
        let _ = writeln!(
            text,
            "  exception to: {}",
            excepts.iter().map(text_of).collect::<Vec<_>>().join(", ")
        );
    }
    for version in row["versions"].as_array().into_iter().flatten() {
        let get = |key: &str| text_of(&version[key]);
        let standing = if version["standing"].is_null() {
            String::new()
        } else {
            format!(" [{}]", get("standing"))
        };
        let _ = writeln!(
            text,
            "  {} {} tested on {}, recorded {}{standing}",
            get("in_force"),
            get("effect"),
            get("tested_on"),
            get("recorded")
        );
        for dispute in version["disputed"].as_array().into_iter().flatten() {
            let by: Vec<String> = dispute["by"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text_of)
                .collect();
            let _ = writeln!(
                text,
                "    disputed {} by {}: {}",
                text_of(&dispute["interval"]),
                by.join(", "),
                text_of(&dispute["reading"])
            );
        }
        if !get("note").is_empty() {
            let _ = writeln!(text, "    {}", get("note"));
        }
        for line in get("when").lines() {
            let _ = writeln!(text, "    | {line}");
        }
    }
    let _ = writeln!(text, "  {}\n", get("file"));
    text
}
