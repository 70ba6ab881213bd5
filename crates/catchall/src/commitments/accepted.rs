//! Accepted statements as acts on a lane: what a person has said bears on an undertaking stands beside what the packs tell, under the day
//! on which it was accepted, so that an earlier state of knowledge is without it.
//!
//! The machine proposes no bearing: who accepts a statement says on what it bears and what it shows. Words stay words: an accepted promise
//! is a statement of the side that gave it, and never performance.

use catchall_law::Law;
use catchall_law::commitments::{Fields, Record, read_act};
use catchall_ledger::statement::event::RelationKind;
use catchall_ledger::statement::{Standing, Statement};
use catchall_model::Given;

use super::document::hex;
use crate::evidence::Held;

/// The packs' record with what was accepted, and the digest of that; empty where there is nothing.
pub fn with_accepted(law: &Law, held: &Held) -> (Record, String) {
    let mut record = law.record.clone();
    let digest = add_accepted(&mut record, held);
    (record, digest)
}

/// Adds what was accepted to a record; gives its digest, empty where there is nothing.
pub fn add_accepted(record: &mut Record, held: &Held) -> String {
    let mut all = String::new();
    let known: Vec<&Statement> = held
        .statements
        .values()
        .map(AsRef::as_ref)
        .filter(|own| own.standing == Standing::Accepted && !own.bears_on.is_empty())
        .collect();
    for own in &known {
        let Some(fields) = fields(held, own, &known, record) else {
            continue;
        };
        // What cannot be read as an act has no place on a lane; it stands in the evidence all the same.
        if let Ok(act) = read_act(&fields, &id(own)) {
            all.push_str(&format!("{act:?}\n"));
            record.acts.push(act);
        }
    }
    if all.is_empty() {
        return String::new();
    }
    record.settle();
    hex(all.as_bytes())
}

/// The key of the act of a statement.
pub fn id(own: &Statement) -> String {
    format!("statement/{}", own.id)
}

fn fields(held: &Held, own: &Statement, known: &[&Statement], record: &Record) -> Option<Fields> {
    let told = &own.made.told;
    let paper = held.papers.get(&own.made.report);
    let printed = paper.and_then(|paper| paper.reading.publication.date.clone());
    let day = told.said.clone().or(printed)?;
    let day = match day.split_once('/') {
        Some((from, to)) => format!("[{from}..{to}]"),
        None => day,
    };
    let bears_on: Vec<Given> = own
        .bears_on
        .iter()
        .filter(|each| record.undertaking(&each.undertaking).is_some())
        .map(|each| Given::Text(each.undertaking.clone()))
        .collect();
    if bears_on.is_empty() {
        return None;
    }
    let by = told.country.clone().or_else(|| told.speaker.clone());
    let who = match (&told.speaker, &told.role) {
        (Some(name), Some(role)) => format!("{name}, {role}"),
        (Some(name), None) => name.clone(),
        (None, role) => role.clone().unwrap_or_default(),
    };
    let relief = own
        .made
        .relation
        .as_ref()
        .is_some_and(|relation| relation.is == RelationKind::Relief);
    let kind = match told.kind.as_str() {
        _ if relief => "relief",
        "denied" => "denial",
        "ordered" => "order",
        "alleged" | "reported" => "report",
        _ => "statement",
    };
    let source = if own.made.source.is_empty() {
        paper.map_or_else(
            || own.made.report.clone(),
            |paper| {
                let own = &paper.reading.publication;
                let title = own.title.as_deref().unwrap_or(&paper.report.name);
                format!("{title}, {}", own.date.as_deref().unwrap_or("undated"))
            },
        )
    } else {
        own.made.source.clone()
    };
    let accepted = own.judged().map(|done| done.stamp.day().to_string());
    let mut fields = Fields::new();
    let mut put = |name: &str, text: String| {
        if !text.is_empty() {
            fields.insert(name.to_owned(), Given::Text(text));
        }
    };
    put("date", day);
    put("by", by.unwrap_or_else(|| "unattributed".to_owned()));
    put("who", who);
    put("kind", kind.to_owned());
    put("what", words(told.content.as_str(), &own.id));
    put("source", source);
    put("cite", format!("accepted statement {}", own.id));
    put("confidence", "read".to_owned());
    put("recorded", accepted.unwrap_or_default());
    // Where a person said what it shows, that stands; words alone show nothing of themselves.
    let shows = own.bears_on.iter().find_map(|each| each.shows.clone());
    put("shows", shows.unwrap_or_else(|| "nothing".to_owned()));
    fields.insert("bears_on".to_owned(), Given::List(bears_on));
    let of = answered(held, own, known);
    if !of.is_empty() {
        let of = of.into_iter().map(Given::Text).collect();
        fields.insert("of".to_owned(), Given::List(of));
    }
    Some(fields)
}

fn words(content: &str, id: &str) -> String {
    if content.is_empty() {
        return format!("the words are not kept; see {id}");
    }
    content.to_owned()
}

/// Acts that a denial answers, or a relief closes: those of accepted statements that its text sets it against, or that it names.
fn answered(held: &Held, own: &Statement, known: &[&Statement]) -> Vec<String> {
    let named = own
        .made
        .relation
        .as_ref()
        .map(|relation| relation.of.as_str());
    let pairs = held
        .papers
        .get(&own.made.report)
        .map_or(&[][..], |paper| paper.reading.contradictions.as_slice());
    let within = own.made.within.as_str();
    let clash = |other: &str| {
        !within.is_empty()
            && pairs.iter().any(|pair| {
                (pair.a == within && pair.b == other) || (pair.b == within && pair.a == other)
            })
    };
    let denies = own.made.told.kind == "denied";
    known
        .iter()
        .filter(|other| other.id != own.id && other.made.told.kind != "denied")
        .filter(|other| {
            named == Some(other.id.as_str())
                || (denies && other.made.report == own.made.report && clash(&other.made.within))
        })
        .map(|other| id(other))
        .collect()
}
