//! The words of a bundle, which its page and its pages of paper share; and the case for a terminal.

use std::fmt::Write as _;

use catchall_ledger::Body;
use catchall_ledger::case::clock::Reading;
use catchall_ledger::case::{Case, Stamp};
use serde_json::Value;

use super::Bundle;
use crate::given::stated;

/// A table of a bundle.
pub(super) struct Part {
    /// Its title.
    pub(super) title: &'static str,
    /// Its columns.
    pub(super) heads: &'static [&'static str],
    /// Its rows.
    pub(super) rows: Vec<Vec<String>>,
}

/// An entry of a bundle.
pub(super) struct Logged {
    /// Its number.
    pub(super) number: u64,
    /// Its hash.
    pub(super) hash: String,
    /// When; empty for the determination.
    pub(super) at: String,
    /// Who.
    pub(super) by: String,
    /// What.
    pub(super) says: String,
}

/// Where the case stands; what is empty is left out.
pub(super) fn rows_of(bundle: &Bundle<'_>) -> Vec<(&'static str, String)> {
    let case = bundle.case;
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
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The transfer, field by field, with where each value came from.
pub(super) fn facts_of(bundle: &Bundle<'_>) -> Vec<[String; 3]> {
    let rows = stated(bundle.transfer);
    let evidence = bundle.transfer.get("evidence");
    let from = |path: &str| {
        let found = evidence.and_then(|evidence| evidence.get(path)?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let stated = rows
        .iter()
        .filter(|(path, _)| !path.starts_with("evidence") && path != "schema");
    let mut all: Vec<[String; 3]> = stated
        .map(|(path, value)| [path.clone(), value.clone(), from(path)])
        .collect();
    let named = evidence.and_then(Value::as_object).into_iter().flatten();
    all.extend(
        named
            .filter(|(fact, _)| !rows.iter().any(|(path, _)| path == *fact))
            .map(|(fact, _)| [fact.clone(), String::new(), from(fact)]),
    );
    all
}

/// What was advised, asked, decided and written; a part without rows is left out.
pub(super) fn parts_of(bundle: &Bundle<'_>) -> Vec<Part> {
    let case = bundle.case;
    let all = [
        part(
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
        ),
        part(
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
        ),
        part(
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
        ),
        part(
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
        ),
        part(
            "Letters",
            &["To", "Sent", "Text"],
            case.letters.iter().map(|letter| {
                vec![
                    letter.to.clone(),
                    signed(&letter.stamp),
                    letter.text.clone(),
                ]
            }),
        ),
    ];
    all.into_iter()
        .filter(|part| !part.rows.is_empty())
        .collect()
}

fn part(
    title: &'static str,
    heads: &'static [&'static str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Part {
    Part {
        title,
        heads,
        rows: rows.collect(),
    }
}

/// Every entry of the case, with the determination before them.
pub(super) fn log_of(bundle: &Bundle<'_>) -> Vec<Logged> {
    let (number, hash) = bundle.determined;
    let mut all = vec![Logged {
        number,
        hash: hash.to_owned(),
        at: String::new(),
        by: String::new(),
        says: "the determination above".to_owned(),
    }];
    let lines = bundle.entries.iter().zip(&bundle.case.activity);
    all.extend(lines.map(|(entry, line)| {
        let erased = if matches!(entry.body, Body::Shredded) {
            " (erased by order of law)"
        } else {
            ""
        };
        Logged {
            number: entry.number,
            hash: entry.hash.to_string(),
            at: entry.at.to_string(),
            by: entry.actor.name.clone(),
            says: format!("{}{erased}", line.says),
        }
    }));
    all
}

/// Where the ledger ended.
pub(super) fn head_of(bundle: &Bundle<'_>) -> String {
    bundle
        .head
        .map_or("The ledger was empty.".to_owned(), |head| {
            format!(
                "When this was printed the ledger ended with entry {}, whose hash is {}.",
                head.number, head.hash
            )
        })
}

fn signed(stamp: &Stamp) -> String {
    let team = stamp
        .by
        .team
        .as_deref()
        .map_or(String::new(), |team| format!(", {team}"));
    format!("{}{team}, {}", stamp.by.name, stamp.day())
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
