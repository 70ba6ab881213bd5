//! Tokens, sentences and paragraphs of a folded page.
//!
//! A token is a word, a number or a mark. `Russia's` is two, `U.S.` is one, `long-range` is three. Knows only letters and
//! the list of abbreviations; what a word means is asked of the gazetteers.

use crate::gazetteer::words::Class;
use crate::gazetteer::{Calendar, Gazetteers};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Letters.
    Word,
    /// Digits, with what scanners make of them.
    Number,
    /// Anything else, one character.
    Mark,
}

/// A token of the folded text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// Byte behind the last.
    pub end: u32,
    /// What it is made of.
    pub shape: Shape,
    /// The mark that it is, where it is a single one of ASCII; else nought.
    pub mark: u8,
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether white space stands before it.
    pub spaced: bool,
    /// What kind of word it is.
    pub class: Class,
    /// Which word of the lists it is; nought for none.
    pub listed: u16,
    /// What it means in the calendar.
    pub calendar: Option<Calendar>,
    /// What else it is: marks of [`crate::gazetteer::Word`].
    pub marks: u8,
}

/// A range of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First token.
    pub from: usize,
    /// Token behind the last.
    pub to: usize,
}

/// A sentence and the paragraph it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Sentence {
    /// Its tokens.
    pub at: Stretch,
    /// Index of its paragraph.
    pub paragraph: usize,
}

/// The page cut up.
#[derive(Debug, Default)]
pub struct Tokens {
    /// In order.
    pub all: Vec<Token>,
    /// Paragraphs as ranges of tokens.
    pub paragraphs: Vec<Stretch>,
    /// Sentences.
    pub sentences: Vec<Sentence>,
    /// By token: its sentence and its paragraph.
    places: Vec<(u32, u32)>,
    /// For every sixty-fourth byte, the first token that ends behind it.
    marks: Vec<u32>,
}

/// For things in order along the tokens, how many begin before a token: near enough by one look, and then by a few steps.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    marks: Vec<u32>,
}

/// Tokens between two marks of [`Steps`].
const STRIDE: usize = 32;

impl Steps {
    /// Marks places that rise or stay.
    pub fn of(places: impl Iterator<Item = usize>) -> Steps {
        let mut marks = vec![0];
        for (index, place) in places.enumerate() {
            while marks.len() * STRIDE <= place {
                marks.push(small(index));
            }
        }
        Steps { marks }
    }

    /// How many of the places lie below this one; `place` tells them by number.
    #[inline]
    pub fn below(&self, limit: usize, place: impl Fn(usize) -> Option<usize>) -> usize {
        let mark = self.marks.get(limit / STRIDE).or(self.marks.last());
        let mut count = mark.copied().unwrap_or_default() as usize;
        while place(count).is_some_and(|own| own < limit) {
            count += 1;
        }
        count
    }
}

/// Bytes between two marks of [`Tokens::at_byte`].
const STEP: usize = 64;

/// A number of a token, small enough to be kept by the million.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Cuts a folded text into tokens and paragraphs. Sentences come later, when names and brackets are known.
#[must_use]
pub fn cut(folded: &str, lower: &str, words: &Gazetteers) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.all.reserve(folded.len() / 4);
    let bytes = folded.as_bytes();
    let mut at = 0;
    let mut spaced = true;
    let mut paragraph = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'\n' {
            let to = tokens.all.len();
            if to > paragraph {
                tokens.paragraphs.push(Stretch {
                    from: paragraph,
                    to,
                });
                paragraph = to;
            }
        }
        if byte.is_ascii_whitespace() {
            spaced = true;
            at += 1;
            continue;
        }
        let (end, shape) = token_at(folded, at);
        let capital = if byte.is_ascii() {
            byte.is_ascii_uppercase()
        } else {
            char_at(folded, at).is_uppercase()
        };
        let word = lower.get(at..end).unwrap_or_default();
        let word = words.word(word);
        let class = match shape {
            Shape::Word => word.class,
            _ => Class::None,
        };
        tokens.all.push(Token {
            start: u32::try_from(at).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
            shape,
            mark: if shape == Shape::Mark && end == at + 1 {
                byte
            } else {
                0
            },
            capital,
            spaced,
            class,
            listed: word.listed,
            calendar: word.calendar,
            marks: word.marks,
        });
        spaced = false;
        at = end;
    }
    let to = tokens.all.len();
    if to > paragraph {
        tokens.paragraphs.push(Stretch {
            from: paragraph,
            to,
        });
    }
    tokens.place(folded.len());
    tokens
}

