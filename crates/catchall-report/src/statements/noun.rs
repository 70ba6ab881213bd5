//! Cues that are no verb: `according to X`, nouns of speech, and words that are given by somebody.

use super::subject::{self, Subject};

use super::passive::by_clause;
use super::{Cue, Ground, class, lower};
use crate::gazetteer::Frame;
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;

/// `According to X, Y ...`: X speaks, unless Y is told to have spoken; then X relays.
pub(super) fn according(
    ground: &Ground<'_>,
    sentence: Stretch,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let at = (sentence.from..sentence.to).find(|at| {
        // Few tokens are so long: most are passed over at the price of one look.
        matches!(ground.work.tokens.length(*at), 6 | 7 | 9)
            && ((lower(ground, *at) == "according" && lower(ground, at + 1) == "to")
                || (matches!(lower(ground, *at), "quoting" | "citing")
                    && lower(ground, at.saturating_sub(1)) == ","))
    })?;
    if ground.work.apparatus.holds(at) {
        return None;
    }
    let from = at + 1 + usize::from(lower(ground, at) == "according");
    // `According to unconfirmed reports`: nobody who is named.
    let rumour = (from..(from + 3).min(sentence.to)).any(|place| {
        matches!(
            lower(ground, place),
            "reports" | "rumors" | "rumours" | "accounts"
        )
    }) && (from..(from + 3).min(sentence.to))
        .all(|place| !ground.work.tokens.all[place].capital)
        && lower(ground, at) == "according";
    if rumour {
        return Some(Cue {
            at,
            kind: "reported",
            frame: Frame::Open,
            lemma: "according to".to_owned(),
            subject: Subject::unattributed(),
            negated: false,
        });
    }
    let subject = subject::right(ground, from, sentence, memory).or_else(|| {
        (lower(ground, at) == "according")
            .then(|| subject::plain_right(ground, from, sentence))
            .flatten()
    })?;
    Some(Cue {
        at,
        kind: if subject.outlet { "reported" } else { "said" },
        frame: Frame::Open,
        lemma: "according to".to_owned(),
        subject,
        negated: false,
    })
}

