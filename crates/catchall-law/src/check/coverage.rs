//! Coverage: a case that applies, one that does not, one that cannot be known, and one at each threshold, for every
//! provision that can have an effect; for an entry with a figure, an item inside, one outside and one left open.
//!
//! Each missing one comes with a case ready to be pasted. Its expectation is what the pack says now: whoever pastes it
//! compares it with the law's text first, or it proves nothing.

use catchall_model::{Day, Given, Number, Quantity};

use super::Report;
use super::bench::{Bench, CaseVerdict};
use super::cases::keys;
use super::mutants::edges;
use super::rules::Rules;
use super::space::{Cells, Question, Ref, Space, Survey, Usual, Witness, point};
use super::walk;
use crate::diagnostic::{At, Diagnostic};
use crate::language::{Cond, Test, TestKind};
use crate::pack::{Entry, Law};
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId};

/// Looks for cases and samples that nobody has written.
pub(super) fn check(bench: &mut Bench, rules: &Rules, usual: &Usual, report: &mut Report) {
    let law = bench.law;
    for place in 0..law.provisions.len() {
        if !rules.versions(place).is_empty() && bench.asks_any(&[place]) && bench.takes() {
            report
                .diagnostics
                .extend(provision(bench, rules, usual, place));
        }
    }
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        if bench.asks(&entry.at) && bench.takes() {
            samples(bench, usual, entry, date, report);
        }
    }
}

/// A figure, a day or a point of a curve at which a condition changes its mind.
struct Threshold {
    at: At,
    words: String,
    fact: FactId,
    on: On,
}

enum On {
    /// The figure or the day, and the nearest on its other side.
    Value(Number, Number, Given),
    /// The day and the one beside it: a case at either shows where the period ends.
    Days(Day, Day),
    /// Payload and range.
    Point(Number, Number),
}

fn provision(bench: &mut Bench, rules: &Rules, usual: &Usual, place: usize) -> Vec<Diagnostic> {
    let law = bench.law;
    let provision = &law.provisions[place];
    let verdicts: Vec<CaseVerdict> = provision
        .cases
        .iter()
        .map(|case| bench.verdict(place, &case.facts).0)
        .collect();
    let has = |wanted: &[CaseVerdict]| verdicts.iter().any(|verdict| wanted.contains(verdict));
    let mut missing: Vec<(At, String, Option<String>)> = Vec::new();
    let surely = question(bench, rules, place, |space, applies| space.surely(applies));
    let never = question(bench, rules, place, |space, applies| {
        let not = space.not(applies)?;
        space.surely(not)
    });
    if !has(&[CaseVerdict::Applies]) {
        let block = shown(bench, usual, &surely, place, CaseVerdict::Applies);
        // A provision that is disputed on all its days can do no better than be disputed.
        if block.is_some() || !matches!(surely.free(), Some((_, Ref::NO))) {
            missing.push((
                provision.at.clone(),
                "a case that applies".to_owned(),
                block,
            ));
        } else if !has(&[CaseVerdict::Disputed]) {
            let any = question(bench, rules, place, |_, applies| Some(applies));
            let block = shown(bench, usual, &any, place, CaseVerdict::Disputed);
            missing.push((
                provision.at.clone(),
                "a case that is disputed".to_owned(),
                block,
            ));
        }
    }
    if !has(&[CaseVerdict::DoesNotApply, CaseVerdict::Excepted]) {
        let block = shown(bench, usual, &never, place, CaseVerdict::DoesNotApply);
        if block.is_some() || !matches!(never.free(), Some((_, Ref::NO))) {
            missing.push((
                provision.at.clone(),
                "a case that does not apply".to_owned(),
                block,
            ));
        }
    }
    if !has(&[CaseVerdict::NotKnown]) {
        let any = question(bench, rules, place, |_, applies| Some(applies));
        let block = open(bench, usual, &surely, place).or_else(|| open(bench, usual, &any, place));
        missing.push((
            provision.at.clone(),
            "a case that cannot be known".to_owned(),
            block,
        ));
    }
    for threshold in thresholds(law, rules, place) {
        if provision
            .cases
            .iter()
            .any(|case| meets(&case.facts, &threshold))
        {
            continue;
        }
        let deciding = question(bench, rules, place, |space, applies| {
            differ(space, applies, &threshold)
        });
        let block = at_threshold(bench, usual, &deciding, &threshold, place);
        // Where it decides nothing, there is no case to write: the check of idle parts says so.
        if block.is_some() || !matches!(deciding.free(), Some((_, Ref::NO))) {
            missing.push((
                threshold.at.clone(),
                format!("a case at the threshold `{}`", threshold.words),
                block,
            ));
        }
    }
    told(&provision.id, missing)
}

