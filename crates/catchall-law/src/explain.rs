//! Reasons: which tests decided, for whom, and how far they were from deciding otherwise.
//!
//! Built on demand from the program's nodes, as references; words are put to them at the end, so that
//! a decision with its reasons costs little where nobody reads them.

mod flip;
mod near;
mod reasons;
mod shown;

use catchall_model::Effect;

use crate::program::{Program, Reached, Scratch, Tri};
use crate::state::Facts;

pub use flip::Flip;

/// One test that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TestRef {
    /// The test.
    pub test: WhichTest,
    /// Whether the condition asks for its opposite.
    pub negated: bool,
    /// Its answer, with the negation.
    pub answer: Tri,
    /// The control list entry whose test it is, by place in the program.
    pub entry: Option<u32>,
}

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhichTest {
    /// An atom of the program.
    Atom(u32),
    /// A list test of the program.
    List(u32),
}

/// What one version of a provision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAnswer {
    /// The rule, by place in the program.
    pub rule: usize,
    /// Whether it brings its effect to bear.
    pub applies: Tri,
    /// Whether its own condition holds, exceptions apart.
    pub own: Tri,
    /// The tests that decided.
    pub because: Vec<TestRef>,
    /// Exceptions tried, each with its answer and the tests that decided.
    pub exceptions: Vec<(usize, Tri, Vec<TestRef>)>,
}

/// A decision with its reasons, as references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Where each jurisdiction stands.
    pub reached: Vec<Reached>,
    /// The rules that bear on it: strongest first, then in the order of the packs.
    pub rules: Vec<RuleAnswer>,
}

/// The most rules that nearly applied, shown for one jurisdiction.
const MOST_NEAR: usize = 6;

impl Program {
    /// Decides, with reasons: every rule that applies, may apply, is lifted by an exception, or fails by one
    /// test alone.
    pub fn decide(&self, facts: &Facts, scratch: &mut Scratch, decision: &mut Decision) {
        self.reach(facts, scratch, &mut decision.reached);
        decision.rules.clear();
        let candidates = std::mem::take(&mut scratch.candidates);
        let mut near: Vec<(usize, u64, usize)> = Vec::new();
        for rule in &candidates {
            let rule = *rule as usize;
            let own = self.full(rule, facts, scratch);
            let applies = self.contributes(rule, facts, scratch);
            let jurisdiction = self.rules[rule].jurisdiction;
            let lone = !self.rules[rule].exception;
            match (applies, own) {
                (Tri::No, Tri::No) => {
                    if lone && let Some(distance) = self.nearly(rule, facts, scratch) {
                        near.push((jurisdiction, distance, rule));
                    }
                }
                // An exception that holds but finds nothing to lift says nothing.
                (Tri::No, _) if !lone => {}
                _ => {
                    let mut because = Vec::new();
                    self.justify(self.rules[rule].full, facts, scratch, None, &mut because);
                    let mut exceptions = Vec::new();
                    for exception in &self.rules[rule].exceptions {
                        let answer = self.effective(*exception, facts, scratch);
                        let mut reasons = Vec::new();
                        self.justify(
                            self.rules[*exception].full,
                            facts,
                            scratch,
                            None,
                            &mut reasons,
                        );
                        exceptions.push((*exception, answer, reasons));
                    }
                    decision.rules.push(RuleAnswer {
                        rule,
                        applies,
                        own,
                        because,
                        exceptions,
                    });
                }
            }
        }
        scratch.candidates = candidates;
        near.sort_unstable();
        let mut shown: Vec<(usize, usize)> = Vec::new();
        let speaking: Vec<usize> = decision
            .rules
            .iter()
            .map(|answer| self.rules[answer.rule].provision)
            .collect();
        for (jurisdiction, _, rule) in near {
            let provision = self.rules[rule].provision;
            if speaking.contains(&provision) {
                continue;
            }
            // The nearest version of a provision speaks for it, and the nearest provisions for a jurisdiction.
            if shown.contains(&(jurisdiction, provision))
                || shown
                    .iter()
                    .filter(|(each, _)| *each == jurisdiction)
                    .count()
                    >= MOST_NEAR
            {
                continue;
            }
            shown.push((jurisdiction, provision));
            let mut because = Vec::new();
            self.justify(self.rules[rule].full, facts, scratch, None, &mut because);
            decision.rules.push(RuleAnswer {
                rule,
                applies: Tri::No,
                own: Tri::No,
                because,
                exceptions: Vec::new(),
            });
        }
        decision.rules.sort_by(|a, b| {
            let key = |answer: &RuleAnswer| {
                (
                    std::cmp::Reverse(answer.applies),
                    std::cmp::Reverse(self.rules[answer.rule].effect),
                    answer.rule,
                )
            };
            key(a).cmp(&key(b))
        });
    }

