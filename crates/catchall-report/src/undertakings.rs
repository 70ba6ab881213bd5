//! Undertakings, transfers and clashes: what follows from the statements, and never more than they say.
//!
//! A transfer needs giver, receiver and thing in the words of one statement, joined by a verb or noun of giving. Who is only
//! mentioned is never giver nor receiver. A clash is offered to a person as a pair to look at; nothing is decided.

use crate::dates::Value;
use crate::gazetteer::words::Class;
use crate::reading::{Commitment, Contradiction, TransferRecord};
use crate::record::span;
use crate::statements::{Ground, Told};
use crate::things::Thing;
use crate::tokens::Stretch;

fn lower<'a>(ground: &Ground<'a>, at: usize) -> &'a str {
    ground.work.tokens.text(&ground.work.page.lower, at)
}

fn phrase(ground: &Ground<'_>, group: &str, list: &str, at: Stretch) -> bool {
    let (from, to) = ground.work.tokens.bytes(at);
    let text = ground.work.page.lower.get(from..to).unwrap_or_default();
    ground
        .work
        .words
        .lists(group, list)
        .is_some_and(|phrases| phrases.keys().any(|own| text.contains(own.as_str())))
}

/// The state of a country, by its usual name.
fn state_name(ground: &Ground<'_>, code: &str) -> Option<String> {
    ground
        .work
        .words
        .state(code)
        .and_then(|state| state.names.first().cloned())
}

/// Undertakings: statements of kind promised, orders to one's own side, and agreements told as background.
pub(crate) fn commitments(ground: &Ground<'_>, told: &[Told]) -> Vec<Commitment> {
    let mut found: Vec<Commitment> = Vec::new();
    for own in told {
        let record = &own.record;
        let order = record.kind == "ordered"
            && record.act == "concrete_action"
            && tightens(ground, own.content);
        let leaves = record.kind == "said"
            && record.act == "concrete_action"
            && agreement(ground, own.content);
        let breaks = matches!(record.cue.as_str(), "repudiation" | "renunciation");
        let pledges = pledges(ground, own);
        if !(record.kind == "promised" || order || leaves || breaks || pledges) {
            continue;
        }
        // One leaving is told once, however often it comes up again.
        let again = (leaves || breaks)
            && found.iter().any(|before| {
                before.status == "repudiated" && before.country == record.speaker.country
            });
        if again {
            continue;
        }
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        let country = record
            .speaker
            .country
            .clone()
            .or_else(|| crate::statements::side(ground, own.content));
        let who = country
            .as_deref()
            .and_then(|code| state_name(ground, code))
            .or_else(|| record.speaker.name.clone());
        let Some(who) = who else { continue };
        let status = status(ground, own, leaves || breaks);
        found.push(Commitment {
            id: format!("k{}", found.len() + 1),
            who,
            country: country.clone(),
            to: other(ground, own.content, country.as_deref()),
            what: record.content.clone(),
            made: if leaves || breaks {
                None
            } else {
                record.said.clone()
            },
            deadline: deadline(ground, sentence).or_else(|| due(ground, own)),
            status,
            statement: Some(record.id.clone()),
            at: record.at,
        });
    }
    relayed(ground, told, &mut found);
    background(ground, told, &mut found);
    for (number, own) in found.iter_mut().enumerate() {
        own.id = format!("k{}", number + 1);
    }
    found
}

/// "X will be delivered by May", said on record by an office or for a state that speaks of its own: a day is set, and somebody is bound.
fn pledges(ground: &Ground<'_>, own: &Told) -> bool {
    let record = &own.record;
    let open = matches!(record.speaker.anonymity, "named" | "office" | "collective")
        && record.kind == "said"
        && record.act == "assertion";
    let head = Stretch {
        from: own.content.from,
        to: (own.content.from + 14).min(own.content.to),
    };
    let wills = (head.from..head.to).any(|at| {
        matches!(lower(ground, at), "will" | "shall")
            || (matches!(lower(ground, at), "is" | "are") && lower(ground, at + 1) == "to")
    });
    let dated = dates_in(ground, own.content).any(|(date, _)| date.deadline);
    let lead = crate::statements::side(ground, own.content);
    let ours = lead.is_none() || lead == record.speaker.country;
    open && wills && dated && ours
}

