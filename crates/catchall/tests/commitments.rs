//! Undertakings and suppliers with a known answer, in `corpus/commitments` and `corpus/determinations`.
//!
//! One place knows the API; cases are data. All failures are told, each with its file and line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use catchall::commitments::{self, Asked};
use catchall::load;
use catchall::suppliers::{Supplier, Suppliers};
use catchall_assess::{Digests, Room};
use catchall_law::Law;
use catchall_model::{Day, Places};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn law() -> (Law, Places) {
    let loaded = load::load(Some(&root().join("packs"))).unwrap();
    let law = load::law_to_answer(&loaded).unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|each| format!("{each}\n"))
                .collect::<String>()
        )
    });
    (law, loaded.places)
}

fn cases(path: &str) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    text.lines()
        .enumerate()
        .map(|(line, text)| {
            let case: Value = serde_json::from_str(text).unwrap();
            let name = case["case"].as_str().unwrap_or_default();
            (format!("{path}:{} {name}", line + 1), case)
        })
        .collect()
}

fn words(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Fragments of which none stands in the text.
fn absent(text: &str, keys: &Value) -> Vec<String> {
    let text = text.to_lowercase();
    words(keys)
        .into_iter()
        .filter(|key| {
            !key.split('|')
                .any(|each| text.contains(&each.to_lowercase()))
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_undertaking_with_a_known_standing_stands_so() {
    let (law, places) = law();
    let mut failures = Vec::new();
    let mut all = cases("corpus/commitments/cases.jsonl");
    all.extend(cases("corpus/commitments/tenth.jsonl"));
    for (at, case) in &all {
        let acts = case["acts"].as_array().cloned().unwrap_or_default();
        let bytes = Value::Array(acts.clone()).to_string().into_bytes();
        let further = commitments::read_further(&law, &places, &[("case".to_owned(), bytes)]);
        if !further.rejects.is_empty() {
            failures.push(format!("{at}: {:?}", further.rejects));
            continue;
        }
        let on = Day::parse(case["on"].as_str().unwrap()).unwrap();
        let asked = Asked {
            on,
            known_by: law.newest_recorded.unwrap(),
            through: on,
        };
        let id = case["undertaking"].as_str().unwrap();
        let Some(undertaking) = further.record.undertaking(id) else {
            failures.push(format!("{at}: no undertaking `{id}`"));
            continue;
        };
        let made = commitments::document(
            &law,
            &further.record,
            &further.digest,
            &places,
            undertaking,
            asked,
        );
        let own = case["party"].as_str().map(|party| {
            made.parties
                .iter()
                .find(|each| each.party == party)
                .unwrap()
        });
        let (standing, in_force) = own.map_or((made.standing, made.in_force), |own| {
            (own.standing, own.in_force)
        });
        let expect = &case["expect"];
        if !words(&expect["standing"]).contains(&standing.word()) {
            failures.push(format!(
                "{at}: expected {}, found {standing}: {}",
                expect["standing"], made.summary
            ));
        }
        if let Some(wanted) = expect["in_force"].as_str()
            && wanted != in_force.word()
        {
            failures.push(format!(
                "{at}: expected in force {wanted}, found {in_force}"
            ));
        }
        let cited = serde_json::to_string(&made).unwrap();
        for key in absent(&cited, &expect["cite"]) {
            failures.push(format!("{at}: nothing cites {key}"));
        }
        let asked: String = made
            .parties
            .iter()
            .flat_map(|party| party.missing.clone())
            .collect();
        for key in absent(&asked, &expect["ask"]) {
            failures.push(format!("{at}: nothing asks {key}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        all.len(),
        failures.join("\n")
    );
    assert!(all.len() >= 300);
}

fn determine(suppliers: &Suppliers, row: &Value) -> Result<Supplier, String> {
    let read = suppliers.read("case", row.to_string().as_bytes());
    let reported = read
        .into_iter()
        .next()
        .unwrap()
        .map_err(|rejects| format!("{rejects:?}"))?;
    suppliers
        .determine(&reported, &mut Room::default())
        .map_err(|rejects| format!("{rejects:?}"))
}

fn suppliers() -> Suppliers {
    let (law, places) = law();
    Suppliers::new(law, None, Arc::new(places), None, None, &Digests::default()).unwrap()
}

#[test]
fn every_supplier_with_a_known_answer_gets_it() {
    let suppliers = suppliers();
    let mut failures = Vec::new();
    let mut all = cases("corpus/determinations/cases.jsonl");
    all.extend(cases("corpus/determinations/tenth.jsonl"));
    for (at, case) in &all {
        let expect = &case["expect"];
        let made = match determine(&suppliers, &case["report"]) {
            Ok(made) => made,
            Err(why) => {
                failures.push(format!("{at}: rejected: {why}"));
                continue;
            }
        };
        let mut fail = |what: String| failures.push(format!("{at}: {what}; {}", made.summary));
        // A case may ask one law alone.
        let own = case["law"]
            .as_str()
            .map(|law| made.laws.iter().find(|row| row.law == law).unwrap());
        let found = own.map_or(made.sanctionable, |row| row.sanctionable);
        if !words(&expect["sanctionable"]).contains(&found.word()) {
            let open: Vec<&str> = made
                .missing
                .iter()
                .map(|question| question.fact.as_str())
                .collect();
            fail(format!(
                "expected {}, found {} (open: {})",
                expect["sanctionable"],
                found,
                open.join(", ")
            ));
        }
        let laws = serde_json::to_string(&made.laws).unwrap();
        for key in absent(&laws, &expect["cite"]) {
            fail(format!("nothing cites {key}"));
        }
        let asked = serde_json::to_string(&made.missing).unwrap();
        for key in absent(&asked, &expect["ask"]) {
            fail(format!("nothing asks {key}"));
        }
        let strongest = own.or_else(|| {
            made.laws
                .iter()
                .find(|law| law.sanctionable == made.sanctionable)
        });
        if let Some(wanted) = expect["measures"].as_str()
            && !strongest.is_some_and(|law| {
                !law.measures.is_empty() && law.measures.iter().all(|row| row.duty.word() == wanted)
            })
        {
            fail(format!("expected {wanted} measures"));
        }
        if let Some(wanted) = expect["report_due"].as_str() {
            let due: Vec<String> = made
                .laws
                .iter()
                .filter_map(|law| law.report.as_ref().map(|row| row.due.to_string()))
                .collect();
            if due != [wanted] {
                fail(format!("expected a report by {wanted}, found {due:?}"));
            }
        }
        if let Some(wanted) = expect["status"].as_str()
            && strongest.is_none_or(|law| law.status.state != wanted)
        {
            fail(format!(
                "expected status {wanted}, found {:?}",
                strongest.map(|law| &law.status)
            ));
        }
        if let Some(wanted) = expect["not_acting"].as_str()
            && !strongest.is_some_and(|law| {
                law.not_acting
                    .as_ref()
                    .is_some_and(|idle| idle.stated.contains(wanted))
            })
        {
            fail(format!("expected the reason for not acting: {wanted}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        all.len(),
        failures.join("\n")
    );
    assert!(all.len() >= 300);
}

#[test]
fn the_measures_of_1998_and_1999_come_out_as_they_happened() {
    let suppliers = suppliers();
    let text = std::fs::read(root().join("corpus/determinations/record.jsonl")).unwrap();
    let mut named = Vec::new();
    for row in suppliers.read("record", &text) {
        let made = suppliers
            .determine(&row.unwrap(), &mut Room::default())
            .unwrap();
        let state = made
            .laws
            .iter()
            .map(|law| law.status.state)
            .find(|state| *state == "in_force");
        named.push((made.report.clone(), made.sanctionable.word(), state));
    }
    let of = |day: &str, answer: &str, state: Option<&str>| {
        named
            .iter()
            .filter(|row| row.0.starts_with(day) && row.1 == answer && row.2 == state)
            .count()
    };
    assert_eq!(
        of("1998-07", "discretionary", Some("in_force")),
        7,
        "{named:?}"
    );
    assert_eq!(of("1998-07", "not_known", None), 2, "{named:?}");
    assert_eq!(
        of("1999-01", "discretionary", Some("in_force")),
        3,
        "{named:?}"
    );
    assert_eq!(of("1992-05", "mandatory", Some("in_force")), 1, "{named:?}");
    assert_eq!(named.len(), 13);
}

#[test]
fn a_law_asked_alone_answers_as_it_does_among_all() {
    let all = suppliers();
    let (law, places) = law();
    let places = Arc::new(places);
    let mut packs: Vec<String> = law
        .sanctions
        .iter()
        .map(|each| each.provision.jurisdiction.clone())
        .collect();
    packs.sort();
    packs.dedup();
    let digests = Digests::default();
    let one = |pack: &str| {
        let law = law.clone();
        Suppliers::new(law, Some(pack), places.clone(), None, None, &digests)
    };
    let mut rows = cases("corpus/determinations/cases.jsonl");
    rows.extend(cases("corpus/determinations/tenth.jsonl"));
    for pack in &packs {
        let alone = one(pack).unwrap();
        for (at, case) in &rows {
            let among = determine(&all, &case["report"]).unwrap();
            let own = determine(&alone, &case["report"]).unwrap();
            let among = among.laws.iter().find(|row| row.law == *pack).unwrap();
            assert_eq!(own.laws.len(), 1, "{at}");
            assert_eq!(own.laws[0].sanctionable, among.sanctionable, "{at}: {pack}");
            assert_eq!(own.laws[0].lifted_by, among.lifted_by, "{at}: {pack}");
        }
    }
    assert!(packs.len() >= 5);
    let unknown = one("us-ina").err().unwrap().to_string();
    assert!(unknown.contains("us-ina-2000"), "{unknown}");
}

#[test]
fn a_row_of_two_persons_gives_two_answers() {
    let suppliers = suppliers();
    let row = serde_json::json!({ "id": "both", "person": "Glavkosmos; ISRO", "person_country": "RU; IN", "item": "engines",
        "code": "2.A.1", "code_list": "mtcr", "date": "1992-01-01", "to": "IN", "knowing": true, "credibility": "credible",
        "determined": "1992-05-11" });
    let made: Vec<Supplier> = suppliers
        .read("case", row.to_string().as_bytes())
        .into_iter()
        .map(|row| {
            suppliers
                .determine(&row.unwrap(), &mut Room::default())
                .unwrap()
        })
        .collect();
    let found: Vec<(&str, &str)> = made
        .iter()
        .map(|each| (each.person.name.as_str(), each.sanctionable.word()))
        .collect();
    assert_eq!(found, [("Glavkosmos", "mandatory"), ("ISRO", "mandatory")]);
}

#[test]
fn a_month_a_year_and_a_span_are_days_between() {
    let (law, places) = law();
    let only = Some("us-ina-2000");
    let suppliers =
        Suppliers::new(law, only, Arc::new(places), None, None, &Digests::default()).unwrap();
    // The act reaches back to transfers since 1 January 1999.
    let made = |date: &str| {
        let row = serde_json::json!({ "person": "Alpha Works", "person_country": "RU", "item": "gyroscopes", "code": "9.A.4",
            "code_list": "mtcr", "date": date, "to": "IR", "knowing": false, "credibility": "credible",
            "determined": "2001-01-15" });
        let supplier = determine(&suppliers, &row)?;
        let asked: Vec<String> = supplier
            .missing
            .iter()
            .map(|asked| asked.fact.clone())
            .collect();
        Ok::<_, String>((supplier.sanctionable.word(), asked.join(" ")))
    };
    for (date, answer, asked) in [
        ("1998-11-10", "no", ""),
        ("1998-11", "no", ""),
        ("1998-10..1998-12", "no", ""),
        ("1999-02-10", "discretionary", ""),
        ("1999", "discretionary", ""),
        ("1999-03..1999-05", "discretionary", ""),
        ("1998-12-31..1999-01-01", "not_known", "date"),
    ] {
        let found = made(date).unwrap();
        assert_eq!((found.0, found.1.as_str()), (answer, asked), "{date}");
    }
    for date in ["1998-13", "1998-10..1998-05", "some day", "..", "1998.."] {
        let told = made(date).unwrap_err();
        assert!(told.contains("date"), "{date}: {told}");
    }
}

#[test]
fn one_row_touches_no_other() {
    let suppliers = suppliers();
    let rows: Vec<Value> = cases("corpus/determinations/cases.jsonl")
        .into_iter()
        .map(|(_, case)| case["report"].clone())
        .collect();
    let mut room = Room::default();
    let together: Vec<String> = suppliers
        .read("case", Value::Array(rows.clone()).to_string().as_bytes())
        .into_iter()
        .map(|row| {
            serde_json::to_string(&suppliers.determine(&row.unwrap(), &mut room).unwrap().laws)
                .unwrap()
        })
        .collect();
    for (row, whole) in rows.iter().zip(&together) {
        let alone = determine(&suppliers, row).unwrap();
        assert_eq!(serde_json::to_string(&alone.laws).unwrap(), *whole, "{row}");
    }
}

#[test]
fn rows_that_cannot_be_taken_are_told_and_the_others_go_on() {
    let (law, places) = law();
    let text = b"date,by,kind,bears_on,what\n2000-04-01,Russia,statement,ru-us-1995/wind-down,said\n2000-13-01,RU,statement,ru-us-1995/wind-down,said\n2000-04-01,RU,sttement,ru-us-1995/wind-down,said\n2000-04-01,RU,statement,ru-us-1995,said\n2000-04-01,RU,statement,ru-us-1995/wind-dwn,said\n2000-04-01,RU,statement,ru-us-1995/wind-down,\xff\n".to_vec();
    let further = commitments::read_further(&law, &places, &[("acts.csv".to_owned(), text)]);
    assert_eq!(further.taken, 1);
    let rows: Vec<u64> = further.rejects.iter().map(|reject| reject.row).collect();
    assert_eq!(rows, [6, 2, 3, 4, 5], "{:?}", further.rejects);
    for bytes in [
        &b""[..],
        b"[]",
        b"\n\n",
        b"{",
        b"\xff\xfe",
        b"[1]",
        b"date\n",
    ] {
        let further = commitments::read_further(&law, &places, &[("x".to_owned(), bytes.to_vec())]);
        assert_eq!(further.taken, 0);
    }
}

#[test]
fn the_lane_of_the_wind_down_tells_the_story() {
    let (law, places) = law();
    let on = Day::parse("2000-03-22").unwrap();
    let asked = Asked {
        on,
        known_by: law.newest_recorded.unwrap(),
        through: Day::parse("2001-01-31").unwrap(),
    };
    let undertaking = law.record.undertaking("ru-us-1995/wind-down").unwrap();
    let made = commitments::document(&law, &law.record, "", &places, undertaking, asked);
    let history: Vec<String> = made
        .history
        .iter()
        .map(|row| format!("{} {}", row.from, row.standing))
        .collect();
    assert_eq!(
        history,
        [
            "1995-06-30 open",
            "2000-01-01 overdue",
            "2000-12-01 repudiated"
        ]
    );
    assert_eq!(made.standing.word(), "overdue");
    assert!(
        made.acts.iter().any(|act| act.later)
            && made.words.bound.len() >= 3
            && !made.words.others.is_empty()
    );
    let lane = commitments::lane(&made, 100);
    // An address is not broken over lines, so that it can be copied.
    let fits = |line: &str| line.chars().count() <= 100 || line.contains("://");
    assert!(
        lane.contains("Sergei Ivanov") && lane.contains("| due") && lane.lines().all(fits),
        "{lane}"
    );
    let picture = commitments::picture(std::slice::from_ref(&made));
    assert!(
        picture.starts_with("<svg")
            && picture.contains("<title")
            && picture.contains("overdue from 2000-01-01")
    );
    let page = commitments::page(std::slice::from_ref(&made));
    assert!(page.contains("<caption>") && !page.contains("<script"));
}
