//! `catchall screen`: parties against the lists held. One hit a line; a party without a hit is not thereby cleared.
//!
//! The same verb takes a person's answer to a hit (`--dismiss`, `--confirm`, `--withdraw`), which is kept in the file of `--answers` and heeded from then
//! on, here, in `rescreen` and in `assess`.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use catchall_assess::{AskedFor, Assessor, Room};
use catchall_model::{Day, Hit, Party, Places, Reject};
use catchall_screen::{Attribute, Given, Says};
use indicatif::{ProgressBar, ProgressStyle};

use super::parties::PartyFile;
use super::{Common, Stop, assess, code};
use crate::answers::{AnswerFile, AnswerStore};
use crate::batch::AskedParty;
use crate::load;

/// Parties that are screened together.
const CHUNK: usize = 4_096;

/// Whom to screen, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of parties (CSV or Excel with `id, name, names, type, country, nationalities, born, address, identifier.<type>`;
    /// JSON or JSON Lines of parties or of FollowTheMoney entities), or `-` for standard input.
    #[arg(value_name = "FILE", required_unless_present = "name")]
    files: Vec<PathBuf>,
    /// One party by its name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The lists as they stood on this day; today otherwise.
    #[arg(long, value_name = "DATE", value_parser = assess::day, env = "CATCHALL_AS_OF")]
    as_of: Option<Day>,
    /// How to write hits.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// How many parties to screen at once; as many as there are cores otherwise.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
    /// Write rejected records to this file, as JSON Lines.
    #[arg(long, value_name = "FILE", env = "CATCHALL_REJECTS")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    answer: AnswerArgs,
}

/// What a person says of one hit.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answering a hit")]
struct AnswerArgs {
    /// This hit (`LIST/KEY`, as the output names it) is somebody else.
    #[arg(long, value_name = "LISTING", group = "says", requires = "by")]
    dismiss: Option<String>,
    /// This hit is the party.
    #[arg(long, value_name = "LISTING", group = "says", requires = "by")]
    confirm: Option<String>,
    /// Take back what was said of this hit.
    #[arg(long, value_name = "LISTING", group = "says", requires = "by")]
    withdraw: Option<String>,
    /// Of which party of the file: its `id`.
    #[arg(long, value_name = "ID", requires = "says")]
    party: Option<String>,
    /// Who says so.
    #[arg(long, value_name = "NAME", requires = "says")]
    by: Option<String>,
    /// Why, in a few words.
    #[arg(long, value_name = "TEXT", requires = "says")]
    why: Option<String>,
    /// The last day on which it holds; a year from today otherwise, three years at most.
    #[arg(long, value_name = "DATE", value_parser = assess::day, requires = "says")]
    until: Option<Day>,
    /// What it rests on beside the name: `kind`, `birth`, `country`, `identifier`, `place`; all of it otherwise. It holds
    /// while these are as they are now, of the party and of the listing.
    #[arg(long, value_name = "ATTRIBUTE", value_delimiter = ',', value_parser = attribute, requires = "says")]
    rests_on: Vec<Attribute>,
    /// Only for the party with this key, and not for every party so described: the `id` of a party, or of a transfer.
    #[arg(long, value_name = "ID", requires = "says")]
    only_for: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON array of hits.
    Json,
    /// One hit a line.
    Jsonl,
    /// For spreadsheets: one hit a row.
    Csv,
}

