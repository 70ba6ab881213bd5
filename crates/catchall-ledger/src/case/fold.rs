//! Fold: entries to a case, one after the other. Reads and never refuses, but for entries that no case can hold.
//!
//! Whoever writes to the store past this program gains nothing: a second signature by a barred person, or an entry about
//! something that is not there, is listed as irregular and has no effect.

use serde_json::Value;

use crate::Entry;
use crate::folding::Folded;

use super::event::{CaseEvent, EventError, Opened};
use super::{
    Activity, Advice, Appeal, Assessed, Case, Closed, Condition, Decision, HitAnswer, Notice,
    Request, Sent, Stage, Stamp,
};

impl Folded for Case {
    type Event = CaseEvent;
    const STREAM: &'static str = "case/";

    fn read(kind: &str, body: &Value) -> Result<CaseEvent, EventError> {
        CaseEvent::read(kind, body)
    }

    fn begin(id: &str, first: &Entry, stamp: Stamp, event: CaseEvent) -> Option<Case> {
        match event {
            CaseEvent::Opened(opened) => Some(open(id, first, stamp, opened)),
            _ => None,
        }
    }

    fn apply(&mut self, stamp: &Stamp, event: CaseEvent) -> Result<String, String> {
        self.take(stamp, event)
    }

    fn irregular(&mut self, number: u64, why: String) {
        self.irregular.push((number, why));
    }

    fn note(&mut self, stamp: Stamp, kind: &str, says: String) {
        self.seen = stamp.number;
        self.activity.push(Activity {
            stamp,
            kind: kind.to_owned(),
            says,
        });
    }
}

fn open(id: &str, entry: &Entry, stamp: Stamp, opened: Opened) -> Case {
    let says = format!(
        "opened from transfer {}: {}",
        opened.transfer, opened.answer.outcome
    );
    Case {
        id: id.to_owned(),
        transfer: opened.transfer,
        title: opened.title,
        queue: opened.queue,
        team: opened.team,
        owner: None,
        only: Vec::new(),
        stage: Stage::Review,
        opened: stamp.clone(),
        target: opened.target,
        follows: opened.follows,
        subject: opened.subject,
        assessed: vec![Assessed {
            stamp: stamp.clone(),
            answer: opened.answer,
            because: Vec::new(),
            changes: None,
        }],
        requests: Vec::new(),
        advice: Vec::new(),
        conditions: Vec::new(),
        notices: Vec::new(),
        hit_answers: Default::default(),
        flags: Vec::new(),
        notes: Vec::new(),
        decisions: Vec::new(),
        appeals: Vec::new(),
        letters: Vec::new(),
        irregular: Vec::new(),
        seen: entry.number,
        activity: vec![Activity {
            stamp,
            kind: entry.kind.clone(),
            says,
        }],
    }
}

impl Case {
    /// Applies one event; says what it did, or why it has no effect.
    fn take(&mut self, stamp: &Stamp, event: CaseEvent) -> Result<String, String> {
        match event {
            CaseEvent::Opened(_) => Err("the case was open already".to_owned()),
            CaseEvent::Assigned {
                owner,
                team,
                queue,
                why,
            } => Ok(self.assign(owner, team, queue, &why)),
            CaseEvent::Reassessed {
                because,
                answer,
                changes,
            } => {
                let says = format!(
                    "assessed again ({}): {}",
                    because.join(", "),
                    changes.says()
                );
                self.assessed.push(Assessed {
                    stamp: stamp.clone(),
                    answer,
                    because,
                    changes: Some(changes),
                });
                Ok(says)
            }
            CaseEvent::HitAnswered {
                hit,
                print,
                verdict,
                reason,
            } => {
                let says = format!("match {hit}: {verdict:?}, {reason}").to_lowercase();
                let said = HitAnswer {
                    stamp: stamp.clone(),
                    print,
                    verdict,
                    reason,
                };
                self.hit_answers.insert(hit, said);
                Ok(says)
            }
            CaseEvent::Flagged { flag, transfers } => {
                let says = format!("flag: {flag} ({})", transfers.join(", "));
                self.flags.push((stamp.clone(), flag, transfers));
                Ok(says)
            }
            CaseEvent::Noted { text } => {
                let says = format!("note: {text}");
                self.notes.push((stamp.clone(), text));
                Ok(says)
            }
            CaseEvent::LetterSent { to, subject, text } => {
                let says = format!("letter to {to}: {subject}");
                self.letters.push(Sent {
                    stamp: stamp.clone(),
                    to,
                    subject,
                    text,
                });
                Ok(says)
            }
            CaseEvent::Reopened { why } => {
                self.stage = Stage::Review;
                Ok(format!("opened again: {why}"))
            }
            CaseEvent::Withdrawn { why } => {
                self.stage = Stage::Withdrawn;
                Ok(format!("withdrawn: {why}"))
            }
            CaseEvent::Restricted { teams, why } => {
                let says = match teams.as_slice() {
                    [] => format!("open to all teams again: {why}"),
                    _ => format!("closed to all but {}: {why}", teams.join(", ")),
                };
                self.only = teams;
                Ok(says)
            }
            other => self.apply_dialogue(stamp, other),
        }
    }

