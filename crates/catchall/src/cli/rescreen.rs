//! `catchall rescreen`: what a change of the lists means for parties that were screened before. One line for each hit that appeared, changed or vanished.
//!
//! Before and after are two states of the stored lists: since the last import, since a day, or two files. With `--index` the parties lie ready in a
//! file of their own, and only what the change can touch is looked at; the answer is that of screening everybody twice.

use std::io::{BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use catchall_assess::question_of;
use catchall_model::{Day, Places, Reject};
use catchall_screen::lists::{self, ListFile};
use catchall_screen::{Listing, Moved, Names, PartyIndex, Query, Rescreening, Room, Turn, turns};
use sha2::{Digest, Sha256};

use super::moved::{Format, Out, Tally};
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

/// Two states of the lists, and what they are called.
struct States {
    turns: Vec<Turn>,
    days: (Day, Day),
    /// What each list was compared with, for people.
    told: Vec<String>,
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
            crate::talk::say!("catchall: not screened: {:#}", unusable.why);
            return Ok(unusable.code);
        }
    };
    let (answers, problems) = common.answers()?;
    if let Some(problem) = problems.first() {
        crate::talk::say!("catchall: not screened: {problem}");
        return Ok(code::NOT_SCREENED);
    }
    if !common.quiet {
        for told in &states.told {
            crate::talk::say!("{told}");
        }
    }
    let names = Names::built_in()?;
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
        crate::talk::say!("{}", out.tally.line(looked, parties.rejected));
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
        let age = load::today().number() - new.head.day.number();
        if common
            .max_list_age
            .is_some_and(|most| age > i64::from(most))
        {
            return Err(not_screened(anyhow!(
                "the list {} of {} is too old",
                new.head.list,
                new.head.day
            )));
        }
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
                None => crate::talk::say!("rejected: {}", assess::reject_line(reject)),
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
                crate::talk::say!("rejected: {line}");
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
