-- What people are searched by as somebody types: the words of their names and their numbers. What all of
-- a company have in common, such as the domain of an address, is no word.
CREATE VIEW searchable (user, words) AS
SELECT k.user,
       concat_ws(' ', u.display_name, u.first_name, u.last_name, k.logon,
                 substr(k.sip, 5, instr(k.sip || '@', '@') - 5),
                 substr(k.upn, 1, instr(k.upn || '@', '@') - 1), k.phone, k.extension)
FROM user_key k JOIN user u ON u.id = k.user;

CREATE VIRTUAL TABLE user_search USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO user_search (rowid, words) SELECT user, words FROM searchable;

CREATE TRIGGER user_search_removed AFTER DELETE ON user BEGIN
    DELETE FROM user_search WHERE rowid = old.id;
END;
