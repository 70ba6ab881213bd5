//! How long the evaluator and the exact completion take over the packs of the project.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../tests/reference/mod.rs"]
mod reference;

use std::time::Instant;

use catchall_law::{Depth, Facts, Program, Scratch};
use catchall_model::Day;
use reference::partial::Partial;
use reference::random::Random;
use reference::states::Palette;
use reference::table::{Aim, asked};
use reference::world::Court;

fn main() {
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let court = Court::new(&law, Day::MAX);
    println!(
        "{} rules, {} jurisdictions, {} entries",
        program.len(),
        program.jurisdictions().count(),
        law.lists.iter().map(|l| l.entries.len()).sum::<usize>()
    );
    let mut scratch = Scratch::default();
    let all: Vec<usize> = (0..law.nexus.len()).collect();
    let nothing = Facts::default();
    for round in 0..2 {
        let start = Instant::now();
        let open = program.open(
            &law.vocabulary,
            &nothing,
            &all,
            Depth::Questions,
            &mut scratch,
        );
        println!(
            "round {round}: nothing known, all: {:?} exact {} essential {}",
            start.elapsed(),
            open.exact,
            open.essential.len()
        );
        for place in &all {
            let start = Instant::now();
            let open = program.open(
                &law.vocabulary,
                &nothing,
                &[*place],
                Depth::Questions,
                &mut scratch,
            );
            println!(
                "  {}: {:?} exact {} essential {} {:?}..{:?}",
                law.nexus[*place].jurisdiction,
                start.elapsed(),
                open.exact,
                open.essential.len(),
                open.least,
                open.most
            );
        }
    }
    let partial = Partial::new(&court, &nothing);
    let palette = Palette::of(
        &law,
        asked(&partial, &Aim::Jurisdictions(all.clone()), false).questions,
    );
    println!("{} facts mentioned", palette.facts.len());
    let mut random = Random::new(1);
    for missing in [0, 1, 2, 4, 6, 10, 20] {
        let mut times = Vec::new();
        let mut inexact = 0;
        let mut open_count = 0;
        let mut reached = Vec::new();
        let mut reach_time = 0.0;
        for _ in 0..400 {
            let world = palette.world(&mut random);
            let mut facts = palette.facts(&law, &world);
            for _ in 0..missing {
                let fact = random.pick(&palette.facts).0;
                facts.unset(fact);
            }
            for key in [
                "to",
                "item.kind",
                "end_use.uses",
                "exporter.knows",
                "from",
                "date",
                "act",
            ]
            .iter()
            .take(missing)
            {
                if random.chance(1, 2)
                    && let Some(fact) = law.vocabulary.fact(key)
                {
                    facts.unset(fact);
                }
            }
            let start = Instant::now();
            program.reach(&facts, &mut scratch, &mut reached);
            reach_time += start.elapsed().as_secs_f64();
            let start = Instant::now();
            let open = program.open(
                &law.vocabulary,
                &facts,
                &all,
                Depth::Questions,
                &mut scratch,
            );
            times.push(start.elapsed().as_secs_f64() * 1e6);
            inexact += usize::from(!open.exact);
            open_count += usize::from(open.least != open.most);
        }
        times.sort_by(f64::total_cmp);
        println!(
            "{missing} missing: reach {:.2} us, open p50 {:.1} us p99 {:.1} us max {:.1} us; {open_count} open, {inexact} inexact",
            reach_time / 400.0 * 1e6,
            times[200],
            times[396],
            times[399]
        );
    }
}
