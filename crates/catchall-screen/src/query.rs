//! The question and the answer of a screening.

use crate::attribute::Reason;
use crate::listing::{BirthDate, Identifier, PartyKind};
use crate::pair::Aligned;
use catchall_model::{Country, Day};
use serde::{Serialize, Serializer};

/// A party to be looked for. What is left out is not known.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The caller's own key, echoed in the hits.
    pub party: String,
    /// All names, the main one first.
    pub names: Vec<String>,
    /// What kind of party; `Unknown` is compared with all.
    pub kind: PartyKind,
    /// Birth, or founding.
    pub born: Option<BirthDate>,
    /// Nationalities, residence, registration, flag.
    pub countries: Vec<Country>,
    /// Official numbers.
    pub identifiers: Vec<Identifier>,
    /// Places of birth and addresses, as written.
    pub places: Vec<String>,
}

/// How sure a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Few such hits are somebody else.
    Strong,
    /// A person must look.
    Review,
    /// Found by an alias that the publisher calls weak, and nothing else agrees.
    WeakAlias,
}

/// A probability in thousandths; written as a number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub u16);

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0) / 1000.0)
    }
}

/// The listed party of a hit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The list.
    pub list: String,
    /// The publisher's own key.
    pub source_id: String,
    /// The main name.
    pub name: String,
    /// The name that was met.
    pub matched: String,
    /// What kind of party.
    #[serde(rename = "type")]
    pub kind: PartyKind,
    /// Programmes.
    pub programmes: Vec<String>,
    /// First day on the list.
    #[serde(serialize_with = "day")]
    pub listed: Option<Day>,
    /// Last day on the list.
    #[serde(serialize_with = "day")]
    pub delisted: Option<Day>,
    /// Act and page.
    pub citation: Option<String>,
}

fn day<S: Serializer>(day: &Option<Day>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.collect_str(day),
        None => to.serialize_none(),
    }
}

/// A listed party that the question may be, before a person confirms or dismisses it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The caller's key.
    pub party: String,
    /// The listed party.
    pub listing: Found,
    /// Calibrated probability that both are one.
    pub score: Score,
    /// How sure.
    pub band: Band,
    /// Part of the name against part of the name.
    pub alignment: Vec<Aligned>,
    /// What speaks for it, the strongest first.
    #[serde(rename = "for")]
    pub reasons_for: Vec<Reason>,
    /// What speaks against it, the strongest first.
    #[serde(rename = "against")]
    pub reasons_against: Vec<Reason>,
    /// Attributes that one side does not tell and that could decide.
    pub unknown: Vec<&'static str>,
    /// The budget of candidates ran out: there may be more hits than are shown.
    pub truncated: bool,
}

/// Why a party cannot be screened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ScreenError {
    /// Nothing to look for.
    #[error("party `{party}` has neither a name nor an identifier; give one of them")]
    Nameless {
        /// The caller's key.
        party: String,
    },
}
