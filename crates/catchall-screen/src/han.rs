//! Scripts without spaces: Han characters, Hangul, kana.
//!
//! A person's name in Han is read in every way its bearer may read it: Chinese with the surname's own reading, Cantonese, Korean, Japanese where the
//! surname is a known one, and as a foreign name spelt by sound. Each reading is an ordinary row of tokens, so that nothing after this file knows of
//! characters. A body's name is cut where the glossary knows a word.
//!
//! To add a reading: a column in `data/names/han.txt` or a row in `surnames.txt`, and a line in [`person_readings`].

use crate::name::{Manner, Reading, Role, Script, Token, token};
use crate::person::person;
use crate::tables::Names;
use crate::words::{Raw, unspaced};
use unicode_normalization::UnicodeNormalization;

/// The longest word of the glossary, in characters, that is looked for in a run.
const LONGEST_WORD: usize = 12;

/// The columns of `han.txt`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Chinese = 0,
    Cantonese = 1,
    Korean = 2,
    Japanese = 3,
}

/// Readings of a person's name that has Han or Hangul in it; `None` where it has neither.
pub(crate) fn person_readings(raws: &[Raw], names: &Names) -> Option<Vec<Reading>> {
    let runs: Vec<&Raw> = raws.iter().filter(|raw| unspaced(raw.script)).collect();
    let first = runs.first()?;
    if first.script == Script::Kana {
        return None;
    }
    if first.script == Script::Hangul {
        return Some(hangul_person(&runs, names));
    }
    let whole: String = runs.iter().map(|raw| raw.shown.as_str()).collect();
    let letters: Vec<char> = whole.chars().collect();
    let mut readings = Vec::new();
    if letters.len() <= 4 {
        for language in [
            Language::Chinese,
            Language::Cantonese,
            Language::Korean,
            Language::Japanese,
        ] {
            readings.extend(native(&letters, language, names));
        }
    }
    if letters.len() >= 4 || runs.len() > 1 {
        readings.push(foreign(&runs, names));
    }
    readings.retain(|reading| !reading.tokens.is_empty());
    Some(if readings.is_empty() {
        vec![person(raws, names)]
    } else {
        readings
    })
}

/// Family name first, then the given name in one token.
fn native(letters: &[char], language: Language, names: &Names) -> Vec<Reading> {
    let (cut, surnames) = surname(letters, language, names);
    if surnames.is_empty() || (language == Language::Japanese && cut == 0) {
        return Vec::new();
    }
    let cut = cut.max(1);
    let given = &letters[cut.min(letters.len())..];
    let shown: String = given.iter().collect();
    let mut readings = Vec::new();
    for reading_of_given in given_readings(given, language, names) {
        let first: String = letters[..cut].iter().collect();
        let mut family = spoken(&first, &surnames[0], language, names);
        for other in &surnames {
            for group in names.variants.get(other).into_iter().flatten() {
                if !family.variants.contains(group) {
                    family.variants.push(*group);
                }
            }
        }
        let mut reading = Reading {
            tokens: vec![family],
            family: Some(0),
            ..Reading::default()
        };
        if !reading_of_given.is_empty() {
            reading
                .tokens
                .push(spoken(&shown, &reading_of_given, language, names));
        }
        readings.push(reading);
    }
    readings
}

/// How many characters are the family name, and its readings.
fn surname(letters: &[char], language: Language, names: &Names) -> (usize, Vec<String>) {
    for length in (1..=3.min(letters.len())).rev() {
        let name: String = letters[..length].iter().collect();
        if let Some(found) = names.surnames.get(&name).map(|all| &all[language as usize])
            && !found.is_empty()
        {
            return (length, found.clone());
        }
    }
    let first = letters.first().copied().unwrap_or(' ');
    (
        0,
        readings_of(first, language, names)
            .into_iter()
            .take(1)
            .collect(),
    )
}

fn given_readings(given: &[char], language: Language, names: &Names) -> Vec<String> {
    if given.is_empty() {
        return vec![String::new()];
    }
    let name: String = given.iter().collect();
    if let Some(found) = names.surnames.get(&name).map(|all| &all[language as usize])
        && !found.is_empty()
    {
        return found.clone();
    }
    let most = match language {
        Language::Chinese => 2,
        Language::Japanese => 3,
        _ => 1,
    };
    let mut all = vec![String::new()];
    for letter in given {
        let readings = readings_of(*letter, language, names);
        if readings.is_empty() {
            return Vec::new();
        }
        let ways = readings.iter().take(most);
        all = ways
            .flat_map(|way| all.iter().map(move |begun| format!("{begun}{way}")))
            .take(6)
            .collect();
    }
    all
}

