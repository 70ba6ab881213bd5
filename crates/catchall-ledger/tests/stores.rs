//! The same rules over every store: in memory, SQLite, and PostgreSQL where it is installed.
//!
//! One list of cases; each gets an empty ledger of its own in each store. To add a rule: one function and its row in [`CASES`].

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod places;

use std::collections::BTreeSet;

use catchall_ledger::{
    Actor, Ask, Body, Draft, Hash, Ledger, LedgerError, LedgerUrl, Opening, Timestamp,
};
use places::{Folder, Server};
use serde_json::{Value, json};

type Case = (&'static str, fn(&Place));

const CASES: &[Case] = &[
    ("entries are chained and come back as they were", chained),
    ("an append is whole or not at all", whole),
    ("a repeat gives the first receipt", repeats),
    ("a stream that moved refuses", moved),
    ("many threads leave one chain without gaps", threads),
    ("of many who race for one step, one wins", race),
    ("two connections of two openings see one ledger", two),
    ("pages by number, stream and kind, both ways", pages),
    ("keys are found by their beginning", keyed),
    ("sealed bodies open until they are shredded", sealed),
    ("checkpoints go on from one another", checkpoints),
    ("any text a person can have is kept", texts),
    ("a name that cannot be found again is refused", names),
    ("an opening that may not make a ledger does not", absent),
];

/// An empty ledger's place, and the folder for its key.
struct Place {
    url: LedgerUrl,
    folder: Folder,
}

impl Place {
    fn open(&self) -> Ledger {
        Ledger::open_as(
            &self.url,
            Opening {
                create: true,
                signing_key: Some(self.folder.join("key")),
            },
        )
        .unwrap()
    }
}

#[test]
fn the_same_rules_hold_in_memory() {
    run(|_| LedgerUrl::Memory);
}

#[test]
fn the_same_rules_hold_over_sqlite() {
    run(Folder::url);
}

#[test]
fn the_same_rules_hold_over_postgresql() {
    if let Some(server) = Server::start() {
        run(|_| server.database());
    }
}

fn run(url: impl Fn(&Folder) -> LedgerUrl) {
    let mut failures = Vec::new();
    for (name, case) in CASES {
        let folder = Folder::new();
        let place = Place {
            url: url(&folder),
            folder,
        };
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&place)));
        if done.is_err() {
            failures.push(*name);
        }
    }
    assert!(failures.is_empty(), "broken: {failures:#?}");
}

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_000_000_000 + millisecond).unwrap()
}

fn draft(stream: &str, kind: &str, body: Value) -> Draft {
    Draft::new(stream, kind, Actor::named("anna"), at(0), body)
}

fn all(ledger: &Ledger) -> Vec<catchall_ledger::Entry> {
    ledger.entries(&Ask::all().limit(Ask::MOST)).unwrap()
}

/// Numbers without gaps, each with the hash of the one before.
fn is_chain(ledger: &Ledger) {
    let mut previous = Hash::ZERO;
    for (number, entry) in (1..).zip(all(ledger)) {
        assert_eq!(entry.number, number);
        assert_eq!(entry.previous, previous);
        previous = entry.hash;
    }
    assert_eq!(
        ledger.head().unwrap().map_or(Hash::ZERO, |head| head.hash),
        previous
    );
}

fn chained(place: &Place) {
    let ledger = place.open();
    assert_eq!(ledger.head().unwrap(), None);
    assert_eq!(ledger.append(Vec::new()).unwrap(), []);
    let mut first = draft(
        "case/1",
        "case.opened",
        json!({"z": 1, "a": [true, null, "x"]}),
    );
    first.actor.team = Some("licensing".to_owned());
    first.actor.roles = vec!["officer".to_owned(), "reader".to_owned()];
    let second = draft("case/2", "case.opened", json!(null));
    let receipts = ledger.append(vec![first.clone(), second]).unwrap();
    let entries = all(&ledger);
    assert_eq!(entries[0].actor, first.actor);
    assert_eq!(entries[0].body, Body::Open(first.body));
    assert_eq!(entries[0].at, first.at);
    assert_eq!(entries[1].body, Body::Open(Value::Null));
    assert_eq!(ledger.entry(2).unwrap().unwrap(), entries[1]);
    assert_eq!(ledger.entry(3).unwrap(), None);
    assert_eq!(ledger.head().unwrap(), Some(receipts[1]));
    is_chain(&ledger);
}

