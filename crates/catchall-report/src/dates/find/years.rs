//! Years and their parts: `1995`, `1992-93`, `the 1990s`, `first quarter of 2002`.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Part, Reader};
use crate::gazetteer::Relative;

impl Reader<'_> {
    /// `1995`, `1992-93`, `1998/99`, `the 1990s`.
    pub(super) fn years(&self, at: usize) -> Option<Found> {
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
    pub(super) fn is_pre(&self, at: usize) -> bool {
        at >= 2 && self.lower(at - 1) == "-" && self.relative(at - 2) == Some(Relative::Pre)
    }

    /// `first quarter of 2002`, `second half of 1998`.
    pub(super) fn fraction(&self, at: usize) -> Option<Found> {
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
}