fn attribute(text: &str) -> Result<Attribute, String> {
    let found = Attribute::ALL
        .into_iter()
        .find(|attribute| attribute.word() == text);
    found.ok_or_else(|| {
        let all: Vec<&str> = Attribute::ALL.iter().map(|own| own.word()).collect();
        format!("no attribute `{text}`; there are {}", all.join(", "))
    })
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let asked = AskedFor {
        as_of: args.as_of,
        known_by: None,
    };
    let (assessor, loaded) = assess::assessor(common, asked)?;
    let (held, problems) = assessor.lists();
    if !problems.is_empty() {
        problems
            .iter()
            .for_each(|problem| crate::talk::say!("catchall: not screened: {problem}"));
        return Ok(code::NOT_SCREENED);
    }
    if held.is_empty() && !common.quiet {
        crate::talk::say!(
            "catchall: no list has been imported (`catchall lists import`); only the lists in the packs are looked at"
        );
    }
    let places = std::sync::Arc::new(loaded.places);
    if let Some((says, listing)) = args.answer.says() {
        return answer(common, args, &assessor, &places, (says, listing));
    }
    let rejects = args.rejects.as_deref().map(rejects_file).transpose()?;
    let mut run = Run {
        assessor: &assessor,
        on: args.as_of.unwrap_or_else(load::today),
        format: args.format.unwrap_or(if std::io::stdout().is_terminal() {
            Format::Table
        } else {
            Format::Jsonl
        }),
        rooms: std::iter::repeat_with(Room::default)
            .take(workers(args.workers))
            .collect(),
        out: BufWriter::with_capacity(1 << 16, std::io::stdout().lock()),
        progress: progress(common.quiet, "parties"),
        rejects,
        tally: Tally::default(),
    };
    run.begin()?;
    if let Some(name) = &args.name {
        run.chunk(vec![named(name)])?;
    }
    for file in &args.files {
        run.file(file, &places, common.quiet).map_err(Stop::usage)?;
    }
    run.end()?;
    if !common.quiet {
        crate::talk::say!("{}", run.tally.line());
    }
    Ok(run.tally.code())
}

fn named(name: &str) -> AskedParty {
    AskedParty {
        key: name.to_owned(),
        party: Party {
            name: Some(name.to_owned()),
            ..Party::default()
        },
    }
}

pub(super) fn workers(asked: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(cores).clamp(1, 256)
}

pub(super) fn rejects_file(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(BufWriter::new(file))
}

pub(super) fn progress(quiet: bool, what: &str) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let template = format!("{{spinner}} {{human_pos}} {what}, {{per_sec}}, {{elapsed}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

impl AnswerArgs {
    fn says(&self) -> Option<(Says, &str)> {
        let of = |listing: &'_ Option<String>, says| listing.clone().map(|_| says);
        let says = of(&self.dismiss, Says::NotSame)
            .or(of(&self.confirm, Says::Same))
            .or(of(&self.withdraw, Says::Open))?;
        let listing = self
            .dismiss
            .as_deref()
            .or(self.confirm.as_deref())
            .or(self.withdraw.as_deref())?;
        Some((says, listing))
    }
}

/// Takes a person's answer to one hit of one party, and keeps it.
fn answer(
    common: &Common,
    args: &Args,
    assessor: &Assessor,
    places: &std::sync::Arc<Places>,
    (says, listing): (Says, &str),
) -> Result<u8, Stop> {
    let Some(path) = &common.answers else {
        return Err(Stop::usage(anyhow!(
            "where are answers kept? name the file with --answers, CATCHALL_ANSWERS or `answers` in catchall.toml"
        )));
    };
    let asked = the_party(args, places).map_err(Stop::usage)?;
    let given = Given {
        says,
        by: args.answer.by.as_deref().unwrap_or_default(),
        at: load::today(),
        until: args.answer.until,
        why: args.answer.why.as_deref().unwrap_or_default(),
        only_for: args.answer.only_for.as_deref(),
        rests_on: &args.answer.rests_on,
    };
    let on = args.as_of.unwrap_or_else(load::today);
    let taken = assessor
        .answer(&asked.party, on, listing, &given, &mut Room::default())
        .map_err(Stop::usage)?;
    AnswerFile::at(path).keep(std::slice::from_ref(&taken))?;
    if !common.quiet {
        let rests: Vec<&str> = taken.rests_on.iter().map(|own| own.word()).collect();
        crate::talk::say!(
            "kept in {}: `{}` {} `{}` of {}, until {}, while {} stay as they are",
            path.display(),
            taken.party,
            match says {
                Says::Same => "is",
                Says::NotSame => "is not",
                Says::Open => "may again be",
            },
            taken.listed,
            taken.list,
            taken.until,
            rests.join(", ")
        );
    }
    Ok(0)
}

/// The one party that an answer is about.
fn the_party(args: &Args, places: &std::sync::Arc<Places>) -> anyhow::Result<AskedParty> {
    if let Some(name) = &args.name {
        return Ok(named(name));
    }
    let mut found: Option<AskedParty> = None;
    for file in &args.files {
        for row in PartyFile::open(file, places)?.flatten() {
            let wanted = args
                .answer
                .party
                .as_ref()
                .is_none_or(|party| *party == row.key);
            if wanted && found.is_some() {
                return Err(anyhow!(
                    "several parties are meant; say with --party ID which of them"
                ));
            }
            if wanted {
                found = Some(row);
            }
        }
    }
    found.ok_or_else(|| match &args.answer.party {
        Some(party) => anyhow!("no party `{party}` in the file"),
        None => anyhow!("the file holds no party"),
    })
}

/// Counts of what came out.
#[derive(Debug, Default)]
struct Tally {
    parties: u64,
    with_hits: u64,
    hits: u64,
    dismissed: u64,
    rejected: u64,
}

impl Tally {
    fn line(&self) -> String {
        let mut line = format!(
            "{} parties: {} with hits ({} hits)",
            self.parties, self.with_hits, self.hits
        );
        if self.dismissed > 0 {
            let _ = write!(line, ", {} of them dismissed before", self.dismissed);
        }
        if self.rejected > 0 {
            let _ = write!(line, ", {} rejected", self.rejected);
        }
        line
    }

    /// What a person has dismissed is no hit any more.
    fn code(&self) -> u8 {
        match (self.hits - self.dismissed, self.rejected) {
            (0, 0) => 0,
            (0, _) => code::REJECTED,
            _ => code::HITS,
        }
    }
}

struct Run<'a, W: Write> {
    assessor: &'a Assessor,
    on: Day,
    format: Format,
    /// One a worker; what they remember is kept from chunk to chunk.
    rooms: Vec<Room>,
    out: W,
    progress: ProgressBar,
    rejects: Option<BufWriter<File>>,
    tally: Tally,
}

