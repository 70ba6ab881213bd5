//! Gather: the fields of a transfer to the facts that a provision may ask.
//!
//! The only file that fills facts. What is left out stays not known, with a few readings that are said to be
//! such in the evidence: who states a use knows of it; a licence not stated is not relied on; the law of the
//! place of shipment and of the exporter's seat both bind the exporter.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use catchall_law::{
    Carriers, Claim, Crosswalk, FactId, Facts, Law, OwnershipFact, Reach, ShareCount, Value,
    ValueError, claimed_code, fold_word, nearest, read_value, read_word,
};
use catchall_model::{
    Country, Day, Flag, Given, Hit, LicenceHeld, Line, Number, Owner, Party, Quantity, Transfer,
    Unit,
};
use sha2::{Digest, Sha256};

use crate::ownership::Ownership;
use crate::screening::{Imported, ScreenRoom, Screening};

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

/// The facts that fields of a transfer fill, by place in [`KEYS`]: looked up once, not once a row.
mod key {
    pub const ACT: usize = 0;
    pub const DATE: usize = 1;
    pub const CONTRACT_SIGNED: usize = 2;
    pub const LICENCE_ISSUED: usize = 3;
    pub const DELIVERY: usize = 4;
    pub const DEPARTURE: usize = 5;
    pub const FROM: usize = 6;
    pub const TO: usize = 7;
    pub const VIA: usize = 8;
    pub const EXPORTER_COUNTRY: usize = 9;
    pub const CONSIGNEE_COUNTRY: usize = 10;
    pub const END_USER_COUNTRY: usize = 11;
    pub const END_USER_TYPE: usize = 12;
    pub const EXPORTER_JURISDICTION: usize = 13;
    pub const RECIPIENT_NATIONALITY: usize = 14;
    pub const RECIPIENT_RESIDENCE: usize = 15;
    pub const RECIPIENT_FIELD_OF_STUDY: usize = 16;
    pub const PARTIES: usize = 17;
    pub const END_USE_USES: usize = 18;
    pub const EXPORTER_KNOWS: usize = 19;
    pub const EXPORTER_SUSPECTS: usize = 20;
    pub const EXPORTER_INFORMED: usize = 21;
    pub const ITEM_FORM: usize = 22;
    pub const ITEM_KIND: usize = 23;
    pub const ITEM_ORIGIN: usize = 24;
    pub const ITEM_US_CONTENT: usize = 25;
    pub const ITEM_MADE_WITH_US_TECHNOLOGY: usize = 26;
    pub const ITEM_PUBLISHED: usize = 27;
    pub const ITEM_FUNDAMENTAL_RESEARCH: usize = 28;
    pub const ITEM_DELIVERS: usize = 29;
    pub const LICENCE_AUTHORITIES: usize = 30;
}

const KEYS: [&str; 31] = [
    "act",
    "date",
    "contract.signed",
    "licence.issued",
    "delivery",
    "departure",
    "from",
    "to",
    "via",
    "exporter.country",
    "consignee.country",
    "end_user.country",
    "end_user.type",
    "exporter.jurisdiction",
    "recipient.nationality",
    "recipient.residence",
    "recipient.field_of_study",
    "parties",
    "end_use.uses",
    "exporter.knows",
    "exporter.suspects",
    "exporter.informed",
    "item.form",
    "item.kind",
    "item.origin",
    "item.us_content",
    "item.made_with_us_technology",
    "item.published",
    "item.fundamental_research",
    "item.delivers",
    "licence.authorities",
];

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
}

/// What gathering looks up for every transfer, worked out once: facts by key.
pub(crate) struct Known {
    keys: [Option<FactId>; KEYS.len()],
    /// Facts of the item by the names a transfer may use; one name may be that of several figures.
    properties: HashMap<String, Vec<FactId>>,
    carriers: Carriers,
    /// Read when a claimed code may speak for another list.
    crosswalk: OnceLock<Crosswalk>,
}

impl Known {
    /// The numbers of the lists, side by side.
    pub fn crosswalk(&self, law: &Law) -> &Crosswalk {
        self.crosswalk.get_or_init(|| Crosswalk::of(law))
    }

