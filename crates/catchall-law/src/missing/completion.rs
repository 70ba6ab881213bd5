//! Completion: one way in which everything that is open may come out, and what the outcome turns on in it.
//!
//! A search proves of one variable that the outcome turns on it. The completion it ends in proves the same of many more
//! at little cost: whatever changes the outcome there when it alone is put otherwise. What is found so is certain; what
//! is not found may still matter, and is left to the search.

use super::cells::Variable;
use super::formula::{Formula, Formulas, YES};

/// How many other cells of a variable are tried in one completion.
const MOST_TRIED: usize = 8;

/// Who stands above whom among the formulas of a question, and which formula a literal has.
pub(super) struct Links<'a> {
    pub formulas: &'a Formulas,
    pub variables: &'a [Variable],
    pub roots: &'a [u32],
    /// The formulas that the roots reach, what a formula is made of before it.
    pub used: &'a [u32],
    pub parents: &'a [u32],
    pub parents_at: &'a [u32],
    /// For each literal its plain formula and the opposite one, where used.
    pub formula_of: &'a [[u32; 2]],
    /// For each literal its variable.
    pub variable_of: &'a [(u32, u32)],
}

impl Links<'_> {
    fn above(&self, formula: u32) -> &[u32] {
        let (from, to) = (
            self.parents_at[formula as usize],
            self.parents_at[formula as usize + 1],
        );
        &self.parents[from as usize..to as usize]
    }
}

/// Every variable in one of its cells, and what the formulas make of it.
#[derive(Default)]
pub(super) struct Completion {
    cells: Vec<usize>,
    truth: Vec<bool>,
    /// What those above a formula were last told of it.
    told: Vec<bool>,
    /// Of an "and" how many parts fail, of an "or" how many hold.
    against: Vec<u32>,
    changed: Vec<u32>,
    left: Vec<u32>,
    seen: Vec<bool>,
}

impl Completion {
    /// Puts every variable into a cell.
    pub fn fill(&mut self, links: &Links, cell_of: impl Fn(usize) -> usize) {
        let count = links.formulas.all.len();
        self.truth.clear();
        self.truth.resize(count, false);
        self.truth[YES as usize] = true;
        self.against.clear();
        self.against.resize(count, 0);
        self.cells.clear();
        self.cells.extend((0..links.variables.len()).map(cell_of));
        for (variable, cell) in links.variables.iter().zip(&self.cells) {
            for (place, literal) in variable.literals.iter().enumerate() {
                let holds = variable.holds(place, *cell);
                for (formula, value) in links.formula_of[*literal as usize]
                    .iter()
                    .zip([holds, !holds])
                {
                    if let Some(truth) = self.truth.get_mut(*formula as usize) {
                        *truth = value;
                    }
                }
            }
        }
        for formula in links.used {
            let (first, count, all) = match links.formulas.all[*formula as usize] {
                Formula::And { first, count } => (first, count, true),
                Formula::Or { first, count } => (first, count, false),
                _ => continue,
            };
            let parts = links.formulas.parts(first, count);
            let against = parts
                .iter()
                .filter(|part| self.truth[**part as usize] != all)
                .count();
            self.against[*formula as usize] = u32::try_from(against).unwrap_or(u32::MAX);
            self.truth[*formula as usize] = (against == 0) == all;
        }
        self.told.clone_from(&self.truth);
    }

    /// The place of the strongest root that holds; beyond the last where none does.
    pub fn strongest(&self, roots: &[u32]) -> usize {
        roots
            .iter()
            .position(|root| self.truth[*root as usize])
            .unwrap_or(roots.len())
    }

    /// Marks every variable that changes the outcome when it alone lies in another cell.
    pub fn mark(&mut self, links: &Links, turning: &mut [bool]) {
        let strongest = self.strongest(links.roots);
        for literal in self.critical(links, strongest) {
            let (variable, place) = links.variable_of[literal as usize];
            if !turning[variable as usize] {
                turning[variable as usize] =
                    self.turns(links, strongest, variable as usize, place as usize);
            }
        }
    }

    /// The literals one of which, put otherwise, may change the outcome.
    fn critical(&mut self, links: &Links, strongest: usize) -> Vec<u32> {
        self.seen.clear();
        self.seen.resize(self.truth.len(), false);
        self.left.clear();
        self.left
            .extend(links.roots.iter().take(strongest + 1).copied());
        let mut literals = Vec::new();
        while let Some(formula) = self.left.pop() {
            if std::mem::replace(&mut self.seen[formula as usize], true) {
                continue;
            }
            let (first, count, all) = match links.formulas.all[formula as usize] {
                Formula::And { first, count } => (first, count, true),
                Formula::Or { first, count } => (first, count, false),
                Formula::Literal { literal, .. } => {
                    literals.push(literal);
                    continue;
                }
                Formula::No | Formula::Yes => continue,
            };
            let parts = links.formulas.parts(first, count);
            match self.against[formula as usize] {
                0 => self.left.extend(parts),
                1 => self
                    .left
                    .extend(parts.iter().find(|part| self.truth[**part as usize] != all)),
                _ => {}
            }
        }
        literals
    }

    /// Whether the outcome is another in some cell in which this literal of the variable is put otherwise.
    fn turns(&mut self, links: &Links, strongest: usize, variable: usize, place: usize) -> bool {
        let (own, here) = (&links.variables[variable], self.cells[variable]);
        let holds = own.holds(place, here);
        let mut others = (0..own.size).filter(|cell| own.holds(place, *cell) != holds);
        let mut turns = false;
        for _ in 0..MOST_TRIED {
            let Some(cell) = others.next() else { break };
            self.move_to(links, variable, cell);
            turns = self.strongest(links.roots) != strongest;
            self.move_to(links, variable, here);
            if turns {
                break;
            }
        }
        turns
    }

    /// Puts one variable into another cell, and carries upward what that changes.
    pub fn move_to(&mut self, links: &Links, variable: usize, cell: usize) {
        let (own, before) = (&links.variables[variable], self.cells[variable]);
        for (place, literal) in own.literals.iter().enumerate() {
            if own.holds(place, before) != own.holds(place, cell) {
                for formula in links.formula_of[*literal as usize] {
                    if let Some(truth) = self.truth.get_mut(formula as usize) {
                        *truth = !*truth;
                        self.changed.push(formula);
                    }
                }
            }
        }
        self.cells[variable] = cell;
        while let Some(formula) = self.changed.pop() {
            let truth = self.truth[formula as usize];
            if std::mem::replace(&mut self.told[formula as usize], truth) == truth {
                continue;
            }
            for parent in links.above(formula) {
                let all = matches!(links.formulas.all[*parent as usize], Formula::And { .. });
                let against = &mut self.against[*parent as usize];
                *against = if truth == all {
                    *against - 1
                } else {
                    *against + 1
                };
                let now = (*against == 0) == all;
                if now != self.truth[*parent as usize] {
                    self.truth[*parent as usize] = now;
                    self.changed.push(*parent);
                }
            }
        }
    }
}
