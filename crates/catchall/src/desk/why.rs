//! Why: one determination with its reasons: the tree, the provisions' words, what would change it, the same transfer on other
//! days, what is missing, near and not checked, and what it all rests on.
//!
//! Shows the document as it is, fresh or from the ledger; pieces come from `explain/`, which reads any document.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use catchall_law::{Holds, Law, Provision};
use catchall_model::Day;

use super::answer::{list, text, verdict};
use super::frame::{self, Frame};
use super::law;
use super::marks;
use super::strip::{self, Stretch};
use crate::explain::{self, words};

/// Where the document comes from.
pub(crate) enum Origin {
    /// Assessed just now, and kept nowhere.
    Fresh,
    /// The transfer of an entry, assessed just now for other days, and kept nowhere.
    Again {
        /// The entry's number.
        number: u64,
    },
    /// An entry of the ledger.
    Entry {
        /// Its number.
        number: u64,
        /// Its hash.
        hash: String,
        /// The case, where there is one.
        case: Option<String>,
    },
}

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The determination document.
    pub(crate) document: &'a Value,
    /// What the transfer is, in a few words.
    pub(crate) title: &'a str,
    /// The law, for the provisions' words.
    pub(crate) law: &'a Law,
    /// The answers of other days.
    pub(crate) runs: &'a [Stretch],
    /// Where the document comes from.
    pub(crate) origin: &'a Origin,
    /// Today.
    pub(crate) today: Day,
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let document = page.document;
    let pieces = explain::pieces(document);
    let transfer = text(document, "transfer");
    let act = document["asked"]["as_of"]
        .as_str()
        .and_then(|day| Day::parse(day).ok());
    let inside = html! {
        (way(page.origin))
        div.ident {
            h1 { "Why: " (marks::said(page.title)) }
            p.facts {
                @if !transfer.is_empty() { span { (marks::name(transfer)) } }
                @if let Some(day) = act { span { "law of " b { (marks::day(day)) } } }
                span { "known by " b { (words::day(text(&document["asked"], "known_by"))) } }
                @match page.origin {
                    Origin::Fresh => span { "just assessed, kept nowhere" },
                    Origin::Again { number } => span { "the transfer of " a href={ "/why/" (number) } { "entry " (number) } ", just assessed, kept nowhere" },
                    Origin::Entry { number, hash, .. } => span { "entry " b { (number) } " " code { (words::digest(hash)) } },
                }
            }
            p.acts {
                a.btn href="#h-change" { "What would change it" }
                @if let Origin::Entry { .. } = page.origin { a.btn href={ "/v1/determinations/" (text(document, "id")) } { "JSON" } }
            }
        }
        (verdict(document, "wide", &cite(document)))
        div.cols.cols-side {
            div.stack {
                (PreEscaped(pieces.tree))
                (strip::card(page.runs, act, page.today))
                (PreEscaped(pieces.not_checked))
            }
            div.stack {
                (clauses(document, page.law, act))
                @if pieces.would_change.is_empty() { (unmoved()) } @else { (PreEscaped(pieces.would_change)) }
                (PreEscaped(pieces.missing))
                (PreEscaped(pieces.near))
                (PreEscaped(pieces.flags))
                (hits(document))
                (PreEscaped(pieces.basis))
            }
        }
    };
    frame.page(inside)
}

fn way(origin: &Origin) -> Markup {
    match origin {
        Origin::Fresh => frame::crumbs(&[("Desk", "/desk"), ("Check", "/check")], "Why"),
        Origin::Entry {
            case: Some(case), ..
        } => {
            let address = format!("/cases/{case}");
            frame::crumbs(&[("Desk", "/desk"), (case, &address)], "Why")
        }
        Origin::Again { .. } | Origin::Entry { case: None, .. } => {
            frame::crumbs(&[("Desk", "/desk")], "Why")
        }
    }
}

/// The provisions that decide, by id.
fn deciding(document: &Value) -> Vec<&str> {
    let outcome = text(document, "outcome");
    let mut found: Vec<&str> = Vec::new();
    for jurisdiction in list(document, "jurisdictions") {
        if text(jurisdiction, "outcome") == outcome {
            found.extend(
                list(jurisdiction, "deciding")
                    .iter()
                    .filter_map(Value::as_str),
            );
        }
    }
    found.dedup();
    found
}

