//! FollowTheMoney entities, one JSON object a line, whole or as a file of changes (`op`: `ADD`, `MOD`, `DEL`).
//!
//! Parties become listings; sanctions and addresses, which are entities of their own there, are put to their parties,
//! and other relations are left out. A property that a stream has and a listing has not becomes a remark, so that
//! nothing is lost but what relates two parties. Lists of this form differ in what may be done with them; the roof says
//! which one it is.

use std::collections::BTreeMap;

use catchall_model::Day;
use serde_json::Value;

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{At, Entry, Reading, joined};
use super::formats::{Inputs, only, refuse_page};
use super::json::{lines, text, texts};
use crate::{NameKind, PartyKind};

/// Kinds of entity that are parties.
const PARTIES: &[(&str, PartyKind)] = &[
    ("Person", PartyKind::Person),
    ("Organization", PartyKind::Organisation),
    ("Company", PartyKind::Organisation),
    ("PublicBody", PartyKind::Organisation),
    ("LegalEntity", PartyKind::Unknown),
    ("Asset", PartyKind::Unknown),
    ("Vehicle", PartyKind::Unknown),
    ("Vessel", PartyKind::Vessel),
    ("Airplane", PartyKind::Aircraft),
    ("CryptoWallet", PartyKind::Unknown),
];

const NAMES: &[(&str, NameKind)] = &[
    ("name", NameKind::Primary),
    ("alias", NameKind::Strong),
    ("abbreviation", NameKind::Strong),
    ("previousName", NameKind::Former),
    ("pastNames", NameKind::Former),
    ("weakAlias", NameKind::Weak),
];

const NUMBERS: &[(&str, &str)] = &[
    ("passportNumber", "passport"),
    ("idNumber", "national_id"),
    ("nationalId", "national_id"),
    ("socialSecurityNumber", "national_id"),
    ("taxNumber", "tax"),
    ("innCode", "tax"),
    ("vatCode", "tax"),
    ("registrationNumber", "registration"),
    ("ogrnCode", "registration"),
    ("okpoCode", "okpo"),
    ("uscCode", "uscc"),
    ("imoNumber", "imo"),
    ("mmsi", "mmsi"),
    ("callSign", "call_sign"),
    ("leiCode", "lei"),
    ("dunsCode", "duns"),
    ("swiftBic", "swift"),
    ("bikCode", "bik"),
    ("isinCode", "isin"),
    ("ticker", "ticker"),
    ("uniqueEntityId", "uei"),
    ("publicKey", "crypto"),
    ("email", "email"),
    ("phone", "phone"),
    ("website", "website"),
    ("wikidataId", "wikidata"),
    ("serialNumber", "msn"),
];

const COUNTRIES: [&str; 6] = [
    "nationality",
    "citizenship",
    "country",
    "jurisdiction",
    "flag",
    "mainCountry",
];

/// What entities of their own say of parties.
#[derive(Default)]
struct Beside {
    /// Addresses by id: text and country.
    addresses: BTreeMap<String, (String, String)>,
    /// Sanctions by party.
    sanctions: BTreeMap<String, Vec<Value>>,
}

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "one JSON object a line")?;
    let file = input.file.clone();
    let mut beside = Beside::default();
    let mut waiting: Vec<(u64, Entry, Vec<String>)> = Vec::new();
    lines(input, |line, found| {
        let at = At {
            file: &file,
            row: line,
            line: Some(line),
            cell: None,
        };
        let value = match found {
            Ok(value) => value,
            Err(problem) => {
                reading.reject(&at, None, &problem, "one JSON object a line");
                return Ok(());
            }
        };
        let (op, entity) = match value.get("op") {
            Some(op) => {
                reading.is_delta = true;
                (
                    op.as_str().unwrap_or(""),
                    value.get("entity").unwrap_or(&Value::Null),
                )
            }
            None => ("ADD", &value),
        };
        let id = text(entity, "id");
        match op {
            "DEL" if !id.is_empty() => {
                reading.deleted.insert(id.to_owned());
            }
            "ADD" | "MOD" if !id.is_empty() => {
                reading.deleted.remove(id);
                one(reading, &mut beside, &mut waiting, line, entity);
            }
            "ADD" | "MOD" | "DEL" => {
                reading.reject(&at, None, "no id", "each entity has its id");
            }
            other => {
                reading.reject(
                    &at,
                    Some(id),
                    &format!("unknown op `{other}`"),
                    "`ADD`, `MOD` or `DEL`",
                );
            }
        }
        Ok(())
    })?;
    for (line, mut entry, addresses) in waiting {
        put_beside(reading, &beside, &mut entry, &addresses);
        let at = At {
            file: &file,
            row: line,
            line: Some(line),
            cell: None,
        };
        reading.take(&at, entry)?;
    }
    if reading.is_delta && !(beside.addresses.is_empty() && beside.sanctions.is_empty()) {
        reading.note("changes of addresses and sanctions without their party are not carried over");
    }
    Ok(())
}

