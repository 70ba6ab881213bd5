//! The subject to the right of a cue: `said the minister`, `according to officials`.

use super::candidate::{candidate, named};
use super::phrase::attach;
use super::{Memory, Subject};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, class, lower};
use crate::tokens::Stretch;

/// The subject to the right: the first phrase that can speak.
pub(crate) fn right(
    ground: &Ground<'_>,
    from: usize,
    sentence: Stretch,
    memory: &Memory,
) -> Option<Subject> {
    let mut at = from;
    let end = (from + 12).min(sentence.to);
    while at < end {
        if matches!(lower(ground, at), "he" | "she" | "they" | "it") && at == from {
            return memory.pronoun(lower(ground, at));
        }
        if let Some(found) = candidate(ground, sentence, at) {
            if matches!(lower(ground, found.to), "'s" | "'") {
                at = found.to + 1;
                continue;
            }
            let mut subject = found.subject;
            // `the ministry's spokesman`, `said spokesman X`: a name behind the role is the speaker.
            let behind = found.to + usize::from(lower(ground, found.to) == ",");
            if subject.entity.is_none() {
                if let Some(mention) = ground
                    .parties
                    .at(behind)
                    .filter(|mention| ground.parties.entities[mention.entity].kind == "person")
                {
                    subject = named(ground, mention.entity);
                } else if class(ground, found.to) == Class::Preposition {
                    attach(
                        ground,
                        &mut subject,
                        Stretch {
                            from: found.to,
                            to: (found.to + 6).min(sentence.to),
                        },
                    );
                }
            }
            if let Some(person) = bearer_right(ground, &subject, found.to, sentence) {
                return Some(named(ground, person));
            }
            return Some(subject);
        }
        // `by the university's rector, Y. Name`.
        let person = ground.parties.at(at + 1).filter(|mention| {
            at > from
                && lower(ground, at) == ","
                && ground.parties.entities[mention.entity].kind == "person"
        });
        if let Some(mention) = person {
            return Some(named(ground, mention.entity));
        }
        let goes_on = matches!(
            class(ground, at),
            Class::Article | Class::None | Class::Adverb | Class::Noun(_) | Class::Preposition
        ) && !matches!(lower(ground, at), "," | "." | ";" | "\"" | "to")
            // `by the university's rector`.
            || (at > from && lower(ground, at) == "'s");
        if !goes_on {
            return None;
        }
        at += 1;
    }
    None
}

/// `by the head of the service, A. Name, who`: a name between commas behind the office and what hangs on it.
fn bearer_right(
    ground: &Ground<'_>,
    subject: &Subject,
    to: usize,
    sentence: Stretch,
) -> Option<usize> {
    if subject.anonymity != "office" || subject.person(ground.parties) {
        return None;
    }
    let comma = (to..(to + 9).min(sentence.to)).find(|at| lower(ground, *at) == ",")?;
    let hangs = comma == to
        || class(ground, to) == Class::Preposition
            && (to + 1..comma).all(|at| {
                matches!(
                    class(ground, at),
                    Class::None | Class::Article | Class::Preposition | Class::Noun(_)
                ) || ground.work.tokens.all[at].capital
            });
    let mention = ground
        .parties
        .at(comma + 1)
        .filter(|own| ground.parties.entities[own.entity].kind == "person")?;
    let closed =
        mention.at.to >= sentence.to || matches!(lower(ground, mention.at.to), "," | "." | ";");
    (hangs && closed).then_some(mention.entity)
}
