//! From the law to formulas: nexus, contribution and effect of a rule, the nodes of its condition, and its tests.

use catchall_model::Number;

use super::{Formula, Formulas, Given, Literal, NO, Read, YES};
use crate::period::bounds;
use crate::program::{
    AtomTest, ClaimAnswer, ListPath, ListTest, Node, NodeId, Scratch, Tri, day, includes,
    lies_between, one_of,
};
use crate::table::Hasher;
use crate::vocabulary::{Bits, FactId};

impl Formulas {
    /// The nexus of a jurisdiction, which is open.
    pub fn nexus(&mut self, given: Given, jurisdiction: usize, scratch: &mut Scratch) -> u32 {
        match Self::of(scratch.nexus[jurisdiction]) {
            Some(known) => known,
            None => self.node(
                given,
                given.program.jurisdictions[jurisdiction].nexus,
                Read::For,
                scratch,
            ),
        }
    }

    /// That a rule brings its effect to bear.
    pub fn contribution(&mut self, given: Given, rule: usize, scratch: &mut Scratch) -> u32 {
        let applies = self.effective(given, rule, Read::For, scratch);
        let own = &given.program.rules[rule];
        if !own.exception || applies == NO {
            return applies;
        }
        let start = self.stack.len();
        for base in &own.bases {
            let lifted = self.full(given, *base, Read::For, scratch);
            self.stack.push(lifted);
        }
        let lifted = self.join(start, false);
        self.and(applies, lifted)
    }

    /// That a rule applies and nothing excepts it.
    pub fn effective(
        &mut self,
        given: Given,
        rule: usize,
        read: Read,
        scratch: &mut Scratch,
    ) -> u32 {
        let (round, known) = self.effectives[read.place(rule)];
        if round == self.round {
            return known;
        }
        let start = self.stack.len();
        let full = self.full(given, rule, read, scratch);
        self.stack.push(full);
        if full != NO {
            for exception in &given.program.rules[rule].exceptions {
                let excepts = self.effective(given, *exception, read.other(), scratch);
                let opposite = self.negate(excepts);
                self.stack.push(opposite);
            }
        }
        let whole = self.join(start, true);
        self.effectives[read.place(rule)] = (self.round, whole);
        whole
    }

    /// That a rule is in force and its condition holds.
    pub fn full(&mut self, given: Given, rule: usize, read: Read, scratch: &mut Scratch) -> u32 {
        match Self::of(given.program.full(rule, given.facts, scratch)) {
            Some(known) => known,
            None => self.node(given, given.program.rules[rule].full, read, scratch),
        }
    }

    /// A condition of the program.
    pub fn node(&mut self, given: Given, node: NodeId, read: Read, scratch: &mut Scratch) -> u32 {
        let key = read.place(node.0 as usize);
        let (round, known) = self.nodes[key];
        if round == self.round {
            return known;
        }
        let made = match Self::of(given.program.node(node, given.facts, scratch)) {
            Some(decided) => decided,
            None => self.node_anew(given, node, read, scratch),
        };
        self.nodes[key] = (self.round, made);
        made
    }

    fn node_anew(&mut self, given: Given, node: NodeId, read: Read, scratch: &mut Scratch) -> u32 {
        let program = given.program;
        match program.nodes[node.0 as usize] {
            Node::Yes => YES,
            Node::No => NO,
            Node::Atom { atom, negated } => {
                let made = self.atom(
                    given,
                    atom,
                    if negated { read.other() } else { read },
                    scratch,
                );
                if negated { self.negate(made) } else { made }
            }
            Node::List { test, negated } => {
                let read = if negated { read.other() } else { read };
                let made = self.listed(given, &program.list_tests[test as usize], read, scratch);
                if negated { self.negate(made) } else { made }
            }
            Node::All { first, count } => self.several(given, (first, count), true, read, scratch),
            Node::Any { first, count } => self.several(given, (first, count), false, read, scratch),
            Node::AtLeast {
                needed,
                first,
                count,
            } => {
                let parts: Vec<u32> = program
                    .kids(first, count)
                    .iter()
                    .map(|kid| self.node(given, *kid, read, scratch))
                    .collect();
                self.at_least(needed as usize, &parts)
            }
        }
    }

