//! Sense: conditions that never hold or always do, parts that never decide, provisions that are always lifted,
//! exceptions that never meet what they except.
//!
//! Proven over everything that can be the case (see `space/`), so an error here needs no example. Where nothing is
//! proven, a case is shown to the evaluator; where that fails too, the question is counted as not checked.

use super::bench::{Bench, CaseVerdict};
use super::mutants::{Mutant, mutants};
use super::rules::Rules;
use super::space::{Question, Ref, Space, Survey, Usual, Witness};
use super::walk;
use super::{NOT_SHOWN, Report, TOO_LARGE};
use crate::diagnostic::{At, Diagnostic};
use crate::language::{Cond, TestKind};
use crate::pack::Version;
use crate::period::Period;
use crate::vocabulary::FactId;

/// Asks of every condition whether it makes sense, and of every exception.
pub(super) fn check(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report) {
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
            let alike = versions
                .iter()
                .filter(|each| each.when == version.when && each.tested_on == version.tested_on);
            let periods: Vec<&Period> = alike.map(|each| &each.in_force).collect();
            let owner = format!("`{}`", provision.id);
            one(
                bench,
                usual,
                report,
                &Asked {
                    owner: &owner,
                    at: &version.at,
                    condition: &version.when,
                    date: version.tested_on,
                    periods,
                },
            );
        }
    }
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for list in &law.lists {
        for entry in &list.entries {
            if let Some(condition) = &entry.when {
                let owner = format!("the entry `{}`", entry.code);
                let periods = entry
                    .editions
                    .iter()
                    .map(|edition| &edition.period)
                    .collect();
                one(
                    bench,
                    usual,
                    report,
                    &Asked {
                        owner: &owner,
                        at: &entry.at,
                        condition,
                        date,
                        periods,
                    },
                );
            }
        }
    }
    let always = Period::always();
    for nexus in &law.nexus {
        let owner = format!("the nexus of `{}`", nexus.jurisdiction);
        one(
            bench,
            usual,
            report,
            &Asked {
                owner: &owner,
                at: &nexus.at,
                condition: &nexus.when,
                date,
                periods: vec![&always],
            },
        );
    }
    for row in law
        .instruments
        .iter()
        .flat_map(|instrument| &instrument.coverage)
    {
        if let Some(condition) = &row.scope {
            let owner = format!("the scope of `{}`", row.part);
            one(
                bench,
                usual,
                report,
                &Asked {
                    owner: &owner,
                    at: &row.at,
                    condition,
                    date,
                    periods: vec![&always],
                },
            );
        }
    }
    exceptions(bench, rules, usual, report);
}

/// One condition with the days on which it is asked.
#[derive(Clone)]
struct Asked<'a> {
    owner: &'a str,
    at: &'a At,
    condition: &'a Cond,
    date: FactId,
    periods: Vec<&'a Period>,
}

fn one(bench: &mut Bench, usual: &Usual, report: &mut Report, asked: &Asked) {
    if !bench.asks(asked.at) {
        return;
    }
    if *asked.condition == Cond::Always || !bench.takes() {
        return;
    }
    if proven(bench, usual, report, asked).is_none() {
        report.not_checked(
            asked.at,
            format!("whether the condition of {} makes sense", asked.owner),
            TOO_LARGE,
        );
    }
}

fn proven(bench: &mut Bench, usual: &Usual, report: &mut Report, asked: &Asked) -> Option<()> {
    let law = bench.law;
    let at = walk::place(law, asked.condition).unwrap_or_else(|| asked.at.clone());
    let question = asked.question(bench, |space, asked| asked.when(space, asked.condition));
    let (mut space, when) = question.free()?;
    let days = asked.days(&mut space)?;
    let holds = space.condition(asked.condition, asked.date)?;
    if holds == Ref::NO {
        let message = format!(
            "the condition of {} never holds: its parts exclude each other",
            asked.owner
        );
        report.diagnostics.push(Diagnostic::error("never-holds", at, message, "find the two parts that cannot both hold: an `and` where `or` is meant, or a `not` too many"));
        return Some(());
    }
    if when == Ref::NO && days != Ref::NO {
        let message = format!(
            "the condition of {} never holds on the days on which it is in force",
            asked.owner
        );
        report.diagnostics.push(Diagnostic::error(
            "never-holds",
            at,
            message,
            "compare the dates of the condition, and of the sets it names, with `in_force`",
        ));
        return Some(());
    }
    if space.but_not(days, holds)? == Ref::NO && days != Ref::NO {
        let message = format!(
            "the condition of {} always holds, whatever the facts are",
            asked.owner
        );
        report.diagnostics.push(Diagnostic::error("always-holds", at, message, "write `always` if that is meant; else look for an `or` between a test and its opposite"));
        return Some(());
    }
    if space.loose(when) {
        let shown = question.witness(usual, &mut |witness| {
            bench.condition(asked.condition, asked.date, &witness.facts) == Some(true)
        });
        if shown.is_none() {
            report.not_checked(
                &at,
                format!("whether the condition of {} can hold", asked.owner),
                NOT_SHOWN,
            );
        }
    }
    idle(bench, usual, report, asked, &mut space)
}

