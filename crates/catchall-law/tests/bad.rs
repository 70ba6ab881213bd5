//! Faulty packs: one for each thing that the loader and the checks say, with the exact words.
//!
//! A file of `tests/bad/` is a pack with one fault, `<code>.<what>.txt`: parts begin with `==== <path>`, and the last
//! part, `==== expected`, is what must be said. Files that a part does not give come from `shared.txt`. All errors
//! count; of the warnings those of the file's own code, since a tiny pack has no cases.
//!
//! To add one: write the parts, run with `BLESS=1`, and read what was written with care: it is what a person will read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use catchall_law::{Law, PackFile, Severity, check};
use catchall_model::Places;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad")
}

/// The parts of a file, by path, in order.
fn parts(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("==== ") {
            Some(path) => found.push((path.trim().to_owned(), String::new())),
            None => found
                .last_mut()
                .expect("a part begins with `==== path`")
                .1
                .push_str(line),
        }
    }
    found
}

fn said(
    code: &str,
    own: &[(String, String)],
    shared: &[(String, String)],
    places: &Places,
) -> String {
    let mut files: BTreeMap<String, String> = shared.iter().cloned().collect();
    files.extend(own.iter().filter(|(path, _)| path != "expected").cloned());
    // An empty part takes a shared file away.
    let files: Vec<PackFile> = files
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(path, text)| PackFile { path, text })
        .collect();
    let diagnostics = match Law::from_packs(&files, places) {
        Err(problems) => problems,
        Ok(law) => check::check(&law).diagnostics,
    };
    let told = diagnostics
        .iter()
        .filter(|each| each.severity == Severity::Error || each.code == code);
    told.map(|each| format!("{each}\n")).collect()
}

#[test]
fn every_faulty_pack_is_told_what_is_wrong_with_it() {
    let bless = std::env::var_os("BLESS").is_some();
    let places = disk::places();
    let shared = parts(&std::fs::read_to_string(folder().join("shared.txt")).unwrap());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|row| row.unwrap().path())
        .collect();
    files.retain(|path| path.file_name().is_some_and(|name| name != "shared.txt"));
    files.sort();
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let code = name.split('.').next().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let own = parts(&text);
        let found = said(code, &own, &shared, &places);
        let expected = own
            .iter()
            .find(|(path, _)| path == "expected")
            .map_or("", |(_, text)| text.as_str());
        if bless && found != expected {
            let kept: String = own
                .iter()
                .filter(|(path, _)| path != "expected")
                .map(|(path, text)| format!("==== {path}\n{text}"))
                .collect();
            std::fs::write(&path, format!("{kept}==== expected\n{found}")).unwrap();
            continue;
        }
        if found != expected {
            wrong.push(format!(
                "{name}:\n  expected:\n{expected}\n  found:\n{found}"
            ));
        } else if !found.contains(&format!("[{code}]")) {
            wrong.push(format!("{name}: nothing of the code `{code}` is said"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The codes that the sources can say: `error("code"` and `warning("code"`, whatever stands between.
fn codes(folder: &Path, found: &mut BTreeSet<String>) {
    for row in std::fs::read_dir(folder).unwrap() {
        let path = row.unwrap().path();
        if path.is_dir() {
            codes(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in ["error(", "warning("] {
            for (at, _) in text.match_indices(call) {
                let rest = text[at + call.len()..].trim_start();
                let Some(code) = rest
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next())
                else {
                    continue;
                };
                if !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
                    found.insert(code.to_owned());
                }
            }
        }
    }
}

#[test]
fn every_code_has_a_faulty_pack() {
    let mut all = BTreeSet::new();
    codes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let named = |name: &str| {
        std::fs::read_dir(folder())
            .unwrap()
            .any(|row| row.unwrap().file_name().to_str().unwrap().split('.').next() == Some(name))
    };
    let without: Vec<&String> = all.iter().filter(|code| !named(code)).collect();
    assert!(
        without.is_empty(),
        "no faulty pack in tests/bad/ for: {without:?}"
    );
}
