//! Sources and the readings of them: beginning, applying, ending.

use pinward_core::{Timestamp, UserId, fold};
use rusqlite::Connection;
use serde_json::Value;

use super::changes::{Changes, maybe};
use super::convert::{count, maybe_time, ms};
use super::people::{SiteRows, by_guid, keep, ready, user};
use super::stage::{self, Verdict, is_current, origin, takes_a_step};
use super::transaction::Transaction;
use super::{audit, counters, people};
use crate::{Act, Begun, Put, ReadingId, SourceStatus, SyncEnd, SyncFigures, SyncStep};

pub(super) fn sources(db: &Connection) -> rusqlite::Result<Vec<SourceStatus>> {
    let mut query = db.prepare_cached(
        "SELECT s.name, s.kind, count(u.id), coalesce(sum(u.enabled), 0), count(u.gone_since),
                s.last_full, s.last_increment, s.last_attempt, s.last_result,
                s.cookie IS NOT NULL, s.conflicts, s.last_begun
         FROM source s LEFT JOIN user u ON u.source = s.id GROUP BY s.id ORDER BY s.key",
    )?;
    let rows = query.query_map([], |row| {
        Ok(SourceStatus {
            name: row.get(0)?,
            kind: row.get(1)?,
            users: count(row, 2)?,
            enabled: count(row, 3)?,
            gone: count(row, 4)?,
            last_full: maybe_time(row.get(5)?)?,
            last_increment: maybe_time(row.get(6)?)?,
            last_attempt: maybe_time(row.get(7)?)?,
            last_result: row.get(8)?,
            has_cookie: row.get(9)?,
            conflicts: count(row, 10)?,
            under_way: maybe_time(row.get(11)?)?,
        })
    })?;
    rows.collect()
}

pub(super) fn begin(
    db: &Connection,
    name: &str,
    kind: &str,
    now: Timestamp,
) -> rusqlite::Result<Begun> {
    db.prepare_cached(
        "INSERT INTO source (key, name, kind, reading, last_begun) VALUES (?1, ?2, ?3, 1, ?4)
         ON CONFLICT (key) DO UPDATE SET kind = ?3, reading = reading + 1, last_begun = ?4
         RETURNING id, reading, cookie",
    )?
    .query_row((fold(name), name.trim(), kind, ms(now)), |row| {
        Ok(Begun {
            reading: ReadingId {
                source: row.get(0)?,
                number: row.get(1)?,
            },
            cookie: row.get(2)?,
        })
    })
}

pub(super) fn apply(
    db: &Transaction<'_>,
    reading: ReadingId,
    step: &SyncStep,
    act: &Act,
) -> rusqlite::Result<Option<SyncFigures>> {
    if !takes_a_step(db, reading, act.at)? {
        return Ok(None);
    }
    let mut figures = SyncFigures::default();
    match step {
        SyncStep::Entries(most) => entries(db, reading, *most, act, &mut figures)?,
        SyncStep::Missing(users) => {
            for user in users {
                missing(db, reading, *user, act, &mut figures)?;
            }
            figures.gone_through = users.len();
        }
        SyncStep::Purge(users) => {
            for user in users {
                purge(db, reading, *user, act, &mut figures)?;
            }
            figures.gone_through = users.len();
        }
    }
    Ok(Some(figures))
}

fn entries(
    db: &Transaction<'_>,
    reading: ReadingId,
    most: usize,
    act: &Act,
    figures: &mut SyncFigures,
) -> rusqlite::Result<()> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let undone = "verdict BETWEEN 2 AND 5 AND NOT done";
    let sites = SiteRows::read(db)?;
    let people = stage::rows(db, undone, reading, limit)?;
    figures.gone_through = people.len();
    for (seq, meant, person) in people {
        let known = match meant {
            Some(id) => user(db, id)?,
            None => by_guid(db, &person.guid)?,
        };
        // The site may have been removed since: what cannot be kept now is judged by the next reading.
        let Ok(mut ready) = ready(&sites, person) else {
            stage::done(db, seq, meant.unwrap_or(UserId(0)))?;
            continue;
        };
        let mut further = Changes::default();
        let mut was_enabled = false;
        if let Some(known) = &known {
            ready.known_as(&known.person);
            was_enabled = known.person.enabled;
            let (source, gone_since) = origin(db, known.id)?;
            further = origin_changes(db, (source, gone_since), (Some(reading.source), None))?;
        }
        let enabled = ready.person.enabled;
        let (id, put) = keep(db, known.as_ref(), &ready, &sites, act, further)?;
        db.prepare_cached("UPDATE user SET source = ?2, gone_since = NULL WHERE id = ?1")?
            .execute((id.0, reading.source))?;
        let returns = stage::verdict_of(db, seq)? == Some(Verdict::Return as i64);
        match put {
            Put::Created => figures.created += 1,
            Put::Updated if was_enabled && !enabled => figures.disabled += 1,
            Put::Updated if returns => figures.returned += 1,
            Put::Updated => figures.updated += 1,
            Put::Unchanged | Put::Refused(_) => {}
        }
        stage::done(db, seq, id)?;
    }
    if figures.gone_through < most {
        let left = limit.saturating_sub(i64::try_from(figures.gone_through).unwrap_or(i64::MAX));
        for (seq, user) in stage::gone(db, reading, left)? {
            figures.gone_through += 1;
            mark_gone(db, reading, user, act, figures)?;
            stage::done(db, seq, user)?;
        }
    }
    Ok(())
}