impl<'a> Asked<'a> {
    fn question<'q>(
        &self,
        bench: &Bench<'q>,
        build: impl Fn(&mut Space<'q>, &Asked<'a>) -> Option<Ref> + 'q,
    ) -> Question<'q>
    where
        'a: 'q,
    {
        let mut survey = Survey::default();
        survey.condition(self.condition, self.date);
        for period in &self.periods {
            survey.period(period, self.date);
        }
        let own = self.clone();
        Question {
            law: bench.law,
            survey,
            build: Box::new(move |space| build(space, &own)),
        }
    }

    /// The days on which it is in force; those on which it may be count too.
    fn days(&self, space: &mut Space) -> Option<Ref> {
        let mut days = Ref::NO;
        for period in &self.periods {
            let own = space.period(period, self.date)?;
            days = space.or(days, own)?;
        }
        space.restrict(days, space.variables.len() - 1, 1)
    }

    /// That a condition in its place holds on these days.
    fn when(&self, space: &mut Space, condition: &Cond) -> Option<Ref> {
        let days = self.days(space)?;
        let holds = space.condition(condition, self.date)?;
        space.and(days, holds)
    }
}

/// Parts that never decide: dropping them changes nothing. The last is dropped first, so that of two equal parts one is named.
fn idle(
    bench: &mut Bench,
    usual: &Usual,
    report: &mut Report,
    asked: &Asked,
    space: &mut Space,
) -> Option<()> {
    let law = bench.law;
    let mut condition = asked.condition.clone();
    let mut tried: Vec<At> = Vec::new();
    loop {
        let before = asked.when(space, &condition)?;
        let mut dropped: Option<Mutant> = None;
        for mutant in mutants(law, &condition)
            .into_iter()
            .rev()
            .filter(|mutant| mutant.dropped)
        {
            if tried.contains(&mutant.at) {
                continue;
            }
            tried.push(mutant.at.clone());
            let after = asked.when(space, &mutant.condition)?;
            if after == before {
                dropped = Some(mutant);
                break;
            }
            let differ = space.differ(before, after)?;
            if space.loose(differ) {
                let (own, other) = (condition.clone(), mutant.condition.clone());
                let question = asked.question(bench, move |space, asked| {
                    let (before, after) = (asked.when(space, &own)?, asked.when(space, &other)?);
                    space.differ(before, after)
                });
                let mut tells = |witness: &Witness| {
                    let own = bench.condition(&condition, asked.date, &witness.facts);
                    let other = bench.condition(&mutant.condition, asked.date, &witness.facts);
                    own.is_some() && other.is_some() && own != other
                };
                if question.witness(usual, &mut tells).is_none() {
                    report.not_checked(
                        &mutant.at,
                        format!(
                            "whether `{}` ever decides in {}",
                            walk::words(law, &mutant.at),
                            asked.owner
                        ),
                        NOT_SHOWN,
                    );
                }
            }
        }
        let Some(mutant) = dropped else {
            return Some(());
        };
        let words = mutant.change.trim_start_matches("without ");
        let message = format!(
            "{words} never decides in {}: the rest of the condition comes to the same without it",
            asked.owner
        );
        // What members a set has is no slip of the pen: the law itself may say a thing twice.
        report.diagnostics.push(if names_a_set(asked.condition) {
            let help = "as the sets and lists that it names stand now; keep it if the law says it so, else drop it";
            Diagnostic::warning("idle-part", mutant.at, message, help)
        } else {
            Diagnostic::error("idle-part", mutant.at, message, "drop it, or correct what makes it needless")
        });
        condition = mutant.condition;
    }
}

fn names_a_set(condition: &Cond) -> bool {
    let mut found = false;
    walk::tests(condition, &mut |test| {
        found |= matches!(
            test.kind,
            TestKind::InSet(..)
                | TestKind::IncludesIn(..)
                | TestKind::PartyIn(..)
                | TestKind::Listed { .. }
        );
    });
    found
}

