//! Policy of evidence: how much of a report's words is kept, and what a flag needs. One file with a version and an owner.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How much of a report's words the ledger keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// None: digest and offsets.
    Offsets,
    /// A few words a statement.
    Excerpts,
    /// The page.
    Whole,
}

impl Keep {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Keep::Offsets => "offsets",
            Keep::Excerpts => "excerpts",
            Keep::Whole => "whole",
        }
    }

    /// The one of this word.
    pub fn find(word: &str) -> Option<Keep> {
        [Keep::Offsets, Keep::Excerpts, Keep::Whole]
            .into_iter()
            .find(|keep| keep.word() == word)
    }
}

/// The house's rules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Which version.
    pub version: String,
    /// Whose they are.
    pub owner: String,
    /// The most that is kept.
    pub keep: Keep,
    /// How many days back a claim may lie from the day of the transfer.
    pub look_back_days: i32,
    /// Headings of control lists that an end use touches.
    pub touches: BTreeMap<String, Vec<String>>,
}

impl Rules {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with its place.
    pub fn read(text: &str) -> Result<Rules, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim().replace('\n', "; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_the_house_is_read_and_keeps_no_pages() {
        let rules = Rules::read(include_str!("../../../../data/policy/evidence.toml")).unwrap();
        assert_eq!(rules.keep, Keep::Excerpts);
        assert!(rules.look_back_days > 0);
        let wrong = Rules::read("keep = \"everything\"").unwrap_err();
        assert!(wrong.contains("line 1"), "{wrong}");
    }
}
