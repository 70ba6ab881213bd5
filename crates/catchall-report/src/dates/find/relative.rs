//! Words of relative time: `two weeks ago`, `last Friday`, `earlier this month`, `by the end of May`.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Part, Reader, Unit};
use crate::gazetteer::Relative;

impl Reader<'_> {
    /// `seven years ago`, `a month ago`, `seven-eight years ago`, `two weeks earlier`.
    pub(super) fn ago(&self, at: usize) -> Option<Found> {
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

    pub(super) fn unit(&self, at: usize) -> Option<Unit> {
        match self.relative(at)? {
            Relative::Day => Some(Unit::Day),
            Relative::Week => Some(Unit::Week),
            Relative::Month => Some(Unit::Month),
            Relative::Year => Some(Unit::Year),
            _ => None,
        }
    }

    /// `a day earlier`, `two days later`, `one day after`.
    pub(super) fn day_from_event(&self, at: usize) -> Option<Found> {
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

    /// Dates that begin with a word of relative time.
    pub(super) fn worded(&self, at: usize, word: Relative) -> Option<Found> {
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
                let mut count = self.count(at + 1)?;
                let unit = match self.lower(at + 2) {
                    "fortnight" | "fortnights" => {
                        count = count.checked_mul(2)?;
                        Unit::Week
                    }
                    _ => self.unit(at + 2)?,
                };
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
    pub(super) fn shifted(&self, at: usize, shift: i16) -> Option<Found> {
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
    pub(super) fn part_of(&self, at: usize, word: Relative) -> Option<Found> {
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
    pub(super) fn edge(&self, at: usize, word: Relative) -> Option<Found> {
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
}
