//! What came of a sync, for people and for programs.

use std::process::ExitCode;

use anyhow::Result;
use pinward_directory::source::SourceError;
use pinward_service::{SyncOptions, SyncReport};
use serde_json::{Value, json};

use crate::run::say;
use crate::source::{INTERRUPTED, remark};

/// Entries and conflicts listed on a terminal; `--json` lists all.
const MOST_LISTED: usize = 50;
/// Nothing was changed, because somebody has to say that so many users are to be disabled.
const ASKS: u8 = 3;

/// The exit code of a sync that ran.
pub fn exit_code(report: &SyncReport) -> u8 {
    match () {
        () if report.interrupted => INTERRUPTED,
        () if report.asks => ASKS,
        () if report.unusable.is_empty() => 0,
        () => 1,
    }
}

/// The exit code of several syncs: that of a failure before that of a question.
pub fn worst(codes: &[u8]) -> ExitCode {
    let most = codes.iter().copied().max().unwrap_or_default();
    let code = match codes.contains(&1) && most != INTERRUPTED {
        true => 1,
        false => most,
    };
    ExitCode::from(code)
}

/// Servers that were asked in vain.
pub fn tell_passed_over(name: &str, report: &SyncReport) {
    for error in &report.passed_over {
        remark(&format!("{name}: {error}"));
    }
}

/// An error as programs read it.
pub fn error_as_json(id: &str, message: &str) -> Value {
    json!({ "id": id, "message": message })
}

/// The report for programs.
pub fn as_json(report: &SyncReport, options: &SyncOptions) -> Value {
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
    let passed_over = report.passed_over.iter();
    let passed_over = passed_over.map(|SourceError { id, message }| error_as_json(id, message));
    let passed_over: Vec<Value> = passed_over.collect();
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
        "passedOver": passed_over,
        "unusable": unusable,
        "conflicts": conflicts,
    })
}

/// The report for people; the figures begin with `label`.
pub fn tell(report: &SyncReport, options: &SyncOptions, label: &str) -> Result<()> {
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
        "{label}{} {would}created, {} {would}updated, {} {would}returned, {} unchanged, {} {would}disabled, \
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
