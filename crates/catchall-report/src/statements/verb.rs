//! Verbs of speech and of deed as cues: what must stand beside a verb for its subject to have said something.

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
    if passive && !walk.quoted {
        return passive_cue(ground, sentence, at, verb.kind, &verb.lemma, memory);
    }
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
        && lower(ground, before) != "as"
        && !(matches!(lower(ground, before), "," | "—")
            && (verb.frame == Frame::Open && verb.lemma == "say"
                // `reacted angrily, calling it a fabrication`: the only thing said.
                || (verb.frame != Frame::Act && found.is_empty())))
    {
        return None;
    }
    if (verb.lemma == "decline" && form == Form::Ing)
        || (verb.lemma == "refuse"
            && matches!(
                lower(ground, at + 2),
                "comment" | "say" | "discuss" | "name" | "confirm" | "give" | "identify"
            ))
    {
        return None;
    }
    if verb.frame == Frame::Act && supposed(ground, sentence, at, (verb.kind, form)) {
        return None;
    }
    // `signed to supply`, `who signed the papers`: no order is given by what is no law.
    if verb.lemma == "sign" && (lower(ground, at + 1) == "to" || !law(ground, sentence)) {
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
        )
        && document(ground, sentence, walk.end);
    let subject = if paper {
        Some(subject::Subject::unattributed())
    } else {
        subject
    };
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
        && (!matches!(lower(ground, behind_date(ground, at)), "to" | "not")
            || lower(ground, at + 2) == "no")
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

/// Whether the sentence speaks of something by which a state orders.
fn law(ground: &Ground<'_>, sentence: Stretch) -> bool {
    (sentence.from..sentence.to).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "instrument", "law")
            || tokens.is(words, at, "instrument", "order")
            || tokens.is(words, at, "instrument", "decree")
            || tokens.is(words, at, "instrument", "bill")
            || tokens.is(words, at, "instrument", "agreement")
            || tokens.is(words, at, "instrument", "treaty")
            || matches!(lower(ground, at), "legislation" | "sanctions" | "waiver")
    })
}

/// Whether a paper is the subject that ends here: `the report`, `a cable obtained by the weekly`.
fn document(ground: &Ground<'_>, sentence: Stretch, end: usize) -> bool {
    (end.saturating_sub(7).max(sentence.from)..end)
        .rev()
        .take_while(|at| !matches!(lower(ground, *at), "," | ";" | "that" | "\""))
        .any(|at| {
            let opens = at > sentence.from && class(ground, at - 1) == Class::Article
                || at == sentence.from;
            let near = at + 1 == end
                || matches!(
                    lower(ground, at + 1),
                    "obtained" | "seen" | "seized" | "leaked" | "found" | "made" | "of" | "from"
                );
            opens
                && near
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, at, "grammar", "document")
        })
}

/// The token behind a verb, past a date that stands right there: `agreed in December to`.
fn behind_date(ground: &Ground<'_>, at: usize) -> usize {
    let first = ground.work.dates_from(at + 1);
    ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= at + 2)
        .map_or(at + 1, |date| date.to)
}

/// Verbs whose subject speaks whoever it is: nothing but people and bodies says, denies or insists.
fn speaks_for_itself(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "deny"
            | "admit"
            | "concede"
            | "claim"
            | "insist"
            | "maintain"
            | "argue"
            | "allege"
            | "reply"
            | "announce"
            | "state"
            | "inform"
            | "testify"
            | "warn"
            | "add"
            | "confirm"
            | "acknowledge"
            | "complain"
            | "contend"
            | "assert"
            | "reject"
            | "dismiss"
            | "dispute"
            | "promise"
            | "pledge"
            | "report"
            | "assure"
            | "respond"
            | "answer"
            | "explain"
            | "accuse"
            | "declare"
            | "plead"
            | "disagree"
            | "write"
            | "let"
            | "counter"
            | "retort"
            | "reveal"
            | "disclose"
            | "protest"
            | "object"
            | "stress"
            | "emphasise"
            | "emphasize"
            | "recall"
            | "vow"
            | "swear"
            | "undertake"
            | "guarantee"
            | "rebut"
            | "refute"
            | "contradict"
            | "confess"
            | "estimate"
            | "believe"
            | "conclude"
            | "caution"
            | "note"
            | "remark"
            | "establish"
            | "agree"
    )
}

/// A deed that is only supposed: `would lift the ban once Ruritania agreed to ...`.
fn supposed(ground: &Ground<'_>, sentence: Stretch, at: usize, (kind, form): (&str, Form)) -> bool {
    let unreal = kind == "ordered"
        && at > sentence.from
        && matches!(
            lower(ground, at - 1),
            "would" | "could" | "might" | "may" | "should" | "must" | "can"
        );
    let condition = (at.saturating_sub(5).max(sentence.from)..at)
        .rev()
        .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "\""))
        .any(|place| {
            matches!(
                lower(ground, place),
                "once" | "if" | "unless" | "whether" | "until"
            ) || (form == Form::Third
                && matches!(lower(ground, place), "when" | "soon" | "before" | "after"))
        });
    unreal || condition
}

