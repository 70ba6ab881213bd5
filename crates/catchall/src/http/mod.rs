//! The HTTP API: one file a resource. A handler parses, calls once, and renders; it decides nothing.
//!
//! [`route::table`] is the one list of ways in. The router, the OpenAPI document, the authorisation and its test are made from
//! it. Errors leave as `application/problem+json` ([`problem`]).

pub mod assess;
pub mod health;
pub mod problem;
pub mod route;
pub mod take;

use std::sync::Arc;

use axum::Router;

use self::problem::Problem;
use crate::app::App;

/// Everything the server answers: the table's routes, the desk's pages, and a problem document for all else.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in route::table() {
        router = router.route(route.path, route.handler);
    }
    router
        .merge(crate::desk::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app)
}

async fn nothing_here(uri: axum::http::Uri) -> Problem {
    Problem::not_found(format!(
        "nothing is served at `{}`; `/openapi.json` lists what is",
        uri.path()
    ))
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Problem {
    Problem::new(
        axum::http::StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!(
            "`{method}` is not served at `{}`; `/openapi.json` lists what is",
            uri.path()
        ),
    )
}
