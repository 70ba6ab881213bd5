//! What moved, as `catchall rescreen` writes it: for people, for programs, for spreadsheets.
//!
//! Which hits moved is decided below; here each is put beside what people have said of it.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Context;
use catchall_assess::hit_document;
use catchall_model::{Day, Hit};
use catchall_screen::{Answers, Moved, Query, Turn};
use serde::Serialize;

use super::{Stop, screen};

/// How what moved is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// For spreadsheets.
    Csv,
}

/// One hit that moved, as a document.
#[derive(Serialize)]
struct Document {
    /// The caller's key.
    party: String,
    /// `appeared`, `changed`, `vanished`.
    change: &'static str,
    /// What is not as it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differs: Vec<&'static str>,
    before: Option<Hit>,
    after: Option<Hit>,
}

/// Counts of what moved.
#[derive(Default)]
pub(super) struct Tally {
    written: u64,
    appeared: u64,
    changed: u64,
    vanished: u64,
    /// Of those that appeared or changed, the ones that no person has settled.
    pub open: u64,
}

impl Tally {
    pub(super) fn line(&self, parties: u64, rejected: u64) -> String {
        let mut line = format!(
            "{parties} parties; of their hits {} appeared, {} changed, {} vanished; {} open",
            self.appeared, self.changed, self.vanished, self.open
        );
        if rejected > 0 {
            let _ = write!(line, "; {rejected} parties rejected");
        }
        line
    }
}

/// Where what moved is written.
pub(super) struct Out<'a, W: Write> {
    pub to: W,
    pub format: Format,
    pub answers: &'a Answers,
    pub turns: &'a [Turn],
    pub tally: Tally,
}

impl<W: Write> Out<'_, W> {
    pub(super) fn begin(&mut self) -> Result<(), Stop> {
        match self.format {
            Format::Csv => writeln!(self.to, "{}", HEAD.join(","))?,
            Format::Json => self.to.write_all(b"[")?,
            Format::Table | Format::Jsonl => {}
        }
        Ok(())
    }

    pub(super) fn write(&mut self, moved: Moved, query: &Query) -> Result<(), Stop> {
        let made = self.document(moved, query);
        // A hit that is as it was is told where an answer to it no longer holds.
        if made.before == made.after {
            return Ok(());
        }
        let count = match made.change {
            "appeared" => &mut self.tally.appeared,
            "vanished" => &mut self.tally.vanished,
            _ => &mut self.tally.changed,
        };
        *count += 1;
        self.tally.open += u64::from(made.after.as_ref().is_some_and(|hit| !hit.dismissed()));
        match self.format {
            Format::Table => self.to.write_all(text(&made).as_bytes())?,
            Format::Jsonl => {
                serde_json::to_writer(&mut self.to, &made)?;
                self.to.write_all(b"\n")?;
            }
            Format::Json => {
                let between: &[u8] = if self.tally.written == 0 {
                    b"\n"
                } else {
                    b",\n"
                };
                self.to.write_all(between)?;
                serde_json::to_writer(&mut self.to, &made)?;
            }
            Format::Csv => self
                .to
                .write_all(super::output::row(&cells(&made)).as_bytes())?,
        }
        self.tally.written += 1;
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Stop> {
        if self.format == Format::Json {
            let end: &[u8] = if self.tally.written == 0 {
                b"]\n"
            } else {
                b"\n]\n"
            };
            self.to.write_all(end)?;
        }
        self.to.flush().context("cannot write the output")?;
        Ok(())
    }

    fn document(&self, moved: Moved, query: &Query) -> Document {
        let Moved { before, after, .. } = moved;
        let listing = |hit: &catchall_screen::Hit, after: bool| {
            let of = (hit.listing.list.as_str(), hit.listing.source_id.as_str());
            let turn = self
                .turns
                .binary_search_by(|turn| (turn.list.as_str(), turn.source_id.as_str()).cmp(&of));
            let turn = turn.ok().and_then(|at| self.turns.get(at));
            turn.and_then(|turn| if after { &turn.after } else { &turn.before }.first())
        };
        let said = |hit: catchall_screen::Hit, after: bool| {
            let answer = match self.answers.is_empty() {
                true => None,
                false => listing(&hit, after)
                    .and_then(|listing| self.answers.about(query, &query.party, listing))
                    .map(|(answer, standing)| catchall_assess::answer_document(answer, &standing)),
            };
            Hit {
                answer,
                ..hit_document(hit)
            }
        };
        let before = before.map(|hit| said(hit, false));
        let after = after.map(|hit| said(hit, true));
        Document {
            party: query.party.clone(),
            change: match (&before, &after) {
                (None, _) => "appeared",
                (_, None) => "vanished",
                _ => "changed",
            },
            differs: match (&before, &after) {
                (Some(before), Some(after)) => differs(before, after),
                _ => Vec::new(),
            },
            before,
            after,
        }
    }
}

