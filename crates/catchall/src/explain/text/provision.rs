//! Provision: one provision in the terminal's tree, in full or in short, with its tests and exceptions.

use super::terminal::{Node, Row, Tone};
use super::{LABEL, TESTS, labelled, pairs, tone};
use crate::explain::measure;
use crate::explain::reasons::{Exception, Finding, Test};
use crate::explain::words;

/// The widest a column of tests grows; what is longer pushes the next aside.
const FACT: usize = 28;
const VALUE: usize = 24;
/// The most tests of one provision in full; more are counted, and their list entries named.
pub(super) const MOST_TESTS: usize = 18;

fn provision_head(finding: &Finding, label: &str) -> Row {
    let verdict = words::verdict(&finding.verdict);
    let lifted = finding
        .exceptions
        .iter()
        .any(|exception| exception.verdict == "applies");
    let word = if lifted { "lifted" } else { &verdict.words };
    let said = if label.is_empty() {
        word.to_owned()
    } else {
        format!("{word}, {label}")
    };
    let name = if finding.line.is_empty() {
        finding.name().to_owned()
    } else {
        format!("line {}: {}", finding.line, finding.name())
    };
    Row::new()
        .then(
            if label.is_empty() {
                tone(verdict.mood)
            } else {
                Tone::Strong
            },
            &format!("[{said}]"),
        )
        .then(Tone::Strong, &name)
}

/// A provision with all that an explanation must cite.
///
/// Exceptions that were `told` under an earlier provision, with the same answer, are only named.
pub(super) fn in_full<'a>(
    finding: &'a Finding,
    label: &str,
    told: &mut Vec<&'a Exception>,
) -> Node {
    let mut node = Node::new(provision_head(finding, label));
    let read = if finding.confidence.is_empty() {
        String::new()
    } else {
        format!(" ({})", finding.confidence)
    };
    let rows = [
        (
            "provision",
            format!("{} ({})", finding.provision, finding.nature()),
        ),
        ("citation", format!("{}{read}", finding.cite)),
        ("source", finding.source.clone()),
        ("in force", finding.dates()),
    ];
    node.rows.extend(
        rows.iter()
            .filter(|(_, said)| !said.is_empty())
            .map(|(label, said)| labelled(label, said)),
    );
    if !finding.tests.is_empty() {
        node.rows
            .push(Row::new().then(Tone::Quiet, finding.because()));
        node.rows.extend(grouped_tests(finding));
    }
    if !finding.exceptions.is_empty() {
        node.rows
            .push(Row::new().then(Tone::Quiet, "exceptions tried"));
        let (before, new): (Vec<&Exception>, Vec<&Exception>) = finding
            .exceptions
            .iter()
            .partition(|each| told.contains(each));
        node.rows
            .extend(new.iter().flat_map(|each| exception(each)));
        told.extend(new);
        if !before.is_empty() {
            let names: Vec<String> = before
                .iter()
                .map(|each| format!("{} ({})", each.provision, each.standing()))
                .collect();
            node.rows
                .push(Row::new().at(TESTS, Tone::Quiet, "as above").at(
                    LABEL,
                    Tone::Quiet,
                    &names.join(", "),
                ));
        }
    }
    node.rows
        .extend(finding.notes.iter().map(|note| labelled("note", note)));
    node.rows.extend(pairs(&finding.further));
    node
}

/// A provision that does not decide, in a few lines.
pub(super) fn in_short(finding: &Finding, label: &str) -> Node {
    let mut node = Node::new(provision_head(finding, label));
    node.rows.push(labelled(
        "provision",
        &format!("{} ({})", finding.provision, finding.nature()),
    ));
    if finding.name() != finding.cite {
        node.rows.push(labelled("citation", &finding.cite));
    }
    node.rows.push(labelled("in force", &finding.dates()));
    let lifting: Vec<Row> = finding
        .exceptions
        .iter()
        .filter(|each| each.verdict == "applies")
        .flat_map(exception)
        .collect();
    if lifting.is_empty() {
        node.rows
            .extend(grouped_tests(finding).into_iter().take(MOST_TESTS / 2));
    } else {
        node.rows.extend(lifting);
    }
    node
}

