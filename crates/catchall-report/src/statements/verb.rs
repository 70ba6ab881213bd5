//! Verbs of speech and of deed as cues: what must stand beside a verb for its subject to have said something.

use super::around::{
    accompanied, agrees_to, aside, asks, attributive, behind_date, document, inverted, issued_by,
    law, noun_like, speaks_for_itself, speech_follows, stance, supposed, while_telling,
};
use super::passive::{by_clause, passive_cue};
use super::{Cue, Ground, class, lower, subject};
use crate::gazetteer::words::{Class, Form};
use crate::gazetteer::{Frame, finite};
use crate::tokens::{Shape, Stretch};

pub(super) fn verb(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    index: u16,
    form: Form,
    found: &[Cue],
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let verb = ground.work.words.verbs.get(usize::from(index))?;
    let token = ground.work.tokens.all[at];
    if token.capital && at > sentence.from && lower(ground, at - 1) != "\"" {
        return None;
    }
    let before = if at > sentence.from { at - 1 } else { at };
    // `A Pentagon report says`: the next verb is the verb.
    let finite_behind = matches!(
        class(ground, at + 1),
        Class::Verb(_, Form::Past | Form::Third) | Class::Have | Class::Be | Class::Modal
    );
    if form == Form::Base
        && matches!(
            verb.lemma.as_str(),
            "report" | "claim" | "charge" | "promise" | "pledge"
        )
        && (finite_behind || lower(ground, at + 1) == "dated")
    {
        return None;
    }
    // `arms claims`, `the report`: nouns of the same form.
    if matches!(form, Form::Base | Form::Third | Form::Ing) && noun_like(ground, sentence, at) {
        return None;
    }
    // `on suspected transfers`, `the alleged sale`: a participle before its noun.
    let adjectival = matches!(form, Form::Past | Form::Participle)
        && at > sentence.from
        && matches!(
            verb.lemma.as_str(),
            "suspect"
                | "allege"
                | "report"
                | "promise"
                | "accuse"
                | "claim"
                | "ban"
                | "license"
                | "estimate"
        )
        && attributive(ground, at);
    if adjectival {
        return None;
    }
    if ground.parties.at(at).is_some() || ground.parties.outlet(at).is_some() {
        return None;
    }
    // `would be welcome`: no verb; who would not comment says nothing.
    let adjective = form == Form::Base && class(ground, before) == Class::Be;
    // `would neither confirm nor deny`; `any nuclear-weapon state in`.
    let neither = form == Form::Base && matches!(lower(ground, before), "neither" | "nor");
    let state = form == Form::Base
        && verb.lemma == "state"
        && class(ground, at + 1) != Class::That
        && lower(ground, at + 1) != "\"";
    if adjective || neither || state || (verb.lemma == "comment" && form == Form::Base) {
        return None;
    }
    let speech = speech_follows(ground, sentence, at)
        || matches!(verb.lemma.as_str(), "count" | "number" | "let" | "put")
        || (verb.lemma == "offer"
            && lower(ground, behind_date(ground, at)) == "to"
            && ground
                .work
                .tokens
                .all
                .get(behind_date(ground, at) + 1)
                .is_some_and(|next| next.shape == Shape::Word && !next.capital))
        || (verb.lemma == "ask" && asks(ground, sentence, at))
        || aside(ground, sentence, at, &verb.lemma)
        || (matches!(verb.lemma.as_str(), "attack" | "question" | "oppose")
            && lower(ground, at + 1) == "by"
            && matches!(class(ground, before), Class::Be | Class::Adverb))
        || (verb.lemma == "speak"
            && lower(ground, at + 1) == "of"
            && (at + 2..(at + 7).min(sentence.to)).any(|place| {
                ground.work.tokens.all[place].shape == Shape::Number
                    || ground
                        .work
                        .tokens
                        .is(ground.work.words, place, "grammar", "numerals")
            }));
    if verb.frame == Frame::Clause && !stance(&verb.lemma) && !speech {
        return None;
    }
    if verb.lemma == "stipulate" {
        // An agreement that stipulates binds whom it names.
        return by_clause(ground, sentence, at, memory).map(|subject| Cue {
            at,
            kind: verb.kind,
            frame: verb.frame,
            lemma: verb.lemma.clone(),
            subject,
            negated: false,
        });
    }
    let (mut subject, walk) = subject::left(
        ground,
        sentence,
        at,
        found.last().map(|cue| (cue.at, &cue.subject)),
        memory,
    );
    let passive = walk.passive;
    if passive && verb.lemma == "sign" && !law(ground, sentence) {
        return None;
    }
    // `which is not charged`.
    if passive && walk.negated && verb.kind == "alleged" {
        return None;
    }
    if passive && !walk.quoted {
        return passive_cue(ground, sentence, at, verb.kind, &verb.lemma, memory);
    }
    if subject.is_none() && form == Form::Ing && verb.frame != Frame::Act {
        subject = while_telling(ground, sentence, at, memory)
            .or_else(|| accompanied(ground, sentence, at, memory));
    }
    let led = subject.is_some()
        && form == Form::Ing
        && !walk.auxiliary
        && (at <= sentence.from + 2 || accompanied(ground, sentence, at, memory).is_some());
    if subject.is_none() && verb.frame != Frame::Act && inverted(ground, sentence, at) {
        subject = subject::right(ground, at + 1, sentence, memory).or_else(|| {
            let said = matches!(
                verb.lemma.as_str(),
                "say" | "add" | "claim" | "warn" | "report"
            );
            let name = ground
                .work
                .tokens
                .all
                .get(at + 1)
                .is_some_and(|token| token.capital && token.class == Class::None)
                && speaks_for_itself(&verb.lemma);
            (said && class(ground, at + 1) == Class::Article || name)
                .then(|| subject::plain_right(ground, at + 1, sentence))
                .flatten()
        });
    }
    let court = verb.lemma == "hear";
    if subject.is_none()
        && !passive
        && matches!(form, Form::Past | Form::Third | Form::Base)
        && (speaks_for_itself(&verb.lemma) || court)
        && (speech || verb.frame == Frame::Open)
    {
        subject = subject::plain(ground, sentence, walk.end);
    }
    if court
        && !subject.as_ref().is_some_and(|own| {
            own.ends_in(&[
                "court",
                "jury",
                "tribunal",
                "inquiry",
                "committee",
                "panel",
                "hearing",
            ])
        })
    {
        return None;
    }
    if verb.lemma == "let" && !(lower(ground, at + 1) == "it" && lower(ground, at + 3) == "known") {
        return None;
    }
    // `put the amount at two tons`; who asks not to be named says nothing by it.
    let at_number = verb.lemma != "put"
        || (at + 1..(at + 10).min(sentence.to)).any(|place| {
            lower(ground, place) == "at"
                && (place + 1..(place + 5).min(sentence.to)).any(|behind| {
                    ground.work.tokens.all[behind].shape == Shape::Number
                        || ground
                            .work
                            .tokens
                            .is(ground.work.words, behind, "grammar", "numerals")
                        || ground
                            .work
                            .tokens
                            .is(ground.work.words, behind, "grammar", "measure")
                })
        });
    if !at_number || (verb.lemma == "ask" && lower(ground, at + 1) == "not") {
        return None;
    }
    let measures = matches!(verb.lemma.as_str(), "count" | "number");
    if measures
        && !(at + 1..(at + 4).min(sentence.to))
            .any(|place| ground.work.tokens.all[place].shape == Shape::Number)
    {
        return None;
    }
    if form == Form::Ing && subject.is_none() {
        return None;
    }
    if !finite(form) && form != Form::Ing && form != Form::Participle {
        return None;
    }
    if form == Form::Ing
        && !walk.auxiliary
        && !led
        && lower(ground, before) != "as"
        && !(matches!(lower(ground, before), "," | "—")
            && (verb.frame == Frame::Open && verb.lemma == "say"
                // `reacted angrily, calling it a fabrication`: the only thing said.
                || (verb.frame != Frame::Act && found.is_empty())))
    {
        return None;
    }
    if verb.lemma == "decline" && form == Form::Ing {
        return None;
    }
    // `declined to comment`, `has refused to say`: who keeps silent is told to.
    let silent = matches!(verb.lemma.as_str(), "decline" | "refuse")
        && lower(ground, at + 1) == "to"
        && matches!(
            lower(ground, at + 2),
            "comment"
                | "say"
                | "discuss"
                | "name"
                | "confirm"
                | "identify"
                | "answer"
                | "elaborate"
        );
    if verb.frame == Frame::Act && supposed(ground, sentence, at, (verb.kind, form)) {
        return None;
    }
    // `would not renew the licence`: no words are renewed.
    if verb.lemma == "renew"
        && !(at + 1..(at + 6).min(sentence.to)).any(|place| {
            matches!(class(ground, place), Class::Noun(_) | Class::Verb(..))
                || lower(ground, place).starts_with("objection")
                || lower(ground, place).starts_with("call")
        })
    {
        return None;
    }
    // `until the president certifies that`: not said yet.
    if verb.lemma == "certify" && supposed(ground, sentence, at, ("said", form)) {
        return None;
    }
    // `signed to supply`, `who signed the papers`: no order is given by what is no law.
    if verb.lemma == "sign" && (lower(ground, at + 1) == "to" || !law(ground, sentence)) {
        return None;
    }
    // `the missiles it has ordered from Russia`, `ordered 40 tanks`: a purchase.
    if verb.lemma == "order"
        && (lower(ground, at + 1) == "from"
            || ground
                .work
                .tokens
                .all
                .get(at + 1)
                .is_some_and(|next| next.shape == Shape::Number))
    {
        return None;
    }
    // `offered plutonium to buyers`: goods and no words.
    if verb.lemma == "offer"
        && !matches!(lower(ground, behind_date(ground, at)), "to" | "\"" | "that")
    {
        return None;
    }
    // `voted 320 to 50 to ratify`: a vote that does something; a vote for somebody does not.
    if matches!(verb.lemma.as_str(), "vote" | "resolve")
        && !(at + 1..(at + 8).min(sentence.to)).any(|place| {
            let behind = ground.work.tokens.all.get(place + 1);
            lower(ground, place) == "to" && behind.is_some_and(|next| next.shape == Shape::Word)
        })
    {
        return None;
    }
    // `I saw that`, `two witnesses who saw him`: no words.
    if verb.lemma == "see"
        && !(at + 1..(at + 9).min(sentence.to)).any(|place| lower(ground, place) == "as")
    {
        return None;
    }
    // `runs counter to`.
    if verb.lemma == "counter" && lower(ground, at + 1) == "to" {
        return None;
    }
    // `A cable obtained by the paper shows that`: a paper speaks, and nobody for it.
    let paper = subject.is_none()
        && !passive
        && matches!(
            verb.lemma.as_str(),
            "say"
                | "show"
                | "state"
                | "indicate"
                | "suggest"
                | "reveal"
                | "claim"
                | "allege"
                | "conclude"
                | "find"
                | "note"
                | "estimate"
                | "add"
                | "warn"
                | "describe"
                | "list"
                | "accuse"
                | "blame"
        )
        && document(ground, sentence, walk.end);
    let issuer = (subject.is_none() && !passive)
        .then(|| issued_by(ground, sentence, walk.end, memory))
        .flatten();
    let subject = if issuer.is_some() {
        issuer
    } else if paper {
        Some(subject::Subject::unattributed())
    } else {
        subject
    };
    let subject = subject.or_else(|| {
        silent
            .then(|| subject::plain(ground, sentence, walk.end))
            .flatten()
    });
    let subject = subject?;
    let relays = subject.outlet
        && matches!(verb.lemma.as_str(), "quote" | "cite")
        && (at + 2..(at + 12).min(sentence.to)).any(|place| lower(ground, place) == "as");
    let subject = if relays {
        subject::right(ground, at + 1, sentence, memory).unwrap_or(subject)
    } else {
        subject
    };
    let outlet = subject.outlet;
    let kind = if relays && !outlet {
        "said"
    } else if outlet && verb.kind == "said" {
        "reported"
    } else {
        verb.kind
    };
    if verb.frame == Frame::Act
        && !silent
        && (outlet
            || (subject.anonymous() && verb.lemma != "decide")
            || !(subject.definite()
                || (verb.lemma == "agree" && (subject.plural() || !subject.anonymous()))))
    {
        return None;
    }
    if verb.frame == Frame::Clause
        && stance(&verb.lemma)
        && !speech
        && (form == Form::Ing || !subject.definite() && !subject.plural())
    {
        return None;
    }
    if verb.frame == Frame::Act
        && verb.lemma == "agree"
        && (!agrees_to(ground, sentence, at) || lower(ground, at + 2) == "no")
    {
        return None;
    }
    Some(Cue {
        at,
        kind,
        frame: verb.frame,
        lemma: verb.lemma.clone(),
        subject,
        negated: walk.negated,
    })
}
