//! Mutate: would the cases notice? Every condition is changed in one place at a time; cases that still come out the
//! same show that nobody has written down what that place decides.
//!
//! A change that makes no difference for any facts at all (proven in `space/`) is no mutant but another way to write
//! the same, and is counted apart.

use std::fmt;

use super::bench::{Bench, CaseVerdict};
use super::cases::keys;
use super::mutants::{Mutant, mutants, periods};
use super::rules::Rules;
use super::space::{Question, Ref, Space, Survey, Usual, Witness};
use super::{NOT_SHOWN, NotChecked, TOO_LARGE, share};
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
        write!(
            f,
            "{}: {}: no case notices {}",
            self.at, self.owner, self.change
        )?;
        match &self.suggestion {
            Some(block) => write!(f, "; this one would:\n{block}"),
            None => Ok(()),
        }
    }
}

/// Which provisions and entries are changed, by id or code.
pub type Picked<'p> = &'p (dyn Fn(&str) -> bool + Sync);

/// Changes every condition of every provision that can have an effect, of every law on suppliers, and of every entry that has samples,
/// in one place at a time, and runs its own cases or samples. `only` picks provisions and entries by id or code; `None` takes all.
/// `workers` look at once; how many changes nothing in the report.
pub fn mutate(law: &Law, only: Option<Picked>, workers: usize) -> MutationReport {
    let mut report = MutationReport::default();
    let picked = |id: &str| only.is_none_or(|only| only(id));
    if law.sanctions.iter().any(|each| picked(&each.provision.id)) {
        let suppliers = law.on_suppliers();
        let asked = share::each(workers, |turns| {
            let mut own = MutationReport::default();
            let mut bench = Bench::new(&suppliers).taking(turns);
            all_provisions(&mut bench, &picked, &mut own);
            own
        });
        asked.into_iter().for_each(|own| report.add(own));
    }
    let asked = share::each(workers, |turns| {
        let mut own = MutationReport::default();
        let mut bench = Bench::new(law).taking(turns);
        all_provisions(&mut bench, &picked, &mut own);
        let usual = Usual::of(law);
        for entry in law.lists.iter().flat_map(|list| &list.entries) {
            if picked(&entry.code) && !entry.samples.is_empty() && bench.takes() {
                entry_mutants(&mut bench, &usual, entry, &mut own);
            }
        }
        own
    });
    asked.into_iter().for_each(|own| report.add(own));
    report
        .survivors
        .sort_by(|a, b| (&a.at, &a.owner, &a.change).cmp(&(&b.at, &b.owner, &b.change)));
    report
        .not_checked
        .sort_by(|a, b| (&a.at, &a.what).cmp(&(&b.at, &b.what)));
    report
}

impl MutationReport {
    fn add(&mut self, other: MutationReport) {
        self.mutants += other.mutants;
        self.killed += other.killed;
        self.equivalent += other.equivalent;
        self.survivors.extend(other.survivors);
        self.not_checked.extend(other.not_checked);
    }
}

fn all_provisions(bench: &mut Bench, picked: Picked, report: &mut MutationReport) {
    let law = bench.law;
    let usual = Usual::of(law);
    let rules = Rules::of(bench);
    for (place, provision) in law.provisions.iter().enumerate() {
        if picked(&provision.id) && !bench.rules(place).is_empty() && bench.takes() {
            provision_mutants(bench, &rules, &usual, place, report);
        }
    }
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
            found.push(Change {
                put: vec![(*rule, changed)],
                at: version.at.clone(),
                words: format!("`{words}`"),
                structural: false,
            });
        }
        if done.contains(&&version.when) {
            continue;
        }
        done.push(&version.when);
        for Mutant {
            condition,
            at,
            change,
            structural,
            ..
        } in mutants(law, &version.when)
        {
            // Versions that share the text change together.
            let sharing = rules
                .iter()
                .filter(|each| bench.version(**each).when == version.when);
            let put = sharing
                .map(|each| {
                    (
                        *each,
                        Version {
                            when: condition.clone(),
                            ..bench.version(*each).clone()
                        },
                    )
                })
                .collect();
            found.push(Change {
                put,
                at,
                words: change,
                structural,
            });
        }
    }
    found
}

/// What a case comes to, as far as its expectations look.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    verdict: CaseVerdict,
    open: Vec<String>,
    outcome: Option<(&'static str, Vec<String>)>,
}

