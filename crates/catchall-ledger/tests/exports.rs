//! Exports: whole, verifiable offline, and no byte of them can be changed unnoticed. Backups: restored as they were, into any store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod places;

use catchall_ledger::{
    Actor, Ask, Body, Draft, Ledger, LedgerError, LedgerUrl, Opening, Timestamp, Verified, verify,
};
use places::{Folder, Server};
use serde_json::json;

fn at(millisecond: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_000_000_000 + millisecond).unwrap()
}

/// A ledger with everything an export can hold.
fn filled(url: &LedgerUrl) -> Ledger {
    let ledger = Ledger::open(url).unwrap();
    fill(&ledger);
    ledger
}

fn fill(ledger: &Ledger) {
    for n in 0..40 {
        let mut actor = Actor::named(format!("anna {}", n % 3));
        if n % 2 == 0 {
            actor.team = Some("Лицензии \"1\"".to_owned());
            actor.roles = vec!["officer".to_owned(), "reader".to_owned()];
        }
        let body =
            json!({"n": n, "text": "é \n \u{202e}", "deep": [[null, true, 0.25]], "none": {}});
        let mut draft = Draft::new(
            format!("case/{}", n % 5),
            "case.advised",
            actor,
            at(n),
            body,
        );
        if n % 4 == 0 {
            draft = draft.with_key(format!("key/{n}"));
        }
        if n % 7 == 0 {
            draft = draft.sealed_for(format!("person/{}", n % 2));
        }
        ledger.append(vec![draft]).unwrap();
        if n % 15 == 0 {
            ledger.checkpoint(at(n)).unwrap();
        }
    }
    ledger
        .shred(
            "person/1",
            Actor::named("dpo"),
            at(50),
            "asked for on 22 November",
        )
        .unwrap();
}

fn export(ledger: &Ledger) -> Vec<u8> {
    let mut bytes = Vec::new();
    let done: Result<u64, LedgerError> = ledger.export(at(99), |line| {
        bytes.extend_from_slice(line);
        Ok(())
    });
    done.unwrap();
    bytes
}

