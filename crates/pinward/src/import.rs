//! `pinward import`: users from a file, with a progress bar and a report by line number.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_directory::import::{people, people_of};
use pinward_service::{Caller, ImportProgress, ImportReport, Service};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::args::FileArgs;
use crate::run::say;
use crate::source::{self, remark};

/// Refused rows listed on a terminal; `--json` lists all.
const MOST_LISTED: usize = 50;

/// How to import.
pub struct How {
    pub dry_run: bool,
    pub format: FileArgs,
    pub json: bool,
}

/// Imports a file. Exit code 1 where rows were refused or it was interrupted.
pub fn import(
    runtime: &Runtime,
    service: &Arc<Service>,
    caller: &Caller,
    file: &Path,
    how: &How,
) -> Result<ExitCode> {
    let (counted, course) = source::open(file)?;
    let options = how.format.options();
    let mut rows = match how.format.kind() {
        Some(kind) => people_of(kind, counted, options),
        None => people(&file.to_string_lossy(), counted, options)
            .with_context(|| format!("cannot read {}", file.display()))?,
    };
    let mut numbered = std::iter::from_fn(|| {
        let row = rows.next()?;
        let line = rows.line();
        Some(row.map(|person| (line, person)))
    });
    let mut progress = |_so_far: ImportProgress| course.go_on();
    let report = runtime.block_on(service.import_people(
        caller,
        &mut numbered,
        how.dry_run,
        &mut progress,
    ))?;
    course.finish();
    tell(&report, rows.skipped(), how)?;
    match report.refused.is_empty() && !report.interrupted {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
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
        remark(&format!("line {}: {}", row.line, row.reason));
    }
    if report.refused.len() > MOST_LISTED {
        let more = report.refused.len() - MOST_LISTED;
        remark(&format!("and {more} more; --json lists them all"));
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
