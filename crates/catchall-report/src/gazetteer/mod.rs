//! Gazetteers: dated data with sources, from `data/reports/`, built into the program and indexed once.
//!
//! Holds names (states, bodies, outlets, people in office), instruments, technology, the calendar and the cues of speech.
//! No name stands in Rust. To grow: a row in the data; a new kind of row needs a field here and the one file that asks it.

mod find;
mod load;
mod phrases;
pub mod words;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

use find::Finder;
pub use find::{Hits, Spelling};
pub use phrases::Phrases;
use words::{Class, Form, Table};

/// What a word means in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// A month.
    Month(u8),
    /// A day of the week, Monday as 1.
    Weekday(u8),
    /// A small number in words.
    Count(u16),
    /// A word of relative time.
    Relative(Relative),
}

/// Words of relative time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is named after its list in data/reports/calendar.toml"
)]
pub enum Relative {
    Yesterday,
    Today,
    Tomorrow,
    Last,
    This,
    Next,
    Earlier,
    Later,
    Ago,
    Weekend,
    Day,
    Week,
    Month,
    Year,
    Quarter,
    Half,
    End,
    Start,
    Mid,
    Late,
    Within,
    Pre,
    Same,
    Previous,
    Following,
    By,
    Until,
    Since,
    Of,
    Night,
    Christmas,
    Easter,
}

impl Relative {
    fn of(list: &str) -> Option<Relative> {
        Some(match list {
            "yesterday" => Relative::Yesterday,
            "today" => Relative::Today,
            "tomorrow" => Relative::Tomorrow,
            "last" => Relative::Last,
            "this" => Relative::This,
            "next" => Relative::Next,
            "earlier" => Relative::Earlier,
            "later" => Relative::Later,
            "ago" => Relative::Ago,
            "weekend" => Relative::Weekend,
            "day" => Relative::Day,
            "week" => Relative::Week,
            "month" => Relative::Month,
            "year" => Relative::Year,
            "quarter" => Relative::Quarter,
            "half" => Relative::Half,
            "end" => Relative::End,
            "start" => Relative::Start,
            "mid" => Relative::Mid,
            "late" => Relative::Late,
            "within" => Relative::Within,
            "pre" => Relative::Pre,
            "same" => Relative::Same,
            "previous" => Relative::Previous,
            "following" => Relative::Following,
            "by" => Relative::By,
            "until" => Relative::Until,
            "since" => Relative::Since,
            "of" => Relative::Of,
            "night" => Relative::Night,
            "christmas" => Relative::Christmas,
            "easter" => Relative::Easter,
            _ => return None,
        })
    }
}

/// What a name in the text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A state by its name: index.
    State(u16),
    /// A state by its demonym.
    Demonym(u16),
    /// A city that speaks for a state.
    City(u16),
    /// The seat of a government.
    Seat(u16),
    /// An outlet.
    Outlet(u16),
    /// A body.
    Body(u16),
    /// A person by a full name, or one that needs none.
    Person(u16),
    /// A region.
    Region,
}

/// A state.
#[derive(Clone, Debug, Deserialize)]
pub struct State {
    /// ISO 3166 alpha-2.
    #[serde(rename = "c")]
    pub code: String,
    /// Names; the first is the usual one.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// Adjectives and peoples.
    #[serde(rename = "d")]
    pub demonyms: Vec<String>,
    /// Cities that stand for it.
    #[serde(rename = "m")]
    pub cities: Vec<String>,
    /// Seats of its government.
    #[serde(rename = "g")]
    pub seats: Vec<String>,
}

/// An outlet.
#[derive(Clone, Debug, Deserialize)]
pub struct Outlet {
    /// Spellings.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// `agency`, `daily` and so on.
    #[serde(rename = "k")]
    pub kind: String,
    /// Who owns it.
    #[serde(rename = "o")]
    pub owner: String,
    /// Seat.
    #[serde(rename = "c")]
    pub country: String,
}

/// A body.
#[derive(Clone, Debug, Deserialize)]
pub struct Body {
    /// Spellings; the first is the usual one.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// Type of party.
    #[serde(rename = "t")]
    pub kind: String,
    /// Seat; empty for an international one.
    #[serde(rename = "c")]
    pub country: String,
    /// A slug of its own, where the name makes a poor one.
    #[serde(default)]
    pub id: Option<String>,
}

