//! Who belongs to which site: what the directory says, else what the rules say.
//!
//! A change of the rules only notes that everybody has to be gone through; that is done some people at
//! a time, so that logons need not wait for it, and may be taken up again by any process.

use pinward_core::{User, UserId, fold};
use rusqlite::{Connection, OptionalExtension};

use super::people::{USERS, read};
use super::search;
use super::sites::read_membership;
use crate::{Placed, PlacedBatch, Placing, SiteRules};

/// Notes that everybody has to be gone through.
pub(super) fn rules_changed(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE placement SET version = version + 1, done_to = 0")?
        .execute([])
        .map(drop)
}

/// Notes that one user has to be gone through.
pub(super) fn forget(db: &Connection, user: UserId) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO unplaced (user) VALUES (?1)")?
        .execute([user.0])
        .map(drop)
}

pub(super) fn are_there_rules(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM site WHERE units IS NOT NULL OR filter IS NOT NULL")?
        .exists([])
}

/// Counts the changes of the rules.
pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT version FROM placement")?
        .query_row([], |row| row.get(0))
}

/// The site that the directory names for somebody.
pub(super) fn named_site(db: &Connection, user: UserId) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT s.name FROM user u JOIN site s ON s.id = u.given_site AND NOT s.removed
         WHERE u.id = ?1",
    )?
    .query_row([user.0], |row| row.get(0))
    .optional()
}

pub(super) fn rules(db: &Connection) -> rusqlite::Result<SiteRules> {
    let view = db.unchecked_transaction()?;
    let (version, pending) = view
        .prepare_cached(
            "SELECT version, done_to IS NOT NULL OR EXISTS (SELECT 1 FROM unplaced) FROM placement",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut query = view.prepare_cached(
        "SELECT name, units, filter FROM site
         WHERE units IS NOT NULL OR filter IS NOT NULL ORDER BY key",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, read_membership(row, 1)?)))?;
    Ok(SiteRules {
        version,
        pending,
        rules: rows.collect::<rusqlite::Result<_>>()?,
    })
}

/// Goes through the next people.
pub(super) fn place(db: &Connection, placing: &Placing) -> rusqlite::Result<Placed> {
    let (version, done_to): (i64, Option<i64>) = db
        .prepare_cached("SELECT version, done_to FROM placement")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if version != placing.version {
        return Ok(Placed::RulesChanged);
    }
    let most = i64::try_from(placing.most).unwrap_or(i64::MAX);
    let mut batch = PlacedBatch::default();
    let people = match done_to {
        Some(after) => following(db, after, most)?,
        None => unplaced(db, most)?,
    };
    for somebody in &people {
        place_one(db, placing, somebody, &mut batch)?;
    }
    batch.gone_through = people.len() as u64;
    let last = people.last().filter(|_| people.len() >= placing.most);
    if done_to.is_some() {
        db.prepare_cached("UPDATE placement SET done_to = ?1")?
            .execute([last.map(|last| last.user.id.0)])?;
    }
    batch.done = last.is_none() && !db.prepare_cached("SELECT 1 FROM unplaced")?.exists([])?;
    if batch.done {
        // Nobody refers to them any more.
        db.prepare_cached("DELETE FROM site WHERE removed")?
            .execute([])?;
    }
    Ok(Placed::Some(batch))
}

/// Somebody, with the row of the site that holds and that of the one the directory named.
struct Somebody {
    user: User,
    site: Option<i64>,
    given: Option<i64>,
}

fn following(db: &Connection, after: i64, most: i64) -> rusqlite::Result<Vec<Somebody>> {
    let mut query =
        db.prepare_cached(&format!("{USERS} WHERE u.id > ?1 ORDER BY u.id LIMIT ?2"))?;
    let users: Vec<User> = query
        .query_map((after, most), read)?
        .collect::<rusqlite::Result<_>>()?;
    users.into_iter().map(|user| somebody(db, user)).collect()
}

fn unplaced(db: &Connection, most: i64) -> rusqlite::Result<Vec<Somebody>> {
    let mut query = db.prepare_cached(&format!(
        "{USERS} WHERE u.id IN (SELECT user FROM unplaced ORDER BY user LIMIT ?1) ORDER BY u.id"
    ))?;
    let users: Vec<User> = query
        .query_map([most], read)?
        .collect::<rusqlite::Result<_>>()?;
    users.into_iter().map(|user| somebody(db, user)).collect()
}

fn somebody(db: &Connection, mut user: User) -> rusqlite::Result<Somebody> {
    let (site, given, name) = db
        .prepare_cached(
            "SELECT u.site, u.given_site, s.name FROM user u
             LEFT JOIN site s ON s.id = u.given_site AND NOT s.removed WHERE u.id = ?1",
        )?
        .query_row([user.id.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    user.person.site = name;
    Ok(Somebody { user, site, given })
}

fn place_one(
    db: &Connection,
    placing: &Placing,
    somebody: &Somebody,
    batch: &mut PlacedBatch,
) -> rusqlite::Result<()> {
    let person = &somebody.user.person;
    let place = (placing.judge)(person);
    batch.meant += u64::from(place.meant);
    batch.contested += u64::from(place.contested);
    batch.kept += u64::from(place.kept);
    let given = somebody.given.filter(|_| person.site.is_some());
    let site = match (given, &place.site) {
        (Some(given), _) => Some(given),
        (None, Some(id)) => db
            .prepare_cached("SELECT id FROM site WHERE key = ?1 AND NOT removed")?
            .query_row([fold(id)], |row| row.get(0))
            .optional()?,
        (None, None) => None,
    };
    batch.moved += u64::from(site != somebody.site);
    if site != somebody.site || given != somebody.given {
        db.prepare_cached("UPDATE user SET site = ?2, given_site = ?3 WHERE id = ?1")?
            .execute((somebody.user.id.0, site, given))?;
    }
    if site != somebody.site {
        search::keep(db, somebody.user.id.0)?;
    }
    db.prepare_cached("DELETE FROM unplaced WHERE user = ?1")?
        .execute([somebody.user.id.0])
        .map(drop)
}
