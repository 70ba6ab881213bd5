//! `catchall law review` and `catchall law crosswalk`: what a second reader should look at first, and the numbers of one thing on
//! several lists.

use std::fmt::Write as _;

use catchall_law::check::{Review, review};
use catchall_law::{Crosswalk, Law};
use catchall_model::Day;
use serde_json::{Value, json};

/// Everything to be reviewed, what needs it most first.
pub(super) fn rows(law: &Law, on: Day, id: Option<&str>, only_reasons: bool) -> Vec<Value> {
    let all = review(law, on);
    let picked = all.iter().filter(|row| {
        id.is_none_or(|id| row.id.contains(id)) && (!only_reasons || !row.why.is_empty())
    });
    picked.map(row).collect()
}

fn row(row: &Review) -> Value {
    json!({
        "what": row.what, "id": row.id, "cite": row.cite, "confidence": row.confidence, "source": row.source,
        "recorded": row.recorded, "in_force": row.in_force, "cases": row.cases, "weight": row.weight, "why": row.why,
        "file": row.at,
    })
}

/// One row for people.
pub(super) fn text(row: &Value) -> String {
    let get = |key: &str| row[key].as_str().unwrap_or_default();
    let why: Vec<&str> = row["why"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let why = match why.as_slice() {
        [] => "nothing speaks for looking at it first".to_owned(),
        why => why.join("; "),
    };
    let over = if row["in_force"] == Value::Bool(true) {
        ""
    } else {
        ", not in force"
    };
    let mut text = format!(
        "{:>3}  {} {}{over}\n",
        row["weight"],
        get("what"),
        get("id")
    );
    let _ = writeln!(text, "     {why}");
    let recorded = match row["recorded"].as_str() {
        Some(day) => format!(", recorded {day}"),
        None => String::new(),
    };
    let _ = writeln!(
        text,
        "     {} ({}{recorded}); {} cases; {}",
        get("cite"),
        get("confidence"),
        row["cases"],
        get("file")
    );
    text
}

/// The entries that stand beside a code: of one list, or of every list that has such a code.
pub(super) fn crosswalk(law: &Law, code: &str, list: Option<&str>) -> Vec<Value> {
    let walk = Crosswalk::of(law);
    let lists = match list {
        Some(list) => vec![list],
        None => walk.lists_with(code),
    };
    lists
        .into_iter()
        .flat_map(|list| {
            walk.beside(list, code).into_iter().map(move |there| {
                let title = law
                    .lists
                    .iter()
                    .find(|own| own.id == there.list)
                    .and_then(|own| own.entries.iter().find(|entry| entry.code == there.code))
                    .map_or("", |entry| entry.title.as_str());
                json!({
                    "list": list, "code": code, "by": there.by, "other_list": there.list, "other_code": there.code,
                    "relation": there.relation.word(), "title": title, "note": there.note, "source": there.source,
                })
            })
        })
        .collect()
}

/// One pair for people.
pub(super) fn crosswalk_text(row: &Value) -> String {
    let get = |key: &str| row[key].as_str().unwrap_or_default();
    let by = match get("by") {
        "" => String::new(),
        heading => format!(" (by its heading {heading})"),
    };
    let list = match get("other_list") {
        "" => "not held:",
        list => list,
    };
    let relation = match get("relation") {
        "same" => "is the same as",
        "narrower" => "holds, and more than,",
        "wider" => "is a part of",
        _ => "overlaps",
    };
    let mut text = format!(
        "{} {}{by} {relation} {list} {}",
        get("list"),
        get("code"),
        get("other_code")
    );
    for (lead, key) in [(": ", "title"), ("; ", "note")] {
        if !get(key).is_empty() {
            text.push_str(lead);
            text.push_str(get(key));
        }
    }
    text.push('\n');
    text
}
