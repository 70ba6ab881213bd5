//! `/healthz`: whether the server can answer, and what would make its answers unsafe.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::app::App;

/// What the health document says.
#[derive(Serialize)]
pub struct Health {
    /// `ok`, or `red` when an answer would say that nothing was screened.
    status: &'static str,
    /// The program and its version.
    program: &'static str,
    /// Digest of the packs.
    packs: String,
    /// The lists held, with their days.
    lists: Vec<HeldList>,
    /// What is wrong, one sentence each.
    problems: Vec<String>,
}

#[derive(Serialize)]
struct HeldList {
    list: String,
    day: Option<String>,
    records: usize,
}

/// Answers 200 when all is well and 503 when a list is missing, empty or too old.
pub async fn health(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let current = app.current();
    let (held, problems) = current.assessor.lists();
    let health = Health {
        status: if problems.is_empty() { "ok" } else { "red" },
        program: concat!("catchall ", env!("CARGO_PKG_VERSION")),
        packs: current.assessor.basis().packs.clone(),
        lists: held
            .iter()
            .map(|held| HeldList {
                list: held.list.clone(),
                day: held.day.map(|day| day.to_string()),
                records: held.records,
            })
            .collect(),
        problems: problems.to_vec(),
    };
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health))
}
