//! The long hunt: `cargo run --release -p catchall-law --example punched -- COUNT [SEED] [real|random]`.
//!
//! Makes transfers over the packs of the project, or states of laws made at random, punches facts out of them, and
//! counts definite answers that some completion gives the lie to. It ends with an error when it finds one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/reference/mod.rs"]
mod reference;

use std::process::ExitCode;
use std::time::Instant;

use catchall_law::Program;
use catchall_model::Day;
use reference::hunt::{Effort, Tally, random_laws, transfers};
use reference::transfers::Desk;
use reference::world::Court;

const EFFORT: Effort = Effort {
    enumerate: 600,
    sample: 24,
    whole: 20,
    twice: 10_000,
};

/// Transfers of one seed.
const CHUNK: u64 = 10_000;
/// States of one random law.
const STATES: u64 = 200;

fn main() -> ExitCode {
    let argument = |place: usize| std::env::args().nth(place);
    let number = |place: usize| argument(place).and_then(|text| text.parse::<u64>().ok());
    let (count, seed) = (number(1).unwrap_or(1_000_000), number(2).unwrap_or(1));
    let at_random = argument(3).is_some_and(|word| word == "random");
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let court = Court::new(&law, Day::MAX);
    let desk = Desk::of(&court);
    let start = Instant::now();
    let mut whole = Tally::default();
    let mut chunk = 0;
    while whole.transfers < count {
        let own = CHUNK.min(count - whole.transfers);
        let own_seed = seed * 1_000_000 + chunk * (CHUNK / STATES);
        whole.add(if at_random {
            random_laws(own, STATES, own_seed, EFFORT)
        } else {
            transfers(&law, &program, &court, &desk, own, own_seed, EFFORT)
        });
        chunk += 1;
        if chunk % 10 == 0 || !whole.first_wrong.is_empty() {
            println!("after {:?}: {whole}", start.elapsed());
            for wrong in whole.first_wrong.drain(..).take(3) {
                println!("{wrong}\n");
            }
        }
    }
    println!("in {:?}, seed {seed}: {whole}", start.elapsed());
    if whole.false_definite + whole.needless_open + whole.wrong > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
