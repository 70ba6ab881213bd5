//! Kleene over a partial state: what is surely so, surely not so, or open, test by test.
//!
//! Used for two things: which entries the stated figures *surely* meet beside a claimed code, and to leave
//! out of an enumeration what is decided already.

use std::cell::RefCell;

use catchall_law::{Cond, Domain, FactId, Facts, Holds, Law, Period, TestKind, Value};
use catchall_model::{Day, Effect, Span};

use super::domain::{Question, allows, spans, wholly_known};
use super::world::{Court, Exact, Fixed, Says, World, claim, claimed, fixed_without_met};

/// Known or not.
pub type Answer = Option<bool>;

/// A partial state before a court.
pub struct Partial<'a, 'f> {
    pub court: &'a Court<'a>,
    pub facts: &'f Facts,
    pub fixed: Fixed,
    entries: RefCell<Vec<Vec<Option<Answer>>>>,
    stands: RefCell<Vec<Option<Answer>>>,
}

fn and(parts: impl Iterator<Item = Answer>) -> Answer {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

fn or(parts: impl Iterator<Item = Answer>) -> Answer {
    and(parts.map(|part| part.map(|yes| !yes))).map(|yes| !yes)
}

impl<'a, 'f> Partial<'a, 'f> {
    pub fn new(court: &'a Court<'a>, facts: &'f Facts) -> Partial<'a, 'f> {
        let mut partial = Partial {
            court,
            facts,
            fixed: fixed_without_met(facts),
            entries: RefCell::new(
                court
                    .law
                    .lists
                    .iter()
                    .map(|list| vec![None; list.entries.len()])
                    .collect(),
            ),
            stands: RefCell::new(vec![None; court.rules.len()]),
        };
        // Without a claim nothing turns on what is surely met. An entry that asks for another list is looked at
        // after the lists it asks for, since that is how the answer is defined: from the stated figures upward.
        for list in 0..court.law.lists.len() {
            if claimed(&facts.claims, list).is_none() {
                continue;
            }
            let met: Vec<(usize, usize)> = (0..court.law.lists[list].entries.len())
                .filter(|entry| partial.entry(list, *entry) == Some(true))
                .map(|entry| (list, entry))
                .collect();
            partial.fixed.met.extend(met);
        }
        partial
    }

    fn law(&self) -> &Law {
        self.court.law
    }

    pub fn nexus(&self, jurisdiction: usize) -> Answer {
        let rule = &self.law().nexus[jurisdiction];
        match self
            .fixed
            .by_hand
            .iter()
            .find(|(id, _)| *id == rule.jurisdiction)
        {
            Some((_, put_in)) => Some(*put_in),
            None => self.holds(&rule.when, self.court.date),
        }
    }

    /// For each jurisdiction its nexus, the strongest sure effect and the strongest possible.
    pub fn bounds(&self) -> Vec<(Answer, Effect, Effect)> {
        (0..self.law().nexus.len())
            .map(|jurisdiction| {
                let nexus = self.nexus(jurisdiction);
                let (mut sure, mut most) = (Effect::NoLicenceRequired, Effect::NoLicenceRequired);
                for rule in (0..self.court.rules.len())
                    .filter(|rule| self.court.rules[*rule].jurisdiction == jurisdiction)
                {
                    let effect = self.court.effect(rule);
                    match and([nexus, self.contributes(rule)].into_iter()) {
                        Some(true) => {
                            sure = sure.max(effect);
                            most = most.max(effect);
                        }
                        None => most = most.max(effect),
                        Some(false) => {}
                    }
                }
                (nexus, sure, most)
            })
            .collect()
    }

    pub fn contributes(&self, rule: usize) -> Answer {
        let is_exception = !self.law().provisions[self.court.rules[rule].provision]
            .excepts
            .is_empty();
        let applies = self.applies(rule);
        if !is_exception {
            return applies;
        }
        and([
            applies,
            or(self.court.bases[rule].iter().map(|base| self.stands(*base))),
        ]
        .into_iter())
    }

    pub fn applies(&self, rule: usize) -> Answer {
        let stands = self.stands(rule);
        let exceptions = self.court.exceptions[rule]
            .iter()
            .map(|exception| self.applies(*exception).map(|yes| !yes));
        and(std::iter::once(stands).chain(exceptions))
    }

    pub fn stands(&self, rule: usize) -> Answer {
        if let Some(known) = self.stands.borrow()[rule] {
            return known;
        }
        let at = self.court.rules[rule];
        let version = &self.law().provisions[at.provision].versions[at.version];
        let dispute = |(dispute, by): (&catchall_law::Dispute, &TestKind)| {
            self.undisputed(dispute, by, version.tested_on)
        };
        let in_force = self.period(&version.in_force, version.tested_on);
        let found = if in_force == Some(false) {
            in_force
        } else {
            and([in_force, self.holds(&version.when, version.tested_on)]
                .into_iter()
                .chain(
                    version
                        .disputed
                        .iter()
                        .zip(&self.court.disputed_by[rule])
                        .map(dispute),
                ))
        };
        self.stands.borrow_mut()[rule] = Some(found);
        found
    }

    /// That a dispute does not bear on the transfer, or is read for the provision: yes, or open, never no.
    pub fn undisputed(
        &self,
        dispute: &catchall_law::Dispute,
        by: &TestKind,
        tested_on: FactId,
    ) -> Answer {
        let off_days = if dispute.interval.possible == [Span::ALWAYS] {
            Some(false)
        } else {
            self.off(&dispute.interval, tested_on)
        };
        let other = self.test(by, tested_on);
        or([off_days, other.map(|yes| !yes), None].into_iter())
    }

    pub fn holds(&self, condition: &Cond, date: FactId) -> Answer {
        match condition {
            Cond::Always => Some(true),
            Cond::Not(inner) => self.holds(inner, date).map(|yes| !yes),
            Cond::All(parts) => and(parts.iter().map(|part| self.holds(part, date))),
            Cond::Any(parts) => or(parts.iter().map(|part| self.holds(part, date))),
            Cond::AtLeast(needed, parts) => {
                let answers: Vec<Answer> =
                    parts.iter().map(|part| self.holds(part, date)).collect();
                let sure = answers
                    .iter()
                    .filter(|answer| **answer == Some(true))
                    .count();
                let open = answers.iter().filter(|answer| answer.is_none()).count();
                if sure >= *needed {
                    Some(true)
                } else if sure + open < *needed {
                    Some(false)
                } else {
                    None
                }
            }
            Cond::Test(test) => match &test.kind {
                TestKind::Listed { list, within, tag } => {
                    self.listed(*list, within, tag.as_deref())
                }
                kind => self.test(kind, date),
            },
        }
    }

    /// A test of facts: decided where all that its facts may be gives one answer.
    pub fn test(&self, kind: &TestKind, date: FactId) -> Answer {
        match kind {
            TestKind::Yes(fact) => match self.facts.get(*fact)? {
                Value::YesNo(yes) => Some(*yes),
                _ => None,
            },
            TestKind::Between(fact, low, high) => {
                let value = self.facts.get(*fact)?;
                let inside = |(first, last): &(i128, i128)| {
                    if *first >= low.grid() && *last <= high.grid() {
                        Some(true)
                    } else if *last < low.grid() || *first > high.grid() {
                        Some(false)
                    } else {
                        None
                    }
                };
                match value {
                    // One span of figures, the common one, needs no list of them.
                    Value::Between(first, last)
                        if self.law().vocabulary.get(*fact).domain != Domain::Date =>
                    {
                        inside(&(first.grid(), last.grid()))
                    }
                    value => alike(spans(self.law(), *fact, Some(value)).iter().map(inside)),
                }
            }
            TestKind::OneOf(fact, members) => match self.facts.get(*fact)? {
                Value::One(one) => Some(members.has(*one)),
                Value::OneOf(several) => alike(several.iter().map(|one| Some(members.has(*one)))),
                value => wholly_known(Some(value))
                    .and_then(|exact| matches!(exact, Exact::One(one) if members.has(one)).into()),
            },
            TestKind::Includes(fact, members) => match self.facts.get(*fact)? {
                Value::Set { sure, .. } if sure.iter().any(|one| members.has(*one)) => Some(true),
                Value::Set { more: false, .. } => Some(false),
                _ => None,
            },
            TestKind::Delivers(fact, payload, range) => match self.facts.get(*fact)? {
                Value::Curve(curve) => {
                    // A point at this payload or above that gets so far; or one at this payload or below that does not.
                    let yes = curve
                        .points
                        .iter()
                        .any(|[least, _, shortest, _]| least >= payload && shortest >= range);
                    let no = curve
                        .points
                        .iter()
                        .any(|[_, most, _, farthest]| most <= payload && farthest < range);
                    if yes {
                        Some(true)
                    } else if no {
                        Some(false)
                    } else {
                        None
                    }
                }
                _ => None,
            },
            TestKind::InSet(fact, set) => match self.facts.get(*fact) {
                Some(Value::One(one)) => self.member(*set, *one, date),
                Some(Value::OneOf(several)) => {
                    alike(several.iter().map(|one| self.member(*set, *one, date)))
                }
                _ if self.law().sets[*set].members.is_empty() => Some(false),
                _ => None,
            },
            TestKind::IncludesIn(fact, set) | TestKind::PartyIn(fact, set) => {
                match self.facts.get(*fact) {
                    Some(Value::Set { sure, more }) => {
                        let sure = or(sure.iter().map(|one| self.member(*set, *one, date)));
                        if *more && !self.law().sets[*set].members.is_empty() && sure == Some(false)
                        {
                            None
                        } else {
                            sure
                        }
                    }
                    _ if self.law().sets[*set].members.is_empty() => Some(false),
                    _ => None,
                }
            }
            _ => {
                let mut world = World {
                    values: Vec::new(),
                    reading: false,
                };
                for fact in Question::Test(kind, date).facts(self.law()) {
                    world.set(fact, wholly_known(self.facts.get(fact))?);
                }
                Some(self.court.test(kind, date, world.seen()))
            }
        }
    }

    fn member(&self, set: usize, place: u32, date: FactId) -> Answer {
        or(self
            .court
            .membership(set, place)
            .iter()
            .map(|period| self.period(period, date)))
    }

    /// Whether a date lies in a period; open too where the period is.
    pub fn period(&self, period: &Period, date: FactId) -> Answer {
        if period.sure == [Span::ALWAYS] {
            return Some(true);
        }
        let (first, last) = self.days(date);
        if period
            .sure
            .iter()
            .any(|span| span.first <= first && last <= span.last)
        {
            Some(true)
        } else if period
            .possible
            .iter()
            .all(|span| last < span.first || span.last < first)
        {
            Some(false)
        } else if first == last && period.on(first) == Holds::Open {
            None
        } else {
            None
        }
    }

    /// That a date lies off the days that a period may hold.
    fn off(&self, period: &Period, date: FactId) -> Answer {
        let (first, last) = self.days(date);
        if period
            .possible
            .iter()
            .any(|span| span.first <= first && last <= span.last)
        {
            Some(false)
        } else if period
            .possible
            .iter()
            .all(|span| last < span.first || span.last < first)
        {
            Some(true)
        } else {
            None
        }
    }

    fn days(&self, date: FactId) -> (Day, Day) {
        let day = |figure: i128| Day::from_number(i64::try_from(figure).unwrap());
        if let Some(Value::Between(first, last)) = self.facts.get(date)
            && first == last
        {
            let day = day(first.grid());
            return (day, day);
        }
        let all = spans(self.law(), date, self.facts.get(date));
        (
            day(all.first().map_or(0, |span| span.0)),
            day(all.last().map_or(0, |span| span.1)),
        )
    }

    pub fn listed(&self, list: usize, within: &str, tag: Option<&str>) -> Answer {
        let asked = self.court.selected(list, within, tag);
        match claimed(&self.fixed.claims, list) {
            None => or(asked.iter().map(|entry| self.entry(list, *entry))),
            Some(code) => {
                if asked
                    .iter()
                    .any(|entry| self.entry(list, *entry) == Some(true))
                {
                    return Some(true);
                }
                match claim(self.law(), list, within, tag, asked, code) {
                    Says::No => Some(false),
                    Says::Yes => Some(true),
                    Says::NotHeld => None,
                    Says::OneOf(ways) => or(ways.iter().map(|(entry, whole)| {
                        if *whole {
                            self.entry(list, *entry)
                        } else {
                            self.entry_stands(list, *entry)
                        }
                    })),
                }
            }
        }
    }

    pub fn entry(&self, list: usize, entry: usize) -> Answer {
        if let Some(known) = self.entries.borrow()[list][entry] {
            return known;
        }
        let found = match &self.law().lists[list].entries[entry].when {
            None => Some(false),
            Some(when) => {
                let when = self.holds(when, self.court.date);
                if when == Some(false) {
                    when
                } else {
                    and([when, self.entry_stands(list, entry)].into_iter())
                }
            }
        };
        self.entries.borrow_mut()[list][entry] = Some(found);
        found
    }

    pub fn entry_stands(&self, list: usize, entry: usize) -> Answer {
        or(self.law().lists[list].entries[entry]
            .editions
            .iter()
            .map(|edition| self.period(&edition.period, self.court.date)))
    }

    /// Whether a world is one of the completions of this state.
    pub fn fits(&self, world: &World) -> bool {
        self.facts.stated().all(|(fact, value)| match value {
            Value::Curve(_) => true,
            value => !world.has(fact) || allows(Some(value), world.get(fact)),
        })
    }
}

/// One answer where all are the same.
fn alike(mut answers: impl Iterator<Item = Answer>) -> Answer {
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}
