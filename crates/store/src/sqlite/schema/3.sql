-- What a user's verifiers are bound to: the first GUID that was known of the person. It stays when the
-- directory tells another GUID for the same person, and is new where somebody else takes their name.
ALTER TABLE user ADD COLUMN binding TEXT NOT NULL DEFAULT '';
UPDATE user SET binding = guid;
