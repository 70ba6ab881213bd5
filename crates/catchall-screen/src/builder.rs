//! Builder: listings into the parts of an index, as [`crate::index`] reads them.
//!
//! One pass over the listings, in their order; then what was gathered as pairs (token and reading, key and token) is laid out by counting, without a
//! table of tables. Texts and tokens that are equal are stored once and found again by their digests.

use crate::alike::View;
use crate::attribute::told;
use crate::block::{Side, identifier_key, keys};
use crate::bytes::Writer;
use crate::index::{Head, Section, begins_with, group, manners};
use crate::listing::Listing;
use crate::name::{Manner, Name, Reading, Role, Script};
use crate::sealed::{HEADER, MAGIC, SECTIONS};
use crate::tables::Names;

/// Gathers listings into the parts of the file.
pub(crate) struct Builder<'n> {
    names: &'n Names,
    parts: [Writer; SECTIONS],
    tokens: Known,
    strings: Known,
    /// Token and reading, a half of the word each.
    posted: Vec<u64>,
    keyed: Vec<(u64, u32)>,
    identified: Vec<(u64, u32)>,
    listings: u32,
    readings: u32,
    name_rows: u32,
    scratch: Vec<u64>,
}

/// What is stored already: places in a row of bytes, found by the digest of what lies there.
#[derive(Default)]
struct Known {
    /// Place and length, each plus nothing; no length is an empty slot.
    slots: Vec<(u32, u32)>,
    held: usize,
}

