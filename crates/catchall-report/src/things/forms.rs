//! Instruments told by their form: a kind of act with its day, its name or its maker.

use super::Thing;
use crate::dates::{Expr, Found as DateFound, Value};
use crate::gazetteer::Gazetteers;
use crate::gazetteer::words::Class;
use crate::page::Page;
use crate::parties::slug;
use crate::tokens::{Shape, Stretch, Tokens};

/// Kinds of instrument that a word tells, the first that fits.
pub(super) const KINDS: [&str; 7] = [
    "treaty",
    "law",
    "bill",
    "decree",
    "order",
    "agreement",
    "contract",
];

pub(super) struct Forms<'a> {
    /// The lists of all kinds.
    pub(super) kinds: crate::gazetteer::Mask,
    pub(super) page: &'a Page,
    pub(super) tokens: &'a Tokens,
    pub(super) words: &'a Gazetteers,
    pub(super) dates: &'a [DateFound],
    pub(super) values: &'a [Option<Value>],
}

impl Forms<'_> {
    #[inline]
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    pub(super) fn kind(&self, at: usize) -> Option<&'static str> {
        if !self.tokens.any(self.words, at, self.kinds) || self.lower(at).len() < 3 {
            return None;
        }
        KINDS
            .into_iter()
            .find(|kind| self.tokens.is(self.words, at, "instrument", kind))
    }

    fn date_at(&self, token: usize) -> Option<(usize, &DateFound)> {
        let index = self.dates.partition_point(|date| date.to <= token);
        self.dates
            .get(index)
            .filter(|date| date.from <= token)
            .map(|date| (index, date))
    }

    fn iso(&self, index: usize) -> Option<String> {
        self.values
            .get(index)
            .copied()
            .flatten()
            .map(|value| value.iso())
    }

    /// `1995 agreement`, `1995 Russian-U.S. agreement`, `agreement of 12 May 1994`, `pact signed in 1990`.
    pub(super) fn dated(&self, at: usize, kind: &str) -> Option<(Stretch, Option<String>)> {
        // A communique or a declaration of some day is a paper, unless it is a thing with a name.
        let paper =
            matches!(self.lower(at), "communique" | "declaration") && !self.tokens.all[at].capital;
        if matches!(kind, "bill") || paper {
            return None;
        }
        let mut from = at;
        for _ in 0..7 {
            let Some(before) = from.checked_sub(1) else {
                break;
            };
            let token = self.tokens.all[before];
            let word = self.lower(before);
            if let Some((index, date)) = self.date_at(before) {
                if matches!(
                    date.expr,
                    Expr::Year { .. }
                        | Expr::Month { year: Some(_), .. }
                        | Expr::Day { .. }
                        | Expr::Before(_)
                ) {
                    let informal = date.from > 0
                        && matches!(
                            self.lower(date.from - 1),
                            "informal" | "secret" | "landmark"
                        );
                    return Some((
                        Stretch {
                            from: date.from - usize::from(informal),
                            to: at + 1,
                        },
                        self.iso(index),
                    ));
                }
                return None;
            }
            let adjective = token.shape == Shape::Word
                && matches!(token.class, Class::None | Class::Noun(_))
                || matches!(word, "-");
            if !adjective {
                break;
            }
            from = before;
        }
        let behind = matches!(
            self.lower(at + 1),
            "of" | "in" | "from" | "signed" | "dated" | "concluded" | "reached"
        );
        // `signed in Washington in May 1994`.
        let placed = self.lower(at + 1) == "signed"
            && matches!(self.lower(at + 2), "in" | "at")
            && self.tokens.all.get(at + 3).is_some_and(|own| own.capital)
            && self.date_at(at + 3).is_none()
            && matches!(self.lower(at + 4), "in" | "on");
        let at_hand = if placed { at + 2 } else { at };
        let place = at_hand + 2 + usize::from(matches!(self.lower(at_hand + 2), "in" | "on"));
        let (index, date) = self.date_at(place).filter(|_| behind)?;
        matches!(
            date.expr,
            Expr::Year { .. } | Expr::Month { .. } | Expr::Day { .. }
        )
        .then(|| {
            (
                Stretch {
                    from: at,
                    to: date.to,
                },
                self.iso(index),
            )
        })
    }

    /// `Export Restraint Act`, `Decree No. 41`, `Resolution 1234`, `Treaty of Lisbon`.
    pub(super) fn named(&self, at: usize, kind: &str) -> Option<(Stretch, Option<String>)> {
        if self.words.given(self.tokens.text(&self.page.folded, at)) {
            return None;
        }
        let mut number = at + 1;
        // `Regulation (EC) No 3381/94`.
        if self.lower(number) == "(" && self.lower(number + 2) == ")" {
            number += 3;
        }
        while matches!(self.lower(number), "no" | "number" | "." | "№" | "#") {
            number += 1;
        }
        let numbered = self
            .tokens
            .all
            .get(number)
            .is_some_and(|token| token.shape == Shape::Number)
            && (number > at + 1 || matches!(kind, "order" | "decree" | "law"));
        if numbered
            && !self.lower(number).is_empty()
            && self
                .date_at(number)
                .is_none_or(|(_, date)| matches!(date.expr, Expr::Year { .. }) && number > at + 1)
        {
            let close = |place: usize| {
                self.tokens
                    .all
                    .get(place)
                    .is_some_and(|token| !token.spaced)
            };
            let slashed = self.lower(number + 1) == "/"
                && close(number + 1)
                && close(number + 2)
                && self
                    .tokens
                    .all
                    .get(number + 2)
                    .is_some_and(|token| token.shape == Shape::Number);
            return Some((
                Stretch {
                    from: at,
                    to: number + 1 + 2 * usize::from(slashed),
                },
                None,
            ));
        }
        if !self.tokens.all[at].capital {
            return None;
        }
        let mut from = at;
        while let Some(before) = from.checked_sub(1) {
            let token = self.tokens.all[before];
            let joins = matches!(
                self.lower(before),
                "and" | "on" | "of" | "-" | "for" | "the"
            ) && before > 0
                && self.tokens.all[before - 1].capital
                && from < at;
            let capital = token.capital
                && token.shape == Shape::Word
                && !matches!(
                    token.class,
                    Class::Article | Class::Preposition | Class::Pronoun | Class::Subordinate
                );
            if !(capital || joins) || at - before > 8 {
                break;
            }
            from = before;
        }
        while from < at && !self.tokens.all[from].capital {
            from += 1;
        }
        let mut to = at + 1;
        if matches!(self.lower(to), "of" | "on")
            && self
                .tokens
                .all
                .get(to + 1)
                .is_some_and(|next| next.capital || next.shape == Shape::Number)
        {
            to += 2;
            while self.tokens.all.get(to).is_some_and(|token| token.capital)
                || (matches!(self.lower(to), "and" | "of")
                    && self.tokens.all.get(to + 1).is_some_and(|next| next.capital))
            {
                to += 1;
            }
        }
        (at - from >= 1 || to > at + 1).then_some((Stretch { from, to }, None))
    }

    /// `order issued by X`, `X's decree`, `a similar order`, `pair of understandings`, `framework agreements`.
    pub(super) fn made(&self, at: usize, kind: &str) -> Option<(Stretch, Option<String>)> {
        let before = if at > 0 { self.lower(at - 1) } else { "" };
        let behind = (self.lower(at + 1), self.lower(at + 2));
        if matches!(kind, "order" | "decree")
            && matches!(behind.0, "issued" | "signed")
            && behind.1 == "by"
        {
            let mut to = at + 3;
            while to < at + 7 && self.tokens.all.get(to).is_some_and(|token| token.capital) {
                to += 1;
            }
            return (to > at + 3).then_some((Stretch { from: at, to }, None));
        }
        if before == "'s"
            && at > 1
            && self.tokens.all[at - 2].capital
            && matches!(kind, "order" | "decree" | "law" | "bill")
            && self.lower(at) != "ban"
        {
            return Some((
                Stretch {
                    from: at - 2,
                    to: at + 1,
                },
                None,
            ));
        }
        if before == "similar" && matches!(kind, "order" | "decree") {
            return Some((
                Stretch {
                    from: at - 1,
                    to: at + 1,
                },
                None,
            ));
        }
        if before == "of"
            && at > 1
            && matches!(self.lower(at - 2), "pair" | "set" | "series" | "memorandum")
        {
            return Some((
                Stretch {
                    from: at - 2,
                    to: at + 1,
                },
                None,
            ));
        }
        if before == "framework" {
            return Some((
                Stretch {
                    from: at - 1,
                    to: at + 1,
                },
                None,
            ));
        }
        None
    }

    /// `the European Union arms embargo`, `the convention banning mines`, `a nuclear cooperation accord`, `the Russian-Iranian agreement`,
    /// `a presidential decree`: told by what it is about, or whose it is.
    pub(super) fn described(&self, at: usize, kind: &str) -> Option<(Stretch, Option<String>)> {
        let (before, word) = (at.checked_sub(1)?, self.lower(at));
        let lead = self.lower(before);
        let is = |place: usize, list: &str| self.tokens.is(self.words, place, "instrument", list);
        let behind = self.lower(at + 1);
        if is(at, "barring") && is(before, "barred") {
            let from = self.capitals(before);
            return (from < before).then_some((Stretch { from, to: at + 1 }, None));
        }
        let treaty = kind == "treaty" && lead == "the" && !self.tokens.all[at].capital;
        if treaty && (is(at + 1, "banning") || behind == "on" || behind == "against") {
            let mut to = at + 2;
            while to < at + 6
                && self.tokens.all.get(to).is_some_and(|token| {
                    token.shape == Shape::Word
                        && matches!(token.class, Class::None | Class::Noun(_))
                })
            {
                to += 1;
            }
            return (to > at + 2).then_some((Stretch { from: at, to }, None));
        }
        let agreed = kind == "agreement" && !matches!(word, "deal" | "arrangement" | "declaration");
        if agreed && matches!(lead, "cooperation" | "co-operation") {
            let mut from = before;
            while from > 0
                && from + 3 > before
                && self.tokens.all[from - 1].shape == Shape::Word
                && self.tokens.all[from - 1].class == Class::None
            {
                from -= 1;
            }
            return Some((Stretch { from, to: at + 1 }, None));
        }
        if matches!(kind, "decree" | "order") && is(before, "makers") && word != "ban" {
            return Some((
                Stretch {
                    from: before,
                    to: at + 1,
                },
                None,
            ));
        }
        None
    }

    /// Where the capitalised words right before a token begin.
    fn capitals(&self, at: usize) -> usize {
        let mut from = at;
        while from > 0 && at - from < 4 {
            let token = self.tokens.all[from - 1];
            let name = token.capital
                && token.shape == Shape::Word
                && !matches!(token.class, Class::Article | Class::Preposition);
            if !name {
                break;
            }
            from -= 1;
        }
        from
    }

    /// An instrument of the same kind and year is the same one; a dated agreement between known parties may be in the gazetteer.
    pub(super) fn identity(
        &self,
        text: &str,
        kind: &str,
        date: Option<&str>,
        things: &[Thing],
    ) -> (String, String) {
        let year = date
            .filter(|date| !date.starts_with(".."))
            .map(|date| date.chars().take(4).collect::<String>());
        if let Some(year) = &year {
            let own = things.iter().find(|thing| {
                thing.kind == kind
                    && thing
                        .date
                        .as_deref()
                        .is_some_and(|date| date.starts_with(year.as_str()))
            });
            if let Some(own) = own {
                return (own.id.clone(), own.name.clone());
            }
        }
        let name = match &year {
            Some(year) if !text.contains(year.as_str()) => format!("{text} ({year})"),
            _ => text.to_owned(),
        };
        (slug(&name), name)
    }
}
