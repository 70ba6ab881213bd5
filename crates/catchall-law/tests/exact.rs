//! The evaluator and the exact completion, held against a slow reference interpreter on random law.
//!
//! Each law is text made from a seed; each state is a complete world with holes punched into it. A failure
//! prints the seed: `EXACT_SEED=n EXACT_LAWS=1 cargo test -p catchall-law --test exact` runs that law alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::type_complexity,
    missing_docs
)]

mod reference;

use catchall_law::{Depth, Facts, Open, Program, Reached, Scratch, Tri, Value, read_value};
use catchall_model::{Effect, Given};

use reference::answers::meant;
use reference::hunt::listed;
use reference::left::Remains;
use reference::pack_text::{Made, Recipe, make};
use reference::partial::Partial;
use reference::random::Random;
use reference::states::{Palette, Punch, claims, punch};
use reference::table::{Aim, Table, Way, enumerate};
use reference::world::{Court, Exact};

const PLAIN: Recipe = Recipe {
    law_open: false,
    relative: false,
    palette: 5,
    provisions: 4,
};
const OPEN_LAW: Recipe = Recipe {
    law_open: true,
    relative: false,
    palette: 5,
    provisions: 4,
};
const RELATIVE: Recipe = Recipe {
    law_open: true,
    relative: true,
    palette: 4,
    provisions: 3,
};

/// So many laws, unless the environment says otherwise.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    // A build without optimisation is some thirty times slower; it looks at fewer laws.
    let usual = if cfg!(debug_assertions) {
        usual.div_ceil(8)
    } else {
        usual
    };
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let first = number("EXACT_SEED").unwrap_or(0);
    first..first + number("EXACT_LAWS").unwrap_or(usual)
}

/// A random law with everything that is asked of it.
struct Bench {
    made: Made,
    program: Program,
    seed: u64,
}

impl Bench {
    fn new(seed: u64, recipe: Recipe) -> (Bench, Random) {
        let mut random = Random::new(seed);
        let made = make(&mut random, recipe);
        let program = Program::compile(&made.law, made.known_by);
        (
            Bench {
                made,
                program,
                seed,
            },
            random,
        )
    }

    fn court(&self) -> Court<'_> {
        Court::new(&self.made.law, self.made.known_by)
    }

    fn show(&self) -> String {
        let texts: Vec<String> = self
            .made
            .files
            .iter()
            .skip(2)
            .map(|file| format!("==== {}\n{}", file.path, file.text))
            .collect();
        format!(
            "{}\nknown by {}\nseed {}",
            texts.join("\n"),
            self.made.known_by,
            self.seed
        )
    }

    fn facts(&self, facts: &Facts) -> String {
        let vocabulary = &self.made.law.vocabulary;
        let mut lines: Vec<String> = facts
            .stated()
            .map(|(fact, value)| format!("  {} = {value:?}", vocabulary.get(fact).key))
            .collect();
        lines.push(format!("  claims {:?}", facts.claims));
        lines.join("\n")
    }

    fn names(&self, facts: &[catchall_law::FactId]) -> Vec<&str> {
        facts
            .iter()
            .map(|fact| self.made.law.vocabulary.get(*fact).key.as_str())
            .collect()
    }
}

fn all(court: &Court) -> Vec<usize> {
    (0..court.law.nexus.len()).collect()
}

fn way(every: bool) -> Way {
    Way {
        prune: false,
        every,
        most: 40_000,
    }
}

/// The bounds of a jurisdiction as the evaluator gives them.
fn bounds(reached: &Reached) -> (Effect, Effect) {
    (reached.sure, reached.most)
}

