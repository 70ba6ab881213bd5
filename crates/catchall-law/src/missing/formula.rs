//! Formulas: what is left of the rules when everything known has been put in.
//!
//! A formula stands over *literals*: open tests of one fact each. A test of a dated set whose day is not known
//! is taken apart into tests of the place and tests of the day, so that the literals of one fact never hang on another
//! fact. Equal formulas are one formula.

mod law;
mod replaced;
mod support;

pub(super) use support::Looked;

use catchall_model::{Day, Number};

use crate::program::{Program, Tri};
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

    // ---- restriction -----------------------------------------------------------------------------
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
