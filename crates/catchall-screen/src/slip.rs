//! Slips: what it costs to make one word of another, letter by letter.
//!
//! Costs are whole numbers. Words of sounds bring their own, from `costs.toml`; those of slips of hand and eye stand here.
//!
//! To add a letter that is misread: a row in [`MISREAD`].

use crate::sound::LONGEST;

/// A cost in thousandths, as the tables give it: sums of whole numbers are the same in any order, and quicker than those of fractions.
pub(crate) type Cost = i32;

pub(crate) fn thousandths(cost: f32) -> Cost {
    (cost.clamp(0.0, 1000.0) * 1000.0).round() as Cost
}

/// Where two words differ: from which letter on, and how many letters of either there are up to where they are the same again. Letters that both words
/// begin or end with answer one another; at the end none is taken that doubles the one before it, which is left out at another price.
pub(crate) fn differing(a: &[u8], b: &[u8]) -> (usize, usize, usize) {
    let from = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[from..], &b[from..]);
    let ends = a.iter().rev().zip(b.iter().rev());
    let mut after = ends.take_while(|(x, y)| x == y).count();
    let doubles = |word: &[u8], at: usize| at > 0 && word.get(at) == word.get(at - 1);
    while after > 0 && (doubles(a, a.len() - after) || doubles(b, b.len() - after)) {
        after -= 1;
    }
    (from, a.len() - after, b.len() - after)
}

/// What it costs to leave letters of a word out, and what the first of them cost that stand before any letter of the other word.
pub(crate) struct Drops<'a> {
    pub(crate) leading: &'a [Cost],
    pub(crate) any: &'a [Cost],
}

