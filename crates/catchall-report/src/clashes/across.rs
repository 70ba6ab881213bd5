//! Two accounts side by side: what one says of another, and what the other says it is or is not.
//!
//! `Bonn says the plant is a weapons factory. Tripoli says it makes medicines.` Neither denies in so many words; one speaks of harmless use or says
//! no, the other does not, and both speak of one thing. To grow: words in `data/reports/cues.toml` (`harmless`, `negative`).

use super::{beside, ends, negative};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::Shape;
use crate::undertakings::lower;

/// The account right before this one that it stands against.
pub(super) fn against<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let before = told.get(index.checked_sub(1)?)?;
    let tells =
        |told: &Told| matches!(told.record.kind, "said" | "alleged" | "reported" | "denied");
    let (mine, theirs) = (&own.record.speaker, &before.record.speaker);
    let sides = mine.name != theirs.name
        && (mine.country.is_none() || mine.country != theirs.country)
        && !ends::one_body(before, own);
    if !sides
        || !tells(own)
        || !tells(before)
        || own.sentence - before.sentence > 1
        || !beside(ground, own, before)
    {
        return None;
    }
    let clears = |told: &Told| negative(ground, told) || harmless(ground, told);
    let (clear, charge) = match (clears(before), clears(own)) {
        (true, false) => (before, own),
        (false, true) => (own, before),
        _ => return None,
    };
    // The charge is one, or speaks of the side that answers.
    let of_it = clear.record.speaker.country.as_deref().is_some_and(|code| {
        let parties = &ground.parties;
        parties
            .within(charge.content)
            .any(|own| parties.entities[own.entity].country.as_deref() == Some(code))
            || (charge.content.from..charge.content.to).any(|at| parties.demonym(at) == Some(code))
    });
    let charges = charge.record.kind == "alleged" && charge.record.kind != clear.record.kind;
    if !(of_it || charges) {
        return None;
    }
    let taken_up = (own.content.from..own.content.to.min(own.content.from + 3))
        .any(|at| matches!(lower(ground, at), "it" | "they" | "these" | "this"))
        && harmless(ground, clear);
    (taken_up || shared(ground, own, before)).then_some(before)
}

fn harmless(ground: &Ground<'_>, told: &Told) -> bool {
    (told.content.from..told.content.to.min(told.content.from + 16)).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "grammar", "harmless")
    })
}

/// Whether both speak of one thing: a common noun or name of a thing in both.
fn shared(ground: &Ground<'_>, own: &Told, before: &Told) -> bool {
    let stem = |at: usize| -> Option<&str> {
        let token = ground.work.tokens.all.get(at)?;
        let word = lower(ground, at);
        let plain = token.shape == Shape::Word
            && token.class == Class::None
            && word.len() > 3
            && ground.parties.at(at).is_none()
            && ground.parties.demonym(at).is_none()
            && ground.work.tokens.calendar(at).is_none();
        plain.then(|| word.strip_suffix('s').unwrap_or(word))
    };
    let within = |told: &Told| told.content.from..told.content.to.min(told.content.from + 40);
    let mine: Vec<&str> = within(own).filter_map(stem).collect();
    within(before)
        .filter_map(stem)
        .any(|word| mine.contains(&word))
}
