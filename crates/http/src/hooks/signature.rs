//! The signature of a request: HMAC-SHA1 of its address and of its form, sorted by name, as Twilio defines it
//! and SignalWire keeps it.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use zeroize::Zeroizing;

use super::form::Fields;

/// Where the signature stands.
const HEADERS: [&str; 2] = ["x-twilio-signature", "x-signalwire-signature"];

/// What a service signs its requests with: the token of the account. It cannot be printed.
pub struct Secret(hmac::Key);

impl Secret {
    /// The token as the service shows it. `None`: there is none.
    #[must_use]
    pub fn new(token: &str) -> Option<Self> {
        let token = token.trim();
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        (!token.is_empty()).then_some(Self(key))
    }

    /// Whether whoever sent this form to this address knows the token. Takes the same time either way.
    pub(super) fn signed(&self, headers: &HeaderMap, url: &str, form: &Fields) -> bool {
        let given = HEADERS.iter().find_map(|name| headers.get(*name));
        let Some(Ok(tag)) = given.map(|given| STANDARD.decode(given.as_bytes())) else {
            return false;
        };
        // A PIN is among it.
        let mut text = Zeroizing::new(url.to_owned());
        for (name, value) in form.sorted() {
            text.push_str(name);
            text.push_str(value);
        }
        hmac::verify(&self.0, text.as_bytes(), &tag).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields: Vec<(String, String)> = fields.iter().map(owned).collect();
        fields.into()
    }

    /// The example of Twilio's own documentation of its signatures.
    #[test]
    fn the_published_example_verifies() {
        let secret = Secret::new("12345").expect("a token");
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let fields = [
            ("Digits", "1234"),
            ("To", "+18005551212"),
            ("From", "+14158675310"),
            ("Caller", "+14158675310"),
            ("CallSid", "CA1234567890ABCDE"),
        ];
        let headers = |signature: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADERS[0], signature.parse().expect("a header"));
            headers
        };
        let right = headers("GvWf1cFY/Q7PnoempGyD5oXAezc=");
        assert!(secret.signed(&right, url, &form(&fields)));
        for (why, headers, url, fewer) in [
            ("another address", &right, "https://mycompany.com/", 0),
            ("another form", &right, url, 1),
            ("no signature", &HeaderMap::new(), url, 0),
            ("no base64", &headers("?"), url, 0),
            ("another", &headers("AAAAAAAAAAAAAAAAAAAAAAAAAAA="), url, 0),
        ] {
            let form = form(&fields[fewer..]);
            assert!(!secret.signed(headers, url, &form), "{why}");
        }
        let other = Secret::new("12346").expect("a token");
        assert!(!other.signed(&right, url, &form(&fields)));
        assert!(Secret::new(" \n").is_none());
    }
}
