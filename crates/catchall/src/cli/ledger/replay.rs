//! `catchall ledger replay`: the same question again, from the same basis, and the same bytes must come out.
//!
//! A determination rests on packs, lists, the list of places and the program, each named by its digest. Where one of them is not at hand, the
//! entry is not judged: what is missing is said, and how to give it.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Result, anyhow};
use catchall_assess::{AskedFor, Assessor, Room};
use catchall_ledger::{Ask, Entry, Ledger};
use catchall_model::{Basis, Day};
use serde_json::Value;

use super::super::{Common, Stop, assess, code};
use crate::batch::{Decoder, Raw, RawRecord};
use crate::record;

/// Entries of a page.
const PAGE: usize = 200;

/// What to replay.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Numbers of entries, or ids of determinations (their first digits are enough); all otherwise.
    #[arg(value_name = "ENTRY")]
    entries: Vec<String>,
    /// Print the new document of each that came out differently, as JSON Lines, on standard output.
    #[arg(long)]
    print: bool,
}

/// What became of one replay.
enum Replayed {
    /// The same bytes.
    Same,
    /// The same answer; the document differs only in the program's version.
    SameBut(String),
    /// Another document.
    Differs(String),
    /// Something it rests on is not at hand.
    Lacks(Vec<String>),
    /// It cannot be read: why.
    Unreadable(String),
    /// Its body was erased.
    Erased,
}

/// The question, as asked once: an assessor each for the dates that were asked for.
struct Bench {
    assessors: BTreeMap<(Option<String>, Option<String>), Assessor>,
    decoder: Decoder,
    room: Room,
}

pub(super) fn run(common: &Common, ledger: &Ledger, args: &Args) -> Result<u8, Stop> {
    let (first, loaded) = assess::assessor(common, AskedFor::default())?;
    let from = loaded.from.clone();
    let places = std::sync::Arc::new(loaded.places);
    let mut bench = Bench {
        assessors: BTreeMap::from([((None, None), first)]),
        decoder: Decoder::of_json("the ledger", places),
        room: Room::default(),
    };
    let mut tally = Tally::default();
    let mut take = |entry: &Entry| -> Result<(), Stop> {
        let done = bench.replay(common, entry)?;
        tally.take(entry, done, args.print)
    };
    if args.entries.is_empty() {
        let mut after = 0;
        loop {
            let ask = Ask::all().kind(record::KIND).after(after).limit(PAGE);
            let page = ledger.entries(&ask)?;
            let Some(end) = page.last() else { break };
            after = end.number;
            page.iter().try_for_each(&mut take)?;
        }
    } else {
        for named in &args.entries {
            take(&found(ledger, named)?)?;
        }
    }
    tally.report(&from)?;
    Ok(tally.code())
}

/// The entry that a person names.
fn found(ledger: &Ledger, named: &str) -> Result<Entry, Stop> {
    let by_number = match named.parse::<u64>() {
        Ok(number) => ledger.entry(number)?,
        Err(_) => None,
    };
    let hexadecimal = named.len() >= 6 && named.bytes().all(|byte| byte.is_ascii_hexdigit());
    let entry = match by_number {
        Some(entry) => Some(entry),
        None if hexadecimal => {
            let prefix = format!("{}/{named}", record::KIND);
            ledger.keyed(&prefix, 1)?.pop()
        }
        None => None,
    };
    let entry = entry.ok_or_else(|| {
        Stop::usage(anyhow!(
            "`{named}` is neither the number of an entry nor the id of a recorded determination"
        ))
    })?;
    if entry.kind != record::KIND {
        return Err(Stop::usage(anyhow!(
            "entry {} is `{}`; only `{}` can be replayed",
            entry.number,
            entry.kind,
            record::KIND
        )));
    }
    Ok(entry)
}

fn word(body: &Value, field: &str) -> Option<String> {
    body.get(field).and_then(Value::as_str).map(str::to_owned)
}

impl Bench {
    fn replay(&mut self, common: &Common, entry: &Entry) -> Result<Replayed, Stop> {
        let Some(body) = entry.body.value() else {
            return Ok(Replayed::Erased);
        };
        let (Some(was), Some(transfer)) = (word(body, "determination"), body.get("transfer"))
        else {
            return Ok(Replayed::Unreadable(
                "its body has no `transfer` and `determination`".to_owned(),
            ));
        };
        let asked = (word(body, "as_of"), word(body, "known_by"));
        let assessor = match self.assessors.entry(asked) {
            std::collections::btree_map::Entry::Occupied(kept) => kept.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let day = |text: &Option<String>| match text {
                    None => Ok(None),
                    Some(text) => Day::parse(text).map(Some),
                };
                let (Ok(as_of), Ok(known_by)) = (day(&free.key().0), day(&free.key().1)) else {
                    return Ok(Replayed::Unreadable("its dates cannot be read".to_owned()));
                };
                // Where these packs were not recorded by that day, others were asked.
                match assess::assessor(common, AskedFor { as_of, known_by }) {
                    Ok((made, _)) => free.insert(made),
                    Err(_) => return Ok(Replayed::Lacks(lacks(body, None))),
                }
            }
        };
        let lacks = lacks(body, Some(assessor.basis()));
        if lacks.iter().any(|one| !one.starts_with("program ")) {
            return Ok(Replayed::Lacks(lacks));
        }
        let now = match again(assessor, &self.decoder, &mut self.room, transfer, &was) {
            Ok(now) => now,
            Err(why) => return Ok(Replayed::Unreadable(why)),
        };
        Ok(if now == was {
            Replayed::Same
        } else if !lacks.is_empty() && answer(&now) == answer(&was) {
            Replayed::SameBut(lacks.join(", "))
        } else {
            Replayed::Differs(now)
        })
    }
}

