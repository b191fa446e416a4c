//! A copy of the database is worth nothing, and a lost key is noticed at start (R-SEC-1, R-SEC-2).

use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;

use pinward_core::{Clock, Outcome};
use pinward_service::{
    KeysError, LogOnError, NewPin, OpenError, Refusal as _, Service, Unavailable,
};
use pinward_testkit::{Kit, SeededEntropy};
use pinward_verifier::{HashParams, KeyError, KeyRing};

use crate::helpers::{self, KEN, KEN_EXTENSION, assign, failures, log_on};

async fn open_with(kit: &Kit, ring: KeyRing) -> Result<Service, OpenError> {
    Service::open(
        Arc::clone(&kit.store),
        ring,
        HashParams::MINIMUM_FOR_MEASUREMENTS,
        NonZeroUsize::MIN,
        Arc::clone(&kit.clock) as Arc<dyn Clock>,
        Arc::new(SeededEntropy::new(9)),
    )
    .await
}

// R-SEC-2
#[tokio::test]
async fn another_key_file_is_refused_at_start() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let stranger = KeyRing::in_memory(&SeededEntropy::new(77), kit.clock.now()).expect("a key");
    match open_with(&kit, stranger).await.err() {
        Some(OpenError::Key(KeyError::Lost { .. })) => {}
        other => panic!("the lost key is told: {other:?}"),
    }
}

// R-SEC-2: nobody's PIN changes, each moves at its next logon, and only then the old key can go
#[tokio::test]
async fn keys_rotate_without_anybody_noticing() {
    let kit = Kit::sample().await;
    let ken = assign(&kit, KEN, "18723834").await;
    assign(&kit, "Pilar Ackerman", "383042650").await;
    let before = kit.service.key_status().await.expect("the keys");
    assert_eq!(before.len(), 1);
    assert_eq!((before[0].current, before[0].verifiers), (true, 2));
    let old = before[0].id.clone();
    // Another process, which does not hear of the rotation.
    let other = kit.beside().await;
    let deaf = kit.beside().await;
    let new = kit
        .service
        .rotate_key(&kit.administrator())
        .await
        .expect("a new key");
    assert_ne!(new, old);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
    let after = kit.service.key_status().await.expect("the keys");
    let counts: Vec<_> = after
        .iter()
        .map(|key| (key.current, key.verifiers))
        .collect();
    assert_eq!(counts, [(false, 1), (true, 1)]);
    match kit.service.remove_key(&kit.administrator(), &old).await {
        Err(KeysError::InUse { users: 1, .. }) => {}
        refused => panic!("one user needs it: {refused:?}"),
    }
    // Nobody whom the other process has met yet has moved: it has to look by itself.
    let noticed = other.service.follow_keys().await.expect("the key file");
    assert_eq!(noticed.as_ref(), Some(&new));
    assert_eq!(other.service.follow_keys().await.expect("as before"), None);
    assert_eq!(
        log_on(&other, "Pilar Ackerman", "383042650").await,
        Outcome::Success
    );
    assert_eq!(
        log_on(&other, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
    kit.service
        .remove_key(&kit.administrator(), &old)
        .await
        .expect("nobody needs it");
    let noticed = other.service.follow_keys().await.expect("the key file");
    assert_eq!(noticed.as_ref(), Some(&new));
    assert_eq!(other.service.key_status().await.expect("the keys").len(), 1);
    // A process that has not heard of it makes its next verifier with the old key, is not let, and
    // reads the keys again.
    let again = deaf
        .service
        .assign_pin(&deaf.administrator(), &ken, &NewPin::Generated)
        .await;
    assert!(again.is_ok());
    let kit = kit.restart().await;
    assert_eq!(
        log_on(&kit, "Pilar Ackerman", "383042650").await,
        Outcome::Success
    );
    assert_eq!(kit.service.key_status().await.expect("the keys").len(), 1);
    assert!(
        matches!(
            kit.service.remove_key(&kit.administrator(), &new).await,
            Err(KeysError::File(_))
        ),
        "in use"
    );
    assert!(matches!(
        kit.service
            .remove_key(&kit.administrator(), "nosuchid")
            .await,
        Err(KeysError::Unknown { .. })
    ));
}

// R-SEC-2: nor does a running process take over a key file that is not its own
#[tokio::test]
async fn a_running_process_keeps_its_keys_when_the_file_is_exchanged() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let file = kit.folder().join("pinward.key");
    fs::remove_file(&file).expect("the key file goes");
    KeyRing::create(&file, &SeededEntropy::new(78), kit.clock.now()).expect("another");
    match kit.service.follow_keys().await {
        Err(Unavailable::Keys(KeyError::Lost { .. })) => {}
        other => panic!("the lost key is told: {other:?}"),
    }
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

async fn tried(service: &Service, pin: &str) -> Result<Outcome, LogOnError> {
    Ok(helpers::tried(service, KEN_EXTENSION, pin).await?.outcome)
}

// R-SEC-2, R-AUTH-7: a key that is needed and cannot be read lets nobody in and is nobody's failure
#[tokio::test]
async fn a_key_file_that_cannot_be_read_is_an_error_until_it_can() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let running = kit.beside().await;
    let rotated = kit.service.rotate_key(&kit.administrator()).await;
    rotated.expect("a new key");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "72940618").await,
        Outcome::IncorrectPin
    );
    let (file, aside) = ("pinward.key", "aside.key");
    let [file, aside] = [file, aside].map(|name| kit.folder().join(name));
    fs::rename(&file, &aside).expect("it is put aside");
    fs::create_dir(&file).expect("a folder in its place");
    for pin in ["18723834", "72940618", "18723834"] {
        let error = tried(&running.service, pin).await.expect_err("undecided");
        assert_eq!(error.id(), "VerifierUnavailable", "{error}");
        assert!(error.to_string().contains("key"), "{error}");
        assert_eq!(failures(&kit, KEN).await, (1, 1), "nothing is counted");
    }
    let error = running.service.follow_keys().await.expect_err("no file");
    assert_eq!(error.id(), "KeyFileUnusable", "{error}");
    assert!(error.to_string().contains("pinward.key"), "{error}");
    assert!(running.service.ready().await.is_err());
    // Who has the key already is not held up.
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "72940618").await,
        Outcome::IncorrectPin
    );
    fs::remove_dir(&file).expect("the folder goes");
    fs::rename(&aside, &file).expect("it is back");
    let wrong = tried(&running.service, "72940618").await.expect("decided");
    assert_eq!(wrong, Outcome::IncorrectPin);
    assert_eq!(failures(&kit, KEN).await, (3, 3));
    let right = tried(&running.service, "18723834").await.expect("decided");
    assert_eq!(right, Outcome::Success);
    assert!(running.service.ready().await.is_ok());
}

// R-SEC-1, R-SEC-3: neither the PIN nor the key is in the database's files
#[tokio::test]
async fn the_database_holds_neither_pin_nor_key() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "383042650").await;
    let key_text = fs::read_to_string(kit.folder().join("pinward.key")).expect("the key file");
    let key = key_text
        .split_whitespace()
        .max_by_key(|word| word.len())
        .expect("the key")
        .to_owned();
    let mut looked = 0;
    for entry in fs::read_dir(kit.folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "key") {
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        looked += 1;
        for secret in ["383042650", &key] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", path.display());
        }
    }
    assert!(looked > 0);
}
