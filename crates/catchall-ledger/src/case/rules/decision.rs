//! Decisions: prepared, countersigned by another, said to the applicant.

use catchall_model::Outcome;

use super::{in_stage, known_word, next_number, said};
use crate::case::command::{Command, Office, Refused};
use crate::case::event::{CaseEvent, HitVerdict};
use crate::case::{Case, PERMISSIVE, Stage, VIEWS, took_part};

impl Office<'_> {
    pub(super) fn decision(
        &self,
        case: &Case,
        command: Command,
    ) -> Result<Vec<CaseEvent>, Refused> {
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
