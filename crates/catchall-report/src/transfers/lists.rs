//! Lists: further receivers, givers and subjects beside the one that a form of sentence found, and names joined in one.
//!
//! A list counts only where it is closed by an "and" and opens where a party may stand. To grow: a list is a function here.

use super::ends::party_name;
use super::loose::before_auxiliaries;
use super::receiver::receiver;
use crate::gazetteer::words::Class;
use crate::statements::Ground;
use crate::tokens::Stretch;
use crate::undertakings::lower;

/// Further receivers: `to Ruritania and Graustark`, `to Ruritania, Graustark and Elbonia`.
pub(super) fn also(ground: &Ground<'_>, sentence: Stretch, at: usize, first: &str) -> Vec<String> {
    match receiver(ground, sentence, at + 1).filter(|end| end.name == first) {
        Some(end) => listed(ground, end.past, "to"),
        None => Vec::new(),
    }
}

/// Further givers: `received nothing from Ruritania or Graustark`.
pub(super) fn sources(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    first: &str,
) -> Vec<String> {
    let end = (at + 18).min(sentence.to);
    let Some(from) = (at + 1..end).find(|own| lower(ground, *own) == "from") else {
        return Vec::new();
    };
    let place = from + 1 + usize::from(lower(ground, from + 1) == "the");
    match ground.parties.at(place) {
        Some(own) if party_name(ground, own.entity) == first => listed(ground, own.at.to, "from"),
        _ => Vec::new(),
    }
}

/// Further subjects: `Ruritania and Graustark have both bought`.
pub(super) fn subjects(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    last: &str,
) -> Vec<String> {
    let mut place = before_auxiliaries(ground, sentence, at);
    while place > sentence.from && matches!(lower(ground, place - 1), "both" | "all" | "each") {
        place = before_auxiliaries(ground, sentence, place - 1);
    }
    let mut found = Vec::new();
    let Some(mut own) = place.checked_sub(1).and_then(|own| ground.parties.at(own)) else {
        return found;
    };
    let state = |entity: usize| ground.parties.entities[entity].kind == "state";
    if !state(own.entity) || party_name(ground, own.entity) != last {
        return found;
    }
    while found.len() < 6 {
        let mut next = own.at.from;
        while next > sentence.from && matches!(lower(ground, next - 1), "," | "and") {
            next -= 1;
        }
        let before = next
            .checked_sub(1)
            .filter(|place| next < own.at.from && *place >= sentence.from)
            .and_then(|place| ground.parties.at(place))
            .filter(|other| other.at.to == next && state(other.entity));
        let Some(other) = before else { break };
        found.push(party_name(ground, other.entity));
        own = other;
    }
    // `firms in Ruritania and Graustark sold`: a list that a clause does not open is none of subjects.
    let opens = own.at.from == sentence.from
        || matches!(
            ground.work.tokens.all[own.at.from - 1].class,
            Class::That | Class::Conjunction
        )
        || matches!(lower(ground, own.at.from - 1), "," | "both");
    if !opens {
        found.clear();
    }
    found
}

/// The states that go on a list behind a token.
fn listed(ground: &Ground<'_>, from: usize, link: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut place = from;
    let mut closed = false;
    while found.len() < 6 && !closed {
        let mut next = place;
        while matches!(lower(ground, next), "," | "and" | "or") && next < place + 2 {
            closed |= matches!(lower(ground, next), "and" | "or");
            next += 1;
        }
        if next == place {
            break;
        }
        next += usize::from(lower(ground, next) == link);
        next += usize::from(lower(ground, next) == "the");
        let Some(mention) = ground.parties.at(next) else {
            break;
        };
        let entity = &ground.parties.entities[mention.entity];
        let state = entity.kind == "state"
            && lower(ground, mention.at.to) != "'s"
            && !matches!(
                ground
                    .work
                    .tokens
                    .all
                    .get(mention.at.to)
                    .map(|own| own.class),
                Some(Class::Verb(..) | Class::Have | Class::Modal | Class::Be)
            );
        if !state {
            closed = false;
            break;
        }
        found.push(party_name(ground, mention.entity));
        place = mention.at.to;
    }
    // A list that no "and" closes is none: `to Ruritania, Graustark said`.
    if !closed {
        found.clear();
    }
    found
}

