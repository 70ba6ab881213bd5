//! Formulas: what is left of the rules when everything known has been put in.

use std::collections::HashMap;

use crate::program::{ListTest, Node, NodeId, Program, Scratch, Tri};
use crate::state::Facts;

/// False.
pub(super) const NO: u32 = 0;
/// True.
pub(super) const YES: u32 = 1;

/// A formula over atoms that are open, shared where equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Formula {
    No,
    Yes,
    /// An atom of the program.
    Atom { atom: u32, negated: bool },
    And(Box<[u32]>),
    Or(Box<[u32]>),
}

/// Formulas, by place.
pub(super) struct Formulas<'a> {
    program: &'a Program,
    facts: &'a Facts,
    pub all: Vec<Formula>,
    shared: HashMap<Formula, u32>,
    nodes: HashMap<(NodeId, bool), u32>,
    effectives: HashMap<usize, u32>,
}

impl<'a> Formulas<'a> {
    pub fn new(program: &'a Program, facts: &'a Facts) -> Formulas<'a> {
        let mut formulas = Formulas {
            program,
            facts,
            all: Vec::new(),
            shared: HashMap::new(),
            nodes: HashMap::new(),
            effectives: HashMap::new(),
        };
        formulas.push(Formula::No);
        formulas.push(Formula::Yes);
        formulas
    }

    fn push(&mut self, formula: Formula) -> u32 {
        if let Some(known) = self.shared.get(&formula) {
            return *known;
        }
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(formula.clone());
        self.shared.insert(formula, place);
        place
    }

    fn of(tri: Tri) -> Option<u32> {
        match tri {
            Tri::No => Some(NO),
            Tri::Yes => Some(YES),
            Tri::Open => None,
        }
    }

    pub fn and(&mut self, parts: Vec<u32>) -> u32 {
        self.join(parts, true)
    }

    pub fn or(&mut self, parts: Vec<u32>) -> u32 {
        self.join(parts, false)
    }

    fn join(&mut self, parts: Vec<u32>, all: bool) -> u32 {
        let (zero, one) = if all { (NO, YES) } else { (YES, NO) };
        let mut kept: Vec<u32> = Vec::with_capacity(parts.len());
        for part in parts {
            if part == zero {
                return zero;
            }
            if part == one {
                continue;
            }
            match (&self.all[part as usize], all) {
                (Formula::And(inner), true) | (Formula::Or(inner), false) => kept.extend(inner.iter()),
                _ => kept.push(part),
            }
        }
        kept.sort_unstable();
        kept.dedup();
        match kept.as_slice() {
            [] => one,
            [only] => *only,
            _ if all => self.push(Formula::And(kept.into_boxed_slice())),
            _ => self.push(Formula::Or(kept.into_boxed_slice())),
        }
    }

    /// The nexus of a jurisdiction.
    pub fn nexus(&mut self, jurisdiction: usize, scratch: &mut Scratch) -> u32 {
        match Self::of(scratch.nexus[jurisdiction]) {
            Some(known) => known,
            None => self.node(self.program.jurisdictions[jurisdiction].nexus, false, scratch),
        }
    }

    /// That a rule brings its effect to bear.
    pub fn contribution(&mut self, rule: usize, scratch: &mut Scratch) -> u32 {
        let applies = self.effective(rule, scratch);
        let own = &self.program.rules[rule];
        if !own.exception {
            return applies;
        }
        let lifted = own.bases.iter().map(|base| self.full(*base, scratch)).collect();
        let lifted = self.or(lifted);
        self.and(vec![applies, lifted])
    }

    /// That a rule applies and nothing excepts it.
    pub fn effective(&mut self, rule: usize, scratch: &mut Scratch) -> u32 {
        if let Some(known) = self.effectives.get(&rule) {
            return *known;
        }
        let mut parts = vec![self.full(rule, scratch)];
        if parts[0] != NO {
            for exception in &self.program.rules[rule].exceptions {
                let excepts = self.effective(*exception, scratch);
                parts.push(self.negate(excepts));
            }
        }
        let whole = self.and(parts);
        self.effectives.insert(rule, whole);
        whole
    }

    /// That a rule is in force and its condition holds, exceptions apart.
    pub fn full(&mut self, rule: usize, scratch: &mut Scratch) -> u32 {
        match Self::of(self.program.full(rule, self.facts, scratch)) {
            Some(known) => known,
            None => self.node(self.program.rules[rule].full, false, scratch),
        }
    }

    /// The opposite of a formula.
    pub fn negate(&mut self, formula: u32) -> u32 {
        match self.all[formula as usize].clone() {
            Formula::No => YES,
            Formula::Yes => NO,
            Formula::Atom { atom, negated } => self.push(Formula::Atom { atom, negated: !negated }),
            Formula::And(parts) => {
                let parts = parts.iter().map(|part| self.negate(*part)).collect();
                self.or(parts)
            }
            Formula::Or(parts) => {
                let parts = parts.iter().map(|part| self.negate(*part)).collect();
                self.and(parts)
            }
        }
    }

    /// What is left of a node.
    pub fn node(&mut self, node: NodeId, negated: bool, scratch: &mut Scratch) -> u32 {
        if let Some(known) = self.nodes.get(&(node, negated)) {
            return *known;
        }
        let program = self.program;
        let made = match program.nodes[node.0 as usize] {
            Node::Yes => if negated { NO } else { YES },
            Node::No => if negated { YES } else { NO },
            Node::Atom { atom, negated: own } => {
                let answer = program.atom(atom, self.facts, scratch);
                let negated = own != negated;
                match Self::of(if negated { answer.not() } else { answer }) {
                    Some(known) => known,
                    None => self.push(Formula::Atom { atom, negated }),
                }
            }
            Node::List { test, negated: own } => {
                let listed = self.listed(&program.list_tests[test as usize], scratch);
                if own != negated { self.negate(listed) } else { listed }
            }
            Node::All { first, count } => {
                let parts = program.kids(first, count).iter().map(|kid| self.node(*kid, negated, scratch)).collect();
                if negated { self.or(parts) } else { self.and(parts) }
            }
            Node::Any { first, count } => {
                let parts = program.kids(first, count).iter().map(|kid| self.node(*kid, negated, scratch)).collect();
                if negated { self.and(parts) } else { self.or(parts) }
            }
            Node::AtLeast { needed, first, count } => {
                let parts: Vec<u32> = program.kids(first, count).iter().map(|kid| self.node(*kid, false, scratch)).collect();
                let whole = self.at_least(needed as usize, &parts);
                if negated { self.negate(whole) } else { whole }
            }
        };
        self.nodes.insert((node, negated), made);
        made
    }

    fn at_least(&mut self, needed: usize, parts: &[u32]) -> u32 {
        if needed == 0 {
            return YES;
        }
        match parts.split_first() {
            None => NO,
            Some(_) if parts.len() < needed => NO,
            Some((first, rest)) => {
                let with = self.at_least(needed - 1, rest);
                let with = self.and(vec![*first, with]);
                let without = self.at_least(needed, rest);
                self.or(vec![with, without])
            }
        }
    }

    fn listed(&mut self, test: &ListTest, scratch: &mut Scratch) -> u32 {
        use crate::program::{ClaimAnswer, ListPath};
        let program = self.program;
        let path = program.list_path(test, self.facts);
        let (first, second) = program.possible_entries(test, self.facts);
        let figures: Vec<u32> = first.iter().chain(second).copied().collect();
        match path {
            ListPath::Figures => {
                let parts = figures.iter().map(|entry| self.node(program.entries[*entry as usize].full, false, scratch)).collect();
                self.or(parts)
            }
            ListPath::Claim(answer) => {
                if figures.iter().any(|entry| program.entry(*entry, self.facts, scratch) == Tri::Yes) {
                    return YES;
                }
                match answer {
                    ClaimAnswer::No => NO,
                    ClaimAnswer::Yes => YES,
                    ClaimAnswer::NotHeld => match program.reading_atom() {
                        Some(atom) => self.push(Formula::Atom { atom, negated: false }),
                        None => NO,
                    },
                    ClaimAnswer::Entries(entries) => {
                        let parts = entries
                            .iter()
                            .map(|(entry, whole)| {
                                let entry = &program.entries[*entry as usize];
                                self.node(if *whole { entry.full } else { entry.in_force }, false, scratch)
                            })
                            .collect();
                        self.or(parts)
                    }
                }
            }
        }
    }

    /// The atoms of these formulas, ascending.
    pub fn support(&self, roots: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.all.len()];
        let mut atoms = Vec::new();
        let mut left: Vec<u32> = roots.to_vec();
        while let Some(formula) = left.pop() {
            if std::mem::replace(&mut seen[formula as usize], true) {
                continue;
            }
            match &self.all[formula as usize] {
                Formula::Atom { atom, .. } => atoms.push(*atom),
                Formula::And(parts) | Formula::Or(parts) => left.extend(parts.iter()),
                Formula::No | Formula::Yes => {}
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    /// A formula with some atoms put in.
    pub fn restrict(&mut self, formula: u32, put_in: &HashMap<u32, bool>, known: &mut HashMap<u32, u32>) -> u32 {
        if formula <= YES {
            return formula;
        }
        if let Some(done) = known.get(&formula) {
            return *done;
        }
        let made = match self.all[formula as usize].clone() {
            Formula::No => NO,
            Formula::Yes => YES,
            Formula::Atom { atom, negated } => match put_in.get(&atom) {
                Some(value) => if *value == negated { NO } else { YES },
                None => formula,
            },
            Formula::And(parts) => {
                let mut rest = Vec::with_capacity(parts.len());
                let mut dead = false;
                for part in &parts {
                    let part = self.restrict(*part, put_in, known);
                    if part == NO {
                        dead = true;
                        break;
                    }
                    rest.push(part);
                }
                if dead { NO } else { self.and(rest) }
            }
            Formula::Or(parts) => {
                let mut rest = Vec::with_capacity(parts.len());
                let mut done = false;
                for part in &parts {
                    let part = self.restrict(*part, put_in, known);
                    if part == YES {
                        done = true;
                        break;
                    }
                    rest.push(part);
                }
                if done { YES } else { self.or(rest) }
            }
        };
        known.insert(formula, made);
        made
    }
}
