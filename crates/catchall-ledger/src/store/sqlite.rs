//! Entries in one SQLite file: write-ahead log, a full flush at each commit, one writer at a time.
//!
//! The tables refuse `UPDATE` and `DELETE`, and a row that does not continue the chain; so a slip of any program that opens the file is refused
//! too. Whoever means to change it can take the triggers away: that is what the chain and the checkpoints are for.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, params};

use super::{PATIENCE, Session, Store, Stores, Work, bounds, end_of_prefix};
use crate::checkpoint::{Checkpoint, Frontier, PublicKey};
use crate::entry::{Actor, Ask, Receipt};
use crate::record::{Content, Hash, KeyId, Record};
use crate::seal::SubjectKey;
use crate::{LedgerError, Timestamp};

/// Says in the file's header that it is ours: `CTLG`.
const APPLICATION: i64 = 0x4354_4c47;

/// What each version adds to the one before. A file of an earlier version gets the steps that it lacks; none is ever edited.
const STEPS: [&str; 1] = [include_str!("sqlite/1.sql")];

const COLUMNS: &str =
    "number, at, stream, kind, actor, team, roles, key, previous, hash, seal, content";

pub(crate) struct Sqlite {
    path: PathBuf,
}

impl Sqlite {
    /// The file at `path`, brought to the present version; made when it is not there and `create` says so.
    pub fn at(path: &Path, create: bool) -> Result<Sqlite, LedgerError> {
        let stores = Sqlite {
            path: path.to_owned(),
        };
        if !path.exists() {
            if !create {
                return Err(LedgerError::Absent {
                    place: stores.place(),
                });
            }
            stores.make_file()?;
        }
        let mut connection = stores.open()?;
        stores.recognise(&connection)?;
        if connection.is_readonly("main").unwrap_or(false) {
            return Ok(stores);
        }
        stores.migrate(&mut connection)?;
        Ok(stores)
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    /// An empty file that only its owner may read: personal data and its keys will stand in it.
    fn make_file(&self) -> Result<(), LedgerError> {
        let failed = |error: std::io::Error| {
            let place = self.place();
            let why = error.to_string();
            match error.kind() {
                std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                    LedgerError::ReadOnly { place, why }
                }
                std::io::ErrorKind::StorageFull => LedgerError::Full { place },
                _ => LedgerError::Store {
                    place,
                    doing: "make the file",
                    why,
                },
            }
        };
        if let Some(folder) = self.path.parent().filter(|one| !one.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        match crate::keyfile::private().create_new(true).open(&self.path) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    fn open(&self) -> Result<Connection, LedgerError> {
        let wrong = |error| failed(&self.place(), "open it", &error);
        if self.path.is_dir() {
            return Err(LedgerError::Foreign {
                place: self.place(),
                found: "a folder".to_owned(),
            });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self.tuned(&self.path, flags) {
            Ok(connection) => connection,
            Err(error) if is_read_only(&error) && !self.has_log() => {
                // A disk that cannot be written cannot hold the log's index either; without a log the file alone is the whole ledger.
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX
                    | OpenFlags::SQLITE_OPEN_URI;
                let name = self.path.to_string_lossy();
                let escaped = name
                    .replace('%', "%25")
                    .replace('?', "%3f")
                    .replace('#', "%23");
                self.tuned(Path::new(&format!("file:{escaped}?immutable=1")), flags)
                    .map_err(|_| wrong(error))?
            }
            Err(error) => return Err(wrong(error)),
        };
        Ok(connection)
    }

    fn has_log(&self) -> bool {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
    }

    fn tuned(&self, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Reads the header, so that a foreign file is noticed here.
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "trusted_schema", "OFF")?;
        Ok(connection)
    }

    /// Refuses what is not ours, before anything is changed.
    fn recognise(&self, connection: &Connection) -> Result<(), LedgerError> {
        let ask = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let (application, tables) = ask("PRAGMA application_id")
            .and_then(|id| Ok((id, ask("SELECT count(*) FROM sqlite_master")?)))
            .map_err(|error| failed(&self.place(), "read it", &error))?;
        match (application, tables) {
            (APPLICATION, _) | (0, 0) => Ok(()),
            _ => Err(LedgerError::Foreign {
                place: self.place(),
                found: format!("a database of another program, with {tables} tables and indices"),
            }),
        }
    }

    fn migrate(&self, connection: &mut Connection) -> Result<(), LedgerError> {
        let known = STEPS.len() as i64;
        let wrong = |error| failed(&self.place(), "bring it to the present version", &error);
        let version = |connection: &Connection| {
            connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        };
        let found = version(connection).map_err(wrong)?;
        if found > known {
            return Err(LedgerError::Newer {
                place: self.place(),
                found,
                known,
            });
        }
        if found == known {
            return Ok(());
        }
        self.log_ahead(connection)?;
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(wrong)?;
        // Another process may have been faster.
        let found = version(&transaction).map_err(wrong)?;
        for (step, sql) in STEPS.iter().enumerate() {
            if (step as i64) < found {
                continue;
            }
            transaction.execute_batch(sql).map_err(wrong)?;
            transaction
                .execute(
                    "INSERT INTO version (version, program) VALUES (?1, ?2)",
                    params![step as i64 + 1, env!("CARGO_PKG_VERSION")],
                )
                .map_err(wrong)?;
        }
        transaction
            .pragma_update(None, "user_version", known)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION))
            .map_err(wrong)?;
        transaction.commit().map_err(wrong)
    }

