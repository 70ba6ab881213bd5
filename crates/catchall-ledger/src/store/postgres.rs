//! Entries on a PostgreSQL server, for a team with several machines.
//!
//! Writers queue for one advisory lock, which is held to the end of the commit, so numbers have no gaps and become visible in their order. The
//! tables refuse `UPDATE`, `DELETE` and `TRUNCATE`. The connection is not encrypted: a server on another machine is reached through a tunnel.

use ::postgres::error::SqlState;
use ::postgres::types::ToSql;
use ::postgres::{Client, Config, Error, GenericClient, NoTls, Row};

use super::{PATIENCE, Session, Store, Stores, Work, bounds, end_of_prefix};
use crate::checkpoint::{Checkpoint, Frontier, PublicKey};
use crate::entry::{Actor, Ask, Receipt};
use crate::record::{Content, Hash, KeyId, Record};
use crate::seal::SubjectKey;
use crate::{LedgerError, Timestamp};

/// The advisory lock that every writer of a ledger holds: `catchall` in eight letters.
const LOCK: i64 = 0x6361_7463_6861_6c6c;

/// What each version adds to the one before; none is ever edited.
const STEPS: [&str; 1] = [include_str!("postgres/1.sql")];

const COLUMNS: &str =
    "number, at, stream, kind, actor, team, roles, key, previous, hash, seal, content";

pub(crate) struct Postgres {
    config: Config,
    place: String,
}

impl Postgres {
    /// The database at this address, brought to the present version; its tables are made when they are not there and `create` says so.
    pub fn at(address: &str, place: String, create: bool) -> Result<Postgres, LedgerError> {
        let mut config: Config = address.parse().map_err(|error: Error| LedgerError::Store {
            place: place.clone(),
            doing: "understand this address",
            why: why(&error),
        })?;
        if config.get_application_name().is_none() {
            config.application_name("catchall");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(std::time::Duration::from_secs(10));
        }
        let stores = Postgres { config, place };
        let mut client = stores.open()?;
        stores.migrate(&mut client, create)?;
        Ok(stores)
    }

    fn open(&self) -> Result<Client, LedgerError> {
        let wrong = |error: Error| failed(&self.place, "connect", &error);
        let mut client = self.config.connect(NoTls).map_err(wrong)?;
        // A server may be set to acknowledge before its disk has it; a ledger may not.
        client
            .batch_execute(&format!(
                "SET synchronous_commit = on; SET lock_timeout = '{}s'; SET client_min_messages = warning",
                PATIENCE.as_secs()
            ))
            .map_err(wrong)?;
        let encoding = client
            .query_one("SHOW server_encoding", &[])
            .and_then(|row| row.try_get::<_, String>(0))
            .map_err(wrong)?;
        if encoding != "UTF8" {
            return Err(LedgerError::Foreign {
                place: self.place.clone(),
                found: format!("a database in the encoding {encoding}, where UTF8 is needed"),
            });
        }
        Ok(client)
    }