    fn several(
        &mut self,
        given: Given,
        (first, count): (u32, u32),
        all: bool,
        read: Read,
        scratch: &mut Scratch,
    ) -> u32 {
        let zero = if all { NO } else { YES };
        let start = self.stack.len();
        for kid in given.program.kids(first, count) {
            let part = self.node(given, *kid, read, scratch);
            if part == zero {
                self.stack.truncate(start);
                return zero;
            }
            self.stack.push(part);
        }
        self.join(start, all)
    }

    fn at_least(&mut self, needed: usize, parts: &[u32]) -> u32 {
        // `row[k]`: at least `k` of the parts seen so far, from the last to the first.
        let mut row = vec![NO; needed + 1];
        row[0] = YES;
        for part in parts.iter().rev() {
            for count in (1..=needed).rev() {
                let with = self.and(*part, row[count - 1]);
                row[count] = self.or(&[with, row[count]]);
            }
        }
        row[needed]
    }

    fn listed(&mut self, given: Given, test: &ListTest, read: Read, scratch: &mut Scratch) -> u32 {
        let program = given.program;
        let path = program.list_path(test, given.facts);
        let (first, second) = program.possible_entries(&test.tested, given.facts);
        let start = self.stack.len();
        match path {
            ListPath::Figures if !program.kind_known(given.facts) => {
                self.by_kind(given, test, read, scratch);
            }
            ListPath::Figures => {
                for entry in first.iter().chain(second) {
                    let part = match Self::of(program.entry(*entry, given.facts, scratch)) {
                        Some(known) => known,
                        None => {
                            self.node(given, program.entries[*entry as usize].full, read, scratch)
                        }
                    };
                    if part == YES {
                        self.stack.truncate(start);
                        return YES;
                    }
                    if part != NO {
                        self.stack.push(part);
                    }
                }
            }
            ListPath::Claim(answer) => {
                if first
                    .iter()
                    .chain(second)
                    .any(|entry| program.entry(*entry, given.facts, scratch) == Tri::Yes)
                {
                    return YES;
                }
                match answer {
                    ClaimAnswer::No => return NO,
                    ClaimAnswer::Yes => return YES,
                    ClaimAnswer::NotHeld => return self.reading(read),
                    ClaimAnswer::Entries(entries) => {
                        for (entry, whole) in entries {
                            let entry = &program.entries[entry as usize];
                            let part = self.node(
                                given,
                                if whole { entry.full } else { entry.in_force },
                                read,
                                scratch,
                            );
                            self.stack.push(part);
                        }
                    }
                }
            }
        }
        self.join(start, false)
    }

    /// Puts on the stack that the item is of a kind for which an entry of the test asks, and the rest of that entry: entries
    /// whose rest comes to the same are one test of the kind.
    fn by_kind(&mut self, given: Given, test: &ListTest, read: Read, scratch: &mut Scratch) {
        let program = given.program;
        let Some(kind) = program.kind_fact else {
            return;
        };
        let possible: Vec<u32> = test.asked.both(&scratch.possible).collect();
        let mut by_rest: Vec<(u32, u32, u32)> = Vec::with_capacity(possible.len());
        for entry in possible {
            let own = &program.entries[entry as usize];
            if own.kinds.is_none() {
                let whole = self.node(given, own.full, read, scratch);
                self.stack.push(whole);
                continue;
            }
            let in_force = self.node(given, own.in_force, read, scratch);
            let rest = self.node(given, own.rest, read, scratch);
            by_rest.push((in_force, rest, entry));
        }
        by_rest.sort_unstable();
        // The days stand outside, so that what is asked of the item is a formula of its own.
        for standing in by_rest.chunk_by(|one, other| one.0 == other.0) {
            let start = self.stack.len();
            for same in standing.chunk_by(|one, other| one.1 == other.1) {
                let mut kinds = Bits::default();
                for (.., entry) in same {
                    if let Some(own) = &program.entries[*entry as usize].kinds {
                        kinds.join(own);
                    }
                }
                let of_kind = self.members_literal(given, kind, &kinds, false);
                let whole = self.and(of_kind, same[0].1);
                self.stack.push(whole);
            }
            let of_item = self.join(start, false);
            let whole = self.and(standing[0].0, of_item);
            self.stack.push(whole);
        }
    }

