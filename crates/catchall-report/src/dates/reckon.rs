//! Reckons dates: what was found becomes an interval, once the publication is known.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use super::find::{Expr, Found, Part, Since, Unit};

/// The days that dates are reckoned from.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// The publication.
    pub published: Date,
    /// The day the words were written, where a dateline tells it.
    pub written: Date,
    /// The last event told, for "a day earlier".
    pub event: Option<Date>,
    /// What a lapse counts from, where the sentence tells it.
    pub base: Option<Value>,
    /// Whether the sentence looks ahead.
    pub ahead: bool,
    /// Whether the clause tells of an act to come, by the day told.
    pub surely: bool,
    /// Whether the words stand in a quotation.
    pub quoted: bool,
}

/// An interval of days with the precision of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// First day; none when open.
    pub from: Option<Date>,
    /// Last day.
    pub to: Date,
    /// How it is written.
    pub precision: Precision,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// A day, or days.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl Value {
    fn day(day: Date) -> Value {
        Value::days(day, day)
    }

    fn days(from: Date, to: Date) -> Value {
        Value {
            from: Some(from),
            to,
            precision: Precision::Day,
        }
    }

    /// ISO 8601, at the precision of the text.
    #[must_use]
    pub fn iso(&self) -> String {
        let one = |day: Date| match self.precision {
            Precision::Day => day.to_string(),
            Precision::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Precision::Year => format!("{:04}", day.year()),
        };
        match self.from {
            None => format!("../{}", one(self.to)),
            Some(from) if one(from) == one(self.to) => one(from),
            Some(from) => format!("{}/{}", one(from), one(self.to)),
        }
    }
}

