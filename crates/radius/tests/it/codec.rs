//! The octets: what holds for all packets.

use pinward_radius::codec::{
    Answer, Code, HEADER, LONGEST, Malformed, Packet, Secret, Signature, TooLong, VendorAttributes,
    hide, kind, reveal,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A packet of these attributes, unsigned.
pub fn packet(code: u8, authenticator: [u8; 16], attributes: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut octets = vec![code, 42, 0, 0];
    octets.extend(authenticator);
    for (kind, value) in attributes {
        octets.extend([*kind, u8::try_from(value.len() + 2).unwrap()]);
        octets.extend(value);
    }
    let length = u16::try_from(octets.len()).unwrap();
    octets[2..4].copy_from_slice(&length.to_be_bytes());
    octets
}

#[test]
fn lengths_that_do_not_fit() {
    let good = packet(1, [7; 16], &[(1, b"51219".to_vec())]);
    let with_length = |length: u16| {
        let mut octets = good.clone();
        octets[2..4].copy_from_slice(&length.to_be_bytes());
        octets
    };
    let with_attribute = |octets: &[u8]| {
        let mut packet = packet(1, [7; 16], &[]);
        packet.extend(octets);
        let length = u16::try_from(packet.len()).unwrap();
        packet[2..4].copy_from_slice(&length.to_be_bytes());
        packet
    };
    let signature = [&[80, 18][..], &[0; 16]].concat();
    for (octets, expected) in [
        (vec![], Malformed::CutShort),
        (good[..HEADER - 1].to_vec(), Malformed::CutShort),
        (good[..HEADER].to_vec(), Malformed::CutShort),
        (with_length(0), Malformed::Length),
        (with_length(19), Malformed::Length),
        (with_length(4097), Malformed::Length),
        (with_length(4096), Malformed::CutShort),
        (with_length(21), Malformed::Attribute),
        (with_attribute(&[1]), Malformed::Attribute),
        (with_attribute(&[1, 0]), Malformed::Attribute),
        (with_attribute(&[1, 1]), Malformed::Attribute),
        (with_attribute(&[1, 3]), Malformed::Attribute),
        (with_attribute(&[80, 2]), Malformed::MessageAuthenticator),
        (with_attribute(&[80, 3, 0]), Malformed::MessageAuthenticator),
        (
            with_attribute(&[&*signature, &*signature].concat()),
            Malformed::MessageAuthenticator,
        ),
    ] {
        assert_eq!(Packet::parse(&octets).err(), Some(expected), "{octets:?}");
    }
    assert!(Packet::parse(&with_attribute(&[1, 2])).is_ok());
    assert!(Packet::parse(&with_length(20)).is_ok());
}

#[test]
fn octets_after_the_length_are_padding() {
    let mut octets = packet(1, [7; 16], &[(1, b"51219".to_vec())]);
    let length = octets.len();
    octets.extend([80, 18, 0]);
    assert_eq!(Packet::parse(&octets).unwrap().octets().len(), length);
}

#[test]
fn passwords_have_16_to_128_octets_in_steps_of_16() {
    let secret = Secret::new(b"s").unwrap();
    for length in 0..=200 {
        let allowed = (16..=128).contains(&length) && length % 16 == 0;
        let revealed = reveal(&secret, &[1; 16], &vec![0; length]);
        assert_eq!(revealed.is_ok(), allowed, "{length}");
    }
    assert!(hide(&secret, &[1; 16], &[b'1'; 129]).is_none());
}

#[test]
fn what_does_not_fit_into_an_answer() {
    let states: Vec<_> = (0..16).map(|_| (kind::PROXY_STATE, vec![9; 253])).collect();
    let secret = Secret::new(b"s").unwrap();
    let octets = packet(1, [7; 16], &states[..15]);
    let request = Packet::parse(&octets).unwrap();
    let answer = Answer::new(Code::AccessReject);
    assert!(answer.to(&request, &secret).is_ok());
    let long = answer.with(kind::REPLY_MESSAGE, &[b'x'; 253]);
    assert_eq!(long.to(&request, &secret), Err(TooLong));
}

#[test]
fn text_is_cut_between_characters() {
    let secret = Secret::new(b"s").unwrap();
    let octets = packet(1, [7; 16], &[]);
    let request = Packet::parse(&octets).unwrap();
    let text = format!("{}é", "x".repeat(252));
    let answer = Answer::new(Code::AccessAccept)
        .with(kind::REPLY_MESSAGE, text.as_bytes())
        .with_vendor(9, 1, "é".repeat(200).as_bytes());
    let answer = answer.to(&request, &secret).unwrap();
    let answer = Packet::parse(&answer).unwrap();
    let said = answer.first(kind::REPLY_MESSAGE).unwrap();
    assert_eq!(said.text(), "x".repeat(252));
    let vendor = answer.first(kind::VENDOR_SPECIFIC).unwrap();
    let inner = VendorAttributes::of(&vendor).next().unwrap();
    assert_eq!(inner.value, "é".repeat(123).as_bytes());
}

proptest! {
    #[test]
    fn what_was_hidden_is_revealed(
        secret in vec(any::<u8>(), 1..80),
        authenticator in any::<[u8; 16]>(),
        clear in vec(1_u8.., 0..=128),
    ) {
        let secret = Secret::new(&secret).unwrap();
        let hidden = hide(&secret, &authenticator, &clear).unwrap();
        prop_assert_eq!(&*reveal(&secret, &authenticator, &hidden).unwrap(), &clear);
    }

    /// An answer is signed, first of all, and bears what the request wants back.
    #[test]
    fn answers_are_signed(
        secret in vec(any::<u8>(), 1..80),
        authenticator in any::<[u8; 16]>(),
        states in vec(vec(any::<u8>(), 0..=253), 0..5),
        said in vec((1_u8..24, vec(any::<u8>(), 0..=253)), 0..5),
    ) {
        let secret = Secret::new(&secret).unwrap();
        let mut sent: Vec<(u8, Vec<u8>)> = states.iter().map(|s| (kind::PROXY_STATE, s.clone())).collect();
        sent.insert(0, (kind::USER_NAME, b"51219".to_vec()));
        let octets = packet(1, authenticator, &sent);
        let request = Packet::parse(&octets).unwrap();
        let mut answer = Answer::new(Code::AccessReject);
        for (kind, value) in &said {
            answer = answer.with(*kind, value);
        }
        let octets = answer.to(&request, &secret).unwrap();
        prop_assert!(octets.len() <= LONGEST);
        let answer = Packet::parse(&octets).unwrap();
        prop_assert_eq!((answer.code(), answer.id()), (Code::AccessReject, request.id()));
        prop_assert_eq!(answer.attributes().next().unwrap().kind, kind::MESSAGE_AUTHENTICATOR);
        prop_assert_eq!(answer.signature_of_answer(&secret, &authenticator), Signature::Right);
        prop_assert!(answer.answers(&secret, &authenticator));
        let back: Vec<Vec<u8>> = answer.all(kind::PROXY_STATE).map(|s| s.value.to_vec()).collect();
        prop_assert_eq!(back, states);
        prop_assert_eq!(answer.attributes().count(), 1 + said.len() + sent.len() - 1);
    }

    /// One octet that is changed makes a signed answer wrong.
    #[test]
    fn a_changed_answer_is_noticed(at in 0_usize..58, change in 1_u8..) {
        let secret = Secret::new(b"testing123").unwrap();
        let octets = packet(1, [7; 16], &[]);
        let request = Packet::parse(&octets).unwrap();
        let answer = Answer::new(Code::AccessAccept).with(kind::USER_NAME, &[b'u'; 18]);
        let mut octets = answer.to(&request, &secret).unwrap();
        prop_assert_eq!(octets.len(), 58);
        octets[at] ^= change;
        let Ok(answer) = Packet::parse(&octets) else { return Ok(()) };
        prop_assert!(!answer.answers(&secret, &[7; 16]));
    }
}
