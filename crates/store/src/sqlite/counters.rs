//! A user's PIN, counters and open attempts: read with one statement, saved as the difference.

use std::sync::LazyLock;

use pinward_core::{
    AttemptId, Counters, LengthClass, Limits, LockState, Policy, Reservation, Timestamp, UserId,
};
use rusqlite::{Connection, OptionalExtension, Row};

use super::convert::{length_class, lock_kind, lock_kind_value, maybe_time, ms, time};
use super::policies;
use super::transaction::Transaction;

/// An attempt's id is its user's id and the number of the attempt modulo this: ids come back only
/// after more attempts of one user than a lease has room for.
const NUMBER_BITS: u32 = 28;
const NUMBER_MASK: i64 = (1 << NUMBER_BITS) - 1;

/// Forgets everything about a user's PIN but that there were attempts, whose numbers must not come
/// back: for a row that is another person's from now on.
pub(super) fn forget(db: &Connection, user: UserId) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE pin SET verifier = NULL, length_class = NULL, set_at = NULL, must_change = 0,
                expires_override = NULL, version = version + 1, local_count = 0,
                global_count = 0, window_start = NULL, locked_until = NULL, lock_kind = NULL
         WHERE user = ?1",
    )?
    .execute([user.0])?;
    db.prepare_cached("DELETE FROM pin_history WHERE user = ?1")?
        .execute([user.0])?;
    let first = user.0 << NUMBER_BITS;
    db.prepare_cached("DELETE FROM attempt WHERE id BETWEEN ?1 AND ?2")?
        .execute([first, first | NUMBER_MASK])
        .map(drop)
}

/// Forgets a user's PIN and its history, and leaves counts and locks as they are. Whether there was a
/// PIN.
pub(super) fn forget_pin(db: &Connection, user: UserId) -> rusqlite::Result<bool> {
    let had = db
        .prepare_cached(
            "UPDATE pin SET verifier = NULL, length_class = NULL, set_at = NULL, must_change = 0,
                    expires_override = NULL, version = version + 1
             WHERE user = ?1 AND verifier IS NOT NULL",
        )?
        .execute([user.0])?;
    db.prepare_cached("DELETE FROM pin_history WHERE user = ?1")?
        .execute([user.0])?;
    Ok(had > 0)
}

/// The user that an attempt belongs to.
pub(super) fn user_of(attempt: AttemptId) -> UserId {
    UserId(attempt.0 >> NUMBER_BITS)
}

/// The current PIN.
pub(super) struct Pin {
    pub(super) verifier: String,
    pub(super) class: LengthClass,
    pub(super) set_at: Timestamp,
    pub(super) must_change: bool,
    pub(super) expires_override: Option<Timestamp>,
}

/// Everything that a decision about a user's attempts rests on.
pub(super) struct Loaded {
    user: UserId,
    pub(super) enabled: bool,
    /// What the user's verifiers are bound to.
    pub(super) binding: String,
    pub(super) pin: Option<Pin>,
    /// Of the PIN that was set last; 0 where none ever was.
    pub(super) version: i64,
    attempts_made: i64,
    /// Whether there is a row to update.
    has_row: bool,
    pub(super) policy: Policy,
    /// To be changed as the rules say, then [`Loaded::save`]d.
    pub(super) counters: Counters,
    before: Counters,
    /// The PIN's version for each open attempt of `before`.
    versions: Vec<i64>,
}

fn query() -> String {
    format!(
        "SELECT u.enabled, p.verifier, p.length_class, p.set_at, p.must_change,
                p.expires_override, p.version, p.local_count, p.global_count, p.window_start,
                p.locked_until, p.lock_kind, p.clock, p.attempts_made,
                a.id, a.charged_at, a.lease_until, a.failures_after, a.pin_version,
                u.binding, {}
         FROM user u {} LEFT JOIN pin p ON p.user = u.id
         LEFT JOIN attempt a
             ON a.id BETWEEN u.id << {NUMBER_BITS} AND (u.id << {NUMBER_BITS}) | {NUMBER_MASK}
         WHERE u.id = ?1",
        policies::COLUMNS,
        policies::GOVERNING
    )
}

const ATTEMPT: usize = 14;
const BINDING: usize = 19;
const POLICY: usize = 20;

