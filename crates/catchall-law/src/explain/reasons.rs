//! The tests that decided one condition, down to the entry of a list, and what each of them says.

use super::{TestRef, WhichTest};
use crate::pack::Law;
use crate::program::{ClaimAnswer, ListPath, ListTest, Node, NodeId, Program, Scratch, Tri};
use crate::state::Facts;

impl Program {
    /// The tests that gave a condition its answer: for a yes those that made it so, for a no the first that
    /// barred it, for open those that are open.
    pub(super) fn justify(
        &self,
        node: NodeId,
        facts: &Facts,
        scratch: &mut Scratch,
        entry: Option<u32>,
        into: &mut Vec<TestRef>,
    ) {
        let answer = self.node(node, facts, scratch);
        match self.nodes[node.0 as usize] {
            Node::Yes | Node::No => {}
            Node::Atom { atom, negated } => {
                let test = TestRef {
                    test: WhichTest::Atom(atom),
                    negated,
                    answer,
                    entry,
                };
                if !into.contains(&test) {
                    into.push(test);
                }
            }
            Node::List { test, negated } => {
                self.justify_list(test, negated, answer, facts, scratch, into)
            }
            Node::All { first, count } | Node::Any { first, count } => {
                let all = matches!(self.nodes[node.0 as usize], Node::All { .. });
                // One part settles it: an `and` that fails, an `or` that holds.
                let by_one = (all && answer == Tri::No) || (!all && answer == Tri::Yes);
                for kid in self.kids(first, count) {
                    if self.node(*kid, facts, scratch) == answer {
                        self.justify(*kid, facts, scratch, entry, into);
                        if by_one {
                            return;
                        }
                    }
                }
            }
            Node::AtLeast { first, count, .. } => {
                for kid in self.kids(first, count) {
                    if self.node(*kid, facts, scratch) == answer {
                        self.justify(*kid, facts, scratch, entry, into);
                    }
                }
            }
        }
    }

    fn justify_list(
        &self,
        test: u32,
        negated: bool,
        answer: Tri,
        facts: &Facts,
        scratch: &mut Scratch,
        into: &mut Vec<TestRef>,
    ) {
        let list_test = &self.list_tests[test as usize];
        let listed = if negated { answer.not() } else { answer };
        let path = self.list_path(list_test, facts);
        let (first, second) = self.possible_entries(&list_test.tested, facts);
        let entries: Vec<u32> = first.iter().chain(second).copied().collect();
        let header = |entry: Option<u32>| TestRef {
            test: WhichTest::List(test),
            negated,
            answer,
            entry,
        };
        if listed == Tri::Yes {
            // The entry that is met, by figures or by the code that is claimed.
            let met = entries
                .iter()
                .copied()
                .find(|entry| self.entry(*entry, facts, scratch) == Tri::Yes);
            if let Some(entry) = met {
                into.push(header(Some(entry)));
                return self.justify(
                    self.entries[entry as usize].full,
                    facts,
                    scratch,
                    Some(entry),
                    into,
                );
            }
            return into.push(header(claimed(&path)));
        }
        // Beside a claimed code the figures are looked at too: what they fail is worth showing.
        into.push(header(claimed(&path)));
        if listed == Tri::Open && path != ListPath::Figures {
            return;
        }
        let mut shown = 0;
        for entry in entries {
            if shown >= MOST_ENTRIES {
                return;
            }
            if self.entry(entry, facts, scratch) != listed {
                continue;
            }
            let before = into.len();
            self.justify(
                self.entries[entry as usize].full,
                facts,
                scratch,
                Some(entry),
                into,
            );
            // An entry for another kind of item altogether says nothing.
            let other_kind = listed == Tri::No
                && into[before..].iter().all(|test| {
                    self.atom_of(*test)
                        .is_some_and(|atom| atom.test.fact() == self.kind_fact)
                });
            if other_kind {
                into.truncate(before);
            } else {
                shown += 1;
            }
        }
    }

    /// A test in words.
    pub fn because(&self, law: &Law, facts: &Facts, test: TestRef) -> catchall_model::Because {
        let result = match test.answer {
            Tri::No => "fail",
            Tri::Open => "not_known",
            Tri::Yes => "pass",
        };
        let entry = test.entry.map(|entry| {
            let (list, place) = self.entry_place(entry);
            let list = &law.lists[list];
            format!("{} {}", list.cite, list.entries[place].code)
        });
        let not = |operator: &str| match (test.negated, operator) {
            (false, operator) => operator.to_owned(),
            (true, "is") => "is not".to_owned(),
            (true, operator) => match operator.strip_prefix("is ") {
                Some(rest) => format!("is not {rest}"),
                None => format!("not {operator}"),
            },
        };
        match test.test {
            WhichTest::List(list_test) => {
                let list_test = &self.list_tests[list_test as usize];
                catchall_model::Because {
                    fact: "item".to_owned(),
                    value: self.shown_item(
                        list_test,
                        facts,
                        test.entry.map(|entry| self.codes[entry as usize].as_str()),
                    ),
                    operator: not(&list_test.operator),
                    threshold: list_test.threshold.clone(),
                    unit: String::new(),
                    result,
                    entry,
                    evidence: None,
                }
            }
            WhichTest::Atom(atom) => {
                let atom = &self.atoms[atom as usize];
                let fact = atom.test.fact();
                catchall_model::Because {
                    fact: fact.map_or_else(
                        || "law".to_owned(),
                        |fact| law.vocabulary.get(fact).key.clone(),
                    ),
                    value: fact.map_or_else(
                        || "disputed, or not known to the pack".to_owned(),
                        |fact| law.show(facts, fact, atom.unit),
                    ),
                    operator: not(&atom.operator),
                    threshold: atom.threshold.clone(),
                    unit: atom.unit.name().to_owned(),
                    result,
                    entry,
                    evidence: None,
                }
            }
        }
    }

    fn shown_item(&self, test: &ListTest, facts: &Facts, entry: Option<&str>) -> String {
        match facts.claim(test.list) {
            Some(Some(code)) => format!("code {code} is claimed"),
            Some(None) => "claimed to be on no entry".to_owned(),
            None => match entry {
                Some(code) => format!("its figures meet {code}"),
                None => "by its kind and figures".to_owned(),
            },
        }
    }
}

pub(super) fn claimed(path: &ListPath) -> Option<u32> {
    match path {
        ListPath::Claim(ClaimAnswer::Entries(entries)) => entries.first().map(|(entry, _)| *entry),
        _ => None,
    }
}

/// The most entries shown for a list test that fails.
const MOST_ENTRIES: usize = 4;
