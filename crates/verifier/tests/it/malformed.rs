//! Texts from the database that this program did not write.

use crate::{CHEAP, USER, pin, ring, verifier};
use pinward_verifier::{MalformedVerifier as Bad, StoredVerifier, VerifierError};
use proptest::prelude::*;

const SALT: &str = "ZGVmZ2hpamtsbW5vcHFycw";
const HASH: &str = "KZ0CctgVWF9ualyfvBsw33C6adkgsnR9XWWbrd4pOJU";

fn text(id: &str, params: &str, salt: &str, hash: &str) -> String {
    format!("pw1${id}${params}${salt}${hash}")
}

#[test]
fn each_part_is_read_strictly() {
    let id = "d39a2b14";
    let params = "m=8,t=1,p=1";
    assert!(StoredVerifier::parse(&text(id, params, SALT, HASH)).is_ok());
    for (text, expected) in [
        (String::new(), Bad::Form),
        ("pw1".to_owned(), Bad::Form),
        (
            text(id, params, SALT, HASH).replace("pw1", "pw2"),
            Bad::Form,
        ),
        (format!("{}$", text(id, params, SALT, HASH)), Bad::Form),
        (format!(" {}", text(id, params, SALT, HASH)), Bad::Form),
        (text("", params, SALT, HASH), Bad::KeyId),
        (text("D39A2B14", params, SALT, HASH), Bad::KeyId),
        (text("d39a2b1", params, SALT, HASH), Bad::KeyId),
        (text(id, "", SALT, HASH), Bad::Params),
        (text(id, "m=8,t=1", SALT, HASH), Bad::Params),
        (text(id, "t=1,m=8,p=1", SALT, HASH), Bad::Params),
        (text(id, "m=8,t=1,p=1,x=1", SALT, HASH), Bad::Params),
        (text(id, "m=+8,t=1,p=1", SALT, HASH), Bad::Params),
        (text(id, "m=08,t=1,p=1", SALT, HASH), Bad::Params),
        (text(id, "m=,t=1,p=1", SALT, HASH), Bad::Params),
        (text(id, "m=8,t=1,p=0", SALT, HASH), Bad::Params),
        (text(id, "m=4294967296,t=1,p=1", SALT, HASH), Bad::Params),
        (text(id, params, "", HASH), Bad::Salt),
        (text(id, params, "ZGVmZ2hpamtsbW5vcHFyc", HASH), Bad::Salt),
        (
            text(id, params, "ZGVmZ2hpamtsbW5vcHFycw==", HASH),
            Bad::Salt,
        ),
        // Bits beyond the last byte: a second text for the same value.
        (text(id, params, "ZGVmZ2hpamtsbW5vcHFycx", HASH), Bad::Salt),
        (text(id, params, HASH, HASH), Bad::Salt),
        (text(id, params, SALT, SALT), Bad::Hash),
        (text(id, params, SALT, &format!("{HASH}A")), Bad::Hash),
    ] {
        assert_eq!(StoredVerifier::parse(&text), Err(expected), "{text}");
    }
}

// A forged row cannot make the server take more memory or time than the bounds allow.
#[test]
fn costs_beyond_the_bounds_are_refused_before_anything_is_computed() {
    for params in [
        "m=4294967295,t=1,p=1",
        "m=262145,t=1,p=1",
        "m=8,t=4294967295,p=1",
        "m=262144,t=64,p=1",
    ] {
        let found = StoredVerifier::parse(&text("d39a2b14", params, SALT, HASH));
        assert!(
            matches!(found, Err(Bad::ParamsRange(_))),
            "{params}: {found:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_is_refused_or_read_back_unchanged(text in "\\PC*") {
        if let Ok(stored) = StoredVerifier::parse(&text) {
            prop_assert_eq!(stored.as_str(), text);
        }
    }

    /// Nearly right texts, among them right ones, up to the verdict.
    #[test]
    fn nearly_right_texts_never_panic(
        id in prop_oneof![Just("d39a2b14".to_owned()), "[0-9a-f]{7,9}"],
        m in 0_u32..100, t in 0_u32..3, p in 0_u32..6,
        salt in prop_oneof![3 => Just(SALT.to_owned()), 1 => "[A-Za-z0-9+/=]{20,24}"],
        hash in prop_oneof![3 => Just(HASH.to_owned()), 1 => "[A-Za-z0-9+/=]{42,44}"],
        cut in 0_usize..200,
    ) {
        let mut text = text(&id, &format!("m={m},t={t},p={p}"), &salt, &hash);
        text.truncate(cut);
        let Ok(stored) = StoredVerifier::parse(&text) else { return Ok(()) };
        prop_assert_eq!(stored.as_str(), &text);
        // Whose key is not there, or whose label was changed to one that is.
        let ring = ring(1);
        let known = StoredVerifier::parse(&text.replace(&id, ring.current_id()));
        let verifier = verifier(ring, CHEAP);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let unknown = runtime.block_on(verifier.verify(USER, &pin("4711"), &stored));
        prop_assert_eq!(unknown, Err(VerifierError::UnknownKey { id }));
        let found = runtime.block_on(verifier.verify(USER, &pin("4711"), &known.unwrap()));
        prop_assert_eq!(found.map(|found| found.correct), Ok(false));
    }
}
