//! Who is meant by `the Graustark firm`: the firm that the page names, and nobody where it names none or more.
//!
//! A description of several (`Graustark firms`) stands as it is told; one that could be told by its name does not.

use std::collections::{HashMap, HashSet};

use super::ends::party_name;
use crate::statements::Ground;

/// The names of the page, noted once.
pub(super) struct Names<'g, 'w> {
    ground: &'g Ground<'w>,
    /// Names of parties, as they go in a transfer or as their record has them.
    borne: HashSet<String>,
    /// First words of names.
    heads: HashSet<String>,
    /// Names in plain letters, of which the page has more.
    spelled: HashMap<String, String>,
    /// By country: its firms and institutes, the first and how many.
    firms: HashMap<String, (String, usize)>,
    /// The usual names of states.
    states: HashSet<&'g str>,
}

impl<'g, 'w> Names<'g, 'w> {
    pub(super) fn of(ground: &'g Ground<'w>) -> Names<'g, 'w> {
        let mut names = Names {
            ground,
            borne: HashSet::new(),
            heads: HashSet::new(),
            spelled: HashMap::new(),
            firms: HashMap::new(),
            states: ground
                .work
                .words
                .states
                .iter()
                .filter_map(|state| state.names.first().map(String::as_str))
                .collect(),
        };
        for (index, own) in ground.parties.entities.iter().enumerate() {
            let told = party_name(ground, index);
            if !own.name.is_ascii() {
                names.spelled.insert(told.clone(), own.name.clone());
            }
            let head = own.name.split(' ').next().unwrap_or_default();
            names.heads.insert(head.to_owned());
            names.borne.insert(told);
            names.borne.insert(own.name.clone());
            if matches!(own.kind, "company" | "institute")
                && let Some(code) = &own.country
            {
                names
                    .firms
                    .entry(code.clone())
                    .or_insert_with(|| (own.name.clone(), 0))
                    .1 += 1;
            }
        }
        names
    }

    /// The party that a giver or a receiver goes by, or nothing where a single body is described and not known.
    pub(super) fn settled(&self, name: String) -> Option<String> {
        let words = self.ground.work.words;
        if self.states.contains(name.as_str()) {
            return Some(name);
        }
        // A region neither gives nor gets.
        let last = name.rsplit(' ').next().unwrap_or(&name).to_lowercase();
        if words.is("grammar", "regions", &last) {
            return None;
        }
        // A name of which the page has more letters than the evened-out text: as the page spells it.
        if let Some(spelled) = self.spelled.get(&name) {
            return Some(spelled.clone());
        }
        if self.borne.contains(&name) {
            return Some(name);
        }
        let Some((lead, noun)) = name.rsplit_once(' ') else {
            // A word that no party of the page bears is no name: it only looks like one.
            return self.heads.contains(&name).then_some(name);
        };
        let body = words.is("body", "firm", noun) || words.is("grammar", "singular_bodies", noun);
        if !body {
            return Some(name);
        }
        // `a Graustark firm`, `the Harbourtown trading house`: of which country.
        let code = words.states.iter().find(|state| {
            let told = |own: &String| {
                lead.strip_prefix(own.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            };
            state.demonyms.iter().any(told)
                || state.cities.iter().any(told)
                || state.names.iter().any(told)
        });
        let Some(code) = code.map(|state| state.code.as_str()) else {
            return Some(name);
        };
        match self.firms.get(code) {
            Some((firm, 1)) => Some(firm.clone()),
            _ => None,
        }
    }
}
