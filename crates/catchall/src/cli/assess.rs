//! `catchall assess`: transfers in, determinations out.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use catchall_assess::{AskedFor, AssessError, Assessor, Detail};
use catchall_ledger::LedgerUrl;
use catchall_model::{Day, Outcome, Reject};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use super::ledger::Recorder;
use super::output::{Columns, Csv, Out, Table};
use super::{Common, Stop, code, law};
use crate::batch::{self, Recording, Render};

/// What to assess, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of transfers (CSV, JSON Lines, JSON, XLSX), or `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to write determinations: a table on a terminal and elsewhere, unless told otherwise.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    pub(super) format: Option<Format>,
    /// How the input is written, where name and content do not tell.
    #[arg(long, value_enum, value_name = "FORMAT")]
    input: Option<Input>,
    /// The law as it stood on this day, instead of each transfer's own date.
    #[arg(long, value_name = "DATE", value_parser = day, env = "CATCHALL_AS_OF")]
    as_of: Option<Day>,
    /// The law as it was recorded by this day, instead of everything recorded.
    #[arg(long, value_name = "DATE", value_parser = day, env = "CATCHALL_KNOWN_BY")]
    known_by: Option<Day>,
    /// Write rejected rows to this file, as JSON Lines.
    #[arg(long, value_name = "FILE", env = "CATCHALL_REJECTS")]
    pub(super) rejects: Option<PathBuf>,
    /// Fail (by the exit code) only for this outcome or a stricter one.
    #[arg(long, value_name = "OUTCOME", env = "CATCHALL_FAIL_ON")]
    pub(super) fail_on: Option<String>,
    /// Leave the reasons out of JSON: outcome, jurisdictions and what is missing only. Much faster.
    #[arg(long)]
    brief: bool,
    /// Record each determination in this ledger, durably before it is printed: a path, `sqlite:PATH` or `postgres://...`.
    #[arg(long, value_name = "URL", env = "CATCHALL_LEDGER")]
    pub(super) ledger: Option<LedgerUrl>,
    /// How many rows to assess at once; as many as there are cores otherwise.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
}

/// How determinations are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For people, on a terminal.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// For spreadsheets.
    Csv,
    /// The columns of CSV with their types; for a file or a pipe. Needs a build with `--features team`.
    Parquet,
}

/// How transfers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Input {
    /// Delimited text with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// One JSON object or a list.
    Json,
    /// An Excel workbook.
    Xlsx,
    /// A Parquet table.
    Parquet,
}

/// Reads a day of a flag.
pub(super) fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| error.to_string())
}

/// The assessor over the packs that the flags name.
pub(super) fn assessor(
    common: &Common,
    asked: AskedFor,
) -> Result<(Assessor, crate::load::Loaded), Stop> {
    // The tables of names take half as long to read as the law does, and the first party asks them. Should they be broken, that
    // party says so.
    std::thread::spawn(|| drop(catchall_screen::Names::built_in()));
    let loaded = crate::load::load(common.packs.as_deref()).map_err(Stop::usage)?;
    let read = match crate::load::law_to_answer(&loaded) {
        Ok(read) => read,
        Err(problems) => {
            crate::talk::aside(format_args!(
                "{}",
                crate::diagnostics::draw(&problems, &loaded.files, law::colour())
            ));
            return Err(Stop::usage(anyhow!(
                "the packs of {} cannot be used: {}",
                loaded.from,
                crate::diagnostics::count(&problems)
            )));
        }
    };
    let digests = crate::load::digests(&loaded);
    let assessor =
        Assessor::new(read, common.imported()?, asked, &digests).map_err(|error| match error {
            AssessError::BeforeRecords { .. } => Stop::usage(anyhow!("--known-by: {error}")),
            AssessError::NoLaw => Stop::usage(error),
        })?;
    Ok((assessor, loaded))
}

/// The reader's word for a format.
pub(super) fn input(format: Option<Input>) -> Option<batch::Format> {
    format.map(|format| match format {
        Input::Csv => batch::Format::Csv,
        Input::Jsonl => batch::Format::JsonLines,
        Input::Json => batch::Format::Json,
        Input::Xlsx => batch::Format::Xlsx,
        Input::Parquet => batch::Format::Parquet,
    })
}

/// Counts of what came out.
#[derive(Default)]
struct Tally {
    outcomes: [u64; Outcome::ALL.len()],
    assessed: u64,
    rejected_rows: u64,
}

