//! What is said without a verb of speech: turns of a transcript, sentences quoted throughout, sides that are about to act.
//!
//! Each looks at one sentence in which no cue was found. To grow: a form is a function here, called from [`super::read`].

use super::{Cue, Ground, Told, lower, push, subject, when};
use crate::gazetteer::Frame;

/// Whether the page is a transcript: two turns or more are labelled, and one of them names a person.
pub(super) fn turns(ground: &Ground<'_>) -> bool {
    let labels: Vec<Option<subject::Subject>> = ground
        .work
        .tokens
        .paragraphs
        .iter()
        .filter(|paragraph| ground.work.parts.is_body(paragraph.from))
        .filter_map(|paragraph| subject::label(ground, *paragraph))
        .map(|(turn, _)| turn)
        .take(8)
        .collect();
    labels.len() > 1 && labels.iter().any(Option::is_some)
}

/// What is said in a turn of a transcript, in the speaker's own words.
pub(super) fn own_words(
    ground: &Ground<'_>,
    scopes: &when::Scopes,
    index: usize,
    memory: &subject::Memory,
    told: &mut Vec<Told>,
) {
    let sentence = ground.work.tokens.sentences[index].at;
    let Some(subject) = memory.turn().cloned() else {
        return;
    };
    let asks = lower(ground, sentence.to - 1) == "?";
    if asks || sentence.to - sentence.from < 5 || lower(ground, sentence.from) == "(" {
        return;
    }
    let colon = (sentence.from..sentence.to.min(sentence.from + 10))
        .find(|at| lower(ground, *at) == ":")
        .unwrap_or(sentence.from);
    let cue = Cue {
        at: colon,
        kind: "said",
        frame: Frame::Open,
        lemma: "turn".to_owned(),
        subject,
        negated: false,
    };
    let first = told.len();
    push(ground, scopes, index, &cue, first, told);
}

/// `Ruritania will put its rules before parliament by June`: a side that is told to be about to act, on a day.
pub(super) fn intends(
    ground: &Ground<'_>,
    scopes: &when::Scopes,
    index: usize,
    told: &mut Vec<Told>,
) {
    let sentence = ground.work.tokens.sentences[index].at;
    let Some((subject, will)) =
        subject::bound(ground, sentence).or_else(|| subject::obliged(ground, sentence))
    else {
        return;
    };
    let dated = {
        let first = ground.work.dates_from(will);
        ground.work.dates[first..]
            .iter()
            .zip(&ground.values[first..])
            .take_while(|(date, _)| date.from < sentence.to)
            .any(|(date, value)| {
                date.deadline
                    || value.is_some_and(|value| {
                        ground.work.solved.day.is_some_and(|today| value.to > today)
                    })
            })
    };
    let relayed = (sentence.from..sentence.to)
        .any(|at| ground.work.tokens.is(ground.work.words, at, "cue", "relay"));
    if !(dated || relayed) {
        return;
    }
    let cue = Cue {
        at: will,
        kind: "promised",
        frame: Frame::Open,
        lemma: "will".to_owned(),
        subject,
        negated: false,
    };
    let first = told.len();
    push(ground, scopes, index, &cue, first, told);
}

/// A sentence that is quoted throughout goes on with the last speaker.
pub(super) fn quotation(
    ground: &Ground<'_>,
    scopes: &when::Scopes,
    index: usize,
    memory: &subject::Memory,
    told: &mut Vec<Told>,
) {
    let sentence = ground.work.tokens.sentences[index];
    let opens = lower(ground, sentence.at.from) == "\"";
    let Some(subject) = memory.last_speaker().filter(|_| opens) else {
        return;
    };
    let same = told.last().is_some_and(|last| {
        ground.work.tokens.sentences[last.sentence].paragraph + 1 >= sentence.paragraph
    });
    if !same {
        return;
    }
    let cue = Cue {
        at: sentence.at.from,
        kind: "said",
        frame: Frame::Open,
        lemma: "quotation".to_owned(),
        subject,
        negated: false,
    };
    let first = told.len();
    push(ground, scopes, index, &cue, first, told);
}
