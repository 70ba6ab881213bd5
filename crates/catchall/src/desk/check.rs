//! Check a transfer: the form in sections, the answer beside it, or a table of answers for rows pasted from a spreadsheet.
//!
//! A plain post works without script; the script swaps the parts `fields` and `answer` as somebody types. Saving as a case is
//! for whoever mounts the page. Nothing is decided here: the assessor answers, this page shows.

use std::sync::Arc;

use maud::{Markup, html};
use serde_json::Value;

use catchall_assess::{Assessor, Detail, Room};
use catchall_law::Vocabulary;
use catchall_model::{Day, Places, Transfer};

use super::answer;
use super::fields;
use super::frame::{self, Frame, Viewer};
use super::marks;
use super::sheet::{Fault, Sheet, read_rows};
use crate::explain::words;
use crate::judge::{Keeper, unasked};

/// The most rows answered on one page; the command line and the API take any number.
pub(crate) const MOST_ROWS: usize = 500;

/// What the form came to.
pub(crate) enum Answer {
    /// Nobody has said anything.
    Nothing,
    /// Fields that cannot be read.
    Faults(Vec<Fault>),
    /// A determination document.
    Made(Value),
    /// Pasted rows, in their order.
    Rows(Vec<RowAnswer>),
}

/// One pasted row.
pub(crate) struct RowAnswer {
    /// From 1, the header not counted.
    pub(crate) row: usize,
    /// The caller's key.
    pub(crate) id: String,
    /// The determination document in brief, or what is wrong.
    pub(crate) made: Result<Value, Vec<Fault>>,
}

/// Assesses what stands in the form; a chosen day takes the place of the transfer's own.
pub(crate) fn assess(
    sheet: &Sheet,
    as_of: Option<Day>,
    assessor: &Assessor,
    keeper: &Keeper<'_>,
    places: &Arc<Places>,
    room: &mut Room,
) -> Answer {
    if sheet.is_empty() {
        return Answer::Nothing;
    }
    let made = sheet
        .transfer(assessor, places)
        .and_then(|mut transfer| document(&mut transfer, as_of, assessor, keeper, room));
    match made {
        Ok(document) => Answer::Made(document),
        Err(faults) => Answer::Faults(faults),
    }
}

/// Assesses pasted rows.
pub(crate) fn assess_rows(
    text: &str,
    as_of: Option<Day>,
    assessor: &Assessor,
    keeper: &Keeper<'_>,
    places: &Arc<Places>,
    room: &mut Room,
) -> Answer {
    let rows = match read_rows(text, assessor, places) {
        Ok(rows) => rows,
        Err(faults) => return Answer::Faults(faults),
    };
    let answered = rows.into_iter().zip(1..).map(|(row, number)| match row {
        Err(rejects) => RowAnswer {
            row: number,
            id: rejects
                .first()
                .and_then(|reject| reject.id.clone())
                .unwrap_or_default(),
            made: Err(rejects.into_iter().map(Fault::from).collect()),
        },
        Ok(mut transfer) => RowAnswer {
            row: number,
            id: transfer.id.clone(),
            made: document(&mut transfer, as_of, assessor, keeper, room),
        },
    });
    Answer::Rows(answered.collect())
}

/// The document for one transfer, which is told what the ledger knows that bears on it.
pub(crate) fn document(
    transfer: &mut Transfer,
    as_of: Option<Day>,
    assessor: &Assessor,
    keeper: &Keeper<'_>,
    room: &mut Room,
) -> Result<Value, Vec<Fault>> {
    if as_of.is_some() {
        transfer.date = as_of;
    }
    keeper
        .tell(transfer, None)
        .map_err(|error| vec![Fault::from(unasked(&error))])?;
    match assessor.assess(transfer, Detail::Full, room) {
        Ok(made) => Ok(serde_json::to_value(&made).unwrap_or_default()),
        Err(errors) => Err(errors.into_iter().map(Fault::from).collect()),
    }
}

/// The cells of one pasted row, as a form.
pub(crate) fn pick(text: &str, wanted: usize) -> Option<Sheet> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    let record = reader.records().nth(wanted.checked_sub(1)?)?.ok()?;
    let cells: Vec<String> = record.iter().map(str::to_owned).collect();
    Some(Sheet::of_row(&header, &cells))
}

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The form.
    pub(crate) sheet: &'a Sheet,
    /// What was pasted.
    pub(crate) rows: &'a str,
    /// What it came to.
    pub(crate) answer: &'a Answer,
    /// Every word.
    pub(crate) vocabulary: &'a Vocabulary,
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Whether this person may open a case.
    pub(crate) may_open: bool,
}

/// The part that follows as somebody types.
pub(crate) fn answer_part(page: &Page<'_>) -> Markup {
    html! {
        div.stack.sticky #answer data-part="answer" tabindex="0" role="region" aria-label="Answer and questions" {
            div.vh aria-live="polite" { (spoken(page.answer)) }
            @match page.answer {
                Answer::Nothing => (answer::nothing()),
                Answer::Faults(faults) => (answer::faults(faults)),
                Answer::Made(document) => (answer::part(document, page.vocabulary, "transfer")),
                Answer::Rows(_) => (answer::nothing()),
            }
        }
    }
}

/// The two parts that an answer to a question changes.
pub(crate) fn parts(page: &Page<'_>) -> Markup {
    html! { (fields::sections(page.sheet, faults_of(page.answer), page.vocabulary)) (answer_part(page)) }
}

