//! Columnar: many transfers at once, from columns as a table has them to an answer for each row.
//!
//! A table comes as a reader of a columnar file hands it over: words as places in the vocabulary, figures as whole
//! numbers in the unit of their column, days as numbers. Building our columns from it, with every figure brought to
//! the base unit, is timed with the evaluation. Answers are asserted equal to those of single transfers.

use std::hint::black_box;

use catchall_law::{Columns, Reached, Scratch, Sweep};
use catchall_model::{Country, Number, Unit};

use crate::Asked;
use crate::clock::{Timing, time};
use crate::engines::{self, median};
use crate::ours::Ours;
use crate::random::Random;
use crate::report::{Bar, Report, number};
use crate::transfer::{self, Plain};

/// Rows that are built and evaluated together: what fits into the caches of a core.
const BATCH: usize = 4_096;

/// Rows of a table that are held in memory at once.
const HELD: usize = 1_000_000;

/// A table of transfers by columns, nothing of it in our own form.
#[derive(Default)]
struct Table {
    from: Vec<Option<u32>>,
    to: Vec<Option<u32>>,
    act: Vec<Option<u32>>,
    kind: Vec<Option<u32>>,
    uses: Vec<Option<u64>>,
    informed: Vec<Option<bool>>,
    range: Vec<Option<i32>>,
    payload: Vec<Option<i32>>,
    us_content: Vec<Option<i32>>,
    date: Vec<Option<i32>>,
}

impl Table {
    fn of<'a>(ours: &Ours, plain: impl Iterator<Item = &'a Plain>) -> Table {
        let (ids, words) = (&ours.ids, &ours.law.vocabulary);
        let place = |code: &str| Country::from_code(code).and_then(|one| words.country(one));
        let small = |figure: i64| i32::try_from(figure).ok();
        let mut table = Table::default();
        for each in plain {
            table.from.push(each.from.and_then(place));
            table.to.push(each.to.and_then(place));
            table
                .act
                .push(each.act.and_then(|act| words.word(ids.acts, act)));
            table.kind.push(each.kind.and_then(|kind| words.kind(kind)));
            table.uses.push(each.uses.as_ref().map(|uses| {
                uses.iter()
                    .filter_map(|word| words.word(ids.use_words, word))
                    .fold(0, |all, one| all | 1 << one)
            }));
            table.informed.push(each.informed);
            table.range.push(each.range.and_then(small));
            table.payload.push(each.payload.and_then(small));
            table.us_content.push(each.us_content.and_then(small));
            table
                .date
                .push(each.date.and_then(|date| small(date.day.number())));
        }
        table
    }

    fn rows(&self) -> usize {
        self.from.len()
    }

    /// Builds our columns of these rows.
    fn build(&self, ours: &Ours, rows: std::ops::Range<usize>, columns: &mut Columns) {
        let ids = &ours.ids;
        columns.resize(rows.len());
        for (fact, column) in [
            (ids.from, &self.from),
            (ids.to, &self.to),
            (ids.act, &self.act),
            (ids.kind, &self.kind),
        ] {
            columns.fill_words(fact, column[rows.clone()].iter().copied());
        }
        columns.fill_sets(ids.uses, self.uses[rows.clone()].iter().copied());
        columns.fill_yes_no(ids.informed, self.informed[rows.clone()].iter().copied());
        for (fact, unit, column) in [
            (ids.range, ids.km, &self.range),
            (ids.payload, ids.kg, &self.payload),
            (ids.us_content, ids.percent, &self.us_content),
        ] {
            columns.fill_figures(
                fact,
                column[rows.clone()].iter().map(|one| base(*one, unit)),
            );
        }
        let days = self.date[rows].iter();
        columns.fill_days(ids.date, days.map(|day| day.map(i64::from)));
    }
}

fn base(figure: Option<i32>, unit: Unit) -> Option<(Number, Number)> {
    unit.to_base(Number::whole(i64::from(figure?)))
}

/// Room that is kept from batch to batch.
struct Bench<'a> {
    ours: &'a Ours,
    columns: Columns,
    sweep: Sweep,
    reached: Vec<Reached>,
}