#[test]
fn complete_facts_give_the_reference_answer() {
    for seed in seeds(120) {
        for recipe in [PLAIN, OPEN_LAW, RELATIVE] {
            let (bench, mut random) = Bench::new(seed, recipe);
            let court = bench.court();
            let palette = Palette::of_court(&court);
            let mut scratch = Scratch::default();
            let mut reached = Vec::new();
            for _ in 0..40 {
                let mut world = palette.world(&mut random);
                let mut facts = palette.facts(&bench.made.law, &world);
                facts.claims = claims(&bench.made.law, &mut random);
                let partial = Partial::new(&court, &facts);
                let answers = [false, true].map(|reading| {
                    world.reading = reading;
                    court.judge(&world, &partial.fixed)
                });
                bench.program.reach(&facts, &mut scratch, &mut reached);
                for (place, found) in reached.iter().enumerate() {
                    let (nexus, effect) = (
                        answers.each_ref().map(|answer| answer[place].0),
                        answers.each_ref().map(|answer| answer[place].1),
                    );
                    let (least, most) = (effect[0].min(effect[1]), effect[0].max(effect[1]));
                    let context = || {
                        format!(
                            "{}\n{}\njurisdiction {place}: {found:?}, reference {answers:?}",
                            bench.show(),
                            bench.facts(&facts)
                        )
                    };
                    assert!(
                        found.sure <= least && most <= found.most,
                        "outside the bounds\n{}",
                        context()
                    );
                    if !recipe.law_open && facts.claims.is_empty() {
                        assert_eq!(bounds(found), (least, most), "{}", context());
                        assert_eq!(found.nexus, Tri::of(nexus[0]), "{}", context());
                    }
                    if nexus[0] == nexus[1] && found.nexus != Tri::Open {
                        assert_eq!(found.nexus, Tri::of(nexus[0]), "{}", context());
                    }
                }
                let open = bench.program.open(
                    &bench.made.law.vocabulary,
                    &facts,
                    &all(&court),
                    Depth::Questions,
                    &mut scratch,
                );
                let overall = answers
                    .each_ref()
                    .map(|answer| answer.iter().map(|each| each.1).max().unwrap());
                let context = || {
                    format!(
                        "{}\n{}\n{open:?}, reference {overall:?}",
                        bench.show(),
                        bench.facts(&facts)
                    )
                };
                assert!(open.exact, "not exact\n{}", context());
                assert_eq!(
                    (open.least, open.most),
                    (overall[0].min(overall[1]), overall[0].max(overall[1])),
                    "{}",
                    context()
                );
                assert_eq!(
                    open.essential,
                    [],
                    "known facts cannot matter\n{}",
                    context()
                );
                assert_eq!(open.reading, overall[0] != overall[1], "{}", context());
                if open.reading {
                    assert_eq!(
                        open.readings,
                        Some((overall[1], overall[0])),
                        "{}",
                        context()
                    );
                }
            }
        }
    }
}

/// What to make of one punched state.
struct Punched<'a> {
    bench: &'a Bench,
    facts: &'a Facts,
    partial: &'a Partial<'a, 'a>,
    table: &'a Table,
    open: &'a Open,
    reached: &'a [Reached],
}

impl Punched<'_> {
    fn context(&self) -> String {
        format!(
            "{}\n{}\nopen {:?}\nreached {:?}\nreference {:?}, essential {:?}, reading {}\nessential {:?}",
            self.bench.show(),
            self.bench.facts(self.facts),
            self.open,
            self.reached,
            self.table.bounds(),
            self.bench.names(&self.table.essential()),
            self.table.reading(),
            self.bench.names(&self.open.essential),
        )
    }
}

