//! The FastAGI door in the program.

use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_fastagi::{Desk, Server};
use pinward_service::Service;
use tokio::sync::watch;

use crate::config::Config;
use crate::serve::{Doors, House};

/// Binds the listener, where one is configured, and answers at it. What changes is taken over for the calls
/// from then on.
pub async fn start(house: &House, doors: &mut Doors) -> Result<()> {
    let config = Arc::clone(&house.config.borrow());
    let fastagi = &config.fastagi;
    let warn = {
        let started = fastagi.listen.clone();
        move |config: &Config| {
            if config.fastagi.listen != started {
                tracing::warn!("[fastagi] listen has changed: it is read at the next start");
            }
        }
    };
    let Some(listen) = fastagi.listen()? else {
        house.follow(doors, warn);
        return Ok(());
    };
    let server = Server::bind(listen)
        .await
        .with_context(|| format!("[fastagi] in pinward.toml: cannot listen at {listen}"))?;
    let service = Arc::clone(&house.service);
    let (desk, watched) = watch::channel(Arc::new(desk(&service, &config)?));
    tracing::info!("answering calls at agi://{}", server.address()?);
    let stopping = house.stopping.clone();
    let patience = config.server.stop.0;
    doors.spawn(async move {
        server.serve(watched, stopping, patience).await;
        Ok(())
    });
    house.follow(doors, move |config| {
        warn(config);
        match self::desk(&service, config) {
            Ok(changed) => drop(desk.send_replace(Arc::new(changed))),
            Err(error) => tracing::error!("[fastagi] stays as it was: {error:#}"),
        }
    });
    Ok(())
}

fn desk(service: &Arc<Service>, config: &Config) -> Result<Desk> {
    let fastagi = &config.fastagi;
    Ok(Desk {
        service: Arc::clone(service),
        limits: fastagi.limits()?,
        settings: Arc::new(config.attendant.settings(fastagi.tell_reasons)?),
        sounds: fastagi.sounds(&config.attendant)?,
        trust_caller_number: fastagi.trust_caller_number,
        confbridge: fastagi.confbridge()?,
    })
}
