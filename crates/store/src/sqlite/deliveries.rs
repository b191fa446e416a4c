//! Attempts that may be delivered more than once (R-LOCK-11): one evaluation, one count, one answer.

use jiff::SignedDuration;
use pinward_core::{AttemptId, LockState, Outcome, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension};

use super::convert::{maybe_time, ms};
use super::transaction::Transaction;
use super::{attempts, audit};
use crate::{Answer, Charged, Delivered, Delivery, LogOn, Settled, Verdict};

/// Rows whose life is over that each new row takes along: more than one, so that they dwindle.
const PURGED_PER_ROW: u32 = 4;

pub(super) fn charge(
    db: &Transaction<'_>,
    user: UserId,
    delivery: &Delivery,
    now: Timestamp,
    lease: SignedDuration,
    log_on: &LogOn,
) -> rusqlite::Result<Delivered<Charged>> {
    if let Some(earlier) = earlier(db, delivery, now)? {
        return Ok(earlier);
    }
    let charged = attempts::charge(db, user, now, lease, log_on)?;
    if let Charged::Admitted { attempt, .. } = &charged {
        insert(db, delivery, now, Some(*attempt), None)?;
    }
    if let Some(outcome) = charged.refusal() {
        let locked_until = match charged {
            Charged::Refused(LockState::Temporary { until }) => Some(until),
            _ => None,
        };
        let answer = Answer {
            outcome,
            user: Some(user),
            locked_until,
        };
        insert(db, delivery, now, None, Some(&answer))?;
    }
    Ok(Delivered::First(charged))
}

pub(super) fn settle(
    db: &Transaction<'_>,
    attempt: AttemptId,
    verdict: &Verdict,
    key: &[u8; 32],
    now: Timestamp,
    log_on: &LogOn,
) -> rusqlite::Result<Settled> {
    let settled = attempts::settle(db, attempt, verdict, now, log_on)?;
    if settled == Settled::Done {
        match verdict.outcome() {
            // Nothing was evaluated: when it is delivered again it is the first time.
            None => db
                .prepare_cached("DELETE FROM delivery WHERE key = ?1 AND attempt = ?2")?
                .execute((key, attempt.0))?,
            Some(outcome) => db
                .prepare_cached(
                    "UPDATE delivery SET attempt = NULL, outcome = ?3, user = ?4
                     WHERE key = ?1 AND attempt = ?2",
                )?
                .execute((
                    key,
                    attempt.0,
                    outcome.name(),
                    super::counters::user_of(attempt).0,
                ))?,
        };
    }
    Ok(settled)
}

pub(super) fn answer(
    db: &Transaction<'_>,
    delivery: &Delivery,
    answer: &Answer,
    now: Timestamp,
    log_on: &LogOn,
) -> rusqlite::Result<Delivered<()>> {
    if let Some(earlier) = earlier(db, delivery, now)? {
        return Ok(earlier);
    }
    insert(db, delivery, now, None, Some(answer))?;
    audit::record_answer(db, log_on, answer, now)?;
    Ok(Delivered::First(()))
}

/// What came of the same delivery before; `None`: this is the first.
fn earlier<T>(
    db: &Connection,
    delivery: &Delivery,
    now: Timestamp,
) -> rusqlite::Result<Option<Delivered<T>>> {
    struct Row {
        input: [u8; 32],
        expires: i64,
        attempt: Option<i64>,
        outcome: Option<String>,
        user: Option<i64>,
        locked_until: Option<i64>,
    }
    let found = db
        .prepare_cached(
            "SELECT input, expires, attempt, outcome, user, locked_until
             FROM delivery WHERE key = ?1",
        )?
        .query_row([&delivery.key], |row| {
            Ok(Row {
                input: row.get(0)?,
                expires: row.get(1)?,
                attempt: row.get(2)?,
                outcome: row.get(3)?,
                user: row.get(4)?,
                locked_until: row.get(5)?,
            })
        })
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    if row.expires <= ms(now) {
        db.prepare_cached("DELETE FROM delivery WHERE key = ?1")?
            .execute([&delivery.key])?;
        return Ok(None);
    }
    if !delivery.inputs.contains(&row.input) {
        // From now on nothing matches: with a key that was answered "success", guesses could
        // otherwise be compared with the right PIN without being counted.
        db.prepare_cached("UPDATE delivery SET input = zeroblob(32) WHERE key = ?1")?
            .execute([&delivery.key])?;
        return Ok(Some(Delivered::OtherInput));
    }
    if let Some(outcome) = row.outcome.as_deref().and_then(Outcome::from_name) {
        let user = row.user.map(UserId);
        let locked_until = maybe_time(row.locked_until)?;
        return Ok(Some(Delivered::Again(Answer {
            outcome,
            user,
            locked_until,
        })));
    }
    let open: bool = db
        .prepare_cached("SELECT 1 FROM attempt WHERE id = ?1 AND lease_until > ?2")?
        .exists((row.attempt, ms(now)))?;
    Ok(Some(if open {
        Delivered::UnderWay
    } else {
        Delivered::GivenUp
    }))
}

fn insert(
    db: &Connection,
    delivery: &Delivery,
    now: Timestamp,
    attempt: Option<AttemptId>,
    answer: Option<&Answer>,
) -> rusqlite::Result<()> {
    purge(db, now)?;
    // Whoever charges has at least one digest of the input; an empty one could match nothing.
    let input = delivery.inputs.first().copied().unwrap_or_default();
    db.prepare_cached(
        "INSERT INTO delivery (key, input, expires, attempt, outcome, user, locked_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        &delivery.key,
        input,
        ms(delivery.keep_until),
        attempt.map(|attempt| attempt.0),
        answer.map(|answer| answer.outcome.name()),
        answer.and_then(|answer| answer.user).map(|user| user.0),
        answer.and_then(|answer| answer.locked_until).map(ms),
    ))
    .map(drop)
}

/// Looked for before they are deleted: there are seldom any, and a deletion that looks for itself makes a
/// table of its own each time.
fn purge(db: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let mut over =
        db.prepare_cached("SELECT id FROM delivery WHERE expires <= ?1 ORDER BY expires LIMIT ?2")?;
    let ids = over.query_map((ms(now), PURGED_PER_ROW), |row| row.get(0))?;
    let ids = ids.collect::<rusqlite::Result<Vec<i64>>>()?;
    for id in ids {
        db.prepare_cached("DELETE FROM delivery WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}
