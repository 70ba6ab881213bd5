//! Score: from an alignment to a probability, each step of which can be told.
//!
//! Evidence is a row of figures (what agrees exactly, nearly, by a variant; what contradicts; what only one side tells), each with its weight in log-odds;
//! their sum is the log-odds that two names are one party's. Contradiction, omission and addition are three things. Weights are data
//! (`data/names/weights.toml`), fitted as `docs/screening.md` says.
//!
//! To add evidence: a row in [`EVIDENCE`], a line in [`evidence`], a weight for persons and one for bodies.

use crate::align::{Alignment, Means, ReadingView, View};
use crate::name::{Manner, Role, Script};
use crate::tables::TablesError;
use std::collections::BTreeMap;

/// How many kinds of evidence two names give.
pub(crate) const KINDS: usize = 44;

/// What two names can tell, in the order of the figures.
pub const EVIDENCE: [&str; KINDS] = [
    "always",
    "same",
    "near",
    "far",
    "variant",
    "initial",
    "conflict",
    "conflict_share",
    "extra",
    "extra_share",
    "covered_less",
    "covered_more",
    "whole",
    "order",
    "kin_turned",
    "number_conflict",
    "number_extra",
    "legal_conflict",
    "legal_same",
    "family_same",
    "family_conflict",
    "one_word",
    "two_match",
    "three_match",
    "other_script",
    "rough",
    "worst",
    "first_same",
    "last_same",
    "acronym",
    "place_conflict",
    "told_little",
    "left_rare",
    "rare",
    "characters",
    "some_same",
    "conflict_first",
    "conflict_half",
    "left_rare_first",
    "left_rare_half",
    "share_first",
    "share_half",
    "covered_most",
    "covered_nearly",
];

/// Where the figures bend that do not count alike from end to end: the first of a contradiction counts more than what follows it, and what is covered
/// begins to count where most is. One bend is one more figure with a weight of its own: the lesser of figure and bend, or what lies over the bend.
pub(crate) mod bend {
    pub(crate) const CONFLICT: [f32; 2] = [0.15, 0.3];
    pub(crate) const LEFT_RARE: [f32; 2] = [0.15, 0.3];
    pub(crate) const SHARE: [f32; 2] = [0.1, 0.2];
    pub(crate) const COVERED: [f32; 2] = [0.7, 0.85];
}

/// The weights of evidence.
#[derive(Debug)]
pub struct Weights {
    pub(crate) person: [f32; KINDS],
    pub(crate) body: [f32; KINDS],
    pub(crate) facts: BTreeMap<String, f32>,
    chance: Chance,
}

/// What meeting by chance is worth, of the facts: asked for every name, and so kept apart.
#[derive(Debug)]
struct Chance {
    /// `full_measure` and `full_measure_body`: so much weight in agreement owes nothing to chance, of persons and of bodies.
    full_measure: [f32; 2],
    /// `chance`: what each unit missing from it is worth; below nothing.
    missing: f32,
    /// `chance_same`: the same between whole names that are equal.
    same: f32,
    /// `chance_lost`: how much of the measure a unit of inexactness takes.
    lost: f32,
    /// `chance_one`: what meeting by one word alone is worth.
    one_word: f32,
    /// `chance_unlike`: what a person's name loses of which no word is the same, where both are written in one script.
    unlike: f32,
    /// `chance_variant`: what a person's name loses of which a word is met by a variant.
    variant: f32,
    /// `chance_rough`: so much inexactness, by the weight of the words that it is in, leaves whole names the same.
    rough: f32,
}

/// What `weights.toml` holds.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    person: BTreeMap<String, f32>,
    body: BTreeMap<String, f32>,
    facts: BTreeMap<String, f32>,
}

