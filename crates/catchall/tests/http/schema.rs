//! Holds a document against a schema of `data/schema/`: the part of JSON Schema that those files use.

use serde_json::{Map, Value};

/// What is wrong with a document, each with its path.
pub fn faults(schemas: &Map<String, Value>, name: &str, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schemas, &schemas[name], document, "", &mut found);
    found
}

fn check(
    schemas: &Map<String, Value>,
    schema: &Value,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let target = schemas
            .get(name)
            .unwrap_or_else(|| panic!("{at}: no schema `{name}`"));
        return check(schemas, target, value, at, found);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = choices.iter().any(|choice| {
            let mut own = Vec::new();
            check(schemas, choice, value, at, &mut own);
            own.is_empty()
        });
        if !fits {
            found.push(format!("{at}: none of {} choices fits", choices.len()));
        }
        return;
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        found.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
        && !(value.is_null() && nullable(schema))
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    if !schema["type"].is_null() && !types(schema).iter().any(|kind| is(value, kind)) {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
        return;
    }
    if let Some(members) = value.as_object() {
        let known = schema["properties"].as_object();
        for name in schema["required"].as_array().into_iter().flatten() {
            if !members.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at}: `{name}` is left out"));
            }
        }
        for (name, member) in members {
            let path = format!("{at}.{name}");
            match known.and_then(|known| known.get(name)) {
                Some(own) => check(schemas, own, member, &path, found),
                None => match &schema["additionalProperties"] {
                    Value::Bool(false) => found.push(format!("{path}: is not in the schema")),
                    Value::Object(_) => check(
                        schemas,
                        &schema["additionalProperties"],
                        member,
                        &path,
                        found,
                    ),
                    _ => {}
                },
            }
        }
    }
    if let (Some(items), true) = (value.as_array(), schema["items"].is_object()) {
        for (place, item) in items.iter().enumerate() {
            check(
                schemas,
                &schema["items"],
                item,
                &format!("{at}[{place}]"),
                found,
            );
        }
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn nullable(schema: &Value) -> bool {
    types(schema).contains(&"null")
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("no type `{other}`"),
    }
}

/// Names of schemas that a schema refers to.
pub fn references(schema: &Value, into: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("$ref", Value::String(reference)) => {
                        into.push(reference.rsplit('/').next().unwrap().to_owned())
                    }
                    _ => references(member, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}
