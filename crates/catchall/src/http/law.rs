//! `/v1/law`, `/v1/coverage`: the provisions in the packs, and what of each instrument is modelled.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use catchall_model::Day;
use serde::Deserialize;
use serde_json::json;

use super::assess;
use super::problem::Problem;
use super::take::{self, Part, Words};
use crate::app::App;
use crate::lawbook;

/// What may stand behind the `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// As they stand on this day; every version otherwise.
    #[serde(default, deserialize_with = "assess::day")]
    on: Option<Day>,
    /// Only ids that hold this text.
    #[serde(default)]
    id: Option<String>,
    /// Ids after this one.
    #[serde(default)]
    after: Option<String>,
    /// At most so many.
    #[serde(default)]
    limit: Option<usize>,
}

/// Provisions by id, a page at a time.
///
/// # Errors
/// When the limit is out of bounds.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
) -> Result<Response<Body>, Problem> {
    let limit = take::limit(asked.limit.unwrap_or(take::LIMIT))?;
    let text = take::work(&app, move |current, _| {
        let found = current.assessor.law();
        let mut rows = lawbook::show(found, asked.id.as_deref(), asked.on);
        let id = |row: &serde_json::Value| row["provision"].as_str().unwrap_or_default().to_owned();
        rows.sort_by_cached_key(id);
        rows.retain(|row| asked.after.as_ref().is_none_or(|after| id(row) > *after));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(id);
        json!({ "packs": found.digest, "on": asked.on, "provisions": rows, "next": next })
            .to_string()
    })
    .await?;
    Ok(assess::json(StatusCode::OK, text))
}

/// What may stand behind the `?` of one provision.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnDay {
    /// As it stands on this day; every version otherwise.
    #[serde(default, deserialize_with = "assess::day")]
    on: Option<Day>,
}

/// One provision, by its whole id.
///
/// # Errors
/// 404, with the nearest id.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    Words(asked): Words<OnDay>,
) -> Result<Response<Body>, Problem> {
    take::work(&app, move |current, _| {
        let found = current.assessor.law();
        let rows = lawbook::show(found, Some(&id), asked.on);
        let row = rows
            .into_iter()
            .find(|row| row["provision"].as_str() == Some(&id));
        match row {
            Some(row) => Ok(assess::json(StatusCode::OK, row.to_string())),
            None => {
                let ids = found
                    .provisions
                    .iter()
                    .map(|provision| provision.id.as_str());
                let known = found.provisions.iter().any(|provision| provision.id == id);
                let why = match (known, catchall_law::nearest(&id, ids)) {
                    (true, _) => "; no version of it stands on that day".to_owned(),
                    (false, Some(near)) => format!("; the nearest is `{near}`"),
                    (false, None) => String::new(),
                };
                Err(Problem::not_found(format!(
                    "the packs hold no provision `{id}`{why}"
                )))
            }
        }
    })
    .await?
}

/// Every word that a transfer may use.
///
/// # Errors
/// None but those of the server.
pub async fn vocabulary(State(app): State<Arc<App>>) -> Result<Response<Body>, Problem> {
    let text = take::work(&app, |current, _| {
        lawbook::vocabulary(current.assessor.law(), [true; 4], None).to_string()
    })
    .await?;
    Ok(assess::json(StatusCode::OK, text))
}

/// What of each instrument is modelled, in part, or only pointed to.
///
/// # Errors
/// None but those of the server.
pub async fn coverage(State(app): State<Arc<App>>) -> Result<Response<Body>, Problem> {
    let text = take::work(&app, |current, _| {
        let found = current.assessor.law();
        json!({ "packs": found.digest, "instruments": lawbook::coverage(found, None) }).to_string()
    })
    .await?;
    Ok(assess::json(StatusCode::OK, text))
}
