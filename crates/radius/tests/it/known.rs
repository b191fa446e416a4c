//! Packets of others, given as octets: the examples of RFC 2865 section 7, and what radclient 3.2.1 of
//! FreeRADIUS sends.

use pinward_radius::codec::{
    CISCO, Code, Packet, Secret, Signature, VendorAttribute, VendorAttributes, cisco, kind, reveal,
};

pub fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .bytes()
        .filter(u8::is_ascii_hexdigit)
        .map(|digit| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes()).unwrap()
}

/// Number, extension or name; PIN; PIN with 128 octets; no signature; CHAP; Proxy-State; status.
pub const PAP: &str = "015000c1cc2ed26643019d4fdcffbd78b28c417901073531323139021200ab35304174ca6a\
    2ee3f725518ac28220056777310506000000071f0e2b31343235353535303130301e0e2b3134323535353539303030\
    1a2300000009011d683332332d6976722d696e3d636f6e666572656e63653a343731311a3800000009183268333233\
    2d636f6e662d69643d4143314132423343203444354536463730203831393239333934204135423643374438501265\
    21445bc2d209709b54a4065d6df2e1";
const LONG: &str = "012100afcae7f8951c93d5dc76411a5c6c961079010735313231390282b8d054fd333df929dbc1\
    f138ef599032949856dc21c216fe56f8826893c130a96f516386b2bf5049c262ad86e93f9e72fdab3b56d247620a06\
    787be4f1077c9092273813a903af2f0abf0183d07ff6629a4d011f861a86ef3155eba93ceb6de80a36c7551f93ea47\
    f2c29d49858e6269fc014d4a331999187a19c518fe16d91e5012348ea8a3c8f5cc12da23c34f5df42fbc";
const UNSIGNED: &str = "019e002db4e2df528beb83683b3ecf3874676d3c0107353132313902124db0dd4f1b39342f\
    a68f14d2a5b9060c";
const CHAP: &str = "01dc0040bcc7652cd4b1a2d2f6b0c4a85ca785b70107353132313903136d5c86441b7afb48c728\
    873fb94edcf9465012eeeff46d9a00131f3901b8bacbcd678f";
pub const PROXIED: &str = "01f50049e5f9cc83221b6707ec3924440dcf6e330107353132313902121ec0c47ff16bac3894\
    470bac62aa70ae21056f6e65210574776f5012ee4e86c58beff741cfe10cbebb78db55";
const STATUS: &str = "0c0200269e6c8d87123074d5c6a41c296ed19daf50121efa770df1ff0ae7958e6dbd145c3556";

#[test]
fn packets_of_radclient() {
    let digits = "12345678".repeat(16);
    for (hex, code, name, password, signature) in [
        (
            PAP,
            Code::AccessRequest,
            "51219",
            Some("18723834"),
            Signature::Right,
        ),
        (
            LONG,
            Code::AccessRequest,
            "51219",
            Some(&*digits),
            Signature::Right,
        ),
        (
            UNSIGNED,
            Code::AccessRequest,
            "51219",
            Some("18723834"),
            Signature::Missing,
        ),
        (CHAP, Code::AccessRequest, "51219", None, Signature::Right),
        (
            PROXIED,
            Code::AccessRequest,
            "51219",
            Some("123456"),
            Signature::Right,
        ),
        (STATUS, Code::StatusServer, "", None, Signature::Right),
    ] {
        let (octets, testing) = (octets(hex), secret("testing123"));
        let packet = Packet::parse(&octets).unwrap();
        assert_eq!(packet.code(), code);
        assert_eq!(packet.signature(&testing), signature, "{hex}");
        let other = packet.signature(&secret("testing124"));
        assert_eq!(other == Signature::Missing, signature == Signature::Missing);
        assert_ne!(other, Signature::Right);
        let named = packet.first(kind::USER_NAME).map(|name| name.text());
        assert_eq!(named.unwrap_or_default(), name);
        let hidden = packet.first(kind::USER_PASSWORD);
        assert_eq!(hidden.is_some(), password.is_some());
        if let (Some(hidden), Some(password)) = (hidden, password) {
            let clear = reveal(&testing, packet.authenticator(), hidden.value).unwrap();
            assert_eq!(*clear, password.as_bytes());
        }
    }
}

