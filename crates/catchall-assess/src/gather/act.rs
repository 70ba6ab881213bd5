//! The act: what is done, on which days, over which states, and which laws somebody adds or leaves out by hand.

use catchall_law::{Value, ValueError, nearest};
use catchall_model::{Country, Day, Number, Transfer};

use super::Filling;
use super::key::Key;

impl Filling<'_> {
    pub(super) fn act(&mut self, transfer: &Transfer, as_of: Option<Day>) {
        if let Some(kind) = &transfer.kind {
            self.word(Key::Act, || "kind".to_owned(), kind);
        }
        self.day(Key::Date, as_of.or(transfer.date));
        let signing = (transfer.kind.as_deref() == Some("contract"))
            .then_some(transfer.date)
            .flatten();
        self.day(
            Key::ContractSigned,
            transfer.dates.contract_signed.or(signing),
        );
        self.day(Key::LicenceIssued, transfer.dates.licence_issued);
        self.day(Key::Delivery, transfer.dates.delivery);
        self.day(Key::Departure, transfer.dates.departure);
        self.countries(Key::Via, transfer.via.as_deref());
        for name in &transfer.jurisdictions {
            let (id, put_in) = name
                .strip_prefix('-')
                .map_or((name.as_str(), true), |id| (id, false));
            let known: Vec<&str> = self
                .law
                .nexus
                .iter()
                .map(|nexus| nexus.jurisdiction.as_str())
                .collect();
            if known.contains(&id) {
                self.facts.by_hand.push((id.to_owned(), put_in));
            } else {
                let near = nearest(id, known.iter().copied())
                    .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
                let error = ValueError {
                    problem: format!("no pack holds law of the jurisdiction `{id}`{near}"),
                    cure: format!("write one of {}", known.join(", ")),
                };
                self.error("jurisdictions", name, error);
            }
        }
    }

    fn day(&mut self, key: Key, day: Option<Day>) {
        if let Some(day) = day {
            let number = Number::from_grid(i128::from(day.number()));
            self.set(key, Value::Between(number, number));
        }
    }

    pub(super) fn place(&self, country: Country) -> Option<u32> {
        self.law.vocabulary.country(country)
    }

    pub(super) fn country(&mut self, key: Key, country: Option<Country>) {
        if let Some(place) = country.and_then(|country| self.place(country)) {
            self.set(key, Value::One(place));
        }
    }

    pub(super) fn countries(&mut self, key: Key, countries: Option<&[Country]>) {
        if let Some(countries) = countries {
            let mut sure: Vec<u32> = countries
                .iter()
                .filter_map(|country| self.place(*country))
                .collect();
            sure.sort_unstable();
            sure.dedup();
            self.set(key, Value::Set { sure, more: false });
        }
    }
}
