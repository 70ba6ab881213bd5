//! Match review: a party beside the listed party that it may be: names token by token, what speaks for and against, what nobody
//! has said, the listing's own days, earlier answers; and the bar that takes a person's answer, reason first.
//!
//! Shows the hit of the determination as it stands; a score is a probability, never a verdict. No hit is never called a clearance.

use std::sync::Arc;

use maud::{Markup, html};
use serde_json::Value;

use catchall_ledger::case::answer::HitSeen;
use catchall_ledger::case::{Case, HitAnswer};

use super::answer::{list, text};
use super::case::{thousandths, verdict_words};
use super::frame::{self, Frame, Viewer};
use super::marks;
use super::strip::figure;
use crate::board::Line;
use crate::explain::words::{self, Mood};

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// The match.
    pub(crate) seen: &'a HitSeen,
    /// The whole hit, from the determination; null where it cannot be read.
    pub(crate) hit: &'a Value,
    /// The transfer, for what is said of the party.
    pub(crate) transfer: &'a Value,
    /// What was said before of this party and listing, in any case: case and answer.
    pub(crate) earlier: &'a [(String, HitAnswer)],
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Whether this person may answer; else why not.
    pub(crate) may: Result<(), String>,
}

/// Cases with matches that wait.
pub(crate) fn waiting(lines: &[Arc<Line>], frame: &Frame<'_>) -> Markup {
    let inside = html! {
        div.ident { h1 { "Matches" } p.facts { span { (marks::count(lines.len(), "case waits", "cases wait")) " for a person to judge a possible match" } } }
        section.card.card-flush aria-labelledby="h-w" {
            header { h2 #h-w { "Waiting" } p { "first what a day’s delay hurts most" } }
            @if lines.is_empty() { (marks::empty("No match waits.", html! { "Nothing that passed the review bar is unanswered. That is not a clearance." })) }
            @else {
                (marks::scroll("Waiting", html! {
                    table.reflow role="table" {
                        caption.vh { "Cases with possible matches that nobody has answered" }
                        thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { "Party" } th scope="col" role="columnheader" { "Case" } th.num scope="col" role="columnheader" { "Matches" } th scope="col" role="columnheader" { "Answer now" } th scope="col" role="columnheader" { "Clock" } } }
                        tbody role="rowgroup" {
                            @for line in lines.iter().take(200) {
                                tr role="row" data-row="" {
                                    th scope="row" role="rowheader" { a href={ "/matches/" (line.summary.id) } { @for (place, party) in line.parties.iter().enumerate() { @if place > 0 { ", " } (marks::name(party)) } } }
                                    td role="cell" { (marks::said(&line.summary.title)) br; code.small { (line.summary.id) } }
                                    td.num role="cell" data-l="Matches:" { (line.summary.open_hits) }
                                    td role="cell" { (marks::outcome(&line.summary.outcome)) }
                                    td.clockcell role="cell" { (line.summary.used) " d of " (line.summary.target) @if line.summary.late { " " b { "late" } } }
                                }
                            }
                        }
                    }
                }))
            }
        }
    };
    frame.page(inside)
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let case = page.case;
    let own = format!("/cases/{}", case.id);
    let hits = case.answer().map_or(&[][..], |answer| &answer.hits);
    let place = hits
        .iter()
        .position(|hit| hit.key == page.seen.key)
        .map_or(1, |place| place + 1);
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Matches", "/matches"), (&case.id, &own)], &format!("Match {place} of {}", hits.len())))
        div.ident {
            h1 { "Is this the listed party?" }
            p.facts {
                span { "in " a href=(own) { (case.id) } }
                span { "score " b { (thousandths(page.seen.score)) } }
                span { (band(&page.seen.band)) }
                @if let Some(said) = case.said_of(page.seen) { span { "answered: " (verdict_words(said.verdict)) } } @else { span { span.st.is-refer { (marks::mark("o-refer")) "a person decides" } } }
            }
            p.acts {
                @if place > 1 { a.btn href=(address(case, &hits[place - 2])) data-key="k" { "Earlier" } }
                @if let Some(next) = hits.get(place) { a.btn href=(address(case, next)) data-key="j" { "Next" } }
            }
        }
        div.stack {
            div.vs { (asked(page)) (listed(page)) }
            (tokens(page.hit))
            (evidence(page.hit, page.seen))
            (earlier(page))
            (decide(page))
        }
    };
    frame.page(inside)
}

