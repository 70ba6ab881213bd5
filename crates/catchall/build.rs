//! Puts a copy of `packs/` and `data/places/` into the program, so that one binary works anywhere; and tells the tests for which
//! platform they were built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    if let Ok(target) = std::env::var("TARGET") {
        println!("cargo::rustc-env=CATCHALL_TARGET={target}");
    }
    let root =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let packs = root.join("packs");
    let mut files = Vec::new();
    walk_for(&packs, &mut files, &["toml", "md"]);
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
    let schemas = root.join("data/schema");
    let mut files = Vec::new();
    walk_for(&schemas, &mut files, &["json"]);
    files.sort();
    code.push_str("const BUILT_IN_SCHEMAS: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let _ = writeln!(
            code,
            "    ({name:?}, include_str!({:?})),",
            file.display().to_string()
        );
    }
    code.push_str("];\n");
    let policy = root.join("data/policy/roles.toml");
    let _ = writeln!(
        code,
        "const BUILT_IN_POLICY: &str = include_str!({:?});",
        policy.display().to_string()
    );
    println!("cargo::rerun-if-changed={}", policy.display());
    println!("cargo::rerun-if-changed={}", packs.display());
    println!("cargo::rerun-if-changed={}", places.display());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("built_in.rs");
    if let Err(error) = std::fs::write(&out, code) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

fn walk_for(folder: &Path, files: &mut Vec<PathBuf>, endings: &[&str]) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk_for(&path, files, endings);
        } else if path
            .extension()
            .is_some_and(|extension| endings.iter().any(|ending| extension == *ending))
        {
            files.push(path);
        }
    }
}
