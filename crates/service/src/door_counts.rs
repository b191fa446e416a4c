//! What the doors count beside logons, for the program's own figures.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::{Door, Service};

/// The counts of all doors.
#[derive(Default)]
pub(crate) struct DoorCounts {
    dropped: Tally,
    undecided: Tally,
    calls: Tally,
}

/// How many, by door and what it was.
#[derive(Default)]
struct Tally(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

impl Tally {
    fn add(&self, door: Door, what: &'static str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry((door.name(), what)).or_default() += 1;
    }

    fn all(&self) -> Vec<DoorCount> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = Vec::with_capacity(all.len());
        for (&(door, what), &count) in &*all {
            counts.push(DoorCount { door, what, count });
        }
        counts
    }
}

/// What happened at a door, since the program was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorCount {
    /// The door's name.
    pub door: &'static str,
    /// What it was: a word of the door's own.
    pub what: &'static str,
    /// How many.
    pub count: u64,
}

/// There is no right to check: nobody asked for anything.
impl Service {
    /// Counts a request that a door leaves unanswered, by the reason.
    pub fn note_dropped(&self, door: Door, reason: &'static str) {
        self.door_counts.dropped.add(door, reason);
    }

    /// Counts a request that a door answers without a decision of its own, such as a repetition or a probe.
    pub fn note_undecided(&self, door: Door, kind: &'static str) {
        self.door_counts.undecided.add(door, kind);
    }

    /// Counts a call that has ended, by its outcome.
    pub fn note_call(&self, door: Door, outcome: &'static str) {
        self.door_counts.calls.add(door, outcome);
    }

    /// Requests that were left unanswered, by reason.
    #[must_use]
    pub fn dropped(&self) -> Vec<DoorCount> {
        self.door_counts.dropped.all()
    }

    /// Requests that were answered without a decision, by kind.
    #[must_use]
    pub fn undecided(&self) -> Vec<DoorCount> {
        self.door_counts.undecided.all()
    }

    /// Calls that have ended, by outcome.
    #[must_use]
    pub fn calls(&self) -> Vec<DoorCount> {
        self.door_counts.calls.all()
    }
}
