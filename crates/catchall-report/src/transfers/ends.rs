//! Giver and receiver: the party before the word, the party behind it, and the name it goes by.

use super::lists::listed_place;
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::undertakings::{lower, state_name};

/// `Ruritania flew drones bought from Graustark`: who has the thing that was got.
pub(super) fn holder_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<String> {
    if !matches!(
        lower(ground, at),
        "bought" | "purchased" | "acquired" | "obtained" | "imported" | "received" | "procured"
    ) {
        return None;
    }
    let noun = at > sentence.from
        && ground.work.tokens.all[at - 1].class == Class::None
        && ground.work.tokens.all[at - 1].shape == crate::tokens::Shape::Word;
    let low = at.saturating_sub(8).max(sentence.from);
    let verb = (low..at).rev().find(|place| {
        matches!(
            lower(ground, *place),
            "flew"
                | "used"
                | "fired"
                | "has"
                | "had"
                | "deployed"
                | "displayed"
                | "operated"
                | "uses"
                | "operates"
                | "fielded"
                | "launched"
                | "installed"
                | "tested"
                | "showed"
                | "paraded"
        )
    })?;
    noun.then(|| giver_before(ground, sentence, verb)).flatten()
}

/// `a trading house, Sibir-Export, offered`: the name between commas behind a noun for who can give, where no list need know it.
pub(super) fn apposed(ground: &Ground<'_>, open: usize, close: usize) -> Option<String> {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let noun = open.checked_sub(1)?;
    let own = ground
        .parties
        .at(open + 1)
        .filter(|own| own.at.to == close && !tokens.all[noun].capital)
        .map(|own| &ground.parties.entities[own.entity]);
    // `its sales chief, Urs Keller, sold`: a person by his calling, and no president of a state.
    let called = tokens.is(words, noun, "grammar", "callings")
        && own.is_some_and(|own| own.kind == "person")
        && ground.parties.at(noun.saturating_sub(1)).is_none();
    let agent = called
        || tokens.is(words, noun, "grammar", "agents")
        || tokens.is(words, noun, "body", "firm")
        || tokens.is(words, noun, "commitment", "firm");
    if !agent || tokens.all[noun].capital || close <= open + 1 || close - open > 8 {
        return None;
    }
    if let Some(own) = own {
        return Some(own.name.clone());
    }
    let named = (open + 1..close).all(|at| {
        let token = tokens.all[at];
        let joins = matches!(
            lower(ground, at),
            "of" | "de" | "and" | "&" | "-" | "." | "for" | "the"
        );
        (token.capital || token.shape == crate::tokens::Shape::Number || joins)
            && words.calendar(lower(ground, at)).is_none()
    }) && tokens.all[open + 1].capital;
    let (from, to) = tokens.bytes(Stretch {
        from: open + 1,
        to: close,
    });
    ground
        .work
        .page
        .folded
        .get(from..to)
        .filter(|_| named)
        .map(str::to_owned)
}

/// `Graustark institutes, including the X and the Y, have provided`: the last that is named; those beside it follow ([`beside`]).
pub(super) fn included(ground: &Ground<'_>, open: usize, close: usize) -> Option<String> {
    let lists = matches!(lower(ground, open + 1), "including" | "notably" | "among")
        || lower(ground, open + 1) == "such" && lower(ground, open + 2) == "as";
    let own = ground
        .parties
        .at(close.checked_sub(1)?)
        .filter(|own| lists && own.at.to == close)?;
    let entity = &ground.parties.entities[own.entity];
    matches!(entity.kind, "company" | "institute").then(|| entity.name.clone())
}

