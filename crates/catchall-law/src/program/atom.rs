//! Atoms: one test of one fact, answered from what is known of it.

use catchall_model::{Day, Number};

use super::Tri;
use crate::language::{Shift, TestKind};
use crate::period::{Holds, Period};
use crate::state::{Facts, Value};
use crate::vocabulary::{Bits, FactId};

/// One test, with the words it was written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// What is asked.
    pub test: AtomTest,
    /// The operator in words.
    pub operator: String,
    /// The threshold in words.
    pub threshold: String,
    /// The unit of the threshold.
    pub unit: catchall_model::Unit,
}

/// What is asked; like [`TestKind`], with the date that dated sets are read at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AtomTest {
    /// A yes-or-no fact is true.
    Yes(FactId),
    /// A word, kind or country is one of these.
    OneOf(FactId, Bits),
    /// Several words or countries include one of these.
    Includes(FactId, Bits),
    /// A country lies in a set on a date of the transfer.
    InSet(FactId, usize, FactId),
    /// Several countries include one that does.
    IncludesIn(FactId, usize, FactId),
    /// A party stands on a list on a date of the transfer.
    PartyIn(FactId, usize, FactId),
    /// A figure or day lies between.
    Between(FactId, Number, Number),
    /// A day lies between two shifts of another.
    Relative(FactId, FactId, Option<Shift>, Option<Shift>),
    /// The curve reaches payload and range.
    Delivers(FactId, Number, Number),
    /// The law itself leaves it open: a dispute, a day that the pack does not know.
    Reading,
}

/// A dated set, ready to be asked. Days that the packs leave open make two sets: what surely belongs, and what may.
#[derive(Clone, Debug)]
pub(crate) struct SetProgram {
    /// Members on every day.
    pub always: Bits,
    /// Members on some days, ascending.
    pub dated: Vec<(u32, Period)>,
    /// Members on any day.
    pub ever: Bits,
    /// The dated members again, together where they share their days.
    pub groups: Vec<(Period, Bits)>,
}

impl SetProgram {
    pub fn of(members: &[(u32, Period)]) -> SetProgram {
        let always = Period::always();
        let (all, dated): (Vec<_>, Vec<_>) = members
            .iter()
            .cloned()
            .partition(|(_, period)| period.sure == always.sure);
        let mut groups: Vec<(Period, Bits)> = Vec::new();
        for (member, period) in &dated {
            match groups
                .iter_mut()
                .find(|(known, _)| known.sure == period.sure && known.possible == period.possible)
            {
                Some((_, together)) => together.insert(*member),
                None => groups.push((period.clone(), Bits::of([*member]))),
            }
        }
        SetProgram {
            always: Bits::of(all.iter().map(|(member, _)| *member)),
            dated,
            ever: Bits::of(members.iter().map(|(member, _)| *member)),
            groups,
        }
    }

    /// The members on a day.
    pub fn on(&self, day: Day) -> Bits {
        let mut members = self.always.clone();
        self.groups
            .iter()
            .filter(|(period, _)| period.on(day) == Holds::Yes)
            .for_each(|(_, group)| members.join(group));
        members
    }

    /// Whether something is a member on a day between these two; on a day not known, what holds on every day.
    pub fn holds(&self, member: u32, days: Option<(Day, Day)>) -> Tri {
        if self.always.has(member) {
            return Tri::Yes;
        }
        if !self.ever.has(member) {
            return Tri::No;
        }
        let Some((first, last)) = days else {
            return Tri::Open;
        };
        let from = self.dated.partition_point(|(each, _)| *each < member);
        let rows = self.dated[from..]
            .iter()
            .take_while(|(each, _)| *each == member);
        rows.map(|(_, period)| match period.over(first, last) {
            Holds::No => Tri::No,
            Holds::Open => Tri::Open,
            Holds::Yes => Tri::Yes,
        })
        .max()
        .unwrap_or(Tri::No)
    }
}

