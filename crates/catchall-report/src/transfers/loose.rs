//! Transfers whose ends stand less plainly: receivers within a longer phrase, givers taken up by a noun, things before `which`.
//!
//! Each form gives a party only where the words name one; what is only mentioned nearby is none. To grow: a form is a function
//! here, tried by [`super::transfers`] where the plain forms find nothing.

use super::Hit;
use super::ends::{agent_at, giver_before, party_name, side_of};
use super::receiver::{End, behind, name_at, receiver};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::{Shape, Stretch};
use crate::undertakings::lower;

/// From how many firms nearby `the firm` can still be told.
const MANY: usize = 3;

/// One of the looser forms at a word of giving or of a flow.
pub(super) fn hit(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: &Told,
    noun: bool,
) -> Option<Hit> {
    if noun {
        return flowing(ground, sentence, at)
            .or_else(|| contracted(ground, sentence, at))
            .or_else(|| undone(ground, sentence, at, own));
    }
    let word = lower(ground, at);
    let passive = at > sentence.from
        && (at.saturating_sub(2).max(sentence.from)..at)
            .any(|place| matches!(ground.work.tokens.all[place].class, Class::Be))
        && !word.ends_with("ing");
    let end = receiver(ground, sentence, at + 1)?;
    // `found their way to`: what was made by somebody.
    if word == "found" {
        let way =
            matches!(lower(ground, at + 1), "its" | "their") && lower(ground, at + 2) == "way";
        return way
            .then(|| passively(ground, sentence, at, own, &end))
            .flatten();
    }
    if passive {
        return passively(ground, sentence, at, own, &end);
    }
    let giver = giver_before(ground, sentence, at)
        .or_else(|| taken_up(ground, sentence, at, own))
        .or_else(|| charged(ground, sentence, at, own))
        .or_else(|| name_before(ground, sentence, at))?;
    let reach = Stretch {
        from: thing_before(ground, sentence, at).unwrap_or(at),
        to: end.reach(ground, sentence),
    };
    Some((giver, end.name, reach))
}

/// `banned the delivery of missiles to Graustark`: the side of who ordered it.
pub(super) fn stopped(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: &Told,
) -> Option<Hit> {
    let end = receiver(ground, sentence, at + 1)?;
    let reach = Stretch {
        from: at,
        to: end.to,
    };
    Some((side_of(ground, own)?, end.name, reach))
}

/// `arms supplies from Ruritania`: a noun of transfer right before the word.
pub(super) fn flows_here(ground: &Ground<'_>, from: usize) -> bool {
    from > 0
        && ground
            .work
            .tokens
            .is(ground.work.words, from - 1, "cue", "flow")
}

/// Where the adverbs and auxiliaries right before a verb begin.
pub(super) fn before_auxiliaries(ground: &Ground<'_>, sentence: Stretch, at: usize) -> usize {
    let mut place = at;
    while place > sentence.from
        && matches!(
            ground.work.tokens.all[place - 1].class,
            Class::Adverb | Class::Have | Class::Modal | Class::Be
        )
    {
        place -= 1;
    }
    place
}

/// The name that ends right before a token, likewise.
pub(super) fn name_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<String> {
    let place = before_auxiliaries(ground, sentence, at);
    (place.saturating_sub(7).max(sentence.from)..place).find_map(|from| {
        let whole = from == sentence.from || {
            let before = &ground.work.tokens.all[from - 1];
            !(before.capital && before.shape == Shape::Word)
        };
        name_at(ground, from, sentence)
            .filter(|(_, to)| *to == place && whole)
            .map(|(name, _)| name)
    })
}

/// `were delivered to X by Y`, `built by Y were delivered to X`; `the lot had been sold to X`, says the firm that made it.
fn passively(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: &Told,
    end: &End,
) -> Option<Hit> {
    let agent = |from: usize, to: usize| {
        let by = (from..to.min(sentence.to)).find(|place| lower(ground, *place) == "by")?;
        agent_at(ground, sentence, by + 1).or_else(|| {
            let from = by + 1 + usize::from(lower(ground, by + 1) == "the");
            name_at(ground, from, sentence).map(|(name, _)| name)
        })
    };
    let low = at.saturating_sub(12).max(sentence.from);
    let made = (low..at).find(|place| {
        matches!(
            lower(ground, *place),
            "built" | "made" | "manufactured" | "produced" | "assembled"
        )
    });
    let speaks = || {
        let sells = matches!(own.record.kind, "said" | "conceded") && own.cue < at;
        let party = own.record.speaker.party.as_deref();
        let firm = party
            .and_then(|id| ground.parties.by_id(id))
            .filter(|entity| entity.kind == "company");
        firm.filter(|_| sells).map(|firm| firm.name.clone())
    };
    let giver = agent(at + 1, end.to)
        .or_else(|| agent(end.past, end.past + 4))
        .or_else(|| made.and_then(|made| agent(made + 1, made + 3)))
        .or_else(speaks)?;
    let from = if made.is_some() || own.cue > at {
        low
    } else {
        low.max(own.content.from.min(at))
    };
    Some((giver, end.name.clone(), Stretch { from, to: at }))
}

