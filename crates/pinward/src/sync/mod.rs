//! `pinward sync`: makes a file, or the directories of the configuration, the whole truth about their
//! people, with a progress bar and a report.

mod check;
mod directories;
mod examples;
mod file;
mod report;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use pinward_directory::source::Source;
use pinward_service::{
    Caller, Service, SyncError, SyncOptions, SyncPhase, SyncProgress, SyncReport,
};
use pinward_shell::host::{Progress, Share};
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub use check::check;

use crate::args::SyncArgs;
use crate::bar::Bar;
use crate::config::Config;
use crate::folder::Folder;
use crate::source::interrupts;

/// How often it is looked whether the user wants to stop.
const PATIENCE: Duration = Duration::from_millis(200);

/// A run of the program that synchronises.
struct Syncing<'a> {
    runtime: &'a Runtime,
    service: &'a Arc<Service>,
    caller: &'a Caller,
    folder: &'a Folder,
    config: &'a Config,
    args: &'a SyncArgs,
    interrupted: Arc<AtomicBool>,
}

/// Synchronises with a file, or with the directories of the configuration.
pub fn sync(
    runtime: &Runtime,
    service: &Arc<Service>,
    caller: &Caller,
    folder: &Folder,
    args: &SyncArgs,
) -> Result<ExitCode> {
    let config = &Config::load(&folder.data)?;
    config.sync.check()?;
    let syncing = Syncing {
        runtime,
        service,
        caller,
        folder,
        config,
        args,
        interrupted: interrupts()?,
    };
    match &args.from {
        Some(file) => syncing.with_file(file),
        None => syncing.with_directories(),
    }
}

impl Syncing<'_> {
    fn options(&self, name: &str, kind: &'static str) -> SyncOptions {
        SyncOptions {
            dry_run: self.args.dry_run,
            full: self.args.full,
            allow_disable: self.args.allow_disable,
            ..self.config.sync.options(name, kind)
        }
    }

    /// Synchronises with one source.
    fn run(&self, source: &mut dyn Source, options: &SyncOptions) -> Result<SyncReport, SyncError> {
        let mut bar = None;
        let applies = AtomicBool::new(false);
        let mut told = |so_far: SyncProgress| {
            applies.fetch_or(so_far.phase == SyncPhase::Applying, Ordering::Relaxed);
            let report = progress(so_far);
            match &bar {
                Some((phase, bar)) if *phase == so_far.phase => Bar::show(bar, &report),
                _ => bar = Some((so_far.phase, Bar::new(&report))),
            }
            !self.interrupted.load(Ordering::Relaxed)
        };
        let sync = self.service.sync(self.caller, source, options, &mut told);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                came = sync => came,
                () = self.given_up(&applies) => Ok(SyncReport {
                    interrupted: true,
                    ..SyncReport::default()
                }),
            }
        })
    }

    /// Ends when the user has wanted to stop for a while and nothing is applied yet: a server that does not
    /// answer is not waited for.
    async fn given_up(&self, applies: &AtomicBool) {
        loop {
            sleep(PATIENCE).await;
            let interrupted = self.interrupted.load(Ordering::Relaxed);
            if interrupted && !applies.load(Ordering::Relaxed) {
                return;
            }
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
