//! Near thresholds, and the nearest change that would give another answer.

use catchall_law::{Domain, FactId, RuleAnswer, Tri, Value};
use catchall_model::{Near, Outcome, WouldChange};

use super::finding::reason;
use super::matches::stands;
use crate::gather::Gathered;
use crate::{Assessor, Room};

/// Figures just on the permitted side of a threshold.
pub(super) fn near(assessor: &Assessor, line: &Gathered, rules: &[RuleAnswer]) -> Vec<Near> {
    let mut found: Vec<Near> = Vec::new();
    for answer in rules.iter().filter(|answer| answer.applies == Tri::No) {
        let provision = &assessor.law.provisions[assessor.program.rule(answer.rule).0];
        for test in answer
            .because
            .iter()
            .filter(|test| test.answer == Tri::No && !test.negated)
        {
            let Some(flip) = assessor.program.flip(&assessor.law, &line.facts, *test) else {
                continue;
            };
            if flip.date || flip.off_ppm > provision.near_ppm {
                continue;
            }
            let because = reason(assessor, line, *test);
            let row = Near {
                provision: because
                    .entry
                    .clone()
                    .unwrap_or_else(|| provision.id.clone()),
                fact: because.fact,
                value: because.value,
                threshold: format!(
                    "{} {} {}",
                    because.operator, because.threshold, because.unit
                )
                .trim_end()
                .to_owned(),
                off_by: format!("{} %", share(flip.off_ppm)),
            };
            if !found.contains(&row) {
                found.push(row);
            }
        }
    }
    found
}

/// Parts per million as per cent, with one decimal.
fn share(ppm: i128) -> String {
    let tenths = (ppm + 500) / 1000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// No transfer is put off further than this, in parts per million of a year: a day decades away is a matter of history and not a change.
const FURTHEST_DAY: i128 = 2_000_000;

/// The other answer to a fact that is no figure: yes for no, and no word for the words that are known. How far off it is comes first, behind figures.
fn otherwise(assessor: &Assessor, line: &Gathered, fact: FactId) -> Option<(i128, String, Value)> {
    match line.facts.get(fact)? {
        Value::YesNo(yes) => {
            let to = if *yes { "no" } else { "yes" };
            Some((10_000_000, to.to_owned(), Value::YesNo(!yes)))
        }
        Value::Set { sure, more: false } if !sure.is_empty() => {
            let words = matches!(assessor.law.vocabulary.get(fact).domain, Domain::Words(_));
            let none = Value::Set {
                sure: Vec::new(),
                more: false,
            };
            words.then(|| (10_000_001, "none".to_owned(), none))
        }
        _ => None,
    }
}

/// The nearest change of one known fact or date that gives another outcome: each is tried.
pub(super) fn would_change(
    assessor: &Assessor,
    line: &Gathered,
    rules: &[RuleAnswer],
    outcome: Outcome,
    room: &mut Room,
) -> Option<WouldChange> {
    if matches!(
        outcome,
        Outcome::NotKnown | Outcome::Refer | Outcome::NotScreened
    ) {
        return None;
    }
    let (law, program) = (&assessor.law, &assessor.program);
    let mut tries: Vec<(i128, FactId, String, String, Value, usize)> = Vec::new();
    for answer in rules {
        for test in &answer.because {
            if let Some(flip) = program.flip(law, &line.facts, *test) {
                if flip.date && flip.off_ppm > FURTHEST_DAY {
                    continue;
                }
                tries.push((
                    flip.off_ppm,
                    flip.fact,
                    flip.from,
                    flip.to,
                    flip.value,
                    answer.rule,
                ));
            } else if let Some(atom) = program.atom_of(*test)
                && let Some(fact) = atom.test.fact()
                && let Some((off, to, value)) = otherwise(assessor, line, fact)
            {
                let from = law.show(&line.facts, fact, law.vocabulary.get(fact).unit);
                tries.push((off, fact, from, to, value, answer.rule));
            }
        }
    }
    tries.sort_by(|a, b| (a.0, a.1, &a.3).cmp(&(b.0, b.1, &b.3)));
    tries.dedup_by(|a, b| a.1 == b.1 && a.4 == b.4);
    let mut facts = line.facts.clone();
    for (_, fact, from, to, value, rule) in tries.into_iter().take(12) {
        let own = facts.get(fact).cloned();
        facts.set(fact, value);
        let (sure, most) = stands(assessor, &facts, room);
        match own {
            Some(own) => facts.set(fact, own),
            None => facts.unset(fact),
        }
        if sure == most && Outcome::from(sure) != outcome {
            return Some(WouldChange {
                fact: law.vocabulary.get(fact).key.clone(),
                from,
                to,
                outcome: sure.into(),
                provision: law.provisions[program.rule(rule).0].id.clone(),
            });
        }
    }
    None
}
