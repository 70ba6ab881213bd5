//! Cases: every worked case of every provision, and every sample of every entry, run and compared.

use std::fmt;

use super::bench::{Bench, CaseVerdict};
use super::commitments;
use super::space::facts_text;
use super::walk;
use crate::diagnostic::At;
use crate::missing::Open;
use crate::pack::{Case, Entry, Law};
use crate::state::Facts;
use crate::vocabulary::FactId;

/// What came of running every case and every sample.
#[derive(Clone, Debug, Default)]
pub struct TestReport {
    /// Provisions with a case.
    pub provisions: usize,
    /// Cases run.
    pub cases: usize,
    /// Entries with a sample.
    pub entries: usize,
    /// Samples run.
    pub samples: usize,
    /// Undertakings with a case.
    pub undertakings: usize,
    /// Cases of undertakings run.
    pub standings: usize,
    /// Those that did not come out as expected.
    pub failures: Vec<Failure>,
}

/// A case or a sample that did not come out as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where it stands.
    pub at: At,
    /// Whose it is, and its name.
    pub case: String,
    /// What the pack expects.
    pub expected: String,
    /// What came out.
    pub found: String,
    /// The tests that decided, in words.
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: expected {}, found {}",
            self.at, self.case, self.expected, self.found
        )?;
        if !self.why.is_empty() {
            write!(f, "; because {}", self.why)?;
        }
        Ok(())
    }
}

/// Runs every case and every sample.
///
/// A case's `verdict` is that of its provision over all versions recorded now, each by the date it is tested on, with
/// its exceptions and apart from the nexus; `outcome` is that of its jurisdiction; `essential` are exactly the facts that
/// can still change the outcome where one is expected, else the verdict. A sample asks an entry's test alone, apart from
/// the days on which the entry stands on its list.
pub fn test(law: &Law) -> TestReport {
    let mut report = TestReport::default();
    if !law.sanctions.is_empty() {
        let suppliers = law.on_suppliers();
        run_cases(&mut Bench::new(&suppliers), &mut report);
    }
    let mut bench = Bench::new(law);
    run_cases(&mut bench, &mut report);
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        report.entries += usize::from(!entry.samples.is_empty());
        for sample in &entry.samples {
            report.samples += 1;
            report.failures.extend(run_sample(
                &mut bench,
                entry,
                sample.expect,
                &sample.facts,
                &sample.at,
                date,
            ));
        }
    }
    commitments::run(law, &mut report);
    report.failures.sort_by(|a, b| a.at.cmp(&b.at));
    report
}

/// The cases of every provision.
fn run_cases(bench: &mut Bench, report: &mut TestReport) {
    for (place, provision) in bench.law.provisions.iter().enumerate() {
        report.provisions += usize::from(!provision.cases.is_empty());
        for case in &provision.cases {
            report.cases += 1;
            report.failures.extend(run_case(bench, place, case));
        }
    }
}

fn run_case(bench: &mut Bench, place: usize, case: &Case) -> Vec<Failure> {
    let law = bench.law;
    let provision = &law.provisions[place];
    let mut failures = Vec::new();
    let name = format!("`{}`, \"{}\"", provision.id, case.name);
    let mut fail = |expected: String, found: String, why: String| {
        failures.push(Failure {
            at: case.at.clone(),
            case: name.clone(),
            expected,
            found,
            why,
        });
    };
    let (verdict, mut open) = bench.verdict(place, &case.facts);
    if let Some(expected) = &case.expect.verdict
        && expected != verdict.word()
    {
        let why = why(bench, place, verdict, &case.facts);
        let found = match verdict {
            CaseVerdict::NotKnown => format!("{verdict} (open: {})", keys(law, &open).join(", ")),
            other => other.to_string(),
        };
        fail(expected.clone(), found, why);
    }
    if let Some(expected) = &case.expect.outcome {
        let (outcome, whole) = bench.outcome(place, &case.facts);
        if expected != outcome {
            let found = format!("{outcome} of `{}`", provision.jurisdiction);
            let why = deciding(bench, place, &case.facts, &whole);
            fail(expected.clone(), found, why);
        }
        open = whole;
    }
    if let Some(expected) = &case.expect.essential {
        let found = keys(law, &open);
        if *expected != found {
            let said = |keys: &[String]| {
                if keys.is_empty() {
                    "nothing".to_owned()
                } else {
                    keys.join(", ")
                }
            };
            let exact = if open.exact {
                ""
            } else {
                "; found are at least these: too many values, or two dates that hang together"
            };
            fail(
                format!("essential: {}", said(expected)),
                format!("essential: {}{exact}", said(&found)),
                String::new(),
            );
        }
    }
    failures
}

