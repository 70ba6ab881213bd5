//! `law vocabulary`, for people.

use std::fmt::Write as _;

use serde_json::Value;

use crate::lawbook::text_of;

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
