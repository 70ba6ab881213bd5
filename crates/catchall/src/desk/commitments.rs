//! Commitments: states against undertakings, and, for an instrument or one undertaking, the lanes with everything in them as tables:
//! what was undertaken, how it stands with each who is bound and why, both sides' words, what to ask.
//!
//! The standing is that of the day in the header. Declared policy is never evidence of performance; a report read here is a claim until a
//! person has accepted it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use catchall_law::Law;
use catchall_law::commitments::Answer;
use catchall_model::{Day, Places, Standing};

use super::frame::{self, Frame};
use super::law::source;
use super::{lanes, marks};
use crate::commitments::{Commitment, name_of};
use crate::explain::words;

/// One row of the matrix.
pub(crate) struct Row<'a> {
    /// Id of the undertaking.
    pub(crate) id: &'a str,
    /// Title.
    pub(crate) title: &'a str,
    /// Title of the instrument.
    pub(crate) instrument: &'a str,
    /// How it stands.
    pub(crate) answer: Answer,
}

/// What somebody looks for among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    /// Whom they bind.
    pub(crate) by: String,
    /// How they stand.
    pub(crate) standing: String,
}

/// Every standing, in the order of the contract.
const STANDINGS: [Standing; 9] = [
    Standing::Kept,
    Standing::ClaimedKept,
    Standing::Open,
    Standing::Overdue,
    Standing::Breached,
    Standing::Withdrawn,
    Standing::Repudiated,
    Standing::Contested,
    Standing::NotKnown,
];

/// The pack of an undertaking's id.
fn pack(id: &str) -> &str {
    id.split_once('/').map_or(id, |(pack, _)| pack)
}

