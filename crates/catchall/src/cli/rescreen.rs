//! `catchall rescreen`: what a change of the lists means for parties that were screened before. One line for each hit that appeared, changed or vanished.
//!
//! Before and after are two states of the stored lists: since the last import, since a day, or two files. With `--index` the parties lie ready in a
//! file of their own, and only what the change can touch is looked at; the answer is that of screening everybody twice.

use std::fmt::Write as _;
use std::io::{BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use catchall_assess::{hit_document, question_of};
use catchall_model::{Day, Hit, Places, Reject};
use catchall_screen::lists::{self, ListFile};
use catchall_screen::{
    Answers, Listing, Moved, Names, PartyIndex, Query, Rescreening, Room, TableTexts, Turn, turns,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::parties::PartyFile;
use super::{Common, Stop, assess, code, screen};
use crate::{index_file, load};

/// Parties that are looked at together.
const CHUNK: usize = 16_384;

/// Whom to look at again, and between which states of the lists.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of parties, as `catchall screen` takes them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What changed after this day; otherwise what the last import of each list changed.
    #[arg(long, value_name = "DATE", value_parser = assess::day, conflicts_with_all = ["before", "after"])]
    since: Option<Day>,
    /// A stored list as it was, by its path; with --after.
    #[arg(long, value_name = "LIST", requires = "after")]
    before: Option<PathBuf>,
    /// The same list as it is.
    #[arg(long, value_name = "LIST", requires = "before")]
    after: Option<PathBuf>,
    /// The lists as they stand on this day; today otherwise.
    #[arg(long, value_name = "DATE", value_parser = assess::day, env = "CATCHALL_AS_OF")]
    as_of: Option<Day>,
    /// Keep the parties ready in this file; it is made anew when they change.
    #[arg(long, value_name = "FILE")]
    index: Option<PathBuf>,
    /// How to write what moved.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// How many parties to look at at once, without --index; as many as there are cores otherwise.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// Write rejected records to this file, as JSON Lines.
    #[arg(long, value_name = "FILE", env = "CATCHALL_REJECTS")]
    rejects: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
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

/// Two states of the lists, and what they are called.
struct States {
    turns: Vec<Turn>,
    days: (Day, Day),
    /// What each list was compared with, for people.
    told: Vec<String>,
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

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let places = Arc::new(
        load::load(common.packs.as_deref())
            .map_err(Stop::usage)?
            .places,
    );
    let states = match states(common, args) {
        Ok(states) => states,
        Err(unusable) => {
            eprintln!("catchall: not screened: {:#}", unusable.why);
            return Ok(unusable.code);
        }
    };
    let (answers, problems) = common.answers()?;
    if let Some(problem) = problems.first() {
        eprintln!("catchall: not screened: {problem}");
        return Ok(code::NOT_SCREENED);
    }
    if !common.quiet {
        for told in &states.told {
            eprintln!("{told}");
        }
    }
    let names = Arc::new(Names::read(&TableTexts::built_in())?);
    let mut out = Out {
        to: BufWriter::with_capacity(1 << 16, std::io::stdout().lock()),
        format: args.format.unwrap_or(if std::io::stdout().is_terminal() {
            Format::Table
        } else {
            Format::Jsonl
        }),
        answers: &answers,
        turns: &states.turns,
        tally: Tally::default(),
    };
    out.begin()?;
    let mut parties = Parties {
        files: &args.files,
        places: &places,
        rejects: args
            .rejects
            .as_deref()
            .map(screen::rejects_file)
            .transpose()?,
        read: 0,
        rejected: 0,
    };
    let looked = match &args.index {
        Some(file) => by_index(file, &mut parties, &states, &names, &mut out)?,
        None => by_party(args, &mut parties, &states, &names, &mut out)?,
    };
    out.end()?;
    if let Some(file) = &mut parties.rejects {
        file.flush().context("cannot write the rejects")?;
    }
    if !common.quiet {
        eprintln!("{}", out.tally.line(looked, parties.rejected));
    }
    Ok(match (out.tally.open, parties.rejected) {
        (0, 0) => 0,
        (0, _) => code::REJECTED,
        _ => code::HITS,
    })
}

/// Before and after, as the flags name them.
fn states(common: &Common, args: &Args) -> Result<States, Stop> {
    let today = args.as_of.unwrap_or_else(load::today);
    let (mut before, mut after): (Vec<Listing>, Vec<Listing>) = Default::default();
    let mut told = Vec::new();
    let mut first = today;
    if let (Some(old), Some(new)) = (&args.before, &args.after) {
        let (old, new) = (read_list(old)?, read_list(new)?);
        let days = (old.head.day, args.as_of.unwrap_or(new.head.day));
        told.push(tell(&new, Some(&old)));
        return Ok(States {
            turns: turns(&old.listings, &new.listings, days),
            days,
            told,
        });
    }
    let folder = load::lists_folder(common.lists.as_deref());
    let stored = load::lists_in(&folder)?;
    if stored.is_empty() {
        return Err(not_screened(anyhow!(
            "no list is stored in `{}`; `catchall lists import` brings one",
            folder.display()
        )));
    }
    for path in stored {
        let new = read_list(&path)?;
        let old = past(&folder, &new, args.since)?;
        if old.is_none() && args.since.is_none() {
            told.push(format!(
                "{}: imported once; there is nothing to compare it with",
                new.head.list
            ));
            continue;
        }
        told.push(tell(&new, old.as_ref()));
        if let Some(old) = old {
            first = first.min(old.head.day);
            before.extend(old.listings);
        }
        after.extend(new.listings);
    }
    let days = (args.since.unwrap_or(first).min(today), today);
    Ok(States {
        turns: turns(&before, &after, days),
        days,
        told,
    })
}

/// The list as the newest copy of a day, or the copy before the last import, held it; `None` where none is held.
fn past(folder: &Path, now: &ListFile, since: Option<Day>) -> Result<Option<ListFile>, Stop> {
    let mut state = now.clone();
    let mut changes = load::changes_of(folder, &now.head.list)?;
    match since {
        None => match changes.pop() {
            Some(last) => Ok(Some(lists::undone(&state, &read_list(&last)?))),
            None => Ok(None),
        },
        Some(since) => {
            while state.head.day > since {
                match changes.pop() {
                    Some(last) => state = lists::undone(&state, &read_list(&last)?),
                    None => return Ok(None),
                }
            }
            Ok(Some(state))
        }
    }
}

fn tell(new: &ListFile, old: Option<&ListFile>) -> String {
    match old {
        Some(old) if old.head.day == new.head.day && old.listings == new.listings => {
            format!("{} of {}: no change", new.head.list, new.head.day)
        }
        Some(old) => {
            let diff = lists::diff(old, new);
            format!(
                "{}: {} against {}: {} added, {} removed, {} changed",
                new.head.list,
                new.head.day,
                old.head.day,
                diff.added.len(),
                diff.removed.len(),
                diff.changed.len()
            )
        }
        None => format!(
            "{} of {}: no earlier copy is held; everything on it counts as new",
            new.head.list, new.head.day
        ),
    }
}

fn read_list(path: &Path) -> Result<ListFile, Stop> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read `{}`", path.display()))
        .map_err(Stop::usage)?;
    lists::read(&bytes).map_err(|error| not_screened(anyhow!(load::unusable(path, &error))))
}

fn not_screened(why: anyhow::Error) -> Stop {
    Stop {
        code: code::NOT_SCREENED,
        why,
    }
}

/// The parties of all files.
struct Parties<'a> {
    files: &'a [PathBuf],
    places: &'a Arc<Places>,
    rejects: Option<BufWriter<std::fs::File>>,
    read: u64,
    rejected: u64,
}

