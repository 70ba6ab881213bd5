//! Listed parties as FollowTheMoney entities, the form in which screening programs exchange them. Used by the doors that speak as
//! yente does ([`super::yente`]) and by OpenRefine's ([`super::reconcile`]).
//!
//! To add a property: one line in `properties`, or one row in `IDENTIFIERS`.

use std::collections::BTreeMap;

use catchall_law::{Law, ListedParty, fold_name};
use catchall_model::{Day, Hit};
use catchall_screen::{Listing, NameKind, PartyKind};
use serde_json::{Map, Value, json};

use crate::access::secret;
use crate::app::Current;

/// Kinds of identifiers of stored lists, and the property that holds them.
const IDENTIFIERS: [(&str, &str); 9] = [
    ("passport", "passportNumber"),
    ("national_id", "idNumber"),
    ("tax", "taxNumber"),
    ("registration", "registrationNumber"),
    ("imo", "imoNumber"),
    ("mmsi", "mmsi"),
    ("lei", "leiCode"),
    ("swift", "swiftBic"),
    ("call_sign", "callSign"),
];

/// The schemata that our listings have, each with its name for one and for many.
pub const SCHEMATA: [(&str, &str, &str); 5] = [
    ("Person", "Person", "People"),
    ("Organization", "Organization", "Organizations"),
    ("LegalEntity", "Legal entity", "Legal entities"),
    ("Vessel", "Vessel", "Vessels"),
    ("Airplane", "Airplane", "Airplanes"),
];

/// Where listed parties are found: by id, and by the words of their names.
pub struct Directory {
    by_id: BTreeMap<String, Place>,
    listings: Vec<Listing>,
    /// Folded names of each listing, in the order of the listings.
    names: Vec<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Place {
    Listing(usize),
    Pack(usize),
}

/// The schema of a kind of party.
pub fn schema(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "Person",
        PartyKind::Organisation => "Organization",
        PartyKind::Vessel => "Vessel",
        PartyKind::Aircraft => "Airplane",
        PartyKind::Unknown => "LegalEntity",
    }
}

/// The id of an imported listing.
pub fn id_of(list: &str, source_id: &str) -> String {
    format!("{list}:{source_id}")
}

/// The id of a party that a pack lists by name alone.
fn id_in_pack(list: &str, name: &str) -> String {
    let digest = secret::digest(name);
    format!("{list}:name-{}", digest.get(..12).unwrap_or_default())
}

impl Directory {
    /// Of everything that is held.
    pub fn of(current: &Current) -> Directory {
        let listings = current.assessor.listings();
        let mut by_id = BTreeMap::new();
        for (place, listing) in listings.iter().enumerate() {
            by_id.insert(
                id_of(&listing.list, &listing.source_id),
                Place::Listing(place),
            );
        }
        let law = current.assessor.law();
        for (place, party) in law.parties.iter().enumerate() {
            if party.imported.is_empty() {
                by_id.insert(
                    id_in_pack(&law.sets[party.set].id, &party.name),
                    Place::Pack(place),
                );
            }
        }
        let folded = |listing: &Listing| {
            listing
                .names
                .iter()
                .map(|name| fold_name(&name.text))
                .collect()
        };
        Directory {
            by_id,
            names: listings.iter().map(folded).collect(),
            listings,
        }
    }

    /// The entity of this id.
    pub fn find(&self, current: &Current, id: &str, on: Day) -> Option<Value> {
        match self.by_id.get(id)? {
            Place::Listing(place) => self.listings.get(*place).map(|listing| entity(listing, on)),
            Place::Pack(place) => {
                let law = current.assessor.law();
                law.parties.get(*place).map(|party| of_pack(law, party, on))
            }
        }
    }

    /// The entity of a hit.
    pub fn of_hit(&self, current: &Current, hit: &Hit, on: Day) -> Value {
        let listing = &hit.listing;
        let id = if listing.source_id.is_empty() {
            id_in_pack(&listing.list, &listing.name)
        } else {
            id_of(&listing.list, &listing.source_id)
        };
        self.find(current, &id, on).unwrap_or_else(|| {
            json!({
                "id": id, "caption": listing.name, "schema": "LegalEntity", "properties": { "name": [listing.name] },
                "datasets": [listing.list], "referents": [], "target": true,
                "first_seen": null, "last_seen": null, "last_change": null,
            })
        })
    }

