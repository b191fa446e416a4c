//! A packet as it came in.

use subtle::ConstantTimeEq as _;

use super::attribute::{Attribute, Attributes, kind};
use super::digest::hmac_md5;
use super::secret::Secret;

/// Code, identifier, length and authenticator, in octets.
pub const HEADER: usize = 20;
/// The longest packet, in octets.
pub const LONGEST: usize = 4096;

/// What a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Somebody wants in.
    AccessRequest,
    /// They may.
    AccessAccept,
    /// They may not.
    AccessReject,
    /// Is anybody there (RFC 5997).
    StatusServer,
    /// Something that this door does not do.
    Other(u8),
}

impl Code {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::AccessRequest => 1,
            Self::AccessAccept => 2,
            Self::AccessReject => 3,
            Self::StatusServer => 12,
            Self::Other(number) => number,
        }
    }

    fn of(number: u8) -> Self {
        match number {
            1 => Self::AccessRequest,
            2 => Self::AccessAccept,
            3 => Self::AccessReject,
            12 => Self::StatusServer,
            other => Self::Other(other),
        }
    }
}

/// Why some octets are no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Less than a header, or less than its own length says.
    #[error("it is cut short")]
    CutShort,
    /// The length is below 20 or above 4096.
    #[error("its length is out of range")]
    Length,
    /// The attributes do not fill it.
    #[error("the length of an attribute does not fit")]
    Attribute,
    /// Message-Authenticator must be there once, with 16 octets.
    #[error("its Message-Authenticator is not one of 16 octets")]
    MessageAuthenticator,
}

/// What Message-Authenticator says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// There is none.
    Missing,
    /// It is there and right.
    Right,
    /// It is there and wrong: another secret, or a packet that was changed on its way.
    Wrong,
}

/// A packet whose lengths are right.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    octets: &'a [u8],
    authenticator: [u8; 16],
    /// Where the value of Message-Authenticator begins.
    signed_at: Option<usize>,
}

impl<'a> Packet<'a> {
    /// Reads a packet. Octets after its length are padding (RFC 2865 section 3).
    pub fn parse(octets: &'a [u8]) -> Result<Self, Malformed> {
        let header: &[u8; HEADER] = octets.first_chunk().ok_or(Malformed::CutShort)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if !(HEADER..=LONGEST).contains(&length) {
            return Err(Malformed::Length);
        }
        let octets = octets.get(..length).ok_or(Malformed::CutShort)?;
        let mut authenticator = [0; 16];
        authenticator.copy_from_slice(&header[4..]);
        let mut signed_at = None;
        for attribute in Attributes::of(&octets[HEADER..]) {
            let attribute = attribute.ok_or(Malformed::Attribute)?;
            if attribute.kind == kind::MESSAGE_AUTHENTICATOR {
                let at = HEADER + attribute.at;
                if attribute.value.len() != 16 || signed_at.replace(at).is_some() {
                    return Err(Malformed::MessageAuthenticator);
                }
            }
        }
        Ok(Self {
            octets,
            authenticator,
            signed_at,
        })
    }

    /// What it is.
    #[must_use]
    pub fn code(&self) -> Code {
        Code::of(self.octets[0])
    }

    /// The identifier, which its answer bears too.
    #[must_use]
    pub fn id(&self) -> u8 {
        self.octets[1]
    }

    /// The authenticator of its header.
    #[must_use]
    pub fn authenticator(&self) -> &[u8; 16] {
        &self.authenticator
    }

    /// All its octets, without padding.
    #[must_use]
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Its attributes in their order.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        Attributes::of(&self.octets[HEADER..]).flatten()
    }

    /// All attributes of a type.
    pub fn all(&self, kind: u8) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        self.attributes().filter(move |found| found.kind == kind)
    }

    /// The first attribute of a type.
    #[must_use]
    pub fn first(&self, kind: u8) -> Option<Attribute<'a>> {
        self.all(kind).next()
    }

    /// Checks Message-Authenticator of a request (RFC 3579 section 3.2).
    #[must_use]
    pub fn signature(&self, secret: &Secret) -> Signature {
        self.signed_with(secret, &self.authenticator)
    }

    /// Checks Message-Authenticator of an answer to the request of this authenticator.
    #[must_use]
    pub fn signature_of_answer(&self, secret: &Secret, request: &[u8; 16]) -> Signature {
        self.signed_with(secret, request)
    }

    /// Whether the authenticator of its header answers the request of that authenticator.
    #[must_use]
    pub fn answers(&self, secret: &Secret, request: &[u8; 16]) -> bool {
        let right = super::answer::response_authenticator(self.octets, request, secret);
        right.ct_eq(&self.authenticator).into()
    }

    fn signed_with(&self, secret: &Secret, authenticator: &[u8; 16]) -> Signature {
        let Some(at) = self.signed_at else {
            return Signature::Missing;
        };
        let (before, rest) = (&self.octets[HEADER..at], &self.octets[at..]);
        let (claimed, after) = rest.split_at(16);
        let head = &self.octets[..4];
        let right = hmac_md5(secret, &[head, authenticator, before, &[0; 16], after]);
        match right.ct_eq(claimed).into() {
            true => Signature::Right,
            false => Signature::Wrong,
        }
    }
}
