//! PINs: setting, history, locks, status.

use pinward_core::{Counters, HISTORY_KEPT, Timestamp, UserId, to_milliseconds};
use rusqlite::{Connection, named_params};

use super::audit;
use super::changes::{Changes, maybe as time};
use super::convert::{length_class_value, ms};
use super::counters::{self, Loaded};
use super::meta::{is_retired, key_id};
use super::transaction::Transaction;
use crate::{Act, PinSet, PinStatus, SetPin};

pub(super) fn status(
    db: &Connection,
    user: UserId,
    now: Timestamp,
) -> rusqlite::Result<Option<PinStatus>> {
    let Some(mut loaded) = counters::load(db, user)? else {
        return Ok(None);
    };
    let limits = loaded.limits();
    loaded.counters.expire(&limits, now);
    let pin = loaded.pin.as_ref();
    Ok(Some(PinStatus {
        set_at: pin.map(|pin| pin.set_at),
        binding: loaded.binding,
        version: loaded.version,
        must_change: pin.is_some_and(|pin| pin.must_change),
        expires_override: pin.and_then(|pin| pin.expires_override),
        length_class: pin.map(|pin| pin.class),
        counters: loaded.counters,
        policy: loaded.policy,
    }))
}

pub(super) fn history(db: &Connection, user: UserId, n: usize) -> rusqlite::Result<Vec<String>> {
    let n = i64::try_from(n.min(HISTORY_KEPT)).unwrap_or(i64::MAX);
    let mut query = db.prepare_cached(
        "SELECT verifier FROM pin_history WHERE user = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = query.query_map([user.0, n], |row| row.get(0))?;
    rows.collect()
}

pub(super) fn set(db: &Transaction<'_>, request: &SetPin) -> rusqlite::Result<PinSet> {
    let Some(mut loaded) = counters::load(db, request.user)? else {
        return Ok(PinSet::NoSuchUser);
    };
    if !loaded.enabled {
        return Ok(PinSet::Disabled);
    }
    let limits = loaded.limits();
    loaded.counters.expire(&limits, request.act.at);
    if !loaded.counters.may_set_pin() {
        loaded.save(db)?;
        return Ok(PinSet::Locked(loaded.counters.state(request.act.at)));
    }
    if request
        .if_version
        .is_some_and(|version| version != loaded.version)
    {
        return Ok(PinSet::Superseded);
    }
    if is_retired(db, &request.verifier)? {
        return Ok(PinSet::RetiredKey);
    }
    let expired = loaded.counters.clone();
    loaded.counters.pin_was_set(request.act.at);
    loaded.save(db)?;
    // Saturating, as everywhere: what a damaged file says must not end the writing thread.
    let version = loaded.version.saturating_add(1);
    write_pin(db, request, version)?;
    write_history(db, request, version)?;
    record_pin(db, request, &loaded, &expired)?;
    Ok(PinSet::Done)
}

fn record_pin(
    db: &Transaction<'_>,
    request: &SetPin,
    loaded: &Loaded,
    before: &Counters,
) -> rusqlite::Result<()> {
    let now = request.act.at;
    let old = loaded.pin.as_ref();
    let changes = Changes::of_counters(before, &loaded.counters, now)
        .of("PinSetAt", time(old.map(|pin| pin.set_at)), time(Some(now)))
        .of(
            "MustChange",
            old.is_some_and(|pin| pin.must_change),
            request.must_change,
        )
        .of(
            "PinExpiresAt",
            time(old.and_then(|pin| pin.expires_override)),
            time(request.expires_override),
        );
    audit::record_user(db, &request.act, request.user, &changes)
}

fn write_pin(db: &Connection, request: &SetPin, version: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO pin (user, verifier, length_class, set_at, must_change, expires_override,
                          version)
         VALUES (:user, :verifier, :class, :set_at, :must_change, :expires, :version)
         ON CONFLICT (user) DO UPDATE SET
             verifier = :verifier, length_class = :class, set_at = :set_at,
             must_change = :must_change, expires_override = :expires, version = :version",
    )?
    .execute(named_params! {
        ":user": request.user.0,
        ":verifier": request.verifier,
        ":class": length_class_value(request.length_class),
        ":set_at": ms(request.act.at),
        ":must_change": request.must_change,
        ":expires": request.expires_override.map(ms),
        ":version": version,
    })
    .map(drop)
}

fn write_history(db: &Connection, request: &SetPin, version: i64) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO pin_history (user, seq, verifier, key_id) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((
        request.user.0,
        version,
        &request.verifier,
        key_id(&request.verifier),
    ))?;
    let kept = i64::try_from(HISTORY_KEPT).unwrap_or(i64::MAX);
    db.prepare_cached("DELETE FROM pin_history WHERE user = ?1 AND seq <= ?2")?
        .execute((request.user.0, version.saturating_sub(kept)))
        .map(drop)
}

pub(super) fn lock(db: &Transaction<'_>, user: UserId, act: &Act) -> rusqlite::Result<bool> {
    change(db, user, act, Counters::lock_by_administrator)
}

pub(super) fn unlock(db: &Transaction<'_>, user: UserId, act: &Act) -> rusqlite::Result<bool> {
    change(db, user, act, Counters::unlock)
}

/// `false`: there is no such user.
fn change(
    db: &Transaction<'_>,
    user: UserId,
    act: &Act,
    change: impl FnOnce(&mut Counters, Timestamp),
) -> rusqlite::Result<bool> {
    let Some(mut loaded) = counters::load(db, user)? else {
        return Ok(false);
    };
    let now = to_milliseconds(act.at);
    // Leases that ran out before this are failures before this.
    let limits = loaded.limits();
    loaded.counters.expire(&limits, now);
    let before = loaded.counters.clone();
    change(&mut loaded.counters, now);
    loaded.save(db)?;
    let changes = Changes::of_counters(&before, &loaded.counters, now);
    audit::record_user(db, act, user, &changes)?;
    Ok(true)
}
