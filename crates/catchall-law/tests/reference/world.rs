//! A complete assignment of facts, and the law's plain two-valued answer to it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use catchall_law::{
    Bits, Claim, Cond, Dispute, FactId, Facts, Holds, Law, Period, Shift, TestKind,
};
use catchall_model::{Day, Effect, Span};

/// The value of a fact, wholly known. Figures in counts of the grid, days in grid counts of days.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exact {
    YesNo(bool),
    One(u32),
    /// Ascending.
    Set(Vec<u32>),
    Figure(i128),
    /// Corners (payload, range) of a curve: it carries every payload up to a corner's to every range up to its.
    Curve(Vec<(i128, i128)>),
}

/// Every fact that matters, and how the law's own open places are read.
#[derive(Clone, Debug)]
pub struct World {
    pub values: Vec<Option<Exact>>,
    pub reading: bool,
}

/// A world as one place of the law sees it. What the law leaves open is read so that the condition it stands in holds,
/// or so that it fails; below a "not", and in an exception, that is the other way: the places that are open need not go
/// together, so that the two readings are the strictest and the mildest that the text allows.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'w> {
    pub world: &'w World,
    pub read: bool,
}

impl Seen<'_> {
    pub fn the_other_way(self) -> Self {
        Seen {
            read: !self.read,
            ..self
        }
    }
}

impl std::ops::Deref for Seen<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl World {
    /// As a condition sees it that stands for itself.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            world: self,
            read: self.reading,
        }
    }

    pub fn get(&self, fact: FactId) -> &Exact {
        match self.values.get(usize::from(fact.0)) {
            Some(Some(value)) => value,
            _ => panic!("the world lacks fact {}", fact.0),
        }
    }

    pub fn has(&self, fact: FactId) -> bool {
        matches!(self.values.get(usize::from(fact.0)), Some(Some(_)))
    }

    pub fn set(&mut self, fact: FactId, value: Exact) {
        let place = usize::from(fact.0);
        if self.values.len() <= place {
            self.values.resize(place + 1, None);
        }
        self.values[place] = Some(value);
    }

    fn one(&self, fact: FactId) -> u32 {
        match self.get(fact) {
            Exact::One(one) => *one,
            other => panic!("{other:?} is not one value"),
        }
    }

    fn several(&self, fact: FactId) -> &[u32] {
        match self.get(fact) {
            Exact::Set(several) => several,
            other => panic!("{other:?} is no set"),
        }
    }

    fn figure(&self, fact: FactId) -> i128 {
        match self.get(fact) {
            Exact::Figure(figure) => *figure,
            other => panic!("{other:?} is no figure"),
        }
    }

    pub fn day(&self, fact: FactId) -> Day {
        Day::from_number(i64::try_from(self.figure(fact)).unwrap())
    }
}

/// What is fixed beside the facts: claimed codes, entries that the stated figures surely meet, and
/// jurisdictions put in or left out by hand.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    pub claims: Vec<Claim>,
    /// By list and entry.
    pub met: BTreeSet<(usize, usize)>,
    pub by_hand: Vec<(String, bool)>,
}

/// A version of a provision that counts.
#[derive(Clone, Copy, Debug)]
pub struct RuleAt {
    pub provision: usize,
    pub version: usize,
    pub jurisdiction: usize,
}

/// The law as it was recorded by a day.
pub struct Court<'a> {
    pub law: &'a Law,
    pub rules: Vec<RuleAt>,
    /// For each rule the rules that are exceptions to it.
    pub exceptions: Vec<Vec<usize>>,
    /// For each rule the rules it is an exception to.
    pub bases: Vec<Vec<usize>>,
    /// For each rule and dispute, that the transfer goes out from one of those who dispute.
    pub disputed_by: Vec<Vec<TestKind>>,
    pub date: FactId,
    pub from: FactId,
    /// For each list, code and label that some condition asks for, the entries that are asked; no label is "".
    selections: Vec<BTreeMap<&'a str, BTreeMap<&'a str, Vec<usize>>>>,
    /// For each set its members, each with the periods in which it is one.
    members: Vec<BTreeMap<u32, Vec<&'a Period>>>,
}

/// Answers of entries in one world, read against and read for, since many tests ask for the same.
pub type Memo = RefCell<Vec<Vec<[Option<bool>; 2]>>>;

