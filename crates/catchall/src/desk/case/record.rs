//! Record: the letters that went out, and the append-only activity with entry numbers and hashes.

use maud::{Markup, html};

use catchall_ledger::case::Case;

use crate::desk::marks;
use crate::explain::words;

pub(super) fn letters(case: &Case) -> Markup {
    html! {
        @if !case.letters.is_empty() {
            section.card aria-labelledby="h-let" {
                h2 #h-let { "Letters" }
                @for letter in &case.letters {
                    details.more {
                        summary { (letter.stamp.day()) " to " (marks::name(&letter.to)) ": " (marks::said(&letter.subject)) }
                        pre.cond dir="auto" { (letter.text) }
                    }
                }
            }
        }
    }
}

pub(super) fn activity(case: &Case) -> Markup {
    html! {
        section.card #activity aria-labelledby="h-log" {
            header { h2 #h-log { "Activity" } p { "append-only; each entry seals the one before" } }
            ol.log {
                @for line in case.activity.iter().rev() {
                    li {
                        span.no { (line.stamp.number) }
                        span {
                            b { (words::opened(line.kind.trim_start_matches("case."))) } " · " (marks::said(&line.says)) " "
                            span.muted { (marks::name(&line.stamp.by.name)) ", " (moment(&line.stamp.at.to_string())) }
                            br; span.h title=(line.stamp.hash) { (words::digest(&line.stamp.hash.to_string())) }
                        }
                    }
                }
            }
            p.small.muted { "Chain up to entry " (case.seen) ". Check it yourself, offline: " code { "catchall ledger verify" } "." }
        }
    }
}

/// `2026-11-20T09:12:44.120Z` as `2026-11-20 09:12`.
pub(super) fn moment(text: &str) -> String {
    text.get(..16).unwrap_or(text).replace('T', " ")
}
