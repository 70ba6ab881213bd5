//! Parts of the page: header, headline, body, what belongs to the next item, boilerplate; and the fields of the header.
//!
//! Works on paragraphs and their form. Knows no publication by name: titles come from the header itself.

use crate::dates::{Expr, Found};
use crate::gazetteer::Gazetteers;
use crate::page::Page;
use crate::tokens::{Shape, Stretch, Tokens};

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// `header`, `headline`, `body` and so on.
    pub kind: &'static str,
    /// Its tokens.
    pub at: Stretch,
}

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Title of the publication.
    pub title: Option<String>,
    /// Volume.
    pub volume: Option<u32>,
    /// Issue.
    pub issue: Option<u32>,
    /// Index of the date found that is the publication's own.
    pub date: Option<usize>,
    /// Index of the date of the dateline.
    pub dateline: Option<usize>,
    /// Whether the body begins with a place in capitals.
    pub wire: bool,
}

/// The page in parts.
#[derive(Debug, Default)]
pub struct Parts {
    /// In order.
    pub all: Vec<Part>,
    /// The header's fields.
    pub header: Header,
}

impl Parts {
    /// The kind of part that a token stands in.
    #[must_use]
    pub fn kind_at(&self, token: usize) -> &'static str {
        let index = self.all.partition_point(|part| part.at.to <= token);
        self.all
            .get(index)
            .filter(|part| part.at.from <= token)
            .map_or("", |part| part.kind)
    }

    /// Whether the token stands in text to be read for statements.
    #[must_use]
    pub fn is_body(&self, token: usize) -> bool {
        matches!(self.kind_at(token), "body" | "second_story")
    }
}

struct Reader<'a> {
    page: &'a Page,
    tokens: &'a Tokens,
    words: &'a Gazetteers,
    dates: &'a [Found],
}

/// Cuts the page into its parts.
#[must_use]
pub fn parts(page: &Page, tokens: &Tokens, words: &Gazetteers, dates: &[Found]) -> Parts {
    let reader = Reader {
        page,
        tokens,
        words,
        dates,
    };
    let mut kinds: Vec<&'static str> = Vec::with_capacity(tokens.paragraphs.len());
    let mut header = Header::default();
    let mut body_begun = false;
    for paragraph in &tokens.paragraphs {
        let kind = reader.kind(*paragraph, body_begun, &mut header);
        body_begun |= kind == "body" && !reader.byline(*paragraph);
        kinds.push(kind);
    }
    settle(&mut kinds);
    reader.name_above(&mut kinds, &mut header);
    reader.one_block(&mut kinds, &mut header);
    if header.date.is_none() {
        header.date = reader.stamp(&kinds);
    }
    reader.running_heads(&mut kinds, &header);
    let mut all: Vec<Part> = Vec::new();
    for (paragraph, kind) in tokens.paragraphs.iter().zip(&kinds) {
        match all.last_mut() {
            Some(last)
                if last.kind == *kind && matches!(*kind, "body" | "second_story" | "header") =>
            {
                last.at.to = paragraph.to;
            }
            _ => all.push(Part {
                kind,
                at: *paragraph,
            }),
        }
    }
    reader.split_tail(&mut all);
    let first_body = all.iter().find(|part| part.kind == "body").copied();
    if let Some(part) = first_body {
        reader.dateline(part.at, &mut header);
    }
    Parts { all, header }
}

