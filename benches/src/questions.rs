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
    report.section("4. Questions over the real packs (bounds, essential facts, deciding sets, next question)".to_owned());
    let mut random = Random::new(0x0a5c_ed00);
    let mut scratch = Scratch::default();
    let mut whole: Vec<Facts> = Vec::new();
    let mut tried = 0;
    while whole.len() < asked.question_bases && tried < asked.question_bases * 4 {
        tried += 1;
        whole.extend(real.complete(&mut random, &mut scratch));
    }
    report.words(format!(
        "{} transfers with everything known that matters ({} of {tried} tried; in the others the law itself is open), then some of their facts deleted",
        number(whole.len() as f64),
        number(whole.len() as f64)
    ));
    let mut all: Vec<Timed> = Vec::new();
    for missing in 1..=MOST_MISSING {
        let timed: Vec<Timed> = whole.iter().map(|facts| one(real, &without(facts, missing, &mut random), &mut scratch)).collect();
        figures(report, &format!("questions.{missing}"), &format!("{missing} missing"), &timed, false);
        all.extend(timed);
    }
    figures(report, "questions.1_to_6", "1 to 6 missing, together", &all, true);
    let inexact = all.iter().filter(|timed| !timed.exact).count();
    report.words(format!("{} of {} are answered with \"at least these\", beyond the cap of nodes", number(inexact as f64), number(all.len() as f64)));
    least_known(report, real, &whole, &mut scratch);
}

/// With nearly nothing known.
fn least_known(report: &mut Report, real: &Real, whole: &[Facts], scratch: &mut Scratch) {
    let vocabulary = &real.law.vocabulary;
    let nothing = one(real, &Facts::default(), scratch);
    let note = if nothing.exact { "exact" } else { "at least these: beyond the cap of nodes" };
    report.figure("questions.everything", "everything missing", nothing.micros, "us", Some(Bar::AtMost(2_000.0)), note);
    for (id, known) in [
        ("date", &["date"][..]),
        ("date_from_to", &["date", "from", "to"]),
        ("date_from_to_act_form", &["date", "from", "to", "act", "item.form"]),
        ("with_kind", &["date", "from", "to", "act", "item.form", "item.kind"]),
    ] {
        let keep: Vec<FactId> = known.iter().filter_map(|key| vocabulary.fact(key)).collect();
        let timed: Vec<Timed> = whole
            .iter()
            .take(100)
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
        let note = format!("p50 {}, max {}; {inexact} of {} not exact", number(quantile(&micros, 0.5)), number(quantile(&micros, 1.0)), micros.len());
        report.figure(format!("questions.only.{id}"), format!("only {} known, p99", known.join(", ")), quantile(&micros, 0.99), "us", None, note);
    }
}

fn without(facts: &Facts, missing: usize, random: &mut Random) -> Facts {
    let mut left = facts.clone();
    let mut stated: Vec<FactId> = facts.stated().map(|(fact, _)| fact).collect();
    for _ in 0..missing.min(stated.len()) {
        let gone = stated.swap_remove(random.below(stated.len()));
        left.unset(gone);
    }
    left
}

fn one(real: &Real, facts: &Facts, scratch: &mut Scratch) -> Timed {
    let all = real.jurisdictions();
    let open = real.program.open(&real.law.vocabulary, facts, &all, Depth::Questions, scratch);
    let nanos = least(REPEATS, || {
        black_box(real.program.open(&real.law.vocabulary, facts, &all, Depth::Questions, scratch));
    });
    Timed { micros: nanos / 1000.0, open: open.least != open.most, exact: open.exact }
}

fn figures(report: &mut Report, id: &str, label: &str, timed: &[Timed], with_bar: bool) {
    let bar = with_bar.then_some(Bar::AtMost(50.0));
    let mut open: Vec<f64> = timed.iter().filter(|timed| timed.open).map(|timed| timed.micros).collect();
    let mut any: Vec<f64> = timed.iter().map(|timed| timed.micros).collect();
    open.sort_by(f64::total_cmp);
    any.sort_by(f64::total_cmp);
    let note = format!("p50 {}, max {}; {} open; all {}: p50 {}, p99 {}", number(quantile(&open, 0.5)), number(quantile(&open, 1.0)), open.len(), any.len(), number(quantile(&any, 0.5)), number(quantile(&any, 0.99)));
    report.figure(format!("{id}.p99"), format!("{label}: p99 of those left open"), quantile(&open, 0.99), "us", bar, note);
}
