//! Vocabulary: every word a condition or a transfer may use, from the table of facts and the packs'
//! `vocabulary` files: facts with type, unit and question; the tree of item kinds; closed word lists.

use std::collections::BTreeMap;

use catchall_model::{Country, Dimension, Places, Unit};

use crate::diagnostic::At;
use crate::facts::FactType;

/// A fact, as a place in [`Vocabulary::facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u16);

/// A set of words, kinds or countries, by their places in their domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// Nothing.
    pub(crate) const EMPTY: Bits = Bits(Vec::new());

    /// The set of these.
    pub fn of(members: impl IntoIterator<Item = u32>) -> Bits {
        let mut bits = Bits::default();
        for member in members {
            bits.insert(member);
        }
        bits
    }

    /// Puts one in.
    pub fn insert(&mut self, member: u32) {
        let word = member as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (member % 64);
    }

    /// Whether it is in.
    pub fn has(&self, member: u32) -> bool {
        self.0
            .get(member as usize / 64)
            .is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    /// All members, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.0).flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(place * 64 + bit)
            })
        })
    }

    /// Puts all of these in.
    pub(crate) fn join(&mut self, others: &Bits) {
        if self.0.len() < others.0.len() {
            self.0.resize(others.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word |= other;
        }
    }

    /// The words that hold the members, the first 64 in the first.
    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    /// Those that are in both, ascending.
    pub(crate) fn both<'a>(&'a self, others: &'a Bits) -> impl Iterator<Item = u32> + 'a {
        let words = self.0.iter().zip(&others.0);
        (0u32..).zip(words).flat_map(|(place, (one, other))| {
            let mut left = one & other;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(place * 64 + bit)
            })
        })
    }

    /// Empties it, with room for so many.
    pub(crate) fn clear(&mut self, size: usize) {
        self.0.clear();
        self.0.resize(size.div_ceil(64), 0);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

/// What a fact's values are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// True, false.
    YesNo,
    /// A word list, by place.
    Words(usize),
    /// The tree of kinds.
    Kinds,
    /// Countries and territories.
    Countries,
    /// Amounts of a dimension.
    Quantity(Dimension),
    /// Days.
    Date,
    /// The payload-range curve.
    Curve,
    /// Rows of the packs' party lists.
    Parties,
}

/// One fact with everything there is to say of it.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The word used.
    pub key: String,
    /// What its values are drawn from.
    pub domain: Domain,
    /// Whether it holds any number of values at once.
    pub many: bool,
    /// The unit that people state it in.
    pub unit: Unit,
    /// The question when it is missing.
    pub question: String,
    /// Whom to ask.
    pub ask: String,
    /// What would show it.
    pub evidence: String,
    /// How hard to find out, 1 to 5.
    pub cost: u8,
    /// Other names under which a transfer may state it.
    pub also: Vec<String>,
    /// Where a pack defines it; `None` for a row of the program's own table.
    pub at: Option<At>,
}

/// One node of the tree of kinds. Nodes stand in pre-order: a subtree is a run.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The word, unique in the tree.
    pub word: String,
    /// Dotted path from the root.
    pub path: String,
    /// For people.
    pub label: String,
    /// Other words for it.
    pub also: Vec<String>,
    /// Headings of the Harmonised System that goods of this kind usually go under: they suggest it, and no more.
    pub hs: Vec<String>,
    /// The forms in which such items come, as places of the words of forms; none where that is left open.
    pub forms: Vec<u32>,
    /// One past the last node of its subtree.
    pub end: u32,
    /// Where a pack defines it.
    pub at: At,
}

/// One closed list of words.
#[derive(Clone, Debug)]
pub struct WordList {
    /// Its name.
    pub name: String,
    /// Its words, in order.
    pub words: Vec<Word>,
    /// Where a pack defines it; `None` for a list that no pack holds.
    pub at: Option<At>,
}

/// One word of a list.
#[derive(Clone, Debug)]
pub struct Word {
    /// As packs write it.
    pub word: String,
    /// For people.
    pub label: String,
    /// Other ways to say it.
    pub also: Vec<String>,
    /// Of a paper that covers: whether it is one for all without a number, as an exception or a general authorisation, which is
    /// claimed and not issued.
    pub general: bool,
    /// Of a use: whether it is one of which no authority warns.
    pub ordinary: bool,
}

/// Everything a condition or a transfer may say.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Facts, by [`FactId`].
    pub facts: Vec<Fact>,
    /// Kinds, in pre-order.
    pub kinds: Vec<Kind>,
    /// Word lists.
    pub lists: Vec<WordList>,
    /// Countries by place, in order of their codes.
    pub countries: Vec<Country>,
    /// Names of the countries, in the same order.
    pub country_names: Vec<String>,
    pub(crate) by_key: BTreeMap<String, FactId>,
    pub(crate) by_kind: BTreeMap<String, u32>,
    pub(crate) by_word: Vec<BTreeMap<String, u32>>,
}

/// Lower case with hyphens for spaces and underscores: how a caller's words meet ours.
pub fn fold_word(text: &str) -> String {
    folded_word(text).into_owned()
}

/// The same without a copy where the word is written as the vocabulary writes it.
fn folded_word(text: &str) -> std::borrow::Cow<'_, str> {
    let plain = text.split('-').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.'))
    });
    if plain {
        return text.into();
    }
    text.trim()
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .into()
}

