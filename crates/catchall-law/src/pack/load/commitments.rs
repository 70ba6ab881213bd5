//! The blocks of commitments in a pack: `undertaking`, `act` and `standing` (a worked case), with every name resolved.
//!
//! The fields are read by the same reader as a user's file (`commitments/read.rs`); here they get their places.

use std::collections::BTreeMap;

use catchall_model::{Day, Given, InForceOn, Standing};
use serde::Deserialize;
use toml::Spanned;

use super::super::markdown::Block;
use super::Loader;
use super::text::{given, spot};
use crate::commitments::{
    Act, Fault, Fields, StandingCase, Undertaking, read_act, read_undertaking,
};
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};
use crate::state::day_error;

/// The values of a block, each with its place.
type Table = BTreeMap<String, Spanned<toml::Value>>;

/// What the second pass saw.
#[derive(Default)]
pub(super) struct Commitments {
    undertakings: Vec<(usize, Placed, Undertaking)>,
    acts: Vec<(Placed, Act)>,
    cases: Vec<(Source, usize, usize, RawStanding)>,
}

/// A block's fields, with where they stand.
struct Placed {
    source: Source,
    base: usize,
    fence: usize,
    table: Table,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStanding {
    name: String,
    of: Spanned<String>,
    on: Spanned<String>,
    known_by: Option<Spanned<String>>,
    party: Option<Spanned<String>>,
    standing: Spanned<String>,
    in_force: Option<Spanned<String>>,
    #[serde(default)]
    acts: Vec<Table>,
}

impl Placed {
    /// Where a field stands; the fence where it is left out.
    fn at(&self, field: &str) -> At {
        match self.table.get(field) {
            Some(value) => spot(&self.source, self.base, value),
            None => self.source.at(self.fence, self.base),
        }
    }
}

impl Loader {
    /// Reads an `undertaking`, an `act` or a `standing` block.
    pub(super) fn commitment(
        &mut self,
        source: &Source,
        folder: &str,
        instrument: usize,
        block: &Block,
    ) {
        if block.name == "standing" {
            if !self.answering
                && let Some(raw) = self.toml::<RawStanding>(source, block.text, block.start)
            {
                let row = (source.clone(), block.start, block.fence, raw);
                self.waiting.commitments.cases.push(row);
            }
            return;
        }
        let Some(table) = self.toml::<Table>(source, block.text, block.start) else {
            return;
        };
        let placed = Placed {
            source: source.clone(),
            base: block.start,
            fence: block.fence,
            table,
        };
        let Some(fields) = self.fields(&placed) else {
            return;
        };
        let id = match fields.get("id") {
            Some(Given::Text(id)) => id.clone(),
            _ => String::new(),
        };
        let own = id.strip_prefix(folder);
        if !own.is_some_and(|rest| rest.starts_with('/') && rest.len() > 1) {
            let message = format!("`{id}` does not begin with its pack");
            self.problem(Diagnostic::error(
                "provision-id",
                placed.at("id"),
                message,
                format!("write `id = \"{folder}/<name>\"`"),
            ));
        }
        self.told(&placed, &fields, &id);
        if block.name == "undertaking" {
            match read_undertaking(&fields) {
                Ok(made) => {
                    let made = Undertaking {
                        instrument: Some(instrument),
                        at: Some(placed.at("id")),
                        ..made
                    };
                    let row = (instrument, placed, made);
                    self.waiting.commitments.undertakings.push(row);
                }
                Err(faults) => self.faults(&placed, faults),
            }
        } else {
            match read_act(&fields, "") {
                Ok(made) => {
                    let made = Act {
                        at: Some(placed.at("id")),
                        ..made
                    };
                    self.waiting.commitments.acts.push((placed, made));
                }
                Err(faults) => self.faults(&placed, faults),
            }
        }
    }

