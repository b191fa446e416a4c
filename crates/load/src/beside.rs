//! What doors do, each round beside a limit that was measured in the same round.

use std::fmt::Write;
use std::io;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};

use crate::args::Args;
use crate::drive::Bounds;
use crate::place::Place;
use crate::progress::Progress;
use crate::sample::Sample;

/// What the measurement of a door has at hand.
pub struct Bench<'a> {
    pub runtime: Runtime,
    pub place: &'a Place,
    pub args: &'a Args,
    pub progress: &'a Progress,
    pub bounds: Bounds,
}

impl<'a> Bench<'a> {
    pub fn set(place: &'a Place, args: &'a Args, progress: &'a Progress) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(args.workers().get())
            .enable_all()
            .build()
            .context("cannot start the engine's threads")?;
        let bounds = Bounds::of(args, progress);
        Ok(Self {
            runtime,
            place,
            args,
            progress,
            bounds,
        })
    }

    /// Prints what was found.
    pub fn end(self, found: &str) -> Result<()> {
        self.progress.done();
        io::Write::write_all(&mut io::stdout(), found.as_bytes())?;
        Ok(())
    }
}

/// One line of the report.
pub struct Line {
    pub what: String,
    pub sample: Sample,
}

impl Line {
    pub fn of(what: impl Into<String>, sample: Sample) -> Self {
        let what = what.into();
        Self { what, sample }
    }

    /// A limit as it was just before and just after what it is compared with.
    pub fn around(what: impl Into<String>, before: &Sample, after: &Sample) -> Self {
        let sample = Sample {
            per_second: f64::midpoint(before.per_second, after.per_second),
            ..before.clone()
        };
        Self::of(what, sample)
    }
}

/// The best of each, and the median of the ratios of each round to its first line.
pub fn report(out: &mut String, rounds: &[Vec<Line>]) -> Result<()> {
    let Some(first) = rounds.first() else {
        return Ok(());
    };
    writeln!(
        out,
        "{:<44} {:>9} {:>9} {:>9} {:>10} {:>16}",
        "", "op/s", "p50 ms", "p99 ms", "CPU ms/op", "× the first line"
    )?;
    for (place, line) in first.iter().enumerate() {
        let of_round = |round: &'_ Vec<Line>| round[place].sample.per_second;
        let best = rounds
            .iter()
            .max_by(|a, b| of_round(a).total_cmp(&of_round(b)));
        let Some(best) = best.map(|round| &round[place].sample) else {
            continue;
        };
        let mut ratios: Vec<f64> = rounds
            .iter()
            .map(|round| of_round(round) / round[0].sample.per_second)
            .collect();
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ratios.len() / 2];
        writeln!(
            out,
            "{:<44} {:>9.1} {:>9.3} {:>9.3} {:>10.4} {:>16.3}",
            line.what, best.per_second, best.p50, best.p99, best.cpu, median
        )?;
    }
    Ok(())
}
