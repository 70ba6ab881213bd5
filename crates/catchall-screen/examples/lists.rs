//! Measures screening on real lists: `cargo run --release --example lists -- FOLDER QUERIES.tsv`.
//!
//! The folder holds a copy of the US Consolidated Screening List as JSON. Each line of the queries is a kind (`person`, `organisation`), a tab and a name.
//! Prints how long building and opening take, questions a second, the slowest of a hundred, and how many questions had a hit; `--show` prints the best
//! hit of each question, `--slowest` the ten questions that took longest, a number asks all of them so many times over (each time with empty working memory),
//! `--weights=FILE` takes other weights than those of `data/names/`, `--thresholds=FILE` other thresholds, `--grown=N` makes N listings of the real
//! ones: names put together anew from their words, in one of four a letter changed.

use catchall_model::Day;
use catchall_screen::{
    ListedName, Listing, NameKind, Names, PartyKind, Query, Room, ScreenIndex, TableTexts,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(list), Some(queries)) = (arguments.next(), arguments.next()) else {
        return Err("expected a list and queries".into());
    };
    let more: Vec<String> = arguments.collect();
    let show = more.iter().any(|word| word == "--show");
    let slowest = more.iter().any(|word| word == "--slowest");
    let times_over = more.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let start = Instant::now();
    let weights = match more.iter().find_map(|word| word.strip_prefix("--weights=")) {
        Some(path) => std::fs::read_to_string(path)?,
        None => TableTexts::built_in().weights.to_owned(),
    };
    let thresholds = match more
        .iter()
        .find_map(|word| word.strip_prefix("--thresholds="))
    {
        Some(path) => std::fs::read_to_string(path)?,
        None => TableTexts::built_in().thresholds.to_owned(),
    };
    let names = Arc::new(Names::read(&TableTexts {
        weights: &weights,
        thresholds: &thresholds,
        ..TableTexts::built_in()
    })?);
    println!(
        "tables read in {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let mut listings = read_csl(&std::fs::read_to_string(list)?)?;
    if let Some(size) = more.iter().find_map(|word| word.strip_prefix("--grown=")) {
        grow(&mut listings, size.parse()?);
    }
    let used = spent();
    let all_names: usize = listings.iter().map(|l| l.names.len()).sum();
    let start = Instant::now();
    let index = ScreenIndex::build(&listings, Arc::clone(&names)).sealed([0; 32]);
    println!(
        "{} listings, {all_names} names: built in {:.3} s ({:.2} s of processor time), {:.1} MB",
        listings.len(),
        start.elapsed().as_secs_f64(),
        spent() - used,
        index.bytes().len() as f64 / 1e6
    );
    drop(listings);
    let file = std::env::temp_dir().join(format!("catchall-lists-{}.idx", std::process::id()));
    std::fs::write(&file, index.bytes())?;
    println!("most memory so far: {}", memory());
    drop(index);
    let start = Instant::now();
    let index = ScreenIndex::open(std::fs::read(&file)?, names)?;
    println!(
        "read and opened in {:.2} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    std::fs::remove_file(&file)?;
    let text = std::fs::read_to_string(queries)?;
    let on = Day::from_ymd(2026, 8, 1).ok_or("no day")?;
    let lines: Vec<&str> = text.lines().collect();
    let mut room = Room::new();
    let (mut times, mut alerts, mut hits_sum) = (Vec::new(), 0usize, 0usize);
    let mut long: Vec<(u64, &str)> = Vec::new();
    let (begin, used) = (Instant::now(), spent());
    for (number, line) in lines
        .iter()
        .cycle()
        .take(lines.len() * times_over)
        .enumerate()
    {
        if number % lines.len() == 0 {
            room = Room::new();
        }
        let Some((kind, name)) = line.split_once('\t') else {
            continue;
        };
        let query = Query {
            names: vec![name.to_owned()],
            kind: if kind == "person" {
                PartyKind::Person
            } else {
                PartyKind::Organisation
            },
            ..Query::default()
        };
        let start = Instant::now();
        let hits = index.screen(&query, on, None, 10, &mut room)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
        long.push((start.elapsed().as_micros() as u64, name));
        alerts += usize::from(!hits.is_empty());
        hits_sum += hits.len();
        if show && let Some(hit) = hits.first() {
            println!(
                "{name}  ->  {} ({}) {:?} {:?}",
                hit.listing.matched, hit.listing.list, hit.score, hit.band
            );
        }
    }
    let elapsed = begin.elapsed().as_secs_f64();
    let used = spent() - used;
    times.sort_by(f64::total_cmp);
    long.sort_by(|a, b| b.cmp(a));
    for (micros, name) in long.iter().take(if slowest { 10 } else { 0 }) {
        println!("{micros} us: {name}");
    }
    let at = |share: f64| {
        times
            .get(((times.len() as f64 - 1.0) * share) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "{} questions: {:.0}/s ({:.0} a second of processor time), median {:.0} us, p99 {:.0} us, slowest {:.0} us; {alerts} with a hit ({:.2} %), {hits_sum} hits",
        times.len(),
        times.len() as f64 / elapsed,
        times.len() as f64 / used,
        at(0.5),
        at(0.99),
        at(1.0),
        100.0 * alerts as f64 / times.len() as f64
    );
    Ok(())
}

/// Seconds of processor time that this process has spent for itself (Linux; ticks of a hundredth).
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after.split_whitespace().nth(11);
    ticks.and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}

/// The most memory that this process has held (Linux).
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("not known").trim().to_owned()
}