    /// What a pack owes its readers and a user's file does not: whether it was read, when it was entered, and from where.
    fn told(&mut self, placed: &Placed, fields: &Fields, id: &str) {
        let owed = [
            (
                "confidence",
                "no-confidence",
                "does not say whether it was read",
                "write `confidence = \"read\"` or `\"recalled\"`",
            ),
            (
                "recorded",
                "no-recorded",
                "does not say when it was recorded",
                "write `recorded = \"YEAR-MONTH-DAY\"`: the day on which it was entered",
            ),
        ];
        for (field, code, what, cure) in owed {
            if !fields.contains_key(field) {
                let message = format!("`{id}` {what}");
                self.problem(Diagnostic::error(code, placed.at(field), message, cure));
            }
        }
        if !fields.contains_key("source") && !fields.contains_key("cite") {
            self.problem(Diagnostic::error(
                "no-citation",
                placed.at("id"),
                format!("`{id}` has no citation"),
                "write `source = \"https://...\"`, or `cite = \"...\"` for paper",
            ));
        }
    }

    fn fields(&mut self, placed: &Placed) -> Option<Fields> {
        let mut fields = Fields::new();
        let mut good = true;
        for (key, value) in &placed.table {
            match given(value.get_ref()) {
                Ok(value) => {
                    fields.insert(key.clone(), value);
                }
                Err(error) => {
                    good = false;
                    let message = format!("`{key}`: {}", error.problem);
                    self.problem(Diagnostic::error(
                        "commitment-field",
                        placed.at(key),
                        message,
                        error.cure,
                    ));
                }
            }
        }
        good.then_some(fields)
    }

    fn faults(&mut self, placed: &Placed, faults: Vec<Fault>) {
        for fault in faults {
            self.problem(Diagnostic::error(
                "commitment-field",
                placed.at(&fault.field),
                fault.problem,
                fault.cure,
            ));
        }
    }

    /// Third pass: every id once, every name a thing.
    pub(super) fn commitments(&mut self) {
        let read = std::mem::take(&mut self.waiting.commitments);
        for (instrument, placed, mut made) in read.undertakings {
            let law = &self.law.instruments[instrument];
            if !placed.table.contains_key("force") {
                made.force = law.force;
            }
            made.in_effect = law.in_effect && made.force.has_effect();
            if made.source.is_empty() {
                made.source = law.address.clone();
            }
            if self.twice(&placed, &made.id, |law, id| {
                law.record.undertaking(id).is_some()
            }) {
                continue;
            }
            self.recorded(made.recorded);
            self.law.record.undertakings.push(made);
        }
        let mut placed_acts = Vec::new();
        for (placed, made) in read.acts {
            let stands =
                |law: &super::Law, id: &str| law.record.acts.iter().any(|act| act.id == id);
            if self.twice(&placed, &made.id, stands) {
                continue;
            }
            self.recorded(made.recorded);
            self.law.record.acts.push(made.clone());
            placed_acts.push((placed, made));
        }
        for (placed, made) in &placed_acts {
            self.bears(placed, made);
        }
        self.needs();
        for (source, base, fence, raw) in read.cases {
            if let Some(case) = self.standing_case(&source, base, fence, raw) {
                self.law.standing_cases.push(case);
            }
        }
        self.law.record.settle();
    }

    fn recorded(&mut self, day: Option<Day>) {
        let Some(day) = day else { return };
        self.law.newest_recorded = self.law.newest_recorded.max(Some(day));
        let oldest = self.law.oldest_recorded;
        self.law.oldest_recorded = Some(oldest.map_or(day, |oldest| oldest.min(day)));
    }

    fn twice(
        &mut self,
        placed: &Placed,
        id: &str,
        stands: impl Fn(&super::Law, &str) -> bool,
    ) -> bool {
        let twice = stands(&self.law, id);
        if twice {
            self.problem(Diagnostic::error(
                "duplicate",
                placed.at("id"),
                format!("`{id}` stands twice"),
                "keep one of them, or name them apart",
            ));
        }
        twice
    }

