//! Flow: answers to questions, put back into the transfer that raised them.
//!
//! A fact that a field of the transfer states goes into that field; a figure of the item into its properties; any other
//! fact under `facts`, by its key. Where each value came from is written under `evidence`. A transfer is data here: whether
//! a value is one of its fact's is for the assessor, which reads the result as it reads any transfer.
//!
//! To add a fact with a field of its own: one row in `FIELDS`.

use serde_json::{Map, Value, json};

use super::event::Said;

/// Facts whose value stands in a field of the transfer, with its path. `parties[role]` is the party of that role,
/// `line` the line that the answer is about.
const FIELDS: &[(&str, &[&str])] = &[
    ("act", &["kind"]),
    ("date", &["date"]),
    ("contract.signed", &["dates", "contract_signed"]),
    ("licence.issued", &["dates", "licence_issued"]),
    ("delivery", &["dates", "delivery"]),
    ("departure", &["dates", "departure"]),
    ("from", &["from"]),
    ("to", &["to"]),
    ("via", &["via"]),
    ("parties", &["parties"]),
    ("exporter.country", &["parties[exporter]", "country"]),
    ("consignee.country", &["parties[consignee]", "country"]),
    ("end_user.country", &["parties[end_user]", "country"]),
    ("end_user.type", &["parties[end_user]", "type"]),
    (
        "recipient.nationality",
        &["parties[recipient]", "nationalities"],
    ),
    (
        "recipient.residence",
        &["parties[recipient]", "permanent_resident_of"],
    ),
    (
        "recipient.field_of_study",
        &["parties[recipient]", "field_of_study"],
    ),
    ("end_use.uses", &["end_use", "uses"]),
    ("exporter.knows", &["knowledge", "exporter_knows"]),
    ("exporter.suspects", &["knowledge", "grounds_to_suspect"]),
    ("exporter.informed", &["knowledge", "informed_by_authority"]),
    ("item.form", &["line", "item", "form"]),
    ("item.kind", &["line", "item", "kind"]),
    ("item.origin", &["line", "item", "origin"]),
    ("item.us_content", &["line", "item", "us_content"]),
    ("item.published", &["line", "item", "published"]),
    (
        "item.fundamental_research",
        &["line", "item", "fundamental_research"],
    ),
];

/// Facts of the item that are no property of it.
const NO_PROPERTY: &[&str] = &[
    "item.listed",
    "item.delivers",
    "item.made_with_us_technology",
];

/// Why an answer cannot be put into a transfer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// The transfer is not an object.
    #[error("the recorded transfer is no JSON object, so that no answer can be put into it")]
    NoTransfer,
    /// Several lines, and the answer says not which.
    #[error("the transfer has {lines} lines; say which one `{fact}` is about, as `{fact}@1`")]
    WhichLine {
        /// The fact.
        fact: String,
        /// How many.
        lines: usize,
    },
    /// There is no such line.
    #[error("the transfer has {lines} lines, so that there is no line {line}")]
    NoLine {
        /// As stated.
        line: usize,
        /// How many.
        lines: usize,
    },
    /// Something else stands where an object or a list should.
    #[error("`{field}` of the recorded transfer is {found}, so that `{fact}` cannot be put there")]
    Taken {
        /// The field.
        field: String,
        /// The fact.
        fact: String,
        /// What stands there.
        found: String,
    },
}

/// The transfer with these answers in it. An answer without a value leaves the fact not known.
///
/// `source` is what each value's evidence begins with: `case C-2026-0047, request 2, answered by the mill`.
///
/// # Errors
/// When an answer has no place in the transfer.
pub fn answered(transfer: &Value, answers: &[Said], source: &str) -> Result<Value, FlowError> {
    let mut made = transfer.clone();
    let whole = made.as_object_mut().ok_or(FlowError::NoTransfer)?;
    for said in answers
        .iter()
        .filter(|said| !said.fact.is_empty() && !said.value.is_null())
    {
        put(whole, said)?;
        let evidence = match said.evidence.as_str() {
            "" => source.to_owned(),
            shown => format!("{source}: {shown}"),
        };
        let field = object(whole, "evidence", &said.fact)?;
        field.insert(said.fact.clone(), Value::String(evidence));
    }
    Ok(made)
}

