//! What stands around a verb of speech: the words said behind it, whom it asks, whose paper speaks, and when it is no verb.

use super::{Ground, class, lower, subject};
use crate::gazetteer::words::{Class, Form};
use crate::tokens::{Shape, Stretch};

/// `While conceding that ..., the minister denied`: whose clause it opens speaks in it.
pub(super) fn while_telling(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &subject::Memory,
) -> Option<subject::Subject> {
    let opens = at == sentence.from + 1
        && matches!(
            lower(ground, at - 1),
            "while" | "although" | "though" | "without" | "after" | "before" | "in"
        )
        || at == sentence.from;
    let telling = matches!(
        ground
            .work
            .words
            .verbs
            .get(match class(ground, at) {
                Class::Verb(index, _) => usize::from(index),
                _ => return None,
            })?
            .kind,
        "conceded" | "denied" | "alleged" | "promised"
    );
    if !opens || !telling || lower(ground, sentence.from) == "without" {
        return None;
    }
    let comma = (at + 3..(at + 40).min(sentence.to)).rev().find(|place| {
        lower(ground, *place) == ","
            && (place + 1..(place + 14).min(sentence.to)).any(|verb| {
                matches!(
                    class(ground, verb),
                    Class::Verb(_, Form::Past | Form::Third)
                )
            })
    })?;
    subject::right(ground, comma + 1, sentence, memory)
}

/// `dismissed the report, with its spokesman calling it a fake`: who stands between "with" and the verb.
pub(super) fn accompanied(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &subject::Memory,
) -> Option<subject::Subject> {
    let low = at.saturating_sub(9).max(sentence.from + 1);
    let with = (low..at)
        .rev()
        .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "\""))
        .find(|place| lower(ground, *place) == "with")?;
    (lower(ground, with - 1) == "," && with + 1 < at)
        .then(|| {
            let clause = Stretch {
                from: sentence.from,
                to: at,
            };
            subject::right(ground, with + 1, clause, memory)
        })
        .flatten()
}

/// `asked the government to withdraw`, `has asked Moscow for an explanation`: a wish that is put to somebody.
pub(super) fn asks(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if matches!(class(ground, at), Class::Verb(_, Form::Ing)) {
        return false;
    }
    let end = (at + 9).min(sentence.to);
    let whom = (at + 1..end.min(at + 4))
        .any(|place| ground.parties.at(place).is_some() || class(ground, place) == Class::Article);
    let asked = (at + 1..end)
        .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "." | "\""))
        .any(|place| matches!(lower(ground, place), "to" | "for" | "that"));
    (whom && asked) || (lower(ground, at + 1) == "for" && class(ground, at + 2) != Class::Pronoun)
}

/// `agreed to`, `agreed, for the first time, to`, `agreed that the transfers would end`.
pub(super) fn agrees_to(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let mut behind = behind_date(ground, at);
    if lower(ground, behind) == "," {
        let close =
            (behind + 1..(behind + 8).min(sentence.to)).find(|place| lower(ground, *place) == ",");
        behind = close.map_or(behind, |close| close + 1);
    }
    let would = class(ground, behind) == Class::That
        && (behind + 1..(behind + 9).min(sentence.to))
            .any(|place| matches!(lower(ground, place), "would" | "will" | "shall"));
    matches!(lower(ground, behind), "to" | "not") || would
}

/// `It would be wrong, he added, to draw conclusions`: the teller stands between two commas.
pub(super) fn aside(ground: &Ground<'_>, sentence: Stretch, at: usize, lemma: &str) -> bool {
    let tells = matches!(
        lemma,
        "add"
            | "continue"
            | "note"
            | "claim"
            | "explain"
            | "conclude"
            | "recall"
            | "maintain"
            | "observe"
            | "argue"
            | "suggest"
            | "believe"
    );
    let closed = lower(ground, at + 1) == "," && at + 3 < sentence.to;
    let opened = (at.saturating_sub(6).max(sentence.from + 1)..at).any(|place| {
        matches!(lower(ground, place), "," | "\"")
            && (place + 1..at).all(|own| {
                matches!(
                    class(ground, own),
                    Class::None | Class::Article | Class::Pronoun | Class::Noun(_) | Class::Adverb
                ) && ground.work.tokens.all[own].shape == Shape::Word
            })
    });
    tells && closed && opened
}

