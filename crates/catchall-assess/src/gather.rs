//! Gather: the fields of a transfer to the facts that a provision may ask.
//!
//! The only file that fills facts. What is left out stays not known, with a few readings that are said to be
//! such in the evidence: who states a use knows of it; a licence not stated is not relied on; the law of the
//! place of shipment and of the exporter's seat both bind the exporter, and where one of the two is stated it stands for the other.

mod act;
mod code;
mod ended;
mod form;
mod further;
mod item;
mod key;
mod knowledge;
mod known;
mod licence;
mod party;
mod place;
mod relied;
mod unit;

use std::borrow::Cow;

use catchall_law::{FactId, Facts, Law, Value, ValueError, read_value, read_word};
use catchall_model::{Day, Flag, Given, Hit, Line, Party, Transfer};

use crate::screening::{ScreenRoom, Screening};
use key::Key;
pub(crate) use known::Known;
pub(crate) use party::{end_users, recipients};
use place::Places;

/// A value that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field: `lines[0].item.properties.range`.
    pub path: String,
    /// What stood there.
    pub found: String,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub cure: String,
}

/// The name under which a list takes headings of the Harmonised System.
const TARIFF: &str = "hs";

/// Everything gathered for one line.
pub(crate) struct Gathered {
    pub facts: Facts,
    /// Where values came from, by fact key; of several for one fact the last counts.
    pub evidence: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    pub flags: Vec<Flag>,
    pub hits: Vec<Hit>,
    /// Rows of the packs' lists that a party may be.
    pub maybe: Vec<u32>,
    /// A party may be one of a list for which no pack stands.
    pub unplaced: bool,
    /// Which line it is, from nought.
    pub line: usize,
}

/// What one answer is asked of: a line, with one of those to whom it is released where there are any, and one of the end users where they differ.
pub(crate) struct Asked<'a> {
    pub line: &'a Line,
    /// Which line it is, from nought.
    pub place: usize,
    pub recipient: Option<&'a Party>,
    pub end_user: Option<&'a Party>,
}

struct Filling<'a> {
    law: &'a Law,
    known: &'a Known,
    facts: Facts,
    evidence: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    flags: Vec<Flag>,
    hits: Vec<Hit>,
    maybe: Vec<u32>,
    unplaced: bool,
    errors: Vec<FieldError>,
}

/// Fills the facts of one line, for one of those who receive it.
pub(crate) fn gather(
    law: &Law,
    known: &Known,
    screening: Option<(&Screening, &mut ScreenRoom)>,
    transfer: &Transfer,
    asked: &Asked<'_>,
    as_of: Option<Day>,
) -> Result<Gathered, Vec<FieldError>> {
    let (line, place) = (asked.line, asked.place);
    let mut filling = Filling {
        law,
        known,
        facts: Facts::with_room(&law.vocabulary),
        evidence: Vec::new(),
        flags: Vec::new(),
        hits: Vec::new(),
        maybe: Vec::new(),
        unplaced: false,
        errors: Vec::new(),
    };
    let places = Places::of(transfer);
    filling.act(transfer, as_of);
    filling.places(&places);
    filling.ended_states(transfer, as_of);
    filling.parties(transfer, &places, asked);
    if let Some((screening, room)) = screening {
        let on = as_of.or(transfer.date);
        filling.listed(transfer, screening, on, room);
    }
    filling.knowledge(transfer);
    filling.item(line, place, &transfer.facts);
    // Of several lines each has its part of the order's value only.
    if let ([_], Some(value)) = (transfer.lines.as_slice(), &line.value) {
        filling.line_value(value);
    }
    filling.licences(transfer, line, as_of.or(transfer.date));
    for (key, given) in &transfer.facts {
        filling.further(key, given);
    }
    filling.end_users_place(transfer, &places);
    filling.said_halves();
    filling.stated_shares();
    filling.relied_on(transfer);
    filling.form(transfer);
    filling.follows();
    for (path, source) in &transfer.evidence {
        let stated = (fact_of(path).to_owned().into(), source.clone().into());
        filling.evidence.push(stated);
    }
    if filling.errors.is_empty() {
        Ok(Gathered {
            facts: filling.facts,
            evidence: filling.evidence,
            flags: filling.flags,
            hits: filling.hits,
            maybe: filling.maybe,
            unplaced: filling.unplaced,
            line: place,
        })
    } else {
        Err(filling.errors)
    }
}

/// The fact that a field of the transfer fills.
fn fact_of(path: &str) -> &str {
    match path {
        "kind" => "act",
        "dates.contract_signed" => "contract.signed",
        "dates.licence_issued" => "licence.issued",
        "dates.delivery" => "delivery",
        "dates.departure" => "departure",
        "knowledge.informed_by_authority" => "exporter.informed",
        "knowledge.exporter_knows" => "exporter.knows",
        "knowledge.grounds_to_suspect" => "exporter.suspects",
        other => other.rsplit_once("item.properties.").map_or(
            other.strip_prefix("lines[0].").unwrap_or(other),
            |(_, name)| name,
        ),
    }
}

impl Gathered {
    /// Where the value of a fact came from.
    pub fn source(&self, fact: &str) -> Option<String> {
        let mut stated = self.evidence.iter().rev();
        stated
            .find(|(each, _)| each == fact)
            .map(|(_, source)| source.clone().into_owned())
    }
}

impl Filling<'_> {
    fn fact(&self, key: Key) -> Option<FactId> {
        self.known.fact(key)
    }

    fn set(&mut self, key: Key, value: Value) {
        if let Some(fact) = self.fact(key) {
            self.facts.set(fact, value);
        }
    }

    fn error(&mut self, path: &str, found: &str, error: ValueError) {
        self.errors.push(FieldError {
            path: path.to_owned(),
            found: found.chars().take(80).collect(),
            problem: error.problem,
            cure: error.cure,
        });
    }

    /// States a fact by words or figures as the caller wrote them.
    fn state(&mut self, key: Key, path: impl FnOnce() -> String, given: &Given) {
        let Some(fact) = self.fact(key) else { return };
        match read_value(&self.law.vocabulary, fact, given) {
            Ok(value) => self.facts.set(fact, value),
            Err(error) => self.error(&path(), &shown(given), error),
        }
    }

    /// States a fact by one word as the caller wrote it.
    fn word(&mut self, key: Key, path: impl FnOnce() -> String, text: &str) {
        let Some(fact) = self.fact(key) else { return };
        match read_word(&self.law.vocabulary, fact, text) {
            Ok(value) => self.facts.set(fact, value),
            Err(error) => self.error(&path(), text, error),
        }
    }
}

/// A value as it was written, for a message.
fn shown(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) | Given::Text(text) => text.clone(),
        Given::List(several) => several.iter().map(shown).collect::<Vec<_>>().join("; "),
    }
}
