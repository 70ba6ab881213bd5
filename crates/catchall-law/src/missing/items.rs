//! Items: what the item may be, worked out apart from the rest of the law.
//!
//! Hundreds of entries of the lists ask for hundreds of figures, and each entry for its own kind of item. What the rest
//! of the law sees of all that is which lists the item stands on. So the parts of the formulas that ask nothing but the
//! item are taken out ([`Formulas::lift`]); kind by kind, their figures are cut and drawn as a small diagram of their
//! own; and each way in which these parts can come out together is one cell of a single variable. Nothing is lost: a cell
//! is there if and only if a kind and its figures can bring it about.
//!
//! Where the kind is known, the diagram of its figures is put above that of the rest in the end, so that each figure is
//! a fact to ask for. Where it is not, the figures stay behind the kind: which of them matter, only the kind can say.

use std::collections::HashMap;

use super::cells::{Cells, Variable};
use super::diagram::put_in;
use super::formula::{Formula, Formulas, Looked, NO, YES};
use crate::table::{Hasher, Table};
use crate::vocabulary::FactId;

/// The most cells of an item.
const MOST_CELLS: usize = 2_048;
/// The most steps in drawing the figures of a kind, and in looking at those of all kinds.
const MOST_STEPS: usize = 20_000;
/// The most parts that are told apart.
const MOST_PARTS: usize = 256;

/// A node of an item's diagram.
#[derive(Clone, Debug)]
pub(super) enum ItemNode {
    /// A cell of the item.
    Cell(u32),
    /// One of the item's variables, with what follows each of its cells.
    Ask(u32, Vec<u32>),
}

/// What the item may be.
#[derive(Debug)]
pub(super) struct Items {
    /// The item's own variables: its kind, where that is open, and its figures.
    pub variables: Vec<Variable>,
    /// All of it as one variable, over the literals that stand for its parts.
    pub whole: Variable,
    /// The diagram from the item's variables to the cells of the whole, and its root.
    pub nodes: Vec<ItemNode>,
    pub root: u32,
}

/// The answers of all parts, in the course of being found.
struct Drawing<'a> {
    formulas: &'a mut Formulas,
    variables: &'a [Variable],
    /// The parts, each a formula of the item.
    parts: &'a [u32],
    nodes: Vec<ItemNode>,
    cells: Vec<Vec<u64>>,
    same_cell: Table,
    /// For each cell its node.
    node_of: Vec<u32>,
    /// What was drawn for this kind already.
    known: Vec<(Vec<u32>, u32)>,
    same: Table,
    steps: usize,
}

/// Works out what the item may be, each figure to be asked for; `None` where that is too much. `literals` stand for the
/// parts.
pub(super) fn items(
    formulas: &mut Formulas,
    variables: Vec<Variable>,
    literals: Vec<u32>,
    parts: &[u32],
    kind: Option<FactId>,
) -> Option<Items> {
    let by_kind = asks_kind(&variables, kind);
    let mut drawing = Drawing {
        formulas,
        variables: &variables,
        parts,
        nodes: Vec::new(),
        cells: Vec::new(),
        same_cell: Table::default(),
        node_of: Vec::new(),
        known: Vec::new(),
        same: Table::default(),
        steps: 0,
    };
    drawing.same_cell.clear();
    let root = if by_kind {
        let mut next = Vec::with_capacity(variables[0].size);
        for (_, terms) in terms_of_each_kind(drawing.formulas, &variables[0], parts) {
            let left = drawing.join(terms);
            next.push(drawing.of_kind(&left, 1)?);
        }
        drawing.ask(0, next)
    } else {
        let left: Vec<(u32, u32)> = (0u32..).zip(parts.iter().copied()).collect();
        drawing.of_kind(&left, 0)?
    };
    let Drawing { nodes, cells, .. } = drawing;
    let mut whole = Variable::new(Vec::new(), literals, Cells::Items(Vec::new()), cells.len());
    for (cell, holds) in cells.iter().enumerate() {
        for part in 0..parts.len() {
            if holds[part / 64] >> (part % 64) & 1 == 1 {
                whole.mark(part, cell);
            }
        }
    }
    Some(Items {
        variables,
        whole,
        nodes,
        root,
    })
}

/// Whether the first of these variables is the kind of the item.
fn asks_kind(variables: &[Variable], kind: Option<FactId>) -> bool {
    kind.is_some() && variables.first().is_some_and(|first| first.fact() == kind)
}

