//! Tables: what is known about names, read from `data/names/`.
//!
//! Particles, legal forms, notions, variants, numbers, frequencies, readings of characters and the weights of the score are data. A row that cannot be
//! read is an error that says where. Nothing is written here about any name.
//!
//! To add a spelling: a row in `data/names/` and a pair in `corpus/names/`. To add a kind of table: a file there, a field here.

use crate::hash::Map;
use crate::score::Weights;
use crate::sound::Sounds;
use crate::table_rows::{
    read_frequency, read_glossary, read_legal, read_numbers, read_particles, read_surnames,
    read_variants, slips_of, small_slips, sum_by_sound,
};
use crate::threshold::Thresholds;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Where in a table something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    file: &'static str,
    line: usize,
}

impl Place {
    pub(crate) fn new(file: &'static str, line_from_zero: usize) -> Place {
        Place {
            file,
            line: line_from_zero + 1,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "data/names/{}:{}", self.file, self.line)
    }
}

/// Why a table of names cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// A row is not of the table's form.
    #[error("{at}: expected {wanted}, found `{found}`")]
    Row {
        /// Where.
        at: Place,
        /// The row.
        found: String,
        /// What a row looks like.
        wanted: &'static str,
    },
    /// A TOML file does not have its fields.
    #[error("data/names/{file}: {reason}")]
    Unreadable {
        /// The file.
        file: &'static str,
        /// What its reader says.
        reason: String,
    },
}

/// What kind of small word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Small {
    Article,
    Kin,
    Title,
    Filler,
    Bound,
    God,
    Faith,
    Speech,
}

/// The texts of the tables.
#[derive(Clone, Copy, Debug)]
pub struct TableTexts<'a> {
    /// `letters.txt`
    pub letters: &'a str,
    /// `costs.toml`
    pub costs: &'a str,
    /// `particles.txt`
    pub particles: &'a str,
    /// `numbers.txt`
    pub numbers: &'a str,
    /// `variants.txt`
    pub variants: &'a str,
    /// `legal.txt`
    pub legal: &'a str,
    /// `glossary.txt`
    pub glossary: &'a str,
    /// `frequency.txt`
    pub frequency: &'a str,
    /// `han.txt`
    pub han: &'static str,
    /// `surnames.txt`
    pub surnames: &'a str,
    /// `weights.toml`
    pub weights: &'a str,
    /// `thresholds.toml`
    pub thresholds: &'a str,
}

impl TableTexts<'_> {
    /// The tables as they were when the program was built.
    pub fn built_in() -> TableTexts<'static> {
        TableTexts {
            letters: include_str!("../../../data/names/letters.txt"),
            costs: include_str!("../../../data/names/costs.toml"),
            particles: include_str!("../../../data/names/particles.txt"),
            numbers: include_str!("../../../data/names/numbers.txt"),
            variants: include_str!("../../../data/names/variants.txt"),
            legal: include_str!("../../../data/names/legal.txt"),
            glossary: include_str!("../../../data/names/glossary.txt"),
            frequency: include_str!("../../../data/names/frequency.txt"),
            han: include_str!("../../../data/names/han.txt"),
            surnames: include_str!("../../../data/names/surnames.txt"),
            weights: include_str!("../../../data/names/weights.toml"),
            thresholds: include_str!("../../../data/names/thresholds.toml"),
        }
    }
}

/// Phrases of one or more words, each with a number; the longest is found first.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    pub(crate) whole: Map<String, u16>,
    pub(crate) beginnings: Map<String, u16>,
    pub(crate) shortest_beginning: usize,
    pub(crate) endings: Endings,
    pub(crate) firsts: Map<String, usize>,
    pub(crate) beginnings_of: Map<char, ()>,
    pub(crate) longest: usize,
    pub(crate) words: Vec<String>,
}

/// What may follow the beginning of a word that stands for every word that begins so: parts between, in any number, and an ending.
#[derive(Debug, Default)]
pub(crate) struct Endings {
    pub(crate) between: Vec<String>,
    pub(crate) last: Map<String, ()>,
}

impl Endings {
    /// Whether this is how a word goes on that is only bent, and not another word or a name: `Novaya` is new, `Novatek` is not.
    fn hold(&self, rest: &str) -> bool {
        rest.is_empty()
            || self.last.contains_key(rest)
            || self.between.iter().any(|part| {
                let after = rest.strip_prefix(part.as_str());
                after.is_some_and(|after| self.hold(after))
            })
    }
}

/// Everything that is known about names.
#[derive(Debug)]
pub struct Names {
    pub(crate) sounds: Sounds,
    /// Small words with a slip of the hand.
    slipped: Map<String, Small>,
    pub(crate) small: Map<String, Small>,
    /// Small words that are names of their own in names of short words.
    pub(crate) either: Map<String, ()>,
    pub(crate) numbers: Map<String, u32>,
    pub(crate) variants: Map<String, Vec<u16>>,
    pub(crate) legal: Phrases,
    pub(crate) legal_names: Vec<(String, u16)>,
    pub(crate) notions: Phrases,
    pub(crate) notion_names: Vec<(String, f32)>,
    corrected: Map<String, u32>,
    vocabulary: Vec<String>,
    pub(crate) frequency: Map<String, [u32; 2]>,
    pub(crate) by_sound: Map<Vec<u8>, [u32; 2]>,
    pub(crate) han: Vec<&'static str>,
    pub(crate) surnames: Map<String, Vec<Vec<String>>>,
    pub(crate) weights: Weights,
    pub(crate) thresholds: Thresholds,
}

