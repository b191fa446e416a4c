-- The audit log (R-SEC-4). The hash of a record covers the hash of the one before it and all its columns
-- (audit.rs). previous is the record of the same user before this one: what a search by user follows,
-- since an index by user would be written to at a random place for every logon.
CREATE TABLE audit (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    door       TEXT NOT NULL,
    actor      TEXT,
    action     TEXT NOT NULL,
    client     TEXT,
    caller     TEXT,
    called     TEXT,
    conference TEXT,
    subject    TEXT,
    user       INTEGER,
    outcome    TEXT NOT NULL,
    changes    TEXT,
    previous   INTEGER,
    hash       BLOB NOT NULL
) STRICT;

-- Both ends of the chain: the last record, and the one before the first that is kept.
CREATE TABLE audit_end (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    seq         INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    anchor_seq  INTEGER NOT NULL,
    anchor_hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_end VALUES (1, 0, zeroblob(32), 0, zeroblob(32));

-- The last record of each user.
CREATE TABLE audit_user (
    user INTEGER PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT;
