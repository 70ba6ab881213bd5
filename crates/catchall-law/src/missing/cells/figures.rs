//! Figures, days and curves, cut where an open test has a limit.

use catchall_model::Number;

use super::super::curve::Stated;
use super::super::formula::{Formulas, Literal};
use super::{Cells, Cutter, Variable};
use crate::program::AtomTest;
use crate::state::Value;
use crate::vocabulary::FactId;

impl Cutter<'_> {
    /// Two days in one test: the test itself is the unknown, and the answer is "at least these".
    pub(super) fn relative(self, fact: FactId, other: FactId, literal: u32) -> Variable {
        let open = [fact, other]
            .into_iter()
            .filter(|fact| crate::program::day(self.facts, *fact).is_none())
            .collect();
        let mut variable = Variable::new(open, vec![literal], Cells::Test, 2);
        variable.mark(0, 1);
        variable.exact = false;
        variable
    }

    /// A figure or a day: cut at every edge of a literal.
    pub(super) fn spans(self, fact: FactId, literals: Vec<u32>, formulas: &Formulas) -> Variable {
        let allowed: Vec<(Number, Number)> = match self.facts.get(fact) {
            Some(Value::Between(low, high)) => vec![(*low, *high)],
            Some(Value::Spans(spans)) => spans.clone(),
            _ => vec![(Number::MIN, Number::MAX)],
        };
        let asked: Vec<(Number, Number)> = literals
            .iter()
            .map(|literal| match &formulas.literals[*literal as usize] {
                Literal::Days(_, low, high) => (*low, *high),
                Literal::Atom(atom) => match &self.program.atoms[*atom as usize].test {
                    AtomTest::Between(_, low, high) => (*low, *high),
                    _ => (Number::MIN, Number::MAX),
                },
                Literal::Members(..) | Literal::Reading | Literal::Item(_) => {
                    (Number::MIN, Number::MAX)
                }
            })
            .collect();
        let mut edges: Vec<Number> = asked
            .iter()
            .flat_map(|(low, high)| [*low, high.up()])
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut spans = Vec::new();
        for (low, high) in allowed {
            let mut from = low;
            for edge in edges.iter().filter(|edge| **edge > low && **edge <= high) {
                spans.push((from, edge.down()));
                from = *edge;
            }
            spans.push((from, high));
        }
        let mut variable = Variable::new(vec![fact], literals, Cells::Test, spans.len());
        for (place, (low, high)) in asked.iter().enumerate() {
            for (cell, (from, to)) in spans.iter().enumerate() {
                if low <= from && to <= high {
                    variable.mark(place, cell);
                }
            }
        }
        variable.cells = Cells::Spans(spans);
        variable
    }

    /// A curve: whoever carries more farther carries less nearer.
    pub(super) fn reaches(
        self,
        fact: FactId,
        literals: Vec<u32>,
        formulas: &Formulas,
        found: &mut Vec<Variable>,
    ) {
        let atoms: Vec<u32> = literals
            .iter()
            .filter_map(|literal| match &formulas.literals[*literal as usize] {
                Literal::Atom(atom) => Some(*atom),
                _ => None,
            })
            .collect();
        let asked: Vec<(Number, Number)> = atoms
            .iter()
            .filter_map(|atom| match &self.program.atoms[*atom as usize].test {
                AtomTest::Delivers(_, payload, range) => Some((*payload, *range)),
                _ => None,
            })
            .collect();
        let mut stated = Stated::of(match self.facts.get(fact) {
            Some(Value::Curve(curve)) => &curve.points,
            _ => &[],
        });
        // Points that no curve goes through say nothing.
        let coherent = stated.fits(&[], &[]);
        if !coherent {
            stated = Stated::of(&[]);
        }
        let mut all: Vec<Vec<bool>> = vec![Vec::new()];
        for place in 0..asked.len() {
            let mut longer = Vec::with_capacity(all.len() * 2);
            for answers in all {
                for yes in [false, true] {
                    let mut next = answers.clone();
                    next.push(yes);
                    if stated.fits(&asked[..=place], &next) {
                        longer.push(next);
                    }
                }
            }
            all = longer;
            if all.len() > MOST_REACHES {
                return found.extend(literals.iter().map(|literal| {
                    let mut variable = Variable::new(vec![fact], vec![*literal], Cells::Test, 2);
                    variable.mark(0, 1);
                    variable.exact = false;
                    variable
                }));
            }
        }
        let mut variable = Variable::new(vec![fact], literals, Cells::Reaches(atoms), all.len());
        variable.exact = coherent && stated.exact();
        for (cell, answers) in all.iter().enumerate() {
            for (place, yes) in answers.iter().enumerate() {
                if *yes {
                    variable.mark(place, cell);
                }
            }
        }
        found.push(variable);
    }
}

/// Most cells of a curve; beyond, each test of it is an unknown of its own, and the answer is "at least these".
const MOST_REACHES: usize = 512;
