-- Where people are, among the words they are found by: a role that reaches few of many people finds them
-- without going through all who have the words. The program fills the table, as it makes all keys (search.rs).
-- It has another name than before: an older program that still runs must fail to write to it, rather than leave
-- people without their places.
DROP TRIGGER user_search_removed;
DROP TABLE user_search;
DROP VIEW searchable;

CREATE VIEW searchable (user, words, dn, site) AS
SELECT k.user,
       concat_ws(' ', u.display_name, u.first_name, u.last_name, k.logon,
                 substr(k.sip, 5, instr(k.sip || '@', '@') - 5),
                 substr(k.upn, 1, instr(k.upn || '@', '@') - 1), k.phone, k.extension),
       k.dn, u.site
FROM user_key k JOIN user u ON u.id = k.user;

CREATE VIRTUAL TABLE user_found USING fts5 (
    words, places, content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER user_found_removed AFTER DELETE ON user BEGIN
    DELETE FROM user_found WHERE rowid = old.id;
END;
