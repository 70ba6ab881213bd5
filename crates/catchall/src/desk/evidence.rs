//! Evidence: reports that were read, and the reader: the page on one side, what it says on the other, each statement under the number of
//! its words, to be accepted, rejected or corrected.
//!
//! A report raises a question; only law prohibits, and a name in a paper is no accusation. Where the page's words are not kept, its
//! statements stand in their place with offsets and the file's digest. Nothing is judged here.

use maud::{Markup, html};

use catchall_ledger::statement::event::RelationKind;
use catchall_ledger::statement::{KINDS, Standing, Statement};
use catchall_model::{Day, Shows};
use catchall_report::Reading;

use super::frame::{self, Frame, Viewer};
use super::marks;
use crate::evidence::shelf::Paper;
use crate::explain::words::{self, Mood, Status};

/// A line of the list of reports.
pub(crate) struct Line<'a> {
    /// The report.
    pub(crate) paper: &'a Paper,
    /// Statements that wait, are accepted, and are rejected or corrected.
    pub(crate) counts: [usize; 3],
}

/// What the reader shows.
pub(crate) struct Page<'a> {
    /// The report.
    pub(crate) paper: &'a Paper,
    /// Its statements, in the order of the text.
    pub(crate) statements: &'a [&'a Statement],
    /// The statement to begin with.
    pub(crate) at: Option<&'a str>,
    /// Whether this person may judge, and why not.
    pub(crate) may: Result<(), String>,
    /// Undertakings that a statement may bear on: id and title.
    pub(crate) undertakings: &'a [(String, String)],
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Reports before and behind this one.
    pub(crate) beside: [Option<String>; 2],
}

/// What a statement may show of an undertaking; nothing first, since words alone show nothing.
const SHOWS: [Shows; 8] = [
    Shows::Nothing,
    Shows::WillKeep,
    Shows::WillNotKeep,
    Shows::Step,
    Shows::Kept,
    Shows::Broken,
    Shows::OtherReading,
    Shows::NotBound,
];

/// A standing as a status.
pub(crate) fn standing(standing: Standing) -> Status {
    let (mark, mood) = match standing {
        Standing::Waiting => ("m-nk", Mood::Unknown),
        Standing::Accepted => ("m-true", Mood::Go),
        Standing::Rejected => ("m-false", Mood::Plain),
        Standing::Corrected => ("m-false", Mood::Plain),
    };
    Status {
        words: standing.word().to_owned(),
        mood,
        mark,
    }
}

/// The class of words and of their card: promised, denied, or said.
fn class(kind: &str) -> &'static str {
    match kind {
        "promised" | "ordered" => "promise",
        "denied" => "deny",
        _ => "said",
    }
}

/// The name of a report: its publication, else its file.
pub(crate) fn title(paper: &Paper) -> String {
    let own = &paper.reading.publication;
    match (&own.title, own.volume, own.issue) {
        (Some(title), Some(volume), Some(issue)) => {
            format!("{title}, volume {volume}, issue {issue}")
        }
        (Some(title), None, Some(issue)) => format!("{title}, no. {issue}"),
        (Some(title), ..) => title.clone(),
        (None, ..) if !paper.report.name.is_empty() => paper.report.name.clone(),
        (None, ..) => paper.report.id.clone(),
    }
}

fn published(reading: &Reading) -> Markup {
    let own = &reading.publication;
    html! {
        @match (&own.date, &own.earliest, &own.latest) {
            (Some(day), ..) => { "published " b { (words::day(day)) } ", " (if own.confidence.is_empty() { "low" } else { own.confidence }) " confidence" },
            (None, Some(from), Some(to)) => { "published between " (from) " and " (to) },
            _ => { span.st.is-unk { (marks::mark("m-nk")) "day of publication not known" } },
        }
    }
}

