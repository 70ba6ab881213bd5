//! Every completion of a state with its outcome: the truth that exact answers are held against.

use std::collections::BTreeSet;

use catchall_law::{Cond, FactId, TestKind};
use catchall_model::Effect;

use super::domain::{Question, representatives};
use super::partial::Partial;
use super::random::Random;
use super::world::{Court, Exact, Says, World, claim, claimed};

/// What is asked of a completion.
#[derive(Clone, Debug)]
pub enum Aim {
    /// The strongest outcome of these jurisdictions.
    Jurisdictions(Vec<usize>),
    /// Whether a provision applies: `Prohibited` for yes.
    Provision(usize),
}

/// One thing that a completion fills in.
#[derive(Clone, Debug, PartialEq)]
pub enum Axis {
    Fact(FactId, Vec<Exact>),
    Reading,
}

impl Axis {
    pub fn size(&self) -> usize {
        match self {
            Axis::Fact(_, values) => values.len(),
            Axis::Reading => 2,
        }
    }
}

/// Outcomes over the product of the axes; the first axis turns fastest.
#[derive(Clone, Debug)]
pub struct Table {
    pub axes: Vec<Axis>,
    pub outcomes: Vec<Effect>,
}

/// How to enumerate.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Leave out what Kleene decides.
    pub prune: bool,
    /// Keep every value, though questions cannot tell it from another.
    pub every: bool,
    /// The most completions.
    pub most: usize,
}

/// What can still matter to an aim.
pub struct Asked<'a> {
    pub questions: Vec<Question<'a>>,
    pub rules: Vec<usize>,
    pub reading: bool,
}

/// The questions that an aim turns on.
pub fn asked<'a>(partial: &Partial<'a, '_>, aim: &Aim, prune: bool) -> Asked<'a> {
    let court = partial.court;
    let mut collector = Collector {
        partial,
        prune,
        questions: Vec::new(),
        rules: BTreeSet::new(),
        entries: BTreeSet::new(),
    };
    match aim {
        Aim::Provision(provision) => {
            for rule in
                (0..court.rules.len()).filter(|rule| court.rules[*rule].provision == *provision)
            {
                collector.rule(rule);
            }
        }
        Aim::Jurisdictions(all) => {
            let bounds = partial.bounds();
            let sure = all
                .iter()
                .map(|place| bounds[*place].1)
                .max()
                .unwrap_or(Effect::NoLicenceRequired);
            for place in all {
                if prune && bounds[*place].0 == Some(false) {
                    continue;
                }
                if partial
                    .fixed
                    .by_hand
                    .iter()
                    .all(|(id, _)| *id != court.law.nexus[*place].jurisdiction)
                {
                    collector.condition(&court.law.nexus[*place].when, court.date);
                }
                for rule in
                    (0..court.rules.len()).filter(|rule| court.rules[*rule].jurisdiction == *place)
                {
                    if !prune
                        || (court.effect(rule) > sure && partial.contributes(rule) != Some(false))
                    {
                        collector.rule(rule);
                    }
                }
            }
        }
    }
    Asked {
        questions: collector.questions,
        rules: collector.rules.into_iter().collect(),
        reading: true,
    }
}

struct Collector<'p, 'a> {
    partial: &'p Partial<'a, 'p>,
    prune: bool,
    questions: Vec<Question<'a>>,
    rules: BTreeSet<usize>,
    entries: BTreeSet<(usize, usize)>,
}

impl<'a> Collector<'_, 'a> {
    fn rule(&mut self, rule: usize) {
        if !self.rules.insert(rule) {
            return;
        }
        let court = self.partial.court;
        let at = court.rules[rule];
        let version = &court.law.provisions[at.provision].versions[at.version];
        if !self.prune || self.partial.stands(rule).is_none() {
            self.questions
                .push(Question::Period(&version.in_force, version.tested_on));
            for (dispute, by) in version.disputed.iter().zip(&court.disputed_by[rule]) {
                self.questions
                    .push(Question::Period(&dispute.interval, version.tested_on));
                self.questions.push(Question::Test(by, version.tested_on));
            }
            self.condition(&version.when, version.tested_on);
        }
        for other in court.exceptions[rule].iter().chain(&court.bases[rule]) {
            self.rule(*other);
        }
    }

    fn condition(&mut self, condition: &'a Cond, date: FactId) {
        if self.prune && self.partial.holds(condition, date).is_some() {
            return;
        }
        match condition {
            Cond::Always => {}
            Cond::Not(inner) => self.condition(inner, date),
            Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.condition(part, date))
            }
            Cond::Test(test) => match &test.kind {
                TestKind::Listed { list, within, tag } => self.list(*list, within, tag.as_deref()),
                kind => self.questions.push(Question::Test(kind, date)),
            },
        }
    }

    fn list(&mut self, list: usize, within: &str, tag: Option<&str>) {
        let law = self.partial.court.law;
        let entries = &law.lists[list].entries;
        let mut wanted: Vec<usize> = self.partial.court.selected(list, within, tag).to_vec();
        if let Some(code) = claimed(&self.partial.fixed.claims, list) {
            wanted = match claim(law, list, within, tag, &wanted, code) {
                Says::OneOf(ways) => ways.into_iter().map(|(entry, _)| entry).collect(),
                _ => Vec::new(),
            };
        }
        for entry in wanted {
            if !self.entries.insert((list, entry))
                || (self.prune
                    && self.partial.entry(list, entry).is_some()
                    && self.partial.entry_stands(list, entry).is_some())
            {
                continue;
            }
            for edition in &entries[entry].editions {
                self.questions
                    .push(Question::Period(&edition.period, self.partial.court.date));
            }
            if let Some(when) = &entries[entry].when {
                self.condition(when, self.partial.court.date);
            }
        }
    }
}

