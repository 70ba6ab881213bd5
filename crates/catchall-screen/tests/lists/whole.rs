//! Whole published files, where they are at hand: as many records as their publishers say.

use std::collections::BTreeMap;

use catchall_model::Country;
use catchall_screen::lists::{self, Import};
use catchall_screen::{NameKind, PartyKind};

use crate::door::{bytes_of, import, shared};

fn whole(format: &str, files: &[&str]) -> Option<Import> {
    let mut parts = Vec::new();
    for file in files {
        let name = file.rsplit('/').next().unwrap().to_owned();
        parts.push((name, bytes_of(&shared(file)?)));
    }
    Some(import(format, &parts).unwrap_or_else(|refusal| panic!("{format}: {refusal}")))
}

fn named<'i>(import: &'i Import, id: &str) -> &'i catchall_screen::Listing {
    import.file.held().find(|one| one.source_id == id).unwrap()
}

#[test]
fn every_whole_file_has_the_records_that_its_provenance_counts() {
    // Format, files, records, rejects, names at least, day.
    let expected: &[(&str, &[&str], usize, usize, usize, &str)] = &[
        (
            "ofac-sdn-csv",
            &[
                "data/lists/ofac_watchman/sdn_2021-07.csv",
                "data/lists/ofac_watchman/alt_2021-07.csv",
                "data/lists/ofac_watchman/add_2021-07.csv",
            ],
            8_976,
            0,
            23_000,
            "2026-11-22",
        ),
        (
            "ofac-cons-csv",
            &[
                "data/lists/ofac_cons/cons_prim.csv",
                "data/lists/ofac_cons/cons_alt.csv",
                "data/lists/ofac_cons/cons_add.csv",
                "data/lists/ofac_cons/cons_comments.csv",
            ],
            442,
            0,
            1_580,
            "2026-11-22",
        ),
        (
            "ofac-cons-xml",
            &["data/lists/ofac_cons/consolidated_2025-03-28.xml"],
            443,
            0,
            1_570,
            "2025-03-28",
        ),
        (
            "un-xml",
            &["data/lists/un/UN_consolidated_2026-02-27.xml"],
            1_003,
            0,
            4_100,
            "2026-02-27",
        ),
        (
            "un-xml",
            &["data/lists/un/UN_consolidated_2025-04-19.xml"],
            877,
            0,
            3_900,
            "2025-04-19",
        ),
        (
            "ca-sema-xml",
            &["data/lists/canada/sema-lmes.xml"],
            4_759,
            0,
            8_300,
            "2026-11-22",
        ),
        (
            "bis-dpl",
            &["data/lists/bis_dpl/dpl_2018.txt"],
            539,
            0,
            539,
            "2026-11-22",
        ),
        (
            "bis-dpl",
            &["data/lists/bis_dpl/dpl_2019.txt"],
            546,
            0,
            546,
            "2026-11-22",
        ),
        (
            "bis-dpl",
            &["data/lists/bis_dpl/dpl_bench_2021.txt"],
            581,
            0,
            581,
            "2026-11-22",
        ),
        (
            "us-csl-csv",
            &["data/lists/ofac_watchman/csl_sample_2019-12.csv"],
            115,
            0,
            270,
            "2026-11-22",
        ),
        (
            "us-csl-json",
            &["data/lists/us_csl/consolidated-screening-list-2026-07.json"],
            25_921,
            0,
            57_000,
            "2026-07-31",
        ),
        (
            "bis-entity",
            &["data/law/us-ecfr-2026-07/entity-list.json"],
            3_414,
            1,
            8_600,
            "2026-07-23",
        ),
        (
            "bis-entity",
            &["data/law/us-ecfr-2026-03/entity-list.json"],
            3_414,
            1,
            8_600,
            "2026-03-25",
        ),
        (
            "ftm",
            &["data/lists/opensanctions_ftm/sample_entities.ftm.json"],
            607,
            0,
            3_800,
            "2026-11-22",
        ),
        (
            "ftm",
            &["data/lists/opensanctions_ftm/yente_t1_entities.ftm.json"],
            6,
            0,
            30,
            "2026-11-22",
        ),
    ];
    let mut failures = Vec::new();
    for (format, files, records, rejects, names, day) in expected {
        let Some(done) = whole(format, files) else {
            continue;
        };
        let summary = &done.summary;
        let right = summary.held == *records
            && summary.rejected == *rejects
            && summary.names >= *names
            && done.file.head.day.to_string() == *day;
        if !right {
            failures.push(format!(
                "{files:?}: {} held, {} rejected, {} names, {}",
                summary.held, summary.rejected, summary.names, done.file.head.day
            ));
        }
        let stored = lists::write(&done.file);
        if lists::read(&stored).as_ref() != Ok(&done.file) {
            failures.push(format!("{files:?}: not the same when stored"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_two_forms_of_one_list_say_the_same_of_one_party() {
    let csv = whole(
        "ofac-cons-csv",
        &[
            "data/lists/ofac_cons/cons_prim.csv",
            "data/lists/ofac_cons/cons_alt.csv",
            "data/lists/ofac_cons/cons_add.csv",
            "data/lists/ofac_cons/cons_comments.csv",
        ],
    );
    let xml = whole(
        "ofac-cons-xml",
        &["data/lists/ofac_cons/consolidated_2025-03-28.xml"],
    );
    let (Some(csv), Some(xml)) = (csv, xml) else {
        return;
    };
    let by_id: BTreeMap<&str, _> = csv
        .file
        .held()
        .map(|one| (one.source_id.as_str(), one))
        .collect();
    let (mut both, mut names, mut births, mut numbers) = (0, 0, 0, 0);
    for one in xml.file.held() {
        let Some(other) = by_id.get(one.source_id.as_str()) else {
            continue;
        };
        both += 1;
        let texts = |listing: &catchall_screen::Listing| {
            let mut all: Vec<String> = listing.names.iter().map(|name| name.text.clone()).collect();
            all.sort();
            all
        };
        let values = |listing: &catchall_screen::Listing| {
            let mut all: Vec<String> = listing
                .identifiers
                .iter()
                .map(|number| format!("{} {}", number.kind, number.value))
                .collect();
            all.sort();
            all
        };
        names += usize::from(texts(one) == texts(other));
        births += usize::from(one.births == other.births);
        numbers += usize::from(values(one) == values(other));
    }
    println!("{both} in both: names {names}, births {births}, numbers {numbers} the same");
    // The copies are nine months apart, so that a few records differ in truth.
    assert!(both >= 430);
    assert!(names * 100 >= both * 95, "{names} of {both}");
    assert!(births * 100 >= both * 95, "{births} of {both}");
    assert!(numbers * 100 >= both * 90, "{numbers} of {both}");
}

#[test]
fn weak_names_ships_and_aircraft_come_out_of_the_remarks() {
    let Some(done) = whole(
        "ofac-sdn-csv",
        &[
            "data/lists/ofac_watchman/sdn_2021-07.csv",
            "data/lists/ofac_watchman/alt_2021-07.csv",
            "data/lists/ofac_watchman/add_2021-07.csv",
        ],
    ) else {
        return;
    };
    let count = |test: &dyn Fn(&catchall_screen::Listing) -> bool| {
        done.file.held().filter(|one| test(one)).count()
    };
    assert_eq!(count(&|one| one.kind == PartyKind::Vessel), 406);
    assert_eq!(count(&|one| one.kind == PartyKind::Aircraft), 277);
    let weak = named(&done, "306");
    assert!(
        weak.names
            .iter()
            .any(|name| name.text == "BNC" && name.kind == NameKind::Weak)
    );
    let has = |one: &catchall_screen::Listing, kind: &str| {
        one.identifiers.iter().any(|own| own.kind == kind)
    };
    // A number of a ship has seven digits; the publisher itself prints one that has not.
    let odd: Vec<&str> = done
        .file
        .held()
        .flat_map(|one| &one.identifiers)
        .filter(|own| own.kind == "imo")
        .map(|own| own.value.as_str())
        .filter(|value| value.len() != 7 || !value.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    assert_eq!(odd, ["15411"]);
    assert!(count(&|one| has(one, "imo")) > 300);
    assert!(count(&|one| has(one, "tail_number")) > 60);
    assert!(count(&|one| has(one, "passport")) > 1_000);
    assert!(count(&|one| !one.births.is_empty()) > 4_000);
}

#[test]
fn names_of_the_entity_list_are_those_of_the_screening_list() {
    let entity = whole("bis-entity", &["data/law/us-ecfr-2026-07/entity-list.json"]);
    let screening = whole(
        "us-csl-json",
        &["data/lists/us_csl/consolidated-screening-list-2026-07.json"],
    );
    let (Some(entity), Some(screening)) = (entity, screening) else {
        return;
    };
    // Letters and digits only: the two differ in dashes and full stops.
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .collect::<String>()
            .to_lowercase()
    };
    let known: std::collections::BTreeSet<String> = screening
        .file
        .held()
        .filter(|one| one.programmes[0].starts_with("Entity List"))
        .map(|one| bare(&one.names[0].text))
        .collect();
    let same = entity
        .file
        .held()
        .filter(|one| known.contains(&bare(&one.names[0].text)))
        .count();
    println!("{same} of {} names are the same", entity.summary.held);
    assert!(same * 100 >= entity.summary.held * 97, "{same}");
    let russia = Country::from_code("RU").unwrap();
    let in_russia = entity
        .file
        .held()
        .filter(|one| one.countries.contains(&russia))
        .count();
    assert_eq!(in_russia, 1_083);
    assert!(
        entity
            .file
            .held()
            .filter(|one| one.valid.from.is_some())
            .count()
            >= 3_411
    );
}
