//! One secret key and what is computed with it directly.

use crate::stored::{HASH, SALT};
use hmac::{Hmac, KeyInit as _, Mac as _};
use pinward_core::{Pin, Timestamp};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;

/// A key: boxed, so that moving it leaves no copies behind, and wiped on drop. Not printable.
pub(crate) struct Key {
    id: String,
    bytes: Box<Zeroizing<[u8; KEY]>>,
    created: Timestamp,
}

impl Key {
    /// The id is computed from the key, so that a damaged line of the key file gives itself away.
    pub(crate) fn new(bytes: Box<Zeroizing<[u8; KEY]>>, created: Timestamp) -> Self {
        let digest = mac(&bytes, &[b"pinward-key-id-v1"]);
        let id = digest
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Key { id, bytes, created }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY] {
        &self.bytes
    }

    pub(crate) fn created(&self) -> Timestamp {
        self.created
    }

    /// Tells keys apart without saying anything about them; kept in the database (R-SEC-2).
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        *mac(&self.bytes, &[b"pinward-key-fingerprint-v1"])
    }

    /// What the key for signatures is made of. Nothing of this key can be found from it.
    pub(crate) fn signing_seed(&self) -> Zeroizing<[u8; 32]> {
        mac(&self.bytes, &[b"pinward-signing-v1"])
    }

    /// Tells whether two inputs are the same, to nobody who has not the key (R-LOCK-11).
    pub(crate) fn input_tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let lengths: Vec<[u8; 8]> = parts
            .iter()
            .map(|part| (part.len() as u64).to_be_bytes())
            .collect();
        let mut message: Vec<&[u8]> = vec![b"pinward-input-v1"];
        for (length, part) in lengths.iter().zip(parts) {
            message.push(length);
            message.push(part);
        }
        *mac(&self.bytes, &message)
    }

    /// The password that Argon2id gets for a PIN; see the crate's documentation for the layout.
    pub(crate) fn pin_mac(
        &self,
        binding: &str,
        salt: &[u8; SALT],
        pin: &Pin,
    ) -> Zeroizing<[u8; HASH]> {
        let length = (binding.len() as u64).to_be_bytes();
        mac(
            &self.bytes,
            &[
                b"pinward-pin-v1",
                &length,
                binding.as_bytes(),
                salt,
                pin.digits(),
            ],
        )
    }
}

/// Whether a text can be a key's id: eight lower-case hexadecimal digits.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn mac(key: &[u8; KEY], message: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut state = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    for part in message {
        state.update(part);
    }
    let output = state.finalize();
    let mut bytes = Zeroizing::new([0; 32]);
    bytes.copy_from_slice(output.as_bytes());
    bytes
}