/// What of a hit is not as it was.
fn differs(before: &Hit, after: &Hit) -> Vec<&'static str> {
    let (a, b) = (&before.listing, &after.listing);
    let rows = [
        ("score", before.score != after.score),
        ("band", before.band != after.band),
        ("name", a.name != b.name),
        ("matched", a.matched != b.matched),
        ("type", a.kind != b.kind),
        ("programmes", a.programmes != b.programmes),
        ("dates", (a.listed, a.delisted) != (b.listed, b.delisted)),
        ("citation", a.citation != b.citation),
        (
            "reasons",
            (&before.speaks_for, &before.speaks_against)
                != (&after.speaks_for, &after.speaks_against),
        ),
        ("unknown", before.unknown != after.unknown),
        ("answer", before.answer != after.answer),
    ];
    rows.into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(field, _)| field)
        .collect()
}

/// What moved, for a person.
fn text(made: &Document) -> String {
    let Some(hit) = made.after.as_ref().or(made.before.as_ref()) else {
        return String::new();
    };
    let mut head = made.change.to_owned();
    if let (Some(before), Some(after)) = (&made.before, &made.after) {
        if before.score != after.score || before.band != after.band {
            let _ = write!(head, " from {} in 1,000 ({})", before.score.0, before.band);
        }
        let _ = write!(head, "; differs: {}", made.differs.join(", "));
    }
    format!(
        "{head}\n  {}",
        screen::text(hit).replace("\n    ", "\n      ")
    )
}

/// The columns of a table of what moved.
const HEAD: [&str; 16] = [
    "party",
    "change",
    "differs",
    "list",
    "source_id",
    "listed_name",
    "matched",
    "score_before",
    "score_after",
    "band_before",
    "band_after",
    "programmes",
    "listed",
    "delisted",
    "citation",
    "answer",
];

fn cells(made: &Document) -> Vec<String> {
    let Some(hit) = made.after.as_ref().or(made.before.as_ref()) else {
        return Vec::new();
    };
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let score = |hit: &Option<Hit>| hit.as_ref().map_or_else(String::new, screen::score);
    let band = |hit: &Option<Hit>| hit.as_ref().map_or("", |hit| hit.band).to_owned();
    let of = &hit.listing;
    vec![
        made.party.clone(),
        made.change.to_owned(),
        made.differs.join("; "),
        of.list.clone(),
        of.source_id.clone(),
        of.name.clone(),
        of.matched.clone(),
        score(&made.before),
        score(&made.after),
        band(&made.before),
        band(&made.after),
        of.programmes.join("; "),
        day(of.listed),
        day(of.delisted),
        of.citation.clone().unwrap_or_default(),
        hit.answer.as_ref().map_or_else(String::new, |answer| {
            let lapsed = if answer.holds { "" } else { " (lapsed)" };
            format!("{}{lapsed} by {} on {}", answer.says, answer.by, answer.at)
        }),
    ]
}
