//! The packs and places as they stand on disk, for the tests of this crate and of the one that assesses.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::{Path, PathBuf};

use catchall_law::PackFile;
use catchall_model::Places;

/// The folder of the real packs.
pub fn packs_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// Every file of a folder of packs, in order of path, as the roof reads them.
pub fn files(folder: &Path) -> Vec<PackFile> {
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort_by(|a: &PackFile, b: &PackFile| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PackFile>) {
    for row in std::fs::read_dir(folder).unwrap() {
        let path = row.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "toml" || kind == "md")
        {
            let text = std::fs::read_to_string(&path)
                .unwrap()
                .replace("\r\n", "\n");
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            found.push(PackFile { path: name, text });
        }
    }
}

/// Countries and territories, from `data/places/countries.toml`.
pub fn places() -> Places {
    #[derive(serde::Deserialize)]
    struct File {
        country: Vec<Row>,
    }
    #[derive(serde::Deserialize)]
    struct Row {
        code: String,
        name: String,
        #[serde(default)]
        also: Vec<String>,
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/places/countries.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut places = Places::default();
    for row in file.country {
        places.add(&row.code, &row.name, &row.also).unwrap();
    }
    places
}
