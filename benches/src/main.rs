//! Measures: the speed of decisions beside two peers, of questions, of rows and of loading, each beside its bar.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml` prints one report. Bars are said to be met or not met;
//! no figure ever fails the run. What does fail it is an unequal answer. `README.md` says how to read the figures.

mod cedar;
mod clock;
mod columnar;
mod engines;
mod further;
mod loading;
mod machine;
mod ours;
mod questions;
mod random;
mod real;
mod rego;
mod report;
mod rows;
mod transfer;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::real::Real;
use crate::report::Report;

/// The allocator of the program, for all three engines.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HELP: &str = "\
Measures Catchall beside two peers and beside its bars.

  --json           one JSON object instead of text
  --only LIST      of engines, questions, rows, loading; several with commas
  --passes N       passes a figure, of which the best counts (default 9)
  --transfers N    transfers in the comparison of engines (default 10000)
  --rows N         rows of the longest table, in columns and streamed: 10000, 100000, 1000000, 10000000 (default 1000000)
  --packs FOLDER   the real packs (default: packs/ beside benches/)
  --no-peers-5000  leave the peers at 5,000 provisions out";

/// What the caller wants measured.
pub struct Asked {
    pub passes: usize,
    pub transfers: usize,
    pub question_bases: usize,
    pub rows: usize,
    pub packs: PathBuf,
    pub examples: PathBuf,
    only: Option<String>,
    json: bool,
    peers_at_scale: bool,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut asked = Asked {
            passes: 9,
            transfers: 10_000,
            question_bases: 400,
            rows: 1_000_000,
            packs: root.join("packs"),
            examples: root.join("examples/transfers.csv"),
            only: None,
            json: false,
            peers_at_scale: true,
        };
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .ok_or_else(|| format!("`{word}` needs a value"))
            };
            match word.as_str() {
                "--json" => asked.json = true,
                "--only" => asked.only = Some(value()?),
                "--passes" => asked.passes = count(&value()?)?,
                "--transfers" => asked.transfers = count(&value()?)?,
                "--rows" => asked.rows = count(&value()?)?,
                "--packs" => asked.packs = value()?.into(),
                "--no-peers-5000" => asked.peers_at_scale = false,
                "--help" | "-h" => return Err(HELP.to_owned()),
                other => return Err(format!("`{other}` is not known\n\n{HELP}")),
            }
        }
        Ok(asked)
    }

    fn wants(&self, part: &str) -> bool {
        self.only
            .as_ref()
            .is_none_or(|only| only.split(',').any(|each| each.trim() == part))
    }
}

fn count(text: &str) -> Result<usize, String> {
    text.replace(['_', ','], "")
        .parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("`{text}` is no count"))
}

fn main() -> ExitCode {
    let asked = match Asked::read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(words) => {
            eprintln!("{words}");
            return ExitCode::from(2);
        }
    };
    let head = vec![
        ("date", machine::today()),
        ("machine", machine::processor()),
        ("load", format!("{} before", machine::load())),
        (
            "pace",
            format!(
                "{:.2} ns a step of a fixed loop; compare runs by it",
                machine::pace()
            ),
        ),
        (
            "figures",
            format!(
                "processor time, best of {} passes after one to warm up; questions by the wall clock, least of 5",
                asked.passes
            ),
        ),
    ];
    let mut report = Report::new(asked.json, head);
    if asked.wants("engines") {
        engines::equal_answers(&mut report, &asked);
        let small = engines::one_decision(&mut report, &asked);
        engines::growth(&mut report, &asked, &small);
    }
    if asked.wants("questions") || asked.wants("rows") || asked.wants("loading") {
        match Real::load(&asked.packs) {
            Ok(real) => {
                if asked.wants("questions") {
                    questions::measure(&mut report, &asked, &real);
                }
                if asked.wants("rows") {
                    rows::measure(&mut report, &asked, &real);
                }
                if asked.wants("loading") {
                    loading::measure(&mut report, &asked, &real);
                }
            }
            Err(error) => {
                report.section("4 to 6. Over the real packs".to_owned());
                report.words(format!("not measured: {error}"));
            }
        }
    }
    if asked.wants("engines") && asked.peers_at_scale {
        engines::peers_at_scale(&mut report, &asked);
    }
    report.end(&[
        ("load", format!("{} after", machine::load())),
        (
            "pace",
            format!("{:.2} ns a step of the same loop", machine::pace()),
        ),
    ]);
    ExitCode::SUCCESS
}
