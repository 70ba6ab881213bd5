//! The index: all names of all listings, found by how they sound, as of any day.
//!
//! Built once into one row of bytes, which is a file; opened by reading its header. A question's tokens find like tokens of the lists by their keys, those
//! find readings of names, and what could still reach the review band is aligned and scored in full. The order of everything is fixed.
//!
//! To add a way to find names: a key in `block.rs`. Knows no publisher, no file and no clock.

use crate::align::{Match, ReadingView, View, compare};
use crate::attribute::told;
use crate::block::{Side, identifier_key, keys};
use crate::bytes::{Reader, Words, Writer};
use crate::hash::Map;
use crate::listing::{Listing, PartyKind};
use crate::name::{MOST_TOKENS, Manner, Name, Reading, Role, Script};
use crate::tables::Names;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"CATCHSC1";
const SECTIONS: usize = 14;
const TOKEN: usize = 28;
const READING: usize = 24;
const NAME: usize = 24;
const LISTING: usize = 24;
const SLOT: usize = 16;

/// The parts of the file, in order.
#[derive(Clone, Copy)]
enum Section {
    Tokens,
    Strings,
    Readings,
    TokenLists,
    Extras,
    NamesOf,
    Listings,
    Records,
    PostingEnds,
    Postings,
    KeySlots,
    KeyTokens,
    IdSlots,
    IdListings,
}

/// Why a file is no index.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IndexError {
    /// Another kind of file, or of another version.
    #[error(
        "not an index of lists of this version: it begins with `{found}`, not with `CATCHSC1`; build it again"
    )]
    Foreign {
        /// What it begins with.
        found: String,
    },
    /// A part lies outside the file.
    #[error(
        "the index is cut off: part {part} ends at byte {end}, and the file has {length}; build it again"
    )]
    CutOff {
        /// Which part.
        part: usize,
        /// Where it should end.
        end: u64,
        /// How long the file is.
        length: usize,
    },
}

/// All listings, ready to be asked.
#[derive(Debug)]
pub struct ScreenIndex {
    bytes: Vec<u8>,
    parts: [(usize, usize); SECTIONS],
    pub(crate) names: Arc<Names>,
}

/// A name of a listing, and when it counts.
pub(crate) struct NameRow {
    pub(crate) listing: u32,
    pub(crate) number: u16,
    pub(crate) manner: Manner,
    pub(crate) from: i32,
    pub(crate) to: i32,
    pub(crate) seen_from: i32,
    pub(crate) seen_to: i32,
}

impl ScreenIndex {
    /// Builds the index of listings; the same listings give the same bytes.
    pub fn build(listings: &[Listing], names: Arc<Names>) -> ScreenIndex {
        let mut builder = Builder::new(&names);
        for listing in listings {
            builder.listing(listing);
        }
        ScreenIndex::built(builder.finish(), names)
    }

    /// The same from listings that come one after another and are not kept.
    pub(crate) fn gather(
        listings: impl Iterator<Item = Listing>,
        names: Arc<Names>,
    ) -> ScreenIndex {
        let mut builder = Builder::new(&names);
        for listing in listings {
            builder.listing(&listing);
        }
        ScreenIndex::built(builder.finish(), names)
    }

    fn built(bytes: Vec<u8>, names: Arc<Names>) -> ScreenIndex {
        match ScreenIndex::open(bytes, Arc::clone(&names)) {
            Ok(index) => index,
            // What the builder writes is whole; an empty index stands in for the impossible.
            Err(_) => ScreenIndex {
                bytes: Vec::new(),
                parts: [(0, 0); SECTIONS],
                names,
            },
        }
    }

