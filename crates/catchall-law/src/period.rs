//! Periods: on which days something surely holds, and on which it may.
//!
//! A pack writes `1998-01-22/..`, a month or a year where the day is not known, or `[A..B]` for a day
//! between two others. Days that may or may not lie inside are kept apart: nobody guesses.

use catchall_model::{Day, Number, Span};

/// The days on which something surely holds, and those on which it may.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// Days on which it surely holds, in order, apart from each other.
    pub sure: Vec<Span>,
    /// Days on which it may hold; every sure day is among them.
    pub possible: Vec<Span>,
    /// As the pack writes it.
    pub text: String,
}

/// Whether something holds on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It does not.
    No,
    /// The pack cannot say.
    Open,
    /// It does.
    Yes,
}

impl Period {
    /// Every day.
    pub fn always() -> Period {
        Period {
            sure: vec![Span::ALWAYS],
            possible: vec![Span::ALWAYS],
            text: "../..".to_owned(),
        }
    }

    /// Reads `START/END`.
    ///
    /// # Errors
    /// A sentence that says what was found and what would be right.
    pub fn parse(text: &str) -> Result<Period, String> {
        let Some((start, end)) = text.split_once('/') else {
            return Err(format!(
                "`{text}` is no interval; write `START/END`, as in `1998-01-22/..`"
            ));
        };
        let (earliest, first) = match start.trim() {
            ".." => (Day::MIN, Day::MIN),
            other => edge(other)?,
        };
        let (last, latest) = match end.trim() {
            ".." => (Day::MAX, Day::MAX),
            other => edge(other)?,
        };
        if earliest > latest {
            return Err(format!(
                "`{text}` ends before it begins; write the earlier day first, both days lie inside"
            ));
        }
        let sure = if first <= last {
            vec![Span { first, last }]
        } else {
            Vec::new()
        };
        Ok(Period {
            sure,
            possible: vec![Span {
                first: earliest,
                last: latest,
            }],
            text: text.trim().to_owned(),
        })
    }

    /// The same without the days on which it is suspended.
    pub fn without(self, gap: &Period) -> Period {
        let text = format!("{}, suspended {}", self.text, gap.text);
        Period {
            sure: subtract(&self.sure, &gap.possible),
            possible: subtract(&self.possible, &gap.sure),
            text,
        }
    }

    /// Whether it holds on this day.
    pub fn on(&self, day: Day) -> Holds {
        if self.sure.iter().any(|span| span.holds(day)) {
            Holds::Yes
        } else if self.possible.iter().any(|span| span.holds(day)) {
            Holds::Open
        } else {
            Holds::No
        }
    }

    /// Whether it holds on a day of which only the first and the last that it may be are known.
    pub fn over(&self, first: Day, last: Day) -> Holds {
        if self
            .sure
            .iter()
            .any(|span| span.first <= first && last <= span.last)
        {
            Holds::Yes
        } else if self
            .possible
            .iter()
            .all(|span| last < span.first || span.last < first)
        {
            Holds::No
        } else {
            Holds::Open
        }
    }

    /// The first and the last day on which it may hold.
    pub fn ends(&self) -> (Day, Day) {
        let first = self.possible.first().map_or(Day::MAX, |span| span.first);
        let last = self.possible.last().map_or(Day::MIN, |span| span.last);
        (first, last)
    }
}

/// A span as figures that a date is compared with: without an end on a side where it is not known.
pub(crate) fn bounds(span: Span) -> (Number, Number) {
    let number = |day: Day| Number::from_grid(i128::from(day.number()));
    let low = Some(span.first).filter(|first| *first != Day::MIN);
    let high = Some(span.last).filter(|last| *last != Day::MAX);
    (
        low.map_or(Number::MIN, number),
        high.map_or(Number::MAX, number),
    )
}

fn subtract(from: &[Span], gaps: &[Span]) -> Vec<Span> {
    let mut left: Vec<Span> = from.to_vec();
    for gap in gaps {
        left = left
            .into_iter()
            .flat_map(|span| {
                if gap.last < span.first || gap.first > span.last {
                    return vec![span];
                }
                let mut parts = Vec::new();
                if gap.first > span.first {
                    parts.push(Span {
                        first: span.first,
                        last: gap.first.previous(),
                    });
                }
                if gap.last < span.last {
                    parts.push(Span {
                        first: gap.last.next(),
                        last: span.last,
                    });
                }
                parts
            })
            .collect();
    }
    left
}

