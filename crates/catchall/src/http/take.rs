//! What handlers take from a request: queries without unknown words, bodies within their limits, work on blocking threads.

use std::any::Any;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use catchall_assess::Room;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::app::{App, Current};

/// Bytes of a body that is taken whole; longer ones go as a stream or as a job.
pub const BODY: usize = 16 << 20;

/// A query; a word that is not known is a problem, never passed over.
#[derive(Clone, Debug)]
pub struct Words<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Words<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Words<T>, Problem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(words)| Words(words))
            .map_err(|error| Problem::bad_request(format!("the query cannot be used: {error}")))
    }
}

/// A part of the path as text; bytes that are no UTF-8 are a problem.
#[derive(Clone, Debug)]
pub struct Part(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Part, Problem> {
        Path::<String>::from_request_parts(parts, state)
            .await
            .map(|Path(text)| Part(text))
            .map_err(|_| {
                Problem::bad_request(
                    "the address holds bytes that are no UTF-8; escape it as UTF-8",
                )
            })
    }
}

/// The whole body, of at most so many bytes.
///
/// # Errors
/// When it is longer, or the connection ends within it.
pub async fn body(body: Body, most: usize) -> Result<Bytes, Problem> {
    axum::body::to_bytes(body, most).await.map_err(|error| {
        let long = std::iter::successors(
            Some(&error as &dyn std::error::Error),
            |error| error.source(),
        )
        .any(|error| error.to_string().contains("length limit exceeded"));
        if long {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                format!(
                    "the body is longer than {most} bytes; send JSON Lines as a stream, or a job to `/v1/jobs`"
                ),
            )
        } else {
            Problem::bad_request("the body ended before it was whole")
        }
    })
}

/// The media type of a body, in lower case and without parameters; empty where none is said.
pub fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

/// Does work that takes a while on a blocking thread, no more at once than there are workers.
///
/// # Errors
/// When the work broke.
pub async fn work<T: Send + 'static>(
    app: &Arc<App>,
    job: impl FnOnce(&Current, &mut Room) -> T + Send + 'static,
) -> Result<T, Problem> {
    let permit = app
        .workers
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Problem::internal())?;
    blocking(app, move |app| {
        let done = app.with_room(|room| job(&app.current(), room));
        drop(permit);
        done
    })
    .await
}

/// Does work that is over in a moment where it stands. To hand it to a blocking thread and back would take longer than to do it.
///
/// # Errors
/// When the work broke; its room is thrown away.
pub fn at_once<T>(app: &App, job: impl FnOnce(&Current, &mut Room) -> T) -> Result<T, Problem> {
    let done = || app.with_room(|room| job(&app.current(), room));
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(done)).map_err(|_| Problem::internal())
}

/// Does something that blocks, as a hash of a password or a question to the ledger, on a blocking thread.
///
/// # Errors
/// When it broke.
pub async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    job: impl FnOnce(&App) -> T + Send + 'static,
) -> Result<T, Problem> {
    let app = app.clone();
    // Boxed, so that the machinery of a task is compiled once and not for each route.
    let job: Box<dyn FnOnce() -> Box<dyn Any + Send> + Send> =
        Box::new(move || Box::new(job(&app)));
    let done = tokio::task::spawn_blocking(job)
        .await
        .map_err(|_| Problem::internal())?;
    let done = done.downcast::<T>().map_err(|_| Problem::internal())?;
    Ok(*done)
}

/// A page of something long: what stands behind a number, at most so many.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Only what comes after this number.
    #[serde(default)]
    pub after: u64,
    /// At most so many, 1 to 1000.
    #[serde(default = "hundred")]
    pub limit: usize,
}

fn hundred() -> usize {
    LIMIT
}

impl Page {
    /// The limit, within what may be asked.
    ///
    /// # Errors
    /// When it is 0 or more than 1000.
    pub fn limit(self) -> Result<usize, Problem> {
        limit(self.limit)
    }
}

/// So many of a list where nobody says how many.
pub const LIMIT: usize = 100;

/// How many of a list are asked for, 1 to 1000.
///
/// # Errors
/// When it is 0 or more than 1000.
pub fn limit(asked: usize) -> Result<usize, Problem> {
    if (1..=1000).contains(&asked) {
        return Ok(asked);
    }
    Err(Problem::bad_request(format!(
        "limit: `{asked}` is not between 1 and 1000"
    )))
}
