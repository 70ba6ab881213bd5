//! Bundle: a case for the file or the court, sealed: what was asked, why it was answered so, who did what, and how to check it.
//!
//! One page that needs nothing but itself: the page of reasons (`explain`), the case before it, and behind it everything that
//! was recorded, each entry with its hash. The last line is the seal, a digest of all above it. Nothing is decided or asked
//! again here. [`text`] is the case for a terminal.

use std::fmt::Write as _;

use catchall_ledger::case::clock::Reading;
use catchall_ledger::case::letter::escaped;
use catchall_ledger::case::{Case, Stamp};
use catchall_ledger::{Body, Entry, Hash, Receipt, Timestamp};
use serde_json::Value;

use crate::explain;

/// What goes into a bundle.
pub struct Bundle<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its clock on the day of the bundle.
    pub clock: &'a Reading,
    /// The transfer as it stands now.
    pub transfer: &'a Value,
    /// The determination that it rests on.
    pub document: &'a Value,
    /// Number and hash of its entry.
    pub determined: (u64, &'a str),
    /// The case's entries.
    pub entries: &'a [Entry],
    /// The ledger's last entry.
    pub head: Option<Receipt>,
    /// When the bundle was made.
    pub made: Timestamp,
    /// By whom.
    pub by: &'a str,
}

/// What the last line begins with.
const SEAL: &str = "<!-- seal, sha-256 of everything above this line: ";

/// The sealed page.
pub fn page(bundle: &Bundle<'_>) -> String {
    let reasons = explain::html(bundle.document);
    let mut own = String::new();
    front(bundle, &mut own);
    // The page of reasons becomes a part: its title is one below the case's.
    let mut page = reasons
        .replacen("<h1>", "<h2 id=\"why\">", 1)
        .replacen("</h1>", "</h2>", 1);
    let title = format!(
        "<title>Case {}, sealed · Catchall</title>",
        escaped(&bundle.case.id)
    );
    if let (Some(start), Some(end)) = (page.find("<title>"), page.find("</title>")) {
        page.replace_range(start..end + "</title>".len(), &title);
    }
    if let Some(main) = page.find("id=\"main\">") {
        page.insert_str(main + "id=\"main\">".len(), &own);
    }
    let mut rest = String::new();
    back(bundle, &mut rest);
    if let Some(end) = page.rfind("</main>") {
        page.insert_str(end, &rest);
    }
    let seal = Hash::of(page.as_bytes());
    let _ = writeln!(page, "{SEAL}{seal} -->");
    page
}

/// Checks the seal of a bundle; gives the entries that it names, with their hashes.
///
/// # Errors
/// When it has no seal, or another one than its text makes.
pub fn check(bytes: &[u8]) -> anyhow::Result<Vec<(u64, String)>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        anyhow::anyhow!(
            "this is no bundle: it is not UTF-8 from byte {} on",
            error.valid_up_to()
        )
    })?;
    let place = text
        .rfind(SEAL)
        .ok_or_else(|| anyhow::anyhow!("this is no bundle: it does not end with a seal"))?;
    let (above, line) = text.split_at(place);
    let told = line
        .strip_prefix(SEAL)
        .and_then(|rest| rest.strip_suffix(" -->\n"))
        .unwrap_or_default();
    let seal = Hash::of(above.as_bytes()).to_string();
    if told != seal {
        anyhow::bail!(
            "the seal is broken: the text makes {seal}, and the seal says `{}`",
            told.chars().take(64).collect::<String>()
        );
    }
    let rows = above.split("<tr data-entry=\"").skip(1);
    Ok(rows
        .filter_map(|row| {
            let (number, rest) = row.split_once('"')?;
            let hash = rest.strip_prefix(" data-hash=\"")?.split('"').next()?;
            Some((number.parse().ok()?, hash.to_owned()))
        })
        .collect())
}

