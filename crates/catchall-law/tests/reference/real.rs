//! The packs of the project, read from the disk, for tests that ask them.

use std::path::{Path, PathBuf};

use catchall_law::{Law, PackFile};
use catchall_model::Places;

/// Where the packs lie: `CATCHALL_PACKS`, or the project's own.
pub fn folder() -> PathBuf {
    std::env::var_os("CATCHALL_PACKS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"),
        PathBuf::from,
    )
}

pub fn places() -> Places {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/places/countries.toml");
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut places = Places::default();
    for row in table["country"].as_array().unwrap() {
        let also = row.get("also").and_then(toml::Value::as_array);
        let also: Vec<String> = also
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        places
            .add(
                row["code"].as_str().unwrap(),
                row["name"].as_str().unwrap(),
                &also,
            )
            .unwrap();
    }
    places
}

pub fn files() -> Vec<PackFile> {
    let root = folder();
    let mut found = Vec::new();
    let mut left = vec![root.clone()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml" || extension == "md")
            {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push(PackFile {
                    path: name,
                    text: std::fs::read_to_string(&path)
                        .unwrap()
                        .replace("\r\n", "\n"),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

pub fn law() -> Law {
    match Law::from_packs(&files(), &places()) {
        Ok(law) => law,
        Err(problems) => {
            let shown: Vec<String> = problems
                .iter()
                .take(20)
                .map(|problem| format!("{problem:?}"))
                .collect();
            panic!(
                "the packs do not load ({} problems)\n{}",
                problems.len(),
                shown.join("\n")
            )
        }
    }
}
