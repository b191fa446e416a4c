//! Guessing in parallel does not pass the limit (R-LOCK-10).

use std::sync::Arc;

use pinward_core::{Outcome, PolicyPatch};
use pinward_service::{Attempt, Door, Source};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, in_memory, policy};

async fn burst(kit: &Kit, pins: Vec<String>) -> Vec<Outcome> {
    let mut tasks = Vec::new();
    for pin in pins {
        let service = Arc::clone(&kit.service);
        tasks.push(tokio::spawn(async move {
            let source = Source::of(Door::Shell);
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

/// Every place for small bursts; for large ones the ends, the limit's neighbourhood and a spread.
fn places(attempts: usize, limit: usize) -> Vec<usize> {
    let near = [0, 1, limit - 2, limit - 1, limit, limit + 1];
    let spread = [attempts / 4, attempts / 2, attempts - 2, attempts - 1];
    let mut places: Vec<usize> = match attempts {
        ..=16 => (0..attempts).collect(),
        _ => near.into_iter().chain(spread).collect(),
    };
    places.retain(|place| *place < attempts);
    places.sort_unstable();
    places.dedup();
    places
}

const RIGHT: &str = "18723834";

/// So many attempts, the one at `place` with the right PIN.
fn guesses(attempts: usize, place: usize) -> Vec<String> {
    let mut pins: Vec<String> = (0..attempts)
        .map(|guess| format!("{:08}", 72_940_000 + guess))
        .collect();
    pins[place] = RIGHT.to_owned();
    pins
}

/// What came of a burst.
struct Came {
    right: Outcome,
    evaluated: usize,
    locked: bool,
}

async fn came(kit: &Kit, attempts: usize, place: usize) -> Came {
    let mut outcomes = burst(kit, guesses(attempts, place)).await;
    let right = outcomes.remove(place);
    let evaluated = outcomes
        .iter()
        .filter(|outcome| **outcome == Outcome::IncorrectPin)
        .count();
    let refused = outcomes
        .iter()
        .filter(|outcome| **outcome == Outcome::UserPinAccountLocked)
        .count();
    assert_eq!(evaluated + refused, attempts - 1, "{outcomes:?}");
    assert_eq!(
        failures(kit, KEN).await.1 as usize,
        evaluated,
        "none is lost"
    );
    // After the lock the right PIN never succeeds, and else it does.
    let after = burst(kit, vec![RIGHT.to_owned(); 4]).await;
    let locked = after[0] == Outcome::UserPinAccountLocked;
    let expected = match locked {
        true => Outcome::UserPinAccountLocked,
        false => Outcome::Success,
    };
    assert_eq!(after, [expected; 4]);
    let user = kit.person(KEN).await;
    let unlocked = kit.service.unlock_pin(&kit.administrator(), &user).await;
    unlocked.expect("unlocked");
    Came {
        right,
        evaluated,
        locked,
    }
}

const LIMITS: [usize; 3] = [3, 10, 25];
const BURSTS: [usize; 5] = [8, 16, 32, 64, 256];

// On one thread the attempts are admitted in the order in which they were begun, so that all is
// known beforehand: R-LOCK-10 to the letter.
#[tokio::test]
async fn bursts_in_order_come_out_as_the_order_says() {
    let kit = Kit::sample_in(in_memory()).await;
    assign(&kit, KEN, RIGHT).await;
    for allowed in LIMITS {
        limit(&kit, allowed as u64).await;
        for attempts in BURSTS {
            for place in 0..attempts {
                let came = came(&kit, attempts, place).await;
                let about = format!("limit {allowed}, {attempts} attempts, right at {place}");
                let wrong = attempts - 1;
                if place < allowed {
                    assert_eq!(came.right, Outcome::Success, "{about}");
                    // The failures charged before the success and settled after it count on.
                    let least = allowed.min(wrong);
                    let most = (place + allowed).min(wrong);
                    let evaluated = came.evaluated;
                    assert!((least..=most).contains(&evaluated), "{about}: {evaluated}");
                } else {
                    assert_eq!(came.right, Outcome::UserPinAccountLocked, "{about}");
                    assert_eq!(came.evaluated, allowed, "{about}");
                    assert!(came.locked, "{about}");
                }
            }
        }
    }
}

// On several threads anybody may come first: the limit holds all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bursts_in_any_order_stay_within_the_limit() {
    let kit = Kit::sample_in(in_memory()).await;
    assign(&kit, KEN, RIGHT).await;
    for allowed in LIMITS {
        limit(&kit, allowed as u64).await;
        for attempts in BURSTS {
            for place in places(attempts, allowed) {
                let came = came(&kit, attempts, place).await;
                let about = format!("limit {allowed}, {attempts} attempts, right at {place}");
                let evaluated = came.evaluated;
                match came.right {
                    // A success begins the count anew, once.
                    Outcome::Success => assert!(evaluated < 2 * allowed, "{about}: {evaluated}"),
                    Outcome::UserPinAccountLocked => {
                        assert_eq!(evaluated, allowed, "{about}");
                        assert!(came.locked, "{about}");
                    }
                    other => panic!("{about}: {other}"),
                }
                if attempts < allowed {
                    assert_eq!(came.right, Outcome::Success, "{about}");
                }
            }
        }
    }
}
