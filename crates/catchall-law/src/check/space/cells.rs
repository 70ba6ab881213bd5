//! Cells: the values of every fact that some conditions ask, cut where a test of them, a dated set, an edition
//! or a version's dates can tell them apart.

use std::collections::{BTreeMap, BTreeSet};

use catchall_model::{Day, Number, Span};

use crate::language::{Cond, Shift, TestKind, code_within};
use crate::pack::{DatedSet, Entry, Law, Version};
use crate::period::{Holds, Period};
use crate::vocabulary::{Bits, Domain, FactId};

/// The most payload-range points among which a curve's reaches are told apart.
const MOST_POINTS: usize = 12;

/// One unknown with its values, cut.
#[derive(Clone, Debug)]
pub(in crate::check) struct Variable {
    /// The fact; `None` for entries of a list and for the law's own openness.
    pub fact: Option<FactId>,
    /// Its values.
    pub cells: Cells,
}

/// How a variable's values are cut.
#[derive(Clone, Debug)]
pub(in crate::check) enum Cells {
    /// No, yes.
    YesNo,
    /// One word, kind or country; one group a cell.
    One(Vec<Vec<u32>>),
    /// No, yes: that a fact of several values holds one of these.
    Holds(Vec<u32>),
    /// None of these, or one value alone of a fact that may hold several: one group a cell after the first.
    Held(Vec<Vec<u32>>),
    /// Figures or days; one span a cell.
    Spans(Vec<(Number, Number)>),
    /// Reaches of a curve: the points, and for each cell which of them it reaches.
    Reaches(Vec<(Number, Number)>, Vec<u32>),
    /// No, yes: that the item meets one of these entries of a list.
    Entries(usize, Vec<usize>),
    /// No entry, or one alone: one group a cell after the first.
    Code(usize, Vec<Vec<usize>>),
    /// No, yes: that one day lies so from another.
    Apart(FactId, Option<Shift>, Option<Shift>),
    /// Read against, read for: what the law itself leaves open.
    Reading,
}

impl Variable {
    /// How many cells.
    pub fn size(&self) -> usize {
        match &self.cells {
            Cells::One(groups) => groups.len(),
            Cells::Spans(spans) => spans.len(),
            Cells::Reaches(_, masks) => masks.len(),
            Cells::Held(groups) => groups.len() + 1,
            Cells::Code(_, groups) => groups.len() + 1,
            _ => 2,
        }
    }

    /// What comes first in a diagram: days and kinds split the law, what hangs on them comes later.
    fn rank(&self) -> usize {
        match &self.cells {
            Cells::Spans(_) => 3,
            Cells::One(_) => 1,
            Cells::YesNo => 2,
            Cells::Reaches(..) => 4,
            Cells::Holds(_) | Cells::Held(_) => 5,
            Cells::Entries(..) | Cells::Code(..) => 6,
            Cells::Apart(..) => 7,
            Cells::Reading => 8,
        }
    }
}

/// What the conditions of one question ask: gathered first, so that every fact is cut for all of them.
#[derive(Default)]
pub(in crate::check) struct Survey<'a> {
    tests: Vec<(&'a TestKind, FactId)>,
    periods: Vec<(&'a Period, FactId)>,
    places: Vec<(FactId, Bits)>,
}

impl<'a> Survey<'a> {
    /// A condition whose dated sets are read at this date.
    pub fn condition(&mut self, condition: &'a Cond, date: FactId) {
        super::super::walk::tests(condition, &mut |test| {
            // Versions and exceptions ask the same again and again; once is enough.
            let same = |(known, on): &(&TestKind, FactId)| *on == date && **known == test.kind;
            if !self.tests.iter().any(same) {
                self.tests.push((&test.kind, date));
            }
        });
    }

    /// That a date lies in a period.
    pub fn period(&mut self, period: &'a Period, date: FactId) {
        self.periods.push((period, date));
    }

    /// All of a version: its dates, its disputes, its condition.
    pub fn version(&mut self, law: &Law, version: &'a Version) {
        self.condition(&version.when, version.tested_on);
        self.period(&version.in_force, version.tested_on);
        for dispute in &version.disputed {
            self.period(&dispute.interval, version.tested_on);
            if let Some(from) = law.vocabulary.fact("from") {
                self.places
                    .push((from, Bits::of(dispute.by.iter().copied())));
            }
        }
    }
}

/// How facts that may hold several values, and entries that an item may meet together, are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Mode {
    /// Any of them together: what is proven so holds whatever the facts are.
    Free,
    /// At most one of them: small, and every way through is a transfer, but not every transfer.
    Plain,
}

