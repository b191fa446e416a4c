//! `pinward serve`: opens the folder and its doors, and closes them again when the program is told to stop.
//!
//! A door has a file of its own, such as `http.rs`, with a function `start` that is called below. It takes
//! the [`House`], binds what it listens at (an error there ends the start), and spawns onto [`Doors`] what
//! runs until [`House::stopping`] is cancelled; that ends within the time that the door grants to what is
//! under way. A changed configuration is taken over with [`House::follow`].

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_service::Service;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::folder::Folder;
use crate::logs::Logs;
use crate::notify::{State, notify};
use crate::traces::Exporting;
use crate::{fastagi, http, key_watch, passwords, radius, schedule, traces};

/// What every door gets.
pub struct House {
    /// The use cases.
    pub service: Arc<Service>,
    /// The configuration, checked; and every later one.
    pub config: watch::Receiver<Arc<Config>>,
    /// Cancelled when the program was told to stop and load balancers are given time to notice: say so to whoever
    /// can go elsewhere, and answer everything.
    pub leaving: CancellationToken,
    /// Cancelled when the program is stopping: accept nothing new, finish what is under way, end.
    pub stopping: CancellationToken,
}

impl House {
    /// Has each later configuration taken over, until the program is stopping.
    pub fn follow(&self, doors: &mut Doors, mut take_over: impl FnMut(&Config) + Send + 'static) {
        let (mut config, stopping) = (self.config.clone(), self.stopping.clone());
        doors.spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.cancelled() => return Ok(()),
                    changed = config.changed() => if changed.is_err() {
                        // Nobody changes it any more.
                        stopping.cancelled().await;
                        return Ok(());
                    },
                }
                let now = Arc::clone(&config.borrow_and_update());
                take_over(&now);
            }
        });
    }
}

/// The running doors. One that ends before it is told to ends the program.
pub type Doors = JoinSet<Result<()>>;

/// Opens every door. Returns where the pages and the API are reached.
pub async fn start(house: &House, doors: &mut Doors) -> Result<Vec<String>> {
    let addresses = http::start(house, doors).await?;
    fastagi::start(house, doors).await?;
    radius::start(house, doors).await?;
    Ok(addresses)
}

/// Serves until the program is told to stop.
pub fn serve(runtime: &Runtime, folder: &Folder) -> Result<ExitCode> {
    let config = Config::load(&folder.data)?.checked()?;
    let prepared = traces::prepare(&config.traces)?;
    let recorder = prepared.as_ref().map(|prepared| &prepared.recorder);
    let logs = Logs::begin(&config.log, recorder);
    let (changed, config) = watch::channel(Arc::new(config));
    let keeper = Keeper {
        folder: folder.clone(),
        logs,
        changed,
    };
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        more_files();
        let house = House {
            service: folder.open().await?,
            config,
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
        };
        let mut doors = Doors::new();
        let exporting = traces::start(&house, &mut doors, prepared);
        passwords::start(&house, &folder.data, &mut doors)?;
        start(&house, &mut doors).await?;
        schedule::start(&house, folder.data.clone(), &mut doors);
        key_watch::start(&house, &mut doors);
        tracing::info!("ready");
        notify(State::Ready);
        let mut well = until_told(&mut signals, &mut doors, &keeper).await;
        notify(State::Stopping);
        house.leaving.cancel();
        // One door that broke is nothing to serve on with.
        well = well && leave(&house, &mut signals, &mut doors, &keeper).await;
        house.stopping.cancel();
        well &= tokio::select! {
            closed = close_and_send(&mut doors, exporting) => closed,
            () = signals.third() => {
                tracing::warn!("told to stop for the third time: what is under way is given up");
                false
            }
        };
        tracing::info!("stopped");
        Ok(if well {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
}

/// Serves on while load balancers notice that the program is not ready any more, as long as the configuration
/// says, or until it is told to stop once more. `false`: a door ended by itself.
async fn leave(house: &House, signals: &mut Signals, doors: &mut Doors, keeper: &Keeper) -> bool {
    let time = house.config.borrow().server.leave.0;
    if time.is_zero() {
        return true;
    }
    tracing::info!("not ready any more, and serving on for {time:?}");
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        told = until_told(signals, doors, keeper) => told,
    }
}

/// What the program listens to while it serves.
struct Signals {
    /// How often it was told to stop.
    told: u32,
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

/// What somebody wants of the running program.
enum Wish {
    /// The end, by this signal.
    Stop(&'static str),
    /// The configuration is to be read again.
    Reload,
}

impl Signals {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            told: 0,
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Wish {
        let wish = tokio::select! {
            _told = self.terminate.recv() => Wish::Stop("SIGTERM"),
            _told = self.interrupt.recv() => Wish::Stop("SIGINT"),
            _told = self.hang_up.recv() => Wish::Reload,
        };
        self.told += u32::from(matches!(wish, Wish::Stop(_)));
        wish
    }

    /// Waits for somebody who cannot wait until all doors are closed. The second time may be the same wish, told to
    /// a program and to its group.
    async fn third(&mut self) {
        while self.told < 3 {
            if let Wish::Stop(signal) = self.next().await
                && self.told < 3
            {
                tracing::info!("{signal} again: what is under way is answered first");
            }
        }
    }
}

/// Waits for the wish to stop, or for a door that ended by itself (`false`). Reads the configuration again
/// when it is asked to.
async fn until_told(signals: &mut Signals, doors: &mut Doors, keeper: &Keeper) -> bool {
    loop {
        tokio::select! {
            wish = signals.next() => match wish {
                Wish::Stop(signal) => {
                    tracing::info!("stopping: {signal}");
                    return true;
                }
                Wish::Reload => keeper.reload(),
            },
            Some(ended) = doors.join_next() => {
                tracing::error!("a door closed by itself");
                well(ended);
                return false;
            }
        }
    }
}

/// Waits until all doors are closed. Whether they closed well.
pub async fn close(doors: &mut Doors) -> bool {
    let mut all = true;
    while let Some(ended) = doors.join_next().await {
        all &= well(ended);
    }
    all
}

/// The same, and sends what traces say of it.
async fn close_and_send(doors: &mut Doors, exporting: Exporting) -> bool {
    let closed = close(doors).await;
    exporting.finish().await;
    closed
}

fn well(ended: Result<Result<()>, JoinError>) -> bool {
    match ended {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::error!("a door closed: {error:#}"),
        Err(error) => tracing::error!("a door broke: {error}"),
    }
    false
}

/// Keeps the configuration.
struct Keeper {
    folder: Folder,
    logs: Logs,
    changed: watch::Sender<Arc<Config>>,
}

impl Keeper {
    /// Reads the configuration again and hands it on. One that cannot be used changes nothing.
    fn reload(&self) {
        match Config::load(&self.folder.data).and_then(Config::checked) {
            Ok(config) => {
                self.logs.change(&config.log);
                self.changed.send_replace(Arc::new(config));
                tracing::info!("the configuration was read again");
            }
            Err(error) => {
                tracing::error!("the configuration was read again and is not used: {error:#}");
            }
        }
    }
}

/// Asks the system for as many open files as it allows: each connection is one.
fn more_files() {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, most) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}
