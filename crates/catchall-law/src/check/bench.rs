//! Bench: the evaluator with everything the checker asks of it: verdicts, outcomes, why.
//!
//! Verdicts are the evaluator's own, completed exactly; nothing here works anything out a second time.

use std::fmt;

use catchall_model::{Day, Effect};

use super::share::Turns;
use super::walk;
use crate::diagnostic::At;
use crate::language::Cond;
use crate::missing::{Depth, Open};
use crate::pack::{Law, Version};
use crate::program::{NodeId, Program, Scratch, Tri, Workbench};
use crate::state::Facts;
use crate::vocabulary::FactId;

/// What a provision comes to for a case, over all its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseVerdict {
    /// It surely applies, and nothing surely or possibly lifts it.
    Applies,
    /// It surely does not: its condition fails, or no version is in force.
    DoesNotApply,
    /// Facts that are not stated can still change it.
    NotKnown,
    /// Its condition and its dates surely hold, but an exception surely lifts it.
    Excepted,
    /// All facts are in; only the law's own reading is open.
    Disputed,
}

impl CaseVerdict {
    /// The word of a case's `expect`.
    pub fn word(self) -> &'static str {
        match self {
            CaseVerdict::Applies => "applies",
            CaseVerdict::DoesNotApply => "does_not_apply",
            CaseVerdict::NotKnown => "not_known",
            CaseVerdict::Excepted => "excepted",
            CaseVerdict::Disputed => "disputed",
        }
    }
}

impl fmt::Display for CaseVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The evaluator, warm.
pub(super) struct Bench<'a> {
    pub law: &'a Law,
    pub work: Workbench,
    scratch: Scratch,
    /// Rules of each provision.
    rules: Vec<Vec<usize>>,
    /// Part of the path of the files that are asked of; all of them otherwise.
    only: Option<&'a str>,
    /// Which of the questions are asked here, where several ask.
    turns: Turns,
}

impl<'a> Bench<'a> {
    /// Compiles the packs as they stand now.
    pub fn new(law: &'a Law) -> Bench<'a> {
        let work = Workbench::new(law, law.newest_recorded.unwrap_or(Day::MAX));
        let mut rules = vec![Vec::new(); law.provisions.len()];
        for (place, rule) in work.program().rules.iter().enumerate() {
            rules[rule.provision].push(place);
        }
        Bench {
            law,
            work,
            scratch: Scratch::default(),
            rules,
            only: None,
            turns: Turns::default(),
        }
    }

    /// The same for what stands in files whose path holds a text.
    pub fn only(mut self, only: Option<&'a str>) -> Bench<'a> {
        self.only = only;
        self
    }

    /// The same for the questions of these turns.
    pub fn taking(mut self, turns: Turns) -> Bench<'a> {
        self.turns = turns;
        self
    }

    /// Whether the question that comes now is asked here.
    pub fn takes(&mut self) -> bool {
        self.turns.take()
    }

    /// Whether what stands there is asked of.
    pub fn asks(&self, at: &At) -> bool {
        self.only.is_none_or(|only| at.file.contains(only))
    }

    /// Whether one of these provisions is asked of.
    pub fn asks_any(&self, provisions: &[usize]) -> bool {
        let mut asked = provisions.iter();
        asked.any(|place| self.asks(&self.law.provisions[*place].at))
    }

    fn program(&self) -> &Program {
        self.work.program()
    }

    /// The rules (compiled versions) of a provision.
    pub fn rules(&self, provision: usize) -> &[usize] {
        &self.rules[provision]
    }

    /// The version behind a rule.
    pub fn version(&self, rule: usize) -> &'a Version {
        let rule = &self.program().rules[rule];
        &self.law.provisions[rule.provision].versions[rule.version]
    }

    /// What a provision comes to, and the facts that can still change it.
    pub fn verdict(&mut self, provision: usize, facts: &Facts) -> (CaseVerdict, Open) {
        let law = self.law;
        let open =
            self.work
                .program()
                .open_rule(&law.vocabulary, facts, provision, &mut self.scratch);
        let verdict = match (open.least, open.most) {
            (Effect::Prohibited, _) => CaseVerdict::Applies,
            (_, Effect::NoLicenceRequired) => {
                let own = self.work.program().open_own(
                    &law.vocabulary,
                    facts,
                    provision,
                    &mut self.scratch,
                );
                if own.least == Effect::Prohibited {
                    CaseVerdict::Excepted
                } else {
                    CaseVerdict::DoesNotApply
                }
            }
            _ if open.essential.is_empty() && open.reading => CaseVerdict::Disputed,
            _ => CaseVerdict::NotKnown,
        };
        (verdict, open)
    }

