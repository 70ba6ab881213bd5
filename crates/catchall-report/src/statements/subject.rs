//! Who speaks: the noun phrase to the left of a verb of speech, or to its right; pronouns go back to who spoke last.

mod candidate;
mod ending;
mod left;
mod memory;
mod phrase;
mod right;
mod role;
mod unlisted;

pub(crate) use ending::possessor;
pub(crate) use left::left;
pub(crate) use right::right;
pub(crate) use unlisted::{bound, label, obliged, plain, plain_right};

use candidate::{candidate, named};
use left::date_ending;
use phrase::governed;

use super::Ground;
use crate::parties::Parties;
use crate::reading::Speaker;
use crate::tokens::Stretch;

/// A speaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Its party, if it is one.
    entity: Option<usize>,
    /// The words that name it.
    name: Option<String>,
    /// Role in words.
    role: Option<String>,
    /// Country, where the words tell it.
    country: Option<String>,
    /// `named`, `office` and so on.
    anonymity: &'static str,
    /// Whether it is an outlet.
    pub(crate) outlet: bool,
    many: bool,
}

impl Subject {
    pub(crate) fn unattributed() -> Subject {
        Subject {
            anonymity: "unattributed",
            ..Subject::default()
        }
    }

    pub(crate) fn same(&self, other: &Subject) -> bool {
        match (self.entity, other.entity) {
            (Some(a), Some(b)) => a == b && self.name == other.name,
            _ => self.name == other.name,
        }
    }

    pub(crate) fn person(&self, parties: &Parties) -> bool {
        self.entity
            .is_some_and(|entity| parties.entities[entity].kind == "person")
            && self.anonymity == "named"
    }

    pub(crate) fn anonymous(&self) -> bool {
        matches!(self.anonymity, "anonymous" | "unattributed")
    }

    /// Whether it is somebody in particular.
    pub(crate) fn definite(&self) -> bool {
        self.entity.is_some() || self.country.is_some() || self.anonymity == "office"
    }

    /// Whether its name ends in one of these words.
    pub(crate) fn ends_in(&self, words: &[&str]) -> bool {
        self.name.as_deref().is_some_and(|name| {
            let name = name.to_lowercase();
            words.iter().any(|word| name.ends_with(word))
        })
    }

    pub(crate) fn plural(&self) -> bool {
        self.many
    }

    pub(crate) fn country<'s>(&'s self, ground: &'s Ground<'_>) -> Option<&'s str> {
        self.country.as_deref().or_else(|| {
            self.entity
                .and_then(|entity| ground.parties.entities[entity].country.as_deref())
        })
    }

    pub(crate) fn speaker(&self, ground: &Ground<'_>) -> Speaker {
        let entity = self.entity.map(|entity| &ground.parties.entities[entity]);
        Speaker {
            name: self
                .name
                .clone()
                .or_else(|| entity.map(|entity| entity.name.clone()))
                .map(|name| self.of_state(ground, &name).unwrap_or(name)),
            role: self
                .role
                .clone()
                .or_else(|| entity.and_then(|entity| entity.role.clone()))
                .or_else(|| entity.map(|entity| entity.kind.to_owned())),
            country: self.country(ground).map(str::to_owned),
            party: entity.map(|entity| entity.id.clone()),
            anonymity: self.anonymity,
        }
    }
}

impl Subject {
    /// `Ruritania's embassy` is the Ruritanian embassy.
    fn of_state(&self, ground: &Ground<'_>, name: &str) -> Option<String> {
        let (owner, body) = name.split_once("'s ")?;
        let known = matches!(
            body.to_lowercase().as_str(),
            "embassy" | "government" | "mission" | "un mission" | "consulate" | "delegation"
        );
        let code = self.country(ground).filter(|_| known)?;
        let state = ground.work.words.state(code)?;
        let named = |list: &[String]| list.iter().any(|own| own == owner);
        let adjective = match code {
            "US" => "U.S.",
            _ => state.demonyms.first()?,
        };
        (named(&state.names) || named(&state.cities)).then(|| format!("{adjective} {body}"))
    }
}

/// Who spoke and who was spoken of, for pronouns.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    paragraph: usize,
    speaker: Option<Subject>,
    person: Option<Subject>,
    body: Option<Subject>,
    many: Option<Subject>,
    /// The firms and offices named lately, the likeliest last, for "the company" and "the ministry".
    bodies: Vec<usize>,
    /// The last few people with an office, for "the minister".
    offices: Vec<Subject>,
    /// Whose turn it is in a transcript, and the token behind the label.
    turn: Option<Subject>,
    turns: bool,
}

/// What stands between the verb and its subject.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Walk {
    /// A form of `be` before a participle.
    pub(crate) passive: bool,
    /// `was quoted as saying`.
    pub(crate) quoted: bool,
    /// A negation.
    pub(crate) negated: bool,
    /// An auxiliary.
    pub(crate) auxiliary: bool,
    /// The token behind the subject.
    pub(crate) end: usize,
}

/// A noun phrase that can speak.
struct Candidate {
    from: usize,
    to: usize,
    subject: Subject,
}

/// The state of an adjective: `the Swiss`, `the American view`.
pub(crate) fn nation(ground: &Ground<'_>, adjective: usize) -> Option<Subject> {
    let code = ground.parties.demonym(adjective)?;
    let entity = ground
        .parties
        .entities
        .iter()
        .position(|own| own.kind == "state" && own.country.as_deref() == Some(code));
    Some(Subject {
        entity,
        name: entity
            .is_none()
            .then(|| crate::undertakings::state_name(ground, code))
            .flatten(),
        country: Some(code.to_owned()),
        anonymity: "collective",
        ..Subject::default()
    })
}

impl Subject {
    fn name_in(&self, ground: &Ground<'_>) -> String {
        self.name
            .clone()
            .or_else(|| {
                self.entity
                    .map(|entity| ground.parties.entities[entity].name.clone())
            })
            .unwrap_or_default()
    }
}

/// The first country that a stretch speaks of.
pub(crate) fn first_country<'a>(ground: &Ground<'a>, at: Stretch) -> Option<&'a str> {
    let parties = ground.parties;
    (at.from..at.to).find_map(|place| {
        parties.demonym(place).or_else(|| {
            let mention = parties.at(place)?;
            parties.entities[mention.entity].country.as_deref()
        })
    })
}
