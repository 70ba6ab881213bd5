//! Thresholds: from which probability a hit is shown, and from which it is strong, list by list.
//!
//! Read from `data/names/thresholds.toml`: a default, and a section for each list that is to differ. They decide what is shown, never what a name scores.
//!
//! To give a list its own: a section there. Knows no names and no scores.

use crate::tables::TablesError;
use std::collections::BTreeMap;

const FILE: &str = "thresholds.toml";

/// Where the two bands of a list begin, as probabilities.
#[derive(Clone, Copy, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// From here on a person must look.
    pub review: f32,
    /// From here on few hits are somebody else.
    pub strong: f32,
}

/// The thresholds of all lists.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    default: Threshold,
    #[serde(default)]
    list: BTreeMap<String, Threshold>,
}

impl Thresholds {
    /// Reads the file.
    pub(crate) fn read(text: &str) -> Result<Thresholds, TablesError> {
        let unreadable = |reason: String| TablesError::Unreadable { file: FILE, reason };
        let all: Thresholds =
            toml::from_str(text).map_err(|error| unreadable(error.message().to_owned()))?;
        let named = all.list.iter().map(|(list, own)| (list.as_str(), own));
        for (list, own) in named.chain([("default", &all.default)]) {
            let wrong = |says: &str| {
                let found = format!("review = {}, strong = {}", own.review, own.strong);
                Err(unreadable(format!("`{list}` has {found}; {says}")))
            };
            if !(0.01..=0.999).contains(&own.review) || !(0.01..=1.0).contains(&own.strong) {
                return wrong("both are probabilities, from 0.01 to 0.999");
            }
            if own.review > own.strong {
                return wrong("the review band begins below the strong one");
            }
        }
        Ok(all)
    }

    /// Those of a list; the default where it has none of its own.
    pub fn of(&self, list: &str) -> Threshold {
        self.list.get(list).copied().unwrap_or(self.default)
    }

    /// Those of every list that has none of its own.
    pub fn default(&self) -> Threshold {
        self.default
    }

    /// The lists that have their own, in order.
    pub fn own(&self) -> impl Iterator<Item = (&str, Threshold)> {
        self.list.iter().map(|(list, own)| (list.as_str(), *own))
    }

    /// The lowest from which anything is shown.
    pub(crate) fn least(&self) -> f32 {
        let own = self.list.values().map(|own| own.review);
        own.fold(self.default.review, f32::min)
    }
}
