//! The verdict of a logon.

use std::sync::Arc;

use async_trait::async_trait;
use pinward_core::{Outcome, PolicyPatch};
use pinward_service::{Attempt, Door, LogOnError, Source, Unavailable};
use pinward_store::StoreError;

use crate::helpers::{
    KEN, KEN_EXTENSION, assign, attempt, choose, failures, global_policy, log_on, log_on_times,
    policy,
};
use pinward_testkit::{Hook, Kit, ManualClock, Step};

// R-AUTH-1, R-AUTH-3
#[tokio::test]
async fn the_right_pin_succeeds_and_names_the_user() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let verdict = attempt(&kit, KEN_EXTENSION, "18723834").await;
    assert_eq!(verdict.outcome, Outcome::Success);
    assert_eq!(
        verdict.user.expect("a user").person.sip_address.as_deref(),
        Some("sip:kenmyer@litwareinc.com")
    );
}

// R-AUTH-2, R-AUTH-3
#[tokio::test]
async fn each_state_has_its_outcome() {
    let kit = Kit::sample().await;
    assert_eq!(
        log_on(&kit, "99999999999", "18723834").await,
        Outcome::UserDoesNotExist
    );
    assert_eq!(
        log_on(&kit, "", "18723834").await,
        Outcome::UserDoesNotExist
    );
    assert_eq!(
        log_on(&kit, "*", "18723834").await,
        Outcome::UserDoesNotExist
    );
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::PinNotSet
    );
    assign(&kit, KEN, "18723834").await;
    for wrong in [
        "18723835",
        "1872383",
        "187238340",
        "",
        "abc",
        "1111111111111111111111111",
    ] {
        assert_eq!(
            log_on(&kit, KEN_EXTENSION, wrong).await,
            Outcome::IncorrectPin,
            "{wrong:?}"
        );
    }
    assert_eq!(
        failures(&kit, KEN).await,
        (6, 6),
        "what cannot be a PIN is counted too"
    );
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, " 18723834 ").await,
        Outcome::Success
    );
}

// R-LOCK-4, R-LOCK-5, R-LOCK-9: 25 local failures for a PIN of 8 digits (R-LOCK-3)
#[tokio::test]
async fn the_local_limit_locks_out_for_an_hour() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 25, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    let info = kit
        .service
        .pin_info(&kit.administrator(), &user)
        .await
        .expect("info");
    assert!(info.is_locked_out);
    log_on_times(
        &kit,
        5,
        KEN_EXTENSION,
        "18723834",
        Outcome::UserPinAccountLocked,
    )
    .await;
    assert_eq!(
        failures(&kit, KEN).await.1,
        25,
        "refused logons are not counted"
    );
    kit.clock.advance_seconds(60 * 60 - 1);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
    kit.clock.advance_seconds(1);
    assert_eq!(failures(&kit, KEN).await, (0, 25));
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
    assert_eq!(
        failures(&kit, KEN).await,
        (0, 25),
        "R-LOCK-8: the global count stays"
    );
}

// R-LOCK-2: the window is fixed, not sliding
#[tokio::test]
async fn failures_count_within_a_window_of_thirty_minutes() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 24, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    kit.clock.advance_minutes(31);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723835").await,
        Outcome::IncorrectPin
    );
    assert_eq!(
        failures(&kit, KEN).await,
        (1, 25),
        "a new window starts at that failure"
    );
}

// R-LOCK-3, R-POL-7: MaximumLogonAttempts replaces the local limit and is read at each logon
#[tokio::test]
async fn maximum_logon_attempts_applies_at_once() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 4, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    policy(
        &kit,
        "site:Redmond",
        PolicyPatch {
            maximum_logon_attempts: Some(Some(3)),
            ..PolicyPatch::default()
        },
    )
    .await;
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
}

