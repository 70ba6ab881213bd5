//! Transfers over the packs of the project with holes punched into them: no definite answer may be false.
//!
//! `PUNCHED=n` runs so many; the full run is `cargo run --release -p catchall-law --example punched -- 1000000`, and
//! what it gave stands in `docs/proofs.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod reference;

use catchall_law::{Cond, Program};
use catchall_model::Day;
use reference::hunt::{Effort, Tally, random_laws, transfers};
use reference::transfers::Desk;
use reference::world::Court;

const EFFORT: Effort = Effort {
    enumerate: 600,
    sample: 16,
    whole: 20,
    twice: 100,
};

/// So many, unless the environment says otherwise; fewer in a build without optimisation.
fn count(usual: u64, plain: u64) -> u64 {
    std::env::var("PUNCHED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(if cfg!(debug_assertions) { plain } else { usual })
}

fn nothing_false(tally: &Tally) {
    eprintln!("{tally}");
    assert_eq!(
        (tally.false_definite, tally.needless_open, tally.wrong),
        (0, 0, 0),
        "{tally}{}",
        tally.first_wrong.join("\n")
    );
}

#[test]
fn no_punched_transfer_has_a_false_definite_answer() {
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let court = Court::new(&law, Day::MAX);
    let desk = Desk::of(&court);
    let count = count(5_000, 150);
    nothing_false(&transfers(&law, &program, &court, &desk, count, 1, EFFORT));
}

#[test]
fn no_punched_state_of_a_random_law_has_a_false_definite_answer() {
    nothing_false(&random_laws(count(20_000, 300), 50, 1, EFFORT));
}

/// The hunt must find a fault that is there: an evaluator whose law differs from the reference's in one provision.
#[test]
fn the_hunt_finds_a_planted_fault() {
    let law = reference::real::law();
    let court = Court::new(&law, Day::MAX);
    let desk = Desk::of(&court);
    let (mut planted, mut found) = (0, 0);
    for provision in (0..law.provisions.len()).step_by(40) {
        let mut other = law.clone();
        for version in &mut other.provisions[provision].versions {
            version.when = Cond::Always;
        }
        let program = Program::compile(&other, Day::MAX);
        let tally = transfers(&law, &program, &court, &desk, count(600, 60), 1, EFFORT);
        planted += 1;
        found += usize::from(tally.false_definite + tally.needless_open + tally.wrong > 0);
    }
    eprintln!("{found} of {planted} planted faults found");
    assert!(
        found * 2 > planted,
        "{found} of {planted} planted faults found"
    );
}
