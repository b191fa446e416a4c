//! The hash of an attempt may begin while its reservation is being made durable. Nobody looks at
//! what comes of it before the store has answered (R-LOCK-10): should the answer be another one than
//! was foretold, the hash is thrown away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pinward_core::Pin;
use pinward_store::{Charged, Foretell};
use pinward_verifier::{Begun, StoredVerifier, Verifier};

/// A verification that was begun on a forecast.
pub(crate) struct HeadStart {
    verifier: String,
    binding: String,
    begun: Begun,
}

/// Where a head start is found once the store has answered.
pub(crate) struct Headway(Arc<Mutex<Option<HeadStart>>>);

impl HeadStart {
    /// The verification, if it is the one of this verifier and binding.
    pub(crate) fn of(self, verifier: &str, binding: &str) -> Option<Begun> {
        (self.verifier == verifier && self.binding == binding).then_some(self.begun)
    }

    /// Where it cannot begin now, the verification begins in its turn and says why it cannot.
    fn begin(verifier: &Verifier, charged: &Charged, pin: &Pin) -> Option<Self> {
        let Charged::Admitted {
            verifier: text,
            binding,
            ..
        } = charged
        else {
            return None;
        };
        let stored = StoredVerifier::parse(text).ok()?;
        let begun = verifier.begin(binding, pin, &stored).ok()?;
        Some(Self {
            verifier: text.clone(),
            binding: binding.clone(),
            begun,
        })
    }
}

impl Headway {
    /// Begins to verify when an admission is foretold; nothing where there is no PIN to verify.
    pub(crate) fn on(verifier: &Arc<Verifier>, pin: Option<&Arc<Pin>>) -> (Foretell, Self) {
        let place = Arc::default();
        let foretell = match pin {
            None => Foretell::nobody(),
            Some(pin) => {
                let (verifier, pin) = (Arc::clone(verifier), Arc::clone(pin));
                let headway = Self(Arc::clone(&place));
                Foretell::to(move |charged| {
                    let begun = HeadStart::begin(&verifier, charged, &pin);
                    *headway.place() = begun;
                })
            }
        };
        (foretell, Self(place))
    }

    fn place(&self) -> MutexGuard<'_, Option<HeadStart>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was begun; to be asked when the store has answered.
    pub(crate) fn made(self) -> Option<HeadStart> {
        self.place().take()
    }
}
