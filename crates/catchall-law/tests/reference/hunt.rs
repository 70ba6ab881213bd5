//! The hunt for a definite answer that some completion gives the lie to.

use std::collections::BTreeSet;
use std::fmt;

use catchall_law::{
    Cond, Depth, Domain, FactId, Facts, Law, Open, Program, Reached, Scratch, TestKind, Tri,
};
use catchall_model::Effect;

use super::left::Remains;
use super::pack_text::{Recipe, make};
use super::partial::Partial;
use super::random::Random;
use super::states::{Palette, Punch, claims, punch};
use super::table::{Aim, Table, Way, enumerate};
use super::transfers::Desk;
use super::world::{Court, World};

/// What the hunt saw.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub transfers: u64,
    /// Overall answers that Kleene gives alone; that the completion gives; that stay open.
    pub kleene: u64,
    pub completed: u64,
    pub open: u64,
    /// Of these, not exact.
    pub inexact: u64,
    /// Compared with every completion; with some.
    pub enumerated: u64,
    pub sampled: u64,
    /// Completions judged.
    pub completions: u64,
    /// Answers of single jurisdictions held against completions.
    pub jurisdictions: u64,
    /// Complete worlds judged by the whole law; transfers enumerated both ways.
    pub whole: u64,
    pub twice: u64,
    /// Definite, and yet some completion differs.
    pub false_definite: u64,
    /// Exact and open, though every completion agrees.
    pub needless_open: u64,
    /// Bounds, essential facts or reading differ from the enumeration though they are called exact.
    pub wrong: u64,
    pub first_wrong: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.transfers += other.transfers;
        self.kleene += other.kleene;
        self.completed += other.completed;
        self.open += other.open;
        self.inexact += other.inexact;
        self.enumerated += other.enumerated;
        self.sampled += other.sampled;
        self.completions += other.completions;
        self.jurisdictions += other.jurisdictions;
        self.whole += other.whole;
        self.twice += other.twice;
        self.false_definite += other.false_definite;
        self.needless_open += other.needless_open;
        self.wrong += other.wrong;
        self.first_wrong.extend(other.first_wrong);
    }

    fn note(&mut self, text: impl FnOnce() -> String) {
        if self.first_wrong.len() < 5 {
            self.first_wrong.push(text());
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} punched transfers", self.transfers)?;
        writeln!(
            f,
            "  definite by the two planes {}, by completion {}, open {} ({} not exact)",
            self.kleene, self.completed, self.open, self.inexact
        )?;
        writeln!(
            f,
            "  held against every completion {}, against a sample {} ({} completions judged, {} answers of single jurisdictions)",
            self.enumerated, self.sampled, self.completions, self.jurisdictions
        )?;
        writeln!(
            f,
            "  judged whole in a complete world {}, enumerated the slow way too {}",
            self.whole, self.twice
        )?;
        writeln!(
            f,
            "  false definite answers {}, needless opens {}, wrong exact answers {}",
            self.false_definite, self.needless_open, self.wrong
        )
    }
}

/// How much to look at for each transfer.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// The most completions to enumerate.
    pub enumerate: usize,
    /// Completions to sample where there are more.
    pub sample: usize,
    /// One transfer in so many is judged in the world it was punched from and in one that differs in what was not
    /// stated: the whole law over all facts, nothing left out.
    pub whole: u64,
    /// One in so many is enumerated the slow way too, and both ways must agree.
    pub twice: u64,
}

/// The evaluator beside the reference, on one law.
pub struct Hunt<'a> {
    pub law: &'a Law,
    pub program: &'a Program,
    pub court: &'a Court<'a>,
    pub palette: &'a Palette<'a>,
    pub effort: Effort,
    pub seed: u64,
}

/// One transfer with all that was said of it.
struct Found<'a, 'f> {
    hunt: &'a Hunt<'a>,
    number: u64,
    facts: &'f Facts,
    open: Open,
    reached: &'f [Reached],
}

