//! Alignment: which part of one name answers which part of the other.
//!
//! Every word has been compared with every word (`alike.rs`); the best assignment of all parts is taken, not the first that fits. Words written as one or
//! as two, and an acronym against the words it stands for, are aligned as groups (`join.rs`). Nothing is judged here.
//!
//! To align something else than words: a step in [`align_by`], and what rules it out in [`align_plainly`].

use crate::alike::{Match, Means, View, compare};
use crate::join::{acronyms, glue, may_glue, may_shift, may_spell, shift};
use crate::name::MOST_TOKENS;
use crate::sound::Sounds;

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

/// What of a reading is compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadingView<'a> {
    pub(crate) tokens: &'a [View<'a>],
    pub(crate) kin: &'a [u8],
    pub(crate) family: Option<u8>,
    pub(crate) letters: &'a [(u8, u8)],
    pub(crate) original: &'a str,
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
    shift(a, b, pairs);
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
        || may_shift((a, solid_a), (b, solid_b))
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

/// What of one side no pair covers.
fn free(count: usize, pairs: &[Pair], side: fn(&Pair) -> (u8, u8), into: &mut Vec<u8>) {
    into.clear();
    into.extend((0..count as u8).filter(|at| !pairs.iter().any(|p| covers(side(p), *at))));
}

pub(crate) fn covers((from, count): (u8, u8), at: u8) -> bool {
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
