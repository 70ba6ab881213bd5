//! Transfers told in statements: who gave what to whom, in the words of one statement.
//!
//! Needs giver, receiver and thing, joined by a word of giving, carrying or taking. Who is only mentioned is never giver nor
//! receiver. To grow: a word in `data/reports/cues.toml`; a form of sentence is a function here.

mod ends;
mod facts;
mod frame;
mod goods;
mod known;
mod lists;
mod loose;
mod noun;
mod receiver;
mod unreal;
mod verb;

pub(crate) use ends::{party_name, side_of};
pub(crate) use frame::subject_of;
use goods::{taken_up, things, transfer_status};
use noun::by_noun;
use verb::{by_route, by_taking, by_verb, is_verb_here, noun_here};

use std::collections::BTreeMap;

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
    let found = told_once(ground, told, technology, None);
    // Where the page is about what goes to one side, that side is meant where none is named.
    match topic(ground, &found) {
        Some(topic) => told_once(ground, told, technology, Some(&topic)),
        None => found,
    }
}

/// The state that a page is about as a receiver: of most of its transfers, by itself or by its firms.
fn topic(ground: &Ground<'_>, found: &[TransferRecord]) -> Option<String> {
    if found.len() > FEW {
        return None;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for own in found {
        let country = ground
            .parties
            .entities
            .iter()
            .find(|party| party.name == own.to)
            .and_then(|party| party.country.as_deref())
            .and_then(|code| state_name(ground, code));
        *counts
            .entry(country.unwrap_or_else(|| own.to.clone()))
            .or_default() += 1;
    }
    let (name, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count > 1 && count * 3 > found.len() * 2).then_some(name)
}

/// How many transfers a page may tell that is about one receiver: more are a book.
const FEW: usize = 24;

/// The transfers of a page, with the receiver that it is about, where that is known.
fn told_once(
    ground: &Ground<'_>,
    told: &[Told],
    technology: &[Thing],
    topic: Option<&str>,
) -> Vec<TransferRecord> {
    let mut found: Vec<TransferRecord> = Vec::new();
    // Which of them were told by being denied.
    let mut denials: Vec<bool> = Vec::new();
    let mut ends: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    // A word that is in none of these lists, and is no "from", tells no transfer.
    let words = ground.work.words;
    let tells = words.mask("cue", &["flow", "give", "help", "take"])
        | words.mask(
            "grammar",
            &[
                "aid",
                "heading",
                "origin",
                "working",
                "building",
                "sources",
                "going",
                "way",
                "carrying",
                "contracts",
                "asking",
                "arriving",
            ],
        );
    let sellers = frame::sellers(ground, technology);
    let names = known::Names::of(ground);
    let facts = facts::untold(ground, told);
    for own in told.iter().chain(&facts) {
        let fact = own.record.id.is_empty();
        let licensed = matches!(
            own.record.cue.as_str(),
            "approve" | "authorize" | "authorise" | "license" | "sign"
        );
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        let clause = clause_of(ground, told, own, sentence);
        for at in clause.from..clause.to {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            if !tokens.any(words, at, tells)
                && (tokens.all[at].listed == 0 || lower(ground, at) != "from")
            {
                continue;
            }
            let flow = tokens.is(words, at, "cue", "flow")
                && !is_verb_here(ground, at)
                && !noun::of_another(ground, at);
            let give = tokens.is(words, at, "cue", "give") && !noun_here(ground, sentence, at);
            let help = tokens.is(words, at, "cue", "help");
            let take = tokens.is(words, at, "cue", "take");
            let work = tokens.is(words, at, "grammar", "working");
            let build = tokens.is(words, at, "grammar", "building");
            let source = tokens.is(words, at, "grammar", "sources");
            let going = tokens.is(words, at, "grammar", "going");
            let carrying = tokens.is(words, at, "grammar", "carrying");
            let contract = tokens.is(words, at, "grammar", "contracts");
            let asking = tokens.is(words, at, "grammar", "asking");
            let heading = tokens.is(words, at, "grammar", "heading");
            let arriving = tokens.is(words, at, "grammar", "arriving");
            let underway = tokens.is(words, at, "grammar", "way");
            // A noun tells of itself only where it names who gave: `the sale of tanks to Ruritania by Graustark`.
            let named = flow
                && fact
                && (loose::flowing(ground, sentence, at).is_some()
                    || loose::contracted(ground, sentence, at).is_some()
                    || frame::spoken_of(ground, sentence, at));
            let way = fact
                && lower(ground, at) == "from"
                && (loose::flows_here(ground, at) || by_route(ground, sentence, at).is_some());
            if fact
                && !(give
                    || take
                    || named
                    || way
                    || work
                    || build
                    || source
                    || going
                    || underway
                    || carrying
                    || contract)
            {
                continue;
            }
            // `imposed sanctions on X for selling`: the order tells the charge.
            let charge = own.record.kind == "ordered"
                && at > sentence.from
                && lower(ground, at - 1) == "for"
                && lower(ground, at).ends_with("ing")
                || own.record.kind == "ordered" && flow && frame::punished(ground, sentence, at);
            // `detained a freighter carrying tanks from Ruritania to Graustark`: what is seized was on its way.
            let seized = own.record.kind == "ordered"
                && own.cue < at
                && tokens.is(words, own.cue, "status", "intercepted")
                && (lower(ground, at) == "from" || tokens.is(words, at, "grammar", "heading"));
            // `banned the delivery of missiles to Graustark`: what a side stops is its own.
            let stopped = own.record.kind == "ordered"
                && flow
                && own.cue < at
                && at - own.cue < 4
                && lower(ground, own.cue + 1) == "the"
                && tokens.is(words, own.cue, "grammar", "stopping");
            if own.record.kind == "ordered" && !licensed && !charge && !seized && !stopped {
                continue;
            }
            // `turned over warheads to Ruritania`, and not `turned to Ruritania`.
            if matches!(
                lower(ground, at),
                "turned" | "turning" | "hand" | "hands" | "handing"
            ) && lower(ground, at + 1) != "over"
                && !(asking && lower(ground, at + 1) == "to")
            {
                continue;
            }
            // `found that missiles had gone to Ruritania`: nothing is given by finding.
            if lower(ground, at) == "found" && lower(ground, at + 2) != "way" {
                continue;
            }
            if give && word_given(ground, sentence, at) || unreal::unreal(ground, sentence, at) {
                continue;
            }
            // What is promised is given only where the promise is to give: not to stop, and not of a sale that is spoken of. A vow is an
            // undertaking, and tells of nothing given.
            let vowed = matches!(
                own.record.cue.as_str(),
                "promise" | "pledge" | "vow" | "undertake" | "guarantee" | "swear" | "announce"
            );
            let has_not = denies_past(ground, sentence, at);
            if own.record.kind == "promised"
                && own.cue < at
                && !has_not
                && !(flow && !give && frame::ends_flow(ground, sentence, at))
                && ((flow && !give) || vowed || ends_it(ground, own, at))
            {
                continue;
            }
            let route = lower(ground, at) == "from";
            let aid = tokens.is(words, at, "grammar", "aid") && !is_verb_here(ground, at);
            let hit = if stopped {
                loose::stopped(ground, sentence, at, own)
            } else if route {
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
            .or_else(|| ways::hit(ground, sentence, at))
            .or_else(|| {
                (give || flow)
                    .then(|| loose::hit(ground, sentence, at, own, flow && !give))
                    .flatten()
            })
            .or_else(|| {
                let event = [
                    (give, frame::Event::Give),
                    (take, frame::Event::Take),
                    (flow, frame::Event::Flow),
                    (aid, frame::Event::Aid),
                    (help, frame::Event::Help),
                    (work, frame::Event::Work),
                    (build, frame::Event::Build),
                    (source, frame::Event::Source),
                    (going, frame::Event::Go),
                    (underway, frame::Event::Way),
                    (carrying, frame::Event::Carry),
                    (contract, frame::Event::Contract),
                    (asking, frame::Event::Ask),
                    (heading, frame::Event::Bound),
                    (arriving, frame::Event::Arrive),
                ]
                .into_iter()
                .find_map(|(is, event)| is.then_some(event))?;
                let last = found
                    .last()
                    .map(|last| (last.from.as_str(), last.to.as_str()));
                let around = frame::Around {
                    sellers: &sellers,
                    last,
                    topic,
                };
                frame::hit(ground, sentence, at, own, event, &around)
            });
            let Some((from, to, reach)) = hit else {
                continue;
            };
            // `by Toyama Works and Norsk Tools`: two names are two givers.
            let (from, other_giver) = lists::parted(ground, from);
            let (Some(from), Some(to)) = (names.settled(from), names.settled(to)) else {
                continue;
            };
            // Who has no name is nobody in particular.
            let nameless = |name: &str| !name.chars().any(char::is_uppercase);
            if from == to
                || (nameless(&from) && from.is_ascii())
                || (nameless(&to) && to.is_ascii())
            {
                continue;
            }
            if goods::refused(ground, sentence, at) {
                continue;
            }
            if give && goods::on_paper(ground, reach, sentence) {
                continue;
            }
            let to = ends::for_state(ground, to);
            let mut further = if give || flow {
                lists::also(ground, sentence, at, &to)
            } else {
                Vec::new()
            };
            if take {
                further = lists::subjects(ground, sentence, at, &to);
            }
            further.retain(|other| *other != from);
            let (mut things, mut what) = things(ground, technology, reach);
            let mut plain = false;
            if things.is_empty()
                && let Some((id, words)) = taken_up(ground, technology, reach)
            {
                things.push(id);
                what = words;
            }
            if things.is_empty()
                && let Some((id, words)) = goods::of_that_noun(ground, technology, reach)
            {
                things.push(id);
                what = words;
            }
            if things.is_empty()
                && let Some((id, words)) = goods::spoken_of(ground, technology, reach)
            {
                things.push(id);
                what = words;
            }
            // `the missiles it has ordered from`: the thing stands before the clause that tells of it.
            if things.is_empty()
                && (give || take)
                && let Some(before) = goods::head_before(ground, sentence, at)
            {
                (things, what) = self::things(ground, technology, before);
            }
            if things.is_empty()
                && !fact
                && let Some(words) = goods::hardware(ground, reach)
            {
                plain = true;
                what = words;
            }
            // `to hand over to Graustark forty bombers`: the thing stands behind the receiver.
            if things.is_empty()
                && (give || take)
                && let Some(rest) = goods::rest(ground, sentence, reach)
            {
                (things, what) = self::things(ground, technology, rest);
            }
            // Who is taught gets help, whatever it is in.
            if things.is_empty() && help && frame::teaches(ground, at) {
                things.push("technical-assistance".to_owned());
                what = "training".to_owned();
            }
            if things.is_empty() && work {
                things.push("technical-assistance".to_owned());
                what = "specialists at work".to_owned();
            }
            // `received help from Ruritania in building`.
            let helped = take
                && (at + 1..reach.to).any(|place| {
                    ground
                        .work
                        .tokens
                        .is(ground.work.words, place, "grammar", "aid")
                });
            if things.is_empty() && helped {
                things.push("technical-assistance".to_owned());
                what = "assistance".to_owned();
            }
            if things.is_empty() && !plain {
                continue;
            }
            // What will not be given is no transfer; what was not given is one denied.
            let negated =
                (at.saturating_sub(4).max(sentence.from)..(at + 3).min(sentence.to)).any(|place| {
                    ground.work.tokens.all[place].class == Class::Negation
                        || lower(ground, place) == "no"
                });
            let to_come = (at.saturating_sub(5).max(sentence.from)..at)
                .any(|place| ground.work.tokens.all[place].class == Class::Modal);
            // `says that it sells no missiles to Graustark`: a side denies what it is thought to do.
            let unsaid = negated
                && (own.record.kind == "said" || own.record.kind == "promised" && has_not)
                && !to_come
                && own.cue < at
                && side_of(ground, own).is_some_and(|side| side == from);
            if negated && own.record.kind != "denied" && !unsaid {
                continue;
            }
            let status = match transfer_status(ground, sentence, own, at) {
                _ if unsaid => "denied",
                // What neither of the two tells is alleged.
                "declared" | "completed"
                    if own.record.kind == "said" && {
                        let state = own
                            .record
                            .speaker
                            .country
                            .as_deref()
                            .and_then(|code| state_name(ground, code));
                        state.is_none_or(|state| state != from && state != to)
                            && side_of(ground, own).is_none_or(|side| side != from)
                    } =>
                {
                    "alleged"
                }
                _ if stopped => "cancelled",
                "planned" if charge => "alleged",
                // What flows or leaks is nobody's plan.
                "planned" if matches!(lower(ground, at), "flow" | "leak" | "leaks" | "leakage") => {
                    "alleged"
                }
                other => other,
            };
            let denying = unsaid || own.record.kind == "denied";
            // `denies a report that`: one sentence tells of one transfer, and what it denies is denied.
            let told_here = |known: &TransferRecord, denied: bool| {
                denied != denying
                    && (if denied { status } else { known.status }) != "alleged"
                    && known.at.overlaps(&own.record.at)
                    && (known.technology.iter().any(|own| things.contains(own)))
            };
            let same = |known: &TransferRecord, denied: bool| {
                known.from == from
                    && known.to == to
                    && (told_here(known, denied)
                        || denied == denying
                            && (denying || plain || akin(ground, &known.technology, &things)))
            };
            // Transfers between the same two: only these can be the same.
            let between = ends.entry((from.clone(), to.clone())).or_default();
            let known = between.iter().copied().find(|place| {
                let denied = denials.get(*place).copied().unwrap_or_default();
                found.get(*place).is_some_and(|known| same(known, denied))
            });
            let place = known;
            match place.and_then(|place| found.get_mut(place)) {
                Some(known) => {
                    // Statements come in order: the last is this one, or none is.
                    if status == "denied" {
                        known.status = status;
                    }
                    if let Some(denied) = place.and_then(|place| denials.get_mut(place)) {
                        *denied |= denying;
                    }
                    if !fact && known.statements.last() != Some(&own.record.id) {
                        known.statements.push(own.record.id.clone());
                    }
                    for thing in things {
                        if !known.technology.contains(&thing) {
                            known.technology.push(thing);
                        }
                    }
                }
                None => {
                    // The charge stands where it was told, and its denial with it.
                    let charge = between
                        .iter()
                        .copied()
                        .find(|place| denying && denials.get(*place) == Some(&false));
                    if let Some(known) = charge.and_then(|place| found.get_mut(place)) {
                        if known.statements.last() != Some(&own.record.id) {
                            known.statements.push(own.record.id.clone());
                        }
                        continue;
                    }
                    let record_from = from.clone();
                    let mut beside = if give || help {
                        lists::beside(ground, sentence, at, &from)
                    } else {
                        Vec::new()
                    };
                    if take {
                        beside = lists::sources(ground, sentence, at, &record_from);
                    } else if give && beside.is_empty() {
                        beside = lists::subjects(ground, sentence, at, &record_from);
                    }
                    beside.extend(other_giver.and_then(|other| names.settled(other)));
                    let record = TransferRecord {
                        from,
                        to,
                        what,
                        technology: things,
                        status,
                        statements: if fact {
                            Vec::new()
                        } else {
                            vec![own.record.id.clone()]
                        },
                        when: None,
                        at: own.record.at,
                    };
                    let second: Vec<TransferRecord> = further
                        .into_iter()
                        .map(|to| TransferRecord {
                            to,
                            ..record.clone()
                        })
                        .collect();
                    between.push(found.len());
                    let others: Vec<TransferRecord> = beside
                        .into_iter()
                        .filter(|name| *name != record.to)
                        .map(|from| TransferRecord {
                            from,
                            ..record.clone()
                        })
                        .collect();
                    found.push(record);
                    for other in others {
                        let between = ends
                            .entry((other.from.clone(), other.to.clone()))
                            .or_default();
                        if between.is_empty() {
                            between.push(found.len());
                            found.push(other);
                        }
                    }
                    for second in second {
                        ends.entry((second.from.clone(), second.to.clone()))
                            .or_default()
                            .push(found.len());
                        found.push(second);
                    }
                    denials.resize(found.len(), denying);
                }
            }
        }
    }
    found
}

/// Whether what is given is the same or of one kind: `the missiles` of the Scud missiles told before.
fn akin(ground: &Ground<'_>, known: &[String], things: &[String]) -> bool {
    let alike = |own: &String| ground.work.words.is("grammar", "tech_akin", own);
    known.iter().any(|own| things.contains(own))
        || known.iter().any(alike) && things.iter().any(alike)
}

/// `has not transferred`, `has never sold`.
fn denies_past(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let low = at.saturating_sub(3).max(sentence.from);
    (low..at).any(|own| ground.work.tokens.all[own].class == Class::Have)
        && (low..at).any(|own| ground.work.tokens.all[own].class == Class::Negation)
}

/// `promised to stop selling`, `vowed that no tank would be sold`: a promise that ends or forbids what the word tells.
fn ends_it(ground: &Ground<'_>, own: &Told, at: usize) -> bool {
    // Each clause of a promise is one of its own.
    let from = (own.cue + 1..at)
        .rev()
        .find(|place| ground.work.tokens.all[*place].class == Class::That)
        .unwrap_or(own.cue + 1);
    (from..at).any(|place| {
        ground.work.tokens.all[place].class == Class::Negation
            || ground
                .work
                .tokens
                .is(ground.work.words, place, "grammar", "ends")
    })
}

/// The part of a sentence that a statement covers: between semicolons, where another statement stands beyond them.
fn clause_of(ground: &Ground<'_>, told: &[Told], own: &Told, sentence: Stretch) -> Stretch {
    let mut clause = sentence;
    // Statements stand in the order of their sentences.
    let first = told.partition_point(|other| other.sentence < own.sentence);
    let here = || {
        told.iter()
            .skip(first)
            .take_while(|other| other.sentence == own.sentence)
    };
    if here().nth(1).is_none() {
        return clause;
    }
    for at in sentence.from..sentence.to {
        if lower(ground, at) != ";" || !here().any(|other| (other.cue < at) != (own.cue < at)) {
            continue;
        }
        if at < own.cue {
            clause.from = at + 1;
        } else {
            clause.to = at;
            break;
        }
    }
    clause
}

/// `gave Ruritania its word`, `gave the firm two weeks`: nothing that could be carried.
fn word_given(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    matches!(
        lower(ground, at),
        "give" | "gives" | "gave" | "given" | "giving" | "offer" | "offered"
    ) && (at + 1..(at + 7).min(sentence.to)).any(|place| {
        let tokens = &ground.work.tokens;
        tokens.is(ground.work.words, place, "commitment", "word")
            || matches!(
                lower(ground, place),
                "until" | "notice" | "weeks" | "days" | "months" | "assurances"
            )
    })
}

/// Giver, receiver, and where the thing is named.
pub(crate) type Hit = (String, String, Stretch);
