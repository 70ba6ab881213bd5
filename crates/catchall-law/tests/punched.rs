//! Transfers over the packs of the project with holes punched into them: no definite answer may be false.
//!
//! `PUNCHED=n` runs so many; the full run is `cargo run --release -p catchall-law --example punched -- 1000000`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod reference;

use catchall_law::Program;
use catchall_model::Day;
use reference::hunt::{Effort, hunt};
use reference::transfers::Desk;
use reference::world::Court;

#[test]
fn no_punched_transfer_has_a_false_definite_answer() {
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let court = Court::new(&law, Day::MAX);
    let desk = Desk::of(&court);
    let count = std::env::var("PUNCHED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(if cfg!(debug_assertions) { 60 } else { 2_000 });
    let tally = hunt(
        &law,
        &program,
        &court,
        &desk,
        count,
        1,
        Effort {
            enumerate: 200,
            sample: 8,
        },
    );
    eprintln!("{tally}");
    assert_eq!(
        (tally.false_definite, tally.needless_open, tally.wrong),
        (0, 0, 0),
        "{tally}{}",
        tally.first_wrong.join("\n")
    );
}