/// The outcome of one completion.
pub fn outcome(
    court: &Court,
    partial: &Partial,
    aim: &Aim,
    rules: &[usize],
    world: &World,
) -> Effect {
    let memo = court.memo();
    let fixed = &partial.fixed;
    let world = world.seen();
    match aim {
        Aim::Provision(_) => {
            let own = |rule: &&usize| matches!(aim, Aim::Provision(provision) if court.rules[**rule].provision == *provision);
            let applies = rules
                .iter()
                .filter(own)
                .any(|rule| court.applies(*rule, world, fixed, &memo));
            if applies {
                Effect::Prohibited
            } else {
                Effect::NoLicenceRequired
            }
        }
        Aim::Jurisdictions(all) => all
            .iter()
            .filter(|place| court.nexus(**place, world, fixed, &memo))
            .map(|place| court.strongest(*place, rules, world, fixed, &memo))
            .max()
            .unwrap_or(Effect::NoLicenceRequired),
    }
}

/// The axes of an enumeration: facts that the questions mention and that are not wholly known, and the reading.
/// `Err` names the fact with too many values.
pub fn axes(partial: &Partial, asked: &Asked, every: bool) -> Result<Vec<Axis>, FactId> {
    let law = partial.court.law;
    let mut facts: BTreeSet<FactId> = BTreeSet::new();
    for question in &asked.questions {
        facts.extend(question.facts(law));
    }
    let mut axes = Vec::new();
    for fact in facts {
        let values = representatives(
            law,
            fact,
            partial.facts.get(fact),
            partial.facts,
            &asked.questions,
            every,
        )
        .ok_or(fact)?;
        axes.push(Axis::Fact(fact, values));
    }
    if asked.reading {
        axes.push(Axis::Reading);
    }
    Ok(axes)
}

/// A world that holds what is wholly known, and for the rest anything that fits; the axes put in what matters.
pub fn ground(partial: &Partial) -> World {
    let law = partial.court.law;
    let mut world = World {
        values: Vec::new(),
        reading: false,
    };
    for number in 0..law.vocabulary.facts.len() {
        let fact = FactId(u16::try_from(number).unwrap());
        let values = representatives(
            law,
            fact,
            partial.facts.get(fact),
            partial.facts,
            &[],
            false,
        );
        if let Some(value) = values.into_iter().flatten().next() {
            world.set(fact, value);
        }
    }
    world
}

/// The strongest effects that need no enumeration any more.
fn sure(partial: &Partial, aim: &Aim, prune: bool) -> Effect {
    match aim {
        Aim::Jurisdictions(all) if prune => {
            let bounds = partial.bounds();
            all.iter()
                .map(|place| bounds[*place].1)
                .max()
                .unwrap_or(Effect::NoLicenceRequired)
        }
        _ => Effect::NoLicenceRequired,
    }
}

/// Every completion; `None` where there are too many.
pub fn enumerate(partial: &Partial, aim: &Aim, way: Way) -> Option<Table> {
    let asked = asked(partial, aim, way.prune);
    let axes = axes(partial, &asked, way.every).ok()?;
    let count = axes.iter().try_fold(1usize, |count, axis| {
        count
            .checked_mul(axis.size())
            .filter(|count| *count <= way.most)
    })?;
    let sure = sure(partial, aim, way.prune);
    let mut world = ground(partial);
    let mut outcomes = Vec::with_capacity(count);
    for number in 0..count {
        let mut rest = number;
        for axis in &axes {
            put(&mut world, axis, rest % axis.size());
            rest /= axis.size();
        }
        outcomes.push(outcome(partial.court, partial, aim, &asked.rules, &world).max(sure));
    }
    Some(Table { axes, outcomes })
}

