//! Users choose their own PIN: history binds them, and not the administrator.

use pinward_core::PolicyPatch;
use pinward_service::ChoosePinError;
use pinward_testkit::Kit;

use crate::helpers::{KEN, assign, choose, policy};

const PINS: [&str; 5] = ["18723834", "383042650", "1985848", "72940618", "60591837"];

async fn remember(kit: &Kit, count: u64) {
    let patch = PolicyPatch {
        pin_history_count: Some(count),
        ..PolicyPatch::default()
    };
    policy(kit, "site:Redmond", patch).await;
}

// R-HIST-1, R-SET-2: with 3, three resets need a new PIN; the fourth may use the first again
#[tokio::test]
async fn the_last_n_pins_are_refused() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    remember(&kit, 3).await;
    for (index, pin) in PINS.iter().take(3).enumerate() {
        choose(&kit, &user, pin)
            .await
            .unwrap_or_else(|error| panic!("{index}: {error}"));
        for used in &PINS[..=index] {
            let again = choose(&kit, &user, used).await;
            assert!(
                matches!(again, Err(ChoosePinError::UsedBefore(3))),
                "after {index}"
            );
        }
    }
    choose(&kit, &user, PINS[3]).await.expect("a fourth PIN");
    choose(&kit, &user, PINS[0]).await.expect("the first again");
    choose(&kit, &user, PINS[1])
        .await
        .expect("the second again");
}

// R-HIST-2
#[tokio::test]
async fn without_history_the_current_pin_may_be_chosen_again() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    remember(&kit, 0).await;
    for _ in 0..3 {
        choose(&kit, &user, PINS[0]).await.expect("the same PIN");
    }
}

// R-HIST-3, R-SET-3: raising the count takes effect at once, for PINs of administrators too
#[tokio::test]
async fn raising_the_count_reaches_back() {
    let kit = Kit::sample().await;
    for pin in &PINS[..4] {
        assign(&kit, KEN, pin).await;
    }
    let user = kit.person(KEN).await;
    remember(&kit, 4).await;
    for pin in &PINS[..4] {
        let again = choose(&kit, &user, pin).await;
        assert!(matches!(again, Err(ChoosePinError::UsedBefore(4))));
    }
}

// R-SET-1: history does not bind the administrator
#[tokio::test]
async fn an_administrator_may_assign_a_recent_pin() {
    let kit = Kit::sample().await;
    remember(&kit, 20).await;
    assign(&kit, KEN, PINS[0]).await;
    assign(&kit, KEN, PINS[0]).await;
}

// R-PIN-4
#[tokio::test]
async fn all_reasons_are_given_together() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    match choose(&kit, &user, "1234").await {
        Err(ChoosePinError::Refused(reasons)) => assert!(reasons.len() >= 2, "{reasons:?}"),
        other => panic!("refused with reasons: {other:?}"),
    }
}
