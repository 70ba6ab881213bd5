//! Words, kinds and countries, cut into what the open tests tell apart: one that is held, and several that are.

use super::super::formula::{Formulas, Literal};
use super::{Cells, Cutter, Variable};
use crate::program::AtomTest;
use crate::state::Value;
use crate::vocabulary::{Bits, FactId};

impl Cutter<'_> {
    fn members<'b>(self, formulas: &'b Formulas, literal: u32) -> &'b Bits
    where
        Self: 'b,
    {
        const NONE: &Bits = &Bits::EMPTY;
        match &formulas.literals[literal as usize] {
            Literal::Members(_, members) => members,
            Literal::Atom(atom) => match &self.program.atoms[*atom as usize].test {
                AtomTest::OneOf(_, members) | AtomTest::Includes(_, members) => members,
                _ => NONE,
            },
            Literal::Days(..) | Literal::Reading | Literal::Item(_) => NONE,
        }
    }

    /// One word, kind or country: places that no literal tells apart share a cell.
    pub(super) fn words(self, fact: FactId, literals: Vec<u32>, formulas: &Formulas) -> Variable {
        let size = self.vocabulary.size(self.vocabulary.get(fact).domain);
        let mut allowed: Vec<Option<u32>> = match self.facts.get(fact) {
            Some(Value::One(one)) => Bits::of([*one]).spread(size),
            Some(Value::OneOf(several)) => Bits::of(several.iter().copied()).spread(size),
            _ => vec![Some(0); size as usize],
        };
        let count = split(
            &mut allowed,
            literals
                .iter()
                .map(|literal| self.members(formulas, *literal)),
        );
        let mut variable = Variable::new(vec![fact], literals, Cells::Words(Vec::new()), count);
        for place in 0..variable.literals.len() {
            for member in self.members(formulas, variable.literals[place]).iter() {
                if let Some(Some(cell)) = allowed.get(member as usize) {
                    variable.mark(place, *cell as usize);
                }
            }
        }
        variable.cells = Cells::Words(allowed);
        variable
    }

    /// Several words or countries: any union of what single values bring.
    pub(super) fn sets(
        self,
        fact: FactId,
        literals: Vec<u32>,
        formulas: &mut Formulas,
        found: &mut Vec<Variable>,
        substitutes: &mut Vec<Option<u32>>,
    ) {
        // What is surely in answers no open test, so only what may come in is looked at.
        let mut all = Bits::default();
        literals
            .iter()
            .for_each(|literal| all.join(self.members(formulas, *literal)));
        let size = all.iter().last().map_or(0, |last| last + 1);
        let mut cell_of = all.spread(size);
        let count = split(
            &mut cell_of,
            literals
                .iter()
                .map(|literal| self.members(formulas, *literal)),
        );
        let mut classes: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (place, cell) in (0u32..).zip(&cell_of) {
            if let Some(cell) = cell {
                classes[*cell as usize].push(place);
            }
        }
        let words = literals.len().div_ceil(64);
        // For each class the literals that it brings in.
        let brings: Vec<Vec<u64>> = classes
            .iter()
            .map(|class| {
                let mut own = vec![0u64; words];
                for (place, literal) in literals.iter().enumerate() {
                    if class
                        .first()
                        .is_some_and(|one| self.members(formulas, *literal).has(*one))
                    {
                        own[place / 64] |= 1 << (place % 64);
                    }
                }
                own
            })
            .collect();
        let mut unions: Vec<(Vec<u64>, Vec<u32>)> = vec![(vec![0; words], Vec::new())];
        for (class, own) in (0u32..).zip(&brings) {
            for place in 0..unions.len() {
                let joined: Vec<u64> = unions[place]
                    .0
                    .iter()
                    .zip(own)
                    .map(|(a, b)| a | b)
                    .collect();
                if unions.iter().all(|(known, _)| *known != joined) {
                    let mut with = unions[place].1.clone();
                    with.push(class);
                    unions.push((joined, with));
                }
            }
            if unions.len() > MOST_UNIONS {
                return self.classes(
                    fact,
                    &literals,
                    classes,
                    &brings,
                    formulas,
                    found,
                    substitutes,
                );
            }
        }
        let (answers, inside): (Vec<_>, Vec<_>) = unions.into_iter().unzip();
        let mut variable = Variable::new(
            vec![fact],
            literals,
            Cells::Sets(classes, inside),
            answers.len(),
        );
        for (cell, own) in answers.iter().enumerate() {
            for literal in 0..variable.literals.len() {
                if own[literal / 64] >> (literal % 64) & 1 == 1 {
                    variable.mark(literal, cell);
                }
            }
        }
        found.push(variable);
    }

    /// Too many unions: whether each class is in is an unknown of its own, and a literal asks for any of several.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one cut, worked out just above"
    )]
    fn classes(
        self,
        fact: FactId,
        literals: &[u32],
        classes: Vec<Vec<u32>>,
        brings: &[Vec<u64>],
        formulas: &mut Formulas,
        found: &mut Vec<Variable>,
        substitutes: &mut Vec<Option<u32>>,
    ) {
        let mut own: Vec<u32> = Vec::with_capacity(classes.len());
        for class in classes {
            let made = formulas.fresh(Literal::Members(fact, Bits::of(class.iter().copied())));
            let literal = u32::try_from(formulas.literals.len() - 1).unwrap_or(u32::MAX);
            let mut variable = Variable::new(vec![fact], vec![literal], Cells::Class(class), 2);
            variable.mark(0, 1);
            found.push(variable);
            own.push(made);
        }
        for (place, literal) in literals.iter().enumerate() {
            let parts: Vec<u32> = own
                .iter()
                .zip(brings)
                .filter(|(_, brings)| brings[place / 64] >> (place % 64) & 1 == 1)
                .map(|(made, _)| *made)
                .collect();
            let any = formulas.or(&parts);
            if substitutes.len() <= *literal as usize {
                substitutes.resize(*literal as usize + 1, None);
            }
            substitutes[*literal as usize] = Some(any);
        }
    }
}

