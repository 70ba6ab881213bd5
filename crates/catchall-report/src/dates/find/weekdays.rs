//! Days of the week, alone, in ranges, and with the day of the month beside them.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Reader};
use crate::gazetteer::Calendar;
use crate::gazetteer::Relative;
use crate::tokens::Shape;

impl Reader<'_> {
    /// `Tuesday`, `Thursday and Friday`, `Monday-Wednesday`.
    pub(super) fn weekdays(&self, at: usize, shift: Option<i8>, from: usize) -> Option<Found> {
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
    pub(super) fn bracketed_day(&self, at: usize) -> Option<Found> {
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

    pub(super) fn skip_abbreviation(&self, at: usize, word: usize) -> usize {
        if self.lower(word).len() <= 5 && self.lower(word) != "день" {
            self.skip_point_before(at)
        } else {
            at
        }
    }

    /// A point only belongs to the day when the sentence goes on behind it.
    pub(super) fn skip_point_before(&self, at: usize) -> usize {
        let next = self.skip_point(at);
        if next > at
            && (self.month(next).is_some() || self.day(next).is_some() || self.lower(next) == ",")
        {
            next
        } else {
            at
        }
    }
}
