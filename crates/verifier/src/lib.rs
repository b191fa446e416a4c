//! PIN verifiers: Argon2id over an HMAC with a secret key, the key ring, and the bounded hashing pool.
