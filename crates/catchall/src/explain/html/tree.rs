//! Tree: the reasons as nested lists and folds. What decides stands open; what could not have changed it is
//! folded, and named on the fold.

use super::node::{Node, item, operator, plain, word};
use super::{mark, status};
use crate::explain::markup::Markup;
use crate::explain::reasons::{Branch, Exception, Finding, Reasons, SURE, Test};
use crate::explain::words::{self, Mood};

/// The card with the whole tree.
pub(super) fn card(reasons: &Reasons) -> Markup {
    let mut made = Markup::new();
    made.raw("<section class=\"card\" aria-labelledby=\"h-tree\"><header><h2 id=\"h-tree\">Reasons</h2><p>Heavy line: what ");
    made.raw(reasons.label_clause()).raw(". Folded: what could not have changed it.</p></header>\n<ul class=\"tree\" aria-label=\"Tree of reasons\">\n");
    let outcome = words::outcome(&reasons.outcome);
    let mut root = Node::new(
        &outcome,
        "Overall: the strictest of the laws that reach this act",
    );
    let decided = reasons.branches.iter().any(|branch| branch.decides);
    root.tag = if decided { reasons.label() } else { "" };
    root.class = if decided { "decides" } else { "" };
    root.says = overall(reasons);
    made.add(item(decided))
        .raw("<details open><summary>")
        .add(root.markup())
        .raw("</summary>\n<ul>\n");
    for branch in &reasons.branches {
        made.add(jurisdiction(reasons, branch));
    }
    if !reasons.elsewhere.is_empty() {
        let mut node = Node::new(
            &plain("i-law"),
            "Findings without a jurisdiction of their own",
        );
        node.class = "off";
        made.raw("<li><details><summary>")
            .add(node.markup())
            .raw("</summary>\n<ul>\n");
        for finding in &reasons.elsewhere {
            made.add(provision(finding, ""));
        }
        made.raw("</ul></details></li>\n");
    }
    made.raw("</ul></details></li>\n</ul></section>\n");
    made
}

/// `1 prohibited · 2 no licence required`.
fn overall(reasons: &Reasons) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for branch in &reasons.branches {
        match counts
            .iter_mut()
            .find(|(outcome, _)| *outcome == branch.outcome)
        {
            Some((_, count)) => *count += 1,
            None => counts.push((&branch.outcome, 1)),
        }
    }
    if counts.is_empty() {
        return "No jurisdiction is named".to_owned();
    }
    let said: Vec<String> = counts
        .iter()
        .map(|(outcome, count)| format!("{count} {}", words::outcome(outcome).words))
        .collect();
    format!(
        "{}: {}",
        words::count(reasons.branches.len(), "jurisdiction", "jurisdictions"),
        said.join(" · ")
    )
}

fn jurisdiction(reasons: &Reasons, branch: &Branch) -> Markup {
    let outcome = words::outcome(&branch.outcome);
    let mut node = Node::new(&outcome, &words::jurisdiction(&branch.id));
    node.word = words::capital(&outcome.words);
    let label = if branch.decides { reasons.label() } else { "" };
    node.tag = if branch.sure { SURE } else { label };
    node.class = match (branch.decides, branch.outcome.as_str()) {
        (true, _) => "decides",
        (_, "not_known") => "nk",
        _ => "off",
    };
    let reach = match (branch.nexus.as_str(), branch.nexus_tests.is_empty()) {
        ("applies", true) => "Reaches every transfer like this".to_owned(),
        ("not_known", _) => "Whether it reaches the transfer is not known".to_owned(),
        _ => branch.nexus_tests.first().map_or_else(String::new, |test| {
            format!("Reached: {} is {}", test.fact, test.value)
        }),
    };
    let range = if branch.least == branch.most {
        String::new()
    } else {
        format!(
            "at best {}, at worst {}",
            words::outcome(&branch.least).words,
            words::outcome(&branch.most).words
        )
    };
    let force = words::capital(&words::force(&branch.force));
    node.says = [force, reach, range]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let open = branch.decides || branch.sure || !branch.readings.is_empty();
    let mut made = item(branch.decides);
    made.raw(if open {
        "<details open><summary>"
    } else {
        "<details><summary>"
    })
    .add(node.markup())
    .raw("</summary>\n<ul>\n");
    if !branch.nexus_tests.is_empty() {
        made.raw("<li class=\"op\"><span class=\"ops\">why it reaches the transfer</span></li>\n");
        for each in &branch.nexus_tests {
            made.add(test(each, false));
        }
    }
    for (held_by, outcome) in &branch.readings {
        made.add(item(branch.decides))
            .raw("<span class=\"node\">")
            .add(mark("i-law", "is-refer"))
            .raw("<span><span class=\"says\">Reading: ");
        made.text(held_by)
            .raw("</span> ")
            .add(status(outcome))
            .raw("</span></span></li>\n");
    }
    for id in &branch.absent {
        made.add(item(branch.decides))
            .raw("<span class=\"node\">")
            .add(mark("i-law", "is-plain"))
            .raw("<span><code>")
            .text(id);
        made.raw("</code> <span class=\"val\">named as deciding; the document holds no finding of it</span></span></span></li>\n");
    }
    for finding in &branch.deciding {
        made.add(provision(finding, reasons.label_of(branch, finding)));
    }
    for finding in branch
        .applying
        .iter()
        .chain(&branch.open)
        .chain(&branch.lifted)
    {
        made.add(provision(finding, ""));
    }
    if branch.deciding.is_empty()
        && branch.applying.is_empty()
        && branch.open.is_empty()
        && branch.lifted.is_empty()
        && branch.absent.is_empty()
    {
        made.raw("<li class=\"op\"><span class=\"ops\">no provision applies, and none is open</span></li>\n");
    }
    made.add(nearly(&branch.nearly));
    made.raw("</ul>").add(about(
        &branch
            .further
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()))
            .collect::<Vec<_>>(),
        "",
        &[],
    ));
    made.raw("</details></li>\n");
    made
}

