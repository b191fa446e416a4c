//! The verifier from outside.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod key_files;
mod malformed;
mod parameters;
mod pins;

use pinward_core::{Entropy, Pin, Timestamp};
use pinward_verifier::{HashParams, KeyRing, Verifier};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const USER: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
const OTHER_USER: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964fe";
const CHEAP: HashParams = HashParams::MINIMUM_FOR_MEASUREMENTS;

/// Different bytes at every call, the same in every run.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            let bytes = n
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(29)
                .to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

fn entropy(seed: u64) -> Counter {
    Counter(AtomicU64::new(1 + seed * 1_000_000))
}

fn now() -> Timestamp {
    "2026-03-01T09:30:00Z".parse().unwrap()
}

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

fn ring(seed: u64) -> KeyRing {
    KeyRing::in_memory(&entropy(seed), now()).unwrap()
}

fn verifier(ring: KeyRing, params: HashParams) -> Verifier {
    Verifier::new(ring, params, NonZeroUsize::MIN, Arc::new(entropy(77))).unwrap()
}
