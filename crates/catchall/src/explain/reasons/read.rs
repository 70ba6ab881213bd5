//! Read: from the document's keys to [`Reasons`], leniently; the one place that knows the keys.
//!
//! What is missing becomes empty, what has another type is put in words, what no version here knows goes to
//! `further`. All text is cleaned here; the renderings take it as it is.

use serde_json::Value;

use super::{
    Branch, DecidingSet, Exception, Finding, Flag, Hit, Missing, Near, NotChecked, Question,
    Reasons, Test, WouldChange,
};
use crate::explain::words;

impl Reasons {
    /// Reads what is there.
    pub(in crate::explain) fn read(document: &Value) -> Reasons {
        const KNOWN: &[&str] = &[
            "schema",
            "transfer",
            "asked",
            "outcome",
            "summary",
            "jurisdictions",
            "findings",
            "missing",
            "bounds",
            "hits",
            "flags",
            "near",
            "not_checked",
            "would_change",
            "basis",
            "id",
        ];
        let (asked, bounds) = (at(document, "asked"), at(document, "bounds"));
        let mut made = Reasons {
            schema: text(document, "schema"),
            transfer: text(document, "transfer"),
            id: text(document, "id"),
            as_of: text(asked, "as_of"),
            known_by: text(asked, "known_by"),
            outcome: text(document, "outcome"),
            summary: text(document, "summary"),
            least: text(bounds, "least"),
            most: text(bounds, "most"),
            missing: Missing::read(at(document, "missing")),
            hits: at(document, "hits")
                .as_array()
                .map(|all| all.iter().map(Hit::read).collect()),
            flags: list(document, "flags").iter().map(Flag::read).collect(),
            near: list(document, "near").iter().map(Near::read).collect(),
            not_checked: list(document, "not_checked")
                .iter()
                .map(NotChecked::read)
                .collect(),
            would_change: document
                .get("would_change")
                .filter(|change| !change.is_null())
                .map(WouldChange::read),
            basis: rest(at(document, "basis"), &[])
                .into_iter()
                .map(|(what, digest)| (what, stated(digest)))
                .collect(),
            further: rest(document, KNOWN),
            ..Reasons::default()
        };
        if !document.is_object() {
            made.further.push(("document".to_owned(), plain(document)));
        }
        let mut findings: Vec<Finding> = list(document, "findings")
            .iter()
            .map(Finding::read)
            .collect();
        for row in list(document, "jurisdictions") {
            let id = text(row, "id");
            let (own, others) = findings
                .into_iter()
                .partition(|finding| finding.jurisdiction == id);
            findings = others;
            made.branches.push(Branch::read(row, id, own));
        }
        made.elsewhere = findings;
        made.mark_what_decides();
        made
    }
}

impl Branch {
    fn read(row: &Value, id: String, findings: Vec<Finding>) -> Branch {
        const KNOWN: &[&str] = &[
            "id", "outcome", "bounds", "force", "nexus", "deciding", "missing", "readings",
        ];
        let (bounds, nexus) = (at(row, "bounds"), at(row, "nexus"));
        let mut absent = words_of(row, "deciding");
        let named = absent.clone();
        let mut made = Branch {
            id,
            outcome: text(row, "outcome"),
            least: text(bounds, "least"),
            most: text(bounds, "most"),
            force: text(row, "force"),
            nexus: text(nexus, "verdict"),
            nexus_tests: list(nexus, "because").iter().map(Test::read).collect(),
            missing: words_of(row, "missing"),
            readings: list(row, "readings")
                .iter()
                .map(|each| (text(each, "held_by"), text(each, "outcome")))
                .collect(),
            further: rest(row, KNOWN),
            ..Branch::default()
        };
        for finding in findings {
            absent.retain(|each| *each != finding.provision);
            let lifted = finding
                .exceptions
                .iter()
                .any(|exception| exception.verdict == "applies");
            let place = match finding.verdict.as_str() {
                "does_not_apply" if lifted => &mut made.lifted,
                "does_not_apply" => &mut made.nearly,
                _ if named.contains(&finding.provision) => &mut made.deciding,
                "applies" => &mut made.applying,
                _ => &mut made.open,
            };
            place.push(finding);
        }
        made.absent = absent;
        made
    }
}

