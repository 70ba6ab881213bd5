//! Load: the only file that walks `packs/` and `data/`, from a folder or from the copy inside the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use catchall_assess::{Digests, Held, Imported};
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

/// What an answer's basis says of this program: the tables of names (of places, and of what screening knows of names), and itself.
pub fn digests(loaded: &Loaded) -> Digests {
    let tables = catchall_screen::TableTexts::built_in().digest();
    let both = [loaded.places_digest.as_bytes(), tables.as_slice()].concat();
    Digests {
        names: hex(&Sha256::digest(both)),
        program: concat!("catchall ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
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
    Ok((places, hex(&Sha256::digest(text.as_bytes()))))
}

/// What was put aside of a list at each of its imports, the oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn changes_of(folder: &Path, list: &str) -> Result<Vec<PathBuf>> {
    lists_in(&folder.join("changes").join(list))
}

/// The index files in a folder of lists.
///
/// # Errors
/// When the folder cannot be read.
pub fn indexes_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let folder = folder.join("index");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|own| own == "idx") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A stored list as bytes, with what its first line says of it.
pub struct StoredList {
    /// Where it lies.
    pub path: PathBuf,
    /// All of it.
    pub bytes: Vec<u8>,
    /// SHA-256 of all of it.
    pub digest: [u8; 32],
}

/// The stored lists, as the assessor takes them.
///
/// A list that cannot be read, or that is older than `oldest`, is a problem to be told and never passed over; so is a folder
/// that was named and holds none. The index of all of them is opened where it lies ready, else built and laid there.
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
    let mut stored = Vec::with_capacity(files.len());
    for path in files {
        let bytes = std::fs::read(&path)
            .with_context(|| format!("cannot read the stored list `{}`", path.display()))?;
        match catchall_screen::lists::read_head(&bytes) {
            Ok((head, records)) => {
                let digest: [u8; 32] = Sha256::digest(&bytes).into();
                if let Some(oldest) = oldest
                    && head.day < oldest
                {
                    let problem = format!("the list {} of {} is too old", head.list, head.day);
                    all.problems.push(problem);
                }
                if records == 0 {
                    all.problems
                        .push(format!("the list {} is empty", head.list));
                }
                all.held.push(Held {
                    list: head.list,
                    title: head.title,
                    day: Some(head.day),
                    records,
                    digest: hex(&digest),
                });
                stored.push(StoredList {
                    path,
                    bytes,
                    digest,
                });
            }
            Err(error) => all.problems.push(unusable(&path, &error)),
        }
    }
    if !stored.is_empty() {
        let (index, problems) = crate::index_file::ready(&folder, &stored);
        all.index = Some(index);
        all.problems.extend(problems);
    }
    Ok(all)
}

/// That a stored list cannot be used, and why.
pub fn unusable(path: &Path, error: &catchall_screen::lists::ListFileError) -> String {
    let path = path.display();
    format!("the stored list `{path}` cannot be used: {error}")
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Today by the machine's clock: asked here and nowhere below.
pub fn today() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Day::from_number(i64::try_from(seconds / 86_400).unwrap_or(0))
}

/// The folders in a folder, by name.
///
/// # Errors
/// When it cannot be read.
pub fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let unread = || format!("cannot read the folder `{}`", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Makes the state folder where it is not there, for its owner only.
///
/// # Errors
/// When it cannot be made.
pub fn state_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the state folder `{}`", folder.display()))
}

/// Writes a small file of the state folder as a whole: beside the old one, flushed, then in its place. For its owner only.
///
/// # Errors
/// When it cannot be written; then the old one stands.
pub fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let cannot = || format!("cannot write `{}`", path.display());
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let mut options = std::fs::File::options();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .with_context(cannot)?;
    file.write_all(bytes).with_context(cannot)?;
    file.sync_all().with_context(cannot)?;
    std::fs::rename(&beside, path).with_context(cannot)
}

/// Now by the machine's clock.
#[expect(
    clippy::expect_used,
    reason = "a clock beyond the year 9999 leaves nothing that could be recorded"
)]
pub fn now() -> catchall_ledger::Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let milliseconds = since.map_or(0, |since| since.as_millis());
    catchall_ledger::Timestamp::from_millisecond(i64::try_from(milliseconds).unwrap_or(i64::MAX))
        .expect("the clock stands between 1970 and 9999")
}

/// Who may do what: `roles.toml` of the state folder when it is there, else the copy inside the program.
///
/// # Errors
/// When the file cannot be read, and everything that is wrong in it.
pub fn policy(state: &Path) -> Result<catchall_ledger::policy::Policy> {
    let own = state.join("roles.toml");
    let text = match std::fs::read_to_string(&own) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => BUILT_IN_POLICY.to_owned(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", own.display()));
        }
    };
    catchall_ledger::policy::Policy::read(&text, &catchall_ledger::case::VIEWS).map_err(|errors| {
        let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the policy cannot be used: {}", all.join("; "))
    })
}

/// The schemas of the public documents, by name.
pub fn schemas() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILT_IN_SCHEMAS.iter().copied()
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

/// Working days: `calendar.toml` of the state folder when it is there, else the copy inside the program.
///
/// # Errors
/// When the file cannot be read, and the first thing that is wrong in it.
pub fn calendar(state: &Path) -> Result<catchall_ledger::case::calendar::Calendar> {
    const BUILT_IN: &str = include_str!("../../../data/policy/calendar.toml");
    let own = state.join("calendar.toml");
    let text = match std::fs::read_to_string(&own) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => BUILT_IN.to_owned(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", own.display()));
        }
    };
    catchall_ledger::case::calendar::Calendar::read(&text)
        .map_err(|error| anyhow::anyhow!("the calendar cannot be used: {error}"))
}

/// Limits for splitting: `limits.toml` of the state folder when it is there, else the copy inside the program.
///
/// # Errors
/// When the file cannot be read, or something in it is wrong.
pub fn limits(state: &Path) -> Result<Vec<catchall_ledger::licence::splitting::Limit>> {
    const BUILT_IN: &str = include_str!("../../../data/policy/limits.toml");
    let own = state.join("limits.toml");
    let text = match std::fs::read_to_string(&own) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => BUILT_IN.to_owned(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", own.display()));
        }
    };
    catchall_ledger::licence::splitting::limits(&text)
        .map_err(|error| anyhow::anyhow!("the limits cannot be used: {error}"))
}

/// The state folder of a ledger: where its file lies; of a server's ledger the one that is usual.
pub fn state_beside(ledger: &catchall_ledger::LedgerUrl) -> PathBuf {
    match ledger {
        catchall_ledger::LedgerUrl::Sqlite(path) => {
            path.parent().map_or_else(PathBuf::new, Path::to_path_buf)
        }
        _ => PathBuf::from("catchall-state"),
    }
}

/// How reports are kept and what a flag needs: `evidence.toml` of the state folder when it is there, else the copy inside the program.
///
/// # Errors
/// When the file cannot be read, or something in it is wrong.
pub fn evidence(state: &Path) -> Result<crate::evidence::Rules> {
    const BUILT_IN: &str = include_str!("../../../data/policy/evidence.toml");
    let own = state.join("evidence.toml");
    let text = match std::fs::read_to_string(&own) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => BUILT_IN.to_owned(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", own.display()));
        }
    };
    crate::evidence::Rules::read(&text)
        .map_err(|error| anyhow::anyhow!("`evidence.toml` cannot be used: {error}"))
}
