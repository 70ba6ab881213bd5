//! Who comes in and goes out: log-in, log-out, password, help.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::{of, pairs};
use crate::access::{By, Caller};
use crate::app::App;
use crate::desk::account;
use crate::desk::visit::{Refusal, Visit};
use crate::explain::words::Mood;
use crate::http::guard::Address;
use crate::http::problem::Problem;
use crate::http::session;
use crate::oidc::Provider;

/// `/` leads to the first screen that this person may open.
pub(super) async fn home(visit: Visit) -> Redirect {
    Redirect::to(visit.viewer.screens.first().copied().unwrap_or("/help"))
}

/// A place of this server, and of no other.
pub(super) fn own_place(to: &str) -> &str {
    if to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains("://") {
        to
    } else {
        "/"
    }
}

/// The page to log in, as it stands on this server; `wrong` says why the last try failed.
pub(super) fn page(app: &App, to: &str, name: &str, wrong: Option<&str>) -> Markup {
    account::login(&account::Login {
        wrong,
        name,
        to,
        hint: app.settings.demo.then_some(crate::desk::demo::HINT),
        provider: app.provider.as_ref().map(Provider::label),
        farewell: None,
    })
}

/// The page to log in.
pub(super) async fn login(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let to = own_place(of(&query, "to"));
    // Whoever has just left may want to leave the provider, too.
    if let Some(provider) = &app.provider
        && of(&query, "left") == "yes"
    {
        let farewell = provider.farewell().await;
        return account::login(&account::Login {
            to,
            provider: Some(provider.label()),
            farewell: farewell.as_deref(),
            ..account::Login::default()
        })
        .into_response();
    }
    page(&app, to, "", None).into_response()
}

/// Name and password.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    Address(address): Address,
    body: Bytes,
) -> Response {
    let form = pairs(&body);
    let to = own_place(of(&form, "to")).to_owned();
    let name = of(&form, "name").to_owned();
    let password = form
        .iter()
        .rev()
        .find(|(own, _)| own == "password")
        .map_or(String::new(), |(_, value)| value.clone());
    match session::enter(&app, name.clone(), password, address).await {
        Ok(cookie) => {
            let mut response = Redirect::to(&to).into_response();
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(problem) => {
            let status = problem.status();
            let wrong = match status {
                StatusCode::TOO_MANY_REQUESTS => "too many tries; wait a little and try again",
                StatusCode::UNAUTHORIZED => {
                    "the name or the password is wrong, or the account is closed"
                }
                _ => "the server could not do this; try again",
            };
            (status, page(&app, &to, &name, Some(wrong))).into_response()
        }
    }
}

/// Ends the session.
pub(super) async fn leave(visit: Visit) -> Result<Response, Refusal> {
    let left = session::leave(&visit.app, &visit.caller)?;
    let register = visit.app.accounts.register();
    let own = register.account(&visit.caller.actor.name);
    let vouched = own.is_some_and(|own| own.voucher.is_some());
    let next = if vouched { "/login?left=yes" } else { "/login" };
    let mut response = Redirect::to(next).into_response();
    for cookie in left.headers().get_all(header::SET_COOKIE) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}

fn must(caller: &Caller) -> bool {
    matches!(
        caller.by,
        By::Session {
            must_change: true,
            ..
        }
    )
}

/// The page to change one's password.
pub(super) async fn password(visit: Visit) -> Response {
    account::password(&visit.viewer, must(&visit.caller), None).into_response()
}

/// A new password.
pub(super) async fn change(visit: Visit, body: Bytes) -> Response {
    let form = pairs(&body);
    let raw = |name: &str| {
        form.iter()
            .rev()
            .find(|(own, _)| own == name)
            .map_or(String::new(), |(_, value)| value.clone())
    };
    let failed = |why: &str| {
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            account::password(&visit.viewer, must(&visit.caller), Some(why)),
        )
            .into_response()
    };
    if raw("new") != raw("again") {
        return failed("the two new ones differ");
    }
    match session::new_password(&visit.app, &visit.caller, raw("old"), raw("new")).await {
        Ok(()) => visit.onward(
            "/desk",
            Mood::Go,
            "Your password is changed. Your other sessions have ended.",
        ),
        Err(problem) => failed(&first_fault(&problem)),
    }
}

fn first_fault(problem: &Problem) -> String {
    let document: serde_json::Value = serde_json::from_str(&problem.document()).unwrap_or_default();
    let fault = &document["errors"][0]["problem"];
    fault
        .as_str()
        .or_else(|| document["detail"].as_str())
        .unwrap_or("the server could not do this")
        .to_owned()
}

/// The help page.
pub(super) async fn help(visit: Visit) -> Response {
    let mut frame = visit.frame("Help and keys", "/help");
    frame.dates = None;
    visit.show(account::help(&visit.viewer, &frame))
}

/// Single keys on or off.
pub(super) async fn keys(visit: Visit, body: Bytes) -> Response {
    let on = of(&pairs(&body), "keys") != "off";
    let says = if on {
        "Single keys are on."
    } else {
        "Single keys are off."
    };
    let mut response = visit.onward("/help", Mood::Go, says);
    let cookie = if on {
        "desk_keys=on; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
    } else {
        "desk_keys=off; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
    };
    response
        .headers_mut()
        .append(header::SET_COOKIE, HeaderValue::from_static(cookie));
    response
}