/// One provision with its tests and exceptions; open when it lies on the path.
fn provision(finding: &Finding, label: &'static str) -> Markup {
    let mut verdict = words::verdict(&finding.verdict);
    let lifted = finding
        .exceptions
        .iter()
        .find(|exception| exception.verdict == "applies");
    if lifted.is_some() && finding.verdict == "does_not_apply" {
        verdict.words = "lifted".to_owned();
    }
    let line = if finding.line.is_empty() {
        String::new()
    } else {
        format!("Line {}: ", finding.line)
    };
    let mut node = Node::new(
        &verdict,
        &format!("{line}{}", words::capital(finding.name())),
    );
    node.word = verdict.words.to_uppercase();
    node.tag = label;
    let path = !label.is_empty() && label != SURE;
    node.class = match (path, verdict.mood) {
        (true, _) => "decides",
        (false, Mood::Unknown) => "nk",
        _ => "off",
    };
    let cite = if finding.name() == finding.cite {
        String::new()
    } else {
        finding.cite.clone()
    };
    node.says = [cite, words::capital(&finding.nature())]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let mut made = item(path);
    made.raw(if label.is_empty() {
        "<details><summary>"
    } else {
        "<details open><summary>"
    })
    .add(node.markup())
    .raw("</summary>\n");
    let mut rows = vec![
        ("Provision", finding.provision.clone()),
        ("In force", finding.dates()),
        ("Confidence", finding.confidence.clone()),
    ];
    rows.extend(
        finding
            .further
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone())),
    );
    made.add(about(&rows, &finding.source, &finding.notes))
        .raw("<ul>\n");
    if !finding.tests.is_empty() {
        made.add(operator(path))
            .text(finding.because())
            .raw("</span></li>\n");
    }
    for (entry, group) in finding.groups() {
        if entry.is_empty() {
            for each in group {
                made.add(test(each, path));
            }
            continue;
        }
        let title = finding
            .entry_title(entry)
            .map_or(String::new(), |title| format!(": {title}"));
        made.add(item(path))
            .raw("<span class=\"node\">")
            .add(mark("i-law", "is-plain"));
        made.raw("<span><span class=\"says\">List entry ")
            .text(&format!("{entry}{title}"))
            .raw("</span></span></span>\n<ul>\n");
        for each in group {
            made.add(test(each, path));
        }
        made.raw("</ul></li>\n");
    }
    if !finding.exceptions.is_empty() {
        made.add(exceptions(&finding.exceptions, lifted.is_some()));
    }
    made.raw("</ul></details></li>\n");
    made
}

/// Where it stands, when it holds, and what is to be said of it.
fn about(rows: &[(&str, String)], source: &str, notes: &[String]) -> Markup {
    let mut made = Markup::new();
    if rows.iter().all(|(_, said)| said.is_empty()) && source.is_empty() && notes.is_empty() {
        return made;
    }
    made.raw("<div class=\"about\"><dl class=\"kv\">");
    for (label, said) in rows.iter().filter(|(_, said)| !said.is_empty()) {
        made.element("<dt>", &words::opened(label), "</dt>")
            .element("<dd>", said, "</dd>");
    }
    if !source.is_empty() {
        made.raw("<dt>Read from</dt><dd class=\"cite\">")
            .add(link(source))
            .raw("</dd>");
    }
    for note in notes {
        made.element("<dt>Note</dt><dd>", note, "</dd>");
    }
    made.raw("</dl></div>\n");
    made
}

