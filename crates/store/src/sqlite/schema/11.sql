-- A sync counts from its beginning: one under way is not overtaken by the server.
ALTER TABLE source ADD COLUMN last_begun INTEGER;
