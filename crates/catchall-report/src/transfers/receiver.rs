//! The party of a phrase behind a small word: `to the Graustark navy`, `to the Hillah works in Graustark`, `from the Volsk firm Korund`.
//!
//! To grow: a form of phrase is an arm of [`behind`].

use super::ends::party_name;
use crate::gazetteer::words::Class;
use crate::statements::Ground;
use crate::tokens::{Shape, Stretch};
use crate::undertakings::lower;

/// A receiver and the token of its `to`; with it the token behind the phrase.
pub(super) struct End {
    pub(super) name: String,
    pub(super) to: usize,
    /// The token behind the phrase.
    pub(super) past: usize,
}

impl End {
    /// Where the thing can still be named: before the receiver, within what it owns (`to Graustark's missile program`), or behind
    /// (`the export to Graustark of missiles`).
    pub(super) fn reach(&self, ground: &Ground<'_>, sentence: Stretch) -> usize {
        match lower(ground, self.past) {
            "of" => (self.past + 10).min(sentence.to),
            _ => self.past.max(self.to),
        }
    }
}

/// `to the Iranian navy`, `to the Hillah works in Iraq`, `to Angola's rebels`: the party of the phrase behind "to".
pub(super) fn receiver(ground: &Ground<'_>, sentence: Stretch, from: usize) -> Option<End> {
    let to = (from..(from + 22).min(sentence.to))
        .take_while(|at| {
            !matches!(
                lower(ground, *at),
                ";" | ":" | "\"" | "that" | "after" | "because" | "but"
            )
        })
        .find(|at| lower(ground, *at) == "to" && noun_behind(ground, *at))?;
    behind(ground, sentence, to)
}

