//! Assets: the sheet, the script and the marks of the desk, built into the program from `data/desk/`, and where pages find them.
//!
//! The address carries a digest of the content, so that a browser may keep a file for good and still never shows an old one.

use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// The sheet.
pub(crate) const SHEET: &str = include_str!("../../../../data/desk/desk.css");
/// The script: partial updates and keys; every page is whole without it.
pub(crate) const SCRIPT: &str = include_str!("../../../../data/desk/desk.js");
/// The marks that the page of reasons does not need.
pub(crate) const MARKS: &str = include_str!("../../../../data/desk/marks.svg");

/// A tenth of a digest is enough to tell two editions apart.
static EDITION: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::new()
        .chain_update(SHEET)
        .chain_update(SCRIPT)
        .finalize();
    digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// Address of the sheet.
pub(crate) fn sheet() -> String {
    format!("/desk/desk.css?{}", *EDITION)
}

/// Address of the script.
pub(crate) fn script() -> String {
    format!("/desk/desk.js?{}", *EDITION)
}

fn kept(kind: &'static str, text: &'static str) -> Response {
    (
        StatusCode::OK,
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        text,
    )
        .into_response()
}

/// `GET /desk/desk.css`.
pub(crate) async fn css() -> Response {
    kept("text/css; charset=utf-8", SHEET)
}

/// `GET /desk/desk.js`.
pub(crate) async fn js() -> Response {
    kept("text/javascript; charset=utf-8", SCRIPT)
}
