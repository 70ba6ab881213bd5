//! The subject to the left of a verb: past auxiliaries, adverbs, dates and what stands in between.

use super::candidate::{candidate, named};
use super::ending::{candidate_ending, ending, main};
use super::role::role_word;
use super::unlisted::{appositive, quoted_adverb};
use super::{Memory, Subject, Walk};
use crate::gazetteer::words::{Class, Form};
use crate::statements::{Ground, class, lower};
use crate::tokens::Stretch;

/// The subject to the left of a verb.
pub(crate) fn left(
    ground: &Ground<'_>,
    sentence: Stretch,
    cue: usize,
    previous: Option<(usize, &Subject)>,
    memory: &Memory,
) -> (Option<Subject>, Walk) {
    let mut walk = Walk::default();
    let participle = matches!(
        class(ground, cue),
        Class::Verb(_, Form::Past | Form::Participle)
    );
    let ing = matches!(class(ground, cue), Class::Verb(_, Form::Ing));
    let mut at = cue;
    let mut steps = 0;
    while at > sentence.from && steps < 60 {
        steps += 1;
        let before = at - 1;
        let word = lower(ground, before);
        if let Some(date) = date_ending(ground, at, sentence) {
            at = date;
            if at > sentence.from
                && matches!(
                    lower(ground, at - 1),
                    "on" | "in" | "late" | "early" | "since" | "at" | "over" | "during" | "for"
                )
            {
                at -= 1;
            }
            continue;
        }
        match class(ground, before) {
            Class::Adverb => at = before,
            Class::Negation => {
                walk.negated = true;
                at = before;
            }
            Class::Be => {
                walk.auxiliary = true;
                walk.passive |= participle;
                at = before;
            }
            Class::Have | Class::Do | Class::Modal => {
                walk.auxiliary = true;
                at = before;
            }
            Class::Conjunction if matches!(word, "and" | "but" | "or" | "yet") => {
                return (
                    previous
                        .filter(|(own, _)| *own < cue)
                        .map(|(_, subject)| subject.clone())
                        .or_else(|| main(ground, sentence, before, memory)),
                    walk,
                );
            }
            Class::Preposition if word == "to" => match infinitive(ground, sentence, before) {
                Some(next) => {
                    walk.auxiliary = true;
                    at = next;
                }
                None => return (None, walk),
            },
            // `had as late as November pledged`.
            _ if word == "as"
                && before > sentence.from + 2
                && matches!(
                    lower(ground, before - 1),
                    "late" | "early" | "recently" | "long" | "far"
                )
                && lower(ground, before - 2) == "as" =>
            {
                at = before - 2;
            }
            _ if word == "as" && (ing || lower(ground, at) == "having") => {
                let Some(verb) = quoting(ground, sentence, before) else {
                    return (None, walk);
                };
                walk.quoted = true;
                walk.auxiliary = true;
                at = verb;
                // `was quoted as saying`: the auxiliaries before are skipped in turn.
                continue;
            }
            _ if word == "," && bearer(ground, sentence, before).is_some() => {
                return (bearer(ground, sentence, before), walk);
            }
            _ if word == "," && appositive(ground, sentence, before).is_some() => {
                return (appositive(ground, sentence, before), walk);
            }
            _ if word == "," || word == "—" || word == ")" => {
                if word == "," && ing && !walk.quoted && !walk.auxiliary {
                    return (
                        previous
                            .map(|(_, subject)| subject.clone())
                            .or_else(|| main(ground, sentence, before, memory)),
                        walk,
                    );
                }
                match parenthesis(ground, sentence, before) {
                    Some(open) => at = open,
                    None => return (None, walk),
                }
            }
            _ if small_adverb(ground, before) => at = before,
            _ if unnamed(ground, sentence, before).is_some() => {
                at = unnamed(ground, sentence, before).unwrap_or(before);
            }
            // `has "categorically" denied`.
            _ if word == "\"" && quoted_adverb(ground, sentence, before).is_some() => {
                at = quoted_adverb(ground, sentence, before).unwrap_or(before);
            }
            // `have for years claimed`.
            _ if span_of_time(ground, before).is_some_and(|from| from > sentence.from) => {
                at = span_of_time(ground, before).unwrap_or(before);
            }
            // `Granite Works Inc. rejected`: the point belongs to the name.
            _ if word == "."
                && !ground.work.tokens.all[before].spaced
                && before > sentence.from
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, before - 1, "cue", "abbreviation") =>
            {
                at = before;
            }
            _ => break,
        }
    }
    walk.end = at;
    // `Its spokesman said`: of the body that the sentence before was about.
    let its = at > sentence.from + 1 && matches!(lower(ground, at - 2), "its" | "their");
    let subject = ending(ground, sentence, at, memory).map(|subject| {
        let owned = its.then(|| memory.of_body(ground, &subject)).flatten();
        let his = at > sentence.from + 1 && matches!(lower(ground, at - 2), "his" | "her");
        let owned = owned.or_else(|| his.then(|| memory.of_person(ground, &subject)).flatten());
        owned.unwrap_or_else(|| memory.taken_up(ground, subject))
    });
    (subject, walk)
}

