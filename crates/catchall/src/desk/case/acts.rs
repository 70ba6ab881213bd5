//! Acts: what a person may do to a case, each a form of its own; for what they may not, why and who may.
//!
//! Every form carries the number of the last entry it saw, so that nobody's words are lost when two act at once, and the token
//! of the session. The words of the fields are those of the handler (`desk/case_acts.rs`).

use maud::{Markup, html};

use catchall_ledger::case::event::HitVerdict;
use catchall_ledger::case::{Advice, Case, Request, Stage, Status, VIEWS};

use super::record::moment;
use super::{Page, view};
use crate::desk::frame;
use crate::desk::marks;
use crate::explain::words::{self, Mood};
use crate::given::in_words;

/// A form that does one thing.
fn form(page: &Page<'_>, act: &str, inside: Markup) -> Markup {
    html! {
        form.act action={ "/cases/" (page.case.id) "/act" } method="post" {
            (frame::token(page.viewer))
            input type="hidden" name="seen" value=(page.case.seen);
            input type="hidden" name="do" value=(act);
            (inside)
        }
    }
}

/// A form of one button.
pub(super) fn small(page: &Page<'_>, act: &str, word: &str, hidden: Markup) -> Markup {
    form(
        page,
        act,
        html! { (hidden) p.btns { button.btn type="submit" { (word) } } },
    )
}

/// A form behind a fold, or why it is not this person's.
fn folded(page: &Page<'_>, right: &str, act: &str, word: &str, inside: Markup) -> Markup {
    html! {
        @match (page.may)(right) {
            Ok(()) => details.act { summary { (word) } (form(page, act, inside)) },
            Err(why) => p.small.muted { (marks::mark("i-lock")) " " (word) ": " (marks::said(&why)) "." },
        }
    }
}

fn area(id: &str, name: &str, label: &str, needed: bool) -> Markup {
    html! { div.field { label for=(id) { (label) } textarea id=(id) name=(name) dir="auto" required[needed] {} } }
}

fn line(id: &str, name: &str, label: &str, value: &str, needed: bool) -> Markup {
    html! { div.field { label for=(id) { (label) } input id=(id) name=(name) value=(value) dir="auto" autocomplete="off" required[needed]; } }
}

fn views(id: &str, label: &str, further: Option<(&str, &str)>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name="view" required {
                option value="" { "choose" }
                @for word in VIEWS { option value=(word) { (words::capital(&words::opened(word))) } }
                @if let Some((word, said)) = further { option value=(word) { (said) } }
            }
        }
    }
}