/// The variables of a survey, in order. `None` when a curve is asked for too many points.
pub(super) fn variables(law: &Law, survey: &Survey, mode: Mode) -> Option<Vec<Variable>> {
    let days = days(law, survey);
    let mut found: Vec<(usize, usize, Variable)> = Vec::new();
    let mut facts: BTreeMap<FactId, Vec<(&TestKind, FactId)>> = BTreeMap::new();
    let mut lists: BTreeMap<usize, Vec<(&str, Option<&str>)>> = BTreeMap::new();
    let mut order = 0;
    let mut push = |rank: usize, variable: Variable| {
        order += 1;
        found.push((rank, order, variable));
    };
    for (fact, spans) in &days {
        push(
            0,
            Variable {
                fact: Some(*fact),
                cells: Cells::Spans(spans.clone()),
            },
        );
    }
    let mut apart: Vec<(FactId, FactId, Option<Shift>, Option<Shift>)> = Vec::new();
    for (kind, date) in &survey.tests {
        match kind {
            TestKind::Listed { list, within, tag } => lists
                .entry(*list)
                .or_default()
                .push((within, tag.as_deref())),
            TestKind::Relative {
                fact,
                other,
                from,
                to,
            } => {
                if !apart.contains(&(*fact, *other, *from, *to)) {
                    apart.push((*fact, *other, *from, *to));
                    push(
                        7,
                        Variable {
                            fact: Some(*fact),
                            cells: Cells::Apart(*other, *from, *to),
                        },
                    );
                }
            }
            TestKind::Yes(fact)
            | TestKind::OneOf(fact, _)
            | TestKind::InSet(fact, _)
            | TestKind::Includes(fact, _)
            | TestKind::IncludesIn(fact, _)
            | TestKind::Between(fact, ..)
            | TestKind::Delivers(fact, ..)
            | TestKind::PartyIn(fact, _) => facts.entry(*fact).or_default().push((kind, *date)),
        }
    }
    let by_place: Vec<(FactId, TestKind)> = survey
        .places
        .iter()
        .map(|(fact, places)| (*fact, TestKind::OneOf(*fact, places.clone())))
        .collect();
    for (fact, kind) in &by_place {
        facts.entry(*fact).or_default().push((kind, FactId(0)));
    }
    for (fact, tests) in &facts {
        for variable in of_fact(law, *fact, tests, &days, mode)? {
            let kinds_first = law.vocabulary.get(*fact).domain == Domain::Kinds;
            push(variable.rank().max(usize::from(!kinds_first) * 2), variable);
        }
    }
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for (list, tests) in &lists {
        let classes = entry_classes(law, *list, tests, days.get(&date));
        match mode {
            Mode::Plain => push(
                2,
                Variable {
                    fact: None,
                    cells: Cells::Code(*list, classes),
                },
            ),
            Mode::Free => classes.into_iter().for_each(|entries| {
                push(
                    6,
                    Variable {
                        fact: None,
                        cells: Cells::Entries(*list, entries),
                    },
                )
            }),
        }
    }
    push(
        8,
        Variable {
            fact: None,
            cells: Cells::Reading,
        },
    );
    found.sort_by_key(|(rank, order, _)| (*rank, *order));
    Some(found.into_iter().map(|(_, _, variable)| variable).collect())
}

