//! One line of goods, software or knowledge: its kind, form, figures and value.

use std::borrow::Cow;

use catchall_law::{Claim, FactId, Reach, Value, fold_word, nearest, read_value, read_word};
use catchall_model::{Flag, Given, Line};

use super::Filling;
use super::further::without_unit;
use super::key::Key;
use super::shown;
use super::unit::{unit_in_name, unit_is_name};

impl Filling<'_> {
    /// Fills what is said of the item. Figures that stand among the further facts (`item.range`) are read with the others.
    pub(super) fn item(&mut self, line: &Line, place: usize, further: &[(String, Given)]) {
        let at = |field: &str| format!("lines[{place}].item.{field}");
        let item = &line.item;
        if let Some(form) = &item.form {
            self.word(Key::ItemForm, || at("form"), form);
        }
        if let Some(kind) = &item.kind {
            self.kind(kind, || at("kind"));
        }
        self.country(Key::ItemOrigin, item.origin);
        if let Some(share) = &item.us_content {
            let none =
                matches!(share, Given::Text(text) if text.trim().eq_ignore_ascii_case("none"));
            let given = if none {
                Given::Text("0 %".to_owned())
            } else {
                share.clone()
            };
            self.state(Key::ItemUsContent, || at("us_content"), &given);
        }
        for (key, yes) in [
            (Key::ItemPublished, item.published),
            (Key::ItemFundamentalResearch, item.fundamental_research),
        ] {
            if let Some(yes) = yes {
                self.set(key, Value::YesNo(yes));
            }
        }
        for (name, given) in &item.made_with {
            if fold_word(name).starts_with("us-") {
                self.state(Key::ItemMadeWithUsTechnology, || at("made_with"), given);
            }
        }
        if let (true, Some(description)) = (item.codes.is_empty(), &item.description) {
            self.number_in_words(description, &at("description"));
        }
        for (list, code) in &item.codes {
            self.code(list, code, &at("codes"));
        }
        if let Some(heading) = &item.hs_code {
            self.tariff(heading);
        }
        self.apart();
        let mut reach = Reach::default();
        let beside = further.iter().filter_map(|(key, given)| {
            let name = self.figure_beside(key)?;
            Some((name, given, true))
        });
        let beside: Vec<(&str, &Given, bool)> = beside.collect();
        let own = item.properties.iter();
        let own = own.map(|(name, given)| (name.as_str(), given, false));
        for (stated, given, further) in own.chain(beside) {
            let name = stated;
            let at = |field: &str| {
                if further {
                    format!("facts.item.{stated}")
                } else {
                    at(field)
                }
            };
            let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            let name: Cow<'_, str> = if name.bytes().all(plain) {
                name.into()
            } else {
                let lower = name.trim().to_lowercase();
                lower.replace([' ', '-'], "_").into()
            };
            if reach.take(&name, given) {
                self.namesakes(&name, given);
                continue;
            }
            if !self.known.properties.contains_key(name.as_ref())
                && let Some((name, given)) = unit_in_name(stated, given, |base| {
                    self.known.properties.contains_key(base) || Reach::knows(base)
                })
            {
                if reach.take(&name, &given) {
                    self.namesakes(&name, &given);
                } else {
                    self.property(&name, &given, || at(&format!("properties.{stated}")));
                }
                continue;
            }
            self.property(&name, given, || at(&format!("properties.{name}")));
        }
        match reach.curve() {
            Ok(Some(curve)) => self.set(Key::ItemDelivers, Value::Curve(curve)),
            Ok(None) => {}
            Err((name, error)) => {
                let stated = item
                    .properties
                    .iter()
                    .find(|(each, _)| each.to_lowercase().contains(name));
                let found = stated.map_or(String::new(), |(_, given)| shown(given));
                self.error(&at(&format!("properties.{name}")), &found, error);
            }
        }
    }

    /// The name of a figure that stands among the further facts: whatever is stated of an item, but for what has a field of its own.
    pub(super) fn figure_beside<'k>(&self, key: &'k str) -> Option<&'k str> {
        let name = key.strip_prefix("item.")?;
        let vocabulary = &self.law.vocabulary;
        // A fact without a place in the packs is one of the program's own.
        let own_field = |fact: FactId| vocabulary.get(fact).at.is_none();
        match vocabulary.fact(key) {
            _ if name == "listed" => None,
            Some(fact) if own_field(fact) || !self.known.properties.contains_key(name) => None,
            _ => Some(name),
        }
    }

    /// A code on one list says that the item is on no other that holds nothing of that one, and on none that the one carries as a
    /// whole when the code leads to no entry of it; unless its code there is stated too.
    fn apart(&mut self) {
        let law = self.law;
        let mut settled = Vec::new();
        for (list, own) in law.lists.iter().enumerate() {
            let claims = &self.facts.claims;
            if claims.iter().any(|claim| claim.list == Some(list)) {
                continue;
            }
            let ruled_out = |claim: &Claim| {
                let Some(other) = claim.list else {
                    return false;
                };
                own.apart_from.contains(&law.lists[other].id)
                    || self.known.carriers.rule_out(
                        law,
                        (list, other),
                        claim.code.as_deref(),
                        || self.known.crosswalk(law),
                    )
            };
            if claims.iter().any(ruled_out) {
                settled.push(Claim {
                    list: Some(list),
                    code: None,
                });
            }
        }
        self.facts.claims.extend(settled);
    }

    pub(super) fn kind(&mut self, kind: &str, path: impl FnOnce() -> String) {
        let vocabulary = &self.law.vocabulary;
        let Some(fact) = self.fact(Key::ItemKind) else {
            return;
        };
        match read_word(vocabulary, fact, kind) {
            Ok(value) => self.facts.set(fact, value),
            Err(_) if self.kind_with_form(fact, kind) => {}
            Err(error) => self.flags.push(Flag {
                flag: format!(
                    "the kind `{kind}` is not in the vocabulary, and was not used: {}",
                    error.cure
                ),
                question: "Which kind of the vocabulary is it (`catchall law vocabulary --kinds`)?"
                    .to_owned(),
                evidence: path(),
                open: true,
            }),
        }
    }

    /// A kind with its form behind it, as people write materials: `maraging steel plate` is the kind, in the form of plate.
    fn kind_with_form(&mut self, fact: FactId, kind: &str) -> bool {
        let Some((base, last)) = kind.trim().rsplit_once([' ', '-', '_']) else {
            return false;
        };
        let vocabulary = &self.law.vocabulary;
        let Some(form) = vocabulary.fact("item.material_form") else {
            return false;
        };
        let (Ok(base), Ok(form_value)) = (
            read_word(vocabulary, fact, base),
            read_word(vocabulary, form, last),
        ) else {
            return false;
        };
        self.facts.set(fact, base);
        self.facts.set(form, form_value);
        true
    }

    pub(super) fn property(&mut self, name: &str, given: &Given, path: impl FnOnce() -> String) {
        let vocabulary = &self.law.vocabulary;
        let facts = self.known.properties.get(name);
        let Some(facts) = facts else {
            let names = vocabulary
                .facts
                .iter()
                .filter_map(|fact| fact.key.strip_prefix("item."));
            let near = nearest(name, names)
                .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
            self.flags.push(Flag {
                flag: format!("no provision asks for the property `{name}`, and it was not used{near}"),
                question: "Is it one of the properties of the vocabulary (`catchall law vocabulary --properties`)?".to_owned(),
                evidence: path(),
                open: true,
            });
            return;
        };
        // A name that several figures go by is each of them that can take the value: entries ask for theirs by kind.
        let mut first = None;
        let mut taken = false;
        for fact in facts {
            let key = &vocabulary.get(*fact).key;
            let own = key.strip_prefix("item.") == Some(name);
            let read = read_value(vocabulary, *fact, given).or_else(|error| {
                without_unit(key, given)
                    .or_else(|| unit_is_name(name, given))
                    .or_else(|| {
                        let of_this = |base: &str| key.strip_prefix("item.") == Some(base);
                        unit_in_name(name, given, of_this).map(|(_, figure)| figure)
                    })
                    .and_then(|bare| read_value(vocabulary, *fact, &bare).ok())
                    .ok_or(error)
            });
            match read {
                Ok(_) if !own && self.facts.get(*fact).is_some() => taken = true,
                Ok(value) => {
                    self.facts.set(*fact, value);
                    taken = true;
                }
                // A bare number where the name asks for a unit is no figure of another that bears its unit in its name.
                Err(error) if own && is_bare(given) => {
                    return self.error(&path(), &shown(given), error);
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        let Some(error) = first.filter(|_| !taken) else {
            return;
        };
        let own = |fact: &FactId| vocabulary.get(*fact).key.strip_prefix("item.") == Some(name);
        let bare = facts.len() == 1 && matches!(given, Given::Number(_));
        if bare || facts.iter().any(own) {
            return self.error(&path(), &shown(given), error);
        }
        // A name that only resembles ours says nothing in a form that ours do not have.
        self.flags.push(Flag {
            flag: format!(
                "`{name}` = `{}` was not used: {}",
                shown(given),
                error.problem
            ),
            question:
                "Which property of the vocabulary is it (`catchall law vocabulary --properties`)?"
                    .to_owned(),
            evidence: path(),
            open: true,
        });
    }

    /// A figure of the reach that has namesakes: the range of a radar, beside that of a missile.
    fn namesakes(&mut self, name: &str, given: &Given) {
        let known = self.known;
        for fact in known.properties.get(name).into_iter().flatten() {
            if let Ok(value) = read_value(&self.law.vocabulary, *fact, given) {
                self.facts.set(*fact, value);
            }
        }
    }

    /// The value of the line, for figures that are asked in its currency. Another currency says nothing.
    pub(super) fn line_value(&mut self, value: &str) {
        for (fact, currency) in &self.law.line_values {
            let Some(amount) = amount_in(value, currency) else {
                continue;
            };
            let vocabulary = &self.law.vocabulary;
            if let Ok(value) = read_value(vocabulary, *fact, &Given::Text(amount)) {
                self.facts.set(*fact, value);
                let key = vocabulary.get(*fact).key.clone();
                let source = "read from the value of the line";
                self.evidence.push((key.into(), source.into()));
            }
        }
    }
}

/// A number with nothing behind it.
fn is_bare(given: &Given) -> bool {
    match given {
        Given::Text(text) | Given::Number(text) => {
            let text = text.trim();
            text.starts_with(|first: char| first.is_ascii_digit())
                && text.ends_with(|last: char| last.is_ascii_digit())
        }
        _ => false,
    }
}

/// The amount of a value in a currency, `17.3 million USD`, written out; nothing where it is in another.
pub(super) fn amount_in(value: &str, currency: &str) -> Option<String> {
    let value = value.trim();
    let last = value
        .rsplit_once(char::is_whitespace)
        .filter(|(_, word)| word.eq_ignore_ascii_case(currency))
        .map(|(amount, _)| amount);
    let first = value
        .split_once(char::is_whitespace)
        .filter(|(word, _)| word.eq_ignore_ascii_case(currency))
        .map(|(_, amount)| amount);
    let amount = last.or(first)?.trim();
    let (figure, places) = match amount.rsplit_once(char::is_whitespace) {
        Some((figure, "thousand")) => (figure, 3),
        Some((figure, "million")) => (figure, 6),
        Some((figure, "billion")) => (figure, 9),
        _ => (amount, 0),
    };
    let figure: String = figure.chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, part) = figure.split_once('.').unwrap_or((&figure, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    if places == 0 {
        return Some(figure.clone());
    }
    let mut written = whole.to_owned();
    let mut rest = part.chars();
    for _ in 0..places {
        written.push(rest.next().unwrap_or('0'));
    }
    let rest = rest.as_str();
    if !rest.is_empty() {
        written.push('.');
        written.push_str(rest);
    }
    Some(written)
}
