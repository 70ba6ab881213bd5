//! Sense: conditions that never hold or always do, parts that never decide, provisions that are always lifted,
//! exceptions that never meet what they except.
//!
//! Proven over everything that can be the case (see `space/`), so an error here needs no example. Where nothing is
//! proven, a case is shown to the evaluator; where that fails too, the question is counted as not checked.

use super::bench::{Bench, CaseVerdict};
use super::mutants::{Mutant, mutants};
use super::space::{Ref, Space, Survey, Usual};
use super::walk;
use super::{NOT_SHOWN, Report, TOO_LARGE};
use crate::diagnostic::{At, Diagnostic};
use crate::language::Cond;
use crate::pack::{Law, Version};
use crate::period::Period;
use crate::vocabulary::FactId;

/// Asks of every condition whether it makes sense, and of every exception.
pub(super) fn check(bench: &mut Bench, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for provision in &law.provisions {
        let versions: Vec<&Version> = walk::current(law, provision).collect();
        let mut done: Vec<(&Cond, FactId)> = Vec::new();
        for version in &versions {
            // A condition that versions share has to make sense in one of them.
            if done.contains(&(&version.when, version.tested_on)) {
                continue;
            }
            done.push((&version.when, version.tested_on));
            let alike = versions.iter().filter(|each| each.when == version.when && each.tested_on == version.tested_on);
            let periods: Vec<&Period> = alike.map(|each| &each.in_force).collect();
            let owner = format!("`{}`", provision.id);
            one(bench, usual, report, &Question { owner: &owner, at: &version.at, condition: &version.when, date: version.tested_on, periods });
        }
    }
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for list in &law.lists {
        for entry in &list.entries {
            if let Some(condition) = &entry.when {
                let owner = format!("the entry `{}`", entry.code);
                let periods = entry.editions.iter().map(|edition| &edition.period).collect();
                one(bench, usual, report, &Question { owner: &owner, at: &entry.at, condition, date, periods });
            }
        }
    }
    let always = Period::always();
    for nexus in &law.nexus {
        let owner = format!("the nexus of `{}`", nexus.jurisdiction);
        one(bench, usual, report, &Question { owner: &owner, at: &nexus.at, condition: &nexus.when, date, periods: vec![&always] });
    }
    for row in law.instruments.iter().flat_map(|instrument| &instrument.coverage) {
        if let Some(condition) = &row.scope {
            let owner = format!("the scope of `{}`", row.part);
            one(bench, usual, report, &Question { owner: &owner, at: &row.at, condition, date, periods: vec![&always] });
        }
    }
    exceptions(bench, usual, report);
}

/// One condition with the days on which it is asked.
struct Question<'a> {
    owner: &'a str,
    at: &'a At,
    condition: &'a Cond,
    date: FactId,
    periods: Vec<&'a Period>,
}

fn one(bench: &mut Bench, usual: &Usual, report: &mut Report, question: &Question) {
    if *question.condition == Cond::Always {
        return;
    }
    if proven(bench, usual, report, question).is_none() {
        report.not_checked(question.at, format!("whether the condition of {} makes sense", question.owner), TOO_LARGE);
    }
}

