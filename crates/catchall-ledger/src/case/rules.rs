//! Rules: what a command does to a case, and why it may not.
//!
//! The rules that hold whatever the policy says, one function each. Everything here is checked against the case as it was
//! read; the caller appends behind what it saw. To add a rule: a variant of [`Refused`], a check here, a line in
//! `tests/cases.rs` that breaks it.

use catchall_model::{Day, Outcome};

use super::answer::Question;
use super::command::{Command, Office, Opening, Refused, act_of};
use super::event::{CaseEvent, HitVerdict, Opened, Said};
use super::{Case, PERMISSIVE, Stage, Status, VIEWS, same_person, took_part};
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

    fn condition(&self, case: &Case, command: Command) -> Result<Vec<CaseEvent>, Refused> {
        let find = |number: u32| {
            let found = case
                .standing_conditions()
                .find(|each| each.number == number);
            found.ok_or_else(|| {
                no_such(
                    case,
                    "condition",
                    number,
                    case.standing_conditions().map(|each| each.number),
                )
            })
        };
        match command {
            Command::SetCondition { text } => {
                in_work(case, "set a condition")?;
                said("the condition", &text, "write it in words")?;
                let condition = next_number(case.conditions.iter().map(|each| each.number));
                Ok(vec![CaseEvent::ConditionSet { condition, text }])
            }
            Command::ChangeCondition {
                condition,
                text,
                why,
            } => {
                in_work(case, "change a condition")?;
                said("the condition", &text, "write its new words")?;
                said("the reason", &why, "its author is told why")?;
                let notice = self.notice(
                    case,
                    find(condition)?,
                    &format!("condition {condition} is changed to `{text}`: {why}"),
                );
                Ok(notice
                    .into_iter()
                    .chain([CaseEvent::ConditionChanged {
                        condition,
                        text,
                        why,
                    }])
                    .collect())
            }
            Command::DropCondition { condition, why } => {
                in_work(case, "drop a condition")?;
                said("the reason", &why, "its author is told why")?;
                let notice = self.notice(
                    case,
                    find(condition)?,
                    &format!("condition {condition} is dropped: {why}"),
                );
                Ok(notice
                    .into_iter()
                    .chain([CaseEvent::ConditionDropped { condition, why }])
                    .collect())
            }
            Command::Acknowledge { notice } => {
                let open = case.open_notices().find(|each| each.number == notice);
                let open = open.ok_or_else(|| {
                    no_such(
                        case,
                        "open notice",
                        notice,
                        case.open_notices().map(|each| each.number),
                    )
                })?;
                let own_team = open.team.is_some() && open.team == self.actor.team;
                if !same_person(&open.to, &self.actor.name) && !own_team {
                    return Err(Refused::OthersNotice {
                        notice,
                        to: open.to.clone(),
                    });
                }
                Ok(vec![CaseEvent::Acknowledged { notice }])
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The notice to a condition's author; none when the author acts.
    fn notice(&self, case: &Case, condition: &super::Condition, text: &str) -> Option<CaseEvent> {
        let author = &condition.author.by;
        (!same_person(&author.name, &self.actor.name)).then(|| CaseEvent::Notified {
            notice: next_number(case.notices.iter().map(|notice| notice.number)),
            to: author.name.clone(),
            team: author.team.clone(),
            text: text.to_owned(),
        })
    }

    fn decision(&self, case: &Case, command: Command) -> Result<Vec<CaseEvent>, Refused> {
        match command {
            Command::Decide {
                view,
                reason,
                despite,
            } => self.decide(case, view, reason, despite),
            Command::Countersign {} => self.countersign(case),
            Command::Return { why } => {
                let decision = self.proposed(case, "return a decision")?;
                said("the reason", &why, "say what must be looked at again")?;
                Ok(vec![CaseEvent::Returned { decision, why }])
            }
            Command::Appeal { by, grounds, on } => {
                in_stage(
                    case,
                    &[Stage::Decided],
                    "appeal",
                    "an appeal is against a decision",
                )?;
                said("who appeals", &by, "name the person or firm")?;
                said(
                    "the grounds",
                    &grounds,
                    "say what is appealed against, and why",
                )?;
                let decision = case.decisions.last().map_or(0, |decision| decision.number);
                let on = on.unwrap_or_else(|| self.today());
                Ok(vec![CaseEvent::Appealed {
                    decision,
                    by,
                    grounds,
                    on,
                }])
            }
            Command::Reopen { why } => {
                in_stage(
                    case,
                    &[Stage::Decided, Stage::Withdrawn],
                    "open it again",
                    "it is open",
                )?;
                said("the reason", &why, "say what is new")?;
                Ok(vec![CaseEvent::Reopened { why }])
            }
            Command::Withdraw { why } => {
                let stages = [Stage::Review, Stage::Proposed, Stage::Appeal];
                in_stage(
                    case,
                    &stages,
                    "withdraw it",
                    "what is decided is opened again or appealed against",
                )?;
                said("the reason", &why, "say why")?;
                Ok(vec![CaseEvent::Withdrawn { why }])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn decide(
        &self,
        case: &Case,
        view: String,
        reason: String,
        despite: Option<String>,
    ) -> Result<Vec<CaseEvent>, Refused> {
        in_stage(
            case,
            &[Stage::Review, Stage::Appeal],
            "decide",
            "countersign or return what is proposed, or open the case again",
        )?;
        known_word("decision", &view, VIEWS)?;
        said("the reason", &reason, "a decision gives its reason")?;
        let despite = despite.filter(|despite| !despite.trim().is_empty());
        if let Some(open) = case
            .requests
            .iter()
            .find(|request| request.closed.is_none())
        {
            return Err(Refused::OpenRequest {
                request: open.number,
                to: open.to.clone(),
            });
        }
        unread_notice(case)?;
        let barred = case.stage == Stage::Appeal
            && case
                .appealed()
                .is_some_and(|first| took_part(first, &self.actor.name));
        if barred {
            return Err(Refused::TwoPersons {
                why: "you took part in the decision that is appealed against, so you cannot decide on the appeal",
            });
        }
        if PERMISSIVE.contains(&view.as_str()) {
            permissive(case, &view, despite.is_some())?;
        }
        let standing: Vec<u32> = case
            .standing_conditions()
            .map(|condition| condition.number)
            .collect();
        let conditions = match (view.as_str(), standing.len()) {
            ("approve_with_conditions", 0) => return Err(Refused::NoCondition),
            ("approve_with_conditions", _) => standing,
            ("approve", count @ 1..) => return Err(Refused::Conditions { count }),
            _ => Vec::new(),
        };
        Ok(vec![CaseEvent::Decided {
            decision: next_number(case.decisions.iter().map(|decision| decision.number)),
            two_persons: self.policy.needs_second(&view),
            view,
            reason,
            despite,
            conditions,
            answer: case
                .answer()
                .map(|answer| answer.id.clone())
                .unwrap_or_default(),
        }])
    }

    fn countersign(&self, case: &Case) -> Result<Vec<CaseEvent>, Refused> {
        let decision = self.proposed(case, "countersign")?;
        if let Some(why) = case.bars_signing(&self.actor.name) {
            return Err(Refused::TwoPersons { why });
        }
        unread_notice(case)?;
        let rests_on = case
            .decisions
            .last()
            .map(|decision| decision.answer.as_str());
        let then = case
            .assessed
            .iter()
            .find(|each| Some(each.answer.id.as_str()) == rests_on);
        let (then, now) = (
            then.map(|each| each.answer.outcome),
            case.answer().map(|answer| answer.outcome),
        );
        if then != now {
            let word = |outcome: Option<Outcome>| outcome.map_or("none", Outcome::word).to_owned();
            return Err(Refused::AnswerMoved {
                then: word(then),
                now: word(now),
            });
        }
        Ok(vec![CaseEvent::Countersigned { decision }])
    }

    fn proposed(&self, case: &Case, doing: &'static str) -> Result<u32, Refused> {
        in_stage(
            case,
            &[Stage::Proposed],
            doing,
            "no decision waits for a second person",
        )?;
        Ok(case.decisions.last().map_or(0, |decision| decision.number))
    }
}

/// A decision that lets a transfer go is milder than the answer, unless the answer lets it go too.
fn permissive(case: &Case, view: &str, despite: bool) -> Result<(), Refused> {
    let mut open = case.open_hits();
    if let Some(first) = open.next() {
        return Err(Refused::OpenHits {
            count: 1 + open.count(),
            first: first.key.clone(),
        });
    }
    if despite {
        return Ok(());
    }
    let Some(answer) = case.answer() else {
        return Ok(());
    };
    let confirmed = answer.hits.iter().find(|hit| {
        case.said_of(hit)
            .is_some_and(|said| said.verdict == HitVerdict::Confirmed)
    });
    if let Some(hit) = confirmed {
        return Err(Refused::ConfirmedHit {
            hit: hit.key.clone(),
        });
    }
    let free = matches!(
        answer.outcome,
        Outcome::NoLicenceRequired | Outcome::CoveredByLicence
    );
    // An approval is what an answer of `licence_required` or `notify` asks for; `no_licence_required` denies it.
    let asked_for = view != "no_licence_required"
        && matches!(answer.outcome, Outcome::LicenceRequired | Outcome::Notify);
    if free || asked_for {
        return Ok(());
    }
    Err(Refused::Departs {
        outcome: answer.outcome,
        view: view.to_owned(),
    })
}

fn answer(
    case: &Case,
    request: u32,
    by: String,
    answers: Vec<Said>,
) -> Result<Vec<CaseEvent>, Refused> {
    open_request(case, request)?;
    said("who answered", &by, "name the person or firm")?;
    let empty = |each: &Said| each.value.is_null() && each.words.trim().is_empty();
    if answers.is_empty() || answers.iter().any(empty) {
        return Err(Refused::LeftOut {
            what: "an answer",
            cure: "give a value, or say in words why it stays not known",
        });
    }
    Ok(vec![CaseEvent::Answered {
        request,
        by,
        answers,
    }])
}

fn open_request(case: &Case, request: u32) -> Result<(), Refused> {
    let mut open = case.requests.iter().filter(|each| each.closed.is_none());
    if open.clone().any(|each| each.number == request) {
        return Ok(());
    }
    Err(no_such(
        case,
        "open request",
        request,
        open.by_ref().map(|each| each.number),
    ))
}

fn answer_hit(
    case: &Case,
    hit: &str,
    verdict: HitVerdict,
    reason: String,
) -> Result<Vec<CaseEvent>, Refused> {
    said(
        "the reason",
        &reason,
        "say what speaks for it or against it",
    )?;
    let hits = case.answer().map_or(&[][..], |answer| &answer.hits);
    let exact = hits.iter().find(|each| each.key == hit);
    let mut part = hits
        .iter()
        .filter(|each| !hit.trim().is_empty() && each.key.contains(hit));
    let found = exact.or_else(|| part.next().filter(|_| part.next().is_none()));
    let Some(found) = found else {
        let keys: Vec<&str> = hits.iter().map(|each| each.key.as_str()).collect();
        return Err(Refused::NoSuch {
            what: "match",
            found: hit.to_owned(),
            case: case.id.clone(),
            known: if keys.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", keys.join(", "))
            },
        });
    };
    Ok(vec![CaseEvent::HitAnswered {
        hit: found.key.clone(),
        print: found.print.clone(),
        verdict,
        reason,
    }])
}

fn unread_notice(case: &Case) -> Result<(), Refused> {
    match case.open_notices().next() {
        None => Ok(()),
        Some(notice) => Err(Refused::UnreadNotice {
            notice: notice.number,
            to: notice.to.clone(),
            text: notice.text.clone(),
        }),
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
