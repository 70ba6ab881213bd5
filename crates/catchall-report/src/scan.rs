//! Scanned print: what scanners make of letters, digits and spaces, put right where the gazetteers know the word.
//!
//! Two passes. The first evens out digits within words and letters within numbers on every page, and keeps lengths as they are. The
//! second only runs on a page that shows that it was scanned: a word that no list knows is tried with the letters that scanners
//! confuse, and with a space put in; it is changed only when the result is a word that a list knows. Nothing is guessed.
//!
//! To grow: a confusion is a row in `CONFUSED`.

use crate::gazetteer::{Calendar, Gazetteers};
use crate::page::Mapped;

/// What scanners confuse: what is read, and what was printed.
const CONFUSED: [(&str, &str); 18] = [
    ("1", "l"),
    ("1", "i"),
    ("0", "o"),
    ("5", "s"),
    ("8", "b"),
    ("I", "l"),
    ("rn", "m"),
    ("m", "rn"),
    ("l", "i"),
    ("i", "l"),
    ("c", "e"),
    ("e", "c"),
    ("vv", "w"),
    ("cl", "d"),
    ("ii", "n"),
    ("h", "b"),
    ("u", "n"),
    ("n", "u"),
];

/// Puts right `0ctober`, `sa1d`, `l998`. Lengths stay as they are. Gives the number of words changed.
pub fn mend(text: &mut String) -> usize {
    let mut bytes = std::mem::take(text).into_bytes();
    let mut changed = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let from = at;
        // Words of letters alone, without a capital I, are passed over, but for those that may have lost one.
        while bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphabetic() && *byte != b'I')
        {
            at += 1;
        }
        if bytes[from] != b'l' && !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        at = from;
        let (mut digits, mut small, mut odd) = (0, 0, false);
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            digits += usize::from(bytes[at].is_ascii_digit());
            small += usize::from(bytes[at].is_ascii_lowercase());
            // A capital I behind a small letter stands in no word.
            odd |= bytes[at] == b'I' && at > from && bytes[at - 1].is_ascii_lowercase();
            at += 1;
        }
        changed += usize::from(odd);
        let beyond = bytes.get(at).is_some_and(|next| !next.is_ascii());
        if !beyond && digits == 0 && misread_capital(&bytes[from..at]) {
            bytes[from] = b'I';
            changed += 1;
        }
        if digits > 0 && digits < at - from && !beyond {
            changed += usize::from(mend_word(&mut bytes[from..at], digits, small));
        }
    }
    *text = String::from_utf8(bytes).unwrap_or_default();
    changed
}

/// `lran`, `lnterfax`, `ln`: no word of English begins with l and such a consonant, but many with a capital I.
fn misread_capital(word: &[u8]) -> bool {
    let [b'l', second, rest @ ..] = word else {
        return false;
    };
    let small = rest.iter().all(u8::is_ascii_lowercase);
    let measure = matches!(word, b"lb" | b"lbs" | b"ltd" | b"lt" | b"ls");
    small && !measure && matches!(second, b'n' | b'r' | b's' | b't' | b'f' | b'm' | b'd')
}

fn mend_word(word: &mut [u8], digits: usize, small: usize) -> bool {
    let length = word.len();
    let letters_like_digits = word
        .iter()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'l' | b'I' | b'O'));
    let year = length == 4 && matches!(word[0], b'1' | b'2' | b'l');
    if letters_like_digits && (digits * 2 >= length || year) && length <= 4 {
        for byte in word {
            match byte {
                b'l' | b'I' => *byte = b'1',
                b'O' => *byte = b'0',
                _ => {}
            }
        }
        return true;
    }
    let like_letters = word
        .iter()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'0' | b'1' | b'5'));
    let ordinal = word
        .first()
        .is_some_and(|first| matches!(first, b'1' | b'5'))
        || word.ends_with(b"th") && word.first().is_some_and(u8::is_ascii_digit);
    let tail_number = word.last().is_some_and(|last| matches!(last, b'0' | b'5'));
    if !like_letters
        || digits > 2
        || small < 2
        || ordinal
        || tail_number
        || small + digits + 1 < length
    {
        return false;
    }
    for (place, byte) in word.iter_mut().enumerate() {
        match byte {
            b'1' => *byte = b'l',
            b'0' => *byte = if place == 0 { b'O' } else { b'o' },
            b'5' => *byte = b's',
            _ => {}
        }
    }
    true
}

/// How many long words of the page, in small letters, are one confusion of l and i or rn and m away from a word that a list knows, and
/// are none themselves. Plain print has hardly any.
#[must_use]
pub fn signs(lower: &str, words: &Gazetteers) -> usize {
    let mut seen = std::collections::HashSet::new();
    let mut buffer = String::new();
    let mut count = 0;
    for word in lower.split(|piece: char| !piece.is_ascii_lowercase()) {
        if word.len() < 6 || words.spelled(word) || !seen.insert(word) {
            continue;
        }
        let found = [("l", "i"), ("i", "l"), ("rn", "m"), ("m", "rn")]
            .iter()
            .any(|(read, printed)| {
                word.match_indices(read).any(|(place, _)| {
                    buffer.clear();
                    buffer.push_str(word.get(..place).unwrap_or_default());
                    buffer.push_str(printed);
                    buffer.push_str(word.get(place + read.len()..).unwrap_or_default());
                    words.spelled(&buffer)
                })
            });
        count += usize::from(found);
    }
    count
}

