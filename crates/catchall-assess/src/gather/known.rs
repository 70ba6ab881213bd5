//! What gathering looks up for every transfer, worked out once from the packs.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use catchall_law::{Carriers, Crosswalk, FactId, Law};
use sha2::{Digest, Sha256};

use super::key::Key;
use crate::screening::Imported;

/// What gathering looks up for every transfer, worked out once: facts by key.
pub(crate) struct Known {
    keys: Vec<Option<FactId>>,
    /// Facts of the item by the names a transfer may use; one name may be that of several figures.
    pub(super) properties: HashMap<String, Vec<FactId>>,
    pub(super) carriers: Carriers,
    /// Read when a claimed code may speak for another list.
    crosswalk: OnceLock<Crosswalk>,
    /// The numbers of entries in lower case, as far as no other word looks like them. Read when a description holds a digit.
    numbers: OnceLock<HashSet<String>>,
}

impl Known {
    /// The numbers of the lists, side by side.
    pub fn crosswalk(&self, law: &Law) -> &Crosswalk {
        self.crosswalk.get_or_init(|| Crosswalk::of(law))
    }

    pub fn of(law: &Law) -> Known {
        let keys = Key::NAMES
            .iter()
            .map(|key| law.vocabulary.fact(key))
            .collect();
        let mut properties = HashMap::new();
        for (place, fact) in (0u16..).zip(&law.vocabulary.facts) {
            if let Some(name) = fact.key.strip_prefix("item.") {
                let named: &mut Vec<FactId> = properties.entry(name.to_owned()).or_default();
                named.push(FactId(place));
            }
        }
        for (place, fact) in (0u16..).zip(&law.vocabulary.facts) {
            if fact.key.starts_with("item.") {
                for also in &fact.also {
                    let named = properties.entry(also.clone()).or_default();
                    if !named.contains(&FactId(place)) {
                        named.push(FactId(place));
                    }
                }
            }
        }
        Known {
            keys,
            properties,
            carriers: Carriers::of(law),
            crosswalk: OnceLock::new(),
            numbers: OnceLock::new(),
        }
    }

    /// Whether a word is the number of an entry of some list, or a step below one.
    pub(super) fn is_number(&self, law: &Law, word: &str) -> bool {
        let looks_like_one = |word: &str| {
            let has = |of: fn(&char) -> bool| word.chars().any(|each| of(&each));
            word.len() >= 5 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
        };
        if !looks_like_one(word) {
            return false;
        }
        let numbers = self.numbers.get_or_init(|| {
            let entries = law.lists.iter().flat_map(|list| &list.entries);
            let codes = entries.map(|entry| entry.code.to_lowercase());
            codes.filter(|code| looks_like_one(code)).collect()
        });
        let steps = word.match_indices('.').map(|(at, _)| &word[..at]);
        steps.chain([word]).any(|step| numbers.contains(step))
    }

    /// The fact that a field of the transfer fills, where the packs have it.
    pub(super) fn fact(&self, key: Key) -> Option<FactId> {
        self.keys.get(key as usize).copied().flatten()
    }

    /// Digest of the lists: as they stand in the packs, and of what was imported.
    pub fn digest(&self, law: &Law, imported: &Imported) -> String {
        let mut digest = Sha256::new();
        for party in &law.parties {
            for part in [
                law.sets[party.set].id.as_str(),
                &party.name,
                &party.period.text,
            ] {
                digest.update(part.as_bytes());
                digest.update([0]);
            }
        }
        for held in &imported.held {
            digest.update(held.list.as_bytes());
            digest.update([0]);
            digest.update(held.digest.as_bytes());
        }
        if !imported.answers.is_empty() {
            digest.update(imported.answers.digest().as_bytes());
        }
        digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