/// The least that it costs to make one word of the other, by leaving out letters of either, exchanging them and swapping neighbours; without end where it
/// is more than `most`.
pub(crate) fn cheapest<E: Fn(usize) -> Cost>(
    (a, drops_a): (&[u8], Drops<'_>),
    (b, drops_b): (&[u8], Drops<'_>),
    exchange: impl Fn(usize) -> E,
    swapped: Cost,
    most: f32,
) -> f32 {
    let length = b.len();
    // A swap reaches back two rows and adds something itself.
    let most = thousandths(most) + swapped;
    let mut rows = [[0; LONGEST + 1]; 3];
    let [before, last, now] = &mut rows;
    let (mut before, mut last, mut now) = (before, last, now);
    let mut sum = 0;
    for (own, lead) in last[1..=length].iter_mut().zip(drops_b.leading) {
        sum += lead;
        *own = sum;
    }
    let swaps = may_swap(a, b);
    let drops = drops_a.leading.iter().zip(drops_a.any);
    for ((i, letter), (lead, drop)) in a.iter().enumerate().zip(drops) {
        let exchange = exchange(i);
        now[0] = last[0] + lead;
        let ahead = now[1..=length].iter_mut();
        for (j, (own, two)) in ahead.zip(last[..=length].windows(2)).enumerate() {
            *own = (two[0] + exchange(j)).min(two[1] + drop);
        }
        if swaps && i > 0 {
            for (j, two) in b.windows(2).enumerate() {
                if two[0] == *letter && two[1] == a[i - 1] {
                    now[j + 2] = now[j + 2].min(before[j] + swapped);
                }
            }
        }
        let mut left = now[0];
        let mut least = left;
        for (own, drop) in now[1..=length].iter_mut().zip(drops_b.any) {
            left = (*own).min(left + drop);
            *own = left;
            least = least.min(left);
        }
        if least > most {
            return f32::INFINITY;
        }
        (before, last, now) = (last, now, before);
    }
    last[length] as f32 / 1000.0
}

/// Whether neighbours of one word may stand the other way round in the other; seldom said where they do not.
pub(crate) fn may_swap(a: &[u8], b: &[u8]) -> bool {
    let bit = |one: u8, other: u8| 1u64 << (one.wrapping_mul(7).wrapping_add(other) & 63);
    let turned = b.windows(2).fold(0, |set, two| set | bit(two[1], two[0]));
    a.windows(2).any(|two| turned & bit(two[0], two[1]) != 0)
}

/// How many slips of the hand part two romanised words: letters left out, added, exchanged, swapped.
pub(crate) fn slips(a: &[u8], b: &[u8], most: f32) -> f32 {
    if a == b {
        return 0.0;
    }
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    // A letter that the other word does not have at all is left out or exchanged at least once; only figures are exchanged for less.
    let figures = a.iter().chain(b).any(u8::is_ascii_digit);
    let exchanged = if figures { 0.3 } else { 0.8 };
    if a.len().abs_diff(b.len()) as f32 * 0.3 > most
        || letters_apart(a, b) as f32 * exchanged > most + 1e-3
    {
        return f32::INFINITY;
    }
    let (from, of_a, of_b) = differing(a, b);
    let leading = [LEFT_OUT; LONGEST];
    let (mut any_a, mut any_b) = ([0; LONGEST], [0; LONGEST]);
    for (any, word, count) in [(&mut any_a, a, of_a), (&mut any_b, b, of_b)] {
        for (at, own) in any.iter_mut().enumerate().take(count) {
            *own = price(word, from + at);
        }
    }
    let (a, b) = (&a[from..from + of_a], &b[from..from + of_b]);
    // What stands before all letters of the other word is left out at its full price.
    let (lead_a, lead_b) = match from {
        0 => (&leading, &leading),
        _ => (&any_a, &any_b),
    };
    let mut codes = [0; LONGEST];
    for (own, letter) in codes.iter_mut().zip(b) {
        *own = code(*letter);
    }
    let exchange = |i: usize| {
        let (letter, others) = (a[i], &EXCHANGED[code(a[i])]);
        move |j: usize| {
            if b[j] == letter {
                0
            } else {
                Cost::from(others[codes[j]])
            }
        }
    };
    let drops_a = Drops {
        leading: lead_a,
        any: &any_a,
    };
    let drops_b = Drops {
        leading: lead_b,
        any: &any_b,
    };
    cheapest((a, drops_a), (b, drops_b), exchange, 750, most)
}

/// What a letter costs that is left out.
pub(crate) const LEFT_OUT: Cost = 1000;

/// A letter that doubles the one before it is left out at a third of the price.
pub(crate) fn price(word: &[u8], at: usize) -> Cost {
    let doubled = at > 0 && word[at] == word[at - 1];
    if doubled { 300 } else { LEFT_OUT }
}

/// Letters of one word that the other does not have at all.
pub(crate) fn letters_apart(a: &[u8], b: &[u8]) -> u32 {
    let letters = |word: &[u8]| word.iter().fold(0u64, |set, l| set | 1 << (l & 63));
    let (a, b) = (letters(a), letters(b));
    (a & !b).count_ones().max((b & !a).count_ones())
}

/// What a machine misreads and a hand mistypes costs less than another letter.
pub(crate) static EXCHANGED: [[u16; 64]; 64] = exchanged();

pub(crate) const MISREAD: [(u8, u8, u16); 9] = [
    (b'0', b'o', 300),
    (b'1', b'l', 300),
    (b'1', b'i', 300),
    (b'5', b's', 300),
    (b'8', b'b', 300),
    (b'i', b'l', 800),
    (b'u', b'v', 800),
    (b'c', b'e', 800),
    (b'h', b'n', 800),
];

pub(crate) const fn exchanged() -> [[u16; 64]; 64] {
    let mut all = [[LEFT_OUT as u16; 64]; 64];
    let mut at = 0;
    while at < MISREAD.len() {
        let (one, other, cost) = MISREAD[at];
        all[code(one)][code(other)] = cost;
        all[code(other)][code(one)] = cost;
        at += 1;
    }
    all
}

/// A place of its own for each letter and figure, and one for all else.
pub(crate) const fn code(letter: u8) -> usize {
    match letter {
        b'a'..=b'z' => (letter - b'a') as usize,
        b'0'..=b'9' => (letter - b'0') as usize + 26,
        _ => 63,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a slip costs does not depend on which word it is in, nor on what both words begin or end with.
    #[test]
    fn a_slip_costs_the_same_in_either_word_and_wherever_it_stands() {
        let cases = [
            ("marvun", "marvun", 0.0),
            ("marvvun", "marvun", 0.3),
            ("mmarvun", "marvun", 0.3),
            ("marvunn", "marvun", 0.3),
            ("amrvun", "marvun", 0.75),
            ("marvnu", "marvun", 0.75),
            ("marvum", "marvun", 1.0),
            ("marun", "marvun", 1.0),
            ("1arvun", "larvun", 0.3),
            ("marvuh", "marvun", 0.8),
            ("varmun", "marvun", 2.0),
            ("parkkoyos", "parkoyyos", 0.6),
        ];
        for (one, other, cost) in cases {
            for (a, b) in [(one, other), (other, one)] {
                let found = slips(a.as_bytes(), b.as_bytes(), 9.0);
                assert!((found - cost).abs() < 1e-6, "{a} {b}: {found}");
            }
        }
        assert_eq!(slips(b"marvun", b"oktel", 1.0), f32::INFINITY);
    }
}
