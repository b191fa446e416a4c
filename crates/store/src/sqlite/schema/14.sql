-- Counted up by every transaction in which there is more than logons: what was found before may hold no longer.
CREATE TABLE generation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;

INSERT INTO generation (id, number) VALUES (1, 1);