    fn migrate(&self, client: &mut Client, create: bool) -> Result<(), LedgerError> {
        let wrong = |error: Error| failed(&self.place, "bring it to the present version", &error);
        let known = STEPS.len() as i64;
        let mut transaction = client.transaction().map_err(wrong)?;
        transaction
            .query("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
            .map_err(wrong)?;
        let there: bool = transaction
            .query_one("SELECT to_regclass('catchall_version') IS NOT NULL", &[])
            .and_then(|row| row.try_get(0))
            .map_err(wrong)?;
        let found: i64 = if there {
            transaction
                .query_one(
                    "SELECT coalesce(max(version), 0) FROM catchall_version",
                    &[],
                )
                .and_then(|row| row.try_get(0))
                .map_err(wrong)?
        } else if create {
            0
        } else {
            return Err(LedgerError::Absent {
                place: self.place.clone(),
            });
        };
        if found > known {
            return Err(LedgerError::Newer {
                place: self.place.clone(),
                found,
                known,
            });
        }
        for (version, sql) in (1..).zip(STEPS) {
            if version <= found {
                continue;
            }
            transaction.batch_execute(sql).map_err(wrong)?;
            transaction
                .execute(
                    "INSERT INTO catchall_version (version, program) VALUES ($1, $2)",
                    &[&version, &env!("CARGO_PKG_VERSION")],
                )
                .map_err(wrong)?;
        }
        transaction.commit().map_err(wrong)
    }
}

impl Stores for Postgres {
    fn connect(&self) -> Result<Box<dyn Store>, LedgerError> {
        Ok(Box::new(Open {
            client: self.open()?,
            place: self.place.clone(),
        }))
    }
}

/// One connection.
struct Open {
    client: Client,
    place: String,
}

impl Store for Open {
    fn read(&mut self, work: Work) -> Result<(), LedgerError> {
        let wrong = |error: Error| failed(&self.place, "read it", &error);
        let mut transaction = self
            .client
            .build_transaction()
            .isolation_level(::postgres::IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .map_err(wrong)?;
        work(&mut Over {
            client: &mut transaction,
            place: &self.place,
        })?;
        transaction.rollback().map_err(wrong)
    }

    fn write(&mut self, work: Work) -> Result<(), LedgerError> {
        let wrong = |error: Error| failed(&self.place, "begin to write", &error);
        let mut transaction = self.client.transaction().map_err(wrong)?;
        transaction
            .query("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
            .map_err(wrong)?;
        // Rolled back when it is dropped.
        work(&mut Over {
            client: &mut transaction,
            place: &self.place,
        })?;
        transaction.commit().map_err(|error| {
            if error.as_db_error().is_some() {
                failed(&self.place, "commit", &error)
            } else {
                LedgerError::Unsure {
                    place: self.place.clone(),
                    why: why(&error),
                }
            }
        })
    }

    fn scrub(&mut self) -> Result<(), LedgerError> {
        self.client
            .batch_execute("VACUUM FULL catchall_subject_key")
            .map_err(|error| failed(&self.place, "overwrite what was destroyed", &error))
    }
}

/// A session over a connection that has a transaction open.
struct Over<'a, C: GenericClient> {
    client: &'a mut C,
    place: &'a str,
}

impl<C: GenericClient> Over<'_, C> {
    fn rows(&mut self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, LedgerError> {
        self.client
            .query(sql, params)
            .map_err(|error| failed(self.place, "read it", &error))
    }

    fn found(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Record>, LedgerError> {
        self.rows(sql, params)?.iter().map(record).collect()
    }

    fn of<T>(&self, read: Result<T, Error>) -> Result<T, LedgerError> {
        read.map_err(|error| failed(self.place, "read it", &error))
    }

    fn put(&mut self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<(), LedgerError> {
        self.client
            .execute(sql, params)
            .map(|_| ())
            .map_err(|error| failed(self.place, "write an entry", &error))
    }

    fn subject_keys(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<SubjectKey>, LedgerError> {
        let rows = self.rows(sql, params)?;
        rows.iter()
            .map(|row| {
                Ok(SubjectKey {
                    id: KeyId(self.fixed(row, 0)?),
                    subject: self.of(row.try_get(1))?,
                    secret: self.fixed(row, 2)?,
                })
            })
            .collect()
    }

    fn fixed<const N: usize>(&self, row: &Row, column: usize) -> Result<[u8; N], LedgerError> {
        let bytes: &[u8] = self.of(row.try_get(column))?;
        bytes.try_into().map_err(|_| LedgerError::Store {
            place: self.place.to_owned(),
            doing: "read it",
            why: format!("a field of {} bytes, where {N} belong", bytes.len()),
        })
    }
}

impl<C: GenericClient> Session for Over<'_, C> {
    fn head(&mut self) -> Result<Option<Receipt>, LedgerError> {
        let rows = self.rows(
            "SELECT number, hash FROM catchall_entry ORDER BY number DESC LIMIT 1",
            &[],
        )?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(Receipt {
            number: self.of(row.try_get::<_, i64>(0))?.cast_unsigned(),
            hash: Hash::from_bytes(self.fixed(row, 1)?),
        }))
    }

    fn last_of(&mut self, stream: &str) -> Result<u64, LedgerError> {
        let rows = self.rows(
            "SELECT number FROM catchall_entry WHERE stream = $1 ORDER BY number DESC LIMIT 1",
            &[&stream],
        )?;
        match rows.first() {
            None => Ok(0),
            Some(row) => Ok(self.of(row.try_get::<_, i64>(0))?.cast_unsigned()),
        }
    }

    fn records(&mut self, numbers: &[u64]) -> Result<Vec<Record>, LedgerError> {
        let numbers: Vec<i64> = numbers.iter().map(|number| number.cast_signed()).collect();
        self.found(
            &format!("SELECT {COLUMNS} FROM catchall_entry WHERE number = ANY($1) ORDER BY number"),
            &[&numbers],
        )
    }

    fn span(&mut self, ask: &Ask) -> Result<Vec<Record>, LedgerError> {
        let (after, before, limit) = bounds(ask);
        let order = if ask.newest_first { "DESC" } else { "ASC" };
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![&after, &before, &limit];
        let mut only = String::new();
        if let Some(stream) = &ask.stream {
            params.push(stream);
            only.push_str(&format!(" AND stream = ${}", params.len()));
        }
        let end = ask.kind.as_deref().and_then(end_of_prefix);
        if let Some(prefix) = &ask.kind {
            params.push(prefix);
            only.push_str(&format!(" AND kind >= ${}", params.len()));
            if let Some(end) = &end {
                params.push(end);
                only.push_str(&format!(" AND kind < ${}", params.len()));
            }
        }
        self.found(
            &format!(
                "SELECT {COLUMNS} FROM catchall_entry WHERE number > $1 AND number < $2{only} ORDER BY number {order} LIMIT $3"
            ),
            &params,
        )
    }

    fn kinds(&mut self, prefix: &str) -> Result<Vec<String>, LedgerError> {
        // From kind to kind through the index, so that the entries between are not walked.
        let rows = self.rows(
            "WITH RECURSIVE step(kind) AS (
                SELECT min(kind) FROM catchall_entry WHERE kind >= $1
                UNION ALL
                SELECT (SELECT min(kind) FROM catchall_entry WHERE kind > step.kind) FROM step
                WHERE step.kind IS NOT NULL AND starts_with(step.kind, $1)
            ) SELECT kind FROM step WHERE starts_with(kind, $1) ORDER BY kind",
            &[&prefix],
        )?;
        rows.iter().map(|row| self.of(row.try_get(0))).collect()
    }

    fn numbers_of(&mut self, kind: &str, ask: &Ask) -> Result<Vec<u64>, LedgerError> {
        let (after, before, limit) = bounds(ask);
        let order = if ask.newest_first { "DESC" } else { "ASC" };
        let rows = self.rows(
            &format!(
                "SELECT number FROM catchall_entry WHERE kind = $4 AND number > $1 AND number < $2 ORDER BY number {order} LIMIT $3"
            ),
            &[&after, &before, &limit, &kind],
        )?;
        rows.iter()
            .map(|row| Ok(self.of(row.try_get::<_, i64>(0))?.cast_unsigned()))
            .collect()
    }

    fn with_keys(&mut self, keys: &[&str]) -> Result<Vec<Record>, LedgerError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("SELECT {COLUMNS} FROM catchall_entry WHERE key = ANY($1)");
        self.found(&sql, &[&keys])
    }

