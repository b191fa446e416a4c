-- Custom roles (R-RBAC-1). The id is the serial number that the SID is made of, so it is never used
-- again. Lists are JSON arrays of texts.
CREATE TABLE role (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    key              TEXT NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    template         TEXT NOT NULL,
    cmdlets          TEXT NOT NULL,
    script_modules   TEXT NOT NULL,
    config_scopes    TEXT NOT NULL,
    user_scopes      TEXT NOT NULL,
    template_cmdlets TEXT NOT NULL
) STRICT;

-- Roles that were granted here, by the key of their name: standard roles have no row above.
CREATE TABLE role_grant (
    user INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (user, role)
) STRICT, WITHOUT ROWID;
