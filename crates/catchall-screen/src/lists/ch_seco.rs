//! Switzerland's sanctions list of the State Secretariat for Economic Affairs: one XML with programmes, targets and
//! places.
//!
//! The file keeps targets that were taken off, with every change since; what they were before is inside `added` and
//! `removed` and is not read. The changes give the days in force. Places stand behind the targets that name them.
//! Built from the published format.

use std::collections::BTreeMap;

use catchall_model::Day;

use super::Refusal;
use super::dates::{Order, birth};
use super::entry::{At, Entry, Reading, joined, tidy};
use super::formats::{Inputs, only};
use super::xml::{Element, Plan, records};
use crate::{NameKind, PartyKind};

/// A target that waits for its places.
struct Waiting {
    row: u64,
    entry: Entry,
    /// Address as far as it is known, and the place's id.
    addresses: Vec<(String, String)>,
    births: Vec<String>,
}

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let plan = Plan {
        root: "swiss-sanctions-list",
        records: &["sanctions-program", "target", "place"],
        skip: &["added", "removed"],
    };
    let mut programmes: BTreeMap<String, String> = BTreeMap::new();
    let mut places: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut row = 0;
    records(input, &plan, |element| {
        match element.name.as_str() {
            "sanctions-program" => programme(&element, &mut programmes),
            "place" => {
                let country = element.child("country");
                let name = country.map_or("", Element::text);
                let code = country.map_or("", |country| country.attribute("iso-code"));
                let parts = ["location", "area"].map(|part| element.text_of(part));
                let text = joined(&[parts[0], parts[1], name], ", ");
                let country = if code.is_empty() { name } else { code };
                places.insert(
                    element.attribute("ssid").to_owned(),
                    (text, country.to_owned()),
                );
            }
            "target" => {
                row += 1;
                waiting.push(target(reading, row, &element, &programmes));
            }
            _ => reading.day = Day::parse(element.attribute("date")).ok(),
        }
        Ok(())
    })?;
    for mut one in waiting {
        for (address, place) in &one.addresses {
            let (text, country) = places.get(place).cloned().unwrap_or_default();
            one.entry.address_of(&[address, &text]);
            let country = reading.country(&country);
            one.entry.country(country);
        }
        for place in &one.births {
            let (text, _) = places.get(place).cloned().unwrap_or_default();
            one.entry.birth_place(&text);
        }
        let at = At {
            file: &file,
            row: one.row,
            ..At::default()
        };
        reading.take(&at, one.entry)?;
    }
    Ok(())
}

/// Which programme each set of sanctions is of.
fn programme(from: &Element, programmes: &mut BTreeMap<String, String>) {
    let english = |name: &str| {
        from.each(name)
            .find(|each| each.attribute("lang") == "eng")
            .or_else(|| from.child(name))
            .map_or("", Element::text)
            .to_owned()
    };
    let key = match english("program-key").as_str() {
        "" => english("program-name"),
        key => key.to_owned(),
    };
    for set in from.each("sanctions-set") {
        programmes.insert(set.attribute("ssid").to_owned(), key.clone());
    }
}

fn target(
    reading: &mut Reading<'_>,
    row: u64,
    from: &Element,
    programmes: &BTreeMap<String, String>,
) -> Waiting {
    let body = from
        .children()
        .iter()
        .find(|child| matches!(child.name.as_str(), "individual" | "entity" | "object"));
    let kind = match body.map(|body| (body.name.as_str(), body.attribute("object-type"))) {
        Some(("individual", _)) => PartyKind::Person,
        Some(("entity", _)) => PartyKind::Organisation,
        Some(("object", "vessel")) => PartyKind::Vessel,
        Some(("object", "aircraft")) => PartyKind::Aircraft,
        _ => PartyKind::Unknown,
    };
    let mut one = Waiting {
        row,
        entry: Entry::new(from.attribute("ssid"), kind),
        addresses: Vec::new(),
        births: Vec::new(),
    };
    for set in from.all("sanctions-set-id") {
        one.entry
            .programme(programmes.get(set.text()).map_or("", String::as_str));
    }
    for foreign in from.each("foreign-identifier") {
        one.entry.remark_of("Foreign identifier", foreign.text());
    }
    if let Some(body) = body {
        one.entry.remark_of("Gender", body.attribute("sex"));
        let mut identities: Vec<&Element> = body.each("identity").collect();
        identities.sort_by_key(|identity| identity.attribute("main") != "true");
        for (place, identity) in identities.into_iter().enumerate() {
            identity_of(&mut one, reading, identity, place == 0);
        }
        for text in body.all("justification") {
            one.entry.remark(text.text());
        }
        for text in body.all("other-information") {
            other_information(&mut one.entry, text.text());
        }
    }
    in_force(&mut one.entry, from);
    one
}

/// Days in force, from the changes in their order.
fn in_force(entry: &mut Entry, from: &Element) {
    let mut changes: Vec<(Day, &str)> = from
        .all("modification")
        .into_iter()
        .filter_map(|change| {
            let day = Day::parse(change.attribute("effective-date")).ok()?;
            Some((day, change.attribute("modification-type")))
        })
        .collect();
    changes.sort_unstable();
    let valid = &mut entry.listing.valid;
    for (day, what) in changes {
        match what {
            "listed" if valid.from.is_none() || valid.to.is_some() => {
                valid.from = Some(day);
                valid.to = None;
            }
            "de-listed" => valid.to = Some(day.previous()),
            _ => {}
        }
    }
}

