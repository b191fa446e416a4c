//! The RADIUS door in the program: its sockets and clients from the configuration.

use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_core::Clock;
use pinward_radius::{Client, Clients, Door, radsec, udp};

use crate::serve::{Doors, House};
use crate::system::SystemClock;

/// A secret below so many octets is warned of.
const SHORT: usize = 16;

/// Binds the sockets and answers at them; nothing where none is configured.
pub async fn start(house: &House, doors: &mut Doors) -> Result<()> {
    let config = Arc::clone(&house.config.borrow());
    let radius = &config.radius;
    if !radius.is_on() {
        return Ok(());
    }
    let clients = radius.clients()?;
    clients.iter().for_each(warn);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let service = Arc::clone(&house.service);
    let door = Arc::new(Door::new(service, Clients::new(clients), &clock));
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
    let certificates = radius.certificates()?;
    for (address, certificates) in over_tls.into_iter().zip(certificates.iter().cycle()) {
        let listener = radsec::Listener::bind(address, certificates.clone()).await;
        let listener = listener.with_context(|| format!("cannot listen at {address} over TLS"))?;
        tracing::info!("RADIUS at tls://{}", listener.address()?);
        let (door, stopping) = (Arc::clone(&door), house.stopping.clone());
        doors.spawn(async move {
            listener.serve(door, stopping, patience).await;
            Ok(())
        });
    }
    Ok(())
}

/// What is less safe than it could be is said at each start.
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
