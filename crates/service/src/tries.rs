//! How often one may be wrong: so many wrong answers, then a pause.
//!
//! A try is charged before it is decided, so that no number of parallel ones passes the limit; one that
//! is never decided counts as wrong.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pinward_core::{SignedDuration, Timestamp};

/// From when the pause runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// From the first wrong answer of a series: for what many share, which is never quiet.
    First,
    /// From the last one. A directory forgets wrong passwords after a quiet time too, so that whoever
    /// tries steadily cannot lock an account.
    Last,
}

/// How often, and for how long.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) wrong: u32,
    pub(crate) pause: SignedDuration,
    pub(crate) since: Since,
    /// How many keys are remembered. Where there are more, all are forgotten.
    pub(crate) most: usize,
}

/// What came of a try.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    Wrong,
    /// Nothing is counted any more.
    Right,
    /// It was not decided, and is not counted.
    Neither,
}

#[derive(Clone, Copy)]
struct Count {
    wrong: u32,
    under_way: u32,
    since: Timestamp,
    /// Whether somebody was refused in this series.
    refused: bool,
}

/// The counts of all keys.
pub(crate) struct Tries<K> {
    counts: Mutex<HashMap<K, Count>>,
}

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self {
            counts: Mutex::new(HashMap::new()),
        }
    }
}

/// How long somebody waits whose limit is used up by tries that are under way.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(5);

impl<K: Hash + Eq + Copy> Tries<K> {
    /// Charges a try, or says from when on one will be admitted.
    pub(crate) fn begin(
        &self,
        key: K,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Try<'_, K>, TooMany> {
        let mut counts = self.lock();
        if counts.len() >= limit.most && !counts.contains_key(&key) {
            counts.retain(|_, count| count.under_way > 0 || !limit.is_over(count, now));
            if counts.len() >= limit.most {
                counts.retain(|_, count| count.under_way > 0);
            }
        }
        let count = counts.entry(key).or_insert(Count {
            wrong: 0,
            under_way: 0,
            since: now,
            refused: false,
        });
        if limit.is_over(count, now) {
            count.wrong = 0;
            count.refused = false;
        }
        if count.wrong.saturating_add(count.under_way) >= limit.wrong {
            let first = !std::mem::replace(&mut count.refused, true);
            let until = match count.wrong >= limit.wrong {
                true => limit.end(count),
                false => now.saturating_add(UNDER_WAY).unwrap_or(now),
            };
            return Err(TooMany { until, first });
        }
        count.under_way += 1;
        Ok(Try {
            tries: self,
            key,
            limit,
            begun: now,
            settled: false,
        })
    }

    fn settle(&self, key: K, limit: Limit, came: Came, now: Timestamp) {
        let mut counts = self.lock();
        let Some(count) = counts.get_mut(&key) else {
            return;
        };
        count.under_way = count.under_way.saturating_sub(1);
        match came {
            Came::Wrong => {
                if count.wrong == 0 || limit.since == Since::Last {
                    count.since = now;
                }
                count.wrong = count.wrong.saturating_add(1);
            }
            Came::Right => {
                count.wrong = 0;
                count.refused = false;
            }
            Came::Neither => {}
        }
        if count.wrong == 0 && count.under_way == 0 {
            counts.remove(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limit {
    fn end(&self, count: &Count) -> Timestamp {
        let end = count.since.saturating_add(self.pause);
        end.unwrap_or(Timestamp::MAX)
    }

    /// Whether the series of wrong answers is forgotten. A clock that steps back ends nothing.
    fn is_over(&self, count: &Count, now: Timestamp) -> bool {
        self.end(count) <= now
    }
}

/// A try that was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// From when on one will be.
    pub(crate) until: Timestamp,
    /// Whether it is the first of its series that was not: the others tell nothing new.
    pub(crate) first: bool,
}

/// One try that is under way.
#[must_use]
pub(crate) struct Try<'a, K: Hash + Eq + Copy> {
    tries: &'a Tries<K>,
    key: K,
    limit: Limit,
    begun: Timestamp,
    settled: bool,
}

impl<K: Hash + Eq + Copy> Try<'_, K> {
    /// Says what came of it.
    pub(crate) fn settle(mut self, came: Came, now: Timestamp) {
        self.settled = true;
        self.tries.settle(self.key, self.limit, came, now);
    }
}

impl<K: Hash + Eq + Copy> Drop for Try<'_, K> {
    fn drop(&mut self) {
        if !self.settled {
            self.tries
                .settle(self.key, self.limit, Came::Wrong, self.begun);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        wrong: 3,
        pause: SignedDuration::from_mins(30),
        since: Since::Last,
        most: 4,
    };

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    /// Minutes, what came, and whether it was admitted.
    fn check(limit: Limit, steps: &[(i64, Came, Option<i64>)]) {
        let tries = Tries::default();
        for &(minute, came, refused_until) in steps {
            match tries.begin(7, limit, at(minute)) {
                Ok(begun) => {
                    assert_eq!(refused_until, None, "admitted at {minute}");
                    begun.settle(came, at(minute));
                }
                Err(TooMany { until, .. }) => {
                    assert_eq!(Some(until), refused_until.map(at), "at {minute}");
                }
            }
        }
    }

    #[test]
    fn a_pause_after_the_last_of_so_many_wrong_answers() {
        use Came::{Neither, Right, Wrong};
        check(
            LIMIT,
            &[
                (0, Wrong, None),
                (20, Wrong, None),
                (40, Neither, None),
                (41, Wrong, None),
                (42, Right, Some(71)),
                (70, Right, Some(71)),
                (30, Right, Some(71)),
                (71, Wrong, None),
                (72, Wrong, None),
                (73, Right, None),
                (74, Wrong, None),
                (75, Wrong, None),
                (104, Wrong, None),
                (105, Wrong, Some(134)),
            ],
        );
    }

    #[test]
    fn a_series_ends_by_itself_where_many_share_it() {
        use Came::{Right, Wrong};
        let shared = Limit {
            since: Since::First,
            ..LIMIT
        };
        check(
            shared,
            &[
                (0, Wrong, None),
                (20, Wrong, None),
                (29, Wrong, None),
                (29, Right, Some(30)),
                (30, Wrong, None),
            ],
        );
    }

    #[test]
    fn those_under_way_count_and_those_given_up_were_wrong() {
        let tries = Tries::default();
        let begun: Vec<_> = (0..3).map(|_| tries.begin(1, LIMIT, at(0))).collect();
        assert!(begun.iter().all(Result::is_ok));
        let refused = |minute| {
            let TooMany { until, first } = tries.begin(1, LIMIT, at(minute)).err()?;
            Some((until, first))
        };
        let soon = at(0) + SignedDuration::from_secs(5);
        assert_eq!(refused(0), Some((soon, true)));
        drop(begun);
        assert_eq!(refused(1), Some((at(30), false)));
        // In the next series there is a first one again.
        for _ in 0..3 {
            drop(tries.begin(1, LIMIT, at(30)));
        }
        assert_eq!(refused(31), Some((at(60), true)));
    }

    #[test]
    fn no_more_keys_than_so_many_are_remembered() {
        let tries = Tries::default();
        for key in 0..1000 {
            let begun = tries.begin(key, LIMIT, at(0)).ok();
            begun.expect("admitted").settle(Came::Wrong, at(0));
            assert!(tries.lock().len() <= LIMIT.most);
        }
    }
}
