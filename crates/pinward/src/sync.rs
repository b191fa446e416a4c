//! `pinward sync`: makes a file the whole truth about its people, with a progress bar and a report.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context, Result};
use pinward_directory::FileSource;
use pinward_service::{Caller, Service, SyncOptions, SyncPhase, SyncProgress, SyncReport};
use pinward_shell::host::{Progress, Share};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::args::FileArgs;
use crate::bar::Bar;
use crate::config;
use crate::run::say;
use crate::source::{INTERRUPTED, interrupts, remark};

/// Entries and conflicts listed on a terminal; `--json` lists all.
const MOST_LISTED: usize = 50;
/// Nothing was changed, because somebody has to say that so many users are to be disabled.
const ASKS: u8 = 3;

/// How to synchronise.
pub struct How {
    pub file: PathBuf,
    pub format: FileArgs,
    pub name: Option<String>,
    pub dry_run: bool,
    pub allow_disable: Option<u64>,
    pub json: bool,
    /// What the folder's configuration says.
    pub config: config::Sync,
}

/// Synchronises with a file.
pub fn sync(
    runtime: &Runtime,
    service: &Arc<Service>,
    caller: &Caller,
    how: &How,
) -> Result<ExitCode> {
    how.config.check()?;
    let options = SyncOptions {
        dry_run: how.dry_run,
        allow_disable: how.allow_disable,
        most_disabled_percent: how.config.disable_percent,
        grace_days: how.config.grace_days,
        ..SyncOptions::of(name_of(&how.file, how.name.as_deref())?, "File")
    };
    let mut source = FileSource::new(how.file.clone(), how.format.kind(), how.format.options());
    let interrupted = interrupts()?;
    let mut bar = None;
    let mut told = |so_far: SyncProgress| {
        let report = progress(so_far);
        match &bar {
            Some((phase, bar)) if *phase == so_far.phase => Bar::show(bar, &report),
            _ => bar = Some((so_far.phase, Bar::new(&report))),
        }
        !interrupted.load(Ordering::Relaxed)
    };
    let came = runtime.block_on(service.sync(caller, &mut source, &options, &mut told));
    drop(bar);
    let report = came?;
    match how.json {
        true => say(&as_json(&report, &options).to_string())?,
        false => tell(&report, &options)?,
    }
    Ok(match () {
        () if report.interrupted => ExitCode::from(INTERRUPTED),
        () if report.asks => ExitCode::from(ASKS),
        () if report.unusable.is_empty() => ExitCode::SUCCESS,
        () => ExitCode::FAILURE,
    })
}

/// The name under which a file is remembered: where it lies, unless it is given one.
fn name_of(file: &Path, given: Option<&str>) -> Result<String> {
    match given {
        Some(name) => Ok(name.to_owned()),
        None => {
            let path = std::fs::canonicalize(file);
            let path = path.with_context(|| format!("cannot read {}", file.display()))?;
            Ok(path.to_string_lossy().into_owned())
        }
    }
}

fn progress(so_far: SyncProgress) -> Progress {
    let (activity, unit) = match so_far.phase {
        SyncPhase::Reading => ("Reading", "entries"),
        SyncPhase::Applying => ("Applying", "people"),
    };
    Progress {
        activity: activity.to_owned(),
        done: so_far.done,
        share: so_far.whole.map(|whole| Share {
            part: so_far.done,
            whole,
        }),
        unit: unit.to_owned(),
        finished: false,
    }
}

fn as_json(report: &SyncReport, options: &SyncOptions) -> serde_json::Value {
    let figures = report.figures;
    let unusable: Vec<_> = report
        .unusable
        .iter()
        .map(|(name, reason)| json!({ "name": name, "reason": reason }))
        .collect();
    let conflicts: Vec<_> = report
        .conflicts
        .iter()
        .map(|conflict| {
            json!({ "what": conflict.what, "value": conflict.value, "users": conflict.users })
        })
        .collect();
    json!({
        "source": options.name,
        "dryRun": options.dry_run,
        "full": report.full,
        "created": figures.created,
        "updated": figures.updated,
        "returned": figures.returned,
        "unchanged": report.unchanged,
        "disabled": figures.disabled,
        "purged": figures.purged,
        "disabledNames": report.disabled_names,
        "heldBack": report.held_back,
        "tooManyDisabled": report.asks,
        "interrupted": report.interrupted,
        "unusable": unusable,
        "conflicts": conflicts,
    })
}

fn tell(report: &SyncReport, options: &SyncOptions) -> Result<()> {
    for (name, reason) in report.unusable.iter().take(MOST_LISTED) {
        remark(&format!("{name}: {reason}"));
    }
    more(report.unusable.len());
    for conflict in report.conflicts.iter().take(MOST_LISTED) {
        remark(&format!(
            "the {} {} belongs to {}; nobody can log on with it",
            conflict.what,
            conflict.value,
            conflict.users.join(" and ")
        ));
    }
    more(report.conflicts.len());
    if report.held_back > 0 {
        remark(&format!(
            "{} users are not in the source and are left as they are, because there are entries of \
             which it cannot be told whose they are; correct these and run it again",
            report.held_back
        ));
    }
    let figures = report.figures;
    let would = if options.dry_run || report.asks {
        "would be "
    } else {
        ""
    };
    say(&format!(
        "{} {would}created, {} {would}updated, {} {would}returned, {} unchanged, {} {would}disabled, \
         {} {would}purged, {} unusable, {} conflicts",
        figures.created,
        figures.updated,
        figures.returned,
        report.unchanged,
        figures.disabled,
        figures.purged,
        report.unusable.len(),
        report.conflicts.len()
    ))?;
    if report.asks {
        remark(&format!(
            "{} of {} users would be disabled, such as {}. That is more than usual, so nothing was \
             changed. If it is right, run it again with --allow-disable {}",
            figures.disabled,
            report.enabled_before,
            report.disabled_names.join(", "),
            figures.disabled
        ));
    }
    if report.interrupted {
        remark(match report.figures.gone_through {
            0 => "Interrupted. Nothing was changed",
            _ => "Interrupted. What is counted above is kept; run it again to go on",
        });
    }
    Ok(())
}

fn more(listed: usize) {
    if listed > MOST_LISTED {
        remark(&format!(
            "and {} more; --json lists them all",
            listed - MOST_LISTED
        ));
    }
}