impl Parties<'_> {
    /// Hands over one party after another; what cannot be read is told.
    fn each(
        &mut self,
        mut take: impl FnMut(Query) -> Result<(), Stop>,
    ) -> Result<Vec<Reject>, Stop> {
        let mut all = Vec::new();
        for file in self.files {
            for row in PartyFile::open(file, self.places).map_err(Stop::usage)? {
                match row {
                    Ok(asked) => {
                        self.read += 1;
                        take(question_of(&asked.party, &asked.key))?;
                    }
                    Err(rejects) => {
                        self.reject(&rejects)?;
                        all.extend(rejects);
                    }
                }
            }
        }
        Ok(all)
    }

    fn reject(&mut self, rejects: &[Reject]) -> Result<(), Stop> {
        self.rejected += 1;
        for reject in rejects {
            match &mut self.rejects {
                Some(file) => {
                    serde_json::to_writer(&mut *file, reject)?;
                    file.write_all(b"\n")?;
                }
                None => eprintln!("rejected: {}", assess::reject_line(reject)),
            }
        }
        Ok(())
    }
}

/// The parties are the index: made where it is not there or not of these parties. Gives how many parties there are.
fn by_index<W: Write>(
    file: &Path,
    parties: &mut Parties<'_>,
    states: &States,
    names: &Arc<Names>,
    out: &mut Out<'_, W>,
) -> Result<u64, Stop> {
    let mut digests = Vec::new();
    for path in parties.files {
        if path.as_os_str() == "-" {
            return Err(Stop::usage(anyhow!(
                "--index needs files of parties, not standard input: it must know them again"
            )));
        }
        digests.push(digest_of(path).map_err(Stop::usage)?);
    }
    let key = index_file::key_of(digests.iter());
    let beside = file.with_extension("rejects.jsonl");
    let index = match index_file::opened(file, &key).filter(|_| beside.exists()) {
        Some(ready) => {
            // Who could not be read then was not looked at now either.
            for line in std::fs::read_to_string(&beside)?.lines() {
                parties.rejected += 1;
                eprintln!("rejected: {line}");
            }
            PartyIndex::from_file(ready, Arc::clone(names))
        }
        None => {
            let mut builder = PartyIndex::builder(names);
            let rejects = parties.each(|query| {
                builder.take(query);
                Ok(())
            })?;
            let index = builder.finish().sealed(key);
            let lines: Vec<String> = rejects.iter().map(assess::reject_line).collect();
            index_file::put(&beside, (lines.join("\n")).as_bytes())
                .and_then(|()| index_file::put(file, index.bytes()))
                .with_context(|| format!("cannot write the index `{}`", file.display()))?;
            index
        }
    };
    for moved in index.rescreen(&states.turns, states.days, &mut Room::new()) {
        let query = index.party(moved.party).unwrap_or_default();
        out.write(moved, &query)?;
    }
    Ok(index.len() as u64)
}

