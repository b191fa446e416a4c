//! The command line. That of `pinward-load guessing` is in `guessing/args.rs`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::guessing::GuessingArgs;

/// Measures the logon engine of Pinward beside the limits of this machine.
///
/// Every measurement ends after --seconds or --operations, whichever comes first. Ctrl-C ends it
/// early and reports what was measured; the exit code is then 1.
#[derive(Parser, Debug)]
#[command(name = "pinward-load", version, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// What measures no machine
    #[command(subcommand)]
    pub other: Option<Other>,

    /// What to measure [default: all]
    #[arg(value_enum)]
    pub scenarios: Vec<Scenario>,

    /// Make the temporary data in this folder; its file system is what is measured [default: the
    /// first of the system's temporary folder and the current one that is not in memory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// How long each measurement takes
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub seconds: u64,

    /// How many operations a measurement has at most
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub operations: u64,

    /// How often everything is measured, limits and engine in turns; the best of each counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub rounds: u64,

    /// How many log on at a time at the default cost of the hash, for each measurement
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = [1, 8, 64, 512], value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub parallel: Vec<u16>,

    /// How many users there are where the hash costs little
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    pub users: u32,

    /// Hashing lanes [default: as many as cores, as in the program]
    #[arg(long, value_name = "N")]
    pub lanes: Option<NonZeroUsize>,

    /// Threads that run the engine [default: as many as cores, as in the program]
    #[arg(long, value_name = "N")]
    pub workers: Option<NonZeroUsize>,
}

/// A measurement that drives nothing.
#[derive(Subcommand, Debug)]
pub enum Other {
    Guessing(GuessingArgs),
}

/// A thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Correct PINs of different users at the default cost of the hash
    Logons,
    /// The same at the least cost of the hash, 64 at a time: what is left is the store
    Decisions,
    /// Attempts at locked PINs by callers who are told so, 64 at a time
    Refusals,
    /// A million records of the audit log: appended, verified, searched. Only where it is named, and alone
    Audit,
    /// Logons over RADIUS beside a raw echo of UDP and FreeRADIUS, 64 at a time. Only where it is named, and alone
    Radius,
    /// The API over HTTP: refusals of locked PINs beside a hello-world of the same framework, and logons at the
    /// default cost of the hash beside the hash alone. Only where it is named, and alone
    Http,
}

impl Args {
    /// Whether a scenario was asked for.
    pub fn wants(&self, scenario: Scenario) -> bool {
        self.scenarios.is_empty() || self.scenarios.contains(&scenario)
    }

    /// How many log on at a time, for each measurement.
    pub fn parallel(&self) -> impl Iterator<Item = usize> {
        self.parallel.iter().copied().map(usize::from)
    }

    /// How long each measurement takes.
    pub fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// Hashing lanes.
    pub fn lanes(&self) -> NonZeroUsize {
        self.lanes.unwrap_or_else(cores)
    }

    /// Threads that run the engine.
    pub fn workers(&self) -> NonZeroUsize {
        self.workers.unwrap_or_else(cores)
    }
}

/// How many cores there are for this process.
pub fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
