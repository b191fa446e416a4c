//! `[server]`: where the program listens for HTTP, and how.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use pinward_core::Network;
use pinward_http::{Listen, Settings};
use serde::Deserialize;

/// The HTTP server.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where to listen: `http://ADDRESS:PORT`, `https://ADDRESS:PORT`, `unix:/PATH`.
    pub listen: Vec<String>,
    /// The certificates of `https://`, a PEM file: the server's own first, then those up to its authority.
    pub certificate: Option<PathBuf>,
    /// The private key of the certificate, a PEM file.
    pub key: Option<PathBuf>,
    /// Lets `http://` listen at addresses that others can reach: everybody on the way can read PINs there.
    pub plain_http_behind_proxy: bool,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: networks, and `unix` for
    /// whoever connects to a Unix socket.
    pub trusted_proxies: Vec<String>,
    /// Where people reach the server, such as `https://pins.litwareinc.com`.
    pub public_url: Option<String>,
    /// How long requests that are under way may take when the program is stopped, in seconds, 0–3600.
    pub stop_seconds: u16,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: vec!["http://127.0.0.1:8080".to_owned()],
            certificate: None,
            key: None,
            plain_http_behind_proxy: false,
            trusted_proxies: Vec::new(),
            public_url: None,
            stop_seconds: 30,
        }
    }
}

/// The name of a Unix socket's other end among the trusted proxies.
const UNIX: &str = "unix";

impl Server {
    /// Where to listen, checked.
    pub fn listen(&self) -> Result<Vec<Listen>> {
        let mut places = Vec::with_capacity(self.listen.len());
        for text in &self.listen {
            let place: Listen = text.parse().context("[server] listen in pinward.toml")?;
            if place.is_open() && !self.plain_http_behind_proxy {
                bail!(
                    "[server] listen in pinward.toml: {text} can be reached by others, who could read the \
                     PINs. Listen at https:// with certificate and key, or at a loopback address or \
                     a Unix socket; where a proxy in front does TLS, set plain_http_behind_proxy = true"
                );
            }
            if place.is_encrypted() && (self.certificate.is_none() || self.key.is_none()) {
                bail!(
                    "[server] listen in pinward.toml: {text} needs a certificate and its key: set \
                     certificate and key to PEM files"
                );
            }
            places.push(place);
        }
        if places.is_empty() {
            bail!("[server] listen in pinward.toml: it is empty; name a place to listen at");
        }
        Ok(places)
    }

    /// What may change while the program runs, checked.
    pub fn settings(&self) -> Result<Settings> {
        let mut trusted_proxies: Vec<Network> = Vec::new();
        for text in self.trusted_proxies.iter().filter(|text| *text != UNIX) {
            let network = text.parse();
            trusted_proxies.push(network.context("[server] trusted_proxies in pinward.toml")?);
        }
        if let Some(url) = &self.public_url {
            let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
            if rest.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', ' '])) {
                bail!(
                    "[server] public_url in pinward.toml: {url:?} is none: write the scheme and the \
                     host, such as https://pins.litwareinc.com"
                );
            }
        }
        Ok(Settings {
            trusted_proxies,
            trust_unix_socket: self.trusted_proxies.iter().any(|text| text == UNIX),
            public_url: self.public_url.clone(),
        })
    }

    /// Everything, checked.
    pub fn checked(&self) -> Result<()> {
        self.listen()?;
        self.settings()?;
        if self.stop_seconds > 3600 {
            let given = self.stop_seconds;
            bail!("[server] in pinward.toml: stop_seconds is {given}; it goes from 0 to 3600");
        }
        Ok(())
    }
}
