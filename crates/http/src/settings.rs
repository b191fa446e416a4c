//! What the configuration says about this door.

use std::time::Duration;

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
    /// How much one may ask of this server.
    pub limits: Limits,
    /// Whom users are told to ask for help, such as `the help desk, telephone 2000`. `None`: their help
    /// desk, in their language.
    pub help_desk: Option<String>,
    /// Assertions of who logged on.
    pub assertions: Assertions,
    /// Whether a request that names the span of whoever asks (`traceparent`) goes on with their trace.
    pub follow_callers: bool,
}

/// The assertions that clients of the API get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertions {
    /// Who issues them; `None`: the public address, and where there is none, `pinward`.
    pub issuer: Option<String>,
    /// How long they hold.
    pub life: Duration,
}

impl Assertions {
    /// The longest that they may hold: long enough to hand one on, too short to keep it.
    pub const LONGEST: Duration = Duration::from_secs(300);
}

impl Default for Assertions {
    fn default() -> Self {
        Self {
            issuer: None,
            life: Duration::from_secs(60),
        }
    }
}

/// How much one may ask of the server. How large a body may be is said where a route is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time from one address; trusted proxies may have more.
    pub connections_per_address: usize,
    /// How long a connection may be idle, and then as long again to send the head of a request.
    pub idle: Duration,
    /// How long the body of a request may take to arrive.
    pub body: Duration,
    /// How long an answer may take to begin. What is under way is finished even then.
    pub answer: Duration,
    /// How long the other end may take nothing of what is sent to it.
    pub stalled: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            connections_per_address: 1024,
            idle: Duration::from_secs(60),
            body: Duration::from_secs(15),
            answer: Duration::from_secs(60),
            stalled: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// Who issues assertions.
    #[must_use]
    pub fn issuer(&self) -> &str {
        let issuer = self.assertions.issuer.as_deref();
        issuer.or(self.public_url.as_deref()).unwrap_or("pinward")
    }

    /// Whether this is a proxy that is believed; `None` is whoever connects over a Unix socket.
    #[must_use]
    pub fn trusts(&self, address: Option<std::net::IpAddr>) -> bool {
        match address {
            Some(address) => self
                .trusted_proxies
                .iter()
                .any(|proxies| proxies.contains(address)),
            None => self.trust_unix_socket,
        }
    }
}
