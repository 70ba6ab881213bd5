//! Passives as cues: `signed into law by President X`, `were accused of`.

use super::subject::{self, Subject};

use super::{Cue, Ground, class, lower};
use crate::gazetteer::Frame;
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;

/// `signed into law by President X`, `were accused of ...`.
pub(super) fn passive_cue(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    kind: &'static str,
    lemma: &str,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let by = (at + 1..(at + 9).min(sentence.to)).find(|place| lower(ground, *place) == "by");
    let subject = by.and_then(|by| {
        subject::right(ground, by + 1, sentence, memory).or_else(|| {
            (kind == "reported")
                .then(|| subject::plain_right(ground, by + 1, sentence))
                .flatten()
        })
    });
    let frame = Frame::Open;
    match (subject, kind) {
        (Some(subject), _) if subject.definite() || subject.plural() || kind == "reported" => {
            Some(Cue {
                at,
                kind,
                frame,
                lemma: lemma.to_owned(),
                subject,
                negated: false,
            })
        }
        (_, "alleged")
            if matches!(
                lemma,
                "accuse" | "charge" | "allege" | "suspect" | "blame" | "implicate"
            ) && lower(ground, at + 1) != "d" =>
        {
            Some(Cue {
                at,
                kind,
                frame,
                lemma: lemma.to_owned(),
                subject: Subject::unattributed(),
                negated: false,
            })
        }
        _ => None,
    }
}

/// `assurances that X would ...`: X gives them, also where an aside stands between.
pub(super) fn by_clause(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &subject::Memory,
) -> Option<Subject> {
    let that =
        (at + 1..(at + 30).min(sentence.to)).find(|place| class(ground, *place) == Class::That)?;
    let near = that == at + 1 || matches!(lower(ground, that - 1), "—" | "," | "\"");
    let will = (that + 2..(that + 7).min(sentence.to))
        .any(|place| matches!(lower(ground, place), "would" | "will"));
    (near && will)
        .then(|| subject::right(ground, that + 1, sentence, memory))
        .flatten()
}
