//! Blocking: the keys under which a word is found.
//!
//! Two words that a person would call the same share at least one key. A key is never dropped for being common.
//!
//! To add a way in which words go wrong: a key here, and a pair in `corpus/names/` that needs it.

use crate::name::Manner;

/// The consonant that a sound is for certain, near ones made one; nothing for vowels, h, w and y.
fn consonant(sound: u8) -> Option<u8> {
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
        digit if digit.is_ascii_digit() => digit,
        _ => return None,
    })
}

/// The consonant with voiced and unvoiced made one.
fn unvoiced(consonant: u8) -> u8 {
    match consonant {
        b'g' => b'k',
        b'd' => b't',
        b'z' | b'C' | b'J' => b's',
        b'b' | b'f' | b'v' => b'p',
        b'r' => b'l',
        other => other,
    }
}

/// What is certain of a word's sound: its consonants; vowels, h, w and y left out.
pub(crate) fn skeleton(sounds: &[u8]) -> Vec<u8> {
    let mut skeleton: Vec<u8> = sounds
        .iter()
        .filter_map(|sound| consonant(*sound))
        .collect();
    skeleton.dedup();
    skeleton
}

/// Whether two words written as one have the skeleton of a third.
pub(crate) fn same_skeleton(two: [&[u8]; 2], one: &[u8]) -> bool {
    let both = two[0].iter().chain(two[1]);
    let mut left = None;
    let mut ours = both
        .filter_map(|sound| consonant(*sound))
        .filter(|own| left.replace(*own) != Some(*own));
    let mut last = None;
    let mut theirs = one
        .iter()
        .filter_map(|sound| consonant(*sound))
        .filter(|own| last.replace(*own) != Some(*own));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (a, b) if a != b => return false,
            _ => {}
        }
    }
}

/// The skeleton with voiced and unvoiced made one: what is left when a name has passed through several scripts.
pub(crate) fn coarse(sounds: &[u8]) -> Vec<u8> {
    let mut coarse: Vec<u8> = sounds
        .iter()
        .filter_map(|sound| consonant(*sound).map(unvoiced))
        .collect();
    coarse.dedup();
    coarse
}

/// Kinds of keys; equal bytes under two kinds are two keys.
#[derive(Clone, Copy)]
enum Kind {
    Text = 1,
    TextLess = 2,
    Skeleton = 3,
    SkeletonLess = 4,
    Coarse = 5,
    Variant = 6,
    Notion = 7,
    Number = 8,
    Identifier = 9,
    Letter = 10,
    LetterSound = 11,
}

fn hash(kind: u64, parts: [&[u8]; 2]) -> u64 {
    let begun = 0xcbf2_9ce4_8422_2325 ^ kind.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = parts
        .iter()
        .flat_map(|part| part.iter())
        .fold(begun, |h, b| {
            (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3)
        });
    (mixed ^ (mixed >> 29))
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .max(1)
}

/// The key of an identifier: its letters and figures, whatever stands between them.
pub(crate) fn identifier_key(value: &str) -> u64 {
    let bare: String = value
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    // A ship's number is printed with its name before it as often as without.
    let number = bare
        .strip_prefix("IMO")
        .filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    hash(
        Kind::Identifier as u64,
        [number.unwrap_or(&bare).as_bytes(), b""],
    )
}

/// On which side a token stands: what a script leaves out is looked for from both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Of a question.
    Question,
    /// Of a list.
    List,
}