impl Weights {
    /// Reads the weights; each kind of evidence must have one for persons and one for bodies.
    pub(crate) fn read(text: &str) -> Result<Weights, TablesError> {
        let unreadable = |reason: String| TablesError::Unreadable {
            file: "weights.toml",
            reason,
        };
        let file: File =
            toml::from_str(text).map_err(|error| unreadable(error.message().to_owned()))?;
        let row = |from: &BTreeMap<String, f32>, whose: &str| {
            let mut weights = [0.0; KINDS];
            for (slot, kind) in weights.iter_mut().zip(EVIDENCE) {
                *slot = *from
                    .get(kind)
                    .ok_or_else(|| unreadable(format!("no weight `{kind}` in [{whose}]")))?;
            }
            Ok(weights)
        };
        let fact = |name: &str| {
            let found = file.facts.get(name).copied();
            found.ok_or_else(|| unreadable(format!("no weight `{name}` in [facts]")))
        };
        Ok(Weights {
            person: row(&file.person, "person")?,
            body: row(&file.body, "body")?,
            chance: Chance {
                full_measure: [fact("full_measure")?, fact("full_measure_body")?],
                missing: fact("chance")?.min(0.0),
                same: fact("chance_same")?.min(0.0),
                lost: fact("chance_lost")?.max(0.0),
                one_word: fact("chance_one")?.min(0.0),
                unlike: fact("chance_unlike")?.min(0.0),
                variant: fact("chance_variant")?.min(0.0),
                rough: fact("chance_rough")?.max(0.0),
            },
            facts: file.facts,
        })
    }

    /// What an attribute is worth, in log-odds; nothing where the table has no row.
    pub(crate) fn fact(&self, name: &str) -> f32 {
        self.facts.get(name).copied().unwrap_or(0.0)
    }

    /// What is left of a weight for the measure of agreement where it is answered so well.
    pub(crate) fn measure(&self, weight: f32, quality: f32) -> f32 {
        (weight * (1.0 - self.chance.lost * (1.0 - quality))).max(0.0)
    }

    /// What a person's name loses that meets another by one word alone, and one of which no word is the same in the same script.
    pub(crate) fn lost_by_chance(&self) -> (f32, f32) {
        (self.chance.one_word, self.chance.unlike)
    }

    pub(crate) fn of(&self, manner: Manner) -> &[f32; KINDS] {
        match manner {
            Manner::Person => &self.person,
            Manner::Body => &self.body,
        }
    }
}

/// What the alignment of two readings tells, in figures.
pub(crate) fn evidence(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    legal: (bool, bool),
    alignment: &Alignment,
) -> [f32; KINDS] {
    let mut figures = sums(a, b, alignment);
    observe(a, b, legal, alignment, &mut figures);
    figures
}

/// The figures that come of sums: what agrees and how well, and what is left on either side.
pub(crate) fn sums(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    alignment: &Alignment,
) -> [f32; KINDS] {
    let mut sums = Sums::default();
    for pair in &alignment.pairs {
        sums.add(
            pair.means,
            pair.quality,
            pair.weight,
            pair.b.1.max(pair.a.1),
        );
    }
    let left = |tokens: &[View<'_>], left: &[u8]| {
        Left::of(left.iter().filter_map(|at| tokens.get(usize::from(*at))))
    };
    let left_a = left(a.tokens, &alignment.left_a);
    let left_b = left(b.tokens, &alignment.left_b);
    let agreed = sums.same + sums.near + sums.far + sums.variant + sums.initial + sums.acronym;
    let conflict = left_a.weight.min(left_b.weight);
    let extra = (left_a.weight - left_b.weight).abs();
    let all = (agreed + left_a.weight + left_b.weight).max(0.01);
    let (less, more) = (
        left_a.weight.min(left_b.weight),
        left_a.weight.max(left_b.weight),
    );
    let matched = alignment.pairs.len();
    let words = a.tokens.len().min(b.tokens.len());
    let mut figures = [0.0; KINDS];
    figures[..13].copy_from_slice(&[
        1.0,
        sums.same,
        sums.near,
        sums.far,
        sums.variant,
        sums.initial,
        conflict,
        conflict / all,
        extra,
        extra / all,
        agreed / (agreed + less).max(0.01),
        agreed / (agreed + more).max(0.01),
        sure(alignment.left_a.is_empty() && alignment.left_b.is_empty()),
    ]);
    figures[15] = sure(left_a.numbers && left_b.numbers);
    figures[16] = sure(left_a.numbers != left_b.numbers);
    figures[21..27].copy_from_slice(&[
        sure(words <= 1),
        sure(matched == 2),
        sure(matched >= 3),
        sure(script_of(a.tokens) != script_of(b.tokens)),
        sums.lost,
        sums.worst,
    ]);
    figures[29..34].copy_from_slice(&[
        sums.acronym,
        sure(left_a.places && left_b.places),
        (0.8 - agreed).max(0.0),
        left_a.rarest.min(left_b.rarest),
        sums.rare,
    ]);
    figures[35] = sure(sums.same > 0.0);
    let [share, covered, rare] = [figures[7], figures[10], figures[32]];
    figures[36..].copy_from_slice(&[
        conflict.min(bend::CONFLICT[0]),
        conflict.min(bend::CONFLICT[1]),
        rare.min(bend::LEFT_RARE[0]),
        rare.min(bend::LEFT_RARE[1]),
        share.min(bend::SHARE[0]),
        share.min(bend::SHARE[1]),
        (covered - bend::COVERED[0]).max(0.0),
        (covered - bend::COVERED[1]).max(0.0),
    ]);
    figures
}

