//! Command: what a person wants to do to a case, and why it is refused; the checks are in `rules.rs`.
//!
//! Rights come from the policy; the rules hold whatever the policy says. Nobody signs a decision of their own, nor in
//! a case in which they advised; whoever took part in a decision has no part in the one on its appeal; no condition is
//! changed without a notice to its author, and nothing is signed while that notice is unread; nothing permissive is decided
//! over open matches, nor against the machine's answer without a reason of its own. The caller appends the drafts with
//! `append_after(stream, case.seen)`, and reads again when somebody else was faster.

use catchall_model::{Day, Outcome};
use serde::Deserialize;

use super::answer::{Answer, Question};
use super::calendar::Calendar;
use super::compare::Changes;
use super::event::{EventError, HitVerdict, Said};
use crate::policy::{NotAllowed, Policy};
use crate::written::day_or_none;
use crate::{Actor, Timestamp};

/// Who acts, when, and under which rules.
#[derive(Clone, Copy, Debug)]
pub struct Office<'a> {
    /// Roles and acts.
    pub policy: &'a Policy,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// What to open a case with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The new case's id.
    pub id: String,
    /// The transfer's id.
    pub transfer: String,
    /// What it is about, in a line; see [`title`].
    pub title: String,
    /// What was determined.
    pub answer: Answer,
    /// The queue; `new` when left out.
    pub queue: Option<String>,
    /// The team; the actor's own when left out.
    pub team: Option<String>,
    /// Working days that it should take; the policy's figure when left out.
    pub target: Option<u32>,
    /// The case that it follows.
    pub follows: Option<String>,
    /// Whose personal data its entries are sealed for.
    pub subject: Option<String>,
}

/// What a person wants to do to a case. As JSON its `command` is the word of the act, in lower case with underlines.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Take it, when nobody has it.
    Take {},
    /// Hand it on.
    Assign {
        /// To whom.
        owner: Option<String>,
        /// To which team.
        team: Option<String>,
        /// Into which queue.
        queue: Option<String>,
        /// Why.
        why: String,
    },
    /// Ask for information.
    Ask {
        /// Whom; the addressee of the questions when left out.
        to: Option<String>,
        /// What; everything that can still change the answer when empty, one request for each addressee.
        #[serde(default)]
        questions: Vec<Question>,
        /// Whether the clock stands still until the answer.
        #[serde(default = "yes")]
        pauses: bool,
    },
    /// Record an answer.
    Answer {
        /// Which request.
        request: u32,
        /// Who gave it.
        by: String,
        /// What was said.
        answers: Vec<Said>,
    },
    /// Close a request without an answer.
    CloseRequest {
        /// Which.
        request: u32,
        /// Why.
        why: String,
    },
    /// Record that the machine answered again.
    Reassess {
        /// What brought it about.
        because: Vec<String>,
        /// The new answer. The machine's alone: whoever asks for a new assessment says only what brought it about.
        #[serde(skip)]
        answer: Option<Box<Answer>>,
        /// What changed.
        #[serde(skip)]
        changes: Box<Changes>,
    },
    /// Advise; takes the place of one's own earlier advice.
    Advise {
        /// A word of `VIEWS`, or `no_view`.
        view: String,
        /// In words.
        text: String,
        /// Why the earlier advice no longer stands.
        #[serde(default)]
        why: String,
    },
    /// Set a condition.
    SetCondition {
        /// In words.
        text: String,
    },
    /// Change one.
    ChangeCondition {
        /// Which.
        condition: u32,
        /// The new words.
        text: String,
        /// Why.
        why: String,
    },
    /// Drop one.
    DropCondition {
        /// Which.
        condition: u32,
        /// Why.
        why: String,
    },
    /// Acknowledge a notice.
    Acknowledge {
        /// Which.
        notice: u32,
    },
    /// Confirm or dismiss a possible match.
    AnswerHit {
        /// Its key, or the part of it that tells it apart.
        hit: String,
        /// What.
        verdict: HitVerdict,
        /// Why.
        reason: String,
    },
    /// Raise a flag.
    Flag {
        /// What was noticed.
        flag: String,
        /// The transfers that make it up.
        #[serde(default)]
        transfers: Vec<String>,
    },
    /// Write a note.
    Note {
        /// In words.
        text: String,
    },
    /// Decide, or propose where a second person must sign.
    Decide {
        /// A word of `VIEWS`.
        view: String,
        /// Why.
        reason: String,
        /// Why it departs from the machine's answer, where it does.
        despite: Option<String>,
    },
    /// Sign the decision that waits.
    Countersign {},
    /// Send it back.
    Return {
        /// Why.
        why: String,
    },
    /// Record that a letter went out.
    SendLetter {
        /// To whom.
        to: String,
        /// Its subject.
        subject: String,
        /// Its text.
        text: String,
    },
    /// Record an appeal.
    Appeal {
        /// By whom.
        by: String,
        /// Why.
        grounds: String,
        /// When it came in; today when left out.
        #[serde(default, with = "day_or_none")]
        on: Option<Day>,
    },
    /// Open it again.
    Reopen {
        /// Why.
        why: String,
    },
    /// Withdraw it.
    Withdraw {
        /// Why.
        why: String,
    },
    /// Close it to all but its own team and these; open it again when empty.
    Restrict {
        /// The teams.
        teams: Vec<String>,
        /// Why.
        why: String,
    },
}

