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

use super::cells::{Cells, Variable};
use super::diagram::put_in;
use super::formula::{Formula, Formulas, Looked, NO, YES};
use super::table::{Hasher, Table};
use crate::vocabulary::FactId;

/// The most cells of an item.
const MOST_CELLS: usize = 4_096;
/// The most steps in drawing the figures of all kinds.
const MOST_STEPS: usize = 40_000;

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
    /// Whether some kind leaves nothing open to its figures: then the outcome turns on the kind if it turns on the item.
    pub plain_kind: bool,
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
    /// When a node was last looked at.
    seen: Vec<u32>,
    look: u32,
    /// What was drawn for this kind already.
    known: Vec<(Vec<u32>, u32)>,
    same: Table,
    steps: usize,
}

/// Works out what the item may be; `None` where that is too much. `literals` stand for the parts.
pub(super) fn items(
    formulas: &mut Formulas,
    variables: Vec<Variable>,
    literals: Vec<u32>,
    parts: &[u32],
    kind: Option<FactId>,
) -> Option<Items> {
    let mut drawing = Drawing {
        formulas,
        variables: &variables,
        parts,
        nodes: Vec::new(),
        cells: Vec::new(),
        same_cell: Table::default(),
        node_of: Vec::new(),
        seen: Vec::new(),
        look: 0,
        known: Vec::new(),
        same: Table::default(),
        steps: 0,
    };
    drawing.same_cell.clear();
    let by_kind = variables
        .first()
        .is_some_and(|first| kind.is_some() && first.fact() == kind);
    let mut plain_kind = false;
    let mut groups: Vec<(Vec<u32>, Vec<usize>)> = Vec::new();
    let root = if by_kind {
        let mut next = Vec::with_capacity(variables[0].size);
        for (kinds, left) in drawing.of_each_kind() {
            let node = drawing.of_kind(&left, 1)?;
            let cells = drawing.reached(node);
            plain_kind |= cells.len() == 1;
            groups.push((kinds, cells));
            next.push(node);
        }
        drawing.ask(0, next)
    } else {
        let left: Vec<(u32, u32)> = (0u32..).zip(parts.iter().copied()).collect();
        drawing.of_kind(&left, 0)?
    };
    let groups = together(groups);
    let Drawing { nodes, cells, .. } = drawing;
    let facts = if by_kind { kind.into_iter().collect() } else { Vec::new() };
    let mut whole = Variable::new(facts, literals, Cells::Items(groups), cells.len());
    for (cell, holds) in cells.iter().enumerate() {
        for part in 0..parts.len() {
            if holds[part / 64] >> (part % 64) & 1 == 1 {
                whole.mark(part, cell);
            }
        }
    }
    whole.exact = variables.iter().all(|variable| variable.exact);
    Some(Items {
        variables,
        whole,
        nodes,
        root,
        plain_kind,
    })
}

impl Drawing<'_> {
    /// For each cell of the kind its kinds, and what is left of the parts that do not fail: part and formula.
    fn of_each_kind(&mut self) -> Vec<(Vec<u32>, Vec<(u32, u32)>)> {
        let kind = &self.variables[0];
        let mut left: Vec<Vec<(u32, u32)>> = vec![Vec::new(); kind.size];
        let mut mixed: Vec<(u32, u32)> = Vec::new();
        let mut place_of = vec![usize::MAX; self.formulas.literals.len()];
        for (place, literal) in kind.literals.iter().enumerate() {
            place_of[*literal as usize] = place;
        }
        for (number, part) in (0u32..).zip(self.parts) {
            let terms: Vec<u32> = match self.formulas.all[*part as usize] {
                Formula::Or { first, count } => self.formulas.parts(first, count).to_vec(),
                _ => vec![*part],
            };
            for term in terms {
                match self.of_kinds(term, &place_of) {
                    Some((literal, rest)) => each_cell(kind.mask(literal), kind.size, |cell| {
                        left[cell].push((number, rest));
                    }),
                    None => mixed.push((number, term)),
                }
            }
        }
        let Cells::Words(cell_of) = &kind.cells else {
            return Vec::new();
        };
        let mut kinds: Vec<Vec<u32>> = vec![Vec::new(); kind.size];
        for (kind, cell) in (0u32..).zip(cell_of) {
            if let Some(cell) = cell {
                kinds[*cell as usize].push(kind);
            }
        }
        self.formulas.settles = 1;
        for (cell, left) in left.iter_mut().enumerate() {
            if !mixed.is_empty() {
                put_in(self.formulas, kind, cell);
                self.formulas.begin_restriction();
                for (number, term) in &mixed {
                    left.push((*number, self.formulas.restrict(*term)));
                }
            }
            // One formula a part.
            left.sort_unstable();
            let mut joined: Vec<(u32, u32)> = Vec::with_capacity(left.len());
            for same in left.chunk_by(|one, other| one.0 == other.0) {
                let formula = match same {
                    [(_, only)] => *only,
                    several => {
                        let all: Vec<u32> = several.iter().map(|(_, each)| *each).collect();
                        self.formulas.or(&all)
                    }
                };
                if formula != NO {
                    joined.push((same[0].0, formula));
                }
            }
            *left = joined;
        }
        for literal in &kind.literals {
            self.formulas.settled[*literal as usize] = 2;
        }
        kinds.into_iter().zip(left).collect()
    }

    /// A term as "of one of these kinds, and the rest", where the rest asks no kind.
    fn of_kinds(&mut self, term: u32, place_of: &[usize]) -> Option<(usize, u32)> {
        let place = |formulas: &Formulas, part: u32| match formulas.all[part as usize] {
            Formula::Literal {
                literal,
                negated: false,
            } => Some(place_of[literal as usize]).filter(|place| *place != usize::MAX),
            _ => None,
        };
        if let Some(literal) = place(self.formulas, term) {
            return Some((literal, YES));
        }
        let Formula::And { first, count } = self.formulas.all[term as usize] else {
            return None;
        };
        let parts = self.formulas.parts(first, count).to_vec();
        let at = parts
            .iter()
            .position(|part| place(self.formulas, *part).is_some())?;
        let literal = place(self.formulas, parts[at])?;
        let others: Vec<u32> = (parts.iter().enumerate())
            .filter(|(own, _)| *own != at)
            .map(|(_, part)| *part)
            .collect();
        // The kind's mask may stand for another variable too, sixty-four further on: then it is looked at as a whole.
        if others
            .iter()
            .any(|part| self.formulas.asks[*part as usize] & 1 == 1)
        {
            return None;
        }
        Some((literal, self.formulas.and_all(&others)))
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

    /// The cells below a node, ascending.
    fn reached(&mut self, node: u32) -> Vec<usize> {
        self.look += 1;
        self.seen.resize(self.nodes.len(), 0);
        let (mut left, mut found) = (vec![node], Vec::new());
        while let Some(node) = left.pop() {
            if std::mem::replace(&mut self.seen[node as usize], self.look) == self.look {
                continue;
            }
            match &self.nodes[node as usize] {
                ItemNode::Cell(cell) => found.push(*cell as usize),
                ItemNode::Ask(_, next) => left.extend(next),
            }
        }
        found.sort_unstable();
        found
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
