-- Attempts that may be delivered more than once (R-LOCK-11): what came of them. The key and the
-- input are digests; the input's is made like a verifier, so that no PIN can be guessed here.
CREATE TABLE delivery (
    key          BLOB PRIMARY KEY CHECK (length(key) = 32),
    input        BLOB NOT NULL CHECK (length(input) = 32),
    expires      INTEGER NOT NULL,
    attempt      INTEGER,
    outcome      TEXT,
    user         INTEGER,
    locked_until INTEGER,
    CHECK ((attempt IS NULL) <> (outcome IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_expires ON delivery (expires);

-- A key that no verifier needs any more and that none may be made with again (R-SEC-2).
ALTER TABLE key_fingerprint ADD COLUMN retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1));
