//! `/v1/commitments`: how undertakings stand on a day, with what was declared and what was done.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use catchall_law::commitments::Record;
use catchall_model::{Day, Standing};
use serde::Deserialize;
use serde_json::json;

use super::assess;
use super::problem::Problem;
use super::take::{self, Part, Words};
use crate::app::{App, Current};
use crate::commitments::{self, Commitment};
use crate::load;

/// What may stand behind the `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default, deserialize_with = "assess::day")]
    on: Option<Day>,
    #[serde(default, deserialize_with = "assess::day")]
    known_by: Option<Day>,
    #[serde(default)]
    of: Option<String>,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    standing: Option<String>,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    limit: Option<usize>,
}

impl Asked {
    fn days(&self) -> commitments::Asked {
        let today = load::today();
        let on = self.on.unwrap_or(today);
        commitments::Asked {
            on,
            known_by: self.known_by.unwrap_or(today),
            through: on,
        }
    }
}

/// The packs' record with what was accepted, and the digest of that.
type Known = (Record, String);

fn known(app: &App, current: &Current) -> Result<Known, Problem> {
    let held = app
        .shelf
        .held(&app.ledger)
        .map_err(|error| Problem::of_ledger(&error))?;
    Ok(commitments::with_accepted(current.assessor.law(), &held))
}

fn made(
    current: &Current,
    (record, digest): &Known,
    asked: commitments::Asked,
    id: &str,
) -> Option<Commitment> {
    let law = current.assessor.law();
    let own = record.undertaking(id)?;
    if own.recorded.is_some_and(|day| day > asked.known_by) {
        return None;
    }
    Some(commitments::document(
        law,
        record,
        digest,
        &current.places,
        own,
        asked,
    ))
}

/// Undertakings by id, each as it stands on a day; today otherwise.
///
/// # Errors
/// When the limit is out of bounds, or a standing is none.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
) -> Result<Response<Body>, Problem> {
    let limit = take::limit(asked.limit.unwrap_or(take::LIMIT))?;
    let standing = match asked.standing.as_deref() {
        None => None,
        Some(word) => Some(
            word.parse::<Standing>()
                .map_err(|error| Problem::bad_request(format!("standing: {error}")))?,
        ),
    };
    let of_app = app.clone();
    let text = take::work(&app, move |current, _| {
        let known = known(&of_app, current)?;
        let law = current.assessor.law();
        let by = asked.by.as_ref().map(|by| {
            let found = current.places.find(by);
            found.map_or_else(|| by.clone(), |country| country.code().to_owned())
        });
        let of = |id: &str| {
            asked
                .of
                .as_deref()
                .is_none_or(|of| id == of || id.split_once('/').is_some_and(|(pack, _)| pack == of))
        };
        let mut ids: Vec<&str> = law
            .record
            .undertakings
            .iter()
            .filter(|own| by.as_ref().is_none_or(|by| own.by.contains(by)))
            .map(|own| own.id.as_str())
            .filter(|id| of(id) && asked.after.as_deref().is_none_or(|after| *id > after))
            .collect();
        ids.sort_unstable();
        let mut found: Vec<Commitment> = ids
            .into_iter()
            .filter_map(|id| made(current, &known, asked.days(), id))
            .filter(|own| standing.is_none_or(|standing| own.standing == standing))
            .take(limit + 1)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|own| own.undertaking.clone());
        Ok::<String, Problem>(json!({ "commitments": found, "next": next }).to_string())
    })
    .await??;
    Ok(assess::json(StatusCode::OK, text))
}

/// What may stand behind the `?` of one undertaking.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnDay {
    #[serde(default, deserialize_with = "assess::day")]
    on: Option<Day>,
    #[serde(default, deserialize_with = "assess::day")]
    known_by: Option<Day>,
}

/// One undertaking as it stands on a day; today otherwise.
///
/// # Errors
/// 404 for one that is not recorded by then.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    Words(asked): Words<OnDay>,
) -> Result<Response<Body>, Problem> {
    let of_app = app.clone();
    take::work(&app, move |current, _| {
        let known = known(&of_app, current)?;
        let days = Asked {
            on: asked.on,
            known_by: asked.known_by,
            ..Asked::default()
        };
        let found = made(current, &known, days.days(), &id)
            .ok_or_else(|| Problem::not_found(format!("no undertaking `{id}` is recorded")))?;
        let text = serde_json::to_string(&found).map_err(|_| Problem::internal())?;
        Ok(assess::json(StatusCode::OK, text))
    })
    .await?
}
