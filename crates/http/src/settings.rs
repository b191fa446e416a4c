//! What the configuration says about this door.

use pinward_core::Network;

/// What may change while the program runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether whoever connects over a Unix socket is such a proxy.
    pub trust_unix_socket: bool,
    /// Where people and machines reach this server, such as `https://pins.litwareinc.com`; without a
    /// slash at the end. `None`: as the request says.
    pub public_url: Option<String>,
}
