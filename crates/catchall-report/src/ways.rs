//! Further forms of a transfer told: in the passive, by where a thing was bound, by a purchase, by where it came from.
//!
//! Each takes the token of its word and gives giver, receiver and the stretch in which the thing must be named, or nothing. Giver and
//! receiver must be named right there. To grow: a form is a function here and a line in [`hit`].

use crate::gazetteer::words::Class;
use crate::statements::Ground;
use crate::tokens::Stretch;
use crate::transfers::{Hit, party_name};
use crate::undertakings::{lower, state_name};

/// The transfer that the word at a token tells in one of these forms.
pub(crate) fn hit(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let is = |group: &str, list: &str| ground.work.tokens.is(ground.work.words, at, group, list);
    if is("grammar", "heading") {
        return bound(ground, sentence, at);
    }
    if is("grammar", "origin") {
        return came(ground, sentence, at);
    }
    if is("cue", "take") && lower(ground, at + 1) == "of" {
        return purchase(ground, sentence, at);
    }
    let passive = at > sentence.from
        && is("cue", "give")
        && matches!(ground.work.tokens.all[at - 1].class, Class::Be)
        && !lower(ground, at).ends_with("ing");
    passive.then(|| passively(ground, sentence, at)).flatten()
}

/// A state or a body named right there, behind an article at most.
fn named(ground: &Ground<'_>, at: usize) -> Option<(String, usize)> {
    let place = at + usize::from(matches!(lower(ground, at), "the" | "a" | "an"));
    let mention = ground.parties.at(place)?;
    let entity = &ground.parties.entities[mention.entity];
    let fits = matches!(
        entity.kind,
        "state" | "company" | "institute" | "group" | "agency"
    ) && lower(ground, mention.at.to) != "'s";
    // `a Harbourtown firm`: the town tells whose it is, and is not meant.
    let next = ground.work.tokens.all.get(mention.at.to);
    let adjective = entity.kind == "state"
        && ground
            .work
            .tokens
            .is(ground.work.words, mention.at.to, "body", "firm")
        && next.is_some_and(|next| !next.capital);
    (fits && !adjective).then(|| (party_name(ground, mention.entity), mention.at.to))
}

/// The first such party behind a small word, within a few tokens.
fn behind(ground: &Ground<'_>, word: &str, from: usize, to: usize) -> Option<(String, usize)> {
    (from..to)
        .filter(|at| lower(ground, *at) == word)
        .find_map(|at| named(ground, at + 1))
}

fn before(sentence: Stretch, at: usize) -> Stretch {
    Stretch {
        from: at.saturating_sub(14).max(sentence.from),
        to: at,
    }
}

/// `parts were sold to Graustark by a Ruritanian firm, Golden Harbour`.
fn passively(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let end = (at + 12).min(sentence.to);
    let (to, past) = behind(ground, "to", at + 1, end)?;
    let by = (at + 1..(past + 6).min(sentence.to)).find(|place| lower(ground, *place) == "by")?;
    let from = named(ground, by + 1).map(|own| own.0).or_else(|| {
        ground
            .parties
            .within(Stretch {
                from: by + 1,
                to: (by + 8).min(sentence.to),
            })
            .find(|own| ground.parties.entities[own.entity].kind == "company")
            .map(|own| party_name(ground, own.entity))
    })?;
    Some((from, to, before(sentence, at)))
}

/// `seized lathes bound for Graustark from Ruritania`.
fn bound(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let word = lower(ground, at + 1);
    if !matches!(word, "for" | "to") {
        return None;
    }
    let (to, past) = named(ground, at + 2)?;
    let low = at.saturating_sub(12).max(sentence.from);
    let (from, _) = behind(ground, "from", past, (past + 4).min(sentence.to))
        .or_else(|| behind(ground, "from", low, at))?;
    Some((from, to, Stretch { from: low, to: at }))
}

/// `Graustark's purchase of submarines from Ruritania`.
fn purchase(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let low = at.saturating_sub(4).max(sentence.from);
    let to = (low..at).rev().find_map(|place| {
        let owner = ground.parties.at(place).filter(|own| {
            lower(ground, own.at.to) == "'s" && ground.parties.entities[own.entity].kind != "person"
        });
        owner.map(|own| party_name(ground, own.entity)).or_else(|| {
            let code = ground.parties.demonym(place)?;
            state_name(ground, code)
        })
    })?;
    let end = (at + 14).min(sentence.to);
    let place = (at + 2..end).find(|place| lower(ground, *place) == "from")?;
    let (from, _) = named(ground, place + 1)?;
    Some((
        from,
        to,
        Stretch {
            from: at + 1,
            to: place,
        },
    ))
}

/// `cylinders sent to Graustark came from Ruritania`.
fn came(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    if !matches!(lower(ground, at + 1), "from" | "in") {
        return None;
    }
    let (from, _) = named(ground, at + 2)?;
    let low = at.saturating_sub(10).max(sentence.from);
    let (to, _) = behind(ground, "to", low, at)
        .or_else(|| behind(ground, "for", low, at))
        .or_else(|| behind(ground, "in", low, at))
        // `Graustark's missiles come from Ruritania`: whose they are.
        .or_else(|| {
            let owner = ground
                .parties
                .within(Stretch { from: low, to: at })
                .last()?;
            let state = ground.parties.entities.get(owner.entity)?.kind == "state";
            let plain = (owner.at.to + 1..at).all(|own| {
                let class = ground.work.tokens.all[own].class;
                matches!(class, Class::None | Class::Adverb | Class::Have)
                    && lower(ground, own) != ","
            });
            (state && plain && lower(ground, owner.at.to) == "'s")
                .then(|| (party_name(ground, owner.entity), at))
        })?;
    Some((from, to, before(sentence, at)))
}
