//! `law coverage`, for people.

use std::fmt::Write as _;

use serde_json::Value;

use crate::lawbook::text_of;

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
