//! What all use cases share about saying no.

use pinward_store::StoreError;
use pinward_verifier::{KeyError, VerifierError};

/// A refusal that a person reads: its text is `Display`, and this is its stable name.
pub trait Refusal: std::error::Error {
    /// The identifier that scripts and translations may rely on, e.g. `UserNotFound`.
    fn id(&self) -> &'static str;
}

/// No decision could be reached. Never a refusal, never an acceptance, never counted (R-AUTH-7).
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The store did not answer or could not keep what was asked.
    #[error("the store is not available: {0}")]
    Store(#[from] StoreError),
    /// The PIN could not be hashed or compared.
    #[error("PINs cannot be checked right now: {0}")]
    Verifier(#[from] VerifierError),
    /// The key file could not be read again after a rotation.
    #[error("the keys cannot be read: {0}")]
    Keys(#[from] KeyError),
    /// More work is waiting than can be done in reasonable time.
    #[error("too much is being decided at this moment; try again shortly")]
    Busy,
    /// The verdict took longer than the attempt's lease, after which it counts as a failure.
    #[error("the attempt took too long and was given up; try again")]
    TooSlow,
}

impl Refusal for Unavailable {
    fn id(&self) -> &'static str {
        match self {
            Self::Store(_) => "StoreUnavailable",
            Self::Verifier(_) => "VerifierUnavailable",
            Self::Keys(_) => "KeyFileUnusable",
            Self::Busy => "Busy",
            Self::TooSlow => "TooSlow",
        }
    }
}

/// Lets `?` carry store and verifier errors into a use case's own error.
macro_rules! unavailable {
    ($error:ty) => {
        impl From<pinward_store::StoreError> for $error {
            fn from(error: pinward_store::StoreError) -> Self {
                Self::Unavailable(error.into())
            }
        }
        impl From<crate::Unavailable> for $error {
            fn from(error: crate::Unavailable) -> Self {
                Self::Unavailable(error)
            }
        }
        impl From<pinward_verifier::VerifierError> for $error {
            fn from(error: pinward_verifier::VerifierError) -> Self {
                Self::Unavailable(error.into())
            }
        }
    };
}
pub(crate) use unavailable;
