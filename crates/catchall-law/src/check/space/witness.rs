//! Witness: a way through a diagram, as a case that somebody could paste into a pack.

use std::collections::{BTreeMap, HashMap};

use catchall_model::{Day, Given, Number};

use super::figures::{curve, date_in, figure_in};
use super::stated::{Witness, read};
use super::{Cells, Ref, Space};
use crate::language::{Shift, code_within};
use crate::pack::Law;
use crate::state::Value;
use crate::vocabulary::{Domain, FactId};

/// The most ways tried before a question counts as not shown.
const MOST_TRIES: usize = 48;

/// How often the packs' cases state each value: a witness then speaks of what the packs speak of.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Usual(HashMap<(FactId, u32), usize>);

impl Usual {
    /// Counts the values of all cases and samples.
    pub fn of(law: &Law) -> Usual {
        let mut usual = Usual::default();
        let cases = law
            .provisions
            .iter()
            .flat_map(|provision| provision.cases.iter().map(|case| &case.facts));
        let samples = law.lists.iter().flat_map(|list| {
            list.entries
                .iter()
                .flat_map(|entry| entry.samples.iter().map(|sample| &sample.facts))
        });
        for facts in cases.chain(samples) {
            for (fact, value) in facts.stated() {
                let stated: &[u32] = match value {
                    Value::One(one) => &[*one],
                    Value::OneOf(several) => several.get(..1).unwrap_or_default(),
                    Value::Set { sure, .. } => sure,
                    _ => &[],
                };
                for value in stated {
                    *usual.0.entry((fact, *value)).or_default() += 1;
                }
            }
        }
        usual
    }

    fn count(&self, fact: FactId, value: u32) -> usize {
        self.0.get(&(fact, value)).copied().unwrap_or(0)
    }
}

impl<'a> Space<'a> {
    /// A case for which a function holds and which `accept` confirms.
    pub fn witness(
        &self,
        of: Ref,
        usual: &Usual,
        accept: &mut dyn FnMut(&Witness) -> bool,
    ) -> Option<Witness> {
        let mut search = Search {
            space: self,
            usual,
            orders: vec![None; self.variables.len()],
            path: vec![None; self.variables.len()],
            tries: 0,
        };
        search.down(of, accept)
    }
}

/// One cell's value, ready to be stated: a word, a figure, a code, a member.
type Choice = (usize, Given);

struct Search<'s, 'a> {
    space: &'s Space<'a>,
    usual: &'s Usual,
    /// For each variable its cells that can be stated, best first.
    orders: Vec<Option<Vec<Choice>>>,
    path: Vec<Option<usize>>,
    tries: usize,
}

