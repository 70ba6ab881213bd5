//! The one place of these tests that knows the door: files in, imports out.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use catchall_model::{Day, Places};
use catchall_screen::lists::{self, Format, Import, ListFile, Part, Refusal, Request};

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the shared data, where it is there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    path.exists().then_some(path)
}

pub fn bytes_of(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[derive(serde::Deserialize)]
struct PlacesFile {
    country: Vec<PlaceRow>,
}

#[derive(serde::Deserialize)]
struct PlaceRow {
    code: String,
    name: String,
    #[serde(default)]
    also: Vec<String>,
}

/// The project's own list of places.
pub fn places() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let text = std::fs::read_to_string(root().join("data/places/countries.toml")).unwrap();
        let file: PlacesFile = toml::from_str(&text).unwrap();
        let mut places = Places::default();
        for row in &file.country {
            places.add(&row.code, &row.name, &row.also).unwrap();
        }
        places
    })
}

pub fn format(id: &str) -> &'static Format {
    lists::formats()
        .iter()
        .find(|format| format.id == id)
        .unwrap()
}

pub fn import(id: &str, parts: &[(String, Vec<u8>)]) -> Result<Import, Refusal> {
    import_over(id, parts, None, day("2026-11-22"))
}

/// Imports over a list that is stored.
pub fn import_over(
    id: &str,
    parts: &[(String, Vec<u8>)],
    previous: Option<&ListFile>,
    today: Day,
) -> Result<Import, Refusal> {
    run(id, parts, previous, today, false)
}

/// The same, when a person has looked at what is missing.
pub fn import_accepting(
    id: &str,
    parts: &[(String, Vec<u8>)],
    previous: Option<&ListFile>,
    today: Day,
) -> Result<Import, Refusal> {
    run(id, parts, previous, today, true)
}

fn run(
    id: &str,
    parts: &[(String, Vec<u8>)],
    previous: Option<&ListFile>,
    today: Day,
    accept_shrink: bool,
) -> Result<Import, Refusal> {
    let request = Request {
        format: format(id),
        list: None,
        source: "test",
        accept_shrink,
    };
    let mut slices: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let parts = slices
        .iter_mut()
        .map(|(name, from)| Part { name, from })
        .collect();
    lists::import(&request, parts, previous, today, &|text| {
        places().find(text)
    })
}
