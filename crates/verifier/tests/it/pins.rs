//! Deriving and verifying.

use crate::{CHEAP, OTHER_USER, USER, entropy, now, pin, ring, verifier};
use pinward_verifier::{
    HashParams, KeyError, KeyRing, StoredVerifier, Verified, Verifier, VerifierError,
};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

const CORRECT: Verified = Verified {
    correct: true,
    upgrade: false,
};
const WRONG: Verified = Verified {
    correct: false,
    upgrade: false,
};

fn stored(text: &str) -> StoredVerifier {
    StoredVerifier::parse(text).unwrap()
}

/// Values of another implementation, the C reference by way of Python's argon2-cffi 25.1.0:
/// ```python
/// import base64, hashlib, hmac
/// from argon2.low_level import Type, hash_secret_raw
/// key = bytes(range(32)); salt = bytes(range(100, 116)); pin = b"0470512"
/// user = b"6f9619ff-8b86-d011-b42d-00cf4fc964ff"
/// key_id = hmac.new(key, b"pinward-key-id-v1", hashlib.sha256).hexdigest()[:8]
/// fingerprint = hmac.new(key, b"pinward-key-fingerprint-v1", hashlib.sha256).hexdigest()
/// text = b"pinward-pin-v1" + len(user).to_bytes(8, "big") + user + salt + pin
/// mac = hmac.new(key, text, hashlib.sha256).digest()
/// hash = hash_secret_raw(mac, salt, t, m, p, 32, Type.ID)
/// ```
#[tokio::test]
async fn known_answers_of_another_implementation() {
    let file = "pinward-keys 1\n\
        key d39a2b14 2026-03-01T09:30:00Z AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
    let ring = KeyRing::parse(file, Path::new("known")).unwrap();
    let fingerprint: String = ring
        .fingerprint("d39a2b14")
        .unwrap()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        fingerprint,
        "93ddf52f60aba21bf8e098518fef40d49e9977057c5cac5515c999df273be179"
    );
    let verifier = verifier(ring, HashParams::default());
    for (text, upgrade) in [
        (
            "pw1$d39a2b14$m=19456,t=2,p=1$ZGVmZ2hpamtsbW5vcHFycw$JK1L/uZgSvf3gQiHFECBhigFyTg8q2NrVaP6xp0RbbI",
            false,
        ),
        (
            "pw1$d39a2b14$m=8,t=1,p=1$ZGVmZ2hpamtsbW5vcHFycw$KZ0CctgVWF9ualyfvBsw33C6adkgsnR9XWWbrd4pOJU",
            true,
        ),
        (
            "pw1$d39a2b14$m=64,t=3,p=4$ZGVmZ2hpamtsbW5vcHFycw$db0Q+S1wChCnGJMkY2j+P6Dvh4C+7wM5x5IAAK2Zf2E",
            true,
        ),
    ] {
        let stored = stored(text);
        let right = verifier.verify(USER, &pin("0470512"), &stored).await;
        assert_eq!(
            right,
            Ok(Verified {
                correct: true,
                upgrade
            }),
            "{text}"
        );
        let wrong = verifier.verify(USER, &pin("0470513"), &stored).await;
        assert_eq!(
            wrong,
            Ok(Verified {
                correct: false,
                upgrade
            }),
            "{text}"
        );
    }
}

#[tokio::test]
async fn only_the_same_pin_of_the_same_user_is_correct() {
    let verifier = verifier(ring(1), CHEAP);
    let stored = verifier.derive(USER, &pin("0123")).await.unwrap();
    assert_eq!(StoredVerifier::parse(stored.as_str()).as_ref(), Ok(&stored));
    for (user, digits, expected) in [
        (USER, "0123", CORRECT),
        (USER, "123", WRONG),
        (USER, "00123", WRONG),
        (USER, "01230", WRONG),
        (USER, "0124", WRONG),
        // Given to another user by somebody who can write to the database.
        (OTHER_USER, "0123", WRONG),
        ("", "0123", WRONG),
    ] {
        let found = verifier.verify(user, &pin(digits), &stored).await;
        assert_eq!(found, Ok(expected), "{user} {digits}");
    }
    // The length of the binding is part of the MAC: digits cannot move between the two.
    let of_12 = verifier.derive("user-12", &pin("34567")).await.unwrap();
    assert_eq!(
        verifier.verify("user-1", &pin("234567"), &of_12).await,
        Ok(WRONG)
    );
}

