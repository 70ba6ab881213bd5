//! A list of one's own, as a plain table: a row a party, the columns named in [`COLUMNS`] and `identifier.<kind>`.
//!
//! Several values in a cell are parted by semicolons. `listed` is the first day in force and `delisted` the first day
//! no longer; a month or a year stands for the whole of it. An unknown column is refused, for a misspelt one would
//! lose what stands in it.

use super::Refusal;
use super::dates::{Order, span};
use super::entry::{At, Entry, Reading, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::headed::headed;
use super::rows::{Header, SPREADSHEET};
use crate::{NameKind, PartyKind};

/// The columns, of which `id` and `name` are needed.
const COLUMNS: [&str; 19] = [
    "id",
    "name",
    "type",
    "country",
    "born",
    "birth_place",
    "aliases",
    "weak_aliases",
    "former_names",
    "original_names",
    "address",
    "listed",
    "delisted",
    "programme",
    "measures",
    "citation",
    "source",
    "note",
    "remarks",
];

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `id` and `name`")?;
    let file = input.file.clone();
    headed(
        input,
        &SPREADSHEET,
        reading,
        |_, cells| header_of(&file, cells).map(Some),
        take,
    )
}

fn header_of(file: &str, cells: &[String]) -> Result<Header, Refusal> {
    let header = Header::of(cells);
    let refuse = |found: String| Refusal::Form {
        file: file.to_owned(),
        found,
        wanted: format!("a header of {} and `identifier.<kind>`", COLUMNS.join(", ")),
    };
    for needed in ["id", "name"] {
        if header.place(needed).is_none() {
            return Err(refuse(format!("a header without `{needed}`")));
        }
    }
    for (name, _) in header.pairs(cells) {
        let known = name.starts_with("identifier.")
            || COLUMNS.iter().any(|own| own.replace('_', " ") == name);
        if !known {
            return Err(refuse(format!("the column `{name}`")));
        }
    }
    Ok(header)
}

fn take(
    reading: &mut Reading<'_>,
    at: &At<'_>,
    header: &Header,
    cells: &[String],
) -> Result<(), Refusal> {
    let cell = |name: &str| header.cell(cells, name);
    let id = tidy(cell("id"));
    let kind = match cell("type").to_lowercase().as_str() {
        "person" | "individual" => PartyKind::Person,
        "organisation" | "organization" | "company" | "entity" | "government" | "military"
        | "university" | "research_institute" => PartyKind::Organisation,
        "vessel" | "ship" => PartyKind::Vessel,
        "aircraft" => PartyKind::Aircraft,
        "" | "unknown" | "other" => PartyKind::Unknown,
        other => {
            let problem = format!("`{other}` is no type of party");
            let cure = "`person`, `organisation`, `vessel`, `aircraft`, or nothing";
            reading.reject(at, Some(&id), &problem, cure);
            return Ok(());
        }
    };
    let mut entry = Entry::new(&id, kind);
    for (column, how) in [
        ("name", NameKind::Primary),
        ("aliases", NameKind::Strong),
        ("weak_aliases", NameKind::Weak),
        ("former_names", NameKind::Former),
        ("original_names", NameKind::Original),
    ] {
        for name in cell(column).split(';') {
            entry.name(how, name);
        }
    }
    for (column, is_end) in [("listed", false), ("delisted", true)] {
        let text = cell(column);
        if text.is_empty() {
            continue;
        }
        let Some((first, last)) = span(text, Order::DayFirst).filter(|_| !text.contains('/'))
        else {
            let at = At {
                cell: Some(text),
                ..*at
            };
            let problem = format!("`{column}` is no day");
            reading.reject(
                &at,
                Some(&id),
                &problem,
                "year-month-day, year-month, or year",
            );
            return Ok(());
        };
        // What is not known to the day counts as in force for the whole of it.
        match is_end {
            false => entry.listed(Some(first)),
            true if first == last => entry.delisted(Some(first.previous())),
            true => entry.delisted(Some(last)),
        }
    }
    for country in cell("country").split(';') {
        let text = tidy(country);
        let country = reading.country(&text);
        if country.is_none() && !text.is_empty() {
            let problem = format!("`{text}` is no country that is known");
            reading.reject(
                at,
                Some(&id),
                &problem,
                "a code of two letters, or a usual name",
            );
            return Ok(());
        }
        entry.country(country);
    }
    for birth in cell("born").split(';') {
        entry.births(birth, Order::DayFirst);
    }
    each(cell("birth_place"), |text| entry.birth_place(text));
    each(cell("address"), |text| entry.address(text));
    each(cell("programme"), |text| entry.programme(text));
    each(cell("measures"), |text| entry.measure(text));
    for column in ["remarks", "note"] {
        entry.remark(cell(column));
    }
    entry.remark_of("Source", cell("source"));
    let citation = tidy(cell("citation"));
    entry.listing.citation = Some(citation).filter(|text| !text.is_empty());
    for (name, value) in header.pairs(cells) {
        if let Some(kind) = name.strip_prefix("identifier.") {
            let kind = kind.replace(' ', "_");
            each(value, |number| entry.identifier(&kind, number, None));
        }
    }
    reading.take(at, entry)
}

fn each(cell: &str, mut take: impl FnMut(&str)) {
    for text in cell.split(';') {
        take(text);
    }
}
