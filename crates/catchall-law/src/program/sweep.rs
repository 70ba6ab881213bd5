//! Sweep: rules over columns, a block of 64 rows at a time.

use std::collections::HashMap;

use catchall_model::Effect;

use super::columns::{Cells, Columns, Levels, Lookup, Pair, lookup};
use super::{ClaimAnswer, Node, NodeId, Program, Reached, Tri};
use crate::state::Value;
use crate::vocabulary::Vocabulary;

/// Programs of so many rules are swept whole; larger ones by their index.
const FEW_RULES: usize = 48;

/// Room for a sweep, kept from one batch to the next, with what the program's tests need to be looked up.
#[derive(Clone, Debug)]
pub struct Sweep {
    lookups: Vec<Option<Lookup>>,
    block: u32,
    atoms: Vec<(u32, Pair)>,
    nodes: Vec<(u32, Pair)>,
    effective: Vec<(u32, Pair)>,
    entries: Vec<u32>,
    taken: Vec<u32>,
    candidates: Vec<u32>,
    levels: Vec<Levels>,
    paths: HashMap<(u32, u32), ClaimAnswer>,
}

impl Sweep {
    /// Room for a program.
    pub fn new(program: &Program, vocabulary: &Vocabulary) -> Sweep {
        let size = |atom: &super::Atom| {
            atom.test
                .fact()
                .map_or(0, |fact| vocabulary.size(vocabulary.get(fact).domain))
        };
        Sweep {
            lookups: program
                .atoms
                .iter()
                .map(|atom| lookup(&atom.test, program, size(atom)))
                .collect(),
            block: 0,
            atoms: vec![(0, Pair::NO); program.atoms.len()],
            nodes: vec![(0, Pair::NO); program.nodes.len()],
            effective: vec![(0, Pair::NO); program.rules.len()],
            entries: vec![0; program.entries.len()],
            taken: vec![0; program.rules.len()],
            candidates: Vec::new(),
            levels: Vec::new(),
            paths: HashMap::new(),
        }
    }
}

/// One block of one batch.
struct Block<'a> {
    program: &'a Program,
    columns: &'a Columns,
    first: usize,
    /// The rows that there are.
    rows: u64,
}

impl Program {
    /// Where each jurisdiction stands in every row, row by row, as [`Program::reach`] has it.
    pub fn sweep(&self, columns: &Columns, sweep: &mut Sweep, into: &mut Vec<Reached>) {
        let nothing = Reached {
            nexus: Tri::No,
            sure: Effect::NoLicenceRequired,
            most: Effect::NoLicenceRequired,
        };
        into.clear();
        into.resize(columns.rows() * self.jurisdictions.len(), nothing);
        // Codes are numbered anew when the columns were made anew.
        sweep.paths.clear();
        for first in (0..columns.rows()).step_by(64) {
            let count = (columns.rows() - first).min(64);
            let rows = if count == 64 {
                u64::MAX
            } else {
                (1 << count) - 1
            };
            sweep.block = sweep.block.wrapping_add(1);
            if sweep.block == 0 {
                sweep.atoms.fill((0, Pair::NO));
                sweep.nodes.fill((0, Pair::NO));
                sweep.effective.fill((0, Pair::NO));
                sweep.entries.fill(0);
                sweep.taken.fill(0);
                sweep.block = 1;
            }
            let block = Block {
                program: self,
                columns,
                first,
                rows,
            };
            block.levels(sweep);
            let width = self.jurisdictions.len();
            let out = &mut into[first * width..(first + count) * width];
            for (place, levels) in sweep.levels.iter().enumerate() {
                write(levels, rows, place, width, out);
            }
        }
    }
}

/// Puts the masks of a jurisdiction into its place in each row.
fn write(levels: &Levels, rows: u64, place: usize, width: usize, out: &mut [Reached]) {
    let reaches = levels.nexus.most & rows;
    each_row(reaches, |row| {
        out[row * width + place].nexus = if levels.nexus.sure >> row & 1 == 1 {
            Tri::Yes
        } else {
            Tri::Open
        }
    });
    let (mut sure_left, mut most_left) = (rows, rows);
    for (effect, pair) in Effect::ALL.iter().zip(&levels.rows).rev() {
        each_row(pair.most & most_left, |row| {
            out[row * width + place].most = *effect
        });
        each_row(pair.sure & sure_left, |row| {
            out[row * width + place].sure = *effect
        });
        most_left &= !pair.most;
        sure_left &= !pair.sure;
    }
}

fn each_row(mut rows: u64, mut see: impl FnMut(usize)) {
    while rows != 0 {
        see(rows.trailing_zeros() as usize);
        rows &= rows - 1;
    }
}

