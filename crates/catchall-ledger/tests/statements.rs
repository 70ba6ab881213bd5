//! Statements: what is read waits, what a person accepts counts, nothing is edited, and what the policy does not allow is not done.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use catchall_ledger::case::VIEWS;
use catchall_ledger::policy::Policy;
use catchall_ledger::statement::event::{Bearing, RelationKind, Told};
use catchall_ledger::statement::rules::{Clerk, Command, Read, Refused};
use catchall_ledger::statement::{Report, Standing, Statement};
use catchall_ledger::{Actor, Ask, Ledger, LedgerError, LedgerUrl, Timestamp};
use proptest::prelude::*;
use serde_json::json;

struct World {
    ledger: Ledger,
    policy: Policy,
    day: std::cell::Cell<u32>,
}

fn world() -> World {
    World {
        ledger: Ledger::open(&LedgerUrl::Memory).unwrap(),
        policy: Policy::read(include_str!("../../../data/policy/roles.toml"), &VIEWS).unwrap(),
        day: std::cell::Cell::new(1),
    }
}

fn person(name: &str, role: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        team: Some("evidence".to_owned()),
        roles: vec![role.to_owned()],
    }
}

fn analyst() -> Actor {
    person("A. Okoye", "evidence-analyst")
}

fn at(day: u32) -> Timestamp {
    format!("2026-11-{day:02}T09:00:00.000Z").parse().unwrap()
}

fn told(kind: &str) -> Told {
    Told {
        speaker: Some("Ana Petrova".to_owned()),
        role: Some("spokeswoman".to_owned()),
        country: Some("AQ".to_owned()),
        kind: kind.to_owned(),
        content: "the Foundry sold steel".to_owned(),
        said: Some("2000-03-14".to_owned()),
        about: vec!["South Pole Foundry".to_owned()],
        span: [10, 40],
        bytes: [10, 44],
        ..Told::default()
    }
}

fn paper() -> Read {
    Read {
        name: "digest".to_owned(),
        sha256: "ab".repeat(32),
        keeps: "excerpts",
        text: None,
        reading: json!({ "schema": "catchall.report/1" }),
        statements: vec![
            ("s1".to_owned(), told("alleged")),
            ("s2".to_owned(), told("denied")),
        ],
    }
}

impl World {
    fn clerk<'w>(&'w self, actor: &'w Actor) -> Clerk<'w> {
        self.day.set((self.day.get() % 28) + 1);
        Clerk {
            policy: &self.policy,
            actor,
            at: at(self.day.get()),
        }
    }

    fn read(&self) -> String {
        let read = paper();
        let id = Report::id_of(&read.sha256);
        let drafts = self.clerk(&analyst()).read(&read).unwrap();
        self.ledger
            .append_after(&Report::stream(&id), 0, drafts)
            .unwrap();
        id
    }

    fn statement(&self, id: &str) -> Statement {
        let entries = self
            .ledger
            .entries(&Ask::stream(Statement::stream(id)))
            .unwrap();
        Statement::of(&entries).unwrap().expect(id)
    }

    fn act(&self, id: &str, command: Command) -> Result<(), Refused> {
        let own = self.statement(id);
        let drafts = self.clerk(&analyst()).act(&own, command)?;
        self.ledger
            .append_after(&Statement::stream(id), own.seen, drafts)
            .unwrap();
        Ok(())
    }
}

fn accept() -> Command {
    Command::Accept {
        identified: Vec::new(),
        bears_on: Vec::new(),
        why: String::new(),
    }
}

#[test]
fn what_is_read_waits_until_a_person_accepts_it() {
    let world = world();
    let report = world.read();
    let own = world.statement(&format!("{report}.s1"));
    assert_eq!(own.standing, Standing::Waiting);
    assert_eq!(own.made.told, told("alleged"));
    world.act(&own.id, accept()).unwrap();
    let now = world.statement(&own.id);
    assert_eq!(now.standing, Standing::Accepted);
    assert_eq!(now.judged().unwrap().stamp.by, analyst());
    // Accepting twice is no acceptance more.
    let twice = world.act(&own.id, accept()).unwrap_err();
    assert_eq!(
        twice.to_string(),
        format!(
            "{} is accepted, so it cannot be accepted; take that back first, and say why",
            own.id
        )
    );
    let read = world
        .ledger
        .entries(&Ask::stream(Report::stream(&report)))
        .unwrap();
    let held = Report::of(read.first().unwrap()).unwrap();
    assert_eq!((held.id, held.text), (report, None));
}

#[test]
fn a_word_for_what_it_shows_is_one_of_the_fields() {
    let world = world();
    let id = format!("{}.s1", world.read());
    let accept = |shows: &str| Command::Accept {
        identified: Vec::new(),
        bears_on: vec![Bearing {
            undertaking: "pact-7/no-sales".to_owned(),
            shows: Some(shows.to_owned()),
        }],
        why: String::new(),
    };
    let says = world.act(&id, accept("brokn")).unwrap_err().to_string();
    assert!(says.contains("the nearest is `broken`"), "{says}");
    world.act(&id, accept("broken")).unwrap();
    assert_eq!(world.statement(&id).bears_on.len(), 1);
    let why = "read again".to_owned();
    world.act(&id, Command::Reopen { why }).unwrap();
    assert!(world.statement(&id).bears_on.is_empty());
}