/// A question about a provision: everything that bears on it, and a function of that it applies.
fn question<'q>(
    bench: &Bench<'q>,
    rules: &'q Rules<'q>,
    place: usize,
    of: impl Fn(&mut Space<'q>, Ref) -> Option<Ref> + 'q,
) -> Question<'q> {
    let mut survey = Survey::default();
    rules.survey(place, &mut survey);
    let build = move |space: &mut Space<'q>| {
        let applies = rules.applies(space, place)?;
        of(space, applies)
    };
    Question {
        law: bench.law,
        survey,
        build: Box::new(build),
    }
}

fn told(id: &str, missing: Vec<(At, String, Option<String>)>) -> Vec<Diagnostic> {
    let tell = |(at, what, block): (At, String, Option<String>)| {
        let help = "write one; what it expects comes from the law's text";
        let problem = Diagnostic::warning(
            "missing-case",
            at,
            format!("`{id}` has no {}", what.trim_start_matches("a ")),
            help,
        );
        match block {
            Some(block) => problem.shown_by(format!("\n{block}")),
            None => problem,
        }
    };
    missing.into_iter().map(tell).collect()
}

/// A case with this verdict, as the evaluator confirms.
fn shown(
    bench: &mut Bench,
    usual: &Usual,
    question: &Question,
    place: usize,
    wanted: CaseVerdict,
) -> Option<String> {
    let witness = question.witness(usual, &mut |witness| {
        bench.verdict(place, &witness.facts).0 == wanted
    })?;
    Some(block(&witness, &format!("verdict = \"{wanted}\"")))
}

/// A case that applies, with one fact forgotten on which it hangs.
fn open(bench: &mut Bench, usual: &Usual, question: &Question, place: usize) -> Option<String> {
    let law = bench.law;
    let mut found = None;
    let mut forget = |witness: &Witness| {
        for (key, _) in witness.rows.iter().rev() {
            let Some(fact) = law.vocabulary.fact(key) else {
                continue;
            };
            let less = witness.without(law, fact);
            let (verdict, open) = bench.verdict(place, &less.facts);
            if verdict == CaseVerdict::NotKnown && open.exact {
                let essential: Vec<String> = keys(law, &open)
                    .iter()
                    .map(|key| format!("\"{key}\""))
                    .collect();
                found = Some(block(
                    &less,
                    &format!(
                        "verdict = \"not_known\", essential = [{}]",
                        essential.join(", ")
                    ),
                ));
                return true;
            }
        }
        false
    };
    question.witness(usual, &mut forget);
    found
}

fn block(witness: &Witness, expect: &str) -> String {
    format!(
        "```toml case\nname   = \"\"\n{}\nexpect = {{ {expect} }}\n```",
        witness.given()
    )
}

/// The thresholds of all versions that count now, each once.
fn thresholds(law: &Law, rules: &Rules, place: usize) -> Vec<Threshold> {
    let mut found: Vec<Threshold> = Vec::new();
    let mut conditions: Vec<&Cond> = Vec::new();
    for version in rules.versions(place) {
        for (day, begins) in edges(&version.in_force) {
            let beside = if begins { day.previous() } else { day.next() };
            let key = &law.vocabulary.get(version.tested_on).key;
            let words = format!(
                "{key} is {} {day} (in force)",
                if begins {
                    "on or after"
                } else {
                    "on or before"
                }
            );
            found.push(Threshold {
                at: version.at.clone(),
                words,
                fact: version.tested_on,
                on: On::Days(day, beside),
            });
        }
        if !conditions.contains(&&version.when) {
            conditions.push(&version.when);
            of_condition(law, &version.when, &mut found);
        }
    }
    found
}