fn proven(bench: &mut Bench, usual: &Usual, report: &mut Report, question: &Question) -> Option<()> {
    let law = bench.law;
    let at = walk::place(law, question.condition).unwrap_or_else(|| question.at.clone());
    let mut survey = Survey::default();
    survey.condition(question.condition, question.date);
    for period in &question.periods {
        survey.period(period, question.date);
    }
    let mut space = Space::new(law, &survey)?;
    let mut days = Ref::NO;
    for period in &question.periods {
        let own = space.period(period, question.date)?;
        days = space.or(days, own)?;
    }
    // Days on which it may be in force count as days on which it is.
    days = space.restrict(days, space.variables.len() - 1, 1)?;
    let holds = space.condition(question.condition, question.date)?;
    let when = space.and(holds, days)?;
    if holds == Ref::NO {
        let message = format!("the condition of {} never holds: its parts exclude each other", question.owner);
        report.diagnostics.push(Diagnostic::error("never-holds", at, message, "find the two parts that cannot both hold; `or` where `and` stands, or a `not` too many"));
        return Some(());
    }
    if when == Ref::NO && days != Ref::NO {
        let message = format!("the condition of {} never holds on the days on which it is in force", question.owner);
        report.diagnostics.push(Diagnostic::error("never-holds", at, message, "compare the dates of the condition, and of the sets it names, with `in_force`"));
        return Some(());
    }
    if space.but_not(days, holds)? == Ref::NO && days != Ref::NO {
        let message = format!("the condition of {} always holds, whatever the facts are", question.owner);
        report.diagnostics.push(Diagnostic::error("always-holds", at, message, "write `always` if that is meant; else look for an `or` between a test and its opposite"));
        return Some(());
    }
    if space.loose(when) {
        let date = question.date;
        let shown = space.witness(when, usual, &mut |witness| bench.condition(question.condition, date, &witness.facts) == Some(true));
        if shown.is_none() {
            report.not_checked(&at, format!("whether the condition of {} can hold", question.owner), NOT_SHOWN);
        }
    }
    idle(bench, usual, report, question, &mut space, days)
}

/// Parts that never decide: dropping them changes nothing. The last is dropped first, so that of two equal parts one is named.
fn idle(bench: &mut Bench, usual: &Usual, report: &mut Report, question: &Question, space: &mut Space, days: Ref) -> Option<()> {
    let law = bench.law;
    let mut condition = question.condition.clone();
    let mut tried: Vec<At> = Vec::new();
    loop {
        let holds = space.condition(&condition, question.date)?;
        let before = space.and(holds, days)?;
        let mut dropped: Option<Mutant> = None;
        for mutant in mutants(law, &condition).into_iter().rev().filter(|mutant| mutant.dropped) {
            if tried.contains(&mutant.at) {
                continue;
            }
            tried.push(mutant.at.clone());
            let holds = space.condition(&mutant.condition, question.date)?;
            let after = space.and(holds, days)?;
            if after == before {
                dropped = Some(mutant);
                break;
            }
            let differ = space.differ(before, after)?;
            if space.loose(differ) {
                let date = question.date;
                let mut tells = |witness: &super::space::Witness| {
                    let own = bench.condition(&condition, date, &witness.facts);
                    let other = bench.condition(&mutant.condition, date, &witness.facts);
                    own.is_some() && other.is_some() && own != other
                };
                if space.witness(differ, usual, &mut tells).is_none() {
                    report.not_checked(&mutant.at, format!("whether `{}` ever decides in {}", walk::words(law, &mutant.at), question.owner), NOT_SHOWN);
                }
            }
        }
        let Some(mutant) = dropped else { return Some(()) };
        let words = mutant.change.trim_start_matches("without ").to_owned();
        let message = format!("{words} never decides in {}: the rest of the condition comes to the same without it", question.owner);
        report.diagnostics.push(Diagnostic::error("idle-part", mutant.at, message, "drop it, or correct what makes it needless"));
        condition = mutant.condition;
    }
}

/// Everything that a provision's exceptions, and theirs, say.
pub(super) fn survey_with_exceptions<'a>(bench: &Bench<'a>, provision: usize, exceptions: &[Vec<usize>], survey: &mut Survey<'a>) {
    for rule in bench.rules(provision) {
        survey.version(bench.law, bench.version(*rule));
    }
    for exception in &exceptions[provision] {
        survey_with_exceptions(bench, *exception, exceptions, survey);
    }
}

/// That a provision's own dates and condition hold.
pub(super) fn own(bench: &Bench, space: &mut Space, provision: usize) -> Option<Ref> {
    let mut whole = Ref::NO;
    for rule in bench.rules(provision) {
        let version = space.version(bench.version(*rule))?;
        whole = space.or(whole, version)?;
    }
    Some(whole)
}

/// That a provision applies: its own, and none of its exceptions.
pub(super) fn applies(bench: &Bench, space: &mut Space, provision: usize, exceptions: &[Vec<usize>]) -> Option<Ref> {
    let mut whole = own(bench, space, provision)?;
    for exception in &exceptions[provision] {
        let lifted = applies(bench, space, *exception, exceptions)?;
        whole = space.but_not(whole, lifted)?;
    }
    Some(whole)
}

