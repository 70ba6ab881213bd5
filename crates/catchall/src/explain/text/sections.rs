//! Sections: what stands below the jurisdictions, one branch of the tree each; none where there is nothing to say.

use super::provision::{MOST_TESTS, grouped_tests, in_short};
use super::terminal::{Node, Row, Tone};
use super::{TESTS, labelled, pairs, section, tone};
use crate::explain::reasons::{Finding, Flag, Question, Reasons};
use crate::explain::words;

/// The most questions in full; the others by their facts.
const MOST_QUESTIONS: usize = 6;

/// Findings that belong to no jurisdiction of the document.
pub(super) fn elsewhere(reasons: &Reasons) -> Option<Node> {
    let mut node =
        Node::new(Row::new().then(Tone::Strong, "findings without a jurisdiction of their own"));
    let others = reasons
        .elsewhere
        .iter()
        .filter(|finding| finding.verdict != "does_not_apply");
    node.kids = others.map(|finding| in_short(finding, "")).collect();
    (!node.kids.is_empty()).then_some(node)
}

pub(super) fn nearly(reasons: &Reasons) -> Option<Node> {
    let all = reasons.nearly();
    let kids: Vec<Node> = all
        .chunk_by(|a, b| a.provision == b.provision && a.line == b.line)
        .filter_map(nearly_one)
        .collect();
    let head = format!("nearly applied, and why not ({})", kids.len());
    (!kids.is_empty()).then(|| Node {
        head: Row::new().then(Tone::Strong, &head),
        kids,
        ..Node::default()
    })
}

/// The versions of one provision that nearly applied.
fn nearly_one(versions: &[&Finding]) -> Option<Node> {
    let finding = versions.first()?;
    let line = if finding.line.is_empty() {
        String::new()
    } else {
        format!("line {}: ", finding.line)
    };
    let head = Row::new().then(Tone::Plain, &words::jurisdiction(&finding.jurisdiction));
    let mut node = Node::new(head.then(Tone::Plain, &format!("{line}{}", finding.name())));
    let cite = if finding.name() == finding.cite || finding.cite.is_empty() {
        String::new()
    } else {
        format!("; {}", finding.cite)
    };
    node.rows
        .push(Row::new().then(Tone::Quiet, &format!("{}{cite}", finding.provision)));
    for version in versions {
        node.rows
            .extend(grouped_tests(version).into_iter().take(MOST_TESTS / 2));
        if version.passed_over_by_date() {
            let said = format!(
                "passed over by its dates: in force {}",
                words::interval(&version.interval)
            );
            node.rows.push(Row::new().at(TESTS, Tone::Plain, &said));
        }
    }
    Some(node)
}

pub(super) fn missing(reasons: &Reasons) -> Option<Node> {
    let missing = &reasons.missing;
    if missing.is_empty() {
        return None;
    }
    let short = if missing.at_least {
        "; at least these"
    } else {
        ""
    };
    let mut node = Node::new(Row::new().then(Tone::Strong, &format!("missing{short}")));
    if let Some(next) = &missing.next {
        let mut first = Node::new(
            Row::new()
                .then(Tone::Unknown, "ask first:")
                .then(Tone::Strong, &next.asked()),
        );
        first.rows = whom(next);
        node.kids.push(first);
    }
    let (shown, by_fact) = missing
        .others
        .split_at(missing.others.len().min(MOST_QUESTIONS));
    for question in shown {
        let mut other = Node::new(Row::new().then(Tone::Plain, &question.asked()));
        other.rows = whom(question);
        node.kids.push(other);
    }
    if !by_fact.is_empty() {
        let facts: Vec<String> = by_fact
            .iter()
            .map(|question| question.fact.clone())
            .collect();
        let head = format!(
            "and {}:",
            words::count(facts.len(), "fact more", "facts more")
        );
        let mut more = Node::new(Row::new().then(Tone::Plain, &head));
        more.rows
            .push(Row::new().at(TESTS, Tone::Quiet, &facts.join(", ")));
        node.kids.push(more);
    }
    if !missing.deciding.is_empty() {
        let mut sets = Node::new(Row::new().then(Tone::Strong, "what would settle it"));
        for set in &missing.deciding {
            let given: Vec<String> = set
                .given
                .iter()
                .map(|(fact, is)| format!("{fact} is {is}"))
                .collect();
            let outcome = words::outcome(&set.outcome);
            let row = Row::new().at(TESTS, Tone::Quiet, "if").at(
                TESTS + 3,
                Tone::Plain,
                &given.join(" and "),
            );
            sets.rows.push(
                row.then(Tone::Quiet, "then")
                    .then(tone(outcome.mood), &outcome.words.to_uppercase()),
            );
        }
        node.kids.push(sets);
    }
    Some(node)
}