    /// Whether a provision's own dates and condition hold, exceptions apart.
    pub fn own(&mut self, provision: usize, facts: &Facts) -> Option<bool> {
        let open =
            self.work
                .program()
                .open_own(&self.law.vocabulary, facts, provision, &mut self.scratch);
        match (open.least, open.most) {
            (Effect::Prohibited, _) => Some(true),
            (_, Effect::NoLicenceRequired) => Some(false),
            _ => None,
        }
    }

    /// What the provision's jurisdiction answers: a word of the contract's scale, and the facts that can still change it.
    pub fn outcome(&mut self, provision: usize, facts: &Facts) -> (&'static str, Open) {
        let law = self.law;
        let jurisdiction = &law.provisions[provision].jurisdiction;
        let places: Vec<usize> = self
            .program()
            .jurisdictions()
            .position(|each| each == jurisdiction)
            .into_iter()
            .collect();
        let open = self.work.program().open(
            &law.vocabulary,
            facts,
            &places,
            Depth::Essential,
            &mut self.scratch,
        );
        let word = match open.least == open.most {
            true => open.least.word(),
            false if open.essential.is_empty() && open.reading => "refer",
            false => "not_known",
        };
        (word, open)
    }

    /// The strongest effect of a provision's versions whose condition and dates surely hold.
    pub fn effect(&mut self, provision: usize, facts: &Facts) -> Option<Effect> {
        let rules = self.rules[provision].clone();
        let holding = rules.into_iter().filter(|rule| {
            let node = self.program().rules[*rule].full;
            self.node(node, facts) == Some(true)
        });
        holding
            .collect::<Vec<_>>()
            .into_iter()
            .map(|rule| self.program().rules[rule].effect)
            .max()
    }

    /// Whether a condition holds, exactly: `None` when what is not known can still change it.
    pub fn condition(&mut self, condition: &Cond, date: FactId, facts: &Facts) -> Option<bool> {
        let node = self.work.condition(condition, date, self.law);
        self.node(node, facts)
    }

    /// Whether a node holds, exactly.
    pub fn node(&mut self, node: NodeId, facts: &Facts) -> Option<bool> {
        let open =
            self.work
                .program()
                .open_node(&self.law.vocabulary, facts, node, &mut self.scratch);
        match (open.least, open.most) {
            (Effect::Prohibited, _) => Some(true),
            (_, Effect::NoLicenceRequired) => Some(false),
            _ => None,
        }
    }

    /// Whether a rule is in force: `None` when its date is not known, or the pack leaves the day open.
    pub fn in_force(&mut self, rule: usize, facts: &Facts) -> Option<bool> {
        let node = self.program().rules[rule].in_force;
        self.node(node, facts)
    }

    /// Why a condition does or does not hold: the tests that decide, in words.
    pub fn because(&mut self, condition: &Cond, date: FactId, facts: &Facts) -> String {
        let mut tests = Vec::new();
        self.collect(condition, false, date, facts, &mut tests);
        let law = self.law;
        let words = tests.into_iter().take(6).map(|(part, answer)| {
            let said = match answer {
                Tri::Yes => "holds",
                Tri::No => "does not hold",
                Tri::Open => "is not known",
            };
            let line = walk::place(law, &part).map_or(0, |at| at.line);
            format!("`{}` (line {line}) {said}", walk::part_words(law, &part))
        });
        words.collect::<Vec<_>>().join("; ")
    }

    fn tri(&mut self, condition: &Cond, date: FactId, facts: &Facts) -> Tri {
        let node = self.work.condition(condition, date, self.law);
        let program = self.work.program();
        program.begin(&mut self.scratch);
        program.node(node, facts, &mut self.scratch)
    }

    /// The parts that decide: of a failing `and` the first that fails, of a failing `or` all of it, and so on.
    fn collect(
        &mut self,
        condition: &Cond,
        negated: bool,
        date: FactId,
        facts: &Facts,
        into: &mut Vec<(Cond, Tri)>,
    ) {
        let own = self.tri(condition, date, facts);
        let told = if negated { own.not() } else { own };
        match condition {
            Cond::Always => {}
            Cond::Test(_) => into.push((condition.clone(), own)),
            Cond::Not(inner) => match inner.as_ref() {
                Cond::Test(_) => into.push((condition.clone(), own)),
                inner => self.collect(inner, !negated, date, facts, into),
            },
            Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
                // One part is enough for a failing `and` and for a holding `or`.
                let all = matches!(condition, Cond::All(_)) != negated;
                let one = match told {
                    Tri::No => all,
                    Tri::Yes => !all,
                    Tri::Open => false,
                };
                let counted = matches!(condition, Cond::AtLeast(..));
                for part in parts {
                    if self.tri(part, date, facts) == own {
                        self.collect(part, negated, date, facts, into);
                        if one && !counted {
                            return;
                        }
                    }
                }
            }
        }
    }
}
