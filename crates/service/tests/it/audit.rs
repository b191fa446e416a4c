//! The audit log as the use cases write and show it: R-SEC-4.

use pinward_core::Outcome;
use pinward_service::{
    Attempt, AuditError, AuditQuery, AuditRecord, Caller, Delivery, Denied, Door, Input, Source,
};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, choose, log_on};
use crate::scopes::{FINANCE, scoped};

async fn records(kit: &Kit, caller: &Caller, query: AuditQuery) -> Vec<AuditRecord> {
    let mut pages = kit.service.audit(caller, query).expect("it may be seen");
    let mut all = Vec::new();
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

async fn last(kit: &Kit, count: usize) -> Vec<AuditRecord> {
    let all = records(kit, &kit.administrator(), AuditQuery::default()).await;
    all[all.len() - count..].to_vec()
}

async fn holds(kit: &Kit) {
    let checked = kit
        .service
        .verify_audit(&kit.administrator(), Vec::new(), Box::new(|_, _| true))
        .await;
    assert_eq!(checked.expect("an answer").expect("whole").problem, None);
}

#[tokio::test]
async fn acts_tell_who_did_what_by_which_door() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    choose(&kit, &user, "72940618").await.expect("a PIN");
    kit.service
        .unlock_pin(&kit.administrator(), &user)
        .await
        .expect("unlocked");
    let ken = "sip:kenmyer@litwareinc.com";
    let told: Vec<_> = last(&kit, 3)
        .await
        .into_iter()
        .map(|record| (record.actor, record.action, record.subject, record.door))
        .collect();
    let expected = [
        ("test", "Set-CsClientPin"),
        (ken, "ChoosePin"),
        ("test", "Unlock-CsClientPin"),
    ]
    .map(|(actor, action)| {
        let text = |text: &str| Some(text.to_owned());
        (
            text(actor),
            action.to_owned(),
            text(ken),
            "shell".to_owned(),
        )
    });
    assert_eq!(told, expected);
    holds(&kit).await;
}

// R-AUTH-1
#[tokio::test]
async fn logons_tell_where_they_come_from() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let attempt = Attempt {
        who: KEN_EXTENSION,
        pin: "18723834",
        also_known_as: None,
        source: Source {
            client: Some("192.0.2.7".into()),
            device: Some("gw1 port 7".to_owned()),
            caller: Some("+14255550100".to_owned()),
            called: Some("+14255550199".to_owned()),
            conference: Some("x".repeat(1000)),
            ..Source::of(Door::Shell)
        },
        delivery: None,
    };
    let verdict = kit.service.log_on(&attempt).await.expect("a verdict");
    assert_eq!(verdict.outcome, Outcome::Success);
    let record = last(&kit, 1).await.remove(0);
    assert_eq!((record.actor, record.action.as_str()), (None, "LogOn"));
    assert_eq!(record.client.as_deref(), Some("192.0.2.7 (gw1 port 7)"));
    assert_eq!(record.caller.as_deref(), Some("+14255550100"));
    assert_eq!(record.called.as_deref(), Some("+14255550199"));
    assert_eq!(record.conference.map(|text| text.len()), Some(128));
}

// R-SEC-3: a PIN in the wrong field is not written down.
#[tokio::test]
async fn what_nobody_is_called_is_not_recorded() {
    let kit = Kit::sample().await;
    for (keyed, expected) in [
        ("7294061835", "(10 digits)"),
        (" 72 94 ", "(5 characters)"),
        ("nobody@litwareinc.com", "(21 characters)"),
        ("", "(0 digits)"),
    ] {
        assert_eq!(
            log_on(&kit, keyed, "18723834").await,
            Outcome::UserDoesNotExist
        );
        let record = last(&kit, 1).await.remove(0);
        assert_eq!(record.subject.as_deref(), Some(expected));
        assert_eq!(
            (record.user, record.outcome.as_str()),
            (None, "UserDoesNotExist")
        );
    }
}

