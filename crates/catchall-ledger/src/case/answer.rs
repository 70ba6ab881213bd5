//! Answer: what the machine determined, as much of it as a case needs: outcome, bounds, questions, possible matches.
//!
//! The whole document stands in the `determined` entry that [`Answer::entry`] names; this is its short form, so that a
//! hundred thousand cases fit a board. Read from the document alone, and never made up: a field that is not there is empty.

use catchall_model::{Day, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::written::{day_or_none, folded, word};

/// A determination in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Number of the `determined` entry.
    pub entry: u64,
    /// The determination's id.
    pub id: String,
    /// The overall answer.
    #[serde(with = "word")]
    pub outcome: Outcome,
    /// The answer if every missing fact turns out well.
    pub least: String,
    /// The answer if every missing fact turns out badly.
    pub most: String,
    /// One plain sentence.
    pub summary: String,
    /// The law as it stood on this day.
    #[serde(with = "day_or_none")]
    pub as_of: Option<Day>,
    /// Jurisdictions with their outcomes, strictest first.
    pub jurisdictions: Vec<(String, String)>,
    /// What decides, as cited.
    pub cites: Vec<String>,
    /// The facts that can still change the answer.
    pub questions: Vec<Question>,
    /// The fact to ask about first.
    pub first: Option<String>,
    /// Possible matches of parties with listings.
    pub hits: Vec<HitSeen>,
    /// Flags that still wait for an answer.
    pub flags: Vec<String>,
    /// Digests of packs, lists, places and program.
    pub basis: Basis,
}

/// A fact to be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// Fact key; empty for a question of a person's own.
    pub fact: String,
    /// In plain words.
    pub question: String,
    /// Whom to ask.
    pub ask: String,
    /// What would show it.
    pub evidence: String,
}

/// A possible match, by what tells it apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitSeen {
    /// List, publisher's key and party: the same match of the next assessment has the same key.
    pub key: String,
    /// Digest of the listing: what was said of a match holds only while its listing stays as it was.
    pub print: String,
    /// The party.
    pub party: String,
    /// The list.
    pub list: String,
    /// The listed name.
    pub name: String,
    /// In thousandths.
    pub score: u16,
    /// `strong`, `review`, `weak_alias`.
    pub band: String,
}

/// What an answer rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Basis {
    /// The packs.
    pub packs: String,
    /// The lists of parties.
    pub lists: String,
    /// The list of places.
    pub names: String,
    /// The program.
    pub program: String,
}

impl Answer {
    /// The short form of a determination document that stands in this entry; `None` when it is no determination.
    pub fn of(document: &Value, entry: u64) -> Option<Answer> {
        let schema = document.get("schema")?.as_str()?;
        if !schema.starts_with("catchall.determination/") {
            return None;
        }
        let list = |key: &str| items(document.get(key));
        let basis = document.get("basis");
        let of_basis = |key: &str| text(basis.and_then(|basis| basis.get(key)));
        let missing = document.get("missing");
        let questions = items(missing.and_then(|missing| missing.get("essential")));
        let next = missing.and_then(|missing| missing.get("next"));
        let bound = |key: &str| text(document.get("bounds").and_then(|both| both.get(key)));
        let asked = document.get("asked").and_then(|asked| asked.get("as_of"));
        let is_open = |flag: &&Value| flag.get("open").and_then(Value::as_bool) == Some(true);
        Some(Answer {
            entry,
            id: text(document.get("id")),
            outcome: text(document.get("outcome")).parse().ok()?,
            least: bound("least"),
            most: bound("most"),
            summary: text(document.get("summary")),
            as_of: asked
                .and_then(Value::as_str)
                .and_then(|day| Day::parse(day).ok()),
            jurisdictions: list("jurisdictions")
                .map(|each| (text(each.get("id")), text(each.get("outcome"))))
                .collect(),
            cites: cites(document),
            questions: questions.map(question).collect(),
            first: next
                .and_then(|next| next.get("fact")?.as_str())
                .map(str::to_owned),
            hits: list("hits").map(hit).collect(),
            flags: list("flags")
                .filter(is_open)
                .map(|flag| text(flag.get("flag")))
                .collect(),
            basis: Basis {
                packs: of_basis("packs"),
                lists: of_basis("lists"),
                names: of_basis("names"),
                program: of_basis("program"),
            },
        })
    }
}

/// The citations of what decides the strictest jurisdiction, each once.
fn cites(document: &Value) -> Vec<String> {
    let first = items(document.get("jurisdictions")).next();
    let deciding: Vec<&str> = items(first.and_then(|first| first.get("deciding")))
        .filter_map(Value::as_str)
        .collect();
    let mut cites: Vec<String> = Vec::new();
    for finding in items(document.get("findings")) {
        let ours = finding.get("provision").and_then(Value::as_str);
        let cite = text(finding.get("cite"));
        if ours.is_some_and(|ours| deciding.contains(&ours)) && !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    cites
}

fn question(value: &Value) -> Question {
    Question {
        fact: text(value.get("fact")),
        question: text(value.get("question")),
        ask: text(value.get("ask")),
        evidence: text(value.get("evidence")),
    }
}

fn hit(value: &Value) -> HitSeen {
    let listing = value.get("listing");
    let of_listing = |key: &str| text(listing.and_then(|listing| listing.get(key)));
    let party = text(value.get("party"));
    let score = value.get("score").and_then(Value::as_f64).unwrap_or(0.0);
    let digest = Sha256::digest(listing.map(Value::to_string).unwrap_or_default());
    HitSeen {
        key: format!(
            "{}/{}/{}",
            of_listing("list"),
            of_listing("source_id"),
            folded(&party)
        ),
        print: digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        party,
        list: of_listing("list"),
        name: of_listing("name"),
        score: (score * 1000.0).round().clamp(0.0, 1000.0) as u16,
        band: text(value.get("band")),
    }
}

/// The elements of a list; none of anything else.
pub(crate) fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

/// A text; empty for anything else.
pub(crate) fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