/// `X has given Y an undertaking to ...`: the giver of a word of promise is bound.
pub(super) fn given(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<Cue> {
    let words = ground.work.words;
    if let Some(cue) = term_set(ground, sentence, at, found, memory)
        .or_else(|| light(ground, sentence, at, found, memory))
        .or_else(|| listing(ground, sentence, at, found, memory))
        .or_else(|| position(ground, sentence, at))
    {
        return Some(cue);
    }
    if !ground.work.tokens.is(words, at, "commitment", "word") {
        return None;
    }
    let word = lower(ground, at);
    let binds = matches!(lower(ground, at + 1), "to" | "not" | "that")
        || class(ground, at + 1) == Class::That;
    let giving = (at.saturating_sub(8).max(sentence.from)..at)
        .rev()
        .find(|place| {
            ground
                .work
                .tokens
                .is(ground.work.words, *place, "commitment", "giving")
        })?;
    if !binds || giving == sentence.from {
        return None;
    }
    let (subject, walk) = before(ground, sentence, giving, found, memory)?;
    Some(Cue {
        at,
        kind: "promised",
        frame: Frame::Open,
        lemma: word.to_owned(),
        subject: subject?,
        negated: walk.negated,
    })
}

/// Who stands before the verb, and how the way there went; nothing where the verb is passive.
fn before(
    ground: &Ground<'_>,
    sentence: Stretch,
    verb: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<(Option<Subject>, subject::Walk)> {
    let previous = found.last().map(|cue| (cue.at, &cue.subject));
    let (subject, walk) = subject::left(ground, sentence, verb, previous, memory);
    (!walk.passive).then_some((subject, walk))
}

/// `gave the firm until 15 October to`, `has set Ankara a deadline of`: an order, told by its term.
fn term_set(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<Cue> {
    let short = matches!(ground.work.tokens.length(at), 3..=5);
    if !short
        || !matches!(
            lower(ground, at),
            "gave" | "given" | "gives" | "set" | "sets"
        )
    {
        return None;
    }
    let until = |place: usize| {
        let dated = ground
            .work
            .dates
            .get(ground.work.dates_to(place + 2))
            .is_some_and(|date| date.from <= place + 2);
        (lower(ground, place) == "until" && dated)
            || (lower(ground, place) == "deadline" && lower(ground, place + 1) == "of")
            || (matches!(lower(ground, place), "weeks" | "days" | "months" | "hours")
                && lower(ground, place + 1) == "to")
    };
    (at + 2..(at + 9).min(sentence.to)).find(|place| until(*place))?;
    let (subject, walk) = before(ground, sentence, at, found, memory)?;
    if walk.negated {
        return None;
    }
    let subject = subject.or_else(|| subject::plain(ground, sentence, walk.end))?;
    // `has given itself until June 30 to`: who sets himself a term is bound by it.
    let own = matches!(
        lower(ground, at + 1),
        "itself" | "himself" | "herself" | "themselves"
    );
    Some(Cue {
        at,
        kind: if own { "promised" } else { "ordered" },
        frame: Frame::Open,
        lemma: "set a term".to_owned(),
        subject,
        negated: false,
    })
}

/// `added the firm to its Entity List`, `struck X from the list`: an order, told by the list.
fn listing(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<Cue> {
    if !matches!(ground.work.tokens.length(at), 3..=7) {
        return None;
    }
    let way = match lower(ground, at) {
        "added" | "adds" => "to",
        "placed" | "put" | "places" | "puts" => "on",
        "struck" | "removed" | "dropped" => "from",
        _ => return None,
    };
    if at == sentence.from {
        return None;
    }
    let list = (at + 3..(at + 45).min(sentence.to)).find(|place| {
        matches!(lower(ground, *place), "list" | "blacklist")
            && (place.saturating_sub(6)..*place).any(|own| lower(ground, own) == way)
            && (place.saturating_sub(6)..*place)
                .any(|own| matches!(lower(ground, own), "its" | "the" | "a" | "his" | "their"))
    })?;
    let clause = (at + 1..list).any(|own| class(ground, own) == Class::That);
    let (subject, walk) = before(ground, sentence, at, found, memory)?;
    let subject = subject.filter(Subject::definite)?;
    (!clause && !walk.negated).then_some(Cue {
        at,
        kind: "ordered",
        frame: Frame::Act,
        lemma: "list".to_owned(),
        subject,
        negated: false,
    })
}

/// `Moscow's position is that ...`, `the American view has been that ...`: whose view it is says so.
fn position(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Cue> {
    let led = matches!(
        class(ground, at + 1),
        Class::Be | Class::Have | Class::Adverb
    );
    if !led
        || !ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "standing")
        || at == sentence.from
    {
        return None;
    }
    let mut is = at + 1;
    while is < at + 4 && matches!(class(ground, is), Class::Have | Class::Adverb) {
        is += 1;
    }
    if class(ground, is) != Class::Be || class(ground, is + 1) != Class::That {
        return None;
    }
    let owner = (at.saturating_sub(4).max(sentence.from)..at)
        .rev()
        .find(|place| matches!(lower(ground, *place), "'s" | "'"))
        .and_then(|mark| subject::possessor(ground, mark))
        .or_else(|| {
            let adjective = (at.saturating_sub(3).max(sentence.from)..at)
                .rev()
                .find(|place| ground.parties.demonym(*place).is_some())?;
            subject::nation(ground, adjective)
        })?;
    Some(Cue {
        at,
        kind: "said",
        frame: Frame::Open,
        lemma: lower(ground, at).to_owned(),
        subject: owner,
        negated: false,
    })
}

/// `took issue with`, `made it clear that`, `gave his word that`: verbs that only speak together with the words behind them.
fn light(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<Cue> {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    if !tokens.is(words, at, "light", "verb") || at == sentence.from {
        return None;
    }
    let (from, to) = tokens.bytes(Stretch {
        from: at,
        to: (at + 8).min(sentence.to),
    });
    let text = ground.work.page.lower.get(from..to)?;
    let kind = [
        "denied", "promised", "conceded", "alleged", "said", "ordered",
    ]
    .into_iter()
    .find(|kind| words.phrases("light", kind).heads(text))?;
    // `was called into question by X`: who does it stands behind.
    if class(ground, at - 1) == Class::Be {
        let by = (at + 2..(at + 10).min(sentence.to))
            .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "\""))
            .find(|place| lower(ground, *place) == "by")?;
        let subject = subject::right(ground, by + 1, sentence, memory)?;
        return Some(Cue {
            at,
            kind,
            frame: Frame::Open,
            lemma: lower(ground, at).to_owned(),
            subject,
            negated: false,
        });
    }
    let (subject, walk) = before(ground, sentence, at, found, memory)?;
    let subject = subject.or_else(|| subject::plain(ground, sentence, walk.end))?;
    Some(Cue {
        at,
        kind,
        frame: Frame::Open,
        lemma: lower(ground, at).to_owned(),
        subject,
        negated: walk.negated,
    })
}

/// `Pyongyang's pledge to suspend`, `Washington's charge that`: a word that is a verb elsewhere and a noun here.
pub(super) fn both(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let word = lower(ground, at);
    let owned = at > sentence.from
        && (at.saturating_sub(3).max(sentence.from)..at)
            .any(|place| matches!(lower(ground, place), "'s" | "'"));
    let led = matches!(lower(ground, at + 1), "to" | "not" | "that" | "of")
        || class(ground, at + 1) == Class::That;
    // `rejected a claim by X that`, `obtained a pledge from X`.
    let article = at > sentence.from && class(ground, at - 1) == Class::Article;
    let by = article && matches!(lower(ground, at + 1), "by" | "from");
    if !(owned && led || by) {
        return None;
    }
    let index = ground
        .work
        .words
        .nouns
        .iter()
        .position(|own| own.0 == word)?;
    noun(ground, sentence, at, u16::try_from(index).ok()?, memory)
}

/// `Moscow's repudiation of`, `allegations by X that`, `X's denial`.
pub(super) fn noun(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    index: u16,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let (word, kind) = ground.work.words.nouns.get(usize::from(index))?;
    let strong = matches!(*kind, "denied" | "promised")
        || matches!(
            word.as_str(),
            "repudiation"
                | "renunciation"
                | "accusation"
                | "accusations"
                | "allegation"
                | "allegations"
                | "threat"
                | "admission"
                | "assertion"
                | "assertions"
                | "contention"
        );
    let that_behind = class(ground, at + 1) == Class::That;
    let owned = || {
        at > sentence.from
            && (at.saturating_sub(3).max(sentence.from)..at)
                .any(|place| matches!(lower(ground, place), "'s" | "'"))
    };
    // `Washington's charge that`, `the statement by X that`: nouns that speak with their words behind them only.
    let strong = strong
        || matches!(
            word.as_str(),
            "charge" | "charges" | "claim" | "claims" | "warning" | "announcement" | "suspicions"
        ) && that_behind
            && owned()
        || matches!(
            word.as_str(),
            "statement"
                | "claim"
                | "claims"
                | "announcement"
                | "warning"
                | "charge"
                | "charges"
                | "suggestion"
        ) && lower(ground, at + 1) == "by"
            && (at + 3..(at + 14).min(sentence.to))
                .take_while(|place| !matches!(lower(ground, *place), ";" | "." | "\""))
                .any(|place| class(ground, place) == Class::That)
        || matches!(*kind, "alleged") && made_by(ground, sentence, at).is_some();
    // Admission to a club admits nothing.
    if !strong || (word.starts_with("admission") && lower(ground, at + 1) == "to") {
        return None;
    }
    let genitive = (sentence.from.max(at.saturating_sub(5))..at)
        .rev()
        .find(|place| matches!(lower(ground, *place), "'s" | "'"));
    let possessor = genitive.and_then(|place| subject::possessor(ground, place));
    let by = matches!(lower(ground, at + 1), "by" | "from")
        .then_some(at + 1)
        .or_else(|| made_by(ground, sentence, at))
        .and_then(|by| subject::right(ground, by + 1, sentence, memory));
    let that = class(ground, at + 1) == Class::That;
    let promised = (*kind == "promised")
        .then(|| by_clause(ground, sentence, at, memory))
        .flatten();
    let subject = match possessor.or(by).or(promised) {
        Some(subject) => subject,
        None if that && *kind == "alleged" => Subject::unattributed(),
        None => return None,
    };
    Some(Cue {
        at,
        kind,
        frame: Frame::Open,
        lemma: word.clone(),
        subject,
        negated: false,
    })
}

/// `the accusation, leveled by X`, `a denial issued by X`, `an assurance that ... was given by X`: the "by" of who makes it.
fn made_by(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<usize> {
    let made = |place: usize| {
        ground
            .work
            .tokens
            .is(ground.work.words, place, "grammar", "making")
    };
    let first = at + 1 + usize::from(lower(ground, at + 1) == ",");
    let passive = class(ground, at + 1) == Class::Be || class(ground, at + 1) == Class::Have;
    let reach = if passive { 5 } else { 2 };
    let near = (first..(first + reach).min(sentence.to)).find(|place| made(*place));
    let far = || {
        (at + 2..(at + 24).min(sentence.to))
            .take_while(|place| !matches!(lower(ground, *place), ";" | "\"" | ","))
            .find(|place| class(ground, place - 1) == Class::Be && made(*place))
            .filter(|_| class(ground, at + 1) == Class::That)
    };
    let verb = near.or_else(far)?;
    (verb + 1..(verb + 5).min(sentence.to)).find(|place| lower(ground, *place) == "by")
}
