//! PIN verifiers: Argon2id over an HMAC with a secret key, the key ring, and the bounded hashing pool.
//!
//! ```text
//! mac      = HMAC-SHA-256(key, "pinward-pin-v1" ‖ len(binding) as u64 BE ‖ binding ‖ salt ‖ pin)
//! verifier = Argon2id(password = mac, salt, m, t, p) → 32 bytes
//! ```
//!
//! Why both: a PIN of four digits has ten thousand values, so no slow hash alone protects a copied
//! database. The key, which is not in the database, does; Argon2id is what is left should the key
//! leak as well. The *binding* (the user's directory GUID) keeps somebody with write access to the
//! database from giving one user's verifier to another.
//!
//! Invariants, each with a test:
//! - Without the key no guess can be tested: every verifier depends on it (R-SEC-1).
//! - A key is never overwritten or dropped by a rotation, a crash or a second process (R-SEC-2).
//! - PINs never enter the pool, only their MACs; MACs and keys are wiped, and hash memory is wiped
//!   or at once overwritten by the next hash (R-SEC-3).
//! - An answer is `Ok` only when the hash was really computed; a full queue, a panicking lane or a
//!   missing key is an error, which lets nobody in and is counted against nobody (R-AUTH-7).
//! - Memory is bounded: one arena per lane, and at most one larger block for verifiers that ask for
//!   more than the configured parameters, itself bounded by [`HashParams::MAX_MEMORY_KIB`].

mod arena;
mod error;
mod key;
mod key_file;
mod key_ring;
mod params;
mod pool;
mod private_file;
mod raw;
mod signing;
mod stored;
mod verifier;

pub use error::{KeyError, MalformedVerifier, ParamsError, StartError, VerifierError};
pub use key_ring::KeyRing;
pub use params::HashParams;
pub use raw::RawHash;
pub use signing::SigningKey;
pub use stored::StoredVerifier;
pub use verifier::{Begun, Verified, Verifier};

/// R-SEC-3: what holds a secret cannot be printed or copied. The compiler answers: with two
/// implementations that apply, `_` below could not be inferred.
#[cfg(test)]
mod secrets_stay_secret {
    trait Leaks<Way> {
        fn check() {}
    }
    impl<T> Leaks<()> for T {}
    impl<T: std::fmt::Debug> Leaks<[(); 1]> for T {}
    impl<T: std::fmt::Display> Leaks<[(); 2]> for T {}
    impl<T: Clone> Leaks<[(); 3]> for T {}

    const _: fn() = || {
        <crate::key::Key as Leaks<_>>::check();
        <crate::KeyRing as Leaks<_>>::check();
        <crate::pool::Work as Leaks<_>>::check();
        <crate::Verifier as Leaks<_>>::check();
        <pinward_core::Pin as Leaks<_>>::check();
    };
}
