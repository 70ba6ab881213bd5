//! Things spoken of: technology by heading, and instruments by name or by form.
//!
//! Terms come from the gazetteers; an instrument without a row there is found by its form: "the 1994 accord", "Decree No. 41",
//! "the Export Restraint Act". A term of technology is no classification of any item.

mod forms;
mod passing;

use forms::Forms;
pub(crate) use passing::told;

use std::collections::{BTreeMap, HashMap};

use crate::dates::{Found as DateFound, Value};
use crate::gazetteer::{Found, Gazetteers, Spelling};
use crate::page::Page;
use crate::parties::slug;
use crate::segment::Parts;
use crate::tokens::{Shape, Tokens};

/// A thing with its mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// A slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Kind of instrument; empty for technology.
    pub kind: String,
    /// When it was made.
    pub date: Option<String>,
    /// Headings of control lists.
    pub headings: Vec<String>,
    /// Byte ranges in the folded text.
    pub at: Vec<(usize, usize)>,
}

/// Whether a token stands in text to be read.
fn readable(parts: &Parts, token: usize) -> bool {
    matches!(parts.kind_at(token), "body" | "second_story" | "headline")
}

/// Technology of the page.
#[must_use]
pub fn technology(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    parts: &Parts,
    instruments: &[Thing],
    terms: &[(Found<u16>, Spelling)],
) -> Vec<Thing> {
    let mut found: BTreeMap<u16, Vec<(usize, usize)>> = BTreeMap::new();
    let mut order: Vec<u16> = Vec::new();
    // Two named systems of one heading are two things: the first keeps the heading's name, the others their own.
    let mut first: BTreeMap<u16, String> = BTreeMap::new();
    let mut others: Vec<Thing> = Vec::new();
    let titles = titles(instruments);
    for (hit, spelling) in terms.iter().copied() {
        let token = tokens.at_byte(hit.from);
        if !readable(parts, token) || shy(page, spelling, &hit) || figurative(page, tokens, token) {
            continue;
        }
        // `Anti-Ballistic Missile Treaty`: a word in a title is no thing told of.
        let next = titles.partition_point(|title| title.1 <= hit.from);
        if titles
            .get(next)
            .is_some_and(|title| title.0 <= hit.from && hit.to <= title.1)
        {
            continue;
        }
        let tail = joined(page, words, &hit);
        let named = words
            .tech
            .get(usize::from(hit.what))
            .filter(|tech| tech.named)
            .zip(page.folded.get(hit.from..hit.to).and_then(proper));
        if let Some((tech, name)) = named {
            let own = first.entry(hit.what).or_insert_with(|| name.clone());
            let same = own.starts_with(&name) || name.starts_with(own.as_str());
            if !same {
                let id = slug(&name);
                match others.iter_mut().find(|thing| thing.id == id) {
                    Some(thing) => thing.at.push((hit.from, hit.to)),
                    None => others.push(Thing {
                        id,
                        name,
                        kind: String::new(),
                        date: None,
                        headings: tech.headings.clone(),
                        at: vec![(hit.from, hit.to)],
                    }),
                }
                continue;
            }
        }
        for (what, from) in [Some((hit.what, hit.from)), tail].into_iter().flatten() {
            let row = found.entry(what).or_default();
            if row.is_empty() {
                order.push(what);
            }
            row.push((from, hit.to));
        }
    }
    let things = order
        .into_iter()
        .filter_map(|index| {
            let tech = words.tech.get(usize::from(index))?;
            Some(Thing {
                id: tech.id.clone(),
                name: tech.name.clone(),
                kind: String::new(),
                date: None,
                headings: tech.headings.clone(),
                at: found.remove(&index).unwrap_or_default(),
            })
        })
        .chain(others)
        .collect();
    passing::without(page, tokens, words, parts, things)
}

/// The proper name in a term: `Scud-B` of `Scud-B missiles`.
fn proper(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(' ')
        .take_while(|word| {
            word.chars()
                .next()
                .is_some_and(|piece| piece.is_uppercase() || piece.is_ascii_digit())
        })
        .collect();
    let name = words.join(" ");
    (name.chars().any(char::is_alphabetic)).then_some(name)
}

/// Where the titles of treaties, regimes and laws stand, in order.
fn titles(instruments: &[Thing]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = instruments
        .iter()
        .filter(|thing| matches!(thing.kind.as_str(), "treaty" | "regime" | "law"))
        .flat_map(|thing| thing.at.iter().copied())
        .collect();
    found.sort_unstable();
    found
}

/// `nuclear and missile technologies` tells of two: what stands behind the "and", where it is a term of its own.
fn joined(page: &Page, words: &Gazetteers, hit: &Found<u16>) -> Option<(u16, usize)> {
    let text = page.lower.get(hit.from..hit.to)?;
    let (at, word) = [" and ", " or "]
        .into_iter()
        .find_map(|word| text.find(word).map(|at| (at, word)))?;
    let from = at + word.len();
    let tail = text.get(from..)?;
    let index = words.tech.iter().position(|tech| {
        tech.terms
            .iter()
            .any(|term| term.eq_ignore_ascii_case(tail))
    })?;
    let index = u16::try_from(index).ok()?;
    (index != hit.what).then_some((index, hit.from + from))
}

