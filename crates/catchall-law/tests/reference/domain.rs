//! Representatives: values of a fact that stand for all values it may have, derived from the questions put to it.
//!
//! Two values that answer every question alike are interchangeable, since nothing else looks at a fact. The
//! *face* of a value is the list of its answers; one value a face is kept. Where a question joins two facts
//! (a set on a day not known, one day against another) the face carries what the other fact could bring out.

use std::collections::{BTreeMap, BTreeSet};

use catchall_law::{Bits, Domain, FactId, Facts, Law, Period, Shift, TestKind, Value};
use catchall_model::{Day, Number, Span};

use super::world::Exact;

/// Something that is asked of facts.
#[derive(Clone, Copy, Debug)]
pub enum Question<'a> {
    /// A test, with the date at which sets are read.
    Test(&'a TestKind, FactId),
    /// Whether a date lies in a period.
    Period(&'a Period, FactId),
}

impl Question<'_> {
    /// The facts it is put to.
    pub fn facts(&self, law: &Law) -> Vec<FactId> {
        match self {
            Question::Period(period, date) => {
                if period.sure == [Span::ALWAYS] {
                    Vec::new()
                } else {
                    vec![*date]
                }
            }
            Question::Test(kind, date) => match kind {
                TestKind::Yes(fact)
                | TestKind::OneOf(fact, _)
                | TestKind::Includes(fact, _)
                | TestKind::Between(fact, ..)
                | TestKind::Delivers(fact, ..) => {
                    vec![*fact]
                }
                TestKind::InSet(fact, set)
                | TestKind::IncludesIn(fact, set)
                | TestKind::PartyIn(fact, set) => {
                    let dated = law.sets[*set]
                        .members
                        .iter()
                        .any(|(_, period)| period.sure != [Span::ALWAYS]);
                    if dated {
                        vec![*fact, *date]
                    } else {
                        vec![*fact]
                    }
                }
                TestKind::Relative { fact, other, .. } => vec![*fact, *other],
                TestKind::Listed { .. } => Vec::new(),
            },
        }
    }
}

/// Whether everything is known of a fact.
pub fn wholly_known(value: Option<&Value>) -> Option<Exact> {
    match value? {
        Value::YesNo(yes) => Some(Exact::YesNo(*yes)),
        Value::One(one) => Some(Exact::One(*one)),
        Value::OneOf(several) if several.len() == 1 => Some(Exact::One(several[0])),
        Value::Set { sure, more: false } => Some(Exact::Set(sure.clone())),
        Value::Between(low, high) if low == high => Some(Exact::Figure(low.grid())),
        _ => None,
    }
}

/// A day as it stands among figures of facts of type date: days, not grid counts of days.
pub fn day_figure(day: Day) -> i128 {
    i128::from(day.number())
}

/// The spans that a figure or day may lie in.
pub fn spans(law: &Law, fact: FactId, value: Option<&Value>) -> Vec<(i128, i128)> {
    let is_date = law.vocabulary.get(fact).domain == Domain::Date;
    let whole = if is_date {
        (day_figure(Day::MIN), day_figure(Day::MAX))
    } else {
        (Number::MIN.grid(), Number::MAX.grid())
    };
    let spans: Vec<(i128, i128)> = match value {
        Some(Value::Between(low, high)) => vec![(low.grid(), high.grid())],
        Some(Value::Spans(spans)) => spans
            .iter()
            .map(|(low, high)| (low.grid(), high.grid()))
            .collect(),
        _ => vec![whole],
    };
    spans
        .into_iter()
        .map(|(low, high)| (low.max(whole.0), high.min(whole.1)))
        .collect()
}