    /// Opens the bytes of [`ScreenIndex::bytes`].
    ///
    /// # Errors
    /// [`IndexError`] when the bytes are no index of this version or are cut off.
    pub fn open(bytes: Vec<u8>, names: Arc<Names>) -> Result<ScreenIndex, IndexError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            let found = String::from_utf8_lossy(bytes.get(..8.min(bytes.len())).unwrap_or(&[]))
                .into_owned();
            return Err(IndexError::Foreign { found });
        }
        let mut parts = [(0, 0); SECTIONS];
        let mut reader = Reader {
            bytes: &bytes,
            at: 8,
        };
        let mut at = 8 + SECTIONS * 4;
        for (part, slot) in parts.iter_mut().enumerate() {
            let length = reader.u32().unwrap_or(u32::MAX) as usize;
            let end = at as u64 + length as u64;
            if end > bytes.len() as u64 {
                return Err(IndexError::CutOff {
                    part,
                    end,
                    length: bytes.len(),
                });
            }
            *slot = (at, at + length);
            at += length;
        }
        Ok(ScreenIndex {
            bytes,
            parts,
            names,
        })
    }

    /// The index as one file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many listings it holds.
    pub fn len(&self) -> usize {
        self.part(Section::Listings).len() / LISTING
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A listing by its number.
    pub fn listing(&self, number: u32) -> Option<Listing> {
        let row = self.part(Section::Listings);
        let at = Words(row).get(number as usize * (LISTING / 4)) as usize;
        let bytes = self.part(Section::Records);
        Reader { bytes, at }.listing()
    }

    /// All listings, in the order of the index.
    pub fn listings(&self) -> impl Iterator<Item = Listing> + '_ {
        (0..self.len() as u32).filter_map(|number| self.listing(number))
    }

    fn part(&self, section: Section) -> &[u8] {
        let (from, to) = self.parts[section as usize];
        self.bytes.get(from..to).unwrap_or(&[])
    }

    fn words(&self, section: Section) -> Words<'_> {
        Words(self.part(section))
    }

    pub(crate) fn readings(&self) -> usize {
        self.part(Section::Readings).len() / READING
    }

    /// A token of the lists.
    pub(crate) fn token(&self, number: u32) -> Option<View<'_>> {
        let from = number as usize * TOKEN;
        let row: &[u8; TOKEN] = self
            .part(Section::Tokens)
            .get(from..from + TOKEN)?
            .try_into()
            .ok()?;
        let word = |at: usize| u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]);
        let half = |at: usize| u16::from_le_bytes([row[at], row[at + 1]]);
        let strings = self.part(Section::Strings);
        let (text, sounds) = (word(0) as usize, word(4) as usize);
        Some(View {
            text: strings.get(text..text + usize::from(row[8]))?,
            sounds: strings.get(sounds..sounds + usize::from(row[9]))?,
            role: role(row[10]),
            script: script(row[11]),
            unwritten: row[12] & 1 != 0,
            aside: row[12] & 2 != 0,
            certain: row[13],
            weight: f32::from(half(14)) / 1000.0,
            number: word(16),
            variants: [half(20), half(22), half(24), half(26)],
        })
    }

    /// How much a token of the lists tells.
    pub(crate) fn token_weight(&self, number: u32) -> f32 {
        let at = number as usize * TOKEN + 14;
        match self.part(Section::Tokens).get(at..at + 2) {
            Some([a, b]) => f32::from(u16::from_le_bytes([*a, *b])) / 1000.0,
            _ => 0.0,
        }
    }

    /// The listing that bears a name.
    pub(crate) fn bearer(&self, name: u32) -> u32 {
        self.words(Section::NamesOf).get(name as usize * (NAME / 4))
    }

    /// What a listing tells beside names and numbers.
    pub(crate) fn told(&self, listing: u32) -> u8 {
        let at = listing as usize * (LISTING / 4) + 1;
        (self.words(Section::Listings).get(at) >> 8) as u8
    }

    /// A reading: its name, and how much its tokens weigh together.
    pub(crate) fn reading_head(&self, number: u32) -> (u32, f32) {
        let words = self.words(Section::Readings);
        let at = number as usize * (READING / 4);
        (words.get(at), f32::from_bits(words.get(at + 1)))
    }

    /// The numbers of a reading's tokens.
    pub(crate) fn reading_tokens(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        let words = self.words(Section::Readings);
        let at = number as usize * (READING / 4);
        let (from, count) = (
            words.get(at + 2) as usize,
            (words.get(at + 4) & 255) as usize,
        );
        let lists = self.words(Section::TokenLists);
        (from..from + count.min(MOST_TOKENS)).map(move |at| lists.get(at))
    }

    /// What of a reading is not its tokens, into room that is used again.
    pub(crate) fn reading_rest<'i>(&'i self, number: u32, into: &mut Rest<'i>) {
        let words = self.words(Section::Readings);
        let at = number as usize * (READING / 4);
        let (extras, counts, family) = (
            words.get(at + 3) as usize,
            words.get(at + 4),
            words.get(at + 5),
        );
        let bytes = self.part(Section::Extras);
        let take = |from: usize, count: usize| bytes.get(from..from + count).unwrap_or(&[]);
        let kin = ((counts >> 8) & 255) as usize;
        let letters = ((counts >> 16) & 255) as usize;
        let legal = ((counts >> 24) & 255) as usize;
        let after_kin = extras + kin;
        let after_letters = after_kin + letters * 2;
        let after_legal = after_letters + legal * 2;
        let twos = |from: usize, count: usize| take(from, count * 2).chunks_exact(2);
        into.kin = take(extras, kin);
        into.letters.clear();
        into.letters
            .extend(twos(after_kin, letters).map(|p| (p[0], p[1])));
        into.legal.clear();
        into.legal
            .extend(twos(after_letters, legal).map(|p| u16::from_le_bytes([p[0], p[1]])));
        into.original =
            std::str::from_utf8(take(after_legal, (family >> 8) as usize)).unwrap_or("");
        into.family = (family & 255 != 255).then_some((family & 255) as u8);
    }

    /// A name by its number.
    pub(crate) fn name(&self, number: u32) -> NameRow {
        let words = self.words(Section::NamesOf);
        let at = number as usize * (NAME / 4);
        let second = words.get(at + 1);
        NameRow {
            listing: words.get(at),
            number: (second & 0xffff) as u16,
            manner: if second >> 24 == 0 {
                Manner::Person
            } else {
                Manner::Body
            },
            from: words.get(at + 2) as i32,
            to: words.get(at + 3) as i32,
            seen_from: words.get(at + 4) as i32,
            seen_to: words.get(at + 5) as i32,
        }
    }

    /// The readings that have a token.
    pub(crate) fn postings(&self, token: u32) -> Words<'_> {
        let ends = self.words(Section::PostingEnds);
        let from = if token == 0 {
            0
        } else {
            ends.get(token as usize - 1) as usize
        };
        let to = ends.get(token as usize) as usize;
        Words(
            self.part(Section::Postings)
                .get(from * 4..to * 4)
                .unwrap_or(&[]),
        )
    }

    /// The tokens under a key.
    pub(crate) fn under(&self, key: u64) -> Words<'_> {
        self.find(key, Section::KeySlots, Section::KeyTokens)
    }

    /// The listings that bear an identifier.
    pub(crate) fn bearing(&self, value: &str) -> Words<'_> {
        self.find(identifier_key(value), Section::IdSlots, Section::IdListings)
    }

    fn find(&self, key: u64, slots: Section, values: Section) -> Words<'_> {
        let table = self.part(slots);
        let size = table.len() / SLOT;
        if size == 0 {
            return Words(&[]);
        }
        let mut at = key as usize & (size - 1);
        for _ in 0..size {
            let Some(slot) = table.get(at * SLOT..at * SLOT + SLOT) else {
                break;
            };
            let held = u64::from_le_bytes([
                slot[0], slot[1], slot[2], slot[3], slot[4], slot[5], slot[6], slot[7],
            ]);
            if held == key {
                let words = Words(&slot[8..]);
                let (from, count) = (words.get(0) as usize, words.get(1) as usize);
                return Words(
                    self.part(values)
                        .get(from * 4..(from + count) * 4)
                        .unwrap_or(&[]),
                );
            }
            if held == 0 {
                break;
            }
            at = (at + 1) & (size - 1);
        }
        Words(&[])
    }
}

