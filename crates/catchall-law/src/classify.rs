//! Classify: which entries of the control lists an item may fall under, with every test of each.
//!
//! Looks at the item only: no act, no party, no destination. An entry is met, left open, missed by one figure, or not met.
//! Words only find entries; they never decide one.

use catchall_model::Day;

use crate::explain::{TestRef, WhichTest};
use crate::missing::Open;
use crate::pack::Law;
use crate::period::Holds;
use crate::program::{AtomTest, Node, NodeId, Program, Scratch, Tri};
use crate::state::Facts;
use crate::vocabulary::FactId;

/// How an item stands to one entry.
#[derive(Clone, Debug)]
pub struct EntryAnswer {
    /// The list, and the entry in it.
    pub list: usize,
    /// The entry in its list.
    pub entry: usize,
    /// Whether it meets the entry's test; `None` where the entry has no test of the item.
    pub meets: Option<Tri>,
    /// Every test of the entry, in the order written.
    pub tests: Vec<TestRef>,
    /// Where the kind fits and one test alone fails, that test.
    pub only: Option<TestRef>,
}

impl Program {
    /// How an item stands to every entry in force on the day (every entry ever, without one) whose test its kind leaves
    /// possible, and to those that `also` names by place among all entries.
    pub fn classify(
        &self,
        law: &Law,
        facts: &Facts,
        on: Option<Day>,
        also: &[(usize, usize)],
        scratch: &mut Scratch,
    ) -> Vec<EntryAnswer> {
        self.begin(scratch);
        let mut found = Vec::new();
        for (place, own) in (0u32..).zip(&self.entries) {
            let entry = &law.lists[own.list].entries[own.entry];
            let stands = on.is_none_or(|on| {
                let mut editions = entry.editions.iter();
                editions.any(|edition| edition.period.on(on) != Holds::No)
            });
            if !stands {
                continue;
            }
            let asked = also.contains(&(own.list, own.entry));
            if entry.when.is_none() {
                if asked {
                    found.push(EntryAnswer {
                        list: own.list,
                        entry: own.entry,
                        meets: None,
                        tests: Vec::new(),
                        only: None,
                    });
                }
                continue;
            }
            let mut tests = Vec::new();
            self.leaves(own.full, place, facts, scratch, &mut tests);
            let meets = self.answer_of_item(own.full, facts, scratch);
            // An entry for another kind of item says nothing, unless it was asked for by its words.
            let kind = tests
                .iter()
                .filter(|test| self.asks(test) == self.kind_fact && !test.negated)
                .map(|test| test.answer)
                .max();
            let fits = kind.is_some_and(|kind| kind != Tri::No);
            if !asked && !(fits && (meets != Tri::No || kind == Some(Tri::Yes))) {
                continue;
            }
            let mut failing = tests.iter().filter(|test| test.answer == Tri::No);
            let only = match (failing.next(), failing.next()) {
                (Some(one), None) if fits && meets == Tri::No => Some(*one),
                _ => None,
            };
            found.push(EntryAnswer {
                list: own.list,
                entry: own.entry,
                meets: Some(meets),
                tests,
                only,
            });
        }
        found
    }

    /// What could still settle whether an item meets an entry.
    pub fn open_entry(
        &self,
        law: &Law,
        facts: &Facts,
        list: usize,
        entry: usize,
        scratch: &mut Scratch,
    ) -> Option<Open> {
        let place = self.list_start.get(list)? + entry;
        let own = self.entries.get(place)?;
        Some(self.open_node(&law.vocabulary, facts, own.full, scratch))
    }

    fn asks(&self, test: &TestRef) -> Option<FactId> {
        self.atom_of(*test).and_then(|atom| atom.test.fact())
    }

    /// Whether a node asks of dates only: when an entry stands on its list.
    fn dates_only(&self, node: NodeId) -> bool {
        match self.nodes[node.0 as usize] {
            Node::Yes | Node::No => true,
            Node::Atom { atom, .. } => match &self.atoms[atom as usize].test {
                AtomTest::Reading => true,
                test => test.fact() == Some(self.date_fact),
            },
            Node::List { .. } => false,
            Node::All { first, count }
            | Node::Any { first, count }
            | Node::AtLeast { first, count, .. } => {
                let mut kids = self.kids(first, count).iter();
                kids.all(|kid| self.dates_only(*kid))
            }
        }
    }

    /// The answer of an entry's test without its dates.
    fn answer_of_item(&self, node: NodeId, facts: &Facts, scratch: &mut Scratch) -> Tri {
        if self.dates_only(node) {
            return Tri::Yes;
        }
        match self.nodes[node.0 as usize] {
            Node::All { first, count } => {
                let mut all = Tri::Yes;
                for kid in self.kids(first, count) {
                    all = all.min(self.answer_of_item(*kid, facts, scratch));
                }
                all
            }
            Node::Any { first, count } => {
                let mut any = Tri::No;
                for kid in self.kids(first, count) {
                    any = any.max(self.answer_of_item(*kid, facts, scratch));
                }
                any
            }
            _ => self.node(node, facts, scratch),
        }
    }

    /// Every test below a condition, dates left out.
    fn leaves(
        &self,
        node: NodeId,
        entry: u32,
        facts: &Facts,
        scratch: &mut Scratch,
        into: &mut Vec<TestRef>,
    ) {
        if self.dates_only(node) {
            return;
        }
        let (test, negated) = match self.nodes[node.0 as usize] {
            Node::Yes | Node::No => return,
            Node::Atom { atom, negated } => (WhichTest::Atom(atom), negated),
            Node::List { test, negated } => (WhichTest::List(test), negated),
            Node::All { first, count }
            | Node::Any { first, count }
            | Node::AtLeast { first, count, .. } => {
                for kid in self.kids(first, count) {
                    self.leaves(*kid, entry, facts, scratch, into);
                }
                return;
            }
        };
        let answer = self.node(node, facts, scratch);
        let found = TestRef {
            test,
            negated,
            answer,
            entry: Some(entry),
        };
        if !into.contains(&found) {
            into.push(found);
        }
    }
}
