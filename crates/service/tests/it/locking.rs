//! Locks by administrators, and assigning in their presence.

use pinward_core::Outcome;
use pinward_service::{AssignPinError, ChoosePinError, LockPinError, NewPin};
use pinward_testkit::Kit;

use crate::helpers::{
    KEN, KEN_EXTENSION, assign, choose, failures, generate, log_on, log_on_times,
};

// R-LOCK-7, R-LOCK-9, R-SET-5
#[tokio::test]
async fn a_lock_holds_until_it_is_taken_off() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    let administrator = kit.administrator();
    kit.service
        .lock_pin(&administrator, &user)
        .await
        .expect("locked");
    kit.clock.advance_days(10_000);
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
    let assigned = kit
        .service
        .assign_pin(&administrator, &user, &NewPin::Generated)
        .await;
    assert!(matches!(assigned, Err(AssignPinError::Locked { .. })));
    let chosen = choose(&kit, &user, "383042650").await;
    assert!(matches!(chosen, Err(ChoosePinError::Locked)));
    let kit = kit.restart().await;
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::UserPinAccountLocked
    );
    kit.service
        .unlock_pin(&administrator, &user)
        .await
        .expect("unlocked");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "18723834").await,
        Outcome::Success
    );
}

// R-LOCK-7: unlocking what is not locked succeeds and still resets the counts
#[tokio::test]
async fn unlocking_resets_the_counts_in_any_case() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    log_on_times(&kit, 3, KEN_EXTENSION, "18723835", Outcome::IncorrectPin).await;
    kit.service
        .unlock_pin(&kit.administrator(), &user)
        .await
        .expect("unlocked");
    assert_eq!(failures(&kit, KEN).await, (0, 0));
}

// R-SET-6
#[tokio::test]
async fn who_is_not_enabled_gets_no_pin() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let mut pages = kit.service.people(&administrator).expect("people");
    let mut disabled = None;
    while disabled.is_none() {
        let page = pages.next().await.expect("a page");
        assert!(
            !page.is_empty(),
            "the sample has somebody who is not enabled"
        );
        disabled = page.into_iter().find(|user| !user.person.enabled);
    }
    let user = disabled.expect("found above");
    let assigned = kit
        .service
        .assign_pin(&administrator, &user, &NewPin::Generated)
        .await;
    assert!(matches!(assigned, Err(AssignPinError::NotEnabled { .. })));
    let locked = kit.service.lock_pin(&administrator, &user).await;
    assert!(matches!(locked, Err(LockPinError::NotEnabled { .. })));
    if let Some(line) = &user.person.line_uri {
        assert_eq!(
            log_on(&kit, line, "18723834").await,
            Outcome::UserPinAccountDisabled
        );
    }
}

// R-SET-1, R-PIN-5
#[tokio::test]
async fn a_generated_pin_satisfies_the_policy_and_logs_on() {
    let kit = Kit::sample().await;
    let assigned = generate(&kit, KEN).await;
    assert_eq!(assigned.identity, "sip:kenmyer@litwareinc.com");
    let policy = kit
        .store
        .governing_policy(kit.person(KEN).await.id)
        .await
        .expect("read")
        .expect("one");
    assert_eq!(assigned.pin.len(), policy.min_password_length as usize);
    let pin = assigned.pin.reveal();
    assert_eq!(log_on(&kit, KEN_EXTENSION, &pin).await, Outcome::Success);
}
