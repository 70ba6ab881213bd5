//! The words of the packs: what a provision may ask, with its type, its words and what follows from what.
//!
//! The first pass. Kinds of item have a file of their own (`kinds.rs`); what is named after them is read in `names.rs`.

use std::collections::BTreeMap;

use catchall_model::Unit;

use super::super::raw::{RawFactWords, RawOwners, RawVocabulary, RawWord};
use super::super::{OwnershipFact, ShareCount};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};
use crate::facts::{FACTS, FactType};
use crate::vocabulary::{Domain, Fact, FactId, Word, WordList};

impl Loader {
    pub(super) fn vocabulary(&mut self, sources: &[Source]) {
        let mut raws = Vec::new();
        for source in sources {
            let ours = source.file.starts_with("vocabulary/") && source.file.ends_with(".toml");
            if !ours && !source.file.ends_with("/vocabulary.toml") {
                continue;
            }
            if let Some(raw) = self.toml::<RawVocabulary>(source, &source.text, 0) {
                raws.push((source, raw));
            }
        }
        for (source, raw) in &raws {
            for words in &raw.words {
                let name = words.name.get_ref();
                if self
                    .law
                    .vocabulary
                    .lists
                    .iter()
                    .any(|list| list.name == *name)
                {
                    let at = spot(source, 0, &words.name);
                    self.problem(Diagnostic::error(
                        "duplicate",
                        at,
                        format!("the word list `{name}` stands twice"),
                        "keep one of them, or name them apart",
                    ));
                    continue;
                }
                self.law.vocabulary.lists.push(word_list(
                    name,
                    &words.values,
                    spot(source, 0, &words.name),
                ));
            }
        }
        self.kinds(&raws);
        self.ended_states(&raws);
        self.core_facts();
        for (source, raw) in &raws {
            for property in &raw.property {
                let key = format!("item.{}", property.name.get_ref());
                let own = property.values.as_deref();
                let row = FactText {
                    key: &key,
                    question: property.question.as_deref(),
                    ask: &property.ask,
                    evidence: &property.evidence,
                    cost: property.cost,
                    also: &property.also,
                };
                let kind = match (property.kind.get_ref().as_str(), own) {
                    ("word", Some(values)) => Ok((
                        self.own_words(&key, values, spot(source, 0, &property.name)),
                        false,
                        Unit::NONE,
                    )),
                    ("words", Some(values)) => Ok((
                        self.own_words(&key, values, spot(source, 0, &property.name)),
                        true,
                        Unit::NONE,
                    )),
                    ("word" | "words", None) => {
                        Err("a word property lists its words under `values`".to_owned())
                    }
                    (name, _) => self.fact_type(name, &property.unit, None),
                };
                self.fact(
                    spot(source, 0, &property.name),
                    spot(source, 0, &property.kind),
                    &row,
                    kind,
                );
                self.waiting_follows(source, &key, &property.follows);
            }
            for fact in &raw.fact {
                let key = fact.key.get_ref().clone();
                let row = FactText {
                    key: &key,
                    question: fact.question.as_deref(),
                    ask: &fact.ask,
                    evidence: &fact.evidence,
                    cost: fact.cost,
                    also: &fact.also,
                };
                let name = fact.kind.get_ref().as_str();
                let kind = match (name, &fact.values) {
                    ("word" | "words", Some(RawFactWords::Own(values))) => Ok((
                        self.own_words(&key, values, spot(source, 0, &fact.key)),
                        name == "words",
                        Unit::NONE,
                    )),
                    ("word" | "words", Some(RawFactWords::Named(list))) => {
                        self.fact_type(name, &fact.unit, Some(list))
                    }
                    ("word" | "words", None) => Err(
                        "a fact of words names its list, or lists its words, under `values`"
                            .to_owned(),
                    ),
                    (name, _) => self.fact_type(name, &fact.unit, None),
                };
                self.fact(
                    spot(source, 0, &fact.key),
                    spot(source, 0, &fact.kind),
                    &row,
                    kind,
                );
                self.waiting_follows(source, &key, &fact.follows);
                if let (Some(owners), Some(fact)) = (&fact.owners, self.law.vocabulary.fact(&key)) {
                    self.ownership(source, fact, owners);
                }
                if let (Some(id), Some(currency)) =
                    (self.law.vocabulary.fact(&key), &fact.line_value)
                {
                    self.law.line_values.push((id, currency.clone()));
                }
            }
        }
    }

