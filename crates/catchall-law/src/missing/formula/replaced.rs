//! A formula with some of its variables known, or others put in their place.

use super::{Formula, Formulas, Literal, NO, YES};

impl Formulas {
    /// Begins another restriction: `settled` and `settles` say what is put in.
    pub fn begin_restriction(&mut self) {
        self.restriction = self.restriction.wrapping_add(1);
        if self.restriction == 0 {
            self.restricted.fill((0, 0));
            self.restriction = 1;
        }
    }

    /// A formula with what is settled put in.
    pub fn restrict(&mut self, formula: u32) -> u32 {
        if self.asks[formula as usize] & self.settles == 0 {
            return formula;
        }
        let place = formula as usize;
        if let Some((restriction, known)) = self.restricted.get(place)
            && *restriction == self.restriction
        {
            return *known;
        }
        self.work += 1;
        let made = match self.all[place] {
            Formula::No | Formula::Yes => formula,
            Formula::Literal { literal, negated } => match self.settled[literal as usize] {
                2 => formula,
                value => u32::from((value == 1) != negated),
            },
            Formula::And { first, count } => self.restrict_parts(first, count, true),
            Formula::Or { first, count } => self.restrict_parts(first, count, false),
        };
        if self.restricted.len() <= place {
            self.restricted.resize(self.all.len(), (0, 0));
        }
        self.restricted[place] = (self.restriction, made);
        made
    }

    fn restrict_parts(&mut self, first: u32, count: u32, all: bool) -> u32 {
        let zero = if all { NO } else { YES };
        let start = self.stack.len();
        for place in first..first + count {
            let part = self.restrict(self.kids[place as usize]);
            if part == zero {
                self.stack.truncate(start);
                return zero;
            }
            self.stack.push(part);
        }
        self.join(start, all)
    }

    /// Puts formulas in the place of literals: for a literal that several variables answer together.
    pub fn substitute(&mut self, formula: u32, by: &[Option<u32>], known: &mut Vec<u32>) -> u32 {
        if known.len() < self.all.len() {
            known.resize(self.all.len(), u32::MAX);
        }
        if known[formula as usize] != u32::MAX {
            return known[formula as usize];
        }
        let made = match self.all[formula as usize] {
            Formula::No | Formula::Yes => formula,
            Formula::Literal { literal, negated } => {
                match by.get(literal as usize).copied().flatten() {
                    Some(other) if negated => self.negate(other),
                    Some(other) => other,
                    None => formula,
                }
            }
            Formula::And { first, count } | Formula::Or { first, count } => {
                let all = matches!(self.all[formula as usize], Formula::And { .. });
                let start = self.stack.len();
                for place in first..first + count {
                    let part = self.substitute(self.kids[place as usize], by, known);
                    self.stack.push(part);
                }
                self.join(start, all)
            }
        };
        known[formula as usize] = made;
        made
    }

    /// A new literal that no test stands for: whether one class of values is in, or what the item is.
    pub fn fresh(&mut self, literal: Literal) -> u32 {
        self.literal(literal)
    }
}
