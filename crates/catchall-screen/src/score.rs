//! Score: from an alignment to a probability, each step of which can be told.
//!
//! Each figure of the evidence has its weight in log-odds; their sum is the log-odds that two names are one party's. On a list what names that tell little
//! lose for meeting by chance is taken off. Weights are data (`data/names/weights.toml`), fitted as `docs/screening.md` says.
//!
//! To weigh something else: a figure in `evidence.rs`; what chance is worth stands in [`Weights`].

use crate::evidence::{EVIDENCE, KINDS, agreed};
use crate::name::Manner;
use crate::tables::TablesError;
use std::collections::BTreeMap;

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
    /// `chance_exact`: the same between whole names that are equal to the letter.
    exact: f32,
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
                exact: fact("chance_exact")?.min(0.0),
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

/// The log-odds of the evidence.
pub(crate) fn log_odds(evidence: &[f32; KINDS], weights: &[f32; KINDS]) -> f32 {
    evidence.iter().zip(weights).map(|(e, w)| e * w).sum()
}

/// The probability of log-odds.
pub(crate) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// In a list of many names, names that tell little meet by chance: what is missing from a full measure of agreement is held against the pair, and what
/// agrees only nearly measures less. Whole names that are the same keep most of their worth, and those that are the same to the letter the more: a person
/// must see them. A person's name that meets another by one word alone meets many, and so does one of which no word is the same in the same script, or one
/// that is met by a form of a name that many names share.
pub(crate) fn by_chance(figures: &[f32; KINDS], manner: Manner, weights: &Weights) -> f32 {
    let measure = agreed(figures) - weights.chance.lost * figures[25];
    let met = met(figures, manner, weights);
    let chance = chance(measure, met, manner, weights);
    if manner == Manner::Body || met == Met::Exact {
        return chance;
    }
    let of = &weights.chance;
    let lost = [
        (figures[22] + figures[23] == 0.0, of.one_word),
        (figures[35] + figures[24] == 0.0, of.unlike),
        (figures[4] > 0.0, of.variant),
    ];
    let lost = lost.into_iter().filter(|(holds, _)| *holds);
    chance + lost.map(|(_, worth)| worth).sum::<f32>()
}

/// How two names meet as wholes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// Something of one is not in the other, or is there in another way.
    Parts,
    /// As wholes, but for what weighs next to nothing.
    Whole,
    /// To the letter, or of one word with two neighbours exchanged.
    Exact,
}

fn met(figures: &[f32; KINDS], manner: Manner, weights: &Weights) -> Met {
    let (rough, worst) = (figures[25], figures[26]);
    let whole = figures[12] > 0.0 && figures[5] == 0.0;
    let slack = if manner == Manner::Person { 0.07 } else { 0.3 };
    // Names of one word are the same or not as that word is: a slip leaves nothing else to tell them apart.
    let mononym = manner == Manner::Person && figures[21] > 0.0;
    match () {
        () if !whole => Met::Parts,
        () if figures[44] > 0.0 => Met::Exact,
        () if mononym || worst < slack || rough < weights.chance.rough => Met::Whole,
        () => Met::Parts,
    }
}

pub(crate) fn chance(agreed: f32, met: Met, manner: Manner, weights: &Weights) -> f32 {
    let of = &weights.chance;
    let full = of.full_measure[usize::from(manner == Manner::Body)];
    let rate = match met {
        Met::Parts => of.missing,
        Met::Whole => of.same,
        Met::Exact => of.exact,
    };
    (full - agreed).max(0.0) * rate
}
