//! OFAC's CSV files: a primary file with names, programmes and remarks, and files of aliases, addresses and further
//! remarks beside it.
//!
//! The files have no header; `-0-` is a null, and a Ctrl-Z may stand at the end. Without the file of aliases only the
//! weak aliases are known, which stand in the remarks. Dates of listing are not in these files.

use std::collections::BTreeMap;

use super::Refusal;
use super::entry::{At, Entry, Reading};
use super::formats::{Inputs, refuse_page};
use super::input::Input;
use super::ofac_labels::remarks;
use super::rows::{Row, Shape, rows};
use crate::{NameKind, PartyKind};

/// Rows of a file beside the primary one, by the number of the record that they belong to.
type Beside = BTreeMap<String, Vec<Vec<String>>>;

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let mut beside = [Beside::new(), Beside::new(), Beside::new()];
    for (place, (table, cells)) in beside.iter_mut().zip([5, 6, 2]).enumerate() {
        match inputs.get_mut(place + 1).and_then(Option::as_mut) {
            Some(input) => beside_rows(input, cells, table, reading)?,
            None => reading.note(match place {
                0 => "without the file of aliases: strong aliases are not known",
                1 => "without the file of addresses: addresses are not known",
                _ => "without the file of comments: long remarks are cut",
            }),
        }
    }
    let [aliases, addresses, comments] = beside;
    let Some(Some(input)) = inputs.first_mut() else {
        return Ok(());
    };
    refuse_page(input, "rows of twelve cells")?;
    let file = input.file.clone();
    let mut row = 0;
    let shape = Shape {
        separator: b',',
        cells: Some(12),
        fill: false,
    };
    let table = rows(input, &shape, |line, found| {
        row += 1;
        let mut at = At {
            file: &file,
            row,
            line: Some(line),
            cell: None,
        };
        let cells = match found {
            Row::Cells(cells) => cells,
            Row::Broken(problem) => {
                reading.reject(&at, None, &problem, "twelve cells, quotes closed");
                return Ok(());
            }
        };
        let cell = |place: usize| cells.get(place).map_or("", |cell| value(cell));
        let id = cell(0);
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            at.cell = cells.first().map(String::as_str);
            reading.reject(
                &at,
                None,
                "no number of the record",
                "a number in the first cell",
            );
            return Ok(());
        }
        let none = Vec::new();
        let of = |table: &'_ Beside| table.get(id).cloned().unwrap_or_default();
        let entry = entry(
            reading,
            &cell,
            &of(&aliases),
            &of(&addresses),
            comments.get(id).unwrap_or(&none),
        );
        reading.take(&at, entry)
    })?;
    if !table.end_mark {
        reading.note(
            "no end mark (Ctrl-Z) in the primary file: it may have been cut at the end of a row",
        );
    }
    for (table, what) in [
        (&aliases, "aliases"),
        (&addresses, "addresses"),
        (&comments, "comments"),
    ] {
        let lost = table.keys().filter(|id| !reading.has(id)).count();
        if lost > 0 {
            reading.note(format!(
                "{lost} records have {what} and no row in the primary file: the files are of different days"
            ));
        }
    }
    Ok(())
}

fn beside_rows(
    input: &mut Input<'_>,
    cells: usize,
    table: &mut Beside,
    reading: &mut Reading<'_>,
) -> Result<(), Refusal> {
    refuse_page(input, "rows that begin with the number of a record")?;
    let file = input.file.clone();
    let shape = Shape {
        separator: b',',
        cells: Some(cells),
        fill: false,
    };
    let mut row = 0;
    rows(input, &shape, |line, found| {
        row += 1;
        let at = At {
            file: &file,
            row,
            line: Some(line),
            cell: None,
        };
        match found {
            Row::Cells(cells) => {
                let id = cells.first().cloned().unwrap_or_default();
                table.entry(id).or_default().push(cells);
            }
            Row::Broken(problem) => {
                reading.reject(&at, None, &problem, "the cells of the published file");
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A cell, its null left out.
fn value(cell: &str) -> &str {
    let cell = cell.trim();
    if cell == "-0-" { "" } else { cell }
}

fn entry<'c>(
    reading: &mut Reading<'_>,
    cell: &impl Fn(usize) -> &'c str,
    aliases: &[Vec<String>],
    addresses: &[Vec<String>],
    comments: &[Vec<String>],
) -> Entry {
    let kind = kind_of(cell(2));
    let mut entry = Entry::new(cell(0), kind);
    name(&mut entry, kind, NameKind::Primary, cell(1));
    for programme in cell(3).split("] [").flat_map(|part| part.split("; ")) {
        entry.programme(programme.trim_matches(['[', ']', ' ']));
    }
    entry.remark_of("Title", cell(4));
    entry.identifier("call_sign", cell(5), None);
    entry.remark_of("Vessel type", cell(6));
    entry.remark_of("Tonnage", cell(7));
    entry.remark_of("Gross registered tonnage", cell(8));
    let flag = reading.country(cell(9));
    entry.country(flag);
    entry.remark_of("Vessel owner", cell(10));
    for row in aliases {
        let part = |place: usize| row.get(place).map_or("", |cell| value(cell));
        name(&mut entry, kind, alias_kind(part(2)), part(3));
    }
    for row in addresses {
        let part = |place: usize| row.get(place).map_or("", |cell| value(cell));
        entry.address_of(&[part(2), part(3), part(4)]);
        entry.remark(part(5));
        let country = reading.country(part(4));
        entry.country(country);
    }
    // A remark that does not fit its cell goes on in the file of comments, in the middle of a word.
    let mut text = cell(11).to_owned();
    for row in comments {
        text.push_str(row.get(1).map_or("", |cell| value(cell)));
    }
    remarks(&mut entry, reading, &text);
    entry.listed_once();
    entry
}

/// A name; a person's is printed as `FAMILY, Given`.
pub(super) fn name(entry: &mut Entry, kind: PartyKind, how: NameKind, text: &str) {
    if kind == PartyKind::Person {
        entry.inverted(how, text);
    } else {
        entry.name(how, text);
    }
}

/// What kind of party OFAC's word stands for.
pub(super) fn kind_of(word: &str) -> PartyKind {
    match word.to_ascii_lowercase().as_str() {
        "individual" => PartyKind::Person,
        "vessel" => PartyKind::Vessel,
        "aircraft" => PartyKind::Aircraft,
        // The CSV files leave the cell of organisations empty.
        "" | "entity" => PartyKind::Organisation,
        _ => PartyKind::Unknown,
    }
}

/// How OFAC means an alias: also known, formerly known, now known.
pub(super) fn alias_kind(word: &str) -> NameKind {
    let word = word.to_ascii_lowercase();
    if word.starts_with('f') {
        NameKind::Former
    } else {
        NameKind::Strong
    }
}
