//! Who takes part: countries and types of parties, the lists that hold them, and who owns them.

use catchall_law::{OwnershipFact, ShareCount, Value, read_value};
use catchall_model::{Country, Day, Flag, Given, Number, Owner, Party, Transfer};

use super::Filling;
use super::key::Key;
use super::place::{Places, first_of, goes_to_who_uses_it, who_acts};
use crate::ownership::{Ownership, greatest, said_half};
use crate::screening::{ScreenRoom, Screening};

/// Those to whom technology is released, each a question of its own: the law asks of every one of them. Two who are alike in all
/// that it can ask are one. In a release of technology an end user or consignee of whom a nationality or residence is stated
/// receives it.
pub(crate) fn recipients(transfer: &Transfer) -> Vec<&Party> {
    let released = transfer.kind.as_deref() == Some("technology_release");
    let is_one = |party: &Party| match party.role.as_str() {
        "recipient" => true,
        "end_user" | "consignee" => {
            released && (party.nationalities.is_some() || party.permanent_resident_of.is_some())
        }
        _ => false,
    };
    let alike = |one: &Party, other: &Party| {
        one.nationalities == other.nationalities
            && one.permanent_resident_of == other.permanent_resident_of
            && one.field_of_study == other.field_of_study
    };
    let mut own: Vec<&Party> = Vec::new();
    for party in transfer.parties.iter().flatten() {
        if is_one(party) && !own.iter().any(|other| alike(other, party)) {
            own.push(party);
        }
    }
    own
}

/// Whether a party buys, receives or uses what is sent.
fn receives(party: &Party) -> bool {
    matches!(
        party.role.as_str(),
        "end_user" | "consignee" | "intermediate_consignee" | "purchaser" | "recipient"
    )
}

/// The end users, each a question of its own where they differ in what they are or where: the law asks of every one of them. None where one question
/// will do.
pub(crate) fn end_users(transfer: &Transfer) -> Vec<&Party> {
    let mut own: Vec<&Party> = Vec::new();
    for party in transfer.parties.iter().flatten() {
        let alike = |other: &&Party| other.country == party.country && other.kind == party.kind;
        if party.role == "end_user" && !own.iter().any(alike) {
            own.push(party);
        }
    }
    if own.len() < 2 {
        own.clear();
    }
    own
}

