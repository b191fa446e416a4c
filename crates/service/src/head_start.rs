//! The hash of an attempt may begin while its reservation is being made durable. Nobody looks at
//! what comes of it before the store has answered (R-LOCK-10): should the answer be another one than
//! was foretold, the hash is thrown away.

use std::pin::pin;

use pinward_core::Pin;
use pinward_store::{Charged, Foretell};
use pinward_verifier::{Begun, StoredVerifier};

use crate::Service;

/// A verification that was begun on a forecast.
pub(crate) struct HeadStart {
    verifier: String,
    binding: String,
    begun: Begun,
}

impl HeadStart {
    /// The verification, if it is the one of this verifier and binding.
    pub(crate) fn of(self, verifier: &str, binding: &str) -> Option<Begun> {
        (self.verifier == verifier && self.binding == binding).then_some(self.begun)
    }
}

impl Service {
    /// Waits for the store's answer; where it foretells an admission, begins to verify `pin`.
    pub(crate) async fn with_head_start<Answer: Future>(
        &self,
        pin: Option<&Pin>,
        ask: impl FnOnce(Foretell) -> Answer,
    ) -> (Answer::Output, Option<Box<HeadStart>>) {
        let Some(pin) = pin else {
            return (ask(Foretell::nobody()).await, None);
        };
        let (foretell, foretold) = Foretell::new();
        let mut answer = pin!(ask(foretell));
        let charged = tokio::select! {
            biased;
            answer = &mut answer => return (answer, None),
            Ok(charged) = foretold => charged,
        };
        let head_start = self.head_start(charged, pin);
        (answer.await, head_start)
    }

    /// Where it cannot begin now, the verification begins in its turn and says why it cannot.
    fn head_start(&self, charged: Charged, pin: &Pin) -> Option<Box<HeadStart>> {
        let Charged::Admitted {
            verifier, binding, ..
        } = charged
        else {
            return None;
        };
        let stored = StoredVerifier::parse(&verifier).ok()?;
        let begun = self.verifier.begin(&binding, pin, &stored).ok()?;
        Some(Box::new(HeadStart {
            verifier,
            binding,
            begun,
        }))
    }
}
