//! The ceiling: the most that a name of the lists could still reach, told from weights before anything is aligned.
//!
//! A question touches hundreds of names and few of them can be hits. What parts of known weight could answer, and by what, bounds every figure of the
//! evidence from above; whoever stays below the review band at best is not looked at. A bound may be too high, never too low: the slow twin in
//! `tests/screening.rs` holds it to that. A figure that is added to the evidence is added here too, at its best.

use crate::align::Table;
use crate::alike::{Match, Means, View};
use crate::evidence::{KINDS, Left, bend, script_of};
use crate::name::{MOST_TOKENS, Manner};
use crate::score::{Met, Weights, chance};

/// What is left over of a name that may still be whole.
const WHOLE: f32 = 0.05;

/// The most log-odds that readings of known weights can reach when parts of a known weight answer one another.
pub(crate) struct Ceiling<'w> {
    of: &'w [f32; KINDS],
    weights: &'w Weights,
    manner: Manner,
    /// What single observations are worth at best, taken together, but for those of [`Seen`].
    bonus: f32,
}

/// What of a reading may agree: by weight; by what of that is left when it is answered only nearly (see [`Weights::measure`]); and by what it is worth.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Granted {
    pub(crate) agreed: f32,
    pub(crate) measure: f32,
    pub(crate) worth: f32,
    /// How many pairs of words there are at most.
    pub(crate) pairs: u16,
    /// A word may be the same.
    pub(crate) same: bool,
    /// Neighbours may be one word, or a word first letters.
    pub(crate) made: bool,
}

/// What is seen of two readings before they are aligned; nothing where it is not known.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// How many pairs of parts there are at most.
    pub(crate) pairs: usize,
    /// One of the readings is of one word.
    pub(crate) one_word: Option<bool>,
    /// They are in two scripts.
    pub(crate) other_script: Option<bool>,
    /// A word may be the same.
    pub(crate) same: bool,
}

/// What a unit of agreement is worth, at least nothing, by what and how well two words answer one another.
pub(crate) fn worth(of: &[f32; KINDS], found: &Match) -> f32 {
    let kind = match found.means {
        Means::Initial => 5,
        Means::Variant => 4,
        _ if found.quality >= 0.94 => 1,
        _ if found.quality >= 0.8 => 2,
        _ => 3,
    };
    of[kind].max(0.0)
}

/// Whether two words count as the same.
pub(crate) fn is_same(found: &Match) -> bool {
    !matches!(found.means, Means::Initial | Means::Variant) && found.quality >= 0.94
}

/// What a unit of agreement is worth where neighbours are one word, or a word is first letters; no such pair weighs more than one word.
pub(crate) fn worth_made(of: &[f32; KINDS]) -> f32 {
    of[1].max(of[2]).max(of[29]).max(0.0)
}

/// What a unit of agreement is worth where a letter stands alone on one side or both.
pub(crate) fn worth_letter(of: &[f32; KINDS]) -> f32 {
    of[1].max(of[5]).max(0.0)
}