/// An address to follow, when it is one of the web; else its letters alone.
fn link(address: &str) -> Markup {
    let mut made = Markup::new();
    if address.starts_with("https://") || address.starts_with("http://") {
        made.raw("<a rel=\"noreferrer\" href=\"")
            .letters(address)
            .raw("\">")
            .text(address)
            .raw("</a>");
    } else {
        made.text(address);
    }
    made
}

fn test(test: &Test, path: bool) -> Markup {
    let answer = words::answer(&test.result);
    let mut made = item(path);
    made.raw("<span class=\"node ")
        .raw(if answer.mood == Mood::Unknown {
            "nk"
        } else {
            ""
        })
        .raw("\">")
        .add(mark(answer.mark, answer.mood.class()));
    made.raw("<span><span class=\"says\"><code>")
        .text(&test.fact)
        .raw("</code> ");
    // `not known` once is enough: the result says it.
    let said = if test.value.is_empty() {
        "not stated"
    } else {
        &test.value
    };
    if answer.mood != Mood::Unknown || said != answer.words {
        made.raw(if path { "<b class=\"hit\">" } else { "<b>" })
            .text(said)
            .raw("</b>");
    }
    made.raw("</span> ")
        .add(word(&answer))
        .raw("<span class=\"val\">")
        .text(&test.asks);
    if !test.evidence.is_empty() {
        made.raw(" · ").text(&test.evidence);
    }
    made.raw("</span></span></span></li>\n");
    made
}

/// The exceptions tried, each with the first condition that failed.
fn exceptions(all: &[Exception], open: bool) -> Markup {
    let mut made = Markup::new();
    let mut node = Node::new(&plain("i-law"), &format!("Exceptions tried: {}", all.len()));
    node.class = "off";
    made.raw("<li>")
        .raw(if open {
            "<details open><summary>"
        } else {
            "<details><summary>"
        })
        .add(node.markup())
        .raw("</summary>\n<ul>\n");
    for exception in all {
        let verdict = words::verdict(&exception.verdict);
        let mut node = Node::new(
            &verdict,
            if exception.cite.is_empty() {
                &exception.provision
            } else {
                &exception.cite
            },
        );
        node.word = exception.standing().to_uppercase();
        node.class = if verdict.mood == Mood::Unknown {
            "nk"
        } else {
            "off"
        };
        let lead = match exception.verdict.as_str() {
            "applies" => "holds",
            "does_not_apply" => "fails on",
            _ => "open on",
        };
        let turns = exception
            .turns_on()
            .map_or(String::new(), |test| format!(" · {lead} {}", test.clause()));
        node.says = format!("{}{turns}", exception.provision);
        made.raw("<li>").add(node.markup()).raw("</li>\n");
    }
    made.raw("</ul></details></li>\n");
    made
}

/// What nearly applied, and why not.
fn nearly(all: &[Finding]) -> Markup {
    let mut made = Markup::new();
    if all.is_empty() {
        return made;
    }
    let mut head = Node::new(
        &words::verdict("does_not_apply"),
        &format!("Nearly applied, and why not: {}", all.len()),
    );
    head.class = "off";
    made.raw("<li><details><summary>")
        .add(head.markup())
        .raw("</summary>\n<ul>\n");
    for finding in all {
        let line = if finding.line.is_empty() {
            String::new()
        } else {
            format!("Line {}: ", finding.line)
        };
        let mut node = Node::new(
            &words::verdict(&finding.verdict),
            &format!("{line}{}", words::capital(finding.name())),
        );
        node.class = "off";
        node.tag = if finding.passed_over_by_date() {
            "other dates"
        } else {
            ""
        };
        let dates = if finding.interval.is_empty() {
            String::new()
        } else {
            format!("in force {}", words::interval(&finding.interval))
        };
        node.says = [finding.provision.clone(), finding.cite.clone(), dates]
            .into_iter()
            .filter(|said| !said.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        made.raw("<li>").add(node.markup()).raw("<ul>\n");
        for each in &finding.tests {
            made.add(test(each, false));
        }
        made.raw("</ul></li>\n");
    }
    made.raw("</ul></details></li>\n");
    made
}