impl Found<'_, '_> {
    fn definite(&self) -> bool {
        self.open.least == self.open.most
    }

    fn context(&self, what: &str) -> String {
        let vocabulary = &self.hunt.law.vocabulary;
        let stated: Vec<String> = self
            .facts
            .stated()
            .map(|(fact, value)| format!("{} = {value:?}", vocabulary.get(fact).key))
            .collect();
        format!(
            "transfer {} of seed {}: {what}\n  {:?}\n  {:?}\n  {}\n  {:?}",
            self.number,
            self.hunt.seed,
            self.open,
            self.reached,
            stated.join("\n  "),
            self.facts.claims
        )
    }
}

impl Hunt<'_> {
    /// Makes so many transfers, each with the world it was punched from, and holds the evaluator's answers against the
    /// reference.
    pub fn run(&self, count: u64, make: &mut dyn FnMut(&mut Random) -> (World, Facts)) -> Tally {
        let mut random = Random::new(self.seed);
        let mut scratch = Scratch::default();
        let mut reached = Vec::new();
        let mut tally = Tally::default();
        let all: Vec<usize> = (0..self.law.nexus.len()).collect();
        for number in 0..count {
            let (world, facts) = make(&mut random);
            tally.transfers += 1;
            self.program.reach(&facts, &mut scratch, &mut reached);
            let open = self.program.open(
                &self.law.vocabulary,
                &facts,
                &all,
                Depth::Essential,
                &mut scratch,
            );
            let found = Found {
                hunt: self,
                number,
                facts: &facts,
                open,
                reached: &reached,
            };
            self.planes(&found, &mut tally);
            let partial = Partial::new(self.court, &facts);
            let remains = Remains::of(&partial);
            self.overall(&found, &partial, &remains, &all, &mut random, &mut tally);
            self.jurisdictions(&found, &remains, &mut random, &mut tally);
            if number.is_multiple_of(self.effort.whole) {
                self.whole(&found, &partial, &world, &mut tally);
                let other = self.another(&facts, world, &mut random);
                self.whole(&found, &partial, &other, &mut tally);
            }
        }
        tally
    }

    /// What the two planes say beside what the completion says.
    fn planes(&self, found: &Found, tally: &mut Tally) {
        let strongest = |of: fn(&Reached) -> Effect| {
            let each = found.reached.iter().map(of);
            each.max().unwrap_or(Effect::NoLicenceRequired)
        };
        let (sure, most) = (
            strongest(|reached| reached.sure),
            strongest(|reached| reached.most),
        );
        match (sure == most, found.definite()) {
            (true, _) => tally.kleene += 1,
            (false, true) => tally.completed += 1,
            (false, false) => tally.open += 1,
        }
        tally.inexact += u64::from(!found.definite() && !found.open.exact);
        if sure > found.open.least || found.open.most > most {
            tally.wrong += 1;
            tally.note(|| found.context("the completion leaves Kleene's bounds"));
        }
    }

    /// The strongest outcome of all jurisdictions, held against its completions.
    fn overall(
        &self,
        found: &Found,
        partial: &Partial,
        remains: &Remains,
        all: &[usize],
        random: &mut Random,
        tally: &mut Tally,
    ) {
        let case = remains.case(all);
        let Some(table) = case.table(self.effort.enumerate) else {
            tally.sampled += 1;
            tally.completions += self.effort.sample as u64;
            let outcomes = case.sample(self.effort.sample, random);
            let outside = outcomes
                .iter()
                .any(|outcome| *outcome < found.open.least || *outcome > found.open.most);
            if outside {
                self.lie(found, tally, &format!("some completions give {outcomes:?}"));
            }
            return;
        };
        tally.enumerated += 1;
        tally.completions += table.outcomes.len() as u64;
        let Some(bounds) = table.bounds() else { return };
        let essential = listed(self.law, &found.open, table.essential());
        let said = (found.open.least, found.open.most);
        if found.definite() && bounds != said {
            self.lie(found, tally, &format!("the completions give {bounds:?}"));
        } else if !found.definite() && found.open.exact && bounds.0 == bounds.1 {
            tally.needless_open += 1;
            tally.note(|| found.context(&format!("open, but the completions give {bounds:?}")));
        } else if bounds.0 < said.0
            || bounds.1 > said.1
            || (found.open.exact
                && (bounds != said
                    || found.open.essential != essential
                    || found.open.reading != table.reading()))
        {
            tally.wrong += 1;
            let names: Vec<&str> = table
                .essential()
                .iter()
                .map(|fact| self.law.vocabulary.get(*fact).key.as_str())
                .collect();
            tally.note(|| {
                found.context(&format!(
                    "the completions give {bounds:?} and turn on {names:?}, reading {}",
                    table.reading()
                ))
            });
        }
        if found.number.is_multiple_of(self.effort.twice) {
            self.twice(found, partial, &table, all, tally);
        }
    }

    /// The slow way gives the same table.
    fn twice(
        &self,
        found: &Found,
        partial: &Partial,
        table: &Table,
        all: &[usize],
        tally: &mut Tally,
    ) {
        let way = Way {
            prune: true,
            every: false,
            most: self.effort.enumerate * 4,
        };
        let Some(slow) = enumerate(partial, &Aim::Jurisdictions(all.to_vec()), way) else {
            return;
        };
        tally.twice += 1;
        let part = |table: &Table| (table.bounds(), table.essential(), table.reading());
        if part(&slow) != part(table) {
            tally.wrong += 1;
            tally.note(|| {
                let (slow, quick) = (part(&slow), part(table));
                found.context(&format!(
                    "the reference differs from itself: {slow:?} {quick:?}"
                ))
            });
        }
    }

    /// Each jurisdiction's own definite answer.
    fn jurisdictions(
        &self,
        found: &Found,
        remains: &Remains,
        random: &mut Random,
        tally: &mut Tally,
    ) {
        for (place, reached) in found.reached.iter().enumerate() {
            if reached.sure != reached.most || reached.nexus == Tri::Open {
                continue;
            }
            tally.jurisdictions += 1;
            let (nexus, least, most) = remains.bounds(place);
            let settled = nexus == Some(reached.nexus == Tri::Yes) && least == most;
            let outcomes = if settled {
                BTreeSet::from([least])
            } else {
                let case = remains.case(&[place]);
                match case.table(self.effort.enumerate) {
                    Some(table) => table.outcomes.into_iter().collect(),
                    None => case.sample(self.effort.sample, random),
                }
            };
            if outcomes.iter().any(|outcome| *outcome != reached.sure) {
                tally.false_definite += 1;
                tally.note(|| {
                    found.context(&format!(
                        "jurisdiction {place} is definite, but some completions give {outcomes:?}"
                    ))
                });
            }
        }
    }

    /// The world with other values for all that was not stated.
    fn another(&self, facts: &Facts, mut world: World, random: &mut Random) -> World {
        for (fact, values) in &self.palette.facts {
            if facts.get(*fact).is_none() {
                world.set(*fact, random.pick(values));
            }
        }
        world.reading = random.chance(1, 2);
        world
    }

    /// The whole law over a world that the stated facts allow, nothing left out.
    fn whole(&self, found: &Found, partial: &Partial, world: &World, tally: &mut Tally) {
        tally.whole += 1;
        tally.completions += 1;
        let answers = self.court.judge(world, &partial.fixed);
        let truth = answers.iter().map(|(_, effect)| *effect).max();
        let truth = truth.unwrap_or(Effect::NoLicenceRequired);
        if truth < found.open.least || truth > found.open.most {
            self.lie(found, tally, &format!("a whole world gives {truth:?}"));
        }
        for (place, reached) in found.reached.iter().enumerate() {
            let (nexus, effect) = answers[place];
            let outside = effect < reached.sure && reached.nexus == Tri::Yes
                || effect > reached.most
                || (reached.nexus != Tri::Open && reached.nexus != Tri::of(nexus));
            if outside {
                tally.wrong += 1;
                tally.note(|| {
                    found.context(&format!(
                        "in a whole world, jurisdiction {place}: {nexus} {effect:?}"
                    ))
                });
            }
        }
    }

    fn lie(&self, found: &Found, tally: &mut Tally, what: &str) {
        if found.definite() {
            tally.false_definite += 1;
        } else {
            tally.wrong += 1;
        }
        tally.note(|| found.context(what));
    }
}

