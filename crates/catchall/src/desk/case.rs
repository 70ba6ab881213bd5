//! Case: all of what happened over one transfer on one page: facts, the answer old beside new, advice by team, requests,
//! conditions with their authors, matches, clock, letters, and the append-only activity; a form for each act that this person
//! may do, and for what they may not, who may.
//!
//! Shows a folded [`Case`] and never decides: a form posts a command, the engine checks it. Nothing here edits or deletes.

mod acts;
mod facts;
mod record;

use maud::{Markup, html};
use serde_json::Value;

use catchall_ledger::case::clock::Reading;
use catchall_ledger::case::{Case, Status};
use catchall_model::{Day, Outcome};

pub(crate) use acts::{thousandths, verdict_words};

use super::frame::{self, Frame, Viewer};
use super::marks;
use super::strip::figure;
use crate::explain::words::{self, Mood};

/// Whether this person may do an act here; else why not, and who may.
pub(crate) type May<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// The answer to the same transfer under the law of another day.
pub(crate) struct Other {
    /// The day.
    pub(crate) day: Day,
    /// The answer and its sentence; else why there is none.
    pub(crate) answer: Result<(Outcome, String), String>,
}

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// The determination that stands now.
    pub(crate) document: Option<&'a Value>,
    /// The transfer as it was assessed.
    pub(crate) transfer: Option<&'a Value>,
    /// Its clock today.
    pub(crate) clock: &'a Reading,
    /// What this person may.
    pub(crate) may: May<'a>,
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Licences that were issued in this case.
    pub(crate) licences: &'a [String],
    /// The answer under the law of another day, where one is asked for.
    pub(crate) other: Option<&'a Other>,
}

/// A status of a case as mark and word.
pub(crate) fn standing(status: Status) -> Markup {
    let (sign, class) = match status {
        Status::Review => ("i-list", "is-plain"),
        Status::Waiting => ("i-clock", "is-unk"),
        Status::Proposed => ("i-lock", "is-refer"),
        Status::Appeal => ("i-bang", "is-need"),
        Status::Decided => ("m-true", "is-plain"),
        Status::Withdrawn => ("m-false", "is-plain"),
    };
    html! { span class={ "st " (class) } { (marks::mark(sign)) (standing_word(status)) } }
}

/// A status of a case as a word.
pub(crate) fn standing_word(status: Status) -> &'static str {
    match status {
        Status::Review => "in review",
        Status::Waiting => "waiting for an answer",
        Status::Proposed => "waits for a second person",
        Status::Appeal => "under appeal",
        Status::Decided => "decided",
        Status::Withdrawn => "withdrawn",
    }
}

/// What a person decided or advised, as mark and word.
pub(crate) fn view(word: &str) -> Markup {
    let (sign, class, said) = match word {
        "no_licence_required" => ("o-none", "is-go", "No licence required"),
        "approve" => ("o-covered", "is-go", "Approve"),
        "approve_with_conditions" => ("o-covered", "is-go", "Approve with conditions"),
        "refuse" => ("o-presume", "is-stop", "Refuse"),
        "prohibited" => ("o-prohibited", "is-stop", "Prohibited"),
        "return_without_action" => ("m-false", "is-plain", "Return without action"),
        "no_view" => ("m-nk", "is-unk", "No view"),
        other => {
            return html! { span.st.is-plain { (marks::mark("i-law")) (words::capital(&words::opened(other))) } };
        }
    };
    html! { span class={ "st " (class) } { (marks::mark(sign)) (said) } }
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let case = page.case;
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Cases", "/cases")], &case.id))
        (head(page))
        @for note in notes(page) { (note) }
        div.cols.cols-side {
            div.stack {
                (answer(page))
                @if let Some(other) = page.other { (elsewhen(page, other, frame)) }
                (acts::matches(page))
                (changes(case))
                (facts::facts(page))
                (acts::advice(page))
                (acts::requests(page))
                (clock(page))
            }
            div.stack {
                (acts::decide(page))
                (acts::conditions(page))
                (acts::onward(page))
                (record::letters(case))
                (record::activity(case))
            }
        }
    };
    frame.page(inside)
}

