//! The file of the key that signs checkpoints: beside the store, for its owner's eyes only.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::LedgerError;
use crate::checkpoint::Signer;
use crate::record::{from_hex, to_hex};

/// What stands before the secret in the file.
const MARK: &str = "catchall-ledger-key/1 ";

/// Opens a new file for writing that only its owner may read, where the system knows owners.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// The key in this file; `None` when there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Signer>, LedgerError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(path, error.to_string(), "make it readable")),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)
            .map_err(|error| wrong(path, error.to_string(), "make it readable"))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(wrong(
                path,
                format!("others than its owner may use it (mode {:o})", mode & 0o777),
                "run `chmod 600` on it, or put a new key in its place if others have read it",
            ));
        }
    }
    let secret = text.trim_end().strip_prefix(MARK).and_then(from_hex);
    let secret = secret.ok_or_else(|| {
        wrong(
            path,
            "it is not a key of a ledger".to_owned(),
            "put it back from a backup",
        )
    })?;
    Ok(Some(Signer::from_secret(&secret)))
}

/// Makes the file with this key, unless there is one: then that one's key is given.
pub(crate) fn make(path: &Path, key: Signer) -> Result<Signer, LedgerError> {
    let failed = |error: std::io::Error| {
        wrong(
            path,
            format!("cannot write it: {error}"),
            "see that its folder can be written",
        )
    };
    // Written whole under another name, then linked: two processes that start at once end up with one key.
    let draft = beside(path);
    let _ = std::fs::remove_file(&draft);
    let mut file = private().create_new(true).open(&draft).map_err(failed)?;
    file.write_all(format!("{MARK}{}\n", to_hex(&key.secret())).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    let linked = std::fs::hard_link(&draft, path);
    let _ = std::fs::remove_file(&draft);
    match linked {
        Ok(()) => {
            if let Some(folder) = path.parent().filter(|one| !one.as_os_str().is_empty())
                && let Ok(folder) = std::fs::File::open(folder)
            {
                let _ = folder.sync_all();
            }
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| failed(error))
        }
        Err(error) => Err(failed(error)),
    }
}

/// How many drafts this process has begun, so that its threads do not write into one another's.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    let count = DRAFTS.fetch_add(1, Ordering::Relaxed);
    name.push(format!(".{}-{count}", std::process::id()));
    PathBuf::from(name)
}

fn wrong(path: &Path, found: String, cure: &'static str) -> LedgerError {
    LedgerError::SigningKey {
        place: path.display().to_string(),
        found,
        cure,
    }
}