#[test]
fn the_same_file_is_read_once() {
    let world = world();
    let id = world.read();
    let drafts = world.clerk(&analyst()).read(&paper()).unwrap();
    let again = world.ledger.append_after(&Report::stream(&id), 0, drafts);
    assert!(matches!(again, Err(LedgerError::Moved { .. })), "{again:?}");
}

#[test]
fn whoever_may_not_makes_and_judges_nothing() {
    let world = world();
    let id = world.read();
    let own = world.statement(&format!("{id}.s1"));
    for role in ["reader", "licensing-officer", "auditor", "admin", "service"] {
        let other = person("X", role);
        let clerk = world.clerk(&other);
        assert!(
            matches!(clerk.read(&paper()), Err(Refused::NotAllowed(_))),
            "{role} reads a report in"
        );
        assert!(
            matches!(clerk.act(&own, accept()), Err(Refused::NotAllowed(_))),
            "{role} accepts"
        );
    }
}

#[test]
fn a_correction_is_a_statement_of_its_own_and_keeps_its_place() {
    let world = world();
    let report = world.read();
    let (old, new) = (format!("{report}.s1"), format!("{report}.s1.c1"));
    let command = Command::Correct {
        id: new.clone(),
        told: Told {
            speaker: Some("A spokesman".to_owned()),
            span: [0, 9_999],
            ..told("reported")
        },
        identified: Vec::new(),
        bears_on: Vec::new(),
        why: "the spokesman speaks, not the minister".to_owned(),
    };
    world.act(&old, command).unwrap();
    let (was, is) = (world.statement(&old), world.statement(&new));
    assert_eq!(
        (was.standing, was.corrected_by.as_deref()),
        (Standing::Corrected, Some(new.as_str()))
    );
    assert_eq!(was.made.told, told("alleged"), "what stood is edited");
    assert_eq!(is.standing, Standing::Accepted);
    assert_eq!(is.made.told.span, [10, 40], "the words moved");
    assert!(matches!(
        world.act(&old, accept()),
        Err(Refused::Stands { .. })
    ));
}

#[test]
fn a_reply_counts_at_once_and_a_relief_waits() {
    let world = world();
    let report = world.read();
    let of = format!("{report}.s1");
    let answer = |id: &str, is| Command::Answer {
        id: id.to_owned(),
        is,
        told: Told {
            kind: String::new(),
            content: "nothing was sold".to_owned(),
            said: Some("2000-04-02".to_owned()),
            about: Vec::new(),
            ..told("said")
        },
        source: "letter of 2 April 2000".to_owned(),
    };
    let (reply, relief) = (format!("{report}.h1"), format!("{report}.h2"));
    world.act(&of, answer(&reply, RelationKind::Reply)).unwrap();
    let own = world.statement(&reply);
    assert_eq!(own.standing, Standing::Accepted);
    assert_eq!(own.made.told.kind, "denied");
    assert_eq!(own.made.told.about, ["South Pole Foundry"]);
    world
        .act(&of, answer(&relief, RelationKind::Relief))
        .unwrap();
    assert_eq!(world.statement(&relief).standing, Standing::Waiting);
    for (wrong, what) in [
        (
            Command::Answer {
                id: "x".to_owned(),
                is: RelationKind::Relief,
                told: told("said"),
                source: " ".to_owned(),
            },
            "the source is missing",
        ),
        (
            Command::Answer {
                id: "x".to_owned(),
                is: RelationKind::Relief,
                told: Told {
                    said: None,
                    ..told("said")
                },
                source: "letter".to_owned(),
            },
            "the day is missing",
        ),
        (
            Command::Answer {
                id: "x".to_owned(),
                is: RelationKind::Relief,
                told: told("sayd"),
                source: "letter".to_owned(),
            },
            "`sayd` is no kind of statement; the nearest is `said`",
        ),
    ] {
        let says = world.act(&of, wrong).unwrap_err().to_string();
        assert!(says.starts_with(what), "{says}");
    }
}

proptest! {
    /// Whatever is done in whatever order: a statement is accepted only when the last judgement accepted it, a corrected one stays
    /// corrected, and what was made never changes.
    #[test]
    fn no_sequence_of_acts_leaves_a_statement_accepted_that_nobody_accepts(steps in prop::collection::vec(0..4_u8, 0..24)) {
        let world = world();
        let report = world.read();
        let id = format!("{report}.s1");
        let mut expected = Standing::Waiting;
        for (number, step) in steps.into_iter().enumerate() {
            let why = "because".to_owned();
            let (command, from, to) = match step {
                0 => (accept(), vec![Standing::Waiting], Standing::Accepted),
                1 => (Command::Reject { why }, vec![Standing::Waiting], Standing::Rejected),
                2 => (Command::Reopen { why }, vec![Standing::Accepted, Standing::Rejected], Standing::Waiting),
                _ => (
                    Command::Correct { id: format!("{id}.c{number}"), told: told("said"), identified: Vec::new(), bears_on: Vec::new(), why },
                    vec![Standing::Waiting, Standing::Accepted, Standing::Rejected],
                    Standing::Corrected,
                ),
            };
            let done = world.act(&id, command).is_ok();
            prop_assert_eq!(done, from.contains(&expected));
            if done {
                expected = to;
            }
            let own = world.statement(&id);
            prop_assert_eq!(own.standing, expected);
            prop_assert_eq!(own.made.told, told("alleged"));
        }
    }
}
