//! Measure: an exact amount of goods or money: `22 t`, `40 pieces`, `17.3 million USD`.
//!
//! Goods are weighed and measured in the units of the model, or counted in one of [`COUNTS`]. Nothing is rounded: an amount
//! that does not convert exactly to the base unit of its kind is refused, and amounts of two kinds are never added. Pieces
//! are not sets, and dollars are not euros.

use std::fmt;
use std::str::FromStr;

use catchall_model::{AmountError, Dimension, Number, Quantity, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::nearest::suggestion;

/// Words that goods are counted in: the word shown, and the ways to write it.
pub const COUNTS: &[(&str, &[&str])] = &[
    (
        "pieces",
        &[
            "piece", "pieces", "pc", "pcs", "pce", "item", "items", "unit", "units", "each", "nar",
        ],
    ),
    ("sets", &["set", "sets"]),
    ("pairs", &["pair", "pairs"]),
    ("copies", &["copy", "copies"]),
    ("persons", &["person", "persons", "people"]),
    ("users", &["user", "users", "seat", "seats"]),
];

/// What an amount is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A unit of the model; never [`Unit::NONE`].
    Unit(Unit),
    /// A word of [`COUNTS`].
    Count(&'static str),
    /// A currency of three capital letters.
    Money([u8; 3]),
}

/// What may be added to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything that measures this.
    Dimension(Dimension),
    /// Anything counted so.
    Count(&'static str),
    /// This currency.
    Money([u8; 3]),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Dimension(dimension) => write!(f, "{}", dimension.with_article()),
            Kind::Count(word) => write!(f, "a number of {word}"),
            Kind::Money(code) => write!(f, "money in {}", letters(code)),
        }
    }
}

/// An amount as somebody stated it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    amount: Number,
    of: Of,
}

/// Why a text is no amount, or two do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeasureError {
    /// No number, or no known unit.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// A number alone.
    #[error(
        "`{found}` has no unit; write `{found} pieces`, `{found} kg` or whatever it is counted in"
    )]
    NoUnit {
        /// As stated.
        found: String,
    },
    /// A unit that nobody knows.
    #[error(
        "`{found}` is no unit that is known here{near}; goods are counted in pieces, sets, pairs, copies, persons or users, or weighed and measured"
    )]
    Unit {
        /// As stated.
        found: String,
        /// A near one.
        near: String,
    },
    /// No currency.
    #[error(
        "`{found}` names no currency; write three capital letters behind the amount, as `17.3 million USD`"
    )]
    NoCurrency {
        /// As stated.
        found: String,
    },
    /// Zero or less.
    #[error("`{found}` is not more than nothing")]
    NotPositive {
        /// As stated.
        found: String,
    },
    /// Two kinds.
    #[error("`{found}` is {ours}, but this is counted as {wanted}; nothing was counted")]
    Mismatch {
        /// As stated.
        found: String,
        /// Its kind.
        ours: Kind,
        /// The kind that it meets.
        wanted: Kind,
    },
    /// Not exact.
    #[error("`{found}` does not convert exactly; state it in the unit of the licence")]
    Inexact {
        /// As stated.
        found: String,
    },
}

impl Measure {
    /// Reads an amount of goods.
    ///
    /// # Errors
    /// When there is no number, no unit or an unknown one, or not more than nothing.
    pub fn goods(text: &str) -> Result<Measure, MeasureError> {
        let found = || text.trim().chars().take(60).collect::<String>();
        let (number, unit) = split(text);
        let word = unit.to_lowercase();
        let count = COUNTS
            .iter()
            .find(|(_, also)| also.contains(&word.as_str()));
        let measure = if let Some((count, _)) = count {
            let plain = Quantity::parse(number)?;
            Measure {
                amount: plain.amount,
                of: Of::Count(count),
            }
        } else {
            let quantity = Quantity::parse(text).map_err(|error| match error {
                AmountError::Unit { found, nearest } => MeasureError::Unit {
                    near: match nearest {
                        Some(unit) => format!("; the nearest is `{}`", unit.name()),
                        None => suggestion(&found, COUNTS.iter().map(|(word, _)| *word)),
                    },
                    found,
                },
                other => MeasureError::Amount(other),
            })?;
            if quantity.unit == Unit::NONE {
                return Err(MeasureError::NoUnit { found: found() });
            }
            Measure {
                amount: quantity.amount,
                of: Of::Unit(quantity.unit),
            }
        };
        measure.positive(found)
    }

