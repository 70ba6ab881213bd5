//! JSON values, looked at where they stand: nothing is copied, no number is computed.
//!
//! A value is kept as the text of the record it stands in, and taken apart one level at a time. So a
//! number keeps the figures it was written with, and a key that stands twice is seen (a map would keep
//! the last and say nothing).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::complaint::{Fault, show};

/// A value and what kind it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    YesNo(bool),
    /// As written.
    Number(&'a str),
    Text(&'a RawValue),
    List(&'a RawValue),
    Object(&'a RawValue),
}

impl<'a> Value<'a> {
    pub(crate) fn of(raw: &'a RawValue) -> Value<'a> {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'"') => Value::Text(raw),
            Some(b'[') => Value::List(raw),
            Some(b'{') => Value::Object(raw),
            Some(b't') => Value::YesNo(true),
            Some(b'f') => Value::YesNo(false),
            Some(b'n') | None => Value::Null,
            Some(_) => Value::Number(text),
        }
    }

    /// What it is, for a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::YesNo(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
        }
    }

    /// What stands there, for a message.
    pub(crate) fn written(&self) -> &'a str {
        match self {
            Value::Null => "null",
            Value::YesNo(true) => "true",
            Value::YesNo(false) => "false",
            Value::Number(text) => text,
            Value::Text(raw) | Value::List(raw) | Value::Object(raw) => raw.get(),
        }
    }
}

/// The text of a JSON string.
pub(crate) fn text(raw: &RawValue) -> Result<Cow<'_, str>, Fault> {
    // The record has been checked as a whole: a text without escapes is what stands between its quotes.
    let inside = raw
        .get()
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    if let Some(plain) = inside.filter(|text| memchr::memchr(b'\\', text.as_bytes()).is_none()) {
        return Ok(Cow::Borrowed(plain));
    }
    let Key(text) = serde_json::from_str::<Key<'_>>(raw.get()).map_err(|error| syntax(&error))?;
    if text.contains('\0') {
        return Err(Fault::new(
            "the text holds a NUL character",
            "write it anew, without that character",
        ));
    }
    Ok(text)
}

/// The elements of a list.
pub(crate) fn list(raw: &RawValue) -> Result<Vec<&RawValue>, Fault> {
    let Elements(elements) =
        serde_json::from_str::<Elements<'_>>(raw.get()).map_err(|error| syntax(&error))?;
    Ok(elements)
}

/// The names and values of an object, in their order.
pub(crate) type Fields<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// Takes an object apart.
pub(crate) fn object(raw: &RawValue) -> Result<Fields<'_>, Fault> {
    fields(raw.get())
}

/// Takes the record apart, whose whole text is checked on the way.
pub(crate) fn record<'a>(text: &'a str, what: &str) -> Result<Fields<'a>, Fault> {
    if text.trim_ascii_start().starts_with('{') {
        return fields(text);
    }
    let raw = serde_json::from_str::<&RawValue>(text).map_err(|error| syntax(&error))?;
    let kind = Value::of(raw).kind();
    Err(Fault::new(
        format!("a {what} is an object, and {kind} stands here"),
        "write `{ \"id\": ..., ... }`",
    ))
}

fn fields(text: &str) -> Result<Fields<'_>, Fault> {
    let Object(fields) =
        serde_json::from_str::<Object<'_>>(text).map_err(|error| syntax(&error))?;
    Ok(fields)
}

/// What a parser says, in our words where they are better.
fn syntax(error: &serde_json::Error) -> Fault {
    let said = error.to_string();
    let (what, place) = match said.rsplit_once(" at line ") {
        Some((what, place)) => {
            let (line, column) = place.split_once(" column ").unwrap_or((place, "0"));
            let line = if line == "1" {
                String::new()
            } else {
                format!("line {line} of it, ")
            };
            (what, format!(" ({line}character {column})"))
        }
        None => (said.as_str(), String::new()),
    };
    let (problem, cure) = match what {
        "trailing comma" => ("a comma stands where nothing follows", "take the comma out"),
        "key must be a string" => (
            "a field name in quotes is missing",
            "write field names in `\"`, and no comma behind the last field",
        ),
        "trailing characters" => (
            "something follows the end of the record",
            "write one record a line, or all of them in one list",
        ),
        _ if what.starts_with("EOF while parsing") => (
            "the record ends before it is complete",
            "close every `\"`, `{` and `[`, and check that the file was copied to its end",
        ),
        _ if what.starts_with("control character") => (
            "a text holds a control character",
            "write line breaks inside a text as `\\n`, tabs as `\\t`, other control characters as `\\u00XX`",
        ),
        "invalid number" => (
            "a number is not written as JSON has it",
            "write figures, `.` and perhaps an exponent; put anything else in `\"`",
        ),
        "invalid escape" => (
            "a text holds a backslash that escapes nothing",
            "write a backslash as `\\\\`",
        ),
        "lone leading surrogate in hex escape" | "unexpected end of hex escape" => (
            "a text holds half a character (`\\uD800` to `\\uDFFF` without its other half)",
            "write both halves, or the character itself",
        ),
        "expected value" | "expected ident" => (
            "a value is missing, or is not in quotes",
            "put texts in `\"`; write `null` for what is not known",
        ),
        other => {
            return Fault::new(
                format!("is not JSON: {}{place}", show(other, 60)),
                "write it as JSON has it",
            );
        }
    };
    Fault::new(format!("is not JSON: {problem}{place}"), cure)
}

struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Key<'de>, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Texts)
    }
}

struct Elements<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Elements<'de>, D::Error> {
        struct Lists;
        impl<'de> Visitor<'de> for Lists {
            type Value = Elements<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Elements<'de>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = from.next_element::<&'de RawValue>()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        from.deserialize_seq(Lists)
    }
}

struct Object<'a>(Fields<'a>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Object<'de>, D::Error> {
        struct Objects;
        impl<'de> Visitor<'de> for Objects {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((Key(name), value)) = from.next_entry::<Key<'de>, &'de RawValue>()? {
                    fields.push((name, value));
                }
                Ok(Object(fields))
            }
        }
        from.deserialize_map(Objects)
    }
}
