//! Transfers over the packs of the project: an item of some kind with its own figures, places, days and uses, with
//! values where the law's answers turn; then holes are punched into them.

use std::collections::BTreeSet;

use catchall_law::{Claim, Cond, Domain, FactId, Facts, Law, TestKind};

use super::partial::Partial;
use super::random::Random;
use super::states::Palette;
use super::table::{Aim, asked};
use super::world::{Court, World};

/// What realistic transfers are made of.
pub struct Desk<'a> {
    pub palette: Palette<'a>,
    kind: Option<FactId>,
    /// For each kind of item, the figures that entries for it ask.
    figures: Vec<Vec<FactId>>,
    /// Kinds for which some entry asks a figure.
    asked_kinds: Vec<u32>,
    /// Facts that every transfer has.
    common: Vec<FactId>,
}

impl<'a> Desk<'a> {
    pub fn of(court: &'a Court<'a>) -> Desk<'a> {
        let law = court.law;
        let nothing = Facts::default();
        let partial = Partial::new(court, &nothing);
        let aim = Aim::Jurisdictions((0..law.nexus.len()).collect());
        let palette = Palette::of(law, asked(&partial, &aim, false).questions);
        let kind = law.vocabulary.fact("item.kind");
        let mut figures: Vec<BTreeSet<FactId>> = vec![BTreeSet::new(); law.vocabulary.kinds.len()];
        let mut every: BTreeSet<FactId> = BTreeSet::new();
        for entry in law.lists.iter().flat_map(|list| &list.entries) {
            let Some(when) = &entry.when else { continue };
            let (mut kinds, mut facts) = (BTreeSet::new(), BTreeSet::new());
            tests(when, &mut |test| match test {
                TestKind::OneOf(fact, members) if Some(*fact) == kind => {
                    kinds.extend(members.iter())
                }
                TestKind::Yes(fact)
                | TestKind::OneOf(fact, _)
                | TestKind::Between(fact, ..)
                | TestKind::Delivers(fact, ..)
                | TestKind::Includes(fact, _) => {
                    facts.insert(*fact);
                }
                _ => {}
            });
            every.extend(&facts);
            for kind in kinds {
                figures[kind as usize].extend(&facts);
            }
        }
        let own = |fact: FactId| {
            law.vocabulary.get(fact).key.starts_with("item.")
                && every.contains(&fact)
                && law.vocabulary.get(fact).at.is_some()
        };
        let common = palette
            .facts
            .iter()
            .map(|(fact, _)| *fact)
            .filter(|fact| !own(*fact))
            .collect();
        let figures: Vec<Vec<FactId>> = figures
            .into_iter()
            .map(|facts| facts.into_iter().filter(|fact| own(*fact)).collect())
            .collect();
        let asked_kinds = (0u32..)
            .zip(&figures)
            .filter(|(_, facts)| !facts.is_empty())
            .map(|(kind, _)| kind)
            .collect();
        Desk {
            palette,
            kind,
            figures,
            asked_kinds,
            common,
        }
    }

    /// A transfer of which everything is known.
    pub fn world(&self, random: &mut Random) -> World {
        let mut world = self.palette.world(random);
        if let Some(kind) = self.kind
            && random.chance(9, 10)
            && !self.asked_kinds.is_empty()
        {
            world.set(
                kind,
                super::world::Exact::One(random.pick(&self.asked_kinds)),
            );
        }
        world
    }

    /// What a careful exporter states of it: what every transfer has, and the figures that its kind is asked for.
    pub fn stated(&self, world: &World) -> Vec<FactId> {
        let mut stated = self.common.clone();
        if let Some(kind) = self.kind
            && let super::world::Exact::One(kind) = world.get(kind)
        {
            stated.extend(&self.figures[*kind as usize]);
        }
        stated.sort_unstable();
        stated.dedup();
        stated
    }

    /// The transfer as stated, with so many facts forgotten and so many known in part only.
    pub fn punched(
        &self,
        law: &Law,
        world: &World,
        forget: usize,
        widen: usize,
        random: &mut Random,
    ) -> Facts {
        let mut stated = self.stated(world);
        for _ in 0..forget.min(stated.len()) {
            let place = random.below(stated.len());
            stated.swap_remove(place);
        }
        stated.sort_unstable();
        let mut facts = Facts::default();
        let mut left = widen;
        let share = stated.len().max(1);
        for fact in &stated {
            let whole = left == 0 || !random.chance(widen, share);
            left -= usize::from(!whole);
            let value = if whole {
                self.palette.value(law, *fact, world.get(*fact))
            } else {
                self.palette.wide(law, *fact, world.get(*fact), random)
            };
            facts.set(*fact, value);
        }
        if random.chance(1, 5) {
            facts.claims = self.claims(law, random);
        }
        facts
    }

    fn claims(&self, law: &Law, random: &mut Random) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (place, list) in law.lists.iter().enumerate() {
            if list.entries.is_empty() || random.chance(1, 2) {
                continue;
            }
            let code = match random.below(5) {
                0 => None,
                1 => Some("0Z999".to_owned()),
                2 => random
                    .pick(&list.entries)
                    .code
                    .split('.')
                    .next()
                    .map(str::to_owned),
                _ => Some(random.pick(&list.entries).code),
            };
            claims.push(Claim {
                list: Some(place),
                code,
            });
        }
        claims
    }
}

fn tests(condition: &Cond, see: &mut dyn FnMut(&TestKind)) {
    match condition {
        Cond::Always => {}
        Cond::Not(inner) => tests(inner, see),
        Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
            parts.iter().for_each(|part| tests(part, see))
        }
        Cond::Test(test) => see(&test.kind),
    }
}

/// Whether a fact is a figure of an item and no place, day or act.
pub fn is_figure(law: &Law, fact: FactId) -> bool {
    matches!(
        law.vocabulary.get(fact).domain,
        Domain::Quantity(_) | Domain::Curve
    )
}
