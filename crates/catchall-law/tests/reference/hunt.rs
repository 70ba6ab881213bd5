//! The hunt for a definite answer that some completion gives the lie to.

use std::fmt;

use catchall_law::{Depth, Law, Program, Scratch, Tri};
use catchall_model::Effect;

use super::partial::Partial;
use super::random::Random;
use super::table::{Aim, Way, enumerate, outcome, sample};
use super::transfers::Desk;
use super::world::Court;

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
}

/// Makes so many transfers, punches them, and holds the evaluator's answers against the reference.
pub fn hunt(
    law: &Law,
    program: &Program,
    court: &Court,
    desk: &Desk,
    count: u64,
    seed: u64,
    effort: Effort,
) -> Tally {
    let mut random = Random::new(seed);
    let mut scratch = Scratch::default();
    let mut reached = Vec::new();
    let mut tally = Tally::default();
    let all: Vec<usize> = (0..law.nexus.len()).collect();
    for number in 0..count {
        let world = desk.world(&mut random);
        let (forget, widen) = (
            random.pick(&[0, 1, 1, 2, 2, 3, 4, 6, 9]),
            random.pick(&[0, 0, 1, 2, 4]),
        );
        let facts = desk.punched(law, &world, forget, widen, &mut random);
        tally.transfers += 1;
        let partial = Partial::new(court, &facts);
        program.reach(&facts, &mut scratch, &mut reached);
        let sure = reached
            .iter()
            .map(|reached| reached.sure)
            .max()
            .unwrap_or(Effect::NoLicenceRequired);
        let most = reached
            .iter()
            .map(|reached| reached.most)
            .max()
            .unwrap_or(Effect::NoLicenceRequired);
        let open = program.open(
            &law.vocabulary,
            &facts,
            &all,
            Depth::Essential,
            &mut scratch,
        );
        let definite = open.least == open.most;
        match (sure == most, definite) {
            (true, _) => tally.kleene += 1,
            (false, true) => tally.completed += 1,
            (false, false) => tally.open += 1,
        }
        tally.inexact += u64::from(!definite && !open.exact);
        let context = |what: &str| {
            let stated: Vec<String> = facts
                .stated()
                .map(|(fact, value)| format!("{} = {value:?}", law.vocabulary.get(fact).key))
                .collect();
            format!(
                "transfer {number} of seed {seed}: {what}\n  {open:?}\n  {reached:?}\n  {}\n  {:?}",
                stated.join("\n  "),
                facts.claims
            )
        };
        if sure > open.least || open.most > most {
            tally.wrong += 1;
            tally.note(|| context("the completion leaves Kleene's bounds"));
        }
        let aim = Aim::Jurisdictions(all.clone());
        match enumerate(
            &partial,
            &aim,
            Way {
                prune: true,
                every: false,
                most: effort.enumerate,
            },
        ) {
            Some(table) => {
                tally.enumerated += 1;
                tally.completions += table.outcomes.len() as u64;
                if let Some(bounds) = table.bounds() {
                    if definite && bounds != (open.least, open.most) {
                        tally.false_definite += 1;
                        tally.note(|| {
                            context(&format!("definite, but the completions give {bounds:?}"))
                        });
                    } else if !definite && open.exact && bounds.0 == bounds.1 {
                        tally.needless_open += 1;
                        tally.note(|| {
                            context(&format!("open, but the completions give {bounds:?}"))
                        });
                    } else if open.exact
                        && (bounds != (open.least, open.most)
                            || open.essential != table.essential()
                            || open.reading != table.reading())
                    {
                        tally.wrong += 1;
                        let names: Vec<&str> = table
                            .essential()
                            .iter()
                            .map(|fact| law.vocabulary.get(*fact).key.as_str())
                            .collect();
                        tally.note(|| {
                            context(&format!(
                                "the completions give {bounds:?} and turn on {names:?}, reading {}",
                                table.reading()
                            ))
                        });
                    }
                }
            }
            None => {
                tally.sampled += 1;
                tally.completions += effort.sample as u64;
                let outcomes = sample(&partial, &aim, true, effort.sample, &mut random);
                let outside = outcomes
                    .iter()
                    .any(|outcome| *outcome < open.least || *outcome > open.most);
                if outside {
                    if definite {
                        tally.false_definite += 1;
                    } else {
                        tally.wrong += 1;
                    }
                    tally.note(|| context(&format!("some completions give {outcomes:?}")));
                }
            }
        }
        // Each jurisdiction's own definite answer.
        let mut own_world = super::table::ground(&partial);
        for (place, found) in reached.iter().enumerate() {
            if found.sure != found.most || found.nexus == Tri::Open {
                continue;
            }
            tally.jurisdictions += 1;
            let aim = Aim::Jurisdictions(vec![place]);
            let outcomes = sample(&partial, &aim, true, 2, &mut random);
            if outcomes.iter().any(|outcome| *outcome != found.sure) {
                tally.false_definite += 1;
                tally.note(|| {
                    context(&format!(
                        "jurisdiction {place} is definite, but some completions give {outcomes:?}"
                    ))
                });
            }
        }
        // Now and then the whole law over the world that the transfer was punched from, nothing left out.
        if number % 50 == 0 {
            for (fact, _) in &desk.palette.facts {
                own_world.set(*fact, world.get(*fact).clone());
            }
            own_world.reading = world.reading;
            let rules: Vec<usize> = (0..court.rules.len()).collect();
            let truth = outcome(
                court,
                &partial,
                &Aim::Jurisdictions(all.clone()),
                &rules,
                &own_world,
            );
            tally.completions += 1;
            if truth < open.least || truth > open.most {
                if definite {
                    tally.false_definite += 1;
                } else {
                    tally.wrong += 1;
                }
                tally.note(|| context(&format!("the world it was punched from gives {truth:?}")));
            }
        }
    }
    tally
}
