//! The server synchronises with the directories of the configuration by itself.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pinward_service::{
    Caller, Door, Due, Refusal as _, Service, SyncError, SyncOptions, SyncReport, in_background,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::account;
use crate::config::{Config, Directory};
use crate::serve::{Doors, House};

/// It is asked at least this often what is due: a sync by hand or a clock that was set changes it.
const LOOK: Duration = Duration::from_secs(60);
/// So long a sync has to come to a place where it can stop. What it applied until then is kept.
const PATIENCE: Duration = Duration::from_secs(3);

/// Begins to synchronise; what the configuration says later is followed.
pub fn start(house: &House, data: PathBuf, doors: &mut Doors) {
    let service = Arc::clone(&house.service);
    let mut config = house.config.clone();
    let stopping = house.stopping.clone();
    doors.spawn(async move {
        while !stopping.is_cancelled() {
            let now = Arc::clone(&config.borrow_and_update());
            let stop = stopping.child_token();
            let mut tended = tend_all(&service, &now, &data, &stop);
            tokio::select! {
                () = stopping.cancelled() => {}
                changed = async { config.wait_for(|later| tells_otherwise(&now, later)).await.is_ok() } => {
                    // Nobody is left who could change it.
                    if !changed {
                        stopping.cancelled().await;
                    }
                }
            }
            stop.cancel();
            while tended.join_next().await.is_some() {}
        }
        Ok(())
    });
}

/// Whether a sync that is under way has to begin anew: one section's change is no other's matter.
fn tells_otherwise(now: &Config, later: &Config) -> bool {
    now.sync != later.sync || now.directory != later.directory
}

fn tend_all(
    service: &Arc<Service>,
    config: &Arc<Config>,
    data: &std::path::Path,
    stop: &CancellationToken,
) -> JoinSet<()> {
    let mut tended = JoinSet::new();
    for directory in &config.directory {
        let one = Tended {
            service: Arc::clone(service),
            caller: account::owner(Door::Schedule),
            config: Arc::clone(config),
            directory: directory.clone(),
            data: data.to_owned(),
            stop: stop.clone(),
        };
        tended.spawn(async move {
            let source = one.directory.name.clone();
            if let Err(error) = in_background(|| one.run()).await {
                tracing::error!(source, "not synchronised any more: {error}");
            }
        });
    }
    tended
}

/// A directory that is synchronised at its times, never twice at once.
struct Tended {
    service: Arc<Service>,
    caller: Caller,
    config: Arc<Config>,
    directory: Directory,
    data: PathBuf,
    stop: CancellationToken,
}

impl Tended {
    async fn run(self) {
        let source = &self.directory.name;
        match self.directory.source(&self.data) {
            Ok(ready) => {
                if let Some(warning) = ready.warning() {
                    tracing::warn!(source, "{warning}");
                }
            }
            Err(error) => tracing::error!(source, "{error:#}"),
        }
        let rhythm = match self.config.sync.rhythm() {
            Ok(Some(rhythm)) => rhythm,
            Ok(None) => {
                tracing::info!(
                    source,
                    "synchronised by hand only: [sync] every is \"never\""
                );
                return;
            }
            Err(error) => {
                tracing::error!(source, "not synchronised: {error:#}");
                return;
            }
        };
        let mut in_vain = None;
        while !self.stop.is_cancelled() {
            let ago = in_vain.and_then(|at: Instant| at.elapsed().try_into().ok());
            let due = self.service.sync_due(&self.caller, source, &rhythm, ago);
            let wait = match due.await {
                Ok(Due::Now { full }) => self.sync(full, &mut in_vain).await,
                Ok(Due::In(time)) => Duration::try_from(time).unwrap_or(LOOK),
                Err(error) => {
                    tracing::error!(source, id = error.id(), "cannot be synchronised: {error}");
                    LOOK
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = sleep(wait.min(LOOK)) => {}
            }
        }
    }

    /// Synchronises; says how long to wait at least. Notes the time of an attempt that left no trace.
    async fn sync(&self, full: bool, in_vain: &mut Option<Instant>) -> Duration {
        let name = &self.directory.name;
        // Read each time, so that a password that was changed counts at once.
        let mut source = match self.directory.source(&self.data) {
            Ok(source) => source,
            Err(error) => {
                tracing::error!(source = name, "{error:#}");
                return LOOK;
            }
        };
        if let Some(warning) = source.warning() {
            tracing::warn!(source = name, "{warning}");
        }
        let options = SyncOptions {
            full,
            ..self.config.sync.options(name, "Ldap")
        };
        let mut go_on = |_progress| !self.stop.is_cancelled();
        let sync = self
            .service
            .sync(&self.caller, &mut source, &options, &mut go_on);
        let given_up = async {
            self.stop.cancelled().await;
            sleep(PATIENCE).await;
        };
        let came = tokio::select! {
            came = sync => came,
            () = given_up => return LOOK,
        };
        match came {
            Ok(report) => log(name, &report),
            Err(error @ SyncError::Overtaken { .. }) => {
                *in_vain = Some(Instant::now());
                tracing::info!(source = name, "{error}");
            }
            Err(error) => {
                if !matches!(error, SyncError::Source(_)) {
                    *in_vain = Some(Instant::now());
                }
                tracing::error!(source = name, id = error.id(), "not synchronised: {error}");
            }
        }
        Duration::from_secs(1)
    }
}

fn log(source: &str, report: &SyncReport) {
    for error in &report.passed_over {
        tracing::warn!(source, id = error.id, "{error}");
    }
    if report.asks {
        tracing::warn!(
            source,
            "{} of {} users would be disabled, so nothing was changed; if that is right, run pinward \
             sync --source with --allow-disable {}",
            report.figures.disabled,
            report.enabled_before,
            report.figures.disabled
        );
        return;
    }
    for (what, count) in [
        ("entries cannot be used", report.unusable.len()),
        (
            "numbers or addresses belong to several users",
            report.conflicts.len(),
        ),
    ] {
        if count > 0 {
            tracing::warn!(
                source,
                count,
                "{what}; pinward sync --full --dry-run lists them"
            );
        }
    }
    let figures = report.figures;
    tracing::info!(
        source,
        full = report.full,
        created = figures.created,
        updated = figures.updated,
        returned = figures.returned,
        disabled = figures.disabled,
        purged = figures.purged,
        interrupted = report.interrupted,
        "synchronised"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_sync_goes_by_begins_it_anew() {
        for (text, expected) in [
            ("", false),
            ("[log]\nlevel = \"debug\"", false),
            ("[sync]\ngrace_days = 30", false),
            ("[sync]\ngrace_days = 31", true),
            ("[sync]\nevery = \"never\"", true),
        ] {
            let later: Config = toml::from_str(text).expect(text);
            assert_eq!(
                tells_otherwise(&Config::default(), &later),
                expected,
                "{text}"
            );
        }
    }
}
