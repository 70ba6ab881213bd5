//! Alike: whether two words are one, by what, and how well.
//!
//! By letter, by sound, as variants of one name, as first letters, but for a slip. One word against one; which word answers which is `align.rs`.
//!
//! To add a way in which two words may be the same: a [`Means`], a line in [`compare`], and a pair in `corpus/names/`.

use crate::name::{Reading, Role, Script, Token};
use crate::slip::slips;
use crate::sound::Sounds;

/// By what two parts of names answer one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// Letter for letter.
    Literal,
    /// The same sounds in another script.
    Transliteration,
    /// The same sounds, written otherwise.
    Phonetic,
    /// A short form, a form of another language, a translation.
    Variant,
    /// One letter for a word, or an acronym for several.
    Initial,
    /// A slip of the hand or of the eye.
    Edit,
}

/// Quality below which two words are two words.
pub(crate) const LEAST: f32 = 0.55;

/// How two tokens answer one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    pub(crate) means: Means,
    pub(crate) quality: f32,
}

/// What of a token is compared; borrowed, so that the index can hand out its own bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) sounds: &'a [u8],
    pub(crate) role: Role,
    pub(crate) number: u32,
    pub(crate) weight: f32,
    pub(crate) variants: [u16; 4],
    pub(crate) unwritten: bool,
    pub(crate) script: Script,
    pub(crate) aside: bool,
    pub(crate) certain: u8,
}

impl View<'_> {
    /// A token that is like no other.
    pub(crate) const NOTHING: View<'static> = View {
        text: b"",
        sounds: b"",
        role: Role::Word,
        number: 0,
        weight: 0.0,
        variants: [0; 4],
        unwritten: false,
        script: Script::Latin,
        aside: false,
        certain: 0,
    };
}

/// The views of a reading's tokens.
pub(crate) fn views<'a>(reading: &'a Reading, sounds: &Sounds) -> Vec<View<'a>> {
    reading.tokens.iter().map(|t| view(t, sounds)).collect()
}

pub(crate) fn view<'a>(token: &'a Token, sounds: &Sounds) -> View<'a> {
    let mut variants = [0; 4];
    for (slot, group) in variants.iter_mut().zip(&token.variants) {
        *slot = *group;
    }
    View {
        text: token.text.as_bytes(),
        sounds: &token.sounds,
        role: token.role,
        number: token.number,
        weight: token.weight,
        variants,
        unwritten: token.unwritten,
        script: token.script,
        aside: token.aside,
        certain: sounds.consonants(&token.sounds).min(255) as u8,
    }
}

/// Whether, by what and how well two tokens answer one another.
pub(crate) fn compare(a: &View<'_>, b: &View<'_>, sounds: &Sounds) -> Option<Match> {
    let found = |means, quality| Some(Match { means, quality });
    match (a.role, b.role) {
        (Role::Number, Role::Number) => {
            return (a.number == b.number).then_some(Match {
                means: Means::Literal,
                quality: 1.0,
            });
        }
        (Role::Number, _) | (_, Role::Number) => return None,
        (Role::Notion, Role::Notion) if a.number == b.number => {
            let means = if a.text == b.text {
                Means::Literal
            } else {
                Means::Variant
            };
            return found(means, 1.0);
        }
        (Role::Notion, Role::Notion) => return None,
        (Role::Initial, _) | (_, Role::Initial) => return initials(a, b),
        _ => {}
    }
    if a.text == b.text && a.unwritten == b.unwritten {
        let means = if a.script == b.script {
            Means::Literal
        } else {
            Means::Transliteration
        };
        return found(means, 1.0);
    }
    let variant = a.variants.iter().any(|g| *g != 0 && b.variants.contains(g));
    let best = by_sound_or_slip(a, b, sounds);
    match best {
        Some(best) if best.quality >= 0.93 || !variant => Some(best),
        _ if variant => found(Means::Variant, 0.93),
        other => other,
    }
}

pub(crate) fn initials(a: &View<'_>, b: &View<'_>) -> Option<Match> {
    let (one, other) = (a.text.first()?, b.text.first()?);
    let both = a.role == b.role;
    let same_sound = match (a.sounds.first(), b.sounds.first()) {
        (Some(x), Some(y)) => x == y,
        _ => false,
    };
    if one != other && !same_sound {
        return None;
    }
    Some(Match {
        means: if both { Means::Literal } else { Means::Initial },
        quality: if both { 1.0 } else { 0.9 },
    })
}

