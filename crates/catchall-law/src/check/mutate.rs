//! Mutate: would the cases notice? Every condition is changed in one place at a time; cases that still come out the
//! same show that nobody has written down what that place decides.
//!
//! A change that makes no difference for any facts at all (proven in `space/`) is no mutant but another way to write
//! the same, and is counted apart.

use std::fmt;

use super::bench::{Bench, CaseVerdict};
use super::cases::keys;
use super::mutants::{Mutant, mutants, periods};
use super::space::{Ref, Space, Survey, Usual, Witness};
use super::{NOT_SHOWN, NotChecked, TOO_LARGE};
use crate::diagnostic::At;
use crate::language::Cond;
use crate::pack::{Case, Entry, Law, Version};
use crate::vocabulary::FactId;

/// What came of changing every condition.
#[derive(Clone, Debug, Default)]
pub struct MutationReport {
    /// Changes tried.
    pub mutants: usize,
    /// Changes that a case or a sample noticed.
    pub killed: usize,
    /// Changes that make no difference for any facts.
    pub equivalent: usize,
    /// Changes that no case noticed.
    pub survivors: Vec<Survivor>,
    /// Changes that no case noticed, where neither a difference could be shown nor excluded.
    pub not_checked: Vec<NotChecked>,
}

/// A change that no case noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Where.
    pub at: At,
    /// Whose condition.
    pub owner: String,
    /// What was changed.
    pub change: String,
    /// A case that would notice, ready to be pasted once its expectation was compared with the law's text.
    pub suggestion: Option<String>,
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: no case notices {}", self.at, self.owner, self.change)?;
        match &self.suggestion {
            Some(block) => write!(f, "; this one would:\n{block}"),
            None => Ok(()),
        }
    }
}

/// Changes every condition of every provision that can have an effect, and of every entry that has samples, in one
/// place at a time, and runs its own cases or samples. `only` picks provisions and entries by id or code; `None` takes all.
pub fn mutate(law: &Law, only: Option<&dyn Fn(&str) -> bool>) -> MutationReport {
    let mut report = MutationReport::default();
    let mut bench = Bench::new(law);
    let usual = Usual::of(law);
    let picked = |id: &str| only.is_none_or(|only| only(id));
    for (place, provision) in law.provisions.iter().enumerate() {
        if picked(&provision.id) && !bench.rules(place).is_empty() {
            provision_mutants(&mut bench, &usual, place, &mut report);
        }
    }
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        if picked(&entry.code) && !entry.samples.is_empty() {
            entry_mutants(&mut bench, &usual, entry, &mut report);
        }
    }
    report
}

/// One change to a provision: versions that it puts in the place of rules.
struct Change {
    put: Vec<(usize, Version)>,
    at: At,
    words: String,
    structural: bool,
}

fn changes(bench: &Bench, place: usize) -> Vec<Change> {
    let law = bench.law;
    let rules = bench.rules(place);
    let mut found = Vec::new();
    let mut done: Vec<&Cond> = Vec::new();
    for rule in rules {
        let version = bench.version(*rule);
        for (changed, words) in periods(version) {
            found.push(Change { put: vec![(*rule, changed)], at: version.at.clone(), words: format!("`{words}`"), structural: false });
        }
        if done.contains(&&version.when) {
            continue;
        }
        done.push(&version.when);
        for Mutant { condition, at, change, structural, .. } in mutants(law, &version.when) {
            // Versions that share the text change together.
            let sharing = rules.iter().filter(|each| bench.version(**each).when == version.when);
            let put = sharing.map(|each| (*each, Version { when: condition.clone(), ..bench.version(*each).clone() })).collect();
            found.push(Change { put, at, words: change, structural });
        }
    }
    found
}

/// What a case comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    verdict: Option<CaseVerdict>,
    outcome: Option<&'static str>,
    essential: Option<Vec<String>>,
}

/// What the case's expectations would see.
fn answer(bench: &mut Bench, place: usize, case: &Case) -> Answer {
    let law = bench.law;
    let expect = &case.expect;
    let (verdict, open) = bench.verdict(place, &case.facts);
    let outcome = expect.outcome.as_ref().map(|_| bench.outcome(place, &case.facts));
    let essential = expect.essential.as_ref().map(|_| keys(law, outcome.as_ref().map_or(&open, |(_, open)| open)));
    Answer { verdict: expect.verdict.as_ref().map(|_| verdict), outcome: outcome.map(|(word, _)| word), essential }
}

fn provision_mutants(bench: &mut Bench, usual: &Usual, place: usize, report: &mut MutationReport) {
    let law = bench.law;
    let provision = &law.provisions[place];
    let before: Vec<Answer> = provision.cases.iter().map(|case| answer(bench, place, case)).collect();
    for change in changes(bench, place) {
        report.mutants += 1;
        let undo = put(bench, &change);
        let noticed = provision.cases.iter().zip(&before).any(|(case, before)| answer(bench, place, case) != *before);
        take_back(bench, undo, &change);
        if noticed {
            report.killed += 1;
            continue;
        }
        let owner = format!("`{}`", provision.id);
        match difference(bench, usual, place, &change) {
            Difference::None => report.equivalent += 1,
            Difference::Shown(block) => report.survivors.push(Survivor { at: change.at, owner, change: change.words, suggestion: Some(block) }),
            Difference::NotShown(why) => report.not_checked.push(NotChecked { at: change.at, what: format!("{owner}: {}", change.words), why }),
        }
    }
}

