//! Any bytes as frequencies of PINs, in any order of columns: no panic, errors that name a line, and nobody found
//! who is not there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_core::{Policy, PolicyIdentity};
use pinward_guessing::{Frequencies, Order, Ranked};

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    for order in [None, Some(Order::PinCount), Some(Order::CountPin), Some(Order::Pin)] {
        let mut frequencies = Frequencies::default();
        match frequencies.read(bytes, order) {
            Err(error) => assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line),
            Ok(()) => {
                let found = Ranked::of(&frequencies).measure(&Policy::defaults(PolicyIdentity::Global));
                assert_eq!(found.people(), frequencies.people());
                assert!(found.within_local <= found.within_global && found.within_global <= found.accepted);
            }
        }
    }
});
