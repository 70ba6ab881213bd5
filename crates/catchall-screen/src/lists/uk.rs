//! The UK Sanctions List, as CSV and as XML: persons, entities and ships under the Sanctions and Anti-Money Laundering
//! Act 2018.
//!
//! In the CSV file a record has as many rows as it has names and addresses, all with its unique id. Days that are not
//! known are printed as `dd/mm/1962`. Built from the published format.

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{At, Entry, Reading, joined, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::headed::{Records, headed, header_with};
use super::rows::{Header, SPREADSHEET};
use super::xml::{Element, Plan, records};
use crate::{NameKind, PartyKind};

pub(super) fn read_xml(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let plan = Plan {
        root: "Designations",
        records: &["DateGenerated", "Designation"],
        skip: &[],
    };
    let mut row = 0;
    records(input, &plan, |element| {
        match element.name.as_str() {
            "DateGenerated" => reading.day = dates::day(element.text(), Order::DayFirst),
            "Designation" => {
                row += 1;
                let at = At {
                    file: &file,
                    row,
                    ..At::default()
                };
                let entry = from_element(reading, &element);
                reading.take(&at, entry)?;
            }
            _ => {}
        }
        Ok(())
    })
}

/// Fields of a record that may come more than once: the XML element, the CSV column, and what becomes of it.
type Field = (
    &'static str,
    &'static str,
    fn(&mut Entry, &mut Reading<'_>, &str),
);

const FIELDS: &[Field] = &[
    ("DOB", "D.O.B", |entry, _, text| {
        entry.births(text, Order::DayFirst)
    }),
    (
        "Nationality",
        "Nationality(/ies)",
        |entry, reading, text| {
            let country = reading.country(text);
            entry.country(country);
        },
    ),
    ("PassportNumber", "Passport number", |entry, _, text| {
        entry.identifier("passport", text, None);
    }),
    (
        "PassportAdditionalInformation",
        "Passport additional information",
        |entry, _, text| {
            entry.remark_of("Passport", text);
        },
    ),
    (
        "NationalIdentifierNumber",
        "National Identifier number",
        |entry, _, text| {
            entry.identifier("national_id", text, None);
        },
    ),
    (
        "NationalIdentifierAdditionalInformation",
        "National Identifier additional information",
        |entry, _, text| entry.remark_of("National identifier", text),
    ),
    (
        "BusinessRegistrationNumber",
        "Business registration number (s)",
        |entry, _, text| {
            entry.identifier("registration", text, None);
        },
    ),
    ("IMONumber", "IMO number", |entry, _, text| {
        entry.identifier("imo", text.trim_start_matches("IMO").trim(), None);
    }),
    (
        "HullIdentificationNumber",
        "Hull identification number (HIN)",
        |entry, _, text| {
            entry.identifier("hull", text, None);
        },
    ),
    (
        "CurrentBelievedFlagOfShip",
        "Current believed flag of ship",
        |entry, reading, text| {
            let country = reading.country(text);
            entry.country(country);
        },
    ),
    ("Title", "Title", |entry, _, text| {
        entry.remark_of("Title", text)
    }),
    ("Position", "Position", |entry, _, text| {
        entry.remark_of("Position", text)
    }),
    ("Gender", "Gender", |entry, _, text| {
        entry.remark_of("Gender", text)
    }),
    ("TypeOfEntity", "Type of entity", |entry, _, text| {
        entry.remark_of("Type", text)
    }),
    ("TypeOfShip", "Type of ship", |entry, _, text| {
        entry.remark_of("Vessel type", text)
    }),
    ("ParentCompany", "Parent company", |entry, _, text| {
        entry.remark_of("Parent company", text)
    }),
    ("Subsidiary", "Subsidiaries", |entry, _, text| {
        entry.remark_of("Subsidiary", text)
    }),
    (
        "CurrentOwnerOperator",
        "Current owner/operator (s)",
        |entry, _, text| {
            entry.remark_of("Vessel owner", text);
        },
    ),
    ("PhoneNumber", "Phone number", |entry, _, text| {
        entry.identifier("phone", text, None)
    }),
    ("EmailAddress", "Email address", |entry, _, text| {
        entry.identifier("email", text, None)
    }),
    ("Website", "Website", |entry, _, text| {
        entry.identifier("website", text, None)
    }),
    ("RegimeName", "Regime Name", |entry, _, text| {
        entry.programme(text)
    }),
    ("SanctionsImposed", "Sanctions Imposed", |entry, _, text| {
        for measure in text.split('|') {
            entry.measure(measure);
        }
    }),
    ("DateDesignated", "Date Designated", |entry, _, text| {
        entry.listed(dates::day(text, Order::DayFirst));
    }),
    (
        "UNReferenceNumber",
        "UN Reference Number",
        |entry, _, text| {
            entry.identifier("un_reference", text, None);
        },
    ),
    ("OFSIGroupID", "OFSI Group ID", |entry, _, text| {
        entry.identifier("ofsi_group", text, None)
    }),
    ("OtherInformation", "Other Information", |entry, _, text| {
        entry.remark(text)
    }),
];

fn kind_of(word: &str) -> PartyKind {
    match word.to_lowercase().as_str() {
        "individual" => PartyKind::Person,
        "entity" => PartyKind::Organisation,
        "ship" => PartyKind::Vessel,
        _ => PartyKind::Unknown,
    }
}

/// A name: six parts of which the last is the family's, how it is meant, and how strong it is.
fn name(entry: &mut Entry, parts: &[&str; 6], how: &str, strength: &str) {
    let given = joined(&parts[..5], " ");
    let family = parts[5];
    let text = joined(&[&given, family], " ");
    let how = how.to_lowercase();
    let kind = match () {
        () if how.contains("variation") => NameKind::Strong,
        () if how.contains("primary") => NameKind::Primary,
        () if strength.to_lowercase().contains("low") => NameKind::Weak,
        () if how.contains("former") || how.contains("f.k.a") => NameKind::Former,
        () => NameKind::Strong,
    };
    if entry.listing.kind == PartyKind::Person && !given.is_empty() {
        entry.name_parts(kind, &text, &given, family);
    } else {
        entry.name(kind, &text);
    }
}

fn from_element(reading: &mut Reading<'_>, from: &Element) -> Entry {
    let kind = kind_of(from.text_of("IndividualEntityShip"));
    let mut entry = Entry::new(from.text_of("UniqueID"), kind);
    for each in from.all("Name") {
        let parts =
            ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(|part| each.text_of(part));
        name(
            &mut entry,
            &parts,
            each.text_of("NameType"),
            each.text_of("AliasStrength"),
        );
    }
    for each in from.all("NameNonLatinScript") {
        entry.name(NameKind::Original, each.text());
    }
    for address in from.all("Address") {
        let lines = ["1", "2", "3", "4", "5", "6"]
            .map(|line| address.text_of(&format!("AddressLine{line}")));
        let country = address.text_of("AddressCountry");
        entry.address_of(&[
            &joined(&lines, ", "),
            address.text_of("AddressPostalCode"),
            country,
        ]);
        let country = reading.country(country);
        entry.country(country);
    }
    for place in from.all("Location") {
        let parts = ["TownOfBirth", "CountryOfBirth"].map(|part| place.text_of(part));
        entry.birth_place(&joined(&parts, ", "));
    }
    for (element, _, apply) in FIELDS {
        for each in from.all(element) {
            apply(&mut entry, reading, each.text());
        }
    }
    entry
}

pub(super) fn read_csv(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `Unique ID`")?;
    let file = input.file.clone();
    let needed = ["unique id", "name 6", "name type"];
    let mut records = Records::default();
    headed(
        input,
        &SPREADSHEET,
        reading,
        |reading, cells| {
            // A line above the header says of which day the list is.
            let first = cells
                .first()
                .and_then(|cell| cell.strip_prefix("Report Date:"));
            if let Some(day) = first {
                reading.day = dates::day(day.trim(), Order::DayFirst);
                return Ok(None);
            }
            header_with(
                &file,
                cells,
                &needed,
                "the columns of the UK Sanctions List",
            )
            .map(Some)
        },
        |reading, at, header, cells| {
            let id = tidy(header.cell(cells, "unique id"));
            if id.is_empty() {
                reading.reject(at, None, "no unique id", "each row names its record");
                return Ok(());
            }
            let kind = kind_of(kind_cell(header, cells));
            from_cells(reading, records.of(at, &id, kind), header, cells);
            Ok(())
        },
    )?;
    records.take(&file, reading)
}

/// The column was renamed over time.
fn kind_cell<'r>(header: &Header, cells: &'r [String]) -> &'r str {
    match header.cell(cells, "designation type") {
        "" => header.cell(cells, "individual, entity, ship"),
        kind => kind,
    }
}

fn from_cells(reading: &mut Reading<'_>, entry: &mut Entry, header: &Header, cells: &[String]) {
    let cell = |name: &str| header.cell(cells, name);
    let parts = ["name 1", "name 2", "name 3", "name 4", "name 5", "name 6"].map(cell);
    name(entry, &parts, cell("name type"), cell("alias strength"));
    entry.name(NameKind::Original, cell("name non-latin script"));
    let lines =
        ["1", "2", "3", "4", "5", "6"].map(|line| cell(&format!("address line {line}")).to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let country = cell("address country");
    entry.address_of(&[&joined(&lines, ", "), cell("address postal code"), country]);
    let country = reading.country(country);
    entry.country(country);
    entry.birth_place(&joined(
        &[cell("town of birth"), cell("country of birth")],
        ", ",
    ));
    for (_, column, apply) in FIELDS {
        for text in cell(column).split(['|', '\n']) {
            if !text.trim().is_empty() {
                apply(entry, reading, text.trim());
            }
        }
    }
}