/// Orders that bind one's own side: to tighten, to stop, to control.
fn tightens(ground: &Ground<'_>, at: Stretch) -> bool {
    (at.from..at.to).any(|place| {
        matches!(
            lower(ground, place),
            "tighten"
                | "strengthen"
                | "stop"
                | "halt"
                | "control"
                | "controls"
                | "ban"
                | "prevent"
                | "restrict"
                | "curb"
        )
    })
}

fn agreement(ground: &Ground<'_>, at: Stretch) -> bool {
    (at.from..at.to).any(|place| {
        ground
            .work
            .tokens
            .is(ground.work.words, place, "commitment", "noun")
    })
}

fn status(ground: &Ground<'_>, own: &Told, leaves: bool) -> &'static str {
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    if leaves || phrase(ground, "commitment", "repudiated", sentence) && agreement(ground, sentence)
    {
        return "repudiated";
    }
    if phrase(ground, "commitment", "broken", sentence) {
        return "broken";
    }
    if phrase(ground, "commitment", "met", sentence) && own.record.kind != "promised" {
        return "met";
    }
    "open"
}

/// The other state that the undertaking names behind "with" or "to".
fn other(ground: &Ground<'_>, content: Stretch, own: Option<&str>) -> Option<String> {
    ground.parties.within(content).find_map(|mention| {
        let before = lower(ground, mention.at.from.checked_sub(1)?);
        let entity = &ground.parties.entities[mention.entity];
        let fits = before == "with" && entity.country.as_deref() != own && entity.kind == "state";
        fits.then(|| entity.name.clone())
    })
}

fn deadline(ground: &Ground<'_>, sentence: Stretch) -> Option<String> {
    dates_in(ground, sentence)
        .find(|(date, _)| date.deadline)
        .map(|(_, value)| value.to.to_string())
}

/// The first day to come in what is undertaken, where no last day is named: `will publish it on Friday`, `in February`.
fn due(ground: &Ground<'_>, own: &Told) -> Option<String> {
    if !matches!(own.record.kind, "promised") {
        return None;
    }
    let today = ground.work.solved.day?;
    dates_in(ground, own.content)
        .filter(|(date, value)| {
            let head = date.from.checked_sub(1).map_or("", |at| lower(ground, at));
            value.to > today
                && !ground.work.apparatus.holds(date.from)
                && !matches!(head, "from" | "since" | "after" | "effective" | "starting")
        })
        .map(|(_, value)| value.to.to_string())
        .next()
}

/// "X will deliver no more ...", told by a paper or by somebody else: the state or body that is said to will it is bound.
fn relayed(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    for own in told {
        let record = &own.record;
        if record.kind != "reported" {
            continue;
        }
        let head = Stretch {
            from: own.content.from,
            to: (own.content.from + 3).min(own.content.to),
        };
        let Some(mention) = ground.parties.within(head).next() else {
            continue;
        };
        let entity = &ground.parties.entities[mention.entity];
        let wills = matches!(lower(ground, mention.at.to), "will" | "shall")
            || matches!(
                (
                    lower(ground, mention.at.to),
                    lower(ground, mention.at.to + 1)
                ),
                (
                    "has" | "had",
                    "agreed" | "promised" | "pledged" | "undertaken"
                ) | ("is" | "are", "to")
            );
        if !wills || !matches!(entity.kind, "state" | "government" | "agency") {
            continue;
        }
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        found.push(Commitment {
            id: String::new(),
            who: party_name(ground, mention.entity),
            country: entity.country.clone(),
            to: other(ground, own.content, entity.country.as_deref()),
            what: record.content.clone(),
            made: None,
            deadline: deadline(ground, sentence),
            status: "open",
            statement: Some(record.id.clone()),
            at: record.at,
        });
    }
}

fn dates_in<'a>(
    ground: &'a Ground<'_>,
    at: Stretch,
) -> impl Iterator<Item = (&'a crate::dates::Found, Value)> {
    let first = ground
        .work
        .dates
        .partition_point(|date| date.from < at.from);
    ground
        .work
        .dates
        .iter()
        .zip(ground.values)
        .skip(first)
        .take_while(move |(date, _)| date.from < at.to)
        .filter_map(|(date, value)| value.map(|value| (date, value)))
}

