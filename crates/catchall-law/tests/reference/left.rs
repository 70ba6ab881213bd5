//! What is left of the law once the stated facts are read: a second way to the same table, quick enough for a million
//! transfers.
//!
//! It differs from [`super::table::enumerate`] in what it does not repeat, not in what it asks. Each condition is
//! walked once, test by test, with [`Partial`] answering what the stated facts decide; what they do not decide is kept
//! as a smaller condition ([`Left`]). A provision whose condition is decided drops out. The value of one that remains
//! hangs on its own open facts alone, so that it is looked up by their values ([`Cell`]) and not worked out anew for
//! each completion. Nothing of `program/` or `missing/` is used. `exact.rs` holds both ways against each other.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use catchall_law::{Cond, Dispute, FactId, Holds, Law, Period, TestKind};
use catchall_model::{Effect, Span};

use super::domain::{Question, representatives};
use super::partial::{Answer, Partial};
use super::random::Random;
use super::states::some_sets;
use super::table::{Axis, Table};
use super::world::{Court, Says, Seen, World, claim, claimed, in_period};

/// A condition without what is decided.
#[derive(Debug)]
pub enum Left<'a> {
    Sure(bool),
    Test(&'a TestKind, FactId),
    Period(&'a Period, FactId),
    /// That no dispute stands against it, or the reading is for it; with who disputes.
    Undisputed(&'a Dispute, &'a TestKind, FactId),
    /// As the law's own open places are read.
    Reading,
    /// An entry of a list, by place among [`Remains::entries`].
    Entry(usize, usize),
    Not(Rc<Left<'a>>),
    All(Vec<Rc<Left<'a>>>),
    Any(Vec<Rc<Left<'a>>>),
    AtLeast(usize, Vec<Rc<Left<'a>>>),
}

impl Left<'_> {
    fn answer(&self) -> Answer {
        match self {
            Left::Sure(yes) => Some(*yes),
            _ => None,
        }
    }
}

type Leaf<'a> = Rc<Left<'a>>;

/// A table of the values that something takes over the axes it hangs on.
struct Cell {
    /// Axis and step.
    axes: Vec<(usize, usize)>,
    /// 0 for not yet worked out, 1 for no, 2 for yes.
    values: RefCell<Vec<u8>>,
}

/// Tables of at most so many values are kept.
const MOST_CELLS: usize = 1 << 14;

/// The law of a court after the facts of one transfer.
pub struct Remains<'a, 'p, 'f> {
    partial: &'p Partial<'a, 'f>,
    rules: Vec<OnceCell<Leaf<'a>>>,
    nexus: Vec<OnceCell<Leaf<'a>>>,
    entries: Vec<Vec<OnceCell<Leaf<'a>>>>,
}

fn sure<'a>(yes: bool) -> Leaf<'a> {
    Rc::new(Left::Sure(yes))
}

fn leaf<'a>(answer: Answer, open: Left<'a>) -> Leaf<'a> {
    Rc::new(answer.map_or(open, Left::Sure))
}

/// All of these: a sure no decides, a sure yes drops out.
fn all<'a>(parts: impl Iterator<Item = Leaf<'a>>) -> Leaf<'a> {
    let mut open = Vec::new();
    for part in parts {
        match part.answer() {
            Some(false) => return part,
            Some(true) => {}
            None => open.push(part),
        }
    }
    match open.len() {
        0 => sure(true),
        1 => open.swap_remove(0),
        _ => Rc::new(Left::All(open)),
    }
}

/// Any of these: a sure yes decides, a sure no drops out.
fn any<'a>(parts: impl Iterator<Item = Leaf<'a>>) -> Leaf<'a> {
    let mut open = Vec::new();
    for part in parts {
        match part.answer() {
            Some(true) => return part,
            Some(false) => {}
            None => open.push(part),
        }
    }
    match open.len() {
        0 => sure(false),
        1 => open.swap_remove(0),
        _ => Rc::new(Left::Any(open)),
    }
}

