//! Case: all of what happened over one transfer, folded from its entries.
//!
//! [`Case::of`] reads entries and never decides; [`command::Office`] checks the rules and gives drafts that the
//! caller appends with `append_after(stream, case.seen)`. So two people who act at once never both win, and nothing is
//! ever edited: advice is superseded, a condition changed, a decision returned, each by an entry of its own.
//!
//! ```text
//!            ask                 decide                 countersign
//!  review  <------> waiting ;  review ------> proposed ------------> decided
//!     ^      answer               ^              |                     |  |
//!     |                           +--- return ---+       appeal        |  |
//!     |                                        appeal <----------------+  |
//!     +------------------------------- reopen ----------------------------+
//! ```
//!
//! `appeal` is a second review: it waits, proposes and decides as the first does, but by somebody else. A case is
//! withdrawn from any stage but `decided`, and can be opened again. Waiting is not a stage of its own: a case waits while
//! a request that stops the clock is open, wherever it stands.

pub mod answer;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod compare;
pub mod event;
pub mod flow;
mod fold;
pub mod letter;
mod parts;
mod rules;

use std::collections::BTreeMap;

use catchall_model::Day;
use serde::Serialize;

use crate::Entry;
use crate::policy::Place;
use crate::written::folded;

use answer::{Answer, HitSeen, Question};
use calendar::Calendar;
use clock::{Pause, Reading};
use event::HitVerdict;
pub use parts::{
    Activity, Advice, Appeal, Assessed, Closed, Condition, Decision, HitAnswer, Notice, Request,
    Sent, Stage, Stamp, Status,
};

/// What a person may decide or advise; advice knows `no_view` beside.
pub const VIEWS: [&str; 6] = [
    "no_licence_required",
    "approve",
    "approve_with_conditions",
    "refuse",
    "prohibited",
    "return_without_action",
];

/// Views that let a transfer go ahead.
pub const PERMISSIVE: [&str; 3] = ["no_licence_required", "approve", "approve_with_conditions"];

/// All of it for one transfer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// `C-2026-0047`.
    pub id: String,
    /// The transfer's id.
    pub transfer: String,
    /// What it is about, in a line.
    pub title: String,
    /// The queue it waits in.
    pub queue: String,
    /// Whose it is.
    pub team: Option<String>,
    /// Who works on it.
    pub owner: Option<String>,
    /// When not empty, only these teams beside its own see it.
    pub only: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// When it was opened, and by whom.
    pub opened: Stamp,
    /// Working days that it should take.
    pub target: u32,
    /// The case that it follows.
    pub follows: Option<String>,
    /// Whose personal data its entries are sealed for.
    pub subject: Option<String>,
    /// What the machine said, the newest last; never empty.
    pub assessed: Vec<Assessed>,
    /// Requests for information.
    pub requests: Vec<Request>,
    /// Advice, superseded advice with it.
    pub advice: Vec<Advice>,
    /// Conditions, dropped ones with them.
    pub conditions: Vec<Condition>,
    /// Notices.
    pub notices: Vec<Notice>,
    /// What was said of possible matches, by their keys.
    pub hit_answers: BTreeMap<String, HitAnswer>,
    /// Patterns noticed, with the transfers that make them up.
    pub flags: Vec<(Stamp, String, Vec<String>)>,
    /// Notes.
    pub notes: Vec<(Stamp, String)>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Appeals.
    pub appeals: Vec<Appeal>,
    /// Letters.
    pub letters: Vec<Sent>,
    /// Everything, in order.
    pub activity: Vec<Activity>,
    /// Entries that break a rule which no program of ours lets through; they have no effect.
    pub irregular: Vec<(u64, String)>,
    /// Number of the last entry.
    pub seen: u64,
}

/// Why entries do not make a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// An entry that this release cannot read.
    #[error("entry {number} cannot be read: {why}; a later release may have written it")]
    Unreadable {
        /// Its number.
        number: u64,
        /// Why.
        why: String,
    },
    /// The first entry does not open a case.
    #[error("entry {number} is `{kind}`, but a case begins with `case.opened`")]
    NotOpened {
        /// Its number.
        number: u64,
        /// Its kind.
        kind: String,
    },
    /// What opened it was erased.
    #[error(
        "case {id} was erased: entry {number} and the personal data in it were shredded by order of law"
    )]
    Erased {
        /// The case.
        id: String,
        /// The number of the entry that opened it.
        number: u64,
    },
}

impl Case {
    /// The stream of a case.
    pub fn stream(id: &str) -> String {
        format!("case/{id}")
    }

