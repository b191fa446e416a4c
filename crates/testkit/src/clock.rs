//! A clock that moves only when told.

use std::sync::atomic::{AtomicI64, Ordering};

use pinward_core::{Clock, Timestamp};

/// Starts at 2026-01-05T09:00:00Z, a Monday morning.
pub struct ManualClock {
    milliseconds: AtomicI64,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self {
            milliseconds: AtomicI64::new(1_767_603_600_000),
        }
    }
}

impl ManualClock {
    /// Moves the clock; a negative number steps it back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.milliseconds
            .fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Moves the clock by minutes.
    pub fn advance_minutes(&self, minutes: i64) {
        self.advance_seconds(minutes * 60);
    }

    /// Moves the clock by days of 24 hours.
    pub fn advance_days(&self, days: i64) {
        self.advance_minutes(days * 24 * 60);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.milliseconds.load(Ordering::SeqCst))
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
