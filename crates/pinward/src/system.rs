//! The one wall clock and the one source of randomness.

use pinward_core::{Clock, Entropy, Timestamp};

/// The system's wall clock, UTC.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that owns the wall clock"
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
        reason = "this is the one place that owns the system's randomness"
    )]
    #[expect(
        clippy::panic,
        reason = "without randomness no PIN, salt or key may be made, and going on would be worse"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = getrandom::fill(buffer) {
            panic!("the system's random number generator failed: {error}");
        }
    }
}