/// Who stands behind "by": a firm or an institute, its people in plain words where it has no name, or a state.
pub(super) fn agent_at(ground: &Ground<'_>, sentence: Stretch, from: usize) -> Option<String> {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let first = from + usize::from(tokens.all.get(from)?.class == Class::Article);
    // `by Harbourtown's Korund works`: the works.
    if let Some(owner) = ground.parties.at(first)
        && lower(ground, owner.at.to) == "'s"
        && let Some(own) = ground.parties.at(owner.at.to + 1)
        && matches!(
            ground.parties.entities[own.entity].kind,
            "company" | "institute"
        )
    {
        return Some(party_name(ground, own.entity));
    }
    let firm = ground
        .parties
        .within(Stretch {
            from,
            to: (from + 8).min(sentence.to),
        })
        .find(|own| {
            matches!(
                ground.parties.entities[own.entity].kind,
                "company" | "institute"
            )
        })
        // `built by X were delivered to Y`: another's verb ends the phrase.
        .filter(|own| {
            (from..own.at.from).all(|place| {
                !matches!(
                    tokens.all[place].class,
                    Class::Be | Class::Have | Class::Modal | Class::Verb(..)
                ) && lower(ground, place) != "to"
            })
        });
    if let Some(firm) = firm {
        return Some(party_name(ground, firm.entity));
    }
    let start = match ground.parties.at(first) {
        Some(own) => {
            let kind = ground.parties.entities[own.entity].kind;
            let noun = own.at.to;
            let plain = tokens
                .all
                .get(noun)
                .is_some_and(|next| next.class == Class::None && !next.capital)
                && lower(ground, noun) != "'s";
            // `by a Harbourtown firm`: the town tells whose it is.
            let told = plain
                && (tokens.is(words, noun, "body", "firm")
                    || tokens.is(words, noun, "grammar", "agents"));
            if !told {
                return matches!(kind, "state" | "agency" | "group")
                    .then(|| party_name(ground, own.entity));
            }
            own.at.to
        }
        None => {
            ground.parties.demonym(first)?;
            first + 1
        }
    };
    let noun = (start..start + 4)
        .take_while(|at| {
            tokens.all.get(*at).is_some_and(|own| {
                matches!(own.class, Class::None | Class::Noun(_) | Class::Verb(..))
                    && own.shape == crate::tokens::Shape::Word
            })
        })
        .find(|at| {
            tokens.is(words, *at, "grammar", "agents") || tokens.is(words, *at, "body", "firm")
        })?;
    let (low, high) = tokens.bytes(Stretch {
        from: first,
        to: noun + 1,
    });
    ground.work.page.folded.get(low..high).map(str::to_owned)
}

/// Armed forces that receive receive for their state.
pub(super) fn for_state(ground: &Ground<'_>, name: String) -> String {
    let (lead, arm) = match name.rsplit_once(' ') {
        Some((lead, arm)) => (lead, arm.to_lowercase()),
        None => return name,
    };
    let forces = matches!(
        arm.as_str(),
        "navy" | "army" | "force" | "forces" | "military" | "marines" | "police" | "government"
    );
    if !forces {
        return name;
    }
    ground
        .parties
        .entities
        .iter()
        .find(|own| own.name == name)
        .and_then(|own| own.country.as_deref())
        .filter(|_| !lead.is_empty())
        .and_then(|code| state_name(ground, code))
        .unwrap_or(name)
}