impl<'a> Court<'a> {
    pub fn new(law: &'a Law, known_by: Day) -> Court<'a> {
        let mut rules = Vec::new();
        for (place, provision) in law.provisions.iter().enumerate() {
            let instrument = &law.instruments[provision.instrument];
            let Some(jurisdiction) = law
                .nexus
                .iter()
                .position(|nexus| nexus.jurisdiction == provision.jurisdiction)
            else {
                continue;
            };
            if !instrument.in_effect || !provision.force.has_effect() {
                continue;
            }
            for (number, version) in provision.versions.iter().enumerate() {
                if version.recorded > known_by {
                    continue;
                }
                if let Some(day) = version.superseded
                    && day <= known_by
                {
                    continue;
                }
                rules.push(RuleAt {
                    provision: place,
                    version: number,
                    jurisdiction,
                });
            }
        }
        let excepts = |exception: usize, base: usize| {
            let (exception, base): (&RuleAt, &RuleAt) = (&rules[exception], &rules[base]);
            law.provisions[exception.provision]
                .excepts
                .contains(&base.provision)
        };
        let all = 0..rules.len();
        let exceptions = all
            .clone()
            .map(|rule| all.clone().filter(|other| excepts(*other, rule)).collect())
            .collect();
        let bases = all
            .clone()
            .map(|rule| all.clone().filter(|other| excepts(rule, *other)).collect())
            .collect();
        let from = law.vocabulary.fact("from").unwrap();
        let disputed_by = rules
            .iter()
            .map(|rule: &RuleAt| {
                let version = &law.provisions[rule.provision].versions[rule.version];
                let by =
                    |dispute: &Dispute| TestKind::OneOf(from, Bits::of(dispute.by.iter().copied()));
                version.disputed.iter().map(by).collect()
            })
            .collect();
        let mut members = vec![BTreeMap::<u32, Vec<&Period>>::new(); law.sets.len()];
        for (set, members) in law.sets.iter().zip(&mut members) {
            for (member, period) in &set.members {
                members.entry(*member).or_default().push(period);
            }
        }
        let mut court = Court {
            law,
            exceptions,
            bases,
            rules,
            disputed_by,
            date: law.vocabulary.fact("date").unwrap(),
            from,
            selections: vec![BTreeMap::new(); law.lists.len()],
            members,
        };
        let versions = law
            .provisions
            .iter()
            .flat_map(|provision| provision.versions.iter().map(|version| &version.when));
        let entries = law
            .lists
            .iter()
            .flat_map(|list| list.entries.iter().filter_map(|entry| entry.when.as_ref()));
        let nexus = law.nexus.iter().map(|nexus| &nexus.when);
        for condition in versions.chain(entries).chain(nexus) {
            court.select(condition);
        }
        court
    }

    /// Finds the entries that the list tests of a condition ask for, once for all transfers.
    fn select(&mut self, condition: &'a Cond) {
        match condition {
            Cond::Always => {}
            Cond::Not(inner) => self.select(inner),
            Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.select(part));
            }
            Cond::Test(test) => {
                if let TestKind::Listed { list, within, tag } = &test.kind {
                    let entries = &self.law.lists[*list].entries;
                    self.selections[*list]
                        .entry(within.as_str())
                        .or_default()
                        .entry(tag.as_deref().unwrap_or_default())
                        .or_insert_with(|| {
                            let asked = |place: &usize| {
                                let entry = &entries[*place];
                                below(&entry.code, within)
                                    && tag
                                        .as_deref()
                                        .is_none_or(|tag| entry.tags.iter().any(|own| own == tag))
                            };
                            (0..entries.len()).filter(asked).collect()
                        });
                }
            }
        }
    }

    /// The entries of a list within a code and under a label.
    pub fn selected(&self, list: usize, within: &str, tag: Option<&str>) -> &[usize] {
        &self.selections[list][within][tag.unwrap_or_default()]
    }

    /// The periods in which something is a member of a set.
    pub fn membership(&self, set: usize, place: u32) -> &[&'a Period] {
        self.members[set].get(&place).map_or(&[], Vec::as_slice)
    }

    pub fn memo(&self) -> Memo {
        RefCell::new(
            self.law
                .lists
                .iter()
                .map(|list| vec![[None; 2]; list.entries.len()])
                .collect(),
        )
    }

    /// Whether each jurisdiction reaches the transfer, and what it says then.
    pub fn judge(&self, world: &World, fixed: &Fixed) -> Vec<(bool, Effect)> {
        let memo = self.memo();
        let world = world.seen();
        let all: Vec<usize> = (0..self.rules.len()).collect();
        (0..self.law.nexus.len())
            .map(|jurisdiction| {
                let nexus = self.nexus(jurisdiction, world, fixed, &memo);
                let effect = self.strongest(jurisdiction, &all, world, fixed, &memo);
                (
                    nexus,
                    if nexus {
                        effect
                    } else {
                        Effect::NoLicenceRequired
                    },
                )
            })
            .collect()
    }

    pub fn nexus(&self, jurisdiction: usize, world: Seen, fixed: &Fixed, memo: &Memo) -> bool {
        let rule = &self.law.nexus[jurisdiction];
        match fixed
            .by_hand
            .iter()
            .find(|(id, _)| *id == rule.jurisdiction)
        {
            Some((_, put_in)) => *put_in,
            None => self.holds(&rule.when, self.date, world, fixed, memo),
        }
    }

    /// The strongest effect of a jurisdiction among these rules.
    pub fn strongest(
        &self,
        jurisdiction: usize,
        among: &[usize],
        world: Seen,
        fixed: &Fixed,
        memo: &Memo,
    ) -> Effect {
        let mut strongest = Effect::NoLicenceRequired;
        for rule in among {
            let at = self.rules[*rule];
            let effect = self.effect(*rule);
            if at.jurisdiction == jurisdiction
                && effect > strongest
                && self.contributes(*rule, world, fixed, memo)
            {
                strongest = effect;
            }
        }
        strongest
    }

    pub fn effect(&self, rule: usize) -> Effect {
        let at = self.rules[rule];
        self.law.provisions[at.provision].versions[at.version].effect
    }

    /// An ordinary rule contributes when it applies; an exception when it lifts something too.
    pub fn contributes(&self, rule: usize, world: Seen, fixed: &Fixed, memo: &Memo) -> bool {
        if !self.applies(rule, world, fixed, memo) {
            return false;
        }
        let is_exception = !self.law.provisions[self.rules[rule].provision]
            .excepts
            .is_empty();
        !is_exception
            || self.bases[rule]
                .iter()
                .any(|base| self.stands(*base, world, fixed, memo))
    }

    /// It is in force, its condition holds, and no exception to it applies.
    pub fn applies(&self, rule: usize, world: Seen, fixed: &Fixed, memo: &Memo) -> bool {
        self.stands(rule, world, fixed, memo)
            && !self.exceptions[rule]
                .iter()
                .any(|exception| self.applies(*exception, world.the_other_way(), fixed, memo))
    }

    /// It is in force (under the reading, where that is open or disputed) and its condition holds.
    pub fn stands(&self, rule: usize, world: Seen, fixed: &Fixed, memo: &Memo) -> bool {
        let at = self.rules[rule];
        let version = &self.law.provisions[at.provision].versions[at.version];
        if !in_period(&version.in_force, version.tested_on, world) {
            return false;
        }
        for dispute in &version.disputed {
            let that_day = dispute.interval.on(world.day(version.tested_on)) != Holds::No;
            if that_day && dispute.by.contains(&world.one(self.from)) && !world.read {
                return false;
            }
        }
        self.holds(&version.when, version.tested_on, world, fixed, memo)
    }

    /// A condition; sets are read at the day of the fact `date`.
    pub fn holds(
        &self,
        condition: &Cond,
        date: FactId,
        world: Seen,
        fixed: &Fixed,
        memo: &Memo,
    ) -> bool {
        match condition {
            Cond::Always => true,
            Cond::Not(inner) => !self.holds(inner, date, world.the_other_way(), fixed, memo),
            Cond::All(parts) => parts
                .iter()
                .all(|part| self.holds(part, date, world, fixed, memo)),
            Cond::Any(parts) => parts
                .iter()
                .any(|part| self.holds(part, date, world, fixed, memo)),
            Cond::AtLeast(needed, parts) => {
                parts
                    .iter()
                    .filter(|part| self.holds(part, date, world, fixed, memo))
                    .count()
                    >= *needed
            }
            Cond::Test(test) => match &test.kind {
                TestKind::Listed { list, within, tag } => {
                    self.listed(*list, within, tag.as_deref(), world, fixed, memo)
                }
                kind => self.test(kind, date, world),
            },
        }
    }

    /// A test of facts.
    pub fn test(&self, kind: &TestKind, date: FactId, world: Seen) -> bool {
        match kind {
            TestKind::Yes(fact) => *world.get(*fact) == Exact::YesNo(true),
            TestKind::OneOf(fact, members) => members.has(world.one(*fact)),
            TestKind::Includes(fact, members) => {
                world.several(*fact).iter().any(|one| members.has(*one))
            }
            TestKind::InSet(fact, set) => self.member(*set, world.one(*fact), date, world),
            TestKind::IncludesIn(fact, set) | TestKind::PartyIn(fact, set) => world
                .several(*fact)
                .iter()
                .any(|one| self.member(*set, *one, date, world)),
            TestKind::Between(fact, low, high) => {
                (low.grid()..=high.grid()).contains(&world.figure(*fact))
            }
            TestKind::Relative {
                fact,
                other,
                from,
                to,
            } => {
                let (day, other) = (world.day(*fact), world.day(*other));
                let shifted = |shift: &Shift| {
                    other.plus_months(shift.months).number() + i64::from(shift.days)
                };
                from.is_none_or(|from| day.number() >= shifted(&from))
                    && to.is_none_or(|to| day.number() <= shifted(&to))
            }
            TestKind::Delivers(fact, payload, range) => match world.get(*fact) {
                Exact::Curve(corners) => corners
                    .iter()
                    .any(|(most, farthest)| *most >= payload.grid() && *farthest >= range.grid()),
                other => panic!("{other:?} is no curve"),
            },
            TestKind::Listed { .. } => panic!("lists are asked elsewhere"),
        }
    }

    fn member(&self, set: usize, place: u32, date: FactId, world: Seen) -> bool {
        self.membership(set, place)
            .iter()
            .any(|period| in_period(period, date, world))
    }

    /// Whether the item is on a list, within a code or under a label.
    fn listed(
        &self,
        list: usize,
        within: &str,
        tag: Option<&str>,
        world: Seen,
        fixed: &Fixed,
        memo: &Memo,
    ) -> bool {
        let asked = self.selected(list, within, tag);
        match claimed(&fixed.claims, list) {
            None => asked
                .iter()
                .any(|entry| self.entry(list, *entry, world, fixed, memo)),
            Some(code) => {
                if asked
                    .iter()
                    .any(|entry| fixed.met.contains(&(list, *entry)))
                {
                    return true;
                }
                match claim(self.law, list, within, tag, asked, code) {
                    Says::No => false,
                    Says::Yes => true,
                    Says::NotHeld => world.read,
                    Says::OneOf(ways) => ways.iter().any(|(entry, whole)| {
                        if *whole {
                            self.entry(list, *entry, world, fixed, memo)
                        } else {
                            self.entry_stands(list, *entry, world)
                        }
                    }),
                }
            }
        }
    }

    /// The entry stands on the list that day, and the item meets its test.
    fn entry(&self, list: usize, entry: usize, world: Seen, fixed: &Fixed, memo: &Memo) -> bool {
        if let Some(known) = memo.borrow()[list][entry][usize::from(world.read)] {
            return known;
        }
        let found = match &self.law.lists[list].entries[entry].when {
            None => false,
            Some(when) => {
                self.entry_stands(list, entry, world)
                    && self.holds(when, self.date, world, fixed, memo)
            }
        };
        memo.borrow_mut()[list][entry][usize::from(world.read)] = Some(found);
        found
    }

    pub fn entry_stands(&self, list: usize, entry: usize, world: Seen) -> bool {
        self.law.lists[list].entries[entry]
            .editions
            .iter()
            .any(|edition| in_period(&edition.period, self.date, world))
    }
}