/// A lock by which every attempt of a user is refused, and the user's last record in the audit log.
pub(super) struct Standing {
    pub(super) state: LockState,
    pub(super) last_record: Option<i64>,
}

/// The lock that stands at `now`, read with little, so that whoever goes on guessing costs little; `None`: there may be
/// one, to be found by all that [`load`] reads.
pub(super) fn standing(
    db: &Transaction<'_>,
    user: UserId,
    now: Timestamp,
) -> rusqlite::Result<Option<Standing>> {
    static QUERY: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT p.locked_until, p.lock_kind, p.clock,
                    (SELECT seq FROM audit_user WHERE user = ?1)
             FROM pin p
             WHERE p.user = ?1 AND (p.lock_kind IS NOT NULL OR p.locked_until IS NOT NULL)
               AND p.verifier IS NOT NULL AND (SELECT enabled FROM user WHERE id = ?1)
               AND NOT EXISTS (SELECT 1 FROM attempt
                   WHERE id BETWEEN ?1 << {NUMBER_BITS} AND (?1 << {NUMBER_BITS}) | {NUMBER_MASK})"
        )
    });
    let read = |row: &Row<'_>| {
        let counters = Counters {
            locked_until: maybe_time(row.get(0)?)?,
            lock: row.get::<_, Option<i64>>(1)?.map(lock_kind).transpose()?,
            clock: maybe_time(row.get(2)?)?,
            ..Counters::default()
        };
        Ok((counters, row.get(3)?))
    };
    let found = db.with(&QUERY, |it| it.query_row([user.0], read).optional())?;
    Ok(found.and_then(|(counters, last_record)| {
        let state = counters.standing(now)?;
        Some(Standing { state, last_record })
    }))
}

/// Loads a user; `None`: there is no such user.
pub(super) fn load(db: &Connection, user: UserId) -> rusqlite::Result<Option<Loaded>> {
    static QUERY: LazyLock<String> = LazyLock::new(query);
    let mut statement = db.prepare_cached(&QUERY)?;
    let mut rows = statement.query([user.0])?;
    let Some(first) = rows.next()? else {
        return Ok(None);
    };
    let mut loaded = read_user(first, user)?;
    let mut open = Vec::new();
    push_attempt(first, &mut open)?;
    while let Some(row) = rows.next()? {
        push_attempt(row, &mut open)?;
    }
    // In the order they were charged, also where the numbers began anew.
    let age = |id: AttemptId| loaded.attempts_made.wrapping_sub(id.0) & NUMBER_MASK;
    open.sort_by_key(|(reservation, _)| std::cmp::Reverse(age(reservation.id)));
    let (open, versions) = open.into_iter().unzip();
    loaded.before.open = open;
    loaded.versions = versions;
    loaded.counters = loaded.before.clone();
    Ok(Some(loaded))
}

fn read_user(row: &Row<'_>, user: UserId) -> rusqlite::Result<Loaded> {
    let pin = match row.get::<_, Option<String>>(1)? {
        None => None,
        Some(verifier) => Some(Pin {
            verifier,
            class: length_class(row.get(2)?)?,
            set_at: time(row.get(3)?)?,
            must_change: row.get(4)?,
            expires_override: maybe_time(row.get(5)?)?,
        }),
    };
    let counters = Counters {
        local: row.get::<_, Option<u32>>(7)?.unwrap_or_default(),
        global: row.get::<_, Option<u32>>(8)?.unwrap_or_default(),
        window_start: maybe_time(row.get(9)?)?,
        locked_until: maybe_time(row.get(10)?)?,
        lock: row.get::<_, Option<i64>>(11)?.map(lock_kind).transpose()?,
        clock: maybe_time(row.get(12)?)?,
        open: Vec::new(),
    };
    let version: Option<i64> = row.get(6)?;
    Ok(Loaded {
        user,
        enabled: row.get(0)?,
        binding: row.get(BINDING)?,
        pin,
        version: version.unwrap_or_default(),
        has_row: version.is_some(),
        attempts_made: row.get::<_, Option<i64>>(13)?.unwrap_or_default(),
        policy: policies::read(row, POLICY)?,
        counters: Counters::default(),
        before: counters,
        versions: Vec::new(),
    })
}

