//! Formulas: what is left of the rules when everything known has been put in.
//!
//! A formula stands over *literals*: open tests of one fact each. A test of a dated set whose day is not known
//! is taken apart into tests of the place and tests of the day, so that the literals of one fact never hang on another
//! fact. Equal formulas are one formula.

use catchall_model::{Day, Number};

use crate::period::bounds;
use crate::program::{
    AtomTest, ClaimAnswer, ListPath, ListTest, Node, NodeId, Program, Scratch, Tri, day, includes,
    lies_between, one_of,
};
use crate::state::Facts;
use crate::table::{Hasher, Table};
use crate::vocabulary::{Bits, FactId};

/// False.
pub(super) const NO: u32 = 0;
/// True.
pub(super) const YES: u32 = 1;

/// An open test of one fact.
#[derive(Clone, Debug)]
pub(super) enum Literal {
    /// The law's own reading.
    Reading,
    /// An atom of the program, which asks one fact (or one day against another).
    Atom(u32),
    /// The place is one of these; or the places hold one of these.
    Members(FactId, Bits),
    /// The day lies between these.
    Days(FactId, Number, Number),
    /// What the item is makes this formula hold.
    Item(u32),
}

/// A formula over literals, shared where equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Formula {
    No,
    Yes,
    Literal { literal: u32, negated: bool },
    And { first: u32, count: u32 },
    Or { first: u32, count: u32 },
}

/// How what the law leaves open is read in a formula where the reading holds. Below a "not", and in an exception as its
/// base sees it, it is read the other way: the two days that are open there need not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// So that the condition holds.
    For,
    /// So that it fails.
    Against,
}

impl Read {
    fn other(self) -> Read {
        match self {
            Read::For => Read::Against,
            Read::Against => Read::For,
        }
    }

    /// A place for what is kept of something by its reading.
    fn place(self, of: usize) -> usize {
        of * 2 + usize::from(self == Read::Against)
    }
}

/// What formulas are made of.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub program: &'a Program,
    pub facts: &'a Facts,
}

/// Formulas, by place; what a formula is made of stands before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Formulas {
    pub all: Vec<Formula>,
    pub kids: Vec<u32>,
    pub literals: Vec<Literal>,
    /// For each formula which variables it asks, by place modulo 64; filled in once the variables are known.
    pub asks: Vec<u64>,
    /// For each literal the mask of its variable.
    pub variable_of: Vec<u64>,
    shared: Table,
    /// Parts gathered for a formula that is being made.
    stack: Vec<u32>,
    /// The opposite of a formula, where it was asked for.
    opposite: Vec<u32>,
    /// Nodes of the program, read for and read against, with the round in which they were made; rules likewise.
    nodes: Vec<(u32, u32)>,
    effectives: Vec<(u32, u32)>,
    atoms: Vec<(u32, u32)>,
    /// Members of the sets on a day, in this round.
    members: Vec<(usize, Day, Bits)>,
    /// Literals that ask for members, by what they ask; equal ones are one.
    member_literals: Table,
    reading: Option<u32>,
    round: u32,
    /// What a formula became under the present restriction.
    restricted: Vec<(u32, u32)>,
    restriction: u32,
    /// For each literal 0 or 1 where the present restriction settles it, else 2.
    pub settled: Vec<u8>,
    /// Variables that the present restriction settles.
    pub settles: u64,
    /// Formulas visited by restrictions: the measure of work.
    pub work: usize,
}

impl Formulas {
    /// Makes room for another case.
    pub fn begin(&mut self, program: &Program) {
        self.all.clear();
        self.kids.clear();
        self.literals.clear();
        self.asks.clear();
        self.variable_of.clear();
        self.shared.clear();
        self.opposite.clear();
        self.members.clear();
        self.member_literals.clear();
        self.stack.clear();
        self.restricted.clear();
        self.settled.clear();
        self.reading = None;
        self.work = 0;
        self.round = self.round.wrapping_add(1);
        let fits = self.nodes.len() >= program.nodes.len() * 2
            && self.effectives.len() >= program.rules.len() * 2
            && self.atoms.len() >= program.atoms.len();
        if !fits || self.round == 0 {
            self.round = 1;
            self.nodes = vec![(0, 0); program.nodes.len() * 2];
            self.effectives = vec![(0, 0); program.rules.len() * 2];
            self.atoms = vec![(0, 0); program.atoms.len()];
        }
        self.append(Formula::No, 0);
        self.append(Formula::Yes, 0);
    }

