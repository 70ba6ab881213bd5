//! Terms that are only mentioned in passing: in a headline alone, or as what people and matters are about.
//!
//! A `missile technician` is no missile, nor is the `missile issue`. A thing all of whose mentions are such is left out; one that is told of
//! anywhere keeps all its mentions. To grow: the list `tech_people` in `data/reports/cues.toml`.

use super::Thing;
use crate::gazetteer::Gazetteers;
use crate::page::Page;
use crate::segment::Parts;
use crate::tokens::Tokens;

/// Leaves out what is only mentioned in passing.
pub(super) fn without(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    parts: &Parts,
    things: Vec<Thing>,
) -> Vec<Thing> {
    let passing = |at: (usize, usize)| {
        let first = tokens.at_byte(at.0);
        let next = tokens.at_byte(at.1.saturating_sub(1)) + 1;
        let single = next == first + 1;
        parts.kind_at(first) == "headline"
            || single && tokens.is(words, next, "grammar", "tech_people") && {
                let (from, to) = (tokens.all[first].end, tokens.all[next].start);
                page.lower
                    .get(from as usize..to as usize)
                    .is_some_and(|gap| gap.trim().is_empty())
            }
    };
    let solid: Vec<bool> = things
        .iter()
        .map(|thing| !thing.at.iter().all(|own| passing(*own)))
        .collect();
    // Where nothing else is told, the mention is all there is.
    if !solid.contains(&true) {
        return things;
    }
    things
        .into_iter()
        .zip(solid)
        .filter_map(|(thing, solid)| solid.then_some(thing))
        .collect()
}

/// Leaves out a broad heading that is only touched on by a broad word where a particular thing is told of: `the weapons`, `its components`.
///
/// What was given is read before this, so that a transfer keeps the broad word where there is no other.
pub(crate) fn told(page: &Page, words: &Gazetteers, things: Vec<Thing>) -> Vec<Thing> {
    let is = |list: &str, word: &str| words.is("grammar", list, word);
    let particular = things
        .iter()
        .any(|thing| !is("tech_broad", &thing.id) && !is("tech_always", &thing.id));
    let rocketry = things.iter().any(|thing| is("tech_rockets", &thing.id));
    let loose = |thing: &Thing, list: &str| {
        thing.at.iter().all(|(from, to)| {
            let text = page.lower.get(*from..*to).unwrap_or_default();
            let last = text.rsplit(' ').next().unwrap_or(text);
            let two = text.split(' ').count() < 3 && !is("tech_whole", text);
            is(list, text) || list == "tech_loose" && two && is("tech_words", last)
        })
    };
    let kept = |thing: &Thing| {
        if is("tech_always", &thing.id) {
            return !particular;
        }
        if is("tech_bare", &thing.id) {
            return !(rocketry && loose(thing, "tech_bare"));
        }
        !(particular && is("tech_broad", &thing.id) && loose(thing, "tech_loose"))
    };
    let kept: Vec<bool> = things.iter().map(kept).collect();
    things
        .into_iter()
        .zip(kept)
        .filter_map(|(thing, kept)| kept.then_some(thing))
        .collect()
}
