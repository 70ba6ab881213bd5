//! Parts of the page: header, headline, body, what belongs to the next item, boilerplate; and the fields of the header.
//!
//! Works on paragraphs and their form. Knows no publication by name: titles come from the header itself.

mod header;
mod headline;

use header::full_day;
pub(crate) use header::roman;

use crate::dates::Found;
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
    /// Index of a month with its year, or of a day without one, where the header prints no whole day.
    pub rough: Option<usize>,
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
    /// By token: the place of its kind in `kinds`.
    by_token: Vec<u8>,
    /// Kinds of part, with whether statements are read in them.
    kinds: Vec<(&'static str, bool)>,
}

impl Parts {
    fn of(all: Vec<Part>, header: Header, tokens: usize) -> Parts {
        let mut kinds: Vec<(&'static str, bool)> = vec![("", false)];
        let mut by_token = vec![0; tokens];
        for part in &all {
            let place = kinds.iter().position(|own| own.0 == part.kind);
            let place = place.unwrap_or_else(|| {
                let read = matches!(part.kind, "body" | "second_story");
                kinds.push((part.kind, read));
                kinds.len() - 1
            });
            if let Some(held) = by_token.get_mut(part.at.from..part.at.to) {
                held.fill(u8::try_from(place).unwrap_or_default());
            }
        }
        Parts {
            all,
            header,
            by_token,
            kinds,
        }
    }

    #[inline]
    fn kind_of(&self, token: usize) -> (&'static str, bool) {
        let place = self.by_token.get(token).copied().unwrap_or_default();
        self.kinds
            .get(usize::from(place))
            .copied()
            .unwrap_or_default()
    }

    /// The kind of part that a token stands in.
    #[inline]
    #[must_use]
    pub fn kind_at(&self, token: usize) -> &'static str {
        self.kind_of(token).0
    }

    /// Whether the token stands in text to be read for statements.
    #[inline]
    #[must_use]
    pub fn is_body(&self, token: usize) -> bool {
        self.kind_of(token).1
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
    reader.head_lines(&mut kinds, &mut header);
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
    Parts::of(all, header, tokens.all.len())
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
    #[inline]
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    #[inline]
    fn folded(&self, at: usize) -> &str {
        self.tokens.text(&self.page.folded, at)
    }

    fn text(&self, at: Stretch) -> &str {
        let (from, to) = self.tokens.bytes(at);
        self.page.folded.get(from..to).unwrap_or_default()
    }

    fn kind(&self, at: Stretch, body_begun: bool, header: &mut Header) -> &'static str {
        let length = at.to - at.from;
        let printed = !body_begun && length <= 40 && self.numbered_and_dated(at);
        if length <= 60 && !printed && self.boilerplate(at) {
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
        // Above the text, a line such as `NAME OF THE PAPER (English edition)` is none of it.
        if !body_begun && length <= 12 && self.bare_line(at) {
            return "headline";
        }
        "body"
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
        let rule = text
            .chars()
            .all(|piece| !piece.is_alphanumeric() || piece.is_ascii_digit());
        let short = text.len() < 220;
        rule || (short && self.words.phrases("serial", "boilerplate").within(text))
    }

    fn joined(&self, from: usize, to: usize) -> String {
        (from..to)
            .map(|at| self.lower(at))
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" - ", "-")
    }

    fn dates_in(&self, at: Stretch) -> impl Iterator<Item = (usize, &Found)> {
        let first = self.dates.partition_point(|date| date.from < at.from);
        self.dates
            .iter()
            .enumerate()
            .skip(first)
            .take_while(move |(_, date)| date.from < at.to)
    }
}
