//! Licences: the story of the drawing, returns in any order, races over one store, and random movements against plain sums.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicU32, Ordering};

use catchall_ledger::case::VIEWS;
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::case::command::Office;
use catchall_ledger::licence::command::{Done, Movement, Stopped};
use catchall_ledger::licence::cover::{Wanted, plan};
use catchall_ledger::licence::event::{
    Amendment, Line, Named, Purpose, Return, Row, Stated, Terms,
};
use catchall_ledger::licence::{Licence, Standing, Trouble, shown};
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ask, Ledger, LedgerError, LedgerUrl, Timestamp};
use catchall_model::Day;
use proptest::prelude::*;

struct World {
    ledger: Ledger,
    policy: Policy,
    calendar: Calendar,
    actor: Actor,
    at: Timestamp,
}

fn world(ledger: Ledger) -> World {
    World {
        ledger,
        policy: Policy::read(include_str!("../../../data/policy/roles.toml"), &VIEWS).unwrap(),
        calendar: Calendar::default(),
        actor: Actor {
            name: "L. Marchetti".to_owned(),
            team: Some("Dual-use".to_owned()),
            roles: vec!["licensing-officer".to_owned()],
        },
        at: "2026-02-03T09:00:00.000Z".parse().unwrap(),
    }
}

fn memory() -> World {
    world(Ledger::open(&LedgerUrl::Memory).unwrap())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn goods(text: &str) -> Stated {
    Stated {
        quantity: Some(text.parse().unwrap()),
        value: None,
    }
}

fn to_kaya(on: &str) -> Purpose {
    Purpose {
        transfer: None,
        end_user: Some("KAYA Makina".to_owned()),
        consignee: None,
        to: Some("TR".to_owned()),
        on: day(on),
    }
}

fn terms(lines: &[(&str, Option<&str>)]) -> Terms {
    Terms {
        authority: "de".to_owned(),
        holder: "Nord Werkzeug".to_owned(),
        until: Some(day("2027-02-02")),
        lines: (1..)
            .zip(lines)
            .map(|(number, (quantity, value))| Line {
                number,
                item: "spindles".to_owned(),
                codes: vec!["2B201".to_owned()],
                quantity: (!quantity.is_empty()).then(|| quantity.parse().unwrap()),
                value: value.map(|value| value.parse().unwrap()),
            })
            .collect(),
        end_users: vec![Named {
            name: "Kaya Makina".to_owned(),
            ..Named::default()
        }],
        destinations: vec!["TR".to_owned()],
        paper: Some("BAFA 1/26 (invented)".to_owned()),
        ..Terms::default()
    }
}

impl World {
    fn office(&self) -> Office<'_> {
        Office {
            policy: &self.policy,
            calendar: &self.calendar,
            actor: &self.actor,
            at: self.at,
        }
    }

    fn issue(&self, id: &str, terms: Terms) -> Licence {
        let done = self.office().issue(id, terms, None).unwrap();
        self.ledger
            .append_after(&Licence::stream(id), 0, done.drafts)
            .unwrap();
        self.licence(id)
    }

    fn licence(&self, id: &str) -> Licence {
        let entries = self
            .ledger
            .entries(&Ask::stream(Licence::stream(id)).limit(Ask::MOST))
            .unwrap();
        Licence::of(&entries).unwrap().unwrap()
    }

    fn act(&self, id: &str, movement: Movement) -> Result<Done, Stopped> {
        let licence = self.licence(id);
        let done = self.office().licence(&licence, movement);
        let drafts = match &done {
            Ok(done) => done.drafts.clone(),
            Err(stopped) => stopped.record.clone(),
        };
        if !drafts.is_empty() {
            self.ledger
                .append_after(&Licence::stream(id), licence.seen, drafts)
                .unwrap();
        }
        done
    }

    fn told(&self, id: &str, movement: Movement) -> String {
        self.act(id, movement).unwrap_err().to_string()
    }

    fn balance(&self, id: &str) -> [String; 4] {
        let licence = self.licence(id);
        let (line, balance) = (licence.line(1).unwrap(), licence.balance(1).unwrap());
        [
            balance.available,
            balance.reserved,
            balance.shipped,
            balance.seen,
        ]
        .map(|counts| shown(line, counts))
    }
}

