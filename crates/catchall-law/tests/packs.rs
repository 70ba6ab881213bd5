//! The real packs, as they stand on disk: they load, no check finds an error, every case and sample holds, and the
//! cases would notice a slip of the pen. To change a pack, change the pack: nothing here names one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;

use std::collections::BTreeSet;

use catchall_law::{Cond, FactId, Law, Severity, TestKind, check};

fn law() -> Law {
    Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()).unwrap_or_else(
        |problems| {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{} problems\n{}", told.len(), told.join("\n"));
        },
    )
}

#[test]
fn no_check_finds_an_error() {
    let law = law();
    let report = check::check(&law);
    for warning in report
        .diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Warning)
    {
        println!("{warning}");
    }
    for row in &report.not_checked {
        println!("{}: not checked: {}: {}", row.at, row.what, row.why);
    }
    let errors: Vec<String> = report
        .diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert!(errors.is_empty(), "\n{}", errors.join("\n"));

    // What is asked of one pack is what the whole run says of it.
    for only in ["mtcr/", "eu-833-2014/"] {
        let part = check::check_only(&law, Some(only), 3);
        let of_it = |file: &str| file.contains(only);
        let whole = report
            .diagnostics
            .iter()
            .filter(|each| of_it(&each.at.file));
        assert!(
            whole.eq(&part.diagnostics),
            "{only}: {:?}",
            part.diagnostics
        );
        let whole = report.not_checked.iter().filter(|row| of_it(&row.at.file));
        let part = part.not_checked.iter().filter(|row| of_it(&row.at.file));
        assert!(whole.eq(part), "{only}");
    }
    assert!(
        report
            .diagnostics
            .iter()
            .any(|each| each.at.file.contains("mtcr/"))
    );
}

#[test]
fn every_case_and_every_sample_holds() {
    let report = check::test(&law());
    println!(
        "{} cases of {} provisions, {} samples of {} entries",
        report.cases, report.provisions, report.samples, report.entries
    );
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn the_cases_notice_every_slip_of_the_pen() {
    let report = check::mutate(&law(), None, 2);
    println!(
        "{} mutants: {} noticed, {} the same in other words, {} not noticed, {} not checked",
        report.mutants,
        report.killed,
        report.equivalent,
        report.survivors.len(),
        report.not_checked.len()
    );
    for row in &report.not_checked {
        println!("{}: not checked: {}: {}", row.at, row.what, row.why);
    }
    let survivors: Vec<String> = report.survivors.iter().map(ToString::to_string).collect();
    assert!(
        survivors.is_empty(),
        "{} changes that no case notices\n{}",
        survivors.len(),
        survivors.join("\n")
    );
}

#[test]
fn every_fact_of_the_program_is_asked_by_a_pack() {
    let law = law();
    let mut asked: BTreeSet<FactId> = BTreeSet::new();
    for provision in &law.provisions {
        for version in &provision.versions {
            asked.insert(version.tested_on);
            facts(&version.when, &mut asked);
        }
    }
    law.nexus
        .iter()
        .for_each(|nexus| facts(&nexus.when, &mut asked));
    law.lists
        .iter()
        .flat_map(|list| &list.entries)
        .filter_map(|entry| entry.when.as_ref())
        .for_each(|when| facts(when, &mut asked));
    // A fact from which another follows is asked with it.
    asked.extend(law.follows.iter().filter_map(|row| row.ground.fact()));
    let rows = (0u16..)
        .zip(&law.vocabulary.facts)
        .filter(|(place, fact)| fact.at.is_none() && !asked.contains(&FactId(*place)));
    let unasked: Vec<&str> = rows.map(|(_, fact)| fact.key.as_str()).collect();
    assert_eq!(
        unasked, NOT_YET,
        "rows of facts.rs that no condition asks: drop the row, or write the pack that needs it"
    );
}

/// Rows that wait for the pack that asks them.
const NOT_YET: &[&str] = &["delivery", "departure", "consignee.country"];

fn facts(condition: &Cond, into: &mut BTreeSet<FactId>) {
    match condition {
        Cond::Always => {}
        Cond::Not(inner) => facts(inner, into),
        Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
            parts.iter().for_each(|part| facts(part, into))
        }
        Cond::Test(test) => match &test.kind {
            TestKind::Yes(fact)
            | TestKind::OneOf(fact, _)
            | TestKind::InSet(fact, _)
            | TestKind::Includes(fact, _)
            | TestKind::IncludesIn(fact, _)
            | TestKind::Between(fact, ..)
            | TestKind::Delivers(fact, ..)
            | TestKind::PartyIn(fact, _) => {
                into.insert(*fact);
            }
            TestKind::Relative { fact, other, .. } => into.extend([*fact, *other]),
            TestKind::Listed { .. } => {}
        },
    }
}
