//! Quantities: exact amounts with units, and what is known of an amount: a figure, a bound, a range.
//!
//! Numbers are whole counts of 10⁻¹² of the base unit of their dimension, in 128 bits: law compares
//! figures, so nothing is rounded on the way to a threshold. A unit whose factor to the base unit is
//! not exact in that grid (radian against degree) has a dimension of its own or widens a stated figure
//! outward; it never moves a threshold. To add a unit: one row in [`UNITS`].

mod number;
mod unit;

use std::fmt;

use self::number::split_number;

pub use self::number::Number;
pub use self::unit::{DIMENSIONS, Dimension, UNITS, Unit, UnitRow};

/// An amount with its unit, exact, as a data sheet or a threshold states it.
///
/// `PartialEq` is left out on purpose: `1000 g` and `1 kg` must never differ by accident.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// How many.
    pub amount: Number,
    /// Of what.
    pub unit: Unit,
}

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing there.
    #[error("nothing stands where an amount should")]
    Empty,
    /// No number at the start.
    #[error(
        "`{found}` does not begin with a number; write for example `320 km`, `at least 300 km` or `250..400 km`"
    )]
    NoNumber {
        /// What stood there.
        found: String,
    },
    /// A number in a form that could be read in two ways, or none.
    #[error(
        "`{found}` is not a number; write thousands as `1,100` or `1 100` and fractions as `1.1`"
    )]
    Number {
        /// What stood there.
        found: String,
    },
    /// More digits than the grid holds.
    #[error(
        "`{found}` is beyond the figures that can be compared exactly (up to 10^24, down to 10^-12)"
    )]
    OutOfReach {
        /// What stood there.
        found: String,
    },
    /// No unit where one is needed.
    #[error("`{found}` has no unit; {} needs one, for example `{found} {example}`", dimension.with_article())]
    NoUnit {
        /// What stood there.
        found: String,
        /// What is measured.
        dimension: Dimension,
        /// A unit that would do.
        example: &'static str,
    },
    /// A unit that the table lacks.
    #[error("`{found}` is not a known unit{}", nearest.map_or(String::new(), |unit| format!("; the nearest is `{}`", unit.name())))]
    Unit {
        /// What stood there.
        found: String,
        /// A near spelling.
        nearest: Option<Unit>,
    },
    /// A unit of something else.
    #[error("`{found}` is {}, but {} is asked for, for example in `{example}`", ours.with_article(), wanted.with_article())]
    Dimension {
        /// What stood there.
        found: String,
        /// What it measures.
        ours: Dimension,
        /// What is asked for.
        wanted: Dimension,
        /// A unit that would do.
        example: &'static str,
    },
    /// A range from high to low.
    #[error("`{found}` runs from the greater to the smaller figure")]
    Inverted {
        /// What stood there.
        found: String,
    },
}

/// What is known of an amount: it lies between two figures in the base unit, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The spans it may lie in, in order, apart from each other. Never empty.
    pub spans: Vec<(Number, Number)>,
    /// The unit it was stated in.
    pub unit: Unit,
}

