//! The HTTP door in the program: its listeners, certificates and settings from the configuration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use pinward_http::{App, Parts, Server, TlsConfig, router};
use tokio::sync::watch;

use crate::config;
use crate::serve::{Doors, House};
use crate::system::{SystemClock, SystemEntropy};

/// Binds the listeners and answers at them. Returns where they are reached.
pub async fn start(house: &House, doors: &mut Doors) -> Result<Vec<String>> {
    let config = Arc::clone(&house.config.borrow());
    let server = &config.server;
    let bound = Server::bind(&server.listen()?, tls(server)?).await?;
    let addresses = bound.addresses();
    for address in &addresses {
        tracing::info!("listening at {address}");
    }
    let (_changed, settings) = watch::channel(Arc::new(server.settings()?));
    let app = App::new(Parts {
        service: Arc::clone(&house.service),
        settings,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        stopping: house.stopping.clone(),
    });
    let patience = Duration::from_secs(server.stop_seconds.into());
    let stopping = house.stopping.clone();
    doors.spawn(async move {
        bound.serve(router(app), stopping, patience).await;
        Ok(())
    });
    Ok(addresses)
}

/// The certificate and its key, where both are configured.
fn tls(server: &config::Server) -> Result<Option<TlsConfig>> {
    let (Some(certificate), Some(key)) = (&server.certificate, &server.key) else {
        return Ok(None);
    };
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let made = TlsConfig::of(&read(certificate)?, &read(key)?);
    made.with_context(|| {
        format!(
            "[server] in pinward.toml: {} and {} cannot be used",
            certificate.display(),
            key.display()
        )
    })
    .map(Some)
}
