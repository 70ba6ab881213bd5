//! Diagram: a reduced multi-valued decision diagram from cells to outcomes.

use std::collections::HashMap;

use catchall_model::Effect;

use super::NODE_CAP;
use super::cells::Variable;
use super::formula::{Formulas, NO, YES};

/// A node of the diagram: an outcome, or a variable with what follows each of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeRef(u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Node {
    Leaf(Effect),
    Ask { variable: usize, next: Box<[NodeRef]> },
}

/// The diagram of one question.
pub(super) struct Diagram {
    nodes: Vec<Node>,
    shared: HashMap<Node, NodeRef>,
    restricted: HashMap<(NodeRef, usize, usize), NodeRef>,
    /// For each variable and cell, its atoms with their answers.
    put_in: Vec<Vec<HashMap<u32, bool>>>,
}

impl Diagram {
    pub fn new(variables: &[Variable]) -> Diagram {
        let put_in = variables
            .iter()
            .map(|variable| {
                let cell = |answers: &Vec<bool>| variable.atoms.iter().copied().zip(answers.iter().copied()).collect();
                variable.answers.iter().map(cell).collect()
            })
            .collect();
        Diagram { nodes: Vec::new(), shared: HashMap::new(), restricted: HashMap::new(), put_in }
    }

    fn push(&mut self, node: Node) -> NodeRef {
        if let Some(known) = self.shared.get(&node) {
            return *known;
        }
        let place = NodeRef(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.shared.insert(node, place);
        place
    }

    /// Builds it: the strongest effect whose formula holds, or `sure`. `None` beyond the cap.
    pub fn build(&mut self, formulas: &mut Formulas, roots: &[u32], effects: &[Effect], sure: Effect, variables: &[Variable]) -> Option<NodeRef> {
        let mut done: HashMap<Vec<u32>, NodeRef> = HashMap::new();
        let mut restricted: Vec<Vec<HashMap<u32, u32>>> = variables.iter().map(|variable| vec![HashMap::new(); variable.size()]).collect();
        let mut steps = 0;
        self.step(formulas, roots.to_vec(), effects, sure, 0, variables, &mut done, &mut restricted, &mut steps)
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one recursion")]
    fn step(
        &mut self,
        formulas: &mut Formulas,
        mut roots: Vec<u32>,
        effects: &[Effect],
        sure: Effect,
        from: usize,
        variables: &[Variable],
        done: &mut HashMap<Vec<u32>, NodeRef>,
        restricted: &mut [Vec<HashMap<u32, u32>>],
        steps: &mut usize,
    ) -> Option<NodeRef> {
        // The strongest that surely holds makes the weaker ones needless.
        if let Some(first) = roots.iter().position(|root| *root == YES) {
            roots[first + 1..].fill(NO);
            if first == 0 || roots[..first].iter().all(|root| *root == NO) {
                return Some(self.push(Node::Leaf(effects[first])));
            }
        }
        if roots.iter().all(|root| *root == NO) {
            return Some(self.push(Node::Leaf(sure)));
        }
        if let Some(known) = done.get(&roots) {
            return Some(*known);
        }
        *steps += 1;
        if *steps > NODE_CAP || formulas.all.len() > NODE_CAP * 20 {
            return None;
        }
        let support = formulas.support(&roots);
        let open = |variable: &Variable| variable.atoms.iter().any(|atom| support.binary_search(atom).is_ok());
        let Some(variable) = (from..variables.len()).find(|place| open(&variables[*place])) else {
            return Some(self.push(Node::Leaf(sure)));
        };
        let mut next = Vec::with_capacity(variables[variable].size());
        for cell in 0..variables[variable].size() {
            let put_in = &self.put_in[variable][cell];
            let known = &mut restricted[variable][cell];
            let rest: Vec<u32> = roots.iter().map(|root| formulas.restrict(*root, put_in, known)).collect();
            next.push(self.step(formulas, rest, effects, sure, variable + 1, variables, done, restricted, steps)?);
        }
        let node = self.ask(variable, next);
        done.insert(roots, node);
        Some(node)
    }

    fn ask(&mut self, variable: usize, next: Vec<NodeRef>) -> NodeRef {
        if next.windows(2).all(|pair| pair[0] == pair[1]) {
            return next[0];
        }
        self.push(Node::Ask { variable, next: next.into_boxed_slice() })
    }

    /// The outcome, where nothing is left to ask.
    pub fn leaf(&self, node: NodeRef) -> Option<Effect> {
        match &self.nodes[node.0 as usize] {
            Node::Leaf(effect) => Some(*effect),
            Node::Ask { .. } => None,
        }
    }

    /// The weakest and the strongest outcome below a node.
    pub fn bounds(&self, node: NodeRef) -> (Effect, Effect) {
        let mut least = Effect::Prohibited;
        let mut most = Effect::NoLicenceRequired;
        self.visit(node, &mut |node| {
            if let Node::Leaf(effect) = node {
                least = least.min(*effect);
                most = most.max(*effect);
            }
        });
        (least, most)
    }

    /// The variables below a node, ascending.
    pub fn support(&self, node: NodeRef) -> Vec<usize> {
        let mut found = Vec::new();
        self.visit(node, &mut |node| {
            if let Node::Ask { variable, .. } = node {
                found.push(*variable);
            }
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    fn visit(&self, node: NodeRef, see: &mut impl FnMut(&Node)) {
        let mut seen = vec![false; self.nodes.len()];
        let mut left = vec![node];
        while let Some(node) = left.pop() {
            if std::mem::replace(&mut seen[node.0 as usize], true) {
                continue;
            }
            let node = &self.nodes[node.0 as usize];
            see(node);
            if let Node::Ask { next, .. } = node {
                left.extend(next.iter());
            }
        }
    }

    /// What is left when a variable lies in a cell.
    pub fn restrict(&mut self, node: NodeRef, variable: usize, cell: usize) -> NodeRef {
        if let Some(known) = self.restricted.get(&(node, variable, cell)) {
            return *known;
        }
        let made = match self.nodes[node.0 as usize].clone() {
            Node::Leaf(_) => node,
            Node::Ask { variable: own, next } if own == variable => next[cell],
            Node::Ask { variable: own, .. } if own > variable => node,
            Node::Ask { variable: own, next } => {
                let rest = next.iter().map(|each| self.restrict(*each, variable, cell)).collect();
                self.ask(own, rest)
            }
        };
        self.restricted.insert((node, variable, cell), made);
        made
    }
}