/// A state, a body or people of a country that end right before a token; adjectives of the thing may stand between.
pub(super) fn giver_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<String> {
    let mut low = at.saturating_sub(9).max(sentence.from);
    let mut place = at;
    while place > low {
        place -= 1;
        if let Some(mention) = ground.parties.at(place) {
            // `Imbach Chemie of Lahr sold`: the firm, and not its town.
            let seat =
                mention.at.from > sentence.from + 1 && lower(ground, mention.at.from - 1) == "of";
            if seat
                && let Some(firm) = ground.parties.at(mention.at.from - 2)
                && matches!(
                    ground.parties.entities[firm.entity].kind,
                    "company" | "institute"
                )
            {
                return Some(party_name(ground, firm.entity));
            }
            let hangs = mention.at.from > sentence.from
                && matches!(
                    lower(ground, mention.at.from - 1),
                    "to" | "in" | "with" | "against" | "about" | "over" | "for" | "on"
                );
            // `calls for Ruritania to deliver`.
            let hangs = hangs
                && !(lower(ground, mention.at.from - 1) == "for"
                    && lower(ground, mention.at.to) == "to");
            if hangs || listed_place(ground, sentence, mention.at.from) {
                return None;
            }
            return Some(party_name(ground, mention.entity));
        }
        // `Alton Electronics of Arcadia exported`: a town that no list knows.
        let town = place > low + 1
            && ground.work.tokens.all[place].capital
            && lower(ground, place - 1) == "of";
        if town
            && let Some(firm) = ground.parties.at(place - 2)
            && ground.parties.entities[firm.entity].kind == "company"
        {
            return Some(party_name(ground, firm.entity));
        }
        // `Ruritanian experts — with or without leave — are helping`: an aside is stepped over.
        if matches!(lower(ground, place), "—" | ",") {
            let open = (place.saturating_sub(26).max(sentence.from + 1)..place)
                .rev()
                .find(|own| lower(ground, *own) == lower(ground, place));
            match open {
                Some(open) => {
                    // `a Graustark engineer, Urs Keller, shipped`: he, by his name.
                    if let Some(name) =
                        apposed(ground, open, place).or_else(|| included(ground, open, place))
                    {
                        return Some(name);
                    }
                    // `her owner, Harbour Shipping of Graustark, delivered`: the name within the aside.
                    let firm = ground.parties.at(open + 1).filter(|own| {
                        matches!(
                            ground.parties.entities[own.entity].kind,
                            "company" | "institute"
                        ) && (own.at.to == place || lower(ground, own.at.to) == "of")
                            && ground.parties.at(open - 1).is_none()
                    });
                    if let Some(firm) = firm {
                        return Some(party_name(ground, firm.entity));
                    }
                    place = open;
                    low = low.min(open.saturating_sub(4).max(sentence.from));
                    continue;
                }
                None => return None,
            }
        }
        let charged =
            matches!(lower(ground, place), "of" | "for") && lower(ground, at).ends_with("ing");
        let aged = ground.work.tokens.all[place].shape == crate::tokens::Shape::Number
            && place > low
            && lower(ground, place - 1) == ",";
        if aged {
            place -= 1;
            continue;
        }
        // `Metall Ltd. have provided`: the point belongs to the name.
        let point = lower(ground, place) == "."
            && place > low
            && ground
                .work
                .tokens
                .is(ground.work.words, place - 1, "cue", "abbreviation");
        if point {
            continue;
        }
        // `had between them provided`.
        let them =
            lower(ground, place) == "them" && place > low && lower(ground, place - 1) == "between";
        if them {
            place -= 1;
            continue;
        }
        let skippable = charged
            || ground
                .work
                .tokens
                .is(ground.work.words, place, "grammar", "catenative")
            || matches!(
                ground.work.tokens.all[place].class,
                Class::Adverb
                    | Class::Have
                    | Class::Modal
                    | Class::Negation
                    | Class::Be
                    | Class::Do
            )
            || matches!(
                lower(ground, place),
                "to" | "'s"
                    | "both"
                    | "plans"
                    | "planned"
                    | "agreed"
                    | "ready"
                    | "intends"
                    | "continue"
                    | "continues"
                    | "continued"
            );
        if !skippable {
            // `Russian experts are helping`: a people or its bodies by the demonym.
            let code = (place.saturating_sub(4).max(low)..=place)
                .rev()
                .find_map(|own| ground.parties.demonym(own).map(|code| (own, code)));
            let (own, _) = code?;
            // `North Korean engineers`: the whole of the adjective.
            let own = match own.checked_sub(1) {
                Some(before)
                    if before >= low
                        && ground.work.tokens.all[before].capital
                        && ground.parties.demonym(before).is_some() =>
                {
                    before
                }
                // `Ruritanian and Graustark specialists`: both.
                Some(and)
                    if and > low
                        && lower(ground, and) == "and"
                        && ground.parties.demonym(and - 1).is_some() =>
                {
                    // `West German and Austrian`: the whole of the first.
                    let whole = and > low + 1 && ground.parties.demonym(and - 2).is_some();
                    and - 1 - usize::from(whole)
                }
                _ => own,
            };
            let plain = (own + 1..=place).all(|step| {
                ground.work.tokens.all[step].shape == crate::tokens::Shape::Word
                    && matches!(
                        ground.work.tokens.all[step].class,
                        Class::None | Class::Conjunction
                    )
            });
            // `Ruritanian arms sold to`: things give nothing.
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            let agent = tokens.is(words, place, "grammar", "agents")
                || tokens.is(words, place, "grammar", "callings")
                || tokens.is(words, place, "body", "firm")
                || tokens.is(words, place, "body", "agency")
                || tokens.is(words, place, "body", "institute")
                || tokens.is(words, place, "commitment", "firm")
                || tokens.is(words, place, "commitment", "side")
                || tokens.marked(place, crate::gazetteer::Word::ROLE);
            if !plain || own == place || !agent {
                return None;
            }
            let (from, to) = ground.work.tokens.bytes(Stretch {
                from: own,
                to: place + 1,
            });
            return ground.work.page.folded.get(from..to).map(str::to_owned);
        }
    }
    None
}

