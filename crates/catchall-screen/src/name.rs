//! Names: a printed name taken apart into what can be compared.
//!
//! A [`Name`] has one or more readings (Han characters read as Chinese, Korean or Japanese; a foreign name written in Han). A reading is a row of tokens
//! with their sounds and how much each tells, and beside it what is not compared as a name: legal forms, and where "son of" stood.
//! Which words are particles, notions or legal forms is data.
//!
//! To add a script: rows in `letters.txt` and, if it writes no spaces, a way in `han.rs`. Knows nothing of lists or scores.

use crate::tables::{Names, Small};
use unicode_normalization::UnicodeNormalization;

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

/// A word of the text with what stood around it.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) shown: String,
    pub(crate) key: String,
    pub(crate) script: Script,
    aside: bool,
    after_comma: bool,
    lower: bool,
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

/// One spelling for what a script writes in several ways; no accents, no case.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut key = String::with_capacity(word.len());
    for letter in word.nfkc().flat_map(char::to_lowercase) {
        match letter {
            'ی' | 'ى' | 'ې' | 'ۍ' => key.push('ي'),
            'ک' | 'ڪ' => key.push('ك'),
            'أ' | 'إ' | 'آ' | 'ٱ' => key.push('ا'),
            'ة' | 'ۀ' | 'ہ' | 'ھ' => key.push('ه'),
            'ё' => key.push('е'),
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' => {}
            '\u{670}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {}
            '\u{feff}' | '\u{ad}' => {}
            latin
                if ('\u{c0}'..='\u{24f}').contains(&latin)
                    || ('\u{1e00}'..='\u{1eff}').contains(&latin) =>
            {
                key.push_str(&any_ascii::any_ascii_char(latin).to_ascii_lowercase());
            }
            'ə' => key.push('a'),
            other => key.push(other),
        }
    }
    key
}

/// The folded words of a phrase, as the tables hold them.
pub(crate) fn words_of(phrase: &str) -> Vec<String> {
    raws(phrase).into_iter().map(|raw| raw.key).collect()
}

/// The script of a letter; `None` for what is no letter.
pub(crate) fn script_of(letter: char) -> Option<Script> {
    Some(match letter {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{531}'..='\u{58f}' => Script::Armenian,
        '\u{590}'..='\u{5ff}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' => Script::Arabic,
        '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => Script::Arabic,
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Script::Georgian,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〇' => Script::Han,
        other if other.is_alphanumeric() => Script::Latin,
        _ => return None,
    })
}

fn joins(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '′' | '\u{200c}' | '\u{200d}'
    ) || ('\u{300}'..='\u{36f}').contains(&letter)
        || ('\u{64b}'..='\u{65f}').contains(&letter)
        || matches!(letter, '\u{640}' | '\u{670}' | '\u{ad}')
}

/// Cuts a text into words.
pub(crate) fn raws(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    let (mut word, mut script) = (String::new(), Script::Latin);
    let (mut depth, mut comma) = (0u32, false);
    let clean: String = if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfkc().collect()
    };
    for letter in clean.chars().chain([' ']) {
        if joins(letter) {
            if !word.is_empty()
                && !matches!(
                    letter,
                    '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '′'
                )
            {
                word.push(letter);
            }
            continue;
        }
        let next = script_of(letter);
        let digit_run = |w: &str| w.ends_with(|c: char| c.is_ascii_digit());
        let breaks = next.is_none_or(|next| {
            next != script && (unspaced(script) || !letter.is_ascii_digit()) && !digit_run(&word)
        });
        if breaks && !word.is_empty() {
            let key = fold(&word);
            if !key.is_empty() {
                let lower = word.chars().next().is_some_and(char::is_lowercase);
                found.push(Raw {
                    key,
                    shown: std::mem::take(&mut word),
                    script,
                    aside: depth > 0,
                    after_comma: comma,
                    lower,
                });
                comma = false;
            }
            word.clear();
        }
        if let Some(next) = next {
            if word.is_empty() {
                script = next;
            }
            word.push(letter);
        }
        match letter {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            ',' | '،' | '，' => comma = true,
            _ => {}
        }
    }
    found
}