// R-LOCK-6: five rounds of 25 reach no global limit of 5000, so a PIN of 4 digits shows it: 100
#[tokio::test]
async fn the_global_limit_locks_until_an_administrator_unlocks() {
    let kit = Kit::sample().await;
    policy(
        &kit,
        "site:Redmond",
        PolicyPatch {
            min_password_length: Some(4),
            ..PolicyPatch::default()
        },
    )
    .await;
    let user = assign(&kit, KEN, "8274").await;
    for _ in 0..10 {
        log_on_times(&kit, 10, KEN_EXTENSION, "8275", Outcome::IncorrectPin).await;
        kit.clock.advance_minutes(61);
    }
    kit.clock.advance_days(1000);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "8274").await,
        Outcome::UserPinAccountLocked
    );
    kit.service
        .unlock_pin(&kit.administrator(), &user)
        .await
        .expect("unlocked");
    assert_eq!(failures(&kit, KEN).await, (0, 0), "R-LOCK-7");
    assert_eq!(log_on(&kit, KEN_EXTENSION, "8274").await, Outcome::Success);
}

// R-EXP-1, R-AUTH-4, R-POL-7: the lifetime is read at each logon
#[tokio::test]
async fn an_expired_pin_is_told_only_after_the_correct_pin() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    kit.clock.advance_days(30);
    policy(
        &kit,
        "site:Redmond",
        PolicyPatch {
            pin_lifetime_days: Some(30),
            pin_history_count: Some(1),
            ..PolicyPatch::default()
        },
    )
    .await;
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723835").await,
        Outcome::IncorrectPin
    );
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::PinExpired
    );
    assert_eq!(
        failures(&kit, KEN).await,
        (1, 1),
        "neither a failure nor a success"
    );
    let user = kit.person(KEN).await;
    assert!(
        !kit.service
            .pin_info(&kit.administrator(), &user)
            .await
            .expect("info")
            .is_locked_out
    );
    // R-EXP-2
    choose(&kit, &user, "383042650").await.expect("a new PIN");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "383042650").await,
        Outcome::Success
    );
}

// R-LOCK-10: an answered failure survives a restart
#[tokio::test]
async fn failures_survive_a_restart() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 7, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    let kit = kit.restart().await;
    assert_eq!(failures(&kit, KEN).await, (7, 7));
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

// R-LOCK-12
#[tokio::test]
async fn a_clock_that_steps_back_shortens_no_lockout() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 25, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    kit.clock.advance_days(-400);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
    kit.clock.advance_days(400);
    kit.clock.advance_minutes(59);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
    kit.clock.advance_minutes(1);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

// R-SET-4
#[tokio::test]
async fn setting_a_pin_ends_a_temporary_lockout_only() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 25, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    assign(&kit, KEN, "383042650").await;
    assert_eq!(failures(&kit, KEN).await, (0, 25));
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "383042650").await,
        Outcome::Success
    );
}

// R-POL-7: a longer minimum touches new PINs only
#[tokio::test]
async fn a_longer_minimum_leaves_old_pins_alone() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let patch = PolicyPatch {
        min_password_length: Some(12),
        ..PolicyPatch::default()
    };
    global_policy(&kit, patch.clone()).await;
    policy(&kit, "site:Redmond", patch).await;
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

/// Lets two minutes pass between the charge and the verdict.
struct Slow(Arc<ManualClock>);

#[async_trait]
impl Hook for Slow {
    async fn before(&self, step: Step<'_>) -> Result<(), StoreError> {
        if let Step::Charge(_) = step {
            self.0.advance_minutes(2);
        }
        Ok(())
    }
}

// R-LOCK-10: what was counted as a failure because it took too long lets nobody in later
#[tokio::test]
async fn a_right_pin_that_comes_too_late_opens_nothing() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let slow = Arc::new(Slow(Arc::clone(&kit.clock)));
    let kit = kit.hooked(slow).await;
    let attempt = Attempt {
        who: KEN_EXTENSION,
        pin: "18723834",
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: None,
    };
    let answer = kit.service.log_on(&attempt).await;
    assert!(
        matches!(answer, Err(LogOnError::Unavailable(Unavailable::TooSlow))),
        "{answer:?}"
    );
    assert_eq!(failures(&kit, KEN).await, (1, 1));
}
