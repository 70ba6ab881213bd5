//! Bodies: the name of a company, a ship, an institution taken apart.
//!
//! Legal forms stand outside the name; words that names of bodies are made of are notions, whatever the language; numbers are exact. Which they are is
//! data (`legal.txt`, `glossary.txt`, `numbers.txt`).

use crate::name::{Manner, Reading, Role, Script, Token, number_token, table, token};
use crate::tables::{Names, Small};
use crate::words::{Raw, unspaced};

/// A body's name: legal forms and notions are recognised first.
pub(crate) fn body_readings(raws: &[Raw], names: &Names) -> Vec<Reading> {
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

pub(crate) fn body(raws: &[Raw], names: &Names, take_legal: bool, transcribed: bool) -> Reading {
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
pub(crate) fn pieces(raws: &[Raw], names: &Names) -> Vec<Raw> {
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
pub(crate) fn phrase(raws: &[Raw], phrases: &crate::tables::Phrases) -> Option<(u16, usize)> {
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
            && let Some(number) = bare_arabic(&raw.key).and_then(|bare| phrases.find(bare))
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
pub(crate) fn legal_stands(pieces: &[Raw], at: usize, words: usize) -> bool {
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

pub(crate) fn note_letter(reading: &mut Reading, raw: &Raw, token: u8, names: &Names) {
    if let Some(letter) = names.sounds.first(table(raw.script), &raw.key) {
        reading.letters.push((letter, token));
    }
}

pub(crate) fn push_notion(reading: &mut Reading, raws: &[Raw], notion: u16, names: &Names) {
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

pub(crate) fn push_word(reading: &mut Reading, raw: &Raw, names: &Names, transcribed: bool) {
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
        Script::Arabic => token(
            &raw.shown,
            bare_arabic(&raw.key).unwrap_or(&raw.key),
            raw.script,
            Manner::Body,
            names,
        ),
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
    if let Some(printed) = &raw.printed {
        made.shown.clone_from(printed);
    }
    note_letter(reading, raw, at, names);
    reading.tokens.push(made);
}

/// An Arabic word without the article, and without "and", "with" or "for" that are written on to it.
fn bare_arabic(word: &str) -> Option<&str> {
    let long = |rest: &&str, least: usize| rest.chars().count() >= least;
    let article = word.strip_prefix("ال").filter(|rest| long(rest, 2));
    let joined = ["وال", "بال", "لل"].iter();
    article.or_else(|| {
        let mut bare = joined.filter_map(|prefix| word.strip_prefix(prefix));
        bare.find(|rest| long(rest, 3))
    })
}

/// Figures, ordinals, numbers in words and Roman numerals.
pub(crate) fn number_of(raw: &Raw, names: &Names) -> Option<u32> {
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

/// Places and what is named after them: `Kazanskii`, `Kazanskaya` and `Kazan` come out the same, and so do `Kursk` and `Kurskii`.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 16] = [
        "skogo", "skoye", "skoje", "skaya", "skaia", "skiy", "skij", "skyi", "skyy", "skii",
        "skoe", "skoi", "skoy", "sky", "ski", "sk",
    ];
    let bare = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    bare.filter(|stem| stem.len() >= 3).unwrap_or(word)
}
