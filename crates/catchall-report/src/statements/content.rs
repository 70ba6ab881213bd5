//! What is said: the words of a statement, whom they are about, and the record that is made of them.

use super::kind::settle;
use super::{Cue, Ground, Told, class, lower, subject, when};
use crate::gazetteer::Frame;
use crate::gazetteer::words::{Class, Form};
use crate::reading::Statement;
use crate::record::span;
use crate::tokens::{Shape, Stretch};

/// Makes the record.
pub(super) fn push(
    ground: &Ground<'_>,
    scopes: &when::Scopes,
    index: usize,
    cue: &Cue,
    first: usize,
    told: &mut Vec<Told>,
) {
    let sentence = ground.work.tokens.sentences[index].at;
    let content = content(ground, sentence, cue);
    let kind = settle(ground, cue, content);
    let mut speaker = cue.subject.speaker(ground);
    let repeated = told[first..]
        .iter()
        .any(|own| own.record.speaker == speaker && own.record.kind == kind);
    // `rejected the charge and said that`, `conceded ..., but insisted`: one answer, told with its ground.
    let saying = lower(ground, cue.at) == "saying";
    let ground_of_it = kind == "said"
        && (saying
            || ground.work.words.is("grammar", "retort", &cue.lemma)
            || matches!(
                cue.lemma.as_str(),
                "observe" | "note" | "stress" | "remark" | "emphasize"
            ))
        && told[first..].iter().any(|own| {
            own.record.speaker == speaker
                && (matches!(own.record.kind, "denied" | "conceded")
                    || saying && own.record.kind == "alleged")
        });
    if repeated || ground_of_it {
        return;
    }
    let end = trimmed(ground, sentence);
    // A bracket that stands before the sentence belongs to the one before.
    let mut start = sentence.from;
    while start + 1 < end && ground.work.apparatus.holds(start) {
        start += 1;
    }
    let at = Stretch {
        from: start,
        to: end,
    };
    let previous = told
        .last()
        .filter(|last| last.record.speaker.name == speaker.name);
    let said = when::said(
        ground,
        scopes,
        index,
        (cue.at, content),
        &cue.lemma,
        previous.map(|last| (last.sentence, last.record.said.clone())),
    );
    let (cites, outlets) = scopes.cites(ground, index);
    // An unnamed paper is the one that the bracket names.
    if let ([only], true) = (
        outlets.as_slice(),
        cue.subject.outlet && speaker.anonymity == "anonymous",
    ) {
        speaker.name = Some(only.clone());
        speaker.anonymity = "named";
    }
    let quote = (sentence.from..end).any(|at| ground.work.tokens.mark(at) == b'"');
    let hedged = (cue.at.saturating_sub(5).max(sentence.from)..(cue.at + 4).min(sentence.to))
        .any(|at| ground.work.tokens.is(ground.work.words, at, "cue", "relay"));
    told.push(Told {
        record: Statement {
            id: String::new(),
            speaker,
            kind,
            content: gist(ground, content),
            said,
            cites,
            outlets,
            quote,
            hedged,
            act: act(cue, kind),
            relayed_by: None,
            cue: cue.lemma.clone(),
            about: about(ground, sentence, cue, content),
            at: span(ground.work, at),
        },
        sentence: index,
        cue: cue.at,
        content,
    });
}

/// A bracket of sources behind the full stop belongs to the apparatus, not to the sentence.
fn trimmed(ground: &Ground<'_>, sentence: Stretch) -> usize {
    let mut end = sentence.to;
    if end > sentence.from + 2
        && matches!(lower(ground, end - 1), ")" | "]")
        && ground.work.apparatus.holds(end - 1)
    {
        let mut open = end - 1;
        while open > sentence.from && ground.work.apparatus.holds(open - 1) {
            open -= 1;
        }
        if matches!(lower(ground, open - 1), "." | "\"" | "?" | "!") {
            end = open;
        }
    }
    end
}

pub(super) fn act(cue: &Cue, kind: &str) -> &'static str {
    match (cue.frame, kind) {
        (Frame::Act, "ordered" | "said") => "concrete_action",
        (_, "promised" | "ordered") => "declared_policy",
        (_, "conceded") => "assessment",
        _ => "assertion",
    }
}

