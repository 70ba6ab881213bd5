//! The Denied Persons List of the Bureau of Industry and Security: a table with tabs, one row for each address of an
//! order.
//!
//! A row has no key; name and day of the order, with its place among equals, are one. The order's last day is the end
//! of what the law says, so that an order that ran out no longer counts on later days. A temporary order that was
//! renewed carries the day of its renewal; that it held before is known from older copies only.

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{Entry, Reading, joined, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::headed::{headed, header_with};
use super::rows::{Header, Shape};
use crate::{NameKind, PartyKind};

const COLUMNS: [&str; 4] = ["name", "effective_date", "expiration_date", "fr_citation"];

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `Name` and `Effective_Date`")?;
    let file = input.file.clone();
    let shape = Shape {
        separator: b'\t',
        cells: None,
        fill: false,
    };
    let wanted = format!("the columns {}", COLUMNS.join(", "));
    headed(
        input,
        &shape,
        reading,
        |_, cells| header_with(&file, cells, &COLUMNS, &wanted).map(Some),
        |reading, at, header, cells| {
            let entry = entry(reading, header, cells);
            reading.take(at, entry)
        },
    )
}

fn entry(reading: &mut Reading<'_>, header: &Header, cells: &[String]) -> Entry {
    let cell = |name: &str| header.cell(cells, name);
    let name = tidy(cell("name"));
    let from = dates::day(cell("effective_date"), Order::MonthFirst);
    let key = if name.is_empty() {
        String::new()
    } else {
        let day = from.map_or(String::new(), |day| day.to_string());
        reading.made_key(&joined(&[&name, &day], ", "))
    };
    let mut entry = Entry::new(&key, PartyKind::Unknown);
    entry.name(NameKind::Primary, &name);
    let country = cell("country");
    let place = joined(&[cell("state"), cell("postal_code")], " ");
    entry.address_of(&[cell("street_address"), cell("city"), &place, country]);
    // The list leaves out the country of addresses in the United States.
    let found = if country.is_empty() && cell("state").len() == 2 && !cell("postal_code").is_empty()
    {
        reading.country("US")
    } else {
        reading.country(country)
    };
    entry.country(found);
    entry.listed(from);
    entry.delisted(dates::day(cell("expiration_date"), Order::MonthFirst));
    entry.measure(match cell("standard_order") {
        "Y" => "denial order, standard terms",
        "N" => "denial order, terms of its own",
        _ => "denial order",
    });
    entry.remark(cell("action"));
    entry.listing.citation = Some(citation(cell("fr_citation"))).filter(|text| !text.is_empty());
    entry
}

/// `82 F.R. 48792 10/20/2017` as `82 FR 48792`, and so for each of several.
fn citation(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<String> = Vec::new();
    for three in words.windows(3) {
        if matches!(three[1], "F.R." | "FR" | "F.R") {
            let cite = format!("{} FR {}", three[0], three[2].trim_end_matches([',', ';']));
            if !found.contains(&cite) {
                found.push(cite);
            }
        }
    }
    if found.is_empty() {
        tidy(text)
    } else {
        found.join("; ")
    }
}