/// "a 1995 agreement by which X agreed to halt ...": an undertaking told as background, without a statement of its own.
fn background(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    let promised: std::collections::BTreeSet<usize> = told
        .iter()
        .filter(|own| own.record.kind == "promised")
        .map(|own| own.sentence)
        .collect();
    for (index, sentence) in ground.work.tokens.sentences.iter().enumerate() {
        let at = sentence.at;
        if !ground.work.parts.is_body(at.from) || promised.contains(&index) {
            continue;
        }
        let Some(verb) = (at.from..at.to).find(|place| {
            matches!(
                lower(ground, *place),
                "agreed" | "pledged" | "promised" | "undertook" | "committed"
            ) && lower(ground, place + 1) == "to"
        }) else {
            continue;
        };
        let Some(noun) = (at.from..verb).find(|place| {
            ground
                .work
                .tokens
                .is(ground.work.words, *place, "commitment", "noun")
        }) else {
            continue;
        };
        let binder = ground
            .parties
            .within(Stretch {
                from: noun,
                to: verb,
            })
            .filter(|mention| ground.parties.entities[mention.entity].kind == "state")
            .last();
        let Some(mention) = binder else { continue };
        let entity = &ground.parties.entities[mention.entity];
        let made = dates_in(
            ground,
            Stretch {
                from: at.from,
                to: noun + 3,
            },
        )
        .map(|(_, value)| value.iso())
        .last();
        let (from, to) = (verb + 2, at.to.min(verb + 14));
        let (first, last) = ground.work.tokens.bytes(Stretch { from, to });
        found.push(Commitment {
            id: String::new(),
            who: entity.name.clone(),
            country: entity.country.clone(),
            to: None,
            what: ground
                .work
                .page
                .folded
                .get(first..last)
                .unwrap_or_default()
                .trim_end_matches(['.', ' '])
                .to_owned(),
            made,
            deadline: deadline(ground, at),
            status: "unknown",
            statement: None,
            at: span(ground.work, at),
        });
    }
}

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
            };
            let Some((from, to, reach)) = hit else {
                continue;
            };
            if from == to {
                continue;
            }
            let (things, what) = things(ground, technology, reach);
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
        giver_before(ground, sentence, at)
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
        // `Ruritanian experts — with or without leave — are helping`: an aside is stepped over.
        if matches!(lower(ground, place), "—" | ",") {
            let open = (place.saturating_sub(16).max(sentence.from + 1)..place)
                .rev()
                .find(|own| lower(ground, *own) == lower(ground, place));
            match open {
                Some(open) => {
                    place = open;
                    continue;
                }
                None => return None,
            }
        }
        let charged =
            matches!(lower(ground, place), "of" | "for") && lower(ground, at).ends_with("ing");
        let skippable = charged
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

