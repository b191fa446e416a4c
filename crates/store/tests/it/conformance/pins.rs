//! PINs: R-SET, R-HIST, R-LOCK-7.

use pinward_core::{LengthClass, LockState, UserId};
use pinward_store::{Charged, KeyRetired, PinSet, Put, Store, Verdict};

use crate::support::{
    LEASE, act, admitted, at, fail, limit_attempts, log_on, new_pin, people, person, set_pin,
    settle,
};

const NOBODY: UserId = UserId(99);

async fn state(store: &dyn Store, user: UserId, seconds: i64) -> LockState {
    let status = store.pin_status(user, at(seconds)).await.unwrap().unwrap();
    status.counters.state(at(seconds))
}

pub async fn no_pin_yet(store: &dyn Store) {
    let user = people(store, 1).await[0];
    let status = store.pin_status(user, at(0)).await.unwrap().unwrap();
    assert_eq!(
        (status.set_at, status.length_class, status.version),
        (None, None, 0)
    );
    assert_eq!((status.counters.local, status.counters.global), (0, 0));
    assert_eq!(status.counters.state(at(0)), LockState::None);
    assert_eq!(store.pin_history(user, 9).await.unwrap(), [""; 0]);
    assert_eq!(store.pin_status(NOBODY, at(0)).await.unwrap(), None);
    assert_eq!(store.counts().await.unwrap().users_with_pin, 0);
}

// R-SET-3, R-HIST-3
pub async fn history_keeps_twenty(store: &dyn Store) {
    let ids = people(store, 2).await;
    for second in 0..25 {
        set_pin(store, ids[0], LengthClass::Five, at(second)).await;
    }
    set_pin(store, ids[1], LengthClass::Five, at(0)).await;
    let history = store.pin_history(ids[0], 99).await.unwrap();
    let expected: Vec<_> = (5..25)
        .rev()
        .map(|second| new_pin(ids[0], LengthClass::Five, at(second)).verifier)
        .collect();
    assert_eq!(history, expected);
    assert_eq!(store.pin_history(ids[0], 3).await.unwrap(), expected[..3]);
    assert_eq!(store.pin_history(ids[1], 3).await.unwrap().len(), 1);
    assert_eq!(store.counts().await.unwrap().users_with_pin, 2);
    let status = store.pin_status(ids[0], at(30)).await.unwrap().unwrap();
    assert_eq!((status.set_at, status.version), (Some(at(24)), 25));
}

// R-SET-4
pub async fn setting_ends_a_lockout_and_spares_global(store: &dyn Store) {
    let user = people(store, 1).await[0];
    limit_attempts(store, 2).await;
    set_pin(store, user, LengthClass::Five, at(0)).await;
    fail(store, user, at(1)).await;
    fail(store, user, at(2)).await;
    assert!(matches!(
        state(store, user, 3).await,
        LockState::Temporary { .. }
    ));
    set_pin(store, user, LengthClass::SevenUp, at(3)).await;
    let status = store.pin_status(user, at(3)).await.unwrap().unwrap();
    assert_eq!(status.counters.state(at(3)), LockState::None);
    assert_eq!((status.counters.local, status.counters.global), (0, 2));
    assert_eq!(status.length_class, Some(LengthClass::SevenUp));
}

// R-SET-5
pub async fn locked_pins_cannot_be_set(store: &dyn Store) {
    let user = people(store, 1).await[0];
    set_pin(store, user, LengthClass::Five, at(0)).await;
    assert!(store.lock_pin(user, &act(at(1))).await.unwrap());
    let set = store
        .set_pin(new_pin(user, LengthClass::Five, at(2)))
        .await
        .unwrap();
    assert_eq!(set, PinSet::Locked(LockState::Administrator));
    assert_eq!(store.pin_history(user, 9).await.unwrap().len(), 1);
    assert!(store.unlock_pin(user, &act(at(3))).await.unwrap());
    set_pin(store, user, LengthClass::Five, at(4)).await;
    let nobody = store
        .set_pin(new_pin(NOBODY, LengthClass::Five, at(4)))
        .await
        .unwrap();
    assert_eq!(nobody, PinSet::NoSuchUser);
}

// R-HIST-1: a choice judged by an older PIN and history must be judged again.
pub async fn a_choice_is_superseded(store: &dyn Store) {
    let user = people(store, 1).await[0];
    set_pin(store, user, LengthClass::Five, at(0)).await;
    let mut choice = new_pin(user, LengthClass::Five, at(2));
    choice.if_version = Some(1);
    set_pin(store, user, LengthClass::Five, at(1)).await;
    assert_eq!(
        store.set_pin(choice.clone()).await.unwrap(),
        PinSet::Superseded
    );
    assert_eq!(store.pin_history(user, 9).await.unwrap().len(), 2);
    choice.if_version = Some(2);
    assert_eq!(store.set_pin(choice).await.unwrap(), PinSet::Done);
}