    fn assign(
        &mut self,
        owner: Option<String>,
        team: Option<String>,
        queue: Option<String>,
        why: &str,
    ) -> String {
        let mut parts = Vec::new();
        if let Some(owner) = owner {
            parts.push(format!("to {owner}"));
            self.owner = Some(owner);
        }
        if let Some(team) = team {
            parts.push(format!("to team {team}"));
            self.team = Some(team);
        }
        if let Some(queue) = queue {
            parts.push(format!("into queue {queue}"));
            self.queue = queue;
        }
        let why = if why.is_empty() {
            String::new()
        } else {
            format!(": {why}")
        };
        format!("handed {}{why}", parts.join(", "))
    }

    /// Requests, advice, conditions and notices.
    fn apply_dialogue(&mut self, stamp: &Stamp, event: CaseEvent) -> Result<String, String> {
        match event {
            CaseEvent::Asked {
                request,
                to,
                questions,
                pauses,
                due,
            } => {
                let asked: Vec<&str> = questions
                    .iter()
                    .map(|question| question.question.as_str())
                    .collect();
                let says = format!("request {request} to {to}: {}", asked.join(" "));
                self.requests.push(Request {
                    number: request,
                    stamp: stamp.clone(),
                    to,
                    questions,
                    pauses,
                    due,
                    closed: None,
                });
                Ok(says)
            }
            CaseEvent::Answered {
                request,
                by,
                answers,
            } => {
                let words: Vec<String> = answers.iter().map(super::flow::in_words).collect();
                let says = format!("answer to request {request} by {by}: {}", words.join("; "));
                let closed = Closed {
                    stamp: stamp.clone(),
                    by: Some(by),
                    answers,
                    why: String::new(),
                };
                self.close(request, closed).map(|()| says)
            }
            CaseEvent::RequestClosed { request, why } => {
                let says = format!("request {request} closed: {why}");
                let closed = Closed {
                    stamp: stamp.clone(),
                    by: None,
                    answers: Vec::new(),
                    why,
                };
                self.close(request, closed).map(|()| says)
            }
            CaseEvent::Advised {
                advice,
                view,
                text,
                supersedes,
                why,
            } => {
                let mut says = format!("advice {advice}: {view}");
                if let Some(old) = supersedes {
                    let own = self.advice.iter_mut().find(|each| {
                        each.number == old
                            && super::same_person(&each.stamp.by.name, &stamp.by.name)
                    });
                    let own =
                        own.ok_or_else(|| format!("advice {old} is not this person's own"))?;
                    own.superseded = Some((advice, why.clone()));
                    says = format!("{says}; advice {old} stands struck, not removed: {why}");
                }
                self.advice.push(Advice {
                    number: advice,
                    stamp: stamp.clone(),
                    view,
                    text,
                    superseded: None,
                });
                Ok(says)
            }
            CaseEvent::Notified {
                notice,
                to,
                team,
                text,
            } => {
                let says = format!("told {to}: {text}");
                self.notices.push(Notice {
                    number: notice,
                    stamp: stamp.clone(),
                    to,
                    team,
                    text,
                    acknowledged: None,
                });
                Ok(says)
            }
            CaseEvent::Acknowledged { notice } => {
                let found = self.notices.iter_mut().find(|each| each.number == notice);
                let found = found.ok_or_else(|| format!("there is no notice {notice}"))?;
                found.acknowledged = Some(stamp.clone());
                Ok(format!("notice {notice} acknowledged"))
            }
            other => self.apply_conditions(stamp, other),
        }
    }

