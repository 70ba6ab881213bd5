//! Facts that follow from others: from a word, from a figure, or from the number that the exporter claims.

use toml::Spanned;

use super::super::raw::RawFollows;
use super::super::{FollowingFact, Ground};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};
use crate::state::{Value, read_word};
use crate::vocabulary::{Domain, FactId};

/// A text of a pack, with its place.
type Placed = (String, At);

/// A fact that follows from another, waiting for words and lists.
pub(super) struct Following {
    fact: FactId,
    value: bool,
    at: At,
    from: Option<Placed>,
    claimed: Option<Placed>,
    among: Vec<Placed>,
    below: Option<Placed>,
    at_least: Option<Placed>,
    stated: bool,
    codes: Vec<String>,
}

/// What is wrong with a row, and what would be right.
struct Wrong {
    at: At,
    problem: String,
    cure: String,
}

impl Loader {
    /// Keeps the rows of a fact until words and lists are known.
    pub(super) fn waiting_follows(&mut self, source: &Source, key: &str, rows: &[RawFollows]) {
        let Some(fact) = self.law.vocabulary.fact(key) else {
            return;
        };
        for row in rows {
            let placed = |text: &Spanned<String>| {
                let at = spot(source, 0, text);
                (text.get_ref().clone(), at)
            };
            let first = [&row.from, &row.claimed].into_iter().flatten().next();
            let at = first.map_or_else(
                || self.law.vocabulary.get(fact).at.clone(),
                |text| Some(placed(text).1),
            );
            let Some(at) = at else { continue };
            self.waiting.follows.push(Following {
                fact,
                value: row.value,
                at,
                from: row.from.as_ref().map(placed),
                claimed: row.claimed.as_ref().map(placed),
                among: row.among.iter().map(placed).collect(),
                below: row.below.as_ref().map(placed),
                at_least: row.at_least.as_ref().map(placed),
                stated: row.stated,
                codes: row.codes.clone(),
            });
        }
    }

    /// Facts that follow from others: both must be held, and every value one of the other's.
    pub(super) fn follows(&mut self) {
        for row in std::mem::take(&mut self.waiting.follows) {
            let (ground, wrong) = match (&row.from, &row.claimed) {
                (Some(from), None) => self.by_fact(from, &row),
                (None, Some(list)) => self.by_claim(list, &row.codes),
                _ => (
                    None,
                    vec![Wrong {
                        at: row.at.clone(),
                        problem: "the row names both another fact and a list, or neither"
                            .to_owned(),
                        cure: "write `from = \"FACT\"` or `claimed = \"LIST\"`".to_owned(),
                    }],
                ),
            };
            for wrong in wrong {
                let found = Diagnostic::error("follows", wrong.at, wrong.problem, wrong.cure);
                self.problem(found);
            }
            self.law.follows.extend(ground.map(|ground| FollowingFact {
                fact: row.fact,
                value: row.value,
                ground,
            }));
        }
    }

    fn by_fact(&self, (name, at): &Placed, row: &Following) -> (Option<Ground>, Vec<Wrong>) {
        let vocabulary = &self.law.vocabulary;
        let Some(from) = vocabulary.fact(name) else {
            let keys = vocabulary.facts.iter().map(|fact| fact.key.as_str());
            let near = suggestion(nearest(name, keys));
            return only(
                at,
                format!("no fact is called `{name}`{near}"),
                "name the kind of the item, or a fact of one word",
            );
        };
        if row.stated {
            return (Some(Ground::Stated(from)), Vec::new());
        }
        if let Some((figure, at)) = row.below.as_ref().or(row.at_least.as_ref()) {
            let problem = match read_word(vocabulary, from, figure) {
                Ok(Value::Between(low, high)) if low == high => {
                    let ground = match row.below {
                        Some(_) => Ground::Below(from, low),
                        None => Ground::AtLeast(from, low),
                    };
                    return (Some(ground), Vec::new());
                }
                Ok(_) => format!("`{figure}` is not one figure of `{name}`"),
                Err(error) => error.problem,
            };
            return only(at, problem, "write one figure with its unit, as in `1 km`");
        }
        let mut among = Vec::new();
        let mut wrong = Vec::new();
        for (word, at) in &row.among {
            let (problem, cure) = match read_word(vocabulary, from, word) {
                Ok(Value::One(place)) => {
                    match vocabulary.get(from).domain {
                        Domain::Kinds => {
                            let kind = usize::try_from(place).unwrap_or(usize::MAX);
                            let end = vocabulary.kinds.get(kind).map_or(place, |kind| kind.end);
                            among.extend(place..end);
                        }
                        _ => among.push(place),
                    }
                    continue;
                }
                Ok(Value::OneOf(places) | Value::Set { sure: places, .. }) => {
                    among.extend(places);
                    continue;
                }
                Ok(_) => (
                    format!("`{name}` is no fact of words"),
                    "name the kind of the item, or a fact of words or countries; of a figure write `stated = true`, `below` or `at_least`".to_owned(),
                ),
                Err(error) => (error.problem, error.cure),
            };
            wrong.push(Wrong {
                at: at.clone(),
                problem,
                cure,
            });
        }
        among.sort_unstable();
        among.dedup();
        (Some(Ground::Among(from, among)), wrong)
    }

    fn by_claim(&self, (name, at): &Placed, codes: &[String]) -> (Option<Ground>, Vec<Wrong>) {
        let lists = &self.law.lists;
        match lists.iter().position(|list| list.id == *name) {
            Some(list) => {
                let codes = codes.to_vec();
                (Some(Ground::Claimed { list, codes }), Vec::new())
            }
            None => {
                let near = suggestion(nearest(name, lists.iter().map(|list| list.id.as_str())));
                only(
                    at,
                    format!("no pack holds the control list `{name}`{near}"),
                    "name a list by its `id`",
                )
            }
        }
    }
}

fn only(at: &At, problem: String, cure: &str) -> (Option<Ground>, Vec<Wrong>) {
    let at = at.clone();
    let cure = cure.to_owned();
    (None, vec![Wrong { at, problem, cure }])
}