pub(crate) fn unspaced(script: Script) -> bool {
    matches!(script, Script::Han | Script::Hangul | Script::Kana)
}

/// The name of a script's table of letters.
fn table(script: Script) -> &'static str {
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

fn initial(raw: &Raw, names: &Names, manner: Manner) -> Token {
    Token {
        role: Role::Initial,
        weight: 0.15,
        variants: Vec::new(),
        ..token(&raw.shown, &raw.key, raw.script, manner, names)
    }
}

fn number_token(raw: &Raw, number: u32) -> Token {
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

/// A person's name in a script with spaces.
pub(crate) fn person(raws: &[Raw], names: &Names) -> Reading {
    let (ordered, family) = natural_order(raws);
    let mut reading = take_person(&ordered, family, names, true);
    if reading.tokens.iter().all(|t| t.role == Role::Initial) {
        reading = take_person(&ordered, family, names, false);
    }
    reading
}

/// "LAST, First" is turned; the number is how many words at the end are the family name.
fn natural_order(raws: &[Raw]) -> (Vec<&Raw>, usize) {
    match raws.iter().position(|raw| raw.after_comma) {
        Some(comma) if comma > 0 => (raws[comma..].iter().chain(&raws[..comma]).collect(), comma),
        _ => (raws.iter().collect(), 0),
    }
}

fn take_person(raws: &[&Raw], family: usize, names: &Names, drop_small: bool) -> Reading {
    let mut reading = Reading::default();
    let mut bound: Option<&Raw> = None;
    let family_from = raws.len() - family;
    let short = of_short_words(raws, names);
    for (at, raw) in raws.iter().enumerate() {
        let named = short && names.either.contains_key(&raw.key);
        let small = names.small_word(&raw.key);
        let small = small.filter(|_| drop_small && !named);
        let before = reading.tokens.len();
        match small {
            Some(Small::Bound) if at + 1 < raws.len() => {
                bound = Some(raw);
                continue;
            }
            Some(Small::God | Small::Faith) if bound.is_none() && !reading.tokens.is_empty() => {
                let tail = if small == Some(Small::God) {
                    "lah"
                } else {
                    "din"
                };
                join_last(&mut reading, raw, tail, names);
                continue;
            }
            Some(Small::Kin) => {
                reading.kin.push(reading.tokens.len() as u8);
                continue;
            }
            Some(Small::Title | Small::Speech) => continue,
            Some(Small::Article) if raw.key.len() != 1 || raw.lower => continue,
            _ => {}
        }
        let mut made = match raw.key.chars().count() {
            1 if raw.script != Script::Han => initial(raw, names, Manner::Person),
            _ => person_token(raw, bound.take(), names),
        };
        made.aside = raw.aside;
        if raw.key.len() <= 3 && matches!(raw.key.as_str(), "ii" | "iii" | "iv") {
            made.weight = 0.1;
        }
        reading.tokens.push(made);
        if family > 0 && at >= family_from && reading.family.is_none() {
            reading.family = Some(before as u8);
        }
    }
    reading
}

/// Whether all words of a name have one syllable, or hardly one would be left without the small words: then a small word may be a name, as Do, Le and An are.
fn of_short_words(raws: &[&Raw], names: &Names) -> bool {
    let words = || {
        let told = raws.iter().filter(|raw| !raw.aside);
        told.filter(|raw| !names.small.contains_key(&raw.key))
    };
    let syllables = |word: &str| {
        let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        let letters = word.chars().map(vowel);
        let mut before = false;
        let begins = letters.filter(|now| std::mem::replace(&mut before, *now) != *now && *now);
        begins.count()
    };
    words().count() < 2 || words().all(|raw| syllables(&raw.key) <= 1)
}

fn join_last(reading: &mut Reading, raw: &Raw, tail: &str, names: &Names) {
    if let Some(last) = reading.tokens.last_mut() {
        let script = last.script;
        let tail = if script == Script::Arabic {
            if tail == "lah" { "له" } else { "دين" }
        } else {
            tail
        };
        let stem = if script == Script::Arabic {
            fold(&last.shown)
        } else {
            last.text.clone()
        };
        let shown = format!("{} {}", last.shown, raw.shown);
        *last = token(
            &shown,
            &format!("{stem}{tail}"),
            script,
            Manner::Person,
            names,
        );
    }
}

/// A word of a person's name; compounds written as one or as two words come out the same.
fn person_token(raw: &Raw, bound: Option<&Raw>, names: &Names) -> Token {
    if raw.script == Script::Arabic {
        let rest = raw
            .key
            .strip_prefix("ال")
            .filter(|r| r.chars().count() >= 2)
            .unwrap_or(&raw.key);
        let word = match (bound, raw.key.strip_prefix("عبد")) {
            (Some(_), _) => format!("عبد{rest}"),
            (None, Some(tail)) if tail.chars().count() >= 3 => {
                format!("عبد{}", tail.strip_prefix("ال").unwrap_or(tail))
            }
            _ => rest.to_owned(),
        };
        let shown = bound.map_or(raw.shown.clone(), |b| format!("{} {}", b.shown, raw.shown));
        return token(&shown, &word, raw.script, Manner::Person, names);
    }
    if raw.script != Script::Latin {
        return token(&raw.shown, &raw.key, raw.script, Manner::Person, names);
    }
    let spelt = raw.shown.to_lowercase();
    let spelt = if raw.shown.is_ascii() {
        raw.key.clone()
    } else {
        spelt
    };
    let shown = bound.map_or(raw.shown.clone(), |b| format!("{} {}", b.shown, raw.shown));
    let word = match bound {
        Some(_) if names.small_word(&raw.key) == Some(Small::God) => "abdlah".to_owned(),
        Some(_) => format!("abd{spelt}"),
        None => compound(&spelt),
    };
    token(&shown, &word, raw.script, Manner::Person, names)
}

/// `abdulrahman` becomes `abdrahman`, `rahmatullah` `rahmatlah`, `nasiruddin` `nasirdin`.
pub(crate) fn compound(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(tail) = word.strip_prefix("abd") {
        let rest = tail.trim_start_matches(['a', 'e', 'i', 'o', 'u']);
        let rest = rest
            .strip_prefix('l')
            .filter(|r| r.len() >= 3)
            .unwrap_or(rest);
        if rest.len() >= 3 && rest.len() < tail.len() {
            word = format!("abd{rest}");
        }
    }
    for (endings, tail) in [
        (
            &["oullah", "ullah", "allah", "ollah", "illah", "ulla"][..],
            "lah",
        ),
        (
            &[
                "uddine", "eddine", "uddin", "eddin", "addin", "iddin", "oddin", "aldin", "uldin",
                "ouddine", "uddeen",
            ][..],
            "din",
        ),
    ] {
        for ending in endings {
            if let Some(stem) = word.strip_suffix(ending).filter(|s| s.len() >= 3) {
                return format!("{stem}{tail}");
            }
        }
    }
    word
}

/// Places and what is named after them: `Kazanskii`, `Kazanskaya` and `Kazan` come out the same, and so do `Kursk` and `Kurskii`.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 16] = [
        "skogo", "skoye", "skoje", "skaya", "skaia", "skiy", "skij", "skyi", "skyy", "skii",
        "skoe", "skoi", "skoy", "sky", "ski", "sk",
    ];
    let bare = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    bare.filter(|stem| stem.len() >= 3).unwrap_or(word)
}

