//! The cookies of the pages.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};

use crate::Peer;

/// A cookie that this server sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The name of the session.
    Session,
    /// The language that was chosen.
    Language,
}

impl Cookie {
    /// Over TLS the prefix makes browsers refuse a cookie that another host or a plain connection set.
    fn name(self, peer: &Peer) -> &'static str {
        match (self, peer.encrypted) {
            (Self::Session, true) => "__Host-pinward",
            (Self::Session, false) => "pinward",
            (Self::Language, true) => "__Host-pinward-language",
            (Self::Language, false) => "pinward-language",
        }
    }

    /// Its value, where the browser sent it.
    pub fn read<'a>(self, headers: &'a HeaderMap, peer: &Peer) -> Option<&'a str> {
        let name = self.name(peer);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// Has the browser keep a value; `None`: forget it. Values are ASCII without separators.
    pub fn set(self, peer: &Peer, value: Option<&str>) -> (axum::http::HeaderName, HeaderValue) {
        let name = self.name(peer);
        let secure = if peer.encrypted { "; Secure" } else { "" };
        let kept = match (self, value) {
            (_, None) => "; Max-Age=0",
            (Self::Session, Some(_)) => "",
            (Self::Language, Some(_)) => "; Max-Age=31536000",
        };
        let value = value.unwrap_or_default();
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{kept}");
        let line = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
        (SET_COOKIE, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(encrypted: bool) -> Peer {
        Peer {
            address: None,
            encrypted,
        }
    }

    #[test]
    fn a_cookie_comes_back_over_the_way_it_was_set() {
        let mut headers = HeaderMap::new();
        let line = "a=b; __Host-pinward=one;pinward=two; x";
        headers.append(COOKIE, HeaderValue::from_static(line));
        headers.append(COOKIE, HeaderValue::from_static("pinward-language=de"));
        assert_eq!(Cookie::Session.read(&headers, &peer(true)), Some("one"));
        assert_eq!(Cookie::Session.read(&headers, &peer(false)), Some("two"));
        assert_eq!(Cookie::Language.read(&headers, &peer(false)), Some("de"));
        assert_eq!(Cookie::Language.read(&headers, &peer(true)), None);
    }

    #[test]
    fn cookies_are_kept_from_scripts_and_other_sites() {
        for (cookie, encrypted, value, expected) in [
            (
                Cookie::Session,
                true,
                Some("x"),
                "__Host-pinward=x; Path=/; HttpOnly; SameSite=Strict; Secure",
            ),
            (
                Cookie::Session,
                false,
                None,
                "pinward=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
            ),
        ] {
            let (_, line) = cookie.set(&peer(encrypted), value);
            assert_eq!(line, expected);
        }
    }
}