    fn close(&mut self, request: u32, closed: Closed) -> Result<(), String> {
        let found = self
            .requests
            .iter_mut()
            .find(|each| each.number == request && each.closed.is_none());
        found
            .ok_or_else(|| format!("there is no open request {request}"))?
            .closed = Some(closed);
        Ok(())
    }

    fn apply_conditions(&mut self, stamp: &Stamp, event: CaseEvent) -> Result<String, String> {
        match event {
            CaseEvent::ConditionSet { condition, text } => {
                let says = format!("condition {condition}: {text}");
                self.conditions.push(Condition {
                    number: condition,
                    author: stamp.clone(),
                    text,
                    earlier: Vec::new(),
                    dropped: None,
                });
                Ok(says)
            }
            CaseEvent::ConditionChanged {
                condition,
                text,
                why,
            } => {
                let found = self.condition(condition)?;
                let says = format!("condition {condition} changed to `{text}`: {why}");
                let old = std::mem::replace(&mut found.text, text);
                found.earlier.push((old, stamp.clone(), why));
                Ok(says)
            }
            CaseEvent::ConditionDropped { condition, why } => {
                let says = format!("condition {condition} dropped: {why}");
                self.condition(condition)?.dropped = Some((stamp.clone(), why));
                Ok(says)
            }
            other => self.apply_decisions(stamp, other),
        }
    }

    fn condition(&mut self, number: u32) -> Result<&mut Condition, String> {
        let found = self
            .conditions
            .iter_mut()
            .find(|each| each.number == number && each.dropped.is_none());
        found.ok_or_else(|| format!("there is no condition {number}"))
    }

    fn apply_decisions(&mut self, stamp: &Stamp, event: CaseEvent) -> Result<String, String> {
        match event {
            CaseEvent::Decided {
                decision,
                view,
                reason,
                despite,
                conditions,
                two_persons,
                answer,
            } => {
                let on_appeal = self.stage == Stage::Appeal;
                let barred = on_appeal
                    && self
                        .appealed()
                        .is_some_and(|first| super::took_part(first, &stamp.by.name));
                if barred {
                    return Err(
                        "an appeal is not decided by somebody who took part in what it is against"
                            .to_owned(),
                    );
                }
                let word = if two_persons { "proposed" } else { "decided" };
                let says = format!("{word} {view}: {reason}");
                self.decisions.push(Decision {
                    number: decision,
                    stamp: stamp.clone(),
                    view,
                    reason,
                    despite,
                    conditions,
                    two_persons,
                    answer,
                    on_appeal,
                    signed: None,
                    returned: None,
                });
                self.stage = if two_persons {
                    Stage::Proposed
                } else {
                    Stage::Decided
                };
                Ok(says)
            }
            CaseEvent::Countersigned { decision } => {
                if let Some(bar) = self.bars_signing(&stamp.by.name) {
                    return Err(bar.to_owned());
                }
                self.waiting_decision(decision)?.signed = Some(stamp.clone());
                self.stage = Stage::Decided;
                Ok(format!("decision {decision} countersigned"))
            }
            CaseEvent::Returned { decision, why } => {
                let found = self.waiting_decision(decision)?;
                let back = if found.on_appeal {
                    Stage::Appeal
                } else {
                    Stage::Review
                };
                found.returned = Some((stamp.clone(), why.clone()));
                self.stage = back;
                Ok(format!("decision {decision} returned: {why}"))
            }
            CaseEvent::Appealed {
                decision,
                by,
                grounds,
                on,
            } => {
                if self.stage != Stage::Decided {
                    return Err("nothing is decided that could be appealed against".to_owned());
                }
                self.stage = Stage::Appeal;
                let says = format!("appeal by {by} of {on}: {grounds}");
                self.appeals.push(Appeal {
                    stamp: stamp.clone(),
                    decision,
                    by,
                    grounds,
                    on,
                });
                Ok(says)
            }
            _ => Err("this release does not know what it does".to_owned()),
        }
    }

    fn waiting_decision(&mut self, number: u32) -> Result<&mut Decision, String> {
        let waits = self.stage == Stage::Proposed;
        let last = self
            .decisions
            .last_mut()
            .filter(|each| waits && each.number == number);
        last.ok_or_else(|| format!("decision {number} does not wait for a second person"))
    }
}
