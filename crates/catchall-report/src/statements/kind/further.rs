//! Kinds that no verb tells: what somebody who has no part in it says was done, an account of one's own goods, and a day by which something will be.
//!
//! Asked last, where [`super::settle`] found nothing but words said. To grow: words in `data/reports/cues.toml` (`witness`, `done`,
//! `harmless`).

use super::super::{Cue, Ground, class, lower, subject};
use super::{Told, refuses};
use crate::gazetteer::Calendar;
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;

/// What the words said come to, beyond their verb.
pub(super) fn kind(ground: &Ground<'_>, cue: &Cue, content: Stretch, told: Told) -> &'static str {
    if undertakes(ground, cue, content, told) {
        return "promised";
    }
    if !told.future && !told.none && witnessed(ground, cue, content, told) {
        return "alleged";
    }
    if !told.future && harmless(ground, cue, content, told) {
        return "denied";
    }
    "said"
}

fn list(ground: &Ground<'_>, at: usize, list: &str) -> bool {
    ground
        .work
        .tokens
        .is(ground.work.words, at, "grammar", list)
}

/// `Bern will publish the list by the end of November, the minister said`: an act of the speaker's own side, and its day.
fn undertakes(ground: &Ground<'_>, cue: &Cue, content: Stretch, told: Told) -> bool {
    let says = matches!(
        cue.lemma.as_str(),
        "say" | "tell" | "announce" | "add" | "confirm" | "declare" | "state"
    );
    let speaker = cue.subject.speaker(ground);
    // Who has no name and no office binds nobody, and who only looks on forecasts.
    if !says || told.other || speaker.anonymity == "anonymous" || outside(ground, cue) {
        return false;
    }
    let stop = content.to.min(content.from + 16);
    let modal = (content.from..stop).find(|at| {
        matches!(lower(ground, *at), "will" | "would" | "shall")
            || matches!(lower(ground, *at), "is" | "are" | "was" | "were")
                && lower(ground, at + 1) == "to"
    });
    let Some(modal) = modal else { return false };
    let head = Stretch {
        from: content.from,
        to: stop,
    };
    let open = (content.from..modal).any(|at| {
        matches!(
            class(ground, at),
            Class::Subordinate | Class::Have | Class::Do
        ) || matches!(lower(ground, at), "if" | "could" | "might")
    });
    let viewing = ground
        .work
        .tokens
        .is(ground.work.words, modal + 1, "commitment", "viewing");
    !open && !viewing && !refuses(ground, head) && day_behind(ground, modal, content.to)
}

/// `by the end of March`, `no later than 1 May`, `before the year is out`.
fn day_behind(ground: &Ground<'_>, from: usize, to: usize) -> bool {
    (from + 1..to).any(|at| {
        let opens = matches!(lower(ground, at), "by" | "before" | "until")
            || lower(ground, at) == "within"
            || lower(ground, at) == "than" && lower(ground, at - 1) == "later";
        opens
            && (at + 1..(at + 6).min(to))
                .take_while(|own| !matches!(class(ground, *own), Class::Verb(..)))
                .any(|own| {
                    matches!(ground.work.tokens.calendar(own), Some(Calendar::Month(..)))
                        || matches!(
                            lower(ground, own),
                            "year"
                                | "month"
                                | "months"
                                | "days"
                                | "weeks"
                                | "week"
                                | "summer"
                                | "autumn"
                                | "spring"
                                | "fall"
                        )
                })
    })
}

/// `a Western diplomat said that the crates had reached Harbourtown`: a deed, told by one who had no part in it.
fn witnessed(ground: &Ground<'_>, cue: &Cue, content: Stretch, told: Told) -> bool {
    if told.own || told.mild {
        return false;
    }
    let argues = matches!(
        cue.lemma.as_str(),
        "maintain" | "argue" | "believe" | "estimate" | "protest" | "complain" | "consider"
    ) && told.other;
    if !outside(ground, cue) && !argues {
        return false;
    }
    let end = content.to.min(content.from + 22);
    (content.from..end).any(|at| {
        let past = list(ground, at, "done");
        let modal = (at.saturating_sub(3).max(content.from)..at)
            .any(|own| class(ground, own) == Class::Modal);
        past && !modal
    })
}

/// Whether the speaker has no part in what others do: an inspector, a diplomat, a paper of the cargo.
fn outside(ground: &Ground<'_>, cue: &Cue) -> bool {
    let speaker = cue.subject.speaker(ground);
    let name = speaker.name.as_deref().unwrap_or_default().to_lowercase();
    let role = speaker.role.as_deref().unwrap_or_default().to_lowercase();
    let words = ground.work.words;
    name.split(|own: char| !own.is_alphanumeric())
        .chain(role.split(' '))
        .any(|word| words.is("grammar", "witness", word))
}

/// `insists that the tubes were for ordinary rockets`: what one's own goods are told to be for, against what others say.
fn harmless(ground: &Ground<'_>, cue: &Cue, content: Stretch, told: Told) -> bool {
    let answers = matches!(
        cue.lemma.as_str(),
        "insist" | "maintain" | "reply" | "counter" | "assert" | "contend"
    );
    answers
        && !told.other
        && (content.from..content.to.min(content.from + 16)).any(|at| list(ground, at, "harmless"))
        && subject::first_country(ground, content)
            .is_none_or(|code| cue.subject.country(ground) == Some(code))
}