// R-SEC-1: per-user salt, so equal PINs have unlike verifiers.
#[tokio::test]
async fn equal_pins_have_different_verifiers() {
    let verifier = verifier(ring(1), CHEAP);
    let first = verifier.derive(USER, &pin("0123")).await.unwrap();
    let second = verifier.derive(USER, &pin("0123")).await.unwrap();
    assert_ne!(first.as_str(), second.as_str());
    let salt = |stored: &StoredVerifier| stored.as_str().split('$').nth(3).unwrap().to_owned();
    assert_ne!(salt(&first), salt(&second));
}

// R-SEC-1: somebody with a copy of the database and without the key tries every PIN there is of four
// digits, having relabelled the verifier for a key of their own, and finds none.
#[tokio::test]
async fn r_sec_1_without_the_key_no_guess_can_be_tested() {
    let owner = verifier(ring(1), CHEAP);
    let stolen = owner.derive(USER, &pin("4711")).await.unwrap();

    let thief = verifier(ring(2), CHEAP);
    let id = stolen.key_id().to_owned();
    assert_eq!(
        thief.verify(USER, &pin("4711"), &stolen).await,
        Err(VerifierError::UnknownKey { id: id.clone() })
    );
    let relabelled = stored(&stolen.as_str().replace(&id, thief.ring().current_id()));
    for guess in 0..10_000 {
        let found = thief
            .verify(USER, &pin(&format!("{guess:04}")), &relabelled)
            .await;
        assert_eq!(found, Ok(WRONG), "{guess:04}");
    }
    assert_eq!(owner.verify(USER, &pin("4711"), &stolen).await, Ok(CORRECT));
}

// R-SEC-1: parameters are upgraded at the next successful logon. In both directions; verifiers of
// larger parameters than the lanes have memory for can be verified all the same.
#[tokio::test]
async fn other_parameters_ask_for_an_upgrade() {
    let larger = HashParams {
        memory_kib: 4096,
        passes: 1,
        lanes: 2,
    };
    for (then, now) in [(CHEAP, larger), (larger, CHEAP)] {
        let before = verifier(ring(1), then)
            .derive(USER, &pin("4711"))
            .await
            .unwrap();
        assert_eq!(before.params(), then);
        let verifier = verifier(ring(1), now);
        let found = verifier.verify(USER, &pin("4711"), &before).await;
        assert_eq!(
            found,
            Ok(Verified {
                correct: true,
                upgrade: true
            })
        );
        let after = verifier.derive(USER, &pin("4711")).await.unwrap();
        assert_eq!(
            verifier.verify(USER, &pin("4711"), &after).await,
            Ok(CORRECT)
        );
    }
}

// R-SEC-2: keys rotate without anybody changing a PIN; a lost or wrong key is found at start.
#[tokio::test]
async fn r_sec_2_keys_rotate_and_a_lost_key_is_found_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = KeyRing::create(&path, &entropy(1), now()).unwrap();
    let first = ring.current_id().to_owned();
    let service = verifier(KeyRing::load(&path).unwrap(), CHEAP);
    let old = service.derive(USER, &pin("4711")).await.unwrap();

    ring.rotate(&path, &entropy(2), now()).unwrap();
    assert_eq!(ring.ids().first(), Some(&first));
    assert_ne!(ring.current_id(), first);
    assert_eq!(service.verify(USER, &pin("4711"), &old).await, Ok(CORRECT));
    service.replace_ring(KeyRing::load(&path).unwrap());
    let found = service.verify(USER, &pin("4711"), &old).await;
    assert_eq!(
        found,
        Ok(Verified {
            correct: true,
            upgrade: true
        })
    );
    let new = service.derive(USER, &pin("4711")).await.unwrap();
    assert_eq!(new.key_id(), ring.current_id());
    assert_eq!(service.verify(USER, &pin("4711"), &new).await, Ok(CORRECT));

    let in_database = ring.fingerprints();
    let known = || in_database.iter().map(|(id, print)| (id.as_str(), print));
    assert!(ring.confirm(known()).is_ok());
    let lost = crate::ring(3).confirm(known());
    assert!(matches!(lost, Err(KeyError::Lost { id }) if id == first));
    let different = ring.confirm([(first.as_str(), &[1; 32])]);
    assert!(matches!(different, Err(KeyError::Different { id }) if id == first));

    assert!(matches!(
        ring.retire(&path, new.key_id()),
        Err(KeyError::NotRetirable { .. })
    ));
    ring.retire(&path, &first).unwrap();
    assert!(matches!(
        ring.retire(&path, &first),
        Err(KeyError::NotRetirable { .. })
    ));
    service.replace_ring(KeyRing::load(&path).unwrap());
    assert_eq!(service.verify(USER, &pin("4711"), &new).await, Ok(CORRECT));
    assert_eq!(
        service.verify(USER, &pin("4711"), &old).await,
        Err(VerifierError::UnknownKey { id: first })
    );
}

