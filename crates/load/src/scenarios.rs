//! What is measured, in which order.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use pinward_core::Outcome;
use pinward_verifier::HashParams;
use tokio::runtime::{Builder, Runtime};

use crate::args::{Args, Scenario, cores};
use crate::drive::{self, Bounds};
use crate::limits;
use crate::place::Place;
use crate::progress::Progress;
use crate::sample::Sample;
use crate::stage::Stage;

/// Logons at a time where the hash costs little.
pub const IN_FLIGHT: usize = 64;
/// Refusals at a time: with few, what is measured is how long a commit is waited for.
pub const REFUSALS_IN_FLIGHT: [usize; 2] = [IN_FLIGHT, 256];
/// Rows of the larger raw commit.
pub const ROWS_PER_COMMIT: usize = 64;

/// The best of each; `None`: not asked for, or interrupted before.
#[derive(Default)]
pub struct Found {
    /// The hash alone on one thread.
    pub hash_on_one: Option<Sample>,
    /// The hash alone on as many threads as cores.
    pub hash: Option<Sample>,
    /// Logons at the default cost, in the order of the arguments.
    pub logons: Vec<Option<Sample>>,
    /// Each of them against the hash alone just before and after.
    pub pairs: Vec<Vec<Pair>>,
    /// The cheapest hash alone on as many threads as cores.
    pub least_hash: Option<Sample>,
    /// Commits of one row.
    pub single_commits: Option<Sample>,
    /// Commits of [`ROWS_PER_COMMIT`] rows, counted in rows.
    pub large_commits: Option<Sample>,
    /// Logons at the least cost.
    pub decisions: Option<Sample>,
    /// Refusals of locked PINs, by [`REFUSALS_IN_FLIGHT`].
    pub refusals: [Option<Sample>; REFUSALS_IN_FLIGHT.len()],
}

/// Logons against the hash alone, measured just before and just after: what else the machine does
/// strikes both, and the best of many does not meet the best of few.
pub struct Pair {
    /// Logons per second by hashes per second.
    pub rate: f64,
    /// Processor time of a logon by that of a hash.
    pub cpu: f64,
    /// The latency at p99 by that of an ideal queue, in which everybody waits for everybody else
    /// once.
    pub queue: f64,
}

impl Pair {
    fn of(parallel: usize, logons: &Sample, before: &Sample, after: &Sample) -> Self {
        let rate = f64::midpoint(before.per_second, after.per_second);
        let cpu = f64::midpoint(before.cpu, after.cpu);
        let ideal = parallel as f64 * 1000.0 / rate;
        Self {
            rate: logons.per_second / rate,
            cpu: logons.cpu / cpu,
            queue: logons.p99 / ideal,
        }
    }
}

/// Keeps the best of what was measured; of memory the most.
fn keep(best: &mut Option<Sample>, new: Sample) {
    *best = Some(match best.take() {
        None => new,
        Some(old) => Sample {
            operations: old.operations + new.operations,
            seconds: old.seconds + new.seconds,
            per_second: old.per_second.max(new.per_second),
            p50: old.p50.min(new.p50),
            p99: old.p99.min(new.p99),
            p999: old.p999.min(new.p999),
            cpu: old.cpu.min(new.cpu),
            peak_mib: old
                .peak_mib
                .zip(new.peak_mib)
                .map(|(old, new)| old.max(new)),
        },
    });
}

/// What a run has at hand.
struct Run<'a> {
    args: &'a Args,
    progress: &'a Progress,
    folder: &'a Path,
    runtime: Runtime,
    bounds: Bounds,
    found: Found,
}

pub fn run(args: &Args, place: &Place, progress: &Progress) -> Result<Found> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(args.workers().get())
        .enable_time()
        .build()
        .context("cannot start the engine's threads")?;
    let bounds = Bounds::of(args, progress);
    let found = Found::default();
    let mut run = Run {
        args,
        progress,
        folder: place.path(),
        runtime,
        bounds,
        found,
    };
    // One stage at a time: the memory of one must not count for another.
    if args.wants(Scenario::Logons) {
        run.logons()?;
    }
    if args.wants(Scenario::Decisions) {
        run.decisions()?;
    }
    if args.wants(Scenario::Refusals) {
        run.refusals()?;
    }
    Ok(run.found)
}

