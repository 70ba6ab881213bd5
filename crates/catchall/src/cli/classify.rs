//! `catchall classify`: which control list entries an item may fall under. Never a determination.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use catchall_assess::{AskedFor, Assessor, FieldError, Room};
use catchall_model::{Candidate, Classification, Day, Given, Line, Transfer};
use serde::Serialize;

use super::assess::{self, Input};
use super::{Common, Stop, code};
use crate::batch;

/// What to classify, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Catalogues (CSV, JSON Lines, JSON, XLSX) with the columns of a transfer's item, or `-` for standard input.
    #[arg(value_name = "FILE", required_unless_present_any = ["describe", "kind", "hs"])]
    files: Vec<PathBuf>,
    /// One item, in your own words.
    #[arg(long, value_name = "WORDS")]
    describe: Option<String>,
    /// Its kind, a word of `catchall law vocabulary --kinds`.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// A figure of it: `--property 'range=280 km'`; may be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    property: Vec<(String, String)>,
    /// Its tariff heading, which may suggest a kind.
    #[arg(long, value_name = "CODE")]
    hs: Option<String>,
    /// The lists as they stood on this day; otherwise each item's own date, or any edition.
    #[arg(long, value_name = "DATE", value_parser = assess::day, env = "CATCHALL_AS_OF")]
    as_of: Option<Day>,
    /// The packs as they were recorded by this day.
    #[arg(long, value_name = "DATE", value_parser = assess::day, env = "CATCHALL_KNOWN_BY")]
    known_by: Option<Day>,
    /// The entries that each item met, day by day, wherever an edition of a list changed that.
    #[arg(long)]
    history: bool,
    /// How to write what was found.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How the input is written, where name and content do not tell.
    #[arg(long, value_enum, value_name = "FORMAT")]
    input: Option<Input>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "table")]
    Text,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(format!(
            "`{text}` names no figure; write `name=value`, as in `range=280 km`"
        )),
    }
}

/// What entries an item met from a day on.
#[derive(Debug, Serialize)]
struct Since {
    item: String,
    from: Option<Day>,
    meets: Vec<String>,
    not_known: Vec<String>,
}

/// Writes what was found, one item after the other.
struct Writer<W> {
    out: W,
    format: Format,
    written: u64,
}

