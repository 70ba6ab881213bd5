//! `/v1/webhooks`: targets for events. A secret is shown once, when it is made.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::assess;
use super::problem::{Fault, Problem};
use super::session::read;
use super::take::{self, Part};
use crate::access::Caller;
use crate::app::App;
use crate::hooks::{self, Hook, Secret};
use crate::load;
use crate::outbound;

/// Tries that are shown of one target.
const SHOWN: usize = 200;

fn failed(error: &anyhow::Error) -> Problem {
    crate::talk::say!("catchall: webhooks: {error:#}");
    Problem::internal()
}

fn shown(hook: &Hook) -> Value {
    json!({
        "id": hook.id, "url": hook.url, "kinds": hook.kinds, "about": hook.about, "after": hook.after, "failures": hook.failures,
        "not_before": hook.not_before, "by": hook.by, "secrets": hook.secrets.len(),
    })
}

/// All targets, without their secrets.
pub async fn list(State(app): State<Arc<App>>) -> Response<Body> {
    let all: Vec<Value> = app.hooks.all().iter().map(shown).collect();
    assess::json(StatusCode::OK, json!({ "webhooks": all }).to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    url: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    about: String,
}

/// Sets one up; it gets what happens from now on.
///
/// # Errors
/// 422 for an address that cannot be spoken to, or that is private.
pub async fn add(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked: New = read(request, 16 << 10).await?;
    let wrong = |error: anyhow::Error| {
        Problem::rejected(vec![Fault {
            field: Some("url".to_owned()),
            found: Some(asked.url.clone()),
            problem: format!("{error:#}"),
            cure: "write `https://host:port/path` of a machine that this one may reach".to_owned(),
        }])
    };
    let target = outbound::target(&asked.url).map_err(wrong)?;
    outbound::resolve(&target, &app.settings.webhook_targets)
        .await
        .map_err(wrong)?;
    let (url, kinds, about) = (asked.url, asked.kinds, asked.about);
    let (hook, value) = take::blocking(&app, move |app| -> anyhow::Result<(Hook, String)> {
        let value = hooks::fresh_secret()?;
        let hook = Hook {
            id: hooks::fresh_id()?,
            url,
            kinds,
            about,
            secrets: vec![Secret {
                value: value.clone(),
                until: None,
            }],
            after: app.ledger.head()?.map_or(0, |head| head.number),
            failures: 0,
            not_before: None,
            by: caller.actor.name.clone(),
        };
        app.hooks.change(|all| all.push(hook.clone()))?;
        Ok((hook, value))
    })
    .await?
    .map_err(|error| failed(&error))?;
    let mut document = shown(&hook);
    document["secret"] = json!(format!("whsec_{value}"));
    Ok(assess::json(StatusCode::CREATED, document.to_string()))
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("there is no webhook `{id}`"))
}

/// Takes one away.
///
/// # Errors
/// 404.
pub async fn remove(
    State(app): State<Arc<App>>,
    Part(id): Part,
) -> Result<Response<Body>, Problem> {
    let named = id.clone();
    let gone = take::blocking(&app, move |app| {
        app.hooks.change(|all| {
            let before = all.len();
            all.retain(|hook| hook.id != named);
            before != all.len()
        })
    })
    .await?
    .map_err(|error| failed(&error))?;
    if gone {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(missing(&id))
    }
}

/// Gives one a new secret; the old one goes on to sign for a day.
///
/// # Errors
/// 404.
pub async fn rotate(
    State(app): State<Arc<App>>,
    Part(id): Part,
) -> Result<Response<Body>, Problem> {
    let named = id.clone();
    let made = take::blocking(&app, move |app| {
        app.hooks.change(|all| {
            let hook = all.iter_mut().find(|hook| hook.id == named)?;
            Some(hooks::rotate(hook, load::now()))
        })
    })
    .await?
    .map_err(|error| failed(&error))?;
    let value = made
        .ok_or_else(|| missing(&id))?
        .map_err(|error| failed(&error))?;
    Ok(assess::json(
        StatusCode::OK,
        json!({ "id": id, "secret": format!("whsec_{value}") }).to_string(),
    ))
}

/// The last tries, the newest last.
///
/// # Errors
/// 404.
pub async fn tries(State(app): State<Arc<App>>, Part(id): Part) -> Result<Response<Body>, Problem> {
    if !app.hooks.all().iter().any(|hook| hook.id == id) {
        return Err(missing(&id));
    }
    let all = take::blocking(&app, move |app| app.hooks.tries(&id, SHOWN)).await?;
    Ok(assess::json(
        StatusCode::OK,
        json!({ "deliveries": all }).to_string(),
    ))
}