impl AtomTest {
    /// The test of a condition, with the date that dated sets are read at; `None` for list tests, which are nodes.
    pub fn of(kind: &TestKind, date: FactId) -> Option<AtomTest> {
        Some(match kind {
            TestKind::Yes(fact) => AtomTest::Yes(*fact),
            TestKind::OneOf(fact, members) => AtomTest::OneOf(*fact, members.clone()),
            TestKind::Includes(fact, members) => AtomTest::Includes(*fact, members.clone()),
            TestKind::InSet(fact, set) => AtomTest::InSet(*fact, *set, date),
            TestKind::IncludesIn(fact, set) => AtomTest::IncludesIn(*fact, *set, date),
            TestKind::PartyIn(fact, set) => AtomTest::PartyIn(*fact, *set, date),
            TestKind::Between(fact, low, high) => AtomTest::Between(*fact, *low, *high),
            TestKind::Relative {
                fact,
                other,
                from,
                to,
            } => AtomTest::Relative(*fact, *other, *from, *to),
            TestKind::Delivers(fact, payload, range) => AtomTest::Delivers(*fact, *payload, *range),
            TestKind::Listed { .. } => return None,
        })
    }

    /// The fact it is put to.
    pub fn fact(&self) -> Option<FactId> {
        Some(match self {
            AtomTest::Yes(fact)
            | AtomTest::OneOf(fact, _)
            | AtomTest::Includes(fact, _)
            | AtomTest::InSet(fact, ..)
            | AtomTest::IncludesIn(fact, ..)
            | AtomTest::PartyIn(fact, ..)
            | AtomTest::Between(fact, ..)
            | AtomTest::Relative(fact, ..)
            | AtomTest::Delivers(fact, ..) => *fact,
            AtomTest::Reading => return None,
        })
    }

    /// The day that it reads beside that fact: the day of a set, or the day it is measured from.
    pub(crate) fn second(&self) -> Option<FactId> {
        match self {
            AtomTest::InSet(_, _, date)
            | AtomTest::IncludesIn(_, _, date)
            | AtomTest::PartyIn(_, _, date)
            | AtomTest::Relative(_, date, ..) => Some(*date),
            _ => None,
        }
    }

    /// The answer from what is known.
    pub(crate) fn answer(&self, facts: &Facts, sets: &[SetProgram]) -> Tri {
        let value = |fact: Option<FactId>| fact.and_then(|fact| facts.get(fact));
        // Most tests ask one fact; the day of a set is looked up where there is one.
        self.answer_of(value(self.fact()), value(self.second()), sets)
    }

    /// The answer from what is known of its fact, and of the day beside it.
    pub(crate) fn answer_of(
        &self,
        value: Option<&Value>,
        second: Option<&Value>,
        sets: &[SetProgram],
    ) -> Tri {
        match self {
            AtomTest::Reading => Tri::Open,
            AtomTest::Yes(_) => match value {
                Some(Value::YesNo(yes)) => Tri::of(*yes),
                _ => Tri::Open,
            },
            AtomTest::OneOf(_, members) => one_of(value, members),
            AtomTest::InSet(_, set, _) => {
                let set = &sets[*set];
                match value {
                    Some(Value::One(one)) => set.holds(*one, days(second)),
                    Some(Value::OneOf(several)) => {
                        let days = days(second);
                        each(several.iter().map(|one| set.holds(*one, days)))
                    }
                    _ if set.ever.is_empty() => Tri::No,
                    _ => Tri::Open,
                }
            }
            AtomTest::Includes(_, members) => includes(value, members),
            AtomTest::IncludesIn(_, set, _) | AtomTest::PartyIn(_, set, _) => {
                let set = &sets[*set];
                match value {
                    Some(Value::Set { sure, more }) => {
                        let days = days(second);
                        let holds = sure.iter().map(|one| set.holds(*one, days));
                        let found = holds.max().unwrap_or(Tri::No);
                        if *more && !set.ever.is_empty() {
                            found.max(Tri::Open)
                        } else {
                            found
                        }
                    }
                    _ if set.ever.is_empty() => Tri::No,
                    _ => Tri::Open,
                }
            }
            AtomTest::Between(_, low, high) => lies_between(value, *low, *high),
            AtomTest::Relative(_, _, from, to) => {
                let (Some((least, most)), Some((earliest, latest))) = (days(value), days(second))
                else {
                    return Tri::Open;
                };
                let shift =
                    |day: Day, by: &Shift| day.plus_months(by.months).number() + i64::from(by.days);
                // A shift by calendar months never turns two days round, so ends are enough.
                let floor = |day: Day| from.as_ref().map_or(i64::MIN, |by| shift(day, by));
                let roof = |day: Day| to.as_ref().map_or(i64::MAX, |by| shift(day, by));
                if least.number() >= floor(latest) && most.number() <= roof(earliest) {
                    Tri::Yes
                } else if most.number() < floor(earliest) || least.number() > roof(latest) {
                    Tri::No
                } else {
                    Tri::Open
                }
            }
            AtomTest::Delivers(_, payload, range) => match value {
                Some(Value::Curve(curve)) => {
                    curve.delivers(*payload, *range).map_or(Tri::Open, Tri::of)
                }
                _ => Tri::Open,
            },
        }
    }
}