    fn ownership(&mut self, source: &Source, fact: FactId, owners: &RawOwners) {
        let count = match owners.count.get_ref().as_str() {
            "sum" => ShareCount::Sum,
            "largest" => ShareCount::Largest,
            "unknown" => ShareCount::Unknown,
            "stated" => ShareCount::Stated,
            other => {
                let at = spot(source, 0, &owners.count);
                return self.problem(Diagnostic::error(
                    "owners",
                    at,
                    format!("`{other}` is no way to count shares"),
                    "write `sum`, `largest`, `stated` or `unknown`",
                ));
            }
        };
        let listed_in: Vec<String> = owners
            .listed_in
            .iter()
            .map(|list| list.get_ref().clone())
            .collect();
        self.waiting
            .owner_sets
            .extend(owners.listed_in.iter().map(|list| {
                let at = spot(source, 0, list);
                (list.get_ref().clone(), at)
            }));
        if let Some(half) = &owners.half_said_by {
            let waiting = (
                self.law.ownership.len(),
                half.get_ref().clone(),
                spot(source, 0, half),
            );
            self.waiting.halves.push(waiting);
        }
        self.law.ownership.push(OwnershipFact {
            fact,
            listed_in,
            count,
            half_said_by: None,
        });
    }

    /// The facts that say of a share whether it is half or more: each must be held, and one of yes or no.
    pub(super) fn halves(&mut self) {
        for (place, name, at) in std::mem::take(&mut self.waiting.halves) {
            let vocabulary = &self.law.vocabulary;
            let fact = vocabulary.fact(&name);
            let fact = fact.filter(|fact| vocabulary.get(*fact).domain == Domain::YesNo);
            match (fact, self.law.ownership.get_mut(place)) {
                (Some(fact), Some(row)) => row.half_said_by = Some(fact),
                _ => {
                    let keys = vocabulary.facts.iter().map(|fact| fact.key.as_str());
                    let near = suggestion(nearest(&name, keys));
                    self.problem(Diagnostic::error(
                        "owners",
                        at,
                        format!("no fact of yes or no is called `{name}`{near}"),
                        "name a fact of type yes_no of the vocabulary",
                    ));
                }
            }
        }
    }

    /// Every list that ownership names must be one.
    pub(super) fn owner_sets(&mut self) {
        for (list, at) in std::mem::take(&mut self.waiting.owner_sets) {
            if self.waiting.party_sets.contains_key(&list) {
                continue;
            }
            let known = self.waiting.party_sets.keys().map(String::as_str);
            let near = suggestion(nearest(&list, known));
            self.problem(Diagnostic::error(
                "owners",
                at,
                format!("no pack holds the list of parties `{list}`{near}"),
                "name a list of a `toml parties` block",
            ));
        }
    }

    fn own_words(&mut self, key: &str, values: &[RawWord], at: At) -> Domain {
        self.law.vocabulary.lists.push(word_list(key, values, at));
        Domain::Words(self.law.vocabulary.lists.len() - 1)
    }

    fn fact_type(
        &self,
        name: &str,
        unit: &str,
        list: Option<&str>,
    ) -> Result<(Domain, bool, Unit), String> {
        let vocabulary = &self.law.vocabulary;
        let place = |list: Option<&str>| {
            let list = list.unwrap_or_default();
            vocabulary
                .lists
                .iter()
                .position(|each| each.name == list)
                .ok_or_else(|| {
                    let near =
                        nearest(list, vocabulary.lists.iter().map(|list| list.name.as_str()));
                    format!("no word list `{list}`{}", suggestion(near))
                })
        };
        Ok(match name {
            "yes_no" => (Domain::YesNo, false, Unit::NONE),
            "word" => (Domain::Words(place(list)?), false, Unit::NONE),
            "words" => (Domain::Words(place(list)?), true, Unit::NONE),
            "country" => (Domain::Countries, false, Unit::NONE),
            "countries" => (Domain::Countries, true, Unit::NONE),
            "date" => (Domain::Date, false, Unit::NONE),
            "quantity" => {
                let unit = Unit::find(unit).ok_or_else(|| {
                    let near = Unit::nearest(unit).map(Unit::name);
                    format!("unknown unit `{unit}`{}", suggestion(near))
                })?;
                (Domain::Quantity(unit.dimension()), false, unit)
            }
            other => {
                let all = [
                    "yes_no",
                    "word",
                    "words",
                    "country",
                    "countries",
                    "quantity",
                    "date",
                ];
                return Err(format!(
                    "unknown type `{other}`{}",
                    suggestion(nearest(other, all))
                ));
            }
        })
    }