/// An answer in words: `item.range = 320 km`, `item.range stays not known: no certificate exists`.
pub fn in_words(said: &Said) -> String {
    let words = if said.words.is_empty() {
        String::new()
    } else {
        format!(": {}", said.words)
    };
    let about = match (said.fact.as_str(), said.line) {
        ("", _) => return said.words.clone(),
        (fact, Some(line)) => format!("{fact} of line {line}"),
        (fact, None) => fact.to_owned(),
    };
    match &said.value {
        Value::Null => format!("{about} stays not known{words}"),
        Value::String(text) => format!("{about} = {text}{words}"),
        other => format!("{about} = {other}{words}"),
    }
}

fn put(whole: &mut Map<String, Value>, said: &Said) -> Result<(), FlowError> {
    let fact = said.fact.as_str();
    let path = FIELDS
        .iter()
        .find(|(key, _)| *key == fact)
        .map(|(_, path)| *path);
    match (path, fact.strip_prefix("item.")) {
        (Some(["line", rest @ ..]), _) => set(line(whole, said)?, rest, said),
        (Some(path), _) => set(whole, path, said),
        (None, Some(name)) if !NO_PROPERTY.contains(&fact) => {
            set(line(whole, said)?, &["item", "properties", name], said)
        }
        (None, _) => {
            // What a person answered last counts, also where a field says the same fact.
            object(whole, "facts", fact)?.insert(fact.to_owned(), said.value.clone());
            Ok(())
        }
    }
}

/// The line that an answer is about.
fn line<'a>(
    whole: &'a mut Map<String, Value>,
    said: &Said,
) -> Result<&'a mut Map<String, Value>, FlowError> {
    let lines = list(whole, "lines", &said.fact)?;
    if lines.is_empty() {
        lines.push(json!({}));
    }
    let count = lines.len();
    let number = match said.line {
        Some(number) => number,
        None if count == 1 => 1,
        None => {
            return Err(FlowError::WhichLine {
                fact: said.fact.clone(),
                lines: count,
            });
        }
    };
    let found = number.checked_sub(1).and_then(|place| lines.get_mut(place));
    let found = found.ok_or(FlowError::NoLine {
        line: number,
        lines: count,
    })?;
    let shown = kind_of(found);
    found.as_object_mut().ok_or(FlowError::Taken {
        field: format!("lines[{}]", number - 1),
        fact: said.fact.clone(),
        found: shown,
    })
}

fn set(into: &mut Map<String, Value>, path: &[&str], said: &Said) -> Result<(), FlowError> {
    match path {
        [] => Ok(()),
        [last] => {
            into.insert((*last).to_owned(), said.value.clone());
            Ok(())
        }
        [first, rest @ ..] => {
            let role = first
                .strip_prefix("parties[")
                .and_then(|role| role.strip_suffix(']'));
            let next = match role {
                Some(role) => party(into, role, &said.fact)?,
                None => object(into, first, &said.fact)?,
            };
            set(next, rest, said)
        }
    }
}

/// The party of a role, made when there is none.
fn party<'a>(
    whole: &'a mut Map<String, Value>,
    role: &str,
    fact: &str,
) -> Result<&'a mut Map<String, Value>, FlowError> {
    let parties = list(whole, "parties", fact)?;
    let of_role = |party: &Value| party.get("role").and_then(Value::as_str) == Some(role);
    if !parties.iter().any(of_role) {
        parties.push(json!({ "role": role }));
    }
    let found = parties.iter_mut().find(|party| of_role(party));
    found
        .and_then(Value::as_object_mut)
        .ok_or(FlowError::NoTransfer)
}