#[test]
fn what_a_gateway_says_of_a_call() {
    let octets = octets(PAP);
    let packet = Packet::parse(&octets).unwrap();
    for (kind, expected) in [
        (kind::NAS_IDENTIFIER, "gw1"),
        (kind::CALLING_STATION_ID, "+14255550100"),
        (kind::CALLED_STATION_ID, "+14255559000"),
    ] {
        assert_eq!(packet.first(kind).unwrap().text(), expected);
    }
    assert_eq!(packet.first(kind::NAS_PORT).unwrap().number(), Some(7));
    let all: Vec<VendorAttribute<'_>> = packet
        .attributes()
        .flat_map(|attribute| VendorAttributes::of(&attribute))
        .collect();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|attribute| attribute.vendor == CISCO));
    let pair = (all[0].kind, all[0].pair("h323-ivr-in"));
    assert_eq!(pair, (cisco::AV_PAIR, Some("conference:4711".to_owned())));
    let call = Some("AC1A2B3C 4D5E6F70 81929394 A5B6C7D8".to_owned());
    let pair = (all[1].kind, all[1].pair("h323-conf-id"));
    assert_eq!(pair, (cisco::H323_CONF_ID, call));
    let states = super::known::octets(PROXIED);
    let states = Packet::parse(&states).unwrap();
    let values: Vec<&[u8]> = states
        .all(kind::PROXY_STATE)
        .map(|state| state.value)
        .collect();
    assert_eq!(values, [b"one", b"two"]);
}

#[test]
fn the_first_example_of_rfc_2865() {
    let request = octets(
        "01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb 98 f4 22 7a 01 06 6e 65 6d 6f 02 12 0d be 70 8d 93
         d4 13 ce 31 96 e4 3f 78 2a 0a ee 04 06 c0 a8 01 10 05 06 00 00 00 03",
    );
    let answer = octets(
        "02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf 9b 55 e0 b2 06 06 00 00 00 01 0f 06 00 00 00 00 0e
         06 c0 a8 01 03",
    );
    let secret = secret("xyzzy5461");
    let request = Packet::parse(&request).unwrap();
    assert_eq!(request.code(), Code::AccessRequest);
    assert_eq!(request.first(kind::USER_NAME).unwrap().text(), "nemo");
    assert_eq!(request.signature(&secret), Signature::Missing);
    let hidden = request.first(kind::USER_PASSWORD).unwrap().value;
    let clear = reveal(&secret, request.authenticator(), hidden).unwrap();
    assert_eq!(*clear, b"arctangent");
    let answer = Packet::parse(&answer).unwrap();
    assert_eq!(answer.code(), Code::AccessAccept);
    assert!(answer.answers(&secret, request.authenticator()));
    assert!(!answer.answers(&secret, answer.authenticator()));
}

#[test]
fn the_second_example_of_rfc_2865_is_chap() {
    let request = octets(
        "01 01 00 47 2a ee 86 f0 8d 0d 55 96 9c a5 97 8e 0d 33 67 a2 01 08 66 6c 6f 70 73 79 03 13 16 e9 75
         57 c3 16 18 58 95 f2 93 ff 63 44 07 72 75 04 06 c0 a8 01 10 05 06 00 00 00 14 06 06 00 00 00 02 07
         06 00 00 00 01",
    );
    let answer = octets(
        "02 01 00 38 15 ef bc 7d ab 26 cf a3 dc 34 d9 c0 3c 86 01 a4 06 06 00 00 00 02 07 06 00 00 00 01 08
         06 ff ff ff fe 0a 06 00 00 00 02 0d 06 00 00 00 01 0c 06 00 00 05 dc",
    );
    let request = Packet::parse(&request).unwrap();
    assert_eq!(request.first(kind::USER_NAME).unwrap().text(), "flopsy");
    assert_eq!(request.first(kind::CHAP_PASSWORD).unwrap().value.len(), 17);
    let answer = Packet::parse(&answer).unwrap();
    assert!(answer.answers(&secret("xyzzy5461"), request.authenticator()));
}
