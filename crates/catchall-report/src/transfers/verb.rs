//! Transfers by a verb of giving or getting, and by the ends of a way.

use super::Hit;
use super::ends::{firm_meant, giver_before, holder_before, party_name, receiver, side_of};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::undertakings::lower;

/// `carried 35 tons of launchers from Ruritania to Graustark`: two parties as the ends of a way, and the thing before.
pub(super) fn by_route(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let end_at = |place: usize| {
        let place = place + usize::from(lower(ground, place) == "the");
        let mention = ground.parties.at(place)?;
        let entity = &ground.parties.entities[mention.entity];
        (matches!(entity.kind, "state" | "company" | "institute" | "group")
            && lower(ground, mention.at.to) != "'s")
            .then_some(mention)
    };
    let giver = end_at(at + 1)?;
    let to = giver.at.to;
    let name = match end_at(to + 1).filter(|_| lower(ground, to) == "to") {
        Some(end) => party_name(ground, end.entity),
        // `to the Harbourtown firm Korund`.
        None => {
            super::receiver::receiver(ground, sentence, to)
                .filter(|end| end.to == to)?
                .name
        }
    };
    let low = at.saturating_sub(14).max(sentence.from);
    let moved = (low..at).any(|place| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, place, "grammar", "carry")
            || tokens.is(words, place, "cue", "flow")
            || tokens.is(words, place, "cue", "give")
    });
    moved.then(|| {
        (
            party_name(ground, giver.entity),
            name,
            Stretch { from: low, to: at },
        )
    })
}

/// `export official`, `a supply ship`: a word of giving that is a noun here.
pub(super) fn noun_here(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let word = lower(ground, at);
    let both = ground.work.tokens.is(ground.work.words, at, "cue", "flow")
        || matches!(
            word,
            "export" | "transfer" | "offer" | "license" | "leak" | "ship" | "fly"
        );
    if !both || at == sentence.from {
        return false;
    }
    let before = at - 1;
    let plain = matches!(
        ground.work.tokens.all[before].class,
        Class::None | Class::Article | Class::Noun(_)
    ) && ground.parties.at(before).is_none();
    let people = ground
        .work
        .tokens
        .marked(before, crate::gazetteer::Word::ROLE);
    plain && lower(ground, before) != "to" && !people
}

/// `Ruritania bought mortars from Graustark`: the receiver before, the giver behind "from".
pub(super) fn by_taking(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let passive = at > sentence.from && matches!(ground.work.tokens.all[at - 1].class, Class::Be);
    let receiver = if passive {
        None
    } else {
        giver_before(ground, sentence, at).or_else(|| holder_before(ground, sentence, at))
    }?;
    let from = (at + 1..(at + 14).min(sentence.to))
        .take_while(|place| {
            !matches!(lower(ground, *place), "," | ";" | "." | "to")
                && ground.work.tokens.all[*place].class != Class::That
        })
        .find(|place| lower(ground, *place) == "from")?;
    let place = from + 1 + usize::from(lower(ground, from + 1) == "the");
    let mention = ground.parties.at(place)?;
    let entity = &ground.parties.entities[mention.entity];
    if entity.kind == "person" || lower(ground, mention.at.to) == "'s" {
        return None;
    }
    Some((
        party_name(ground, mention.entity),
        receiver,
        Stretch { from: at, to: from },
    ))
}

pub(super) fn is_verb_here(ground: &Ground<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    matches!(
        ground.work.tokens.all[before].class,
        Class::Modal | Class::Have | Class::Be
    ) || lower(ground, before) == "to"
}

/// `Russia is supplying missiles to Iran`, `helping Iran to develop ballistic missiles`, `sell Iran missiles`.
pub(super) fn by_verb(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    help: bool,
    own: &Told,
) -> Option<Hit> {
    let passive = at > sentence.from
        && matches!(ground.work.tokens.all[at - 1].class, Class::Be)
        && !lower(ground, at).ends_with("ing");
    if passive {
        return None;
    }
    let subject = giver_before(ground, sentence, at);
    let side = firm_meant(ground, own, at).or_else(|| side_of(ground, own));
    let pronoun = at > sentence.from
        && (at.saturating_sub(4).max(sentence.from)..at).any(|place| {
            matches!(lower(ground, place), "it" | "they" | "we")
                || ground
                    .work
                    .tokens
                    .is(ground.work.words, place, "commitment", "side")
                    && matches!(
                        lower(ground, place.saturating_sub(1)),
                        "his" | "her" | "their" | "its" | "our" | "my"
                    )
        });
    let giver = subject.or({
        if pronoun && matches!(own.record.kind, "promised" | "denied" | "said" | "conceded") {
            side
        } else {
            None
        }
    })?;
    if let Some(mention) = ground.parties.at(at + 1) {
        let entity = &ground.parties.entities[mention.entity];
        if entity.kind != "person" && lower(ground, mention.at.to) != "'s" {
            let reach = Stretch {
                from: mention.at.to,
                to: (mention.at.to + 14).min(sentence.to),
            };
            return Some((giver, party_name(ground, mention.entity), reach));
        }
    }
    if help {
        // `for helping Graustark's missile program`.
        let mention = ground.parties.at(at + 1)?;
        let word = lower(ground, at);
        let owner = ground.parties.entities[mention.entity].kind != "person"
            && lower(ground, mention.at.to) == "'s"
            && !word.starts_with("train")
            && !word.starts_with("arm");
        let reach = Stretch {
            from: mention.at.to,
            to: (mention.at.to + 8).min(sentence.to),
        };
        return owner.then(|| (giver, party_name(ground, mention.entity), reach));
    }
    let (to, end) = receiver(ground, sentence, at + 1, 14).or_else(|| {
        // `to his country`: the speaker's own.
        let to = (at + 1..(at + 14).min(sentence.to)).find(|place| {
            lower(ground, *place) == "to"
                && matches!(
                    lower(ground, place + 1),
                    "his" | "her" | "their" | "its" | "our"
                )
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, place + 2, "commitment", "side")
        })?;
        side_of(ground, own).map(|side| (side, to))
    })?;
    Some((giver, to, Stretch { from: at, to: end }))
}
