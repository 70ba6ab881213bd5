//! Dates as publishers print them: days, months, years, spans, and how sure they are.
//!
//! What is not fixed becomes a span, never a guess: `Mar 1962` is the whole of that month, `1960s` ten years. A text
//! that fits no form here gives nothing, and the importer keeps it as a remark. To add a form: one arm in [`span`].

use catchall_model::Day;

use crate::BirthDate;

/// Which of two numbers comes first in `03/04/1962`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The day, as in most of the world.
    DayFirst,
    /// The month, as in the United States.
    MonthFirst,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Words that say that a date is not sure.
const UNSURE: [&str; 9] = [
    "circa",
    "approximately",
    "approx.",
    "approx",
    "about",
    "around",
    "c.",
    "ca.",
    "c",
];

/// One exact day; nothing for a month, a year or a span.
pub(super) fn day(text: &str, order: Order) -> Option<Day> {
    let (from, to) = span(text.trim(), order)?;
    (from == to).then_some(from)
}

/// Every date of birth in a text, and whether all of the text was understood.
pub(super) fn births(text: &str, order: Order) -> (Vec<BirthDate>, bool) {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    if text.is_empty() {
        return (Vec::new(), true);
    }
    if let Some(one) = birth(text, order) {
        return (vec![one], true);
    }
    let lower = text.to_lowercase();
    for separator in [" or ", ";", ", and ", " and ", "\n", ", ", "/ "] {
        let parts: Vec<&str> = lower
            .split(separator)
            .map(|part| part.trim().trim_end_matches([',', '.']))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            continue;
        }
        let read: Vec<BirthDate> = parts
            .iter()
            .filter_map(|part| birth(enumerated(part), order))
            .collect();
        if read.len() == parts.len() {
            return (read, true);
        }
    }
    (Vec::new(), false)
}

/// `a) 1962` without its letter.
fn enumerated(text: &str) -> &str {
    let mut chars = text.trim_start_matches('(').chars();
    match (chars.next(), chars.next()) {
        (Some(letter), Some(')')) if letter.is_ascii_lowercase() => chars.as_str().trim(),
        _ => text,
    }
}

/// One date of birth.
pub(super) fn birth(text: &str, order: Order) -> Option<BirthDate> {
    let text = text.trim().trim_matches(['(', ')']).trim();
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut circa = false;
    for word in UNSURE {
        if let Some(after) = rest.strip_prefix(word)
            && after.starts_with(|c: char| !c.is_alphabetic())
        {
            rest = after.trim();
            circa = true;
            break;
        }
    }
    if let Some(before) = rest.strip_suffix("(approximately)") {
        rest = before.trim();
        circa = true;
    }
    for word in ["between ", "from "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    for word in [
        "early ",
        "in the early ",
        "mid ",
        "mid-",
        "late ",
        "in the late ",
        "born in the early ",
    ] {
        if let Some(after) = rest.strip_prefix(word) {
            rest = after.trim();
            circa = true;
        }
    }
    let (from, to) = match span(rest, order) {
        Some(span) => span,
        None => between(rest, order)?,
    };
    Some(BirthDate { from, to, circa })
}

/// `1960 to 1965`, `1 Jan 1960 and 3 Mar 1961`, `1960-1965`.
fn between(text: &str, order: Order) -> Option<(Day, Day)> {
    for separator in [" to ", " and ", " - ", " – ", "–", "-"] {
        if let Some((first, last)) = text.split_once(separator)
            && let (Some((from, _)), Some((_, to))) =
                (span(first.trim(), order), span(last.trim(), order))
            && from <= to
        {
            return Some((from, to));
        }
    }
    None
}

/// The first and last day that a text stands for.
pub(super) fn span(text: &str, order: Order) -> Option<(Day, Day)> {
    let text = text.trim();
    if text.is_empty() || text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let text = text
        .split(['T', 't'])
        .next()
        .filter(|head| head.len() == 10)
        .unwrap_or(text);
    if let Some(decade) = text.strip_suffix('s').and_then(year) {
        return Some((first_of(decade)?, last_of(decade + 9)?));
    }
    if let Some(year) = year(text) {
        return Some((first_of(year)?, last_of(year)?));
    }
    let parts: Vec<&str> = text
        .split(['-', '/', '.', ' ', ','])
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [one, two] => match (year(one), year(two)) {
            (Some(year), None) => month_of(year, month(two)?),
            (None, Some(year)) => month_of(year, month(one)?),
            _ => None,
        },
        [one, two, three] => {
            if let Some(year) = year(one) {
                return exact(year, two, three);
            }
            let year = year(three)?;
            match (number(one), number(two)) {
                // A day or month that is not known, as `dd/mm/1962` and `00/00/1962`.
                (None | Some(0), None | Some(0)) if masked(one) && masked(two) => {
                    Some((first_of(year)?, last_of(year)?))
                }
                (None | Some(0), _) if masked(one) => month_of(year, month(two)?),
                _ if number(one).is_some() && number(two).is_none() => exact(year, two, one),
                _ if number(two).is_some() && number(one).is_none() => exact(year, one, two),
                _ => match order {
                    Order::DayFirst => exact(year, two, one),
                    Order::MonthFirst => exact(year, one, two),
                },
            }
        }
        _ => None,
    }
}

