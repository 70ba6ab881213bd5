//! Wire: one request to the provider, and its answer: over TLS, or plain on this machine alone; no redirect is followed.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value;

use super::rules;
use crate::outbound::{self, Trust};

/// How long the provider may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// The longest answer, in bytes.
const LONGEST: usize = 1 << 20;

/// What is asked.
pub(super) struct Asked<'a> {
    /// Where.
    pub(super) url: &'a str,
    /// A form that is sent; what is there is read otherwise.
    pub(super) form: Option<String>,
    /// Who asks, where the provider wants to know.
    pub(super) authorization: Option<String>,
}

/// Asks; gives the status and the JSON of the answer.
pub(super) async fn ask(trust: &Trust, asked: Asked<'_>) -> Result<(StatusCode, Value)> {
    let url = asked.url.to_owned();
    tokio::time::timeout(PATIENCE, exchange(trust, asked))
        .await
        .unwrap_or_else(|_| bail!("no answer after {} s", PATIENCE.as_secs()))
        .with_context(|| format!("`{url}`"))
}

async fn exchange(trust: &Trust, asked: Asked<'_>) -> Result<(StatusCode, Value)> {
    if !rules::secure(asked.url) {
        bail!("is neither `https://` nor on this machine");
    }
    let target = outbound::target(asked.url)?;
    // Providers stand in an organisation's own network more often than not; whoever wrote `oidc.toml` named this one.
    let addresses = outbound::resolve(&target, std::slice::from_ref(&target.host)).await?;
    let stream = outbound::connect(&target, &addresses, trust).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let running = tokio::spawn(connection);
    let mut request = Request::builder()
        .uri(&target.path)
        .header(header::HOST, target.authority())
        .header(header::ACCEPT, "application/json")
        .header(
            header::USER_AGENT,
            concat!("catchall/", env!("CARGO_PKG_VERSION")),
        );
    if let Some(shown) = &asked.authorization {
        request = request.header(header::AUTHORIZATION, shown);
    }
    let request = match asked.form {
        None => request.method(Method::GET).body(Full::new(Bytes::new()))?,
        Some(form) => request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))?,
    };
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), LONGEST)
        .collect()
        .await
        .map_err(|error| anyhow::anyhow!("the answer broke off or is too long: {error}"))?;
    running.abort();
    let value = serde_json::from_slice(&body.to_bytes())
        .with_context(|| format!("the answer (status {}) is no JSON", status.as_u16()))?;
    Ok((status, value))
}
