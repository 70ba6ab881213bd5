//! The scorer: a reading against gold, layer by layer. Used by `examples/score.rs` and by the corpus test.
//!
//! Every layer is counted as true, found and wanted, so that documents add up. A statement matches where spans overlap by half
//! or more of the shorter one; among those, the one with the same speaker and kind is taken. No layer is averaged by document.

#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use serde_json::Value;

/// True, found, wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    pub right: usize,
    pub found: usize,
    pub wanted: usize,
}

impl Count {
    pub fn add(&mut self, other: Count) {
        self.right += other.right;
        self.found += other.found;
        self.wanted += other.wanted;
    }

    pub fn precision(&self) -> f64 {
        if self.found == 0 {
            1.0
        } else {
            self.right as f64 / self.found as f64
        }
    }

    pub fn recall(&self) -> f64 {
        if self.wanted == 0 {
            1.0
        } else {
            self.right as f64 / self.wanted as f64
        }
    }

    pub fn f1(&self) -> f64 {
        if self.found + self.wanted == 0 {
            1.0
        } else {
            2.0 * self.right as f64 / (self.found + self.wanted) as f64
        }
    }
}

pub type Scores = BTreeMap<&'static str, Count>;

fn list<'a>(document: &'a Value, key: &str) -> &'a [Value] {
    document[key].as_array().map_or(&[], Vec::as_slice)
}

fn span(record: &Value) -> (u64, u64) {
    (
        record["span"][0].as_u64().unwrap_or(0),
        record["span"][1].as_u64().unwrap_or(0),
    )
}

fn overlap(a: (u64, u64), b: (u64, u64)) -> f64 {
    let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let shorter = (a.1 - a.0).min(b.1 - b.0).max(1);
    shared as f64 / shorter as f64
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_default()
        .to_lowercase()
        .replace('’', "'")
}

