//! What is missing: the exact answer to which unknown facts still matter, what settles the case, what to
//! ask first.
//!
//! The rules that are still open become a formula over the facts that are not known; each such fact's values
//! are cut into cells, within which no test can tell them apart; a decision diagram over cells gives every
//! outcome that is still possible. Its support is the unique smallest set of facts that settles the case
//! whatever the answers are. Beyond [`NODE_CAP`] nodes the answer is Kleene's, labelled as not exact.

mod cells;
mod diagram;
mod formula;

use catchall_model::Effect;

use crate::program::{NodeId, Program, Scratch, Tri};
use crate::state::Facts;
use crate::vocabulary::{FactId, Vocabulary};

pub use cells::CellAnswer;
use cells::{Cells, Variable};
use diagram::{Diagram, NodeRef};
use formula::Formulas;

/// Most nodes of a diagram; beyond, the answer is "at least these".
pub const NODE_CAP: usize = 20_000;

/// The most facts that a deciding set may hold.
const LARGEST_SET: usize = 3;
/// The most deciding sets that are listed.
const MOST_SETS: usize = 12;
/// The most facts among which the next question is chosen by looking at each answer.
const MOST_LOOKED_AT: usize = 16;

/// What can still come out, and on what it depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The outcome if the missing facts turn out well.
    pub least: Effect,
    /// The outcome if they turn out badly.
    pub most: Effect,
    /// Facts that still matter, in the order of the vocabulary.
    pub essential: Vec<FactId>,
    /// Whether the law itself leaves it open: a dispute, a day that the pack does not know.
    pub reading: bool,
    /// The outcomes with the disputed provisions applied, and without, when nothing but the reading is open.
    pub readings: Option<(Effect, Effect)>,
    /// Smallest sets of answers that settle it.
    pub deciding: Vec<Deciding>,
    /// The fact to ask first.
    pub next: Option<FactId>,
    /// Whether all this is exact.
    pub exact: bool,
}

/// Answers that settle a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// Fact and what it must turn out to be.
    pub answers: Vec<(FactId, CellAnswer)>,
    /// The outcome then.
    pub outcome: Effect,
}

/// What to work out beyond the bounds and the facts that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Bounds and essential facts.
    Essential,
    /// Deciding sets and the next question too.
    Questions,
}

impl Program {
    /// Completes what is open in these jurisdictions, taken together (places as in [`Program::reach`]).
    pub fn open(&self, vocabulary: &Vocabulary, facts: &Facts, jurisdictions: &[usize], depth: Depth, scratch: &mut Scratch) -> Open {
        self.begin(scratch);
        let mut formulas = Formulas::new(self, facts);
        let mut sure = Effect::NoLicenceRequired;
        let mut roots: Vec<(Effect, u32)> = Vec::new();
        let mut nexus_of = vec![formula::NO; self.jurisdictions.len()];
        scratch.nexus = vec![Tri::No; self.jurisdictions.len()];
        for place in jurisdictions {
            scratch.nexus[*place] = self.nexus(&self.jurisdictions[*place], facts, scratch);
        }
        for place in jurisdictions {
            nexus_of[*place] = formulas.nexus(*place, scratch);
        }
        let mut candidates = std::mem::take(&mut scratch.candidates);
        self.index.candidates(self, facts, scratch, &mut candidates);
        // Strongest first, so that what a sure rule covers is never unfolded.
        candidates.sort_by_key(|rule| std::cmp::Reverse(self.rules[*rule as usize].effect));
        let mut most = Effect::NoLicenceRequired;
        for rule in &candidates {
            let place = *rule as usize;
            let effect = self.rules[place].effect;
            if effect <= sure {
                continue;
            }
            let applies = self.contributes(place, facts, scratch).min(scratch.nexus[self.rules[place].jurisdiction]);
            match applies {
                Tri::No => {}
                Tri::Yes => {
                    sure = effect;
                    most = most.max(effect);
                }
                Tri::Open => {
                    most = most.max(effect);
                    let nexus = nexus_of[self.rules[place].jurisdiction];
                    let own = formulas.contribution(place, scratch);
                    let both = formulas.and(vec![nexus, own]);
                    roots.push((effect, both));
                }
            }
        }
        scratch.candidates = candidates;
        // One root for each effect above what is sure, strongest first.
        let mut levels: Vec<(Effect, u32)> = Vec::new();
        for effect in Effect::ALL.iter().rev().filter(|effect| **effect > sure) {
            let parts: Vec<u32> = roots.iter().filter(|(each, _)| each == effect).map(|(_, root)| *root).collect();
            if !parts.is_empty() {
                let root = formulas.or(parts);
                levels.push((*effect, root));
            }
        }
        solve(self, vocabulary, facts, formulas, &levels, sure, most, depth)
    }

