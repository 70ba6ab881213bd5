//! Measures screening on real lists: `cargo run --release --example lists -- FOLDER QUERIES.tsv`.
//!
//! The folder holds a copy of the US Consolidated Screening List as JSON. Each line of the queries is a kind (`person`, `organisation`), a tab and a name.
//! Prints how long building and opening take, questions a second, the slowest of a hundred, and how many questions had a hit; `--show` prints the best
//! hit of each question, a number asks all of them so many times over (each time with empty working memory),
//! `--weights=FILE` takes other weights than those of `data/names/`.

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
    let times_over = more.iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let start = Instant::now();
    let weights = match more.iter().find_map(|word| word.strip_prefix("--weights=")) {
        Some(path) => std::fs::read_to_string(path)?,
        None => TableTexts::built_in().weights.to_owned(),
    };
    let names = Arc::new(Names::read(&TableTexts {
        weights: &weights,
        ..TableTexts::built_in()
    })?);
    println!(
        "tables read in {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let listings = read_csl(&std::fs::read_to_string(list)?)?;
    let all_names: usize = listings.iter().map(|l| l.names.len()).sum();
    let start = Instant::now();
    let index = ScreenIndex::build(&listings, Arc::clone(&names)).sealed([0; 32]);
    println!(
        "{} listings, {all_names} names: built in {:.3} s, {:.1} MB",
        listings.len(),
        start.elapsed().as_secs_f64(),
        index.bytes().len() as f64 / 1e6
    );
    let file = std::env::temp_dir().join(format!("catchall-lists-{}.idx", std::process::id()));
    std::fs::write(&file, index.bytes())?;
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
    let begin = Instant::now();
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
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        times
            .get(((times.len() as f64 - 1.0) * share) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    println!(
        "{} questions: {:.0}/s, median {:.0} us, p99 {:.0} us, slowest {:.0} us; {alerts} with a hit ({:.2} %), {hits_sum} hits",
        times.len(),
        times.len() as f64 / elapsed,
        at(0.5),
        at(0.99),
        at(1.0),
        100.0 * alerts as f64 / times.len() as f64
    );
    Ok(())
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
