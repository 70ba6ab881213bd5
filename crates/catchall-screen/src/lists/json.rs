//! JSON: the elements of a large array one at a time, and JSON Lines.
//!
//! Only one element stands in memory. A fault of form ends the file, since nothing after it can be trusted; an element
//! of the wrong type is the caller's reject. Knows nothing of what an element means.

use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::Refusal;
use super::input::Input;

/// A piece of the document.
pub(super) enum Piece {
    /// A field of the outermost object that is not one of the arrays.
    Field(String, Value),
    /// One element of one of the arrays; of the outermost array, with an empty name.
    Element(Value),
}

/// Calls back for each field, and for each element of the arrays named.
pub(super) fn elements(
    input: &mut Input<'_>,
    arrays: &[&str],
    mut each: impl FnMut(Piece),
) -> Result<(), Refusal> {
    let mark = input.marker();
    let mut marked = |piece| {
        mark();
        each(piece);
    };
    let failed = {
        let mut json = serde_json::Deserializer::from_reader(&mut input.from);
        let root = Root {
            arrays,
            each: &mut marked,
        };
        root.deserialize(&mut json).and_then(|()| json.end()).err()
    };
    match failed {
        None => Ok(()),
        Some(error) if error.is_eof() => Err(Refusal::Truncated {
            file: input.file.clone(),
            why: error.to_string(),
        }),
        Some(error) => Err(input.refusal(&error)),
    }
}

/// Calls back for each line that is not blank, with its number from 1, and what it holds or what is wrong with it.
pub(super) fn lines(
    input: &mut Input<'_>,
    mut each: impl FnMut(u64, Result<Value, String>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut number = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.from.read_until(b'\n', &mut line) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(input.refusal(&error)),
        }
        input.mark();
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value = serde_json::from_slice(&line).map_err(|error| error.to_string());
        each(number, value)?;
    }
}

struct Root<'r> {
    arrays: &'r [&'r str],
    each: &'r mut dyn FnMut(Piece),
}

impl<'de> DeserializeSeed<'de> for Root<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Root<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut fields = 0;
        while let Some(key) = map.next_key::<String>()? {
            fields += 1;
            if fields > 1_000 {
                return Err(A::Error::custom(
                    "more than 1,000 fields in the outermost object",
                ));
            }
            if self.arrays.contains(&key.as_str()) {
                map.next_value_seed(Array {
                    each: &mut *self.each,
                })?;
            } else {
                let value = map.next_value()?;
                (self.each)(Piece::Field(key, value));
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(element) = array.next_element()? {
            (self.each)(Piece::Element(element));
        }
        Ok(())
    }
}

struct Array<'r> {
    each: &'r mut dyn FnMut(Piece),
}

impl<'de> DeserializeSeed<'de> for Array<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Array<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(element) = array.next_element()? {
            (self.each)(Piece::Element(element));
        }
        Ok(())
    }
}

/// The text of a field; empty where it is none.
pub(super) fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or("")
        .trim()
}

/// The texts of a field that may be one text or a list of them.
pub(super) fn texts<'v>(value: &'v Value, field: &str) -> Vec<&'v str> {
    match value.get(field) {
        Some(Value::String(one)) => vec![one.trim()],
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::trim)
            .collect(),
        _ => Vec::new(),
    }
    .into_iter()
    .filter(|text| !text.is_empty())
    .collect()
}
