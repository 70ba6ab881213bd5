//! Rules: what a command does to a case, and why it may not.
//!
//! The rules that hold whatever the policy says, one function each. Everything here is checked against the case as it was
//! read; the caller appends behind what it saw. To add a rule: a variant of [`Refused`], a check here, a line in
//! `tests/cases.rs` that breaks it.

mod answers;
mod condition;
mod decision;

use catchall_model::Day;

use self::answers::{answer, answer_hit, open_request};
use super::answer::Question;
use super::command::{Command, Office, Opening, Refused, act_of};
use super::event::{CaseEvent, Opened};
use super::{Case, Stage, Status, VIEWS, same_person};
use crate::Draft;
use crate::nearest::suggestion;
use crate::policy::{Act, NotAllowed, Place};

impl Office<'_> {
    fn today(&self) -> Day {
        Day::from_number(self.at.as_millisecond().div_euclid(86_400_000))
    }

    fn may(&self, act: &str, place: Place<'_>) -> Result<(), Refused> {
        match Act::find(act) {
            Some(act) => Ok(self.policy.may(self.actor, act, place)?),
            // A word that is no act gives no right.
            None => Err(NotAllowed::Act {
                name: self.actor.name.clone(),
                roles: self.actor.roles.join(", "),
                about: "do that",
                who: "nobody".to_owned(),
            }
            .into()),
        }
    }

    /// Opens a case. Append after 0: a stream that is taken belongs to another case.
    ///
    /// # Errors
    /// When the actor may not, or something is left out.
    pub fn open(&self, opening: Opening) -> Result<Vec<Draft>, Refused> {
        let team = opening.team.or_else(|| self.actor.team.clone());
        self.may("case.open", Place::of_team(team.as_deref()))?;
        said("the case's id", &opening.id, "give one, as `C-2026-0001`")?;
        let event = CaseEvent::Opened(Opened {
            transfer: opening.transfer,
            title: opening.title,
            answer: opening.answer,
            queue: opening.queue.unwrap_or_else(|| "new".to_owned()),
            team,
            target: opening.target.unwrap_or(self.policy.target),
            follows: opening.follows,
            subject: opening.subject.clone(),
        });
        self.drafts(&opening.id, opening.subject.as_deref(), vec![event])
    }

    /// What a command does to a case, as drafts for its stream.
    ///
    /// # Errors
    /// Why it cannot be done, and what could be.
    pub fn case(&self, case: &Case, command: Command) -> Result<Vec<Draft>, Refused> {
        self.may(act_of(&command), case.place())?;
        let events = self.events(case, command)?;
        self.drafts(&case.id, case.subject.as_deref(), events)
    }

    fn drafts(
        &self,
        id: &str,
        subject: Option<&str>,
        events: Vec<CaseEvent>,
    ) -> Result<Vec<Draft>, Refused> {
        let mut drafts = Vec::with_capacity(events.len());
        for event in events {
            let (kind, body) = event.write()?;
            let mut draft = Draft::new(Case::stream(id), kind, self.actor.clone(), self.at, body);
            draft.subject = subject.map(str::to_owned);
            drafts.push(draft);
        }
        Ok(drafts)
    }

    fn events(&self, case: &Case, command: Command) -> Result<Vec<CaseEvent>, Refused> {
        match command {
            Command::Take {} => self.take(case),
            Command::Assign {
                owner,
                team,
                queue,
                why,
            } => {
                if owner.is_none() && team.is_none() && queue.is_none() {
                    return Err(Refused::LeftOut {
                        what: "to whom",
                        cure: "name a person, a team or a queue",
                    });
                }
                Ok(vec![CaseEvent::Assigned {
                    owner,
                    team,
                    queue,
                    why,
                }])
            }
            Command::Ask {
                to,
                questions,
                pauses,
            } => self.ask(case, to, questions, pauses),
            Command::Answer {
                request,
                by,
                answers,
            } => answer(case, request, by, answers),
            Command::CloseRequest { request, why } => {
                open_request(case, request)?;
                said(
                    "the reason",
                    &why,
                    "say why the request is closed without an answer",
                )?;
                Ok(vec![CaseEvent::RequestClosed { request, why }])
            }
            Command::Reassess {
                because,
                answer,
                changes,
            } => {
                let answer = answer.ok_or(Refused::LeftOut {
                    what: "the new answer",
                    cure: "assess the transfer again",
                })?;
                Ok(vec![CaseEvent::Reassessed {
                    because,
                    answer: *answer,
                    changes: *changes,
                }])
            }
            Command::Advise { view, text, why } => self.advise(case, view, text, why),
            Command::SetCondition { .. }
            | Command::ChangeCondition { .. }
            | Command::DropCondition { .. }
            | Command::Acknowledge { .. } => self.condition(case, command),
            Command::AnswerHit {
                hit,
                verdict,
                reason,
            } => answer_hit(case, &hit, verdict, reason),
            Command::Flag { flag, transfers } => Ok(vec![CaseEvent::Flagged { flag, transfers }]),
            Command::Note { text } => {
                said("the note", &text, "write something")?;
                Ok(vec![CaseEvent::Noted { text }])
            }
            Command::SendLetter { to, subject, text } => {
                said("the letter", &text, "write something")?;
                Ok(vec![CaseEvent::LetterSent { to, subject, text }])
            }
            Command::Restrict { teams, why } => {
                said("the reason", &why, "say why")?;
                Ok(vec![CaseEvent::Restricted { teams, why }])
            }
            other => self.decision(case, other),
        }
    }

    fn take(&self, case: &Case) -> Result<Vec<CaseEvent>, Refused> {
        if let Some(owner) = &case.owner {
            return Err(Refused::Owned {
                case: case.id.clone(),
                owner: owner.clone(),
            });
        }
        Ok(vec![CaseEvent::Assigned {
            owner: Some(self.actor.name.clone()),
            team: None,
            queue: None,
            why: "taken".to_owned(),
        }])
    }

    fn ask(
        &self,
        case: &Case,
        to: Option<String>,
        questions: Vec<Question>,
        pauses: bool,
    ) -> Result<Vec<CaseEvent>, Refused> {
        in_work(case, "ask")?;
        let questions = if questions.is_empty() {
            case.to_ask().into_iter().cloned().collect()
        } else {
            questions
        };
        let mut by_addressee: Vec<(String, Vec<Question>)> = Vec::new();
        for question in questions {
            said(
                "a question",
                &question.question,
                "write the question in plain words",
            )?;
            let whom = to.clone().unwrap_or_else(|| question.ask.clone());
            said("whom to ask", &whom, "name the addressee")?;
            match by_addressee.iter_mut().find(|(each, _)| *each == whom) {
                Some((_, asked)) => asked.push(question),
                None => by_addressee.push((whom, vec![question])),
            }
        }
        if by_addressee.is_empty() {
            return Err(Refused::NothingToAsk);
        }
        let due = self
            .calendar
            .after(self.today(), self.policy.request_lapses);
        let first = next_number(case.requests.iter().map(|request| request.number));
        let asked = (first..).zip(by_addressee);
        Ok(asked
            .map(|(request, (to, questions))| CaseEvent::Asked {
                request,
                to,
                questions,
                pauses,
                due: Some(due),
            })
            .collect())
    }

    fn advise(
        &self,
        case: &Case,
        view: String,
        text: String,
        why: String,
    ) -> Result<Vec<CaseEvent>, Refused> {
        in_work(case, "advise")?;
        known_word("view", &view, VIEWS.iter().copied().chain(["no_view"]))?;
        said("the advice", &text, "say in words what you advise, and why")?;
        let own = case
            .standing_advice()
            .find(|advice| same_person(&advice.stamp.by.name, &self.actor.name));
        if own.is_some() {
            said(
                "why your earlier advice no longer stands",
                &why,
                "it stays, struck; say what changed your mind",
            )?;
        }
        Ok(vec![CaseEvent::Advised {
            advice: next_number(case.advice.iter().map(|advice| advice.number)),
            view,
            text,
            supersedes: own.map(|own| own.number),
            why,
        }])
    }
}

