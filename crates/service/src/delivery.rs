//! Attempts that may be delivered more than once (R-LOCK-11): a RADIUS retransmission, a repeated
//! HTTP request. The same key and the same input get the same answer and count once.

use jiff::SignedDuration;
use pinward_core::{Timestamp, UserId};
use pinward_store::Delivery as Stored;
use pinward_verifier::KeyRing;
use sha2::{Digest, Sha256};

use crate::Service;
use crate::log_on::{Attempt, Decided, LogOnError, Verdict};

/// What identifies a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Who delivers: keys of different clients have nothing to do with each other.
    pub client: &'a str,
    /// The client's key, or what identifies a retransmission.
    pub key: &'a str,
    /// How long the answer is remembered.
    pub life: SignedDuration,
}

impl Delivery<'_> {
    /// What the store keeps of it: digests. That of the input has a key which is not in the store,
    /// so that no PIN can be guessed from it.
    pub(crate) fn stored(&self, attempt: &Attempt<'_>, ring: &KeyRing, now: Timestamp) -> Stored {
        let mut key = Sha256::new();
        for part in [self.client, self.key] {
            key.update((part.len() as u64).to_be_bytes());
            key.update(part.as_bytes());
        }
        let also = attempt.also_known_as.unwrap_or_default();
        let input = [
            attempt.who.as_bytes(),
            also.as_bytes(),
            attempt.pin.as_bytes(),
        ];
        Stored {
            key: key.finalize().into(),
            inputs: ring.input_tags(&input),
            keep_until: now.checked_add(self.life).unwrap_or(Timestamp::MAX),
        }
    }
}

impl Service {
    /// The verdict that was given before.
    pub(crate) async fn again(&self, answer: pinward_store::Answer) -> Result<Decided, LogOnError> {
        let user = match answer.user {
            Some(UserId(id)) => self.store.user(UserId(id)).await?,
            None => None,
        };
        let verdict = Verdict {
            outcome: answer.outcome,
            user,
            locked_until: answer.locked_until,
        };
        Ok(Decided {
            verdict,
            again: true,
        })
    }
}