impl Block<'_> {
    fn levels(&self, sweep: &mut Sweep) {
        sweep.levels.clear();
        for (place, jurisdiction) in (0u32..).zip(&self.program.jurisdictions) {
            let mut nexus = self.node(jurisdiction.nexus, sweep);
            let from = self
                .columns
                .by_hand
                .partition_point(|(row, ..)| (*row as usize) < self.first);
            for (row, own, put_in) in &self.columns.by_hand[from..] {
                let row = *row as usize - self.first;
                if row >= 64 {
                    break;
                }
                if *own == place {
                    let answer = Pair::of(Tri::of(*put_in));
                    nexus = Pair {
                        sure: nexus.sure & !(1 << row) | answer.sure & 1 << row,
                        most: nexus.most & !(1 << row) | answer.most & 1 << row,
                    };
                }
            }
            let nexus = Pair {
                sure: nexus.sure & self.rows,
                most: nexus.most & self.rows,
            };
            sweep.levels.push(Levels {
                nexus,
                rows: [Pair::NO; Effect::ALL.len()],
            });
        }
        let mut candidates = std::mem::take(&mut sweep.candidates);
        self.candidates(sweep, &mut candidates);
        for rule in &candidates {
            let rule = *rule as usize;
            let own = &self.program.rules[rule];
            let levels = &sweep.levels[own.jurisdiction];
            let level = own.effect.level();
            // What cannot raise the answer of any row need not be asked.
            let settled = levels.rows[level..]
                .iter()
                .fold(0, |rows, pair| rows | pair.sure);
            let nexus = levels.nexus;
            if nexus.most & !settled == 0 || level == 0 {
                continue;
            }
            let found = self.contributes(rule, sweep).and(nexus);
            let levels = &mut sweep.levels[own.jurisdiction].rows[level];
            *levels = levels.or(found);
        }
        sweep.candidates = candidates;
    }

    fn candidates(&self, sweep: &mut Sweep, into: &mut Vec<u32>) {
        into.clear();
        let program = self.program;
        if program.rules.len() <= FEW_RULES {
            return into.extend((0u32..).take(program.rules.len()));
        }
        let block = sweep.block;
        let (taken, levels) = (&mut sweep.taken, &sweep.levels);
        let mut take = |rules: &[u32]| {
            for rule in rules {
                let place = *rule as usize;
                if taken[place] != block
                    && levels[program.rules[place].jurisdiction].nexus.most != 0
                {
                    taken[place] = block;
                    into.push(*rule);
                }
            }
        };
        take(&program.index.free);
        let last = (self.first + 64).min(self.columns.rows());
        for table in &program.index.tables {
            let of = |value: u32| {
                table
                    .by_value
                    .get(value as usize)
                    .map_or(&[] as &[u32], Vec::as_slice)
            };
            let Some(column) = self.columns.column(table.fact) else {
                take(&table.all);
                continue;
            };
            let mut rare = 0u64;
            for (row, value) in column.rare_from(self.first) {
                rare |= 1 << row;
                match value {
                    Value::OneOf(values) => values.iter().for_each(|value| take(of(*value))),
                    Value::Set { sure, more: false } => {
                        sure.iter().for_each(|value| take(of(*value)))
                    }
                    _ => take(&table.all),
                }
            }
            let plain = |row: usize| rare >> row & 1 == 0;
            match &column.cells {
                Cells::Words(places) => {
                    for (row, place) in places[self.first..last].iter().enumerate() {
                        if usize::from(*place) < table.by_value.len() {
                            take(of(u32::from(*place)));
                        } else if *place == u16::MAX && plain(row) {
                            take(&table.all);
                        }
                    }
                }
                Cells::Sets(sure, states) => {
                    for (sure, state) in
                        sure[self.first..last].iter().zip(&states[self.first..last])
                    {
                        if *state == 1 {
                            each_row(*sure, |value| {
                                take(of(u32::try_from(value).unwrap_or(u32::MAX)))
                            });
                        } else {
                            take(&table.all);
                        }
                    }
                }
                // In a row that is not among the rare ones nothing is known.
                _ => {
                    if rare != self.rows {
                        take(&table.all);
                    }
                }
            }
        }
    }

    fn contributes(&self, rule: usize, sweep: &mut Sweep) -> Pair {
        let applies = self.effective(rule, sweep);
        let own = &self.program.rules[rule];
        if !own.exception || applies.most & self.rows == 0 {
            return applies;
        }
        let lifts = own.bases.iter().fold(Pair::NO, |lifts, base| {
            lifts.or(self.node(self.program.rules[*base].full, sweep))
        });
        applies.and(lifts)
    }

    fn effective(&self, rule: usize, sweep: &mut Sweep) -> Pair {
        let (block, known) = sweep.effective[rule];
        if block == sweep.block {
            return known;
        }
        let own = &self.program.rules[rule];
        let mut applies = self.node(own.full, sweep);
        for exception in &own.exceptions {
            if applies.most & self.rows == 0 {
                break;
            }
            applies = applies.and(self.effective(*exception, sweep).not());
        }
        sweep.effective[rule] = (sweep.block, applies);
        applies
    }

    fn atom(&self, atom: u32, sweep: &mut Sweep) -> Pair {
        let place = atom as usize;
        let (block, known) = sweep.atoms[place];
        if block == sweep.block {
            return known;
        }
        let found = self.program.atom_in(
            place,
            sweep.lookups[place].as_ref(),
            self.columns,
            self.first,
        );
        sweep.atoms[place] = (sweep.block, found);
        found
    }

    fn node(&self, node: NodeId, sweep: &mut Sweep) -> Pair {
        let place = node.0 as usize;
        let program = self.program;
        let negate = |pair: Pair, negated: bool| if negated { pair.not() } else { pair };
        match program.nodes[place] {
            Node::Yes => return Pair::YES,
            Node::No => return Pair::NO,
            Node::Atom { atom, negated } => return negate(self.atom(atom, sweep), negated),
            _ => {}
        }
        let (block, known) = sweep.nodes[place];
        if block == sweep.block {
            return known;
        }
        let found = match program.nodes[place] {
            Node::List { test, negated } => negate(self.listed(test, sweep), negated),
            Node::All { first, count } => {
                let mut all = Pair::YES;
                for kid in program.kids(first, count) {
                    all = all.and(self.node(*kid, sweep));
                    if all.most & self.rows == 0 {
                        break;
                    }
                }
                all
            }
            Node::Any { first, count } => {
                let mut any = Pair::NO;
                for kid in program.kids(first, count) {
                    any = any.or(self.node(*kid, sweep));
                    if any.sure & self.rows == self.rows {
                        break;
                    }
                }
                any
            }
            Node::AtLeast {
                needed,
                first,
                count,
            } => {
                // `row[k]`: at least `k` of the parts seen so far.
                let needed = needed as usize;
                let mut row = vec![Pair::NO; needed + 1];
                row[0] = Pair::YES;
                for kid in program.kids(first, count) {
                    let part = self.node(*kid, sweep);
                    for at in (1..=needed).rev() {
                        row[at] = row[at].or(row[at - 1].and(part));
                    }
                }
                row[needed]
            }
            Node::Yes | Node::No | Node::Atom { .. } => Pair::NO,
        };
        sweep.nodes[place] = (sweep.block, found);
        found
    }

    /// The entries of a list test that the kinds of these rows leave possible.
    fn possible(&self, test: u32, see: &mut dyn FnMut(u32)) {
        let tested = &self.program.list_tests[test as usize].tested;
        let last = (self.first + 64).min(self.columns.rows());
        let column = self
            .program
            .kind_fact
            .and_then(|fact| self.columns.column(fact));
        if let Some(Cells::Words(kinds)) = column.map(|column| &column.cells)
            && kinds[self.first..last]
                .iter()
                .all(|kind| usize::from(*kind) < tested.by_kind.len())
        {
            for kind in &kinds[self.first..last] {
                tested.by_kind[usize::from(*kind)]
                    .iter()
                    .for_each(|entry| see(*entry));
            }
            return tested.any_kind.iter().for_each(|entry| see(*entry));
        }
        tested.all.iter().for_each(|entry| see(*entry));
    }

    fn listed(&self, test: u32, sweep: &mut Sweep) -> Pair {
        let program = self.program;
        let list = program.list_tests[test as usize].list;
        // One entry may stand under many kinds: each is asked once for this test.
        let mut asked: Vec<u32> = Vec::new();
        self.possible(test, &mut |entry| asked.push(entry));
        asked.sort_unstable();
        asked.dedup();
        let mut figures = Pair::NO;
        for entry in asked {
            figures = figures.or(self.node(program.entries[entry as usize].full, sweep));
        }
        let last = (self.first + 64).min(self.columns.rows());
        let claims = &self.columns.claims[list];
        if claims.is_empty() {
            return figures;
        }
        let mut found = figures;
        let mut left = 0u64;
        for (row, claim) in claims[self.first..last].iter().enumerate() {
            left |= u64::from(*claim != u32::MAX) << row;
        }
        while left != 0 {
            let claim = claims[self.first + left.trailing_zeros() as usize];
            let mut rows = 0u64;
            each_row(left, |row| {
                rows |= u64::from(claims[self.first + row] == claim) << row
            });
            left &= !rows;
            let said = self.claimed(test, claim, sweep);
            // Beside a claimed code only figures that surely meet an entry count.
            let both = Pair {
                sure: figures.sure | said.sure,
                most: figures.sure | said.most,
            };
            found = Pair {
                sure: found.sure & !rows | both.sure & rows,
                most: found.most & !rows | both.most & rows,
            };
        }
        found
    }

    fn claimed(&self, test: u32, claim: u32, sweep: &mut Sweep) -> Pair {
        let program = self.program;
        let found = sweep.paths.entry((test, claim)).or_insert_with(|| {
            let code = self.columns.codes[claim as usize].as_deref();
            program.claim_path(&program.list_tests[test as usize], code)
        });
        let answer = found.clone();
        match answer {
            ClaimAnswer::No => Pair::NO,
            ClaimAnswer::Yes => Pair::YES,
            ClaimAnswer::NotHeld => Pair::OPEN,
            ClaimAnswer::Entries(entries) => {
                entries.iter().fold(Pair::NO, |any, (entry, whole)| {
                    let entry = &program.entries[*entry as usize];
                    any.or(self.node(if *whole { entry.full } else { entry.in_force }, sweep))
                })
            }
        }
    }
}
