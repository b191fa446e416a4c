//! Waiting for one's turn where a user's remaining attempts are all being decided.
//!
//! An attempt that finds the budget held by open reservations is not refused: it waits until one
//! of them is settled (R-LOCK-10). Waiters of one user stand in line, first come first served;
//! users do not wait for each other. Repetitions of a delivery that is being decided stand in a line
//! of their own: they are no further attempts, and must not hold up those that are.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, Notify};

/// One line of waiters per user, or per delivery; where nobody waits there is none.
pub(crate) struct Turnstiles<Key> {
    lines: Mutex<HashMap<Key, Arc<Line>>>,
}

/// One line.
#[derive(Default)]
pub(crate) struct Line {
    /// Held by the head of the line; tokio's mutex is fair.
    pub(crate) head: AsyncMutex<()>,
    /// Rung when an attempt was settled.
    pub(crate) settled: Notify,
    waiting: AtomicUsize,
}

/// A place in a line, left when dropped.
pub(crate) struct Place<'a, Key: Copy + Eq + Hash> {
    turnstiles: &'a Turnstiles<Key>,
    key: Key,
    pub(crate) line: Arc<Line>,
}

impl<Key> Default for Turnstiles<Key> {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
        }
    }
}

impl<Key: Copy + Eq + Hash> Turnstiles<Key> {
    /// Whether somebody waits there already, so that a newcomer must not overtake.
    pub(crate) fn is_queued(&self, key: Key) -> bool {
        self.lines().contains_key(&key)
    }

    /// Goes to the end of the line.
    pub(crate) fn queue(&self, key: Key) -> Place<'_, Key> {
        let mut lines = self.lines();
        let line = Arc::clone(lines.entry(key).or_default());
        line.waiting.fetch_add(1, Ordering::Relaxed);
        Place {
            turnstiles: self,
            key,
            line,
        }
    }

    /// Says that an attempt was settled.
    pub(crate) fn settled(&self, key: Key) {
        if let Some(line) = self.lines().get(&key) {
            line.settled.notify_one();
        }
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Key: Copy + Eq + Hash> Drop for Place<'_, Key> {
    fn drop(&mut self) {
        let mut lines = self.turnstiles.lines();
        if self.line.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
            lines.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R-LOCK-10: first come, first served, and nobody waits for another user's line.
    #[tokio::test]
    async fn whoever_came_first_goes_first() {
        let turnstiles = Turnstiles::default();
        let before = turnstiles.queue(1);
        let head = before.line.head.lock().await;
        let order = Mutex::new(Vec::new());
        let wait = async |number| {
            let place = turnstiles.queue(1);
            let _head = place.line.head.lock().await;
            order.lock().unwrap().push(number);
        };
        tokio::join!(biased; wait(1), wait(2), wait(3), async {
            assert!(turnstiles.is_queued(1) && !turnstiles.is_queued(2));
            let other = turnstiles.queue(2);
            drop(other.line.head.try_lock().expect("nobody stands there"));
            // Too late to overtake, even where the head is free for a moment.
            drop(head);
            wait(4).await;
        });
        assert_eq!(*order.lock().unwrap(), [1, 2, 3, 4]);
        drop(before);
        assert!(!turnstiles.is_queued(1) && !turnstiles.is_queued(2));
    }
}