/// `The Oka bureau, the Volsk plant and the Tochmash institute sold`: the firms that stand in one list with the giver, before it.
pub(super) fn beside(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    giver: &str,
) -> Vec<String> {
    let firm = |entity: usize| {
        matches!(
            ground.parties.entities[entity].kind,
            "company" | "institute"
        )
    };
    let low = at.saturating_sub(14).max(sentence.from);
    let last = (low..at).rev().find_map(|place| ground.parties.at(place));
    let Some(mut right) = last
        .filter(|own| firm(own.entity) && party_name(ground, own.entity) == giver)
        .map(|own| own.at.from)
    else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    while found.len() < 8 {
        let mut place = right;
        // `and the research institute X`: what X is, in plain words.
        let mut steps = 0;
        while place > sentence.from
            && steps < 4
            && matches!(
                ground.work.tokens.all[place - 1].class,
                Class::None | Class::Article | Class::Noun(_)
            )
            && ground.work.tokens.all[place - 1].shape == crate::tokens::Shape::Word
            && ground.parties.at(place - 1).is_none()
        {
            place -= 1;
            steps += 1;
        }
        let mut joined = false;
        // `engineers from X and from Y`.
        if place > sentence.from + 1
            && matches!(lower(ground, place - 1), "from" | "of" | "by")
            && matches!(lower(ground, place - 2), "," | "and")
        {
            place -= 1;
        }
        while place > sentence.from && matches!(lower(ground, place - 1), "," | "and") {
            place -= 1;
            joined = true;
        }
        let before = place
            .checked_sub(1)
            .filter(|before| joined && *before >= sentence.from)
            .and_then(|before| ground.parties.at(before))
            .filter(|own| firm(own.entity) && own.at.to == place);
        let Some(own) = before else { break };
        let name = party_name(ground, own.entity);
        if name != giver && !found.contains(&name) {
            found.push(name);
        }
        right = own.at.from;
    }
    found
}

/// `firms in Ruritania, Graustark and Elbonia supplied`: the last of a list of places.
pub(super) fn listed_place(ground: &Ground<'_>, sentence: Stretch, from: usize) -> bool {
    let mut at = from;
    for _ in 0..6 {
        let mut before = at;
        while before > sentence.from && matches!(lower(ground, before - 1), "," | "and" | "or") {
            before -= 1;
        }
        let joined = (before..at).any(|own| matches!(lower(ground, own), "and" | "or"));
        if before == at || before == sentence.from || (at == from && !joined) {
            return false;
        }
        let Some(mention) = ground.parties.at(before - 1) else {
            return false;
        };
        at = mention.at.from;
        if at > sentence.from && matches!(lower(ground, at - 1), "in" | "from" | "with" | "between")
        {
            return true;
        }
    }
    false
}

/// Two names of firms joined by "and", where no list knows the whole as one, or the firms of two countries: the first and the second.
pub(super) fn parted(ground: &Ground<'_>, name: String) -> (String, Option<String>) {
    // `Ruritanian and Graustark firms`: of each.
    let halves = name.split_once(" and ");
    if let Some((one, two)) = halves
        && let Some((two_adjective, noun)) = two.rsplit_once(' ')
        && is_adjective(ground, one)
        && is_adjective(ground, two_adjective)
    {
        return (
            format!("{one} {noun}"),
            Some(format!("{two_adjective} {noun}")),
        );
    }
    let several = |part: &str| {
        part.split(' ')
            .all(|word| word.starts_with(char::is_uppercase))
    };
    let parts = halves
        .filter(|(one, two)| several(one) && several(two) && one.contains(' '))
        .map(|(one, two)| (one.to_owned(), two.to_owned()));
    match parts {
        Some((one, two)) if ground.parties.entities.iter().all(|own| own.name != name) => {
            (one, Some(two))
        }
        _ => (name, None),
    }
}

/// Whether the words are an adjective of a state.
fn is_adjective(ground: &Ground<'_>, words: &str) -> bool {
    let states = &ground.work.words.states;
    states
        .iter()
        .any(|state| state.demonyms.iter().any(|own| own == words))
}