pub fn in_period(period: &Period, date: FactId, world: Seen) -> bool {
    // A period of all days holds whatever the day; so it may stand where no day is known.
    if period.sure == [Span::ALWAYS] {
        return true;
    }
    match period.on(world.day(date)) {
        Holds::Yes => true,
        Holds::No => false,
        Holds::Open => world.read,
    }
}

/// Whether a code is a heading or lies below it, segment by segment.
pub fn below(code: &str, heading: &str) -> bool {
    let (code, heading): (Vec<&str>, Vec<&str>) =
        (code.split('.').collect(), heading.split('.').collect());
    heading == [""] || (code.len() >= heading.len() && code[..heading.len()] == heading[..])
}

/// The claim that counts for a list: its own before one for all lists.
pub fn claimed(claims: &[Claim], list: usize) -> Option<Option<&str>> {
    let own = claims.iter().find(|claim| claim.list == Some(list));
    let found = own.or_else(|| claims.iter().find(|claim| claim.list.is_none()))?;
    Some(found.code.as_deref())
}

/// What a claimed code says of a test of its list.
pub enum Says {
    No,
    Yes,
    /// The packs do not hold the code: the law is silent here, and somebody must read it.
    NotHeld,
    /// One of these entries; `true` where only the item's figures can say that it is this one.
    OneOf(Vec<(usize, bool)>),
}