fn identity_of(one: &mut Waiting, reading: &mut Reading<'_>, from: &Element, main: bool) {
    for name in from.each("name") {
        name_of(&mut one.entry, name, main);
    }
    for date in from.each("day-month-year") {
        let parts = ["year", "month", "day"].map(|part| date.attribute(part));
        let text = joined(&parts, "-");
        match birth(&text, Order::DayFirst) {
            Some(read) => one.entry.birth(read),
            None => one.entry.remark_of("Born", &text),
        }
    }
    for country in from.all("nationality") {
        let country = country.child("country").map_or("", |country| {
            let code = country.attribute("iso-code");
            if code.is_empty() {
                country.text()
            } else {
                code
            }
        });
        let country = reading.country(country);
        one.entry.country(country);
    }
    for address in from.each("address") {
        let parts =
            ["c-o", "address-details", "p-o-box", "zip-code"].map(|part| address.text_of(part));
        let place = address.attribute("place-id").to_owned();
        one.addresses.push((joined(&parts, ", "), place));
    }
    for place in from.each("place-of-birth") {
        one.births.push(place.attribute("place-id").to_owned());
    }
    for document in from.each("identification-document") {
        let kind = match document.attribute("document-type") {
            "passport" | "diplomatic-passport" => "passport",
            "id-card" => "national_id",
            "" => "other",
            other => other,
        };
        let issuer = document.child("issuer");
        let code = issuer.map_or("", |issuer| issuer.attribute("code"));
        let country = match code {
            "" => reading.country(issuer.map_or("", Element::text)),
            code => reading.country(code),
        };
        one.entry
            .identifier(kind, document.text_of("number"), country);
    }
}

/// A name from its parts in their order, and once more for each way of spelling them.
fn name_of(entry: &mut Entry, from: &Element, main: bool) {
    let mut parts: Vec<&Element> = from
        .each("name-part")
        .filter(|part| !matches!(part.attribute("name-part-type"), "title" | "suffix"))
        .collect();
    parts.sort_by_key(|part| part.attribute("order").parse::<u32>().unwrap_or(u32::MAX));
    let value = |part: &Element| match part.text_of("value") {
        "" => part.text().to_owned(),
        value => value.to_owned(),
    };
    let of_type = |wanted: &str| {
        parts
            .iter()
            .find(|part| part.attribute("name-part-type") == wanted)
            .map_or(String::new(), |part| value(part))
    };
    let (given, family) = (of_type("given-name"), of_type("family-name"));
    // Family names come first in this list; a name is built as it is spoken where both are told apart.
    let spoken = |words: Vec<(String, String)>| {
        let mut words = words;
        words.sort_by_key(|(kind, _)| match kind.as_str() {
            "given-name" => 0,
            "family-name" | "maiden-name" => 2,
            _ => 1,
        });
        let words: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
        tidy(&words.join(" "))
    };
    let typed = |part: &Element, text: String| (part.attribute("name-part-type").to_owned(), text);
    let text = spoken(parts.iter().map(|part| typed(part, value(part))).collect());
    let kind = match (from.attribute("name-type"), from.attribute("quality")) {
        (_, "low") => NameKind::Weak,
        ("formerly-known-as", _) => NameKind::Former,
        ("primary-name" | "", _) if main => NameKind::Primary,
        _ => NameKind::Strong,
    };
    entry.name_parts(kind, &text, &given, &family);
    let mut spellings: Vec<(&str, &str)> = Vec::new();
    for variant in parts.iter().flat_map(|part| part.each("spelling-variant")) {
        let spelling = (variant.attribute("lang"), variant.attribute("script"));
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    for (lang, script) in spellings {
        let words = parts.iter().map(|part| {
            let variant = part
                .each("spelling-variant")
                .find(|each| each.attribute("lang") == lang && each.attribute("script") == script);
            typed(
                part,
                variant.map_or_else(|| value(part), |variant| variant.text().to_owned()),
            )
        });
        let kind = match (kind, script) {
            (NameKind::Weak, _) => NameKind::Weak,
            (_, "LATN" | "") => NameKind::Strong,
            _ => NameKind::Original,
        };
        entry.name(kind, &spoken(words.collect()));
    }
}

/// Remarks, some of which hold a number.
fn other_information(entry: &mut Entry, text: &str) {
    let lower = text.to_lowercase();
    let number = |after: usize| -> String {
        text.get(after..)
            .unwrap_or("")
            .chars()
            .skip_while(|c| !c.is_ascii_digit() && *c != ',' && *c != ';')
            .take_while(char::is_ascii_digit)
            .collect()
    };
    for (mark, kind, length) in [("imo", "imo", 7), ("mmsi", "mmsi", 9)] {
        if let Some(at) = lower.find(mark).filter(|_| lower.len() == text.len()) {
            let found = number(at + mark.len());
            if found.len() == length {
                entry.identifier(kind, &found, None);
            }
        }
    }
    entry.remark(text);
}
