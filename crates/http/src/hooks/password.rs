//! The password with which a telephone system proves itself (HTTP Basic, RFC 7617).

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use zeroize::Zeroizing;

/// What is signed with a password to compare it.
const SAME: &[u8] = b"the password of a hook";

/// A password. It cannot be printed.
pub struct HookPassword(hmac::Tag);

impl HookPassword {
    /// This password. `None`: it is empty.
    #[must_use]
    pub fn new(password: &str) -> Option<Self> {
        (!password.is_empty()).then(|| Self(hmac::sign(&key(password.as_bytes()), SAME)))
    }

    /// Whether the request has it, whatever name stands before it. Takes the same time either way.
    pub(super) fn is_in(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION);
        let Some((scheme, given)) = given
            .and_then(|given| given.to_str().ok())
            .and_then(|given| given.split_once(' '))
        else {
            return false;
        };
        let decoded = STANDARD.decode(given.trim()).map(Zeroizing::new);
        let (true, Ok(decoded)) = (scheme.eq_ignore_ascii_case("basic"), decoded) else {
            return false;
        };
        let Some(colon) = decoded.iter().position(|&octet| octet == b':') else {
            return false;
        };
        hmac::verify(&key(&decoded[colon + 1..]), SAME, self.0.as_ref()).is_ok()
    }
}

fn key(password: &[u8]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_is_looked_at() {
        let password = HookPassword::new("a:long one").expect("a password");
        // RFC 7617: what stands behind the first colon.
        for (given, right) in [
            (STANDARD.encode("pinward:a:long one"), true),
            (STANDARD.encode(":a:long one"), true),
            (STANDARD.encode("pinward:a:long onE"), false),
            (STANDARD.encode("pinward:"), false),
            (STANDARD.encode("a:long one"), false),
            (STANDARD.encode("no colon"), false),
            ("?".to_owned(), false),
        ] {
            for (scheme, counts) in [("Basic", true), ("basic", true), ("Digest", false)] {
                let mut headers = HeaderMap::new();
                let value = format!("{scheme} {given}").parse().expect("a header");
                headers.insert(header::AUTHORIZATION, value);
                assert_eq!(
                    password.is_in(&headers),
                    right && counts,
                    "{scheme} {given}"
                );
            }
        }
        assert!(!password.is_in(&HeaderMap::new()));
        assert!(HookPassword::new("").is_none());
    }
}