    /// Reads an amount of money.
    ///
    /// # Errors
    /// When there is no number or no currency, or not more than nothing.
    pub fn money(text: &str) -> Result<Measure, MeasureError> {
        let found = || text.trim().chars().take(60).collect::<String>();
        let code = |word: &str| {
            <[u8; 3]>::try_from(word.as_bytes())
                .ok()
                .filter(|code| code.iter().all(u8::is_ascii_uppercase))
        };
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let last = words.last().and_then(|word| code(word));
        let money = match last {
            Some(last) => {
                words.pop();
                last
            }
            None => match words.first().and_then(|word| code(word)) {
                Some(first) => {
                    words.remove(0);
                    first
                }
                None => return Err(MeasureError::NoCurrency { found: found() }),
            },
        };
        let times = match words.last().map(|word| word.to_lowercase()).as_deref() {
            Some("thousand") => 1_000,
            Some("million") => 1_000_000,
            Some("billion") => 1_000_000_000,
            _ => 1,
        };
        if times > 1 {
            words.pop();
        }
        let plain = Quantity::parse(&words.join(" "))?;
        if plain.unit != Unit::NONE {
            return Err(MeasureError::NoCurrency { found: found() });
        }
        let grid = plain
            .amount
            .grid()
            .checked_mul(times)
            .filter(|grid| *grid < Number::MAX.grid());
        let grid = grid.ok_or_else(|| AmountError::OutOfReach { found: found() })?;
        let measure = Measure {
            amount: Number::from_grid(grid),
            of: Of::Money(money),
        };
        measure.positive(found)
    }

    fn positive(self, found: impl Fn() -> String) -> Result<Measure, MeasureError> {
        if self.amount <= Number::ZERO {
            return Err(MeasureError::NotPositive { found: found() });
        }
        Ok(self)
    }

    /// What may be added to it.
    pub fn kind(&self) -> Kind {
        match self.of {
            Of::Unit(unit) => Kind::Dimension(unit.dimension()),
            Of::Count(word) => Kind::Count(word),
            Of::Money(code) => Kind::Money(code),
        }
    }

    /// Counts of 10⁻¹² of the base unit of its kind.
    ///
    /// # Errors
    /// When it does not convert exactly.
    pub fn base(&self) -> Result<i128, MeasureError> {
        let Of::Unit(unit) = self.of else {
            return Ok(self.amount.grid());
        };
        match unit.to_base(self.amount) {
            Some((low, high)) if low == high => Ok(low.grid()),
            _ => Err(MeasureError::Inexact {
                found: self.to_string(),
            }),
        }
    }

    /// The same, where it must be of the kind of another.
    ///
    /// # Errors
    /// When it is of another kind, or does not convert exactly.
    pub fn base_as(&self, like: &Measure) -> Result<i128, MeasureError> {
        if self.kind() != like.kind() {
            return Err(MeasureError::Mismatch {
                found: self.to_string(),
                ours: self.kind(),
                wanted: like.kind(),
            });
        }
        self.base()
    }

    /// So many counts of the base unit in this one's unit; none where that is not exact, or not more than nothing.
    pub fn of_base(&self, base: i128) -> Option<Measure> {
        let amount = match self.of {
            Of::Unit(unit) => unit.show(Number::from_grid(base)),
            Of::Count(_) | Of::Money(_) => Number::from_grid(base),
        };
        let made = Measure {
            amount,
            of: self.of,
        };
        (base > 0 && made.base() == Ok(base)).then_some(made)
    }