/// The facts that an answer lists of those that matter: while the kind of the item is open, its figures that entries of
/// lists ask for may wait for the kind, if the answer says so.
pub fn listed(law: &Law, open: &Open, mut essential: Vec<FactId>) -> Vec<FactId> {
    if open.figures_follow {
        let figures = figures(law);
        essential.retain(|fact| !figures.contains(fact));
    }
    essential
}

/// The figures of the item that entries of lists ask for: rows of the packs' vocabulary, and the curve.
fn figures(law: &Law) -> BTreeSet<FactId> {
    fn see(condition: &Cond, found: &mut BTreeSet<FactId>) {
        match condition {
            Cond::Always => {}
            Cond::Not(inner) => see(inner, found),
            Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
                parts.iter().for_each(|part| see(part, found));
            }
            Cond::Test(test) => match &test.kind {
                TestKind::Yes(fact)
                | TestKind::OneOf(fact, _)
                | TestKind::Includes(fact, _)
                | TestKind::Between(fact, ..)
                | TestKind::Delivers(fact, ..) => {
                    found.insert(*fact);
                }
                _ => {}
            },
        }
    }
    let mut found = BTreeSet::new();
    let entries = law.lists.iter().flat_map(|list| &list.entries);
    entries
        .filter_map(|entry| entry.when.as_ref())
        .for_each(|when| see(when, &mut found));
    found.retain(|fact| {
        let row = law.vocabulary.get(*fact);
        row.domain != Domain::Kinds && (row.at.is_some() || row.domain == Domain::Curve)
    });
    found
}

