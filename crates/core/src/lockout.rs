//! R-LOCK: the counters of a user as a pure state machine.
//!
//! A logon is **charged** before its PIN is looked at, and **settled** when the verdict is known:
//!
//! ```text
//!            charge
//!   request ────────► Refused(lock)          nothing counted
//!              │ └──► Wait                   the rest of the budget is held by open reservations
//!              ▼
//!           Admitted: a reservation is open, the PIN is being evaluated
//!              │
//!              ├── settle_failure ─► local +1, global +1 ─► global limit: Permanent
//!              │                                         └► local limit:  Temporary, one hour
//!              ├── settle_success ─► local = failures charged after it; window closed
//!              ├── release ────────► nothing counted (nothing was evaluated, or R-AUTH-4)
//!              └── lease ran out ──► as settle_failure, at the end of the lease
//!
//!   None ──local limit──► Temporary ──one hour, or a new PIN──► None   (local = 0, global stays)
//!   None, Temporary ──global limit / administrator──► Permanent, Administrator ──unlock──► None
//! ```
//!
//! **Why nobody guesses once too often (R-LOCK-10).** An attempt is admitted only while
//! `local + open < local limit` and `global + open < global limit`. Hence `local + open ≤ limit`
//! always: when the last open one fails, the lock holds before any other can be admitted. And a
//! correct PIN is refused only by a lock, never by attempts still open: it waits for their verdicts.
//!
//! Where the specification leaves a case open:
//! - *Window's end with attempts open*: the local count is 0 for admission, the open ones still hold
//!   their share, and those that fail are counted in the window that the first of them opens.
//! - *Both limits at once*: the global lock wins; it is the one that lasts.
//! - *A success among failures*: what counts is the order of the charges. Failures charged after the
//!   success stay; the window is then taken to start no earlier than the charge of the success.
//!   A failure that was charged before it and settles after it counts too (never too few).
//! - *A success while a lock was set meanwhile*: the lock stays, and so do the counts.
//! - *A verdict of wrong while a lock holds* (only after an administrator's lock or a lowered limit):
//!   it was evaluated, so both counts grow; the end of the lockout does not move.
//! - *Counts already at a limit without a lock* (the limit was lowered, R-POL-7): the next attempt
//!   is refused and sets the lock.
//! - *A lease that ran out* is a failure at the end of the lease, whenever it is noticed: the state
//!   does not depend on when somebody looks.
//! - *Clock stepping back*: time is the largest ever seen (`clock`); an unlock by an administrator
//!   alone starts it anew, so that a clock once far ahead can be mended.

use jiff::{SignedDuration, Timestamp};

mod limits;
pub use limits::{LengthClass, Limits};

/// Length of the observation window (R-LOCK-2).
pub const WINDOW: SignedDuration = SignedDuration::from_mins(30);

/// How long a temporary lockout lasts (R-LOCK-4).
pub const LOCKOUT: SignedDuration = SignedDuration::from_hours(1);

/// The key of one attempt; unique among the attempts of all users.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AttemptId(pub i64);

/// An admitted attempt whose verdict is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Its key.
    pub id: AttemptId,
    /// When it was admitted.
    pub charged_at: Timestamp,
    /// From this instant on it is a failure.
    pub lease_until: Timestamp,
    /// Failures settled in the current window whose charge came after this one's.
    pub failures_after: u32,
}

/// Why a PIN is locked until an administrator unlocks it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LockKind {
    /// R-LOCK-6.
    GlobalLimit,
    /// R-LOCK-7.
    Administrator,
}

/// Whether and how a PIN is locked; all but `None` is `IsLockedOut` (R-LOCK-9).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LockState {
    /// Not locked.
    None,
    /// R-LOCK-4.
    Temporary {
        /// When the hour is over.
        until: Timestamp,
    },
    /// R-LOCK-6.
    Permanent,
    /// R-LOCK-7.
    Administrator,
}

/// What became of a charge.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Admission {
    /// A reservation is open; evaluate the PIN and settle.
    Admitted,
    /// The remaining budget is held by open reservations; ask again when one is settled.
    Wait,
    /// A lock holds; never [`LockState::None`].
    Refused(LockState),
}

/// What became of a settlement.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Settled {
    /// The reservation was open and is settled.
    Done,
    /// Not open: its lease ran out and it was counted as a failure, or it never was. A success that
    /// hears this must not let anyone in.
    AlreadyExpired,
}

