//! Columns: many transfers at once, a column a fact, evaluated 64 rows to a word.
//!
//! A test over 64 rows is two words: the rows where it surely holds, and those where it may. Conditions, exceptions and
//! effects combine them as they combine [`Tri`], so that every row gets what [`Program::reach`] gives it. Plain values
//! lie in typed columns; rarer shapes (one of several, spans apart, long sets, curves) stand in a table beside them,
//! row by row, and are asked one at a time.

use std::collections::HashMap;

use catchall_model::{Effect, Number};

use super::atom::AtomTest;
use super::{Program, Tri};
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId, Vocabulary};

/// No fact: the word, kind or country of a row is not known, or stands in the table of rarer shapes.
const UNKNOWN: u16 = u16::MAX;
/// No claim.
const UNCLAIMED: u32 = u32::MAX;

/// The facts of many transfers. Rows are filled from first to last.
#[derive(Clone, Debug)]
pub struct Columns {
    rows: usize,
    /// For each fact the place of its column, if any condition asks for it.
    places: Vec<Option<u16>>,
    pub(super) columns: Vec<Column>,
    /// For each list, the claim that counts in each row, by place in `codes`; empty while nobody claims anything.
    pub(super) claims: Vec<Vec<u32>>,
    pub(super) codes: Vec<Option<String>>,
    code_places: HashMap<Option<String>, u32>,
    /// Jurisdictions put in or left out by hand: row, jurisdiction, whether it is put in.
    pub(super) by_hand: Vec<(u32, u32, bool)>,
    jurisdictions: Vec<String>,
}

/// One fact of many transfers.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub cells: Cells,
    /// Rows whose value has a rarer shape, ascending.
    pub rare: Vec<(u32, Value)>,
}

/// How the plain values of a fact lie.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    /// Bits: known, and true.
    YesNo(Vec<u64>, Vec<u64>),
    /// Words, kinds or countries by place.
    Words(Vec<u16>),
    /// Several words of a list of at most 64, and whether they are all (1), more may be (2), or nothing is known (0).
    Sets(Vec<u64>, Vec<u8>),
    /// Figures between these.
    Figures(Vec<Number>, Vec<Number>),
    /// Days between these.
    Days(Vec<i64>, Vec<i64>),
    /// Every value in the table of rarer shapes.
    Rare,
}

impl Columns {
    /// No rows yet, with a column for each fact that the program asks for.
    pub fn new(program: &Program, vocabulary: &Vocabulary) -> Columns {
        let mut columns = Columns {
            rows: 0,
            places: vec![None; vocabulary.facts.len()],
            columns: Vec::new(),
            claims: vec![Vec::new(); program.list_start.len().saturating_sub(1)],
            codes: Vec::new(),
            code_places: HashMap::new(),
            by_hand: Vec::new(),
            jurisdictions: program.jurisdictions().map(str::to_owned).collect(),
        };
        for atom in &program.atoms {
            for fact in [atom.test.fact(), atom.test.second()].into_iter().flatten() {
                columns.hold(fact, vocabulary);
            }
        }
        if let Some(kind) = program.kind_fact {
            columns.hold(kind, vocabulary);
        }
        columns
    }