    fn append(&mut self, formula: Formula, asks: u64) -> u32 {
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(formula);
        self.asks.push(asks);
        place
    }

    /// The formula of a literal, or of its opposite: they stand side by side.
    fn literal(&mut self, literal: Literal) -> u32 {
        let number = u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        self.literals.push(literal);
        let place = self.append(
            Formula::Literal {
                literal: number,
                negated: false,
            },
            0,
        );
        self.append(
            Formula::Literal {
                literal: number,
                negated: true,
            },
            0,
        );
        place
    }

    /// What the law leaves open, as it is read: for what stands here, or against it.
    fn reading(&mut self, read: Read) -> u32 {
        let plain = match self.reading {
            Some(known) => known,
            None => {
                let made = self.literal(Literal::Reading);
                self.reading = Some(made);
                made
            }
        };
        match read {
            Read::For => plain,
            Read::Against => plain + 1,
        }
    }

    pub fn parts(&self, first: u32, count: u32) -> &[u32] {
        &self.kids[first as usize..(first + count) as usize]
    }

    fn of(tri: Tri) -> Option<u32> {
        match tri {
            Tri::No => Some(NO),
            Tri::Yes => Some(YES),
            Tri::Open => None,
        }
    }

    /// All of two.
    pub fn and(&mut self, one: u32, other: u32) -> u32 {
        let start = self.stack.len();
        self.stack.extend([one, other]);
        self.join(start, true)
    }

    /// All of these.
    pub fn and_all(&mut self, parts: &[u32]) -> u32 {
        let start = self.stack.len();
        self.stack.extend(parts);
        self.join(start, true)
    }

    /// One of these at least.
    pub fn or(&mut self, parts: &[u32]) -> u32 {
        let start = self.stack.len();
        self.stack.extend(parts);
        self.join(start, false)
    }

    /// Makes one formula of the parts on the stack from `start` on.
    fn join(&mut self, start: usize, all: bool) -> u32 {
        let (zero, one) = if all { (NO, YES) } else { (YES, NO) };
        let end = self.stack.len();
        for place in start..end {
            let part = self.stack[place];
            match self.all[part as usize] {
                Formula::And { first, count } if all => {
                    self.stack.extend_from_within_of(&self.kids, first, count)
                }
                Formula::Or { first, count } if !all => {
                    self.stack.extend_from_within_of(&self.kids, first, count)
                }
                _ => continue,
            }
            self.stack[place] = one;
        }
        self.stack[start..].sort_unstable();
        let mut kept = start;
        let mut dead = false;
        for place in start..self.stack.len() {
            let part = self.stack[place];
            if part == one || (kept > start && self.stack[kept - 1] == part) {
                continue;
            }
            // A literal beside its opposite decides the whole.
            dead |= part == zero
                || (kept > start
                    && self.stack[kept - 1] + 1 == part
                    && self.opposed(self.stack[kept - 1], part));
            self.stack[kept] = part;
            kept += 1;
        }
        let made = if dead {
            zero
        } else {
            match kept - start {
                0 => one,
                1 => self.stack[start],
                _ => self.share(start, kept, all),
            }
        };
        self.stack.truncate(start);
        made
    }

    fn opposed(&self, one: u32, other: u32) -> bool {
        match (self.all[one as usize], self.all[other as usize]) {
            (
                Formula::Literal {
                    literal,
                    negated: false,
                },
                Formula::Literal {
                    literal: same,
                    negated: true,
                },
            ) => literal == same,
            _ => false,
        }
    }

