//! Why the ledger refused, with where, what was found and what would be right.

/// Why the ledger refused.
///
/// Nothing was kept when one of these comes back from an append, but for [`LedgerError::Unsure`], where it is not known.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum LedgerError {
    /// The stream has gone on since the caller looked.
    #[error(
        "`{stream}` has moved on: its last entry was {seen} when it was read, and is {now} now; read it again and decide again"
    )]
    Moved {
        /// The stream.
        stream: String,
        /// The number that the caller had seen; 0 for none.
        seen: u64,
        /// The number of its last entry now; 0 for none.
        now: u64,
    },
    /// The key is taken by an entry that says something else.
    #[error(
        "the key `{key}` belongs to entry {number}, which says something else; a repeat must have the same stream, kind, subject and body"
    )]
    OtherBody {
        /// The key.
        key: String,
        /// The entry that has it.
        number: u64,
    },
    /// A draft's name is empty, too long, or has control characters.
    #[error(
        "`{field}` of an entry must be 1 to 1024 bytes without control characters; found `{found}`"
    )]
    Draft {
        /// Which field.
        field: &'static str,
        /// What was found, cut short.
        found: String,
    },
    /// Two drafts of one append have the same key and do not say the same.
    #[error("two entries of one append have the key `{key}` and say different things")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A body cannot be written as JSON.
    #[error("the body of an entry for `{stream}` cannot be written: {why}")]
    Body {
        /// The stream it was for.
        stream: String,
        /// Why.
        why: String,
    },
    /// Not a point in time.
    #[error("`{found}` is not a time; write it as `2026-11-22T08:46:03.000Z`")]
    Time {
        /// What was found.
        found: String,
    },
    /// Not a hash.
    #[error("`{found}` is not a hash of 64 hexadecimal digits")]
    Hash {
        /// What was found.
        found: String,
    },
    /// Not a place for a ledger.
    #[error(
        "`{found}` is no place for a ledger; write `sqlite:PATH`, a path, or `postgres://USER@HOST/DATABASE`"
    )]
    Url {
        /// What was found.
        found: String,
    },
    /// The file or database is somebody else's.
    #[error("{place}: not a ledger: {found}; name a new file, or an empty database")]
    Foreign {
        /// Where.
        place: String,
        /// What it is instead.
        found: String,
    },
    /// There is no ledger there.
    #[error(
        "{place}: there is no ledger here; `catchall assess --ledger` and `catchall ledger restore` make one"
    )]
    Absent {
        /// Where.
        place: String,
    },
    /// The signing key is not where it should be.
    #[error("{place}: {found}; {cure}")]
    SigningKey {
        /// The file.
        place: String,
        /// What was found.
        found: String,
        /// What to do.
        cure: &'static str,
    },
    /// Nothing is sealed for this subject.
    #[error("nothing is sealed for `{subject}`, or its key was destroyed before")]
    NoSubject {
        /// The subject.
        subject: String,
    },
    /// A backup cannot be written or used.
    #[error("{place}: {why}")]
    Backup {
        /// The file or folder.
        place: String,
        /// What is wrong, and what to do.
        why: String,
    },
    /// No checkpoint reaches an entry.
    #[error(
        "no checkpoint reaches entry {number}; `catchall ledger checkpoint` signs what there is"
    )]
    NoCheckpoint {
        /// The entry.
        number: u64,
    },
    /// A later release wrote it.
    #[error(
        "{place}: this ledger has version {found}, and this program knows versions up to {known}; use the later release"
    )]
    Newer {
        /// Where.
        place: String,
        /// Its version.
        found: i64,
        /// The last version known here.
        known: i64,
    },
    /// Somebody else holds it for too long.
    #[error(
        "{place}: still locked by another process after {seconds} s; nothing was written; see which program holds it, and try again"
    )]
    Busy {
        /// Where.
        place: String,
        /// How long was waited.
        seconds: u64,
    },
    /// No room on the disk.
    #[error("{place}: the disk is full; nothing was written; make room and try again")]
    Full {
        /// Where.
        place: String,
    },
    /// It may be read but not written.
    #[error("{place}: may be read but not written ({why}); nothing was written")]
    ReadOnly {
        /// Where.
        place: String,
        /// What the system says.
        why: String,
    },
    /// The connection broke while the commit was under way.
    #[error(
        "{place}: the connection broke while entries were being committed, so it is not known whether they are kept; append again with the same key ({why})"
    )]
    Unsure {
        /// Where.
        place: String,
        /// What the system says.
        why: String,
    },
    /// The store does not work.
    #[error("{place}: cannot {doing}: {why}")]
    Store {
        /// Where.
        place: String,
        /// What was being done.
        doing: &'static str,
        /// What the system says.
        why: String,
    },
    /// An entry that is kept cannot be read as one.
    #[error("entry {number} cannot be read: {why}; run `catchall ledger verify`")]
    Unreadable {
        /// Its number.
        number: u64,
        /// Why.
        why: String,
    },
}

impl LedgerError {
    /// Whether the append was refused for what it says, and the store works.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(
            self,
            LedgerError::Moved { .. }
                | LedgerError::OtherBody { .. }
                | LedgerError::KeyTwice { .. }
                | LedgerError::Draft { .. }
                | LedgerError::Body { .. }
                | LedgerError::NoSubject { .. }
        )
    }

    /// Whether a new connection may do better, and nothing was kept.
    pub(crate) fn may_be_the_connection(&self) -> bool {
        matches!(self, LedgerError::Store { .. })
    }
}