/// Whether one word, kind or country is one of these.
pub(crate) fn one_of(value: Option<&Value>, members: &Bits) -> Tri {
    match value {
        Some(Value::One(one)) => Tri::of(members.has(*one)),
        Some(Value::OneOf(several)) => each(several.iter().map(|one| Tri::of(members.has(*one)))),
        _ => Tri::Open,
    }
}

/// Whether several hold one of these.
pub(crate) fn includes(value: Option<&Value>, members: &Bits) -> Tri {
    match value {
        Some(Value::Set { sure, .. }) if sure.iter().any(|one| members.has(*one)) => Tri::Yes,
        Some(Value::Set { more: false, .. }) => Tri::No,
        _ => Tri::Open,
    }
}

/// Whether a figure or day lies between these, both included.
pub(crate) fn lies_between(value: Option<&Value>, low: Number, high: Number) -> Tri {
    match value {
        Some(Value::Between(least, most)) => between(*least, *most, low, high),
        Some(Value::Spans(spans)) => each(
            spans
                .iter()
                .map(|(least, most)| between(*least, *most, low, high)),
        ),
        _ => Tri::Open,
    }
}

/// What holds when a value may be any of several: all yes, all no, or open.
fn each(mut answers: impl Iterator<Item = Tri>) -> Tri {
    let Some(first) = answers.next() else {
        return Tri::Open;
    };
    if answers.all(|answer| answer == first) {
        first
    } else {
        Tri::Open
    }
}

fn between(least: Number, most: Number, low: Number, high: Number) -> Tri {
    if least >= low && most <= high {
        Tri::Yes
    } else if most < low || least > high {
        Tri::No
    } else {
        Tri::Open
    }
}

/// The first and last day that a date may be.
fn days(value: Option<&Value>) -> Option<(Day, Day)> {
    // Held within the calendar, whichever end a figure lies beyond.
    let far = 1i128 << 40;
    let day = |number: Number| {
        Day::from_number(i64::try_from(number.grid().clamp(-far, far)).unwrap_or(0))
    };
    match value {
        Some(Value::Between(first, last)) => Some((day(*first), day(*last))),
        Some(Value::Spans(spans)) => Some((day(spans.first()?.0), day(spans.last()?.1))),
        _ => None,
    }
}

/// A date, when it is known to the day.
pub(crate) fn day(facts: &Facts, fact: FactId) -> Option<Day> {
    match facts.get(fact) {
        Some(Value::Between(first, last)) if first == last => {
            Some(Day::from_number(i64::try_from(first.grid()).ok()?))
        }
        _ => None,
    }
}