    pub fn of(law: &Law) -> Known {
        let keys = KEYS.map(|key| law.vocabulary.fact(key));
        let mut properties = HashMap::new();
        for (place, fact) in (0u16..).zip(&law.vocabulary.facts) {
            if let Some(name) = fact.key.strip_prefix("item.") {
                let named: &mut Vec<FactId> = properties.entry(name.to_owned()).or_default();
                named.push(FactId(place));
            }
        }
        for (place, fact) in (0u16..).zip(&law.vocabulary.facts) {
            if fact.key.starts_with("item.") {
                for also in &fact.also {
                    let named = properties.entry(also.clone()).or_default();
                    if !named.contains(&FactId(place)) {
                        named.push(FactId(place));
                    }
                }
            }
        }
        Known {
            keys,
            properties,
            carriers: Carriers::of(law),
            crosswalk: OnceLock::new(),
        }
    }

    /// Digest of the lists: as they stand in the packs, and of what was imported.
    pub fn digest(&self, law: &Law, imported: &Imported) -> String {
        let mut digest = Sha256::new();
        for party in &law.parties {
            for part in [
                law.sets[party.set].id.as_str(),
                &party.name,
                &party.period.text,
            ] {
                digest.update(part.as_bytes());
                digest.update([0]);
            }
        }
        for held in &imported.held {
            digest.update(held.list.as_bytes());
            digest.update([0]);
            digest.update(held.digest.as_bytes());
        }
        if !imported.answers.is_empty() {
            digest.update(imported.answers.digest().as_bytes());
        }
        digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
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

/// Fills the facts of one line.
pub(crate) fn gather(
    law: &Law,
    known: &Known,
    screening: Option<(&Screening, &mut ScreenRoom)>,
    transfer: &Transfer,
    line: &Line,
    place: usize,
    as_of: Option<Day>,
) -> Result<Gathered, Vec<FieldError>> {
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
    filling.act(transfer, as_of);
    filling.parties(transfer);
    if let Some((screening, room)) = screening {
        let on = as_of.or(transfer.date);
        filling.listed(transfer, screening, on, room);
    }
    filling.knowledge(transfer);
    filling.item(line, place);
    // Of several lines each has its part of the order's value only.
    if let ([_], Some(value)) = (transfer.lines.as_slice(), &line.value) {
        filling.line_value(value);
    }
    filling.licences(transfer, line, as_of.or(transfer.date));
    for (key, given) in &transfer.facts {
        filling.further(key, given);
    }
    filling.end_users_place(transfer);
    filling.stated_shares();
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
    fn fact(&self, key: usize) -> Option<FactId> {
        self.known.keys.get(key).copied().flatten()
    }

    fn set(&mut self, key: usize, value: Value) {
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
    fn state(&mut self, key: usize, path: impl FnOnce() -> String, given: &Given) {
        let Some(fact) = self.fact(key) else { return };
        match read_value(&self.law.vocabulary, fact, given) {
            Ok(value) => self.facts.set(fact, value),
            Err(error) => self.error(&path(), &shown(given), error),
        }
    }

    /// States a fact by one word as the caller wrote it.
    fn word(&mut self, key: usize, path: impl FnOnce() -> String, text: &str) {
        let Some(fact) = self.fact(key) else { return };
        match read_word(&self.law.vocabulary, fact, text) {
            Ok(value) => self.facts.set(fact, value),
            Err(error) => self.error(&path(), text, error),
        }
    }

    fn day(&mut self, key: usize, day: Option<Day>) {
        if let Some(day) = day {
            let number = Number::from_grid(i128::from(day.number()));
            self.set(key, Value::Between(number, number));
        }
    }

    fn place(&self, country: Country) -> Option<u32> {
        self.law.vocabulary.country(country)
    }

    fn country(&mut self, key: usize, country: Option<Country>) {
        if let Some(place) = country.and_then(|country| self.place(country)) {
            self.set(key, Value::One(place));
        }
    }

    fn countries(&mut self, key: usize, countries: Option<&[Country]>) {
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

    fn act(&mut self, transfer: &Transfer, as_of: Option<Day>) {
        if let Some(kind) = &transfer.kind {
            self.word(key::ACT, || "kind".to_owned(), kind);
        }
        self.day(key::DATE, as_of.or(transfer.date));
        let signing = (transfer.kind.as_deref() == Some("contract"))
            .then_some(transfer.date)
            .flatten();
        self.day(
            key::CONTRACT_SIGNED,
            transfer.dates.contract_signed.or(signing),
        );
        self.day(key::LICENCE_ISSUED, transfer.dates.licence_issued);
        self.day(key::DELIVERY, transfer.dates.delivery);
        self.day(key::DEPARTURE, transfer.dates.departure);
        self.country(key::FROM, transfer.from);
        self.country(key::TO, transfer.to);
        self.countries(key::VIA, transfer.via.as_deref());
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

    fn parties(&mut self, transfer: &Transfer) {
        let of = |role: &str| {
            transfer
                .parties
                .iter()
                .flatten()
                .find(|party| party.role == role)
        };
        // Who brokers is who acts: the law that binds the broker is asked, not that of whoever ships.
        let brokering = transfer.kind.as_deref() == Some("brokering");
        let broker = of("broker").filter(|_| brokering);
        let exporter = broker
            .or_else(|| of("exporter"))
            .and_then(|party| party.country);
        self.country(key::EXPORTER_COUNTRY, exporter);
        self.country(
            key::CONSIGNEE_COUNTRY,
            of("consignee").and_then(|party| party.country),
        );
        self.country(
            key::END_USER_COUNTRY,
            of("end_user").and_then(|party| party.country),
        );
        if let Some(kind) = of("end_user").and_then(|party| party.kind.as_ref()) {
            let path = || "parties[end_user].type".to_owned();
            self.word(key::END_USER_TYPE, path, kind);
        }
        let mut sure: Vec<u32> = [transfer.from, exporter]
            .into_iter()
            .flatten()
            .filter_map(|country| self.place(country))
            .collect();
        sure.sort_unstable();
        sure.dedup();
        if !sure.is_empty() {
            self.set(
                key::EXPORTER_JURISDICTION,
                Value::Set {
                    sure,
                    more: transfer.from.is_none() || exporter.is_none(),
                },
            );
        }
        if let Some(recipient) = of("recipient") {
            self.countries(
                key::RECIPIENT_NATIONALITY,
                recipient.nationalities.as_deref(),
            );
            self.countries(
                key::RECIPIENT_RESIDENCE,
                recipient.permanent_resident_of.as_deref(),
            );
            if let Some(field) = &recipient.field_of_study {
                self.field_of_study(field);
            }
        }
    }

    fn field_of_study(&mut self, text: &str) {
        let Some(fact) = self.fact(key::RECIPIENT_FIELD_OF_STUDY) else {
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

    /// Parties and their owners against the lists held.
    fn listed(
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
        // Who is not named may be anybody. The exporter asks; its own name is not what the lists are about.
        let unnamed = parties.iter().any(|party| {
            party.name.is_none() && party.names.is_empty() && party.role != "exporter"
        });
        let receives = parties
            .iter()
            .any(|party| matches!(party.role.as_str(), "end_user" | "recipient"));
        let more = !parties.is_empty() && (unnamed || !receives);
        if !sure.is_empty() || !more {
            self.set(key::PARTIES, Value::Set { sure, more });
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

    /// Shares of listed owners of the end user; of the only party with owners, where the end user has none.
    fn ownership(
        &mut self,
        parties: &[Party],
        screening: &Screening,
        on: Day,
        room: &mut ScreenRoom,
    ) {
        let end_user = parties
            .iter()
            .find(|party| party.role == "end_user" && party.owners.is_some());
        let mut owned = parties.iter().filter(|party| party.owners.is_some());
        let party = end_user.or(match (owned.next(), owned.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        });
        let Some(owners) = party.and_then(|party| party.owners.as_ref()) else {
            return;
        };
        let ownership = Ownership {
            screening,
            law: self.law,
            on,
        };
        for fact in &self.law.ownership {
            if let Some(value) = ownership.share(fact, owners, room) {
                self.facts.set(fact.fact, value);
                let key = self.law.vocabulary.get(fact.fact).key.clone();
                let source = "counted from the owners stated and the lists held";
                self.evidence.push((key.into(), source.into()));
            }
        }
    }

    fn uses(&mut self, path: &str, words: Option<&[String]>) -> Option<Vec<u32>> {
        let fact = self.fact(key::END_USE_USES)?;
        let given = Given::List(words?.iter().cloned().map(Given::Text).collect());
        match read_value(&self.law.vocabulary, fact, &given) {
            Ok(Value::Set { sure, .. }) => Some(sure),
            Ok(_) => None,
            Err(error) => {
                self.error(path, &shown(&given), error);
                None
            }
        }
    }

    fn knowledge(&mut self, transfer: &Transfer) {
        let uses = self.uses("end_use.uses", transfer.end_use.uses.as_deref());
        let knows = self.uses(
            "knowledge.exporter_knows",
            transfer.knowledge.exporter_knows.as_deref(),
        );
        let suspects = self.uses(
            "knowledge.grounds_to_suspect",
            transfer.knowledge.grounds_to_suspect.as_deref(),
        );
        if let Some(uses) = &uses {
            self.set(
                key::END_USE_USES,
                Value::Set {
                    sure: uses.clone(),
                    more: false,
                },
            );
        }
        let join = |a: &Option<Vec<u32>>, b: &Option<Vec<u32>>| -> Option<Vec<u32>> {
            if a.is_none() && b.is_none() {
                return None;
            }
            let mut all: Vec<u32> = a.iter().chain(b).flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            Some(all)
        };
        // Who states a use knows of it; who states the uses and nothing else knows of nothing else.
        let known = join(&knows, &uses);
        if let Some(sure) = known.clone() {
            self.set(key::EXPORTER_KNOWS, Value::Set { sure, more: false });
            if knows.is_none() {
                let source = "read from the stated end use";
                self.evidence.push(("exporter.knows".into(), source.into()));
            }
        }
        if let Some(sure) = join(&suspects, &known) {
            // Whom an authority has told has grounds to suspect, and of what was perhaps not said.
            let told = transfer.knowledge.informed_by_authority.as_ref();
            let more = suspects.is_none() && told.is_some_and(|told| told.is);
            self.set(key::EXPORTER_SUSPECTS, Value::Set { sure, more });
            if suspects.is_none() {
                let source = "read from what the exporter knows";
                self.evidence
                    .push(("exporter.suspects".into(), source.into()));
            }
        }
        if let Some(informed) = &transfer.knowledge.informed_by_authority {
            self.set(key::EXPORTER_INFORMED, Value::YesNo(informed.is));
            if let Some(by) = &informed.by {
                let when = informed
                    .date
                    .map_or(String::new(), |day| format!(", {day}"));
                let source = format!("told by {by}{when}");
                self.evidence
                    .push(("exporter.informed".into(), source.into()));
            }
        }
        for flag in transfer.knowledge.red_flags.iter().flatten() {
            self.flags.push(Flag {
                flag: flag.flag.clone(),
                question: flag.resolved_by.as_ref().map_or_else(
                    || "Which fact on file resolves this red flag?".to_owned(),
                    |fact| format!("resolved by: {fact}"),
                ),
                evidence: "knowledge.red_flags".to_owned(),
                open: flag.resolved_by.is_none(),
            });
        }
    }

    fn item(&mut self, line: &Line, place: usize) {
        let at = |field: &str| format!("lines[{place}].item.{field}");
        let item = &line.item;
        if let Some(form) = &item.form {
            self.word(key::ITEM_FORM, || at("form"), form);
        }
        if let Some(kind) = &item.kind {
            self.kind(kind, || at("kind"));
        }
        self.country(key::ITEM_ORIGIN, item.origin);
        if let Some(share) = &item.us_content {
            let none =
                matches!(share, Given::Text(text) if text.trim().eq_ignore_ascii_case("none"));
            let given = if none {
                Given::Text("0 %".to_owned())
            } else {
                share.clone()
            };
            self.state(key::ITEM_US_CONTENT, || at("us_content"), &given);
        }
        for (key, yes) in [
            (key::ITEM_PUBLISHED, item.published),
            (key::ITEM_FUNDAMENTAL_RESEARCH, item.fundamental_research),
        ] {
            if let Some(yes) = yes {
                self.set(key, Value::YesNo(yes));
            }
        }
        for (name, given) in &item.made_with {
            if fold_word(name).starts_with("us-") {
                self.state(key::ITEM_MADE_WITH_US_TECHNOLOGY, || at("made_with"), given);
            }
        }
        for (list, code) in &item.codes {
            self.code(list, code, &at("codes"));
        }
        if let Some(heading) = &item.hs_code {
            self.tariff(heading);
        }
        self.apart();
        let mut reach = Reach::default();
        for (name, given) in &item.properties {
            let stated = name;
            let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            let name: Cow<'_, str> = if name.bytes().all(plain) {
                name.into()
            } else {
                let lower = name.trim().to_lowercase();
                lower.replace([' ', '-'], "_").into()
            };
            if reach.take(&name, given) {
                self.namesakes(&name, given);
                continue;
            }
            if !self.known.properties.contains_key(name.as_ref())
                && let Some((name, given)) = unit_in_name(stated, given)
                && (self.known.properties.contains_key(&name) || Reach::knows(&name))
            {
                if reach.take(&name, &given) {
                    self.namesakes(&name, &given);
                } else {
                    self.property(&name, &given, || at(&format!("properties.{stated}")));
                }
                continue;
            }
            self.property(&name, given, || at(&format!("properties.{name}")));
        }
        match reach.curve() {
            Ok(Some(curve)) => self.set(key::ITEM_DELIVERS, Value::Curve(curve)),
            Ok(None) => {}
            Err((name, error)) => {
                let stated = item
                    .properties
                    .iter()
                    .find(|(each, _)| each.to_lowercase().contains(name));
                let found = stated.map_or(String::new(), |(_, given)| shown(given));
                self.error(&at(&format!("properties.{name}")), &found, error);
            }
        }
    }

    /// A code on one list says that the item is on no other that holds nothing of that one, and on none that the one carries as a
    /// whole when the code leads to no entry of it; unless its code there is stated too.
    fn apart(&mut self) {
        let law = self.law;
        let mut settled = Vec::new();
        for (list, own) in law.lists.iter().enumerate() {
            let claims = &self.facts.claims;
            if claims.iter().any(|claim| claim.list == Some(list)) {
                continue;
            }
            let ruled_out = |claim: &Claim| {
                let Some(other) = claim.list else {
                    return false;
                };
                own.apart_from.contains(&law.lists[other].id)
                    || self.known.carriers.rule_out(
                        law,
                        (list, other),
                        claim.code.as_deref(),
                        || self.known.crosswalk(law),
                    )
            };
            if claims.iter().any(ruled_out) {
                settled.push(Claim {
                    list: Some(list),
                    code: None,
                });
            }
        }
        self.facts.claims.extend(settled);
    }

    fn kind(&mut self, kind: &str, path: impl FnOnce() -> String) {
        let vocabulary = &self.law.vocabulary;
        let Some(fact) = self.fact(key::ITEM_KIND) else {
            return;
        };
        match read_word(vocabulary, fact, kind) {
            Ok(value) => self.facts.set(fact, value),
            Err(_) if self.kind_with_form(fact, kind) => {}
            Err(error) => self.flags.push(Flag {
                flag: format!(
                    "the kind `{kind}` is not in the vocabulary, and was not used: {}",
                    error.cure
                ),
                question: "Which kind of the vocabulary is it (`catchall law vocabulary --kinds`)?"
                    .to_owned(),
                evidence: path(),
                open: true,
            }),
        }
    }

    /// A kind with its form behind it, as people write materials: `maraging steel plate` is the kind, in the form of plate.
    fn kind_with_form(&mut self, fact: FactId, kind: &str) -> bool {
        let Some((base, last)) = kind.trim().rsplit_once([' ', '-', '_']) else {
            return false;
        };
        let vocabulary = &self.law.vocabulary;
        let Some(form) = vocabulary.fact("item.material_form") else {
            return false;
        };
        let (Ok(base), Ok(form_value)) = (
            read_word(vocabulary, fact, base),
            read_word(vocabulary, form, last),
        ) else {
            return false;
        };
        self.facts.set(fact, base);
        self.facts.set(form, form_value);
        true
    }

    fn code(&mut self, list: &str, code: &str, path: &str) {
        let list_word = fold_word(list);
        if list.trim() == "*" || list.trim().is_empty() {
            match claimed_code(code) {
                None => self.facts.claims.push(Claim {
                    list: None,
                    code: None,
                }),
                Some(code) => {
                    // A code without its list counts for every list that holds it.
                    let holds = |entry: &catchall_law::Entry| {
                        let (entry, code) = (entry.code.to_lowercase(), code.to_lowercase());
                        entry == code
                            || entry.starts_with(&format!("{code}."))
                            || code.starts_with(&format!("{entry}."))
                    };
                    let lists: Vec<usize> = (0..self.law.lists.len())
                        .filter(|list| self.law.lists[*list].entries.iter().any(holds))
                        .collect();
                    if lists.is_empty() {
                        self.flags.push(Flag {
                            flag: format!("the code `{code}` is in no list of the packs, and no list was named with it"),
                            question: "Which list is the code from?".to_owned(),
                            evidence: path.to_owned(),
                            open: true,
                        });
                    }
                    self.facts
                        .claims
                        .extend(lists.into_iter().map(|list| Claim {
                            list: Some(list),
                            code: Some(code.clone()),
                        }));
                }
            }
            return;
        }
        // A name may stand for several lists: `eu` for the common list and for the national ones beside it.
        let named = (0..self.law.lists.len()).filter(|place| {
            let list = &self.law.lists[*place];
            fold_word(&list.id) == list_word || list.accepts.contains(&list_word)
        });
        let named: Vec<usize> = named.collect();
        for list in &named {
            self.facts.claims.push(Claim {
                list: Some(*list),
                code: claimed_code(code),
            });
        }
        if named.is_empty() {
            self.flags.push(Flag {
                flag: format!(
                    "no pack holds the list `{list}`, so that its code `{code}` was not used"
                ),
                question: format!(
                    "Which of the lists held does the code correspond to: {}?",
                    self.law
                        .lists
                        .iter()
                        .map(|list| list.id.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                evidence: path.to_owned(),
                open: true,
            });
        }
    }

    /// The value of the line, for figures that are asked in its currency. Another currency says nothing.
    fn line_value(&mut self, value: &str) {
        for (fact, currency) in &self.law.line_values {
            let Some(amount) = amount_in(value, currency) else {
                continue;
            };
            let vocabulary = &self.law.vocabulary;
            if let Ok(value) = read_value(vocabulary, *fact, &Given::Text(amount)) {
                self.facts.set(*fact, value);
                let key = vocabulary.get(*fact).key.clone();
                let source = "read from the value of the line";
                self.evidence.push((key.into(), source.into()));
            }
        }
    }

    /// A heading of the Harmonised System, for lists that go by such headings: chapter, heading and subheading as steps of a path.
    fn tariff(&mut self, heading: &str) {
        let digits: Vec<char> = heading.chars().filter(char::is_ascii_digit).collect();
        let steps: Vec<String> = digits
            .chunks_exact(2)
            .map(|pair| pair.iter().collect())
            .collect();
        if steps.is_empty() {
            return;
        }
        let lists = self.law.lists.iter().enumerate();
        let claims = lists
            .filter(|(_, list)| list.accepts.iter().any(|name| name == TARIFF))
            .map(|(place, _)| Claim {
                list: Some(place),
                code: Some(steps.join(".")),
            });
        self.facts.claims.extend(claims);
    }

    /// A figure of the reach that has namesakes: the range of a radar, beside that of a missile.
    fn namesakes(&mut self, name: &str, given: &Given) {
        let known = self.known;
        for fact in known.properties.get(name).into_iter().flatten() {
            if let Ok(value) = read_value(&self.law.vocabulary, *fact, given) {
                self.facts.set(*fact, value);
            }
        }
    }

    fn property(&mut self, name: &str, given: &Given, path: impl FnOnce() -> String) {
        let vocabulary = &self.law.vocabulary;
        let facts = self.known.properties.get(name);
        let Some(facts) = facts else {
            let names = vocabulary
                .facts
                .iter()
                .filter_map(|fact| fact.key.strip_prefix("item."));
            let near = nearest(name, names)
                .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
            self.flags.push(Flag {
                flag: format!("no provision asks for the property `{name}`, and it was not used{near}"),
                question: "Is it one of the properties of the vocabulary (`catchall law vocabulary --properties`)?".to_owned(),
                evidence: path(),
                open: true,
            });
            return;
        };
        // A name that several figures go by is each of them that can take the value: entries ask for theirs by kind.
        let mut first = None;
        let mut taken = false;
        for fact in facts {
            let key = &vocabulary.get(*fact).key;
            let own = key.strip_prefix("item.") == Some(name);
            let read = read_value(vocabulary, *fact, given).or_else(|error| {
                without_unit(key, given)
                    .or_else(|| unit_is_name(name, given))
                    .and_then(|bare| read_value(vocabulary, *fact, &bare).ok())
                    .ok_or(error)
            });
            match read {
                Ok(_) if !own && self.facts.get(*fact).is_some() => taken = true,
                Ok(value) => {
                    self.facts.set(*fact, value);
                    taken = true;
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        let Some(error) = first.filter(|_| !taken) else {
            return;
        };
        let own = |fact: &FactId| vocabulary.get(*fact).key.strip_prefix("item.") == Some(name);
        if facts.iter().any(own) {
            return self.error(&path(), &shown(given), error);
        }
        // A name that only resembles ours says nothing in a form that ours do not have.
        self.flags.push(Flag {
            flag: format!(
                "`{name}` = `{}` was not used: {}",
                shown(given),
                error.problem
            ),
            question:
                "Which property of the vocabulary is it (`catchall law vocabulary --properties`)?"
                    .to_owned(),
            evidence: path(),
            open: true,
        });
    }

    fn licences(&mut self, transfer: &Transfer, line: &Line, on: Option<Day>) {
        let Some(fact) = self.fact(key::LICENCE_AUTHORITIES) else {
            return;
        };
        let mut sure = Vec::new();
        for licence in &transfer.licences {
            if let (Some(expires), Some(on)) = (licence.expires, on)
                && expires < on
            {
                self.flags.push(Flag {
                    flag: format!(
                        "the licence {} expired on {expires}, before {on}",
                        licence.id
                    ),
                    question: "Is there a licence that still runs?".to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let against = against(licence, line);
            if !against.is_empty() {
                let flag = format!(
                    "licence {} does not cover this: {}",
                    licence.id,
                    against.join("; ")
                );
                // The test of the licence shows why it counts for nothing.
                self.evidence
                    .push((KEYS[key::LICENCE_AUTHORITIES].into(), flag.clone().into()));
                self.flags.push(Flag {
                    flag,
                    question: "Is there a licence that covers it, or can this one be amended?"
                        .to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let Some(authority) = &licence.authority else {
                continue;
            };
            match read_value(&self.law.vocabulary, fact, &Given::Text(authority.clone())) {
                Ok(Value::Set { sure: places, .. }) => sure.extend(places),
                _ => self.flags.push(Flag {
                    flag: format!("the authority `{authority}` of the licence {} is not known, and the licence was not used", licence.id),
                    question: "Whose authority issued it? Write the jurisdiction: ru, us, eu, de ...".to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                }),
            }
        }
        sure.sort_unstable();
        sure.dedup();
        self.facts.set(fact, Value::Set { sure, more: false });
    }

    /// Where goods go is where they are used, unless somebody says that the end user is established elsewhere. A release of technology
    /// and a payment go to whoever receives them, which says nothing of an end user.
    fn end_users_place(&mut self, transfer: &Transfer) {
        let moves = transfer
            .kind
            .as_deref()
            .is_some_and(|kind| !["technology_release", "payment", "import"].contains(&kind));
        let said = self
            .fact(key::END_USER_COUNTRY)
            .is_some_and(|fact| self.facts.get(fact).is_some());
        if !moves || said || transfer.to.is_none() {
            return;
        }
        self.country(key::END_USER_COUNTRY, transfer.to);
        let source = "read from the destination";
        self.evidence
            .push(("end_user.country".into(), source.into()));
    }

    /// Shares that count only as far as somebody stated them: the sum that was stated for the same lists, or nothing.
    fn stated_shares(&mut self) {
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

    /// Facts that nobody stated and that the packs read from another.
    fn follows(&mut self) {
        for row in &self.law.follows {
            let known = match self.facts.get(row.from) {
                Some(Value::One(place)) => row.among.binary_search(place).is_ok(),
                Some(Value::OneOf(places)) => {
                    let within = |place: &u32| row.among.binary_search(place).is_ok();
                    !places.is_empty() && places.iter().all(within)
                }
                _ => false,
            };
            if known && self.facts.get(row.fact).is_none() {
                self.facts.set(row.fact, Value::YesNo(row.value));
                let vocabulary = &self.law.vocabulary;
                let key = vocabulary.get(row.fact).key.clone();
                let source = format!("read from `{}`", vocabulary.get(row.from).key);
                self.evidence.push((key.into(), source.into()));
            }
        }
    }

    fn further(&mut self, key: &str, given: &Given) {
        let path = format!("facts.{key}");
        if key == "item.listed" {
            match given {
                Given::YesNo(false) => self.facts.claims.push(Claim {
                    list: None,
                    code: None,
                }),
                Given::Text(text) if matches!(text.to_lowercase().as_str(), "no" | "false") => {
                    self.facts.claims.push(Claim {
                        list: None,
                        code: None,
                    })
                }
                _ => self.error(
                    &path,
                    &shown(given),
                    ValueError {
                        problem: "only that an item is not listed can be said here".to_owned(),
                        cure: "state the code under `codes` instead".to_owned(),
                    },
                ),
            }
            return;
        }
        if let Some(name) = key.strip_prefix("item.")
            && self.law.vocabulary.fact(key).is_none()
        {
            return self.property(name, given, || path);
        }
        if self.law.vocabulary.fact(key).is_none() {
            let near = nearest(
                key,
                self.law
                    .vocabulary
                    .facts
                    .iter()
                    .map(|fact| fact.key.as_str()),
            )
            .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
            return self.error(
                &path,
                &shown(given),
                ValueError {
                    problem: format!("unknown fact `{key}`{near}"),
                    cure: "`catchall law vocabulary` lists every fact".to_owned(),
                },
            );
        }
        let Some(fact) = self.law.vocabulary.fact(key) else {
            return;
        };
        match read_value(&self.law.vocabulary, fact, given) {
            Ok(value) => self.facts.set(fact, value),
            Err(error) => self.error(&path, &shown(given), error),
        }
    }
}

/// Why a licence does not cover a line: what its keeper says, and a stated balance that is too small. A balance or a
/// quantity that is left out, or that measure different things, says nothing.
fn against(licence: &LicenceHeld, line: &Line) -> Vec<String> {
    let mut reasons = licence.against.clone();
    let balance = licence
        .balance
        .as_deref()
        .and_then(|text| Quantity::parse(text).ok());
    let wanted = line
        .quantity
        .as_deref()
        .and_then(|text| Quantity::parse(text).ok());
    let base = |quantity: &Quantity| quantity.in_base();
    let Some(left) = balance else {
        return reasons;
    };
    if left.amount <= Number::ZERO {
        reasons.push("nothing is left of it".to_owned());
    } else if let Some(wanted) = wanted
        && wanted.unit.dimension() == left.unit.dimension()
        && let (Some((_, most)), Some((least, _))) = (base(&left), base(&wanted))
        && most < least
    {
        reasons.push(format!(
            "{left} is left of it, and the line is for {wanted}"
        ));
    }
    reasons
}

fn shown(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) | Given::Text(text) => text.clone(),
        Given::List(several) => several.iter().map(shown).collect::<Vec<_>>().join("; "),
    }
}

/// A property that carries its unit in its name, as data sheets and spreadsheets have it (`max_thrust_N`, `wall_mm`): the name
/// without it, and the figure with it where it was a bare number.
fn unit_in_name(name: &str, given: &Given) -> Option<(String, Given)> {
    let (base, suffix) = name.trim().rsplit_once(['_', ' '])?;
    let spelt = match suffix.to_lowercase().as_str() {
        "kmh" | "kph" => "km/h",
        _ => suffix,
    };
    let unit = Unit::find(spelt).or_else(|| Unit::nearest(spelt))?;
    let bare = |text: &str| {
        let digits = text.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' ' | b'-' | b'+' | b'e' | b'E')
        });
        digits && !text.trim().is_empty()
    };
    let with_unit = |text: &String| Given::Text(format!("{text} {}", unit.name()));
    let given = match given {
        Given::Text(text) | Given::Number(text) if bare(text) => with_unit(text),
        other => other.clone(),
    };
    let base = base.to_lowercase().replace([' ', '-'], "_");
    Some((base, given))
}

/// A bare figure under a name that is its unit: `tpp` of 4800, `mach` of 0.9.
fn unit_is_name(name: &str, given: &Given) -> Option<Given> {
    let (Given::Text(text) | Given::Number(text)) = given else {
        return None;
    };
    let unit = Unit::find(name).or_else(|| Unit::find(&name.to_uppercase()))?;
    (name.len() > 2).then(|| Given::Text(format!("{text} {}", unit.name())))
}

/// The amount of a value in a currency, `17.3 million USD`, written out; nothing where it is in another.
fn amount_in(value: &str, currency: &str) -> Option<String> {
    let value = value.trim();
    let last = value
        .rsplit_once(char::is_whitespace)
        .filter(|(_, word)| word.eq_ignore_ascii_case(currency))
        .map(|(amount, _)| amount);
    let first = value
        .split_once(char::is_whitespace)
        .filter(|(word, _)| word.eq_ignore_ascii_case(currency))
        .map(|(_, amount)| amount);
    let amount = last.or(first)?.trim();
    let (figure, places) = match amount.rsplit_once(char::is_whitespace) {
        Some((figure, "thousand")) => (figure, 3),
        Some((figure, "million")) => (figure, 6),
        Some((figure, "billion")) => (figure, 9),
        _ => (amount, 0),
    };
    let figure: String = figure.chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, part) = figure.split_once('.').unwrap_or((&figure, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    if places == 0 {
        return Some(figure.clone());
    }
    let mut written = whole.to_owned();
    let mut rest = part.chars();
    for _ in 0..places {
        written.push(rest.next().unwrap_or('0'));
    }
    let rest = rest.as_str();
    if !rest.is_empty() {
        written.push('.');
        written.push_str(rest);
    }
    Some(written)
}

/// A figure with its unit, for a fact that has the unit in its name and takes a bare number: `0.5 uF` for `capacitance_uf`.
fn without_unit(key: &str, given: &Given) -> Option<Given> {
    let (Given::Text(text) | Given::Number(text)) = given else {
        return None;
    };
    let (figure, unit) = text.trim().rsplit_once(' ')?;
    let unit = unit.to_lowercase();
    let forms = [
        unit.replace('/', "_per_"),
        unit.replace('/', "_"),
        format!("{unit}s"),
    ];
    let named = |form: &String| {
        key.strip_suffix(form.as_str())
            .is_some_and(|rest| rest.ends_with('_'))
    };
    forms
        .iter()
        .any(named)
        .then(|| Given::Text(figure.to_owned()))
}