/// Somebody who held an office.
#[derive(Clone, Debug)]
pub struct Person {
    /// The usual spelling.
    pub name: String,
    /// Every spelling.
    pub names: Vec<String>,
    /// Country served.
    pub country: String,
    /// Offices with their terms.
    pub terms: Vec<Term>,
}

/// One term of an office.
#[derive(Clone, Debug)]
pub struct Term {
    /// The office.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
}

/// A heading of technology.
#[derive(Clone, Debug, Deserialize)]
pub struct Tech {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// Headings of control lists.
    #[serde(rename = "h")]
    pub headings: Vec<String>,
    /// Terms.
    #[serde(rename = "t")]
    pub terms: Vec<String>,
    /// Whether its terms name systems of their own, each a thing for itself.
    #[serde(default)]
    pub named: bool,
}

/// An instrument.
#[derive(Clone, Debug, Deserialize)]
pub struct Known {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    #[serde(rename = "k")]
    pub kind: String,
    /// Date made; empty when there is none.
    #[serde(rename = "d")]
    pub date: String,
    /// Names in the press.
    #[serde(rename = "n")]
    pub names: Vec<String>,
}

/// A serial that prints volume and issue.
#[derive(Clone, Debug, Deserialize)]
pub struct Serial {
    /// Title.
    pub title: String,
    /// Other titles.
    #[serde(default)]
    pub also: Vec<String>,
    /// `daily`, `weekly`, `fortnightly`.
    pub rhythm: String,
    /// The year of volume 0.
    pub year_of_volume_0: i16,
    /// The last volume, if it ended.
    #[serde(default)]
    pub last_volume: Option<u32>,
    /// Known issues: volume, issue, day, slack in working days.
    pub anchors: Vec<(u32, u32, String, i32)>,
}

/// A verb of speech.
#[derive(Clone, Debug)]
pub struct Verb {
    /// Lemma.
    pub lemma: String,
    /// Kind of statement.
    pub kind: &'static str,
    /// `open`, `clause` or `act`.
    pub frame: Frame,
}

/// What a verb of speech takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Any complement.
    Open,
    /// Words said.
    Clause,
    /// A deed.
    Act,
}

/// Closed list of kinds of statement.
pub const KINDS: [&str; 7] = [
    "said", "promised", "denied", "alleged", "ordered", "conceded", "reported",
];

/// Lists of words by name of the list.
pub type Lists = BTreeMap<String, Vec<String>>;

/// Lists of words by group and name.
type Sets = BTreeMap<String, BTreeMap<String, Table<()>>>;

/// What is known of a word: found once for a token, and asked as often as the rules like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// What kind of word it is.
    pub class: Class,
    /// Which word of the lists it is; nought for none.
    pub listed: u16,
    /// What it means in the calendar.
    pub calendar: Option<Calendar>,
    /// What else it is, a bit each.
    pub marks: u8,
}

impl Word {
    /// It opens the name of an office.
    pub const OFFICE: u8 = 1;
    /// It is a noun of role.
    pub const ROLE: u8 = 2;
    /// It may stand between a country and a noun of role.
    pub const MODIFIER: u8 = 4;
    /// Some list or name holds it.
    pub const SPELLED: u8 = 8;
    /// With the right capitals it is a given name.
    pub const GIVEN: u8 = 16;
    /// With the right capitals it is the surname of somebody in office.
    pub const SURNAME: u8 = 32;