fn in_work(case: &Case, doing: &'static str) -> Result<(), Refused> {
    in_stage(
        case,
        &[Stage::Review, Stage::Appeal],
        doing,
        "return the decision that waits, or open the case again",
    )
}

fn in_stage(
    case: &Case,
    stages: &[Stage],
    doing: &'static str,
    cure: &'static str,
) -> Result<(), Refused> {
    if stages.contains(&case.stage) {
        return Ok(());
    }
    Err(Refused::Stage {
        case: case.id.clone(),
        stage: Status::word(case.status()),
        doing,
        cure,
    })
}

fn no_such(
    case: &Case,
    what: &'static str,
    found: u32,
    known: impl Iterator<Item = u32>,
) -> Refused {
    let known: Vec<String> = known.map(|number| number.to_string()).collect();
    Refused::NoSuch {
        what,
        found: found.to_string(),
        case: case.id.clone(),
        known: if known.is_empty() {
            "there is none".to_owned()
        } else {
            format!("there is {}", known.join(", "))
        },
    }
}

fn known_word(
    what: &'static str,
    word: &str,
    words: impl IntoIterator<Item = &'static str>,
) -> Result<(), Refused> {
    let words: Vec<&str> = words.into_iter().collect();
    if words.contains(&word) {
        return Ok(());
    }
    Err(Refused::Word {
        what,
        found: word.to_owned(),
        near: suggestion(word, words.iter().copied()),
        words: words.join(", "),
    })
}

fn said(what: &'static str, text: &str, cure: &'static str) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Err(Refused::LeftOut { what, cure });
    }
    Ok(())
}

/// Numbers count on from the greatest, so that none is used twice.
fn next_number(numbers: impl Iterator<Item = u32>) -> u32 {
    numbers.max().unwrap_or(0) + 1
}
