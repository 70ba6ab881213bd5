//! Provision: one provision in time: its versions, its words, its condition as the pack writes it, its worked cases.

use maud::{Markup, html};

use catchall_law::{Holds, Law, Provision, Source, Version};
use catchall_model::Day;

use super::{paragraphs, source, standing, stands};
use crate::desk::frame::{self, Frame};
use crate::desk::marks;
use crate::desk::strip::figure;
use crate::explain::words;

/// The page of one provision on a day.
pub(crate) fn provision(law: &Law, id: &str, on: Day, frame: &Frame<'_>) -> Option<Markup> {
    let found = law.provisions.iter().find(|each| each.id == id)?;
    let instrument = law.instruments.get(found.instrument)?;
    let own = format!("/law/instruments/{}", instrument.id);
    let inside = html! {
        (frame::crumbs(&[("Law", "/law"), (&instrument.id, &own)], &found.id))
        div.ident {
            h1 { (marks::said(&words::capital(&found.title))) }
            p.facts {
                span { code { (found.id) } } span { (marks::tag(&words::force(found.force.word()))) }
                @if found.catch_all { span { (marks::tag("catch-all")) } }
                span { "on " b { (marks::day(on)) } ": " (standing(stands(found, on))) }
            }
            p.acts { a.btn href=(frame.link("/law/compare")) { "Compare two days" } }
        }
        (in_time(found, on))
        div.cols.cols-side {
            div.stack {
                section.card aria-labelledby="h-words" {
                    h2 #h-words { "The provision" }
                    h3.small.muted { "In plain words, ours" }
                    @for paragraph in paragraphs(&found.prose) { p { (marks::said(&paragraph)) } }
                    (marks::note(words::Mood::Unknown, "m-nk", "Its own words are not held", html! { p { "The citation names the text; read it there before you quote it." } }))
                }
                (condition(law, found, on))
                (cases(law, found))
            }
            div.stack { (about(law, found, on)) }
        }
    };
    Some(frame.page(inside))
}

fn about(law: &Law, found: &Provision, on: Day) -> Markup {
    let version = current(found, on);
    html! {
        section.card aria-labelledby="h-about" {
            h2 #h-about { "About it" }
            dl.kv {
                dt { "Cite" } dd { (marks::said(&found.cite)) }
                @if let Some(version) = version {
                    dt { "Effect" } dd { (marks::outcome(version.effect.word())) }
                    dt { "In force" } dd { (words::interval(&version.in_force.text)) }
                    dt { "Tested on" } dd { code { (law.vocabulary.get(version.tested_on).key) } }
                    dt { "Recorded" } dd { (version.recorded) }
                    @if let Some(day) = version.superseded { dt { "Superseded" } dd { (day) } }
                    @if !version.note.is_empty() { dt { "Note" } dd { (marks::said(&version.note)) } }
                    @for dispute in &version.disputed { dt { "Disputed" } dd { (marks::said(&dispute.reading)) } }
                }
                @if !found.excepts.is_empty() {
                    dt { "Exception to" }
                    dd { @for place in &found.excepts { @if let Some(other) = law.provisions.get(*place) { a href={ "/law/provisions/" (other.id) } { code { (other.id) } } " " } } }
                }
                dt { "Read from" } dd.cite { (source(&found.source)) }
                dt { "Confidence" } dd { (if found.read { "read" } else { "recalled" }) }
                dt { "Pack" } dd { code { (found.at.file) ":" (found.at.line) } }
            }
        }
    }
}

fn current(found: &Provision, on: Day) -> Option<&Version> {
    found
        .versions
        .iter()
        .rfind(|version| version.in_force.on(on) != Holds::No)
        .or_else(|| found.versions.last())
}

