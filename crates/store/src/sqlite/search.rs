//! Searching people as somebody types.
//!
//! The index knows the words of people and the places they are in. A reach that is not everything is looked for
//! beside the words, so that whichever is the rarer leads: it narrows who is looked at, and the scopes
//! themselves decide.

use std::collections::BTreeSet;

use pinward_core::{Dn, Reach, Scope, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use sha2::{Digest, Sha256};

use super::people;
use crate::{FoundPeople, SearchFor};

/// The format that made the index as [`keep`] fills it.
pub(super) const FORMAT: i64 = 13;

/// Makes everybody found: the index was made anew and is empty.
pub(super) fn fill(db: &Connection) -> rusqlite::Result<()> {
    let mut users = db.prepare("SELECT user FROM user_key ORDER BY user")?;
    let mut rows = users.query([])?;
    while let Some(row) = rows.next()? {
        keep(db, row.get(0)?)?;
    }
    Ok(())
}

/// Makes a user found by what is known of them now, and where they are now.
pub(super) fn keep(db: &Connection, user: i64) -> rusqlite::Result<()> {
    let known = db
        .prepare_cached("SELECT words, dn, site FROM searchable WHERE user = ?1")?
        .query_row([user], |row| {
            let words: String = row.get(0)?;
            Ok((words, places_of(row.get_ref(1)?.as_str()?, row.get(2)?)))
        })
        .optional()?;
    let Some((words, places)) = known else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT OR REPLACE INTO user_found (rowid, words, places) VALUES (?1, ?2, ?3)",
    )?
    .execute((user, words, places))
    .map(drop)
}

/// The units above somebody, themselves included as a scope may name them, and their site.
fn places_of(dn: &str, site: Option<i64>) -> String {
    let lineage = Dn::parse(dn).map_or_else(|_| Vec::new(), |dn| dn.lineage());
    let units = lineage.iter().map(|unit| unit_word(unit));
    units
        .chain(site.map(site_word))
        .collect::<Vec<_>>()
        .join(" ")
}

// Words for places begin with characters of private use: no search has them, and no beginning of one.

fn unit_word(dn: &str) -> String {
    let digest = Sha256::digest(dn);
    let start = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    format!("\u{e000}{}", start.collect::<String>())
}

fn site_word(row: i64) -> String {
    format!("\u{e001}{row}")
}

/// Where to look.
enum Places {
    Everywhere,
    /// Where one of these words stands.
    Among(BTreeSet<String>),
}

impl Places {
    /// Of whoever is looked for, enabled or not.
    fn of(db: &Connection, of: &SearchFor) -> rusqlite::Result<Self> {
        let mut words = BTreeSet::new();
        for reach in [&of.enabled, &of.disabled] {
            let Reach::Of(scopes) = reach else {
                return Ok(Self::Everywhere);
            };
            for scope in scopes {
                match scope {
                    Scope::Global => return Ok(Self::Everywhere),
                    Scope::Ou(unit) => words.extend([unit_word(&unit.folded())]),
                    Scope::Site(key) => words.extend(site(db, key)?.map(site_word)),
                }
            }
        }
        Ok(Self::Among(words))
    }
}

fn site(db: &Connection, key: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM site WHERE key = ?1 AND NOT removed")?
        .query_row([key], |row| row.get(0))
        .optional()
}

/// Whoever has the words themselves comes before those who have words that begin so.
pub(super) fn search(db: &Connection, of: &SearchFor) -> rusqlite::Result<FoundPeople> {
    let mut found = FoundPeople::default();
    if of.words.is_empty() {
        return Ok(found);
    }
    let view = db.unchecked_transaction()?;
    let places = Places::of(&view, of)?;
    let mut ids = Vec::new();
    for way in [Way::Words, Way::Numbers, Way::Beginnings] {
        found.more = collect(&view, way, &places, of, &mut ids)?;
        if found.more {
            break;
        }
    }
    for id in ids {
        found.people.extend(people::user(&view, UserId(id))?);
    }
    Ok(found)
}

/// Ways to find people, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Who has the very words.
    Words,
    /// Whose number or extension begins so: numbers of one company begin alike, so what begins like one of
    /// them is found by the indexes of look-ups and not by going through all. Only where everybody is within
    /// reach: those indexes know of no places.
    Numbers,
    /// Who has words that begin so.
    Beginnings,
}

impl Way {
    /// Who is found, and what to look for; `None`: not this way.
    fn query(self, words: &[String], places: &Places) -> Option<(&'static str, Vec<String>)> {
        let found = "SELECT rowid FROM user_found(?1) ORDER BY rowid";
        match (self, places, words) {
            (Self::Words, _, _) => Some((found, vec![matching(words, "", places)?])),
            (Self::Beginnings, _, _) => Some((found, vec![matching(words, "*", places)?])),
            (Self::Numbers, Places::Everywhere, [only])
                if only.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Some((
                    "SELECT user FROM user_key WHERE extension >= ?1 AND extension < ?2
                     UNION ALL SELECT user FROM user_key WHERE phone >= ?1 AND phone < ?2",
                    // After all digits.
                    vec![only.clone(), format!("{only}:")],
                ))
            }
            (Self::Numbers, _, _) => None,
        }
    }
}

