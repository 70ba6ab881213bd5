//! Commitments: undertakings of states and others, the acts that bear on them, and how each stands on a day.
//!
//! An undertaking and an act are data, read from packs (`pack/load/commitments.rs`) or from a user's file by the same reader
//! (`read.rs`). [`Record::standing`] is pure: the same record, the same day, the same answer (`standing.rs`, where each rule is
//! written down). Nothing here knows a file, a clock or a state.
//!
//! To add a field: one line in [`UNDERTAKING_FIELDS`] or [`ACT_FIELDS`], one in `read.rs`, one in `docs/commitments.md`.

mod history;
mod read;
mod standing;

use catchall_model::{
    ActKind, Day, Force, InForceOn, Number, Shows, Span, Standing, UndertakingSort,
};

use crate::diagnostic::At;

pub use history::Stretch;
pub use read::{ACT_FIELDS, Fault, Fields, UNDERTAKING_FIELDS, read_act, read_undertaking};
pub use standing::{Answer, PartyAnswer, Reason};

/// A day that may be known only as lying between two others.
pub type When = Span;

/// What somebody undertook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undertaking {
    /// `<pack>/<name>`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Place of its instrument among the packs' instruments; `None` for one from a file.
    pub instrument: Option<usize>,
    /// Whose it is: codes of states, or names.
    pub by: Vec<String>,
    /// To whom.
    pub to: Vec<String>,
    /// What, in our words.
    pub what: String,
    /// What sort of thing.
    pub sort: UndertakingSort,
    /// Instrument, article and paragraph.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// Whether it was read, and not only recalled.
    pub read: bool,
    /// How it binds.
    pub force: Force,
    /// Whether it ever came into force.
    pub in_effect: bool,
    /// Since when.
    pub from: When,
    /// The last day by its own terms.
    pub until: When,
    /// By when.
    pub due: Due,
    /// How it is measured.
    pub measured: String,
    /// The figure that it may not go above.
    pub ceiling: Option<Ceiling>,
    /// The right to leave it.
    pub leave: Option<Leave>,
    /// Undertakings on which this one depends.
    pub needs: Vec<String>,
    /// How it depends on them, in words.
    pub link: String,
    /// What must be asked before anybody can say how it stands.
    pub asks: Vec<String>,
    /// Words for the reader.
    pub note: String,
    /// When it was entered.
    pub recorded: Option<Day>,
    /// Where it stands.
    pub at: Option<At>,
}

/// By when something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// No day belongs to it.
    None,
    /// There is a day, and nobody has published it.
    NotPublished,
    /// On this day at the latest, or on a day between these two.
    By(When),
}

/// A figure that may not be exceeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// The most.
    pub most: Number,
    /// Of what.
    pub of: String,
    /// In which unit, where it is more than a count.
    pub unit: String,
}

/// A right to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Where it stands and what it asks for.
    pub text: String,
    /// How many months' notice.
    pub notice_months: i32,
}

/// Something that happened and bears on an undertaking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its key.
    pub id: String,
    /// When.
    pub date: When,
    /// Who acted or spoke: a state's code, or a name.
    pub by: String,
    /// The person, office or outlet, in words.
    pub who: String,
    /// What it is.
    pub kind: ActKind,
    /// What it shows; `None` where the sort of the undertaking, or a figure, decides.
    pub shows: Option<Shows>,
    /// What happened, in our words.
    pub what: String,
    /// Undertakings that it bears on.
    pub bears_on: Vec<String>,
    /// Whose performance it is about, where that is not who acted.
    pub about: Vec<String>,
    /// Who says that it happened, where it is not plain to all.
    pub said_by: Vec<String>,
    /// From when an end, a suspension takes effect.
    pub effective: Option<When>,
    /// The last day of a suspension.
    pub until: Option<When>,
    /// A figure reached.
    pub value: Option<Number>,
    /// Acts that it answers, closes, corrects or takes back.
    pub of: Vec<String>,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// Whether it was read, and not only recalled.
    pub read: bool,
    /// When it was entered; `None` for one from a file, which counts as known.
    pub recorded: Option<Day>,
    /// Where it stands.
    pub at: Option<At>,
}

impl Act {
    /// Who answers for it having happened: those who say so, else whoever acted.
    pub fn tellers(&self) -> &[String] {
        if self.said_by.is_empty() {
            std::slice::from_ref(&self.by)
        } else {
            &self.said_by
        }
    }
}

/// A worked case of an undertaking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingCase {
    /// Its name.
    pub name: String,
    /// The undertaking.
    pub of: String,
    /// The day.
    pub on: Day,
    /// The record as of this day.
    pub known_by: Option<Day>,
    /// One of those bound; all of them otherwise.
    pub party: Option<String>,
    /// What must come out.
    pub standing: Standing,
    /// Whether it binds on that day, where the case says.
    pub in_force: Option<InForceOn>,
    /// Further acts of the case alone.
    pub acts: Vec<Act>,
    /// Where it stands.
    pub at: At,
}

/// Undertakings and acts: all that is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Every undertaking, by id.
    pub undertakings: Vec<Undertaking>,
    /// Every act, by date and id.
    pub acts: Vec<Act>,
}

impl Record {
    /// The undertaking of this id.
    pub fn undertaking(&self, id: &str) -> Option<&Undertaking> {
        self.undertakings.iter().find(|each| each.id == id)
    }

    /// The acts that bear on an undertaking, in the order of their days, each once.
    pub fn acts_of<'a>(&'a self, undertaking: &'a Undertaking) -> impl Iterator<Item = &'a Act> {
        self.acts
            .iter()
            .filter(|act| act.bears_on.contains(&undertaking.id))
    }

    /// Puts everything into its order and drops acts that stand twice, word for word.
    pub fn settle(&mut self) {
        self.undertakings.sort_by(|a, b| a.id.cmp(&b.id));
        self.acts
            .sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
        self.acts.dedup_by(|a, b| {
            a.id == b.id
                && Act {
                    at: None,
                    ..a.clone()
                } == Act {
                    at: None,
                    ..b.clone()
                }
        });
    }
}
