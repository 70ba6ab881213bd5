-- The first version. Never edited: what comes later is a file of its own.

CREATE TABLE catchall_version (
    version BIGINT PRIMARY KEY,
    program TEXT NOT NULL
);

CREATE TABLE catchall_entry (
    number   BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    stream   TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    actor    TEXT NOT NULL,
    team     TEXT,
    roles    TEXT NOT NULL,
    key      TEXT COLLATE "C",
    previous BYTEA NOT NULL CHECK (length(previous) = 32),
    hash     BYTEA NOT NULL CHECK (length(hash) = 32),
    seal     BYTEA CHECK (length(seal) = 16),
    content  BYTEA NOT NULL
);

CREATE INDEX catchall_entry_stream ON catchall_entry (stream, number);
CREATE INDEX catchall_entry_kind ON catchall_entry (kind, number);
CREATE UNIQUE INDEX catchall_entry_key ON catchall_entry (key) WHERE key IS NOT NULL;

CREATE TABLE catchall_checkpoint (
    size      BIGINT NOT NULL,
    root      BYTEA NOT NULL CHECK (length(root) = 32),
    at        BIGINT NOT NULL,
    key       BYTEA NOT NULL CHECK (length(key) = 32),
    signature BYTEA NOT NULL CHECK (length(signature) = 64),
    frontier  BYTEA NOT NULL,
    PRIMARY KEY (size, key)
);

-- The one table that loses rows: destroying a key is how what law orders erased is erased.
CREATE TABLE catchall_subject_key (
    id      BYTEA PRIMARY KEY CHECK (length(id) = 16),
    subject TEXT COLLATE "C" NOT NULL UNIQUE,
    secret  BYTEA NOT NULL CHECK (length(secret) = 32)
);

CREATE FUNCTION catchall_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what the ledger holds is never changed or deleted'; END $$;

CREATE FUNCTION catchall_continues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM catchall_entry)
       OR NEW.previous IS DISTINCT FROM
          coalesce((SELECT hash FROM catchall_entry WHERE number = NEW.number - 1), decode(repeat('00', 32), 'hex'))
    THEN RAISE EXCEPTION 'an entry must continue the chain'; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER catchall_entry_continues BEFORE INSERT ON catchall_entry
FOR EACH ROW EXECUTE FUNCTION catchall_continues();
CREATE TRIGGER catchall_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON catchall_entry
FOR EACH STATEMENT EXECUTE FUNCTION catchall_stays();
CREATE TRIGGER catchall_checkpoint_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON catchall_checkpoint
FOR EACH STATEMENT EXECUTE FUNCTION catchall_stays();
CREATE TRIGGER catchall_subject_key_stays BEFORE UPDATE ON catchall_subject_key
FOR EACH STATEMENT EXECUTE FUNCTION catchall_stays();
