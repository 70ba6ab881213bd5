//! Two names against one another, without a list.

use crate::align::{Alignment, ReadingView, align};
use crate::alike::{Means, views};
use crate::evidence::{KINDS, evidence};
use crate::name::{Manner, Name, Reading};
use crate::score::{log_odds, probability};
use crate::tables::Names;

/// One line of an alignment: what of one name answers what of the other.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Aligned {
    /// What was asked; empty where the listing alone has it.
    pub asked: String,
    /// What is listed; empty where the question alone has it.
    pub listed: String,
    /// By what they answer one another; none where one side is empty.
    pub by: Option<Means>,
    /// How well, 0 to 1.
    pub quality: f32,
    /// How much the part tells, 0 to 1.
    pub weight: f32,
}

/// What two names are to one another.
#[derive(Clone, Debug)]
pub struct PairScore {
    /// That both are names of one party, as far as names tell.
    pub probability: f32,
    /// Part against part.
    pub alignment: Vec<Aligned>,
    /// The figures behind it, in the order of [`crate::EVIDENCE`].
    pub evidence: [f32; KINDS],
}

/// Scores two names; the best pair of their readings stands.
pub fn score_pair(a: &str, b: &str, manner: Manner, names: &Names) -> PairScore {
    let (a, b) = (Name::read(a, manner, names), Name::read(b, manner, names));
    let mut best: Option<(f32, [f32; KINDS], &Reading, &Reading, Alignment)> = None;
    for one in &a.readings {
        for other in &b.readings {
            let (figures, alignment) = compare_readings(one, other, names);
            let sum = log_odds(&figures, names.weights.of(manner));
            if best.as_ref().is_none_or(|found| sum > found.0) {
                best = Some((sum, figures, one, other, alignment));
            }
        }
    }
    match best {
        Some((sum, evidence, one, other, alignment)) => PairScore {
            probability: probability(sum),
            alignment: told(one, other, &alignment),
            evidence,
        },
        None => PairScore {
            probability: 0.0,
            alignment: Vec::new(),
            evidence: [0.0; KINDS],
        },
    }
}

fn compare_readings(a: &Reading, b: &Reading, names: &Names) -> ([f32; KINDS], Alignment) {
    let (views_a, views_b) = (views(a, &names.sounds), views(b, &names.sounds));
    let one = reading_view(a, &views_a);
    let other = reading_view(b, &views_b);
    let alignment = align(&one, &other, &names.sounds);
    let legal = legal(&a.legal, &b.legal, names);
    (evidence(&one, &other, legal, &alignment), alignment)
}

pub(crate) fn reading_view<'a>(
    reading: &'a Reading,
    tokens: &'a [crate::alike::View<'a>],
) -> ReadingView<'a> {
    ReadingView {
        tokens,
        kin: &reading.kin,
        family: reading.family,
        letters: &reading.letters,
        original: &reading.original,
    }
}

/// Whether legal forms agree, and whether they differ; neither where one side has none.
pub(crate) fn legal(a: &[u16], b: &[u16], names: &Names) -> (bool, bool) {
    if a.is_empty() || b.is_empty() {
        return (false, false);
    }
    let wider = |form: &u16| {
        names
            .legal_names
            .get(usize::from(*form))
            .map_or(*form, |(_, wider)| *wider)
    };
    let agree = a
        .iter()
        .any(|x| b.iter().any(|y| x == y || wider(x) == wider(y)));
    (agree, !agree)
}

/// The alignment in words.
pub(crate) fn told(a: &Reading, b: &Reading, alignment: &Alignment) -> Vec<Aligned> {
    let words = |reading: &Reading, (from, count): (u8, u8)| {
        let from = usize::from(from);
        let tokens = reading.tokens.iter().skip(from).take(usize::from(count));
        tokens
            .map(|t| t.shown.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut lines: Vec<Aligned> = alignment
        .pairs
        .iter()
        .map(|pair| Aligned {
            asked: words(a, pair.a),
            listed: words(b, pair.b),
            by: Some(pair.means),
            quality: pair.quality,
            weight: pair.weight,
        })
        .collect();
    for (left, reading, asked) in [(&alignment.left_a, a, true), (&alignment.left_b, b, false)] {
        lines.extend(left.iter().map(|at| {
            let word = words(reading, (*at, 1));
            Aligned {
                asked: if asked { word.clone() } else { String::new() },
                listed: if asked { String::new() } else { word },
                by: None,
                quality: 0.0,
                weight: reading
                    .tokens
                    .get(usize::from(*at))
                    .map_or(0.0, |t| t.weight),
            }
        }));
    }
    lines
}
