//! Logon attempts: R-LOCK, R-AUTH-2, R-AUTH-4, R-AUTH-7, R-POL-7.

use pinward_core::{AttemptId, LengthClass, LockState, Outcome, UserId};
use std::sync::mpsc;

use pinward_store::{Charged, Foretell, Settled, Store, Verdict};

use crate::support::{
    LEASE, act, admitted, at, fail, limit_attempts, log_on, people, person, set_pin, settle,
};

const CORRECT: Verdict = Verdict::Correct { upgraded: None };

async fn with_pin(store: &dyn Store, class: LengthClass) -> UserId {
    let user = people(store, 1).await[0];
    set_pin(store, user, class, at(0)).await;
    user
}

async fn counts(store: &dyn Store, user: UserId, seconds: i64) -> (u32, u32) {
    let status = store.pin_status(user, at(seconds)).await.unwrap().unwrap();
    (
        status.counters.displayed_local(at(seconds)),
        status.counters.global,
    )
}

// R-AUTH-2
pub async fn order_of_checks(store: &dyn Store) {
    let user = people(store, 1).await[0];
    let charged = async |seconds| {
        store
            .charge(user, at(seconds), LEASE, &log_on())
            .await
            .unwrap()
    };
    assert_eq!(
        store
            .charge(UserId(99), at(0), LEASE, &log_on())
            .await
            .unwrap(),
        Charged::NoSuchUser
    );
    assert_eq!(charged(0).await, Charged::PinNotSet);
    set_pin(store, user, LengthClass::Five, at(0)).await;
    assert!(store.lock_pin(user, &act(at(1))).await.unwrap());
    assert_eq!(charged(2).await, Charged::Refused(LockState::Administrator));
    let mut disabled = person(1);
    disabled.enabled = false;
    let _put = store
        .put_people(vec![disabled], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(charged(3).await, Charged::Disabled);
}

// R-LOCK-3, R-LOCK-4, R-LOCK-10
pub async fn local_limit_is_exact_under_concurrency(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Four).await;
    let one = async || {
        let mut wrong = 0;
        loop {
            match store.charge(user, at(1), LEASE, &log_on()).await.unwrap() {
                Charged::Admitted { attempt, .. } => {
                    wrong += 1;
                    tokio::task::yield_now().await;
                    settle(store, attempt, Verdict::Wrong, at(1)).await;
                }
                Charged::Wait => tokio::task::yield_now().await,
                Charged::Refused(LockState::Temporary { until }) => {
                    assert_eq!(until, at(1 + 3600));
                    return wrong;
                }
                other => panic!("{other:?}"),
            }
        }
    };
    let wrong = tokio::join!(one(), one(), one(), one(), one(), one(), one(), one());
    let (a, b, c, d, e, f, g, h) = wrong;
    assert_eq!(a + b + c + d + e + f + g + h, 10);
    assert_eq!(counts(store, user, 1).await, (10, 10));
    assert_eq!(store.counts().await.unwrap().open_attempts, 0);
}

// R-LOCK-10: a forecast says what the answer says, and nothing but admissions is foretold.
pub async fn an_admission_may_be_foretold(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    limit_attempts(store, 1).await;
    for admitted in [true, false] {
        let (sender, foretold) = mpsc::channel();
        let foretell = Foretell::to(move |charged| sender.send(charged.clone()).unwrap());
        let charged = store
            .charge_foretold(user, at(1), LEASE, &log_on(), foretell)
            .await
            .unwrap();
        assert_eq!(matches!(charged, Charged::Admitted { .. }), admitted);
        if let Ok(foretold) = foretold.try_recv() {
            assert_eq!(foretold, charged);
            assert!(admitted, "what waits was foretold");
        }
    }
}

// R-LOCK-10
pub async fn a_correct_pin_waits_but_is_not_refused(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    limit_attempts(store, 2).await;
    let first = admitted(store, user, at(1)).await;
    let second = admitted(store, user, at(1)).await;
    assert_eq!(
        store.charge(user, at(1), LEASE, &log_on()).await.unwrap(),
        Charged::Wait
    );
    settle(store, first, Verdict::Wrong, at(2)).await;
    assert_eq!(
        store.charge(user, at(2), LEASE, &log_on()).await.unwrap(),
        Charged::Wait
    );
    settle(store, second, CORRECT, at(2)).await;
    let third = admitted(store, user, at(2)).await;
    settle(store, third, CORRECT, at(2)).await;
}

// R-LOCK-4, R-LOCK-5, R-LOCK-12
pub async fn lockout_lasts_an_hour(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    limit_attempts(store, 1).await;
    fail(store, user, at(10)).await;
    for seconds in [10, 3609, 0, 3609] {
        let charged = store
            .charge(user, at(seconds), LEASE, &log_on())
            .await
            .unwrap();
        assert_eq!(
            charged,
            Charged::Refused(LockState::Temporary { until: at(3610) })
        );
    }
    assert_eq!(counts(store, user, 3610).await, (0, 1));
    // The clock has seen the end of the hour: stepping back does not bring the lock back.
    let attempt = admitted(store, user, at(3610)).await;
    settle(store, attempt, CORRECT, at(20)).await;
    assert_eq!(counts(store, user, 20).await, (0, 1));
}

