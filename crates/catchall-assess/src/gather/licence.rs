//! The licences that a transfer relies on, and which of them reach this line on its day.

use catchall_law::{Domain, FactId, Value};
use catchall_model::{Day, Flag, LicenceHeld, Line, Number, Quantity, Transfer};

use super::Filling;
use super::item::amount_in;
use super::key::Key;

impl Filling<'_> {
    pub(super) fn licences(&mut self, transfer: &Transfer, line: &Line, on: Option<Day>) {
        let Some(fact) = self.fact(Key::LicenceAuthorities) else {
            return;
        };
        let mut sure = Vec::new();
        for licence in &transfer.licences {
            if let (Some(expires), Some(on)) = (licence.expires, on)
                && expires < on
            {
                self.flags.push(Flag {
                    flag: format!(
                        "the licence {} expired on {expires}, before {on}",
                        name(licence)
                    ),
                    question: "Is there a licence that still runs?".to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let against = against(licence, line);
            if !against.is_empty() {
                let flag = format!(
                    "licence {} does not cover this: {}",
                    name(licence),
                    against.join("; ")
                );
                // The test of the licence shows why it counts for nothing.
                self.evidence
                    .push((Key::LicenceAuthorities.name().into(), flag.clone().into()));
                self.flags.push(Flag {
                    flag,
                    question: "Is there a licence that covers it, or can this one be amended?"
                        .to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let flag = match (self.paper(fact, licence), &licence.authority) {
                (Some(paper), _) => {
                    sure.push(paper);
                    continue;
                }
                (None, Some(authority)) => format!(
                    "the authority `{authority}` of the licence {} is not known, and the licence was not used",
                    name(licence)
                ),
                (None, None) => format!(
                    "nobody says who issued the licence {}, and it was not used",
                    name(licence)
                ),
            };
            self.flags.push(Flag {
                flag,
                question: "Whose authority issued it? Write the jurisdiction (ru, us, eu, de ...), or the exception that is claimed."
                    .to_owned(),
                evidence: "licences".to_owned(),
                open: true,
            });
        }
        sure.sort_unstable();
        sure.dedup();
        self.facts.set(fact, Value::Set { sure, more: false });
    }

    /// What a licence is stated to be: the exception or general authorisation that stands where its number would, else the
    /// authority that issued it. `None` where neither is said in words of the vocabulary, or several are.
    fn paper(&self, fact: FactId, licence: &LicenceHeld) -> Option<u32> {
        let vocabulary = &self.law.vocabulary;
        let Domain::Words(list) = vocabulary.get(fact).domain else {
            return None;
        };
        let named = |text: &Option<String>| {
            let text = text.as_deref()?;
            vocabulary.word(list, text).or_else(|| {
                match vocabulary.words_within(list, text).as_slice() {
                    [one] => Some(*one),
                    _ => None,
                }
            })
        };
        let general = |paper: &u32| {
            let words = &vocabulary.lists[list].words;
            words.get(*paper as usize).is_some_and(|word| word.general)
        };
        named(&licence.id)
            .filter(general)
            .or_else(|| named(&licence.authority))
    }
}

/// A licence as sentences call it.
fn name(licence: &LicenceHeld) -> &str {
    let own = licence.id.as_ref().or(licence.authority.as_ref());
    own.map_or("without a number", String::as_str)
}

/// Why a licence does not cover a line: what its keeper says, and a stated balance that is too small. A balance or a
/// quantity that is left out, or that measure different things, says nothing.
pub(super) fn against(licence: &LicenceHeld, line: &Line) -> Vec<String> {
    let mut reasons = licence.against.clone();
    let Some(left) = licence.balance.as_deref() else {
        return reasons;
    };
    let quantity = line.quantity.as_deref();
    let little = |wanted: &str| format!("{left} is left of it, and the line is for {wanted}");
    if let Ok(balance) = Quantity::parse(left) {
        if balance.amount <= Number::ZERO {
            reasons.push("nothing is left of it".to_owned());
        } else if let Some(wanted) = quantity.and_then(|text| Quantity::parse(text).ok())
            && wanted.unit.dimension() == balance.unit.dimension()
            && let (Some((_, most)), Some((least, _))) = (balance.in_base(), wanted.in_base())
            && most < least
        {
            reasons.push(little(&wanted.to_string()));
        }
        return reasons;
    }
    // What is counted in pieces, or in money: the same word on both sides.
    let Some((balance, word)) = counted(left) else {
        return reasons;
    };
    let pieces = quantity.and_then(counted);
    let pieces = pieces.filter(|(_, own)| same_word(own, &word));
    let money = || figure(line.value.as_deref()?, &word);
    let wanted = pieces.map(|(amount, _)| amount).or_else(money);
    if balance <= Number::ZERO {
        reasons.push("nothing is left of it".to_owned());
    } else if let Some(wanted) = wanted.filter(|wanted| *wanted > balance) {
        reasons.push(little(&format!("{wanted} {word}")));
    }
    reasons
}

/// A figure with the word of what it counts: `1,200 pieces`, `USD 1.2 million`.
fn counted(text: &str) -> Option<(Number, String)> {
    let parts = text.split_whitespace();
    let letters = |part: &&str| part.chars().all(char::is_alphabetic);
    let scale = |part: &&str| !["thousand", "million", "billion"].contains(part);
    let mut words = parts.filter(letters).filter(scale);
    let (Some(word), None) = (words.next(), words.next()) else {
        return None;
    };
    Some((figure(text, word)?, word.to_owned()))
}

/// How much of it: the figure beside the word.
fn figure(text: &str, word: &str) -> Option<Number> {
    let written = amount_in(text, word)?;
    Some(Quantity::parse(&written).ok()?.amount)
}

/// Whether two words count the same thing: `piece` and `pieces`.
fn same_word(one: &str, other: &str) -> bool {
    let stem = |word: &str| word.to_lowercase().trim_end_matches('s').to_owned();
    stem(one) == stem(other)
}