fn front(bundle: &Bundle<'_>, page: &mut String) {
    let case = bundle.case;
    let _ = write!(
        page,
        "\n<h1>Case {}: <bdi>{}</bdi></h1>\n<section class=\"card\" aria-labelledby=\"b-case\"><h2 id=\"b-case\">The case</h2>\n<dl class=\"kv\">",
        escaped(&case.id),
        escaped(&case.title)
    );
    let clock = format!(
        "{} of {} working days{}",
        bundle.clock.used,
        bundle.clock.target,
        if bundle.clock.paused { ", paused" } else { "" }
    );
    let decision = case
        .decision()
        .map_or("none that stands".to_owned(), |decision| {
            let signed = decision.signed.as_ref().map_or(String::new(), |signed| {
                format!(", countersigned by {}", signed.by.name)
            });
            format!(
                "{} by {}{signed}: {}",
                decision.view.replace('_', " "),
                decision.stamp.by.name,
                decision.reason
            )
        });
    let rows = [
        ("Stands in", case.status().word().to_owned()),
        ("Decision", decision),
        ("Transfer", case.transfer.clone()),
        ("Team", case.team.clone().unwrap_or_default()),
        ("Owner", case.owner.clone().unwrap_or_default()),
        (
            "Opened",
            format!("{} by {}", case.opened.day(), case.opened.by.name),
        ),
        ("Clock", clock),
        ("Printed", format!("{} by {}", bundle.made, bundle.by)),
    ];
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(
            page,
            "<dt>{name}</dt><dd><bdi>{}</bdi></dd>",
            escaped(value)
        );
    }
    page.push_str("</dl></section>\n");
    facts(bundle, page);
}

/// The transfer, field by field, with where each value came from.
fn facts(bundle: &Bundle<'_>, page: &mut String) {
    let mut rows = Vec::new();
    flatten(bundle.transfer, String::new(), &mut rows);
    let evidence = bundle.transfer.get("evidence");
    page.push_str("<section class=\"card\" aria-labelledby=\"b-facts\"><h2 id=\"b-facts\">Facts, as stated</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"b-facts\"><table><caption>What is not here nobody has said.</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Value</th><th scope=\"col\">From</th></tr></thead><tbody>\n");
    for (path, value) in rows
        .iter()
        .filter(|(path, _)| !path.starts_with("evidence") && path != "schema")
    {
        let from = evidence
            .and_then(|evidence| evidence.get(path)?.as_str())
            .unwrap_or_default();
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\"><code>{}</code></th><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td></tr>",
            escaped(path),
            escaped(value),
            escaped(from)
        );
    }
    let named = evidence.and_then(Value::as_object).into_iter().flatten();
    for (fact, from) in named.filter(|(fact, _)| !rows.iter().any(|(path, _)| path == *fact)) {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\"><code>{}</code></th><td></td><td><bdi>{}</bdi></td></tr>",
            escaped(fact),
            escaped(from.as_str().unwrap_or_default())
        );
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn flatten(value: &Value, path: String, rows: &mut Vec<(String, String)>) {
    let under = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(value, under(name), rows);
            }
        }
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for (place, value) in all.iter().enumerate() {
                flatten(value, format!("{path}[{place}]"), rows);
            }
        }
        Value::Array(all) if all.is_empty() => rows.push((path, "none".to_owned())),
        Value::Array(all) => {
            let all: Vec<String> = all
                .iter()
                .map(|each| {
                    each.as_str()
                        .map_or_else(|| each.to_string(), str::to_owned)
                })
                .collect();
            rows.push((path, all.join("; ")));
        }
        Value::String(text) => rows.push((path, text.clone())),
        Value::Bool(yes) => rows.push((path, if *yes { "yes" } else { "no" }.to_owned())),
        Value::Number(number) => rows.push((path, number.to_string())),
    }
}

