//! What applying a reading would do.

use pinward_core::UserId;
use rusqlite::Connection;

use super::convert::{count, ms};
use super::stage::{Verdict, is_current};
use crate::{Conflict, ReadingId, SyncPlan, SyncTerms};

/// So many disabled users are named.
const MOST_NAMED: i64 = 10;

/// People of a source who are not in a reading.
const UNSEEN: &str = "u.source = ?1 AND NOT EXISTS (
    SELECT 1 FROM staged s WHERE s.source = ?1 AND s.reading = ?2 AND s.user = u.id)";

pub(super) fn plan(
    db: &Connection,
    reading: ReadingId,
    terms: &SyncTerms,
) -> rusqlite::Result<Option<SyncPlan>> {
    let view = db.unchecked_transaction()?;
    let db = &view;
    if !is_current(db, reading)? {
        return Ok(None);
    }
    let mut plan = SyncPlan {
        enabled: db
            .prepare_cached("SELECT count(*) FROM user WHERE source = ?1 AND enabled")?
            .query_row([reading.source], |row| count(row, 0))?,
        ..SyncPlan::default()
    };
    verdicts(db, reading, &mut plan)?;
    unseen(db, reading, terms, &mut plan)?;
    plan.unusable = unusable(db, reading)?;
    plan.conflicts = conflicts(db, reading, !plan.missing.is_empty())?;
    Ok(Some(plan))
}

fn verdicts(db: &Connection, reading: ReadingId, plan: &mut SyncPlan) -> rusqlite::Result<()> {
    let mut query = db.prepare_cached(
        "SELECT verdict, switched_off, count(*) FROM staged
         WHERE source = ?1 AND reading = ?2 AND verdict IS NOT NULL GROUP BY verdict, switched_off",
    )?;
    let mut rows = query.query((reading.source, reading.number))?;
    while let Some(row) = rows.next()? {
        let (verdict, off, number): (i64, bool, u64) = (row.get(0)?, row.get(1)?, count(row, 2)?);
        let of = |one: Verdict| verdict == one as i64;
        if off {
            plan.disabled += number;
        } else if of(Verdict::Unchanged) {
            plan.unchanged += number;
        } else if of(Verdict::Create) {
            plan.created += number;
        } else if of(Verdict::Update) {
            plan.updated += number;
        } else if of(Verdict::Return) {
            plan.returned += number;
        }
    }
    drop(rows);
    let mut query = db.prepare_cached(
        "SELECT coalesce(u.sip_address, u.dn) FROM staged s JOIN user u ON u.id = s.user
         WHERE s.source = ?1 AND s.reading = ?2 AND s.switched_off ORDER BY s.seq LIMIT ?3",
    )?;
    let names = query.query_map((reading.source, reading.number, MOST_NAMED), |row| {
        row.get(0)
    })?;
    plan.disabled_names = names.collect::<rusqlite::Result<_>>()?;
    Ok(())
}

fn unseen(
    db: &Connection,
    reading: ReadingId,
    terms: &SyncTerms,
    plan: &mut SyncPlan,
) -> rusqlite::Result<()> {
    let blind = db
        .prepare_cached("SELECT 1 FROM staged WHERE source = ?1 AND reading = ?2 AND blind")?
        .exists((reading.source, reading.number))?;
    if !blind {
        let mut query = db.prepare_cached(&format!(
            "SELECT u.id FROM user u WHERE {UNSEEN} AND u.gone_since <= ?3 AND NOT u.enabled"
        ))?;
        let gone = query.query_map(
            (reading.source, reading.number, ms(terms.purge_before)),
            |row| row.get(0).map(UserId),
        )?;
        plan.purge = gone.collect::<rusqlite::Result<_>>()?;
    }
    if !terms.full {
        return Ok(());
    }
    let mut query = db.prepare_cached(&format!(
        "SELECT u.id, u.enabled, coalesce(u.sip_address, u.dn) FROM user u
         WHERE {UNSEEN} AND (u.gone_since IS NULL OR u.enabled)"
    ))?;
    let mut rows = query.query((reading.source, reading.number))?;
    while let Some(row) = rows.next()? {
        if blind {
            plan.held_back += 1;
            continue;
        }
        plan.missing.push(UserId(row.get(0)?));
        if row.get(1)? {
            plan.disabled += 1;
            if plan.disabled_names.len() < usize::try_from(MOST_NAMED).unwrap_or(usize::MAX) {
                plan.disabled_names.push(row.get(2)?);
            }
        }
    }
    Ok(())
}

fn unusable(db: &Connection, reading: ReadingId) -> rusqlite::Result<Vec<(String, String)>> {
    let mut query = db.prepare_cached(
        "SELECT coalesce(name, dn, ''), reason FROM staged
         WHERE source = ?1 AND reading = ?2 AND reason IS NOT NULL ORDER BY seq",
    )?;
    let rows = query.query_map((reading.source, reading.number), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    rows.collect()
}

/// Numbers and addresses that several enabled users would have, one of them of this source. Two who
/// have one number are told apart where both have an extension. They are named by their logon names,
/// because an address that they share would name neither.
fn conflicts(
    db: &Connection,
    reading: ReadingId,
    unseen_go: bool,
) -> rusqlite::Result<Vec<Conflict>> {
    let mut query = db.prepare_cached(&format!(
        "WITH future (sip, extension, phone, name, ours) AS MATERIALIZED (
             SELECT k.sip, k.extension, k.phone, u.domain || '\\' || u.sam_account_name,
                 u.source IS ?1
             FROM user u JOIN user_key k ON k.user = u.id
             WHERE u.enabled AND NOT EXISTS (
                 SELECT 1 FROM staged s WHERE s.source = ?1 AND s.reading = ?2 AND s.user = u.id
                     AND s.verdict BETWEEN 2 AND 5) AND NOT (?3 AND {UNSEEN})
             UNION ALL
             SELECT sip, extension, phone, domain || '\\' || sam_account_name, 1 FROM staged
             WHERE source = ?1 AND reading = ?2 AND enabled AND verdict BETWEEN 2 AND 4)
         SELECT 'extension', extension, group_concat(name, char(10)) FROM future
         WHERE extension IS NOT NULL GROUP BY extension HAVING count(*) > 1 AND max(ours)
         UNION ALL
         SELECT 'number', phone, group_concat(name, char(10)) FROM future
         WHERE phone IS NOT NULL GROUP BY phone
         HAVING count(*) > 1 AND count(*) > count(extension) AND max(ours)
         UNION ALL
         SELECT 'SIP address', sip, group_concat(name, char(10)) FROM future
         WHERE sip IS NOT NULL GROUP BY sip HAVING count(*) > 1 AND max(ours)"
    ))?;
    let rows = query.query_map((reading.source, reading.number, unseen_go), |row| {
        let names: String = row.get(2)?;
        Ok(Conflict {
            what: row.get(0)?,
            value: row.get(1)?,
            users: names.lines().map(str::to_owned).collect(),
        })
    })?;
    rows.collect()
}
