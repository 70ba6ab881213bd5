//! How fast reports are read: `speed FILE..` reads each file as one document, then hostile pages made on the spot, and prints MB/s.
//!
//! `speed --grow FILE` reads one, two, four and eight copies as one page, to see that time grows with length. `speed --digest FILE..` prints a
//! digest of each reading instead, so that a change that should change no byte can be shown to change none.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::time::Instant;

use catchall_report::{Context, read};

fn time(name: &str, bytes: &[u8]) {
    let context = Context::default();
    let start = Instant::now();
    let reading = read(bytes, "text/plain", &context).unwrap();
    let took = start.elapsed().as_secs_f64();
    println!(
        "{name:<24} {:>8.2} MB  {took:>8.3} s  {:>8.2} MB/s  {:>7} statements",
        bytes.len() as f64 / 1e6,
        bytes.len() as f64 / 1e6 / took,
        reading.statements.len()
    );
}

fn digest(file: &str) {
    use sha2::{Digest as _, Sha256};
    let media = match file.rsplit('.').next() {
        Some("html") => "text/html",
        Some("eml") => "message/rfc822",
        Some("pdf") => "application/pdf",
        _ => "text/plain",
    };
    let bytes = std::fs::read(file).unwrap();
    let reading = read(&bytes, media, &Context::default()).unwrap();
    let json = serde_json::to_vec(&reading).unwrap();
    let hex: String = Sha256::digest(&json)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    println!("{hex} {file}");
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--digest") {
        let files = words.iter().filter(|word| !word.starts_with("--"));
        files.for_each(|file| digest(file));
        return;
    }
    let grow = words.iter().any(|word| word == "--grow");
    let hostile = words.iter().any(|word| word == "--hostile");
    let _ = read(b"warm", "text/plain", &Context::default());
    for file in words.iter().filter(|word| !word.starts_with("--")) {
        let bytes = std::fs::read(file).unwrap();
        if grow {
            for copies in [1, 2, 4, 8] {
                time(&format!("{copies} copies"), &bytes.repeat(copies));
            }
        } else {
            time(file.rsplit('/').next().unwrap(), &bytes);
        }
    }
    if hostile {
        let made = |piece: &str, length: usize| piece.repeat(length / piece.len()).into_bytes();
        let mut seed = 1_u64;
        let random: Vec<u8> = (0..10_000_000)
            .map(|_| {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (seed >> 56) as u8
            })
            .collect();
        time("brackets", &made("(", 10_000_000));
        time("brackets and marks", &made("([{", 10_000_000));
        time("closed brackets", &made("(AP, May 5) ", 10_000_000));
        time("random bytes", &random);
        time(
            "one line",
            &made(
                "Moscow said on May 5 that it will sell no tanks to anyone. ",
                100_000_000,
            ),
        );
        time("one word", &made("a", 10_000_000));
        time("years", &made("1995 ", 10_000_000));
    }
}