fn exception(exception: &Exception) -> Vec<Row> {
    let name = if exception.cite.is_empty() {
        &exception.provision
    } else {
        &exception.cite
    };
    let id = if exception.provision.is_empty() || exception.cite.is_empty() {
        String::new()
    } else {
        format!(" ({})", exception.provision)
    };
    let mut rows = vec![
        Row::new()
            .at(TESTS, Tone::Strong, &exception.standing())
            .at(LABEL, Tone::Plain, &format!("{name}{id}")),
    ];
    if let Some(test) = exception.turns_on() {
        let lead = match exception.verdict.as_str() {
            "applies" => "holds",
            "does_not_apply" => "fails on",
            _ => "open on",
        };
        let more = exception
            .tests
            .iter()
            .filter(|each| each.result == test.result)
            .count()
            .saturating_sub(1);
        let more = if more == 0 {
            String::new()
        } else {
            format!(" (and {more} more)")
        };
        rows.push(Row::new().at(
            LABEL,
            Tone::Quiet,
            &format!("{lead} {}{more}", test.clause()),
        ));
    }
    rows
}

/// Tests by list entry, as many as can be read; the rest is counted and its entries named.
pub(super) fn grouped_tests(finding: &Finding) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut shown, mut hidden, mut entries) = (0, 0, Vec::new());
    for (entry, group) in finding.groups() {
        if shown > 0 && shown + group.len() > MOST_TESTS {
            hidden += group.len();
            if !entry.is_empty() && !entries.contains(&entry) {
                entries.push(entry);
            }
            continue;
        }
        shown += group.len();
        if !entry.is_empty() {
            let title = finding
                .entry_title(entry)
                .map_or(String::new(), |title| format!(": {title}"));
            rows.push(
                Row::new()
                    .at(TESTS, Tone::Quiet, "list entry")
                    .then(Tone::Strong, &format!("{entry}{title}")),
            );
        }
        rows.extend(tests(group.iter()));
    }
    if hidden > 0 {
        let named = if entries.is_empty() {
            String::new()
        } else {
            format!(", of {}", entries.join(", "))
        };
        rows.push(Row::new().at(
            TESTS,
            Tone::Quiet,
            &format!(
                "and {}{named}",
                words::count(hidden, "more test", "more tests")
            ),
        ));
    }
    rows
}

/// Tests in columns: result, fact, value, what is asked, evidence.
pub(super) fn tests<'a>(tests: impl Iterator<Item = &'a Test> + Clone) -> Vec<Row> {
    let widest = |of: fn(&Test) -> &str, cap: usize| {
        tests
            .clone()
            .map(|test| measure::columns(of(test)))
            .filter(|columns| *columns <= cap)
            .max()
            .unwrap_or(0)
    };
    let result = TESTS;
    let fact = result + "not known".len() + 2;
    let value = fact + widest(|test| &test.fact, FACT) + 2;
    let asks = value + widest(|test| &test.value, VALUE) + 2;
    let row = |test: &Test| {
        let answer = words::answer(&test.result);
        let evidence = if test.evidence.is_empty() {
            String::new()
        } else {
            format!("({})", test.evidence)
        };
        Row::new()
            .at(result, tone(answer.mood), &answer.words)
            .at(fact, Tone::Plain, &test.fact)
            .at(
                value,
                Tone::Strong,
                if test.value.is_empty() {
                    "not stated"
                } else {
                    &test.value
                },
            )
            .at(asks, Tone::Plain, &test.asks)
            .then(Tone::Quiet, &evidence)
    };
    tests.clone().map(row).collect()
}
