//! Days and spans of days. Law knows days, not moments: no time zones here.

use std::fmt::{self, Write as _};

use jiff::civil::Date;

/// A day, as the number of days since 1970-01-01.
///
/// Ordered and cheap to compare; made only from real calendar days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Why a text is not a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not of the form year-month-day.
    #[error("`{found}` is not a day; write it as year-month-day, for example `1998-03-25`")]
    Form {
        /// What stood there.
        found: String,
    },
    /// Of the right form, but no such day exists.
    #[error("`{found}` is not in the calendar; {why}")]
    NoSuchDay {
        /// What stood there.
        found: String,
        /// Which part is out of range.
        why: String,
    },
}

impl Day {
    /// The first day that can be written, 0001-01-01.
    pub const MIN: Day = Day(-719_162);
    /// The last day that can be written, 9999-12-31.
    pub const MAX: Day = Day(2_932_896);

    /// Reads `1998-03-25`; nothing else is taken, so that `03/04/98` is never guessed at.
    ///
    /// # Errors
    /// When the text has another form, or names a day that the calendar lacks.
    pub fn parse(text: &str) -> Result<Day, DateError> {
        let text = text.trim();
        let form = || DateError::Form {
            found: text.chars().take(40).collect(),
        };
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shaped {
            return Err(form());
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range]
                .iter()
                .fold(0i32, |sum, b| sum * 10 + i32::from(b - b'0'))
        };
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        Day::from_ymd(year, month, day).ok_or_else(|| DateError::NoSuchDay {
            found: text.to_owned(),
            why: if !(1..=12).contains(&month) {
                format!("a month runs from 01 to 12, not {month:02}")
            } else if year == 0 {
                "years begin with 0001".to_owned()
            } else {
                format!("{year:04}-{month:02} has no day {day:02}")
            },
        })
    }

    /// Reads a day, a month (`1998-03`) or a year (`1998`) as its first and its last day.
    ///
    /// # Errors
    /// As [`Day::parse`].
    pub fn span(text: &str) -> Result<(Day, Day), DateError> {
        let text = text.trim();
        let digits = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            let all = part.bytes().all(|byte| byte.is_ascii_digit());
            all.then(|| part.parse::<i32>().ok())?
        };
        let whole = match (text.len(), digits(0..4), text.as_bytes().get(4)) {
            (4, Some(year), None) => (year, 1, year, 12),
            (7, Some(year), Some(b'-')) => {
                let month = digits(5..7).unwrap_or_default();
                (year, month, year, month)
            }
            _ => return Day::parse(text).map(|day| (day, day)),
        };
        let first = Day::from_ymd(whole.0, whole.1, 1);
        let last = (28..=31)
            .rev()
            .find_map(|day| Day::from_ymd(whole.2, whole.3, day));
        first.zip(last).ok_or_else(|| DateError::NoSuchDay {
            found: text.to_owned(),
            why: "years begin with 0001, and a month runs from 01 to 12".to_owned(),
        })
    }

    /// The day with this year, month and day of the month, if there is one.
    pub fn from_ymd(year: i32, month: i32, day: i32) -> Option<Day> {
        if year < 1 {
            return None;
        }
        let date = Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()?;
        Some(Day::of(date))
    }

    /// The day `number` days after 1970-01-01, held within the calendar.
    pub fn from_number(number: i64) -> Day {
        let held = number.clamp(i64::from(Day::MIN.0), i64::from(Day::MAX.0));
        Day(i32::try_from(held).unwrap_or(Day::MAX.0))
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    /// The next day.
    pub fn next(self) -> Day {
        Day::from_number(self.number() + 1)
    }

    /// The day before.
    pub fn previous(self) -> Day {
        Day::from_number(self.number() - 1)
    }

    /// The same day of the month `months` later, or the month's last day where it has no such day.
    pub fn plus_months(self, months: i32) -> Day {
        let date = self.date();
        let span = jiff::Span::new().months(months.clamp(-119_000, 119_000));
        match date.checked_add(span) {
            Ok(later) => Day::of(later),
            Err(_) if months > 0 => Day::MAX,
            Err(_) => Day::MIN,
        }
    }

    /// As it stands in a sentence: `25 March 1998`.
    pub fn in_prose(self) -> String {
        self.date().strftime("%-d %B %Y").to_string()
    }

    fn of(date: Date) -> Day {
        let epoch = Date::constant(1970, 1, 1);
        let days = date.duration_since(epoch).as_hours() / 24;
        Day::from_number(days)
    }

    fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch
            .checked_add(jiff::Span::new().days(self.0))
            .unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        let Ok(year @ 0..=9999) = u16::try_from(date.year()) else {
            return write!(
                f,
                "{:04}-{:02}-{:02}",
                date.year(),
                date.month(),
                date.day()
            );
        };
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        let digit = |number: u16| char::from(b'0' + u8::try_from(number % 10).unwrap_or(0));
        let two = |number: u8| [digit(u16::from(number) / 10), digit(u16::from(number))];
        for part in [year / 1000, year / 100, year / 10, year] {
            f.write_char(digit(part))?;
        }
        for part in [month, day] {
            let [tens, ones] = two(part);
            f.write_char('-')?;
            f.write_char(tens)?;
            f.write_char(ones)?;
        }
        Ok(())
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Days from `first` to `last`, both included; an end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first day; [`Day::MIN`] when there is no known beginning.
    pub first: Day,
    /// The last day; [`Day::MAX`] when no end is known.
    pub last: Day,
}

