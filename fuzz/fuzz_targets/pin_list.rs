//! Any bytes as a list of PINs: no panic, rows that name somebody and have a PIN, errors that name a line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_directory::import::PinList;

fuzz_target!(|bytes: &[u8]| {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let Ok(rows) = PinList::open(bytes) else {
        return;
    };
    for row in rows {
        let line = match row {
            Ok((line, row)) => {
                assert!(!row.users.is_empty() && !row.pin.is_empty());
                line
            }
            Err(error) => error.line,
        };
        assert!((1..=lines).contains(&line), "line {line} of {lines}");
    }
});