fn condition(law: &Law, found: &Provision, on: Day) -> Markup {
    let text = law
        .sources
        .iter()
        .find(|source| source.file == found.at.file)
        .map(|source| crate::lawbook::condition_text(source, found))
        .unwrap_or_default();
    html! {
        @if !text.is_empty() {
            section.card aria-labelledby="h-cond" {
                header { h2 #h-cond { "What it asks" } p { "as the pack writes it" } }
                (marks::scroll("Condition", html! { pre.cond { (text) } }))
                @if current(found, on).is_some_and(|version| version.at != found.at) { p.small.muted { "A version of its own may ask something else; the pack has each." } }
            }
        }
    }
}

/// A worked case of the pack, as far as a page shows it.
struct Worked {
    name: String,
    on: String,
    expect: String,
}

fn cases(law: &Law, found: &Provision) -> Markup {
    let source = law
        .sources
        .iter()
        .find(|source| source.file == found.at.file);
    let all = source
        .map(|source| worked(source, found))
        .unwrap_or_default();
    html! {
        @if !all.is_empty() {
            section.card.card-flush aria-labelledby="h-cases" {
                header { h2 #h-cases { "Worked cases" } p { "part of the pack; " code { "catchall law test" } " runs them" } }
                (marks::scroll("Worked cases", html! {
                    table {
                        caption.vh { "Worked cases of the provision" }
                        thead { tr { th scope="col" { "Case" } th scope="col" { "On" } th scope="col" { "Expect" } } }
                        tbody {
                            @for case in all {
                                tr {
                                    th scope="row" { (marks::said(&words::capital(&case.name))) }
                                    td { (case.on) }
                                    td { @match case.expect.as_str() { "" => "", "applies" | "does_not_apply" | "not_known" => (marks::status(&words::verdict(&case.expect))), other => (words::opened(other)) } }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// The case blocks between this provision and the next one of its file.
fn worked(source: &Source, found: &Provision) -> Vec<Worked> {
    let own = source.text.get(found.at.start..).unwrap_or_default();
    let own = own.split("```toml provision").next().unwrap_or_default();
    own.split("```toml case")
        .skip(1)
        .filter_map(|block| {
            let block = block.split("\n```").next()?;
            let table: toml::Table = toml::from_str(block).ok()?;
            let text = |key: &str| {
                table
                    .get(key)
                    .and_then(toml::Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let expect = table
                .get("expect")
                .and_then(|expect| expect.get("verdict").or_else(|| expect.get("outcome")));
            Some(Worked {
                name: text("name"),
                on: text("on"),
                expect: expect
                    .and_then(toml::Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            })
        })
        .collect()
}

/// Its versions along a line of time.
fn in_time(found: &Provision, on: Day) -> Markup {
    let edges: Vec<Day> = found
        .versions
        .iter()
        .flat_map(|version| {
            version
                .in_force
                .possible
                .iter()
                .flat_map(|span| [span.first, span.last])
        })
        .chain([on])
        .filter(|day| *day > Day::MIN && *day < Day::MAX)
        .collect();
    let (Some(first), Some(last)) = (edges.iter().min(), edges.iter().max()) else {
        return html! {};
    };
    let from = Day::from_number(first.number() - 400);
    let to = Day::from_number(last.number() + 400);
    let length = (to.number() - from.number()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "days of a few centuries")]
    let at = |day: Day| {
        20.0 + 960.0 * ((day.number() - from.number()).clamp(0, length) as f64 / length as f64)
    };
    let tall = 44 + 34 * found.versions.len();
    html! {
        section.card aria-labelledby="h-time" {
            header { h2 #h-time { "In time" } p { (marks::count(found.versions.len(), "version", "versions")) } }
            figure.pic.w64 {
                (marks::scroll("In time: picture", html! {
                    svg.draw viewBox={ "0 0 1000 " (tall) } role="img" aria-labelledby="tm-t tm-d" {
                        title #tm-t { "When each version is in force" }
                        desc #tm-d { @for version in &found.versions { (words::effect_words(version.effect.word())) " " (words::interval(&version.in_force.text)) "; " } }
                        @for (place, version) in found.versions.iter().enumerate() {
                            @let y = 30 + 34 * place;
                            @for span in version.in_force.possible.iter().filter(|span| !version.in_force.sure.contains(span)) {
                                rect class="s-unk e-unk w1 dash" x=(figure(at(span.first))) y=(y) width=(figure((at(span.last) - at(span.first)).max(2.0))) height="24" rx="3" {}
                            }
                            @for span in &version.in_force.sure {
                                @let now = span.holds(on);
                                rect class=(if now { "f-accent" } else { "f-ink2" }) x=(figure(at(span.first))) y=(y) width=(figure((at(span.last) - at(span.first)).max(2.0))) height="24" rx="3" {}
                            }
                            text.t-s.b.halo x="26" y=(y + 17) { (words::capital(&words::effect_words(version.effect.word()))) ", " (words::interval(&version.in_force.text)) }
                        }
                        path.e-accent.w2.dash d={ "M" (figure(at(on))) " 18V" (tall - 4) } {}
                        text class=(if at(on) > 800.0 { "t-s b end f-accent halo" } else { "t-s b f-accent halo" }) x=(figure(at(on))) y="13" { "as of " (on) }
                    }
                }))
                figcaption { "Accent: the version that holds on the day. Broken: it may hold, the day is not fixed." }
            }
            (marks::as_table("In time", html! {
                table {
                    caption { "Versions" }
                    thead { tr { th scope="col" { "In force" } th scope="col" { "Effect" } th scope="col" { "On this day" } th scope="col" { "Recorded" } th scope="col" { "Note" } } }
                    tbody {
                        @for version in &found.versions {
                            tr {
                                th scope="row" { (words::interval(&version.in_force.text)) }
                                td { (marks::outcome(version.effect.word())) }
                                td { (standing(version.in_force.on(on))) }
                                td { (version.recorded) @if let Some(day) = version.superseded { ", superseded " (day) } }
                                td { (marks::said(&version.note)) }
                            }
                        }
                    }
                }
            }))
        }
    }
}
