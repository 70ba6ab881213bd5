//! Rows below a header: what every publisher's table has in common. Rows are counted, broken ones rejected with their
//! place, and records that stand on several rows put together.
//!
//! Knows no publisher: each says which columns a header needs, and what a row means.

use std::collections::BTreeMap;

use super::Refusal;
use super::entry::{At, Entry, Reading};
use super::input::Input;
use super::rows::{Header, Row, Shape, rows};
use crate::PartyKind;

/// Reads a table: `head` makes a header of the first rows (`None` for a title above it), `take` gets each row below it.
pub(super) fn headed<'r>(
    input: &mut Input<'_>,
    shape: &Shape,
    reading: &mut Reading<'r>,
    mut head: impl FnMut(&mut Reading<'r>, &[String]) -> Result<Option<Header>, Refusal>,
    mut take: impl FnMut(&mut Reading<'r>, &At<'_>, &Header, &[String]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let file = input.file.clone();
    let mut header: Option<Header> = None;
    let mut row = 0;
    rows(input, shape, |line, found| {
        let mut at = At {
            file: &file,
            row,
            line: Some(line),
            cell: None,
        };
        match (found, &header) {
            (Row::Cells(cells), None) => header = head(reading, &cells)?,
            (Row::Cells(cells), Some(header)) => {
                row += 1;
                at.row = row;
                take(reading, &at, header, &cells)?;
            }
            (Row::Broken(problem), _) => {
                row += 1;
                at.row = row;
                reading.reject(&at, None, &problem, "as many cells as the header");
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A header that has these columns, else why the file is refused.
pub(super) fn header_with(
    file: &str,
    cells: &[String],
    needed: &[&str],
    wanted: &str,
) -> Result<Header, Refusal> {
    let header = Header::of(cells);
    match needed.iter().find(|name| header.place(name).is_none()) {
        None => Ok(header),
        Some(missing) => Err(Refusal::Form {
            file: file.to_owned(),
            found: format!("a header without `{missing}`"),
            wanted: wanted.to_owned(),
        }),
    }
}

/// Records that stand on several rows, by key, in the order of their first rows.
#[derive(Default)]
pub(super) struct Records {
    entries: Vec<(u64, Option<u64>, Entry)>,
    places: BTreeMap<String, usize>,
}

impl Records {
    /// The record of a key; one that is new stands at this row.
    pub(super) fn of(&mut self, at: &At<'_>, id: &str, kind: PartyKind) -> &mut Entry {
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                self.places.insert(id.to_owned(), self.entries.len());
                self.entries.push((at.row, at.line, Entry::new(id, kind)));
                self.entries.len() - 1
            }
        };
        &mut self.entries[place].2
    }

    /// Hands them over, each at its first row.
    pub(super) fn take(self, file: &str, reading: &mut Reading<'_>) -> Result<(), Refusal> {
        for (row, line, entry) in self.entries {
            let at = At {
                file,
                row,
                line,
                cell: None,
            };
            reading.take(&at, entry)?;
        }
        Ok(())
    }
}