/// What the item may be, its figures left to follow its kind: one variable. `None` where that is too much, and where no
/// kind leaves nothing to figures: only beside such a kind does the outcome turn on the kind whenever it turns on the item.
pub(super) fn kinds(
    formulas: &mut Formulas,
    variables: &[Variable],
    literals: Vec<u32>,
    parts: &[u32],
    kind: FactId,
) -> Option<Variable> {
    if !asks_kind(variables, Some(kind)) || parts.len() > MOST_PARTS {
        return None;
    }
    let by_kind = terms_of_each_kind(formulas, &variables[0], parts);
    let mut ways = Ways::new(formulas, variables);
    let mut groups: Vec<(Vec<u32>, Vec<Parts>)> = Vec::with_capacity(by_kind.len());
    for (kinds, terms) in by_kind {
        let terms = terms.into_iter().map(|(part, term)| {
            let mut own = [0; MOST_PARTS / 64];
            own[part as usize / 64] = 1 << (part % 64);
            (term, own)
        });
        groups.push((kinds, ways.of(terms.collect())?));
    }
    if groups.iter().all(|(_, ways)| ways.len() > 1) {
        return None;
    }
    let mut cells: Vec<Parts> = groups.iter().flat_map(|(_, ways)| ways).copied().collect();
    cells.sort_unstable();
    cells.dedup();
    if cells.len() > MOST_CELLS {
        return None;
    }
    let placed = groups.into_iter().map(|(kinds, ways)| {
        let places = ways.iter().filter_map(|way| cells.binary_search(way).ok());
        (kinds, places.collect())
    });
    let groups = together(placed.collect());
    let mut whole = Variable::new(vec![kind], literals, Cells::Items(groups), cells.len());
    for (cell, holds) in cells.iter().enumerate() {
        for part in 0..parts.len() {
            if holds[part / 64] >> (part % 64) & 1 == 1 {
                whole.mark(part, cell);
            }
        }
    }
    whole.exact = variables.iter().all(|variable| variable.exact);
    Some(whole)
}

/// Some of the parts.
type Parts = [u64; MOST_PARTS / 64];

/// In which ways terms can come out together: each term makes some parts hold.
struct Ways<'a> {
    formulas: &'a mut Formulas,
    variables: &'a [Variable],
    /// For each literal its variable.
    variable_of: Vec<u32>,
    /// What was found for terms already.
    known: Vec<(Vec<(u32, Parts)>, Vec<Parts>)>,
    same: Table,
    steps: usize,
}

