//! The HTTP door in the program: its listeners, certificates and settings from the configuration.

use std::sync::Arc;

use anyhow::Result;
use pinward_http::{App, Parts, Routes, Server, monitoring, router_with_hooks};
use tokio::sync::watch;

use crate::config::{Config, Reloadable};
use crate::hooks;
use crate::serve::{Doors, House};
use crate::system::{SystemClock, SystemEntropy};

/// Binds the listeners and answers at them. Returns where people and machines reach them.
pub async fn start(house: &House, doors: &mut Doors) -> Result<Vec<String>> {
    let config = Arc::clone(&house.config.borrow());
    let started = Arc::clone(&config);
    let Reloadable { settings, tls } = reloadable(&config)?;
    let (settings, watched_settings) = watch::channel(Arc::new(settings));
    let (tls, watched_tls) = watch::channel(tls);

    let public = Server::bind(&config.server.listen()?, watched_tls.clone()).await?;
    let private = Server::bind(&config.metrics.listen()?, watched_tls).await?;
    let addresses = public.addresses();
    for address in &addresses {
        tracing::info!("listening at {address}");
    }
    for address in private.addresses() {
        tracing::info!("metrics at {address}/metrics");
    }
    let app = App::new(Parts {
        service: Arc::clone(&house.service),
        settings: watched_settings.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        leaving: house.leaving.clone(),
        stopping: house.stopping.clone(),
    });
    let hooks = hooks::start(house, doors, watched_settings.clone())?;
    let routes = Routes::with_log_ons(router_with_hooks(app.clone(), hooks));
    let patience = config.server.stop.0;
    doors.spawn(async move {
        let open = public.serve(app.clone(), routes, patience);
        let watched = private
            .unlimited()
            .serve(app.clone(), monitoring(app), patience);
        tokio::join!(open, watched);
        Ok(())
    });
    house.follow(doors, move |config| {
        let (now, then) = (&config.server, &started.server);
        if now.listen != then.listen || config.metrics != started.metrics {
            tracing::warn!("listen has changed: it is read at the next start");
        }
        match reloadable(config) {
            Ok(changed) => {
                settings.send_replace(Arc::new(changed.settings));
                tls.send_replace(changed.tls);
            }
            Err(error) => tracing::error!("[server] and [assertions] stay as they were: {error:#}"),
        }
    });
    Ok(addresses)
}

/// What may change while the program runs.
fn reloadable(config: &Config) -> Result<Reloadable> {
    let mut reloadable = config.server.reloadable(&config.assertions)?;
    reloadable.settings.follow_callers = config.traces.follow_callers;
    Ok(reloadable)
}
