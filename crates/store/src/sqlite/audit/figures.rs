//! Counting logons in the audit log, part by part, in the order in which they were recorded.

use pinward_core::Outcome;
use rusqlite::{Connection, OptionalExtension, Row};

use super::super::convert::{count, ms};
use crate::{CountFrom, FailureCount, HourCount, LogOnCounts};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Counts at most `most` records.
pub(in super::super) fn count_log_ons(
    db: &Connection,
    from: CountFrom,
    most: u64,
) -> rusqlite::Result<LogOnCounts> {
    let view = db.unchecked_transaction()?;
    let after = match from {
        CountFrom::Time(time) => first_since(&view, ms(time))? - 1,
        CountFrom::After(seq) => seq,
    };
    let head: i64 = view
        .prepare_cached("SELECT seq FROM audit_end")?
        .query_row([], |row| row.get(0))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let last = after.saturating_add(most).min(head);
    Ok(LogOnCounts {
        last,
        more: last < head,
        hours: hours(&view, after, last)?,
        failures: failures(&view, after, last)?,
    })
}

/// The first record that is not older; numbers grow with the time, so a few are looked at. The one after
/// the last where all are.
fn first_since(db: &Connection, time: i64) -> rusqlite::Result<i64> {
    let (mut low, mut high): (i64, i64) = db
        .prepare_cached("SELECT anchor_seq + 1, seq + 1 FROM audit_end")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut at = db.prepare_cached("SELECT at FROM audit WHERE seq = ?1")?;
    while low < high {
        let middle = low + (high - low) / 2;
        // A record that is missing is as good as an old one.
        let found: Option<i64> = at.query_row([middle], |row| row.get(0)).optional()?;
        match found.is_some_and(|found| found >= time) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Ok(low)
}

fn hours(db: &Connection, after: i64, last: i64) -> rusqlite::Result<Vec<HourCount>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT at / {HOUR} AS hour, outcome, coalesce(instr(changes, '\"Lock\"') > 0, 0) AS locked, count(*)
         FROM audit WHERE seq > ?1 AND seq <= ?2 AND {LOG_ONS} GROUP BY hour, outcome, locked"
    ))?;
    let rows = query.query_map([after, last], hour)?;
    Ok(rows
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// An act that was refused for its right has no outcome of a logon.
fn hour(row: &Row<'_>) -> rusqlite::Result<Option<HourCount>> {
    let Some(outcome) = Outcome::from_name(row.get_ref(1)?.as_str()?) else {
        return Ok(None);
    };
    let locked: bool = row.get(2)?;
    Ok(Some(HourCount {
        hour: row.get(0)?,
        outcome,
        // The other way round it is the end of a lockout that a success comes after.
        locked_out: locked && outcome == Outcome::IncorrectPin,
        log_ons: count(row, 3)?,
    }))
}

fn failures(db: &Connection, after: i64, last: i64) -> rusqlite::Result<Vec<FailureCount>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT at / {DAY} AS day, client, caller, count(*) FROM audit
         WHERE seq > ?1 AND seq <= ?2 AND {LOG_ONS} AND outcome NOT IN ('Success', 'AccessDenied')
         GROUP BY day, client, caller"
    ))?;
    let rows = query.query_map([after, last], |row| {
        Ok(FailureCount {
            day: row.get(0)?,
            client: row.get(1)?,
            caller: row.get(2)?,
            log_ons: count(row, 3)?,
        })
    })?;
    rows.collect()
}

/// Logons, those on behalf of somebody included.
const LOG_ONS: &str = "action IN ('LogOn', 'Test-CsPhoneBootstrap')";
