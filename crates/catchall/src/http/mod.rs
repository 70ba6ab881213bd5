//! The HTTP API: one file a resource. A handler parses, calls once, and renders; it decides nothing.
//!
//! [`route::table`] is the one list of ways in. The router, the OpenAPI document, the authorisation and its test are made from
//! it. Errors leave as `application/problem+json` ([`problem`]). What happens around every handler stands in [`guard`].

pub mod assess;
pub mod cases;
pub mod commitments;
pub mod determinations;
pub mod entity;
pub mod events;
pub mod guard;
pub mod health;
pub mod jobs;
pub mod law;
pub mod licences;
pub mod listen;
pub mod lists;
pub mod metrics;
pub mod openapi;
pub mod packs;
pub mod problem;
pub mod reconcile;
pub mod repeat;
pub mod route;
pub mod screen;
pub mod session;
pub mod statements;
pub mod stream;
pub mod take;
pub mod webhooks;
pub mod yente;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};

use self::problem::Problem;
use crate::access::Caller;
use crate::app::App;

/// Everything the server answers: the table's routes, the desk's pages, and a problem document for all else.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in route::table() {
        let handler = route
            .handler
            .layer(from_fn_with_state(app.clone(), repeat::once))
            .layer(from_fn_with_state(
                (app.clone(), route.needs),
                guard::authorise,
            ));
        router = router.route(route.path, handler);
    }
    router
        .merge(crate::desk::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), guard::watch))
        .with_state(app)
}

async fn nothing_here(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if !uri.path().starts_with("/v1/") && crate::desk::wants_page(&headers) {
        return crate::desk::lost(&app, caller, &headers);
    }
    Problem::not_found(format!(
        "nothing is served at `{}`; `/openapi.json` lists what is",
        uri.path()
    ))
    .into_response()
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!(
            "`{method}` is not served at `{}`; `/openapi.json` lists what is",
            uri.path()
        ),
    )
}
