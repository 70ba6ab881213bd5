//! Transfers by a noun: `the sale of X to Y`.

use super::Hit;
use super::ends::{agent_at, receiver};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::undertakings::{lower, state_name};

/// `the flow of Russian missile technology to Iran`, `Russian arms sales to Iran`, `Moscow's delivery of tanks to Iran`.
pub(super) fn by_noun(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: &Told,
) -> Option<Hit> {
    // What is to be limited or halted is a thing agreed on, no transfer told.
    let word = lower(ground, at);
    let limited = (at.saturating_sub(5).max(sentence.from)..at).any(|place| {
        matches!(
            lower(ground, place),
            "limiting"
                | "limit"
                | "halt"
                | "halting"
                | "ban"
                | "banning"
                | "end"
                | "prohibit"
                | "restrict"
                | "about"
                | "over"
                | "concerns"
                | "for"
        )
    });
    if limited && !matches!(word, "flow" | "leak" | "leaks" | "leakage") {
        return None;
    }
    let (to, end) = receiver(ground, sentence, at + 1, 12)?;
    let inside = (at + 1..end).find_map(|place| ground.parties.demonym(place));
    let before = (at.saturating_sub(5).max(sentence.from)..at)
        .rev()
        .find_map(|place| {
            ground
                .parties
                .demonym(place)
                .map(str::to_owned)
                .or_else(|| {
                    let mention = ground.parties.at(place)?;
                    (lower(ground, mention.at.to) == "'s")
                        .then(|| ground.parties.entities[mention.entity].country.clone())
                        .flatten()
                })
        });
    let of = lower(ground, at + 1) == "of";
    let code = if of {
        inside.map(str::to_owned).or(before)
    } else {
        before
    };
    // `Ruritania will resume its sales of ammunition to X`: the subject of the sentence.
    let code = code.or_else(|| {
        let its = (at.saturating_sub(3).max(sentence.from)..at)
            .any(|place| lower(ground, place) == "its");
        let lead = Stretch {
            from: sentence.from,
            to: sentence.from + 3,
        };
        let mention = ground.parties.within(lead).next().filter(|_| its)?;
        // `asked Graustark to reconsider its sale`: another may be meant.
        let near = Stretch {
            from: mention.at.to,
            to: at,
        };
        if ground.parties.within(near).next().is_some() {
            return None;
        }
        let entity = &ground.parties.entities[mention.entity];
        (entity.kind == "state" && lower(ground, mention.at.to) != "'s")
            .then(|| entity.country.clone())
            .flatten()
    });
    let code = match (code, maker(ground, sentence, end)) {
        (None, Some(giver)) => {
            let from = if of {
                at
            } else {
                at.saturating_sub(4).max(sentence.from)
            };
            return Some((giver, to, Stretch { from, to: end + 1 }));
        }
        (code, _) => code,
    };
    // `approved the sale of aircraft to X`: who permits it gives it.
    let code = code.or_else(|| {
        let permits = own.record.kind == "ordered" && at > own.cue && at - own.cue < 5;
        permits
            .then(|| own.record.speaker.country.clone())
            .flatten()
    })?;
    let giver = maker(ground, sentence, end).or_else(|| state_name(ground, &code))?;
    let from = if of {
        at
    } else {
        at.saturating_sub(4).max(sentence.from)
    };
    Some((giver, to, Stretch { from, to: end + 1 }))
}

/// `an export company`, `sales agent`, `export controls`: the noun tells what another noun is.
pub(super) fn of_another(ground: &Ground<'_>, at: usize) -> bool {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let next = at + 1;
    tokens.is(words, next, "body", "firm")
        || tokens.is(words, next, "body", "agency")
        || tokens.is(words, next, "commitment", "firm")
        || matches!(
            lower(ground, next),
            "control"
                | "controls"
                | "licence"
                | "license"
                | "licences"
                | "licenses"
                | "official"
                | "officials"
                | "agent"
                | "agents"
                | "house"
                | "director"
                | "rules"
                | "law"
                | "laws"
        )
}

/// `the sale of lathes to Graustark by Toyama Works`: who is named behind the receiver.
fn maker(ground: &Ground<'_>, sentence: Stretch, to: usize) -> Option<String> {
    let by = (to + 1..(to + 6).min(sentence.to))
        .take_while(|at| {
            // `was seized by the customs`: another verb's agent.
            !matches!(
                ground.work.tokens.all[*at].class,
                Class::Be | Class::Have | Class::Modal | Class::Verb(..)
            )
        })
        .find(|at| lower(ground, *at) == "by")?;
    agent_at(ground, sentence, by + 1)
}