impl Search<'_, '_> {
    fn down(&mut self, of: Ref, accept: &mut dyn FnMut(&Witness) -> bool) -> Option<Witness> {
        if of == Ref::NO || self.tries >= MOST_TRIES {
            return None;
        }
        if of == Ref::YES {
            self.tries += 1;
            return self.stated().filter(|witness| accept(witness));
        }
        let node = &self.space.nodes[of.0 as usize];
        let variable = node.variable as usize;
        let next = node.next.clone();
        let apart = self
            .space
            .variables
            .iter()
            .any(|variable| matches!(variable.cells, Cells::Apart(..)));
        let mut seen: Vec<Ref> = Vec::new();
        for (cell, _) in self.order(variable) {
            let child = next[cell];
            // Another cell with the same way on shows nothing new, unless two days must fit each other.
            if !apart && seen.contains(&child) {
                continue;
            }
            seen.push(child);
            self.path[variable] = Some(cell);
            let found = self.down(child, accept);
            self.path[variable] = None;
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn order(&mut self, variable: usize) -> Vec<Choice> {
        if let Some(known) = &self.orders[variable] {
            return known.clone();
        }
        let found = self.choices(variable);
        self.orders[variable] = Some(found.clone());
        found
    }

    fn choices(&self, at: usize) -> Vec<Choice> {
        let law = self.space.law;
        let variable = &self.space.variables[at];
        let text = |text: &str| Given::Text(text.to_owned());
        let no_yes = || vec![(0, Given::YesNo(false)), (1, Given::YesNo(true))];
        let fact = variable.fact.unwrap_or(FactId(0));
        let domain = law.vocabulary.get(fact).domain;
        match &variable.cells {
            Cells::YesNo | Cells::Reading | Cells::Apart(..) => no_yes(),
            Cells::Reaches(_, masks) => (0..masks.len())
                .map(|cell| (cell, Given::YesNo(true)))
                .collect(),
            Cells::Entries(list, entries) => {
                vec![(0, Given::YesNo(false)), (1, code(law, *list, entries))]
            }
            Cells::Code(list, groups) => {
                let coded = groups
                    .iter()
                    .enumerate()
                    .map(|(place, entries)| (place + 1, code(law, *list, entries)));
                std::iter::once((0, Given::YesNo(false)))
                    .chain(coded)
                    .collect()
            }
            Cells::Holds(members) => {
                vec![(0, Given::YesNo(false)), (1, self.member(fact, members))]
            }
            Cells::Held(groups) => {
                let held = groups
                    .iter()
                    .enumerate()
                    .map(|(place, members)| (place + 1, self.member(fact, members)));
                std::iter::once((0, Given::YesNo(false)))
                    .chain(held)
                    .collect()
            }
            Cells::One(groups) => {
                let mut found: Vec<(usize, usize, Given)> = Vec::new();
                for cell in 0..groups.len() {
                    if let Some(best) = self.one_of(fact, groups, cell) {
                        found.push((
                            self.usual.count(fact, best),
                            cell,
                            text(law.vocabulary.name(domain, best)),
                        ));
                    }
                }
                found.sort_by_key(|(count, cell, _)| (std::cmp::Reverse(*count), *cell));
                found
                    .into_iter()
                    .map(|(_, cell, given)| (cell, given))
                    .collect()
            }
            Cells::Spans(spans) => {
                let mut found: Vec<Choice> = Vec::new();
                for (cell, span) in spans.iter().enumerate() {
                    let given = match domain {
                        Domain::Date => Some(text(&date_in(*span).to_string())),
                        _ => figure_in(law, fact, *span),
                    };
                    found.extend(given.map(|given| (cell, given)));
                }
                // Cells with a beginning come before the one that has none.
                found.sort_by_key(|(cell, _)| (*cell == 0 && spans.len() > 1, *cell));
                found
            }
        }
    }

    /// The value of a cell that the packs name most; of kinds that no test names, the nearest to one that is named.
    fn one_of(&self, fact: FactId, groups: &[Vec<u32>], cell: usize) -> Option<u32> {
        let vocabulary = &self.space.law.vocabulary;
        let group = &groups[cell];
        let usual = |one: u32| (self.usual.count(fact, one), std::cmp::Reverse(one));
        if vocabulary.get(fact).domain != Domain::Kinds {
            return group.iter().copied().max_by_key(|one| usual(*one));
        }
        // A kind is stated with everything below it, so all of that must lie in the cell.
        let whole = |one: &u32| {
            (*one..vocabulary.kinds[*one as usize].end)
                .all(|below| group.binary_search(&below).is_ok())
        };
        let largest = groups.iter().map(Vec::len).max() == Some(group.len()) && groups.len() > 1;
        let path = |one: u32| vocabulary.kinds[one as usize].path.as_str();
        let shared = |a: &str, b: &str| {
            a.split('.')
                .zip(b.split('.'))
                .take_while(|(x, y)| x == y)
                .count()
        };
        let named: Vec<u32> = groups
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != cell)
            .filter_map(|(_, group)| group.first().copied())
            .collect();
        let near = |one: u32| {
            if largest {
                named
                    .iter()
                    .map(|other| shared(path(one), path(*other)))
                    .max()
                    .unwrap_or(0)
            } else {
                0
            }
        };
        group
            .iter()
            .copied()
            .filter(whole)
            .max_by_key(|one| (near(*one), usual(*one)))
    }

    /// The member of a group that the packs name most.
    fn member(&self, fact: FactId, members: &[u32]) -> Given {
        let law = self.space.law;
        let best = members.iter().max_by_key(|member| {
            (
                self.usual.count(fact, **member),
                std::cmp::Reverse(**member),
            )
        });
        let name = best.map_or(String::new(), |one| match law.vocabulary.get(fact).domain {
            Domain::Parties => law.parties[*one as usize].name.clone(),
            domain => law.vocabulary.name(domain, *one).to_owned(),
        });
        Given::Text(name)
    }

    /// The path as a case.
    fn stated(&mut self) -> Option<Witness> {
        let law = self.space.law;
        let days = self.days()?;
        let mut rows: BTreeMap<(usize, String), Given> = BTreeMap::new();
        let mut held: BTreeMap<FactId, Vec<Given>> = BTreeMap::new();
        let mut codes: BTreeMap<usize, Vec<Given>> = BTreeMap::new();
        let place = |fact: FactId| usize::from(fact.0);
        for at in 0..self.space.variables.len() {
            let variable = self.space.variables[at].clone();
            let chosen = self.path[at];
            match (&variable.cells, variable.fact) {
                (Cells::Reading | Cells::Apart(..), _) => {}
                (Cells::Spans(_), Some(fact))
                    if law.vocabulary.get(fact).domain == Domain::Date =>
                {
                    let day = days.get(&fact)?;
                    rows.insert(
                        (place(fact), law.vocabulary.get(fact).key.clone()),
                        Given::Text(day.to_string()),
                    );
                }
                (Cells::Holds(_) | Cells::Held(_), Some(fact)) => {
                    if let Some(cell) = chosen {
                        let members = held.entry(fact).or_default();
                        members.extend(self.choice(at, cell).filter(|_| cell > 0));
                    }
                }
                (Cells::Entries(list, _) | Cells::Code(list, _), _) => {
                    if let Some(cell) = chosen {
                        let claimed = codes.entry(*list).or_default();
                        claimed.extend(self.choice(at, cell).filter(|_| cell > 0));
                    }
                }
                (Cells::Reaches(points, masks), Some(fact)) => {
                    if let Some(cell) = chosen {
                        rows.insert(
                            (place(fact), law.vocabulary.get(fact).key.clone()),
                            curve(points, masks[cell]),
                        );
                    }
                }
                (_, Some(fact)) => {
                    if let Some(cell) = chosen {
                        rows.insert(
                            (place(fact), law.vocabulary.get(fact).key.clone()),
                            self.choice(at, cell)?,
                        );
                    }
                }
                (_, None) => {}
            }
        }
        for (fact, members) in held {
            rows.insert(
                (place(fact), law.vocabulary.get(fact).key.clone()),
                Given::List(members),
            );
        }
        for (list, mut claimed) in codes {
            if claimed.len() > 1 {
                return None;
            }
            let list = &law.lists[list];
            let name = list
                .accepts
                .iter()
                .min_by_key(|name| name.len())
                .unwrap_or(&list.id);
            let code = claimed.pop().unwrap_or(Given::Text("none".to_owned()));
            rows.insert((usize::MAX, format!("item.codes.{name}")), code);
        }
        let rows: Vec<(String, Given)> = rows
            .into_iter()
            .map(|((_, key), given)| (key, given))
            .collect();
        let facts = read(law, &rows)?;
        Some(Witness { rows, facts })
    }

    fn choice(&mut self, variable: usize, cell: usize) -> Option<Given> {
        self.order(variable)
            .into_iter()
            .find(|(each, _)| *each == cell)
            .map(|(_, given)| given)
    }

    /// A day for each date, such that days that hang on each other fit.
    fn days(&self) -> Option<BTreeMap<FactId, Day>> {
        let mut spans: BTreeMap<FactId, (Number, Number)> = BTreeMap::new();
        let mut wanted: Vec<(FactId, FactId, Option<Shift>, Option<Shift>, bool)> = Vec::new();
        for (at, variable) in self.space.variables.iter().enumerate() {
            match (&variable.cells, variable.fact, self.path[at]) {
                (Cells::Spans(cells), Some(fact), chosen)
                    if self.space.law.vocabulary.get(fact).domain == Domain::Date =>
                {
                    spans.insert(fact, cells[chosen.unwrap_or(cells.len() - 1)]);
                }
                (Cells::Apart(other, from, to), Some(fact), Some(cell)) => {
                    wanted.push((fact, *other, *from, *to, cell == 1))
                }
                _ => {}
            }
        }
        let mut ways: BTreeMap<FactId, Vec<Day>> = spans
            .iter()
            .map(|(fact, span)| (*fact, vec![date_in(*span)]))
            .collect();
        let within = |fact: &FactId, day: Day| {
            spans.get(fact).is_some_and(|(low, high)| {
                (*low..=*high).contains(&Number::from_grid(i128::from(day.number())))
            })
        };
        for (fact, other, from, to, _) in &wanted {
            let anchors = ways.get(other).cloned().unwrap_or_default();
            for anchor in anchors {
                for shift in [from, to].into_iter().flatten() {
                    let edge = shifted(anchor, *shift);
                    for day in [edge.previous(), edge, edge.next()] {
                        if within(fact, day) {
                            ways.entry(*fact).or_default().push(day);
                        }
                    }
                }
            }
            let anchors = ways.get(fact).cloned().unwrap_or_default();
            for anchor in anchors {
                for shift in [from, to].into_iter().flatten() {
                    let back = Shift {
                        months: -shift.months,
                        days: -shift.days,
                    };
                    let edge = shifted(anchor, back);
                    for day in [edge.previous(), edge, edge.next()] {
                        if within(other, day) {
                            ways.entry(*other).or_default().push(day);
                        }
                    }
                }
            }
        }
        let facts: Vec<FactId> = ways.keys().copied().collect();
        let mut chosen: BTreeMap<FactId, Day> = BTreeMap::new();
        fit(&facts, &ways, &wanted, &mut chosen).then_some(chosen)
    }
}

/// Chooses a day for each date so that all wishes come true.
fn fit(
    left: &[FactId],
    ways: &BTreeMap<FactId, Vec<Day>>,
    wanted: &[(FactId, FactId, Option<Shift>, Option<Shift>, bool)],
    chosen: &mut BTreeMap<FactId, Day>,
) -> bool {
    let Some((fact, rest)) = left.split_first() else {
        return wanted.iter().all(|(fact, other, from, to, want)| {
            let (Some(day), Some(anchor)) = (chosen.get(fact), chosen.get(other)) else {
                return false;
            };
            let late = from.is_none_or(|from| *day >= shifted(*anchor, from));
            let early = to.is_none_or(|to| *day <= shifted(*anchor, to));
            (late && early) == *want
        });
    };
    for day in ways.get(fact).into_iter().flatten().take(24) {
        chosen.insert(*fact, *day);
        if fit(rest, ways, wanted, chosen) {
            return true;
        }
    }
    chosen.remove(fact);
    false
}

/// The code of the entry of a group that has nothing below it, or else of the first.
fn code(law: &Law, list: usize, group: &[usize]) -> Given {
    let entries = &law.lists[list].entries;
    let lowest = |place: &&usize| {
        !entries.iter().any(|other| {
            other.code != entries[**place].code && code_within(&other.code, &entries[**place].code)
        })
    };
    let best = group.iter().find(lowest).or_else(|| group.first());
    Given::Text(best.map_or(String::new(), |place| entries[*place].code.clone()))
}

fn shifted(day: Day, by: Shift) -> Day {
    Day::from_number(day.plus_months(by.months).number() + i64::from(by.days))
}
