//! Logon attempts: charge and settle (R-LOCK-10).

use jiff::SignedDuration;
use pinward_core::{Admission, AttemptId, Timestamp, UserId};
use rusqlite::Connection;

use super::audit;
use super::changes::Changes;
use super::counters::{self, Loaded};
use super::meta::{is_retired, key_id};
use super::transaction::Transaction;
use crate::{Charged, LogOn, Settled, Verdict};

pub(super) fn charge(
    db: &Transaction<'_>,
    user: UserId,
    now: Timestamp,
    lease: SignedDuration,
    log_on: &LogOn,
) -> rusqlite::Result<Charged> {
    if let Some(standing) = counters::standing(db, user, now)? {
        let refused = Charged::Refused(standing.state);
        if let Some(outcome) = refused.refusal() {
            let after = standing.last_record;
            audit::record_refused(db, log_on, user, after, outcome.name(), now)?;
        }
        return Ok(refused);
    }
    let charged = judge(db, user, now, lease)?;
    let known = (charged != Charged::NoSuchUser).then_some(user);
    if let Some(outcome) = charged.refusal() {
        let nothing = Changes::default();
        audit::record_log_on(db, log_on, known, outcome.name(), &nothing, now)?;
    }
    Ok(charged)
}

fn judge(
    db: &Connection,
    user: UserId,
    now: Timestamp,
    lease: SignedDuration,
) -> rusqlite::Result<Charged> {
    let Some(mut loaded) = counters::load(db, user)? else {
        return Ok(Charged::NoSuchUser);
    };
    if !loaded.enabled {
        return Ok(Charged::Disabled);
    }
    if loaded.pin.is_none() {
        return Ok(Charged::PinNotSet);
    }
    let (attempt, limits) = (loaded.next_attempt(), loaded.limits());
    let admission = loaded.counters.charge(attempt, &limits, now, lease);
    loaded.save(db)?;
    Ok(match (admission, loaded.pin) {
        (Admission::Admitted, Some(pin)) => Charged::Admitted {
            attempt,
            verifier: pin.verifier,
            binding: loaded.binding,
            pin_version: loaded.version,
            set_at: pin.set_at,
            must_change: pin.must_change,
            expires_override: pin.expires_override,
            policy: loaded.policy,
        },
        (Admission::Admitted, None) => Charged::PinNotSet,
        (Admission::Wait, _) => Charged::Wait,
        (Admission::Refused(state), _) => Charged::Refused(state),
    })
}

pub(super) fn settle(
    db: &Transaction<'_>,
    attempt: AttemptId,
    verdict: &Verdict,
    now: Timestamp,
    log_on: &LogOn,
) -> rusqlite::Result<Settled> {
    let Some(mut loaded) = counters::load(db, counters::user_of(attempt))? else {
        return Ok(Settled::Unknown);
    };
    let Some(charged_for) = loaded.version_of(attempt) else {
        let made = loaded.was_made(attempt);
        return Ok(if made {
            Settled::AlreadyExpired
        } else {
            Settled::Unknown
        });
    };
    let limits = loaded.limits();
    let before = loaded.counters.clone();
    let counters = &mut loaded.counters;
    let settled = match verdict {
        Verdict::Correct { .. } => counters.settle_success(attempt, &limits, now),
        Verdict::Wrong => counters.settle_failure(attempt, &limits, now),
        Verdict::CorrectButUnusable(_) | Verdict::Released => {
            counters.expire(&limits, now);
            counters.release(attempt)
        }
    };
    loaded.save(db)?;
    match settled {
        pinward_core::Settled::AlreadyExpired => Ok(Settled::AlreadyExpired),
        pinward_core::Settled::Done => {
            if let Some(outcome) = verdict.outcome() {
                let changes = Changes::of_lock(&before, &loaded.counters, now);
                let user = Some(counters::user_of(attempt));
                audit::record_log_on(db, log_on, user, outcome.name(), &changes, now)?;
            }
            if let Verdict::Correct {
                upgraded: Some(verifier),
            } = verdict
                && charged_for == loaded.version
                && !is_retired(db, verifier)?
            {
                upgrade(db, counters::user_of(attempt), &loaded, verifier)?;
            }
            Ok(Settled::Done)
        }
    }
}

/// The same PIN under a newer key or newer parameters, here and in the history.
fn upgrade(db: &Connection, user: UserId, loaded: &Loaded, verifier: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE pin SET verifier = ?2 WHERE user = ?1")?
        .execute((user.0, verifier))?;
    db.prepare_cached(
        "UPDATE pin_history SET verifier = ?3, key_id = ?4 WHERE user = ?1 AND seq = ?2",
    )?
    .execute((user.0, loaded.version, verifier, key_id(verifier)))
    .map(drop)
}
