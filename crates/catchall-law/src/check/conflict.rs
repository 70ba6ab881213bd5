//! Conflict: provisions of equal rank that contradict each other, and list entries that share what they part.
//!
//! Effects of a jurisdiction combine by the strongest, so two requirements never contradict. What does: a provision
//! that frees (no licence required, or covered by one) without excepting anything, beside one of equal rank that
//! asks for more; and two exceptions to one provision of which one frees and the other asks for a licence or bars.
//! An entry whose title says "not in" another entry parts a whole with it: no item may meet both.

use catchall_model::Effect;

use super::bench::{Bench, CaseVerdict};
use super::sense;
use super::space::{Space, Survey, Usual};
use super::walk;
use super::{NOT_SHOWN, Report, TOO_LARGE};
use crate::diagnostic::Diagnostic;
use crate::pack::{Entry, Law};
use crate::vocabulary::FactId;

/// Looks for contradictions among provisions and among the entries of each list.
pub(super) fn check(bench: &mut Bench, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    let exceptions = walk::exceptions(law);
    let count = law.provisions.len();
    for a in 0..count {
        for b in 0..count {
            let (Some(x), Some(y)) = (strongest(bench, a), strongest(bench, b)) else { continue };
            let (one, other) = (&law.provisions[a], &law.provisions[b]);
            if a == b || one.jurisdiction != other.jurisdiction || one.force != other.force {
                continue;
            }
            let ranked = reaches(law, a, b) || reaches(law, b, a);
            let frees = x <= Effect::CoveredByLicence;
            let alone = one.excepts.is_empty() && y >= Effect::Notify && other.excepts.is_empty();
            let both = !one.excepts.is_empty() && y >= Effect::LicenceRequired && one.excepts.iter().any(|base| other.excepts.contains(base));
            if ranked || !frees || !(alone || both) {
                continue;
            }
            let base = one.excepts.iter().copied().find(|base| other.excepts.contains(base)).filter(|_| both);
            if overlap(bench, usual, report, (a, b, base), &exceptions).is_none() {
                report.not_checked(&one.at, format!("whether `{}` and `{}` contradict each other", one.id, other.id), TOO_LARGE);
            }
        }
    }
    partitions(bench, usual, report);
}

/// The strongest effect of a provision; `None` when it can have none.
fn strongest(bench: &Bench, provision: usize) -> Option<Effect> {
    bench.rules(provision).iter().map(|rule| bench.version(*rule).effect).max()
}

/// Whether one provision excepts another, directly or through others.
fn reaches(law: &Law, from: usize, to: usize) -> bool {
    law.provisions[from].excepts.iter().any(|each| *each == to || reaches(law, *each, to))
}

fn overlap(bench: &mut Bench, usual: &Usual, report: &mut Report, (a, b, base): (usize, usize, Option<usize>), exceptions: &[Vec<usize>]) -> Option<()> {
    let law = bench.law;
    let mut survey = Survey::default();
    for each in [Some(a), Some(b)].into_iter().flatten() {
        sense::survey_with_exceptions(bench, each, exceptions, &mut survey);
    }
    for rule in base.into_iter().flat_map(|base| bench.rules(base)) {
        survey.version(law, bench.version(*rule));
    }
    let mut space = Space::new(law, &survey)?;
    let one = sense::applies(bench, &mut space, a, exceptions)?;
    let other = sense::applies(bench, &mut space, b, exceptions)?;
    let mut both = space.and(one, other)?;
    if let Some(base) = base {
        let lifted = sense::own(bench, &mut space, base)?;
        both = space.and(both, lifted)?;
    }
    let both = space.surely(both)?;
    if both == super::space::Ref::NO {
        return Some(());
    }
    let shown = space.witness(both, usual, &mut |witness| [a, b].iter().all(|each| bench.verdict(*each, &witness.facts).0 == CaseVerdict::Applies));
    let (one, other) = (&law.provisions[a], &law.provisions[b]);
    let word = |each: usize| strongest(bench, each).map_or("", Effect::word);
    match shown {
        None => report.not_checked(&one.at, format!("whether `{}` and `{}` contradict each other", one.id, other.id), NOT_SHOWN),
        Some(witness) => {
            let message = format!("`{}` says {} where `{}`, of the same rank, says {}", one.id, word(a), other.id, word(b));
            let help = format!("the stronger always wins, so `{}` would never count: let it except what it frees (`excepts = [\"{}\"]`), or narrow it", one.id, other.id);
            report.diagnostics.push(Diagnostic::error("contradiction", one.at.clone(), message, help).shown_by(witness.words()));
        }
    }
    Some(())
}

/// Entries that their titles set apart: "complete rocket system not in 1.A.1".
fn partitions(bench: &mut Bench, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for list in &law.lists {
        for entry in &list.entries {
            for code in parted_from(&entry.title) {
                let Some(other) = list.entries.iter().find(|each| each.code == code && each.code != entry.code) else { continue };
                if parted(bench, usual, report, entry, other).is_none() {
                    report.not_checked(&entry.at, format!("whether `{}` and `{}` share an item", entry.code, other.code), TOO_LARGE);
                }
            }
        }
    }
}

/// The codes behind "not in", "other than those in" and the like.
fn parted_from(title: &str) -> Vec<&str> {
    let phrases = ["not in ", "not specified in ", "not controlled by ", "other than those in ", "other than those specified in "];
    let behind = phrases.iter().find_map(|phrase| title.split_once(phrase).map(|(_, rest)| rest)).unwrap_or_default();
    let words = behind.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).filter(|word| !word.is_empty());
    words.take_while(|word| matches!(*word, "or" | "and") || word.bytes().any(|b| b.is_ascii_digit())).filter(|word| !matches!(*word, "or" | "and")).collect()
}

fn parted(bench: &mut Bench, usual: &Usual, report: &mut Report, entry: &Entry, other: &Entry) -> Option<()> {
    let law = bench.law;
    let (Some(one), Some(two)) = (&entry.when, &other.when) else { return Some(()) };
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let mut survey = Survey::default();
    survey.condition(one, date);
    survey.condition(two, date);
    let mut space = Space::new(law, &survey)?;
    let (x, y) = (space.condition(one, date)?, space.condition(two, date)?);
    let both = space.and(x, y)?;
    let both = space.surely(both)?;
    if both == super::space::Ref::NO {
        return Some(());
    }
    let mut meets = |witness: &super::space::Witness| [one, two].iter().all(|each| bench.condition(each, date, &witness.facts) == Some(true));
    match space.witness(both, usual, &mut meets) {
        None => report.not_checked(&entry.at, format!("whether `{}` and `{}` share an item", entry.code, other.code), NOT_SHOWN),
        Some(witness) => {
            let message = format!("the title of `{}` sets it apart from `{}`, but an item can meet both tests", entry.code, other.code);
            let help = format!("take out of `{}` what `{}` holds", entry.code, other.code);
            report.diagnostics.push(Diagnostic::error("shared-item", entry.at.clone(), message, help).shown_by(witness.words()));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::parted_from;

    #[test]
    fn a_title_names_what_it_parts_from() {
        assert_eq!(parted_from("complete rocket system not in 1.A.1"), ["1.A.1"]);
        assert_eq!(parted_from("gyros not in 9.A.3 or 9.A.4, for vehicles"), ["9.A.3", "9.A.4"]);
        assert_eq!(parted_from("unmanned aerial vehicle with aerosol dispensing"), [] as [&str; 0]);
    }
}
