//! Tests of a fact by a figure: quantities with their units, and comparisons.

use catchall_model::{AmountError, Number, Quantity, Unit};

use super::super::{Cond, TestKind};
use super::{Cursor, Parsed, Parser};
use crate::vocabulary::FactId;

impl<'a> Parser<'a> {
    /// A quantity in base units, with its own words.
    pub(super) fn quantity(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        wanted: &str,
    ) -> Parsed<(Number, String)> {
        let (number, quantity) = self.amount(cursor, wanted)?;
        Ok((number, quantity.to_string()))
    }

    fn amount(&self, cursor: &mut Cursor<'_, 'a>, wanted: &str) -> Parsed<(Number, Quantity)> {
        let Some(first) = cursor.peek() else {
            return Err(self.at_end(cursor, &article(wanted)));
        };
        // The words of a quantity are read from the text itself, since a unit may hold parentheses: `kg/(N*h)`.
        let rest = &self.text[first.start..];
        let line = rest.split('\n').next().unwrap_or(rest);
        let number_end = line.find(|c: char| c.is_whitespace()).unwrap_or(line.len());
        let number_end = line[..number_end]
            .find(['(', ')', ',', '#'])
            .unwrap_or(number_end);
        let after = &line[number_end..];
        let gap = after.len() - after.trim_start().len();
        let unit_text = unit_run(&after[gap..]);
        let takes = !matches!(unit_text, "and" | "or" | "to" | "of" | "")
            && !line[..number_end].contains('%');
        let end = if takes {
            number_end + gap + unit_text.len()
        } else {
            number_end
        };
        let words = &line[..end];
        let unit = first_unit(wanted);
        let quantity = Quantity::parse(words).map_err(|error| {
            let text = error.to_string();
            let (problem, help) = match &error {
                AmountError::Unit { .. } => (
                    text.as_str(),
                    "`catchall law vocabulary --units` lists every unit".to_owned(),
                ),
                AmountError::OutOfReach { .. } => {
                    (text.as_str(), "check the figure and its unit".to_owned())
                }
                _ => (
                    text.split("; ").next().unwrap_or(&text),
                    format!(
                        "write {}, as in `{}`",
                        article(wanted),
                        format!("3 {unit}").trim()
                    ),
                ),
            };
            self.error("quantity", first, problem, help)
        })?;
        let stop = first.start + end;
        while cursor.peek().is_some_and(|token| token.start < stop) {
            cursor.next += 1;
        }
        let dimension = quantity.unit.dimension();
        if dimension.name() != wanted {
            let problem = if quantity.unit == Unit::NONE {
                format!(
                    "`{words}` has no unit, but {} is asked for",
                    article(wanted)
                )
            } else {
                format!(
                    "`{words}` is {}, but {} is asked for",
                    dimension.with_article(),
                    article(wanted)
                )
            };
            return Err(self.error("wrong-dimension", first, problem, example_units(wanted)));
        }
        match quantity.in_base() {
            Some((low, high)) if low == high => Ok((low, quantity)),
            Some(_) => Err(self.error(
                "inexact-unit",
                first,
                format!("`{words}` does not convert exactly to `{unit}`, in which figures of {wanted} are compared"),
                "write the threshold in the unit of the law's text, or in one that converts exactly",
            )),
            None => Err(self.error("quantity", first, format!("`{words}` is beyond the figures that can be compared"), "check the figure and its unit")),
        }
    }

