//! What a flag needs. A report may raise a question for a person and nothing else; only law prohibits.
//!
//! The party must be resolved by an identifier or by a person, stand in a transfer as giver, receiver or one who helps, in technology that
//! touches the item at hand, within a stated look-back, without a relief since, and on an open origin or on two. What has less is to
//! watch, and watching never blocks. A claim about a state flags none of its firms.

use jiff::civil::Date;
use serde::Serialize;

use super::claim::Part;
use super::{Evidence, Question, days};

/// What the caller knows of the transfer at hand.
#[derive(Clone, Debug)]
pub struct Need {
    /// Whether an identifier or a person has resolved the party; a name alone has not.
    pub resolved: bool,
    /// Whether the party is a state or its government.
    pub state: bool,
    /// Headings of technology that the item touches.
    pub technology: Vec<String>,
    /// The day of the transfer.
    pub on: Date,
    /// How many days back a claim may lie.
    pub look_back: i32,
}

/// How far the evidence reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing to ask.
    None,
    /// To be kept in view; blocks nothing.
    Watch,
    /// A question that a person must answer.
    Flag,
}

/// A level with its reasons and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Raised {
    /// The level.
    pub level: Level,
    /// What was missing for a higher one.
    pub lacks: Vec<&'static str>,
    /// Who alleged what, when, through whom, what was answered, what has changed.
    pub text: String,
}

/// Weighs the evidence on a party against the preconditions.
#[must_use]
pub fn flag(evidence: &Evidence, need: &Need) -> Raised {
    let Question::Party(party) = &evidence.asked else {
        return none("only a party can be flagged");
    };
    if need.state {
        return none("a claim about a state flags no single firm");
    }
    let standing: Vec<_> = evidence
        .claims
        .iter()
        .filter(|claim| matches!(claim.part, Part::Giver | Part::Receiver | Part::Helper))
        .collect();
    if standing.is_empty() {
        return none("the party stands in no transfer told");
    }
    let touching: Vec<_> = standing
        .into_iter()
        .filter(|claim| {
            claim
                .technology
                .iter()
                .any(|own| need.technology.contains(own))
        })
        .collect();
    if touching.is_empty() {
        return none("no technology told touches the item");
    }
    let recent: Vec<_> = touching
        .into_iter()
        .filter(|claim| {
            let day = claim
                .said
                .as_deref()
                .or(claim.printed.as_deref())
                .and_then(days::interval);
            day.is_none_or(|(_, last)| {
                last.until(need.on)
                    .is_ok_and(|gap| gap.get_days() <= need.look_back && gap.get_days() >= 0)
            })
        })
        .collect();
    if recent.is_empty() {
        return none("every claim lies outside the look-back");
    }
    let relieved = evidence
        .closed
        .as_deref()
        .and_then(days::interval)
        .is_some_and(|(day, _)| day <= need.on);
    if relieved {
        return none("a relief has closed the finding");
    }
    let mut lacks = Vec::new();
    if !need.resolved {
        lacks.push("nobody has resolved the name to a party");
    }
    if !recent.iter().any(|claim| claim.rung.on_record()) && recent.len() < 2 {
        lacks.push("one origin only, and nobody stands to it openly");
    }
    let level = if lacks.is_empty() {
        Level::Flag
    } else {
        Level::Watch
    };
    Raised {
        level,
        lacks,
        text: text(evidence, party),
    }
}

fn none(lack: &'static str) -> Raised {
    Raised {
        level: Level::None,
        lacks: vec![lack],
        text: String::new(),
    }
}

/// The flag in words, from the records alone.
fn text(evidence: &Evidence, party: &str) -> String {
    use std::fmt::Write as _;
    let mut out = format!(
        "{party}: {} origin{} through {} outlet{}.",
        evidence.origins,
        if evidence.origins == 1 { "" } else { "s" },
        evidence.outlets.len(),
        if evidence.outlets.len() == 1 { "" } else { "s" }
    );
    for claim in evidence.claims.iter().take(5) {
        let _ = write!(
            out,
            " {} ({}, {}) {}: {}.",
            claim.speaker.as_deref().unwrap_or("Somebody"),
            claim.rung.words(),
            claim.said.as_deref().unwrap_or("undated"),
            claim.kind,
            claim.content
        );
    }
    for answer in evidence.answers.iter().take(5) {
        let _ = write!(
            out,
            " Answer of {} ({}): {}, {}.",
            answer.speaker.as_deref().unwrap_or("somebody"),
            answer.said.as_deref().unwrap_or("undated"),
            answer.kind,
            answer.content
        );
    }
    for change in &evidence.changes {
        let _ = write!(
            out,
            " Since: {} ({}).",
            change.content,
            change.said.as_deref().unwrap_or("undated")
        );
    }
    out
}