// R-SET-6
pub async fn disabled_users_get_no_pin(store: &dyn Store) {
    let user = people(store, 1).await[0];
    let mut disabled = person(1);
    disabled.enabled = false;
    assert_eq!(
        store
            .put_people(vec![disabled], false, &act(at(0)))
            .await
            .unwrap(),
        [Put::Updated]
    );
    let set = store
        .set_pin(new_pin(user, LengthClass::Five, at(0)))
        .await
        .unwrap();
    assert_eq!(set, PinSet::Disabled);
    assert_eq!(store.pin_history(user, 9).await.unwrap(), [""; 0]);
}

// R-LOCK-7, R-LOCK-9
pub async fn locks_and_unlocks(store: &dyn Store) {
    let user = people(store, 1).await[0];
    set_pin(store, user, LengthClass::Five, at(0)).await;
    fail(store, user, at(1)).await;
    assert!(
        store.unlock_pin(user, &act(at(2))).await.unwrap(),
        "not locked: still resets"
    );
    let status = store.pin_status(user, at(2)).await.unwrap().unwrap();
    assert_eq!((status.counters.local, status.counters.global), (0, 0));
    assert!(store.lock_pin(user, &act(at(3))).await.unwrap());
    assert_eq!(
        state(store, user, 1_000_000).await,
        LockState::Administrator
    );
    let charged = store.charge(user, at(4), LEASE, &log_on()).await.unwrap();
    assert_eq!(charged, Charged::Refused(LockState::Administrator));
    assert!(store.unlock_pin(user, &act(at(5))).await.unwrap());
    let attempt = admitted(store, user, at(6)).await;
    settle(store, attempt, Verdict::Correct { upgraded: None }, at(6)).await;
    assert!(!store.lock_pin(NOBODY, &act(at(0))).await.unwrap());
    assert!(!store.unlock_pin(NOBODY, &act(at(0))).await.unwrap());
}

pub async fn lock_without_a_pin(store: &dyn Store) {
    let user = people(store, 1).await[0];
    assert!(store.lock_pin(user, &act(at(0))).await.unwrap());
    assert_eq!(state(store, user, 1).await, LockState::Administrator);
    assert_eq!(
        store.charge(user, at(1), LEASE, &log_on()).await.unwrap(),
        Charged::PinNotSet
    );
    let set = store
        .set_pin(new_pin(user, LengthClass::Five, at(2)))
        .await
        .unwrap();
    assert_eq!(set, PinSet::Locked(LockState::Administrator));
}

// R-SEC-2
pub async fn keys_are_counted(store: &dyn Store) {
    let user = people(store, 1).await[0];
    store
        .add_key_fingerprint("aaaaaaaa", &[1; 32], &act(at(0)))
        .await
        .unwrap();
    store
        .add_key_fingerprint("bbbbbbbb", &[2; 32], &act(at(0)))
        .await
        .unwrap();
    store
        .add_key_fingerprint("aaaaaaaa", &[9; 32], &act(at(0)))
        .await
        .unwrap();
    set_pin(store, user, LengthClass::Five, at(0)).await;
    set_pin(store, user, LengthClass::Five, at(1)).await;
    let attempt = admitted(store, user, at(2)).await;
    let upgraded = Some("pw1$bbbbbbbb$m=1,t=1,p=1$x$y".to_owned());
    settle(store, attempt, Verdict::Correct { upgraded }, at(2)).await;
    let keys = store.key_fingerprints().await.unwrap();
    let keys: Vec<_> = keys
        .iter()
        .map(|key| (key.id.as_str(), key.fingerprint[0], key.verifiers))
        .collect();
    assert_eq!(keys, [("aaaaaaaa", 1, 1), ("bbbbbbbb", 2, 1)]);
    assert_eq!(
        store.retire_key("aaaaaaaa", &act(at(0))).await.unwrap(),
        KeyRetired::InUse { users: 1 }
    );
    assert_eq!(
        store.retire_key("cccccccc", &act(at(0))).await.unwrap(),
        KeyRetired::Unknown
    );
}

// R-SEC-2
pub async fn no_verifier_is_made_with_a_retired_key(store: &dyn Store) {
    let user = people(store, 1).await[0];
    store
        .add_key_fingerprint("aaaaaaaa", &[1; 32], &act(at(0)))
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(
            store.retire_key("aaaaaaaa", &act(at(0))).await.unwrap(),
            KeyRetired::Done
        );
        assert_eq!(store.key_fingerprints().await.unwrap(), []);
        // A process that has the old file does not bring it back.
        store
            .add_key_fingerprint("aaaaaaaa", &[1; 32], &act(at(0)))
            .await
            .unwrap();
    }
    let late = new_pin(user, LengthClass::Five, at(1));
    assert_eq!(store.set_pin(late).await.unwrap(), PinSet::RetiredKey);
    let status = store.pin_status(user, at(2)).await.unwrap().unwrap();
    assert_eq!(status.set_at, None);
}