/// What is said: behind the cue, or before it where the speaker comes last.
pub(super) fn content(ground: &Ground<'_>, sentence: Stretch, cue: &Cue) -> Stretch {
    let mut from = cue.at + 1;
    if cue.lemma == "quotation" || (cue.lemma == "turn" && lower(ground, cue.at) != ":") {
        return sentence;
    }
    // Sources in brackets at the end are no words said.
    let tail = (from..sentence.to)
        .filter(|at| !ground.work.apparatus.holds(*at))
        .take(8)
        .count();
    // `but insisted that no law had been broken`: few words, and yet they are what is said.
    let clause = class(ground, from) == Class::That
        || (from..sentence.to).any(|at| {
            matches!(
                class(ground, at),
                Class::Be | Class::Have | Class::Modal | Class::Negation
            )
        });
    let said_before = tail < 8 && cue.at > sentence.from + 8 && !clause;
    // `"There was no deal," insists X, the former director.`
    let quoted_before = cue.at > sentence.from + 4
        && lower(ground, cue.at - 1) == "\""
        && lower(ground, cue.at - 2) == ","
        && !matches!(lower(ground, from), "\"" | ":")
        && class(ground, from) != Class::That;
    if said_before || quoted_before || told_behind(ground, sentence, cue) {
        return Stretch {
            from: sentence.from,
            to: cue.at,
        };
    }
    // `told the Senate Committee on Armed Services on April 12 that`: a long name may stand between, and no verb.
    let that = (from..(from + 16).min(sentence.to))
        .take_while(|at| {
            *at < from + 8
                || !matches!(
                    class(ground, *at),
                    Class::Verb(..) | Class::Be | Class::Have | Class::Modal | Class::Do
                ) && !matches!(lower(ground, *at), "," | ";" | "\"")
        })
        .find(|at| class(ground, *at) == Class::That);
    if let Some(that) = that {
        from = that + 1;
    }
    // `Washington's contention that X trained Y was described as groundless`: the second verb is not of what is contended.
    let noun = matches!(class(ground, cue.at), Class::Noun(_)).then(|| {
        (from..sentence.to).find(|at| {
            class(ground, *at) == Class::Be
                && (at + 1..at + 3).any(|verb| {
                    matches!(
                        class(ground, verb),
                        Class::Verb(_, Form::Past | Form::Participle)
                    )
                })
        })
    });
    let sentence = Stretch {
        from: sentence.from,
        to: noun
            .flatten()
            .filter(|to| *to > from + 2)
            .unwrap_or(sentence.to),
    };
    // What stands behind a semicolon has its own verb of speech, or goes on with another matter.
    let mut quoted = false;
    let end = (from..sentence.to).find(|at| {
        quoted ^= ground.work.tokens.mark(*at) == b'"';
        !quoted && lower(ground, *at) == ";" && *at > from + 3
    });
    Stretch {
        from: from.min(sentence.to),
        to: end.unwrap_or(sentence.to),
    }
}

/// `..., the director told reporters at the arms fair last Sunday`: behind the cue stands no verb, and before its subject a comma.
fn told_behind(ground: &Ground<'_>, sentence: Stretch, cue: &Cue) -> bool {
    let plain = matches!(cue.lemma.as_str(), "say" | "tell")
        || matches!(
            lower(ground, cue.at + 1),
            "to" | "in" | "on" | "at" | "during"
        ) && matches!(
            cue.lemma.as_str(),
            "disclose" | "announce" | "add" | "explain" | "reveal" | "state" | "declare" | "write"
        );
    let low = cue.at.saturating_sub(12).max(sentence.from + 5);
    plain
        && cue.at > low
        && (low..cue.at).any(|at| matches!(lower(ground, at), "," | "\"" | "—"))
        && !(cue.at + 1..sentence.to).any(|at| {
            matches!(
                class(ground, at),
                Class::That
                    | Class::Be
                    | Class::Have
                    | Class::Modal
                    | Class::Do
                    | Class::Verb(..)
                    | Class::Negation
            ) || matches!(lower(ground, at), "\"" | ":")
        })
}

/// Where the sentence of a token ends.
pub(super) fn sentence_end(ground: &Ground<'_>, at: usize) -> usize {
    ground
        .work
        .tokens
        .sentence_of(at)
        .map_or(at + 1, |own| ground.work.tokens.sentences[own].at.to)
}

/// Whom the words are about: the object of the cue, or the subject of what is said.
pub(super) fn about(
    ground: &Ground<'_>,
    sentence: Stretch,
    cue: &Cue,
    content: Stretch,
) -> Vec<String> {
    let behind = Stretch {
        from: cue.at + 1,
        to: (content.from.max(cue.at + 1) + 12).min(sentence.to),
    };
    let mut found: Vec<String> = Vec::new();
    let mut last: Option<usize> = None;
    for mention in ground.parties.within(behind) {
        let before = mention.titled.min(mention.at.from);
        let joined = last.is_some_and(|end| before <= end + 2 && lower(ground, end) == "and");
        let hangs = before > behind.from
            && matches!(class(ground, before - 1), Class::Preposition)
            && !matches!(lower(ground, before - 1), "of" | "against" | "by" | "on");
        if !hangs && (last.is_none() || joined) {
            found.push(ground.parties.entities[mention.entity].id.clone());
            last = Some(mention.at.to);
        }
    }
    found.dedup();
    found
}

/// The country that stands at the head of what is said.
pub(crate) fn side<'a>(ground: &Ground<'a>, content: Stretch) -> Option<&'a str> {
    subject::first_country(
        ground,
        Stretch {
            from: content.from,
            to: (content.from + 6).min(content.to),
        },
    )
}

/// A few words of what is said, without its small words.
fn gist(ground: &Ground<'_>, content: Stretch) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for at in content.from..content.to {
        if ground.work.apparatus.holds(at) {
            break;
        }
        let token = ground.work.tokens.all[at];
        let small = matches!(
            token.class,
            Class::Article
                | Class::That
                | Class::Adverb
                | Class::Be
                | Class::Have
                | Class::Do
                | Class::Pronoun
        );
        if token.shape != Shape::Mark && !small && !matches!(lower(ground, at), "'s" | "s") {
            kept.push(ground.work.tokens.text(&ground.work.page.folded, at));
        }
        if kept.len() >= 12 {
            break;
        }
    }
    kept.join(" ")
}
