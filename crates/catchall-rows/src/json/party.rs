//! A party that stands by itself, to be screened: as the contract writes it, or as a FollowTheMoney entity.
//!
//! The contract's form is read strictly, as within a transfer, but for the role, which a party to be screened need not have. An
//! entity is data from elsewhere: properties that are not compared here are left alone.
//!
//! To add an identifier of FollowTheMoney: one row in `IDENTIFIERS`; a property: a line in `of_entity`.

use std::borrow::Cow;

use catchall_model::{Day, Party};
use serde_json::value::RawValue;

use super::value::{self, Fields, Value};
use super::walk::Walk;
use super::{PARTY, party_field, record};
use crate::complaint::{Complaint, Fault, Known};

/// Properties that hold names: the first name found is the name, the others its spellings.
const NAMES: &[&str] = &["name", "alias", "weakAlias", "previousName"];

/// Properties that hold countries.
const COUNTRIES: &[&str] = &["nationality", "country", "jurisdiction", "citizenship"];

/// Properties that hold identifiers, and our types of them.
const IDENTIFIERS: &[(&str, &str)] = &[
    ("passportNumber", "passport"),
    ("idNumber", "national_id"),
    ("taxNumber", "tax"),
    ("registrationNumber", "registration"),
    ("imoNumber", "imo"),
    ("mmsi", "mmsi"),
    ("leiCode", "lei"),
    ("swiftBic", "swift"),
    ("innCode", "tax"),
    ("ogrnCode", "registration"),
];

/// A party to screen, with the caller's key.
#[derive(Clone, Debug)]
pub struct AskedParty {
    /// The caller's key; the number of the record when none is given.
    pub key: String,
    /// The party.
    pub party: Party,
}

impl AskedParty {
    /// The party of a record, if there is anything to ask with.
    pub(crate) fn new(key: String, party: Party, row: u64) -> Result<AskedParty, Complaint> {
        if party.name.is_none() && party.identifiers.is_empty() {
            let problem = "neither a name nor an identifier";
            return Err(Fault::new(problem, "give one of them").of_all());
        }
        let key = if key.is_empty() { row.to_string() } else { key };
        Ok(AskedParty { key, party })
    }
}

/// Reads one record; `row` stands in for an id that is not given.
pub(crate) fn party(known: &Known, bytes: &[u8], row: u64) -> Result<AskedParty, Vec<Complaint>> {
    let (text, fields) = record(bytes, "party").map_err(|complaint| vec![complaint])?;
    let mut walk = Walk::new(known);
    walk.each_once(&fields, text);
    let properties = fields.iter().find(|(name, _)| name == "properties");
    let (key, party) = match properties.map(|(_, raw)| *raw) {
        Some(properties) => of_entity(&mut walk, &fields, properties),
        None => of_contract(&mut walk, fields),
    };
    if walk.complaints.is_empty() {
        AskedParty::new(key, party, row).map_err(|complaint| vec![complaint])
    } else {
        Err(walk.complaints)
    }
}

fn key(walk: &mut Walk<'_>, raw: &RawValue) -> String {
    let key = walk.within("id", |walk| {
        walk.text_or_number(raw, "write the key as a text or a number")
    });
    key.unwrap_or_default()
}

/// A party as the contract writes it.
fn of_contract(walk: &mut Walk<'_>, fields: Fields<'_>) -> (String, Party) {
    let known: Vec<&str> = PARTY.iter().copied().chain(["id", "schema"]).collect();
    let mut party = Party::default();
    let mut id = String::new();
    for (field, value) in walk.known(fields, &known) {
        match known.get(field).copied().unwrap_or_default() {
            "id" => id = key(walk, value),
            name => party_field(walk, name, value, &mut party),
        }
    }
    // A party that is asked for alone plays no part in a transfer.
    party.role.clear();
    (id, party)
}

/// A FollowTheMoney entity.
fn of_entity(walk: &mut Walk<'_>, fields: &Fields<'_>, properties: &RawValue) -> (String, Party) {
    let field = |name: &str| {
        fields
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, raw)| *raw)
    };
    let id = field("id").map_or_else(String::new, |raw| key(walk, raw));
    let schema = field("schema").and_then(|raw| {
        walk.within("schema", |walk| {
            walk.text(raw, "write the name of a schema")
        })
    });
    let all = Properties(walk.within("properties", |walk| walk.pairs(properties)));

    let mut names = all.of(NAMES);
    if names.is_empty() {
        names.extend(field("caption").and_then(text));
    }
    let mut names = names.into_iter();
    let countries: Vec<_> = all
        .of(COUNTRIES)
        .iter()
        .filter_map(|name| {
            let places = &walk.places.places;
            places
                .find(&name.to_uppercase())
                .or_else(|| places.find(name))
        })
        .collect();
    let mut identifiers = Vec::new();
    for (name, kind) in IDENTIFIERS {
        let texts = all.of(&[name]);
        identifiers.extend(texts.into_iter().map(|text| ((*kind).to_owned(), text)));
    }
    identifiers.sort();
    let party = Party {
        name: names.next(),
        names: names.collect(),
        kind: schema.map(|schema| kind(&schema).to_owned()),
        // Entities may have a year or a month only, which settles no day.
        born: all
            .of(&["birthDate"])
            .iter()
            .find_map(|text| Day::parse(text).ok()),
        nationalities: (!countries.is_empty()).then_some(countries),
        address: all.of(&["address"]).into_iter().next(),
        identifiers,
        ..Party::default()
    };
    (id, party)
}

/// Our type of party for a schema.
fn kind(schema: &str) -> &'static str {
    match schema {
        "Person" => "person",
        "Vessel" => "vessel",
        "Airplane" => "aircraft",
        "LegalEntity" | "Thing" => "other",
        _ => "company",
    }
}

/// The properties of an entity: lists of texts, or single ones.
struct Properties<'a>(Fields<'a>);

impl Properties<'_> {
    /// The texts of some properties, in the order of their names here.
    fn of(&self, names: &[&str]) -> Vec<String> {
        let mut texts = Vec::new();
        for name in names {
            for (_, raw) in self.0.iter().filter(|(own, _)| own == name) {
                match Value::of(raw) {
                    Value::List(list) => {
                        let elements = value::list(list).unwrap_or_default();
                        texts.extend(elements.into_iter().filter_map(text));
                    }
                    _ => texts.extend(text(raw)),
                }
            }
        }
        texts
    }
}

/// A text, or a number as written.
fn text(raw: &RawValue) -> Option<String> {
    let text = match Value::of(raw) {
        Value::Text(raw) => value::text(raw).ok()?,
        Value::Number(written) => Cow::Borrowed(written),
        _ => return None,
    };
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
