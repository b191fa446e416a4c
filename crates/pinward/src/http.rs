//! The HTTP door in the program: its listeners, certificates and settings from the configuration.

use std::sync::Arc;

use anyhow::Result;
use pinward_http::{
    App, Parts, Server, Settings, TlsConfig, monitoring, router, router_with_hooks,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Reloadable};
use crate::hooks;
use crate::serve::{Doors, House};
use crate::system::{SystemClock, SystemEntropy};

/// Binds the listeners and answers at them. Returns where people and machines reach them.
pub async fn start(house: &House, doors: &mut Doors) -> Result<Vec<String>> {
    let config = Arc::clone(&house.config.borrow());
    let Reloadable { settings, tls } = config.server.reloadable(&config.assertions)?;
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
        settings: watched_settings,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        stopping: house.stopping.clone(),
    });
    let routes = match hooks::hooks(house, &config)? {
        Some(hooks) => router_with_hooks(app.clone(), hooks),
        None => router(app.clone()),
    };
    let patience = config.server.stop.0;
    doors.spawn(async move {
        let open = public.serve(app.clone(), routes, patience);
        let watched = private
            .unlimited()
            .serve(app.clone(), monitoring(app), patience);
        tokio::join!(open, watched);
        Ok(())
    });
    let follower = Follower {
        started: config,
        config: house.config.clone(),
        settings,
        tls,
    };
    doors.spawn(follower.follow(house.stopping.clone()));
    Ok(addresses)
}

/// Takes over what changes in the configuration.
struct Follower {
    started: Arc<Config>,
    config: watch::Receiver<Arc<Config>>,
    settings: watch::Sender<Arc<Settings>>,
    tls: watch::Sender<Option<TlsConfig>>,
}

impl Follower {
    async fn follow(mut self, stopping: CancellationToken) -> Result<()> {
        loop {
            tokio::select! {
                changed = self.config.changed() => match changed {
                    Ok(()) => self.take_over(),
                    // Nobody changes it any more.
                    Err(_) => {
                        stopping.cancelled().await;
                        return Ok(());
                    }
                },
                () = stopping.cancelled() => return Ok(()),
            }
        }
    }

    fn take_over(&mut self) {
        let config = Arc::clone(&self.config.borrow_and_update());
        let (now, then) = (&config.server, &self.started.server);
        if now.listen != then.listen || config.metrics != self.started.metrics {
            tracing::warn!("listen has changed: it is read at the next start");
        }
        match now.reloadable(&config.assertions) {
            Ok(Reloadable { settings, tls }) => {
                self.settings.send_replace(Arc::new(settings));
                self.tls.send_replace(tls);
            }
            Err(error) => tracing::error!("[server] and [assertions] stay as they were: {error:#}"),
        }
    }
}