pub(crate) fn run(common: &Common, args: Args) -> Result<u8, Stop> {
    let fail_on = match &args.fail_on {
        None => None,
        Some(word) => Some(
            Outcome::from_str(word).map_err(|error| Stop::usage(anyhow!("--fail-on: {error}")))?,
        ),
    };
    let asked = AskedFor {
        as_of: args.as_of,
        known_by: args.known_by,
    };
    let (assessor, loaded) = assessor(common, asked)?;
    let places = Arc::new(loaded.places);
    let format = args.format.unwrap_or(Format::Table);
    let workers = args
        .workers
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
        .clamp(1, 256);
    if format == Format::Parquet {
        super::ledger::binary(std::io::stdout().is_terminal(), "> FILE")?;
    }
    let mut rejects_file = match &args.rejects {
        None => None,
        Some(path) => Some(BufWriter::new(File::create(path).with_context(|| {
            format!("cannot write rejects to `{}`", path.display())
        })?)),
    };
    let stdout = std::io::stdout();
    let to_terminal = stdout.is_terminal();
    let mut out = Out::to(format)?;
    let table = Table::new(to_terminal && std::env::var_os("NO_COLOR").is_none());
    match format {
        Format::Table => out.write_all(table.head().as_bytes())?,
        Format::Csv => out.write_all(Csv::head().as_bytes())?,
        Format::Json => out.write_all(b"[")?,
        Format::Jsonl | Format::Parquet => {}
    }
    let render = match (format, args.brief) {
        (Format::Table, _) => Render::By(Detail::Full, Box::new(move |made| table.row(made))),
        (Format::Csv, _) => Render::By(Detail::Brief, Box::new(Csv::row)),
        (Format::Parquet, _) => Render::By(Detail::Brief, Box::new(Columns::row)),
        (Format::Json, false) => Render::Document(""),
        (Format::Jsonl, false) => Render::Document("\n"),
        (_, true) => Render::By(
            Detail::Brief,
            Box::new(move |made| {
                let mut text = serde_json::to_string(made).unwrap_or_default();
                if format == Format::Jsonl {
                    text.push('\n');
                }
                text
            }),
        ),
    };
    let mut recorder = match &args.ledger {
        None => None,
        Some(url) => Some(Recorder::open(url).map_err(Stop::usage)?),
    };
    let render = match recorder.as_ref().zip(args.ledger.as_ref()) {
        None => render,
        Some((recorder, url)) => Render::Recorded(
            Box::new(render),
            Box::new(Recording {
                actor: super::ledger::actor(),
                asked,
                clock: crate::load::now,
                ledger: recorder.ledger.clone(),
                shelf: Default::default(),
                reports: Default::default(),
                rules: crate::load::evidence(&crate::load::state_beside(url))
                    .map_err(Stop::usage)?,
            }),
        ),
    };
    let progress = progress(common.quiet, to_terminal && format != Format::Csv);
    let mut tally = Tally::default();
    let mut trouble = Vec::new();
    for file in &args.files {
        let opened = batch::open(
            file,
            input(args.input),
            batch::Limits::default(),
            places.clone(),
        );
        let (mut reader, decoder) = match opened {
            Ok(opened) => opened,
            // One file that cannot be read does not lose the others.
            Err(error) => {
                progress.suspend(|| crate::talk::say!("catchall: {error}"));
                trouble.push(error);
                continue;
            }
        };
        let unknown = crate::lawbook::unknown_columns(&decoder, &assessor);
        if !unknown.is_empty() {
            for line in &unknown {
                progress.suspend(|| crate::talk::say!("catchall: {}: {line}", file.display()));
            }
            return Err(Stop::usage(anyhow!("{}: unknown columns", file.display())));
        }
        if !common.quiet {
            for note in reader.notes() {
                progress.suspend(|| crate::talk::say!("catchall: {}: {note}", file.display()));
            }
        }
        batch::run(
            &mut reader,
            &decoder,
            &assessor,
            workers,
            &render,
            |done| -> anyhow::Result<()> {
                progress.inc(1);
                match done.answer {
                    Ok(written) => {
                        let between: &[u8] = match (format, tally.assessed) {
                            (Format::Json, 0) => b"\n",
                            (Format::Json, _) => b",\n",
                            _ => b"",
                        };
                        tally.assessed += 1;
                        tally.outcomes[written.outcome as usize] += 1;
                        match &mut recorder {
                            None => {
                                out.write_all(between)?;
                                out.write_all(written.text.as_bytes())?;
                            }
                            Some(recorder) => recorder.take(written, between, &mut out)?,
                        }
                    }
                    Err(rejects) => {
                        tally.rejected_rows += 1;
                        for reject in &rejects {
                            if let Some(file) = &mut rejects_file {
                                serde_json::to_writer(&mut *file, reject)?;
                                file.write_all(b"\n")?;
                            } else {
                                progress.suspend(|| {
                                    crate::talk::say!("rejected: {}", reject_line(reject))
                                });
                            }
                        }
                    }
                }
                Ok(())
            },
        )?;
    }
    if let Some(recorder) = &mut recorder {
        recorder.flush(&mut out)?;
    }
    if format == Format::Json {
        out.write_all(if tally.assessed == 0 {
            b"]\n"
        } else {
            b"\n]\n"
        })?;
    }
    out.end().context("cannot write the output")?;
    if let Some(mut file) = rejects_file {
        file.flush().context("cannot write the rejects")?;
    }
    progress.finish_and_clear();
    if !common.quiet && (trouble.is_empty() || tally.assessed + tally.rejected_rows > 0) {
        crate::talk::say!("{}", tally.line(args.rejects.as_deref()));
        if let Some(recorder) = &recorder {
            crate::talk::say!("{}", recorder.line());
        }
    }
    if !trouble.is_empty() && tally.assessed == 0 {
        return Ok(code::USAGE);
    }
    Ok(tally.code(fail_on, !trouble.is_empty()))
}

