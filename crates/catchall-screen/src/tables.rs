//! Tables: what is known about names, read from `data/names/`.
//!
//! Particles, legal forms, notions, variants, numbers, frequencies, readings of characters and the weights of the score are data. A row that cannot be
//! read is an error that says where. Nothing is written here about any name.
//!
//! To add a spelling: a row in `data/names/` and a pair in `corpus/names/`. To add a kind of table: a file there, a field here.

use crate::hash::Map;
use crate::score::Weights;
use crate::sound::Sounds;
use crate::threshold::Thresholds;
use std::fmt;

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
    whole: Map<String, u16>,
    beginnings: Map<String, u16>,
    shortest_beginning: usize,
    endings: Endings,
    firsts: Map<String, usize>,
    beginnings_of: Map<char, ()>,
    pub(crate) longest: usize,
    words: Vec<String>,
}

/// What may follow the beginning of a word that stands for every word that begins so: parts between, in any number, and an ending.
#[derive(Debug, Default)]
struct Endings {
    between: Vec<String>,
    last: Map<String, ()>,
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
        digest.update(crate::index::MAGIC);
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
                && crate::sound::slips(known.as_bytes(), word.as_bytes(), 1.0) <= 1.0
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
    fn add(&mut self, phrase: &str, number: u16) {
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
        let words = crate::name::words_of(phrase);
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

fn rows<'a>(
    file: &'static str,
    text: &'a str,
    wanted: &'static str,
) -> impl Iterator<Item = Result<(Place, &'a str, Vec<&'a str>), TablesError>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
        .map(move |(number, line)| {
            let at = Place::new(file, number);
            match line.split_once(':') {
                Some((head, tail)) => Ok((
                    at,
                    head.trim(),
                    tail.split(',')
                        .map(str::trim)
                        .filter(|w| !w.is_empty())
                        .collect(),
                )),
                None if line.starts_with('[') => Ok((at, line.trim(), Vec::new())),
                None => Err(TablesError::Row {
                    at,
                    found: line.to_owned(),
                    wanted,
                }),
            }
        })
}

type Particles = (Map<String, Small>, Map<String, ()>);

fn read_particles(text: &str) -> Result<Particles, TablesError> {
    let wanted = "`article`, `kin`, `title`, `filler`, `speech`, `bound`, `god`, `faith` or `either`, a colon, and words";
    let (mut small, mut either) = (Map::default(), Map::default());
    for row in rows("particles.txt", text, wanted) {
        let (at, head, words) = row?;
        let kind = match head {
            "article" => Small::Article,
            "kin" => Small::Kin,
            "title" => Small::Title,
            "filler" => Small::Filler,
            "bound" => Small::Bound,
            "god" => Small::God,
            "faith" => Small::Faith,
            "speech" => Small::Speech,
            "either" => {
                either.extend(words.into_iter().map(|word| (crate::name::fold(word), ())));
                continue;
            }
            _ => {
                return Err(TablesError::Row {
                    at,
                    found: head.to_owned(),
                    wanted,
                });
            }
        };
        for word in words {
            small.entry(crate::name::fold(word)).or_insert(kind);
        }
    }
    Ok((small, either))
}

fn read_numbers(text: &str) -> Result<Map<String, u32>, TablesError> {
    let wanted = "a number, a colon, and words";
    let mut numbers = Map::default();
    for row in rows("numbers.txt", text, wanted) {
        let (at, head, words) = row?;
        let number: u32 = head.parse().map_err(|_| TablesError::Row {
            at,
            found: head.to_owned(),
            wanted,
        })?;
        for word in words {
            numbers.insert(crate::name::fold(word), number);
        }
    }
    Ok(numbers)
}

fn read_variants(text: &str) -> Map<String, Vec<u16>> {
    let mut variants: Map<String, Vec<u16>> = Map::default();
    let lines = text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    for (group, line) in (1u16..).zip(lines) {
        for name in line.split(',') {
            let name = any_ascii::any_ascii(name.trim()).to_ascii_lowercase();
            // A name is looked up as it is compared: what is written as one or as two words is one.
            let joined = crate::name::compound(&name);
            for form in [name, joined] {
                let groups = variants.entry(form).or_default();
                if !groups.contains(&group) {
                    groups.push(group);
                }
            }
        }
    }
    variants
}

fn read_legal(text: &str) -> Result<(Phrases, Vec<(String, u16)>), TablesError> {
    let mut phrases = Phrases::default();
    let mut names: Vec<(String, u16)> = vec![(String::new(), 0)];
    for row in rows("legal.txt", text, "a class, a colon, and spellings") {
        let (at, head, spellings) = row?;
        let number = names.len() as u16;
        let (class, wider) = head.split_once('=').unwrap_or((head, ""));
        let wider = match wider.trim() {
            "" => number,
            name => match names.iter().position(|(class, _)| class == name) {
                Some(found) => found as u16,
                None => {
                    return Err(TablesError::Row {
                        at,
                        found: head.to_owned(),
                        wanted: "a wider class that stands above",
                    });
                }
            },
        };
        names.push((class.trim().to_owned(), wider));
        for spelling in spellings {
            phrases.add(spelling, number);
        }
    }
    Ok((phrases, names))
}

