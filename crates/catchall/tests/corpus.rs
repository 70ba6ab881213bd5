//! Worked cases: transfers with the answer that an export-control lawyer would give, in `corpus/transfers`.
//!
//! One place knows the API; cases are data. No case may come out more permissively than any accepted answer.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use catchall::{batch, load};
use catchall_assess::{AskedFor, Assessor, Detail, Digests, Imported, Room};
use serde_json::Value;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn assessor() -> (Assessor, load::Loaded) {
    let loaded = load::load(Some(&root().join("packs"))).unwrap();
    let law = load::law(&loaded).unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|each| format!("{each}\n"))
                .collect::<String>()
        )
    });
    (
        Assessor::new(
            law,
            Imported::default(),
            AskedFor::default(),
            &Digests::default(),
        )
        .unwrap(),
        loaded,
    )
}

/// Everything an answer cites, in lower case.
fn cited(made: &Value) -> String {
    let mut all = String::new();
    for finding in made["findings"].as_array().unwrap() {
        for key in ["provision", "title", "cite", "confidence"] {
            all.push_str(finding[key].as_str().unwrap());
            all.push('\n');
        }
        all.push_str(finding["in_force"]["interval"].as_str().unwrap());
        all.push('\n');
        let tests = finding["because"].as_array().unwrap().iter();
        let tried = finding["excepted_by"].as_array().unwrap();
        for passed in tried {
            all.push_str(passed["cite"].as_str().unwrap());
            all.push('\n');
        }
        for test in tests.chain(
            tried
                .iter()
                .flat_map(|passed| passed["because"].as_array().unwrap()),
        ) {
            for key in ["threshold", "entry"] {
                all.push_str(test[key].as_str().unwrap_or_default());
                all.push('\n');
            }
        }
        for note in finding["notes"].as_array().into_iter().flatten() {
            all.push_str(note.as_str().unwrap());
            all.push('\n');
        }
    }
    all.to_lowercase()
}

fn asked(made: &Value) -> String {
    let questions = made["missing"]["essential"].as_array().unwrap().iter();
    questions
        .map(|each| {
            format!(
                "{} {}\n",
                each["fact"].as_str().unwrap(),
                each["question"].as_str().unwrap()
            )
        })
        .collect::<String>()
        .to_lowercase()
}

/// Whether a fragment stands in a text as whole words.
fn holds(text: &str, fragment: &str) -> bool {
    let fragment = fragment.to_lowercase();
    text.match_indices(&fragment).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + fragment.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn rank(outcome: &str) -> Option<usize> {
    catchall_model::Effect::ALL
        .iter()
        .position(|effect| effect.word() == outcome)
}

/// Every file of worked cases, in the order of the alphabet.
fn collections() -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(root().join("corpus/transfers"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".jsonl"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_worked_case_has_an_accepted_answer_with_its_citation() {
    let (assessor, loaded) = assessor();
    let decoder = batch::Decoder::of_json("corpus", std::sync::Arc::new(loaded.places));
    let mut failures = Vec::new();
    let mut count = 0;
    for file in collections() {
        let path = root().join("corpus/transfers").join(&file);
        for (line, text) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            let case: Value = serde_json::from_str(text).unwrap();
            count += 1;
            let raw = batch::Raw {
                row: line as u64 + 1,
                line: None,
                record: batch::RawRecord::Json(case["transfer"].to_string().into_bytes()),
            };
            let mut fail = |what: String| {
                failures.push(format!(
                    "{file}:{} {}: {what}",
                    line + 1,
                    case["case"].as_str().unwrap()
                ))
            };
            let transfer = match decoder.decode(&raw) {
                Ok(transfer) => transfer,
                Err(rejects) => {
                    fail(format!(
                        "rejected: {} {}",
                        rejects[0].problem, rejects[0].cure
                    ));
                    continue;
                }
            };
            let made = match assessor.assess(&transfer, Detail::Full, &mut Room::default()) {
                Ok(made) => serde_json::to_value(&made).unwrap(),
                Err(errors) => {
                    fail(format!(
                        "rejected: {} {} {}",
                        errors[0].path, errors[0].problem, errors[0].cure
                    ));
                    continue;
                }
            };
            let expect = &case["expect"];
            let id = expect["jurisdiction"].as_str().unwrap();
            let own = made["jurisdictions"]
                .as_array()
                .unwrap()
                .iter()
                .find(|each| each["id"] == id);
            let (found, bounds) = own.map_or((&made["outcome"], &made["bounds"]), |own| {
                (&own["outcome"], &own["bounds"])
            });
            let found = found.as_str().unwrap();
            let accepted: Vec<&str> = expect["outcome"]
                .as_array()
                .unwrap()
                .iter()
                .map(|each| each.as_str().unwrap())
                .collect();
            if !accepted.contains(&found) {
                let weakest = accepted.iter().filter_map(|each| rank(each)).min();
                let permits = match (rank(found), weakest) {
                    (Some(found), Some(weakest)) => found < weakest,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                let worse = if permits { "MORE PERMISSIVE: " } else { "" };
                fail(format!(
                    "{worse}expected {}, found {found} (missing {}; overall {})",
                    accepted.join(" or "),
                    own.map_or(&made["missing"], |own| &own["missing"]),
                    made["outcome"]
                ));
            }
            let cites = cited(&made);
            for key in expect["cite"].as_array().into_iter().flatten() {
                if !key
                    .as_str()
                    .unwrap()
                    .split('|')
                    .any(|each| holds(&cites, each))
                {
                    fail(format!("nothing cites {key}"));
                }
            }
            if expect["catch_all"] == true && accepted.contains(&found) {
                let deciding = own.map_or(Vec::new(), |own| {
                    own["deciding"].as_array().unwrap().clone()
                });
                let caught = made["findings"].as_array().unwrap().iter().any(|finding| {
                    deciding.contains(&finding["provision"]) && finding["catch_all"] == true
                });
                if !caught {
                    fail("the deciding finding is no catch-all".to_owned());
                }
            }
            if found == "not_known" {
                for end in ["least", "most"] {
                    let wanted = &expect["bounds"][end];
                    if !wanted.is_null() && *wanted != bounds[end] {
                        fail(format!(
                            "bounds: expected {end} {wanted}, found {}",
                            bounds[end]
                        ));
                    }
                }
                let questions = asked(&made);
                for key in expect["ask"].as_array().into_iter().flatten() {
                    if !key
                        .as_str()
                        .unwrap()
                        .split('|')
                        .any(|each| questions.contains(&each.to_lowercase()))
                    {
                        fail(format!("nothing asks {key}"));
                    }
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {count} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(count >= 2250, "only {count} cases were read");
}
