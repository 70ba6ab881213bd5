//! Vocabulary: facts, country sets and party lists that nothing uses.
//!
//! A fact without a question, and a group that no exception names, are said by the loader.

use std::collections::BTreeSet;

use super::walk;
use crate::diagnostic::Diagnostic;
use crate::language::TestKind;
use crate::pack::Law;
use crate::vocabulary::FactId;

/// Looks for what the packs define and no condition asks.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let (mut facts, mut sets) = used(law);
    // Laws on suppliers ask too, and name the lists on which their measures were put.
    let (asked, listed) = used(&law.on_suppliers());
    facts.extend(asked);
    sets.extend(listed);
    sets.extend(law.sanctions.iter().filter_map(|each| each.named_in));
    let mut found = Vec::new();
    for (place, fact) in (0u16..).zip(&law.vocabulary.facts) {
        if let Some(at) = &fact.at
            && !facts.contains(&FactId(place))
        {
            let help = "ask it in the condition that needs it, or drop the row: whoever fills in a transfer would be asked in vain";
            found.push(Diagnostic::warning(
                "unused-fact",
                at.clone(),
                format!("no condition asks `{}`", fact.key),
                help,
            ));
        }
    }
    for (place, set) in law.sets.iter().enumerate() {
        if !sets.contains(&place) {
            let parties = law.parties.iter().any(|party| party.set == place);
            let (what, ask) = if parties {
                ("list of parties", "any party is listed in")
            } else {
                ("country set", "to is in")
            };
            let help = format!("use it, as in `{ask} \"{}\"`, or drop it", set.id);
            found.push(Diagnostic::warning(
                "unused-set",
                set.at.clone(),
                format!("no condition asks for the {what} `{}`", set.id),
                help,
            ));
        }
    }
    found
}

/// The facts and the sets that conditions and versions ask.
pub(super) fn used(law: &Law) -> (BTreeSet<FactId>, BTreeSet<usize>) {
    let mut facts = BTreeSet::new();
    let mut sets = BTreeSet::new();
    for (condition, date) in walk::conditions(law) {
        walk::tests(condition, &mut |test| match &test.kind {
            TestKind::Yes(fact)
            | TestKind::OneOf(fact, _)
            | TestKind::Includes(fact, _)
            | TestKind::Between(fact, ..)
            | TestKind::Delivers(fact, ..) => {
                facts.insert(*fact);
            }
            TestKind::InSet(fact, set)
            | TestKind::IncludesIn(fact, set)
            | TestKind::PartyIn(fact, set) => {
                facts.extend([*fact, date]);
                sets.insert(*set);
            }
            TestKind::Relative { fact, other, .. } => facts.extend([*fact, *other]),
            TestKind::Listed { .. } => {}
        });
    }
    facts.extend(
        law.provisions
            .iter()
            .flat_map(|provision| provision.versions.iter().map(|version| version.tested_on)),
    );
    (facts, sets)
}
