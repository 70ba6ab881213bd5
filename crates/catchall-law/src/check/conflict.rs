//! Conflict: provisions of equal rank that contradict each other, and list entries that share what they part.
//!
//! Effects of a jurisdiction combine by the strongest, so two requirements never contradict. What does: two exceptions
//! to one provision of which one frees (no licence required, or covered by one) and the other asks for a licence or
//! bars. A provision that frees without excepting anything never counts beside one of equal rank that asks for more: that
//! is a warning, since it may only want to say that its measure asks for nothing. An entry whose title says "not in" another entry parts a whole with it: no item may meet both.

use catchall_model::Effect;

use super::bench::{Bench, CaseVerdict};
use super::rules::Rules;
use super::space::{Question, Ref, Space, Survey, Usual, Witness};
use super::{NOT_SHOWN, Report, TOO_LARGE};
use crate::diagnostic::Diagnostic;
use crate::pack::{Entry, Law};
use crate::vocabulary::FactId;

/// Looks for contradictions among provisions and among the entries of each list.
pub(super) fn check(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for a in 0..law.provisions.len() {
        if !bench.takes() {
            continue;
        }
        if law.provisions[a].excepts.is_empty() {
            idle_freedom(bench, rules, usual, report, a);
        } else {
            contradictions(bench, rules, usual, report, a);
        }
    }
    partitions(bench, usual, report);
}

/// Provisions of the same rank that neither excepts, with their strongest effects.
fn equals<'a>(
    law: &'a Law,
    rules: &'a Rules,
    a: usize,
) -> impl Iterator<Item = (usize, Effect)> + 'a {
    let one = &law.provisions[a];
    let equal = move |b: &usize| {
        let other = &law.provisions[*b];
        *b != a
            && one.jurisdiction == other.jurisdiction
            && one.force == other.force
            && !reaches(law, a, *b)
            && !reaches(law, *b, a)
    };
    (0..law.provisions.len())
        .filter(equal)
        .filter_map(|b| strongest(rules, b).map(|effect| (b, effect)))
}

/// A provision that frees, but excepts nothing: it never counts where it meets a requirement of its rank.
fn idle_freedom(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report, a: usize) {
    let law = bench.law;
    let one = &law.provisions[a];
    if strongest(rules, a).is_none_or(|effect| effect > Effect::CoveredByLicence) {
        return;
    }
    let requirements: Vec<usize> = equals(law, rules, a)
        .filter(|(b, effect)| *effect >= Effect::Notify && law.provisions[*b].excepts.is_empty())
        .filter(|(b, _)| bench.asks_any(&[a, *b]))
        .map(|(b, _)| b)
        .collect();
    let mut met: Vec<(usize, Witness)> = Vec::new();
    for b in requirements {
        match overlap(bench, rules, usual, a, b, None) {
            Overlap::Never => {}
            Overlap::Shown(witness) => met.push((b, witness)),
            Overlap::NotShown(why) => report.not_checked(
                &one.at,
                format!(
                    "whether `{}` and `{}` hold together",
                    one.id, law.provisions[b].id
                ),
                why,
            ),
        }
    }
    let Some((_, witness)) = met.first() else {
        return;
    };
    let names: Vec<String> = met
        .iter()
        .take(3)
        .map(|(b, _)| format!("`{}`", law.provisions[*b].id))
        .collect();
    let more = if met.len() > 3 {
        format!(" and {} more", met.len() - 3)
    } else {
        String::new()
    };
    let (verb, rank) = if met.len() == 1 {
        ("asks", "which has")
    } else {
        ("ask", "which have")
    };
    let message = format!(
        "`{}` frees, but excepts nothing: where {}{more} ({rank} the same rank) {verb} for more, it never counts",
        one.id,
        names.join(", ")
    );
    let help = "if it is meant to free, let it except what it frees (`excepts`); if it only says that this measure asks for nothing, that is how it reads";
    report.diagnostics.push(
        Diagnostic::warning("idle-freedom", one.at.clone(), message, help)
            .shown_by(witness.words()),
    );
}

/// Two exceptions to one provision, of which one frees and the other asks for a licence or bars.
fn contradictions(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report, a: usize) {
    let law = bench.law;
    let one = &law.provisions[a];
    let Some(own) = strongest(rules, a).filter(|effect| *effect <= Effect::CoveredByLicence) else {
        return;
    };
    let others: Vec<(usize, Effect)> = equals(law, rules, a)
        .filter(|(b, effect)| *effect >= Effect::LicenceRequired && bench.asks_any(&[a, *b]))
        .collect();
    for (b, effect) in others {
        let other = &law.provisions[b];
        let Some(base) = one
            .excepts
            .iter()
            .copied()
            .find(|base| other.excepts.contains(base))
        else {
            continue;
        };
        match overlap(bench, rules, usual, a, b, Some(base)) {
            Overlap::Never => {}
            Overlap::NotShown(why) => report.not_checked(
                &one.at,
                format!(
                    "whether `{}` and `{}` contradict each other",
                    one.id, other.id
                ),
                why,
            ),
            Overlap::Shown(witness) => {
                let base = &law.provisions[base].id;
                let message = format!(
                    "`{}` and `{}` both except `{base}`, but the first says {own} and the second {effect}",
                    one.id, other.id
                );
                let help = "two exceptions of equal rank must not disagree: narrow one of them, or let one except the other";
                report.diagnostics.push(
                    Diagnostic::error("contradiction", one.at.clone(), message, help)
                        .shown_by(witness.words()),
                );
            }
        }
    }
}