impl Finding {
    fn read(row: &Value) -> Finding {
        const KNOWN: &[&str] = &[
            "jurisdiction",
            "provision",
            "title",
            "cite",
            "source",
            "force",
            "effect",
            "catch_all",
            "verdict",
            "line",
            "because",
            "excepted_by",
            "in_force",
            "confidence",
            "notes",
        ];
        let in_force = at(row, "in_force");
        Finding {
            jurisdiction: text(row, "jurisdiction"),
            provision: text(row, "provision"),
            title: text(row, "title"),
            cite: text(row, "cite"),
            source: text(row, "source"),
            force: text(row, "force"),
            effect: text(row, "effect"),
            catch_all: at(row, "catch_all").as_bool().unwrap_or(false),
            verdict: text(row, "verdict"),
            line: text(row, "line"),
            tests: list(row, "because").iter().map(Test::read).collect(),
            exceptions: list(row, "excepted_by")
                .iter()
                .map(Exception::read)
                .collect(),
            interval: text(in_force, "interval"),
            tested_on: text(in_force, "tested_on"),
            confidence: text(row, "confidence"),
            notes: words_of(row, "notes"),
            further: rest(row, KNOWN),
        }
    }
}

impl Exception {
    fn read(row: &Value) -> Exception {
        Exception {
            provision: text(row, "provision"),
            cite: text(row, "cite"),
            verdict: text(row, "verdict"),
            tests: list(row, "because").iter().map(Test::read).collect(),
        }
    }
}

