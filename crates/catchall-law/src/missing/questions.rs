//! Questions: the smallest sets of answers that settle a case, and the fact to ask first.

use catchall_model::Effect;

use super::Deciding;
use super::cells::{Cells, Variable, Words};
use super::diagram::{Diagram, NodeRef, places};
use crate::vocabulary::{FactId, Vocabulary};

/// The most facts that a deciding set may hold.
const LARGEST_SET: usize = 3;
/// The most deciding sets that are listed.
const MOST_SETS: usize = 12;
/// The most facts among which the next question is chosen by looking at each answer.
const MOST_LOOKED_AT: usize = 16;
/// The most sets of answers that are still open and looked at further.
const MOST_OPEN: usize = 400;

/// Variables with the cells that they lie in.
type Answers = Vec<(u32, Vec<u32>)>;

/// The smallest sets of answers that settle it, by size, then in the order of the variables.
pub(super) fn deciding(
    diagram: &mut Diagram,
    root: NodeRef,
    variables: &[Variable],
    words: Words,
) -> Vec<Deciding> {
    let mut asked = in_order(diagram, root, variables, words.vocabulary);
    asked.retain(|variable| variables[*variable as usize].cells != Cells::Reading);
    asked.truncate(MOST_LOOKED_AT);
    let answers_of: Vec<Vec<Vec<usize>>> = asked
        .iter()
        .map(|variable| variables[*variable as usize].answers())
        .collect();
    let mut found: Vec<(Answers, Effect)> = Vec::new();
    let mut open: Vec<(Vec<(u32, u32)>, NodeRef)> = vec![(Vec::new(), root)];
    for size in 1..=LARGEST_SET.min(asked.len()) {
        let mut still_open = Vec::new();
        for (chosen, node) in &open {
            let after = chosen.last().map_or(0, |(variable, _)| {
                let place = asked.iter().position(|each| each == variable);
                place.map_or(asked.len(), |place| place + 1)
            });
            for (variable, answers_of) in asked[after..].iter().zip(&answers_of[after..]) {
                // An answer that this rest does not turn on would be idle in the set.
                if diagram.support(*node) >> variable & 1 == 0 {
                    continue;
                }
                let mut by_outcome: Vec<(Effect, Vec<u32>)> = Vec::new();
                for (answer, cells) in (0u32..).zip(answers_of) {
                    let mut rests = cells
                        .iter()
                        .map(|cell| u32::try_from(*cell).unwrap_or(u32::MAX));
                    let Some(rest) = rests
                        .next()
                        .map(|cell| diagram.restrict(*node, *variable, cell))
                    else {
                        continue;
                    };
                    let alike = rests.all(|cell| diagram.restrict(*node, *variable, cell) == rest);
                    match diagram.leaf(rest).filter(|_| alike) {
                        Some(outcome) => {
                            match by_outcome.iter_mut().find(|(each, _)| *each == outcome) {
                                Some((_, cells)) => cells.push(answer),
                                None => by_outcome.push((outcome, vec![answer])),
                            }
                        }
                        None if alike && still_open.len() <= MOST_OPEN && size < LARGEST_SET => {
                            let mut more = chosen.clone();
                            more.push((*variable, answer));
                            still_open.push((more, rest));
                        }
                        None => {}
                    }
                }
                for (outcome, cells) in by_outcome {
                    let mut answers: Answers = chosen
                        .iter()
                        .map(|(variable, cell)| (*variable, vec![*cell]))
                        .collect();
                    answers.push((*variable, cells));
                    if !needless(&found, &answers, outcome) {
                        found.push((answers, outcome));
                    }
                }
            }
        }
        merge(&mut found, size);
        if found.len() >= MOST_SETS || still_open.len() > MOST_OPEN {
            break;
        }
        open = still_open;
    }
    found.truncate(MOST_SETS);
    found
        .into_iter()
        .map(|(answers, outcome)| Deciding {
            answers: answers
                .into_iter()
                .filter_map(|(variable, cells)| {
                    let cells: Vec<usize> = cells.into_iter().map(|cell| cell as usize).collect();
                    variables[variable as usize].answer(&cells, words)
                })
                .collect(),
            outcome,
        })
        .collect()
}

/// What it turns on, in the order in which people are asked: kinds, places and words, days, yes or no, figures.
fn in_order(
    diagram: &Diagram,
    root: NodeRef,
    variables: &[Variable],
    vocabulary: &Vocabulary,
) -> Vec<u32> {
    let mut asked: Vec<u32> = places(diagram.support(root)).collect();
    asked.sort_by_key(|variable| (variables[*variable as usize].rank(vocabulary), *variable));
    asked
}

/// Whether a part of these answers settles it alone.
fn needless(found: &[(Answers, Effect)], answers: &Answers, outcome: Effect) -> bool {
    found.iter().any(|(smaller, same)| {
        let part = |(variable, cells): &(u32, Vec<u32>)| {
            answers
                .iter()
                .any(|(each, own)| each == variable && own.iter().all(|cell| cells.contains(cell)))
        };
        *same == outcome && smaller.len() < answers.len() && smaller.iter().all(part)
    })
}

/// Joins sets that differ in the cells of one fact only and give the same outcome.
fn merge(found: &mut Vec<(Answers, Effect)>, size: usize) {
    let mut at = 0;
    while at < found.len() {
        let mut other = at + 1;
        while other < found.len() {
            let (a, b) = (&found[at], &found[other]);
            let alike = a.1 == b.1
                && a.0.len() == size
                && b.0.len() == size
                && a.0.iter().zip(&b.0).all(|(x, y)| x.0 == y.0);
            let mut differing = (0..size).filter(|place| alike && a.0[*place].1 != b.0[*place].1);
            match (alike, differing.next(), differing.next()) {
                (true, Some(place), None) => {
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
/// that only settles lesser things; then the one that, at worst, leaves the least to ask, by cost; ties by its own
/// cost, then by order.
pub(super) fn next(
    diagram: &mut Diagram,
    root: NodeRef,
    variables: &[Variable],
    vocabulary: &Vocabulary,
) -> Option<FactId> {
    let cost = |variable: u32| {
        variables[variable as usize]
            .fact()
            .map_or(0, |fact| u32::from(vocabulary.get(fact).cost))
    };
    let most = diagram.bounds(root).1;
    let mut best: Option<((bool, u32, u32, usize), FactId)> = None;
    let asked = in_order(diagram, root, variables, vocabulary);
    for (order, variable) in asked.into_iter().take(MOST_LOOKED_AT).enumerate() {
        let Some(fact) = variables[variable as usize].fact() else {
            continue;
        };
        let mut worst = 0;
        let mut lesser = true;
        for cell in (0u32..).take(variables[variable as usize].size) {
            let rest = diagram.restrict(root, variable, cell);
            let (rest_least, rest_most) = diagram.bounds(rest);
            lesser &= rest_most == most && rest_least < most;
            worst = worst.max(places(diagram.support(rest)).map(cost).sum());
        }
        let rank = (lesser, cost(variable) + worst, cost(variable), order);
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, fact));
        }
    }
    best.map(|(_, fact)| fact)
}
