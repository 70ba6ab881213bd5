//! Space: everything that can be the case as far as some conditions can tell, as a reduced diagram over cells.
//!
//! The checker's own engine, apart from the evaluator's: it answers "can this ever hold", "is this the same as
//! that", "show me a case", for conditions of any packs, with nothing known. What it proves holds whatever the
//! facts are. What it shows is a case to be confirmed with the evaluator: entries of a list count here as free of
//! one another, and two days as free of each other, so not every path is a transfer.

mod cells;
mod figures;
mod stated;
#[cfg(test)]
mod twin;
mod witness;

use std::collections::HashMap;

use catchall_model::Number;

use crate::language::{Cond, TestKind, code_within};
use crate::pack::{Law, Version};
use crate::period::Period;
use crate::table::{Hasher, Table};
use crate::vocabulary::{Bits, FactId};

pub(super) use cells::{Cells, Mode, Survey, Variable};
pub(super) use figures::point;
pub(super) use stated::{Witness, digits, facts_text};
pub(super) use witness::Usual;

/// The most nodes; beyond, the question is not answered.
const MOST_NODES: usize = 60_000;

/// A function of the facts, by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ref(u32);

impl Ref {
    /// Never.
    pub const NO: Ref = Ref(0);
    /// Always.
    pub const YES: Ref = Ref(1);
}

/// A join that was given up.
const UNFINISHED: Ref = Ref(u32::MAX);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    variable: u32,
    next: Box<[Ref]>,
}

/// The space of one question.
pub(super) struct Space<'a> {
    law: &'a Law,
    /// What is unknown, in the order of the diagram.
    pub variables: Vec<Variable>,
    nodes: Vec<Node>,
    shared: Table,
    /// Pairs that were joined, both or either, and what they came to.
    joins: Vec<((Ref, Ref, bool), Ref)>,
    joined: Table,
    /// The opposite of each node, where it was asked for.
    opposites: Vec<Option<Ref>>,
    /// Whether what the law leaves open is read so that what is built fails: below a "not", and in an exception.
    read_against: bool,
}

/// One question: what it asks, and what it comes to in a space cut for that.
pub(super) struct Question<'q> {
    /// The law.
    pub law: &'q Law,
    /// What is asked.
    pub survey: Survey<'q>,
    /// The function, in any space of the survey.
    pub build: Box<dyn Fn(&mut Space<'q>) -> Option<Ref> + 'q>,
}

impl<'q> Question<'q> {
    /// The function with all that can be the case. `None` when that is too much.
    pub fn free(&self) -> Option<(Space<'q>, Ref)> {
        self.in_mode(Mode::Free)
    }

    fn in_mode(&self, mode: Mode) -> Option<(Space<'q>, Ref)> {
        let mut space = Space::new(self.law, &self.survey, mode)?;
        let of = (self.build)(&mut space)?;
        Some((space, of))
    }

    /// A case for which it holds, as `accept` confirms: plain cases first.
    pub fn witness(
        &self,
        usual: &Usual,
        accept: &mut dyn FnMut(&Witness) -> bool,
    ) -> Option<Witness> {
        [Mode::Plain, Mode::Free].into_iter().find_map(|mode| {
            let (space, of) = self.in_mode(mode)?;
            space.witness(of, usual, accept)
        })
    }
}