impl Test {
    fn read(row: &Value) -> Test {
        // The program asks `is true`; people read `is yes`.
        let threshold = match text(row, "threshold") {
            yes if yes == "true" => "yes".to_owned(),
            no if no == "false" => "no".to_owned(),
            other => other,
        };
        let asks = [text(row, "operator"), threshold, text(row, "unit")];
        Test {
            fact: text(row, "fact"),
            value: text(row, "value"),
            asks: asks
                .into_iter()
                .filter(|each| !each.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            result: text(row, "result"),
            entry: text(row, "entry"),
            evidence: text(row, "evidence"),
        }
    }
}

impl Missing {
    fn read(value: &Value) -> Missing {
        let next = value
            .get("next")
            .filter(|next| !next.is_null())
            .map(Question::read);
        let mut others: Vec<Question> = list(value, "essential")
            .iter()
            .map(Question::read)
            .collect();
        if let Some(next) = &next {
            others.retain(|other| other.fact != next.fact);
        }
        let set = |row: &Value| DecidingSet {
            given: list(row, "given")
                .iter()
                .map(|each| (text(each, "fact"), text(each, "is")))
                .collect(),
            outcome: text(row, "outcome"),
        };
        Missing {
            next,
            others,
            deciding: list(value, "deciding").iter().map(set).collect(),
            at_least: at(value, "exact").as_bool() == Some(false),
        }
    }
}

impl Question {
    fn read(row: &Value) -> Question {
        // A list of bare fact keys is a list of questions too.
        let fact = row.as_str().map_or_else(|| text(row, "fact"), words::clean);
        Question {
            fact,
            question: text(row, "question"),
            ask: text(row, "ask"),
            evidence: text(row, "evidence"),
        }
    }
}

impl Hit {
    fn read(row: &Value) -> Hit {
        const KNOWN: &[&str] = &[
            "party",
            "role",
            "listing",
            "score",
            "band",
            "for",
            "against",
            "unknown",
            "alignment",
            "truncated",
        ];
        const LISTING: &[&str] = &[
            "list",
            "source_id",
            "name",
            "matched",
            "type",
            "programmes",
            "listed",
            "delisted",
            "citation",
        ];
        let listing = at(row, "listing");
        let said = |key: &str| -> Vec<String> {
            let reasons = list(row, key).iter();
            reasons.map(|reason| text(reason, "says")).collect()
        };
        let aligned: Vec<String> = list(row, "alignment")
            .iter()
            .map(
                |part| match (text(part, "asked"), text(part, "listed"), text(part, "by")) {
                    (asked, listed, _) if asked.is_empty() => format!("[{listed}]"),
                    (asked, listed, _) if listed.is_empty() => format!("({asked})"),
                    (asked, listed, by) => format!("{asked} = {listed} ({by})"),
                },
            )
            .collect();
        let mut further = Vec::new();
        for (what, all) in [
            ("names", aligned),
            ("for", said("for")),
            ("against", said("against")),
            ("could_decide", words_of(row, "unknown")),
            ("programmes", words_of(listing, "programmes")),
        ] {
            if !all.is_empty() {
                further.push((what.to_owned(), all.join("; ")));
            }
        }
        further.extend(rest(row, KNOWN));
        further.extend(rest(listing, LISTING));
        let score = row
            .get("score")
            .map_or(String::new(), |score| format!(", {score}"));
        let (from, to) = (text(listing, "listed"), text(listing, "delisted"));
        Hit {
            party: text(row, "party"),
            role: text(row, "role"),
            list: format!("{} {}", text(listing, "list"), text(listing, "source_id"))
                .trim()
                .to_owned(),
            name: text(listing, "name"),
            basis: format!("{}{score}", text(row, "band")),
            listed: match (from.is_empty(), to.is_empty()) {
                (true, true) => String::new(),
                (_, true) => format!("{from}/.."),
                (true, _) => format!("../{to}"),
                _ => format!("{from}/{to}"),
            },
            cite: text(listing, "citation"),
            further,
        }
    }
}

impl Flag {
    fn read(row: &Value) -> Flag {
        Flag {
            flag: text(row, "flag"),
            question: text(row, "question"),
            evidence: text(row, "evidence"),
            // What does not say that it was answered is not answered.
            open: at(row, "open").as_bool().unwrap_or(true),
        }
    }
}

impl Near {
    fn read(row: &Value) -> Near {
        Near {
            provision: text(row, "provision"),
            fact: text(row, "fact"),
            value: text(row, "value"),
            threshold: text(row, "threshold"),
            off_by: text(row, "off_by"),
        }
    }
}

impl NotChecked {
    fn read(row: &Value) -> NotChecked {
        NotChecked {
            what: row.as_str().map_or_else(|| text(row, "what"), words::clean),
            why: text(row, "why"),
        }
    }
}

impl WouldChange {
    fn read(row: &Value) -> WouldChange {
        WouldChange {
            fact: text(row, "fact"),
            from: text(row, "from"),
            to: text(row, "to"),
            outcome: text(row, "outcome"),
            provision: text(row, "provision"),
        }
    }
}

static NOTHING: Value = Value::Null;

fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&NOTHING)
}

fn text(value: &Value, key: &str) -> String {
    plain(at(value, key))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    at(value, key).as_array().map_or(&[], Vec::as_slice)
}

fn words_of(value: &Value, key: &str) -> Vec<String> {
    list(value, key)
        .iter()
        .map(plain)
        .filter(|each| !each.is_empty())
        .collect()
}

/// All keys but those known, in the order of their names, with what they hold.
fn rest(value: &Value, known: &[&str]) -> Vec<(String, String)> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let mut found: Vec<(String, String)> = object
        .iter()
        .filter(|(key, value)| !known.contains(&key.as_str()) && !value.is_null())
        .map(|(key, value)| (words::clean(key), plain(value)))
        .collect();
    found.sort();
    found
}

fn stated(text: String) -> String {
    if text.is_empty() {
        "not stated".to_owned()
    } else {
        text
    }
}

/// Any value in words, on one line.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => words::clean(text.trim()),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(_) => rest(value, &[])
            .into_iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect::<Vec<_>>()
            .join(", "),
    }
}