fn answer(bench: &mut Bench, place: usize, case: &Case) -> Answer {
    let (verdict, open) = bench.verdict(place, &case.facts);
    let outcome = case
        .expect
        .outcome
        .as_ref()
        .map(|_| bench.outcome(place, &case.facts));
    let law = bench.law;
    Answer {
        verdict,
        open: keys(law, &open),
        outcome: outcome.map(|(word, open)| (word, keys(law, &open))),
    }
}

/// Whether one of a case's expectations would fail with a change in place.
fn notices(bench: &mut Bench, place: usize, case: &Case, before: &Answer, change: &Change) -> bool {
    let law = bench.law;
    let expect = &case.expect;
    let undo = put(bench, change);
    let (verdict, open) = bench.verdict(place, &case.facts);
    take_back(bench, undo);
    if expect.verdict.is_some() && verdict != before.verdict {
        return true;
    }
    let Some((word, outcome_open)) = &before.outcome else {
        return expect.essential.is_some() && keys(law, &open) != before.open;
    };
    let (outcome, open) = changed_outcome(bench, change, |bench| bench.outcome(place, &case.facts));
    outcome != *word || (expect.essential.is_some() && keys(law, &open) != *outcome_open)
}

fn provision_mutants(
    bench: &mut Bench,
    rules: &Rules,
    usual: &Usual,
    place: usize,
    report: &mut MutationReport,
) {
    let law = bench.law;
    let provision = &law.provisions[place];
    let before: Vec<Answer> = provision
        .cases
        .iter()
        .map(|case| answer(bench, place, case))
        .collect();
    for change in changes(bench, place) {
        report.mutants += 1;
        let noticed = provision
            .cases
            .iter()
            .zip(&before)
            .any(|(case, before)| notices(bench, place, case, before, &change));
        if noticed {
            report.killed += 1;
            continue;
        }
        let owner = format!("`{}`", provision.id);
        match difference(bench, rules, usual, place, &change) {
            Difference::None => report.equivalent += 1,
            Difference::Shown(block) => report.survivors.push(Survivor {
                at: change.at,
                owner,
                change: change.words,
                suggestion: Some(block),
            }),
            Difference::NotShown(why) => report.not_checked.push(NotChecked {
                at: change.at,
                what: format!("{owner}: {}", change.words),
                why,
            }),
        }
    }
}

fn put(bench: &mut Bench, change: &Change) -> Vec<(usize, crate::program::Rule)> {
    let law = bench.law;
    change
        .put
        .iter()
        .map(|(rule, version)| (*rule, bench.work.put(*rule, version, law)))
        .collect()
}

fn take_back(bench: &mut Bench, undo: Vec<(usize, crate::program::Rule)>) {
    for (rule, before) in undo {
        bench.work.restore(rule, before);
    }
}

/// The outcome with a change in place: with parts dropped, rules may hang on other tests than before.
fn changed_outcome<T>(bench: &mut Bench, change: &Change, ask: impl FnOnce(&mut Bench) -> T) -> T {
    let law = bench.law;
    let undo = put(bench, change);
    if change.structural {
        bench.work.index(law);
    }
    let answer = ask(bench);
    take_back(bench, undo);
    if change.structural {
        bench.work.index(law);
    }
    answer
}

