//! Commitments: the closed words in which undertakings, acts and the standing of one against the other are told, and those
//! in which a supplier's case under a sanctions law is answered.
//!
//! Words only. What moves a standing from one word to another is law room's work (`catchall-law/src/commitments/`).

use std::fmt;
use std::str::FromStr;

use crate::outcome::{Effect, ParseWordError, words};

words! {
    /// How an undertaking stands on a day, the best first and the ends last.
    Standing {
        /// Performance was shown by a deed or a check, and not only said.
        Kept = "kept",
        /// The side that is bound says so, and nobody showed it.
        ClaimedKept = "claimed_kept",
        /// Nothing is due yet, and nothing speaks for or against.
        Open = "open",
        /// What is recorded does not settle it.
        NotKnown = "not_known",
        /// The day has passed, and nothing shows performance.
        Overdue = "overdue",
        /// One side says it was broken, the other denies it.
        Contested = "contested",
        /// A deed, a check or an admission shows that it was broken.
        Breached = "breached",
        /// Left under a right to leave.
        Withdrawn = "withdrawn",
        /// Left without a right to leave that is known.
        Repudiated = "repudiated",
    }
}

words! {
    /// What sort of thing was undertaken, which decides what silence and a passed day mean.
    UndertakingSort {
        /// To do something, once, by a day or without one.
        Do = "do",
        /// Not to do something, for as long as it runs.
        Abstain = "abstain",
        /// Not to go above a figure.
        Ceiling = "ceiling",
    }
}

words! {
    /// What happened: words, deeds, checks, ends and closings.
    ActKind {
        /// The undertaking was given, signed or entered into force.
        Made = "made",
        /// Somebody said something.
        Statement = "statement",
        /// Somebody denied something.
        Denial = "denial",
        /// An order, instruction, decree or law: declared policy, and so words.
        Order = "order",
        /// Somebody reported what others did: the press, an intelligence service, a parliament.
        Report = "report",
        /// A contract was signed.
        Contract = "contract",
        /// Something was delivered.
        Delivery = "delivery",
        /// A weapon or a system was deployed.
        Deployment = "deployment",
        /// A concrete act of enforcement or of carrying out: an arrest, a seizure, a rule put in force.
        Measure = "measure",
        /// Any other deed.
        Conduct = "conduct",
        /// A check by an agreed procedure, by the other side or by a third party.
        Verification = "verification",
        /// Leaving under a right to leave; before its effect, the notice.
        Withdrawal = "withdrawal",
        /// Declaring oneself no longer bound.
        Repudiation = "repudiation",
        /// Declaring that performance stops for a time.
        Suspension = "suspension",
        /// The side that raised a finding closes it.
        Relief = "relief",
        /// An earlier act was told wrongly: this is how it was.
        Correction = "correction",
        /// An earlier act is taken back by whoever told it.
        Retraction = "retraction",
    }
}

impl ActKind {
    /// Whether it is words: words alone never show performance.
    pub fn is_words(self) -> bool {
        matches!(
            self,
            ActKind::Made
                | ActKind::Statement
                | ActKind::Denial
                | ActKind::Order
                | ActKind::Report
                | ActKind::Withdrawal
                | ActKind::Repudiation
                | ActKind::Suspension
        )
    }

    /// Whether it is a deed.
    pub fn is_deed(self) -> bool {
        matches!(
            self,
            ActKind::Contract
                | ActKind::Delivery
                | ActKind::Deployment
                | ActKind::Measure
                | ActKind::Conduct
        )
    }
}

words! {
    /// What an act shows of the undertaking that it bears on.
    Shows {
        /// That it is, or was, kept.
        Kept = "kept",
        /// That it is, or was, broken.
        Broken = "broken",
        /// A step on the way, which is not yet performance.
        Step = "step",
        /// That it will be kept: a promise.
        WillKeep = "will_keep",
        /// That it will not be kept: an intention.
        WillNotKeep = "will_not_keep",
        /// That the text is read in another way.
        OtherReading = "other_reading",
        /// That it does not bind the side that speaks.
        NotBound = "not_bound",
        /// Nothing by itself.
        Nothing = "nothing",
    }
}

words! {
    /// Whether an undertaking binds on a day.
    InForceOn {
        /// It does.
        Yes = "yes",
        /// It has not begun.
        NotYet = "not_yet",
        /// It has ended, by its own terms or because it was left.
        Ended = "ended",
        /// It stands still.
        Suspended = "suspended",
        /// It never came into force: a proposal, a treaty without ratification.
        Never = "never",
        /// What is recorded does not settle it.
        NotKnown = "not_known",
    }
}

words! {
    /// What a law on suppliers says of a person and a reported transfer, weakest first; `not_known` stands beside the scale.
    Sanctionable {
        /// The law does not reach it.
        No = "no",
        /// It would, but an exemption was found to apply.
        Exempt = "exempt",
        /// It would, but the measures were waived.
        Waived = "waived",
        /// Measures may be taken.
        Discretionary = "discretionary",
        /// Measures must be taken.
        Mandatory = "mandatory",
        /// Missing facts could still change the answer.
        NotKnown = "not_known",
    }
}

impl Sanctionable {
    /// The step of the scale of effects that carries this answer through the evaluator; `None` for what is not known. The two
    /// scales have the same order, so the strongest answer is the strongest effect.
    pub fn effect(self) -> Option<Effect> {
        Some(match self {
            Sanctionable::No => Effect::NoLicenceRequired,
            Sanctionable::Exempt => Effect::CoveredByLicence,
            Sanctionable::Waived => Effect::Notify,
            Sanctionable::Discretionary => Effect::LicenceRequired,
            Sanctionable::Mandatory => Effect::Prohibited,
            Sanctionable::NotKnown => return None,
        })
    }

    /// The answer that a word of the scale of outcomes stands for; whatever is none of the five is not known.
    pub fn of_word(word: &str) -> Sanctionable {
        Sanctionable::ALL
            .iter()
            .copied()
            .find(|each| each.effect().is_some_and(|effect| effect.word() == word))
            .unwrap_or(Sanctionable::NotKnown)
    }
}
