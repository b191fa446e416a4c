-- Deliveries in the order in which they came: their keys are random, and what a settlement changes would lie in
-- another page of the database for each of them.
DROP INDEX delivery_expires;
ALTER TABLE delivery RENAME TO delivery_by_key;
CREATE TABLE delivery (
    id           INTEGER PRIMARY KEY,
    key          BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
    input        BLOB NOT NULL CHECK (length(input) = 32),
    expires      INTEGER NOT NULL,
    attempt      INTEGER,
    outcome      TEXT,
    user         INTEGER,
    locked_until INTEGER,
    CHECK ((attempt IS NULL) <> (outcome IS NULL))
) STRICT;
INSERT INTO delivery (key, input, expires, attempt, outcome, user, locked_until)
    SELECT key, input, expires, attempt, outcome, user, locked_until FROM delivery_by_key ORDER BY expires;
DROP TABLE delivery_by_key;
CREATE INDEX delivery_expires ON delivery (expires);