    /// Folds the entries of one stream, in order; none for no entries.
    ///
    /// # Errors
    /// When the first entry opens no case, or one cannot be read.
    pub fn of(entries: &[Entry]) -> Result<Option<Case>, FoldError> {
        crate::folding::fold(entries)
    }

    /// What the machine says now.
    pub fn answer(&self) -> Option<&Answer> {
        self.assessed.last().map(|last| &last.answer)
    }

    /// Where it stands, as people say it.
    pub fn status(&self) -> Status {
        match self.stage {
            Stage::Review | Stage::Appeal if self.waits() => Status::Waiting,
            Stage::Review => Status::Review,
            Stage::Appeal => Status::Appeal,
            Stage::Proposed => Status::Proposed,
            Stage::Decided => Status::Decided,
            Stage::Withdrawn => Status::Withdrawn,
        }
    }

    fn waits(&self) -> bool {
        self.requests
            .iter()
            .any(|request| request.pauses && request.closed.is_none())
    }

    /// Its place for the policy.
    pub fn place(&self) -> Place<'_> {
        Place {
            team: self.team.as_deref(),
            only: &self.only,
        }
    }

    /// Its clock on a day.
    pub fn clock(&self, on: Day, calendar: &Calendar) -> Reading {
        let pauses: Vec<Pause> = self
            .requests
            .iter()
            .filter(|request| request.pauses)
            .map(|request| Pause {
                request: request.number,
                from: request.stamp.day(),
                to: request.closed.as_ref().map(|closed| closed.stamp.day()),
            })
            .collect();
        let closed = (!self.status().is_open())
            .then(|| self.activity_end())
            .flatten();
        clock::read(
            self.opened.day(),
            closed,
            &pauses,
            self.target,
            on,
            calendar,
        )
    }

    /// The day on which it was last decided or withdrawn.
    fn activity_end(&self) -> Option<Day> {
        let ends = ["case.countersigned", "case.decided", "case.withdrawn"];
        let mut back = self.activity.iter().rev();
        back.find(|line| ends.contains(&line.kind.as_str()))
            .map(|line| line.stamp.day())
    }

    /// Advice that stands.
    pub fn standing_advice(&self) -> impl Iterator<Item = &Advice> {
        self.advice
            .iter()
            .filter(|advice| advice.superseded.is_none())
    }

    /// Conditions that stand.
    pub fn standing_conditions(&self) -> impl Iterator<Item = &Condition> {
        self.conditions
            .iter()
            .filter(|condition| condition.dropped.is_none())
    }

    /// Notices that nobody has acknowledged.
    pub fn open_notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices
            .iter()
            .filter(|notice| notice.acknowledged.is_none())
    }

    /// The decision that stands: signed where it must be, and not returned; on withdrawal none.
    pub fn decision(&self) -> Option<&Decision> {
        let decided = matches!(self.stage, Stage::Decided);
        self.decisions
            .last()
            .filter(|decision| decided && decision.stands())
    }

    /// What a person said of a match, as long as its listing is the one that was looked at.
    pub fn said_of(&self, hit: &HitSeen) -> Option<&HitAnswer> {
        self.hit_answers
            .get(&hit.key)
            .filter(|said| said.print == hit.print)
    }

    /// Matches that nobody has confirmed or dismissed.
    pub fn open_hits(&self) -> impl Iterator<Item = &HitSeen> {
        let hits = self.answer().map_or(&[][..], |answer| &answer.hits);
        hits.iter().filter(|hit| {
            self.said_of(hit)
                .is_none_or(|said| said.verdict == HitVerdict::NeedsInformation)
        })
    }

    /// The facts to ask about: what is missing, less what an open request asks for already and what somebody has said
    /// cannot be found out.
    pub fn to_ask(&self) -> Vec<&Question> {
        let asked = |fact: &str| {
            self.requests.iter().any(|request| {
                let about = request
                    .questions
                    .iter()
                    .any(|question| question.fact == fact);
                match &request.closed {
                    None => about,
                    Some(closed) => closed
                        .answers
                        .iter()
                        .any(|said| said.fact == fact && said.value.is_null()),
                }
            })
        };
        let questions = self.answer().map_or(&[][..], |answer| &answer.questions);
        questions
            .iter()
            .filter(|question| !asked(&question.fact))
            .collect()
    }

    /// Whether the machine's answer is another than the one that the standing decision rests on.
    pub fn moved_since_decision(&self) -> bool {
        let Some(decision) = self.decision() else {
            return false;
        };
        let then = self
            .assessed
            .iter()
            .find(|each| each.answer.id == decision.answer);
        match (then, self.answer()) {
            (Some(then), Some(now)) => then.answer.outcome != now.outcome,
            _ => true,
        }
    }

    /// Why this person may not sign the decision that waits, apart from rights; none when nothing stands against it.
    pub fn bars_signing(&self, name: &str) -> Option<&'static str> {
        let decision = self.decisions.last()?;
        if same_person(&decision.stamp.by.name, name) {
            return Some("you took this decision, so you cannot countersign it");
        }
        let advised = self
            .advice
            .iter()
            .any(|advice| same_person(&advice.stamp.by.name, name));
        if advised {
            return Some("you advised in this case, so you cannot countersign it");
        }
        let first = self.appealed();
        let took_part = first.is_some_and(|first| took_part(first, name));
        (decision.on_appeal && took_part).then_some(
            "you took part in the decision that is appealed against, so you cannot sign the next",
        )
    }

    /// The decision that the newest appeal is against.
    pub fn appealed(&self) -> Option<&Decision> {
        let number = self.appeals.last()?.decision;
        self.decisions
            .iter()
            .find(|decision| decision.number == number)
    }

    /// A line of a board.
    pub fn summary(&self, on: Day, calendar: &Calendar) -> Summary {
        let clock = self.clock(on, calendar);
        let answer = self.answer();
        Summary {
            id: self.id.clone(),
            transfer: self.transfer.clone(),
            title: self.title.clone(),
            status: self.status(),
            outcome: answer
                .map_or("not_screened", |answer| answer.outcome.word())
                .to_owned(),
            decision: self.decision().map(|decision| decision.view.clone()),
            queue: self.queue.clone(),
            team: self.team.clone(),
            owner: self.owner.clone(),
            used: clock.used,
            target: clock.target,
            paused: clock.paused,
            late: clock.late,
            why: self.why_here(),
            missing: answer.map_or(0, |answer| answer.questions.len()),
            open_hits: self.open_hits().count(),
            opened: self.opened.day(),
            seen: self.seen,
        }
    }

    /// Why it is on a desk: the next thing that a person must do.
    pub fn why_here(&self) -> String {
        let hits = self.open_hits().count();
        let questions = self.to_ask().len();
        match self.status() {
            Status::Decided if self.moved_since_decision() => {
                "the answer changed after the decision".to_owned()
            }
            Status::Decided => "nothing to do".to_owned(),
            Status::Withdrawn => "withdrawn".to_owned(),
            Status::Proposed => "waits for a second person".to_owned(),
            Status::Waiting => {
                let open = self
                    .requests
                    .iter()
                    .filter(|request| request.closed.is_none());
                let whom: Vec<&str> = open.map(|request| request.to.as_str()).collect();
                format!("waits for {}", whom.join(", "))
            }
            _ if self.open_notices().next().is_some() => {
                "a notice waits to be acknowledged".to_owned()
            }
            _ if hits > 0 => counted(hits, "possible match to judge", "possible matches to judge"),
            _ if questions > 0 => counted(questions, "fact to ask about", "facts to ask about"),
            _ if self.standing_advice().next().is_none() => "no advice yet".to_owned(),
            _ => "ready to be decided".to_owned(),
        }
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A line of a board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The case.
    pub id: String,
    /// The transfer.
    pub transfer: String,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// What the machine says.
    pub outcome: String,
    /// What a person decided, where that stands.
    pub decision: Option<String>,
    /// The queue.
    pub queue: String,
    /// The team.
    pub team: Option<String>,
    /// The owner.
    pub owner: Option<String>,
    /// Working days used.
    pub used: u32,
    /// Working days that it should take.
    pub target: u32,
    /// Whether the clock stands still.
    pub paused: bool,
    /// Whether it is late.
    pub late: bool,
    /// Why it is on a desk.
    pub why: String,
    /// How many facts can still change the answer.
    pub missing: usize,
    /// How many matches wait for an answer.
    pub open_hits: usize,
    /// When it was opened.
    pub opened: Day,
    /// Number of its last entry.
    pub seen: u64,
}

/// Whether two names are one person's: case, spaces and points aside.
pub fn same_person(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// Whether somebody took or signed a decision.
pub(crate) fn took_part(decision: &Decision, name: &str) -> bool {
    let signed = decision.signed.as_ref();
    same_person(&decision.stamp.by.name, name)
        || signed.is_some_and(|signed| same_person(&signed.by.name, name))
}
