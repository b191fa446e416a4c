//! Starting: the keys must be those that the stored verifiers were made with (R-SEC-2).

use std::num::NonZeroUsize;
use std::sync::Arc;

use pinward_core::{Clock, Entropy};
use pinward_store::{Act, Origin, Store, StoreError};
use pinward_verifier::{HashParams, KeyError, KeyRing, StartError, Verifier};

use crate::keys::fits;
use crate::{Door, Service, Unavailable};

/// Why the service refuses to start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key file does not belong to the store.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The verifier did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The store did not answer.
    #[error("the store is not available: {0}")]
    Store(#[from] StoreError),
    /// What was left undone could not be done.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl Service {
    /// The service over a store and a key ring, after checking that they belong together. Keys
    /// that the store does not know yet are made known to it.
    pub async fn open(
        store: Arc<dyn Store>,
        ring: KeyRing,
        params: HashParams,
        lanes: NonZeroUsize,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, OpenError> {
        let known = store.key_fingerprints().await?;
        fits(&ring, &known)?;
        for (id, fingerprint) in ring.fingerprints() {
            if !known.iter().any(|key| key.id == id) {
                let act = Act {
                    at: clock.now(),
                    actor: "pinward".to_owned(),
                    action: "KeyAdd",
                    origin: Origin::of(Door::Program.name()),
                };
                store.add_key_fingerprint(&id, &fingerprint, &act).await?;
            }
        }
        let verifier = Verifier::new(ring, params, lanes, Arc::clone(&entropy))?;
        let service = Self::new(store, Arc::new(verifier), clock, entropy);
        // What a change of the sites left undone when the program was ended.
        service.settle_places(None, |_| {}).await?;
        Ok(service)
    }
}