/// The counters of one user. The fields are public so that a store can keep them; change them
/// through the methods only.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Counters {
    /// Failures in the current window.
    pub local: u32,
    /// Failures since the last unlock.
    pub global: u32,
    /// When the current window opened; with `None`, `local` is 0.
    pub window_start: Option<Timestamp>,
    /// End of the temporary lockout.
    pub locked_until: Option<Timestamp>,
    /// Why the PIN is locked for good.
    pub lock: Option<LockKind>,
    /// The latest time ever seen (R-LOCK-12).
    pub clock: Option<Timestamp>,
    /// Attempts being evaluated, in the order of their charges.
    pub open: Vec<Reservation>,
}

impl Counters {
    /// Asks for one attempt. `lease` is how long its verdict may take (at least one millisecond).
    ///
    /// The first attempt opens the window (R-LOCK-2); a refused one counts nothing (R-LOCK-4), and
    /// changes nothing at all while a lock is [`Counters::standing`].
    pub fn charge(
        &mut self,
        id: AttemptId,
        limits: &Limits,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Admission {
        if let Some(standing) = self.standing(now) {
            return Admission::Refused(standing);
        }
        let now = self.advance(limits, now);
        let local = if self.window_ended(now) {
            0
        } else {
            self.local
        };
        if self.lock.is_none() && self.locked_until.is_none() {
            self.lock_at_limit(local, limits, now);
        }
        let state = self.state(now);
        if state != LockState::None {
            return Admission::Refused(state);
        }
        let open = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        if local.saturating_add(open) >= limits.local
            || self.global.saturating_add(open) >= limits.global
        {
            return Admission::Wait;
        }
        self.window_start.get_or_insert(now);
        let lease = lease.max(SignedDuration::from_millis(1));
        self.open.push(Reservation {
            id,
            charged_at: now,
            lease_until: later(now, lease),
            failures_after: 0,
        });
        Admission::Admitted
    }

    /// The lock by which every charge is refused at `now`, whatever the limits are: it holds, and no
    /// attempt is open that could fail meanwhile. Such a refusal need not be kept. Not even its time:
    /// the lock ends after what would be remembered (R-LOCK-12).
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Option<LockState> {
        let state = self.state(now);
        (self.open.is_empty() && state != LockState::None).then_some(state)
    }

    /// The PIN was wrong.
    pub fn settle_failure(&mut self, id: AttemptId, limits: &Limits, now: Timestamp) -> Settled {
        let now = self.advance(limits, now);
        match self.position(id) {
            Some(at) => {
                self.fail(at, limits, now);
                Settled::Done
            }
            None => Settled::AlreadyExpired,
        }
    }

    /// The PIN was right and usable (R-LOCK-8).
    pub fn settle_success(&mut self, id: AttemptId, limits: &Limits, now: Timestamp) -> Settled {
        let now = self.advance(limits, now);
        let Some(at) = self.position(id) else {
            return Settled::AlreadyExpired;
        };
        let settled = self.open.remove(at);
        if self.state(now) != LockState::None {
            return Settled::Done;
        }
        self.local = self.local.min(settled.failures_after);
        self.window_start = match self.window_start {
            Some(start) if self.local > 0 => Some(start.max(settled.charged_at)),
            _ => None,
        };
        Settled::Done
    }

    /// Nothing was evaluated (R-AUTH-7), or the verdict neither fails nor succeeds (R-AUTH-4): the
    /// reservation is given back and nothing is counted. Call [`Counters::expire`] first where a
    /// lease may have run out.
    pub fn release(&mut self, id: AttemptId) -> Settled {
        match self.position(id) {
            Some(at) => {
                self.open.remove(at);
                Settled::Done
            }
            None => Settled::AlreadyExpired,
        }
    }

    /// Turns leases that ran out into failures, and ends what time has ended.
    pub fn expire(&mut self, limits: &Limits, now: Timestamp) {
        self.advance(limits, now);
    }

    /// R-LOCK-7. Takes the place of a temporary lockout and of a lock by the global limit.
    pub fn lock_by_administrator(&mut self, now: Timestamp) {
        self.tick(now);
        self.locked_until = None;
        self.lock = Some(LockKind::Administrator);
    }

    /// R-LOCK-7: ends every lock and sets both counts to 0, also where nothing was locked. Attempts
    /// being evaluated stay open and count when they fail.
    pub fn unlock(&mut self, now: Timestamp) {
        self.drop_stale(now);
        let seen = self.clock.replace(now).unwrap_or(now);
        if seen > now {
            // The clock had been ahead: leases keep what was left of them.
            let ahead = seen.duration_since(now);
            for reservation in &mut self.open {
                reservation.charged_at = earlier(reservation.charged_at, ahead);
                reservation.lease_until = earlier(reservation.lease_until, ahead);
            }
        }
        self.lock = None;
        self.global = 0;
        self.forget_local();
    }

    /// R-SET-4: the local count is 0 and a temporary lockout ends; the global count stays, and so
    /// does a lock (R-SET-5: the caller asks [`Counters::may_set_pin`] first).
    pub fn pin_was_set(&mut self, now: Timestamp) {
        let failed = self.drop_stale(now);
        self.global = self.global.saturating_add(failed);
        self.forget_local();
    }

    /// R-SET-5: a PIN locked for good must be unlocked before it can be set; a temporary lockout
    /// does not hinder (R-SET-4).
    pub fn may_set_pin(&self) -> bool {
        self.lock.is_none()
    }

    /// The lock that holds at `now`. Leases that ran out count once [`Counters::expire`] has seen
    /// them; it needs the limits.
    pub fn state(&self, now: Timestamp) -> LockState {
        let now = self.effective(now);
        match (self.lock, self.locked_until) {
            (Some(LockKind::Administrator), _) => LockState::Administrator,
            (Some(LockKind::GlobalLimit), _) => LockState::Permanent,
            (None, Some(until)) if now < until => LockState::Temporary { until },
            (None, _) => LockState::None,
        }
    }

    /// The local count as it stands at `now`: 0 when the hour or the window is over.
    pub fn displayed_local(&self, now: Timestamp) -> u32 {
        let now = self.effective(now);
        match self.locked_until {
            Some(until) if now >= until => 0,
            Some(_) => self.local,
            None if self.lock.is_none() && self.window_ended(now) => 0,
            None => self.local,
        }
    }

    /// R-LOCK-12: a clock that steps backwards stands still instead.
    fn effective(&self, now: Timestamp) -> Timestamp {
        self.clock.map_or(now, |seen| seen.max(now))
    }

    fn tick(&mut self, now: Timestamp) -> Timestamp {
        let now = self.effective(now);
        self.clock = Some(now);
        now
    }

    /// Lets time pass up to `now`: leases run out one by one, each at its own instant.
    fn advance(&mut self, limits: &Limits, now: Timestamp) -> Timestamp {
        let now = self.effective(now);
        while let Some((at, when)) = self
            .open
            .iter()
            .enumerate()
            .map(|(at, reservation)| (at, reservation.lease_until))
            .filter(|(_, until)| *until <= now)
            .min_by_key(|(_, until)| *until)
        {
            self.clock = Some(when);
            self.fail(at, limits, when);
        }
        self.clock = Some(now);
        self.end_lockout(now);
        now
    }

    /// Takes out the attempts whose leases have run out and says how many failures that makes.
    fn drop_stale(&mut self, now: Timestamp) -> u32 {
        let now = self.tick(now);
        let before = self.open.len();
        self.open
            .retain(|reservation| reservation.lease_until > now);
        u32::try_from(before - self.open.len()).unwrap_or(u32::MAX)
    }

    /// R-LOCK-5: when the hour is over, the local count is 0.
    fn end_lockout(&mut self, now: Timestamp) {
        if self.locked_until.is_some_and(|until| now >= until) {
            self.forget_local();
        }
    }

    /// No window, no local count, no temporary lockout.
    fn forget_local(&mut self) {
        self.local = 0;
        self.window_start = None;
        self.locked_until = None;
        for reservation in &mut self.open {
            reservation.failures_after = 0;
        }
    }

    fn window_ended(&self, now: Timestamp) -> bool {
        self.window_start
            .is_some_and(|start| now >= later(start, WINDOW))
    }

    fn position(&self, id: AttemptId) -> Option<usize> {
        self.open
            .iter()
            .position(|reservation| reservation.id == id)
    }

    /// The open attempt at that place failed at `now`.
    fn fail(&mut self, at: usize, limits: &Limits, now: Timestamp) {
        self.end_lockout(now);
        if self.state(now) == LockState::None && self.window_ended(now) {
            self.forget_local();
        }
        self.window_start.get_or_insert(now);
        self.open.remove(at);
        self.local = self.local.saturating_add(1);
        self.global = self.global.saturating_add(1);
        for earlier in self.open.iter_mut().take(at) {
            earlier.failures_after = earlier.failures_after.saturating_add(1);
        }
        self.lock_at_limit(self.local, limits, now);
    }

    /// Sets the lock that the counts call for, unless one holds that lasts as long.
    fn lock_at_limit(&mut self, local: u32, limits: &Limits, now: Timestamp) {
        if self.lock.is_some() {
            return;
        }
        if self.global >= limits.global {
            self.lock = Some(LockKind::GlobalLimit);
            self.locked_until = None;
        } else if local >= limits.local {
            self.locked_until.get_or_insert(later(now, LOCKOUT));
        }
    }
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn earlier(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;
