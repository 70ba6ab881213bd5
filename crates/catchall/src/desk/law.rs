//! Law: instruments and what is held of them, provisions in force on a day with every version, entries of control lists, and
//! what changed between two days.
//!
//! Reads the packs as they are loaded; a suspended rule is never shown as in force. The law's own text is not held and never
//! shown: the words are ours, the citation names the text.

mod entry;
mod provision;

pub(crate) use entry::{entry, list};
pub(crate) use provision::provision;

use maud::{Markup, html};

use catchall_law::{CoverageState, Holds, Instrument, Law};
use catchall_model::Day;

use super::frame::{self, Frame};
use super::marks;
use crate::explain::words;

/// The prose of a pack as paragraphs without its marks.
pub(crate) fn paragraphs(prose: &str) -> Vec<String> {
    let plain = |paragraph: &str| {
        let joined: Vec<&str> = paragraph
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        joined.join(" ").replace('`', "")
    };
    prose
        .split("\n\n")
        .map(plain)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// An address to follow, when it is one of the web; else its letters alone.
pub(crate) fn source(address: &str) -> Markup {
    html! {
        @if address.starts_with("https://") || address.starts_with("http://") {
            a rel="noreferrer" href=(address) { (marks::said(address)) }
        } @else { (marks::said(address)) }
    }
}

/// Which instruments somebody looks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    /// In ids, titles and citations.
    pub(crate) words: String,
    /// Whose law.
    pub(crate) jurisdiction: String,
}

