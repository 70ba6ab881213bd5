//! Persons: the name of a human being taken apart.
//!
//! "LAST, First" is turned; titles and articles are left out; where "son of" stood is kept; what is written as one word or as two comes out the same.
//! Which words are small is data (`particles.txt`).

use crate::name::{Manner, Reading, Role, Script, Token, initial, token};
use crate::tables::{Names, Small};
use crate::words::{Raw, fold};

/// A person's name in a script with spaces.
pub(crate) fn person(raws: &[Raw], names: &Names) -> Reading {
    let parted = parted(raws);
    let (ordered, family) = natural_order(&parted);
    let mut reading = take_person(&ordered, family, names, true);
    if reading.tokens.iter().all(|t| t.role == Role::Initial) {
        reading = take_person(&ordered, family, names, false);
    }
    reading
}

/// "Father of" is cut from the article and the name that Arabic is often written on to it: `أبواليزيد`.
fn parted(raws: &[Raw]) -> Vec<Raw> {
    let mut parted = Vec::with_capacity(raws.len() + 1);
    for raw in raws {
        let rest = match raw.script {
            Script::Arabic => raw.key.strip_prefix("ابو"),
            _ => None,
        };
        let rest = rest.filter(|rest| rest.starts_with("ال") && rest.chars().count() >= 5);
        let Some(rest) = rest else {
            parted.push(raw.clone());
            continue;
        };
        let word = |key: &str, after_comma: bool| Raw {
            shown: key.to_owned(),
            key: key.to_owned(),
            after_comma,
            ..raw.clone()
        };
        parted.push(word("ابو", raw.after_comma));
        parted.push(word(rest, false));
    }
    parted
}

/// "LAST, First" is turned; the number is how many words at the end are the family name.
pub(crate) fn natural_order(raws: &[Raw]) -> (Vec<&Raw>, usize) {
    match raws.iter().position(|raw| raw.after_comma) {
        Some(comma) if comma > 0 => (raws[comma..].iter().chain(&raws[..comma]).collect(), comma),
        _ => (raws.iter().collect(), 0),
    }
}

pub(crate) fn take_person(
    raws: &[&Raw],
    family: usize,
    names: &Names,
    drop_small: bool,
) -> Reading {
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
            Some(Small::Title) => {
                // What a title parts is not one word: `Abdul Haj` is Abdul.
                if let Some(alone) = bound.take() {
                    reading.tokens.push(person_token(alone, None, names));
                }
                continue;
            }
            Some(Small::Speech) => continue,
            Some(Small::Article) if raw.key.len() != 1 || raw.lower => continue,
            _ => {}
        }
        let mut made = match raw.key.chars().count() {
            1 if raw.script != Script::Han => initial(raw, names, Manner::Person),
            _ => person_token(raw, bound.take(), names),
        };
        made.aside = raw.aside;
        if let Some(printed) = &raw.printed {
            made.shown.clone_from(printed);
        }
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
pub(crate) fn of_short_words(raws: &[&Raw], names: &Names) -> bool {
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

pub(crate) fn join_last(reading: &mut Reading, raw: &Raw, tail: &str, names: &Names) {
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
pub(crate) fn person_token(raw: &Raw, bound: Option<&Raw>, names: &Names) -> Token {
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
