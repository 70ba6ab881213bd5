//! One page that needs nothing but itself: the lanes as a picture, and all of it again as tables.

use super::document::Commitment;
use super::lane::words;
use super::picture::picture;
use crate::explain::markup::Markup;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1rem;color:#1a2230;background:#fff}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{border:1px solid #c3cad6;padding:.3rem .5rem;text-align:start;vertical-align:top}\
caption{text-align:start;font-weight:700}.scroll{overflow-x:auto}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}\
@media (prefers-color-scheme:dark){body{color:#e6ebf5;background:#10141c}th,td{border-color:#39445a}a{color:#8fb4ff}}";

/// The page.
pub fn page(all: &[Commitment]) -> String {
    let mut made = Markup::new();
    made.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    made.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n");
    made.raw("<title>Commitments · Catchall</title>\n<style>\n")
        .raw(STYLE)
        .raw("\n</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#tables\">Skip to the tables</a>\n<main>\n<h1>Commitments</h1>\n");
    if let Some(first) = all.first() {
        made.raw("<p>As of ")
            .text(&first.asked.on.to_string())
            .raw(", as recorded by ")
            .text(&first.asked.known_by.to_string())
            .raw(". Declared policy is never evidence of performance.</p>\n");
    } else {
        made.raw("<p>No undertaking was asked about.</p>\n");
    }
    made.raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Lanes: picture, scrolls sideways\">\n");
    made.add(Markup::drawn(picture(all)));
    made.raw("</div>\n<h2 id=\"tables\">The same in tables</h2>\n");
    standings(all, &mut made);
    for each in all {
        table(each, &mut made);
    }
    made.raw("</main>\n</body>\n</html>\n");
    made.finish()
}

fn standings(all: &[Commitment], made: &mut Markup) {
    made.raw("<table><caption>Standing of each who is bound</caption><thead><tr><th scope=\"col\">Undertaking</th><th scope=\"col\">Bound</th><th scope=\"col\">Standing</th><th scope=\"col\">Why</th><th scope=\"col\">To ask</th></tr></thead><tbody>\n");
    for each in all {
        for party in &each.parties {
            let why: Vec<&str> = party
                .because
                .iter()
                .map(|reason| reason.words.as_str())
                .collect();
            made.element("<tr><th scope=\"row\">", &each.title, "</th>")
                .element("<td>", &party.name, "</td>")
                .element("<td>", &words(party.standing), "</td>")
                .element("<td>", &why.join("; "), "</td>")
                .element("<td>", &party.missing.join(" "), "</td></tr>\n");
        }
    }
    made.raw("</tbody></table>\n");
}

fn table(each: &Commitment, made: &mut Markup) {
    made.element("<section><h3>", &each.title, "</h3>\n<p>")
        .text(&each.what)
        .raw(" ")
        .text(&each.cite)
        .raw(".</p>\n<p>")
        .text(&each.summary)
        .raw("</p>\n");
    made.raw("<table><caption>What was said and done</caption><thead><tr><th scope=\"col\">No.</th><th scope=\"col\">Day</th><th scope=\"col\">Side</th><th scope=\"col\">Kind</th><th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">Source</th></tr></thead><tbody>\n");
    for (number, act) in (1..).zip(&each.acts) {
        let source = if act.cite.is_empty() {
            &act.source
        } else {
            &act.cite
        };
        let later = if act.later {
            " (later than the day asked)"
        } else {
            ""
        };
        made.raw("<tr><td>").count(number).raw("</td>");
        made.element("<td>", &act.date, "</td>")
            .element("<td>", act.side, "</td>")
            .element("<td>", act.kind.word(), "</td>")
            .element(
                "<td>",
                if act.who.is_empty() {
                    &act.name
                } else {
                    &act.who
                },
                "</td>",
            )
            .element("<td>", &format!("{}{later}", act.what), "</td>")
            .element("<td>", source, "</td></tr>\n");
    }
    made.raw("</tbody></table>\n<table><caption>Standing over time</caption><thead><tr><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Standing</th></tr></thead><tbody>\n");
    for row in &each.history {
        made.element("<tr><td>", &row.from.to_string(), "</td>")
            .element("<td>", &row.to.to_string(), "</td>")
            .element("<td>", &words(row.standing), "</td></tr>\n");
    }
    made.raw("</tbody></table></section>\n");
}