// R-LOCK-11
#[tokio::test]
async fn each_outcome_has_one_record_and_a_repetition_none() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let before = records(&kit, &kit.administrator(), AuditQuery::default())
        .await
        .len();
    let cases = [
        (KEN_EXTENSION, "18723834", Outcome::Success),
        (KEN_EXTENSION, "72940618", Outcome::IncorrectPin),
        (KEN_EXTENSION, "abc", Outcome::IncorrectPin),
        ("Pilar Ackerman", "72940618", Outcome::PinNotSet),
        ("nobody", "72940618", Outcome::UserDoesNotExist),
    ];
    for repeated in [false, true, true] {
        for (number, (who, pin, expected)) in cases.iter().enumerate() {
            let key = format!("{number}");
            let attempt = Attempt {
                who,
                pin,
                also_known_as: None,
                source: Source::of(Door::Shell),
                delivery: repeated.then_some(Delivery {
                    client: "gateway",
                    key: &key,
                    life: jiff::SignedDuration::from_hours(1),
                    input: Input::Keyed(&[]),
                }),
            };
            let verdict = kit.service.log_on(&attempt).await.expect("a verdict");
            assert_eq!(verdict.outcome, *expected);
        }
    }
    let new = records(&kit, &kit.administrator(), AuditQuery::default()).await;
    let outcomes: Vec<_> = new[before..]
        .iter()
        .map(|record| record.outcome.as_str())
        .collect();
    let once = cases.map(|(_, _, outcome)| outcome.name());
    assert_eq!(outcomes, [once, once].concat());
    holds(&kit).await;
}

// R-RBAC-3
#[tokio::test]
async fn a_scope_shows_the_records_about_its_users() {
    let kit = Kit::sample().await;
    let far = assign(&kit, KEN, "18723834").await;
    let everything = records(&kit, &kit.administrator(), AuditQuery::default()).await;
    let finance: Vec<_> = kit.store.users_after(None, 5000).await.expect("users");
    let is_near =
        |user: &pinward_core::User| user.person.dn.ends_with("OU=Finance,DC=litwareinc,DC=com");
    let near: Vec<_> = finance
        .iter()
        .filter(|user| is_near(user))
        .map(|user| user.id)
        .collect();
    let expected = everything
        .iter()
        .filter(|record| record.user.is_some_and(|user| near.contains(&user)));
    let caller = scoped_to_see(&kit).await;
    let seen = records(&kit, &caller, AuditQuery::default()).await;
    assert!(!seen.is_empty());
    assert_eq!(seen.len(), expected.count());
    let query = AuditQuery {
        user: Some(far.id),
        ..AuditQuery::default()
    };
    assert!(records(&kit, &caller, query).await.is_empty());
    let without = Caller::with_standard_role("desk", "CsHelpDesk");
    assert!(matches!(
        kit.service.audit(&without, AuditQuery::default()).map(drop),
        Err(AuditError::Denied(Denied { .. }))
    ));
}

/// The rights of an administrator over one organisational unit.
async fn scoped_to_see(kit: &Kit) -> Caller {
    scoped(kit, &[FINANCE], &["global"]).await
}

#[tokio::test]
async fn retention_keeps_what_is_young_and_refuses_a_broken_log() {
    let kit = Kit::sample().await;
    let owner = kit.administrator();
    let before = records(&kit, &owner, AuditQuery::default()).await.len() as u64;
    kit.clock.advance_minutes(3 * 24 * 60);
    assign(&kit, KEN, "18723834").await;
    let mut go_on = |_| true;
    let removed = kit.service.prune_audit(&owner, 4, &mut go_on).await;
    assert_eq!(removed.expect("nothing is so old"), 0);
    assert!(matches!(
        kit.service.prune_audit(&owner, 0, &mut go_on).await,
        Err(AuditError::TooYoung)
    ));
    let removed = kit.service.prune_audit(&owner, 2, &mut go_on).await;
    assert_eq!(removed.expect("they are"), before);
    let left = records(&kit, &owner, AuditQuery::default()).await;
    let actions: Vec<_> = left.iter().map(|record| record.action.as_str()).collect();
    assert_eq!(actions, ["Set-CsClientPin", "AuditPrune"]);
    holds(&kit).await;
}

#[tokio::test]
async fn parts_of_the_log_lead_to_each_other_also_where_some_is_out_of_reach() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let ken = kit.person(KEN).await;
    kit.service.lock_pin(&administrator, &ken).await.unwrap();
    let finance =
        crate::scopes::scoped(&kit, &["OU:ou=Finance,dc=litwareinc,dc=com"], &["global"]).await;
    for newest_first in [true, false] {
        let query = AuditQuery {
            newest_first,
            ..AuditQuery::default()
        };
        for (caller, sees_ken) in [(&administrator, true), (&finance, false)] {
            let (mut seen, mut from) = (Vec::new(), None);
            loop {
                let part = kit
                    .service
                    .audit_page(caller, &query, from, 7)
                    .await
                    .unwrap();
                assert!(part.records.len() <= 7);
                seen.extend(part.records);
                from = part.next;
                if from.is_none() {
                    break;
                }
            }
            let whole = kit
                .service
                .audit(caller, query.clone())
                .unwrap()
                .next()
                .await
                .unwrap();
            assert_eq!(seen[..whole.len()], whole);
            assert_eq!(
                seen.iter().any(|record| record.user == Some(ken.id)),
                sees_ken
            );
        }
    }
}
