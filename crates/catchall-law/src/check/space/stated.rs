//! Stated: what a case or a sample states, as rows of keys and values, as facts, as TOML and in plain words.

use catchall_model::{Day, Given, Number, Unit};

use crate::claimed::claimed_code;
use crate::pack::{Law, fold_name};
use crate::state::{Claim, Facts, Reach, Value, read_value};
use crate::vocabulary::{Domain, FactId};

/// A case: what is stated, and what the evaluator makes of it.
#[derive(Clone, Debug)]
pub(in crate::check) struct Witness {
    /// Keys with their values, as a pack states them.
    pub rows: Vec<(String, Given)>,
    /// The same, read.
    pub facts: Facts,
}

impl Witness {
    /// In plain words, on one line.
    pub fn words(&self) -> String {
        if self.rows.is_empty() {
            return "any transfer at all".to_owned();
        }
        let said = self
            .rows
            .iter()
            .map(|(key, given)| match (key.as_str(), given) {
                ("item.delivers", Given::List(points)) => {
                    let points: Vec<String> = points.iter().map(point_words).collect();
                    format!("the item carries {}", points.join(", and "))
                }
                (key, Given::List(several)) if several.is_empty() => format!("{key} is none"),
                (key, given) => match key.strip_prefix("item.codes.") {
                    Some(list) => format!("the code claimed for {list} is {}", plain(given)),
                    None => format!("{key} is {}", plain(given)),
                },
            });
        said.collect::<Vec<_>>().join(", ")
    }

    /// As the lines `on` and `given` of a case.
    pub fn given(&self) -> String {
        let on = self
            .rows
            .iter()
            .find(|(key, _)| key == "date")
            .map(|(_, given)| format!("on     = {}\n", toml(given)));
        let rows = self.rows.iter().filter(|(key, _)| key != "date");
        let rows: Vec<String> = rows
            .map(|(key, given)| format!("{} = {}", toml_key(key), toml(given)))
            .collect();
        format!("{}given  = {}", on.unwrap_or_default(), braces(&rows))
    }

    /// As the inline table of a sample.
    pub fn sample(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|(key, given)| format!("{} = {}", toml_key(key), toml(given)))
            .collect();
        braces(&rows)
    }

    /// The same with one fact stated so; `None` when that is no value of it.
    pub fn with(&self, law: &Law, key: &str, given: Given) -> Option<Witness> {
        let mut rows: Vec<(String, Given)> = self
            .rows
            .iter()
            .filter(|(each, _)| each != key)
            .cloned()
            .collect();
        rows.push((key.to_owned(), given));
        let facts = read(law, &rows)?;
        Some(Witness { rows, facts })
    }

    /// The same without one fact.
    pub fn without(&self, law: &Law, fact: FactId) -> Witness {
        let key = &law.vocabulary.get(fact).key;
        let mut facts = self.facts.clone();
        facts.unset(fact);
        Witness {
            rows: self
                .rows
                .iter()
                .filter(|(each, _)| each != key)
                .cloned()
                .collect(),
            facts,
        }
    }
}

