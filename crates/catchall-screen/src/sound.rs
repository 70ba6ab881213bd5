//! Sounds: how a word sounds, and how far two words are from one another.
//!
//! Every script is brought to one small alphabet of sounds by the rows of `data/names/letters.txt`, so that a name in Cyrillic and the same name in
//! French spelling meet without a detour over one romanisation. Vowels that a script leaves out are never guessed: where one side has none, those of
//! the other side are all but free. What two sounds cost is data (`data/names/costs.toml`).
//!
//! To add a script: a section of letters. Knows nothing of names, lists or scores.

use crate::hash::Map;
use crate::slip::{Cost, Drops, cheapest, thousandths};
use crate::tables::{Place, TablesError};

/// The longest run of sounds that is compared; what is longer is cut.
pub(crate) const LONGEST: usize = 40;

/// Spellings of one script, longest first, with their sounds and romanised form.
#[derive(Debug, Default)]
struct Letters {
    rows: Map<String, (Vec<u8>, String)>,
    /// The longest spelling that begins with a letter.
    longest: Map<char, usize>,
    /// The spellings in ASCII by their first letter, the longest first: nearly all that is asked for.
    ascii: Vec<Vec<Spelling>>,
}

/// A spelling with its sounds and its romanised form.
#[derive(Debug)]
struct Spelling {
    letters: Vec<u8>,
    sounds: Vec<u8>,
    roman: String,
}

/// The tables of sounds.
#[derive(Debug)]
pub(crate) struct Sounds {
    scripts: Map<String, Letters>,
    near: Vec<u16>,
    left_out: [Cost; 128],
    vowel: [bool; 128],
    unwritten: Cost,
    swapped: Cost,
}

/// What `costs.toml` holds.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Costs {
    vowels: String,
    vowel_for_vowel: f32,
    vowel_left_out: f32,
    vowel_left_out_unwritten: f32,
    consonant_left_out: f32,
    swapped_neighbours: f32,
    left_out: std::collections::BTreeMap<String, f32>,
    near: std::collections::BTreeMap<String, f32>,
}

impl Sounds {
    /// Reads the two tables.
    pub(crate) fn read(letters: &str, costs: &str) -> Result<Sounds, TablesError> {
        let costs: Costs = toml::from_str(costs).map_err(|error| TablesError::Unreadable {
            file: "costs.toml",
            reason: error.message().to_owned(),
        })?;
        let mut vowel = [false; 128];
        for sound in costs.vowels.bytes() {
            vowel[usize::from(sound & 127)] = true;
        }
        let mut left_out = [thousandths(costs.consonant_left_out); 128];
        for (sound, cost) in left_out.iter_mut().enumerate() {
            if vowel[sound] {
                *cost = thousandths(costs.vowel_left_out);
            }
        }
        for (sound, cost) in &costs.left_out {
            for byte in sound.bytes() {
                left_out[usize::from(byte & 127)] = thousandths(*cost);
            }
        }
        Ok(Sounds {
            scripts: read_letters(letters)?,
            near: matrix(&costs, &vowel),
            left_out,
            vowel,
            unwritten: thousandths(costs.vowel_left_out_unwritten),
            swapped: thousandths(costs.swapped_neighbours),
        })
    }

    /// Whether the sound is a vowel, or a letter that may be one.
    pub(crate) fn is_vowel(&self, sound: u8) -> bool {
        self.vowel[usize::from(sound & 127)]
    }

    /// The consonants of a word: what is left for certain when a script writes no vowels.
    pub(crate) fn consonants(&self, sounds: &[u8]) -> usize {
        sounds
            .iter()
            .filter(|s| !self.is_vowel(**s) && !matches!(**s, b'h' | b'H' | b'y' | b'w'))
            .count()
    }

