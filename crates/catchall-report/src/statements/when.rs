//! When it was said, and which brackets it rests on.
//!
//! A date beside the verb comes first; then what the same speaker said just before; then the day of the bracket that closes
//! the passage, if it has one. A bracket covers the sentences of its paragraph back to the bracket before.

use super::{Ground, class, lower};
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;

/// For each sentence, the citations it rests on.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    by_sentence: Vec<Vec<usize>>,
    /// The day of the sitting that the page is the record of.
    sitting: Option<String>,
}

impl Scopes {
    pub(crate) fn of(ground: &Ground<'_>) -> Scopes {
        let sentences = &ground.work.tokens.sentences;
        let mut by_sentence: Vec<Vec<usize>> = vec![Vec::new(); sentences.len()];
        let mut brackets: Vec<(Stretch, Vec<usize>)> = Vec::new();
        for (record, place) in ground.cited.iter().enumerate() {
            let cited = &ground.work.apparatus.cited[*place];
            if cited.running {
                if let Some(own) = ground.work.tokens.sentence_of(cited.at.from) {
                    by_sentence[own].push(record);
                }
                continue;
            }
            match brackets.last_mut() {
                Some((bracket, own)) if *bracket == cited.bracket => own.push(record),
                _ => brackets.push((cited.bracket, vec![record])),
            }
        }
        let notes = notes(ground, &brackets);
        let own: std::collections::BTreeSet<usize> =
            notes.values().map(|(bracket, _)| bracket.from).collect();
        brackets.retain(|(bracket, _)| !own.contains(&bracket.from));
        for (index, sentence) in sentences.iter().enumerate() {
            if let Some((_, records)) = mark_of_note(ground, sentence.at)
                .and_then(|number| notes.get(&number))
                .filter(|(bracket, _)| sentence.at.to <= bracket.from)
            {
                by_sentence[index].extend(records);
            }
        }
        let single = brackets.len() == 1;
        let mut covered = 0;
        for (bracket, records) in &brackets {
            let Some(mut last) = ground.work.tokens.sentence_of(bracket.from) else {
                continue;
            };
            // A bracket that opens its sentence belongs to the sentence before.
            let own = sentences[last];
            if own.at.from == bracket.from
                && last > 0
                && sentences[last - 1].paragraph == own.paragraph
                && own.at.to == bracket.to
            {
                last -= 1;
            }
            let paragraph = own.paragraph;
            let mut first = last;
            while first > covered && (sentences[first - 1].paragraph == paragraph || single) {
                first -= 1;
            }
            if !single {
                first = shared(ground, first, covered, paragraph);
            }
            for slot in by_sentence.iter_mut().take(last + 1).skip(first) {
                if slot.is_empty() {
                    slot.extend(records);
                }
            }
            covered = last + 1;
        }
        Scopes {
            by_sentence,
            sitting: sitting(ground),
        }
    }

    /// Ids and outlets of the citations of a sentence.
    pub(crate) fn cites(&self, ground: &Ground<'_>, sentence: usize) -> (Vec<String>, Vec<String>) {
        let own = self
            .by_sentence
            .get(sentence)
            .map_or(&[][..], Vec::as_slice);
        let ids = own
            .iter()
            .filter_map(|record| ground.citations.get(*record))
            .map(|cited| cited.id.clone())
            .collect();
        let mut outlets: Vec<String> = own
            .iter()
            .filter_map(|record| ground.citations.get(*record))
            .flat_map(|cited| cited.outlets.clone())
            .collect();
        outlets.sort();
        outlets.dedup();
        (ids, outlets)
    }

    /// The single day of the brackets of a sentence.
    fn day(&self, ground: &Ground<'_>, sentence: usize) -> Option<String> {
        let own = self.by_sentence.get(sentence)?;
        let mut days: Vec<&str> = own
            .iter()
            .filter_map(|record| ground.citations.get(*record))
            .map(|cited| cited.date.as_str())
            .collect();
        days.dedup();
        let ranged = own
            .iter()
            .filter_map(|record| ground.citations.get(*record))
            .any(|cited| cited.date_end.is_some());
        match days.as_slice() {
            [one] if !ranged => Some((*one).to_owned()),
            _ => None,
        }
    }
}

