//! `catchall case`: open cases, ask, answer, advise, decide, countersign, appeal; show them, and print them sealed.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use catchall_ledger::Ask;
use catchall_ledger::case::command::Command;
use catchall_ledger::case::event::{HitVerdict, Said};
use catchall_ledger::case::{Case, FoldError, Summary, answer::Question, letter};
use catchall_ledger::licence::splitting;
use catchall_ledger::policy::{ACTS, Place};
use serde::Serialize;
use serde_json::{Value, json};

use super::assess::{Format, Input, input};
use super::office::{Desk, Flags, Machine};
use super::{Common, Stop, code};
use crate::batch;
use crate::casework::{self, Trouble, typed};
use crate::{board, bundle, given, load, orders};

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
            check,
        } => {
            if *check {
                code = check_bundle(&desk, case)?;
                String::new()
            } else {
                sealed(&desk, case, output.as_deref())?
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

/// The verbs that are one command.
fn command<'a>(desk: &Desk, verb: &'a Verb) -> Result<(&'a str, Command), Stop> {
    let own = |text: &str| text.to_owned();
    Ok(match verb {
        Verb::Take { case } => (case, Command::Take),
        Verb::Assign {
            case,
            to,
            team,
            queue,
            why,
        } => (
            case,
            Command::Assign {
                owner: to.clone(),
                team: team.clone(),
                queue: queue.clone(),
                why: own(why),
            },
        ),
        Verb::Ask {
            case,
            facts,
            question,
            to,
            keep_running,
        } => (
            case,
            ask(
                desk,
                case,
                facts,
                question.as_deref(),
                to.as_deref(),
                !keep_running,
            )?,
        ),
        Verb::CloseRequest { case, request, why } => (
            case,
            Command::CloseRequest {
                request: *request,
                why: own(why),
            },
        ),
        Verb::Advise {
            case,
            view,
            text,
            why,
        } => (
            case,
            Command::Advise {
                view: own(view),
                text: own(text),
                why: own(why),
            },
        ),
        Verb::Condition {
            case,
            number,
            text,
            why,
        } => (
            case,
            match (number, text) {
                (None, text) => Command::SetCondition {
                    text: text.clone().unwrap_or_default(),
                },
                (Some(condition), Some(text)) => Command::ChangeCondition {
                    condition: *condition,
                    text: own(text),
                    why: own(why),
                },
                (Some(condition), None) => Command::DropCondition {
                    condition: *condition,
                    why: own(why),
                },
            },
        ),
        Verb::Acknowledge { case, notice } => (case, Command::Acknowledge { notice: *notice }),
        Verb::Hit {
            case,
            hit,
            verdict,
            reason,
        } => {
            let verdict = match verdict {
                VerdictWord::Confirmed => HitVerdict::Confirmed,
                VerdictWord::Dismissed => HitVerdict::Dismissed,
                VerdictWord::NeedsInformation => HitVerdict::NeedsInformation,
            };
            (
                case,
                Command::AnswerHit {
                    hit: own(hit),
                    verdict,
                    reason: own(reason),
                },
            )
        }
        Verb::Decide {
            case,
            view,
            reason,
            despite,
        } => (
            case,
            Command::Decide {
                view: own(view),
                reason: own(reason),
                despite: despite.clone(),
            },
        ),
        Verb::Countersign { case } => (case, Command::Countersign),
        Verb::Return { case, why } => (case, Command::Return { why: own(why) }),
        Verb::Appeal { case, by, grounds } => (
            case,
            Command::Appeal {
                by: own(by),
                grounds: own(grounds),
                on: None,
            },
        ),
        Verb::Reopen { case, why } => (case, Command::Reopen { why: own(why) }),
        Verb::Withdraw { case, why } => (case, Command::Withdraw { why: own(why) }),
        Verb::Restrict { case, teams, why } => (
            case,
            Command::Restrict {
                teams: teams.clone(),
                why: own(why),
            },
        ),
        Verb::Note { case, text } => (case, Command::Note { text: own(text) }),
        _ => return Err(Stop::usage(anyhow!("this verb is no single step"))),
    })
}

fn ask(
    desk: &Desk,
    case: &str,
    facts: &[String],
    question: Option<&str>,
    to: Option<&str>,
    pauses: bool,
) -> Result<Command, Stop> {
    let case = seen(desk, case)?;
    let mut questions: Vec<Question> = Vec::new();
    let open = case.answer().map_or(&[][..], |answer| &answer.questions);
    for fact in facts {
        let found = open.iter().find(|question| question.fact == *fact).cloned();
        let known: Vec<&str> = open.iter().map(|question| question.fact.as_str()).collect();
        let unknown = || {
            Stop::usage(anyhow!(
                "`{fact}` is not among what can still change the answer; that is {}",
                if known.is_empty() {
                    "nothing".to_owned()
                } else {
                    known.join(", ")
                }
            ))
        };
        questions.push(found.ok_or_else(unknown)?);
    }
    questions.extend(question.map(|question| Question {
        question: question.to_owned(),
        ask: to.unwrap_or_default().to_owned(),
        ..Question::default()
    }));
    Ok(Command::Ask {
        to: to.map(str::to_owned),
        questions,
        pauses,
    })
}

/// `FACT=VALUE`, `FACT@2=VALUE`, `FACT=`.
fn said(text: &str, words: &str, evidence: &str) -> anyhow::Result<Said> {
    let (fact, value) = text.split_once('=').ok_or_else(|| anyhow!("`{text}` is no answer; write `item.range=320 km`, or `item.range=` where it stays not known"))?;
    let (fact, line) =
        match fact.split_once('@') {
            None => (fact, None),
            Some((fact, line)) => (
                fact,
                Some(line.trim().parse().map_err(|_| {
                    anyhow!("`{line}` is no number of a line; write `{fact}@2=...`")
                })?),
            ),
        };
    Ok(Said {
        fact: fact.trim().to_owned(),
        line,
        value: typed(value),
        words: words.to_owned(),
        evidence: evidence.to_owned(),
    })
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

fn open(
    common: &Common,
    desk: &Desk,
    file: &std::path::Path,
    ids: &[String],
    format: Option<Input>,
    follows: Option<&str>,
) -> Result<(String, u8), Stop> {
    desk.may("case.open", Place::of_team(desk.actor.team.as_deref()))?;
    let mut machine = Machine::new(common)?;
    let (mut reader, decoder) = batch::open(
        file,
        input(format),
        batch::Limits::default(),
        Arc::clone(&machine.places),
    )
    .map_err(Stop::usage)?;
    let mut opened: Vec<Summary> = Vec::new();
    let mut rejected = false;
    while let Some(raw) = reader.next_raw() {
        let decoded = raw
            .map_err(|reject| vec![reject])
            .and_then(|raw| decoder.decode(&raw));
        let transfer = match decoded {
            Ok(transfer) => transfer,
            Err(rejects) => {
                let ours = ids.is_empty()
                    || rejects
                        .iter()
                        .any(|reject| reject.id.as_ref().is_some_and(|id| ids.contains(id)));
                for reject in rejects.iter().filter(|_| ours) {
                    rejected = true;
                    eprintln!("rejected: {}", super::assess::reject_line(reject));
                }
                continue;
            }
        };
        if !ids.is_empty() && !ids.contains(&transfer.id) {
            continue;
        }
        let mut transfer = given::to_json(&transfer);
        match machine.assess(desk, &mut transfer) {
            Ok(document) => {
                let id = desk
                    .work()
                    .open(&transfer, &document, follows.map(str::to_owned))
                    .map_err(stop)?;
                let case = desk.work().case(&id).map_err(stop)?;
                opened.push(case.summary(load::today(), &desk.calendar));
            }
            Err(why) => {
                rejected = true;
                eprintln!("rejected: {}: {why}", transfer["id"]);
            }
        }
    }
    if opened.is_empty() && !rejected {
        return Err(Stop::usage(anyhow!(
            "`{}` holds no such transfer",
            file.display()
        )));
    }
    let text = desk.rows(&opened, COLUMNS, "no case was opened")?;
    Ok((text, if rejected { code::REJECTED } else { 0 }))
}

const COLUMNS: &[(&str, usize)] = &[
    ("id", 12),
    ("transfer", 14),
    ("status", 9),
    ("outcome", 21),
    ("used", 4),
    ("target", 6),
    ("queue", 10),
    ("team", 10),
    ("owner", 14),
    ("why", 34),
    ("title", 40),
];

struct Wanted<'a> {
    queue: &'a Option<String>,
    team: &'a Option<String>,
    owner: &'a Option<String>,
    status: &'a Option<String>,
    all: bool,
}

fn list(desk: &Desk, wanted: &Wanted<'_>) -> Result<String, Stop> {
    const WORDS: [&str; 6] = [
        "review",
        "waiting",
        "proposed",
        "appeal",
        "decided",
        "withdrawn",
    ];
    if let Some(word) = wanted
        .status
        .as_deref()
        .filter(|word| !WORDS.contains(word))
    {
        return Err(Stop::usage(anyhow!(
            "--status: `{word}` is none; write one of {}",
            WORDS.join(", ")
        )));
    }
    let board = board::Board::default();
    let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
    let fits = |asked: &Option<String>, own: Option<&str>| {
        asked.as_deref().is_none_or(|asked| own == Some(asked))
    };
    let mut refused = None;
    let mut found: Vec<&Summary> = Vec::new();
    for line in lines.all.iter() {
        let own = &line.summary;
        let kept = fits(wanted.queue, Some(&own.queue))
            && fits(wanted.team, own.team.as_deref())
            && fits(wanted.owner, own.owner.as_deref());
        let status = wanted
            .status
            .as_deref()
            .map_or(wanted.all || own.status.is_open(), |word| {
                own.status.word() == word
            });
        if !kept || !status {
            continue;
        }
        let place = Place {
            team: own.team.as_deref(),
            only: &line.only,
        };
        match desk.may("case.read", place) {
            Ok(()) => found.push(own),
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        // Whoever may read none of them is told so; whoever may read some sees those.
        Some(why) if found.is_empty() => Err(why),
        _ => desk.rows(
            &found,
            COLUMNS,
            "no case waits here; `catchall case open FILE` opens one",
        ),
    }
}

fn show(desk: &Desk, case: &Case) -> Result<String, Stop> {
    #[derive(Serialize)]
    struct Shown<'a> {
        #[serde(flatten)]
        case: &'a Case,
        status: &'static str,
        clock: catchall_ledger::case::clock::Reading,
        to_ask: Vec<&'a Question>,
        open_hits: Vec<&'a catchall_ledger::case::answer::HitSeen>,
    }
    let shown = Shown {
        case,
        status: case.status().word(),
        clock: case.clock(load::today(), &desk.calendar),
        to_ask: case.to_ask(),
        open_hits: case.open_hits().collect(),
    };
    desk.one(&shown, || bundle::text(case, &shown.clock))
}

fn reassess(common: &Common, desk: &Desk, cases: &[String]) -> Result<String, Stop> {
    let mut machine = Machine::new(common)?;
    let ids: Vec<String> = if cases.is_empty() {
        let board = board::Board::default();
        let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
        lines
            .all
            .iter()
            .filter(|line| line.summary.status.is_open())
            .map(|line| line.summary.id.clone())
            .collect()
    } else {
        cases.to_vec()
    };
    #[derive(Serialize)]
    struct Again {
        id: String,
        outcome: String,
        changed: String,
    }
    let work = desk.work();
    let mut rows = Vec::new();
    for id in ids {
        let case = work.case(&id).map_err(stop)?;
        let standing = work.standing(&case).map_err(stop)?;
        let mut transfer = standing.transfer.clone();
        let document = machine
            .assess(desk, &mut transfer)
            .map_err(|why| Stop::usage(anyhow!("{id}: {why}")))?;
        let new: Value = serde_json::from_str(&document)?;
        let changes = catchall_ledger::case::compare::compare(&standing.document, &new);
        let outcome = new["outcome"].as_str().unwrap_or_default().to_owned();
        let changed = changes.says();
        // The same answer on the same basis is nothing to record.
        if new["id"] != standing.document["id"] {
            let because = if changes.basis.is_empty() {
                vec!["asked again".to_owned()]
            } else {
                changes.basis.clone()
            };
            work.reassess(&id, because, &mut |again| {
                again.clone_from(&transfer);
                Ok(document.clone())
            })
            .map_err(stop)?;
        }
        rows.push(Again {
            id,
            outcome,
            changed,
        });
    }
    desk.rows(
        &rows,
        &[("id", 12), ("outcome", 21), ("changed", 60)],
        "no case is open",
    )
}

fn write_letter(
    desk: &Desk,
    id: &str,
    request: Option<u32>,
    to: &str,
    html: bool,
    sent: bool,
) -> Result<String, Stop> {
    let case = seen(desk, id)?;
    let letter = match request {
        Some(number) => {
            let found = case
                .requests
                .iter()
                .find(|request| request.number == number);
            letter::asking(
                &case,
                found.ok_or_else(|| Stop::usage(anyhow!("case {id} has no request {number}")))?,
            )
        }
        None => {
            let decision = case.decision().ok_or_else(|| Stop::usage(anyhow!("case {id} is not decided, so that there is no decision to tell; `--request N` writes the letter of a request")))?;
            letter::deciding(&case, decision, to)
                .ok_or_else(|| anyhow!("the decision does not stand"))?
        }
    };
    if sent {
        let command = Command::SendLetter {
            to: letter.to.clone(),
            subject: letter.subject.clone(),
            text: letter.text(),
        };
        desk.work()
            .act(id, Some(case.seen), command)
            .map_err(stop)?;
    }
    Ok(if html { letter.html() } else { letter.text() })
}

fn sealed(desk: &Desk, id: &str, output: Option<&std::path::Path>) -> Result<String, Stop> {
    let case = seen(desk, id)?;
    desk.may("case.bundle", case.place())?;
    let standing = desk.work().standing(&case).map_err(stop)?;
    let head = desk.ledger.head()?;
    let entries = board::whole(&desk.ledger, &Case::stream(id))?;
    let page = bundle::page(&bundle::Bundle {
        case: &case,
        clock: &case.clock(load::today(), &desk.calendar),
        transfer: &standing.transfer,
        document: &standing.document,
        determined: (standing.number, &standing.hash),
        entries: &entries,
        head,
        made: desk.at,
        by: &desk.actor.name,
    });
    let Some(path) = output else {
        return Ok(page);
    };
    std::fs::write(path, &page).with_context(|| format!("cannot write `{}`", path.display()))?;
    eprintln!("catchall: {id} sealed into {}", path.display());
    Ok(String::new())
}

fn check_bundle(desk: &Desk, file: &str) -> Result<u8, Stop> {
    let bytes = std::fs::read(file)
        .with_context(|| format!("cannot read `{file}`"))
        .map_err(Stop::usage)?;
    let told = bundle::check(&bytes).map_err(Stop::usage)?;
    let mut wrong = 0;
    for (number, hash) in &told {
        let entry = desk.ledger.entry(*number)?;
        if entry
            .as_ref()
            .map(|entry| entry.hash.to_string())
            .as_deref()
            != Some(hash)
        {
            wrong += 1;
            eprintln!("catchall: entry {number} is not the one that the bundle names");
        }
    }
    if wrong > 0 {
        return Err(Stop::from(anyhow!(
            "{wrong} of {} entries differ: this ledger is another, or one of the two was changed",
            told.len()
        )));
    }
    eprintln!(
        "catchall: the seal is whole, and all {} entries stand in the ledger as the bundle names them",
        told.len()
    );
    Ok(0)
}

fn split_orders(desk: &Desk, flag: bool) -> Result<(String, bool), Stop> {
    desk.may(
        "determination.read",
        Place::of_team(desk.actor.team.as_deref()),
    )?;
    let limits = load::limits(&desk.state).map_err(Stop::usage)?;
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = desk.ledger.entries(
            &Ask::all()
                .kind(casework::DETERMINED)
                .after(after)
                .limit(Ask::MOST),
        )?;
        let Some(last) = page.last() else { break };
        after = last.number;
        all.extend(
            page.iter()
                .filter_map(|entry| entry.body.value()?.get("transfer").cloned()),
        );
    }
    let found = splitting::splits(&orders::of(&all), &limits);
    if flag {
        raise(desk, &found)?;
    }
    let text = desk.rows(
        &found,
        &[
            ("limit", 26),
            ("end_user", 24),
            ("from", 10),
            ("to", 10),
            ("total", 18),
            ("transfers", 60),
        ],
        "no orders together pass a limit",
    )?;
    Ok((text, !found.is_empty()))
}

