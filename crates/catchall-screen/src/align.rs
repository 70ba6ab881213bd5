//! Alignment: which part of one name answers which part of the other.
//!
//! Two tokens are compared by letter, by sound, by what they are variants of; the best assignment of all parts is taken, not the first that fits. Words
//! written as one or as two, and an acronym against the words it stands for, are aligned as groups. Nothing is judged here.
//!
//! To add a way in which two words may be the same: a [`Means`], a line in [`compare`], and a pair in `corpus/names/`.

use crate::name::{MOST_TOKENS, Reading, Role, Script, Token};
use crate::sound::{Sounds, slips};

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

/// Token numbers of either name that answer one another, with how well.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) a: (u8, u8),
    pub(crate) b: (u8, u8),
    pub(crate) means: Means,
    pub(crate) quality: f32,
    pub(crate) weight: f32,
}

/// What of two names answers what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alignment {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) left_a: Vec<u8>,
    pub(crate) left_b: Vec<u8>,
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

/// What of a reading is compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingView<'a> {
    pub(crate) tokens: &'a [View<'a>],
    pub(crate) kin: &'a [u8],
    pub(crate) family: Option<u8>,
    pub(crate) letters: &'a [(u8, u8)],
    pub(crate) original: &'a str,
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

fn initials(a: &View<'_>, b: &View<'_>) -> Option<Match> {
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
fn typed_at_least(heard: f32) -> f32 {
    heard.min((heard - 0.08).max(0.75)).max(LEAST)
}

fn by_sound_or_slip(a: &View<'_>, b: &View<'_>, sounds: &Sounds) -> Option<Match> {
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
const WRITTEN_ON: [(&[u8], usize); 5] = [
    (b"al", 6),
    (b"el", 6),
    (b"bin", 7),
    (b"ben", 7),
    (b"ibn", 7),
];

/// The word without the article or the "son of" that it begins with; none where it begins with neither.
pub(crate) fn bare<'a>(word: &View<'a>) -> Option<View<'a>> {
    if word.unwritten || word.role != Role::Word {
        return None;
    }
    let begins = |(prefix, least): &&(&[u8], usize)| {
        word.text.len() >= *least && word.text.starts_with(prefix)
    };
    let (prefix, _) = WRITTEN_ON.iter().find(begins)?;
    Some(View {
        text: &word.text[prefix.len()..],
        sounds: word.sounds.get(prefix.len()..).unwrap_or(word.sounds),
        ..*word
    })
}

/// How alike two words sound, 0 to 1.
fn heard(a: &View<'_>, b: &View<'_>, sounds: &Sounds) -> f32 {
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

/// By what each token of one name answers each of the other.
pub(crate) type Table = [[Option<Match>; MOST_TOKENS]; MOST_TOKENS];

/// Finds the best assignment.
pub(crate) fn align(a: &ReadingView<'_>, b: &ReadingView<'_>, sounds: &Sounds) -> Alignment {
    let mut table: Table = [[None; MOST_TOKENS]; MOST_TOKENS];
    for (i, x) in a.tokens.iter().enumerate().take(MOST_TOKENS) {
        for (j, y) in b.tokens.iter().enumerate().take(MOST_TOKENS) {
            table[i][j] = compare(x, y, sounds);
        }
    }
    let mut alignment = Alignment::default();
    align_by(a, b, sounds, &table, &mut alignment);
    alignment
}

/// The same, where the tokens have been compared already; into an alignment whose room is used again.
pub(crate) fn align_by(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    sounds: &Sounds,
    table: &Table,
    into: &mut Alignment,
) {
    let (n, m) = (
        a.tokens.len().min(MOST_TOKENS),
        b.tokens.len().min(MOST_TOKENS),
    );
    let Alignment {
        pairs,
        left_a,
        left_b,
    } = into;
    pairs.clear();
    assign(a, b, table, (n, m), |i, j| {
        if let Some(found) = table[i][j] {
            pairs.push(Pair {
                a: (i as u8, 1),
                b: (j as u8, 1),
                means: found.means,
                quality: found.quality,
                weight: a.tokens[i].weight.min(b.tokens[j].weight),
            });
        }
    });
    glue(a, b, sounds, pairs, false);
    glue(b, a, sounds, pairs, true);
    acronyms(a, b, pairs, false);
    acronyms(b, a, pairs, true);
    pairs.sort_by_key(|pair| (pair.a, pair.b));
    free(n, pairs, |p| p.a, left_a);
    free(m, pairs, |p| p.b, left_b);
}

/// Aligns where there is nothing to choose and nothing to join: no token has two answers, no neighbours can be one word, no word can be first letters.
/// The alignment is then that of [`align_by`]; else nothing is said.
pub(crate) fn align_plainly(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    table: &Table,
    into: &mut Alignment,
) -> bool {
    let (n, m) = (
        a.tokens.len().min(MOST_TOKENS),
        b.tokens.len().min(MOST_TOKENS),
    );
    if !plain(table, n, m) {
        return false;
    }
    let (mut left_a, mut left_b) = ((1u32 << n) - 1, (1u32 << m) - 1);
    let (mut solid_a, mut solid_b) = (0u32, 0u32);
    into.pairs.clear();
    for (i, row) in table.iter().enumerate().take(n) {
        let cells = row.iter().take(m).enumerate();
        for (j, found) in cells.filter_map(|(j, cell)| Some((j, (*cell)?))) {
            left_a &= !(1 << i);
            left_b &= !(1 << j);
            if found.quality > 0.9 {
                solid_a |= 1 << i;
                solid_b |= 1 << j;
            }
            into.pairs.push(Pair {
                a: (i as u8, 1),
                b: (j as u8, 1),
                means: found.means,
                quality: found.quality,
                weight: a.tokens[i].weight.min(b.tokens[j].weight),
            });
        }
    }
    if may_glue((a, solid_a), (b, solid_b))
        || may_glue((b, solid_b), (a, solid_a))
        || may_spell((a, left_a), b)
        || may_spell((b, left_b), a)
    {
        return false;
    }
    let bits = |set: u32, count: usize| (0..count as u8).filter(move |at| set >> at & 1 == 1);
    into.left_a.clear();
    into.left_a.extend(bits(left_a, n));
    into.left_b.clear();
    into.left_b.extend(bits(left_b, m));
    true
}

/// Whether two neighbours of `a` could be written as one word in `b`: what [`glue`] asks before it joins them.
fn may_glue((a, solid_a): (&ReadingView<'_>, u32), (b, solid_b): (&ReadingView<'_>, u32)) -> bool {
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
                    || crate::block::begins(x.sounds) == crate::block::begins(z.sounds))
        })
    })
}