fn make(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn plus(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Monday of the day's week.
#[must_use]
pub fn monday(day: Date) -> Option<Date> {
    plus(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// The day's number in its week, Monday as 1.
#[must_use]
pub fn weekday(day: Date) -> u8 {
    u8::try_from(day.weekday().to_monday_one_offset()).unwrap_or(1)
}

/// The latest day of that month and day that is no later than the bound.
#[must_use]
pub fn back(bound: Date, month: u8, day: u8) -> Option<Date> {
    (0..9).find_map(|years| make(bound.year() - years, month, day).filter(|found| *found <= bound))
}

/// The first day of that month and day that is no earlier than the bound.
#[must_use]
pub fn ahead(bound: Date, month: u8, day: u8) -> Option<Date> {
    (0..9).find_map(|years| make(bound.year() + years, month, day).filter(|found| *found >= bound))
}

/// The interval that a date of the text stands for.
#[must_use]
pub fn reckon(found: &Found, anchor: &Anchor) -> Option<Value> {
    let ends = matches!(
        found.expr,
        Expr::Year {
            part: Part::End,
            ..
        } | Expr::Month {
            part: Part::End,
            ..
        } | Expr::Period {
            part: Part::End,
            ..
        }
    );
    if !(found.left_out && found.deadline) || ends {
        return whole(found, anchor);
    }
    let first = whole(
        &Found {
            deadline: false,
            ..*found
        },
        &Anchor {
            ahead: true,
            surely: false,
            ..*anchor
        },
    )?
    .from?;
    plus(first, -1).map(Value::day)
}

/// The interval with both its ends.
fn whole(found: &Found, anchor: &Anchor) -> Option<Value> {
    let published = anchor.published;
    match found.expr {
        Expr::Day {
            year,
            month,
            day,
            to,
        } => day_value(year, month, day, to, anchor, found.deadline),
        Expr::Month {
            year,
            shift,
            month,
            part,
        } => month_value(year, shift, month, part, anchor, found.deadline),
        Expr::Year { from, to, part } => year_value(from, to, part, found.deadline),
        Expr::Before(year) => Some(Value {
            from: None,
            to: make(year - 1, 12, 31)?,
            precision: Precision::Year,
        }),
        Expr::Weekday { day, to, shift } => weekday_value(day, to, shift, anchor, found.deadline),
        Expr::Period { unit, shift, part } => {
            period_value(unit, shift, part, anchor, found.deadline)
        }
        Expr::Weekend(shift) => {
            let this = monday(published)?;
            let weeks = match (shift, anchor.ahead) {
                (0, false) if weekday(published) < 6 => -1,
                (shift, _) => i64::from(shift),
            };
            let saturday = plus(this, 5 + 7 * weeks)?;
            Some(Value::days(saturday, plus(saturday, 1)?))
        }
        Expr::Offset(days) => {
            let base = match (anchor.quoted, anchor.event) {
                (true, Some(event)) => event,
                _ => anchor.written,
            };
            plus(base, i64::from(days)).map(Value::day)
        }
        Expr::Ago { least, most, unit } => ago(least, most, unit, published),
        Expr::FromEvent(days) => plus(anchor.event?, i64::from(days)).map(Value::day),
        Expr::MonthDay(day) => {
            let base = anchor.written;
            let own = make(base.year(), u8::try_from(base.month()).ok()?, day);
            let looks_ahead = anchor.ahead || found.deadline;
            let fits = |own: &Date| {
                if looks_ahead {
                    *own >= base
                } else {
                    *own <= base
                }
            };
            let other = if looks_ahead {
                base.first_of_month().checked_add(1.months()).ok()?
            } else {
                base.first_of_month().checked_sub(1.months()).ok()?
            };
            own.filter(fits)
                .or_else(|| make(other.year(), u8::try_from(other.month()).ok()?, day))
                .map(Value::day)
        }
        Expr::Fraction {
            year,
            month,
            length,
        } => {
            let from = make(year.unwrap_or(published.year()), month, 1)?;
            let more = i64::from(length.saturating_sub(1));
            let to = from.checked_add(more.months()).ok()?.last_of_month();
            Some(Value {
                from: Some(from),
                to,
                precision: Precision::Month,
            })
        }
        Expr::Within { count, unit, since } => lapse(count, unit, since, anchor),
        Expr::Easter(days) => {
            let own = plus(easter(published.year())?, i64::from(days))?;
            let looks_ahead = anchor.ahead || found.deadline || found.left_out;
            let year = match (own < published, looks_ahead) {
                (true, true) => published.year() + 1,
                (false, false) if own > published => published.year() - 1,
                _ => published.year(),
            };
            plus(easter(year)?, i64::from(days)).map(Value::day)
        }
    }
}

/// The last day of a lapse, at the precision of the day it counts from.
fn lapse(count: u16, unit: Unit, since: Since, anchor: &Anchor) -> Option<Value> {
    let own = Value::day(anchor.published);
    let base = match since {
        Since::Open => anchor.base?,
        Since::Page => own,
        Since::Told => anchor.base.unwrap_or(own),
        Since::Event => anchor.base.or(anchor.event.map(Value::day)).unwrap_or(own),
    };
    let from = base.to;
    let last = match unit {
        Unit::Month => from.checked_add(i64::from(count).min(1200).months()).ok()?,
        Unit::Year => from.checked_add(i64::from(count).min(200).years()).ok()?,
        Unit::Week => plus(from, 7 * i64::from(count))?,
        Unit::Day => plus(from, i64::from(count))?,
    };
    let first = match (base.precision, base.from) {
        (Precision::Day, _) | (_, None) => last,
        // From a month or a year, the lapse ends in one, not on its last day.
        (Precision::Month, _) => last.first_of_month(),
        (Precision::Year, _) => last.first_of_year(),
    };
    let (first, last) = match (base.precision, unit, base.from) {
        (Precision::Year, Unit::Day | Unit::Week | Unit::Month, Some(from)) if count < 12 => {
            (from, base.to)
        }
        _ => (first, last),
    };
    Some(Value {
        from: Some(first),
        to: last,
        precision: base.precision,
    })
}

/// Easter Sunday of a year, by the reckoning of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let h = (19 * a + b - d - (b - f + 1) / 3 + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    make(
        i16::try_from(year).ok()?,
        u8::try_from(month).ok()?,
        u8::try_from(day).ok()?,
    )
}

fn day_value(
    year: Option<i16>,
    month: u8,
    day: u8,
    to: Option<(u8, u8)>,
    anchor: &Anchor,
    deadline: bool,
) -> Option<Value> {
    let from = match year {
        Some(year) => make(year, month, day)?,
        None => {
            let past = back(anchor.published, month, day)?;
            let next = ahead(anchor.published, month, day)?;
            let far = past
                .until(anchor.published)
                .map_or(0, |span| span.get_days())
                > 150;
            if anchor.surely || (deadline || anchor.ahead) && far {
                next
            } else {
                past
            }
        }
    };
    match to {
        Some((month, day)) => {
            let same = make(from.year(), month, day)?;
            let to = if same < from {
                make(from.year() + 1, month, day)?
            } else {
                same
            };
            Some(Value::days(from, to))
        }
        None => Some(Value::day(from)),
    }
}

fn month_value(
    year: Option<i16>,
    shift: Option<i16>,
    month: u8,
    part: Part,
    anchor: &Anchor,
    deadline: bool,
) -> Option<Value> {
    let published = anchor.published;
    let year = match (year, shift) {
        (Some(year), _) => year,
        (None, Some(-100)) => back(published.first_of_month().yesterday().ok()?, month, 1)?.year(),
        (None, Some(100)) => ahead(published, month, 28)?.year(),
        (None, Some(shift)) => published.year() + shift,
        (None, None) => {
            let own = published.month() == i8::try_from(month).ok()?;
            if (deadline || anchor.ahead) && !own {
                let near = ahead(published, month, 1)?;
                let months = (i32::from(near.year()) - i32::from(published.year())) * 12
                    + i32::from(near.month())
                    - i32::from(published.month());
                // An end that is still to come may lie further off.
                if anchor.surely || months <= 6 || (deadline && part == Part::End && months <= 9) {
                    near.year()
                } else {
                    back(published, month, 1)?.year()
                }
            } else {
                back(published, month, 1)?.year()
            }
        }
    };
    let from = make(year, month, 1)?;
    Some(edged(
        from,
        from.last_of_month(),
        Precision::Month,
        part,
        deadline,
    ))
}

fn year_value(from: i16, to: i16, part: Part, deadline: bool) -> Option<Value> {
    let (first, last) = (make(from, 1, 1)?, make(to, 12, 31)?);
    Some(edged(first, last, Precision::Year, part, deadline))
}

/// The end of a period is its last day; so is a period by which something is due.
fn edged(from: Date, to: Date, precision: Precision, part: Part, deadline: bool) -> Value {
    if part == Part::End || deadline {
        Value::day(to)
    } else {
        Value {
            from: Some(from),
            to,
            precision,
        }
    }
}

fn weekday_value(
    day: u8,
    to: Option<u8>,
    shift: Option<i8>,
    anchor: &Anchor,
    deadline: bool,
) -> Option<Value> {
    let written = anchor.written;
    let own = weekday(written);
    let this = monday(written)?;
    let in_week = |weeks: i64| plus(this, 7 * weeks + i64::from(day) - 1);
    let from = match shift {
        Some(0) => in_week(0)?,
        Some(1) => in_week(if day > own { 0 } else { 1 }).and_then(|near| {
            // `next Monday` is the coming one; `next Friday` on a Monday is that of the next week.
            if day > own { in_week(1) } else { Some(near) }
        })?,
        Some(_) => in_week(-1)?,
        None if anchor.ahead || deadline => in_week(if day >= own { 0 } else { 1 })?,
        None => in_week(if day <= own { 0 } else { -1 })?,
    };
    let last = match to {
        Some(to) => plus(from, i64::from((to + 7 - day) % 7))?,
        None => from,
    };
    Some(Value::days(from, last))
}

fn period_value(
    unit: Unit,
    shift: i16,
    part: Part,
    anchor: &Anchor,
    deadline: bool,
) -> Option<Value> {
    let published = anchor.published;
    let (from, to, precision) = match unit {
        Unit::Day => return plus(published, i64::from(shift)).map(Value::day),
        Unit::Week => {
            let from = plus(monday(published)?, 7 * i64::from(shift))?;
            (from, plus(from, 6)?, Precision::Day)
        }
        Unit::Month => {
            let first = published.first_of_month();
            let from = first.checked_add(i64::from(shift).months()).ok()?;
            (from, from.last_of_month(), Precision::Month)
        }
        Unit::Year => {
            let year = published.year() + shift;
            (make(year, 1, 1)?, make(year, 12, 31)?, Precision::Year)
        }
    };
    match part {
        Part::Earlier => {
            let last = plus(published, -1)?;
            Some(Value::days(from, if last < from { from } else { last }))
        }
        Part::Later => {
            let first = plus(published, 1)?;
            Some(Value::days(if first > to { to } else { first }, to))
        }
        _ => Some(edged(from, to, precision, part, deadline)),
    }
}

fn ago(least: u16, most: u16, unit: Unit, published: Date) -> Option<Value> {
    let back = |count: u16| match unit {
        Unit::Day => plus(published, -i64::from(count)),
        Unit::Week => plus(published, -7 * i64::from(count)),
        Unit::Month => published
            .checked_sub(i64::from(count).min(2400).months())
            .ok(),
        Unit::Year => published
            .checked_sub(i64::from(count).min(900).years())
            .ok(),
    };
    let (from, to) = (back(most)?, back(least)?);
    let precision = match unit {
        Unit::Year => Precision::Year,
        Unit::Month if least > 2 => Precision::Month,
        _ => Precision::Day,
    };
    Some(Value {
        from: Some(from),
        to,
        precision,
    })
}

/// A working day, Monday to Friday.
#[must_use]
pub fn working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// So many working days on or back; zero gives the day itself.
#[must_use]
pub fn working_days(from: Date, count: i32) -> Option<Date> {
    let step: i64 = if count < 0 { -1 } else { 1 };
    let mut left = count.unsigned_abs();
    let mut at = from;
    // Whole weeks first, so that a large count costs nothing.
    let weeks = i64::from(left / 5);
    at = plus(at, step * 7 * weeks)?;
    left %= 5;
    while left > 0 {
        at = plus(at, step)?;
        if working(at) {
            left -= 1;
        }
    }
    Some(at)
}

/// The first day that dates are thought of at all.
#[must_use]
pub fn dawn() -> Date {
    date(1900, 1, 1)
}
