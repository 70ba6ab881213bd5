//! The board of cases: a day that is over looks as it looked at its own end, whatever happened since and however it is asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use catchall::board::{Board, Lines};
use catchall::casework::Work;
use catchall_ledger::case::VIEWS;
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::case::command::Command;
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ledger, LedgerUrl};
use catchall_model::Day;
use proptest::prelude::*;
use serde_json::{Value, json};

struct World {
    ledger: Ledger,
    policy: Policy,
    calendar: Calendar,
    actor: Actor,
}

fn world() -> World {
    World {
        ledger: Ledger::open(&LedgerUrl::Memory).unwrap(),
        policy: Policy::read(include_str!("../../../data/policy/roles.toml"), &VIEWS).unwrap(),
        calendar: Calendar::read(include_str!("../../../data/policy/calendar.toml")).unwrap(),
        actor: Actor {
            name: "L. Marchetti".to_owned(),
            team: Some("Dual-use".to_owned()),
            roles: vec!["licensing-officer".to_owned()],
        },
    }
}

/// A determination in which two facts are missing.
fn document(transfer: &str) -> Value {
    let question = |fact: &str| json!({ "fact": fact, "question": format!("What of {fact}?"), "ask": "exporter", "evidence": "paper" });
    json!({
        "schema": "catchall.determination/1", "id": format!("d-{transfer}"), "transfer": transfer, "outcome": "not_known", "summary": "One sentence.",
        "bounds": { "least": "no_licence_required", "most": "prohibited" }, "jurisdictions": [], "findings": [],
        "missing": { "essential": [question("item.kind"), question("end_use.uses")], "next": null }, "hits": [], "flags": [],
        "basis": { "packs": "p", "lists": "l", "names": "n", "program": "x" },
    })
}

/// What somebody does on a day to one of the cases there are.
#[derive(Clone, Debug)]
enum Act {
    Open,
    Take(usize),
    Ask(usize),
    Note(usize),
    Withdraw(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => Just(Act::Open),
        1 => (0..6usize).prop_map(Act::Take),
        2 => (0..6usize).prop_map(Act::Ask),
        1 => (0..6usize).prop_map(Act::Note),
        1 => (0..6usize).prop_map(Act::Withdraw),
    ]
}

fn day(number: usize) -> Day {
    Day::parse(&format!("2026-11-{:02}", number + 1)).unwrap()
}

impl World {
    fn work(&self, on: usize) -> Work<'_> {
        Work {
            ledger: &self.ledger,
            policy: &self.policy,
            calendar: &self.calendar,
            actor: &self.actor,
            at: format!("{}T09:00:00.000Z", day(on)).parse().unwrap(),
        }
    }

    fn lines(&self, board: &Board, on: usize) -> std::sync::Arc<Lines> {
        board.lines(&self.ledger, &self.calendar, day(on)).unwrap()
    }

    /// Does it where the engine lets it; what it refuses is refused.
    fn act(&self, on: usize, act: &Act) {
        let work = self.work(on);
        let ids: Vec<String> = self
            .lines(&Board::default(), on)
            .all
            .iter()
            .map(|line| line.summary.id.clone())
            .collect();
        let of = |place: usize| ids.get(place % ids.len().max(1));
        let (place, command) = match act {
            Act::Open => {
                let name = format!("t-{}", ids.len());
                work.open(&json!({ "id": name }), &document(&name).to_string(), None)
                    .unwrap();
                return;
            }
            Act::Take(place) => (place, Command::Take {}),
            Act::Ask(place) => (
                place,
                Command::Ask {
                    to: None,
                    questions: Vec::new(),
                    pauses: true,
                },
            ),
            Act::Note(place) => (
                place,
                Command::Note {
                    text: "seen".to_owned(),
                },
            ),
            Act::Withdraw(place) => (
                place,
                Command::Withdraw {
                    why: "no order any longer".to_owned(),
                },
            ),
        };
        if let Some(id) = of(*place) {
            let _ = work.act(id, None, command);
        }
    }
}

/// What a page shows of the lines.
fn shown(lines: &Lines) -> Vec<Value> {
    let line = |line: &std::sync::Arc<catchall::board::Line>| json!({ "summary": line.summary, "words": line.words, "closed": line.closed.map(|day| day.to_string()) });
    lines.all.iter().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_past_day_looks_as_it_did_at_its_end(days in prop::collection::vec(prop::collection::vec(act(), 0..4), 1..9)) {
        let world = world();
        let mut stood = Vec::new();
        for (on, acts) in days.iter().enumerate() {
            acts.iter().for_each(|act| world.act(on, act));
            stood.push(shown(&world.lines(&Board::default(), on)));
        }
        // A board that knows the last day, one that knows nothing, and one that is asked back and forth.
        let warm = Board::default();
        world.lines(&warm, days.len() + 3);
        for (on, was) in stood.iter().enumerate().rev() {
            let cold = Board::default();
            for board in [&warm, &cold] {
                let lines = board.stood(&world.ledger, &world.calendar, day(on)).unwrap();
                prop_assert_eq!(&shown(&lines), was);
            }
        }
        let now = shown(&world.lines(&warm, days.len() + 3));
        prop_assert_eq!(now, shown(&world.lines(&Board::default(), days.len() + 3)));
    }
}
