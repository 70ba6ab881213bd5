//! Places and words of TOML: where a value stands, what is wrong with a form, a value as a fact takes it.

use catchall_model::Given;
use toml::Spanned;

use crate::diagnostic::{At, Source, nearest, suggestion};
use crate::state::ValueError;

/// What is wrong with a TOML text and what would be right, without the names of the program's own types.
pub(super) fn toml_words(message: &str) -> (String, String) {
    let message = message.trim().replace('\n', "; ");
    let shapes = [
        (
            "RawEditions",
            "this is no interval, nor a list of editions",
            "write `in_force = \"START/END\"`, or `[{ interval = \"START/END\", confidence = \"read\" }, ...]`",
        ),
        (
            "RawSamples",
            "this is no item, nor a list of items",
            "write the item's facts in braces, as in `{ item.kind = \"gyro\" }`, or several such items in a list",
        ),
        (
            "RawFactWords",
            "this is no word list, nor the name of one",
            "write `values = \"use\"` for a list of words.toml, or the words themselves in a list",
        ),
        (
            "RawWord",
            "this is no word",
            "write a word in quotation marks, or `{ word = \"missile\", label = \"...\", also = [...] }`",
        ),
    ];
    if let Some((_, what, help)) = shapes
        .iter()
        .find(|(name, ..)| message.contains(&format!("untagged enum {name}")))
    {
        return ((*what).to_owned(), (*help).to_owned());
    }
    let docs = "docs/writing-a-pack.md shows what may stand here";
    if let Some((field, expected)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once("`, expected "))
    {
        let near = nearest(field, expected.split('`').skip(1).step_by(2));
        return (
            format!(
                "nothing called `{field}` may stand here{}",
                suggestion(near)
            ),
            docs.to_owned(),
        );
    }
    if let Some(field) = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return (
            format!("`{field}` is missing here"),
            format!("write `{field} = ...`; {docs}"),
        );
    }
    (message, docs.to_owned())
}

/// The place of a value in a block that begins at `base`.
pub(super) fn spot<T>(source: &Source, base: usize, value: &Spanned<T>) -> At {
    source.at(base + value.span().start, base + value.span().end)
}

pub(super) fn given(value: &toml::Value) -> Result<Given, ValueError> {
    Ok(match value {
        toml::Value::String(text) => Given::Text(text.clone()),
        toml::Value::Boolean(yes) => Given::YesNo(*yes),
        toml::Value::Integer(number) => Given::Number(number.to_string()),
        toml::Value::Float(number) => Given::Number(number.to_string()),
        toml::Value::Datetime(day) => Given::Text(day.to_string()),
        toml::Value::Array(several) => {
            Given::List(several.iter().map(given).collect::<Result<_, _>>()?)
        }
        toml::Value::Table(_) => {
            return Err(ValueError::new(
                "a table is no value",
                "write a value of the fact",
            ));
        }
    })
}
