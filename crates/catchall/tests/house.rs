//! The walls: who may import whom, who may touch what, and that no rule is written in Rust.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, extension: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extension, into);
        } else if path.extension().is_some_and(|own| own == extension) {
            into.push(path);
        }
    }
}

fn sources(krate: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(
        &root().join("crates").join(krate).join("src"),
        "rs",
        &mut found,
    );
    found.sort();
    found
        .into_iter()
        .map(|path| (path.clone(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

/// What a crate's manifest names under `dependencies`, those of tests left out, each with how.
fn named(krate: &str) -> toml::Table {
    let text =
        std::fs::read_to_string(root().join("crates").join(krate).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest
        .get("dependencies")
        .and_then(toml::Value::as_table)
        .cloned()
        .unwrap_or_default()
}

fn dependencies(krate: &str) -> BTreeSet<String> {
    named(krate).keys().cloned().collect()
}

#[test]
fn arrows_run_down_only() {
    let walls: [(&str, &[&str], &[&str]); 9] = [
        ("catchall-model", &[], &["jiff", "serde", "thiserror"]),
        (
            "catchall-law",
            &["catchall-model"],
            &["serde", "sha2", "thiserror", "toml"],
        ),
        (
            "catchall-screen",
            &["catchall-model"],
            &[
                "any_ascii",
                "quick-xml",
                "serde",
                "serde_json",
                "sha2",
                "thiserror",
                "toml",
                "unicode-normalization",
            ],
        ),
        (
            "catchall-assess",
            &["catchall-model", "catchall-law", "catchall-screen"],
            &["serde", "serde_json", "sha2", "thiserror"],
        ),
        (
            "catchall-report",
            &[],
            &["flate2", "jiff", "serde", "sha2", "thiserror", "toml"],
        ),
        (
            "catchall-ledger",
            &["catchall-model"],
            &[
                "chacha20poly1305",
                "ct-merkle",
                "ed25519-dalek",
                "getrandom",
                "jiff",
                "postgres",
                "rusqlite",
                "serde",
                "serde_json",
                "sha2",
                "thiserror",
                "toml",
            ],
        ),
        (
            "catchall-rows",
            &["catchall-model"],
            &[
                "bytes",
                "csv",
                "flate2",
                "memchr",
                "parquet",
                "quick-xml",
                "serde",
                "serde_json",
                "thiserror",
                "zip",
            ],
        ),
        (
            "catchall",
            &[
                "catchall-model",
                "catchall-law",
                "catchall-screen",
                "catchall-report",
                "catchall-assess",
                "catchall-ledger",
                "catchall-rows",
            ],
            &[],
        ),
        // The second roof: a workspace of its own, outside the default build.
        (
            "catchall-python",
            &["catchall", "catchall-assess", "catchall-model"],
            &[
                "anyhow",
                "arrow-array",
                "arrow-cast",
                "arrow-schema",
                "pyo3",
                "pyo3-arrow",
                "serde_json",
            ],
        ),
    ];
    let mut crates: Vec<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    crates.sort();
    let mut named: Vec<&str> = walls.iter().map(|(krate, ..)| *krate).collect();
    named.sort_unstable();
    assert_eq!(
        crates, named,
        "a new room needs its walls in this table and in ARCHITECTURE.md"
    );
    for (krate, ours, others) in walls {
        let found = dependencies(krate);
        let own: BTreeSet<String> = found
            .iter()
            .filter(|name| name.starts_with("catchall"))
            .cloned()
            .collect();
        assert_eq!(
            own,
            ours.iter().map(|name| (*name).to_owned()).collect(),
            "{krate}: what it may import of ours"
        );
        if !others.is_empty() {
            let foreign: BTreeSet<String> = found.difference(&own).cloned().collect();
            assert_eq!(
                foreign,
                others.iter().map(|name| (*name).to_owned()).collect(),
                "{krate}: its dependencies; say why in ARCHITECTURE.md"
            );
        }
    }
}

/// In the roof the command line leans on everything and nothing on it; the desk is shown by the server alone.
#[test]
fn nothing_leans_on_the_command_line_or_on_the_desk() {
    let mut found = Vec::new();
    for (path, text) in sources("catchall") {
        let within = |room: &str| path.components().any(|part| part.as_os_str() == room);
        for (wanted, may) in [
            ("crate::cli::", within("cli")),
            (
                "crate::desk::",
                within("desk") || within("http") || within("cli"),
            ),
        ] {
            if !may && text.contains(wanted) {
                found.push(format!("{}: {wanted}", path.display()));
            }
        }
    }
    assert!(
        found.is_empty(),
        "what more than one of command line, API and desk needs stands beside them:\n{}",
        found.join("\n")
    );
}

/// What a room is not to touch, and does: `granted` says which of it a file may.
fn touched(krate: &str, granted: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    const OUTSIDE: [&str; 11] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "SystemTime",
        "Instant::now",
        "Zoned::now",
        "Timestamp::now",
        "async fn",
        "println!",
        "eprintln!",
    ];
    let mut broken = Vec::new();
    for (path, text) in sources(krate) {
        let found = OUTSIDE
            .iter()
            .filter(|word| text.contains(**word) && !granted(&path, word));
        broken.extend(found.map(|word| format!("{}: {word}", path.display())));
    }
    broken
}

#[test]
fn below_the_roof_nobody_touches_disk_network_or_clock() {
    for krate in [
        "catchall-model",
        "catchall-law",
        "catchall-screen",
        "catchall-report",
        "catchall-assess",
    ] {
        let broken = touched(krate, |_, _| false);
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    }
}

/// Rows are read from the file that was named, and from nothing else.
#[test]
fn rows_touch_the_file_they_are_asked_to_open() {
    let raw = |path: &Path| {
        let mut parts = path.components().map(|part| part.as_os_str());
        parts.any(|part| part == "raw" || part == "raw.rs")
    };
    let broken = touched("catchall-rows", |path, word| word == "std::fs" && raw(path));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The ledger touches its own store, in these files and nowhere else; its times are handed in.
#[test]
fn the_ledger_touches_its_own_store_only() {
    let may = ["store/sqlite.rs", "keyfile.rs", "backup.rs"];
    // A store waits by the clock, and a file that is being written has the process's number in its name.
    let broken = touched("catchall-ledger", |path, word| {
        may.iter().any(|own| path.ends_with(own))
            && ["std::fs", "Instant::now", "std::process"].contains(&word)
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What may be recorded is assessed where a transfer has been told what the ledger knows of its licences.
#[test]
fn no_door_assesses_without_the_ledgers_word_on_licences() {
    // Where it is told; and where nothing must be told (a replay) or nothing can be known (the demonstration's empty ledger).
    let may = [
        "judge.rs",
        "batch/run.rs",
        "desk/ways/check.rs",
        "cli/ledger/replay.rs",
        "desk/demo.rs",
    ];
    let mut broken = Vec::new();
    for (path, text) in sources("catchall") {
        let own = may.iter().any(|own| path.ends_with(own));
        if !own && text.contains("assess_to_json") {
            broken.push(path.display().to_string());
        }
        let tells = text.contains(".tell(") || !text.contains("assess_to_json");
        let exempt = path.ends_with("replay.rs") || path.ends_with("demo.rs");
        if own && !exempt && !tells {
            broken.push(format!("{}: tells nothing", path.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_one_file_walks_packs_and_data() {
    let broken: Vec<String> = sources("catchall")
        .into_iter()
        .filter(|(path, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            !path.ends_with("src/load.rs")
                && (code.contains("read_dir") || code.contains("BUILT_IN"))
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(
        broken.is_empty(),
        "only load.rs walks folders: {}",
        broken.join(", ")
    );
}

#[test]
fn no_instrument_is_named_in_rust() {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(root().join("packs")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        // A jurisdiction's own short word, as `mtcr`, is looked for as part of an id only.
        if name != "vocabulary" && name != "crosswalk" {
            ids.push(name);
        }
    }
    assert!(ids.len() > 20, "packs were not found");
    let mut broken = Vec::new();
    for krate in [
        "catchall-model",
        "catchall-law",
        "catchall-screen",
        "catchall-assess",
        "catchall-ledger",
        "catchall",
    ] {
        for (path, text) in sources(krate) {
            let code: String = text
                .lines()
                .take_while(|line| !line.contains("#[cfg(test)]"))
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            for id in &ids {
                let quoted =
                    code.contains(&format!("\"{id}\"")) || code.contains(&format!("\"{id}/"));
                if quoted || (id.contains('-') && code.contains(id.as_str())) {
                    broken.push(format!("{}: {id}", path.display()));
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "a rule belongs into a pack:\n{}",
        broken.join("\n")
    );
}

#[test]
fn no_file_is_an_attic() {
    let mut broken = Vec::new();
    for krate in [
        "catchall-model",
        "catchall-law",
        "catchall-screen",
        "catchall-assess",
        "catchall-ledger",
        "catchall",
    ] {
        for (path, _) in sources(krate) {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if ["util", "utils", "helper", "helpers", "common", "misc"].contains(&stem.as_str()) {
                broken.push(path.display().to_string());
            }
        }
    }
    assert!(
        broken.is_empty(),
        "name the noun instead: {}",
        broken.join(", ")
    );
}

#[test]
fn every_fact_of_the_table_is_filled_once_and_asked_somewhere() {
    let keys =
        std::fs::read_to_string(root().join("crates/catchall-assess/src/gather/key.rs")).unwrap();
    let mut packs = Vec::new();
    files(&root().join("packs"), "md", &mut packs);
    files(&root().join("packs"), "toml", &mut packs);
    let law: String = packs
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    // Facts that wait for the law of a later issue: each named here with what will ask it.
    let waiting = [
        "consignee.country",
        "departure",
        "end_user.country",
        "end_user.type",
        "exporter.jurisdiction",
        "item.fundamental_research",
        "item.published",
        "licence.issued",
        "recipient.residence",
        "via",
        "contract.signed",
    ];
    let mut broken = Vec::new();
    for row in catchall_law::facts::FACTS {
        if !keys.contains(&format!(" = \"{}\",", row.key)) {
            broken.push(format!("{}: gather/key.rs does not name it", row.key));
        }
        if !law.contains(row.key) && !waiting.contains(&row.key) {
            broken.push(format!("{}: no pack asks it", row.key));
        }
        if row.question.is_empty() || !row.question.ends_with('?') {
            broken.push(format!("{}: no question", row.key));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Whether an expression of licences (`MIT OR (Apache-2.0 AND ISC)`) is met by those that are allowed.
fn met(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    // Some older manifests write a slash for "or".
    let text = expression.replace('/', " OR ").replace('(', " ( ");
    let text = text.replace(')', " ) ").replace(" WITH ", "\u{0}WITH\u{0}");
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    any_of(&mut words.iter().copied().peekable(), allowed)
}

type Words<'w> = std::iter::Peekable<std::iter::Copied<std::slice::Iter<'w, &'w str>>>;

fn any_of(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut any = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        any |= all_of(words, allowed);
    }
    any
}

fn all_of(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut all = true;
    loop {
        all &= match words.next() {
            Some("(") => {
                let inner = any_of(words, allowed);
                words.next();
                inner
            }
            Some(licence) => allowed(&licence.replace('\u{0}', " ")),
            None => false,
        };
        if words.next_if_eq(&"AND").is_none() {
            return all;
        }
    }
}

/// Benchmarks, fuzz targets and the second roof are workspaces of their own, which the default build never opens: without this their
/// locks fall behind the crates they are built on, and `--locked` fails for whoever comes next.
#[test]
fn the_locks_of_workspaces_apart_stand_where_the_crates_stand() {
    for apart in [
        "benches",
        "benches/ledger",
        "benches/load",
        "crates/catchall-python",
        "fuzz",
    ] {
        let text = std::fs::read_to_string(root().join(apart).join("Cargo.lock")).unwrap();
        let lock: toml::Table = text.parse().unwrap();
        for package in lock["package"].as_array().unwrap() {
            let name = package["name"].as_str().unwrap();
            // What comes from a registry has a source; the workspace apart has a crate of its own.
            if package.get("source").is_some() || !root().join("crates").join(name).is_dir() {
                continue;
            }
            let locked: BTreeSet<&str> = package
                .get("dependencies")
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|each| each.as_str()?.split(' ').next())
                .collect();
            for needed in needed(name) {
                assert!(
                    locked.contains(needed.as_str()),
                    "{apart}/Cargo.lock: {name} needs {needed} by now; run `cargo metadata --manifest-path {apart}/Cargo.toml` and commit the lock"
                );
            }
            let named = dependencies(name);
            for own in locked {
                assert!(
                    named.contains(own),
                    "{apart}/Cargo.lock: {name} needs {own} no longer; run `cargo metadata --manifest-path {apart}/Cargo.toml` and commit the lock"
                );
            }
        }
    }
}

/// The dependencies of a crate without which it is never built.
fn needed(krate: &str) -> Vec<String> {
    let optional =
        |how: &toml::Value| how.get("optional").and_then(toml::Value::as_bool) == Some(true);
    let rows = named(krate).into_iter();
    rows.filter(|(_, how)| !optional(how))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_dependency_may_be_shipped_and_comes_from_the_registry() {
    let deny: toml::Table = std::fs::read_to_string(root().join("deny.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let texts = |value: &toml::Value| -> Vec<String> {
        let list = value.as_array().unwrap().iter();
        list.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let general = texts(&deny["licenses"]["allow"]);
    let exceptions: Vec<(String, Vec<String>)> = deny["licenses"]["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let name = row["crate"].as_str().unwrap().to_owned();
            (name, texts(&row["allow"]))
        })
        .collect();
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .args(["--filter-platform", env!("CATCHALL_TARGET")])
        // What this build did not need may not have been fetched.
        .args(cfg!(feature = "team").then_some("--all-features"))
        .current_dir(root())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success(), "cargo metadata: {told}");
    let all: serde_json::Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let mut broken = Vec::new();
    let mut counted = 0;
    for package in all["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some(source) = package["source"].as_str() else {
            assert!(name.starts_with("catchall"), "{name} is not of this house");
            continue;
        };
        counted += 1;
        if !source.starts_with("registry+https://github.com/rust-lang/crates.io-index") {
            broken.push(format!("{name} comes from {source}"));
        }
        let own = exceptions.iter().find(|(own, _)| own == name);
        let allowed = |licence: &str| {
            let may = own.map_or(&[][..], |(_, more)| more);
            general.iter().chain(may).any(|each| each == licence)
        };
        let licence = package["license"].as_str().unwrap_or("none told");
        if !met(licence, &allowed) {
            broken.push(format!("{name}: {licence}"));
        }
    }
    assert!(counted > 100, "only {counted} dependencies were looked at");
    assert!(broken.is_empty(), "{}", broken.join("\n"));

    let only_mit = |licence: &str| licence == "MIT";
    for (expression, right) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0", false),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND MIT", true),
        ("MIT WITH GPL-exception", false),
        ("", false),
    ] {
        assert_eq!(met(expression, &only_mit), right, "{expression}");
    }
}