/// The second pass over a page that was scanned.
#[must_use]
pub fn restore(text: &str, words: &Gazetteers) -> Mapped {
    let mut out = Mapped::default();
    let bytes = text.as_bytes();
    let (mut at, mut kept) = (0, 0);
    let mut before = "";
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let from = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        // Letters beyond ASCII are none that a scanner of this kind confuses.
        let word = text.get(from..at).unwrap_or_default();
        let beyond = bytes.get(at).is_some_and(|next| !next.is_ascii())
            || from > 0 && !bytes[from - 1].is_ascii();
        let (better, end) = if beyond {
            (None, at)
        } else {
            improve(text, word, (from, at), before, words)
        };
        if let Some(better) = better {
            out.copy(text.get(kept..from).unwrap_or_default(), kept);
            out.replace(&better, from, end - from);
            kept = end;
            at = end;
        }
        before = word;
    }
    out.copy(text.get(kept..).unwrap_or_default(), kept);
    out
}

/// A better reading of the word, and where what it replaces ends.
fn improve(
    text: &str,
    word: &str,
    (from, to): (usize, usize),
    before: &str,
    words: &Gazetteers,
) -> (Option<String>, usize) {
    if let Some(number) = lone_number(text, word, to, before, words) {
        return (Some(number), to);
    }
    // `govern- ment`: the line end was lost with its break.
    if let Some(rest) = text.get(to..).and_then(|rest| rest.strip_prefix("- ")) {
        let tail: usize = rest.bytes().take_while(u8::is_ascii_lowercase).count();
        let joined = format!("{word}{}", rest.get(..tail).unwrap_or_default());
        if tail > 1 && words.spelled(&joined.to_lowercase()) {
            return (Some(joined), to + 2 + tail);
        }
    }
    let _ = from;
    let lower = word.to_lowercase();
    if word.len() < 4 || words.spelled(&lower) {
        return (None, to);
    }
    let better = confused(word, words).or_else(|| parted(word, words));
    (better, to)
}

/// `l October`, `May l`, `Vol. lO`: a number that was read as letters.
fn lone_number(
    text: &str,
    word: &str,
    to: usize,
    before: &str,
    words: &Gazetteers,
) -> Option<String> {
    if word.len() > 2 || !word.chars().all(|piece| matches!(piece, 'l' | 'I' | 'O')) {
        return None;
    }
    let next: String = text
        .get(to..)?
        .trim_start()
        .chars()
        .take_while(|piece| piece.is_ascii_alphabetic())
        .collect();
    let month = |word: &str| {
        matches!(
            words.calendar(&word.to_lowercase()),
            Some(Calendar::Month(_))
        )
    };
    let counted = words.is("serial", "volume", &before.to_lowercase())
        || words.is("serial", "issue", &before.to_lowercase());
    let mixed = word.len() == 2 && word.contains('l') && word.contains('O');
    let dated = word.contains('l') && (month(&next) || month(before));
    (mixed || dated || (counted && word.contains('l')))
        .then(|| word.replace(['l', 'I'], "1").replace('O', "0"))
}

/// The word with one confusion undone, at one place or at all places, when a list knows the result.
fn confused(word: &str, words: &Gazetteers) -> Option<String> {
    let known = |candidate: &str| words.spelled(&candidate.to_lowercase());
    for (read, printed) in CONFUSED {
        if !word.contains(read) {
            continue;
        }
        let all = word.replace(read, printed);
        if known(&all) {
            return Some(all);
        }
        for (place, _) in word.match_indices(read) {
            let (head, tail) = (word.get(..place)?, word.get(place + read.len()..)?);
            let printed = if place == 0 && word.starts_with(char::is_uppercase) {
                capital(printed)
            } else {
                printed.to_owned()
            };
            let one = format!("{head}{printed}{tail}");
            if known(&one) {
                return Some(one);
            }
        }
    }
    None
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `theTest`, `toldreporters`: two words that lost their space.
fn parted(word: &str, words: &Gazetteers) -> Option<String> {
    let known = |piece: &str| words.spelled(&piece.to_lowercase());
    let bytes = word.as_bytes();
    let camel = (2..word.len().saturating_sub(1))
        .find(|at| bytes[at - 1].is_ascii_lowercase() && bytes[*at].is_ascii_uppercase());
    if let Some(at) = camel {
        let (head, tail) = word.split_at(at);
        return known(head).then(|| format!("{head} {tail}"));
    }
    if word.len() < 7 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    (3..=word.len() - 3).rev().find_map(|at| {
        let (head, tail) = word.split_at_checked(at)?;
        (known(head) && known(tail)).then(|| format!("{head} {tail}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(text: &str) -> String {
        restore(text, Gazetteers::built_in().unwrap()).text
    }

    #[test]
    fn a_word_is_changed_only_into_one_that_a_list_knows() {
        assert_eq!(restored("he adrnits it"), "he admits it");
        assert_eq!(restored("wiII not"), "will not");
        assert_eq!(restored("he toldreporters"), "he told reporters");
        assert_eq!(restored("NewDelhi, l October"), "New Delhi, 1 October");
        assert_eq!(restored("Zrnbqx lernon"), "Zrnbqx lernon");
    }

    #[test]
    fn lengths_stay_in_the_first_pass() {
        let mut text = "0ctober l998 dec1ared 2OOO MiG-21 F-15 page 10".to_owned();
        let length = text.len();
        mend(&mut text);
        assert_eq!(text.len(), length);
        assert_eq!(text, "October 1998 declared 2000 MiG-21 F-15 page 10");
    }
}
