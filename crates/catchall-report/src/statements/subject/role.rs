//! Roles with their owner: `Ruritanian Foreign Ministry spokesman`, `the ministry's officials`.

use super::{Candidate, Subject};
use crate::gazetteer::Word;
use crate::gazetteer::words::Class;
use crate::statements::{Ground, class, lower};
use crate::tokens::{Shape, Stretch};

/// Words that may stand between a country and the role: `senior`, `Defense`, `government`.
pub(super) fn modifier(ground: &Ground<'_>, at: usize) -> bool {
    let Some(token) = ground.work.tokens.all.get(at) else {
        return false;
    };
    (token.shape == Shape::Word && token.capital && matches!(token.class, Class::None))
        || token.marks & Word::MODIFIER != 0
        || ground.parties.demonym(at).is_some()
}

/// The anonymity that a role word brings, and whether it is many.
pub(super) fn role_word(ground: &Ground<'_>, at: usize) -> Option<(&'static str, bool)> {
    let token = ground.work.tokens.all.get(at)?;
    if token.shape != Shape::Word {
        return None;
    }
    if token.marks & Word::ROLE == 0 {
        return None;
    }
    let word = lower(ground, at);
    let role = ground.work.words.role(word)?;
    let many = word.ends_with('s') && !word.ends_with("ss")
        || matches!(
            word,
            "many"
                | "few"
                | "most"
                | "both"
                | "police"
                | "spokesmen"
                | "congressmen"
                | "some"
                | "others"
        );
    Some((
        role,
        many && role != "office" || matches!(word, "authorities" | "leadership"),
    ))
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one noun phrase, found together by its only caller"
)]
pub(super) fn role(
    ground: &Ground<'_>,
    sentence: Stretch,
    from: usize,
    at: usize,
    entity: Option<usize>,
    outlet: bool,
    kind: &'static str,
    many: bool,
) -> Option<Candidate> {
    // Modifiers to the left belong to the name: demonyms and bodies.
    let mut start = from;
    let mut owner = entity;
    while start > sentence.from && start + 6 > from {
        let before = start - 1;
        if let Some(mention) = ground.parties.at(before) {
            if ground.parties.entities[mention.entity].kind == "person" {
                break;
            }
            owner = owner.or(Some(mention.entity));
            start = mention.at.from;
        } else if modifier(ground, before) {
            start = before;
        } else if let Some(own) = over_plain_nouns(ground, sentence, start) {
            start = own;
        } else if lower(ground, before) == "'s"
            && ground.parties.at(before.saturating_sub(1)).is_some()
            && before > sentence.from
        {
            let mention = ground.parties.at(before - 1)?;
            owner = owner.or(Some(mention.entity));
            start = mention.at.from;
        } else {
            break;
        }
    }
    let word = lower(ground, at);
    let quantifier = matches!(
        word,
        "many" | "some" | "others" | "few" | "most" | "several" | "both"
    );
    if quantifier
        && !(matches!(class(ground, at + 1), Class::Verb(..) | Class::Preposition)
            || lower(ground, at + 1) == "in")
    {
        return None;
    }
    let statement = matches!(word, "statement" | "communique" | "report" | "reports");
    // `Ruritania's space agency`: an office, where its field is not the news.
    let field = at.checked_sub(1).filter(|before| *before >= start);
    let office = matches!(word, "agency" | "agencies")
        && !outlet
        && field.is_some_and(|before| {
            let token = ground.work.tokens.all[before];
            token.shape == Shape::Word
                && token.class == Class::None
                && !token.capital
                && ground.parties.demonym(before).is_none()
                && !ground
                    .work
                    .tokens
                    .is(ground.work.words, before, "outlet", "wire")
        });
    let kind = if office { "office" } else { kind };
    let country = (start..at)
        .find_map(|place| ground.parties.demonym(place).map(str::to_owned))
        .or_else(|| owner.and_then(|own| ground.parties.entities[own].country.clone()));
    if statement && owner.is_none() && country.is_none() {
        return None;
    }
    let text = |from: usize| {
        let (from, to) = ground.work.tokens.bytes(Stretch { from, to: at + 1 });
        ground
            .work
            .page
            .folded
            .get(from..to)
            .unwrap_or_default()
            .to_owned()
    };
    let administration = (start..at).any(|place| lower(ground, place) == "administration");
    let party = owner
        .or_else(|| ground.parties.administration().filter(|_| administration))
        .or_else(|| {
            let code = country.as_deref()?;
            ground.parties.government(code).filter(|_| {
                kind != "outlet"
                    && matches!(
                        word,
                        "officials"
                            | "official"
                            | "authorities"
                            | "government"
                            | "policy-makers"
                            | "leaders"
                    )
            })
        });
    // What only points or counts is no part of the name.
    let points = |place: usize| {
        matches!(
            lower(ground, place),
            "other"
                | "same"
                | "some"
                | "many"
                | "several"
                | "most"
                | "few"
                | "unnamed"
                | "the"
                | "a"
                | "an"
                | "these"
                | "those"
                | "-"
        )
    };
    let mut head = start;
    while head < at && points(head) {
        head += 1;
    }
    let name = if statement && owner.is_some() {
        None
    } else {
        Some(text(head))
    };
    let country =
        country.or_else(|| party.and_then(|own| ground.parties.entities[own].country.clone()));
    Some(Candidate {
        from: start,
        to: at + 1,
        subject: Subject {
            entity: party,
            name,
            role: Some(word.to_owned()),
            country,
            anonymity: match kind {
                "outlet" => "anonymous",
                other => other,
            },
            outlet: outlet || kind == "outlet",
            many,
        },
    })
}

/// `Seoul's unification ministry`, `the Croatian transport ministry`: one or two plain nouns stand between owner and role.
fn over_plain_nouns(ground: &Ground<'_>, sentence: Stretch, start: usize) -> Option<usize> {
    let mut at = start;
    while at > sentence.from && at + 2 > start {
        let token = ground.work.tokens.all.get(at - 1)?;
        if token.shape != Shape::Word || token.capital || token.class != Class::None {
            break;
        }
        at -= 1;
    }
    let before = at.checked_sub(1).filter(|own| *own >= sentence.from)?;
    let owned = lower(ground, before) == "'s"
        && before > sentence.from
        && ground.parties.at(before - 1).is_some();
    (at < start && (owned || ground.parties.demonym(before).is_some())).then_some(at)
}
