//! The evaluator and the exact completion, held against a slow reference interpreter on random law.
//!
//! Each law is text made from a seed; each state is a complete world with holes punched into it. A failure
//! prints the seed: `EXACT_SEED=n EXACT_LAWS=1 cargo test -p catchall-law --test exact` runs that law alone.

mod reference;

use catchall_law::{Depth, Facts, Open, Program, Reached, Scratch, Tri};
use catchall_model::Effect;

use reference::pack_text::{Made, Recipe, make};
use reference::partial::Partial;
use reference::random::Random;
use reference::states::{Palette, Punch, claims, punch};
use reference::table::{Aim, Table, Way, asked, enumerate};
use reference::world::{Court, World};

const PLAIN: Recipe = Recipe { law_open: false, relative: false, palette: 5, provisions: 4 };
const OPEN_LAW: Recipe = Recipe { law_open: true, relative: false, palette: 5, provisions: 4 };
const RELATIVE: Recipe = Recipe { law_open: true, relative: true, palette: 4, provisions: 3 };

/// So many laws, unless the environment says otherwise.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
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
        (Bench { made, program, seed }, random)
    }

    fn court(&self) -> Court<'_> {
        Court::new(&self.made.law, self.made.known_by)
    }

    fn palette(&self, court: &Court) -> Palette {
        let nothing = Facts::default();
        let partial = Partial::new(court, &nothing);
        let mut questions = asked(&partial, &Aim::Jurisdictions(all(court)), false).questions;
        for list in 0..self.made.law.lists.len() {
            // What claims bring in.
            for entry in &self.made.law.lists[list].entries {
                for edition in &entry.editions {
                    questions.push(reference::domain::Question::Period(edition.period.clone(), court.date));
                }
            }
        }
        Palette::of(&self.made.law, questions)
    }

    fn show(&self) -> String {
        let texts: Vec<String> = self.made.files.iter().skip(2).map(|file| format!("==== {}\n{}", file.path, file.text)).collect();
        format!("{}\nknown by {}\nseed {}", texts.join("\n"), self.made.known_by, self.seed)
    }

    fn facts(&self, facts: &Facts) -> String {
        let vocabulary = &self.made.law.vocabulary;
        let mut lines: Vec<String> = facts.stated().map(|(fact, value)| format!("  {} = {value:?}", vocabulary.get(fact).key)).collect();
        lines.push(format!("  claims {:?}", facts.claims));
        lines.join("\n")
    }

    fn names(&self, facts: &[catchall_law::FactId]) -> Vec<&str> {
        facts.iter().map(|fact| self.made.law.vocabulary.get(*fact).key.as_str()).collect()
    }
}

fn all(court: &Court) -> Vec<usize> {
    (0..court.law.nexus.len()).collect()
}

fn way(every: bool) -> Way {
    Way { prune: false, every, most: 40_000 }
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
            let palette = bench.palette(&court);
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
                    let (nexus, effect) = (answers.each_ref().map(|answer| answer[place].0), answers.each_ref().map(|answer| answer[place].1));
                    let (least, most) = (effect[0].min(effect[1]), effect[0].max(effect[1]));
                    let context = || format!("{}\n{}\njurisdiction {place}: {found:?}, reference {answers:?}", bench.show(), bench.facts(&facts));
                    assert!(found.sure <= least && most <= found.most, "outside the bounds\n{}", context());
                    if !recipe.law_open && facts.claims.is_empty() {
                        assert_eq!(bounds(found), (least, most), "{}", context());
                        assert_eq!(found.nexus, Tri::of(nexus[0]), "{}", context());
                    }
                    if nexus[0] == nexus[1] && found.nexus != Tri::Open {
                        assert_eq!(found.nexus, Tri::of(nexus[0]), "{}", context());
                    }
                }
                let open = bench.program.open(&bench.made.law.vocabulary, &facts, &all(&court), Depth::Questions, &mut scratch);
                let overall = answers.each_ref().map(|answer| answer.iter().map(|each| each.1).max().unwrap());
                let context = || format!("{}\n{}\n{open:?}, reference {overall:?}", bench.show(), bench.facts(&facts));
                assert!(open.exact, "not exact\n{}", context());
                assert_eq!((open.least, open.most), (overall[0].min(overall[1]), overall[0].max(overall[1])), "{}", context());
                assert_eq!(open.essential, [], "known facts cannot matter\n{}", context());
                assert_eq!(open.reading, overall[0] != overall[1], "{}", context());
                if open.reading {
                    assert_eq!(open.readings, Some((overall[1], overall[0])), "{}", context());
                }
            }
        }
    }
}

/// What to make of one punched state.
struct Punched<'a> {
    bench: &'a Bench,
    world: &'a World,
    facts: &'a Facts,
    partial: &'a Partial<'a>,
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
fn each_punched(laws: std::ops::Range<u64>, recipes: &[Recipe], states: usize, check: &mut dyn FnMut(&Punched)) -> usize {
    let mut count = 0;
    for seed in laws {
        for recipe in recipes {
            let (bench, mut random) = Bench::new(seed, *recipe);
            let court = bench.court();
            let palette = bench.palette(&court);
            let mut scratch = Scratch::default();
            let mut reached = Vec::new();
            for number in 0..states {
                let world = palette.world(&mut random);
                let way_of_punching = random.pick(&[Punch { forget: 30, widen: 20 }, Punch { forget: 10, widen: 50 }, Punch { forget: 60, widen: 10 }]);
                let mut facts = punch(&bench.made.law, &palette, &world, way_of_punching, &mut random);
                facts.claims = claims(&bench.made.law, &mut random);
                let partial = Partial::new(&court, &facts);
                let aim = Aim::Jurisdictions(all(&court));
                let Some(table) = enumerate(&partial, &aim, way(number % 8 == 0)) else { continue };
                if table.outcomes.is_empty() {
                    continue;
                }
                bench.program.reach(&facts, &mut scratch, &mut reached);
                let open = bench.program.open(&bench.made.law.vocabulary, &facts, &all(&court), Depth::Questions, &mut scratch);
                check(&Punched { bench: &bench, world: &world, facts: &facts, partial: &partial, table: &table, open: &open, reached: &reached });
                count += 1;
            }
        }
    }
    count
}

#[test]
fn an_exact_answer_is_what_enumeration_finds() {
    let mut exact = 0;
    let count = each_punched(seeds(60), &[PLAIN, OPEN_LAW], 30, &mut |case| {
        let (least, most) = case.table.bounds().unwrap();
        assert!(case.open.exact, "not exact\n{}", case.context());
        assert_eq!((case.open.least, case.open.most), (least, most), "{}", case.context());
        assert_eq!(case.open.essential, case.table.essential(), "{}", case.context());
        assert_eq!(case.open.reading, case.table.reading(), "{}", case.context());
        exact += 1;
    });
    eprintln!("{exact} of {count} states exact");
}
