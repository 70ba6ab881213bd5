//! Who is meant by `the Graustark firm`: the firm that the page names, and nobody where it names none or more.
//!
//! A description of several (`Graustark firms`) stands as it is told; one that could be told by its name does not.

use super::ends::party_name;
use crate::statements::Ground;

/// The party that a giver or a receiver goes by, or nothing where a single body is described and not known.
pub(super) fn settled(ground: &Ground<'_>, name: String) -> Option<String> {
    let words = ground.work.words;
    let parties = &ground.parties;
    let state = words
        .states
        .iter()
        .any(|state| state.names.first() == Some(&name));
    if state {
        return Some(name);
    }
    // A region neither gives nor gets.
    let last = name.rsplit(' ').next().unwrap_or(&name).to_lowercase();
    if words.is("grammar", "regions", &last) {
        return None;
    }
    if parties.entities.iter().any(|own| own.name == name) {
        return Some(name);
    }
    // A name of which the page has more letters than the evened-out text: as the page spells it.
    let spelled = parties
        .entities
        .iter()
        .enumerate()
        .find(|(index, own)| !own.name.is_ascii() && party_name(ground, *index) == name);
    if let Some((_, own)) = spelled {
        return Some(own.name.clone());
    }
    let Some((lead, noun)) = name.rsplit_once(' ') else {
        // A word that no party of the page bears is no name: it only looks like one. As the page first spells it will do.
        let borne =
            parties.entities.iter().enumerate().any(|(index, own)| {
                own.name.starts_with(&name) || party_name(ground, index) == name
            });
        return borne.then_some(name);
    };
    let body = words.is("body", "firm", noun) || words.is("grammar", "singular_bodies", noun);
    if !body {
        return Some(name);
    }
    // `a Graustark firm`, `the Harbourtown trading house`: of which country.
    let code = words.states.iter().find(|state| {
        let told = |own: &String| {
            lead.strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        state.demonyms.iter().any(told)
            || state.cities.iter().any(told)
            || state.names.iter().any(told)
    });
    let Some(code) = code.map(|state| state.code.as_str()) else {
        return Some(name);
    };
    let mut firms = parties.entities.iter().filter(|own| {
        matches!(own.kind, "company" | "institute") && own.country.as_deref() == Some(code)
    });
    match (firms.next(), firms.next()) {
        (Some(firm), None) => Some(firm.name.clone()),
        _ => None,
    }
}
