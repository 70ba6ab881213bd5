//! A text may end anywhere: behind a verb that waits for its object, behind `according to reports` without a full stop.
//!
//! Whatever words are left standing at the end, the reader gives what it has and does not break.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

use catchall_report::{Context, read};

fn reads(text: &str) {
    read(text.as_bytes(), "text/plain", &Context::default()).unwrap();
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Words behind which something is looked for.
const TAILS: [&str; 24] = [
    "",
    "to",
    "not to",
    "that",
    "of",
    "by",
    "from",
    "with",
    "until",
    "the",
    "its",
    "neither",
    "it",
    "them",
    "no",
    "according to reports",
    "according to",
    "and",
    ",",
    "(",
    "\"",
    "-",
    "May",
    "3",
];

#[test]
fn a_text_that_ends_behind_any_word_of_the_lists_is_read() {
    let cues = std::fs::read_to_string(root().join("data/reports/cues.toml")).unwrap();
    let mut words: Vec<&str> = cues.split('"').skip(1).step_by(2).collect();
    words.extend(["voted", "resolved", "voting", "failed"]);
    words.sort_unstable();
    words.dedup();
    assert!(words.len() > 500, "{}", words.len());
    for (place, word) in words.iter().enumerate() {
        for tail in TAILS {
            reads(&format!("Turkey {word} {tail}"));
        }
        reads(&format!("{word} {}", words[place * 7 % words.len()]));
    }
}

#[test]
fn a_page_of_the_corpus_cut_anywhere_is_read() {
    let folder = root().join("corpus/reports/texts");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut read = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut words = text
            .split_inclusive(char::is_whitespace)
            .scan(0, |end, word| {
                *end += word.len();
                Some(*end)
            });
        let mut start = 0;
        // A window of some words that ends at every seventh.
        while let Some(end) = words.nth(6) {
            reads(text[start..end].trim_end());
            read += 1;
            if end - start > 300 {
                start = end;
            }
        }
    }
    assert!(read > 4_000, "{read}");
}
