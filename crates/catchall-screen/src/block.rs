//! Blocking: the keys under which a word is found.
//!
//! Two words that a person would call the same share at least one key. A key is never dropped for being common.
//!
//! To add a way in which words go wrong: a key here, and a pair in `corpus/names/` that needs it.

/// What is certain of a word's sound: its consonants, near ones made one; vowels, h, w and y left out.
pub(crate) fn skeleton(sounds: &[u8]) -> Vec<u8> {
    let mut skeleton: Vec<u8> = sounds
        .iter()
        .filter_map(|sound| {
            Some(match sound {
                b'k' | b'q' | b'K' | b'x' => b'k',
                b'g' | b'G' => b'g',
                b't' | b'T' | b'X' => b't',
                b'd' | b'D' => b'd',
                b's' | b'S' | b'c' | b'1' | b'2' | b'6' => b's',
                b'z' | b'Z' => b'z',
                b'C' | b'5' => b'C',
                b'J' | b'j' | b'4' | b'V' => b'J',
                b'p' => b'p',
                b'b' | b'B' => b'b',
                b'f' | b'F' => b'f',
                b'v' => b'v',
                b'm' => b'm',
                b'n' | b'N' => b'n',
                b'l' | b'L' => b'l',
                b'r' => b'r',
                digit if digit.is_ascii_digit() => *digit,
                _ => return None,
            })
        })
        .collect();
    skeleton.dedup();
    skeleton
}
