//! What is known of the connection that carries a request.

use std::net::SocketAddr;
use std::sync::Arc;

/// The connection, as an extension of each request. Behind a proxy it is the proxy's: handlers want
/// [`crate::Peer`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The other end; `None` for a Unix socket.
    pub address: Option<SocketAddr>,
    /// Whether it is encrypted by this server.
    pub encrypted: bool,
    /// The certificate (DER) with which the other end proved itself, verified against the configured
    /// authorities.
    pub certificate: Option<Arc<[u8]>>,
}
