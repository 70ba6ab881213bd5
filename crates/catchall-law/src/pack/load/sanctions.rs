//! `sanction` blocks: provisions of a law that names and sanctions suppliers, with what follows for them.
//!
//! A sanction is read as a provision is, with the same conditions, versions, exceptions and cases. Its effect is written in the
//! words of its own scale (`mandatory`, `discretionary`, `exempt`, `waived`) and carried by the scale of effects, which has the
//! same order; `[sanction]` holds what follows. When all names are resolved the sanctions are set apart from the law on
//! transfers: nothing here ever bears on whether a transfer may go ahead.

use catchall_model::{Day, Effect, Sanctionable};
use toml::Spanned;

use super::super::raw::{RawProvision, RawReport};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{Diagnostic, Source, nearest, suggestion};
use crate::language::Names;
use crate::pack::{ReportCalendar, Sanction};
use crate::state::day_error;

/// What follows for a supplier, until the provision is at hand.
#[derive(Default)]
pub(super) struct Terms {
    measures: Vec<String>,
    months: Option<u32>,
    named_in: Option<usize>,
    report: Option<ReportCalendar>,
    if_not_acted: String,
}

/// An expected answer in the words of suppliers, in those of the scale that carries it; other words stay.
pub(super) fn in_words_of_the_scale(word: &mut String) {
    if let Ok(answer) = word.parse::<Sanctionable>()
        && let Some(effect) = answer.effect()
    {
        effect.word().clone_into(word);
    }
}

impl Loader {
    pub(super) fn sanction_effect(
        &mut self,
        source: &Source,
        base: usize,
        text: &Spanned<String>,
    ) -> Option<Effect> {
        self.word::<Sanctionable>(source, base, text, "answer of a law on suppliers")
            .and_then(Sanctionable::effect)
    }

    /// The terms of a sanction; a `[sanction]` table elsewhere is out of place.
    pub(super) fn sanction_terms(
        &mut self,
        source: &Source,
        base: usize,
        sanction: bool,
        raw: &RawProvision,
        names: &Names,
    ) {
        let place = self.law.provisions.len();
        let Some(table) = &raw.sanction else {
            if sanction {
                self.sanctions.push((place, Terms::default()));
            }
            return;
        };
        if !sanction {
            return self.problem(Diagnostic::error(
                "sanction-terms",
                spot(source, base, table),
                format!(
                    "`{}` is no sanction, and holds terms of one",
                    raw.id.get_ref()
                ),
                "write the block as `toml sanction`, or drop the table",
            ));
        }
        let terms = table.get_ref();
        for key in &terms.unstated_no {
            match names.vocabulary.fact(key.get_ref()) {
                Some(fact) if !self.law.unstated_no.contains(&fact) => {
                    self.law.unstated_no.push(fact);
                }
                Some(_) => {}
                None => {
                    let all = names.vocabulary.facts.iter().map(|fact| fact.key.as_str());
                    let near = suggestion(nearest(key.get_ref(), all));
                    self.problem(Diagnostic::error(
                        "unknown-fact",
                        spot(source, base, key),
                        format!("unknown fact `{}`{near}", key.get_ref()),
                        "`catchall law vocabulary` lists every fact",
                    ));
                }
            }
        }
        let named_in = terms.named_in.as_ref().and_then(|list| {
            let found = names.party_sets.get(list.get_ref()).copied();
            if found.is_none() {
                let near = nearest(list.get_ref(), names.party_sets.keys().map(String::as_str));
                self.problem(Diagnostic::error(
                    "sanction-terms",
                    spot(source, base, list),
                    format!(
                        "no pack holds the list of parties `{}`{}",
                        list.get_ref(),
                        suggestion(near)
                    ),
                    "name a list of a `toml parties` block",
                ));
            }
            found
        });
        let report = terms
            .report
            .as_ref()
            .and_then(|report| self.calendar(source, base, report));
        self.sanctions.push((
            place,
            Terms {
                measures: terms.measures.clone(),
                months: terms.months,
                named_in,
                report,
                if_not_acted: terms.if_not_acted.clone(),
            },
        ));
    }

    fn calendar(
        &mut self,
        source: &Source,
        base: usize,
        raw: &RawReport,
    ) -> Option<ReportCalendar> {
        match Day::parse(raw.from.get_ref()) {
            Ok(from) => Some(ReportCalendar {
                to: raw.to.clone(),
                cite: raw.cite.clone(),
                from,
                first_days: raw.first_days,
                every_months: raw.every_months,
            }),
            Err(error) => {
                let error = day_error(&error);
                let at = spot(source, base, &raw.from);
                self.problem(Diagnostic::error("date", at, error.problem, error.cure));
                None
            }
        }
    }

    /// Takes the sanctions out of the law on transfers, with the places of their exceptions.
    pub(super) fn set_sanctions_apart(&mut self) {
        let mut terms: std::collections::BTreeMap<usize, Terms> =
            std::mem::take(&mut self.sanctions).into_iter().collect();
        let all = std::mem::take(&mut self.law.provisions);
        let mut places = vec![0; all.len()];
        let (mut ours, mut theirs) = (0, 0);
        for (place, new) in places.iter_mut().enumerate() {
            let count = if terms.contains_key(&place) {
                &mut theirs
            } else {
                &mut ours
            };
            *new = *count;
            *count += 1;
        }
        for (place, mut provision) in all.into_iter().enumerate() {
            for target in &mut provision.excepts {
                *target = places.get(*target).copied().unwrap_or(*target);
            }
            match terms.remove(&place) {
                None => self.law.provisions.push(provision),
                Some(terms) => self.law.sanctions.push(Sanction {
                    provision,
                    measures: terms.measures,
                    months: terms.months,
                    named_in: terms.named_in,
                    report: terms.report,
                    if_not_acted: terms.if_not_acted,
                }),
            }
        }
        self.law.unstated_no.sort_unstable();
    }
}
