//! Where randomness comes from.

/// The one source of randomness: a CSPRNG in the product, a seeded generator in tests.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