fn check(bytes: &[u8]) -> Verified {
    verify(bytes, None).unwrap()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

#[test]
fn an_export_verifies_and_is_the_same_each_time() {
    let ledger = filled(&LedgerUrl::Memory);
    let bytes = export(&ledger);
    assert_eq!(bytes, export(&ledger));
    let found = check(&bytes);
    assert_eq!(found.faults, []);
    assert_eq!(found.entries, 41);
    assert_eq!(found.sealed, 6);
    assert_eq!(found.checkpoints, 3);
    assert_eq!(found.head, ledger.head().unwrap());
    assert_eq!(found.key, Some(ledger.public_key().unwrap()));
    assert!(verify(&bytes[..], found.key).unwrap().is_whole());
    assert!(ledger.verify(found.key).unwrap().is_whole());
    let stranger = Ledger::open(&LedgerUrl::Memory)
        .unwrap()
        .public_key()
        .unwrap();
    assert!(!verify(&bytes[..], Some(stranger)).unwrap().is_whole());
    assert!(!ledger.verify(Some(stranger)).unwrap().is_whole());
    // An empty ledger has an export too.
    let empty = Ledger::open(&LedgerUrl::Memory).unwrap();
    assert!(check(&export(&empty)).is_whole());
    assert!(!check(b"").is_whole());
}

#[test]
fn each_of_a_thousand_changed_bytes_is_found_in_its_line() {
    let bytes = export(&filled(&LedgerUrl::Memory));
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut missed = Vec::new();
    let mut places: Vec<usize> = (0..990).map(|_| dice.below(bytes.len())).collect();
    // Line ends and the last bytes are rare among random ones.
    let ends = (0..bytes.len()).filter(|place| bytes[*place] == b'\n');
    places.extend(ends.clone().step_by(7).take(6));
    places.extend([0, bytes.len() - 1, bytes.len() - 2, bytes.len() / 2]);
    assert_eq!(places.len(), 1000);
    for place in places {
        let mut changed = bytes.clone();
        changed[place] = loop {
            let byte = dice.below(256) as u8;
            if byte != bytes[place] {
                break byte;
            }
        };
        let line = 1 + bytes[..place].iter().filter(|byte| **byte == b'\n').count() as u64;
        let found = check(&changed);
        // Found, in that line and before anything else; a joined or split line may spoil its neighbour too, and nothing else.
        let first = found.faults.first().and_then(|fault| fault.line);
        let spread = found
            .faults
            .iter()
            .all(|fault| fault.line.is_some_and(|own| own == line || own == line + 1));
        if first != Some(line) || !spread {
            missed.push(format!("byte {place}, line {line}: {:?}", found.faults));
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn lines_that_were_taken_out_put_in_or_moved_are_found() {
    let bytes = export(&filled(&LedgerUrl::Memory));
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let entry = |n: usize| {
        let begin = format!("{{\"entry\":{n},");
        lines
            .iter()
            .position(|line| line.starts_with(&begin))
            .unwrap()
    };
    let found = |lines: &[&str]| -> Vec<String> {
        let found = check(joined(lines).as_bytes());
        found.faults.iter().map(ToString::to_string).collect()
    };
    let mut without = lines.clone();
    without.remove(entry(20));
    assert_eq!(
        found(&without),
        [format!(
            "line {}: entry 21: entry 20 before it is missing",
            entry(20) + 1
        )]
    );
    let mut swapped = lines.clone();
    swapped.swap(entry(20), entry(21));
    assert!(found(&swapped)[0].starts_with(&format!("line {}: entry 21:", entry(20) + 1)));
    let mut twice = lines.clone();
    twice.insert(entry(20), lines[entry(20)]);
    assert!(found(&twice)[0].contains("entry 20: it stands where entry 21 belongs"));
    let mut headless = lines.clone();
    headless.remove(0);
    assert_eq!(
        found(&headless)[0],
        "line 1: the export does not begin with a header"
    );
    let cut = &lines[..entry(30)];
    assert_eq!(
        found(cut),
        ["the header says 41 entries, and there are 29: the rest was cut off"]
    );
    assert!(found(&lines[..1])[0].contains("there are 0"));
}

/// Whoever rewrites entries with right hashes from one on still cannot sign.
#[test]
fn a_chain_that_was_written_anew_is_found_by_its_checkpoints() {
    let ledger = filled(&LedgerUrl::Memory);
    let text = String::from_utf8(export(&ledger)).unwrap();
    let other = Ledger::open(&LedgerUrl::Memory).unwrap();
    for entry in ledger.entries(&Ask::all()).unwrap() {
        let body = match (&entry.body, entry.number) {
            (_, 20) => json!("forged"),
            (Body::Open(value), _) => value.clone(),
            (Body::Shredded, _) => json!(null),
        };
        let draft = Draft::new(entry.stream, entry.kind, entry.actor, entry.at, body);
        other.append(vec![draft]).unwrap();
    }
    let forged = String::from_utf8(export(&other)).unwrap();
    let mut forged: Vec<&str> = forged.lines().skip(1).collect();
    let own: Vec<&str> = text.lines().collect();
    let mixed: Vec<&str> = own
        .iter()
        .map(|line| {
            if line.starts_with("{\"entry\"") {
                forged.remove(0)
            } else {
                line
            }
        })
        .collect();
    let found = check((mixed.join("\n") + "\n").as_bytes());
    assert!(!found.is_whole());
    let first = found.faults[0].to_string();
    assert!(
        first.contains("checkpoint of 1 entries does not fit"),
        "{first}"
    );
}

fn restored(folder: &Folder, url: &LedgerUrl) -> Ledger {
    let opening = Opening {
        create: true,
        signing_key: Some(folder.join("restored.key")),
    };
    let done = Ledger::restore(&folder.join("backup"), url, opening).unwrap();
    assert_eq!(done.before, 0);
    assert!(done.verified.is_whole());
    done.ledger
}

#[test]
fn a_backup_is_restored_as_it_was_into_every_store() {
    let folder = Folder::new();
    let ledger = filled(&folder.url());
    assert_eq!(ledger.backup(&folder.join("backup"), at(99)).unwrap(), 41);
    let again = ledger.backup(&folder.join("backup"), at(99));
    assert!(
        matches!(again, Err(LedgerError::Backup { .. })),
        "{again:?}"
    );
    let server = Server::start();
    let mut urls = vec![LedgerUrl::Sqlite(folder.join("other/ledger.db"))];
    urls.extend(server.as_ref().map(Server::database));
    for url in urls {
        let other = restored(&folder, &url);
        assert_eq!(export(&other), export(&ledger), "{url}");
        assert_eq!(
            other.entries(&Ask::all()).unwrap(),
            ledger.entries(&Ask::all()).unwrap(),
            "{url}: sealed bodies open as before"
        );
        // It goes on from there, and a restore over it is refused.
        let more = Draft::new("s", "k", Actor::named("a"), at(100), json!(1));
        other.append(vec![more.clone()]).unwrap();
        assert!(
            other
                .verify(Some(ledger.public_key().unwrap()))
                .unwrap()
                .is_whole()
        );
        let refused = Ledger::restore(&folder.join("backup"), &url, Opening::default());
        assert!(
            matches!(refused, Err(LedgerError::Backup { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn a_backup_that_was_touched_is_not_restored() {
    let folder = Folder::new();
    filled(&folder.url())
        .backup(&folder.join("backup"), at(99))
        .unwrap();
    let path = folder.join("backup/ledger.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("anna 1", "anna 2", 1)).unwrap();
    let url = LedgerUrl::Sqlite(folder.join("new.db"));
    let refused = Ledger::restore(&folder.join("backup"), &url, Opening::default());
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("entry 2: it was changed"), "{message}");
    assert!(!folder.join("new.db").exists());
}

#[test]
fn an_interrupted_restore_goes_on() {
    let folder = Folder::new();
    let ledger = filled(&folder.url());
    ledger.backup(&folder.join("early"), at(98)).unwrap();
    let more = (0..10).map(|n| Draft::new("s", "k", Actor::named("a"), at(n), json!(n)));
    ledger.append(more.collect()).unwrap();
    ledger.backup(&folder.join("late"), at(99)).unwrap();
    let url = LedgerUrl::Sqlite(folder.join("new.db"));
    Ledger::restore(&folder.join("early"), &url, Opening::default()).unwrap();
    let done = Ledger::restore(&folder.join("late"), &url, Opening::default()).unwrap();
    assert_eq!(done.before, 41);
    assert_eq!(export(&done.ledger), export(&ledger));
}
