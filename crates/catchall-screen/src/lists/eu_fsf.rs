//! The European Union's consolidated financial sanctions list: XML of the schema 1.1, nearly all of it in attributes.
//!
//! The reference number is the key, and the logical id where there is none. Built from the published format.

use catchall_model::Day;

use super::Refusal;
use super::dates::{Order, birth};
use super::entry::{At, Entry, Reading, joined};
use super::formats::{Inputs, only};
use super::xml::{Element, Plan, records};
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let plan = Plan {
        root: "export",
        records: &["sanctionEntity"],
        skip: &[],
    };
    let mut row = 0;
    records(input, &plan, |element| {
        if element.name == plan.root {
            reading.day = day(element.attribute("generationDate"));
            return Ok(());
        }
        row += 1;
        let at = At {
            file: &file,
            row,
            ..At::default()
        };
        let entry = entry(reading, &element);
        reading.take(&at, entry)
    })
}

/// The day of `2024-12-11T21:24:35.826+01:00`.
fn day(text: &str) -> Option<Day> {
    text.get(..10).and_then(|day| Day::parse(day).ok())
}

fn entry(reading: &mut Reading<'_>, from: &Element) -> Entry {
    let subject = from.child("subjectType");
    let code = |name: &str| subject.map_or("", |subject| subject.attribute(name));
    let kind = match (code("code"), code("classificationCode")) {
        ("person", _) | ("", "P") => PartyKind::Person,
        ("enterprise", _) | ("", "E") => PartyKind::Organisation,
        _ => PartyKind::Unknown,
    };
    let key = match from.attribute("euReferenceNumber") {
        "" => from.attribute("logicalId"),
        key => key,
    };
    let mut entry = Entry::new(key, kind);
    for (place, name) in from.each("nameAlias").enumerate() {
        name_of(&mut entry, name, place == 0);
    }
    for country in from.each("citizenship") {
        let country = country_of(reading, country);
        entry.country(country);
    }
    for born in from.each("birthdate") {
        birth_of(&mut entry, born);
    }
    for address in from.each("address") {
        let parts = [
            "street",
            "poBox",
            "place",
            "city",
            "region",
            "zipCode",
            "countryDescription",
        ];
        entry.address_of(&parts.map(|part| address.attribute(part)));
        let country = country_of(reading, address);
        entry.country(country);
    }
    for number in from.each("identification") {
        number_of(&mut entry, reading, number);
    }
    for regulation in from.each("regulation") {
        entry.programme(regulation.attribute("programme"));
        let title = regulation.attribute("numberTitle");
        if entry.listing.citation.is_none() && !title.is_empty() {
            entry.listing.citation = Some(title.to_owned());
        }
    }
    entry.listed(day(from.attribute("designationDate")));
    if entry.listing.valid.from.is_none() {
        for act in from
            .all("regulationSummary")
            .into_iter()
            .chain(from.each("regulation"))
        {
            entry.listed(day(act.attribute("publicationDate")));
        }
    }
    entry.identifier("un_reference", from.attribute("unitedNationId"), None);
    entry.remark(from.attribute("designationDetails"));
    for remark in from.each("remark") {
        entry.remark(remark.text());
    }
    entry
}

fn name_of(entry: &mut Entry, from: &Element, first: bool) {
    let given = joined(
        &[from.attribute("firstName"), from.attribute("middleName")],
        " ",
    );
    let family = from.attribute("lastName");
    let composed = joined(&[&given, family], " ");
    let whole = match from.attribute("wholeName") {
        "" => composed.as_str(),
        whole => whole,
    };
    let latin = whole
        .chars()
        .all(|c| !c.is_alphabetic() || (c as u32) < 0x370);
    let kind = match (first, from.attribute("strong"), latin) {
        (_, "false", _) => NameKind::Weak,
        (true, _, true) => NameKind::Primary,
        (_, _, true) => NameKind::Strong,
        (_, _, false) => NameKind::Original,
    };
    entry.name_parts(kind, whole, &given, family);
    entry.remark_of(
        "Gender",
        match from.attribute("gender") {
            "M" => "Male",
            "F" => "Female",
            other => other,
        },
    );
    entry.remark_of("Title", from.attribute("title"));
    entry.remark_of("Function", from.attribute("function"));
}

fn country_of(reading: &mut Reading<'_>, from: &Element) -> Option<catchall_model::Country> {
    let code = from.attribute("countryIso2Code");
    // `00` is what the list writes where a country is not known.
    if code.len() == 2 && code != "00" {
        reading.country(code)
    } else {
        reading.country(from.attribute("countryDescription"))
    }
}

fn birth_of(entry: &mut Entry, from: &Element) {
    let (first, last) = (
        from.attribute("yearRangeFrom"),
        from.attribute("yearRangeTo"),
    );
    let parts = ["year", "monthOfYear", "dayOfMonth"].map(|part| from.attribute(part));
    let text = match () {
        () if !from.attribute("birthdate").is_empty() => from.attribute("birthdate").to_owned(),
        () if !first.is_empty() && !last.is_empty() => format!("{first} to {last}"),
        () => joined(&parts, "-"),
    };
    match birth(&text, Order::DayFirst) {
        Some(mut read) => {
            read.circa |= from.attribute("circa") == "true";
            entry.birth(read);
        }
        None => entry.remark_of("Born", &text),
    }
    let place = ["place", "city", "region", "countryDescription"].map(|part| {
        let text = from.attribute(part);
        if text == "UNKNOWN" { "" } else { text }
    });
    entry.birth_place(&joined(&place, ", "));
}

fn number_of(entry: &mut Entry, reading: &mut Reading<'_>, from: &Element) {
    let number = match from.attribute("number") {
        "" => from.attribute("latinNumber"),
        number => number,
    };
    let kind = match from.attribute("identificationTypeCode") {
        "passport" | "diplomaticpassport" | "servicepassport" => "passport",
        "id" | "ssn" | "electionid" | "residentperm" => "national_id",
        "fiscalcode" | "taxid" | "vatnumber" => "tax",
        "regnumber" | "tradelic" => "registration",
        "swiftbic" => "swift",
        "imo" | "imonumber" => "imo",
        "travelDoc" | "traveldoc" => "travel_document",
        "driverLicense" | "driverlicense" => "driving_licence",
        "" => "other",
        other => other,
    };
    if from.attribute("knownFalse") == "true" {
        entry.remark_of("Known to be false", number);
        return;
    }
    let country = country_of(reading, from);
    entry.identifier(kind, number, country);
}
