//! The secret that a client shares with the server.

use std::sync::Arc;

use zeroize::Zeroizing;

/// A shared secret: wiped when the last copy is dropped, and without any way to be printed.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<Vec<u8>>>);

impl Secret {
    /// A secret of these octets; `None` where there are none, since everybody knows that one.
    #[must_use]
    pub fn new(octets: &[u8]) -> Option<Self> {
        (!octets.is_empty()).then(|| Self::of(octets))
    }

    /// The secret of RADIUS over TLS, which everybody knows: there the certificates are the proof
    /// (RFC 6614 section 2.3).
    #[must_use]
    pub fn of_radsec() -> Self {
        Self::of(b"radsec")
    }

    fn of(octets: &[u8]) -> Self {
        Self(Arc::new(Zeroizing::new(octets.to_vec())))
    }

    /// How many octets it has.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn octets(&self) -> &[u8] {
        &self.0
    }
}