/// Runs a check over punched states of random laws that can be enumerated; how many there were.
fn each_punched(
    laws: std::ops::Range<u64>,
    recipes: &[Recipe],
    states: usize,
    check: &mut dyn FnMut(&Punched),
) -> usize {
    let mut count = 0;
    for seed in laws {
        for recipe in recipes {
            let (bench, mut random) = Bench::new(seed, *recipe);
            let court = bench.court();
            let palette = Palette::of_court(&court);
            let mut scratch = Scratch::default();
            let mut reached = Vec::new();
            for number in 0..states {
                let world = palette.world(&mut random);
                let way_of_punching = random.pick(&[
                    Punch {
                        forget: 30,
                        widen: 20,
                    },
                    Punch {
                        forget: 10,
                        widen: 50,
                    },
                    Punch {
                        forget: 60,
                        widen: 10,
                    },
                ]);
                let mut facts = punch(
                    &bench.made.law,
                    &palette,
                    &world,
                    way_of_punching,
                    &mut random,
                );
                facts.claims = claims(&bench.made.law, &mut random);
                let partial = Partial::new(&court, &facts);
                let aim = Aim::Jurisdictions(all(&court));
                let Some(table) = enumerate(&partial, &aim, way(number % 8 == 0)) else {
                    continue;
                };
                if table.outcomes.is_empty() {
                    continue;
                }
                bench.program.reach(&facts, &mut scratch, &mut reached);
                let further = bench.program.open_further(
                    &bench.made.law.vocabulary,
                    &facts,
                    &all(&court),
                    Depth::Questions,
                    &mut scratch,
                );
                let open = bench.program.open(
                    &bench.made.law.vocabulary,
                    &facts,
                    &all(&court),
                    Depth::Questions,
                    &mut scratch,
                );
                assert_eq!(
                    further,
                    open,
                    "from the look that found it open, and afresh:\n{}\n{}",
                    bench.show(),
                    bench.facts(&facts)
                );
                check(&Punched {
                    bench: &bench,
                    facts: &facts,
                    partial: &partial,
                    table: &table,
                    open: &open,
                    reached: &reached,
                });
                count += 1;
            }
        }
    }
    count
}

#[test]
fn an_exact_answer_is_what_enumeration_finds() {
    let mut open = 0;
    let count = each_punched(seeds(60), &[PLAIN, OPEN_LAW], 30, &mut |case| {
        assert!(case.open.exact, "not exact\n{}", case.context());
        assert_eq!(
            (case.open.least, case.open.most),
            case.table.bounds().unwrap(),
            "{}",
            case.context()
        );
        assert_eq!(
            case.open.essential,
            case.table.essential(),
            "{}",
            case.context()
        );
        assert_eq!(
            case.open.reading,
            case.table.reading(),
            "{}",
            case.context()
        );
        open += usize::from(case.open.least != case.open.most);
    });
    eprintln!("{count} states, {open} of them open");
}

#[test]
fn bounds_hold_where_two_days_hang_together() {
    let mut exact = 0;
    let count = each_punched(seeds(60), &[RELATIVE], 30, &mut |case| {
        let (least, most) = case.table.bounds().unwrap();
        assert!(
            case.open.least <= least && most <= case.open.most,
            "{}",
            case.context()
        );
        if case.open.exact {
            assert_eq!(
                (case.open.least, case.open.most),
                (least, most),
                "{}",
                case.context()
            );
            assert_eq!(
                case.open.essential,
                case.table.essential(),
                "{}",
                case.context()
            );
            exact += 1;
        } else {
            let missed: Vec<_> = case
                .table
                .essential()
                .into_iter()
                .filter(|fact| !case.open.essential.contains(fact))
                .collect();
            assert_eq!(
                missed,
                [],
                "an essential fact is not named\n{}",
                case.context()
            );
        }
    });
    eprintln!("{count} states, {exact} of them exact");
}

#[test]
fn kleene_answers_contain_every_completion() {
    each_punched(seeds(40), &[PLAIN, OPEN_LAW, RELATIVE], 20, &mut |case| {
        let (least, most) = case.table.bounds().unwrap();
        let sure = case
            .reached
            .iter()
            .map(|reached| reached.sure)
            .max()
            .unwrap();
        let possible = case
            .reached
            .iter()
            .map(|reached| reached.most)
            .max()
            .unwrap();
        assert!(sure <= least && most <= possible, "{}", case.context());
        assert!(
            sure <= case.open.least && case.open.most <= possible,
            "{}",
            case.context()
        );
    });
}