    /// Whether it is one of these.
    #[inline]
    #[must_use]
    pub fn is(self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

/// Lists of the data, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mask(u128, u128);

impl Mask {
    /// How many lists there may be.
    pub(crate) const LISTS: u16 = 256;

    /// The mask with the list of a bit.
    #[must_use]
    pub(crate) fn with(self, bit: u8) -> Mask {
        match bit.checked_sub(128) {
            Some(high) => Mask(self.0, self.1 | 1 << high),
            None => Mask(self.0 | 1 << bit, self.1),
        }
    }

    #[inline(always)]
    fn holds(self, bit: u8) -> bool {
        let half = if bit < 128 { self.0 } else { self.1 };
        half >> (bit & 127) & 1 == 1
    }

    #[inline(always)]
    fn meets(self, other: Mask) -> bool {
        self.0 & other.0 | self.1 & other.1 != 0
    }
}

impl std::ops::BitOr for Mask {
    type Output = Mask;

    fn bitor(self, other: Mask) -> Mask {
        Mask(self.0 | other.0, self.1 | other.1)
    }
}

/// A name found: byte range and meaning.
#[derive(Clone, Copy, Debug)]
pub struct Found<T> {
    /// First byte.
    pub from: usize,
    /// Byte behind the last.
    pub to: usize,
    /// What it stands for.
    pub what: T,
}

/// All gazetteers, indexed.
pub struct Gazetteers {
    /// States.
    pub states: Vec<State>,
    /// Outlets.
    pub outlets: Vec<Outlet>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// People in office.
    pub people: Vec<Person>,
    /// Technology.
    pub tech: Vec<Tech>,
    /// Instruments.
    pub instruments: Vec<Known>,
    /// Serials.
    pub serials: Vec<Serial>,
    /// Verbs of speech.
    pub verbs: Vec<Verb>,
    /// Nouns of speech: word and kind.
    pub nouns: Vec<(String, &'static str)>,
    /// Names of every kind, terms of technology, names of instruments.
    finder: Finder,
    /// What is known of a word, in small letters: its class, its lists, its day.
    lexis: Table<Word>,
    sets: Sets,
    given: Table<()>,
    surnames: Table<Vec<u16>>,
    /// For each listed word, the lists that hold it, a bit each.
    masks: Vec<Mask>,
    /// Keys of the lists with their bit, each at or behind its place; nought where there is none.
    bits: Vec<(u64, u8)>,
    /// By bit: the words and phrases of the list.
    phrases: Vec<Phrases>,
    no_phrases: Phrases,
    roles: Table<&'static str>,
    /// Bodies by each of their names, in small letters.
    bodies_named: Table<Vec<u16>>,
    /// Nouns of office, in small letters, by their first word.
    offices: Table<Vec<Vec<String>>>,
}

/// A problem in a gazetteer, with the file it stands in.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {what}")]
pub struct DataError {
    /// The file.
    pub file: &'static str,
    /// What was found, and what would be right.
    pub what: String,
}

impl Gazetteers {
    /// The gazetteers that are built in.
    ///
    /// # Errors
    /// [`DataError`] when a file of `data/reports/` cannot be read; the tests of this crate keep that from being built.
    pub fn built_in() -> Result<&'static Gazetteers, &'static DataError> {
        static BUILT: OnceLock<Result<Gazetteers, DataError>> = OnceLock::new();
        BUILT.get_or_init(Gazetteers::load).as_ref()
    }

    /// Whether any list or name holds the word, in small letters.
    #[must_use]
    pub fn spelled(&self, lower: &str) -> bool {
        self.word(lower).is(Word::SPELLED)
    }

    /// All that is known of a word in small letters: one look at a table, for all that the rules ask of a token.
    #[inline]
    #[must_use]
    pub fn word(&self, lower: &str) -> Word {
        self.lexis.get(lower).copied().unwrap_or_default()
    }

    /// Bodies of a name, in the order of the data.
    pub fn bodies_named(&self, name: &str) -> impl Iterator<Item = &Body> {
        let rows = self.bodies_named.get(name.to_ascii_lowercase().as_str());
        rows.into_iter()
            .flatten()
            .filter_map(|index| self.bodies.get(usize::from(*index)))
    }

    /// The class of a word in small letters.
    #[must_use]
    pub fn class(&self, lower: &str) -> Class {
        self.word(lower).class
    }

    /// What a word means in the calendar.
    #[must_use]
    pub fn calendar(&self, lower: &str) -> Option<Calendar> {
        self.word(lower).calendar
    }

    /// Every name, term and instrument in a text and its small letters.
    #[must_use]
    pub fn find(&self, folded: &str, lower: &str) -> Hits {
        self.finder.find(folded, lower)
    }

    /// A list of the data to be looked for letter by letter, such as `("cue", "hedge")`; an empty one where there is none.
    #[must_use]
    pub fn phrases(&self, group: &str, list: &str) -> &Phrases {
        self.place(key(group, list))
            .and_then(|bit| self.phrases.get(usize::from(bit)))
            .unwrap_or(&self.no_phrases)
    }

    /// Whether a word or phrase stands in a list of the data.
    #[must_use]
    pub fn is(&self, group: &str, list: &str, word: &str) -> bool {
        self.holds(self.listed(word), group, list)
    }

    /// The number of a word that stands in some list; nought for one that stands in none.
    #[must_use]
    pub fn listed(&self, word: &str) -> u16 {
        self.word(word).listed
    }

    /// Whether a listed word stands in this list. Most words stand in none at all, and cost one comparison.
    #[inline(always)]
    #[must_use]
    pub fn holds(&self, listed: u16, group: &str, list: &str) -> bool {
        // Always within the caller: there the names of the list are known, and the key is worked out beforehand.
        listed != 0 && self.holds_key(listed, key(group, list))
    }

    /// Lists to be asked for together, by [`Gazetteers::any`].
    #[must_use]
    pub fn mask(&self, group: &str, lists: &[&str]) -> Mask {
        lists
            .iter()
            .filter_map(|list| self.place(key(group, list)))
            .fold(Mask::default(), Mask::with)
    }

    /// Whether a listed word stands in one of the lists of a mask.
    #[inline]
    #[must_use]
    pub fn any(&self, listed: u16, mask: Mask) -> bool {
        self.masks
            .get(usize::from(listed))
            .is_some_and(|own| own.meets(mask))
    }

    /// As [`Gazetteers::holds`], by the key of the list.
    #[inline(always)]
    fn holds_key(&self, listed: u16, key: u64) -> bool {
        self.place(key).is_some_and(|bit| {
            self.masks
                .get(usize::from(listed))
                .is_some_and(|own| own.holds(bit))
        })
    }

    /// The bit of a list.
    #[inline]
    fn place(&self, key: u64) -> Option<u8> {
        let mut slot = key as usize % SLOTS;
        loop {
            match self.bits.get(slot) {
                Some((own, bit)) if *own == key => return Some(*bit),
                Some((0, _)) | None => return None,
                Some(_) => slot = (slot + 1) % SLOTS,
            }
        }
    }

    /// The lists of a group, by name.
    pub fn group<'a>(
        &'a self,
        group: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Table<()>)> + 'a {
        self.sets
            .get(group)
            .into_iter()
            .flatten()
            .map(|(name, table)| (name.as_str(), table))
    }

    /// Whether a point behind the word belongs to it.
    #[must_use]
    pub fn abbreviation(&self, lower: &str) -> bool {
        self.is("cue", "abbreviation", lower)
    }

    /// Whether a word commonly opens a sentence.
    #[must_use]
    pub fn opens(&self, lower: &str) -> bool {
        self.is("cue", "opener", lower)
    }

    /// Whether a capitalised word is a given name.
    #[must_use]
    pub fn given(&self, word: &str) -> bool {
        self.given.contains_key(word)
    }

    /// People whose surname this is.
    #[must_use]
    pub fn surname(&self, word: &str) -> &[u16] {
        self.surnames.get(word).map_or(&[], Vec::as_slice)
    }

    /// How many words from here name an office, given the words as a function of their place.
    pub fn office<'a>(&self, word: impl Fn(usize) -> &'a str) -> usize {
        let Some(rows) = self.offices.get(word(0)) else {
            return 0;
        };
        rows.iter()
            .filter(|row| {
                row.iter()
                    .enumerate()
                    .all(|(place, own)| word(place) == own)
            })
            .map(Vec::len)
            .max()
            .unwrap_or(0)
    }