fn of_condition(law: &Law, condition: &Cond, found: &mut Vec<Threshold>) {
    walk::tests(condition, &mut |test| {
        let words = walk::words(law, &test.at);
        match &test.kind {
            TestKind::Between(fact, low, high)
                if law.vocabulary.get(*fact).domain == Domain::Date =>
            {
                let day =
                    |number: Number| Day::from_number(i64::try_from(number.grid()).unwrap_or(0));
                for (edge, beside) in [(*low, low.down()), (*high, high.up())] {
                    if edge > Number::MIN && edge < Number::MAX {
                        found.push(Threshold {
                            at: test.at.clone(),
                            words: words.clone(),
                            fact: *fact,
                            on: On::Days(day(edge), day(beside)),
                        });
                    }
                }
            }
            TestKind::Between(fact, low, high) => {
                for (figure, given) in figures(test) {
                    let below = *low == figure || *high == figure.down();
                    let beside = if below { figure.down() } else { figure.up() };
                    found.push(Threshold {
                        at: test.at.clone(),
                        words: words.clone(),
                        fact: *fact,
                        on: On::Value(figure, beside, given),
                    });
                }
            }
            TestKind::Delivers(fact, payload, range) => {
                found.push(Threshold {
                    at: test.at.clone(),
                    words,
                    fact: *fact,
                    on: On::Point(*payload, *range),
                });
            }
            _ => {}
        }
    });
}

/// The figures of a test in base units, each as a case would state it.
fn figures(test: &Test) -> Vec<(Number, Given)> {
    let unit = test.unit.name();
    let parse = |figure: &str| {
        Quantity::parse(format!("{figure} {unit}").trim())
            .or_else(|_| Quantity::parse(figure))
            .ok()
    };
    let figures = test.threshold.split(" and ").filter_map(parse);
    figures
        .filter_map(|figure| {
            figure
                .in_base()
                .map(|(base, _)| (base, Given::Text(figure.to_string())))
        })
        .collect()
}

/// Whether a case stands at a threshold.
fn meets(facts: &Facts, threshold: &Threshold) -> bool {
    let number = |day: Day| Number::from_grid(i128::from(day.number()));
    let is = |low: Number, high: Number, wanted: Number| {
        low <= wanted && wanted <= high && high.grid() - low.grid() <= 2
    };
    match (&threshold.on, facts.get(threshold.fact)) {
        (On::Value(figure, ..), Some(Value::Between(low, high))) => is(*low, *high, *figure),
        (On::Days(day, beside), Some(Value::Between(low, high))) => {
            is(*low, *high, number(*day)) || is(*low, *high, number(*beside))
        }
        (On::Point(payload, range), Some(Value::Curve(curve))) => {
            let here = |[least, most, shortest, farthest]: &[Number; 4]| {
                least <= payload && payload <= most && (shortest == range || farthest == range)
            };
            curve.points.iter().any(here)
        }
        _ => false,
    }
}

/// The rest of the facts with which a threshold decides.
fn differ(space: &mut Space, applies: Ref, threshold: &Threshold) -> Option<Ref> {
    let variable = space.variables.iter().position(|each| {
        each.fact == Some(threshold.fact)
            && matches!(each.cells, Cells::Spans(_) | Cells::Reaches(..))
    })?;
    let number = |day: Day| Number::from_grid(i128::from(day.number()));
    let pairs: Vec<(usize, usize)> = match (&space.variables[variable].cells, &threshold.on) {
        (Cells::Spans(cells), on) => {
            let (here, there) = match on {
                On::Value(here, there, _) => (*here, *there),
                On::Days(here, there) => (number(*here), number(*there)),
                On::Point(..) => return None,
            };
            let cell = |wanted: Number| {
                cells
                    .iter()
                    .position(|(low, high)| *low <= wanted && wanted <= *high)
            };
            vec![(cell(here)?, cell(there)?)]
        }
        (Cells::Reaches(points, masks), On::Point(payload, range)) => {
            let bit = points
                .iter()
                .position(|point| *point == (*payload, *range))?;
            let with = |mask: &u32| mask >> bit & 1 == 1;
            let pair = |mask: &u32| masks.iter().position(|other| *other == mask ^ (1 << bit));
            masks
                .iter()
                .enumerate()
                .filter(|(_, mask)| with(mask))
                .filter_map(|(cell, mask)| pair(mask).map(|other| (cell, other)))
                .collect()
        }
        _ => return None,
    };
    let mut whole = Ref::NO;
    for (here, there) in pairs {
        let (own, other) = (
            space.restrict(applies, variable, here)?,
            space.restrict(applies, variable, there)?,
        );
        let differ = space.differ(own, other)?;
        whole = space.or(whole, differ)?;
    }
    space.surely(whole)
}

