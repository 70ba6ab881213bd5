//! Text: the tree of reasons for a terminal.
//!
//! The answer and its sentence stand first; then one branch a jurisdiction, strictest first; then what nearly
//! applied, what is missing, and what the answer rests on. Deciding provisions are told in full, others in a
//! few lines; what is cut is counted and named. Words carry the meaning, colour only repeats it.

mod provision;
mod sections;
mod terminal;

use self::provision::{in_full, in_short, tests};
use self::terminal::{Node, Row, Sheet, Tone};
use super::reasons::{Branch, Reasons, SURE};
use super::words::{self, Mood};

/// Where values stand behind their labels.
const LABEL: usize = 13;
/// Where the tests of a provision begin.
const TESTS: usize = 2;
/// The most provisions of one jurisdiction in full; those behind them in a few lines each.
const MOST_IN_FULL: usize = 5;
/// Draws it all.
pub(super) fn text(reasons: &Reasons, width: usize, colour: bool) -> String {
    let mut sheet = Sheet::new(width, colour);
    header(reasons, &mut sheet);
    let mut nodes: Vec<Node> = reasons
        .branches
        .iter()
        .map(|branch| jurisdiction(reasons, branch))
        .collect();
    let sections = [
        sections::elsewhere(reasons),
        sections::nearly(reasons),
        sections::missing(reasons),
        sections::hits(reasons),
        sections::flags(reasons),
        sections::near(reasons),
        sections::would_change(reasons),
        sections::not_checked(reasons),
        sections::basis(reasons),
        section("also in the document", pairs(&reasons.further)),
    ];
    nodes.extend(sections.into_iter().flatten());
    sheet.branches(&nodes, "", true);
    sheet.finish()
}

fn header(reasons: &Reasons, sheet: &mut Sheet) {
    let outcome = words::outcome(&reasons.outcome);
    let transfer = if reasons.transfer.is_empty() {
        "transfer without an id"
    } else {
        &reasons.transfer
    };
    sheet.row(
        &Row::new()
            .then(tone(outcome.mood), &outcome.words.to_uppercase())
            .then(Tone::Strong, transfer),
        "",
        "",
    );
    sheet.row(&Row::new().then(Tone::Plain, &reasons.summary), "", "");
    sheet.blank("");
    let as_of = if reasons.as_of.is_empty() {
        "the transfer's own date, which is not known"
    } else {
        &reasons.as_of
    };
    let mut rows = vec![labelled("law as of", as_of)];
    rows.push(labelled(
        "known by",
        if reasons.known_by.is_empty() {
            "not stated"
        } else {
            &reasons.known_by
        },
    ));
    let bounds = reasons.bounds_words();
    if !bounds.is_empty() {
        rows.push(labelled("the answer", &bounds));
    }
    if reasons.other_schema() {
        rows.push(labelled(
            "schema",
            &format!(
                "{}; this program knows {}",
                reasons.schema,
                catchall_model::SCHEMA
            ),
        ));
    }
    for row in &rows {
        sheet.row(row, "", "");
    }
}

fn jurisdiction(reasons: &Reasons, branch: &Branch) -> Node {
    let outcome = words::outcome(&branch.outcome);
    let mut head = Row::new()
        .then(Tone::Strong, &words::jurisdiction(&branch.id))
        .then(tone(outcome.mood), &outcome.words.to_uppercase());
    if branch.decides {
        head = head.then(Tone::Strong, &format!("({})", reasons.label()));
    } else if branch.sure {
        head = head.then(Tone::Strong, &format!("({SURE})"));
    }
    let mut node = Node::new(head);
    if branch.least != branch.most {
        let bounds = format!(
            "at best {}, at worst {}",
            words::outcome(&branch.least).words,
            words::outcome(&branch.most).words
        );
        node.rows.push(labelled("range", &bounds));
    }
    if !branch.force.is_empty() {
        node.rows
            .push(labelled("force", &words::force(&branch.force)));
    }
    let reached = match (branch.nexus.as_str(), branch.nexus_tests.is_empty()) {
        ("applies", true) => "yes; it reaches every transfer like this",
        ("applies", false) => "yes:",
        ("not_known", _) => "not known:",
        ("", true) => "not stated",
        _ => "",
    };
    node.rows.push(labelled("reached", reached));
    node.rows.extend(tests(branch.nexus_tests.iter()));
    for (held_by, outcome) in &branch.readings {
        let outcome = words::outcome(outcome);
        node.rows.push(labelled("reading", held_by).then(
            tone(outcome.mood),
            &format!("=> {}", outcome.words.to_uppercase()),
        ));
    }
    if !branch.missing.is_empty() {
        node.rows
            .push(labelled("turns on", &some_of(&branch.missing, 12)));
    }
    for id in &branch.absent {
        node.rows.push(labelled(
            "decided by",
            &format!("{id} (no finding of it in this document)"),
        ));
    }
    node.rows.extend(pairs(&branch.further));
    let (first, others) = branch
        .deciding
        .split_at(branch.deciding.len().min(MOST_IN_FULL));
    let mut told = Vec::new();
    node.kids.extend(
        first
            .iter()
            .map(|finding| in_full(finding, reasons.label_of(branch, finding), &mut told)),
    );
    node.kids.extend(
        others
            .iter()
            .map(|finding| in_short(finding, reasons.label_of(branch, finding))),
    );
    node.kids.extend(
        branch
            .applying
            .iter()
            .chain(&branch.open)
            .chain(&branch.lifted)
            .map(|finding| in_short(finding, "")),
    );
    if node.kids.is_empty() && branch.absent.is_empty() {
        node.rows
            .push(labelled("provisions", "none applies, and none is open"));
    }
    node
}

fn section(title: &str, rows: Vec<Row>) -> Option<Node> {
    (!rows.is_empty()).then(|| Node {
        head: Row::new().then(Tone::Strong, title),
        rows,
        ..Node::default()
    })
}

fn pairs(all: &[(String, String)]) -> Vec<Row> {
    all.iter()
        .map(|(key, value)| labelled(&words::opened(key), value))
        .collect()
}

fn labelled(label: &str, said: &str) -> Row {
    Row::new()
        .then(Tone::Quiet, label)
        .at(LABEL, Tone::Plain, said)
}

/// The first few, and how many more.
fn some_of(all: &[String], most: usize) -> String {
    let (shown, more) = all.split_at(all.len().min(most));
    let more = if more.is_empty() {
        String::new()
    } else {
        format!(", and {} more", more.len())
    };
    format!("{}{more}", shown.join(", "))
}

fn tone(mood: Mood) -> Tone {
    match mood {
        Mood::Go => Tone::Go,
        Mood::Need => Tone::Need,
        Mood::Stop => Tone::Stop,
        Mood::Refer => Tone::Refer,
        Mood::Unknown => Tone::Unknown,
        Mood::Plain => Tone::Plain,
    }
}
