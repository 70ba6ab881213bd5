//! Tests of a day: before and after, and so long before or after another day.

use catchall_model::{Day, Number, Unit};

use super::super::{Cond, Shift, TestKind};
use super::{Cursor, Parsed, Parser};
use crate::state::day_error;
use crate::vocabulary::{Domain, FactId};

impl<'a> Parser<'a> {
    pub(super) fn compare_days(
        &self,
        cursor: &mut Cursor<'_, 'a>,
        start: usize,
        fact: FactId,
    ) -> Parsed<Cond> {
        if !cursor.eat(&["is"]) {
            return Err(self.wanted(cursor, "`is`", Some("days are compared with `is before`, `is after`, `is on or before`, `is on or after`, `is within 30 days after ...`")));
        }
        let negated = cursor.eat(&["not"]);
        if cursor.eat(&["within"]) {
            let span = Some("write a span such as `30 days after contract.signed`");
            let Some(number) = cursor
                .peek()
                .and_then(|token| token.text.parse().ok())
                .filter(|n| (0..=36_500).contains(n))
            else {
                return Err(self.wanted(cursor, "a whole number of days, months or years", span));
            };
            cursor.next += 1;
            let unit = cursor.peek().map_or("", |token| token.text);
            let shift = match unit {
                "day" | "days" => Shift {
                    months: 0,
                    days: number,
                },
                "month" | "months" => Shift {
                    months: number,
                    days: 0,
                },
                "year" | "years" => Shift {
                    months: number * 12,
                    days: 0,
                },
                _ => return Err(self.wanted(cursor, "`days`, `months` or `years`", span)),
            };
            cursor.next += 1;
            let later = cursor.peek().map_or("", |token| token.text);
            let (from, to) = match later {
                "after" => (Shift::default(), shift),
                "before" => (
                    Shift {
                        months: -shift.months,
                        days: -shift.days,
                    },
                    Shift::default(),
                ),
                _ => return Err(self.wanted(cursor, "`after` or `before`", span)),
            };
            cursor.next += 1;
            let other = self.other_day(cursor)?;
            let threshold = format!(
                "{number} {unit} {later} {}",
                self.names.vocabulary.get(other).key
            );
            let kind = TestKind::Relative {
                fact,
                other,
                from: Some(from),
                to: Some(to),
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                "within",
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        const OPERATORS: [(&[&str], &str, bool, i32); 6] = [
            (&["on", "or", "before"], "on or before", false, 0),
            (&["on", "or", "after"], "on or after", true, 0),
            (&["before"], "before", false, -1),
            (&["after"], "after", true, 1),
            (&["at", "latest"], "on or before", false, 0),
            (&["at", "earliest"], "on or after", true, 0),
        ];
        for (words, operator, later, by) in OPERATORS {
            if !cursor.eat(words) {
                continue;
            }
            let Some(token) = cursor.peek() else {
                return Err(self.at_end(
                    cursor,
                    "a day such as 1998-03-25, or another date of the transfer",
                ));
            };
            if token.text.starts_with(|c: char| c.is_ascii_digit()) {
                let day = Day::parse(token.text).map_err(|error| {
                    let error = day_error(&error);
                    self.error("date", token, error.problem, error.cure)
                })?;
                cursor.next += 1;
                let edge = Number::from_grid(i128::from(day.number() + i64::from(by)));
                let (low, high) = if later {
                    (edge, Number::MAX)
                } else {
                    (Number::MIN, edge)
                };
                return Ok(self.make(
                    cursor,
                    start,
                    TestKind::Between(fact, low, high),
                    operator,
                    &day.to_string(),
                    Unit::NONE,
                    negated,
                ));
            }
            let other = self.other_day(cursor)?;
            let edge = Some(Shift {
                months: 0,
                days: by,
            });
            let (from, to) = if later { (edge, None) } else { (None, edge) };
            let threshold = self.names.vocabulary.get(other).key.clone();
            let kind = TestKind::Relative {
                fact,
                other,
                from,
                to,
            };
            return Ok(self.make(
                cursor,
                start,
                kind,
                operator,
                &threshold,
                Unit::NONE,
                negated,
            ));
        }
        Err(self.wanted(cursor, "a comparison of days", Some("write `before`, `after`, `on or before`, `on or after` or `within 30 days after ...`")))
    }

    fn other_day(&self, cursor: &mut Cursor<'_, 'a>) -> Parsed<FactId> {
        let Some(token) = cursor.take() else {
            return Err(self.at_end(cursor, "another date of the transfer, as `contract.signed`"));
        };
        match self.names.vocabulary.fact(token.text) {
            Some(fact) if self.names.vocabulary.get(fact).domain == Domain::Date => Ok(fact),
            _ => Err(self.error(
                "wrong-test",
                token,
                format!("`{}` is no date of the transfer", token.text),
                "use `date`, `contract.signed`, `licence.issued`, `delivery` or `departure`",
            )),
        }
    }
}
