//! The desk: pages for people, made on the server. One file a screen.
//!
//! ```text
//! request -> handler (parses, asks the app once) -> the screen's function from data to markup -> frame -> page
//! ```
//!
//! Nothing is decided here, and nothing is done that the API cannot do. Every page is whole without script; what the script
//! swaps carries `data-part`. The sheet, the script and the marks stand in `data/desk/`.
//!
//! To add a screen: one file here, its row in [`frame::SCREENS`] when people go there by themselves, its route in `routes`.

mod answer;
mod assets;
mod check;
mod fields;
mod frame;
mod law;
mod marks;
mod sheet;
mod strip;
mod why;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

pub(crate) use law::condition_text;

/// The desk's pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
}