/// Whether a word of `a` that nothing answers could be the first letters of `b`: what [`acronyms`] asks before it reads them.
fn may_spell((a, left): (&ReadingView<'_>, u32), b: &ReadingView<'_>) -> bool {
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

/// What of one side no pair covers.
fn free(count: usize, pairs: &[Pair], side: fn(&Pair) -> (u8, u8), into: &mut Vec<u8>) {
    into.clear();
    into.extend((0..count as u8).filter(|at| !pairs.iter().any(|p| covers(side(p), *at))));
}

fn covers((from, count): (u8, u8), at: u8) -> bool {
    (from..from + count).contains(&at)
}

fn benefit(a: &View<'_>, b: &View<'_>, found: Option<Match>) -> f32 {
    found.map_or(0.0, |m| {
        a.weight.min(b.weight) * (m.quality - 0.4) / 0.6
            + if m.means == Means::Literal { 0.01 } else { 0.0 }
    })
}

/// Takes the assignment with the greatest sum of benefits (Kuhn and Munkres, with potentials).
fn assign(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    table: &Table,
    (n, m): (usize, usize),
    mut take: impl FnMut(usize, usize),
) {
    if plain(table, n, m) {
        for (i, row) in table.iter().enumerate().take(n) {
            if let Some(j) = row.iter().take(m).position(Option::is_some) {
                take(i, j);
            }
        }
        return;
    }
    let (rows, columns) = (n, m.max(n));
    let cost = |i: usize, j: usize| {
        if j < m {
            -benefit(&a.tokens[i], &b.tokens[j], table[i][j])
        } else {
            0.0
        }
    };
    let mut u = [0f32; MOST_TOKENS + 1];
    let mut v = [0f32; MOST_TOKENS + 1];
    let mut held = [0usize; MOST_TOKENS + 1];
    for row in 1..=rows {
        let mut way = [0usize; MOST_TOKENS + 1];
        let mut least = [f32::INFINITY; MOST_TOKENS + 1];
        let mut used = [false; MOST_TOKENS + 1];
        held[0] = row;
        let mut column = 0;
        loop {
            used[column] = true;
            let (at, mut delta, mut next) = (held[column], f32::INFINITY, 0);
            for j in 1..=columns {
                if used[j] {
                    continue;
                }
                let reduced = cost(at - 1, j - 1) - u[at] - v[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    way[j] = column;
                }
                if least[j] < delta {
                    delta = least[j];
                    next = j;
                }
            }
            for j in 0..=columns {
                if used[j] {
                    u[held[j]] += delta;
                    v[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
            if held[column] == 0 {
                break;
            }
        }
        while column != 0 {
            let back = way[column];
            held[column] = held[back];
            column = back;
        }
    }
    for j in (1..=m).filter(|j| held[*j] != 0 && table[held[*j] - 1][*j - 1].is_some()) {
        take(held[j] - 1, j - 1);
    }
}

/// Where no token has two answers there is nothing to choose.
fn plain(table: &Table, n: usize, m: usize) -> bool {
    let mut taken = 0u32;
    for row in table.iter().take(n) {
        let cells = row.iter().take(m).enumerate();
        let answers = cells.fold(0u32, |set, (j, cell)| set | u32::from(cell.is_some()) << j);
        if answers.count_ones() > 1 || answers & taken != 0 {
            return false;
        }
        taken |= answers;
    }
    true
}

/// Two neighbours of `a` that are written as one word in `b`.
fn glue(
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
            let length = x.text.len() + y.text.len();
            if z.role == Role::Number || z.text.len() < 4 || solid(pairs, j as u8, false) {
                continue;
            }
            if !z.unwritten && !x.unwritten && length.abs_diff(z.text.len()) > 2 {
                continue;
            }
            let begin = crate::block::begins(x.sounds) == crate::block::begins(z.sounds);
            if !begin && x.text.first() != z.text.first() {
                continue;
            }
            let written = || x.text.iter().chain(y.text).eq(z.text);
            if !crate::block::same_skeleton([x.sounds, y.sounds], z.sounds) && !written() {
                continue;
            }
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
            if text != z.text && !crate::block::sound_alike(&whole, z) {
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

/// A short word of `a` that is the first letters of neighbours in `b`.
fn acronyms(a: &ReadingView<'_>, b: &ReadingView<'_>, pairs: &mut Vec<Pair>, turned: bool) {
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
fn spelt(word: &[u8], letters: &[(u8, u8)]) -> Option<(u8, u8)> {
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
