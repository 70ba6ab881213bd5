//! Columns against single transfers: every row of a sweep gets what [`Program::reach`] gives it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod reference;

use catchall_law::{Columns, Domain, Facts, Law, Program, Reached, Scratch, Sweep, Value};
use catchall_model::Day;
use reference::pack_text::{Recipe, make};
use reference::partial::Partial;
use reference::random::Random;
use reference::states::{Palette, Punch, claims, punch};
use reference::table::{Aim, asked};
use reference::transfers::Desk;
use reference::world::Court;

/// Holds a batch against its transfers one by one.
fn compare(
    law: &Law,
    program: &Program,
    columns: &Columns,
    transfers: &[Facts],
    sweep: &mut Sweep,
    seed: u64,
) {
    let mut scratch = Scratch::default();
    let (mut swept, mut reached): (Vec<Reached>, Vec<Reached>) = (Vec::new(), Vec::new());
    program.sweep(columns, sweep, &mut swept);
    let width = law.nexus.len();
    assert_eq!(swept.len(), transfers.len() * width);
    for (row, facts) in transfers.iter().enumerate() {
        program.reach(facts, &mut scratch, &mut reached);
        let stated: Vec<String> = facts
            .stated()
            .map(|(fact, value)| format!("{} = {value:?}", law.vocabulary.get(fact).key))
            .collect();
        assert_eq!(
            &swept[row * width..(row + 1) * width],
            reached.as_slice(),
            "seed {seed} row {row}\n{}\n{:?} {:?}",
            stated.join("\n"),
            facts.claims,
            facts.by_hand
        );
    }
}