impl<W: Write> Writer<W> {
    fn put<T: Serialize>(
        &mut self,
        found: &T,
        text: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<()> {
        match self.format {
            Format::Text => self.out.write_all(text(found).as_bytes())?,
            Format::Jsonl => {
                serde_json::to_writer(&mut self.out, found)?;
                self.out.write_all(b"\n")?;
            }
            Format::Json => {
                self.out
                    .write_all(if self.written == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, found)?;
            }
        }
        self.written += 1;
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out
                .write_all(if self.written == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        Ok(self.out.flush()?)
    }
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let asked = AskedFor {
        as_of: args.as_of,
        known_by: args.known_by,
    };
    let (assessor, loaded) = assess::assessor(common, asked)?;
    let places = Arc::new(loaded.places);
    let stdout = std::io::stdout();
    let mut writer = Writer {
        out: std::io::BufWriter::new(stdout.lock()),
        format: args.format,
        written: 0,
    };
    let mut room = Room::default();
    let mut rejected = 0_u64;
    if let Some(item) = own(args)
        && let Err(errors) = one(&assessor, &item, args, &mut room, &mut writer)?
    {
        let said: Vec<String> = errors.iter().map(said).collect();
        return Err(Stop::usage(anyhow!("{}", said.join("; "))));
    }
    for file in &args.files {
        let input = assess::input(args.input);
        let opened = batch::open(file, input, batch::Limits::default(), places.clone());
        let (mut reader, decoder) = opened.map_err(Stop::usage)?;
        let unknown = crate::lawbook::unknown_columns(&decoder, &assessor);
        if !unknown.is_empty() {
            unknown
                .iter()
                .for_each(|line| crate::talk::say!("catchall: {}: {line}", file.display()));
            return Err(Stop::usage(anyhow!("{}: unknown columns", file.display())));
        }
        while let Some(raw) = reader.next_raw() {
            let read = raw.map_err(|reject| vec![reject]).and_then(|raw| {
                let item = decoder.decode(&raw)?;
                Ok((raw, item))
            });
            let rejects = match read {
                Err(rejects) => rejects,
                Ok((raw, item)) => match one(&assessor, &item, args, &mut room, &mut writer)? {
                    Ok(()) => continue,
                    Err(errors) => {
                        let reject = |error| batch::refused(&decoder, &raw, &item.id, error);
                        errors.into_iter().map(reject).collect()
                    }
                },
            };
            rejected += 1;
            rejects
                .iter()
                .for_each(|reject| crate::talk::say!("rejected: {}", assess::reject_line(reject)));
        }
    }
    writer.end()?;
    if !common.quiet {
        crate::talk::say!(
            "{} items; candidates to be judged by a person, not a determination",
            writer.written
        );
    }
    Ok(if rejected > 0 { code::REJECTED } else { 0 })
}

fn said(error: &FieldError) -> String {
    format!(
        "`{}` = `{}`: {}; {}",
        error.path, error.found, error.problem, error.cure
    )
}

/// The item that the flags describe.
fn own(args: &Args) -> Option<Transfer> {
    let described = args.describe.is_some() || args.kind.is_some() || args.hs.is_some();
    if !described {
        return None;
    }
    let mut line = Line::default();
    line.item.description.clone_from(&args.describe);
    line.item.kind.clone_from(&args.kind);
    line.item.hs_code.clone_from(&args.hs);
    for (name, value) in &args.property {
        line.item
            .properties
            .push((name.clone(), Given::Text(value.clone())));
    }
    Some(Transfer {
        id: "item".to_owned(),
        lines: vec![line],
        ..Transfer::default()
    })
}

fn one(
    assessor: &Assessor,
    item: &Transfer,
    args: &Args,
    room: &mut Room,
    writer: &mut Writer<impl Write>,
) -> anyhow::Result<Result<(), Vec<FieldError>>> {
    let on = args.as_of.or(item.date);
    let found = match assessor.classify(item, if args.history { None } else { on }, room) {
        Ok(found) => found,
        Err(errors) => return Ok(Err(errors)),
    };
    if !args.history {
        writer.put(&found, text)?;
        return Ok(Ok(()));
    }
    for since in history(assessor, item, &found, room) {
        writer.put(&since, since_text)?;
    }
    Ok(Ok(()))
}

/// Every day on which an edition of a candidate's entry begins or has ended, and what the item met from then on.
fn history(
    assessor: &Assessor,
    item: &Transfer,
    found: &Classification,
    room: &mut Room,
) -> Vec<Since> {
    let law = assessor.law();
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for candidate in &found.candidates {
        let list = law.lists.iter().find(|list| list.id == candidate.list);
        let entries = list.into_iter().flat_map(|list| &list.entries);
        for edition in entries
            .filter(|entry| entry.code == candidate.code)
            .flat_map(|entry| &entry.editions)
        {
            let (first, last) = edition.period.ends();
            days.insert(first);
            if last < Day::MAX {
                days.insert(Day::from_number(last.number() + 1));
            }
        }
    }
    let mut changes: Vec<Since> = Vec::new();
    for day in days {
        let Ok(found) = assessor.classify(item, Some(day), room) else {
            continue;
        };
        let of = |verdict: &str| -> Vec<String> {
            let met = found
                .candidates
                .iter()
                .filter(|each| each.verdict == verdict);
            met.map(|each| format!("{} {}", each.list, each.code))
                .collect()
        };
        let since = Since {
            item: item.id.clone(),
            from: (day > Day::MIN).then_some(day),
            meets: of("meets"),
            not_known: of("not_known"),
        };
        let same = changes
            .last()
            .is_some_and(|last| last.meets == since.meets && last.not_known == since.not_known);
        if !same {
            changes.push(since);
        }
    }
    changes
}

fn since_text(since: &Since) -> String {
    let from = since
        .from
        .map_or("from the beginning".to_owned(), |day| format!("from {day}"));
    let or_none = |all: &[String]| match all {
        [] => "none".to_owned(),
        all => all.join(", "),
    };
    let mut text = format!("{} {from}: meets {}", since.item, or_none(&since.meets));
    if !since.not_known.is_empty() {
        let _ = write!(text, "; open {}", since.not_known.join(", "));
    }
    text.push('\n');
    text
}

fn text(found: &Classification) -> String {
    let mut text = format!("{}: {}\n", found.item, found.description);
    for kind in &found.kinds {
        let from = match kind.from {
            "stated" => "as stated".to_owned(),
            "hs_code" => format!("by the tariff heading {}", kind.by),
            _ => format!("by the words `{}`", kind.by),
        };
        let _ = writeln!(text, "  taken for {} ({}), {from}", kind.kind, kind.label);
    }
    for flag in found.flags.iter().filter(|flag| flag.open) {
        let _ = writeln!(text, "  note: {}", flag.flag);
    }
    if found.candidates.is_empty() {
        let _ = writeln!(
            text,
            "  no entry of the lists held was found; that is no proof that none covers it"
        );
    }
    for candidate in &found.candidates {
        candidate_text(&mut text, candidate);
    }
    for (place, each) in found.ask.iter().enumerate() {
        let lead = if place == 0 { "ask first" } else { "then" };
        let _ = writeln!(
            text,
            "  {lead}: {} (settles {})",
            each.question.question,
            each.settles.join(", ")
        );
    }
    text.push('\n');
    text
}

fn candidate_text(text: &mut String, candidate: &Candidate) {
    let verdict = match candidate.verdict {
        "meets" => "meets",
        "not_known" => "open",
        "near_miss" => "near miss",
        "by_text" => "by words",
        _ => "does not meet",
    };
    let claimed = if candidate.claimed { ", claimed" } else { "" };
    let _ = writeln!(
        text,
        "  {verdict:<13} {} {}: {}{claimed}",
        candidate.list, candidate.code, candidate.title
    );
    for test in &candidate.tests {
        let sign = match test.result {
            "pass" => "+",
            "fail" => "-",
            _ => "?",
        };
        let value = if test.value.is_empty() {
            "not known"
        } else {
            &test.value
        };
        let _ = writeln!(
            text,
            "      {sign} {} = {value}: {} {} {}",
            test.fact, test.operator, test.threshold, test.unit
        );
    }
    if !candidate.note.is_empty() {
        let _ = writeln!(text, "      note: {}", candidate.note);
    }
    if !candidate.elsewhere.is_empty() {
        let there = candidate.elsewhere.iter().map(|each| {
            let by = match each.by.as_str() {
                "" => String::new(),
                heading => format!(" (by its heading {heading})"),
            };
            let number = format!("{} {}", each.list, each.code);
            format!("{} {}{by}", number.trim_start(), each.relation)
        });
        let _ = writeln!(
            text,
            "      elsewhere: {}",
            there.collect::<Vec<_>>().join("; ")
        );
    }
}