/// Whether the sentence speaks of something by which a state orders.
pub(super) fn law(ground: &Ground<'_>, sentence: Stretch) -> bool {
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

/// `a statement released by X said`, `a report by X says`: whose paper it is.
pub(super) fn issued_by(
    ground: &Ground<'_>,
    sentence: Stretch,
    end: usize,
    memory: &subject::Memory,
) -> Option<subject::Subject> {
    let low = end.saturating_sub(12).max(sentence.from);
    let by = (low..end).rev().find(|at| lower(ground, *at) == "by")?;
    let noun = (low..by).rev().find(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, *at, "grammar", "document")
    })?;
    let plain = (noun + 1..by).all(|at| {
        matches!(
            lower(ground, at),
            "released"
                | "issued"
                | "published"
                | "put"
                | "out"
                | "signed"
                | "read"
                | "distributed"
                | "circulated"
                | "carried"
                | "prepared"
                | "compiled"
                | "written"
                | "drafted"
        ) || class(ground, at) == Class::Adverb
    });
    let whole = (by + 1..end).all(|at| !matches!(lower(ground, at), "," | ";" | "\""));
    (plain && whole)
        .then(|| {
            subject::right(
                ground,
                by + 1,
                Stretch {
                    from: sentence.from,
                    to: end,
                },
                memory,
            )
        })
        .flatten()
}

/// Whether a paper is the subject that ends here: `the report`, `a cable obtained by the weekly`.
pub(super) fn document(ground: &Ground<'_>, sentence: Stretch, end: usize) -> bool {
    (end.saturating_sub(7).max(sentence.from)..end)
        .rev()
        .take_while(|at| !matches!(lower(ground, *at), "," | ";" | "that" | "\""))
        .any(|at| {
            let opens = at > sentence.from && class(ground, at - 1) == Class::Article
                || at == sentence.from;
            let near = at + 1 == end
                || matches!(
                    lower(ground, at + 1),
                    "obtained"
                        | "seen"
                        | "seized"
                        | "leaked"
                        | "found"
                        | "made"
                        | "of"
                        | "from"
                        | "to"
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
pub(super) fn behind_date(ground: &Ground<'_>, at: usize) -> usize {
    let first = ground.work.dates_from(at + 1);
    ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= at + 2)
        .map_or(at + 1, |date| date.to)
}

/// Verbs whose subject speaks whoever it is: nothing but people and bodies says, denies or insists.
pub(super) fn speaks_for_itself(lemma: &str) -> bool {
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
            | "remind"
            | "threaten"
            | "contest"
    )
}

/// A deed that is only supposed: `would lift the ban once Ruritania agreed to ...`.
pub(super) fn supposed(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    (kind, form): (&str, Form),
) -> bool {
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

/// A participle behind an article or a preposition, with a noun of its own behind it.
pub(super) fn attributive(ground: &Ground<'_>, at: usize) -> bool {
    let before = lower(ground, at - 1);
    let led = matches!(class(ground, at - 1), Class::Article | Class::Preposition)
        && !matches!(
            before,
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
                | "to"
                | "that"
                | "this"
                | "it"
        );
    let noun = ground.work.tokens.all.get(at + 1).is_some_and(|next| {
        next.shape == Shape::Word
            && matches!(next.class, Class::None | Class::Noun(_) | Class::Verb(..))
    });
    led && noun
}

/// A word after an article, an adjective or a preposition is a noun here.
pub(super) fn noun_like(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if at == sentence.from {
        return true;
    }
    let before = at - 1;
    // `the latest U.S. charges`, `U.S. demands that ...`: an adjective of a state that has no other form.
    let plural = matches!(class(ground, at), Class::Verb(_, Form::Third));
    if plural
        && matches!(
            lower(ground, before),
            "u.s." | "us" | "u.k." | "uk" | "eu" | "u.n." | "un"
        )
    {
        let definite = before > sentence.from && lower(ground, before - 1) == "the";
        let kept = class(ground, at + 1) == Class::That || lower(ground, at + 1) == "to";
        return !(definite && kept);
    }
    // `lodged a formal protest`: an article and an adjective before a bare form.
    let bare = matches!(class(ground, at), Class::Verb(_, Form::Base))
        && before > sentence.from
        && matches!(lower(ground, before - 1), "a" | "an")
        && class(ground, before) == Class::None;
    if bare {
        return true;
    }
    // `denied both charges`: many do not charge with an s.
    if plural
        && matches!(
            lower(ground, before),
            "both" | "these" | "those" | "several" | "many" | "few" | "such"
        )
    {
        return true;
    }
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
pub(super) fn stance(lemma: &str) -> bool {
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
pub(super) fn speech_follows(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
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
                    Class::None
                        | Class::Article
                        | Class::Adverb
                        | Class::Noun(_)
                        | Class::Verb(_, Form::Base)
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
pub(super) fn inverted(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
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
    let ends = matches!(lower(ground, at + 1), ".")
        || matches!(lower(ground, behind), "." | "(" | "[")
            && (behind > at + 1 || ground.work.apparatus.holds(behind));
    matches!(lower(ground, at - 1), "," | "\"" | "—")
        || (sentence.from..at).rev().take(14).any(|place| {
            matches!(lower(ground, place), "," | "\"") && place > sentence.from + 3 && ends
        })
}