/// What of a reading is not its tokens.
#[derive(Default)]
pub(crate) struct Rest<'a> {
    pub(crate) kin: &'a [u8],
    pub(crate) letters: Vec<(u8, u8)>,
    pub(crate) legal: Vec<u16>,
    pub(crate) original: &'a str,
    pub(crate) family: Option<u8>,
}

impl<'a> Rest<'a> {
    /// The reading with its tokens.
    pub(crate) fn with<'b>(&'b self, tokens: &'b [View<'b>]) -> ReadingView<'b> {
        ReadingView {
            tokens,
            kin: self.kin,
            family: self.family,
            letters: &self.letters,
            original: self.original,
        }
    }
}

fn role(number: u8) -> Role {
    match number {
        0 => Role::Word,
        1 => Role::Initial,
        2 => Role::Number,
        _ => Role::Notion,
    }
}

fn script(number: u8) -> Script {
    match number {
        1 => Script::Cyrillic,
        2 => Script::Arabic,
        3 => Script::Hebrew,
        4 => Script::Greek,
        5 => Script::Armenian,
        6 => Script::Georgian,
        7 => Script::Han,
        8 => Script::Hangul,
        9 => Script::Kana,
        _ => Script::Latin,
    }
}

/// The manners in which a kind of party is named.
pub(crate) fn manners(kind: PartyKind) -> &'static [Manner] {
    match kind {
        PartyKind::Person => &[Manner::Person],
        PartyKind::Unknown => &[Manner::Person, Manner::Body],
        _ => &[Manner::Body],
    }
}

