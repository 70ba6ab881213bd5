//! What a verb asks of the engine: the command of each, with its words read.

use anyhow::anyhow;
use catchall_ledger::case::answer::Question;
use catchall_ledger::case::command::Command;
use catchall_ledger::case::event::{HitVerdict, Said};

use super::{Verb, VerdictWord, seen};
use crate::casework::typed;
use crate::cli::Stop;
use crate::cli::office::Desk;

/// The verbs that are one command.
pub(super) fn command<'a>(desk: &Desk, verb: &'a Verb) -> Result<(&'a str, Command), Stop> {
    let own = |text: &str| text.to_owned();
    Ok(match verb {
        Verb::Take { case } => (case, Command::Take {}),
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
        Verb::Countersign { case } => (case, Command::Countersign {}),
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
pub(super) fn said(text: &str, words: &str, evidence: &str) -> anyhow::Result<Said> {
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