fn of_fact(
    law: &Law,
    fact: FactId,
    tests: &[(&TestKind, FactId)],
    days: &BTreeMap<FactId, Vec<(Number, Number)>>,
    mode: Mode,
) -> Option<Vec<Variable>> {
    let known = law.vocabulary.get(fact);
    let one = |cells: Cells| {
        Some(vec![Variable {
            fact: Some(fact),
            cells,
        }])
    };
    match known.domain {
        Domain::YesNo => one(Cells::YesNo),
        Domain::Date => Some(Vec::new()),
        Domain::Quantity(_) => {
            let mut edges = BTreeSet::new();
            for (kind, _) in tests {
                if let TestKind::Between(_, low, high) = kind {
                    edges.insert(*low);
                    edges.insert(high.up());
                }
            }
            one(Cells::Spans(cut(&edges)))
        }
        Domain::Curve => {
            let mut points: Vec<(Number, Number)> = Vec::new();
            for (kind, _) in tests {
                if let TestKind::Delivers(_, payload, range) = kind
                    && !points.contains(&(*payload, *range))
                {
                    points.push((*payload, *range));
                }
            }
            let masks = reaches(&points)?;
            one(Cells::Reaches(points, masks))
        }
        Domain::Words(_) | Domain::Kinds | Domain::Countries if !known.many => {
            let groups = classes(law, law.vocabulary.size(known.domain), tests, days);
            one(Cells::One(groups.into_values().collect()))
        }
        Domain::Words(_) | Domain::Kinds | Domain::Countries | Domain::Parties => {
            let size = match known.domain {
                Domain::Parties => u32::try_from(law.parties.len()).unwrap_or(u32::MAX),
                domain => law.vocabulary.size(domain),
            };
            let groups = classes(law, size, tests, days);
            let asked = groups
                .into_iter()
                .filter(|(signature, _)| signature.iter().any(|answer| *answer > 0));
            match mode {
                Mode::Plain => one(Cells::Held(asked.map(|(_, members)| members).collect())),
                Mode::Free => Some(
                    asked
                        .map(|(_, members)| Variable {
                            fact: Some(fact),
                            cells: Cells::Holds(members),
                        })
                        .collect(),
                ),
            }
        }
    }
}

/// Values by what the tests say of them, on each cell of the date that a dated set is read at.
fn classes(
    law: &Law,
    size: u32,
    tests: &[(&TestKind, FactId)],
    days: &BTreeMap<FactId, Vec<(Number, Number)>>,
) -> BTreeMap<Vec<u8>, Vec<u32>> {
    let mut groups: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
    for value in 0..size {
        let mut signature = Vec::new();
        for (kind, date) in tests {
            match kind {
                TestKind::OneOf(_, members) | TestKind::Includes(_, members) => {
                    signature.push(u8::from(members.has(value)))
                }
                TestKind::InSet(_, set)
                | TestKind::IncludesIn(_, set)
                | TestKind::PartyIn(_, set) => {
                    let set = &law.sets[*set];
                    match days.get(date) {
                        Some(cells) => signature
                            .extend(cells.iter().map(|cell| member(set, value, *cell) as u8)),
                        None => {
                            signature.push(member(set, value, (Number::MIN, Number::MAX)) as u8)
                        }
                    }
                }
                _ => {}
            }
        }
        groups.entry(signature).or_default().push(value);
    }
    groups
}

/// Whether something is a member of a dated set on the days of a cell: 0 no, 1 open, 2 yes.
pub(super) fn member(set: &DatedSet, value: u32, cell: (Number, Number)) -> usize {
    let day = first_day(cell);
    set.member(value)
        .map(|period| holds(period, day))
        .max()
        .unwrap_or(0)
}

/// Whether a period holds on a day: 0 no, 1 open, 2 yes.
pub(super) fn holds(period: &Period, day: Day) -> usize {
    match period.on(day) {
        Holds::No => 0,
        Holds::Open => 1,
        Holds::Yes => 2,
    }
}

/// The first day of a cell of days.
pub(super) fn first_day(cell: (Number, Number)) -> Day {
    Day::from_number(i64::try_from(cell.0.grid()).unwrap_or(i64::from(i32::MIN)))
}