impl<W: Write> Run<'_, W> {
    fn file(
        &mut self,
        path: &Path,
        places: &std::sync::Arc<Places>,
        quiet: bool,
    ) -> anyhow::Result<()> {
        let mut rows = PartyFile::open(path, places)?;
        if !quiet {
            for note in rows.notes() {
                self.progress
                    .suspend(|| crate::talk::say!("catchall: {}: {note}", path.display()));
            }
        }
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            for row in rows.by_ref().take(CHUNK) {
                match row {
                    Ok(asked) => chunk.push(asked),
                    Err(rejects) => self.reject(&rejects)?,
                }
            }
            if chunk.is_empty() {
                return Ok(());
            }
            self.chunk(chunk)?;
        }
    }

    fn reject(&mut self, rejects: &[Reject]) -> anyhow::Result<()> {
        self.tally.rejected += 1;
        for reject in rejects {
            match &mut self.rejects {
                Some(file) => {
                    serde_json::to_writer(&mut *file, reject)?;
                    file.write_all(b"\n")?;
                }
                None => self
                    .progress
                    .suspend(|| crate::talk::say!("rejected: {}", assess::reject_line(reject))),
            }
        }
        Ok(())
    }

    /// Screens some parties on all workers and writes their hits in order.
    fn chunk(&mut self, chunk: Vec<AskedParty>) -> anyhow::Result<()> {
        let share = chunk.len().div_ceil(self.rooms.len()).max(1);
        let (assessor, on) = (self.assessor, self.on);
        let done: Vec<Vec<Vec<Hit>>> = std::thread::scope(|scope| {
            let running: Vec<_> = chunk
                .chunks(share)
                .zip(&mut self.rooms)
                .map(|(part, room)| {
                    scope.spawn(move || {
                        let one = |asked: &AskedParty| one(assessor, asked, on, room);
                        part.iter().map(one).collect::<Vec<_>>()
                    })
                })
                .collect();
            let joined = running.into_iter().map(|thread| thread.join());
            joined.collect::<Result<_, _>>()
        })
        .map_err(|_| anyhow!("a worker failed; nothing of these parties was screened"))?;
        for hits in done.into_iter().flatten() {
            self.tally.parties += 1;
            self.tally.with_hits += u64::from(!hits.is_empty());
            for hit in hits {
                self.write(&hit)?;
            }
        }
        self.progress.inc(chunk.len() as u64);
        Ok(())
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Csv {
            self.out.write_all(HEAD.join(",").as_bytes())?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn write(&mut self, hit: &Hit) -> anyhow::Result<()> {
        match self.format {
            Format::Table => self.out.write_all(text(hit).as_bytes())?,
            Format::Jsonl => {
                serde_json::to_writer(&mut self.out, hit)?;
                self.out.write_all(b"\n")?;
            }
            Format::Json => {
                self.out
                    .write_all(if self.tally.hits == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, hit)?;
            }
            Format::Csv => self
                .out
                .write_all(super::output::row(&cells(hit)).as_bytes())?,
        }
        self.tally.hits += 1;
        self.tally.dismissed += u64::from(hit.dismissed());
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out.write_all(if self.tally.hits == 0 {
                b"[]\n"
            } else {
                b"\n]\n"
            })?;
        }
        self.out.flush().context("cannot write the output")?;
        if let Some(file) = &mut self.rejects {
            file.flush().context("cannot write the rejects")?;
        }
        self.progress.finish_and_clear();
        Ok(())
    }
}