    /// Which facts decide whether one rule applies, exceptions included: its own verdict, completed exactly.
    pub fn open_rule(&self, vocabulary: &Vocabulary, facts: &Facts, provision: usize, scratch: &mut Scratch) -> Open {
        self.begin(scratch);
        let mut formulas = Formulas::new(self, facts);
        let rules: Vec<usize> = (0..self.rules.len()).filter(|rule| self.rules[*rule].provision == provision).collect();
        let parts: Vec<u32> = rules.iter().map(|rule| formulas.effective(*rule, scratch)).collect();
        let root = formulas.or(parts);
        verdict(self, vocabulary, facts, formulas, root)
    }

    /// The same without its exceptions: whether its own condition and dates hold.
    pub(crate) fn open_own(&self, vocabulary: &Vocabulary, facts: &Facts, provision: usize, scratch: &mut Scratch) -> Open {
        self.begin(scratch);
        let mut formulas = Formulas::new(self, facts);
        let rules: Vec<usize> = (0..self.rules.len()).filter(|rule| self.rules[*rule].provision == provision).collect();
        let parts: Vec<u32> = rules.iter().map(|rule| formulas.full(*rule, scratch)).collect();
        let root = formulas.or(parts);
        verdict(self, vocabulary, facts, formulas, root)
    }

    /// The same for one condition: an entry's test, a part of a rule.
    pub(crate) fn open_node(&self, vocabulary: &Vocabulary, facts: &Facts, node: NodeId, scratch: &mut Scratch) -> Open {
        self.begin(scratch);
        let mut formulas = Formulas::new(self, facts);
        let root = formulas.node(node, false, scratch);
        verdict(self, vocabulary, facts, formulas, root)
    }
}