fn not(part: Leaf<'_>) -> Leaf<'_> {
    match part.answer() {
        Some(yes) => sure(!yes),
        None => Rc::new(Left::Not(part)),
    }
}

fn and(parts: impl Iterator<Item = Answer>) -> Answer {
    let mut found = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => found = None,
            Some(true) => {}
        }
    }
    found
}

fn or(parts: impl Iterator<Item = Answer>) -> Answer {
    and(parts.map(|part| part.map(|yes| !yes))).map(|yes| !yes)
}

impl<'a, 'p, 'f> Remains<'a, 'p, 'f> {
    pub fn of(partial: &'p Partial<'a, 'f>) -> Remains<'a, 'p, 'f> {
        let law = partial.court.law;
        let none = |count: usize| (0..count).map(|_| OnceCell::new()).collect();
        Remains {
            partial,
            rules: none(partial.court.rules.len()),
            nexus: none(law.nexus.len()),
            entries: law
                .lists
                .iter()
                .map(|list| none(list.entries.len()))
                .collect(),
        }
    }

    fn court(&self) -> &'a Court<'a> {
        self.partial.court
    }

    fn law(&self) -> &'a Law {
        self.partial.court.law
    }

    pub fn nexus(&self, jurisdiction: usize) -> &Leaf<'a> {
        self.nexus[jurisdiction].get_or_init(|| {
            let rule = &self.law().nexus[jurisdiction];
            let mut by_hand = self.partial.fixed.by_hand.iter();
            match by_hand.find(|(id, _)| *id == rule.jurisdiction) {
                Some((_, put_in)) => sure(*put_in),
                None => self.condition(&rule.when, self.court().date),
            }
        })
    }

    /// In force, undisputed or read so, and its condition.
    pub fn stands(&self, rule: usize) -> &Leaf<'a> {
        self.rules[rule].get_or_init(|| {
            let at = self.court().rules[rule];
            let version = &self.law().provisions[at.provision].versions[at.version];
            let date = version.tested_on;
            let in_force = self.period(&version.in_force, date);
            if in_force.answer() == Some(false) {
                return in_force;
            }
            let disputes = version.disputed.iter().zip(&self.court().disputed_by[rule]);
            let undisputed = disputes.map(|(dispute, by)| {
                leaf(
                    self.partial.undisputed(dispute, by, date),
                    Left::Undisputed(dispute, by, date),
                )
            });
            all([in_force, self.condition(&version.when, date)]
                .into_iter()
                .chain(undisputed))
        })
    }

    fn period(&self, period: &'a Period, date: FactId) -> Leaf<'a> {
        leaf(
            self.partial.period(period, date),
            Left::Period(period, date),
        )
    }

    fn condition(&self, condition: &'a Cond, date: FactId) -> Leaf<'a> {
        let each = |part: &'a Cond| self.condition(part, date);
        match condition {
            Cond::Always => sure(true),
            Cond::Not(inner) => not(each(inner)),
            // Lists are long: what asks for none comes first, and may decide.
            Cond::All(parts) => all(short_first(parts).map(each)),
            Cond::Any(parts) => any(short_first(parts).map(each)),
            Cond::AtLeast(needed, parts) => {
                let parts: Vec<Leaf> = parts.iter().map(each).collect();
                let count =
                    |wanted: Answer| parts.iter().filter(|part| part.answer() == wanted).count();
                if count(Some(true)) >= *needed {
                    sure(true)
                } else if count(Some(true)) + count(None) < *needed {
                    sure(false)
                } else {
                    Rc::new(Left::AtLeast(*needed, parts))
                }
            }
            Cond::Test(test) => match &test.kind {
                TestKind::Listed { list, within, tag } => {
                    self.listed(*list, within, tag.as_deref())
                }
                kind => leaf(self.partial.test(kind, date), Left::Test(kind, date)),
            },
        }
    }

    fn listed(&self, list: usize, within: &str, tag: Option<&str>) -> Leaf<'a> {
        let asked = self.court().selected(list, within, tag);
        let fixed = &self.partial.fixed;
        let Some(code) = claimed(&fixed.claims, list) else {
            return any(asked.iter().map(|entry| self.entry_of(list, *entry)));
        };
        if asked
            .iter()
            .any(|entry| fixed.met.contains(&(list, *entry)))
        {
            return sure(true);
        }
        match claim(self.law(), list, within, tag, asked, code) {
            Says::No => sure(false),
            Says::Yes => sure(true),
            Says::NotHeld => Rc::new(Left::Reading),
            Says::OneOf(ways) => any(ways.into_iter().map(|(entry, whole)| {
                if whole {
                    self.entry_of(list, entry)
                } else {
                    self.entry_stands(list, entry)
                }
            })),
        }
    }

    /// An entry as a limb of a condition: its answer, or where to look it up.
    fn entry_of(&self, list: usize, entry: usize) -> Leaf<'a> {
        let found = self.entry(list, entry);
        match found.answer() {
            Some(_) => found.clone(),
            None => Rc::new(Left::Entry(list, entry)),
        }
    }

    fn entry(&self, list: usize, entry: usize) -> &Leaf<'a> {
        self.entries[list][entry].get_or_init(|| {
            let Some(when) = &self.law().lists[list].entries[entry].when else {
                return sure(false);
            };
            let when = self.condition(when, self.court().date);
            if when.answer() == Some(false) {
                return when;
            }
            all([when, self.entry_stands(list, entry)].into_iter())
        })
    }

    fn entry_stands(&self, list: usize, entry: usize) -> Leaf<'a> {
        let editions = &self.law().lists[list].entries[entry].editions;
        any(editions
            .iter()
            .map(|edition| self.period(&edition.period, self.court().date)))
    }

    fn applies(&self, rule: usize) -> Answer {
        let exceptions = &self.court().exceptions[rule];
        let unless = exceptions
            .iter()
            .map(|other| self.applies(*other).map(|yes| !yes));
        and(std::iter::once(self.stands(rule).answer()).chain(unless))
    }

    fn contributes(&self, rule: usize) -> Answer {
        let applies = self.applies(rule);
        if applies == Some(false) || !is_exception(self.court(), rule) {
            return applies;
        }
        let bases = &self.court().bases[rule];
        and([
            applies,
            or(bases.iter().map(|base| self.stands(*base).answer())),
        ]
        .into_iter())
    }

    /// Of a jurisdiction: whether it reaches the transfer, its strongest sure effect, and its strongest possible one.
    pub fn bounds(&self, jurisdiction: usize) -> (Answer, Effect, Effect) {
        let nexus = self.nexus(jurisdiction).answer();
        let (mut least, mut most) = (Effect::NoLicenceRequired, Effect::NoLicenceRequired);
        if nexus == Some(false) {
            return (nexus, least, most);
        }
        let court = self.court();
        for rule in 0..court.rules.len() {
            if court.rules[rule].jurisdiction != jurisdiction {
                continue;
            }
            let effect = court.effect(rule);
            match and([nexus, self.contributes(rule)].into_iter()) {
                Some(true) => (least, most) = (least.max(effect), most.max(effect)),
                None => most = most.max(effect),
                Some(false) => {}
            }
        }
        (nexus, least, most)
    }

    /// What the strongest outcome of these jurisdictions still turns on.
    pub fn case(&self, places: &[usize]) -> Case<'a, 'p, '_, 'f> {
        let court = self.court();
        let bounds: Vec<(Answer, Effect, Effect)> =
            places.iter().map(|place| self.bounds(*place)).collect();
        let least = bounds.iter().map(|bounds| bounds.1).max();
        let least = least.unwrap_or(Effect::NoLicenceRequired);
        let mut case = Case {
            remains: self,
            least,
            rules: Vec::new(),
            axes: Vec::new(),
            of_fact: BTreeMap::new(),
            reading: 0,
            cells: BTreeMap::new(),
            spoilt: None,
        };
        for (place, (nexus, _, most)) in places.iter().zip(bounds) {
            if nexus == Some(false) || most <= least {
                continue;
            }
            let mut rules: Vec<usize> = (0..court.rules.len())
                .filter(|rule| court.rules[*rule].jurisdiction == *place)
                .filter(|rule| {
                    court.effect(*rule) > least && self.contributes(*rule) != Some(false)
                })
                .collect();
            rules.sort_by_key(|rule| std::cmp::Reverse(court.effect(*rule)));
            case.rules.push((*place, rules));
        }
        case.mention();
        case
    }
}

