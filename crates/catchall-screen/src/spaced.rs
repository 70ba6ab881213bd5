//! Spaced: words whose letters stand apart (`V i k t o r`, `V.I.K.T.O.R`), put together again.
//!
//! First letters of names stand apart too (`J. R. Smith`, `A B C Trading`): letters are one word only where one capital is followed by small ones, or where
//! they are five and more. A wider gap, or a capital after small letters, begins the next word.

use crate::name::Script;
use crate::words::Raw;

/// How many letters that are all large, or all small, are a word and no first letters of several.
const WORD: usize = 5;

/// How many letters are a word where one large letter is followed by small ones.
const CAPITALISED: usize = 3;

/// The words, with those put together whose letters stood apart.
pub(crate) fn together(raws: Vec<Raw>) -> Vec<Raw> {
    let single = |raw: &Raw| {
        matches!(raw.script, Script::Latin | Script::Cyrillic | Script::Greek)
            && raw.key.chars().count() == 1
            && raw.key.chars().all(char::is_alphabetic)
    };
    let goes_on = |two: &[Raw]| {
        single(&two[0])
            && single(&two[1])
            && two[0].script == two[1].script
            && two[0].aside == two[1].aside
            && !two[1].after_comma
    };
    if !raws
        .windows(CAPITALISED)
        .any(|few| few.windows(2).all(goes_on))
    {
        return raws;
    }
    let mut found = Vec::with_capacity(raws.len());
    for run in raws.chunk_by(|a, b| goes_on(&[a.clone(), b.clone()])) {
        found.extend(words(run));
    }
    found
}

/// The words of letters that stand one by one; as they are where they may be first letters.
fn words(run: &[Raw]) -> Vec<Raw> {
    let narrow = run.iter().skip(1).map(|raw| raw.gap).min().unwrap_or(0);
    let mixed = run.iter().any(|raw| raw.lower) && run.iter().any(|raw| !raw.lower);
    if !mixed && run.len() < WORD {
        return run.to_vec();
    }
    let goes_on = |_: &Raw, b: &Raw| b.gap == narrow && (!mixed || b.lower);
    let cut: Vec<&[Raw]> = run.chunk_by(goes_on).collect();
    let small_after = |word: &[Raw]| word.iter().skip(1).all(|raw| raw.lower);
    // `G. m. b. H.` is no word: of letters of which some are none, only long words are put together.
    let least = match (mixed, cut.iter().all(|word| word.len() >= CAPITALISED)) {
        (false, _) => 2,
        (true, true) => CAPITALISED,
        (true, false) => CAPITALISED + 1,
    };
    let mut found = Vec::new();
    for word in cut {
        if word.len() >= least && (!mixed || small_after(word)) {
            found.push(one(word));
        } else {
            found.extend_from_slice(word);
        }
    }
    found
}

fn one(word: &[Raw]) -> Raw {
    let mut made = word[0].clone();
    let printed: Vec<&str> = word
        .iter()
        .map(|raw| raw.printed.as_deref().unwrap_or(&raw.shown))
        .collect();
    made.printed = Some(printed.join(" "));
    made.key = word.iter().map(|raw| raw.key.as_str()).collect();
    made.shown = word.iter().map(|raw| raw.shown.as_str()).collect();
    made
}
