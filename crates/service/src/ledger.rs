//! What was counted of the audit log up to now, for the figures.

use std::collections::{BTreeMap, HashMap};

use pinward_core::{Outcome, SignedDuration, Timestamp};
use pinward_store::{CountFrom, LogOnCounts};

use crate::figures::{FailureSource, LogOnFigures, LogOnStep, Period, SOURCES};

/// Days of which figures are kept.
const KEPT_DAYS: i64 = 31;
/// Sources kept of one day; where there are twice as many, the rarest are forgotten.
const KEPT_SOURCES: usize = 1000;

/// The client and the number that called.
type From = (Option<String>, Option<String>);

/// The logons of one hour.
#[derive(Clone, Copy, Default)]
struct Hour {
    outcomes: [u64; Outcome::ALL.len()],
    lockouts: u64,
}

/// Logons by hours since 1970, and failures by days.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The last record that was counted.
    last: Option<i64>,
    hours: BTreeMap<i64, Hour>,
    sources: BTreeMap<i64, HashMap<From, u64>>,
}

impl Ledger {
    /// From where to go on.
    pub(crate) fn from(&self, now: Timestamp) -> CountFrom {
        match self.last {
            Some(last) => CountFrom::After(last),
            None => {
                let span = SignedDuration::from_hours(24 * KEPT_DAYS);
                CountFrom::Time(now.saturating_sub(span).unwrap_or(Timestamp::MIN))
            }
        }
    }

    pub(crate) fn add(&mut self, counts: LogOnCounts) {
        self.last = Some(counts.last);
        for count in counts.hours {
            let hour = self.hours.entry(count.hour).or_default();
            for (outcome, so_far) in Outcome::ALL.iter().zip(&mut hour.outcomes) {
                *so_far += count.log_ons * u64::from(*outcome == count.outcome);
            }
            hour.lockouts += count.log_ons * u64::from(count.locked_out);
        }
        for count in counts.failures {
            let day = self.sources.entry(count.day).or_default();
            *day.entry((count.client, count.caller)).or_default() += count.log_ons;
        }
        for day in self.sources.values_mut() {
            keep_most(day);
        }
    }

    /// Forgets what is too old to be asked for.
    pub(crate) fn forget_before(&mut self, now: Timestamp) {
        let first = day_of(now) - KEPT_DAYS;
        self.hours = self.hours.split_off(&(first * 24));
        self.sources = self.sources.split_off(&first);
    }

    pub(crate) fn figures(&self, now: Timestamp, period: Period) -> LogOnFigures {
        let (hours, steps) = period.steps();
        let first = hour_of(now).div_euclid(hours) - (steps - 1);
        let steps = (first..first + steps).map(|step| self.step(step * hours, hours));
        LogOnFigures {
            steps: steps.collect(),
            sources: self.most_failures((first * hours).div_euclid(24)),
        }
    }

    fn step(&self, first: i64, hours: i64) -> LogOnStep {
        let mut step = LogOnStep {
            start: Timestamp::from_second(first * 3600).unwrap_or(Timestamp::MIN),
            outcomes: Default::default(),
            lockouts: 0,
        };
        for (_, hour) in self.hours.range(first..first + hours) {
            for (sum, one) in step.outcomes.iter_mut().zip(hour.outcomes) {
                *sum += one;
            }
            step.lockouts += hour.lockouts;
        }
        step
    }

    fn most_failures(&self, first_day: i64) -> Vec<FailureSource> {
        let mut all: HashMap<&From, u64> = HashMap::new();
        for (from, count) in self.sources.range(first_day..).flat_map(|(_, day)| day) {
            *all.entry(from).or_default() += count;
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_unstable_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
        all.truncate(SOURCES);
        let source = |((client, caller), failures): (&From, u64)| FailureSource {
            client: client.clone(),
            caller: caller.clone(),
            failures,
        };
        all.into_iter().map(source).collect()
    }
}

fn keep_most(day: &mut HashMap<From, u64>) {
    if day.len() <= 2 * KEPT_SOURCES {
        return;
    }
    let mut all: Vec<_> = day.drain().collect();
    all.sort_unstable_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.truncate(KEPT_SOURCES);
    day.extend(all);
}

fn hour_of(time: Timestamp) -> i64 {
    time.as_second().div_euclid(3600)
}

fn day_of(time: Timestamp) -> i64 {
    hour_of(time).div_euclid(24)
}
