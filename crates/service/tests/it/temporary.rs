//! PINs for a limited time, and PINs that are only good for choosing another one.

use std::sync::Arc;

use async_trait::async_trait;
use pinward_core::{Outcome, PolicyPatch, SignedDuration, User, UserId};
use pinward_service::{
    AnswerOrChoice, AssignPinError, Assigned, Attempt, ChoosePinError, Door, MustChoose, NewPin,
    Proof, Refusal, Source, Terms,
};
use pinward_testkit::{Hook, Kit};

use crate::helpers::{KEN, KEN_EXTENSION, assign, attempt, choose, failures, log_on, policy};

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

/// A caller keys the PIN, which has to be replaced.
async fn prove(kit: &Kit) -> MustChoose {
    let told = attempt(kit, KEN_EXTENSION, PIN).await;
    let attempt = Attempt {
        who: KEN_EXTENSION,
        pin: PIN,
        also_known_as: None,
        source: Source::of(Door::FastAgi),
        delivery: None,
    };
    let answer = kit.service.log_on_or_choose(&attempt).await;
    let Ok(AnswerOrChoice::MustChoose(must)) = answer else {
        panic!("the PIN must be changed");
    };
    // Whether the door is trusted with reasons or not, it learns of the same PIN.
    assert_eq!(told.proven, Some(must.proven));
    must
}

async fn replace(kit: &Kit, must: &MustChoose, pin: &str) -> Result<(), ChoosePinError> {
    let (proof, source) = (Proof::Pin(must.proven), Source::of(Door::FastAgi));
    kit.service
        .choose_pin(&must.user, proof, pin, &source)
        .await
}

// R-SET-2: the proof is of one PIN, and only that one is replaced
#[tokio::test]
async fn a_pin_that_an_administrator_set_meanwhile_is_not_overwritten() {
    let kit = Kit::sample().await;
    no_history(&kit).await;
    assign_on(&kit, terms(true, None)).await.expect("a PIN");
    let must = prove(&kit).await;
    assert_eq!(attempt(&kit, KEN_EXTENSION, "1").await.proven, None);
    assign(&kit, KEN, NEXT).await;
    let late = replace(&kit, &must, "72940618").await;
    let late = late.expect_err("another PIN was set");
    assert_eq!(late.id(), "PinSuperseded", "{late}");
    assert_eq!(log_on(&kit, KEN_EXTENSION, NEXT).await, Outcome::Success);

    // Whoever proves the PIN that holds now replaces it.
    assign_on(&kit, terms(true, None)).await.expect("a PIN");
    let must = prove(&kit).await;
    let replaced = replace(&kit, &must, "72940618").await;
    assert!(replaced.is_ok(), "{replaced:?}");
    assert_eq!(
        log_on(&kit, KEN_EXTENSION, "72940618").await,
        Outcome::Success
    );
}

/// An administrator sets another PIN the moment the state of one was read.
struct SetsAnother(Kit);

#[async_trait]
impl Hook for SetsAnother {
    async fn looked(&self, _user: UserId) {
        assign(&self.0, KEN, NEXT).await;
    }
}

// The same where it is set while the new one is being judged and hashed.
#[tokio::test]
async fn nor_is_one_that_is_set_while_the_choice_is_judged() {
    let kit = Kit::sample().await;
    no_history(&kit).await;
    assign_on(&kit, terms(true, None)).await.expect("a PIN");
    let must = prove(&kit).await;
    let administrators = kit.beside().await;
    let kit = kit.hooked(Arc::new(SetsAnother(administrators))).await;
    let late = replace(&kit, &must, "72940618").await;
    assert!(matches!(late, Err(ChoosePinError::Superseded)), "{late:?}");
    assert_eq!(log_on(&kit, KEN_EXTENSION, NEXT).await, Outcome::Success);
}