/// Whether a value may be the fact's.
pub fn allows(value: Option<&Value>, exact: &Exact) -> bool {
    match (value, exact) {
        (None, _) => true,
        (Some(Value::YesNo(a)), Exact::YesNo(b)) => a == b,
        (Some(Value::One(a)), Exact::One(b)) => a == b,
        (Some(Value::OneOf(several)), Exact::One(b)) => several.contains(b),
        (Some(Value::Set { sure, more }), Exact::Set(all)) => {
            sure.iter().all(|one| all.contains(one)) && (*more || sure.len() == all.len())
        }
        (Some(Value::Between(low, high)), Exact::Figure(figure)) => {
            (low.grid()..=high.grid()).contains(figure)
        }
        (Some(Value::Spans(spans)), Exact::Figure(figure)) => spans
            .iter()
            .any(|(low, high)| (low.grid()..=high.grid()).contains(figure)),
        _ => false,
    }
}

/// Values that stand for all that a fact may be, given every question. `None` when there are too many.
/// With `every`, no two values are taken for one another but figures between two constants.
pub fn representatives(
    law: &Law,
    fact: FactId,
    value: Option<&Value>,
    facts: &Facts,
    questions: &[Question],
    every: bool,
) -> Option<Vec<Exact>> {
    if let Some(known) = wholly_known(value) {
        return Some(vec![known]);
    }
    let own: Vec<&Question> = questions
        .iter()
        .filter(|question| question.facts(law).contains(&fact))
        .collect();
    let row = law.vocabulary.get(fact);
    let values = match row.domain {
        Domain::YesNo => vec![Exact::YesNo(false), Exact::YesNo(true)],
        Domain::Words(_) | Domain::Kinds | Domain::Countries if !row.many => match value {
            Some(Value::OneOf(several)) => several.iter().map(|one| Exact::One(*one)).collect(),
            _ => (0..law.vocabulary.size(row.domain))
                .map(Exact::One)
                .collect(),
        },
        Domain::Words(_) | Domain::Kinds | Domain::Countries | Domain::Parties => {
            return sets(law, fact, value, facts, &own, every);
        }
        Domain::Quantity(_) | Domain::Date => figures(law, fact, value, facts, questions),
        Domain::Curve => curves(value, &own)?,
    };
    if every {
        return Some(values);
    }
    let mut faces: BTreeMap<Vec<Face>, Exact> = BTreeMap::new();
    for value in values {
        let face = own
            .iter()
            .map(|question| face(law, question, fact, &value, facts))
            .collect();
        faces.entry(face).or_insert(value);
    }
    Some(faces.into_values().collect())
}

/// All that a question can see of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Face {
    Answer(bool),
    /// The law's own reading: on a day or for a member that the pack leaves open.
    Open,
    /// On which periods of a set the answer turns.
    Periods(BTreeSet<Vec<(Day, Day, bool)>>),
    /// A value that is compared with another fact, itself.
    Itself(Exact),
}

fn face(law: &Law, question: &Question, fact: FactId, value: &Exact, facts: &Facts) -> Face {
    let on = |period: &Period, day: Day| match period.on(day) {
        catchall_law::Holds::Yes => Face::Answer(true),
        catchall_law::Holds::No => Face::Answer(false),
        catchall_law::Holds::Open => Face::Open,
    };
    let day_of = |value: &Exact| match value {
        Exact::Figure(figure) => Day::from_number(i64::try_from(*figure).unwrap()),
        _ => panic!("not a day"),
    };
    match question {
        Question::Period(period, _) => on(period, day_of(value)),
        Question::Test(kind, date) => match (*kind, value) {
            (TestKind::Yes(_), Exact::YesNo(yes)) => Face::Answer(*yes),
            (TestKind::OneOf(_, members), Exact::One(one)) => Face::Answer(members.has(*one)),
            (TestKind::Includes(_, members), Exact::Set(all)) => {
                Face::Answer(all.iter().any(|one| members.has(*one)))
            }
            (TestKind::Between(_, low, high), Exact::Figure(figure)) => {
                Face::Answer((low.grid()..=high.grid()).contains(figure))
            }
            (TestKind::Delivers(_, payload, range), Exact::Curve(corners)) => {
                Face::Answer(carries(corners, payload.grid(), range.grid()))
            }
            (TestKind::Relative { .. }, value) => Face::Itself(value.clone()),
            (
                TestKind::InSet(_, set) | TestKind::IncludesIn(_, set) | TestKind::PartyIn(_, set),
                value,
            ) if fact == *date => {
                // Seen from the date: how each period of the set stands on it.
                let day = day_of(value);
                let mut seen = BTreeSet::new();
                for (_, period) in &law.sets[*set].members {
                    let holds = period.on(day);
                    let mark = match holds {
                        catchall_law::Holds::No => continue,
                        catchall_law::Holds::Open => true,
                        catchall_law::Holds::Yes => false,
                    };
                    let mut key = period_key(period);
                    key.push((Day::MIN, Day::MIN, mark));
                    seen.insert(key);
                }
                Face::Periods(seen)
            }
            (TestKind::InSet(_, set), Exact::One(one)) => seen_of(law, *set, &[*one], *date, facts),
            (TestKind::IncludesIn(_, set) | TestKind::PartyIn(_, set), Exact::Set(all)) => {
                seen_of(law, *set, all, *date, facts)
            }
            (kind, value) => panic!("{kind:?} is put to {value:?}"),
        },
    }
}