/// Whether one formula holds: `prohibited` for yes, `no_licence_required` for no.
fn verdict(program: &Program, vocabulary: &Vocabulary, facts: &Facts, formulas: Formulas, root: u32) -> Open {
    let (sure, levels) = match root {
        formula::YES => (Effect::Prohibited, Vec::new()),
        formula::NO => (Effect::NoLicenceRequired, Vec::new()),
        open => (Effect::NoLicenceRequired, vec![(Effect::Prohibited, open)]),
    };
    solve(program, vocabulary, facts, formulas, &levels, sure, Effect::Prohibited, Depth::Essential)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one question, worked out just above")]
fn solve(program: &Program, vocabulary: &Vocabulary, facts: &Facts, mut formulas: Formulas, levels: &[(Effect, u32)], sure: Effect, most: Effect, depth: Depth) -> Open {
    let roots: Vec<u32> = levels.iter().map(|(_, root)| *root).collect();
    let effects: Vec<Effect> = levels.iter().map(|(effect, _)| *effect).collect();
    let variables = cells::variables(program, vocabulary, facts, &formulas.support(&roots));
    let mut diagram = Diagram::new(&variables);
    let Some(root) = diagram.build(&mut formulas, &roots, &effects, sure, &variables) else {
        let essential = sorted(variables.iter().filter_map(Variable::fact).collect());
        let reading = variables.iter().any(|variable| variable.cells == Cells::Reading);
        let next = essential.iter().copied().min_by_key(|fact| vocabulary.get(*fact).cost);
        return Open { least: sure, most, essential, reading, readings: None, deciding: Vec::new(), next, exact: false };
    };
    let (least, most) = diagram.bounds(root);
    let support = diagram.support(root);
    let reading = support.iter().any(|variable| variables[*variable].cells == Cells::Reading);
    let exact = support.iter().all(|variable| variables[*variable].exact);
    let essential = sorted(support.iter().filter_map(|variable| variables[*variable].fact()).collect());
    let readings = match support.as_slice() {
        [one] if variables[*one].cells == Cells::Reading => {
            let with = diagram.restrict(root, *one, 1);
            let without = diagram.restrict(root, *one, 0);
            Some((diagram.bounds(with).1, diagram.bounds(without).1))
        }
        _ => None,
    };
    let (mut deciding, mut next) = (Vec::new(), None);
    if depth == Depth::Questions && !essential.is_empty() {
        deciding = sets(&mut diagram, root, &support, &variables);
        next = next_question(&mut diagram, root, &support, &variables, vocabulary);
    }
    Open { least, most, essential, reading, readings, deciding, next, exact }
}

fn sorted(mut facts: Vec<FactId>) -> Vec<FactId> {
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// The smallest sets of answers that settle it, by size, then in the order of the variables.
fn sets(diagram: &mut Diagram, root: NodeRef, support: &[usize], variables: &[Variable]) -> Vec<Deciding> {
    let asked: Vec<usize> = support.iter().copied().filter(|variable| variables[*variable].cells != Cells::Reading).take(MOST_LOOKED_AT).collect();
    let mut found: Vec<(Vec<(usize, Vec<usize>)>, Effect)> = Vec::new();
    let mut open: Vec<(Vec<(usize, usize)>, NodeRef)> = vec![(Vec::new(), root)];
    for size in 1..=LARGEST_SET.min(asked.len()) {
        let mut still_open = Vec::new();
        for (chosen, node) in open {
            let after = chosen.last().map_or(0, |(variable, _)| asked.iter().position(|each| each == variable).map_or(0, |at| at + 1));
            for variable in &asked[after..] {
                let mut by_outcome: Vec<(Effect, Vec<usize>)> = Vec::new();
                for cell in 0..variables[*variable].size() {
                    let rest = diagram.restrict(node, *variable, cell);
                    match diagram.leaf(rest) {
                        Some(outcome) => match by_outcome.iter_mut().find(|(each, _)| *each == outcome) {
                            Some((_, cells)) => cells.push(cell),
                            None => by_outcome.push((outcome, vec![cell])),
                        },
                        None => {
                            let mut more = chosen.clone();
                            more.push((*variable, cell));
                            still_open.push((more, rest));
                        }
                    }
                }
                for (outcome, cells) in by_outcome {
                    let mut answers: Vec<(usize, Vec<usize>)> = chosen.iter().map(|(variable, cell)| (*variable, vec![*cell])).collect();
                    answers.push((*variable, cells));
                    // A part of these answers that settles it alone makes the whole set needless.
                    let needless = found.iter().any(|(smaller, same)| {
                        *same == outcome && smaller.len() < answers.len() && smaller.iter().all(|(variable, cells)| {
                            answers.iter().any(|(each, own)| each == variable && own.iter().all(|cell| cells.contains(cell)))
                        })
                    });
                    if !needless {
                        found.push((answers, outcome));
                    }
                }
            }
        }
        merge(&mut found, size);
        if found.len() >= MOST_SETS || still_open.len() > 400 {
            break;
        }
        open = still_open;
    }
    found.truncate(MOST_SETS);
    found
        .into_iter()
        .map(|(answers, outcome)| Deciding {
            answers: answers.into_iter().filter_map(|(variable, cells)| variables[variable].answer(&cells)).collect(),
            outcome,
        })
        .collect()
}

/// Joins sets that differ in the cells of one fact only and give the same outcome.
fn merge(found: &mut Vec<(Vec<(usize, Vec<usize>)>, Effect)>, size: usize) {
    let mut at = 0;
    while at < found.len() {
        let mut other = at + 1;
        while other < found.len() {
            let (a, b) = (&found[at], &found[other]);
            let alike = a.1 == b.1 && a.0.len() == size && b.0.len() == size && a.0.iter().zip(&b.0).all(|(x, y)| x.0 == y.0);
            let differing: Vec<usize> = if alike { (0..size).filter(|place| a.0[*place].1 != b.0[*place].1).collect() } else { Vec::new() };
            match (alike, differing.as_slice()) {
                (true, [place]) => {
                    let place = *place;
                    let (answers, _) = found.remove(other);
                    let joined = &mut found[at].0[place].1;
                    joined.extend(&answers[place].1);
                    joined.sort_unstable();
                    joined.dedup();
                    other = at + 1;
                }
                _ => other += 1,
            }
        }
        at += 1;
    }
}

/// The fact to ask first: one whose answer can lower the worst that may come out, or bring it about, before one
/// that only settles lesser things; then the one that, at worst, leaves the least to ask, by cost; ties by its
/// own cost, then by order.
fn next_question(diagram: &mut Diagram, root: NodeRef, support: &[usize], variables: &[Variable], vocabulary: &Vocabulary) -> Option<FactId> {
    let cost = |variable: usize| variables[variable].fact().map_or(0, |fact| u32::from(vocabulary.get(fact).cost));
    let most = diagram.bounds(root).1;
    let mut best: Option<((bool, u32, u32, usize), FactId)> = None;
    for (order, variable) in support.iter().take(MOST_LOOKED_AT).enumerate() {
        let Some(fact) = variables[*variable].fact() else { continue };
        let mut worst = 0;
        let mut lesser = true;
        for cell in 0..variables[*variable].size() {
            let rest = diagram.restrict(root, *variable, cell);
            let (rest_least, rest_most) = diagram.bounds(rest);
            lesser &= rest_most == most && rest_least < most;
            let left: u32 = diagram.support(rest).iter().map(|each| cost(*each)).sum();
            worst = worst.max(left);
        }
        let rank = (lesser, cost(*variable) + worst, cost(*variable), order);
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, fact));
        }
    }
    best.map(|(_, fact)| fact)
}
