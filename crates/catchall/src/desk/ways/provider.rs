//! To the provider of identities and back. Both ways are links, so that they work without script; what a browser takes along is a cookie that
//! shows that it is the same one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::account::{own_place, page};
use super::{of, pairs};
use crate::app::App;
use crate::http::guard::cookie;
use crate::http::problem::Problem;
use crate::http::session::{own_cookie, turned_away, vouched};
use crate::oidc::{Provider, Refused, Returned};

/// The cookie's name; with TLS one that only this host may set.
fn binding_name(app: &App) -> &'static str {
    if app.settings.loopback {
        "catchall_login"
    } else {
        "__Host-catchall_login"
    }
}

/// Off to the provider.
pub(super) async fn depart(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let Some(provider) = &app.provider else {
        return Ok(Redirect::to("/login").into_response());
    };
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let to = own_place(of(&query, "to"));
    let departure = match provider.depart(to).await {
        Ok(departure) => departure,
        Err(why) => return Ok(failed(&app, to, &why)),
    };
    let kept = own_cookie(
        &app,
        binding_name(&app),
        &departure.binding,
        "; Max-Age=600",
    )?;
    let mut response = Redirect::to(&departure.to).into_response();
    response.headers_mut().append(header::SET_COOKIE, kept);
    Ok(response)
}

/// Back from the provider.
pub(super) async fn arrive(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let Some(provider) = &app.provider else {
        return Ok(Redirect::to("/login").into_response());
    };
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let said = |name: &str| of(&query, name).to_owned();
    let returned = Returned {
        code: said("code"),
        state: said("state"),
        issuer: said("iss"),
        error: said("error"),
        binding: cookie(&headers, binding_name(&app))
            .unwrap_or_default()
            .to_owned(),
    };
    let mut response = entered(&app, provider, returned).await?;
    let gone = own_cookie(&app, binding_name(&app), "", "; Max-Age=0")?;
    response.headers_mut().append(header::SET_COOKIE, gone);
    Ok(response)
}

async fn entered(
    app: &Arc<App>,
    provider: &Provider,
    returned: Returned,
) -> Result<Response, Problem> {
    let arrival = match provider.arrive(returned).await {
        Ok(arrival) => arrival,
        Err(why) => {
            if let Refused::Unplaced(why) = &why {
                turned_away(app, why).await?;
            }
            return Ok(failed(app, "/", &why));
        }
    };
    match vouched(app, arrival.person).await? {
        Ok(cookie) => {
            let mut response = Redirect::to(&arrival.to).into_response();
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(why) => Ok(failed(app, "/", &Refused::Unplaced(why))),
    }
}

/// The page to log in, with what went wrong; the reason that helps whoever runs the server goes to its log.
fn failed(app: &App, to: &str, why: &Refused) -> Response {
    let status = match why {
        Refused::NotBegun => StatusCode::BAD_REQUEST,
        Refused::Denied(_) | Refused::Unplaced(_) | Refused::Unbelieved(_) => StatusCode::FORBIDDEN,
        Refused::Away(_) => StatusCode::BAD_GATEWAY,
    };
    match why {
        Refused::Away(reason) | Refused::Unbelieved(reason) => {
            crate::talk::say!("catchall: log-in by the provider: {reason:#}");
            app.metrics.count("logins", "failed", 1);
        }
        Refused::NotBegun | Refused::Denied(_) => app.metrics.count("logins", "failed", 1),
        Refused::Unplaced(_) => {}
    }
    (status, page(app, to, "", Some(&why.to_string()))).into_response()
}
