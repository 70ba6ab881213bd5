-- The first version. Never edited: what comes later is a file of its own.

CREATE TABLE version (
    version INTEGER PRIMARY KEY,
    program TEXT NOT NULL
) STRICT;

CREATE TABLE entry (
    number   INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    stream   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    team     TEXT,
    roles    TEXT NOT NULL,
    key      TEXT,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    seal     BLOB CHECK (length(seal) = 16),
    content  BLOB NOT NULL
) STRICT;

CREATE INDEX entry_stream ON entry (stream);
CREATE INDEX entry_kind ON entry (kind);
CREATE UNIQUE INDEX entry_key ON entry (key) WHERE key IS NOT NULL;

CREATE TRIGGER entry_continues BEFORE INSERT ON entry
WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry)
  OR NEW.previous IS NOT coalesce((SELECT hash FROM entry WHERE number = NEW.number - 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'an entry must continue the chain'); END;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TABLE checkpoint (
    size      INTEGER NOT NULL,
    root      BLOB NOT NULL CHECK (length(root) = 32),
    at        INTEGER NOT NULL,
    key       BLOB NOT NULL CHECK (length(key) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64),
    frontier  BLOB NOT NULL,
    PRIMARY KEY (size, key)
) STRICT;

CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_remains BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;

-- The one table that loses rows: destroying a key is how what law orders erased is erased.
CREATE TABLE subject_key (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    subject TEXT NOT NULL UNIQUE,
    secret  BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;

CREATE TRIGGER subject_key_stays BEFORE UPDATE ON subject_key
BEGIN SELECT RAISE(ABORT, 'a key is destroyed or kept, never changed'); END;
