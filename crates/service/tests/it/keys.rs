//! A copy of the database is worth nothing, and a lost key is noticed at start (R-SEC-1, R-SEC-2).

use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;

use pinward_core::Clock;
use pinward_service::{OpenError, Service};
use pinward_testkit::{Kit, SeededEntropy};
use pinward_verifier::{HashParams, KeyError, KeyRing};

use crate::helpers::{KEN, assign};

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
