//! A password.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A password that is not empty, wiped when dropped; it has no `Debug`, `Display` or `Clone`.
///
/// A directory answers a bind with a name and no password with success, as anonymous (RFC 4513
/// section 5.1.2): an empty one is nobody's proof and never sent.
pub struct Password(Zeroizing<String>);

/// There is nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the password for the directory is empty; there is no bind without a password")]
pub struct EmptyPassword;

impl Password {
    /// Takes the password as it stands, blanks included.
    ///
    /// # Errors
    /// When it is empty.
    pub fn new(text: Zeroizing<String>) -> Result<Password, EmptyPassword> {
        match text.is_empty() {
            true => Err(EmptyPassword),
            false => Ok(Password(text)),
        }
    }

    /// Whether it is this one. The time tells nothing of how much of it is right.
    #[must_use]
    pub fn is(&self, expected: &str) -> bool {
        Sha256::digest(self.0.as_bytes()) == Sha256::digest(expected.as_bytes())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}