fn period_key(period: &Period) -> Vec<(Day, Day, bool)> {
    let of = |spans: &[Span], sure: bool| {
        spans
            .iter()
            .map(|span| (span.first, span.last, sure))
            .collect::<Vec<_>>()
    };
    [of(&period.sure, true), of(&period.possible, false)].concat()
}

/// Seen from the members: which periods of the set they bring in (on the day, where it is known).
fn seen_of(law: &Law, set: usize, all: &[u32], date: FactId, facts: &Facts) -> Face {
    let periods = law.sets[set]
        .members
        .iter()
        .filter(|(member, _)| all.contains(member))
        .map(|(_, period)| period);
    match wholly_known(facts.get(date)) {
        Some(Exact::Figure(figure)) => {
            let day = Day::from_number(i64::try_from(figure).unwrap());
            let holds: Vec<_> = periods.map(|period| period.on(day)).collect();
            if holds.contains(&catchall_law::Holds::Yes) {
                Face::Answer(true)
            } else if holds.contains(&catchall_law::Holds::Open) {
                Face::Open
            } else {
                Face::Answer(false)
            }
        }
        _ => Face::Periods(periods.map(period_key).collect()),
    }
}

/// All sets of values: of one value a face, any may be in; what is surely in stays in.
fn sets(
    law: &Law,
    fact: FactId,
    value: Option<&Value>,
    facts: &Facts,
    own: &[&Question],
    every: bool,
) -> Option<Vec<Exact>> {
    let row = law.vocabulary.get(fact);
    let size = if row.domain == Domain::Parties {
        law.parties.len() as u32
    } else {
        law.vocabulary.size(row.domain)
    };
    let sure: Vec<u32> = match value {
        Some(Value::Set { sure, .. }) => sure.clone(),
        _ => Vec::new(),
    };
    let mut optional: Vec<u32> = (0..size).filter(|one| !sure.contains(one)).collect();
    if !every {
        let nothing: Vec<Face> = own
            .iter()
            .map(|question| face(law, question, fact, &Exact::Set(Vec::new()), facts))
            .collect();
        let mut seen = BTreeSet::from([nothing]);
        optional.retain(|one| {
            seen.insert(
                own.iter()
                    .map(|question| face(law, question, fact, &Exact::Set(vec![*one]), facts))
                    .collect(),
            )
        });
    }
    if optional.len() > 10 {
        return None;
    }
    let all = (0u32..1 << optional.len()).map(|mask| {
        let mut members = sure.clone();
        members.extend(
            optional
                .iter()
                .enumerate()
                .filter(|(place, _)| mask >> place & 1 == 1)
                .map(|(_, one)| *one),
        );
        members.sort_unstable();
        Exact::Set(members)
    });
    Some(all.collect())
}

