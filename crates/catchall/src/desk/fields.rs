//! Fields: the sections and controls of the form of a transfer, each with its label and hint.
//!
//! A control writes one column of the table form. "Nobody has said" is a choice everywhere, and the first one. To add a
//! control: one row in [`SECTIONS`]; what has no row still shows under "Further facts" once it is said.

mod form;

use maud::{Markup, html};

use catchall_law::Vocabulary;

use super::marks;
use super::sheet::{Control, Fault, Sheet};
use form::{Ask, Row, SECTIONS};

/// Whether the form has a control for a column.
fn has(column: &str) -> bool {
    SECTIONS.iter().any(|section| {
        section
            .rows
            .iter()
            .chain(section.more.1)
            .any(|row| row.0 == column)
    })
}

/// The id of a column's control, for links to it.
pub(crate) fn id_of(column: &str) -> String {
    let tame: String = column
        .chars()
        .map(|each| {
            if each.is_ascii_alphanumeric() {
                each
            } else {
                '-'
            }
        })
        .collect();
    format!("f-{tame}")
}

/// All sections, filled from a sheet; faults stand at their fields.
pub(crate) fn sections(sheet: &Sheet, faults: &[Fault], vocabulary: &Vocabulary) -> Markup {
    html! {
        div.stack #fields data-part="fields" {
            @for section in SECTIONS {
                section.card aria-labelledby=(section.id) {
                    header { h2 id=(section.id) { (section.title) } p { (section.says) } }
                    div.fields { @for row in section.rows { (control(row, sheet, faults)) } }
                    @if !section.more.1.is_empty() {
                        @let said = section.more.1.iter().any(|row| !sheet.get(row.0).is_empty());
                        details.more open[said] {
                            summary { (section.more.0) }
                            div.fields { @for row in section.more.1 { (control(row, sheet, faults)) } }
                        }
                    }
                }
            }
            (further(sheet, faults, vocabulary))
        }
    }
}

/// What was said and has no control of its own, and room for one more.
fn further(sheet: &Sheet, faults: &[Fault], vocabulary: &Vocabulary) -> Markup {
    html! {
        section.card aria-labelledby="s-more" {
            header { h2 #s-more { "Further facts" } p { "Figures of the item and whatever else a provision asks; answers to questions land here." } }
            div.fields {
                @for (column, value) in sheet.columns().filter(|(column, _)| !has(column)) {
                    @let fact = column.strip_prefix("fact.").unwrap_or(column);
                    @let asked = asked(vocabulary, column);
                    @let fault = faults.iter().find(|fault| fault.column == column);
                    div class=(if fault.is_some() { "field err" } else { "field" }) {
                        label for=(id_of(column)) { @if asked.is_empty() { code { (fact) } } @else { (asked) } }
                        input id=(id_of(column)) name=(column) value=(value) dir="auto" autocomplete="off" aria-invalid=[fault.map(|_| "true")];
                        span.hint { code { (column) } }
                        @if let Some(fault) = fault { (complaint(fault)) }
                    }
                }
                div.field {
                    label for="new-key" { "One more fact" }
                    input #new-key name="new.key" autocomplete="off" placeholder="property.range";
                    span.hint { "its name; " a href="/law/words" { "all names" } }
                }
                div.field {
                    label for="new-value" { "is" }
                    input #new-value name="new.value" autocomplete="off" placeholder="320 km";
                }
            }
        }
    }
}

/// The question behind a column, where the vocabulary has one.
fn asked(vocabulary: &Vocabulary, column: &str) -> String {
    let key = match column.split_once('.') {
        Some(("property", name)) => format!("item.{name}"),
        Some(("fact", key)) => key.to_owned(),
        _ => return String::new(),
    };
    let fact = vocabulary.fact(&key).map(|fact| vocabulary.get(fact));
    fact.map_or_else(String::new, |fact| fact.question.clone())
}

fn complaint(fault: &Fault) -> Markup {
    html! {
        span.msg {
            (marks::said(&fault.problem)) @if !fault.cure.is_empty() { ": " (marks::said(&fault.cure)) } "."
        }
    }
}

fn control(row: &Row, sheet: &Sheet, faults: &[Fault]) -> Markup {
    let Row(column, label, hint, ask, wide) = row;
    let fault = faults.iter().find(|fault| fault.column == *column);
    let class = format!(
        "field{}{}",
        if *wide { " span-2" } else { "" },
        if fault.is_some() { " err" } else { "" }
    );
    let tail = html! {
        @if !hint.is_empty() { span.hint id={ (id_of(column)) "-h" } { (hint) } }
        @if let Some(fault) = fault { (complaint(fault)) }
    };
    let input = Input {
        id: &id_of(column),
        name: column,
        form: None,
    };
    match ask {
        Ask::Tri => {
            html! { fieldset class=(class) { legend { (label) } (tri(&input, sheet)) (tail) } }
        }
        Ask::Many(words) => html! {
            fieldset class=(class) { legend { (label) } (many(&input, words.iter().copied(), sheet)) (tail) }
        },
        Ask::One(words) => html! {
            div class=(class) { label for=(input.id) { (label) } (one(&input, words.iter().copied(), sheet)) (tail) }
        },
        Ask::Prose => html! {
            div class=(class) {
                label for=(input.id) { (label) }
                textarea id=(input.id) name=(column) dir="auto" { (sheet.get(column)) }
                (tail)
            }
        },
        Ask::Line | Ask::Day | Ask::Country | Ask::Countries | Ask::Kind => {
            let list = match ask {
                Ask::Country | Ask::Countries => Some("countries"),
                Ask::Kind => Some("kinds"),
                _ => None,
            };
            let placeholder = matches!(ask, Ask::Day).then_some("1998-03-25");
            html! {
                div class=(class) {
                    label for=(input.id) { (label) }
                    input id=(input.id) name=(column) value=(sheet.get(column)) list=[list] placeholder=[placeholder] dir="auto" autocomplete="off"
                        aria-invalid=[fault.map(|_| "true")] aria-describedby=[(!hint.is_empty()).then(|| format!("{}-h", input.id))];
                    (tail)
                }
            }
        }
    }
}

/// Where a control writes to.
struct Input<'a> {
    id: &'a str,
    name: &'a str,
    /// The form, where the control stands outside it.
    form: Option<&'a str>,
}

