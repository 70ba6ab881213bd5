//! Puts a copy of `packs/` and `data/places/` into the program, so that one binary works anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let packs = root.join("packs");
    let mut files = Vec::new();
    walk(&packs, &mut files);
    files.sort();
    let mut code = String::from("const BUILT_IN_PACKS: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file
            .strip_prefix(&packs)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!({:?})),",
            file.display().to_string()
        );
    }
    code.push_str("];\n");
    let places = root.join("data/places/countries.toml");
    let _ = writeln!(
        code,
        "const BUILT_IN_PLACES: &str = include_str!({:?});",
        places.display().to_string()
    );
    println!("cargo::rerun-if-changed={}", packs.display());
    println!("cargo::rerun-if-changed={}", places.display());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("built_in.rs");
    if let Err(error) = std::fs::write(&out, code) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml" || extension == "md")
        {
            files.push(path);
        }
    }
}