/// Assesses the recorded transfer.
fn again(
    assessor: &Assessor,
    decoder: &Decoder,
    room: &mut Room,
    transfer: &Value,
    was: &str,
) -> Result<String, String> {
    let raw = Raw {
        row: 1,
        line: None,
        record: RawRecord::Json(transfer.to_string().into_bytes()),
    };
    let mut read = decoder.decode(&raw).map_err(|rejects| {
        rejects
            .first()
            .map_or(String::new(), |reject| reject.problem.clone())
    })?;
    // A transfer without a key of its own got one when it was asked.
    let document: Value = serde_json::from_str(was).map_err(|error| error.to_string())?;
    if let Some(name) = word(&document, "transfer") {
        read.id = name;
    }
    assessor
        .assess_to_json(&read, room)
        .map(|(_, text)| text)
        .map_err(|errors| {
            errors
                .first()
                .map_or(String::new(), |error| error.problem.clone())
        })
}

/// A document without its basis and id.
fn answer(document: &str) -> &str {
    document
        .rfind(",\"basis\":{")
        .and_then(|end| document.get(..end))
        .unwrap_or(document)
}

/// What a determination rests on that is not at hand: each with its digest.
fn lacks(body: &Value, held: Option<&Basis>) -> Vec<String> {
    let rests = |part: &str| {
        body.get("basis")
            .and_then(|basis| word(basis, part))
            .unwrap_or_default()
    };
    let parts = [
        ("packs", held.map(|own| &own.packs)),
        ("lists", held.map(|own| &own.lists)),
        ("places", held.map(|own| &own.names)),
        ("program", held.map(|own| &own.program)),
    ];
    parts
        .into_iter()
        .map(|(name, own)| {
            let part = if name == "places" { "names" } else { name };
            (name, rests(part), own)
        })
        .filter(|(_, was, own)| own.is_none_or(|own| own != was))
        .map(|(name, was, _)| format!("{name} {was}"))
        .collect()
}

/// What came out, counted.
#[derive(Default)]
struct Tally {
    same: u64,
    same_but: BTreeMap<String, u64>,
    differ: u64,
    unreadable: u64,
    erased: u64,
    /// What is not at hand, with how many entries rest on it.
    lacking: BTreeMap<String, u64>,
    lack: u64,
}

impl Tally {
    fn take(&mut self, entry: &Entry, done: Replayed, print: bool) -> Result<(), Stop> {
        match done {
            Replayed::Same => self.same += 1,
            Replayed::SameBut(what) => *self.same_but.entry(what).or_default() += 1,
            Replayed::Erased => self.erased += 1,
            Replayed::Differs(document) => {
                self.differ += 1;
                crate::talk::say!(
                    "entry {} ({}): came out differently",
                    entry.number,
                    entry.stream
                );
                if print {
                    writeln!(std::io::stdout().lock(), "{document}")?;
                }
            }
            Replayed::Unreadable(why) => {
                self.unreadable += 1;
                crate::talk::say!(
                    "entry {} ({}): cannot be read: {why}",
                    entry.number,
                    entry.stream
                );
            }
            Replayed::Lacks(what) => {
                self.lack += 1;
                for one in what {
                    *self.lacking.entry(one).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn report(&self, from: &str) -> Result<()> {
        let all = self.same
            + self.same_but.values().sum::<u64>()
            + self.differ
            + self.unreadable
            + self.erased
            + self.lack;
        crate::talk::tell!(
            "{all} determinations: {} came out the same to the byte",
            self.same
        )?;
        for (what, count) in &self.same_but {
            crate::talk::tell!("{count} came out the same but for the release ({what})")?;
        }
        for (count, what) in [
            (self.differ, "CAME OUT DIFFERENTLY"),
            (self.unreadable, "cannot be read"),
            (self.erased, "were erased by law, and cannot be replayed"),
            (
                self.lack,
                "were not replayed: what they rest on is not at hand",
            ),
        ] {
            if count > 0 {
                crate::talk::tell!("{count} {what}")?;
            }
        }
        for (what, count) in &self.lacking {
            let cure = match what.split(' ').next() {
                Some("packs") => {
                    format!("read were {from}; give those of that digest with `--packs DIR`")
                }
                Some("lists") => "give the folder as it was then with `--lists DIR`".to_owned(),
                _ => "use the release that recorded them".to_owned(),
            };
            crate::talk::tell!("  {count} rest on {what}: {cure}")?;
        }
        Ok(())
    }

    fn code(&self) -> u8 {
        if self.differ + self.unreadable > 0 {
            code::FAILURE
        } else if self.lack > 0 {
            code::USAGE
        } else {
            0
        }
    }
}
