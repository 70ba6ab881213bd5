//! Mutants: a condition with one thing changed, as a slip of the pen would change it.
//!
//! Figures move by one unit of their last digit, days by one day, both ways; `at least` and `more than` change places, and
//! so do `at most` and `less than`; each part of an `and`, an `or` and a group is dropped; `at least N of` asks
//! for one more and one less. Words and names are left alone.

use catchall_model::{Day, Number, Quantity};

use super::space::digits;
use super::walk;
use crate::diagnostic::At;
use crate::language::{Cond, Shift, Test, TestKind};
use crate::pack::{Law, Version};
use crate::period::Period;
use crate::vocabulary::{Domain, FactId};

/// A changed condition.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    /// The whole condition, changed.
    pub condition: Cond,
    /// Where.
    pub at: At,
    /// What was changed, in words.
    pub change: String,
    /// Whether parts were added or dropped, and not only figures moved.
    pub structural: bool,
    /// The part that was dropped.
    pub dropped: bool,
}

/// Every mutant of a condition, in the order of the text.
pub(super) fn mutants(law: &Law, condition: &Cond) -> Vec<Mutant> {
    let mut found = Vec::new();
    match condition {
        Cond::Always => {}
        Cond::Test(test) => found.extend(of_test(law, test)),
        Cond::Not(inner) => {
            let wrap = |mutant: Mutant| Mutant {
                condition: Cond::Not(Box::new(mutant.condition)),
                ..mutant
            };
            found.extend(mutants(law, inner).into_iter().map(wrap));
        }
        Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
            let again = |parts: Vec<Cond>| match condition {
                Cond::All(_) => Cond::All(parts),
                Cond::AtLeast(needed, _) => Cond::AtLeast(*needed, parts),
                _ => Cond::Any(parts),
            };
            for (place, part) in parts.iter().enumerate() {
                for mutant in mutants(law, part) {
                    let mut changed = parts.clone();
                    changed[place] = mutant.condition.clone();
                    found.push(Mutant {
                        condition: again(changed),
                        ..mutant
                    });
                }
            }
            let begins = walk::place(law, condition);
            if parts.len() > 1 {
                for (place, part) in parts.iter().enumerate() {
                    let Some(at) = walk::place(law, part).or_else(|| begins.clone()) else {
                        continue;
                    };
                    let change = format!("without `{}`", walk::part_words(law, part));
                    found.push(Mutant {
                        condition: without(condition, parts, place),
                        at,
                        change,
                        structural: true,
                        dropped: true,
                    });
                }
            }
            if let (Cond::AtLeast(needed, _), Some(at)) = (condition, begins) {
                for other in [needed - 1, needed + 1] {
                    if (1..=parts.len()).contains(&other) {
                        let change =
                            format!("`at least {other} of` instead of `at least {needed} of`");
                        found.push(Mutant {
                            condition: Cond::AtLeast(other, parts.clone()),
                            at: at.clone(),
                            change,
                            structural: true,
                            dropped: false,
                        });
                    }
                }
            }
        }
    }
    found
}

/// A group without one of its parts.
fn without(condition: &Cond, parts: &[Cond], place: usize) -> Cond {
    let mut rest = parts.to_vec();
    rest.remove(place);
    match condition {
        Cond::AtLeast(needed, _) => Cond::AtLeast((*needed).min(rest.len()), rest),
        _ if rest.len() == 1 => rest.swap_remove(0),
        Cond::All(_) => Cond::All(rest),
        _ => Cond::Any(rest),
    }
}

