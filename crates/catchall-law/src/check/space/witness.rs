//! Witness: a way through a diagram, as a case that somebody could paste into a pack.

use std::collections::{BTreeMap, HashMap};

use catchall_model::{Day, Given, Number, Unit};

use super::{Cells, Ref, Space};
use crate::language::{Shift, code_within};
use crate::pack::{Law, fold_name};
use crate::state::{Claim, Facts, Reach, Value, claimed_code, read_value};
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
        let cases = law.provisions.iter().flat_map(|provision| provision.cases.iter().map(|case| &case.facts));
        let samples = law.lists.iter().flat_map(|list| list.entries.iter().flat_map(|entry| entry.samples.iter().map(|sample| &sample.facts)));
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

/// A case: what is stated, and what the evaluator makes of it.
#[derive(Clone, Debug)]
pub(in crate::check) struct Witness {
    /// Keys with their values, as a pack states them.
    pub rows: Vec<(String, Given)>,
    /// The same, read.
    pub facts: Facts,
}

impl Witness {
    /// In plain words, on one line.
    pub fn words(&self) -> String {
        if self.rows.is_empty() {
            return "any transfer at all".to_owned();
        }
        let said = self.rows.iter().map(|(key, given)| match (key.as_str(), given) {
            ("item.delivers", Given::List(points)) => {
                let points: Vec<String> = points.iter().map(point_words).collect();
                format!("the item carries {}", points.join(", and "))
            }
            (key, Given::List(several)) if several.is_empty() => format!("{key} is none"),
            (key, given) => match key.strip_prefix("item.codes.") {
                Some(list) => format!("the code claimed for {list} is {}", plain(given)),
                None => format!("{key} is {}", plain(given)),
            },
        });
        said.collect::<Vec<_>>().join(", ")
    }

    /// As the lines `on` and `given` of a case.
    pub fn given(&self) -> String {
        let on = self.rows.iter().find(|(key, _)| key == "date").map(|(_, given)| format!("on     = {}\n", toml(given)));
        let rows = self.rows.iter().filter(|(key, _)| key != "date");
        let rows: Vec<String> = rows.map(|(key, given)| format!("{} = {}", toml_key(key), toml(given))).collect();
        format!("{}given  = {}", on.unwrap_or_default(), braces(&rows))
    }

    /// As the inline table of a sample.
    pub fn sample(&self) -> String {
        let rows: Vec<String> = self.rows.iter().map(|(key, given)| format!("{} = {}", toml_key(key), toml(given))).collect();
        braces(&rows)
    }

    /// The same with one fact stated so; `None` when that is no value of it.
    pub fn with(&self, law: &Law, key: &str, given: Given) -> Option<Witness> {
        let mut rows: Vec<(String, Given)> = self.rows.iter().filter(|(each, _)| each != key).cloned().collect();
        rows.push((key.to_owned(), given));
        let facts = read(law, &rows)?;
        Some(Witness { rows, facts })
    }

    /// The same without one fact.
    pub fn without(&self, law: &Law, fact: FactId) -> Witness {
        let key = &law.vocabulary.get(fact).key;
        let mut facts = self.facts.clone();
        facts.unset(fact);
        Witness { rows: self.rows.iter().filter(|(each, _)| each != key).cloned().collect(), facts }
    }
}

/// What a case or a sample states, in plain words.
pub(in crate::check) fn facts_text(law: &Law, facts: &Facts) -> String {
    let vocabulary = &law.vocabulary;
    let mut said: Vec<String> = Vec::new();
    for (fact, value) in facts.stated() {
        let known = vocabulary.get(fact);
        let number = |number: Number| amount_text(law, fact, number);
        let span = |(low, high): &(Number, Number)| match (*low <= Number::MIN, *high >= Number::MAX) {
            _ if low == high => number(*low),
            (true, true) => "anything".to_owned(),
            (true, false) => format!("at most {}", number(*high)),
            (false, true) => format!("at least {}", number(*low)),
            (false, false) => format!("{} to {}", number(*low), number(*high)),
        };
        let names = |several: &[u32]| match known.domain {
            Domain::Parties => several.iter().filter_map(|row| law.parties.get(*row as usize)).map(|party| party.name.clone()).collect::<Vec<_>>().join(", "),
            domain if several.len() > 4 => format!("{}, … ({} in all)", vocabulary.name(domain, several[0]), several.len()),
            domain => several.iter().map(|one| vocabulary.name(domain, *one)).collect::<Vec<_>>().join(", "),
        };
        let words = match value {
            Value::YesNo(yes) => yes.to_string(),
            Value::One(one) => names(&[*one]),
            Value::OneOf(several) => format!("one of {}", names(several)),
            Value::Set { sure, .. } if sure.is_empty() => "none".to_owned(),
            Value::Set { sure, .. } => names(sure),
            Value::Between(low, high) => span(&(*low, *high)),
            Value::Spans(spans) => spans.iter().map(span).collect::<Vec<_>>().join(" or "),
            Value::Curve(_) => "as stated".to_owned(),
        };
        said.push(format!("{} is {words}", known.key));
    }
    for claim in &facts.claims {
        let list = claim.list.and_then(|list| law.lists.get(list)).map_or("every list", |list| list.id.as_str());
        said.push(format!("the code claimed for {list} is {}", claim.code.as_deref().unwrap_or("none")));
    }
    said.join(", ")
}

