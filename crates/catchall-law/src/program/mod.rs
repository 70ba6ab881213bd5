//! The program: packs compiled to atoms tested once, rules found by index, two planes in one pass.
//!
//! A test answers [`Tri`]: no, open, yes. `and` takes the least, `or` the greatest: Kleene's logic, and the
//! same as two ordinary passes with "surely" and "possibly". What is open after that may still be decided
//! whatever the missing facts are; `missing/` completes it exactly.

mod atom;
mod columns;
mod compile;
mod index;
mod nodes;
mod sight;
mod sweep;

use catchall_model::Effect;

use crate::pack::Law;
use crate::state::Facts;
use crate::vocabulary::{Bits, FactId};

pub use atom::{Atom, AtomTest};
pub(crate) use atom::{SetProgram, day, includes, lies_between, one_of};
pub use columns::Columns;
pub(crate) use compile::Workbench;
pub(crate) use index::Index;
pub(crate) use nodes::{ClaimAnswer, CodeIndex, ListPath, ListTest, Node, NodeId, Numbers, Tested};
pub use sight::{Sight, exact_text};
pub use sweep::Sweep;

/// No, open, yes; in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tri {
    /// Surely not.
    No,
    /// Not known.
    Open,
    /// Surely.
    Yes,
}

impl Tri {
    /// The opposite.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "it reads in a chain, beside min and max"
    )]
    pub fn not(self) -> Tri {
        match self {
            Tri::No => Tri::Yes,
            Tri::Open => Tri::Open,
            Tri::Yes => Tri::No,
        }
    }

    /// Yes or no.
    pub fn of(yes: bool) -> Tri {
        if yes { Tri::Yes } else { Tri::No }
    }
}

/// A version of a provision, compiled.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub provision: usize,
    pub version: usize,
    pub jurisdiction: usize,
    pub effect: Effect,
    /// Its condition alone.
    pub when: NodeId,
    /// That it is in force.
    pub in_force: NodeId,
    /// All of it: in force, undisputed or under the reading that it applies, and its condition.
    pub full: NodeId,
    /// Rules that are exceptions to it.
    pub exceptions: Vec<usize>,
    /// Rules it is an exception to.
    pub bases: Vec<usize>,
    /// Whether it is an exception at all: its bases may all be of another time, and then it lifts nothing.
    pub exception: bool,
}

/// An entry of a control list, compiled.
#[derive(Clone, Debug)]
pub(crate) struct EntryProgram {
    pub list: usize,
    pub entry: usize,
    /// That it stands on the list on the day.
    pub in_force: NodeId,
    /// That, and the test of the item.
    pub full: NodeId,
    /// The kinds that its test cannot do without, where it says so on top.
    pub kinds: Option<Bits>,
    /// What its test asks beside the kind; all of it where no kind stands on top.
    pub rest: NodeId,
}

/// A jurisdiction, compiled.
#[derive(Clone, Debug)]
pub(crate) struct JurisdictionProgram {
    pub id: String,
    pub nexus: NodeId,
    pub rules: Vec<usize>,
}

/// All packs, as recorded by one day, ready to evaluate.
#[derive(Clone, Debug)]
pub struct Program {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) kids: Vec<NodeId>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) entries: Vec<EntryProgram>,
    pub(crate) list_tests: Vec<ListTest>,
    pub(crate) sets: Vec<SetProgram>,
    pub(crate) jurisdictions: Vec<JurisdictionProgram>,
    pub(crate) index: Index,
    /// First entry of each list among [`Program::entries`].
    pub(crate) list_start: Vec<usize>,
    /// For each list its entries that figures can meet.
    pub(crate) tested: Vec<Tested>,
    /// Codes of the entries, beside [`Program::entries`].
    pub(crate) codes: Vec<String>,
    /// For each list its codes, to find what a claimed code is, or lies above or below.
    pub(crate) code_index: Vec<CodeIndex>,
    /// For each list, what a number says that no entry bears.
    pub(crate) numbers: Vec<Numbers>,
    /// Labels, by list, of which a paragraph with a row of its own says whether they hold.
    pub(crate) narrowed: Vec<Vec<String>>,
    pub(crate) kind_fact: Option<FactId>,
    /// For each fact whether it is a figure of the item that entries of lists ask for, or its kind.
    pub(crate) item_facts: Vec<bool>,
    /// The day of the transfer, at which lists are read.
    pub(crate) date_fact: FactId,
    pub(crate) reading: Option<u32>,
    /// Scopes of the rows of coverage, by instrument and row.
    pub(crate) scopes: Vec<Vec<NodeId>>,
}

/// How far a list has been looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sifted {
    /// Some of its entries.
    Begun,
    /// All of them.
    Whole,
}

/// Room to work in, kept from one transfer to the next.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(crate) stamp: u32,
    pub(crate) atoms: Vec<(u32, Tri)>,
    pub(crate) nodes: Vec<(u32, Tri)>,
    pub(crate) fulls: Vec<(u32, Tri)>,
    pub(crate) effective: Vec<(u32, Tri)>,
    pub(crate) entries: Vec<(u32, Tri)>,
    pub(crate) lists: Vec<(u32, Tri)>,
    /// Lists whose entries are looked at or were, and of these the entries that may be met and that surely are.
    pub(crate) sifted: Vec<(u32, Sifted)>,
    pub(crate) possible: Bits,
    pub(crate) sure: Bits,
    /// For each rule the gathering of candidates, by number, that took it last.
    pub(crate) taken: Vec<u32>,
    pub(crate) takes: u32,
    pub(crate) candidates: Vec<u32>,
    pub(crate) nexus: Vec<Tri>,
    pub(crate) missing: crate::missing::Room,
}