fn put(world: &mut World, axis: &Axis, place: usize) {
    match axis {
        Axis::Fact(fact, values) => world.set(*fact, values[place].clone()),
        Axis::Reading => world.reading = place == 1,
    }
}

/// So many random completions.
pub fn sample(
    partial: &Partial,
    aim: &Aim,
    prune: bool,
    count: usize,
    random: &mut Random,
) -> BTreeSet<Effect> {
    let asked = asked(partial, aim, prune);
    let sure = sure(partial, aim, prune);
    let law = partial.court.law;
    let mut facts: BTreeSet<FactId> = BTreeSet::new();
    for question in &asked.questions {
        facts.extend(question.facts(law));
    }
    let axes: Vec<Axis> = facts
        .into_iter()
        .filter_map(|fact| {
            match representatives(
                law,
                fact,
                partial.facts.get(fact),
                partial.facts,
                &asked.questions,
                false,
            ) {
                Some(values) => Some(Axis::Fact(fact, values)),
                // Too many sets to list: any one of some hundred.
                None => super::states::some_sets(law, fact, partial.facts.get(fact), random)
                    .map(|values| Axis::Fact(fact, values)),
            }
        })
        .collect();
    let mut found = BTreeSet::new();
    if axes.iter().any(|axis| axis.size() == 0) {
        return found;
    }
    let mut world = ground(partial);
    for _ in 0..count {
        for axis in &axes {
            put(&mut world, axis, random.below(axis.size()));
        }
        world.reading = random.chance(1, 2);
        found.insert(outcome(partial.court, partial, aim, &asked.rules, &world).max(sure));
    }
    found
}

impl Table {
    /// The weakest and the strongest outcome.
    pub fn bounds(&self) -> Option<(Effect, Effect)> {
        Some((*self.outcomes.iter().min()?, *self.outcomes.iter().max()?))
    }

    fn step(&self, axis: usize) -> usize {
        self.axes[..axis].iter().map(Axis::size).product()
    }

    /// Whether two completions that differ on this axis only have different outcomes.
    pub fn turns_on(&self, axis: usize) -> bool {
        let (step, size) = (self.step(axis), self.axes[axis].size());
        (0..self.outcomes.len()).any(|place| {
            let own = place / step % size;
            own > 0 && self.outcomes[place] != self.outcomes[place - own * step]
        })
    }

    /// The facts on which the outcome depends, by definition.
    pub fn essential(&self) -> Vec<FactId> {
        let mut found: Vec<FactId> = (0..self.axes.len())
            .filter(|axis| self.turns_on(*axis))
            .filter_map(|axis| match &self.axes[axis] {
                Axis::Fact(fact, _) => Some(*fact),
                Axis::Reading => None,
            })
            .collect();
        found.sort_unstable();
        found
    }

    /// Whether the outcome depends on how the law's own open places are read.
    pub fn reading(&self) -> bool {
        (0..self.axes.len()).any(|axis| self.axes[axis] == Axis::Reading && self.turns_on(axis))
    }

    /// The outcomes of the completions in which every one of these holds.
    pub fn where_all(&self, wanted: &[(FactId, &dyn Fn(&Exact) -> bool)]) -> BTreeSet<Effect> {
        let places: Vec<(usize, usize, Vec<bool>)> = wanted
            .iter()
            .filter_map(|(fact, fits)| {
                let axis = self
                    .axes
                    .iter()
                    .position(|axis| matches!(axis, Axis::Fact(own, _) if own == fact))?;
                let Axis::Fact(_, values) = &self.axes[axis] else {
                    return None;
                };
                Some((
                    self.step(axis),
                    values.len(),
                    values.iter().map(fits).collect(),
                ))
            })
            .collect();
        let fits = |place: &usize| {
            places
                .iter()
                .all(|(step, size, fits)| fits[place / step % size])
        };
        (0..self.outcomes.len())
            .filter(fits)
            .map(|place| self.outcomes[place])
            .collect()
    }

    /// With the reading against, and for.
    pub fn by_reading(&self, reading: bool) -> BTreeSet<Effect> {
        let Some(axis) = self.axes.iter().position(|axis| *axis == Axis::Reading) else {
            return BTreeSet::new();
        };
        let step = self.step(axis);
        (0..self.outcomes.len())
            .filter(|place| (place / step % 2 == 1) == reading)
            .map(|place| self.outcomes[place])
            .collect()
    }
}