    fn keyed_from(&mut self, prefix: &str, limit: usize) -> Result<Vec<Record>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match end_of_prefix(prefix) {
            None => self.found(
                &format!("SELECT {COLUMNS} FROM catchall_entry WHERE key >= $1 ORDER BY key LIMIT $2"),
                &[&prefix, &limit],
            ),
            Some(end) => self.found(
                &format!("SELECT {COLUMNS} FROM catchall_entry WHERE key >= $1 AND key < $3 ORDER BY key LIMIT $2"),
                &[&prefix, &limit, &end],
            ),
        }
    }

    fn add(&mut self, records: &[Record]) -> Result<(), LedgerError> {
        if records.is_empty() {
            return Ok(());
        }
        let roles: Vec<String> = records
            .iter()
            .map(|one| super::roles_text(&one.actor.roles))
            .collect();
        let column = |of: fn(&Record) -> &str| records.iter().map(of).collect::<Vec<_>>();
        let bytes = |of: fn(&Record) -> &[u8]| records.iter().map(of).collect::<Vec<_>>();
        let numbers: Vec<i64> = records.iter().map(|one| one.number.cast_signed()).collect();
        let ats: Vec<i64> = records.iter().map(|one| one.at.as_millisecond()).collect();
        let teams: Vec<Option<&str>> = records
            .iter()
            .map(|one| one.actor.team.as_deref())
            .collect();
        let keys: Vec<Option<&str>> = records.iter().map(|one| one.key.as_deref()).collect();
        let seals: Vec<Option<&[u8]>> = records
            .iter()
            .map(|one| match &one.content {
                Content::Open(_) => None,
                Content::Sealed { key, .. } => Some(&key.0[..]),
            })
            .collect();
        // One statement for all of them: a round trip to the server costs more than a row.
        self.put(
            &format!(
                "INSERT INTO catchall_entry ({COLUMNS}) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], \
                 $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])"
            ),
            &[
                &numbers,
                &ats,
                &column(|one| &one.stream),
                &column(|one| &one.kind),
                &column(|one| &one.actor.name),
                &teams,
                &roles,
                &keys,
                &bytes(|one| one.previous.as_bytes()),
                &bytes(|one| one.hash.as_bytes()),
                &seals,
                &bytes(|one| match &one.content {
                    Content::Open(text) => text.as_bytes(),
                    Content::Sealed { bytes, .. } => bytes,
                }),
            ],
        )
    }