fn at_threshold(
    bench: &mut Bench,
    usual: &Usual,
    deciding: &Question,
    threshold: &Threshold,
    place: usize,
) -> Option<String> {
    let law = bench.law;
    let key = law.vocabulary.get(threshold.fact).key.clone();
    let given = match &threshold.on {
        On::Value(_, _, given) => given.clone(),
        On::Days(day, _) => Given::Text(day.to_string()),
        On::Point(payload, range) => point(*payload, *range),
    };
    let mut found = None;
    let mut put_in = |witness: &Witness| {
        let Some(at_it) = witness.with(law, &key, given.clone()) else {
            return false;
        };
        let verdict = bench.verdict(place, &at_it.facts).0;
        if matches!(verdict, CaseVerdict::NotKnown) {
            return false;
        }
        found = Some(block(&at_it, &format!("verdict = \"{verdict}\"")));
        true
    };
    deciding.witness(usual, &mut put_in);
    found
}

/// An item inside, one outside and one left open, for an entry with a figure.
fn samples(bench: &mut Bench, usual: &Usual, entry: &Entry, date: FactId, report: &mut Report) {
    let law = bench.law;
    let Some(condition) = &entry.when else { return };
    let mut figures = false;
    walk::tests(condition, &mut |test| {
        figures |= match &test.kind {
            TestKind::Between(fact, ..) => {
                matches!(law.vocabulary.get(*fact).domain, Domain::Quantity(_))
            }
            TestKind::Delivers(..) => true,
            _ => false,
        };
    });
    if !figures {
        return;
    }
    for (wanted, word) in [
        (Some(true), "inside"),
        (Some(false), "outside"),
        (None, "open"),
    ] {
        if entry.samples.iter().any(|sample| sample.expect == wanted) {
            continue;
        }
        let example = example(bench, usual, condition, date, wanted);
        let message = format!(
            "the entry `{}` has a figure but no sample `{word}`",
            entry.code
        );
        let problem = Diagnostic::warning(
            "missing-sample",
            entry.at.clone(),
            message,
            "write one; what lies inside comes from the law's text",
        );
        report.diagnostics.push(match example {
            Some(example) => problem.shown_by(format!("{word} = {example}")),
            None => problem,
        });
    }
}

fn example(
    bench: &mut Bench,
    usual: &Usual,
    condition: &Cond,
    date: FactId,
    wanted: Option<bool>,
) -> Option<String> {
    let law = bench.law;
    let mut survey = Survey::default();
    survey.condition(condition, date);
    let build = |space: &mut Space| {
        let holds = space.condition(condition, date)?;
        if wanted == Some(false) {
            space.not(holds)
        } else {
            Some(holds)
        }
    };
    let question = Question {
        law,
        survey,
        build: Box::new(build),
    };
    let mut found = None;
    let mut accept = |witness: &Witness| {
        let mut ways: Vec<Witness> = vec![witness.clone()];
        if wanted.is_none() {
            ways = witness
                .rows
                .iter()
                .rev()
                .filter_map(|(key, _)| law.vocabulary.fact(key))
                .map(|fact| witness.without(law, fact))
                .collect();
        }
        found = ways
            .iter()
            .find(|way| bench.condition(condition, date, &way.facts) == wanted)
            .map(Witness::sample);
        found.is_some()
    };
    question.witness(usual, &mut accept);
    found
}