#[tokio::test]
async fn the_history_is_searched_without_filling_the_queue() {
    for lanes in [1, 2, 3] {
        let verifier = Verifier::with_queue(
            ring(1),
            CHEAP,
            NonZeroUsize::new(lanes).unwrap(),
            NonZeroUsize::MIN,
            Arc::new(entropy(5)),
        )
        .unwrap();
        let mut history = Vec::new();
        for digits in ["1111", "2222", "3333", "4444", "5555", "2222"] {
            history.push(verifier.derive(USER, &pin(digits)).await.unwrap());
        }
        for (digits, expected) in [
            ("1111", Some(0)),
            ("2222", Some(1)),
            ("5555", Some(4)),
            ("6666", None),
        ] {
            let found = verifier.matches_any(USER, &pin(digits), &history).await;
            assert_eq!(found, Ok(expected), "{digits} with {lanes} lanes");
        }
        assert_eq!(
            verifier
                .matches_any(OTHER_USER, &pin("1111"), &history)
                .await,
            Ok(None)
        );
        assert_eq!(
            verifier.matches_any(USER, &pin("1111"), &[]).await,
            Ok(None)
        );
    }
}

// R-SEC-3
#[tokio::test]
async fn a_verifier_in_a_log_shows_neither_salt_nor_hash() {
    let stored = verifier(ring(1), CHEAP)
        .derive(USER, &pin("4711"))
        .await
        .unwrap();
    let shown = format!("{stored:?}");
    assert_eq!(
        shown,
        format!("StoredVerifier(pw1${}$m=8,t=1,p=1$…)", stored.key_id())
    );
}

// R-LOCK-11: a delivery is known again after a rotation, and differs in whatever part differs.
// R-SEC-1: and to guess the PIN in it takes a slow hash for each guess.
#[tokio::test]
async fn input_tags_tell_inputs_apart_and_outlive_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let mut ring = KeyRing::create(&path, &entropy(1), now()).unwrap();
    let load = || verifier(KeyRing::load(&path).unwrap(), CHEAP);
    let tags = async |verifier: &Verifier, parts: [&str; 2], digits: Option<&str>| {
        let parts = parts.map(str::as_bytes);
        let pin = digits.map(pin);
        verifier
            .input_tags(&[7; 16], &parts, pin.as_ref())
            .await
            .unwrap()
    };
    let first = load();
    let before = tags(&first, ["51297", "x"], Some("4711")).await;
    assert_eq!(before.len(), 1);
    assert_eq!(tags(&first, ["51297", "x"], Some("4711")).await, before);
    for (parts, digits) in [
        (["51297", "x"], Some("4712")),
        (["51297", "x"], None),
        (["51297x", ""], Some("4711")),
        (["", "51297x"], Some("4711")),
    ] {
        assert_ne!(tags(&first, parts, digits).await, before);
    }
    let other = verifier(crate::ring(2), CHEAP);
    assert_ne!(tags(&other, ["51297", "x"], Some("4711")).await, before);
    let salted = first
        .input_tags(&[8; 16], &[b"51297", b"x"], Some(&pin("4711")))
        .await;
    assert_ne!(salted.unwrap(), before);
    let dearer = HashParams { passes: 2, ..CHEAP };
    let dearer = verifier(KeyRing::load(&path).unwrap(), dearer);
    assert_ne!(
        tags(&dearer, ["51297", "x"], Some("4711")).await,
        before,
        "it is hashed"
    );
    ring.rotate(&path, &entropy(2), now()).unwrap();
    let after = tags(&load(), ["51297", "x"], Some("4711")).await;
    assert_eq!(after.len(), 2);
    assert_eq!(after.last(), before.first());
}
