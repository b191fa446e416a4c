//! The wall clock and the randomness of this tool. The rest of the code has them injected, and what
//! is measured must pay for the real ones.

use pinward_core::{Clock, Entropy, Timestamp};

/// The system's wall clock, UTC.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of this program that owns the wall clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's random number generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of this program that owns the system's randomness"
    )]
    #[expect(
        clippy::panic,
        reason = "a measurement without randomness has no result"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            panic!("the system's random number generator failed: {error}");
        }
    }
}