/// A body's name: legal forms and notions are recognised first.
fn body_readings(raws: &[Raw], names: &Names) -> Vec<Reading> {
    let mut plain = body(raws, names, true, false);
    if plain.tokens.is_empty() {
        plain = body(raws, names, false, false);
    }
    let mut readings = vec![plain];
    if raws.iter().any(|raw| raw.script == Script::Han) {
        let transcribed = body(raws, names, true, true);
        if !transcribed.tokens.is_empty() {
            readings.push(transcribed);
        }
    }
    readings
}

fn body(raws: &[Raw], names: &Names, take_legal: bool, transcribed: bool) -> Reading {
    let mut reading = Reading::default();
    let pieces = pieces(raws, names);
    let mut at = 0;
    while at < pieces.len() {
        let raw = &pieces[at];
        if take_legal
            && let Some((form, words)) = phrase(&pieces[at..], &names.legal)
            && legal_stands(&pieces, at, words)
        {
            reading.legal.push(form);
            for raw in &pieces[at..at + words] {
                note_letter(&mut reading, raw, 255, names);
            }
            at += words;
            continue;
        }
        if let Some((notion, words)) = phrase(&pieces[at..], &names.notions) {
            push_notion(&mut reading, &pieces[at..at + words], notion, names);
            at += words;
            continue;
        }
        at += 1;
        push_word(&mut reading, raw, names, transcribed);
    }
    if reading.tokens.iter().all(|t| t.aside) {
        for token in &mut reading.tokens {
            token.aside = false;
        }
    }
    reading.legal.sort_unstable();
    reading.legal.dedup();
    reading
}

