//! Australia's consolidated list of the Department of Foreign Affairs and Trade, as a table.
//!
//! The publisher gives a workbook; what is read here are its rows, as CSV. A record's names are rows of their own whose
//! reference carries a letter (`8577`, `8577a`). The control date says when a row was last worked on, not when the party
//! was listed, so it is a remark. Built from the published format.

use std::collections::BTreeMap;

use super::Refusal;
use super::dates::Order;
use super::entry::{At, Entry, Reading, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::rows::{Header, Row, Shape, rows};
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `Reference`")?;
    let file = input.file.clone();
    let mut header: Option<Header> = None;
    let mut entries: Vec<(u64, u64, Entry)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut row = 0;
    let shape = Shape {
        separator: b',',
        cells: None,
        fill: true,
    };
    rows(input, &shape, |line, found| {
        let mut at = At {
            file: &file,
            row,
            line: Some(line),
            cell: None,
        };
        match (found, &header) {
            (Row::Cells(cells), None) => {
                let read = Header::of(&cells);
                if read.place("reference").is_none()
                    || read.place("name of individual or entity").is_none()
                {
                    return Err(Refusal::Form {
                        file: file.clone(),
                        found: "a header without `Reference` or `Name of Individual or Entity`"
                            .to_owned(),
                        wanted: "the columns of the published list".to_owned(),
                    });
                }
                header = Some(read);
            }
            (Row::Cells(cells), Some(header)) => {
                row += 1;
                at.row = row;
                let reference = tidy(header.cell(&cells, "reference"));
                let id = reference
                    .trim_end_matches(|c: char| c.is_ascii_alphabetic())
                    .to_owned();
                if id.is_empty() {
                    reading.reject(&at, None, "no reference", "each row has its reference");
                    return Ok(());
                }
                let place = *places.entry(id.clone()).or_insert_with(|| {
                    let kind = kind_of(header.cell(&cells, "type"));
                    entries.push((row, line, Entry::new(&id, kind)));
                    entries.len() - 1
                });
                if let Some((_, _, entry)) = entries.get_mut(place) {
                    from_cells(reading, entry, header, &cells);
                }
            }
            (Row::Broken(problem), _) => {
                row += 1;
                at.row = row;
                reading.reject(&at, None, &problem, "as many cells as the header");
            }
        }
        Ok(())
    })?;
    for (row, line, entry) in entries {
        let at = At {
            file: &file,
            row,
            line: Some(line),
            cell: None,
        };
        reading.take(&at, entry)?;
    }
    Ok(())
}

fn kind_of(word: &str) -> PartyKind {
    match word.to_lowercase().as_str() {
        "individual" => PartyKind::Person,
        "entity" => PartyKind::Organisation,
        "vessel" | "ship" => PartyKind::Vessel,
        _ => PartyKind::Unknown,
    }
}

fn from_cells(reading: &mut Reading<'_>, entry: &mut Entry, header: &Header, cells: &[String]) {
    let cell = |name: &str| header.cell(cells, name);
    let how = cell("name type").to_lowercase();
    let kind = match () {
        () if cell("alias strength").eq_ignore_ascii_case("weak") => NameKind::Weak,
        () if how.contains("primary") => NameKind::Primary,
        () if how.contains("script") => NameKind::Original,
        () if how.contains("former") || how.contains("fka") => NameKind::Former,
        () => NameKind::Strong,
    };
    entry.name(kind, cell("name of individual or entity"));
    entry.births(cell("date of birth"), Order::DayFirst);
    for place in cell("place of birth").split(';') {
        entry.birth_place(place);
    }
    for country in cell("citizenship").split([';', '\n']) {
        let country = reading.country(country);
        entry.country(country);
    }
    for address in cell("address").split(';') {
        entry.address(address);
        let last = address.rsplit(',').next().unwrap_or("");
        let country = reading.country(last);
        entry.country(country);
    }
    entry.identifier(
        "imo",
        cell("imo number").trim_start_matches("IMO").trim(),
        None,
    );
    entry.programme(cell("committees"));
    for (column, measure) in [
        ("targeted financial sanction", "targeted financial sanction"),
        ("travel ban", "travel ban"),
        ("arms embargo", "arms embargo"),
        ("maritime restriction", "maritime restriction"),
    ] {
        if matches!(cell(column).to_lowercase().as_str(), "true" | "yes" | "1") {
            entry.measure(measure);
        }
    }
    let instrument = tidy(cell("instrument of designation"));
    if !instrument.is_empty() && entry.listing.citation.is_none() {
        entry.listing.citation = Some(instrument);
    }
    entry.remark(cell("additional information"));
    entry.remark_of("Listing", cell("listing information"));
    entry.remark_of("Control date", cell("control date"));
}
