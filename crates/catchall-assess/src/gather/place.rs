//! Where a transfer starts and ends, and where whoever acts is established: each read from the other where only one is stated.
//!
//! Who sends goods from a state is established there, and goods go to where those are who receive them, unless somebody says otherwise.
//! The reading is told in the evidence of each fact. A broker acts from elsewhere than the goods; a re-export, a transit and an import say
//! nothing of where whoever stands behind them ships from; a release and a payment say nothing of an end user.

use catchall_law::Value;
use catchall_model::{Country, Party, Transfer};

use super::Filling;
use super::key::Key;

/// The places of a transfer, and for each what it was read from where nobody stated it.
pub(super) struct Places {
    pub from: Read,
    pub to: Read,
    /// Where whoever acts is established.
    pub acts: Read,
}

/// A place that is stated, or read from another.
#[derive(Clone, Copy)]
pub(super) struct Read {
    pub country: Option<Country>,
    source: Option<&'static str>,
}

impl Read {
    fn or(stated: Option<Country>, other: Option<Country>, source: &'static str) -> Read {
        Read {
            country: stated.or(other),
            source: (stated.is_none() && other.is_some()).then_some(source),
        }
    }
}

/// Whoever acts: the exporter; in a brokering the broker, whose law is asked and not that of whoever ships.
pub(super) fn who_acts(transfer: &Transfer) -> Option<&Party> {
    let brokering = transfer.kind.as_deref() == Some("brokering");
    let broker = first_of(transfer, "broker").filter(|_| brokering);
    broker.or_else(|| first_of(transfer, "exporter"))
}

/// The first party of a role.
pub(super) fn first_of<'a>(transfer: &'a Transfer, role: &str) -> Option<&'a Party> {
    let mut parties = transfer.parties.iter().flatten();
    parties.find(|party| party.role == role)
}

impl Places {
    pub fn of(transfer: &Transfer) -> Places {
        let kind = transfer.kind.as_deref();
        let is = |kinds: &[&str]| kind.is_some_and(|kind| kinds.contains(&kind));
        let within = is(&["transfer_in_country"]);
        let seat = who_acts(transfer).and_then(|party| party.country);
        let ships_from_home = is(&[
            "export",
            "contract",
            "technology_release",
            "technical_assistance",
            "payment",
        ]);
        let from = if within {
            Read::or(transfer.from, transfer.to, "read from the destination")
        } else {
            let home = seat.filter(|_| ships_from_home);
            Read::or(
                transfer.from,
                home,
                "read from where the exporter is established",
            )
        };
        let to = if within {
            Read::or(transfer.to, transfer.from, "read from where the goods are")
        } else {
            let receive = one_place_of_those_who_receive(transfer);
            let receive = receive.filter(|_| goes_to_who_uses_it(transfer));
            Read::or(
                transfer.to,
                receive,
                "read from where those are who receive it",
            )
        };
        let sent = from
            .country
            .filter(|_| kind.is_some() && !is(&["brokering"]));
        let acts = Read::or(seat, sent, "read from where it leaves");
        Places { from, to, acts }
    }
}

/// Where the end users and consignees are, if somebody says so of each and it is one place.
fn one_place_of_those_who_receive(transfer: &Transfer) -> Option<Country> {
    let mut parties = transfer.parties.iter().flatten();
    let mut places = parties
        .by_ref()
        .filter(|party| ["end_user", "consignee"].contains(&party.role.as_str()))
        .map(|party| party.country);
    let first = places.next()??;
    places.all(|place| place == Some(first)).then_some(first)
}

/// Whether the destination says where the end user is. A release of technology and a payment go to whoever receives them, which says nothing of
/// an end user.
pub(super) fn goes_to_who_uses_it(transfer: &Transfer) -> bool {
    let kind = transfer.kind.as_deref();
    kind.is_some_and(|kind| !["technology_release", "payment", "import"].contains(&kind))
}

impl Filling<'_> {
    pub(super) fn places(&mut self, places: &Places) {
        let own = [
            (Key::From, places.from),
            (Key::To, places.to),
            (Key::ExporterCountry, places.acts),
        ];
        for (key, read) in own {
            self.country(key, read.country);
            if let Some(source) = read.source {
                self.evidence.push((key.name().into(), source.into()));
            }
        }
        let mut sure: Vec<u32> = [places.from.country, places.acts.country]
            .into_iter()
            .flatten()
            .filter_map(|country| self.place(country))
            .collect();
        sure.sort_unstable();
        sure.dedup();
        if !sure.is_empty() {
            let more = places.from.country.is_none() || places.acts.country.is_none();
            self.set(Key::ExporterJurisdiction, Value::Set { sure, more });
        }
    }

    /// Where goods go is where they are used, unless somebody says that the end user is established elsewhere.
    pub(super) fn end_users_place(&mut self, transfer: &Transfer, places: &Places) {
        let moves = goes_to_who_uses_it(transfer);
        let said = self
            .fact(Key::EndUserCountry)
            .is_some_and(|fact| self.facts.get(fact).is_some());
        if !moves || said || places.to.country.is_none() {
            return;
        }
        self.country(Key::EndUserCountry, places.to.country);
        let source = "read from the destination";
        self.evidence
            .push(("end_user.country".into(), source.into()));
    }
}