impl Names {
    /// The tables as they were when the program was built, read once. Whoever will ask them soon can have them read meanwhile, on
    /// another thread.
    ///
    /// # Errors
    /// [`TablesError`], as for [`Names::read`].
    pub fn built_in() -> Result<Arc<Names>, &'static TablesError> {
        static READ: OnceLock<Result<Arc<Names>, TablesError>> = OnceLock::new();
        let read = READ.get_or_init(|| Names::read(&TableTexts::built_in()).map(Arc::new));
        read.as_ref().map(Arc::clone)
    }

    /// Reads the tables.
    ///
    /// # Errors
    /// [`TablesError`] names the file, the line, what stands there and what would be right.
    pub fn read(texts: &TableTexts<'_>) -> Result<Names, TablesError> {
        let sounds = Sounds::read(texts.letters, texts.costs)?;
        let (legal, legal_names) = read_legal(texts.legal)?;
        let (notions, notion_names) = read_glossary(texts.glossary)?;
        let frequency = read_frequency(texts.frequency)?;
        let (vocabulary, corrected) = slips_of(&legal, &notions);
        let by_sound = sum_by_sound(&frequency, &sounds);
        let weights = Weights::read(texts.weights)?;
        let (small, either) = read_particles(texts.particles)?;
        Ok(Names {
            slipped: small_slips(&small, &frequency),
            small,
            either,
            numbers: read_numbers(texts.numbers)?,
            variants: read_variants(texts.variants),
            vocabulary,
            corrected,
            legal,
            legal_names,
            notions,
            notion_names,
            frequency,
            by_sound,
            han: texts.han.lines().filter(|l| !l.starts_with('#')).collect(),
            surnames: read_surnames(texts.surnames),
            weights,
            thresholds: Thresholds::read(texts.thresholds)?,
            sounds,
        })
    }
}

impl TableTexts<'_> {
    /// Digest of the tables and of the layout of an index: where it is the same, an index may be opened that was built before.
    pub fn digest(&self) -> [u8; 32] {
        use sha2::{Digest, Sha256};
        let mut digest = Sha256::new();
        digest.update(crate::sealed::MAGIC);
        for text in [
            self.letters,
            self.costs,
            self.particles,
            self.numbers,
            self.variants,
            self.legal,
            self.glossary,
            self.frequency,
            self.han,
            self.surnames,
            self.weights,
            self.thresholds,
        ] {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        digest.finalize().into()
    }
}

impl Names {
    /// What small word of a person's name this is, as it stands or but for a slip.
    pub(crate) fn small_word(&self, word: &str) -> Option<Small> {
        let known = self.small.get(word).or_else(|| self.slipped.get(word));
        known.copied()
    }

    /// The word of legal forms and notions that this is but for one slip; `None` for words that are known as they stand.
    pub(crate) fn corrected(&self, word: &str) -> Option<&str> {
        if word.len() < 6 || !word.is_ascii() || self.frequency.contains_key(word) {
            return None;
        }
        let found = |key: &str| {
            self.corrected
                .get(key)
                .and_then(|at| self.vocabulary.get(*at as usize))
                .map(String::as_str)
        };
        let near = |known: &&str| {
            known.len().abs_diff(word.len()) <= 1
                && crate::slip::slips(known.as_bytes(), word.as_bytes(), 1.0) <= 1.0
        };
        let less = (0..word.len()).map(|at| [&word[..at], &word[at + 1..]].concat());
        std::iter::once(word.to_owned())
            .chain(less)
            .find_map(|key| found(&key).filter(near))
    }

    /// The weights of the score.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Where the bands of each list begin.
    pub fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }
}

impl Phrases {
    pub(crate) fn add(&mut self, phrase: &str, number: u16) {
        if let Some(beginning) = phrase.strip_suffix('*') {
            let letters = beginning.chars().count();
            self.shortest_beginning = match self.shortest_beginning {
                0 => letters,
                shortest => shortest.min(letters),
            };
            self.beginnings_of
                .extend(beginning.chars().next().map(|first| (first, ())));
            self.beginnings.insert(beginning.to_owned(), number);
            self.longest = self.longest.max(1);
            return;
        }
        let words = crate::words::words_of(phrase);
        self.longest = self.longest.max(words.len());
        if let Some(first) = words.first() {
            let longest = self.firsts.entry(first.clone()).or_default();
            *longest = (*longest).max(words.len());
        }
        self.words.extend(
            words
                .iter()
                .filter(|w| w.is_ascii() && w.len() >= 6)
                .cloned(),
        );
        self.whole.entry(words.join(" ")).or_insert(number);
    }

    /// Of how many words the longest phrase is that begins with this one.
    pub(crate) fn reach(&self, first: &str) -> usize {
        self.firsts.get(first).copied().unwrap_or(1)
    }

    /// The number of a phrase written out with single spaces.
    pub(crate) fn find(&self, phrase: &str) -> Option<u16> {
        if let Some(number) = self.whole.get(phrase) {
            return Some(*number);
        }
        if phrase.contains(' ')
            || !phrase
                .chars()
                .next()
                .is_some_and(|first| self.beginnings_of.contains_key(&first))
        {
            return None;
        }
        let ends = phrase
            .char_indices()
            .map(|(at, _)| at)
            .skip(self.shortest_beginning);
        let mut ends: Vec<usize> = ends.collect();
        ends.push(phrase.len());
        ends.iter().rev().find_map(|end| {
            let number = self.beginnings.get(phrase.get(..*end)?)?;
            let rest = phrase.get(*end..)?;
            self.endings.hold(rest).then_some(*number)
        })
    }
}