/// The readings of one character, in the letters a to z; Korean ones in Hangul.
fn readings_of(letter: char, language: Language, names: &Names) -> Vec<String> {
    let Some(line) = line_of(letter, names) else {
        return Vec::new();
    };
    let Some(cell) = line.split('\t').nth(1 + language as usize) else {
        return Vec::new();
    };
    match language {
        Language::Korean => cell.chars().map(String::from).collect(),
        Language::Cantonese => cell
            .split(',')
            .filter(|r| !r.is_empty())
            .map(cantonese)
            .collect(),
        _ => cell
            .split(',')
            .filter(|r| !r.is_empty())
            .map(str::to_owned)
            .collect(),
    }
}

/// Rows stand in the order of their characters; a simplified form is found through its own row.
fn line_of(letter: char, names: &Names) -> Option<&'static str> {
    let begins = |line: &str| line.chars().next().unwrap_or(' ');
    let at = names.han.partition_point(|line| begins(line) < letter);
    names
        .han
        .get(at)
        .copied()
        .filter(|line| begins(line) == letter)
}

/// Jyutping as names are spelt in Hong Kong, near enough to be heard as the same.
fn cantonese(syllable: &str) -> String {
    let syllable = match syllable.strip_prefix('j') {
        Some(rest) => format!("y{rest}"),
        None => syllable.to_owned(),
    };
    syllable
        .replace(['z', 'c'], "ch")
        .replace("chh", "ch")
        .replace("eo", "u")
        .replace("oe", "eu")
        .replace("aa", "a")
}

fn spoken(shown: &str, reading: &str, language: Language, names: &Names) -> Token {
    let script = if reading.chars().next().is_some_and(|c| !c.is_ascii()) {
        Script::Hangul
    } else {
        Script::Latin
    };
    let reading = if language == Language::Chinese {
        reading.replace('v', "u")
    } else {
        reading.to_owned()
    };
    let mut made = token(shown, &reading, script, Manner::Person, names);
    made.script = Script::Han;
    made
}

/// A foreign name: one token for each part, by sound.
fn foreign(runs: &[&Raw], names: &Names) -> Reading {
    let tokens: Vec<Token> = runs
        .iter()
        .filter(|raw| raw.script == Script::Han)
        .map(|raw| by_sound(&raw.shown, Manner::Person, names))
        .collect();
    let letters = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, t)| t.text.bytes().next().map(|letter| (letter, at as u8)))
        .collect();
    Reading {
        tokens,
        letters,
        ..Reading::default()
    }
}

fn by_sound(run: &str, manner: Manner, names: &Names) -> Token {
    let (mut spelt, mut heard_as) = (String::new(), String::new());
    for letter in run.chars() {
        heard_as.push_str(&any_ascii::any_ascii_char(letter).to_ascii_lowercase());
        let readings = readings_of(letter, Language::Chinese, names);
        let reading = readings.first().map_or("", String::as_str);
        match reading {
            "er" => spelt.push('r'),
            other => spelt.push_str(other),
        }
    }
    let (sounds, text) = names
        .sounds
        .of("transcribed", &spelt)
        .unwrap_or_else(|| (Vec::new(), spelt.clone()));
    let weight = crate::name::weight(&text, &sounds, true, manner, names);
    Token {
        shown: run.to_owned(),
        text,
        sounds,
        role: Role::Word,
        number: 0,
        weight,
        variants: names.variants.get(&heard_as).cloned().unwrap_or_default(),
        unwritten: true,
        script: Script::Han,
        aside: false,
    }
}

/// What is left of a body's name between the words of the glossary: as it is read, or as a foreign name by sound.
pub(crate) fn chunk(run: &str, names: &Names, transcribed: bool) -> Token {
    if transcribed {
        return by_sound(run, Manner::Body, names);
    }
    let spelt: String = run
        .chars()
        .filter_map(|letter| {
            readings_of(letter, Language::Chinese, names)
                .into_iter()
                .next()
        })
        .collect();
    let mut made = token(
        run,
        &spelt.replace('v', "u"),
        Script::Latin,
        Manner::Body,
        names,
    );
    made.script = Script::Han;
    made
}

