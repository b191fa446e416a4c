//! Where a collector is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use hyper::Uri;

/// Where collectors take traces.
const PATH: &str = "/v1/traces";

/// The address at which a collector takes traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    encrypted: bool,
    host: String,
    port: u16,
    path: String,
}

/// Why an address cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is none.
    #[error(
        "\"{0}\" is no address of a collector; write the scheme, the host and the port where it takes OTLP over \
         HTTP, such as http://127.0.0.1:4318 or https://otel.litwareinc.com:4318"
    )]
    NoAddress(String),
    /// There is a name, a password or a query in it, which is not repeated.
    #[error(
        "there is a user name, a password or a query in it, which would be read by whoever reads pinward.toml; write \
         the address without, and put a header such as Authorization=Basic%20… into a headers_file"
    )]
    Credentials,
}

impl Endpoint {
    /// The host: a name, or an address without brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where it is asked.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The host as requests name it.
    pub(crate) fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    /// Whether TLS is spoken there.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Whether others could read on the way what is sent there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let loopback = match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        };
        !self.encrypted && !loopback
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    /// The address of a collector, or the one at which it takes traces.
    fn from_str(text: &str) -> Result<Self, EndpointError> {
        if text.contains(['@', '?']) {
            return Err(EndpointError::Credentials);
        }
        let wrong = || EndpointError::NoAddress(text.to_owned());
        let uri: Uri = text.trim().parse().map_err(|_| wrong())?;
        let (encrypted, usual) = match uri.scheme_str() {
            Some("http") => (false, 80),
            Some("https") => (true, 443),
            _ => return Err(wrong()),
        };
        let authority = uri.authority().ok_or_else(wrong)?;
        let named = authority.host();
        let port = match authority.as_str().strip_prefix(named) {
            Some("") => usual,
            // A port that is too large reads as none.
            _ => authority.port_u16().ok_or_else(wrong)?,
        };
        let host = named.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || port == 0 || text.contains('#') {
            return Err(wrong());
        }
        let base = uri.path().trim_end_matches('/');
        Ok(Self {
            encrypted,
            host: host.to_owned(),
            port,
            path: format!("{}{PATH}", base.strip_suffix(PATH).unwrap_or(base)),
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, whole, open) in [
            (
                "http://127.0.0.1:4318",
                "http://127.0.0.1:4318/v1/traces",
                false,
            ),
            (
                "http://localhost:4318/",
                "http://localhost:4318/v1/traces",
                false,
            ),
            ("http://[::1]:4318", "http://[::1]:4318/v1/traces", false),
            (
                "http://[::ffff:127.0.0.1]:4318",
                "http://[::ffff:127.0.0.1]:4318/v1/traces",
                false,
            ),
            (
                "https://otel.litwareinc.com",
                "https://otel.litwareinc.com:443/v1/traces",
                false,
            ),
            (
                "https://otel.litwareinc.com/otlp",
                "https://otel.litwareinc.com:443/otlp/v1/traces",
                false,
            ),
            (
                "http://10.0.0.7/otlp/v1/traces",
                "http://10.0.0.7:80/otlp/v1/traces",
                true,
            ),
            (
                "http://otel-collector:4318",
                "http://otel-collector:4318/v1/traces",
                true,
            ),
        ] {
            let endpoint: Endpoint = text.parse().expect(text);
            assert_eq!(
                (endpoint.to_string().as_str(), endpoint.is_open()),
                (whole, open)
            );
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "127.0.0.1:4318",
            "otel.litwareinc.com",
            "grpc://127.0.0.1:4317",
            "unix:/run/otel.sock",
            "http://",
            "http:///v1/traces",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:",
            "http://127.0.0.1:0",
            "https://otel.litwareinc.com/#traces",
            "https://otel litwareinc.com",
        ] {
            let error = text.parse::<Endpoint>().expect_err(text);
            assert_eq!(error, EndpointError::NoAddress(text.to_owned()));
        }
        for text in [
            "https://pinward:secret@otel.litwareinc.com",
            "https://otel.litwareinc.com/v1?api_key=secret",
        ] {
            let error = text.parse::<Endpoint>().expect_err(text).to_string();
            assert!(
                error.contains("headers_file") && !error.contains("secret"),
                "{error}"
            );
        }
    }
}
