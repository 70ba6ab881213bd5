//! Countries and territories: codes, and the names under which people write them.

use std::collections::BTreeMap;
use std::fmt;

/// A country or territory by its code: ISO 3166-1 alpha-2, a historic code, or a code of ours for a
/// territory that law treats apart (`UA-43`). Held in place, so that copying costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 6]);

impl Country {
    /// Takes a code of two to six capital letters, digits and hyphens; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Country> {
        let bytes = code.as_bytes();
        let right = (2..=6).contains(&bytes.len())
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes
                .iter()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-');
        if !right {
            return None;
        }
        let mut held = [0; 6];
        held[..bytes.len()].copy_from_slice(bytes);
        Some(Country(held))
    }

    /// The code.
    pub fn code(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[..end]).unwrap_or("??")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

/// All countries and territories, found by code or by any name they are known under.
#[derive(Clone, Debug, Default)]
pub struct Places {
    by_name: BTreeMap<String, Country>,
    names: BTreeMap<Country, String>,
}

/// Why a row of the list of places cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlacesError {
    /// Not a code.
    #[error("`{found}` is not a country code; write two capital letters, as in `IR`")]
    Code {
        /// What stood there.
        found: String,
    },
    /// A name that already stands for another place.
    #[error("`{name}` stands for both {first} and {second}; a name must lead to one place")]
    Ambiguous {
        /// The name.
        name: String,
        /// The place that has it.
        first: Country,
        /// The place that claims it too.
        second: Country,
    },
}

impl Places {
    /// Adds a place with its code, its usual name and its other names.
    ///
    /// # Errors
    /// When the code is none, or a name is taken.
    pub fn add(&mut self, code: &str, name: &str, also: &[String]) -> Result<(), PlacesError> {
        let country = Country::from_code(code).ok_or_else(|| PlacesError::Code {
            found: code.to_owned(),
        })?;
        for each in [code, name]
            .into_iter()
            .chain(also.iter().map(String::as_str))
        {
            let key = fold(each);
            match self.by_name.get(&key) {
                Some(first) if *first != country => {
                    return Err(PlacesError::Ambiguous {
                        name: each.to_owned(),
                        first: *first,
                        second: country,
                    });
                }
                _ => {
                    self.by_name.insert(key, country);
                }
            }
        }
        self.names.insert(country, name.to_owned());
        Ok(())
    }

    /// The place that this code or name stands for.
    pub fn find(&self, text: &str) -> Option<Country> {
        if text.len() == 2
            && let Some(country) = Country::from_code(text)
            && self.names.contains_key(&country)
        {
            return Some(country);
        }
        self.by_name.get(&fold(text)).copied()
    }

    /// The usual name of a place; its code where the list has no name.
    pub fn name<'a>(&'a self, country: &'a Country) -> &'a str {
        self.names
            .get(country)
            .map_or(country.code(), String::as_str)
    }

    /// All places, by code.
    pub fn all(&self) -> impl Iterator<Item = (Country, &str)> {
        self.names
            .iter()
            .map(|(country, name)| (*country, name.as_str()))
    }

    /// Every name and code, folded, with the place it leads to: for near-miss suggestions.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, Country)> {
        self.by_name
            .iter()
            .map(|(name, country)| (name.as_str(), *country))
    }
}

/// Lower case, one space for each run of spaces and punctuation.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}
