//! Diagram: a reduced multi-valued decision diagram from cells to outcomes.

use catchall_model::Effect;

use super::cells::Variable;
use super::formula::{Formulas, NO, YES};
use super::items::{ItemNode, Items};
use crate::table::{Hasher, Table};

/// One formula an effect, strongest first; unused places are [`NO`].
pub(super) type Roots = [u32; Effect::ALL.len()];

/// The most variables that are drawn, and the most of a diagram with an item's own on top: they are kept in masks.
pub(super) const MOST_VARIABLES: (usize, usize) = (64, 128);

/// A node of the diagram: an outcome, or a variable with what follows each of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeRef(u32);

#[derive(Clone, Copy, Debug)]
struct Node {
    variable: u32,
    first: u32,
    size: u32,
    /// The variables below, as a mask.
    support: u128,
    least: Effect,
    most: Effect,
}

/// The diagram of one question.
#[derive(Clone, Debug, Default)]
pub(super) struct Diagram {
    nodes: Vec<Node>,
    next: Vec<NodeRef>,
    shared: Table,
    done: Table,
    known: Vec<(Roots, NodeRef)>,
    restricted: Table,
    restrictions: Vec<((NodeRef, u32, u32), NodeRef)>,
    stack: Vec<NodeRef>,
}

/// What a diagram is built from.
pub(super) struct Question<'a> {
    pub formulas: &'a mut Formulas,
    pub variables: &'a [Variable],
    /// The effect of each root.
    pub effects: &'a [Effect],
    /// The outcome when no root holds.
    pub sure: Effect,
    /// How many variables of the item will stand above these; they are numbered first.
    pub above: u32,
    /// The most nodes.
    pub nodes: usize,
    /// The most formulas looked at.
    pub work: usize,
}

/// The outcome that these formulas leave, if only one; weaker ones that no longer matter are put out.
pub(super) fn settle(roots: &mut Roots, effects: &[Effect], sure: Effect) -> Option<Effect> {
    if let Some(first) = roots.iter().position(|root| *root == YES) {
        roots[first + 1..].fill(NO);
        return roots[..first]
            .iter()
            .all(|root| *root == NO)
            .then(|| effects.get(first).copied().unwrap_or(sure));
    }
    roots.iter().all(|root| *root == NO).then_some(sure)
}

impl Diagram {
    fn begin(&mut self) {
        self.nodes.clear();
        self.next.clear();
        self.shared.clear();
        self.done.clear();
        self.known.clear();
        self.restricted.clear();
        self.restrictions.clear();
        self.stack.clear();
        for effect in Effect::ALL {
            self.nodes.push(Node {
                variable: u32::MAX,
                first: 0,
                size: 0,
                support: 0,
                least: *effect,
                most: *effect,
            });
        }
    }

    fn outcome(effect: Effect) -> NodeRef {
        NodeRef(u32::try_from(effect.level()).unwrap_or(0))
    }

    /// Builds it: the strongest effect whose formula holds, or `sure`. `None` beyond the bounds of the question.
    pub fn build(&mut self, question: &mut Question, roots: Roots) -> Option<NodeRef> {
        self.begin();
        question.formulas.work = 0;
        self.step(question, roots, 0)
    }

    fn step(&mut self, question: &mut Question, mut roots: Roots, from: u32) -> Option<NodeRef> {
        if let Some(effect) = settle(&mut roots, question.effects, question.sure) {
            return Some(Self::outcome(effect));
        }
        let mut hasher = Hasher::new(0);
        roots.iter().for_each(|root| hasher.add(u64::from(*root)));
        // The place that it would take, so that it is found again once it is done.
        let waiting = NodeRef(u32::MAX);
        let place = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let known = &self.known;
        if let Some(place) = self.done.find_or_insert(hasher.end(), place, |place| {
            known[place as usize].0 == roots
        }) {
            return Some(self.known[place as usize].1);
        }
        self.known.push((roots, waiting));
        if self.known.len() > question.nodes || question.formulas.work > question.work {
            return None;
        }
        let asks = roots.iter().fold(0u64, |asks, root| {
            asks | question.formulas.asks[*root as usize]
        });
        let left = asks & u64::MAX.checked_shl(from).unwrap_or(0);
        let variable = left.trailing_zeros();
        if variable as usize >= question.variables.len() {
            self.known[place as usize].1 = Self::outcome(question.sure);
            return Some(Self::outcome(question.sure));
        }
        let cells = question.variables[variable as usize].size;
        let mut rests: Vec<Roots> = Vec::with_capacity(cells);
        question.formulas.settles = 1 << variable;
        for cell in 0..cells {
            put_in(
                question.formulas,
                &question.variables[variable as usize],
                cell,
            );
            question.formulas.begin_restriction();
            rests.push(roots.map(|root| question.formulas.restrict(root)));
        }
        for literal in &question.variables[variable as usize].literals {
            question.formulas.settled[*literal as usize] = 2;
        }
        let start = self.stack.len();
        for (cell, rest) in rests.iter().enumerate() {
            let made = match (cell > 0 && rests[cell - 1] == *rest, self.stack.last()) {
                (true, Some(last)) => *last,
                _ => self.step(question, *rest, variable + 1)?,
            };
            self.stack.push(made);
        }
        let node = self.ask(question.above + variable, start);
        self.known[place as usize].1 = node;
        Some(node)
    }

