//! `pinward serve`: opens the folder and its doors, and closes them again when the program is told to stop.
//!
//! A door has a file of its own, such as `http.rs`, with a function `start` that is called below. It takes
//! the [`House`], binds what it listens at (an error there ends the start), and spawns onto [`Doors`] what
//! runs until [`House::stopping`] is cancelled; that ends within the time that the door grants to what is
//! under way. A door that can take a changed configuration watches [`House::config`].

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_service::Service;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::folder::Folder;
use crate::http;

/// What every door gets.
pub struct House {
    /// The use cases.
    pub service: Arc<Service>,
    /// The configuration, checked; and every later one.
    pub config: watch::Receiver<Arc<Config>>,
    /// Cancelled when the program is stopping: accept nothing new, finish what is under way, end.
    pub stopping: CancellationToken,
}

/// The running doors. One that ends before it is told to ends the program.
pub type Doors = JoinSet<Result<()>>;

/// Serves until the program is told to stop.
pub fn serve(runtime: &Runtime, folder: &Folder) -> Result<ExitCode> {
    logs();
    runtime.block_on(async {
        let stopping = CancellationToken::new();
        let config = Config::load(&folder.data)?;
        config.server.checked()?;
        let (_changed, config) = watch::channel(Arc::new(config));
        let house = House {
            service: folder.open().await?,
            config,
            stopping: stopping.clone(),
        };
        let mut doors = Doors::new();
        start(&house, &mut doors).await?;
        tracing::info!("ready");
        until_told(&mut doors, &stopping).await
    })
}

/// Opens every door.
pub async fn start(house: &House, doors: &mut Doors) -> Result<()> {
    http::start(house, doors).await?;
    Ok(())
}

/// Waits for the signal to stop, or for a door that ended by itself; then for all doors.
async fn until_told(doors: &mut Doors, stopping: &CancellationToken) -> Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut code = ExitCode::SUCCESS;
    tokio::select! {
        _told = terminate.recv() => tracing::info!("stopping: SIGTERM"),
        _told = interrupt.recv() => tracing::info!("stopping: SIGINT"),
        Some(ended) = doors.join_next() => code = ended_early(ended),
    }
    stopping.cancel();
    while let Some(ended) = doors.join_next().await {
        if !matches!(ended, Ok(Ok(()))) {
            code = ended_early(ended);
        }
    }
    tracing::info!("stopped");
    Ok(code)
}

fn ended_early(ended: Result<Result<()>, tokio::task::JoinError>) -> ExitCode {
    match ended {
        Ok(Ok(())) => tracing::error!("a door closed by itself"),
        Ok(Err(error)) => tracing::error!("a door closed: {error:#}"),
        Err(error) => tracing::error!("a door broke: {error}"),
    }
    ExitCode::FAILURE
}

fn logs() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
