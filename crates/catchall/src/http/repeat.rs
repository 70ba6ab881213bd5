//! `Idempotency-Key`: a request that is sent again gets the first one's answer, and is not done again.
//!
//! Kept in memory for a day and within bounds; what a command records carries the same key into the ledger, so that a repeat
//! after a restart does nothing twice either.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::take;
use crate::access::{Caller, secret};
use crate::app::{App, held};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes of answers that are kept together.
const MOST: usize = 64 << 20;

/// The key of a request, for handlers that append to the ledger: the caller's, made unique to the caller.
#[derive(Clone, Debug)]
pub struct RepeatKey(pub String);

/// Requests that were sent with a key.
#[derive(Default)]
pub struct Repeats {
    by_key: Mutex<(HashMap<String, Kept>, usize)>,
}

struct Kept {
    digest: [u8; 32],
    since: Instant,
    /// None while the first one is under way.
    answer: Option<Answer>,
}

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

enum Found {
    New,
    UnderWay,
    Other,
    Same(Answer),
}

impl Repeats {
    fn begin(&self, key: &str, digest: [u8; 32], now: Instant) -> Found {
        let mut guard = held(&self.by_key);
        let (all, bytes) = &mut *guard;
        let old = |kept: &Kept| now.saturating_duration_since(kept.since) >= KEPT;
        if *bytes > MOST || all.len() > 100_000 {
            // The older half goes.
            let mut ages: Vec<Instant> = all.values().map(|kept| kept.since).collect();
            ages.sort_unstable();
            let middle = ages.get(ages.len() / 2).copied().unwrap_or(now);
            all.retain(|_, kept| kept.answer.is_none() || kept.since > middle);
            *bytes = all
                .values()
                .filter_map(|kept| kept.answer.as_ref())
                .map(|answer| answer.body.len())
                .sum();
        }
        match all.get(key) {
            Some(kept) if !old(kept) => match &kept.answer {
                _ if kept.digest != digest => Found::Other,
                None => Found::UnderWay,
                Some(answer) => Found::Same(answer.clone()),
            },
            _ => {
                let kept = Kept {
                    digest,
                    since: now,
                    answer: None,
                };
                all.insert(key.to_owned(), kept);
                Found::New
            }
        }
    }

    fn end(&self, key: &str, answer: Option<Answer>) {
        let mut guard = held(&self.by_key);
        let (all, bytes) = &mut *guard;
        match answer {
            None => {
                all.remove(key);
            }
            Some(answer) => {
                *bytes += answer.body.len();
                if let Some(kept) = all.get_mut(key) {
                    kept.answer = Some(answer);
                }
            }
        }
    }
}

/// Forgets a request that ended without an answer: a client that hung up may send it again.
struct Begun {
    app: Arc<App>,
    key: String,
    ended: bool,
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.ended {
            self.app.repeats.end(&self.key, None);
        }
    }
}

/// Around every way in that does something.
pub async fn once(
    State(app): State<Arc<App>>,
    caller: Caller,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let given = request.headers().get(&KEY).cloned();
    let Some(given) = given.filter(|_| *request.method() != Method::GET) else {
        return next.run(request).await;
    };
    let given = match given.to_str() {
        Ok(text) if (1..=200).contains(&text.len()) => text.to_owned(),
        _ => {
            return Problem::bad_request("`Idempotency-Key` must be 1 to 200 ASCII characters")
                .into_response();
        }
    };
    let key = secret::digest(&format!(
        "{}\n{}\n{}\n{given}",
        caller.actor.name,
        request.method(),
        request.uri()
    ));
    let (parts, body) = request.into_parts();
    let bytes = match take::body(body, take::BODY).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    request = Request::from_parts(parts, Body::from(bytes));
    match app.repeats.begin(&key, digest, Instant::now()) {
        Found::Same(answer) => {
            let mut response = Response::new(Body::from(answer.body));
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            response
                .headers_mut()
                .insert(REPLAYED, HeaderValue::from_static("true"));
            return response;
        }
        Found::Other => {
            return Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-taken",
                "this `Idempotency-Key` was sent with another body; take a new key for a new request",
            )
            .into_response();
        }
        Found::UnderWay => {
            return Problem::new(
                StatusCode::CONFLICT,
                "under-way",
                "the first request with this `Idempotency-Key` is still under way; ask again in a moment",
            )
            .into_response();
        }
        Found::New => {}
    }
    let mut begun = Begun {
        app: app.clone(),
        key: key.clone(),
        ended: false,
    };
    request.extensions_mut().insert(RepeatKey(key.clone()));
    let response = next.run(request).await;
    let (parts, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, take::BODY * 4).await {
        Ok(bytes) => bytes,
        Err(_) => {
            return Problem::bad_request(
                "this answer is too long to be kept for repeats; send the request without `Idempotency-Key`",
            )
            .into_response();
        }
    };
    let keep = parts.status.as_u16() < 500 && parts.status != StatusCode::TOO_MANY_REQUESTS;
    let answer = Answer {
        status: parts.status,
        headers: parts.headers.clone(),
        body: bytes.clone(),
    };
    begun.ended = true;
    app.repeats.end(&key, keep.then_some(answer));
    Response::from_parts(parts, Body::from(bytes))
}