#[test]
fn the_search_finds_what_the_diagram_finds() {
    let mut scratch = Scratch::searching();
    let mut sets = 0;
    each_punched(seeds(4), &[PLAIN, OPEN_LAW, RELATIVE], 30, &mut |case| {
        let law = &case.bench.made.law;
        let places: Vec<usize> = (0..law.nexus.len()).collect();
        let found = case.bench.program.open(
            &law.vocabulary,
            case.facts,
            &places,
            Depth::Questions,
            &mut scratch,
        );
        let part = |open: &Open| {
            (
                open.least,
                open.most,
                open.essential.clone(),
                open.reading,
                open.readings,
                open.exact,
            )
        };
        assert_eq!(part(&found), part(case.open), "{}", case.context());
        sets += found.deciding.len();
        settles(case, &found);
    });
    eprintln!("{sets} deciding sets");
}

#[test]
fn figures_wait_for_the_kind_where_it_is_open() {
    let mut scratch = Scratch::kind_first();
    let (mut waiting, mut fewer) = (0, 0);
    each_punched(seeds(240), &[PLAIN, OPEN_LAW], 30, &mut |case| {
        let law = &case.bench.made.law;
        let places: Vec<usize> = (0..law.nexus.len()).collect();
        let found = case.bench.program.open(
            &law.vocabulary,
            case.facts,
            &places,
            Depth::Questions,
            &mut scratch,
        );
        assert_eq!(
            (found.least, found.most, found.reading, found.exact),
            (
                case.open.least,
                case.open.most,
                case.open.reading,
                case.open.exact
            ),
            "{}",
            case.context()
        );
        let listed = listed(law, &found, case.table.essential());
        assert_eq!(found.essential, listed, "{}", case.context());
        if found.figures_follow {
            waiting += 1;
            assert!(
                listed.len() < case.table.essential().len(),
                "no figure waits\n{}",
                case.context()
            );
            let kind = law.vocabulary.fact("item.kind").unwrap();
            assert!(listed.contains(&kind), "{}", case.context());
            assert!(found.next.is_some(), "{}", case.context());
        }
        fewer += case.table.essential().len() - listed.len();
        settles(case, &found);
    });
    eprintln!("{waiting} with figures that wait, {fewer} figures");
    assert!(waiting > 0, "too tame");
}

#[test]
fn every_deciding_set_settles() {
    let mut sets = 0;
    each_punched(seeds(60), &[PLAIN, OPEN_LAW], 30, &mut |case| {
        sets += case.open.deciding.len();
        settles(case, case.open);
        assert_eq!(
            case.open.next.is_some(),
            !case.open.essential.is_empty(),
            "{}",
            case.context()
        );
        assert!(
            case.open
                .next
                .is_none_or(|fact| case.open.essential.contains(&fact)),
            "{}",
            case.context()
        );
    });
    eprintln!("{sets} deciding sets");
}

/// Every deciding set leaves one outcome, its own.
fn settles(case: &Punched, open: &Open) {
    let law = &case.bench.made.law;
    if !open.exact {
        return;
    }
    for set in &open.deciding {
        let fits = |fact: catchall_law::FactId, words: &str, exact: &Exact| {
            meant(law, case.facts, fact, words, exact) == Some(true)
        };
        let tests: Vec<(catchall_law::FactId, Box<dyn Fn(&Exact) -> bool>)> = set
            .answers
            .iter()
            .map(|(fact, answer)| {
                let (fact, words) = (*fact, answer.0.clone());
                let test: Box<dyn Fn(&Exact) -> bool> =
                    Box::new(move |exact| fits(fact, &words, exact));
                (fact, test)
            })
            .collect();
        let wanted: Vec<(catchall_law::FactId, &dyn Fn(&Exact) -> bool)> =
            tests.iter().map(|(fact, test)| (*fact, &**test)).collect();
        assert!(
            set.answers
                .iter()
                .all(|(fact, _)| open.essential.contains(fact)),
            "{set:?}\n{}",
            case.context()
        );
        let outcomes = case.table.where_all(&wanted);
        let shown: Vec<&Effect> = outcomes.iter().collect();
        assert!(
            outcomes.iter().all(|outcome| *outcome == set.outcome),
            "{set:?} leaves {shown:?}\n{}",
            case.context()
        );
    }
}

