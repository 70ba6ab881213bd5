//! Every sample in `data/lists`, read and shown as a person would read it.

use std::fmt::Write as _;

use catchall_model::Day;
use catchall_screen::lists::{self, Import};
use catchall_screen::{Days, Listing};

use crate::door::{bytes_of, import, import_over, root};

/// Samples by format: folder and files.
pub const SAMPLES: &[(&str, &str, &[&str])] = &[
    (
        "ofac-sdn-csv",
        "ofac-sdn",
        &["sdn.csv", "alt.csv", "add.csv"],
    ),
    ("ofac-sdn-advanced-xml", "ofac-sdn", &["sdn_advanced.xml"]),
    (
        "ofac-cons-csv",
        "ofac-cons",
        &[
            "cons_prim.csv",
            "cons_alt.csv",
            "cons_add.csv",
            "cons_comments.csv",
        ],
    ),
    ("ofac-cons-xml", "ofac-cons", &["consolidated.xml"]),
    ("us-csl-csv", "us-csl", &["consolidated.csv"]),
    ("us-csl-json", "us-csl", &["published.json"]),
    ("us-csl-json", "us-csl", &["compact.json"]),
    ("bis-dpl", "bis-dpl", &["dpl.txt"]),
    ("bis-entity", "bis-entity", &["entity-list.json"]),
    ("un-xml", "un", &["consolidated.xml"]),
    ("eu-fsf-xml", "eu-fsf", &["xmlFullSanctionsList_1_1.xml"]),
    ("uk-csv", "uk", &["UK-Sanctions-List.csv"]),
    ("uk-xml", "uk", &["UK-Sanctions-List.xml"]),
    ("ca-sema-xml", "ca-sema", &["sema-lmes.xml"]),
    ("ch-seco-xml", "ch-seco", &["consolidated-list.xml"]),
    (
        "au-dfat-csv",
        "au-dfat",
        &["Australian_Sanctions_Consolidated_List.csv"],
    ),
    ("ftm", "ftm", &["entities.ftm.json"]),
    ("plain-csv", "ru-1998", &["list.csv"]),
];

/// The files of a sample, by name.
pub fn files(folder: &str, names: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("data/lists").join(folder);
    names
        .iter()
        .map(|name| ((*name).to_owned(), bytes_of(&folder.join(name))))
        .collect()
}

fn span(days: Days) -> String {
    let words = |day: Option<Day>| day.map_or("..".to_owned(), |day| day.to_string());
    format!("{}/{}", words(days.from), words(days.to))
}

fn shown(listing: &Listing) -> String {
    let mut text = format!("{} ({:?})\n", listing.source_id, listing.kind);
    for name in &listing.names {
        let parts = match (&name.given, &name.family) {
            (None, None) => String::new(),
            (given, family) => format!(
                " [{} | {}]",
                given.as_deref().unwrap_or(""),
                family.as_deref().unwrap_or("")
            ),
        };
        writeln!(text, "  {:?}: {}{parts}", name.kind, name.text).unwrap();
    }
    for identifier in &listing.identifiers {
        let country = identifier
            .country
            .map_or(String::new(), |c| format!(" ({c})"));
        writeln!(text, "  {}: {}{country}", identifier.kind, identifier.value).unwrap();
    }
    for birth in &listing.births {
        let circa = if birth.circa { "circa " } else { "" };
        writeln!(text, "  born {circa}{}/{}", birth.from, birth.to).unwrap();
    }
    for (label, all) in [
        ("born in", &listing.birth_places),
        ("address", &listing.addresses),
        ("programme", &listing.programmes),
        ("measure", &listing.measures),
    ] {
        for one in all {
            writeln!(text, "  {label}: {one}").unwrap();
        }
    }
    if !listing.countries.is_empty() {
        writeln!(text, "  countries: {:?}", listing.countries).unwrap();
    }
    if let Some(citation) = &listing.citation {
        writeln!(text, "  citation: {citation}").unwrap();
    }
    if let Some(remarks) = &listing.remarks {
        let short: String = remarks.chars().take(160).collect();
        writeln!(text, "  remarks: {short}").unwrap();
    }
    writeln!(text, "  valid {}", span(listing.valid)).unwrap();
    text
}