/// All instruments, on a day.
pub(crate) fn instruments(law: &Law, search: &Search, on: Day, frame: &Frame<'_>) -> Markup {
    let wanted = search.words.to_lowercase();
    let fits = |text: &str| wanted.is_empty() || text.to_lowercase().contains(&wanted);
    let found: Vec<(usize, &Instrument)> = law
        .instruments
        .iter()
        .enumerate()
        .filter(|(_, each)| {
            search.jurisdiction.is_empty() || each.jurisdiction == search.jurisdiction
        })
        .filter(|(_, each)| fits(&each.id) || fits(&each.title))
        .collect();
    let mut jurisdictions: Vec<&str> = law
        .instruments
        .iter()
        .map(|each| each.jurisdiction.as_str())
        .collect();
    jurisdictions.sort_unstable();
    jurisdictions.dedup();
    let provisions: Vec<&catchall_law::Provision> = law
        .provisions
        .iter()
        .filter(|each| {
            !wanted.is_empty() && (fits(&each.id) || fits(&each.title) || fits(&each.cite))
        })
        .take(40)
        .collect();
    let inside = html! {
        div.ident {
            h1 { "Law" }
            p.facts {
                span { (marks::count(law.instruments.len(), "instrument", "instruments")) }
                span { (marks::count(law.provisions.len(), "provision", "provisions")) }
                span { (marks::count(law.lists.iter().map(|list| list.entries.len()).sum(), "list entry", "list entries")) }
                span { "on " b { (marks::day(on)) } }
            }
            p.acts { a.btn href=(frame.link("/law/compare")) { "Compare two days" } a.btn href=(frame.link("/law/words")) { "Words and facts" } a.btn href="/law/packs" { "Who published the packs" } }
        }
        section.card aria-labelledby="h-find" {
            h2.vh #h-find { "Search" }
            form.filters action="/law" method="get" {
                label { "Search" input name="q" type="search" value=(search.words); }
                label {
                    "Whose law"
                    select name="jurisdiction" {
                        option value="" { "all" }
                        @for each in jurisdictions { option value=(each) selected[each == search.jurisdiction] { (words::jurisdiction(each)) } }
                    }
                }
                button.btn type="submit" { "Show" }
            }
        }
        @if !provisions.is_empty() { (provision_table("Provisions found", &provisions, on, frame)) }
        section.card.card-flush aria-labelledby="h-inst" {
            header { h2 #h-inst { "Instruments" } p { (found.len()) " shown" } }
            @if found.is_empty() { (marks::empty("No instrument is called that.", html! { a href="/law" { "Show all" } })) }
            @else { (instrument_table(law, &found, on, frame)) }
        }
        section.card aria-labelledby="h-lists" {
            h2 #h-lists { "Control lists" }
            ul.rows {
                @for each in &law.lists {
                    li { p { a href=(frame.link(&format!("/law/lists/{}", each.id))) { (marks::said(&each.title)) } " · " (marks::count(each.entries.len(), "entry", "entries"))
                        @if !each.complete { " · " (marks::tag("not every entry is held")) } } }
                }
            }
        }
    };
    frame.page(inside)
}

fn instrument_table(
    law: &Law,
    found: &[(usize, &Instrument)],
    on: Day,
    frame: &Frame<'_>,
) -> Markup {
    marks::scroll(
        "Instruments",
        html! {
            table.reflow role="table" {
                caption.vh { "Instruments, how many of their provisions are in force on the day, and what is held of them" }
                thead role="rowgroup" { tr role="row" {
                    th scope="col" role="columnheader" { "Instrument" } th scope="col" role="columnheader" { "Whose" } th scope="col" role="columnheader" { "Force" }
                    th.num scope="col" role="columnheader" { "In force" } th scope="col" role="columnheader" { "Held of it" }
                } }
                tbody role="rowgroup" {
                    @for (place, each) in found {
                        @let own: Vec<_> = law.provisions.iter().filter(|provision| provision.instrument == *place).collect();
                        @let now = own.iter().filter(|provision| stands(provision, on) != Holds::No).count();
                        tr role="row" data-row="" {
                            th scope="row" role="rowheader" { a href=(frame.link(&format!("/law/instruments/{}", each.id))) { (marks::said(&each.title)) } }
                            td role="cell" data-l="Whose" { (words::jurisdiction(&each.jurisdiction)) }
                            td role="cell" data-l="Force" { (words::force(each.force.word())) @if !each.in_effect { " " (marks::tag("no effect")) } }
                            td.num role="cell" data-l="In force" { (now) " of " (own.len()) }
                            td role="cell" data-l="Held" { (coverage_words(each)) }
                        }
                    }
                }
            }
        },
    )
}

fn coverage_words(instrument: &Instrument) -> String {
    let count = |state: CoverageState| {
        instrument
            .coverage
            .iter()
            .filter(|row| row.state == state)
            .count()
    };
    let said: Vec<String> = [
        (count(CoverageState::Modelled), "modelled"),
        (count(CoverageState::Partial), "in part"),
        (count(CoverageState::Pointer), "only pointed to"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{number} {word}"))
    .collect();
    said.join(", ")
}

/// Whether any version of a provision holds on a day.
pub(crate) fn stands(provision: &catchall_law::Provision, on: Day) -> Holds {
    let all = provision
        .versions
        .iter()
        .filter(|version| version.superseded.is_none());
    let answers: Vec<Holds> = all.map(|version| version.in_force.on(on)).collect();
    if answers.contains(&Holds::Yes) {
        Holds::Yes
    } else if answers.contains(&Holds::Open) {
        Holds::Open
    } else {
        Holds::No
    }
}

/// A standing as mark and word.
pub(crate) fn standing(holds: Holds) -> Markup {
    let (sign, class, word) = match holds {
        Holds::Yes => ("m-true", "is-plain", "in force"),
        Holds::No => ("m-false", "is-plain", "not in force"),
        Holds::Open => ("m-nk", "is-unk", "day not fixed"),
    };
    html! { span class={ "st " (class) } { (marks::mark(sign)) (word) } }
}

/// Provisions in a table.
pub(crate) fn provision_table(
    title: &str,
    all: &[&catchall_law::Provision],
    on: Day,
    frame: &Frame<'_>,
) -> Markup {
    html! {
        section.card.card-flush aria-labelledby="h-prov" {
            header { h2 #h-prov { (title) } p { (marks::count(all.len(), "provision", "provisions")) " on " (marks::day(on)) } }
            (marks::scroll("Provisions", html! {
                table.reflow role="table" {
                    caption.vh { "Provisions, and whether they are in force on the day" }
                    thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { "Provision" } th scope="col" role="columnheader" { "Effect" } th scope="col" role="columnheader" { "On this day" } th scope="col" role="columnheader" { "In force" } } }
                    tbody role="rowgroup" {
                        @for each in all {
                            @let version = each.versions.iter().rfind(|version| version.in_force.on(on) != Holds::No).or_else(|| each.versions.last());
                            tr role="row" data-row="" {
                                th scope="row" role="rowheader" { a href=(frame.link(&format!("/law/provisions/{}", each.id))) { (marks::said(&words::capital(&each.title))) } br; span.small.muted { (marks::said(&each.cite)) } }
                                td role="cell" { @if let Some(version) = version { (marks::outcome(version.effect.word())) } }
                                td role="cell" { (standing(stands(each, on))) }
                                td role="cell" data-l="In force" { @for version in &each.versions { span.whole { (words::interval(&version.in_force.text)) } " " } }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// One instrument.
pub(crate) fn instrument(law: &Law, id: &str, on: Day, frame: &Frame<'_>) -> Option<Markup> {
    let (place, found) = law
        .instruments
        .iter()
        .enumerate()
        .find(|(_, each)| each.id == id)?;
    let own: Vec<_> = law
        .provisions
        .iter()
        .filter(|each| each.instrument == place)
        .collect();
    let inside = html! {
        (frame::crumbs(&[("Law", "/law")], &found.id))
        div.ident {
            h1 { (marks::said(&found.title)) }
            p.facts { span { code { (found.id) } } span { (marks::tag(&words::force(found.force.word()))) } span { (words::jurisdiction(&found.jurisdiction)) } span { "edition " (marks::said(&found.edition)) } }
        }
        @if !found.in_effect { (marks::note(words::Mood::Unknown, "i-law", "Shown, with no effect: it never entered into force, or is a proposal.", html! {})) }
        div.cols.cols-side {
            div.stack {
                @if !own.is_empty() { (provision_table("Provisions", &own, on, frame)) }
                (coverage(found))
            }
            section.card aria-labelledby="h-about" {
                h2 #h-about { "About it" }
                dl.kv {
                    dt { "Published by" } dd { (marks::said(&found.publisher)) }
                    dt { "Read from" } dd.cite { (source(&found.address)) }
                    dt { "Read" } dd { (marks::said(&found.read)) }
                    dt { "Recalled" } dd { (marks::said(&found.recalled)) }
                }
            }
        }
    };
    Some(frame.page(inside))
}

fn coverage(instrument: &Instrument) -> Markup {
    html! {
        section.card.card-flush aria-labelledby="h-cov" {
            header { h2 #h-cov { "What is held of it" } p { "what is not modelled is never answered from" } }
            (marks::scroll("Coverage", html! {
                table {
                    caption.vh { "Parts of the instrument, and what is held of each" }
                    thead { tr { th scope="col" { "Part" } th scope="col" { "Held" } th scope="col" { "Missing" } } }
                    tbody {
                        @for row in &instrument.coverage {
                            @let (sign, class, word) = match row.state {
                                CoverageState::Modelled => ("m-true", "is-plain", "modelled"),
                                CoverageState::Partial => ("m-nk", "is-unk", "in part"),
                                CoverageState::Pointer => ("m-nk", "is-unk", "only pointed to"),
                            };
                            tr { th scope="row" { (marks::said(&row.part)) } td { span class={ "st " (class) } { (marks::mark(sign)) (word) } } td { (marks::said(&row.note)) } }
                        }
                    }
                }
            }))
        }
    }
}

/// What changed between two days, grouped by what it belongs to.
pub(crate) fn compare(law: &Law, from: Day, to: Day, only: &str, frame: &Frame<'_>) -> Markup {
    let rows = crate::lawbook::diff(law, from, to);
    let wanted = only.to_lowercase();
    let get = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| wanted.is_empty() || row.to_string().to_lowercase().contains(&wanted))
        .collect();
    let inside = html! {
        (frame::crumbs(&[("Law", "/law")], "Compare two days"))
        div.ident { h1 { "Between two days" } p.facts { span { (marks::count(rows.len(), "change", "changes")) } span { "from " b { (marks::day(from)) } " to " b { (marks::day(to)) } } } }
        section.card aria-labelledby="h-days" {
            h2.vh #h-days { "Days" }
            form.filters action="/law/compare" method="get" {
                label { "From" input name="from" value=(from) inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}"; }
                label { "To" input name="to" value=(to) inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}"; }
                label { "Only" input name="q" type="search" value=(only) placeholder="a provision, a list, a country"; }
                button.btn.btn-main type="submit" { "Compare" }
            }
        }
        section.card.card-flush aria-labelledby="h-diff" {
            header { h2 #h-diff { "What changed" } p { "after " (marks::day(from)) ", up to " (marks::day(to)) } }
            @if rows.is_empty() { (marks::empty("Nothing that is held changed between these days.", html! { "What is not held may have; see the coverage of each instrument." })) }
            @else {
                (marks::scroll("Changes", html! {
                    table {
                        caption.vh { "Changes by day" }
                        thead { tr { th scope="col" { "Day" } th scope="col" { "Change" } th scope="col" { "What" } th scope="col" { "Effect" } } }
                        tbody {
                            @for row in rows.iter().take(600) {
                                @let change = get(row, "change");
                                tr {
                                    th scope="row" { (get(row, "day")) }
                                    td { @if change == "begins" || change == "joins" { ins { (change) } } @else { del { (change) } } }
                                    td {
                                        @if row["provision"].is_string() {
                                            a href={ "/law/provisions/" (get(row, "provision")) } { (marks::said(&words::capital(&get(row, "title")))) } br; span.small.muted { (marks::said(&get(row, "cite"))) }
                                        } @else if row["set"].is_string() { (marks::said(&get(row, "member"))) " " span.muted { "of " code { (get(row, "set")) } } }
                                        @else { "entry " code { (get(row, "entry")) } " of " (get(row, "list")) ": " (marks::said(&get(row, "title"))) }
                                    }
                                    td { @if row["effect"].is_string() { (marks::outcome(&get(row, "effect"))) @if row["has_effect"] == serde_json::Value::Bool(false) { " " (marks::tag("no effect")) } } }
                                }
                            }
                        }
                    }
                }))
                @if rows.len() > 600 { p.pages { "The first 600 of " (marks::thousands(rows.len())) " are shown; narrow the days or the words." } }
            }
        }
    };
    frame.page(inside)
}

/// Every fact that may be said of a transfer.
pub(crate) fn vocabulary(law: &Law, only: &str, frame: &Frame<'_>) -> Markup {
    let wanted = only.to_lowercase();
    let found: Vec<_> = law
        .vocabulary
        .facts
        .iter()
        .filter(|fact| {
            wanted.is_empty()
                || fact.key.to_lowercase().contains(&wanted)
                || fact.question.to_lowercase().contains(&wanted)
        })
        .collect();
    let inside = html! {
        (frame::crumbs(&[("Law", "/law")], "Words and facts"))
        div.ident { h1 { "Words and facts" } p.facts { span { (marks::count(found.len(), "fact", "facts")) } } }
        section.card aria-labelledby="h-find" { h2.vh #h-find { "Search" } form.filters action="/law/words" method="get" { label { "Search" input name="q" type="search" value=(only); } button.btn type="submit" { "Show" } } }
        section.card.card-flush aria-labelledby="h-facts" {
            header { h2 #h-facts { "Facts" } p { "what a provision may ask, and the field that says it" } }
            (marks::scroll("Facts", html! {
                table {
                    caption.vh { "Facts, the field of the form, the question, whom to ask" }
                    thead { tr { th scope="col" { "Fact" } th scope="col" { "Field" } th scope="col" { "Question" } th scope="col" { "Ask" } } }
                    tbody {
                        @for fact in found.iter().take(300) {
                            tr { th scope="row" { code { (fact.key) } } td { code { (super::sheet::column_of(&fact.key)) } } td { (marks::said(&fact.question)) } td { (marks::said(&fact.ask)) } }
                        }
                    }
                }
            }))
            @if found.len() > 300 { p.pages { "The first 300 are shown; search for the others." } }
        }
    };
    frame.page(inside)
}
