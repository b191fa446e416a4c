//! Whatever comes in: nothing panics, and nothing that was changed passes for signed. The fuzz target
//! `radius` does the same for as long as one lets it (`fuzz/README.md`); this is its part that every run
//! of the tests has.

use pinward_radius::codec::{
    Answer, Code, HEADER, Packet, Secret, Signature, VendorAttributes, kind, reveal,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::known;

/// Everything the door does with octets.
fn read(octets: &[u8], secret: &Secret) -> Option<Signature> {
    let packet = Packet::parse(octets).ok()?;
    assert!(packet.octets().len() <= octets.len());
    let length = packet.attributes().map(|found| 2 + found.value.len());
    assert_eq!(HEADER + length.sum::<usize>(), packet.octets().len());
    for attribute in packet.attributes() {
        for inner in VendorAttributes::of(&attribute) {
            assert!(inner.value.len() <= 247);
        }
        if attribute.kind == kind::USER_PASSWORD {
            let clear = reveal(secret, packet.authenticator(), attribute.value);
            assert!(
                clear.is_ok_and(|clear| clear.len() <= 128)
                    || attribute.value.len() % 16 != 0
                    || !(16..=128).contains(&attribute.value.len())
            );
        }
    }
    if let Ok(answer) = Answer::new(Code::AccessReject).to(&packet, secret) {
        let answer = Packet::parse(&answer).unwrap();
        let signed = answer.signature_of_answer(secret, packet.authenticator());
        assert_eq!(signed, Signature::Right);
    }
    Some(packet.signature(secret))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_octets(octets in vec(any::<u8>(), 0..300)) {
        let signature = read(&octets, &Secret::new(b"testing123").unwrap());
        prop_assert_ne!(signature, Some(Signature::Right));
    }

    /// A packet of a real client with octets changed, taken out and put in.
    #[test]
    fn a_packet_that_was_changed(
        changes in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        let whole = known::octets(known::PAP);
        let mut octets = whole.clone();
        for (at, octet, what) in changes {
            let at = at.index(octets.len().max(1));
            match what {
                _ if octets.is_empty() => octets.push(octet),
                0 => octets.insert(at, octet),
                1 => drop(octets.remove(at)),
                2 => octets.truncate(at),
                _ => octets[at] = octet,
            }
        }
        let signature = read(&octets, &Secret::new(b"testing123").unwrap());
        prop_assert_eq!(signature == Some(Signature::Right), octets.starts_with(&whole));
    }
}
