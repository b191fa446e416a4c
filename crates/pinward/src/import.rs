//! `pinward import`: users from a file, with a progress bar and a report by line number.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use pinward_directory::import::{FileKind, Options, people, people_of};
use pinward_service::{Caller, ImportProgress, ImportReport, Service};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::bar;
use crate::run::say;
use crate::terminal::harmless;

/// Refused rows listed on a terminal; `--json` lists all.
const MOST_LISTED: usize = 50;

/// How to import.
pub struct How {
    pub dry_run: bool,
    pub format: Option<String>,
    pub json: bool,
    /// What holds for people whose entry does not say.
    pub options: Options,
}

/// Imports a file. Exit code 1 where rows were refused or it was interrupted.
pub fn import(
    runtime: &Runtime,
    service: &Arc<Service>,
    caller: &Caller,
    file: &Path,
    how: &How,
) -> Result<ExitCode> {
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted))
        .context("cannot listen for Ctrl-C")?;
    let read = Arc::new(AtomicU64::new(0));
    let (input, size) = open(file)?;
    let counted = BufReader::with_capacity(
        1 << 16,
        Counted {
            input,
            read: Arc::clone(&read),
        },
    );
    let mut rows = match how.format.as_deref() {
        Some("ldif") => people_of(FileKind::Ldif, counted, how.options.clone()),
        Some(_) => people_of(FileKind::Csv, counted, how.options.clone()),
        None => people(&file.to_string_lossy(), counted, how.options.clone())
            .with_context(|| format!("cannot read {}", file.display()))?,
    };
    let bar = bar(size);
    let mut numbered = std::iter::from_fn(|| {
        let row = rows.next()?;
        let line = rows.line();
        Some(row.map(|person| (line, person)))
    });
    let mut progress = |_so_far: ImportProgress| {
        bar.set_position(read.load(Ordering::Relaxed));
        !interrupted.load(Ordering::Relaxed)
    };
    let report = runtime.block_on(service.import_people(
        caller,
        &mut numbered,
        how.dry_run,
        &mut progress,
    ))?;
    bar.finish_and_clear();
    tell(&report, rows.skipped(), how)?;
    match report.refused.is_empty() && !report.interrupted {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}

fn open(file: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let size = opened.metadata().map(|about| about.len()).ok();
    Ok((Box::new(opened), size))
}

fn bar(size: Option<u64>) -> ProgressBar {
    match io::stderr().is_terminal() {
        true => bar::bytes(size).with_message("reading"),
        false => ProgressBar::hidden(),
    }
}

fn tell(report: &ImportReport, skipped: u64, how: &How) -> Result<()> {
    if how.json {
        let refused: Vec<_> = report
            .refused
            .iter()
            .map(|row| json!({ "line": row.line, "reason": row.reason }))
            .collect();
        return say(&json!({
            "dryRun": how.dry_run,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "notPeople": skipped,
            "interrupted": report.interrupted,
            "refused": refused,
        })
        .to_string());
    }
    for row in report.refused.iter().take(MOST_LISTED) {
        eprintln_harmless(&format!("line {}: {}", row.line, row.reason));
    }
    if report.refused.len() > MOST_LISTED {
        let more = report.refused.len() - MOST_LISTED;
        eprintln_harmless(&format!("and {more} more; --json lists them all"));
    }
    let would = if how.dry_run { "would be " } else { "" };
    say(&format!(
        "{} {would}created, {} {would}updated, {} unchanged, {} refused, {skipped} entries that are \
         not people",
        report.created,
        report.updated,
        report.unchanged,
        report.refused.len()
    ))?;
    if report.interrupted {
        say("Interrupted. What is counted above is kept; import the file again to go on.")?;
    }
    Ok(())
}

fn eprintln_harmless(text: &str) {
    use std::io::Write as _;
    // A closed standard error leaves nobody to tell.
    let _told = writeln!(io::stderr(), "{}", harmless(text));
}

/// Counts the bytes that pass, for the bar.
struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
