//! `pinward import-pins`: the PINs of another telephone system, with a progress bar and a report.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use pinward_directory::import::PinList;
use pinward_service::{Caller, PinImport, PinImportReport, PinRowDone, PinRowOutcome, Service};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::files;
use crate::run::say;
use crate::source::{self, INTERRUPTED, remark};

/// Refused rows listed on standard error; the report has all.
const MOST_LISTED: u64 = 50;
/// The file is no list of PINs, as for wrong usage.
const UNUSABLE: u8 = 2;

/// How to import.
pub struct How {
    pub dry_run: bool,
    pub must_change: bool,
    pub generate_for_refused: bool,
    pub report: Option<PathBuf>,
    pub json: bool,
}

/// Imports a file.
pub fn import(
    runtime: &Runtime,
    service: &Arc<Service>,
    caller: &Caller,
    file: &Path,
    how: &How,
) -> Result<ExitCode> {
    let (input, course) = source::open(file)?;
    let mut rows = match PinList::open(input) {
        Ok(rows) => rows,
        Err(error) => {
            course.finish();
            remark(&format!("pinward: {}: {error}", file.display()));
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    let mut report = match &how.report {
        Some(path) => Some(Report::begin(path)?),
        None => None,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let import = PinImport {
        dry_run: how.dry_run,
        must_change: how.must_change,
        generate_for_refused: how.generate_for_refused,
        // One is hashed on each core while the one before is written.
        in_flight: 2 * cores,
    };
    let mut listed = Vec::new();
    let mut broken = None;
    let mut told = |done: &PinRowDone| {
        if let PinRowOutcome::Refused { id, reason } = &done.outcome {
            listed.push(json!({
                "line": done.line, "identity": done.identity, "id": id, "reason": reason,
            }));
            if !how.json && listed.len() as u64 <= MOST_LISTED {
                remark(&format!("line {}: {reason}", done.line));
            }
        }
        if let Some(report) = &mut report
            && let Err(error) = report.row(done)
        {
            broken = Some(error);
        }
        broken.is_none() && course.go_on()
    };
    let came = runtime.block_on(service.import_pins(caller, &mut rows, import, &mut told));
    course.finish();
    let came = came?;
    if let Some(error) = broken {
        return Err(error);
    }
    tell(&came, &listed, how)?;
    Ok(match (came.interrupted, came.refused) {
        (true, _) => ExitCode::from(INTERRUPTED),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::FAILURE,
    })
}

fn tell(came: &PinImportReport, refused: &[serde_json::Value], how: &How) -> Result<()> {
    if how.json {
        return say(&json!({
            "dryRun": how.dry_run,
            "assigned": came.assigned,
            "leftAlone": came.left_alone,
            "generated": came.generated,
            "refused": refused,
            "interrupted": came.interrupted,
        })
        .to_string());
    }
    if came.refused > MOST_LISTED {
        let more = came.refused - MOST_LISTED;
        remark(&format!(
            "and {more} more; --report FILE or --json has them all"
        ));
    }
    let (assigned, generated, refused) = (came.assigned, came.generated, came.refused);
    say(&match how.dry_run {
        true => format!(
            "{assigned} would be assigned unless it is theirs already, {generated} would be generated, \
             {refused} refused"
        ),
        false => format!(
            "{assigned} assigned, {generated} generated, {} left alone (done before), {refused} refused",
            came.left_alone
        ),
    })?;
    if came.refused > 0 && !how.generate_for_refused {
        say(
            "Refused PINs are not set. Give these users others with Set-CsClientPin, or run this \
             again with --generate-for-refused --report FILE.",
        )?;
    }
    if came.interrupted {
        say("Interrupted. What is counted above holds; run this again to go on.")?;
    }
    Ok(())
}

/// What came of each row, as CSV. It has PINs only where one was generated, and each line is written
/// before the next row is told of.
struct Report {
    path: PathBuf,
    file: File,
}

impl Report {
    fn begin(path: &Path) -> Result<Self> {
        let file = files::create_new(path).with_context(|| {
            format!(
                "cannot make the report {}; it has to be a new file, because one of before may hold \
                 PINs that are shown only there",
                path.display()
            )
        })?;
        let mut report = Self {
            path: path.to_owned(),
            file,
        };
        report.write("Line,Identity,Result,Pin,Reason\n")?;
        Ok(report)
    }

    fn row(&mut self, done: &PinRowDone) -> Result<()> {
        let (result, pin, reason) = match &done.outcome {
            PinRowOutcome::Assigned => ("Assigned", None, ""),
            PinRowOutcome::LeftAlone => ("LeftAlone", None, ""),
            PinRowOutcome::Generated { pin, reason } => (
                "Generated",
                pin.as_ref().map(pinward_core::Pin::reveal),
                reason.as_str(),
            ),
            PinRowOutcome::Refused { id, reason } => (*id, None, reason.as_str()),
        };
        let line = format!(
            "{},{},{result},{},{}\n",
            done.line,
            quoted(done.identity.as_deref().unwrap_or_default()),
            pin.as_ref().map_or("", |pin| pin.as_str()),
            quoted(reason),
        );
        self.write(&line)?;
        // Who could not be told their PIN would have to get another one.
        match pin {
            Some(_) => self.file.sync_data().map_err(|error| self.broken(&error)),
            None => Ok(()),
        }
    }

    fn write(&mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes());
        written.map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &io::Error) -> anyhow::Error {
        anyhow!("cannot write to {}: {error}", self.path.display())
    }
}

/// A field in quotation marks.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
