//! The one table of ways in: method, path, handler, the act of the policy that it needs, and the documents it takes and gives.
//!
//! To add a way in: one row here, one handler beside it, one request in `tests/http.rs`.

use std::sync::Arc;

use axum::routing::{MethodRouter, get, post};

use super::{assess, health};
use crate::app::App;

/// The method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something, or asks with a body.
    Post,
    /// Takes away.
    Delete,
}

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: open to whoever reaches the server.
    Nothing,
    /// An act of the policy.
    Act(&'static str),
}

/// One way in.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{names}` for its parts.
    pub path: &'static str,
    /// What answers.
    pub handler: MethodRouter<Arc<App>>,
    /// What the caller must be allowed.
    pub needs: Needs,
    /// What it is for, in one line.
    pub summary: &'static str,
}

/// Every way in, by path.
pub fn table() -> Vec<Route> {
    use Method::{Get, Post};
    use Needs::{Act, Nothing};
    vec![
        Route {
            method: Get,
            path: "/healthz",
            handler: get(health::health),
            needs: Nothing,
            summary: "Whether the server can answer, and what would make its answers unsafe",
        },
        Route {
            method: Post,
            path: "/v1/assess",
            handler: post(assess::assess),
            needs: Act("transfer.assess"),
            summary: "Assess one transfer, a list, or a batch under the caller's keys",
        },
    ]
}