fn party_name(ground: &Ground<'_>, entity: usize) -> String {
    let own = &ground.parties.entities[entity];
    match (own.kind, own.country.as_deref()) {
        ("government" | "person" | "legislature", Some(code)) => {
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
    (from..(from + reach).min(sentence.to)).find_map(|at| {
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
}

type Hit = (String, String, Stretch);

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
    // `approved the sale of aircraft to X`: who permits it gives it.
    let code = code.or_else(|| {
        let permits = own.record.kind == "ordered" && at > own.cue && at - own.cue < 5;
        permits
            .then(|| own.record.speaker.country.clone())
            .flatten()
    })?;
    let giver = state_name(ground, &code)?;
    let from = if of {
        at
    } else {
        at.saturating_sub(4).max(sentence.from)
    };
    Some((giver, to, Stretch { from, to: end }))
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

/// Pairs to look at: a denial against what it answers, a concession against the claim beside it, an account against another.
pub(crate) fn contradictions(ground: &Ground<'_>, told: &[Told]) -> Vec<Contradiction> {
    let mut pairs = Pairs::default();
    for (index, own) in told.iter().enumerate() {
        if let Some(other) = denied(ground, told, index) {
            pairs.add(own, other, "denial", "one denies what the other says");
        }
        if let Some(before) = contrasted(ground, told, index) {
            let note = "two accounts that the text sets against each other";
            pairs.add(before, own, "inconsistent_account", note);
        }
        if let Some(before) = despite(ground, told, index) {
            let note = "what was said, and what another says in spite of it";
            pairs.add(before, own, "inconsistent_account", note);
        }
        if let Some(leaving) = left_and_kept(ground, told, index) {
            let note = "an undertaking left, and obligations said to be kept";
            pairs.add(leaving, own, "policy_vs_commitment", note);
        }
        if let Some(before) = unsaid(ground, told, index) {
            let note = "one side, then and now";
            pairs.add(before, own, "inconsistent_account", note);
        }
        if let Some(promise) = defied(ground, told, index) {
            let note = "an undertaking, and what goes against it";
            pairs.add(promise, own, "policy_vs_commitment", note);
        }
        if own.record.kind == "conceded" {
            conceded(ground, told, index, &mut pairs);
        }
    }
    pairs.found
}

/// Clashes found so far; a pair is told once.
#[derive(Default)]
struct Pairs {
    found: Vec<Contradiction>,
}

impl Pairs {
    fn add(&mut self, a: &Told, b: &Told, kind: &'static str, note: &str) {
        let (a, b) = (a.record.id.clone(), b.record.id.clone());
        let known = self
            .found
            .iter()
            .any(|own| (own.a == a && own.b == b) || (own.a == b && own.b == a));
        if !known {
            self.found.push(Contradiction {
                a,
                b,
                kind,
                note: note.to_owned(),
            });
        }
    }
}

/// How far a denial looks for what it answers, in sentences.
const NEAR: usize = 4;

/// The claim that a denial answers.
fn denied<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let low = index.saturating_sub(14);
    if !(own.record.kind == "denied" || retorts(ground, told, index)) {
        return None;
    }
    let near = |other: &Told| other.sentence.abs_diff(own.sentence) <= NEAR;
    let (_, other) = told
        .iter()
        .enumerate()
        .skip(low)
        .take(28)
        .filter(|(place, other)| *place != index && near(other))
        .filter(|(_, other)| {
            matches!(
                other.record.kind,
                "alleged" | "reported" | "said" | "conceded" | "promised"
            ) && other.record.speaker.name != own.record.speaker.name
        })
        .filter(|(_, other)| {
            matches!(other.record.kind, "alleged" | "conceded" | "promised")
                || !negative(ground, other)
        })
        .filter(|(place, other)| {
            let told_before = *place < index || other.sentence == own.sentence;
            (answered(ground, own, other) && (told_before || beside(ground, own, other)))
                || (told_before && charged_with(ground, own, other))
        })
        .min_by_key(|(place, other)| {
            (rank(other), other.sentence.abs_diff(own.sentence), *place)
        })?;
    // Who denies the same thing twice clashes once.
    let again = told.iter().take(index).skip(low).any(|before| {
        before.record.kind == "denied"
            && before.record.speaker.name == own.record.speaker.name
            && near(before)
            && before.record.id != other.record.id
    });
    (!again).then_some(other)
}

/// Whether a claim stands so near, and shares so much, that the denial answers it.
fn answered(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let apart = other.sentence.abs_diff(own.sentence);
    let claims = matches!(other.record.kind, "alleged" | "reported")
        || (apart <= 1
            && ground
                .work
                .words
                .is("grammar", "claiming", other.record.cue.as_str()));
    if other.record.kind == "promised" {
        return false;
    }
    let answering = claims || answers(ground, own, other) || other.sentence + 1 == own.sentence;
    answering
        && (opposed(own, other) || (other.record.kind == "alleged" && apart <= 1))
        && (shares(ground, own, other)
            || (other.record.kind == "alleged" && beside(ground, own, other)))
}

/// Whether another side has just told something of the side that denies: `the crates came from Ruritania` - Ruritania denies it.
fn charged_with(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let Some(country) = own.record.speaker.country.as_deref() else {
        return false;
    };
    let apart = own.sentence.abs_diff(other.sentence);
    let no_such = other.sentence + 1 == own.sentence && no_such(ground, own);
    if apart > 3 || (!no_such && other.record.speaker.country.as_deref() == Some(country)) {
        return false;
    }
    let spoken_of = (other.content.from..other.content.to).any(|at| {
        ground.parties.demonym(at) == Some(country)
            || ground.parties.at(at).is_some_and(|mention| {
                ground.parties.entities[mention.entity].country.as_deref() == Some(country)
            })
    });
    no_such || (spoken_of && other.record.kind != "promised")
}

/// `had made no such bargain`: what was told just before is gainsaid.
fn no_such(ground: &Ground<'_>, own: &Told) -> bool {
    (own.cue..own.content.to.min(own.cue + 24))
        .any(|at| lower(ground, at) == "no" && lower(ground, at + 1) == "such")
}

/// Whether what is said begins by denying.
fn negative(ground: &Ground<'_>, own: &Told) -> bool {
    (own.content.from..own.content.to.min(own.content.from + 14)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "cue", "negative")
    })
}

/// `Despite the assurances, Ruritania voiced concern`: set against the last word of the other side.
fn despite<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let at = ground.work.tokens.sentences[own.sentence].at;
    let opens = matches!(lower(ground, at.from), "despite" | "notwithstanding")
        && (at.from + 1..(at.from + 6).min(at.to)).any(|place| {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            tokens.is(words, place, "grammar", "spoken")
        });
    let first = index
        .checked_sub(1)
        .and_then(|before| told.get(before))
        .is_none_or(|before| before.sentence != own.sentence);
    if !opens || !first || own.record.speaker.country.is_none() {
        return None;
    }
    told.iter().take(index).rev().take(4).find(|other| {
        own.sentence - other.sentence <= NEAR
            && other.record.speaker.country.is_some()
            && other.record.speaker.country != own.record.speaker.country
            && matches!(other.record.kind, "said" | "denied" | "promised")
    })
}