/// Runs of Han and Hangul are cut where the tables know a word.
fn pieces(raws: &[Raw], names: &Names) -> Vec<Raw> {
    let mut pieces = Vec::with_capacity(raws.len());
    for raw in raws {
        if !unspaced(raw.script) {
            let known =
                || names.legal.find(&raw.key).is_some() || names.notions.find(&raw.key).is_some();
            let right = if raw.script == Script::Latin && !known() {
                names.corrected(&raw.key)
            } else {
                None
            };
            pieces.push(Raw {
                key: right.map_or_else(|| raw.key.clone(), str::to_owned),
                ..raw.clone()
            });
            continue;
        }
        let cut = crate::han::cut(&raw.key, names);
        pieces.extend(cut.into_iter().map(|key| Raw {
            shown: key.clone(),
            key,
            ..raw.clone()
        }));
    }
    pieces
}

/// The longest phrase of the table at the beginning of the words.
fn phrase(raws: &[Raw], phrases: &crate::tables::Phrases) -> Option<(u16, usize)> {
    let reach = raws.first().map_or(0, |raw| phrases.reach(&raw.key));
    let mut joined = String::new();
    let mut found = None;
    for (count, raw) in raws.iter().take(reach).enumerate() {
        if count > 0 {
            joined.push(' ');
        }
        joined.push_str(&raw.key);
        if count == 0
            && raw.script == Script::Arabic
            && let Some(number) = raw
                .key
                .strip_prefix("ال")
                .and_then(|bare| phrases.find(bare))
        {
            found = Some((number, 1));
        }
        if let Some(number) = phrases.find(&joined) {
            found = Some((number, count + 1));
        }
    }
    found
}

/// Two letters are a legal form only where such forms stand: at an end, or beside a comma.
fn legal_stands(pieces: &[Raw], at: usize, words: usize) -> bool {
    let short = words == 1 && pieces[at].key.chars().count() <= 2;
    !short
        || unspaced(pieces[at].script)
        || (at == 0 && pieces.len() > 1)
        || at + words == pieces.len()
        || pieces[at].after_comma
        || pieces
            .get(at + words)
            .is_some_and(|next| next.after_comma || next.aside)
}

fn note_letter(reading: &mut Reading, raw: &Raw, token: u8, names: &Names) {
    if let Some(letter) = names.sounds.first(table(raw.script), &raw.key) {
        reading.letters.push((letter, token));
    }
}