/// A curve that just reaches one point.
pub(in crate::check) fn point(payload: Number, range: Number) -> Given {
    curve(&[(payload, range)], 1)
}

impl<'a> Space<'a> {
    /// A case for which a function holds and which `accept` confirms.
    pub fn witness(&self, of: Ref, usual: &Usual, accept: &mut dyn FnMut(&Witness) -> bool) -> Option<Witness> {
        let mut search = Search { space: self, usual, orders: vec![None; self.variables.len()], path: vec![None; self.variables.len()], tries: 0 };
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
        let apart = self.space.variables.iter().any(|variable| matches!(variable.cells, Cells::Apart(..)));
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
            Cells::Reaches(_, masks) => (0..masks.len()).map(|cell| (cell, Given::YesNo(true))).collect(),
            Cells::Entries(list, entries) => vec![(0, Given::YesNo(false)), (1, code(law, *list, entries))],
            Cells::Code(list, groups) => {
                let coded = groups.iter().enumerate().map(|(place, entries)| (place + 1, code(law, *list, entries)));
                std::iter::once((0, Given::YesNo(false))).chain(coded).collect()
            }
            Cells::Holds(members) => vec![(0, Given::YesNo(false)), (1, self.member(fact, members))],
            Cells::Held(groups) => {
                let held = groups.iter().enumerate().map(|(place, members)| (place + 1, self.member(fact, members)));
                std::iter::once((0, Given::YesNo(false))).chain(held).collect()
            }
            Cells::One(groups) => {
                let mut found: Vec<(usize, usize, Given)> = Vec::new();
                for cell in 0..groups.len() {
                    if let Some(best) = self.one_of(fact, groups, cell) {
                        found.push((self.usual.count(fact, best), cell, text(law.vocabulary.name(domain, best))));
                    }
                }
                found.sort_by_key(|(count, cell, _)| (std::cmp::Reverse(*count), *cell));
                found.into_iter().map(|(_, cell, given)| (cell, given)).collect()
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
        let whole = |one: &u32| (*one..vocabulary.kinds[*one as usize].end).all(|below| group.binary_search(&below).is_ok());
        let largest = groups.iter().map(Vec::len).max() == Some(group.len()) && groups.len() > 1;
        let path = |one: u32| vocabulary.kinds[one as usize].path.as_str();
        let shared = |a: &str, b: &str| a.split('.').zip(b.split('.')).take_while(|(x, y)| x == y).count();
        let named: Vec<u32> = groups.iter().enumerate().filter(|(other, _)| *other != cell).filter_map(|(_, group)| group.first().copied()).collect();
        let near = |one: u32| if largest { named.iter().map(|other| shared(path(one), path(*other))).max().unwrap_or(0) } else { 0 };
        group.iter().copied().filter(whole).max_by_key(|one| (near(*one), usual(*one)))
    }

    /// The member of a group that the packs name most.
    fn member(&self, fact: FactId, members: &[u32]) -> Given {
        let law = self.space.law;
        let best = members.iter().max_by_key(|member| (self.usual.count(fact, **member), std::cmp::Reverse(**member)));
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
                (Cells::Spans(_), Some(fact)) if law.vocabulary.get(fact).domain == Domain::Date => {
                    let day = days.get(&fact)?;
                    rows.insert((place(fact), law.vocabulary.get(fact).key.clone()), Given::Text(day.to_string()));
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
                        rows.insert((place(fact), law.vocabulary.get(fact).key.clone()), curve(points, masks[cell]));
                    }
                }
                (_, Some(fact)) => {
                    if let Some(cell) = chosen {
                        rows.insert((place(fact), law.vocabulary.get(fact).key.clone()), self.choice(at, cell)?);
                    }
                }
                (_, None) => {}
            }
        }
        for (fact, members) in held {
            rows.insert((place(fact), law.vocabulary.get(fact).key.clone()), Given::List(members));
        }
        for (list, mut claimed) in codes {
            if claimed.len() > 1 {
                return None;
            }
            let list = &law.lists[list];
            let name = list.accepts.iter().min_by_key(|name| name.len()).unwrap_or(&list.id);
            let code = claimed.pop().unwrap_or(Given::Text("none".to_owned()));
            rows.insert((usize::MAX, format!("item.codes.{name}")), code);
        }
        let rows: Vec<(String, Given)> = rows.into_iter().map(|((_, key), given)| (key, given)).collect();
        let facts = read(law, &rows)?;
        Some(Witness { rows, facts })
    }

    fn choice(&mut self, variable: usize, cell: usize) -> Option<Given> {
        self.order(variable).into_iter().find(|(each, _)| *each == cell).map(|(_, given)| given)
    }

    /// A day for each date, such that days that hang on each other fit.
    fn days(&self) -> Option<BTreeMap<FactId, Day>> {
        let mut spans: BTreeMap<FactId, (Number, Number)> = BTreeMap::new();
        let mut wanted: Vec<(FactId, FactId, Option<Shift>, Option<Shift>, bool)> = Vec::new();
        for (at, variable) in self.space.variables.iter().enumerate() {
            match (&variable.cells, variable.fact, self.path[at]) {
                (Cells::Spans(cells), Some(fact), chosen) if self.space.law.vocabulary.get(fact).domain == Domain::Date => {
                    spans.insert(fact, cells[chosen.unwrap_or(cells.len() - 1)]);
                }
                (Cells::Apart(other, from, to), Some(fact), Some(cell)) => wanted.push((fact, *other, *from, *to, cell == 1)),
                _ => {}
            }
        }
        let mut ways: BTreeMap<FactId, Vec<Day>> = spans.iter().map(|(fact, span)| (*fact, vec![date_in(*span)])).collect();
        let within = |fact: &FactId, day: Day| spans.get(fact).is_some_and(|(low, high)| (*low..=*high).contains(&Number::from_grid(i128::from(day.number()))));
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
                    let back = Shift { months: -shift.months, days: -shift.days };
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
fn fit(left: &[FactId], ways: &BTreeMap<FactId, Vec<Day>>, wanted: &[(FactId, FactId, Option<Shift>, Option<Shift>, bool)], chosen: &mut BTreeMap<FactId, Day>) -> bool {
    let Some((fact, rest)) = left.split_first() else {
        return wanted.iter().all(|(fact, other, from, to, want)| {
            let (Some(day), Some(anchor)) = (chosen.get(fact), chosen.get(other)) else { return false };
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
    let lowest = |place: &&usize| !entries.iter().any(|other| other.code != entries[**place].code && code_within(&other.code, &entries[**place].code));
    let best = group.iter().find(lowest).or_else(|| group.first());
    Given::Text(best.map_or(String::new(), |place| entries[*place].code.clone()))
}

fn shifted(day: Day, by: Shift) -> Day {
    Day::from_number(day.plus_months(by.months).number() + i64::from(by.days))
}

/// The first day of a cell, or the last where it has no first.
fn date_in(span: (Number, Number)) -> Day {
    let day = |number: Number| Day::from_number(i64::try_from(number.grid()).unwrap_or(0));
    match (span.0 > Number::MIN, span.1 < Number::MAX) {
        (true, _) => day(span.0),
        (false, true) => day(span.1),
        (false, false) => Day::from_number(10_592),
    }
}

/// A figure in a cell, close to the threshold that bounds it and short to write: in the fact's unit, or in another where
/// that one has no exact figure.
fn figure_in(law: &Law, fact: FactId, (low, high): (Number, Number)) -> Option<Given> {
    let own = law.vocabulary.get(fact).unit;
    let (anchor, up) = match (low > Number::MIN, high < Number::MAX) {
        (false, false) => (Number::ZERO, true),
        (true, _) => (low, true),
        (false, true) => (high, false),
    };
    let inside = |unit: Unit, amount: Number| unit.to_base(amount).is_some_and(|(from, to)| from >= low && to <= high);
    std::iter::once(own).chain(own.dimension().units()).find_map(|unit| {
        let exact = |base: Number| Some(unit.show(base)).filter(|shown| digits(*shown) <= 6 && unit.to_base(*shown) == Some((base, base)));
        // The threshold itself may lie one step of the grid outside: go on by one of its last digit, or finer, and not
        // through nothing to the other side of it.
        let beside = exact(if up { anchor.down() } else { anchor.up() }).and_then(|edge| {
            (digits(edge)..=11).find_map(|place| {
                let step = Number::ONE / 10i128.pow(u32::try_from(place).ok()?);
                let next = Number::from_grid(edge.grid() + if up { step } else { -step });
                let through = edge != Number::ZERO && next.grid().signum() != edge.grid().signum();
                (inside(unit, next) && !through).then_some(next)
            })
        });
        let shortest = exact(anchor).into_iter().chain(beside).min_by_key(|amount| digits(*amount));
        shortest.map(|amount| Given::Text(unit_text(unit, amount)))
    })
}

/// Digits behind the point.
pub(in crate::check) fn digits(number: Number) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, rest)| rest.len())
}

fn unit_text(unit: Unit, amount: Number) -> String {
    match unit.name() {
        "" => amount.to_string(),
        name => format!("{amount} {name}"),
    }
}

/// A base figure or a day in the words of its fact.
fn amount_text(law: &Law, fact: FactId, number: Number) -> String {
    let known = law.vocabulary.get(fact);
    match known.domain {
        Domain::Date => Day::from_number(i64::try_from(number.grid()).unwrap_or(0)).to_string(),
        _ => unit_text(known.unit, known.unit.show(number)),
    }
}

/// Points that reach what the mask says and nothing more.
fn curve(points: &[(Number, Number)], mask: u32) -> Given {
    let has = |place: usize| mask >> place & 1 == 1;
    let (kg, km) = (Unit::find("kg").unwrap_or(Unit::NONE), Unit::find("km").unwrap_or(Unit::NONE));
    let given = points.iter().enumerate().map(|(place, (payload, range))| {
        let range = if has(place) {
            *range
        } else {
            let reached = points.iter().enumerate().filter(|(other, point)| has(*other) && point.0 >= *payload).map(|(_, point)| point.1);
            reached.max().unwrap_or(Number::MIN).max(Number::from_grid(range.grid() - 1000 * Number::ONE)).max(Number::ZERO)
        };
        Given::List(vec![Given::Text(unit_text(kg, kg.show(*payload))), Given::Text(unit_text(km, km.show(range)))])
    });
    let mut curve: Vec<Given> = Vec::new();
    for point in given {
        if !curve.contains(&point) {
            curve.push(point);
        }
    }
    Given::List(curve)
}

/// Rows to facts, as the loader reads a case.
fn read(law: &Law, rows: &[(String, Given)]) -> Option<Facts> {
    let vocabulary = &law.vocabulary;
    let mut facts = Facts::default();
    for (key, given) in rows {
        if let Some(name) = key.strip_prefix("item.codes.") {
            let list = law.lists.iter().position(|list| list.id == name || list.accepts.iter().any(|own| own == name))?;
            let Given::Text(code) = given else { return None };
            facts.claims.push(Claim { list: Some(list), code: claimed_code(code) });
            continue;
        }
        let fact = vocabulary.fact(key)?;
        let value = match vocabulary.get(fact).domain {
            Domain::Curve => {
                let reach = Reach { delivers: Some(given.clone()), ..Reach::default() };
                Value::Curve(reach.curve().ok()??)
            }
            Domain::Parties => {
                let Given::List(names) = given else { return None };
                let folded: Vec<String> = names.iter().filter_map(|name| match name { Given::Text(name) => Some(fold_name(name)), _ => None }).collect();
                let fits = |row: &u32| law.parties[*row as usize].folded.iter().any(|name| folded.contains(name));
                let rows = 0..u32::try_from(law.parties.len()).unwrap_or(0);
                Value::Set { sure: rows.filter(fits).collect(), more: false }
            }
            _ if *given == Given::List(Vec::new()) => Value::Set { sure: Vec::new(), more: false },
            _ => read_value(vocabulary, fact, given).ok()?,
        };
        facts.set(fact, value);
    }
    Some(facts)
}

fn plain(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) | Given::Text(text) => text.clone(),
        Given::List(several) => several.iter().map(plain).collect::<Vec<_>>().join(" and "),
    }
}

fn point_words(given: &Given) -> String {
    match given {
        Given::List(pair) => pair.iter().map(plain).collect::<Vec<_>>().join(" to "),
        other => plain(other),
    }
}

fn toml(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => yes.to_string(),
        Given::Number(text) => text.clone(),
        Given::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Given::List(several) => format!("[{}]", several.iter().map(toml).collect::<Vec<_>>().join(", ")),
    }
}

/// An inline table.
fn braces(rows: &[String]) -> String {
    if rows.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", rows.join(", ")) }
}

/// A dotted key, quoted where TOML asks for it.
fn toml_key(key: &str) -> String {
    match key.strip_prefix("item.codes.") {
        Some(name) if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') => format!("item.codes.\"{name}\""),
        _ => key.to_owned(),
    }
}
