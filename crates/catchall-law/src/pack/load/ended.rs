//! States that are no more: the `ended_state` rows of the vocabulary.
//!
//! Not here: names and codes of places (`data/places`). To add a state: one row.

use catchall_model::{Country, Day};
use toml::Spanned;

use super::super::EndedState;
use super::super::raw::RawVocabulary;
use super::Loader;
use super::text::spot;
use crate::diagnostic::{Diagnostic, Source};

impl Loader {
    pub(super) fn ended_states(&mut self, raws: &[(&Source, RawVocabulary)]) {
        for (source, raw) in raws {
            for row in &raw.ended_state {
                let mut wrong = Vec::new();
                let mut country = |code: &Spanned<String>| {
                    let known = Country::from_code(code.get_ref())
                        .filter(|country| self.law.vocabulary.country(*country).is_some());
                    if known.is_none() {
                        let what = format!("`{}` is no place that is known", code.get_ref());
                        wrong.push((spot(source, 0, code), what, "write a code of data/places"));
                    }
                    known
                };
                let state = country(&row.code);
                let successors: Vec<Country> =
                    row.successors.iter().filter_map(&mut country).collect();
                let until = Day::parse(row.until.get_ref());
                if let Err(error) = &until {
                    let at = spot(source, 0, &row.until);
                    wrong.push((
                        at,
                        error.to_string(),
                        "write its last day, as in `1991-12-26`",
                    ));
                }
                if let (Some(country), Ok(until), true) = (state, until, wrong.is_empty()) {
                    self.law.ended_states.push(EndedState {
                        country,
                        until,
                        successors,
                        note: row.note.clone(),
                    });
                }
                for (at, what, cure) in wrong {
                    self.problem(Diagnostic::error("ended-state", at, what, cure));
                }
            }
        }
    }
}
