//! Any bytes as what an Asterisk sends: no panic, and the same whether they come at once or one by one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_fastagi::{Answer, Decoder, Received};

fn decoded(bytes: &[u8], chunk: usize) -> (Vec<String>, bool) {
    let mut decoder = Decoder::default();
    let mut seen = Vec::new();
    for bytes in bytes.chunks(chunk) {
        if decoder.feed(bytes).is_err() {
            return (seen, true);
        }
        loop {
            match decoder.receive() {
                Ok(None) => break,
                Err(_) => return (seen, true),
                Ok(Some(Received::Environment(call))) => seen.push(format!("{call:?}")),
                Ok(Some(Received::HangUp)) => seen.push("gone".to_owned()),
                Ok(Some(Received::Answer(Answer::Done { result, timed_out }))) => {
                    seen.push(format!("{} {timed_out}", result.as_str()));
                }
                Ok(Some(Received::Answer(_))) => seen.push("failed".to_owned()),
            }
        }
    }
    (seen, false)
}

fuzz_target!(|bytes: &[u8]| {
    let (together, broken) = decoded(bytes, 512);
    let (apart, broken_apart) = decoded(bytes, 1);
    // A line that is too long may be noticed before or after the lines that came with it.
    match broken || broken_apart {
        true => assert!(together.starts_with(&apart) || apart.starts_with(&together)),
        false => assert_eq!(together, apart),
    }
});