fn progress(quiet: bool, table_on_terminal: bool) -> ProgressBar {
    if quiet || table_on_terminal || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} rows, {per_sec}, {elapsed}")
    {
        bar.set_style(style);
    }
    bar
}

pub(super) fn reject_line(reject: &Reject) -> String {
    let line = reject
        .line
        .map_or(String::new(), |line| format!(" (line {line})"));
    let column = reject
        .column
        .as_ref()
        .map_or(String::new(), |column| format!(", `{column}`"));
    let cell = reject.cell.as_ref().map_or(String::new(), |cell| {
        // What a terminal would not show is written out; quotation marks are shown as they stand.
        let shown = cell.escape_debug().to_string();
        let shown = shown.replace("\\\"", "\"").replace("\\'", "'");
        format!(" = `{shown}`")
    });
    format!(
        "{} row {}{line}{column}{cell}: {}; {}",
        reject.file, reject.row, reject.problem, reject.cure
    )
}

impl Tally {
    fn line(&self, rejects: Option<&std::path::Path>) -> String {
        let mut parts: Vec<String> = Outcome::ALL
            .iter()
            .rev()
            .filter(|outcome| self.outcomes[**outcome as usize] > 0)
            .map(|outcome| format!("{} {outcome}", self.outcomes[*outcome as usize]))
            .collect();
        if self.rejected_rows > 0 {
            let place = rejects.map_or("listed above".to_owned(), |path| {
                format!("listed in {}", path.display())
            });
            parts.push(format!("{} rejected ({place})", self.rejected_rows));
        }
        let transfers = if self.assessed == 1 {
            "transfer"
        } else {
            "transfers"
        };
        if parts.is_empty() {
            return "0 transfers: the input holds no rows".to_owned();
        }
        format!("{} {transfers}: {}", self.assessed, parts.join(", "))
    }

    /// The worst row wins.
    fn code(&self, fail_on: Option<Outcome>, trouble: bool) -> u8 {
        let floor = fail_on.map_or(0, Outcome::exit_code);
        let stricter = |outcome: &Outcome| match fail_on {
            None => true,
            Some(limit) => {
                outcome.exit_code() > floor || (outcome.exit_code() == floor && *outcome >= limit)
            }
        };
        let worst = Outcome::ALL
            .iter()
            .filter(|outcome| self.outcomes[**outcome as usize] > 0 && stricter(outcome))
            .map(|outcome| outcome.exit_code())
            .max()
            .unwrap_or(0);
        match worst {
            0 if trouble => code::USAGE,
            0 if self.rejected_rows > 0 => code::REJECTED,
            worst => worst,
        }
    }
}