    /// Listings held on a day of which a name has a word that begins with each word of the text: whole names first, then shorter
    /// ones, then by id.
    pub fn search(&self, text: &str, on: Day) -> Vec<&Listing> {
        let folded = fold_name(text);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let fits = |name: &String| {
            words
                .iter()
                .all(|word| name.split(' ').any(|own| own.starts_with(word)))
        };
        let mut found: Vec<(bool, usize, &Listing)> = self
            .listings
            .iter()
            .zip(&self.names)
            .filter(|(listing, _)| held(listing, on))
            .filter_map(|(listing, names)| {
                let best = names
                    .iter()
                    .filter(|name| fits(name))
                    .map(String::len)
                    .min()?;
                let whole = names.contains(&folded);
                Some((!whole, best, listing))
            })
            .collect();
        found.sort_by(|a, b| {
            (a.0, a.1, &a.2.list, &a.2.source_id).cmp(&(b.0, b.1, &b.2.list, &b.2.source_id))
        });
        found.into_iter().map(|(_, _, listing)| listing).collect()
    }
}

/// Whether a listing stands on a day, as far as is known.
pub fn held(listing: &Listing, on: Day) -> bool {
    listing.valid.hold(on) && listing.seen.to.is_none_or(|to| on <= to)
}

/// A listing as an entity.
pub fn entity(listing: &Listing, on: Day) -> Value {
    let moment = |day: Option<Day>| day.map(|day| format!("{day}T00:00:00"));
    let caption = listing.names.first().map_or("", |name| name.text.as_str());
    json!({
        "id": id_of(&listing.list, &listing.source_id),
        "caption": caption,
        "schema": schema(listing.kind),
        "properties": properties(listing),
        "datasets": [listing.list],
        "referents": [],
        "target": held(listing, on),
        "first_seen": moment(listing.seen.from),
        "last_seen": moment(listing.seen.to),
        "last_change": null,
    })
}

fn properties(listing: &Listing) -> Map<String, Value> {
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut put = |name: &'static str, value: String| {
        let values = all.entry(name).or_default();
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    };
    let person = listing.kind == PartyKind::Person;
    for name in &listing.names {
        let property = match name.kind {
            NameKind::Primary => "name",
            NameKind::Strong | NameKind::Original => "alias",
            NameKind::Weak => "weakAlias",
            NameKind::Former => "previousName",
        };
        put(property, name.text.clone());
    }
    for identifier in &listing.identifiers {
        let known = IDENTIFIERS
            .iter()
            .find(|(kind, _)| *kind == identifier.kind);
        put(
            known.map_or("idNumber", |(_, property)| property),
            identifier.value.clone(),
        );
    }
    for birth in &listing.births {
        let whole_year =
            birth.from.to_string().ends_with("-01-01") && birth.to.to_string().ends_with("-12-31");
        let text = birth.from.to_string();
        let year = text.get(..4).unwrap_or_default().to_owned();
        if birth.from == birth.to {
            put("birthDate", text);
        } else if whole_year {
            put("birthDate", year);
        }
    }
    listing
        .birth_places
        .iter()
        .for_each(|place| put("birthPlace", place.clone()));
    for country in &listing.countries {
        put(
            if person { "nationality" } else { "country" },
            country.code().to_lowercase(),
        );
    }
    listing
        .addresses
        .iter()
        .for_each(|address| put("address", address.clone()));
    listing
        .programmes
        .iter()
        .for_each(|programme| put("program", programme.clone()));
    listing
        .remarks
        .iter()
        .for_each(|remark| put("notes", remark.clone()));
    all.into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name.to_owned(), json!(values)))
        .collect()
}

fn of_pack(law: &Law, party: &ListedParty, on: Day) -> Value {
    let set = &law.sets[party.set];
    let (first, last) = party.period.ends();
    let cite = if party.cite.is_empty() {
        &set.cite
    } else {
        &party.cite
    };
    let mut properties = json!({ "name": [party.name], "program": [cite] });
    if !party.aliases.is_empty() {
        properties["alias"] = json!(party.aliases);
    }
    json!({
        "id": id_in_pack(&set.id, &party.name), "caption": party.name, "schema": "LegalEntity", "properties": properties,
        "datasets": [set.id], "referents": [], "target": party.period.on(on) != catchall_law::Holds::No,
        "first_seen": (first > Day::MIN).then(|| format!("{first}T00:00:00")),
        "last_seen": (last < Day::MAX).then(|| format!("{last}T00:00:00")), "last_change": null,
    })
}