    /// So many counts of the base unit, shown in this one's unit.
    pub fn shown(&self, base: i128) -> String {
        let number = Number::from_grid(base);
        match self.of {
            Of::Unit(unit) => format!("{} {}", unit.show(number), unit.name()),
            Of::Count(word) => format!("{number} {word}"),
            Of::Money(code) => format!("{number} {}", letters(&code)),
        }
    }
}

fn letters(code: &[u8; 3]) -> &str {
    std::str::from_utf8(code).unwrap_or("???")
}

/// The number at the start, and what follows it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text
        .rfind(|letter: char| letter.is_ascii_digit() || letter == '.')
        .map_or(0, |at| at + 1);
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Of::Unit(unit) => write!(f, "{} {}", self.amount, unit.name()),
            Of::Count(word) => write!(f, "{} {word}", self.amount),
            Of::Money(code) => write!(f, "{} {}", self.amount, letters(&code)),
        }
    }
}

impl FromStr for Measure {
    type Err = MeasureError;

    /// Reads either, as [`Measure`] is written.
    fn from_str(text: &str) -> Result<Measure, MeasureError> {
        Measure::money(text).or_else(|_| Measure::goods(text))
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Measure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Measure, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_in_whatever_unit_they_are_stated() {
        let base = |text: &str| text.parse::<Measure>().unwrap().base().unwrap();
        assert_eq!(base("22 t"), base("22,000 kg"));
        assert_eq!(base("0.1 kg") + base("0.2 kg"), base("0.3 kg"));
        assert_eq!(base("40 pcs"), base("40 pieces"));
        assert_eq!(base("17.3 million USD"), base("17300000 USD"));
        assert_eq!(base("EUR 1,200.50"), base("1200.50 EUR"));
        assert_eq!(base("1 lb"), base("0.45359237 kg"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "22 t",
            "40 pieces",
            "17300000 USD",
            "0.000000000001 kg",
            "3 sets",
        ] {
            let measure: Measure = text.parse().unwrap();
            assert_eq!(measure.to_string(), text);
            let json = serde_json::to_string(&measure).unwrap();
            assert_eq!(serde_json::from_str::<Measure>(&json).unwrap(), measure);
        }
    }

    #[test]
    fn what_is_no_amount_says_what_would_be() {
        let goods = |text: &str| Measure::goods(text).unwrap_err().to_string();
        assert_eq!(
            goods("22"),
            "`22` has no unit; write `22 pieces`, `22 kg` or whatever it is counted in"
        );
        assert!(
            goods("22 tonns").starts_with("`tonns` is no unit that is known here"),
            "{}",
            goods("22 tonns")
        );
        assert!(
            goods("5 peices").contains("the nearest is `pieces`"),
            "{}",
            goods("5 peices")
        );
        assert_eq!(goods("0 kg"), "`0 kg` is not more than nothing");
        assert_eq!(goods("-3 pieces"), "`-3 pieces` is not more than nothing");
        let money = |text: &str| Measure::money(text).unwrap_err().to_string();
        assert!(money("17.3 million").contains("names no currency"));
        assert!(money("17 kg USD").contains("names no currency"));
        assert!(
            Measure::money("USD").is_err()
                && Measure::goods("").is_err()
                && Measure::goods("pieces").is_err()
        );
    }

    #[test]
    fn pieces_are_not_sets_and_dollars_are_not_euros() {
        let told = |ours: &str, theirs: &str| {
            ours.parse::<Measure>()
                .unwrap()
                .base_as(&theirs.parse().unwrap())
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            told("3 sets", "40 pieces").unwrap_err(),
            "`3 sets` is a number of sets, but this is counted as a number of pieces; nothing was counted"
        );
        assert!(told("3 kg", "40 pieces").is_err() && told("3 USD", "3 EUR").is_err());
        assert!(told("3 g", "1 t").is_ok());
        let tonne: Measure = "22 t".parse().unwrap();
        assert_eq!(tonne.shown(500 * Number::ONE), "0.5 t");
    }
}
