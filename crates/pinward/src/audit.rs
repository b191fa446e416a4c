//! `pinward audit`: verifying, exporting and shortening the audit log.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use pinward_core::Timestamp;
use pinward_service::{
    AuditMark, AuditProblem, AuditProgress, AuditQuery, AuditReport, Caller, Service,
};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::args::AuditAction;
use crate::audit_lines::{Format, line};
use crate::bar;
use crate::run::say;

/// Does what was asked. Exit code 1 where the log does not hold.
pub fn act(
    runtime: &Runtime,
    service: &Service,
    caller: &Caller,
    action: &AuditAction,
) -> Result<ExitCode> {
    let interrupted = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted))
        .context("cannot listen for Ctrl-C")?;
    match action {
        AuditAction::Verify { head, json } => {
            let progress = progress(Arc::clone(&interrupted));
            let checked = service.verify_audit(caller, head.clone(), progress);
            match runtime.block_on(checked)? {
                Some(report) => tell(&report, *json),
                None => bail!("interrupted; nothing can be said of the audit log"),
            }
        }
        AuditAction::Export {
            format,
            after,
            before,
        } => {
            let query = AuditQuery {
                after: *after,
                before: *before,
                ..AuditQuery::default()
            };
            let written = export(service, caller, query, *format, &interrupted);
            runtime.block_on(written)
        }
        AuditAction::Prune { older_than } => {
            let mut go_on = |_removed| !interrupted.load(Ordering::Relaxed);
            let removed = runtime.block_on(service.prune_audit(caller, *older_than, &mut go_on))?;
            say(&format!("{removed} records were removed."))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn progress(interrupted: Arc<AtomicBool>) -> AuditProgress {
    let bar = bar::records(io::stderr().is_terminal());
    Box::new(move |done, all| {
        bar.set_length(all);
        bar.set_position(done);
        !interrupted.load(Ordering::Relaxed)
    })
}

fn tell(report: &AuditReport, as_json: bool) -> Result<ExitCode> {
    let problem = report.problem.map(in_words);
    if as_json {
        say(&json!({
            "ok": problem.is_none(),
            "records": report.records,
            "removedUpTo": report.anchor.seq,
            "head": written(&report.head),
            "problem": problem,
        })
        .to_string())?;
    } else {
        match &problem {
            None => say(&format!(
                "The audit log holds: {} records, from {} to {}.\nHead: {}",
                report.records,
                report.anchor.seq + 1,
                report.head.seq,
                written(&report.head)
            ))?,
            Some(problem) => say(&format!(
                "The audit log does NOT hold: {problem}.\nThe {} records before that hold, up to {}",
                report.records,
                written(&report.head)
            ))?,
        }
    }
    Ok(match problem {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    })
}

fn in_words(problem: AuditProblem) -> String {
    let records = |first, last| match first == last {
        true => format!("record {first} is"),
        false => format!("records {first} to {last} are"),
    };
    match problem {
        AuditProblem::Changed { seq } => format!("record {seq} was changed"),
        AuditProblem::Missing { first, last } => format!("{} missing", records(first, last)),
        AuditProblem::Truncated { first, last } => {
            format!("{} missing at the end", records(first, last))
        }
        AuditProblem::Unexpected { seq } => {
            format!("record {seq} was added where there can be none")
        }
        AuditProblem::Ends => "what is kept of its two ends was changed or removed".to_owned(),
        AuditProblem::UserIndex { user } => format!(
            "the list by which records are found by user was changed for user {}; the records \
             themselves hold",
            user.0
        ),
        AuditProblem::NotTheNoted { seq } => {
            format!("record {seq} is not the one that was noted: the chain was made anew")
        }
        AuditProblem::NotedRemoved { seq } => {
            format!("record {seq}, which was noted, was removed by retention")
        }
    }
}

fn written(mark: &AuditMark) -> String {
    let hash: String = mark.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}:{hash}", mark.seq)
}

/// Reads a head as [`written`].
pub fn mark(text: &str) -> Result<AuditMark, String> {
    let wrong =
        || "a head is written as NUMBER:HASH, as `pinward audit verify` prints it".to_owned();
    let (seq, hex) = text.trim().split_once(':').ok_or_else(wrong)?;
    let seq: i64 = seq.parse().map_err(|_| wrong())?;
    let mut hash = [0; 32];
    if seq < 0 || hex.len() != 2 * hash.len() || !hex.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        return Err(wrong());
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        let digits = hex.get(2 * place..2 * place + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(AuditMark { seq, hash })
}

/// Reads a time: `2026-01-05T09:00:00Z`, or a day, which begins at midnight UTC.
pub fn time(text: &str) -> Result<Timestamp, String> {
    let whole = match text.trim().contains(['T', 't', ' ']) {
        true => text.trim().to_owned(),
        false => format!("{}T00:00:00Z", text.trim()),
    };
    whole
        .parse()
        .map_err(|_| "a time is written as 2026-01-05T09:00:00Z or 2026-01-05".to_owned())
}

async fn export(
    service: &Service,
    caller: &Caller,
    query: AuditQuery,
    format: Format,
    interrupted: &AtomicBool,
) -> Result<ExitCode> {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut pages = service.audit(caller, query)?;
    loop {
        let records = pages.next().await?;
        if records.is_empty() {
            out.flush().context("cannot write to standard output")?;
            return Ok(ExitCode::SUCCESS);
        }
        if interrupted.load(Ordering::Relaxed) {
            bail!("interrupted; what was written is not all");
        }
        for record in &records {
            writeln!(out, "{}", line(format, record, host.trim()))
                .context("cannot write to standard output")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = AuditMark {
            seq: 42,
            hash: [0xa7; 32],
        };
        assert_eq!(mark(&written(&head)), Ok(head));
        let hash = "a7".repeat(32);
        for wrong in [
            "",
            "42",
            "42:",
            "42:a7",
            &format!("-1:{hash}"),
            &format!("x:{hash}"),
            &"é".repeat(40),
        ] {
            assert!(mark(wrong).is_err(), "{wrong}");
        }
        assert!(mark(&format!("42:+7{}", "a7".repeat(31))).is_err());
    }

    #[test]
    fn times_and_days() {
        for (text, expected) in [
            ("2026-01-05T09:00:00Z", Some("2026-01-05T09:00:00Z")),
            ("2026-01-05T10:00:00+01:00", Some("2026-01-05T09:00:00Z")),
            ("2026-01-05", Some("2026-01-05T00:00:00Z")),
            ("yesterday", None),
            ("2026-13-05", None),
        ] {
            let read = time(text).ok().map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