fn yes() -> bool {
    true
}

/// Why something cannot be done, and what could be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The policy does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Not where the case stands.
    #[error("case {case} is in `{stage}`, so nobody can {doing} now; {cure}")]
    Stage {
        /// The case.
        case: String,
        /// Where it stands.
        stage: &'static str,
        /// What was wanted.
        doing: &'static str,
        /// What could be done.
        cure: &'static str,
    },
    /// Something is left out.
    #[error("{what} is left out; {cure}")]
    LeftOut {
        /// What.
        what: &'static str,
        /// What to say.
        cure: &'static str,
    },
    /// There is nothing of that number or name.
    #[error("there is no {what} `{found}` in case {case}; {known}")]
    NoSuch {
        /// Of what.
        what: &'static str,
        /// As stated.
        found: String,
        /// The case.
        case: String,
        /// What there is.
        known: String,
    },
    /// A word that is none of the list.
    #[error("`{found}` is no {what}{near}; write one of {words}")]
    Word {
        /// Of what.
        what: &'static str,
        /// As stated.
        found: String,
        /// A near one.
        near: String,
        /// All of them.
        words: String,
    },
    /// The rule of two persons.
    #[error("{why}; the rule is in the engine, and no role lifts it")]
    TwoPersons {
        /// Why, to the person.
        why: &'static str,
    },
    /// Somebody has it.
    #[error("case {case} is with {owner}; who leads the case can hand it on")]
    Owned {
        /// The case.
        case: String,
        /// The owner.
        owner: String,
    },
    /// Matches wait for an answer.
    #[error(
        "{count} possible matches wait for an answer ({first}); confirm or dismiss each, with a reason, before a decision that lets the transfer go"
    )]
    OpenHits {
        /// How many.
        count: usize,
        /// The first.
        first: String,
    },
    /// A match was confirmed.
    #[error(
        "the match {hit} was confirmed, so a decision that lets the transfer go must say `despite` what"
    )]
    ConfirmedHit {
        /// Which.
        hit: String,
    },
    /// The decision is milder than the answer.
    #[error(
        "the answer is `{outcome}`, and `{view}` is milder; say `despite` what, in the decision itself"
    )]
    Departs {
        /// The machine's.
        outcome: Outcome,
        /// The person's.
        view: String,
    },
    /// Requests are open.
    #[error(
        "request {request} to {to} is open; record its answer, or close it, before the case is decided"
    )]
    OpenRequest {
        /// Which.
        request: u32,
        /// To whom.
        to: String,
    },
    /// An author has not read of a change.
    #[error(
        "{to} has not acknowledged notice {notice} ({text}); {to} or somebody of the same team must, before anything is signed"
    )]
    UnreadNotice {
        /// Which.
        notice: u32,
        /// Who.
        to: String,
        /// Of what.
        text: String,
    },
    /// The notice is somebody else's.
    #[error("notice {notice} is to {to}; {to} or somebody of the same team acknowledges it")]
    OthersNotice {
        /// Which.
        notice: u32,
        /// Whose.
        to: String,
    },
    /// The answer changed after the proposal.
    #[error(
        "the answer was `{then}` when the decision was proposed and is `{now}` now; return it, so that it is decided on what is known"
    )]
    AnswerMoved {
        /// Then.
        then: String,
        /// Now.
        now: String,
    },
    /// Nothing can change the answer.
    #[error(
        "nothing that is missing can change the answer, or all of it was asked for already; write a question of your own, with whom to ask"
    )]
    NothingToAsk,
    /// A decision on conditions without any.
    #[error(
        "`approve_with_conditions` needs a condition, and none stands; set one, or decide `approve`"
    )]
    NoCondition,
    /// A decision without conditions while some stand.
    #[error(
        "{count} conditions stand, and `approve` carries none; decide `approve_with_conditions`, or drop them first"
    )]
    Conditions {
        /// How many.
        count: usize,
    },
    /// Cannot be written.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// What a transfer is about, in a line: `22 t of alloy steel, RU to IR`. From its JSON form.