fn head(page: &Page<'_>) -> Markup {
    let case = page.case;
    html! {
        div.ident {
            h1 { (marks::said(&case.title)) }
            p.facts {
                span { code { (case.id) } }
                span { (standing(case.status())) }
                span { "transfer " (marks::name(&case.transfer)) }
                span { "officer " @if let Some(owner) = &case.owner { b { (marks::name(owner)) } } @else { "nobody yet" } }
                @if let Some(team) = &case.team { span { "team " (marks::name(team)) } }
                span { "queue " (case.queue) }
                span { "clock " b { (page.clock.used) " d" } " of " (page.clock.target) @if page.clock.paused { ", paused" } @if page.clock.late { ", " b { "late" } } }
            }
            p.acts {
                a.btn href="#activity" { "Activity" }
                @if (page.may)("case.bundle").is_ok() { a.btn href={ "/cases/" (case.id) "/bundle" } { "Sealed bundle" } }
            }
        }
    }
}

/// What this person should know before going on.
fn notes(page: &Page<'_>) -> Vec<Markup> {
    let case = page.case;
    let mut all = Vec::new();
    if case.moved_since_decision() {
        all.push(marks::note(Mood::Need, "i-bang", "The answer changed after the decision", html! { p { "The decision rests on an earlier answer. Open the case again, or note why it stands." } }));
    }
    if !case.only.is_empty() {
        all.push(marks::note(
            Mood::Refer,
            "i-lock",
            "Closed to all but some teams",
            html! { p { (case.only.join(", ")) " beside its own team. Reading it is recorded." } },
        ));
    }
    for notice in case.open_notices() {
        all.push(marks::note(Mood::Refer, "i-bang", &format!("For {}", notice.to), html! {
            p { (marks::said(&notice.text)) }
            @if (page.may)("case.acknowledge").is_ok() { (acts::small(page, "acknowledge", "I have read it", html! { input type="hidden" name="number" value=(notice.number); })) }
        }));
    }
    for (number, why) in &case.irregular {
        all.push(marks::note(
            Mood::Stop,
            "i-bang",
            &format!("Entry {number} breaks a rule and has no effect"),
            html! { p { (marks::said(why)) } },
        ));
    }
    all
}