fn is_exception(court: &Court, rule: usize) -> bool {
    !court.law.provisions[court.rules[rule].provision]
        .excepts
        .is_empty()
}

fn short_first(parts: &[Cond]) -> impl Iterator<Item = &Cond> {
    let asks_a_list = |part: &&Cond| matches!(part, Cond::Test(test) if matches!(test.kind, TestKind::Listed { .. }));
    let short = parts.iter().filter(move |part| !asks_a_list(part));
    short.chain(parts.iter().filter(asks_a_list))
}

/// Where a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Nexus(usize),
    Rule(usize),
    Entry(usize, usize),
}

/// The open part of a question to the law: what it turns on, and its value for each completion.
pub struct Case<'a, 'p, 'r, 'f> {
    remains: &'r Remains<'a, 'p, 'f>,
    least: Effect,
    /// By jurisdiction the rules that can still raise the outcome, strongest first.
    rules: Vec<(usize, Vec<usize>)>,
    pub axes: Vec<Axis>,
    of_fact: BTreeMap<FactId, usize>,
    /// The axis of the reading.
    reading: usize,
    cells: BTreeMap<Key, Cell>,
    /// A fact with more values than can be listed.
    spoilt: Option<FactId>,
}

/// What something hangs on.
#[derive(Clone, Default)]
struct Mention<'a> {
    facts: BTreeSet<FactId>,
    reading: bool,
    questions: Vec<Question<'a>>,
}

