//! Australia's consolidated list of the Department of Foreign Affairs and Trade, as a table.
//!
//! The publisher gives a workbook; what is read here are its rows, as CSV. A record's names are rows of their own whose
//! reference carries a letter (`8577`, `8577a`). The control date says when a row was last worked on, not when the party
//! was listed, so it is a remark. Built from the published format.

use super::Refusal;
use super::dates::Order;
use super::entry::{Entry, Reading, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::headed::{Records, headed, header_with};
use super::rows::{Header, SPREADSHEET};
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `Reference`")?;
    let file = input.file.clone();
    let needed = ["reference", "name of individual or entity"];
    let mut records = Records::default();
    headed(
        input,
        &SPREADSHEET,
        reading,
        |_, cells| {
            header_with(&file, cells, &needed, "the columns of the published list").map(Some)
        },
        |reading, at, header, cells| {
            let reference = tidy(header.cell(cells, "reference"));
            let id = reference.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            if id.is_empty() {
                reading.reject(at, None, "no reference", "each row has its reference");
                return Ok(());
            }
            let kind = kind_of(header.cell(cells, "type"));
            from_cells(reading, records.of(at, id, kind), header, cells);
            Ok(())
        },
    )?;
    records.take(&file, reading)
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