/// The expression of the index for whoever has words with that end, at one of the places; `None`: there is none.
fn matching(words: &[String], end: &str, places: &Places) -> Option<String> {
    let quoted = |word: &String| format!("\"{}\"", word.replace('"', "\"\""));
    let all = words.iter().map(|word| quoted(word) + end);
    let all = format!("words : ({})", all.collect::<Vec<_>>().join(" AND "));
    match places {
        Places::Everywhere => Some(all),
        Places::Among(places) if places.is_empty() => None,
        Places::Among(places) => {
            let any = places.iter().map(quoted).collect::<Vec<_>>().join(" OR ");
            Some(format!("{all} AND places : ({any})"))
        }
    }
}

/// Adds those who match and are within reach. Whether there are more of them than are wanted.
fn collect(
    db: &Connection,
    way: Way,
    places: &Places,
    of: &SearchFor,
    ids: &mut Vec<i64>,
) -> rusqlite::Result<bool> {
    let Some((query, values)) = way.query(&of.words, places) else {
        return Ok(false);
    };
    let mut query = db.prepare_cached(query)?;
    let mut place = db.prepare_cached(
        "SELECT u.enabled, u.dn, s.name FROM user u
         LEFT JOIN site s ON s.id = u.site AND NOT s.removed WHERE u.id = ?1",
    )?;
    let mut rows = query.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if ids.contains(&id) || !place.query_row([id], |row| within(row, of))? {
            continue;
        }
        if ids.len() >= of.most {
            return Ok(true);
        }
        ids.push(id);
    }
    Ok(false)
}

fn within(row: &Row<'_>, of: &SearchFor) -> rusqlite::Result<bool> {
    let reach = match row.get(0)? {
        true => &of.enabled,
        false => &of.disabled,
    };
    let (dn, site) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str_or_null()?);
    Ok(reach.covers_place(dn, site))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;

    use super::{Places, Way, fill, keep};
    use crate::SearchFor;
    use crate::sqlite::schema;

    fn rows(db: &Connection, way: Way, scopes: &[&str]) -> Vec<i64> {
        let of = SearchFor {
            words: vec!["maria".to_owned()],
            enabled: pinward_core::Reach::of(scopes.iter().copied()),
            disabled: pinward_core::Reach::Of(Vec::new()),
            most: 20,
        };
        let places = Places::of(db, &of).unwrap();
        let Some((query, values)) = way.query(&of.words, &places) else {
            return Vec::new();
        };
        let mut query = db.prepare(query).unwrap();
        let rows = query.query_map(rusqlite::params_from_iter(values), |row| row.get(0));
        rows.unwrap().map(Result::unwrap).collect()
    }

    // The index leaves out whoever is beyond reach: nobody goes through a company to find few.
    #[test]
    fn only_whoever_is_within_reach_is_looked_at() {
        let db = Connection::open(Path::new(":memory:")).unwrap();
        schema::migrate(&db).unwrap();
        db.execute_batch(
            "INSERT INTO site (id, key, name) VALUES (1, 'lyon', 'Lyon'), (2, 'paris', 'Paris');
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)
             INSERT INTO user (id, guid, dn, display_name, sam_account_name, domain, enabled, attributes, site)
             SELECT n, n, '', 'Maria', n, 'd', 1, '{}', CASE WHEN n = 250 THEN 1 END FROM n;
             INSERT INTO user_key (user, logon, domain, display_name, dn)
             SELECT id, id, 'd', 'maria', 'cn=' || id || iif(id % 100, ',ou=many', ',ou=few') || ',dc=d' FROM user;",
        )
        .unwrap();
        fill(&db).unwrap();
        for way in [Way::Words, Way::Beginnings] {
            for (scopes, expected) in [
                (&["OU:OU=Few,DC=d"][..], &[100, 200, 300][..]),
                (&["site:LYON"], &[250]),
                (&["OU:OU=Few,DC=d", "site:Lyon"], &[100, 200, 250, 300]),
                (&["OU:CN=7,OU=Many,DC=d", "site:Paris"], &[7]),
                (&["site:Nowhere"], &[]),
                (&[], &[]),
            ] {
                assert_eq!(rows(&db, way, scopes), expected, "{scopes:?}");
            }
            assert_eq!(rows(&db, way, &["global"]).len(), 300);
            assert_eq!(rows(&db, way, &["OU:DC=d"]).len(), 300);
        }
        db.execute_batch("UPDATE user SET site = 2 WHERE id = 250")
            .unwrap();
        keep(&db, 250).unwrap();
        assert_eq!(rows(&db, Way::Words, &["site:Paris"]), [250]);
        assert_eq!(rows(&db, Way::Words, &["site:Lyon"]), [0; 0]);
    }
}