/// End and shape of the token that begins at a byte.
fn token_at(text: &str, at: usize) -> (usize, Shape) {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        Some(byte) if byte.is_ascii_digit() => return (number_end(bytes, at), Shape::Number),
        Some(byte) if byte.is_ascii_alphabetic() => {}
        Some(byte) if byte.is_ascii() => {
            return (at + 1 + usize::from(genitive(bytes, at)), Shape::Mark);
        }
        _ => {
            let first = char_at(text, at);
            if !first.is_alphabetic() {
                return (at + first.len_utf8(), Shape::Mark);
            }
        }
    }
    if let Some(end) = initials(bytes, at) {
        return (end, Shape::Word);
    }
    let mut end = at
        + bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
    while end < bytes.len() {
        if matches!(bytes[end], b' ' | b',' | b'\n' | b'-' | b')' | b'"') {
            break;
        }
        let piece = char_at(text, end);
        if piece.is_alphanumeric() {
            end += piece.len_utf8();
        } else if (piece == '\'' && inner_apostrophe(text, end))
            || (piece == '.' && inner_dot(bytes, end))
        {
            end += 1;
        } else {
            break;
        }
    }
    (end, Shape::Word)
}

fn char_at(text: &str, at: usize) -> char {
    text.get(at..)
        .and_then(|rest| rest.chars().next())
        .unwrap_or(' ')
}

/// Digits with commas and points between them, and the letters that scanners read for digits.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(byte) = bytes.get(end) {
        let next = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let looks = byte.is_ascii_digit()
            || (matches!(byte, b'l' | b'O' | b'I')
                && (next || !bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic)));
        if looks || (matches!(byte, b',' | b'.') && next && three_follow(bytes, end)) {
            end += 1;
        } else {
            break;
        }
    }
    end.max(at + 1)
}

/// `1,500` and `3.5` hold together; `12,14` of a list of days does not.
fn three_follow(bytes: &[u8], at: usize) -> bool {
    if bytes.get(at) == Some(&b'.') {
        // `28.11.97`: behind one point already, this is a day and no fraction.
        let digits = bytes
            .iter()
            .take(at)
            .rev()
            .take(3)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let before = at.checked_sub(digits + 1).and_then(|own| bytes.get(own));
        let further = at.checked_sub(digits + 2).and_then(|own| bytes.get(own));
        if digits <= 2 && before == Some(&b'.') && further.is_some_and(u8::is_ascii_digit) {
            return false;
        }
        return !bytes
            .get(at + 1..at + 5)
            .is_some_and(|next| next.iter().all(u8::is_ascii_digit))
            && bytes.get(at + 3) != Some(&b'.')
            && bytes.get(at + 2) != Some(&b'.');
    }
    bytes
        .get(at + 1..at + 4)
        .is_some_and(|next| next.iter().all(u8::is_ascii_digit))
        && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
}

/// `U.S.`, `U.N.`, `P.L.`, `D.C.`: letters with points.
fn initials(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at;
    let mut count = 0;
    while bytes.get(end).is_some_and(u8::is_ascii_uppercase) && bytes.get(end + 1) == Some(&b'.') {
        end += 2;
        count += 1;
    }
    let follows = bytes.get(end).is_some_and(u8::is_ascii_alphabetic);
    (count >= 2 && !(follows && bytes.get(end).is_some_and(u8::is_ascii_lowercase))).then_some(end)
}

/// The `'s` of `Ruritania's`: one mark.
fn genitive(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b'\'')
        && matches!(bytes.get(at + 1), Some(b's' | b'S'))
        && !bytes
            .get(at + 2)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        && at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'.')
}

fn inner_apostrophe(text: &str, at: usize) -> bool {
    let rest = text.get(at + 1..).unwrap_or_default();
    let mut after = rest.chars();
    let Some(first) = after.next() else {
        return false;
    };
    if !first.is_alphabetic() {
        return false;
    }
    let second = after.next().unwrap_or(' ');
    let genitive = (first == 's' || first == 'S') && !second.is_alphanumeric();
    !genitive
}

/// `ABCnews.com`, `gazeta.ru`: a point with two small letters or more behind it and none before a space.
fn inner_dot(bytes: &[u8], at: usize) -> bool {
    let tail = bytes.get(at + 1..).unwrap_or_default();
    let length = tail
        .iter()
        .take(5)
        .take_while(|byte| byte.is_ascii_lowercase())
        .count();
    (2..=4).contains(&length)
        && !tail.get(length).is_some_and(u8::is_ascii_alphanumeric)
        && matches!(
            tail.get(..length),
            Some(b"com" | b"ru" | b"org" | b"net" | b"gov" | b"uk" | b"info" | b"ua")
        )
}

