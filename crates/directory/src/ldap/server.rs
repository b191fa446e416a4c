//! Where a directory server listens.

use std::fmt;
use std::str::FromStr;

use pinward_core::is_host_name;

/// When the connection is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tls {
    /// From its beginning: `ldaps://`.
    Ldaps,
    /// By the StartTLS operation, before anything else: `ldap://`.
    StartTls,
}

/// The host and port of a directory server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    host: String,
    port: u16,
    tls: Tls,
}

/// A text that is no address of a server.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "\"{0}\" is no address of a directory server; write ldaps://dc1.litwareinc.com or, for StartTLS, \
     ldap://dc1.litwareinc.com, with :PORT where it is neither 636 nor 389"
)]
pub struct ServerError(pub String);

impl Server {
    /// The name that the certificate must have.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// When the connection is encrypted.
    pub fn tls(&self) -> Tls {
        self.tls
    }
}

impl FromStr for Server {
    type Err = ServerError;

    /// Reads `ldaps://HOST[:PORT]` or `ldap://HOST[:PORT]`, where the host is a name or an IPv4 address.
    fn from_str(text: &str) -> Result<Server, ServerError> {
        let bad = || ServerError(text.to_owned());
        let (scheme, rest) = text.trim().split_once("://").ok_or_else(bad)?;
        let (tls, usual) = match scheme.to_ascii_lowercase().as_str() {
            "ldaps" => (Tls::Ldaps, 636),
            "ldap" => (Tls::StartTls, 389),
            _ => return Err(bad()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| bad())?),
            None => (rest, usual),
        };
        if !is_host_name(host) || port == 0 {
            return Err(bad());
        }
        Ok(Server {
            host: host.to_owned(),
            port,
            tls,
        })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.tls {
            Tls::Ldaps => "ldaps",
            Tls::StartTls => "ldap",
        };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, written) in [
            (
                "ldaps://dc1.litwareinc.com",
                Some("ldaps://dc1.litwareinc.com:636"),
            ),
            ("LDAP://dc1/", Some("ldap://dc1:389")),
            ("ldap://127.0.0.1:3890", Some("ldap://127.0.0.1:3890")),
            ("dc1.litwareinc.com", None),
            ("http://dc1", None),
            ("ldap://", None),
            ("ldap://dc1:0", None),
            ("ldap://dc1:70000", None),
            ("ldap://dc1/dc=x?sub", None),
            ("ldap://user@dc1", None),
        ] {
            let server = text.parse::<Server>();
            assert_eq!(
                server.ok().map(|s| s.to_string()).as_deref(),
                written,
                "{text}"
            );
        }
    }
}