/// Cuts a run where the tables of bodies know a word, longest first.
pub(crate) fn cut(run: &str, names: &Names) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    let mut cut = Vec::new();
    let (mut at, mut rest) = (0, String::new());
    while at < letters.len() {
        let figures = letters[at..]
            .iter()
            .take_while(|c| "第一二三四五六七八九十百零".contains(**c))
            .count();
        if figures >= 2 && han_number(&letters[at..at + figures]).is_some() {
            if !rest.is_empty() {
                cut.push(std::mem::take(&mut rest));
            }
            cut.push(letters[at..at + figures].iter().collect());
            at += figures;
            continue;
        }
        let known = (1..=LONGEST_WORD.min(letters.len() - at))
            .rev()
            .find(|length| {
                let word: String = letters[at..at + length].iter().collect();
                let lone = *length == 1 && !(at + 1 == letters.len() && letters.len() > 2);
                !lone
                    && (names.legal.find(&word).is_some()
                        || names.notions.find(&word).is_some()
                        || names.numbers.contains_key(&word))
            });
        match known {
            Some(length) => {
                if !rest.is_empty() {
                    cut.push(std::mem::take(&mut rest));
                }
                cut.push(letters[at..at + length].iter().collect());
                at += length;
            }
            None => {
                rest.push(letters[at]);
                at += 1;
            }
        }
    }
    if !rest.is_empty() {
        cut.push(rest);
    }
    cut
}

/// A name in Hangul: the first syllable is the family name where nothing parts the name.
fn hangul_person(runs: &[&Raw], names: &Names) -> Vec<Reading> {
    let whole: Vec<char> = runs[0].shown.nfc().collect();
    let parts: Vec<String> = if runs.len() == 1 && (2..=4).contains(&whole.len()) {
        vec![whole[..1].iter().collect(), whole[1..].iter().collect()]
    } else {
        runs.iter().map(|raw| raw.shown.clone()).collect()
    };
    let native = runs.len() == 1 && parts.len() == 2;
    let tokens: Vec<Token> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let mut made = token(part, part, Script::Hangul, Manner::Person, names);
            if native && at == 0 {
                for reading in names
                    .surnames
                    .get(part)
                    .map(|all| &all[Language::Korean as usize])
                    .into_iter()
                    .flatten()
                {
                    made.variants
                        .extend(names.variants.get(reading).into_iter().flatten());
                }
            }
            made
        })
        .collect();
    vec![Reading {
        tokens,
        family: native.then_some(0),
        ..Reading::default()
    }]
}

/// The sounds of syllables in Hangul.
pub(crate) fn hangul_sounds(word: &str, names: &Names) -> (Vec<u8>, String) {
    let (mut sounds, mut text) = (Vec::new(), String::new());
    for letter in word.nfd() {
        let part = match letter {
            '\u{1100}'..='\u{1112}' => "hangul-lead",
            '\u{1161}'..='\u{1175}' => "hangul-vowel",
            _ => "hangul-tail",
        };
        if let Some((heard, roman)) = names.sounds.of(part, letter.encode_utf8(&mut [0; 4])) {
            sounds.extend(heard);
            text.push_str(&roman);
        }
    }
    sounds.dedup();
    (sounds, text)
}

/// The characters or syllables of a name, one form for each.
pub(crate) fn original(raws: &[Raw], names: &Names) -> String {
    let runs = raws
        .iter()
        .filter(|raw| matches!(raw.script, Script::Han | Script::Hangul));
    let letters = runs.flat_map(|raw| raw.shown.nfc());
    letters
        .map(|letter| {
            line_of(letter, names)
                .and_then(|line| line.split('\t').next()?.chars().nth(1))
                .unwrap_or(letter)
        })
        .collect()
}

/// A number in Han characters, as in "the fifty-fifth".
pub(crate) fn han_number(letters: &[char]) -> Option<u32> {
    let (mut sum, mut digit, mut any) = (0u32, 0u32, false);
    for letter in letters {
        match letter {
            '第' => continue,
            '百' => (sum, digit) = (sum + digit.max(1) * 100, 0),
            '十' => (sum, digit) = (sum + digit.max(1) * 10, 0),
            other => digit = "零一二三四五六七八九".chars().position(|c| c == *other)? as u32,
        }
        any = true;
    }
    any.then_some(sum + digit)
}