impl Ways<'_> {
    fn new<'a>(formulas: &'a mut Formulas, variables: &'a [Variable]) -> Ways<'a> {
        let mut variable_of = vec![u32::MAX; formulas.literals.len()];
        for (number, variable) in (0u32..).zip(variables) {
            for literal in &variable.literals {
                variable_of[*literal as usize] = number;
            }
        }
        let mut same = Table::default();
        same.clear();
        Ways {
            formulas,
            variables,
            variable_of,
            known: Vec::new(),
            same,
            steps: 0,
        }
    }

    /// All sets of parts that these terms can make hold, ascending.
    fn of(&mut self, mut terms: Vec<(u32, Parts)>) -> Option<Vec<Parts>> {
        let mut sure: Parts = [0; MOST_PARTS / 64];
        for (_, parts) in terms.iter().filter(|(term, _)| *term == YES) {
            join(&mut sure, parts);
        }
        // A part that holds asks nothing more.
        for (_, parts) in &mut terms {
            for (own, held) in parts.iter_mut().zip(&sure) {
                *own &= !held;
            }
        }
        terms.retain(|(term, parts)| *term > YES && *parts != [0; MOST_PARTS / 64]);
        terms.sort_unstable();
        let mut merged: Vec<(u32, Parts)> = Vec::with_capacity(terms.len());
        for (term, parts) in terms {
            match merged.last_mut() {
                Some((last, together)) if *last == term => join(together, &parts),
                _ => merged.push((term, parts)),
            }
        }
        let mut found = self.of_open(merged)?;
        found.iter_mut().for_each(|each| join(each, &sure));
        found.sort_unstable();
        Some(found)
    }

    fn of_open(&mut self, terms: Vec<(u32, Parts)>) -> Option<Vec<Parts>> {
        if terms.is_empty() {
            return Some(vec![[0; MOST_PARTS / 64]]);
        }
        let mut hasher = Hasher::new(terms.len() as u64);
        for (term, parts) in &terms {
            hasher.add(u64::from(*term));
            parts.iter().for_each(|word| hasher.add(*word));
        }
        let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let known = &self.known;
        let same = |place: u32| known[place as usize].0 == terms;
        if let Some(place) = self.same.find_or_insert(hasher.end(), place, same) {
            return Some(self.known[place as usize].1.clone());
        }
        self.known.push((terms.clone(), Vec::new()));
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        let apart = self.apart(&terms);
        let mut found = if apart.len() > 1 {
            let mut all: Vec<Parts> = vec![[0; MOST_PARTS / 64]];
            for each in apart {
                let own = self.of_open(each)?;
                let mut both = Vec::with_capacity(all.len() * own.len());
                for one in &all {
                    both.extend(own.iter().map(|other| {
                        let mut whole = *one;
                        join(&mut whole, other);
                        whole
                    }));
                }
                both.sort_unstable();
                both.dedup();
                if both.len() > MOST_CELLS {
                    return None;
                }
                all = both;
            }
            all
        } else {
            self.branch(&terms)?
        };
        found.sort_unstable();
        found.dedup();
        self.known[place as usize].1.clone_from(&found);
        Some(found)
    }

    /// Terms that share no variable come out whatever the others do.
    fn apart(&self, terms: &[(u32, Parts)]) -> Vec<Vec<(u32, Parts)>> {
        let mut groups: Vec<(u64, Vec<(u32, Parts)>)> = Vec::new();
        for term in terms {
            let mut asks = self.formulas.asks[term.0 as usize];
            let mut own = vec![*term];
            groups.retain_mut(|(others, members)| {
                let meets = *others & asks != 0;
                if meets {
                    asks |= *others;
                    own.append(members);
                }
                !meets
            });
            groups.push((asks, own));
        }
        let sorted = groups.into_iter().map(|(_, mut members)| {
            members.sort_unstable();
            members
        });
        sorted.collect()
    }

    /// Asks the variable that most terms ask.
    fn branch(&mut self, terms: &[(u32, Parts)]) -> Option<Vec<Parts>> {
        let mut counts = [0usize; 64];
        for (term, _) in terms {
            let mut asks = self.formulas.asks[*term as usize];
            while asks != 0 {
                counts[asks.trailing_zeros() as usize] += 1;
                asks &= asks - 1;
            }
        }
        let bit = (0..64).max_by_key(|bit| (counts[*bit], std::cmp::Reverse(*bit)))?;
        let asking = terms
            .iter()
            .find(|(term, _)| self.formulas.asks[*term as usize] >> bit & 1 == 1)?;
        let number = self.variable(asking.0, bit)?;
        let own = &self.variables[number as usize];
        self.formulas.settles = 1 << bit;
        let mut nexts: Vec<Vec<(u32, Parts)>> = Vec::with_capacity(own.size);
        for cell in 0..own.size {
            put_in(self.formulas, own, cell);
            self.formulas.begin_restriction();
            let formulas = &mut *self.formulas;
            let next = terms
                .iter()
                .map(|(term, parts)| (formulas.restrict(*term), *parts));
            let next: Vec<(u32, Parts)> = next.collect();
            if !nexts.contains(&next) {
                nexts.push(next);
            }
        }
        for literal in &own.literals {
            self.formulas.settled[*literal as usize] = 2;
        }
        let mut found = Vec::new();
        for next in nexts {
            found.extend(self.of(next)?);
        }
        Some(found)
    }

    /// A variable of a formula among those of one bit.
    fn variable(&self, formula: u32, bit: usize) -> Option<u32> {
        match self.formulas.all[formula as usize] {
            Formula::Literal { literal, .. } => Some(self.variable_of[literal as usize]),
            Formula::And { first, count } | Formula::Or { first, count } => {
                let mut parts = self.formulas.parts(first, count).iter();
                let way = parts.find(|part| self.formulas.asks[**part as usize] >> bit & 1 == 1)?;
                self.variable(*way, bit)
            }
            Formula::No | Formula::Yes => None,
        }
    }
}

fn join(parts: &mut Parts, others: &Parts) {
    for (own, other) in parts.iter_mut().zip(others) {
        *own |= other;
    }
}

