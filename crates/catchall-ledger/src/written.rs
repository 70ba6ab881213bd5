//! Written: how days and the field's words stand in the bodies of entries, and how they are read back.
//!
//! A day is `2026-11-22`, an outcome its word of the contract. Whatever else stands there is an error, never a guess.

use std::fmt::Display;
use std::str::FromStr;

use catchall_model::Day;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

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
