//! Evidence: what an alignment of two names tells, in figures.
//!
//! A row of figures: what agrees and how well, what contradicts, what only one side tells, order, kinship, numbers, legal forms. Contradiction, omission
//! and addition are three things. What a figure is worth is not said here; see [`crate::score`].
//!
//! To add evidence: a row in [`TABLE`], a line in [`sums`] or [`observe`], a weight for persons and one for bodies in `data/names/weights.toml`, and its
//! best case in `ceiling.rs`.

use crate::align::{Alignment, Pair, ReadingView};
use crate::alike::{Means, View};
use crate::name::{Role, Script};

/// How many kinds of evidence two names give.
pub(crate) const KINDS: usize = 45;

/// What a figure says to a reader: figures that say the same are told as one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    Agreement,
    Unlike,
    Contradiction,
    Addition,
    Order,
    Kinship,
    NumbersDiffer,
    OneNumber,
    Characters,
    FormsDiffer,
    FormsAgree,
    Little,
}

/// What two names can tell, in the order of the figures: its name in the tables of weights, and what it says.
pub(crate) const TABLE: [(&str, Tells); KINDS] = [
    ("always", Tells::Agreement),
    ("same", Tells::Agreement),
    ("near", Tells::Agreement),
    ("far", Tells::Unlike),
    ("variant", Tells::Agreement),
    ("initial", Tells::Agreement),
    ("conflict", Tells::Contradiction),
    ("conflict_share", Tells::Contradiction),
    ("extra", Tells::Addition),
    ("extra_share", Tells::Addition),
    ("covered_less", Tells::Agreement),
    ("covered_more", Tells::Agreement),
    ("whole", Tells::Agreement),
    ("order", Tells::Order),
    ("kin_turned", Tells::Kinship),
    ("number_conflict", Tells::NumbersDiffer),
    ("number_extra", Tells::OneNumber),
    ("legal_conflict", Tells::FormsDiffer),
    ("legal_same", Tells::FormsAgree),
    ("family_same", Tells::Agreement),
    ("family_conflict", Tells::Contradiction),
    ("one_word", Tells::Agreement),
    ("two_match", Tells::Agreement),
    ("three_match", Tells::Agreement),
    ("other_script", Tells::Agreement),
    ("rough", Tells::Unlike),
    ("worst", Tells::Unlike),
    ("first_same", Tells::Agreement),
    ("last_same", Tells::Agreement),
    ("acronym", Tells::Agreement),
    ("place_conflict", Tells::Contradiction),
    ("told_little", Tells::Little),
    ("left_rare", Tells::Contradiction),
    ("rare", Tells::Agreement),
    ("characters", Tells::Characters),
    ("some_same", Tells::Agreement),
    ("conflict_first", Tells::Contradiction),
    ("conflict_half", Tells::Contradiction),
    ("left_rare_first", Tells::Contradiction),
    ("left_rare_half", Tells::Contradiction),
    ("share_first", Tells::Contradiction),
    ("share_half", Tells::Contradiction),
    ("covered_most", Tells::Agreement),
    ("covered_nearly", Tells::Agreement),
    ("exact", Tells::Agreement),
];

/// What two names can tell, in the order of the figures.
pub const EVIDENCE: [&str; KINDS] = {
    let mut names = [""; KINDS];
    let mut at = 0;
    while at < KINDS {
        names[at] = TABLE[at].0;
        at += 1;
    }
    names
};

/// Where the figures bend that do not count alike from end to end: the first of a contradiction counts more than what follows it, and what is covered
/// begins to count where most is. One bend is one more figure with a weight of its own: the lesser of figure and bend, or what lies over the bend.
pub(crate) mod bend {
    pub(crate) const CONFLICT: [f32; 2] = [0.15, 0.3];
    pub(crate) const LEFT_RARE: [f32; 2] = [0.15, 0.3];
    pub(crate) const SHARE: [f32; 2] = [0.1, 0.2];
    pub(crate) const COVERED: [f32; 2] = [0.7, 0.85];
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
    let exact = alignment.pairs.iter().all(to_the_letter) || one_word_turned(a, b);
    let exact = exact && figures[12] > 0.0;
    figures[36..].copy_from_slice(&[
        conflict.min(bend::CONFLICT[0]),
        conflict.min(bend::CONFLICT[1]),
        rare.min(bend::LEFT_RARE[0]),
        rare.min(bend::LEFT_RARE[1]),
        share.min(bend::SHARE[0]),
        share.min(bend::SHARE[1]),
        (covered - bend::COVERED[0]).max(0.0),
        (covered - bend::COVERED[1]).max(0.0),
        sure(exact),
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

/// Whether two parts are letter for letter the same, in whatever script.
fn to_the_letter(pair: &Pair) -> bool {
    matches!(pair.means, Means::Literal | Means::Transliteration) && pair.quality >= 1.0
}

/// Whether both names are of one written word, of four letters or more, and two neighbours stand the other way round: nothing else is left by which such a
/// name could be known.
fn one_word_turned(a: &ReadingView<'_>, b: &ReadingView<'_>) -> bool {
    let ([one], [other]) = (a.tokens, b.tokens) else {
        return false;
    };
    let (x, y) = (one.text, other.text);
    let written = one.role == Role::Word && other.role == Role::Word && !one.unwritten;
    if !written || other.unwritten || x.len() != y.len() || x.len() < 4 {
        return false;
    }
    let at = x.iter().zip(y).take_while(|(a, b)| a == b).count();
    match (x.get(at..), y.get(at..)) {
        (Some([a, b, rest @ ..]), Some([c, d, others @ ..])) => a == d && b == c && rest == others,
        _ => false,
    }
}

fn sure(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

/// The most log-odds that single observations can add to the sums.
pub(crate) fn observed_at_most(weights: &[f32; KINDS]) -> f32 {
    OBSERVED.iter().map(|kind| weights[*kind].max(0.0)).sum()
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
    let script = |text: &str| text.chars().next().and_then(crate::words::script_of);
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
