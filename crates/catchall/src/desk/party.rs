//! Party dossier: one party across the record: who it is, its names, who owns it (least and greatest share), whom it is tied to
//! and by what, the routes of its transfers, its cases, licences and hits.
//!
//! Drawn from the transfers of cases that this person may read, each tie with its case; a share that nobody stated is never
//! added, and a mention is no accusation.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde_json::Value;

use catchall_ledger::case::{Case, HitAnswer};
use catchall_model::Hit;
use catchall_report::graph::{Evidence, Place};

use super::answer::{list, text};
use super::case::{standing, verdict_words};
use super::frame::{self, Frame};
use super::marks;
use super::strip::figure;
use crate::explain::words;

/// One case in which the party takes part.
pub(crate) struct Mention {
    /// The case.
    pub(crate) case: Case,
    /// The transfer as it was given.
    pub(crate) transfer: Value,
}

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The party's name, as asked.
    pub(crate) name: &'a str,
    /// Cases in which it takes part, the newest first.
    pub(crate) mentions: &'a [Mention],
    /// Licences that name it: number and in which part.
    pub(crate) licences: &'a [(String, &'static str)],
    /// Screened now.
    pub(crate) hits: &'a [Hit],
    /// How many lists were searched.
    pub(crate) lists: usize,
    /// What accepted statements say of it; none for whoever may not read them.
    pub(crate) evidence: Option<&'a Evidence>,
}

/// The page to look for a party: screens a name, and shows who is on record under it.
pub(crate) fn search(
    words_asked: &str,
    country: &str,
    hits: Option<&[Hit]>,
    lists: usize,
    known: &[(String, usize)],
    frame: &Frame<'_>,
) -> Markup {
    let inside = html! {
        div.ident { h1 { "Parties" } p.facts { span { (marks::count(lists, "imported list", "imported lists")) " and those of the packs" } } }
        section.card aria-labelledby="h-s" {
            h2 #h-s { "Look for a party" }
            form.filters action="/parties" method="get" {
                label { "Name, in any script" input name="q" type="search" value=(words_asked) dir="auto" required; }
                label { "Country, if known" input name="country" value=(country); }
                button.btn.btn-main type="submit" { "Look" }
            }
        }
        @if let Some(hits) = hits { div.after { (screened(hits, lists)) } }
        section.card.card-flush.after aria-labelledby="h-k" {
            header { h2 #h-k { "On record" } p { "parties of cases" } }
            @if known.is_empty() { (marks::empty("Nobody of this name is in a case that you may read.", html! { "Only parties of cases have a dossier." })) }
            @else {
                (marks::scroll("On record", html! {
                    table {
                        caption.vh { "Parties of cases, and how many cases each is in" }
                        thead { tr { th scope="col" { "Party" } th.num scope="col" { "Cases" } } }
                        tbody { @for (name, count) in known { tr data-row="" { th scope="row" { a href={ "/parties/of?name=" (crate::address::escaped(name)) } { (marks::name(name)) } } td.num { (count) } } } }
                    }
                }))
            }
        }
    };
    frame.page(inside)
}

fn screened(hits: &[Hit], lists: usize) -> Markup {
    html! {
        section.card.card-flush aria-labelledby="h-hit" {
            header { h2 #h-hit { "Screened now" } p { (marks::count(hits.len(), "possible match", "possible matches")) } }
            @if hits.is_empty() { (marks::empty("Nothing passed the review bar.", html! { (marks::count(lists, "imported list", "imported lists")) " and those of the packs were searched. That is not a clearance." })) }
            @else {
                (marks::scroll("Possible matches", html! {
                    table {
                        caption.vh { "Listed parties that this may be, the likeliest first" }
                        thead { tr { th scope="col" { "Listed party" } th scope="col" { "List" } th scope="col" { "Listed" } th.num scope="col" { "Score" } th scope="col" { "For and against" } } }
                        tbody { @for hit in hits { tr {
                            th scope="row" { (marks::name(&hit.listing.name)) @if hit.listing.matched != hit.listing.name { br; span.small.muted { "met by " (marks::name(&hit.listing.matched)) } } }
                            td { (hit.listing.list) } td { @if let Some(day) = hit.listing.listed { (day) } @if let Some(day) = hit.listing.delisted { " to " (day) } }
                            td.num { (super::case::thousandths(hit.score.0)) }
                            td { @for reason in hit.speaks_for.iter().take(2) { "+ " (marks::said(&reason.says)) br; } @for reason in hit.speaks_against.iter().take(2) { "− " (marks::said(&reason.says)) br; } @if !hit.unknown.is_empty() { "? " (hit.unknown.join(", ")) } }
                        } } }
                    }
                }))
            }
        }
    }
}

fn own<'v>(transfer: &'v Value, name: &str) -> Option<&'v Value> {
    list(transfer, "parties")
        .iter()
        .find(|party| text(party, "name") == name)
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let open = page
        .mentions
        .iter()
        .filter(|each| each.case.status().is_open())
        .count();
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Parties", "/parties")], page.name))
        div.ident {
            h1 { (marks::name(page.name)) }
            p.facts { span { (marks::count(page.mentions.len(), "case", "cases")) ", " (open) " open" } span { (marks::count(page.hits.len(), "possible match", "possible matches")) " now" } span { "a mention is no accusation" } }
            p.acts { a.btn href={ "/parties?q=" (crate::address::escaped(page.name)) } { "Screen again" } }
        }
        div.cols.cols-side {
            div.stack { (owners(page)) (ties(page)) (routes(page)) (cases(page)) (reported(page)) }
            div.stack { (identity(page)) (screened(page.hits, page.lists)) (licences(page)) (said(page)) }
        }
    };
    frame.page(inside)
}