/// `Delivery of guns to Angola's rebels by a Pretoria firm, Karoo Works`: the maker is named behind.
pub(super) fn flowing(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    if !matches!(lower(ground, at + 1), "of" | "to") {
        return None;
    }
    let end = receiver(ground, sentence, at + 1)?;
    let by =
        (end.past..(end.past + 3).min(sentence.to)).find(|place| lower(ground, *place) == "by")?;
    // `was refused by the ministry`: another verb's agent.
    let refused = (end.past..by).any(|place| {
        matches!(
            ground.work.tokens.all[place].class,
            Class::Be | Class::Have | Class::Modal | Class::Verb(..)
        )
    });
    if refused {
        return None;
    }
    let giver = agent_at(ground, sentence, by + 1).or_else(|| {
        let from = by + 1 + usize::from(lower(ground, by + 1) == "the");
        name_at(ground, from, sentence).map(|(name, _)| name)
    })?;
    Some((
        giver,
        end.name,
        Stretch {
            from: at,
            to: end.to,
        },
    ))
}

/// `Ruritania signed a contract with Graustark for the delivery of tanks`.
pub(super) fn contracted(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
    let low = at.saturating_sub(9).max(sentence.from);
    let with = (low..at)
        .rev()
        .find(|place| lower(ground, *place) == "with")?;
    let place = with + 1 + usize::from(lower(ground, with + 1) == "the");
    // `with Ruritanian officials`: their state.
    let (buyer, past) = match ground.parties.at(place) {
        Some(own) => (party_name(ground, own.entity), own.at.to),
        None => behind(ground, sentence, with).map(|end| (end.name, end.past))?,
    };
    let joined = (past..at).all(|own| {
        matches!(
            lower(ground, own),
            "for" | "on" | "the" | "to" | "over" | "about"
        )
    });
    if !joined || lower(ground, at + 1) != "of" {
        return None;
    }
    let signed = (with.saturating_sub(7).max(sentence.from)..with)
        .rev()
        .find(|own| {
            matches!(
                lower(ground, *own),
                "signed"
                    | "concluded"
                    | "won"
                    | "reached"
                    | "struck"
                    | "sign"
                    | "made"
                    | "negotiating"
            )
        })?;
    let giver =
        giver_before(ground, sentence, signed).or_else(|| name_before(ground, sentence, signed))?;
    Some((
        giver,
        buyer,
        Stretch {
            from: at,
            to: (at + 10).min(sentence.to),
        },
    ))
}

/// `said it had cancelled the sale of tanks to Graustark`: the speaker's own.
fn undone(ground: &Ground<'_>, sentence: Stretch, at: usize, own: &Told) -> Option<Hit> {
    let low = at.saturating_sub(6).max(sentence.from);
    let it = (low..at).any(|place| matches!(lower(ground, place), "it" | "they" | "its"));
    let spoken =
        own.cue < at && matches!(own.record.kind, "said" | "conceded" | "denied" | "promised");
    let stopped = (low..at).any(|place| {
        matches!(
            lower(ground, place),
            "cancelled"
                | "canceled"
                | "suspended"
                | "stopped"
                | "halted"
                | "approved"
                | "completed"
        )
    });
    if !(it && spoken && stopped) || lower(ground, at + 1) != "of" {
        return None;
    }
    let end = receiver(ground, sentence, at + 1)?;
    Some((
        side_of(ground, own)?,
        end.name,
        Stretch {
            from: at,
            to: end.to,
        },
    ))
}

