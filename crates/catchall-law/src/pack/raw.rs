//! The shapes of the TOML in a pack, before any name is resolved.

use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    pub id: Spanned<String>,
    pub title: String,
    pub jurisdiction: String,
    pub force: Spanned<String>,
    #[serde(default)]
    pub publisher: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub edition: String,
    pub status: Option<Spanned<String>>,
    #[serde(default)]
    pub read: String,
    #[serde(default)]
    pub recalled: String,
    #[serde(default)]
    pub coverage: Vec<RawCoverage>,
    #[serde(default)]
    pub nexus: Vec<RawNexus>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCoverage {
    pub part: Spanned<String>,
    pub state: Spanned<String>,
    #[serde(default)]
    pub note: String,
    pub scope: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNexus {
    pub jurisdiction: Spanned<String>,
    #[serde(default)]
    pub cite: String,
    pub when: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProvision {
    pub id: Spanned<String>,
    pub title: String,
    pub cite: Option<String>,
    pub source: Option<String>,
    pub confidence: Option<Spanned<String>>,
    pub effect: Spanned<String>,
    #[serde(default)]
    pub catch_all: bool,
    #[serde(default)]
    pub group: Vec<Spanned<String>>,
    #[serde(default)]
    pub excepts: Vec<Spanned<String>>,
    pub force: Option<Spanned<String>>,
    pub near: Option<Spanned<String>>,
    pub when: Option<Spanned<String>>,
    #[serde(default)]
    pub version: Vec<Spanned<RawVersion>>,
    /// What stands in a `sanction` block only.
    pub sanction: Option<Spanned<RawSanction>>,
}

/// What follows for a supplier.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSanction {
    #[serde(default)]
    pub measures: Vec<String>,
    pub months: Option<u32>,
    /// The list of parties on which the measures were put.
    pub named_in: Option<Spanned<String>>,
    pub report: Option<RawReport>,
    #[serde(default)]
    pub if_not_acted: String,
    /// Facts that count as no when nobody states them: acts that exist only when somebody has done them.
    #[serde(default)]
    pub unstated_no: Vec<Spanned<String>>,
}

/// When reports are due.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReport {
    pub to: String,
    pub cite: String,
    pub from: Spanned<String>,
    pub first_days: u32,
    pub every_months: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion {
    pub in_force: Option<Spanned<String>>,
    pub tested_on: Option<Spanned<String>>,
    pub recorded: Option<Spanned<String>>,
    pub superseded: Option<Spanned<String>>,
    #[serde(default)]
    pub suspended: Vec<Spanned<String>>,
    #[serde(default)]
    pub note: String,
    pub when: Option<Spanned<String>>,
    pub effect: Option<Spanned<String>>,
    #[serde(default)]
    pub disputed: Vec<RawDispute>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDispute {
    pub interval: Spanned<String>,
    pub by: Vec<Spanned<String>>,
    pub reading: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    pub name: String,
    pub on: Option<Spanned<String>>,
    pub given: Option<Spanned<toml::Table>>,
    pub expect: RawExpect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExpect {
    pub verdict: Option<Spanned<String>>,
    pub outcome: Option<Spanned<String>>,
    pub essential: Option<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSet {
    pub id: Spanned<String>,
    pub title: String,
    pub cite: Option<String>,
    #[serde(default)]
    pub source: String,
    pub confidence: Option<Spanned<String>>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
    pub members: Vec<RawMember>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMember {
    #[serde(rename = "in")]
    pub country: Spanned<String>,
    pub interval: Option<Spanned<String>>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParties {
    pub id: Spanned<String>,
    pub title: String,
    pub cite: Option<String>,
    #[serde(default)]
    pub source: String,
    pub confidence: Option<Spanned<String>>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
    /// The imported lists of parties that this one stands for: `LIST`, or `LIST: PROGRAMME` for a part of one.
    #[serde(default)]
    pub imported: Vec<String>,
    #[serde(default)]
    pub parties: Vec<RawParty>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParty {
    pub name: Spanned<String>,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub interval: Option<Spanned<String>>,
    #[serde(default)]
    pub cite: String,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListFile {
    pub list: RawList,
    #[serde(default)]
    pub entry: Vec<RawEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawList {
    pub id: Spanned<String>,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub cite: String,
    pub complete: Option<bool>,
    #[serde(default)]
    pub accepts: Vec<String>,
    /// Whether its numbers are those of a nomenclature of which it takes some: the tariff.
    #[serde(default)]
    pub selects: bool,
    /// Names of another list under which a number of this one may be stated: `none` under such a name says nothing of this list.
    #[serde(default)]
    pub shared: Vec<String>,
    #[serde(default)]
    pub part: bool,
    /// Lists, by id, that hold nothing of this one: a code claimed on one of them says that the item is not on this.
    #[serde(default)]
    pub apart_from: Vec<String>,
    /// Lists that carry every entry of this one, each with the label of those that do: `us:ccl under MT`.
    #[serde(default)]
    pub carried_by: Vec<Spanned<String>>,
    /// Labels of a heading that hold for some of its paragraphs only.
    #[serde(default)]
    pub narrowed: Vec<String>,
    /// What form of item its numbers are of.
    #[serde(default)]
    pub form: Vec<RawCodeForm>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    pub code: Spanned<String>,
    pub title: String,
    #[serde(default)]
    pub tags: Vec<String>,
    pub when: Option<Spanned<String>>,
    pub in_force: Option<Spanned<RawEditions>>,
    #[serde(default)]
    pub source: String,
    pub confidence: Option<Spanned<String>>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub reserved: bool,
    pub inside: Option<Spanned<RawSamples>>,
    pub outside: Option<Spanned<RawSamples>>,
    pub open: Option<Spanned<RawSamples>>,
}

/// An item, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawSamples {
    One(toml::Table),
    Several(Vec<toml::Table>),
}

impl RawSamples {
    pub fn tables(&self) -> &[toml::Table] {
        match self {
            RawSamples::One(table) => std::slice::from_ref(table),
            RawSamples::Several(tables) => tables,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawEditions {
    One(String),
    Several(Vec<RawEdition>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEdition {
    pub interval: String,
    pub confidence: Option<String>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVocabulary {
    #[serde(default)]
    pub kind: Vec<RawKind>,
    #[serde(default)]
    pub property: Vec<RawProperty>,
    #[serde(default)]
    pub fact: Vec<RawFact>,
    #[serde(default)]
    pub words: Vec<RawWords>,
    #[serde(default)]
    pub ended_state: Vec<RawEndedState>,
}

/// A state that is no more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEndedState {
    pub code: Spanned<String>,
    /// Its last day.
    pub until: Spanned<String>,
    pub successors: Vec<Spanned<String>>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKind {
    pub path: Spanned<String>,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub hs: Vec<String>,
    /// In which forms such items come, also those below: what a transfer names by this kind and nothing else.
    #[serde(default)]
    pub form: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProperty {
    pub name: Spanned<String>,
    #[serde(rename = "type")]
    pub kind: Spanned<String>,
    #[serde(default)]
    pub unit: String,
    pub values: Option<Vec<RawWord>>,
    pub question: Option<String>,
    #[serde(default)]
    pub ask: String,
    #[serde(default)]
    pub evidence: String,
    pub cost: Option<u8>,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub follows: Vec<RawFollows>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFact {
    pub key: Spanned<String>,
    #[serde(rename = "type")]
    pub kind: Spanned<String>,
    #[serde(default)]
    pub unit: String,
    pub values: Option<RawFactWords>,
    pub question: Option<String>,
    #[serde(default)]
    pub ask: String,
    #[serde(default)]
    pub evidence: String,
    pub cost: Option<u8>,
    #[serde(default)]
    pub also: Vec<String>,
    pub owners: Option<RawOwners>,
    #[serde(default)]
    pub follows: Vec<RawFollows>,
    /// The currency in which the value of the line fills this fact, `USD`.
    pub line_value: Option<String>,
    #[serde(default)]
    #[allow(dead_code)] // Read by people; the program needs nothing of it.
    pub note: String,
}

/// The form of the items that a list's numbers of one shape are of.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCodeForm {
    /// How the numbers begin, `#` for a row of digits: `#A`.
    pub codes: Vec<String>,
    /// Words of the forms of items.
    pub is: Vec<Spanned<String>>,
}

/// What another fact says of this one when nobody states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFollows {
    /// What then holds.
    pub value: bool,
    /// The other fact: words, countries, a figure, or the kind of the item.
    pub from: Option<Spanned<String>>,
    /// Its values; of a kind, with everything below it.
    #[serde(default)]
    pub among: Vec<Spanned<String>>,
    /// Whether it is enough that somebody states the figure, or says yes.
    #[serde(default)]
    pub stated: bool,
    /// The figure that the other fact must surely stay below.
    pub below: Option<Spanned<String>>,
    /// The figure that the other fact must surely reach.
    pub at_least: Option<Spanned<String>>,
    /// In place of another fact: the control list of which the exporter claims a number.
    pub claimed: Option<Spanned<String>>,
    /// How such a number begins, `#` for a row of digits; empty: any number. `none`: that it has none.
    #[serde(default)]
    pub codes: Vec<String>,
}

/// How a fact follows from a party's owners.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOwners {
    /// Lists of parties.
    pub listed_in: Vec<Spanned<String>>,
    /// `sum`, `largest`, `stated` or `unknown`.
    pub count: Spanned<String>,
    /// A fact of yes or no that says whether the share is half or more.
    pub half_said_by: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawFactWords {
    Named(String),
    Own(Vec<RawWord>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWords {
    pub name: Spanned<String>,
    pub values: Vec<RawWord>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawWord {
    Plain(String),
    Full {
        word: String,
        #[serde(default)]
        label: String,
        #[serde(default)]
        also: Vec<String>,
        #[serde(default)]
        general: bool,
        #[serde(default)]
        ordinary: bool,
    },
}
