//! What came back: answers to requests, and what a person says of a possible match.

use super::{no_such, said};
use crate::case::Case;
use crate::case::command::Refused;
use crate::case::event::{CaseEvent, HitVerdict, Said};

pub(super) fn answer(
    case: &Case,
    request: u32,
    by: String,
    answers: Vec<Said>,
) -> Result<Vec<CaseEvent>, Refused> {
    open_request(case, request)?;
    said("who answered", &by, "name the person or firm")?;
    let empty = |each: &Said| each.value.is_null() && each.words.trim().is_empty();
    if answers.is_empty() || answers.iter().any(empty) {
        return Err(Refused::LeftOut {
            what: "an answer",
            cure: "give a value, or say in words why it stays not known",
        });
    }
    Ok(vec![CaseEvent::Answered {
        request,
        by,
        answers,
    }])
}

pub(super) fn open_request(case: &Case, request: u32) -> Result<(), Refused> {
    let mut open = case.requests.iter().filter(|each| each.closed.is_none());
    if open.clone().any(|each| each.number == request) {
        return Ok(());
    }
    Err(no_such(
        case,
        "open request",
        request,
        open.by_ref().map(|each| each.number),
    ))
}

pub(super) fn answer_hit(
    case: &Case,
    hit: &str,
    verdict: HitVerdict,
    reason: String,
) -> Result<Vec<CaseEvent>, Refused> {
    said(
        "the reason",
        &reason,
        "say what speaks for it or against it",
    )?;
    let hits = case.answer().map_or(&[][..], |answer| &answer.hits);
    let exact = hits.iter().find(|each| each.key == hit);
    let mut part = hits
        .iter()
        .filter(|each| !hit.trim().is_empty() && each.key.contains(hit));
    let found = exact.or_else(|| part.next().filter(|_| part.next().is_none()));
    let Some(found) = found else {
        let keys: Vec<&str> = hits.iter().map(|each| each.key.as_str()).collect();
        return Err(Refused::NoSuch {
            what: "match",
            found: hit.to_owned(),
            case: case.id.clone(),
            known: if keys.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", keys.join(", "))
            },
        });
    };
    Ok(vec![CaseEvent::HitAnswered {
        hit: found.key.clone(),
        print: found.print.clone(),
        verdict,
        reason,
    }])
}