pub fn title(transfer: &serde_json::Value) -> String {
    use serde_json::Value;
    let of = |value: Option<&Value>, key: &str| {
        value
            .and_then(|value| value.get(key)?.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let lines = transfer.get("lines").and_then(Value::as_array);
    let line = lines.and_then(|lines| lines.first());
    let item = line.and_then(|line| line.get("item"));
    let mut what = of(item, "description");
    if what.is_empty() {
        what = of(item, "kind");
    }
    if what.is_empty() {
        what = of(Some(transfer), "kind");
    }
    let quantity = of(line, "quantity");
    let mut title = match (quantity.as_str(), what.as_str()) {
        ("", "") => "a transfer".to_owned(),
        ("", what) => what.to_owned(),
        (quantity, "") => quantity.to_owned(),
        (quantity, what) => format!("{quantity} of {what}"),
    };
    if let Some(more) = lines.map(|lines| lines.len()).filter(|count| *count > 1) {
        title = format!("{title} and {} more", more - 1);
    }
    match (
        of(Some(transfer), "from").as_str(),
        of(Some(transfer), "to").as_str(),
    ) {
        ("", "") => title,
        (from, "") => format!("{title}, from {from}"),
        ("", to) => format!("{title}, to {to}"),
        (from, to) => format!("{title}, {from} to {to}"),
    }
}

/// The right that a command needs.
pub fn act_of(command: &Command) -> &'static str {
    match command {
        Command::Take {} => "case.take",
        Command::Assign { .. } => "case.assign",
        Command::Ask { .. } => "case.ask",
        Command::Answer { .. } | Command::CloseRequest { .. } => "case.answer",
        Command::Reassess { .. } | Command::Flag { .. } => "case.reassess",
        Command::Advise { .. } => "case.advise",
        Command::SetCondition { .. }
        | Command::ChangeCondition { .. }
        | Command::DropCondition { .. } => "case.condition",
        Command::Acknowledge { .. } => "case.acknowledge",
        Command::AnswerHit { .. } => "case.hit",
        Command::Note { .. } => "case.note",
        Command::Decide { .. } => "case.decide",
        Command::Countersign {} | Command::Return { .. } => "case.countersign",
        Command::SendLetter { .. } => "case.letter",
        Command::Appeal { .. } => "case.appeal",
        Command::Reopen { .. } => "case.reopen",
        Command::Withdraw { .. } => "case.withdraw",
        Command::Restrict { .. } => "case.restrict",
    }
}