fn object<'a>(
    whole: &'a mut Map<String, Value>,
    field: &str,
    fact: &str,
) -> Result<&'a mut Map<String, Value>, FlowError> {
    let value = whole.entry(field).or_insert_with(|| json!({}));
    if value.is_null() {
        *value = json!({});
    }
    let found = kind_of(value);
    value.as_object_mut().ok_or_else(|| FlowError::Taken {
        field: field.to_owned(),
        fact: fact.to_owned(),
        found,
    })
}

fn list<'a>(
    whole: &'a mut Map<String, Value>,
    field: &str,
    fact: &str,
) -> Result<&'a mut Vec<Value>, FlowError> {
    let value = whole.entry(field).or_insert_with(|| json!([]));
    if value.is_null() {
        *value = json!([]);
    }
    let found = kind_of(value);
    value.as_array_mut().ok_or_else(|| FlowError::Taken {
        field: field.to_owned(),
        fact: fact.to_owned(),
        found,
    })
}

fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fact: &str, value: Value) -> Said {
        Said {
            fact: fact.to_owned(),
            value,
            ..Said::default()
        }
    }

    #[test]
    fn each_answer_goes_where_a_transfer_states_it() {
        let transfer = json!({ "id": "t", "parties": [{ "role": "exporter", "name": "A" }], "lines": [{ "item": { "kind": "drone" } }], "knowledge": null });
        let answers = [
            said("to", json!("IR")),
            said("exporter.country", json!("RU")),
            said("end_user.type", json!("military")),
            said("exporter.informed", json!(false)),
            said("item.range", json!("320 km")),
            said("item.listed", json!(false)),
            said("contract.on_closed_list", json!(true)),
            said("item.origin", Value::Null),
        ];
        let made = answered(&transfer, &answers, "case C-1, request 1").unwrap();
        let expected = json!({
            "id": "t", "to": "IR",
            "parties": [{ "role": "exporter", "name": "A", "country": "RU" }, { "role": "end_user", "type": "military" }],
            "lines": [{ "item": { "kind": "drone", "properties": { "range": "320 km" } } }],
            "knowledge": { "informed_by_authority": false },
            "facts": { "item.listed": false, "contract.on_closed_list": true },
            "evidence": {
                "to": "case C-1, request 1", "exporter.country": "case C-1, request 1", "end_user.type": "case C-1, request 1",
                "exporter.informed": "case C-1, request 1", "item.range": "case C-1, request 1", "item.listed": "case C-1, request 1",
                "contract.on_closed_list": "case C-1, request 1",
            },
        });
        assert_eq!(made, expected);
    }

    #[test]
    fn an_answer_about_one_of_several_lines_must_say_which() {
        let transfer = json!({ "lines": [{}, { "item": {} }] });
        let mut answer = said("item.range", json!("1 km"));
        let told = |answer: &Said| {
            answered(&transfer, std::slice::from_ref(answer), "s")
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            told(&answer).unwrap_err(),
            "the transfer has 2 lines; say which one `item.range` is about, as `item.range@1`"
        );
        answer.line = Some(3);
        assert_eq!(
            told(&answer).unwrap_err(),
            "the transfer has 2 lines, so that there is no line 3"
        );
        answer.line = Some(0);
        assert!(told(&answer).is_err());
        answer.line = Some(2);
        assert_eq!(
            told(&answer).unwrap()["lines"][1]["item"]["properties"]["range"],
            "1 km"
        );
    }

    #[test]
    fn what_stands_there_already_is_not_broken() {
        assert_eq!(
            answered(&json!("text"), &[], "s"),
            Err(FlowError::NoTransfer)
        );
        let odd = json!({ "end_use": "civil" });
        let told = answered(&odd, &[said("end_use.uses", json!(["civil"]))], "s")
            .unwrap_err()
            .to_string();
        assert_eq!(
            told,
            "`end_use` of the recorded transfer is a text, so that `end_use.uses` cannot be put there"
        );
    }
}
