//! PINs for a limited time, and PINs that are only good for choosing another one.

use pinward_core::{Outcome, PolicyPatch, SignedDuration, User};
use pinward_service::{AssignPinError, Assigned, ChoosePinError, NewPin, Refusal, Terms};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, choose, failures, log_on, policy};

const PIN: &str = "18723834";
const NEXT: &str = "383042650";

fn terms(must_change: bool, hours: Option<i64>) -> Terms {
    Terms {
        must_change,
        expires_in: hours.map(SignedDuration::from_hours),
    }
}

/// Ken's site binds nobody to their earlier PINs.
async fn no_history(kit: &Kit) {
    let patch = PolicyPatch {
        pin_history_count: Some(0),
        pin_lifetime_days: Some(0),
        ..PolicyPatch::default()
    };
    policy(kit, "site:Redmond", patch).await;
}

async fn assign_on(kit: &Kit, terms: Terms) -> Result<(User, Assigned), AssignPinError> {
    let user = kit.person(KEN).await;
    let assigned = kit
        .service
        .assign_pin_on(&terms, &kit.administrator(), &user, &NewPin::Named(PIN))
        .await?;
    Ok((user, assigned))
}

// R-AUTH-4: told only after the correct PIN, and neither a failure nor a success for the counts
#[tokio::test]
async fn a_pin_that_must_be_changed_opens_nothing_until_another_is_chosen() {
    let kit = Kit::sample().await;
    no_history(&kit).await;
    let (user, _) = assign_on(&kit, terms(true, None)).await.expect("a PIN");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "00000000").await,
        Outcome::IncorrectPin
    );
    for _ in 0..3 {
        assert_eq!(
            log_on(&kit, KEN_EXTENSION, PIN).await,
            Outcome::PinMustBeChanged
        );
    }
    assert_eq!(failures(&kit, KEN).await, (1, 1));
    let info = |kit: &Kit| {
        let (service, caller) = (kit.service.clone(), kit.administrator());
        let user = user.clone();
        async move { service.pin_info(&caller, &user).await.expect("its state") }
    };
    assert!(info(&kit).await.must_change);

    // Also where no history binds: the same PIN again would change nothing.
    let same = choose(&kit, &user, PIN).await;
    assert!(
        matches!(same, Err(ChoosePinError::UsedBefore(1))),
        "{same:?}"
    );
    choose(&kit, &user, NEXT).await.expect("another");
    assert_eq!(log_on(&kit, KEN_EXTENSION, NEXT).await, Outcome::Success);
    assert!(!info(&kit).await.must_change);

    // Without terms an assigned PIN is an ordinary one.
    assign_on(&kit, terms(true, None)).await.expect("a PIN");
    assign_on(&kit, Terms::default()).await.expect("a PIN");
    assert_eq!(log_on(&kit, KEN_EXTENSION, PIN).await, Outcome::Success);
}

// R-EXP-1, R-AUTH-2: expired before must be changed
#[tokio::test]
async fn a_temporary_pin_expires_by_itself() {
    let kit = Kit::sample().await;
    no_history(&kit).await;
    for must_change in [false, true] {
        assign_on(&kit, terms(must_change, Some(36)))
            .await
            .expect("a PIN");
        kit.clock.advance_seconds(36 * 3600 - 1);
        let before = match must_change {
            true => Outcome::PinMustBeChanged,
            false => Outcome::Success,
        };
        assert_eq!(log_on(&kit, KEN_EXTENSION, PIN).await, before);
        kit.clock.advance_seconds(1);
        assert_eq!(log_on(&kit, KEN_EXTENSION, PIN).await, Outcome::PinExpired);
    }
    let user = kit.person(KEN).await;
    let same = choose(&kit, &user, PIN).await;
    assert!(
        matches!(same, Err(ChoosePinError::UsedBefore(1))),
        "{same:?}"
    );
    // R-EXP-2
    choose(&kit, &user, NEXT).await.expect("another");
    kit.clock.advance_days(500);
    assert_eq!(log_on(&kit, KEN_EXTENSION, NEXT).await, Outcome::Success);
}

// R-EXP-1: whichever comes first
#[tokio::test]
async fn the_earlier_of_both_ends_counts() {
    let kit = Kit::sample().await;
    for (lifetime, hours, expected) in [
        (0, None, None),
        (0, Some(48), Some(48)),
        (1, Some(48), Some(24)),
        (3, Some(48), Some(48)),
        (3, None, Some(72)),
    ] {
        let patch = PolicyPatch {
            pin_history_count: Some(1),
            pin_lifetime_days: Some(lifetime),
            ..PolicyPatch::default()
        };
        policy(&kit, "site:Redmond", patch).await;
        let (user, _) = assign_on(&kit, terms(false, hours)).await.expect("a PIN");
        let info = kit.service.pin_info(&kit.administrator(), &user).await;
        let info = info.expect("its state");
        let lasts = info
            .pin_expiration
            .zip(info.last_pin_change)
            .map(|(end, set)| end.duration_since(set).as_hours());
        assert_eq!(lasts, expected, "{lifetime} days, {hours:?} hours");
    }
}

#[tokio::test]
async fn an_end_that_is_none_is_refused() {
    let kit = Kit::sample().await;
    for (span, holds) in [
        (SignedDuration::from_hours(-1), false),
        (SignedDuration::ZERO, false),
        (SignedDuration::from_nanos(1), false),
        (SignedDuration::from_millis(1), true),
        (SignedDuration::from_hours(999 * 24), true),
        (SignedDuration::from_hours(999 * 24 + 1), false),
        (SignedDuration::MAX, false),
    ] {
        let terms = Terms {
            expires_in: Some(span),
            ..Terms::default()
        };
        match (assign_on(&kit, terms).await, holds) {
            (Ok(_), true) => {}
            (Err(refusal), false) => assert_eq!(refusal.id(), "PinExpiryInvalid"),
            (Ok(_), false) => panic!("{span:?} is taken"),
            (Err(refusal), true) => panic!("{span:?}: {refusal}"),
        }
    }
}