fn cite(document: &Value) -> Markup {
    let all = deciding(document);
    let finding = |id: &str| {
        list(document, "findings")
            .iter()
            .find(|each| text(each, "provision") == id)
    };
    html! {
        @if let Some(first) = all.first() {
            "Decided by "
            a href={ "/law/provisions/" (first) } { (marks::said(finding(first).map_or(*first, |found| text(found, "cite")))) }
            @if all.len() > 1 { " and " (marks::count(all.len() - 1, "more provision", "more provisions")) }
        } @else { "No provision that was checked applies." }
    }
}

fn unmoved() -> Markup {
    html! {
        section.card aria-labelledby="h-change" {
            h2 #h-change { "What would change it" }
            p.small { "No change of one known fact gives another answer." }
        }
    }
}

/// The words of what decides, as of the day.
fn clauses(document: &Value, law: &Law, on: Option<Day>) -> Markup {
    let found: Vec<&Provision> = deciding(document)
        .into_iter()
        .filter_map(|id| law.provisions.iter().find(|each| each.id == id))
        .collect();
    html! {
        @for (place, provision) in found.iter().take(3).enumerate() {
            section.card aria-labelledby={ "h-clause-" (place) } {
                header { h2 id={ "h-clause-" (place) } { a href={ "/law/provisions/" (provision.id) } { (marks::said(&words::capital(&provision.title))) } } (marks::tag(&words::force(provision.force.word()))) }
                h3.small.muted { "In plain words, ours" }
                @for paragraph in law::paragraphs(&provision.prose).into_iter().take(4) { p { (marks::said(&paragraph)) } }
                (about(provision, on))
            }
        }
    }
}

fn about(provision: &Provision, on: Option<Day>) -> Markup {
    let version = provision
        .versions
        .iter()
        .find(|version| on.is_none_or(|on| version.in_force.on(on) != Holds::No))
        .or_else(|| provision.versions.last());
    html! {
        dl.kv {
            dt { "Cite" } dd { (marks::said(&provision.cite)) }
            @if let Some(version) = version {
                dt { "In force" } dd { (words::interval(&version.in_force.text)) }
                @if !version.note.is_empty() { dt { "Note" } dd { (marks::said(&version.note)) } }
            }
            dt { "Whose law" } dd { (words::jurisdiction(&provision.jurisdiction)) }
            dt { "Read from" } dd.cite { (law::source(&provision.source)) }
            dt { "Confidence" } dd { (if provision.read { "read" } else { "recalled" }) }
        }
    }
}

/// Possible matches, each with the way to its review.
fn hits(document: &Value) -> Markup {
    let all = list(document, "hits");
    html! {
        section.card aria-labelledby="h-hits" {
            header { h2 #h-hits { "Possible matches" } p { (marks::count(all.len(), "hit", "hits")) } }
            @if all.is_empty() { p.small { "Nothing passed the review band in the lists held. That is not a clearance." } }
            @else {
                ul.rows {
                    @for hit in all {
                        li {
                            p { b { (marks::name(text(hit, "party"))) } ", " (words::opened(text(hit, "role"))) }
                            p { "may be " b { (marks::name(text(&hit["listing"], "name"))) } " on " (text(&hit["listing"], "list")) ", score " b { (super::answer::score(hit)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What the transfer is, in a few words: item and route.
pub(crate) fn title_of(transfer: &catchall_model::Transfer, law: &Law) -> String {
    let country = |country: Option<catchall_model::Country>| {
        country.map_or_else(
            || "?".to_owned(),
            |country| {
                let place = law.vocabulary.country(country);
                let name = place.and_then(|place| law.vocabulary.country_names.get(place as usize));
                name.cloned().unwrap_or_else(|| country.code().to_owned())
            },
        )
    };
    let item = transfer
        .lines
        .first()
        .and_then(|line| line.item.description.clone())
        .unwrap_or_else(|| "a transfer".to_owned());
    match (transfer.from, transfer.to) {
        (None, None) => item,
        (from, to) => format!("{item}, {} to {}", country(from), country(to)),
    }
}
