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
            input: Input::Keyed(&[]),
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

/// From where one says it comes.
fn from(device: &str, caller: &str, called: &str, conference: Option<&str>) -> Source {
    Source {
        device: Some(device.to_owned()),
        caller: Some(caller.to_owned()),
        called: Some(called.to_owned()),
        conference: conference.map(str::to_owned),
        ..Source::of(Door::Http)
    }
}

#[tokio::test]
async fn all_that_was_sent_is_the_input() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let said = async |key: &str, also_known_as, source, asked: &[&str]| {
        let attempt = Attempt {
            who: KEN_EXTENSION,
            pin: "18723834",
            also_known_as,
            source,
            delivery: Some(Delivery {
                client: "gateway",
                key,
                life: SignedDuration::from_mins(5),
                input: Input::Keyed(asked),
            }),
        };
        match kit.service.log_on(&attempt).await {
            Ok(verdict) => verdict.outcome.name(),
            Err(LogOnError::KeyReused) => "KeyReused",
            Err(error) => panic!("{error}"),
        }
    };
    let first = || from("d", "1", "2", Some("4711"));
    for (also_known_as, source, asked) in [
        (Some(""), first(), &["x"][..]),
        (None, from("e", "1", "2", Some("4711")), &["x"]),
        (None, from("d", "3", "2", Some("4711")), &["x"]),
        (None, from("d", "1", "3", Some("4711")), &["x"]),
        (None, from("d", "1", "2", Some("4712")), &["x"]),
        (None, from("d", "1", "2", Some("")), &["x"]),
        (None, from("d", "1", "2", None), &["x"]),
        (None, first(), &["y"]),
        (None, first(), &["x", ""]),
        (None, first(), &[]),
    ] {
        let key = format!("{also_known_as:?} {source:?} {asked:?}");
        assert_eq!(said(&key, None, first(), &["x"]).await, "Success");
        let reused = said(&key, also_known_as, source, asked).await;
        assert_eq!(reused, "KeyReused", "{key}");
    }
    // The same client may come from another of its addresses.
    let moved = Source {
        client: Some("192.0.2.8".into()),
        ..first()
    };
    assert_eq!(said("a", None, first(), &["x"]).await, "Success");
    assert_eq!(said("a", None, moved, &["x"]).await, "Success");
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
