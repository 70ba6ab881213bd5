//! `/v1/determinations`: what was recorded, its reasons, and whether it comes out the same again.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Response, StatusCode, header};
use catchall_ledger::policy::Place;
use catchall_ledger::{Ask, Entry};
use catchall_model::Day;
use serde::Deserialize;
use serde_json::{Value, json};

use super::assess::{self, Asking};
use super::guard;
use super::problem::Problem;
use super::take::{self, Page, Part, Words};
use crate::access::Caller;
use crate::app::App;
use crate::batch::{Raw, RawRecord};
use crate::judge::Judge;
use crate::record;

const READ: &str = "determination.read";

/// A page of what was recorded, oldest first: one line each, for whoever pages on with `after`.
///
/// # Errors
/// What the ledger says.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(page): Words<Page>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let limit = page.limit()?;
    let entries = take::blocking(&app, move |app| {
        let ask = Ask::all().kind(record::KIND).after(page.after).limit(limit);
        app.ledger.entries(&ask)
    })
    .await?
    .map_err(|error| Problem::of_ledger(&error))?;
    let next = (entries.len() == limit)
        .then(|| entries.last().map(|entry| entry.number))
        .flatten();
    let rows: Vec<Value> = entries
        .iter()
        .filter(|entry| may_read(&app, &caller, entry).is_ok())
        .map(row)
        .collect();
    Ok(assess::json(
        StatusCode::OK,
        json!({ "determinations": rows, "next": next }).to_string(),
    ))
}

fn row(entry: &Entry) -> Value {
    let of = |field: &str| entry.body.value().and_then(|body| body.get(field));
    json!({
        "number": entry.number, "at": entry.at, "id": of("id"), "outcome": of("outcome"),
        "transfer": entry.stream.strip_prefix("transfer/"), "by": entry.actor.name, "team": entry.actor.team,
        "erased": entry.body.value().is_none(),
    })
}

/// A determination belongs to the team that asked for it.
fn may_read(app: &App, caller: &Caller, entry: &Entry) -> Result<(), Problem> {
    guard::may(
        app,
        caller,
        READ,
        Place::of_team(entry.actor.team.as_deref()),
    )
}

/// The entry of a determination, for somebody who may read it.
async fn entry(app: &Arc<App>, caller: &Caller, id: String) -> Result<Entry, Problem> {
    let missing = || Problem::not_found(format!("no determination `{id}` was recorded here"));
    let hexadecimal = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hexadecimal {
        return Err(missing());
    }
    let asked = id.clone();
    let found = take::blocking(app, move |app| record::find(&app.ledger, &asked))
        .await?
        .map_err(|error| Problem::of_ledger(&error))?;
    // Whoever may not read it must not learn that it is there; another team may have recorded the same before.
    found
        .into_iter()
        .find(|entry| may_read(app, caller, entry).is_ok())
        .ok_or_else(missing)
}

fn text_of<'e>(entry: &'e Entry, field: &str) -> Result<&'e str, Problem> {
    let body = entry.body.value().ok_or_else(|| {
        Problem::new(
            StatusCode::GONE,
            "erased",
            "what this determination said was erased on a legal order; that it was made stays on record",
        )
    })?;
    body.get(field)
        .and_then(Value::as_str)
        .ok_or_else(Problem::internal)
}

/// The document, to the byte as it was recorded.
///
/// # Errors
/// 404, and 410 when it was erased.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let entry = entry(&app, &caller, id).await?;
    let mut text = text_of(&entry, "determination")?.to_owned();
    text.push('\n');
    let mut response = assess::json(StatusCode::OK, text);
    // A recorded document never changes, so its own digest is its tag.
    if let Some(id) = entry
        .body
        .value()
        .and_then(|body| body.get("id"))
        .and_then(Value::as_str)
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{id}\""))
    {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// How reasons are written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The document.
    #[default]
    Json,
    /// A tree of lines.
    Text,
    /// One page.
    Html,
    /// The picture alone.
    Svg,
}

/// What may stand behind the `?`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explaining {
    /// How reasons are written.
    #[serde(default)]
    format: Format,
}

/// The tree of reasons.
///
/// # Errors
/// As [`one`].
pub async fn explain(
    State(app): State<Arc<App>>,
    Part(id): Part,
    Words(asked): Words<Explaining>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let entry = entry(&app, &caller, id).await?;
    let text = text_of(&entry, "determination")?.to_owned();
    take::blocking(&app, move |_| explained(&text, asked.format)).await?
}

fn explained(text: &str, format: Format) -> Result<Response<Body>, Problem> {
    let document: Value = serde_json::from_str(text).map_err(|_| Problem::internal())?;
    let (media, written, policy) = match format {
        Format::Json => ("application/json", text.to_owned(), None),
        Format::Text => (
            "text/plain; charset=utf-8",
            crate::explain::text(&document, 100, false),
            None,
        ),
        Format::Html => (
            "text/html; charset=utf-8",
            crate::explain::html(&document),
            Some(crate::explain::content_policy()),
        ),
        Format::Svg => (
            "image/svg+xml",
            crate::explain::svg(&document),
            Some(crate::explain::content_policy()),
        ),
    };
    let mut response = Response::new(Body::from(written));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// Assesses the recorded transfer again, as it was asked then, by the law and lists that are loaded now.
///
/// # Errors
/// As [`one`].
pub async fn replay(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let entry = entry(&app, &caller, id).await?;
    let was = text_of(&entry, "determination")?.to_owned();
    let body = entry.body.value().cloned().unwrap_or_default();
    let done = take::work(&app, move |current, room| {
        let day = |field: &str| {
            body.get(field)
                .and_then(Value::as_str)
                .and_then(|text| Day::parse(text).ok())
        };
        let asking = Asking {
            as_of: day("as_of"),
            known_by: day("known_by"),
            record: None,
        };
        let assessor = asking.assessor(current)?;
        let transfer = body
            .get("transfer")
            .map(Value::to_string)
            .unwrap_or_default();
        let name = serde_json::from_str::<Value>(&was).ok();
        let name = name
            .as_ref()
            .and_then(|document| document.get("transfer"))
            .and_then(Value::as_str);
        // Nothing is told again: what the ledger knew of licences then stands in the recorded transfer.
        let judge = Judge {
            assessor: &assessor,
            decoder: &current.decoder,
            as_of: asking.as_of,
            keeper: None,
        };
        let raw = Raw {
            row: 1,
            line: None,
            record: RawRecord::Json(transfer.into_bytes()),
        };
        let made = judge
            .record(&raw, name, room)
            .map_err(|unfit| Problem::of_unfit(&unfit))?;
        let then = body.get("basis").cloned().unwrap_or_default();
        let now = serde_json::to_value(assessor.basis()).map_err(|_| Problem::internal())?;
        let differs: Vec<&str> = ["packs", "lists", "names", "program"]
            .into_iter()
            .filter(|part| then.get(*part) != now.get(*part))
            .collect();
        Ok(json!({
            "id": body.get("id"),
            "same_bytes": made.document == was,
            "basis_differs_in": differs,
            "determination": serde_json::from_str::<Value>(&made.document).ok(),
        }))
    })
    .await?;
    done.map(|document| assess::json(StatusCode::OK, document.to_string()))
}
