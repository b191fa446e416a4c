//! Who is at the other end, also behind a proxy, and without believing whoever pretends to be one.
//!
//! Each proxy appends to `X-Forwarded-For` the address that it was reached from. So the list is read from
//! its end: as long as the hop in hand is a trusted proxy, the entry before it is the next hop. The first
//! hop that is no trusted proxy is the peer; whatever it wrote further to the left is its own invention.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::{App, Connection, Problem, Settings};

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The address; `None` where it came over a Unix socket and nobody trusted told one.
    pub address: Option<IpAddr>,
    /// Whether the way from there to the first hop of ours was encrypted.
    pub encrypted: bool,
}

impl Peer {
    /// The peer behind the connection that carries a request.
    #[must_use]
    pub fn of_request(request: &Parts, settings: &Settings) -> Self {
        match request.extensions.get() {
            Some(connection) => Self::of(connection, &request.headers, settings),
            None => Self::of(&Connection::default(), &request.headers, settings),
        }
    }

    /// The peer behind a connection with these headers.
    #[must_use]
    pub fn of(connection: &Connection, headers: &HeaderMap, settings: &Settings) -> Self {
        let direct = connection
            .address
            .map(|address| address.ip().to_canonical());
        if !settings.trusts(direct) {
            return Self {
                address: direct,
                encrypted: connection.encrypted,
            };
        }
        let mut address = direct;
        for entry in forwarded(headers, "x-forwarded-for") {
            if !settings.trusts(address) {
                break;
            }
            // A proxy that is trusted and writes what is no address: it is the last hop that is known.
            let Some(hop) = entry.and_then(hop) else {
                break;
            };
            address = Some(hop);
        }
        let told = forwarded(headers, "x-forwarded-proto").next().flatten();
        let encrypted = match told {
            Some(scheme) => scheme.eq_ignore_ascii_case("https"),
            None => connection.encrypted,
        };
        Self { address, encrypted }
    }
}

/// The entries of a list that may stand in several lines, the last one first; `None` for what is no text.
fn forwarded<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = Option<&'a str>> {
    let lines: Vec<_> = headers.get_all(name).iter().collect();
    lines
        .into_iter()
        .rev()
        .flat_map(|line| match line.to_str() {
            Ok(line) => line.rsplit(',').map(|entry| Some(entry.trim())).collect(),
            Err(_) => vec![None],
        })
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`.
fn hop(entry: &str) -> Option<IpAddr> {
    let bare = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(entry);
    let address = bare
        .parse::<IpAddr>()
        .or_else(|_with_port| entry.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self::of_request(parts, &app.settings()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn settings(proxies: &[&str], trust_unix_socket: bool) -> Settings {
        Settings {
            trusted_proxies: proxies.iter().map(|text| text.parse().unwrap()).collect(),
            trust_unix_socket,
            ..Settings::default()
        }
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(*name, value);
        }
        headers
    }

    #[test]
    fn the_first_hop_that_is_not_trusted_is_the_peer() {
        const XFF: &str = "x-forwarded-for";
        let proxies = &["10.0.0.0/8", "2001:db8:1::/48"];
        for (from, lines, peer) in [
            // Nobody but a trusted proxy is believed.
            ("203.0.113.5", vec![(XFF, "192.0.2.1")], "203.0.113.5"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "192.0.2.1")], "192.0.2.1"),
            ("::ffff:10.0.0.1", vec![(XFF, "192.0.2.1")], "192.0.2.1"),
            // What the peer itself wrote to the left of its address is worth nothing.
            ("10.0.0.1", vec![(XFF, "127.0.0.1, 192.0.2.1")], "192.0.2.1"),
            (
                "10.0.0.1",
                vec![(XFF, "10.9.9.9, 192.0.2.1, 10.0.0.2")],
                "192.0.2.1",
            ),
            // Several lines are one list.
            (
                "10.0.0.1",
                vec![(XFF, "127.0.0.1"), (XFF, "192.0.2.1")],
                "192.0.2.1",
            ),
            ("10.0.0.1", vec![(XFF, "10.0.0.3,10.0.0.2")], "10.0.0.3"),
            ("10.0.0.1", vec![(XFF, "192.0.2.1:4711")], "192.0.2.1"),
            (
                "10.0.0.1",
                vec![(XFF, "[2001:db8:2::1]:4711")],
                "2001:db8:2::1",
            ),
            (
                "2001:db8:1::7",
                vec![(XFF, "[2001:db8:2::1]")],
                "2001:db8:2::1",
            ),
            // What is no address ends the chain where it is known.
            ("10.0.0.1", vec![(XFF, "192.0.2.1, unknown")], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "192.0.2.1, ")], "10.0.0.1"),
            ("10.0.0.1", vec![(XFF, "192.0.2.1, \u{e9}")], "10.0.0.1"),
        ] {
            let connection = Connection {
                address: Some(SocketAddr::new(from.parse().unwrap(), 1)),
                ..Connection::default()
            };
            let found = Peer::of(&connection, &headers(&lines), &settings(proxies, false));
            assert_eq!(
                found.address,
                Some(peer.parse().unwrap()),
                "{from} {lines:?}"
            );
        }
    }

    #[test]
    fn a_unix_socket_is_believed_where_the_settings_say_so() {
        let lines = headers(&[
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-proto", "https"),
        ]);
        for (trust, address, encrypted) in [
            (true, Some("192.0.2.1".parse().unwrap()), true),
            (false, None, false),
        ] {
            let found = Peer::of(&Connection::default(), &lines, &settings(&[], trust));
            assert_eq!(found, Peer { address, encrypted });
        }
    }

    #[test]
    fn the_scheme_is_what_the_nearest_proxy_says_and_nobody_else() {
        for (from, proto, of_connection, encrypted) in [
            ("10.0.0.1", "https", false, true),
            ("10.0.0.1", "http", true, false),
            ("10.0.0.1", "https, http", false, false),
            ("192.0.2.1", "https", false, false),
            ("192.0.2.1", "http", true, true),
        ] {
            let connection = Connection {
                address: Some(SocketAddr::new(from.parse().unwrap(), 1)),
                encrypted: of_connection,
                certificate: None,
            };
            let lines = headers(&[("x-forwarded-proto", proto)]);
            let found = Peer::of(&connection, &lines, &settings(&["10.0.0.0/8"], false));
            assert_eq!(found.encrypted, encrypted, "{from} {proto}");
        }
    }
}
