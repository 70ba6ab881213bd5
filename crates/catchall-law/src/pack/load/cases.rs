//! Worked cases, and the facts that a case or a sample states.

use catchall_model::Given;
use toml::Spanned;

use super::super::raw::RawCase;
use super::super::{Case, Expect, fold_name};
use super::Loader;
use super::text::{given, spot};
use crate::claimed::claimed_code;
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};
use crate::language::Names;
use crate::state::{Claim, Facts, Reach, Value, ValueError, read_value};
use crate::vocabulary::{Vocabulary, fold_word};

impl Loader {
    pub(super) fn case(
        &mut self,
        source: &Source,
        base: usize,
        fence: usize,
        raw: RawCase,
        names: &Names,
    ) -> Option<Case> {
        let at = source.at(fence, base.saturating_sub(1));
        let empty = toml::Table::new();
        let given = raw.given.as_ref().map_or(&empty, Spanned::get_ref);
        let given_at = raw
            .given
            .as_ref()
            .map_or(at.clone(), |given| spot(source, base, given));
        let mut facts = self.facts(&given_at, given, names)?;
        if let Some(on) = &raw.on
            && let Some(date) = names.vocabulary.fact("date")
        {
            match read_value(names.vocabulary, date, &Given::Text(on.get_ref().clone())) {
                Ok(value) => facts.set(date, value),
                Err(error) => {
                    self.problem(Diagnostic::error(
                        "date",
                        spot(source, base, on),
                        error.problem,
                        error.cure,
                    ));
                    return None;
                }
            }
        }
        let mut raw = raw;
        if let Some(outcome) = &mut raw.expect.outcome {
            super::sanctions::in_words_of_the_scale(outcome.get_mut());
        }
        for (text, words) in [
            (
                &raw.expect.verdict,
                "applies, does_not_apply, not_known, excepted, disputed",
            ),
            (
                &raw.expect.outcome,
                "no_licence_required, covered_by_licence, notify, licence_required, presumption_of_denial, prohibited, not_known, refer",
            ),
        ] {
            if let Some(text) = text
                && !words.split(", ").any(|word| word == text.get_ref())
            {
                let near = nearest(text.get_ref(), words.split(", "));
                let message = format!(
                    "`{}` cannot come out of a case{}",
                    text.get_ref(),
                    suggestion(near)
                );
                self.problem(Diagnostic::error(
                    "unknown-word",
                    spot(source, base, text),
                    message,
                    format!("write one of {words}"),
                ));
                return None;
            }
        }
        if raw.expect.verdict.is_none()
            && raw.expect.outcome.is_none()
            && raw.expect.essential.is_none()
        {
            self.problem(Diagnostic::error(
                "empty-case",
                at,
                format!("the case \"{}\" expects nothing", raw.name),
                "write `expect = { verdict = \"applies\" }` or an `outcome`",
            ));
            return None;
        }
        let mut essential = None;
        if let Some(keys) = &raw.expect.essential {
            let mut read = Vec::new();
            for key in keys {
                if names.vocabulary.fact(key.get_ref()).is_none() {
                    let near = nearest(
                        key.get_ref(),
                        names.vocabulary.facts.iter().map(|fact| fact.key.as_str()),
                    );
                    let message = format!("unknown fact `{}`{}", key.get_ref(), suggestion(near));
                    self.problem(Diagnostic::error(
                        "unknown-fact",
                        spot(source, base, key),
                        message,
                        "`catchall law vocabulary` lists every fact",
                    ));
                    return None;
                }
                read.push(key.get_ref().clone());
            }
            read.sort();
            essential = Some(read);
        }
        Some(Case {
            name: raw.name,
            facts,
            expect: Expect {
                verdict: raw.expect.verdict.map(Spanned::into_inner),
                outcome: raw.expect.outcome.map(Spanned::into_inner),
                essential,
            },
            at,
        })
    }

    /// The facts of a case or a sample: dotted keys, values as a transfer would state them.
    pub(super) fn facts(&mut self, at: &At, table: &toml::Table, names: &Names) -> Option<Facts> {
        let mut rows = Vec::new();
        flatten(table, "", names.vocabulary, &mut rows);
        let mut facts = Facts::default();
        let mut reach = Reach::default();
        let mut good = true;
        for (key, value) in &rows {
            if let Err(error) = self.state(&mut facts, &mut reach, key, value, names) {
                let at = self.key_at(at, key);
                self.problem(Diagnostic::error(
                    "case-value",
                    at,
                    format!("`{key}`: {}", error.problem),
                    error.cure,
                ));
                good = false;
            }
        }
        match reach.curve() {
            Ok(Some(curve)) => {
                if let Some(fact) = names.vocabulary.fact("item.delivers") {
                    facts.set(fact, Value::Curve(curve));
                }
            }
            Ok(None) => {}
            Err((name, error)) => {
                let at = self.key_at(at, &format!("item.{name}"));
                self.problem(Diagnostic::error(
                    "case-value",
                    at,
                    format!("`item.{name}`: {}", error.problem),
                    error.cure,
                ));
                good = false;
            }
        }
        good.then_some(facts)
    }

