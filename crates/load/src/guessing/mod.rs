//! `pinward-load guessing`: what guessing finds of the PINs that people choose (R-GUESS-1). The model is
//! in `crates/guessing`; here are files, policies and the report.

mod args;
mod report;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use pinward_core::{MAX_DIGITS, Policy, PolicyIdentity};
use pinward_guessing::{Found, Frequencies, Ranked, SHORTEST, Skipped};

pub use self::args::GuessingArgs;

/// As much of a file as is read at once, in bytes.
const BUFFER: usize = 256 * 1024;

/// What was read and found.
struct Measured {
    files: usize,
    people: u64,
    different_pins: usize,
    /// [`Frequencies::differ`].
    differ: bool,
    skipped: Skipped,
    maximum_logon_attempts: Option<u32>,
    policies: Vec<(Policy, Found)>,
}

/// Reads the files, measures the policies, prints what was found.
pub fn measure(args: &GuessingArgs) -> Result<()> {
    let mut frequencies = Frequencies::default();
    for (at, path) in args.files.iter().enumerate() {
        if args.files.iter().take(at).any(|before| before == path) {
            bail!(
                "{} is named twice; its people would count twice",
                path.display()
            );
        }
        let before = frequencies.people();
        // The error names the line and never what stands in it: PINs reach no error (R-SEC-3).
        frequencies
            .read(open(path)?, args.order())
            .with_context(|| path.display().to_string())?;
        if frequencies.people() == before {
            bail!(
                "{}: there is no PIN of {SHORTEST} to {MAX_DIGITS} digits that somebody chose",
                path.display()
            );
        }
    }
    let ranked = Ranked::of(&frequencies);
    let found = Measured {
        files: args.files.len(),
        people: frequencies.people(),
        different_pins: ranked.different_pins(),
        differ: frequencies.differ(),
        skipped: frequencies.skipped(),
        maximum_logon_attempts: args.maximum_logon_attempts,
        policies: policies(args)
            .map(|policy| {
                let found = ranked.measure(&policy);
                (policy, found)
            })
            .collect(),
    };
    let text = match args.json {
        true => report::json(&found).to_string(),
        false => report::text(&found),
    };
    writeln!(io::stdout(), "{text}").context("cannot write to standard output")
}

/// `-` is standard input.
fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
}

/// Each length with common patterns and without.
fn policies(args: &GuessingArgs) -> impl Iterator<Item = Policy> {
    let lengths = args.min_password_length.iter();
    lengths.flat_map(|length| {
        [true, false].map(|allow_common_patterns| Policy {
            min_password_length: *length,
            allow_common_patterns,
            maximum_logon_attempts: args.maximum_logon_attempts,
            ..Policy::defaults(PolicyIdentity::Global)
        })
    })
}