pub(crate) fn party_name(ground: &Ground<'_>, entity: usize) -> String {
    let own = &ground.parties.entities[entity];
    match (own.kind, own.country.as_deref()) {
        // Who holds an office gives for his state, a private person for himself.
        ("person", Some(code))
            if own.role.as_deref().is_some_and(|role| {
                !role.split(' ').any(|word| {
                    ground
                        .work
                        .words
                        .is("grammar", "runs_firm", &word.to_lowercase())
                })
            }) =>
        {
            state_name(ground, code).unwrap_or_else(|| own.name.clone())
        }
        ("government" | "legislature", Some(code)) => {
            state_name(ground, code).unwrap_or_else(|| own.name.clone())
        }
        // A body goes by the name that the page gives it.
        ("company" | "institute", _) => {
            let told = ground.parties.first(entity).and_then(|mention| {
                let (from, to) = ground.work.tokens.bytes(mention.at);
                ground.work.page.folded.get(from..to)
            });
            match told {
                Some(told) if told.contains(' ') || !own.name.contains(' ') => told.to_owned(),
                _ => own.name.clone(),
            }
        }
        (_, _) if !own.name.contains(' ') && own.name.chars().all(char::is_uppercase) => {
            let told = ground.parties.first(entity).and_then(|mention| {
                let (from, to) = ground.work.tokens.bytes(mention.at);
                ground.work.page.folded.get(from..to)
            });
            told.filter(|told| told.contains(' '))
                .map_or_else(|| own.name.clone(), str::to_owned)
        }
        _ => own.name.clone(),
    }
}

/// The receiver behind "to": a state or a body named right there.
pub(super) fn receiver(
    ground: &Ground<'_>,
    sentence: Stretch,
    from: usize,
    reach: usize,
) -> Option<(String, usize)> {
    (from..(from + reach).min(sentence.to))
        .find_map(|at| {
            if lower(ground, at) != "to" {
                return None;
            }
            let place = at + 1 + usize::from(lower(ground, at + 1) == "the");
            let mention = (place..place + 3)
                .take_while(|own| {
                    *own == place
                        || matches!(
                            ground
                                .work
                                .tokens
                                .all
                                .get(own - 1)
                                .map(|token| (token.class, token.capital)),
                            Some((Class::None, false))
                        )
                })
                .find_map(|own| ground.parties.at(own))?;
            let entity = &ground.parties.entities[mention.entity];
            // `to the Harbourtown firm X`: the town tells whose it is.
            let town = entity.kind == "state"
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, mention.at.to, "body", "firm");
            (entity.kind != "person" && !town && !matches!(lower(ground, mention.at.to), "'s"))
                .then(|| (party_name(ground, mention.entity), at))
        })
        .or_else(|| to_people(ground, sentence, from, reach))
}