/// A side that leaves an agreement and says that it keeps what it owes.
fn left_and_kept<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let country = own.record.speaker.country.as_deref()?;
    let kept = (own.content.from..own.content.to.min(own.content.from + 12)).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "grammar", "owed")
    });
    if own.record.kind != "promised" || !kept {
        return None;
    }
    told.iter().take(index).rev().take(12).find(|other| {
        other.record.speaker.country.as_deref() == Some(country)
            && other.record.act == "concrete_action"
            && other.record.kind == "said"
            && agreement(ground, other.content)
    })
}

/// `X replied: "No licence has been granted."` right behind a charge: a denial in all but the word.
fn retorts(ground: &Ground<'_>, told: &[Told], index: usize) -> bool {
    let (Some(own), Some(before)) = (
        told.get(index),
        index.checked_sub(1).and_then(|place| told.get(place)),
    ) else {
        return false;
    };
    if matches!(own.record.kind, "said" | "reported")
        && no_such(ground, own)
        && own.sentence == before.sentence + 1
    {
        return true;
    }
    own.record.kind == "said"
        && negative(ground, own)
        && before.record.kind == "alleged"
        && own.sentence.abs_diff(before.sentence) <= 1
        && ground
            .work
            .words
            .is("grammar", "retort", own.record.cue.as_str())
}

