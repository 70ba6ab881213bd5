//! Answer: the verdict and the open questions beside the form, each question with a control that answers it.
//!
//! Reads the determination document alone; decides nothing. The same part is swapped into the page as somebody types.

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use catchall_law::Vocabulary;

use super::fields;
use super::marks;
use super::sheet::{Fault, column_of, control_of};
use crate::explain::{self, words};

/// The most questions that stand in the open; the rest are folded.
const MOST: usize = 4;

/// The verdict: the one loud thing on a screen.
pub(crate) fn verdict(document: &Value, size: &str, cite: &Markup) -> Markup {
    let outcome = words::outcome(text(document, "outcome"));
    let pieces = explain::pieces(document);
    html! {
        section class={ "verdict " (size) " " (outcome.mood.class()) } aria-labelledby="v" {
            (marks::mark(outcome.mark))
            h2.word #v { (words::capital(&outcome.words)) }
            div.body {
                p.say { (marks::said(text(document, "summary"))) }
                p.cite { (cite) }
            }
            div.side { (PreEscaped(pieces.bounds)) }
        }
    }
}

/// The whole part: verdict, first questions, what could bar it.
pub(crate) fn part(document: &Value, vocabulary: &Vocabulary, form: &str) -> Markup {
    let missing = &document["missing"];
    let questions = questions(missing);
    let laws: Vec<String> = list(document, "jurisdictions")
        .iter()
        .map(|each| words::jurisdiction(text(each, "id")))
        .collect();
    let cite = html! {
        button.btn type="submit" form=(form) formaction="/why" { "Why" }
        @if !laws.is_empty() { " " (laws.join(", ")) }
        @if let Some(day) = document["asked"]["as_of"].as_str() { " · law of " (words::day(day)) }
    };
    html! {
        (verdict(document, "small", &cite))
        @if !questions.is_empty() {
            section.card aria-labelledby="h-q" {
                header {
                    h2 #h-q { @if questions.len() == 1 { "One question is open" } @else { "Ask this first" } }
                    p { "settles most" @if missing["exact"] == Value::Bool(false) { "; there may be more than these" } }
                }
                @for (place, question) in questions.iter().take(MOST).enumerate() { (ask(place, question, document, vocabulary, form)) }
                @if questions.len() > MOST {
                    details.more {
                        summary { (marks::count(questions.len() - MOST, "more question", "more questions")) }
                        @for (place, question) in questions.iter().enumerate().skip(MOST) { (ask(place, question, document, vocabulary, form)) }
                    }
                }
                p.btns {
                    button.btn type="submit" form=(form) { "Take these answers" }
                    span.small.muted { "An answer fills its field in the form." }
                }
            }
        }
        (could_bar(document))
        (hits(document))
    }
}

/// What is wrong with the form: a summary linked to the fields.
pub(crate) fn faults(faults: &[Fault]) -> Markup {
    let many = match faults.len() {
        1 => "One thing to put right".to_owned(),
        number => format!("{number} things to put right"),
    };
    html! {
        section.card aria-labelledby="h-e" {
            h2 #h-e { "No answer yet" }
            div.note.is-stop.errs role="alert" {
                p { (marks::mark("i-bang")) " " (many) }
                ul {
                    @for fault in faults {
                        li {
                            @if fault.column.is_empty() { (said_of(fault)) }
                            @else { a href={ "#" (fields::id_of(&fault.column)) } { code { (fault.column) } ": " (said_of(fault)) } }
                        }
                    }
                }
            }
            p.small.muted { "Nothing was assessed: an answer to a misread transfer would be worse than none." }
        }
    }
}

fn said_of(fault: &Fault) -> Markup {
    html! {
        @if !fault.found.is_empty() { "“" (marks::said(&fault.found)) "” " }
        (marks::said(&fault.problem))
        @if !fault.cure.is_empty() { "; " (marks::said(&fault.cure)) }
    }
}

/// Before anything is said.
pub(crate) fn nothing() -> Markup {
    html! {
        section.card aria-labelledby="h-n" {
            h2 #h-n { "The answer stands here" }
            p { "Say what you know; the verdict follows, with the few questions that could still change it." }
            p.small.muted { "What is left empty counts as not known, never as “no”." }
        }
    }
}