/// The keys of a token of a name of this manner; `brief` leaves out those for slips. Persons and bodies share none: they are never compared.
pub(crate) fn keys(
    token: &crate::alike::View<'_>,
    (side, manner): (Side, Manner),
    brief: bool,
    keys: &mut Vec<u64>,
) {
    use crate::name::Role;
    let hash = |kind: Kind, parts: [&[u8]; 2]| hash(kind as u64 | (manner as u64) << 8, parts);
    keys.clear();
    match token.role {
        Role::Number => {
            keys.push(hash(Kind::Number, [&token.number.to_le_bytes(), b""]));
            return;
        }
        Role::Notion => {
            keys.push(hash(Kind::Notion, [&token.number.to_le_bytes(), b""]));
            // Where it is not known by its letters it is no word either.
            if token.sounds.is_empty() {
                return;
            }
        }
        Role::Initial => {
            // A letter of the lists is found by letters alone; see [`letter_keys`].
            if side == Side::List {
                letter_keys(token, manner, keys);
            }
            return;
        }
        Role::Word => {}
    }
    let whole = |kind, bytes: &[u8]| hash(kind, [bytes, b""]);
    keys.push(whole(Kind::Text, token.text));
    let (skeleton, coarse) = (skeleton(token.sounds), coarse(token.sounds));
    sounded(
        token,
        side,
        |parts| hash(Kind::Skeleton, parts),
        &skeleton,
        keys,
    );
    let bare = crate::alike::bare(token);
    if let Some(bare) = &bare {
        keys.push(whole(Kind::Text, bare.text));
    }
    if brief {
        return;
    }
    if let Some(bare) = &bare {
        let skeleton = self::skeleton(bare.sounds);
        sounded(
            bare,
            side,
            |parts| hash(Kind::Skeleton, parts),
            &skeleton,
            keys,
        );
    }
    sounded(
        token,
        side,
        |parts| hash(Kind::Coarse, parts),
        &coarse,
        keys,
    );
    for group in token.variants.iter().filter(|g| **g != 0) {
        keys.push(hash(Kind::Variant, [&group.to_le_bytes(), b""]));
    }
    let mut less = |kind, bytes: &[u8], least: usize| {
        if bytes.len() >= least {
            keys.push(whole(kind, bytes));
            for at in 0..bytes.len() {
                keys.push(hash(kind, [&bytes[..at], &bytes[at + 1..]]));
            }
        }
    };
    less(Kind::SkeletonLess, &skeleton, 4);
    if !token.unwritten {
        less(Kind::TextLess, token.text, 4);
    }
    keys.sort_unstable();
    keys.dedup();
}

/// The keys under which a letter standing alone on a list is found: by itself, and by how it sounds. A word has those of its first letter.
pub(crate) fn letter_keys(token: &crate::alike::View<'_>, manner: Manner, keys: &mut Vec<u64>) {
    let first = |kind: Kind, of: &[u8]| {
        let letter = of.get(..1)?;
        Some(hash(kind as u64 | (manner as u64) << 8, [letter, b""]))
    };
    keys.extend(first(Kind::Letter, token.text));
    keys.extend(first(Kind::LetterSound, token.sounds));
}

/// Whether a token of a question and one of a list share a key: told from the two alone, as the slow twin asks it.
pub(crate) fn share_key(
    asked: &crate::alike::View<'_>,
    listed: &crate::alike::View<'_>,
    manner: Manner,
) -> bool {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    keys(asked, (Side::Question, manner), false, &mut one);
    keys(listed, (Side::List, manner), false, &mut other);
    one.iter().any(|key| other.contains(key))
}

/// Keys by sound. A short skeleton says little: between two written words how they begin and how many syllables they have is part of the key.
fn sounded(
    token: &crate::alike::View<'_>,
    side: Side,
    hash: impl Fn([&[u8]; 2]) -> u64,
    skeleton: &[u8],
    keys: &mut Vec<u64>,
) {
    let (unwritten, written): (&[u8], &[u8]) = (b"u", b"w");
    let shape = shape(token.sounds, skeleton);
    match (side, token.unwritten) {
        (Side::Question, true) => {
            keys.push(hash([skeleton, unwritten]));
            keys.push(hash([skeleton, written]));
        }
        (Side::Question, false) => {
            keys.push(hash([skeleton, unwritten]));
            keys.push(hash([skeleton, &shape]));
        }
        (Side::List, true) => keys.push(hash([skeleton, unwritten])),
        (Side::List, false) => {
            keys.push(hash([skeleton, written]));
            keys.push(hash([skeleton, &shape]));
        }
    }
}

/// Whether two words share a key by their sound: the same consonants, and between written words of few consonants the same beginning and syllables.
pub(crate) fn sound_alike(a: &crate::alike::View<'_>, b: &crate::alike::View<'_>) -> bool {
    let (one, other) = (skeleton(a.sounds), skeleton(b.sounds));
    let shapes = || shape(a.sounds, &one) == shape(b.sounds, &other);
    one == other && (a.unwritten || b.unwritten || shapes())
}

/// How a word with few consonants begins, and its syllables.
fn shape(sounds: &[u8], skeleton: &[u8]) -> [u8; 3] {
    if skeleton.len() >= 3 {
        return *b"s00";
    }
    let vowel = |s: &u8| matches!(s, b'a' | b'e' | b'i' | b'o' | b'u' | b'O' | b'U');
    let begins = sounds.first().is_some_and(vowel);
    let groups = sounds
        .iter()
        .enumerate()
        .filter(|(at, s)| vowel(s) && (*at == 0 || !vowel(&sounds[at - 1])))
        .count();
    [b's', b'0' + u8::from(begins), b'0' + groups.min(9) as u8]
}

/// The first consonant of a word, near ones made one.
pub(crate) fn begins(sounds: &[u8]) -> u8 {
    let first = sounds.iter().find_map(|sound| consonant(*sound));
    first.map_or(0, unvoiced)
}
