//! The document that a reading produces, `catchall.report/1`: plain records, in the order of the text.
//!
//! Nothing here reads anything. Every record that stands on words of the text carries a [`Span`]; the digest of the file
//! stands once at the top and holds for all of them.
//!
//! To grow: a field that the schema gains is added here with its meaning, and filled in the one file that finds it.

use serde::{Deserialize, Serialize};

/// A word of a closed list.
pub type Word = &'static str;

/// Every closed word of the schema, so that a stored reading comes back as it was.
const WORDS: &[Word] = &[
    "catchall.report/1",
    "en",
    "ru",
    "stored",
    "decoded",
    "exact",
    "high",
    "medium",
    "low",
    "header",
    "headline",
    "body",
    "next_headline",
    "second_story",
    "boilerplate",
    "event",
    "citation",
    "backref",
    "deadline",
    "publication",
    "named",
    "office",
    "collective",
    "anonymous",
    "unattributed",
    "said",
    "promised",
    "denied",
    "alleged",
    "ordered",
    "conceded",
    "reported",
    "declared_policy",
    "concrete_action",
    "assessment",
    "assertion",
    "declared",
    "planned",
    "intercepted",
    "completed",
    "cancelled",
    "open",
    "claimed_kept",
    "broken",
    "repudiated",
    "met",
    "unknown",
    "denial",
    "inconsistent_account",
    "policy_vs_action",
    "policy_vs_commitment",
    "position_conflict",
    "qualification",
    "",
    "contested",
    "kept",
    "overdue",
    "withdrawn",
    "breached",
    "not_known",
    "unread",
];

fn word<'de, D: serde::Deserializer<'de>>(found: D) -> Result<Word, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(found)?;
    WORDS
        .iter()
        .find(|word| **word == text)
        .copied()
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no word of this schema")))
}

/// A half-open range of the file as stored: in Unicode scalar values, and in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// In scalar values.
    pub span: [usize; 2],
    /// The same range in bytes.
    pub bytes: [usize; 2],
}

impl Span {
    /// Whether the two ranges share a character.
    #[must_use]
    pub fn overlaps(&self, other: &Span) -> bool {
        self.bytes[0] < other.bytes[1] && other.bytes[0] < self.bytes[1]
    }
}

/// All that was read of one document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// `catchall.report/1`.
    #[serde(deserialize_with = "word")]
    pub schema: Word,
    /// The caller's name of the document.
    pub doc_id: String,
    /// ISO 639-1.
    #[serde(deserialize_with = "word")]
    pub language: Word,
    /// Digest of the bytes handed in.
    pub sha256: String,
    /// Length in scalar values of the text that spans count in.
    pub chars: usize,
    /// `stored` when spans count in the file as it is; `decoded` when a transfer encoding hid the text.
    #[serde(deserialize_with = "word")]
    pub offsets: Word,
    /// Which publication, and when it appeared.
    pub publication: Publication,
    /// Parts of the page.
    pub segments: Vec<Segment>,
    /// Outlets cited, one for each group that shares a date.
    pub citations: Vec<Citation>,
    /// Earlier issues that the text points to.
    pub backrefs: Vec<Backref>,
    /// Every date, as an interval.
    pub dates: Vec<DateRecord>,
    /// Parties with every mention. To be listed is no accusation.
    pub parties: Vec<Party>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// Treaties, laws, orders, agreements, lists.
    pub instruments: Vec<Instrument>,
    /// Technology by heading.
    pub technology: Vec<Technology>,
    /// What somebody says went from whom to whom.
    pub transfers: Vec<TransferRecord>,
    /// Undertakings.
    pub commitments: Vec<Commitment>,
    /// Pairs of statements that a person should look at together.
    pub contradictions: Vec<Contradiction>,
    /// What could not be read, and why.
    pub unread: Vec<Unread>,
}

/// The publication, its date solved from constraints.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// As the header spells it.
    pub title: Option<String>,
    /// Volume.
    pub volume: Option<u32>,
    /// Issue or number.
    pub issue: Option<u32>,
    /// The most likely day.
    pub date: Option<String>,
    /// No earlier than this day.
    pub earliest: Option<String>,
    /// No later than this day.
    pub latest: Option<String>,
    /// `exact`, `high`, `medium` or `low`.
    #[serde(deserialize_with = "word")]
    pub confidence: Word,
    /// The constraints that were used.
    pub basis: String,
    /// The day of the dateline, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
}

/// A part of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// `header`, `headline`, `body`, `next_headline`, `second_story` or `boilerplate`.
    #[serde(deserialize_with = "word")]
    pub kind: Word,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}

/// Outlets that share a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// `c1`, `c2`, in order.
    pub id: String,
    /// As spelled.
    pub outlets: Vec<String>,
    /// The day cited.
    pub date: String,
    /// The last day of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_end: Option<String>,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}