    fn hold(&mut self, fact: FactId, vocabulary: &Vocabulary) {
        let place = &mut self.places[usize::from(fact.0)];
        if place.is_some() {
            return;
        }
        let row = vocabulary.get(fact);
        let small = vocabulary.size(row.domain) <= 64;
        let cells = match row.domain {
            Domain::YesNo => Cells::YesNo(Vec::new(), Vec::new()),
            Domain::Words(_) | Domain::Kinds | Domain::Countries if !row.many => {
                Cells::Words(Vec::new())
            }
            Domain::Words(_) if small => Cells::Sets(Vec::new(), Vec::new()),
            Domain::Quantity(_) => Cells::Figures(Vec::new(), Vec::new()),
            Domain::Date => Cells::Days(Vec::new(), Vec::new()),
            _ => Cells::Rare,
        };
        *place = u16::try_from(self.columns.len()).ok();
        self.columns.push(Column {
            cells,
            rare: Vec::new(),
        });
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Forgets all rows, keeping the memory.
    pub fn clear(&mut self) {
        self.resize(0);
    }

    /// So many rows; in new ones nothing is known.
    pub fn resize(&mut self, rows: usize) {
        let words = rows.div_ceil(64);
        for column in &mut self.columns {
            if rows < self.rows {
                column.rare.retain(|(row, _)| (*row as usize) < rows);
            }
            match &mut column.cells {
                Cells::YesNo(known, yes) => {
                    known.resize(words, 0);
                    yes.resize(words, 0);
                    if rows < self.rows && !rows.is_multiple_of(64) {
                        let keep = (1u64 << (rows % 64)) - 1;
                        known
                            .last_mut()
                            .into_iter()
                            .chain(yes.last_mut())
                            .for_each(|word| *word &= keep);
                    }
                }
                Cells::Words(places) => places.resize(rows, UNKNOWN),
                Cells::Sets(sure, states) => {
                    sure.resize(rows, 0);
                    states.resize(rows, 0);
                }
                Cells::Figures(low, high) => {
                    low.resize(rows, Number::MIN);
                    high.resize(rows, Number::MAX);
                }
                Cells::Days(first, last) => {
                    first.resize(rows, i64::MIN);
                    last.resize(rows, i64::MAX);
                }
                Cells::Rare => {}
            }
        }
        for claims in self.claims.iter_mut().filter(|claims| !claims.is_empty()) {
            claims.resize(rows, UNCLAIMED);
        }
        self.by_hand.retain(|(row, ..)| (*row as usize) < rows);
        self.rows = rows;
    }

    /// Adds a transfer.
    pub fn push(&mut self, facts: &Facts) {
        let row = self.rows;
        self.resize(row + 1);
        for (fact, value) in facts.stated() {
            self.set(row, fact, value);
        }
        if !facts.claims.is_empty() {
            for list in 0..self.claims.len() {
                if let Some(code) = facts.claim(list) {
                    self.claim(row, list, code);
                }
            }
        }
        for (id, put_in) in &facts.by_hand {
            self.put_by_hand(row, id, *put_in);
        }
    }

    /// The code claimed for a list in the last row; `None` says that the item is on no entry of it.
    pub fn claim(&mut self, row: usize, list: usize, code: Option<&str>) {
        let code = code.map(str::to_owned);
        let place = match self.code_places.get(&code) {
            Some(place) => *place,
            None => {
                let place = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
                self.codes.push(code.clone());
                self.code_places.insert(code, place);
                place
            }
        };
        let rows = self.rows;
        if let Some(claims) = self.claims.get_mut(list)
            && row < rows
        {
            claims.resize(rows, UNCLAIMED);
            claims[row] = place;
        }
    }

    /// Puts a jurisdiction in or leaves it out by hand.
    pub fn put_by_hand(&mut self, row: usize, jurisdiction: &str, put_in: bool) {
        let place = self.jurisdictions.iter().position(|id| id == jurisdiction);
        if let (Some(place), Ok(row)) = (
            place.and_then(|place| u32::try_from(place).ok()),
            u32::try_from(row),
        ) {
            // The first word counts, as it does for a single transfer.
            if self
                .by_hand
                .iter()
                .rev()
                .take_while(|(known, ..)| *known == row)
                .all(|(_, known, _)| *known != place)
            {
                self.by_hand.push((row, place, put_in));
            }
        }
    }

    /// States a fact of a row; rows are stated in order. What no condition asks for is passed over.
    pub fn set(&mut self, row: usize, fact: FactId, value: &Value) {
        let Some(Some(place)) = self.places.get(usize::from(fact.0)) else {
            return;
        };
        if row >= self.rows {
            return;
        }
        let column = &mut self.columns[usize::from(*place)];
        let bit = 1u64 << (row % 64);
        match (&mut column.cells, value) {
            (Cells::YesNo(known, yes), Value::YesNo(true)) => {
                known[row / 64] |= bit;
                yes[row / 64] |= bit;
            }
            (Cells::YesNo(known, yes), Value::YesNo(false)) => {
                known[row / 64] |= bit;
                yes[row / 64] &= !bit;
            }
            (Cells::Words(places), Value::One(one)) => {
                places[row] = u16::try_from(*one).unwrap_or(UNKNOWN)
            }
            (Cells::Sets(sure, states), Value::Set { sure: own, more }) => {
                sure[row] = own
                    .iter()
                    .fold(0, |all, one| all | 1u64.checked_shl(*one).unwrap_or(0));
                states[row] = if *more { 2 } else { 1 };
            }
            (Cells::Figures(low, high), Value::Between(least, most)) => {
                low[row] = *least;
                high[row] = *most;
            }
            (Cells::Days(first, last), Value::Between(least, most)) => {
                first[row] = day_number(*least);
                last[row] = day_number(*most);
            }
            (_, rare) => {
                if let (Cells::Days(first, last), Value::Spans(spans)) = (&mut column.cells, rare)
                    && let (Some(least), Some(most)) = (spans.first(), spans.last())
                {
                    // The ends are enough where a set is read on the day.
                    first[row] = day_number(least.0);
                    last[row] = day_number(most.1);
                }
                column
                    .rare
                    .push((u32::try_from(row).unwrap_or(u32::MAX), rare.clone()));
            }
        }
    }

    /// Fills the column of a yes-or-no fact, from the first row on. Nothing happens where no condition asks for it.
    pub fn fill_yes_no(&mut self, fact: FactId, values: impl IntoIterator<Item = Option<bool>>) {
        let rows = self.rows;
        let Some(Cells::YesNo(known, yes)) = self.cells(fact) else {
            return;
        };
        for (row, value) in values.into_iter().take(rows).enumerate() {
            let (word, bit) = (row / 64, row % 64);
            known[word] = known[word] & !(1 << bit) | u64::from(value.is_some()) << bit;
            yes[word] = yes[word] & !(1 << bit) | u64::from(value == Some(true)) << bit;
        }
    }

    /// Fills the column of a word, a kind or a country, by place.
    pub fn fill_words(&mut self, fact: FactId, values: impl IntoIterator<Item = Option<u32>>) {
        if let Some(Cells::Words(places)) = self.cells(fact) {
            for (place, value) in places.iter_mut().zip(values) {
                *place = value
                    .and_then(|value| u16::try_from(value).ok())
                    .unwrap_or(UNKNOWN);
            }
        }
    }

    /// Fills the column of a figure: the least and the most that it may be, in base units.
    pub fn fill_figures(
        &mut self,
        fact: FactId,
        values: impl IntoIterator<Item = Option<(Number, Number)>>,
    ) {
        if let Some(Cells::Figures(low, high)) = self.cells(fact) {
            for ((low, high), value) in low.iter_mut().zip(high).zip(values) {
                (*low, *high) = value.unwrap_or((Number::MIN, Number::MAX));
            }
        }
    }

    /// Fills the column of a day: days since 1970-01-01.
    pub fn fill_days(&mut self, fact: FactId, values: impl IntoIterator<Item = Option<i64>>) {
        if let Some(Cells::Days(first, last)) = self.cells(fact) {
            for ((first, last), value) in first.iter_mut().zip(last).zip(values) {
                (*first, *last) = value.map_or((i64::MIN, i64::MAX), |day| (day, day));
            }
        }
    }

    /// Fills the column of several words of a list of at most 64: which are in, when nothing else is.
    pub fn fill_sets(&mut self, fact: FactId, values: impl IntoIterator<Item = Option<u64>>) {
        if let Some(Cells::Sets(sure, states)) = self.cells(fact) {
            for ((sure, state), value) in sure.iter_mut().zip(states).zip(values) {
                (*sure, *state) = value.map_or((0, 0), |all| (all, 1));
            }
        }
    }

    fn cells(&mut self, fact: FactId) -> Option<&mut Cells> {
        let place = (*self.places.get(usize::from(fact.0))?)?;
        self.columns
            .get_mut(usize::from(place))
            .map(|column| &mut column.cells)
    }

    pub(super) fn column(&self, fact: FactId) -> Option<&Column> {
        let place = (*self.places.get(usize::from(fact.0))?)?;
        self.columns.get(usize::from(place))
    }
}

fn day_number(number: Number) -> i64 {
    if number <= Number::MIN {
        i64::MIN
    } else if number >= Number::MAX {
        i64::MAX
    } else {
        let far = 1i128 << 40;
        i64::try_from(number.grid().clamp(-far, far)).unwrap_or(0)
    }
}

impl Column {
    /// The rarer values of the 64 rows from `first` on.
    pub fn rare_from(&self, first: usize) -> impl Iterator<Item = (usize, &Value)> {
        let place = |row: usize| {
            self.rare
                .partition_point(|(each, _)| (*each as usize) < row)
        };
        let found = if self.rare.is_empty() {
            0..0
        } else {
            place(first)..place(first + 64)
        };
        self.rare[found]
            .iter()
            .map(move |(row, value)| (*row as usize - first, value))
    }

