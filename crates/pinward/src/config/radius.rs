//! `[radius]`: where the program listens for RADIUS, and `[[radius.client]]`: who may ask.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use pinward_core::Network;
use pinward_radius::codec::Secret;
use pinward_radius::radsec::Certificates;
use pinward_radius::{Client, Extra, Shared, Value};
use rustls::pki_types::ServerName;
use serde::Deserialize;

use super::secret;

/// RADIUS. Without `listen` and `tls_listen` there is none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Radius {
    /// Where to listen over UDP: `ADDRESS:PORT`, usually port 1812.
    pub listen: Vec<String>,
    /// Where to listen over TLS (RadSec): `ADDRESS:PORT`, usually port 2083.
    pub tls_listen: Vec<String>,
    /// The certificates of `tls_listen`, a PEM file: the server's own first.
    pub certificate: PathBuf,
    /// The private key of the certificate, a PEM file.
    pub key: PathBuf,
    /// The authorities that the certificates of the clients are from, a PEM file.
    pub client_authority: PathBuf,
    /// Who may ask.
    pub client: Vec<RadiusClient>,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# RADIUS: telephone systems ask whether a PIN is right. Where it listens is read at the start. See
# docs/radius.md.
[radius]

# Where to listen over UDP, "ADDRESS:PORT", usually port 1812. Empty: nowhere.
#listen = []

# Where to listen over TLS (RadSec), "ADDRESS:PORT", usually port 2083, with the certificate, its private key and
# the authorities that the certificates of the clients are from: PEM files.
#tls_listen = []
#certificate = ""
#key = ""
#client_authority = ""

# Who may ask. Each has a section of its own instead of this line:
# [[radius.client]]
# name = "gateway"
# networks = ["10.1.0.20"]
# secret_file = "/etc/pinward/gateway.secret"
# reasons = true
#client = []
"#;

/// Somebody who may ask.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadiusClient {
    /// Its name in the log and in the audit log.
    pub name: String,
    /// Where it asks from: networks or addresses. Where several clients fit, the narrowest network counts.
    pub networks: Vec<String>,
    /// The file of the secret for UDP. A line break at its end does not count.
    pub secret_file: Option<PathBuf>,
    /// The environment variable of the secret for UDP.
    pub secret_env: Option<String>,
    /// Whether requests over UDP must have a Message-Authenticator.
    #[serde(default = "yes")]
    pub require_message_authenticator: bool,
    /// The name in its certificate for TLS.
    pub certificate_name: Option<String>,
    /// Whether it is told why somebody is refused.
    #[serde(default)]
    pub reasons: bool,
    /// What an Access-Accept says beside User-Name.
    #[serde(default)]
    pub accept: Vec<RadiusAttribute>,
}

/// An attribute of an Access-Accept: its type, of a vendor where one is given, with a text or a number.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadiusAttribute {
    /// The vendor's number.
    pub vendor: Option<u32>,
    /// The type, 1–255.
    pub attribute: u8,
    /// Text, in which {sip}, {upn}, {logon}, {displayname}, {number} and {extension} are filled in.
    pub text: Option<String>,
    /// A number of four octets.
    pub number: Option<u32>,
}

fn yes() -> bool {
    true
}

impl Radius {
    /// Whether there is anything to listen at.
    pub fn is_on(&self) -> bool {
        !self.listen.is_empty() || !self.tls_listen.is_empty()
    }

    /// The addresses for UDP and for TLS, checked.
    pub fn addresses(&self) -> Result<(Vec<SocketAddr>, Vec<SocketAddr>)> {
        let read = |texts: &[String]| -> Result<Vec<SocketAddr>> {
            texts.iter().map(|text| address(text)).collect()
        };
        Ok((read(&self.listen)?, read(&self.tls_listen)?))
    }

    /// The certificates for TLS, where it is listened at.
    pub fn certificates(&self) -> Result<Option<Certificates>> {
        if self.tls_listen.is_empty() {
            return Ok(None);
        }
        let files = [&self.certificate, &self.key, &self.client_authority];
        if files.iter().any(|path| path.as_os_str().is_empty()) {
            bail!(
                "[radius] in pinward.toml: tls_listen needs certificate, key and client_authority, each a \
                 PEM file"
            );
        }
        let [certificate, key, authority] = files.map(|path| read(path));
        let certificates = Certificates::of(&certificate?, &key?, &authority?);
        certificates
            .context("[radius] in pinward.toml: certificate, key and client_authority")
            .map(Some)
    }

