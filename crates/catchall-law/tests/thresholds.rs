//! Figures of the control lists against a table that was made without the packs (`corpus/thresholds/figures.tsv`).
//!
//! Each figure must stand in a test of its entry (of the entry, of one below or above it), and that test is swept: one step below,
//! at, and one step above the figure, in the table's unit and in another of the same dimension. What the packs hold in other
//! ways stands in `corpus/thresholds/apart.tsv` with the reason; a row there that is no longer needed fails too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use catchall_law::{Cond, ControlList, Domain, FactId, Law, TestKind, Value, read_value};
use catchall_model::{Amount, Given, Number, Unit};

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../corpus/thresholds")
        .join(name)
}

/// Figures of entries that the packs hold by their words only, technology above all. A new one is a loss; fewer is better: lower it.
const MOST_BY_WORDS: usize = 61;

/// A row of the table.
struct Figure {
    line: usize,
    list: String,
    code: String,
    operator: String,
    figure: String,
    unit: Unit,
    name: String,
}

fn table() -> Vec<Figure> {
    let text = std::fs::read_to_string(corpus("figures.tsv")).unwrap();
    let row = |(at, line): (usize, &str)| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [list, code, operator, figure, unit, name] = cells[..] else {
            panic!("figures.tsv:{}: six cells, found {}", at + 1, cells.len());
        };
        Figure {
            line: at + 1,
            list: list.to_owned(),
            code: code.to_owned(),
            operator: operator.to_owned(),
            figure: figure.to_owned(),
            unit: Unit::find(unit)
                .unwrap_or_else(|| panic!("figures.tsv:{}: unit `{unit}`", at + 1)),
            name: name.to_owned(),
        }
    };
    text.lines().enumerate().skip(1).map(row).collect()
}

/// A comparison of an entry, as it is written and as it counts under `not`.
#[derive(Clone, Copy)]
struct Compared {
    fact: FactId,
    low: Number,
    high: Number,
    negated: bool,
}

fn compared(cond: &Cond, negated: bool, into: &mut Vec<Compared>) {
    match cond {
        Cond::Always => {}
        Cond::Not(inner) => compared(inner, !negated, into),
        Cond::All(all) | Cond::Any(all) | Cond::AtLeast(_, all) => {
            all.iter().for_each(|each| compared(each, negated, into));
        }
        Cond::Test(test) => match test.kind {
            TestKind::Between(fact, low, high) => into.push(Compared {
                fact,
                low,
                high,
                negated,
            }),
            TestKind::Delivers(fact, payload, range) => {
                for low in [payload, range] {
                    into.push(Compared {
                        fact,
                        low,
                        high: Number::MAX,
                        negated,
                    });
                }
            }
            _ => {}
        },
    }
}