    /// Turns the write-ahead log on, which stays on in the file. SQLite does not wait for others here, so we do.
    fn log_ahead(&self, connection: &Connection) -> Result<(), LedgerError> {
        let began = Instant::now();
        loop {
            let turned = connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
                row.get::<_, String>(0)
            });
            match turned {
                Ok(mode) if mode == "wal" => return Ok(()),
                Ok(mode) => {
                    return Err(LedgerError::Store {
                        place: self.place(),
                        doing: "keep a write-ahead log there",
                        why: format!("the file system allows only the journal `{mode}`"),
                    });
                }
                Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                Err(error) => {
                    return Err(failed(&self.place(), "keep a write-ahead log", &error));
                }
            }
        }
    }
}

impl Stores for Sqlite {
    fn connect(&self) -> Result<Box<dyn Store>, LedgerError> {
        Ok(Box::new(Open {
            connection: self.open()?,
            place: self.place(),
        }))
    }
}

/// One connection.
struct Open {
    connection: Connection,
    place: String,
}

impl Open {
    fn run(&self, sql: &str, doing: &'static str) -> Result<(), LedgerError> {
        self.connection
            .execute_batch(sql)
            .map_err(|error| failed(&self.place, doing, &error))
    }

    /// Takes back what was not committed. SQLite may have done so by itself, then this says so, which is no matter.
    fn take_back(&self) {
        let _ = self.connection.execute_batch("ROLLBACK");
    }
}

impl Store for Open {
    fn read(&mut self, work: Work) -> Result<(), LedgerError> {
        self.run("BEGIN DEFERRED", "read it")?;
        let done = work(&mut Over {
            connection: &self.connection,
            place: &self.place,
        });
        self.take_back();
        done
    }

    fn write(&mut self, work: Work) -> Result<(), LedgerError> {
        self.run("BEGIN IMMEDIATE", "begin to write")?;
        let done = work(&mut Over {
            connection: &self.connection,
            place: &self.place,
        });
        if let Err(error) = done {
            self.take_back();
            return Err(error);
        }
        let committed = self.run("COMMIT", "commit");
        if committed.is_err() {
            self.take_back();
        }
        committed.map_err(|error| match error {
            // The log may have reached the disk before the flush failed.
            LedgerError::Store { place, why, .. } => LedgerError::Unsure { place, why },
            known => known,
        })
    }

    fn scrub(&mut self) -> Result<(), LedgerError> {
        let emptied = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        match emptied {
            Ok(0) => Ok(()),
            Ok(_) => Err(LedgerError::Busy {
                place: self.place.clone(),
                seconds: PATIENCE.as_secs(),
            }),
            Err(error) => Err(failed(&self.place, "empty its log", &error)),
        }
    }
}

/// A session over a connection that has a transaction open.
struct Over<'a> {
    connection: &'a Connection,
    place: &'a str,
}

impl Over<'_> {
    fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LedgerError> {
        let wrong = |error| failed(self.place, "read it", &error);
        let mut statement = self.connection.prepare_cached(sql).map_err(wrong)?;
        let mut rows = statement.query(params).map_err(wrong)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(wrong)? {
            found.push(read(row).map_err(wrong)?);
        }
        Ok(found)
    }

    fn found(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Record>, LedgerError> {
        self.all(sql, params, |row| Ok(record(row)))?
            .into_iter()
            .collect()
    }

    fn put(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, LedgerError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params))
            .map_err(|error| failed(self.place, "write an entry", &error))
    }
}

