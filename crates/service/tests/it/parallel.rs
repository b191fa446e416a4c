//! Guessing in parallel does not pass the limit (R-LOCK-10).

use std::sync::Arc;

use pinward_core::{Outcome, PolicyPatch};
use pinward_service::{Attempt, Door, Source};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, policy};

async fn burst(kit: &Kit, pins: Vec<String>) -> Vec<Outcome> {
    let mut tasks = Vec::new();
    for pin in pins {
        let service = Arc::clone(&kit.service);
        tasks.push(tokio::spawn(async move {
            let source = Source { door: Door::Shell };
            let attempt = Attempt {
                who: KEN_EXTENSION,
                pin: &pin,
                also_known_as: None,
                delivery: None,
                source,
            };
            service.log_on(&attempt).await.expect("a verdict").outcome
        }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("the task ends"));
    }
    outcomes
}

async fn limit(kit: &Kit, attempts: u64) {
    let patch = PolicyPatch {
        maximum_logon_attempts: Some(Some(attempts)),
        ..PolicyPatch::default()
    };
    policy(kit, "site:Redmond", patch).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_pins_in_parallel_never_pass_the_limit() {
    for attempts in [3, 10, 25] {
        let kit = Kit::sample().await;
        limit(&kit, attempts).await;
        assign(&kit, KEN, "18723834").await;
        let wrong = (0..64)
            .map(|guess| format!("{:08}", 72_940_000 + guess))
            .collect();
        let outcomes = burst(&kit, wrong).await;
        let evaluated = outcomes
            .iter()
            .filter(|outcome| **outcome == Outcome::IncorrectPin);
        assert_eq!(evaluated.count() as u64, attempts, "limit {attempts}");
        assert_eq!(u64::from(failures(&kit, KEN).await.1), attempts);
        let after = burst(&kit, vec!["18723834".into()]).await;
        assert_eq!(after, [Outcome::UserPinAccountLocked]);
    }
}

// A correct PIN is never refused because others are being evaluated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_correct_logons_all_succeed() {
    let kit = Kit::sample().await;
    limit(&kit, 3).await;
    assign(&kit, KEN, "18723834").await;
    let outcomes = burst(&kit, vec!["18723834".to_owned(); 200]).await;
    assert!(
        outcomes.iter().all(|outcome| *outcome == Outcome::Success),
        "{outcomes:?}"
    );
}

// The correct PIN within the limit succeeds wherever it stands among two wrong ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correct_pin_among_wrong_ones_within_the_limit_succeeds() {
    for position in 0..3 {
        let kit = Kit::sample().await;
        limit(&kit, 3).await;
        assign(&kit, KEN, "18723834").await;
        let mut pins = vec!["72940001".to_owned(), "72940002".to_owned()];
        pins.insert(position, "18723834".to_owned());
        let outcomes = burst(&kit, pins).await;
        assert_eq!(outcomes[position], Outcome::Success);
    }
}
