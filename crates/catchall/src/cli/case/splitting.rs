//! `case splitting`: small orders that together pass a limit, and the flags they raise.

use catchall_ledger::Ask;
use catchall_ledger::case::command::Command;
use catchall_ledger::licence::splitting;
use catchall_ledger::policy::Place;

use super::stop;
use crate::cli::Stop;
use crate::cli::office::Desk;
use crate::{board, casework, load, orders};

pub(super) fn split_orders(desk: &Desk, flag: bool) -> Result<(String, bool), Stop> {
    desk.may(
        "determination.read",
        Place::of_team(desk.actor.team.as_deref()),
    )?;
    let limits = load::limits(&desk.state).map_err(Stop::usage)?;
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = desk.ledger.entries(
            &Ask::all()
                .kind(casework::DETERMINED)
                .after(after)
                .limit(Ask::MOST),
        )?;
        let Some(last) = page.last() else { break };
        after = last.number;
        all.extend(
            page.iter()
                .filter_map(|entry| entry.body.value()?.get("transfer").cloned()),
        );
    }
    let found = splitting::splits(&orders::of(&all), &limits);
    if flag {
        raise(desk, &found)?;
    }
    let text = desk.rows(
        &found,
        &[
            ("limit", 26),
            ("end_user", 24),
            ("from", 10),
            ("to", 10),
            ("total", 18),
            ("transfers", 60),
        ],
        "no orders together pass a limit",
    )?;
    Ok((text, !found.is_empty()))
}

/// Raises each flag in the open cases that it is about, once.
fn raise(desk: &Desk, found: &[splitting::Split]) -> Result<(), Stop> {
    let board = board::Board::default();
    let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
    for split in found {
        for line in lines.all.iter().filter(|line| {
            line.summary.status.is_open() && split.transfers.contains(&line.summary.transfer)
        }) {
            let case = desk.work().case(&line.summary.id).map_err(stop)?;
            if case.flags.iter().any(|(_, flag, _)| *flag == split.flag) {
                continue;
            }
            let command = Command::Flag {
                flag: split.flag.clone(),
                transfers: split.transfers.clone(),
            };
            desk.work().act(&case.id, None, command).map_err(stop)?;
        }
    }
    Ok(())
}
