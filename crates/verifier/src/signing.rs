//! Signatures under what Pinward tells others: Ed25519, with keys that are made of those of the key ring, so
//! that there is one file to guard and to back up. From such a key nothing of the ring's can be found.

use pinward_core::{SignedDuration, Timestamp};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use crate::KeyRing;
use crate::key::Key;

/// For so long after a rotation the key before it is still named: longer than anything that was signed with
/// it holds, and whoever keeps a list of the keys has the new one by then.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// What others check signatures with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The id of the key of the ring.
    pub id: String,
    /// The public key for Ed25519.
    pub public: Vec<u8>,
}

#[expect(clippy::expect_used, reason = "every 32 bytes are a key for Ed25519")]
fn pair(key: &Key) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(key.signing_seed().as_slice()).expect("32 bytes")
}

impl KeyRing {
    /// A signature with the current key, whose id is [`KeyRing::current_id`].
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let current = self.newest_first().next();
        current.map_or_else(Vec::new, |key| pair(key).sign(message).as_ref().to_vec())
    }

    /// The keys whose signatures hold, the newest first: the current one, and for an hour after a rotation
    /// the one before it.
    #[must_use]
    pub fn signing_keys(&self, now: Timestamp) -> Vec<SigningKey> {
        let mut named = Vec::new();
        // When the key after the one in hand was made.
        let mut next: Option<Timestamp> = None;
        for key in self.newest_first() {
            let over = |next: Timestamp| now.duration_since(next) >= OVERLAP;
            if next.is_some_and(over) {
                break;
            }
            next = Some(key.created());
            named.push(SigningKey {
                id: key.id().to_owned(),
                public: pair(key).public_key().as_ref().to_vec(),
            });
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ring::signature::{ED25519, UnparsedPublicKey};

    use super::*;
    use crate::key_file;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).unwrap()
    }

    /// A ring whose keys were made at these minutes.
    fn ring(made: &[i64]) -> KeyRing {
        let keys: Vec<Key> = made
            .iter()
            .map(|minute| {
                let mut bytes = Box::new(zeroize::Zeroizing::new([7; 32]));
                bytes[..8].copy_from_slice(&minute.to_be_bytes());
                Key::new(bytes, at(*minute))
            })
            .collect();
        KeyRing::parse(&key_file::render(keys.iter()), Path::new("keys")).unwrap()
    }

    #[test]
    fn what_is_signed_is_checked_with_the_public_key() {
        let ring = ring(&[0, 5]);
        let keys = ring.signing_keys(at(5));
        assert_eq!(keys[0].id, ring.current_id());
        let signature = ring.sign(b"yes");
        let holds = |key: &SigningKey, message: &[u8]| {
            let public = UnparsedPublicKey::new(&ED25519, &key.public);
            public.verify(message, &signature).is_ok()
        };
        assert!(holds(&keys[0], b"yes"));
        assert!(!holds(&keys[0], b"no") && !holds(&keys[1], b"yes"));
    }

    // R-SEC-2
    #[test]
    fn the_key_before_the_current_one_is_named_for_an_hour() {
        for (made, now, named) in [
            (&[0][..], 1_000_000, 1),
            (&[0, 10], 10, 2),
            (&[0, 10], 69, 2),
            (&[0, 10], 70, 1),
            (&[0, 10, 20], 69, 3),
            (&[0, 10, 20], 79, 2),
            (&[0, 10, 20], 80, 1),
            // A clock that went back.
            (&[0, 10], 5, 2),
        ] {
            let ring = ring(made);
            let keys = ring.signing_keys(at(now));
            let ids: Vec<_> = keys.into_iter().map(|key| key.id).collect();
            let newest: Vec<_> = ring.ids().into_iter().rev().take(named).collect();
            assert_eq!(ids, newest, "{made:?} at {now}");
        }
    }
}
