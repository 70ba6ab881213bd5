//! The index: all names of all listings, found by how they sound, as of any day.
//!
//! Built once into one row of bytes, which is a file (`sealed.rs`). A question's tokens find like tokens of the lists by their keys, those
//! find readings of names, and what could still reach the review band is aligned and scored in full. The order of everything is fixed.
//!
//! To add a way to find names: a key in `block.rs`. Knows no publisher, no file and no clock.

use crate::align::ReadingView;
use crate::alike::{Match, View, compare};
use crate::block::identifier_key;
use crate::builder::Builder;
use crate::bytes::{Reader, Words};
use crate::listing::{Listing, PartyKind};
use crate::name::{MOST_TOKENS, Manner, Role, Script};
use crate::sealed::{CHECKED, IndexError, IndexFile, LENGTHS, SECTIONS, checksum, parts};
use crate::tables::Names;
use std::sync::Arc;

const TOKEN: usize = 28;
const READING: usize = 16;
const HEAD: usize = 12;
const NAME: usize = 24;
const LISTING: usize = 8;

/// The parts of the file, in order.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    Tokens,
    Strings,
    Heads,
    Readings,
    TokenLists,
    Extras,
    NamesOf,
    Listings,
    Records,
    PostingEnds,
    Postings,
    KeyStarts,
    KeyRows,
    IdStarts,
    IdRows,
}

/// All listings, ready to be asked.
#[derive(Debug)]
pub struct ScreenIndex {
    /// Shared with the file that it was opened from, so that it is in memory once.
    pub(crate) bytes: Arc<Vec<u8>>,
    pub(crate) parts: [(usize, usize); SECTIONS],
    pub(crate) names: Arc<Names>,
}

/// What of a reading decides whether it is looked at: twelve bytes, as most that a question touches goes no further.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    /// Its name.
    pub(crate) name: u32,
    /// How much its tokens weigh together, in thousandths, rounded down.
    pub(crate) weight: u16,
    /// How many tokens are one letter; [`MOST_INITIALS`](crate::builder::MOST_INITIALS) of them are many.
    pub(crate) initials: u8,
    /// What its listing tells beside names and numbers.
    pub(crate) told: u8,
    /// The script of its first token.
    pub(crate) script: u8,
    /// It has one token, or none.
    pub(crate) one_word: bool,
    /// With which letters and sounds its tokens begin; see [`begins_with`].
    pub(crate) letters: u32,
}

/// Bits for the letter and the sound that a token begins with. Where a letter stands for a word, or for a letter, one bit at least is in both.
pub(crate) fn begins_with(token: &View<'_>) -> u32 {
    let letter = token.text.first().map_or(0, |letter| 1 << (letter % 32));
    let sound = token.sounds.first();
    letter | sound.map_or(0, |sound| 1u32 << ((sound / 32 * 7 + sound) % 32))
}

impl Head {
    pub(crate) fn words(self) -> [u32; 3] {
        let marks = u32::from(self.initials & 15)
            | u32::from(self.told & 7) << 4
            | u32::from(self.script & 15) << 7
            | u32::from(self.one_word) << 11;
        [
            self.name,
            u32::from(self.weight) | marks << 16,
            self.letters,
        ]
    }

