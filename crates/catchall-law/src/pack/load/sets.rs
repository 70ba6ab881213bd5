//! Dated sets of countries and lists of parties.

use catchall_model::Country;
use toml::Spanned;

use super::super::markdown::Block;
use super::super::raw::{RawParties, RawSet};
use super::super::{Carrier, DatedSet, ListedParty, fold_name};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{At, Diagnostic, Source, suggestion};
use crate::period::Period;

impl Loader {
    fn new_set(
        &mut self,
        at: At,
        id: &str,
        title: String,
        cite: Option<String>,
        from: String,
        read: bool,
    ) -> Option<usize> {
        if let Some(first) = self
            .law
            .sets
            .iter()
            .find(|set| set.id == id)
            .map(|set| set.at.clone())
        {
            self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the set `{id}` stands twice"),
                format!("keep one of them; the first stands at {first}"),
            ));
            return None;
        }
        let cite = cite.unwrap_or_default();
        if cite.trim().is_empty() {
            self.problem(Diagnostic::error(
                "no-citation",
                at.clone(),
                format!("the set `{id}` has no citation"),
                "write `cite = \"...\"`: where its members are named",
            ));
        }
        self.law.sets.push(DatedSet {
            id: id.to_owned(),
            title,
            cite,
            source: from,
            read,
            members: Vec::new(),
            at,
        });
        Some(self.law.sets.len() - 1)
    }

    pub(super) fn country_set(&mut self, source: &Source, block: &Block) {
        let Some(raw) = self.toml::<RawSet>(source, block.text, block.start) else {
            return;
        };
        let read = self.confidence(source, block.start, raw.confidence.as_ref());
        let at = spot(source, block.start, &raw.id);
        let Some(set) = self.new_set(at, raw.id.get_ref(), raw.title, raw.cite, raw.source, read)
        else {
            return;
        };
        for member in raw.members {
            let country = Country::from_code(member.country.get_ref())
                .and_then(|country| self.law.vocabulary.country(country));
            let Some(country) = country else {
                let near = self.law.vocabulary.country_like(member.country.get_ref());
                let message = format!(
                    "`{}` is no country code{}",
                    member.country.get_ref(),
                    suggestion(near)
                );
                let at = spot(source, block.start, &member.country);
                self.problem(Diagnostic::error(
                    "unknown-word",
                    at,
                    message,
                    "write two capital letters, as in `IR`",
                ));
                continue;
            };
            let period = member
                .interval
                .as_ref()
                .map_or_else(Period::always, |interval| {
                    self.period(source, block.start, interval)
                });
            self.law.sets[set].members.push((country, period));
        }
        self.waiting.country_sets.insert(raw.id.into_inner(), set);
    }

    pub(super) fn party_list(&mut self, source: &Source, block: &Block) {
        let Some(raw) = self.toml::<RawParties>(source, block.text, block.start) else {
            return;
        };
        let read = self.confidence(source, block.start, raw.confidence.as_ref());
        let at = spot(source, block.start, &raw.id);
        let Some(set) = self.new_set(at, raw.id.get_ref(), raw.title, raw.cite, raw.source, read)
        else {
            return;
        };
        for party in raw.parties {
            let period = party
                .interval
                .as_ref()
                .map_or_else(Period::always, |interval| {
                    self.period(source, block.start, interval)
                });
            let name = party.name.get_ref().clone();
            let mut folded: Vec<String> = std::iter::once(&name)
                .chain(&party.aliases)
                .map(|name| fold_name(name))
                .collect();
            folded.sort();
            folded.dedup();
            if folded.iter().any(String::is_empty) {
                let at = spot(source, block.start, &party.name);
                self.problem(Diagnostic::error(
                    "empty-name",
                    at,
                    format!("`{name}` or one of its aliases has no letter"),
                    "write a name",
                ));
                continue;
            }
            let place = u32::try_from(self.law.parties.len()).unwrap_or(u32::MAX);
            self.law.sets[set].members.push((place, period.clone()));
            self.law.parties.push(ListedParty {
                set,
                name,
                aliases: party.aliases,
                folded,
                period,
                cite: party.cite,
                imported: Vec::new(),
            });
        }
        if !raw.imported.is_empty() {
            // One row for whoever the imported lists hold: which of them it is, screening says.
            let name = format!("a party of {}", raw.imported.join(" or "));
            let place = u32::try_from(self.law.parties.len()).unwrap_or(u32::MAX);
            self.law.sets[set].members.push((place, Period::always()));
            self.law.parties.push(ListedParty {
                set,
                folded: vec![fold_name(&name)],
                name,
                aliases: Vec::new(),
                period: Period::always(),
                cite: String::new(),
                imported: raw.imported,
            });
        }
        self.waiting.party_sets.insert(raw.id.into_inner(), set);
    }

    /// Lists that carry all of one: `LIST under LABEL`.
    pub(super) fn carriers(&mut self, source: &Source, texts: &[Spanned<String>]) -> Vec<Carrier> {
        let mut found = Vec::new();
        for text in texts {
            let at = spot(source, 0, text);
            match text.get_ref().split_once(" under ") {
                Some((list, label)) if !list.trim().is_empty() && !label.trim().is_empty() => {
                    found.push(Carrier {
                        list: list.trim().to_owned(),
                        label: label.trim().to_owned(),
                        at,
                    });
                }
                _ => self.problem(Diagnostic::error(
                    "carried-by",
                    at,
                    format!("`{}` names no list and label", text.get_ref()),
                    "write the list and the label of the entries that carry this one, as in `us:ccl under MT`",
                )),
            }
        }
        found
    }
}
