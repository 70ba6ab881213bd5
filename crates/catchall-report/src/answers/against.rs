//! A number set against another, and a promise beside what goes against it.
//!
//! Looks at statements a few sentences apart, as its parent does. To grow: words are lists in `data/reports/cues.toml`.

use super::{Ties, same_paragraph, speaks_of};
use crate::statements::Ground;
use crate::tokens::{Shape, Stretch};
use crate::undertakings::lower;

/// A number told, with the small word behind it; days and years are none.
fn numbers<'a>(
    ground: &'a Ground<'_>,
    at: Stretch,
) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    let dated = move |place: usize| {
        let first = ground.work.dates_to(place + 1);
        ground
            .work
            .dates
            .get(first)
            .is_some_and(|date| date.from <= place)
    };
    (at.from..at.to).filter_map(move |place| {
        let figure = ground.work.tokens.all[place].shape == Shape::Number
            || ground
                .work
                .tokens
                .is(ground.work.words, place, "grammar", "numerals");
        if !figure || dated(place) || ground.work.apparatus.holds(place) {
            return None;
        }
        let mut behind = place + 1;
        while matches!(
            lower(ground, behind),
            "million" | "billion" | "thousand" | "hundred" | "per" | "metric" | "-"
        ) {
            behind += 1;
        }
        Some((
            lower(ground, place),
            lower(ground, behind).trim_end_matches('s'),
        ))
    })
}

/// Two who tell one number differently: `counted fourteen`, `officers there counted only nine`.
pub(crate) fn other_number(ground: &Ground<'_>, ties: &Ties<'_>, own: usize) -> Option<usize> {
    let second = ties.told.get(own)?;
    let sentence = ground.work.tokens.sentences[second.sentence].at;
    let is = |at: usize, list: &str| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", list)
    };
    if sentence.to - second.cue.min(sentence.to) > 40 {
        return None;
    }
    let (number, unit) = numbers(ground, second.content).next()?;
    (own.saturating_sub(3)..own).rev().find(|other| {
        let first = &ties.told[*other];
        let apart = second.sentence - first.sentence;
        if apart > 2 || first.record.speaker.name == second.record.speaker.name {
            return false;
        }
        // In one sentence the two clauses share their words.
        let before: Vec<_> = if apart == 0 {
            numbers(ground, first.content)
                .filter(|own| !numbers(ground, second.content).any(|told| told == *own))
                .collect()
        } else {
            numbers(ground, ground.work.tokens.sentences[first.sentence].at).collect()
        };
        let differs = !before.is_empty() && before.iter().all(|(own, _)| *own != number);
        let same_unit = before
            .iter()
            .any(|(_, own)| *own == unit && own.chars().any(char::is_alphabetic));
        let bare = !unit.chars().any(char::is_alphabetic)
            || matches!(
                unit,
                "of" | "had" | "were" | "was" | "and" | "remain" | "reached"
            );
        let tallied = (second.cue..(second.cue + 5).min(sentence.to)).any(|at| is(at, "tally"));
        let measured = tallied
            || (sentence.from..sentence.to).any(|at| is(at, "tally"))
            || (second.cue..(second.cue + 6).min(sentence.to)).any(|at| is(at, "measure"));
        let short = if apart == 0 {
            sentence.to - second.cue <= 22
        } else {
            sentence.to - sentence.from <= 22
        };
        differs
            && short
            && same_paragraph(ground, first, second)
            && (same_unit || tallied || (bare && measured))
    })
}

/// An undertaking of one side, and what is told of the same side that goes against it.
pub(crate) fn against_promise(ground: &Ground<'_>, ties: &Ties<'_>, own: usize) -> Option<usize> {
    let act = ties.told.get(own)?;
    if !(own.saturating_sub(4)..own).any(|other| ties.told[other].record.kind == "promised") {
        return None;
    }
    let sentence = ground.work.tokens.sentences[act.sentence].at;
    let turned = (sentence.from..(sentence.from + 4).min(sentence.to)).any(|at| {
        matches!(
            lower(ground, at),
            "but"
                | "yet"
                | "however"
                | "nevertheless"
                | "nonetheless"
                | "still"
                | "though"
                | "although"
                | "despite"
                | "contrary"
        )
    }) || (act.cue.saturating_sub(3).max(sentence.from)..act.cue).any(|at| {
        matches!(
            lower(ground, at),
            "now" | "since" | "nevertheless" | "however"
        )
    });
    (own.saturating_sub(4)..own).rev().find(|other| {
        let promise = &ties.told[*other];
        let apart = act.sentence - promise.sentence;
        if promise.record.kind != "promised" || apart > 2 || !same_paragraph(ground, promise, act) {
            return false;
        }
        let country = promise.record.speaker.country.as_deref();
        let same = country.is_some() && act.record.speaker.country.as_deref() == country;
        if act.record.speaker.name == promise.record.speaker.name && act.record.kind != "conceded" {
            return false;
        }
        let admits = same && act.record.kind == "conceded" && apart <= 1;
        let of = speaks_of(ground, act, promise) >= 3;
        let tells = matches!(
            act.record.kind,
            "alleged" | "reported" | "said" | "conceded" | "ordered"
        );
        admits
            || (act.record.kind == "alleged" && act.record.cue == "complain" && apart <= 1)
            || (turned && tells && apart <= 1 && (same || of))
            || (of
                && matches!(act.record.kind, "alleged" | "reported" | "conceded")
                && apart <= 1
                && (ties.share_thing(own, *other) || ties.share_party(own, *other)))
    })
}