#[test]
fn every_row_of_a_random_law_is_as_alone() {
    let laws = std::env::var("EXACT_LAWS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(if cfg!(debug_assertions) { 30 } else { 150 });
    for seed in 0..laws {
        for recipe in [
            Recipe {
                law_open: true,
                relative: false,
                palette: 6,
                provisions: 5,
            },
            Recipe {
                law_open: true,
                relative: true,
                palette: 5,
                provisions: 4,
            },
            Recipe {
                law_open: false,
                relative: false,
                palette: 9,
                provisions: 30,
            },
        ] {
            let mut random = Random::new(seed);
            let made = make(&mut random, recipe);
            let (law, program) = (&made.law, Program::compile(&made.law, made.known_by));
            let court = Court::new(law, made.known_by);
            let nothing = Facts::default();
            let partial = Partial::new(&court, &nothing);
            let palette = Palette::of(
                law,
                asked(
                    &partial,
                    &Aim::Jurisdictions((0..law.nexus.len()).collect()),
                    false,
                )
                .questions,
            );
            let mut columns = Columns::new(&program, &law.vocabulary);
            let mut sweep = Sweep::new(&program, &law.vocabulary);
            for rows in [1, 64, 130] {
                columns.clear();
                let transfers: Vec<Facts> = (0..rows)
                    .map(|_| {
                        let world = palette.world(&mut random);
                        let how = random.pick(&[
                            Punch {
                                forget: 0,
                                widen: 0,
                            },
                            Punch {
                                forget: 20,
                                widen: 20,
                            },
                            Punch {
                                forget: 50,
                                widen: 40,
                            },
                        ]);
                        let mut facts = punch(law, &palette, &world, how, &mut random);
                        facts.claims = claims(law, &mut random);
                        if random.chance(1, 8) {
                            let id = law.nexus[random.below(law.nexus.len())]
                                .jurisdiction
                                .clone();
                            facts.by_hand =
                                vec![(id.clone(), random.chance(1, 2)), (id, random.chance(1, 2))];
                        }
                        facts
                    })
                    .collect();
                transfers.iter().for_each(|facts| columns.push(facts));
                compare(law, &program, &columns, &transfers, &mut sweep, seed);
            }
        }
    }
}

#[test]
fn typed_columns_hold_what_rows_hold() {
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let made = make(
            &mut random,
            Recipe {
                law_open: true,
                relative: false,
                palette: 8,
                provisions: 5,
            },
        );
        let (law, program) = (&made.law, Program::compile(&made.law, made.known_by));
        let court = Court::new(law, made.known_by);
        let nothing = Facts::default();
        let partial = Partial::new(&court, &nothing);
        let palette = Palette::of(
            law,
            asked(
                &partial,
                &Aim::Jurisdictions((0..law.nexus.len()).collect()),
                false,
            )
            .questions,
        );
        let simple = |facts: &Facts| {
            // Only what typed columns hold.
            let mut kept = Facts::default();
            for (fact, value) in facts.stated() {
                let plain = match value {
                    Value::YesNo(_) | Value::One(_) | Value::Between(..) => true,
                    Value::Set { more, .. } => {
                        !more && matches!(law.vocabulary.get(fact).domain, Domain::Words(_))
                    }
                    _ => false,
                };
                let day = law.vocabulary.get(fact).domain == Domain::Date;
                if plain && !(day && matches!(value, Value::Between(low, high) if low != high)) {
                    kept.set(fact, value.clone());
                }
            }
            kept
        };
        let transfers: Vec<Facts> = (0..100)
            .map(|_| {
                let world = palette.world(&mut random);
                simple(&punch(
                    law,
                    &palette,
                    &world,
                    Punch {
                        forget: 20,
                        widen: 10,
                    },
                    &mut random,
                ))
            })
            .collect();
        let mut columns = Columns::new(&program, &law.vocabulary);
        columns.resize(transfers.len());
        for (fact, _) in &palette.facts {
            let values = || transfers.iter().map(|facts| facts.get(*fact));
            match law.vocabulary.get(*fact).domain {
                Domain::YesNo => columns.fill_yes_no(
                    *fact,
                    values().map(|value| match value {
                        Some(Value::YesNo(yes)) => Some(*yes),
                        _ => None,
                    }),
                ),
                Domain::Quantity(_) => columns.fill_figures(
                    *fact,
                    values().map(|value| match value {
                        Some(Value::Between(low, high)) => Some((*low, *high)),
                        _ => None,
                    }),
                ),
                Domain::Date => columns.fill_days(
                    *fact,
                    values().map(|value| match value {
                        Some(Value::Between(low, _)) => i64::try_from(low.grid()).ok(),
                        _ => None,
                    }),
                ),
                _ if law.vocabulary.get(*fact).many => columns.fill_sets(
                    *fact,
                    values().map(|value| match value {
                        Some(Value::Set { sure, .. }) => {
                            Some(sure.iter().fold(0, |all, one| all | 1 << one))
                        }
                        _ => None,
                    }),
                ),
                _ => columns.fill_words(
                    *fact,
                    values().map(|value| match value {
                        Some(Value::One(one)) => Some(*one),
                        _ => None,
                    }),
                ),
            }
        }
        compare(
            law,
            &program,
            &columns,
            &transfers,
            &mut Sweep::new(&program, &law.vocabulary),
            seed,
        );
    }
}

#[test]
fn every_row_over_the_packs_is_as_alone() {
    let law = reference::real::law();
    let program = Program::compile(&law, Day::MAX);
    let court = Court::new(&law, Day::MAX);
    let desk = Desk::of(&court);
    let mut random = Random::new(7);
    let mut columns = Columns::new(&program, &law.vocabulary);
    let mut sweep = Sweep::new(&program, &law.vocabulary);
    let batches = if cfg!(debug_assertions) { 4 } else { 40 };
    for batch in 0..batches {
        columns.clear();
        let transfers: Vec<Facts> = (0..200)
            .map(|_| {
                let world = desk.world(&mut random);
                let (forget, widen) = (random.below(6), random.below(3));
                desk.punched(&law, &world, forget, widen, &mut random)
            })
            .collect();
        transfers.iter().for_each(|facts| columns.push(facts));
        compare(&law, &program, &columns, &transfers, &mut sweep, batch);
    }
}