fn of_test(law: &Law, test: &Test) -> Vec<Mutant> {
    let made = |kind: TestKind, change: String| {
        let condition = Cond::Test(Box::new(Test {
            kind,
            ..test.clone()
        }));
        Mutant {
            condition,
            at: test.at.clone(),
            change,
            structural: false,
            dropped: false,
        }
    };
    match &test.kind {
        TestKind::Between(fact, low, high) if law.vocabulary.get(*fact).domain == Domain::Date => {
            days(*fact, *low, *high, test, &made)
        }
        TestKind::Between(fact, low, high) => figures(*fact, *low, *high, test, &made),
        TestKind::Delivers(fact, payload, range) => {
            let mut found = Vec::new();
            let mut figures = test
                .threshold
                .split(" to ")
                .filter_map(|figure| Quantity::parse(figure).ok());
            for (which, base) in [("payload", *payload), ("range", *range)] {
                let Some(figure) = figures.next() else {
                    continue;
                };
                // A payload of nothing stands for "with any payload": it is no figure of the law's.
                if base == Number::ZERO {
                    continue;
                }
                let point = |changed: Number| match which {
                    "payload" => TestKind::Delivers(*fact, changed, *range),
                    _ => TestKind::Delivers(*fact, *payload, changed),
                };
                for (moved, words) in moves(figure) {
                    if moved.grid() >= 0 {
                        found.push(made(
                            point(moved),
                            format!("{which} of {words} instead of {figure}"),
                        ));
                    }
                }
                found.push(made(
                    point(base.up()),
                    format!("{which} of more than {figure} instead of at least {figure}"),
                ));
            }
            found
        }
        TestKind::Relative {
            fact,
            other,
            from,
            to,
        } => {
            let mut found = Vec::new();
            for by in [-1, 1] {
                let later = if by > 0 { "later" } else { "earlier" };
                let moved = |shift: &Shift| Shift {
                    months: shift.months,
                    days: shift.days + by,
                };
                if let Some(edge) = from {
                    let kind = TestKind::Relative {
                        fact: *fact,
                        other: *other,
                        from: Some(moved(edge)),
                        to: *to,
                    };
                    found.push(made(
                        kind,
                        format!("`{}` from a day {later}", walk::words(law, &test.at)),
                    ));
                }
                if let Some(edge) = to {
                    let kind = TestKind::Relative {
                        fact: *fact,
                        other: *other,
                        from: *from,
                        to: Some(moved(edge)),
                    };
                    found.push(made(
                        kind,
                        format!("`{}` until a day {later}", walk::words(law, &test.at)),
                    ));
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

fn days(
    fact: FactId,
    low: Number,
    high: Number,
    test: &Test,
    made: &dyn Fn(TestKind, String) -> Mutant,
) -> Vec<Mutant> {
    let mut found = Vec::new();
    for by in [-1, 1] {
        let moved = |edge: Number| Number::from_grid(edge.grid() + by);
        let (low, high) = (
            if low > Number::MIN { moved(low) } else { low },
            if high < Number::MAX {
                moved(high)
            } else {
                high
            },
        );
        let day = Day::parse(&test.threshold).map_or_else(
            |_| test.threshold.clone(),
            |day| Day::from_number(day.number() + i64::try_from(by).unwrap_or(0)).to_string(),
        );
        found.push(made(
            TestKind::Between(fact, low, high),
            format!(
                "`{} {day}` instead of `{} {}`",
                test.operator, test.operator, test.threshold
            ),
        ));
    }
    found
}

fn figures(
    fact: FactId,
    low: Number,
    high: Number,
    test: &Test,
    made: &dyn Fn(TestKind, String) -> Mutant,
) -> Vec<Mutant> {
    let mut found = Vec::new();
    let unit = test.unit.name();
    if test.operator == "between" {
        let figures: Vec<Quantity> = test
            .threshold
            .split(" and ")
            .filter_map(|figure| {
                Quantity::parse(format!("{figure} {unit}").trim())
                    .or_else(|_| Quantity::parse(figure))
                    .ok()
            })
            .collect();
        let [first, second] = figures.as_slice() else {
            return found;
        };
        for (moved, words) in moves(*first) {
            if moved <= high {
                found.push(made(
                    TestKind::Between(fact, moved, high),
                    format!(
                        "`between {words} and {second}` instead of `between {first} and {second}`"
                    ),
                ));
            }
        }
        for (moved, words) in moves(*second) {
            if low <= moved {
                found.push(made(
                    TestKind::Between(fact, low, moved),
                    format!(
                        "`between {first} and {words}` instead of `between {first} and {second}`"
                    ),
                ));
            }
        }
        found.push(made(
            TestKind::Between(fact, low.up(), high),
            format!("`between {first} and {second}` without {first} itself"),
        ));
        found.push(made(
            TestKind::Between(fact, low, high.down()),
            format!("`between {first} and {second}` without {second} itself"),
        ));
        return found;
    }
    let Ok(figure) = Quantity::parse(format!("{} {unit}", test.threshold).trim()) else {
        return found;
    };
    let ends = |operator: &str, at: Number| match operator {
        "at least" => Some((at, Number::MAX)),
        "more than" => Some((at.up(), Number::MAX)),
        "at most" => Some((Number::MIN, at)),
        "less than" => Some((Number::MIN, at.down())),
        "exactly" => Some((at, at)),
        _ => None,
    };
    for (moved, words) in moves(figure) {
        if let Some((low, high)) = ends(&test.operator, moved) {
            found.push(made(
                TestKind::Between(fact, low, high),
                format!(
                    "`{} {words}` instead of `{} {figure}`",
                    test.operator, test.operator
                ),
            ));
        }
    }
    let other = match test.operator.as_str() {
        "at least" => "more than",
        "more than" => "at least",
        "at most" => "less than",
        "less than" => "at most",
        _ => return found,
    };
    if let Some((at, _)) = figure.in_base()
        && let Some((low, high)) = ends(other, at)
    {
        found.push(made(
            TestKind::Between(fact, low, high),
            format!("`{other} {figure}` instead of `{} {figure}`", test.operator),
        ));
    }
    found
}

/// A figure moved by one unit of its last digit, down and up: in base units, and in words.
fn moves(figure: Quantity) -> Vec<(Number, String)> {
    let places = u32::try_from(digits(figure.amount)).unwrap_or(0);
    let step = Number::ONE / 10i128.pow(places.min(12));
    let moved = [-step, step].map(|by| Quantity {
        amount: Number::from_grid(figure.amount.grid() + by),
        unit: figure.unit,
    });
    moved
        .into_iter()
        .filter_map(|quantity| {
            quantity
                .in_base()
                .map(|(base, _)| (base, quantity.to_string()))
        })
        .collect()
}

/// Each end of a version's period that is known to the day, moved by a day both ways.
pub(super) fn periods(version: &Version) -> Vec<(Version, String)> {
    let period = &version.in_force;
    let mut found = Vec::new();
    for (day, begins) in edges(period) {
        for by in [-1, 1] {
            let to = Day::from_number(day.number() + by);
            let mut changed = period.clone();
            for spans in [&mut changed.sure, &mut changed.possible] {
                for span in spans.iter_mut() {
                    match begins {
                        true if span.first == day => span.first = to,
                        false if span.last == day => span.last = to,
                        _ => {}
                    }
                }
                spans.retain(|span| span.first <= span.last);
            }
            let what = if begins {
                "in force from"
            } else {
                "in force until"
            };
            found.push((
                Version {
                    in_force: changed,
                    ..version.clone()
                },
                format!("{what} {to} instead of {day}"),
            ));
        }
    }
    found
}

/// The days on which a period begins (`true`) or ends, where they are known to the day.
pub(super) fn edges(period: &Period) -> Vec<(Day, bool)> {
    let begins =
        period.sure.iter().map(|span| span.first).filter(|day| {
            *day > Day::MIN && period.possible.iter().any(|other| other.first == *day)
        });
    let ends =
        period.sure.iter().map(|span| span.last).filter(|day| {
            *day < Day::MAX && period.possible.iter().any(|other| other.last == *day)
        });
    begins
        .map(|day| (day, true))
        .chain(ends.map(|day| (day, false)))
        .collect()
}
