//! Backup and restore: a folder that holds all of a ledger, whatever store it lies in.
//!
//! `ledger.jsonl` is the export, verifiable by itself; `subjects.jsonl` the keys of sealed bodies; `signing.key` the key of the checkpoints. The
//! last two are secret, and apart so that they can be kept apart: a shredded subject comes back with an old `subjects.jsonl`.
//! Restoring is also how a ledger moves from one store to another.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::checkpoint::Checkpoint;
use crate::line::Line;
use crate::record::{KeyId, Record, from_hex, to_hex};
use crate::seal::SubjectKey;
use crate::{Ledger, LedgerError, LedgerUrl, Opening, Timestamp, Verified, keyfile, verify};

const EXPORT: &str = "ledger.jsonl";
const SUBJECTS: &str = "subjects.jsonl";
const SIGNING: &str = "signing.key";

/// Entries that are committed at a time.
const CHUNK: usize = 1000;

/// A subject's key as a line of `subjects.jsonl`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectLine {
    id: String,
    subject: String,
    secret: String,
}

/// What came of a restore.
#[derive(Debug)]
pub struct Restored {
    /// The ledger.
    pub ledger: Ledger,
    /// What the backup's export was found to be.
    pub verified: Verified,
    /// How many entries were there before: more than none when an interrupted restore goes on.
    pub before: u64,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ledger at {}", self.url())
    }
}

impl Ledger {
    /// Writes a backup into a new folder, while others go on; gives the number of entries.
    ///
    /// Each file is written whole under another name first; the export, which makes the folder a backup, comes last.
    ///
    /// # Errors
    /// [`LedgerError::Backup`] when the folder cannot be written or holds a backup already; and those of [`Ledger::export`].
    pub fn backup(&self, folder: &Path, at: Timestamp) -> Result<u64, LedgerError> {
        std::fs::create_dir_all(folder).map_err(|error| wrong(folder, &error))?;
        let export = folder.join(EXPORT);
        if export.exists() {
            return Err(LedgerError::Backup {
                place: export.display().to_string(),
                why: "there is a backup here already; name a new folder".to_owned(),
            });
        }
        // The export first: its entries' keys are then all among those that are read after it.
        let mut entries = 0;
        let draft = written(&export, |file| {
            entries = self.export(at, |line| {
                file.write_all(line).map_err(|error| wrong(&export, &error))
            })?;
            Ok(())
        })?;
        let keys = self.read(|session| session.keys())?;
        let subjects = folder.join(SUBJECTS);
        let place = written(&subjects, |file| {
            for key in &keys {
                let line = SubjectLine {
                    id: key.id.to_string(),
                    subject: key.subject.clone(),
                    secret: to_hex(&key.secret),
                };
                serde_json::to_writer(&mut *file, &line)
                    .map_err(std::io::Error::from)
                    .and_then(|()| file.write_all(b"\n"))
                    .map_err(|error| wrong(&subjects, &error))?;
            }
            Ok(())
        })?;
        rename(&place, &subjects)?;
        let signing = folder.join(SIGNING);
        if !signing.exists() {
            keyfile::make(&signing, self.signer()?)?;
        }
        rename(&draft, &export)?;
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(entries)
    }

    /// Makes a ledger of a backup, in an empty place or where the same restore was interrupted; with the backup's signing key, unless there
    /// is a key already.
    ///
    /// # Errors
    /// [`LedgerError::Backup`] when the folder holds no whole backup, when its export does not verify (the first fault is named), or when the
    /// place holds other entries; and what the store says.
    pub fn restore(
        folder: &Path,
        url: &LedgerUrl,
        opening: Opening,
    ) -> Result<Restored, LedgerError> {
        let export = folder.join(EXPORT);
        let open = || {
            File::open(&export)
                .map(|file| BufReader::with_capacity(1 << 16, file))
                .map_err(|error| wrong(&export, &error))
        };
        let verified = verify(open()?, None).map_err(|error| wrong(&export, &error))?;
        if let Some(fault) = verified.faults.first() {
            return Err(LedgerError::Backup {
                place: export.display().to_string(),
                why: format!("it does not verify, so nothing was restored: {fault}"),
            });
        }
        let keys = subjects(&folder.join(SUBJECTS))?;
        let signer = keyfile::read(&folder.join(SIGNING))?;
        let opening = Opening {
            create: true,
            ..opening
        };
        let ledger = Ledger::open_with_key(url, opening, signer)?;
        let before = ledger.head()?.map_or(0, |head| head.number);
        let checkpoints = ledger.refill(open()?, &export, before)?;
        ledger.write_alone(|session| {
            for key in &keys {
                if session.key_named(key.id)?.is_none() {
                    session.add_key(key)?;
                }
            }
            let kept = session.checkpoints()?;
            for one in &checkpoints {
                if !kept
                    .iter()
                    .any(|own| own.size == one.size && own.key == one.key)
                {
                    session.add_checkpoint(one)?;
                }
            }
            Ok(())
        })?;
        Ok(Restored {
            ledger,
            verified,
            before,
        })
    }

