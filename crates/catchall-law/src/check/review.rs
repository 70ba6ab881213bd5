//! Review: what a second reader of the law should look at first, and why.
//!
//! Not a check: nothing here is wrong. It puts provisions, dated sets and lists in the order in which an error would cost most: what
//! frees a transfer from memory alone comes before what bars one, and what is in force before what is over.

use catchall_model::{Day, Effect};

use crate::pack::{Law, Provision};
use crate::period::Holds;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// `provision`, `set` or `list`.
    pub what: &'static str,
    /// Its id.
    pub id: String,
    /// As a lawyer would cite it.
    pub cite: String,
    /// Where it was read, or what it was recalled from.
    pub source: String,
    /// `read`, `recalled`, or for a list how many entries are only recalled: `recalled 12 of 40`.
    pub confidence: String,
    /// The newest day on which a person entered or changed it; sets and lists have none of their own.
    pub recorded: Option<Day>,
    /// Whether it is in force on the day of the review.
    pub in_force: bool,
    /// Worked cases, or samples.
    pub cases: usize,
    /// Why it should be looked at, the weightiest reason first; empty when nothing speaks for it.
    pub why: Vec<&'static str>,
    /// How much speaks for looking, added up.
    pub weight: u32,
    /// Where it stands, `file:line`.
    pub at: String,
}

const FREES: (u32, &str) = (8, "frees a transfer, and was only recalled");
const BARS: (u32, &str) = (5, "bars a transfer, and was only recalled");
const RECALLED: (u32, &str) = (4, "was only recalled");
const DISPUTED: (u32, &str) = (3, "is read in more than one way");
const OPEN_DAYS: (u32, &str) = (3, "has days that are not known");
const NO_SOURCE: (u32, &str) = (3, "names no source");
const FEW_CASES: (u32, &str) = (2, "has fewer than three cases");

/// Everything that a person may review, what needs it most first; then by id.
pub fn review(law: &Law, on: Day) -> Vec<Review> {
    let provisions = law.provisions.iter().map(|each| provision(law, each, on));
    let sets = law.sets.iter().map(|set| {
        let in_force = set
            .members
            .iter()
            .any(|(_, period)| period.on(on) != Holds::No);
        let mut why = Vec::new();
        if !set.read {
            why.push(RECALLED);
        }
        if set
            .members
            .iter()
            .any(|(_, period)| period.sure != period.possible)
        {
            why.push(OPEN_DAYS);
        }
        if set.source.trim().is_empty() {
            why.push(NO_SOURCE);
        }
        row("set", &set.id, &set.cite, &set.source, why, &set.at).with(
            in_force,
            0,
            None,
            word(set.read),
        )
    });
    let lists = law.lists.iter().map(|list| {
        let recalled = |entry: &&crate::pack::Entry| !entry.editions.iter().any(|each| each.read);
        let recalled = list.entries.iter().filter(recalled).count();
        let samples = list.entries.iter().map(|entry| entry.samples.len()).sum();
        let mut why = Vec::new();
        if recalled > 0 {
            why.push((4, "has entries that were only recalled"));
        }
        if !list.complete {
            why.push((2, "is not held as a whole"));
        }
        let confidence = match recalled {
            0 => "read".to_owned(),
            some => format!("recalled {some} of {}", list.entries.len()),
        };
        row("list", &list.id, &list.cite, "", why, &list.at).with(true, samples, None, confidence)
    });
    let mut all: Vec<Review> = provisions.chain(sets).chain(lists).collect();
    all.sort_by(|a, b| {
        (b.weight, b.in_force, a.what, &a.id).cmp(&(a.weight, a.in_force, b.what, &b.id))
    });
    all
}

fn provision(law: &Law, provision: &Provision, on: Day) -> Review {
    let in_force = provision
        .versions
        .iter()
        .any(|version| version.in_force.on(on) != Holds::No);
    let effects = provision.versions.iter().map(|version| version.effect);
    let strongest = effects.max();
    let mut why = Vec::new();
    if !provision.read {
        why.push(match strongest {
            _ if !provision.excepts.is_empty() => FREES,
            Some(effect) if effect >= Effect::PresumptionOfDenial => BARS,
            _ => RECALLED,
        });
    }
    if provision
        .versions
        .iter()
        .any(|version| !version.disputed.is_empty())
    {
        why.push(DISPUTED);
    }
    let unsure =
        |version: &crate::pack::Version| version.in_force.sure != version.in_force.possible;
    if provision.versions.iter().any(unsure) {
        why.push(OPEN_DAYS);
    }
    if provision.source.trim().is_empty() {
        why.push(NO_SOURCE);
    }
    if provision.cases.len() < 3 {
        why.push(FEW_CASES);
    }
    // What has no effect, a bill or a proposal, can mislead nobody into a transfer.
    if !law.instruments[provision.instrument].in_effect {
        why.clear();
    }
    let recorded = provision
        .versions
        .iter()
        .map(|version| version.recorded)
        .max();
    row(
        "provision",
        &provision.id,
        &provision.cite,
        &provision.source,
        why,
        &provision.at,
    )
    .with(
        in_force,
        provision.cases.len(),
        recorded,
        word(provision.read),
    )
}

fn word(read: bool) -> String {
    if read { "read" } else { "recalled" }.to_owned()
}

fn row(
    what: &'static str,
    id: &str,
    cite: &str,
    source: &str,
    mut why: Vec<(u32, &'static str)>,
    at: &crate::diagnostic::At,
) -> Review {
    why.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    Review {
        what,
        id: id.to_owned(),
        cite: cite.to_owned(),
        source: source.to_owned(),
        confidence: String::new(),
        recorded: None,
        in_force: false,
        cases: 0,
        weight: why.iter().map(|(weight, _)| weight).sum(),
        why: why.into_iter().map(|(_, said)| said).collect(),
        at: format!("{}:{}", at.file, at.line),
    }
}

impl Review {
    fn with(
        self,
        in_force: bool,
        cases: usize,
        recorded: Option<Day>,
        confidence: String,
    ) -> Review {
        Review {
            in_force,
            cases,
            recorded,
            confidence,
            // What is over can no longer free anybody tomorrow; it still answers for its days.
            weight: if in_force {
                self.weight * 2
            } else {
                self.weight
            },
            ..self
        }
    }
}