// R-LOCK-6
pub async fn global_limit_locks_for_good(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Four).await;
    for round in 0..10 {
        for _ in 0..10 {
            fail(store, user, at(round * 3601)).await;
        }
    }
    for seconds in [10 * 3601, 1_000_000] {
        let charged = store
            .charge(user, at(seconds), LEASE, &log_on())
            .await
            .unwrap();
        assert_eq!(charged, Charged::Refused(LockState::Permanent));
    }
    assert_eq!(counts(store, user, 1_000_000).await.1, 100);
    assert!(store.unlock_pin(user, &act(at(1_000_001))).await.unwrap());
    assert_eq!(counts(store, user, 1_000_001).await, (0, 0));
    let _open = admitted(store, user, at(1_000_002)).await;
}

// R-LOCK-8
pub async fn success_spares_later_failures(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    fail(store, user, at(1)).await;
    let good = admitted(store, user, at(2)).await;
    fail(store, user, at(3)).await;
    assert_eq!(counts(store, user, 3).await, (2, 2));
    settle(store, good, CORRECT, at(4)).await;
    assert_eq!(counts(store, user, 4).await, (1, 2));
}

// R-AUTH-4, R-AUTH-7
pub async fn unusable_and_released_count_nothing(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    fail(store, user, at(1)).await;
    for verdict in [
        Verdict::CorrectButUnusable(Outcome::PinExpired),
        Verdict::Released,
    ] {
        let attempt = admitted(store, user, at(2)).await;
        settle(store, attempt, verdict.clone(), at(2)).await;
        assert_eq!(counts(store, user, 2).await, (1, 1), "{verdict:?}");
        let late = admitted(store, user, at(3)).await;
        let settled = store
            .settle(late, verdict.clone(), at(1000), &log_on())
            .await
            .unwrap();
        assert_eq!(settled, Settled::AlreadyExpired, "{verdict:?}");
        assert!(store.unlock_pin(user, &act(at(4))).await.unwrap());
        fail(store, user, at(4)).await;
    }
}

// R-LOCK-10: an attempt whose process died counts.
pub async fn expired_leases_are_failures(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    let attempt = admitted(store, user, at(1)).await;
    let _other = admitted(store, user, at(2)).await;
    assert_eq!(counts(store, user, 60).await, (0, 0));
    assert_eq!(counts(store, user, 61).await, (1, 1));
    assert_eq!(counts(store, user, 62).await, (2, 2));
    assert_eq!(
        store
            .settle(attempt, CORRECT, at(61), &log_on())
            .await
            .unwrap(),
        Settled::AlreadyExpired
    );
    assert_eq!(
        store
            .settle(attempt, CORRECT, at(61), &log_on())
            .await
            .unwrap(),
        Settled::AlreadyExpired
    );
    assert_eq!(
        counts(store, user, 62).await,
        (2, 2),
        "a late success wipes nothing"
    );
    // Leases that ran out before an unlock are wiped by it.
    assert!(store.unlock_pin(user, &act(at(63))).await.unwrap());
    assert_eq!(counts(store, user, 200).await, (0, 0));
}

pub async fn unknown_attempts_are_answered(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    let attempt = admitted(store, user, at(1)).await;
    let ids = [
        0,
        1,
        -1,
        i64::MAX,
        i64::MIN,
        attempt.0 + 1,
        attempt.0 + (1 << 40),
    ];
    for id in ids {
        let settled = store
            .settle(AttemptId(id), Verdict::Wrong, at(1), &log_on())
            .await
            .unwrap();
        assert_eq!(settled, Settled::Unknown, "{id}");
    }
    settle(store, attempt, CORRECT, at(1)).await;
    for verdict in [CORRECT, Verdict::Wrong, Verdict::Released] {
        let again = store
            .settle(attempt, verdict, at(1), &log_on())
            .await
            .unwrap();
        assert_eq!(again, Settled::AlreadyExpired);
    }
    assert_eq!(counts(store, user, 1).await, (0, 0));
}

// R-SEC-1
pub async fn upgrades_only_the_pin_that_was_verified(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    let upgraded = |text: &str| Verdict::Correct {
        upgraded: Some(text.to_owned()),
    };
    let attempt = admitted(store, user, at(1)).await;
    settle(store, attempt, upgraded("pw1$k$new"), at(1)).await;
    assert_eq!(store.pin_history(user, 9).await.unwrap(), ["pw1$k$new"]);
    let charged = store.charge(user, at(2), LEASE, &log_on()).await.unwrap();
    let Charged::Admitted {
        attempt,
        verifier,
        pin_version,
        ..
    } = charged
    else {
        panic!("{charged:?}")
    };
    assert_eq!((verifier.as_str(), pin_version), ("pw1$k$new", 1));
    set_pin(store, user, LengthClass::Five, at(3)).await;
    let current = store.pin_history(user, 1).await.unwrap();
    settle(store, attempt, upgraded("pw1$k$late"), at(4)).await;
    assert_eq!(
        store.pin_history(user, 9).await.unwrap(),
        [&current[0], "pw1$k$new"]
    );
}

// R-POL-7
pub async fn policy_limit_is_read_at_each_logon(store: &dyn Store) {
    let user = with_pin(store, LengthClass::Five).await;
    fail(store, user, at(1)).await;
    fail(store, user, at(1)).await;
    limit_attempts(store, 2).await;
    let charged = store.charge(user, at(2), LEASE, &log_on()).await.unwrap();
    assert!(
        matches!(charged, Charged::Refused(LockState::Temporary { .. })),
        "{charged:?}"
    );
}
