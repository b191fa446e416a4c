//! The clients: who may ask, and what they may be told.

use std::net::IpAddr;
use std::sync::Arc;

use pinward_core::Network;
use rustls::pki_types::ServerName;

use crate::codec::Secret;
use crate::extra::Extra;

/// Somebody who may ask.
pub struct Client {
    /// Its name in the log and in the audit log.
    pub name: String,
    /// Where it asks from.
    pub networks: Vec<Network>,
    /// How it proves itself over UDP; `None`: it may not ask there.
    pub udp: Option<Shared>,
    /// The name in its certificate over TLS; `None`: it may not ask there.
    pub certificate: Option<ServerName<'static>>,
    /// Whether it is told why somebody is refused (R-AUTH-5).
    pub reasons: bool,
    /// What an Access-Accept says beside User-Name.
    pub accept: Vec<Extra>,
}

impl Client {
    /// Whether a connection whose other end proved to be `proven` is this client's.
    pub(crate) fn is_proven_as(&self, proven: &Client) -> bool {
        self.name == proven.name && self.certificate == proven.certificate
    }
}

/// A secret that is shared with a client.
pub struct Shared {
    /// The secret.
    pub secret: Secret,
    /// Whether requests without Message-Authenticator are taken: whoever can change packets on their
    /// way can then make requests up (CVE-2024-3596).
    pub unsigned: bool,
}

/// All clients.
#[derive(Default)]
pub struct Clients {
    /// Each network with its client, the narrowest first.
    by_network: Vec<(Network, Arc<Client>)>,
}

impl Clients {
    /// These clients.
    #[must_use]
    pub fn new(clients: impl IntoIterator<Item = Client>) -> Self {
        let mut by_network = Vec::new();
        for client in clients.into_iter().map(Arc::new) {
            for network in &client.networks {
                by_network.push((*network, Arc::clone(&client)));
            }
        }
        by_network.sort_by_key(|(network, _)| std::cmp::Reverse(network.bits()));
        Self { by_network }
    }

    /// The client that asks over UDP from this address: the one with the narrowest network.
    #[must_use]
    pub fn over_udp(&self, address: IpAddr) -> Option<&Arc<Client>> {
        self.at(address).find(|client| client.udp.is_some())
    }

    /// The clients that may ask over TLS from this address, the narrowest network first.
    pub fn over_tls(&self, address: IpAddr) -> impl Iterator<Item = &Arc<Client>> {
        self.at(address)
            .filter(|client| client.certificate.is_some())
    }

    fn at(&self, address: IpAddr) -> impl Iterator<Item = &Arc<Client>> {
        self.by_network
            .iter()
            .filter(move |(network, _)| network.contains(address))
            .map(|(_, client)| client)
    }
}