/// The party of the phrase behind a small word.
pub(super) fn behind(ground: &Ground<'_>, sentence: Stretch, to: usize) -> Option<End> {
    let mut best: Option<End> = None;
    let mut place = to + 1;
    let limit = (to + 10).min(sentence.to);
    while place < limit {
        if let Some(mention) = ground.parties.at(place) {
            let entity = &ground.parties.entities[mention.entity];
            let past = mention.at.to;
            let owner = lower(ground, past) == "'s";
            // `to the Harbourtown firm Korund`: the town tells whose it is.
            let firm_behind = entity.kind == "state"
                && !owner
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, past, "body", "firm")
                && ground
                    .work
                    .tokens
                    .all
                    .get(past + 1)
                    .is_some_and(|next| next.capital && next.shape == Shape::Word);
            if firm_behind {
                let named = ground
                    .parties
                    .at(past + 1)
                    .map(|own| (party_name(ground, own.entity), own.at.to))
                    .or_else(|| name_at(ground, past + 1, sentence));
                let (name, past) = named.unwrap_or_else(|| {
                    let alone = Stretch {
                        from: past + 1,
                        to: past + 2,
                    };
                    let (low, high) = ground.work.tokens.bytes(alone);
                    let text = ground.work.page.folded.get(low..high).unwrap_or_default();
                    (text.to_owned(), past + 2)
                });
                return Some(End { name, to, past });
            }
            // `to either party in the Graustark conflict`: what the noun is about.
            let about = entity.kind == "state"
                && mention.at.from > to + 2
                && lower(ground, mention.at.from - 1) == "the"
                && lower(ground, mention.at.from - 2) == "in"
                && ground.work.tokens.all.get(past).is_some_and(|next| {
                    next.shape == Shape::Word && next.class == Class::None && !next.capital
                });
            if about {
                return None;
            }
            // `to the Graustark agent Farid Azimi`: who holds no office is himself.
            let plain = mention.at.from > to + 1 && {
                let (words, tokens) = (ground.work.words, &ground.work.tokens);
                let noun = mention.at.from - 1;
                tokens.is(words, noun, "grammar", "agents")
                    || tokens.is(words, noun, "body", "firm")
                    || lower(ground, noun) == "agent"
            };
            let office = entity.kind == "person" && entity.role.is_some() && !plain;
            if !(office || owner && entity.kind == "person") {
                best = Some(End {
                    name: if plain {
                        entity.name.clone()
                    } else {
                        party_name(ground, mention.entity)
                    },
                    to,
                    past: past + usize::from(owner),
                });
            }
            place = past + usize::from(owner);
            // The place of the body, or the body of the state, may follow.
            let goes_on = owner
                || (matches!(lower(ground, place), "of" | "in")
                    && ground
                        .parties
                        .at(place + 1 + usize::from(lower(ground, place + 1) == "the"))
                        .is_some_and(|next| {
                            ground.parties.entities[next.entity].kind == "state"
                                && !matches!(entity.kind, "state" | "group")
                        }));
            if !goes_on {
                break;
            }
            place += usize::from(!owner);
            continue;
        }
        if let Some(code) = ground.parties.demonym(place) {
            // `to a Graustark dealer`: he, and not the state.
            let firm = |at: usize| {
                ground.work.tokens.is(ground.work.words, at, "body", "firm")
                    || lower(ground, at) == "house" && lower(ground, at - 1) == "trading"
            };
            let noun = (place + 1..(place + 4).min(sentence.to))
                .take_while(|at| ground.work.tokens.all[*at].class == Class::None)
                .find(|at| firm(*at))
                .unwrap_or(place + 1);
            let dealer = firm(noun);
            let (low, high) = ground.work.tokens.bytes(Stretch {
                from: place,
                to: noun + 1,
            });
            let own = ground.work.page.folded.get(low..high).filter(|_| dealer);
            // `to a Graustark front company, Tajoura Trading`: its name, where it is told.
            let comma = (noun..(noun + 4).min(sentence.to)).find(|own| lower(ground, *own) == ",");
            let firm = comma
                .filter(|_| dealer)
                .and_then(|comma| ground.parties.at(comma + 1))
                .filter(|own| ground.parties.entities[own.entity].kind == "company");
            let named = firm
                .map(|own| party_name(ground, own.entity))
                .or_else(|| own.map(str::to_owned));
            if let Some(name) = named.or_else(|| crate::undertakings::state_name(ground, code)) {
                best = Some(End {
                    name,
                    to,
                    past: place + 1,
                });
            }
            place += 1;
            continue;
        }
        let token = ground.work.tokens.all[place];
        let phrase = token.shape == Shape::Word
            && (matches!(token.class, Class::None | Class::Article | Class::Noun(_))
                || matches!(lower(ground, place), "of" | "in" | "for"));
        if !phrase && lower(ground, place) != "-" {
            break;
        }
        place += 1;
    }
    let end = match best {
        Some(end) => end,
        None => {
            let from = to + 1 + usize::from(lower(ground, to + 1) == "the");
            let (name, past) = name_at(ground, from, sentence)?;
            End { name, to, past }
        }
    };
    // What stands behind the party and belongs to its phrase.
    let mut past = end.past;
    while past < limit
        && matches!(
            ground.work.tokens.all[past].class,
            Class::None | Class::Noun(_)
        )
        && ground.work.tokens.all[past].shape == Shape::Word
        && ground.parties.at(past).is_none()
    {
        past += 1;
    }
    Some(End { past, ..end })
}

/// Two capitalised words or more that no list knows: a name all the same. The name and the token behind it.
pub(super) fn name_at(
    ground: &Ground<'_>,
    from: usize,
    sentence: Stretch,
) -> Option<(String, usize)> {
    let tokens = &ground.work.tokens;
    let named = |at: usize| {
        at < sentence.to
            && tokens.all[at].shape == Shape::Word
            && tokens.all[at].capital
            && ground.work.words.calendar(lower(ground, at)).is_none()
            && ground.parties.demonym(at).is_none()
    };
    let mut to = from;
    while to < from + 7 {
        let joins = matches!(lower(ground, to), "of" | "for" | "and" | "the" | "-" | "&")
            && to > from
            && (named(to + 1) || (lower(ground, to + 1) == "the" && named(to + 2)));
        if !(named(to) || joins) {
            break;
        }
        to += 1;
    }
    let capitals = (from..to).filter(|at| named(*at)).count();
    let (low, high) = tokens.bytes(Stretch { from, to });
    (capitals > 1 && named(from))
        .then(|| {
            ground
                .work
                .page
                .folded
                .get(low..high)
                .map(|text| (text.to_owned(), to))
        })
        .flatten()
}

/// Whether what stands behind "to" is no verb.
fn noun_behind(ground: &Ground<'_>, to: usize) -> bool {
    ground
        .work
        .tokens
        .all
        .get(to + 1)
        .is_some_and(|next| !matches!(next.class, Class::Verb(..) | Class::Be | Class::Have))
}
