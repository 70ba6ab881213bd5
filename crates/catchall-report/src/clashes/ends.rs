//! Clashes by what was given to whom, and by what was to be done: a transfer told and denied, a duty and the word that it was not met.
//!
//! Two statements clash where one tells of a transfer between the same two parties that the other denies; an undertaking clashes with
//! what is conceded beside it, where that says that something was not done. To grow: a further tie is a function here.

use std::collections::BTreeMap;

use super::Pairs;
use crate::gazetteer::words::Class;
use crate::reading::TransferRecord;
use crate::statements::{Ground, Told};
use crate::undertakings::lower;

/// How far the two stand apart at most, in sentences.
const NEAR: usize = 6;
/// How many tellings of one transfer are looked at.
const MANY: usize = 12;

/// A transfer that is denied, against those who tell it.
pub(super) fn of_transfers(told: &[Told], transfers: &[TransferRecord], pairs: &mut Pairs) {
    let mut between: BTreeMap<(&str, &str), Vec<&TransferRecord>> = BTreeMap::new();
    for transfer in transfers {
        let ends = (transfer.from.as_str(), transfer.to.as_str());
        between.entry(ends).or_default().push(transfer);
    }
    let statement = |id: &str| -> Option<&Told> {
        let number: usize = id.strip_prefix('s')?.parse().ok()?;
        told.get(number.checked_sub(1)?)
            .filter(|own| own.record.id == id)
    };
    for transfer in transfers.iter().filter(|own| own.status == "denied") {
        let ends = (transfer.from.as_str(), transfer.to.as_str());
        let others = between.get(&ends).into_iter().flatten();
        for other in others.filter(|own| own.status != "denied").take(MANY) {
            for denial in transfer
                .statements
                .iter()
                .take(MANY)
                .filter_map(|id| statement(id))
            {
                let claim = other
                    .statements
                    .iter()
                    .take(MANY)
                    .filter_map(|id| statement(id))
                    .find(|claim| {
                        claim.record.speaker.name != denial.record.speaker.name
                            && claim.sentence != denial.sentence
                            && claim.sentence.abs_diff(denial.sentence) <= NEAR
                    });
                if let Some(claim) = claim {
                    let note = "a transfer that one tells and the other denies";
                    pairs.add(denial, claim, "denial", note);
                }
            }
        }
    }
}

/// `Washington wants the contract torn up; Minsk says it will be honoured`: two sides of one sentence, each with its own word.
pub(super) fn parted<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let before = told.get(index.checked_sub(1)?)?;
    if before.sentence != own.sentence || before.cue >= own.cue {
        return None;
    }
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let sides = match (
        before.record.speaker.country.as_deref(),
        own.record.speaker.country.as_deref(),
    ) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    };
    let speaks = |told: &Told| {
        matches!(
            told.record.kind,
            "said" | "alleged" | "denied" | "promised" | "conceded"
        ) && told.record.act != "concrete_action"
    };
    let apart = (before.cue..own.cue).any(|at| {
        lower(ground, at) == ";"
            || (lower(ground, at) == ","
                && matches!(
                    lower(ground, at + 1),
                    "while" | "whereas" | "but" | "although" | "though" | "yet"
                ))
    }) || matches!(
        lower(ground, sentence.from),
        "whereas" | "while" | "although" | "though"
    );
    (sides && apart && speaks(before) && speaks(own)).then_some(before)
}

/// `Sofia insists the certificate was in order. A panel found last month that it was forged`: a side's account, and a finding.
pub(super) fn found_otherwise<'t>(
    ground: &Ground<'_>,
    told: &'t [Told],
    index: usize,
) -> Option<&'t Told> {
    let own = told.get(index)?;
    let before = told.get(index.checked_sub(1)?)?;
    let paragraph = |told: &Told| ground.work.tokens.sentences[told.sentence].paragraph;
    let insists = before.record.kind == "denied"
        || matches!(
            before.record.cue.as_str(),
            "insist" | "maintain" | "claim" | "assert" | "contend"
        );
    let finds = matches!(
        own.record.cue.as_str(),
        "find" | "show" | "establish" | "reveal" | "discover" | "determine"
    );
    let sides = before.record.speaker.country.is_some()
        && before.record.speaker.country != own.record.speaker.country;
    (insists
        && finds
        && sides
        && own.sentence == before.sentence + 1
        && paragraph(own) == paragraph(before))
    .then_some(before)
}

/// An undertaking right before or behind the word of somebody that something was not done.
pub(super) fn unmet<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    if own.record.kind != "conceded" {
        return None;
    }
    let not = (own.content.from..own.content.to.min(own.content.from + 10))
        .any(|at| ground.work.tokens.all[at].class == Class::Negation || lower(ground, at) == "no");
    let paragraph = |told: &Told| ground.work.tokens.sentences[told.sentence].paragraph;
    let near = index.saturating_sub(2)..(index + 3).min(told.len());
    near.filter_map(|place| told.get(place)).find(|other| {
        not && other.record.kind == "promised"
            && other.sentence != own.sentence
            && other.sentence.abs_diff(own.sentence) == 1
            && paragraph(own) == paragraph(other)
            && other.record.speaker.name != own.record.speaker.name
    })
}

/// Whether the names tell one body: `the ministry's statement` behind `the Foreign Ministry`.
pub(super) fn one_body(a: &Told, b: &Told) -> bool {
    let (Some(a), Some(b)) = (
        a.record.speaker.name.as_deref(),
        b.record.speaker.name.as_deref(),
    ) else {
        return false;
    };
    let words = |name: &str| -> Vec<String> {
        name.to_lowercase()
            .split([' ', '\''])
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let head = |name: &[String]| {
        name.iter()
            .find(|word| {
                matches!(
                    word.as_str(),
                    "ministry" | "department" | "commission" | "committee" | "institute" | "agency"
                )
            })
            .cloned()
    };
    let same = head(&a).is_some() && head(&a) == head(&b);
    // The shorter says no more than the body.
    same && (a.first() == head(&a).as_ref() || b.first() == head(&b).as_ref())
}