fn exceptions(bench: &mut Bench, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    let exceptions = walk::exceptions(law);
    for (place, provision) in law.provisions.iter().enumerate() {
        if bench.rules(place).is_empty() {
            continue;
        }
        if !exceptions[place].is_empty() && overridden(bench, usual, report, place, &exceptions).is_none() {
            report.not_checked(&provision.at, format!("whether `{}` is always lifted by its exceptions", provision.id), TOO_LARGE);
        }
        if !provision.excepts.is_empty() && meets(bench, usual, report, place, law).is_none() {
            report.not_checked(&provision.at, format!("whether `{}` ever meets what it excepts", provision.id), TOO_LARGE);
        }
    }
}

fn overridden(bench: &mut Bench, usual: &Usual, report: &mut Report, place: usize, exceptions: &[Vec<usize>]) -> Option<()> {
    let law = bench.law;
    let mut survey = Survey::default();
    survey_with_exceptions(bench, place, exceptions, &mut survey);
    let mut space = Space::new(law, &survey)?;
    let own = own(bench, &mut space, place)?;
    let applies = applies(bench, &mut space, place, exceptions)?;
    let provision = &law.provisions[place];
    if own != Ref::NO && applies == Ref::NO {
        let names: Vec<String> = exceptions[place].iter().map(|each| format!("`{}`", law.provisions[*each].id)).collect();
        let message = format!("`{}` never has an effect: whenever it holds, {} lifts it", provision.id, names.join(" or "));
        report.diagnostics.push(Diagnostic::error("always-lifted", provision.at.clone(), message, "narrow the exception to what it excepts, or drop the provision"));
    } else if space.loose(applies) {
        let shown = space.witness(applies, usual, &mut |witness| bench.verdict(place, &witness.facts).0 == CaseVerdict::Applies);
        if shown.is_none() {
            report.not_checked(&provision.at, format!("whether `{}` is always lifted by its exceptions", provision.id), NOT_SHOWN);
        }
    }
    Some(())
}

fn meets(bench: &mut Bench, usual: &Usual, report: &mut Report, place: usize, law: &Law) -> Option<()> {
    let exception = &law.provisions[place];
    // What is named by its id has to be met by itself; of a group, one.
    let (grouped, named): (Vec<usize>, Vec<usize>) = exception.excepts.iter().copied().partition(|base| !law.provisions[*base].groups.is_empty());
    let mut questions: Vec<Vec<usize>> = named.into_iter().map(|base| vec![base]).collect();
    if !grouped.is_empty() {
        questions.push(grouped);
    }
    for bases in questions {
        let mut met = false;
        let mut open = false;
        for base in &bases {
            let mut survey = Survey::default();
            for rule in bench.rules(place).iter().chain(bench.rules(*base)) {
                survey.version(law, bench.version(*rule));
            }
            let Some(mut space) = Space::new(law, &survey) else {
                open = true;
                continue;
            };
            let (Some(own), Some(base_holds)) = (own(bench, &mut space, place), own(bench, &mut space, *base)) else {
                open = true;
                continue;
            };
            let both = space.and(own, base_holds)?;
            if both == Ref::NO {
                continue;
            }
            let base = *base;
            let mut lifts = |witness: &super::space::Witness| bench.verdict(base, &witness.facts).0 == CaseVerdict::Excepted;
            if !space.loose(both) || space.witness(both, usual, &mut lifts).is_some() {
                met = true;
                break;
            }
            open = true;
        }
        if met {
            continue;
        }
        if open {
            report.not_checked(&exception.at, format!("whether `{}` ever meets what it excepts", exception.id), NOT_SHOWN);
            continue;
        }
        let names: Vec<String> = bases.iter().take(4).map(|base| format!("`{}`", law.provisions[*base].id)).collect();
        let message = format!("the exception `{}` never meets {}: the two never hold together", exception.id, names.join(", "));
        report.diagnostics.push(Diagnostic::error("never-meets", exception.at.clone(), message, "compare their conditions and dates; except what it really lifts"));
    }
    Some(())
}
