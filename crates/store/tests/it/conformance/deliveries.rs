//! Attempts that are delivered more than once: R-LOCK-11.

use jiff::Timestamp;
use pinward_core::{AttemptId, LengthClass, LockState, Outcome, UserId};
use pinward_store::{Answer, Charged, Delivered, Delivery, Foretell, Settled, Store, Verdict};

use crate::support::{LEASE, act, at, log_on, people, set_pin};

const KEY: [u8; 32] = [7; 32];

fn delivery(input: u8) -> Delivery {
    Delivery {
        key: KEY,
        inputs: vec![[input; 32]],
        keep_until: at(300),
    }
}

async fn with_pin(store: &dyn Store) -> UserId {
    let user = people(store, 1).await[0];
    set_pin(store, user, LengthClass::Six, at(0)).await;
    user
}

async fn charge(store: &dyn Store, user: UserId, input: u8, seconds: i64) -> Delivered<Charged> {
    store
        .charge_once(
            user,
            delivery(input),
            at(seconds),
            LEASE,
            &log_on(),
            Foretell::nobody(),
        )
        .await
        .unwrap()
}

async fn first(store: &dyn Store, user: UserId, seconds: i64) -> AttemptId {
    match charge(store, user, 1, seconds).await {
        Delivered::First(Charged::Admitted { attempt, .. }) => attempt,
        other => panic!("not admitted: {other:?}"),
    }
}

async fn settle(store: &dyn Store, attempt: AttemptId, verdict: Verdict, now: Timestamp) {
    let settled = store
        .settle_once(attempt, verdict, KEY, now, &log_on())
        .await
        .unwrap();
    assert_eq!(settled, Settled::Done);
}

async fn global_failures(store: &dyn Store, user: UserId, seconds: i64) -> u32 {
    store
        .pin_status(user, at(seconds))
        .await
        .unwrap()
        .unwrap()
        .counters
        .global
}

fn again(outcome: Outcome, user: UserId) -> Delivered<Charged> {
    Delivered::Again(Answer {
        outcome,
        user: Some(user),
        locked_until: None,
    })
}

// R-LOCK-11
pub async fn the_same_key_and_input_get_the_same_answer(store: &dyn Store) {
    let user = with_pin(store).await;
    let attempt = first(store, user, 1).await;
    settle(store, attempt, Verdict::Wrong, at(2)).await;
    for seconds in 3..10 {
        assert_eq!(
            charge(store, user, 1, seconds).await,
            again(Outcome::IncorrectPin, user)
        );
    }
    assert_eq!(global_failures(store, user, 10).await, 1);
    // A digest under an older key counts as the same input.
    let rotated = Delivery {
        inputs: vec![[9; 32], [1; 32]],
        ..delivery(1)
    };
    let charged = store
        .charge_once(user, rotated, at(11), LEASE, &log_on(), Foretell::nobody())
        .await
        .unwrap();
    assert_eq!(charged, again(Outcome::IncorrectPin, user));
}

pub async fn another_input_is_told(store: &dyn Store) {
    let user = with_pin(store).await;
    let attempt = first(store, user, 1).await;
    assert_eq!(charge(store, user, 2, 2).await, Delivered::OtherInput);
    settle(store, attempt, Verdict::Wrong, at(2)).await;
    assert_eq!(charge(store, user, 2, 3).await, Delivered::OtherInput);
    // The key is spent: it does not serve to compare guesses with an answered PIN.
    assert_eq!(charge(store, user, 1, 3).await, Delivered::OtherInput);
    assert_eq!(global_failures(store, user, 4).await, 1);
}

pub async fn a_second_delivery_waits_for_the_first(store: &dyn Store) {
    let user = with_pin(store).await;
    let attempt = first(store, user, 1).await;
    assert_eq!(charge(store, user, 1, 2).await, Delivered::UnderWay);
    // The process of the first died: its lease runs out and counts once.
    assert_eq!(charge(store, user, 1, 62).await, Delivered::GivenUp);
    let late = store
        .settle_once(
            attempt,
            Verdict::Correct { upgraded: None },
            KEY,
            at(63),
            &log_on(),
        )
        .await
        .unwrap();
    assert_eq!(late, Settled::AlreadyExpired);
    assert_eq!(charge(store, user, 1, 64).await, Delivered::GivenUp);
    assert_eq!(global_failures(store, user, 65).await, 1);
}

// R-AUTH-7
pub async fn what_was_not_evaluated_is_forgotten(store: &dyn Store) {
    let user = with_pin(store).await;
    let attempt = first(store, user, 1).await;
    settle(store, attempt, Verdict::Released, at(2)).await;
    let attempt = first(store, user, 3).await;
    settle(store, attempt, Verdict::Correct { upgraded: None }, at(4)).await;
    assert_eq!(
        charge(store, user, 1, 5).await,
        again(Outcome::Success, user)
    );
    assert_eq!(global_failures(store, user, 5).await, 0);
}

pub async fn a_key_is_forgotten_at_the_end_of_its_life(store: &dyn Store) {
    let user = with_pin(store).await;
    let attempt = first(store, user, 1).await;
    settle(store, attempt, Verdict::Wrong, at(2)).await;
    assert_eq!(
        charge(store, user, 1, 299).await,
        again(Outcome::IncorrectPin, user)
    );
    let new_life = Delivery {
        keep_until: at(900),
        ..delivery(2)
    };
    let charged = store
        .charge_once(
            user,
            new_life,
            at(300),
            LEASE,
            &log_on(),
            Foretell::nobody(),
        )
        .await
        .unwrap();
    assert!(
        matches!(charged, Delivered::First(Charged::Admitted { .. })),
        "{charged:?}"
    );
}

pub async fn refusals_are_remembered(store: &dyn Store) {
    let user = with_pin(store).await;
    assert!(store.lock_pin(user, &act(at(1))).await.unwrap());
    let refused = charge(store, user, 1, 2).await;
    assert_eq!(
        refused,
        Delivered::First(Charged::Refused(LockState::Administrator))
    );
    assert!(store.unlock_pin(user, &act(at(3))).await.unwrap());
    assert_eq!(
        charge(store, user, 1, 4).await,
        again(Outcome::UserPinAccountLocked, user)
    );
    let nobody = Answer {
        outcome: Outcome::UserDoesNotExist,
        user: None,
        locked_until: None,
    };
    let other = Delivery {
        key: [8; 32],
        ..delivery(1)
    };
    let told = store
        .answer_once(other.clone(), nobody, at(5), &log_on())
        .await
        .unwrap();
    assert_eq!(told, Delivered::First(()));
    let told = store
        .answer_once(other, nobody, at(6), &log_on())
        .await
        .unwrap();
    assert_eq!(told, Delivered::Again(nobody));
}

pub async fn parallel_deliveries_are_counted_once(store: &dyn Store) {
    let user = with_pin(store).await;
    let one = async || match charge(store, user, 1, 1).await {
        Delivered::First(Charged::Admitted { attempt, .. }) => {
            tokio::task::yield_now().await;
            settle(store, attempt, Verdict::Wrong, at(1)).await;
            1
        }
        Delivered::UnderWay | Delivered::Again(_) => 0,
        other => panic!("{other:?}"),
    };
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    assert_eq!(a + b + c + d, 1);
    assert_eq!(global_failures(store, user, 2).await, 1);
}
