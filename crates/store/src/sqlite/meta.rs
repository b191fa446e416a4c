//! Keys and figures.

use pinward_core::PolicyIdentity;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use super::audit;
use super::changes::Changes;
use super::convert::count;
use super::policies::{Row, row_of};
use super::transaction::Transaction;
use crate::{Act, Counts, KeyFingerprint, KeyRetired};

pub(super) fn key_fingerprints(db: &Connection) -> rusqlite::Result<Vec<KeyFingerprint>> {
    let mut query = db.prepare_cached(
        "SELECT k.id, k.fingerprint,
                (SELECT count(*) FROM pin_history h WHERE h.key_id = k.id)
         FROM key_fingerprint k WHERE NOT retired ORDER BY k.id",
    )?;
    let rows = query.query_map([], |row| {
        Ok(KeyFingerprint {
            id: row.get(0)?,
            fingerprint: row.get(1)?,
            verifiers: count(row, 2)?,
        })
    })?;
    rows.collect()
}

pub(super) fn add_key_fingerprint(
    db: &Transaction<'_>,
    id: &str,
    fingerprint: &[u8; 32],
    act: &Act,
) -> rusqlite::Result<()> {
    let added = db
        .prepare_cached(
            "INSERT INTO key_fingerprint (id, fingerprint) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute((id, fingerprint))?;
    match added {
        0 => Ok(()),
        _ => audit::record(db, act, id, &Changes::default().of("Key", Value::Null, id)),
    }
}

pub(super) fn retire_key(
    db: &Transaction<'_>,
    id: &str,
    act: &Act,
) -> rusqlite::Result<KeyRetired> {
    let users = db
        .prepare_cached("SELECT count(DISTINCT user) FROM pin_history WHERE key_id = ?1")?
        .query_row([id], |row| count(row, 0))?;
    if users > 0 {
        return Ok(KeyRetired::InUse { users });
    }
    let known: Option<bool> = db
        .prepare_cached("SELECT retired FROM key_fingerprint WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    match known {
        None => return Ok(KeyRetired::Unknown),
        Some(true) => {}
        Some(false) => {
            db.prepare_cached("UPDATE key_fingerprint SET retired = 1 WHERE id = ?1")?
                .execute([id])?;
            audit::record(db, act, id, &Changes::default().of("Key", id, Value::Null))?;
        }
    }
    Ok(KeyRetired::Done)
}

/// Whether a verifier was made with a key that was retired meanwhile.
pub(super) fn is_retired(db: &Connection, verifier: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM key_fingerprint WHERE id = ?1 AND retired")?
        .exists([key_id(verifier)])
}

/// The key that a verifier names: the second field of `scheme$key$…`; "" where it names none.
pub(super) fn key_id(verifier: &str) -> &str {
    verifier.split('$').nth(1).unwrap_or_default()
}

pub(super) fn counts(db: &Connection) -> rusqlite::Result<Counts> {
    db.prepare_cached(
        "SELECT (SELECT count(*) FROM user_key),
                (SELECT count(*) FROM pin WHERE verifier IS NOT NULL),
                (SELECT count(*) FROM site WHERE NOT removed),
                (SELECT count(*) FROM policy),
                (SELECT count(*) FROM attempt)",
    )?
    .query_row([], |row| {
        Ok(Counts {
            users: count(row, 0)?,
            users_with_pin: count(row, 1)?,
            sites: count(row, 2)?,
            policies: count(row, 3)?,
            open_attempts: count(row, 4)?,
        })
    })
}

pub(super) fn governed_by(
    db: &Connection,
    identity: &PolicyIdentity,
) -> rusqlite::Result<Option<u64>> {
    let Some(Row(policy)) = row_of(db, identity)? else {
        return Ok(None);
    };
    db.prepare_cached(
        "SELECT count(*) FROM user u
         WHERE coalesce(u.policy, (SELECT id FROM policy WHERE site = u.site), 1) = ?1",
    )?
    .query_row([policy], |row| count(row, 0))
    .optional()
}
