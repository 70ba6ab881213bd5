//! Explain: the tree of reasons of one determination, as text for a terminal, as a page, and as a picture.
//!
//! Every rendering takes the document itself, so that a saved file and a fresh answer look alike; an incomplete
//! document, or one of a later version, shows what is there. Nothing is asked or decided again here.
//!
//! ```text
//! document --reasons--> Reasons --text--> lines for a terminal
//!                                --html--> one page, which holds the picture
//!                                --svg---> the picture alone
//! ```
//!
//! `words` puts the contract's words for people, `measure` knows widths and directions of writing.

mod html;
pub(crate) mod markup;
pub(crate) mod measure;
mod reasons;
mod svg;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod words;

use serde_json::Value;

use self::reasons::Reasons;

/// The tree for a terminal of `width` columns; widths below 32 count as 32.
///
/// With `colour`, status words carry the terminal's own colours; without, there is not one escape in it, and
/// nothing is lost. Names in scripts from right to left stand between U+2068 and U+2069. Ends in a newline.
pub fn text(document: &Value, width: usize, colour: bool) -> String {
    text::text(&Reasons::read(document), width, colour)
}

/// One page that needs nothing but itself: no script, no font, no request; dark and light, screen and paper.
///
/// Its one style block is allowed by [`content_policy`]; the page states the same policy in its head.
pub fn html(document: &Value) -> String {
    html::page(&Reasons::read(document))
}

/// The Content-Security-Policy under which [`html`] works; send it as the header when the page is served.
pub fn content_policy() -> String {
    html::policy()
}

/// The pieces of the page of reasons, for a page with a frame of its own: the desk. Each is markup that stands by itself
/// under a strict policy (classes only), and empty where the document has nothing of it.
pub(crate) struct Pieces {
    /// Least and greatest answer: in words and on the scale.
    pub(crate) bounds: String,
    /// The tree of reasons, as a card.
    pub(crate) tree: String,
    /// The nearest change.
    pub(crate) would_change: String,
    /// What is missing, with whom to ask and what settles it.
    pub(crate) missing: String,
    /// Questions raised by patterns.
    pub(crate) flags: String,
    /// Figures near a threshold.
    pub(crate) near: String,
    /// What the packs do not hold.
    pub(crate) not_checked: String,
    /// Digests.
    pub(crate) basis: String,
}

/// Takes the page of reasons apart.
pub(crate) fn pieces(document: &Value) -> Pieces {
    html::pieces(&Reasons::read(document))
}

/// The marks of every status as symbols, to stand in a sprite.
pub(crate) fn marks() -> &'static str {
    svg::MARKS
}

/// Text as a page shows it: escaped, cleaned, and isolated where it runs from right to left.
pub(crate) fn shown(text: &str) -> String {
    let mut made = markup::Markup::new();
    made.text(&words::clean(text));
    made.finish()
}

/// Whether a text runs from right to left.
pub(crate) fn runs_left(text: &str) -> bool {
    measure::stretches(text)
        .first()
        .is_some_and(|(turned, _)| *turned)
}

/// The picture of the tree alone, as an SVG document that needs nothing but itself.
pub fn svg(document: &Value) -> String {
    svg::document(&Reasons::read(document))
}
