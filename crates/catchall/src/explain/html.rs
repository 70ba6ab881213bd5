//! Html: one page that needs nothing but itself: the answer, the picture, the tree of reasons, what is missing.
//!
//! No script, no font, no request. The tree is nested lists in which only what could not have changed the
//! answer is folded away. One style block, allowed by its digest, so that the page runs under a strict policy.

mod node;
mod parts;
mod tree;

use sha2::{Digest, Sha256};

use super::markup::Markup;
use super::reasons::{Reasons, Test};
use super::svg;
use super::words::{self, Status};

const STYLE: &str = include_str!("html/page.css");
/// The most deciding facts named beside the answer; the tree has them all.
const MOST_FACTS: usize = 8;

/// Content-Security-Policy for the page.
pub(super) fn policy() -> String {
    let digest = Sha256::new()
        .chain_update("\n")
        .chain_update(svg::STYLE)
        .chain_update(STYLE)
        .finalize();
    format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        base64(&digest)
    )
}

/// The page.
pub(super) fn page(reasons: &Reasons) -> String {
    let mut made = Markup::new();
    let outcome = words::outcome(&reasons.outcome);
    let transfer = if reasons.transfer.is_empty() {
        "a transfer without an id"
    } else {
        &reasons.transfer
    };
    made.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    made.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    made.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .letters(&policy())
        .raw("\">\n<title>Why: ");
    made.letters(&outcome.words)
        .raw(", ")
        .letters(transfer)
        .raw(" · Catchall</title>\n<style>\n")
        .raw(svg::STYLE)
        .raw(STYLE);
    made.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the page</a>\n");
    made.raw("<svg class=\"sprite\" aria-hidden=\"true\" focusable=\"false\"><defs>\n")
        .raw(svg::MARKS)
        .raw("</defs></svg>\n");
    made.raw("<header class=\"top\"><div class=\"top-in\"><span class=\"brand\">Catchall</span><p>The machine determines; a person decides.</p></div>\n");
    dates(reasons, &mut made);
    made.raw("<main class=\"page\" id=\"main\">\n<h1>Why: ")
        .text(&outcome.words)
        .raw(", ")
        .text(transfer)
        .raw("</h1>\n");
    verdict(reasons, &outcome, &mut made);
    picture(reasons, &mut made);
    made.raw("<div class=\"cols\">\n")
        .add(tree::card(reasons))
        .raw("<div class=\"stack\">\n");
    for part in [
        parts::missing(reasons),
        parts::would_change(reasons),
        parts::flags(reasons),
        parts::hits(reasons),
        parts::near(reasons),
    ] {
        made.add(part);
    }
    made.raw("</div>\n</div>\n")
        .add(parts::not_checked(reasons))
        .add(parts::basis(reasons));
    made.raw("</main>\n<footer class=\"foot\"><p>Made from the determination document alone. Titles and summaries are in our words; the citation names the text.</p></footer>\n");
    made.raw("</body>\n</html>\n");
    made.finish()
}

/// The page taken apart, for a page with a frame of its own.
pub(super) fn pieces(reasons: &Reasons) -> super::Pieces {
    let mut bounds = Markup::new();
    parts::bounds(reasons, &mut bounds);
    super::Pieces {
        bounds: bounds.finish(),
        tree: tree::card(reasons).finish(),
        would_change: parts::would_change(reasons).finish(),
        missing: parts::missing(reasons).finish(),
        flags: parts::flags(reasons).finish(),
        near: parts::near(reasons).finish(),
        not_checked: parts::not_checked(reasons).finish(),
        basis: parts::basis(reasons).finish(),
    }
}

fn dates(reasons: &Reasons, made: &mut Markup) {
    let as_of = if reasons.as_of.is_empty() {
        "the transfer’s own date, which is not known".to_owned()
    } else {
        words::day(&reasons.as_of)
    };
    let known_by = if reasons.known_by.is_empty() {
        "not stated".to_owned()
    } else {
        words::day(&reasons.known_by)
    };
    made.raw("<div class=\"asof\" role=\"group\" aria-label=\"Dates of this answer\"><dl class=\"asof-in\">");
    made.element("<div><dt>Law as of</dt><dd>", &as_of, "</dd></div>");
    made.element("<div><dt>Known by</dt><dd>", &known_by, "</dd></div>");
    if reasons.other_schema() {
        let said = format!(
            "{}; this program knows {}",
            reasons.schema,
            catchall_model::SCHEMA
        );
        made.element("<div><dt>Schema</dt><dd>", &said, "</dd></div>");
    }
    made.raw("</dl></div></header>\n");
}

