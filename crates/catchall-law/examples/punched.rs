//! The long hunt: `cargo run --release -p catchall-law --example punched -- 1000000 [seed] [threads]`.
//!
//! Makes transfers over the packs of the project, punches facts out of them, and counts definite answers that some
//! completion gives the lie to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/reference/mod.rs"]
mod reference;

use std::time::Instant;

use catchall_law::Program;
use catchall_model::Day;
use reference::hunt::{Effort, Tally, hunt};
use reference::transfers::Desk;
use reference::world::Court;

fn main() {
    let argument = |place: usize, usual: u64| {
        std::env::args()
            .nth(place)
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let (count, seed, threads) = (argument(1, 1_000_000), argument(2, 1), argument(3, 1));
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let start = Instant::now();
    let mut whole = Tally::default();
    let runs = 100 * threads;
    for run in (0..runs).step_by(usize::try_from(threads).unwrap()) {
        let tallies: Vec<Tally> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..threads)
                .map(|thread| {
                    let (law, program) = (&law, &program);
                    scope.spawn(move || {
                        let court = Court::new(law, Day::MAX);
                        let desk = Desk::of(&court);
                        hunt(
                            law,
                            program,
                            &court,
                            &desk,
                            (count / runs).max(1),
                            seed * 1_000_000 + run + thread,
                            Effort {
                                enumerate: 600,
                                sample: 24,
                            },
                        )
                    })
                })
                .collect();
            all.into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        tallies.into_iter().for_each(|tally| whole.add(tally));
        if (run / threads) % 10 == 9 || whole.false_definite + whole.wrong + whole.needless_open > 0
        {
            println!("after {:?}: {whole}", start.elapsed());
            whole
                .first_wrong
                .iter()
                .take(3)
                .for_each(|wrong| println!("{wrong}\n"));
        }
        if whole.first_wrong.len() > 3 {
            break;
        }
    }
    println!("in {:?}: {whole}", start.elapsed());
}
