//! The United Nations Security Council's consolidated XML: individuals and entities of all its sanctions committees.
//!
//! The reference number (`CDi.001`) is the key; the file's own numbers change with each version of a record. Aliases
//! come as good and low quality, as known by and formerly known by.

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
        root: "CONSOLIDATED_LIST",
        records: &["INDIVIDUAL", "ENTITY"],
        skip: &[],
    };
    let mut row = 0;
    records(input, &plan, |element| {
        if element.name == plan.root {
            let generated = element.attribute("dateGenerated");
            reading.day = generated.get(..10).and_then(|day| Day::parse(day).ok());
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

fn entry(reading: &mut Reading<'_>, from: &Element) -> Entry {
    let person = from.name == "INDIVIDUAL";
    let (kind, prefix) = if person {
        (PartyKind::Person, "INDIVIDUAL")
    } else {
        (PartyKind::Organisation, "ENTITY")
    };
    let key = match from.text_of("REFERENCE_NUMBER") {
        "" => from.text_of("DATAID"),
        key => key,
    };
    let mut entry = Entry::new(key, kind);
    names(&mut entry, from, prefix, person);
    entry.programme(from.text_of("UN_LIST_TYPE"));
    entry.listed(Day::parse(date_of(from.text_of("LISTED_ON"))).ok());
    for title in values(from, "TITLE") {
        entry.remark_of("Title", title);
    }
    for post in values(from, "DESIGNATION") {
        entry.remark_of("Designation", post);
    }
    for nationality in values(from, "NATIONALITY") {
        let country = reading.country(nationality);
        entry.country(country);
    }
    for address in from.each(&format!("{prefix}_ADDRESS")) {
        address_of(&mut entry, reading, address);
    }
    for born in from.each("INDIVIDUAL_DATE_OF_BIRTH") {
        birth_of(&mut entry, born);
    }
    for place in from.each("INDIVIDUAL_PLACE_OF_BIRTH") {
        let parts = ["CITY", "STATE_PROVINCE", "COUNTRY"].map(|part| place.text_of(part));
        entry.birth_place(&joined(&parts, ", "));
        entry.remark_of("Place of birth", place.text_of("NOTE"));
    }
    for document in from.each("INDIVIDUAL_DOCUMENT") {
        document_of(&mut entry, reading, document);
    }
    entry.remark_of("Gender", from.text_of("GENDER"));
    entry.remark(from.text_of("COMMENTS1"));
    entry
}

fn names(entry: &mut Entry, from: &Element, prefix: &str, person: bool) {
    let parts =
        ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| from.text_of(part));
    let full = joined(&parts, " ");
    // The four parts are an order, not given and family names, so they are not told apart here.
    entry.name(NameKind::Primary, &full);
    for original in from.text_of("NAME_ORIGINAL_SCRIPT").split([';', '\n']) {
        entry.name(NameKind::Original, original);
    }
    for alias in from.each(&format!("{prefix}_ALIAS")) {
        let kind = match alias.text_of("QUALITY") {
            "Low" => NameKind::Weak,
            "f.k.a." => NameKind::Former,
            _ => NameKind::Strong,
        };
        let text = alias.text_of("ALIAS_NAME");
        let bare = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|bare| !bare.contains('"'));
        entry.name(kind, bare.unwrap_or(text));
        if person {
            entry.births(alias.text_of("DATE_OF_BIRTH"), Order::DayFirst);
            let place = ["CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"].map(|part| alias.text_of(part));
            entry.birth_place(&joined(&place, ", "));
        }
        entry.remark_of("Alias", alias.text_of("NOTE"));
    }
}

/// The texts of `<NAME><VALUE>..</VALUE><VALUE>..</VALUE></NAME>`.
fn values<'e>(from: &'e Element, name: &'e str) -> impl Iterator<Item = &'e str> {
    from.each(name)
        .flat_map(|list| list.each("VALUE"))
        .map(Element::text)
}

fn address_of(entry: &mut Entry, reading: &mut Reading<'_>, from: &Element) {
    let parts =
        ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"].map(|part| from.text_of(part));
    if parts.iter().any(|part| !part.is_empty()) {
        entry.address_of(&[
            parts[0],
            parts[1],
            parts[2],
            parts[3],
            parts[4],
            from.text_of("NOTE"),
        ]);
    } else {
        entry.remark_of("Address", from.text_of("NOTE"));
    }
    let country = reading.country(parts[4]);
    entry.country(country);
}

fn birth_of(entry: &mut Entry, from: &Element) {
    let circa = from.text_of("TYPE_OF_DATE") == "APPROXIMATELY";
    let (first, last) = (from.text_of("FROM_YEAR"), from.text_of("TO_YEAR"));
    let texts = [
        date_of(from.text_of("DATE")).to_owned(),
        from.text_of("YEAR").to_owned(),
        if first.is_empty() || last.is_empty() {
            format!("{first}{last}")
        } else {
            format!("{first} to {last}")
        },
    ];
    match texts.iter().find(|text| !text.is_empty()) {
        Some(text) => match birth(text, Order::DayFirst) {
            Some(mut read) => {
                read.circa |= circa;
                entry.birth(read);
                entry.remark_of("Born", from.text_of("NOTE"));
            }
            None => entry.remark_of("Born", text),
        },
        None => entry.births(from.text_of("NOTE"), Order::DayFirst),
    }
}

/// The day of `1971-03-07T00:00:00-04:00`.
fn date_of(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

fn document_of(entry: &mut Entry, reading: &mut Reading<'_>, from: &Element) {
    let words = joined(
        &[
            from.text_of("TYPE_OF_DOCUMENT"),
            from.text_of("TYPE_OF_DOCUMENT2"),
        ],
        " ",
    );
    let number = from.text_of("NUMBER");
    let country = ["ISSUING_COUNTRY", "COUNTRY_OF_ISSUE"]
        .iter()
        .map(|part| from.text_of(part))
        .find(|text| !text.is_empty())
        .unwrap_or("");
    let country = reading.country(country);
    let lower = words.to_lowercase();
    let kind = if ["passport", "passeport", "pasaporte"]
        .iter()
        .any(|word| lower.contains(word))
    {
        "passport"
    } else {
        "national_id"
    };
    entry.identifier(kind, number, country);
    let note = joined(
        &[
            from.text_of("DATE_OF_ISSUE"),
            from.text_of("CITY_OF_ISSUE"),
            from.text_of("NOTE"),
        ],
        ", ",
    );
    if number.is_empty() {
        entry.remark_of(&words, &note);
    } else if !note.is_empty() {
        entry.remark(&format!("{words} {number}: {note}"));
    }
}
