//! Processes that are killed while they append: nothing acknowledged is lost, nothing half-written is seen, the chain verifies.
//!
//! Four processes of two threads each append three entries at a time under a key, and write down each receipt. They are killed at random
//! moments and started again, where each appends once more what was not acknowledged. They end when enough was appended *and* enough of them were
//! killed, so that a fast machine shows as much as a slow one. Some hundred appends at least in the ordinary run;
//! `CATCHALL_CRASH=10000 cargo test -p catchall-ledger --release --test crash` makes it ten thousand. What a power cut does is not tested.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod places;

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use catchall_ledger::{Actor, Ask, Draft, Entry, Ledger, LedgerUrl, Opening, Receipt, Timestamp};
use places::{Folder, Server};
use serde_json::json;

const PROCESSES: usize = 4;
const THREADS: usize = 2;
/// Entries of one append.
const PARTS: u64 = 3;
/// Names a worker's part of the test to a process.
const WORKER: &str = "CATCHALL_LEDGER_TEST_WORKER";

/// The least number of kills after which a run may end.
const KILLS: u64 = 12;
/// A file of this name tells the workers that they may end.
const ENOUGH: &str = "enough";

/// Appends until the process is killed, or told that it is enough.
#[test]
fn worker() {
    let Ok(told) = std::env::var(WORKER) else {
        return;
    };
    let told: Vec<&str> = told.split('|').collect();
    let [url, folder, name] = told[..] else {
        panic!("{told:?}");
    };
    let ledger = open(&url.parse().unwrap(), Path::new(folder));
    let enough = Path::new(folder).join(ENOUGH);
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let ledger = ledger.clone();
            let name = format!("{name}-{thread}");
            let acknowledged = Path::new(folder).join(&name);
            let enough = enough.clone();
            std::thread::spawn(move || {
                let first = lines(&acknowledged);
                let mut file = OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&acknowledged)
                    .unwrap();
                for turn in first.. {
                    if enough.exists() {
                        break;
                    }
                    let receipts = ledger.append(drafts(&name, turn)).unwrap();
                    file.write_all(line(&receipts).as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

/// How many appends a worker has written down. A kill may have cut the last line; what is not whole was not acknowledged.
fn lines(acknowledged: &Path) -> u64 {
    let bytes = std::fs::read(acknowledged).unwrap_or_default();
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// The names of all threads of all workers, by which their receipts are kept.
fn names() -> Vec<String> {
    (0..PROCESSES)
        .flat_map(|process| (0..THREADS).map(move |thread| format!("{process}-{thread}")))
        .collect()
}

fn open(url: &LedgerUrl, folder: &Path) -> Ledger {
    let opening = Opening {
        create: true,
        signing_key: Some(folder.join("key")),
    };
    Ledger::open_as(url, opening).unwrap()
}

fn drafts(name: &str, turn: u64) -> Vec<Draft> {
    let at = Timestamp::from_millisecond(0).unwrap();
    let draft = |part: u64| {
        let body = json!({"turn": turn, "part": part, "filler": "x".repeat(300)});
        Draft::new(
            format!("worker/{name}"),
            "tested",
            Actor::named(name),
            at,
            body,
        )
        .with_key(format!("{name}/{turn}/{part}"))
    };
    (0..PARTS).map(draft).collect()
}

fn line(receipts: &[Receipt]) -> String {
    let words: Vec<String> = receipts
        .iter()
        .map(|one| format!("{}:{}", one.number, one.hash))
        .collect();
    words.join(" ") + "\n"
}

/// Numbers that look random; another row each run, and the row's name is printed.
struct Dice(u64);

impl Dice {
    fn new() -> Dice {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seed = now.unwrap().as_nanos() as u64 | 1;
        eprintln!("seed {seed}");
        Dice(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn start(url: &LedgerUrl, folder: &Path, name: usize) -> Child {
    let url = match url {
        LedgerUrl::Postgres(address) => address.clone(),
        other => other.to_string(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "worker", "--nocapture", "--test-threads=1"])
        .env(WORKER, format!("{url}|{}|{name}", folder.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills and starts again until the workers have appended what was asked and enough of them were killed; gives the number of kills.
fn run(url: &LedgerUrl, folder: &Path, asked: u64, mut meanwhile: impl FnMut(u64)) -> u64 {
    let mut dice = Dice::new();
    let mut running: Vec<Option<Child>> = (0..PROCESSES)
        .map(|name| Some(start(url, folder, name)))
        .collect();
    let mut kills = 0;
    let began = Instant::now();
    while running.iter().any(Option::is_some) {
        std::thread::sleep(Duration::from_millis(20 + dice.below(120)));
        meanwhile(kills);
        let appended: u64 = names().iter().map(|name| lines(&folder.join(name))).sum();
        let enough = appended >= asked && kills >= KILLS;
        if enough {
            std::fs::write(folder.join(ENOUGH), "").unwrap();
        }
        let name = dice.below(PROCESSES as u64) as usize;
        for (at, place) in running.iter_mut().enumerate() {
            let Some(child) = place else { continue };
            let ended = child.try_wait().unwrap();
            // From time to time none is killed for a while, so that slow machines come to an end too.
            let doomed = !enough && at == name && dice.below(4) > 0 && kills < 60;
            if ended.is_none() && doomed {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                *place = Some(start(url, folder, at));
            } else if ended.is_some_and(|status| status.success()) {
                *place = None;
            } else if ended.is_some() {
                // It has met an error, such as a server that was killed: it goes on from its last receipt.
                *place = Some(start(url, folder, at));
            }
        }
        assert!(
            began.elapsed() < Duration::from_secs(500),
            "it does not end"
        );
    }
    kills
}

/// Every append stands once and whole, as its receipt says; gives how many there are.
fn check(url: &LedgerUrl, folder: &Path) -> u64 {
    let ledger = open(url, folder);
    let found = ledger.verify(None).unwrap();
    assert_eq!(found.faults, []);
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = ledger.entries(&Ask::all().after(after)).unwrap();
        let Some(last) = page.last() else { break };
        after = last.number;
        entries.extend(page.into_iter().map(|entry| (entry.number, entry)));
    }
    let mut acknowledged = 0;
    for name in names() {
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        for (turn, words) in (0..).zip(text.lines()) {
            for (part, word) in (0..).zip(words.split(' ')) {
                let (number, hash) = word.split_once(':').unwrap();
                let entry = &entries[&number.parse::<u64>().unwrap()];
                assert_eq!(entry.hash.to_string(), hash, "{name} {turn}");
                let body = entry.body.value().unwrap();
                assert_eq!((&body["turn"], &body["part"]), (&json!(turn), &json!(part)));
                assert_eq!(entry.actor.name, name);
                acknowledged += 1;
            }
        }
    }
    // Nothing half, nothing twice, nothing that nobody was told of.
    assert_eq!(acknowledged, entries.len());
    acknowledged as u64 / PARTS
}

fn asked() -> u64 {
    let asked = std::env::var("CATCHALL_CRASH").ok();
    asked.map_or(240, |text| text.parse().unwrap())
}

fn talk(store: &str, appends: u64, kills: u64, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("{store}: {appends} appends of {PARTS} entries, {kills} kills, {seconds:.1} s");
    assert!(appends >= asked() && kills >= KILLS);
}

#[test]
fn killed_processes_lose_nothing_over_sqlite() {
    let folder = Folder::new();
    let began = Instant::now();
    let kills = run(&folder.url(), &folder.0, asked(), |_| {});
    let appends = check(&folder.url(), &folder.0);
    talk("SQLite", appends, kills, began);
}

#[test]
fn killed_processes_and_a_killed_server_lose_nothing_over_postgresql() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let url = server.database();
    let began = Instant::now();
    let mut crashed = false;
    let kills = run(&url, &folder.0, asked(), |kills| {
        // Once, in the middle, the server goes down without a word to anybody.
        if kills >= 3 && !crashed {
            crashed = true;
            server.pg_ctl("stop");
            server.pg_ctl("start");
        }
    });
    let appends = check(&url, &folder.0);
    assert!(crashed, "the server was never stopped");
    talk("PostgreSQL", appends, kills, began);
}

/// A folder that the tests of a full disk may use; nobody else's.
fn small_disk(folder: &Folder) -> Option<PathBuf> {
    let place = folder.join("disk");
    std::fs::create_dir(&place).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs"])
        .arg(&place)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    mounted.then_some(place)
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = Folder::new();
    let Some(disk) = small_disk(&folder) else {
        eprintln!("skipped: no small disk can be mounted here");
        return;
    };
    let done = std::panic::catch_unwind(|| {
        let url = LedgerUrl::Sqlite(disk.join("ledger.db"));
        let ledger = Ledger::open(&url).unwrap();
        let mut kept = 0;
        let error = loop {
            match ledger.append(drafts("full", kept)) {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(kept > 10, "{kept}");
        assert!(
            error
                .to_string()
                .contains("the disk is full; nothing was written"),
            "{error}"
        );
        assert!(ledger.append(drafts("full", kept)).is_err());
        let head = ledger.head().unwrap().unwrap();
        assert_eq!(head.number, kept * PARTS);
        assert!(ledger.verify(None).unwrap().is_whole());
        // Room again, and the same ledger goes on.
        let status = Command::new("mount")
            .args(["-o", "remount,size=8m"])
            .arg(&disk)
            .status();
        assert!(status.unwrap().success());
        ledger.append(drafts("full", kept)).unwrap();
        assert_eq!(ledger.head().unwrap().unwrap().number, (kept + 1) * PARTS);
        drop(ledger);
        // The same disk, read-only: it may be read, and says so when it is written.
        let status = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&disk)
            .status();
        assert!(status.unwrap().success());
        let ledger = Ledger::open(&url).unwrap();
        assert_eq!(ledger.head().unwrap().unwrap().number, (kept + 1) * PARTS);
        assert!(ledger.verify(None).unwrap().is_whole());
        let error = ledger.append(drafts("full", kept + 1)).unwrap_err();
        assert!(
            error.to_string().contains("may be read but not written"),
            "{error}"
        );
        let new = Ledger::open(&LedgerUrl::Sqlite(disk.join("new.db"))).unwrap_err();
        assert!(
            new.to_string().contains("may be read but not written"),
            "{new}"
        );
    });
    let _ = Command::new("umount").arg(&disk).status();
    done.unwrap();
}

#[test]
fn a_file_that_is_not_a_ledger_is_left_alone() {
    let folder = Folder::new();
    let text = folder.join("notes.txt");
    std::fs::write(&text, "Dear diary. ".repeat(100)).unwrap();
    let other = folder.join("other.db");
    let status = rusqlite_file(&other);
    assert!(status.is_ok());
    for path in [&text, &other, &folder.0] {
        let before = std::fs::read(path).ok();
        let error = Ledger::open(&LedgerUrl::Sqlite(path.clone())).unwrap_err();
        assert!(error.to_string().contains("not a ledger"), "{error}");
        assert_eq!(std::fs::read(path).ok(), before, "it was changed");
    }
}

fn rusqlite_file(path: &Path) -> rusqlite::Result<()> {
    rusqlite::Connection::open(path)?.execute_batch("CREATE TABLE recipe (name TEXT)")
}

#[test]
fn a_ledger_of_a_later_release_is_refused() {
    let folder = Folder::new();
    drop(Ledger::open(&folder.url()).unwrap());
    rusqlite::Connection::open(folder.join("ledger.db"))
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let error = Ledger::open(&folder.url()).unwrap_err().to_string();
    assert!(error.contains("has version 99"), "{error}");
}

#[test]
fn the_tables_refuse_every_change() {
    let folder = Folder::new();
    let ledger = Ledger::open(&folder.url()).unwrap();
    ledger.append(drafts("one", 0)).unwrap();
    ledger
        .append(vec![drafts("one", 1).remove(0).sealed_for("p")])
        .unwrap();
    ledger
        .checkpoint(Timestamp::from_millisecond(0).unwrap())
        .unwrap();
    let other = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    for sql in [
        "UPDATE entry SET kind = 'x'",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 4",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE number = 1",
        "INSERT INTO entry SELECT 9, at, stream, kind, actor, team, roles, 'k', previous, hash, seal, content FROM entry WHERE number = 1",
        "INSERT INTO entry SELECT 5, at, stream, kind, actor, team, roles, 'k', previous, hash, seal, content FROM entry WHERE number = 1",
        "UPDATE checkpoint SET size = 2",
        "DELETE FROM checkpoint",
        "UPDATE subject_key SET secret = zeroblob(32)",
    ] {
        let refused = other.execute_batch(sql).unwrap_err().to_string();
        let said = ["never changed", "never deleted", "continue the chain"];
        assert!(
            said.iter().any(|said| refused.contains(said)),
            "{sql}: {refused}"
        );
    }
    assert!(ledger.verify(None).unwrap().is_whole());
    if let Some(server) = Server::start() {
        let ledger = open(&server.database(), &folder.0);
        ledger.append(drafts("one", 0)).unwrap();
        for sql in [
            "UPDATE catchall_entry SET kind = 'x'",
            "DELETE FROM catchall_entry",
            "TRUNCATE catchall_entry",
            "INSERT INTO catchall_entry SELECT 9, at, stream, kind, actor, team, roles, 'k', previous, hash, seal, content FROM catchall_entry WHERE number = 1",
        ] {
            let refused = server.try_query("d0", sql).unwrap_err();
            let said = ["never changed", "continue the chain"];
            assert!(
                said.iter().any(|said| refused.contains(said)),
                "{sql}: {refused}"
            );
        }
        // A server that went down and came back is used again, by the same ledger.
        server.pg_ctl("stop");
        assert!(ledger.append(drafts("one", 1)).is_err());
        server.pg_ctl("start");
        let receipts = ledger.append(drafts("one", 1)).unwrap();
        assert_eq!(ledger.append(drafts("one", 1)).unwrap(), receipts);
        server.pg_ctl("stop");
        server.pg_ctl("start");
        assert_eq!(ledger.head().unwrap(), receipts.last().copied());
        assert_eq!(ledger.append(drafts("one", 1)).unwrap(), receipts);
    }
}

/// Whoever takes the triggers away can change the file; then verification tells where.
#[test]
fn what_was_changed_in_the_store_is_found_there() {
    type Change = (&'static str, &'static str);
    const CHANGES: &[Change] = &[
        (
            "UPDATE entry SET actor = 'boris' WHERE number = 5",
            "entry 5: it was changed",
        ),
        (
            "UPDATE entry SET content = x'ff' WHERE number = 5",
            "entry 5: it cannot be read",
        ),
        (
            "UPDATE entry SET hash = zeroblob(32) WHERE number = 5",
            "entry 5: it was changed",
        ),
        (
            "DELETE FROM entry WHERE number = 5",
            "entry 6: entry 5 before it is missing",
        ),
        (
            "DELETE FROM entry WHERE number > 10",
            "entries 11 to 12 are missing",
        ),
        (
            "UPDATE checkpoint SET root = zeroblob(32)",
            "the checkpoint after entry 12 was changed",
        ),
        (
            "UPDATE entry SET roles = 'x' WHERE number = 7",
            "entry 7: it was changed",
        ),
    ];
    for (sql, wanted) in CHANGES {
        let folder = Folder::new();
        let ledger = Ledger::open(&folder.url()).unwrap();
        for turn in 0..4 {
            ledger.append(drafts("one", turn)).unwrap();
        }
        ledger
            .checkpoint(Timestamp::from_millisecond(0).unwrap())
            .unwrap();
        let other = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
        other
            .execute_batch(&format!(
                "DROP TRIGGER entry_stays; DROP TRIGGER entry_remains; DROP TRIGGER checkpoint_stays; {sql}"
            ))
            .unwrap();
        let found = ledger.verify(None).unwrap();
        let first = found.faults[0].to_string();
        assert!(first.starts_with(wanted), "{sql}: {first}");
        assert_eq!(found.count, 1, "{sql}: {:?}", found.faults);
    }
}

/// The key of a shredded subject stands nowhere in the files of the store.
#[test]
fn a_shredded_key_is_gone_from_the_files() {
    let folder = Folder::new();
    let ledger = Ledger::open(&folder.url()).unwrap();
    let at = Timestamp::from_millisecond(0).unwrap();
    for turn in 0..20 {
        let subject = format!("person-{turn}-of-the-list");
        ledger
            .append(vec![drafts("one", turn).remove(0).sealed_for(subject)])
            .unwrap();
    }
    ledger.backup(&folder.join("backup"), at).unwrap();
    let subjects = std::fs::read_to_string(folder.join("backup/subjects.jsonl")).unwrap();
    let line = subjects
        .lines()
        .find(|line| line.contains("person-7-of"))
        .unwrap();
    let secret = line.split('"').nth(11).unwrap();
    let secret: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let stands = |wanted: &[u8]| {
        std::fs::read_dir(&folder.0).unwrap().flatten().any(|file| {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            bytes.windows(wanted.len()).any(|window| window == wanted)
        })
    };
    assert!(stands(&secret) && stands(b"person-7-of-the-list"));
    let done = ledger
        .shred("person-7-of-the-list", Actor::named("dpo"), at, "a request")
        .unwrap();
    assert_eq!(done.overwritten, Ok(()));
    assert!(!stands(&secret) && !stands(b"person-7-of-the-list"));
    assert!(ledger.verify(None).unwrap().is_whole());
}

#[test]
fn a_proof_shows_one_entry_without_the_others() {
    let folder = Folder::new();
    let ledger = Ledger::open(&folder.url()).unwrap();
    for turn in 0..7 {
        ledger.append(drafts("one", turn)).unwrap();
    }
    assert!(ledger.prove(3).is_err());
    let signed = ledger
        .checkpoint(Timestamp::from_millisecond(0).unwrap())
        .unwrap();
    for number in 1..=21 {
        let proof = ledger.prove(number).unwrap();
        assert!(proof.holds());
        assert_eq!((proof.root, proof.key), (signed.root, signed.key));
        let mut other = proof.clone();
        other.number = if number == 21 { 1 } else { number + 1 };
        assert!(!other.holds());
        let mut other = proof;
        other.hash = signed.root;
        assert!(!other.holds());
    }
    assert!(ledger.prove(22).is_err());
    assert!(ledger.prove(0).is_err());
}
