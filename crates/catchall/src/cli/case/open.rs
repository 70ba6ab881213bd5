//! `case open` and `case reassess`: transfers assessed by packs and lists of now, into new cases and beside old answers.

use std::sync::Arc;

use anyhow::anyhow;
use catchall_ledger::case::Summary;
use catchall_ledger::policy::Place;
use serde::Serialize;
use serde_json::Value;

use super::show::COLUMNS;
use super::stop;
use crate::cli::assess::{Input, input};
use crate::cli::office::{Desk, Machine};
use crate::cli::{Common, Stop, code};
use crate::{batch, board, given, load};

pub(super) fn open(
    common: &Common,
    desk: &Desk,
    file: &std::path::Path,
    ids: &[String],
    format: Option<Input>,
    follows: Option<&str>,
) -> Result<(String, u8), Stop> {
    desk.may("case.open", Place::of_team(desk.actor.team.as_deref()))?;
    let mut machine = Machine::new(common)?;
    let (mut reader, decoder) = batch::open(
        file,
        input(format),
        batch::Limits::default(),
        Arc::clone(&machine.places),
    )
    .map_err(Stop::usage)?;
    let mut opened: Vec<Summary> = Vec::new();
    let mut rejected = false;
    while let Some(raw) = reader.next_raw() {
        let decoded = raw
            .map_err(|reject| vec![reject])
            .and_then(|raw| decoder.decode(&raw));
        let transfer = match decoded {
            Ok(transfer) => transfer,
            Err(rejects) => {
                let ours = ids.is_empty()
                    || rejects
                        .iter()
                        .any(|reject| reject.id.as_ref().is_some_and(|id| ids.contains(id)));
                for reject in rejects.iter().filter(|_| ours) {
                    rejected = true;
                    crate::talk::say!("rejected: {}", crate::cli::assess::reject_line(reject));
                }
                continue;
            }
        };
        if !ids.is_empty() && !ids.contains(&transfer.id) {
            continue;
        }
        let mut transfer = given::to_json(&transfer);
        match machine.assess(desk, &mut transfer) {
            Ok(document) => {
                let id = desk
                    .work()
                    .open(&transfer, &document, follows.map(str::to_owned))
                    .map_err(stop)?;
                let case = desk.work().case(&id).map_err(stop)?;
                opened.push(case.summary(load::today(), &desk.calendar));
            }
            Err(why) => {
                rejected = true;
                crate::talk::say!("rejected: {}: {why}", transfer["id"]);
            }
        }
    }
    if opened.is_empty() && !rejected {
        return Err(Stop::usage(anyhow!(
            "`{}` holds no such transfer",
            file.display()
        )));
    }
    let text = desk.rows(&opened, COLUMNS, "no case was opened")?;
    Ok((text, if rejected { code::REJECTED } else { 0 }))
}

pub(super) fn reassess(common: &Common, desk: &Desk, cases: &[String]) -> Result<String, Stop> {
    let mut machine = Machine::new(common)?;
    let ids: Vec<String> = if cases.is_empty() {
        let board = board::Board::default();
        let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
        lines
            .all
            .iter()
            .filter(|line| line.summary.status.is_open())
            .map(|line| line.summary.id.clone())
            .collect()
    } else {
        cases.to_vec()
    };
    #[derive(Serialize)]
    struct Again {
        id: String,
        outcome: String,
        changed: String,
    }
    let work = desk.work();
    let mut rows = Vec::new();
    for id in ids {
        let case = work.case(&id).map_err(stop)?;
        let standing = work.standing(&case).map_err(stop)?;
        let mut transfer = standing.transfer.clone();
        let document = machine
            .assess(desk, &mut transfer)
            .map_err(|why| Stop::usage(anyhow!("{id}: {why}")))?;
        let new: Value = serde_json::from_str(&document)?;
        let changes = catchall_ledger::case::compare::compare(&standing.document, &new);
        let outcome = new["outcome"].as_str().unwrap_or_default().to_owned();
        let changed = changes.says();
        // The same answer on the same basis is nothing to record.
        if new["id"] != standing.document["id"] {
            let because = if changes.basis.is_empty() {
                vec!["asked again".to_owned()]
            } else {
                changes.basis.clone()
            };
            work.reassess(&id, because, &mut |again| {
                again.clone_from(&transfer);
                Ok(document.clone())
            })
            .map_err(stop)?;
        }
        rows.push(Again {
            id,
            outcome,
            changed,
        });
    }
    desk.rows(
        &rows,
        &[("id", 12), ("outcome", 21), ("changed", 60)],
        "no case is open",
    )
}
