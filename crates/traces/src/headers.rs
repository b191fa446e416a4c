//! What is sent with every request to a collector, such as a token.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

/// Headers, whose values cannot be printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headers(HeaderMap);

/// Why a text does not say headers. Nothing of it is repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadersError {
    /// There is nothing in it.
    #[error("it is empty; write NAME=VALUE, and a comma between several")]
    Empty,
    /// One of them is not written as it must be.
    #[error(
        "header {0} is not NAME=VALUE; write them like Authorization=Bearer%20TOKEN, with a comma between \
         several, and %2C for a comma and %25 for a % in a value"
    )]
    Unreadable(usize),
    /// One of them is part of every request already.
    #[error(
        "header {0} is one that is set already: Content-Type, Content-Length, Host, User-Agent, \
         Connection and Transfer-Encoding cannot be said"
    )]
    Taken(usize),
}

/// What requests have anyway.
const TAKEN: [HeaderName; 6] = [
    hyper::header::USER_AGENT,
    hyper::header::CONTENT_TYPE,
    hyper::header::CONTENT_LENGTH,
    hyper::header::HOST,
    hyper::header::CONNECTION,
    hyper::header::TRANSFER_ENCODING,
];

impl Headers {
    /// Reads `NAME=VALUE,NAME=VALUE`, as `OTEL_EXPORTER_OTLP_HEADERS` is written: what may not stand in a value
    /// is written as `%2C`.
    pub fn parse(text: &str) -> Result<Self, HeadersError> {
        if text.trim().is_empty() {
            return Err(HeadersError::Empty);
        }
        let mut headers = HeaderMap::new();
        for (number, header) in (1..).zip(text.split(',')) {
            let unreadable = || HeadersError::Unreadable(number);
            let (name, value) = header.split_once('=').ok_or_else(unreadable)?;
            let name: HeaderName = name.trim().parse().map_err(|_| unreadable())?;
            if TAKEN.contains(&name) {
                return Err(HeadersError::Taken(number));
            }
            let value = percent_decode_str(value.trim()).decode_utf8();
            let value = value.map_err(|_| unreadable())?;
            let mut value = HeaderValue::from_str(&value).map_err(|_| unreadable())?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        Ok(Self(headers))
    }

    /// Adds them to those of a request.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.append(name.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(headers: &Headers) -> Vec<(String, String)> {
        let text = |value: &HeaderValue| value.to_str().expect("ASCII").to_owned();
        let pairs = headers.0.iter();
        pairs
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect()
    }

    #[test]
    fn they_are_written_as_the_variable_of_opentelemetry_is() {
        for (text, expected) in [
            (
                "Authorization=Bearer%20abc",
                &[("authorization", "Bearer abc")][..],
            ),
            (
                "Authorization=Bearer abc==",
                &[("authorization", "Bearer abc==")],
            ),
            (" x-a = 1 , x-b=%2C%25 ", &[("x-a", "1"), ("x-b", ",%")]),
        ] {
            let headers = Headers::parse(text).expect(text);
            let expected = expected.iter();
            let expected: Vec<_> = expected
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(said(&headers), expected);
            assert!(!format!("{headers:?}").contains("abc"), "{headers:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_its_number() {
        for (text, error) in [
            ("", HeadersError::Empty),
            (" ", HeadersError::Empty),
            ("token", HeadersError::Unreadable(1)),
            ("a=b,", HeadersError::Unreadable(2)),
            ("a=b,to ken=c", HeadersError::Unreadable(2)),
            ("=b", HeadersError::Unreadable(1)),
            ("a=b%0d%0ac: d", HeadersError::Unreadable(1)),
            ("a=%ff", HeadersError::Unreadable(1)),
            ("a=b,Content-Type=text/plain", HeadersError::Taken(2)),
        ] {
            assert_eq!(Headers::parse(text), Err(error), "{text}");
        }
    }
}
