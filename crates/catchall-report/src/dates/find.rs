//! Finds dates: a grammar over tokens, tried only at words and numbers that can begin one.
//!
//! Here stand what a date can be ([`Expr`]), and which kinds are tried at a token. Each kind is a file in `find/`: figures, months,
//! years, days of the week, words of relative time. To grow: a method in one of them, and its row in `Reader::date`.

mod months;
mod numeric;
mod relative;
mod weekdays;
mod years;

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
        /// What it counts from.
        since: Since,
    },
    /// So many days before or after Easter Sunday.
    Easter(i8),
}

/// What a lapse of time counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing is said: from the day told in the sentence, else from the page's own.
    Told,
    /// `of the date of this report`: from the page's own day.
    Page,
    /// `of the signing`: from the day of that, where it is told.
    Event,
    /// `of any request`: from a day that nobody knows yet.
    Open,
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
    /// Whether whole days are written with points here.
    dotted: bool,
}

/// Every date of the page, in order.
#[must_use]
pub fn find(page: &Page, tokens: &Tokens, words: &Gazetteers) -> Vec<Found> {
    let mut reader = Reader {
        page,
        tokens,
        words,
        month_first: None,
        dotted: false,
    };
    reader.month_first = reader.house_order();
    reader.dotted = reader.house_points();
    let mut found = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while at < tokens.all.len() {
        match tokens.all[at].shape {
            Shape::Mark => {
                match tokens.all[at].mark {
                    b'(' | b'[' => depth += 1,
                    b')' | b']' => depth = depth.saturating_sub(1),
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
    #[inline]
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn shape(&self, at: usize) -> Option<Shape> {
        self.tokens.all.get(at).map(|token| token.shape)
    }

    fn calendar(&self, at: usize) -> Option<Calendar> {
        match self.shape(at) {
            Some(Shape::Word) => self.tokens.calendar(at),
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
            None => self.misread_month(at),
            _ => None,
        }
    }

    /// `Decernber 9`, `3 Novcmber`: a long name of a month, misread by a letter, with a number beside it.
    fn misread_month(&self, at: usize) -> Option<u8> {
        let token = self.tokens.all.get(at)?;
        if !token.capital || token.shape != Shape::Word {
            return None;
        }
        let beside = self.digits(at + 1).is_some() || (at > 0 && self.digits(at - 1).is_some());
        if !beside {
            return None;
        }
        let word = self.lower(at);
        let fits = (6..=11).contains(&word.len()) && word.is_ascii();
        if !fits || self.words.spelled(word) {
            return None;
        }
        let name = self
            .words
            .phrases("calendar", "misread")
            .each()
            .find(|name| {
                word.starts_with(name.get(..1).unwrap_or_default())
                    && (one_apart(word, name) || word.replace("rn", "m") == **name)
            })?;
        match self.words.calendar(name) {
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

    /// A number in figures or in one or two words, such as `forty-five`, and the token behind it.
    fn counted(&self, at: usize) -> Option<(u16, usize)> {
        let tens = self.count(at)?;
        let glued = usize::from(self.lower(at + 1) == "-");
        let ones = self.count(at + 1 + glued).filter(|ones| {
            (1..10).contains(ones)
                && tens >= 20
                && tens.is_multiple_of(10)
                && self.shape(at) == Some(Shape::Word)
                && self.shape(at + 1 + glued) == Some(Shape::Word)
        });
        Some(match ones {
            Some(ones) => (tens + ones, at + 2 + glued),
            None => (tens, at + 1),
        })
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
                .or_else(|| self.slashed_pair(at))
                .or_else(|| self.dotted_pair(at))
                .or_else(|| self.day_first(at))
                .or_else(|| self.month_day(at))
                .or_else(|| self.ago(at))
                .or_else(|| self.lapse_behind(at))
                .or_else(|| self.years(at)),
            Shape::Word => match self
                .calendar(at)
                .or_else(|| self.misread_month(at).map(Calendar::Month))?
            {
                Calendar::Month(month) => self.month_first(at, month),
                Calendar::Weekday(_) => self.weekdays(at, None, at),
                Calendar::Count(_) => self
                    .ago(at)
                    .or_else(|| self.worded_day(at))
                    .or_else(|| self.lapse_behind(at))
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
            // `June 11, 5` ends with a page.
            let falls = found.last().is_some_and(
                |last| matches!(last.expr, Expr::Day { day: before, .. } if before >= day),
            );
            let lone = !falls && (self.lower(behind) != "," || self.year(behind + 1).is_none());
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

    /// Takes in the `by` and `until` before a date, and says whether it is a last day.
    fn with_head(&self, mut found: Found) -> Found {
        let Some(mut before) = found.from.checked_sub(1) else {
            return found;
        };
        // `by the year 2000`, `by around June 15`.
        let mut steps = 0;
        while steps < 2
            && before > 0
            && (matches!(self.lower(before), "year" | "around" | "about" | "roughly")
                || (steps > 0 && self.lower(before) == "the"))
        {
            before -= 1;
            steps += 1;
        }
        let word = self.lower(before);
        let later = before > 0
            && ((word == "than" && self.relative(before - 1) == Some(Relative::Later))
                || (word == "to" && self.lower(before - 1) == "up"));
        let listed = later || self.tokens.is(self.words, before, "calendar", "deadline");
        found.left_out =
            word == "before" && !(before > 1 && matches!(self.lower(before - 1), "or" | "and"));
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
        } else {
            // `a deadline of midnight on Thursday`.
            let set = (found.from.saturating_sub(5)..found.from)
                .rev()
                .take_while(|at| {
                    matches!(
                        self.lower(*at),
                        "of" | "on" | "midnight" | "noon" | "the" | "deadline"
                    )
                })
                .any(|at| self.lower(at) == "deadline");
            found.deadline |= set
                || (word == "on"
                    && before > 0
                    && self
                        .tokens
                        .is(self.words, before - 1, "calendar", "deadline"));
        }
        found
    }
}

/// Whether two words differ by one letter that was put in, left out, changed, or read as two.
fn one_apart(word: &str, name: &str) -> bool {
    let (a, b) = (word.as_bytes(), name.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(a.len().min(b.len()) - head)
        .take_while(|(x, y)| x == y)
        .count();
    a.len() - head - tail <= 2 && b.len() - head - tail <= 1
}
