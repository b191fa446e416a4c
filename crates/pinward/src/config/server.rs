//! `[server]`: where the program listens for HTTP, and how.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use pinward_core::Network;
use pinward_http::{Limits, Listen, Settings, TlsConfig};
use serde::Deserialize;

use super::Assertions;
use super::time::Time;

/// The HTTP server.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Where to listen: `http://ADDRESS:PORT`, `https://ADDRESS:PORT`, `unix:/PATH`.
    pub listen: Vec<String>,
    /// The certificates of `https://`, a PEM file: the server's own first, then those up to its authority.
    pub certificate: PathBuf,
    /// The private key of the certificate, a PEM file.
    pub key: PathBuf,
    /// The authorities of clients' certificates, a PEM file.
    pub client_authorities: PathBuf,
    /// Lets `http://` listen at addresses that others can reach: everybody on the way can read PINs there.
    pub plain_http_behind_proxy: bool,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: networks, and `unix` for
    /// whoever connects to a Unix socket.
    pub trusted_proxies: Vec<String>,
    /// Where people reach the server, such as `https://pins.litwareinc.com`.
    pub public_url: String,
    /// Whom the users' page tells people to ask, such as `the help desk, telephone 2000`.
    pub help_desk: String,
    /// Connections at a time.
    pub connections: usize,
    /// Connections at a time from one address.
    pub connections_per_address: usize,
    /// How long a connection may be idle, and then as long again to send the head of a request.
    pub idle: Time,
    /// How long the body of a request may take to arrive.
    pub body: Time,
    /// How long an answer may take to begin.
    pub answer: Time,
    /// How long the other end may take nothing of what is sent to it.
    pub stalled: Time,
    /// How long the program serves on when it is stopped, so that load balancers notice.
    pub leave: Time,
    /// How long requests that are under way may take when the program is stopped.
    pub stop: Time,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# HTTP: the API, the users' page and the administrators' console.
[server]

# Where to listen: "http://ADDRESS:PORT", "https://ADDRESS:PORT" with the certificate below, "unix:/PATH". Plain
# HTTP is for loopback addresses alone, unless plain_http_behind_proxy says otherwise. Read at the start.
#listen = ["http://127.0.0.1:8080"]

# The certificate of https:// and its private key, PEM files: the server's own certificate first, then those up
# to its authority. Read again on SIGHUP. Empty: none.
#certificate = ""
#key = ""

# The authorities (PEM file) of clients that prove themselves by a certificate. Empty: none do.
#client_authorities = ""

# true lets http:// listen at addresses that others can reach. For a proxy in front that speaks TLS, on a network
# where nobody else listens: PINs can be read on it.
#plain_http_behind_proxy = false

# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and networks such as
# "10.1.0.0/16", and "unix" for whoever connects to a Unix socket. The client is the last entry of
# X-Forwarded-For that is not one of these.
#trusted_proxies = []

# Where people reach the server, such as "https://pins.litwareinc.com". Empty: as each request says.
#public_url = ""

# Whom the users' page tells people to ask when their PIN is locked, such as "the help desk, telephone 2000". Empty:
# "your help desk", in the language of the page.
#help_desk = ""

# Connections at a time: 1 to 1000000 in all, and from one address. Proxies that are trusted may have more.
#connections = 16384
#connections_per_address = 1024

# How long a connection may be idle, and then as long again to send the head of a request; how long the body of a
# request may take to arrive; how long an answer may take to begin; how long the other end may take nothing of what is
# sent to it. 1 second to 1 hour each.
#idle = "60 seconds"
#body = "15 seconds"
#answer = "60 seconds"
#stalled = "30 seconds"

# How long the program serves on when it is told to stop, while /readyz answers 503 already: as long as a load
# balancer in front takes to notice, such as its interval times the failures that it wants. Up to 5 minutes;
# "0 seconds" where nobody asks for /readyz.
#leave = "0 seconds"

# How long requests that are under way may take when the program is stopped, up to 1 hour.
#stop = "30 seconds"
"#;

impl Default for Server {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            listen: vec!["http://127.0.0.1:8080".to_owned()],
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            client_authorities: PathBuf::new(),
            plain_http_behind_proxy: false,
            trusted_proxies: Vec::new(),
            public_url: String::new(),
            help_desk: String::new(),
            connections: limits.connections,
            connections_per_address: limits.connections_per_address,
            idle: Time(limits.idle),
            body: Time(limits.body),
            answer: Time(limits.answer),
            stalled: Time(limits.stalled),
            leave: Time::seconds(0),
            stop: Time::seconds(30),
        }
    }
}

/// The name of a Unix socket's other end among the trusted proxies.
const UNIX: &str = "unix";
/// More connections than any system gives a program.
const MOST_CONNECTIONS: usize = 1_000_000;
/// The longest that load balancers are waited for.
const LONGEST_LEAVE: Duration = Duration::from_secs(300);
/// The longest of the other times.
const HOUR: Duration = Duration::from_secs(3600);

