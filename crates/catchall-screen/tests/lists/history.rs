//! The real history of a list: fourteen copies over three years, each imported over the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use catchall_screen::lists::{self, ListFile};

use crate::door::{bytes_of, day, import_over, shared};

/// The copies, oldest first: file name without `.gz`, and bytes.
fn copies() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared("data/lists/ofac_sdn_history") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("sdn_") {
            continue;
        }
        let mut bytes = bytes_of(&path);
        if name.ends_with(".gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            bytes = plain;
        }
        found.push((name.trim_end_matches(".gz").to_owned(), bytes));
    }
    found.sort();
    found
}

/// Rows by number, taken by the eye of another reader: lines that begin with digits.
fn lines(bytes: &[u8]) -> BTreeMap<String, String> {
    String::from_utf8_lossy(bytes)
        .lines()
        .filter_map(|line| {
            let (id, rest) = line.split_once(',')?;
            let right = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
            right.then(|| (id.to_owned(), rest.to_owned()))
        })
        .collect()
}

#[test]
fn every_copy_is_carried_on_and_what_went_and_came_back_is_remembered() {
    let copies = copies();
    if copies.is_empty() {
        return;
    }
    assert_eq!(copies.len(), 14);
    let mut stored: Option<ListFile> = None;
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let mut ever: BTreeSet<String> = BTreeSet::new();
    let mut came_back = 0;
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for copy in &copies {
        let now = lines(&copy.1);
        let done = import_over(
            "ofac-sdn-csv",
            std::slice::from_ref(copy),
            stored.as_ref(),
            day("2026-11-22"),
        )
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", copy.0));
        assert_eq!(done.summary.rejected, 0, "{}", copy.0);
        assert_eq!(done.summary.held, now.len(), "{}", copy.0);
        assert_eq!(done.summary.day_from, "name");
        let new: Vec<&String> = now.keys().filter(|id| !before.contains_key(*id)).collect();
        let gone = before.keys().filter(|id| !now.contains_key(*id)).count();
        let differ = now
            .iter()
            .filter(|(id, row)| before.get(*id).is_some_and(|old| old != *row))
            .count();
        assert_eq!(done.diff.added.len(), new.len(), "{}", copy.0);
        assert_eq!(done.diff.removed.len(), gone, "{}", copy.0);
        // A row can differ in spaces, or in the order of its remarks, and say the same.
        assert!(done.diff.changed.len() <= differ, "{}", copy.0);
        assert!(
            done.diff.changed.len() * 10 >= differ * 8,
            "{}: {differ}",
            copy.0
        );
        came_back += new.iter().filter(|id| ever.contains(**id)).count();
        if stored.is_some() {
            added += new.len();
            removed += gone;
            changed += done.diff.changed.len();
        }
        ever.extend(now.keys().cloned());
        before = now;
        stored = Some(done.file);
    }
    let stored = stored.unwrap();
    // One line for each record, and one more for each time that one came back.
    assert_eq!(stored.listings.len(), ever.len() + came_back);
    assert_eq!(stored.head.day, day("2024-05-03"));
    println!("{added} added, {removed} removed, {changed} changed, {came_back} came back");
    for listing in &stored.listings {
        assert!(listing.seen.from.unwrap() >= day("2021-08-18"));
        for name in &listing.names {
            assert!(name.seen.from.is_some());
            assert!(name.seen.to <= listing.seen.to || listing.seen.to.is_none());
        }
    }
    let bytes = lists::write(&stored);
    assert_eq!(lists::read(&bytes).unwrap(), stored);
}

#[test]
fn two_copies_of_the_united_nations_list_differ_as_their_reference_numbers_do() {
    let (Some(old), Some(new)) = (
        shared("data/lists/un/UN_consolidated_2025-04-19.xml"),
        shared("data/lists/un/UN_consolidated_2026-02-27.xml"),
    ) else {
        return;
    };
    let (old, new) = (bytes_of(&old), bytes_of(&new));
    let keys = |bytes: &[u8]| -> BTreeSet<String> {
        String::from_utf8_lossy(bytes)
            .split("<REFERENCE_NUMBER>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().trim().to_owned())
            .collect()
    };
    let part = |bytes: Vec<u8>| vec![("consolidated.xml".to_owned(), bytes)];
    let (a, b) = (keys(&old), keys(&new));
    let first = import_over("un-xml", &part(old), None, day("2026-11-22")).unwrap();
    let next = import_over("un-xml", &part(new), Some(&first.file), day("2026-11-22")).unwrap();
    assert_eq!(next.diff.added.len(), b.difference(&a).count());
    assert_eq!(next.diff.removed.len(), a.difference(&b).count());
    assert_eq!(next.file.head.day, day("2026-02-27"));
}