/// One jurisdiction's place on the scale, before exact completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Whether the jurisdiction reaches the transfer.
    pub nexus: Tri,
    /// The strongest effect that surely applies.
    pub sure: Effect,
    /// The strongest that may.
    pub most: Effect,
}

impl Program {
    /// Compiles the packs as they were recorded by `known_by`.
    pub fn compile(law: &Law, known_by: catchall_model::Day) -> Program {
        compile::compile(law, known_by)
    }

    /// Ids of the jurisdictions, in the order of [`Program::reach`].
    pub fn jurisdictions(&self) -> impl Iterator<Item = &str> {
        self.jurisdictions.iter().map(|each| each.id.as_str())
    }

    /// How many rules (versions of provisions) it holds.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Where each jurisdiction stands for these facts. Masks only: no reasons, no completion.
    pub fn reach(&self, facts: &Facts, scratch: &mut Scratch, into: &mut Vec<Reached>) {
        self.begin(scratch);
        into.clear();
        for jurisdiction in &self.jurisdictions {
            let nexus = self.nexus(jurisdiction, facts, scratch);
            into.push(Reached {
                nexus,
                sure: Effect::NoLicenceRequired,
                most: Effect::NoLicenceRequired,
            });
        }
        scratch.nexus.clear();
        scratch
            .nexus
            .extend(into.iter().map(|reached| reached.nexus));
        let mut candidates = std::mem::take(&mut scratch.candidates);
        self.index.candidates(self, facts, scratch, &mut candidates);
        for rule in &candidates {
            let rule = *rule as usize;
            let jurisdiction = self.rules[rule].jurisdiction;
            let reached = &mut into[jurisdiction];
            let effect = self.rules[rule].effect;
            // What cannot raise the answer any more need not be asked.
            if reached.nexus == Tri::No || effect <= reached.sure {
                continue;
            }
            let applies = self.contributes(rule, facts, scratch).min(reached.nexus);
            if applies == Tri::Yes {
                reached.sure = effect;
            }
            if applies >= Tri::Open {
                reached.most = reached.most.max(effect);
            }
        }
        scratch.candidates = candidates;
    }

    pub(crate) fn nexus(
        &self,
        jurisdiction: &JurisdictionProgram,
        facts: &Facts,
        scratch: &mut Scratch,
    ) -> Tri {
        match facts.by_hand.iter().find(|(id, _)| *id == jurisdiction.id) {
            Some((_, put_in)) => Tri::of(*put_in),
            None => self.node(jurisdiction.nexus, facts, scratch),
        }
    }

    /// Whether a row of an instrument's coverage may bear on the transfer.
    ///
    /// To be asked after [`Program::reach`] or [`Program::decide`] on the same facts.
    pub fn scope(
        &self,
        instrument: usize,
        row: usize,
        facts: &Facts,
        scratch: &mut Scratch,
    ) -> Tri {
        self.node(self.scopes[instrument][row], facts, scratch)
    }

    /// Makes the room ready for another transfer.
    pub(crate) fn begin(&self, scratch: &mut Scratch) {
        scratch.stamp = scratch.stamp.wrapping_add(1);
        let fits = scratch.atoms.len() == self.atoms.len()
            && scratch.fulls.len() == self.rules.len()
            && scratch.nodes.len() == self.nodes.len()
            && scratch.entries.len() == self.entries.len();
        if !fits || scratch.stamp == 0 {
            scratch.stamp = 1;
            scratch.atoms = vec![(0, Tri::No); self.atoms.len()];
            scratch.nodes = vec![(0, Tri::No); self.nodes.len()];
            scratch.fulls = vec![(0, Tri::No); self.rules.len()];
            scratch.effective = vec![(0, Tri::No); self.rules.len()];
            scratch.entries = vec![(0, Tri::No); self.entries.len()];
            scratch.lists = vec![(0, Tri::No); self.list_tests.len()];
            scratch.sifted = vec![(0, Sifted::Whole); self.list_start.len()];
            scratch.taken = vec![0; self.rules.len()];
            scratch.takes = 0;
        }
        if !scratch.possible.is_empty() {
            scratch.possible.clear(self.entries.len());
            scratch.sure.clear(self.entries.len());
        }
    }

    /// Whether a rule brings its effect to bear: it applies and nothing excepts it; as an exception, that it
    /// lifts something too.
    pub(crate) fn contributes(&self, rule: usize, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let applies = self.effective(rule, facts, scratch);
        let own = &self.rules[rule];
        if !own.exception || applies == Tri::No {
            return applies;
        }
        let mut lifts = Tri::No;
        for base in &own.bases {
            lifts = lifts.max(self.full(*base, facts, scratch));
            if lifts == Tri::Yes {
                break;
            }
        }
        applies.min(lifts)
    }

    /// Whether a rule applies and nothing excepts it.
    pub(crate) fn effective(&self, rule: usize, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let (stamp, known) = scratch.effective[rule];
        if stamp == scratch.stamp {
            return known;
        }
        let mut applies = self.full(rule, facts, scratch);
        if applies != Tri::No {
            for exception in &self.rules[rule].exceptions {
                applies = applies.min(self.effective(*exception, facts, scratch).not());
                if applies == Tri::No {
                    break;
                }
            }
        }
        scratch.effective[rule] = (scratch.stamp, applies);
        applies
    }

    /// Whether a rule is in force and its condition holds.
    pub(crate) fn full(&self, rule: usize, facts: &Facts, scratch: &mut Scratch) -> Tri {
        let (stamp, known) = scratch.fulls[rule];
        if stamp == scratch.stamp {
            return known;
        }
        let found = self.node(self.rules[rule].full, facts, scratch);
        scratch.fulls[rule] = (scratch.stamp, found);
        found
    }
}