    fn key_of(&mut self, subject: &str) -> Result<Option<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM catchall_subject_key WHERE subject = $1";
        Ok(self.subject_keys(sql, &[&subject])?.pop())
    }

    fn key_named(&mut self, id: KeyId) -> Result<Option<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM catchall_subject_key WHERE id = $1";
        Ok(self.subject_keys(sql, &[&&id.0[..]])?.pop())
    }

    fn add_key(&mut self, key: &SubjectKey) -> Result<(), LedgerError> {
        self.put(
            "INSERT INTO catchall_subject_key (id, subject, secret) VALUES ($1, $2, $3)",
            &[&&key.id.0[..], &key.subject, &&key.secret[..]],
        )
    }

    fn destroy_key(&mut self, id: KeyId) -> Result<(), LedgerError> {
        self.put(
            "DELETE FROM catchall_subject_key WHERE id = $1",
            &[&&id.0[..]],
        )
    }

    fn keys(&mut self) -> Result<Vec<SubjectKey>, LedgerError> {
        let sql = "SELECT id, subject, secret FROM catchall_subject_key ORDER BY id";
        self.subject_keys(sql, &[])
    }

    fn hashes(&mut self, after: u64, limit: usize) -> Result<Vec<Hash>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.rows(
            "SELECT hash FROM catchall_entry WHERE number > $1 ORDER BY number LIMIT $2",
            &[&after.cast_signed(), &limit],
        )?;
        rows.iter()
            .map(|row| Ok(Hash::from_bytes(self.fixed(row, 0)?)))
            .collect()
    }

    fn checkpoints(&mut self) -> Result<Vec<Checkpoint>, LedgerError> {
        let rows = self.rows(
            "SELECT size, root, at, key, signature, frontier FROM catchall_checkpoint ORDER BY size, key",
            &[],
        )?;
        rows.iter()
            .map(|row| {
                let size = self.of(row.try_get::<_, i64>(0))?.cast_unsigned();
                let frontier: &[u8] = self.of(row.try_get(5))?;
                Ok(Checkpoint {
                    size,
                    root: Hash::from_bytes(self.fixed(row, 1)?),
                    at: Timestamp::from_millisecond(self.of(row.try_get(2))?)?,
                    key: PublicKey::from_bytes(self.fixed(row, 3)?),
                    signature: self.fixed(row, 4)?,
                    frontier: Frontier::from_bytes(size, frontier).unwrap_or_default(),
                })
            })
            .collect()
    }

    fn add_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        self.put(
            "INSERT INTO catchall_checkpoint (size, root, at, key, signature, frontier) VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                &checkpoint.size.cast_signed(),
                &&checkpoint.root.as_bytes()[..],
                &checkpoint.at.as_millisecond(),
                &&checkpoint.key.as_bytes()[..],
                &&checkpoint.signature[..],
                &checkpoint.frontier.to_bytes(),
            ],
        )
    }
}