fn one(
    reading: &mut Reading<'_>,
    beside: &mut Beside,
    waiting: &mut Vec<(u64, Entry, Vec<String>)>,
    line: u64,
    entity: &Value,
) {
    let schema = text(entity, "schema");
    let properties = entity.get("properties").unwrap_or(&Value::Null);
    if let Some((_, kind)) = PARTIES.iter().find(|(name, _)| *name == schema) {
        let entry = party(reading, entity, properties, *kind);
        let addresses = texts(properties, "addressEntity")
            .into_iter()
            .map(str::to_owned);
        waiting.push((line, entry, addresses.collect()));
        return;
    }
    reading.skipped += 1;
    match schema {
        "Address" => {
            let parts = ["full", "street", "city", "region", "postalCode"];
            let first = |part: &str| {
                texts(properties, part)
                    .first()
                    .copied()
                    .unwrap_or("")
                    .to_owned()
            };
            let text = match first("full") {
                full if full.is_empty() => {
                    let parts = parts.map(first);
                    joined(&parts.each_ref().map(String::as_str), ", ")
                }
                full => full,
            };
            let address = (text, first("country"));
            beside
                .addresses
                .insert(self::text(entity, "id").to_owned(), address);
        }
        "Sanction" => {
            for party in texts(properties, "entity") {
                let known = beside.sanctions.entry(party.to_owned()).or_default();
                known.push(properties.clone());
            }
        }
        _ => {}
    }
}

fn party(reading: &mut Reading<'_>, entity: &Value, properties: &Value, kind: PartyKind) -> Entry {
    let mut entry = Entry::new(text(entity, "id"), kind);
    let caption = text(entity, "caption");
    let (given, family) = (
        texts(properties, "firstName"),
        texts(properties, "lastName"),
    );
    if !caption.is_empty() && texts(properties, "name").contains(&caption) {
        entry.name(NameKind::Primary, caption);
    }
    for (property, how) in NAMES {
        for name in texts(properties, property) {
            let how = match how {
                NameKind::Primary if !entry.listing.names.is_empty() => NameKind::Strong,
                how => *how,
            };
            entry.name(how, name);
        }
    }
    // Parts are told apart only where there is one of each; else nobody says which belong together.
    if let ([given], [family]) = (given.as_slice(), family.as_slice())
        && let Some(name) = entry.listing.names.first_mut()
    {
        name.given = Some((*given).to_owned());
        name.family = Some((*family).to_owned());
    }
    for (property, kind) in NUMBERS {
        for number in texts(properties, property) {
            entry.identifier(kind, number, None);
        }
    }
    for property in COUNTRIES {
        for country in texts(properties, property) {
            let country = reading.country(country);
            entry.country(country);
        }
    }
    for property in ["birthDate", "incorporationDate"] {
        for birth in texts(properties, property) {
            entry.births(birth, Order::DayFirst);
        }
    }
    for place in texts(properties, "birthPlace") {
        entry.birth_place(place);
    }
    for address in texts(properties, "address") {
        entry.address(address);
    }
    for programme in ["program", "programId", "topics"] {
        for programme in texts(properties, programme) {
            entry.programme(programme);
        }
    }
    for (label, property) in [
        ("Gender", "gender"),
        ("Title", "title"),
        ("Position", "position"),
        ("Vessel type", "type"),
        ("Died", "deathDate"),
    ] {
        for remark in texts(properties, property) {
            entry.remark_of(label, remark);
        }
    }
    for remark in texts(properties, "notes") {
        entry.remark(remark);
    }
    entry
}

fn put_beside(reading: &mut Reading<'_>, beside: &Beside, entry: &mut Entry, addresses: &[String]) {
    for (address, country) in addresses.iter().filter_map(|id| beside.addresses.get(id)) {
        entry.address(address);
        let country = reading.country(country);
        entry.country(country);
    }
    let sanctions = beside.sanctions.get(&entry.listing.source_id);
    let mut open = false;
    let mut last: Option<Day> = None;
    for sanction in sanctions.into_iter().flatten() {
        for programme in ["program", "programId"] {
            for programme in texts(sanction, programme) {
                entry.programme(programme);
            }
        }
        for authority in texts(sanction, "authority") {
            entry.remark_of("Authority", authority);
        }
        for measure in texts(sanction, "provisions") {
            entry.measure(measure);
        }
        for day in ["listingDate", "startDate"] {
            for day in texts(sanction, day) {
                entry.listed(dates::day(day, Order::DayFirst));
            }
        }
        let end = texts(sanction, "endDate");
        let end = end
            .iter()
            .filter_map(|day| dates::day(day, Order::DayFirst))
            .max();
        open |= end.is_none();
        last = last.max(end);
    }
    // In force as long as one of its sanctions is.
    if !open {
        entry.delisted(last);
    }
}
