//! Bundle: a case as one page to print or keep: every entry with its hash, the answer, advice, decisions, letters, and how to verify.

use maud::{Markup, html};

use catchall_ledger::case::Case;

use super::case::view;
use super::frame::{self, Frame};
use super::marks;
use crate::casework::Determined;
use crate::explain::words;

/// The page.
pub(crate) fn page(case: &Case, determined: Option<&Determined>, frame: &Frame<'_>) -> Markup {
    let own = format!("/cases/{}", case.id);
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), (&case.id, &own)], "Bundle"))
        div.ident {
            h1 { (case.id) ": " (marks::said(&case.title)) }
            p.facts { span { "transfer " (marks::name(&case.transfer)) } span { "opened " (case.opened.day()) } span { "up to entry " (case.seen) } }
        }
        div.stack {
            section.card aria-labelledby="b-ans" {
                h2 #b-ans { "Answers of the machine" }
                (marks::scroll("Answers", html! { table {
                    caption.vh { "Answers, in order" }
                    thead { tr { th scope="col" { "Day" } th scope="col" { "Answer" } th scope="col" { "Summary" } th scope="col" { "Determination" } } }
                    tbody { @for each in &case.assessed { tr { th scope="row" { (each.stamp.day()) } td { (marks::outcome(each.answer.outcome.word())) } td { (marks::said(&each.answer.summary)) } td { code { (each.answer.id) } } } } }
                } }))
            }
            section.card aria-labelledby="b-adv" {
                h2 #b-adv { "Advice and decisions" }
                @for each in &case.advice { p { b { (marks::name(&each.stamp.by.name)) } " " span.muted { (each.stamp.day()) } " " (view(&each.view)) @if each.superseded.is_some() { " (superseded)" } ": " (marks::said(&each.text)) } }
                @for each in &case.conditions { p { "Condition " (each.number) " of " (marks::name(&each.author.by.name)) ": " (marks::said(&each.text)) @if each.dropped.is_some() { " (dropped)" } } }
                @for each in &case.decisions {
                    p { b { "Decision " (each.number) ": " } (view(&each.view)) " by " (marks::name(&each.stamp.by.name)) ", " (each.stamp.day()) ": " (marks::said(&each.reason))
                        @if let Some(signed) = &each.signed { " Signed by " (marks::name(&signed.by.name)) ", " (signed.day()) "." } @if each.returned.is_some() { " Sent back." } }
                }
                @for each in &case.appeals { p { "Appeal by " (marks::name(&each.by)) ", received " (each.on) ": " (marks::said(&each.grounds)) } }
            }
            @for each in &case.letters { section.card { h2 { "Letter to " (marks::name(&each.to)) ", " (each.stamp.day()) } pre.cond dir="auto" { (each.text) } } }
            section.card aria-labelledby="b-log" {
                h2 #b-log { "Every entry" }
                (marks::scroll("Every entry", html! {
                    table {
                        caption.vh { "Entries of the ledger for this case" }
                        thead { tr { th scope="col" { "Entry" } th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Hash" } } }
                        tbody { @for line in &case.activity { tr { th scope="row" { (line.stamp.number) } td { (line.stamp.at) } td { (marks::name(&line.stamp.by.name)) } td { b { (words::opened(line.kind.trim_start_matches("case."))) } " " (marks::said(&line.says)) } td { code { (line.stamp.hash) } } } } }
                    }
                }))
            }
            @if let Some(found) = determined { section.card aria-labelledby="b-basis" {
                h2 #b-basis { "What the answer rests on" }
                dl.kv { dt { "Entry" } dd { (found.number) } dt { "Hash" } dd { code { (found.hash) } } @for part in ["packs", "lists", "names", "program"] { dt { (words::capital(part)) } dd { code { (found.document["basis"][part].as_str().unwrap_or_default()) } } } }
            } }
            section.card aria-labelledby="b-ver" {
                h2 #b-ver { "How to verify this" }
                p { "To keep it: " a href={ (own) "/sealed/html" } { "the sealed page" } " or " a href={ (own) "/sealed/pdf" } { "the sealed PDF" } ", which takes the page along. The last line of each holds a digest of everything above it; " code { "catchall case bundle --check FILE" } " works it out again and compares every entry with the ledger." }
                p { "Ask the office for an export of its ledger and run " code { "catchall ledger verify" } " on it, on any machine: each entry above must be there with the same hash, and the chain must close." }
            }
        }
    };
    frame.page(inside)
}