/// The page of one match.
pub(crate) fn address(case: &Case, hit: &HitSeen) -> String {
    format!(
        "/matches/{}?hit={}",
        case.id,
        crate::address::escaped(&hit.key)
    )
}

fn band(band: &str) -> &'static str {
    match band {
        "strong" => "strong: a person confirms",
        "weak_alias" => "by a weak alias only",
        _ => "review: a person decides",
    }
}

/// The party as the transfer has it.
fn asked(page: &Page<'_>) -> Markup {
    let party = list(page.transfer, "parties")
        .iter()
        .find(|party| text(party, "name") == page.seen.party);
    let said = |key: &str| {
        party.map_or_else(String::new, |party| match &party[key] {
            Value::String(text) => text.clone(),
            Value::Array(all) => all
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", "),
            _ => String::new(),
        })
    };
    let rows = [
        ("Country", "country"),
        ("Nationalities", "nationalities"),
        ("What it is", "type"),
        ("Born", "born"),
        ("Address", "address"),
        ("Institution", "institution"),
        ("Other names", "names"),
    ];
    html! {
        section.card aria-labelledby="h-asked" {
            h2.small.muted #h-asked { "In the transfer" }
            p.name lang=[lang(&page.seen.party)] { (marks::name(&page.seen.party)) }
            dl.kv {
                dt { "Role" } dd { (words::opened(text(page.hit, "role"))) }
                @for (label, key) in rows {
                    @let value = said(key);
                    dt { (label) }
                    dd { @if value.is_empty() { span.st.is-unk { (marks::mark("m-nk")) "nobody has said" } } @else { (marks::said(&value)) } }
                }
            }
            p.small { a href={ "/parties/of?name=" (crate::address::escaped(&page.seen.party)) } { "Dossier" } }
        }
    }
}

/// The script of a name, so that it is set in a fitting face.
fn lang(name: &str) -> Option<&'static str> {
    name.chars().find_map(|letter| match u32::from(letter) {
        0x0600..=0x06FF => Some("fa"),
        0x4E00..=0x9FFF => Some("zh"),
        0x3040..=0x30FF => Some("ja"),
        0xAC00..=0xD7AF => Some("ko"),
        0x0400..=0x04FF => Some("ru"),
        _ => None,
    })
}

fn listed(page: &Page<'_>) -> Markup {
    let listing = &page.hit["listing"];
    let row = |label: &str, key: &str| {
        let value = text(listing, key);
        html! { @if !value.is_empty() { dt { (label) } dd { (marks::said(value)) } } }
    };
    let programmes: Vec<&str> = list(listing, "programmes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    html! {
        section.card aria-labelledby="h-listed" {
            h2.small.muted #h-listed { "On the list" }
            p.name lang=[lang(&page.seen.name)] { (marks::name(&page.seen.name)) }
            dl.kv {
                dt { "List" } dd { (marks::said(&page.seen.list)) }
                (row("Met by", "matched")) (row("What it is", "type"))
                @if !programmes.is_empty() { dt { "Programmes" } dd { (programmes.join(", ")) } }
                dt { "Listed" } dd { @if text(listing, "listed").is_empty() { "day not stated" } @else { (words::day(text(listing, "listed"))) } @if !text(listing, "delisted").is_empty() { " to " (words::day(text(listing, "delisted"))) } }
                (row("Cite", "citation")) (row("Publisher’s key", "source_id"))
            }
        }
    }
}

