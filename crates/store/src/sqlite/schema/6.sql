-- Who belongs to a site: by a list of organisational units (a JSON array) or by an LDAP filter. A site
-- that was removed stays until nobody refers to it; its key is then one that no name folds to.
ALTER TABLE site ADD COLUMN units TEXT;
ALTER TABLE site ADD COLUMN filter TEXT;
ALTER TABLE site ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));

-- What the directory itself said, apart from user.site, which is what holds: that, else what the rules
-- say.
ALTER TABLE user ADD COLUMN given_site INTEGER REFERENCES site (id);
UPDATE user SET given_site = site;
CREATE INDEX user_given_site ON user (given_site);
CREATE INDEX user_site ON user (site, enabled);

-- How far the rules are applied: version counts their changes; who comes after done_to is not gone
-- through yet (NULL: everybody is).
CREATE TABLE placement (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    done_to INTEGER
) STRICT;
INSERT INTO placement (id, version) VALUES (1, 0);

-- Who was changed since the rules were applied to them.
CREATE TABLE unplaced (
    user INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE
) STRICT;