/// The same transfer under the law of the day in the header, beside the answer on record.
fn elsewhen(page: &Page<'_>, other: &Other, frame: &Frame<'_>) -> Markup {
    let entry = page
        .case
        .assessed
        .last()
        .map_or(0, |last| last.answer.entry);
    html! {
        section.card aria-labelledby="h-other" {
            header { h2 #h-other { "Under the law of " (marks::day(other.day)) } p { "assessed just now, kept nowhere" } }
            @match &other.answer {
                Ok((outcome, summary)) => {
                    p { (marks::outcome(outcome.word())) " " (marks::said(summary)) }
                    p { a href=(frame.link(&format!("/why/{entry}"))) { "Why, under that law" } }
                }
                Err(why) => p { (marks::mark("m-nk")) " " (marks::said(why)) },
            }
        }
    }
}

fn answer(page: &Page<'_>) -> Markup {
    let case = page.case;
    let Some(last) = case.assessed.last() else {
        return html! {};
    };
    let outcome = words::outcome(last.answer.outcome.word());
    html! {
        section class={ "verdict " (outcome.mood.class()) } aria-labelledby="v" {
            (marks::mark(outcome.mark))
            h2.word #v { (words::capital(&outcome.words)) }
            div.body {
                p.say { (marks::said(&last.answer.summary)) }
                p.cite {
                    a href={ "/why/" (last.answer.entry) } { "Why, and what would change it" }
                    @if last.answer.least != last.answer.most { " · at best " (words::outcome(&last.answer.least).words) ", at worst " (words::outcome(&last.answer.most).words) }
                    @if let Some(day) = last.answer.as_of { " · law of " (marks::day(day)) }
                    " · assessed " (last.stamp.day()) ", entry " (last.answer.entry)
                }
            }
            @if let Some(decision) = case.decision() {
                div.side { p { "A person decided: " (view(&decision.view)) " by " b { (marks::name(&decision.stamp.by.name)) } @if let Some(signed) = &decision.signed { ", signed by " b { (marks::name(&signed.by.name)) } } "." } }
            }
        }
    }
}

/// The newest answer beside the one before.
fn changes(case: &Case) -> Markup {
    let [.., before, now] = case.assessed.as_slice() else {
        return html! {};
    };
    let Some(changes) = &now.changes else {
        return html! {};
    };
    html! {
        section.card aria-labelledby="h-new" {
            header { h2 #h-new { "Assessed again" } p { (now.stamp.day()) ", because of " (now.because.join(", ")) } }
            div.diff {
                div { h3.small.muted { "Before, " (before.stamp.day()) } p { (marks::outcome(before.answer.outcome.word())) } p.small { (marks::said(&before.answer.summary)) } p.small { a href={ "/why/" (before.answer.entry) } { "Why, then" } } }
                div { h3.small.muted { "Now" } p { (marks::outcome(now.answer.outcome.word())) } p.small { (marks::said(&now.answer.summary)) } p.small { a href={ "/why/" (now.answer.entry) } { "Why, now" } } }
            }
            p.small { (marks::said(&changes.says())) }
            @if case.assessed.len() > 2 {
                details.more {
                    summary { "All " (case.assessed.len()) " answers" }
                    ul.rows { @for each in &case.assessed { li { p { (each.stamp.day()) " " (marks::outcome(each.answer.outcome.word())) " " a href={ "/why/" (each.answer.entry) } { "Why" } @if !each.because.is_empty() { " · " (each.because.join(", ")) } } } } }
                }
            }
        }
    }
}

/// The clock as a strip: running and standing still.
fn clock(page: &Page<'_>) -> Markup {
    let all = &page.clock.stretches;
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return html! {};
    };
    let length = (last.to.number() - first.from.number()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "days of a case")]
    let at = |day: Day| {
        20.0 + 960.0
            * ((day.number() - first.from.number()).clamp(0, length) as f64 / length as f64)
    };
    html! {
        section.card aria-labelledby="h-clock" {
            header { h2 #h-clock { "Clock" } p { (page.clock.used) " working days of " (page.clock.target) @if page.clock.paused { ", standing still" } } }
            figure.pic.w46 {
                (marks::scroll("Clock: picture", html! {
                    svg.draw viewBox="0 0 1000 74" role="img" aria-labelledby="ck-t ck-d" {
                        title #ck-t { "The clock of the case" }
                        desc #ck-d { (page.clock.used) " working days used of " (page.clock.target) "; hatched where it stood still." }
                        @for each in all {
                            @let wide = figure((at(each.to) - at(each.from)).max(2.0));
                            @if each.waiting_for.is_empty() { rect.f-ink2 x=(figure(at(each.from))) y="24" width=(wide) height="22" {} }
                            @else { rect.e-unk.w1 x=(figure(at(each.from))) y="24" width=(wide) height="22" fill="url(#h-unk)" {} }
                        }
                        text.t-s.ink2 x="20" y="66" { (first.from) }
                        text.t-s.end.ink2 x="980" y="66" { (last.to) }
                    }
                }))
                figcaption { "Solid: running. Hatched: standing still while a request waits." }
            }
            (marks::as_table("Clock", html! {
                table {
                    caption { "The clock of the case" }
                    thead { tr { th scope="col" { "From" } th scope="col" { "To" } th.num scope="col" { "Working days" } th scope="col" { "Waiting for" } } }
                    tbody { @for each in all { tr { th scope="row" { (each.from) } td { (each.to) } td.num { (each.counts) } td { @for request in &each.waiting_for { "request " (request) " " } } } } }
                }
            }))
        }
    }
}
