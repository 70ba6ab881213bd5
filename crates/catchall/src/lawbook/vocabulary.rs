//! Every word that a transfer may use, with units and questions.

use catchall_law::{Domain, Law};
use catchall_model::{UNITS, Unit};
use serde_json::{Value, json};

/// Facts, kinds of items, properties and units, each where asked for, as far as they hold a text.
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
