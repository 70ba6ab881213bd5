//! Entry: control lists and their entries, with the tests, editions and sources of each.

use maud::{Markup, html};

use catchall_law::{ControlList, Holds, Law};
use catchall_model::Day;

use super::{source, standing};
use crate::desk::frame::{self, Frame};
use crate::desk::marks;
use crate::explain::words;

/// The most entries on one page.
const MOST: usize = 400;

/// One list, searched.
pub(crate) fn list(law: &Law, id: &str, only: &str, on: Day, frame: &Frame<'_>) -> Option<Markup> {
    let found = law.lists.iter().find(|each| each.id == id)?;
    let wanted = only.to_lowercase();
    let entries: Vec<_> = found
        .entries
        .iter()
        .filter(|entry| {
            wanted.is_empty()
                || entry.code.to_lowercase().starts_with(&wanted)
                || entry.title.to_lowercase().contains(&wanted)
        })
        .collect();
    let inside = html! {
        (frame::crumbs(&[("Law", "/law")], &found.title))
        div.ident {
            h1 { (marks::said(&found.title)) }
            p.facts { span { code { (found.id) } } span { (marks::count(found.entries.len(), "entry", "entries")) } span { (marks::said(&found.cite)) } }
        }
        @if !found.complete { (marks::note(words::Mood::Unknown, "m-nk", "Not every entry of this list is held", html! { p { "An item that meets none of these is not shown to be off the list." } })) }
        section.card.card-flush.after aria-labelledby="h-e" {
            header { h2 #h-e { "Entries" } p { (entries.len()) " shown, on " (marks::day(on)) } }
            form.filters.bulk action={ "/law/lists/" (found.id) } method="get" { label { "Code or words" input name="q" type="search" value=(only); } button.btn type="submit" { "Show" } }
            (marks::scroll("Entries", html! {
                table {
                    caption.vh { "Entries of the list" }
                    thead { tr { th scope="col" { "Code" } th scope="col" { "Entry" } th scope="col" { "On this day" } } }
                    tbody {
                        @for entry in entries.iter().take(MOST) {
                            tr data-row="" {
                                th scope="row" { a href=(frame.link(&format!("/law/lists/{}/{}", found.id, entry.code))) { (entry.code) } }
                                td { (marks::said(&words::capital(&entry.title))) }
                                td { (standing(stands(entry.editions.iter().map(|edition| edition.period.on(on))))) }
                            }
                        }
                    }
                }
            }))
            @if entries.len() > MOST { p.pages { "The first " (MOST) " are shown; search for the others." } }
        }
    };
    Some(frame.page(inside))
}

fn stands(all: impl Iterator<Item = Holds>) -> Holds {
    let answers: Vec<Holds> = all.collect();
    if answers.contains(&Holds::Yes) {
        Holds::Yes
    } else if answers.contains(&Holds::Open) {
        Holds::Open
    } else {
        Holds::No
    }
}

/// One entry.
pub(crate) fn entry(
    law: &Law,
    list: &str,
    code: &str,
    on: Day,
    frame: &Frame<'_>,
) -> Option<Markup> {
    let found = law.lists.iter().find(|each| each.id == list)?;
    let entry = found
        .entries
        .iter()
        .find(|each| each.code.eq_ignore_ascii_case(code))?;
    let own = format!("/law/lists/{}", found.id);
    let inside = html! {
        (frame::crumbs(&[("Law", "/law"), (&found.title, &own)], &entry.code))
        div.ident {
            h1 { (entry.code) ": " (marks::said(&entry.title)) }
            p.facts {
                span { (marks::said(&found.title)) }
                span { "on " b { (marks::day(on)) } ": " (standing(stands(entry.editions.iter().map(|edition| edition.period.on(on))))) }
                @for each in &entry.tags { span { (marks::tag(each)) } }
            }
            p.acts { a.btn href={ "/check?code=" (entry.code) "&code_list=" (found.id) } { "Check a transfer of it" } }
        }
        div.cols.cols-side {
            div.stack {
                section.card aria-labelledby="h-t" {
                    header { h2 #h-t { "What it tests" } p { "as the pack writes it" } }
                    @if entry.when.is_none() { p { "A reserved number, or an entry that only a claimed code reaches." } }
                    @else { (marks::scroll("Test", html! { pre.cond { (test_text(law, found, &entry.code)) } })) }
                }
                section.card.card-flush aria-labelledby="h-ed" {
                    header { h2 #h-ed { "Editions" } }
                    (marks::scroll("Editions", html! {
                        table {
                            caption.vh { "Editions of the entry" }
                            thead { tr { th scope="col" { "In force" } th scope="col" { "On this day" } th scope="col" { "Confidence" } th scope="col" { "Note" } } }
                            tbody {
                                @for edition in &entry.editions {
                                    tr { th scope="row" { (words::interval(&edition.period.text)) } td { (standing(edition.period.on(on))) } td { (if edition.read { "read" } else { "recalled" }) } td { (marks::said(&edition.note)) } }
                                }
                            }
                        }
                    }))
                }
            }
            section.card aria-labelledby="h-a" {
                h2 #h-a { "About it" }
                dl.kv {
                    dt { "List" } dd { a href=(own) { (marks::said(&found.title)) } }
                    dt { "Cite" } dd { (marks::said(&found.cite)) }
                    dt { "Read from" } dd.cite { (source(&entry.source)) }
                    dt { "Pack" } dd { code { (entry.at.file) ":" (entry.at.line) } }
                }
            }
        }
    };
    Some(frame.page(inside))
}

/// The row of the pack from the entry's code to its condition's end.
fn test_text(law: &Law, list: &ControlList, code: &str) -> String {
    let entry = list.entries.iter().find(|each| each.code == code);
    let text = entry.and_then(|entry| {
        let source = law
            .sources
            .iter()
            .find(|source| source.file == entry.at.file)?;
        let rest = source.text.get(entry.at.start..)?;
        let end = rest.find("\n[[").unwrap_or(rest.len());
        let own = rest.get(..end)?;
        let when = own.find("when")?;
        let from = own.get(when..)?;
        let open = from.find(['\'', '"'])?;
        let from = from.get(open..)?;
        let quote = if from.starts_with("'''") { 3 } else { 1 };
        let (mark, inside) = from.split_at(quote);
        Some(inside.split(mark).next()?.trim().to_owned())
    });
    text.unwrap_or_default()
}
