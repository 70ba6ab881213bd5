//! Units: thresholds of one fact in one provision that are written in two units.
//!
//! A wrong dimension, a bare number and a unit that does not convert exactly are errors of the loader.

use std::collections::BTreeMap;

use catchall_model::Quantity;

use super::walk;
use crate::diagnostic::{At, Diagnostic};
use crate::language::{Cond, TestKind};
use crate::pack::Law;
use crate::vocabulary::{Domain, FactId};

/// Looks at the units of every provision's and every entry's thresholds.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for provision in &law.provisions {
        let conditions = provision.versions.iter().map(|version| &version.when);
        mixed(law, &format!("`{}`", provision.id), conditions, &mut found);
    }
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        mixed(
            law,
            &format!("the entry `{}`", entry.code),
            entry.when.iter(),
            &mut found,
        );
    }
    found.dedup();
    found
}

fn mixed<'a>(
    law: &Law,
    owner: &str,
    conditions: impl Iterator<Item = &'a Cond>,
    found: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<(FactId, usize), (String, At)> = BTreeMap::new();
    let mut told: Vec<At> = Vec::new();
    for condition in conditions {
        walk::tests(condition, &mut |test| {
            let (fact, figures) = match &test.kind {
                TestKind::Between(fact, ..)
                    if matches!(law.vocabulary.get(*fact).domain, Domain::Quantity(_)) =>
                {
                    (*fact, figures(&test.threshold, test.unit.name()))
                }
                TestKind::Delivers(fact, ..) => {
                    (*fact, figures(&test.threshold.replace(" to ", " and "), ""))
                }
                _ => return,
            };
            let delivers = matches!(test.kind, TestKind::Delivers(..));
            for (place, (figure, unit)) in figures.into_iter().enumerate() {
                // Payload and range of a curve are two figures; the ends of a range are one.
                let key = (fact, if delivers { place } else { 0 });
                match first.get(&key) {
                    None => {
                        first.insert(key, (unit, test.at.clone()));
                    }
                    Some((known, at)) if *known != unit && !told.contains(&test.at) => {
                        told.push(test.at.clone());
                        let key = &law.vocabulary.get(fact).key;
                        let message = format!(
                            "`{key}` is compared in two units in {owner}: `{known}` on line {} and `{unit}` here",
                            at.line
                        );
                        let help = format!(
                            "write `{figure}` in `{known}`, or both in the unit of the law's text: two units hide a slip of a factor"
                        );
                        found.push(Diagnostic::warning(
                            "two-units",
                            test.at.clone(),
                            message,
                            help,
                        ));
                    }
                    Some(_) => {}
                }
            }
        });
    }
}

/// The figures of a threshold with their units, as written.
fn figures(threshold: &str, unit: &str) -> Vec<(String, String)> {
    let each = threshold
        .split(" and ")
        .map(|figure| match Quantity::parse(figure) {
            Ok(own) if !own.unit.name().is_empty() => {
                (figure.to_owned(), own.unit.name().to_owned())
            }
            _ => (
                format!("{figure} {unit}").trim().to_owned(),
                unit.to_owned(),
            ),
        });
    each.collect()
}
