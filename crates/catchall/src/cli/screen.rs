//! `catchall screen`: parties against the lists held. One hit a line; a party without a hit is not thereby cleared.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use catchall_assess::{AskedFor, Assessor, Room};
use catchall_model::{Day, Hit, Party, Places};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, Stop, assess, code};
use crate::load;
use crate::parties::{Asked, Rejected, json_lines, table};

/// Parties that are screened together.
const CHUNK: usize = 16_384;
/// Whom to screen, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of parties (CSV with `id, name, type, country, born, address, identifier.<type>`; JSON Lines of parties or of
    /// FollowTheMoney entities), or `-` for standard input.
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
            .for_each(|problem| eprintln!("catchall: not screened: {problem}"));
        return Ok(code::NOT_SCREENED);
    }
    if held.is_empty() && !common.quiet {
        eprintln!(
            "catchall: no list has been imported (`catchall lists import`); only the lists in the packs are looked at"
        );
    }
    let mut run = Run {
        assessor: &assessor,
        on: args.as_of.unwrap_or_else(load::today),
        format: args.format.unwrap_or(if std::io::stdout().is_terminal() {
            Format::Table
        } else {
            Format::Jsonl
        }),
        workers: workers(args.workers),
        out: BufWriter::with_capacity(1 << 16, std::io::stdout().lock()),
        progress: progress(common.quiet),
        parties: 0,
        hits: 0,
        with_hits: 0,
        rejected: 0,
    };
    if let Some(name) = &args.name {
        let party = Party {
            name: Some(name.clone()),
            ..Party::default()
        };
        run.chunk(vec![Asked {
            key: name.clone(),
            party,
        }])?;
    }
    for file in &args.files {
        run.file(file, &loaded.places).map_err(Stop::usage)?;
    }
    run.end()?;
    if !common.quiet {
        eprintln!(
            "{} parties: {} with hits ({} hits){}",
            run.parties,
            run.with_hits,
            run.hits,
            if run.rejected > 0 {
                format!(", {} rejected", run.rejected)
            } else {
                String::new()
            }
        );
    }
    Ok(match (run.hits, run.rejected) {
        (0, 0) => 0,
        (0, _) => code::REJECTED,
        _ => code::HITS,
    })
}

fn workers(asked: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(cores).clamp(1, 256)
}

fn progress(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} parties, {per_sec}, {elapsed}")
    {
        bar.set_style(style);
    }
    bar
}

struct Run<'a, W: Write> {
    assessor: &'a Assessor,
    on: Day,
    format: Format,
    workers: usize,
    out: W,
    progress: ProgressBar,
    parties: u64,
    hits: u64,
    with_hits: u64,
    rejected: u64,
}

impl<W: Write> Run<'_, W> {
    fn file(&mut self, path: &Path, places: &Places) -> anyhow::Result<()> {
        let (name, from): (String, Box<dyn Read>) = if path.as_os_str() == "-" {
            ("standard input".to_owned(), Box::new(std::io::stdin()))
        } else {
            let opened =
                File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
            (path.display().to_string(), Box::new(opened))
        };
        let mut from = BufReader::with_capacity(1 << 16, from);
        let start = from
            .fill_buf()
            .with_context(|| format!("cannot read {name}"))?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let json = start.trim_ascii_start().starts_with(b"{");
        let mut rows: Box<dyn Iterator<Item = Result<Asked, Rejected>>> = if json {
            Box::new(json_lines(from, places))
        } else {
            Box::new(table(from, places).with_context(|| name.clone())?)
        };
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            for row in rows.by_ref().take(CHUNK) {
                match row {
                    Ok(asked) => chunk.push(asked),
                    Err(why) => {
                        self.rejected += 1;
                        self.progress
                            .suspend(|| eprintln!("rejected: {name} {why}"));
                    }
                }
            }
            if chunk.is_empty() {
                return Ok(());
            }
            self.chunk(chunk)?;
        }
    }

    /// Screens some parties on all workers and writes their hits in order.
    fn chunk(&mut self, chunk: Vec<Asked>) -> anyhow::Result<()> {
        let share = chunk.len().div_ceil(self.workers);
        let (assessor, on) = (self.assessor, self.on);
        let done: Vec<Vec<Vec<Hit>>> = std::thread::scope(|scope| {
            let running: Vec<_> = chunk
                .chunks(share.max(1))
                .map(|part| {
                    scope.spawn(move || {
                        let mut room = Room::default();
                        let one = |asked: &Asked| one(assessor, asked, on, &mut room);
                        part.iter().map(one).collect::<Vec<_>>()
                    })
                })
                .collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .collect()
        });
        for hits in done.into_iter().flatten() {
            self.parties += 1;
            self.with_hits += u64::from(!hits.is_empty());
            for hit in hits {
                self.write(&hit)?;
            }
        }
        self.progress.inc(chunk.len() as u64);
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
                    .write_all(if self.hits == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, hit)?;
            }
        }
        self.hits += 1;
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out
                .write_all(if self.hits == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush().context("cannot write the output")?;
        self.progress.finish_and_clear();
        Ok(())
    }
}

fn one(assessor: &Assessor, asked: &Asked, on: Day, room: &mut Room) -> Vec<Hit> {
    let mut hits = assessor.screen(&asked.party, on, room);
    for hit in &mut hits {
        hit.party.clone_from(&asked.key);
    }
    hits
}

/// A hit for a person, in a few lines.
fn text(hit: &Hit) -> String {
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
    if !hit.unknown.is_empty() {
        let _ = writeln!(text, "    ? {} could decide", hit.unknown.join(", "));
    }
    text
}
