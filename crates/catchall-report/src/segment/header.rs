//! The header: masthead, number of the issue, title, dateline, and fields with a key.

use super::{Header, Reader};
use crate::dates::{Expr, Found};
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    /// `Published: Tue 9 May 2006` among the boilerplate of a web page; never when it was updated or fetched.
    pub(super) fn stamp(&self, kinds: &[&'static str]) -> Option<usize> {
        let pages = self.tokens.paragraphs.iter().zip(kinds);
        for (paragraph, _) in pages.filter(|(_, kind)| **kind == "boilerplate") {
            let found = self.dates_in(*paragraph).find(|(_, date)| {
                let low = date.from.saturating_sub(4).max(paragraph.from);
                full_day(date)
                    && (low..date.from).any(|at| self.tokens.is(self.words, at, "serial", "stamp"))
                    && !(low..date.from)
                        .any(|at| self.tokens.is(self.words, at, "serial", "touched"))
            });
            if let Some((index, _)) = found {
                return Some(index);
            }
        }
        self.slug().or_else(|| self.bare_stamp(kinds))
    }

    /// `(c) Herald News 3 May 1994` above the text: the day of a page that tells no other.
    fn bare_stamp(&self, kinds: &[&'static str]) -> Option<usize> {
        self.tokens
            .paragraphs
            .iter()
            .zip(kinds)
            .take_while(|(_, kind)| **kind != "body")
            .filter(|(line, kind)| {
                let touched = |at: usize| {
                    self.tokens.is(self.words, at, "serial", "touched")
                        && self.lower(at) != "copyright"
                };
                **kind == "boilerplate" && !(line.from..line.to).any(touched)
            })
            .find_map(|(line, _)| self.dates_in(*line).find(|(_, date)| full_day(date)))
            .map(|(index, _)| index)
    }

    /// `RWS 1842 GMT 14-10-86`: the line with which a wire service closes its copy.
    fn slug(&self) -> Option<usize> {
        let line = self.tokens.paragraphs.last()?;
        let hour = (line.from..line.to).any(|at| {
            matches!(
                self.lower(at),
                "gmt" | "utc" | "est" | "edt" | "cet" | "msk"
            )
        });
        let short = line.to - line.from <= 12;
        self.dates_in(*line)
            .find(|(_, date)| full_day(date) && hour && short)
            .map(|(index, _)| index)
    }

    /// A masthead of two lines: the name stands alone above the line of numbers and day.
    pub(super) fn name_above(&self, kinds: &mut [&'static str], header: &mut Header) {
        if header.title.is_some() {
            return;
        }
        let Some(place) = kinds.iter().position(|kind| *kind == "header") else {
            return;
        };
        let Some(above) = place
            .checked_sub(1)
            .filter(|above| kinds[*above] == "headline")
        else {
            return;
        };
        let (at, line) = (self.tokens.paragraphs[above], self.tokens.paragraphs[place]);
        let first = kinds
            .iter()
            .take(above)
            .all(|kind| matches!(*kind, "boilerplate" | "header"));
        let named =
            (at.from..at.to).any(|place| self.tokens.is(self.words, place, "serial", "mastheads"));
        let numbered = (line.from..line.to).any(|place| self.number_of(place, line.to).is_some());
        let speaks = (at.from..at.to).any(|place| {
            matches!(
                self.tokens.all[place].class,
                crate::gazetteer::words::Class::Verb(..)
                    | crate::gazetteer::words::Class::Be
                    | crate::gazetteer::words::Class::Have
                    | crate::gazetteer::words::Class::Modal
            )
        });
        if self.keyed(line) || !first || at.to - at.from > 9 || !(named || (numbered && !speaks)) {
            return;
        }
        header.title = self.clean_title(at.from, at.to);
        if header.title.is_some() {
            kinds[above] = "header";
        }
    }

    /// Lines that stand in one block with a line of the header, above it or with a colon below it, are of the header too.
    pub(super) fn one_block(&self, kinds: &mut [&'static str], header: &mut Header) {
        let touching = |first: usize| -> bool {
            let (Some(a), Some(b)) = (
                self.tokens.paragraphs.get(first),
                self.tokens.paragraphs.get(first + 1),
            ) else {
                return false;
            };
            let (_, from) = self.tokens.bytes(*a);
            let (to, _) = self.tokens.bytes(*b);
            self.page
                .folded
                .get(from..to)
                .is_some_and(|between| between.matches('\n').count() <= 1)
        };
        let begun = kinds
            .iter()
            .position(|kind| *kind == "body")
            .unwrap_or(kinds.len());
        let Some(first) = kinds.iter().take(begun).position(|kind| *kind == "header") else {
            return;
        };
        let mut above = first;
        while above > 0 && kinds[above - 1] == "headline" && touching(above - 1) {
            above -= 1;
            kinds[above] = "header";
        }
        for place in (above..first).rev() {
            self.fields(self.tokens.paragraphs[place], header, true);
        }
        if header.title.is_none() && above < first {
            let line = self.tokens.paragraphs[above];
            header.title = self.clean_title(line.from, line.to);
        }
        let mut below = first;
        while below + 1 < begun
            && touching(below)
            && (kinds[below + 1] == "header"
                || (kinds[below + 1] == "headline" && {
                    let line = self.tokens.paragraphs[below + 1];
                    (line.from + 1..line.to.min(line.from + 4)).any(|at| self.lower(at) == ":")
                }))
        {
            below += 1;
            kinds[below] = "header";
        }
    }

    /// `Publication: ... Volume: 4 Issue: 11`, `From: ...`.
    pub(super) fn keyed(&self, at: Stretch) -> bool {
        (1..=3).any(|words| {
            let colon = at.from + words;
            colon < at.to
                && self.lower(colon) == ":"
                && self
                    .words
                    .is("serial", "headers", &self.joined(at.from, colon))
        })
    }

    /// Whether a line prints both a number of the issue and a whole day, as a masthead does.
    pub(super) fn numbered_and_dated(&self, at: Stretch) -> bool {
        self.masthead(at)
            && (at.from..at.to).any(|place| self.number_of(place, at.to).is_some())
            && self.dates_in(at).any(|(_, date)| full_day(date))
    }

    /// Whether a word of a line is a verb that tells something.
    fn speaks(&self, at: Stretch, nouns: bool) -> bool {
        (at.from..at.to).any(|place| {
            use crate::gazetteer::words::{Class, Form};
            let noun = |form| matches!(form, Form::Base | Form::Third);
            // `press briefing` is a thing, whatever else the line says.
            let being = place > at.from && self.tokens.all[place - 1].class == Class::Be;
            let speaks = match self.tokens.all[place].class {
                Class::Verb(_, Form::Ing) => being,
                Class::Verb(_, form) => !(nouns && noun(form)),
                Class::Be | Class::Have | Class::Modal => true,
                _ => false,
            };
            speaks && !self.tokens.all[place].capital
        })
    }

    /// A line without a verb that does not end as a sentence or a salutation does.
    pub(super) fn bare_line(&self, at: Stretch) -> bool {
        let last = self.lower(at.to - 1);
        let opens = matches!(self.lower(at.from), "[" | "*" | "\"") || self.known_mark(at.from);
        !opens
            && !matches!(last, "." | "?" | "!" | "\"" | "," | ":" | ";")
            && !self.speaks(at, true)
            && self.lower(at.from) != "("
    }

    /// A bullet or the number of a paragraph.
    fn known_mark(&self, at: usize) -> bool {
        matches!(self.lower(at), "—" | "-" | "•" | "·" | "+")
            || (self.tokens.all[at].shape == Shape::Number && self.lower(at + 1) == ".")
    }

    /// Lines above the text that print a whole day, a month with its year, or a day without one: the header's, if no other is.
    pub(super) fn head_lines(&self, kinds: &mut [&'static str], header: &mut Header) {
        if header.date.is_some() {
            return;
        }
        let begun = kinds
            .iter()
            .position(|kind| *kind == "body")
            .unwrap_or(kinds.len());
        let lines = || {
            self.tokens
                .paragraphs
                .iter()
                .enumerate()
                .take(begun)
                .filter(|(place, line)| {
                    matches!(kinds[*place], "headline" | "header")
                        && line.to - line.from <= 24
                        && !self.speaks(**line, false)
                })
        };
        let whole = lines().find_map(|(place, line)| {
            self.dates_in(*line)
                .find(|(_, date)| full_day(date))
                .map(|(index, _)| (place, index))
        });
        if let Some((place, index)) = whole {
            header.date = Some(index);
            kinds[place] = "header";
            return;
        }
        let rough = lines().find_map(|(place, line)| {
            self.dates_in(*line)
                .find(|(_, date)| {
                    let before = date.from.checked_sub(1).filter(|at| *at >= line.from);
                    let told = before.is_some_and(|at| {
                        matches!(
                            self.lower(at),
                            "in" | "of" | "since" | "for" | "by" | "on" | "until" | "to" | "from"
                        )
                    });
                    let alone =
                        date.to == line.to || date.from == line.from || self.wide(date.from);
                    !told
                        && alone
                        && matches!(
                            date.expr,
                            Expr::Month { year: Some(_), .. } | Expr::Day { year: None, .. }
                        )
                })
                .map(|(index, _)| (place, index))
        });
        if let Some((place, index)) = rough {
            header.rough = Some(index);
            kinds[place] = "header";
        }
    }

    /// Whether a wide gap stands before a token: a column of its own.
    fn wide(&self, at: usize) -> bool {
        let (Some(before), Some(own)) = (
            at.checked_sub(1).and_then(|at| self.tokens.all.get(at)),
            self.tokens.all.get(at),
        ) else {
            return true;
        };
        own.start > before.end + 2
    }

    /// A short line without a verb that names a volume, an issue or a full day.
    pub(super) fn masthead(&self, at: Stretch) -> bool {
        let numbered = (at.from..at.to).any(|place| self.number_of(place, at.to).is_some());
        let dated = self.dates_in(at).any(|(_, date)| full_day(date));
        // `RURITANIA, 5 May — The cabinet ...` goes on in small letters; a masthead with a dash does not.
        let dash = (at.from + 1..at.to).find(|place| self.lower(*place) == "—");
        let small = dash.map_or(0, |dash| {
            (dash + 1..at.to)
                .filter(|place| {
                    let token = self.tokens.all[*place];
                    token.shape == Shape::Word && !token.capital && token.end > token.start + 2
                })
                .count()
        });
        let dateline = at.to - at.from > 14 && small > 3;
        if dateline && !numbered {
            return false;
        }
        let last = self.lower(at.to - 1);
        // A sentence may close with its sources in a bracket.
        let bracketed = matches!(last, ")" | "]") && at.to - at.from > 24;
        let sentence = (bracketed || matches!(last, "." | "?" | "!"))
            && at.to - at.from > if numbered && dated { 24 } else { 14 };
        // `Weekly notes no. 212, 22 October 2012`: with number and day, a word that may be a noun is one.
        let verb = self.speaks(at, numbered && dated);
        (numbered || dated) && !sentence && !verb
    }

    /// Whether two digits can be the year: that of the full day in the same line, if there is one.
    fn agrees(&self, short: u32, (from, end): (usize, usize)) -> bool {
        let day = Stretch {
            from: from.saturating_sub(12),
            to: end,
        };
        self.dates_in(day).all(|(_, date)| match date.expr {
            Expr::Day {
                year: Some(year), ..
            } => u32::try_from(year % 100).is_ok_and(|own| own == short),
            _ => true,
        })
    }

    /// The number behind `Vol.`, `Issue:`, `No.`, with the place behind it.
    fn number_of(&self, at: usize, end: usize) -> Option<(bool, u32, usize)> {
        let word = self.lower(at);
        let volume = self.words.is("serial", "volume", word);
        let sign = matches!(word, "#" | "№")
            || (matches!(word, "n" | "nr" | "no") && matches!(self.lower(at + 1), "°" | "º"));
        if !volume && !sign && !self.words.is("serial", "issue", word) {
            return None;
        }
        let mut next = at + 1;
        while next < end && matches!(self.lower(next), ":" | "." | "#" | "№" | "no" | "°" | "º")
        {
            next += 1;
        }
        let number = self.number(next)?;
        if next >= end || (volume && number >= 1900 && self.lower(next).len() == 4) {
            return None;
        }
        // `No 74/99` and `Issue 2009/11`: the year beside the number says nothing new.
        if let Some((number, behind)) = self.paired(next, end) {
            return Some((volume, number, behind));
        }
        let touching = (next + 1..next + 3).all(|place| {
            self.tokens
                .all
                .get(place)
                .is_some_and(|token| !token.spaced)
        });
        if touching
            && self.lower(next + 1) == "/"
            && self.number(next + 2).is_some()
            && next + 2 < end
        {
            return Some((true, number, next + 1));
        }
        (number < 100_000).then_some((volume, number, next + 1))
    }

    fn number(&self, at: usize) -> Option<u32> {
        self.lower(at)
            .parse()
            .ok()
            .or_else(|| roman(self.folded(at)))
    }

    /// The number of `74/99`, `5/2011` and `2009/11`, where one side is a year; and the place behind.
    fn paired(&self, at: usize, end: usize) -> Option<(u32, usize)> {
        if at + 2 >= end || self.lower(at + 1) != "/" || self.lower(at + 3) == "/" {
            return None;
        }
        let (first, second) = (self.number(at)?, self.number(at + 2)?);
        let year = |number: u32, text: &str| match text.len() {
            4 => (1900..2100).contains(&number),
            2 => !(30..60).contains(&number) && self.agrees(number, (at, end)),
            _ => false,
        };
        if year(first, self.lower(at)) && self.lower(at).len() == 4 {
            Some((second, at + 3))
        } else if year(second, self.lower(at + 2)) {
            Some((first, at + 3))
        } else {
            None
        }
    }

    pub(super) fn fields(&self, at: Stretch, header: &mut Header, body_begun: bool) {
        let mut first_field = at.to;
        let mut place = at.from;
        while place < at.to {
            if let Some((volume, number, next)) = self.number_of(place, at.to) {
                let slot = if volume {
                    &mut header.volume
                } else {
                    &mut header.issue
                };
                slot.get_or_insert(number);
                first_field = first_field.min(place);
                place = next;
            } else if header.volume.is_some()
                && header.issue.is_none()
                && self.lower(place) == "/"
                && place > at.from + 1
                && let Some(number) = self.number(place + 1)
                && self.number(place - 1) == header.volume
            {
                header.issue = Some(number);
                place += 2;
            } else {
                place += 1;
            }
        }
        let numbered = header.issue.is_some();
        if !numbered && !self.keyed(at) {
            let bare = (at.from + 1..at.to).find_map(|place| {
                let plain = self.number(place).is_some() && self.lower(place + 1) == "/";
                plain
                    .then(|| self.paired(place, at.to))
                    .flatten()
                    .map(|own| (place, own.0))
            });
            if let Some((place, number)) = bare
                && !self
                    .dates_in(at)
                    .any(|(_, date)| date.from <= place && place < date.to)
            {
                header.issue = Some(number);
                first_field = first_field.min(place);
            }
        }
        for (index, date) in self.dates_in(at) {
            if full_day(date) && header.date.is_none() && !body_begun {
                header.date = Some(index);
            }
            first_field = first_field.min(date.from);
        }
        if header.title.is_none() {
            header.title = self.title(at, first_field);
        }
    }

    /// The words behind `Publication:`, or before the first number of a masthead.
    pub(super) fn title(&self, at: Stretch, first_field: usize) -> Option<String> {
        let key = (at.from..at.to).find(|place| {
            self.lower(place + 1) == ":"
                && self.tokens.is(self.words, *place, "serial", "publication")
        });
        let from = match key {
            Some(key) => key + 2,
            None if self.keyed(at) => return None,
            None => at.from,
        };
        let mut to = first_field.max(from);
        if first_field == at.to && key.is_none() {
            return None;
        }
        while to > from && self.tokens.all[to - 1].shape == Shape::Mark {
            to -= 1;
        }
        if key.is_none() {
            // `PRESS REVIEW, Ministry of ...` and `Brief (weekly)`: the name ends there.
            to = (from + 1..to)
                .find(|place| matches!(self.lower(*place), "," | "(" | "|" | "—" | ";"))
                .unwrap_or(to);
            let cover = (from..to)
                .find(|place| self.lower(*place) == "week" && self.lower(place + 1) == "of");
            to = cover.unwrap_or(to);
        }
        self.clean_title(from, to)
    }

    fn clean_title(&self, from: usize, to: usize) -> Option<String> {
        let text = self.text(Stretch { from, to });
        let clean = text.trim_matches(|piece: char| !piece.is_alphanumeric());
        let lettered = clean.chars().any(char::is_alphabetic);
        (to > from && lettered && clean.len() > 1 && clean.len() < 90).then(|| clean.to_owned())
    }

    /// `MOSCOW, May 5 (Itar-Tass) -- ...`
    pub(super) fn dateline(&self, at: Stretch, header: &mut Header) {
        let first = self.folded(at.from);
        let shouted = first.len() > 2
            && first
                .chars()
                .all(|piece| piece.is_uppercase() || piece == '.');
        let limit = (at.from + 16).min(at.to);
        let dash = (at.from + 1..limit).find(|place| matches!(self.lower(*place), "—" | "-"));
        header.wire = shouted && dash.is_some();
        let Some(dash) = dash else { return };
        let head = Stretch {
            from: at.from,
            to: dash,
        };
        let placed = shouted || self.lower(dash.saturating_sub(1)) == ")";
        if placed {
            header.dateline = self
                .dates_in(head)
                .find(|(_, date)| matches!(date.expr, Expr::Day { .. }))
                .map(|(index, _)| index);
        }
    }
}

pub(super) fn full_day(date: &Found) -> bool {
    matches!(date.expr, Expr::Day { year: Some(_), .. })
}

/// A number in Roman capitals.
pub(crate) fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    let value = |piece: char| match piece {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        _ => None,
    };
    let values: Vec<u32> = text.chars().map(value).collect::<Option<_>>()?;
    let mut total = 0_i64;
    for (place, own) in values.iter().enumerate() {
        let next = values.get(place + 1).copied().unwrap_or(0);
        let own = i64::from(*own);
        total += if own < i64::from(next) { -own } else { own };
    }
    u32::try_from(total).ok().filter(|total| *total > 0)
}
