//! Dates with a month in words: `May 5`, `5 May 1998`, `27-28 April`, `in May`.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Part, Reader};
use crate::gazetteer::Relative;
use crate::gazetteer::words::Class;
use crate::tokens::Shape;

impl Reader<'_> {
    /// `on the 13th`, `by the 15th`: the day of the month spoken of.
    pub(super) fn month_day(&self, at: usize) -> Option<Found> {
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
    pub(super) fn month_first(&self, at: usize, month: u8) -> Option<Found> {
        let capital = self.tokens.all[at].capital;
        let latin = self.lower(at).is_ascii();
        if latin && (!capital || self.tokens.is(self.words, at, "calendar", "abroad")) {
            return None;
        }
        let after = self.skip_point(at + 1);
        if let Some(range) = self.month_range(at, month, after) {
            return Some(range);
        }
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

    /// `between June 1995 and February 1996`, `May 1998-July 1999`: months of more than one year.
    fn month_range(&self, at: usize, month: u8, after: usize) -> Option<Found> {
        let year = self.year(after)?;
        let joined = matches!(self.lower(after + 1), "-" | "—")
            || (self.lower(after + 1) == "and" && at > 0 && self.lower(at - 1) == "between");
        let last = self.month(after + 2).filter(|_| joined)?;
        let behind = self.skip_point(after + 3);
        let to = self.year(behind)?;
        let months = (i32::from(to) - i32::from(year)) * 12 + i32::from(last) - i32::from(month);
        let length = u8::try_from(months + 1).ok().filter(|length| *length > 1)?;
        let headed = at > 0 && self.lower(at - 1) == "between";
        Some(Self::plain(
            at - usize::from(headed),
            behind + 1,
            Expr::Fraction {
                year: Some(year),
                month,
                length,
            },
        ))
    }

    /// `the Fourth of July`, `the first of May`.
    pub(super) fn worded_day(&self, at: usize) -> Option<Found> {
        let word = self.lower(at);
        let ordinal = word.ends_with("th") || matches!(word, "first" | "second" | "third");
        let day = u8::try_from(self.count(at)?).ok()?;
        let named = ordinal && self.lower(at + 1) == "of" && at > 0 && self.lower(at - 1) == "the";
        let month = self
            .month(at + 2)
            .filter(|_| named && (1..=31).contains(&day))?;
        if !self.tokens.all[at + 2].capital {
            return None;
        }
        let comma = usize::from(self.lower(at + 3) == ",");
        let year = self.year(at + 3 + comma);
        let end = if year.is_some() {
            at + 4 + comma
        } else {
            at + 3
        };
        let expr = Expr::Day {
            year,
            month,
            day,
            to: None,
        };
        Some(Self::plain(at - 1, end, expr))
    }

    /// Behind month and day: a range, another day, a year.
    pub(super) fn day_rest(&self, from: usize, month: u8, day: u8, next: usize) -> Found {
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
    pub(super) fn short_year(&self, at: usize) -> Option<i16> {
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

    pub(super) fn month_alone(&self, at: usize, month: u8, after: usize) -> Option<Found> {
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
    pub(super) fn day_first(&self, at: usize) -> Option<Found> {
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
        if self.lower(next) == "of" || self.lower(next) == "de" {
            next += 1;
        }
        // `14. Oktober` and `14-Oct-1998`.
        let hyphens = self.lower(next) == "-" && self.lower(next + 2) == "-";
        let pointed = self.lower(next) == "." && next == at + 1 && self.day(next + 2).is_none();
        if (hyphens || pointed) && !self.spaced(next) {
            next += 1;
        }
        // `Issue 31      January 2012`: columns of a header.
        let column = next > 0
            && self
                .tokens
                .all
                .get(next)
                .is_some_and(|own| own.start > self.tokens.all[next - 1].end + 3);
        let month = self.month(next).filter(|_| !column)?;
        let latin = self.lower(next).is_ascii();
        let shy = self.tokens.is(self.words, next, "calendar", "shy");
        if latin && !self.tokens.all[next].capital && (shy || self.spaced(next) == hyphens) {
            return None;
        }
        let mut after = self.skip_point(next + 1);
        let of_year = self.lower(after) == "de" && self.year(after + 1).is_some();
        after += usize::from(hyphens || of_year);
        let hyphened = hyphens.then(|| self.full_year(after)).flatten();
        let comma = usize::from(self.lower(after) == "," && self.year(after + 1).is_some());
        let mut end = after;
        let mut year = None;
        if let Some(found) = hyphened {
            year = Some(found);
            end = after + 1;
        } else if let Some(found) = self.year(after + comma) {
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
}