/// From which likeness of letters on they decide over a likeness by sound: what lies below need not be counted to the end. It is above the sound, or near
/// to it and high in itself; and it is no less than two words need.
pub(crate) fn typed_at_least(heard: f32) -> f32 {
    heard.min((heard - 0.08).max(0.75)).max(LEAST)
}

pub(crate) fn by_sound_or_slip(a: &View<'_>, b: &View<'_>, sounds: &Sounds) -> Option<Match> {
    if a.sounds.is_empty() || b.sounds.is_empty() {
        return None;
    }
    let heard = heard(a, b, sounds);
    let mut best = Match {
        means: if a.script == b.script {
            Means::Phonetic
        } else {
            Means::Transliteration
        },
        quality: heard,
    };
    if !a.unwritten && !b.unwritten && heard < 0.97 {
        let longer = a.text.len().max(b.text.len()) as f32;
        let least = typed_at_least(heard) - 1e-3;
        let typed = 1.0 - slips(a.text, b.text, (1.0 - least) * longer) / longer;
        if typed > best.quality || (typed >= 0.75 && heard < 0.95 && typed + 0.08 > best.quality) {
            best = Match {
                means: Means::Edit,
                quality: typed.max(best.quality),
            };
        }
    }
    for (whole, part, is_a) in [(a, b, true), (b, a, false)] {
        let Some(bare) = bare(whole) else {
            continue;
        };
        let quality = if is_a {
            self::heard(&bare, part, sounds)
        } else {
            self::heard(part, &bare, sounds)
        } - 0.02;
        if quality > best.quality && quality > 0.85 {
            best = Match {
                means: Means::Phonetic,
                quality,
            };
        }
    }
    let short = a.text.len().min(b.text.len()) <= 3 && !a.unwritten && !b.unwritten;
    let least = if short { 0.72 } else { LEAST };
    (best.quality >= least).then_some(best)
}

/// What an article or "son of" is written on to: `Alharamain`, `Benhassine`.
pub(crate) const WRITTEN_ON: [(&[u8], usize); 5] = [
    (b"bin", 7),
    (b"ben", 7),
    (b"ibn", 7),
    (b"al", 6),
    (b"el", 6),
];

/// The word without the "son of" and the article that it begins with (`Binalshibh`); none where it begins with neither.
pub(crate) fn bare<'a>(word: &View<'a>) -> Option<View<'a>> {
    if word.role != Role::Word {
        return None;
    }
    if word.unwritten {
        return bare_unwritten(word);
    }
    let mut cut = 0;
    for (prefix, least) in WRITTEN_ON {
        let rest = &word.text[cut..];
        // The article stands last.
        if rest.len() >= least && rest.starts_with(prefix) && (cut == 0 || prefix.len() == 2) {
            cut += prefix.len();
        }
    }
    (cut > 0).then(|| View {
        text: &word.text[cut..],
        sounds: word.sounds.get(cut..).unwrap_or(word.sounds),
        ..*word
    })
}

/// The same of a word without its vowels, of which "son of" is two consonants.
fn bare_unwritten<'a>(word: &View<'a>) -> Option<View<'a>> {
    const SON: &[u8] = b"bn";
    let bare = word.sounds.strip_prefix(SON)?;
    let text = word.text.strip_prefix(SON)?;
    (word.text.len() >= 6 && word.certain >= 4).then_some(View {
        text,
        sounds: bare,
        certain: word.certain - 2,
        ..*word
    })
}

/// How alike two words sound, 0 to 1.
pub(crate) fn heard(a: &View<'_>, b: &View<'_>, sounds: &Sounds) -> f32 {
    let length = if a.unwritten || b.unwritten {
        f32::from(a.certain.max(b.certain)).max(1.0)
            + if a.unwritten && b.unwritten { 0.2 } else { 0.7 }
    } else {
        0.5 * (a.sounds.len() + b.sounds.len()) as f32
    };
    let most = (1.0 - LEAST) * length + 0.01;
    let distance = sounds.distance(a.sounds, b.sounds, [a.unwritten, b.unwritten], most);
    (1.0 - distance / length).max(0.0)
}
