//! Refusals of locked PINs change nothing but the audit log, and never outlive the lock: R-LOCK-4,
//! R-LOCK-5, R-LOCK-7.

use crate::support::{LEASE, act, admitted, at, fail, log_on, people, scratch, set_pin};
use pinward_core::{LengthClass, LockState};
use pinward_store::{Charged, SqliteStore, Store};

#[tokio::test]
async fn a_locked_pin_is_refused_until_anybody_unlocks_it() {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    let user = people(&store, 1).await[0];
    set_pin(&store, user, LengthClass::Four, at(0)).await;
    assert!(store.lock_pin(user, &act(at(1))).await.unwrap());
    let refused = Ok(Charged::Refused(LockState::Administrator));
    assert_eq!(store.charge(user, at(2), LEASE, &log_on()).await, refused);
    for seconds in 3..6 {
        assert_eq!(
            store.charge(user, at(seconds), LEASE, &log_on()).await,
            refused
        );
    }
    let elsewhere = SqliteStore::open(dir.path()).unwrap();
    assert!(elsewhere.unlock_pin(user, &act(at(7))).await.unwrap());
    let _attempt = admitted(&store, user, at(8)).await;
}

#[tokio::test]
async fn a_lockout_refuses_for_its_hour_and_not_longer() {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    let user = people(&store, 1).await[0];
    set_pin(&store, user, LengthClass::Four, at(0)).await;
    for _ in 0..10 {
        fail(&store, user, at(1)).await;
    }
    let until = at(1 + 3600);
    // A step back of the clock (R-LOCK-12) shortens nothing.
    for seconds in [2, 3600, 100, 3600] {
        let charged = store.charge(user, at(seconds), LEASE, &log_on()).await;
        assert_eq!(
            charged,
            Ok(Charged::Refused(LockState::Temporary { until }))
        );
    }
    let _attempt = admitted(&store, user, until).await;
}
