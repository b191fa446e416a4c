//! What is read back from the database and the key file.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use pinward_verifier::{KeyRing, StoredVerifier};

fuzz_target!(|text: &str| {
    if let Ok(verifier) = StoredVerifier::parse(text) {
        assert_eq!(verifier.as_str(), text);
    }
    let _ = KeyRing::parse(text, Path::new("fuzz"));
});
