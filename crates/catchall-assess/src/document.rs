//! Document: a determination as its JSON text, shared between transfers with the same facts.
//!
//! All that a determination says between its head (schema, transfer, dates) and its end (basis, id) follows from the facts,
//! where they came from, the flags and the hits. That middle is written once for each set of them; head, end and the digest
//! are written for every transfer. Writing is the larger part of answering, so that this counts.

use std::sync::Arc;

use catchall_law::exact_text;
use catchall_model::{Asked, Determination, Outcome, SCHEMA, Transfer};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::conclude::conclude;
use crate::gather::Gathered;
use crate::{Assessor, Detail, Room};

/// What a document begins with.
#[derive(Serialize)]
struct Head<'a> {
    schema: &'static str,
    transfer: &'a str,
    asked: Asked,
}

/// The document of a transfer.
pub(crate) fn document(
    assessor: &Assessor,
    transfer: &Transfer,
    lines: &mut [Gathered],
    room: &mut Room,
) -> (Outcome, String) {
    let asked = assessor.asked_of(transfer);
    // Made before anything is concluded, which takes flags and hits out of the line.
    let own_key = match lines {
        [line] => {
            let mut own = std::mem::take(&mut room.key);
            key(assessor, &asked, line, &mut own);
            Some(own)
        }
        _ => None,
    };
    let known = own_key.as_ref().and_then(|own| room.bodies.get(own));
    let (outcome, body) = match known {
        Some(known) => known,
        None => {
            let made = body(assessor, transfer, lines, room);
            if let Some(own) = &own_key {
                room.bodies.put(own, made.clone());
            }
            made
        }
    };
    if let Some(own) = own_key {
        room.key = own;
    }
    let mut text = head(&transfer.id, asked);
    let end = &assessor.end;
    text.reserve_exact(body.len() + end.len() + ID_END.len() + 64);
    text.push_str(&body);
    text.push_str(end);
    let id = digest(&[text.as_bytes(), ID_END.as_bytes()]);
    text.push_str(&id);
    text.push_str(ID_END);
    (outcome, text)
}

/// How a document ends, behind its id.
const ID_END: &str = "\"}";

/// What a document begins with, up to where its body goes on.
fn head(transfer: &str, asked: Asked) -> String {
    let head = Head {
        schema: SCHEMA,
        transfer,
        asked,
    };
    let mut text = serde_json::to_string(&head).unwrap_or_default();
    text.pop();
    text
}

/// What stands behind every body: the basis, and the id up to its opening quote.
pub(crate) fn end(basis: &catchall_model::Basis) -> String {
    let basis = serde_json::to_string(basis).unwrap_or_default();
    format!(",\"basis\":{basis},\"id\":\"")
}

/// Everything that the body follows from.
fn key(assessor: &Assessor, asked: &Asked, line: &Gathered, into: &mut Vec<u64>) {
    assessor.sight.exact_key(&line.facts, into);
    into.push(u64::MAX);
    into.push(u64::from(asked.as_of.is_some()));
    for (fact, source) in &line.evidence {
        exact_text(fact, into);
        exact_text(source, into);
    }
    into.push(u64::MAX);
    into.extend(line.maybe.iter().map(|place| u64::from(*place)));
    into.push(u64::from(line.unplaced));
    // Whoever has neither flags nor hits pays nothing here.
    if !line.flags.is_empty() || !line.hits.is_empty() {
        let beside = serde_json::to_string(&(&line.flags, &line.hits)).unwrap_or_default();
        exact_text(&beside, into);
    }
}

/// A document between its head and its end.
fn body(
    assessor: &Assessor,
    transfer: &Transfer,
    lines: &mut [Gathered],
    room: &mut Room,
) -> (Outcome, Arc<str>) {
    let made = conclude(assessor, transfer, lines, Detail::Full, room);
    let whole = unsigned(&made);
    let start = head(&made.transfer, made.asked.clone()).len();
    let stop = whole.len() - assessor.end.len() - ID_END.len();
    (
        made.outcome,
        whole.get(start..stop).unwrap_or_default().into(),
    )
}

/// The text of a determination without its id.
fn unsigned(made: &Determination) -> String {
    let mut bytes = Vec::with_capacity(1 << 14);
    let written = serde_json::to_writer(&mut bytes, made);
    written.map_or(String::new(), |()| {
        String::from_utf8(bytes).unwrap_or_default()
    })
}

/// SHA-256 over the document without its id.
pub(crate) fn sign(made: &Determination) -> String {
    digest(&[unsigned(made).as_bytes()])
}

fn digest(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    let digits = b"0123456789abcdef";
    let halves = digest
        .finalize()
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .map(|half| char::from(digits[usize::from(half)]))
        .collect()
}