/// The day of a hearing or a meeting, where the header says that the page is the record of one.
fn sitting(ground: &Ground<'_>) -> Option<String> {
    let header = ground
        .work
        .parts
        .all
        .iter()
        .filter(|part| part.kind == "header")
        .any(|part| {
            let (from, to) = ground.work.tokens.bytes(part.at);
            let text = ground.work.page.lower.get(from..to).unwrap_or_default();
            ground.work.words.phrases("serial", "sitting").within(text)
        });
    let sure = ground.work.solved.record.confidence == "exact";
    ground
        .work
        .solved
        .day
        .filter(|_| header && sure)
        .map(|day| day.to_string())
}

/// Notes by number: the sentence of sources that begins with it, and its citations.
fn notes(
    ground: &Ground<'_>,
    brackets: &[(Stretch, Vec<usize>)],
) -> std::collections::BTreeMap<u32, (Stretch, Vec<usize>)> {
    let number = |at: usize| {
        lower(ground, at)
            .parse::<u32>()
            .ok()
            .filter(|own| *own < 1000)
    };
    brackets
        .iter()
        .filter_map(|(bracket, records)| {
            let at = bracket.from;
            let paragraph = ground
                .work
                .tokens
                .paragraphs
                .get(ground.work.tokens.paragraph_of(at))?;
            let own = match lower(ground, at) {
                "[" | "(" => number(at + 1).filter(|_| at == paragraph.from),
                _ => number(at).filter(|_| at == paragraph.from).or_else(|| {
                    (paragraph.from + 2 == at)
                        .then(|| number(paragraph.from))
                        .flatten()
                }),
            }?;
            Some((own, (*bracket, records.clone())))
        })
        .collect()
}

/// The number of the note that a sentence ends with: `[3]`, or a bare one behind the point.
fn mark_of_note(ground: &Ground<'_>, sentence: Stretch) -> Option<u32> {
    let last = sentence.to.checked_sub(1)?;
    if last < sentence.from + 4 {
        return None;
    }
    if lower(ground, last) == "]" && lower(ground, last - 2) == "[" {
        return lower(ground, last - 1).parse().ok();
    }
    let raised = !ground.work.tokens.all[last].spaced
        && matches!(lower(ground, last - 1), "." | "\"" | "?" | "!");
    raised.then(|| lower(ground, last).parse().ok()).flatten()
}

/// A paragraph without a bracket is covered by the next one's where both speak of the same person.
fn shared(ground: &Ground<'_>, first: usize, covered: usize, paragraph: usize) -> usize {
    let sentences = &ground.work.tokens.sentences;
    let Some(before) = first.checked_sub(1).filter(|before| *before >= covered) else {
        return first;
    };
    let previous = sentences[before].paragraph;
    if previous + 1 != paragraph {
        return first;
    }
    let people = |number: usize| -> Vec<usize> {
        let Some(at) = ground.work.tokens.paragraphs.get(number) else {
            return Vec::new();
        };
        ground
            .parties
            .within(*at)
            .map(|mention| mention.entity)
            .filter(|entity| ground.parties.entities[*entity].kind == "person")
            .collect()
    };
    let (own, other) = (people(paragraph), people(previous));
    let lead = own.first().copied();
    let common =
        lead.is_some_and(|lead| other.iter().filter(|entity| **entity == lead).count() >= 2);
    if !common {
        return first;
    }
    let mut start = before;
    while start > covered && sentences[start - 1].paragraph == previous {
        start -= 1;
    }
    start
}

