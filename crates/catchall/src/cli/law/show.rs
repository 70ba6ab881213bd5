//! `law show`, for people.

use std::fmt::Write as _;

use serde_json::Value;

use crate::lawbook::text_of;

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