/// For each cell of the kind its kinds, and the terms that make parts hold there: part and term.
fn terms_of_each_kind(
    formulas: &mut Formulas,
    kind: &Variable,
    parts: &[u32],
) -> Vec<(Vec<u32>, Vec<(u32, u32)>)> {
    let mut left: Vec<Vec<(u32, u32)>> = vec![Vec::new(); kind.size];
    let mut mixed: Vec<(u32, u32)> = Vec::new();
    let mut place_of = vec![usize::MAX; formulas.literals.len()];
    for (place, literal) in kind.literals.iter().enumerate() {
        place_of[*literal as usize] = place;
    }
    for (number, part) in (0u32..).zip(parts) {
        let terms: Vec<u32> = match formulas.all[*part as usize] {
            Formula::Or { first, count } => formulas.parts(first, count).to_vec(),
            _ => vec![*part],
        };
        for term in terms {
            match of_kinds(formulas, term, &place_of) {
                Some((literal, rest)) => each_cell(kind.mask(literal), kind.size, |cell| {
                    left[cell].push((number, rest));
                }),
                None => mixed.push((number, term)),
            }
        }
    }
    let mut kinds: Vec<Vec<u32>> = vec![Vec::new(); kind.size];
    if let Cells::Words(cell_of) = &kind.cells {
        for (kind, cell) in (0u32..).zip(cell_of) {
            if let Some(cell) = cell {
                kinds[*cell as usize].push(kind);
            }
        }
    }
    if !mixed.is_empty() {
        let terms: Vec<u32> = mixed.iter().map(|(_, term)| *term).collect();
        let asked: Vec<usize> = (formulas.support(&terms).into_iter())
            .map(|literal| place_of[literal as usize])
            .filter(|place| *place != usize::MAX)
            .collect();
        formulas.settles = 1;
        // Cells in which all that these terms ask of the kind comes out alike leave the same of them.
        let mut seen: HashMap<Vec<bool>, Vec<(u32, u32)>> = HashMap::new();
        for (cell, left) in left.iter_mut().enumerate() {
            let answers = asked.iter().map(|place| kind.holds(*place, cell));
            let rest = seen.entry(answers.collect()).or_insert_with(|| {
                put_in(formulas, kind, cell);
                formulas.begin_restriction();
                let rest = mixed
                    .iter()
                    .map(|(number, term)| (*number, formulas.restrict(*term)));
                rest.collect()
            });
            left.extend(rest.iter());
        }
        for literal in &kind.literals {
            formulas.settled[*literal as usize] = 2;
        }
    }
    kinds.into_iter().zip(left).collect()
}

/// A term as "of one of these kinds, and the rest", where the rest asks no kind.
fn of_kinds(formulas: &mut Formulas, term: u32, place_of: &[usize]) -> Option<(usize, u32)> {
    let place = |formulas: &Formulas, part: u32| match formulas.all[part as usize] {
        Formula::Literal {
            literal,
            negated: false,
        } => Some(place_of[literal as usize]).filter(|place| *place != usize::MAX),
        _ => None,
    };
    if let Some(literal) = place(formulas, term) {
        return Some((literal, YES));
    }
    let Formula::And { first, count } = formulas.all[term as usize] else {
        return None;
    };
    let parts = formulas.parts(first, count).to_vec();
    let at = (parts.iter()).position(|part| place(formulas, *part).is_some())?;
    let literal = place(formulas, parts[at])?;
    let mut others = parts;
    others.remove(at);
    // The bit of the kind is that of every sixty-fourth variable: then the term is put in cell by cell.
    if others
        .iter()
        .any(|part| formulas.asks[*part as usize] & 1 == 1)
    {
        return None;
    }
    Some((literal, formulas.and_all(&others)))
}

