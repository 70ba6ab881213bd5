//! The command line: one file a verb. Data on standard output, talk on standard error.

mod account;
pub(crate) mod assess;
mod case;
mod classify;
mod commitments;
mod config;
mod determine;
mod evidence;
mod explain;
pub(crate) mod law;
mod ledger;
mod licence;
mod lists;
mod moved;
mod office;
pub(crate) mod output;
mod packaging;
mod parties;
mod publishing;
mod read;
mod rescreen;
mod review;
mod screen;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::answers::{AnswerFile, AnswerStore};

/// May this transfer go ahead, on this date, to these parties, for this use, and why?
#[derive(Debug, Parser)]
#[command(name = "catchall", version, about, long_about = None, arg_required_else_help = true, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// Flags of every verb.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Folder of packs; otherwise `packs/` here, otherwise the packs built into the program.
    #[arg(long, global = true, value_name = "DIR", env = "CATCHALL_PACKS")]
    packs: Option<PathBuf>,
    /// Folder of stored lists; otherwise `lists/` here when it holds some, otherwise the user's data folder.
    #[arg(long, global = true, value_name = "DIR", env = "CATCHALL_LISTS")]
    lists: Option<PathBuf>,
    /// Say less on standard error.
    #[arg(long, short, global = true, env = "CATCHALL_QUIET")]
    quiet: bool,
    /// Refuse to answer when a stored list is older than this many days.
    #[arg(
        long,
        global = true,
        value_name = "DAYS",
        env = "CATCHALL_MAX_LIST_AGE"
    )]
    max_list_age: Option<u32>,
    /// File of what people have said of hits (`catchall screen --dismiss`, `--confirm`); it is only ever added to.
    #[arg(long, global = true, value_name = "FILE", env = "CATCHALL_ANSWERS")]
    answers: Option<PathBuf>,
}

impl Common {
    /// The stored lists, checked for age, and what people have said of hits.
    fn imported(&self) -> anyhow::Result<catchall_assess::Imported> {
        let oldest = self.max_list_age.map(|days| {
            catchall_model::Day::from_number(crate::load::today().number() - i64::from(days))
        });
        let mut imported = crate::load::imported(self.lists.as_deref(), oldest)?;
        let (answers, problems) = self.answers()?;
        imported.answers = answers;
        imported.problems.extend(problems);
        Ok(imported)
    }

    /// What people have said of hits, as it stands today, and what of it cannot be read.
    fn answers(&self) -> anyhow::Result<(catchall_screen::Answers, Vec<String>)> {
        let Some(path) = &self.answers else {
            return Ok(Default::default());
        };
        let (all, problems) = AnswerFile::at(path).all()?;
        let answers = catchall_screen::Answers::of(all, crate::load::today());
        Ok((answers, problems))
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Assess transfers from CSV, JSON Lines, JSON or Excel files.
    Assess(assess::Args),
    /// Find the control list entries that an item may fall under, each with its tests.
    Classify(classify::Args),
    /// How undertakings stand on a day: what was declared, what was done, with both sides' words.
    Commitments(commitments::Args),
    /// Determine, person by person and transfer by transfer, what laws on suppliers say of reported transfers.
    Determine(determine::Args),
    /// Print the tree of reasons for one determination.
    Explain(explain::Args),
    /// Check, test, show and compare the law in the packs.
    Law(law::Args),
    /// Read reports: who said what of whom, when, through which outlet.
    Read(read::Args),
    /// Gather what reports hold on a party, a technology, an undertaking or a transfer.
    Evidence(Box<evidence::Args>),
    /// Screen parties against the lists held.
    Screen(screen::Args),
    /// Say what a change of the lists means for parties screened before: hits that appeared, changed or vanished.
    Rescreen(rescreen::Args),
    /// Import publishers' lists of parties, show them, and say what changed.
    Lists(lists::Args),
    /// Verify, replay, export, back up and show what was recorded.
    Ledger(ledger::Args),
    /// Open, work on and decide cases; ask, answer, appeal, assess again, print sealed.
    Case(Box<case::Args>),
    /// Issue licences, draw them down, reconcile them with customs, and show what is left.
    Licence(Box<licence::Args>),
    /// Make, list and close accounts and service tokens of the server.
    Account(account::Args),
    /// Serve the desk and the HTTP API.
    Serve(serve::Args),
    /// Print completions for a shell.
    Completions(packaging::Completions),
    /// Print the manual page.
    Man(packaging::Man),
}

/// Exit codes beside those of an outcome.
mod code {
    /// Usage.
    pub const USAGE: u8 = 2;
    /// Failure of the program.
    pub const FAILURE: u8 = 1;
    /// Some rows were rejected, and nothing worse.
    pub const REJECTED: u8 = 3;
    /// Hits that a person must look at.
    pub const HITS: u8 = 11;
    /// A list that was asked for cannot be used.
    pub const NOT_SCREENED: u8 = 14;
}

/// Why a verb stops, with the exit code it brings.
#[derive(Debug)]
pub(crate) struct Stop {
    code: u8,
    why: anyhow::Error,
}

impl Stop {
    pub(crate) fn usage(why: impl Into<anyhow::Error>) -> Stop {
        Stop {
            code: code::USAGE,
            why: why.into(),
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(why: E) -> Stop {
        Stop {
            code: code::FAILURE,
            why: why.into(),
        }
    }
}

/// Runs the program on the arguments of the process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = config::read().map_err(Stop::usage).and_then(|config| {
        let common = config.common(cli.common);
        match cli.verb {
            Verb::Assess(args) => config
                .assess(args)
                .map_err(Stop::usage)
                .and_then(|args| assess::run(&common, args)),
            Verb::Classify(args) => classify::run(&common, &args),
            Verb::Commitments(args) => commitments::run(&common, &args),
            Verb::Determine(args) => determine::run(&common, &args),
            Verb::Explain(args) => explain::run(&common, &args),
            Verb::Law(args) => law::run(&common, args),
            Verb::Read(args) => read::run(&common, &args),
            Verb::Evidence(args) => evidence::run(&common, &args),
            Verb::Screen(args) => screen::run(&common, &args),
            Verb::Rescreen(args) => rescreen::run(&common, &args),
            Verb::Ledger(args) => config
                .ledger(args)
                .map_err(Stop::usage)
                .and_then(|args| ledger::run(&common, &args)),
            Verb::Lists(args) => lists::run(&common, &args),
            Verb::Case(args) => case::run(&common, &args),
            Verb::Licence(args) => licence::run(&common, &args),
            Verb::Account(args) => account::run(&args),
            Verb::Serve(args) => serve::run(&common, args),
            Verb::Completions(args) => packaging::completions(&args),
            Verb::Man(args) => packaging::man(&args),
        }
    });
    match done {
        Ok(code) => ExitCode::from(code),
        Err(stop) => {
            // A reader that has seen enough, as `head` does, is no failure.
            let broken = stop.why.chain().any(|cause| {
                cause
                    .downcast_ref::<std::io::Error>()
                    .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
            });
            if broken {
                return ExitCode::SUCCESS;
            }
            crate::talk::say!("catchall: {:#}", stop.why);
            ExitCode::from(stop.code)
        }
    }
}
