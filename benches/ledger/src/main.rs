//! The ledger, measured: durable appends one by one and together, and pages of a million entries.
//!
//! ```text
//! cargo run --release --manifest-path benches/ledger/Cargo.toml -- FOLDER [ENTRIES] [postgres://...]
//! ```
//!
//! FOLDER must lie on the disk that is to be measured and is filled with a new ledger (some 600 bytes an entry, 1,000,000 of them unless told
//! otherwise). Times are by the wall clock, since a flush of the disk costs no processor; the load of the machine belongs beside them.

use std::path::Path;
use std::time::{Duration, Instant};

use catchall_ledger::{
    Actor, Ask, Draft, Ledger, LedgerError, LedgerUrl, Opening, Timestamp, verify,
};
use serde_json::{Value, json};

type Done<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Done<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("name a folder")?;
    let folder = Path::new(&folder);
    let entries: u64 = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    std::fs::create_dir_all(folder)?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {}", load.trim());
    let sqlite = LedgerUrl::Sqlite(folder.join("appends.db"));
    appends("sqlite", &open(&sqlite, folder)?)?;
    if let Some(url) = args.next() {
        appends("postgresql", &open(&url.parse()?, folder)?)?;
    }
    pages(
        &open(&LedgerUrl::Sqlite(folder.join("pages.db")), folder)?,
        entries,
        folder,
    )
}

fn open(url: &LedgerUrl, folder: &Path) -> Result<Ledger, LedgerError> {
    let opening = Opening {
        create: true,
        signing_key: Some(folder.join("key")),
    };
    Ledger::open_as(url, opening)
}

fn draft(number: u64, kind: &str, body: Value) -> Done<Draft> {
    let at = Timestamp::from_millisecond(1_795_000_000_000 + number.cast_signed())?;
    let stream = format!("case/{}", number % 10_000);
    Ok(Draft::new(stream, kind, Actor::named("bench"), at, body))
}

/// A body as an act in a case has it.
fn small(number: u64) -> Value {
    json!({"n": number, "text": "a reason of some words that a person has written down", "outcome": "licence_required"})
}

/// A body as a determination has it: a document of 14 KB as text.
fn large(number: u64) -> Value {
    json!({"n": number, "determination": "{\"finding\":\"some words\"},".repeat(560)})
}

fn rate(what: &str, count: u64, spent: Duration) {
    let seconds = spent.as_secs_f64();
    println!(
        "{what}: {count} in {seconds:.2} s = {:.0}/s",
        count as f64 / seconds
    );
}

fn appends(store: &str, ledger: &Ledger) -> Done<()> {
    let began = Instant::now();
    for number in 0..1000 {
        ledger.append(vec![draft(number, "one", small(number))?])?;
    }
    rate(
        &format!("{store}: one thread, one entry an append"),
        1000,
        began.elapsed(),
    );
    for threads in [4, 16, 64, 256] {
        let each = 16_000 / threads;
        let began = Instant::now();
        let all: Vec<_> = (0..threads)
            .map(|thread| {
                let ledger = ledger.clone();
                std::thread::spawn(move || -> Done<()> {
                    for turn in 0..each {
                        let number = thread * each + turn;
                        ledger.append(vec![draft(number, "group", small(number))?])?;
                    }
                    Ok(())
                })
            })
            .collect();
        for one in all {
            one.join().map_err(|_| "a thread fell over")??;
        }
        rate(
            &format!("{store}: {threads} threads, one entry an append, committed together"),
            threads * each,
            began.elapsed(),
        );
    }
    for (size, what, body) in [
        (1000, "small", small as fn(u64) -> Value),
        (512, "14 KB", large as fn(u64) -> Value),
    ] {
        let drafts: Vec<Vec<Draft>> = (0..20)
            .map(|turn| {
                (0..size)
                    .map(|part| {
                        let number = turn * size + part;
                        Ok(draft(number, "batch", body(number))?
                            .with_key(format!("{what}/{number}")))
                    })
                    .collect::<Done<Vec<Draft>>>()
            })
            .collect::<Done<_>>()?;
        let began = Instant::now();
        for batch in drafts {
            ledger.append(batch)?;
        }
        rate(
            &format!("{store}: one thread, {size} {what} entries with keys an append"),
            20 * size,
            began.elapsed(),
        );
    }
    Ok(())
}

fn pages(ledger: &Ledger, entries: u64, folder: &Path) -> Done<()> {
    let held = ledger.head()?.map_or(0, |head| head.number);
    let began = Instant::now();
    for start in (held..entries).step_by(10_000) {
        let drafts = (start..(start + 10_000).min(entries)).map(|number| {
            // One kind is rare, so that the entries of others lie between its own.
            let kind = if number % 50_000 == 7 {
                "licence.revoked"
            } else {
                "case.advised"
            };
            draft(number, kind, small(number))
        });
        ledger.append(drafts.collect::<Done<_>>()?)?;
    }
    rate("filling", entries - held, began.elapsed());
    for (what, ask) in [
        ("all", Ask::all()),
        ("one kind of two, common", Ask::all().kind("case.")),
        ("one kind of two, rare", Ask::all().kind("licence.")),
        ("one stream of 10,000", Ask::stream("case/77")),
        ("all, newest first", Ask::all().newest_first()),
    ] {
        let mut words = Vec::new();
        for after in [0, entries / 4, entries / 2, entries * 3 / 4, entries - 200] {
            let mut ask = ask.clone().limit(100).after(after);
            if ask.newest_first {
                ask = Ask {
                    after: 0,
                    before: Some(after + 100),
                    ..ask
                };
            }
            let mut times: Vec<Duration> = (0..200)
                .map(|_| {
                    let began = Instant::now();
                    ledger.entries(&ask).map(|_| began.elapsed())
                })
                .collect::<Result<_, _>>()?;
            times.sort_unstable();
            words.push(format!("{:.0}", times[100].as_secs_f64() * 1e6));
        }
        println!(
            "page of 100, {what}: {} us (median of 200 each, from the first to the last quarter)",
            words.join(", ")
        );
    }
    let at = Timestamp::from_millisecond(0)?;
    let began = Instant::now();
    ledger.checkpoint(at)?;
    println!("first checkpoint: {:.2} s", began.elapsed().as_secs_f64());
    let began = Instant::now();
    let whole = ledger.verify(None)?.is_whole();
    println!(
        "verify the store: {:.1} s, whole: {whole}",
        began.elapsed().as_secs_f64()
    );
    let path = folder.join("export.jsonl");
    let mut file = std::io::BufWriter::with_capacity(1 << 16, std::fs::File::create(&path)?);
    let began = Instant::now();
    ledger.export(at, |line| -> Result<(), LedgerError> {
        std::io::Write::write_all(&mut file, line).map_err(|error| LedgerError::Backup {
            place: "export".to_owned(),
            why: error.to_string(),
        })
    })?;
    println!("export: {:.1} s", began.elapsed().as_secs_f64());
    drop(file);
    let began = Instant::now();
    let found = verify(std::io::BufReader::new(std::fs::File::open(&path)?), None)?;
    println!(
        "verify the export: {:.1} s, whole: {}",
        began.elapsed().as_secs_f64(),
        found.is_whole()
    );
    Ok(())
}
