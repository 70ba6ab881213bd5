//! Licence: what is left of it line by line, every movement, what customs saw against what was shipped, and a form for each
//! movement that this person may make. Nothing is rounded, overwritten or brought below zero: the engine refuses, with the figure.

use maud::{Markup, html};

use catchall_ledger::case::Case;
use catchall_ledger::licence::event::Line;
use catchall_ledger::licence::{Balance, Counts, Licence, Standing, Summary, shown};
use catchall_model::Day;

use super::frame::{self, Frame, Viewer};
use super::marks;
use super::strip::figure;
use crate::explain::words::{self, Mood};

/// What the page shows.
pub(crate) struct Page<'a> {
    /// The licence.
    pub(crate) licence: &'a Licence,
    /// What this person may.
    pub(crate) may: super::case::May<'a>,
    /// Who is looking.
    pub(crate) viewer: &'a Viewer,
    /// Today.
    pub(crate) today: Day,
}

fn standing(word: &str) -> Markup {
    let (sign, class, said) = match word {
        "in_force" => ("o-covered", "is-go", "In force"),
        "not_yet" => ("i-clock", "is-unk", "Not yet in force"),
        "suspended" => ("i-lock", "is-need", "Suspended"),
        "revoked" => ("o-prohibited", "is-stop", "Revoked"),
        "surrendered" => ("m-false", "is-plain", "Surrendered"),
        "expired" => ("m-false", "is-plain", "Expired"),
        other => return html! { (words::opened(other)) },
    };
    html! { span class={ "st " (class) } { (marks::mark(sign)) (said) } }
}

