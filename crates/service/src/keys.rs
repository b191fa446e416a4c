//! The keys of the verifiers: their state, a new one, the end of an old one (R-SEC-2).
//!
//! There is no right to check: whoever may read and write the key file may do all of this. The caller is
//! named for the audit log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pinward_core::{Pin, Timestamp, to_milliseconds};
use pinward_store::{KeyFingerprint, KeyRetired, StoreError};
use pinward_verifier::{KeyError, KeyRing, StoredVerifier, Verified, VerifierError};

use crate::{Caller, Refusal, Service, Unavailable};

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// Its id, as it stands in the verifiers.
    pub id: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Whether new verifiers are made with it.
    pub current: bool,
    /// How many verifiers were made with it, those of the history included.
    pub verifiers: u64,
}

/// Why a key was not made or removed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Users still need the key.
    #[error(
        "the key {id} is still needed: {users} users have a PIN, current or remembered, that was \
         made with it. It can go when they have logged on or have new PINs, and their history has \
         passed"
    )]
    InUse {
        /// The key.
        id: String,
        /// How many users.
        users: u64,
    },
    /// There is no such key.
    #[error("there is no key {id}; `pinward key status` lists the keys")]
    Unknown {
        /// The key.
        id: String,
    },
    /// The service was opened without a key file.
    #[error("the keys are not in a file, so they cannot be changed")]
    NoFile,
    /// The key file could not be read or written.
    #[error(transparent)]
    File(#[from] KeyError),
    /// The store did not answer.
    #[error("the store is not available: {0}")]
    Store(#[from] StoreError),
}

impl Refusal for KeysError {
    fn id(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "KeyInUse",
            Self::Unknown { .. } => "KeyNotFound",
            Self::NoFile => "KeyFileMissing",
            Self::File(_) => "KeyFileUnusable",
            Self::Store(_) => "StoreUnavailable",
        }
    }
}

impl Service {
    /// The service that reads its keys again from this file when another process rotated them.
    #[must_use]
    pub fn with_key_file(mut self, path: PathBuf) -> Self {
        self.key_file = Some(path);
        self
    }

    /// All keys, the oldest first.
    pub async fn key_status(&self) -> Result<Vec<KeyStatus>, KeysError> {
        let known = self.store.key_fingerprints().await?;
        let ring = self.verifier.ring();
        let status = |id: String| KeyStatus {
            created: ring.created(&id),
            current: id == ring.current_id(),
            verifiers: known
                .iter()
                .find(|key| key.id == id)
                .map_or(0, |key| key.verifiers),
            id,
        };
        Ok(ring.ids().into_iter().map(status).collect())
    }

    /// Makes a new key and makes new verifiers with it from now on; nobody's PIN changes. Returns
    /// its id.
    pub async fn rotate_key(&self, caller: &Caller) -> Result<String, KeysError> {
        let path = self.key_path()?;
        let mut ring = KeyRing::load(path)?;
        ring.rotate(path, &*self.entropy, to_milliseconds(self.clock.now()))?;
        let id = ring.current_id().to_owned();
        if let Some(fingerprint) = ring.fingerprint(&id) {
            let act = caller.act("KeyRotate", self.clock.now());
            self.store
                .add_key_fingerprint(&id, &fingerprint, &act)
                .await?;
        }
        self.verifier.replace_ring(ring);
        Ok(id)
    }

    /// Removes a key that no verifier needs any more.
    pub async fn remove_key(&self, caller: &Caller, id: &str) -> Result<(), KeysError> {
        let path = self.key_path()?;
        let mut ring = KeyRing::load(path)?;
        if !ring.ids().iter().any(|known| known == id) {
            return Err(KeysError::Unknown { id: id.to_owned() });
        }
        if id == ring.current_id() {
            // Refused by the ring, in its own words, before the store retires it.
            return Ok(ring.retire(path, id)?);
        }
        // First the store, which from then on takes no verifier made with the key from anybody.
        let act = caller.act("KeyRemove", self.clock.now());
        match self.store.retire_key(id, &act).await? {
            KeyRetired::InUse { users } => {
                return Err(KeysError::InUse {
                    id: id.to_owned(),
                    users,
                });
            }
            KeyRetired::Done | KeyRetired::Unknown => {}
        }
        ring.retire(path, id)?;
        self.verifier.replace_ring(ring);
        Ok(())
    }

