//! Origins, not outlets: the same speaker, of the same days, on the same topic is one origin, through however many outlets and reprints.
//!
//! Two tellings fall together when speaker, days and topic agree, or when the words agree nearly to the letter. A hearsay falls
//! together with what it passes on only through its speaker: a digest never corroborates what it cites.

use std::collections::BTreeSet;

use super::claim::{Claim, Telling};
use super::name;

/// Groups tellings by origin and makes one claim of each, best rung first.
pub(super) fn claims(tellings: &[Telling<'_>]) -> Vec<Claim> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, telling) in tellings.iter().enumerate() {
        let joined: Vec<usize> = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.iter().any(|own| one_origin(&tellings[*own], telling)))
            .map(|(place, _)| place)
            .collect();
        let Some((first, others)) = joined.split_first() else {
            groups.push(vec![index]);
            continue;
        };
        // What joins two groups shows that they were one.
        let mut merged: Vec<usize> = Vec::new();
        for place in others.iter().rev() {
            merged.extend(groups.remove(*place));
        }
        if let Some(group) = groups.get_mut(*first) {
            group.extend(merged);
            group.push(index);
            group.sort_unstable();
        }
    }
    let mut claims: Vec<Claim> = groups
        .iter()
        .map(|group| {
            Claim::of(
                &group
                    .iter()
                    .map(|index| &tellings[*index])
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    claims.sort_by(|a, b| {
        (a.rung, &a.said, &a.speaker, &a.content).cmp(&(b.rung, &b.said, &b.speaker, &b.content))
    });
    for (number, claim) in claims.iter_mut().enumerate() {
        claim.id = format!("o{}", number + 1);
    }
    claims
}

/// Whether two tellings go back to one origin.
fn one_origin(a: &Telling<'_>, b: &Telling<'_>) -> bool {
    if !same_speaker(a, b) {
        return false;
    }
    (close(a, b) && topic(a, b)) || reprint(a, b)
}

fn same_speaker(a: &Telling<'_>, b: &Telling<'_>) -> bool {
    let (one, other) = (&a.statement.speaker, &b.statement.speaker);
    match (&one.name, &other.name) {
        (Some(one_name), Some(other_name)) => {
            let (x, y) = (name::key(one_name), name::key(other_name));
            let surname = |key: &str| key.rsplit(' ').next().unwrap_or_default().to_owned();
            let person = one.anonymity == "named" && other.anonymity == "named";
            x == y || (person && surname(&x) == surname(&y) && one.country == other.country)
        }
        (None, None) => one.country == other.country,
        _ => false,
    }
}

/// The days of speaking meet, or, where one is not told, the days of print lie within a week.
fn close(a: &Telling<'_>, b: &Telling<'_>) -> bool {
    match (a.said, b.said) {
        (Some(one), Some(other)) => one.0 <= other.1 && other.0 <= one.1,
        _ => match (a.printed, b.printed) {
            (Some(one), Some(other)) => {
                let gap = if one.0 > other.1 {
                    other.1.until(one.0)
                } else {
                    one.1.until(other.0)
                };
                gap.map_or(true, |gap| gap.get_days() <= 7)
            }
            _ => a.document.doc_id == b.document.doc_id,
        },
    }
}

fn topic(a: &Telling<'_>, b: &Telling<'_>) -> bool {
    let (one, other) = (a.topics(), b.topics());
    if one.is_empty() || other.is_empty() {
        return true;
    }
    one.intersection(&other).next().is_some()
}

/// Nearly the same words: four of five in common.
fn reprint(a: &Telling<'_>, b: &Telling<'_>) -> bool {
    let bag = |telling: &Telling<'_>| -> BTreeSet<String> {
        telling
            .statement
            .content
            .split(' ')
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (bag(a), bag(b));
    let shared = one.intersection(&other).count();
    one.len() >= 4 && other.len() >= 4 && shared * 5 >= one.len().max(other.len()) * 4
}