impl<'a> Space<'a> {
    /// Cuts the facts of a survey. `None` when there are too many cells to tell apart.
    pub fn new(law: &'a Law, survey: &Survey, mode: Mode) -> Option<Space<'a>> {
        let leaf = Node {
            variable: u32::MAX,
            next: Box::new([]),
        };
        Some(Space {
            law,
            variables: cells::variables(law, survey, mode)?,
            nodes: vec![leaf.clone(), leaf],
            shared: Table::default(),
            joins: Vec::new(),
            joined: Table::default(),
            opposites: Vec::new(),
            read_against: false,
        })
    }

    /// A condition, its dated sets read at this date. `None` beyond the cap; so for all that follows.
    pub fn condition(&mut self, condition: &Cond, date: FactId) -> Option<Ref> {
        match condition {
            Cond::Always => Some(Ref::YES),
            Cond::Not(inner) => {
                let inner = self.read_the_other_way(|space| space.condition(inner, date))?;
                self.not(inner)
            }
            Cond::Test(test) => self.test(&test.kind, date),
            Cond::All(parts) => {
                let mut whole = Ref::YES;
                for part in parts {
                    let part = self.condition(part, date)?;
                    whole = self.and(whole, part)?;
                }
                Some(whole)
            }
            Cond::Any(parts) => {
                let mut whole = Ref::NO;
                for part in parts {
                    let part = self.condition(part, date)?;
                    whole = self.or(whole, part)?;
                }
                Some(whole)
            }
            Cond::AtLeast(needed, parts) => {
                // `enough[n]`: at least n of the parts so far.
                let mut enough = vec![Ref::NO; needed + 1];
                enough[0] = Ref::YES;
                for part in parts {
                    let part = self.condition(part, date)?;
                    for n in (1..=*needed).rev() {
                        let with = self.and(enough[n - 1], part)?;
                        enough[n] = self.or(enough[n], with)?;
                    }
                }
                Some(enough[*needed])
            }
        }
    }

    /// Builds what will be denied: days that the law leaves open are read the other way in it, as the evaluator does.
    pub fn read_the_other_way(
        &mut self,
        build: impl FnOnce(&mut Self) -> Option<Ref>,
    ) -> Option<Ref> {
        self.read_against = !self.read_against;
        let made = build(self);
        self.read_against = !self.read_against;
        made
    }

    fn test(&mut self, kind: &TestKind, date: FactId) -> Option<Ref> {
        match kind {
            TestKind::Yes(fact) => {
                let at = self.of_fact(*fact)?;
                self.push(at, vec![Ref::NO, Ref::YES])
            }
            TestKind::OneOf(fact, members) => self.one_of(*fact, members),
            TestKind::Between(fact, low, high) => self.between(*fact, &[(*low, *high)]),
            TestKind::Delivers(fact, payload, range) => {
                let at = self.of_fact(*fact)?;
                let Cells::Reaches(points, masks) = &self.variables[at].cells else {
                    return None;
                };
                let place = points
                    .iter()
                    .position(|point| point == &(*payload, *range))?;
                let next = masks
                    .iter()
                    .map(|mask| yes(mask >> place & 1 == 1))
                    .collect();
                self.push(at, next)
            }
            TestKind::Relative {
                fact,
                other,
                from,
                to,
            } => {
                let fits = |variable: &Variable| {
                    let same = matches!(&variable.cells, Cells::Apart(each, low, high) if each == other && low == from && high == to);
                    same && variable.fact == Some(*fact)
                };
                let at = self.variables.iter().position(fits)?;
                self.push(at, vec![Ref::NO, Ref::YES])
            }
            TestKind::InSet(fact, set) => {
                let at = self.of_fact(*fact)?;
                let Cells::One(groups) = self.variables[at].cells.clone() else {
                    return None;
                };
                let law = self.law;
                self.on_days(date, |space, day| {
                    let answer = |group: &Vec<u32>| {
                        cells::member(
                            &law.sets[*set],
                            group.first().copied().unwrap_or(u32::MAX),
                            day,
                        )
                    };
                    let next = groups
                        .iter()
                        .map(|group| space.tri(answer(group)))
                        .collect();
                    space.push(at, next)
                })
            }
            TestKind::Includes(fact, members) => {
                let asked = self.holding(*fact);
                let law_answer = |group: &[u32], _: (Number, Number)| {
                    2 * usize::from(group.first().is_some_and(|one| members.has(*one)))
                };
                self.any_of(&asked, (Number::MIN, Number::MAX), &law_answer)
            }
            TestKind::IncludesIn(fact, set) | TestKind::PartyIn(fact, set) => {
                let asked = self.holding(*fact);
                let law = self.law;
                let answer = |group: &[u32], day: (Number, Number)| {
                    cells::member(
                        &law.sets[*set],
                        group.first().copied().unwrap_or(u32::MAX),
                        day,
                    )
                };
                self.on_days(date, |space, day| space.any_of(&asked, day, &answer))
            }
            TestKind::Listed { list, within, tag } => self.listed(*list, within, tag.as_deref()),
        }
    }

    fn one_of(&mut self, fact: FactId, members: &Bits) -> Option<Ref> {
        let at = self.of_fact(fact)?;
        let Cells::One(groups) = &self.variables[at].cells else {
            return None;
        };
        let next = groups
            .iter()
            .map(|group| yes(group.first().is_some_and(|one| members.has(*one))))
            .collect();
        self.push(at, next)
    }

    fn listed(&mut self, list: usize, within: &str, tag: Option<&str>) -> Option<Ref> {
        let law = self.law;
        let entries = &law.lists[list].entries;
        let fits = |place: &usize| {
            let entry = &entries[*place];
            code_within(&entry.code, within)
                && tag.is_none_or(|tag| entry.tags.iter().any(|own| own == tag))
        };
        let own = |variable: &Variable| matches!(&variable.cells, Cells::Entries(each, _) | Cells::Code(each, _) if *each == list);
        let asked: Vec<usize> = (0..self.variables.len())
            .filter(|at| own(&self.variables[*at]))
            .collect();
        let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
        self.on_days(date, |space, day| {
            let day = cells::first_day(day);
            let answer = |group: &[usize]| {
                group
                    .first()
                    .filter(|place| fits(place))
                    .map_or(0, |place| cells::listed(law, list, *place, day))
            };
            let mut whole = Ref::NO;
            for at in asked.iter().rev() {
                let answers: Vec<usize> = match &space.variables[*at].cells {
                    Cells::Entries(_, group) => vec![answer(group)],
                    Cells::Code(_, groups) => groups.iter().map(|group| answer(group)).collect(),
                    _ => continue,
                };
                whole = space.either(*at, &answers, whole)?;
            }
            Some(whole)
        })
    }

    /// That one of these variables holds whose members answer so.
    fn any_of(
        &mut self,
        asked: &[usize],
        day: (Number, Number),
        answer: &dyn Fn(&[u32], (Number, Number)) -> usize,
    ) -> Option<Ref> {
        let mut whole = Ref::NO;
        for at in asked.iter().rev() {
            let answers: Vec<usize> = match &self.variables[*at].cells {
                Cells::Holds(members) => vec![answer(members, day)],
                Cells::Held(groups) => groups.iter().map(|group| answer(group, day)).collect(),
                _ => continue,
            };
            whole = self.either(*at, &answers, whole)?;
        }
        Some(whole)
    }

    /// What a variable says in each cell after its first, or else the rest.
    fn either(&mut self, at: usize, answers: &[usize], rest: Ref) -> Option<Ref> {
        let mut next = vec![rest];
        for answer in answers {
            let own = self.tri(*answer);
            next.push(self.or(own, rest)?);
        }
        self.push(at, next)
    }

    /// A function of a date and of something else, cell by cell of the date.
    fn on_days(
        &mut self,
        date: FactId,
        mut of_day: impl FnMut(&mut Self, (Number, Number)) -> Option<Ref>,
    ) -> Option<Ref> {
        let spans = self
            .of_fact(date)
            .and_then(|at| match &self.variables[at].cells {
                Cells::Spans(spans) => Some((at, spans.clone())),
                _ => None,
            });
        let Some((at, spans)) = spans else {
            return of_day(self, (Number::MIN, Number::MAX));
        };
        let mut next = Vec::with_capacity(spans.len());
        for span in spans {
            next.push(of_day(self, span)?);
        }
        self.push(at, next)
    }

    /// A day or a figure in one of these spans, both ends included.
    fn between(&mut self, fact: FactId, spans: &[(Number, Number)]) -> Option<Ref> {
        let at = self.of_fact(fact)?;
        let Cells::Spans(cells) = &self.variables[at].cells else {
            return None;
        };
        let inside = |cell: &(Number, Number)| {
            spans
                .iter()
                .any(|(low, high)| cell.0 >= *low && cell.1 <= *high)
        };
        let next = cells.iter().map(|cell| yes(inside(cell))).collect();
        self.push(at, next)
    }

    /// That a period holds on a date: on its sure days, and as one reads it on those left open.
    pub fn period(&mut self, period: &Period, date: FactId) -> Option<Ref> {
        self.on_days(date, |space, day| {
            Some(space.tri(cells::holds(period, cells::first_day(day))))
        })
    }

    /// That a version is in force, undisputed or read so that it applies, and its condition holds.
    pub fn version(&mut self, version: &Version) -> Option<Ref> {
        let mut whole = self.period(&version.in_force, version.tested_on)?;
        let from = self.law.vocabulary.fact("from");
        for dispute in &version.disputed {
            let held = self.on_days(version.tested_on, |_, day| {
                Some(yes(
                    cells::holds(&dispute.interval, cells::first_day(day)) > 0
                ))
            })?;
            let by = match from {
                Some(from) => self.one_of(from, &Bits::of(dispute.by.iter().copied()))?,
                None => Ref::YES,
            };
            let disputed = self.and(held, by)?;
            let undisputed = self.not(disputed)?;
            let read_for = self.tri(1);
            let stands = self.or(undisputed, read_for)?;
            whole = self.and(whole, stands)?;
        }
        let when = self.condition(&version.when, version.tested_on)?;
        self.and(whole, when)
    }

    /// What holds however the law is read.
    pub fn surely(&mut self, of: Ref) -> Option<Ref> {
        let reading = self.variables.len() - 1;
        let (against, read_for) = (
            self.restrict(of, reading, 0)?,
            self.restrict(of, reading, 1)?,
        );
        self.and(against, read_for)
    }

    /// A function with one variable put in.
    pub fn restrict(&mut self, of: Ref, variable: usize, cell: usize) -> Option<Ref> {
        let mut done = HashMap::new();
        self.put_in(of, variable, cell, &mut done)
    }

    fn put_in(
        &mut self,
        of: Ref,
        variable: usize,
        cell: usize,
        done: &mut HashMap<Ref, Ref>,
    ) -> Option<Ref> {
        let node = self.nodes[of.0 as usize].clone();
        let own = node.variable as usize;
        if of <= Ref::YES || own > variable {
            return Some(of);
        }
        if own == variable {
            return Some(node.next[cell]);
        }
        if let Some(known) = done.get(&of) {
            return Some(*known);
        }
        let mut next = Vec::with_capacity(node.next.len());
        for each in &node.next {
            next.push(self.put_in(*each, variable, cell, done)?);
        }
        let made = self.push(own, next)?;
        done.insert(of, made);
        Some(made)
    }

    /// Both.
    pub fn and(&mut self, a: Ref, b: Ref) -> Option<Ref> {
        self.join(a, b, true)
    }

    /// Either.
    pub fn or(&mut self, a: Ref, b: Ref) -> Option<Ref> {
        self.join(a, b, false)
    }

    fn join(&mut self, a: Ref, b: Ref, all: bool) -> Option<Ref> {
        let (zero, one) = if all {
            (Ref::NO, Ref::YES)
        } else {
            (Ref::YES, Ref::NO)
        };
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        if a == zero || b == zero {
            return Some(zero);
        }
        if a == one || a == b {
            return Some(b);
        }
        if b == one {
            return Some(a);
        }
        let key = (a, b, all);
        let mut hasher = Hasher::new(u64::from(all));
        hasher.add(u64::from(a.0) << 32 | u64::from(b.0));
        let place = u32::try_from(self.joins.len()).unwrap_or(u32::MAX);
        let joins = &self.joins;
        let same = |place: u32| joins[place as usize].0 == key;
        if let Some(place) = self.joined.find_or_insert(hasher.end(), place, same) {
            return Some(self.joins[place as usize].1).filter(|known| *known != UNFINISHED);
        }
        self.joins.push((key, UNFINISHED));
        let (left, right) = (
            self.nodes[a.0 as usize].variable,
            self.nodes[b.0 as usize].variable,
        );
        let top = left.min(right);
        let at = top as usize;
        let mut next = Vec::with_capacity(self.variables[at].size());
        for cell in 0..self.variables[at].size() {
            let x = if left == top {
                self.nodes[a.0 as usize].next[cell]
            } else {
                a
            };
            let y = if right == top {
                self.nodes[b.0 as usize].next[cell]
            } else {
                b
            };
            next.push(self.join(x, y, all)?);
        }
        let made = self.push(at, next)?;
        self.joins[place as usize].1 = made;
        Some(made)
    }

    /// The opposite.
    pub fn not(&mut self, of: Ref) -> Option<Ref> {
        if of == Ref::NO {
            return Some(Ref::YES);
        }
        if of == Ref::YES {
            return Some(Ref::NO);
        }
        if let Some(Some(known)) = self.opposites.get(of.0 as usize) {
            return Some(*known);
        }
        let node = self.nodes[of.0 as usize].clone();
        let mut next = Vec::with_capacity(node.next.len());
        for each in &node.next {
            next.push(self.not(*each)?);
        }
        let made = self.push(node.variable as usize, next)?;
        self.opposites.resize(self.nodes.len(), None);
        self.opposites[of.0 as usize] = Some(made);
        self.opposites[made.0 as usize] = Some(of);
        Some(made)
    }

    /// One and not the other.
    pub fn but_not(&mut self, a: Ref, b: Ref) -> Option<Ref> {
        let not = self.not(b)?;
        self.and(a, not)
    }

    /// Where two differ.
    pub fn differ(&mut self, a: Ref, b: Ref) -> Option<Ref> {
        let (only_a, only_b) = (self.but_not(a, b)?, self.but_not(b, a)?);
        self.or(only_a, only_b)
    }

    /// Whether a function asks two days at once or the entries of a list, so that not each of its paths is a transfer.
    pub fn loose(&self, of: Ref) -> bool {
        let mut seen = vec![false; self.nodes.len()];
        let mut left = vec![of];
        while let Some(each) = left.pop() {
            if each <= Ref::YES || std::mem::replace(&mut seen[each.0 as usize], true) {
                continue;
            }
            let node = &self.nodes[each.0 as usize];
            if matches!(
                self.variables[node.variable as usize].cells,
                Cells::Entries(..) | Cells::Apart(..)
            ) {
                return true;
            }
            left.extend(node.next.iter());
        }
        false
    }

    fn push(&mut self, variable: usize, next: Vec<Ref>) -> Option<Ref> {
        if next.windows(2).all(|pair| pair[0] == pair[1]) {
            return next.first().copied();
        }
        let variable = u32::try_from(variable).unwrap_or(u32::MAX);
        let mut hasher = Hasher::new(u64::from(variable));
        next.iter().for_each(|each| hasher.add(u64::from(each.0)));
        let place = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let nodes = &self.nodes;
        let same = |place: u32| {
            let node = &nodes[place as usize];
            node.variable == variable && *node.next == *next
        };
        if let Some(known) = self.shared.find_or_insert(hasher.end(), place, same) {
            return Some(Ref(known));
        }
        self.nodes.push(Node {
            variable,
            next: next.into_boxed_slice(),
        });
        // Full: whoever asks stops here, so that the node too many is never met.
        (self.nodes.len() <= MOST_NODES && self.joins.len() < MOST_NODES * 20).then_some(Ref(place))
    }

    /// No, as one reads the law, yes.
    fn tri(&mut self, answer: usize) -> Ref {
        match answer {
            0 => Ref::NO,
            1 => {
                let reading = self.variables.len() - 1;
                let holds = if self.read_against {
                    vec![Ref::YES, Ref::NO]
                } else {
                    vec![Ref::NO, Ref::YES]
                };
                self.push(reading, holds).unwrap_or(Ref::NO)
            }
            _ => Ref::YES,
        }
    }

    /// The variable of a fact that holds one value.
    fn of_fact(&self, fact: FactId) -> Option<usize> {
        let own = |variable: &Variable| {
            variable.fact == Some(fact)
                && !matches!(
                    variable.cells,
                    Cells::Apart(..) | Cells::Holds(_) | Cells::Held(_)
                )
        };
        self.variables.iter().position(own)
    }

    /// The variables of a fact that holds several.
    fn holding(&self, fact: FactId) -> Vec<usize> {
        let own = |variable: &Variable| {
            variable.fact == Some(fact)
                && matches!(variable.cells, Cells::Holds(_) | Cells::Held(_))
        };
        (0..self.variables.len())
            .filter(|at| own(&self.variables[*at]))
            .collect()
    }
}

fn yes(yes: bool) -> Ref {
    if yes { Ref::YES } else { Ref::NO }
}
