//! Parts: the cards beside and below the tree, one a section of the document.

use catchall_model::Effect;

use super::{mark, status};
use crate::explain::markup::Markup;
use crate::explain::reasons::{Question, Reasons};
use crate::explain::words;

/// The most questions in the open; the others stand in a fold.
const MOST_QUESTIONS: usize = 6;

/// Least and greatest answer: in words, and on the scale.
pub(super) fn bounds(reasons: &Reasons, made: &mut Markup) {
    if reasons.least.is_empty() && reasons.most.is_empty() {
        return;
    }
    made.raw("<p class=\"small\">At best ")
        .add(status(&reasons.least))
        .raw(" · at worst ")
        .add(status(&reasons.most))
        .raw("</p>");
    if let (Some(least), Some(most)) = (words::level(&reasons.least), words::level(&reasons.most)) {
        scale(reasons, least, most.max(least), made);
    }
    let open = reasons.missing.others.len() + usize::from(reasons.missing.next.is_some());
    made.raw("<p class=\"small\">");
    if reasons.least == reasons.most {
        made.raw("<b>Settled.</b> Nothing that is missing can change the answer.");
    } else if open == 0 {
        made.raw("<b>Open.</b> No missing fact settles it.");
    } else {
        let short = if reasons.missing.at_least {
            "at least "
        } else {
            ""
        };
        made.raw("<b>Open.</b> ").text(&format!(
            "{short}{}",
            words::count(
                open,
                "missing fact can still change it.",
                "missing facts can still change it."
            )
        ));
    }
    made.raw("</p>");
}

fn scale(reasons: &Reasons, least: usize, most: usize, made: &mut Markup) {
    let at = |level: usize| 40.0 + 88.0 * f64::from(u8::try_from(level).unwrap_or(u8::MAX));
    made.raw("<svg class=\"bounds\" viewBox=\"0 0 520 78\" role=\"img\" aria-labelledby=\"bd-t bd-d\"><title id=\"bd-t\">Least and greatest outcome</title><desc id=\"bd-d\">");
    made.letters(&format!(
        "A scale of six outcomes from no licence required to prohibited: {}.",
        reasons.bounds_words()
    ))
    .raw("</desc>");
    made.raw("<path class=\"axis\" d=\"M40 26H480\"/>");
    if most > least {
        made.raw("<rect class=\"span\" rx=\"14\" y=\"12\" height=\"28\" x=\"")
            .number(at(least) - 14.0)
            .raw("\" width=\"")
            .number(at(most) - at(least) + 28.0)
            .raw("\"/>");
    }
    for (level, effect) in Effect::ALL.iter().enumerate() {
        let inside = (least..=most).contains(&level);
        let outcome = words::outcome(effect.word());
        if inside {
            made.raw("<circle class=\"seat\" cy=\"26\" r=\"12\" cx=\"")
                .number(at(level))
                .raw("\"/><g class=\"")
                .raw(outcome.mood.class());
            made.raw("\"><use href=\"#")
                .raw(outcome.mark)
                .raw("\" y=\"15\" width=\"22\" height=\"22\" x=\"")
                .number(at(level) - 11.0)
                .raw("\"/></g>");
        } else {
            made.raw("<circle class=\"stop\" cy=\"26\" r=\"5\" cx=\"")
                .number(at(level))
                .raw("\"/>");
        }
        let said = words::capital(&outcome.words);
        let cut = if said.len() > 10 {
            said.find(' ').map_or(said.len(), |first| {
                if first < 5 {
                    said.rfind(' ').unwrap_or(first)
                } else {
                    first
                }
            })
        } else {
            said.len()
        };
        let (first, second) = said.split_at(cut);
        for (line, y) in [(first, 56.0), (second.trim(), 70.0)] {
            if !line.is_empty() {
                made.raw("<text class=\"")
                    .raw(if inside { "in" } else { "" })
                    .raw("\" x=\"")
                    .number(at(level))
                    .raw("\" y=\"")
                    .number(y)
                    .raw("\">")
                    .letters(line)
                    .raw("</text>");
            }
        }
    }
    made.raw("</svg>");
}

