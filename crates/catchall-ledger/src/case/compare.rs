//! Compare: two determinations of one transfer, and what is different.
//!
//! A pure function of the two documents. It tells outcomes, jurisdictions, findings, what is missing, matches and flags
//! apart, and which part of the basis moved; it does not say why one led to the other, and decides nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{items, text};

/// From one thing to another; none where it was not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What: a jurisdiction, a provision (with its line, where there are several), a match.
    pub what: String,
    /// Before.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
}

/// What is different between two determinations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// The overall answer, where it changed.
    pub outcome: Option<Change>,
    /// The least and most it can be, where they changed.
    pub bounds: Option<Change>,
    /// Jurisdictions whose answer changed, by id.
    pub jurisdictions: Vec<Change>,
    /// Provisions whose verdict changed, by id.
    pub findings: Vec<Change>,
    /// Facts that are no longer missing.
    pub found_out: Vec<String>,
    /// Facts that are missing now.
    pub newly_missing: Vec<String>,
    /// Matches that came, went, or whose listing or score changed.
    pub hits: Vec<Change>,
    /// Open flags that came or went.
    pub flags: Vec<Change>,
    /// Which of `packs`, `lists`, `names`, `program` is another now.
    pub basis: Vec<String>,
}

impl Changes {
    /// Whether the answer itself is as before, whatever it rests on.
    pub fn same_answer(&self) -> bool {
        *self
            == Changes {
                basis: self.basis.clone(),
                ..Changes::default()
            }
    }

    /// In one sentence, for a log.
    pub fn says(&self) -> String {
        let mut parts = Vec::new();
        let arrow = |change: &Change| {
            let from = change.from.as_deref().unwrap_or("nothing");
            format!("{from} to {}", change.to.as_deref().unwrap_or("nothing"))
        };
        match &self.outcome {
            Some(change) => parts.push(arrow(change)),
            None if self.same_answer() => parts.push("answer as before".to_owned()),
            None => parts.push("outcome as before".to_owned()),
        }
        if self.outcome.is_none()
            && let Some(change) = &self.bounds
        {
            parts.push(format!("may be {}", arrow(change)));
        }
        for (many, what) in [
            (&self.jurisdictions, "jurisdiction"),
            (&self.findings, "finding"),
            (&self.hits, "match"),
            (&self.flags, "flag"),
        ] {
            match many.as_slice() {
                [] => {}
                [one] => parts.push(format!("{what} {}: {}", one.what, arrow(one))),
                more => parts.push(format!("{} {} changed", more.len(), plural(what))),
            }
        }
        if !self.found_out.is_empty() {
            parts.push(format!("no longer missing: {}", self.found_out.join(", ")));
        }
        if !self.newly_missing.is_empty() {
            parts.push(format!("now missing: {}", self.newly_missing.join(", ")));
        }
        if !self.basis.is_empty() {
            parts.push(format!("changed since: {}", self.basis.join(", ")));
        }
        parts.join("; ")
    }
}

fn plural(what: &str) -> String {
    match what {
        "match" => "matches".to_owned(),
        other => format!("{other}s"),
    }
}

/// What is different in `new` against `old`.
///
/// Lists are in the order of their keys, so that two runs give the same bytes. Two equal documents give
/// [`Changes::default`].
pub fn compare(old: &Value, new: &Value) -> Changes {
    let of = |document: &Value, key: &str| text(document.get(key));
    let bounds = |document: &Value| {
        let both = document.get("bounds");
        let bound = |key: &str| text(both.and_then(|both| both.get(key)));
        format!("{}..{}", bound("least"), bound("most"))
    };
    let missing = |document: &Value| {
        let list = document
            .get("missing")
            .and_then(|missing| missing.get("essential"));
        let facts: Vec<String> = items(list).map(|each| text(each.get("fact"))).collect();
        facts
    };
    let (before, after) = (missing(old), missing(new));
    let not_in = |these: &[String], those: &[String]| {
        let mut left: Vec<String> = these
            .iter()
            .filter(|fact| !those.contains(fact))
            .cloned()
            .collect();
        left.sort();
        left.dedup();
        left
    };
    let basis =
        |document: &Value, key: &str| text(document.get("basis").and_then(|basis| basis.get(key)));
    let moved = ["packs", "lists", "names", "program"].into_iter();
    Changes {
        outcome: one("outcome", of(old, "outcome"), of(new, "outcome")),
        bounds: one("bounds", bounds(old), bounds(new)),
        jurisdictions: between(&jurisdictions(old), &jurisdictions(new)),
        findings: between(&findings(old), &findings(new)),
        found_out: not_in(&before, &after),
        newly_missing: not_in(&after, &before),
        hits: between(&hits(old), &hits(new)),
        flags: between(&flags(old), &flags(new)),
        basis: moved
            .filter(|key| basis(old, key) != basis(new, key))
            .map(str::to_owned)
            .collect(),
    }
}

fn one(what: &str, from: String, to: String) -> Option<Change> {
    (from != to).then(|| Change {
        what: what.to_owned(),
        from: Some(from),
        to: Some(to),
    })
}

type Rows = BTreeMap<String, String>;

fn between(old: &Rows, new: &Rows) -> Vec<Change> {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let change = |key: &&String| {
        let (from, to) = (old.get(*key), new.get(*key));
        (from != to).then(|| Change {
            what: (*key).clone(),
            from: from.cloned(),
            to: to.cloned(),
        })
    };
    keys.iter().filter_map(change).collect()
}

fn jurisdictions(document: &Value) -> Rows {
    let rows = items(document.get("jurisdictions"));
    rows.map(|each| (text(each.get("id")), text(each.get("outcome"))))
        .collect()
}

