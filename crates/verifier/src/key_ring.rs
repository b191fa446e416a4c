//! The keys, and the file that holds them.

use crate::error::KeyError;
use crate::key::{KEY, Key};
use crate::{key_file, private_file};
use pinward_core::{Entropy, Timestamp};
use std::path::Path;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The secret keys, oldest first; the newest makes new verifiers. Wiped on drop, not printable.
pub struct KeyRing {
    /// Never empty.
    keys: Vec<Key>,
}

impl KeyRing {
    /// A ring with one new key that is written nowhere: for tests and demonstrations.
    pub fn in_memory(entropy: &dyn Entropy, now: Timestamp) -> Result<KeyRing, KeyError> {
        Ok(KeyRing {
            keys: vec![new_key(&[], entropy, now)?],
        })
    }

    /// Makes a key file with one new key, mode 0600. Refuses to overwrite, and refuses a folder that
    /// others can write to.
    pub fn create(path: &Path, entropy: &dyn Entropy, now: Timestamp) -> Result<KeyRing, KeyError> {
        let ring = Self::in_memory(entropy, now)?;
        private_file::create(path, &key_file::render(ring.keys.iter()))?;
        Ok(ring)
    }

    /// Reads a key file. Refuses one that others can read or replace.
    pub fn load(path: &Path) -> Result<KeyRing, KeyError> {
        Self::parse(&private_file::read(path)?, path)
    }

    /// Reads the text of a key file that came another way, such as from a secret store.
    /// `origin` is named in errors.
    pub fn parse(text: &str, origin: &Path) -> Result<KeyRing, KeyError> {
        let keys = key_file::parse(text).map_err(|(line, reason)| KeyError::Malformed {
            path: origin.to_owned(),
            line,
            reason,
        })?;
        Ok(KeyRing { keys })
    }

    /// Adds a new key, which makes all new verifiers from here on; the old keys stay for the
    /// verifiers that need them (R-SEC-2). The file is replaced atomically and is on disk when this
    /// returns. [`KeyError::Changed`] when another process changed the file since it was loaded.
    pub fn rotate(
        &mut self,
        path: &Path,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<(), KeyError> {
        let key = new_key(&self.keys, entropy, now)?;
        let text = key_file::render(self.keys.iter().chain([&key]));
        let folder = private_file::replace(path, &text, |found| self.is_in(found, path))?;
        // The file has the key from here on, whether or not the folder can be synced.
        self.keys.push(key);
        folder.sync()
    }

    /// Removes a key that no verifier depends on any more; the caller has made sure of that. The key
    /// in use cannot be removed.
    pub fn retire(&mut self, path: &Path, id: &str) -> Result<(), KeyError> {
        let refuse = |reason| KeyError::NotRetirable {
            id: id.to_owned(),
            reason,
        };
        if id == self.current_id() {
            return Err(refuse("it is in use; rotate first"));
        }
        if self.get(id).is_none() {
            return Err(refuse("there is no such key"));
        }
        let text = key_file::render(self.keys.iter().filter(|key| key.id() != id));
        let folder = private_file::replace(path, &text, |found| self.is_in(found, path))?;
        self.keys.retain(|key| key.id() != id);
        folder.sync()
    }

    /// Id of the key that makes new verifiers.
    pub fn current_id(&self) -> &str {
        self.keys.last().map_or("", Key::id)
    }

    /// Ids of all keys, oldest first.
    pub fn ids(&self) -> Vec<String> {
        self.keys.iter().map(|key| key.id().to_owned()).collect()
    }

    /// When a key was made.
    pub fn created(&self, id: &str) -> Option<Timestamp> {
        self.get(id).map(Key::created)
    }

    /// An HMAC of a constant with the key: says which key it is and nothing about it. The database
    /// keeps it, so that a wrong key file is noticed at start.
    pub fn fingerprint(&self, id: &str) -> Option<[u8; 32]> {
        self.get(id).map(Key::fingerprint)
    }

    /// Id and fingerprint of every key, oldest first.
    pub fn fingerprints(&self) -> Vec<(String, [u8; 32])> {
        self.keys
            .iter()
            .map(|key| (key.id().to_owned(), key.fingerprint()))
            .collect()
    }

    /// To be asked at start with the fingerprints of the keys on which verifiers depend: errs with
    /// [`KeyError::Lost`] or [`KeyError::Different`] before anybody's PIN fails for it (R-SEC-2).
    pub fn confirm<'a>(
        &self,
        known: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>,
    ) -> Result<(), KeyError> {
        for (id, fingerprint) in known {
            let Some(key) = self.get(id) else {
                return Err(KeyError::Lost { id: id.to_owned() });
            };
            if !bool::from(key.fingerprint().ct_eq(fingerprint)) {
                return Err(KeyError::Different { id: id.to_owned() });
            }
        }
        Ok(())
    }

    /// All keys, the current one first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().rev()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// Whether the file still holds exactly the keys that were loaded from it.
    fn is_in(&self, text: &str, path: &Path) -> Result<(), KeyError> {
        if Self::parse(text, path)?.ids() == self.ids() {
            Ok(())
        } else {
            Err(KeyError::Changed {
                path: path.to_owned(),
            })
        }
    }
}

/// A key unlike the others. Entropy that repeats itself or is all zeros is refused rather than used.
fn new_key(others: &[Key], entropy: &dyn Entropy, now: Timestamp) -> Result<Key, KeyError> {
    let mut bytes = Box::new(Zeroizing::new([0; KEY]));
    entropy.fill(bytes.as_mut_slice());
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(KeyError::BadEntropy);
    }
    let key = Key::new(bytes, now);
    // An id is 32 bits: an honest collision is a one in a billion event, and asking again is cheap.
    if others.iter().any(|other| other.id() == key.id()) {
        return Err(KeyError::BadEntropy);
    }
    Ok(key)
}