/// What is missing: the questions, and what each set of answers gives.
pub(super) fn missing(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    let missing = &reasons.missing;
    if missing.is_empty() {
        return made;
    }
    made.raw("<section class=\"card\" aria-labelledby=\"h-ask\"><header><h2 id=\"h-ask\">Still not known</h2><p>The first question is the one to ask first");
    made.raw(if missing.at_least {
        "; there may be more than these"
    } else {
        ""
    })
    .raw("</p></header>\n");
    let all: Vec<&Question> = missing.next.iter().chain(&missing.others).collect();
    let (shown, folded) = all.split_at(all.len().min(MOST_QUESTIONS));
    for (place, question) in shown.iter().enumerate() {
        made.add(ask(place + 1, question));
    }
    if !folded.is_empty() {
        made.raw("<details class=\"more\"><summary>")
            .text(&words::count(
                folded.len(),
                "more question",
                "more questions",
            ))
            .raw("</summary>\n");
        for (place, question) in folded.iter().enumerate() {
            made.add(ask(shown.len() + place + 1, question));
        }
        made.raw("</details>\n");
    }
    if !missing.deciding.is_empty() {
        made.raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"What would settle it\"><table><caption>What would settle it, whatever else comes out</caption>");
        made.raw("<thead><tr><th scope=\"col\">If</th><th scope=\"col\">the answer is</th></tr></thead><tbody>\n");
        for set in &missing.deciding {
            made.raw("<tr><th scope=\"row\">");
            for (place, (fact, is)) in set.given.iter().enumerate() {
                made.raw(if place == 0 { "" } else { " and " })
                    .element("<code>", fact, "</code> is ")
                    .element("<b>", is, "</b>");
            }
            made.raw("</th><td>")
                .add(status(&set.outcome))
                .raw("</td></tr>\n");
        }
        made.raw("</tbody></table></div>\n");
    }
    made.raw("</section>\n");
    made
}

fn ask(place: usize, question: &Question) -> Markup {
    let mut made = Markup::new();
    made.raw("<div class=\"ask\"><h3><span class=\"rank\">")
        .count(place)
        .raw("</span><span>")
        .text(&question.asked())
        .raw("</span></h3><p>");
    if !question.ask.is_empty() {
        made.element("Ask the <b>", &question.ask, "</b>. ");
    }
    if !question.evidence.is_empty() {
        made.element("Shown by: ", &question.evidence, ". ");
    }
    made.element("<code>", &question.fact, "</code></p></div>\n");
    made
}

/// The nearest change that gives another answer.
pub(super) fn would_change(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    let Some(change) = &reasons.would_change else {
        return made;
    };
    made.raw("<section class=\"card\" aria-labelledby=\"h-change\"><header><h2 id=\"h-change\">What would change it</h2><p>The nearest change of one fact</p></header>\n");
    made.raw("<p>If <code>")
        .text(&change.fact)
        .raw("</code> were <b>")
        .text(&change.to)
        .raw("</b> instead of <b>")
        .text(&change.from)
        .raw("</b>: ");
    made.add(status(&change.outcome)).raw("</p>");
    if !change.provision.is_empty() {
        made.element(
            "<p class=\"small muted\">By <code>",
            &change.provision,
            "</code></p>",
        );
    }
    made.raw("</section>\n");
    made
}

/// Questions raised by patterns.
pub(super) fn flags(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    if reasons.flags.is_empty() {
        return made;
    }
    made.raw("<section class=\"card\" aria-labelledby=\"h-flags\"><header><h2 id=\"h-flags\">Questions raised</h2><p>Never an answer by themselves</p></header>\n<ul class=\"rows\">\n");
    for flag in &reasons.flags {
        made.raw("<li><p>")
            .add(mark(
                if flag.open { "i-bang" } else { "m-true" },
                if flag.open { "is-refer" } else { "is-plain" },
            ))
            .raw(" ");
        made.raw(if flag.open {
            "<b>Open.</b> "
        } else {
            "<b>Answered.</b> "
        })
        .text(&flag.flag)
        .raw("</p>");
        if !flag.question.is_empty() {
            made.element("<p>", &flag.question, "</p>");
        }
        if !flag.evidence.is_empty() {
            made.element(
                "<p class=\"muted\">Noticed in <code>",
                &flag.evidence,
                "</code></p>",
            );
        }
        made.raw("</li>\n");
    }
    made.raw("</ul></section>\n");
    made
}

