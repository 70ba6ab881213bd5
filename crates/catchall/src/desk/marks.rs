//! Marks: the small pieces that every screen shares: a status with its shape and word, a tag, a note, a name, a table frame.
//!
//! A status is shape, word and colour, in that order; the marks themselves stand in `data/desk/marks.svg` and with the page of
//! reasons. Nothing here knows a screen.

use catchall_model::Day;
use maud::{Markup, PreEscaped, html};

use crate::explain::{self, words};

/// The sprite of marks, once a page.
pub(crate) fn sprite() -> Markup {
    html! {
        svg.sprite aria-hidden="true" focusable="false" {
            defs { (PreEscaped(explain::marks())) (PreEscaped(super::assets::MARKS)) }
        }
    }
}

/// A mark; its word always stands beside it.
pub(crate) fn mark(name: &str) -> Markup {
    html! { svg.mk aria-hidden="true" { use href={ "#" (name) } {} } }
}

/// Any status in a line of text.
pub(crate) fn status(status: &words::Status) -> Markup {
    html! { span class={ "st " (status.mood.class()) } { (mark(status.mark)) (words::capital(&status.words)) } }
}

/// An outcome or effect in a line of text.
pub(crate) fn outcome(word: &str) -> Markup {
    status(&words::outcome(word))
}

/// A property of a thing; never a status.
pub(crate) fn tag(text: &str) -> Markup {
    html! { span.tag { (text) } }
}

/// Something to know before going on.
pub(crate) fn note(mood: words::Mood, sign: &str, headline: &str, rest: Markup) -> Markup {
    html! {
        div class={ "note " (mood.class()) } {
            p { (mark(sign)) " " (headline) }
            (rest)
        }
    }
}

/// Somebody else's text: escaped, and isolated where it runs from right to left.
pub(crate) fn said(text: &str) -> Markup {
    PreEscaped(explain::shown(text))
}

/// A name; its direction is its own.
pub(crate) fn name(text: &str) -> Markup {
    html! { bdi dir="auto" { (words::clean(text)) } }
}

/// Text where no element can stand: a title, an attribute, a line of a picture.
pub(crate) fn plain(text: &str) -> String {
    words::clean(text)
}

/// The direction of a text, for an element of its own.
pub(crate) fn direction(text: &str) -> &'static str {
    if explain::runs_left(text) {
        "rtl"
    } else {
        "ltr"
    }
}

/// A day as prose has it: `25 March 1998`.
pub(crate) fn day(day: Day) -> String {
    words::day(&day.to_string())
}

/// A region that scrolls sideways by itself, and can be reached by keyboard.
pub(crate) fn scroll(label: &str, inside: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="group" aria-label=(label) { (inside) } }
}

/// The table behind a picture.
pub(crate) fn as_table(label: &str, inside: Markup) -> Markup {
    html! {
        details.more {
            summary { "The same as a table" }
            (scroll(&format!("{label}: table"), inside))
        }
    }
}

/// Nothing there: says so, and the next useful thing.
pub(crate) fn empty(headline: &str, next: Markup) -> Markup {
    html! {
        div.empty {
            p { (mark("i-list")) }
            p { b { (headline) } }
            p.small { (next) }
        }
    }
}

/// `1 case`, `2 cases`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        thousands(number),
        if number == 1 { one } else { many }
    )
}

/// `100,000`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut made = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            made.push(',');
        }
        made.push(digit);
    }
    made
}
