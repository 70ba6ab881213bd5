//! The desk: pages for people, made on the server. One file a screen.
//!
//! ```text
//! request -> visit (who, may they, which dates) -> way (parses, asks the app once) -> screen (data to markup) -> frame -> page
//! ```
//!
//! Nothing is decided here, and nothing is done that the API cannot do. Every page is whole without script; what the script
//! swaps carries `data-part`. The sheet, the script and the marks stand in `data/desk/`.
//!
//! To add a screen: one file here, its row in `frame::SCREENS` when people go there by themselves, its row in `ways`.

mod account;
mod answer;
mod assets;
mod bundle;
mod case;
mod check;
mod commitments;
pub mod demo;
mod evidence;
mod fields;
mod frame;
mod lanes;
mod law;
mod licence;
mod marks;
mod matches;
mod packs;
mod party;
mod queue;
mod sheet;
mod strip;
mod visit;
mod ways;
mod why;

use std::sync::Arc;

use axum::Router;

use crate::app::App;
use crate::http::route::Needs;

pub(crate) use marks::{count, day as day_words};
pub(crate) use visit::{lost, wants_page};

/// The desk's pages.
pub fn routes() -> Router<Arc<App>> {
    ways::router()
}

/// Every way into the desk: method, path, and the act of the policy that it needs (`signed in` for any account, empty for none).
pub fn ways() -> Vec<(String, &'static str, &'static str)> {
    let all = ways::table().into_iter();
    all.map(|way| {
        let needs = match way.needs {
            Needs::Nothing => "",
            Needs::SignedIn => "signed in",
            Needs::Act(act) => act,
        };
        (way.method.to_string(), way.path, needs)
    })
    .collect()
}
