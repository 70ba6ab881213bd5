//! Scores readings against gold: `score GOLD-DIR TEXT-DIR [-v LAYER]`; `--dump` writes each reading.
//!
//! Prints precision, recall and F1 of every layer over all documents; `-v statements` tells what was missed and what was too much.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use serde_json::Value;

#[path = "../tests/scorer.rs"]
mod scorer;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| words.iter().position(|word| word == name);
    let places: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let (gold, texts) = (Path::new(places[0].as_str()), Path::new(places[1].as_str()));
    let layer = flag("-v").and_then(|at| words.get(at + 1)).cloned();
    let mut files: Vec<_> = std::fs::read_dir(gold)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == "json"))
        .collect();
    files.sort_by_key(|path| scorer::place(path));
    let half = flag("--even").map(|_| 0).or(flag("--odd").map(|_| 1));
    let mut total = scorer::Scores::new();
    for (number, file) in files.iter().enumerate() {
        if half.is_some_and(|half| number % 2 != half) {
            continue;
        }
        let wanted: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        if wanted["schema"] != "catchall.report/1" {
            continue;
        }
        let name = wanted["doc_id"].as_str().unwrap().to_owned();
        let found = ["txt", "html", "eml"]
            .iter()
            .map(|ext| texts.join(format!("{name}.{ext}")))
            .find(|path| path.exists());
        let Some(path) = found else { continue };
        let media = match path.extension().and_then(|own| own.to_str()) {
            Some("html") => "text/html",
            Some("eml") => "message/rfc822",
            _ => "text/plain",
        };
        let bytes = std::fs::read(&path).unwrap();
        let context = catchall_report::Context {
            doc_id: name.clone(),
            published: None,
        };
        let reading = catchall_report::read(&bytes, media, &context).unwrap();
        let own = serde_json::to_value(&reading).unwrap();
        if flag("--dump").is_some() {
            println!("{}", serde_json::to_string_pretty(&own).unwrap());
        }
        let scores = scorer::score(&wanted, &own);
        if let Some(layer) = &layer {
            show(
                &name,
                layer,
                &wanted,
                &own,
                &String::from_utf8_lossy(&bytes),
            );
        }
        if flag("--each").is_some() {
            let line: Vec<String> = [
                "publication",
                "citations",
                "dates",
                "statements",
                "speakers",
                "kinds",
                "parties",
            ]
            .iter()
            .map(|layer| format!("{layer} {:.2}", scores[layer].f1()))
            .collect();
            println!("{name}: {}", line.join("  "));
        }
        scorer::merge(&mut total, &scores);
    }
    println!(
        "{:22} {:>6} {:>6} {:>6}   right/found/wanted",
        "layer", "P", "R", "F1"
    );
    for (layer, count) in &total {
        println!(
            "{layer:22} {:6.3} {:6.3} {:6.3}   {}/{}/{}",
            count.precision(),
            count.recall(),
            count.f1(),
            count.right,
            count.found,
            count.wanted
        );
    }
}

/// What differs in one layer, side by side.
fn show(name: &str, layer: &str, wanted: &Value, own: &Value, text: &str) {
    let chars: Vec<char> = text.chars().collect();
    let words = |record: &Value| -> String {
        let Some(span) = record.get("span").and_then(Value::as_array) else {
            return String::new();
        };
        let (from, to) = (
            span[0].as_u64().unwrap() as usize,
            span[1].as_u64().unwrap() as usize,
        );
        let text: String = chars[from.min(chars.len())..to.min(chars.len())]
            .iter()
            .collect();
        let text = text.replace('\n', " ");
        if text.chars().count() > 110 {
            let head: String = text.chars().take(70).collect();
            let tail: String = text
                .chars()
                .rev()
                .take(30)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            format!("{head} ... {tail}")
        } else {
            text
        }
    };
    println!("== {name}");
    if layer == "publication" {
        println!(
            "  gold {}\n  own  {}",
            wanted["publication"], own["publication"]
        );
        return;
    }
    for (side, document) in [("gold", wanted), ("own ", own)] {
        for record in document[layer].as_array().into_iter().flatten() {
            let mut short = record.clone();
            if let Some(map) = short.as_object_mut() {
                for key in [
                    "span", "bytes", "spans", "headings", "content", "act", "cites", "outlets",
                    "hedged", "id",
                ] {
                    if layer != "contradictions" || key != "id" {
                        if layer == "citations" && key == "outlets" {
                            continue;
                        }
                        map.remove(key);
                    }
                }
                if let Some(speaker) = map.get("speaker") {
                    let brief = format!(
                        "{}/{}/{}",
                        speaker["name"].as_str().unwrap_or("-"),
                        speaker["country"].as_str().unwrap_or("-"),
                        speaker["anonymity"].as_str().unwrap_or("-")
                    );
                    map.insert("speaker".into(), Value::String(brief));
                }
            }
            println!("  {side} {short} | {}", words(record));
        }
    }
}