/// Pairs each wanted record with the best free one found; a pair needs a positive score.
fn pair(
    wanted: &[Value],
    found: &[Value],
    score: impl Fn(&Value, &Value) -> f64,
) -> Vec<(usize, usize)> {
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (a, gold) in wanted.iter().enumerate() {
        for (b, own) in found.iter().enumerate() {
            let value = score(gold, own);
            if value > 0.0 {
                all.push((value, a, b));
            }
        }
    }
    all.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut left, mut right, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for (_, a, b) in all {
        if !left.contains(&a) && !right.contains(&b) {
            left.push(a);
            right.push(b);
            pairs.push((a, b));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn simple(wanted: &[Value], found: &[Value], score: impl Fn(&Value, &Value) -> f64) -> Count {
    Count {
        right: pair(wanted, found, score).len(),
        found: found.len(),
        wanted: wanted.len(),
    }
}

fn strings(value: &Value) -> Vec<String> {
    let mut all: Vec<String> = value.as_array().into_iter().flatten().map(text).collect();
    all.sort();
    all
}

/// Words of a name that tell it from others.
fn key_words(name: &str) -> Vec<String> {
    name.to_lowercase()
        .replace(['’', '\''], " ")
        .replace("u.s.", "american")
        .replace("united states", "american")
        .split(|piece: char| !piece.is_alphanumeric())
        .filter(|word| word.len() > 2 && !["the", "and", "for", "senior", "unnamed"].contains(word))
        .map(|word| word.trim_end_matches('s').to_owned())
        .collect()
}

fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (key_words(a), key_words(b));
    if a.is_empty() || b.is_empty() {
        return a.is_empty() && b.is_empty();
    }
    a.last() == b.last()
        && (a.len() == 1
            || b.len() == 1
            || a.iter().any(|word| b[..b.len() - 1].contains(word))
            || a.len() > 3)
        || a.iter().all(|word| b.contains(word))
        || b.iter().all(|word| a.contains(word))
}

pub fn same_speaker(gold: &Value, own: &Value) -> bool {
    let (a, b) = (&gold["speaker"], &own["speaker"]);
    let (name, other) = (text(&a["name"]), text(&b["name"]));
    if name.is_empty() || other.is_empty() {
        return name.is_empty() && other.is_empty();
    }
    same_name(&name, &other) || (!text(&a["party"]).is_empty() && a["party"] == b["party"])
}

fn kind_fits(gold: &Value, own: &Value) -> bool {
    gold["kind"] == own["kind"]
        || gold["kind_ok"]
            .as_array()
            .is_some_and(|ok| ok.contains(&own["kind"]))
}

fn statement_score(gold: &Value, own: &Value) -> f64 {
    let shared = overlap(span(gold), span(own));
    if shared < 0.5 {
        return 0.0;
    }
    shared
        + if same_speaker(gold, own) { 2.0 } else { 0.0 }
        + if kind_fits(gold, own) { 1.0 } else { 0.0 }
        + if gold["kind"] == own["kind"] {
            0.2
        } else {
            0.0
        }
}

fn party_score(gold: &Value, own: &Value) -> f64 {
    let names = |record: &Value| -> Vec<String> {
        let mut all = strings(&record["aliases"]);
        all.push(text(&record["name"]));
        all
    };
    let (a, b) = (names(gold), names(own));
    let shared = a.iter().filter(|name| b.contains(name)).count();
    let spans = |record: &Value| -> Vec<(u64, u64)> {
        list(record, "spans")
            .iter()
            .map(|span| (span[0].as_u64().unwrap(), span[1].as_u64().unwrap()))
            .collect()
    };
    let (x, y) = (spans(gold), spans(own));
    let hits = x
        .iter()
        .filter(|one| y.iter().any(|other| overlap(**one, *other) > 0.5))
        .count();
    if hits == 0 && shared == 0 {
        0.0
    } else {
        hits as f64 + shared as f64 * 0.1
    }
}

/// Mentions: every span of every record, matched by overlap.
fn mentions(wanted: &[Value], found: &[Value]) -> Count {
    let spans = |records: &[Value]| -> Vec<Value> {
        records
            .iter()
            .flat_map(|record| {
                list(record, "spans")
                    .iter()
                    .map(|span| serde_json::json!({ "span": span }))
            })
            .collect()
    };
    let (a, b) = (spans(wanted), spans(found));
    simple(&a, &b, |gold, own| overlap(span(gold), span(own)))
}

/// Scores one reading.
pub fn score(gold: &Value, own: &Value) -> Scores {
    let mut scores = Scores::new();
    let publication = |key: &str| gold["publication"][key] == own["publication"][key];
    let header = ["title", "volume", "issue"];
    scores.insert(
        "header",
        Count {
            right: header.iter().filter(|key| publication(key)).count(),
            found: 3,
            wanted: 3,
        },
    );
    let day = own["publication"]["date"].as_str().unwrap_or("");
    let (low, high) = (
        gold["publication"]["earliest"].as_str().unwrap_or(""),
        gold["publication"]["latest"].as_str().unwrap_or(""),
    );
    let within = publication("date") || (low <= day && day <= high && !day.is_empty());
    scores.insert(
        "publication",
        Count {
            right: usize::from(within),
            found: 1,
            wanted: 1,
        },
    );
    scores.insert(
        "publication exact",
        Count {
            right: usize::from(publication("date")),
            found: 1,
            wanted: 1,
        },
    );
    scores.insert(
        "segments",
        simple(list(gold, "segments"), list(own, "segments"), |a, b| {
            if a["kind"] == b["kind"] {
                overlap(span(a), span(b))
            } else {
                0.0
            }
        }),
    );
    scores.insert(
        "citations",
        simple(list(gold, "citations"), list(own, "citations"), |a, b| {
            let same = strings(&a["outlets"]) == strings(&b["outlets"])
                && a["date"] == b["date"]
                && a["date_end"] == b["date_end"];
            if same { overlap(span(a), span(b)) } else { 0.0 }
        }),
    );
    scores.insert(
        "backrefs",
        simple(list(gold, "backrefs"), list(own, "backrefs"), |a, b| {
            if a["date"] == b["date"] {
                overlap(span(a), span(b))
            } else {
                0.0
            }
        }),
    );
    let dates = (list(gold, "dates"), list(own, "dates"));
    scores.insert(
        "dates",
        simple(dates.0, dates.1, |a, b| {
            if a["value"] == b["value"] {
                overlap(span(a), span(b))
            } else {
                0.0
            }
        }),
    );
    scores.insert(
        "dates overlap",
        simple(dates.0, dates.1, |a, b| overlap(span(a), span(b))),
    );
    statements(gold, own, &mut scores);
    scores.insert(
        "parties",
        simple(list(gold, "parties"), list(own, "parties"), party_score),
    );
    scores.insert(
        "party mentions",
        mentions(list(gold, "parties"), list(own, "parties")),
    );
    scores.insert(
        "technology",
        simple(list(gold, "technology"), list(own, "technology"), |a, b| {
            f64::from(u8::from(a["id"] == b["id"]))
        }),
    );
    scores.insert(
        "technology mentions",
        mentions(list(gold, "technology"), list(own, "technology")),
    );
    scores.insert(
        "instruments",
        simple(
            list(gold, "instruments"),
            list(own, "instruments"),
            party_like,
        ),
    );
    scores.insert(
        "commitments",
        simple(
            list(gold, "commitments"),
            list(own, "commitments"),
            |a, b| {
                if same_name(&text(&a["who"]), &text(&b["who"])) || a["country"] == b["country"] {
                    overlap(span(a), span(b))
                } else {
                    0.0
                }
            },
        ),
    );
    deadlines(gold, own, &mut scores);
    if !gold["untold"].is_null() {
        // Nothing in the text fixes the year: no reader can be right, only honest.
        let sure = own["publication"]["confidence"].as_str().unwrap_or("");
        for layer in [
            "publication",
            "publication exact",
            "citations",
            "backrefs",
            "dates",
            "said",
            "cites",
            "deadlines",
        ] {
            scores.remove(layer);
        }
        let honest = usize::from(!matches!(sure, "exact" | "high"));
        scores.insert(
            "untold years",
            Count {
                right: honest,
                found: 1,
                wanted: 1,
            },
        );
    }
    scores.insert(
        "transfers",
        simple(
            list(gold, "transfers"),
            list(own, "transfers"),
            transfer_score,
        ),
    );
    scores
}

fn party_like(gold: &Value, own: &Value) -> f64 {
    if gold["id"] == own["id"] {
        return 5.0;
    }
    let spans = |record: &Value| -> Vec<(u64, u64)> {
        list(record, "spans")
            .iter()
            .map(|span| (span[0].as_u64().unwrap(), span[1].as_u64().unwrap()))
            .collect()
    };
    let own_spans = spans(own);
    spans(gold)
        .iter()
        .filter(|one| own_spans.iter().any(|other| overlap(**one, *other) > 0.5))
        .count() as f64
}

fn transfer_score(gold: &Value, own: &Value) -> f64 {
    let same = |key: &str| same_name(&text(&gold[key]), &text(&own[key]));
    if !same("from") || !same("to") {
        return 0.0;
    }
    let (a, b) = (strings(&gold["technology"]), strings(&own["technology"]));
    let shared = a.iter().filter(|tech| b.contains(tech)).count();
    1.0 + shared as f64
        + if gold["status"] == own["status"] {
            0.5
        } else {
            0.0
        }
}

fn deadlines(gold: &Value, own: &Value, scores: &mut Scores) {
    let dated = |document: &Value| -> Vec<Value> {
        list(document, "commitments")
            .iter()
            .filter(|record| !record["deadline"].is_null())
            .cloned()
            .collect()
    };
    let (a, b) = (dated(gold), dated(own));
    scores.insert(
        "deadlines",
        simple(&a, &b, |a, b| {
            if a["deadline"] == b["deadline"] {
                overlap(span(a), span(b))
            } else {
                0.0
            }
        }),
    );
}

fn statements(gold: &Value, own: &Value, scores: &mut Scores) {
    let (wanted, found) = (list(gold, "statements"), list(own, "statements"));
    let pairs = pair(wanted, found, statement_score);
    let of = |right: usize| Count {
        right,
        found: found.len(),
        wanted: wanted.len(),
    };
    let count = |test: &dyn Fn(&Value, &Value) -> bool| {
        pairs
            .iter()
            .filter(|(a, b)| test(&wanted[*a], &found[*b]))
            .count()
    };
    scores.insert("statements", of(pairs.len()));
    scores.insert("speakers", of(count(&same_speaker)));
    scores.insert("kinds", of(count(&kind_fits)));
    scores.insert("kinds strict", of(count(&|a, b| a["kind"] == b["kind"])));
    scores.insert(
        "anonymity",
        of(count(&|a, b| {
            a["speaker"]["anonymity"] == b["speaker"]["anonymity"]
        })),
    );
    scores.insert(
        "cites",
        of(count(&|a, b| {
            strings(&a["outlets"]) == strings(&b["outlets"])
        })),
    );
    scores.insert("hedged", of(count(&|a, b| a["hedged"] == b["hedged"])));
    let quoted = |list: &[Value]| list.iter().filter(|record| record["quote"] == true).count();
    scores.insert(
        "quotes",
        Count {
            right: count(&|a, b| a["quote"] == true && b["quote"] == true),
            found: quoted(found),
            wanted: quoted(wanted),
        },
    );
    let said = |list: &[Value]| {
        list.iter()
            .filter(|record| !record["said"].is_null())
            .count()
    };
    scores.insert(
        "said",
        Count {
            right: count(&|a, b| !a["said"].is_null() && a["said"] == b["said"]),
            found: said(found),
            wanted: said(wanted),
        },
    );
    let place: BTreeMap<String, String> = pairs
        .iter()
        .map(|(a, b)| (text(&found[*b]["id"]), text(&wanted[*a]["id"])))
        .collect();
    let mapped = |id: &Value| place.get(&text(id)).cloned().unwrap_or_default();
    let same = |a: &Value, b: &Value| {
        let (x, y) = (mapped(&b["a"]), mapped(&b["b"]));
        let (p, q) = (text(&a["a"]), text(&a["b"]));
        f64::from(u8::from((p == x && q == y) || (p == y && q == x)))
    };
    scores.insert(
        "contradictions",
        simple(
            list(gold, "contradictions"),
            list(own, "contradictions"),
            same,
        ),
    );
}

/// The order of the corpus: by the number that opens a file's name, so that halves stay what they were when the corpus grows.
pub fn place(path: &std::path::Path) -> (u32, String) {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(0), name)
}

/// Adds one document's counts.
pub fn merge(total: &mut Scores, own: &Scores) {
    for (layer, count) in own {
        total.entry(layer).or_default().add(*count);
    }
}