fn shown_whole(import: &Import) -> String {
    let summary = &import.summary;
    let mut text = format!(
        "{} of {} (day from the {}): {} held, {} names, {} rejected, {} skipped\n",
        import.file.head.list,
        import.file.head.day,
        summary.day_from,
        summary.held,
        summary.names,
        summary.rejected,
        summary.skipped
    );
    for reject in &import.rejects {
        writeln!(
            text,
            "reject: {} row {} {}: {}; right: {}",
            reject.file,
            reject.row,
            reject.id.as_deref().unwrap_or("-"),
            reject.problem,
            reject.cure
        )
        .unwrap();
    }
    for note in &summary.notes {
        writeln!(text, "note: {note}").unwrap();
    }
    if !summary.unknown_places.is_empty() {
        writeln!(text, "unknown places: {:?}", summary.unknown_places).unwrap();
    }
    for listing in import.file.held() {
        text.push('\n');
        text.push_str(&shown(listing));
    }
    text
}

#[test]
fn every_sample_reads_as_a_person_would_read_it() {
    for (format, folder, names) in SAMPLES {
        let done = import(format, &files(folder, names))
            .unwrap_or_else(|refusal| panic!("{folder}/{names:?}: {refusal}"));
        let stem = names[0].rsplit_once('.').unwrap().0;
        insta::assert_snapshot!(format!("{folder}-{format}-{stem}"), shown_whole(&done));
    }
}