impl<'a> Case<'a, '_, '_, '_> {
    /// Finds what everything hangs on, and makes the axes.
    fn mention(&mut self) {
        let mut found: BTreeMap<Key, Mention<'a>> = BTreeMap::new();
        for (place, rules) in &self.rules {
            self.look(Key::Nexus(*place), &mut found);
            for rule in rules {
                self.look_rule(*rule, &mut found);
            }
        }
        let questions: Vec<Question> = found
            .values()
            .flat_map(|mention| mention.questions.iter().copied())
            .collect();
        self.make_axes(questions);
        if self.spoilt.is_some() {
            return;
        }
        for (key, mention) in found {
            let places = mention.facts.iter().map(|fact| self.of_fact[fact]);
            let places: Vec<usize> = places
                .chain(mention.reading.then_some(self.reading))
                .collect();
            let (mut axes, mut size) = (Vec::new(), 1usize);
            for axis in places {
                axes.push((axis, size));
                size = size.saturating_mul(self.axes[axis].size());
            }
            if size <= MOST_CELLS {
                let values = RefCell::new(vec![0; size]);
                self.cells.insert(key, Cell { axes, values });
            }
        }
    }

    fn look_rule(&self, rule: usize, found: &mut BTreeMap<Key, Mention<'a>>) {
        if found.contains_key(&Key::Rule(rule)) {
            return;
        }
        self.look(Key::Rule(rule), found);
        if self.remains.stands(rule).answer() == Some(false) {
            return;
        }
        let court = self.remains.court();
        for other in court.exceptions[rule].iter().chain(&court.bases[rule]) {
            self.look_rule(*other, found);
        }
    }

    fn left(&self, key: Key) -> &Leaf<'a> {
        match key {
            Key::Nexus(place) => self.remains.nexus(place),
            Key::Rule(rule) => self.remains.stands(rule),
            Key::Entry(list, entry) => self.remains.entry(list, entry),
        }
    }

    fn look(&self, key: Key, found: &mut BTreeMap<Key, Mention<'a>>) {
        if found.contains_key(&key) {
            return;
        }
        let mut mention = Mention::default();
        let left = self.left(key).clone();
        self.see(&left, &mut mention, found);
        found.insert(key, mention);
    }

    fn see(&self, left: &Left<'a>, into: &mut Mention<'a>, found: &mut BTreeMap<Key, Mention<'a>>) {
        let law = self.remains.law();
        let mut ask = |question: Question<'a>| {
            into.facts.extend(question.facts(law));
            into.questions.push(question);
        };
        match left {
            Left::Sure(_) => {}
            Left::Test(kind, date) => {
                ask(Question::Test(kind, *date));
                into.reading |= matches!(
                    kind,
                    TestKind::InSet(..) | TestKind::IncludesIn(..) | TestKind::PartyIn(..)
                );
            }
            Left::Period(period, date) => {
                ask(Question::Period(period, *date));
                into.reading |= period.sure != period.possible;
            }
            Left::Undisputed(dispute, by, date) => {
                ask(Question::Period(&dispute.interval, *date));
                ask(Question::Test(by, *date));
                into.reading = true;
            }
            Left::Reading => into.reading = true,
            Left::Entry(list, entry) => {
                let key = Key::Entry(*list, *entry);
                self.look(key, found);
                into.facts.extend(&found[&key].facts);
                into.reading |= found[&key].reading;
            }
            Left::Not(part) => self.see(part, into, found),
            Left::All(parts) | Left::Any(parts) | Left::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.see(part, into, found));
            }
        }
    }

    fn make_axes(&mut self, questions: Vec<Question<'a>>) {
        let (law, facts) = (self.remains.law(), self.remains.partial.facts);
        let mut seen = BTreeSet::new();
        let mut by_fact: BTreeMap<FactId, Vec<Question>> = BTreeMap::new();
        let mut related = false;
        for question in &questions {
            let mark = match question {
                Question::Test(kind, date) => (std::ptr::from_ref(*kind).addr(), *date),
                Question::Period(period, date) => (std::ptr::from_ref(*period).addr(), *date),
            };
            if seen.insert(mark) {
                related |= matches!(question, Question::Test(TestKind::Relative { .. }, _));
                for fact in question.facts(law) {
                    by_fact.entry(fact).or_default().push(*question);
                }
            }
        }
        for (fact, own) in by_fact {
            // Days that are compared turn where the other day does, so that its questions count too.
            let own = if related { &questions } else { &own };
            match representatives(law, fact, facts.get(fact), facts, own, false) {
                Some(values) => {
                    self.of_fact.insert(fact, self.axes.len());
                    self.axes.push(Axis::Fact(fact, values));
                }
                None => {
                    self.spoilt = Some(fact);
                    let some = some_sets(law, fact, facts.get(fact), &mut Random::new(7));
                    self.of_fact.insert(fact, self.axes.len());
                    self.axes.push(Axis::Fact(fact, some.unwrap_or_default()));
                }
            }
        }
        self.reading = self.axes.len();
        self.axes.push(Axis::Reading);
    }

    /// How many completions there are; `None` where they are too many to count or to list.
    pub fn count(&self) -> Option<usize> {
        if self.spoilt.is_some() {
            return None;
        }
        self.axes
            .iter()
            .try_fold(1usize, |count, axis| count.checked_mul(axis.size()))
    }

    /// Every completion with its outcome; `None` where they are more than this.
    pub fn table(&self, most: usize) -> Option<Table> {
        let count = self.count().filter(|count| *count <= most)?;
        let mut outcomes = Vec::with_capacity(count);
        let (mut world, mut digits) = (self.start(), vec![0usize; self.axes.len()]);
        for _ in 0..count {
            outcomes.push(self.outcome(&world, &digits));
            for (axis, digit) in self.axes.iter().zip(&mut digits) {
                *digit = if *digit + 1 == axis.size() {
                    0
                } else {
                    *digit + 1
                };
                put(&mut world, axis, *digit);
                if *digit > 0 {
                    break;
                }
            }
        }
        Some(Table {
            axes: self.axes.clone(),
            outcomes,
        })
    }

    /// Outcomes of so many completions at random.
    pub fn sample(&self, count: usize, random: &mut Random) -> BTreeSet<Effect> {
        let mut found = BTreeSet::new();
        if self.axes.iter().any(|axis| axis.size() == 0) {
            return found;
        }
        let (mut world, mut digits) = (self.start(), vec![0usize; self.axes.len()]);
        for _ in 0..count {
            for (axis, digit) in self.axes.iter().zip(&mut digits) {
                *digit = random.below(axis.size());
                put(&mut world, axis, *digit);
            }
            found.insert(self.outcome(&world, &digits));
        }
        found
    }

    fn start(&self) -> World {
        let mut world = World {
            values: Vec::new(),
            reading: false,
        };
        self.axes
            .iter()
            .filter(|axis| axis.size() > 0)
            .for_each(|axis| put(&mut world, axis, 0));
        world
    }

    fn outcome(&self, world: &World, digits: &[usize]) -> Effect {
        let world = world.seen();
        let court = self.remains.court();
        let mut strongest = self.least;
        for (place, rules) in &self.rules {
            if !self.value(Key::Nexus(*place), world, digits) {
                continue;
            }
            for rule in rules {
                let effect = court.effect(*rule);
                if effect > strongest && self.contributes(*rule, world, digits) {
                    strongest = effect;
                }
            }
        }
        strongest
    }

    fn contributes(&self, rule: usize, world: Seen, digits: &[usize]) -> bool {
        let court = self.remains.court();
        self.applies(rule, world, digits)
            && (!is_exception(court, rule)
                || court.bases[rule]
                    .iter()
                    .any(|base| self.value(Key::Rule(*base), world, digits)))
    }

    fn applies(&self, rule: usize, world: Seen, digits: &[usize]) -> bool {
        let court = self.remains.court();
        self.value(Key::Rule(rule), world, digits)
            && !court.exceptions[rule]
                .iter()
                .any(|other| self.applies(*other, world.the_other_way(), digits))
    }

    /// Looked up where it was worked out before.
    fn value(&self, key: Key, world: Seen, digits: &[usize]) -> bool {
        let left = self.left(key);
        if let Some(known) = left.answer() {
            return known;
        }
        let Some(cell) = self.cells.get(&key) else {
            return self.holds(left, world, digits);
        };
        let place: usize = cell
            .axes
            .iter()
            .map(|(axis, step)| {
                let digit = if *axis == self.reading {
                    usize::from(world.read)
                } else {
                    digits[*axis]
                };
                digit * step
            })
            .sum();
        let known = cell.values.borrow()[place];
        if known > 0 {
            return known == 2;
        }
        let found = self.holds(left, world, digits);
        cell.values.borrow_mut()[place] = 1 + u8::from(found);
        found
    }

    fn holds(&self, left: &Left<'a>, world: Seen, digits: &[usize]) -> bool {
        let court = self.remains.court();
        match left {
            Left::Sure(yes) => *yes,
            Left::Test(kind, date) => court.test(kind, *date, world),
            Left::Period(period, date) => in_period(period, *date, world),
            Left::Undisputed(dispute, by, date) => {
                let that_day = dispute.interval.possible == [Span::ALWAYS]
                    || dispute.interval.on(world.day(*date)) != Holds::No;
                !that_day || !court.test(by, *date, world) || world.read
            }
            Left::Reading => world.read,
            Left::Entry(list, entry) => self.value(Key::Entry(*list, *entry), world, digits),
            Left::Not(part) => !self.holds(part, world.the_other_way(), digits),
            Left::All(parts) => parts.iter().all(|part| self.holds(part, world, digits)),
            Left::Any(parts) => parts.iter().any(|part| self.holds(part, world, digits)),
            Left::AtLeast(needed, parts) => {
                parts
                    .iter()
                    .filter(|part| self.holds(part, world, digits))
                    .count()
                    >= *needed
            }
        }
    }
}

fn put(world: &mut World, axis: &Axis, place: usize) {
    match axis {
        Axis::Fact(fact, values) => world.set(*fact, values[place].clone()),
        Axis::Reading => world.reading = place == 1,
    }
}