    /// Adds the entries of a verified export after the first `before`, which must be the same; gives its checkpoints.
    fn refill(
        &self,
        export: impl BufRead,
        place: &Path,
        before: u64,
    ) -> Result<Vec<Checkpoint>, LedgerError> {
        let other = |what: String| LedgerError::Backup {
            place: self.url().to_string(),
            why: format!("{what}; a backup is restored into an empty place"),
        };
        let mut checkpoints = Vec::new();
        let mut chunk: Vec<Record> = Vec::with_capacity(CHUNK);
        let mut number = 0;
        for line in export.lines() {
            let line = line.map_err(|error| wrong(place, &error))?;
            match Line::read(&line) {
                Ok(Line::Checkpoint(one)) => checkpoints.push(one),
                Ok(Line::Entry(record)) => {
                    number = record.number;
                    if number < before {
                        continue;
                    }
                    if number == before {
                        let own = self.read(|session| session.head())?;
                        if own.map(|own| own.hash) != Some(record.hash) {
                            return Err(other(format!("it holds {before} other entries")));
                        }
                        continue;
                    }
                    chunk.push(record);
                    if chunk.len() == CHUNK {
                        self.write_alone(|session| session.add(&chunk))?;
                        chunk.clear();
                    }
                }
                Ok(Line::Header(_)) => {}
                Err(why) => {
                    return Err(LedgerError::Backup {
                        place: place.display().to_string(),
                        why: format!("it was changed while it was read: {why}"),
                    });
                }
            }
        }
        if !chunk.is_empty() {
            self.write_alone(|session| session.add(&chunk))?;
        }
        if number < before {
            return Err(other(format!(
                "it holds {before} entries, and the backup only {number}"
            )));
        }
        Ok(checkpoints)
    }
}

fn subjects(path: &Path) -> Result<Vec<SubjectKey>, LedgerError> {
    let broken = |line: usize| LedgerError::Backup {
        place: path.display().to_string(),
        why: format!("line {line} is no key of a subject"),
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(path, &error))?;
    let mut keys = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let read: SubjectLine = serde_json::from_str(text).map_err(|_| broken(line))?;
        keys.push(SubjectKey {
            id: KeyId(from_hex(&read.id).ok_or_else(|| broken(line))?),
            subject: read.subject,
            secret: from_hex(&read.secret).ok_or_else(|| broken(line))?,
        });
    }
    Ok(keys)
}

/// Writes a file for its owner's eyes under another name, whole and flushed; gives that name.
fn written(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), LedgerError>,
) -> Result<PathBuf, LedgerError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let draft = PathBuf::from(name);
    let failed = |error: &std::io::Error| wrong(&draft, error);
    let file = keyfile::private()
        .create(true)
        .truncate(true)
        .open(&draft)
        .map_err(|error| failed(&error))?;
    let mut file = BufWriter::with_capacity(1 << 16, file);
    write(&mut file)?;
    file.flush().map_err(|error| failed(&error))?;
    file.get_ref().sync_all().map_err(|error| failed(&error))?;
    Ok(draft)
}

fn rename(from: &Path, to: &Path) -> Result<(), LedgerError> {
    std::fs::rename(from, to).map_err(|error| wrong(to, &error))
}

fn wrong(path: &Path, error: &std::io::Error) -> LedgerError {
    let place = path.display().to_string();
    match error.kind() {
        std::io::ErrorKind::StorageFull => LedgerError::Full { place },
        _ => LedgerError::Backup {
            place,
            why: error.to_string(),
        },
    }
}