/// Names paired part by part: boxes and lines, with a table behind.
fn tokens(hit: &Value) -> Markup {
    let parts = list(hit, "alignment");
    if parts.is_empty() {
        return html! {};
    }
    let wide = 150 * parts.len() + 120;
    let letters = |word: &str| {
        if word.chars().count() > 11 {
            "t-xs mid b"
        } else {
            "t-l mid b"
        }
    };
    html! {
        section.card aria-labelledby="h-tok" {
            header { h2 #h-tok { "Name, token by token" } p { (parts.iter().filter(|part| !text(part, "asked").is_empty() && !text(part, "listed").is_empty()).count()) " of " (parts.len()) " pair" } }
            figure.pic.w46 {
                (marks::scroll("Names: picture", html! {
                    svg.draw viewBox={ "0 0 " (wide) " 170" } role="img" aria-labelledby="tk-t tk-d" {
                        title #tk-t { "How the names pair" }
                        desc #tk-d { @for part in parts { (marks::plain(text(part, "asked"))) " with " (marks::plain(text(part, "listed"))) ": " (words::opened(part["by"].as_str().unwrap_or("no pair"))) "; " } }
                        text.t-s.ink2 x="0" y="38" { "In the transfer" }
                        text.t-s.ink2 x="0" y="148" { "On the list" }
                        @for (place, part) in parts.iter().enumerate() {
                            @let x = 115 + 150 * place;
                            @let (mine, theirs) = (text(part, "asked"), text(part, "listed"));
                            @if !mine.is_empty() && !theirs.is_empty() {
                                path class={ "e-accent " (if part["weight"].as_f64().unwrap_or_default() > 0.5 { "w5" } else { "w2" }) } d={ "M" (x + 70) " 52V120" } {}
                                rect.s-surf.e-accent.w1 x=(x + 8) y="70" width="124" height="32" rx="3" {}
                                text.t-xs.mid.b x=(x + 70) y="90" { (words::opened(part["by"].as_str().unwrap_or("paired"))) }
                            }
                            @for (word, y) in [(mine, 14), (theirs, 120)] {
                                @if !word.is_empty() {
                                    rect class=(if mine.is_empty() || theirs.is_empty() { "none e-unk w15 dash" } else { "s-accent e-accent w1" }) x=(x) y=(y) width="140" height="38" rx="3" {}
                                    text class=(letters(word)) direction=(marks::direction(word)) lang=[lang(word)] x=(x + 70) y=(y + 25) { (marks::plain(word)) }
                                }
                            }
                        }
                    }
                }))
                figcaption { "Heavy line: the part tells much. Broken box: only one side has it." }
            }
            (marks::as_table("Names", html! {
                table {
                    caption { "Parts of the two names" }
                    thead { tr { th scope="col" { "In the transfer" } th scope="col" { "On the list" } th scope="col" { "By" } th.num scope="col" { "Weight" } } }
                    tbody { @for part in parts { tr {
                        th scope="row" { @if text(part, "asked").is_empty() { span.muted { "only on the list" } } @else { (marks::name(text(part, "asked"))) } }
                        td { @if text(part, "listed").is_empty() { span.muted { "only in the transfer" } } @else { (marks::name(text(part, "listed"))) } }
                        td { (words::opened(part["by"].as_str().unwrap_or("no pair"))) }
                        td.num { (figure2(part["weight"].as_f64().unwrap_or_default())) }
                    } } }
                }
            }))
        }
    }
}

fn figure2(number: f64) -> String {
    format!("{number:.2}")
}

/// For, against and not known as bars, with a table behind.
fn evidence(hit: &Value, seen: &HitSeen) -> Markup {
    let rows: Vec<(&Value, bool)> = list(hit, "for")
        .iter()
        .map(|row| (row, true))
        .chain(list(hit, "against").iter().map(|row| (row, false)))
        .collect();
    let unknown: Vec<&str> = list(hit, "unknown")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let weight = |row: &Value| row["weight"].as_f64().unwrap_or_default().abs();
    let most = rows.iter().map(|(row, _)| weight(row)).fold(1.0, f64::max);
    let tall = 26 * (rows.len() + unknown.len()) + 30;
    html! {
        section.card aria-labelledby="h-ev" {
            header { h2 #h-ev { "For, against, not known" } p.end { span.st.is-refer { (marks::mark("o-refer")) "A person decides: " (thousandths(seen.score)) } } }
            figure.pic.w46 {
                (marks::scroll("For and against: picture", html! {
                    svg.draw viewBox={ "0 0 860 " (tall) } role="img" aria-labelledby="fa-t fa-d" {
                        title #fa-t { "What speaks for and against" }
                        desc #fa-d { (rows.iter().filter(|(_, for_it)| *for_it).count()) " reasons for, " (rows.iter().filter(|(_, for_it)| !for_it).count()) " against, " (unknown.len()) " not known." }
                        path.e-edge.w1 d={ "M560 6V" (tall - 8) } {}
                        @for (place, (row, for_it)) in rows.iter().enumerate() {
                            @let y = 10 + 26 * place;
                            @let long = 240.0 * weight(row) / most;
                            text.t-s x="0" y=(y + 14) { (marks::plain(&short(text(row, "says")))) }
                            @if *for_it { rect.f-accent x="560" y=(y) width=(figure(long)) height="18" {} text.t-s.b x=(figure(566.0 + long)) y=(y + 14) { "+" (figure(weight(row) / 100.0)) } }
                            @else { rect.s-surf.e-ink.w2 x=(figure(560.0 - long.min(110.0))) y=(y) width=(figure(long.min(110.0))) height="18" {} text.t-s.b x="566" y=(y + 14) { "−" (figure(weight(row) / 100.0)) } }
                        }
                        @for (place, word) in unknown.iter().enumerate() {
                            @let y = 10 + 26 * (rows.len() + place);
                            text.t-s x="0" y=(y + 14) { (words::capital(&words::opened(word))) " not known on one side" }
                            rect.e-unk.w15.dash x="500" y=(y) width="120" height="18" rx="9" fill="url(#h-unk)" {}
                        }
                    }
                }))
                figcaption { "Solid: speaks for one party. Hollow: against. Hatched: not known on one side; it could decide. In steps of the log-odds." }
            }
            (marks::as_table("For and against", html! {
                table {
                    caption { "What speaks for and against, and what is not known" }
                    thead { tr { th scope="col" { "About" } th scope="col" { "Says" } th scope="col" { "Speaks" } th.num scope="col" { "Adds" } } }
                    tbody {
                        @for (row, for_it) in &rows { tr { th scope="row" { (words::opened(text(row, "about"))) } td { (marks::said(text(row, "says"))) } td { (if *for_it { "for" } else { "against" }) } td.num { (figure(row["weight"].as_f64().unwrap_or_default() / 100.0)) } } }
                        @for word in &unknown { tr { th scope="row" { (words::opened(word)) } td { "not known on one side" } td { span.st.is-unk { (marks::mark("m-nk")) "not known" } } td {} } }
                    }
                }
            }))
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= 70 {
        return text.to_owned();
    }
    text.chars().take(69).chain(['…']).collect()
}

fn earlier(page: &Page<'_>) -> Markup {
    let now = page.case.hit_answers.get(&page.seen.key);
    html! {
        section.card aria-labelledby="h-old" {
            header { h2 #h-old { "Said before" } p { "an answer holds while the listing stays as it was" } }
            @if now.is_none() && page.earlier.is_empty() { p.small { "Nobody has judged this pair before." } }
            ul.rows {
                @if let Some(said) = now {
                    li { p { "In this case: " (verdict_words(said.verdict)) " " (marks::name(&said.stamp.by.name)) ", " (said.stamp.day()) ": " (marks::said(&said.reason)) }
                        @if said.print != page.seen.print { p { (marks::mark("i-bang")) " The listing has changed since: you are asked again." } } }
                }
                @for (case, said) in page.earlier { li { p { a href={ "/cases/" (case) } { (case) } ": " (verdict_words(said.verdict)) " " (marks::name(&said.stamp.by.name)) ", " (said.stamp.day()) ": " (marks::said(&said.reason)) @if said.print != page.seen.print { " (the listing was another then)" } } } }
            }
        }
    }
}

fn decide(page: &Page<'_>) -> Markup {
    if let Err(why) = &page.may {
        return marks::note(
            Mood::Refer,
            "i-lock",
            "Not yours to judge",
            html! { p { (marks::said(&words::capital(why))) "." } },
        );
    }
    html! {
        form.decide action={ "/matches/" (page.case.id) } method="post" {
            (frame::token(page.viewer))
            input type="hidden" name="seen" value=(page.case.seen);
            input type="hidden" name="hit" value=(page.seen.key);
            div.field {
                label for="reason" { "Reason, kept with your name" }
                input #reason name="reason" dir="auto" autocomplete="off" required placeholder="what shows it";
                span.hint { "An answer holds for this pair until the listing or the party changes." }
            }
            button.btn type="submit" name="verdict" value="confirmed" data-key="c" { "Confirm: the same " kbd { "c" } }
            button.btn type="submit" name="verdict" value="dismissed" data-key="d" { "Dismiss: another " kbd { "d" } }
            button.btn.btn-main type="submit" name="verdict" value="needs_information" data-key="i" { "Ask for information " kbd { "i" } }
        }
    }
}
