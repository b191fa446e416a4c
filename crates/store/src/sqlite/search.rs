//! Searching people as somebody types.

use pinward_core::UserId;
use rusqlite::{Connection, Row, params_from_iter};

use super::people;
use crate::{FoundPeople, SearchFor};

/// Makes a user found by what is known of them now.
pub(super) fn keep(db: &Connection, user: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO user_search (rowid, words)
         SELECT user, words FROM searchable WHERE user = ?1",
    )?
    .execute([user])
    .map(drop)
}

/// Whoever has the words themselves comes before those who have words that begin so.
pub(super) fn search(db: &Connection, of: &SearchFor) -> rusqlite::Result<FoundPeople> {
    let mut found = FoundPeople::default();
    if of.words.is_empty() {
        return Ok(found);
    }
    let view = db.unchecked_transaction()?;
    let mut ids = Vec::new();
    for way in [Way::Words, Way::Numbers, Way::Beginnings] {
        found.more = collect(&view, way, of, &mut ids)?;
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
    /// them is found by the indexes of look-ups and not by going through all.
    Numbers,
    /// Who has words that begin so.
    Beginnings,
}

impl Way {
    /// Who is found, and what to look for; `None`: not this way.
    fn query(self, words: &[String]) -> Option<(&'static str, Vec<String>)> {
        let quoted = |end: &str| {
            let word = |word: &String| format!("\"{}\"{end}", word.replace('"', "\"\""));
            words.iter().map(word).collect::<Vec<_>>().join(" AND ")
        };
        let found = "SELECT rowid FROM user_search(?1) ORDER BY rowid";
        match (self, words) {
            (Self::Words, _) => Some((found, vec![quoted("")])),
            (Self::Beginnings, _) => Some((found, vec![quoted("*")])),
            (Self::Numbers, [only]) if only.bytes().all(|byte| byte.is_ascii_digit()) => Some((
                "SELECT user FROM user_key WHERE extension >= ?1 AND extension < ?2
                 UNION ALL SELECT user FROM user_key WHERE phone >= ?1 AND phone < ?2",
                // After all digits.
                vec![only.clone(), format!("{only}:")],
            )),
            (Self::Numbers, _) => None,
        }
    }
}

/// Adds those who match and are within reach. Whether there are more of them than are wanted.
fn collect(
    db: &Connection,
    way: Way,
    of: &SearchFor,
    ids: &mut Vec<i64>,
) -> rusqlite::Result<bool> {
    let Some((query, values)) = way.query(&of.words) else {
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
