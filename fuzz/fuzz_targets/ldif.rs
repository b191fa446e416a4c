//! Any bytes as LDIF: no panic, and every error names a line of the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_directory::import;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    for error in import::ldif(bytes).filter_map(Result::err) {
        assert!((1..=lines).contains(&error.line), "{error}");
    }
});
