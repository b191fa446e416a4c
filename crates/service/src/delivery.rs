//! Attempts that may be delivered more than once (R-LOCK-11): a RADIUS retransmission, a repeated
//! HTTP request. The same key and the same input get the same answer and count once.

use std::sync::Arc;

use jiff::SignedDuration;
use pinward_core::{Timestamp, UserId};
use pinward_store::Delivery as Stored;
use sha2::{Digest, Sha256};

use crate::Service;
use crate::log_on::{Attempt, Decided, LogOnError, Verdict, as_pin};

/// What identifies a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Who delivers: keys of different clients have nothing to do with each other.
    pub client: &'a str,
    /// The client's key, or what identifies a retransmission.
    pub key: &'a str,
    /// How long the answer is remembered.
    pub life: SignedDuration,
    /// By what it is told that the key was used for another input.
    pub input: Input<'a>,
}

/// The input of a delivery.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// What was keyed and from where, and what else was sent that the answer depends on, such as what an
    /// assertion shall say. To compare it costs a hash, since a PIN is all that makes it hard to guess.
    Keyed(&'a [&'a str]),
    /// All of it as it came, with what nobody can guess in it, such as the random octets of a RADIUS
    /// packet. Compared by a keyed digest, which costs nothing.
    Octets(&'a [u8]),
}

impl Service {
    /// What the store keeps of a delivery: digests. A PIN that was keyed is in that of the input as it
    /// is in a verifier (R-SEC-1), which costs a hash: what repeated deliveries are worth.
    pub(crate) async fn remembered(
        &self,
        delivery: &Delivery<'_>,
        attempt: &Attempt<'_>,
    ) -> Result<Stored, LogOnError> {
        let mut key = Sha256::new();
        for part in [delivery.client, delivery.key] {
            key.update((part.len() as u64).to_be_bytes());
            key.update(part.as_bytes());
        }
        let key: [u8; 32] = key.finalize().into();
        let mut salt = [0; 16];
        salt.copy_from_slice(&key[..16]);
        let inputs = match delivery.input {
            Input::Keyed(asked) => {
                let parts = parts(attempt, asked);
                let pin = as_pin(attempt.pin);
                self.verifier.input_tags(&salt, &parts, pin.as_ref()).await
            }
            Input::Octets(octets) => self.verifier.input_tags(&salt, &[octets], None).await,
        }?;
        let now = self.clock.now();
        let keep_until = now.checked_add(delivery.life).unwrap_or(Timestamp::MAX);
        Ok(Stored {
            key,
            inputs,
            keep_until,
        })
    }
}

/// All that was sent but the PIN. The client's address is not: it may repeat itself from another one.
fn parts<'a>(attempt: &'a Attempt<'_>, asked: &[&'a str]) -> Vec<&'a [u8]> {
    let source = &attempt.source;
    let mut parts = vec![attempt.who.as_bytes()];
    for text in [
        attempt.also_known_as,
        source.device.as_deref(),
        source.caller.as_deref(),
        source.called.as_deref(),
        source.conference.as_deref(),
    ] {
        // What is empty is not what is left out.
        parts.push(if text.is_some() { b"given" } else { b"" });
        parts.push(text.unwrap_or_default().as_bytes());
    }
    parts.extend(asked.iter().map(|text| text.as_bytes()));
    parts
}

impl Service {
    /// The verdict that was given before.
    pub(crate) async fn again(&self, answer: pinward_store::Answer) -> Result<Decided, LogOnError> {
        let user = match answer.user {
            Some(UserId(id)) => self.store.user(UserId(id)).await?.map(Arc::new),
            None => None,
        };
        let verdict = Verdict {
            outcome: answer.outcome,
            user,
            locked_until: answer.locked_until,
            proven: None,
        };
        Ok(Decided {
            verdict,
            again: true,
        })
    }
}