impl Amount {
    /// Reads `320 km`, `at least 300 km`, `more than`, `at most`, `less than`, `>=` and the like, `250..400 km`,
    /// `between 250 km and 400 km`. A plain number needs no unit; anything else does.
    ///
    /// # Errors
    /// When the text is no amount of this dimension; the message says what would have been right.
    pub fn parse(text: &str, dimension: Dimension) -> Result<Amount, AmountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AmountError::Empty);
        }
        let lower = text.to_lowercase();
        let bounds: [(&str, bool, bool); 12] = [
            ("at least", true, true),
            ("not less than", true, true),
            (">=", true, true),
            ("≥", true, true),
            ("more than", true, false),
            (">", true, false),
            ("at most", false, true),
            ("not more than", false, true),
            ("<=", false, true),
            ("≤", false, true),
            ("less than", false, false),
            ("<", false, false),
        ];
        for (word, from_below, included) in bounds {
            // Lower-casing keeps the length of these ASCII words, and `≥`, `≤` have no case.
            if lower.starts_with(word)
                && let Some(rest) = text.get(word.len()..)
            {
                let (low, high, unit) = one(rest, dimension)?;
                let span = match (from_below, included) {
                    (true, true) => (low, Number::MAX),
                    (true, false) => (low.up(), Number::MAX),
                    (false, true) => (Number::MIN, high),
                    (false, false) => (Number::MIN, high.down()),
                };
                return Ok(Amount {
                    spans: vec![span],
                    unit,
                });
            }
        }
        let between = lower
            .strip_prefix("between ")
            .map(|_| &text["between ".len()..]);
        let split = match between {
            Some(rest) => rest.split_once(" and "),
            None => text.split_once("..").or_else(|| text.split_once('…')),
        };
        if let Some((first, second)) = split {
            let (_, _, unit_of_second) = one(second, dimension)?;
            let (low, unit) = match one(first, dimension) {
                Ok((low, _, unit)) => (low, unit),
                // `250..400 km`: the unit stands once, at the end.
                Err(AmountError::NoUnit { .. }) => {
                    let (low, _, unit) = one(
                        &format!("{} {}", first.trim(), unit_of_second.name()),
                        dimension,
                    )?;
                    (low, unit)
                }
                Err(other) => return Err(other),
            };
            let (_, high, _) = one(second, dimension)?;
            if low > high {
                return Err(AmountError::Inverted { found: short(text) });
            }
            return Ok(Amount {
                spans: vec![(low, high)],
                unit,
            });
        }
        let (low, high, unit) = one(text, dimension)?;
        Ok(Amount {
            spans: vec![(low, high)],
            unit,
        })
    }

    /// One of several amounts: what any of them allows.
    pub fn any_of(amounts: &[Amount]) -> Option<Amount> {
        let unit = amounts.first()?.unit;
        let mut spans: Vec<(Number, Number)> = amounts
            .iter()
            .flat_map(|each| each.spans.iter().copied())
            .collect();
        spans.sort_unstable();
        let mut apart: Vec<(Number, Number)> = Vec::with_capacity(spans.len());
        for (low, high) in spans {
            match apart.last_mut() {
                Some(last) if low <= last.1.up() => last.1 = last.1.max(high),
                _ => apart.push((low, high)),
            }
        }
        Some(Amount { spans: apart, unit })
    }

    /// The least and the greatest it may be.
    pub fn ends(&self) -> (Number, Number) {
        let low = self.spans.first().map_or(Number::MIN, |span| span.0);
        let high = self.spans.last().map_or(Number::MAX, |span| span.1);
        (low, high)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.unit.name();
        let space = if name.is_empty() { "" } else { " " };
        for (place, (low, high)) in self.spans.iter().enumerate() {
            if place > 0 {
                f.write_str(" or ")?;
            }
            let (lowest, highest) = (*low <= Number::MIN, *high >= Number::MAX);
            let show = |n: Number| self.unit.show(n);
            match (lowest, highest) {
                (true, true) => f.write_str("any amount")?,
                (false, true) => write!(f, "at least {}{space}{name}", show(*low))?,
                (true, false) => write!(f, "at most {}{space}{name}", show(*high))?,
                // A figure that did not convert exactly spans one step of the grid.
                (false, false) if high.grid() - low.grid() <= 1 => {
                    write!(f, "{}{space}{name}", show(*low))?
                }
                (false, false) => write!(f, "{}..{}{space}{name}", show(*low), show(*high))?,
            }
        }
        Ok(())
    }
}

impl Quantity {
    /// Reads one amount with its unit, of any dimension.
    ///
    /// # Errors
    /// When the text is no number with a known unit.
    pub fn parse(text: &str) -> Result<Quantity, AmountError> {
        let text = text.trim();
        let (number, rest) = split_number(text)?;
        let unit = match rest.trim() {
            "" => Unit::NONE,
            name => Unit::find(name).ok_or_else(|| AmountError::Unit {
                found: short(name),
                nearest: Unit::nearest(name),
            })?,
        };
        Ok(Quantity {
            amount: number,
            unit,
        })
    }

    /// The amount in the base unit of its dimension, rounded down and up.
    pub fn in_base(&self) -> Option<(Number, Number)> {
        self.unit.to_base(self.amount)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unit == Unit::NONE {
            write!(f, "{}", self.amount)
        } else {
            write!(f, "{} {}", self.amount, self.unit.name())
        }
    }
}

/// One figure in the base unit of `dimension`, down and up, with the unit it was stated in.
fn one(text: &str, dimension: Dimension) -> Result<(Number, Number, Unit), AmountError> {
    let text = text.trim();
    let (number, rest) = split_number(text)?;
    let example = dimension.units().next().map_or("", Unit::name);
    let unit = match rest.trim() {
        "" if dimension == Dimension::NUMBER => Unit::NONE,
        "" => {
            return Err(AmountError::NoUnit {
                found: short(text),
                dimension,
                example,
            });
        }
        name => match Unit::find(name) {
            Some(unit) if unit.dimension() == dimension => unit,
            // `g` is a gram to people who weigh and standard gravity to people who shake: what is asked for decides.
            Some(_) if name == "g" && dimension.name() == "acceleration" => {
                Unit::find("g_n").unwrap_or(Unit::NONE)
            }
            Some(_) if name == "rad" && dimension.name() == "absorbed dose" => {
                Unit::find("rad_si").unwrap_or(Unit::NONE)
            }
            Some(unit) => {
                return Err(AmountError::Dimension {
                    found: short(text),
                    ours: unit.dimension(),
                    wanted: dimension,
                    example,
                });
            }
            None => {
                return Err(AmountError::Unit {
                    found: short(name),
                    nearest: Unit::nearest(name),
                });
            }
        },
    };
    let (low, high) = unit
        .to_base(number)
        .ok_or_else(|| AmountError::OutOfReach { found: short(text) })?;
    Ok((low, high, unit))
}