    /// What is known in a row, unless its shape is rare.
    fn plain(&self, row: usize) -> Option<Value> {
        Some(match &self.cells {
            Cells::YesNo(known, yes) => {
                let bit = |words: &Vec<u64>| words[row / 64] >> (row % 64) & 1 == 1;
                if !bit(known) {
                    return None;
                }
                Value::YesNo(bit(yes))
            }
            Cells::Words(places) => match places[row] {
                UNKNOWN => return None,
                one => Value::One(u32::from(one)),
            },
            Cells::Sets(sure, states) => match states[row] {
                0 => return None,
                state => Value::Set {
                    sure: (0..64).filter(|one| sure[row] >> one & 1 == 1).collect(),
                    more: state == 2,
                },
            },
            Cells::Figures(low, high) if (low[row], high[row]) == (Number::MIN, Number::MAX) => {
                return None;
            }
            Cells::Figures(low, high) => Value::Between(low[row], high[row]),
            Cells::Days(first, last) if (first[row], last[row]) == (i64::MIN, i64::MAX) => {
                return None;
            }
            Cells::Days(first, last) => {
                let number = |day: i64| Number::from_grid(i128::from(day));
                Value::Between(number(first[row]), number(last[row]))
            }
            Cells::Rare => return None,
        })
    }
}

/// Rows where something surely holds, and where it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub sure: u64,
    pub most: u64,
}

