//! Questions: how long it takes to say what is missing, over the real packs.

use std::hint::black_box;

use catchall_law::{Depth, FactId, Facts, Scratch};

use crate::Asked;
use crate::clock::{least, quantile};
use crate::random::Random;
use crate::real::Real;
use crate::report::{Bar, Report, number};

/// Most facts deleted.
const MOST_MISSING: usize = 6;
/// Each call is timed so often, and the least counts.
const REPEATS: usize = 5;

/// What was timed of one transfer.
struct Timed {
    micros: f64,
    open: bool,
    exact: bool,
}

pub fn measure(report: &mut Report, asked: &Asked, real: &Real) {
    report.section(
        "4. Questions over the real packs: bounds, essential facts, deciding sets, next question",
    );
    let mut random = Random::new(0x0a5c_ed00);
    let mut scratch = Scratch::default();
    let mut settled: Vec<Facts> = Vec::new();
    let mut tried = 0;
    while settled.len() < asked.question_bases && tried < asked.question_bases * 4 {
        tried += 1;
        settled.extend(real.complete(&mut random, &mut scratch));
    }
    report.words(format!(
        "{} transfers that are settled (in {} more the law itself is open), and some of their facts deleted; wall clock, least of {REPEATS}",
        number(settled.len() as f64),
        tried - settled.len()
    ));
    let everything: Vec<Facts> = settled
        .iter()
        .map(|facts| real.with_everything(facts, &mut random))
        .collect();
    report.words("every other fact of the vocabulary stated:");
    deleted(
        report,
        real,
        &everything,
        "questions.deleted",
        &mut random,
        &mut scratch,
    );
    report.words("as people state them: only what mattered was stated, so that a deleted kind leaves its figures open too:");
    deleted(
        report,
        real,
        &settled,
        "questions.as_stated",
        &mut random,
        &mut scratch,
    );
    least_known(report, real, &settled, &mut scratch);
}

/// One to six facts deleted from each of these.
fn deleted(
    report: &mut Report,
    real: &Real,
    whole: &[Facts],
    id: &str,
    random: &mut Random,
    scratch: &mut Scratch,
) {
    let mut all: Vec<Timed> = Vec::new();
    for missing in 1..=MOST_MISSING {
        let timed: Vec<Timed> = whole
            .iter()
            .map(|facts| one(real, &without(real, facts, missing, random), scratch))
            .collect();
        figures(
            report,
            &format!("{id}.{missing}"),
            &format!("{missing} deleted"),
            &timed,
            None,
        );
        all.extend(timed);
    }
    figures(
        report,
        &format!("{id}.1_to_6"),
        "1 to 6 deleted, together",
        &all,
        Some(Bar::AtMost(50.0)),
    );
}

/// With nearly nothing known.
fn least_known(report: &mut Report, real: &Real, whole: &[Facts], scratch: &mut Scratch) {
    let vocabulary = &real.law.vocabulary;
    let nothing = one(real, &Facts::default(), scratch);
    let note = if nothing.exact {
        "exact"
    } else {
        "at least these: beyond the cap of nodes"
    };
    report.figure(
        "questions.everything",
        "everything missing",
        nothing.micros,
        "us",
        Some(Bar::AtMost(2_000.0)),
        note,
    );
    for (id, known) in [
        ("date", &["date"][..]),
        ("date_from_to", &["date", "from", "to"]),
        (
            "date_from_to_act_form",
            &["date", "from", "to", "act", "item.form"],
        ),
        (
            "with_kind",
            &["date", "from", "to", "act", "item.form", "item.kind"],
        ),
    ] {
        let keep: Vec<FactId> = known
            .iter()
            .filter_map(|key| vocabulary.fact(key))
            .collect();
        let timed: Vec<Timed> = whole
            .iter()
            .take(20)
            .map(|facts| {
                let mut left = Facts::default();
                for fact in &keep {
                    if let Some(value) = facts.get(*fact) {
                        left.set(*fact, value.clone());
                    }
                }
                one(real, &left, scratch)
            })
            .collect();
        let mut micros: Vec<f64> = timed.iter().map(|timed| timed.micros).collect();
        micros.sort_by(f64::total_cmp);
        let inexact = timed.iter().filter(|timed| !timed.exact).count();
        let note = format!(
            "p50 {}, max {}; {inexact} of {} not exact",
            number(quantile(&micros, 0.5)),
            number(quantile(&micros, 1.0)),
            micros.len()
        );
        report.figure(
            format!("questions.only.{id}"),
            format!("only {} known, p99", known.join(", ")),
            quantile(&micros, 0.99),
            "us",
            None,
            note,
        );
    }
}

/// Deletes facts of the program's own table first of all, since a transfer lacks these; figures as they come.
fn without(real: &Real, facts: &Facts, missing: usize, random: &mut Random) -> Facts {
    let mut left = facts.clone();
    let of_transfer = |fact: &FactId| real.law.vocabulary.get(*fact).at.is_none();
    let (mut stated, figures): (Vec<FactId>, Vec<FactId>) =
        facts.stated().map(|(fact, _)| fact).partition(of_transfer);
    // Of hundreds of figures most never matter to one kind of item: a few stand for them.
    for _ in 0..4.min(figures.len()) {
        stated.push(figures[random.below(figures.len())]);
    }
    stated.sort_unstable();
    stated.dedup();
    for _ in 0..missing.min(stated.len()) {
        let gone = stated.swap_remove(random.below(stated.len()));
        left.unset(gone);
    }
    left
}

fn one(real: &Real, facts: &Facts, scratch: &mut Scratch) -> Timed {
    let all = real.jurisdictions();
    let open = real
        .program
        .open(&real.law.vocabulary, facts, &all, Depth::Questions, scratch);
    let nanos = least(REPEATS, || {
        black_box(
            real.program
                .open(&real.law.vocabulary, facts, &all, Depth::Questions, scratch),
        );
    });
    Timed {
        micros: nanos / 1000.0,
        open: open.least != open.most,
        exact: open.exact,
    }
}

fn figures(report: &mut Report, id: &str, label: &str, timed: &[Timed], bar: Option<Bar>) {
    let sorted = |only_open: bool| {
        let mut micros: Vec<f64> = timed
            .iter()
            .filter(|timed| timed.open || !only_open)
            .map(|timed| timed.micros)
            .collect();
        micros.sort_by(f64::total_cmp);
        micros
    };
    let (open, any) = (sorted(true), sorted(false));
    let inexact = timed.iter().filter(|timed| !timed.exact).count();
    let note = format!(
        "p50 {}, max {} of {}; of all {}: p50 {}, p99 {}; {inexact} not exact",
        number(quantile(&open, 0.5)),
        number(quantile(&open, 1.0)),
        open.len(),
        any.len(),
        number(quantile(&any, 0.5)),
        number(quantile(&any, 0.99))
    );
    report.figure(
        format!("{id}.p99"),
        format!("{label}: p99 of what is open"),
        quantile(&open, 0.99),
        "us",
        bar,
        note,
    );
}