/// Two like tokens, or `None` where they are not.
pub(crate) fn like(a: &View<'_>, b: &View<'_>, names: &Names) -> Option<Match> {
    compare(a, b, &names.sounds)
}

/// Gathers listings into the parts of the file.
struct Builder<'n> {
    names: &'n Names,
    parts: [Writer; SECTIONS],
    token_numbers: Map<Vec<u8>, u32>,
    strings: Map<Vec<u8>, u32>,
    postings: Vec<Vec<u32>>,
    keyed: Vec<(u64, u32)>,
    identified: Vec<(u64, u32)>,
    listings: u32,
    readings: u32,
    name_rows: u32,
    scratch: Vec<u64>,
}

impl<'n> Builder<'n> {
    fn new(names: &'n Names) -> Builder<'n> {
        Builder {
            names,
            parts: Default::default(),
            token_numbers: Map::default(),
            strings: Map::default(),
            postings: Vec::new(),
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

    fn listing(&mut self, listing: &Listing) {
        let number = self.listings;
        self.listings += 1;
        let at = self.part(Section::Records).0.len() as u32;
        self.part(Section::Records).listing(listing);
        let row = self.part(Section::Listings);
        row.u32(at);
        row.u32(listing.kind as u32 | u32::from(told::of(listing)) << 8);
        for day in [
            listing.valid.from,
            listing.valid.to,
            listing.seen.from,
            listing.seen.to,
        ] {
            row.u32(day.map_or(i32::MIN, |d| d.number() as i32) as u32);
        }
        for id in crate::attribute::usable(&listing.identifiers) {
            self.identified.push((identifier_key(&id.value), number));
        }
        for (order, name) in listing.names.iter().enumerate() {
            for manner in manners(listing.kind) {
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
                    self.reading(reading, *manner);
                }
                self.name_rows += 1;
            }
        }
    }

    fn reading(&mut self, reading: &Reading, manner: Manner) {
        let views = crate::align::views(reading, &self.names.sounds);
        let total = crate::score::total(&views);
        let list_at = (self.part(Section::TokenLists).0.len() / 4) as u32;
        let number = self.readings;
        self.readings += 1;
        let mut numbers = Vec::with_capacity(views.len());
        for view in &views {
            numbers.push(self.token(view, (manner, false)));
        }
        for token in &numbers {
            self.part(Section::TokenLists).u32(*token);
            self.post(*token, number);
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
        let counts = numbers.len() as u32
            | (kin.len() as u32) << 8
            | (letters.len() as u32) << 16
            | (legal.len() as u32) << 24;
        let family =
            u32::from(reading.family.unwrap_or(255)) | (reading.original.len() as u32) << 8;
        let name = self.name_rows;
        let row = self.part(Section::Readings);
        for word in [name, total.to_bits(), list_at, extras_at, counts, family] {
            row.u32(word);
        }
    }

    /// Neighbours written as one word, and the first letters of all words, are found as words of their own.
    fn glued(&mut self, letters: &[(u8, u8)], views: &[View<'_>], (reading, manner): (u32, Manner)) {
        let mut made: Vec<(Vec<u8>, Vec<u8>, f32, View<'_>)> = crate::candidates::glued(views);
        made.extend(crate::candidates::acronyms(letters, views));
        for (text, sounds, weight, like) in made {
            let view = View {
                text: &text,
                sounds: &sounds,
                weight,
                ..like
            };
            let token = self.token(&view, (manner, true));
            self.post(token, reading);
        }
    }

    fn post(&mut self, token: u32, reading: u32) {
        let list = &mut self.postings[token as usize];
        if list.last() != Some(&reading) {
            list.push(reading);
        }
    }

    fn string(&mut self, bytes: &[u8]) -> u32 {
        if let Some(at) = self.strings.get(bytes) {
            return *at;
        }
        let at = self.part(Section::Strings).0.len() as u32;
        self.part(Section::Strings).0.extend_from_slice(bytes);
        self.strings.insert(bytes.to_vec(), at);
        at
    }

    fn token(&mut self, view: &View<'_>, (manner, brief): (Manner, bool)) -> u32 {
        let text = &view.text[..view.text.len().min(255)];
        let sounds = &view.sounds[..view.sounds.len().min(255)];
        let (text_at, sounds_at) = (self.string(text), self.string(sounds));
        let mut row = Writer::default();
        row.u32(text_at);
        row.u32(sounds_at);
        row.u8(text.len() as u8);
        row.u8(sounds.len() as u8);
        row.u8(view.role as u8);
        row.u8(view.script as u8);
        let marks = [view.unwritten, view.aside, brief, manner == Manner::Body];
        row.u8((0u8..).zip(marks).map(|(bit, mark)| u8::from(mark) << bit).sum());
        row.u8(view.certain);
        row.u16((view.weight * 1000.0).round() as u16);
        row.u32(view.number);
        for group in view.variants {
            row.u16(group);
        }
        if let Some(number) = self.token_numbers.get(&row.0) {
            return *number;
        }
        let number = self.postings.len() as u32;
        self.postings.push(Vec::new());
        self.part(Section::Tokens).0.extend_from_slice(&row.0);
        self.token_numbers.insert(row.0, number);
        let mut scratch = std::mem::take(&mut self.scratch);
        keys(view, (Side::List, manner), brief, &mut scratch);
        self.keyed.extend(scratch.iter().map(|key| (*key, number)));
        self.scratch = scratch;
        number
    }

    fn finish(mut self) -> Vec<u8> {
        let mut end = 0;
        for list in std::mem::take(&mut self.postings) {
            end += list.len() as u32;
            self.part(Section::PostingEnds).u32(end);
            for reading in list {
                self.part(Section::Postings).u32(reading);
            }
        }
        let keyed = std::mem::take(&mut self.keyed);
        self.table(keyed, Section::KeySlots, Section::KeyTokens);
        let identified = std::mem::take(&mut self.identified);
        self.table(identified, Section::IdSlots, Section::IdListings);
        let mut file = Writer(MAGIC.to_vec());
        for part in &self.parts {
            file.u32(part.0.len() as u32);
        }
        for part in &self.parts {
            file.0.extend_from_slice(&part.0);
        }
        file.0
    }

    fn table(&mut self, mut rows: Vec<(u64, u32)>, slots: Section, values: Section) {
        rows.sort_unstable();
        rows.dedup();
        let mut groups: Vec<(u64, u32, u32)> = Vec::new();
        for (key, value) in rows {
            let at = (self.part(values).0.len() / 4) as u32;
            match groups.last_mut() {
                Some(last) if last.0 == key => last.2 += 1,
                _ => groups.push((key, at, 1)),
            }
            self.part(values).u32(value);
        }
        let size = (groups.len() * 3 / 2).next_power_of_two();
        let mut held = vec![(0u64, 0u32, 0u32); size];
        for group in groups {
            let mut at = group.0 as usize & (size - 1);
            while held[at].0 != 0 {
                at = (at + 1) & (size - 1);
            }
            held[at] = group;
        }
        let part = self.part(slots);
        for (key, from, count) in held {
            part.u64(key);
            part.u32(from);
            part.u32(count);
        }
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