impl Vocabulary {
    pub(crate) fn with_places(places: &Places) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (country, name) in places.all() {
            vocabulary.countries.push(country);
            vocabulary.country_names.push(name.to_owned());
        }
        vocabulary
    }

    /// The fact of this key, or of this other name of an item's figure.
    pub fn fact(&self, key: &str) -> Option<FactId> {
        self.by_key.get(key).copied()
    }

    /// The fact behind an id.
    pub fn get(&self, fact: FactId) -> &Fact {
        &self.facts[usize::from(fact.0)]
    }

    /// The place of a kind, by its word, its path or another word for it.
    pub fn kind(&self, word: &str) -> Option<u32> {
        let word = folded_word(word);
        let known = |word: &str| self.by_kind.get(word).copied();
        known(&word).or_else(|| {
            // Several of a kind are of the kind: `lathes`, `gas turbines`, `batteries`, `presses`.
            let one = [("ies", "y"), ("es", ""), ("s", "")];
            let mut singulars = one.iter().filter_map(|(end, own)| {
                let stem = word.strip_suffix(end).filter(|stem| stem.len() > 2)?;
                Some(format!("{stem}{own}"))
            });
            singulars.find_map(|word| known(&word))
        })
    }

    /// The place of a word in a list, by itself or another way to say it.
    pub fn word(&self, list: usize, word: &str) -> Option<u32> {
        self.by_word
            .get(list)?
            .get(folded_word(word).as_ref())
            .copied()
    }

    /// The words of a list that stand within a text ("Bureau of Industry and Security (BIS), Washington"), the longest spelling
    /// first. A word that another one found says more exactly (`us` beside `us_lvs`) is left out. Spellings of up to three
    /// characters count only where the text has them in capitals: `in` and `no` are words of prose too.
    pub fn words_within(&self, list: usize, text: &str) -> Vec<u32> {
        const LONGEST: usize = 8;
        let Some(spellings) = self.by_word.get(list) else {
            return Vec::new();
        };
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() && c != '.')
            .map(|part| part.trim_matches('.'))
            .filter(|part| !part.is_empty())
            .collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let most = LONGEST.min(parts.len() - at);
            let longest = (1..=most).rev().find_map(|many| {
                let phrase = parts[at..at + many].join("-");
                let capitals = phrase.chars().all(|c| !c.is_lowercase());
                (capitals || phrase.chars().count() > 3)
                    .then(|| spellings.get(&phrase.to_lowercase()))
                    .flatten()
                    .map(|word| (many, *word))
            });
            at += longest.map_or(1, |(many, _)| many);
            found.extend(longest.map(|(_, word)| word));
        }
        found.sort_unstable();
        found.dedup();
        let word = |place: u32| self.name(Domain::Words(list), place);
        let plain = |one: u32| {
            found
                .iter()
                .any(|other| *other != one && word(*other).starts_with(word(one)))
        };
        found.iter().copied().filter(|one| !plain(*one)).collect()
    }

    /// The place of a country.
    pub fn country(&self, country: Country) -> Option<u32> {
        self.countries
            .binary_search(&country)
            .ok()
            .and_then(|place| u32::try_from(place).ok())
    }

    /// The code of the country whose name or code was meant, for a suggestion.
    pub(crate) fn country_like(&self, text: &str) -> Option<&str> {
        let text = text.trim();
        let meant = |name: &str, code: &str| {
            code.eq_ignore_ascii_case(text)
                || name.eq_ignore_ascii_case(text)
                || (text.len() > 2
                    && crate::diagnostic::distance(&name.to_lowercase(), &text.to_lowercase()) == 1)
        };
        let place = self
            .country_names
            .iter()
            .zip(&self.countries)
            .position(|(name, code)| meant(name, code.code()))?;
        self.countries.get(place).map(Country::code)
    }

    /// How many values a domain of words, kinds or countries has.
    pub fn size(&self, domain: Domain) -> u32 {
        let size = match domain {
            Domain::Words(list) => self.lists[list].words.len(),
            Domain::Kinds => self.kinds.len(),
            Domain::Countries => self.countries.len(),
            Domain::YesNo => 2,
            Domain::Quantity(_) | Domain::Date | Domain::Curve | Domain::Parties => 0,
        };
        u32::try_from(size).unwrap_or(u32::MAX)
    }

    /// The name of one value of a domain of words, kinds or countries.
    pub fn name(&self, domain: Domain, place: u32) -> &str {
        let place = place as usize;
        match domain {
            Domain::Words(list) => self.lists[list]
                .words
                .get(place)
                .map_or("?", |word| word.word.as_str()),
            Domain::Kinds => self.kinds.get(place).map_or("?", |kind| kind.word.as_str()),
            Domain::Countries => self.countries.get(place).map_or("?", Country::code),
            _ => "?",
        }
    }

    /// The domain of a row of the table of facts, or of a pack's own.
    pub(crate) fn domain(&self, kind: FactType) -> Option<(Domain, bool, Unit)> {
        let list = |name: &str| self.lists.iter().position(|list| list.name == name);
        Some(match kind {
            FactType::YesNo => (Domain::YesNo, false, Unit::NONE),
            FactType::Word(name) => (Domain::Words(list(name)?), false, Unit::NONE),
            FactType::Words(name) => (Domain::Words(list(name)?), true, Unit::NONE),
            FactType::Kind => (Domain::Kinds, false, Unit::NONE),
            FactType::Country => (Domain::Countries, false, Unit::NONE),
            FactType::Countries => (Domain::Countries, true, Unit::NONE),
            FactType::Quantity(unit) => {
                let unit = Unit::find(unit)?;
                (Domain::Quantity(unit.dimension()), false, unit)
            }
            FactType::Date => (Domain::Date, false, Unit::NONE),
            FactType::Curve => (Domain::Curve, false, Unit::NONE),
            FactType::Parties => (Domain::Parties, true, Unit::NONE),
        })
    }
}