    /// Puts the item's own diagram above: each of its cells leads to what follows it below.
    pub fn above(&mut self, root: NodeRef, items: &Items) -> NodeRef {
        let whole = u32::try_from(items.variables.len()).unwrap_or(u32::MAX);
        let below = self.nodes[root.0 as usize];
        let mut made: Vec<NodeRef> = Vec::with_capacity(items.nodes.len());
        for node in &items.nodes {
            let own = match node {
                ItemNode::Cell(cell) if below.variable == whole => {
                    self.next[(below.first + cell) as usize]
                }
                ItemNode::Cell(_) => root,
                ItemNode::Ask(variable, next) => {
                    let start = self.stack.len();
                    self.stack
                        .extend(next.iter().map(|each| made[*each as usize]));
                    self.ask(*variable, start)
                }
            };
            made.push(own);
        }
        made[items.root as usize]
    }

    /// Whether the kinds of an item leave it open to figures: some kind's cells lead to different ends.
    pub fn figures_follow(
        &self,
        root: NodeRef,
        item: u32,
        kinds: &[(Vec<u32>, Vec<usize>)],
    ) -> bool {
        let node = self.nodes[root.0 as usize];
        let leads = |cell: usize| self.next[node.first as usize + cell];
        node.variable == item
            && kinds
                .iter()
                .any(|(_, cells)| cells.windows(2).any(|two| leads(two[0]) != leads(two[1])))
    }

    /// A node over what stands on the stack from `start` on.
    fn ask(&mut self, variable: u32, start: usize) -> NodeRef {
        let next = &self.stack[start..];
        if next.windows(2).all(|pair| pair[0] == pair[1]) {
            let only = self.stack[start];
            self.stack.truncate(start);
            return only;
        }
        let mut hasher = Hasher::new(u64::from(variable));
        next.iter().for_each(|each| hasher.add(u64::from(each.0)));
        let place = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let (nodes, all) = (&self.nodes, &self.next);
        let same = |place: u32| {
            let node = nodes[place as usize];
            node.variable == variable
                && all[node.first as usize..(node.first + node.size) as usize] == *next
        };
        let found = match self.shared.find_or_insert(hasher.end(), place, same) {
            Some(known) => NodeRef(known),
            None => {
                let mut node = Node {
                    variable,
                    first: u32::try_from(self.next.len()).unwrap_or(u32::MAX),
                    size: u32::try_from(next.len()).unwrap_or(u32::MAX),
                    support: 1 << variable,
                    least: Effect::Prohibited,
                    most: Effect::NoLicenceRequired,
                };
                for each in next {
                    let below = self.nodes[each.0 as usize];
                    node.support |= below.support;
                    node.least = node.least.min(below.least);
                    node.most = node.most.max(below.most);
                }
                self.next.extend_from_slice(next);
                self.nodes.push(node);
                NodeRef(place)
            }
        };
        self.stack.truncate(start);
        found
    }

    /// The outcome, where nothing is left to ask.
    pub fn leaf(&self, node: NodeRef) -> Option<Effect> {
        let node = self.nodes[node.0 as usize];
        (node.size == 0).then_some(node.least)
    }

    /// The weakest and the strongest outcome below a node.
    pub fn bounds(&self, node: NodeRef) -> (Effect, Effect) {
        let node = self.nodes[node.0 as usize];
        (node.least, node.most)
    }

    /// The variables below a node, as a mask.
    pub fn support(&self, node: NodeRef) -> u128 {
        self.nodes[node.0 as usize].support
    }

    /// What is left when a variable lies in a cell.
    pub fn restrict(&mut self, node: NodeRef, variable: u32, cell: u32) -> NodeRef {
        let own = self.nodes[node.0 as usize];
        if own.support >> variable & 1 == 0 {
            return node;
        }
        if own.variable == variable {
            return self.next[(own.first + cell) as usize];
        }
        let key = (node, variable, cell);
        let mut hasher = Hasher::new(u64::from(node.0));
        hasher.add(u64::from(variable) << 32 | u64::from(cell));
        let place = u32::try_from(self.restrictions.len()).unwrap_or(u32::MAX);
        let known = &self.restrictions;
        if let Some(place) = self
            .restricted
            .find_or_insert(hasher.end(), place, |place| known[place as usize].0 == key)
        {
            return self.restrictions[place as usize].1;
        }
        self.restrictions.push((key, node));
        let start = self.stack.len();
        for each in own.first..own.first + own.size {
            let rest = self.restrict(self.next[each as usize], variable, cell);
            self.stack.push(rest);
        }
        let made = self.ask(own.variable, start);
        self.restrictions[place as usize].1 = made;
        made
    }
}

/// Settles the literals of a variable as they stand in one of its cells.
pub(super) fn put_in(formulas: &mut Formulas, variable: &Variable, cell: usize) {
    for (place, literal) in variable.literals.iter().enumerate() {
        formulas.settled[*literal as usize] = u8::from(variable.holds(place, cell));
    }
}

/// The variables of a mask, ascending.
pub(super) fn places(mut mask: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (place < 128).then_some(place)
    })
}