/// What a case or a sample states, in plain words.
pub(in crate::check) fn facts_text(law: &Law, facts: &Facts) -> String {
    let vocabulary = &law.vocabulary;
    let mut said: Vec<String> = Vec::new();
    for (fact, value) in facts.stated() {
        let known = vocabulary.get(fact);
        let number = |number: Number| amount_text(law, fact, number);
        let span =
            |(low, high): &(Number, Number)| match (*low <= Number::MIN, *high >= Number::MAX) {
                _ if low == high => number(*low),
                (true, true) => "anything".to_owned(),
                (true, false) => format!("at most {}", number(*high)),
                (false, true) => format!("at least {}", number(*low)),
                (false, false) => format!("{} to {}", number(*low), number(*high)),
            };
        let names = |several: &[u32]| match known.domain {
            Domain::Parties => several
                .iter()
                .filter_map(|row| law.parties.get(*row as usize))
                .map(|party| party.name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            domain if several.len() > 4 => format!(
                "{}, … ({} in all)",
                vocabulary.name(domain, several[0]),
                several.len()
            ),
            domain => several
                .iter()
                .map(|one| vocabulary.name(domain, *one))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let words = match value {
            Value::YesNo(yes) => yes.to_string(),
            Value::One(one) => names(&[*one]),
            Value::OneOf(several) => format!("one of {}", names(several)),
            Value::Set { sure, .. } if sure.is_empty() => "none".to_owned(),
            Value::Set { sure, .. } => names(sure),
            Value::Between(low, high) => span(&(*low, *high)),
            Value::Spans(spans) => spans.iter().map(span).collect::<Vec<_>>().join(" or "),
            Value::Curve(_) => "as stated".to_owned(),
        };
        said.push(format!("{} is {words}", known.key));
    }
    for claim in &facts.claims {
        let list = claim
            .list
            .and_then(|list| law.lists.get(list))
            .map_or("every list", |list| list.id.as_str());
        said.push(format!(
            "the code claimed for {list} is {}",
            claim.code.as_deref().unwrap_or("none")
        ));
    }
    said.join(", ")
}

/// Digits behind the point.
pub(in crate::check) fn digits(number: Number) -> usize {
    number
        .to_string()
        .split_once('.')
        .map_or(0, |(_, rest)| rest.len())
}

pub(super) fn unit_text(unit: Unit, amount: Number) -> String {
    match unit.name() {
        "" => amount.to_string(),
        name => format!("{amount} {name}"),
    }
}

/// A base figure or a day in the words of its fact.
fn amount_text(law: &Law, fact: FactId, number: Number) -> String {
    let known = law.vocabulary.get(fact);
    match known.domain {
        Domain::Date => Day::from_number(i64::try_from(number.grid()).unwrap_or(0)).to_string(),
        _ => unit_text(known.unit, known.unit.show(number)),
    }
}

/// Rows to facts, as the loader reads a case.
pub(super) fn read(law: &Law, rows: &[(String, Given)]) -> Option<Facts> {
    let vocabulary = &law.vocabulary;
    let mut facts = Facts::default();
    for (key, given) in rows {
        if let Some(name) = key.strip_prefix("item.codes.") {
            let list = law
                .lists
                .iter()
                .position(|list| list.id == name || list.accepts.iter().any(|own| own == name))?;
            let Given::Text(code) = given else {
                return None;
            };
            facts.claims.push(Claim {
                list: Some(list),
                code: claimed_code(code),
            });
            continue;
        }
        let fact = vocabulary.fact(key)?;
        let value = match vocabulary.get(fact).domain {
            Domain::Curve => {
                let reach = Reach {
                    delivers: Some(given.clone()),
                    ..Reach::default()
                };
                Value::Curve(reach.curve().ok()??)
            }
            Domain::Parties => {
                let Given::List(names) = given else {
                    return None;
                };
                let folded: Vec<String> = names
                    .iter()
                    .filter_map(|name| match name {
                        Given::Text(name) => Some(fold_name(name)),
                        _ => None,
                    })
                    .collect();
                let fits = |row: &u32| {
                    law.parties[*row as usize]
                        .folded
                        .iter()
                        .any(|name| folded.contains(name))
                };
                let rows = 0..u32::try_from(law.parties.len()).unwrap_or(0);
                Value::Set {
                    sure: rows.filter(fits).collect(),
                    more: false,
                }
            }
            _ if *given == Given::List(Vec::new()) => Value::Set {
                sure: Vec::new(),
                more: false,
            },
            _ => read_value(vocabulary, fact, given).ok()?,
        };
        facts.set(fact, value);
    }
    Some(facts)
}

fn plain(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) | Given::Text(text) => text.clone(),
        Given::List(several) => several.iter().map(plain).collect::<Vec<_>>().join(" and "),
    }
}

fn point_words(given: &Given) -> String {
    match given {
        Given::List(pair) => pair.iter().map(plain).collect::<Vec<_>>().join(" to "),
        other => plain(other),
    }
}

fn toml(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) => text.clone(),
        Given::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Given::List(several) => format!(
            "[{}]",
            several.iter().map(toml).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// An inline table.
fn braces(rows: &[String]) -> String {
    if rows.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", rows.join(", "))
    }
}

/// A dotted key, quoted where TOML asks for it.
fn toml_key(key: &str) -> String {
    match key.strip_prefix("item.codes.") {
        Some(name)
            if !name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') =>
        {
            format!("item.codes.\"{name}\"")
        }
        _ => key.to_owned(),
    }
}