#[test]
fn every_sample_is_recognised_by_its_name_and_first_bytes() {
    let mut failures = Vec::new();
    for (format, folder, names) in SAMPLES {
        let files = files(folder, names);
        let heads: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), &bytes[..bytes.len().min(4096)]))
            .collect();
        // One name of one publisher is the same for two lists; then the folder tells them apart.
        let renamed: Vec<(String, &[u8])> = heads
            .iter()
            .map(|(name, head)| (format!("{folder}/{name}"), *head))
            .collect();
        let renamed: Vec<(&str, &[u8])> = renamed
            .iter()
            .map(|(name, head)| (name.as_str(), *head))
            .collect();
        let found = lists::detect(&renamed).map(|found| found.format.id);
        if found != Some(*format) {
            failures.push(format!("{folder}/{names:?}: found {found:?}, not {format}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(lists::detect(&[("list.csv", b"<!DOCTYPE html><html>")]).is_none());
    assert!(lists::detect(&[("empty.csv", b"")]).is_none());
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    list: String,
    title: String,
    publisher: String,
    address: String,
    licence: String,
    changes: String,
    formats: Vec<String>,
    built_from: String,
    read: String,
    #[serde(default)]
    sample: Vec<Sample>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: String,
    origin: String,
}

#[test]
fn every_format_has_a_source_and_every_source_says_where_it_is_from() {
    let mut covered = Vec::new();
    for entry in std::fs::read_dir(root().join("data/lists")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(folder.join("source.toml")).unwrap();
        let source: Source =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
        assert_eq!(source.list, folder.file_name().unwrap().to_str().unwrap());
        for field in [
            &source.title,
            &source.publisher,
            &source.address,
            &source.licence,
            &source.changes,
            &source.built_from,
            &source.read,
        ] {
            assert!(!field.is_empty(), "{folder:?}");
        }
        let mut on_disk: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "source.toml")
            .collect();
        on_disk.sort();
        let mut named: Vec<String> = source
            .sample
            .iter()
            .map(|sample| sample.file.clone())
            .collect();
        named.sort();
        assert_eq!(on_disk, named, "{folder:?}");
        assert!(source.sample.iter().all(|sample| !sample.origin.is_empty()));
        covered.extend(source.formats);
    }
    for format in lists::formats() {
        assert!(
            covered.iter().any(|id| id == format.id),
            "{} has no source",
            format.id
        );
    }
}

#[test]
fn changes_are_carried_over_and_keep_what_was() {
    let whole = import("ftm", &files("ftm", &["entities.ftm.json"])).unwrap();
    let later = Day::parse("2026-12-01").unwrap();
    let delta = files("ftm", &["entities.delta.json"]);
    let done = import_over("ftm", &delta, Some(&whole.file), later);
    // One of three is gone, which is more than a list may lose unseen.
    assert_eq!(
        done.unwrap_err().to_string(),
        "the list shrank from 3 to 2 records, by more than 5 %; look at it, then accept it by hand"
    );
    let accepted = crate::door::import_accepting("ftm", &delta, Some(&whole.file), later).unwrap();
    let held: Vec<&str> = accepted
        .file
        .held()
        .map(|held| held.source_id.as_str())
        .collect();
    assert_eq!(held, ["inv-1", "inv-2", "inv-4"]);
    assert_eq!(accepted.diff.added[0].source_id, "inv-4");
    assert_eq!(accepted.diff.removed[0].source_id, "inv-3");
    let changed = &accepted.diff.changed[0];
    assert_eq!(changed.source_id, "inv-2");
    assert_eq!(changed.fields[0].field, "names");
    assert_eq!(changed.fields[0].added, ["Parsgrove V. & T. (strong)"]);
    assert_eq!(
        changed.fields[0].removed,
        ["PVTC (strong)", "Parsgrove Pumps (former)"]
    );
    let gone = accepted
        .file
        .listings
        .iter()
        .find(|one| one.source_id == "inv-3")
        .unwrap();
    assert_eq!(span(gone.seen), "2026-11-22/2026-11-22");
    let two = accepted
        .file
        .held()
        .find(|one| one.source_id == "inv-2")
        .unwrap();
    let seen: Vec<String> = two
        .names
        .iter()
        .map(|name| format!("{} {}", name.text, span(name.seen)))
        .collect();
    assert_eq!(
        seen,
        [
            "Parsgrove Valve & Turbine Company 2026-11-22/..",
            "Parsgrove V. & T. 2026-12-01/..",
            "PVTC 2026-11-22/2026-11-22",
            "Parsgrove Pumps 2026-11-22/2026-11-22",
        ]
    );
    assert_eq!(
        import("ftm", &delta).unwrap_err().to_string(),
        "the file holds changes only, and there is no stored list to change; import the whole list first"
    );
}

#[test]
fn the_bodies_of_1998_are_in_force_on_the_days_that_the_sources_fix() {
    let done = import("plain-csv", &files("ru-1998", &["list.csv"])).unwrap();
    let in_force = |day: &str, programme: &str| -> Vec<String> {
        let day = Day::parse(day).unwrap();
        done.file
            .held()
            .filter(|one| {
                one.valid.hold(day) && one.programmes.iter().any(|own| own.contains(programme))
            })
            .map(|one| one.source_id.clone())
            .collect()
    };
    for (day, programme, wanted) in [
        ("1998-07-14", "assistance", 0),
        ("1998-07-15", "assistance", 9),
        ("1998-07-27", "12938", 0),
        ("1998-07-28", "12938", 7),
        ("1998-07-28", "744.10", 0),
        ("1998-07-29", "744.10", 7),
        ("1999-01-11", "12938", 7),
        ("1999-01-12", "12938", 10),
        ("1999-03-25", "744.10", 7),
        ("1999-03-26", "744.10", 10),
        ("2000-04-23", "12938", 10),
        // INOR and Polyus are freed, and the rector is named.
        ("2000-04-24", "12938", 9),
        ("2010-05-20", "12938", 9),
        ("2010-05-21", "12938", 7),
    ] {
        let found = in_force(day, programme);
        assert_eq!(found.len(), wanted, "{programme} on {day}: {found:?}");
    }
}