/// `the defence minister, A. Name, said`: the name between commas bears the office before it.
pub(super) fn bearer(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<Subject> {
    let mention = ground.parties.at(close.checked_sub(1)?)?;
    let kind = ground.parties.entities[mention.entity].kind;
    let mut open = mention.at.from.min(mention.titled).checked_sub(1)?;
    // `the head of its engineers, Academician A. Name, said`: a title that no list knows.
    while kind == "person"
        && open > sentence.from
        && mention.at.from - open <= 3
        && ground.work.tokens.all[open].capital
        && ground.parties.at(open).is_none()
    {
        open -= 1;
    }
    // `the shipper, Long River Trading, said`: so does a firm behind what it does.
    let firm = matches!(kind, "company" | "institute")
        && open > sentence.from
        && (ground
            .work
            .tokens
            .is(ground.work.words, open - 1, "body", "firm")
            || role_word(ground, open - 1).is_some());
    let person = kind == "person" || firm;
    (person && mention.at.to == close && open > sentence.from && lower(ground, open) == ",")
        .then(|| named(ground, mention.entity))
}

/// `an official who asked not to be named confirmed`: where the clause about the name begins.
fn unnamed(ground: &Ground<'_>, sentence: Stretch, last: usize) -> Option<usize> {
    if !matches!(
        lower(ground, last),
        "named" | "identified" | "anonymity" | "name"
    ) {
        return None;
    }
    let low = last.saturating_sub(10).max(sentence.from + 1);
    (low..last)
        .rev()
        .take_while(|at| !matches!(lower(ground, *at), "," | ";" | "\""))
        .find(|at| lower(ground, *at) == "who" || lower(ground, *at) == "speaking")
}

/// The participle of `was quoted as saying`, where a day or an outlet may stand between: `was quoted on Monday by the agency as saying`.
fn quoting(ground: &Ground<'_>, sentence: Stretch, as_at: usize) -> Option<usize> {
    let low = as_at.saturating_sub(9).max(sentence.from);
    let verb = (low..as_at).rev().find(|at| {
        matches!(
            lower(ground, *at),
            "quoted" | "cited" | "reported" | "described"
        )
    })?;
    let plain = (verb + 1..as_at).all(|at| {
        !matches!(lower(ground, at), "," | ";" | "\"" | ":")
            && !matches!(
                class(ground, at),
                Class::Be | Class::Have | Class::Modal | Class::That | Class::Pronoun
            )
    });
    let led = verb + 1 == as_at
        || class(ground, verb + 1) == Class::Preposition
        || class(ground, verb + 1) == Class::Adverb
        || date_ending(ground, as_at, sentence).is_some_and(|from| from == verb + 1);
    (plain && led).then_some(verb)
}

/// `is said to have warned`, `were reported to have asked`: the first of the auxiliaries before the participle.
fn hearsay(ground: &Ground<'_>, sentence: Stretch, participle: usize) -> Option<usize> {
    let told = matches!(
        lower(ground, participle),
        "said" | "reported" | "understood" | "rumored" | "rumoured" | "alleged" | "known"
    );
    let mut at = participle;
    while at > sentence.from
        && matches!(
            class(ground, at - 1),
            Class::Be | Class::Have | Class::Adverb
        )
    {
        at -= 1;
    }
    let passive = (at..participle).any(|own| class(ground, own) == Class::Be);
    (told && passive).then_some(at)
}

/// `for years`, `for many months`, `to date` before a verb: where it begins.
fn span_of_time(ground: &Ground<'_>, last: usize) -> Option<usize> {
    let before = last.checked_sub(1).map_or("", |at| lower(ground, at));
    if matches!(
        (before, lower(ground, last)),
        ("to", "date") | ("so" | "thus", "far")
    ) {
        return Some(last - 1);
    }
    if !matches!(
        lower(ground, last),
        "years" | "months" | "weeks" | "decades" | "days" | "time"
    ) {
        return None;
    }
    (last.saturating_sub(3)..last)
        .rev()
        .find(|at| matches!(lower(ground, *at), "for" | "over"))
}

/// A word in -ly that no list knows is an adverb.
fn small_adverb(ground: &Ground<'_>, at: usize) -> bool {
    let word = lower(ground, at);
    // `a diplomat there promised`.
    if matches!(word, "there" | "here" | "abroad" | "elsewhere") {
        return at > 0 && matches!(class(ground, at - 1), Class::None | Class::Noun(_));
    }
    // `Rosalind Keane QC said`: letters behind a name.
    if matches!(word, "qc" | "kc" | "mp" | "mep" | "td") {
        return at > 0 && ground.parties.at(at - 1).is_some();
    }
    word.len() > 5
        && word.ends_with("ly")
        && !ground.work.tokens.all[at].capital
        && !matches!(
            word,
            "family" | "supply" | "assembly" | "monopoly" | "ally" | "reply"
        )
}

/// Whether the sentence opens with a date that ends before a token.
pub(super) fn opens_with_date(ground: &Ground<'_>, at: usize, sentence: Stretch) -> bool {
    let index = ground.work.dates_to(at);
    ground
        .work
        .dates
        .get(index)
        .is_some_and(|date| date.to == at && date.from <= sentence.from + 1)
}

/// Where a date that ends before a token begins.
pub(super) fn date_ending(ground: &Ground<'_>, at: usize, sentence: Stretch) -> Option<usize> {
    let index = ground.work.dates_to(at);
    ground
        .work
        .dates
        .get(index)
        .filter(|date| date.to == at && date.from > sentence.from)
        .map(|date| date.from)
}

/// `officials to claim`, `continued to insist`, `went on to say`: the token behind the subject.
fn infinitive(ground: &Ground<'_>, sentence: Stretch, to: usize) -> Option<usize> {
    let before = to
        .checked_sub(1)
        .filter(|before| *before >= sentence.from)?;
    if candidate(ground, sentence, before).is_some() {
        let lead = (sentence.from..before).rev().take(6).any(|at| {
            matches!(
                lower(ground, at),
                "led" | "prompted" | "caused" | "forced" | "allowed"
            )
        });
        return lead.then_some(to);
    }
    match lower(ground, before) {
        "continued" | "continues" | "continue" | "moved" | "rushed" | "hastened" | "appeared"
        | "seemed" | "proceeded" | "began" | "forced" | "compelled" | "obliged" | "constrained"
        | "quick" | "careful" | "swift" | "keen" | "anxious" | "eager" | "prompt" | "had"
        | "felt" | "sought" | "chose" => Some(before),
        _ if hearsay(ground, sentence, before).is_some() => hearsay(ground, sentence, before),
        "pains" if matches!(lower(ground, before.checked_sub(1)?), "at" | "took") => {
            Some(before - 1)
        }
        // `went so far as to say`.
        "as" if lower(ground, before.checked_sub(1)?) == "far" => before.checked_sub(3),
        "on" if lower(ground, before.checked_sub(1)?) == "went" => Some(before - 1),
        _ => None,
    }
}

/// The opening of a parenthesis between commas, dashes or brackets that closes here.
fn parenthesis(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<usize> {
    let mark = lower(ground, close);
    let wanted = if mark == ")" { "(" } else { mark };
    let low = close.saturating_sub(36).max(sentence.from);
    let open = (low..close).rev().find(|at| lower(ground, *at) == wanted)?;
    // Commas of a list or behind an opening phrase are no parenthesis.
    let inner = open + 1;
    // `Libya, he said, had undertaken to`: the teller stands within.
    let teller = close - open <= 5
        && matches!(
            class(ground, close - 1),
            Class::Verb(_, Form::Past | Form::Third)
        )
        && open > sentence.from
        && candidate_ending(ground, sentence, open).is_some();
    if teller {
        return Some(open);
    }
    let relative = matches!(lower(ground, inner), "who" | "which" | "whose" | "where")
        || matches!(
            class(ground, inner),
            Class::Article
                | Class::Preposition
                | Class::Adverb
                | Class::Subordinate
                | Class::None
                | Class::Verb(_, Form::Ing | Form::Past)
        );
    (relative
        && open > sentence.from
        && (candidate_ending(ground, sentence, open).is_some()
            || matches!(class(ground, open - 1), Class::Pronoun | Class::None)
            || (matches!(class(ground, open - 1), Class::Verb(..))
                && open > sentence.from + 1
                && class(ground, open - 2) == Class::Article)))
        .then_some(open)
}