/// Entries of a list by the tests that they would answer, on each cell of the date.
fn entry_classes(
    law: &Law,
    list: usize,
    tests: &[(&str, Option<&str>)],
    days: Option<&Vec<(Number, Number)>>,
) -> Vec<Vec<usize>> {
    let mut asked = tests.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut groups: BTreeMap<(Vec<bool>, Vec<usize>), Vec<usize>> = BTreeMap::new();
    for (place, entry) in law.lists[list].entries.iter().enumerate() {
        let fits: Vec<bool> = asked
            .iter()
            .map(|(within, tag)| {
                code_within(&entry.code, within)
                    && tag.is_none_or(|tag| entry.tags.iter().any(|own| own == tag))
            })
            .collect();
        if !fits.contains(&true) {
            continue;
        }
        let on: Vec<usize> = days.map_or_else(Vec::new, |cells| {
            cells
                .iter()
                .map(|cell| listed(law, list, place, first_day(*cell)))
                .collect()
        });
        if on.iter().all(|answer| *answer == 0) && !on.is_empty() {
            continue;
        }
        groups.entry((fits, on)).or_default().push(place);
    }
    groups.into_values().collect()
}

/// Whether an entry stands on its list on a day: 0 no, 1 open, 2 yes.
pub(super) fn listed(law: &Law, list: usize, entry: usize, day: Day) -> usize {
    let editions = &law.lists[list].entries[entry].editions;
    editions
        .iter()
        .map(|edition| holds(&edition.period, day))
        .max()
        .unwrap_or(0)
}

/// For each date that is asked, its days, cut wherever an answer may change.
fn days(law: &Law, survey: &Survey) -> BTreeMap<FactId, Vec<(Number, Number)>> {
    let mut edges: BTreeMap<FactId, BTreeSet<Number>> = BTreeMap::new();
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for (period, on) in &survey.periods {
        let edges = edges.entry(*on).or_default();
        period_edges(period, edges);
    }
    for (kind, on) in &survey.tests {
        match kind {
            TestKind::Between(fact, low, high)
                if law.vocabulary.get(*fact).domain == Domain::Date =>
            {
                let edges = edges.entry(*fact).or_default();
                edges.insert(*low);
                edges.insert(high.up());
            }
            TestKind::Relative { fact, other, .. } => {
                edges.entry(*fact).or_default();
                edges.entry(*other).or_default();
            }
            TestKind::InSet(_, set) | TestKind::IncludesIn(_, set) | TestKind::PartyIn(_, set) => {
                for (_, period) in &law.sets[*set].members {
                    if period.sure != [Span::ALWAYS] {
                        period_edges(period, edges.entry(*on).or_default());
                    }
                }
            }
            TestKind::Listed { list, within, tag } => {
                let fits = |entry: &&Entry| {
                    code_within(&entry.code, within)
                        && tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
                };
                for edition in law.lists[*list]
                    .entries
                    .iter()
                    .filter(fits)
                    .flat_map(|entry| &entry.editions)
                {
                    if edition.period.sure != [Span::ALWAYS] {
                        period_edges(&edition.period, edges.entry(date).or_default());
                    }
                }
            }
            _ => {}
        }
    }
    edges
        .into_iter()
        .map(|(fact, edges)| (fact, cut(&edges)))
        .collect()
}

fn period_edges(period: &Period, edges: &mut BTreeSet<Number>) {
    let number = |day: Day| Number::from_grid(i128::from(day.number()));
    for span in period.sure.iter().chain(&period.possible) {
        if span.first > Day::MIN {
            edges.insert(number(span.first));
        }
        if span.last < Day::MAX {
            edges.insert(number(span.last).up());
        }
    }
}

/// Everything, cut at these numbers: each begins a new cell.
fn cut(edges: &BTreeSet<Number>) -> Vec<(Number, Number)> {
    let mut spans = Vec::new();
    let mut from = Number::MIN;
    for edge in edges
        .iter()
        .filter(|edge| **edge > Number::MIN && **edge <= Number::MAX)
    {
        spans.push((from, edge.down()));
        from = *edge;
    }
    spans.push((from, Number::MAX));
    spans
}

/// Which points a curve can reach together: whoever carries more farther carries less nearer.
fn reaches(points: &[(Number, Number)]) -> Option<Vec<u32>> {
    let count = points.len();
    if count > MOST_POINTS {
        return None;
    }
    let has = |mask: u32, place: usize| mask >> place & 1 == 1;
    let consistent = |mask: &u32| {
        (0..count).all(|a| {
            !has(*mask, a)
                || (0..count).all(|b| {
                    has(*mask, b) || points[b].0 > points[a].0 || points[b].1 > points[a].1
                })
        })
    };
    Some((0..1u32 << count).filter(consistent).collect())
}
