//! Provisions with their versions, and how each stands on a day.

use catchall_law::{Holds, Law, Provision, Source, Version};
use catchall_model::Day;
use serde_json::{Value, json};

/// Provisions whose id holds a text, with the versions that may be in force on a day; every version without one.
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
        "note": version.note, "disputed": disputes, "when": source.map(|source| condition_text(source, provision)).unwrap_or_default(),
    })
}

/// The condition as the pack writes it.
pub(crate) fn condition_text(source: &Source, provision: &Provision) -> String {
    let block = source.text.get(provision.at.start..).unwrap_or_default();
    let block = block
        .get(..block.find("\n```").unwrap_or(block.len()))
        .unwrap_or_default();
    let Some(rest) = block.find("when").and_then(|when| block.get(when..)) else {
        return String::new();
    };
    let Some(rest) = rest.find(['\'', '"']).and_then(|open| rest.get(open..)) else {
        return String::new();
    };
    let quote = if rest.starts_with("'''") { 3 } else { 1 };
    let (mark, inside) = rest.split_at(quote);
    inside
        .split(mark)
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
