//! OFAC's advanced XML: reference tables first, then places, documents, parties, and last what each party is listed
//! under and since when.
//!
//! The only form of these lists with names in their own script and with days of listing. Everything points to
//! everything else by number; what a pointer misses is left out, since half of a party is still a party. Built from the
//! published format.

use std::collections::BTreeMap;

use catchall_model::Day;

use super::Refusal;
use super::dates::{Order, span};
use super::entry::{At, Entry, Reading, joined, tidy};
use super::formats::{Inputs, only};
use super::ofac_csv::kind_of;
use super::ofac_labels::labelled;
use super::xml::{Element, Plan, records};
use crate::{BirthDate, NameKind, PartyKind};

/// Reference tables that are read: the element, by number its text.
const TABLES: [&str; 14] = [
    "AliasType",
    "AreaCode",
    "Country",
    "DetailReference",
    "FeatureType",
    "IDRegDocType",
    "LegalBasis",
    "List",
    "LocPartType",
    "NamePartType",
    "PartySubType",
    "PartyType",
    "SanctionsType",
    "Script",
];

const OTHERS: [&str; 5] = [
    "DateOfIssue",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "SanctionsEntry",
];

#[derive(Default)]
struct Known {
    tables: BTreeMap<(&'static str, String), Row>,
    places: BTreeMap<String, Place>,
    /// Documents by the identity that they are of: label, number, country.
    documents: BTreeMap<String, Vec<[String; 3]>>,
}

/// A row of a reference table.
#[derive(Clone, Default)]
struct Row {
    text: String,
    /// The kind of party that a kind of its own is of.
    parent: String,
    /// The code of a country.
    code: String,
}

#[derive(Clone, Default)]
struct Place {
    text: String,
    country: String,
}

/// A party that waits for its entry in the list.
struct Waiting {
    row: u64,
    entry: Entry,
}

impl Known {
    fn row(&self, table: &'static str, id: &str) -> Row {
        self.tables
            .get(&(table, id.to_owned()))
            .cloned()
            .unwrap_or_default()
    }

    fn text(&self, table: &'static str, id: &str) -> String {
        self.row(table, id).text
    }

    fn country(&self, id: &str) -> String {
        let row = self.row("Country", id);
        if row.code.is_empty() {
            row.text
        } else {
            row.code
        }
    }
}

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let names: Vec<&str> = TABLES.iter().chain(&OTHERS).copied().collect();
    let plan = Plan {
        root: "Sanctions",
        records: &names,
        skip: &[],
    };
    let mut known = Known::default();
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut by_profile: BTreeMap<String, usize> = BTreeMap::new();
    let mut row = 0;
    records(input, &plan, |element| {
        match element.name.as_str() {
            "DateOfIssue" => reading.day = day_of(&element),
            "Location" => {
                let place = place(&known, &element);
                known
                    .places
                    .insert(element.attribute("ID").to_owned(), place);
            }
            "IDRegDocument" => document(&mut known, &element),
            "DistinctParty" => {
                row += 1;
                for profile in element.each("Profile") {
                    by_profile.insert(profile.attribute("ID").to_owned(), waiting.len());
                }
                let entry = party(reading, &known, &element);
                waiting.push(Waiting { row, entry });
            }
            "SanctionsEntry" => {
                let place = by_profile.get(element.attribute("ProfileID"));
                if let Some(one) = place.and_then(|place| waiting.get_mut(*place)) {
                    listed(&known, &mut one.entry, &element);
                }
            }
            name => {
                if let Some(table) = TABLES.iter().find(|table| **table == name) {
                    let row = Row {
                        text: element.text().to_owned(),
                        parent: element.attribute("PartyTypeID").to_owned(),
                        code: element.attribute("ISO2").to_owned(),
                    };
                    known
                        .tables
                        .insert((table, element.attribute("ID").to_owned()), row);
                }
            }
        }
        Ok(())
    })?;
    for one in waiting {
        let at = At {
            file: &file,
            row: one.row,
            ..At::default()
        };
        reading.take(&at, one.entry)?;
    }
    Ok(())
}

/// Year, month and day from elements of these names.
fn day_of(from: &Element) -> Option<Day> {
    let (first, last) = days_of(from)?;
    (first == last).then_some(first)
}