impl Tokens {
    /// Whether the token's word stands in a list of the data: one look at the token, none at the word.
    #[inline(always)]
    #[must_use]
    pub fn is(&self, words: &Gazetteers, index: usize, group: &str, list: &str) -> bool {
        self.all
            .get(index)
            .is_some_and(|token| words.holds(token.listed, group, list))
    }

    /// Whether the token's word stands in one of the lists of a mask.
    #[inline]
    #[must_use]
    pub fn any(&self, words: &Gazetteers, index: usize, mask: crate::gazetteer::Mask) -> bool {
        self.all
            .get(index)
            .is_some_and(|token| words.any(token.listed, mask))
    }

    /// The mark that the token is, where it is one of ASCII; nought for any other token.
    #[inline]
    #[must_use]
    pub fn mark(&self, index: usize) -> u8 {
        self.all.get(index).map_or(0, |token| token.mark)
    }

    /// How many bytes the token has.
    #[inline]
    #[must_use]
    pub fn length(&self, index: usize) -> usize {
        self.all
            .get(index)
            .map_or(0, |token| (token.end - token.start) as usize)
    }

    /// What the token's word means in the calendar.
    #[inline]
    #[must_use]
    pub fn calendar(&self, index: usize) -> Option<Calendar> {
        self.all.get(index).and_then(|token| token.calendar)
    }

    /// Whether the token's word is marked so, such as [`crate::gazetteer::Word::ROLE`].
    #[inline]
    #[must_use]
    pub fn marked(&self, index: usize, mark: u8) -> bool {
        self.all
            .get(index)
            .is_some_and(|token| token.marks & mark != 0)
    }