/// A headline behind the body belongs to the next item; with a body behind it, that is a second story.
fn settle(kinds: &mut [&'static str]) {
    let Some(first) = kinds.iter().position(|kind| *kind == "body") else {
        if let Some(kind) = kinds.iter_mut().find(|kind| **kind == "headline") {
            *kind = "body";
        }
        return;
    };
    let last = kinds
        .iter()
        .rposition(|kind| *kind == "body")
        .unwrap_or(first);
    for kind in kinds.iter_mut().skip(last + 1) {
        if *kind == "headline" {
            *kind = "next_headline";
        }
    }
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn folded(&self, at: usize) -> &str {
        self.tokens.text(&self.page.folded, at)
    }

    fn text(&self, at: Stretch) -> &str {
        let (from, to) = self.tokens.bytes(at);
        self.page.folded.get(from..to).unwrap_or_default()
    }

    fn kind(&self, at: Stretch, body_begun: bool, header: &mut Header) -> &'static str {
        let length = at.to - at.from;
        if length <= 60 && self.boilerplate(at) {
            return "boilerplate";
        }
        let source = matches!(self.lower(at.from), "source" | "sources" | "источник")
            && self.lower(at.from + 1) == ":";
        if body_begun && source {
            return "body";
        }
        let keyed = self.keyed(at);
        if (keyed || (!body_begun && length <= 40 && self.masthead(at))) && length <= 120 {
            self.fields(at, header, body_begun);
            return "header";
        }
        if length <= 30 && !self.byline(at) && !self.note(at) && self.headline(at) {
            return "headline";
        }
        "body"
    }

    /// `Published: Tue 9 May 2006` among the boilerplate of a web page; never when it was updated or fetched.
    fn stamp(&self, kinds: &[&'static str]) -> Option<usize> {
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
        self.slug()
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
    fn name_above(&self, kinds: &mut [&'static str], header: &mut Header) {
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

    /// `By Ann Author`, `From B. WRITER in Ruritania`: who wrote it, and no headline.
    fn byline(&self, at: Stretch) -> bool {
        at.to - at.from <= 9
            && matches!(self.lower(at.from), "by" | "from")
            && self.tokens.all.get(at.from + 1).is_some_and(|next| {
                next.capital && next.shape == Shape::Word && at.from + 1 < at.to
            })
            && self.dates_in(at).next().is_none()
    }

    /// `3. Gulf Herald, 18 February 2014.`: a note, told by its number and its day.
    fn note(&self, at: Stretch) -> bool {
        let numbered = self.tokens.all[at.from].shape == Shape::Number
            || (matches!(self.lower(at.from), "[" | "(")
                && self
                    .tokens
                    .all
                    .get(at.from + 1)
                    .is_some_and(|next| next.shape == Shape::Number));
        let heads = matches!(self.lower(at.from), "notes" | "sources" | "endnotes");
        (numbered || heads)
            && self
                .dates_in(at)
                .any(|(_, date)| full_day(date) && date.from > at.from)
    }

    /// Lines that stand in one block with a line of the header, above it or with a colon below it, are of the header too.
    fn one_block(&self, kinds: &mut [&'static str], header: &mut Header) {
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

    /// A line at the head of a page of print: the name of the paper and a page number, in the midst of the text.
    fn running_heads(&self, kinds: &mut [&'static str], header: &Header) {
        let Some(title) = header.title.as_deref() else {
            return;
        };
        let title = title.to_lowercase();
        let mut begun = false;
        for (paragraph, kind) in self.tokens.paragraphs.iter().zip(kinds.iter_mut()) {
            if begun && paragraph.to - paragraph.from <= 14 && *kind != "header" {
                let (from, to) = self.tokens.bytes(*paragraph);
                let text = self.page.lower.get(from..to).unwrap_or_default();
                let rest = text.replace(&title, "");
                let bare = rest
                    .split_whitespace()
                    .all(|word| word == "page" || !word.chars().any(char::is_alphabetic));
                if rest.len() < text.len() && bare {
                    *kind = "boilerplate";
                }
            }
            begun |= *kind == "body";
        }
    }

    /// Phrases of web pages and mailings, and lines that are only an address.
    fn boilerplate(&self, at: Stretch) -> bool {
        let (from, to) = self.tokens.bytes(at);
        let text = self.page.lower.get(from..to).unwrap_or_default();
        let Some(phrases) = self.words.lists("serial", "boilerplate") else {
            return false;
        };
        let rule = text
            .chars()
            .all(|piece| !piece.is_alphanumeric() || piece.is_ascii_digit());
        let short = text.len() < 220;
        rule || (short && phrases.keys().any(|phrase| text.contains(phrase.as_str())))
    }

    /// `Publication: ... Volume: 4 Issue: 11`, `From: ...`.
    fn keyed(&self, at: Stretch) -> bool {
        (1..=3).any(|words| {
            let colon = at.from + words;
            colon < at.to
                && self.lower(colon) == ":"
                && self
                    .words
                    .is("serial", "headers", &self.joined(at.from, colon))
        })
    }

    fn joined(&self, from: usize, to: usize) -> String {
        (from..to)
            .map(|at| self.lower(at))
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" - ", "-")
    }

    /// A short line without a verb that names a volume, an issue or a full day.
    fn masthead(&self, at: Stretch) -> bool {
        let numbered = (at.from..at.to).any(|place| self.number_of(place, at.to).is_some());
        let dated = self.dates_in(at).any(|(_, date)| full_day(date));
        let dateline =
            at.to - at.from > 14 && (at.from + 1..at.to).any(|place| self.lower(place) == "—");
        if dateline && !numbered {
            return false;
        }
        let last = self.lower(at.to - 1);
        let sentence = matches!(last, "." | "?" | "!") && at.to - at.from > 14;
        // `Weekly notes no. 212, 22 October 2012`: with number and day, a word that may be a noun is one.
        let verb = (at.from..at.to).any(|place| {
            use crate::gazetteer::words::{Class, Form};
            let noun = |form| matches!(form, Form::Base | Form::Third);
            let speaks = match self.tokens.all[place].class {
                Class::Verb(_, form) => !(numbered && dated && noun(form)),
                Class::Be | Class::Have | Class::Modal => true,
                _ => false,
            };
            speaks && !self.tokens.all[place].capital
        });
        (numbered || dated) && !sentence && !verb
    }

    fn dates_in(&self, at: Stretch) -> impl Iterator<Item = (usize, &Found)> {
        let first = self.dates.partition_point(|date| date.from < at.from);
        self.dates
            .iter()
            .enumerate()
            .skip(first)
            .take_while(move |(_, date)| date.from < at.to)
    }

    /// The number behind `Vol.`, `Issue:`, `No.`, with the place behind it.
    fn number_of(&self, at: usize, end: usize) -> Option<(bool, u32, usize)> {
        let word = self.lower(at);
        let volume = self.words.is("serial", "volume", word);
        let sign = matches!(word, "#" | "№");
        if !volume && !sign && !self.words.is("serial", "issue", word) {
            return None;
        }
        let mut next = at + 1;
        while next < end && matches!(self.lower(next), ":" | "." | "#" | "№" | "no") {
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

    fn fields(&self, at: Stretch, header: &mut Header, body_begun: bool) {
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
    fn title(&self, at: Stretch, first_field: usize) -> Option<String> {
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

    /// A short paragraph that is no sentence: capitals throughout, or no point at its end and most words with a capital.
    fn headline(&self, at: Stretch) -> bool {
        let text = self.text(at);
        let letters = text.chars().filter(|piece| piece.is_alphabetic()).count();
        let capitals = text.chars().filter(|piece| piece.is_uppercase()).count();
        if letters == 0 {
            return false;
        }
        if capitals * 10 > letters * 8 {
            return true;
        }
        let long: Vec<usize> = (at.from..at.to)
            .filter(|place| {
                self.tokens.all[*place].shape == Shape::Word && self.lower(*place).len() > 3
            })
            .collect();
        let titled = long
            .iter()
            .filter(|place| self.tokens.all[**place].capital)
            .count();
        let last = self.lower(at.to - 1);
        let open = !matches!(last, "." | "!" | ")" | "]" | "\"" | ":" | ";" | ",");
        let bracketed = (at.from..at.to).any(|place| matches!(self.lower(place), "(" | "["));
        let mostly = titled * 10 >= long.len() * 8 && long.len() >= 3;
        (mostly && !bracketed) || (open && at.to - at.from <= 16 && !bracketed && last != "?")
    }

    /// A heading glued to the end of the last body paragraph, such as `... March 17).NEW HEADLINE`.
    fn split_tail(&self, all: &mut Vec<Part>) {
        let Some(index) = all.iter().rposition(|part| part.kind == "body") else {
            return;
        };
        let at = all[index].at;
        let cut = (at.from + 8..at.to.saturating_sub(2))
            .rev()
            .take(40)
            .find(|place| {
                matches!(self.lower(*place), "." | ")" | "?" | "!" | "\"")
                    && !self.tokens.all[place + 1].spaced
                    && self.tokens.all[place + 1].capital
                    && self.tokens.all[place + 1].shape == Shape::Word
                    && self.headline(Stretch {
                        from: place + 1,
                        to: at.to,
                    })
            });
        if let Some(cut) = cut {
            all[index].at.to = cut + 1;
            all.insert(
                index + 1,
                Part {
                    kind: "next_headline",
                    at: Stretch {
                        from: cut + 1,
                        to: at.to,
                    },
                },
            );
        }
    }

    /// `MOSCOW, May 5 (Itar-Tass) -- ...`
    fn dateline(&self, at: Stretch, header: &mut Header) {
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

fn full_day(date: &Found) -> bool {
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
