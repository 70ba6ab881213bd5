//! Importers against whole published files, where those are at hand, and against small samples, which always are.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod lists_support;

use std::io::Read;

use catchall_model::Day;
use catchall_screen::lists::{self, Import, ListFile, Refusal};
use catchall_screen::{NameKind, PartyKind};
use lists_support::{bytes_of, day, import, import_over, places, shared};

fn whole(format: &str, files: &[&str]) -> Option<Import> {
    let mut parts = Vec::new();
    for file in files {
        parts.push((
            file.rsplit('/').next().unwrap().to_owned(),
            bytes_of(&shared(file)?),
        ));
    }
    Some(import(format, &parts).unwrap_or_else(|refusal| panic!("{format}: {refusal}")))
}

#[test]
fn probe() {
    for (format, files) in [
        (
            "ofac-sdn-csv",
            &[
                "data/lists/ofac_watchman/sdn_2021-07.csv",
                "data/lists/ofac_watchman/alt_2021-07.csv",
                "data/lists/ofac_watchman/add_2021-07.csv",
            ][..],
        ),
        (
            "ofac-sdn-csv",
            &["data/lists/ofac_sdn_history/sdn_2024-05-03.csv"][..],
        ),
        (
            "ofac-cons-csv",
            &[
                "data/lists/ofac_cons/cons_prim.csv",
                "data/lists/ofac_cons/cons_alt.csv",
                "data/lists/ofac_cons/cons_add.csv",
                "data/lists/ofac_cons/cons_comments.csv",
            ][..],
        ),
        (
            "ofac-cons-xml",
            &["data/lists/ofac_cons/consolidated_2025-03-28.xml"][..],
        ),
        (
            "un-xml",
            &["data/lists/un/UN_consolidated_2026-02-27.xml"][..],
        ),
        (
            "un-xml",
            &["data/lists/un/UN_consolidated_2025-04-19.xml"][..],
        ),
        ("ca-sema-xml", &["data/lists/canada/sema-lmes.xml"][..]),
        ("bis-dpl", &["data/lists/bis_dpl/dpl_2019.txt"][..]),
        ("bis-dpl", &["data/lists/bis_dpl/dpl_bench_2021.txt"][..]),
        (
            "us-csl-csv",
            &["data/lists/ofac_watchman/csl_sample_2019-12.csv"][..],
        ),
        (
            "us-csl-json",
            &["data/lists/us_csl/consolidated-screening-list-2026-07.json"][..],
        ),
        (
            "bis-entity",
            &["data/law/us-ecfr-2026-07/entity-list.json"][..],
        ),
        (
            "ftm",
            &["data/lists/opensanctions_ftm/sample_entities.ftm.json"][..],
        ),
        (
            "ftm",
            &["data/lists/opensanctions_ftm/yente_t1_entities.ftm.json"][..],
        ),
    ] {
        let Some(done) = whole(format, files) else {
            continue;
        };
        let s = &done.summary;
        println!(
            "== {format} {:?}: {} held {} names {} rejected {} skipped, day {} ({})",
            files.last(),
            s.held,
            s.names,
            s.rejected,
            s.skipped,
            done.file.head.day,
            s.day_from
        );
        for r in done.rejects.iter().take(8) {
            println!("   reject {:?}", r);
        }
        for n in &s.notes {
            println!("   note {n}");
        }
        let mut unknown: Vec<_> = s.unknown_places.iter().collect();
        unknown.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        println!(
            "   unknown places {} {:?}",
            unknown.len(),
            &unknown[..unknown.len().min(25)]
        );
        let dir = std::path::Path::new("/tmp/lists-out");
        std::fs::create_dir_all(dir).unwrap();
        std::fs::write(
            dir.join(format!(
                "{}-{}.jsonl",
                format,
                files[0].rsplit('/').next().unwrap()
            )),
            lists::write(&done.file),
        )
        .unwrap();
        assert_eq!(lists::read(&lists::write(&done.file)).unwrap(), done.file);
    }
}
