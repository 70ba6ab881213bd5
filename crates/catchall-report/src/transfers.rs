//! Transfers told in statements: who gave what to whom, in the words of one statement.
//!
//! Needs giver, receiver and thing, joined by a word of giving, carrying or taking. Who is only mentioned is never giver nor
//! receiver. To grow: a word in `data/reports/cues.toml`; a form of sentence is a function here.

use crate::gazetteer::words::Class;
use crate::reading::TransferRecord;
use crate::statements::{Ground, Told};
use crate::things::Thing;
use crate::tokens::Stretch;
use crate::undertakings::{lower, state_name};
use crate::ways;

/// Transfers told in statements: giver, a word of giving, thing, "to" receiver, in this order or in the two usual others.
pub(crate) fn transfers(
    ground: &Ground<'_>,
    told: &[Told],
    technology: &[Thing],
) -> Vec<TransferRecord> {
    let mut found: Vec<TransferRecord> = Vec::new();
    for own in told {
        let licensed = matches!(
            own.record.cue.as_str(),
            "approve" | "authorize" | "authorise" | "license" | "sign"
        );
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        for at in sentence.from..sentence.to {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            if tokens.all[at].listed == 0 {
                continue;
            }
            let flow = tokens.is(words, at, "cue", "flow") && !is_verb_here(ground, at);
            let give = tokens.is(words, at, "cue", "give") && !noun_here(ground, sentence, at);
            let help = tokens.is(words, at, "cue", "help");
            let take = tokens.is(words, at, "cue", "take");
            // `imposed sanctions on X for selling`: the order tells the charge.
            let charge = own.record.kind == "ordered"
                && at > sentence.from
                && lower(ground, at - 1) == "for"
                && lower(ground, at).ends_with("ing");
            if own.record.kind == "ordered" && !licensed && !charge {
                continue;
            }
            let route = lower(ground, at) == "from";
            let hit = if route {
                by_route(ground, sentence, at)
            } else if take {
                by_taking(ground, sentence, at)
            } else if give || help {
                by_verb(ground, sentence, at, help, own)
            } else if flow {
                by_noun(ground, sentence, at, own)
            } else {
                None
            }
            .or_else(|| ways::hit(ground, sentence, at));
            let Some((from, to, reach)) = hit else {
                continue;
            };
            if from == to {
                continue;
            }
            let (mut things, mut what) = things(ground, technology, reach);
            if things.is_empty()
                && let Some((id, words)) = taken_up(ground, technology, reach)
            {
                things.push(id);
                what = words;
            }
            if things.is_empty() {
                continue;
            }
            // What will not be given is no transfer; what was not given is one denied.
            let negated =
                (at.saturating_sub(4).max(sentence.from)..(at + 3).min(sentence.to)).any(|place| {
                    ground.work.tokens.all[place].class == Class::Negation
                        || lower(ground, place) == "no"
                });
            if negated && own.record.kind != "denied" {
                continue;
            }
            let status = match transfer_status(ground, sentence, own) {
                "declared"
                    if own
                        .record
                        .speaker
                        .country
                        .as_deref()
                        .and_then(|code| state_name(ground, code))
                        .is_none_or(|state| state != from) =>
                {
                    "alleged"
                }
                "planned" if charge => "alleged",
                // What flows or leaks is nobody's plan.
                "planned" if matches!(lower(ground, at), "flow" | "leak" | "leaks" | "leakage") => {
                    "alleged"
                }
                other => other,
            };
            let same = |known: &TransferRecord| {
                known.from == from
                    && known.to == to
                    && (known.status == status
                        || (known.status != "denied"
                            && status != "denied"
                            && known.technology.iter().any(|own| things.contains(own))))
            };
            match found.iter_mut().find(|known| same(known)) {
                Some(known) => {
                    if !known.statements.contains(&own.record.id) {
                        known.statements.push(own.record.id.clone());
                    }
                    for thing in things {
                        if !known.technology.contains(&thing) {
                            known.technology.push(thing);
                        }
                    }
                }
                None => found.push(TransferRecord {
                    from,
                    to,
                    what,
                    technology: things,
                    status,
                    statements: vec![own.record.id.clone()],
                    when: None,
                    at: own.record.at,
                }),
            }
        }
    }
    found
}

