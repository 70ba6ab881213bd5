//! Finds dates: a grammar over tokens, tried only at words and numbers that can begin one.

use crate::gazetteer::words::Class;
use crate::gazetteer::{Calendar, Gazetteers, Relative};
use crate::page::Page;
use crate::tokens::{Shape, Tokens};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks, Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// Part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// From its first day to yesterday.
    Earlier,
    /// From tomorrow to its last day.
    Later,
    /// Its last day.
    End,
    /// Its first days.
    Start,
}

/// What a date in the text says, before the publication is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A day, or a range of days, with or without the year.
    Day {
        /// Year, if told.
        year: Option<i16>,
        /// Month.
        month: u8,
        /// Day.
        day: u8,
        /// Last month and day of a range.
        to: Option<(u8, u8)>,
    },
    /// A month, with the year or with `last`, `this`, `next`.
    Month {
        /// Year, if told.
        year: Option<i16>,
        /// Years to add to this year's, if told.
        shift: Option<i16>,
        /// Month.
        month: u8,
        /// Part of it.
        part: Part,
    },
    /// A year or a range of years.
    Year {
        /// First year.
        from: i16,
        /// Last year.
        to: i16,
        /// Part of it.
        part: Part,
    },
    /// All years before this one.
    Before(i16),
    /// A day of the week; the shift is in weeks, if told.
    Weekday {
        /// Monday as 1.
        day: u8,
        /// Last day of a range or pair.
        to: Option<u8>,
        /// `last` is -1, `this` 0, `next` 1.
        shift: Option<i8>,
    },
    /// `last week`, `this month`.
    Period {
        /// Unit.
        unit: Unit,
        /// `last` is -1.
        shift: i16,
        /// Part of it.
        part: Part,
    },
    /// A weekend.
    Weekend(i8),
    /// `the 13th`: a day of the month that is spoken of.
    MonthDay(u8),
    /// Days from the publication.
    Offset(i16),
    /// So long ago.
    Ago {
        /// Least.
        least: u16,
        /// Most.
        most: u16,
        /// Unit.
        unit: Unit,
    },
    /// Days from the last event told.
    FromEvent(i16),
    /// A quarter or a half of a year.
    Fraction {
        /// Year, if told.
        year: Option<i16>,
        /// First month.
        month: u8,
        /// Months.
        length: u8,
    },
    /// Within so long.
    Within {
        /// How many.
        count: u16,
        /// Unit.
        unit: Unit,
    },
}

/// A date found.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// First token.
    pub from: usize,
    /// Token behind the last.
    pub to: usize,
    /// What it says.
    pub expr: Expr,
    /// Whether it only says about when.
    pub approx: bool,
    /// A last day for something.
    pub deadline: bool,
    /// All digits, such as 07/27/2016.
    pub numeric: bool,
    /// The day of the week that the text gives to it: a clue to the year.
    pub weekday: Option<u8>,
    /// `before X`: X is left out.
    pub left_out: bool,
}

/// Reads tokens as the calendar does.
struct Reader<'a> {
    page: &'a Page,
    tokens: &'a Tokens,
    words: &'a Gazetteers,
    /// Whether 6/1/94 is the first of June here; unknown when nothing on the page tells.
    month_first: Option<bool>,
}

