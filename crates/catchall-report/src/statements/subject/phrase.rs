//! Noun phrases with a tail: `the head of the agency`, `a spokesman for the ministry`, and what governs them.

use super::candidate::candidate;
use super::ending::titled;
use super::left::{date_ending, opens_with_date};
use super::{Candidate, Subject};
use crate::gazetteer::words::{Class, Form};
use crate::statements::{Ground, class, lower};
use crate::tokens::{Shape, Stretch};

/// The head of the noun phrase, with what hangs on it, that ends before a token.
pub(super) fn phrase(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    if let Some(subject) = titled(ground, sentence, at) {
        return Some(subject);
    }
    let low = at.saturating_sub(24).max(sentence.from);
    let mut from = at;
    while from > low {
        let before = from - 1;
        let word = lower(ground, before);
        let stop = matches!(
            word,
            "," | ";" | ":" | "\"" | "—" | "(" | ")" | "." | "?" | "!"
        ) || matches!(
            class(ground, before),
            Class::That
                | Class::Be
                | Class::Have
                | Class::Do
                | Class::Modal
                | Class::Subordinate
                | Class::Pronoun
        ) || (matches!(
            class(ground, before),
            Class::Verb(_, Form::Base | Form::Third | Form::Past)
        ) && candidate(ground, sentence, before).is_none()
            && !noun_here(ground, before)
            && !reached(ground, before)
            && ground.parties.at(before).is_none());
        if stop {
            break;
        }
        from = before;
    }
    let mut best: Option<Candidate> = None;
    let mut joint: Vec<Subject> = Vec::new();
    let mut place = from;
    while place < at {
        let Some(found) = candidate(ground, sentence, place) else {
            place += 1;
            continue;
        };
        let to = found.to;
        place = to.max(place + 1);
        // `after Ruritania pledged`: the preposition governs the clause and not its subject.
        let clause = to == at
            && found.from > sentence.from
            && matches!(
                lower(ground, found.from - 1),
                "after" | "before" | "since" | "until"
            );
        if matches!(lower(ground, to), "'s" | "'") && to < at
            || (governed(ground, sentence, found.from) && !clause)
        {
            continue;
        }
        match &best {
            Some(own) if lower(ground, own.to) == "and" && found.from <= own.to + 3 => {
                joint.push(found.subject.clone());
            }
            Some(own) if found.from > own.to + 1 => {}
            _ => best = Some(found),
        }
        if best.is_some() && class(ground, place) == Class::Preposition {
            // What hangs on the head is no subject of its own.
            break;
        }
    }
    let Some(best) = best else {
        return branch(ground, sentence, at);
    };
    let mut subject = best.subject;
    // The head must reach the verb: only its own prepositional phrases may stand between.
    let between = (best.to..at).all(|place| class(ground, place) != Class::Pronoun);
    if !between {
        return None;
    }
    if best.to < at && joint.is_empty() {
        let next = class(ground, best.to);
        let hangs = matches!(next, Class::Preposition | Class::Conjunction)
            || reached(ground, best.to)
            || matches!(
                lower(ground, best.to),
                "-" | "himself" | "herself" | "itself"
            )
            || ground.work.tokens.all[best.to].shape == Shape::Number;
        if !hangs {
            return None;
        }
        if subject.entity.is_none() || subject.anonymity == "office" {
            attach(
                ground,
                &mut subject,
                Stretch {
                    from: best.to,
                    to: at,
                },
            );
        }
    }
    if let Some(other) = joint.first() {
        let names = [subject.name_in(ground), other.name_in(ground)];
        subject.name = Some(names.join(" and "));
        subject.many = true;
    }
    Some(subject)
}