/// Which figures come of single observations.
const OBSERVED: [usize; 9] = [13, 14, 17, 18, 19, 20, 27, 28, 34];

/// The figures that come of single observations: order, kinship, legal forms, the family name, first and last words, characters.
pub(crate) fn observe(
    a: &ReadingView<'_>,
    b: &ReadingView<'_>,
    legal: (bool, bool),
    alignment: &Alignment,
    figures: &mut [f32; KINDS],
) {
    let family = family(a, b, alignment);
    let ends = ends(a, b, alignment);
    let seen = [
        sure(disordered(alignment)),
        sure(kin_turned(a, b, alignment)),
        sure(legal.1),
        sure(legal.0),
        sure(family == Some(true)),
        sure(family == Some(false)),
        sure(ends.0),
        sure(ends.1),
        characters(a.original, b.original),
    ];
    for (kind, figure) in OBSERVED.into_iter().zip(seen) {
        figures[kind] = figure;
    }
}

fn sure(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

/// The most log-odds that single observations can add to the sums.
pub(crate) fn observed_at_most(weights: &[f32; KINDS]) -> f32 {
    OBSERVED.iter().map(|kind| weights[*kind].max(0.0)).sum()
}

/// The log-odds of the evidence.
pub(crate) fn log_odds(evidence: &[f32; KINDS], weights: &[f32; KINDS]) -> f32 {
    evidence.iter().zip(weights).map(|(e, w)| e * w).sum()
}

/// The probability of log-odds.
pub(crate) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// In a list of many names, names that tell little meet by chance: what is missing from a full measure of agreement is held against the pair, and what
/// agrees only nearly measures less. Whole names that are the same keep most of their worth: a person must see them. A person's name that meets
/// another by one word alone meets many, and so does one of which no word is the same in the same script, or one that is met by a form of a name that many names share.
pub(crate) fn by_chance(figures: &[f32; KINDS], manner: Manner, weights: &Weights) -> f32 {
    let slack = if manner == Manner::Person { 0.07 } else { 0.3 };
    let exact = figures[26] < slack || figures[25] < weights.chance.rough;
    let same = figures[12] > 0.0 && exact && figures[5] == 0.0;
    let one = manner == Manner::Person && figures[22] + figures[23] == 0.0;
    let measure = agreed(figures) - weights.chance.lost * figures[25];
    let unlike = manner == Manner::Person && figures[35] + figures[24] == 0.0;
    let variant = manner == Manner::Person && figures[4] > 0.0;
    let of = &weights.chance;
    let lost = [
        (one, of.one_word),
        (unlike, of.unlike),
        (variant, of.variant),
    ];
    let lost = lost.into_iter().filter(|(holds, _)| *holds);
    chance(measure, same, manner, weights) + lost.map(|(_, worth)| worth).sum::<f32>()
}

pub(crate) fn chance(agreed: f32, same: bool, manner: Manner, weights: &Weights) -> f32 {
    let of = &weights.chance;
    let full = of.full_measure[usize::from(manner == Manner::Body)];
    (full - agreed).max(0.0) * if same { of.same } else { of.missing }
}

/// The weight of a reading's tokens.
pub(crate) fn total(tokens: &[View<'_>]) -> f32 {
    tokens.iter().map(own_weight).sum()
}

/// The weight of a token; what stood in brackets counts little.
pub(crate) fn own_weight(token: &View<'_>) -> f32 {
    if token.aside {
        0.2 * token.weight
    } else {
        token.weight
    }
}

/// The script of a reading: that of its first token.
pub(crate) fn script_of(tokens: &[View<'_>]) -> Script {
    tokens.first().map_or(Script::Latin, |t| t.script)
}

/// The weight of what agrees.
pub(crate) fn agreed(evidence: &[f32; KINDS]) -> f32 {
    evidence[1..6].iter().sum::<f32>() + evidence[29]
}

#[derive(Default)]
struct Sums {
    same: f32,
    near: f32,
    far: f32,
    variant: f32,
    initial: f32,
    acronym: f32,
    lost: f32,
    rare: f32,
    worst: f32,
}

impl Sums {
    fn add(&mut self, means: Means, quality: f32, weight: f32, words: u8) {
        match means {
            Means::Initial if words > 1 => self.acronym += weight * quality,
            Means::Initial => self.initial += weight,
            Means::Variant => self.variant += weight,
            _ if quality >= 0.94 => self.same += weight,
            _ if quality >= 0.8 => self.near += weight,
            _ => self.far += weight,
        }
        self.rare = self.rare.max(weight * quality);
        let lost = 1.0 - quality;
        self.lost += weight * lost;
        self.worst = self.worst.max(lost);
    }
}

/// What of one side nothing answers.
pub(crate) struct Left {
    pub(crate) weight: f32,
    pub(crate) rarest: f32,
    pub(crate) numbers: bool,
    pub(crate) places: bool,
}

impl Left {
    pub(crate) fn of<'a>(left: impl Iterator<Item = &'a View<'a>>) -> Left {
        let mut sum = Left {
            weight: 0.0,
            rarest: 0.0,
            numbers: false,
            places: false,
        };
        for token in left {
            let weight = own_weight(token);
            sum.weight += weight;
            sum.rarest = sum.rarest.max(weight);
            sum.numbers |= token.role == Role::Number;
            sum.places |= token.role == Role::Notion && token.weight >= PLACE;
        }
        sum
    }
}

/// Notions that weigh so much are places, directions and the like: they tell bodies apart.
const PLACE: f32 = 0.4;

/// The share of characters that differ, where both names are in characters or syllables that say more than their sound.
fn characters(a: &str, b: &str) -> f32 {
    if a.is_empty() || b.is_empty() || a == b {
        return 0.0;
    }
    let script = |text: &str| text.chars().next().and_then(crate::name::script_of);
    if script(a) != script(b) {
        return 0.0;
    }
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = x
        .iter()
        .filter(|c| y.contains(c))
        .count()
        .min(y.iter().filter(|c| x.contains(c)).count());
    1.0 - same as f32 / x.len().max(y.len()) as f32
}

/// Whether the family names, where both are known, agree.
fn family(a: &ReadingView<'_>, b: &ReadingView<'_>, alignment: &Alignment) -> Option<bool> {
    let known = a.family.or(b.family)?;
    let left = if a.family.is_some() {
        &alignment.left_a
    } else {
        &alignment.left_b
    };
    let other_left = if a.family.is_some() {
        &alignment.left_b
    } else {
        &alignment.left_a
    };
    if left.contains(&known) {
        (!other_left.is_empty()).then_some(false)
    } else {
        Some(true)
    }
}

/// Whether the first words answer one another, and the last ones.
fn ends(a: &ReadingView<'_>, b: &ReadingView<'_>, alignment: &Alignment) -> (bool, bool) {
    let last = (
        a.tokens.len().saturating_sub(1) as u8,
        b.tokens.len().saturating_sub(1) as u8,
    );
    let holds = |at: u8, (from, count): (u8, u8)| (from..from + count).contains(&at);
    (
        alignment
            .pairs
            .iter()
            .any(|p| holds(0, p.a) && holds(0, p.b)),
        alignment
            .pairs
            .iter()
            .any(|p| holds(last.0, p.a) && holds(last.1, p.b)),
    )
}

/// Whether the parts stand in another order that is more than the family name put first.
fn disordered(alignment: &Alignment) -> bool {
    let pairs = &alignment.pairs;
    let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
        return false;
    };
    let breaks = pairs.windows(2).filter(|w| w[0].b.0 > w[1].b.0).count();
    match breaks {
        _ if pairs.len() < 3 => false,
        0 => false,
        1 => last.b.0 > first.b.0,
        _ => true,
    }
}

/// Whether father and son are exchanged.
fn kin_turned(a: &ReadingView<'_>, b: &ReadingView<'_>, alignment: &Alignment) -> bool {
    let (Some(kin_a), Some(kin_b)) = (a.kin.first(), b.kin.first()) else {
        return false;
    };
    let down = alignment
        .pairs
        .iter()
        .any(|p| p.a.0 < *kin_a && p.b.0 >= *kin_b);
    let up = alignment
        .pairs
        .iter()
        .any(|p| p.a.0 >= *kin_a && p.b.0 < *kin_b);
    down && up
}