    fn core_facts(&mut self) {
        for row in FACTS {
            // A list that no pack holds yet still gives a fact, with no words: the tests of small packs need that.
            if let FactType::Word(name) | FactType::Words(name) = row.kind
                && !self
                    .law
                    .vocabulary
                    .lists
                    .iter()
                    .any(|list| list.name == name)
            {
                self.law.vocabulary.lists.push(WordList {
                    name: name.to_owned(),
                    words: Vec::new(),
                    at: None,
                });
                self.law.vocabulary.by_word.push(BTreeMap::new());
            }
        }
        self.law.vocabulary.by_word.clear();
        for row in FACTS {
            let Some((domain, many, unit)) = self.law.vocabulary.domain(row.kind) else {
                continue;
            };
            let fact = Fact {
                key: row.key.to_owned(),
                domain,
                many,
                unit,
                question: row.question.to_owned(),
                ask: row.ask.to_owned(),
                evidence: row.evidence.to_owned(),
                cost: row.cost,
                also: Vec::new(),
                at: None,
            };
            self.push_fact(fact);
        }
    }

    fn push_fact(&mut self, fact: Fact) {
        let id = FactId(u16::try_from(self.law.vocabulary.facts.len()).unwrap_or(u16::MAX));
        self.law.vocabulary.by_key.insert(fact.key.clone(), id);
        self.law.vocabulary.facts.push(fact);
    }

    fn fact(
        &mut self,
        at: At,
        type_at: At,
        row: &FactText,
        kind: Result<(Domain, bool, Unit), String>,
    ) {
        let (domain, many, unit) = match kind {
            Ok(kind) => kind,
            Err(problem) => {
                let help = match problem.as_str() {
                    unit if unit.starts_with("unknown unit") => {
                        "`catchall law vocabulary --units` lists every unit"
                    }
                    list if list.starts_with("no word list") => {
                        "name a list of words.toml, or write the words themselves in a list"
                    }
                    words if words.contains("`values`") => "write `values = [\"...\", \"...\"]`",
                    _ => {
                        "types are yes_no, word, words, country, countries, quantity (with a unit), date"
                    }
                };
                return self.problem(Diagnostic::error("fact-type", type_at, problem, help));
            }
        };
        if self.law.vocabulary.by_key.contains_key(row.key) {
            return self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the fact `{}` stands twice", row.key),
                "keep one of them, or name them apart",
            ));
        }
        if [
            "item.range",
            "item.payload",
            "item.max_range",
            "item.max_payload",
            "item.listed",
            "item.codes",
        ]
        .contains(&row.key)
        {
            let help = "range and payload feed the curve (`item can deliver ...`), codes are claims (`item is listed in ...`): ask those instead";
            return self.problem(Diagnostic::error(
                "reserved-fact",
                at,
                format!("`{}` has a meaning of its own", row.key),
                help,
            ));
        }
        let question = row.question.unwrap_or_default().trim().to_owned();
        if question.is_empty() {
            let help = "write `question = \"...\"`: the words in which somebody who lacks the fact is asked for it";
            self.problem(Diagnostic::error(
                "no-question",
                at.clone(),
                format!("the fact `{}` has no question text", row.key),
                help,
            ));
        }
        let cost = row.cost.unwrap_or(3);
        if !(1..=5).contains(&cost) {
            self.problem(Diagnostic::error(
                "cost",
                at.clone(),
                format!("`cost = {cost}` is beyond the scale"),
                "write 1 (look at the order) to 5 (a study)",
            ));
        }
        self.push_fact(Fact {
            key: row.key.to_owned(),
            domain,
            many,
            unit,
            question,
            ask: row.ask.to_owned(),
            evidence: row.evidence.to_owned(),
            cost,
            also: row.also.to_vec(),
            at: Some(at),
        });
    }
}

/// What a pack says of a fact besides its type.
struct FactText<'a> {
    key: &'a str,
    question: Option<&'a str>,
    ask: &'a str,
    evidence: &'a str,
    cost: Option<u8>,
    also: &'a [String],
}

fn word_list(name: &str, values: &[RawWord], at: At) -> WordList {
    let words = values.iter().map(|value| match value {
        RawWord::Plain(word) => Word {
            word: word.clone(),
            label: word.clone(),
            also: Vec::new(),
            general: false,
            ordinary: false,
        },
        RawWord::Full {
            word,
            label,
            also,
            general,
            ordinary,
        } => Word {
            word: word.clone(),
            label: label.clone(),
            also: also.clone(),
            general: *general,
            ordinary: *ordinary,
        },
    });
    WordList {
        name: name.to_owned(),
        words: words.collect(),
        at: Some(at),
    }
}
