//! Check: what is wrong with packs that load, whether their worked cases hold, and whether the cases would notice a
//! change.
//!
//! One file a check, each a function over the law that gives diagnostics; `bench.rs` asks the evaluator, `space/`
//! answers what can be the case at all. To add a check: one file, one line in [`check`], one faulty pack in
//! `tests/bad/`. What is wrong with a pack's form is said by the loader, before any of this runs.
//! Several may look at once: `share.rs` deals the questions out, so that a question stands behind `Bench::takes`.

mod bench;
mod cases;
mod citation;
mod commitments;
mod conflict;
mod coverage;
mod dates;
pub(crate) mod graph;
mod mutants;
mod mutate;
pub(crate) mod names;
mod review;
mod rules;
mod sense;
mod share;
mod space;
mod units;
mod vocabulary;
mod walk;
mod wording;

use crate::diagnostic::{At, Diagnostic};
use crate::pack::Law;

use bench::Bench;
use rules::Rules;
use space::Usual;

pub use bench::CaseVerdict;
pub use cases::{Failure, TestReport, test};
pub use mutate::{MutationReport, Picked, Survivor, mutate};
pub use review::{Review, review};

/// What the checks found, and what they could not look at.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What is wrong, in order of place; with the warnings of the load.
    pub diagnostics: Vec<Diagnostic>,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
}

/// A question that a check could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotChecked {
    /// Where.
    pub at: At,
    /// The question, in words.
    pub what: String,
    /// Why it has no answer.
    pub why: &'static str,
}

impl Report {
    /// Whether nothing graver than a warning was found.
    pub fn passes(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|each| each.severity != crate::diagnostic::Severity::Error)
    }

    fn not_checked(&mut self, at: &At, what: impl Into<String>, why: &'static str) {
        let row = NotChecked {
            at: at.clone(),
            what: what.into(),
            why,
        };
        if !self.not_checked.contains(&row) {
            self.not_checked.push(row);
        }
    }

    fn add(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
        self.not_checked.extend(other.not_checked);
    }
}

/// Too many values to tell apart.
const TOO_LARGE: &str = "too many values to tell apart";
/// Nothing was proven, and no case could be shown either.
const NOT_SHOWN: &str = "no case was found that shows it, and none is excluded: two dates that hang together, or entries of a list that exclude one another";

/// Runs every check over packs that loaded.
///
/// Diagnostics come in order of place, then of code. An empty report means that no check found anything, not that
/// the law is modelled rightly: the cases are for that ([`test()`], [`mutate`]).
pub fn check(law: &Law) -> Report {
    check_only(law, None, 1)
}

/// The same for what stands in files whose path holds a text, beside all the rest: a pack in the making is checked in a
/// moment. `workers` look at once; how many changes nothing in the report.
pub fn check_only(law: &Law, only: Option<&str>, workers: usize) -> Report {
    let mut report = Report {
        diagnostics: law.warnings.clone(),
        not_checked: Vec::new(),
    };
    if !law.sanctions.is_empty() {
        let suppliers = law.on_suppliers();
        report.diagnostics.extend(citation::check(&suppliers));
        report.diagnostics.extend(graph::check(&suppliers));
        let asked = share::each(workers, |turns| {
            let mut bench = Bench::new(&suppliers).only(only).taking(turns);
            let (rules, usual) = (Rules::of(&bench), Usual::of(&suppliers));
            let mut own = Report::default();
            sense::check(&mut bench, &rules, &usual, &mut own);
            own
        });
        asked.into_iter().for_each(|own| report.add(own));
    }
    report.diagnostics.extend(dates::check(law));
    report.diagnostics.extend(units::check(law));
    report.diagnostics.extend(names::check(law));
    report.diagnostics.extend(citation::check(law));
    report.diagnostics.extend(wording::check(law));
    report.diagnostics.extend(graph::check(law));
    report.diagnostics.extend(crate::crosswalk::check(law));
    report.diagnostics.extend(vocabulary::check(law));
    report.diagnostics.extend(commitments::check(law));
    let asked = share::each(workers, |turns| {
        let mut bench = Bench::new(law).only(only).taking(turns);
        let (rules, usual) = (Rules::of(&bench), Usual::of(law));
        let mut own = Report::default();
        sense::check(&mut bench, &rules, &usual, &mut own);
        conflict::check(&mut bench, &rules, &usual, &mut own);
        coverage::check(&mut bench, &rules, &usual, &mut own);
        own
    });
    asked.into_iter().for_each(|own| report.add(own));
    report.diagnostics.sort_by(|a, b| {
        a.at.cmp(&b.at)
            .then_with(|| a.code.cmp(b.code))
            .then_with(|| a.message.cmp(&b.message))
    });
    report.diagnostics.dedup();
    report
        .diagnostics
        .retain(|each| only.is_none_or(|only| each.at.file.contains(only)));
    report.not_checked.sort_by(|a, b| {
        a.at.cmp(&b.at)
            .then_with(|| a.what.cmp(&b.what))
            .then_with(|| a.why.cmp(b.why))
    });
    report.not_checked.dedup();
    report
}