/// The constants of the questions, their neighbours, and what lies between; within the spans allowed.
fn figures(
    law: &Law,
    fact: FactId,
    value: Option<&Value>,
    facts: &Facts,
    questions: &[Question],
) -> Vec<Exact> {
    let constants = constants(law, fact, facts, questions, 2);
    let mut points: BTreeSet<i128> = BTreeSet::new();
    let list: Vec<i128> = constants.into_iter().collect();
    for constant in &list {
        points.extend([constant - 1, *constant, constant + 1]);
    }
    points.extend(
        list.windows(2)
            .map(|pair| pair[0] + (pair[1] - pair[0]) / 2),
    );
    // Where nothing is known of an end, a figure well beyond the last constant stands for all that lie there.
    let room = if law.vocabulary.get(fact).domain == Domain::Date {
        1000
    } else {
        1000 * Number::ONE
    };
    let (first, last) = (
        list.first().copied().unwrap_or(room),
        list.last().copied().unwrap_or(room),
    );
    let mut values = Vec::new();
    for (low, high) in spans(law, fact, value) {
        let unbounded = |end: i128| {
            end.abs() >= Number::MAX.grid()
                || end == day_figure(Day::MIN)
                || end == day_figure(Day::MAX)
        };
        let low = if unbounded(low) {
            (first - room).max(low).min(high)
        } else {
            low
        };
        let high = if unbounded(high) {
            (last + room).min(high).max(low)
        } else {
            high
        };
        let mut inside: BTreeSet<i128> = points.range(low..=high).copied().collect();
        inside.extend([low, high]);
        values.extend(inside);
    }
    values.sort_unstable();
    values.dedup();
    values.into_iter().map(Exact::Figure).collect()
}

