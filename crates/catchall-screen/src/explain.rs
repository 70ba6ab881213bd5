//! Reasons: the evidence of two names in words.
//!
//! A reason says one thing that a person can check against the two names. Its weight is what it adds to the log-odds.

use crate::alike::Means;
use crate::attribute::Reason;
use crate::evidence::{KINDS, TABLE, Tells};
use crate::pair::Aligned;

/// The reasons that two names give.
pub(crate) fn reasons(
    alignment: &[Aligned],
    figures: &[f32; KINDS],
    weights: &[f32; KINDS],
    chance: f32,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let worth = |says: Tells| -> f32 {
        let sum = TABLE
            .iter()
            .zip(figures.iter().zip(weights))
            .filter(|((_, tells), _)| *tells == says)
            .map(|(_, (figure, weight))| figure * weight);
        sum.sum()
    };
    let mut add = |about: &'static str, says: String, weight: f32| {
        let weight = (weight * 100.0).round() as i32;
        if weight != 0 && !says.is_empty() {
            reasons.push(Reason {
                about,
                says,
                weight,
            });
        }
    };
    add("name", agreeing(alignment), worth(Tells::Agreement));
    add("name", unlike(alignment), worth(Tells::Unlike));
    let left = |asked: bool| -> Vec<&str> {
        alignment
            .iter()
            .filter(|l| l.by.is_none())
            .map(|l| {
                if asked {
                    l.asked.as_str()
                } else {
                    l.listed.as_str()
                }
            })
            .filter(|w| !w.is_empty())
            .collect()
    };
    let (ours, theirs) = (left(true), left(false));
    if !ours.is_empty() && !theirs.is_empty() {
        add(
            "name",
            format!("`{}` stands against `{}`", ours.join(" "), theirs.join(" ")),
            worth(Tells::Contradiction),
        );
    }
    let words: Vec<&str> = ours.iter().chain(&theirs).copied().collect();
    let side = if ours.len() >= theirs.len() {
        "the question"
    } else {
        "the listing"
    };
    add(
        "name",
        format!("`{}` only in {side}", words.join(" ")),
        worth(Tells::Addition),
    );
    add(
        "name",
        "the parts stand in another order".to_owned(),
        worth(Tells::Order),
    );
    add(
        "name",
        "father and son are exchanged".to_owned(),
        worth(Tells::Kinship),
    );
    add(
        "name",
        "the numbers differ".to_owned(),
        worth(Tells::NumbersDiffer),
    );
    add(
        "name",
        "only one side has a number".to_owned(),
        worth(Tells::OneNumber),
    );
    add(
        "name",
        "the characters differ".to_owned(),
        worth(Tells::Characters),
    );
    add(
        "legal_form",
        "the legal forms differ".to_owned(),
        worth(Tells::FormsDiffer),
    );
    add(
        "legal_form",
        "the legal forms agree".to_owned(),
        worth(Tells::FormsAgree),
    );
    add(
        "name",
        "the names tell little: such names meet by chance".to_owned(),
        worth(Tells::Little) + chance,
    );
    reasons
}

fn agreeing(alignment: &[Aligned]) -> String {
    let mut says: Vec<String> = Vec::new();
    for line in alignment {
        let Some(by) = line.by else { continue };
        let how = match by {
            Means::Literal => "letter for letter",
            Means::Transliteration => "in another script",
            Means::Phonetic => "by sound",
            Means::Variant => "as a variant",
            Means::Initial => "by first letters",
            Means::Edit => "but for a slip",
        };
        let (asked, listed) = (scripts(&line.asked), scripts(&line.listed));
        says.push(format!(
            "`{}`{asked} is `{}`{listed} {how}",
            line.asked, line.listed
        ));
    }
    says.join("; ")
}

/// What is said of a word whose letters are of several scripts.
fn scripts(shown: &str) -> String {
    let read = if shown.is_ascii() {
        None
    } else {
        crate::lookalike::read_as(shown)
    };
    read.map_or(String::new(), |script| {
        format!(" (letters of several scripts, read as {script:?})")
    })
}

fn unlike(alignment: &[Aligned]) -> String {
    let worst = alignment
        .iter()
        .filter(|l| l.by.is_some())
        .min_by(|a, b| a.quality.total_cmp(&b.quality));
    worst.map_or(String::new(), |l| {
        format!("`{}` is not quite `{}`", l.asked, l.listed)
    })
}