fn digest_of(path: &Path) -> anyhow::Result<[u8; 32]> {
    let unread = || format!("cannot read `{}`", path.display());
    let mut from = std::fs::File::open(path).with_context(unread)?;
    let (mut digest, mut some) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match from.read(&mut some).with_context(unread)? {
            0 => return Ok(digest.finalize().into()),
            count => digest.update(some.get(..count).unwrap_or_default()),
        }
    }
}

/// One party after another, on all workers.
fn by_party<W: Write>(
    args: &Args,
    parties: &mut Parties<'_>,
    states: &States,
    names: &Arc<Names>,
    out: &mut Out<'_, W>,
) -> Result<u64, Stop> {
    let rescreening = Rescreening::of(&states.turns, states.days, names);
    let mut rooms: Vec<[Room; 2]> = std::iter::repeat_with(Default::default)
        .take(screen::workers(args.workers))
        .collect();
    let progress = screen::progress(false, "parties");
    let mut chunk: Vec<Query> = Vec::with_capacity(CHUNK);
    parties.each(|query| {
        chunk.push(query);
        if chunk.len() == CHUNK {
            look(&rescreening, &mut rooms, &chunk, out)?;
            progress.inc(chunk.len() as u64);
            chunk.clear();
        }
        Ok(())
    })?;
    look(&rescreening, &mut rooms, &chunk, out)?;
    progress.finish_and_clear();
    Ok(parties.read)
}

/// Looks at some parties on all workers and writes what moved in order.
fn look<W: Write>(
    rescreening: &Rescreening,
    rooms: &mut [[Room; 2]],
    chunk: &[Query],
    out: &mut Out<'_, W>,
) -> Result<(), Stop> {
    let share = chunk.len().div_ceil(rooms.len()).max(1);
    let done: Vec<Vec<Vec<Moved>>> = std::thread::scope(|scope| {
        let running: Vec<_> = chunk
            .chunks(share)
            .zip(rooms)
            .map(|(part, rooms)| {
                scope.spawn(move || {
                    let one = |query: &Query| {
                        // A party without a name and a number was turned down when it was read.
                        rescreening.party(0, query, rooms).unwrap_or_default()
                    };
                    part.iter().map(one).collect::<Vec<_>>()
                })
            })
            .collect();
        let joined = running.into_iter().map(|thread| thread.join());
        joined.collect::<Result<_, _>>()
    })
    .map_err(|_| anyhow!("a worker failed; nothing of these parties was screened"))?;
    for (query, moved) in chunk.iter().zip(done.into_iter().flatten()) {
        for one in moved {
            out.write(one, query)?;
        }
    }
    Ok(())
}

/// Counts of what moved.
#[derive(Default)]
struct Tally {
    written: u64,
    appeared: u64,
    changed: u64,
    vanished: u64,
    /// Of those that appeared or changed, the ones that no person has settled.
    open: u64,
}

impl Tally {
    fn line(&self, parties: u64, rejected: u64) -> String {
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

struct Out<'a, W: Write> {
    to: W,
    format: Format,
    answers: &'a Answers,
    turns: &'a [Turn],
    tally: Tally,
}

impl<W: Write> Out<'_, W> {
    fn begin(&mut self) -> Result<(), Stop> {
        match self.format {
            Format::Csv => writeln!(self.to, "{}", HEAD.join(","))?,
            Format::Json => self.to.write_all(b"[")?,
            Format::Table | Format::Jsonl => {}
        }
        Ok(())
    }

    fn write(&mut self, moved: Moved, query: &Query) -> Result<(), Stop> {
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

    fn end(&mut self) -> Result<(), Stop> {
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