/// Transfers over the packs of the project.
pub fn transfers(
    law: &Law,
    program: &Program,
    court: &Court,
    desk: &Desk,
    count: u64,
    seed: u64,
    effort: Effort,
) -> Tally {
    let hunt = Hunt {
        law,
        program,
        court,
        palette: &desk.palette,
        effort,
        seed,
    };
    hunt.run(count, &mut |random| {
        let world = desk.world(random);
        let (forget, widen) = (
            random.pick(&[0, 1, 1, 2, 2, 3, 4, 6, 9]),
            random.pick(&[0, 0, 1, 2, 4]),
        );
        let facts = desk.punched(law, &world, forget, widen, random);
        (world, facts)
    })
}

/// States of laws made at random: so many states of each law, one law a seed.
pub fn random_laws(count: u64, states: u64, seed: u64, effort: Effort) -> Tally {
    let mut whole = Tally::default();
    let mut law_seed = seed;
    while whole.transfers < count {
        let mut random = Random::new(law_seed);
        let recipe = Recipe {
            law_open: !law_seed.is_multiple_of(3),
            relative: law_seed % 3 == 2,
            palette: 5,
            provisions: 4,
        };
        let made = make(&mut random, recipe);
        let program = Program::compile(&made.law, made.known_by);
        let court = Court::new(&made.law, made.known_by);
        let palette = Palette::of_court(&court);
        let hunt = Hunt {
            law: &made.law,
            program: &program,
            court: &court,
            palette: &palette,
            effort,
            seed: law_seed,
        };
        let punches = [(30, 20), (10, 50), (60, 10)];
        whole.add(
            hunt.run(states.min(count - whole.transfers), &mut |random| {
                let world = palette.world(random);
                let (forget, widen) = random.pick(&punches);
                let mut facts = punch(&made.law, &palette, &world, Punch { forget, widen }, random);
                facts.claims = claims(&made.law, random);
                (world, facts)
            }),
        );
        law_seed += 1;
    }
    whole
}