/// `to North Korean vessels`: people and things of a country stand for it.
fn to_people(
    ground: &Ground<'_>,
    sentence: Stretch,
    from: usize,
    reach: usize,
) -> Option<(String, usize)> {
    let at = (from..(from + reach).min(sentence.to)).find(|at| lower(ground, *at) == "to")?;
    let first = at + 1 + usize::from(lower(ground, at + 1) == "the");
    let code = ground.parties.demonym(first)?;
    let noun = (first + 1..first + 4).any(|place| {
        matches!(
            lower(ground, place),
            "vessels"
                | "ships"
                | "buyers"
                | "firms"
                | "companies"
                | "customers"
                | "forces"
                | "troops"
                | "army"
                | "rebels"
                | "agents"
                | "entities"
                | "importers"
                | "units"
                | "military"
                | "tankers"
        )
    });
    noun.then(|| state_name(ground, code))
        .flatten()
        .map(|name| (name, at))
}

/// `said that Northgate had agreed to settle charges that it exported`: the firm that opens the clause is meant by "it".
pub(crate) fn firm_meant(ground: &Ground<'_>, own: &Told, at: usize) -> Option<String> {
    let low = own.cue.max(at.saturating_sub(40)) + 1;
    if low >= at || own.record.id.is_empty() {
        return None;
    }
    let firm = ground
        .parties
        .within(Stretch { from: low, to: at })
        .filter(|mention| {
            matches!(
                ground.parties.entities[mention.entity].kind,
                "company" | "institute"
            )
        })
        .filter(|mention| {
            let before = mention.at.from - 1;
            let article = ground.work.tokens.all[before].class == Class::Article;
            let before = before - usize::from(article && before > 0);
            ground.work.tokens.all[before].class == Class::That
        })
        .last();
    if let Some(firm) = firm {
        return Some(party_name(ground, firm.entity));
    }
    // A name that no list knows, behind "that".
    let sentence = Stretch { from: low, to: at };
    (low..at)
        .rev()
        .filter(|own| ground.work.tokens.all[*own].class == Class::That)
        .filter(|that| ground.parties.at(that + 1).is_none())
        .find_map(|that| super::receiver::name_at(ground, that + 1, sentence))
        .map(|(name, _)| name)
}

/// Whom "it" and "his country" stand for: the firm that speaks, else the state.
pub(crate) fn side_of(ground: &Ground<'_>, own: &Told) -> Option<String> {
    let party = own.record.speaker.party.as_deref();
    // An unnamed trader is neither a state nor a firm that could be named.
    let officials = own.record.speaker.role.as_deref().is_some_and(|role| {
        role.starts_with("official") || role.starts_with("officer") || role.starts_with("diplomat")
    });
    if party.is_none() && own.record.speaker.anonymity == "anonymous" && !officials {
        return None;
    }
    let body = party
        .and_then(|id| ground.parties.by_id(id))
        .filter(|entity| matches!(entity.kind, "company" | "institute" | "group"));
    if let Some(body) = body {
        return ground
            .parties
            .index(&body.id)
            .map(|entity| party_name(ground, entity));
    }
    // Who runs a firm that no list knows does not speak for his state.
    let speaker = &own.record.speaker;
    let runs = party.is_none_or(|id| {
        ground
            .parties
            .by_id(id)
            .is_some_and(|entity| entity.kind == "person")
    }) && speaker.role.as_deref().is_some_and(|role| {
        let words = ground.work.words;
        let each = || role.split(' ').map(str::to_lowercase);
        each().any(|word| words.is("grammar", "runs_firm", &word))
            && !each().any(|word| words.is("body", "agency", &word))
    });
    if runs {
        // Who owns to it did it himself.
        let himself = speaker.anonymity == "named" && own.record.kind == "conceded";
        return speaker.name.clone().filter(|_| himself);
    }
    // `The Graustark firm admitted that it had`: the firm, and not its state.
    let firm = |role: &str| ground.work.words.is("commitment", "firm", role);
    if party.is_none() && speaker.role.as_deref().is_some_and(firm) {
        return speaker.name.clone();
    }
    own.record
        .speaker
        .country
        .as_deref()
        .and_then(|code| state_name(ground, code))
}