/// The figures at which an answer may turn. A day that is compared with another turns where the other does.
fn constants(
    law: &Law,
    fact: FactId,
    facts: &Facts,
    questions: &[Question],
    depth: u32,
) -> BTreeSet<i128> {
    let mut found: BTreeSet<i128> = BTreeSet::new();
    let edges = |period: &Period, found: &mut BTreeSet<i128>| {
        for span in period.sure.iter().chain(&period.possible) {
            found.extend(
                [span.first, span.last]
                    .into_iter()
                    .filter(|day| *day != Day::MIN && *day != Day::MAX)
                    .map(day_figure),
            );
        }
    };
    for question in questions {
        match question {
            Question::Period(period, date) if *date == fact => edges(period, &mut found),
            Question::Test(TestKind::Between(own, low, high), _) if *own == fact => {
                found.extend(
                    [low.grid(), high.grid()]
                        .into_iter()
                        .filter(|end| end.abs() < Number::MAX.grid()),
                );
            }
            Question::Test(
                TestKind::InSet(_, set) | TestKind::IncludesIn(_, set) | TestKind::PartyIn(_, set),
                date,
            ) if *date == fact => {
                law.sets[*set]
                    .members
                    .iter()
                    .for_each(|(_, period)| edges(period, &mut found));
            }
            Question::Test(
                TestKind::Relative {
                    fact: own,
                    other,
                    from,
                    to,
                },
                _,
            ) if depth > 0 && (*own == fact || *other == fact) => {
                let partner = if *own == fact { *other } else { *own };
                let mut turns = constants(law, partner, facts, questions, depth - 1);
                if let Some(value) = facts.get(partner) {
                    turns.extend(
                        spans(law, partner, Some(value))
                            .into_iter()
                            .flat_map(|(low, high)| [low, high]),
                    );
                }
                for figure in turns {
                    for shift in [from, to].into_iter().flatten() {
                        for near in -1..=1 {
                            let day = Day::from_number(
                                i64::try_from((figure + near).clamp(-9_000_000, 9_000_000))
                                    .unwrap(),
                            );
                            if *own == fact {
                                found.insert(i128::from(
                                    day.plus_months(shift.months).number() + i64::from(shift.days),
                                ));
                            } else {
                                found.insert(back(day, shift));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The latest day whose shift is no later than this day.
fn back(day: Day, shift: &Shift) -> i128 {
    let mut guess = Day::from_number(day.number() - i64::from(shift.days))
        .plus_months(-shift.months)
        .number()
        + 4;
    for _ in 0..12 {
        if Day::from_number(guess).plus_months(shift.months).number() + i64::from(shift.days)
            > day.number()
        {
            guess -= 1;
        }
    }
    i128::from(guess)
}

pub fn carries(corners: &[(i128, i128)], payload: i128, range: i128) -> bool {
    corners
        .iter()
        .any(|(most, farthest)| *most >= payload && *farthest >= range)
}

/// Curves that fit what is known: every falling step function over a grid of payloads and ranges that holds the
/// constants of the questions and the ends of what is known, with room between. `None` when the grid is too fine.
fn curves(value: Option<&Value>, own: &[&Question]) -> Option<Vec<Exact>> {
    let points = match value {
        Some(Value::Curve(curve)) => curve.points.clone(),
        _ => Vec::new(),
    };
    let mut payloads: BTreeSet<i128> = BTreeSet::new();
    let mut ranges: BTreeSet<i128> = BTreeSet::new();
    let mut asked = Vec::new();
    for question in own {
        if let Question::Test(TestKind::Delivers(_, payload, range), _) = question {
            payloads.insert(payload.grid());
            ranges.extend([range.grid() - 1, range.grid()]);
            asked.push((payload.grid(), range.grid()));
        }
    }
    let far = Number::MAX.grid();
    for [least, most, shortest, farthest] in &points {
        payloads.extend(
            [least.grid(), most.grid()]
                .into_iter()
                .filter(|end| end.abs() < far),
        );
        ranges.extend(
            [shortest.grid(), farthest.grid()]
                .into_iter()
                .filter(|end| end.abs() < far),
        );
    }
    // Room between payloads, below and above, so that a point between two constants finds its place.
    let list: Vec<i128> = payloads.iter().copied().collect();
    for pair in list.windows(2) {
        if pair[1] - pair[0] > 1 {
            payloads.insert(pair[0] + (pair[1] - pair[0]) / 2);
        }
    }
    if let (Some(first), Some(last)) = (list.first(), list.last()) {
        payloads.extend([first - 1, last + 1]);
    }
    if let (Some(first), Some(last)) = (ranges.first().copied(), ranges.last().copied()) {
        ranges.extend([first - 1, last + 1]);
    }
    let (payloads, ranges): (Vec<i128>, Vec<i128>) =
        (payloads.into_iter().collect(), ranges.into_iter().collect());
    let mut count = 1f64;
    for step in 0..payloads.len() {
        count = count * (ranges.len() + step) as f64 / (step + 1) as f64;
    }
    if count > 400_000.0 {
        return None;
    }
    let mut found: BTreeMap<Vec<bool>, Exact> = BTreeMap::new();
    let mut chosen: Vec<usize> = Vec::new();
    grow(
        &payloads,
        &ranges,
        &mut chosen,
        &mut |farthest: &[usize]| {
            let curve: Vec<(i128, i128)> = payloads
                .iter()
                .copied()
                .zip(farthest.iter().map(|place| ranges[*place]))
                .collect();
            let fits = points.iter().all(|[least, most, shortest, farthest]| {
                curve.iter().any(|(payload, range)| {
                    (least.grid()..=most.grid()).contains(payload)
                        && (shortest.grid()..=farthest.grid()).contains(range)
                })
            });
            if fits {
                let face = asked
                    .iter()
                    .map(|(payload, range)| carries(&curve, *payload, *range))
                    .collect();
                found.entry(face).or_insert(Exact::Curve(curve));
            }
        },
    );
    Some(found.into_values().collect())
}

/// Every falling choice of a range for each payload.
fn grow(
    payloads: &[i128],
    ranges: &[i128],
    chosen: &mut Vec<usize>,
    see: &mut dyn FnMut(&[usize]),
) {
    if chosen.len() == payloads.len() {
        return see(chosen);
    }
    let most = chosen
        .last()
        .copied()
        .unwrap_or(ranges.len().saturating_sub(1));
    for place in 0..=most {
        chosen.push(place);
        grow(payloads, ranges, chosen, see);
        chosen.pop();
    }
}

/// A set of these.
pub fn bits(members: &[u32]) -> Bits {
    Bits::of(members.iter().copied())
}