impl Run<'_> {
    /// Whether to go on; says what comes now.
    fn next(&self, round: u64, what: &str) -> bool {
        let rounds = self.args.rounds;
        self.progress
            .at(format!("round {} of {rounds}: {what}", round + 1));
        !self.progress.interrupted()
    }

    fn stage(&self, name: &str, users: u32, params: HashParams) -> Result<Stage> {
        let folder = self.folder.join(name);
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        self.runtime
            .block_on(Stage::set(&folder, users, params, self.args, self.progress))
    }

    fn drive(&self, stage: &Stage, parallel: usize, expected: Outcome) -> Result<Sample> {
        self.runtime
            .block_on(drive::log_on(stage, parallel, expected, &self.bounds))
    }

    fn logons(&mut self) -> Result<()> {
        let params = HashParams::default();
        let parallel: Vec<usize> = self.args.parallel().collect();
        let most = parallel.iter().copied().max().unwrap_or(1);
        self.found.logons.resize_with(parallel.len(), || None);
        self.found.pairs.resize_with(parallel.len(), Vec::new);
        let stage = self.stage("logons", u32::try_from(most)?, params)?;
        for round in 0..self.args.rounds {
            for (place, parallel) in parallel.iter().copied().enumerate() {
                // Somebody alone keeps one core busy at most.
                let threads = parallel.min(cores().get());
                let before = self.hash_alone(round, params, threads)?;
                if !self.next(round, &format!("{parallel} logons at a time")) {
                    return Ok(());
                }
                let logons = self.drive(&stage, parallel, Outcome::Success)?;
                let after = self.hash_alone(round, params, threads)?;
                if let (Some(before), Some(after)) = (before, after) {
                    let pair = Pair::of(parallel, &logons, &before, &after);
                    self.found.pairs[place].push(pair);
                }
                keep(&mut self.found.logons[place], logons);
            }
        }
        Ok(())
    }

    fn hash_alone(
        &mut self,
        round: u64,
        params: HashParams,
        threads: usize,
    ) -> Result<Option<Sample>> {
        if !self.next(round, "the hash alone") {
            return Ok(None);
        }
        let hash = limits::hashes(params, threads, &self.bounds)?;
        let best = match threads {
            1 => &mut self.found.hash_on_one,
            _ => &mut self.found.hash,
        };
        keep(best, hash.clone());
        Ok(Some(hash))
    }

    fn decisions(&mut self) -> Result<()> {
        let params = HashParams::MINIMUM_FOR_MEASUREMENTS;
        let stage = self.stage("decisions", self.args.users, params)?;
        for round in 0..self.args.rounds {
            if self.next(round, "the cheapest hash alone") {
                let hash = limits::hashes(params, cores().get(), &self.bounds)?;
                keep(&mut self.found.least_hash, hash);
            }
            if self.next(round, "commits of one row") {
                let commits = limits::commits(self.folder, 1, &self.bounds)?;
                keep(&mut self.found.single_commits, commits);
            }
            if self.next(round, "commits of many rows") {
                let commits = limits::commits(self.folder, ROWS_PER_COMMIT, &self.bounds)?;
                keep(&mut self.found.large_commits, commits);
            }
            if self.next(round, "logons at the least cost of the hash") {
                let decisions = self.drive(&stage, IN_FLIGHT, Outcome::Success)?;
                keep(&mut self.found.decisions, decisions);
            }
        }
        Ok(())
    }

    fn refusals(&mut self) -> Result<()> {
        let params = HashParams::MINIMUM_FOR_MEASUREMENTS;
        let stage = self.stage("refusals", self.args.users, params)?;
        self.runtime.block_on(stage.lock_all())?;
        for round in 0..self.args.rounds {
            for (place, parallel) in REFUSALS_IN_FLIGHT.into_iter().enumerate() {
                if self.next(round, "refusals of locked PINs") {
                    let refusals = self.drive(&stage, parallel, Outcome::UserPinAccountLocked)?;
                    keep(&mut self.found.refusals[place], refusals);
                }
            }
        }
        Ok(())
    }
}