    /// The sounds and the romanised form of a word of one script; `None` where the script has no table.
    pub(crate) fn of(&self, script: &str, word: &str) -> Option<(Vec<u8>, String)> {
        let letters = self.scripts.get(script)?;
        let mut sounds = Vec::with_capacity(word.len() + 4);
        let mut roman = String::with_capacity(word.len() + 4);
        if word.is_ascii() {
            letters.spell(word.as_bytes(), &mut sounds, &mut roman);
        } else {
            let marks: Vec<(usize, char)> = word.char_indices().collect();
            let mut at = 0;
            while at < marks.len() {
                at += letters.step(word, &marks, at, &mut sounds, &mut roman);
            }
        }
        if script == "latin" {
            settle_latin(&mut sounds, &self.vowel);
        }
        sounds.dedup();
        sounds.truncate(LONGEST);
        Some((sounds, roman))
    }

    /// The first letter of the romanised form.
    pub(crate) fn first(&self, script: &str, word: &str) -> Option<u8> {
        let letters = self.scripts.get(script)?;
        let (mut sounds, mut roman) = (Vec::new(), String::new());
        let marks: Vec<(usize, char)> = word.char_indices().collect();
        let mut at = 0;
        while at < marks.len() && roman.is_empty() {
            at += letters.step(word, &marks, at, &mut sounds, &mut roman);
        }
        roman.bytes().next()
    }

    /// How much it costs to make one word of the other; 0 is the same.
    ///
    /// `unwritten` says which side leaves its vowels out. What costs more than `most` is not counted to the end.
    pub(crate) fn distance(&self, a: &[u8], b: &[u8], unwritten: [bool; 2], most: f32) -> f32 {
        if a == b {
            return 0.0;
        }
        // A script that leaves vowels out, or spells a foreign name by its syllables, says nothing by the vowels of either side.
        let free = unwritten[0] || unwritten[1];
        let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
        let mut drops = [[0; LONGEST]; 2];
        for (drops, word) in drops.iter_mut().zip([a, b]) {
            for (drop, sound) in drops.iter_mut().zip(word) {
                *drop = self.drop(*sound, free);
            }
        }
        let [drops_a, drops_b] = drops.each_ref().map(|all| Drops {
            leading: all,
            any: all,
        });
        let exchange = |i: usize| {
            let near = &self.near[usize::from(a[i] & 127) * 128..][..128];
            move |j: usize| Cost::from(near[usize::from(b[j] & 127)])
        };
        cheapest((a, drops_a), (b, drops_b), exchange, self.swapped, most)
    }

    fn drop(&self, sound: u8, free: bool) -> Cost {
        if free && sound.is_ascii_lowercase() && self.is_vowel(sound) {
            self.unwritten
        } else {
            self.left_out[usize::from(sound & 127)]
        }
    }
}

impl Letters {
    fn sort_ascii(&mut self) {
        self.ascii = std::iter::repeat_with(Vec::new).take(128).collect();
        for (spelling, (sounds, roman)) in self.rows.iter().filter(|row| row.0.is_ascii()) {
            let first = spelling.bytes().next().unwrap_or(0);
            if let Some(own) = self.ascii.get_mut(usize::from(first)) {
                own.push(Spelling {
                    letters: spelling.as_bytes().to_vec(),
                    sounds: sounds.clone(),
                    roman: roman.clone(),
                });
            }
        }
        for own in &mut self.ascii {
            own.sort_by(|a, b| {
                let longest = b.letters.len().cmp(&a.letters.len());
                longest.then_with(|| a.letters.cmp(&b.letters))
            });
        }
    }

    /// A word in ASCII.
    fn spell(&self, word: &[u8], sounds: &mut Vec<u8>, roman: &mut String) {
        let mut rest = word;
        while let Some((first, after)) = rest.split_first() {
            let known = self.ascii.get(usize::from(*first));
            let known = known.and_then(|all| all.iter().find(|own| rest.starts_with(&own.letters)));
            match known {
                Some(known) => {
                    sounds.extend_from_slice(&known.sounds);
                    roman.push_str(&known.roman);
                    rest = &rest[known.letters.len()..];
                }
                None => {
                    if first.is_ascii_alphanumeric() {
                        sounds.push(*first);
                        roman.push(char::from(*first));
                    }
                    rest = after;
                }
            }
        }
    }