    fn share(&mut self, start: usize, end: usize, all: bool) -> u32 {
        let mut hasher = Hasher::new(u64::from(all));
        for part in &self.stack[start..end] {
            hasher.add(u64::from(*part));
        }
        let (stack, kids, known) = (&self.stack, &self.kids, &self.all);
        let same = |place: u32| match known[place as usize] {
            Formula::And { first, count } => {
                all && kids[first as usize..(first + count) as usize] == stack[start..end]
            }
            Formula::Or { first, count } => {
                !all && kids[first as usize..(first + count) as usize] == stack[start..end]
            }
            _ => false,
        };
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        if let Some(place) = self.shared.find_or_insert(hasher.end(), next, same) {
            return place;
        }
        let asks = stack[start..end]
            .iter()
            .fold(0, |asks, part| asks | self.asks[*part as usize]);
        let first = u32::try_from(self.kids.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(end - start).unwrap_or(u32::MAX);
        self.kids.extend_from_slice(&self.stack[start..end]);
        self.append(
            if all {
                Formula::And { first, count }
            } else {
                Formula::Or { first, count }
            },
            asks,
        )
    }

    // ---- from the program ------------------------------------------------------------------------

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

    /// The opposite of a formula.
    pub fn negate(&mut self, formula: u32) -> u32 {
        if self.opposite.len() < self.all.len() {
            self.opposite.resize(self.all.len(), u32::MAX);
        }
        let known = self.opposite[formula as usize];
        if known != u32::MAX {
            return known;
        }
        let start = self.stack.len();
        let (first, count, all) = match self.all[formula as usize] {
            Formula::No => return YES,
            Formula::Yes => return NO,
            Formula::Literal { negated, .. } => {
                return if negated { formula - 1 } else { formula + 1 };
            }
            Formula::And { first, count } => (first, count, false),
            Formula::Or { first, count } => (first, count, true),
        };
        for place in first..first + count {
            let part = self.negate(self.kids[place as usize]);
            self.stack.push(part);
        }
        let made = self.join(start, all);
        self.opposite[formula as usize] = made;
        if self.opposite.len() < self.all.len() {
            self.opposite.resize(self.all.len(), u32::MAX);
        }
        if matches!(
            self.all[made as usize],
            Formula::And { .. } | Formula::Or { .. }
        ) {
            self.opposite[made as usize] = formula;
        }
        made
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
        let (first, second) = program.possible_entries(test, given.facts);
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

    // ---- restriction -----------------------------------------------------------------------------

    /// The literals of a few formulas, ascending; `seen` and `found` are room kept by round.
    pub fn small_support(&self, roots: &[u32], room: &mut Looked, into: &mut Vec<u32>) {
        into.clear();
        room.round += 1;
        room.seen.resize(self.all.len(), 0);
        room.found.resize(self.literals.len(), 0);
        room.left.extend(roots);
        while let Some(formula) = room.left.pop() {
            if std::mem::replace(&mut room.seen[formula as usize], room.round) == room.round {
                continue;
            }
            match self.all[formula as usize] {
                Formula::Literal { literal, .. } => {
                    let found = &mut room.found[literal as usize];
                    if std::mem::replace(found, room.round) != room.round {
                        into.push(literal);
                    }
                }
                Formula::And { first, count } | Formula::Or { first, count } => {
                    room.left.extend(self.parts(first, count))
                }
                Formula::No | Formula::Yes => {}
            }
        }
        into.sort_unstable();
    }

    /// The literals of these formulas, ascending.
    pub fn support(&self, roots: &[u32]) -> Vec<u32> {
        let mut seen = vec![false; self.all.len()];
        let mut found = vec![false; self.literals.len()];
        let mut left: Vec<u32> = roots.to_vec();
        while let Some(formula) = left.pop() {
            if std::mem::replace(&mut seen[formula as usize], true) {
                continue;
            }
            match self.all[formula as usize] {
                Formula::Literal { literal, .. } => found[literal as usize] = true,
                Formula::And { first, count } | Formula::Or { first, count } => {
                    left.extend(self.parts(first, count))
                }
                Formula::No | Formula::Yes => {}
            }
        }
        (0u32..)
            .zip(found)
            .filter(|(_, found)| *found)
            .map(|(literal, _)| literal)
            .collect()
    }

    /// Says which variable each literal belongs to; formulas made from here on know whom they ask.
    pub fn assign(&mut self, variable_of: Vec<u64>) {
        self.variable_of = variable_of;
        self.settled = vec![2; self.literals.len()];
        for place in 0..self.all.len() {
            self.asks[place] = match self.all[place] {
                Formula::No | Formula::Yes => 0,
                Formula::Literal { literal, .. } => {
                    self.variable_of.get(literal as usize).copied().unwrap_or(0)
                }
                Formula::And { first, count } | Formula::Or { first, count } => self
                    .parts(first, count)
                    .iter()
                    .fold(0, |asks, part| asks | self.asks[*part as usize]),
            };
        }
    }

    /// Begins another restriction: `settled` and `settles` say what is put in.
    pub fn begin_restriction(&mut self) {
        self.restriction = self.restriction.wrapping_add(1);
        if self.restriction == 0 {
            self.restricted.fill((0, 0));
            self.restriction = 1;
        }
    }

    /// A formula with what is settled put in.
    pub fn restrict(&mut self, formula: u32) -> u32 {
        if self.asks[formula as usize] & self.settles == 0 {
            return formula;
        }
        let place = formula as usize;
        if let Some((restriction, known)) = self.restricted.get(place)
            && *restriction == self.restriction
        {
            return *known;
        }
        self.work += 1;
        let made = match self.all[place] {
            Formula::No | Formula::Yes => formula,
            Formula::Literal { literal, negated } => match self.settled[literal as usize] {
                2 => formula,
                value => u32::from((value == 1) != negated),
            },
            Formula::And { first, count } => self.restrict_parts(first, count, true),
            Formula::Or { first, count } => self.restrict_parts(first, count, false),
        };
        if self.restricted.len() <= place {
            self.restricted.resize(self.all.len(), (0, 0));
        }
        self.restricted[place] = (self.restriction, made);
        made
    }

    fn restrict_parts(&mut self, first: u32, count: u32, all: bool) -> u32 {
        let zero = if all { NO } else { YES };
        let start = self.stack.len();
        for place in first..first + count {
            let part = self.restrict(self.kids[place as usize]);
            if part == zero {
                self.stack.truncate(start);
                return zero;
            }
            self.stack.push(part);
        }
        self.join(start, all)
    }

    /// Puts formulas in the place of literals: for a literal that several variables answer together.
    pub fn substitute(&mut self, formula: u32, by: &[Option<u32>], known: &mut Vec<u32>) -> u32 {
        if known.len() < self.all.len() {
            known.resize(self.all.len(), u32::MAX);
        }
        if known[formula as usize] != u32::MAX {
            return known[formula as usize];
        }
        let made = match self.all[formula as usize] {
            Formula::No | Formula::Yes => formula,
            Formula::Literal { literal, negated } => {
                match by.get(literal as usize).copied().flatten() {
                    Some(other) if negated => self.negate(other),
                    Some(other) => other,
                    None => formula,
                }
            }
            Formula::And { first, count } | Formula::Or { first, count } => {
                let all = matches!(self.all[formula as usize], Formula::And { .. });
                let start = self.stack.len();
                for place in first..first + count {
                    let part = self.substitute(self.kids[place as usize], by, known);
                    self.stack.push(part);
                }
                self.join(start, all)
            }
        };
        known[formula as usize] = made;
        made
    }

    /// A new literal that no test stands for: whether one class of values is in, or what the item is.
    pub fn fresh(&mut self, literal: Literal) -> u32 {
        self.literal(literal)
    }
}

/// Room for looking through formulas again and again.
#[derive(Debug, Default)]
pub(super) struct Looked {
    seen: Vec<u32>,
    found: Vec<u32>,
    left: Vec<u32>,
    round: u32,
}

/// Copies parts of a formula onto the stack.
trait Gather {
    fn extend_from_within_of(&mut self, kids: &[u32], first: u32, count: u32);
}

impl Gather for Vec<u32> {
    fn extend_from_within_of(&mut self, kids: &[u32], first: u32, count: u32) {
        self.extend_from_slice(&kids[first as usize..(first + count) as usize]);
    }
}
