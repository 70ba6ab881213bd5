//! Command: what a person or a program wants to do with a licence, and why it is refused; the checks are in `rules.rs`.
//!
//! The caller appends with `append_after(stream, licence.seen)`; when somebody else was faster it reads again and asks
//! again, so that two processes never use one balance twice. A repeat of what was done already gives no drafts and says
//! so. A movement that is refused for what it is (too much, another unit, another end user) leaves an entry of its own
//! that changes nothing; whoever has no right leaves none.

use catchall_model::Day;

use super::event::{Amendment, Purpose, Return, Stated};
use super::{CountError, Standing};
use crate::Draft;
use crate::case::command::Refused;

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Movement {
    /// Reserve.
    Reserve {
        /// The caller's key: an order.
        reservation: String,
        /// Of which line.
        line: u32,
        /// How much.
        amounts: Stated,
        /// What for.
        purpose: Purpose,
    },
    /// Release; all of it when no amount is stated.
    Release {
        /// Which.
        reservation: String,
        /// How much.
        amounts: Stated,
        /// Why.
        why: String,
    },
    /// Ship.
    Ship {
        /// The customs declaration.
        declaration: String,
        /// Of which line.
        line: u32,
        /// How much.
        amounts: Stated,
        /// The reservation that it is taken from.
        reservation: Option<String>,
        /// What for; of a reservation what that was for, where it is left out.
        purpose: Purpose,
    },
    /// Correct the figures of a shipment.
    Correct {
        /// The customs declaration.
        declaration: String,
        /// Of which line.
        line: u32,
        /// How much it was.
        amounts: Stated,
        /// Why.
        why: String,
    },
    /// Take a customs return.
    Reconcile(Return),
    /// Say what came of a discrepancy.
    Answer {
        /// Its key.
        discrepancy: String,
        /// What came of it.
        how: String,
    },
    /// Amend.
    Amend {
        /// What.
        change: Amendment,
        /// Why.
        why: String,
    },
    /// Suspend, resume, revoke, give back, or close.
    Turn {
        /// To what.
        to: Standing,
        /// From which day; today when left out.
        from: Option<Day>,
        /// Why.
        why: String,
    },
}

/// What comes of a command that is not refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// To append; empty for a repeat.
    pub drafts: Vec<Draft>,
    /// In a sentence.
    pub says: String,
}

/// A refusal, with the entry that tells of it, where it leaves one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{why}")]
pub struct Stopped {
    /// Why.
    pub why: LicenceRefused,
    /// To append; empty where the refusal leaves no trace.
    pub record: Vec<Draft>,
}

/// Why something cannot be done, and what could be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefused {
    /// A rule of cases, or a right.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Neither a decision nor a paper.
    #[error("a licence rests on a decided case or on a paper; name one")]
    NoGround,
    /// The case does not carry it.
    #[error("case {case} {why}, so that no licence can be issued on it")]
    Case {
        /// The case.
        case: String,
        /// Why not.
        why: String,
    },
    /// The terms do not hold together.
    #[error("{what}; {cure}")]
    Terms {
        /// What is wrong.
        what: String,
        /// What would be right.
        cure: &'static str,
    },
    /// There is nothing of that name.
    #[error("licence {licence} has no {what} `{found}`; {known}")]
    NoSuch {
        /// The licence.
        licence: String,
        /// Of what.
        what: &'static str,
        /// As stated.
        found: String,
        /// What there is.
        known: String,
    },
    /// It does not cover the movement.
    #[error("licence {licence} does not cover this: {}", reasons.join("; "))]
    NotCovered {
        /// The licence.
        licence: String,
        /// Why not.
        reasons: Vec<String>,
    },
    /// Too little is left.
    #[error("licence {licence}: {short}; {cure}")]
    Short {
        /// The licence.
        licence: String,
        /// What is left and asked for.
        short: String,
        /// What could be done.
        cure: String,
    },
    /// The figures cannot be counted.
    #[error("licence {licence}: {why}")]
    Count {
        /// The licence.
        licence: String,
        /// Why.
        why: CountError,
    },
    /// The key is taken by something else.
    #[error("licence {licence}: {what} `{key}` was recorded as {known}; {cure}")]
    Taken {
        /// The licence.
        licence: String,
        /// Of what.
        what: &'static str,
        /// The key.
        key: String,
        /// What it says.
        known: String,
        /// What could be done.
        cure: &'static str,
    },
    /// Not where the licence stands.
    #[error("licence {licence} is {standing}; {cure}")]
    Standing {
        /// The licence.
        licence: String,
        /// Where it stands.
        standing: &'static str,
        /// What could be done.
        cure: String,
    },
}

/// The right that a command needs.
pub fn act_of(movement: &Movement) -> &'static str {
    match movement {
        Movement::Reserve { .. } => "licence.reserve",
        Movement::Release { .. } => "licence.release",
        Movement::Ship { .. } => "licence.ship",
        Movement::Correct { .. } | Movement::Answer { .. } => "licence.correct",
        Movement::Reconcile(_) => "licence.reconcile",
        Movement::Amend { .. } => "licence.amend",
        Movement::Turn { to, .. } => match to {
            Standing::Suspended => "licence.suspend",
            Standing::InForce | Standing::NotYet => "licence.resume",
            Standing::Revoked => "licence.revoke",
            Standing::Surrendered => "licence.surrender",
            Standing::Expired => "licence.expire",
        },
    }
}

/// A movement in words, for the entry that tells of its refusal.
pub(super) fn in_words(movement: &Movement) -> String {
    match movement {
        Movement::Reserve {
            reservation,
            line,
            amounts,
            ..
        } => format!(
            "reserve {} of line {line} for {reservation}",
            amounts.says()
        ),
        Movement::Ship {
            declaration,
            line,
            amounts,
            ..
        } => format!(
            "ship {} of line {line}, declaration {declaration}",
            amounts.says()
        ),
        Movement::Correct {
            declaration,
            line,
            amounts,
            ..
        } => format!(
            "correct declaration {declaration} of line {line} to {}",
            amounts.says()
        ),
        Movement::Reconcile(taken) => format!("take return {}", taken.batch),
        Movement::Release { reservation, .. } => format!("release {reservation}"),
        Movement::Answer { discrepancy, .. } => format!("answer {discrepancy}"),
        Movement::Amend { .. } => "amend".to_owned(),
        Movement::Turn { to, .. } => to.word().to_owned(),
    }
}