/// `carried 35 tons of launchers from Ruritania to Graustark`: two parties as the ends of a way, and the thing before.
fn by_route(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
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
    let receiver = (lower(ground, to) == "to")
        .then(|| end_at(to + 1))
        .flatten()?;
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
            party_name(ground, receiver.entity),
            Stretch { from: low, to: at },
        )
    })
}

/// `export official`, `a supply ship`: a word of giving that is a noun here.
fn noun_here(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
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
    let people = ground.work.words.role(lower(ground, before)).is_some();
    plain && lower(ground, before) != "to" && !people
}

/// `Ruritania bought mortars from Graustark`: the receiver before, the giver behind "from".
fn by_taking(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Hit> {
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

/// `Ruritania flew drones bought from Graustark`: who has the thing that was got.
fn holder_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<String> {
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

fn is_verb_here(ground: &Ground<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    matches!(
        ground.work.tokens.all[before].class,
        Class::Modal | Class::Have | Class::Be
    ) || lower(ground, before) == "to"
}

/// A state, a body or people of a country that end right before a token; adjectives of the thing may stand between.
fn giver_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<String> {
    let low = at.saturating_sub(9).max(sentence.from);
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
            if hangs {
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
            let open = (place.saturating_sub(16).max(sentence.from + 1)..place)
                .rev()
                .find(|own| lower(ground, *own) == lower(ground, place));
            match open {
                Some(open) => {
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
            let plain = (own + 1..=place).all(|step| {
                ground.work.tokens.all[step].shape == crate::tokens::Shape::Word
                    && matches!(
                        ground.work.tokens.all[step].class,
                        Class::None | Class::Conjunction
                    )
            });
            if !plain || own == place {
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
        ("person", Some(code)) if own.role.is_some() => {
            state_name(ground, code).unwrap_or_else(|| own.name.clone())
        }
        ("government" | "legislature", Some(code)) => {
            state_name(ground, code).unwrap_or_else(|| own.name.clone())
        }
        _ => own.name.clone(),
    }
}

/// The receiver behind "to": a state or a body named right there.
fn receiver(
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
            (entity.kind != "person" && !matches!(lower(ground, mention.at.to), "'s"))
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

/// Giver, receiver, and where the thing is named.
pub(crate) type Hit = (String, String, Stretch);

/// `Russia is supplying missiles to Iran`, `helping Iran to develop ballistic missiles`, `sell Iran missiles`.
fn by_verb(
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
    let side = side_of(ground, own);
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
        return None;
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

/// Whom "it" and "his country" stand for: the firm that speaks, else the state.
fn side_of(ground: &Ground<'_>, own: &Told) -> Option<String> {
    let party = own.record.speaker.party.as_deref();
    // An unnamed trader is neither a state nor a firm that could be named.
    let officials = own.record.speaker.role.as_deref().is_some_and(|role| {
        role.starts_with("official") || role.starts_with("officer") || role.starts_with("diplomat")
    });
    if party.is_none() && own.record.speaker.anonymity == "anonymous" && !officials {
        return None;
    }
    let body = ground
        .parties
        .entities
        .iter()
        .find(|entity| Some(entity.id.as_str()) == party)
        .filter(|entity| matches!(entity.kind, "company" | "institute" | "group"));
    if let Some(body) = body {
        return Some(body.name.clone());
    }
    own.record
        .speaker
        .country
        .as_deref()
        .and_then(|code| state_name(ground, code))
}

/// `the flow of Russian missile technology to Iran`, `Russian arms sales to Iran`, `Moscow's delivery of tanks to Iran`.
fn by_noun(ground: &Ground<'_>, sentence: Stretch, at: usize, own: &Told) -> Option<Hit> {
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
        let entity = &ground.parties.entities[mention.entity];
        (entity.kind == "state" && lower(ground, mention.at.to) != "'s")
            .then(|| entity.country.clone())
            .flatten()
    });
    let code = match (code, maker(ground, end)) {
        (None, Some(giver)) => {
            let from = if of {
                at
            } else {
                at.saturating_sub(4).max(sentence.from)
            };
            return Some((giver, to, Stretch { from, to: end }));
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
    let giver = maker(ground, end).or_else(|| state_name(ground, &code))?;
    let from = if of {
        at
    } else {
        at.saturating_sub(4).max(sentence.from)
    };
    Some((giver, to, Stretch { from, to: end }))
}

/// `the sale of lathes to Graustark by Toyama Works`: who is named behind the receiver.
fn maker(ground: &Ground<'_>, to: usize) -> Option<String> {
    let by = (to + 1..to + 6).find(|at| lower(ground, *at) == "by")?;
    let mention = ground.parties.at(by + 1)?;
    let entity = &ground.parties.entities[mention.entity];
    matches!(entity.kind, "company" | "institute" | "state")
        .then(|| party_name(ground, mention.entity))
}

/// Technology named in a stretch.
fn things(ground: &Ground<'_>, technology: &[Thing], at: Stretch) -> (Vec<String>, String) {
    let (from, to) = ground.work.tokens.bytes(at);
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for thing in technology {
        let first = thing.at.partition_point(|own| own.0 < from);
        if let Some(own) = thing.at.get(first).filter(|own| own.1 <= to) {
            found.push((
                own.0,
                thing.id.clone(),
                ground
                    .work
                    .page
                    .folded
                    .get(own.0..own.1)
                    .unwrap_or_default()
                    .to_owned(),
            ));
        }
    }
    found.sort();
    let what = found
        .iter()
        .map(|(.., words)| words.clone())
        .collect::<Vec<_>>()
        .join(", ");
    (found.into_iter().map(|(_, id, _)| id).collect(), what)
}

/// `880 kilograms of the steel`, `shipped them`: the thing named before, in the same paragraph, that the words take up.
fn taken_up(ground: &Ground<'_>, technology: &[Thing], reach: Stretch) -> Option<(String, String)> {
    let noun = (reach.from + 1..reach.to).find_map(|at| {
        let before = lower(ground, at - 1);
        matches!(before, "the" | "these" | "those" | "such").then(|| lower(ground, at))
    });
    let pronoun =
        (reach.from + 1..(reach.from + 3).min(reach.to)).any(|at| lower(ground, at) == "them");
    if noun.is_none() && !pronoun {
        return None;
    }
    let paragraph = ground.work.tokens.paragraph_of(reach.from);
    let start = ground
        .work
        .tokens
        .paragraphs
        .get(paragraph.saturating_sub(1))?
        .from;
    let (low, _) = ground.work.tokens.bytes(Stretch {
        from: start,
        to: start + 1,
    });
    let (high, _) = ground.work.tokens.bytes(reach);
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    technology
        .iter()
        .flat_map(|thing| {
            let first = thing.at.partition_point(|at| at.0 < low);
            thing
                .at
                .iter()
                .skip(first)
                .take_while(|at| at.1 <= high)
                .map(move |at| (thing, *at))
        })
        .filter(|(_, at)| {
            let text = ground.work.page.lower.get(at.0..at.1).unwrap_or_default();
            let last = text.rsplit([' ', '-']).next().unwrap_or(text);
            pronoun && noun.is_none() || noun.is_some_and(|noun| stem(noun) == stem(last))
        })
        .max_by_key(|(_, at)| at.0)
        .map(|(thing, at)| {
            let words = ground.work.page.folded.get(at.0..at.1).unwrap_or_default();
            (thing.id.clone(), words.to_owned())
        })
}

fn transfer_status(ground: &Ground<'_>, sentence: Stretch, own: &Told) -> &'static str {
    let has = |list: &str| {
        (sentence.from..sentence.to)
            .any(|at| ground.work.tokens.is(ground.work.words, at, "status", list))
    };
    if own.record.kind == "denied" {
        return "denied";
    }
    if has("intercepted") {
        return "intercepted";
    }
    if has("cancelled") {
        return "cancelled";
    }
    if own.record.kind == "alleged" {
        return "alleged";
    }
    if matches!(own.record.kind, "promised" | "ordered") || has("planned") {
        return "planned";
    }
    if has("completed") {
        return "completed";
    }
    if own.record.kind == "said" || own.record.kind == "conceded" {
        "declared"
    } else {
        "alleged"
    }
}
