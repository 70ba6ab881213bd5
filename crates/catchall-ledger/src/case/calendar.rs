//! Calendar: which days are working days. Data, handed in as the text of `data/policy/calendar.toml`.
//!
//! A week's days off, days off of every year, and single days. Where no calendar says otherwise a day is a working day.
//! Knows no country's holidays of itself, and no clock.

use std::collections::BTreeSet;

use catchall_model::Day;
use serde::Deserialize;
use toml::Spanned;

use crate::nearest::suggestion;

/// Days on which nobody works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Places in the week, Monday 0.
    weekly: BTreeSet<u8>,
    /// Month and day, `12-25`.
    yearly: BTreeSet<String>,
    single: BTreeSet<Day>,
}

/// Why a calendar cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar.toml line {line}: {problem}")]
pub struct CalendarError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    weekly: Vec<Spanned<String>>,
    #[serde(default)]
    yearly: Vec<Spanned<String>>,
    #[serde(default)]
    closed: Vec<Closed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closed {
    day: Spanned<String>,
    #[serde(rename = "what")]
    _what: String,
}

const WEEK: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl Calendar {
    /// Reads the file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn read(text: &str) -> Result<Calendar, CalendarError> {
        let line_of = |at: usize| {
            text.get(..at)
                .map_or(1, |before| before.matches('\n').count() + 1)
        };
        let wrong = |word: &Spanned<String>, problem: String| CalendarError {
            line: line_of(word.span().start),
            problem,
        };
        let file: File = toml::from_str(text).map_err(|error| CalendarError {
            line: error.span().map_or(1, |span| line_of(span.start)),
            problem: error.message().trim_end().replace('\n', "; "),
        })?;
        let mut calendar = Calendar::default();
        for word in &file.weekly {
            let name = word.get_ref();
            let Some(place) = (0u8..).zip(WEEK).find(|(_, day)| day == name) else {
                let near = suggestion(name, WEEK);
                return Err(wrong(word, format!("`{name}` is no day of the week{near}")));
            };
            calendar.weekly.insert(place.0);
        }
        if calendar.weekly.len() == WEEK.len() {
            let problem =
                "every day of the week is a day off, so that no clock would ever run".to_owned();
            return Err(CalendarError { line: 1, problem });
        }
        for word in &file.yearly {
            // A leap year, so that 29 February can be written.
            if Day::parse(&format!("2000-{}", word.get_ref())).is_err() {
                let problem = format!(
                    "`{}` is no day of a year; write month and day, as `12-25`",
                    word.get_ref()
                );
                return Err(wrong(word, problem));
            }
            calendar.yearly.insert(word.get_ref().clone());
        }
        for closed in &file.closed {
            let day = Day::parse(closed.day.get_ref());
            let day = day.map_err(|error| wrong(&closed.day, error.to_string()))?;
            calendar.single.insert(day);
        }
        Ok(calendar)
    }

    /// Whether people work on this day.
    pub fn works(&self, day: Day) -> bool {
        // 1970-01-01 was a Thursday.
        let place = (day.number() + 3).rem_euclid(7);
        let weekly = u8::try_from(place).is_ok_and(|place| self.weekly.contains(&place));
        let written = day.to_string();
        let yearly = written
            .get(5..)
            .is_some_and(|day| self.yearly.contains(day));
        !weekly && !yearly && !self.single.contains(&day)
    }

    /// Working days from `from` on, that day included, up to `to`, that day not included.
    pub fn between(&self, from: Day, to: Day) -> u32 {
        let mut day = from;
        let mut count = 0;
        while day < to {
            count += u32::from(self.works(day));
            day = day.next();
        }
        count
    }

    /// The day on which so many working days have passed since `from`.
    pub fn after(&self, from: Day, days: u32) -> Day {
        let mut day = from;
        let mut left = days;
        while (left > 0 || !self.works(day)) && day < Day::MAX {
            left -= u32::from(left > 0 && self.works(day));
            day = day.next();
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_calendar_that_is_shipped_knows_weekends_and_new_year() {
        let shipped =
            Calendar::read(include_str!("../../../../data/policy/calendar.toml")).unwrap();
        assert!(shipped.works(day("2026-11-20")), "a Friday");
        assert!(!shipped.works(day("2026-11-21")), "a Saturday");
        assert!(!shipped.works(day("2026-11-22")), "a Sunday");
        assert!(shipped.works(day("2026-11-23")), "a Monday");
        assert!(
            !shipped.works(day("2027-01-01")),
            "a Friday, and New Year's Day"
        );
    }

    #[test]
    fn working_days_are_counted_from_the_first_day_to_the_last_not_included() {
        let calendar = Calendar::read("weekly = [\"saturday\", \"sunday\"]\n[[closed]]\nday = \"2026-11-25\"\nwhat = \"move\"\n").unwrap();
        assert_eq!(calendar.between(day("2026-11-20"), day("2026-11-20")), 0);
        assert_eq!(calendar.between(day("2026-11-20"), day("2026-11-23")), 1);
        assert_eq!(calendar.between(day("2026-11-23"), day("2026-11-30")), 4);
        assert_eq!(calendar.between(day("2026-11-23"), day("2026-11-20")), 0);
        assert_eq!(calendar.after(day("2026-11-20"), 2), day("2026-11-24"));
        assert_eq!(calendar.after(day("2026-11-23"), 2), day("2026-11-26"));
        assert_eq!(calendar.after(day("2026-11-21"), 0), day("2026-11-23"));
    }

    #[test]
    fn a_day_that_is_none_is_told_with_its_line() {
        let told = |text: &str| Calendar::read(text).unwrap_err().to_string();
        assert_eq!(
            told("weekly = [\n\"monday\",\n\"saterday\"]"),
            "calendar.toml line 3: `saterday` is no day of the week; the nearest is `saturday`"
        );
        assert_eq!(
            told("yearly = [\"13-01\"]"),
            "calendar.toml line 1: `13-01` is no day of a year; write month and day, as `12-25`"
        );
        assert!(
            told("[[closed]]\nday = \"2026-02-30\"\nwhat = \"\"")
                .starts_with("calendar.toml line 2:")
        );
        assert!(told("weekly = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"]").contains("no clock"));
    }
}