/// `an official quoted in the paper`, `a diplomat contacted by telephone`: a participle that hangs on who speaks.
fn reached(ground: &Ground<'_>, at: usize) -> bool {
    matches!(
        lower(ground, at),
        "quoted" | "cited" | "interviewed" | "contacted" | "reached" | "familiar" | "close"
    ) && matches!(class(ground, at + 1), Class::Preposition)
        && at > 0
        && !matches!(class(ground, at - 1), Class::Be | Class::Have)
}

/// `the regional branch of the Federal Service`: a part of the body that stands for it.
fn branch(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let mention = ground.parties.at(at.checked_sub(1)?)?;
    let entity = &ground.parties.entities[mention.entity];
    let of = mention
        .at
        .from
        .checked_sub(1 + usize::from(lower(ground, mention.at.from.checked_sub(1)?) == "the"))?;
    let part = of > sentence.from
        && mention.at.to == at
        && lower(ground, of) == "of"
        && entity.kind != "person"
        && ground
            .work
            .tokens
            .is(ground.work.words, of - 1, "grammar", "part");
    part.then(|| super::named(ground, mention.entity))
}

/// A word that could be a verb but follows an article or an adjective.
fn noun_here(ground: &Ground<'_>, at: usize) -> bool {
    at > 0
        && (matches!(class(ground, at - 1), Class::Article | Class::Preposition)
            || matches!(lower(ground, at - 1), "'s" | "-"))
}

/// `a spokesman for the ministry`, `an official in Ruritania`: country and party from what hangs on the head.
pub(super) fn attach(ground: &Ground<'_>, subject: &mut Subject, at: Stretch) {
    let Some(mention) = ground.parties.within(at).next() else {
        return;
    };
    let entity = &ground.parties.entities[mention.entity];
    // `Ruritania's mission to the United Nations`: where it is sent, and not whose it is.
    let before = mention.at.from.saturating_sub(1);
    let sent = if class(ground, before) == Class::Article {
        before.saturating_sub(1)
    } else {
        before
    };
    let sent = lower(ground, sent) == "to" && subject.country.is_some();
    if entity.kind == "person" || sent {
        return;
    }
    subject.entity.get_or_insert(mention.entity);
    if subject.country.is_none() {
        subject.country.clone_from(&entity.country);
    }
    if let Some(name) = &mut subject.name
        && entity.kind != "state"
    {
        *name = format!("{} {name}", entity.name);
    }
}

/// Whether a noun phrase hangs on a preposition.
pub(super) fn governed(ground: &Ground<'_>, sentence: Stretch, from: usize) -> bool {
    let mut at = from;
    while at > sentence.from {
        let before = at - 1;
        // `In 1996 Ruritania had ...`: a date in front governs nothing.
        if date_ending(ground, at, sentence).is_some() || opens_with_date(ground, at, sentence) {
            return false;
        }
        // `Under those understandings Ruritania agreed`: the preposition holds the noun and not the state behind it.
        if at == from
            && ground.work.tokens.all[from].capital
            && !ground.work.tokens.all[before].capital
            && ground
                .work
                .tokens
                .is(ground.work.words, before, "commitment", "noun")
        {
            return false;
        }
        match class(ground, before) {
            // `Under Secretary of Commerce`: part of the title.
            Class::Preposition
                if lower(ground, before) == "under" && lower(ground, before + 1) == "secretary" =>
            {
                at = before;
            }
            Class::Preposition => {
                return !matches!(lower(ground, before), "following" | "including");
            }
            Class::Article | Class::None => at = before,
            Class::Noun(_) => at = before,
            Class::Verb(_, Form::Past | Form::Participle | Form::Ing) if at == from => at = before,
            _ => return false,
        }
        if ground.work.tokens.all[before].shape == Shape::Mark
            && !matches!(lower(ground, before), "-" | "'s")
            || from - at > 8
        {
            return false;
        }
        if ground.parties.at(before).is_some()
            && !matches!(lower(ground, before + 1), "'s" | "'")
            && before + 1 < from
            && !ground.work.tokens.all[before + 1].capital
        {
            return false;
        }
    }
    false
}