#[test]
fn each_jurisdiction_and_each_provision_is_completed_alone() {
    let mut scratch = Scratch::default();
    each_punched(seeds(40), &[PLAIN, OPEN_LAW], 12, &mut |case| {
        let law = &case.bench.made.law;
        for place in 0..law.nexus.len() {
            let Some(table) = enumerate(case.partial, &Aim::Jurisdictions(vec![place]), way(false))
            else {
                continue;
            };
            let open = case.bench.program.open(
                &law.vocabulary,
                case.facts,
                &[place],
                Depth::Essential,
                &mut scratch,
            );
            let context = || {
                format!(
                    "jurisdiction {place}: {open:?}\nreference {:?} {:?}\n{}",
                    table.bounds(),
                    table.essential(),
                    case.context()
                )
            };
            assert_eq!(
                (open.least, open.most),
                table.bounds().unwrap(),
                "{}",
                context()
            );
            assert_eq!(
                (&open.essential, open.reading),
                (&table.essential(), table.reading()),
                "{}",
                context()
            );
        }
        for provision in 0..law.provisions.len() {
            let Some(table) = enumerate(case.partial, &Aim::Provision(provision), way(false))
            else {
                continue;
            };
            let open =
                case.bench
                    .program
                    .open_rule(&law.vocabulary, case.facts, provision, &mut scratch);
            let context = || {
                format!(
                    "{}: {open:?}\nreference {:?} {:?}\n{}",
                    law.provisions[provision].id,
                    table.bounds(),
                    table.essential(),
                    case.context()
                )
            };
            assert_eq!(
                (open.least, open.most),
                table.bounds().unwrap(),
                "{}",
                context()
            );
            assert_eq!(
                (&open.essential, open.reading),
                (&table.essential(), table.reading()),
                "{}",
                context()
            );
        }
    });
}

#[test]
fn leaving_out_what_is_decided_changes_no_enumeration() {
    each_punched(seeds(40), &[PLAIN, OPEN_LAW, RELATIVE], 20, &mut |case| {
        let aim = Aim::Jurisdictions((0..case.bench.made.law.nexus.len()).collect());
        let pruned = enumerate(
            case.partial,
            &aim,
            Way {
                prune: true,
                every: false,
                most: 40_000,
            },
        )
        .unwrap();
        assert_eq!(pruned.bounds(), case.table.bounds(), "{}", case.context());
        assert_eq!(
            pruned.essential(),
            case.table.essential(),
            "{}",
            case.context()
        );
    });
}

#[test]
fn what_is_left_of_a_law_gives_the_same_table() {
    each_punched(seeds(60), &[PLAIN, OPEN_LAW, RELATIVE], 20, &mut |case| {
        let remains = Remains::of(case.partial);
        let part = |table: &Table| (table.bounds(), table.essential(), table.reading());
        let law = &case.bench.made.law;
        let each = (0..law.nexus.len()).map(|place| vec![place]);
        for places in each.chain([(0..law.nexus.len()).collect()]) {
            let aim = Aim::Jurisdictions(places.clone());
            let Some(slow) = enumerate(case.partial, &aim, way(false)) else {
                continue;
            };
            let quick = remains.case(&places).table(40_000).unwrap();
            assert_eq!(part(&quick), part(&slow), "{places:?}\n{}", case.context());
        }
    });
}

