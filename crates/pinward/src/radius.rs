//! The RADIUS door in the program: its sockets, clients and certificates from the configuration.

use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_core::Clock;
use pinward_radius::radsec::Certificates;
use pinward_radius::{Client, Clients, Door, radsec, udp};
use tokio::sync::watch;

use crate::config::{Config, Radius};
use crate::serve::{Doors, House};
use crate::system::SystemClock;

/// A secret below so many octets is warned of.
const SHORT: usize = 16;

/// Binds the sockets and answers at them; nothing where none is configured. Clients and certificates that
/// change are taken over.
pub async fn start(house: &House, doors: &mut Doors) -> Result<()> {
    let config = Arc::clone(&house.config.borrow());
    let started = config.radius.clone();
    let radius = &config.radius;
    if !radius.is_on() {
        house.follow(doors, move |config| warn_of_places(&started, config));
        return Ok(());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let service = Arc::clone(&house.service);
    let door = Arc::new(Door::new(service, clients(radius)?, &clock));
    let patience = config.server.stop.0;
    let (over_udp, over_tls) = radius.addresses()?;
    for address in over_udp {
        let listener = udp::Listener::bind(address).await;
        let listener = listener.with_context(|| format!("cannot listen at {address} over UDP"))?;
        tracing::info!("RADIUS at udp://{}", listener.address()?);
        let (door, stopping) = (Arc::clone(&door), house.stopping.clone());
        doors.spawn(async move {
            listener.serve(door, stopping, patience).await;
            Ok(())
        });
    }
    let certificates = radius.certificates()?.map(watch::Sender::new);
    for address in over_tls {
        let certificates = certificates.as_ref().map(watch::Sender::subscribe);
        let certificates = certificates.context("[radius]: tls_listen needs a certificate")?;
        let listener = radsec::Listener::bind(address, certificates).await;
        let listener = listener.with_context(|| format!("cannot listen at {address} over TLS"))?;
        tracing::info!("RADIUS at tls://{}", listener.address()?);
        let (door, stopping) = (Arc::clone(&door), house.stopping.clone());
        doors.spawn(async move {
            listener.serve(door, stopping, patience).await;
            Ok(())
        });
    }
    house.follow(doors, move |config| {
        warn_of_places(&started, config);
        if let Err(error) = take_over(&config.radius, &door, certificates.as_ref()) {
            tracing::error!("[radius] stays as it was: {error:#}");
        }
    });
    Ok(())
}

fn take_over(
    radius: &Radius,
    door: &Door,
    certificates: Option<&watch::Sender<Certificates>>,
) -> Result<()> {
    let (clients, changed) = (clients(radius)?, radius.certificates()?);
    door.set_clients(clients);
    if let (Some(certificates), Some(changed)) = (certificates, changed) {
        certificates.send_replace(changed);
    }
    Ok(())
}

fn warn_of_places(started: &Radius, config: &Config) {
    let now = &config.radius;
    if now.listen != started.listen || now.tls_listen != started.tls_listen {
        tracing::warn!("[radius]: where it listens has changed: that is read at the next start");
    }
}

/// The clients. What is less safe than it could be is said each time they are read.
fn clients(radius: &Radius) -> Result<Clients> {
    let clients = radius.clients()?;
    clients.iter().for_each(warn);
    Ok(Clients::new(clients))
}

fn warn(client: &Client) {
    let Some(shared) = &client.udp else { return };
    let client = &client.name;
    if shared.unsigned {
        tracing::warn!(
            client,
            "RADIUS: requests without Message-Authenticator are taken of this client: whoever is between it \
             and this server can make requests up, and try PINs (CVE-2024-3596)"
        );
    }
    if shared.secret.len() < SHORT {
        tracing::warn!(
            client,
            "RADIUS: its secret has less than {SHORT} octets: whoever reads one packet can find it out, and \
             with it every PIN"
        );
    }
}