fn push_attempt(row: &Row<'_>, open: &mut Vec<(Reservation, i64)>) -> rusqlite::Result<()> {
    if let Some(id) = row.get::<_, Option<i64>>(ATTEMPT)? {
        let reservation = Reservation {
            id: AttemptId(id),
            charged_at: time(row.get(ATTEMPT + 1)?)?,
            lease_until: time(row.get(ATTEMPT + 2)?)?,
            failures_after: row.get(ATTEMPT + 3)?,
        };
        open.push((reservation, row.get(ATTEMPT + 4)?));
    }
    Ok(())
}

impl Loaded {
    /// How many failures the user may have (R-LOCK-3); the strictest where there is no PIN.
    pub(super) fn limits(&self) -> Limits {
        let class = self.pin.as_ref().map_or(LengthClass::Four, |pin| pin.class);
        Limits::of(class, self.policy.maximum_logon_attempts)
    }

    /// The id that the next attempt gets.
    pub(super) fn next_attempt(&self) -> AttemptId {
        AttemptId(self.user.0 << NUMBER_BITS | self.attempts_made & NUMBER_MASK)
    }

    /// Whether an attempt was made at some time.
    pub(super) fn was_made(&self, attempt: AttemptId) -> bool {
        self.attempts_made > NUMBER_MASK || attempt.0 & NUMBER_MASK < self.attempts_made
    }

    /// Which PIN an attempt that is open was charged for.
    pub(super) fn version_of(&self, attempt: AttemptId) -> Option<i64> {
        let place = self
            .before
            .open
            .iter()
            .position(|open| open.id == attempt)?;
        self.versions.get(place).copied()
    }

    /// Writes what changed since [`load`].
    pub(super) fn save(&self, db: &Connection) -> rusqlite::Result<()> {
        if self.counters == self.before {
            return Ok(());
        }
        let mut made = 0;
        for old in &self.before.open {
            if !self.counters.open.iter().any(|new| new.id == old.id) {
                db.prepare_cached("DELETE FROM attempt WHERE id = ?1")?
                    .execute([old.id.0])?;
            }
        }
        for new in &self.counters.open {
            match self.before.open.iter().find(|old| old.id == new.id) {
                Some(old) if old == new => {}
                Some(_) => update_attempt(db, new)?,
                None => {
                    made += 1;
                    self.insert_attempt(db, new)?;
                }
            }
        }
        self.save_counts(db, self.attempts_made.wrapping_add(made))
    }

    fn insert_attempt(&self, db: &Connection, new: &Reservation) -> rusqlite::Result<()> {
        db.prepare_cached(
            "INSERT INTO attempt (id, charged_at, lease_until, failures_after, pin_version)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            new.id.0,
            ms(new.charged_at),
            ms(new.lease_until),
            new.failures_after,
            self.version,
        ))
        .map(drop)
    }

    fn save_counts(&self, db: &Connection, attempts_made: i64) -> rusqlite::Result<()> {
        let counters = &self.counters;
        let statement = match self.has_row {
            true => {
                "UPDATE pin SET local_count = ?2, global_count = ?3, window_start = ?4,
                     locked_until = ?5, lock_kind = ?6, clock = ?7, attempts_made = ?8
                 WHERE user = ?1"
            }
            false => {
                "INSERT INTO pin (user, local_count, global_count, window_start, locked_until,
                                  lock_kind, clock, attempts_made)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            }
        };
        db.prepare_cached(statement)?
            .execute((
                self.user.0,
                counters.local,
                counters.global,
                counters.window_start.map(ms),
                counters.locked_until.map(ms),
                counters.lock.map(lock_kind_value),
                counters.clock.map(ms),
                attempts_made,
            ))
            .map(drop)
    }
}

/// The times change too where an unlock mends a clock that was ahead (R-LOCK-12).
fn update_attempt(db: &Connection, changed: &Reservation) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE attempt SET charged_at = ?2, lease_until = ?3, failures_after = ?4 WHERE id = ?1",
    )?
    .execute((
        changed.id.0,
        ms(changed.charged_at),
        ms(changed.lease_until),
        changed.failures_after,
    ))
    .map(drop)
}