#[test]
fn a_definite_answer_never_changes_when_facts_are_added() {
    for seed in seeds(60) {
        for recipe in [PLAIN, OPEN_LAW, RELATIVE] {
            let (bench, mut random) = Bench::new(seed, recipe);
            let court = bench.court();
            let palette = Palette::of_court(&court);
            let mut scratch = Scratch::default();
            for _ in 0..20 {
                let world = palette.world(&mut random);
                let whole = palette.facts(&bench.made.law, &world);
                let mut facts = punch(
                    &bench.made.law,
                    &palette,
                    &world,
                    Punch {
                        forget: 60,
                        widen: 30,
                    },
                    &mut random,
                );
                let mut before: Option<Open> = None;
                let mut order: Vec<_> = palette.facts.iter().map(|(fact, _)| *fact).collect();
                while !order.is_empty() {
                    let open = bench.program.open(
                        &bench.made.law.vocabulary,
                        &facts,
                        &all(&court),
                        Depth::Essential,
                        &mut scratch,
                    );
                    if let Some(before) = &before {
                        let context = || {
                            format!(
                                "{}\n{}\n{before:?}\n{open:?}",
                                bench.show(),
                                bench.facts(&facts)
                            )
                        };
                        assert!(
                            before.least <= open.least && open.most <= before.most,
                            "{}",
                            context()
                        );
                        if before.exact && open.exact {
                            assert!(
                                open.essential
                                    .iter()
                                    .all(|fact| before.essential.contains(fact)),
                                "{}",
                                context()
                            );
                        }
                    }
                    before = Some(open);
                    let fact = order.swap_remove(random.below(order.len()));
                    facts.set(fact, whole.get(fact).unwrap().clone());
                }
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_output_in_any_room() {
    let mut used = Scratch::default();
    each_punched(seeds(30), &[PLAIN, OPEN_LAW], 10, &mut |case| {
        let law = &case.bench.made.law;
        let places: Vec<usize> = (0..law.nexus.len()).collect();
        for scratch in [&mut used, &mut Scratch::default()] {
            let again = case.bench.program.open(
                &law.vocabulary,
                case.facts,
                &places,
                Depth::Questions,
                scratch,
            );
            assert_eq!(again, *case.open, "{}", case.context());
        }
        let (mut reached, mut again) = (Vec::new(), Vec::new());
        case.bench
            .program
            .reach(case.facts, &mut used, &mut reached);
        case.bench
            .program
            .reach(case.facts, &mut Scratch::default(), &mut again);
        assert_eq!(reached, again);
        assert_eq!(reached, case.reached);
    });
}

#[test]
fn a_figure_in_another_unit_is_the_same_figure() {
    let spellings: [(&str, &[&str]); 4] = [
        (
            "item.length",
            &["50 mm", "5 cm", "0.05 m", "50000 um", "0.00005 km"],
        ),
        (
            "item.length",
            &["at least 100 mm", ">= 10 cm", "not less than 0.1 m"],
        ),
        ("item.drift", &["0.5 deg/h", "1800 arcsec/h", "0.50 deg/h"]),
        ("item.us_content", &["25 %", "25.0 %", "2.5e1 %"]),
    ];
    for seed in seeds(40) {
        let (bench, mut random) = Bench::new(seed, PLAIN);
        let court = bench.court();
        let palette = Palette::of_court(&court);
        let vocabulary = &bench.made.law.vocabulary;
        let world = palette.world(&mut random);
        let mut facts = palette.facts(&bench.made.law, &world);
        for (key, texts) in spellings {
            let fact = vocabulary.fact(key).unwrap();
            let values: Vec<Value> = texts
                .iter()
                .filter_map(|text| {
                    read_value(vocabulary, fact, &Given::Text((*text).to_owned())).ok()
                })
                .collect();
            assert!(values.len() > 1, "{key}: no second spelling can be read");
            let mut answers = values.into_iter().map(|value| {
                facts.set(fact, value);
                let open = bench.program.open(
                    vocabulary,
                    &facts,
                    &all(&court),
                    Depth::Questions,
                    &mut Scratch::default(),
                );
                let mut reached = Vec::new();
                bench
                    .program
                    .reach(&facts, &mut Scratch::default(), &mut reached);
                (open, reached)
            });
            let first = answers.next().unwrap();
            answers.for_each(|answer| assert_eq!(answer, first, "{key}\n{}", bench.show()));
        }
    }
}
