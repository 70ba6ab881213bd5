//! Answers in words, read back: what a deciding set says a fact must turn out to be.

use catchall_law::{Domain, FactId, Facts, Law, Value};
use catchall_model::{Amount, Day, Number};

use super::domain::carries;
use super::world::Exact;

/// Whether a value is one that the words mean. `None` where the words leave something out ("any other", "…").
pub fn meant(law: &Law, facts: &Facts, fact: FactId, words: &str, exact: &Exact) -> Option<bool> {
    if words.contains('…') || words.contains("any other") {
        return None;
    }
    let row = law.vocabulary.get(fact);
    let words = words
        .replace("on or after", "on_or_after")
        .replace("on or before", "on_or_before");
    let mut any = false;
    for part in words.split(" or ") {
        any |= match (row.domain, exact) {
            (Domain::YesNo, Exact::YesNo(yes)) => (part == "yes") == *yes,
            (Domain::Words(_) | Domain::Kinds | Domain::Countries, Exact::One(one)) => part
                .split(", ")
                .any(|name| name == law.vocabulary.name(row.domain, *one)),
            (_, Exact::Set(all)) => set(law, facts, fact, part, all)?,
            (Domain::Date, Exact::Figure(figure)) => {
                part == "anything" || part.split(" and ").all(|bound| on(bound, *figure))
            }
            (Domain::Quantity(dimension), Exact::Figure(figure)) => {
                part == "anything"
                    || part.split(" and ").all(|bound| {
                        let amount = Amount::parse(bound, dimension).unwrap();
                        let (low, high) = amount.ends();
                        // The ends of the scale stand for no bound.
                        (low <= Number::MIN || low.grid() <= *figure)
                            && (high >= Number::MAX || *figure <= high.grid())
                    })
            }
            (Domain::Curve, Exact::Curve(corners)) => {
                part.split(", ").all(|test| reach(test, corners))
            }
            (domain, exact) => panic!("{exact:?} of {domain:?}"),
        };
    }
    Some(any)
}

fn on(bound: &str, figure: i128) -> bool {
    let day = |text: &str| i128::from(Day::parse(text).unwrap().number());
    if let Some(rest) = bound.strip_prefix("on_or_after ") {
        figure >= day(rest)
    } else if let Some(rest) = bound.strip_prefix("on_or_before ") {
        figure <= day(rest)
    } else {
        figure == day(bound)
    }
}

fn reach(test: &str, corners: &[(i128, i128)]) -> bool {
    let (wanted, rest) = match test.strip_prefix("does not carry ") {
        Some(rest) => (false, rest),
        None => (true, test.strip_prefix("carries ").unwrap()),
    };
    let (payload, range) = rest.split_once(" to ").unwrap();
    let base = |text: &str| {
        catchall_model::Quantity::parse(text)
            .unwrap()
            .in_base()
            .unwrap()
            .0
            .grid()
    };
    carries(corners, base(payload), base(range)) == wanted
}

/// The words name one of each class that is in and say nothing of the rest: so the set that holds the first of each
/// class, and what is surely in, is surely meant; of others they do not tell.
fn set(law: &Law, facts: &Facts, fact: FactId, part: &str, all: &[u32]) -> Option<bool> {
    let row = law.vocabulary.get(fact);
    if row.domain == Domain::Parties {
        return if part.starts_with("none of") && all.is_empty() {
            Some(true)
        } else {
            None
        };
    }
    let mut wanted: Vec<u32> = match facts.get(fact) {
        Some(Value::Set { sure, .. }) => sure.clone(),
        _ => Vec::new(),
    };
    if part != "none of these" {
        for class in part.split(" and ") {
            let names = class.strip_prefix("one of ").unwrap_or(class);
            let first = names.split(", ").next().unwrap();
            let place = (0..law.vocabulary.size(row.domain))
                .find(|place| law.vocabulary.name(row.domain, *place) == first);
            wanted.push(place.unwrap());
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    Some(wanted == all)
}