/// Possible matches of this case, with what was said of each.
pub(super) fn matches(page: &Page<'_>) -> Markup {
    let case = page.case;
    let hits = case.answer().map_or(&[][..], |answer| &answer.hits);
    html! {
        @if !hits.is_empty() {
            section.card.card-flush aria-labelledby="h-hits" {
                header { h2 #h-hits { "Possible matches" } p { (case.open_hits().count()) " of " (hits.len()) " wait for a person" } }
                (marks::scroll("Possible matches", html! {
                    table {
                        caption.vh { "Parties of the transfer and the listed parties that they may be" }
                        thead { tr { th scope="col" { "Party" } th scope="col" { "May be" } th.num scope="col" { "Score" } th scope="col" { "A person said" } } }
                        tbody {
                            @for hit in hits {
                                tr {
                                    th scope="row" { a href={ "/matches/" (case.id) "?hit=" (crate::address::escaped(&hit.key)) } { (marks::name(&hit.party)) } }
                                    td { (marks::name(&hit.name)) br; span.small.muted { (hit.list) } }
                                    td.num { (thousandths(hit.score)) }
                                    td { @match case.said_of(hit) {
                                        None => span.st.is-unk { (marks::mark("m-nk")) "nothing yet" },
                                        Some(said) => { (verdict_words(said.verdict)) br; span.small.muted { (marks::name(&said.stamp.by.name)) ", " (said.stamp.day()) ": " (marks::said(&said.reason)) } },
                                    } }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

/// A verdict on a match as mark and word.
pub(crate) fn verdict_words(verdict: HitVerdict) -> Markup {
    let (sign, class, word) = match verdict {
        HitVerdict::Confirmed => ("m-true", "is-stop", "the same"),
        HitVerdict::Dismissed => ("m-false", "is-plain", "another"),
        HitVerdict::NeedsInformation => ("m-nk", "is-unk", "needs information"),
    };
    html! { span class={ "st " (class) } { (marks::mark(sign)) (word) } }
}

/// `0.97`.
pub(crate) fn thousandths(score: u16) -> String {
    format!("{:.2}", f64::from(score) / 1000.0)
}

pub(super) fn advice(page: &Page<'_>) -> Markup {
    let case = page.case;
    let mine = case
        .standing_advice()
        .find(|advice| advice.stamp.by.name == page.viewer.name);
    html! {
        section.card aria-labelledby="h-adv" {
            header { h2 #h-adv { "Advice by team" } p { "never edited; a new one supersedes" } }
            @if case.advice.is_empty() { p.small.muted { "Nobody has advised yet." } }
            div.advice { @for each in case.advice.iter().rev() { (adv(each)) } }
            @if case.status().is_open() {
                (folded(page, "case.advise", "advise", if mine.is_some() { "Advise again" } else { "Advise" }, html! {
                    (views("adv-view", "Your view", Some(("no_view", "No view"))))
                    (area("adv-text", "text", "In your words", true))
                    @if mine.is_some() { (line("adv-why", "why", "Why your earlier advice no longer stands", "", true)) }
                    p.btns { button.btn.btn-main type="submit" { "Give this advice" } }
                }))
            }
        }
    }
}

fn adv(advice: &Advice) -> Markup {
    let old = advice.superseded.as_ref();
    html! {
        article class=(if old.is_some() { "adv old" } else { "adv" }) {
            p {
                b { (marks::name(advice.stamp.by.team.as_deref().unwrap_or("no team"))) } " "
                span.muted { (marks::name(&advice.stamp.by.name)) " · " (advice.stamp.day()) " · entry " (advice.stamp.number) } " "
                (view(&advice.view))
            }
            p.say dir="auto" { (advice.text) }
            @if let Some((by, why)) = old { p.small { "Superseded by advice " (by) @if !why.is_empty() { ": " (marks::said(why)) } "." } }
        }
    }
}

pub(super) fn requests(page: &Page<'_>) -> Markup {
    let case = page.case;
    let to_ask = case.to_ask();
    html! {
        section.card aria-labelledby="h-rfi" {
            header { h2 #h-rfi { "Requests for information" } p { "made from what is missing; the clock stands still until the answer" } }
            @if case.requests.is_empty() { p.small.muted { "Nothing has been asked." } }
            @for request in &case.requests { (asked(page, request)) }
            @if !to_ask.is_empty() && case.status().is_open() {
                (folded(page, "case.ask", "ask", &format!("Ask {}", marks::count(to_ask.len(), "open question", "open questions")), html! {
                    fieldset.field {
                        legend { "Which" }
                        div.ticks.down { @for question in &to_ask { label { input type="checkbox" name="fact" value=(question.fact) checked; span { (marks::said(&question.question)) " " span.muted { "ask the " (marks::said(&question.ask)) } } } } }
                    }
                    (line("ask-to", "to", "Whom; empty sends each question to whom it names", "", false))
                    p.btns { button.btn.btn-main type="submit" { "Send, and stop the clock" } }
                }))
            }
        }
    }
}

fn asked(page: &Page<'_>, request: &Request) -> Markup {
    let id = request.number;
    html! {
        article.adv {
            p { b { "Request " (id) } " to " b { (marks::name(&request.to)) } " " span.muted { (request.stamp.day()) @if let Some(due) = request.due { ", due " (due) } } }
            ol { @for question in &request.questions { li { (marks::said(&question.question)) } } }
            @match &request.closed {
                None => {
                    p { span.st.is-unk { (marks::mark("i-clock")) "waiting" @if request.pauses { ", the clock stands still" } } }
                    (folded(page, "case.answer", "answer", "Record an answer", html! {
                        input type="hidden" name="number" value=(id);
                        (line(&format!("ans-by-{id}"), "by", "Who answered", &request.to, true))
                        @for (place, question) in request.questions.iter().enumerate() {
                            input type="hidden" name="fact" value=(question.fact);
                            (line(&format!("ans-{id}-{place}"), "value", &question.question, "", false))
                            (line(&format!("ev-{id}-{place}"), "evidence", "Shown by", "", false))
                        }
                        p.small.muted { "An empty answer stays not known. The transfer is assessed again at once, old beside new." }
                        p.btns { button.btn.btn-main type="submit" { "Record, and assess again" } }
                    }))
                    (folded(page, "case.ask", "close_request", "Close without an answer", html! {
                        input type="hidden" name="number" value=(id);
                        (line(&format!("close-{id}"), "why", "Why", "", true))
                        p.btns { button.btn type="submit" { "Close it" } }
                    }))
                }
                Some(closed) => {
                    @if let Some(by) = &closed.by { p.small { "Answered by " b { (marks::name(by)) } ", " (closed.stamp.day()) } }
                    @else { p.small { "Closed without an answer, " (closed.stamp.day()) ": " (marks::said(&closed.why)) } }
                    ul { @for said in &closed.answers { li { code { (said.fact) } ": " @if said.value.is_null() { "stays not known" } @else { (marks::said(&in_words(&said.value))) } @if !said.words.is_empty() { " “" (marks::said(&said.words)) "”" } @if !said.evidence.is_empty() { " · " (marks::said(&said.evidence)) } } } }
                }
            }
        }
    }
}

pub(super) fn conditions(page: &Page<'_>) -> Markup {
    let case = page.case;
    html! {
        section.card aria-labelledby="h-cond" {
            header { h2 #h-cond { "Conditions" } p { "each with its author, who is told of any change" } }
            @if case.conditions.is_empty() { p.small.muted { "None." } }
            ol.rows {
                @for each in &case.conditions {
                    li {
                        @if let Some((stamp, why)) = &each.dropped { p { del { (marks::said(&each.text)) } } p.muted { "dropped by " (marks::name(&stamp.by.name)) ", " (stamp.day()) ": " (marks::said(why)) } }
                        @else {
                            p { b { (each.number) ". " } (marks::said(&each.text)) }
                            p.muted { (marks::name(&each.author.by.name)) @if let Some(team) = &each.author.by.team { ", " (marks::name(team)) } ", " (each.author.day()) }
                            @if case.status().is_open() && (page.may)("case.condition").is_ok() {
                                (folded(page, "case.condition", "change_condition", "Change it", html! {
                                    input type="hidden" name="number" value=(each.number);
                                    (line(&format!("cc-{}", each.number), "text", "New words", &each.text, true)) (line(&format!("cw-{}", each.number), "why", "Why", "", true))
                                    p.btns { button.btn type="submit" { "Change" } button.btn type="submit" name="drop" value="yes" { "Drop it" } }
                                }))
                            }
                        }
                    }
                }
            }
            @if case.status().is_open() {
                (folded(page, "case.condition", "set_condition", "Set a condition", html! { (area("cond-new", "text", "In words", true)) p.btns { button.btn type="submit" { "Set it" } } }))
            }
        }
    }
}

/// The decision: propose, sign, or what stands.
pub(super) fn decide(page: &Page<'_>) -> Markup {
    let case = page.case;
    html! {
        section.card aria-labelledby="h-dec" {
            header { h2 #h-dec { "Decision" } p { "a person decides; a second person signs" } }
            @if case.owner.is_none() && case.status().is_open() && (page.may)("case.take").is_ok() { (small(page, "take", "Take this case", html! {})) }
            @for decision in case.decisions.iter().rev() {
                article class=(if decision.returned.is_some() { "adv old" } else { "adv" }) {
                    p { (view(&decision.view)) " " span.muted { (marks::name(&decision.stamp.by.name)) ", " (decision.stamp.day()) @if decision.on_appeal { ", on appeal" } } }
                    p.say dir="auto" { (decision.reason) }
                    @if let Some(despite) = &decision.despite { p.small { "Departs from the answer: " (marks::said(despite)) } }
                    @if let Some(signed) = &decision.signed { p.small { (marks::mark("m-true")) " signed by " b { (marks::name(&signed.by.name)) } ", " (moment(&signed.at.to_string())) } }
                    @else if let Some((stamp, why)) = &decision.returned { p.small { "Sent back by " b { (marks::name(&stamp.by.name)) } ": " (marks::said(why)) } }
                    @else if decision.two_persons { p.small { span.st.is-refer { (marks::mark("i-lock")) "waits for a second person" } } }
                }
            }
            @match case.stage {
                Stage::Proposed => (sign(page)),
                Stage::Review | Stage::Appeal => (propose(page)),
                Stage::Decided | Stage::Withdrawn => {}
            }
        }
    }
}

fn sign(page: &Page<'_>) -> Markup {
    let barred = page.case.bars_signing(&page.viewer.name);
    html! {
        @if let Some(why) = barred {
            (marks::note(Mood::Refer, "i-lock", &format!("{}.", words::capital(why)), html! { p { "The rule is in the engine, not on this page." } }))
        } @else {
            @match (page.may)("case.countersign") {
                Ok(()) => {
                    (form(page, "countersign", html! { p.btns { button.btn.btn-main type="submit" { "Countersign" } } }))
                    (folded(page, "case.countersign", "return", "Send it back", html! { (area("ret-why", "why", "Why", true)) p.btns { button.btn type="submit" { "Send back" } } }))
                }
                Err(why) => (marks::note(Mood::Plain, "i-lock", "A second person must sign", html! { p { (marks::said(&words::capital(&why))) "." } })),
            }
        }
    }
}

fn propose(page: &Page<'_>) -> Markup {
    let case = page.case;
    html! {
        @if case.status() == Status::Waiting { (marks::note(Mood::Unknown, "i-clock", "A request waits for its answer", html! { p { "Close the request first if it is no longer needed." } })) }
        (folded(page, "case.decide", "decide", "Decide", html! {
            (views("dec-view", "Decision", None))
            (area("dec-why", "reason", "Why", true))
            div.field {
                label for="dec-despite" { "If it is milder than the answer: on what ground" }
                input #dec-despite name="despite" dir="auto" autocomplete="off";
            }
            p.btns { button.btn.btn-main type="submit" { "Propose this decision" } }
        }))
    }
}

/// What follows: note, letter, licence, appeal, reopen, hand on, withdraw, close to others.
pub(super) fn onward(page: &Page<'_>) -> Markup {
    let case = page.case;
    let open = case.status().is_open();
    html! {
        section.card aria-labelledby="h-on" {
            h2 #h-on { "Further" }
            @for licence in page.licences { p { (marks::mark("o-covered")) " Licence " a href={ "/licences/" (licence) } { (licence) } } }
            @if open {
                (folded(page, "case.assign", "assign", "Hand on", html! {
                    (line("as-owner", "owner", "To whom", "", false)) (line("as-team", "team", "To which team", "", false)) (line("as-queue", "queue", "Into which queue", "", false)) (line("as-why", "why", "Why", "", false))
                    p.btns { button.btn type="submit" { "Hand on" } }
                }))
            }
            (folded(page, "case.reassess", "reassess", "Assess again", html! { p.small { "With the law and lists as they are now; the new answer stands beside the old." } p.btns { button.btn type="submit" { "Assess again" } } }))
            (folded(page, "case.note", "note", "Write a note", html! { (area("note", "text", "Note", true)) p.btns { button.btn type="submit" { "Write it" } } }))
            @if case.decision().is_some() {
                (folded(page, "case.letter", "letter", "Send the letter of the decision", html! { (line("let-to", "to", "To whom", "", true)) p.btns { button.btn type="submit" { "Send" } } }))
                @if (page.may)("licence.issue").is_ok() { p.btns { a.btn href={ "/licences/new?case=" (case.id) } { "Issue a licence" } } }
                (folded(page, "case.appeal", "appeal", "Record an appeal", html! {
                    (line("ap-by", "by", "By whom", "", true)) (area("ap-grounds", "grounds", "On what grounds", true)) (line("ap-on", "on", "Received on (empty: today)", "", false))
                    p.btns { button.btn type="submit" { "Record the appeal" } }
                }))
            }
            @if !open { (folded(page, "case.reopen", "reopen", "Open it again", html! { (area("re-why", "why", "Why", true)) p.btns { button.btn type="submit" { "Open again" } } })) }
            @if open {
                (folded(page, "case.withdraw", "withdraw", "Withdraw", html! { (area("wd-why", "why", "Why", true)) p.btns { button.btn type="submit" { "Withdraw" } } }))
                (folded(page, "case.restrict", "restrict", "Close it to all but some teams", html! { (line("rs-teams", "teams", "Teams, separated by ;", &case.only.join("; "), false)) (line("rs-why", "why", "Why", "", true)) p.btns { button.btn type="submit" { "Close" } } }))
            }
            (flags(case))
        }
    }
}

fn flags(case: &Case) -> Markup {
    html! {
        @for (stamp, flag, transfers) in &case.flags {
            p.small { (marks::mark("i-bang")) " " b { (marks::said(flag)) } " " (stamp.day()) ": " (transfers.join(", ")) }
        }
        @for (stamp, note) in &case.notes { p.small { span.muted { (marks::name(&stamp.by.name)) ", " (stamp.day()) ": " } (marks::said(note)) } }
    }
}