/// The strongest effect of a provision; `None` when it can have none.
fn strongest(rules: &Rules, provision: usize) -> Option<Effect> {
    rules
        .versions(provision)
        .iter()
        .map(|version| version.effect)
        .max()
}

/// Whether one provision excepts another, directly or through others.
fn reaches(law: &Law, from: usize, to: usize) -> bool {
    law.provisions[from]
        .excepts
        .iter()
        .any(|each| *each == to || reaches(law, *each, to))
}

enum Overlap {
    Never,
    Shown(Witness),
    NotShown(&'static str),
}

/// Whether two provisions apply together, where both lift a third if one is named.
fn overlap(
    bench: &mut Bench,
    rules: &Rules,
    usual: &Usual,
    a: usize,
    b: usize,
    base: Option<usize>,
) -> Overlap {
    let mut survey = Survey::default();
    rules.survey(a, &mut survey);
    rules.survey(b, &mut survey);
    if let Some(base) = base {
        rules.survey_own(base, &mut survey);
    }
    let both = |space: &mut Space| {
        let (one, other) = (rules.applies(space, a)?, rules.applies(space, b)?);
        let mut both = space.and(one, other)?;
        if let Some(base) = base {
            let lifted = rules.own(space, base)?;
            both = space.and(both, lifted)?;
        }
        space.surely(both)
    };
    let question = Question {
        law: bench.law,
        survey,
        build: Box::new(both),
    };
    let free = question.free();
    if let Some((_, Ref::NO)) = free {
        return Overlap::Never;
    }
    let mut apply = |witness: &Witness| {
        [a, b]
            .iter()
            .all(|each| bench.verdict(*each, &witness.facts).0 == CaseVerdict::Applies)
    };
    match question.witness(usual, &mut apply) {
        Some(witness) => Overlap::Shown(witness),
        None => Overlap::NotShown(if free.is_some() { NOT_SHOWN } else { TOO_LARGE }),
    }
}

/// Entries that their titles set apart: "complete rocket system not in 1.A.1".
fn partitions(bench: &mut Bench, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for list in &law.lists {
        for entry in &list.entries {
            if !bench.asks(&entry.at) {
                continue;
            }
            for code in parted_from(&entry.title) {
                let Some(other) = list
                    .entries
                    .iter()
                    .find(|each| each.code == code && each.code != entry.code)
                else {
                    continue;
                };
                if bench.takes() {
                    parted(bench, usual, report, entry, other);
                }
            }
        }
    }
}

/// The codes behind "not in", "other than those in" and the like.
fn parted_from(title: &str) -> Vec<&str> {
    let phrases = [
        "not in ",
        "not specified in ",
        "not controlled by ",
        "other than those in ",
        "other than those specified in ",
    ];
    let behind = phrases
        .iter()
        .find_map(|phrase| title.split_once(phrase).map(|(_, rest)| rest))
        .unwrap_or_default();
    let words = behind
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .filter(|word| !word.is_empty());
    words
        .take_while(|word| {
            matches!(*word, "or" | "and") || word.bytes().any(|b| b.is_ascii_digit())
        })
        .filter(|word| !matches!(*word, "or" | "and"))
        .collect()
}

fn parted(bench: &mut Bench, usual: &Usual, report: &mut Report, entry: &Entry, other: &Entry) {
    let law = bench.law;
    let (Some(one), Some(two)) = (&entry.when, &other.when) else {
        return;
    };
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let mut survey = Survey::default();
    survey.condition(one, date);
    survey.condition(two, date);
    let both = |space: &mut Space| {
        let (x, y) = (space.condition(one, date)?, space.condition(two, date)?);
        let both = space.and(x, y)?;
        space.surely(both)
    };
    let question = Question {
        law,
        survey,
        build: Box::new(both),
    };
    let free = question.free();
    if let Some((_, Ref::NO)) = free {
        return;
    }
    let mut meets = |witness: &Witness| {
        [one, two]
            .iter()
            .all(|each| bench.condition(each, date, &witness.facts) == Some(true))
    };
    match question.witness(usual, &mut meets) {
        None => {
            let why = if free.is_some() { NOT_SHOWN } else { TOO_LARGE };
            report.not_checked(
                &entry.at,
                format!(
                    "whether `{}` and `{}` share an item",
                    entry.code, other.code
                ),
                why,
            );
        }
        Some(witness) => {
            let message = format!(
                "the title of `{}` sets it apart from `{}`, but an item can meet both tests",
                entry.code, other.code
            );
            let help = format!("take out of `{}` what `{}` holds", entry.code, other.code);
            report.diagnostics.push(
                Diagnostic::error("shared-item", entry.at.clone(), message, help)
                    .shown_by(witness.words()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parted_from;

    #[test]
    fn a_title_names_what_it_parts_from() {
        assert_eq!(
            parted_from("complete rocket system not in 1.A.1"),
            ["1.A.1"]
        );
        assert_eq!(
            parted_from("gyros not in 9.A.3 or 9.A.4, for vehicles"),
            ["9.A.3", "9.A.4"]
        );
        assert_eq!(
            parted_from("unmanned aerial vehicle with aerosol dispensing"),
            [] as [&str; 0]
        );
    }
}
