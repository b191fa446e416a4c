//! Searching the audit log.
//!
//! By user along the records of that user, newest first. By anything else through all records, of
//! which a million are looked at in a fraction of a second: an index would cost every logon.

use pinward_core::UserId;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::super::convert::{ms, time};
use super::COLUMNS;
use crate::{AuditPage, AuditQuery, AuditRecord};

/// The records that are wanted, from `from` on; at most `limit` of them.
pub(in super::super) fn search(
    db: &Connection,
    query: &AuditQuery,
    from: Option<i64>,
    limit: usize,
) -> rusqlite::Result<AuditPage> {
    // One view of the log, also where it is read record by record.
    let view = db.unchecked_transaction()?;
    match query.user {
        Some(user) if query.newest_first => {
            let start = match from {
                Some(from) => Some(from),
                None => last_of(&view, user.0)?,
            };
            along(&view, query, start, limit)
        }
        Some(user) => oldest_of(&view, query, user, from, limit),
        None => through(&view, query, from, limit),
    }
}

/// Along the records of one user, from the newest to the oldest.
fn along(
    db: &Connection,
    query: &AuditQuery,
    start: Option<i64>,
    limit: usize,
) -> rusqlite::Result<AuditPage> {
    let mut read = db.prepare_cached(&format!("SELECT {COLUMNS} FROM audit WHERE seq = ?1"))?;
    let mut page = AuditPage {
        records: Vec::new(),
        next: start,
    };
    while page.records.len() < limit
        && let Some(seq) = page.next
    {
        // Where retention removed it, the older ones are gone too.
        let found = read
            .query_row([seq], |row| Ok((record(row)?, row.get("previous")?)))
            .optional()?;
        let Some((record, previous)): Option<(AuditRecord, Option<i64>)> = found else {
            page.next = None;
            break;
        };
        // Backwards, or a damaged log would lead in a circle.
        page.next = previous.filter(|previous| *previous < seq);
        if fits(&record, query) {
            page.records.push(record);
        }
    }
    Ok(page)
}

/// The records of one user from the oldest on: found from the newest on, of necessity.
fn oldest_of(
    db: &Connection,
    query: &AuditQuery,
    user: UserId,
    from: Option<i64>,
    limit: usize,
) -> rusqlite::Result<AuditPage> {
    let mut previous = db.prepare_cached("SELECT previous FROM audit WHERE seq = ?1")?;
    let mut all = Vec::new();
    let mut next = last_of(db, user.0)?;
    while let Some(seq) = next.filter(|seq| from.is_none_or(|from| *seq >= from)) {
        let Some(before) = previous.query_row([seq], |row| row.get(0)).optional()? else {
            break;
        };
        all.push(seq);
        next = Option::<i64>::filter(before, |before| *before < seq);
    }
    let mut read = db.prepare_cached(&format!("SELECT {COLUMNS} FROM audit WHERE seq = ?1"))?;
    let mut page = AuditPage::default();
    for seq in all.into_iter().rev() {
        if page.records.len() == limit {
            page.next = Some(seq);
            break;
        }
        let record = read.query_row([seq], record)?;
        if fits(&record, query) {
            page.records.push(record);
        }
    }
    Ok(page)
}

/// Through all records.
fn through(
    db: &Connection,
    query: &AuditQuery,
    from: Option<i64>,
    limit: usize,
) -> rusqlite::Result<AuditPage> {
    let mut conditions = Vec::new();
    let mut values = Vec::new();
    let mut wanted = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            conditions.push(condition.to_owned());
            values.push(value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    wanted("actor = ? COLLATE NOCASE", text(&query.actor));
    wanted("action = ? COLLATE NOCASE", text(&query.action));
    wanted("outcome = ? COLLATE NOCASE", text(&query.outcome));
    wanted("at >= ?", query.after.map(|after| ms(after).into()));
    wanted("at < ?", query.before.map(|before| ms(before).into()));
    let (here, order) = match query.newest_first {
        true => ("seq <= ?", "DESC"),
        false => ("seq >= ?", "ASC"),
    };
    wanted(here, from.map(Value::Integer));
    let condition = match conditions.is_empty() {
        true => "TRUE".to_owned(),
        false => conditions.join(" AND "),
    };
    // One more tells whether, and from where, to go on.
    let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM audit WHERE {condition} ORDER BY seq {order} LIMIT {most}"
    ))?;
    let rows = statement.query_map(params_from_iter(values), record)?;
    let mut page = AuditPage {
        records: rows.collect::<rusqlite::Result<_>>()?,
        next: None,
    };
    if page.records.len() > limit {
        page.next = page.records.pop().map(|record| record.seq);
    }
    Ok(page)
}

fn fits(record: &AuditRecord, query: &AuditQuery) -> bool {
    let is = |wanted: &Option<String>, found: Option<&str>| match wanted {
        None => true,
        Some(wanted) => found.is_some_and(|found| found.eq_ignore_ascii_case(wanted)),
    };
    is(&query.actor, record.actor.as_deref())
        && is(&query.action, Some(&record.action))
        && is(&query.outcome, Some(&record.outcome))
        && query.after.is_none_or(|after| ms(record.at) >= ms(after))
        && query.before.is_none_or(|before| ms(record.at) < ms(before))
}

fn record(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    Ok(AuditRecord {
        seq: row.get("seq")?,
        at: time(row.get("at")?)?,
        door: row.get("door")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        client: row.get("client")?,
        caller: row.get("caller")?,
        called: row.get("called")?,
        conference: row.get("conference")?,
        subject: row.get("subject")?,
        user: row.get::<_, Option<i64>>("user")?.map(UserId),
        outcome: row.get("outcome")?,
        changes: row.get("changes")?,
    })
}

/// The last record of a user.
pub(super) fn last_of(db: &Connection, user: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT seq FROM audit_user WHERE user = ?1")?
        .query_row([user], |row| row.get(0))
        .optional()
}
