//! What nearly applied: rules that one test, or their dates, keep from the transfer, and by how much.

use crate::program::{AtomTest, Node, NodeId, Program, Scratch, Tri};
use crate::state::{Facts, Value};

impl Program {
    /// The conjuncts of a condition.
    fn conjuncts(&self, node: NodeId, into: &mut Vec<NodeId>) {
        match self.nodes[node.0 as usize] {
            Node::All { first, count } => {
                for kid in self.kids(first, count) {
                    self.conjuncts(*kid, into);
                }
            }
            _ => into.push(node),
        }
    }

    /// How nearly a rule applies, when it fails by dates alone (in days) or by one test alone; `None` when it
    /// is farther off.
    pub(super) fn nearly(&self, rule: usize, facts: &Facts, scratch: &mut Scratch) -> Option<u64> {
        let mut parts = Vec::new();
        self.conjuncts(self.rules[rule].when, &mut parts);
        let dated_out = self.node(self.rules[rule].in_force, facts, scratch) == Tri::No;
        let (mut failing, mut by_date, mut holding, mut open) = (None, dated_out, 0, 0);
        for part in parts {
            match self.node(part, facts, scratch) {
                Tri::Yes => holding += 1,
                Tri::Open => open += 1,
                Tri::No => {
                    // Not on the list on this day, but on another: that is a matter of dates.
                    let other_day = match self.nodes[part.0 as usize] {
                        Node::Atom {
                            atom,
                            negated: false,
                        } => self.holds_some_day(&self.atoms[atom as usize].test, facts),
                        _ => false,
                    };
                    if other_day {
                        by_date = true;
                        holding += 1;
                    } else if failing.replace(part).is_some() {
                        return None;
                    }
                }
            }
        }
        match (failing, by_date) {
            _ if holding == 0 => None,
            (None, true) => Some(
                self.days_out(self.rules[rule].in_force, facts)
                    .min(ONE_TEST - 1)
                    + open * 400,
            ),
            (Some(part), false) => Some(self.far(part) * ONE_TEST + open),
            _ => None,
        }
    }

    /// How far off a test is that fails: a figure that was missed tells more than a list, a list more than a plain no, and that more than another
    /// word. Of several the nearest counts.
    fn far(&self, node: NodeId) -> u64 {
        match self.nodes[node.0 as usize] {
            Node::List { .. } => 2,
            Node::All { first, count } | Node::Any { first, count } => {
                let kids = self.kids(first, count).iter();
                kids.map(|kid| self.far(*kid)).min().unwrap_or(4)
            }
            Node::Atom { atom, .. } => match self.atoms[atom as usize].test {
                AtomTest::Between(..) => 1,
                AtomTest::Yes(_) => 3,
                _ => 4,
            },
            _ => 4,
        }
    }

    /// How many days the nearest edge of a period is away.
    fn days_out(&self, in_force: NodeId, facts: &Facts) -> u64 {
        let mut nearest = u64::from(u32::MAX);
        let mut left = vec![in_force];
        while let Some(node) = left.pop() {
            match self.nodes[node.0 as usize] {
                Node::All { first, count } | Node::Any { first, count } => {
                    left.extend(self.kids(first, count))
                }
                Node::Atom { atom, .. } => {
                    if let AtomTest::Between(fact, low, high) = &self.atoms[atom as usize].test
                        && let Some(Value::Between(day, _)) = facts.get(*fact)
                    {
                        for edge in [low, high] {
                            let gap =
                                u64::try_from(edge.grid().abs_diff(day.grid())).unwrap_or(u64::MAX);
                            nearest = nearest.min(gap);
                        }
                    }
                }
                _ => {}
            }
        }
        nearest
    }

    fn holds_some_day(&self, test: &AtomTest, facts: &Facts) -> bool {
        match test {
            AtomTest::InSet(fact, set, _) => {
                matches!(facts.get(*fact), Some(Value::One(one)) if self.sets[*set].ever.has(*one))
            }
            AtomTest::IncludesIn(fact, set, _) | AtomTest::PartyIn(fact, set, _) => {
                matches!(facts.get(*fact), Some(Value::Set { sure, .. }) if sure.iter().any(|one| self.sets[*set].ever.has(*one)))
            }
            _ => false,
        }
    }
}

/// Rank of what fails by one test, behind everything that fails by its dates.
const ONE_TEST: u64 = 1_000_000;