impl Session for Over<'_> {
    fn head(&mut self) -> Result<Option<Receipt>, LedgerError> {
        let found = self.all(
            "SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?)),
        )?;
        Ok(found.into_iter().next().map(|(number, hash)| Receipt {
            number: number.cast_unsigned(),
            hash: Hash::from_bytes(hash),
        }))
    }

    fn last_of(&mut self, stream: &str) -> Result<u64, LedgerError> {
        let found = self.all(
            "SELECT number FROM entry INDEXED BY entry_stream WHERE stream = ?1 ORDER BY number DESC LIMIT 1",
            [stream],
            |row| row.get::<_, i64>(0),
        )?;
        Ok(found.first().map_or(0, |number| number.cast_unsigned()))
    }

    fn records(&mut self, numbers: &[u64]) -> Result<Vec<Record>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM entry WHERE number = ?1");
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let mut found = Vec::with_capacity(sorted.len());
        for number in sorted {
            found.extend(self.found(&sql, [number.cast_signed()])?);
        }
        Ok(found)
    }

    fn span(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError> {
        let (after, before, limit) = bounds(ask);
        let order = if ask.newest_first { "DESC" } else { "ASC" };
        let (from, end) = match &ask.kind {
            None => (String::new(), None),
            Some(prefix) => (prefix.clone(), end_of_prefix(prefix)),
        };
        let kinds = "(+kind >= ?4 AND (?5 IS NULL OR +kind < ?5))";
        match &ask.stream {
            None => self.found(
                &format!("SELECT {COLUMNS} FROM entry WHERE number > ?1 AND number < ?2 AND {kinds} ORDER BY number {order} LIMIT ?3"),
                params![after, before, limit, from, end],
            ),
            Some(stream) => self.found(
                &format!("SELECT {COLUMNS} FROM entry INDEXED BY entry_stream WHERE stream = ?6 AND number > ?1 AND number < ?2 AND {kinds} ORDER BY number {order} LIMIT ?3"),
                params![after, before, limit, from, end, stream],
            ),
        }
    }

    fn kinds(&mut self, prefix: &str) -> Result<Vec<String>, LedgerError> {
        let end = end_of_prefix(prefix);
        let mut kinds: Vec<String> = Vec::new();
        let mut sql = "SELECT kind FROM entry INDEXED BY entry_kind WHERE kind >= ?1 AND (?2 IS NULL OR kind < ?2) ORDER BY kind LIMIT 1";
        let mut from = prefix.to_owned();
        // From kind to kind through the index, so that the entries between are not walked.
        while let Some(kind) = self
            .all(sql, params![from, end], |row| row.get::<_, String>(0))?
            .pop()
        {
            sql = "SELECT kind FROM entry INDEXED BY entry_kind WHERE kind > ?1 AND (?2 IS NULL OR kind < ?2) ORDER BY kind LIMIT 1";
            from.clone_from(&kind);
            kinds.push(kind);
        }
        Ok(kinds)
    }

    fn numbers_of(&mut self, kind: &str, ask: &Ask) -> Result<Vec<u64>, LedgerError> {
        let (after, before, limit) = bounds(ask);
        let order = if ask.newest_first { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT number FROM entry INDEXED BY entry_kind WHERE kind = ?4 AND number > ?1 AND number < ?2 ORDER BY number {order} LIMIT ?3"
        );
        let found = self.all(&sql, params![after, before, limit, kind], |row| {
            row.get::<_, i64>(0)
        })?;
        Ok(found.into_iter().map(i64::cast_unsigned).collect())
    }

    fn with_keys(&mut self, keys: &[&str]) -> Result<Vec<Record>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM entry WHERE key = ?1");
        let mut found = Vec::new();
        for key in keys {
            found.extend(self.found(&sql, [key])?);
        }
        Ok(found)
    }

    fn keyed_from(&mut self, prefix: &str, limit: usize) -> Result<Vec<Record>, LedgerError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) ORDER BY key LIMIT ?3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.found(&sql, params![prefix, end_of_prefix(prefix), limit])
    }

    fn add(&mut self, records: &[Record]) -> Result<(), LedgerError> {
        let sql = format!(
            "INSERT INTO entry ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        for record in records {
            let (seal, content) = match &record.content {
                Content::Open(text) => (None, text.as_bytes()),
                Content::Sealed { key, bytes } => (Some(key.0), bytes.as_slice()),
            };
            self.put(
                &sql,
                params![
                    record.number.cast_signed(),
                    record.at.as_millisecond(),
                    record.stream,
                    record.kind,
                    record.actor.name,
                    record.actor.team,
                    super::roles_text(&record.actor.roles),
                    record.key,
                    record.previous.as_bytes(),
                    record.hash.as_bytes(),
                    seal,
                    content,
                ],
            )?;
        }
        Ok(())
    }

    fn key_of(&mut self, subject: &str) -> Result<Option<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM subject_key WHERE subject = ?1";
        Ok(self.all(sql, [subject], subject_key)?.pop())
    }

    fn key_named(&mut self, id: KeyId) -> Result<Option<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM subject_key WHERE id = ?1";
        Ok(self.all(sql, [id.0], subject_key)?.pop())
    }

    fn add_key(&mut self, key: &SubjectKey) -> Result<(), LedgerError> {
        let sql = "INSERT INTO subject_key (id, subject, secret) VALUES (?1, ?2, ?3)";
        self.put(sql, params![key.id.0, key.subject, key.secret])?;
        Ok(())
    }

    fn destroy_key(&mut self, id: KeyId) -> Result<(), LedgerError> {
        self.put("DELETE FROM subject_key WHERE id = ?1", [id.0])?;
        Ok(())
    }

    fn keys(&mut self) -> Result<Vec<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM subject_key ORDER BY id";
        self.all(sql, [], subject_key)
    }

    fn hashes(&mut self, after: u64, limit: usize) -> Result<Vec<Hash>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(
            "SELECT hash FROM entry WHERE number > ?1 ORDER BY number LIMIT ?2",
            params![after.cast_signed(), limit],
            |row| row.get(0).map(Hash::from_bytes),
        )
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, LedgerError> {
        let rows = self.all(
            "SELECT size, root, at, key, signature, frontier FROM checkpoint ORDER BY size, key",
            [],
            |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, [u8; 32]>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, [u8; 32]>(3)?,
                    row.get::<_, [u8; 64]>(4)?,
                    row.get::<_, Vec<u8>>(5)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|(size, root, at, key, signature, frontier)| {
                let size = size.cast_unsigned();
                Ok(Checkpoint {
                    size,
                    root: Hash::from_bytes(root),
                    at: Timestamp::from_millisecond(at)?,
                    key: PublicKey::from_bytes(key),
                    signature,
                    frontier: Frontier::from_bytes(size, &frontier).unwrap_or_default(),
                })
            })
            .collect()
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        self.put(
            "INSERT INTO checkpoint (size, root, at, key, signature, frontier) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                checkpoint.size.cast_signed(),
                checkpoint.root.as_bytes(),
                checkpoint.at.as_millisecond(),
                checkpoint.key.as_bytes(),
                checkpoint.signature,
                checkpoint.frontier.to_bytes(),
            ],
        )?;
        Ok(())
    }
}

