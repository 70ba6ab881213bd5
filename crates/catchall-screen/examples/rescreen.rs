//! Measures rescreening: `cargo run --release --example rescreen -- BEFORE.jsonl AFTER.jsonl PARTIES.csv`.
//!
//! Times of answers are by the clock and, in brackets, of the processor. The two lists are stored ones, as `catchall lists import` keeps them; the parties are rows `id,name,type,country,born`. Prints, for a quarter of the
//! parties, a half and all of them, how long their index takes to build and to open, and how long the answer takes then.

use catchall_model::{Country, Day};
use catchall_screen::lists;
use catchall_screen::{
    BirthDate, IndexFile, Names, PartyIndex, PartyKind, Query, Room, TableTexts, turns,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [before, after, parties] = arguments.as_slice() else {
        return Err("expected two stored lists and a table of parties".into());
    };
    let names = Arc::new(Names::read(&TableTexts::built_in())?);
    let before = lists::read(&std::fs::read(before)?)?;
    let after = lists::read(&std::fs::read(after)?)?;
    let days = (before.head.day, after.head.day);
    let start = Instant::now();
    let turns = turns(&before.listings, &after.listings, days);
    println!(
        "{} entries differ between {} and {}, found in {:.1} ms",
        turns.len(),
        days.0,
        days.1,
        start.elapsed().as_secs_f64() * 1e3
    );
    let text = std::fs::read_to_string(parties)?;
    let rows: Vec<&str> = text.lines().skip(1).collect();
    for share in [4, 2, 1] {
        let some = &rows[..rows.len() / share];
        let start = Instant::now();
        let mut builder = PartyIndex::builder(&names);
        some.iter().for_each(|row| builder.take(party(row)));
        let index = builder.finish().sealed([0; 32]);
        let built = start.elapsed().as_secs_f64();
        let file =
            std::env::temp_dir().join(format!("catchall-parties-{}.idx", std::process::id()));
        std::fs::write(&file, index.bytes())?;
        let size = index.bytes().len() as f64 / 1e6;
        drop(index);
        let start = Instant::now();
        let bytes = std::fs::read(&file)?;
        let index = PartyIndex::from_file(IndexFile::open(bytes)?, Arc::clone(&names));
        let opened = start.elapsed().as_secs_f64() * 1e3;
        std::fs::remove_file(&file)?;
        let mut room = Room::new();
        let mut times = Vec::new();
        let mut moved = 0;
        for _ in 0..3 {
            let (start, used) = (Instant::now(), spent());
            let all = index.rescreen(&turns, days, &mut room);
            moved = all.iter().filter(|one| one.differs()).count();
            times.push((start.elapsed().as_secs_f64() * 1e3, spent() - used));
        }
        println!(
            "{} parties: built in {built:.1} s, {size:.0} MB, opened in {opened:.0} ms; {moved} hits moved, in {} ms",
            index.len(),
            times
                .iter()
                .map(|(ms, used)| format!("{ms:.0} ({:.0})", used * 1e3))
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    Ok(())
}

/// Seconds of processor time that this process has spent for itself (Linux; ticks of a hundredth).
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after.split_whitespace().nth(11);
    ticks.and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}

fn party(row: &str) -> Query {
    let cells: Vec<&str> = row.split(',').collect();
    let cell = |at: usize| cells.get(at).copied().unwrap_or("");
    Query {
        party: cell(0).to_owned(),
        names: vec![cell(1).trim_matches('"').to_owned()],
        kind: match cell(2) {
            "person" => PartyKind::Person,
            "" => PartyKind::Unknown,
            _ => PartyKind::Organisation,
        },
        countries: Country::from_code(cell(3)).into_iter().collect(),
        born: Day::parse(cell(4)).ok().map(|day| BirthDate {
            from: day,
            to: day,
            circa: false,
        }),
        ..Query::default()
    }
}