/// Whether one code is the other or lies below it.
fn within(code: &str, above: &str) -> bool {
    code.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn of_entry(list: &ControlList, code: &str) -> Vec<Compared> {
    let near = list
        .entries
        .iter()
        .filter(|entry| within(&entry.code, code) || within(code, &entry.code));
    let mut found = Vec::new();
    for entry in near {
        entry
            .when
            .iter()
            .for_each(|when| compared(when, false, &mut found));
    }
    found
}

/// What holds one step below, at and one step above a figure.
fn pattern(operator: &str) -> [bool; 3] {
    match operator {
        "more" => [false, false, true],
        "at least" => [false, true, true],
        "less" => [true, false, false],
        "at most" => [true, true, false],
        "exactly" => [false, true, false],
        other => panic!("operator `{other}`"),
    }
}

/// The three figures in a unit, as a person would write them; none where they do not come out exactly. One step is a millionth, or
/// the least that figures can differ by.
fn steps(at: Number, unit: Unit) -> Option<[String; 3]> {
    let row = unit.row();
    let step = (at.grid().abs() / 1_000_000).max(1);
    let write = |grid: i128| {
        let scaled = grid.checked_mul(row.divisor)?;
        let own = scaled / row.factor - row.shift;
        let text = format!("{} {}", Number::from_grid(own), unit.name());
        (scaled % row.factor == 0).then(|| text.trim().to_owned())
    };
    Some([
        write(at.grid() - step)?,
        write(at.grid())?,
        write(at.grid() + step)?,
    ])
}

fn sweeps(law: &Law, test: &Compared, texts: &[String; 3], negated: bool) -> Option<[bool; 3]> {
    let mut found = [false; 3];
    for (place, text) in found.iter_mut().zip(texts) {
        let given = Given::Text(text.clone());
        let (low, high) = match law.vocabulary.get(test.fact).domain {
            // A point of a curve is two amounts: each is read as one.
            Domain::Curve => {
                let unit = Unit::find(text.rsplit(' ').next()?)?;
                let amount = Amount::parse(text, unit.dimension()).ok()?;
                *amount.spans.first()?
            }
            _ => match read_value(&law.vocabulary, test.fact, &given).ok()? {
                Value::Between(low, high) => (low, high),
                _ => return None,
            },
        };
        *place = (test.low <= low && high <= test.high) != negated;
    }
    Some(found)
}

/// Whether a test says what the table says of the figure, in the table's unit and in another.
fn says(law: &Law, test: &Compared, figure: &Figure, base: Number) -> bool {
    let dimension = match law.vocabulary.get(test.fact).domain {
        Domain::Quantity(dimension) => Some(dimension),
        Domain::Curve => None,
        _ => return false,
    };
    let plain = Unit::NONE.dimension();
    let wanted = pattern(&figure.operator);
    let units: Vec<[String; 3]> = match dimension {
        // A figure whose unit the vocabulary does not know is held as a plain number, and a Mach number stands in the table as one.
        Some(own) if own != figure.unit.dimension() => {
            if own != plain && figure.unit.dimension() != plain {
                return false;
            }
            let unit = law.vocabulary.get(test.fact).unit;
            let text = format!("{} {}", figure.figure, unit.name());
            let Ok(amount) = Amount::parse(text.trim(), own) else {
                return false;
            };
            steps(amount.spans[0].0, unit).into_iter().collect()
        }
        _ => {
            let others = figure.unit.dimension().units();
            std::iter::once(figure.unit)
                .chain(others.filter(|unit| *unit != figure.unit).take(4))
                .filter_map(|unit| steps(base, unit))
                .collect()
        }
    };
    let as_read = |negated: bool| {
        !units.is_empty()
            && units
                .iter()
                .all(|texts| sweeps(law, test, texts, negated) == Some(wanted))
    };
    as_read(false) || (test.negated && as_read(true))
}

fn apart() -> BTreeMap<(String, String, String), String> {
    let text = std::fs::read_to_string(corpus("apart.tsv")).unwrap_or_default();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let key = (
            cells[0].to_owned(),
            cells[1].to_owned(),
            cells[2].to_owned(),
        );
        (key, cells[3].to_owned())
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn every_figure_of_the_table_stands_in_a_test_of_its_entry() {
    let law = Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()).unwrap();
    let apart = apart();
    let mut used = BTreeSet::new();
    let (mut swept, mut by_words, mut wrong) = (0, 0, Vec::new());
    for figure in table() {
        let list = law
            .lists
            .iter()
            .find(|list| list.id == figure.list)
            .unwrap();
        let said = format!("{} {}", figure.figure, figure.unit.name());
        let amount = Amount::parse(said.trim(), figure.unit.dimension()).unwrap();
        let base = amount.spans[0].0;
        let tests = of_entry(list, &figure.code);
        if tests.iter().any(|test| says(&law, test, &figure, base)) {
            swept += 1;
            continue;
        }
        if tests.is_empty() {
            by_words += 1;
            continue;
        }
        let key = (
            figure.list.clone(),
            figure.code.clone(),
            figure.figure.clone(),
        );
        if apart.contains_key(&key) {
            used.insert(key);
            continue;
        }
        wrong.push(format!(
            "figures.tsv:{}: {} {} {} {} {} ({}): no test of the entry says so; it has {}",
            figure.line,
            figure.list,
            figure.code,
            figure.operator,
            figure.figure,
            figure.unit.name(),
            figure.name,
            tests.len()
        ));
    }
    let idle: Vec<_> = apart.keys().filter(|key| !used.contains(*key)).collect();
    println!(
        "{swept} figures swept, {by_words} of entries that stand by their words only, {} apart",
        used.len()
    );
    assert!(
        wrong.is_empty(),
        "{} of the table:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        by_words <= MOST_BY_WORDS,
        "{by_words} figures stand in entries without a test"
    );
    assert!(
        idle.is_empty(),
        "rows of apart.tsv that are not needed: {idle:?}"
    );
}
