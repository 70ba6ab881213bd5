//! Outcomes: the scale of answers, the effect a provision has on it, and the force of its source.

use std::fmt;
use std::str::FromStr;

/// A word that stands for none of the known values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not one of {expected}")]
pub struct ParseWordError {
    /// What stood there.
    pub found: String,
    /// The words that would have been right.
    pub expected: String,
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }
        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word of the contract.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.word()) }
        }
        impl FromStr for $name {
            type Err = ParseWordError;
            fn from_str(text: &str) -> Result<Self, ParseWordError> {
                Self::ALL.iter().copied().find(|each| each.word() == text).ok_or_else(|| ParseWordError {
                    found: text.to_owned(),
                    expected: Self::ALL.iter().map(|each| each.word()).collect::<Vec<_>>().join(", "),
                })
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(self.word()) }
        }
    };
}

pub(crate) use words;

words! {
    /// What a provision does to a transfer it applies to, weakest first.
    Effect {
        /// Nothing stands in the way.
        NoLicenceRequired = "no_licence_required",
        /// A licence, or a named exception, covers it.
        CoveredByLicence = "covered_by_licence",
        /// Tell the authority, and wait where the law says so.
        Notify = "notify",
        /// Apply for a licence.
        LicenceRequired = "licence_required",
        /// Apply, but policy is to refuse.
        PresumptionOfDenial = "presumption_of_denial",
        /// Barred.
        Prohibited = "prohibited",
    }
}

words! {
    /// The answer: the scale of [`Effect`], and the answers beside it.
    Outcome {
        /// Nothing that was checked stands in the way.
        NoLicenceRequired = "no_licence_required",
        /// A licence, or a named exception, covers it.
        CoveredByLicence = "covered_by_licence",
        /// Tell the authority, and wait where the law says so.
        Notify = "notify",
        /// Apply for a licence.
        LicenceRequired = "licence_required",
        /// Apply, but policy is to refuse.
        PresumptionOfDenial = "presumption_of_denial",
        /// Barred.
        Prohibited = "prohibited",
        /// Missing facts could still change the answer.
        NotKnown = "not_known",
        /// A person must judge.
        Refer = "refer",
        /// A list that was asked for could not be used.
        NotScreened = "not_screened",
    }
}

words! {
    /// What sort of rule a provision is, and so whom it binds.
    Force {
        /// A treaty.
        Treaty = "treaty",
        /// An act of a parliament.
        Statute = "statute",
        /// A regulation.
        Regulation = "regulation",
        /// A decree or government resolution.
        Decree = "decree",
        /// An executive order or instruction.
        Order = "order",
        /// A measure of the United Nations Security Council.
        UnMeasure = "un_measure",
        /// A regime's guidelines: a political commitment.
        RegimeGuideline = "regime_guideline",
        /// An understanding between governments: a political commitment.
        Understanding = "understanding",
        /// A statement of one side.
        Statement = "statement",
        /// A proposal: no effect.
        Proposal = "proposal",
        /// A bill: no effect.
        Bill = "bill",
    }
}

impl Force {
    /// Whether a rule of this force can have an effect at all.
    pub fn has_effect(self) -> bool {
        !matches!(self, Force::Proposal | Force::Bill)
    }

    /// Whether it binds in law, and not only politically.
    pub fn binds_in_law(self) -> bool {
        !matches!(
            self,
            Force::RegimeGuideline
                | Force::Understanding
                | Force::Statement
                | Force::Proposal
                | Force::Bill
        )
    }
}

impl Effect {
    /// The weakest, by its place on the scale; places beyond the end count as the strongest.
    pub fn at(level: usize) -> Effect {
        Effect::ALL
            .get(level)
            .copied()
            .unwrap_or(Effect::Prohibited)
    }

    /// Its place on the scale, from 0.
    pub fn level(self) -> usize {
        self as usize
    }
}

impl From<Effect> for Outcome {
    fn from(effect: Effect) -> Outcome {
        match effect {
            Effect::NoLicenceRequired => Outcome::NoLicenceRequired,
            Effect::CoveredByLicence => Outcome::CoveredByLicence,
            Effect::Notify => Outcome::Notify,
            Effect::LicenceRequired => Outcome::LicenceRequired,
            Effect::PresumptionOfDenial => Outcome::PresumptionOfDenial,
            Effect::Prohibited => Outcome::Prohibited,
        }
    }
}

impl Outcome {
    /// The exit code of the command line for this answer.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::NoLicenceRequired | Outcome::CoveredByLicence => 0,
            Outcome::Notify | Outcome::LicenceRequired => 10,
            Outcome::Refer => 11,
            Outcome::PresumptionOfDenial | Outcome::Prohibited => 12,
            Outcome::NotKnown => 13,
            Outcome::NotScreened => 14,
        }
    }
}
