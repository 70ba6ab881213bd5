//! Names: a printed name taken apart into what can be compared.
//!
//! A [`Name`] has one or more readings (Han characters read as Chinese, Korean or Japanese; a foreign name written in Han). A reading is a row of tokens
//! with their sounds and how much each tells, and beside it what is not compared as a name: legal forms, and where "son of" stood.
//! Which words are particles, notions or legal forms is data. Persons are read in `person.rs`, bodies in `body.rs`.
//!
//! To add a script: rows in `letters.txt` and, if it writes no spaces, a way in `han.rs`. Knows nothing of lists or scores.

use crate::body::body_readings;
use crate::person::person;
use crate::tables::Names;
use crate::words::{Raw, raws};

/// Most tokens of a name that are compared.
pub(crate) const MOST_TOKENS: usize = 24;

/// Whether a name is a person's or that of anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    /// A human being.
    Person,
    /// A company, a body, a ship, an aircraft.
    Body,
}

/// The script of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Script {
    /// Latin, and what has no table of its own.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Arabic and Persian.
    Arabic,
    /// Hebrew.
    Hebrew,
    /// Greek.
    Greek,
    /// Armenian.
    Armenian,
    /// Georgian.
    Georgian,
    /// Han characters.
    Han,
    /// Hangul.
    Hangul,
    /// Hiragana and katakana.
    Kana,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// A word.
    Word,
    /// One letter that stands for a word.
    Initial,
    /// A number.
    Number,
    /// A notion of the glossary.
    Notion,
}

/// One part of a name.
#[derive(Clone, Debug)]
pub struct Token {
    /// As printed.
    pub shown: String,
    /// In the letters a to z.
    pub text: String,
    /// Its sounds.
    pub sounds: Vec<u8>,
    /// What it is.
    pub role: Role,
    /// The number, or the notion.
    pub number: u32,
    /// How much it tells, 0 to 1.
    pub weight: f32,
    /// Groups of variants that it belongs to.
    pub variants: Vec<u16>,
    /// Its script writes no short vowels.
    pub unwritten: bool,
    /// Its script.
    pub script: Script,
    /// It stood in brackets.
    pub aside: bool,
}

/// One way to read a name.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The parts, in the order of speech.
    pub tokens: Vec<Token>,
    /// Before which tokens "son of" stood.
    pub kin: Vec<u8>,
    /// Which token is the family name for certain.
    pub family: Option<u8>,
    /// First letters of all words, each with the token it belongs to (255: none).
    pub letters: Vec<(u8, u8)>,
    /// Legal forms.
    pub legal: Vec<u16>,
    /// Han characters (in their simplified form) or Hangul syllables, as printed.
    pub original: String,
}

/// A name taken apart.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// Its readings; at least one.
    pub readings: Vec<Reading>,
}

impl Name {
    /// Takes a name apart.
    pub fn read(text: &str, manner: Manner, names: &Names) -> Name {
        let raws = raws(text);
        let mut readings = match manner {
            Manner::Person => crate::han::person_readings(&raws, names)
                .unwrap_or_else(|| vec![person(&raws, names)]),
            Manner::Body => body_readings(&raws, names),
        };
        let original = crate::han::original(&raws, names);
        for reading in &mut readings {
            reading.original.clone_from(&original);
            reading.tokens.truncate(MOST_TOKENS);
        }
        Name { readings }
    }
}

/// Whether a name says that it is a body's: by two notions, or by one and a legal form.
pub(crate) fn tells_a_body(text: &str, names: &Names) -> bool {
    let Some(reading) = Name::read(text, Manner::Body, names)
        .readings
        .into_iter()
        .next()
    else {
        return false;
    };
    let notions = reading.tokens.iter().filter(|t| t.role == Role::Notion);
    notions.count() + usize::from(!reading.legal.is_empty()) >= 2
}

/// The name of a script's table of letters.
pub(crate) fn table(script: Script) -> &'static str {
    match script {
        Script::Cyrillic => "cyrillic",
        Script::Arabic => "arabic",
        Script::Hebrew => "hebrew",
        Script::Greek => "greek",
        Script::Armenian => "armenian",
        Script::Georgian => "georgian",
        _ => "latin",
    }
}

/// A token of a word; its weight is set by how common it is.
pub(crate) fn token(
    shown: &str,
    word: &str,
    script: Script,
    manner: Manner,
    names: &Names,
) -> Token {
    let (mut sounds, text) = match script {
        Script::Hangul => crate::han::hangul_sounds(word, names),
        _ => names
            .sounds
            .of(table(script), word)
            .unwrap_or_else(|| (word.bytes().collect(), word.to_owned())),
    };
    let unwritten = matches!(script, Script::Arabic | Script::Hebrew);
    if script == Script::Arabic && sounds.len() > 2 && sounds.ends_with(b"h") {
        sounds.pop();
        sounds.push(b'H');
    }
    if script == Script::Kana {
        for sound in &mut sounds {
            if *sound == b'r' {
                *sound = b'L';
            }
        }
    }
    let weight = weight(&text, &sounds, unwritten, manner, names);
    Token {
        shown: shown.to_owned(),
        variants: names.variants.get(&text).cloned().unwrap_or_default(),
        text,
        sounds,
        role: Role::Word,
        number: 0,
        weight,
        unwritten,
        script,
        aside: false,
    }
}

/// How much a word tells: the rarer, the more; short words and what a script leaves open tell less.
pub(crate) fn weight(
    text: &str,
    sounds: &[u8],
    unwritten: bool,
    manner: Manner,
    names: &Names,
) -> f32 {
    let column = usize::from(manner == Manner::Body);
    let skeleton = crate::block::skeleton(sounds);
    let certain = names.sounds.consonants(sounds);
    let mut rate = names.frequency.get(text).map_or(0, |r| r[column]) as f32;
    if certain >= 3 || unwritten {
        let shared = names.by_sound.get(&skeleton).map_or(0, |r| r[column]) as f32;
        rate = rate.max(shared * if unwritten { 1.0 } else { 0.5 });
    }
    let rarity = (1e6 / (rate + 12.0)).ln() / (1e6f32 / 12.0).ln();
    let length = match (unwritten, text.len(), certain) {
        (true, _, 0..=1) => 0.3,
        (true, _, 2) => 0.6,
        (true, _, 3) => 0.85,
        (false, 0..=1, _) => 0.2,
        (false, 2, _) => 0.45,
        (false, 3, _) => 0.7,
        _ => 1.0,
    };
    let patronymic = manner == Manner::Person
        && [
            "ovich", "evich", "ovna", "evna", "ovych", "evych", "ivna", "avich", "aunа",
        ]
        .iter()
        .any(|ending| text.len() > ending.len() + 2 && text.ends_with(ending));
    let told = (rarity * length * if patronymic { 0.6 } else { 1.0 }).clamp(0.08, 1.0);
    (told * 1000.0).round() / 1000.0
}

pub(crate) fn initial(raw: &Raw, names: &Names, manner: Manner) -> Token {
    Token {
        role: Role::Initial,
        weight: 0.15,
        variants: Vec::new(),
        ..token(&raw.shown, &raw.key, raw.script, manner, names)
    }
}

pub(crate) fn number_token(raw: &Raw, number: u32) -> Token {
    Token {
        shown: raw.shown.clone(),
        text: number.to_string(),
        sounds: number.to_string().into_bytes(),
        role: Role::Number,
        number,
        weight: 0.35,
        variants: Vec::new(),
        unwritten: false,
        script: Script::Latin,
        aside: raw.aside,
    }
}