/// When the statement was made.
pub(crate) fn said(
    ground: &Ground<'_>,
    scopes: &Scopes,
    index: usize,
    (cue, content): (usize, Stretch),
    lemma: &str,
    previous: Option<(usize, Option<String>)>,
) -> Option<String> {
    let sentence = ground.work.tokens.sentences[index].at;
    // A transcript is of its day.
    if lemma == "turn" {
        let sure = matches!(ground.work.solved.record.confidence, "exact" | "high");
        return ground
            .work
            .solved
            .day
            .filter(|_| sure)
            .map(|day| day.to_string());
    }
    if let Some(value) = beside(ground, sentence, cue, content) {
        return Some(value);
    }
    if at_the_time(ground, sentence, cue) {
        return told_before(ground, index);
    }
    let habitual = (cue.saturating_sub(5).max(sentence.from)..cue).any(|at| {
        matches!(
            lower(ground, at),
            "often"
                | "repeatedly"
                | "long"
                | "always"
                | "consistently"
                | "date"
                | "frequently"
                | "regularly"
                | "generally"
        )
    });
    let perfect = (cue.saturating_sub(3).max(sentence.from)..cue)
        .any(|at| matches!(lower(ground, at), "has" | "have"));
    // `has denied it (AP, May 5).`: the source at its end dates it all the same.
    if (habitual || perfect) && closes(ground, sentence, cue) {
        return scopes.day(ground, index);
    }
    if habitual || (perfect && lemma != "say") {
        return None;
    }
    if let Some((last, value)) = previous {
        let near = ground.work.tokens.sentences[last].paragraph
            == ground.work.tokens.sentences[index].paragraph;
        if near && value.is_some() {
            return value;
        }
    }
    let past = matches!(
        class(ground, cue),
        Class::Verb(_, crate::gazetteer::words::Form::Past)
    );
    scopes
        .day(ground, index)
        .or_else(|| scopes.sitting.clone().filter(|_| past))
}

/// `asserted at the time that`, `at the time Moscow argued`: not the day of the paper.
fn at_the_time(ground: &Ground<'_>, sentence: Stretch, cue: usize) -> bool {
    let low = cue.saturating_sub(6).max(sentence.from);
    (low..(cue + 4).min(sentence.to)).any(|at| {
        lower(ground, at) == "at"
            && lower(ground, at + 1) == "the"
            && lower(ground, at + 2) == "time"
            && !matches!(lower(ground, at + 3), "of" | "when")
    })
}

/// The day that the words before tell of, in this paragraph.
fn told_before(ground: &Ground<'_>, index: usize) -> Option<String> {
    let sentences = &ground.work.tokens.sentences;
    let own = sentences[index];
    let before = index.checked_sub(1)?;
    let low = sentences[before.saturating_sub(1)..index]
        .iter()
        .find(|sentence| sentence.paragraph == own.paragraph)?;
    let (first, last) = (
        ground.work.dates_from(low.at.from),
        ground.work.dates_from(own.at.from),
    );
    (first..last)
        .rev()
        .filter(|place| {
            let date = &ground.work.dates[*place];
            !ground.work.apparatus.holds(date.from) && !date.deadline
        })
        .find_map(|place| ground.values.get(place).copied().flatten())
        .map(|value| value.iso())
}

/// Whether a date before the verb stands in a clause of its own: in what is told before its teller, or behind `who`.
fn within_clause(
    ground: &Ground<'_>,
    sentence: Stretch,
    (from, to): (usize, usize),
    (cue, content): (usize, Stretch),
) -> bool {
    if !(to..cue).any(|at| lower(ground, at) == ",") {
        return false;
    }
    let words = (cue + 1..sentence.to)
        .filter(|at| {
            !ground.work.apparatus.holds(*at)
                && ground.work.tokens.all[*at].shape == crate::tokens::Shape::Word
        })
        .count();
    // `..., a deputy said on condition of anonymity`.
    let told_first = content.to <= cue && from > sentence.from + 2 && lower(ground, cue - 1) != ",";
    let teller_last = (words < 3 || told_first) && cue > sentence.from + 6;
    let relative = (sentence.from..from)
        .rev()
        .take(14)
        .take_while(|at| lower(ground, *at) != ",")
        .any(|at| matches!(lower(ground, at), "who" | "which" | "whose"));
    teller_last || relative
}

