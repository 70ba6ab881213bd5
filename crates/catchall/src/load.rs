//! Load: the only file that walks `packs/` and `data/`, from a folder or from the copy inside the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use catchall_law::{Law, PackFile};
use catchall_model::Places;
use serde::Deserialize;
use sha2::{Digest, Sha256};

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// What the program reads at start: packs and places, with where they came from.
pub struct Loaded {
    /// Where the packs came from, for people.
    pub from: String,
    /// The packs' files.
    pub files: Vec<PackFile>,
    /// Countries and territories.
    pub places: Places,
    /// Digest of the list of places.
    pub places_digest: String,
}

/// Packs from `folder` when given; else from `packs/` in the working folder when that holds packs; else the built-in copy.
///
/// # Errors
/// When the folder cannot be read, or the list of places is broken.
pub fn load(folder: Option<&Path>) -> Result<Loaded> {
    let (from, files) = match folder {
        Some(folder) => (folder.display().to_string(), read_folder(folder)?),
        None if Path::new("packs/vocabulary").is_dir() => {
            ("packs".to_owned(), read_folder(Path::new("packs"))?)
        }
        None => {
            let files = BUILT_IN_PACKS.iter().map(|(path, text)| PackFile {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            });
            ("the built-in packs".to_owned(), files.collect())
        }
    };
    let (places, places_digest) = places(BUILT_IN_PLACES)?;
    Ok(Loaded {
        from,
        files,
        places,
        places_digest,
    })
}

/// Reads the packs and resolves them.
///
/// # Errors
/// Everything that is wrong with them.
pub fn law(loaded: &Loaded) -> Result<Law, Vec<catchall_law::Diagnostic>> {
    Law::from_packs(&loaded.files, &loaded.places)
}

fn read_folder(folder: &Path) -> Result<Vec<PackFile>> {
    if !folder.is_dir() {
        bail!(
            "`{}` is no folder of packs; give one that holds `vocabulary/` and a folder an instrument",
            folder.display()
        );
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found, 0)?;
    if found.is_empty() {
        bail!(
            "`{}` holds no packs (no .toml or .md file below it)",
            folder.display()
        );
    }
    Ok(found
        .into_iter()
        .map(|(path, text)| PackFile { path, text })
        .collect())
}

fn walk(
    root: &Path,
    folder: &Path,
    found: &mut BTreeMap<String, String>,
    depth: usize,
) -> Result<()> {
    if depth > 8 {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
    for entry in entries {
        let path: PathBuf = entry
            .with_context(|| format!("cannot read the folder `{}`", folder.display()))?
            .path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, found, depth + 1)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml" || extension == "md")
        {
            let bytes = std::fs::read(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                anyhow::anyhow!(
                    "`{}` is not UTF-8 from byte {at} on; save it as UTF-8",
                    path.display()
                )
            })?;
            let text = text
                .strip_prefix('\u{feff}')
                .map_or(text.clone(), str::to_owned)
                .replace("\r\n", "\n");
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>()
                .join("/");
            found.insert(name, text);
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesFile {
    country: Vec<PlaceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceRow {
    code: String,
    name: String,
    #[serde(default)]
    also: Vec<String>,
}

fn places(text: &str) -> Result<(Places, String)> {
    let file: PlacesFile = toml::from_str(text).context("the list of places cannot be read")?;
    let mut places = Places::default();
    for row in &file.country {
        places.add(&row.code, &row.name, &row.also)?;
    }
    let digest = Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((places, digest))
}