    /// The rules that bring this effect to bear in a jurisdiction, after [`Program::reach`] on the same facts.
    pub fn deciding(
        &self,
        facts: &Facts,
        scratch: &mut Scratch,
        jurisdiction: usize,
        effect: Effect,
    ) -> Vec<usize> {
        let candidates = std::mem::take(&mut scratch.candidates);
        let mut found: Vec<usize> = Vec::new();
        for rule in candidates.iter().map(|rule| *rule as usize) {
            let own = &self.rules[rule];
            if own.jurisdiction == jurisdiction
                && own.effect == effect
                && self.contributes(rule, facts, scratch) == Tri::Yes
            {
                found.push(rule);
            }
        }
        scratch.candidates = candidates;
        found.sort_unstable();
        found
    }

    /// Entries that the figures surely meet although another code, or none, is claimed for their list. To be asked after
    /// [`Program::decide`] on the same facts.
    pub fn beside_claims(&self, facts: &Facts, scratch: &mut Scratch) -> Vec<u32> {
        let mut found = Vec::new();
        for list in 0..self.list_start.len().saturating_sub(1) {
            let Some(claim) = facts.claim(list) else {
                continue;
            };
            let (first, second) = self.possible_entries(&self.tested[list], facts);
            let from = found.len();
            for entry in first.iter().chain(second) {
                if self.entry(*entry, facts, scratch) != Tri::Yes {
                    continue;
                }
                let own = &self.codes[*entry as usize];
                let apart = claim.is_none_or(|code| {
                    let fit = crate::state::claim_fit(&code.to_lowercase(), &own.to_lowercase());
                    fit == crate::state::ClaimFit::Apart
                });
                if apart {
                    found.push(*entry);
                }
            }
            found[from..].sort_unstable();
        }
        found
    }

    /// The provision and version of a rule.
    pub fn rule(&self, rule: usize) -> (usize, usize) {
        (self.rules[rule].provision, self.rules[rule].version)
    }

    /// The effect of a rule.
    pub fn effect(&self, rule: usize) -> Effect {
        self.rules[rule].effect
    }

    /// The jurisdiction of a rule, by place.
    pub fn jurisdiction_of(&self, rule: usize) -> usize {
        self.rules[rule].jurisdiction
    }

    /// Why a jurisdiction reaches the transfer, or may.
    pub fn nexus_reasons(
        &self,
        jurisdiction: usize,
        facts: &Facts,
        scratch: &mut Scratch,
    ) -> Vec<TestRef> {
        let mut because = Vec::new();
        self.justify(
            self.jurisdictions[jurisdiction].nexus,
            facts,
            scratch,
            None,
            &mut because,
        );
        because
    }

    /// The place of an entry: its list and its place there.
    pub fn entry_place(&self, entry: u32) -> (usize, usize) {
        let entry = &self.entries[entry as usize];
        (entry.list, entry.entry)
    }

    /// An atom.
    pub fn atom_of(&self, test: TestRef) -> Option<&crate::program::Atom> {
        match test.test {
            WhichTest::Atom(atom) => self.atoms.get(atom as usize),
            WhichTest::List(_) => None,
        }
    }
}