    /// The kind of speaker that a noun of role makes.
    #[must_use]
    pub fn role(&self, lower: &str) -> Option<&'static str> {
        self.roles.get(lower).copied()
    }

    /// Whether a word may stand between a country and a noun of role.
    #[must_use]
    pub fn modifies(&self, lower: &str) -> bool {
        self.word(lower).is(Word::MODIFIER)
    }

    /// The state of a code.
    #[must_use]
    pub fn state(&self, code: &str) -> Option<&State> {
        self.states.iter().find(|state| state.code == code)
    }
}

/// Whether the form can head a clause.
#[must_use]
pub fn finite(form: Form) -> bool {
    matches!(form, Form::Base | Form::Third | Form::Past)
}

/// Places for names of lists; far more than there are lists.
const SLOTS: usize = 1024;

/// The key of a list. Where group and list stand in the code, the compiler works it out beforehand; loading sees to it that no two
/// lists share one.
#[inline(always)]
const fn key(group: &str, list: &str) -> u64 {
    mixed(
        mixed(0xcbf2_9ce4_8422_2325, group.as_bytes()),
        list.as_bytes(),
    )
}

#[inline(always)]
const fn mixed(mut key: u64, text: &[u8]) -> u64 {
    let mut at = 0;
    while at < text.len() {
        key = (key ^ text[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    (key ^ 0xff).wrapping_mul(0x0100_0000_01b3) ^ key >> 29
}