impl<'w> Ceiling<'w> {
    pub(crate) fn of(manner: Manner, weights: &'w Weights) -> Ceiling<'w> {
        let of = weights.of(manner);
        // Those that `Seen` tells are not among them, nor what is never above nothing.
        let single = (13..21).chain(25..29).chain([35]);
        Ceiling {
            of,
            weights,
            manner,
            bonus: single.map(|kind| of[kind].max(0.0)).sum(),
        }
    }

    /// What must agree at least for any reading to reach `least`; the question weighs `asked`, and so many of its tokens are single letters; `worth` says
    /// what so much agreement is worth at best. Where a letter answers a `word` two names are not counted as the same, and more must agree.
    pub(crate) fn needed(
        &self,
        (asked, seen): (f32, Seen),
        least: f32,
        (letters, word): (f32, bool),
        worth: impl Fn(f32) -> f32,
    ) -> f32 {
        let reaches = |agreed: f32| {
            let whole = (asked - agreed).max(0.0);
            let granted = Granted {
                agreed,
                measure: agreed,
                worth: worth(agreed),
                ..Granted::default()
            };
            let most = self.at(granted, (whole, 0.0), (letters, letters), seen);
            let less = match word {
                true => (self.chance(agreed, true) - self.chance(agreed, false)).max(0.0),
                false => 0.0,
            };
            let same = whole < WHOLE;
            most - if same { less } else { 0.0 } >= least
        };
        // What lies between two steps is not ruled out.
        let first = (0..=80)
            .map(|step| step as f32 * 0.025)
            .find(|agreed| reaches(*agreed));
        first.map_or(f32::INFINITY, |agreed| agreed - 0.025)
    }

    /// What meeting by chance takes at least; whole names may be met in the way that owes it least.
    fn chance(&self, measure: f32, whole: bool) -> f32 {
        let of = |met: Met| chance(measure, met, self.manner, self.weights);
        match whole {
            true => of(Met::Exact).max(of(Met::Whole)),
            false => of(Met::Parts),
        }
    }

    /// What the bends are worth at best, for a contradiction at least so great, its share, and what is covered at most.
    fn bent(&self, conflict: f32, share: f32, covered: f32) -> f32 {
        let of = self.of;
        let lesser = |kind: usize, figure: f32, bend: f32| of[kind].min(0.0) * figure.min(bend);
        let over = |kind: usize, bend: f32| of[kind].max(0.0) * (covered - bend).max(0.0);
        lesser(36, conflict, bend::CONFLICT[0])
            + lesser(37, conflict, bend::CONFLICT[1])
            + lesser(40, share, bend::SHARE[0])
            + lesser(41, share, bend::SHARE[1])
            + over(42, bend::COVERED[0])
            + over(43, bend::COVERED[1])
    }

    /// What is seen is worth at best; of whole names that are the same nothing is taken for meeting by one word alone, nor for no word that is the same.
    fn seen(&self, seen: Seen, whole: bool) -> f32 {
        let of = self.of;
        let flag = |kind: usize, set: Option<bool>| match set {
            Some(true) => of[kind],
            Some(false) => 0.0,
            None => of[kind].max(0.0),
        };
        let (one_word, unlike) = match self.manner {
            Manner::Person if !whole => self.weights.lost_by_chance(),
            _ => (0.0, 0.0),
        };
        let matched = match seen.pairs {
            0 | 1 => one_word,
            2 => one_word.max(of[22]),
            _ => one_word.max(of[22]).max(of[23]),
        };
        let unlike = match seen.other_script {
            Some(false) if !seen.same => unlike,
            _ => 0.0,
        };
        flag(21, seen.one_word) + flag(24, seen.other_script) + matched + unlike
    }

    /// For two readings whose words have been compared and are not aligned yet, where no two words can be one: each word is answered as it is answered
    /// best, and what nothing answers is left over.
    pub(crate) fn by_table(&self, ours: &[View<'_>], listed: &[View<'_>], table: &Table) -> f32 {
        let mut rows = [Granted::default(); MOST_TOKENS];
        let mut columns = [Granted::default(); MOST_TOKENS];
        let mut lost = 1.0f32;
        for ((row, own), cells) in rows.iter_mut().zip(ours).zip(table) {
            for ((column, other), cell) in columns.iter_mut().zip(listed).zip(cells) {
                let Some(found) = cell else { continue };
                let weight = own.weight.min(other.weight);
                let granted = Granted {
                    agreed: weight,
                    measure: self.weights.measure(weight, found.quality),
                    worth: weight * worth(self.of, found),
                    pairs: 1,
                    same: is_same(found),
                    made: false,
                };
                row.raise(&granted);
                column.raise(&granted);
                lost = lost.min(1.0 - found.quality);
            }
        }
        let (one, other) = (sum(&rows), sum(&columns));
        let seen = Seen {
            pairs: usize::from(one.pairs.min(other.pairs)),
            one_word: Some(ours.len() <= 1 || listed.len() <= 1),
            other_script: Some(script_of(ours) != script_of(listed)),
            same: one.same,
        };
        let granted = Granted {
            agreed: one.agreed.min(other.agreed),
            measure: one.measure.min(other.measure),
            worth: one.worth.min(other.worth),
            ..one
        };
        let (one, other) = (unanswered(&rows, ours), unanswered(&columns, listed));
        let against = self.against(&one, &other) + self.of[26].min(0.0) * lost;
        self.at(granted, (one.weight, other.weight), (0.0, 0.0), seen) + against
    }

    /// What speaks against two readings of which so much at least is left over on either side.
    fn against(&self, one: &Left, other: &Left) -> f32 {
        let of = self.of;
        let rare = one.rarest.min(other.rarest);
        let conflict = |kind: usize, both: bool| if both { of[kind].min(0.0) } else { 0.0 };
        of[32].min(0.0) * rare
            + of[38].min(0.0) * rare.min(bend::LEFT_RARE[0])
            + of[39].min(0.0) * rare.min(bend::LEFT_RARE[1])
            + conflict(15, one.numbers && other.numbers)
            + conflict(30, one.places && other.places)
    }

    /// For what agrees, and for what is left over of either side at least. A letter that stands for a word weighs less than the word: `letters` says how
    /// much less may be left over than the weights tell.
    pub(crate) fn at(
        &self,
        granted: Granted,
        left: (f32, f32),
        letters: (f32, f32),
        seen: Seen,
    ) -> f32 {
        let of = self.of;
        let agreed = granted.agreed;
        // Where a letter answers a word, two names are not counted as the same.
        let whole = left.0 < WHOLE && left.1 < WHOLE;
        let all = (agreed + left.0 + left.1).max(0.01);
        let left = ((left.0 - letters.0).max(0.0), (left.1 - letters.1).max(0.0));
        let (less, more) = (left.0.min(left.1), left.0.max(left.1));
        let complete = left.0 < WHOLE && left.1 < WHOLE;
        let sum = of[0]
            + granted.worth
            + of[6].min(0.0) * less
            + of[7].min(0.0) * less / all
            + of[10].max(0.0) * agreed / (agreed + less).max(0.01)
            + of[11].max(0.0) * agreed / (agreed + more).max(0.01)
            + if complete {
                of[12].max(0.0) + of[44].max(0.0)
            } else {
                0.0
            }
            + of[31].min(0.0) * (0.8 - agreed).max(0.0)
            + of[33].max(0.0) * agreed.min(1.0)
            + self.bent(less, less / all, agreed / (agreed + less).max(0.01))
            + self.bonus
            + self.seen(seen, whole);
        sum + self.chance(granted.measure, whole)
    }
}

impl Granted {
    /// The better of two answers, in each respect.
    fn raise(&mut self, other: &Granted) {
        self.agreed = self.agreed.max(other.agreed);
        self.measure = self.measure.max(other.measure);
        self.worth = self.worth.max(other.worth);
        self.pairs = self.pairs.max(other.pairs);
        self.same |= other.same;
    }
}

fn sum(parts: &[Granted]) -> Granted {
    parts.iter().fold(Granted::default(), |sum, own| Granted {
        agreed: sum.agreed + own.agreed,
        measure: sum.measure + own.measure,
        worth: sum.worth + own.worth,
        pairs: sum.pairs + own.pairs,
        same: sum.same || own.same,
        made: sum.made || own.made,
    })
}

/// The words that nothing answers.
fn unanswered(parts: &[Granted], words: &[View<'_>]) -> Left {
    let left = parts.iter().zip(words).filter(|(part, _)| part.pairs == 0);
    Left::of(left.map(|(_, word)| word))
}
