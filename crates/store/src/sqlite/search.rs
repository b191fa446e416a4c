//! Searching people as somebody types.

use pinward_core::UserId;
use rusqlite::Connection;

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
    for end in ["", "*"] {
        let quoted = |word: &String| format!("\"{}\"{end}", word.replace('"', "\"\""));
        let words: Vec<String> = of.words.iter().map(quoted).collect();
        found.more = collect(&view, &words.join(" AND "), of, &mut ids)?;
        if found.more {
            break;
        }
    }
    for id in ids {
        found.people.extend(people::user(&view, UserId(id))?);
    }
    Ok(found)
}

/// Adds those who match and are within reach. Whether there are more of them than are wanted.
fn collect(
    db: &Connection,
    words: &str,
    of: &SearchFor,
    ids: &mut Vec<i64>,
) -> rusqlite::Result<bool> {
    let mut query = db.prepare_cached(
        "SELECT f.rowid, u.enabled, u.dn, s.name
         FROM user_search(?1) f CROSS JOIN user u ON u.id = f.rowid
         LEFT JOIN site s ON s.id = u.site AND NOT s.removed
         ORDER BY f.rowid",
    )?;
    let mut rows = query.query([words])?;
    while let Some(row) = rows.next()? {
        let reach = match row.get(1)? {
            true => &of.enabled,
            false => &of.disabled,
        };
        let id = row.get(0)?;
        if ids.contains(&id)
            || !reach.covers_place(row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str_or_null()?)
        {
            continue;
        }
        if ids.len() >= of.most {
            return Ok(true);
        }
        ids.push(id);
    }
    Ok(false)
}
