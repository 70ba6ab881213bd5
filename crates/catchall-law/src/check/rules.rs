//! Rules: the versions of every provision that count as the packs stand now, with what excepts what, as functions of
//! a space.

use super::bench::Bench;
use super::space::{Ref, Space, Survey};
use super::walk;
use crate::pack::{Law, Version};

/// The versions that count, by provision.
pub(super) struct Rules<'a> {
    law: &'a Law,
    versions: Vec<Vec<&'a Version>>,
    exceptions: Vec<Vec<usize>>,
}

impl<'a> Rules<'a> {
    /// The rules that the evaluator compiled.
    pub fn of(bench: &Bench<'a>) -> Rules<'a> {
        let law = bench.law;
        let versions = (0..law.provisions.len()).map(|place| {
            bench
                .rules(place)
                .iter()
                .map(|rule| bench.version(*rule))
                .collect()
        });
        Rules {
            law,
            versions: versions.collect(),
            exceptions: walk::exceptions(law),
        }
    }

    /// The versions of a provision.
    pub fn versions(&self, provision: usize) -> &[&'a Version] {
        &self.versions[provision]
    }

    /// The provisions that are exceptions to a provision.
    pub fn exceptions(&self, provision: usize) -> &[usize] {
        &self.exceptions[provision]
    }

    /// What a provision's own versions ask.
    pub fn survey_own(&self, provision: usize, survey: &mut Survey<'a>) {
        for version in &self.versions[provision] {
            survey.version(self.law, version);
        }
    }

    /// The same with its exceptions, and theirs.
    pub fn survey(&self, provision: usize, survey: &mut Survey<'a>) {
        self.survey_own(provision, survey);
        for exception in &self.exceptions[provision] {
            self.survey(*exception, survey);
        }
    }

    /// That a provision's own dates and condition hold.
    pub fn own(&self, space: &mut Space, provision: usize) -> Option<Ref> {
        let mut whole = Ref::NO;
        for version in &self.versions[provision] {
            let version = space.version(version)?;
            whole = space.or(whole, version)?;
        }
        Some(whole)
    }

    /// That a provision applies: its own, and none of its exceptions.
    pub fn applies(&self, space: &mut Space, provision: usize) -> Option<Ref> {
        let whole = self.own(space, provision)?;
        self.unlifted(space, provision, whole)
    }

    /// That something holds and none of a provision's exceptions lifts it.
    pub fn unlifted(&self, space: &mut Space, provision: usize, what: Ref) -> Option<Ref> {
        let mut whole = what;
        for exception in &self.exceptions[provision] {
            let lifted = space.read_the_other_way(|space| self.applies(space, *exception))?;
            whole = space.but_not(whole, lifted)?;
        }
        Some(whole)
    }
}