/// The earliest and the latest day that an edge may be.
fn edge(text: &str) -> Result<(Day, Day), String> {
    if let Some(inside) = text.strip_prefix('[') {
        let Some((first, second)) = inside
            .strip_suffix(']')
            .and_then(|inside| inside.split_once(".."))
        else {
            return Err(format!(
                "`{text}` is no day between two days; write `[1998-03-26..2022-10-21]`"
            ));
        };
        let (early, late) = (edge(first.trim())?.0, edge(second.trim())?.1);
        if early > late {
            return Err(format!(
                "`{text}` runs from the later to the earlier day; write the earlier one first"
            ));
        }
        return Ok((early, late));
    }
    let number = |part: &str| {
        part.parse::<i32>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
    };
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] if year.len() == 4 => {
            let year = number(year);
            let first = year.and_then(|year| Day::from_ymd(year, 1, 1));
            let last = year.and_then(|year| Day::from_ymd(year, 12, 31));
            first.zip(last)
        }
        [year, month] if year.len() == 4 && month.len() == 2 => {
            let first = number(year)
                .zip(number(month))
                .and_then(|(year, month)| Day::from_ymd(year, month, 1));
            first.map(|first| (first, first.plus_months(1).previous()))
        }
        _ => {
            let day = Day::parse(text).map_err(|error| error.to_string())?;
            Some((day, day))
        }
    }
    .ok_or_else(|| {
        format!("`{text}` is no day, month or year; write `1998-01-22`, `2000-02` or `1995`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(period: &str, day: &str) -> Holds {
        Period::parse(period).unwrap().on(Day::parse(day).unwrap())
    }

    #[test]
    fn both_ends_lie_inside() {
        assert_eq!(on("1998-01-22/1999-07-28", "1998-01-21"), Holds::No);
        assert_eq!(on("1998-01-22/1999-07-28", "1998-01-22"), Holds::Yes);
        assert_eq!(on("1998-01-22/1999-07-28", "1999-07-28"), Holds::Yes);
        assert_eq!(on("1998-01-22/1999-07-28", "1999-07-29"), Holds::No);
    }

    #[test]
    fn a_month_or_a_span_of_days_leaves_days_open() {
        assert_eq!(on("2000-02/..", "2000-01-31"), Holds::No);
        assert_eq!(on("2000-02/..", "2000-02-01"), Holds::Open);
        assert_eq!(on("2000-02/..", "2000-02-29"), Holds::Yes);
        assert_eq!(on("../2003", "2003-06-01"), Holds::Open);
        assert_eq!(on("[1998-03-26..2022-10-21]/..", "1998-03-25"), Holds::No);
        assert_eq!(on("[1998-03-26..2022-10-21]/..", "2010-01-01"), Holds::Open);
        assert_eq!(on("[1998-03-26..2022-10-21]/..", "2022-10-21"), Holds::Yes);
    }

    #[test]
    fn a_suspension_is_cut_out_and_the_rule_returns_the_day_after() {
        let rule = Period::parse("2025-09-29/..")
            .unwrap()
            .without(&Period::parse("2025-11-10/2026-11-09").unwrap());
        let on = |day: &str| rule.on(Day::parse(day).unwrap());
        assert_eq!(on("2025-09-28"), Holds::No);
        assert_eq!(on("2025-11-09"), Holds::Yes);
        assert_eq!(on("2025-11-10"), Holds::No);
        assert_eq!(on("2026-11-09"), Holds::No);
        assert_eq!(on("2026-11-10"), Holds::Yes);
    }

    #[test]
    fn an_interval_that_is_none_says_what_would_be_right() {
        for text in [
            "1998-01-22",
            "2000-02-30/..",
            "../1998-13",
            "1999-01-01/1998-01-01",
            "[1999..1998]/..",
            "x/..",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