/// An earlier issue pointed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backref {
    /// `b1`, `b2`, in order.
    pub id: String,
    /// Title of the publication.
    pub title: Option<String>,
    /// Its date; none where only a number is printed, or nothing tells the year.
    pub date: Option<String>,
    /// Its volume, where printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<u32>,
    /// Its issue, where printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<u32>,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}

/// A date in the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateRecord {
    /// ISO 8601, at the precision of the text, or an interval `A/B`.
    pub value: String,
    /// `event`, `citation`, `backref`, `deadline`, `boilerplate` or `publication`.
    #[serde(deserialize_with = "word")]
    pub role: Word,
    /// Whether the text only says about when.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approx: bool,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}

/// A party, with every mention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// A slug, unique in the document.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// `person`, `state`, `government`, `company` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Spellings found.
    pub aliases: Vec<String>,
    /// The office the text gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Every mention, in scalar values.
    pub spans: Vec<[usize; 2]>,
    /// The same in bytes.
    pub bytes: Vec<[usize; 2]>,
}

/// Who speaks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Speaker {
    /// Name, or the words that stand for one.
    pub name: Option<String>,
    /// Office or kind.
    pub role: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The party's `id`.
    pub party: Option<String>,
    /// `named`, `office`, `collective`, `anonymous` or `unattributed`.
    #[serde(deserialize_with = "word")]
    pub anonymity: Word,
}

/// Somebody's words, or an act that speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// `s1`, `s2`, in order.
    pub id: String,
    /// Who.
    pub speaker: Speaker,
    /// `said`, `promised`, `denied`, `alleged`, `ordered`, `conceded` or `reported`.
    #[serde(deserialize_with = "word")]
    pub kind: Word,
    /// What, normalised to a few words.
    pub content: String,
    /// When it was spoken.
    pub said: Option<String>,
    /// Citations that it rests on.
    pub cites: Vec<String>,
    /// Their outlets.
    pub outlets: Vec<String>,
    /// Whether words are quoted.
    pub quote: bool,
    /// Whether the text keeps its distance.
    pub hedged: bool,
    /// `declared_policy`, `concrete_action`, `assessment` or `assertion`.
    #[serde(deserialize_with = "word")]
    pub act: Word,
    /// Who passed it on: a statement's id or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relayed_by: Option<String>,
    /// The words that gave it away.
    pub cue: String,
    /// Parties that the words are about: whom they accuse, or of whom they tell. Who is only mentioned is not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<String>,
    /// The sentence.
    #[serde(flatten)]
    pub at: Span,
}

/// A treaty, law, order, agreement or list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    /// A slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Spellings found.
    pub terms: Vec<String>,
    /// `treaty`, `regime`, `law`, `order` and so on.
    pub kind: String,
    /// When it was made.
    pub date: Option<String>,
    /// Every mention.
    pub spans: Vec<[usize; 2]>,
    /// The same in bytes.
    pub bytes: Vec<[usize; 2]>,
}

/// Technology by heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Technology {
    /// A slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Spellings found.
    pub terms: Vec<String>,
    /// Headings of control lists that it touches.
    pub headings: Vec<String>,
    /// Every mention.
    pub spans: Vec<[usize; 2]>,
    /// The same in bytes.
    pub bytes: Vec<[usize; 2]>,
}

/// What somebody says went, or would go, from one to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransferRecord {
    /// Giver.
    pub from: String,
    /// Receiver.
    pub to: String,
    /// The thing.
    pub what: String,
    /// Technology ids.
    pub technology: Vec<String>,
    /// The text's word: `alleged`, `declared`, `denied`, `planned` and so on.
    #[serde(deserialize_with = "word")]
    pub status: Word,
    /// Statements that say so.
    pub statements: Vec<String>,
    /// When, if told.
    pub when: Option<String>,
    /// The words.
    #[serde(flatten)]
    pub at: Span,
}

/// An undertaking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// `k1`, `k2`, in order.
    pub id: String,
    /// Who is bound.
    pub who: String,
    /// Their country.
    pub country: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// What.
    pub what: String,
    /// When it was made.
    pub made: Option<String>,
    /// By when.
    pub deadline: Option<String>,
    /// `open`, `broken`, `repudiated` and so on, as the text has it.
    #[serde(deserialize_with = "word")]
    pub status: Word,
    /// The statement it stands on.
    pub statement: Option<String>,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}

/// Two statements that clash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contradiction {
    /// A statement.
    pub a: String,
    /// The other.
    pub b: String,
    /// `denial`, `inconsistent_account`, `qualification` and so on.
    #[serde(rename = "type")]
    #[serde(deserialize_with = "word")]
    pub kind: Word,
    /// Why it is offered.
    pub note: String,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unread {
    /// What was met.
    pub what: String,
    /// Where.
    #[serde(flatten)]
    pub at: Span,
}
