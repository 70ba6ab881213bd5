//! `catchall law`: the packs, checked, tested, shown, compared, and what they hold.

mod coverage;
mod diff;
mod show;
mod vocabulary;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::anyhow;
use catchall_law::{Law, check as law_check};
use catchall_model::Day;
use serde_json::Value;

use super::assess::day;
use super::{Common, Stop, publishing, review};
use crate::load::{self, Loaded};
use crate::{diagnostics, lawbook};

/// What to do with the packs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Check packs: every message with its place and what would be right.
    Check {
        /// Folder of packs, as with `--packs`.
        folder: Option<PathBuf>,
        /// Only what stands in files whose path holds this text, such as the folder of a pack, beside all the rest.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Run every case and sample, then every mutant of every condition.
    Test {
        /// Folder of packs, as with `--packs`.
        folder: Option<PathBuf>,
        /// Leave the mutation run out.
        #[arg(long)]
        no_mutation: bool,
        /// Only provisions and entries whose id holds this text.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Show provisions, as they stand on a day.
    Show {
        /// Only ids that hold this text.
        id: Option<String>,
        /// The day; every version otherwise.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<Day>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What changed between two days: begun, ended, suspended, resumed.
    Diff {
        #[arg(value_parser = day)]
        from: Day,
        #[arg(value_parser = day)]
        to: Day,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Every word a transfer may use: facts, kinds, properties, units, with question texts.
    Vocabulary {
        /// Only the kinds of items.
        #[arg(long)]
        kinds: bool,
        /// Only the properties of items.
        #[arg(long)]
        properties: bool,
        /// Only the units.
        #[arg(long)]
        units: bool,
        /// Only words that hold this text.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What a second reader should look at first, and why.
    Review {
        /// Only ids that hold this text.
        id: Option<String>,
        /// The day; today otherwise.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<Day>,
        /// Also what nothing speaks for looking at.
        #[arg(long)]
        all: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The numbers that one thing bears on several lists.
    Crosswalk {
        /// A code: `9A101`, `9.A.4`.
        code: String,
        /// Its list; otherwise every list that has such a code.
        #[arg(long, value_name = "LIST")]
        list: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    #[command(flatten)]
    Publishing(publishing::Verb),
    /// What is modelled of each instrument, in part, or only pointed to.
    Coverage {
        /// Only instruments whose id holds this text.
        id: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Whether diagnostics on standard error may be coloured.
pub(super) fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

pub(crate) fn run(common: &Common, args: Args) -> Result<u8, Stop> {
    let mut out = std::io::stdout().lock();
    match args.verb {
        Verb::Publishing(verb) => publishing::run(common, &verb),
        Verb::Check { folder, only } => check(common, folder, only.as_deref()),
        Verb::Test {
            folder,
            no_mutation,
            only,
        } => test(common, folder, no_mutation, only.as_deref()),
        Verb::Show { id, on, format } => {
            let (_, law) = read(common, None)?;
            let shown = lawbook::show(&law, id.as_deref(), on);
            if shown.is_empty() {
                return Err(Stop::usage(anyhow!(
                    "no provision matches; `catchall law show` lists all"
                )));
            }
            out.write_all(written(&shown, format, show::show_text).as_bytes())?;
            Ok(0)
        }
        Verb::Diff { from, to, format } => {
            if from > to {
                return Err(Stop::usage(anyhow!(
                    "{from} comes after {to}; write the earlier day first"
                )));
            }
            let (_, law) = read(common, None)?;
            let rows = lawbook::diff(&law, from, to);
            if rows.is_empty() && format == Format::Text {
                writeln!(out, "nothing changed between {from} and {to}")?;
            }
            out.write_all(written(&rows, format, diff::diff_text).as_bytes())?;
            Ok(0)
        }
        Verb::Vocabulary {
            kinds,
            properties,
            units,
            only,
            format,
        } => {
            let (_, law) = read(common, None)?;
            let all = !(kinds || properties || units);
            let document = lawbook::vocabulary(
                &law,
                [all, all || kinds, all || properties, all || units],
                only.as_deref(),
            );
            let text = match format {
                Format::Json => serde_json::to_string_pretty(&document)? + "\n",
                Format::Text => vocabulary::vocabulary_text(&document),
            };
            out.write_all(text.as_bytes())?;
            Ok(0)
        }
        Verb::Review {
            id,
            on,
            all,
            format,
        } => {
            let (_, law) = read(common, None)?;
            let on = on.unwrap_or_else(load::today);
            let rows = review::rows(&law, on, id.as_deref(), !all);
            if rows.is_empty() && format == Format::Text {
                writeln!(out, "nothing to look at first; `--all` lists everything")?;
            }
            out.write_all(written(&rows, format, review::text).as_bytes())?;
            Ok(0)
        }
        Verb::Crosswalk { code, list, format } => {
            let (_, law) = read(common, None)?;
            let rows = review::crosswalk(&law, &code, list.as_deref());
            if rows.is_empty() && format == Format::Text {
                writeln!(
                    out,
                    "no crosswalk speaks of `{code}`; that is no proof that no other list covers it"
                )?;
            }
            out.write_all(written(&rows, format, review::crosswalk_text).as_bytes())?;
            Ok(0)
        }
        Verb::Coverage { id, format } => {
            let (_, law) = read(common, None)?;
            let rows = lawbook::coverage(&law, id.as_deref());
            if rows.is_empty() {
                return Err(Stop::usage(anyhow!(
                    "no instrument matches; `catchall law coverage` lists all"
                )));
            }
            out.write_all(written(&rows, format, coverage::coverage_text).as_bytes())?;
            Ok(0)
        }
    }
}

fn written(rows: &[Value], format: Format, text: fn(&Value) -> String) -> String {
    match format {
        Format::Json => serde_json::to_string_pretty(rows).unwrap_or_default() + "\n",
        Format::Text => rows.iter().map(text).collect(),
    }
}

fn read(common: &Common, folder: Option<PathBuf>) -> Result<(Loaded, Law), Stop> {
    let folder = folder.or_else(|| common.packs.clone());
    let loaded = load::load(folder.as_deref()).map_err(Stop::usage)?;
    match load::law(&loaded) {
        Ok(law) => Ok((loaded, law)),
        Err(problems) => {
            crate::talk::aside(format_args!(
                "{}",
                diagnostics::draw(&problems, &loaded.files, colour())
            ));
            Err(Stop::usage(anyhow!(
                "the packs of {} cannot be used: {}",
                loaded.from,
                diagnostics::count(&problems)
            )))
        }
    }
}

fn check(common: &Common, folder: Option<PathBuf>, only: Option<&str>) -> Result<u8, Stop> {
    let (loaded, law) = read(common, folder)?;
    if let Some(only) = only
        && !loaded.files.iter().any(|file| file.path.contains(only))
    {
        return Err(Stop::usage(anyhow!(
            "--only: no file of {} has `{only}` in its path",
            loaded.from
        )));
    }
    let report = law_check::check_only(&law, only, workers());
    crate::talk::aside(format_args!(
        "{}",
        diagnostics::draw(&report.diagnostics, &loaded.files, colour())
    ));
    let entries: usize = law.lists.iter().map(|list| list.entries.len()).sum();
    crate::talk::tell!(
        "{}: {} instruments, {} provisions, {entries} list entries: {}",
        loaded.from,
        law.instruments.len(),
        law.provisions.len(),
        diagnostics::count(&report.diagnostics)
    )?;
    if !common.quiet && !report.not_checked.is_empty() {
        crate::talk::tell!(
            "{} questions that no check could answer, for a person:",
            report.not_checked.len()
        )?;
        for row in &report.not_checked {
            crate::talk::tell!("  {}: {} ({})", row.at, row.what, row.why)?;
        }
    }
    Ok(if report.passes() {
        0
    } else {
        super::code::USAGE
    })
}

/// As many as the machine has cores.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn test(
    common: &Common,
    folder: Option<PathBuf>,
    no_mutation: bool,
    only: Option<&str>,
) -> Result<u8, Stop> {
    let (_, law) = read(common, folder)?;
    let tested = law_check::test(&law);
    crate::talk::tell!(
        "{} cases of {} provisions, {} samples of {} list entries: {} failed",
        tested.cases,
        tested.provisions,
        tested.samples,
        tested.entries,
        tested.failures.len()
    )?;
    for failure in &tested.failures {
        crate::talk::tell!("{failure}")?;
    }
    let mut survived = 0;
    if !no_mutation {
        let picked = |id: &str| only.is_none_or(|only| id.contains(only));
        let mutated = law_check::mutate(&law, Some(&picked), workers());
        survived = mutated.survivors.len();
        crate::talk::tell!(
            "{} mutants: {} killed, {} make no difference, {survived} survived, {} not decided",
            mutated.mutants,
            mutated.killed,
            mutated.equivalent,
            mutated.not_checked.len()
        )?;
        for survivor in &mutated.survivors {
            crate::talk::tell!("{survivor}")?;
        }
        if !common.quiet {
            for row in &mutated.not_checked {
                crate::talk::tell!("not decided: {}: {} ({})", row.at, row.what, row.why)?;
            }
        }
    }
    Ok(if tested.failures.is_empty() && survived == 0 {
        0
    } else {
        super::code::FAILURE
    })
}
