//! `case list`, `case show` and `case acts`: what stands, in lines for people and in JSON.

use anyhow::anyhow;
use catchall_ledger::case::answer::Question;
use catchall_ledger::case::{Case, Summary};
use catchall_ledger::policy::{ACTS, Place};
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::Stop;
use crate::cli::assess::Format;
use crate::cli::office::Desk;
use crate::{board, bundle, load};

pub(super) const COLUMNS: &[(&str, usize)] = &[
    ("id", 12),
    ("transfer", 14),
    ("status", 9),
    ("outcome", 21),
    ("used", 4),
    ("target", 6),
    ("queue", 10),
    ("team", 10),
    ("owner", 14),
    ("why", 34),
    ("title", 40),
];

pub(super) struct Wanted<'a> {
    pub(super) queue: &'a Option<String>,
    pub(super) team: &'a Option<String>,
    pub(super) owner: &'a Option<String>,
    pub(super) status: &'a Option<String>,
    pub(super) all: bool,
}

pub(super) fn list(desk: &Desk, wanted: &Wanted<'_>) -> Result<String, Stop> {
    const WORDS: [&str; 6] = [
        "review",
        "waiting",
        "proposed",
        "appeal",
        "decided",
        "withdrawn",
    ];
    if let Some(word) = wanted
        .status
        .as_deref()
        .filter(|word| !WORDS.contains(word))
    {
        return Err(Stop::usage(anyhow!(
            "--status: `{word}` is none; write one of {}",
            WORDS.join(", ")
        )));
    }
    let board = board::Board::default();
    let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
    let fits = |asked: &Option<String>, own: Option<&str>| {
        asked.as_deref().is_none_or(|asked| own == Some(asked))
    };
    let mut refused = None;
    let mut found: Vec<&Summary> = Vec::new();
    for line in lines.all.iter() {
        let own = &line.summary;
        let kept = fits(wanted.queue, Some(&own.queue))
            && fits(wanted.team, own.team.as_deref())
            && fits(wanted.owner, own.owner.as_deref());
        let status = wanted
            .status
            .as_deref()
            .map_or(wanted.all || own.status.is_open(), |word| {
                own.status.word() == word
            });
        if !kept || !status {
            continue;
        }
        let place = Place {
            team: own.team.as_deref(),
            only: &line.only,
        };
        match desk.may("case.read", place) {
            Ok(()) => found.push(own),
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        // Whoever may read none of them is told so; whoever may read some sees those.
        Some(why) if found.is_empty() => Err(why),
        _ => desk.rows(
            &found,
            COLUMNS,
            "no case waits here; `catchall case open FILE` opens one",
        ),
    }
}

pub(super) fn show(desk: &Desk, case: &Case) -> Result<String, Stop> {
    #[derive(Serialize)]
    struct Shown<'a> {
        #[serde(flatten)]
        case: &'a Case,
        status: &'static str,
        clock: catchall_ledger::case::clock::Reading,
        to_ask: Vec<&'a Question>,
        open_hits: Vec<&'a catchall_ledger::case::answer::HitSeen>,
    }
    let shown = Shown {
        case,
        status: case.status().word(),
        clock: case.clock(load::today(), &desk.calendar),
        to_ask: case.to_ask(),
        open_hits: case.open_hits().collect(),
    };
    desk.one(&shown, || bundle::text(case, &shown.clock))
}

pub(super) fn acts(desk: &Desk) -> Result<String, Stop> {
    let rows: Vec<Value> = ACTS
        .iter()
        .map(|row| {
            let roles: Vec<&str> = desk
                .policy
                .roles()
                .iter()
                .filter(|role| {
                    catchall_ledger::policy::Act::find(row.word)
                        .is_some_and(|act| role.reach(act).is_some())
                })
                .map(|role| role.id.as_str())
                .collect();
            json!({ "act": row.word, "about": row.about, "changes": row.changes, "roles": roles })
        })
        .collect();
    if desk.format == Format::Table {
        return desk.rows(&rows, &[("act", 20), ("about", 44), ("roles", 60)], "");
    }
    desk.rows(
        &rows,
        &[("act", 20), ("about", 44), ("changes", 7), ("roles", 60)],
        "",
    )
}