/// `admitted shipping`, `was charged with exporting`: who owns to it, or is charged with it.
fn charged(ground: &Ground<'_>, sentence: Stretch, at: usize, own: &Told) -> Option<String> {
    if !lower(ground, at).ends_with("ing") || at == sentence.from {
        return None;
    }
    if at == own.cue + 1 && matches!(own.record.kind, "conceded" | "denied") {
        return side_of(ground, own).or_else(|| speaking_firm(ground, sentence, own.cue));
    }
    let with = matches!(lower(ground, at - 1), "with" | "of" | "for")
        && own.record.kind == "alleged"
        && own.cue + 2 == at;
    let low = own.cue.saturating_sub(5).max(sentence.from);
    let subject = ground
        .parties
        .within(Stretch {
            from: low,
            to: own.cue,
        })
        .last()
        .filter(|_| with)?;
    let plain = (subject.at.to..own.cue).all(|place| {
        matches!(
            ground.work.tokens.all[place].class,
            Class::Be | Class::Have | Class::Adverb | Class::Modal
        )
    });
    plain.then(|| party_name(ground, subject.entity))
}

/// `Ruritania's Arsenal works admitted shipping`: the firm right before the word of speech, with a plain noun at most between.
fn speaking_firm(ground: &Ground<'_>, sentence: Stretch, cue: usize) -> Option<String> {
    let low = cue.saturating_sub(6).max(sentence.from);
    let firm = ground
        .parties
        .within(Stretch { from: low, to: cue })
        .last()
        .filter(|own| {
            matches!(
                ground.parties.entities[own.entity].kind,
                "company" | "institute"
            )
        })?;
    let plain = (firm.at.to..cue).all(|own| {
        matches!(
            ground.work.tokens.all[own].class,
            Class::None | Class::Adverb | Class::Have | Class::Noun(_)
        )
    });
    plain.then(|| party_name(ground, firm.entity))
}

/// `the company shipped`, `it sold`: the firm that was named last, or that speaks.
fn taken_up(ground: &Ground<'_>, sentence: Stretch, at: usize, own: &Told) -> Option<String> {
    let place = before_auxiliaries(ground, sentence, at);
    let noun = place.checked_sub(1).filter(|noun| *noun >= sentence.from)?;
    let it = lower(ground, noun) == "it" && own.cue < noun;
    let firm = noun > sentence.from
        && matches!(lower(ground, noun - 1), "the" | "this" | "that")
        && ground
            .work
            .tokens
            .is(ground.work.words, noun, "commitment", "firm");
    if it && matches!(own.record.kind, "said" | "conceded" | "denied" | "promised") {
        return side_of(ground, own);
    }
    if firm {
        firm_before(ground, noun)
    } else {
        None
    }
}

/// The firm that a noun takes up: the last one named in this paragraph or the one before, or the only one of the page.
pub(super) fn firm_before(ground: &Ground<'_>, noun: usize) -> Option<String> {
    let at = noun;
    let paragraph = ground.work.tokens.paragraphs[ground.work.tokens.paragraph_of(at)];
    let start = ground
        .work
        .tokens
        .paragraph_of(at)
        .checked_sub(1)
        .and_then(|before| ground.work.tokens.paragraphs.get(before))
        .map_or(paragraph.from, |before| before.from);
    let near = Stretch {
        from: start.max(noun.saturating_sub(super::frame::FAR)),
        to: noun,
    };
    let mut firms: Vec<usize> = Vec::new();
    for mention in ground.parties.within(near) {
        if ground.parties.entities[mention.entity].kind == "company" {
            firms.retain(|own| *own != mention.entity);
            firms.push(mention.entity);
        }
    }
    // Of many firms nobody can tell which is meant.
    if firms.len() > MANY {
        return None;
    }
    let only = || {
        let mut firms = ground
            .parties
            .entities
            .iter()
            .filter(|entity| entity.kind == "company");
        firms
            .next()
            .filter(|_| firms.next().is_none())
            .map(|entity| entity.name.clone())
    };
    firms
        .last()
        .map(|entity| party_name(ground, *entity))
        .or_else(only)
}

/// `the tanks which Ruritania handed over`: the thing stands before the word that takes it up.
fn thing_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<usize> {
    let low = at.saturating_sub(9).max(sentence.from);
    (low..at)
        .rev()
        .find(|place| matches!(lower(ground, *place), "which" | "that"))
        .filter(|place| {
            *place > sentence.from
                && ground.work.tokens.all[place - 1].shape == Shape::Word
                && !matches!(
                    ground.work.tokens.all[place - 1].class,
                    Class::Verb(..) | Class::Noun(_)
                )
        })
        .map(|place| place.saturating_sub(12).max(sentence.from))
}