/// A word after an article, an adjective or a preposition is a noun here.
fn noun_like(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if at == sentence.from {
        return true;
    }
    let before = at - 1;
    matches!(class(ground, before), Class::Article | Class::Preposition)
        && lower(ground, before) != "to"
        && lower(ground, before) != "that"
        && !matches!(
            lower(ground, before),
            "many"
                | "some"
                | "others"
                | "most"
                | "few"
                | "all"
                | "both"
                | "these"
                | "those"
                | "several"
        )
        && !(class(ground, at) != Class::None
            && matches!(class(ground, at), Class::Verb(_, Form::Ing)))
        || lower(ground, before) == "'s"
        || lower(ground, before) == "-"
        || (ground.parties.demonym(before).is_some()
            && !lower(ground, before).ends_with('s')
            && class(ground, at + 1) != Class::That)
        || lower(ground, at + 1) == "'s"
}

/// Verbs that take a stand without a clause.
fn stance(lemma: &str) -> bool {
    matches!(
        lemma,
        "view"
            | "see"
            | "regard"
            | "consider"
            | "want"
            | "favor"
            | "favour"
            | "oppose"
            | "support"
            | "express"
            | "call"
            | "list"
            | "expect"
            | "outline"
            | "complain"
            | "question"
            | "describe"
            | "request"
            | "acknowledge"
            | "signal"
            | "termed"
            | "branded"
            | "dubbed"
            | "labelled"
            | "labeled"
    )
}

/// Whether words said follow the verb, or stand before it and close with a comma or a quotation mark.
fn speech_follows(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    // `claimed over the weekend that`: what tells when stands between.
    let mut from = at + 1;
    let first = ground.work.dates_from(from);
    if let Some(date) = ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= from + 1 && date.to < sentence.to)
    {
        from = date.to;
        if class(ground, from) == Class::That {
            return true;
        }
    }
    let limit = (from + 8).min(sentence.to);
    // `suggested in reply that`, `has maintained from the first that`.
    if class(ground, from) == Class::Preposition && lower(ground, from) != "to" {
        let behind = (from + 1..(from + 6).min(sentence.to)).find(|place| {
            ground.work.tokens.all[*place].shape == Shape::Mark
                || !matches!(
                    class(ground, *place),
                    Class::None | Class::Article | Class::Noun(_)
                )
        });
        if behind.is_some_and(|place| class(ground, place) == Class::That) {
            return true;
        }
    }
    for place in from..limit {
        match class(ground, place) {
            Class::That => return true,
            Class::Pronoun
                if place <= at + 2 && !matches!(lower(ground, place), "who" | "which") =>
            {
                return true;
            }
            Class::Preposition if place == from && lower(ground, place) != "to" => break,
            Class::Subordinate
                if matches!(lower(ground, place), "whether" | "how" | "why" | "as") =>
            {
                return true;
            }
            _ => {}
        }
        if matches!(lower(ground, place), "\"" | ":") {
            return true;
        }
        if matches!(lower(ground, place), "." | ";") {
            break;
        }
        if place > at + 1 && matches!(class(ground, place), Class::Be | Class::Have | Class::Modal)
        {
            return true;
        }
    }
    // `believes Ruritania received missiles`: a side and its verb, without a that.
    let side = from + usize::from(class(ground, from) == Class::Article);
    let deed = ground.parties.at(side).is_some_and(|mention| {
        matches!(
            class(ground, mention.at.to),
            Class::Verb(_, Form::Past | Form::Third)
        ) || ["give", "take"].iter().any(|list| {
            ground
                .work
                .tokens
                .is(ground.work.words, mention.at.to, "cue", list)
                && lower(ground, mention.at.to).ends_with("ed")
        })
    });
    deed || inverted(ground, sentence, at) && sentence.to < at + 12 && at > sentence.from + 6
}

/// `..., X said` and `..." said X`: words said before the speaker.
fn inverted(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if at <= sentence.from {
        return false;
    }
    // `..., a court heard yesterday.`
    let first = ground.work.dates_from(at + 1);
    let behind = ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= at + 2)
        .map_or(at + 1, |date| date.to);
    let ends = matches!(lower(ground, at + 1), ".") || lower(ground, behind) == ".";
    matches!(lower(ground, at - 1), "," | "\"" | "—")
        || (sentence.from..at).rev().take(14).any(|place| {
            matches!(lower(ground, place), "," | "\"") && place > sentence.from + 3 && ends
        })
}