/// States against undertakings.
pub(crate) fn matrix(
    rows: &[Row<'_>],
    search: &Search,
    places: &Places,
    all: usize,
    on: Day,
    frame: &Frame<'_>,
) -> Markup {
    let mut states: BTreeMap<&str, String> = BTreeMap::new();
    for party in rows.iter().flat_map(|row| &row.answer.parties) {
        states
            .entry(&party.party)
            .or_insert_with(|| name_of(places, &party.party));
    }
    let counts = |standing: Standing| {
        rows.iter()
            .filter(|row| row.answer.standing == standing)
            .count()
    };
    let inside = html! {
        div.ident {
            h1 { "Commitments" }
            p.facts {
                span { (marks::count(all, "undertaking", "undertakings")) ", " (rows.len()) " shown" }
                @for standing in STANDINGS { @if counts(standing) > 0 { span { (marks::status(&lanes::status(standing))) " " (counts(standing)) } } }
                span { "on " b { (marks::day(on)) } }
            }
        }
        section.card aria-labelledby="h-find" {
            h2.vh #h-find { "Which" }
            form.filters action="/commitments" method="get" {
                label { "Who is bound" input name="by" value=(search.by) placeholder="Russia" dir="auto"; }
                label {
                    "How it stands"
                    select name="standing" { option value="" { "any" } @for each in STANDINGS { option value=(each.word()) selected[each.word() == search.standing] { (each.word().replace('_', " ")) } } }
                }
                button.btn type="submit" { "Show" }
            }
        }
        section.card.card-flush.after aria-labelledby="h-mx" {
            header { h2 #h-mx { "State by undertaking" } p { "each leads to its lanes" } }
            @if rows.is_empty() { (marks::empty("No undertaking is like that.", html! { a href=(frame.link("/commitments")) { "Show all" } })) }
            @else { (marks::scroll("State by undertaking", grid(rows, &states, frame))) }
        }
        p.small.muted.after { "A cell without a standing: not bound by it. Words alone never give “kept”: declared policy is never evidence of performance." }
    };
    frame.page(inside)
}

fn grid(rows: &[Row<'_>], states: &BTreeMap<&str, String>, frame: &Frame<'_>) -> Markup {
    html! {
        table.matrix {
            caption.vh { "How each undertaking stands with each who is bound" }
            thead { tr { th scope="col" { "Undertaking" } @for name in states.values() { th scope="col" { (marks::name(name)) } } } }
            tbody {
                @for row in rows {
                    tr data-row="" {
                        th scope="row" {
                            a href=(frame.link(&format!("/commitments/of/{}", row.id))) { (marks::said(row.title)) }
                            a.small href=(frame.link(&format!("/commitments/of/{}", pack(row.id)))) { (marks::said(row.instrument)) }
                        }
                        @for state in states.keys() {
                            td {
                                @if let Some(own) = row.answer.parties.iter().find(|party| party.party == **state) { (marks::status(&lanes::status(own.standing))) }
                                @else { span.muted { span aria-hidden="true" { "–" } span.vh { "not bound" } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The lanes of an instrument, or of one undertaking.
pub(crate) fn lanes(what: &str, law: &Law, all: &[Commitment], frame: &Frame<'_>) -> Markup {
    let instrument = all.first().and_then(|made| made.instrument.clone());
    let title = match (all, &instrument) {
        ([one], _) => one.title.clone(),
        (_, Some(title)) => title.clone(),
        _ => what.to_owned(),
    };
    let mut seen: Vec<Standing> = all
        .iter()
        .flat_map(|made| &made.history)
        .map(|row| row.standing)
        .collect();
    seen.sort_by_key(|standing| STANDINGS.iter().position(|own| own == standing));
    seen.dedup();
    let acts: usize = all.iter().map(|made| made.acts.len()).sum();
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Commitments", &frame.link("/commitments"))], &title))
        div.ident {
            h1 { (marks::said(&words::capital(&title))) }
            p.facts {
                span { (marks::count(all.len(), "undertaking", "undertakings")) } span { (marks::count(acts, "event", "events")) }
                @for made in all { @if all.len() <= 6 { span { (marks::status(&lanes::status(made.standing))) } } }
            }
            p.acts {
                @if all.len() == 1 && pack(what) != what { a.btn href=(frame.link(&format!("/commitments/of/{}", pack(what)))) { "The whole instrument" } }
                @if law.instruments.iter().any(|each| each.id == pack(what)) { a.btn href=(frame.link(&format!("/law/instruments/{}", pack(what)))) { "What is held of it" } }
            }
        }
        div.stack.stack-l {
            section.card aria-labelledby="h-lanes" {
                header { h2 #h-lanes { "Said and done" } p { "What was said stands above each bar, what was done below it" } }
                div.pic.w72 {
                    figure {
                        (lanes::keyline(&seen))
                        (marks::scroll("Said and done: picture, scrolls sideways", lanes::picture(all)))
                        figcaption { "Numbers lead to the tables below. What comes after the day asked stands on the shade and counts for nothing." }
                    }
                    (marks::as_table("Standing over time", over_time(all)))
                }
            }
            @for (place, (made, first)) in all.iter().zip(firsts(all)).enumerate() { (undertaking(place, made, first, frame)) }
        }
    };
    frame.page(inside)
}

/// The number of the first act of each lane.
fn firsts(all: &[Commitment]) -> Vec<usize> {
    let mut next = 1;
    all.iter()
        .map(|made| {
            let own = next;
            next += made.acts.len();
            own
        })
        .collect()
}

fn over_time(all: &[Commitment]) -> Markup {
    html! {
        table {
            caption { "How each undertaking stood, by days" }
            thead { tr { th scope="col" { "Undertaking" } th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "Standing" } } }
            tbody {
                @for (place, made) in all.iter().enumerate() { @for row in &made.history {
                    tr { th scope="row" { (lanes::letter(place)) " " (marks::said(&made.title)) } td { (row.from) } td { (row.to) } td { (marks::status(&lanes::status(row.standing))) } }
                } }
            }
        }
    }
}

fn undertaking(place: usize, made: &Commitment, first: usize, frame: &Frame<'_>) -> Markup {
    let letter = lanes::letter(place);
    let due = made.due.as_deref().unwrap_or("no day");
    html! {
        section.card aria-labelledby={ "h-u" (place) } {
            header { h2 id={ "h-u" (place) } { (letter) " " (marks::said(&words::capital(&made.title))) } p { (marks::status(&lanes::status(made.standing))) @if let Some(since) = made.since { " since " (marks::day(since)) } } }
            p { (marks::said(&made.what)) }
            p.small { (marks::said(&made.summary)) }
            dl.kv {
                dt { "Bound" } dd { (made.by.join(", ")) " to " (made.to.join(", ")) }
                dt { "From" } dd { (made.from.as_deref().unwrap_or("not known")) @if let Some(until) = &made.until { ", until " (until) } }
                dt { "Due" } dd { (due) @if !made.measured.is_empty() { "; measured by " (marks::said(&made.measured)) } }
                @if let Some(ceiling) = &made.ceiling { dt { "At most" } dd { (ceiling.most) " " (ceiling.unit) " " (marks::said(&ceiling.of)) } }
                @if !made.needs.is_empty() { dt { "Hangs on" } dd { @for need in &made.needs { a href=(frame.link(&format!("/commitments/of/{need}"))) { (need) } " " } (marks::said(&made.link)) } }
                @if let Some(leave) = &made.leave { dt { "May be left" } dd { (marks::said(leave)) } }
                dt { "Force" } dd { (words::force(made.force)) @if made.confidence == "recalled" { " " (marks::tag("recalled")) } }
                dt { "Cite" } dd { (marks::said(&made.cite)) "; " (source(&made.source)) }
            }
            h3.after { "How it stands with each who is bound" }
            (marks::scroll("Standing of each", html! {
                table {
                    caption.vh { "Standing of each who is bound by " (letter) }
                    thead { tr { th scope="col" { "Bound" } th scope="col" { "Standing" } th scope="col" { "Why" } th scope="col" { "To ask" } } }
                    tbody { @for party in &made.parties { tr {
                        th scope="row" { (marks::name(&party.name)) }
                        td { (marks::status(&lanes::status(party.standing))) @if !party.possible.is_empty() { br; span.small { "may be " @for (at, each) in party.possible.iter().enumerate() { @if at > 0 { ", " } (each.word().replace('_', " ")) } } } }
                        td { @for reason in &party.because { p { (marks::said(&words::capital(&reason.words))) } } }
                        td { @for question in &party.missing { p { (marks::said(question)) } } @if party.missing.is_empty() { "nothing" } }
                    } } }
                }
            }))
            @if made.acts.is_empty() { p.small.muted { "Nothing that bears on it is recorded." } }
            @else {
                h3.after { "What was said and done" }
                (marks::scroll("What was said and done", acts(made, first, &letter)))
            }
        }
    }
}

fn acts(made: &Commitment, first: usize, letter: &str) -> Markup {
    html! {
        table {
            caption.vh { "What was said and done about " (letter) ", by day" }
            thead { tr { th.num scope="col" { "No." } th scope="col" { "Day" } th scope="col" { "Side" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Source" } } }
            tbody {
                @for (number, act) in (first..).zip(&made.acts) {
                    tr id={ "act-" (number) } {
                        td.num { (number) }
                        td { (act.date) @if act.later { br; (marks::tag("later")) } }
                        td { (act.side) ", " (act.kind.word()) @if act.one_side { br; span.small { "told by " (act.said_by.join(", ")) " alone" } } }
                        td { (marks::name(if act.who.is_empty() { &act.name } else { &act.who })) }
                        td {
                            (marks::said(&act.what))
                            @if let Some(shows) = act.shows { " " (marks::tag(&shows.word().replace('_', " "))) }
                            @if !act.of.is_empty() { br; span.small { "answers " (act.of.join(", ")) } }
                        }
                        td { @if !act.cite.is_empty() { (marks::said(&act.cite)) br; } (source(&act.source)) @if act.confidence == "recalled" { " " (marks::tag("recalled")) } }
                    }
                }
            }
        }
    }
}
