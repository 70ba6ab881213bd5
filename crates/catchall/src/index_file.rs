//! The index of the stored lists as one file beside them: `index/<digest>.idx` in the folder of lists.
//!
//! Its name is the digest of what it was built from: the stored lists, the tables of names, the program. So it is never asked whether it is up to date: a
//! list that was imported anew, or edited, has another name. A damaged file, or one of another version, is told, and built again. Where the
//! folder cannot be written to, the index is built at each start, and only that is lost.
//!
//! It is read into memory as one row of bytes, which is then looked into by offsets. A mapping of the file would save the copy, but needs `unsafe`.

use std::path::{Path, PathBuf};

use catchall_screen::{IndexFile, Listing, Names, ScreenIndex, TableTexts};
use sha2::{Digest, Sha256};

use crate::load::{self, StoredList};

/// The index of these lists, and what is wrong with those that it had to leave out.
pub(crate) fn ready(folder: &Path, stored: &[StoredList]) -> (IndexFile, Vec<String>) {
    let key = key_of(stored.iter().map(|list| &list.digest));
    let file = path_of(folder, &key);
    if let Some(index) = opened(&file, &key) {
        return (index, Vec::new());
    }
    let (mut listings, mut problems) = (Vec::<Listing>::new(), Vec::new());
    for list in stored {
        match catchall_screen::lists::read(&list.bytes) {
            Ok(read) => listings.extend(read.listings),
            Err(error) => problems.push(load::unusable(&list.path, &error)),
        }
    }
    let index = match Names::built_in() {
        Ok(names) => ScreenIndex::build(&listings, names).sealed(key),
        Err(error) => {
            problems.push(error.to_string());
            return (IndexFile::default(), problems);
        }
    };
    // What lacks a list is not laid down as if it were whole.
    if problems.is_empty()
        && let Err(error) = put(&file, index.bytes())
    {
        crate::talk::say!(
            "catchall: the index of the lists was built and could not be kept in `{}` ({error}); it will be built again next time",
            file.display()
        );
    } else if problems.is_empty() {
        drop_others(folder, &file);
    }
    (index.into(), problems)
}

/// The digest of what an index of these is built from.
pub(crate) fn key_of<'d>(digests: impl Iterator<Item = &'d [u8; 32]>) -> [u8; 32] {
    let mut key = Sha256::new();
    key.update(TableTexts::built_in().digest());
    key.update(env!("CARGO_PKG_VERSION").as_bytes());
    for digest in digests {
        key.update(digest);
    }
    key.finalize().into()
}

fn path_of(folder: &Path, key: &[u8; 32]) -> PathBuf {
    let name: String = load::hex(key).chars().take(32).collect();
    folder.join("index").join(format!("{name}.idx"))
}

/// The index where it lies whole, and is what its name says.
pub(crate) fn opened(file: &Path, key: &[u8; 32]) -> Option<IndexFile> {
    let bytes = std::fs::read(file).ok()?;
    match IndexFile::open(bytes) {
        Ok(index) if index.key() == key => Some(index),
        Ok(_) => None,
        Err(error) => {
            crate::talk::say!("catchall: `{}`: {error}; built again now", file.display());
            None
        }
    }
}

/// Writes beside the file and then takes its place, so that it is never half there, however many write it.
pub(crate) fn put(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension(format!("{}.new", std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, file));
    if written.is_err() {
        // On a full disk half a file would only take more of it.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Indexes of lists as they were are of no use to anybody.
fn drop_others(folder: &Path, own: &Path) {
    for other in load::indexes_in(folder).unwrap_or_default() {
        if other != own {
            let _ = std::fs::remove_file(other);
        }
    }
}
