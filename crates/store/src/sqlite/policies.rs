//! Policies and grants (R-POL).

use pinward_core::{Policy, PolicyIdentity, PolicyPatch, UserId, fold};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::audit;
use super::changes::Changes;
use super::convert::count;
use super::people;
use super::transaction::Transaction;
use crate::{Act, Changed, Created, Granted, Removed};

/// The row of the global policy.
pub(super) const GLOBAL: i64 = 1;

/// What [`read`] reads, in order; `g` is the policy and `s` its site.
pub(super) const COLUMNS: &str = "g.id, s.name, g.tag, g.description, g.min_password_length, \
     g.pin_history_count, g.allow_common_patterns, g.pin_lifetime_days, g.maximum_logon_attempts";

/// How many columns those are.
pub(super) const COLUMN_COUNT: usize = 9;

/// Joins the policy that governs user `u` (R-POL-4: granted, else the site's, else global).
pub(super) const GOVERNING: &str = "JOIN policy g ON g.id = \
     coalesce(u.policy, (SELECT id FROM policy WHERE site = u.site), 1) \
     LEFT JOIN site s ON s.id = g.site";

/// The number of a policy's row.
pub(super) struct Row(pub(super) i64);

/// Reads a policy whose [`COLUMNS`] begin at `at`.
pub(super) fn read(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Policy> {
    let identity = match (row.get(at + 1)?, row.get(at + 2)?) {
        (Some(site), _) => PolicyIdentity::Site(site),
        (None, Some(tag)) => PolicyIdentity::Tag(tag),
        (None, None) => PolicyIdentity::Global,
    };
    Ok(Policy {
        identity,
        description: row.get(at + 3)?,
        min_password_length: row.get(at + 4)?,
        pin_history_count: row.get(at + 5)?,
        allow_common_patterns: row.get(at + 6)?,
        pin_lifetime_days: row.get(at + 7)?,
        maximum_logon_attempts: row.get(at + 8)?,
    })
}

/// Finds the row of a policy.
pub(super) fn row_of(db: &Connection, identity: &PolicyIdentity) -> rusqlite::Result<Option<Row>> {
    match identity {
        PolicyIdentity::Global => Ok(Some(Row(GLOBAL))),
        PolicyIdentity::Site(site) => db
            .prepare_cached(
                "SELECT g.id FROM policy g JOIN site s ON s.id = g.site WHERE s.key = ?1",
            )?
            .query_row([fold(site)], |row| row.get(0).map(Row))
            .optional(),
        PolicyIdentity::Tag(tag) => db
            .prepare_cached("SELECT id FROM policy WHERE tag_key = ?1")?
            .query_row([fold(tag)], |row| row.get(0).map(Row))
            .optional(),
    }
}

pub(super) fn policies(db: &Connection) -> rusqlite::Result<Vec<Policy>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM policy g LEFT JOIN site s ON s.id = g.site
         ORDER BY g.id <> 1, g.tag_key IS NOT NULL, coalesce(s.key, g.tag_key)"
    ))?;
    let rows = query.query_map([], |row| read(row, 0))?;
    rows.collect()
}

pub(super) fn policy(
    db: &Connection,
    identity: &PolicyIdentity,
) -> rusqlite::Result<Option<Policy>> {
    let Some(Row(id)) = row_of(db, identity)? else {
        return Ok(None);
    };
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM policy g LEFT JOIN site s ON s.id = g.site WHERE g.id = ?1"
    ))?
    .query_row([id], |row| read(row, 0))
    .optional()
}

pub(super) fn governing_policy(db: &Connection, user: UserId) -> rusqlite::Result<Option<Policy>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM user u {GOVERNING} WHERE u.id = ?1"
    ))?
    .query_row([user.0], |row| read(row, 0))
    .optional()
}