    /// Where a key stands in a table of facts; the table itself where it is written in another way.
    fn key_at(&self, table: &At, key: &str) -> At {
        let Some(source) = self
            .law
            .sources
            .iter()
            .find(|source| source.file == table.file)
        else {
            return table.clone();
        };
        let text = source.text.get(table.start..table.end).unwrap_or_default();
        let last = key.rsplit('.').next().unwrap_or(key);
        let places = [key, last]
            .into_iter()
            .flat_map(|name| text.match_indices(name));
        let mut keys = places.filter(|(at, name)| {
            let before = text[..*at].chars().next_back();
            text[at + name.len()..].trim_start().starts_with('=')
                && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        });
        keys.next().map_or_else(
            || table.clone(),
            |(at, name)| source.at(table.start + at, table.start + at + name.len()),
        )
    }

    fn state(
        &self,
        facts: &mut Facts,
        reach: &mut Reach,
        key: &str,
        value: &toml::Value,
        names: &Names,
    ) -> Result<(), ValueError> {
        let given = given(value)?;
        if let Some(name) = key.strip_prefix("item.")
            && reach.take(name, &given)
        {
            return Ok(());
        }
        if key == "item.listed" {
            if given == Given::YesNo(false) {
                facts.claims.push(Claim {
                    list: None,
                    code: None,
                });
                return Ok(());
            }
            return Err(ValueError::new(
                "only `item.listed = false` is a claim",
                "state the code: `item.codes = { mtcr = \"9.A.4\" }`",
            ));
        }
        if let Some(list) = key.strip_prefix("item.codes.") {
            let Given::Text(code) = given else {
                return Err(ValueError::new("a code is a text", "write \"9.A.4\""));
            };
            let list = self
                .law
                .lists
                .iter()
                .position(|each| each.id == list || each.accepts.contains(&fold_word(list)));
            let Some(list) = list else {
                let all: Vec<&str> = self
                    .law
                    .lists
                    .iter()
                    .flat_map(|list| {
                        std::iter::once(list.id.as_str())
                            .chain(list.accepts.iter().map(String::as_str))
                    })
                    .collect();
                let cure = if all.is_empty() {
                    "no pack holds a control list".to_owned()
                } else {
                    format!("lists go by {}", all.join(", "))
                };
                return Err(ValueError::new("no list goes by that name", cure));
            };
            facts.claims.push(Claim {
                list: Some(list),
                code: claimed_code(&code),
            });
            return Ok(());
        }
        if key == "parties" {
            let texts = match &given {
                Given::Text(one) => vec![one.clone()],
                Given::List(several) => several
                    .iter()
                    .filter_map(|each| match each {
                        Given::Text(text) => Some(text.clone()),
                        _ => None,
                    })
                    .collect(),
                _ => {
                    return Err(ValueError::new(
                        "parties are names",
                        "write a list of names; [] says that there are none",
                    ));
                }
            };
            let Some(fact) = names.vocabulary.fact("parties") else {
                return Ok(());
            };
            let mut sure: Vec<u32> = Vec::new();
            for name in texts {
                let folded = fold_name(&name);
                sure.extend(
                    (0u32..)
                        .zip(&self.law.parties)
                        .filter(|(_, party)| party.folded.contains(&folded))
                        .map(|(place, _)| place),
                );
            }
            sure.sort_unstable();
            sure.dedup();
            facts.set(fact, Value::Set { sure, more: false });
            return Ok(());
        }
        let Some(fact) = names.vocabulary.fact(key) else {
            let near = nearest(
                key,
                names.vocabulary.facts.iter().map(|fact| fact.key.as_str()),
            );
            return Err(ValueError::new(
                format!("unknown fact{}", suggestion(near)),
                "`catchall law vocabulary` lists every fact",
            ));
        };
        let value = read_value(names.vocabulary, fact, &given)?;
        facts.set(fact, value);
        Ok(())
    }
}

/// Nested tables to dotted keys, stopping at a key that is a fact.
pub(super) fn flatten(
    table: &toml::Table,
    prefix: &str,
    vocabulary: &Vocabulary,
    into: &mut Vec<(String, toml::Value)>,
) {
    for (key, value) in table {
        let key = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(inner) if vocabulary.fact(&key).is_none() => {
                flatten(inner, &key, vocabulary, into)
            }
            other => into.push((key, other.clone())),
        }
    }
}
