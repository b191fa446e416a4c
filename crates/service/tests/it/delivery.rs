//! The same attempt delivered twice is evaluated and counted once (R-LOCK-11).

use std::sync::Arc;

use jiff::SignedDuration;
use pinward_core::Outcome;
use pinward_service::{Attempt, Delivery, Door, Input, LogOnError, Source, Verdict};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures};

async fn deliver(kit: &Kit, key: &str, who: &str, pin: &str) -> Result<Verdict, LogOnError> {
    let life = SignedDuration::from_mins(5);
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: Some(Delivery {
            client: "gateway",
            key,
            life,
            input: Input::Keyed,
        }),
    };
    kit.service.log_on(&attempt).await
}

async fn outcome(kit: &Kit, key: &str, who: &str, pin: &str) -> Outcome {
    deliver(kit, key, who, pin)
        .await
        .expect("a verdict")
        .outcome
}

#[tokio::test]
async fn the_same_key_counts_once_also_after_a_restart() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    for _ in 0..3 {
        assert_eq!(
            outcome(&kit, "a", KEN_EXTENSION, "72940001").await,
            Outcome::IncorrectPin
        );
    }
    assert_eq!(failures(&kit, KEN).await, (1, 1));
    let first = deliver(&kit, "b", KEN_EXTENSION, "18723834")
        .await
        .expect("a verdict");
    assert_eq!(first.outcome, Outcome::Success);
    let kit = kit.restart().await;
    assert_eq!(
        outcome(&kit, "a", KEN_EXTENSION, "72940001").await,
        Outcome::IncorrectPin
    );
    let again = deliver(&kit, "b", KEN_EXTENSION, "18723834")
        .await
        .expect("a verdict");
    assert_eq!(again.outcome, Outcome::Success);
    assert_eq!(
        again.user.map(|user| user.id),
        first.user.map(|user| user.id)
    );
    assert_eq!(failures(&kit, KEN).await, (0, 1));
    // Its life is over: an attempt like any other.
    kit.clock.advance_minutes(5);
    assert_eq!(
        outcome(&kit, "a", KEN_EXTENSION, "72940001").await,
        Outcome::IncorrectPin
    );
    assert_eq!(failures(&kit, KEN).await, (1, 2));
}

#[tokio::test]
async fn the_same_key_with_another_input_is_an_error() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    assert_eq!(
        outcome(&kit, "a", KEN_EXTENSION, "72940001").await,
        Outcome::IncorrectPin
    );
    assert_eq!(
        outcome(&kit, "n", "99999", "72940001").await,
        Outcome::UserDoesNotExist
    );
    for (key, who, pin) in [
        ("a", KEN_EXTENSION, "18723834"),
        ("a", KEN_EXTENSION, "72940001"),
        ("a", "+14255551219", "72940001"),
        ("n", KEN_EXTENSION, "72940001"),
        ("n", "99998", "72940001"),
        ("a", "99999", "72940001"),
    ] {
        let reused = deliver(&kit, key, who, pin).await;
        assert!(
            matches!(reused, Err(LogOnError::KeyReused)),
            "{key} {who}: {reused:?}"
        );
    }
    assert_eq!(failures(&kit, KEN).await, (1, 1));
}

#[tokio::test]
async fn refusals_are_answered_alike_too() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    kit.service
        .lock_pin(&kit.administrator(), &user)
        .await
        .expect("locked");
    let locked = Outcome::UserPinAccountLocked;
    assert_eq!(outcome(&kit, "a", KEN_EXTENSION, "18723834").await, locked);
    kit.service
        .unlock_pin(&kit.administrator(), &user)
        .await
        .expect("unlocked");
    assert_eq!(outcome(&kit, "a", KEN_EXTENSION, "18723834").await, locked);
    assert_eq!(
        outcome(&kit, "b", KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_deliveries_share_one_evaluation() {
    let kit = Arc::new(Kit::sample().await);
    assign(&kit, KEN, "18723834").await;
    for round in 0..10_u32 {
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let kit = Arc::clone(&kit);
                tokio::spawn(async move {
                    let key = format!("round {round}");
                    deliver(&kit, &key, KEN_EXTENSION, "72940001")
                        .await
                        .expect("a verdict")
                        .outcome
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("it ends"), Outcome::IncorrectPin);
        }
        assert_eq!(failures(&kit, KEN).await.1, round + 1);
    }
}
