//! The desk: pages for people, made on the server. One file a screen.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// The desk's pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
}