/// A row as a record; whoever changed the table may have left something that is none.
fn record(row: &Row) -> Result<Record, LedgerError> {
    let number = row.try_get::<_, i64>(0).unwrap_or_default().cast_unsigned();
    let unreadable = |why: String| LedgerError::Unreadable { number, why };
    let of = |error: Error| unreadable(why(&error));
    let hash = |column: usize| {
        let bytes: &[u8] = row.try_get(column).map_err(of)?;
        let bytes: [u8; 32] = bytes
            .try_into()
            .map_err(|_| unreadable("a hash that has not 32 bytes".to_owned()))?;
        Ok(Hash::from_bytes(bytes))
    };
    let seal: Option<&[u8]> = row.try_get(10).map_err(of)?;
    let content: Vec<u8> = row.try_get(11).map_err(of)?;
    let content =
        match seal {
            Some(key) => Content::Sealed {
                key: KeyId(key.try_into().map_err(|_| {
                    unreadable("a seal whose key's name has not 16 bytes".to_owned())
                })?),
                bytes: content,
            },
            None => Content::Open(
                String::from_utf8(content).map_err(|error| unreadable(error.to_string()))?,
            ),
        };
    let at: i64 = row.try_get(1).map_err(of)?;
    let roles: String = row.try_get(6).map_err(of)?;
    Ok(Record {
        number,
        at: Timestamp::from_millisecond(at).map_err(|error| unreadable(error.to_string()))?,
        stream: row.try_get(2).map_err(of)?,
        kind: row.try_get(3).map_err(of)?,
        actor: Actor {
            name: row.try_get(4).map_err(of)?,
            team: row.try_get(5).map_err(of)?,
            roles: super::roles_of(&roles),
        },
        key: row.try_get(7).map_err(of)?,
        previous: hash(8)?,
        hash: hash(9)?,
        content,
    })
}

/// What the server says, on one line, with what lies below it.
fn why(error: &Error) -> String {
    use std::error::Error as _;
    match (error.as_db_error(), error.source()) {
        (Some(said), _) => said.message().to_owned(),
        (None, Some(below)) => format!("{error}: {below}"),
        (None, None) => error.to_string(),
    }
}

/// What the server says, in our words.
fn failed(place: &str, doing: &'static str, error: &Error) -> LedgerError {
    let place = place.to_owned();
    let why = why(error);
    match error.code() {
        Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => LedgerError::Busy {
            place,
            seconds: PATIENCE.as_secs(),
        },
        Some(code) if *code == SqlState::DISK_FULL => LedgerError::Full { place },
        Some(code)
            if *code == SqlState::READ_ONLY_SQL_TRANSACTION
                || *code == SqlState::INSUFFICIENT_PRIVILEGE =>
        {
            LedgerError::ReadOnly { place, why }
        }
        _ => LedgerError::Store { place, doing, why },
    }
}
