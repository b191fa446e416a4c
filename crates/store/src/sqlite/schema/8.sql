-- Where synchronised people come from. reading counts the readings that were begun.
CREATE TABLE source (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    key            TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    reading        INTEGER NOT NULL DEFAULT 0,
    last_full      INTEGER,
    last_increment INTEGER,
    last_attempt   INTEGER,
    last_result    TEXT,
    cookie         TEXT,
    conflicts      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The source that has a person, and since when it has them no more. Who is gone is disabled.
ALTER TABLE user ADD COLUMN source INTEGER REFERENCES source (id);
ALTER TABLE user ADD COLUMN gone_since INTEGER;
CREATE INDEX user_source ON user (source) WHERE source IS NOT NULL;

-- Ids of users who were purged are not given again.
CREATE TABLE purged (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    highest INTEGER NOT NULL
) STRICT;
INSERT INTO purged VALUES (1, 0);

-- A reading before it is applied: what it says, whom it means, and what is to be done about it (NULL: not
-- judged yet). guid is NULL where nothing can be made of the entry; blind: nor can it be told whose it is.
CREATE TABLE staged (
    seq              INTEGER PRIMARY KEY,
    source           INTEGER NOT NULL REFERENCES source (id),
    reading          INTEGER NOT NULL,
    user             INTEGER,
    verdict          INTEGER,
    switched_off     INTEGER NOT NULL DEFAULT 0,
    blind            INTEGER NOT NULL DEFAULT 0,
    done             INTEGER NOT NULL DEFAULT 0,
    name             TEXT,
    reason           TEXT,
    guid             TEXT,
    dn               TEXT,
    display_name     TEXT,
    first_name       TEXT,
    last_name        TEXT,
    sam_account_name TEXT,
    domain           TEXT,
    upn              TEXT,
    sip_address      TEXT,
    line_uri         TEXT,
    enabled          INTEGER,
    registrar_pool   TEXT,
    site             TEXT,
    attributes       TEXT,
    when_created     INTEGER,
    when_changed     INTEGER,
    sip              TEXT,
    extension        TEXT,
    phone            TEXT,
    UNIQUE (source, reading, guid)
) STRICT;
CREATE INDEX staged_user ON staged (source, reading, user);
CREATE INDEX staged_open ON staged (source, reading, seq) WHERE verdict IS NULL;
CREATE INDEX staged_undone ON staged (source, reading, seq) WHERE verdict BETWEEN 2 AND 5 AND NOT done;
