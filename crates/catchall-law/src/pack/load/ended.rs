//! States that are no more: the `ended_state` rows of the vocabulary.
//!
//! Not here: names and codes of places (`data/places`). To add a state: one row.

use catchall_model::{Country, Day};
use toml::Spanned;

use super::super::EndedState;
use super::super::raw::{RawEndedState, RawVocabulary};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{Diagnostic, Source};
use crate::state::day_error;

impl Loader {
    pub(super) fn ended_states(&mut self, raws: &[(&Source, RawVocabulary)]) {
        for (source, raw) in raws {
            for row in &raw.ended_state {
                match self.ended_state(source, row) {
                    Ok(state) => self.law.ended_states.push(state),
                    Err(wrong) => wrong.into_iter().for_each(|wrong| self.problem(wrong)),
                }
            }
        }
    }

    fn ended_state(
        &self,
        source: &Source,
        row: &RawEndedState,
    ) -> Result<EndedState, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let mut country = |code: &Spanned<String>| {
            let known = Country::from_code(code.get_ref())
                .filter(|country| self.law.vocabulary.country(*country).is_some());
            if known.is_none() {
                wrong.push(Diagnostic::error(
                    "ended-state",
                    spot(source, 0, code),
                    format!("`{}` is no place that is known", code.get_ref()),
                    "write a code of data/places",
                ));
            }
            known
        };
        let state = country(&row.code);
        let successors = row.successors.iter().filter_map(&mut country).collect();
        let until = Day::parse(row.until.get_ref()).map_err(|error| {
            let (at, error) = (spot(source, 0, &row.until), day_error(&error));
            Diagnostic::error("ended-state", at, error.problem, error.cure)
        });
        match (state, until) {
            (Some(country), Ok(until)) if wrong.is_empty() => Ok(EndedState {
                country,
                until,
                successors,
                note: row.note.clone(),
            }),
            (_, until) => {
                wrong.extend(until.err());
                Err(wrong)
            }
        }
    }
}