impl Span {
    /// Every day.
    pub const ALWAYS: Span = Span {
        first: Day::MIN,
        last: Day::MAX,
    };

    /// Whether the day lies within, both ends included.
    pub fn holds(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == Day::MIN {
            f.write_str("..")?;
        } else {
            write!(f, "{}", self.first)?;
        }
        f.write_str("/")?;
        if self.last == Day::MAX {
            f.write_str("..")
        } else {
            write!(f, "{}", self.last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_survives_being_written_and_read() {
        for text in [
            "0001-01-01",
            "1969-12-31",
            "1970-01-01",
            "1998-03-25",
            "2000-02-29",
            "9999-12-31",
        ] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Day::parse("1970-01-01").unwrap().number(), 0);
        assert_eq!(Day::parse("0001-01-01").unwrap(), Day::MIN);
        assert_eq!(Day::parse("9999-12-31").unwrap(), Day::MAX);
    }

    #[test]
    fn a_day_that_does_not_exist_is_told_apart_from_a_text_that_is_no_day() {
        assert!(matches!(
            Day::parse("2023-02-30"),
            Err(DateError::NoSuchDay { .. })
        ));
        assert!(matches!(
            Day::parse("2023-13-01"),
            Err(DateError::NoSuchDay { .. })
        ));
        assert!(matches!(
            Day::parse("0000-01-01"),
            Err(DateError::NoSuchDay { .. })
        ));
        for text in [
            "",
            "25.03.1998",
            "1998-3-25",
            "1998-03-25T00:00",
            "１９９８-03-25",
        ] {
            assert!(
                matches!(Day::parse(text), Err(DateError::Form { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn a_month_and_a_year_are_spans() {
        for (written, first, last) in [
            ("1998", "1998-01-01", "1998-12-31"),
            ("2000-02", "2000-02-01", "2000-02-29"),
            ("1999-02", "1999-02-01", "1999-02-28"),
            ("1998-03-25", "1998-03-25", "1998-03-25"),
        ] {
            let (from, to) = Day::span(written).unwrap();
            assert_eq!(
                (from.to_string(), to.to_string()),
                (first.into(), last.into())
            );
        }
        for text in [
            "", "98", "0000", "1998-13", "1998-00", "1998/03", "199é", "1998-3",
        ] {
            assert!(Day::span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_in_prose_has_its_month_in_letters() {
        for (written, prose) in [
            ("1998-03-05", "5 March 1998"),
            ("2026-12-31", "31 December 2026"),
        ] {
            assert_eq!(Day::parse(written).unwrap().in_prose(), prose);
        }
    }

    #[test]
    fn months_are_added_by_the_calendar() {
        let end_of_january = Day::parse("1999-01-31").unwrap();
        assert_eq!(end_of_january.plus_months(1).to_string(), "1999-02-28");
        assert_eq!(end_of_january.plus_months(-2).to_string(), "1998-11-30");
    }
}
