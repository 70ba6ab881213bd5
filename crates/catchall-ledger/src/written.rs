//! Written: how days and the field's words stand in the bodies of entries, and how they are read back.
//!
//! A day is `2026-11-22`, an outcome its word of the contract. Whatever else stands there is an error, never a guess.

use std::fmt::Display;
use std::str::FromStr;

use catchall_model::Day;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::case::event::EventError;

/// What an entry of this kind and body says.
pub(crate) fn read_event<T: DeserializeOwned>(kind: &str, body: &Value) -> Result<T, EventError> {
    serde_json::from_value(json!({ "kind": kind, "body": body })).map_err(|error| EventError {
        kind: kind.to_owned(),
        why: error.to_string(),
    })
}

/// The kind and the body of the entry that records an event; `what` it is an event of, for messages.
pub(crate) fn write_event<T: Serialize>(
    what: &str,
    event: &T,
) -> Result<(String, Value), EventError> {
    let wrong = |why: String| EventError {
        kind: what.to_owned(),
        why,
    };
    let mut whole = serde_json::to_value(event).map_err(|error| wrong(error.to_string()))?;
    let kind = whole.get("kind").and_then(Value::as_str).map(str::to_owned);
    let body = whole.get_mut("body").map(Value::take);
    match (kind, body) {
        (Some(kind), Some(body)) => Ok((kind, body)),
        _ => Err(wrong("the event has no kind".to_owned())),
    }
}

/// A word of a closed list.
pub(crate) mod word {
    use super::*;

    pub fn serialize<T: Display, S: Serializer>(word: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(word)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr,
        T::Err: Display,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(Error::custom)
    }
}

/// A day.
pub(crate) mod day {
    use super::*;

    pub fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        Day::parse(&String::deserialize(from)?).map_err(Error::custom)
    }
}

/// A day that may be left out.
pub(crate) mod day_or_none {
    use super::*;

    pub fn serialize<S: Serializer>(day: &Option<Day>, to: S) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => to.collect_str(day),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Day>, D::Error> {
        let text: Option<String> = Option::deserialize(from)?;
        text.map(|text| Day::parse(&text).map_err(Error::custom))
            .transpose()
    }
}

/// A name as two spellings of it are compared: case, spaces and the marks between words aside.
pub(crate) fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            folded.extend(letter.to_lowercase());
        } else if !folded.is_empty()
            && !folded.ends_with(' ')
            && !matches!(letter, '.' | '\'' | '’')
        {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