    pub(super) fn compare(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        start: usize,
        fact: FactId,
        wanted: &str,
    ) -> Parsed<Cond> {
        let worded = cursor.eat(&["is"]);
        let negated = worded && cursor.eat(&["not"]);
        if worded && cursor.eat(&["between"]) {
            let (low, first) = self.amount(cursor, wanted)?;
            if !cursor.eat(&["and"]) {
                return Err(self.at_end(cursor, "`and` with the greater figure"));
            }
            let (high, second) = self.amount(cursor, wanted)?;
            if low > high {
                return Err(self.error(
                    "inverted-range",
                    &cursor.words[start],
                    format!("`between {first} and {second}` runs from the greater to the smaller"),
                    "write the smaller figure first",
                ));
            }
            let threshold = if first.unit == second.unit {
                format!("{} and {}", first.amount, second.amount)
            } else {
                format!("{first} and {second}")
            };
            let unit = if first.unit == second.unit {
                first.unit
            } else {
                Unit::NONE
            };
            return Ok(self.make(
                cursor,
                start,
                TestKind::Between(fact, low, high),
                "between",
                &threshold,
                unit,
                negated,
            ));
        }
        const OPERATORS: [(&[&str], &str, bool, bool, bool); 14] = [
            (&["at", "least"], "at least", true, false, false),
            (&["not", "less", "than"], "at least", true, false, false),
            (&[">="], "at least", true, false, false),
            (&["≥"], "at least", true, false, false),
            (&["more", "than"], "more than", true, false, true),
            (&[">"], "more than", true, false, true),
            (&["at", "most"], "at most", false, true, false),
            (&["<="], "at most", false, true, false),
            (&["≤"], "at most", false, true, false),
            (&["less", "than"], "less than", false, true, true),
            (&["<"], "less than", false, true, true),
            (&["exactly"], "exactly", true, true, false),
            (&["="], "exactly", true, true, false),
            (&["=="], "exactly", true, true, false),
        ];
        for (words, operator, from, to, strict) in OPERATORS {
            if cursor.eat(words) {
                let (number, quantity) = self.amount(cursor, wanted)?;
                let low = match (from, strict) {
                    (true, true) => number.up(),
                    (true, false) => number,
                    (false, _) => Number::MIN,
                };
                let high = match (to, strict) {
                    (true, true) => number.down(),
                    (true, false) => number,
                    (false, _) => Number::MAX,
                };
                let threshold = quantity.amount.to_string();
                return Ok(self.make(
                    cursor,
                    start,
                    TestKind::Between(fact, low, high),
                    operator,
                    &threshold,
                    quantity.unit,
                    negated,
                ));
            }
        }
        let all = "write `is at least`, `is more than`, `is at most`, `is less than`, `is exactly` or `is between ... and ...`";
        Err(self.wanted(cursor, "a comparison", Some(all)))
    }
}

/// A unit at the start of a text: up to white space, a comma, a comment or a parenthesis it did not open.
fn unit_run(text: &str) -> &str {
    let mut open = 0usize;
    let end = text
        .char_indices()
        .find(|(_, c)| match c {
            '(' => {
                open += 1;
                false
            }
            ')' if open > 0 => {
                open -= 1;
                false
            }
            ')' | ',' | '#' | '<' | '>' | '=' | '"' | ';' => true,
            _ => c.is_whitespace(),
        })
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn example_units(dimension: &str) -> String {
    let units: Vec<&str> = catchall_model::UNITS
        .iter()
        .filter(|row| {
            catchall_model::DIMENSIONS.get(usize::from(row.dimension)) == Some(&dimension)
        })
        .map(|row| row.name)
        .filter(|name| !name.is_empty())
        .collect();
    if units.is_empty() {
        format!("{} is written without a unit", article(dimension))
    } else {
        format!("units of {dimension}: {}", units.join(", "))
    }
}

fn first_unit(dimension: &str) -> &'static str {
    let own = |row: &&catchall_model::UnitRow| {
        catchall_model::DIMENSIONS.get(usize::from(row.dimension)) == Some(&dimension)
    };
    catchall_model::UNITS
        .iter()
        .find(own)
        .map_or("", |row| row.name)
}

/// The name of a dimension behind "a" or "an".
fn article(name: &str) -> String {
    format!(
        "{} {name}",
        if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        }
    )
}
