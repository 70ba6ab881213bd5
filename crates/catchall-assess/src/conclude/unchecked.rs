//! What was not checked: parts of instruments that are only pointed to, and lists of parties that are missing.

use catchall_law::{CoverageState, Reached, Tri};
use catchall_model::NotChecked;

use super::line::bears;
use crate::gather::Gathered;
use crate::{Assessor, Room};

/// Parts of instruments that the packs only point to, where they may bear on the transfer.
pub(super) fn not_checked(
    assessor: &Assessor,
    line: &Gathered,
    reached: &[Reached],
    room: &mut Room,
) -> Vec<NotChecked> {
    let law = &assessor.law;
    let ids: Vec<&str> = assessor.program.jurisdictions().collect();
    let mut found = Vec::new();
    for (place, instrument) in law.instruments.iter().enumerate() {
        let reaches = ids
            .iter()
            .zip(reached)
            .any(|(id, stands)| *id == instrument.jurisdiction && bears(stands));
        if !reaches || !instrument.in_effect {
            continue;
        }
        for (row, part) in instrument.coverage.iter().enumerate() {
            if part.state == CoverageState::Modelled
                || assessor
                    .program
                    .scope(place, row, &line.facts, &mut room.scratch)
                    == Tri::No
            {
                continue;
            }
            let why = match part.state {
                CoverageState::Partial => format!("held in part{}", after(&part.note)),
                _ => format!("not held{}", after(&part.note)),
            };
            found.push(NotChecked {
                what: format!("{}: {}", instrument.title, part.part),
                why,
            });
        }
    }
    let imported = &assessor.screening.imported;
    found.push(NotChecked {
        what: "lists of parties".to_owned(),
        why: if imported.held.is_empty() {
            "parties were compared with the lists in the packs only; no list has been imported (`catchall lists import`)".to_owned()
        } else {
            let held = imported.held.iter().map(|held| match held.day {
                Some(day) => format!("{} of {day}", held.list),
                None => held.list.clone(),
            });
            let held: Vec<String> = held.collect();
            format!(
                "parties were compared with the lists in the packs and with {}; with no other",
                held.join(", ")
            )
        },
    });
    for problem in &imported.problems {
        found.push(NotChecked {
            what: "a list that was asked for".to_owned(),
            why: problem.clone(),
        });
    }
    found
}

fn after(note: &str) -> String {
    if note.is_empty() {
        String::new()
    } else {
        format!(": {note}")
    }
}
