//! The graph of readings: who says what of a party, a technology, an undertaking or a transfer, through how many independent
//! origins, what was answered, and what has changed since.
//!
//! The door is [`evidence`]: readings and a question in, [`Evidence`] out. The same words through five outlets are one origin, and
//! reprints double nothing. A denial stays with the claim it answers and neither cancels nor confirms it. Who is only mentioned is
//! counted, and nothing else follows from it. Pure: no disk, no clock; the desk, the ledger and the command line call it alike.
//!
//! To grow: a rung of the ladder is a row in `rung.rs`; how origins are told apart stands in `origin.rs`; what a flag needs, in
//! `flag.rs`; how issues are found again, in `library.rs`.

mod claim;
mod days;
mod flag;
mod library;
mod name;
mod origin;
mod rung;

use jiff::civil::Date;
use serde::Serialize;

use crate::gazetteer::Gazetteers;
use crate::reading::Reading;
pub use claim::{Answer, Change, Claim, Place};
pub use days::interval;
pub use flag::{Level, Need, Raised, flag};
pub use library::{Wanted, reading_list};
pub use name::{key, same};
pub use rung::Rung;

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// A party, by a name that the texts give it.
    Party(String),
    /// A heading of technology, by its id or a term.
    Technology(String),
    /// An undertaking, by who is bound or by words of it.
    Commitment(String),
    /// A transfer, by giver and receiver.
    Transfer {
        /// Giver.
        from: String,
        /// Receiver.
        to: String,
    },
}

/// Everything that the readings hold on a question.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// `catchall.evidence/1`.
    pub schema: &'static str,
    /// The question.
    pub asked: Question,
    /// Readings looked at; the same file twice counts once.
    pub documents: usize,
    /// The best rung among the claims.
    pub rung: Option<Rung>,
    /// Independent origins of the claims.
    pub origins: usize,
    /// Outlets that carried them.
    pub outlets: Vec<String>,
    /// Countries that the claims come from, as the texts give them.
    pub sides: Vec<String>,
    /// Whether a relief has closed the finding, and from which day.
    pub closed: Option<String>,
    /// The claims, best rung first, then by day.
    pub claims: Vec<Claim>,
    /// Denials and concessions of those spoken of; those that answer a claim name it.
    pub answers: Vec<Answer>,
    /// What came after: reliefs, orders, undertakings.
    pub changes: Vec<Change>,
    /// Statements in which the party is only mentioned. Nothing follows from them.
    pub mentioned: usize,
    /// Issues that the readings point to and that are not among them.
    pub reading_list: Vec<Wanted>,
}

/// Answers a question from readings, as they would be known on a day: later readings and statements are left out.
///
/// The same readings in any order give the same evidence to the byte. Nothing found is an empty list, not an acquittal.
#[must_use]
pub fn evidence(
    readings: &[Reading],
    asked: &Question,
    words: &Gazetteers,
    on: Option<Date>,
) -> Evidence {
    let mut held: Vec<&Reading> = readings
        .iter()
        .filter(|reading| {
            on.is_none_or(|on| days::published(reading).is_none_or(|(from, _)| from <= on))
        })
        .collect();
    held.sort_by(|a, b| (&a.sha256, &a.doc_id).cmp(&(&b.sha256, &b.doc_id)));
    held.dedup_by(|a, b| a.sha256 == b.sha256 && !a.sha256.is_empty());
    let mut found: Vec<claim::Telling<'_>> = Vec::new();
    let mut mentioned = 0;
    for reading in &held {
        let told = claim::tellings(reading, asked, words);
        mentioned += told.mentioned;
        found.extend(told.tellings);
    }
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    let (answering, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(claim::Telling::answers);
    let (changing, claiming): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(claim::Telling::changes);
    let claims = origin::claims(&claiming);
    let answers = claim::answers(&answering, &claims, &claiming);
    let changes = claim::changes(&changing, &claiming);
    let mut outlets: Vec<String> = claims
        .iter()
        .flat_map(|claim| claim.outlets.clone())
        .collect();
    outlets.sort();
    outlets.dedup();
    let mut sides: Vec<String> = claims
        .iter()
        .filter_map(|claim| claim.country.clone())
        .collect();
    sides.sort();
    sides.dedup();
    Evidence {
        schema: "catchall.evidence/1",
        asked: asked.clone(),
        documents: held.len(),
        rung: claims.iter().map(|claim| claim.rung).min(),
        origins: claims.len(),
        outlets,
        sides,
        closed: claim::closed(&changes),
        claims,
        answers,
        changes,
        mentioned,
        reading_list: library::reading_list(&held, words),
    }
}
