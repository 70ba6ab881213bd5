//! What a formula asks: the variables it rests on.

use super::{Formula, Formulas};

impl Formulas {
    /// The literals of a few formulas, ascending; `seen` and `found` are room kept by round.
    pub fn small_support(&self, roots: &[u32], room: &mut Looked, into: &mut Vec<u32>) {
        into.clear();
        room.round += 1;
        room.seen.resize(self.all.len(), 0);
        room.found.resize(self.literals.len(), 0);
        room.left.extend(roots);
        while let Some(formula) = room.left.pop() {
            if std::mem::replace(&mut room.seen[formula as usize], room.round) == room.round {
                continue;
            }
            match self.all[formula as usize] {
                Formula::Literal { literal, .. } => {
                    let found = &mut room.found[literal as usize];
                    if std::mem::replace(found, room.round) != room.round {
                        into.push(literal);
                    }
                }
                Formula::And { first, count } | Formula::Or { first, count } => {
                    room.left.extend(self.parts(first, count))
                }
                Formula::No | Formula::Yes => {}
            }
        }
        into.sort_unstable();
    }

    /// The literals of these formulas, ascending.
    pub fn support(&self, roots: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.all.len()];
        let mut found = vec![false; self.literals.len()];
        let mut left: Vec<u32> = roots.to_vec();
        while let Some(formula) = left.pop() {
            if std::mem::replace(&mut seen[formula as usize], true) {
                continue;
            }
            match self.all[formula as usize] {
                Formula::Literal { literal, .. } => found[literal as usize] = true,
                Formula::And { first, count } | Formula::Or { first, count } => {
                    left.extend(self.parts(first, count))
                }
                Formula::No | Formula::Yes => {}
            }
        }
        (0u32..)
            .zip(found)
            .filter(|(_, found)| *found)
            .map(|(literal, _)| literal)
            .collect()
    }

    /// Says which variable each literal belongs to; formulas made from here on know whom they ask.
    pub fn assign(&mut self, variable_of: Vec<u64>) {
        self.variable_of = variable_of;
        self.settled = vec![2; self.literals.len()];
        for place in 0..self.all.len() {
            self.asks[place] = match self.all[place] {
                Formula::No | Formula::Yes => 0,
                Formula::Literal { literal, .. } => {
                    self.variable_of.get(literal as usize).copied().unwrap_or(0)
                }
                Formula::And { first, count } | Formula::Or { first, count } => self
                    .parts(first, count)
                    .iter()
                    .fold(0, |asks, part| asks | self.asks[*part as usize]),
            };
        }
    }
}

/// Room for looking through formulas again and again.
#[derive(Debug, Default)]
pub(in crate::missing) struct Looked {
    seen: Vec<u32>,
    found: Vec<u32>,
    left: Vec<u32>,
    round: u32,
}