fn one(assessor: &Assessor, asked: &AskedParty, on: Day, room: &mut Room) -> Vec<Hit> {
    let mut hits = assessor.screen(&asked.party, &asked.key, on, room);
    for hit in &mut hits {
        hit.party.clone_from(&asked.key);
    }
    hits
}

/// The columns of a table of hits.
const HEAD: [&str; 17] = [
    "party",
    "list",
    "source_id",
    "listed_name",
    "matched",
    "type",
    "score",
    "band",
    "programmes",
    "listed",
    "delisted",
    "citation",
    "for",
    "against",
    "unknown",
    "answer",
    "answered_by",
];

fn cells(hit: &Hit) -> Vec<String> {
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    let says = |reasons: &[catchall_model::HitReason]| {
        let all: Vec<&str> = reasons.iter().map(|reason| reason.says.as_str()).collect();
        all.join("; ")
    };
    let of = &hit.listing;
    let answer = hit.answer.as_ref();
    vec![
        hit.party.clone(),
        of.list.clone(),
        of.source_id.clone(),
        of.name.clone(),
        of.matched.clone(),
        of.kind.clone(),
        score(hit),
        hit.band.to_owned(),
        of.programmes.join("; "),
        day(of.listed),
        day(of.delisted),
        of.citation.clone().unwrap_or_default(),
        says(&hit.speaks_for),
        says(&hit.speaks_against),
        hit.unknown.join("; "),
        answer.map_or_else(String::new, |answer| {
            let lapsed = if answer.holds { "" } else { " (lapsed)" };
            format!("{}{lapsed}", answer.says)
        }),
        answer.map_or_else(String::new, |answer| {
            format!("{} on {}", answer.by, answer.at)
        }),
    ]
}

/// A score as a spreadsheet reads it.
pub(super) fn score(hit: &Hit) -> String {
    format!("{:.3}", f64::from(hit.score.0) / 1000.0)
}

/// A hit for a person, in a few lines.
pub(super) fn text(hit: &Hit) -> String {
    let mut text = format!(
        "{}  {} in 1,000 ({})  {}\n    {} {}{}\n",
        hit.party,
        hit.score.0,
        hit.band,
        hit.listing.name,
        hit.listing.list,
        hit.listing.source_id,
        hit.listing
            .citation
            .as_ref()
            .map_or(String::new(), |cite| format!(", {cite}"))
    );
    let parts = hit.alignment.iter().map(|part| {
        match (&part.by, part.asked.as_str(), part.listed.as_str()) {
            (_, "", listed) => format!("[{listed}]"),
            (_, asked, "") => format!("({asked})"),
            (Some(by), asked, listed) => format!("{asked} = {listed} ({by})"),
            (None, asked, listed) => format!("{asked} / {listed}"),
        }
    });
    let _ = writeln!(text, "    {}", parts.collect::<Vec<_>>().join(", "));
    for (sign, reasons) in [('+', &hit.speaks_for), ('-', &hit.speaks_against)] {
        for reason in reasons {
            let _ = writeln!(text, "    {sign} {}", reason.says);
        }
    }
    if let Some(answer) = &hit.answer {
        let says = match answer.says {
            "same" => "the same party",
            _ => "not the same party",
        };
        let lapsed = answer
            .lapsed
            .as_ref()
            .map_or_else(String::new, |why| format!("; it holds no longer: {why}"));
        let _ = writeln!(
            text,
            "    {}: {says}, by {} on {}, until {} ({}){lapsed}",
            if answer.holds {
                "answered"
            } else {
                "once answered"
            },
            answer.by,
            answer.at,
            answer.until,
            answer.why
        );
    }
    if !hit.unknown.is_empty() {
        let _ = writeln!(text, "    ? {} could decide", hit.unknown.join(", "));
    }
    text
}
