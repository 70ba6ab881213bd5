//! `law vocabulary`: every word that a transfer may use, with units and questions.

use std::fmt::Write as _;

use catchall_law::{Domain, Law};
use catchall_model::{UNITS, Unit};
use serde_json::{Value, json};

use super::show::text_of;

pub(crate) fn vocabulary(
    law: &Law,
    [facts, kinds, properties, units]: [bool; 4],
    only: Option<&str>,
) -> Value {
    let words = &law.vocabulary;
    let fits = |texts: &[&str]| {
        only.is_none_or(|only| {
            texts
                .iter()
                .any(|text| text.to_lowercase().contains(&only.to_lowercase()))
        })
    };
    let mut document = serde_json::Map::new();
    let row = |fact: &catchall_law::Fact| {
        let (kind, values): (String, Vec<&str>) = match fact.domain {
            Domain::YesNo => ("yes or no".to_owned(), Vec::new()),
            Domain::Words(list) => {
                let many = if fact.many {
                    "any number of words"
                } else {
                    "one word"
                };
                (
                    many.to_owned(),
                    words.lists[list]
                        .words
                        .iter()
                        .map(|word| word.word.as_str())
                        .collect(),
                )
            }
            Domain::Kinds => ("a kind of item".to_owned(), Vec::new()),
            Domain::Countries => (
                if fact.many { "countries" } else { "country" }.to_owned(),
                Vec::new(),
            ),
            Domain::Quantity(dimension) if fact.unit == Unit::NONE => {
                (dimension.name().to_owned(), Vec::new())
            }
            Domain::Quantity(dimension) => (
                format!("{dimension}, as `1 {}`", fact.unit.name()),
                Vec::new(),
            ),
            Domain::Date => ("day".to_owned(), Vec::new()),
            Domain::Curve => ("curve of payload and range".to_owned(), Vec::new()),
            Domain::Parties => ("parties".to_owned(), Vec::new()),
        };
        json!({ "key": fact.key, "type": kind, "values": values, "question": fact.question, "ask": fact.ask, "evidence": fact.evidence, "also": fact.also })
    };
    let property = |fact: &&catchall_law::Fact| fact.key.starts_with("item.") && fact.at.is_some();
    if facts {
        let rows: Vec<Value> = words
            .facts
            .iter()
            .filter(|fact| !property(fact) && fits(&[&fact.key, &fact.question]))
            .map(row)
            .collect();
        document.insert("facts".to_owned(), Value::Array(rows));
    }
    if properties {
        let rows: Vec<Value> = words
            .facts
            .iter()
            .filter(|fact| property(fact) && fits(&[&fact.key, &fact.question]))
            .map(row)
            .collect();
        document.insert("properties".to_owned(), Value::Array(rows));
    }
    if kinds {
        let rows = words.kinds.iter().filter(|kind| {
            fits(&[&kind.path, &kind.label]) || kind.also.iter().any(|also| fits(&[also]))
        });
        let rows: Vec<Value> = rows.map(|kind| json!({ "word": kind.word, "path": kind.path, "label": kind.label, "also": kind.also })).collect();
        document.insert("kinds".to_owned(), Value::Array(rows));
    }
    if units {
        let rows = UNITS
            .iter()
            .filter(|unit| !unit.name.is_empty() && fits(&[unit.name]));
        let rows: Vec<Value> = rows
            .map(|unit| json!({ "unit": unit.name, "measures": catchall_model::DIMENSIONS.get(usize::from(unit.dimension)), "also": unit.also }))
            .collect();
        document.insert("units".to_owned(), Value::Array(rows));
    }
    Value::Object(document)
}

pub(super) fn vocabulary_text(document: &Value) -> String {
    let mut text = String::new();
    for (part, title) in [
        ("facts", "FACTS"),
        ("properties", "PROPERTIES OF ITEMS"),
        ("kinds", "KINDS OF ITEMS"),
        ("units", "UNITS"),
    ] {
        let Some(rows) = document[part].as_array() else {
            continue;
        };
        let _ = writeln!(text, "{title} ({})", rows.len());
        for row in rows {
            let get = |key: &str| text_of(&row[key]);
            let also: Vec<String> = row["also"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text_of)
                .collect();
            let also = if also.is_empty() {
                String::new()
            } else {
                format!(" (also {})", also.join(", "))
            };
            match part {
                "kinds" => {
                    let depth = get("path").matches('.').count();
                    let _ = writeln!(
                        text,
                        "  {}{}: {}{also}",
                        "  ".repeat(depth),
                        get("word"),
                        get("label")
                    );
                }
                "units" => {
                    let _ = writeln!(text, "  {:<10} {}{also}", get("unit"), get("measures"));
                }
                _ => {
                    let values: Vec<String> = row["values"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(text_of)
                        .collect();
                    let values = if values.is_empty() {
                        String::new()
                    } else {
                        format!(": {}", values.join(", "))
                    };
                    let _ = writeln!(
                        text,
                        "  {} ({}{values}){also}\n      {}",
                        get("key"),
                        get("type"),
                        get("question")
                    );
                }
            }
        }
        text.push('\n');
    }
    text
}
