//! Dates in figures: `2000-03-14`, `28.5.`, `6/6-12/94`, and in which order the page writes day and month.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Reader};
use crate::tokens::Shape;

impl Reader<'_> {
    /// How the page writes slashed dates: by one that can be read in one way only, else by its spelling of English.
    pub(super) fn house_order(&self) -> Option<bool> {
        let (mut seen, mut month, mut day) = (false, 0_usize, 0_usize);
        for at in 1..self.tokens.all.len() {
            if self.lower(at) != "/" {
                continue;
            }
            let (Some(first), Some(second)) = (self.digits(at - 1), self.digits(at + 1)) else {
                continue;
            };
            let third = self.lower(at + 2) == "/" || self.enclosed(at - 1);
            if !third || first > 31 || second > 31 {
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
        if american != british {
            return Some(american > british);
        }
        // `15 March 1994` at the head of a page says as much as `March 15, 1994` does.
        let (mut before, mut behind) = (0_usize, 0_usize);
        for at in 1..self.tokens.all.len() {
            if self.month(at).is_some() && self.tokens.all[at].capital {
                before += usize::from(self.day(at - 1).is_some());
                behind += usize::from(self.day(at + 1).is_some());
            }
        }
        (before != behind).then_some(behind > before)
    }

    /// Whether `12/3` stands in a bracket or in a list of sources, between marks: a day and nothing else.
    fn enclosed(&self, at: usize) -> bool {
        let short = |place: usize| self.digits(place).is_some() && self.lower(place).len() <= 2;
        // `NYT 5/3`: behind an outlet in short.
        let outlet = at > 1 && {
            let before = &self.tokens.all[at - 1];
            let word = self.tokens.text(&self.page.folded, at - 1);
            before.shape == Shape::Word
                && (2..=5).contains(&word.len())
                && word.chars().all(char::is_uppercase)
                && matches!(self.lower(at - 2), "(" | "[" | "," | ";")
        };
        at > 0
            && (outlet || matches!(self.lower(at - 1), "," | "(" | "[" | ";"))
            && short(at)
            && short(at + 2)
            && !self.spaced(at + 1)
            && !self.spaced(at + 2)
            && matches!(self.lower(at + 3), ")" | "]" | "," | ";" | ".")
    }

    /// `AFP, 12/3)`: day and month, or month and day, as the page writes them.
    pub(super) fn slashed_pair(&self, at: usize) -> Option<Found> {
        if self.lower(at + 1) != "/" || !self.enclosed(at) {
            return None;
        }
        let (first, second) = (
            u8::try_from(self.digits(at)?).ok()?,
            u8::try_from(self.digits(at + 2)?).ok()?,
        );
        let (day, month) = match self.month_first {
            _ if first > 12 => (first, second),
            _ if second > 12 => (second, first),
            Some(true) => (second, first),
            Some(false) => (first, second),
            None => return None,
        };
        ((1..=31).contains(&day) && (1..=12).contains(&month)).then(|| {
            let expr = Expr::Day {
                year: None,
                month,
                day,
                to: None,
            };
            Self::plain(at, at + 3, expr)
        })
    }

    /// `(14.08)`: two figures each, where the page writes its days with points.
    pub(super) fn dotted_pair(&self, at: usize) -> Option<Found> {
        let two = |place: usize| self.lower(place).len() == 2;
        let enclosed = at > 0
            && matches!(self.lower(at - 1), "," | "(" | "[")
            && matches!(self.lower(at + 3), ")" | "]" | "," | ";");
        if self.lower(at + 1) != "." || !enclosed || !two(at) || !two(at + 2) || !self.dotted {
            return None;
        }
        let (day, month) = (
            u8::try_from(self.digits(at)?).ok()?,
            u8::try_from(self.digits(at + 2)?).ok()?,
        );
        let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
        let expr = Expr::Day {
            year: None,
            month,
            day,
            to: None,
        };
        (fits && !self.spaced(at + 2)).then(|| Self::plain(at, at + 3, expr))
    }

    /// Whether the page writes a whole day with points somewhere, such as `24.09.98`.
    pub(super) fn house_points(&self) -> bool {
        (0..self.tokens.all.len()).any(|at| {
            self.lower(at + 1) == "." && self.lower(at + 3) == "." && self.numeric(at).is_some()
        })
    }

    /// `28.5.` and `6/6-12/94`, written by houses that spell no months.
    pub(super) fn short_numeric(&self, at: usize) -> Option<Found> {
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
    pub(super) fn full_year(&self, at: usize) -> Option<i16> {
        if self.lower(at).len() != 2 {
            return self.year(at);
        }
        let value = i16::try_from(self.digits(at)?).ok()?;
        Some(value + if value < 50 { 2000 } else { 1900 })
    }

    /// `28 Jan 98`: two digits are a year where nothing behind them can be counted by them.
    pub(super) fn bare_year(&self, at: usize) -> Option<i16> {
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

    /// `14-10-86`: by itself, with a day that can be no month, of the last century.
    fn hyphened_day(&self, at: usize, parts: [u32; 3]) -> bool {
        let glued = |place: usize| self.lower(place) == "-" && !self.spaced(place);
        (13..=31).contains(&parts[0])
            && (1..=12).contains(&parts[1])
            && parts[2] >= 60
            && !glued(at + 5)
            && !(at > 0 && self.lower(at - 1) == "-")
    }

    /// `2000-03-14`, `14.03.2000`, `27/07/2016`, `07/27/2016`.
    pub(super) fn numeric(&self, at: usize) -> Option<Found> {
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
        } else if lengths[2] == 4
            || (lengths[2] == 2 && (mark != "-" || self.hyphened_day(at, parts)))
        {
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
}