/// Yes, no, not known; "not known" is a choice, and the default.
fn tri(input: &Input<'_>, sheet: &Sheet) -> Markup {
    let now = sheet.get(input.name).to_lowercase();
    let yes = ["yes", "y", "true"].contains(&now.as_str());
    let no = ["no", "n", "false"].contains(&now.as_str());
    let other = !now.is_empty() && !yes && !no;
    html! {
        div.tri id=(input.id) {
            @for (value, word, class, on) in [("yes", "Yes", "", yes), ("no", "No", "", no), ("", "Not known", "nk", !yes && !no && !other)] {
                label class=[(!class.is_empty()).then_some(class)] {
                    input type="radio" name=(input.name) value=(value) form=[input.form] checked[on];
                    (word)
                }
            }
            @if other {
                label { input type="radio" name=(input.name) value=(sheet.get(input.name)) form=[input.form] checked; (sheet.get(input.name)) }
            }
        }
    }
}

fn one<'a>(
    input: &Input<'_>,
    words: impl Iterator<Item = (&'a str, &'a str)>,
    sheet: &Sheet,
) -> Markup {
    let now = sheet
        .get(input.name)
        .to_lowercase()
        .replace(['-', ' '], "_");
    let words: Vec<(&str, &str)> = words.collect();
    let known = words.iter().any(|(word, _)| *word == now);
    html! {
        select id=(input.id) name=(input.name) form=[input.form] {
            option value="" selected[now.is_empty()] { "nobody has said" }
            @for (word, label) in words { option value=(word) selected[word == now] { (label) } }
            @if !known && !now.is_empty() { option value=(sheet.get(input.name)) selected { (sheet.get(input.name)) } }
        }
    }
}

fn many<'a>(
    input: &Input<'_>,
    words: impl Iterator<Item = (&'a str, &'a str)>,
    sheet: &Sheet,
) -> Markup {
    html! {
        div.ticks id=(input.id) {
            @for (word, label) in words {
                label { input type="checkbox" name=(input.name) value=(word) form=[input.form] checked[sheet.holds(input.name, word)]; (label) }
            }
            label.none { input type="checkbox" name=(input.name) value="none" form=[input.form] checked[sheet.holds(input.name, "none")]; "none of these" }
        }
    }
}

/// The control that answers a question, beside the form that it belongs to.
pub(crate) fn answer(
    fact: &str,
    column: &str,
    question: &str,
    control: &Control,
    form: &str,
) -> Markup {
    let name = format!("answer.{column}");
    let id = format!("a-{}", id_of(column));
    let blank = Sheet::default();
    let input = Input {
        id: &id,
        name: &name,
        form: Some(form),
    };
    match control {
        Control::YesNo => html! {
            fieldset.field { legend.vh { (question) } (tri(&input, &blank)) }
        },
        Control::Many(words) => html! {
            fieldset.field { legend.vh { (question) } (many(&input, pairs(words), &blank)) }
        },
        Control::One(words) => html! {
            div.field { label.vh for=(id) { (question) } (one(&input, pairs(words), &blank)) }
        },
        Control::Text { hint, list } => html! {
            div.field {
                label.vh for=(id) { (question) }
                input id=(id) name=(name) form=(form) list=[(!list.is_empty()).then_some(list)] dir="auto" autocomplete="off" data-fact=(fact)
                    aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-h"))];
                @if !hint.is_empty() { span.hint id={ (id) "-h" } { (hint) } }
            }
        },
    }
}

fn pairs(words: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    words
        .iter()
        .map(|(word, label)| (word.as_str(), label.as_str()))
}

/// Suggestions for countries, kinds and facts; once a page.
pub(crate) fn suggestions(vocabulary: &Vocabulary) -> Markup {
    html! {
        datalist #countries { @for name in &vocabulary.country_names { option value=(name) {} } }
        datalist #kinds { @for kind in &vocabulary.kinds { option value=(kind.word) { (kind.label) } } }
    }
}