fn exceptions(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for (place, provision) in law.provisions.iter().enumerate() {
        if rules.versions(place).is_empty() {
            continue;
        }
        let own = bench.asks(&provision.at);
        if (own || bench.asks_any(rules.exceptions(place)))
            && !rules.exceptions(place).is_empty()
            && bench.takes()
            && overridden(bench, rules, usual, report, place).is_none()
        {
            report.not_checked(
                &provision.at,
                format!(
                    "whether `{}` is always lifted by its exceptions",
                    provision.id
                ),
                TOO_LARGE,
            );
        }
        if (own || bench.asks_any(&provision.excepts))
            && !provision.excepts.is_empty()
            && bench.takes()
        {
            meets(bench, rules, usual, report, place);
        }
    }
}

fn overridden(
    bench: &mut Bench,
    rules: &Rules,
    usual: &Usual,
    report: &mut Report,
    place: usize,
) -> Option<()> {
    let law = bench.law;
    let provision = &law.provisions[place];
    let mut survey = Survey::default();
    rules.survey(place, &mut survey);
    let question = Question {
        law,
        survey,
        build: Box::new(|space| rules.applies(space, place)),
    };
    let (mut space, applies) = question.free()?;
    let own = rules.own(&mut space, place)?;
    if own != Ref::NO && applies == Ref::NO {
        let names: Vec<String> = rules
            .exceptions(place)
            .iter()
            .map(|each| format!("`{}`", law.provisions[*each].id))
            .collect();
        let message = format!(
            "`{}` never has an effect: whenever it holds, {} lifts it",
            provision.id,
            names.join(" or ")
        );
        report.diagnostics.push(Diagnostic::error(
            "always-lifted",
            provision.at.clone(),
            message,
            "narrow the exception to what it excepts, or drop the provision",
        ));
    } else if space.loose(applies) {
        let shown = question.witness(usual, &mut |witness| {
            matches!(
                bench.verdict(place, &witness.facts).0,
                CaseVerdict::Applies | CaseVerdict::Disputed
            )
        });
        if shown.is_none() {
            report.not_checked(
                &provision.at,
                format!(
                    "whether `{}` is always lifted by its exceptions",
                    provision.id
                ),
                NOT_SHOWN,
            );
        }
    }
    Some(())
}

fn meets(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report, place: usize) {
    let law = bench.law;
    let exception = &law.provisions[place];
    // What is named by its id has to be met by itself; of a group, one.
    let (grouped, named): (Vec<usize>, Vec<usize>) = exception
        .excepts
        .iter()
        .copied()
        .partition(|base| !law.provisions[*base].groups.is_empty());
    let mut questions: Vec<Vec<usize>> = named.into_iter().map(|base| vec![base]).collect();
    if !grouped.is_empty() {
        questions.push(grouped);
    }
    for bases in questions {
        let (mut met, mut why) = (false, None);
        for base in &bases {
            match meets_one(bench, rules, usual, place, *base) {
                Meets::Never => {}
                Meets::Shown => {
                    met = true;
                    break;
                }
                Meets::NotShown(reason) => why = Some(reason),
            }
        }
        if met {
            continue;
        }
        if let Some(why) = why {
            report.not_checked(
                &exception.at,
                format!("whether `{}` ever meets what it excepts", exception.id),
                why,
            );
            continue;
        }
        let names: Vec<String> = bases
            .iter()
            .take(4)
            .map(|base| format!("`{}`", law.provisions[*base].id))
            .collect();
        let message = format!(
            "the exception `{}` never meets {}: the two never hold together",
            exception.id,
            names.join(", ")
        );
        report.diagnostics.push(Diagnostic::error(
            "never-meets",
            exception.at.clone(),
            message,
            "compare their conditions and dates; except what it really lifts",
        ));
    }
}

enum Meets {
    Never,
    Shown,
    NotShown(&'static str),
}

fn meets_one(bench: &mut Bench, rules: &Rules, usual: &Usual, place: usize, base: usize) -> Meets {
    let mut survey = Survey::default();
    rules.survey_own(place, &mut survey);
    rules.survey_own(base, &mut survey);
    let both = |space: &mut Space| {
        let (own, base) = (rules.own(space, place)?, rules.own(space, base)?);
        space.and(own, base)
    };
    let question = Question {
        law: bench.law,
        survey,
        build: Box::new(both),
    };
    let free = question.free();
    if let Some((space, both)) = &free {
        if *both == Ref::NO {
            return Meets::Never;
        }
        if !space.loose(*both) {
            return Meets::Shown;
        }
    }
    let mut hold = |witness: &Witness| {
        [place, base]
            .iter()
            .all(|each| matches!(bench.own(*each, &witness.facts), Some(true)))
    };
    match question.witness(usual, &mut hold) {
        Some(_) => Meets::Shown,
        None => Meets::NotShown(if free.is_some() { NOT_SHOWN } else { TOO_LARGE }),
    }
}
