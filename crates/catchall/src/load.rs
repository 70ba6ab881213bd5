//! Load: the only file that walks `packs/` and `data/`, from a folder or from the copy inside the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use catchall_assess::{Held, Imported};
use catchall_law::{Law, PackFile};
use catchall_model::{Day, Places};
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

/// The same without cases and samples, for answering.
///
/// # Errors
/// Everything that is wrong with them, but for cases and samples.
pub fn law_to_answer(loaded: &Loaded) -> Result<Law, Vec<catchall_law::Diagnostic>> {
    Law::to_answer(&loaded.files, &loaded.places)
}

/// The folder of stored lists: the one named, else `lists/` in the working folder when it holds some, else the user's
/// data folder.
pub fn lists_folder(named: Option<&Path>) -> PathBuf {
    if let Some(named) = named {
        return named.to_owned();
    }
    let here = Path::new("lists");
    if lists_in(here).is_ok_and(|found| !found.is_empty()) {
        return here.to_owned();
    }
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    data.or_else(home)
        .map_or_else(|| here.to_owned(), |data| data.join("catchall/lists"))
}

/// The stored lists in a folder, by name; none where there is no such folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn lists_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    let unread = || format!("cannot read the folder `{}`", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        if path.extension().is_some_and(|own| own == "jsonl") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
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

/// The stored lists, as the assessor takes them.
///
/// A list that cannot be read, or that is older than `oldest`, is a problem to be told and never passed over; so is a folder
/// that was named and holds none.
///
/// # Errors
/// When the folder cannot be read.
pub fn imported(named: Option<&Path>, oldest: Option<Day>) -> Result<Imported> {
    let folder = lists_folder(named);
    let mut all = Imported::default();
    let files = lists_in(&folder)?;
    if files.is_empty() && named.is_some() {
        let problem = format!("`{}` holds no stored list", folder.display());
        all.problems.push(problem);
    }
    for path in files {
        let bytes = std::fs::read(&path)
            .with_context(|| format!("cannot read the stored list `{}`", path.display()))?;
        let file = match catchall_screen::lists::read(&bytes) {
            Ok(file) => file,
            Err(error) => {
                let problem = format!(
                    "the stored list `{}` cannot be used: {error}",
                    path.display()
                );
                all.problems.push(problem);
                continue;
            }
        };
        let head = &file.head;
        if let Some(oldest) = oldest
            && head.day < oldest
        {
            let problem = format!("the list {} of {} is too old", head.list, head.day);
            all.problems.push(problem);
        }
        if file.count() == 0 {
            all.problems
                .push(format!("the list {} is empty", head.list));
        }
        all.held.push(Held {
            list: head.list.clone(),
            title: head.title.clone(),
            day: Some(head.day),
            records: file.count(),
            digest: Sha256::digest(&bytes)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        });
        all.listings.extend(file.listings);
    }
    Ok(all)
}

/// Today by the machine's clock: asked here and nowhere below.
pub fn today() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Day::from_number(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// The reports in a folder and below it, by name.
///
/// # Errors
/// When a folder cannot be read.
pub fn reports_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let unread = || format!("cannot read the folder `{}`", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        let report = path.extension().is_some_and(|own| {
            // The last are known and not read: each is told, none is passed over.
            [
                "txt", "html", "htm", "eml", "jsonl", "pdf", "docx", "doc", "rtf", "odt", "msg",
            ]
            .iter()
            .any(|each| own.eq_ignore_ascii_case(each))
        });
        if path.is_dir() && !path.is_symlink() {
            found.extend(reports_in(&path)?);
        } else if report {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