/// Raises each flag in the open cases that it is about, once.
fn raise(desk: &Desk, found: &[splitting::Split]) -> Result<(), Stop> {
    let board = board::Board::default();
    let lines = board.lines(&desk.ledger, &desk.calendar, load::today())?;
    for split in found {
        for line in lines.all.iter().filter(|line| {
            line.summary.status.is_open() && split.transfers.contains(&line.summary.transfer)
        }) {
            let case = desk.work().case(&line.summary.id).map_err(stop)?;
            if case.flags.iter().any(|(_, flag, _)| *flag == split.flag) {
                continue;
            }
            let command = Command::Flag {
                flag: split.flag.clone(),
                transfers: split.transfers.clone(),
            };
            desk.work().act(&case.id, None, command).map_err(stop)?;
        }
    }
    Ok(())
}

fn acts(desk: &Desk) -> Result<String, Stop> {
    let rows: Vec<Value> = ACTS
        .iter()
        .map(|row| {
            let roles: Vec<&str> = desk
                .policy
                .roles()
                .iter()
                .filter(|role| {
                    catchall_ledger::policy::Act::find(row.word)
                        .is_some_and(|act| role.reach(act).is_some())
                })
                .map(|role| role.id.as_str())
                .collect();
            json!({ "act": row.word, "about": row.about, "changes": row.changes, "roles": roles })
        })
        .collect();
    if desk.format == Format::Table {
        return desk.rows(&rows, &[("act", 20), ("about", 44), ("roles", 60)], "");
    }
    desk.rows(
        &rows,
        &[("act", 20), ("about", 44), ("changes", 7), ("roles", 60)],
        "",
    )
}
