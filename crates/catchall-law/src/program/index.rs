//! The index: which rules can apply at all, given the kind of item, the places, the uses, the parties.
//!
//! Each rule hangs on the most selective test that it cannot do without. A fact that is known leaves the
//! rules of its value; a fact that is not known leaves them all.

use super::nodes::{Node, NodeId};
use super::{Program, Scratch, Tri};
use crate::program::atom::AtomTest;
use crate::state::{Facts, Value};
use crate::vocabulary::{Bits, FactId};

/// Rules by the value of the fact they hang on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    pub(super) tables: Vec<Table>,
    /// Rules that hang on nothing.
    pub(super) free: Vec<u32>,
}

/// Rules that hang on one fact.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub fact: FactId,
    pub by_value: Vec<Vec<u32>>,
    pub all: Vec<u32>,
}

impl Index {
    /// Hangs every rule on its most selective test. `size` gives the number of values of a fact.
    pub fn build(program: &Program, size: impl Fn(FactId) -> u32) -> Index {
        let mut index = Index::default();
        for (place, rule) in (0u32..).zip(&program.rules) {
            let mut best: Option<(f64, FactId, Bits)> = None;
            guards(program, rule.full, &mut |fact, values| {
                let whole = f64::from(size(fact).max(1));
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a share of a few hundred values"
                )]
                let share = values.len() as f64 / whole;
                if share < 0.5 && best.as_ref().is_none_or(|(least, ..)| share < *least) {
                    best = Some((share, fact, values));
                }
            });
            match best {
                None => index.free.push(place),
                Some((_, fact, values)) => {
                    let at = index
                        .tables
                        .iter()
                        .position(|table| table.fact == fact)
                        .unwrap_or_else(|| {
                            index.tables.push(Table {
                                fact,
                                by_value: Vec::new(),
                                all: Vec::new(),
                            });
                            index.tables.len() - 1
                        });
                    let table = &mut index.tables[at];
                    table.all.push(place);
                    for value in values.iter() {
                        if table.by_value.len() <= value as usize {
                            table.by_value.resize(value as usize + 1, Vec::new());
                        }
                        table.by_value[value as usize].push(place);
                    }
                }
            }
        }
        index
    }

    /// The rules that these facts leave possible, each once; rules of jurisdictions without a nexus left out.
    pub fn candidates(
        &self,
        program: &Program,
        facts: &Facts,
        scratch: &mut Scratch,
        into: &mut Vec<u32>,
    ) {
        into.clear();
        scratch.takes = scratch.takes.wrapping_add(1);
        if scratch.takes == 0 {
            scratch.taken.fill(0);
            scratch.takes = 1;
        }
        let stamp = scratch.takes;
        let mut take = |rules: &[u32], into: &mut Vec<u32>| {
            for rule in rules {
                let place = *rule as usize;
                if scratch.taken[place] != stamp
                    && scratch.nexus[program.rules[place].jurisdiction] != Tri::No
                {
                    scratch.taken[place] = stamp;
                    into.push(*rule);
                }
            }
        };
        take(&self.free, into);
        for table in &self.tables {
            let of = |value: u32| {
                table
                    .by_value
                    .get(value as usize)
                    .map_or(&[] as &[u32], Vec::as_slice)
            };
            match facts.get(table.fact) {
                Some(Value::One(value)) => take(of(*value), into),
                Some(Value::OneOf(values)) => {
                    values.iter().for_each(|value| take(of(*value), into))
                }
                Some(Value::Set { sure, more: false }) => {
                    sure.iter().for_each(|value| take(of(*value), into))
                }
                _ => take(&table.all, into),
            }
        }
    }
}

/// The tests of words that a condition cannot do without.
pub(crate) fn guards(program: &Program, node: NodeId, found: &mut dyn FnMut(FactId, Bits)) {
    match program.nodes[node.0 as usize] {
        Node::All { first, count } => {
            for kid in program.kids(first, count) {
                guards(program, *kid, found);
            }
        }
        Node::Atom {
            atom,
            negated: false,
        } => match &program.atoms[atom as usize].test {
            AtomTest::OneOf(fact, values) | AtomTest::Includes(fact, values) => {
                found(*fact, values.clone())
            }
            AtomTest::InSet(fact, set, _)
            | AtomTest::IncludesIn(fact, set, _)
            | AtomTest::PartyIn(fact, set, _) => {
                found(*fact, program.sets[*set].ever.clone());
            }
            _ => {}
        },
        Node::Any { first, count } => {
            // Either way through the same fact: its values together.
            let mut all: Option<(FactId, Bits)> = None;
            for kid in program.kids(first, count) {
                let mut own: Option<(FactId, Bits)> = None;
                guards(program, *kid, &mut |fact, values| {
                    let fits = all.as_ref().is_none_or(|(known, _)| *known == fact);
                    if own.is_none() && fits {
                        own = Some((fact, values));
                    }
                });
                match (own, &mut all) {
                    (None, _) => return,
                    (Some(own), None) => all = Some(own),
                    (Some((_, values)), Some((_, together))) => {
                        values.iter().for_each(|value| together.insert(value))
                    }
                }
            }
            if let Some((fact, values)) = all {
                found(fact, values);
            }
        }
        _ => {}
    }
}
