//! Match review.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use catchall_ledger::case::HitAnswer;
use catchall_ledger::case::answer::HitSeen;
use catchall_ledger::case::command::Command;
use catchall_ledger::case::event::HitVerdict;
use serde_json::Value;

use super::{cases, of, pairs};
use crate::casework;
use crate::desk::answer::{list, text};
use crate::desk::matches;
use crate::desk::visit::{Refusal, Visit};
use crate::explain::words::Mood;
use crate::http::take;

const KEYS: &[(&str, &str)] = &[
    ("c", "the same"),
    ("d", "another"),
    ("i", "ask"),
    ("j", "next"),
    ("k", "earlier"),
];

/// Cases with matches that wait.
pub(super) async fn waiting(visit: Visit) -> Result<Response, Refusal> {
    let lines = cases::visible(&visit).await?;
    let lines: Vec<_> = lines
        .into_iter()
        .filter(|line| line.summary.status.is_open() && line.summary.open_hits > 0)
        .collect();
    let frame = visit.frame("Matches", "/matches");
    Ok(visit.show(matches::waiting(&lines, &frame)))
}

/// One match; the first that waits when none is named.
pub(super) async fn one(
    visit: Visit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let case = cases::read(&visit, &id).await?;
    let key = of(&query, "hit");
    let all = case.answer().map_or(&[][..], |answer| &answer.hits);
    let waits = || case.open_hits().next().or_else(|| all.first());
    let found = all.iter().find(|hit| hit.key == key).or_else(waits);
    let Some(seen) = found.cloned() else {
        return Err(visit.nothing("This case has no possible match."));
    };
    let entry = case.answer().map_or(0, |answer| answer.entry);
    let determined = take::blocking(&visit.app, move |app| {
        casework::determined(&app.ledger, entry)
    })
    .await?;
    let determined = determined.map_err(|error| visit.troubled(&error.into()))?;
    let (document, transfer) = determined
        .map(|found| (found.document, found.transfer))
        .unwrap_or_default();
    let hit = list(&document, "hits")
        .iter()
        .find(|hit| is(hit, &seen))
        .cloned()
        .unwrap_or(Value::Null);
    let earlier = said_elsewhere(&visit, &case.id, &seen).await?;
    let here = format!("/matches/{id}");
    let mut frame = visit.frame(format!("{} or not, match", seen.party), "/matches");
    frame.here = &here;
    frame.keys = KEYS;
    let page = matches::Page {
        case: &case,
        seen: &seen,
        hit: &hit,
        transfer: &transfer,
        earlier: &earlier,
        viewer: &visit.viewer,
        may: visit.may_now("case.hit", case.place()),
    };
    Ok(visit.show(matches::page(&page, &frame)))
}

fn is(hit: &Value, seen: &HitSeen) -> bool {
    let listing = &hit["listing"];
    text(hit, "party") == seen.party
        && text(listing, "list") == seen.list
        && text(listing, "name") == seen.name
}

/// What was said of the same pair in other cases that this person may read.
async fn said_elsewhere(
    visit: &Visit,
    own: &str,
    seen: &HitSeen,
) -> Result<Vec<(String, HitAnswer)>, Refusal> {
    let lines = cases::visible(visit).await?;
    let others: Vec<String> = lines
        .iter()
        .filter(|line| line.summary.id != own && line.parties.contains(&seen.party))
        .map(|line| line.summary.id.clone())
        .take(20)
        .collect();
    let (actor, key) = (visit.caller.actor.clone(), seen.key.clone());
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| {
        let work = cases::work(app, &actor);
        let all = others
            .into_iter()
            .filter_map(|id| work.case_by(&id, past).ok());
        all.filter_map(|case| {
            case.hit_answers
                .get(&key)
                .map(|said| (case.id.clone(), said.clone()))
        })
        .collect()
    })
    .await?;
    Ok(found)
}

/// A person's answer.
pub(super) async fn answer(
    visit: Visit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let verdict = match of(&form, "verdict") {
        "confirmed" => HitVerdict::Confirmed,
        "dismissed" => HitVerdict::Dismissed,
        "needs_information" => HitVerdict::NeedsInformation,
        _ => {
            return Err(visit.refuse(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                "Not recorded",
                "choose one of the three answers",
            ));
        }
    };
    let command = Command::AnswerHit {
        hit: of(&form, "hit").to_owned(),
        verdict,
        reason: of(&form, "reason").to_owned(),
    };
    cases::done(&visit, &id, of(&form, "seen").parse().ok(), command).await?;
    let case = cases::read(&visit, &id).await?;
    let next = case.open_hits().find(|hit| case.said_of(hit).is_none());
    let to = next.map_or_else(
        || format!("/cases/{id}"),
        |hit| matches::address(&case, hit),
    );
    Ok(visit.onward(&to, Mood::Go, "Recorded, with your name and reason."))
}