fn verdict(reasons: &Reasons, outcome: &Status, made: &mut Markup) {
    made.raw("<section class=\"verdict ")
        .raw(outcome.mood.class())
        .raw("\" aria-labelledby=\"v\">")
        .add(mark(outcome.mark, ""));
    made.element(
        "<h2 class=\"word\" id=\"v\">",
        &words::capital(&outcome.words),
        "</h2>\n<div class=\"body\">",
    );
    if !reasons.summary.is_empty() {
        made.element("<p class=\"say\">", &reasons.summary, "</p>");
    }
    let deciding = reasons
        .branches
        .iter()
        .filter(|branch| branch.decides)
        .flat_map(|branch| &branch.deciding);
    if let Some(finding) = deciding.clone().next() {
        let more = deciding.count() - 1;
        made.raw("<p class=\"cite\">")
            .raw(match reasons.outcome.as_str() {
                "not_known" => "Kept open by ",
                "refer" => "To be judged: ",
                _ => "Decided by ",
            });
        made.element(
            "<b>",
            if finding.cite.is_empty() {
                finding.name()
            } else {
                &finding.cite
            },
            "</b>",
        );
        for said in [
            words::force(&finding.force),
            words::interval(&finding.interval),
        ]
        .iter()
        .filter(|said| !said.is_empty())
        {
            made.raw(" · ")
                .element("<span class=\"whole\">", said, "</span>");
        }
        if more > 0 {
            made.raw(" · and ")
                .text(&words::count(more, "more provision", "more provisions"));
        }
        made.raw("</p>");
        let mut facts: Vec<&Test> = finding
            .tests
            .iter()
            .filter(|test| test.result == "pass")
            .collect();
        facts.dedup_by(|a, b| a.fact == b.fact && a.value == b.value);
        if finding.verdict == "applies" && !facts.is_empty() {
            made.raw("<p class=\"cite\">On these facts: ");
            for (place, test) in facts.iter().take(MOST_FACTS).enumerate() {
                made.raw(if place == 0 { "" } else { "; " })
                    .element("<code>", &test.fact, "</code> ")
                    .element("<b class=\"hit\">", &test.value, "</b>");
            }
            made.raw("</p>");
        }
    }
    made.raw("</div>\n<div class=\"side\">");
    parts::bounds(reasons, made);
    made.raw("</div>\n</section>\n");
}

fn picture(reasons: &Reasons, made: &mut Markup) {
    made.raw("<section class=\"card\" aria-labelledby=\"h-pic\"><header><h2 id=\"h-pic\">The reasons in a picture</h2><p>Heavy line and label: what ");
    made.raw(reasons.label_clause())
        .raw(". Broken frame: not known yet.</p></header>\n<figure class=\"pic ")
        .raw(match svg::columns(reasons) {
            4 => "c-4",
            3 => "c-3",
            _ => "c-2",
        });
    made.raw("\"><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"The reasons: picture, scrolls sideways\">\n");
    made.add(svg::in_page(reasons))
        .raw("</div>\n")
        .add(svg::in_narrow_page(reasons));
    made.raw("<figcaption>From left to right, or from top to bottom: the transfer, whose law reaches it, the provisions, the tests. ");
    made.raw("The list below holds the same, and what the picture leaves out.</figcaption></figure></section>\n");
}

/// A mark; words always stand beside it.
fn mark(name: &'static str, class: &'static str) -> Markup {
    let mut made = Markup::new();
    made.raw("<svg class=\"mk ")
        .raw(class)
        .raw("\" aria-hidden=\"true\"><use href=\"#")
        .raw(name)
        .raw("\"/></svg>");
    made
}

/// An outcome in a line of text: mark and word.
fn status(word: &str) -> Markup {
    let outcome = words::outcome(word);
    let mut made = Markup::new();
    made.raw("<span class=\"st ")
        .raw(outcome.mood.class())
        .raw("\">")
        .add(mark(outcome.mark, ""))
        .text(&words::capital(&outcome.words))
        .raw("</span>");
    made
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut made = String::new();
    for chunk in bytes.chunks(3) {
        let three = chunk
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        for place in 0..4 {
            let letter = LETTERS
                .get((three >> (18 - 6 * place)) as usize & 63)
                .copied()
                .unwrap_or(b'=');
            made.push(if place <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    made
}
