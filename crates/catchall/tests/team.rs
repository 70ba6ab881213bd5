//! What a build with `--features team` can do besides: Parquet, webhooks over TLS, log-in by a provider of identities. Every server of these
//! tests is one of this process, on loopback; no request leaves the machine.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "team/hooks.rs"]
mod hooks;
#[path = "team/oidc.rs"]
mod oidc;
#[path = "team/parquet.rs"]
mod parquet;
#[path = "team/provider.rs"]
mod provider;
#[path = "http/server.rs"]
#[allow(dead_code)]
mod server;
