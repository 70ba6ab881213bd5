//! OFAC's XML files of the plain schema (`sdnList`): one element a party, with its lists inside.
//!
//! The file says how many records it has, and one that has fewer is cut. Dates of listing are only there where a
//! label gives them.

use catchall_model::Day;

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{At, Entry, Reading, joined};
use super::formats::{Inputs, only};
use super::ofac_csv::{alias_kind, kind_of};
use super::ofac_labels::labelled;
use super::xml::{Element, Plan, records};
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let plan = Plan {
        root: "sdnList",
        records: &["publshInformation", "sdnEntry"],
        skip: &[],
    };
    let mut row = 0;
    records(input, &plan, |element| {
        match element.name.as_str() {
            "publshInformation" => {
                reading.day = dates::day(element.text_of("Publish_Date"), Order::MonthFirst);
                reading.declared = element.text_of("Record_Count").parse().ok();
            }
            "sdnEntry" => {
                row += 1;
                let at = At {
                    file: &file,
                    row,
                    ..At::default()
                };
                let entry = entry(reading, &element);
                reading.take(&at, entry)?;
            }
            _ => {}
        }
        Ok(())
    })
}

fn entry(reading: &mut Reading<'_>, from: &Element) -> Entry {
    let kind = kind_of(from.text_of("sdnType"));
    let mut entry = Entry::new(from.text_of("uid"), kind);
    name(&mut entry, kind, NameKind::Primary, from);
    entry.remark_of("Title", from.text_of("title"));
    for alias in from.all("aka") {
        let how = match alias.text_of("category") {
            "weak" => NameKind::Weak,
            _ => alias_kind(alias.text_of("type")),
        };
        name(&mut entry, kind, how, alias);
    }
    for programme in from.all("program") {
        entry.programme(programme.text());
    }
    for address in from.all("address") {
        address_of(&mut entry, reading, address);
    }
    for id in from.all("id") {
        let country = id.text_of("idCountry");
        labelled(
            &mut entry,
            reading,
            id.text_of("idType"),
            id.text_of("idNumber"),
            country,
        );
        listed(&mut entry, id.text_of("idType"), id.text_of("idNumber"));
    }
    for country in from
        .all("nationality")
        .into_iter()
        .chain(from.all("citizenship"))
    {
        let country = reading.country(country.text_of("country"));
        entry.country(country);
    }
    for birth in from.all("dateOfBirth") {
        entry.births(birth.text(), Order::MonthFirst);
    }
    for place in from.all("placeOfBirth") {
        entry.birth_place(place.text());
    }
    if let Some(vessel) = from.child("vesselInfo") {
        vessel_of(&mut entry, reading, vessel);
    }
    entry.remark(from.text_of("remarks"));
    entry.listed_once();
    entry
}

/// A label that gives the day of listing, as `Listing Date (CMIC)`.
fn listed(entry: &mut Entry, label: &str, value: &str) {
    if label.starts_with("Listing Date") {
        let day: Option<Day> = dates::day(value, Order::MonthFirst);
        entry.listed(day);
        entry.remark_of(label.trim_end_matches(':'), value);
    }
}

fn name(entry: &mut Entry, kind: PartyKind, how: NameKind, from: &Element) {
    let (family, given) = (from.text_of("lastName"), from.text_of("firstName"));
    if given.is_empty() {
        super::ofac_csv::name(entry, kind, how, family);
    } else {
        // As the other files of this publisher print it.
        entry.name_parts(how, &joined(&[family, given], ", "), given, family);
    }
}

fn address_of(entry: &mut Entry, reading: &mut Reading<'_>, from: &Element) {
    let city = joined(
        &[
            from.text_of("city"),
            from.text_of("stateOrProvince"),
            from.text_of("postalCode"),
        ],
        " ",
    );
    entry.address_of(&[
        from.text_of("address1"),
        from.text_of("address2"),
        from.text_of("address3"),
        &city,
        from.text_of("country"),
    ]);
    let country = reading.country(from.text_of("country"));
    entry.country(country);
}

fn vessel_of(entry: &mut Entry, reading: &mut Reading<'_>, from: &Element) {
    entry.identifier("call_sign", from.text_of("callSign"), None);
    let flag = reading.country(from.text_of("vesselFlag"));
    entry.country(flag);
    entry.remark_of("Vessel type", from.text_of("vesselType"));
    entry.remark_of("Vessel owner", from.text_of("vesselOwner"));
    entry.remark_of("Tonnage", from.text_of("tonnage"));
    entry.remark_of(
        "Gross registered tonnage",
        from.text_of("grossRegisteredTonnage"),
    );
}