pub(super) fn create(
    db: &Transaction<'_>,
    policy: &Policy,
    act: &Act,
) -> rusqlite::Result<Created> {
    let site: Option<i64> = match &policy.identity {
        PolicyIdentity::Site(site) => {
            let found = db
                .prepare_cached("SELECT id FROM site WHERE key = ?1")?
                .query_row([fold(site)], |row| row.get(0))
                .optional()?;
            if found.is_none() {
                return Ok(Created::NoSuchSite);
            }
            found
        }
        PolicyIdentity::Global | PolicyIdentity::Tag(_) => None,
    };
    if row_of(db, &policy.identity)?.is_some() {
        return Ok(Created::Exists);
    }
    let tag = match &policy.identity {
        PolicyIdentity::Tag(tag) => Some(tag.trim()),
        _ => None,
    };
    db.prepare_cached(
        "INSERT INTO policy (site, tag_key, tag, description, min_password_length,
                             pin_history_count, allow_common_patterns, pin_lifetime_days,
                             maximum_logon_attempts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute((
        site,
        tag.map(fold),
        tag,
        &policy.description,
        policy.min_password_length,
        policy.pin_history_count,
        policy.allow_common_patterns,
        policy.pin_lifetime_days,
        policy.maximum_logon_attempts,
    ))?;
    record_change(db, act, None, Some(policy))?;
    Ok(Created::Done)
}

pub(super) fn change(
    db: &Transaction<'_>,
    identity: &PolicyIdentity,
    patch: &PolicyPatch,
    seen: Option<&Policy>,
    act: &Act,
) -> rusqlite::Result<Changed> {
    let Some(Row(id)) = row_of(db, identity)? else {
        return Ok(Changed::NotFound);
    };
    let Some(current) = policy(db, identity)? else {
        return Ok(Changed::NotFound);
    };
    if seen.is_some_and(|seen| *seen != current) {
        return Ok(Changed::Overtaken);
    }
    let changed = match current.apply(patch) {
        Ok(changed) => changed,
        Err(violations) => return Ok(Changed::Invalid(violations)),
    };
    overwrite(db, id, &changed)?;
    record_change(db, act, Some(&current), Some(&changed))?;
    Ok(Changed::Done(changed))
}

pub(super) fn remove(
    db: &Transaction<'_>,
    identity: &PolicyIdentity,
    seen: Option<&Policy>,
    act: &Act,
) -> rusqlite::Result<Removed> {
    let Some(Row(id)) = row_of(db, identity)? else {
        return Ok(Removed::NotFound);
    };
    let Some(current) = policy(db, identity)? else {
        return Ok(Removed::NotFound);
    };
    if seen.is_some_and(|seen| *seen != current) {
        return Ok(Removed::Overtaken);
    }
    if id == GLOBAL {
        let defaults = Policy::defaults(PolicyIdentity::Global);
        overwrite(db, id, &defaults)?;
        record_change(db, act, Some(&current), Some(&defaults))?;
        return Ok(Removed::Reset);
    }
    let grants = db
        .prepare_cached("SELECT count(*) FROM user WHERE policy = ?1")?
        .query_row([id], |row| count(row, 0))?;
    let changes = Changes::of_policy(Some(&current), None).of("Grants", grants, 0);
    audit::record(db, act, &current.identity.to_string(), &changes)?;
    // The grants go by the foreign key.
    db.prepare_cached("DELETE FROM policy WHERE id = ?1")?
        .execute([id])?;
    Ok(Removed::Done)
}

fn record_change(
    db: &Transaction<'_>,
    act: &Act,
    before: Option<&Policy>,
    after: Option<&Policy>,
) -> rusqlite::Result<()> {
    match after.or(before) {
        Some(policy) => {
            let changes = Changes::of_policy(before, after);
            audit::record(db, act, &policy.identity.to_string(), &changes)
        }
        None => Ok(()),
    }
}

fn overwrite(db: &Connection, id: i64, policy: &Policy) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE policy SET description = :description, min_password_length = :length,
                pin_history_count = :history, allow_common_patterns = :common,
                pin_lifetime_days = :lifetime, maximum_logon_attempts = :attempts
         WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id,
        ":description": policy.description,
        ":length": policy.min_password_length,
        ":history": policy.pin_history_count,
        ":common": policy.allow_common_patterns,
        ":lifetime": policy.pin_lifetime_days,
        ":attempts": policy.maximum_logon_attempts,
    })
    .map(drop)
}

pub(super) fn grant(
    db: &Transaction<'_>,
    user: UserId,
    tag: Option<&str>,
    act: &Act,
) -> rusqlite::Result<Granted> {
    let policy = match tag {
        None => None,
        Some(tag) => match row_of(db, &PolicyIdentity::Tag(tag.to_owned()))? {
            Some(Row(id)) => Some(id),
            None => return Ok(Granted::NoSuchPolicy),
        },
    };
    let Some(before) = people::user(db, user)? else {
        return Ok(Granted::NoSuchUser);
    };
    db.prepare_cached("UPDATE user SET policy = ?2 WHERE id = ?1")?
        .execute((user.0, policy))?;
    let after: Option<String> = db
        .prepare_cached("SELECT tag FROM policy WHERE id = ?1")?
        .query_row([policy], |row| row.get(0))
        .optional()?
        .flatten();
    let changes = Changes::default().of("PinPolicy", before.pin_policy, after);
    audit::record_user(db, act, user, &changes)?;
    Ok(Granted::Done)
}