/// Short names in capitals, and names that are words, keep their capitals: `Vera`, `SAM`, `Arrow`.
fn shy(page: &Page, spelling: Spelling, hit: &Found<u16>) -> bool {
    let text = page.folded.get(hit.from..hit.to).unwrap_or_default();
    spelling.capital && !text.chars().next().is_some_and(char::is_uppercase)
        || (spelling.initials && !text.chars().all(char::is_uppercase))
}

/// `arms control`, `arms race`, `arms of`: no arms are meant.
fn figurative(page: &Page, tokens: &Tokens, token: usize) -> bool {
    let word = tokens.text(&page.lower, token);
    let next = tokens.text(&page.lower, token + 1);
    (word == "arms"
        && matches!(
            next,
            "control"
                | "race"
                | "reduction"
                | "treaties"
                | "dealers"
                | "market"
                | "of"
                | "embargo"
                | "talks"
                | "reductions"
                | "industry"
                | "dealer"
                | "limitation"
                | "inspectors"
        ))
        || (word == "tank" && tokens.text(&page.lower, token.saturating_sub(1)) == "think")
        || (word == "weapons" && matches!(next, "inspectors" | "inspector" | "inspections"))
}

/// Instruments of the page.
#[must_use]
pub fn instruments(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    parts: &Parts,
    dates: &[DateFound],
    values: &[Option<Value>],
    acts: &[Found<u16>],
) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for hit in acts {
        let token = tokens.at_byte(hit.from);
        let Some(known) = words.instruments.get(usize::from(hit.what)) else {
            continue;
        };
        // `ITAR-TASS` is no regulation: a name that goes on behind a hyphen is another name.
        let goes_on = tokens.text(&page.lower, token + 1) == "-"
            && tokens
                .all
                .get(token + 2)
                .is_some_and(|next| !next.spaced && next.capital)
            && hit.to == tokens.all[token].end as usize;
        if goes_on || !readable(parts, token) {
            continue;
        }
        let (from, to) = widened(page, tokens, hit.from, hit.to);
        taken.push((from, to));
        let date = (!known.date.is_empty()).then(|| known.date.clone());
        add(
            &mut things,
            &mut by_id,
            &known.id,
            &known.name,
            &known.kind,
            date,
            (from, to),
        );
    }
    let forms = Forms {
        kinds: words.mask("instrument", &forms::KINDS),
        page,
        tokens,
        words,
        dates,
        values,
    };
    for at in 0..tokens.all.len() {
        if tokens.all[at].shape != Shape::Word || !tokens.any(words, at, forms.kinds) {
            continue;
        }
        if !readable(parts, at) || parts.kind_at(at) == "headline" {
            continue;
        }
        let Some(kind) = forms.kind(at) else { continue };
        let Some((stretch, date)) = forms
            .dated(at, kind)
            .or_else(|| forms.named(at, kind))
            .or_else(|| forms.made(at, kind))
            .or_else(|| forms.described(at, kind))
        else {
            continue;
        };
        let (from, to) = tokens.bytes(stretch);
        if taken
            .iter()
            .rev()
            .take(200)
            .any(|own| own.0 < to && from < own.1)
        {
            continue;
        }
        taken.push((from, to));
        let text = page.folded.get(from..to).unwrap_or_default();
        let (id, name) = forms.identity(text, kind, date.as_deref(), &things);
        add(&mut things, &mut by_id, &id, &name, kind, date, (from, to));
    }
    things
}

fn add(
    things: &mut Vec<Thing>,
    by_id: &mut HashMap<String, usize>,
    id: &str,
    name: &str,
    kind: &str,
    date: Option<String>,
    at: (usize, usize),
) {
    if let Some(own) = by_id.get(id).and_then(|place| things.get_mut(*place)) {
        own.at.push(at);
        return;
    }
    by_id.insert(id.to_owned(), things.len());
    things.push(Thing {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        date,
        headings: Vec::new(),
        at: vec![at],
    });
}

/// A year before or behind belongs to the name: `1972 ABM Treaty`, `ABM Treaty of 1972`.
fn widened(page: &Page, tokens: &Tokens, from: usize, to: usize) -> (usize, usize) {
    let (first, last) = (tokens.at_byte(from), tokens.at_byte(to.saturating_sub(1)));
    let year = |at: usize| {
        let text = tokens.text(&page.lower, at);
        text.len() == 4
            && (text.starts_with("19") || text.starts_with("20"))
            && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut range = (from, to);
    if first > 0 && year(first - 1) {
        range.0 = tokens.all[first - 1].start as usize;
    }
    if tokens.text(&page.lower, last + 1) == "of" && year(last + 2) {
        range.1 = tokens.all[last + 2].end as usize;
    }
    range
}
