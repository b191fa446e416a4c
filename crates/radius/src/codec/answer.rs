//! An answer: Message-Authenticator first, then what is said, then Proxy-State as it came.
//!
//! Message-Authenticator comes first so that nobody can forge an answer by choosing what comes before
//! it ("BlastRADIUS", CVE-2024-3596).

use super::attribute::kind;
use super::digest::{hmac_md5, md5};
use super::packet::{Code, HEADER, LONGEST, Packet};
use super::secret::Secret;

/// Where the value of Message-Authenticator stands in every answer.
const SIGNED_AT: usize = HEADER + 2;
/// The longest value of an attribute, in octets.
const LONGEST_VALUE: usize = 253;

/// The answer would be longer than a packet may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is longer than 4096 octets")]
pub struct TooLong;

/// An answer in the making.
#[derive(Clone, Debug)]
pub struct Answer {
    code: Code,
    attributes: Vec<u8>,
}

impl Answer {
    /// An answer that says nothing more than this.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            attributes: Vec::new(),
        }
    }

    /// Adds an attribute. A value that is too long is cut: at a character's end, where it is text.
    #[must_use]
    pub fn with(mut self, kind: u8, value: &[u8]) -> Self {
        push(&mut self.attributes, kind, cut(value, LONGEST_VALUE));
        self
    }

    /// Adds an attribute of a vendor.
    #[must_use]
    pub fn with_vendor(mut self, vendor: u32, kind: u8, value: &[u8]) -> Self {
        let mut inner = vendor.to_be_bytes().to_vec();
        push(&mut inner, kind, cut(value, LONGEST_VALUE - 6));
        push(&mut self.attributes, super::kind::VENDOR_SPECIFIC, &inner);
        self
    }

    /// The octets that answer this request, signed. Every Proxy-State of the request is in it, in the
    /// same order (RFC 2865 section 5.33).
    pub fn to(&self, request: &Packet<'_>, secret: &Secret) -> Result<Vec<u8>, TooLong> {
        let mut octets = vec![self.code.number(), request.id(), 0, 0];
        octets.extend_from_slice(request.authenticator());
        push(&mut octets, kind::MESSAGE_AUTHENTICATOR, &[0; 16]);
        octets.extend_from_slice(&self.attributes);
        for state in request.all(kind::PROXY_STATE) {
            push(&mut octets, kind::PROXY_STATE, state.value);
        }
        if octets.len() > LONGEST {
            return Err(TooLong);
        }
        let length = u16::try_from(octets.len()).map_err(|_| TooLong)?;
        octets[2..4].copy_from_slice(&length.to_be_bytes());
        // The header still bears the authenticator of the request, and so it is signed.
        let signature = hmac_md5(secret, &[&octets]);
        octets[SIGNED_AT..SIGNED_AT + 16].copy_from_slice(&signature);
        let authenticator = response_authenticator(&octets, request.authenticator(), secret);
        octets[4..HEADER].copy_from_slice(&authenticator);
        Ok(octets)
    }
}

/// The authenticator of an answer (RFC 2865 section 3).
pub(super) fn response_authenticator(
    answer: &[u8],
    request: &[u8; 16],
    secret: &Secret,
) -> [u8; 16] {
    let (head, attributes) = (&answer[..4], &answer[HEADER..]);
    md5(&[head, request, attributes, secret.octets()])
}

fn push(octets: &mut Vec<u8>, kind: u8, value: &[u8]) {
    // Values are at most 253 octets long, by whoever calls this.
    let length = u8::try_from(value.len() + 2).unwrap_or(u8::MAX);
    octets.extend_from_slice(&[kind, length]);
    octets.extend_from_slice(&value[..usize::from(length) - 2]);
}

fn cut(value: &[u8], longest: usize) -> &[u8] {
    let Some(cut) = value.get(..longest) else {
        return value;
    };
    match str::from_utf8(cut) {
        Ok(_) => cut,
        Err(error) if error.error_len().is_none() => &cut[..error.valid_up_to()],
        Err(_) => cut,
    }
}
