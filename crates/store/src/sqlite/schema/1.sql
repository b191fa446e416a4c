-- Format 1. Times are milliseconds since 1970 in UTC. "key" columns hold the folded form that
-- look-ups compare; they are made by the program, never by SQL.

CREATE TABLE key_fingerprint (
    id          TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE site (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    display_name TEXT
) STRICT;

-- Row 1 is the global policy and always exists (R-POL-5). The others belong to a site or carry a
-- per-user name.
CREATE TABLE policy (
    id                     INTEGER PRIMARY KEY,
    site                   INTEGER UNIQUE REFERENCES site (id),
    tag_key                TEXT UNIQUE,
    tag                    TEXT,
    description            TEXT,
    min_password_length    INTEGER NOT NULL CHECK (min_password_length BETWEEN 4 AND 24),
    pin_history_count      INTEGER NOT NULL CHECK (pin_history_count BETWEEN 0 AND 20),
    allow_common_patterns  INTEGER NOT NULL CHECK (allow_common_patterns IN (0, 1)),
    pin_lifetime_days      INTEGER NOT NULL CHECK (pin_lifetime_days BETWEEN 0 AND 999),
    maximum_logon_attempts INTEGER CHECK (maximum_logon_attempts BETWEEN 1 AND 999),
    CHECK ((id = 1) = (site IS NULL AND tag_key IS NULL)),
    CHECK (site IS NULL OR tag_key IS NULL),
    CHECK ((tag IS NULL) = (tag_key IS NULL)),
    CHECK (pin_lifetime_days = 0 OR pin_history_count > 0)
) STRICT;

INSERT INTO policy (id, min_password_length, pin_history_count, allow_common_patterns,
                    pin_lifetime_days)
VALUES (1, 5, 0, 0, 0);

-- What the directory says of a person, and the grant (R-POL-6: it goes with its policy).
CREATE TABLE user (
    id               INTEGER PRIMARY KEY,
    guid             TEXT NOT NULL UNIQUE,
    dn               TEXT NOT NULL,
    display_name     TEXT NOT NULL,
    first_name       TEXT,
    last_name        TEXT,
    sam_account_name TEXT NOT NULL,
    domain           TEXT NOT NULL,
    upn              TEXT,
    sip_address      TEXT,
    line_uri         TEXT,
    enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    registrar_pool   TEXT,
    site             INTEGER REFERENCES site (id),
    attributes       TEXT NOT NULL,
    when_created     INTEGER,
    when_changed     INTEGER,
    policy           INTEGER REFERENCES policy (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX user_policy ON user (policy) WHERE policy IS NOT NULL;

-- Every way of naming a user (R-ID-1, R-AUTH-6), apart from the details so that a listing reads
-- no more than it shows.
CREATE TABLE user_key (
    user         INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    sip          TEXT,
    upn          TEXT,
    logon        TEXT NOT NULL,
    domain       TEXT NOT NULL,
    display_name TEXT NOT NULL,
    dn           TEXT NOT NULL,
    extension    TEXT,
    phone        TEXT
) STRICT;
CREATE INDEX user_key_sip ON user_key (sip) WHERE sip IS NOT NULL;
CREATE INDEX user_key_upn ON user_key (upn) WHERE upn IS NOT NULL;
CREATE INDEX user_key_logon ON user_key (logon, domain);
CREATE INDEX user_key_display_name ON user_key (display_name);
CREATE INDEX user_key_dn ON user_key (dn);
CREATE INDEX user_key_extension ON user_key (extension) WHERE extension IS NOT NULL;
CREATE INDEX user_key_phone ON user_key (phone) WHERE phone IS NOT NULL;

-- The current PIN and the counters. There is a row once a PIN was set or a lock was made; a user
-- without a row has no PIN and no failures.
CREATE TABLE pin (
    user             INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    verifier         TEXT,
    length_class     INTEGER,
    set_at           INTEGER,
    must_change      INTEGER NOT NULL DEFAULT 0,
    expires_override INTEGER,
    version          INTEGER NOT NULL DEFAULT 0,
    local_count      INTEGER NOT NULL DEFAULT 0,
    global_count     INTEGER NOT NULL DEFAULT 0,
    window_start     INTEGER,
    locked_until     INTEGER,
    lock_kind        INTEGER,
    clock            INTEGER,
    attempts_made    INTEGER NOT NULL DEFAULT 0,
    CHECK ((verifier IS NULL) = (set_at IS NULL)),
    CHECK ((verifier IS NULL) = (length_class IS NULL))
) STRICT;

-- Reservations that are not settled (R-LOCK-10). The id is made of the user's id and the number
-- of the attempt, so that one range scan of this one tree finds what a user has open.
CREATE TABLE attempt (
    id             INTEGER PRIMARY KEY,
    charged_at     INTEGER NOT NULL,
    lease_until    INTEGER NOT NULL,
    failures_after INTEGER NOT NULL,
    pin_version    INTEGER NOT NULL
) STRICT;

-- The last 20 verifiers of each user (R-HIST-3), the current one included; seq is pin.version.
CREATE TABLE pin_history (
    user     INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    seq      INTEGER NOT NULL,
    verifier TEXT NOT NULL,
    key_id   TEXT NOT NULL,
    PRIMARY KEY (user, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_history_key ON pin_history (key_id);