    fn step(
        &self,
        word: &str,
        marks: &[(usize, char)],
        at: usize,
        sounds: &mut Vec<u8>,
        roman: &mut String,
    ) -> usize {
        let from = marks[at].0;
        let longest = self.longest.get(&marks[at].1).copied().unwrap_or(0);
        for length in (1..=longest.min(marks.len() - at)).rev() {
            let to = marks.get(at + length).map_or(word.len(), |mark| mark.0);
            if let Some((found, written)) = self.rows.get(&word[from..to]) {
                sounds.extend_from_slice(found);
                roman.push_str(written);
                return length;
            }
        }
        let letter = marks[at].1;
        if letter.is_ascii_alphanumeric() {
            sounds.push(letter as u8);
            roman.push(letter);
        } else {
            for plain in any_ascii::any_ascii_char(letter).chars() {
                let plain = plain.to_ascii_lowercase();
                if plain.is_ascii_alphanumeric() {
                    sounds.push(plain as u8);
                    roman.push(plain);
                }
            }
        }
        1
    }
}

/// Settles the letters whose sound depends on where they stand: c, x, y, a last ng.
fn settle_latin(sounds: &mut Vec<u8>, vowel: &[bool; 128]) {
    let is_vowel = |sound: Option<&u8>| sound.is_some_and(|s| vowel[usize::from(s & 127)]);
    let mut settled = Vec::with_capacity(sounds.len() + 2);
    for (at, sound) in sounds.iter().enumerate() {
        let next = sounds.get(at + 1);
        match sound {
            b'<' if matches!(next, Some(b'e' | b'i' | b'~')) => settled.push(b'1'),
            b'<' => settled.push(b'k'),
            b'>' if at == 0 => settled.push(b'2'),
            b'>' => settled.extend_from_slice(b"ks"),
            b'~' if is_vowel(next) => settled.push(b'y'),
            b'~' => settled.push(b'i'),
            other => settled.push(*other),
        }
    }
    if settled.ends_with(b"ng") {
        settled.truncate(settled.len() - 2);
        settled.push(b'N');
    }
    *sounds = settled;
}

fn matrix(costs: &Costs, vowel: &[bool; 128]) -> Vec<u16> {
    // No cost of the table is near the end of sixteen bits; one that were would be held there.
    let thousandths = |cost: f32| thousandths(cost).min(Cost::from(u16::MAX)) as u16;
    let mut near = vec![thousandths(costs.consonant_left_out); 128 * 128];
    for a in 0..128 {
        for b in 0..128 {
            if vowel[a] && vowel[b] {
                near[a * 128 + b] = thousandths(costs.vowel_for_vowel);
            }
        }
        near[a * 128 + a] = 0;
    }
    for (pair, cost) in &costs.near {
        if let [a, b] = pair.as_bytes() {
            let (a, b) = (usize::from(a & 127), usize::from(b & 127));
            near[a * 128 + b] = thousandths(*cost);
            near[b * 128 + a] = thousandths(*cost);
        }
    }
    near
}

fn read_letters(text: &str) -> Result<Map<String, Letters>, TablesError> {
    let mut scripts: Map<String, Letters> = Map::default();
    let mut script = String::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            script = name.to_owned();
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(spelling), Some(sounds)) = (words.next(), words.next()) else {
            return Err(TablesError::Row {
                at: Place::new("letters.txt", number),
                found: line.to_owned(),
                wanted: "a spelling and its sounds",
            });
        };
        let sounds = if sounds == "-" { "" } else { sounds };
        let roman = match words.next() {
            Some(roman) => roman.to_owned(),
            None if script == "latin" => plain(spelling),
            None => sounds.to_ascii_lowercase(),
        };
        let letters = scripts.entry(script.clone()).or_default();
        if let Some(first) = spelling.chars().next() {
            let longest = letters.longest.entry(first).or_default();
            *longest = (*longest).max(spelling.chars().count());
        }
        letters
            .rows
            .insert(spelling.to_owned(), (sounds.as_bytes().to_vec(), roman));
    }
    for letters in scripts.values_mut() {
        letters.sort_ascii();
    }
    Ok(scripts)
}

fn plain(spelling: &str) -> String {
    any_ascii::any_ascii(spelling).to_ascii_lowercase()
}