enum Difference {
    /// There is none, whatever the facts.
    None,
    /// A case tells the two apart.
    Shown(String),
    /// Neither.
    NotShown(&'static str),
}

fn difference(
    bench: &mut Bench,
    rules: &Rules,
    usual: &Usual,
    place: usize,
    change: &Change,
) -> Difference {
    let question = differing(bench, rules, place, change);
    let mut block = None;
    let mut tells = |witness: &Witness| {
        let (verdict, _) = bench.verdict(place, &witness.facts);
        let effect = bench.effect(place, &witness.facts);
        let undo = put(bench, change);
        let (other, _) = bench.verdict(place, &witness.facts);
        let other_effect = bench.effect(place, &witness.facts);
        take_back(bench, undo);
        let expect = if verdict != other {
            (verdict != CaseVerdict::NotKnown).then(|| format!("{{ verdict = \"{verdict}\" }}"))
        } else if verdict == CaseVerdict::Applies && effect != other_effect {
            // The same verdict by another version: only the outcome tells, where no other provision decides it.
            let (outcome, _) = bench.outcome(place, &witness.facts);
            let known = effect.is_some_and(|effect| outcome == effect.word());
            let rest = if known {
                ""
            } else {
                " # state what else decides the outcome, so that nothing stronger or open stands beside it"
            };
            effect.map(|effect| format!("{{ outcome = \"{effect}\" }}{rest}"))
        } else {
            None
        };
        let Some(expect) = expect else { return false };
        block = Some(format!(
            "```toml case\nname   = \"\"\n{}\nexpect = {expect}\n```",
            witness.given()
        ));
        true
    };
    if question.witness(usual, &mut tells).is_some() {
        return block.map_or(Difference::NotShown(NOT_SHOWN), Difference::Shown);
    }
    match question.free() {
        None => Difference::NotShown(TOO_LARGE),
        Some((_, Ref::NO)) => Difference::None,
        Some(_) => Difference::NotShown(NOT_SHOWN),
    }
}

/// The facts for which a provision, and the provision changed, come to different effects that no exception lifts.
fn differing<'q>(
    bench: &Bench<'q>,
    rules: &'q Rules<'q>,
    place: usize,
    change: &'q Change,
) -> Question<'q> {
    let mut survey = Survey::default();
    rules.survey(place, &mut survey);
    for (_, version) in &change.put {
        survey.version(bench.law, version);
    }
    // Rules and versions of a provision stand in the same order.
    let pairs: Vec<(&Version, &Version)> = (bench.rules(place).iter().zip(rules.versions(place)))
        .map(|(rule, own)| {
            (
                *own,
                change
                    .put
                    .iter()
                    .find(|(each, _)| each == rule)
                    .map_or(*own, |(_, other)| other),
            )
        })
        .collect();
    let mut levels: Vec<_> = pairs.iter().map(|(own, _)| own.effect).collect();
    levels.sort_unstable();
    levels.dedup();
    let build = move |space: &mut Space<'q>| {
        let mut differ = Ref::NO;
        for level in &levels {
            let (mut own, mut changed) = (Ref::NO, Ref::NO);
            for (version, other) in pairs.iter().filter(|(own, _)| own.effect >= *level) {
                let (version, other) = (space.version(version)?, space.version(other)?);
                own = space.or(own, version)?;
                changed = space.or(changed, other)?;
            }
            let here = space.differ(own, changed)?;
            differ = space.or(differ, here)?;
        }
        rules.unlifted(space, place, differ)
    };
    Question {
        law: bench.law,
        survey,
        build: Box::new(build),
    }
}

fn entry_mutants(bench: &mut Bench, usual: &Usual, entry: &Entry, report: &mut MutationReport) {
    let law = bench.law;
    let Some(condition) = &entry.when else { return };
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let before: Vec<Option<bool>> = entry
        .samples
        .iter()
        .map(|sample| bench.condition(condition, date, &sample.facts))
        .collect();
    for mutant in mutants(law, condition) {
        report.mutants += 1;
        let noticed = entry.samples.iter().zip(&before).any(|(sample, before)| {
            bench.condition(&mutant.condition, date, &sample.facts) != *before
        });
        if noticed {
            report.killed += 1;
            continue;
        }
        let owner = format!("the entry `{}`", entry.code);
        match entry_difference(bench, usual, condition, &mutant.condition, date) {
            Difference::None => report.equivalent += 1,
            Difference::Shown(block) => report.survivors.push(Survivor {
                at: mutant.at,
                owner,
                change: mutant.change,
                suggestion: Some(block),
            }),
            Difference::NotShown(why) => report.not_checked.push(NotChecked {
                at: mutant.at,
                what: format!("{owner}: {}", mutant.change),
                why,
            }),
        }
    }
}

fn entry_difference(
    bench: &mut Bench,
    usual: &Usual,
    condition: &Cond,
    mutant: &Cond,
    date: FactId,
) -> Difference {
    let mut survey = Survey::default();
    survey.condition(condition, date);
    survey.condition(mutant, date);
    let build = |space: &mut Space| {
        let (own, other) = (
            space.condition(condition, date)?,
            space.condition(mutant, date)?,
        );
        space.differ(own, other)
    };
    let question = Question {
        law: bench.law,
        survey,
        build: Box::new(build),
    };
    let mut block = None;
    let mut tells = |witness: &Witness| {
        let (own, other) = (
            bench.condition(condition, date, &witness.facts),
            bench.condition(mutant, date, &witness.facts),
        );
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
    if question.witness(usual, &mut tells).is_some() {
        return block.map_or(Difference::NotShown(NOT_SHOWN), Difference::Shown);
    }
    match question.free() {
        None => Difference::NotShown(TOO_LARGE),
        Some((_, Ref::NO)) => Difference::None,
        Some(_) => Difference::NotShown(NOT_SHOWN),
    }
}