fn reserve(key: &str, amount: &str, on: &str) -> Movement {
    Movement::Reserve {
        reservation: key.to_owned(),
        line: 1,
        amounts: goods(amount),
        purpose: to_kaya(on),
    }
}

fn ship(declaration: &str, amount: &str, of: Option<&str>, on: &str) -> Movement {
    Movement::Ship {
        declaration: declaration.to_owned(),
        line: 1,
        amounts: goods(amount),
        reservation: of.map(str::to_owned),
        purpose: to_kaya(on),
    }
}

fn row(declaration: &str, quantity: &str, on: &str) -> Row {
    Row {
        declaration: declaration.to_owned(),
        line: 1,
        quantity: Some(quantity.to_owned()),
        value: None,
        on: Some(day(on)),
    }
}

fn taken(batch: &str, sent: &str, rows: Vec<Row>) -> Movement {
    Movement::Reconcile(Return {
        batch: batch.to_owned(),
        sent: day(sent),
        rows,
    })
}

#[test]
fn the_licence_of_the_drawing_has_twelve_left_and_refuses_fourteen() {
    let world = memory();
    let id = "L-2026-0113";
    world.issue(id, terms(&[("40 pieces", None)]));
    let steps = [
        (
            reserve("7731", "12 pieces", "2026-03-10"),
            ["28 pieces", "12 pieces", "0 pieces"],
        ),
        (
            ship("26NL118", "12 pcs", Some("7731"), "2026-03-24"),
            ["28 pieces", "0 pieces", "12 pieces"],
        ),
        (
            reserve("7902", "16 pieces", "2026-06-02"),
            ["12 pieces", "16 pieces", "12 pieces"],
        ),
        (
            ship("26NL377", "14 pieces", Some("7902"), "2026-06-19"),
            ["12 pieces", "2 pieces", "26 pieces"],
        ),
        (
            taken(
                "0626",
                "2026-06-26",
                vec![
                    row("26NL118", "12 pce", "2026-03-24"),
                    row("26NL377", "12", "2026-06-19"),
                ],
            ),
            ["12 pieces", "2 pieces", "26 pieces"],
        ),
        (
            Movement::Release {
                reservation: "7902".to_owned(),
                amounts: goods("2 pieces"),
                why: "short delivery".to_owned(),
            },
            ["14 pieces", "0 pieces", "26 pieces"],
        ),
        (
            reserve("8455", "2 pieces", "2026-10-14"),
            ["12 pieces", "2 pieces", "26 pieces"],
        ),
    ];
    for (step, (movement, expected)) in steps.into_iter().enumerate() {
        world
            .act(id, movement)
            .unwrap_or_else(|stopped| panic!("step {step}: {stopped}"));
        assert_eq!(world.balance(id)[..3], expected, "step {step}");
    }
    assert_eq!(
        world.told(id, reserve("8460", "14 pieces", "2026-10-15")),
        "licence L-2026-0113: line 1 has 12 pieces left, and 14 pieces is asked for; take 12 pieces or less, or ask for an amendment"
    );
    let licence = world.licence(id);
    let last = licence.movements.last().unwrap();
    assert_eq!(last.kind, "licence.refused");
    assert!(
        last.says
            .starts_with("refused, nothing changed: reserve 14 pieces of line 1 for 8460:")
    );
    assert_eq!(world.balance(id)[0], "12 pieces");
    // `12` without a unit is no amount of pieces: told, and not counted.
    let troubles: Vec<(Trouble, Option<String>)> = licence
        .discrepancies()
        .into_iter()
        .map(|each| (each.trouble, each.declaration))
        .collect();
    assert_eq!(
        troubles,
        [
            (Trouble::UnitMismatch, Some("26NL377".to_owned())),
            (Trouble::NotReturned, Some("26NL377".to_owned()))
        ]
    );
    world
        .act(
            id,
            taken(
                "0627",
                "2026-06-27",
                vec![row("26NL377", "12 pieces", "2026-06-19")],
            ),
        )
        .unwrap();
    let licence = world.licence(id);
    let found = licence.discrepancies();
    assert_eq!(found.len(), 1, "the later return counts: {found:?}");
    assert_eq!(
        found[0].says,
        "declaration 26NL377: ours says 14 pieces, return 0627 says 12 pieces; the more of the two is counted"
    );
    assert_eq!(
        world.balance(id),
        ["12 pieces", "2 pieces", "26 pieces", "24 pieces"]
    );
    world
        .act(
            id,
            Movement::Answer {
                discrepancy: found[0].key.clone(),
                how: "asked customs".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(
        world.licence(id).summary(day("2026-11-20")).discrepancies,
        0
    );
    let correct = Movement::Correct {
        declaration: "26NL377".to_owned(),
        line: 1,
        amounts: goods("12 pieces"),
        why: "two came back".to_owned(),
    };
    world.act(id, correct).unwrap();
    assert_eq!(world.balance(id)[0], "14 pieces");
    assert!(world.licence(id).irregular.is_empty());
}

#[test]
fn a_movement_is_checked_against_end_user_place_day_unit_and_standing() {
    let world = memory();
    world.issue("L-1", terms(&[("2 t", Some("100,000 EUR"))]));
    let both = |quantity: &str, value: &str| Stated {
        quantity: Some(quantity.parse().unwrap()),
        value: Some(value.parse().unwrap()),
    };
    let movement = |amounts: Stated, purpose: Purpose| Movement::Reserve {
        reservation: "o".to_owned(),
        line: 1,
        amounts,
        purpose,
    };
    let told = |amounts: Stated, purpose: Purpose| world.told("L-1", movement(amounts, purpose));
    let fine = || to_kaya("2026-03-01");
    assert_eq!(
        told(goods("500 kg"), fine()),
        "licence L-1: line 1 is counted down by value; state the value too"
    );
    assert_eq!(
        told(both("5 pieces", "1 EUR"), fine()),
        "licence L-1: `5 pieces` is a number of pieces, but this is counted as a mass; nothing was counted"
    );
    assert_eq!(
        told(both("5 kg", "1 USD"), fine()),
        "licence L-1: `1 USD` is money in USD, but this is counted as money in EUR; nothing was counted"
    );
    assert!(
        told(both("5 kg", "100,000.01 EUR"), fine()).contains("line 1 has 2 t, 100000 EUR left")
    );
    assert_eq!(
        told(
            both("5 kg", "1 EUR"),
            Purpose {
                end_user: Some("Other".to_owned()),
                ..fine()
            }
        ),
        "licence L-1 does not cover this: its end user is Kaya Makina, not Other"
    );
    assert_eq!(
        told(
            both("5 kg", "1 EUR"),
            Purpose {
                end_user: None,
                to: None,
                ..fine()
            }
        ),
        "licence L-1 does not cover this: it names its end user (Kaya Makina), and the movement does not say who that is; it names a destination (TR), and the movement does not say where it goes"
    );
    assert_eq!(
        told(both("5 kg", "1 EUR"), to_kaya("2027-02-03")),
        "licence L-1 does not cover this: it ran out on 2027-02-02, and the movement is on 2027-02-03"
    );
    assert_eq!(
        told(both("5 kg", "1 EUR"), to_kaya("2026-02-02")),
        "licence L-1 does not cover this: it holds from 2026-02-03 on, and the movement is on 2026-02-02"
    );
    world
        .act(
            "L-1",
            movement(both("500 kg", "25,000.10 EUR"), to_kaya("2027-02-02")),
        )
        .unwrap();
    assert_eq!(world.balance("L-1")[0], "1.5 t, 74999.9 EUR");
    assert_eq!(
        world
            .act(
                "L-1",
                movement(both("500 kg", "25,000.10 EUR"), to_kaya("2027-02-02"))
            )
            .unwrap()
            .drafts,
        [],
        "a repeat changes nothing"
    );
    assert!(
        told(both("501 kg", "25,000.10 EUR"), fine())
            .contains("was recorded as 500 kg worth 25000.1 EUR")
    );
    let turn = |to: Standing, from: &str| Movement::Turn {
        to,
        from: Some(day(from)),
        why: "enquiry".to_owned(),
    };
    world
        .act("L-1", turn(Standing::Suspended, "2026-05-01"))
        .unwrap();
    world
        .act("L-1", turn(Standing::InForce, "2026-05-20"))
        .unwrap();
    world
        .act("L-1", turn(Standing::Revoked, "2026-06-01"))
        .unwrap();
    assert!(
        world
            .told("L-1", turn(Standing::InForce, "2026-07-01"))
            .contains("only what is suspended is resumed")
    );
    let licence = world.licence("L-1");
    let standings = [
        "2026-02-02",
        "2026-02-03",
        "2026-05-01",
        "2026-05-19",
        "2026-05-20",
        "2026-06-01",
        "2028-01-01",
    ]
    .map(|on| licence.standing(day(on)));
    use Standing::{InForce, NotYet, Revoked, Suspended};
    assert_eq!(
        standings,
        [
            NotYet, InForce, Suspended, Suspended, InForce, Revoked, Revoked
        ]
    );
    let by_day = |on: &str| Movement::Ship {
        declaration: on.to_owned(),
        line: 1,
        amounts: both("100 kg", "10 EUR"),
        reservation: None,
        purpose: to_kaya(on),
    };
    world
        .act("L-1", by_day("2026-05-31"))
        .expect("it left before the revocation, and is recorded after it");
    assert!(
        world
            .told("L-1", by_day("2026-06-01"))
            .contains("it is revoked on 2026-06-01")
    );
    // Customs saw it leave all the same: counted, and flagged.
    let seen = Row {
        declaration: "late".to_owned(),
        line: 1,
        quantity: Some("10 kg".to_owned()),
        value: Some("5 EUR".to_owned()),
        on: Some(day("2026-06-02")),
    };
    world
        .act("L-1", taken("b", "2026-06-30", vec![seen]))
        .unwrap();
    let troubles: Vec<Trouble> = world
        .licence("L-1")
        .discrepancies()
        .iter()
        .map(|each| each.trouble)
        .collect();
    assert_eq!(
        troubles,
        [
            Trouble::OutOfForce,
            Trouble::UnknownShipment,
            Trouble::NotReturned
        ]
    );
}

#[test]
fn use_beyond_the_licence_is_a_discrepancy_and_never_a_debt() {
    let world = memory();
    world.issue("L-1", terms(&[("10 pieces", None)]));
    world
        .act("L-1", reserve("o", "4 pieces", "2026-03-01"))
        .unwrap();
    world
        .act(
            "L-1",
            taken("a", "2026-03-05", vec![row("d1", "8 pieces", "2026-03-04")]),
        )
        .unwrap();
    assert_eq!(
        world.balance("L-1"),
        ["0 pieces", "4 pieces", "8 pieces", "8 pieces"]
    );
    assert_eq!(
        world.licence("L-1").discrepancies()[0].trouble,
        Trouble::OverReserved
    );
    world
        .act(
            "L-1",
            taken("b", "2026-03-06", vec![row("d2", "5 pieces", "2026-03-05")]),
        )
        .unwrap();
    let found = world.licence("L-1").discrepancies();
    assert_eq!(
        found[0].says,
        "line 1: 3 pieces more left than the 10 pieces that were granted; nothing is left, and nothing more can be reserved or shipped"
    );
    assert!(
        world
            .told("L-1", reserve("p", "1 pieces", "2026-03-07"))
            .contains("0 pieces left")
    );
    assert!(
        world
            .told("L-1", ship("d3", "1 pieces", None, "2026-03-07"))
            .contains("0 pieces left")
    );
    world
        .act("L-1", ship("d2", "5 pieces", None, "2026-03-05"))
        .expect("what customs has counted already needs nothing more");
    let grow = Movement::Amend {
        change: Amendment {
            lines: vec![Line {
                quantity: Some("20 pieces".parse().unwrap()),
                ..world.licence("L-1").line(1).unwrap().clone()
            }],
            ..Amendment::default()
        },
        why: "a further order".to_owned(),
    };
    world.act("L-1", grow).unwrap();
    assert_eq!(world.balance("L-1")[0], "3 pieces");
    let shrink = Movement::Amend {
        change: Amendment {
            lines: vec![Line {
                quantity: Some("16 pieces".parse().unwrap()),
                ..world.licence("L-1").line(1).unwrap().clone()
            }],
            ..Amendment::default()
        },
        why: "less".to_owned(),
    };
    assert!(
        world
            .told("L-1", shrink)
            .contains("17 pieces of it are reserved or shipped")
    );
    assert!(
        world
            .told(
                "L-1",
                taken("b", "2026-03-09", vec![row("d2", "1 pieces", "2026-03-05")])
            )
            .contains("an id of its own")
    );
}

#[test]
fn the_next_licence_covers_what_the_first_cannot() {
    let world = memory();
    world.issue(
        "L-late",
        Terms {
            until: Some(day("2028-01-01")),
            ..terms(&[("50 pieces", None)])
        },
    );
    world.issue(
        "L-soon",
        Terms {
            until: Some(day("2026-12-31")),
            ..terms(&[("5 pieces", None)])
        },
    );
    world.issue(
        "L-other",
        Terms {
            end_users: vec![Named {
                name: "Other".to_owned(),
                ..Named::default()
            }],
            ..terms(&[("500 pieces", None)])
        },
    );
    let all = ["L-late", "L-other", "L-soon"].map(|id| world.licence(id));
    let all: Vec<&Licence> = all.iter().collect();
    let wanted = |amount: &str| Wanted {
        amounts: goods(amount),
        code: Some("2b201".to_owned()),
        purpose: to_kaya("2026-06-01"),
    };
    let takes = |amount: &str, split: bool| {
        plan(&all, &wanted(amount), split).map(|takes| {
            takes
                .into_iter()
                .map(|take| (take.licence, take.amounts.says()))
                .collect::<Vec<_>>()
        })
    };
    let one = |licence: &str, amount: &str| (licence.to_owned(), amount.to_owned());
    assert_eq!(
        takes("5 pieces", false).unwrap(),
        [one("L-soon", "5 pieces")],
        "what runs out first is used first"
    );
    assert_eq!(
        takes("6 pieces", false).unwrap(),
        [one("L-late", "6 pieces")]
    );
    assert_eq!(
        takes("53 pieces", true).unwrap(),
        [one("L-soon", "5 pieces"), one("L-late", "48 pieces")]
    );
    let against = takes("53 pieces", false).unwrap_err();
    assert_eq!(
        against[0],
        (
            "L-soon".to_owned(),
            vec!["line 1 has 5 pieces left, and 53 pieces is asked for".to_owned()]
        )
    );
    assert_eq!(
        against[1],
        (
            "L-other".to_owned(),
            vec!["its end user is Other, not KAYA Makina".to_owned()]
        )
    );
    assert!(takes("56 pieces", true).is_err());
    let wrong = Wanted {
        code: Some("9A012".to_owned()),
        ..wanted("1 pieces")
    };
    assert_eq!(
        plan(&all, &wrong, true).unwrap_err()[0].1,
        ["line 1 is for 2B201"]
    );
}

#[test]
fn terms_that_do_not_hold_together_are_refused() {
    let world = memory();
    let told = |terms: Terms| {
        world
            .office()
            .issue("L-1", terms, None)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        told(Terms {
            paper: None,
            ..terms(&[("1 t", None)])
        }),
        "a licence rests on a decided case or on a paper; name one"
    );
    assert_eq!(
        told(Terms {
            case: Some("C-9".to_owned()),
            ..terms(&[("1 t", None)])
        }),
        "case C-9 is not in the ledger, so that no licence can be issued on it"
    );
    assert_eq!(
        told(terms(&[])),
        "the licence has no line; say what it allows, and how much"
    );
    assert_eq!(
        told(terms(&[("", None)])),
        "line 1 allows neither a quantity nor a value; say how much, as `40 pieces` or `100,000 EUR`"
    );
    assert_eq!(
        told(Terms {
            from: Some(day("2027-03-01")),
            ..terms(&[("1 t", None)])
        }),
        "it would run from 2027-03-01 to 2027-02-02; the last day is the first day or a later one"
    );
    let mut reader = memory();
    reader.actor.roles = vec!["reader".to_owned()];
    reader.issue_refused();
}

impl World {
    fn issue_refused(&self) {
        let told = self
            .office()
            .issue("L-1", terms(&[("1 t", None)]), None)
            .unwrap_err()
            .to_string();
        assert_eq!(
            told,
            "L. Marchetti (reader) may not issue or register a licence; licensing officer may"
        );
    }
}

/// A file of its own in the folder that cargo gives to tests, gone when the test is over.
struct Place(std::path::PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-{}.db", std::process::id()));
        let place = Place(path);
        place.clear();
        place
    }

    fn clear(&self) {
        for end in ["", "-wal", "-shm", ".key"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clear();
    }
}

#[test]
fn a_race_for_one_balance_never_uses_more_than_there_is() {
    let place = Place::new("race");
    let url = LedgerUrl::Sqlite(place.0.clone());
    let first = world(Ledger::open(&url).unwrap());
    first.issue("L-1", terms(&[("40 pieces", None)]));
    let refused = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for worker in 0..6 {
            let (url, refused) = (&url, &refused);
            scope.spawn(move || {
                // A ledger of its own, as another process has.
                let own = world(Ledger::open(url).unwrap());
                for order in 0..10 {
                    let movement = if order % 2 == 0 {
                        ship(
                            &format!("d-{worker}-{order}"),
                            "1 pieces",
                            None,
                            "2026-03-01",
                        )
                    } else {
                        reserve(&format!("o-{worker}-{order}"), "1 pieces", "2026-03-01")
                    };
                    loop {
                        let licence = own.licence("L-1");
                        let drafts = match own.office().licence(&licence, movement.clone()) {
                            Ok(done) => done.drafts,
                            Err(_) => {
                                refused.fetch_add(1, Ordering::Relaxed);
                                break;
                            }
                        };
                        match own
                            .ledger
                            .append_after(&Licence::stream("L-1"), licence.seen, drafts)
                        {
                            Ok(_) => break,
                            Err(LedgerError::Moved { .. } | LedgerError::Busy { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    let licence = first.licence("L-1");
    let balance = licence.balance(1).unwrap();
    assert_eq!(
        balance.reserved.quantity + balance.shipped.quantity,
        balance.granted.quantity,
        "all 40 used, not one more"
    );
    assert_eq!(refused.load(Ordering::Relaxed), 20, "60 were asked for");
    assert!(licence.irregular.is_empty());
    assert_eq!(licence.movements.len(), 41);
}

fn returns() -> impl Strategy<Value = Vec<Return>> {
    let quantity = prop_oneof![
        (1u32..30).prop_map(|count| format!("{count} pieces")),
        Just("3 kg".to_owned()),
        Just("3 sets".to_owned())
    ];
    let row = (
        prop::sample::select(vec!["d1", "d2", "d3"]),
        1u32..3,
        quantity,
    )
        .prop_map(|(declaration, line, quantity)| Row {
            declaration: declaration.to_owned(),
            line,
            quantity: Some(quantity),
            value: None,
            on: None,
        });
    let one = (prop::collection::vec(row, 0..4), 1u32..9);
    prop::collection::vec(one, 1..6).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(place, (rows, on))| Return {
                batch: format!("b{place}"),
                sent: day(&format!("2026-03-0{on}")),
                rows,
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn returns_may_come_in_any_order_and_twice(returns in returns(), order in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let told = |sequence: Vec<&Return>| {
            let world = memory();
            world.issue("L-1", terms(&[("40 pieces", None)]));
            world.act("L-1", ship("d1", "5 pieces", None, "2026-03-01")).unwrap();
            for each in sequence {
                let _ = world.act("L-1", Movement::Reconcile(each.clone())).unwrap();
            }
            let licence = world.licence("L-1");
            let found: Vec<(String, String)> = licence.discrepancies().into_iter().map(|each| (each.key, each.says)).collect();
            (world.balance("L-1"), found, licence.irregular)
        };
        let straight = told(returns.iter().collect());
        // Any order, with repeats, as long as each comes once at least.
        let mut mixed: Vec<&Return> = order.iter().map(|place| place.get(&returns)).collect();
        mixed.extend(returns.iter().rev());
        prop_assert_eq!(told(mixed), straight);
    }

    #[test]
    fn random_movements_agree_with_plain_sums(steps in prop::collection::vec((0u8..5, 1i128..15, 0usize..4), 1..40)) {
        let world = memory();
        world.issue("L-1", terms(&[("40 pieces", None)]));
        let keys = ["a", "b", "c", "d"];
        let mut held: std::collections::BTreeMap<&str, i128> = Default::default();
        let mut gone: std::collections::BTreeMap<String, i128> = Default::default();
        for (place, (what, count, key)) in steps.into_iter().enumerate() {
            let (key, amount) = (keys[key], format!("{count} pieces"));
            let left = 40 - held.values().sum::<i128>() - gone.values().sum::<i128>();
            let declaration = format!("s{place}");
            let (movement, expected) = match what {
                0 => (reserve(key, &amount, "2026-03-01"), !held.contains_key(key) && count <= left),
                1 => (ship(&declaration, &amount, None, "2026-03-01"), count <= left),
                2 => (ship(&declaration, &amount, Some(key), "2026-03-01"), held.get(key).is_some_and(|held| count <= *held)),
                3 => (Movement::Release { reservation: key.to_owned(), amounts: goods(&amount), why: "w".to_owned() }, held.get(key).is_some_and(|held| count <= *held)),
                _ => {
                    let Some(known) = gone.keys().next().cloned() else { continue };
                    let fits = count - gone[&known] <= left;
                    (Movement::Correct { declaration: known, line: 1, amounts: goods(&amount), why: "w".to_owned() }, fits)
                }
            };
            let repeat = what == 0 && held.contains_key(key);
            let done = world.act("L-1", movement);
            if !repeat {
                prop_assert_eq!(done.is_ok(), expected, "step {}: {:?}", place, done);
            }
            if expected {
                match what {
                    0 => { held.insert(key, count); }
                    1 => { gone.insert(declaration, count); }
                    2 => { *held.get_mut(key).unwrap() -= count; gone.insert(declaration, count); }
                    3 => *held.get_mut(key).unwrap() -= count,
                    _ => { let first = gone.keys().next().cloned().unwrap(); gone.insert(first, count); }
                }
            }
            let (reserved, shipped) = (held.values().sum::<i128>(), gone.values().sum::<i128>());
            let expected = [40 - reserved - shipped, reserved, shipped, 0].map(|count| format!("{count} pieces"));
            prop_assert_eq!(world.balance("L-1"), expected);
            prop_assert!(world.licence("L-1").irregular.is_empty());
        }
    }
}