fn push_notion(reading: &mut Reading, raws: &[Raw], notion: u16, names: &Names) {
    let at = reading.tokens.len() as u8;
    let shown: Vec<&str> = raws.iter().map(|r| r.shown.as_str()).collect();
    let mut made = token(
        &shown.join(" "),
        &raws[0].key,
        raws[0].script,
        Manner::Body,
        names,
    );
    if unspaced(raws[0].script) {
        made.sounds.clear();
        made.text = format!("#{notion}");
    }
    made.role = Role::Notion;
    made.number = u32::from(notion);
    made.weight = names.notion_names[usize::from(notion)].1;
    made.aside = raws[0].aside;
    for raw in raws {
        note_letter(reading, raw, at, names);
    }
    reading.tokens.push(made);
}

fn push_word(reading: &mut Reading, raw: &Raw, names: &Names, transcribed: bool) {
    let at = reading.tokens.len() as u8;
    let small = names.small.get(&raw.key);
    if matches!(
        small,
        Some(Small::Article | Small::Filler | Small::Speech | Small::Kin)
    ) && raw.key.chars().count() > 1
        || (matches!(small, Some(Small::Article | Small::Filler | Small::Speech)) && raw.lower)
    {
        note_letter(reading, raw, 255, names);
        return;
    }
    if let Some(number) = number_of(raw, names) {
        let mut number = number_token(raw, number);
        number.aside = raw.aside;
        if let Some(last) = reading.tokens.last_mut()
            && last.role == Role::Number
            && last.number >= 20
            && last.number % 10 == 0
            && last.number < 100
            && number.number < 10
            && !last.shown.starts_with(|c: char| c.is_ascii_digit())
        {
            let sum = last.number + number.number;
            *last = Token {
                shown: format!("{}-{}", last.shown, number.shown),
                text: sum.to_string(),
                sounds: sum.to_string().into_bytes(),
                number: sum,
                ..number
            };
            return;
        }
        reading.tokens.push(number);
        return;
    }
    let mut made = match raw.script {
        Script::Han => crate::han::chunk(&raw.key, names, transcribed),
        Script::Arabic => {
            let rest = raw
                .key
                .strip_prefix("ال")
                .filter(|r| r.chars().count() >= 2);
            token(
                &raw.shown,
                rest.unwrap_or(&raw.key),
                raw.script,
                Manner::Body,
                names,
            )
        }
        Script::Latin if !raw.shown.is_ascii() => token(
            &raw.shown,
            &raw.shown.to_lowercase(),
            raw.script,
            Manner::Body,
            names,
        ),
        _ => token(&raw.shown, &raw.key, raw.script, Manner::Body, names),
    };
    if matches!(raw.script, Script::Latin | Script::Cyrillic) && stem(&made.text) != made.text {
        let plain = token(
            &raw.shown,
            stem(&made.text),
            Script::Latin,
            Manner::Body,
            names,
        );
        made = Token {
            script: made.script,
            weight: made.weight.min(plain.weight),
            ..plain
        };
    }
    if raw.key.chars().count() == 1 && raw.script != Script::Han {
        made.role = Role::Initial;
        made.weight = 0.2;
    }
    made.aside = raw.aside;
    note_letter(reading, raw, at, names);
    reading.tokens.push(made);
}

/// Figures, ordinals, numbers in words and Roman numerals.
fn number_of(raw: &Raw, names: &Names) -> Option<u32> {
    let key = raw.key.as_str();
    let figures = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| key.strip_suffix(ending))
        .unwrap_or(key);
    if !figures.is_empty() && figures.len() <= 9 && figures.bytes().all(|b| b.is_ascii_digit()) {
        return figures.parse().ok();
    }
    if raw.script == Script::Han && key.chars().count() >= 2 {
        let letters: Vec<char> = key.chars().collect();
        return crate::han::han_number(&letters);
    }
    let found = names.numbers.get(key).copied()?;
    let roman = key.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    (!roman || !raw.lower).then_some(found)
}