/// What is conceded against what was claimed beside it.
fn conceded(ground: &Ground<'_>, told: &[Told], index: usize, pairs: &mut Pairs) {
    let Some(own) = told.get(index) else { return };
    let same = told
        .iter()
        .skip(index.saturating_sub(4))
        .take(8)
        .find(|other| {
            other.record.id != own.record.id
                && other.sentence == own.sentence
                && other.record.kind == "said"
        });
    if let Some(other) = same {
        let note = "claimed and conceded in one sentence";
        pairs.add(other, own, "qualification", note);
        return;
    }
    let before = index
        .checked_sub(1)
        .and_then(|before| told.get(before))
        .filter(|other| {
            other.sentence.abs_diff(own.sentence) <= NEAR
                && other.record.kind == "said"
                && other.record.speaker.country == own.record.speaker.country
                && turns(ground, own)
        });
    if let Some(other) = before {
        let note = "a hope or a claim, and what is conceded since";
        pairs.add(other, own, "policy_vs_action", note);
    }
}

/// `As late as November it had insisted that ...`: what the same side said earlier, set against what it says now.
fn unsaid<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let before = told.iter().take(index).rev().take(4).find(|other| {
        other.sentence < own.sentence
            && own.sentence - other.sentence <= 2
            && other.record.speaker.country.is_some()
            && other.record.speaker.country == own.record.speaker.country
    })?;
    let opens = (sentence.from..(sentence.from + 5).min(own.cue)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "formerly")
    });
    let had = (own.cue.saturating_sub(3).max(sentence.from)..own.cue)
        .any(|at| lower(ground, at) == "had");
    let speaks = matches!(
        own.record.kind,
        "said" | "denied" | "promised" | "ordered" | "conceded"
    );
    let another = before.record.kind != own.record.kind
        || before.record.speaker.name != own.record.speaker.name;
    // What was undertaken and is now refused.
    let refused = own.record.kind == "promised"
        && matches!(before.record.kind, "said" | "denied")
        && had
        && (before.content.from..before.content.to.min(before.content.from + 9))
            .any(|at| ground.work.tokens.all[at].class == Class::Negation);
    (speaks && ((opens && had && another) || refused)).then_some(before)
}

/// Both in one paragraph, a few sentences apart.
fn beside(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let paragraph = |told: &Told| ground.work.tokens.sentences[told.sentence].paragraph;
    paragraph(own) == paragraph(other) && own.sentence.abs_diff(other.sentence) <= 3
}

/// The account before this one that its words of contrast set it against: another side, in the sentence before.
fn contrasted<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    if !matches!(own.record.kind, "said" | "alleged" | "reported") {
        return None;
    }
    let before = told.get(index.checked_sub(1)?)?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let contrast = (sentence.from..(own.cue + 4).min(sentence.to)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "cue", "contrast")
    });
    let varies = own.sentence - before.sentence <= 2
        && before.record.speaker.name != own.record.speaker.name
        && (before.sentence + 1..=own.sentence).any(|index| {
            phrase(
                ground,
                "grammar",
                "variance",
                ground.work.tokens.sentences[index].at,
            )
        });
    if varies && before.sentence < own.sentence && beside(ground, own, before) {
        return Some(before);
    }
    let sides = own.record.speaker.country.is_some()
        && before.record.speaker.country.is_some()
        && own.record.speaker.country != before.record.speaker.country;
    let tells = matches!(
        before.record.kind,
        "said" | "reported" | "alleged" | "conceded"
    );
    (contrast
        && sides
        && tells
        && before.sentence + 1 == own.sentence
        && beside(ground, own, before))
    .then_some(before)
}

