//! Whatever comes in by UDP: nothing panics, and every answer is signed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_radius::codec::{Answer, Code, Packet, Secret, Signature, VendorAttributes, kind, reveal};

fuzz_target!(|octets: &[u8]| {
    let Some(secret) = Secret::new(b"testing123") else { return };
    let Ok(packet) = Packet::parse(octets) else { return };
    let _ = packet.signature(&secret);
    for attribute in packet.attributes() {
        let _ = attribute.text();
        for inner in VendorAttributes::of(&attribute) {
            let _ = inner.pair("h323-ivr-in");
        }
        if attribute.kind == kind::USER_PASSWORD {
            let _ = reveal(&secret, packet.authenticator(), attribute.value);
        }
    }
    if let Ok(answer) = Answer::new(Code::AccessReject).to(&packet, &secret) {
        let answer = Packet::parse(&answer).expect("an answer is a packet");
        assert_eq!(answer.signature_of_answer(&secret, packet.authenticator()), Signature::Right);
        assert!(answer.answers(&secret, packet.authenticator()));
    }
});
