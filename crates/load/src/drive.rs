//! A closed loop: so many callers, each asking again as soon as it was answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use pinward_core::Outcome;
use pinward_service::{Attempt, Door, Service, Source};

use crate::args::Args;
use crate::progress::Progress;
use crate::sample::{Meter, Sample};
use crate::stage::{Credential, Stage};

/// When a measurement ends.
#[derive(Clone)]
pub struct Bounds {
    pub time: Duration,
    pub operations: u64,
    pub interrupted: Arc<AtomicBool>,
}

impl Bounds {
    /// As the arguments say, or when the user wants no more of it.
    pub fn of(args: &Args, progress: &Progress) -> Self {
        Self {
            time: args.time(),
            operations: args.operations,
            interrupted: progress.flag(),
        }
    }

    /// Whether it is over; else one more is begun.
    pub fn reached(&self, started: Instant, begun: &AtomicU64) -> bool {
        started.elapsed() >= self.time
            || begun.fetch_add(1, Ordering::Relaxed) >= self.operations
            || self.interrupted.load(Ordering::Relaxed)
    }
}

/// Has `parallel` callers log on with correct PINs; each has its share of the users to itself.
/// Every answer must be `expected`.
pub async fn log_on(
    stage: &Stage,
    parallel: usize,
    expected: Outcome,
    bounds: &Bounds,
) -> Result<Sample> {
    let begun = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let meter = Meter::start();
    let callers: Vec<_> = (0..parallel)
        .map(|number| {
            let caller = Caller {
                service: Arc::clone(&stage.service),
                credentials: Arc::clone(&stage.credentials),
                next: number,
                step: parallel,
                expected,
            };
            tokio::spawn(caller.run(bounds.clone(), started, Arc::clone(&begun)))
        })
        .collect();
    let mut took = Vec::new();
    for caller in callers {
        took.extend(caller.await??);
    }
    Ok(meter.end(took))
}

struct Caller {
    service: Arc<Service>,
    credentials: Arc<[Credential]>,
    next: usize,
    step: usize,
    expected: Outcome,
}

impl Caller {
    async fn run(
        mut self,
        bounds: Bounds,
        started: Instant,
        begun: Arc<AtomicU64>,
    ) -> Result<Vec<u32>> {
        let mut took = Vec::new();
        while !bounds.reached(started, &begun) {
            let Credential { who, pin } = &self.credentials[self.next];
            self.next += self.step;
            if self.next >= self.credentials.len() {
                self.next %= self.step;
            }
            let asked = Instant::now();
            let verdict = self
                .service
                .log_on(&Attempt {
                    who,
                    pin,
                    also_known_as: None,
                    source: Source::of(Door::Shell),
                    delivery: None,
                })
                .await?;
            took.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
            if verdict.outcome != self.expected {
                bail!(
                    "{who} was answered {}, not {}",
                    verdict.outcome,
                    self.expected
                );
            }
        }
        Ok(took)
    }
}