fn whole(place: &Place) {
    let ledger = place.open();
    ledger
        .append(vec![draft("a", "k", json!(1)).with_key("key")])
        .unwrap();
    let refused = ledger.append(vec![
        draft("a", "k", json!(2)),
        draft("a", "k", json!(3)).with_key("key"),
    ]);
    assert_eq!(
        refused,
        Err(LedgerError::OtherBody {
            key: "key".to_owned(),
            number: 1
        })
    );
    assert_eq!(all(&ledger).len(), 1);
    // The ledger goes on after a refusal.
    ledger.append(vec![draft("a", "k", json!(4))]).unwrap();
    is_chain(&ledger);
}

fn repeats(place: &Place) {
    let ledger = place.open();
    let one = |body: Value| draft("licence/1", "licence.shipped", body).with_key("batch/7");
    let first = ledger.append(vec![one(json!({"kg": "22"}))]).unwrap();
    let mut later = one(json!({"kg": "22"}));
    later.at = at(5000);
    later.actor = Actor::named("boris");
    assert_eq!(ledger.append(vec![later]).unwrap(), first);
    let other = ledger.append(vec![one(json!({"kg": "23"}))]);
    assert!(matches!(
        other,
        Err(LedgerError::OtherBody { number: 1, .. })
    ));
    let sealed = one(json!({"kg": "22"})).sealed_for("p");
    assert!(ledger.append(vec![sealed]).is_err());
    let twin = || one(json!(1)).with_key("twin");
    let receipts = ledger.append(vec![twin(), twin()]).unwrap();
    assert_eq!(receipts[0], receipts[1]);
    let clash = vec![one(json!(1)).with_key("c"), one(json!(2)).with_key("c")];
    let key = "c".to_owned();
    assert_eq!(ledger.append(clash), Err(LedgerError::KeyTwice { key }));
    assert_eq!(all(&ledger).len(), 2);
    is_chain(&ledger);
}

fn moved(place: &Place) {
    let ledger = place.open();
    let step = |n: u64| vec![draft("case/1", "case.advised", json!(n))];
    ledger.append_after("case/1", 0, step(1)).unwrap();
    ledger.append(vec![draft("case/2", "x", json!(0))]).unwrap();
    assert_eq!(ledger.last_of("case/1").unwrap(), 1);
    ledger.append_after("case/1", 1, step(2)).unwrap();
    assert_eq!(
        ledger.append_after("case/1", 1, step(3)),
        Err(LedgerError::Moved {
            stream: "case/1".to_owned(),
            seen: 1,
            now: 3
        })
    );
    // A repeat is answered with its first receipt though the stream has gone on.
    let keyed = || vec![draft("case/1", "case.advised", json!(9)).with_key("nine")];
    let first = ledger.append_after("case/1", 3, keyed()).unwrap();
    assert_eq!(ledger.append_after("case/1", 3, keyed()).unwrap(), first);
    assert!(ledger.append_after("case/1", 0, Vec::new()).is_err());
    is_chain(&ledger);
}