/// The outcome in a few words, for a listener.
fn spoken(answer: &Answer) -> String {
    match answer {
        Answer::Nothing => String::new(),
        Answer::Faults(faults) => format!(
            "No answer: {}",
            marks::count(
                faults.len(),
                "field cannot be read",
                "fields cannot be read"
            )
        ),
        Answer::Made(document) => {
            let open = answer::questions(&document["missing"]).len();
            let outcome = words::outcome(answer::text(document, "outcome")).words;
            format!(
                "Answer: {outcome}, {}",
                marks::count(open, "question", "questions")
            )
        }
        Answer::Rows(rows) => marks::count(rows.len(), "row answered", "rows answered"),
    }
}

fn faults_of(answer: &Answer) -> &[Fault] {
    match answer {
        Answer::Faults(faults) => faults,
        _ => &[],
    }
}

/// The whole screen.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let inside = html! {
        div.ident {
            h1 { "Check a transfer" }
            p.facts {
                span { "nothing is kept until you save it" }
                span { (marks::count(page.sheet.columns().count(), "field said", "fields said")) }
                @if let Answer::Made(document) = page.answer {
                    span { "answer now: " (marks::outcome(answer::text(document, "outcome"))) " " a href="#v" { "see it" } }
                }
            }
            p.acts { a.btn href="#paste" { "Paste rows" } " " a.btn href=(frame.link("/check")) { "Empty form" } }
        }
        @if let Answer::Rows(rows) = page.answer { (table(rows)) }
        div.cols.cols-side {
            form.stack #transfer action=(frame.link("/check")) method="post" aria-label="The transfer" data-live="" {
                (frame::token(page.viewer))
                (fields::sections(page.sheet, faults_of(page.answer), page.vocabulary))
                (paste(page.rows))
                p.btns {
                    button.btn.btn-main type="submit" { "Check " kbd { "Ctrl" } " " kbd { "Enter" } }
                    @if page.may_open { button.btn type="submit" formaction="/cases" name="do" value="open" { "Save as a case" } }
                    span.small.muted { "With script the answer follows as you type; without it, press Check." }
                }
            }
            (answer_part(page))
        }
        (fields::suggestions(page.vocabulary))
    };
    frame.page(inside)
}

fn paste(rows: &str) -> Markup {
    html! {
        section.card #paste aria-labelledby="s-paste" {
            header { h2 #s-paste { "Or many at once" } p { "rows from a spreadsheet, with the header line; or JSON, one object a line" } }
            div.field {
                label for="rows" { "Rows" }
                textarea #rows name="rows" spellcheck="false" placeholder="id,kind,date,from,to,consignee,item,quantity,end_use" { (rows) }
                span.hint { "An unknown column stops the rows and names the nearest known one. An empty cell means “not known”, never “no”. At most " (MOST_ROWS) " rows here; the command line takes any number." }
            }
        }
    }
}

/// The answers to pasted rows.
fn table(rows: &[RowAnswer]) -> Markup {
    let rejected = rows.iter().filter(|row| row.made.is_err()).count();
    html! {
        section.card.card-flush.rows-answer aria-labelledby="h-rows" {
            header {
                h2 #h-rows { "Answers to " (marks::count(rows.len(), "row", "rows")) }
                @if rejected > 0 { p { (marks::count(rejected, "row", "rows")) " could not be read; the others were assessed" } }
            }
            @if rows.is_empty() { (marks::empty("There is a header and no row below it.", html! { "Paste the rows with it." })) }
            @else {
                (marks::scroll("Answers", html! {
                    table.reflow role="table" {
                        caption.vh { "One row a transfer, in the order pasted" }
                        thead role="rowgroup" { tr role="row" {
                            th scope="col" role="columnheader" { "Row" } th scope="col" role="columnheader" { "Transfer" }
                            th scope="col" role="columnheader" { "Answer" } th scope="col" role="columnheader" { "Why, and what to do next" }
                            th scope="col" role="columnheader" { span.vh { "Open" } }
                        } }
                        tbody role="rowgroup" { @for row in rows.iter().take(MOST_ROWS) { (table_row(row)) } }
                    }
                }))
                @if rows.len() > MOST_ROWS { p.pages { "The first " (MOST_ROWS) " are shown. Use " code { "catchall assess" } " for all." } }
            }
        }
    }
}

fn table_row(row: &RowAnswer) -> Markup {
    let pick = html! {
        td role="cell" { button.btn type="submit" form="transfer" name="pick" value=(row.row) { "Open row " (row.row) } }
    };
    html! {
        tr role="row" data-row="" {
            td role="cell" data-l="Row" { (row.row) }
            th scope="row" role="rowheader" { (marks::name(&row.id)) }
            @match &row.made {
                Ok(document) => {
                    td role="cell" { (marks::outcome(answer::text(document, "outcome"))) }
                    td role="cell" {
                        (marks::said(answer::text(document, "summary")))
                        @if let Some(next) = document["missing"]["next"]["question"].as_str() { " Ask: " (marks::said(next)) }
                    }
                }
                Err(faults) => {
                    td role="cell" { span.st.is-stop { (marks::mark("i-bang")) "Not read" } }
                    td role="cell" {
                        @for fault in faults {
                            p { code { (fault.column) } " " (marks::said(&fault.problem)) @if !fault.cure.is_empty() { "; " (marks::said(&fault.cure)) } }
                        }
                    }
                }
            }
            (pick)
        }
    }
}
