//! `/v1/lists`, `/v1/reload`: the lists of parties that are held, and taking up what has changed on disk.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use catchall_ledger::Draft;
use serde_json::{Value, json};

use super::assess;
use super::problem::Problem;
use super::take;
use crate::access::Caller;
use crate::app::App;
use crate::load;

/// The lists held, with day, age and digest; and what is wrong with any.
pub async fn list(State(app): State<Arc<App>>) -> Response<Body> {
    let current = app.current();
    let (held, problems) = current.assessor.lists();
    let today = load::today();
    let rows: Vec<Value> = held
        .iter()
        .map(|held| {
            json!({
                "list": held.list, "title": held.title, "day": held.day, "records": held.records, "digest": held.digest,
                "age_days": held.day.map(|day| today.number() - day.number()),
            })
        })
        .collect();
    let document = json!({
        "lists": rows, "problems": problems, "digest": current.assessor.basis().lists, "as_of": today,
    });
    assess::json(StatusCode::OK, document.to_string())
}

/// Loads packs and lists again; where that fails, what was there stays.
///
/// # Errors
/// 422 with everything that is wrong.
pub async fn reload(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let before = app.current().assessor.basis().clone();
    let done = take::blocking(&app, |app| app.reload()).await?;
    done.map_err(|error| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-loaded",
            format!("{error:#}"),
        )
    })?;
    let now = app.current().assessor.basis().clone();
    let document = json!({
        "packs": now.packs, "lists": now.lists, "changed": before != now,
    });
    let entry = Draft::new(
        "pack",
        "reloaded",
        caller.actor,
        load::now(),
        document.clone(),
    );
    take::blocking(&app, move |app| app.ledger.append(vec![entry]))
        .await?
        .map_err(|error| Problem::of_ledger(&error))?;
    Ok(assess::json(StatusCode::OK, document.to_string()))
}