/// Every date of the page, in order.
#[must_use]
pub fn find(page: &Page, tokens: &Tokens, words: &Gazetteers) -> Vec<Found> {
    let mut reader = Reader {
        page,
        tokens,
        words,
        month_first: None,
    };
    reader.month_first = reader.house_order();
    let mut found = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while at < tokens.all.len() {
        match tokens.all[at].shape {
            Shape::Mark => {
                match reader.lower(at) {
                    "(" | "[" => depth += 1,
                    ")" | "]" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
            }
            _ => match reader.date(at) {
                Some(date) => {
                    at = date.to.max(at + 1);
                    let date = reader.with_head(date);
                    found.push(date);
                    at = reader.further_days(date, depth > 0, &mut found).max(at);
                }
                None => at += 1,
            },
        }
    }
    found
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn shape(&self, at: usize) -> Option<Shape> {
        self.tokens.all.get(at).map(|token| token.shape)
    }

    fn calendar(&self, at: usize) -> Option<Calendar> {
        match self.shape(at) {
            Some(Shape::Word) => self.words.calendar(self.lower(at)),
            _ => None,
        }
    }

    fn relative(&self, at: usize) -> Option<Relative> {
        match self.calendar(at) {
            Some(Calendar::Relative(word)) => Some(word),
            _ => None,
        }
    }

    fn month(&self, at: usize) -> Option<u8> {
        match self.calendar(at) {
            Some(Calendar::Month(month)) => Some(month),
            _ => None,
        }
    }

    fn weekday(&self, at: usize) -> Option<u8> {
        match self.calendar(at) {
            Some(Calendar::Weekday(day)) => {
                let capital = self.tokens.all.get(at).is_some_and(|token| token.capital);
                let latin = self.lower(at).is_ascii();
                let shy = self.lower(at).len() <= 3
                    && !(self.lower(at + 1) == "." || self.lower(at + 1) == ",");
                ((capital || !latin) && !shy).then_some(day)
            }
            _ => None,
        }
    }

    fn digits(&self, at: usize) -> Option<u32> {
        if self.shape(at) != Some(Shape::Number) {
            return None;
        }
        let text = self.lower(at);
        if text.len() > 9 {
            return None;
        }
        text.parse().ok()
    }

    fn count(&self, at: usize) -> Option<u16> {
        match self.calendar(at) {
            Some(Calendar::Count(count)) => Some(count),
            _ => self.digits(at).and_then(|value| u16::try_from(value).ok()),
        }
    }

    /// A day of the month, with `st`, `nd`, `rd`, `th` behind it or not; and the token behind.
    fn day(&self, at: usize) -> Option<(u8, usize)> {
        let value = self.digits(at)?;
        let day = u8::try_from(value)
            .ok()
            .filter(|day| (1..=31).contains(day))?;
        if self.lower(at).len() > 2 {
            return None;
        }
        let unspaced = self
            .tokens
            .all
            .get(at + 1)
            .is_some_and(|token| !token.spaced);
        let ordinal = unspaced && matches!(self.lower(at + 1), "st" | "nd" | "rd" | "th");
        Some((day, at + 1 + usize::from(ordinal)))
    }

    fn year(&self, at: usize) -> Option<i16> {
        let value = self.digits(at)?;
        let plain = self.lower(at).len() == 4;
        i16::try_from(value)
            .ok()
            .filter(|year| plain && (1900..2100).contains(year))
    }

    /// Behind a month: the point of an abbreviation.
    fn skip_point(&self, at: usize) -> usize {
        let point =
            self.lower(at) == "." && self.tokens.all.get(at).is_some_and(|token| !token.spaced);
        at + usize::from(point)
    }

    fn spaced(&self, at: usize) -> bool {
        self.tokens.all.get(at).is_some_and(|token| token.spaced)
    }

    fn date(&self, at: usize) -> Option<Found> {
        match self.shape(at)? {
            Shape::Number => self
                .numeric(at)
                .or_else(|| self.short_numeric(at))
                .or_else(|| self.day_first(at))
                .or_else(|| self.month_day(at))
                .or_else(|| self.ago(at))
                .or_else(|| self.years(at)),
            Shape::Word => match self.calendar(at)? {
                Calendar::Month(month) => self.month_first(at, month),
                Calendar::Weekday(_) => self.weekdays(at, None, at),
                Calendar::Count(_) => self
                    .ago(at)
                    .or_else(|| self.day_from_event(at))
                    .or_else(|| self.fraction(at)),
                Calendar::Relative(word) => self.worded(at, word),
            },
            Shape::Mark => None,
        }
    }

    fn plain(from: usize, to: usize, expr: Expr) -> Found {
        Found {
            from,
            to,
            expr,
            approx: false,
            deadline: false,
            numeric: false,
            weekday: None,
            left_out: false,
        }
    }

    /// `December 4, 6` and `November 2 and 19`: days that share the month before them, in brackets and in lists of issues.
    fn further_days(&self, first: Found, bracketed: bool, found: &mut Vec<Found>) -> usize {
        let Expr::Day {
            year,
            month,
            to: None,
            ..
        } = first.expr
        else {
            return first.to;
        };
        let listed = bracketed
            || (first.from.saturating_sub(40)..first.from)
                .rev()
                .any(|at| self.tokens.is(self.words, at, "outlet", "see"));
        if first.numeric || !listed {
            return first.to;
        }
        let mut end = first.to;
        for _ in 0..12 {
            let mut next = end;
            while matches!(self.lower(next), "," | "and" | "&") && next < end + 2 {
                next += 1;
            }
            if next == end {
                break;
            }
            let Some((day, behind)) = self.day(next) else {
                break;
            };
            let closed = matches!(
                self.lower(behind),
                "," | ";" | ")" | "]" | "." | "and" | "&" | ""
            ) && !(self.lower(behind) == "and" && self.day(behind + 1).is_none());
            let lone = self.lower(behind) != "," || self.year(behind + 1).is_none();
            if !closed || !lone {
                break;
            }
            let expr = Expr::Day {
                year,
                month,
                day,
                to: None,
            };
            found.push(Self::plain(next, behind, expr));
            end = behind;
        }
        end
    }

    /// How the page writes slashed dates: by one that can be read in one way only, else by its spelling of English.
    fn house_order(&self) -> Option<bool> {
        let (mut seen, mut month, mut day) = (false, 0_usize, 0_usize);
        for at in 1..self.tokens.all.len() {
            if self.lower(at) != "/" {
                continue;
            }
            let (Some(first), Some(second)) = (self.digits(at - 1), self.digits(at + 1)) else {
                continue;
            };
            if self.lower(at + 2) != "/" || first > 31 || second > 31 {
                continue;
            }
            seen = true;
            month += usize::from(second > 12);
            day += usize::from(first > 12);
        }
        if !seen {
            return None;
        }
        if month != day {
            return Some(month > day);
        }
        let count = |list: &str| {
            (0..self.tokens.all.len())
                .filter(|at| self.tokens.is(self.words, *at, "calendar", list))
                .count()
        };
        let (american, british) = (count("american"), count("british"));
        (american != british).then_some(american > british)
    }

    /// `28.5.` and `6/6-12/94`, written by houses that spell no months.
    fn short_numeric(&self, at: usize) -> Option<Found> {
        let touching = |from: usize, to: usize| (from..to).all(|place| !self.spaced(place));
        let number = |place: usize, most: u32| {
            self.digits(place)
                .filter(|value| (1..=most).contains(value) && self.lower(place).len() <= 2)
                .and_then(|value| u8::try_from(value).ok())
        };
        let introduced = at > 0
            && (matches!(self.lower(at - 1), "," | "(" | "[" | ";")
                || self.tokens.is(self.words, at - 1, "calendar", "dotted"));
        if self.lower(at + 1) == "." && self.lower(at + 3) == "." {
            let (day, month) = (number(at, 31)?, number(at + 2, 12)?);
            let more = self.shape(at + 4) == Some(Shape::Number) && !self.spaced(at + 4);
            if !introduced || more || !touching(at + 1, at + 4) {
                return None;
            }
            let expr = Expr::Day {
                year: None,
                month,
                day,
                to: None,
            };
            return Some(Self::plain(at, at + 4, expr));
        }
        let ranged = self.lower(at + 1) == "/"
            && self.lower(at + 3) == "-"
            && self.lower(at + 5) == "/"
            && touching(at + 1, at + 7);
        if !ranged || self.month_first == Some(false) {
            return None;
        }
        let (month, day, last) = (number(at, 12)?, number(at + 2, 31)?, number(at + 4, 31)?);
        let year = self.full_year(at + 6)?;
        let expr = Expr::Day {
            year: Some(year),
            month,
            day,
            to: (last > day).then_some((month, last)),
        };
        let mut found = Self::plain(at, at + 7, expr);
        found.numeric = true;
        Some(found)
    }

    /// A year of four digits or of two.
    fn full_year(&self, at: usize) -> Option<i16> {
        if self.lower(at).len() != 2 {
            return self.year(at);
        }
        let value = i16::try_from(self.digits(at)?).ok()?;
        Some(value + if value < 50 { 2000 } else { 1900 })
    }

    /// `28 Jan 98`: two digits are a year where nothing behind them can be counted by them.
    fn bare_year(&self, at: usize) -> Option<i16> {
        let text = self.lower(at);
        if text.len() != 2 || !self.spaced(at) {
            return None;
        }
        let value = i16::try_from(self.digits(at)?).ok()?;
        let counts = self
            .tokens
            .all
            .get(at + 1)
            .is_some_and(|next| next.shape == Shape::Word && !next.capital);
        ((value >= 60 || text.starts_with('0')) && !counts)
            .then(|| value + if value < 50 { 2000 } else { 1900 })
    }

    /// `on the 13th`, `by the 15th`: the day of the month spoken of.
    fn month_day(&self, at: usize) -> Option<Found> {
        let (day, next) = self.day(at)?;
        let ordinal = next > at + 1;
        let headed = at > 1
            && self.lower(at - 1) == "the"
            && matches!(
                self.lower(at - 2),
                "on" | "by" | "until" | "since" | "from" | "before" | "after" | "till"
            );
        let alone = self.tokens.all.get(next).is_none_or(|token| {
            token.shape == Shape::Mark && self.lower(next) != "-"
                || matches!(
                    token.class,
                    Class::Conjunction
                        | Class::That
                        | Class::Preposition
                        | Class::Verb(..)
                        | Class::Be
                        | Class::Have
                        | Class::Subordinate
                )
        });
        let sentence = matches!(self.lower(next), "of");
        (ordinal && headed && alone && !sentence)
            .then(|| Self::plain(at - 1, next, Expr::MonthDay(day)))
    }

    /// `May 5`, `May 5, 1998`, `May 5-7`, `May 30-June 2`, `May 1998`, `in May`.
    fn month_first(&self, at: usize, month: u8) -> Option<Found> {
        let capital = self.tokens.all[at].capital;
        let latin = self.lower(at).is_ascii();
        if latin && !capital {
            return None;
        }
        let after = self.skip_point(at + 1);
        if let Some((day, next)) = self.day(after) {
            return Some(self.day_rest(at, month, day, next));
        }
        let comma = usize::from(self.lower(after) == "," && self.year(after + 1).is_some());
        if let Some(year) = self.year(after + comma) {
            return Some(Self::plain(
                at,
                after + comma + 1,
                Expr::Month {
                    year: Some(year),
                    shift: None,
                    month,
                    part: Part::Whole,
                },
            ));
        }
        self.month_alone(at, month, after)
    }

    /// Behind month and day: a range, another day, a year.
    fn day_rest(&self, from: usize, month: u8, day: u8, next: usize) -> Found {
        let mut to = None;
        let mut next = next;
        if matches!(self.lower(next), "-" | "—" | "/") {
            if let Some((last, end)) = self.day(next + 1) {
                if self.lower(next + 1).len() <= 2 && last > day {
                    to = Some((month, last));
                    next = end;
                }
            } else if let Some(other) = self.month(next + 1)
                && let Some((last, end)) = self.day(self.skip_point(next + 2))
            {
                to = Some((other, last));
                next = end;
            }
        }
        if to.is_none()
            && matches!(self.lower(next), "to" | "through" | "and")
            && from > 0
            && matches!(
                (self.lower(from - 1), self.lower(next)),
                ("from", "to" | "through") | ("between", "and")
            )
            && let Some((last, end)) = self.day(next + 1)
            && last > day
            && self.month(end).is_none()
        {
            to = Some((month, last));
            next = end;
        }
        let comma = usize::from(self.lower(next) == ",");
        let mut year = self.year(next + comma);
        if year.is_some() {
            next += comma + 1;
        } else if let Some(short) = self.short_year(next + comma) {
            year = Some(short);
            next += comma + 2;
        }
        Self::plain(
            from,
            next,
            Expr::Day {
                year,
                month,
                day,
                to,
            },
        )
    }

    /// `'98`.
    fn short_year(&self, at: usize) -> Option<i16> {
        if self.lower(at) != "'" || self.lower(at + 1).len() != 2 || self.spaced(at + 1) {
            return None;
        }
        let value = i16::try_from(self.digits(at + 1)?).ok()?;
        Some(if value < 50 {
            2000 + value
        } else {
            1900 + value
        })
    }

    fn month_alone(&self, at: usize, month: u8, after: usize) -> Option<Found> {
        let before = at.checked_sub(1).and_then(|before| self.relative(before));
        let word_before = if at > 0 { self.lower(at - 1) } else { "" };
        if word_before == "between"
            && self.lower(after) == "and"
            && let Some(last) = self.month(after + 1).filter(|last| *last > month)
            && let Some(found) = self.month_alone(after + 1, last, after + 2)
            && let Expr::Month { year, shift, .. } = found.expr
        {
            let year = year.or((shift == Some(0)).then_some(0));
            let expr = Expr::Fraction {
                year: year.filter(|year| *year > 0),
                month,
                length: last - month + 1,
            };
            return Some(Self::plain(at - 1, found.to, expr));
        }
        // `January of this year`, `January of 1998`.
        if self.relative(after) == Some(Relative::Of) {
            let shift = match self.relative(after + 1) {
                Some(Relative::Last) => Some(-1),
                Some(Relative::This) => Some(0),
                Some(Relative::Next) => Some(1),
                _ => None,
            };
            if shift.is_some() && self.relative(after + 2) == Some(Relative::Year) {
                return Some(Self::plain(
                    at,
                    after + 3,
                    Expr::Month {
                        year: None,
                        shift,
                        month,
                        part: Part::Whole,
                    },
                ));
            }
            if let Some(year) = self.year(after + 1) {
                return Some(Self::plain(
                    at,
                    after + 2,
                    Expr::Month {
                        year: Some(year),
                        shift: None,
                        month,
                        part: Part::Whole,
                    },
                ));
            }
        }
        if let Some(word @ (Relative::Last | Relative::This | Relative::Next)) =
            self.relative(after)
            && self.relative(after + 1) == Some(Relative::Year)
        {
            let shift = match word {
                Relative::Last => -1,
                Relative::This => 0,
                _ => 1,
            };
            let expr = Expr::Month {
                year: None,
                shift: Some(shift),
                month,
                part: Part::Whole,
            };
            return Some(Self::plain(at, after + 2, expr));
        }
        let full = self.lower(at).chars().count() > 4 || matches!(month, 5..=7);
        let timely = matches!(
            before,
            Some(
                Relative::Of
                    | Relative::By
                    | Relative::Until
                    | Relative::Since
                    | Relative::Last
                    | Relative::Next
                    | Relative::This
                    | Relative::Earlier
                    | Relative::Late
                    | Relative::Mid
            )
        ) || matches!(
            word_before,
            "during"
                | "for"
                | "from"
                | "to"
                | "'s"
                | "-"
                | "and"
                | "a"
                | "the"
                | "between"
                | "its"
                | "в"
        );
        let shy = self.tokens.is(self.words, at, "calendar", "shy");
        let strict = matches!(
            before,
            Some(
                Relative::Of
                    | Relative::By
                    | Relative::Until
                    | Relative::Since
                    | Relative::Last
                    | Relative::Next
                    | Relative::Late
            )
        );
        let apostrophe = self.lower(after) == "'s" && shy;
        ((full || after > at + 1) && (if shy { strict && !apostrophe } else { timely })).then(
            || {
                Self::plain(
                    at,
                    at + 1,
                    Expr::Month {
                        year: None,
                        shift: None,
                        month,
                        part: Part::Whole,
                    },
                )
            },
        )
    }

    /// `5 May 1998`, `5th of May`, `27-28 April`, `28 April - 2 May`.
    fn day_first(&self, at: usize) -> Option<Found> {
        let (day, mut next) = self.day(at)?;
        let mut last = None;
        if matches!(self.lower(next), "-" | "—" | "/" | "and")
            && let Some((to, end)) = self.day(next + 1)
            && self.month(end).is_some()
            && to > day
        {
            last = Some(to);
            next = end;
        }
        if self.relative(next) == Some(Relative::Of) && self.lower(next) == "of" {
            next += 1;
        }
        let month = self.month(next)?;
        let latin = self.lower(next).is_ascii();
        if latin && !self.tokens.all[next].capital {
            return None;
        }
        let after = self.skip_point(next + 1);
        let comma = usize::from(self.lower(after) == "," && self.year(after + 1).is_some());
        let mut end = after;
        let mut year = None;
        if let Some(found) = self.year(after + comma) {
            year = Some(found);
            end = after + comma + 1;
            if self.relative(end) == Some(Relative::Year) && !self.lower(end).is_ascii() {
                end += 1;
            }
        } else if let Some(short) = self.short_year(after) {
            year = Some(short);
            end = after + 2;
        } else if let Some(short) = self.bare_year(after) {
            year = Some(short);
            end = after + 1;
        }
        let mut to = last.map(|last| (month, last));
        if to.is_none()
            && year.is_none()
            && matches!(self.lower(end), "-" | "—")
            && let Some((last, behind)) = self.day(end + 1)
            && let Some(other) = self.month(behind)
        {
            to = Some((other, last));
            end = self.skip_point(behind + 1);
            if let Some(found) = self.year(end) {
                year = Some(found);
                end += 1;
            }
        }
        Some(Self::plain(
            at,
            end,
            Expr::Day {
                year,
                month,
                day,
                to,
            },
        ))
    }

    /// `2000-03-14`, `14.03.2000`, `27/07/2016`, `07/27/2016`.
    fn numeric(&self, at: usize) -> Option<Found> {
        let mark = self.lower(at + 1);
        if !matches!(mark, "-" | "." | "/") || self.lower(at + 3) != mark {
            return None;
        }
        let touching = (at + 1..at + 5).all(|place| !self.spaced(place));
        let parts = [self.digits(at)?, self.digits(at + 2)?, self.digits(at + 4)?];
        if !touching {
            return None;
        }
        let lengths = [
            self.lower(at).len(),
            self.lower(at + 2).len(),
            self.lower(at + 4).len(),
        ];
        let (year, month, day) = if lengths[0] == 4 {
            (parts[0], parts[1], parts[2])
        } else if lengths[2] == 4 || (lengths[2] == 2 && mark != "-") {
            let year = match parts[2] {
                short @ 0..50 if lengths[2] == 2 => 2000 + short,
                short @ 50..100 if lengths[2] == 2 => 1900 + short,
                long => long,
            };
            // Points are day first the world over; slashes are read by what fits, month first where only that does.
            if parts[0] > 12 || (mark == "." && parts[1] <= 12) {
                (year, parts[1], parts[0])
            } else if parts[1] > 12 || parts[0] == parts[1] {
                (year, parts[0], parts[1])
            } else {
                match self.month_first {
                    Some(true) => (year, parts[0], parts[1]),
                    Some(false) => (year, parts[1], parts[0]),
                    None => return None,
                }
            }
        } else {
            return None;
        };
        let year = i16::try_from(year)
            .ok()
            .filter(|year| (1900..2100).contains(year))?;
        let month = u8::try_from(month)
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        let day = u8::try_from(day)
            .ok()
            .filter(|day| (1..=31).contains(day))?;
        let mut found = Self::plain(
            at,
            at + 5,
            Expr::Day {
                year: Some(year),
                month,
                day,
                to: None,
            },
        );
        found.numeric = true;
        Some(found)
    }

    /// `1995`, `1992-93`, `1998/99`, `the 1990s`.
    fn years(&self, at: usize) -> Option<Found> {
        let year = self.year(at)?;
        let before = if at > 0 { self.lower(at - 1) } else { "" };
        let glued = at > 0 && !self.spaced(at);
        if matches!(before, "$" | "#" | "№")
            || (glued && matches!(before, "-" | "/" | "." | ":") && !self.is_pre(at))
        {
            return None;
        }
        if self.tokens.is(self.words, at + 1, "calendar", "units")
            && !matches!(before, "in" | "since" | "by")
        {
            return None;
        }
        if matches!(
            before,
            "no" | "nos" | "resolution" | "number" | "room" | "page" | "about" | "some"
        ) || (before == "." && at > 1 && self.lower(at - 2) == "no")
        {
            return None;
        }
        let unspaced = |place: usize| {
            self.tokens
                .all
                .get(place)
                .is_some_and(|token| !token.spaced)
        };
        if unspaced(at + 1) && self.lower(at + 1) == "s" {
            return Some(Self::plain(
                at,
                at + 2,
                Expr::Year {
                    from: year,
                    to: year + 9,
                    part: Part::Whole,
                },
            ));
        }
        if self.is_pre(at) {
            return Some(Self::plain(at - 2, at + 1, Expr::Before(year)));
        }
        let mut to = year;
        let mut end = at + 1;
        if matches!(self.lower(at + 1), "-" | "/") && unspaced(at + 2) {
            if let Some(full) = self.year(at + 2) {
                to = full;
                end = at + 3;
            } else if let Some(short) = self
                .digits(at + 2)
                .filter(|_| self.lower(at + 2).len() == 2)
            {
                let short = i16::try_from(short).unwrap_or_default();
                let full = year / 100 * 100 + short;
                // `1998/99` is a season; `2009/11` is an issue of 2009.
                if full == year + 1 || (full > year && self.lower(at + 1) == "-") {
                    to = full;
                    end = at + 3;
                }
            }
        }
        // `Issue 2009/11`: a year beside the number of an issue is no date told.
        let numbered = end == at + 1
            && self.lower(at + 1) == "/"
            && unspaced(at + 1)
            && unspaced(at + 2)
            && self.digits(at + 2).is_some_and(|number| number < 1000);
        if numbered {
            return None;
        }
        if matches!(
            (before, self.lower(at + 1)),
            ("between", "and") | ("from", "to")
        ) && let Some(last) = self.year(at + 2).filter(|last| *last > year)
        {
            to = last;
            end = at + 3;
        }
        if to < year {
            return None;
        }
        if self.relative(end) == Some(Relative::Year) && !self.lower(end).is_ascii() {
            end += 1;
        }
        Some(Self::plain(
            at,
            end,
            Expr::Year {
                from: year,
                to,
                part: Part::Whole,
            },
        ))
    }

    /// Whether `pre-` stands before the year.
    fn is_pre(&self, at: usize) -> bool {
        at >= 2 && self.lower(at - 1) == "-" && self.relative(at - 2) == Some(Relative::Pre)
    }

    /// `Tuesday`, `Thursday and Friday`, `Monday-Wednesday`.
    fn weekdays(&self, at: usize, shift: Option<i8>, from: usize) -> Option<Found> {
        let day = self.weekday(at)?;
        let mut end = self.skip_abbreviation(at + 1, at);
        // `Tuesday, March 14` and `on Monday (March 14)` are days of their own.
        let comma = usize::from(self.lower(end) == ",");
        if let Some(month) = self.month(end + comma)
            && let Some((number, next)) = self.day(self.skip_point(end + comma + 1))
        {
            let mut date = self.day_rest(from, month, number, next);
            date.weekday = Some(day);
            return Some(date);
        }
        if self.day(end + comma).is_some()
            && let Some(mut date) = self.day_first(end + comma)
        {
            date.from = from;
            date.weekday = Some(day);
            return Some(date);
        }
        if let Some(mut date) = self.bracketed_day(end) {
            date.from = from;
            date.weekday = Some(day);
            return Some(date);
        }
        let mut to = None;
        if matches!(self.lower(end), "and" | "-" | "—" | "to")
            && let Some(last) = self.weekday(end + 1)
        {
            to = Some(last);
            end += 2;
        }
        if self.relative(end) == Some(Relative::Night) {
            end += 1;
        }
        // `Sunday Times`: a name, not a day.
        let name = self
            .tokens
            .all
            .get(end)
            .is_some_and(|token| token.capital && token.shape == Shape::Word)
            && !matches!(self.calendar(end), Some(Calendar::Month(_)))
            && from == at
            && at > 0
            && matches!(self.lower(at - 1), "the" | "," | "(" | ";");
        if name {
            return None;
        }
        Some(Self::plain(from, end, Expr::Weekday { day, to, shift }))
    }

    /// `Sunday (12th September)`: a day in brackets that is the one named before it.
    fn bracketed_day(&self, at: usize) -> Option<Found> {
        if self.lower(at) != "(" {
            return None;
        }
        let mut date = match self.month(at + 1) {
            Some(month) => self.month_first(at + 1, month),
            None => self.day_first(at + 1),
        }?;
        let whole = matches!(date.expr, Expr::Day { to: None, .. }) && self.lower(date.to) == ")";
        date.to += 1;
        whole.then_some(date)
    }

    fn skip_abbreviation(&self, at: usize, word: usize) -> usize {
        if self.lower(word).len() <= 5 && self.lower(word) != "день" {
            self.skip_point_before(at)
        } else {
            at
        }
    }

    /// A point only belongs to the day when the sentence goes on behind it.
    fn skip_point_before(&self, at: usize) -> usize {
        let next = self.skip_point(at);
        if next > at
            && (self.month(next).is_some() || self.day(next).is_some() || self.lower(next) == ",")
        {
            next
        } else {
            at
        }
    }

    /// `seven years ago`, `a month ago`, `seven-eight years ago`, `two weeks earlier`.
    fn ago(&self, at: usize) -> Option<Found> {
        let least = self.count(at)?;
        let mut most = least;
        let mut next = at + 1;
        if matches!(self.lower(next), "-" | "or" | "to" | "—")
            && let Some(count) = self.count(next + 1)
        {
            most = count;
            next += 2;
        }
        let unit = self.unit(next)?;
        if self.relative(next + 1) != Some(Relative::Ago) {
            return None;
        }
        let about = at > 0 && self.tokens.is(self.words, at - 1, "calendar", "about");
        let from = if about { at - 1 } else { at };
        let mut found = Self::plain(from, next + 2, Expr::Ago { least, most, unit });
        found.approx = about || unit != Unit::Day || most != least;
        Some(found)
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        match self.relative(at)? {
            Relative::Day => Some(Unit::Day),
            Relative::Week => Some(Unit::Week),
            Relative::Month => Some(Unit::Month),
            Relative::Year => Some(Unit::Year),
            _ => None,
        }
    }

    /// `a day earlier`, `two days later`, `one day after`.
    fn day_from_event(&self, at: usize) -> Option<Found> {
        let count = i16::try_from(self.count(at)?).ok()?;
        let unit = self.unit(at + 1)?;
        let days = match unit {
            Unit::Day => count,
            Unit::Week => count.checked_mul(7)?,
            _ => return None,
        };
        let sign = match self.relative(at + 2)? {
            Relative::Earlier => -1,
            Relative::Later => 1,
            _ => return None,
        };
        if days > 60 {
            return None;
        }
        Some(Self::plain(at, at + 3, Expr::FromEvent(sign * days)))
    }

    /// `first quarter of 2002`, `second half of 1998`.
    fn fraction(&self, at: usize) -> Option<Found> {
        let count = u8::try_from(self.count(at)?).ok()?;
        let length = match self.relative(at + 1)? {
            Relative::Quarter => 3,
            Relative::Half => 6,
            _ => return None,
        };
        if count == 0 || count > 12 / length {
            return None;
        }
        let mut end = at + 2;
        let mut year = None;
        if self.relative(end) == Some(Relative::Of) {
            if let Some(found) = self.year(end + 1) {
                year = Some(found);
                end += 2;
            } else if self.relative(end + 1) == Some(Relative::This)
                && self.relative(end + 2) == Some(Relative::Year)
            {
                end += 3;
            }
        }
        let the = usize::from(at > 0 && self.lower(at - 1) == "the");
        Some(Self::plain(
            at - the,
            end,
            Expr::Fraction {
                year,
                month: (count - 1) * length + 1,
                length,
            },
        ))
    }

    /// Dates that begin with a word of relative time.
    fn worded(&self, at: usize, word: Relative) -> Option<Found> {
        let found = |to: usize, expr: Expr| Some(Self::plain(at, to, expr));
        match word {
            Relative::Yesterday => found(at + 1, Expr::Offset(-1)),
            Relative::Today => found(at + 1, Expr::Offset(0)),
            Relative::Tomorrow => found(at + 1, Expr::Offset(1)),
            Relative::Last => self.shifted(at, -1),
            Relative::This => self.shifted(at, 0),
            Relative::Next => self.shifted(at, 1),
            Relative::Earlier | Relative::Later => self.part_of(at, word),
            Relative::Weekend => {
                let the = usize::from(at > 0 && self.lower(at - 1) == "the");
                let over = usize::from(
                    the == 1
                        && at > 1
                        && matches!(self.lower(at - 2), "over" | "during" | "at" | "on"),
                );
                if the == 0 {
                    return None;
                }
                Some(Self::plain(at - the - over, at + 1, Expr::Weekend(0)))
            }
            Relative::End | Relative::Start | Relative::Mid | Relative::Late => self.edge(at, word),
            Relative::Year => {
                let genitive = usize::from(matches!(self.lower(at + 1), "'s" | "-"));
                let ends = self.relative(at + 1 + genitive) == Some(Relative::End)
                    && (genitive == 1 || matches!(self.lower(at.wrapping_sub(1)), "by" | "until"));
                let expr = Expr::Period {
                    unit: Unit::Year,
                    shift: 0,
                    part: Part::End,
                };
                ends.then(|| Self::plain(at, at + 2 + genitive, expr))
            }
            Relative::Christmas => {
                let expr = Expr::Day {
                    year: None,
                    month: 12,
                    day: 25,
                    to: None,
                };
                found(at + 1, expr)
            }
            Relative::Within => {
                let count = self.count(at + 1)?;
                let unit = self.unit(at + 2)?;
                let mut found = Self::plain(at, at + 3, Expr::Within { count, unit });
                found.deadline = true;
                Some(found)
            }
            Relative::Same | Relative::Previous | Relative::Following => {
                let days = match word {
                    Relative::Same => 0,
                    Relative::Previous => -1,
                    _ => 1,
                };
                (self.unit(at + 1) == Some(Unit::Day) && self.lower(at + 1) == "day")
                    .then(|| Self::plain(at, at + 2, Expr::FromEvent(days)))
            }
            Relative::Day => {
                // `the day before`, `the next day` is met at `next`.
                let the = at > 0 && self.lower(at - 1) == "the" && self.lower(at) == "day";
                let before = self.lower(at + 1) == "before"
                    && !matches!(self.lower(at + 2), "yesterday" | "the" | "he" | "his");
                (the && before).then(|| Self::plain(at - 1, at + 2, Expr::FromEvent(-1)))
            }
            _ => None,
        }
    }

    /// `last week`, `this Friday`, `next January`, `last weekend`.
    fn shifted(&self, at: usize, shift: i16) -> Option<Found> {
        if self.weekday(at + 1).is_some() {
            return self.weekdays(at + 1, i8::try_from(shift).ok(), at);
        }
        if let Some(month) = self.month(at + 1) {
            let next = self.skip_point(at + 2);
            if self.day(next).is_some() {
                return None;
            }
            let shift = if shift == 0 { Some(0) } else { None };
            // `last July` is the latest one that is over; `next May` the first to come.
            let part = Part::Whole;
            let mut found = Self::plain(
                at,
                at + 2,
                Expr::Month {
                    year: None,
                    shift: if self.relative(at) == Some(Relative::Last) {
                        Some(-100)
                    } else {
                        shift
                    },
                    month,
                    part,
                },
            );
            if self.relative(at) == Some(Relative::Next) {
                found.expr = Expr::Month {
                    year: None,
                    shift: Some(100),
                    month,
                    part,
                };
            }
            return Some(found);
        }
        let after = self.relative(at + 1)?;
        let unit = match after {
            Relative::Weekend => {
                return Some(Self::plain(
                    at,
                    at + 2,
                    Expr::Weekend(i8::try_from(shift).ok()?),
                ));
            }
            Relative::Night => {
                return (shift <= 0).then(|| Self::plain(at, at + 2, Expr::Offset(shift)));
            }
            _ => self.unit(at + 1)?,
        };
        if self.lower(at + 1).ends_with('s') && self.lower(at + 1).is_ascii() {
            return None;
        }
        if unit == Unit::Day {
            return (shift == 1 && self.lower(at.saturating_sub(1)) == "the")
                .then(|| Self::plain(at, at + 2, Expr::FromEvent(1)));
        }
        Some(Self::plain(
            at,
            at + 2,
            Expr::Period {
                unit,
                shift,
                part: Part::Whole,
            },
        ))
    }

    /// `earlier this month`, `later this year`, `early next week`.
    fn part_of(&self, at: usize, word: Relative) -> Option<Found> {
        let shift = match self.relative(at + 1)? {
            Relative::Last => -1,
            Relative::This => 0,
            Relative::Next => 1,
            _ => return None,
        };
        let unit = self.unit(at + 2)?;
        let part = match (word, shift) {
            (Relative::Earlier, 0) if self.lower(at) == "earlier" => Part::Earlier,
            (Relative::Later, 0) => Part::Later,
            (Relative::Earlier, _) => Part::Start,
            _ => Part::Whole,
        };
        Some(Self::plain(at, at + 3, Expr::Period { unit, shift, part }))
    }

    /// `end of 1999`, `end of the year`, `end of May`, `mid-May`, `late 1998`, `early in 1997`.
    fn edge(&self, at: usize, word: Relative) -> Option<Found> {
        let mut next = at + 1;
        if matches!(self.lower(next), "of" | "-" | "in") {
            next += 1;
        }
        let the = self.lower(next) == "the";
        next += usize::from(the);
        let part = match word {
            Relative::End => Part::End,
            Relative::Start => Part::Start,
            _ => Part::Whole,
        };
        let rough = part != Part::End;
        let mut found = if let Some(year) = self.year(next) {
            let expr = Expr::Year {
                from: year,
                to: year,
                part,
            };
            Self::plain(at, next + 1, expr)
        } else if let Some(month) = self.month(next) {
            let after = self.skip_point(next + 1);
            let year = self.year(after);
            let end = if year.is_some() { after + 1 } else { next + 1 };
            let expr = Expr::Month {
                year,
                shift: None,
                month,
                part,
            };
            Self::plain(at, end, expr)
        } else {
            let shift = match self.relative(next) {
                Some(Relative::This) => 0,
                Some(Relative::Next) => 1,
                Some(Relative::Last) => -1,
                _ if the => 0,
                _ => return None,
            };
            next += usize::from(!the);
            let unit = self.unit(next).filter(|unit| *unit != Unit::Day)?;
            Self::plain(at, next + 1, Expr::Period { unit, shift, part })
        };
        let behind = usize::from(at > 0 && self.lower(at - 1) == "the");
        found.from -= behind;
        found.approx = rough;
        Some(found)
    }

    /// Takes in the `by` and `until` before a date, and says whether it is a last day.
    fn with_head(&self, mut found: Found) -> Found {
        let Some(before) = found.from.checked_sub(1) else {
            return found;
        };
        let word = self.lower(before);
        let later = before > 0
            && ((word == "than" && self.relative(before - 1) == Some(Relative::Later))
                || (word == "to" && self.lower(before - 1) == "up"));
        let listed = later || self.words.is("calendar", "deadline", word);
        found.left_out = word == "before";
        let end = matches!(
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
        if listed {
            found.deadline = true;
            if matches!(self.relative(before), Some(Relative::By | Relative::Until)) && end {
                found.from = before;
            }
        } else if word == "on"
            && before > 0
            && self
                .tokens
                .is(self.words, before - 1, "calendar", "deadline")
        {
            found.deadline = true;
        }
        found
    }
}
