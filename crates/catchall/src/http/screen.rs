//! `POST /v1/screen`: parties against the lists held. No hit says that nothing passed the review bar, never that a party is cleared.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use catchall_assess::{Assessor, Room};
use catchall_model::{Day, Hit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::assess;
use super::problem::{Fault, Problem};
use super::take::{self, Words};
use crate::app::{App, Current};
use crate::batch::{AskedParty, Raw, RawRecord};
use crate::load;

/// What may stand behind the `?`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The lists as they stood on this day; today otherwise.
    #[serde(default, deserialize_with = "assess::day")]
    as_of: Option<Day>,
}

/// Screens one party, a list of them, or `{"parties": {"key": {...}}}`.
///
/// # Errors
/// 422 for a party that cannot be read, 503 when a list cannot be used: nothing fails open.
pub async fn screen(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let bytes = take::body(request.into_body(), take::BODY).await?;
    let document = take::work(&app, move |current, room| {
        usable(&current.assessor)?;
        let on = asked.as_of.unwrap_or_else(load::today);
        answer(current, &bytes, on, room)
    })
    .await??;
    Ok(assess::json(StatusCode::OK, document.to_string()))
}

/// Refuses to screen against lists that cannot be used.
///
/// # Errors
/// 503, with every list that is at fault.
pub fn usable(assessor: &Assessor) -> Result<(), Problem> {
    let (_, problems) = assessor.lists();
    if problems.is_empty() {
        return Ok(());
    }
    let faults = problems.iter().map(|problem| Fault {
        field: None,
        found: None,
        problem: problem.clone(),
        cure: "import the list again (`catchall lists import`), then `POST /v1/reload`".to_owned(),
    });
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not-screened",
        "a list cannot be used, so nothing was screened",
    )
    .with_faults(faults.collect()))
}

fn answer(current: &Current, bytes: &Bytes, on: Day, room: &mut Room) -> Result<Value, Problem> {
    let body: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("the body is no JSON: {error}")))?;
    let (held, _) = current.assessor.lists();
    let lists: Vec<Value> = held
        .iter()
        .map(|held| json!({ "list": held.list, "day": held.day }))
        .collect();
    let mut faults = Vec::new();
    let mut ask = |place: String, key: Option<&str>, value: &Value, number: u64| {
        hits(current, value, key, number, on, room).unwrap_or_else(|found| {
            faults.extend(found.into_iter().map(|fault| fault.within(&place)));
            Vec::new()
        })
    };
    let document = match &body {
        Value::Array(all) => {
            let rows: Vec<Vec<Hit>> = (1_u64..)
                .zip(all)
                .map(|(number, value)| ask(format!("[{}]", number - 1), None, value, number))
                .collect();
            json!({ "as_of": on, "lists": lists, "hits": rows })
        }
        Value::Object(fields) => match fields.get("parties") {
            Some(Value::Object(all)) if fields.len() == 1 => {
                let rows: serde_json::Map<String, Value> = (1_u64..)
                    .zip(all)
                    .map(|(number, (key, value))| {
                        let found = ask(format!("parties.{key}"), Some(key), value, number);
                        (key.clone(), json!(found))
                    })
                    .collect();
                json!({ "as_of": on, "lists": lists, "hits": rows })
            }
            _ => {
                let found = ask(String::new(), None, &body, 1);
                json!({ "as_of": on, "lists": lists, "hits": found })
            }
        },
        _ => {
            return Err(Problem::bad_request(
                "send a party as a JSON object, a list of them, or `{\"parties\": {\"key\": {...}}}`",
            ));
        }
    };
    if faults.is_empty() {
        Ok(document)
    } else {
        Err(Problem::rejected(faults))
    }
}

fn hits(
    current: &Current,
    value: &Value,
    key: Option<&str>,
    number: u64,
    on: Day,
    room: &mut Room,
) -> Result<Vec<Hit>, Vec<Fault>> {
    let asked = party(current, value, number)?;
    let key = key.unwrap_or(&asked.key);
    let mut hits = current.assessor.screen(&asked.party, key, on, room);
    for hit in &mut hits {
        hit.party = key.to_owned();
    }
    Ok(hits)
}

/// A party of the contract, or a FollowTheMoney entity; `number` stands in for a key that is not given.
///
/// # Errors
/// Each field that is at fault.
pub fn party(current: &Current, value: &Value, number: u64) -> Result<AskedParty, Vec<Fault>> {
    let raw = Raw {
        row: number,
        line: None,
        record: RawRecord::Json(value.to_string().into_bytes()),
    };
    current
        .decoder
        .party(&raw)
        .map_err(|rejects| rejects.iter().map(Fault::from).collect())
}
