//! What was counted since the service was opened, for monitoring. Nobody is named in it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pinward_store::SourceStatus;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::log_on::{Decided, LogOnError};
use crate::{Attempt, Door, Permit, Refusal, SPANS, Service, Source, Unavailable, spans};

/// The upper ends of the classes of a [`Timing`], in seconds.
pub const TIMING_BOUNDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How long things took: how many were in each class, and their sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// How many took no longer than the bound of the same place, and longer than the one before.
    pub classes: [u64; TIMING_BOUNDS.len()],
    /// How many there were, those beyond the last bound included.
    pub count: u64,
    /// How long all of them took.
    pub sum: Duration,
}

impl Timing {
    /// Counts one more.
    pub fn took(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        let class = TIMING_BOUNDS.iter().position(|bound| seconds <= *bound);
        if let Some(class) = class.and_then(|class| self.classes.get_mut(class)) {
            *class += 1;
        }
        self.count += 1;
        self.sum += time;
    }
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    /// Logons by door and outcome; a logon that could not be decided is counted by the identifier of the
    /// error, a repeated delivery as `Repeated`.
    pub log_ons: BTreeMap<(&'static str, &'static str), u64>,
    /// How long logons took, by door.
    pub timings: BTreeMap<&'static str, Timing>,
    /// Hashes that are computed or wait for it.
    pub hashes_queued: usize,
    /// The sources of people, and how their syncs went.
    pub sources: Vec<SourceStatus>,
}

/// Where it is counted.
#[derive(Default)]
pub(crate) struct Meter {
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    measures: Measures,
    last_log_on: Option<Instant>,
}

/// After so long without a logon the next one is not expected at once.
const A_WHILE: Duration = Duration::from_secs(1);

impl Meter {
    fn log_on(&self, door: Door, outcome: &'static str, begun: Instant) {
        let now = Instant::now();
        let mut counted = self.counted();
        let Measures {
            log_ons, timings, ..
        } = &mut counted.measures;
        *log_ons.entry((door.name(), outcome)).or_default() += 1;
        timings.entry(door.name()).or_default().took(now - begun);
        counted.last_log_on = Some(now);
    }

    /// Whether somebody logged on a moment ago.
    pub(crate) fn log_ons_go_on(&self) -> bool {
        let last = self.counted().last_log_on;
        last.is_some_and(|last| last.elapsed() < A_WHILE)
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a logon is counted as.
fn outcome_of(came: &Result<Decided, LogOnError>) -> &'static str {
    match came {
        Ok(decided) if decided.again => "Repeated",
        Ok(decided) => decided.verdict.outcome.name(),
        Err(error) => error.id(),
    }
}

/// The span of a logon.
fn span_of(source: &Source) -> Span {
    tracing::info_span!(
        target: SPANS,
        "logon",
        pinward.door = source.door.name(),
        pinward.client = spans::client(source),
        pinward.outcome = Empty,
        otel.status_code = Empty,
    )
}

impl Service {
    /// What was counted. No right is needed: doors show it to monitoring alone.
    pub async fn measures(&self) -> Result<Measures, Unavailable> {
        let counted = self.meter.counted().measures.clone();
        Ok(Measures {
            hashes_queued: self.verifier.queued(),
            sources: self.store.sources().await?,
            ..counted
        })
    }

    /// Decides one logon, and counts it. See [`crate::log_on`].
    pub(crate) async fn decide(
        &self,
        attempt: &Attempt<'_>,
        by: Option<&Permit<'_>>,
    ) -> Result<Decided, LogOnError> {
        let begun = Instant::now();
        let span = span_of(&attempt.source);
        let deciding = self.decide_uncounted(attempt, by);
        let came = deciding.instrument(span.clone()).await;
        let outcome = outcome_of(&came);
        self.meter.log_on(attempt.source.door, outcome, begun);
        span.record("pinward.outcome", outcome);
        if came.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        came
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_in_the_class_whose_bound_they_do_not_pass() {
        for (milliseconds, class) in [
            (0, Some(0)),
            (5, Some(0)),
            (6, Some(1)),
            (10_000, Some(10)),
            (10_001, None),
        ] {
            let mut timing = Timing::default();
            timing.took(Duration::from_millis(milliseconds));
            assert_eq!(timing.classes.iter().position(|count| *count == 1), class);
            assert_eq!(
                (timing.count, timing.sum),
                (1, Duration::from_millis(milliseconds))
            );
        }
    }
}