fn findings(document: &Value) -> Rows {
    let rows = items(document.get("findings")).map(|each| {
        let provision = text(each.get("provision"));
        let key = match each.get("line").and_then(Value::as_u64) {
            Some(line) => format!("{provision} (line {line})"),
            None => provision,
        };
        let lifted = items(each.get("excepted_by"))
            .filter(|each| each.get("verdict").and_then(Value::as_str) == Some("applies"))
            .map(|each| text(each.get("provision")));
        let lifted: Vec<String> = lifted.collect();
        let verdict = text(each.get("verdict"));
        let verdict = match lifted.is_empty() {
            true => verdict,
            false => format!("{verdict}, lifted by {}", lifted.join(", ")),
        };
        (key, verdict)
    });
    rows.collect()
}

fn hits(document: &Value) -> Rows {
    let rows = items(document.get("hits")).map(|each| {
        let listing = each.get("listing");
        let of = |key: &str| text(listing.and_then(|listing| listing.get(key)));
        let score = each.get("score").and_then(Value::as_f64).unwrap_or(0.0);
        let key = format!(
            "{} {}/{}",
            text(each.get("party")),
            of("list"),
            of("source_id")
        );
        let state = format!(
            "{} {score:.3} {} {}",
            text(each.get("band")),
            of("name"),
            listing
                .and_then(|listing| listing.get("delisted")?.as_str())
                .unwrap_or_default()
        );
        (key, state.trim_end().to_owned())
    });
    rows.collect()
}

fn flags(document: &Value) -> Rows {
    let rows = items(document.get("flags")).map(|each| {
        let open = each.get("open").and_then(Value::as_bool) == Some(true);
        let state = if open { "open" } else { "answered" };
        (text(each.get("flag")), state.to_owned())
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn before() -> Value {
        json!({
            "schema": "catchall.determination/1",
            "outcome": "not_known",
            "bounds": { "least": "no_licence_required", "most": "prohibited" },
            "jurisdictions": [{ "id": "aa", "outcome": "not_known" }, { "id": "bb", "outcome": "notify" }],
            "findings": [
                { "provision": "aa/one", "verdict": "not_known", "excepted_by": [] },
                { "provision": "bb/two", "verdict": "applies", "line": 2, "excepted_by": [] },
            ],
            "missing": { "essential": [{ "fact": "item.range" }, { "fact": "exporter.informed" }] },
            "hits": [{ "party": "Kaya", "band": "review", "score": 0.41, "listing": { "list": "l", "source_id": "7", "name": "Kaja" } }],
            "flags": [{ "flag": "odd route", "open": true }],
            "basis": { "packs": "p1", "lists": "l1", "names": "n", "program": "x" },
        })
    }

    #[test]
    fn equal_documents_differ_in_nothing() {
        let changes = compare(&before(), &before());
        assert_eq!(changes, Changes::default());
        assert_eq!(changes.says(), "answer as before");
    }

    #[test]
    fn every_part_that_moved_is_told_and_nothing_else() {
        let mut after = before();
        after["outcome"] = json!("licence_required");
        after["bounds"]["least"] = json!("licence_required");
        after["bounds"]["most"] = json!("licence_required");
        after["jurisdictions"][0]["outcome"] = json!("licence_required");
        after["jurisdictions"][1] = json!({ "id": "cc", "outcome": "notify" });
        after["findings"][0]["verdict"] = json!("applies");
        after["missing"]["essential"] = json!([{ "fact": "to" }]);
        after["hits"][0]["score"] = json!(0.52);
        after["flags"][0]["open"] = json!(false);
        after["basis"]["lists"] = json!("l2");
        let changes = compare(&before(), &after);
        let change = |what: &str, from: Option<&str>, to: Option<&str>| Change {
            what: what.to_owned(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        assert_eq!(
            changes.outcome,
            Some(change(
                "outcome",
                Some("not_known"),
                Some("licence_required")
            ))
        );
        assert_eq!(
            changes.jurisdictions,
            [
                change("aa", Some("not_known"), Some("licence_required")),
                change("bb", Some("notify"), None),
                change("cc", None, Some("notify")),
            ]
        );
        assert_eq!(
            changes.findings,
            [change("aa/one", Some("not_known"), Some("applies"))]
        );
        assert_eq!(changes.found_out, ["exporter.informed", "item.range"]);
        assert_eq!(changes.newly_missing, ["to"]);
        assert_eq!(
            changes.hits,
            [change(
                "Kaya l/7",
                Some("review 0.410 Kaja"),
                Some("review 0.520 Kaja")
            )]
        );
        assert_eq!(
            changes.flags,
            [change("odd route", Some("open"), Some("answered"))]
        );
        assert_eq!(changes.basis, ["lists"]);
        assert!(!changes.same_answer());
        assert_eq!(
            changes.says(),
            "not_known to licence_required; 3 jurisdictions changed; finding aa/one: not_known to applies; \
             match Kaya l/7: review 0.410 Kaja to review 0.520 Kaja; flag odd route: open to answered; \
             no longer missing: exporter.informed, item.range; now missing: to; changed since: lists"
        );
    }

    #[test]
    fn a_new_basis_alone_leaves_the_answer_as_before() {
        let mut after = before();
        after["basis"]["packs"] = json!("p2");
        let changes = compare(&before(), &after);
        assert!(changes.same_answer());
        assert_eq!(changes.says(), "answer as before; changed since: packs");
    }

    #[test]
    fn changes_are_read_back_as_they_were_written() {
        let mut after = before();
        after["outcome"] = json!("refer");
        let changes = compare(&before(), &after);
        let written = serde_json::to_value(&changes).unwrap();
        assert_eq!(serde_json::from_value::<Changes>(written).unwrap(), changes);
    }
}