/// What is read of it again while the program runs.
pub struct Reloadable {
    pub settings: Settings,
    pub tls: Option<TlsConfig>,
}

impl Server {
    /// On a port of loopback that the system chooses.
    pub fn of_demo() -> Self {
        Self {
            listen: vec!["http://127.0.0.1:0".to_owned()],
            stop: Time::seconds(1),
            ..Self::default()
        }
    }

    /// Where to listen, checked.
    pub fn listen(&self) -> Result<Vec<Listen>> {
        let mut places = Vec::with_capacity(self.listen.len());
        for text in &self.listen {
            places.push(
                self.place(text)
                    .context("[server] listen in pinward.toml")?,
            );
        }
        ensure!(
            !places.is_empty(),
            "[server] listen in pinward.toml: it is empty; name a place to listen at"
        );
        Ok(places)
    }

    fn place(&self, text: &str) -> Result<Listen> {
        let place: Listen = text.parse()?;
        if place.is_open() && !self.plain_http_behind_proxy {
            bail!(
                "{text} can be reached by others, who could read the PINs. Listen at https:// with \
                 certificate and key, or at a loopback address or a Unix socket; where a proxy in \
                 front speaks TLS, set plain_http_behind_proxy = true"
            );
        }
        if place.is_encrypted() && is_empty(&self.certificate) {
            bail!("{text} needs a certificate and its key: set certificate and key to PEM files");
        }
        Ok(place)
    }

    /// What may change while the program runs, checked.
    pub fn reloadable(&self, assertions: &Assertions) -> Result<Reloadable> {
        let settings = self.settings().context("[server] in pinward.toml")?;
        Ok(Reloadable {
            settings: Settings {
                assertions: assertions.checked()?,
                ..settings
            },
            tls: self.tls().context("[server] in pinward.toml")?,
        })
    }

    fn settings(&self) -> Result<Settings> {
        let mut trusted_proxies: Vec<Network> = Vec::new();
        for text in self.trusted_proxies.iter().filter(|text| *text != UNIX) {
            trusted_proxies.push(text.parse().context("trusted_proxies")?);
        }
        let url = &self.public_url;
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        let wrong = host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', ' ']));
        ensure!(
            url.is_empty() || !wrong,
            "public_url: {url:?} is none: write the scheme and the host, such as \
             https://pins.litwareinc.com"
        );
        Ok(Settings {
            trusted_proxies,
            trust_unix_socket: self.trusted_proxies.iter().any(|text| text == UNIX),
            public_url: (!url.is_empty()).then(|| url.clone()),
            help_desk: (!self.help_desk.is_empty()).then(|| self.help_desk.clone()),
            limits: self.limits()?,
            ..Settings::default()
        })
    }

    fn limits(&self) -> Result<Limits> {
        for (key, given) in [
            ("connections", self.connections),
            ("connections_per_address", self.connections_per_address),
        ] {
            ensure!(
                (1..=MOST_CONNECTIONS).contains(&given),
                "{key} is {given}; it goes from 1 to {MOST_CONNECTIONS}"
            );
        }
        for (key, time) in [
            ("idle", self.idle),
            ("body", self.body),
            ("answer", self.answer),
            ("stalled", self.stalled),
        ] {
            ensure!(
                (Duration::from_secs(1)..=HOUR).contains(&time.0),
                "{key} goes from 1 second to 1 hour"
            );
        }
        ensure!(self.leave.0 <= LONGEST_LEAVE, "leave goes up to 5 minutes");
        ensure!(self.stop.0 <= HOUR, "stop goes up to 1 hour");
        Ok(Limits {
            connections: self.connections,
            connections_per_address: self.connections_per_address,
            idle: self.idle.0,
            body: self.body.0,
            answer: self.answer.0,
            stalled: self.stalled.0,
        })
    }

    /// The certificate and its key, where they are configured, as the files are now.
    fn tls(&self) -> Result<Option<TlsConfig>> {
        if is_empty(&self.certificate) && is_empty(&self.key) {
            ensure!(
                is_empty(&self.client_authorities),
                "client_authorities is for https://, which needs certificate and key"
            );
            return Ok(None);
        }
        ensure!(
            !is_empty(&self.certificate) && !is_empty(&self.key),
            "certificate and key belong together; one of them is missing"
        );
        let authorities = match is_empty(&self.client_authorities) {
            true => None,
            false => Some(read(&self.client_authorities)?),
        };
        let made = TlsConfig::of(
            &read(&self.certificate)?,
            &read(&self.key)?,
            authorities.as_deref(),
        );
        let (certificate, key) = (self.certificate.display(), self.key.display());
        made.with_context(|| format!("{certificate} and {key} cannot be used"))
            .map(Some)
    }

    /// Everything, checked; the files of the certificates too.
    pub fn check(&self) -> Result<()> {
        self.listen()?;
        self.reloadable(&Assertions::default())?;
        Ok(())
    }
}

fn is_empty(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