/// All licences that this person may read.
pub(crate) fn list(all: &[Summary], may_issue: bool, frame: &Frame<'_>) -> Markup {
    let inside = html! {
        div.ident {
            h1 { "Licences" }
            p.facts { span { (marks::count(all.len(), "licence", "licences")) } span { (all.iter().map(|each| each.discrepancies).sum::<usize>()) " open discrepancies" } }
            @if may_issue { p.acts { a.btn.btn-main href="/licences/new" { "Issue or register a licence" } } }
        }
        section.card.card-flush aria-labelledby="h-l" {
            h2.vh #h-l { "Licences" }
            @if all.is_empty() { (marks::empty("No licence is on record.", html! { "A decided case is where one is issued; one on paper can be registered." })) }
            @else {
                (marks::scroll("Licences", html! {
                    table.reflow role="table" {
                        caption.vh { "Licences, what is left of each, and what does not add up" }
                        thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { "Licence" } th scope="col" role="columnheader" { "Holder" } th scope="col" role="columnheader" { "Stands" } th scope="col" role="columnheader" { "Left" } th scope="col" role="columnheader" { "Until" } th scope="col" role="columnheader" { "To settle" } } }
                        tbody role="rowgroup" {
                            @for each in all {
                                tr role="row" data-row="" {
                                    th scope="row" role="rowheader" { a href={ "/licences/" (each.id) } { (marks::name(&each.id)) } }
                                    td role="cell" { (marks::name(&each.holder)) }
                                    td role="cell" { (standing(&each.standing)) @if each.exhausted { " " (marks::tag("used up")) } }
                                    td role="cell" data-l="Left:" { @for left in &each.left { span.whole { (left) } br; } }
                                    td role="cell" data-l="Until:" { @if let Some(until) = each.until { (until) } @else { "no end" } }
                                    td role="cell" { @if each.discrepancies > 0 { span.st.is-need { (marks::mark("i-bang")) (each.discrepancies) } } @else { span.muted { "nothing" } } }
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
    let licence = page.licence;
    let terms = &licence.terms;
    let stands = licence.standing(page.today);
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Licences", "/licences")], &licence.id))
        div.ident {
            h1 { "Licence " (marks::name(&licence.id)) ": " (marks::said(terms.lines.first().map_or("", |line| line.item.as_str()))) }
            p.facts {
                span { (marks::name(&terms.holder)) @for user in &terms.end_users { " → " (marks::name(&user.name)) } }
                span { "issued " (licence.issued.day()) } span { @if let Some(until) = terms.until { "ends " b { (marks::day(until)) } } @else { "no end stated" } }
                span { (standing(stands.word())) @if licence.is_exhausted() { " " (marks::tag("used up")) } }
            }
        }
        @for line in &terms.lines { (balance(licence, line)) }
        div.cols.cols-side.after {
            div.stack { (movements(licence)) (about(licence)) }
            div.stack { (discrepancies(page)) (draw(page, stands)) (reconcile(page)) (turns(page, stands)) }
        }
    };
    frame.page(inside)
}

fn balance(licence: &Licence, line: &Line) -> Markup {
    let Some(balance) = licence.balance(line.number) else {
        return html! {};
    };
    let said = |counts: Counts| shown(line, counts);
    html! {
        section.card.after aria-labelledby={ "h-b" (line.number) } {
            header { h2 id={ "h-b" (line.number) } { "Balance, line " (line.number) } p { (marks::said(&line.item)) @if !line.codes.is_empty() { ", " (line.codes.join(", ")) } } }
            dl.figs {
                @for (word, counts) in [("Granted", balance.granted), ("Shipped", balance.shipped), ("Reserved", balance.reserved), ("Available", balance.available), ("Customs has seen", balance.seen)] {
                    div { dt { (word) } dd { (said(counts)) } }
                }
            }
            figure.pic.w46 {
                (marks::scroll(&format!("Balance of line {}: picture", line.number), bar(line, &balance)))
                figcaption { "Dark: shipped. Hatched: reserved. Light: available. The whole bar is what was granted" @if line.quantity.is_none() { ", by value" } "." }
            }
            (marks::as_table(&format!("Balance of line {}", line.number), html! {
                table {
                    caption { "Balance of line " (line.number) }
                    thead { tr { th scope="col" { "Part" } th.num scope="col" { "Amount" } } }
                    tbody { @for (word, counts) in [("Granted", balance.granted), ("Shipped", balance.shipped), ("Reserved", balance.reserved), ("Available", balance.available), ("Seen by customs", balance.seen)] { tr { th scope="row" { (word) } td.num { (said(counts)) } } } }
                }
            }))
        }
    }
}

/// Shipped, reserved and available as shares of what was granted.
fn bar(line: &Line, balance: &Balance) -> Markup {
    let of = |counts: Counts| {
        if line.quantity.is_some() {
            counts.quantity
        } else {
            counts.value
        }
    };
    let whole = of(balance.granted).max(1);
    // Thousandths of the bar: a picture; the figures stand beside it, exact.
    let share = |counts: Counts| {
        let thousandths = of(counts).saturating_mul(1_000) / whole;
        0.96 * f64::from(i32::try_from(thousandths.clamp(0, 1_000)).unwrap_or(1_000))
    };
    let (shipped, reserved) = (share(balance.shipped), share(balance.reserved));
    html! {
        svg.draw viewBox="0 0 1000 64" role="img" aria-labelledby={ "bl-t" (line.number) " bl-d" (line.number) } {
            title id={ "bl-t" (line.number) } { "What is left of line " (line.number) }
            desc id={ "bl-d" (line.number) } { (shown(line, balance.available)) " available of " (shown(line, balance.granted)) ", " (shown(line, balance.reserved)) " reserved." }
            rect.s-accent.e-edge.w15 x="20" y="10" width="960" height="34" {}
            @if shipped > 0.0 { rect.f-ink2 x="20" y="10" width=(figure(shipped)) height="34" {} }
            @if reserved > 0.0 { rect.e-need.w15 x=(figure(20.0 + shipped)) y="10" width=(figure(reserved.min(960.0 - shipped))) height="34" fill="url(#h-need)" {} }
            text.t-xs.ink2 x="20" y="60" { "0" }
            text.t-xs.end.ink2 x="980" y="60" { (shown(line, balance.granted)) }
        }
    }
}

fn movements(licence: &Licence) -> Markup {
    html! {
        section.card.card-flush aria-labelledby="h-mov" {
            header { h2 #h-mov { "Movements" } p { "never overwritten; a mistake is corrected by a new line" } }
            (marks::scroll("Movements", html! {
                table {
                    caption.vh { "Every movement, the newest first" }
                    thead { tr { th scope="col" { "Entry" } th scope="col" { "Day" } th scope="col" { "Movement" } th scope="col" { "What" } th scope="col" { "Who" } } }
                    tbody {
                        @for each in licence.movements.iter().rev() {
                            tr { th scope="row" { (each.stamp.number) } td.nw { (each.stamp.day()) } td { b { (words::opened(each.kind.trim_start_matches("licence."))) } } td { (marks::said(&each.says)) br; span.small.muted title=(each.stamp.hash) { (words::digest(&each.stamp.hash.to_string())) } } td { (marks::name(&each.stamp.by.name)) } }
                        }
                    }
                }
            }))
        }
        @if !licence.reservations.is_empty() {
            section.card.card-flush aria-labelledby="h-res" {
                header { h2 #h-res { "Reserved" } }
                (marks::scroll("Reservations", html! {
                    table {
                        caption.vh { "What is reserved" }
                        thead { tr { th scope="col" { "Reservation" } th scope="col" { "Line" } th scope="col" { "Asked" } th scope="col" { "For" } th scope="col" { "Since" } } }
                        tbody { @for (id, each) in &licence.reservations { tr { th scope="row" { (marks::name(id)) } td { (each.line) } td { (each.stated.says()) } td { (marks::name(each.purpose.end_user.as_deref().unwrap_or("not said"))) } td { (each.stamp.day()) } } } }
                    }
                }))
            }
        }
    }
}

fn about(licence: &Licence) -> Markup {
    let terms = &licence.terms;
    html! {
        section.card aria-labelledby="h-terms" {
            h2 #h-terms { "Terms" }
            dl.kv {
                dt { "Authority" } dd { (words::jurisdiction(&terms.authority)) }
                dt { "Holder" } dd { (marks::name(&terms.holder)) }
                @if !terms.end_users.is_empty() { dt { "End users" } dd { @for each in &terms.end_users { (marks::name(&each.name)) " " } } }
                @if !terms.consignees.is_empty() { dt { "Consignees" } dd { @for each in &terms.consignees { (marks::name(&each.name)) " " } } }
                @if !terms.destinations.is_empty() { dt { "Destinations" } dd { (terms.destinations.join(", ")) } }
                @if let Some(case) = &terms.case { dt { "Case" } dd { a href={ "/cases/" (case) } { (case) } } }
                @if let Some(paper) = &terms.paper { dt { "Paper" } dd { (marks::said(paper)) } }
            }
            @if !terms.conditions.is_empty() { h3 { "Conditions" } ul { @for each in &terms.conditions { li { (marks::said(each)) } } } }
        }
    }
}

fn form(page: &Page<'_>, act: &str, inside: Markup) -> Markup {
    html! {
        form.act action={ "/licences/" (page.licence.id) "/act" } method="post" {
            (frame::token(page.viewer))
            input type="hidden" name="seen" value=(page.licence.seen);
            input type="hidden" name="do" value=(act);
            (inside)
        }
    }
}

fn field(id: &str, name: &str, label: &str, hint: &str, needed: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(name) dir="auto" autocomplete="off" required[needed] aria-describedby=[(!hint.is_empty()).then(|| format!("{id}-h"))];
            @if !hint.is_empty() { span.hint id={ (id) "-h" } { (hint) } }
        }
    }
}

fn folded(page: &Page<'_>, right: &str, act: &str, word: &str, inside: Markup) -> Markup {
    html! {
        @match (page.may)(right) {
            Ok(()) => details.act { summary { (word) } (form(page, act, inside)) },
            Err(why) => p.small.muted { (marks::mark("i-lock")) " " (word) ": " (marks::said(&why)) "." },
        }
    }
}

fn discrepancies(page: &Page<'_>) -> Markup {
    let all = page.licence.discrepancies();
    html! {
        section.card aria-labelledby="h-dis" {
            header { h2 #h-dis { "Against customs" } p { (all.iter().filter(|each| each.answered.is_none()).count()) " to settle" } }
            @if all.is_empty() { p.small { "Everything adds up." } }
            @for (place, each) in all.iter().enumerate() {
                @match &each.answered {
                    None => (marks::note(Mood::Need, "i-bang", &words::capital(&each.says), html! {
                        (folded(page, "licence.correct", "settle", "Say what came of it", html! { input type="hidden" name="discrepancy" value=(each.key); (field(&format!("d-{place}"), "how", "What came of it", "", true)) p.btns { button.btn type="submit" { "Settle" } } }))
                    })),
                    Some((stamp, how)) => p.small { (marks::mark("m-true")) " " (marks::said(&each.says)) " Settled by " (marks::name(&stamp.by.name)) ", " (stamp.day()) ": " (marks::said(how)) },
                }
            }
        }
    }
}

fn lines(page: &Page<'_>, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { "Line" }
            select id=(id) name="line" { @for line in &page.licence.terms.lines { option value=(line.number) { (line.number) ": " (marks::plain(&line.item)) } } }
        }
    }
}

fn amounts(page: &Page<'_>, id: &str, needed: bool) -> Markup {
    let quantity = page
        .licence
        .terms
        .lines
        .iter()
        .any(|line| line.quantity.is_some());
    let value = page
        .licence
        .terms
        .lines
        .iter()
        .any(|line| line.value.is_some());
    html! {
        @if quantity { (field(&format!("{id}-q"), "quantity", "Quantity", "with its unit, such as 12 pieces", needed && !value)) }
        @if value { (field(&format!("{id}-v"), "value", "Value", "with its currency, such as 25,000 EUR", needed && !quantity)) }
    }
}

fn purpose(page: &Page<'_>, id: &str) -> Markup {
    let terms = &page.licence.terms;
    let one = |name: &str, label: &str, value: &str| {
        let own = format!("{id}-{name}");
        html! { div.field { label for=(own) { (label) } input id=(own) name=(name) value=(value) dir="auto" autocomplete="off"; } }
    };
    html! {
        (one("end_user", "To whom", terms.end_users.first().map_or("", |each| each.name.as_str())))
        (one("consignee", "Through whom", terms.consignees.first().map_or("", |each| each.name.as_str())))
        (one("to", "Where", terms.destinations.first().map_or("", String::as_str)))
        (one("on", "Day of the movement", &page.today.to_string()))
    }
}

fn draw(page: &Page<'_>, stands: Standing) -> Markup {
    html! {
        section.card aria-labelledby="h-draw" {
            header { h2 #h-draw { "Draw down" } p { "conditions are checked at each movement" } }
            @if stands != Standing::InForce { p.small { "The licence is " (words::opened(stands.word())) ": nothing can be drawn from it." } }
            (folded(page, "licence.reserve", "reserve", "Reserve", html! { (field("rs-id", "reservation", "Your key for it", "an order number", true)) (lines(page, "rs-line")) (amounts(page, "rs", true)) (purpose(page, "rs")) p.btns { button.btn.btn-main type="submit" { "Reserve" } } }))
            (folded(page, "licence.ship", "ship", "Ship", html! {
                (field("sh-dec", "declaration", "Declaration", "its number at customs", true)) (lines(page, "sh-line")) (amounts(page, "sh", true))
                div.field { label for="sh-res" { "From reservation" } select #sh-res name="reservation" { option value="" { "none" } @for id in page.licence.reservations.keys() { option value=(id) { (id) } } } }
                (purpose(page, "sh")) p.btns { button.btn.btn-main type="submit" { "Record the shipment" } }
            }))
            @if !page.licence.reservations.is_empty() {
                (folded(page, "licence.release", "release", "Release a reservation", html! {
                    div.field { label for="rl-res" { "Reservation" } select #rl-res name="reservation" { @for id in page.licence.reservations.keys() { option value=(id) { (id) } } } }
                    (amounts(page, "rl", false)) (field("rl-why", "why", "Why", "", true)) p.btns { button.btn type="submit" { "Release" } }
                }))
            }
            @if !page.licence.shipments.is_empty() { (folded(page, "licence.correct", "correct", "Correct a shipment", html! { (field("co-dec", "declaration", "Declaration", "", true)) (lines(page, "co-line")) (amounts(page, "co", true)) (field("co-why", "why", "Why", "", true)) p.btns { button.btn type="submit" { "Correct" } } })) }
        }
    }
}

fn reconcile(page: &Page<'_>) -> Markup {
    html! {
        section.card aria-labelledby="h-rec" {
            header { h2 #h-rec { "Customs return" } p { "the same batch twice changes nothing" } }
            (folded(page, "licence.reconcile", "reconcile", "Take a return", html! {
                (field("rc-b", "batch", "Batch", "its id at customs", true)) (field("rc-s", "sent", "Made on", "year-month-day", true))
                div.field { label for="rc-rows" { "Rows" } textarea #rc-rows name="rows" required spellcheck="false" placeholder="26NL377,1,12 pieces" {} span.hint { "one a line: declaration, line, how much left in all; a value behind it where the line has one" } }
                p.btns { button.btn.btn-main type="submit" { "Reconcile" } }
            }))
        }
    }
}

fn turns(page: &Page<'_>, stands: Standing) -> Markup {
    let all = [
        ("suspend", "Suspend", "licence.suspend"),
        ("resume", "Resume", "licence.resume"),
        ("revoke", "Revoke", "licence.revoke"),
        ("surrender", "Surrender", "licence.surrender"),
    ];
    html! {
        section.card aria-labelledby="h-turn" {
            h2 #h-turn { "The licence itself" }
            @for (act, word, right) in all {
                @let fits = match act { "resume" => stands == Standing::Suspended, "suspend" => !stands.is_over() && stands != Standing::Suspended, _ => !stands.is_over() };
                @if fits { (folded(page, right, act, word, html! { (field(&format!("t-{act}"), "why", "Why", "", true)) (field(&format!("tf-{act}"), "from", "From (empty: today)", "", false)) p.btns { button.btn type="submit" { (word) } } })) }
            }
            @for (from, to, stamp, why) in &page.licence.turns { p.small { (standing(to.word())) " from " (from) ", " (marks::name(&stamp.by.name)) ": " (marks::said(why)) } }
        }
    }
}

/// The form for a new licence, filled from a decided case where there is one.
pub(crate) fn new(
    case: Option<&Case>,
    transfer: &serde_json::Value,
    viewer: &Viewer,
    wrong: Option<&str>,
    frame: &Frame<'_>,
) -> Markup {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let party = |role: &str| {
        let all = transfer["parties"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        all.iter()
            .find(|party| party["role"] == role)
            .map(|party| text(&party["name"]))
            .unwrap_or_default()
    };
    let line = &transfer["lines"][0];
    let conditions: Vec<String> = case
        .map(|case| {
            case.standing_conditions()
                .map(|each| each.text.clone())
                .collect()
        })
        .unwrap_or_default();
    let one = |name: &str, label: &str, value: &str, hint: &str, needed: bool| html! { div.field { label for={ "n-" (name) } { (label) } input id={ "n-" (name) } name=(name) value=(value) dir="auto" autocomplete="off" required[needed]; @if !hint.is_empty() { span.hint { (hint) } } } };
    let inside = html! {
        (frame::crumbs(&[("Desk", "/desk"), ("Licences", "/licences")], "New"))
        div.ident { h1 { @if let Some(case) = case { "Issue a licence on " (case.id) } @else { "Register a licence" } } }
        @if let Some(wrong) = wrong { div.flash role="alert" { (marks::note(Mood::Stop, "i-bang", "Not issued", html! { p { (marks::said(&words::capital(wrong))) } })) } }
        form.card action="/licences" method="post" {
            (frame::token(viewer))
            @if let Some(case) = case { input type="hidden" name="case" value=(case.id); }
            div.fields {
                (one("id", "Number", "", "empty: the next of this year", false))
                (one("authority", "Authority", &case.and_then(|case| case.answer()).and_then(|answer| answer.jurisdictions.first()).map(|(id, _)| id.clone()).unwrap_or_default(), "whose law: us, eu, gb …", true))
                (one("holder", "Holder", &party("exporter"), "", true))
                (one("end_user", "End user", &party("end_user"), "empty: anybody", false))
                (one("consignee", "Consignee", &party("consignee"), "empty: anybody", false))
                (one("to", "Destination", &text(&transfer["to"]), "a code; empty: anywhere", false))
                (one("item", "What it allows", &text(&line["item"]["description"]), "", true))
                (one("codes", "Control list entries", "", "separated by ;", false))
                (one("quantity", "How much", &text(&line["quantity"]), "22 t, 40 pieces", false))
                (one("value", "Worth how much", &text(&line["value"]), "25,000 EUR", false))
                (one("from", "From", "", "empty: today", false))
                (one("until", "Until", "", "year-month-day; empty: no end", false))
                @if case.is_none() { (one("paper", "Paper it stands on", "", "what shows it", true)) }
                div.field.span-2 { label for="n-conditions" { "Conditions, one a line" } textarea #n-conditions name="conditions" dir="auto" { (conditions.join("\n")) } }
            }
            p.btns.after { button.btn.btn-main type="submit" { @if case.is_some() { "Issue it" } @else { "Register it" } } }
        }
    };
    frame.page(inside)
}
