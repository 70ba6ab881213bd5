//! Who is meant by `the Graustark firm`: the firm that the page names, and nobody where it names none or more.
//!
//! A description of several (`Graustark firms`) stands as it is told; one that could be told by its name does not.

use crate::statements::Ground;

/// The party that a giver or a receiver goes by, or nothing where a single body is described and not known.
pub(super) fn settled(ground: &Ground<'_>, name: String) -> Option<String> {
    let words = ground.work.words;
    let parties = &ground.parties;
    if let Some(own) = parties.entities.iter().find(|own| own.name == name) {
        // A region neither gives nor gets.
        let region = own.kind == "organisation"
            && name
                .rsplit(' ')
                .next()
                .is_some_and(|word| words.is("grammar", "regions", &word.to_lowercase()));
        return (!region).then_some(name);
    }
    let (lead, noun) = name.rsplit_once(' ')?;
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