fn threads(place: &Place) {
    let ledger = place.open();
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let ledger = ledger.clone();
            std::thread::spawn(move || {
                for turn in 0..25 {
                    let stream = format!("t/{thread}");
                    let drafts = (0..=turn % 3)
                        .map(|part| draft(&stream, "k", json!([turn, part])))
                        .collect();
                    let receipts = ledger.append(drafts).unwrap();
                    // All of one append lie next to one another.
                    for pair in receipts.windows(2) {
                        assert_eq!(pair[0].number + 1, pair[1].number);
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(all(&ledger).len(), 8 * 49);
    is_chain(&ledger);
    let own = ledger.entries(&Ask::stream("t/3")).unwrap();
    let turns: Vec<u64> = own
        .iter()
        .map(|entry| entry.body.value().unwrap()[0].as_u64().unwrap())
        .collect();
    assert!(turns.is_sorted(), "a thread's own appends keep their order");
}

fn race(place: &Place) {
    let ledger = place.open();
    // Openings of their own, as processes would have; a store in memory has only the one.
    let threads: Vec<_> = (0..6)
        .map(|thread| {
            let ledger = if place.url == LedgerUrl::Memory {
                ledger.clone()
            } else {
                place.open()
            };
            std::thread::spawn(move || {
                (0..10)
                    .filter(|round| {
                        let drafts = vec![draft("licence/1", "k", json!([thread, round]))];
                        match ledger.append_after("licence/1", *round, drafts) {
                            Ok(_) => true,
                            Err(LedgerError::Moved { .. }) => {
                                // Wait for the round to be over, whoever won it.
                                while ledger.last_of("licence/1").unwrap() <= *round {
                                    std::thread::yield_now();
                                }
                                false
                            }
                            Err(error) => panic!("{error}"),
                        }
                    })
                    .count()
            })
        })
        .collect();
    let won: usize = threads.into_iter().map(|one| one.join().unwrap()).sum();
    assert_eq!(won, 10);
    assert_eq!(all(&ledger).len(), 10);
    is_chain(&ledger);
}

fn two(place: &Place) {
    if place.url == LedgerUrl::Memory {
        return;
    }
    let (one, other) = (place.open(), place.open());
    for turn in 0..5 {
        one.append(vec![draft("a", "k", json!(turn))]).unwrap();
        other.append(vec![draft("b", "k", json!(turn))]).unwrap();
        assert_eq!(one.head().unwrap(), other.head().unwrap());
    }
    is_chain(&one);
}

fn pages(place: &Place) {
    let ledger = place.open();
    let kinds = [
        "case.opened",
        "case.closed",
        "casement",
        "determined",
        "cas",
    ];
    let drafts = (0..60)
        .map(|n| draft(&format!("s/{}", n % 4), kinds[n % 5], json!(n)))
        .collect();
    ledger.append(drafts).unwrap();
    let every = all(&ledger);
    let numbers = |ask: &Ask| -> Vec<u64> {
        let found = ledger.entries(ask).unwrap();
        found.iter().map(|entry| entry.number).collect()
    };
    let mut asks = vec![Ask::all(), Ask::stream("s/1"), Ask::stream("none")];
    for kind in ["case.", "case", "determined", "c", "", "zzz", "case.closed"] {
        asks.push(Ask::all().kind(kind));
        asks.push(Ask::stream("s/2").kind(kind));
    }
    for ask in asks {
        for newest_first in [false, true] {
            for limit in [1, 7, 100] {
                for (after, before) in [
                    (0, None),
                    (10, Some(40)),
                    (59, None),
                    (60, None),
                    (5, Some(6)),
                ] {
                    let ask = Ask {
                        after,
                        before,
                        newest_first,
                        limit,
                        ..ask.clone()
                    };
                    let mut wanted: Vec<u64> = every
                        .iter()
                        .filter(|one| ask.stream.as_ref().is_none_or(|own| *own == one.stream))
                        .filter(|one| {
                            ask.kind
                                .as_ref()
                                .is_none_or(|own| one.kind.starts_with(own))
                        })
                        .map(|one| one.number)
                        .filter(|n| *n > after && before.is_none_or(|before| *n < before))
                        .collect();
                    if newest_first {
                        wanted.reverse();
                    }
                    wanted.truncate(limit);
                    assert_eq!(numbers(&ask), wanted, "{ask:?}");
                }
            }
        }
    }
}

fn keyed(place: &Place) {
    let ledger = place.open();
    for key in ["b/2", "a/1", "b/1", "b", "c"] {
        ledger
            .append(vec![draft("s", "k", json!(key)).with_key(key)])
            .unwrap();
    }
    let keys = |prefix: &str, limit: usize| -> Vec<String> {
        let found = ledger.keyed(prefix, limit).unwrap();
        found.into_iter().filter_map(|entry| entry.key).collect()
    };
    assert_eq!(keys("b/", 10), ["b/1", "b/2"]);
    assert_eq!(keys("b", 2), ["b", "b/1"]);
    assert_eq!(keys("", 10).len(), 5);
    assert!(keys("x", 10).is_empty());
}

fn sealed(place: &Place) {
    let ledger = place.open();
    let secret = json!({"passport": "AB 123 вычеркнуть"});
    let drafts = vec![
        draft("statement/1", "made", secret.clone()).sealed_for("person/1"),
        draft("statement/2", "made", json!("other")).sealed_for("person/2"),
        draft("statement/3", "made", secret.clone())
            .sealed_for("person/1")
            .with_key("k"),
    ];
    let receipts = ledger.append(drafts.clone()).unwrap();
    // An idempotent repeat is known though each sealing has other bytes.
    assert_eq!(
        ledger.append(vec![drafts[2].clone()]).unwrap(),
        [receipts[2]]
    );
    let entries = all(&ledger);
    assert_eq!(entries[0].body, Body::Open(secret));
    assert_eq!(entries[0].subject.as_deref(), Some("person/1"));
    let shredded = ledger
        .shred("person/1", Actor::named("dpo"), at(1), "request 7")
        .unwrap();
    assert_eq!(shredded.receipt.number, 4);
    assert_eq!(shredded.overwritten, Ok(()));
    let entries = all(&ledger);
    for number in [0, 2] {
        assert_eq!(entries[number].body, Body::Shredded);
        assert_eq!(entries[number].subject, None);
        assert_eq!(entries[number].hash, receipts[number].hash);
    }
    assert_eq!(entries[1].body, Body::Open(json!("other")));
    assert_eq!(entries[3].kind, "subject.shredded");
    let again = ledger.shred("person/1", Actor::named("dpo"), at(2), "again");
    let subject = "person/1".to_owned();
    assert_eq!(again, Err(LedgerError::NoSubject { subject }));
    // The same subject may be sealed for anew, under another key.
    ledger.append(vec![drafts[0].clone()]).unwrap();
    assert_eq!(all(&ledger)[4].subject.as_deref(), Some("person/1"));
    assert_eq!(all(&ledger)[0].body, Body::Shredded);
    is_chain(&ledger);
}

fn checkpoints(place: &Place) {
    let ledger = place.open();
    let empty = ledger.checkpoint(at(0)).unwrap();
    assert_eq!(empty.size, 0);
    let mut sizes = BTreeSet::new();
    for turn in 0..10 {
        let drafts = (0..=turn).map(|n| draft("s", "k", json!(n))).collect();
        ledger.append(drafts).unwrap();
        let made = ledger.checkpoint(at(turn)).unwrap();
        assert!(made.is_signed());
        assert_eq!(ledger.checkpoint(at(turn + 1)).unwrap(), made);
        sizes.insert(made.size);
    }
    assert_eq!(sizes.len(), 10);
    assert_eq!(ledger.checkpoints().unwrap().len(), 11);
    // The last root is the one that a ledger with the same entries and no checkpoints before has.
    let last = ledger.checkpoints().unwrap().pop().unwrap();
    let other = Ledger::open(&LedgerUrl::Memory).unwrap();
    for entry in all(&ledger) {
        let mut copy = draft(
            &entry.stream,
            &entry.kind,
            entry.body.value().unwrap().clone(),
        );
        copy.at = entry.at;
        other.append(vec![copy]).unwrap();
    }
    assert_eq!(other.checkpoint(at(0)).unwrap().root, last.root);
    assert_eq!(ledger.public_key().unwrap(), last.key);
}

fn texts(place: &Place) {
    let ledger = place.open();
    let long = "長".repeat(100_000);
    for (n, text) in [
        "",
        "\u{0}\u{1}\n\r\t\"\\",
        "שלום علی",
        "👩‍👩‍👧 \u{202e}x",
        &long,
        "'; DROP TABLE entry; --",
    ]
    .iter()
    .enumerate()
    {
        let mut one = draft(
            "s",
            "k",
            json!({ (*text): text, "float": 0.1, "big": u64::MAX }),
        );
        one.stream = format!("case/שלום-{n}");
        one.actor.name = "Ø '; --".to_owned();
        ledger.append(vec![one.clone()]).unwrap();
        let back = ledger.entries(&Ask::stream(one.stream)).unwrap();
        assert_eq!(back[0].body, Body::Open(one.body));
        assert_eq!(back[0].actor, one.actor);
    }
    is_chain(&ledger);
}

fn names(place: &Place) {
    let ledger = place.open();
    for stream in ["", "a\nb", "a\u{0}", &"x".repeat(1025)] {
        let refused = ledger.append(vec![draft(stream, "k", json!(1))]);
        assert!(
            matches!(
                refused,
                Err(LedgerError::Draft {
                    field: "stream",
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    assert_eq!(ledger.head().unwrap(), None);
}

fn absent(place: &Place) {
    if place.url == LedgerUrl::Memory {
        return;
    }
    let present = || {
        Ledger::open_as(
            &place.url,
            Opening {
                create: false,
                signing_key: None,
            },
        )
    };
    assert!(matches!(present(), Err(LedgerError::Absent { .. })));
    assert!(
        matches!(present(), Err(LedgerError::Absent { .. })),
        "it was made by asking"
    );
    place.open();
    assert!(present().is_ok());
}