/// Possible matches with listed parties.
pub(super) fn hits(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    let Some(hits) = &reasons.hits else {
        return made;
    };
    made.raw("<section class=\"card\" aria-labelledby=\"h-hits\"><h2 id=\"h-hits\">Possible matches</h2>\n");
    if hits.is_empty() {
        made.raw("<p class=\"small\">No party met a name of the lists held. That is not a clearance.</p></section>\n");
        return made;
    }
    made.raw("<ul class=\"rows\">\n");
    for hit in hits {
        made.element("<li><p><b>", &hit.party, "</b>");
        if !hit.role.is_empty() {
            made.raw(", ").text(&words::opened(&hit.role));
        }
        made.raw("</p><dl class=\"kv\">");
        let listed = words::interval(&hit.listed);
        let basis = if hit.basis.is_empty() {
            hit.name.clone()
        } else {
            format!("{} ({})", hit.name, hit.basis)
        };
        for (label, said) in [
            ("Listed as", &basis),
            ("List", &hit.list),
            ("Listed", &listed),
            ("Citation", &hit.cite),
        ] {
            if !said.is_empty() {
                made.element("<dt>", label, "</dt>")
                    .element("<dd>", said, "</dd>");
            }
        }
        for (key, value) in &hit.further {
            made.element("<dt>", &words::capital(&words::opened(key)), "</dt>")
                .element("<dd>", value, "</dd>");
        }
        made.raw("</dl></li>\n");
    }
    made.raw("</ul></section>\n");
    made
}

/// Figures close to a threshold.
pub(super) fn near(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    if reasons.near.is_empty() {
        return made;
    }
    made.raw("<section class=\"card\" aria-labelledby=\"h-near\"><header><h2 id=\"h-near\">Near a threshold</h2><p>On the permitted side</p></header>\n");
    made.raw("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Figures near a threshold\"><table><caption>How far each figure is from its threshold</caption><thead><tr><th scope=\"col\">Fact</th><th scope=\"col\">Figure</th><th scope=\"col\">Listed</th><th scope=\"col\">Off by</th></tr></thead><tbody>\n");
    for near in &reasons.near {
        made.element("<tr><th scope=\"row\"><code>", &near.fact, "</code><br>")
            .text(&near.provision)
            .raw("</th>");
        made.element("<td><b>", &near.value, "</b></td>")
            .element("<td>", &near.threshold, "</td>")
            .element("<td>", &near.off_by, "</td></tr>\n");
    }
    made.raw("</tbody></table></div></section>\n");
    made
}

/// What the packs do not hold.
pub(super) fn not_checked(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    let groups = reasons.not_checked_by_instrument();
    if groups.is_empty() {
        return made;
    }
    made.raw("<section class=\"card\" aria-labelledby=\"h-not\"><header><h2 id=\"h-not\">Not checked</h2><p>");
    made.text(&words::count(reasons.not_checked.len(), "part", "parts"))
        .raw(" in whose scope the transfer may lie</p></header>\n<ul class=\"rows\">\n");
    for (instrument, parts) in groups {
        made.raw("<li><p>")
            .add(mark("m-nk", "is-unk"))
            .raw(" <b>")
            .text(instrument)
            .raw("</b></p>\n<ul class=\"parts\">\n");
        for (part, why) in parts {
            made.raw("<li>")
                .text(part)
                .raw(if part.is_empty() || why.is_empty() {
                    ""
                } else {
                    ": "
                })
                .text(why)
                .raw("</li>\n");
        }
        made.raw("</ul></li>\n");
    }
    made.raw("</ul></section>\n");
    made
}

/// What the answer rests on, and what else the document holds.
pub(super) fn basis(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    let mut rows: Vec<(String, String)> = Vec::new();
    if !reasons.id.is_empty() {
        rows.push(("determination".to_owned(), reasons.id.clone()));
    }
    rows.extend(reasons.basis.iter().cloned());
    for (id, title, rows) in [
        ("h-basis", "What it rests on", &rows),
        ("h-more", "Also in the document", &reasons.further),
    ] {
        if rows.is_empty() {
            continue;
        }
        made.raw("<section class=\"card\" aria-labelledby=\"")
            .raw(id)
            .raw("\"><h2 id=\"")
            .raw(id)
            .raw("\">")
            .raw(title)
            .raw("</h2>\n<dl class=\"kv\">");
        for (key, value) in rows {
            made.element("<dt>", &words::capital(&words::opened(key)), "</dt>")
                .element("<dd><code>", &words::digest(value), "</code></dd>");
        }
        made.raw("</dl></section>\n");
    }
    made
}