fn back(bundle: &Bundle<'_>, page: &mut String) {
    let case = bundle.case;
    part(
        page,
        "Advice",
        &["By", "View", "In words"],
        case.advice.iter().map(|advice| {
            let struck = advice
                .superseded
                .as_ref()
                .map_or(String::new(), |(by, why)| {
                    format!(" (superseded by advice {by}: {why})")
                });
            vec![
                signed(&advice.stamp),
                format!("{}{struck}", advice.view.replace('_', " ")),
                advice.text.clone(),
            ]
        }),
    );
    part(
        page,
        "Requests for information",
        &["No.", "Asked", "Questions", "Answer"],
        case.requests.iter().map(|request| {
            let asked: Vec<&str> = request
                .questions
                .iter()
                .map(|question| question.question.as_str())
                .collect();
            let answer =
                request
                    .closed
                    .as_ref()
                    .map_or("open".to_owned(), |closed| match &closed.by {
                        Some(by) => format!(
                            "{} by {by}: {}",
                            closed.stamp.day(),
                            closed
                                .answers
                                .iter()
                                .map(catchall_ledger::case::flow::in_words)
                                .collect::<Vec<_>>()
                                .join("; ")
                        ),
                        None => format!("closed {}: {}", closed.stamp.day(), closed.why),
                    });
            vec![
                request.number.to_string(),
                format!("{}, {}", request.to, signed(&request.stamp)),
                asked.join(" "),
                answer,
            ]
        }),
    );
    part(
        page,
        "Conditions",
        &["No.", "Author", "Words"],
        case.conditions.iter().map(|condition| {
            let dropped = condition
                .dropped
                .as_ref()
                .map_or(String::new(), |(stamp, why)| {
                    format!(" (dropped by {}: {why})", signed(stamp))
                });
            vec![
                condition.number.to_string(),
                signed(&condition.author),
                format!("{}{dropped}", condition.text),
            ]
        }),
    );
    part(
        page,
        "Decisions",
        &["No.", "By", "Decision", "Second person"],
        case.decisions.iter().map(|decision| {
            let second = match (&decision.signed, &decision.returned) {
                (Some(stamp), _) => format!("signed by {}", signed(stamp)),
                (None, Some((stamp, why))) => format!("returned by {}: {why}", signed(stamp)),
                (None, None) if decision.two_persons => "waits".to_owned(),
                (None, None) => "not needed".to_owned(),
            };
            let despite = decision.despite.as_ref().map_or(String::new(), |despite| {
                format!(" Despite the answer: {despite}")
            });
            vec![
                decision.number.to_string(),
                signed(&decision.stamp),
                format!(
                    "{}: {}{despite}",
                    decision.view.replace('_', " "),
                    decision.reason
                ),
                second,
            ]
        }),
    );
    part(
        page,
        "Letters",
        &["To", "Sent", "Text"],
        case.letters.iter().map(|letter| {
            vec![
                letter.to.clone(),
                signed(&letter.stamp),
                letter.text.clone(),
            ]
        }),
    );
    activity(bundle, page);
    verification(bundle, page);
}

fn signed(stamp: &Stamp) -> String {
    let team = stamp
        .by
        .team
        .as_deref()
        .map_or(String::new(), |team| format!(", {team}"));
    format!("{}{team}, {}", stamp.by.name, stamp.day())
}