impl Filling<'_> {
    pub(super) fn parties(
        &mut self,
        transfer: &Transfer,
        places: &Places,
        asked: &super::Asked<'_>,
    ) {
        let acts = who_acts(transfer);
        self.people_of(acts);
        if let Some((role, kind)) = acts.and_then(|party| Some((&party.role, party.kind.as_ref()?)))
        {
            self.word(Key::ExporterType, || format!("parties[{role}].type"), kind);
        }
        self.country(
            Key::ConsigneeCountry,
            first_of(transfer, "consignee").and_then(|party| party.country),
        );
        self.end_users(transfer, asked.end_user);
        self.those_who_receive(transfer, places);
        self.service_countries(transfer);
        if let Some(recipient) = asked.recipient {
            self.countries(
                Key::RecipientNationality,
                recipient.nationalities.as_deref(),
            );
            self.countries(
                Key::RecipientResidence,
                recipient.permanent_resident_of.as_deref(),
            );
            if let Some(field) = &recipient.field_of_study {
                self.field_of_study(field);
            }
        }
    }

    /// Of which states whoever acts is a citizen or permanent resident, as far as somebody says so.
    fn people_of(&mut self, acts: Option<&Party>) {
        let Some(party) = acts else { return };
        if party.nationalities.is_none() && party.permanent_resident_of.is_none() {
            return;
        }
        let stated = party.nationalities.iter().flatten();
        let stated = stated.chain(party.permanent_resident_of.iter().flatten());
        let mut sure: Vec<u32> = stated.filter_map(|country| self.place(*country)).collect();
        sure.sort_unstable();
        sure.dedup();
        let more = party.nationalities.is_none() || party.permanent_resident_of.is_none();
        self.set(Key::ExporterNationality, Value::Set { sure, more });
    }

    /// Where the end user is that is asked about, and what it is; where none is, all of them. Several that differ leave it open which of them counts.
    fn end_users(&mut self, transfer: &Transfer, asked: Option<&Party>) {
        let all = transfer.parties.iter().flatten();
        let all = all.filter(|party| party.role == "end_user" && asked.is_none());
        let end_users = asked.into_iter().chain(all);
        let mut places: Vec<u32> = Vec::new();
        let mut kinds: Vec<&String> = Vec::new();
        for party in end_users {
            places.extend(party.country.and_then(|country| self.place(country)));
            kinds.extend(party.kind.as_ref());
        }
        places.sort_unstable();
        places.dedup();
        match places.as_slice() {
            [] => {}
            [one] => self.set(Key::EndUserCountry, Value::One(*one)),
            _ => self.set(Key::EndUserCountry, Value::OneOf(places)),
        }
        kinds.sort_unstable();
        kinds.dedup();
        let path = || "parties[end_user].type".to_owned();
        match kinds.as_slice() {
            [] => {}
            [one] => self.word(Key::EndUserType, path, one),
            several => {
                let several = several.iter().map(|kind| Given::Text((*kind).clone()));
                self.state(Key::EndUserType, path, &Given::List(several.collect()));
            }
        }
    }

    /// Where those are who buy, receive or use it. Whoever receives or uses what is sent is at the destination, unless somebody says that they are
    /// established elsewhere; a buyer, or somebody on the way, whose country nobody states may be anywhere.
    fn those_who_receive(&mut self, transfer: &Transfer, places: &Places) {
        let destination = places.to.country.filter(|_| goes_to_who_uses_it(transfer));
        let mut countries: Vec<Country> = Vec::new();
        let (mut stated, mut more, mut read) = (false, false, false);
        for party in transfer.parties.iter().flatten() {
            let at_the_end = match party.role.as_str() {
                "consignee" | "end_user" => true,
                "intermediate_consignee" | "purchaser" => false,
                // Rules on people ask for nationality and residence.
                "recipient" => {
                    stated = true;
                    countries.extend(party.country);
                    continue;
                }
                _ => continue,
            };
            stated = true;
            let place = party.country.or(destination.filter(|_| at_the_end));
            read |= party.country.is_none() && place.is_some();
            more |= place.is_none();
            countries.extend(place);
        }
        if !stated {
            let Some(destination) = destination else {
                return;
            };
            countries.push(destination);
            read = true;
        }
        let mut sure: Vec<u32> = countries
            .into_iter()
            .filter_map(|country| self.place(country))
            .collect();
        sure.sort_unstable();
        sure.dedup();
        self.set(Key::PartyCountries, Value::Set { sure, more });
        if read {
            self.evidence.push((
                Key::PartyCountries.name().into(),
                "read from the destination".into(),
            ));
        }
    }

    /// Where the banks, carriers and forwarders are that somebody states; silence says nothing of them.
    fn service_countries(&mut self, transfer: &Transfer) {
        let serves =
            |party: &&Party| matches!(party.role.as_str(), "bank" | "carrier" | "forwarder");
        let parties = transfer.parties.iter().flatten();
        let places = parties.filter(serves).map(|party| party.country);
        let (mut sure, mut more) = (Vec::new(), false);
        for place in places {
            match place.and_then(|country| self.place(country)) {
                Some(place) => sure.push(place),
                None => more = true,
            }
        }
        if sure.is_empty() {
            return;
        }
        sure.sort_unstable();
        sure.dedup();
        self.set(Key::ServiceCountries, Value::Set { sure, more });
    }

    /// Parties and their owners against the lists held.
    pub(super) fn listed(
        &mut self,
        transfer: &Transfer,
        screening: &Screening,
        on: Option<Day>,
        room: &mut ScreenRoom,
    ) {
        let Some(parties) = &transfer.parties else {
            return;
        };
        // An answer that was given for one transfer only is known by its id.
        let key = transfer.id.as_str();
        // Without a day of the transfer the lists are read as they stand at last.
        let on = on.unwrap_or(Day::MAX);
        let mut sure: Vec<u32> = Vec::new();
        for party in parties {
            if party.name.is_some() || !party.names.is_empty() || !party.identifiers.is_empty() {
                self.meet(screening, (party, key), on, room, Some(&mut sure));
            }
            // An institution is a party of its own, and so is an owner.
            if let Some(institution) = &party.institution {
                let own = Party {
                    role: party.role.clone(),
                    name: Some(institution.clone()),
                    kind: Some("research_institute".to_owned()),
                    ..Party::default()
                };
                self.meet(screening, (&own, key), on, room, Some(&mut sure));
            }
            let mut owners: Vec<&Owner> = party.owners.iter().flatten().collect();
            while let Some(owner) = owners.pop() {
                let own = Party {
                    role: "owner".to_owned(),
                    name: Some(owner.name.clone()),
                    ..Party::default()
                };
                // What an owner is does not make the party so: shares are counted for that.
                self.meet(screening, (&own, key), on, room, None);
                owners.extend(&owner.owners);
            }
        }
        self.ownership(parties, screening, on, room);
        sure.sort_unstable();
        // Who is not named may be anybody. The exporter asks; its own name is not what the lists are about. And of those who carry or
        // pay, a mention without a name says no more than silence, which leaves nothing open.
        let unnamed = parties.iter().any(|party| {
            let of_the_deal = !matches!(
                party.role.as_str(),
                "exporter" | "carrier" | "forwarder" | "bank"
            );
            party.name.is_none() && party.names.is_empty() && of_the_deal
        });
        let receives = parties
            .iter()
            .any(|party| matches!(party.role.as_str(), "end_user" | "recipient"));
        let more = !parties.is_empty() && (unnamed || !receives);
        if !sure.is_empty() || !more {
            self.set(Key::Parties, Value::Set { sure, more });
        }
    }

    fn meet(
        &mut self,
        screening: &Screening,
        (party, key): (&Party, &str),
        on: Day,
        room: &mut ScreenRoom,
        sure: Option<&mut Vec<u32>>,
    ) {
        let met = screening.answered(self.law, (party, key), on, room);
        for hit in &met.hits {
            if hit.band != "strong" && !hit.settled() {
                let question = crate::screening::question(hit);
                if !self.flags.contains(&question) {
                    self.flags.push(question);
                }
            }
            if !self.hits.contains(hit) {
                self.hits.push(hit.clone());
            }
        }
        if let Some(sure) = sure {
            sure.extend(
                met.sure
                    .iter()
                    .filter(|place| !sure.contains(place))
                    .copied()
                    .collect::<Vec<_>>(),
            );
            self.maybe.extend(&met.maybe);
            self.unplaced |= met.unplaced;
        }
    }

    /// Shares of listed owners of those who buy, receive or use it, of whichever party they are greatest; of the only party with owners, where none of
    /// these has any.
    pub(super) fn ownership(
        &mut self,
        parties: &[Party],
        screening: &Screening,
        on: Day,
        room: &mut ScreenRoom,
    ) {
        let owned = || parties.iter().filter(|party| party.owners.is_some());
        let mut counted: Vec<&Party> = owned().filter(|party| receives(party)).collect();
        if counted.is_empty() {
            let mut others = owned();
            if let (Some(one), None) = (others.next(), others.next()) {
                counted.push(one);
            }
        }
        let owners: Vec<&Vec<Owner>> = counted
            .iter()
            .filter_map(|party| party.owners.as_ref())
            .collect();
        if owners.is_empty() {
            return;
        }
        let ownership = Ownership {
            screening,
            law: self.law,
            on,
        };
        for fact in &self.law.ownership {
            let mut shares = Vec::with_capacity(owners.len());
            for owners in &owners {
                shares.push(ownership.share(fact, owners, room));
            }
            if let Some(value) = greatest(shares) {
                self.facts.set(fact.fact, value);
                let key = self.law.vocabulary.get(fact.fact).key.clone();
                let source = "counted from the owners stated and the lists held";
                self.evidence.push((key.into(), source.into()));
            }
        }
    }

    /// Shares of which somebody says, without the owners, that they are half or more, or less. Runs before facts follow from others: only what is
    /// stated counts.
    pub(super) fn said_halves(&mut self) {
        let law = self.law;
        for row in &law.ownership {
            let said = row.half_said_by.map(|said| (said, self.facts.get(said)));
            let Some((said, Some(Value::YesNo(half_or_more)))) = said else {
                continue;
            };
            let value = said_half(self.facts.get(row.fact), *half_or_more);
            self.facts.set(row.fact, value);
            let key = |fact| law.vocabulary.get(fact).key.clone();
            let source = format!("read with `{}`", key(said));
            self.evidence.push((key(row.fact).into(), source.into()));
        }
    }

    /// Shares that count only as far as somebody stated them: the sum that was stated for the same lists, or nothing.
    pub(super) fn stated_shares(&mut self) {
        let law = self.law;
        let stated = |row: &&OwnershipFact| row.count == ShareCount::Stated;
        for row in law.ownership.iter().filter(stated) {
            if self.facts.get(row.fact).is_some() {
                continue;
            }
            let sum = law
                .ownership
                .iter()
                .find(|other| other.count == ShareCount::Sum && other.listed_in == row.listed_in);
            let said = sum.and_then(|sum| self.facts.get(sum.fact)).cloned();
            let nothing = Value::Between(Number::ZERO, Number::ZERO);
            self.facts.set(row.fact, said.unwrap_or(nothing));
        }
    }

    pub(super) fn field_of_study(&mut self, text: &str) {
        let Some(fact) = self.fact(Key::RecipientFieldOfStudy) else {
            return;
        };
        let parts: Vec<Given> = text
            .split([';', ','])
            .map(|part| Given::Text(part.trim().to_owned()))
            .collect();
        match read_value(&self.law.vocabulary, fact, &Given::List(parts)) {
            Ok(value) => self.facts.set(fact, value),
            Err(_) => self.flags.push(Flag {
                flag: format!("the field of study `{text}` is not a word of the vocabulary, and was not used"),
                question: "In which subjects is the person taught: missile, nuclear, chemical, biological, other?".to_owned(),
                evidence: "parties[recipient].field_of_study".to_owned(),
                open: true,
            }),
        }
    }
}