    /// The clients with their secrets, checked.
    pub fn clients(&self) -> Result<Vec<Client>> {
        let mut clients: Vec<Client> = Vec::with_capacity(self.client.len());
        for given in &self.client {
            let name = &given.name;
            let client = given.read();
            let client =
                client.with_context(|| format!("[[radius.client]] {name:?} in pinward.toml"))?;
            for other in &clients {
                if other.name == *name {
                    bail!("[[radius.client]] in pinward.toml: two clients are called {name:?}");
                }
                let both = other.udp.is_some() && client.udp.is_some();
                let shared = client
                    .networks
                    .iter()
                    .find(|it| other.networks.contains(it));
                if let (true, Some(network)) = (both, shared) {
                    let other = &other.name;
                    bail!(
                        "[[radius.client]] in pinward.toml: {name:?} and {other:?} both have {network}; \
                         which of them asks could not be told"
                    );
                }
            }
            clients.push(client);
        }
        for (listen, what, possible) in [
            (
                &self.listen,
                "listen",
                clients.iter().any(|it| it.udp.is_some()),
            ),
            (
                &self.tls_listen,
                "tls_listen",
                clients.iter().any(|it| it.certificate.is_some()),
            ),
        ] {
            if !listen.is_empty() && !possible {
                bail!(
                    "[radius] in pinward.toml: {what} is set, and no [[radius.client]] may ask there: over UDP \
                     it needs secret_file or secret_env, over TLS certificate_name"
                );
            }
        }
        Ok(clients)
    }

    /// Everything, checked.
    pub fn check(&self) -> Result<()> {
        if self.is_on() {
            self.addresses()?;
            self.certificates()?;
            self.clients()?;
        }
        Ok(())
    }
}

impl RadiusClient {
    fn read(&self) -> Result<Client> {
        if self.name.trim().is_empty() || self.name.chars().any(char::is_control) {
            bail!("its name is empty or has control characters");
        }
        let networks: Result<Vec<Network>, _> =
            self.networks.iter().map(|text| text.parse()).collect();
        let networks = networks?;
        if networks.is_empty() {
            bail!("networks is empty: say where it asks from");
        }
        let udp = self.secret()?.map(|secret| Shared {
            secret,
            unsigned: !self.require_message_authenticator,
        });
        let certificate = self.certificate_name.clone().map(ServerName::try_from);
        let certificate = certificate.transpose().with_context(|| {
            format!(
                "certificate_name {:?} is no name of a host",
                self.certificate_name
            )
        })?;
        if udp.is_none() && certificate.is_none() {
            bail!(
                "it cannot prove who it is: set secret_file or secret_env for UDP, or certificate_name for TLS"
            );
        }
        let accept: Result<Vec<Extra>> = self.accept.iter().map(RadiusAttribute::read).collect();
        Ok(Client {
            name: self.name.clone(),
            networks,
            udp,
            certificate,
            reasons: self.reasons,
            accept: accept?,
        })
    }

    fn secret(&self) -> Result<Option<Secret>> {
        let (file, variable) = (self.secret_file.as_deref(), self.secret_env.as_deref());
        let Some(text) = secret::read(file, variable, ["secret_file", "secret_env"])? else {
            return Ok(None);
        };
        let secret = Secret::new(text.as_bytes());
        secret.context("its secret is empty").map(Some)
    }
}

impl RadiusAttribute {
    fn read(&self) -> Result<Extra> {
        let value = match (&self.text, self.number) {
            (Some(text), None) => Value::Text(text.clone()),
            (None, Some(number)) => Value::Number(number),
            _ => bail!(
                "accept: attribute {} needs either text or number",
                self.attribute
            ),
        };
        let extra = Extra::new(self.vendor, self.attribute, value);
        extra.with_context(|| format!("accept: attribute {}", self.attribute))
    }
}

fn address(text: &str) -> Result<SocketAddr> {
    text.parse().with_context(|| {
        format!(
            "[radius] in pinward.toml: {text:?} is no place to listen at: write an address and a port, such \
             as 10.1.2.3:1812 or [2001:db8::5]:1812"
        )
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