fn read_glossary(text: &str) -> Result<(Phrases, Vec<(String, f32)>), TablesError> {
    let mut phrases = Phrases::default();
    let mut names = vec![(String::new(), 0.0)];
    let mut weight = 0.2;
    for row in rows("glossary.txt", text, "a notion, a colon, and spellings") {
        let (at, head, spellings) = row?;
        if let Some(figure) = head.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
            weight = figure.parse().map_err(|_| TablesError::Row {
                at,
                found: head.to_owned(),
                wanted: "a weight from 0 to 1 in brackets",
            })?;
            continue;
        }
        if head == "between" {
            let parts = spellings.into_iter().map(str::to_owned);
            phrases.endings.between.extend(parts);
            continue;
        }
        if head == "ending" {
            let endings = spellings.into_iter().map(|ending| (ending.to_owned(), ()));
            phrases.endings.last.extend(endings);
            continue;
        }
        let number = names.len() as u16;
        names.push((head.to_owned(), weight));
        for spelling in spellings {
            phrases.add(spelling, number);
        }
    }
    Ok((phrases, names))
}

fn read_frequency(text: &str) -> Result<Map<String, [u32; 2]>, TablesError> {
    let mut found = Map::default();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split(' ');
        let row = (|| {
            let word = words.next()?;
            let persons = words.next()?.parse().ok()?;
            let bodies = words.next()?.parse().ok()?;
            Some((word.to_owned(), [persons, bodies]))
        })();
        let Some((word, rates)) = row else {
            return Err(TablesError::Row {
                at: Place::new("frequency.txt", number),
                found: line.to_owned(),
                wanted: "a word and two rates in a million names",
            });
        };
        found.insert(word, rates);
    }
    Ok(found)
}

/// Every long word of the two tables, with one letter left out in every way.
fn slips_of(legal: &Phrases, notions: &Phrases) -> (Vec<String>, Map<String, u32>) {
    let mut vocabulary: Vec<String> = legal.words.iter().chain(&notions.words).cloned().collect();
    vocabulary.sort_unstable();
    vocabulary.dedup();
    let mut corrected = Map::default();
    for (number, word) in vocabulary.iter().enumerate() {
        corrected.insert(word.clone(), number as u32);
        for at in 0..word.len() {
            corrected
                .entry([&word[..at], &word[at + 1..]].concat())
                .or_insert(number as u32);
        }
    }
    (vocabulary, corrected)
}

/// Small words that bind others (`abdul`) with two neighbours exchanged or a letter doubled, where that is no word of its own: `adbul`, `abddul`.
fn small_slips(
    small: &Map<String, Small>,
    frequency: &Map<String, [u32; 2]>,
) -> Map<String, Small> {
    let bound = small.iter().filter(|(word, kind)| {
        matches!(kind, Small::Bound | Small::God | Small::Faith)
            && word.is_ascii()
            && word.len() >= 3
    });
    // The same slip of two words: the one that comes first stands, whatever the order of the table.
    let mut words: Vec<(&String, &Small)> = bound.collect();
    words.sort_by_key(|(word, _)| word.as_str());
    let mut slips: Map<String, Small> = Map::default();
    for (word, kind) in words {
        let letters = word.as_bytes();
        let doubled = (0..letters.len()).map(|at| [&letters[..=at], &letters[at..]].concat());
        // Of three letters the first is told from the others.
        let first = usize::from(letters.len() == 3);
        let swapped = (first..letters.len() - 1).map(|at| {
            let mut own = letters.to_vec();
            own.swap(at, at + 1);
            own
        });
        for slip in doubled.chain(swapped) {
            let Ok(slip) = String::from_utf8(slip) else {
                continue;
            };
            if !small.contains_key(&slip) && !frequency.contains_key(&slip) {
                slips.entry(slip).or_insert(*kind);
            }
        }
    }
    slips
}

/// Spellings of one name share how common it is: their rates are summed by what is certain of their sound.
fn sum_by_sound(frequency: &Map<String, [u32; 2]>, sounds: &Sounds) -> Map<Vec<u8>, [u32; 2]> {
    let mut by_sound: Map<Vec<u8>, [u32; 2]> = Map::default();
    for (word, rates) in frequency {
        if let Some((heard, _)) = sounds.of("latin", word) {
            let sum = by_sound.entry(crate::block::skeleton(&heard)).or_default();
            sum[0] += rates[0];
            sum[1] += rates[1];
        }
    }
    by_sound
}

fn read_surnames(text: &str) -> Map<String, Vec<Vec<String>>> {
    let mut surnames: Map<String, Vec<Vec<String>>> = Map::default();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(name), Some(language), Some(readings)) =
            (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let column = match language {
            "zh" => 0,
            "yue" => 1,
            "ko" => 2,
            _ => 3,
        };
        let entry = surnames
            .entry(name.to_owned())
            .or_insert_with(|| vec![Vec::new(); 4]);
        entry[column].extend(readings.split(',').map(str::to_owned));
    }
    surnames
}
