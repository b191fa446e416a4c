-- The numbers by which people dial in to conferences. Secondary languages are a JSON array of tags.
CREATE TABLE access_number (
    id                  INTEGER PRIMARY KEY,
    key                 TEXT NOT NULL UNIQUE,
    uri                 TEXT NOT NULL,
    display_name        TEXT,
    display_number      TEXT NOT NULL,
    line                TEXT NOT NULL UNIQUE,
    primary_language    TEXT NOT NULL,
    secondary_languages TEXT NOT NULL,
    pool                TEXT,
    hosting_provider    TEXT,
    site                INTEGER REFERENCES site (id)
) STRICT;

-- The regions of each number, in their order (nth), and its place among the numbers of the region.
CREATE TABLE access_region (
    number INTEGER NOT NULL REFERENCES access_number (id) ON DELETE CASCADE,
    key    TEXT NOT NULL,
    name   TEXT NOT NULL,
    nth    INTEGER NOT NULL,
    place  INTEGER NOT NULL,
    PRIMARY KEY (number, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_region_place ON access_region (key, place);