impl Pair {
    pub const NO: Pair = Pair { sure: 0, most: 0 };
    pub const YES: Pair = Pair {
        sure: u64::MAX,
        most: u64::MAX,
    };
    pub const OPEN: Pair = Pair {
        sure: 0,
        most: u64::MAX,
    };

    pub fn of(tri: Tri) -> Pair {
        match tri {
            Tri::No => Pair::NO,
            Tri::Open => Pair::OPEN,
            Tri::Yes => Pair::YES,
        }
    }

    pub fn and(self, other: Pair) -> Pair {
        Pair {
            sure: self.sure & other.sure,
            most: self.most & other.most,
        }
    }

    pub fn or(self, other: Pair) -> Pair {
        Pair {
            sure: self.sure | other.sure,
            most: self.most | other.most,
        }
    }

    pub fn not(self) -> Pair {
        Pair {
            sure: !self.most,
            most: !self.sure,
        }
    }

    /// The same, but in these rows as the other.
    fn patch(self, rows: u64, other: Pair) -> Pair {
        Pair {
            sure: self.sure & !rows | other.sure & rows,
            most: self.most & !rows | other.most & rows,
        }
    }
}

/// How a test of a word is looked up: bit 0 that it surely holds, bit 1 that it may, bit 2 that the day decides.
pub(super) type Lookup = Vec<u8>;

/// The lookup of a test of one word, kind or country, if it is one.
pub(super) fn lookup(test: &AtomTest, program: &Program, size: u32) -> Option<Lookup> {
    let code = |place: u32| -> u8 {
        match test {
            AtomTest::OneOf(_, members) if members.has(place) => 3,
            AtomTest::InSet(_, set, _) => {
                let set = &program.sets[*set];
                if set.always.has(place) {
                    3
                } else if set.ever.has(place) {
                    4
                } else {
                    0
                }
            }
            _ => 0,
        }
    };
    matches!(test, AtomTest::OneOf(..) | AtomTest::InSet(..)).then(|| (0..size).map(code).collect())
}