/// Reports that were read, and the form to read one in.
pub(crate) fn papers(
    lines: &[Line<'_>],
    lost: usize,
    may_make: Result<(), String>,
    keep: &str,
    viewer: &Viewer,
    frame: &Frame<'_>,
) -> Markup {
    let waiting: usize = lines.iter().map(|line| line.counts[0]).sum();
    let accepted: usize = lines.iter().map(|line| line.counts[1]).sum();
    let inside = html! {
        div.ident {
            h1 { "Evidence" }
            p.facts { span { (marks::count(lines.len(), "report", "reports")) } span { (waiting) " statements waiting, " (accepted) " accepted" } @if lost > 0 { span { (lost) " no longer readable" } } }
            p.acts { a.btn href="/evidence/report" { "Build a report" } }
        }
        section.card.card-flush aria-labelledby="h-p" {
            header { h2 #h-p { "Papers" } p { "those with something to read first" } }
            @if lines.is_empty() { (marks::empty("No report has been read.", html! { "Read one in below, or by " code { "catchall evidence --ledger" } "." })) }
            @else { (marks::scroll("Papers", html! {
                table {
                    caption.vh { "Reports, and how many of their statements wait, are accepted, and are rejected or corrected" }
                    thead { tr { th scope="col" { "Report" } th scope="col" { "Appeared" } th.num scope="col" { "Waiting" } th.num scope="col" { "Accepted" } th.num scope="col" { "Not taken" } th scope="col" { "Kept" } } }
                    tbody { @for line in lines { tr data-row="" {
                        th scope="row" { a href={ "/evidence/papers/" (line.paper.report.id) } { (marks::name(&title(line.paper))) } br; span.small.muted { (marks::name(&line.paper.report.name)) } }
                        td { (line.paper.reading.publication.date.as_deref().unwrap_or("not known")) }
                        td.num { (line.counts[0]) } td.num { (line.counts[1]) } td.num { (line.counts[2]) }
                        td { (line.paper.report.keeps) }
                    } } }
                }
            })) }
        }
        section.card.after aria-labelledby="h-in" {
            header { h2 #h-in { "Read a report in" } p { "text, HTML or a mail, pasted" } }
            @if let Err(why) = may_make { (marks::note(Mood::Refer, "i-lock", "Not yours to do", html! { p { (marks::said(&words::capital(&why))) "." } })) }
            @else {
                form action="/evidence" method="post" {
                    (frame::token(viewer))
                    div.fields {
                        div.field { label for="in-name" { "Name of the report" } input #in-name name="name" required dir="auto" autocomplete="off"; }
                        div.field { label for="in-day" { "Appeared, where known" } input #in-day name="published" inputmode="numeric" pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}" placeholder="year-month-day" autocomplete="off"; }
                        div.field { label for="in-type" { "What it is" } select #in-type name="media_type" { option value="text/plain" { "text" } option value="text/html" { "HTML" } option value="message/rfc822" { "mail" } } }
                        div.field { label for="in-keep" { "Keep of its words" } select #in-keep name="keep" aria-describedby="in-keep-h" { option value="offsets" { "digest and offsets" } option value="excerpts" selected { "a few words a statement" } option value="whole" { "the page" } } span.hint #in-keep-h { "The house allows: " (keep) ". More than that is never kept." } }
                        div.field.span-2 { label for="in-text" { "The report" } textarea #in-text name="text" rows="8" required dir="auto" {} }
                    }
                    p.btns.after { button.btn.btn-main type="submit" { "Read it in" } }
                }
            }
        }
    };
    frame.page(inside)
}

/// A stretch of the page: its words, and the numbers of the statements that stand on them.
struct Stretch<'a> {
    text: &'a str,
    numbers: Vec<usize>,
}

/// Cuts the page where statements begin and end. Statements of the same words share a stretch; where two overlap, the later begins
/// behind the earlier.
fn stretches<'a>(text: &'a str, statements: &[&Statement]) -> Vec<Stretch<'a>> {
    let bytes: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let at = |place: usize| bytes.get(place).copied().unwrap_or(text.len());
    let mut spans: Vec<(usize, usize, usize)> = statements
        .iter()
        .enumerate()
        .filter(|(_, own)| own.standing != Standing::Corrected)
        .map(|(number, own)| (own.made.told.span[0], own.made.told.span[1], number + 1))
        .filter(|(from, to, _)| from < to)
        .collect();
    spans.sort_unstable();
    let mut found: Vec<Stretch<'a>> = Vec::new();
    let mut cursor = 0;
    for (from, to, number) in spans {
        let from = from.max(cursor);
        if to <= from {
            if let Some(last) = found.iter_mut().rev().find(|own| !own.numbers.is_empty()) {
                last.numbers.push(number);
            }
            continue;
        }
        if let Some(plain) = text
            .get(at(cursor)..at(from))
            .filter(|plain| !plain.is_empty())
        {
            found.push(Stretch {
                text: plain,
                numbers: Vec::new(),
            });
        }
        if let Some(own) = text.get(at(from)..at(to)) {
            found.push(Stretch {
                text: own,
                numbers: vec![number],
            });
        }
        cursor = to;
    }
    if let Some(rest) = text.get(at(cursor)..).filter(|rest| !rest.is_empty()) {
        found.push(Stretch {
            text: rest,
            numbers: Vec::new(),
        });
    }
    found
}

/// The reader.
pub(crate) fn page(page: &Page<'_>, frame: &Frame<'_>) -> Markup {
    let paper = page.paper;
    let count = |standing: Standing| {
        page.statements
            .iter()
            .filter(|own| own.standing == standing)
            .count()
    };
    let title = title(paper);
    let first = page.at.map(str::to_owned).or_else(|| {
        let waiting = page
            .statements
            .iter()
            .find(|own| own.standing == Standing::Waiting);
        waiting.map(|own| own.id.clone())
    });
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Evidence", "/evidence")], &title))
        div.ident {
            h1 { (marks::name(&title)) }
            p.facts {
                span { (published(&paper.reading)) }
                span { "read " (paper.report.stamp.day()) " by " (marks::name(&paper.report.stamp.by.name)) }
                span { (marks::count(page.statements.len(), "statement", "statements")) ": " (count(Standing::Waiting)) " waiting, " (count(Standing::Accepted)) " accepted" }
                span { @if paper.reading.unread.is_empty() { "nothing unreadable" } @else { (paper.reading.unread.len()) " places not read" } }
            }
            p.acts {
                @if let Some(before) = &page.beside[0] { a.btn href={ "/evidence/papers/" (before) } { "Earlier paper" } }
                @if let Some(next) = &page.beside[1] { a.btn href={ "/evidence/papers/" (next) } data-key="n" { "Next paper " kbd { "n" } } }
            }
        }
        div.cols.cols-even {
            (source(page))
            section.stack aria-labelledby="h-st" {
                h2 #h-st { "What it says, by whom" }
                @if page.statements.is_empty() { (marks::empty("Nothing was found that anybody says.", html! { "That is not the same as nothing said: see the page." })) }
                @if let Err(why) = &page.may { (marks::note(Mood::Refer, "i-lock", "Not yours to judge", html! { p { (marks::said(&words::capital(why))) "." } })) }
                @for (place, own) in page.statements.iter().enumerate() { (card(page, place + 1, own, first.as_deref() == Some(own.id.as_str()))) }
            }
        }
        (left_open(paper))
    };
    frame.page(inside)
}

fn source(page: &Page<'_>) -> Markup {
    let report = &page.paper.report;
    html! {
        section.card.sticky aria-labelledby="h-src" tabindex="0" {
            header { h2 #h-src { "The paper" } p.end { span.small { (page.paper.reading.chars) " characters" } } }
            @if let Some(text) = &report.text {
                ul.marks aria-label="How passages are marked" { li { mark { "said" } } li { mark.promise { "promised, ordered" } } li { mark.deny { "denied" } } }
                div.source lang=(page.paper.reading.language) dir=(marks::direction(text)) {
                    @for (place, each) in stretches(text, page.statements).iter().enumerate() {
                        @if let Some(number) = each.numbers.first() {
                            @let kind = page.statements.get(number - 1).map_or("said", |own| own.made.told.kind.as_str());
                            mark.(class(kind)) id={ "t" (place) "-" (number) } { (each.text) }
                            @for number in &each.numbers { sup { a href={ "#s" (number) } aria-label={ "Statement " (number) } { (number) } } }
                        } @else { (each.text) }
                    }
                }
            } @else {
                (marks::note(Mood::Plain, "i-quote", "The page is not kept here.", html! {
                    p { "Kept: " (if report.keeps == "offsets" { "the file’s digest, and where each statement stands in it" } else { "the file’s digest, where each statement stands in it, and a few words of each" }) "." }
                    p.small { "SHA-256 " code { (report.sha256) } }
                }))
                ol.source {
                    @for (place, own) in page.statements.iter().enumerate() { @if own.made.told.span[0] < own.made.told.span[1] { li {
                        @if own.made.told.content.is_empty() { span.muted { "words not kept" } } @else { mark.(class(&own.made.told.kind)) { (own.made.told.content) } }
                        sup { a href={ "#s" (place + 1) } aria-label={ "Statement " (place + 1) } { (place + 1) } }
                        " " span.small.muted { "characters " (own.made.told.span[0]) " to " (own.made.told.span[1]) }
                    } } }
                }
            }
        }
    }
}

/// The numbers of statements that the page sets against this one.
fn against(page: &Page<'_>, own: &Statement) -> Vec<(usize, &'static str)> {
    let within = own.made.within.as_str();
    let number = |id: &str| {
        let found = page
            .statements
            .iter()
            .position(|each| each.made.within == id && each.standing != Standing::Corrected);
        found.map(|place| place + 1)
    };
    page.paper
        .reading
        .contradictions
        .iter()
        .filter_map(|pair| {
            if pair.a == within {
                number(&pair.b).map(|number| (number, pair.kind))
            } else if pair.b == within {
                number(&pair.a).map(|number| (number, pair.kind))
            } else {
                None
            }
        })
        .collect()
}

fn card(page: &Page<'_>, number: usize, own: &Statement, chosen: bool) -> Markup {
    let told = &own.made.told;
    let gone = matches!(own.standing, Standing::Rejected | Standing::Corrected);
    let name = told.speaker.as_deref().unwrap_or("Unattributed");
    let against = against(page, own);
    html! {
        article.stmt.(class(&told.kind)).is-sel[chosen].gone[gone] id={ "s" (number) } data-row="" aria-labelledby={ "s" (number) "-h" } {
            div.top-line {
                span.rank { (number) }
                h3.speaker id={ "s" (number) "-h" } { (marks::name(name)) }
                (marks::tag(&told.kind))
                @if let Some(role) = &told.role { span.small.muted { (marks::name(role)) } }
                @if let Some(country) = &told.country { span.small.muted { (country) } }
            }
            p dir="auto" { @if told.content.is_empty() { span.muted { "words not kept" } } @else { (told.content) } }
            p.dates {
                span { "said " @if let Some(said) = &told.said { b { (said) } } @else { span.st.is-unk { (marks::mark("m-nk")) "not known" } } }
                span { (if told.quote { "quoted" } else { "paraphrase" }) @if told.hedged { ", hedged" } }
                @if told.span[0] < told.span[1] { span { "characters " (told.span[0]) " to " (told.span[1]) } } @else { span { (marks::said(&own.made.source)) } }
            }
            @if !told.about.is_empty() { p.small { "About " @for (place, name) in told.about.iter().enumerate() { @if place > 0 { ", " } a href={ "/parties/of?name=" (crate::address::escaped(name)) } { (marks::name(name)) } } } }
            @if !against.is_empty() { p.small { "Against " @for (place, (other, kind)) in against.iter().enumerate() { @if place > 0 { ", " } a href={ "#s" (other) } { (other) } " (" (kind.replace('_', " ")) ")" } ": a pair to look at, no verdict" } }
            @if !own.bears_on.is_empty() { p.small { "Bears on " @for each in &own.bears_on { a href={ "/commitments/of/" (each.undertaking) } { (each.undertaking) } @if let Some(shows) = &each.shows { " (" (shows.replace('_', " ")) ")" } " " } } }
            @if let Some(relation) = &own.made.relation { p.small { (words::capital(relation.is.word())) " of " code { (relation.of) } } }
            @if let Some(by) = &own.corrected_by { p.small { "In its place: " code { (by) } } }
            p { (marks::status(&standing(own.standing))) @if let Some(done) = own.judged() { " " span.small.muted { (marks::name(&done.stamp.by.name)) ", " (done.stamp.day()) @if !done.why.is_empty() { ": " (marks::said(&done.why)) } } } }
            @if page.may.is_ok() && own.standing != Standing::Corrected { (judge(page, number, own)) }
        }
    }
}

fn hidden(page: &Page<'_>, own: &Statement) -> Markup {
    html! { (frame::token(page.viewer)) input type="hidden" name="seen" value=(own.seen); }
}

/// The forms of one statement.
fn judge(page: &Page<'_>, number: usize, own: &Statement) -> Markup {
    let to = format!("/evidence/statements/{}", own.id);
    let told = &own.made.told;
    let waiting = own.standing == Standing::Waiting;
    html! {
        form action=(to) method="post" aria-label={ "Judge statement " (number) } {
            (hidden(page, own))
            @if waiting { @for (place, name) in told.about.iter().enumerate() {
                label.tick { input type="checkbox" name="identified" value=(place); span { "I have identified " (marks::name(name)) " beyond the name" } }
            } }
            @if waiting { div.judge {
                div.field { label for={ "bears-" (number) } { "Bears on an undertaking" } select id={ "bears-" (number) } name="bears_on" { option value="" { "none" } @for (id, title) in page.undertakings { option value=(id) { (id) ": " (marks::plain(title)) } } } }
                div.field { label for={ "shows-" (number) } { "And shows" } select id={ "shows-" (number) } name="shows" { @for shows in SHOWS { option value=(shows.word()) { (shows.word().replace('_', " ")) } } } }
            } }
            div.judge {
                div.field { label for={ "why-" (number) } { (if waiting { "Reason (needed to reject)" } else { "Why it is taken back" }) } input id={ "why-" (number) } name="why" required dir="auto" autocomplete="off"; }
                @if waiting {
                    button.btn.btn-main type="submit" name="do" value="accept" formnovalidate data-key="a" { "Accept " kbd { "a" } }
                    button.btn type="submit" name="do" value="reject" data-key="x" { "Reject " kbd { "x" } }
                } @else { button.btn type="submit" name="do" value="reopen" data-key="u" { "Take back " kbd { "u" } } }
            }
        }
        details.act {
            summary data-key="e" { "Correct " kbd { "e" } }
            form action=(to) method="post" aria-label={ "Correct statement " (number) } {
                (hidden(page, own))
                div.fields {
                    (field(number, "speaker", "Who says so", told.speaker.as_deref().unwrap_or_default(), false))
                    (field(number, "role", "In which role at that time", told.role.as_deref().unwrap_or_default(), false))
                    (field(number, "country", "Country of the speaker, two letters", told.country.as_deref().unwrap_or_default(), false))
                    (kinds(number, &told.kind))
                    (field(number, "said", "When: day, month, year or from/to", told.said.as_deref().unwrap_or_default(), false))
                    (field(number, "about", "About whom; several parted by ;", &told.about.join("; "), false))
                    div.field.span-2 { label for={ "content-" (number) } { "What, in a few words" } input id={ "content-" (number) } name="content" value=(told.content) dir="auto" autocomplete="off"; }
                    label.tick { input type="checkbox" name="hedged" value="yes" checked[told.hedged]; "the report keeps its distance" }
                    label.tick { input type="checkbox" name="quote" value="yes" checked[told.quote]; "words are quoted" }
                    (field(number, "why", "What was wrong", "", true))
                }
                p.btns { button.btn type="submit" name="do" value="correct" { "Record the correction" } span.small.muted { "The old one stays on record, and the words stay the same." } }
            }
        }
        details.act {
            summary { "Reply, relief, retraction" }
            form action=(to) method="post" aria-label={ "Answer to statement " (number) } {
                (hidden(page, own))
                div.fields {
                    div.field { label for={ "is-" (number) } { "What it is" } select id={ "is-" (number) } name="do" { option value="reply" { "reply of the party" } option value="relieve" { "relief by who raised it" } option value="retract" { "retraction" } } }
                    (field(number, "r-speaker", "Who says so", "", false))
                    (field(number, "r-said", "On which day", "", true))
                    (field(number, "source", "From where: letter, issue, notice", "", true))
                    div.field.span-2 { label for={ "r-content-" (number) } { "What, in a few words" } input id={ "r-content-" (number) } name="r-content" required dir="auto" autocomplete="off"; }
                }
                p.btns { button.btn type="submit" { "Record it" } span.small.muted { "A reply counts at once, with full rank; a relief or a retraction waits until it is accepted." } }
            }
        }
    }
}

fn field(number: usize, name: &str, label: &str, value: &str, required: bool) -> Markup {
    html! { div.field { label for={ (name) "-c-" (number) } { (label) } input id={ (name) "-c-" (number) } name=(name) value=(value) required[required] dir="auto" autocomplete="off"; } }
}

fn kinds(number: usize, chosen: &str) -> Markup {
    html! { div.field { label for={ "kind-" (number) } { "Kind" } select id={ "kind-" (number) } name="kind" { @for kind in KINDS { option value=(kind) selected[kind == chosen] { (kind) } } } } }
}

/// What the page leaves open.
fn left_open(paper: &Paper) -> Markup {
    let reading = &paper.reading;
    html! {
        section.card.after aria-labelledby="h-o" {
            header { h2 #h-o { "What the paper leaves open" } p { "and what it cannot do" } }
            div.duo {
                div {
                    @if reading.unread.is_empty() && reading.backrefs.is_empty() { p.small { "Nothing was met that could not be read." } }
                    ul.rows {
                        @for each in reading.unread.iter().take(20) { li { p { (marks::said(&each.what)) ", characters " (each.at.span[0]) " to " (each.at.span[1]) } } }
                        @for each in &reading.backrefs { li { p { "Points to " (marks::name(each.title.as_deref().unwrap_or("an earlier issue"))) ", " (each.date.as_deref().unwrap_or("undated")) } } }
                    }
                    @if !reading.publication.basis.is_empty() { p.small { "Day of publication: " (marks::said(&reading.publication.basis)) } }
                }
                p.small { "A report raises a question. Only law prohibits; a name in a paper is not an accusation, a term of technology no classification. A digest never corroborates what it cites." }
            }
        }
    }
}

/// A statement chosen for a report, with what belongs to it.
pub(crate) struct Chosen<'a> {
    /// The statement.
    pub(crate) own: &'a Statement,
    /// The report that it stands in.
    pub(crate) paper: Option<&'a Paper>,
    /// What answers it, takes it back or closes it.
    pub(crate) answers: Vec<&'a Statement>,
}

/// Which statements to build a report of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// In names and words.
    pub(crate) words: String,
    /// The title of the report.
    pub(crate) title: String,
}

/// The builder: choose statements, and have them with sources and answers on one page to print.
pub(crate) fn builder(
    all: &[(&Statement, String)],
    wanted: &Wanted,
    chosen: &[Chosen<'_>],
    (by, today): (&str, Day),
    frame: &Frame<'_>,
) -> Markup {
    let is_chosen = |id: &str| chosen.iter().any(|each| each.own.id == id);
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Evidence", "/evidence")], "Report"))
        div.ident {
            h1 { (marks::name(if wanted.title.is_empty() { "Report on statements" } else { &wanted.title })) }
            p.facts { span { (marks::count(chosen.len(), "statement", "statements")) " chosen" } span { "put together by " (marks::name(by)) ", " (marks::day(today)) } }
        }
        @if !chosen.is_empty() { section.stack aria-labelledby="h-rep" {
            h2.vh #h-rep { "Statements" }
            @for (place, each) in chosen.iter().enumerate() { (reported(place + 1, each)) }
            (marks::note(Mood::Plain, "i-list", "How to read this", html! { p { "Each statement is somebody’s claim that a person accepted as rightly read; none is a finding. Denials stand beside what they answer, with equal rank. The numbers name entries of the ledger." } }))
        } }
        section.card.after.noprint aria-labelledby="h-ch" {
            header { h2 #h-ch { "Choose" } p { "accepted statements" } }
            form action="/evidence/report" method="get" {
                div.fields {
                    div.field { label for="b-title" { "Title" } input #b-title name="title" value=(wanted.title) dir="auto" autocomplete="off"; }
                    div.field { label for="b-q" { "Only with these words" } input #b-q name="q" type="search" value=(wanted.words) dir="auto"; }
                }
                @if all.is_empty() { (marks::empty("No accepted statement is like that.", html! { a href="/evidence" { "Papers to read" } })) }
                @else { (marks::scroll("Accepted statements", html! {
                    table {
                        caption.vh { "Accepted statements to choose from" }
                        thead { tr { th scope="col" { input type="checkbox" data-all="s" aria-label="Choose all"; } th scope="col" { "Who" } th scope="col" { "When" } th scope="col" { "What" } th scope="col" { "Where" } } }
                        tbody { @for (own, title) in all { tr {
                            td { input type="checkbox" name="s" value=(own.id) checked[is_chosen(&own.id)] aria-label={ "Choose " (own.id) }; }
                            th scope="row" { (marks::name(own.made.told.speaker.as_deref().unwrap_or("unattributed"))) br; (marks::tag(&own.made.told.kind)) }
                            td { (own.made.told.said.as_deref().unwrap_or("not known")) }
                            td dir="auto" { (own.made.told.content) }
                            td { a href={ "/evidence/papers/" (own.made.report) "?at=" (own.id) } { (marks::name(title)) } }
                        } } }
                    }
                })) }
                p.btns.after { button.btn.btn-main type="submit" { "Build" } span.small.muted { "Then print the page: navigation and forms fall away." } }
            }
        }
    };
    frame.page(inside)
}

fn reported(number: usize, each: &Chosen<'_>) -> Markup {
    let told = &each.own.made.told;
    html! {
        article.card aria-labelledby={ "r" (number) } {
            header { h3 id={ "r" (number) } { (number) ". " (marks::name(told.speaker.as_deref().unwrap_or("Unattributed"))) } p { (told.kind) @if let Some(said) = &told.said { ", " (said) } @if told.hedged { ", hedged" } } }
            p dir="auto" { (told.content) }
            dl.kv {
                @if let Some(role) = &told.role { dt { "Role then" } dd { (marks::name(role)) } }
                @if !told.about.is_empty() { dt { "About" } dd { @for (place, name) in told.about.iter().enumerate() { @if place > 0 { "; " } (marks::name(name)) } } }
                dt { "Source" } dd {
                    @if each.own.made.source.is_empty() { @if let Some(paper) = each.paper { (marks::name(&title(paper))) ", " (paper.reading.publication.date.as_deref().unwrap_or("undated")) ", characters " (told.span[0]) " to " (told.span[1]) "; SHA-256 " code { (paper.report.sha256) } } @else { "the report is no longer held" } }
                    @else { (marks::said(&each.own.made.source)) }
                }
                dt { "Accepted" } dd { @if let Some(done) = each.own.judged() { "by " (marks::name(&done.stamp.by.name)) ", " (done.stamp.day()) ", entry " (done.stamp.number) } }
            }
            @for answer in &each.answers { blockquote { b { (marks::name(answer.made.told.speaker.as_deref().unwrap_or("Unattributed"))) } ", " (answer.made.told.said.as_deref().unwrap_or("undated")) " (" (answer_word(answer)) "): " (answer.made.told.content) } }
        }
    }
}

fn answer_word(answer: &Statement) -> &'static str {
    match answer.made.relation.as_ref().map(|relation| relation.is) {
        Some(RelationKind::Relief) => "relief",
        Some(RelationKind::Retraction) => "retraction",
        Some(RelationKind::Correction) => "correction",
        Some(RelationKind::Reply) | None => "denied",
    }
}