fn put(bench: &mut Bench, change: &Change) -> Vec<(usize, crate::program::Rule)> {
    let law = bench.law;
    let undo = change.put.iter().map(|(rule, version)| (*rule, bench.work.put(*rule, version, law))).collect();
    if change.structural {
        bench.work.index(law);
    }
    undo
}

fn take_back(bench: &mut Bench, undo: Vec<(usize, crate::program::Rule)>, change: &Change) {
    for (rule, before) in undo {
        bench.work.restore(rule, before);
    }
    if change.structural {
        bench.work.index(bench.law);
    }
}

enum Difference {
    /// There is none, whatever the facts.
    None,
    /// A case tells the two apart.
    Shown(String),
    /// Neither.
    NotShown(&'static str),
}

fn difference(bench: &mut Bench, usual: &Usual, place: usize, change: &Change) -> Difference {
    let Some((space, differ)) = differing(bench, place, change) else { return Difference::NotShown(TOO_LARGE) };
    if differ == Ref::NO {
        return Difference::None;
    }
    let mut block = None;
    let mut tells = |witness: &Witness| {
        let (verdict, _) = bench.verdict(place, &witness.facts);
        let (outcome, _) = bench.outcome(place, &witness.facts);
        let undo = put(bench, change);
        let (other, _) = bench.verdict(place, &witness.facts);
        let (other_outcome, _) = bench.outcome(place, &witness.facts);
        take_back(bench, undo, change);
        let expect = match (verdict != other, outcome != other_outcome) {
            (true, _) if verdict != CaseVerdict::NotKnown => format!("{{ verdict = \"{verdict}\" }}"),
            (_, true) if outcome != "not_known" => format!("{{ outcome = \"{outcome}\" }}"),
            _ => return false,
        };
        block = Some(format!("```toml case\nname   = \"\"\n{}\nexpect = {expect}\n```", witness.given()));
        true
    };
    space.witness(differ, usual, &mut tells);
    block.map_or(Difference::NotShown(NOT_SHOWN), Difference::Shown)
}

/// The facts for which a provision, and the provision changed, come to different effects.
fn differing<'a>(bench: &Bench<'a>, place: usize, change: &Change) -> Option<(Space<'a>, Ref)> {
    let law = bench.law;
    let mut survey = Survey::default();
    let rules = bench.rules(place);
    for rule in rules {
        survey.version(law, bench.version(*rule));
    }
    for (_, version) in &change.put {
        survey.version(law, version);
    }
    let mut space = Space::new(law, &survey)?;
    let mut levels: Vec<_> = rules.iter().map(|rule| bench.version(*rule).effect).collect();
    levels.sort_unstable();
    levels.dedup();
    let mut differ = Ref::NO;
    for level in levels {
        let (mut own, mut changed) = (Ref::NO, Ref::NO);
        for rule in rules.iter().filter(|rule| bench.version(**rule).effect >= level) {
            let version = space.version(bench.version(*rule))?;
            own = space.or(own, version)?;
            let other = change.put.iter().find(|(each, _)| each == rule).map_or(bench.version(*rule), |(_, other)| other);
            let other = space.version(other)?;
            changed = space.or(changed, other)?;
        }
        let here = space.differ(own, changed)?;
        differ = space.or(differ, here)?;
    }
    Some((space, differ))
}

fn entry_mutants(bench: &mut Bench, usual: &Usual, entry: &Entry, report: &mut MutationReport) {
    let law = bench.law;
    let Some(condition) = &entry.when else { return };
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let before: Vec<Option<bool>> = entry.samples.iter().map(|sample| bench.condition(condition, date, &sample.facts)).collect();
    for mutant in mutants(law, condition) {
        report.mutants += 1;
        let noticed = entry.samples.iter().zip(&before).any(|(sample, before)| bench.condition(&mutant.condition, date, &sample.facts) != *before);
        if noticed {
            report.killed += 1;
            continue;
        }
        let owner = format!("the entry `{}`", entry.code);
        match entry_difference(bench, usual, condition, &mutant.condition, date) {
            Difference::None => report.equivalent += 1,
            Difference::Shown(block) => report.survivors.push(Survivor { at: mutant.at, owner, change: mutant.change, suggestion: Some(block) }),
            Difference::NotShown(why) => report.not_checked.push(NotChecked { at: mutant.at, what: format!("{owner}: {}", mutant.change), why }),
        }
    }
}

fn entry_difference(bench: &mut Bench, usual: &Usual, condition: &Cond, mutant: &Cond, date: FactId) -> Difference {
    let law = bench.law;
    let mut survey = Survey::default();
    survey.condition(condition, date);
    survey.condition(mutant, date);
    let differing = || {
        let mut space = Space::new(law, &survey)?;
        let (own, other) = (space.condition(condition, date)?, space.condition(mutant, date)?);
        let differ = space.differ(own, other)?;
        Some((space, differ))
    };
    let Some((space, differ)) = differing() else { return Difference::NotShown(TOO_LARGE) };
    if differ == Ref::NO {
        return Difference::None;
    }
    let mut block = None;
    let mut tells = |witness: &Witness| {
        let (own, other) = (bench.condition(condition, date, &witness.facts), bench.condition(mutant, date, &witness.facts));
        let word = match own {
            Some(true) => "inside",
            Some(false) => "outside",
            None => return false,
        };
        if own == other {
            return false;
        }
        block = Some(format!("{word} = {}", witness.sample()));
        true
    };
    space.witness(differ, usual, &mut tells);
    block.map_or(Difference::NotShown(NOT_SHOWN), Difference::Shown)
}