impl Drawing<'_> {
    /// One formula a part; parts that fail left out.
    fn join(&mut self, mut terms: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
        terms.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(terms.len());
        for same in terms.chunk_by(|one, other| one.0 == other.0) {
            let all: Vec<u32> = same.iter().map(|(_, each)| *each).collect();
            let formula = self.formulas.or(&all);
            if formula != NO {
                joined.push((same[0].0, formula));
            }
        }
        joined
    }

    /// The diagram of the figures of one kind, from what is left of its parts.
    fn of_kind(&mut self, left: &[(u32, u32)], from: usize) -> Option<u32> {
        let mut live: Vec<u32> = left.iter().map(|(_, formula)| *formula).collect();
        live.sort_unstable();
        live.dedup();
        let slots: Vec<(u32, usize)> = left
            .iter()
            .filter_map(|(part, formula)| Some((*part, live.binary_search(formula).ok()?)))
            .collect();
        let (mut room, mut support) = (Looked::default(), Vec::new());
        self.formulas.small_support(&live, &mut room, &mut support);
        let mut asked: Vec<u32> = Vec::new();
        for (number, variable) in (0u32..).zip(self.variables).skip(from) {
            let own = |literal: &u32| variable.literals.binary_search(literal).is_ok();
            if support.iter().any(own) {
                asked.push(number);
            }
        }
        self.known.clear();
        self.same.clear();
        self.step(live, &slots, &asked)
    }

    fn step(&mut self, live: Vec<u32>, slots: &[(u32, usize)], asked: &[u32]) -> Option<u32> {
        if live.iter().all(|formula| *formula <= YES) {
            return self.cell(&live, slots);
        }
        let mut hasher = Hasher::new(live.len() as u64);
        live.iter().for_each(|each| hasher.add(u64::from(*each)));
        let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let known = &self.known;
        if let Some(place) = self
            .same
            .find_or_insert(hasher.end(), place, |place| known[place as usize].0 == live)
        {
            return Some(self.known[place as usize].1);
        }
        self.known.push((live.clone(), u32::MAX));
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        let asks = live
            .iter()
            .fold(0, |asks, each| asks | self.formulas.asks[*each as usize]);
        let mut left = asked;
        let node = loop {
            let (variable, rest) = left.split_first()?;
            left = rest;
            if asks >> (variable % 64) & 1 == 0 {
                continue;
            }
            let own = &self.variables[*variable as usize];
            self.formulas.settles = 1 << (variable % 64);
            let mut nexts: Vec<Vec<u32>> = Vec::with_capacity(own.size);
            for cell in 0..own.size {
                put_in(self.formulas, own, cell);
                self.formulas.begin_restriction();
                let formulas = &mut *self.formulas;
                nexts.push(live.iter().map(|each| formulas.restrict(*each)).collect());
            }
            for literal in &own.literals {
                self.formulas.settled[*literal as usize] = 2;
            }
            if nexts.iter().all(|next| *next == live) {
                continue;
            }
            let mut next = Vec::with_capacity(nexts.len());
            for (cell, rest_of) in nexts.iter().enumerate() {
                let made = match cell > 0 && nexts[cell - 1] == *rest_of {
                    true => next[cell - 1],
                    false => self.step(rest_of.clone(), slots, left)?,
                };
                next.push(made);
            }
            break self.ask(*variable, next);
        };
        self.known[place as usize].1 = node;
        Some(node)
    }

    fn ask(&mut self, variable: u32, next: Vec<u32>) -> u32 {
        if let Some(first) = next.first()
            && next.iter().all(|each| each == first)
        {
            return *first;
        }
        self.nodes.push(ItemNode::Ask(variable, next));
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    /// The cell in which the parts come out so.
    fn cell(&mut self, live: &[u32], slots: &[(u32, usize)]) -> Option<u32> {
        let mut holds = vec![0u64; self.parts.len().div_ceil(64)];
        for (part, slot) in slots {
            if live[*slot] == YES {
                holds[*part as usize / 64] |= 1 << (part % 64);
            }
        }
        let mut hasher = Hasher::new(1);
        holds.iter().for_each(|word| hasher.add(*word));
        let place = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        let cells = &self.cells;
        let known = self
            .same_cell
            .find_or_insert(hasher.end(), place, |place| cells[place as usize] == holds);
        if let Some(known) = known {
            return Some(self.node_of[known as usize]);
        }
        self.cells.push(holds);
        if self.cells.len() > MOST_CELLS {
            return None;
        }
        let node = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(ItemNode::Cell(place));
        self.node_of.push(node);
        Some(node)
    }
}

/// Kinds that may come to the same cells are one answer; in the order of their first kinds.
fn together(mut groups: Vec<(Vec<u32>, Vec<usize>)>) -> Vec<(Vec<u32>, Vec<usize>)> {
    groups.sort_unstable_by(|one, other| one.1.cmp(&other.1));
    let mut joined: Vec<(Vec<u32>, Vec<usize>)> = groups
        .chunk_by(|one, other| one.1 == other.1)
        .map(|same| {
            let mut kinds: Vec<u32> = same.iter().flat_map(|(kinds, _)| kinds).copied().collect();
            kinds.sort_unstable();
            (kinds, same[0].1.clone())
        })
        .collect();
    joined.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    joined
}

fn each_cell(mask: &[u64], size: usize, mut see: impl FnMut(usize)) {
    for (word, cells) in mask.iter().enumerate() {
        let mut left = *cells;
        while left != 0 {
            let cell = word * 64 + left.trailing_zeros() as usize;
            if cell < size {
                see(cell);
            }
            left &= left - 1;
        }
    }
}