impl Known {
    /// The place of these bytes in the row; where they are new they are appended.
    fn place(&mut self, row: &mut Vec<u8>, bytes: &[u8]) -> u32 {
        if self.held * 2 >= self.slots.len() {
            self.grow(row);
        }
        let mask = self.slots.len() - 1;
        let mut at = digest(bytes) as usize & mask;
        loop {
            let (from, length) = self.slots[at];
            if length == 0 {
                let from = row.len() as u32;
                row.extend_from_slice(bytes);
                self.slots[at] = (from, bytes.len() as u32);
                self.held += 1;
                return from;
            }
            let (from, length) = (from as usize, length as usize);
            if row.get(from..from + length) == Some(bytes) {
                return from as u32;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self, row: &[u8]) {
        let size = (self.slots.len() * 2).max(1 << 10);
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (from, length) in old.into_iter().filter(|slot| slot.1 > 0) {
            let (begin, end) = (from as usize, from as usize + length as usize);
            let mut at = digest(row.get(begin..end).unwrap_or(&[])) as usize & (size - 1);
            while self.slots[at].1 > 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = (from, length);
        }
    }
}

/// A quick digest; equal bytes are compared besides.
fn digest(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = crate::hash::Quick::default();
    hasher.write(bytes);
    hasher.finish()
}

impl<'n> Builder<'n> {
    pub(crate) fn new(names: &'n Names) -> Builder<'n> {
        Builder {
            names,
            parts: Default::default(),
            tokens: Known::default(),
            strings: Known::default(),
            posted: Vec::new(),
            keyed: Vec::new(),
            identified: Vec::new(),
            listings: 0,
            readings: 0,
            name_rows: 0,
            scratch: Vec::new(),
        }
    }

    fn part(&mut self, section: Section) -> &mut Writer {
        &mut self.parts[section as usize]
    }

    /// Takes the next listing.
    pub(crate) fn listing(&mut self, listing: &Listing) {
        let number = self.listings;
        self.listings += 1;
        let at = self.part(Section::Records).0.len() as u32;
        self.part(Section::Records).listing(listing);
        let row = self.part(Section::Listings);
        row.u32(at);
        row.u32(listing.kind as u32 | u32::from(told::of(listing)) << 8);
        for id in crate::attribute::usable(&listing.identifiers) {
            self.identified.push((identifier_key(&id.value), number));
        }
        for (order, name) in listing.names.iter().enumerate() {
            for manner in manners(listing.kind, &name.text, self.names) {
                let from = later(listing.valid.from, name.valid.from);
                let to = earlier(
                    listing.valid.until(listing.seen),
                    name.valid.until(name.seen),
                );
                let seen_from = later(listing.seen.from, name.seen.from);
                let seen_to = earlier(listing.seen.to, name.seen.to);
                let row = self.part(Section::NamesOf);
                row.u32(number);
                row.u16(order as u16);
                row.u8(name.kind as u8);
                row.u8(*manner as u8);
                for day in [from, to, seen_from, seen_to] {
                    row.u32(day as u32);
                }
                let taken = Name::read(&name.text, *manner, self.names);
                for reading in &taken.readings {
                    self.reading(reading, *manner, told::of(listing));
                }
                self.name_rows += 1;
            }
        }
    }

    fn reading(&mut self, reading: &Reading, manner: Manner, told: u8) {
        let views = crate::alike::views(reading, &self.names.sounds);
        let total = crate::evidence::total(&views);
        let list_at = (self.part(Section::TokenLists).0.len() / 4) as u32;
        let number = self.readings;
        self.readings += 1;
        let mut numbers = Vec::with_capacity(views.len());
        for view in &views {
            numbers.push(self.token(view, (manner, false)));
        }
        for token in &numbers {
            self.part(Section::TokenLists).u32(*token);
            self.posted
                .push(u64::from(*token) << 32 | u64::from(number));
        }
        self.glued(
            &reading.letters[..reading.letters.len().min(60)],
            &views,
            (number, manner),
        );
        let extras_at = self.part(Section::Extras).0.len() as u32;
        let extras = self.part(Section::Extras);
        let kin = &reading.kin[..reading.kin.len().min(8)];
        let letters = &reading.letters[..reading.letters.len().min(60)];
        let legal = &reading.legal[..reading.legal.len().min(8)];
        extras.0.extend_from_slice(kin);
        for (letter, token) in letters {
            extras.u8(*letter);
            extras.u8(*token);
        }
        for form in legal {
            extras.u16(*form);
        }
        extras.0.extend_from_slice(reading.original.as_bytes());
        let initials = views.iter().filter(|v| v.role == Role::Initial).count();
        let head = Head {
            name: self.name_rows,
            weight: (total * 1000.0) as u16,
            initials: initials.min(MOST_INITIALS) as u8,
            told,
            script: views.first().map_or(Script::Latin, |v| v.script) as u8,
            one_word: views.len() <= 1,
            letters: views.iter().fold(0, |all, v| all | begins_with(v)),
        };
        let counts = numbers.len() as u32
            | (kin.len() as u32) << 8
            | (letters.len() as u32) << 16
            | (legal.len() as u32) << 24;
        let family =
            u32::from(reading.family.unwrap_or(255)) | (reading.original.len() as u32) << 8;
        let row = self.part(Section::Readings);
        for word in [list_at, extras_at, counts, family] {
            row.u32(word);
        }
        let row = self.part(Section::Heads);
        for word in head.words() {
            row.u32(word);
        }
    }

    /// Neighbours written as one word, and the first letters of all words, are found as words of their own.
    fn glued(
        &mut self,
        letters: &[(u8, u8)],
        views: &[View<'_>],
        (reading, manner): (u32, Manner),
    ) {
        let mut made: Vec<(Vec<u8>, Vec<u8>, f32, View<'_>)> = crate::made::glued(views);
        made.extend(crate::made::acronyms(letters, views));
        for (text, sounds, weight, like) in made {
            let view = View {
                text: &text,
                sounds: &sounds,
                weight,
                ..like
            };
            let token = self.token(&view, (manner, true));
            self.posted
                .push(u64::from(token) << 32 | u64::from(reading));
        }
    }

    fn string(&mut self, bytes: &[u8]) -> u32 {
        let row = &mut self.parts[Section::Strings as usize].0;
        match bytes {
            [] => 0,
            some => self.strings.place(row, some),
        }
    }

    fn token(&mut self, view: &View<'_>, (manner, brief): (Manner, bool)) -> u32 {
        let text = &view.text[..view.text.len().min(255)];
        let sounds = &view.sounds[..view.sounds.len().min(255)];
        let (text_at, sounds_at) = (self.string(text), self.string(sounds));
        let mut row = Row::default();
        row.put(&text_at.to_le_bytes());
        row.put(&sounds_at.to_le_bytes());
        let marks = [view.unwritten, view.aside, brief, manner == Manner::Body];
        let marks = (0u8..).zip(marks).map(|(bit, mark)| u8::from(mark) << bit);
        row.put(&[
            text.len() as u8,
            sounds.len() as u8,
            view.role as u8,
            view.script as u8,
            marks.sum(),
            view.certain,
        ]);
        row.put(&((view.weight * 1000.0).round() as u16).to_le_bytes());
        row.put(&view.number.to_le_bytes());
        for group in view.variants {
            row.put(&group.to_le_bytes());
        }
        let all = &mut self.parts[Section::Tokens as usize].0;
        let before = all.len();
        let number = self.tokens.place(all, &row.bytes) / TOKEN as u32;
        if all.len() > before {
            let mut scratch = std::mem::take(&mut self.scratch);
            keys(view, (Side::List, manner), brief, &mut scratch);
            self.keyed.extend(scratch.iter().map(|key| (*key, number)));
            self.scratch = scratch;
        }
        number
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.postings();
        let keyed = std::mem::take(&mut self.keyed);
        self.table(keyed, Section::KeyStarts, Section::KeyRows);
        let identified = std::mem::take(&mut self.identified);
        self.table(identified, Section::IdStarts, Section::IdRows);
        let length: usize = self.parts.iter().map(|part| part.0.len()).sum();
        let mut file = Vec::with_capacity(HEADER + length);
        file.extend_from_slice(MAGIC);
        file.resize(HEADER - SECTIONS * 4, 0);
        for part in &self.parts {
            file.extend_from_slice(&(part.0.len() as u32).to_le_bytes());
        }
        for part in &mut self.parts {
            file.extend_from_slice(&part.0);
            // Two copies of a large part are not needed.
            part.0 = Vec::new();
        }
        file
    }

    /// The readings of each token, in order. They were gathered reading by reading, so that counting keeps them so.
    fn postings(&mut self) {
        let mut posted = std::mem::take(&mut self.posted);
        posted.sort_unstable();
        posted.dedup();
        let tokens = self.parts[Section::Tokens as usize].0.len() / TOKEN;
        let mut ends = vec![0u32; tokens];
        let rows = self.part(Section::Postings);
        rows.0.reserve_exact(posted.len() * 4);
        for (count, pair) in (1u32..).zip(&posted) {
            rows.u32(*pair as u32);
            ends[(*pair >> 32) as usize] = count;
        }
        let mut last = 0;
        for end in ends {
            // A token without a posting ends where the one before it does.
            last = end.max(last);
            self.part(Section::PostingEnds).u32(last);
        }
    }

    /// Rows by the first bits of their keys; see `ScreenIndex::find`.
    fn table(&mut self, mut rows: Vec<(u64, u32)>, starts: Section, values: Section) {
        if rows.is_empty() {
            return;
        }
        rows.sort_unstable();
        rows.dedup();
        let bits = (rows.len() / 2).next_power_of_two().ilog2().clamp(1, 28);
        let mut next = 0usize;
        for own in 0..=(1usize << bits) {
            while rows.get(next).is_some_and(|row| group(row.0, bits) < own) {
                next += 1;
            }
            self.part(starts).u32(next as u32);
        }
        let part = self.part(values);
        part.0.reserve_exact(rows.len() * 8);
        for (key, value) in rows {
            part.u32(key as u32);
            part.u32(value);
        }
    }
}

/// Most letters standing alone that are counted of one reading; more are counted as all that it has.
pub(crate) const MOST_INITIALS: usize = 15;

/// Bytes of one token.
const TOKEN: usize = 28;

/// One token as it is stored.
#[derive(Default)]
struct Row {
    bytes: [u8; TOKEN],
    filled: usize,
}

impl Row {
    fn put(&mut self, part: &[u8]) {
        let end = self.filled + part.len();
        if let Some(own) = self.bytes.get_mut(self.filled..end) {
            own.copy_from_slice(part);
        }
        self.filled = end;
    }
}

fn later(a: Option<catchall_model::Day>, b: Option<catchall_model::Day>) -> i32 {
    a.max(b).map_or(i32::MIN, |d| d.number() as i32)
}

fn earlier(a: Option<catchall_model::Day>, b: Option<catchall_model::Day>) -> i32 {
    let both = match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    both.map_or(i32::MAX, |d| d.number() as i32)
}
