//! Words of relative time: `two weeks ago`, `last Friday`, `earlier this month`, `by the end of May`.
//!
//! Each method is tried at a token and gives the date that begins there, or nothing. Knows no publication.

use super::{Expr, Found, Part, Reader, Since, Unit};
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

    /// `30 days`, `a fortnight`, with what it counts from: the rest of `within 30 days of the signing`.
    fn lapse(&self, from: usize, at: usize) -> Option<Found> {
        let (mut count, mut end) = self.counted(at)?;
        // `30 (thirty) days`, `ninety (90) days`, `ten working days`.
        if self.lower(end) == "(" && self.lower(end + 2) == ")" {
            end += 3;
        }
        end += usize::from(matches!(self.lower(end), "calendar" | "full"));
        let unit = match self.lower(end) {
            "fortnight" | "fortnights" => {
                count = count.checked_mul(2)?;
                Unit::Week
            }
            _ => self.unit(end)?,
        };
        end += 1;
        end += usize::from(self.lower(end) == "'" || self.lower(end) == "'s");
        end += usize::from(self.lower(end) == "time");
        let since = self.since(end);
        let mut found = Self::plain(from, end, Expr::Within { count, unit, since });
        found.deadline = true;
        Some(found)
    }

    /// `no later than one month after the date of this report`, `in two weeks' time`.
    pub(super) fn lapse_behind(&self, at: usize) -> Option<Found> {
        let before = at.checked_sub(1)?;
        let found = self.lapse(before, at)?;
        let timed = self.lower(found.to - 1) == "time";
        let late = self.lower(before) == "than"
            && before > 0
            && self.relative(before - 1) == Some(Relative::Later);
        let behind = matches!(self.lower(found.to), "after" | "from" | "following");
        // `gave the firm ten days to withdraw`.
        let allowed = self.lower(found.to) == "to"
            && (at.saturating_sub(6)..at).any(|place| {
                matches!(
                    self.lower(place),
                    "gave" | "give" | "gives" | "given" | "allowed" | "granted" | "has" | "have"
                )
            });
        if allowed {
            return Some(Found { from: at, ..found });
        }
        let soon = self.lower(before) == "in" && timed;
        let given = self.lower(before) == "than" && late && behind;
        (soon || given).then_some(found)
    }

    /// What stands behind a lapse of time, and so what it counts from.
    fn since(&self, at: usize) -> Since {
        if !matches!(self.lower(at), "of" | "after" | "from" | "following") {
            return Since::Told;
        }
        let end = (at + 7).min(self.tokens.all.len());
        let own = (at + 1..end)
            .take_while(|place| !matches!(self.lower(*place), "," | "." | ";" | ")"))
            .any(|place| {
                matches!(
                    self.lower(place),
                    "this" | "today" | "now" | "publication" | "hereof"
                )
            });
        if own {
            return Since::Page;
        }
        let open =
            (at + 1..at + 3).any(|place| self.tokens.is(self.words, place, "calendar", "open"));
        // Only a thing that has its day can be counted from, such as a signature; a payment may never come.
        let known =
            (at + 1..at + 5).any(|place| self.tokens.is(self.words, place, "calendar", "occasion"));
        if open || !known {
            Since::Open
        } else {
            Since::Event
        }
    }

    /// `before the month is out`, `before the year ends`.
    fn runs_out(&self, at: usize) -> bool {
        let headed = at > 1
            && self.lower(at - 1) == "the"
            && matches!(
                self.lower(at - 2),
                "before" | "until" | "by" | "till" | "ere"
            );
        let over = matches!(self.lower(at + 1), "is" | "was")
            && matches!(self.lower(at + 2), "out" | "over" | "up");
        headed && (over || matches!(self.lower(at + 1), "ends" | "ended" | "closes"))
    }

    fn run_out(&self, at: usize) -> Option<Found> {
        let verb = usize::from(matches!(self.lower(at + 1), "is" | "was"));
        let expr = Expr::Period {
            unit: self.unit(at)?,
            shift: 0,
            part: Part::End,
        };
        let mut found = Self::plain(at - 1, at + 2 + verb, expr);
        found.deadline = true;
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
            Relative::Week | Relative::Month if self.runs_out(at) => self.run_out(at),
            Relative::Year if self.runs_out(at) => self.run_out(at),
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
            Relative::Easter => found(at + 1, Expr::Easter(0)),
            Relative::Within => {
                // `within the year` ends with it.
                if self.lower(at + 1) == "the"
                    && let Some(unit) = self.unit(at + 2)
                    && unit != Unit::Day
                    && !self.lower(at + 2).ends_with('s')
                {
                    let expr = Expr::Period {
                        unit,
                        shift: 0,
                        part: Part::End,
                    };
                    let mut found = Self::plain(at, at + 3, expr);
                    found.deadline = true;
                    return Some(found);
                }
                let skip = usize::from(self.lower(at + 1) == "the")
                    + usize::from(
                        self.lower(at + 1) == "the"
                            && matches!(self.lower(at + 2), "next" | "coming" | "following"),
                    );
                self.lapse(at, at + 1 + skip)
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
        if part == Part::End
            && let Some(fraction) = self.fraction(next)
            && let Expr::Fraction {
                year,
                month,
                length,
            } = fraction.expr
        {
            let expr = Expr::Month {
                year,
                shift: None,
                month: month + length - 1,
                part,
            };
            let behind = usize::from(at > 0 && self.lower(at - 1) == "the");
            return Some(Self::plain(at - behind, fraction.to, expr));
        }
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
            if let Some(month) = self.month(next).filter(|_| !the && shift != 0) {
                let expr = Expr::Month {
                    year: None,
                    shift: Some(100 * shift),
                    month,
                    part,
                };
                let behind = usize::from(at > 0 && self.lower(at - 1) == "the");
                return Some(Self::plain(at - behind, next + 1, expr));
            }
            let unit = self.unit(next).filter(|unit| *unit != Unit::Day)?;
            Self::plain(at, next + 1, Expr::Period { unit, shift, part })
        };
        let behind = usize::from(at > 0 && self.lower(at - 1) == "the");
        found.from -= behind;
        found.approx = rough;
        Some(found)
    }
}