fn part(page: &mut String, title: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let id = format!("b-{}", title.to_lowercase().replace(' ', "-"));
    let _ = write!(
        page,
        "<section class=\"card\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}\"><table><thead><tr>"
    );
    for head in heads {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let _ = write!(page, "<td><bdi>{}</bdi></td>", escaped(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn activity(bundle: &Bundle<'_>, page: &mut String) {
    page.push_str("<section class=\"card\" aria-labelledby=\"b-log\"><h2 id=\"b-log\">Activity</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"b-log\"><table><caption>Append-only; each entry of the ledger seals the one before it.</caption><thead><tr><th scope=\"col\">Entry</th><th scope=\"col\">When</th><th scope=\"col\">Who</th><th scope=\"col\">What</th><th scope=\"col\">Hash</th></tr></thead><tbody>\n");
    let (number, hash) = bundle.determined;
    let _ = writeln!(
        page,
        "<tr data-entry=\"{number}\" data-hash=\"{hash}\"><td>{number}</td><td></td><td></td><td>the determination above</td><td><code>{hash}</code></td></tr>"
    );
    for (entry, line) in bundle.entries.iter().zip(&bundle.case.activity) {
        let erased = if matches!(entry.body, Body::Shredded) {
            " (erased by order of law)"
        } else {
            ""
        };
        let _ = writeln!(
            page,
            "<tr data-entry=\"{0}\" data-hash=\"{1}\"><td>{0}</td><td>{2}</td><td><bdi>{3}</bdi></td><td><bdi>{4}</bdi>{erased}</td><td><code>{1}</code></td></tr>",
            entry.number,
            entry.hash,
            entry.at,
            escaped(&entry.actor.name),
            escaped(&line.says)
        );
    }
    page.push_str("</tbody></table></div></section>\n");
}

fn verification(bundle: &Bundle<'_>, page: &mut String) {
    let head = bundle
        .head
        .map_or("The ledger was empty.".to_owned(), |head| {
            format!(
                "When this was printed the ledger ended with entry {}, whose hash is {}.",
                head.number, head.hash
            )
        });
    let _ = writeln!(
        page,
        "<section class=\"card\" aria-labelledby=\"b-check\"><h2 id=\"b-check\">How to check this</h2>\n<ol><li>The seal: the last line of this file holds the SHA-256 of everything above it. <code>catchall case bundle --check FILE</code> works it out again; so does any program that hashes the file without its last line.</li><li>The entries: the same command compares each hash above with the ledger's own, and tells which entry differs.</li><li>The chain: <code>catchall ledger verify</code> checks, offline and over an export, that each entry seals the one before it, back to the first.</li><li>The answer: <code>catchall ledger replay</code> recomputes the determination from its basis; the bytes must be the same.</li></ol>\n<p>{}</p></section>",
        escaped(&head)
    );
}

/// The case for a terminal.
pub fn text(case: &Case, clock: &Reading) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {}  {}",
        case.id,
        case.status().word(),
        case.title
    );
    if let Some(answer) = case.answer() {
        let _ = writeln!(
            text,
            "  answer   {} ({} to {}): {}",
            answer.outcome, answer.least, answer.most, answer.summary
        );
    }
    let _ = writeln!(text, "  why      {}", case.why_here());
    let paused = if clock.paused { ", paused" } else { "" };
    let late = if clock.late { ", late" } else { "" };
    let _ = writeln!(
        text,
        "  clock    {} of {} working days{paused}{late}",
        clock.used, clock.target
    );
    let owner = case.owner.as_deref().unwrap_or("nobody");
    let _ = writeln!(
        text,
        "  with     {owner}, team {}, queue {}",
        case.team.as_deref().unwrap_or("none"),
        case.queue
    );
    let mut part = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    part(
        "To ask",
        case.to_ask()
            .iter()
            .map(|question| {
                format!(
                    "{}: {} (the {})",
                    question.fact, question.question, question.ask
                )
            })
            .collect(),
    );
    part(
        "Possible matches",
        case.open_hits()
            .map(|hit| {
                format!(
                    "{}: {} against {}, {}.{:03}",
                    hit.key,
                    hit.party,
                    hit.name,
                    hit.score / 1000,
                    hit.score % 1000
                )
            })
            .collect(),
    );
    part(
        "Open requests",
        case.requests
            .iter()
            .filter(|request| request.closed.is_none())
            .map(|request| {
                format!(
                    "{} to {}, {}",
                    request.number,
                    request.to,
                    request.stamp.day()
                )
            })
            .collect(),
    );
    part(
        "Advice",
        case.advice
            .iter()
            .map(|advice| {
                let struck = if advice.superseded.is_some() {
                    ", superseded"
                } else {
                    ""
                };
                format!(
                    "{} {}{struck} ({}): {}",
                    advice.number,
                    advice.view,
                    signed(&advice.stamp),
                    advice.text
                )
            })
            .collect(),
    );
    part(
        "Conditions",
        case.standing_conditions()
            .map(|condition| {
                format!(
                    "{} {} ({})",
                    condition.number,
                    condition.text,
                    signed(&condition.author)
                )
            })
            .collect(),
    );
    part(
        "Notices",
        case.open_notices()
            .map(|notice| format!("{} to {}: {}", notice.number, notice.to, notice.text))
            .collect(),
    );
    part(
        "Activity",
        case.activity
            .iter()
            .map(|line| {
                format!(
                    "{:>6}  {}  {}: {}",
                    line.stamp.number,
                    line.stamp.day(),
                    line.stamp.by.name,
                    line.says
                )
            })
            .collect(),
    );
    text
}