/// An undertaking of the same side before, against which this goes in so many words; or one that another at once says is not kept.
fn defied<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let promise = told
        .iter()
        .take(index)
        .rev()
        .take(8)
        .find(|other| other.record.kind == "promised" && other.sentence != own.sentence)?;
    let country = promise.record.speaker.country.as_deref()?;
    let same = own.record.speaker.country.as_deref() == Some(country);
    // Both must speak of some third party: a promise about one thing is not broken by another.
    if doubted(ground, promise, own) || undone(ground, promise, own) {
        return Some(promise);
    }
    let third = |told: &Told| -> Vec<usize> {
        let at = ground.work.tokens.sentences[told.sentence].at;
        ground
            .parties
            .within(at)
            .map(|mention| mention.entity)
            .filter(|entity| ground.parties.entities[*entity].country.as_deref() != Some(country))
            .collect()
    };
    let about = third(promise);
    let shared = third(own).iter().any(|entity| about.contains(entity));
    if same && !shared {
        return None;
    }
    let defies = phrase(ground, "commitment", "defies", sentence);
    let charged = own.record.kind == "alleged"
        && !same
        && promise.sentence + 1 == own.sentence
        && turns(ground, own);
    let goes = same && defies && matches!(own.record.kind, "said" | "denied" | "promised");
    (charged || (goes && own.sentence - promise.sentence <= 8)).then_some(promise)
}

/// `said that promise was broken before the ink was dry`: another speaks of the undertaking, and ill.
fn doubted(ground: &Ground<'_>, promise: &Told, own: &Told) -> bool {
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let word = (sentence.from..sentence.to).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "commitment", "word")
    });
    word && own.sentence - promise.sentence <= 2
        && promise.record.speaker.name != own.record.speaker.name
        && matches!(own.record.kind, "said" | "alleged" | "reported" | "denied")
        && phrase(ground, "commitment", "doubted", sentence)
}

/// `Yet the plant's director said that talks go well`: the same side, at once, the other way.
fn undone(ground: &Ground<'_>, promise: &Told, own: &Told) -> bool {
    let country = promise.record.speaker.country.is_some()
        && promise.record.speaker.country == own.record.speaker.country;
    let not = (promise.content.from..promise.content.to.min(promise.content.from + 9))
        .any(|at| ground.work.tokens.all[at].class == Class::Negation || lower(ground, at) == "no");
    country
        && not
        && own.sentence == promise.sentence + 1
        && turns(ground, own)
        && own.record.speaker.name != promise.record.speaker.name
        && matches!(own.record.kind, "said" | "conceded" | "reported")
}

/// Whether the denial names the other speaker.
fn answers(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let Some(party) = other.record.speaker.party.as_deref() else {
        return false;
    };
    let at = ground.work.tokens.sentences[own.sentence].at;
    ground
        .parties
        .within(at)
        .any(|mention| ground.parties.entities[mention.entity].id == party)
}

fn rank(own: &Told) -> u8 {
    match own.record.kind {
        "alleged" => 0,
        "reported" => 1,
        "promised" => 3,
        _ => 2,
    }
}

/// Different sides: other countries, or a country against nobody's.
fn opposed(own: &Told, other: &Told) -> bool {
    own.record.speaker.country != other.record.speaker.country
        || own.record.speaker.country.is_none()
}

/// Whether the sentence begins by turning against what was said.
fn turns(ground: &Ground<'_>, own: &Told) -> bool {
    let from = ground.work.tokens.sentences[own.sentence].at.from;
    (from..from + 4).any(|at| {
        matches!(
            lower(ground, at),
            "but" | "however" | "yet" | "still" | "nevertheless"
        )
    })
}

/// Whether two statements speak of a thing or a party in common.
fn shares(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let keys = |told: &Told| -> Vec<usize> {
        let at = ground.work.tokens.sentences[told.sentence].at;
        ground
            .parties
            .within(at)
            .map(|mention| mention.entity)
            .collect()
    };
    let first = keys(own);
    keys(other).iter().any(|entity| first.contains(entity))
        || own.sentence == other.sentence
        || own.sentence.abs_diff(other.sentence) == 1
}
