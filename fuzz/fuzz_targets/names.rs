//! What callers key and clients send: numbers, identities, distinguished names, PINs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pinward_core::{
    Dn, LineUri, Pattern, PinFacts, Policy, PolicyIdentity, check_pin, fold, parse_identity,
    parse_number,
};

fuzz_target!(|text: &str| {
    let _ = parse_identity(text);
    let _ = parse_number(text);
    let _ = LineUri::parse(text);
    let _ = Pattern::parse(text).is_match(text);
    if let Ok(dn) = Dn::parse(text) {
        assert!(dn.is_within(&dn));
        assert_eq!(Dn::parse(&dn.folded()).map(|again| again.folded()), Ok(dn.folded()));
    }
    if let Ok(identity) = PolicyIdentity::parse(text) {
        assert_eq!(PolicyIdentity::parse(&identity.to_string()), Ok(identity));
    }
    assert_eq!(fold(&fold(text)), fold(text));
    let facts = PinFacts { extension: Some("51219".into()), phone_digits: Some("14255551219".into()) };
    let _ = check_pin(text, &Policy::defaults(PolicyIdentity::Global), &facts);
});