fn days_of(from: &Element) -> Option<(Day, Day)> {
    let parts = ["Year", "Month", "Day"].map(|part| from.text_of(part));
    span(&joined(&parts, "-"), Order::DayFirst)
}

fn place(known: &Known, from: &Element) -> Place {
    let mut parts: Vec<(String, String)> = Vec::new();
    for part in from.each("LocationPart") {
        let values: Vec<&Element> = part.each("LocationPartValue").collect();
        let value = values
            .iter()
            .find(|value| value.attribute("Primary") == "true")
            .or_else(|| values.first());
        if let Some(value) = value {
            let kind = known.text("LocPartType", part.attribute("LocPartTypeID"));
            parts.push((kind, value.text_of("Value").to_owned()));
        }
    }
    let order = |kind: &str| match kind.to_lowercase() {
        kind if kind.starts_with("address") => 0,
        kind if kind.starts_with("city") => 1,
        kind if kind.starts_with("state") => 2,
        kind if kind.starts_with("postal") => 3,
        _ => 4,
    };
    // Within an address the first line comes first: ADDRESS1, ADDRESS2.
    parts.sort_by_key(|(kind, _)| (order(kind), kind.clone()));
    let id = from
        .child("LocationCountry")
        .map_or("", |country| country.attribute("CountryID"));
    let country = known.row("Country", id);
    let mut texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
    texts.push(&country.text);
    Place {
        text: joined(&texts, ", "),
        country: match known.country(id) {
            // A place may be a country only, written as an unknown part.
            country if country.is_empty() && parts.len() == 1 => parts[0].1.clone(),
            country => country,
        },
    }
}

fn document(known: &mut Known, from: &Element) {
    let label = known.text("IDRegDocType", from.attribute("IDRegDocTypeID"));
    let issued = match from.attribute("IssuedBy-CountryID") {
        "" => from
            .child("IssuedBy")
            .map_or("", |by| by.attribute("CountryID")),
        id => id,
    };
    let country = known.country(issued);
    let number = from.text_of("IDRegistrationNo").to_owned();
    let of = known
        .documents
        .entry(from.attribute("IdentityID").to_owned())
        .or_default();
    of.push([label, number, country]);
}

fn party(reading: &mut Reading<'_>, known: &Known, from: &Element) -> Entry {
    let profile = from.child("Profile");
    let sub_type = profile.map_or("", |profile| profile.attribute("PartySubTypeID"));
    let sub = known.row("PartySubType", sub_type);
    let kind = match kind_of(&known.text("PartyType", &sub.parent)) {
        PartyKind::Organisation if sub.parent.is_empty() && sub.text.is_empty() => {
            PartyKind::Unknown
        }
        PartyKind::Organisation | PartyKind::Unknown => match kind_of(&sub.text) {
            PartyKind::Unknown => kind_of(&known.text("PartyType", &sub.parent)),
            kind => kind,
        },
        kind => kind,
    };
    let mut entry = Entry::new(from.attribute("FixedRef"), kind);
    for identity in from.all("Identity") {
        let parts = part_types(known, identity);
        for alias in identity.each("Alias") {
            alias_of(&mut entry, known, alias, &parts, kind);
        }
        let documents = known.documents.get(identity.attribute("ID"));
        for [label, number, country] in documents.into_iter().flatten() {
            labelled(&mut entry, reading, label, number, country);
        }
    }
    for feature in from.all("Feature") {
        feature_of(&mut entry, reading, known, feature);
    }
    entry
}

/// What each group of name parts is, by its number.
fn part_types(known: &Known, identity: &Element) -> BTreeMap<String, String> {
    identity
        .all("NamePartGroup")
        .into_iter()
        .map(|group| {
            let kind = known.text("NamePartType", group.attribute("NamePartTypeID"));
            (group.attribute("ID").to_owned(), kind)
        })
        .collect()
}

