//! A finding: one provision with its verdict, the tests that decided it, its exceptions, its dates and notes.

use std::collections::BTreeSet;

use catchall_law::{Holds, RuleAnswer, TestRef, Tri, Value};
use catchall_model::{Because, Day, Finding, InForce, Passed, Verdict};

use crate::Assessor;
use crate::gather::Gathered;

pub(super) fn finding(assessor: &Assessor, line: &Gathered, answer: &RuleAnswer) -> Finding {
    let (law, program) = (&assessor.law, &assessor.program);
    let (place, version_place) = program.rule(answer.rule);
    let provision = &law.provisions[place];
    let version = &provision.versions[version_place];
    Finding {
        provision: provision.id.clone(),
        title: provision.title.clone(),
        cite: provision.cite.clone(),
        source: provision.source.clone(),
        jurisdiction: provision.jurisdiction.clone(),
        force: provision.force,
        effect: version.effect,
        catch_all: provision.catch_all,
        verdict: verdict(answer.applies),
        line: None,
        because: answer
            .because
            .iter()
            .map(|test| reason(assessor, line, *test))
            .collect(),
        excepted_by: excepted_by(assessor, line, answer),
        in_force: InForce {
            interval: version.in_force.text.clone(),
            tested_on: law.vocabulary.get(version.tested_on).key.clone(),
        },
        confidence: if provision.read { "read" } else { "recalled" }.to_owned(),
        notes: notes(assessor, line, answer),
    }
}

pub(super) fn reason(assessor: &Assessor, line: &Gathered, test: TestRef) -> Because {
    let mut because = assessor.program.because(&assessor.law, &line.facts, test);
    because.evidence = line.source(&because.fact);
    because
}

pub(super) fn verdict(applies: Tri) -> Verdict {
    match applies {
        Tri::No => Verdict::DoesNotApply,
        Tri::Open => Verdict::NotKnown,
        Tri::Yes => Verdict::Applies,
    }
}

/// The exceptions that were tried, each with what decided it.
fn excepted_by(assessor: &Assessor, line: &Gathered, answer: &RuleAnswer) -> Vec<Passed> {
    let (law, program) = (&assessor.law, &assessor.program);
    let tried = answer.exceptions.iter();
    tried
        .map(|(rule, applies, tests)| {
            let exception = &law.provisions[program.rule(*rule).0];
            let because = tests.iter().map(|test| reason(assessor, line, *test));
            Passed {
                provision: exception.id.clone(),
                cite: exception.cite.clone(),
                verdict: verdict(*applies),
                because: because.collect(),
            }
        })
        .collect()
}

/// What a reader should know beside the verdict: the pack's note, disputes of the version, the force of a
/// political commitment, and the editions of the entries that were met.
fn notes(assessor: &Assessor, line: &Gathered, answer: &RuleAnswer) -> Vec<String> {
    let (law, program) = (&assessor.law, &assessor.program);
    let (place, version) = program.rule(answer.rule);
    let provision = &law.provisions[place];
    let version = &provision.versions[version];
    let mut notes = Vec::new();
    if !version.note.is_empty() {
        notes.push(version.note.clone());
    }
    notes.extend(version.disputed.iter().map(|dispute| {
        let by = dispute
            .by
            .iter()
            .map(|place| law.vocabulary.countries[*place as usize].code());
        format!(
            "disputed by {} on {}: {}",
            by.collect::<Vec<&str>>().join(", "),
            dispute.interval.text,
            dispute.reading
        )
    }));
    if !provision.force.binds_in_law() && answer.applies != Tri::No {
        notes.push(
            "a political commitment: it binds the state, not the exporter directly".to_owned(),
        );
    }
    let met: BTreeSet<u32> = answer
        .because
        .iter()
        .filter_map(|test| test.entry)
        .collect();
    let day = day_asked(assessor, line);
    notes.extend(
        met.into_iter()
            .filter_map(|entry| edition(assessor, entry, day?)),
    );
    notes
}

/// The one day on which the transfer is asked, where it is one.
fn day_asked(assessor: &Assessor, line: &Gathered) -> Option<Day> {
    let fact = assessor.law.vocabulary.fact("date")?;
    match line.facts.get(fact) {
        Some(Value::Between(first, last)) if first == last => {
            i64::try_from(first.grid()).ok().map(Day::from_number)
        }
        _ => None,
    }
}

/// The edition of a list's entry on a day: its citation and title, whether it was read, and what it says of itself.
fn edition(assessor: &Assessor, entry: u32, day: Day) -> Option<String> {
    let (list, entry) = assessor.program.entry_place(entry);
    let list = &assessor.law.lists[list];
    let entry = &list.entries[entry];
    let mut editions = entry.editions.iter();
    let edition = editions.find(|edition| edition.period.on(day) != Holds::No)?;
    let read = if edition.read { "read" } else { "recalled" };
    let note = if edition.note.is_empty() {
        String::new()
    } else {
        format!("; {}", edition.note)
    };
    Some(format!(
        "{} {} ({}): {read}{note}",
        list.cite, entry.code, entry.title
    ))
}
