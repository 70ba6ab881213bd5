//! Joining: words written as one or as two, and acronyms against the words that they stand for.
//!
//! What an alignment of single words does not see. Nothing is judged here.

use crate::align::{Pair, ReadingView, covers};
use crate::alike::{Means, View, compare};
use crate::name::Role;
use crate::sound::Sounds;

/// Whether two neighbours of `a` could be written as one word in `b`: what [`glue`] asks before it joins them.
pub(crate) fn may_glue(
    (a, solid_a): (&ReadingView<'_>, u32),
    (b, solid_b): (&ReadingView<'_>, u32),
) -> bool {
    a.tokens.windows(2).enumerate().any(|(i, two)| {
        let (x, y) = (&two[0], &two[1]);
        let both = |set: u32| i < 31 && set >> i & 3 == 3;
        if x.role == Role::Number || y.role == Role::Number || both(solid_a) {
            return false;
        }
        let length = x.text.len() + y.text.len();
        b.tokens.iter().enumerate().any(|(j, z)| {
            let solid = j < 32 && solid_b >> j & 1 == 1;
            let written = !z.unwritten && !x.unwritten;
            z.role != Role::Number
                && z.text.len() >= 4
                && !solid
                && (!written || length.abs_diff(z.text.len()) <= 2)
                && (x.text.first() == z.text.first()
                    || crate::block::begins(x.sounds) == crate::block::begins(z.sounds)
                    || begins_bare(x, y, z))
        })
    })
}

/// Whether anything of two readings can be joined at all: neighbours that are one word, or stand with their space elsewhere, or first letters.
pub(crate) fn joins(a: &ReadingView<'_>, b: &ReadingView<'_>) -> bool {
    let glues = |two: &ReadingView<'_>, one: &ReadingView<'_>| {
        let mut pairs = two.tokens.windows(2);
        pairs.any(|own| one.tokens.iter().any(|z| may_be(&own[0], &own[1], z)))
    };
    glues(a, b)
        || glues(b, a)
        || may_shift((a, 0), (b, 0))
        || may_spell((a, u32::MAX), b)
        || may_spell((b, u32::MAX), a)
}

/// Whether two neighbours could be one word of the other name, told from their letters and consonants.
fn may_be(x: &View<'_>, y: &View<'_>, z: &View<'_>) -> bool {
    let length = x.text.len() + y.text.len();
    if [x, y, z].iter().any(|v| v.role == Role::Number)
        || z.text.len() < 4
        || (!z.unwritten && !x.unwritten && length.abs_diff(z.text.len()) > 2)
    {
        return false;
    }
    let begin = || crate::block::begins(x.sounds) == crate::block::begins(z.sounds);
    let written = || x.text.iter().chain(y.text).eq(z.text);
    let first = x.text.first() == z.text.first() || begin();
    (first && (crate::block::same_skeleton([x.sounds, y.sounds], z.sounds) || written()))
        || begins_bare(x, y, z)
}

/// Whether two neighbours are two others with the space between them in another place: `Moham madali` and `Mohammad Ali`.
fn shifted(a: &[View<'_>], b: &[View<'_>]) -> bool {
    let ([x, y], [z, w]) = (a, b) else {
        return false;
    };
    let word = |v: &View<'_>| v.role != Role::Number && !v.text.is_empty();
    x.text.first() == z.text.first()
        && x.text.len() + y.text.len() == z.text.len() + w.text.len()
        && x.text.len() != z.text.len()
        && [x, y, z, w].into_iter().all(word)
        && x.text.iter().chain(y.text).eq(z.text.iter().chain(w.text))
}

/// Whether two neighbours of `a` could be two of `b`: what [`shift`] asks before it joins them.
pub(crate) fn may_shift(
    (a, solid_a): (&ReadingView<'_>, u32),
    (b, solid_b): (&ReadingView<'_>, u32),
) -> bool {
    let open = |set: u32, at: usize| at >= 31 || set >> at & 3 != 3;
    let mut ours = a.tokens.windows(2).enumerate();
    ours.any(|(i, own)| {
        let mut theirs = b.tokens.windows(2).enumerate();
        open(solid_a, i) && theirs.any(|(j, other)| open(solid_b, j) && shifted(own, other))
    })
}

/// Two neighbours of `a` and two of `b` that are the same letters, with the space in another place.
pub(crate) fn shift(a: &ReadingView<'_>, b: &ReadingView<'_>, pairs: &mut Vec<Pair>) {
    for (i, own) in a.tokens.windows(2).enumerate() {
        for (j, other) in b.tokens.windows(2).enumerate() {
            let (one, two) = ((i as u8, 2u8), (j as u8, 2u8));
            let within = |p: &Pair| meet(p.a, one) || meet(p.b, two);
            let solid = |side: fn(&Pair) -> (u8, u8), at: u8| {
                pairs.iter().any(|p| p.quality > 0.9 && covers(side(p), at))
            };
            let both = |side: fn(&Pair) -> (u8, u8), at: u8| solid(side, at) && solid(side, at + 1);
            if !shifted(own, other) || both(|p| p.a, one.0) || both(|p| p.b, two.0) {
                continue;
            }
            let weight = |two: &[View<'_>]| two.iter().map(|v| v.weight).sum::<f32>().min(1.0);
            let weight = weight(own).min(weight(other));
            pairs.retain(|p| !within(p));
            pairs.push(Pair {
                a: one,
                b: two,
                means: Means::Phonetic,
                quality: 1.0,
                weight,
            });
        }
    }
}

fn meet((from, count): (u8, u8), (other, more): (u8, u8)) -> bool {
    from < other + more && other < from + count
}

/// Whether a word of `a` that nothing answers could be the first letters of `b`: what [`acronyms`] asks before it reads them.
pub(crate) fn may_spell((a, left): (&ReadingView<'_>, u32), b: &ReadingView<'_>) -> bool {
    let all = b.letters.len();
    let large = b.letters.iter().filter(|(_, token)| *token != 255).count();
    a.tokens.iter().enumerate().any(|(i, short)| {
        let length = short.text.len();
        (3..=8).contains(&length)
            && (length == all || length == large)
            && i < 32
            && left >> i & 1 == 1
            && !matches!(short.role, Role::Number | Role::Initial)
    })
}

/// Two neighbours of `a` that are written as one word in `b`.
pub(crate) fn glue(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    sounds: &Sounds,
    pairs: &mut Vec<Pair>,
    turned: bool,
) {
    let solid = |pairs: &[Pair], at: u8, first: bool| {
        pairs.iter().any(|p| {
            let side = if first != turned { p.a } else { p.b };
            covers(side, at) && p.quality > 0.9
        })
    };
    for i in 0..a.tokens.len().saturating_sub(1) {
        let (x, y) = (&a.tokens[i], &a.tokens[i + 1]);
        if x.role == Role::Number
            || y.role == Role::Number
            || (solid(pairs, i as u8, true) && solid(pairs, i as u8 + 1, true))
        {
            continue;
        }
        for (j, z) in b.tokens.iter().enumerate() {
            if !may_be(x, y, z) || solid(pairs, j as u8, false) {
                continue;
            }
            let bare = begins_bare(x, y, z);
            let text = [x.text, y.text].concat();
            let mut heard = [x.sounds, y.sounds].concat();
            heard.dedup();
            let whole = View {
                text: &text,
                sounds: &heard,
                role: Role::Word,
                certain: x.certain.saturating_add(y.certain),
                variants: [0; 4],
                weight: (x.weight + y.weight).min(1.0),
                ..*x
            };
            if !bare && text != z.text && !crate::block::sound_alike(&whole, z) {
                continue;
            }
            let plain = View {
                role: Role::Word,
                ..*z
            };
            let Some(found) = compare(&whole, &plain, sounds).filter(|f| f.quality >= 0.86) else {
                continue;
            };
            let side = |p: &Pair, first: bool| if first != turned { p.a } else { p.b };
            pairs.retain(|p| {
                !covers(side(p, true), i as u8)
                    && !covers(side(p, true), i as u8 + 1)
                    && !covers(side(p, false), j as u8)
            });
            let (one, other) = ((i as u8, 2), (j as u8, 1));
            pairs.push(Pair {
                a: if turned { other } else { one },
                b: if turned { one } else { other },
                means: if found.means == Means::Literal {
                    Means::Phonetic
                } else {
                    found.means
                },
                quality: found.quality,
                weight: whole.weight.min(z.weight),
            });
            break;
        }
    }
}

/// Whether two neighbours written as one are a third word with the article before it: `Alna sr` and `Nasr`.
fn begins_bare(x: &View<'_>, y: &View<'_>, z: &View<'_>) -> bool {
    let length = x.text.len() + y.text.len();
    let article = x.text.starts_with(b"al") || x.text.starts_with(b"el");
    article
        && x.text.len() > 2
        && length >= 6
        && length == z.text.len() + 2
        && !z.unwritten
        && x.text[2..].iter().chain(y.text).eq(z.text)
}

/// A short word of `a` that is the first letters of neighbours in `b`.
pub(crate) fn acronyms(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    pairs: &mut Vec<Pair>,
    turned: bool,
) {
    for (i, short) in a.tokens.iter().enumerate() {
        if !(3..=8).contains(&short.text.len())
            || matches!(short.role, Role::Number | Role::Initial)
        {
            continue;
        }
        let side = |p: &Pair, first: bool| if first != turned { p.a } else { p.b };
        if pairs.iter().any(|p| covers(side(p, true), i as u8)) {
            continue;
        }
        let Some((from, to)) = spelt(short.text, b.letters) else {
            continue;
        };
        let taken = |at: u8| pairs.iter().any(|p| covers(side(p, false), at));
        if (from..=to).any(taken) || to == from {
            continue;
        }
        let weight: f32 = (from..=to)
            .filter_map(|at| b.tokens.get(usize::from(at)))
            .map(|t| t.weight)
            .sum();
        let (one, other) = ((i as u8, 1), (from, to - from + 1));
        pairs.push(Pair {
            a: if turned { other } else { one },
            b: if turned { one } else { other },
            means: Means::Initial,
            quality: 0.9,
            weight: weight.min(if short.text.len() > 3 { 0.7 } else { 0.5 }),
        });
    }
}

/// The tokens whose first letters spell the word: all that a name has, with its small words or without them.
pub(crate) fn spelt(word: &[u8], letters: &[(u8, u8)]) -> Option<(u8, u8)> {
    let spells = |small: bool| {
        let said = letters.iter().filter(|(_, token)| small || *token != 255);
        said.map(|(letter, _)| *letter).eq(word.iter().copied())
    };
    if !spells(true) && !spells(false) {
        return None;
    }
    let tokens = || {
        letters
            .iter()
            .map(|(_, token)| *token)
            .filter(|token| *token != 255)
    };
    let (first, last) = (tokens().min()?, tokens().max()?);
    (first < last).then_some((first, last))
}