fn alias_of(
    entry: &mut Entry,
    known: &Known,
    alias: &Element,
    types: &BTreeMap<String, String>,
    kind: PartyKind,
) {
    let how = match known
        .text("AliasType", alias.attribute("AliasTypeID"))
        .as_str()
    {
        _ if alias.attribute("LowQuality") == "true" => NameKind::Weak,
        _ if alias.attribute("Primary") == "true" => NameKind::Primary,
        "F.K.A." => NameKind::Former,
        _ => NameKind::Strong,
    };
    for name in alias.each("DocumentedName") {
        let (mut family, mut given, mut all) = (Vec::new(), Vec::new(), Vec::new());
        let mut script = String::new();
        for value in name.all("NamePartValue") {
            let text = value.text();
            match types
                .get(value.attribute("NamePartGroupID"))
                .map_or("", String::as_str)
            {
                "Last Name" => family.push(text),
                "First Name" | "Middle Name" | "Patronymic" | "Matronymic" => given.push(text),
                _ => {}
            }
            all.push(text);
            script = known.text("Script", value.attribute("ScriptID"));
        }
        let latin = script.is_empty() || script == "Latin";
        let how = match how {
            NameKind::Weak => NameKind::Weak,
            _ if !latin => NameKind::Original,
            how => how,
        };
        if kind == PartyKind::Person && all.len() == family.len() + given.len() && !given.is_empty()
        {
            let (family, given) = (joined(&family, " "), joined(&given, " "));
            entry.name_parts(how, &joined(&[&family, &given], ", "), &given, &family);
        } else {
            entry.name(how, &joined(&all, " "));
        }
    }
}

fn feature_of(entry: &mut Entry, reading: &mut Reading<'_>, known: &Known, from: &Element) {
    let label = known.text("FeatureType", from.attribute("FeatureTypeID"));
    // A version may be left out of the way in small files.
    let versions: Vec<&Element> = from.each("FeatureVersion").collect();
    let versions = if versions.is_empty() {
        vec![from]
    } else {
        versions
    };
    for version in versions {
        let places: Vec<Place> = version
            .each("VersionLocation")
            .filter_map(|place| known.places.get(place.attribute("LocationID")).cloned())
            .collect();
        let details: Vec<String> = version
            .each("VersionDetail")
            .map(|detail| match detail.text() {
                "" => known.text("DetailReference", detail.attribute("DetailReferenceID")),
                text => text.to_owned(),
            })
            .filter(|text| !text.is_empty())
            .collect();
        match label.as_str() {
            "Birthdate" | "Organization Established Date" => {
                for period in version.each("DatePeriod") {
                    born(entry, period);
                }
            }
            "Place of Birth" => {
                for text in details.iter().chain(places.iter().map(|place| &place.text)) {
                    entry.birth_place(text);
                }
            }
            "Location" => {
                for place in &places {
                    entry.address(&place.text);
                    let country = reading.country(&place.country);
                    entry.country(country);
                }
            }
            "Nationality Country"
            | "Citizenship Country"
            | "Nationality of Registration"
            | "Vessel Flag" => {
                for text in details
                    .iter()
                    .chain(places.iter().map(|place| &place.country))
                {
                    let country = reading.country(text);
                    entry.country(country);
                }
            }
            "" => {}
            label => {
                for text in &details {
                    labelled(entry, reading, label, text, "");
                }
            }
        }
    }
}

fn born(entry: &mut Entry, period: &Element) {
    let start = period.child("Start");
    let from = start
        .and_then(|start| start.child("From"))
        .and_then(days_of);
    let end = period.child("End").or(start);
    let to = end
        .and_then(|end| end.child("To").or_else(|| end.child("From")))
        .and_then(days_of);
    if let Some((from, last)) = from {
        let to = to.map_or(last, |(_, to)| to).max(from);
        let circa = start.is_some_and(|start| start.attribute("Approximate") == "true");
        entry.birth(BirthDate { from, to, circa });
    }
}

fn listed(known: &Known, entry: &mut Entry, from: &Element) {
    for event in from.each("EntryEvent") {
        entry.listed(event.child("Date").and_then(day_of));
        let basis = known.text("LegalBasis", event.attribute("LegalBasisID"));
        if entry.listing.citation.is_none() && !basis.is_empty() && basis != "Unknown" {
            entry.listing.citation = Some(tidy(&basis));
        }
    }
    for measure in from.each("SanctionsMeasure") {
        let kind = known.text("SanctionsType", measure.attribute("SanctionsTypeID"));
        let text = measure.text_of("Comment");
        if kind.is_empty() || kind == "Program" {
            entry.programme(text);
        } else {
            entry.measure(&joined(&[&kind, text], ": "));
        }
    }
}