    /// Undertakings and acts that an act names.
    fn bears(&mut self, placed: &Placed, act: &Act) {
        let record = &self.law.record;
        let undertakings: Vec<&str> = record
            .undertakings
            .iter()
            .map(|each| each.id.as_str())
            .collect();
        let acts: Vec<&str> = record.acts.iter().map(|each| each.id.as_str()).collect();
        let mut problems = Vec::new();
        for (field, named, known, what) in [
            ("bears_on", &act.bears_on, &undertakings, "undertaking"),
            ("of", &act.of, &acts, "act"),
        ] {
            for id in named {
                if !known.contains(&id.as_str()) {
                    problems.push((field, unknown(id, known, what)));
                }
            }
        }
        for (field, message) in problems {
            self.problem(Diagnostic::error(
                "unknown-undertaking",
                placed.at(field),
                message,
                "`catchall commitments` lists every undertaking; write its id",
            ));
        }
    }

    fn needs(&mut self) {
        let record = &self.law.record;
        let known: Vec<&str> = record
            .undertakings
            .iter()
            .map(|each| each.id.as_str())
            .collect();
        let mut problems = Vec::new();
        for each in &record.undertakings {
            for id in each.needs.iter().filter(|id| !known.contains(&id.as_str())) {
                let at = each.at.clone();
                problems.extend(at.map(|at| (at, unknown(id, &known, "undertaking"))));
            }
        }
        for (at, message) in problems {
            self.problem(Diagnostic::error(
                "unknown-undertaking",
                at,
                message,
                "write the id of an undertaking of some pack under `needs`",
            ));
        }
    }

    fn standing_case(
        &mut self,
        source: &Source,
        base: usize,
        fence: usize,
        raw: RawStanding,
    ) -> Option<StandingCase> {
        let of = raw.of.get_ref().clone();
        let Some(undertaking) = self.law.record.undertaking(&of).cloned() else {
            let known: Vec<&str> = self
                .law
                .record
                .undertakings
                .iter()
                .map(|each| each.id.as_str())
                .collect();
            let message = unknown(&of, &known, "undertaking");
            self.problem(Diagnostic::error(
                "unknown-undertaking",
                spot(source, base, &raw.of),
                message,
                "write the id of an undertaking of some pack",
            ));
            return None;
        };
        if let Some(party) = &raw.party
            && !undertaking.by.contains(party.get_ref())
        {
            let message = format!("`{}` is not bound by `{of}`", party.get_ref());
            self.problem(Diagnostic::error(
                "commitment-field",
                spot(source, base, party),
                message,
                format!("write one of {}", undertaking.by.join(", ")),
            ));
        }
        let day = |loader: &mut Loader, text: &Spanned<String>| match Day::parse(text.get_ref()) {
            Ok(day) => Some(day),
            Err(error) => {
                let error = day_error(&error);
                let at = spot(source, base, text);
                loader.problem(Diagnostic::error("date", at, error.problem, error.cure));
                None
            }
        };
        let mut acts = Vec::new();
        for (place, table) in raw.acts.into_iter().enumerate() {
            let placed = Placed {
                source: source.clone(),
                base,
                fence,
                table,
            };
            let mut fields = self.fields(&placed)?;
            fields
                .entry("bears_on".to_owned())
                .or_insert_with(|| Given::Text(of.clone()));
            match read_act(&fields, &format!("case/{place}")) {
                Ok(act) => acts.push(act),
                Err(faults) => {
                    self.faults(&placed, faults);
                    return None;
                }
            }
        }
        Some(StandingCase {
            name: raw.name,
            of,
            on: day(self, &raw.on)?,
            known_by: match &raw.known_by {
                Some(text) => Some(day(self, text)?),
                None => None,
            },
            party: raw.party.map(Spanned::into_inner),
            standing: self.word::<Standing>(source, base, &raw.standing, "standing")?,
            in_force: match &raw.in_force {
                Some(word) => {
                    Some(self.word::<InForceOn>(source, base, word, "word for whether it binds")?)
                }
                None => None,
            },
            acts,
            at: source.at(fence, base.saturating_sub(1)),
        })
    }
}

fn unknown(id: &str, known: &[&str], what: &str) -> String {
    let near = suggestion(nearest(id, known.iter().copied()));
    format!("no {what} `{id}` stands in any pack{near}")
}