fn identity(page: &Page<'_>) -> Markup {
    let fields = [
        ("What it is", "type"),
        ("Country", "country"),
        ("Nationalities", "nationalities"),
        ("Born", "born"),
        ("Address", "address"),
        ("Other names", "names"),
        ("Institution", "institution"),
        ("Field of study", "field_of_study"),
    ];
    html! {
        section.card aria-labelledby="h-id" {
            header { h2 #h-id { "Identity and names" } p { "as the transfers have it" } }
            dl.kv {
                @for (label, key) in fields {
                    @let all: BTreeSet<String> = page.mentions.iter().filter_map(|each| own(&each.transfer, page.name)).flat_map(|party| values(&party[key])).collect();
                    dt { (label) }
                    dd {
                        @if all.is_empty() { span.st.is-unk { (marks::mark("m-nk")) "nobody has said" } }
                        @for (place, value) in all.iter().enumerate() { @if place > 0 { "; " } (marks::name(value)) }
                        @if all.len() > 1 && ["type", "country", "born"].contains(&key) { " " (marks::tag("differs")) }
                    }
                }
            }
        }
    }
}

fn values(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// The least and the greatest share that a statement leaves open, in hundredths of a per cent; nothing said leaves all of it.
pub(crate) fn share(said: Option<&str>) -> (u32, u32) {
    let whole = (0, 10_000);
    let Some(said) = said.map(str::trim) else {
        return whole;
    };
    let figure = |text: &str| -> Option<u32> {
        let text = text.trim().trim_end_matches('%').trim();
        let (front, back) = text.split_once('.').unwrap_or((text, ""));
        let digits: String = back.chars().chain(['0', '0']).take(2).collect();
        Some(front.parse::<u32>().ok()? * 100 + digits.parse::<u32>().ok()?)
    };
    let bound = |start: &str| said.strip_prefix(start).and_then(figure);
    if let Some(least) = bound("at least") {
        return (least.min(10_000), 10_000);
    }
    if let Some(most) = bound("at most") {
        return (0, most.min(10_000));
    }
    if let Some((low, high)) = said.split_once("..") {
        return match (figure(low), figure(high)) {
            (Some(low), Some(high)) if low <= high => (low.min(10_000), high.min(10_000)),
            _ => whole,
        };
    }
    figure(said).map_or(whole, |exact| (exact.min(10_000), exact.min(10_000)))
}

/// `40 %`, `at least 25 %`.
fn spoken((least, most): (u32, u32)) -> String {
    let one = |hundredths: u32| {
        if hundredths.is_multiple_of(100) {
            format!("{} %", hundredths / 100)
        } else {
            format!("{}.{:02} %", hundredths / 100, hundredths % 100)
        }
    };
    match (least, most) {
        (0, 10_000) => "not known".to_owned(),
        (least, most) if least == most => one(least),
        (least, 10_000) => format!("at least {}", one(least)),
        (0, most) => format!("at most {}", one(most)),
        (least, most) => format!("{} to {}", one(least), one(most)),
    }
}

fn owners(page: &Page<'_>) -> Markup {
    let mut all: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    let mut said = false;
    for mention in page.mentions.iter().rev() {
        let Some(party) = own(&mention.transfer, page.name) else {
            continue;
        };
        if let Some(owners) = party["owners"].as_array() {
            said = true;
            for owner in owners {
                all.insert(
                    text(owner, "name").to_owned(),
                    share(owner["share"].as_str()),
                );
            }
        }
    }
    let listed: BTreeSet<&str> = page
        .mentions
        .iter()
        .flat_map(|each| each.case.answer().map_or(&[][..], |answer| &answer.hits))
        .map(|hit| hit.party.as_str())
        .collect();
    let tall = 34 * all.len() + 34;
    let bar = |(least, most): (u32, u32)| {
        (
            5.2 * f64::from(least) / 100.0,
            5.2 * f64::from(most - least) / 100.0,
        )
    };
    html! {
        section.card aria-labelledby="h-own" {
            header { h2 #h-own { "Who owns it" } p { "least and greatest share that the statements leave" } }
            @if all.is_empty() {
                p { span.st.is-unk { (marks::mark("m-nk")) @if said { "no owner is stated" } @else { "nobody has said who owns it" } } }
                p.small.muted { "An unknown owner is a question, never a “no”." }
            } @else {
                figure.pic.w46 {
                    (marks::scroll("Owners: picture", html! {
                        svg.draw viewBox={ "0 0 980 " (tall) } role="img" aria-labelledby="ow-t ow-d" {
                            title #ow-t { "Shares of the owners" }
                            desc #ow-d { @for (name, held) in &all { (marks::plain(name)) " " (spoken(*held)) "; " } }
                            path.e-edge.w1 d={ "M570 8V" (tall - 20) } {}
                            text.t-xs.mid.ink2 x="570" y=(tall - 6) { "50 %" }
                            @for (place, (name, held)) in all.iter().enumerate() {
                                @let y = 8 + 34 * place;
                                @let (sure, open) = bar(*held);
                                text class=(if listed.contains(name.as_str()) { "t-s b f-stop" } else { "t-s b" }) x="0" y=(y + 16) { (marks::plain(name)) @if listed.contains(name.as_str()) { " (match)" } }
                                rect.s-surf.e-edge.w1 x="310" y=(y) width="520" height="22" {}
                                @if sure > 0.0 { rect.f-ink2 x="310" y=(y) width=(figure(sure)) height="22" {} }
                                @if open > 0.0 { rect.e-unk.w1 x=(figure(310.0 + sure)) y=(y) width=(figure(open)) height="22" fill="url(#h-unk)" {} }
                                text.t-s x="838" y=(y + 16) { (spoken(*held)) }
                            }
                        }
                    }))
                    figcaption { "Solid: known share. Hatched: what a missing fact could add. Line: half." }
                }
                (marks::as_table("Owners", html! { table { caption { "Owners and the shares that statements leave open" } thead { tr { th scope="col" { "Owner" } th scope="col" { "Share" } th scope="col" { "Possible match" } } } tbody { @for (name, held) in &all { tr { th scope="row" { (marks::name(name)) } td { (spoken(*held)) } td { (if listed.contains(name.as_str()) { "yes, see the case" } else { "none on record" }) } } } } } }))
            }
        }
    }
}

/// Whom the party met in a transfer: name, its own role there, in which cases.
fn tied<'a>(page: &'a Page<'_>) -> BTreeMap<&'a str, (BTreeSet<&'a str>, Vec<&'a str>)> {
    let mut all: BTreeMap<&str, (BTreeSet<&str>, Vec<&str>)> = BTreeMap::new();
    for mention in page.mentions {
        for party in list(&mention.transfer, "parties") {
            let name = text(party, "name");
            if !name.is_empty() && name != page.name {
                let entry = all.entry(name).or_default();
                entry.0.insert(text(party, "role"));
                entry.1.push(&mention.case.id);
            }
        }
    }
    all
}

fn ties(page: &Page<'_>) -> Markup {
    let all = tied(page);
    let shown: Vec<_> = all.iter().take(8).collect();
    let around = |place: usize| {
        let count = u32::try_from(shown.len()).unwrap_or(1).max(1);
        let turn = std::f64::consts::TAU * f64::from(u32::try_from(place).unwrap_or(0))
            / f64::from(count)
            - std::f64::consts::FRAC_PI_2;
        (500.0 + 340.0 * turn.cos(), 175.0 + 118.0 * turn.sin())
    };
    html! {
        section.card aria-labelledby="h-tie" {
            header { h2 #h-tie { "Whom it is tied to" } p { (shown.len()) " of " (all.len()) ", each by a transfer on record" } }
            @if all.is_empty() { p.small.muted { "No other party stands in its transfers." } }
            @else {
                figure.pic.w64 {
                    (marks::scroll("Ties: picture", html! {
                        svg.draw viewBox="0 0 1000 360" role="img" aria-labelledby="ti-t ti-d" {
                            title #ti-t { "Parties that stand in the same transfers" }
                            desc #ti-d { (all.len()) " other parties: " @for (name, _) in &shown { (marks::plain(name)) "; " } }
                            @for (place, (_, (_, cases))) in shown.iter().enumerate() {
                                @let (x, y) = around(place);
                                path class=(if cases.len() > 1 { "e-accent w3" } else { "e-edge w15" }) d={ "M500 175L" (figure(x)) " " (figure(y)) } {}
                            }
                            rect.f-accent x="488" y="163" width="24" height="24" rx="4" {}
                            text.t-s.mid.b.halo x="500" y="206" direction=(marks::direction(page.name)) { (marks::plain(page.name)) }
                            @for (place, (name, (roles, _))) in shown.iter().enumerate() {
                                @let (x, y) = around(place);
                                rect.s-surf.e-ink.w2 x=(figure(x - 9.0)) y=(figure(y - 9.0)) width="18" height="18" rx="3" {}
                                text.t-s.mid.b.halo x=(figure(x)) y=(figure(y + 25.0)) direction=(marks::direction(name)) { (marks::plain(&cut(name))) }
                                text.t-xs.mid.ink2.halo x=(figure(x)) y=(figure(y + 40.0)) { (roles.iter().copied().collect::<Vec<_>>().join(", ").replace('_', " ")) }
                            }
                        }
                    }))
                    figcaption { "A line: they stand in one transfer. Heavy: in several. Roles are the other’s." }
                }
                (marks::as_table("Ties", html! { table { caption { "Parties that stand in the same transfers" } thead { tr { th scope="col" { "Party" } th scope="col" { "As" } th scope="col" { "Cases" } } } tbody { @for (name, (roles, cases)) in &all { tr { th scope="row" { a href={ "/parties/of?name=" (crate::address::escaped(name)) } { (marks::name(name)) } } td { (roles.iter().copied().collect::<Vec<_>>().join(", ").replace('_', " ")) } td { @for id in cases { a href={ "/cases/" (id) } { (id) } " " } } } } } } }))
            }
        }
    }
}

fn cut(name: &str) -> String {
    if name.chars().count() <= 28 {
        name.to_owned()
    } else {
        name.chars().take(27).chain(['…']).collect()
    }
}

/// Routes of the transfers, as a scheme.
fn routes(page: &Page<'_>) -> Markup {
    let mut all: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for mention in page.mentions {
        let place = |key: &str| values(&mention.transfer[key]);
        let mut stops: Vec<String> = place("from");
        if stops.is_empty() {
            stops.push("?".to_owned());
        }
        stops.extend(place("via"));
        let to = place("to");
        if to.is_empty() {
            stops.push("?".to_owned());
        } else {
            stops.extend(to);
        }
        all.entry(stops).or_default().push(&mention.case.id);
    }
    let shown: Vec<_> = all.iter().take(6).collect();
    let tall = 56 * shown.len() + 14;
    html! {
        section.card aria-labelledby="h-rou" {
            header { h2 #h-rou { "Routes" } p { "a scheme, not a map" } }
            figure.pic.w46 {
                (marks::scroll("Routes: picture", html! {
                    svg.draw viewBox={ "0 0 900 " (tall) } role="img" aria-labelledby="ro-t ro-d" {
                        title #ro-t { "Routes of the transfers" }
                        desc #ro-d { @for (stops, cases) in &shown { (stops.join(" to ")) ", " (cases.len()) "; " } }
                        @for (row, (stops, cases)) in shown.iter().enumerate() {
                            @let y = 26 + 56 * row;
                            @let step = 640 / stops.len().saturating_sub(1).max(1);
                            @for place in 1..stops.len() {
                                @let known = stops[place] != "?" && stops[place - 1] != "?";
                                path class=(if known { "e-accent w3" } else { "e-unk w2 dash" }) d={ "M" (30 + step * (place - 1)) " " (y) "H" (30 + step * place) } {}
                            }
                            @for (place, stop) in stops.iter().enumerate() {
                                circle class=(if stop == "?" { "s-unk e-unk w2 dash" } else { "s-surf e-ink w2" }) cx=(30 + step * place) cy=(y) r="8" {}
                                text.t-s.mid.b x=(30 + step * place) y=(y + 24) { @if stop == "?" { "not known" } @else { (stop) } }
                            }
                            text.t-s.ink2 x="720" y=(y + 5) { (marks::count(cases.len(), "transfer", "transfers")) }
                        }
                    }
                }))
                figcaption { "Solid: declared. Broken: nobody has said." }
            }
            (marks::as_table("Routes", html! { table { caption { "Routes of the transfers" } thead { tr { th scope="col" { "Route" } th scope="col" { "Cases" } } } tbody { @for (stops, cases) in &all { tr { th scope="row" { (stops.join(" → ").replace('?', "not known")) } td { @for id in cases { a href={ "/cases/" (id) } { (id) } " " } } } } } } }))
        }
    }
}

fn cases(page: &Page<'_>) -> Markup {
    html! {
        section.card.card-flush aria-labelledby="h-cas" {
            header { h2 #h-cas { "Cases" } }
            (marks::scroll("Cases", html! {
                table {
                    caption.vh { "Cases in which the party takes part" }
                    thead { tr { th scope="col" { "Case" } th scope="col" { "As" } th scope="col" { "Answer" } th scope="col" { "Stands" } } }
                    tbody { @for each in page.mentions { tr {
                        th scope="row" { a href={ "/cases/" (each.case.id) } { (marks::said(&each.case.title)) } br; code.small { (each.case.id) } }
                        td { (own(&each.transfer, page.name).map_or_else(|| "owner".to_owned(), |party| words::opened(text(party, "role")))) }
                        td { (marks::outcome(each.case.answer().map_or("", |answer| answer.outcome.word()))) }
                        td { (standing(each.case.status())) }
                    } } }
                }
            }))
        }
    }
}

fn licences(page: &Page<'_>) -> Markup {
    html! {
        section.card aria-labelledby="h-lic" {
            h2 #h-lic { "Licences" }
            @if page.licences.is_empty() { p.small.muted { "No licence on record names it." } }
            ul.rows { @for (id, part) in page.licences { li { p { (marks::mark("o-covered")) " " a href={ "/licences/" (id) } { (id) } ", as " (part) } } } }
        }
    }
}

/// What accepted statements say of it: who, on which rung, through how many origins, what was answered, what changed since.
fn reported(page: &Page<'_>) -> Markup {
    let Some(found) = page.evidence else {
        return html! {};
    };
    let said = |day: &Option<String>| day.clone().unwrap_or_else(|| "undated".to_owned());
    html! {
        section.card aria-labelledby="h-rep" {
            header { h2 #h-rep { "Evidence" } p { "accepted statements of reports; a claim is no finding" } }
            @if found.claims.is_empty() && found.answers.is_empty() { p.small.muted { "No accepted statement gives it a part in anything." @if found.mentioned > 0 { " It is only mentioned in " (found.mentioned) ", and nothing follows from that." } } }
            @else {
                p { b { (marks::count(found.origins, "origin", "origins")) } ", through " (marks::count(found.outlets.len(), "outlet", "outlets")) @if let Some(rung) = found.rung { "; best: " (rung.words()) } @if let Some(day) = &found.closed { "; closed by a relief of " (day) } }
                (marks::scroll("Claims", html! {
                    table {
                        caption.vh { "What is claimed of it, each origin once" }
                        thead { tr { th scope="col" { "Who says so" } th scope="col" { "When" } th scope="col" { "Rung" } th scope="col" { "Says" } th scope="col" { "Answered" } } }
                        tbody { @for claim in &found.claims { tr {
                            th scope="row" { (marks::name(claim.speaker.as_deref().unwrap_or("unattributed"))) @if let Some(country) = &claim.country { " (" (country) ")" } }
                            td { (said(&claim.said)) }
                            td { (claim.rung.words()) @if claim.hedged { ", hedged" } }
                            td { (marks::tag(claim.kind)) " " (marks::said(&claim.content)) " " (places(&claim.places)) }
                            td { @for answer in found.answers.iter().filter(|answer| answer.answers.contains(&claim.id)) { p { (marks::name(answer.speaker.as_deref().unwrap_or("unattributed"))) ", " (said(&answer.said)) ": " (answer.kind) } } }
                        } } }
                    }
                }))
                @for answer in &found.answers { blockquote { b { (marks::name(answer.speaker.as_deref().unwrap_or("unattributed"))) } ", " (said(&answer.said)) " (" (answer.kind) "): " (marks::said(&answer.content)) " " (places(&answer.places)) } }
                @for change in &found.changes { p.small { "Since: " (marks::said(&change.content)) " (" (change.kind) ", " (said(&change.said)) ")" } }
                @if found.mentioned > 0 { p.small.muted { "Only mentioned in " (found.mentioned) " more; nothing follows from that." } }
            }
        }
    }
}

/// Where it stands: the reports, each a link.
fn places(all: &[Place]) -> Markup {
    html! {
        @for place in all {
            @if place.sha256.is_empty() { span.small.muted { (marks::name(&place.document)) " " } }
            @else {
                @let report = catchall_ledger::statement::Report::id_of(&place.sha256);
                a.small href={ "/evidence/papers/" (report) "?at=" (report) "." (place.statement) } { (marks::name(&place.document)) } " "
            }
        }
    }
}

/// What people said of its matches.
fn said(page: &Page<'_>) -> Markup {
    let all: Vec<(&str, &str, &HitAnswer)> = page
        .mentions
        .iter()
        .flat_map(|each| {
            let hits = each.case.answer().map_or(&[][..], |answer| &answer.hits);
            hits.iter()
                .filter(|hit| hit.party == page.name)
                .filter_map(|hit| {
                    each.case
                        .hit_answers
                        .get(&hit.key)
                        .map(|answer| (each.case.id.as_str(), hit.name.as_str(), answer))
                })
        })
        .collect();
    html! {
        section.card aria-labelledby="h-said" {
            h2 #h-said { "What people said of its matches" }
            @if all.is_empty() { p.small.muted { "Nothing yet." } }
            ul.rows { @for (case, listed, answer) in all { li { p { (verdict_words(answer.verdict)) " " (marks::name(listed)) ", " a href={ "/cases/" (case) } { (case) } } p.muted { (marks::name(&answer.stamp.by.name)) ", " (answer.stamp.day()) ": " (marks::said(&answer.reason)) } } } }
        }
    }
}
