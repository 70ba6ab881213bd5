//! The nearest change of one known fact that makes a test answer otherwise.

use catchall_model::{Day, Number};

use super::TestRef;
use crate::pack::Law;
use crate::program::{AtomTest, Program};
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId};

impl Program {
    /// The rules at one effect or above that fail by figures or dates alone are where a small change tells:
    /// the nearest change of one known figure or date that makes this test answer otherwise, and how far off
    /// it is as a share (of the threshold; of a year for days), in parts per million.
    pub fn flip(&self, law: &Law, facts: &Facts, test: TestRef) -> Option<Flip> {
        let atom = self.atom_of(test)?;
        let AtomTest::Between(fact, low, high) = &atom.test else {
            return None;
        };
        let Some(Value::Between(least, most)) = facts.get(*fact) else {
            return None;
        };
        let date = law.vocabulary.get(*fact).domain == Domain::Date;
        let inside = least >= low && most <= high;
        let outside = most < low || least > high;
        let below = most < low;
        // To the nearer edge, just across it.
        let (to, edge) = if outside {
            if below { (*low, *low) } else { (*high, *high) }
        } else if inside {
            let down = (*low > Number::MIN).then(|| low.down());
            let up = (*high < Number::MAX).then(|| high.up());
            match (down, up) {
                (Some(down), Some(up)) if least.grid() - down.grid() <= up.grid() - most.grid() => {
                    (down, *low)
                }
                (_, Some(up)) => (up, *high),
                (Some(down), None) => (down, *low),
                (None, None) => return None,
            }
        } else {
            return None;
        };
        let from = if to < *least { *least } else { *most };
        let gap = (to.grid() - from.grid()).unsigned_abs();
        let off_ppm = if date {
            gap * 1_000_000 / 365
        } else {
            gap.saturating_mul(1_000_000) / edge.grid().unsigned_abs().max(1)
        };
        let show = |number: Number| {
            if date {
                return Day::from_number(i64::try_from(number.grid()).unwrap_or(i64::MAX))
                    .to_string();
            }
            let unit = atom.unit;
            let shown = unit.show(number);
            let near = if number.grid().rem_euclid(1000) == 0 {
                None
            } else {
                Some(number)
            };
            let name = unit.name();
            match near {
                // One step of the grid beyond a round edge: say it in words.
                Some(_) if number == edge.up() => format!("more than {} {name}", unit.show(edge)),
                Some(_) if number == edge.down() => format!("less than {} {name}", unit.show(edge)),
                Some(_) if number.up().grid().rem_euclid(1000) == 0 => {
                    format!("less than {} {name}", unit.show(number.up()))
                }
                Some(_) if number.down().grid().rem_euclid(1000) == 0 => {
                    format!("more than {} {name}", unit.show(number.down()))
                }
                _ => format!("{shown} {name}"),
            }
        };
        Some(Flip {
            fact: *fact,
            from: law.show(facts, *fact, atom.unit),
            to: show(to).trim_end().to_owned(),
            value: Value::Between(to, to),
            off_ppm: i128::try_from(off_ppm).unwrap_or(i128::MAX),
            date,
        })
    }
}

/// A change of one known figure or date.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The fact.
    pub fact: FactId,
    /// Its value now, in words.
    pub from: String,
    /// The value that makes the test answer otherwise, in words.
    pub to: String,
    /// The same, to try.
    pub value: Value,
    /// How far, as parts per million of the threshold, or of a year.
    pub off_ppm: i128,
    /// Whether it is a day.
    pub date: bool,
}