    /// Reads the keys again where a verifier names one that is not known here: another process
    /// may have rotated them. Whether there is anything new.
    pub(crate) fn reload_keys(&self, missing: &VerifierError) -> bool {
        let (VerifierError::UnknownKey { id }, Some(path)) = (missing, &self.key_file) else {
            return false;
        };
        match KeyRing::load(path) {
            Ok(ring) if ring.ids().contains(id) => {
                self.verifier.replace_ring(ring);
                true
            }
            _ => false,
        }
    }

    /// As the verifier does it, reading the keys again where one is missing.
    pub(crate) async fn verify(
        &self,
        binding: &str,
        pin: &Pin,
        stored: &StoredVerifier,
    ) -> Result<Verified, VerifierError> {
        match self.verifier.verify(binding, pin, stored).await {
            Err(error) if self.reload_keys(&error) => {
                self.verifier.verify(binding, pin, stored).await
            }
            answer => answer,
        }
    }

    /// Whether the PIN is one of these, reading the keys again where one is missing.
    pub(crate) async fn is_any(
        &self,
        binding: &str,
        pin: &Pin,
        stored: &[StoredVerifier],
    ) -> Result<bool, VerifierError> {
        let found = match self.verifier.matches_any(binding, pin, stored).await {
            Err(error) if self.reload_keys(&error) => {
                self.verifier.matches_any(binding, pin, stored).await
            }
            answer => answer,
        };
        Ok(found?.is_some())
    }

    /// Reads the keys again because the one in use was retired.
    pub(crate) fn refresh_keys(&self) -> Result<(), KeyError> {
        if let Some(path) = &self.key_file {
            self.verifier.replace_ring(KeyRing::load(path)?);
        }
        Ok(())
    }

    /// Takes the keys over where another process made or removed one since; the id of the key in use then. A
    /// running server asks this now and then: else it would go on making verifiers with the old key, until it
    /// met one that was made with the new.
    ///
    /// # Errors
    /// The key file cannot be read, or lacks a key that verifiers need: the keys stay as they were.
    pub async fn follow_keys(&self) -> Result<Option<String>, Unavailable> {
        let Some(found) = self.changed_keys()? else {
            return Ok(None);
        };
        fits(&found, &self.store.key_fingerprints().await?)?;
        let id = found.current_id().to_owned();
        self.verifier.replace_ring(found);
        Ok(Some(id))
    }

    /// The keys as the file has them now, so that nothing is signed with one that another process has
    /// replaced; where it cannot be read, those that are known.
    pub(crate) fn keys_as_they_are(&self) -> Arc<KeyRing> {
        if let Ok(Some(found)) = self.changed_keys() {
            self.verifier.replace_ring(found);
        }
        self.verifier.ring()
    }

    /// The keys of the file, where they are others than those that are known.
    fn changed_keys(&self) -> Result<Option<KeyRing>, KeyError> {
        let found = self.key_file.as_deref().map(KeyRing::load).transpose()?;
        Ok(found.filter(|found| found.ids() != self.verifier.ring().ids()))
    }

    fn key_path(&self) -> Result<&Path, KeysError> {
        self.key_file.as_deref().ok_or(KeysError::NoFile)
    }
}

/// Whether the ring has every key that verifiers of the store need, and each is the same one.
pub(crate) fn fits(ring: &KeyRing, known: &[KeyFingerprint]) -> Result<(), KeyError> {
    ring.confirm(known.iter().map(|key| (key.id.as_str(), &key.fingerprint)))
}
