//! Measures pair scores on labelled pairs: `cargo run --release --example pairs -- FILE.tsv ... [--dump FILE] [--show WHAT] [--names FOLDER]`.
//!
//! A file has the columns `name_a name_b schema match source category`. Weights are fitted on one half of the pairs (by a hash of `name_a`); figures are
//! of the other half unless `--all` is given. `--dump` writes the evidence of every pair, for fitting; `--names` takes particles, variants, legal forms,
//! the glossary, letters and weights of that folder, where it holds them, instead of those that were built in.

use catchall_screen::{EVIDENCE, Manner, Names, TableTexts, score_pair};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

struct Scored {
    group: String,
    matched: bool,
    probability: f32,
    train: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let (mut dump, mut show, mut all) = (None, None, false);
    let mut tables = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dump" => dump = arguments.next(),
            "--show" => show = arguments.next(),
            "--names" => tables = arguments.next(),
            "--all" => all = true,
            _ => files.push(argument),
        }
    }
    let built_in = TableTexts::built_in();
    let text = |file: &str, own: &str| {
        let path = tables.as_ref().map(|folder| format!("{folder}/{file}"));
        let found = path.and_then(|path| std::fs::read_to_string(path).ok());
        found.unwrap_or_else(|| own.to_owned())
    };
    let names = Names::read(&TableTexts {
        letters: &text("letters.txt", built_in.letters),
        particles: &text("particles.txt", built_in.particles),
        variants: &text("variants.txt", built_in.variants),
        legal: &text("legal.txt", built_in.legal),
        glossary: &text("glossary.txt", built_in.glossary),
        weights: &text("weights.toml", built_in.weights),
        ..built_in
    })?;
    let mut scored = Vec::new();
    let mut table = format!("file\ttrain\tmatch\tmanner\t{}\n", EVIDENCE.join("\t"));
    let start = std::time::Instant::now();
    for file in &files {
        let text = std::fs::read_to_string(file)?;
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [a, b, schema, label, _, category] = cells[..] else {
                continue;
            };
            let manner = if schema == "Person" {
                Manner::Person
            } else {
                Manner::Body
            };
            let pair = score_pair(a, b, manner, &names);
            let train = hash(a).is_multiple_of(2);
            let matched = label == "1";
            let set = file
                .rsplit('/')
                .next()
                .unwrap_or(file)
                .split('.')
                .next()
                .unwrap_or("");
            if let Some(show) = &show {
                let wrong = matched != (pair.probability >= names.thresholds().default().review);
                if (show == "wrong" && wrong || show == "all") && (all || train) {
                    println!(
                        "{} {:.3} {set} {category}\n   {a}\n   {b}",
                        u8::from(matched),
                        pair.probability
                    );
                    for line in &pair.alignment {
                        println!(
                            "      {:20} {:20} {:?} {:.2} {:.2}",
                            line.asked, line.listed, line.by, line.quality, line.weight
                        );
                    }
                }
            }
            let figures: Vec<String> = pair.evidence.iter().map(f32::to_string).collect();
            writeln!(
                table,
                "{set}\t{}\t{}\t{manner:?}\t{}",
                u8::from(train),
                u8::from(matched),
                figures.join("\t")
            )?;
            let kind = category
                .rsplit('/')
                .next()
                .filter(|c| c.starts_with("x-"))
                .unwrap_or("x-latin");
            for group in [
                set.to_owned(),
                format!("{set} {schema} {kind}"),
                "ALL".to_owned(),
            ] {
                scored.push(Scored {
                    group,
                    matched,
                    probability: pair.probability,
                    train,
                });
            }
        }
    }
    let elapsed = start.elapsed();
    if let Some(dump) = dump {
        std::fs::write(dump, table)?;
    }
    if show.is_none() {
        report(&scored, all, names.thresholds().default().review);
        println!(
            "{:.1} us a pair",
            elapsed.as_secs_f64() * 1e6 / (scored.len() as f64 / 3.0)
        );
    }
    Ok(())
}

/// FNV-1a of the name, so that a pair stays in its half whatever stands beside it.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    }) >> 7
}

fn report(scored: &[Scored], all: bool, review: f32) {
    let mut groups: BTreeMap<&str, Vec<(f32, bool)>> = BTreeMap::new();
    for row in scored.iter().filter(|row| all || !row.train) {
        groups
            .entry(&row.group)
            .or_default()
            .push((row.probability, row.matched));
    }
    println!(
        "{:48} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}",
        "set", "pairs", "F1", "bestF1", "at", "R@5fp", "R@P95", "Brier"
    );
    for (group, rows) in &mut groups {
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let positives = rows.iter().filter(|r| r.1).count() as f32;
        let negatives = rows.len() as f32 - positives;
        let (mut true_ones, mut false_ones) = (0f32, 0f32);
        let (mut best, mut at, mut recall5, mut recall95, mut own) = (0f32, 1f32, 0f32, 0f32, 0f32);
        for (index, (probability, matched)) in rows.iter().enumerate() {
            if *matched {
                true_ones += 1.0
            } else {
                false_ones += 1.0
            }
            if rows
                .get(index + 1)
                .is_some_and(|next| next.0 == *probability)
            {
                continue;
            }
            let f1 = 2.0 * true_ones / (true_ones + false_ones + positives);
            if f1 > best {
                (best, at) = (f1, *probability);
            }
            if *probability >= review {
                own = f1;
            }
            let recall = true_ones / positives;
            if false_ones <= 0.05 * negatives {
                recall5 = recall;
            }
            if true_ones >= 0.95 * (true_ones + false_ones) {
                recall95 = recall95.max(recall);
            }
        }
        let brier: f32 = rows
            .iter()
            .map(|(p, m)| (p - f32::from(u8::from(*m))).powi(2))
            .sum::<f32>()
            / rows.len() as f32;
        println!(
            "{group:48} {:6} {own:6.3} {best:6.3} {at:6.3} {recall5:6.3} {recall95:6.3} {brier:6.3}",
            rows.len()
        );
    }
}
