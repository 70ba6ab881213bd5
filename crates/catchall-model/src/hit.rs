//! A hit: a listed party that a party may be, before a person confirms or dismisses it.
//!
//! The document of the public contract, section 3. No hit means that nothing passed the review band in these lists on these
//! days, never that the party is cleared.

use serde::{Serialize, Serializer};

use crate::Day;

/// A probability in thousandths; written as a number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Likelihood(pub u16);

impl Serialize for Likelihood {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(self.0) / 1000.0)
    }
}

/// A possible match of a party with a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The party's name, as stated; the caller's key where parties are screened by themselves.
    pub party: String,
    /// Its role in the transfer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub role: String,
    /// The listed party.
    pub listing: HitListing,
    /// Calibrated probability that both are one.
    pub score: Likelihood,
    /// `strong`, `review`, `weak_alias`.
    pub band: &'static str,
    /// Part of the name against part of the name.
    pub alignment: Vec<HitPart>,
    /// What speaks for it, the strongest first.
    #[serde(rename = "for")]
    pub speaks_for: Vec<HitReason>,
    /// What speaks against it, the strongest first.
    #[serde(rename = "against")]
    pub speaks_against: Vec<HitReason>,
    /// Attributes that one side does not tell and that could decide.
    pub unknown: Vec<String>,
    /// The budget of candidates ran out: there may be more hits than are shown.
    pub truncated: bool,
    /// What a person has said of it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<HitAnswer>,
}

/// What a person has said of a hit before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HitAnswer {
    /// `same`, `not_same`.
    pub says: &'static str,
    /// Who says so.
    pub by: String,
    /// On which day.
    pub at: Day,
    /// The last day on which it holds.
    pub until: Day,
    /// Why.
    pub why: String,
    /// Whether it still counts.
    pub holds: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<String>,
    /// Digest of the answer as it was given.
    pub id: String,
}

impl Hit {
    /// Whether a person has settled it, and the answer still counts.
    pub fn settled(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.holds)
    }

    /// Whether a person has said that it is somebody else, and the answer still counts.
    pub fn dismissed(&self) -> bool {
        let not_same = |answer: &HitAnswer| answer.holds && answer.says == "not_same";
        self.answer.as_ref().is_some_and(not_same)
    }
}

/// The listed party of a hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HitListing {
    /// The list.
    pub list: String,
    /// The publisher's own key.
    pub source_id: String,
    /// The main name.
    pub name: String,
    /// The name that was met.
    pub matched: String,
    /// `person`, `organisation`, `vessel`, `aircraft`, `unknown`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Programmes, or parts of the list.
    pub programmes: Vec<String>,
    /// First day on the list.
    pub listed: Option<Day>,
    /// Last day on the list.
    pub delisted: Option<Day>,
    /// Act and page.
    pub citation: Option<String>,
}

/// One part of a name against one of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HitPart {
    /// What was asked; empty where the listing alone has it.
    pub asked: String,
    /// What is listed; empty where the question alone has it.
    pub listed: String,
    /// `literal`, `transliteration`, `phonetic`, `variant`, `initial`, `edit`; none where one side is empty.
    pub by: Option<String>,
    /// How much the part tells, in thousandths of one.
    pub weight: Likelihood,
}

/// A reason for or against a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HitReason {
    /// `name`, `birth`, `country`, `identifier`, `place`, `legal_form`.
    pub about: String,
    /// In words.
    pub says: String,
    /// What it adds to the log-odds, in hundredths.
    pub weight: i32,
}
