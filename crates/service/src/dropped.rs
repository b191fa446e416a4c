//! Requests that a door left unanswered, for the program's own figures.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::{Door, Service};

/// How many, by door and reason.
#[derive(Default)]
pub(crate) struct Dropped(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

/// Requests that a door left unanswered for one reason, since the program was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DroppedCount {
    /// The door's name.
    pub door: &'static str,
    /// The reason: a word of the door's own.
    pub reason: &'static str,
    /// How many.
    pub count: u64,
}

impl Service {
    /// Counts a request that a door leaves unanswered. There is no right to check: nobody asked.
    pub fn note_dropped(&self, door: Door, reason: &'static str) {
        let mut all = self
            .dropped
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *all.entry((door.name(), reason)).or_default() += 1;
    }

    /// What was left unanswered. For the program's own figures: there is no right to check.
    #[must_use]
    pub fn dropped(&self) -> Vec<DroppedCount> {
        let all = self
            .dropped
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count =
            |(&(door, reason), &count): (&(&'static str, &'static str), &u64)| DroppedCount {
                door,
                reason,
                count,
            };
        all.iter().map(count).collect()
    }
}
