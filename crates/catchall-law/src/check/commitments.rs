//! Commitments: every undertaking has a worked case, every act that breaks or keeps one lies within reach of it, and the cases
//! hold.

use std::collections::BTreeSet;

use super::cases::{Failure, TestReport};
use crate::commitments::StandingCase;
use crate::diagnostic::Diagnostic;
use crate::pack::Law;

/// What is wrong, or missing, with the undertakings of packs that loaded.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let shown: BTreeSet<&str> = law
        .standing_cases
        .iter()
        .map(|case| case.of.as_str())
        .collect();
    let without = law
        .record
        .undertakings
        .iter()
        .filter(|each| !shown.contains(each.id.as_str()));
    without
        .filter_map(|each| {
            Some(Diagnostic::warning(
                "no-standing-case",
                each.at.clone()?,
                format!("`{}` has no worked case", each.id),
                "add a `toml standing` block: its standing on a day, from what is known of it",
            ))
        })
        .collect()
}

/// Runs the cases of undertakings.
pub(super) fn run(law: &Law, report: &mut TestReport) {
    let mut shown = BTreeSet::new();
    for case in &law.standing_cases {
        report.standings += 1;
        shown.insert(case.of.as_str());
        report.failures.extend(failure(law, case));
    }
    report.undertakings = shown.len();
}

fn failure(law: &Law, case: &StandingCase) -> Option<Failure> {
    let mut record = law.record.clone();
    record.acts.extend(case.acts.iter().cloned());
    record.settle();
    let undertaking = record.undertaking(&case.of)?;
    let answer = record.standing(undertaking, case.on, case.known_by, &str::to_owned);
    let own = case
        .party
        .as_ref()
        .and_then(|party| answer.parties.iter().find(|each| each.party == *party));
    let (standing, in_force) = own.map_or((answer.standing, answer.in_force), |own| {
        (own.standing, own.in_force)
    });
    let wrong = standing != case.standing || case.in_force.is_some_and(|own| own != in_force);
    if !wrong {
        return None;
    }
    let said = |in_force: Option<catchall_model::InForceOn>| {
        in_force.map_or(String::new(), |word| format!(", in force: {word}"))
    };
    let why: Vec<String> = own
        .into_iter()
        .chain(answer.parties.iter().filter(|_| own.is_none()))
        .flat_map(|party| &party.because)
        .map(|reason| reason.words.clone())
        .collect();
    Some(Failure {
        at: case.at.clone(),
        case: format!("`{}`, \"{}\"", case.of, case.name),
        expected: format!("{}{}", case.standing, said(case.in_force)),
        found: format!("{standing}{}", said(case.in_force.map(|_| in_force))),
        why: why.join("; "),
    })
}
