//! Allowances that are used up and fill again with time: token buckets, of bounded number.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pinward_core::Timestamp;

/// So many sources are remembered. Beyond, those that used up least are forgotten.
const MOST: usize = 65_536;
const HOUR: i64 = 3_600_000;

/// What a source may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Failures at once. 0: any number, there is no limit.
    pub burst: u32,
    /// How many of them come back in an hour, at least 1.
    pub per_hour: u32,
}

impl Allowance {
    /// How long one failure takes to come back, in milliseconds.
    fn interval(self) -> i64 {
        (HOUR / i64::from(self.per_hour.max(1))).max(1)
    }

    /// How long everything takes to come back, in milliseconds.
    fn whole(self) -> i64 {
        self.interval().saturating_mul(i64::from(self.burst))
    }
}

/// What each source has used up.
pub(crate) struct Allowances {
    of: Allowance,
    /// When everything will have come back, in milliseconds. Who is not there has used up nothing.
    full_at: Mutex<HashMap<String, i64>>,
}

impl Allowances {
    pub(crate) fn new(of: Allowance) -> Self {
        Self {
            of,
            full_at: Mutex::default(),
        }
    }

    /// Takes one, where there is one left.
    pub(crate) fn take(&self, source: &str, now: Timestamp) -> bool {
        self.of.burst == 0 || self.change(source, self.of.interval(), now, false)
    }

    /// Takes one even where none is left; never more than all.
    pub(crate) fn pay(&self, source: &str, now: Timestamp) {
        if self.of.burst > 0 {
            self.change(source, self.of.interval(), now, true);
        }
    }

    /// Gives one back.
    pub(crate) fn give_back(&self, source: &str, now: Timestamp) {
        if self.of.burst > 0 {
            self.change(source, -self.of.interval(), now, true);
        }
    }

    /// Changes what a source has used up; whether that is within its allowance. What is not is kept
    /// at the limit with `anyway`, else nothing is changed.
    fn change(&self, source: &str, by: i64, now: Timestamp, anyway: bool) -> bool {
        let (now, whole) = (now.as_millisecond(), self.of.whole());
        let mut all = self.all();
        // A clock that steps back makes nobody wait for longer than it takes from empty to full.
        let mut place = all.get_mut(source);
        let used = place.as_deref_mut().map_or(0, |full_at| {
            *full_at = (*full_at).min(now + whole);
            (*full_at - now).max(0)
        });
        let wanted = used.saturating_add(by).max(0);
        if wanted > whole && !anyway {
            return false;
        }
        match (wanted.min(whole), place) {
            (0, None) => {}
            (0, Some(_)) => drop(all.remove(source)),
            (used, Some(full_at)) => *full_at = now + used,
            (used, None) => {
                make_room(&mut all, now);
                all.insert(source.to_owned(), now + used);
            }
        }
        true
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets who has used up nothing, and where that is not enough, the half that used up less.
fn make_room(all: &mut HashMap<String, i64>, now: i64) {
    if all.len() < MOST {
        return;
    }
    all.retain(|_, full_at| *full_at > now);
    if all.len() < MOST {
        return;
    }
    let mut ends: Vec<i64> = all.values().copied().collect();
    let (_, &mut middle, _) = ends.select_nth_unstable(MOST / 2);
    all.retain(|_, full_at| *full_at > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    fn allowances(burst: u32, per_hour: u32) -> Allowances {
        Allowances::new(Allowance { burst, per_hour })
    }

    // R-GUESS-2
    #[test]
    fn what_is_used_up_comes_back_with_time() {
        let allowances = allowances(3, 60);
        for expected in [true, true, true, false, false] {
            assert_eq!(allowances.take("a", at(0)), expected);
        }
        assert!(allowances.take("b", at(0)), "each source has its own");
        assert!(!allowances.take("a", at(59_999)));
        assert!(allowances.take("a", at(60_000)));
        assert!(!allowances.take("a", at(60_000)));
        for expected in [true, true, true, false] {
            assert_eq!(
                allowances.take("a", at(10 * HOUR)),
                expected,
                "no more than the burst"
            );
        }
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let allowances = allowances(1, 1);
        for _ in 0..100 {
            assert!(allowances.take("a", at(0)));
            allowances.give_back("a", at(0));
        }
        allowances.give_back("a", at(0));
        assert!(allowances.take("a", at(0)));
        assert!(!allowances.take("a", at(0)), "never more than the burst");
        for _ in 0..100 {
            allowances.pay("a", at(0));
        }
        assert!(
            allowances.take("a", at(HOUR)),
            "nobody waits for longer than from empty to full"
        );
    }

    #[test]
    fn a_clock_that_steps_back_does_not_shut_anybody_out() {
        let allowances = allowances(2, 60);
        assert!(allowances.take("a", at(100 * HOUR)));
        assert!(!allowances.take("a", at(0)), "used up at most");
        assert!(allowances.take("a", at(60_000)));
    }

    #[test]
    fn none_is_no_limit() {
        let allowances = allowances(0, 0);
        assert!((0..10_000).all(|_| allowances.take("a", at(0))));
    }

    #[test]
    fn memory_is_bounded_and_the_worst_are_remembered() {
        let allowances = allowances(10, 1);
        for _ in 0..10 {
            assert!(allowances.take("worst", at(0)));
        }
        for number in 0..2 * MOST {
            assert!(allowances.take(&number.to_string(), at(1)));
        }
        assert!(allowances.all().len() <= MOST);
        assert!(!allowances.take("worst", at(1)));
    }
}