    fn atom(&mut self, given: Given, atom: u32, read: Read, scratch: &mut Scratch) -> u32 {
        if let Some(known) = Self::of(given.program.atom(atom, given.facts, scratch)) {
            return known;
        }
        if given.program.atoms[atom as usize].test == AtomTest::Reading {
            return self.reading(read);
        }
        let (round, known) = self.atoms[atom as usize];
        if round == self.round {
            return known;
        }
        let made = match &given.program.atoms[atom as usize].test {
            AtomTest::InSet(fact, set, date)
            | AtomTest::IncludesIn(fact, set, date)
            | AtomTest::PartyIn(fact, set, date) => self.in_set(given, *fact, *set, *date, atom),
            _ => self.literal(Literal::Atom(atom)),
        };
        self.atoms[atom as usize] = (self.round, made);
        made
    }

    /// A dated set taken apart: the place on one side, the day on the other.
    fn in_set(&mut self, given: Given, fact: FactId, set: usize, date: FactId, atom: u32) -> u32 {
        let several = !matches!(given.program.atoms[atom as usize].test, AtomTest::InSet(..));
        let Some(day) = day(given.facts, date) else {
            let start = self.stack.len();
            let held = &given.program.sets[set];
            let always = self.members_literal(given, fact, &held.always, several);
            self.stack.push(always);
            for (period, members) in &held.groups {
                let place = self.members_literal(given, fact, members, several);
                if place == NO {
                    continue;
                }
                let time = self.spans(given, &period.possible, date);
                let both = self.and(place, time);
                self.stack.push(both);
            }
            return self.join(start, false);
        };
        let members = match self
            .members
            .iter()
            .find(|(known, on, _)| *known == set && *on == day)
        {
            Some((.., members)) => members.clone(),
            None => {
                let members = given.program.sets[set].on(day);
                self.members.push((set, day, members.clone()));
                members
            }
        };
        self.members_literal(given, fact, &members, several)
    }

    fn members_literal(
        &mut self,
        given: Given,
        fact: FactId,
        members: &Bits,
        several: bool,
    ) -> u32 {
        if members.is_empty() {
            return NO;
        }
        let value = given.facts.get(fact);
        let answer = if several {
            includes(value, members)
        } else {
            one_of(value, members)
        };
        match Self::of(answer) {
            Some(known) => known,
            None => self.shared_members(fact, members),
        }
    }

    fn shared_members(&mut self, fact: FactId, members: &Bits) -> u32 {
        let mut hasher = Hasher::new(u64::from(fact.0));
        members.words().iter().for_each(|word| hasher.add(*word));
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let (all, literals) = (&self.all, &self.literals);
        let same = |place: u32| match all[place as usize] {
            Formula::Literal { literal, .. } => {
                matches!(&literals[literal as usize], Literal::Members(own, known) if *own == fact && known == members)
            }
            _ => false,
        };
        match self
            .member_literals
            .find_or_insert(hasher.end(), next, same)
        {
            Some(known) => known,
            None => self.literal(Literal::Members(fact, members.clone())),
        }
    }

    /// That a date lies in one of these spans.
    fn spans(&mut self, given: Given, spans: &[catchall_model::Span], date: FactId) -> u32 {
        let start = self.stack.len();
        for span in spans {
            let (low, high) = bounds(*span);
            let whole = low == Number::MIN && high == Number::MAX;
            let part = match Self::of(if whole {
                Tri::Yes
            } else {
                lies_between(given.facts.get(date), low, high)
            }) {
                Some(known) => known,
                None => self.literal(Literal::Days(date, low, high)),
            };
            self.stack.push(part);
        }
        self.join(start, false)
    }
}
