//! Waiting for one's turn where a user's remaining attempts are all being decided.
//!
//! An attempt that finds the budget held by open reservations is not refused: it waits until one
//! of them is settled (R-LOCK-10). Waiters of one user stand in line, first come first served;
//! users do not wait for each other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pinward_core::UserId;
use tokio::sync::{Mutex as AsyncMutex, Notify};

/// One line of waiters per user; a user nobody waits for has none.
#[derive(Default)]
pub(crate) struct Turnstiles {
    lines: Mutex<HashMap<UserId, Arc<Line>>>,
}

/// The line of one user.
#[derive(Default)]
pub(crate) struct Line {
    /// Held by the head of the line; tokio's mutex is fair.
    pub(crate) head: AsyncMutex<()>,
    /// Rung when an attempt of the user was settled.
    pub(crate) settled: Notify,
    waiting: AtomicUsize,
}

/// A place in a user's line, left when dropped.
pub(crate) struct Place<'a> {
    turnstiles: &'a Turnstiles,
    user: UserId,
    pub(crate) line: Arc<Line>,
}

impl Turnstiles {
    /// Whether somebody waits for this user already, so that a newcomer must not overtake.
    pub(crate) fn is_queued(&self, user: UserId) -> bool {
        self.lines().contains_key(&user)
    }

    /// Goes to the end of the user's line.
    pub(crate) fn queue(&self, user: UserId) -> Place<'_> {
        let mut lines = self.lines();
        let line = Arc::clone(lines.entry(user).or_default());
        line.waiting.fetch_add(1, Ordering::Relaxed);
        Place {
            turnstiles: self,
            user,
            line,
        }
    }

    /// Says that an attempt of the user was settled.
    pub(crate) fn settled(&self, user: UserId) {
        if let Some(line) = self.lines().get(&user) {
            line.settled.notify_one();
        }
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.turnstiles.lines();
        if self.line.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
            lines.remove(&self.user);
        }
    }
}
