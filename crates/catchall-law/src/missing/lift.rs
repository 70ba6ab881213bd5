//! Lift: takes out of formulas what asks nothing but the item.
//!
//! Each largest part that does becomes one literal. What remains is the law without its lists of figures: some tens of
//! facts where there were hundreds. What the literals stand for is worked out in `items.rs`.

use super::formula::{Formula, Formulas, Literal, NO, YES};
use crate::program::{AtomTest, Program};
use crate::vocabulary::FactId;

/// What is known while parts are taken out of formulas.
struct Lifting<'a> {
    formulas: &'a mut Formulas,
    /// For each literal whether it asks the item, and whether the item's kind.
    owned: Vec<bool>,
    kind: Vec<bool>,
    /// For each formula whether it asks nothing but the item.
    whole: Vec<Option<bool>>,
    /// What a formula became.
    lifted: Vec<Option<u32>>,
    /// The literals made, and for a formula of the item its own.
    literals: Vec<u32>,
    known: Vec<Option<u32>>,
}

impl Formulas {
    /// The fact that a literal asks; `None` where it is none, or one day against another.
    fn fact_of(&self, program: &Program, literal: u32) -> Option<FactId> {
        match &self.literals[literal as usize] {
            Literal::Reading | Literal::Item(_) => None,
            Literal::Members(fact, _) | Literal::Days(fact, ..) => Some(*fact),
            Literal::Atom(atom) => match &program.atoms[*atom as usize].test {
                AtomTest::Relative(..) => None,
                test => test.fact(),
            },
        }
    }

    /// Puts a literal in the place of each largest part of these formulas that asks nothing but the item; gives the
    /// literals, ascending. `own` says which facts are the item's.
    pub fn lift(
        &mut self,
        roots: &mut [u32],
        program: &Program,
        own: impl Fn(FactId) -> bool,
    ) -> Vec<u32> {
        let all = 0..u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        let facts: Vec<Option<FactId>> = all.map(|each| self.fact_of(program, each)).collect();
        let mut lifting = Lifting {
            owned: facts.iter().map(|fact| fact.is_some_and(&own)).collect(),
            kind: facts
                .iter()
                .map(|fact| fact.is_some() && *fact == program.kind_fact)
                .collect(),
            formulas: self,
            whole: Vec::new(),
            lifted: Vec::new(),
            literals: Vec::new(),
            known: Vec::new(),
        };
        for root in roots.iter_mut() {
            *root = lifting.one(*root);
        }
        lifting.literals
    }
}

/// What is kept for a place, if anything.
fn kept<T: Copy>(of: &[Option<T>], place: u32) -> Option<T> {
    of.get(place as usize).copied().flatten()
}

fn keep<T: Copy>(of: &mut Vec<Option<T>>, place: u32, what: T) {
    if of.len() <= place as usize {
        of.resize(place as usize + 1, None);
    }
    of[place as usize] = Some(what);
}

impl Lifting<'_> {
    /// Whether a formula asks nothing but the item.
    fn owns(&mut self, formula: u32) -> bool {
        if let Some(known) = kept(&self.whole, formula) {
            return known;
        }
        let found = match self.formulas.all[formula as usize] {
            Formula::No | Formula::Yes => false,
            Formula::Literal { literal, .. } => self.owned.get(literal as usize) == Some(&true),
            Formula::And { first, count } | Formula::Or { first, count } => (first..first + count)
                .all(|place| {
                    let part = self.formulas.kids[place as usize];
                    self.owns(part)
                }),
        };
        keep(&mut self.whole, formula, found);
        found
    }

    fn one(&mut self, formula: u32) -> u32 {
        if let Some(known) = kept(&self.lifted, formula) {
            return known;
        }
        let made = if self.owns(formula) {
            self.literal(formula)
        } else {
            match self.formulas.all[formula as usize] {
                Formula::No | Formula::Yes | Formula::Literal { .. } => formula,
                Formula::And { first, count } => self.parts(first, count, true),
                Formula::Or { first, count } => self.parts(first, count, false),
            }
        };
        keep(&mut self.lifted, formula, made);
        made
    }

    /// Parts of one formula: those that ask the item alone together, the others one by one.
    fn parts(&mut self, first: u32, count: u32, all: bool) -> u32 {
        let parts = self.formulas.parts(first, count).to_vec();
        let (own, others): (Vec<u32>, Vec<u32>) =
            parts.into_iter().partition(|part| self.owns(*part));
        let mut made: Vec<u32> = others.into_iter().map(|part| self.one(part)).collect();
        if !own.is_empty() {
            let of_item = self.join(&own, all);
            made.push(match of_item {
                NO | YES => of_item,
                _ => self.literal(of_item),
            });
        }
        self.join(&made, all)
    }

    fn join(&mut self, parts: &[u32], all: bool) -> u32 {
        if all {
            self.formulas.and_all(parts)
        } else {
            self.formulas.or(parts)
        }
    }

    /// The literal of a formula of the item. One and its opposite share it: the one that is a choice of several, or that
    /// a kind is a condition of.
    fn literal(&mut self, formula: u32) -> u32 {
        let opposite = self.formulas.negate(formula);
        let (of, turned) = if self.plain(formula) {
            (formula, 0)
        } else {
            (opposite, 1)
        };
        if let Some(known) = kept(&self.known, of) {
            return known + turned;
        }
        let made = self.formulas.fresh(Literal::Item(of));
        let literal = self.formulas.literals.len() - 1;
        self.literals
            .push(u32::try_from(literal).unwrap_or(u32::MAX));
        keep(&mut self.known, of, made);
        made + turned
    }

    fn plain(&self, formula: u32) -> bool {
        let asks_kind = |part: &u32, turned: bool| match self.formulas.all[*part as usize] {
            Formula::Literal { literal, negated } => {
                negated == turned && self.kind.get(literal as usize) == Some(&true)
            }
            _ => false,
        };
        match self.formulas.all[formula as usize] {
            Formula::No | Formula::Yes => true,
            Formula::Literal { negated, .. } => !negated,
            Formula::And { first, count } => {
                let mut parts = self.formulas.parts(first, count).iter();
                parts.any(|part| asks_kind(part, false))
            }
            Formula::Or { first, count } => {
                let mut parts = self.formulas.parts(first, count).iter();
                !parts.any(|part| asks_kind(part, true))
            }
        }
    }
}