fn whom(question: &Question) -> Vec<Row> {
    let mut rows = vec![labelled("fact", &question.fact)];
    rows.extend(
        [("ask", &question.ask), ("shown by", &question.evidence)]
            .iter()
            .filter(|(_, said)| !said.is_empty())
            .map(|(label, said)| labelled(label, said)),
    );
    rows
}

pub(super) fn hits(reasons: &Reasons) -> Option<Node> {
    let hits = reasons.hits.as_ref()?;
    if hits.is_empty() {
        let said = "no party met a name of the lists held; that is not a clearance";
        return section(
            "possible matches with listed parties",
            vec![Row::new().then(Tone::Plain, said)],
        );
    }
    let mut node = Node::new(Row::new().then(Tone::Strong, "possible matches with listed parties"));
    for hit in hits {
        let mut one = Node::new(
            Row::new()
                .then(Tone::Strong, &hit.party)
                .then(Tone::Quiet, &format!("({})", words::opened(&hit.role))),
        );
        one.rows
            .push(labelled("listed as", &hit.name).then(Tone::Quiet, &format!("({})", hit.basis)));
        one.rows.push(labelled("list", &hit.list));
        one.rows
            .push(labelled("listed", &words::interval(&hit.listed)));
        one.rows.push(labelled("citation", &hit.cite));
        one.rows.extend(pairs(&hit.further));
        node.kids.push(one);
    }
    Some(node)
}

pub(super) fn flags(reasons: &Reasons) -> Option<Node> {
    let one = |flag: &Flag| {
        let (word, tone) = if flag.open {
            ("[open]", Tone::Refer)
        } else {
            ("[answered]", Tone::Plain)
        };
        let mut node = Node::new(Row::new().then(tone, word).then(Tone::Plain, &flag.flag));
        node.rows.push(labelled("question", &flag.question));
        node.rows.push(labelled("noticed in", &flag.evidence));
        node
    };
    let label = if reasons.flags_decide() {
        " (to be judged: the answer waits for these)"
    } else {
        ""
    };
    let kids: Vec<Node> = reasons.flags.iter().map(one).collect();
    (!kids.is_empty()).then(|| Node {
        head: Row::new().then(Tone::Strong, &format!("flags{label}")),
        kids,
        ..Node::default()
    })
}

pub(super) fn near(reasons: &Reasons) -> Option<Node> {
    let rows = reasons.near.iter().map(|near| {
        let off = if near.off_by.is_empty() {
            String::new()
        } else {
            format!("off by {}", near.off_by)
        };
        labelled(
            &near.fact,
            &format!("{}, listed: {}", near.value, near.threshold),
        )
        .then(Tone::Strong, &off)
        .then(Tone::Quiet, &format!("({})", near.provision))
    });
    section(
        "figures close to a threshold, on the permitted side",
        rows.collect(),
    )
}

pub(super) fn would_change(reasons: &Reasons) -> Option<Node> {
    let change = reasons.would_change.as_ref()?;
    let outcome = words::outcome(&change.outcome);
    let said = format!(
        "if {} were {} instead of {}:",
        change.fact, change.to, change.from
    );
    let by = if change.provision.is_empty() {
        String::new()
    } else {
        format!("({})", change.provision)
    };
    let row = Row::new()
        .then(Tone::Plain, &said)
        .then(tone(outcome.mood), &outcome.words.to_uppercase())
        .then(Tone::Quiet, &by);
    section("what would change it", vec![row])
}

pub(super) fn not_checked(reasons: &Reasons) -> Option<Node> {
    let mut rows = Vec::new();
    for (instrument, parts) in reasons.not_checked_by_instrument() {
        rows.push(Row::new().then(Tone::Plain, instrument));
        for (part, why) in parts {
            let gap = if part.is_empty() || why.is_empty() {
                ""
            } else {
                ": "
            };
            rows.push(Row::new().at(TESTS, Tone::Quiet, "-").at(
                TESTS + 2,
                Tone::Quiet,
                &format!("{part}{gap}{why}"),
            ));
        }
    }
    section("not checked", rows)
}

pub(super) fn basis(reasons: &Reasons) -> Option<Node> {
    let mut rows: Vec<Row> = reasons
        .basis
        .iter()
        .map(|(what, digest)| labelled(what, &words::digest(digest)))
        .collect();
    if !reasons.id.is_empty() {
        rows.push(labelled("this answer", &words::digest(&reasons.id)));
    }
    section("rests on", rows)
}
