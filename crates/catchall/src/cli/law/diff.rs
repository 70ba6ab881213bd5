//! `law diff`, for people.

use serde_json::Value;

use crate::lawbook::text_of;

pub(super) fn diff_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    if !row["provision"].is_null() {
        let none = if row["has_effect"] == Value::Bool(false) {
            " (no effect)"
        } else {
            ""
        };
        return format!(
            "{} {:<7} {} [{}{none}] {}\n",
            get("day"),
            get("change"),
            get("provision"),
            get("effect"),
            get("cite")
        );
    }
    if !row["set"].is_null() {
        return format!(
            "{} {:<7} {} of {}\n",
            get("day"),
            get("change"),
            get("member"),
            get("set")
        );
    }
    format!(
        "{} {:<7} entry {} of {}: {}\n",
        get("day"),
        get("change"),
        get("entry"),
        get("list"),
        get("title")
    )
}