    /// The token's text.
    #[inline]
    #[must_use]
    pub fn text<'a>(&self, text: &'a str, index: usize) -> &'a str {
        self.all.get(index).map_or("", |token| {
            text.get(token.start as usize..token.end as usize)
                .unwrap_or_default()
        })
    }

    /// The byte range of a stretch.
    #[inline]
    #[must_use]
    pub fn bytes(&self, at: Stretch) -> (usize, usize) {
        let from = self
            .all
            .get(at.from)
            .map_or(0, |token| token.start as usize);
        let to = at
            .to
            .checked_sub(1)
            .and_then(|last| self.all.get(last))
            .map_or(from, |token| token.end as usize);
        (from, to.max(from))
    }

    /// The token at or behind a byte.
    #[must_use]
    pub fn at_byte(&self, byte: usize) -> usize {
        let Some(mark) = self.marks.get(byte / STEP) else {
            return self.all.len();
        };
        let mut at = *mark as usize;
        while self
            .all
            .get(at)
            .is_some_and(|token| (token.end as usize) <= byte)
        {
            at += 1;
        }
        at
    }

    /// Notes for every token where it stands.
    fn place(&mut self, length: usize) {
        self.marks.reserve(length / STEP + 1);
        for (index, token) in self.all.iter().enumerate() {
            while self.marks.len() * STEP < token.end as usize {
                self.marks.push(small(index));
            }
        }
        self.places = vec![(u32::MAX, u32::MAX); self.all.len()];
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            for place in self
                .places
                .get_mut(paragraph.from..paragraph.to)
                .into_iter()
                .flatten()
            {
                place.1 = small(index);
            }
        }
    }

    /// The sentence that holds a token.
    #[must_use]
    pub fn sentence_of(&self, token: usize) -> Option<usize> {
        let (sentence, _) = self.places.get(token)?;
        (*sentence != u32::MAX).then_some(*sentence as usize)
    }

    /// The paragraph that holds a token.
    #[must_use]
    pub fn paragraph_of(&self, token: usize) -> usize {
        match self.places.get(token) {
            Some((_, paragraph)) if *paragraph != u32::MAX => *paragraph as usize,
            _ => self
                .paragraphs
                .partition_point(|paragraph| paragraph.to <= token),
        }
    }

    /// Cuts the paragraphs of the body into sentences.
    pub fn cut_sentences(&mut self, folded: &str, lower: &str, words: &Gazetteers) {
        let mut sentences = Vec::new();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            let mut from = paragraph.from;
            let mut at = paragraph.from;
            let mut depth = 0_usize;
            let mut quoted = false;
            while at < paragraph.to {
                match self.mark(at) {
                    b'"' => quoted = !quoted,
                    b'(' | b'[' => depth += 1,
                    b')' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                let to = self
                    .sentence_end(folded, lower, words, at, *paragraph)
                    .filter(|_| !(quoted && self.mark(at + 1) == b'.'));
                match to {
                    Some(to) if depth == 0 || to - from > 120 => {
                        sentences.push(Sentence {
                            at: Stretch { from, to },
                            paragraph: index,
                        });
                        depth = 0;
                        quoted ^= (at + 1..to).any(|own| self.mark(own) == b'"');
                        from = to;
                        at = to;
                    }
                    // No sentence is so long; what is, is cut, so that no step behind can go astray in it.
                    _ if at - from > 400 => {
                        sentences.push(Sentence {
                            at: Stretch { from, to: at },
                            paragraph: index,
                        });
                        from = at;
                    }
                    _ => at += 1,
                }
            }
            if from < paragraph.to {
                sentences.push(Sentence {
                    at: Stretch {
                        from,
                        to: paragraph.to,
                    },
                    paragraph: index,
                });
            }
        }
        for (index, sentence) in sentences.iter().enumerate() {
            for place in self
                .places
                .get_mut(sentence.at.from..sentence.at.to)
                .into_iter()
                .flatten()
            {
                place.0 = small(index);
            }
        }
        self.sentences = sentences;
    }

    /// The token behind the sentence that ends with the mark at `at`, quotes and all.
    fn sentence_end(
        &self,
        folded: &str,
        lower: &str,
        words: &Gazetteers,
        at: usize,
        paragraph: Stretch,
    ) -> Option<usize> {
        let own = self.all.get(at)?;
        let ends = match own.shape {
            Shape::Mark => matches!(own.mark, b'.' | b'!' | b'?'),
            Shape::Word => folded.as_bytes().get((own.end as usize).wrapping_sub(1)) == Some(&b'.'),
            Shape::Number => false,
        };
        if !ends {
            return None;
        }
        let mark = self.text(folded, at);
        let dotted = own.shape == Shape::Word && mark.ends_with('.') && mark.len() > 1;
        if !matches!(mark, "." | "!" | "?") && !dotted {
            return None;
        }
        let mut to = at + 1;
        // A run of points is an ellipsis: it ends a sentence only when a new one plainly begins.
        let mut points = usize::from(mark == ".");
        while to < paragraph.to && self.text(folded, to) == "." {
            points += 1;
            to += 1;
        }
        while to < paragraph.to
            && !self.all[to].spaced
            && matches!(self.text(folded, to), "\"" | "'" | ")" | "]")
        {
            to += 1;
        }
        // `installs the missiles.[1]`: the mark of a note belongs to the sentence before it.
        let noted = to + 3 <= paragraph.to
            && !self.all[to].spaced
            && self.text(folded, to) == "["
            && self.all[to + 1].shape == Shape::Number
            && self.text(folded, to + 2) == "]";
        if noted {
            to += 3;
        }
        // `ordered no such goods.2 The shipper ...`: so does a bare number.
        let raised = to < paragraph.to
            && !self.all[to].spaced
            && self.all[to].shape == Shape::Number
            && self.all[to].end - self.all[to].start <= 2
            && at > paragraph.from
            && self.all[at - 1].shape != Shape::Number
            && (to + 1 == paragraph.to || (self.all[to + 1].spaced && self.all[to + 1].capital));
        if raised {
            to += 1;
        }
        if to >= paragraph.to {
            return Some(paragraph.to);
        }
        if dotted {
            // `U.S. officials` goes on; `the U.S. Iran` hardly ever ends one. Only a known opener ends it here.
            let opener = self.all[to].capital && self.is(words, to, "cue", "opener");
            return opener.then_some(to);
        }
        let next = &self.all[to];
        let next_text = self.text(folded, to);
        if points > 1 {
            let opens = next.capital
                && next.spaced
                && !self.text(folded, at.saturating_sub(1)).is_empty()
                && self.is(words, to, "cue", "opener");
            return opens.then_some(to);
        }
        if mark == "." && at > paragraph.from {
            let before = self.text(lower, at - 1);
            let abbreviated = !self.all[at].spaced
                && (self.is(words, at - 1, "cue", "abbreviation")
                    || (before.len() == 1 && self.all[at - 1].capital));
            if abbreviated {
                return None;
            }
        }
        let opens = next.capital
            || next.shape == Shape::Number
            || matches!(next_text, "\"" | "'" | "(" | "[" | "—" | "*" | "•");
        // Glued stories: `... programme.NEXT HEADLINE`.
        let glued = !next.spaced
            && next.capital
            && self.all[at - usize::from(at > 0)].end - self.all[at - usize::from(at > 0)].start
                > 1;
        ((next.spaced && opens) || glued).then_some(to)
    }
}