pub fn claim(
    law: &Law,
    list: usize,
    within: &str,
    tag: Option<&str>,
    asked: &[usize],
    code: Option<&str>,
) -> Says {
    let Some(code) = code else { return Says::No };
    let entries = &law.lists[list].entries;
    let code = spelled(code, entries.iter().map(|entry| entry.code.as_str()));
    // The claim is an entry of ours, or lies below one; or it is a heading above some.
    let is_or_below: Vec<usize> = (0..entries.len())
        .filter(|entry| below(&code, &entries[*entry].code))
        .collect();
    let heading_of: Vec<usize> = (0..entries.len())
        .filter(|entry| !is_or_below.contains(entry) && below(&entries[*entry].code, &code))
        .collect();
    if is_or_below.is_empty() && heading_of.is_empty() {
        // On the list all the same, though we do not hold the entry.
        let whole_list_asked = within.is_empty() && tag.is_none();
        return if whole_list_asked
            || (!within.is_empty() && below(&code.to_lowercase(), &within.to_lowercase()))
        {
            Says::Yes
        } else if !law.lists[list].selects && (tag.is_some() || law.lists[list].complete) {
            // A slip may have been meant for any entry, and what is not held may stand under any label.
            Says::NotHeld
        } else {
            Says::No
        };
    }
    let all_below_asked = heading_of.iter().all(|entry| asked.contains(entry));
    let mut ways: Vec<(usize, bool)> = Vec::new();
    ways.extend(
        is_or_below
            .iter()
            .filter(|entry| asked.contains(entry))
            .map(|entry| (*entry, false)),
    );
    ways.extend(
        heading_of
            .iter()
            .filter(|entry| asked.contains(entry))
            .map(|entry| (*entry, !all_below_asked)),
    );
    if ways.is_empty() {
        Says::No
    } else {
        Says::OneOf(ways)
    }
}

/// A code in the list's own capitals: `9a101.A` where the list writes `9A101.a`.
fn spelled<'a>(code: &str, codes: impl Iterator<Item = &'a str>) -> String {
    let segments: Vec<String> = code.split('.').map(str::to_lowercase).collect();
    for known in codes {
        let own: Vec<&str> = known.split('.').collect();
        let common = own.len().min(segments.len());
        if own
            .iter()
            .take(common)
            .zip(&segments)
            .all(|(own, said)| own.to_lowercase() == *said)
        {
            let mut spelled: Vec<String> = own
                .iter()
                .take(common)
                .map(|own| (*own).to_owned())
                .collect();
            spelled.extend(segments[common..].iter().cloned());
            return spelled.join(".");
        }
    }
    code.to_owned()
}

/// Everything fixed beside the facts, but for the entries that figures surely meet.
pub fn fixed_without_met(facts: &Facts) -> Fixed {
    Fixed {
        claims: facts.claims.clone(),
        met: BTreeSet::new(),
        by_hand: facts.by_hand.clone(),
    }
}

/// The members of a set of places.
pub fn members(bits: &Bits) -> Vec<u32> {
    bits.iter().collect()
}
