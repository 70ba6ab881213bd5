//! Phrases that can speak and begin at a place: parties, outlets, papers that no list knows.

use super::role::{modifier, role, role_word};
use super::{Candidate, Subject};
use crate::gazetteer::words::{Class, Form};
use crate::parties::Mention;
use crate::statements::{Ground, class, lower};
use crate::tokens::{Shape, Stretch};

pub(super) fn named(ground: &Ground<'_>, entity: usize) -> Subject {
    let kind = ground.parties.entities[entity].kind;
    Subject {
        entity: Some(entity),
        anonymity: match kind {
            "person" => "named",
            "agency" | "official" => "office",
            _ => "collective",
        },
        ..Subject::default()
    }
}

/// A phrase that can speak and begins at or holds this token.
pub(super) fn candidate(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Candidate> {
    if matches!(
        class(ground, at),
        Class::Preposition
            | Class::Be
            | Class::Have
            | Class::Do
            | Class::Modal
            | Class::That
            | Class::Conjunction
            | Class::Subordinate
            | Class::Pronoun
            | Class::Negation
    ) || ground.work.apparatus.holds(at)
    {
        return None;
    }
    let mention = ground.parties.at(at).copied();
    let outlet = ground.parties.outlet(at);
    let mut to = mention
        .map(|own| own.at.to)
        .or(outlet.map(|(own, _)| own.to))
        .unwrap_or(at);
    let from = mention
        .map(|own| own.at.from)
        .or(outlet.map(|(own, _)| own.from))
        .unwrap_or(at);
    if mention.is_none()
        && outlet.is_none()
        && let Some(found) = unknown_paper(ground, sentence, at)
    {
        return Some(found);
    }
    // A role behind names its bearer: `Ruritanian Foreign Ministry spokesman`, `U.S. officials`, `Clinton administration officials`.
    let mut role_at = to;
    if mention.is_none() && outlet.is_none() {
        let token = ground.work.tokens.all.get(at)?;
        if token.shape != Shape::Word {
            return None;
        }
        role_at = at;
    }
    while role_at < sentence.to
        && role_at < to + 5
        && modifier(ground, role_at)
        && role_word(ground, role_at).is_none()
    {
        role_at += 1;
    }
    // `U.S. intelligence officials`: of two such words the last is the head.
    while role_word(ground, role_at).is_some()
        && role_at + 1 < sentence.to
        && modifier(ground, role_at)
        && role_word(ground, role_at + 1).is_some_and(|(_, many)| many)
    {
        role_at += 1;
    }
    let genitive = matches!(lower(ground, role_at), "'s" | "'");
    if let (Some((kind, many)), false) = (role_word(ground, role_at), genitive) {
        let person_behind = ground
            .parties
            .at(role_at + 1)
            .filter(|own| ground.parties.entities[own.entity].kind == "person");
        if let Some(person) = person_behind {
            return Some(Candidate {
                from,
                to: person.at.to,
                subject: named(ground, person.entity),
            });
        }
        if let Some(person) = bearer_behind(ground, sentence, role_at) {
            return Some(Candidate {
                from,
                to: person.at.to,
                subject: named(ground, person.entity),
            });
        }
        if lower(ground, role_at + 1) == "," {
            let behind = ground
                .parties
                .at(role_at + 2)
                .filter(|own| ground.parties.entities[own.entity].kind == "person");
            if let Some(person) = behind.filter(|own| matches!(lower(ground, own.at.to), "," | "."))
            {
                return Some(Candidate {
                    from,
                    to: person.at.to + usize::from(lower(ground, person.at.to) == ","),
                    subject: named(ground, person.entity),
                });
            }
        }
        if kind == "outlet"
            && ground.parties.outlet(role_at + 1).is_none()
            && let Some(found) = unknown_paper(ground, sentence, role_at + 1)
        {
            return Some(Candidate { from, ..found });
        }
        let person = mention.filter(|own| ground.parties.entities[own.entity].kind == "person");
        if person.is_none() {
            return role(
                ground,
                sentence,
                from,
                role_at,
                mention.map(|own| own.entity),
                outlet.is_some(),
                kind,
                many,
            );
        }
    }
    if let Some(mention) = mention {
        to = mention.at.to;
        return Some(Candidate {
            from: mention.titled.min(mention.at.from),
            to,
            subject: named(ground, mention.entity),
        });
    }
    let (_, index) = outlet?;
    let row = ground.work.words.outlets.get(usize::from(index))?;
    if ground
        .work
        .tokens
        .is(ground.work.words, to, "outlet", "tail")
    {
        to += 1;
    }
    Some(Candidate {
        from,
        to,
        subject: Subject {
            name: Some(
                ground
                    .work
                    .tokens
                    .text(&ground.work.page.folded, from)
                    .to_owned(),
            )
            .filter(|_| to == from + 1)
            .or_else(|| row.names.first().cloned()),
            role: Some(row.kind.clone()),
            country: (!row.country.is_empty()).then(|| row.country.clone()),
            anonymity: "named",
            outlet: true,
            ..Subject::default()
        },
    })
}

/// `Director of Central Analysis A. Name`: who bears an office that says what it is for.
fn bearer_behind(ground: &Ground<'_>, sentence: Stretch, role: usize) -> Option<Mention> {
    if !matches!(lower(ground, role + 1), "of" | "for") {
        return None;
    }
    for at in role + 2..(role + 9).min(sentence.to) {
        if let Some(mention) = ground
            .parties
            .at(at)
            .filter(|own| ground.parties.entities[own.entity].kind == "person")
        {
            return (mention.at.from == at).then_some(*mention);
        }
        let token = ground.work.tokens.all[at];
        let goes_on = token.shape == Shape::Word
            && (token.capital || matches!(lower(ground, at), "and" | "the" | "of" | "for"));
        if !goes_on {
            return None;
        }
    }
    None
}

/// `The Harbour Gazette wrote`: capitalised words that end in the name of a kind of paper, known to no list, before a verb of speech.
fn unknown_paper(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Candidate> {
    let capital = |place: usize| {
        ground
            .work
            .tokens
            .all
            .get(place)
            .is_some_and(|token| token.shape == Shape::Word && token.capital)
    };
    let first = at > sentence.from && capital(at - 1) && class(ground, at - 1) != Class::Article;
    if !capital(at) || first {
        return None;
    }
    let mut to = at + 1;
    while to < sentence.to && to < at + 5 {
        let joined = lower(ground, to) == "-" && capital(to + 1);
        if !capital(to) && !joined {
            break;
        }
        to += 1 + usize::from(joined);
    }
    let called = at > sentence.from
        && matches!(
            lower(ground, at - 1),
            "daily"
                | "weekly"
                | "newspaper"
                | "paper"
                | "magazine"
                | "agency"
                | "tabloid"
                | "monthly"
        );
    let paper = called
        || ground
            .work
            .tokens
            .is(ground.work.words, to - 1, "outlet", "papers");
    let speaks = (to..(to + 2).min(sentence.to)).any(|place| {
        matches!(
            class(ground, place),
            Class::Verb(_, Form::Past | Form::Third)
        ) || class(ground, place) == Class::Have
            || lower(ground, place) == ","
    });
    if (to < at + 2 && !called) || !paper || !speaks {
        return None;
    }
    let (begin, end) = ground.work.tokens.bytes(Stretch { from: at, to });
    let name = ground.work.page.folded.get(begin..end)?.to_owned();
    Some(Candidate {
        from: at,
        to,
        subject: Subject {
            name: Some(name),
            role: Some("newspaper".to_owned()),
            anonymity: "named",
            outlet: true,
            ..Subject::default()
        },
    })
}