impl Program {
    /// The answer of an atom in the 64 rows from `first` on.
    pub(super) fn atom_in(
        &self,
        atom: usize,
        lookup: Option<&Lookup>,
        columns: &Columns,
        first: usize,
    ) -> Pair {
        let test = &self.atoms[atom].test;
        let Some(column) = test.fact().and_then(|fact| columns.column(fact)) else {
            return Pair::OPEN;
        };
        let last = (first + 64).min(columns.rows());
        let plain = match (&column.cells, test) {
            (Cells::YesNo(known, yes), AtomTest::Yes(_)) => {
                let (known, yes) = (known[first / 64], yes[first / 64]);
                return Pair {
                    sure: known & yes,
                    most: !known | yes,
                };
            }
            (Cells::Words(places), AtomTest::OneOf(..) | AtomTest::InSet(..)) => match lookup {
                Some(lookup) => self.look_up(test, &places[first..last], lookup, columns, first),
                None => Pair::OPEN,
            },
            (Cells::Sets(sure, states), AtomTest::Includes(_, members)) => {
                let members = members
                    .iter()
                    .fold(0, |all, one| all | 1u64.checked_shl(one).unwrap_or(0));
                let mut found = Pair::NO;
                for (row, (sure, state)) in sure[first..last]
                    .iter()
                    .zip(&states[first..last])
                    .enumerate()
                {
                    let yes = sure & members != 0;
                    found.sure |= u64::from(yes) << row;
                    found.most |= u64::from(yes || *state != 1) << row;
                }
                return found;
            }
            (Cells::Figures(least, most), AtomTest::Between(_, low, high)) => {
                let mut found = Pair::NO;
                for (row, (least, most)) in least[first..last]
                    .iter()
                    .zip(&most[first..last])
                    .enumerate()
                {
                    found.sure |= u64::from(least >= low && most <= high) << row;
                    found.most |= u64::from(most >= low && least <= high) << row;
                }
                found
            }
            (Cells::Days(least, most), AtomTest::Between(_, low, high)) => {
                let (low, high) = (day_number(*low), day_number(*high));
                let mut found = Pair::NO;
                for (row, (least, most)) in least[first..last]
                    .iter()
                    .zip(&most[first..last])
                    .enumerate()
                {
                    found.sure |= u64::from(*least >= low && *most <= high) << row;
                    found.most |= u64::from(*most >= low && *least <= high) << row;
                }
                found
            }
            (Cells::Rare, _) => Pair::of(test.answer_of(None, None, &self.sets)),
            _ => return self.one_by_one(test, column, columns, first, last),
        };
        self.patch(test, column, columns, first, plain)
    }

    /// Plain words of a block, by their lookup; where the day decides, by the day.
    fn look_up(
        &self,
        test: &AtomTest,
        places: &[u16],
        lookup: &Lookup,
        columns: &Columns,
        first: usize,
    ) -> Pair {
        let (mut found, mut dated) = (Pair::NO, 0u64);
        let unknown = if test.answer_of(None, None, &self.sets) == Tri::No {
            0
        } else {
            2
        };
        for (row, place) in places.iter().enumerate() {
            let code = u64::from(lookup.get(usize::from(*place)).copied().unwrap_or(unknown));
            found.sure |= (code & 1) << row;
            found.most |= (code >> 1 & 1) << row;
            dated |= (code >> 2) << row;
        }
        let second = test.second().and_then(|date| columns.column(date));
        while dated != 0 {
            let row = dated.trailing_zeros() as usize;
            dated &= dated - 1;
            let value = Value::One(u32::from(places[row]));
            let day = second.and_then(|column| column.plain(first + row));
            let answer = Pair::of(test.answer_of(Some(&value), day.as_ref(), &self.sets));
            found = found.patch(1 << row, answer);
        }
        found
    }

    /// The rarer values of a block put over the plain ones.
    fn patch(
        &self,
        test: &AtomTest,
        column: &Column,
        columns: &Columns,
        first: usize,
        plain: Pair,
    ) -> Pair {
        let mut found = plain;
        let second = test.second().and_then(|date| columns.column(date));
        for (row, value) in column.rare_from(first) {
            let day = second.and_then(|column| column.plain(first + row));
            found = found.patch(
                1 << row,
                Pair::of(test.answer_of(Some(value), day.as_ref(), &self.sets)),
            );
        }
        found
    }

    /// Row by row: one day against another, and what no column is laid out for.
    fn one_by_one(
        &self,
        test: &AtomTest,
        column: &Column,
        columns: &Columns,
        first: usize,
        last: usize,
    ) -> Pair {
        let second = test.second().and_then(|date| columns.column(date));
        let mut found = Pair::NO;
        for row in first..last {
            let (value, day) = (
                column.plain(row),
                second.and_then(|column| column.plain(row)),
            );
            let answer = test.answer_of(value.as_ref(), day.as_ref(), &self.sets);
            found = found.patch(1 << (row - first), Pair::of(answer));
        }
        self.patch(test, column, columns, first, found)
    }
}

/// The effects of a jurisdiction in a block: for each effect the rows where it applies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub nexus: Pair,
    pub rows: [Pair; Effect::ALL.len()],
}