/// The next question first, then the other essential ones.
pub(crate) fn questions(missing: &Value) -> Vec<&Value> {
    let next = &missing["next"];
    let first = next.is_object().then_some(next);
    let others = list(missing, "essential")
        .iter()
        .filter(|question| question["fact"] != next["fact"]);
    first.into_iter().chain(others).collect()
}

fn ask(
    place: usize,
    question: &Value,
    document: &Value,
    vocabulary: &Vocabulary,
    form: &str,
) -> Markup {
    let fact = text(question, "fact");
    let asked = text(question, "question");
    let control = control_of(vocabulary, fact);
    let ifs = what_follows(document, fact);
    html! {
        div.ask {
            h3 { span.rank { (place + 1) } span { (marks::said(asked)) } }
            p.who-ask {
                @if !text(question, "ask").is_empty() { "Ask the " b { (marks::said(text(question, "ask"))) } ". " }
                @if !text(question, "evidence").is_empty() { "Shown by: " (marks::said(text(question, "evidence"))) "." }
            }
            @if !ifs.is_empty() {
                ul.ifs {
                    @for (is, outcome) in ifs { li { (marks::said(&is)) " → " (marks::outcome(&outcome)) } }
                }
            }
            (fields::answer(fact, &column_of(fact), asked, &control, form))
        }
    }
}

/// Answers to this one question that settle the case by themselves.
fn what_follows(document: &Value, fact: &str) -> Vec<(String, String)> {
    list(&document["missing"], "deciding")
        .iter()
        .filter_map(|set| match list(set, "given") {
            [only] if text(only, "fact") == fact => {
                Some((text(only, "is").to_owned(), text(set, "outcome").to_owned()))
            }
            _ => None,
        })
        .take(4)
        .collect()
}

/// Provisions that apply or may, in a table.
fn could_bar(document: &Value) -> Markup {
    let all: Vec<&Value> = list(document, "findings")
        .iter()
        .filter(|finding| text(finding, "verdict") != "does_not_apply")
        .filter(|finding| text(finding, "effect") != "no_licence_required")
        .collect();
    html! {
        @if !all.is_empty() {
            section.card aria-labelledby="h-r" {
                header { h2 #h-r { "What bears on it" } p { (marks::count(all.len(), "provision", "provisions")) } }
                (marks::scroll("Provisions", html! {
                    table {
                        caption.vh { "Provisions that apply, or that may" }
                        thead { tr { th scope="col" { "Provision" } th scope="col" { "Would mean" } th scope="col" { "Now" } } }
                        tbody {
                            @for finding in all.iter().take(12) {
                                tr {
                                    th scope="row" { a href={ "/law/provisions/" (text(finding, "provision")) } { (marks::said(text(finding, "cite"))) } }
                                    td { (marks::outcome(text(finding, "effect"))) }
                                    td { (marks::status(&words::verdict(text(finding, "verdict")))) }
                                }
                            }
                        }
                    }
                }))
                @if all.len() > 12 { p.small.muted { (all.len() - 12) " more; Why shows all of them." } }
            }
        }
    }
}

/// Possible matches, with the way to review them.
fn hits(document: &Value) -> Markup {
    let all = list(document, "hits");
    html! {
        @if !all.is_empty() {
            section.card aria-labelledby="h-hit" {
                header { h2 #h-hit { "Possible matches" } p { "a person decides" } }
                ul.rows {
                    @for hit in all.iter().take(8) {
                        li {
                            p { b { (marks::name(text(hit, "party"))) } " · " (words::opened(text(hit, "role"))) }
                            p { "may be " b { (marks::name(text(&hit["listing"], "name"))) } ", " (text(&hit["listing"], "list")) " · score " b { (score(hit)) } }
                        }
                    }
                }
            }
        }
    }
}

/// `0.97`.
pub(crate) fn score(hit: &Value) -> String {
    format!("{:.2}", hit["score"].as_f64().unwrap_or_default())
}

/// A text of a document; empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A list of a document; empty where there is none.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