fn subject_key(row: &Row) -> rusqlite::Result<SubjectKey> {
    Ok(SubjectKey {
        id: KeyId(row.get(0)?),
        subject: row.get(1)?,
        secret: row.get(2)?,
    })
}

/// A row as a record; whoever changed the file may have left something that is none.
fn record(row: &Row) -> Result<Record, LedgerError> {
    let number: i64 = row.get(0).unwrap_or_default();
    let number = number.cast_unsigned();
    let unreadable = |why: String| LedgerError::Unreadable { number, why };
    let read = || -> rusqlite::Result<Record> {
        let seal: Option<[u8; 16]> = row.get(10)?;
        let content: Vec<u8> = row.get(11)?;
        let content = match seal {
            Some(key) => Content::Sealed {
                key: KeyId(key),
                bytes: content,
            },
            None => Content::Open(String::from_utf8(content).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(
                    11,
                    rusqlite::types::Type::Blob,
                    Box::new(error),
                )
            })?),
        };
        Ok(Record {
            number,
            at: Timestamp::from_millisecond(row.get(1)?).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(
                    1,
                    rusqlite::types::Type::Integer,
                    Box::new(error),
                )
            })?,
            stream: row.get(2)?,
            kind: row.get(3)?,
            actor: Actor {
                name: row.get(4)?,
                team: row.get(5)?,
                roles: super::roles_of(&row.get::<_, String>(6)?),
            },
            key: row.get(7)?,
            previous: Hash::from_bytes(row.get(8)?),
            hash: Hash::from_bytes(row.get(9)?),
            content,
        })
    };
    read().map_err(|error| unreadable(error.to_string()))
}

fn code(error: &rusqlite::Error) -> Option<ErrorCode> {
    error.sqlite_error_code()
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        code(error),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn is_read_only(error: &rusqlite::Error) -> bool {
    matches!(
        code(error),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen)
    )
}

/// What SQLite says, in our words.
fn failed(place: &str, doing: &'static str, error: &rusqlite::Error) -> LedgerError {
    let place = place.to_owned();
    let why = error.to_string();
    match code(error) {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy {
            place,
            seconds: PATIENCE.as_secs(),
        },
        Some(ErrorCode::DiskFull) => LedgerError::Full { place },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            LedgerError::ReadOnly { place, why }
        }
        Some(ErrorCode::NotADatabase) => LedgerError::Foreign {
            place,
            found: "no SQLite file".to_owned(),
        },
        _ => LedgerError::Store { place, doing, why },
    }
}