impl<'a> Bench<'a> {
    fn new(ours: &'a Ours) -> Bench<'a> {
        Bench {
            ours,
            columns: Columns::new(&ours.program, &ours.law.vocabulary),
            sweep: Sweep::new(&ours.program, &ours.law.vocabulary),
            reached: Vec::new(),
        }
    }

    /// Builds and evaluates a table, batch by batch.
    fn run(&mut self, table: &Table) {
        for first in (0..table.rows()).step_by(BATCH) {
            let rows = first..(first + BATCH).min(table.rows());
            table.build(self.ours, rows, &mut self.columns);
            self.answer();
        }
    }

    fn answer(&mut self) {
        self.ours
            .program
            .sweep(&self.columns, &mut self.sweep, &mut self.reached);
        black_box(&self.reached);
    }

    /// Every row has the answer that it has as a single transfer.
    fn assert_equal(&mut self, plain: &[Plain]) {
        let table = Table::of(self.ours, plain.iter());
        let (mut scratch, mut single) = (Scratch::default(), Vec::new());
        let width = self.ours.program.jurisdictions().count();
        for first in (0..plain.len()).step_by(BATCH) {
            let rows = first..(first + BATCH).min(plain.len());
            table.build(self.ours, rows.clone(), &mut self.columns);
            self.answer();
            for (each, answer) in plain[rows].iter().zip(self.reached.chunks(width)) {
                let facts = self.ours.facts(each);
                self.ours.program.reach(&facts, &mut scratch, &mut single);
                assert_eq!(single, answer, "in columns otherwise than alone: {each:?}");
            }
        }
    }
}

/// Nanoseconds a transfer, in columns.
pub fn measure(
    report: &mut Report,
    asked: &Asked,
    provisions: usize,
    plain: &[Plain],
    ours: &Ours,
) -> Timing {
    let mut bench = Bench::new(ours);
    let mut random = Random::new(0xc01);
    let punched: Vec<Plain> = plain
        .iter()
        .map(|whole| transfer::punched(whole, 15, &mut random))
        .collect();
    bench.assert_equal(plain);
    bench.assert_equal(&punched);
    let id = |what: &str| format!("{provisions}.ours.columns{what}");
    let table = Table::of(ours, plain.iter());
    let whole = time(asked.passes, plain.len(), || bench.run(&table));
    let bar = (provisions == engines::BY_HAND).then_some(Bar::AtMost(25.0));
    let label = "ours, in columns, with the columns built";
    report.figure(id(""), label, whole.best, "ns", bar, median(whole));
    let holed = Table::of(ours, punched.iter());
    let open = time(asked.passes, plain.len(), || bench.run(&holed));
    let label = "the same, 15 % of facts missing";
    report.figure(id("_open"), label, open.best, "ns", None, median(open));
    let rows = plain.len().min(BATCH);
    table.build(ours, 0..rows, &mut bench.columns);
    let alone = time(asked.passes * 4, rows, || bench.answer());
    let label = "ours, in columns, evaluation alone";
    report.figure(id("_eval"), label, alone.best, "ns", None, median(alone));
    whole
}

/// From ten thousand rows to ten million: nanoseconds a row, with a table of at most a million held at once.
pub fn growth(report: &mut Report, asked: &Asked) {
    report.section("2b. Growth in rows: 12 provisions, in columns, with the columns built");
    let ours = Ours::new(&[]);
    let mut bench = Bench::new(&ours);
    let mut random = Random::new(0x0c07);
    let mut first = None;
    for rows in [10_000, 100_000, 1_000_000, 10_000_000] {
        if rows > asked.rows {
            break;
        }
        let (mut left, mut taken) = (rows, 0.0);
        while left > 0 {
            let held = left.min(HELD);
            let plain: Vec<Plain> = (0..held).map(|_| transfer::complete(&mut random)).collect();
            let table = Table::of(&ours, plain.iter());
            drop(plain);
            // Short tables are timed as often as long ones are long.
            let passes = if rows < HELD { asked.passes } else { 1 };
            taken += time(passes, held, || bench.run(&table)).best * held as f64;
            left -= held;
        }
        let each = taken / rows as f64;
        let ratio = each / *first.get_or_insert(each);
        report.figure(
            format!("12.ours.columns.rows.{rows}"),
            format!("{} rows, a row", number(rows as f64)),
            each,
            "ns",
            None,
            format!("{ratio:.2} times that of 10,000 rows"),
        );
    }
}