/// Adds listings until there are `size`: each is a real one with its names put together anew, half of their words from other names of the same kind, and
/// in one name of four a letter changed; a fixed sequence.
fn grow(listings: &mut Vec<Listing>, size: usize) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let real = listings.len();
    let mut words: std::collections::BTreeMap<PartyKind, Vec<String>> = Default::default();
    for listing in listings.iter() {
        let own = listing.names.iter().flat_map(|name| name.text.split(' '));
        words
            .entry(listing.kind)
            .or_default()
            .extend(own.map(str::to_owned));
    }
    while listings.len() < size {
        let mut made = listings[next(real)].clone();
        made.source_id = listings.len().to_string();
        for name in &mut made.names {
            let pool = &words[&made.kind];
            let mut own: Vec<String> = name.text.split(' ').map(str::to_owned).collect();
            for word in &mut own {
                if next(2) == 0 {
                    word.clone_from(&pool[next(pool.len())]);
                }
            }
            let mut letters: Vec<char> = own.join(" ").chars().collect();
            let (at, other) = (next(letters.len()), char::from(b'a' + next(26) as u8));
            if let Some(letter) = letters.get_mut(at).filter(|_| next(4) == 0) {
                *letter = other;
            }
            name.text = letters.into_iter().collect();
        }
        listings.push(made);
    }
}

fn read_csl(text: &str) -> Result<Vec<Listing>, Box<dyn Error>> {
    let document: serde_json::Value = serde_json::from_str(text)?;
    let entries = document["entries"].as_array().ok_or("no entries")?;
    Ok(entries
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            let alternatives = entry["a"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|n| n.as_str());
            let names = entry["n"].as_str().into_iter().chain(alternatives);
            Listing {
                list: "us-csl".to_owned(),
                source_id: number.to_string(),
                kind: match entry["t"].as_str() {
                    Some("Individual") => PartyKind::Person,
                    Some("Entity") => PartyKind::Organisation,
                    Some("Vessel") => PartyKind::Vessel,
                    Some("Aircraft") => PartyKind::Aircraft,
                    _ => PartyKind::Unknown,
                },
                names: names
                    .map(|text| ListedName {
                        text: text.to_owned(),
                        kind: NameKind::Strong,
                        ..ListedName::default()
                    })
                    .collect(),
                ..Listing::default()
            }
        })
        .collect())
}