fn masked(text: &str) -> bool {
    matches!(text, "dd" | "mm" | "00" | "0" | "DD" | "MM" | "xx")
}

fn exact(year: i32, in_words: &str, day: &str) -> Option<(Day, Day)> {
    let month = month(in_words)?;
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let day = Day::from_ymd(year, month, number(day)?)?;
    Some((day, day))
}

fn first_of(year: i32) -> Option<Day> {
    Day::from_ymd(year, 1, 1)
}

fn last_of(year: i32) -> Option<Day> {
    Day::from_ymd(year, 12, 31)
}

fn month_of(year: i32, month: i32) -> Option<(Day, Day)> {
    let first = Day::from_ymd(year, month, 1)?;
    Some((first, first.plus_months(1).previous()))
}

fn month(text: &str) -> Option<i32> {
    if let Some(number) = number(text) {
        return (1..=12).contains(&number).then_some(number);
    }
    let head = text.get(..3)?.to_ascii_lowercase();
    let place = MONTHS.iter().position(|month| *month == head)?;
    i32::try_from(place).ok().map(|place| place + 1)
}

/// A year of four digits, from 1000 on: `62` is never guessed at.
fn year(text: &str) -> Option<i32> {
    (text.len() == 4)
        .then(|| number(text))?
        .filter(|year| *year >= 1000)
}

fn number(text: &str) -> Option<i32> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let (read, whole) = births(text, Order::DayFirst);
        let mut words: Vec<String> = read
            .iter()
            .map(|birth| {
                let circa = if birth.circa { "~" } else { "" };
                if birth.from == birth.to {
                    format!("{circa}{}", birth.from)
                } else {
                    format!("{circa}{}/{}", birth.from, birth.to)
                }
            })
            .collect();
        if !whole {
            words.push("?".to_owned());
        }
        words.join(" ")
    }

    #[test]
    fn dates_are_read_as_far_as_they_are_sure() {
        for (text, wanted) in [
            ("10 Dec 1948", "1948-12-10"),
            ("1948-12-10", "1948-12-10"),
            ("1971-03-07T00:00:00", "1971-03-07"),
            ("10/12/1948", "1948-12-10"),
            ("Mar 1962", "1962-03-01/1962-03-31"),
            ("1962-02", "1962-02-01/1962-02-28"),
            ("1962", "1962-01-01/1962-12-31"),
            ("circa 1962", "~1962-01-01/1962-12-31"),
            ("1960 to 1965", "1960-01-01/1965-12-31"),
            ("circa 1960-1965", "~1960-01-01/1965-12-31"),
            ("05 Feb 1977 to 04 Feb 1978", "1977-02-05/1978-02-04"),
            ("dd/mm/1945", "1945-01-01/1945-12-31"),
            ("00/00/1945", "1945-01-01/1945-12-31"),
            ("dd/03/1945", "1945-03-01/1945-03-31"),
            ("1960s", "1960-01-01/1969-12-31"),
            ("early 1970s", "~1970-01-01/1979-12-31"),
            (
                "1960 or 1962",
                "1960-01-01/1960-12-31 1962-01-01/1962-12-31",
            ),
            ("a) 30/04/1963; b) 1960", "1963-04-30 1960-01-01/1960-12-31"),
            ("5 May 1957", "1957-05-05"),
            ("September 5, 1957", "1957-09-05"),
            ("", ""),
            ("30 Feb 1960", "?"),
            ("the year of the flood", "?"),
            ("12/12/62", "?"),
        ] {
            assert_eq!(said(text), wanted, "{text}");
        }
        assert_eq!(
            day("08/24/2022", Order::MonthFirst),
            Day::from_ymd(2022, 8, 24)
        );
    }
}