/// Splits cells until no set of members cuts one; `cell_of` says who is allowed. How many cells there are,
/// numbered in the order of their first members.
pub(super) fn split<'a>(
    cell_of: &mut [Option<u32>],
    sets: impl Iterator<Item = &'a Bits>,
) -> usize {
    let mut sizes: Vec<u32> =
        vec![u32::try_from(cell_of.iter().flatten().count()).unwrap_or(u32::MAX)];
    let (mut hits, mut moved): (Vec<u32>, Vec<Option<u32>>) = (Vec::new(), Vec::new());
    let mut touched: Vec<u32> = Vec::new();
    for members in sets {
        hits.resize(sizes.len(), 0);
        moved.resize(sizes.len(), None);
        for member in members.iter() {
            if let Some(Some(cell)) = cell_of.get(member as usize) {
                if hits[*cell as usize] == 0 {
                    touched.push(*cell);
                }
                hits[*cell as usize] += 1;
            }
        }
        let mut cuts = false;
        for cell in &touched {
            let cell = *cell as usize;
            if hits[cell] < sizes[cell] {
                moved[cell] = u32::try_from(sizes.len()).ok();
                sizes[cell] -= hits[cell];
                sizes.push(hits[cell]);
                cuts = true;
            }
        }
        if cuts {
            for member in members.iter() {
                if let Some(Some(cell)) = cell_of.get_mut(member as usize)
                    && let Some(Some(to)) = moved.get(*cell as usize)
                {
                    *cell = *to;
                }
            }
        }
        for cell in touched.drain(..) {
            hits[cell as usize] = 0;
            moved[cell as usize] = None;
        }
    }
    let mut order: Vec<Option<u32>> = vec![None; sizes.len()];
    let mut next = 0;
    for cell in cell_of.iter_mut().flatten() {
        let number = order[*cell as usize].unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        order[*cell as usize] = Some(number);
        *cell = number;
    }
    next as usize
}

/// Most cells of a fact that holds several values; beyond, each class of values is an unknown of its own.
const MOST_UNIONS: usize = 256;
