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
