//! States that are no more: nothing goes to one, comes from one or is established in one after its last day.
//!
//! Which they are, and until when, the packs' vocabulary says. Where something was made, and whose citizen somebody was, is not asked here: that
//! outlives a state.

use catchall_law::{EndedState, ValueError};
use catchall_model::{Country, Day, Transfer};

use super::Filling;

impl Filling<'_> {
    pub(super) fn ended_states(&mut self, transfer: &Transfer, as_of: Option<Day>) {
        let Some(on) = transfer.date.or(as_of) else {
            return;
        };
        let places = [("from", transfer.from), ("to", transfer.to)];
        for (path, country) in places {
            self.ended(|| path.to_owned(), country, on);
        }
        for (place, country) in transfer.via.iter().flatten().enumerate() {
            self.ended(|| format!("via[{place}]"), Some(*country), on);
        }
        for (place, party) in transfer.parties.iter().flatten().enumerate() {
            self.ended(|| format!("parties[{place}].country"), party.country, on);
        }
    }

    fn ended(&mut self, path: impl FnOnce() -> String, country: Option<Country>, on: Day) {
        let law = self.law;
        let over = |state: &&EndedState| Some(state.country) == country && state.until < on;
        let Some(state) = law.ended_states.iter().find(over) else {
            return;
        };
        let successors: Vec<&str> = state.successors.iter().map(Country::code).collect();
        let note = if state.note.is_empty() {
            String::new()
        } else {
            format!(" ({})", state.note)
        };
        let error = ValueError {
            problem: format!(
                "{} was no more after {}, and the act is of {on}",
                self.name_of(state.country),
                state.until
            ),
            cure: format!(
                "write the state that came after it: {}{note}; or correct the date",
                successors.join(", ")
            ),
        };
        self.error(&path(), state.country.code(), error);
    }

    fn name_of(&self, country: Country) -> String {
        let vocabulary = &self.law.vocabulary;
        let place = vocabulary.country(country);
        let name =
            place.and_then(|place| vocabulary.country_names.get(usize::try_from(place).ok()?));
        name.map_or_else(|| country.code().to_owned(), Clone::clone)
    }
}