/// Whether a bracket of sources closes the sentence itself.
fn closes(ground: &Ground<'_>, sentence: Stretch, cue: usize) -> bool {
    (sentence.to.saturating_sub(3).max(cue)..sentence.to + 1)
        .any(|at| at > cue && ground.work.apparatus.holds(at))
}

/// `in a letter of 12 May`, `in the accord of June 17`: the day of the paper in which it is said.
fn of_paper(ground: &Ground<'_>, date: usize, cue: usize) -> bool {
    let Some(of) = date.checked_sub(1).filter(|of| *of > cue) else {
        return false;
    };
    let paper = of.checked_sub(1).is_some_and(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "paper")
    });
    matches!(lower(ground, of), "of" | "dated" | "on" | "from") && paper && date - cue < 14
}

/// A date that goes with the verb: before it in its clause, or right behind it.
fn beside(ground: &Ground<'_>, sentence: Stretch, cue: usize, content: Stretch) -> Option<String> {
    let first = ground.work.dates_from(sentence.from);
    let mut best: Option<(usize, String)> = None;
    for (place, date) in ground.work.dates.iter().enumerate().skip(first) {
        if date.from >= sentence.to {
            break;
        }
        let Some(value) = ground.values.get(place).copied().flatten() else {
            continue;
        };
        if ground.work.apparatus.holds(date.from) || date.deadline {
            continue;
        }
        let distance = if date.to <= cue {
            let clause = (date.to..cue)
                .any(|at| class(ground, at) == Class::That || lower(ground, at) == ";");
            if clause
                || matches!(
                    lower(ground, date.to),
                    "agreement" | "pact" | "accord" | "treaty" | "agreements" | "contracts"
                )
            {
                continue;
            }
            // The year of a thing named before is not the day of speaking.
            if matches!(date.expr, crate::dates::Expr::Year { .. }) && date.from > sentence.from + 3
            {
                continue;
            }
            // `That deadline passed last week, a deputy complained`: the day belongs to what is told, not to the telling.
            if within_clause(ground, sentence, (date.from, date.to), (cue, content)) {
                continue;
            }
            cue - date.to
        } else {
            let gap = date.from - cue;
            let clause = (cue + 1..date.from).any(|at| {
                class(ground, at) == Class::That || matches!(lower(ground, at), "\"" | ",")
            });
            let paper = of_paper(ground, date.from, cue);
            // `told the Senate Intelligence Committee on February 2 that`, `..., he told reporters in Kyiv on Monday`.
            let told_first = content.to <= cue;
            let far = gap
                > if told_first || class(ground, date.to) == Class::That {
                    14
                } else {
                    5
                };
            // `admitted in 1996 that`: the year of the telling, and not of the thing told.
            let year = matches!(date.expr, crate::dates::Expr::Year { .. })
                && !(date.from == cue + 2
                    && lower(ground, cue + 1) == "in"
                    && (class(ground, date.to) == Class::That || lower(ground, date.to) == "to"));
            // `made that commitment in writing in October 1997`: a word that is given has the day of giving behind it.
            let given = matches!(class(ground, cue), Class::Noun(_))
                && gap <= 10
                && !(cue + 1..date.from).any(|at| {
                    matches!(
                        class(ground, at),
                        Class::That | Class::Verb(..) | Class::Modal
                    ) || matches!(lower(ground, at), "," | "\"" | ";")
                })
                && !date.deadline;
            if ((far || clause) && !paper && !given) || year {
                continue;
            }
            gap
        };
        if best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, value.iso()));
        }
    }
    best.map(|(_, value)| value)
}
