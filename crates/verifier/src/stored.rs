//! The text that the database keeps for a PIN.

use crate::error::MalformedVerifier;
use crate::key;
use crate::params::HashParams;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use std::fmt;

/// Bytes of salt; random per verifier. Fixed, so that the MAC's input cannot be read in two ways.
pub(crate) const SALT: usize = 16;
/// Bytes of hash.
pub(crate) const HASH: usize = 32;
const VERSION: &str = "pw1";

/// A stored verifier: `pw1$<key id>$m=19456,t=2,p=1$<salt>$<hash>`, salt and hash in base64 without
/// padding. One value has exactly one text; anything else is [`MalformedVerifier`].
#[derive(Clone, PartialEq, Eq)]
pub struct StoredVerifier {
    text: String,
    params: HashParams,
    salt: [u8; SALT],
    hash: [u8; HASH],
}

impl StoredVerifier {
    /// Reads a text that came from [`StoredVerifier::as_str`]; parameters beyond the bounds of
    /// [`HashParams::validate`] are refused here, before anything is computed with them.
    pub fn parse(text: &str) -> Result<Self, MalformedVerifier> {
        let mut parts = text.split('$');
        let (Some(VERSION), Some(id), Some(params), Some(salt), Some(hash), None) = (
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Err(MalformedVerifier::Form);
        };
        if !key::is_id(id) {
            return Err(MalformedVerifier::KeyId);
        }
        let params = HashParams::parse(params).ok_or(MalformedVerifier::Params)?;
        params.validate()?;
        let salt = decode(salt).ok_or(MalformedVerifier::Salt)?;
        let hash = decode(hash).ok_or(MalformedVerifier::Hash)?;
        Ok(StoredVerifier {
            text: text.to_owned(),
            params,
            salt,
            hash,
        })
    }

    pub(crate) fn new(
        key_id: &str,
        params: HashParams,
        salt: [u8; SALT],
        hash: [u8; HASH],
    ) -> Self {
        let (salt_text, hash_text) = (BASE64.encode(salt), BASE64.encode(hash));
        let text = format!("{VERSION}${key_id}${params}${salt_text}${hash_text}");
        StoredVerifier {
            text,
            params,
            salt,
            hash,
        }
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Id of the key it was made with.
    pub fn key_id(&self) -> &str {
        // The id is known to be the second part: both constructors see to it.
        self.text.split('$').nth(1).unwrap_or_default()
    }

    /// The parameters it was made with.
    pub fn params(&self) -> HashParams {
        self.params
    }

    pub(crate) fn salt(&self) -> &[u8; SALT] {
        &self.salt
    }

    pub(crate) fn hash(&self) -> &[u8; HASH] {
        &self.hash
    }
}

/// Without salt and hash: logs have no use for them.
impl fmt::Debug for StoredVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "StoredVerifier({VERSION}${}${}$…)",
            self.key_id(),
            self.params
        )
    }
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // Room for a whole last group of four characters, which the decoder may want.
    let mut buffer = [0; HASH + 3];
    let room = buffer.get_mut(..N + 3)?;
    let read = BASE64.decode_slice(text, room).ok()?;
    buffer.get(..read)?.try_into().ok()
}
