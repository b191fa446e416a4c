-- Programs that use the API. rights: nothing, logon, trusted-logon or role:<name>; networks: a JSON array.
CREATE TABLE client (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    rights     TEXT NOT NULL,
    networks   TEXT NOT NULL,
    expires    INTEGER,
    per_second INTEGER NOT NULL,
    at_once    INTEGER NOT NULL
) STRICT;

-- Their keys: the SHA-256 of each, and what it begins with.
CREATE TABLE client_key (
    digest BLOB PRIMARY KEY,
    client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    start  TEXT NOT NULL,
    made   INTEGER NOT NULL,
    ends   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX client_key_client ON client_key (client);
