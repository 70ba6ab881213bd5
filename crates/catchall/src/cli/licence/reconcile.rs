//! `licence reconcile`: customs returns from CSV, row by row; one that cannot be read whole is not taken.

use std::path::Path;

use anyhow::{Context, anyhow};
use catchall_ledger::licence::command::Movement;
use catchall_ledger::licence::event::{Return, Row};
use catchall_model::Day;
use serde::Serialize;

use crate::cli::Stop;
use crate::cli::office::Desk;
use crate::licensing;
use crate::licensing::{Licensing, Trouble};

/// Takes a return for each licence that its rows name.
pub(super) fn reconcile(
    desk: &Desk,
    file: &Path,
    named: Option<&str>,
    batch: &str,
    sent: Day,
) -> Result<(String, bool), Stop> {
    let text = read(file)?;
    let by_licence = rows(&text, &file.display().to_string(), named)?;
    #[derive(Serialize)]
    struct Took {
        licence: String,
        says: String,
        discrepancies: Vec<String>,
    }
    let mut rows = Vec::new();
    for (licence, own) in by_licence {
        let taken = Movement::Reconcile(Return {
            batch: batch.to_owned(),
            sent,
            rows: own,
        });
        // One licence that cannot take its rows does not lose those of the others.
        let says = match Licensing(desk.work()).act(&licence, &taken) {
            Ok(done) => done.says,
            Err(trouble @ (Trouble::NoLicence(_) | Trouble::Refused(_))) => {
                crate::talk::say!("catchall: {licence}: {trouble}");
                rows.push(Took {
                    licence,
                    says: "refused".to_owned(),
                    discrepancies: vec![trouble.to_string()],
                });
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        let open = licensing::one(&desk.ledger, &licence)?
            .discrepancies()
            .into_iter()
            .filter(|each| each.answered.is_none());
        let discrepancies: Vec<String> = open.map(|each| each.says).collect();
        rows.push(Took {
            licence,
            says,
            discrepancies,
        });
    }
    let open = rows.iter().any(|row| !row.discrepancies.is_empty());
    let text = desk.rows(
        &rows,
        &[("licence", 14), ("says", 40), ("discrepancies", 80)],
        "the return holds no rows",
    )?;
    Ok((text, open))
}

pub(super) fn read(file: &Path) -> Result<String, Stop> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        bytes
    } else {
        std::fs::read(file)
            .with_context(|| format!("cannot read `{}`", file.display()))
            .map_err(Stop::usage)?
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        Stop::usage(anyhow!(
            "`{}` is not UTF-8 from byte {} on; save it as UTF-8",
            file.display(),
            error.utf8_error().valid_up_to()
        ))
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

type ByLicence = std::collections::BTreeMap<String, Vec<Row>>;

/// The rows of a return, by licence. A return that cannot be read whole is not taken at all.
pub(super) fn rows(text: &str, file: &str, named: Option<&str>) -> Result<ByLicence, Stop> {
    const COLUMNS: [&str; 6] = [
        "licence",
        "declaration",
        "line",
        "quantity",
        "value",
        "date",
    ];
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| Stop::usage(anyhow!("{file}: {error}")))?
        .clone();
    for (place, name) in header.iter().enumerate() {
        if !COLUMNS.contains(&name) {
            return Err(Stop::usage(anyhow!(
                "{file}: column {}: unknown column `{name}`; a return has {}",
                place + 1,
                COLUMNS.join(", ")
            )));
        }
    }
    if !header.iter().any(|name| name == "declaration") {
        return Err(Stop::usage(anyhow!(
            "{file}: there is no column `declaration`; a return has {}",
            COLUMNS.join(", ")
        )));
    }
    let mut found = ByLicence::new();
    for (number, record) in (1..).zip(reader.records()) {
        let wrong = |why: String| {
            Stop::usage(anyhow!(
                "{file}: row {number}: {why}; nothing of the return was taken"
            ))
        };
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let cell = |name: &str| {
            let place = header.iter().position(|own| own == name);
            place
                .and_then(|place| record.get(place))
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
        };
        let licence = cell("licence")
            .or_else(|| named.map(str::to_owned))
            .ok_or_else(|| {
                wrong("no licence is named; add a column `licence`, or `--licence`".to_owned())
            })?;
        let declaration =
            cell("declaration").ok_or_else(|| wrong("the declaration is left out".to_owned()))?;
        let line = match cell("line") {
            None => 1,
            Some(line) => line
                .parse()
                .map_err(|_| wrong(format!("`{line}` is no number of a line")))?,
        };
        let on = cell("date")
            .map(|date| Day::parse(&date))
            .transpose()
            .map_err(|error| wrong(error.to_string()))?;
        found.entry(licence).or_default().push(Row {
            declaration,
            line,
            quantity: cell("quantity"),
            value: cell("value"),
            on,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_is_read_whole_or_not_at_all() {
        let told =
            |text: &str| rows(text, "r.csv", Some("L-1")).map_err(|stop| format!("{:#}", stop.why));
        let found =
            told("declaration,line,quantity,date\nd1,2,12 pcs,2026-03-01\nd2,,1 pcs,\n").unwrap();
        let own: Vec<(String, u32)> = found["L-1"]
            .iter()
            .map(|row| (row.declaration.clone(), row.line))
            .collect();
        assert_eq!(own, [("d1".to_owned(), 2), ("d2".to_owned(), 1)]);
        assert!(
            told("declaration,colour\n")
                .unwrap_err()
                .contains("column 2: unknown column `colour`")
        );
        assert!(
            told("line\n1\n")
                .unwrap_err()
                .contains("no column `declaration`")
        );
        assert!(
            told("declaration,date\nd1,01.03.2026\n")
                .unwrap_err()
                .contains("row 1: `01.03.2026` is not a day")
        );
        assert!(
            told("declaration,line\nd1,one\n")
                .unwrap_err()
                .contains("`one` is no number of a line")
        );
        assert!(told("declaration\n").unwrap().is_empty());
    }
}