/// At most 40 characters, for a message.
fn short(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > 40 {
        text.chars().take(39).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const G: i128 = Number::ONE;

    fn length() -> Dimension {
        Unit::find("km").unwrap().dimension()
    }

    #[test]
    fn small_powers_are_held_exactly() {
        for (text, grid) in [
            ("650 uW", 650_000_000),
            ("650 µW", 650_000_000),
            ("650 μW", 650_000_000),
            ("3 microwatts", 3_000_000),
            ("2 nW", 2000),
        ] {
            let read = Quantity::parse(text).unwrap();
            assert_eq!(read.unit.dimension(), Unit::find("W").unwrap().dimension());
            let base = Number::from_grid(grid);
            assert_eq!(read.unit.to_base(read.amount), Some((base, base)), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_the_contract_says() {
        for (text, grid) in [
            ("1,100", 1100 * G),
            ("1 100", 1100 * G),
            ("1.100", 1_100_000_000_000),
            ("1_100_000", 1_100_000 * G),
            ("1.1e6", 1_100_000 * G),
            ("-45", -45 * G),
            ("0.000000000001", 1),
            ("1e-12", 1),
            (".5", G / 2),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().amount.grid(), grid, "{text}");
        }
        for text in [
            "", "km", "1,1", "1,10,000", "1.2.3", "1 1000", "--3", "1e308", "1e-13", "NaN", "inf",
            "1.", "0x10",
        ] {
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_an_error_where_one_is_needed() {
        let error = Amount::parse("300", length()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`300` has no unit; a length needs one, for example `300 m`"
        );
        assert!(matches!(
            Amount::parse("300 kg", length()),
            Err(AmountError::Dimension { .. })
        ));
        assert!(matches!(
            Amount::parse("300 KM", length()),
            Err(AmountError::Unit {
                nearest: Some(_),
                ..
            })
        ));
    }

    #[test]
    fn bounds_and_ranges_are_spans() {
        let ends = |text: &str| Amount::parse(text, length()).unwrap().ends();
        assert_eq!(
            ends("300 km"),
            (Number::whole(300_000), Number::whole(300_000))
        );
        assert_eq!(
            ends("at least 300 km"),
            (Number::whole(300_000), Number::MAX)
        );
        assert_eq!(
            ends("less than 300 km"),
            (Number::MIN, Number::whole(300_000).down())
        );
        assert_eq!(
            ends("250..400 km"),
            (Number::whole(250_000), Number::whole(400_000))
        );
        assert_eq!(ends("between 250 km and 400 km"), ends("250..400 km"));
        assert_eq!(ends("≥ 300 km"), ends(">= 300 km"));
        assert!(matches!(
            Amount::parse("400..250 km", length()),
            Err(AmountError::Inverted { .. })
        ));
    }

    #[test]
    fn units_convert_exactly_or_outward() {
        let celsius = Amount::parse("-45 C", Unit::find("K").unwrap().dimension()).unwrap();
        assert_eq!(celsius.ends().0.to_string(), "228.15");
        let (low, high) = Amount::parse("100 km/h", Unit::find("m/s").unwrap().dimension())
            .unwrap()
            .ends();
        assert_eq!(high.grid() - low.grid(), 1);
        assert_eq!(
            Amount::parse("1250 micro_g", Unit::find("g_n").unwrap().dimension())
                .unwrap()
                .ends()
                .0
                .to_string(),
            "0.0122583125"
        );
    }

    #[test]
    fn every_unit_is_found_by_each_of_its_names_and_no_name_stands_twice() {
        let mut seen = std::collections::BTreeMap::new();
        for row in UNITS {
            for name in std::iter::once(&row.name).chain(row.also) {
                assert!(
                    seen.insert(*name, row.name).is_none(),
                    "`{name}` stands twice"
                );
                assert_eq!(Unit::find(name).unwrap().name(), row.name);
            }
        }
    }
}