/// The keys of the facts that can still change an answer, in the order of the alphabet.
pub(super) fn keys(law: &Law, open: &Open) -> Vec<String> {
    let mut keys: Vec<String> = open
        .essential
        .iter()
        .map(|fact| law.vocabulary.get(*fact).key.clone())
        .collect();
    keys.sort();
    keys
}

/// The tests that led to a verdict.
fn why(bench: &mut Bench, place: usize, verdict: CaseVerdict, facts: &Facts) -> String {
    let law = bench.law;
    let provision = &law.provisions[place];
    if !walk::effective(law, provision) {
        return format!(
            "`{}` never entered into force, so its provisions have no effect",
            law.instruments[provision.instrument].id
        );
    }
    if verdict == CaseVerdict::Excepted {
        let lifts: Vec<usize> = (0..law.provisions.len())
            .filter(|each| law.provisions[*each].excepts.contains(&place))
            .collect();
        let holding: Vec<String> = lifts
            .into_iter()
            .filter(|each| bench.verdict(*each, facts).0 == CaseVerdict::Applies)
            .map(|each| format!("`{}`", law.provisions[each].id))
            .collect();
        return format!("{} lifts it", holding.join(" and "));
    }
    let mut said: Vec<String> = Vec::new();
    let rules: Vec<usize> = bench.rules(place).to_vec();
    for rule in rules {
        let version = bench.version(rule);
        let tested_on = &law.vocabulary.get(version.tested_on).key;
        let in_force = bench.in_force(rule, facts);
        if in_force != Some(true) {
            let said_now = if in_force.is_none() {
                "may or may not be"
            } else {
                "is not"
            };
            said.push(format!(
                "the version of line {} ({}) {said_now} in force on `{tested_on}`",
                version.at.line, version.in_force.text
            ));
            if in_force == Some(false) {
                continue;
            }
        }
        let because = bench.because(&version.when, version.tested_on, facts);
        if !because.is_empty() {
            said.push(because);
        }
    }
    said.join("; ")
}

/// The provisions of a jurisdiction that decide an outcome.
fn deciding(bench: &mut Bench, place: usize, facts: &Facts, open: &Open) -> String {
    let law = bench.law;
    let jurisdiction = &law.provisions[place].jurisdiction;
    let mut said = Vec::new();
    for (each, provision) in law.provisions.iter().enumerate() {
        if provision.jurisdiction != *jurisdiction || bench.rules(each).is_empty() {
            continue;
        }
        let verdict = bench.verdict(each, facts).0;
        if !matches!(verdict, CaseVerdict::DoesNotApply | CaseVerdict::Excepted) {
            let strongest = bench
                .rules(each)
                .iter()
                .map(|rule| bench.version(*rule).effect)
                .max();
            let effect = bench
                .effect(each, facts)
                .or(strongest)
                .map_or("", |effect| effect.word());
            said.push(format!("`{}` ({effect}) {verdict}", provision.id));
        }
    }
    if said.is_empty() {
        said.push("no provision applies".to_owned());
    }
    if !open.essential.is_empty() {
        said.push(format!("open: {}", keys(law, open).join(", ")));
    }
    walk::short(&said.join("; "), 400)
}

fn run_sample(
    bench: &mut Bench,
    entry: &Entry,
    expect: Option<bool>,
    facts: &Facts,
    at: &At,
    date: FactId,
) -> Option<Failure> {
    let word = |answer: Option<bool>| match answer {
        Some(true) => "inside",
        Some(false) => "outside",
        None => "open",
    };
    let case = format!(
        "entry `{}`, the sample `{}` ({})",
        entry.code,
        word(expect),
        facts_text(bench.law, facts)
    );
    let Some(condition) = &entry.when else {
        let (expected, found) = (
            word(expect).to_owned(),
            "an entry without a test".to_owned(),
        );
        return Some(Failure {
            at: at.clone(),
            case,
            expected,
            found,
            why: "write `when`, or drop the sample".to_owned(),
        });
    };
    let found = bench.condition(condition, date, facts);
    (found != expect).then(|| {
        let why = bench.because(condition, date, facts);
        Failure {
            at: at.clone(),
            case,
            expected: word(expect).to_owned(),
            found: word(found).to_owned(),
            why,
        }
    })
}