/// What the audit log says where a person comes from another source or is gone or back.
fn origin_changes(
    db: &Connection,
    before: (Option<i64>, Option<i64>),
    after: (Option<i64>, Option<i64>),
) -> rusqlite::Result<Changes> {
    let name = |source: Option<i64>| match source {
        Some(source) => db
            .prepare_cached("SELECT name FROM source WHERE id = ?1")?
            .query_row([source], |row| row.get::<_, String>(0))
            .map(Value::from),
        None => Ok(Value::Null),
    };
    let time = |at: Option<i64>| Ok::<_, rusqlite::Error>(maybe(maybe_time(at)?));
    let mut changes = Changes::default();
    if before.0 != after.0 {
        changes = changes.of("Source", name(before.0)?, name(after.0)?);
    }
    Ok(changes.of("GoneSince", time(before.1)?, time(after.1)?))
}

fn missing(
    db: &Transaction<'_>,
    reading: ReadingId,
    user: UserId,
    act: &Act,
    figures: &mut SyncFigures,
) -> rusqlite::Result<()> {
    let seen = db
        .prepare_cached("SELECT 1 FROM staged WHERE source = ?1 AND reading = ?2 AND user = ?3")?
        .exists((reading.source, reading.number, user.0))?;
    match seen {
        true => Ok(()),
        false => mark_gone(db, reading, user, act, figures),
    }
}

/// Disables a user of the source and notes since when they are gone.
fn mark_gone(
    db: &Transaction<'_>,
    reading: ReadingId,
    id: UserId,
    act: &Act,
    figures: &mut SyncFigures,
) -> rusqlite::Result<()> {
    let Some(known) = user(db, id)? else {
        return Ok(());
    };
    let (source, gone_since) = origin(db, id)?;
    if source != Some(reading.source) || (gone_since.is_some() && !known.person.enabled) {
        return Ok(());
    }
    let since = gone_since.unwrap_or_else(|| ms(act.at));
    db.prepare_cached("UPDATE user SET enabled = 0, gone_since = ?2 WHERE id = ?1")?
        .execute((id.0, since))?;
    let changes = Changes::default()
        .of("Enabled", known.person.enabled, false)
        .and(origin_changes(
            db,
            (source, gone_since),
            (source, Some(since)),
        )?);
    figures.disabled += u64::from(known.person.enabled);
    audit::record_user(db, act, id, &changes)
}

/// Removes a user who is gone, with everything they had.
fn purge(
    db: &Transaction<'_>,
    reading: ReadingId,
    id: UserId,
    act: &Act,
    figures: &mut SyncFigures,
) -> rusqlite::Result<()> {
    let Some(known) = user(db, id)? else {
        return Ok(());
    };
    let (source, gone_since) = origin(db, id)?;
    if source != Some(reading.source) || gone_since.is_none() || known.person.enabled {
        return Ok(());
    }
    let changes = origin_changes(db, (source, gone_since), (None, None))?
        .of("ObjectGuid", known.person.guid, Value::Null)
        .of("DistinguishedName", known.person.dn, Value::Null);
    audit::record_user(db, act, id, &changes)?;
    counters::forget(db, id)?;
    db.prepare_cached("UPDATE purged SET highest = max(highest, ?1)")?
        .execute([id.0])?;
    people::remove(db, id)?;
    figures.purged += 1;
    Ok(())
}

pub(super) fn leave(db: &Connection, reading: ReadingId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE source SET last_begun = NULL WHERE id = ?1 AND reading = ?2")?
        .execute((reading.source, reading.number))?;
    Ok(())
}

pub(super) fn end(
    db: &Transaction<'_>,
    reading: ReadingId,
    end: &SyncEnd,
    act: &Act,
) -> rusqlite::Result<Option<()>> {
    if !is_current(db, reading)? {
        return Ok(None);
    }
    let at = ms(act.at);
    db.prepare_cached("UPDATE source SET last_attempt = ?2, last_result = ?3 WHERE id = ?1")?
        .execute((reading.source, at, &end.result))?;
    if end.complete {
        let column = match end.full {
            true => "last_full",
            false => "last_increment",
        };
        db.prepare_cached(&format!(
            "UPDATE source SET {column} = ?2, cookie = ?3, conflicts = ?4 WHERE id = ?1"
        ))?
        .execute((
            reading.source,
            at,
            &end.cookie,
            i64::try_from(end.conflicts).unwrap_or(i64::MAX),
        ))?;
    }
    let figures = &end.figures;
    let done = [
        ("Created", figures.created),
        ("Updated", figures.updated),
        ("Returned", figures.returned),
        ("Disabled", figures.disabled),
        ("Purged", figures.purged),
    ];
    let changes = done
        .into_iter()
        .fold(Changes::default(), |changes, (name, number)| {
            changes.of(name, 0, number)
        });
    if changes.text().is_some() {
        let name: String = db
            .prepare_cached("SELECT name FROM source WHERE id = ?1")?
            .query_row([reading.source], |row| row.get(0))?;
        let changes = changes.of("Result", Value::Null, end.result.as_str());
        audit::record(db, act, &format!("Source:{name}"), &changes)?;
    }
    Ok(Some(()))
}