    fn of([name, second, letters]: [u32; 3]) -> Head {
        let marks = second >> 16;
        Head {
            name,
            weight: second as u16,
            initials: (marks & 15) as u8,
            told: (marks >> 4 & 7) as u8,
            script: (marks >> 7 & 15) as u8,
            one_word: marks >> 11 & 1 == 1,
            letters,
        }
    }
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
        ScreenIndex::of(builder.finish(), names)
    }

    /// What the builder wrote is whole; were it not, an empty index would stand in for the impossible.
    pub(crate) fn of(bytes: Vec<u8>, names: Arc<Names>) -> ScreenIndex {
        let parts = parts(&bytes).unwrap_or([(0, 0); SECTIONS]);
        ScreenIndex {
            bytes: Arc::new(bytes),
            parts,
            names,
        }
    }

    /// Says of what this is the index (lists, tables of names, program: a digest of all of them), and closes it with a checksum.
    #[must_use]
    pub fn sealed(mut self, key: [u8; 32]) -> ScreenIndex {
        let bytes = Arc::make_mut(&mut self.bytes);
        if let Some(own) = bytes.get_mut(CHECKED..LENGTHS) {
            own.copy_from_slice(&key);
        }
        let sum = checksum(bytes.get(CHECKED..).unwrap_or(&[]));
        if let Some(own) = bytes.get_mut(8..CHECKED) {
            own.copy_from_slice(&sum.to_le_bytes());
        }
        self
    }

    /// Opens the bytes of a sealed index.
    ///
    /// # Errors
    /// As [`IndexFile::open`].
    pub fn open(bytes: Vec<u8>, names: Arc<Names>) -> Result<ScreenIndex, IndexError> {
        IndexFile::open(bytes).map(|file| file.with(names))
    }

    /// The tables of names that it is read with.
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// Of what it is the index, as [`ScreenIndex::sealed`] was told; zeros where it was not.
    pub fn key(&self) -> &[u8] {
        self.bytes.get(CHECKED..LENGTHS).unwrap_or(&[])
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

    /// The tokens that names of this manner are made of, without those that only lead to others.
    pub(crate) fn tokens_of(&self, manner: Manner) -> impl Iterator<Item = u32> + '_ {
        let rows = self.part(Section::Tokens).chunks_exact(TOKEN);
        let wanted = u8::from(manner == Manner::Body) << 3;
        (0u32..)
            .zip(rows)
            .filter(move |(_, row)| row[12] & 0b1100 == wanted)
            .map(|(number, _)| number)
    }

    /// How much a token of the lists tells, and whether it is neighbours made one or first letters, which only lead to others.
    pub(crate) fn token_weight(&self, number: u32) -> (f32, bool) {
        let at = number as usize * TOKEN + 12;
        match self.part(Section::Tokens).get(at..at + 4) {
            Some([marks, _, a, b]) => {
                let weight = f32::from(u16::from_le_bytes([*a, *b])) / 1000.0;
                (weight, marks & 4 != 0)
            }
            _ => (0.0, false),
        }
    }

    /// The listing that bears a name.
    pub(crate) fn bearer(&self, name: u32) -> u32 {
        self.words(Section::NamesOf).get(name as usize * (NAME / 4))
    }

    /// What of a reading decides whether it is looked at.
    pub(crate) fn reading_head(&self, number: u32) -> Head {
        let words = self.words(Section::Heads);
        let at = number as usize * (HEAD / 4);
        Head::of([words.get(at), words.get(at + 1), words.get(at + 2)])
    }

    /// The numbers of a reading's tokens.
    pub(crate) fn reading_tokens(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        let words = self.words(Section::Readings);
        let at = number as usize * (READING / 4);
        let (from, count) = (words.get(at) as usize, (words.get(at + 2) & 255) as usize);
        let lists = self.words(Section::TokenLists);
        (from..from + count.min(MOST_TOKENS)).map(move |at| lists.get(at))
    }

    /// What of a reading is not its tokens, into room that is used again.
    pub(crate) fn reading_rest<'i>(&'i self, number: u32, into: &mut Rest<'i>) {
        let words = self.words(Section::Readings);
        let at = number as usize * (READING / 4);
        let (extras, counts, family) = (
            words.get(at + 1) as usize,
            words.get(at + 2),
            words.get(at + 3),
        );
        let bytes = self.part(Section::Extras);
        let take = |from: usize, count: usize| bytes.get(from..from + count).unwrap_or(&[]);
        let kin = ((counts >> 8) & 15) as usize;
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

    /// The tokens under a key, and a few that share its digest.
    pub(crate) fn under(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        self.find(key, Section::KeyStarts, Section::KeyRows)
    }

    /// The listings that bear an identifier.
    pub(crate) fn bearing(&self, value: &str) -> impl Iterator<Item = u32> + '_ {
        self.find(identifier_key(value), Section::IdStarts, Section::IdRows)
    }

    /// Rows lie in order of the first bits of their keys; where each group begins is written down, and a row keeps 32 bits more.
    fn find(&self, key: u64, starts: Section, rows: Section) -> impl Iterator<Item = u32> + '_ {
        self.within(key, self.place(key, starts), rows)
    }

    /// Appends the tokens under each of the keys. Where all of them begin is asked first, so that one does not wait for the memory of another.
    pub(crate) fn under_all(&self, keys: &[u64], into: &mut Vec<u32>) {
        const AT_ONCE: usize = 16;
        let mut places = [(0, 0); AT_ONCE];
        for some in keys.chunks(AT_ONCE) {
            for (place, key) in places.iter_mut().zip(some) {
                *place = self.place(*key, Section::KeyStarts);
            }
            for (place, key) in places.iter().zip(some) {
                into.extend(self.within(*key, *place, Section::KeyRows));
            }
        }
    }

    /// Where the group of a key lies among the rows.
    fn place(&self, key: u64, starts: Section) -> (usize, usize) {
        let starts = self.words(starts);
        match group_bits(starts.len()) {
            Some(bits) => {
                let group = group(key, bits);
                (starts.get(group) as usize, starts.get(group + 1) as usize)
            }
            None => (0, 0),
        }
    }

    fn within(
        &self,
        key: u64,
        (from, to): (usize, usize),
        rows: Section,
    ) -> impl Iterator<Item = u32> + '_ {
        let rows = self.part(rows).get(from * 8..to * 8).unwrap_or(&[]);
        let rest = (key as u32).to_le_bytes();
        rows.chunks_exact(8)
            .filter(move |row| row[..4] == rest)
            .map(|row| u32::from_le_bytes([row[4], row[5], row[6], row[7]]))
    }
}

/// Into how many groups keys are laid, as a power of two, told from the number of their starts.
fn group_bits(starts: usize) -> Option<u32> {
    (starts > 1).then(|| (starts - 1).ilog2())
}

/// The group of a key: its first bits.
pub(crate) fn group(key: u64, bits: u32) -> usize {
    key.checked_shr(64 - bits).unwrap_or(0) as usize
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

/// The manners in which a name of a kind of party is read. Of whom the kind is not known may be a person, unless the name says what a body does.
pub(crate) fn manners(kind: PartyKind, text: &str, names: &Names) -> &'static [Manner] {
    match kind {
        PartyKind::Person => &[Manner::Person],
        PartyKind::Unknown if crate::name::tells_a_body(text, names) => &[Manner::Body],
        PartyKind::Unknown => &[Manner::Person, Manner::Body],
        _ => &[Manner::Body],
    }
}

/// Two like tokens, or `None` where they are not.
pub(crate) fn like(a: &View<'_>, b: &View<'_>, names: &Names) -> Option<Match> {
    compare(a, b, &names.sounds)
}
