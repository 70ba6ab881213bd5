//! `catchall case`: open cases, ask, answer, advise, decide, countersign, appeal; show them, and print them sealed.

mod command;
mod open;
mod papers;
mod show;
mod splitting;

use std::io::Write;
use std::path::PathBuf;

use catchall_ledger::case::event::Said;
use catchall_ledger::case::{Case, FoldError};

use super::assess::Input;
use super::office::{Desk, Flags, Machine};
use super::{Common, Stop, code};
use crate::bundle::Form;
use crate::casework::Trouble;
use crate::load;
use command::{command, said};
use open::{open, reassess};
use papers::{check_bundle, sealed, write_letter};
use show::{Wanted, acts, list, show};
use splitting::split_orders;

/// What to do with cases.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Assess a transfer, record the determination, and open a case on it.
    Open {
        /// A file of transfers (CSV, JSON Lines, JSON, XLSX), or `-`.
        file: PathBuf,
        /// Which transfers, by id; every one of the file otherwise.
        #[arg(long = "id", value_name = "TRANSFER")]
        ids: Vec<String>,
        /// How the input is written, where name and content do not tell.
        #[arg(long, value_enum, value_name = "FORMAT")]
        input: Option<Input>,
        /// The case that this one follows.
        #[arg(long, value_name = "CASE")]
        follows: Option<String>,
    },
    /// List cases, the most urgent first.
    List {
        /// Only those of this queue.
        #[arg(long)]
        queue: Option<String>,
        /// Only those of this team.
        #[arg(long)]
        team: Option<String>,
        /// Only those of this person.
        #[arg(long)]
        owner: Option<String>,
        /// Only those that stand so: review, waiting, proposed, appeal, decided, withdrawn.
        #[arg(long)]
        status: Option<String>,
        /// Closed ones too.
        #[arg(long)]
        all: bool,
    },
    /// Show a case.
    Show {
        /// The case.
        case: String,
    },
    /// Take a case that nobody has.
    Take {
        /// The case.
        case: String,
    },
    /// Hand a case on.
    Assign {
        /// The case.
        case: String,
        /// To whom.
        #[arg(long)]
        to: Option<String>,
        /// To which team.
        #[arg(long)]
        team: Option<String>,
        /// Into which queue.
        #[arg(long)]
        queue: Option<String>,
        /// Why.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Ask for what is missing: one request for each addressee; or a question of your own.
    Ask {
        /// The case.
        case: String,
        /// Only these facts.
        #[arg(long = "fact", value_name = "KEY")]
        facts: Vec<String>,
        /// A question of your own; needs `--to`.
        #[arg(long, requires = "to")]
        question: Option<String>,
        /// Whom to ask, instead of whom the question names.
        #[arg(long, value_name = "WHOM")]
        to: Option<String>,
        /// The clock goes on meanwhile.
        #[arg(long)]
        keep_running: bool,
    },
    /// Record an answer, put it into the transfer, and assess that again.
    Answer {
        /// The case.
        case: String,
        /// Which request.
        #[arg(long)]
        request: u32,
        /// Who answered.
        #[arg(long)]
        by: String,
        /// `FACT=VALUE`; `FACT@2=VALUE` for line 2; `FACT=` stays not known. Lists by `;`.
        #[arg(id = "said", value_name = "FACT=VALUE")]
        answers: Vec<String>,
        /// The answer in words; why something stays not known.
        #[arg(long, default_value = "")]
        words: String,
        /// What shows it.
        #[arg(long, default_value = "")]
        evidence: String,
    },
    /// Close a request without an answer.
    CloseRequest {
        /// The case.
        case: String,
        /// Which request.
        #[arg(long)]
        request: u32,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Advise; takes the place of your own earlier advice, which stays, struck.
    Advise {
        /// The case.
        case: String,
        /// no_licence_required, approve, approve_with_conditions, refuse, prohibited, return_without_action, no_view.
        #[arg(long)]
        view: String,
        /// Your advice, in words.
        text: String,
        /// Why your earlier advice no longer stands.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Set, change or drop a condition; its author is told.
    Condition {
        /// The case.
        case: String,
        /// Change or drop this one; otherwise one is set.
        #[arg(long, value_name = "N")]
        number: Option<u32>,
        /// Its words; a numbered one without words is dropped.
        text: Option<String>,
        /// Why it is changed or dropped.
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Acknowledge a notice.
    Acknowledge {
        /// The case.
        case: String,
        /// Which.
        notice: u32,
    },
    /// Confirm or dismiss a possible match, with a reason.
    Hit {
        /// The case.
        case: String,
        /// The match, or the part of its key that tells it apart.
        hit: String,
        /// What you say of it.
        #[arg(long, value_enum)]
        verdict: VerdictWord,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Decide, or propose where a second person must sign.
    Decide {
        /// The case.
        case: String,
        /// no_licence_required, approve, approve_with_conditions, refuse, prohibited, return_without_action.
        #[arg(long)]
        view: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Why it is milder than what was determined, where it is.
        #[arg(long)]
        despite: Option<String>,
    },
    /// Sign a decision that somebody else took.
    Countersign {
        /// The case.
        case: String,
    },
    /// Send a decision back.
    Return {
        /// The case.
        case: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Record an appeal.
    Appeal {
        /// The case.
        case: String,
        /// Who appeals.
        #[arg(long)]
        by: String,
        /// On what grounds.
        #[arg(long)]
        grounds: String,
    },
    /// Open a case again.
    Reopen {
        /// The case.
        case: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Withdraw a case.
    Withdraw {
        /// The case.
        case: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Close a case to all but its own team and these.
    Restrict {
        /// The case.
        case: String,
        /// The teams; none opens it again.
        teams: Vec<String>,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Assess cases again by the law and the lists of now, and say what changed.
    Reassess {
        /// The cases; every open one otherwise.
        cases: Vec<String>,
    },
    /// Write a note.
    Note {
        /// The case.
        case: String,
        /// In words.
        text: String,
    },
    /// Write a letter from the case's own facts: to ask, or to tell the decision.
    Letter {
        /// The case.
        case: String,
        /// The letter of this request; otherwise of the decision.
        #[arg(long)]
        request: Option<u32>,
        /// To whom the decision goes.
        #[arg(long, default_value = "the applicant")]
        to: String,
        /// As a page of HTML.
        #[arg(long)]
        html: bool,
        /// Record that it went out.
        #[arg(long)]
        sent: bool,
    },
    /// Print a case sealed: facts, reasons, activity, hashes, and how to check it.
    Bundle {
        /// The case; with `--check`, the file of a bundle.
        case: String,
        /// Into this file; to standard output otherwise.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// As a PDF, which takes the page for browsers along; a file that ends in `.pdf` is one too.
        #[arg(long)]
        pdf: bool,
        /// Check a bundle: its seal, and its entries against the ledger.
        #[arg(long)]
        check: bool,
    },
    /// Small orders to one end user that together pass a limit, over everything recorded.
    Splitting {
        /// Raise the flag in the open cases that it is about.
        #[arg(long)]
        flag: bool,
    },
    /// What can be allowed, and which roles may do it.
    Acts,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum VerdictWord {
    /// They are one.
    Confirmed,
    /// They are not.
    Dismissed,
    /// It cannot be said yet.
    NeedsInformation,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let desk = args.flags.open()?;
    let mut code = 0;
    let text = match &args.verb {
        Verb::Open {
            file,
            ids,
            input,
            follows,
        } => {
            let (text, rejected) = open(common, &desk, file, ids, *input, follows.as_deref())?;
            code = rejected;
            text
        }
        Verb::List {
            queue,
            team,
            owner,
            status,
            all,
        } => list(
            &desk,
            &Wanted {
                queue,
                team,
                owner,
                status,
                all: *all,
            },
        )?,
        Verb::Show { case } => show(&desk, &seen(&desk, case)?)?,
        Verb::Answer {
            case,
            request,
            by,
            answers,
            words,
            evidence,
        } => {
            let said = answers
                .iter()
                .map(|text| said(text, words, evidence))
                .collect::<Result<Vec<_>, _>>()
                .map_err(Stop::usage)?;
            let said = if said.is_empty() && !words.is_empty() {
                vec![Said {
                    words: words.clone(),
                    evidence: evidence.clone(),
                    ..Said::default()
                }]
            } else {
                said
            };
            let mut machine = Machine::new(common)?;
            let work = desk.work();
            work.answer(case, None, *request, by, said, &mut |transfer| {
                machine.assess(&desk, transfer)
            })
            .map_err(stop)?;
            told(&desk, case)?
        }
        Verb::Reassess { cases } => reassess(common, &desk, cases)?,
        Verb::Letter {
            case,
            request,
            to,
            html,
            sent,
        } => write_letter(&desk, case, *request, to, *html, *sent)?,
        Verb::Bundle {
            case,
            output,
            pdf,
            check,
        } => {
            let named = output.as_ref().and_then(|path| path.extension());
            let form = if *pdf || named.is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
                Form::Pdf
            } else {
                Form::Html
            };
            if *check {
                code = check_bundle(&desk, case)?;
                String::new()
            } else {
                sealed(&desk, case, output.as_deref(), form)?
            }
        }
        Verb::Splitting { flag } => {
            let (text, found) = split_orders(&desk, *flag)?;
            code = if found { code::HITS } else { 0 };
            text
        }
        Verb::Acts => acts(&desk)?,
        other => {
            let (case, command) = command(&desk, other)?;
            desk.work().act(case, None, command).map_err(stop)?;
            told(&desk, case)?
        }
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(code)
}

/// A refusal by a rule is the caller's to mend; anything else is a failure.
fn stop(trouble: Trouble) -> Stop {
    match trouble {
        Trouble::NoCase(_) | Trouble::Refused(_) | Trouble::Flow(_) | Trouble::Unassessed(_) => {
            Stop::usage(trouble)
        }
        Trouble::Fold(FoldError::Erased { .. }) => Stop::usage(trouble),
        other => other.into(),
    }
}

/// A case that the actor may read.
fn seen(desk: &Desk, id: &str) -> Result<Case, Stop> {
    let case = desk.work().case(id).map_err(stop)?;
    desk.may("case.read", case.place())?;
    Ok(case)
}

/// What stands now, after a step: its last line, and why it is on a desk.
fn told(desk: &Desk, id: &str) -> Result<String, Stop> {
    let case = desk.work().case(id).map_err(stop)?;
    let summary = case.summary(load::today(), &desk.calendar);
    desk.one(&summary, || {
        let last = case.activity.last().map_or("", |line| line.says.as_str());
        format!(
            "{}: {last}\n{} is in {}: {}\n",
            case.id,
            case.id,
            case.status().word(),
            case.why_here()
        )
    })
}
